"""The items by status and by list (`list_shares`) as the tables, the figure and the sentences of their chapter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from claims.content.phrases import Link, Phrase, part_text
from claims.content.tables import ColumnSpec
from claims.ledger.model import Agreement, Ledger
from claims.questions import list_shares, shares
from claims.questions.list_shares import STATUSES
from claims.questions.shares import LIST_KINDS, weight_text
from claims.results.anchors import anchor
from claims.words.numerals import exact, quantity
from claims.words.sentences import for_count, listed_phrases, phrase

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "alt",
    "announced",
    "chart",
    "firmest",
    "likeness",
    "list_table",
    "most_of",
    "status_columns",
    "status_table",
    "title",
]

ALL = "all"  # every counted item, whatever its status


def most_of(
    ledger: Ledger, status: str, counting: str, list_kinds: Iterable[str] = LIST_KINDS, most: int = 3
) -> Phrase:
    """Return the sectors with the most items of a status, with their numbers; “nothing” if no item has it.

    As in “trade (6.5 of 33 items), energy (5) and culture (4)”.
    """
    groups = _groups(ledger, list_kinds)
    group, in_all = groups.get(status, []), shares.totals(groups[ALL], counting)

    def order(pair: tuple[str, Fraction]) -> tuple[Fraction, Fraction, str]:  # that of `_sectors`
        return -pair[1], -in_all[pair[0]], pair[0]

    words = for_count(len(group), one=" of {number} item", more=" of {number} items")
    everything = phrase(words, number=Link(str(len(group)), anchor(_count_id(status))))
    named = [
        phrase(
            "{sector} ({count}{of})",
            sector=ledger.sectors[sector].label.lower(),
            count=_count(sector, weight, status),
            of="" if place else everything,
        )
        for place, (sector, weight) in enumerate(sorted(shares.totals(group, counting).items(), key=order))
    ]
    return listed_phrases(named[:most]) if named else Phrase(("nothing",))


def firmest(ledger: Ledger, list_kinds: Iterable[str] = LIST_KINDS) -> str:
    """Return the firmest status that an item of these lists has, in words: what was signed, if anything was."""
    return STATUSES.get(_firmest(ledger, list_kinds), "nothing")


def announced(ledger: Ledger, list_kinds: Iterable[str] = LIST_KINDS) -> str:
    """Return what is announced and need not be built, as a participle: signed, or else talked of."""
    return "signed" if "signed" in list_shares.by_status(ledger, list_kinds) else "talked of"


def likeness(ledger: Ledger, list_kinds: Iterable[str] = LIST_KINDS) -> Phrase:
    """Return in a sentence how alike the sectors of signatures, of the talk and of what is built are."""
    found = list_shares.overlaps(ledger, list_kinds)
    talk, built, rest = (found.get(pair) for pair in list_shares.COMPARED)
    if talk and built:
        nearer = "more" if exact(talk.value or 0) > exact(built.value or 0) else "not more"
        words = f"By sector, what was signed is {nearer} like the talk than like what is built: the shares reach "
        return phrase(f"{words}{{talk}} and {{built}} of a full overlap.", talk=talk, built=built)
    if rest:
        return phrase("By sector, the shares of talk and of what is built reach {rest} of a full overlap.", rest=rest)
    return Phrase(())


def title(ledger: Ledger, counting: str, list_kinds: Iterable[str] = LIST_KINDS) -> Phrase:
    """Return a sentence on the sector that leads what was signed, and the one that leads all lists."""
    first = _firmest(ledger, list_kinds)
    if not first:
        return Phrase(("No item is listed",))
    leader, leader_of_all = (most_of(ledger, name, counting, list_kinds, most=1) for name in (first, ALL))
    words = phrase(
        "{leader} leads {words}; {all} leads all lists", leader=leader, words=STATUSES[first], all=leader_of_all
    )
    start = part_text(words.parts[0])
    return Phrase((start[:1].upper() + start[1:], *words.parts[1:]))


def alt(ledger: Ledger, counting: str, list_kinds: Iterable[str] = LIST_KINDS) -> Phrase:
    """Return the alt text of the figure: of each status, the sectors with the most items."""
    named = [
        phrase(" {status}: {most}.", status=_heading(status), most=most_of(ledger, status, counting, list_kinds))
        for status in (*STATUSES, ALL)
    ]
    return sum(named, Phrase(("Bars of items by sector, beside a grid of the other groups.",)))


def chart(ledger: Ledger, counting: str, list_kinds: Iterable[str] = LIST_KINDS) -> pd.DataFrame:
    """Return one row per sector: label, its items of each status and of all, in that order, and `from`; to draw."""
    import pandas as pd

    groups = _groups(ledger, list_kinds)
    totals = {name: shares.totals(group, counting) for name, group in groups.items()}
    rows = []
    for sector in _sectors(totals):
        items = {f"{name}_items": float(totals[name].get(sector, 0)) for name in groups}
        origins = " ".join(_share_id(sector, name) for name in groups if sector in totals[name])
        rows.append({"label": ledger.sectors[sector].label, **items, "from": origins})
    return pd.DataFrame(rows, columns=["label", *(f"{name}_items" for name in groups), "from"])


def status_table(
    ledger: Ledger, counting: str, list_kinds: Iterable[str] = LIST_KINDS, weighting: str = shares.ITEMS
) -> list[dict]:
    """Return one row per sector: label, and for each status and for all its share, or its items where these are few."""
    groups = _groups(ledger, list_kinds)
    totals = {name: shares.totals(group, counting) for name, group in groups.items()}
    found = {
        share.id: share
        for share in (
            *shares.sector_shares(ledger, counting, list_kinds, weighting),
            *list_shares.findings_of(ledger, counting, list_kinds, weighting),
        )
    }
    rows = []
    for sector in _sectors(totals):
        cells: dict[str, object] = {"label": ledger.sectors[sector].label}
        for name, group in groups.items():
            weight = totals[name].get(sector)
            share = _count(sector, weight, name) if weight and list_shares.is_few(group) else None
            cells[name] = share or found.get(_share_id(sector, name))
        rows.append(cells)
    return rows


def status_columns(ledger: Ledger, list_kinds: Iterable[str] = LIST_KINDS) -> dict[str, ColumnSpec]:
    """Return the columns of `status_table`, each headed by its status and how many items it has."""
    columns = {"label": ColumnSpec("Sector")}
    for name, group in _groups(ledger, list_kinds).items():
        unit = "items of " if list_shares.is_few(group) else "% of "
        number = Link(str(len(group)), anchor(_count_id(name)))
        heading = phrase("{name}, {unit}{number}", name=_heading(name), unit=unit, number=number)
        columns[name] = ColumnSpec(heading, align="right")
    return columns


def list_table(ledger: Ledger, counting: str, list_kinds: Iterable[str] = LIST_KINDS) -> list[dict]:
    """Return one row per list, of what was signed first: status, label, source, items and sectors.

    Each sector has its share of the list or, where the list is short, its items.
    """
    rows = []
    for name, group in list_shares.by_list(ledger, list_kinds).items():
        source, _, words = name.partition(".")
        rows.append(
            {
                "status": _heading(group[0].status),
                "label": _label(words, ledger),
                "source": Link(source, source),
                "items": Link(str(len(group)), anchor(list_shares.list_id(name))),
                "sectors": _sectors_of(ledger, name, group, counting),
            }
        )
    return rows


def _sectors_of(ledger: Ledger, name: str, group: list[Agreement], counting: str) -> list[Phrase]:
    """Return each sector of a list with its share, or its items where these are few."""
    few, origin = list_shares.is_few(group), anchor(list_shares.list_id(name))
    return [
        phrase(
            "{sector} {amount}",
            sector=ledger.sectors[sector].label.lower(),
            amount=Link(weight_text(weight) if few else quantity(100 * weight / len(group), "percent"), origin),
        )
        for sector, weight in shares.totals(group, counting).items()
    ]


def _firmest(ledger: Ledger, list_kinds: Iterable[str]) -> str:
    return next(iter(list_shares.by_status(ledger, list_kinds)), "")


def _groups(ledger: Ledger, list_kinds: Iterable[str]) -> dict[str, list[Agreement]]:
    """Return the items of each status that has any, then all."""
    return {**list_shares.by_status(ledger, list_kinds), ALL: shares.items(ledger, list_kinds)}


def _sectors(totals: Mapping[str, Mapping[str, Fraction]]) -> list[str]:
    """Return the sectors of all items: those with the most items of the first group first, then by all items."""
    first, everything = next(iter(totals.values())), totals[ALL]
    return sorted(everything, key=lambda sector: (-first.get(sector, 0), -everything[sector], sector))


def _count(sector: str, weight: Fraction, status: str) -> Link:
    """Return how many items of a status a sector has, linked to its share of them."""
    return Link(weight_text(weight), anchor(_share_id(sector, status)))


def _share_id(sector: str, status: str) -> str:
    return f"share_{sector}" if status == ALL else f"share_{sector}_{status}"


def _count_id(status: str) -> str:
    return "listed_items" if status == ALL else list_shares.status_id(status)


def _label(words: str, ledger: Ledger) -> str:
    """Return the name of a list, as its id has it, for a table; names of the subject keep their capitals."""
    names = {name.lower(): name for name in ledger.subject.names}
    first, *others = [names.get(word, word) for word in words.split("_")]
    return " ".join([first[:1].upper() + first[1:], *others])


def _heading(status: str) -> str:
    """Return a status as a heading, on one line."""
    return status.replace("_", "\u00a0").capitalize()
