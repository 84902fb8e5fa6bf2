"""The widths of a table's columns in print, and how many lines its rows then fill."""

from __future__ import annotations

from collections.abc import Sequence

from report.pages.document import TableGrid
from report.pages.typesetting import keep_units

__all__ = ["LINE_CHARACTERS", "LONGEST_WORD", "column_shares", "fair_shares", "row_lines", "typst_widths"]

LONGEST_WORD = 20  # letters of a word that is not broken even where it has to be
LINE_CHARACTERS = {False: 96, True: 150}  # how many characters of table text fill a line, upright and sideways


def typst_widths(table: TableGrid) -> list[str]:
    """Return the column widths as Typst takes them: shares of the line, or "auto"."""
    return ["auto" if share is None else f"{share:g}fr" for share in column_shares(table)]


def column_shares(table: TableGrid) -> list[float | None]:
    """Return the columns' shares of the line: as given, else fair ones; None for a column as wide as its content."""
    given = [column.width for column in table.columns]
    if all(given):
        return given
    texts = [
        [_bold_width(str(column.label)), *(cell.text for row in table.rows for cell in row[i : i + 1])]
        for i, column in enumerate(table.columns)
    ]
    wants = [max(len(text) for text in column) for column in texts]
    room = LINE_CHARACTERS[table.layout == "register"] - 2 * len(wants)
    if sum(wants) <= room:
        return [None] * len(wants)
    needs = [max((len(word) for text in column for word in keep_units(text).split(" ")), default=1) for column in texts]
    if table.head:  # not an exhibit: its long words may be broken, and its short columns are as wide as their content
        needs = [min(need, LONGEST_WORD + 2) for need in needs]
        shares = fair_shares(wants, needs, room)
        return [None if want < 15 else share for want, share in zip(wants, shares, strict=True)]
    return list(fair_shares(wants, needs, room))


def fair_shares(wants: Sequence[int], needs: Sequence[int], room: float) -> list[float]:
    """Return how much of `room` each column gets: what it wants if that is little, else by the root of what it wants.

    No column gets less than it needs. The root keeps a long column from taking the room of others.

    >>> fair_shares([4, 64, 16], [4, 8, 8], 64)
    [4, 44.0, 16]
    """
    shares = dict.fromkeys(range(len(wants)), 0.0)
    left, open_columns = room, set(shares)
    while open_columns:
        weight = left / sum(wants[i] ** 0.5 for i in open_columns)
        share = {i: weight * wants[i] ** 0.5 for i in open_columns}
        settled: dict[int, float] = {i: wants[i] for i in open_columns if wants[i] <= share[i]}
        settled = settled or {i: needs[i] for i in open_columns if needs[i] > share[i]}
        settled = settled or share
        shares |= settled
        open_columns -= settled.keys()
        left = max(left - sum(settled.values()), 1)
    return [round(share, 2) for share in shares.values()]


def row_lines(table: TableGrid) -> list[int]:
    """Return an estimate of the printed lines of each row."""
    shares = [share for share in column_shares(table) if share is not None]
    if len(shares) < len(table.columns):
        return [1] * len(table.rows)
    room = LINE_CHARACTERS[table.layout == "register"] / sum(shares)
    return [
        max([-(-len(cell.text) // max(1, int(share * room))) for cell, share in zip(row, shares, strict=False)] + [1])
        for row in table.rows
    ]


def _bold_width(label: str) -> str:
    """Return a text as wide as a column's head in bold, where no word is broken."""
    return " ".join(word + word[: len(word) // 6] for word in label.split())
