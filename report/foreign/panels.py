"""A table that is wider than its page, split into tables one below another, each with the columns that name a row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from report.pages.column_widths import LONGEST_WORD
from report.pages.document import GridCell, TableGrid

__all__ = ["PAGE_CHARACTERS", "split_table"]

PAGE_CHARACTERS = 92  # of a table, with two between its columns


def split_table(table: TableGrid, room: float = PAGE_CHARACTERS) -> tuple[TableGrid, ...]:
    """Return the table, or tables that each need no more than `room` characters of width, in order.

    >>> from claims.content.phrases import Phrase
    >>> from claims.content.tables import Column
    >>> row = tuple(GridCell((Phrase(("x" * 10,)),), column=i) for i in range(8))
    >>> parts = split_table(TableGrid((Column("", Phrase()),) * 8, (row,), (row,)), room=50)
    >>> [len(part.columns) for part in parts]
    [4, 4, 2]
    """
    needs = [min(max(_word_lengths(table, column)), LONGEST_WORD) + 2 for column in range(len(table.columns))]
    stubs = table.stubs if 0 < table.stubs < len(needs) and sum(needs[: table.stubs]) <= room / 2 else 0
    if not table.head or sum(needs) <= room:
        return (table,)
    return tuple(_part(table, stubs, group) for group in _groups(needs, stubs, room))


def _word_lengths(table: TableGrid, column: int) -> Iterator[int]:
    """Yield the length of the longest word of each cell of a column."""
    yield 1
    for row in (*table.head, *table.rows):
        for cell in row:
            if cell.column == column and cell.columns == 1:
                yield max(map(len, cell.text.split()), default=1)


def _groups(needs: Sequence[int], stubs: int, room: float) -> Iterator[range]:
    """Yield the columns of each part beside the stubs: as many as fit, at least one."""
    left = room - sum(needs[:stubs])
    first, used = stubs, 0
    for column in range(stubs, len(needs)):
        if used and used + needs[column] > left:
            yield range(first, column)
            first, used = column, 0
        used += needs[column]
    yield range(first, len(needs))


def _part(table: TableGrid, stubs: int, group: range) -> TableGrid:
    """Return the table with its stubs and one group of its columns."""
    kept = [*range(stubs), *group]
    indices = {column: index for index, column in enumerate(kept)}

    def kept_cells(row: tuple[GridCell, ...]) -> Iterator[GridCell]:
        for cell in row:
            first = cell.column or 0
            covered = [indices[column] for column in range(first, first + cell.columns) if column in indices]
            if covered:
                yield replace(cell, column=covered[0], columns=len(covered))

    columns = tuple(table.columns[column] for column in kept)
    head, rows = (tuple(tuple(kept_cells(row)) for row in rows) for rows in (table.head, table.rows))
    return replace(table, columns=columns, head=head, rows=rows, stubs=stubs)
