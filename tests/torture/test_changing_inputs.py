"""Files that change while a build reads them: what is published comes from what the inputs are, or not at all."""

from __future__ import annotations

import json
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import Clone, finding

from report.command import build
from report.command import sweep as sweep_command
from report.kernels import reads
from report.proof import status
from report.runs import execute, inputs
from report.stops import ChangedMeanwhile

pytestmark = pytest.mark.slow
FILE = "sectors.csv"
BEFORE, MEANWHILE = "what is made", "what is not made"
REMEDY = r"changed while the report was built; nothing is published; build again"
COUNT = f"import os, pathlib\ncount = len(pathlib.Path(os.environ['REPORT_DATA'], '{FILE}').read_text()) * pace"
DECLARED = "pace: {type: number, low: 0, high: 10, meaning: how fast}"
READINGS = "choices:\n  pace: {values: [2, 3], why: Nobody says how fast.}"


@pytest.fixture
def swept(clone: Clone, without_exporters: None) -> Clone:
    """Return a clone of which one notebook is swept, and reads a file of the ledger under every reading."""
    clone.declare(DECLARED)
    (clone.folders.notebooks / "readings.yaml").write_text(READINGS, encoding="utf-8")
    clone.write("20_two", COUNT, finding("count", "count"), parameters="pace = 1.0", sweep=True)
    clone.write("60_robustness", "1", reads_findings=True)
    return clone


def data_file(clone: Clone) -> Path:
    return clone.folders.own_data / FILE


@contextmanager
def edited(path: Path, in_place: bool = True) -> Iterator[None]:
    """Edit a file for the time of the block, and put it back exactly as it was, with its old time."""
    before, times = path.read_bytes(), path.stat()
    after = before.replace(BEFORE.encode(), MEANWHILE.encode())
    assert after != before
    for content in (after, before):
        if in_place:
            path.write_bytes(content)
        else:
            path.with_name("new").write_bytes(content)
            path.with_name("new").replace(path)
        if content is after:
            yield
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def during(monkeypatch: pytest.MonkeyPatch, path: Path, which: Callable[[execute.Task], bool]) -> list[str]:
    """Edit a file while some tasks run, and put it back after each; return their readings as they come."""
    planted: list[str] = []
    really = execute._run_task

    def run_task(task, *more):
        if not which(task):
            return really(task, *more)
        planted.append(task.reading)
        with edited(path):
            return really(task, *more)

    monkeypatch.setattr(execute, "_run_task", run_task)
    return planted


def built(clone: Clone, **options) -> None:
    build.build(build.Request(quiet=True, workers=1, **options), clone.folders)


def counted(clone: Clone) -> str:
    return (clone.folders.published / "sweep.csv").read_text(encoding="utf-8")


def test_data_changed_and_put_back_twice_in_a_sweep_is_not_published(swept, monkeypatch):
    with monkeypatch.context() as patch:
        planted = during(patch, data_file(swept), lambda task: "pace" in task.reading)
        with pytest.raises(ChangedMeanwhile, match=f"data/{FILE} {REMEDY}"):
            built(swept)
    assert planted[0] == "pace=2"
    assert swept.published() == {}
    built(swept)
    first, good = counted(swept), swept.published()
    built(swept, fresh=True)
    assert swept.published() == good
    assert counted(swept) == first
    assert status.check_status(swept.folders).current


@pytest.mark.torture
def test_data_changed_and_put_back_for_a_chapter_is_not_published(swept, monkeypatch):
    built(swept)
    before = swept.published()
    with monkeypatch.context() as patch:
        planted = during(patch, data_file(swept), lambda task: not task.reading and task.notebook.name == "20_two")
        with pytest.raises(ChangedMeanwhile, match=REMEDY):
            built(swept, fresh=True)
    assert planted == [""]
    assert swept.published() == before
    built(swept)
    assert swept.published() == before


def test_a_sweep_alone_does_not_mix_two_states_of_the_data(swept, monkeypatch):
    planted = during(monkeypatch, data_file(swept), lambda task: task.reading == "pace=3")
    with pytest.raises(ChangedMeanwhile, match=f"data/{FILE}"):
        sweep_command.run_sweep(sweep_command.SweepRequest(quiet=True, workers=1), swept.folders)
    assert planted == ["pace=3"]
    assert not (swept.folders.build / "sweep").exists()


@pytest.mark.torture
def test_another_ledger_that_changes_between_two_runs_is_noticed(swept, monkeypatch, tmp_path):
    other = Path(shutil.copytree(swept.folders.own_data, tmp_path / "other"))
    planted = during(monkeypatch, other / FILE, lambda task: task.reading == "pace=3")
    with pytest.raises(ChangedMeanwhile, match=FILE):
        built(swept, data=other)
    assert planted == ["pace=3"]


WAITING = """
import pathlib, time
def wait_for(name):
    until = time.monotonic() + 30
    while not pathlib.Path(FOLDER, name).exists() and time.monotonic() < until:
        time.sleep(0.01)
    assert pathlib.Path(FOLDER, name).exists()
"""


@pytest.mark.parametrize(
    "in_place", [pytest.param(True, id="written over"), pytest.param(False, id="replaced", marks=pytest.mark.torture)]
)
def test_a_file_that_changes_between_two_readings_of_a_cell_is_noticed(clone, without_exporters, tmp_path, in_place):
    again = f"wait_for('edited')\nlater = len(open('../data/{FILE}').read())\nopen(FOLDER + '/read', 'w').close()"
    clone.write(
        "10_one",
        WAITING.replace("FOLDER", repr(str(tmp_path))) + f"FOLDER = {str(tmp_path)!r}\nopen('../data/{FILE}').read()",
        f"open(FOLDER + '/opened', 'w').close()\n{again}",
        finding("length", "later"),
    )

    def edit() -> None:
        wait_until(tmp_path / "opened")
        with edited(data_file(clone), in_place):
            (tmp_path / "edited").touch()
            wait_until(tmp_path / "read")

    editor = threading.Thread(target=edit)
    editor.start()
    with pytest.raises(ChangedMeanwhile, match=f"data/{FILE} {REMEDY}"):
        built(clone)
    editor.join()
    assert clone.published() == {}
    built(clone)
    [found] = json.loads((clone.folders.published / "findings.json").read_text(encoding="utf-8"))["findings"]
    assert found["value"] == len(data_file(clone).read_text(encoding="utf-8")), "the run of the other state was reused"


def wait_until(path: Path) -> None:
    until = time.monotonic() + 30
    while not path.exists():
        assert time.monotonic() < until, f"{path.name} never came"
        time.sleep(0.01)


def test_a_file_changed_between_its_hash_and_its_reading_is_noticed(tmp_path, monkeypatch):
    path, record = tmp_path / "data.csv", tmp_path / "private" / "reads"
    path.write_text("a", encoding="utf-8")
    record.parent.mkdir()
    recorder = reads.Recorder(str(record))
    recorder.on_audit_event("open", (str(path), "r", os.O_RDONLY))
    times = path.stat()
    path.write_text("b", encoding="utf-8")  # a program that opened the file now reads this
    path.write_text("a", encoding="utf-8")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert reads.read_record(record)[str(path)] == reads.digest(str(path)), "the hash alone is that of today"
    assert reads.settled_record(record)[str(path)] == reads.CHANGED


@pytest.mark.parametrize("name", ["data/claims.csv", "notebooks/claims/words/numerals.py", "report/pages/html.py"])
def test_what_the_program_itself_reads_may_not_change_meanwhile(clone, without_exporters, monkeypatch, name):
    clone.write("10_one", finding("x"))
    exported, path = build.export_pages, clone.root / name

    def edit_and_export(*given):
        before = path.read_bytes()
        path.write_bytes(before + b"\n")
        path.write_bytes(before)
        return exported(*given)

    monkeypatch.setattr(build, "export_pages", edit_and_export)
    with pytest.raises(ChangedMeanwhile, match=f"{name} {REMEDY}"):
        built(clone)
    assert clone.published() == {}


def test_a_chapter_saved_while_it_runs_with_the_same_text_is_no_change(clone, without_exporters, monkeypatch):
    path = clone.write("10_one", finding("x"))
    exported = build.export_pages

    def save_and_export(*given):
        path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")), indent=3), encoding="utf-8")
        return exported(*given)

    monkeypatch.setattr(build, "export_pages", save_and_export)
    built(clone)
    assert "report/published/findings.json" in clone.published()


@pytest.mark.torture
def test_a_chapter_that_changes_between_plan_and_pages_is_not_attached(clone, without_exporters, monkeypatch):
    path = clone.write("10_one", finding("x"))
    before, assembled = path.read_bytes(), build.assemble_document

    def edit_and_assemble(*given):
        path.write_bytes(before.replace(b"What is it?", b"What was it?"))
        try:
            return assembled(*given)
        finally:
            path.write_bytes(before)

    monkeypatch.setattr(build, "assemble_document", edit_and_assemble)
    with pytest.raises(ChangedMeanwhile, match=r"notebooks/10_one\.ipynb changed"):
        built(clone)


def test_a_copy_for_verify_of_a_file_that_changes_is_refused(clone, tmp_path, monkeypatch):
    clone.write("10_one", "1")
    copied = shutil.copyfile

    def edit_and_copy(source, target):
        if Path(source).name != FILE:
            return copied(source, target)
        with edited(Path(source)):
            return copied(source, target)

    monkeypatch.setattr(shutil, "copyfile", edit_and_copy)
    with pytest.raises(ChangedMeanwhile, match=f"data/{FILE} changed"):
        inputs.copy_inputs(clone.folders, tmp_path / "copy")
