"""What a clone keeps for itself may be damaged or forged: it is noticed, done again, and never published."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import Clone, finding

from report import digests, estimate, publish
from report.command import build
from report.progress import Live
from report.proof import manifest
from report.runs import selection
from report.runs.reuse import Runs, SweptRuns
from report.seals import DAMAGED, Seals, delete

pytestmark = pytest.mark.slow

NUMBER, FORGED = b"4711", b"4712"
DEEP = b"[" * 100_000 + b"]" * 100_000


def with_hash(content: bytes) -> bytes:
    """Return a file with a hash of its content on the first line, which whoever forges it can compute."""
    return hashlib.sha256(content).hexdigest().encode() + b"\n" + content


def content_of(path: Path) -> bytes:
    return path.read_bytes().partition(b"\n")[2]


def forge(path: Path) -> None:
    content = content_of(path)
    assert NUMBER in content
    path.write_bytes(with_hash(content.replace(NUMBER, FORGED)))


def forge_and_keep_seal(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(NUMBER, FORGED))


def seal_elsewhere(path: Path) -> None:
    elsewhere = path.parents[2] / "elsewhere"
    Seals(elsewhere).write(elsewhere / "cache" / path.parent.name / path.name, content_of(path).replace(NUMBER, FORGED))
    shutil.move(elsewhere / "cache" / path.parent.name / path.name, path)


def be_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()
    (path / "file").touch()


def be_a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def be_endless(path: Path) -> None:
    path.unlink()
    path.symlink_to("/dev/zero")


def writing(content: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content)


DAMAGES: dict[str, Callable[[Path], object]] = {
    "another number and its hash": forge,
    "another number": forge_and_keep_seal,
    "sealed by another clone": seal_elsewhere,
    "empty": writing(b""),
    "truncated": lambda path: path.write_bytes(path.read_bytes()[:-20]),
    "binary": writing(bytes(range(256)) * 50),
    "a number": writing(with_hash(b"5")),
    "a list": writing(with_hash(b'["a", "b"]')),
    "another shape": writing(with_hash(b'{"read": 1, "executed": {"cells": "none"}}')),
    "nested deep": writing(with_hash(DEEP)),
    "no line": writing(b"{}"),
    "a folder": be_a_folder,
    "a pipe": be_a_pipe,
    "an endless file": be_endless,
    "a link to itself": lambda path: (path.unlink(), path.symlink_to(path.name)),
}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory, quick_build: Callable[[Clone], Clone]) -> Clone:
    """Return a clone in which a report was built, with a sweep."""
    from conftest import new_clone

    clone = new_clone(tmp_path_factory.mktemp("kept"))
    clone.declare("pace: {type: number, low: 0, high: 10, meaning: how fast}")
    readings = "choices:\n  pace: {values: [2], why: Nobody says how fast.}"
    (clone.folders.notebooks / "readings.yaml").write_text(readings, encoding="utf-8")
    clone.write("10_one", finding("one", NUMBER.decode()))
    clone.write("20_two", finding("two", f"{NUMBER.decode()} + 0 * pace"), parameters="pace = 1.0", sweep=True)
    clone.write("60_robustness", "1", reads_findings=True)
    return quick_build(clone)


@pytest.fixture
def built(template: Clone, tmp_path: Path) -> Clone:
    """Return a copy of that clone."""
    return template.copy(tmp_path / "a clone")


@pytest.fixture
def works(without_exporters: None) -> Callable[[Clone, Path, pytest.CaptureFixture], None]:
    """Return a function that shows that a build reports and replaces some file, and publishes what it did before."""

    def check(clone: Clone, path: Path, capsys: pytest.CaptureFixture) -> None:
        before, number = clone.published(), 4711
        (clone.folders.build / manifest.CONFIRMED).unlink()
        build.build(build.Request(), clone.folders)
        said = capsys.readouterr()
        assert f"{clone.folders.shown(path)} {DAMAGED}" in said.out.splitlines()
        assert said.err == ""
        assert clone.published() == before
        findings = json.loads(before["report/published/findings.json"])["findings"]
        assert {found["value"] for found in findings} == {number}
        assert content_of(path), "it has not been replaced"
        build.build(build.Request(), clone.folders)
        assert DAMAGED not in capsys.readouterr().out

    return check


def kept(clone: Clone, name: str) -> Path:
    """Return the path of the run of a chapter."""
    [path] = (clone.folders.build / "cache" / "notebooks").glob(f"{name}-*.json")
    return path


def swept(clone: Clone) -> Path:
    """Return the path of the run of a reading."""
    path = SweptRuns(clone.folders).find(notebooks(clone)["20_two"], {"pace": 2.0})
    assert path, "it would be reused as it is"
    return path


def notebooks(clone: Clone) -> dict[str, selection.Notebook]:
    return {notebook.name: notebook for notebook in selection.read_all(clone.folders.notebooks)}


@contextmanager
def damaged(path: Path, damage: str) -> Iterator[None]:
    """Damage a file for the time of the block; it is as it was afterwards."""
    before = path.read_bytes()
    try:
        DAMAGES[damage](path)
        yield
    finally:
        delete(path)
        path.write_bytes(before)


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_or_forged_run_is_noticed_and_not_reused(template, damage):
    path = kept(template, "10_one")
    chapters = [notebooks(template)["10_one"]]
    assert Runs(template.folders).of(chapters, {}), "it would be reused as it is"
    with damaged(path, damage):
        runs = Runs(template.folders)
        assert runs.of(chapters, {}) == {}
        assert runs.damaged == [template.folders.shown(path)]
        assert not path.exists()


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_or_forged_run_of_a_sweep_is_not_reused(template, damage):
    with damaged(swept(template), damage):
        assert SweptRuns(template.folders).find(notebooks(template)["20_two"], {"pace": 2.0}) is None


def test_a_poisoned_run_is_done_again_and_not_published(built, works, capsys):
    path = kept(built, "10_one")
    forge(path)
    works(built, path, capsys)


def test_the_run_of_one_chapter_in_the_place_of_another_is_noticed(built, works, capsys):
    path = kept(built, "20_two")
    shutil.copy(kept(built, "10_one"), path)
    works(built, path, capsys)


def test_texts_in_the_place_of_a_run_are_noticed(built, works, capsys):
    path = kept(built, "10_one")
    with Runs(built.folders).texts() as texts:
        texts["a"] = "b"
    [source] = (built.folders.build / "cache").glob("texts-*.json")
    shutil.copy(source, path)
    works(built, path, capsys)


def test_a_run_of_other_parameters_in_the_place_of_one_is_noticed(built):
    path = swept(built)
    [other] = {*path.parent.glob("20_two-*.json")} - {path}
    shutil.copy(other, path)
    cache = SweptRuns(built.folders)
    assert cache.find(notebooks(built)["20_two"], {"pace": 2.0}) is None
    assert cache.damaged == [built.folders.shown(path)]


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_texts_are_noticed_and_replaced(template, damage):
    with Runs(template.folders).texts() as texts:
        texts["key"] = NUMBER.decode()
    [path] = (template.folders.build / "cache").glob("texts-*.json")
    DAMAGES[damage](path)
    with Runs(template.folders).texts() as texts:
        assert dict(texts) == {}
        texts["key"] = NUMBER.decode()
    with Runs(template.folders).texts() as texts:
        assert dict(texts) == {"key": NUMBER.decode()}


@pytest.mark.parametrize("damage", ["missing", "empty", "another", "a folder"])
def test_without_the_key_of_the_seals_everything_is_done_again(built, damage):
    key = built.folders.build / "seal.key"
    assert key.stat().st_mode & 0o777 == 0o600
    {
        "missing": Path.unlink,
        "empty": writing(b""),
        "another": writing(b"0" * 64),
        "a folder": be_a_folder,
    }[damage](key)
    chapters = notebooks(built)
    assert Runs(built.folders).of(chapters.values(), {}) == {}
    assert not manifest.confirmed(built.folders)
    with Runs(built.folders).texts() as texts:
        texts["key"] = "kept"
    with Runs(built.folders).texts() as texts:
        assert dict(texts) == {"key": "kept"}


def test_a_forged_report_with_a_forged_confirmation_is_built_again(built):
    path = built.folders.published / "findings.json"
    path.write_bytes(path.read_bytes().replace(NUMBER, FORGED))
    listed = built.folders.published / manifest.FILE
    content = json.loads(listed.read_bytes())
    content["outputs"]["report/published/findings.json"] = digests.digest(path.read_bytes())
    listed.write_text(json.dumps(content), encoding="utf-8")
    forged = manifest._digest_with_python(listed.read_bytes())
    (built.folders.build / manifest.CONFIRMED).write_bytes(with_hash(forged))
    assert not manifest.confirmed(built.folders)


def test_a_list_of_other_fonts_is_not_used(built, without_exporters, parent, fonts):
    [found] = fonts.glob("fontlist-*.json")
    folder = built.folders.build / "cache" / f"matplotlib-{build.inputs.installed()['matplotlib']}"
    folder.mkdir()
    listed = folder / found.name
    listed.write_text(found.read_text(encoding="utf-8").replace("DejaVuSans.ttf", "DejaVuSerif.ttf"), encoding="utf-8")
    (folder / f"{found.name}.seal").write_text("0" * 64, encoding="utf-8")
    build.build(build.Request(quiet=True, fresh=True), built.folders)
    assert not listed.exists() or listed.read_bytes() == found.read_bytes()


@pytest.mark.parametrize(
    "content",
    [b"5", b"[]", b'["a"]', b'{"figures": 1}', b'{"figures": ["a"]}', b'{"figures"', b"", b"\xff\xfe", b"null"],
    ids=lambda content: repr(content[:12]),
)
def test_a_damaged_journal_is_dropped_and_the_next_build_is_good(built, content):
    before = built.published()
    journal = built.folders.build / "publishing.json"
    journal.write_bytes(content)
    publish.recover(built.folders)
    assert not journal.exists()
    assert built.published() == before


@pytest.mark.parametrize(
    "content",
    [b"", b"5", b"[1]", b'{"pdf": null}', b'{"pdf": "5 s"}', b'{"pdf": 1e999}', b'{"pdf": NaN}', b'{"pdf": -1}', DEEP],
    ids=lambda content: repr(content[:15]),
)
def test_damaged_times_of_earlier_builds_are_ignored(tmp_path, content):
    path = tmp_path / "times.json"
    path.write_bytes(content)
    assert estimate.load_times(path) == {}
    with Live(times=path).show():
        pass


@pytest.mark.torture
def test_a_whole_damaged_cache_costs_one_line_a_file(built, without_exporters, capsys):
    before = built.published()
    files = [path for path in (built.folders.build / "cache").rglob("*.json") if path.is_file()]
    for path in files:
        path.write_bytes(path.read_bytes()[:40] + b"\0" + path.read_bytes()[41:])
    (built.folders.build / manifest.CONFIRMED).unlink()
    build.build(build.Request(), built.folders)
    assert capsys.readouterr().out.count(DAMAGED) == 4  # three chapters and a reading; texts are for exporters
    assert built.published() == before
