"""Which sectors were signed, and which are only talked of? Listed items by what their text says of them, and by list.

Each list is one of what was signed, is planned, is under way, or is only talked of (`STATUSES`). A share of a few items
looks more exact than it is, so a group of fewer than `FEW` is shown in numbers of items.
"""

from __future__ import annotations

from collections.abc import Iterable

from claims.ledger.model import Agreement, Ledger
from claims.questions import shares
from claims.questions.shares import ITEMS, LIST_KINDS
from claims.results.finding import Finding, counted

__all__ = [
    "FEW", "STATUSES", "by_list", "by_status", "findings_of", "is_few", "list_id", "overlaps", "status_id",
]  # fmt: skip

# What a list can be of, in the order of tables, with words for a sentence.
STATUSES = {
    "signed": "what was signed",
    "planned": "what is planned",
    "under_way": "what is built or under way",
    "talk": "what is only talked of",
}
COMPARED = (("signed", "talk"), ("signed", "under_way"), ("talk", "under_way"))
FEW = 20


def by_status(ledger: Ledger, list_kinds: Iterable[str] = LIST_KINDS) -> dict[str, list[Agreement]]:
    """Return the items of each status that has any, in the order of STATUSES."""
    listed = shares.items(ledger, list_kinds)
    groups = {status: [item for item in listed if item.status == status] for status in STATUSES}
    return {status: group for status, group in groups.items() if group}


def by_list(ledger: Ledger, list_kinds: Iterable[str] = LIST_KINDS) -> dict[str, list[Agreement]]:
    """Return the items of each list that has any, by its id: what was signed first, else in the order of the ledger."""
    lists: dict[str, list[Agreement]] = {}
    for group in by_status(ledger, list_kinds).values():
        for item in group:
            lists.setdefault(item.list, []).append(item)
    return lists


def is_few(group: list[Agreement]) -> bool:
    """Return whether a group is so small that numbers of items are shown instead of shares."""
    return len(group) < FEW


def status_id(status: str) -> str:
    """Return the id of the finding that counts the items of a status."""
    return f"listed_items_{status}"


def list_id(name: str) -> str:
    """Return the id of the finding that counts a list.

    >>> list_id("S1.signed_agreements")
    'list_S1_signed_agreements'
    """
    return f"list_{name.replace('.', '_')}"


def findings_of(
    ledger: Ledger, counting: str, list_kinds: Iterable[str] = LIST_KINDS, weighting: str = ITEMS
) -> list[Finding]:
    """Return how many items each status has, each sector's share of them, and how many items each list has."""
    findings = []
    for status, group in by_status(ledger, list_kinds).items():
        words = STATUSES[status]
        findings.append(_counted(status_id(status), f"Listed items: {words}", group, "items counted"))
        findings += shares.share_findings(ledger, group, counting, weighting, f"_{status}", words)
    for name, group in by_list(ledger, list_kinds).items():
        totals = shares.totals(group, counting).items()
        sectors = ", ".join(f"{ledger.sectors[id].label.lower()} {shares.weight_text(weight)}" for id, weight in totals)
        findings.append(_counted(list_id(name), f"Items of the list {name}", group, f"by sector {sectors}; items"))
    return [*findings, *overlaps(ledger, list_kinds).values()]


def overlaps(ledger: Ledger, list_kinds: Iterable[str] = LIST_KINDS) -> dict[tuple[str, str], Finding]:
    """Return how alike the sectors of each pair of `COMPARED` that has items are (`shares.similarity`), by the pair."""
    groups = by_status(ledger, list_kinds)
    return {
        (one, other): counted(
            f"similarity_{one}_{other}",
            f"Similarity of {STATUSES[one]} and {STATUSES[other]}",
            shares.similarity(groups[one], groups[other]),
            "sum over sectors of the smaller share",
            "index",
            {"items": (status_id(one), status_id(other))},
        )
        for one, other in COMPARED
        if one in groups and other in groups
    }


def _counted(id: str, label: str, group: list[Agreement], of: str) -> Finding:
    return counted(id, label, len(group), of, inputs={"items": tuple(item.id for item in group)})
