"""The widths of a table's columns in print, and how many lines its rows then fill."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from claims.show.style import SIZES

from report.pages.document import TableGrid
from report.pages.typesetting import keep_units

__all__ = [
    "LINE_CHARACTERS", "LONGEST_WORD",
    "column_shares", "fair_shares", "is_small", "keeps_ranges", "row_lines", "shortest_widths", "typst_widths",
]  # fmt: skip

LONGEST_WORD = 20  # letters of a word that is not broken even where it has to be
MOST_COLUMNS = 7  # of a table in its usual size
MOST_ROWS = 40  # rows, the longest, that decide the widths
Words = tuple[int, ...]  # the lengths of a cell's words
GUTTER = 2  # characters between columns
LINE_CHARACTERS = {False: 108, True: 150}  # how many characters of table text fill a line, upright and sideways


def typst_widths(table: TableGrid) -> list[str]:
    """Return the column widths as Typst takes them: shares of the line, or "auto"."""
    return ["auto" if share is None else f"{share:g}fr" for share in column_shares(table)]


def column_shares(table: TableGrid) -> list[float | None]:
    """Return the columns' shares of the line: as given, else fair ones; None for a column as wide as its content."""
    given = [column.width for column in table.columns]
    if all(given):
        return given
    texts = _texts(table)
    wants = [max(len(text) for text in column) for column in texts]
    room = _line_characters(table) - GUTTER * len(wants)
    if sum(wants) <= room:
        return [None] * len(wants)
    ranges = keeps_ranges(table)
    needs = _needs(texts, ranges)
    if table.head:  # not an exhibit: its long words may be broken, and its short columns are as wide as their content
        needs = [min(need, LONGEST_WORD + 2) for need in needs]
        shares = fair_shares(wants, needs, room)
        return [None if want < 15 else share for want, share in zip(wants, shares, strict=True)]
    return [float(width + GUTTER) for width in shortest_widths(texts, needs, room, ranges)]


def keeps_ranges(table: TableGrid) -> bool:
    """Return whether ranges of numbers stay on one line: if there is room for that, and for every longest word.

    Otherwise the ranges would take the room of words, which would be broken one by one.
    """
    room = _line_characters(table) - GUTTER * len(table.columns)
    given = all(column.width for column in table.columns)
    return given or bool(table.head) or sum(_needs(_texts(table), ranges=True)) <= room


def _texts(table: TableGrid) -> list[list[str]]:
    """Return the cells of each column as text, its head first."""
    return [
        [_bold_width(str(column.label)), *(row[i].text if i < len(row) else "" for row in table.rows)]
        for i, column in enumerate(table.columns)
    ]


def _needs(texts: Sequence[Sequence[str]], ranges: bool) -> list[int]:
    """Return the length of the longest word of each column, a range being one of them with `ranges`."""
    return [
        max((len(word) for text in column for word in keep_units(text, ranges).split(" ")), default=1)
        for column in texts
    ]


def shortest_widths(texts: Sequence[Sequence[str]], needs: Sequence[int], room: int, ranges: bool = True) -> list[int]:
    """Return column widths in characters that keep the table short: `texts` are the cells of each column, head first.

    Every column starts with what it needs. Then, while there is room, the characters go where they save most lines for
    each of them. The table is never longer than with equal widths, if every column has what it needs with these.

    >>> shortest_widths([["Rate", "Growth of rail freight"], ["S", "S1"], ["Range", "22 to 23"]], [7, 2, 8], 40)
    [22, 2, 8]
    """
    words = [[tuple(len(word) for word in keep_units(text, ranges).split(" ")) for text in column] for column in texts]
    longest = sorted(range(len(texts[0])), key=lambda row: -max(len(column[row]) for column in texts))[:MOST_ROWS]
    rows = [[column[row] for column in words] for row in longest]
    widths = list(needs)
    while wider := _wider(rows, widths, room - sum(widths)):
        widths = wider
    equal = [room // len(widths)] * len(widths)
    is_enough = all(width >= need for width, need in zip(equal, needs, strict=True))
    return equal if is_enough and _height(rows, equal) < _height(rows, widths) else widths


def _wider(rows: Sequence[Sequence[Words]], widths: list[int], left: int) -> list[int] | None:
    """Return widths that save most lines for each character more, of which `left` remain; None if none does.

    Considered are, for each row, the fewest characters by which it becomes a line shorter: all its columns with most
    lines are widened together, as a wider one alone would change nothing.
    """
    height = _height(rows, widths)
    tried = {wider for row in rows if (wider := _row_shorter(row, widths, left))}
    savings = [((height - _height(rows, one)) / (sum(one) - sum(widths)), sum(widths) - sum(one), one) for one in tried]
    return list(max(savings)[2]) if savings else None


def _row_shorter(row: Sequence[Words], widths: Sequence[int], left: int) -> tuple[int, ...] | None:
    """Return the least widths with which a row is a line shorter; None if that takes more than `left` characters."""
    most = max(map(_lines, row, widths))
    wider = list(widths)
    for i, words in enumerate(row):
        while _lines(words, wider[i]) == most:
            wider[i] += 1
            left -= 1
            if most == 1 or left < 0:
                return None
    return tuple(wider)


def _height(rows: Sequence[Sequence[Words]], widths: Sequence[int]) -> int:
    """Return the lines of a table."""
    return sum(max(map(_lines, row, widths)) for row in rows)


@lru_cache(maxsize=100_000)
def _lines(words: Words, width: int) -> int:
    """Return the lines that words of these lengths fill.

    >>> _lines((6, 2, 4, 7), 9)
    3
    """
    lines, used = 1, -1
    for word in words:
        if used + 1 + word > width and used >= 0:
            lines, used = lines + 1, -1
        used += 1 + word
    return lines


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
    """Return an estimate of the printed lines of each row; a table without columns has one line a row."""
    shares = [share for share in column_shares(table) if share is not None]
    if not shares or len(shares) < len(table.columns):
        return [1] * len(table.rows)
    room = _line_characters(table) / sum(shares)
    return [
        max([-(-len(cell.text) // max(1, int(share * room))) for cell, share in zip(row, shares, strict=False)] + [1])
        for row in table.rows
    ]


def is_small(table: TableGrid) -> bool:
    """Return whether a table is set in the size of registers: one itself, or one of many columns."""
    return table.layout == "register" or len(table.columns) > MOST_COLUMNS


def _line_characters(table: TableGrid) -> int:
    """Return how many characters of a table fill a line; one of many columns has more, as it is set smaller."""
    if table.layout == "register" or not is_small(table):
        return LINE_CHARACTERS[table.layout == "register"]
    return int(LINE_CHARACTERS[False] * SIZES["table"] / SIZES["register"])


def _bold_width(label: str) -> str:
    """Return a text as wide as a column's head in bold, where no word is broken."""
    return " ".join(word + word[: len(word) // 6] for word in label.split())
