"""Tables too long for a page: the rows that texts refer to, the first of the others, and how many there are in all."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from itertools import islice
from typing import TypeVar

from claims.content.phrases import Anchor, CitedIn, Link, Part
from claims.content.tables import Figure, Table, walk
from claims.results.anchors import appendix

__all__ = ["MOST_ROWS", "redirect", "shorten"]

MOST_ROWS = 2_000  # of a table; of more, no page is of any use, and none opens in a browser in a few seconds
_FILES = {
    appendix(name): f"{file}.csv"
    for name, file in (
        ("sources", "sources"), ("ledger", "claims"), ("derivations", "findings"), ("agreements", "agreements"),
    )
}  # fmt: skip
Exhibit = TypeVar("Exhibit", bound=Table | Figure)


def shorten(exhibit: Exhibit, targets: Collection[str]) -> tuple[Exhibit, dict[str, str]]:
    """Return a table, or the numbers of a figure, of at most MOST_ROWS rows, and where links to rows left out lead.

    Rows with an anchor in `targets`, and those that a page shows first, are never left out. The caption gives the
    number of all rows, and the file that has them. Links to the others, by their anchors, lead to the whole table.
    """
    count = len(exhibit.rows)
    if count <= MOST_ROWS:
        return exhibit, {}
    anchors = [[part.id for part in walk(*row) if isinstance(part, Anchor)] for row in exhibit.rows]
    lead = exhibit.lead if isinstance(exhibit, Table) else ()
    wanted = {place for place, own in enumerate(anchors) if not set(own).isdisjoint(targets)} | set(lead)
    others = (place for place in range(count) if place not in wanted)
    kept = sorted(wanted | set(islice(others, max(MOST_ROWS - len(wanted), 0))))
    fewer, whole = (f"[{number:,}](#{exhibit.id})" for number in (count - len(kept), count))
    note = f"{fewer} of {whole} rows are not shown; {_place(exhibit)}."
    rows = tuple(exhibit.rows[place] for place in kept)
    exhibit = replace(exhibit, rows=rows, caption=" ".join(filter(None, (exhibit.caption, note))))
    if isinstance(exhibit, Table):
        exhibit = replace(exhibit, lead=tuple(kept.index(place) for place in lead))
    left_out = set(range(count)).difference(kept)
    return exhibit, {id: exhibit.id for place in left_out for id in anchors[place]}


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
