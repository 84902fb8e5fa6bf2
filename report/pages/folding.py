"""What of a long table a page shows at first: other rows, and other places that a row lists, are folded away."""

from __future__ import annotations

from markupsafe import escape

from report.pages.document import Block, ExhibitBlock, TableGrid

__all__ = ["FIRST_ROWS", "MOST_ROWS", "folded_rows", "shows_first", "with_folded_places"]

MOST_ROWS = 12  # a longer table is folded
FIRST_ROWS = 8  # what is shown of it if it does not declare its lead; the style sheet has this number too
MOST_PLACES, FIRST_PLACES = 10, 3  # a row that is used in more has them folded; how many are shown then


def folded_rows(block: Block) -> frozenset[int]:
    """Return the rows of a table that are folded away, counted from 0: none of a short one or of a figure's data."""
    if not isinstance(block, ExhibitBlock) or block.label != "Table" or not block.table or not block.anchor:
        return frozenset()
    rows = range(len(block.table.rows))
    if len(rows) <= MOST_ROWS:
        return frozenset()
    return frozenset(rows) - frozenset(block.table.lead or range(FIRST_ROWS))


def shows_first(table: TableGrid, folded: frozenset[int]) -> bool:
    """Return whether what is folded away are all rows after the first, so that rows need no mark of their own."""
    return bool(folded) and folded == frozenset(range(FIRST_ROWS, len(table.rows)))


def with_folded_places(cell: str, of: str) -> str:
    """Return the HTML of a cell that lists places, of many the first few, and the others in a fold.

    `of` is whose places they are, for somebody who hears the words of the fold only.

    >>> with_folded_places(", ".join("<a>F1</a>" for _ in range(10)), "c003").count("details")
    0
    >>> with_folded_places(", ".join(f"<a>F{number}</a>" for number in range(1, 12)), "c003")[33:90]
    '<details><summary aria-label="and 8 more places of c003">'
    """
    parts = cell.split("</a>")
    more = len(parts) - 1 - FIRST_PLACES
    if more + FIRST_PLACES <= MOST_PLACES:
        return cell
    shown = f"and {more} more"
    summary = f'<summary aria-label="{shown} places of {escape(of)}">{shown}</summary>'
    first, rest = ("</a>".join(some) for some in (parts[:FIRST_PLACES], parts[FIRST_PLACES:]))
    return f"{first}</a>, <details>{summary}{rest.removeprefix(', ')}</details>"
