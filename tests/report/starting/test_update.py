"""`update` replaces the engine's files that nobody edited, and touches nothing else."""

from __future__ import annotations

import os
import shutil
from datetime import date
from pathlib import Path

import pytest
from conftest import REPOSITORY

from report.digests import hash_files
from report.folders import Folders
from report.starting import creating, updating
from report.starting.record import RECORD, read_record
from report.stops import WrongInput

HERE = Folders(REPOSITORY)
OLD, GONE = "report/digests.py", "report/gone.py"


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    target = tmp_path_factory.mktemp("made") / "report"
    creating.create(HERE, target, "Housing", day=date(2026, 3, 1))
    return target


@pytest.fixture
def old(made, tmp_path) -> Path:
    """Return a repository as an older engine wrote it: one file differs, one is not there yet, one is there no more."""
    target = tmp_path / "old"
    shutil.copytree(made, target)
    (target / OLD).write_text("# older\n", encoding="utf-8")
    (target / GONE).write_text("# gone\n", encoding="utf-8")
    (target / "report/files.py").unlink()
    record, now = read_record(target), hash_files(target)
    files = {name: now[name] for name in (*record.files, GONE) if name in now}
    (target / RECORD).write_bytes(type(record)(record.naming, files).as_bytes())
    return target


def files_of(folder: Path) -> dict[str, str]:
    return {name: sha256 for name, sha256 in hash_files(folder).items() if not name.startswith("report/build/")}


def test_an_update_gives_what_new_would_and_says_what_changed(old, made):
    (old / ".ci/run").unlink()
    printed = updating.update(HERE, old)
    assert files_of(old) == files_of(made)
    assert os.access(old / ".ci/run", os.X_OK) and not os.access(old / OLD, os.X_OK)
    assert "4 files of the engine and the program: 1 replaced, 2 added, 1 deleted" in printed
    assert f"replaced: {OLD}" in printed and "make check, make report and make test" in printed
    assert "has this engine already; nothing changed" in updating.update(HERE, old)


def test_what_its_owner_has_is_not_touched(old):
    own = ("data/claims.csv", "README.md", "notebooks/20_growth_rates.ipynb", "notebooks/housing/subject.yaml")
    for name in (*own, "notebooks/housing/mine.py", "tests/test_mine.py"):
        (old / name).write_text("mine\n", encoding="utf-8")
    updating.update(HERE, old)
    assert {(old / name).read_text(encoding="utf-8") for name in (*own, "notebooks/housing/mine.py")} == {"mine\n"}
    assert (old / "tests/test_mine.py").exists()


@pytest.mark.parametrize("name", [OLD, GONE, "report/files.py"])
def test_a_file_of_the_engine_that_was_edited_stops_it_unless_it_is_kept(old, name):
    (old / name).write_text("# mine\n", encoding="utf-8")
    before = files_of(old)
    with pytest.raises(WrongInput, match=f"1 problem\n  {name}\nnothing has changed"):
        updating.update(HERE, old)
    assert files_of(old) == before
    assert f"left as edited: {name}" in updating.update(HERE, old, keep_edited=True)
    assert (old / name).read_text(encoding="utf-8") == "# mine\n"
    with pytest.raises(WrongInput, match=name):
        updating.update(HERE, old)


def test_an_update_that_was_cut_short_is_finished_by_the_next(old, made, monkeypatch):
    write, written = updating.write_whole, []

    def cut_short(path: Path, data: bytes) -> None:
        if written:
            raise OSError("no space")
        written.append(path)
        write(path, data)

    monkeypatch.setattr(updating, "write_whole", cut_short)
    with pytest.raises(OSError):
        updating.update(HERE, old)
    monkeypatch.undo()
    updating.update(HERE, old)
    assert files_of(old) == files_of(made)


def test_a_link_is_not_followed(old, tmp_path):
    outside = tmp_path / "outside.py"
    outside.write_text("outside\n", encoding="utf-8")
    (old / OLD).unlink()
    (old / OLD).symlink_to(outside)
    with pytest.raises(WrongInput, match="is no file of its own"):
        updating.update(HERE, old)
    assert outside.read_text(encoding="utf-8") == "outside\n"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "is no repository that python -m report new has written"),
        ("{", "cannot be read"),
        ('{"title": "a", "subject": "b", "day": "c", "files": {"../x": "1"}}', "lies outside the folder"),
        ('{"title": "a", "subject": 1, "day": "c", "files": {}}', "is no text"),
    ],
)
def test_a_folder_without_a_record_to_trust_is_refused(tmp_path, content, message):
    if content is not None:
        (tmp_path / RECORD).write_text(content, encoding="utf-8")
    with pytest.raises(WrongInput, match=message):
        updating.update(HERE, tmp_path)


def test_this_repository_is_not_updated_from_itself():
    with pytest.raises(WrongInput, match="is this repository itself"):
        updating.update(HERE, REPOSITORY)
