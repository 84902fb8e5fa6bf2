"""What is stale is listed with its reason and its remedy, without running anything or importing what runs."""

import json
import subprocess
import sys

import pytest
from conftest import Clone, finding, new_clone
from heavy_imports import ASK_WHAT_IS_IMPORTED, HEAVY

from report import digests
from report.command import build, cli
from report.proof import manifest, status
from report.runs import clean, inputs
from report.stops import ChangedMeanwhile, NotebookFailed

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def original(quick_build, tmp_path_factory) -> Clone:
    """Return a clone with a published report of two notebooks that read, import and take parameters."""
    clone = new_clone(tmp_path_factory.mktemp("original"))
    found = finding("x").replace("a label", "label")  # texts with blanks belong in Markdown cells
    clone.write("10_one", "print(open('../data/sectors.csv').read(), pace)", found, parameters="pace = 1.5")
    clone.write("00_overview", "from claims.words import numerals", reads_findings=True)
    clone.declare("pace: {type: number, low: 0, high: 10, meaning: a pace}")
    (clone.root / "requirements.txt").write_text("pandas==1 \\\n  --hash=x\nnumpy==2\n", encoding="utf-8")
    return quick_build(clone)


@pytest.fixture
def published(original, without_exporters, tmp_path) -> Clone:
    """Return a copy of that clone, which a test may change."""
    return original.copy(tmp_path / "a clone")


def reasons(clone):
    return {(reason.what, reason.kind) for reason in status.check_status(clone.folders).reasons}


def change(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_report_just_built_is_up_to_date(published):
    found = status.check_status(published.folders)
    assert found.current
    assert found.outputs == 8
    assert found.inputs > 60
    assert found.packages == 2
    assert str(found).startswith(f"up to date: {found.inputs} inputs, 8 published files and 2 packages compared")


def test_a_program_reads_the_reasons_as_json(published):
    change(published.folders.own_data / "sectors.csv", "Honey", "honey")
    printed = published.report("status", "--json")
    found = json.loads(printed.stdout)
    assert (printed.returncode, found["result"]) == (1, "stale")
    assert found["compared"]["outputs"] == 8
    assert {(reason["what"], reason["kind"], reason["fixed_by"]) for reason in found["reasons"]} == {
        ("10_one", "data", "make report"),
        ("00_overview", "data", "make report"),
    }
    assert found["reasons"][0]["files"] == ["data/sectors.csv"]


def test_the_check_notes_that_its_chain_is_of_an_older_report(published):
    note = "the published report, which is older than data/sectors.csv; make report builds it anew\n"
    assert "notebooks as they are now: 2" in published.report("check").stdout
    assert note not in published.report("check").stdout
    change(published.folders.own_data / "sectors.csv", "Honey", "honey")
    assert published.report("check").stdout.endswith(f"what follows is about {note}")


def test_a_changed_default_is_named_with_the_way_to_only_try_it(published):
    request = build.Request(quiet=True)
    assert build._changed_defaults(build.plan_build(request, published.folders)) == []
    change(published.folders.notebooks / "10_one.ipynb", "pace = 1.5", "pace = 2.5")
    assert build._changed_defaults(build.plan_build(request, published.folders)) == [
        "the default of pace has changed, 1.5 → 2.5; "
        "only to try it, keep the default and run: python -m report -p pace=2.5"
    ]


CHANGES = {
    "data that a notebook reads": (
        lambda clone: change(clone.folders.own_data / "sectors.csv", "Honey", "honey"),
        {("10_one", "data"), ("00_overview", "data")},
    ),
    "a new file of data": (
        lambda clone: (clone.folders.own_data / "more.csv").write_text("1"),
        {("the report", "data")},
    ),
    "a new module": (
        lambda clone: (clone.folders.notebooks / "claims/new.py").write_text("1"),
        {("the report", "code")},
    ),
    "a comment beside the parameters": (
        lambda clone: change(clone.folders.notebooks / "10_one.ipynb", "pace = 1.5", "pace = 1.5  # a walk"),
        {("10_one", "code"), ("00_overview", "data")},
    ),
    "what a notebook is given": (
        lambda clone: change(clone.folders.notebooks / "00_overview.ipynb", '"reads_findings": true', '"other": true'),
        {("00_overview", "code")},
    ),
    "data that none reads": (
        lambda clone: change(clone.folders.own_data / "sources.csv", "id", "ID"),
        {("the report", "data")},
    ),
    "a module": (
        lambda clone: change(clone.folders.notebooks / "claims/words/numerals.py", '"""', '"""A '),
        {("00_overview", "code")},
    ),
    "code of a notebook": (
        lambda clone: change(clone.folders.notebooks / "10_one.ipynb", "print(open", "print(1, open"),
        {("10_one", "code"), ("00_overview", "data")},
    ),
    "a default": (
        lambda clone: change(clone.folders.notebooks / "10_one.ipynb", "pace = 1.5", "pace = 2.5"),
        {("10_one", "parameters"), ("00_overview", "data")},
    ),
    "text of a notebook": (
        lambda clone: change(clone.folders.notebooks / "10_one.ipynb", "# What", "# Where"),
        {("10_one", "text")},
    ),
    "a new notebook": (
        lambda clone: clone.write("20_two", "1"),
        {("20_two", "never run"), ("00_overview", "data")},
    ),
    "a notebook that is gone": (
        lambda clone: (clone.folders.notebooks / "10_one.ipynb").unlink(),
        {("10_one", "code")},
    ),
    "a template": (
        lambda clone: change(clone.root / "report/pages/templates/report.typ", "27mm", "28mm"),
        {("the report", "program")},
    ),
    "the lock": (
        lambda clone: change(clone.root / "requirements.txt", "pandas==1", "pandas==2"),
        {("the report", "lock")},
    ),
    "an output": (
        lambda clone: change(clone.folders.published / "findings.csv", ",label,", ",another,"),
        {("report/published/findings.csv", "hand-edited output")},
    ),
    "an output that is gone": (
        lambda clone: (clone.folders.published / "findings.csv").unlink(),
        {("report/published/findings.csv", "missing output")},
    ),
    "a file put there": (
        lambda clone: (clone.folders.published / "mine.txt").write_text("1"),
        {("report/published/mine.txt", "foreign output")},
    ),
    "the manifest": (
        lambda clone: (clone.folders.published / "manifest.json").write_text("{}"),
        {("the report", "never run")},
    ),
}


@pytest.mark.parametrize("what", CHANGES)
def test_each_change_is_listed_with_what_is_stale_and_why(published, what):
    make, expected = CHANGES[what]
    make(published)
    assert reasons(published) == expected
    text = str(status.check_status(published.folders))
    assert text.startswith("stale: ")
    assert text.endswith("\nfix: make report")
    assert all(what in text and f"({kind})" in text for what, kind in expected)


def test_another_package_or_python_is_listed_with_both_versions(published, monkeypatch):
    around = inputs.environment(published.folders)
    other = {**around, "python": "CPython 3.99", "packages": {**around["packages"], "pandas": "0.1"}}
    monkeypatch.setattr(inputs, "environment", lambda folders: other)
    assert reasons(published) == {("the report", "packages"), ("the report", "environment")}
    text = str(status.check_status(published.folders))
    assert f"pandas {around['packages']['pandas']} → 0.1" in text
    assert f"Python is CPython 3.99, was {around['python']}" in text
    assert text.endswith("fix: make clean && make report")


def test_the_same_reason_for_several_notebooks_is_listed_once(published):
    published.write("20_two", "print(open('../data/sectors.csv').read())")
    build.build(build.Request(quiet=True), published.folders)
    change(published.folders.own_data / "sectors.csv", "Honey", "honey")
    assert "  10_one, 20_two: data/sectors.csv has changed (data)\n" in str(status.check_status(published.folders))


def test_the_status_command_imports_nothing_heavy(published):
    command = [sys.executable, "-c", ASK_WHAT_IS_IMPORTED, "status", "--no-run"]
    for expected in (0, 1):
        ran = subprocess.run(command, capture_output=True, text=True, check=False, cwd=published.root)
        *lines, imported = ran.stdout.splitlines()
        assert ran.returncode == expected, ran.stdout + ran.stderr
        assert lines[0].startswith(["up to date: ", "stale: "][expected])
        assert "report.proof.status" in imported.split()
        assert set(imported.split()) & {*HEAVY} <= [set(), {"yaml"}][expected]
        published.write("20_two", "1")


def test_a_build_with_nothing_to_do_ends_at_once(published):
    command = [sys.executable, "-c", ASK_WHAT_IS_IMPORTED]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, cwd=published.root)
    *lines, imported = ran.stdout.splitlines()
    assert lines[0].startswith("nothing changed since it was built here: report/published/report.html and report.pdf (")
    assert set(imported.split()).isdisjoint(HEAVY)
    (published.folders.build / "cache" / "confirmed").unlink()  # as in a clone that has built nothing itself
    assert not manifest.confirmed(published.folders)


def test_only_a_build_without_options_may_be_skipped(monkeypatch):
    for options in ("--fresh", "--only=20", "-pcounting=full", "--data=x", "--output=x", "--parameters=x"):
        assert not cli.builds_published_report(cli.build_parser().parse_args([options])), options
    assert cli.builds_published_report(cli.build_parser().parse_args(["--quiet", "--workers=4", "--engine=plain"]))


def test_an_input_changed_during_a_build_prevents_publication(published, monkeypatch):
    before = published.published()
    change(published.folders.own_data / "sectors.csv", "Honey and", "Wax and")
    plan = build.plan_build(build.Request(quiet=True), published.folders)
    change(published.folders.own_data / "sectors.csv", "what is made", "all that is made")
    monkeypatch.setattr(build, "plan_build", lambda *given: plan)
    with pytest.raises(ChangedMeanwhile, match=r"data/sectors.csv changed while the report was built"):
        build.build(build.Request(quiet=True), published.folders)
    assert published.published() == before


@pytest.mark.parametrize(
    "content",
    [
        "[]",
        "null",
        '"text"',
        '{"inputs": [], "notebooks": [], "environment": {}, "outputs": {}, "counts": {}}',
        '{"inputs": {}, "notebooks": [{"name": "10_one"}], "outputs": {}, "counts": {}, '
        '"environment": {"packages": {}, "python": "", "platform": ""}}',
        "<<<<<<< ours",
        "\udcff",
    ],
)
def test_a_damaged_manifest_counts_as_missing(published, content):
    (published.folders.published / "manifest.json").write_bytes(content.encode("utf-8", "surrogateescape"))
    assert reasons(published) == {("the report", "never run")}
    assert not manifest.confirmed(published.folders)


@pytest.mark.parametrize("file", ["../notebooks/extra.json", "{far}"])
def test_reading_an_unlisted_file_prevents_publication(published, tmp_path, file):
    before, far = published.published(), tmp_path / "far.txt"
    for path in (far, published.folders.notebooks / "extra.json"):
        path.write_text("far", encoding="utf-8")
    published.write("20_two", f"print(open({file.format(far=far)!r}).read())")
    with pytest.raises(NotebookFailed, match=r"20_two reads .*(far.txt|notebooks/extra.json), which is no input"):
        build.build(build.Request(quiet=True), published.folders)
    assert published.published() == before


def test_the_manifest_lists_inputs_outputs_versions_and_counts(published):
    content = json.loads((published.folders.published / "manifest.json").read_text(encoding="utf-8"))
    for name, sha256 in content["inputs"].items():
        assert clean.hash_clean(published.root / name) == sha256
    for name, sha256 in content["outputs"].items():
        assert digests.digest((published.root / name).read_bytes()) == sha256
    assert set(content["outputs"]) == published.published().keys() - {"report/published/manifest.json"}
    assert {"data/claims.csv", "notebooks/10_one.ipynb", "notebooks/parameters.yaml", "requirements.txt"} < set(
        content["inputs"]
    )
    assert {"report/command/build.py", "report/pages/html.py", "report/pages/templates/report.typ"} < set(
        content["inputs"]
    )
    assert set(content["environment"]) == {"python", "platform", "packages"}
    assert set(content["environment"]["packages"]) == {"numpy", "pandas"}
    overview, one = content["notebooks"]
    assert one == {
        "name": "10_one",
        "parameters": {"pace": 1.5},
        "code": one["code"],
        "run": one["run"],
        "reads": ["data/sectors.csv"],
        "reads_findings": False,
    }
    earlier_rooms = ("notebooks/claims/ledger/", "notebooks/claims/tables/")  # which numerals imports from
    assert "notebooks/claims/ledger/numbers.py" in overview["reads"]
    assert [name for name in overview["reads"] if not name.startswith(earlier_rooms)] == [
        "notebooks/claims/__init__.py",
        "notebooks/claims/words/__init__.py",
        "notebooks/claims/words/numerals.py",
    ]
    assert content["counts"]["notebooks"] == 2
    assert content["counts"]["cells"] == 4
    assert str(published.root) not in json.dumps(content)
