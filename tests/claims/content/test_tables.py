"""What is shown keeps its parts on the way through JSON, and one walker meets them all."""

from __future__ import annotations

import json

import pytest
from claims.content.phrases import MARKS, Anchor, CitedIn, Link, Marked, Phrase
from claims.content.tables import Cell, Column, ColumnSpec, Figure, Table, as_cell, walk
from hypothesis import given
from hypothesis import strategies as st

WORDS = st.text(max_size=8)
IDS = st.from_regex(r"[a-z][a-z0-9-]{0,6}", fullmatch=True)
TARGETS = IDS | st.just("https://example.org/a?b=c#d")
KINDS = st.sampled_from([*MARKS])
NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.booleans()
LINKS = st.builds(Link, WORDS, TARGETS, KINDS | st.just(""))
SIMPLE = WORDS | LINKS | st.builds(Anchor, WORDS, IDS, KINDS | st.just("")) | st.builds(Marked, WORDS, KINDS)
PHRASES = st.builds(Phrase, st.lists(SIMPLE, min_size=1, max_size=3).map(tuple))
CITED = st.builds(CitedIn, IDS, st.lists(PHRASES, max_size=2).map(tuple)).map(lambda part: Phrase((part,)))
DATA = NUMBERS.map(lambda number: Phrase((number,)))
CELLS = st.builds(Cell, st.lists(PHRASES | CITED | DATA, max_size=3).map(tuple))
COLUMNS = st.builds(Column, IDS, PHRASES, WORDS, st.sampled_from(["left", "right"]), st.none() | st.just(2.5))


def through_json(value):
    return json.loads(json.dumps(value, allow_nan=False))


@given(PHRASES)
def test_a_phrase_survives_json(phrase):
    assert Phrase.from_json(through_json(phrase.to_json())) == phrase


@given(CELLS)
def test_a_cell_survives_json(cell):
    assert Cell.from_json(through_json(cell.to_json())) == cell


@given(st.lists(COLUMNS, max_size=3), st.data(), PHRASES)
def test_tables_and_figures_survive_json(columns, data, alt):
    row = st.tuples(*[CELLS for _ in columns])
    shared = {"id": "x", "title": "T", "columns": tuple(columns), "rows": tuple(data.draw(st.lists(row, max_size=2)))}
    table = Table(**shared, layout="register", shows=("a", "b"), place="appendix", lead=(0, 2))
    figure = Figure(**shared, name="f", alt=alt, csv="a\n1\n")
    assert Table.from_json(through_json(table.to_json())) == table
    assert Figure.from_json(through_json(figure.to_json())) == figure


def test_a_row_that_does_not_fit_the_columns_is_refused():
    with pytest.raises(ValueError, match="table 'tbl-x': a row has 2 cells, the table 1 columns"):
        Table.from_json({"id": "tbl-x", "columns": [{"key": "a"}], "rows": [["1", "2"]]})


def test_a_table_has_no_place_but_the_appendix():
    with pytest.raises(ValueError, match="table 'tbl-x': place is \"appendix\" or left out, got 'apendix'"):
        Table.from_json({"id": "tbl-x", "place": "apendix"})


def test_an_unknown_mark_is_refused():
    with pytest.raises(ValueError, match="kind must be one of date, citation, parameter, formula, got 'year'"):
        Phrase.from_json({"text": "1992", "kind": "year"})
    with pytest.raises(ValueError, match="got 'year'"):
        ColumnSpec("X", kind="year")


def test_the_walker_meets_every_part_of_headings_cells_and_alt():
    column = Column("a", Phrase(("of ", Link("S1", "S1"))))
    row = (as_cell([Anchor("c001", "c001"), Phrase((5, Marked("1992", "date")))]),)
    figure = Figure(id="x", columns=(column,), rows=(row,), alt=Phrase((Link("7%", "f-x"),)))
    assert list(figure.parts()) == [
        "of ", Link("S1", "S1"), Anchor("c001", "c001"), 5, Marked("1992", "date"), Link("7%", "f-x"),
    ]  # fmt: skip


def test_a_cell_is_false_only_where_nothing_is_in_it():
    empty = [Cell(), as_cell(None), as_cell(""), as_cell(["", None])]
    assert [bool(cell) for cell in empty] == [False] * 4
    assert [bool(as_cell(content)) for content in (0, CitedIn("c001"), "–")] == [True] * 3


def test_changing_the_rows_leaves_the_headings():
    table = Table(id="x", columns=(Column("a", Phrase(("A",))),), rows=((as_cell(["b", "c"]),),))
    changed = table.map_rows(lambda part: f"<{part}>")
    assert str(changed.rows[0][0]) == "<b>, <c>"
    assert str(changed.columns[0].label) == "A"
    assert list(walk(*table.rows[0])) == ["b", "c"]
