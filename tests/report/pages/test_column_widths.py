"""The widths of a table's columns: none below its need, all within the line, no table longer than with equal widths."""

from __future__ import annotations

import textwrap

from claims.content.phrases import Phrase
from hypothesis import given
from hypothesis import strategies as st

from report.pages.column_widths import (
    LINE_CHARACTERS,
    LONGEST_WORD,
    MOST_ROWS,
    column_shares,
    keeps_ranges,
    row_lines,
    shortest_widths,
    typst_widths,
)
from report.pages.document import Column, GridCell, TableGrid

CELL = st.lists(st.text("ab", min_size=1, max_size=12), min_size=1, max_size=9).map(" ".join)


@st.composite
def tables(draw) -> tuple[list[list[str]], list[int], int]:
    """Draw the cells of each column, the longest word of each, and room for at least those words."""
    count = draw(st.integers(1, 8))
    texts = [draw(st.lists(CELL, min_size=count, max_size=count)) for _ in range(draw(st.integers(1, 5)))]
    needs = [max(len(word) for cell in column for word in cell.split()) for column in texts]
    return texts, needs, sum(needs) + draw(st.integers(0, 80))


def height(texts, widths) -> int:
    """Return the lines of a table, as Python's own text wrapping counts them."""
    return sum(
        max(len(textwrap.wrap(cell, width, break_on_hyphens=False)) for cell, width in zip(row, widths, strict=True))
        for row in zip(*texts, strict=True)
    )


@given(tables())
def test_no_column_is_narrower_than_its_longest_word(drawn):
    texts, needs, room = drawn
    assert all(width >= need for width, need in zip(shortest_widths(texts, needs, room), needs, strict=True))


@given(tables())
def test_columns_take_no_more_than_the_room(drawn):
    texts, needs, room = drawn
    assert sum(shortest_widths(texts, needs, room)) <= room


@given(tables())
def test_a_table_is_never_longer_than_with_equal_widths(drawn):
    texts, needs, room = drawn
    equal = max(room // len(texts), max(needs))
    widths = shortest_widths(texts, needs, equal * len(texts))
    assert height(texts, widths) <= height(texts, [equal] * len(texts))


@given(tables())
def test_a_table_has_one_line_a_row_where_there_is_room(drawn):
    texts, needs, _ = drawn
    wants = [max(map(len, column)) for column in texts]
    assert height(texts, shortest_widths(texts, needs, sum(wants))) == len(texts[0])


def test_columns_that_are_long_in_the_same_row_are_widened_together():
    sentence = "one two six ten"
    assert shortest_widths([[sentence], [sentence]], [3, 3], 30) == [15, 15]


def test_equal_widths_are_kept_where_step_by_step_is_longer():
    # step by step gives 13 and 7 characters, and a line more
    texts = [
        ["aaaaaaaa", "aaaa aaa aaaa aaaaa aaaaaa aaaaa a aaa"],
        ["aa aaaaaaa a aaaaaaa aaaaa aaaa aaaaaa", "aaaaaaa aaaaaaa"],
    ]
    assert shortest_widths(texts, [8, 7], 20) == [10, 10]


def test_a_long_word_in_a_short_row_still_has_its_column():
    rows = [("word " * 20).strip()] * MOST_ROWS
    texts = [[*rows, "word"], [*["a"] * MOST_ROWS, "incomprehensible"]]
    assert shortest_widths(texts, [4, 16], 60)[1] >= 16


def grid(*rows: tuple[str, ...], **more) -> TableGrid:
    columns = tuple(Column(f"c{i}", Phrase((label,))) for i, label in enumerate(rows[0]))
    cells = tuple(tuple(GridCell((Phrase((text,)),)) for text in row) for row in rows[1:])
    return TableGrid(columns, cells, **more)


LONG = " ".join(["word"] * 30)


def test_a_table_that_fits_on_the_line_is_as_wide_as_its_content():
    assert typst_widths(grid(("A", "B"), ("one", "two"))) == ["auto", "auto"]


def test_ranges_and_units_are_not_broken():
    widths = column_shares(grid(("A", "Range"), (LONG, "$22.0 to 25.1 billion"), (LONG, "x")))
    assert widths[1] >= len("$22.0 to 25.1 billion")


def test_a_row_with_fewer_cells_is_laid_out():
    assert len(column_shares(grid(("A", "B"), (LONG, LONG), ("total",)))) == 2


def test_a_word_in_somebody_else_s_table_takes_no_line_of_its_own():
    head = ((GridCell((Phrase(("Both",)),), columns=2),),)
    _, second = column_shares(grid(("A", "B"), (LONG, "w" * 200), head=head))
    assert second < LINE_CHARACTERS[False] - LONGEST_WORD


def test_rows_are_estimated_by_their_longest_cell():
    one, three = row_lines(grid(("A", "B"), ("x", "y"), (" ".join(["word"] * 45), "z")))
    assert (one, three) == (1, 3)


def test_rows_of_a_table_without_columns_have_one_line():
    assert row_lines(grid((), ())) == [1]


def test_ranges_break_where_they_would_leave_words_in_towers():
    spans = ("15.6% to 16.7%", "4.4 to 4.9 years", "9,813% to 11,750%", "$1.54 to 1.58 billion", "22.4 to 23.5%")
    head = ("Quantity", *"ABCDE", "From", "To")
    row = ("Trade turnover, China and Kazakhstan, 1992 to 2023", *spans, "$400 million", "$41.25 billion")
    table = grid(head, row)
    assert not keeps_ranges(table)
    assert column_shares(table)[0] >= 24
    assert keeps_ranges(grid(head[:4], row[:4]))


def test_a_table_of_many_columns_has_the_room_of_its_smaller_letters():
    columns = [f"{LONG}"] * 2 + ["x"] * 6
    few, many = (sum(column_shares(grid(tuple("ABCDEFGH"[:count]), tuple(columns[:count])))) for count in (7, 8))
    assert few <= LINE_CHARACTERS[False] < many
