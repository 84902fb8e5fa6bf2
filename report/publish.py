"""Replace a folder of generated files at once, or not at all.

The files are first written completely into a new folder; then the two folders are exchanged. At every moment, also
after a power cut, there is either the old state or the new one. If the program is killed when only the first of two
folders has been exchanged, the next build reads that in a journal and finishes it.
"""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from report.digests import digest, hash_files
from report.folders import Folders
from report.stops import WrongInput

__all__ = ["OURS", "Files", "check_output_folder", "locked", "publish", "recover", "write_output"]

_JOURNAL = "publishing.json"
_STAGED = "staged"
OURS = {
    "figures", "notebooks", "report.html", "report.pdf", "findings.csv", "findings.json", "sweep.csv",
    "manifest.json", "ro-crate-metadata.json",
}  # fmt: skip

Files = Mapping[str, bytes]


@contextmanager
def locked(folders: Folders, note: Callable[[str], object]) -> Iterator[None]:
    """Let only one build at a time run in this clone; `note` is called with a text if this one has to wait."""
    from filelock import FileLock, Timeout

    folders.build.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folders.build / ".lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        note("another build is running in this clone; waiting for it")
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def publish(folders: Folders, figures: Files, report: Files) -> bool:
    """Replace the files in `figures/` and `report/published/` by these; return whether anything changed."""
    wanted = {folders.figures: figures, folders.published: report}
    changed = {
        target: files
        for target, files in wanted.items()
        if hash_files(target) != {name: digest(data) for name, data in files.items()}
    }
    staged = {target: _stage(folders.build / _STAGED / target.name, target, files) for target, files in changed.items()}
    with _signals_postponed():
        journal = folders.build / _JOURNAL
        if staged:
            _write_journal(journal, folders, staged)
        for target, beside in staged.items():
            _swap(beside, target)
        journal.unlink(missing_ok=True)
    shutil.rmtree(folders.build / _STAGED, ignore_errors=True)
    return bool(changed)


def write_output(folders: Folders, target: Path, files: Files) -> None:
    """Replace the files in `target`, a folder that is not published, by these."""
    beside = _stage(folders.build / _STAGED / "output", target, files)
    with _signals_postponed():
        target.parent.mkdir(parents=True, exist_ok=True)
        _swap(beside, target)
    shutil.rmtree(folders.build / _STAGED, ignore_errors=True)


def check_output_folder(folders: Folders, target: Path, ours: Collection[str] = OURS) -> None:
    """Raise WrongInput if writing to `target` would replace anything but the output of an earlier command: `ours`."""
    real = target.resolve()
    inputs = [folders.root, folders.notebooks, folders.own_data, folders.ledger]
    outputs = [folders.figures, folders.published, folders.build]
    if real in [folder.resolve() for folder in inputs + outputs]:
        remedy = "name another, such as report/build/mine"
        raise WrongInput(f"--output {target}: this folder is the repository's own; {remedy}")
    if real.is_dir():
        if others := sorted(path.name for path in real.iterdir() if path.name not in ours):
            listed = ", ".join(others[:3])
            raise WrongInput(f"--output {target}: the folder has other files ({listed}); name a new or an empty one")
    elif real.exists():
        raise WrongInput(f"--output {target}: is a file; name a folder")
    nearest = next(folder for folder in (real, *real.parents) if folder.is_dir())
    try:
        Path(tempfile.mkdtemp(prefix=".report-", dir=nearest)).rmdir()
    except OSError as error:
        raise WrongInput(f"--output {target}: cannot be written to ({error.strerror}); name another folder") from None


def recover(folders: Folders) -> None:
    """Finish what a killed build had begun to publish; delete what it had not."""
    journal = folders.build / _JOURNAL
    with suppress(FileNotFoundError, ValueError, AttributeError):
        entries = json.loads(journal.read_text(encoding="utf-8"))
        for name, target in (("figures", folders.figures), ("published", folders.published)):
            beside = folders.build / _STAGED / name
            fingerprints = {"old": _fingerprint(target), "new": _fingerprint(beside)}
            if entries.get(name) == fingerprints:  # the staged folder is complete, and the target still the old one
                _swap(beside, target)
    journal.unlink(missing_ok=True)
    shutil.rmtree(folders.build / _STAGED, ignore_errors=True)


def _write_journal(journal: Path, folders: Folders, staged: Mapping[Path, Path]) -> None:
    entries = {
        target.name: {"old": _fingerprint(target), "new": _fingerprint(beside)} for target, beside in staged.items()
    }
    _write(journal.with_suffix(".new"), json.dumps(entries).encode())
    os.replace(journal.with_suffix(".new"), journal)


def _stage(beside: Path, target: Path, files: Files) -> Path:
    """Write the files into the new folder `beside`, readable by all; an unchanged file keeps its time."""
    shutil.rmtree(beside, ignore_errors=True)
    _make_folder(beside)
    for name, data in files.items():
        path = beside / name
        _make_folder(path.parent)
        _write(path, data)
        path.chmod(0o644)
        earlier = target / name
        if earlier.is_file() and earlier.read_bytes() == data:
            times = earlier.stat()
            os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    return beside


def _make_folder(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _swap(beside: Path, target: Path) -> None:
    """Put the folder `beside` in the place of `target`, whose old files are then in `beside` or gone."""
    try:
        if target.exists():
            _exchange(beside, target)
        else:
            os.rename(beside, target)
    except OSError:
        _replace_files(beside, target)


def _exchange(first: Path, second: Path) -> None:
    """Exchange two folders in one step. Raises OSError if the system cannot."""
    libc = ctypes.CDLL(None, use_errno=True)
    paths = os.fsencode(first), os.fsencode(second)
    if sys.platform == "darwin":
        failed = libc.renamex_np(*paths, ctypes.c_uint(2))
    elif hasattr(libc, "renameat2"):
        here = ctypes.c_int(-100)
        failed = libc.renameat2(here, paths[0], here, paths[1], ctypes.c_uint(2))
    else:
        raise OSError("this system cannot exchange folders")
    if failed:
        raise OSError(ctypes.get_errno(), "the folders cannot be exchanged")


def _replace_files(beside: Path, target: Path) -> None:
    """Put each file in place on its own, on a system or a file system that cannot exchange folders."""
    wanted = sorted(path.relative_to(beside) for path in beside.rglob("*") if path.is_file())
    for name in wanted:
        _make_folder((target / name).parent)
        unfinished = (target / name).with_name(f".{name.name}.new")
        shutil.copy2(beside / name, unfinished)
        os.replace(unfinished, target / name)
    for path in sorted(target.rglob("*"), reverse=True):
        if path.is_dir():
            with suppress(OSError):
                path.rmdir()
        elif path.relative_to(target) not in wanted:
            path.unlink()


def _fingerprint(folder: Path) -> str:
    """Return a digest of all files of `folder` with their names."""
    return digest(json.dumps(sorted(hash_files(folder).items())).encode())


@contextmanager
def _signals_postponed() -> Iterator[None]:
    """Let no Ctrl-C or SIGTERM interrupt the block; if there was one, KeyboardInterrupt is raised afterwards."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    received: list[int] = []
    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    handlers = {number: signal.signal(number, lambda number, _: received.append(number)) for number in signals}
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    if received:
        raise KeyboardInterrupt("the new files were just being put in place and are complete")
