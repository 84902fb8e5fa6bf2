"""Which rows of a long table a page shows at first: the others are folded away until a reader wants all."""

from __future__ import annotations

from report.pages.document import Block, ExhibitBlock, TableGrid

__all__ = ["FIRST_ROWS", "MOST_ROWS", "folded_rows", "shows_first"]

MOST_ROWS = 12  # a longer table is folded
FIRST_ROWS = 8  # what is shown of it if it does not declare its lead; the style sheet has this number too


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
