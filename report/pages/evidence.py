"""How the appendices refer to each other: links to evidence, and what is computed from what.

Findings and verdicts are in JSON, as they leave the notebooks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from claims.content.phrases import Link, Part, Phrase
from claims.ledger.model import Claim, Ledger, Official
from claims.results.anchors import anchor
from claims.words import labels

from report.pages.anchors import chapter_anchor

__all__ = [
    "claim_texts", "counters_by_input", "evidence_link", "inputs_by_role", "listed_links", "notebook_link",
    "users_by_input", "with_commas",
]  # fmt: skip


def inputs_by_role(finding: Mapping) -> dict[str, list[str]]:
    """Return the inputs of a finding, a list for each role."""
    inputs = finding.get("inputs") or {}
    return {role: [ids] if isinstance(ids, str) else list(ids) for role, ids in inputs.items()}


def users_by_input(
    findings: Iterable[Mapping], verdicts: Iterable[Mapping] = (), counted: bool = False
) -> dict[str, list[str]]:
    """Return the ids of the findings and verdicts that are computed from each figure or finding, by its id.

    Left out, unless `counted`, are findings in which it is one of many in the same role: those only count it.

    >>> growth = {"id": "growth", "inputs": {"last": "c002", "of": ["c001", "c002"]}}
    >>> users_by_input([growth], [{"id": "r05", "claims": ["c001"]}])
    {'c002': ['growth'], 'c001': ['r05']}
    """
    users: dict[str, dict[str, None]] = {}
    for finding in findings:
        for ids in inputs_by_role(finding).values():
            for id in ids if counted or len(ids) == 1 else ():
                users.setdefault(id, {})[finding["id"]] = None
    for verdict in verdicts:
        for id in verdict["claims"]:
            users.setdefault(id, {})[verdict["id"]] = None
    return {id: list(ids) for id, ids in users.items()}


def counters_by_input(findings: Sequence[Mapping]) -> dict[str, list[str]]:
    """Return the ids of the findings in which each figure or listed item is one of many.

    >>> counters_by_input([{"id": "growth", "inputs": {"last": "c002", "of": ["c001", "c002"]}}])
    {'c001': ['growth']}
    """
    single, all_users = users_by_input(findings), users_by_input(findings, counted=True)
    counters = {id: [user for user in users if user not in single.get(id, ())] for id, users in all_users.items()}
    return {id: ids for id, ids in counters.items() if ids}


def claim_texts(ledger: Ledger) -> dict[str, str]:
    """Return each claim and each official figure in words, by id."""
    if "texts" not in ledger.kept:
        figures: list[Claim | Official] = [*ledger.claims.values(), *ledger.official.values()]
        ledger.kept["texts"] = {figure.id: labels.claim_text(figure) for figure in figures}
    return ledger.kept["texts"]


def with_commas(parts: Iterable[Part]) -> list[Part]:
    """Return the parts with commas between them."""
    return [item for part in parts for item in (", ", part)][1:]


def listed_links(words: str, ids: Iterable[str]) -> Phrase | None:
    """Return words and links to `ids`, commas between the links; None without links."""
    links = with_commas(map(evidence_link, ids))
    return Phrase((words, *links)) if links else None


def evidence_link(id: str, text: str = "") -> Link:
    """Return a link to where the report explains what has this id.

    >>> evidence_link("growth_2024"), evidence_link("claims.csv")
    (Link(text='growth_2024', to='f-growth-2024'), Link(text='claims.csv', to='tbl-ledger'))
    """
    return Link(text or id, anchor(id))


def notebook_link(name: str) -> Link:
    """Return a link to a notebook's chapter."""
    return Link(name, chapter_anchor(name))
