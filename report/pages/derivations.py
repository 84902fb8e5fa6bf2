"""The appendices of results: a row for each finding with its formula, and for each verdict with what decides it.

Findings and verdicts are in JSON, as they leave the notebooks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from claims.content.phrases import Anchor, CitedIn, Link, Marked, Part, Phrase
from claims.content.tables import Table
from claims.ledger.model import Ledger
from claims.ledger.names import figure_names
from claims.ledger.subject import causes_of
from claims.results.anchors import anchor
from claims.results.names import finding_name

from report.pages.evidence import (
    claim_texts,
    evidence_link,
    inputs_by_role,
    listed_links,
    notebook_link,
    users_by_input,
    with_commas,
)  # fmt: skip
from report.pages.registers import DERIVATIONS, VERDICTS, fill

__all__ = ["findings_table", "verdicts_table"]


def findings_table(
    ledger: Ledger, findings: Sequence[Mapping], verdicts: Sequence[Mapping] = (), earlier: Iterable[str] = ()
) -> Table:
    """Return a row per finding: its label, its name in prose, its formula with its inputs, and what it went into.

    Rows are counted from 1. Those of findings that are among `earlier` ids have the number of their place there, as in
    the report under another reading, and others follow the last of these.
    """
    numbers = _numbers((finding["id"] for finding in findings), earlier)
    users = users_by_input(findings, verdicts, counted=True)
    texts = claim_texts(ledger) | {finding["id"]: finding.get("text", "") for finding in findings}
    figures = figure_names(ledger)
    names = {finding["id"]: finding_name(finding["id"], ledger, figures) for finding in findings}
    return fill(
        DERIVATIONS,
        (
            {
                "number": Anchor(f"F{numbers[finding['id']]}", anchor(finding["id"])),
                "label": "\n".join(filter(None, (finding.get("label"), names[finding["id"]]))),
                "text": finding.get("text"),
                "interval": _interval_text(finding),
                "expression": _formula(finding, texts),
                "inputs": list(_input_phrases(finding, texts)),
                "notebook": notebook_link(finding["notebook"]) if finding.get("notebook") else None,
                "shown": CitedIn(
                    anchor(finding["id"]),
                    (listed_links("only in ", users.get(finding["id"], ())) or Phrase(("findings.csv only",)),),
                ),
            }
            for finding in findings
        ),
    )


def verdicts_table(ledger: Ledger, verdicts: Sequence[Mapping], earlier: Iterable[str] = ()) -> Table:
    """Return a row per verdict: its figures with their texts, what decides it, its causes and relations.

    Rows are counted as those of findings are.
    """
    numbers = _numbers((verdict["id"] for verdict in verdicts), earlier)
    texts, anchors = claim_texts(ledger), {verdict["anchor"] for verdict in verdicts}
    labels = causes_of(ledger.subject)
    return fill(
        VERDICTS,
        (
            {
                "number": Anchor(f"V{numbers[verdict['id']]}", verdict["anchor"]),
                "label": verdict["label"],
                "claims": [evidence_link(id, f"{id} ({texts[id]})" if id in texts else id) for id in verdict["claims"]],
                "verdict": verdict["verdict"],
                "explanation": _decision(verdict, labels),
                "relations": [
                    evidence_link(id) if anchor(id) in anchors and anchor(id) != verdict["anchor"] else id
                    for id in verdict["relations"]
                ],
                "shown": CitedIn(verdict["anchor"]),
            }
            for verdict in verdicts
        ),
    )


def _numbers(ids: Iterable[str], earlier: Iterable[str]) -> dict[str, int]:
    """Return the number of each id: its place among the earlier ones, or after them.

    >>> _numbers(["a", "c"], []), _numbers(["a", "b", "c"], ["c", "d"])
    ({'a': 1, 'c': 2}, {'c': 1, 'd': 2, 'a': 3, 'b': 4})
    """
    return {id: number for number, id in enumerate(dict.fromkeys([*earlier, *ids]), start=1)}


def _interval_text(finding: Mapping) -> str | None:
    """Return the interval of a finding in words, None where there is none or the finding's text is the interval."""
    known = finding.get("low") is not None or finding.get("high") is not None
    return finding.get("range") if known and finding.get("range") != finding.get("text") else None


def _formula(finding: Mapping, texts: Mapping[str, str]) -> Phrase:
    r"""Return the formula of a finding, and below it the same with its inputs put in, each a link.

    >>> growth = {"expression": "{last} ÷ {first}", "inputs": {"last": "c002", "first": "2"}, "text": "7%"}
    >>> _formula(growth, {"c002": "$41 bn"}).parts
    ('last ÷ first', '\n= ', Link(text='$41 bn', to='c002'), ' ÷ ', '2', ' = 7%')
    """
    expression, inputs = finding.get("expression") or "", finding.get("inputs") or {}
    plain = re.sub(r"[{}]", "", expression)
    parts: list[Part] = []
    end = 0
    for match in re.finditer(r"\{(\w+)\}", expression):
        id = inputs.get(match[1], match[1])
        name = id if isinstance(id, str) else match[1]
        known = name == id and name in texts
        parts += [expression[end : match.start()], evidence_link(name, texts[name]) if known else name]
        end = match.end()
    if not any(isinstance(part, Link) for part in parts):
        return Phrase((plain,))
    rest = f"{expression[end:]} = {finding['text']}" if finding.get("text") else expression[end:]
    return Phrase(tuple(part for part in (plain, "\n= ", *parts, rest) if part))


def _input_phrases(finding: Mapping, texts: Mapping[str, str]) -> Iterator[Phrase]:
    """Yield what went into a finding, by role: each linked to where it is explained, or the constant itself.

    Constants that the formula shows are in only where there is nothing else. An id that nothing has stays a link, so
    that assembling the report names it.

    >>> [
    ...     str(phrase)
    ...     for phrase in _input_phrases({"expression": "{last} × {n}", "inputs": {"last": "c1", "n": "4"}}, {})
    ... ]
    ['last: c1']
    >>> list(_input_phrases({"expression": "ln {times}", "inputs": {"times": "2"}}, {}))
    [Phrase(parts=('times: ', Marked(text='2', kind='parameter')))]
    """
    inputs = inputs_by_role(finding)
    only_constants = all(_is_constant(id) for ids in inputs.values() for id in ids)
    for role, ids in inputs.items():
        in_formula = f"{{{role}}}" in (finding.get("expression") or "")
        if in_formula and not only_constants and all(map(_is_constant, ids)):
            continue
        for place, id in enumerate(ids):
            name = f"{role}: " if role != "of" and not place else ""
            value = "" if in_formula or len(ids) > 1 or _is_constant(id) else texts.get(id, "")
            shown = Marked(id, "parameter") if _is_constant(id) else evidence_link(id)
            yield Phrase(tuple(part for part in (name, shown, f" ({value})" if value else "") if part))


def _is_constant(id: str) -> bool:
    """Return whether an input is a number itself and not the id of where one comes from.

    >>> [id for id in ("4", "1,000", "−0.5", "c001", "growth_2024", "claims.csv") if _is_constant(id)]
    ['4', '1,000', '−0.5']
    """
    return re.fullmatch(r"[−-]?[\d,]*\.?\d+(/\d+)?", id) is not None


def _decision(verdict: Mapping, labels: Mapping[str, str]) -> Phrase:
    """Return what decides a verdict, and below it causes, evidence, smallest revision and changed story, if any."""
    revisions = with_commas(part for each in verdict.get("revisions") or () for part in Phrase.from_json(each).parts)
    evidence = [
        part
        for cause, ids in (verdict.get("evidence") or {}).items()
        for part in ("; ", f"{labels[cause]}, by ", *with_commas(map(evidence_link, ids)))
    ]
    below: dict[str, list[Part]] = {
        "Causes": [_causes_text(verdict["causes"], labels)],
        "Evidence": evidence[1:],
        "Smallest revision": revisions,
        "Changes the story": [verdict.get("story") or ""],
    }
    lines = [part for name, parts in below.items() if any(parts) for part in (f"\n{name}: ", *parts)]
    return Phrase((*Phrase.from_json(verdict["explanation"]).parts, *lines))


def _causes_text(causes: Mapping[str, Iterable[str]], labels: Mapping[str, str]) -> str:
    """Return the causes of a disagreement by their state; those excluded are the rest of the list and not named.

    >>> labels = {"loose_wording": "loose wording", "window": "window", "rounding": "rounding"}
    >>> states = {"supported": ["loose_wording"], "not excluded": ["window", "rounding"], "excluded": ["revision"]}
    >>> _causes_text(states, labels)
    'supported: loose wording; not excluded: window, rounding; others excluded'
    """
    named = [
        f"{state}: {', '.join(labels[cause] for cause in causes[state])}"
        for state in ("supported", "not excluded")
        if causes.get(state)
    ]
    return "; ".join([*named, *(["others excluded" if named else "all excluded"] if causes.get("excluded") else [])])
