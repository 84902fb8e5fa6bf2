"""What is published changes completely or not at all, and only into what the build made."""

import os
import shutil
import signal
import stat
import threading
from pathlib import Path

import pytest

from report import outputs, publish
from report.stops import WrongInput

FIGURES = {"growth.svg": b"<svg/>", "growth.csv": b"a\n"}
REPORT = {"report.html": b"<p>", "notebooks/10_one.ipynb": b"{}"}


def put(clone, generation=1, figures=FIGURES):
    mark = f"{generation}\n".encode()
    return publish.publish(
        clone.folders,
        {name: data + mark for name, data in figures.items()},
        {name: data + mark for name, data in REPORT.items()},
    )


def generations(clone):
    """Return which generations the published files are of."""
    return {
        data.split(b"\n")[-2].removeprefix(b"<svg/>").removeprefix(b"<p>").removeprefix(b"{}")
        for data in clone.published().values()
    }


def test_published_folders_have_exactly_the_new_files(clone):
    put(clone)
    (clone.folders.figures / "stray.txt").write_text("by hand")
    put(clone, 2, figures={"shares.svg": b"<svg/>"})
    assert sorted(clone.published()) == [
        "figures/shares.svg",
        "report/published/notebooks/10_one.ipynb",
        "report/published/report.html",
    ]
    assert generations(clone) == {b"2"}


def test_publishing_the_same_files_changes_no_modification_time(clone):
    assert put(clone) is True
    before = (clone.folders.figures / "growth.svg").stat()
    assert put(clone) is False
    after = (clone.folders.figures / "growth.svg").stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_an_unchanged_file_keeps_its_time_when_others_change(clone):
    put(clone)
    old = clone.folders.published / "report.html"
    os.utime(old, (1, 1))
    publish.publish(
        clone.folders,
        FIGURES,
        {**{name: path.read_bytes() for name, path in {"report.html": old}.items()}, "new.txt": b""},
    )
    assert old.stat().st_mtime == 1


def test_files_are_readable_by_all_whatever_the_umask(clone):
    before = os.umask(0o077)
    try:
        put(clone)
    finally:
        os.umask(before)
    modes = {
        stat.S_IMODE(path.stat().st_mode)
        for folder in (clone.folders.figures, clone.folders.published)
        for path in [folder, *folder.rglob("*")]
        if path.is_dir()
    }
    files = {stat.S_IMODE(path.stat().st_mode) for path in clone.folders.published.rglob("*") if path.is_file()}
    assert modes == {0o755} and files == {0o644}


def test_no_scratch_is_left_behind(clone):
    put(clone)
    assert list(clone.folders.build.iterdir()) == []


def test_a_disk_that_fails_while_writing_leaves_the_old_state(clone, monkeypatch):
    put(clone)
    before, write = clone.published(), publish._write

    def full(path, data):
        if path.name == "10_one.ipynb":
            raise OSError("No space left on device")
        write(path, data)

    monkeypatch.setattr(publish, "_write", full)
    with pytest.raises(OSError, match="No space left"):
        put(clone, 2)
    assert clone.published() == before


def killed_between_the_folders(clone, monkeypatch):
    """Publish a second generation, killed after the first of the two folders has been exchanged."""
    put(clone)
    exchange, done = publish._exchange, []

    def killed(beside, target):
        if done:
            raise SystemExit("killed")
        done.append(target)
        exchange(beside, target)

    with monkeypatch.context() as patch:
        patch.setattr(publish, "_exchange", killed)
        with pytest.raises(SystemExit):
            put(clone, 2)
    assert generations(clone) == {b"1", b"2"}


def test_a_build_killed_between_two_folders_is_finished_by_the_next(clone, monkeypatch):
    killed_between_the_folders(clone, monkeypatch)
    publish.recover(clone.folders)
    assert generations(clone) == {b"2"}
    assert list(clone.folders.build.iterdir()) == []


def test_files_checked_out_after_a_kill_are_not_overwritten(clone, monkeypatch):
    killed_between_the_folders(clone, monkeypatch)
    (clone.folders.published / "report.html").write_bytes(b"<p>another\n")
    before = clone.published()
    publish.recover(clone.folders)
    assert clone.published() == before


def test_a_system_that_cannot_exchange_folders_gets_the_same_files(clone, monkeypatch):
    def refuse(*paths):
        raise OSError("not here")

    monkeypatch.setattr(publish, "_exchange", refuse)
    put(clone)
    put(clone, 2, figures={"shares.svg": b"<svg/>"})
    assert sorted(clone.published()) == [
        "figures/shares.svg",
        "report/published/notebooks/10_one.ipynb",
        "report/published/report.html",
    ]
    assert generations(clone) == {b"2"}


def test_ctrl_c_waits_until_both_folders_are_exchanged(clone, monkeypatch):
    put(clone)
    exchange = publish._exchange

    def disturbed(beside, target):
        os.kill(os.getpid(), signal.SIGINT)
        exchange(beside, target)

    monkeypatch.setattr(publish, "_exchange", disturbed)
    with pytest.raises(KeyboardInterrupt, match="are complete"):
        put(clone, 2)
    assert generations(clone) == {b"2"}
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_second_build_waits_for_the_first_with_a_note(clone):
    said, done = [], threading.Event()

    def second():
        with publish.locked(clone.folders, said.append):
            done.set()

    with publish.locked(clone.folders, said.append):
        other = threading.Thread(target=second)
        other.start()
        assert not done.wait(0.3)
    other.join(10)
    assert done.is_set() and said == ["another build is running in this clone; waiting for it"]


def test_a_folder_with_other_files_is_not_replaced(clone, tmp_path):
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.docx").write_text("years of work")
    with pytest.raises(WrongInput, match=r"has other files \(thesis.docx\)"):
        outputs.check_folder(clone.folders, mine)


@pytest.mark.parametrize("folder", ["", "notebooks", "data", "figures", "report/published", "report/build"])
def test_a_folder_of_the_repository_is_refused_as_output(clone, folder):
    with pytest.raises(WrongInput, match="the repository's own"):
        outputs.check_folder(clone.folders, clone.root / folder)


def test_an_earlier_output_is_replaced_completely(clone, tmp_path):
    target = tmp_path / "out"
    publish.write_output(clone.folders, target, {"report.html": b"1", "figures/a.svg": b"1"})
    outputs.check_folder(clone.folders, target)
    publish.write_output(clone.folders, target, {"report.html": b"2"})
    assert sorted(path.name for path in target.rglob("*")) == [outputs.RECORD, "report.html"]
    shutil.rmtree(target)
    outputs.check_folder(clone.folders, target)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder in which even root can write nothing")
def test_an_unwritable_output_folder_is_refused_before_any_run(clone):
    with pytest.raises(WrongInput, match="--output /proc/out: cannot be written to"):
        outputs.check_folder(clone.folders, Path("/proc/out"))
