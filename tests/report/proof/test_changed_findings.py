"""Changed findings are listed with what is published and what data and code now give, the most important first."""

import json

import pytest
from conftest import code_cell

from report.proof.changed_findings import (
    FindingChanges,
    changes_of_files,
    compare_results,
    find_mentions,
    published_results,
    results_of_runs,
)
from report.runs.extract import FINDINGS, VERDICTS
from report.stops import WrongInput

FOLDER = "report/published"


def row(id="growth", text="7.3%", **more):
    values = {"value": 7.3, "low": 4.8, "high": 8.6, "low_closed": True, "high_closed": False, "range": "4.8% to 8.6%"}
    named = {"kind": "finding", "id": id, "anchor": f"f-{id}", "label": f"The {id}", "notebook": "20_two"}
    origin = {"unit": "percent", "formula": "growth", "expression": "", "inputs": {"first": "c1", "last": "c2"}}
    return {**named, **values, **origin, "text": text, **more}


def verdict(id="trade:2023", word="consistent", notebook="30_three"):
    return {
        "kind": "verdict",
        "id": id,
        "anchor": f"v-{id}",
        "label": "Trade, 2023",
        "text": word,
        "notebook": notebook,
    }


def compared(before, after, mentions=None, unknown=None):
    keyed = ({(each["kind"], each["id"]): each for each in rows} for rows in (before, after))
    return compare_results(*keyed, mentions or {}, unknown)


def only_change(old, new):
    (change,) = compared([old] if old else [], [new] if new else []).changes
    return change


def test_equal_results_have_no_changes():
    changes = compared([row(), verdict()], [row(), verdict()])
    assert changes.changes == ()
    assert changes.lines() == ["none of 2 published findings and verdicts would change"]


def test_a_changed_value_is_a_sentence_with_both_values_and_ranges():
    change = only_change(row(), row(text="7.9%", value=7.9, range="5.4% to 9.2%"))
    assert change.change == "changed"
    assert str(change) == (
        "The growth: the report prints 7.3% (4.8% to 8.6%), data and code now give 7.9% (5.4% to 9.2%) [20_two]"
    )


def test_a_range_is_shown_only_where_it_changes():
    assert only_change(row(), row(text="7.9%", value=7.9)).now == "7.9%"
    assert only_change(row(), row(range="4% to 9%")).now == "7.3% (4% to 9%)"
    exact = only_change(row(range="7.3%"), row(text="8%", range="8%"))
    assert (exact.published, exact.now) == ("7.3%", "8%")


def test_a_new_and_a_vanished_finding_are_called_so():
    assert str(only_change(None, row())) == "The growth: new; data and code now give 7.3% (4.8% to 8.6%) [20_two]"
    gone = only_change(row(), None)
    assert str(gone).startswith("The growth: gone; the report prints 7.3% (4.8% to 8.6%), and nothing gives it now")


def test_a_difference_behind_the_printed_digits_shows_the_digits():
    change = only_change(row(), row(value=7.31, high_closed=True))
    assert change.change == "digits"
    assert (change.published, change.now) == (
        "7.3% (value 7.3, high closed false)",
        "7.3% (value 7.31, high closed true)",
    )


def test_the_rounding_of_another_computer_is_no_change():
    assert compared([row()], [row(value=7.3 * (1 + 1e-12))]).changes == ()


def test_another_origin_of_the_same_value_is_named():
    change = only_change(row(), row(label="Growth of trade", inputs={"of": "c3"}))
    assert (change.change, change.label) == ("basis", "The growth")
    assert change.now == "the same, with another label and other inputs"


def test_verdicts_that_turn_come_first_then_what_a_reader_meets_first():
    before = [row("a"), row("b"), row("c"), row("d"), verdict()]
    after = [
        row("a", "9%", value=9),
        row("b", "8%", value=8),
        row("c", value=7.31),
        row("d", "90%", value=90),
        verdict(word="inconsistent"),
    ]
    mentions = {"f-b": ["00_overview"], "a": ["README.md"]}
    changes = compared(before, after, mentions).changes
    assert [change.id for change in changes] == ["trade:2023", "a", "b", "d", "c"]
    assert str(changes[0]).startswith(
        "Verdict on Trade, 2023: the report prints consistent, data and code now give inc"
    )
    assert [change.where for change in changes[1:3]] == [("README.md", "20_two"), ("00_overview", "20_two")]


def test_of_equally_prominent_changes_the_largest_comes_first():
    before = [row("a"), row("b")]
    after = [row("a", "7.4%", value=7.4), row("b", "14.6%", value=14.6)]
    assert [change.id for change in compared(before, after).changes] == ["b", "a"]


def test_a_text_has_a_limit_with_a_count_of_the_rest_and_json_has_all():
    changes = compared([row(str(n)) for n in range(20)], [row(str(n), "8%", value=8) for n in range(20)])
    lines = changes.lines(limit=5)
    assert lines[0] == "20 of 20 published findings and verdicts would change (20 with another value)"
    assert (len(lines), lines[-1]) == (7, "  … and 15 more; --json lists all")
    assert len(changes.as_json()["changes"]) == 20
    json.dumps(changes.as_json())


def test_results_with_the_same_label_are_told_by_their_id():
    before, after = ([verdict(id, word) for id in ("v1", "v2")] for word in ("consistent", "inconsistent"))
    assert [change.title for change in compared(before, after).changes] == [
        "Verdict on Trade, 2023 (v1)",
        "Verdict on Trade, 2023 (v2)",
    ]


def test_what_is_not_known_is_listed_and_not_called_gone():
    changes = compared([row(), row("x", notebook="60_six")], [row(text="8%")], unknown={"60_six": "it failed"})
    assert [change.id for change in changes.changes] == ["growth"]
    assert changes.lines()[0].startswith("at least 1 of 2 ")
    assert changes.lines()[-1] == "  not known of 60_six: it failed"
    nothing = compared([row()], [], unknown={"20_two": "line\nline"})
    assert nothing.lines() == [
        "no change of 1 published findings and verdicts is known",
        "  not known of 20_two: line\n    line",
    ]


def test_one_notebook_has_its_part_of_the_whole_answer():
    before = [row(), row("x", notebook="30_three"), row("moved", notebook="30_three")]
    after = [row(text="8%"), row("x", "9%", notebook="30_three"), row("moved")]
    whole = compared(before, after, unknown={"60_six": "it failed"})
    for name in ("20_two", "30_three", "60_six"):
        part = whole.limit_to([name])
        assert part.changes == tuple(change for change in whole.changes if name in change.notebooks)
        assert part.unknown == ({"60_six": "it failed"} if name == "60_six" else {})
    assert {change.id for change in whole.limit_to(["20_two"]).changes} == {"growth", "moved"}


def executed(*payloads):
    return {"cells": [code_cell("one", "", outputs=[{"data": {mime: content}} for mime, content in payloads])]}


def published(findings, verdicts, notebook="20_two"):
    content = executed((VERDICTS, {"verdicts": verdicts}), (FINDINGS, {"findings": findings}))
    rows = [{**finding, "notebook": notebook} for finding in findings]
    return {
        f"{FOLDER}/findings.json": json.dumps({"findings": rows}).encode(),
        f"{FOLDER}/notebooks/{notebook}.ipynb": json.dumps(content).encode(),
        f"{FOLDER}/report.pdf": b"%PDF",
    }


def test_files_are_compared_with_their_verdicts():
    finding = {name: value for name, value in row().items() if name not in ("kind", "notebook")}
    judged = {"id": "v", "label": "Trade", "verdict": "consistent", "anchor": "v-v"}
    before = published([finding], [judged])
    assert changes_of_files(before, before, {}) == FindingChanges((), 2)
    after = published([{**finding, "text": "8%"}], [{**judged, "verdict": "undecided"}])
    changes = changes_of_files(before, after, {"README.md": "7.3%<!-- growth -->"}).changes
    assert [(change.kind, change.now) for change in changes] == [("verdict", "undecided"), ("finding", "8%")]
    assert changes[1].where == ("README.md", "20_two")


def test_published_files_and_runs_have_the_same_results():
    finding = {name: value for name, value in row().items() if name not in ("kind", "notebook")}
    judged = {"id": "v", "label": "Trade", "verdict": "consistent", "anchor": "v-v"}
    runs = {"20_two": executed((VERDICTS, {"verdicts": [judged]}), (FINDINGS, {"findings": [finding]}))}
    assert results_of_runs(runs) == published_results(published([finding], [judged]))


def test_a_finding_of_two_notebooks_belongs_to_the_first():
    finding = {name: value for name, value in row().items() if name not in ("kind", "notebook")}
    runs = {name: executed((FINDINGS, {"findings": [finding]})) for name in ("50_five", "20_two")}
    assert [result["notebook"] for result in results_of_runs(runs).values()] == ["20_two"]


@pytest.mark.parametrize("damaged", [b"{", b"[]", b'{"findings": [1]}', b'{"findings": [{}]}', b"\xff"])
def test_damaged_published_findings_are_reported_with_a_remedy(damaged):
    files = {f"{FOLDER}/findings.json": damaged}
    with pytest.raises(WrongInput, match="make report rebuilds it"):
        published_results(files)
    assert "make report rebuilds it" in changes_of_files(files, files, {}).lines()[-1]


def test_links_in_outputs_and_in_inline_expressions_are_mentions():
    html = json.dumps({"metadata": {"user_expressions": [{"text/html": '<a href="#f-growth">7.3%</a>'}]}})
    texts = {"README.md": "7.3%<!-- growth:range --> #f-other", "20": '{"href": "#v-x"} #f-no', "30": html}
    assert find_mentions(texts) == {"growth": ["README.md"], "v-x": ["20"], "f-growth": ["30"]}
