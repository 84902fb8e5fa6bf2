"""What a sentence asserts keeps the report from being published once it no longer follows from the figures."""

import json

import pytest
from claims.content.assertions import NO_LONGER, Assertion
from claims.show.book import open_book
from conftest import finding, markdown_cell

from report.command import build
from report.proof.assertions import count_assertions, refuted, refuted_stops
from report.stops import UNPINNED, Refuted

IMPORT = "from claims.content.assertions import Assertion"
SENTENCE = "It has grown. {eval}`Assertion(growth > 2)`"


def executed(result, kind="markdown"):
    """Return notebooks with one cell, in which an expression or an output has this assertion."""
    data = Assertion(*result)._repr_mimebundle_()
    kept = {"user_expressions": [{"expression": "book.asserts(x)", "result": {"status": "ok", "data": data}}]}
    text = {"cell_type": "markdown", "id": "said", "source": "", "metadata": kept}
    code = {"cell_type": "code", "id": "table", "source": "", "outputs": [{"data": data}]}
    return {"20_two": {"cells": [text if kind == "markdown" else code]}}


def test_a_sentence_that_follows_is_no_problem():
    assert refuted(executed((True,))) == ()
    assert refuted_stops(()) == []


def test_a_sentence_that_does_not_follow_is_named_by_its_cell():
    assert refuted(executed((False,))) == ("20_two, cell said: {eval}`book.asserts(x)`",)


def test_assertions_are_counted_whether_they_hold_or_not():
    executed_twice = executed((True,)) | {"30_three": executed((False,), "code")["20_two"]}
    assert count_assertions(executed_twice) == 2
    assert count_assertions({"10_one": {"cells": []}}) == 0


def test_a_table_can_refute_headlines_by_name():
    problems = refuted(executed((False, "the headline “It grew”"), "code"))
    assert problems == ("20_two, cell table: the headline “It grew”",)


@pytest.fixture
def sentence(clone, without_exporters):
    """Return a function that writes a notebook with the sentence and this growth, and builds."""

    def build_with(growth):
        path = clone.write("10_one", f"{IMPORT}\ngrowth = {growth}", finding("x"))
        source = json.loads(path.read_text(encoding="utf-8"))
        source["cells"].append(markdown_cell(SENTENCE, "sentence"))
        path.write_text(json.dumps(source), encoding="utf-8")
        build.build(build.Request(quiet=True), clone.folders)
        return clone.published()

    return build_with


@pytest.mark.slow
def test_nothing_is_published_while_a_sentence_does_not_follow(sentence, clone):
    before = sentence(3)
    with pytest.raises(Refuted, match=r"10_one, cell \S+: \{eval\}`Assertion\(growth > 2\)`") as stop:
        sentence(2)
    assert stop.value.exit_code == UNPINNED
    assert "rewrite the sentence" in str(stop.value)
    assert "not published" in str(stop.value)
    assert clone.published() == before


def test_a_reader_sees_only_what_does_not_follow():
    assert Assertion(True)._repr_mimebundle_()["text/markdown"] == ""
    assert Assertion(False)._repr_mimebundle_()["text/markdown"] == f"*{NO_LONGER}*"


def test_figures_are_compared_by_the_ends_of_their_ranges():
    book = open_book()
    first, last = book.trade_turnover_2023_partnerships, book.trade_turnover_2023_golden  # 41 and more than 41 billion
    assert (first.low, first.high, last.low, last.high) == (40.5e9, 41.5e9, 41e9, 42e9)
    assert not book.asserts(last.low > first.low, last.low > first.high).holds
