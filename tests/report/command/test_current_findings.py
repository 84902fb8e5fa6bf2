"""Status lists the findings that would change, as verify does, and runs no more than it needs for that."""

import json
from functools import partial

import pytest
from conftest import finding

from report.command import build, cli, current_findings
from report.command.plan import Request
from report.folders import Folders
from report.proof import status, verify
from report.stops import WrongInput

pytestmark = pytest.mark.slow
COUNT = "open('../data/sectors.csv').read().count('Honey')"
SUM = "sum(found.value for found in store.load_findings()[0].values())"


@pytest.fixture
def published(clone, without_exporters):
    """Return a clone with a published report of two notebooks, and one that reads their findings."""
    clone.write("10_one", finding("honey", COUNT))
    clone.write("20_two", finding("fixed", "7"))
    clone.write("60_six", "from claims.results import store", finding("sum", SUM), reads_findings=True)
    (clone.root / "requirements.txt").write_text("pandas==1\n", encoding="utf-8")
    build.build(Request(quiet=True), clone.folders)
    return clone


def edit(clone):
    path = clone.folders.own_data / "sectors.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("Honey and", "Wax and"), encoding="utf-8")


def changes(clone, run=True, only=()):
    return current_findings.find_changes(
        clone.folders, status.check_status(clone.folders), Request(quiet=True), run, only
    )


def values(found):
    return [(change.id, change.published, change.now) for change in found.changes]


def test_status_gives_the_answer_of_verify_for_one_notebook_or_all(published):
    edit(published)
    nothing = changes(published, run=False)
    assert (nothing.changes, set(nothing.unknown)) == ((), {"10_one", "60_six"})
    found = changes(published)
    assert values(found) == [("honey", "2", "1"), ("sum", "9", "8")]
    assert found.unknown == {}
    kept = changes(published, run=False)
    assert values(kept) == [("honey", "2", "1")]
    assert set(kept.unknown) == {"60_six"}
    for names in ((), ("60_six",), ("20_two",)):
        result = verify.verify(published.folders, partial(build.rebuild, Request(quiet=True, fresh=True)), names)
        part = changes(published, only=names)
        assert part == result.findings
        assert {change.notebooks for change in part.changes} <= (
            {(name,) for name in names} or {("10_one",), ("60_six",)}
        )
        assert (result.code == verify.DIFFERENT) == bool(part.changes)


def test_what_cannot_be_run_is_named_with_its_reason(published):
    before = published.published()
    published.write("10_one", "1 / 0")
    found = changes(published)
    assert "10_one stopped in cell one: ZeroDivisionError" in found.unknown["10_one"]
    assert found.unknown["60_six"] == "it reads the findings of 10_one"
    published.write("10_one", finding("honey", "3"))
    claims = published.folders.own_data / "claims.csv"
    claims.write_text(claims.read_text(encoding="utf-8").replace("none", "nonne", 1), encoding="utf-8")
    assert "did you mean 'none'?" in changes(published).unknown["10_one"]
    assert published.published() == before


def test_a_new_notebook_and_a_deleted_one_have_new_and_vanished_findings(published):
    published.write("30_three", finding("fresh", "4"))
    (published.folders.notebooks / "20_two.ipynb").unlink()
    found = changes(published)
    assert {(change.id, change.change) for change in found.changes} == {
        ("fresh", "new"), ("fixed", "gone"), ("sum", "changed"),
    }  # fmt: skip


def test_edited_findings_are_compared_with_what_every_notebook_gives(published):
    path = published.folders.published / "findings.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"text": "7"', '"text": "8"'), encoding="utf-8")
    assert values(changes(published, run=False)) == [("fixed", "8", "7")]
    path.unlink()
    assert changes(published).lines()[-1].endswith("no findings are published; make report builds it")


def test_runs_of_a_build_that_was_not_published_are_used(published, monkeypatch):
    edit(published)
    build.build(Request(quiet=True, output=published.root / "out"), published.folders)
    monkeypatch.setattr(current_findings, "run_tasks", None)
    assert values(changes(published)) == [("honey", "2", "1"), ("sum", "9", "8")]


def test_the_summary_of_readings_stays_unknown_until_they_are_run(published):
    published.declare("pace: {type: number, low: 0, high: 10, meaning: a pace}")
    published.write("20_two", finding("fixed", "7 * pace"), parameters="pace = 1.0", sweep=True)
    choices = "choices:\n  pace:\n    values: [2]\n    names: [fast]\n    why: It may be.\n"
    (published.folders.notebooks / "readings.yaml").write_text(choices, encoding="utf-8")
    found = changes(published)
    assert "of 2 runs are not kept; make sweep runs them" in found.unknown["60_six"]
    published.report("sweep", "--quiet")
    assert changes(published).unknown == {}


def test_a_wrong_name_of_a_notebook_is_refused_with_the_names(published):
    with pytest.raises(WrongInput, match="'growth' is no notebook"):
        changes(published, only=("growth",))


def test_the_command_prints_findings_as_text_json_or_markdown(published, monkeypatch, capsys):
    monkeypatch.setattr(Folders.__init__, "__defaults__", (published.root, None))
    assert cli.main(["status"]) == 0
    assert "would change" not in capsys.readouterr().out
    edit(published)
    assert cli.main(["status", "--no-run"]) == 1
    assert "not known of 10_one: no run of it is kept; leave out --no-run" in capsys.readouterr().out
    assert cli.main(["status", "--only", "10"]) == 1
    text = capsys.readouterr().out
    assert "60_six" not in text
    assert text.endswith(
        "fix: make report\n1 of 3 published findings and verdicts would change (1 with another value)\n"
        "  a label (honey): the report prints 2, data and code now give 1 [10_one]\n"
    )
    assert cli.main(["status", "--json"]) == 1
    assert [change["id"] for change in json.loads(capsys.readouterr().out)["findings"]["changes"]] == ["honey", "sum"]
    assert cli.main(["status", "--markdown"]) == 1
    assert "| a label (honey) | 2 | 1 | `10_one` |" in capsys.readouterr().out
    assert cli.main(["status", "--only", "20"]) == 0
