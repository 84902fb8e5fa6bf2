"""A run is repeated exactly when something that went into it has changed; what is reused is what a run would give."""

import json
import os
import re
from collections import ChainMap
from pathlib import Path

import bench
import prove
import pytest
from conftest import finding

from report import digests
from report.command import build
from report.folders import Folders
from report.kernels import reads
from report.pages.markdown import Job, Piece, convert
from report.progress import Progress
from report.runs import execute, inputs, selection
from report.runs.reuse import KEPT, Runs
from report.stops import NotebookFailed, WrongInput

pytestmark = pytest.mark.slow

ONE_READING = "choices:\n  rounding:\n    values: [half_even]\n    why: Two readings will do.\n"
READ = "import pathlib\nprint(pathlib.Path('../data/{name}').read_text())"


@pytest.fixture
def ran(monkeypatch, without_exporters):
    """Return the names of the notebooks that were executed, in a list that a test may clear."""
    names, really = [], execute._run_task

    def note(task, *more):
        names.append(task.notebook.name)
        return really(task, *more)

    monkeypatch.setattr(execute, "_run_task", note)
    return names


@pytest.fixture
def built(clone, ran):
    """Return a function that builds and returns which notebooks it executed."""

    def build_and_tell(**request):
        ran.clear()
        build.build(build.Request(quiet=True, **request), clone.folders)
        return sorted(ran)

    return build_and_tell


def edit(clone, name, change):
    path = clone.folders.notebooks / f"{name}.ipynb"
    source = json.loads(path.read_text(encoding="utf-8"))
    change(source["cells"])
    path.write_text(json.dumps(source), encoding="utf-8")


def kept(clone, name="10_one"):
    return sorted((clone.folders.build / "cache" / "notebooks").glob(f"{name}-*.json"))


def test_nothing_is_run_twice_unless_fresh(clone, built):
    clone.write("10_one", finding("x"))
    clone.write("20_two", finding("y"))
    assert built() == ["10_one", "20_two"]
    before = clone.published()
    assert built() == []
    assert built(fresh=True) == ["10_one", "20_two"]
    assert clone.published() == before


def test_a_file_outside_the_inputs_is_refused_before_the_pages(clone, built, monkeypatch):
    (clone.root / "mine.txt").write_text("seen here alone", encoding="utf-8")
    clone.write("10_one", "import pathlib\nprint(pathlib.Path('../mine.txt').read_text())")
    monkeypatch.setattr(build, "export_pages", lambda *given: pytest.fail("the pages were set"))
    for _ in range(2):  # run, then reused
        with pytest.raises(NotebookFailed, match=r"10_one reads mine\.txt, which is no input.*put it into data/"):
            built()
    assert clone.published() == {}


def test_an_edit_of_text_runs_nothing_and_is_published(clone, built):
    clone.write("10_one", finding("x"), "print('shown')", parameters="pace = 1.5")
    clone.declare("pace: {type: number, low: 0, high: 10, meaning: a pace}")
    built()

    def say_more(cells):
        cells[0]["source"] = "# Another title?"
        cells.insert(2, {"cell_type": "markdown", "id": "more", "metadata": {}, "source": "A word between."})

    edit(clone, "10_one", say_more)
    assert built() == []
    reused = clone.published()
    executed = json.loads(reused["report/published/notebooks/10_one.ipynb"])
    assert [cell["id"] for cell in executed["cells"]] == ["title", "parameters", "more", "one", "two"]
    assert executed["cells"][0]["source"] == ["# Another title?"]
    assert executed["cells"][-1]["outputs"][0]["text"] == ["shown\n"]
    assert built(fresh=True) == ["10_one"]
    assert clone.published() == reused


def test_injected_parameters_come_back_where_papermill_put_them(clone, built):
    clone.write("10_one", "print(pace)", parameters="pace = 1.5")
    clone.declare("pace: {type: number, low: 0, high: 10, meaning: a pace}")
    built()
    made = []
    for fresh in (True, False, True):
        assert built(options=("pace=2",), fresh=fresh) == (["10_one"] if fresh else [])
        made.append((clone.folders.build / "pace-2/notebooks/10_one.ipynb").read_bytes())
    assert made[0] == made[1] == made[2]
    assert b"injected-parameters" in made[0]


@pytest.mark.parametrize(
    "change",
    [
        lambda cells: cells[-1].update(source="print('other')"),
        lambda cells: cells[-1]["metadata"].update(tags=["raises-exception"]),
        lambda cells: cells[-1].update(id="renamed"),
    ],
)
def test_an_edit_of_code_runs_that_notebook_alone(clone, built, change):
    clone.write("10_one", "print('one')")
    clone.write("20_two", "print('two')")
    built()
    edit(clone, "10_one", change)
    assert built() == ["10_one"]


def test_a_reader_of_findings_reruns_only_if_they_have_changed(clone, built):
    show = "import os, pathlib\nprint(pathlib.Path(os.environ['REPORT_FINDINGS'], 'findings.json').read_text()[:9])"
    clone.write("00_overview", show, reads_findings=True)
    clone.write("10_one", finding("x"))
    assert built() == ["00_overview", "10_one"]
    edit(clone, "10_one", lambda cells: cells[-1].update(source=finding("x") + "\n1"))
    assert built() == ["10_one"]
    edit(clone, "10_one", lambda cells: cells[-1].update(source=finding("x", "2")))
    assert built() == ["00_overview", "10_one"]


def test_a_changed_file_reruns_notebooks_that_read_it(clone, built):
    clone.write("10_one", READ.format(name="sectors.csv"))
    clone.write("20_two", READ.format(name="sources.csv"))
    built()
    path = clone.folders.own_data / "sectors.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("what is made", "all that is made"), encoding="utf-8")
    assert built() == ["10_one"]


def test_a_changed_module_reruns_its_importers_compiled_or_not(clone, built):
    clone.write("10_one", "from claims.words import numerals\nnumerals.missing(None)")
    clone.write("20_two", "print('two')")
    built()
    for comment in ("# once", "# twice"):
        path = clone.folders.notebooks / "claims" / "words" / "numerals.py"
        path.write_text(path.read_text(encoding="utf-8") + comment + "\n", encoding="utf-8")
        assert built() == ["10_one"], comment


def test_a_link_with_another_target_is_another_file(clone, built):
    for name in ("v1", "v2"):
        (clone.folders.own_data / f"{name}.txt").write_text(name, encoding="utf-8")
    link = clone.folders.own_data / "current.txt"
    link.symlink_to("v1.txt")
    clone.write("10_one", READ.format(name="current.txt"))
    built()
    link.unlink()
    link.symlink_to("v2.txt")
    assert built() == ["10_one"]


def test_published_findings_are_not_the_findings_of_a_build(clone, built):
    show = "from claims.results import store\nprint('REPORT_FINDINGS' in __import__('os').environ)"
    clone.write("00_overview", show, reads_findings=True)
    clone.write("10_one", finding("x"))
    built()
    assert built(only=("00",), fresh=True) == ["00_overview"]
    edit(clone, "10_one", lambda cells: cells[-1].update(source=finding("x", "2")))
    built()
    executed = json.loads(clone.published()["report/published/notebooks/00_overview.ipynb"])
    assert executed["cells"][-1]["outputs"][0]["text"] == ["True\n"]


def test_findings_of_a_deleted_notebook_are_not_passed_on(clone, built):
    show = "import os, pathlib\nprint(pathlib.Path(os.environ['REPORT_FINDINGS'], 'findings.json').read_text())"
    clone.write("00_overview", show, reads_findings=True)
    clone.write("10_one", finding("x"))
    clone.write("20_two", finding("y"))
    built()
    (clone.folders.notebooks / "20_two.ipynb").unlink()
    assert built() == ["00_overview"]
    assert b'\\"y\\"' not in clone.published()["report/published/notebooks/00_overview.ipynb"]


def test_damaged_published_findings_stop_only_builds_that_need_them(clone, built):
    clone.write("00_overview", "1", reads_findings=True)
    clone.write("10_one", finding("x"))
    built()
    before = clone.published()
    (clone.folders.published / "findings.json").write_text("<<<<<<< ours", encoding="utf-8")
    with pytest.raises(WrongInput, match=r"report/published/findings.json cannot be read; make report rebuilds it"):
        built(only=("00",))
    built()
    assert clone.published() == before


def test_reads_are_recorded_in_a_clone_inside_a_system_folder(tmp_path, monkeypatch):
    clone, system = tmp_path / "usr" / "src" / "app", tmp_path / "usr"
    (tmp_path / "record").mkdir()
    (clone / "notebooks").mkdir(parents=True)
    for name in ("notebooks/one.txt", "two.txt", "../three.txt"):
        (clone / name).write_text(name, encoding="utf-8")
    monkeypatch.setattr(reads, "_SYSTEM", (f"{system}/",))
    monkeypatch.chdir(clone / "notebooks")
    recorder = reads.Recorder(str(tmp_path / "record" / "reads"))
    for name in ("one.txt", "../two.txt", "../../three.txt"):
        recorder.on_audit_event("open", (name, "r", 0))
    recorder.on_audit_event("sqlite3.connect", (str(clone / "data.db"),))
    recorder.on_audit_event("open", (str(clone / "own.txt"), "w", os.O_WRONLY | os.O_CREAT))
    recorder.on_audit_event("open", (str(clone / "kept.txt"), "r+", os.O_RDWR))
    found = {str(Path(path).relative_to(clone)) for path in reads.read_record(tmp_path / "record" / "reads")}
    assert found == {"notebooks/one.txt", "two.txt", "data.db", "kept.txt"}


def test_a_new_file_reruns_notebooks_that_looked_for_it(clone, built):
    looking = "try:\n    print(open('../data/extra.txt').read())\nexcept OSError:\n    print('none')"
    clone.write("10_one", looking)
    clone.write("20_two", "import os\nprint(sorted(os.listdir('claims'))[:1])")
    built()
    (clone.folders.notebooks / "claims" / "aa.py").write_text("", encoding="utf-8")
    assert built() == ["20_two"]
    (clone.folders.own_data / "extra.txt").write_text("more", encoding="utf-8")
    assert built() == ["10_one"]


def test_the_key_of_a_run_covers_parameters_packages_and_program(clone, built, monkeypatch):
    clone.write("10_one", "print(pace)", parameters="pace = 1.5")
    clone.declare("pace: {type: number, low: 0, high: 10, meaning: a pace}")
    [notebook] = selection.read_all(clone.folders.notebooks)
    key = Runs(clone.folders).key
    before = key(notebook, {})
    assert key(notebook, {"other": 1}) == before
    assert key(notebook, {"pace": 2.0}) != before
    for name, value in (("installed", lambda: {"pandas": "0.1"}), ("KERNEL_SIDE", ("kernels/engine.py",))):
        with monkeypatch.context() as changed:
            changed.setattr(inputs, name, value)
            assert key(notebook, {}) != before
    monkeypatch.setattr("sys.version", "another")
    assert key(notebook, {}) != before


@pytest.mark.parametrize("damage", [b"", b"{", b"\xff\xfe", None])
def test_a_damaged_run_is_noticed_reported_and_replaced(clone, built, damage):
    clone.write("10_one", "print('one')")
    built()
    before = clone.published()
    [path] = kept(clone)
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b"one\\n", b"two\\n") if damage is None else damage)
    assert path.read_bytes() != whole
    runs = Runs(clone.folders)
    assert runs.of(selection.read_all(clone.folders.notebooks), {}) == {}
    assert runs.damaged == [clone.folders.shown(path)]
    assert built() == ["10_one"]
    assert clone.published() == before
    assert kept(clone)[0].read_bytes() == whole


def test_a_failed_run_is_not_kept_but_the_others_are(clone, built, ran):
    clone.write("10_one", "print('one')")
    clone.write("20_two", "import time; time.sleep(1); 1 / 0")
    for expected in (["10_one", "20_two"], ["20_two"]):
        with pytest.raises(NotebookFailed, match="ZeroDivisionError"):
            built()
        assert sorted(ran) == expected
    assert kept(clone, "20_two") == []


def test_the_least_recently_used_runs_are_deleted_first(clone, built):
    clone.write("10_one", "print('one')")
    built()
    [path] = kept(clone)
    for number in range(KEPT + 5):
        (path.parent / f"10_one-{number:03}.json").write_text("old", encoding="utf-8")
    built(fresh=True)
    assert len(kept(clone)) == KEPT
    assert path in kept(clone)


def test_files_that_a_kernel_reads_are_labelled_by_their_folder(clone, built, tmp_path):
    far = tmp_path / "far.txt"
    far.write_text("far", encoding="utf-8")
    writing = f"open('own.txt', 'w').write('1')\nprint(open('own.txt').read(), open({str(far)!r}).read())"
    clone.write("10_one", READ.format(name="sectors.csv"), writing, "import claims.tables.locations, pandas")
    plan = build.plan_build(build.Request(quiet=True), clone.folders)
    with execute.KernelSource(None, clone.folders) as kernels:
        build._run_notebooks(plan, Progress(), kernels, tmp_path)
    read = plan.runs.read["10_one"]
    modules = (clone.folders.notebooks / "claims" / "tables").glob("*.py")
    later = {"columns", "faults", "screening", "yaml_files"}  # which the room does not import itself
    assert set(read) == {
        "data:sectors.csv",
        ":notebooks/claims/__init__.py",
        *(f":notebooks/claims/tables/{path.name}" for path in modules if path.stem not in later),
        str(far),
    }
    assert read[str(far)] == digests.digest(b"far")
    assert read["data:sectors.csv"] == reads.digest(str(clone.folders.own_data / "sectors.csv"))


def test_the_report_from_cached_runs_equals_that_from_fresh_ones(tmp_path):
    copy = inputs.copy_inputs(Folders(prove.ROOT), tmp_path / "copy")
    (copy / "notebooks" / "readings.yaml").write_text(ONE_READING, encoding="utf-8")
    place = prove.Trial(copy, tmp_path, prove.plain(tmp_path))

    def made(*options):
        ran = place.run("-m", "report", "build", *options)
        assert ran.returncode == 0, ran.stderr
        held = [digests.hash_files(folder) for folder in (copy / "figures", copy / "report" / "published")]
        return len(re.findall(r"(?m)^ *\d\d_.* reused", ran.stdout)), held

    assert made()[0] == 0
    bench.edit_notebook(copy / "notebooks" / "20_growth_rates.ipynb", bench.edit_prose)
    bench.edit_notebook(copy / "notebooks" / "30_source_discrepancies.ipynb", bench.edit_code)
    notebooks = len(list((copy / "notebooks").glob("[0-9][0-9]_*.ipynb")))
    reused, after_edits = made()
    assert reused == notebooks - 1
    assert made("--fresh") == (0, after_edits)


@pytest.mark.parametrize("damage", [b"", b"{", b"\xff\xfe", None])
def test_damaged_texts_are_noticed_and_replaced(clone, damage):
    runs = Runs(clone.folders)
    with runs.texts() as known:
        known["key"] = {"parts": ["kept"]}
        assert "key" in known
    [path] = (clone.folders.build / "cache").glob("texts-*.json")
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b"kept", b"bent") if damage is None else damage)
    with runs.texts() as known:
        assert "key" not in known
        known["key"] = {"parts": ["kept"]}
    assert runs.damaged == [clone.folders.shown(path)]
    assert path.read_bytes() == whole


def test_texts_that_are_no_longer_used_are_deleted(clone):
    runs = Runs(clone.folders)
    with runs.texts() as known:
        known["a"], known["b"] = 1, 2
        assert "a" in known
        assert "b" in known
    with Runs(clone.folders).texts() as known:
        assert dict(known) == {"a": 1, "b": 2}
        known.update(b=known["b"])
    with Runs(clone.folders).texts() as known:
        assert dict(known) == {"b": 2}
    with Runs(clone.folders, fresh=True).texts() as known:
        assert dict(known) == {}


def test_a_text_that_is_converted_again_counts_as_used():
    piece, job = Piece("5 rows"), Job("html")
    answer = {"parts": [{"kind": "markup", "text": "<p>kept</p>"}], "links": []}
    texts = ChainMap({}, {job.key(piece): answer, "unused": answer})
    assert convert([piece], job, texts)[piece].markup == "<p>kept</p>"
    assert texts.maps[0] == {job.key(piece): answer}


def test_a_file_read_in_two_places_is_listed_once(clone):
    clone.write("10_one", finding("x"))
    notebook = selection.read(clone.folders.notebooks / "10_one.ipynb")
    runs = Runs(clone.folders)
    runs.read["10_one"] = {":data/references.json": "ab", "data:references.json": "ab", "data:claims.csv": "cd"}
    assert runs.files(notebook) == ["data/claims.csv", "data/references.json"]
