"""Inline expressions of prose are evaluated by the build, kept in the notebook, and part of the page's text."""

import json

import pytest

from report import expressions
from report.command import build
from report.pages.reading import with_values
from report.progress import Progress
from report.runs import canonical, execute, selection
from report.stops import NotebookFailed

OK = {"status": "ok", "metadata": {}}


def text_of(source, results, parameters=()):
    """Return what a Markdown text says with results, given as their MIME bundles by expression."""
    return expressions.fill(source, {name: {**OK, "data": data} for name, data in results.items()}, parameters)


def test_a_value_replaces_its_expression_as_markdown():
    data = {"text/plain": "$41 billion", "text/markdown": "[\\$41 billion](#c012)", "text/html": "<b>no</b>"}
    assert text_of("of {eval}`x`.", {"x": data}) == "of [\\$41 billion](#c012)."


def test_plain_text_is_data_and_never_markup():
    assert text_of("{eval}`x`", {"x": {"text/plain": "'*<b>'"}}) == "\\*\\<b\\>"


def test_the_value_of_a_parameter_is_marked_as_one():
    values = {"base": {"text/plain": "2023"}, "other": {"text/plain": "2024"}}
    assert text_of("{eval}`base`, {eval}`other`", values, ["base"]) == "<data>2023</data>, 2024"


@pytest.mark.parametrize("code", ["`` {eval}`x` ``", "```\n{eval}`x`\n```", "~~~~\n~~~\n{eval}`x`\n~~~~"])
def test_code_that_shows_the_syntax_stays_as_it_is(code):
    assert text_of(code, {"x": {"text/plain": "5"}}) == code
    assert expressions.expressions(code) == []


def test_an_expression_without_a_value_stays_as_it_is():
    assert text_of("{eval}`x`", {}) == "{eval}`x`"


def markdown(id, source, **results):
    cell = {"cell_type": "markdown", "id": id, "metadata": {}, "source": source}
    return expressions.with_results(cell, results)


def test_an_earlier_run_gives_values_to_moved_text():
    ran = [markdown("one", "{eval}`x`", x={"status": "ok", "data": {"text/plain": "5"}})]
    (moved,) = expressions.with_earlier_results([markdown("two", "now {eval}`x`")], ran)
    assert expressions.results_of(moved)["x"]["data"] == {"text/plain": "5"}


def test_a_new_expression_has_no_value_in_an_earlier_run():
    ran = [markdown("one", "{eval}`x`", x={"status": "ok", "data": {}})]
    (text,) = expressions.with_earlier_results([markdown("one", "{eval}`x` {eval}`y`")], ran)
    assert expressions.without_results(text) == ["y"]


def test_values_that_differ_by_place_are_not_moved():
    ran = [markdown(id, "{eval}`x`", x={"status": "ok", "data": {"text/plain": id}}) for id in ("one", "two")]
    (other,) = expressions.with_earlier_results([markdown("three", "{eval}`x`")], ran)
    assert expressions.without_results(other) == ["x"]
    (same,) = expressions.with_earlier_results([markdown("two", "{eval}`x`")], ran)
    assert expressions.results_of(same)["x"]["data"] == {"text/plain": "two"}


def test_a_value_is_not_moved_past_a_code_cell():
    code = {"cell_type": "code", "id": "code", "metadata": {}, "source": "x = 6"}
    ran = [code, markdown("one", "{eval}`x`", x={"status": "ok", "data": {"text/plain": "6"}})]
    (before,) = expressions.with_earlier_results([markdown("one", "{eval}`x`"), code], ran)
    (after,) = expressions.with_earlier_results([code, markdown("one", "{eval}`x`")], ran)
    assert (expressions.without_results(before), expressions.without_results(after)) == (["x"], [])


def write(clone, *cells):
    """Write a notebook of these cells: text, or code if it has no blank at its start."""
    clone.declare("base:\n  type: integer\n  low: 1990\n  high: 2100\n  unit: year\n  meaning: A year.\n")
    path = clone.write("10_one", "", parameters="base = 2023")
    notebook = json.loads(path.read_text(encoding="utf-8"))
    first = notebook["cells"][:2]
    for place, (kind, source) in enumerate(cells):
        code = {"execution_count": None, "outputs": []} if kind == "code" else {}
        first.append({"cell_type": kind, "id": f"cell-{place}", "metadata": {}, "source": source, **code})
    notebook["cells"] = first
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return selection.read_all(clone.folders.notebooks)


def run(clone, notebooks, engine=None):
    with execute.KernelSource(engine, clone.folders) as kernels:
        return execute.execute(notebooks, {}, clone.folders, Progress(), kernels)


@pytest.mark.slow
def test_the_engine_evaluates_expressions_in_their_turn(clone):
    notebooks = write(
        clone, ("code", "x = 1"), ("markdown", "{eval}`x`, {eval}`base`"), ("code", "x = 2"), ("markdown", "{eval}`x`")
    )
    executed = run(clone, notebooks)["10_one"]
    assert [cell["source"] for cell in with_values(executed)][-3::2] == ["1, <data>2023</data>", "2"]
    kept = executed["cells"][-1]["metadata"]["user_expressions"]
    assert kept == [{"expression": "x", "result": {**OK, "data": {"text/plain": "2"}}}]
    assert executed["cells"][-2]["execution_count"] == 3, "an expression counts as no cell"


@pytest.mark.slow
def test_every_engine_keeps_the_same_values(clone):
    notebooks = write(clone, ("code", "x = {'b': 1, 'a': 2}"), ("markdown", "{eval}`x`"))
    files = {canonical.as_bytes(run(clone, notebooks, engine)["10_one"]) for engine in execute.ENGINES}
    assert len(files) == 1


@pytest.mark.slow
def test_values_that_were_saved_before_are_not_trusted(clone):
    notebooks = write(clone, ("markdown", "{eval}`6 * 7`"))
    cell = notebooks[0].source["cells"][-1]
    cell["metadata"]["user_expressions"] = [
        {"expression": "6 * 7", "result": {**OK, "data": {"text/plain": "43"}}},
        {"expression": "gone", "result": {**OK, "data": {}}},
    ]
    notebooks[0].path.write_text(json.dumps(notebooks[0].source), encoding="utf-8")
    executed = run(clone, selection.read_all(clone.folders.notebooks))["10_one"]
    assert {name: result["data"] for name, result in expressions.results_of(executed["cells"][-1]).items()} == {
        "6 * 7": {"text/plain": "42"}
    }


@pytest.mark.slow
def test_failed_expressions_stop_the_build_and_are_all_listed(clone):
    notebooks = write(clone, ("markdown", "{eval}`1 / 0` and {eval}`2`"), ("markdown", "{eval}`nowhere`"))
    with pytest.raises(NotebookFailed) as stop:
        run(clone, notebooks)
    message = str(stop.value)
    assert "10_one.ipynb stopped in cell cell-0 (3 of 4)" in message
    assert "{eval}`1 / 0` in cell cell-0: ZeroDivisionError: division by zero" in message
    assert "{eval}`nowhere` in cell cell-1: NameError: name 'nowhere' is not defined" in message


@pytest.mark.slow
def test_new_prose_runs_nothing_unless_it_has_a_new_expression(clone, monkeypatch, without_exporters):
    ran, really = [], execute._run_task
    monkeypatch.setattr(execute, "_run_task", lambda task, *more: ran.append(task) or really(task, *more))
    for source, runs in (
        ("{eval}`6 * 7`", 1),
        ("now {eval}`6 * 7`", 0),
        ("{eval}`6 * 8`", 1),
        ("{eval}`6 * 8` twice {eval}`6 * 8`", 0),
    ):
        ran.clear()
        write(clone, ("markdown", source))
        build.build(build.Request(quiet=True), clone.folders)
        assert len(ran) == runs, source
