"""Rows that versions of a page have in common are written once, and still as each version needs them."""

from __future__ import annotations

from claims.content.phrases import Anchor, Link, Part, Phrase
from claims.content.tables import Column

from report.pages.document import Document, GridCell, TableGrid
from report.pages.rows import rows_html


def written(*parts: Part, align: str = "left", anchors: tuple[str, ...] = ()) -> str:
    """Return a row with a cell for each part, in a page that has these anchors."""
    row = tuple(GridCell((Phrase((part,)),)) for part in parts)
    table = TableGrid(tuple(Column("", Phrase(), align=align) for _ in parts), (row,), stubs=0)
    return rows_html(table, None, Document({}, (), frozenset(anchors)), frozenset(), {})


def test_equal_numbers_are_written_as_each_of_them_is():
    assert [written("a", number) for number in (1, 1.0)] == [
        f'<tr><td class="short">a</td><td class="short">{number}</td></tr>' for number in ("1", "1.0")
    ]


def test_a_row_has_links_in_the_page_that_has_their_targets():
    row = "b", Link("growth", "f-growth")
    assert '<a href="#f-growth">growth</a>' in written(*row, anchors=("f-growth",))
    assert "<a" not in written(*row)


def test_a_row_of_two_tables_is_aligned_as_in_each():
    assert [written("c", "d").count("right"), written("c", "d", align="right").count("right")] == [0, 2]


def test_a_row_without_its_anchor_in_the_page_links_to_nothing():
    assert written(Anchor("F1", "f-gone")) == '<tr id="f-gone"><td class="short">F1</td></tr>'
