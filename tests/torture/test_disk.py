"""Disks that are full, small or read-only, limits, and files where folders are needed: a sentence, and all is whole."""

import contextlib
import errno
import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from namespaces import small_disk

from report import publish
from report.command import build, ending
from report.folders import Folders
from report.proof import status
from report.stops import HalfPublished

OLD = {"growth.svg": b"<svg/>", "growth.csv": b"a\n"}, {"report.html": b"<p>", "notebooks/10_one.ipynb": b"{}"}
NEW = (
    {"growth.svg": b"<svg>2</svg>", "shares.svg": b"<svg/>"},
    {"report.html": b"<p>2", "notebooks/10_one.ipynb": b"{2}"},
)
WRITES = [(os, "fsync"), (os, "replace"), (os, "rename"), (Path, "chmod"), (Path, "mkdir"), (shutil, "copy2")]
WRITES += [(Path, "open"), (Path, "write_bytes"), (Path, "write_text"), (publish, "_exchange")]


class FullDisk:
    """Lets the n-th write fail that concerns a folder, from 0; `writes` counts them."""

    def __init__(self, patch, folder, fails, number=errno.ENOSPC):
        self.writes, self._folder, self._fails, self._number = 0, str(folder), fails, number
        patch.setattr(os, "fsync", lambda file: None)  # which takes long where others write too
        for owner, name in WRITES:
            patch.setattr(owner, name, self._limited(name, getattr(owner, name)))

    @property
    def was_full(self):
        return self.writes > self._fails

    def _limited(self, name, call):
        def write(*arguments, **options):
            reads = name == "open" and not {*"wax+"} & {*str(arguments[1:2] or options.get("mode", "r"))[:4]}
            concerns = isinstance(arguments[0], int) or str(arguments[0]).startswith(self._folder)
            if concerns and not reads and not self._exists(name, arguments):
                self.writes += 1
                if self.writes == self._fails + 1:
                    raise OSError(self._number, os.strerror(self._number))
            return call(*arguments, **options)

        return write

    @staticmethod
    def _exists(name, arguments):
        return name == "mkdir" and arguments[0].is_dir()


def refuse_exchanges(patch):
    def refuse(*paths):
        raise OSError(errno.EINVAL, "cannot be exchanged")

    patch.setattr(publish, "_exchange", refuse)


def expected(files):
    figures, report = files
    return {f"figures/{name}": data for name, data in figures.items()} | {
        f"report/published/{name}": data for name, data in report.items()
    }


@pytest.fixture
def folders(tmp_path):
    """Return the folders of a clone that has only what is published."""
    return Folders(tmp_path / "clone")


def published(folders):
    return {
        path.relative_to(folders.root).as_posix(): path.read_bytes()
        for folder in (folders.figures, folders.published)
        for path in folder.rglob("*")
        if path.is_file()
    }


def publish_on_full_disk(folders, monkeypatch, fails, exchange=True, number=errno.ENOSPC):
    """Publish NEW where OLD was, while one write fails; return what was raised, and the disk."""
    shutil.rmtree(folders.root, ignore_errors=True)
    publish.publish(folders, *OLD)
    with monkeypatch.context() as patch:
        if not exchange:
            refuse_exchanges(patch)
        disk = FullDisk(patch, folders.root, fails, number)
        try:
            publish.publish(folders, *NEW)
        except (HalfPublished, OSError) as error:
            return error, disk
    return None, disk


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
@pytest.mark.parametrize("exchange", [True, False])
def test_a_disk_full_at_any_write_of_publishing(folders, monkeypatch, exchange, number):
    fails, mixed, (error, disk) = 0, 0, publish_on_full_disk(folders, monkeypatch, 0, exchange, number)
    while disk.was_full:
        if isinstance(error, HalfPublished):
            mixed += 1
            assert "have files of two builds; once that is repaired, make report finishes it" in str(error)
            assert publish.is_half_published(folders)
        elif error:
            assert ending.describe_fault(error).endswith("what is published has not changed")
            assert published(folders) == expected(OLD)
            assert os.listdir(folders.build) == []
        else:  # an exchange that failed, and that was not needed
            assert published(folders) == expected(NEW)
        publish.recover(folders)
        assert published(folders) in (expected(OLD), expected(NEW))
        assert not publish.is_half_published(folders) and os.listdir(folders.build) == []
        publish.publish(folders, *NEW)
        assert published(folders) == expected(NEW)
        fails += 1
        error, disk = publish_on_full_disk(folders, monkeypatch, fails, exchange, number)
    assert error is None and fails > 20
    assert (mixed > 0) is (not exchange)


@pytest.mark.parametrize("exchange", [True, False])
def test_a_disk_full_at_any_write_of_an_output(folders, tmp_path, monkeypatch, exchange):
    target = tmp_path / "out"
    fails, disk = 0, None
    while disk is None or disk.was_full:
        shutil.rmtree(target, ignore_errors=True)
        publish.write_output(folders, target, OLD[1])
        with monkeypatch.context() as patch:
            if not exchange:
                refuse_exchanges(patch)
            disk = FullDisk(patch, tmp_path, fails)
            with contextlib.suppress(OSError):
                publish.write_output(folders, target, NEW[1])
        publish.write_output(folders, target, NEW[1])
        assert (target / "report.html").read_bytes() == b"<p>2"
        fails += 1
    assert fails > 8


def test_status_says_that_files_of_two_builds_are_mixed(clone, monkeypatch):
    clone.write("10_one", "None")
    publish.publish(clone.folders, *OLD)
    replace, done = os.replace, []

    def full(*paths):
        if str(paths[1]).startswith(str(clone.folders.figures)) and done:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(paths[0]), None, str(paths[1]))
        if "figures" in str(paths[1]):
            done.append(paths)
        return replace(*paths)

    with monkeypatch.context() as patch:
        refuse_exchanges(patch)
        patch.setattr(os, "replace", full)
        with pytest.raises(HalfPublished, match="figures/shares.svg: No space left on device; figures/ and"):
            publish.publish(clone.folders, *NEW)
    assert clone.published() not in (expected(OLD), expected(NEW)), "the fault was not planted"
    monkeypatch.setattr(status.manifest, "read_manifest", lambda folders: None)
    assert status.check_status(clone.folders).reasons[0].kind == "half published"
    publish.recover(clone.folders)
    assert clone.published() == expected(NEW)
    assert "half published" not in {reason.kind for reason in status.check_status(clone.folders).reasons}


JOURNALS = ["5", '["a", "b"]', "{", '{"figures": 3}', '{"figures": [{"a": []}, {}]}', "[" * 10**5]


@pytest.mark.parametrize("journal", JOURNALS, ids=range(len(JOURNALS)))
def test_a_damaged_journal_is_dropped(folders, journal):
    publish.publish(folders, *OLD)
    path = folders.build / "publishing.json"
    path.write_text(journal)
    assert not publish.is_half_published(folders)
    publish.recover(folders)
    assert published(folders) == expected(OLD) and not path.exists()


def test_a_file_in_the_place_of_figures_is_not_deleted(folders):
    folders.root.mkdir()
    folders.figures.write_text("mine")
    with pytest.raises(NotADirectoryError) as refused:
        publish.publish(folders, *NEW)
    assert "figures: Not a directory; a folder is needed where there is a file" in ending.describe_fault(refused.value)
    assert folders.figures.read_text() == "mine"


@pytest.mark.parametrize("limit", ["file size", "disk"])
def test_too_little_room_for_temporary_files_is_refused(clone, tmp_path, limit):
    clone.write("10_one", "None")
    room = tmp_path / "room"
    room.mkdir()
    command = clone.command(environment={"TMPDIR": str(room)})
    if limit == "disk":
        ran = small_disk(room, "600k", command)
        assert "temporary files: 0.6 of the 32 MB that a build needs are free in" in ran.stderr
    else:
        limits = (1000 * 512, 1000 * 512)
        plant = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limits)  # noqa: E731
        ran = subprocess.run(**command, preexec_fn=plant, capture_output=True, text=True, timeout=200, check=False)
        assert "ulimit -f: a file may have only 0.5 of the 32 MB that a build needs" in ran.stderr
    assert (ran.returncode, len(ran.stderr.splitlines())) == (2, 1)
    assert os.listdir(room) == [] and clone.published() == {}


# -- whole builds -----------------------------------------------------------------------------------------------------


def run_build(clone):
    """Build in this process as the command does, and return the exit code."""
    return ending.run_to_end(lambda: build.build(build.Request(quiet=True), clone.folders) or 0)


@pytest.mark.torture
def test_a_disk_full_at_any_write_of_a_build(clone, tmp_path, monkeypatch, capsys, without_exporters):
    clone.write("10_one", "1 + 1")
    assert run_build(clone) == 0
    before = clone.published()
    clone.write("10_one", "1 + 2")
    pristine, fails, disk = clone.copy(tmp_path / "pristine"), 0, None
    while disk is None or disk.was_full:
        shutil.rmtree(clone.root)
        pristine.copy(clone.root)
        with monkeypatch.context() as patch:
            disk = FullDisk(patch, clone.root, fails)
            code = run_build(clone)
        said = capsys.readouterr().err
        if code:
            assert (code, len(said.splitlines())) == (1, 1), said
            assert "No space left on device; free space there" in said
            assert clone.published() == before
            left = [path.name for path in clone.folders.build.rglob(".*") if path.name != ".lock"]
            assert left == [] and not (clone.folders.build / "staged").exists()
        assert run_build(clone) == 0
        assert b"3" in clone.published()["report/published/notebooks/10_one.ipynb"]
        fails += 1
    assert fails > 20


IN_THE_WAY = {
    "report/build": "report/build", "report/build/cache": "cache", "report/build/cache/notebooks": "notebooks",
    "report/build/staged": "staged", "figures": "figures", "report/published": "report/published",
}  # fmt: skip


@pytest.mark.torture
@pytest.mark.parametrize("name", IN_THE_WAY)
def test_a_file_where_a_folder_is_needed_is_named(clone, capsys, without_exporters, name):
    clone.write("10_one", "1 + 1")
    (clone.root / name).parent.mkdir(parents=True, exist_ok=True)
    (clone.root / name).write_text("mine")
    code, said = run_build(clone), capsys.readouterr().err
    assert (code, len(said.splitlines())) == (1, 1)
    assert IN_THE_WAY[name] in said and "a folder is needed where there is a file" in said
    assert (clone.root / name).read_text() == "mine"
    (clone.root / name).unlink()
    assert run_build(clone) == 0


@pytest.mark.torture
def test_a_clone_on_a_disk_that_fills_ends_with_a_sentence(clone):
    clone.write("10_one", "None")
    pristine = clone.copy(clone.root.with_name("pristine"))
    kilobytes = int(subprocess.run(["du", "-sk", clone.root], capture_output=True, check=True).stdout.split()[0])
    codes = []
    for free in (50, 200, 400, 800, 1600, 6000):
        ran = small_disk(clone.root, f"{kilobytes + free}k", clone.command("--quiet"))
        codes.append(ran.returncode)
        assert ran.returncode in (0, 1) and "Traceback" not in ran.stderr, ran.stderr
        if ran.returncode:
            assert "No space left on device" in ran.stderr
        shutil.rmtree(clone.root)
        shutil.rmtree(clone.root.with_name(f"{clone.root.name}.before"))
        pristine.copy(clone.root)
    assert codes[0] == 1 and codes[-1] == 0, codes


@pytest.mark.torture
def test_a_disk_of_forty_megabytes_is_enough_for_temporary_files(clone, tmp_path):
    clone.write("10_one", "None")
    room = tmp_path / "room"
    room.mkdir()
    ran = small_disk(room, "40m", clone.command(environment={"TMPDIR": str(room)}))
    assert ran.returncode == 0, ran.stderr


FILL = """
import contextlib, tempfile
folder = tempfile.mkdtemp()
with contextlib.suppress(OSError), open(f"{folder}/everything", "wb", buffering=0) as file:
    while file.write(bytes(2**16)) == 2**16:
        pass
"""


@pytest.mark.torture
def test_temporary_files_that_fill_their_disk_meanwhile(clone, tmp_path):
    clone.write("10_one", "None")
    assert clone.report().returncode == 0
    before = clone.published()
    clone.write("10_one", FILL)
    room = tmp_path / "room"
    room.mkdir()
    ran = small_disk(room, "40m", clone.command("--fresh", environment={"TMPDIR": str(room)}))
    assert ran.returncode == 1 and "Traceback" not in ran.stderr, ran.stderr
    assert "No space left on device" in ran.stderr
    assert clone.published() == before


CLOCK = """
#define _GNU_SOURCE
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
int clock_gettime(clockid_t id, struct timespec *t) {
    int failed = syscall(SYS_clock_gettime, id, t);
    if (!failed && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE)) t->tv_sec += 54L * 31557600;
    return failed;
}
int gettimeofday(struct timeval *t, void *zone) {
    struct timespec now; clock_gettime(CLOCK_REALTIME, &now);
    t->tv_sec = now.tv_sec; t->tv_usec = now.tv_nsec / 1000; return 0;
}
time_t time(time_t *t) {
    struct timespec now; clock_gettime(CLOCK_REALTIME, &now);
    if (t) *t = now.tv_sec; return now.tv_sec;
}
"""


@pytest.mark.torture
@pytest.mark.skipif(sys.platform != "linux" or not shutil.which("cc"), reason="needs Linux and a C compiler")
def test_a_clock_of_2080_changes_no_byte(clone, tmp_path):
    clone.write("10_one", "import datetime\nassert datetime.date.today().year >= 2080")
    clone.write("20_two", "None")
    (tmp_path / "clock.c").write_text(CLOCK)
    library = tmp_path / "clock.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-o", str(library), str(tmp_path / "clock.c")], check=True)
    ran = clone.report(environment={"LD_PRELOAD": str(library)})
    assert ran.returncode == 0, ran.stderr
    far = {name: data for name, data in clone.published().items() if not name.endswith("10_one.ipynb")}
    assert far
    with_clock = clone.published()
    (clone.folders.notebooks / "10_one.ipynb").write_text(
        (clone.folders.notebooks / "10_one.ipynb").read_text().replace(">= 2080", "< 2080")
    )
    assert clone.report("--fresh").returncode == 0
    name = "report/published/notebooks/20_two.ipynb"
    assert clone.published()[name] == with_clock[name]
