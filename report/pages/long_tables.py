"""Tables too large for a page: the rows that texts refer to, the first of the others, and how many there are in all."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from itertools import islice
from typing import TypeVar

from claims.content.phrases import Anchor, CitedIn, Link, Marked, Part, Phrase
from claims.content.tables import Cell, Figure, Table, walk
from claims.results.anchors import appendix

__all__ = [
    "MOST_COLUMNS", "MOST_IN_ALL", "MOST_LISTED", "MOST_ROWS", "narrow", "redirect", "rows_of_each", "shorten",
    "shorten_lists",
]  # fmt: skip

MOST_ROWS = 2_000  # of a table; of more, no page is of any use, and none opens in a browser in a few seconds
MOST_IN_ALL = 5_000  # rows of all tables together: the PDF of more takes minutes and gigabytes
MOST_LISTED = 200  # items of a list in a cell
MOST_COLUMNS = 40  # of a table: more are too narrow for words
_FILES = {
    appendix(name): f"{file}.csv"
    for name, file in (
        ("sources", "sources"), ("ledger", "claims"), ("derivations", "findings"), ("agreements", "agreements"),
    )
}  # fmt: skip
Exhibit = TypeVar("Exhibit", bound=Table | Figure)


def rows_of_each(counts: Iterable[int]) -> int:
    """Return how many rows each table may have, so that tables with `counts` rows have at most MOST_IN_ALL together.

    Short tables leave their room to long ones, of at most MOST_ROWS.

    >>> rows_of_each([100, 5_000]), rows_of_each([100, *[3_000] * 5]), rows_of_each([10_000] * 50)
    (2000, 980, 100)
    """
    room, ordered = MOST_IN_ALL, sorted(counts)
    for place, count in enumerate(ordered):
        each = room // (len(ordered) - place)
        if min(count, MOST_ROWS) > each:
            return each
        room -= min(count, MOST_ROWS)
    return MOST_ROWS


def shorten(exhibit: Exhibit, targets: Collection[str], most: int) -> tuple[Exhibit, dict[str, str]]:
    """Return a table, or the numbers of a figure, of at most `most` rows, and where links to rows left out lead.

    Rows with an anchor in `targets`, and those that a page shows first, are never left out. The caption gives the
    number of all rows, and the file that has them. Links to the others, by their anchors, lead to the whole table.
    """
    count = len(exhibit.rows)
    if count <= most:
        return exhibit, {}
    anchors = [[part.id for part in walk(*row) if isinstance(part, Anchor)] for row in exhibit.rows]
    lead = exhibit.lead if isinstance(exhibit, Table) else ()
    wanted = {place for place, own in enumerate(anchors) if not set(own).isdisjoint(targets)} | set(lead)
    others = (place for place in range(count) if place not in wanted)
    kept = sorted(wanted | set(islice(others, max(most - len(wanted), 0))))
    rows = tuple(exhibit.rows[place] for place in kept)
    exhibit = replace(exhibit, rows=rows, caption=_caption(exhibit, "rows", count - len(kept), count))
    if isinstance(exhibit, Table):
        exhibit = replace(exhibit, lead=tuple(kept.index(place) for place in lead))
    left_out = set(range(count)).difference(kept)
    return exhibit, {id: exhibit.id for place in left_out for id in anchors[place]}


def narrow(exhibit: Exhibit) -> Exhibit:
    """Return a table, or the numbers of a figure, of at most MOST_COLUMNS columns: the first, and those of origins."""
    count = len(exhibit.columns)
    if count <= MOST_COLUMNS:
        return exhibit
    origins = [place for place, column in enumerate(exhibit.columns) if column.origins]
    others = [place for place in range(count) if place not in origins]
    kept = sorted([*others[: MOST_COLUMNS - len(origins)], *origins])
    return replace(
        exhibit,
        columns=tuple(exhibit.columns[place] for place in kept),
        rows=tuple(tuple(row[place] for place in kept) for row in exhibit.rows),
        caption=_caption(exhibit, "columns", count - len(kept), count),
    )


def shorten_lists(exhibit: Exhibit) -> Exhibit:
    """Return a table or the numbers of a figure without what its cells list beyond MOST_LISTED items, but how many."""
    rows = tuple(tuple(_shorten_list(cell) for cell in row) for row in exhibit.rows)
    return exhibit if rows == exhibit.rows else replace(exhibit, rows=rows)


def _shorten_list(cell: Cell) -> Cell:
    count = len(cell.phrases)
    if count <= MOST_LISTED:
        return cell
    return Cell(
        (*cell.phrases[:MOST_LISTED], Phrase(("and ", Marked(f"{count - MOST_LISTED:,}", "parameter"), " more")))
    )


def _caption(exhibit: Table | Figure, what: str, left_out: int, count: int) -> str:
    """Return the caption of an exhibit with a note that so many of its rows or columns are left out."""
    fewer, whole = (f"<data>{number:,}</data>" for number in (left_out, count))
    note = f"{fewer} of {whole} {what} are not shown; {_place(exhibit)}."
    return " ".join(filter(None, (exhibit.caption, note)))


def _place(exhibit: Table | Figure) -> str:
    """Return in words where all rows are."""
    if isinstance(exhibit, Figure):
        return "the file of its numbers has all of them"
    if exhibit.id in _FILES:
        return f"{_FILES[exhibit.id]}, with all of them, is attached to the PDF"
    return "the notebooks published beside this report have all of them"


def redirect(part: Part, gone: Mapping[str, str]) -> Part:
    """Return a part in which a link to a row that is left out leads to its table.

    >>> redirect(Link("c9", "c9"), {"c9": "tbl-ledger"}), redirect(Link("c1", "c1"), {"c9": "tbl-ledger"})
    (Link(text='c9', to='tbl-ledger'), Link(text='c1', to='c1'))
    """
    match part:
        case Link():
            return replace(part, to=gone.get(part.to, part.to))
        case CitedIn():
            otherwise = (phrase.map(lambda each: redirect(each, gone)) for phrase in part.otherwise)
            return replace(part, otherwise=tuple(otherwise))
    return part
