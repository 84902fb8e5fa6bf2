"""Replace a folder of generated files at once, or not at all.

The files are first written completely into a new folder; then the two folders are exchanged. At every moment, also
after a power cut, there is either the old state or the new one. If the program is killed when only the first of two
folders has been exchanged, or some files where folders cannot be, the next build reads that in a journal and finishes
it, and until then `status` reports it.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import shutil
import stat
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from report import interrupts, outputs
from report.digests import digest, hash_files
from report.folders import Folders
from report.stops import HalfPublished
from report.writing import name_path

__all__ = ["Files", "is_half_published", "locked", "publish", "recover", "write_output"]

_JOURNAL = "publishing.json"
_STAGED = "staged"
_ABANDONED = 3600  # seconds after which a file that is not complete is nobody's any more
_COMPLETE = "the new files were just being put in place and are complete"

Files = Mapping[str, bytes]
_Hashes = Mapping[str, str]  # of files by name from their folder


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
    """Replace the files in `figures/` and `report/published/` by these; return whether anything changed.

    Raises OSError if a file cannot be written, with nothing changed, and HalfPublished if that happens where only one
    file after another can be put in place.
    """
    wanted = {folders.figures: figures, folders.published: report}
    for target in wanted:
        if target.exists() and not target.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), folders.shown(target))
    changed = {
        target: files
        for target, files in wanted.items()
        if hash_files(target) != {name: digest(data) for name, data in files.items()}
    }
    try:
        staged = {
            target: _stage(folders.build / _STAGED / target.name, target, files) for target, files in changed.items()
        }
        interrupts.refuse_to_continue()
    except BaseException:
        _forget(folders)
        raise
    with interrupts.postpone_signals(_COMPLETE):
        try:
            if staged:
                _write_journal(folders, staged)
                _place(folders, staged)
        except OSError:  # nothing has changed
            _forget(folders)
            raise
        _forget(folders)
    return bool(changed)


def write_output(folders: Folders, target: Path, files: Files) -> None:
    """Replace the files in `target`, a folder that is not published, by these.

    Raises WrongInput if it has any that no command has written, and OSError if a file cannot be written.
    """
    real = target.resolve()
    try:
        outputs.refuse_others(target)
        recorded = {**files, outputs.RECORD: outputs.record_files(real, files)}
        beside = _stage(folders.build / _STAGED / "output", real, recorded)
        if real.exists():
            beside.chmod(stat.S_IMODE(real.stat().st_mode))
        with interrupts.postpone_signals(_COMPLETE):
            real.parent.mkdir(parents=True, exist_ok=True)
            if not _exchanged(beside, real):
                _make_folder(real)
                both = outputs.record_files(real, files, before=True)  # so that what is half done is known for ours
                _write(outputs.unfinished(real / outputs.RECORD), both)
                os.replace(outputs.unfinished(real / outputs.RECORD), real / outputs.RECORD)
                _rename(_copy_beside(beside, real), real)
    finally:
        shutil.rmtree(folders.build / _STAGED, ignore_errors=True)


def recover(folders: Folders) -> None:
    """Finish what a killed build had begun to publish; delete what it had not."""
    if staged := _unfinished(folders):
        with interrupts.postpone_signals(_COMPLETE):
            _place(folders, staged)
    _forget(folders)
    for path in (folders.build / "cache").rglob(".*"):
        with suppress(OSError):
            if path.is_file() and path.stat().st_mtime < time.time() - _ABANDONED:
                path.unlink()


def is_half_published(folders: Folders) -> bool:
    """Return whether a build has put only some of its files in place, so that the next one has to finish it."""
    staged = _unfinished(folders)
    return any(hash_files(beside) != _hash_complete(target) for target, beside in staged.items())


def _unfinished(folders: Folders) -> dict[Path, Path]:
    """Return the staged folders, by that which each replaces, if the journal has them and nobody has changed either."""
    staged = {}
    for name, (old, new) in _read_journal(folders).items():
        target = {"figures": folders.figures, "published": folders.published}[name]
        beside = folders.build / _STAGED / name
        if hash_files(beside) == new and _hash_complete(target).items() <= old.items() | new.items():
            staged[target] = beside
    return staged


def _hash_complete(target: Path) -> dict[str, str]:
    """Return the hashes of the files of a folder, without those that are being copied into it, which are hidden."""
    return {name: sha256 for name, sha256 in hash_files(target).items() if not Path(name).name.startswith(".")}


def _forget(folders: Folders) -> None:
    (folders.build / _JOURNAL).unlink(missing_ok=True)
    shutil.rmtree(folders.build / _STAGED, ignore_errors=True)


def _write_journal(folders: Folders, staged: Mapping[Path, Path]) -> None:
    """Write which files each folder has, and which it is to have."""
    journal, unfinished = folders.build / _JOURNAL, folders.build / _STAGED / _JOURNAL
    entries = {target.name: [_hash_complete(target), hash_files(beside)] for target, beside in staged.items()}
    _write(unfinished, json.dumps(entries).encode())
    os.replace(unfinished, journal)


def _read_journal(folders: Folders) -> dict[str, tuple[_Hashes, _Hashes]]:
    """Return the old and the new files of each folder, nothing if there is no journal or it is damaged."""
    with suppress(OSError, ValueError, TypeError, AttributeError, RecursionError):
        entries = json.loads((folders.build / _JOURNAL).read_text(encoding="utf-8"))
        pairs: dict[str, tuple[_Hashes, _Hashes]]
        pairs = {name: (dict(old), dict(new)) for name, (old, new) in entries.items()}
        hashes = [sha256 for pair in pairs.values() for files in pair for sha256 in files.values()]
        if pairs.keys() <= {"figures", "published"} and all(isinstance(sha256, str) for sha256 in hashes):
            return pairs
    return {}


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
    with name_path(path), path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _place(folders: Folders, staged: Mapping[Path, Path]) -> None:
    """Put each staged folder in the place of its target: all of them at once, or file by file where that is impossible.

    Raises OSError if nothing has changed, and HalfPublished if some files have been put in place.
    """
    exchanged: dict[Path, Path] = {}
    copied: dict[Path, Sequence[Path]] = {}
    for target, beside in staged.items():
        if _exchanged(beside, target):
            exchanged[target] = beside
    try:
        for target, beside in staged.items():
            if target not in exchanged:
                copied[target] = _copy_beside(beside, target)
    except OSError:
        for target, names in copied.items():
            _drop_copies(names, target)
        for target, beside in exchanged.items():
            _exchanged(beside, target)
        raise
    try:
        for target, names in copied.items():
            _rename(names, target)
    except OSError as error:
        where = folders.shown(Path(error.filename2 or error.filename or folders.published))
        mixed = "figures/ and report/published/ now have files of two builds"
        raise HalfPublished(
            f"{where}: {error.strerror}; {mixed}; once that is repaired, make report finishes it"
        ) from None


def _exchanged(beside: Path, target: Path) -> bool:
    """Exchange two folders, or move the first where there is no second yet; return whether the system can."""
    try:
        if target.exists():
            _exchange(beside, target)
        else:
            os.rename(beside, target)
    except OSError:
        return False
    return True


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


def _copy_beside(beside: Path, target: Path) -> list[Path]:
    """Copy the files of a folder next to those that they replace, and return their names; nothing is replaced yet."""
    names = sorted((path.relative_to(beside) for path in beside.rglob("*") if path.is_file()), key=_record_last)
    try:
        for name in names:
            _make_folder((target / name).parent)
            with name_path(target / name):
                shutil.copy2(beside / name, outputs.unfinished(target / name))
    except OSError:
        _drop_copies(names, target)
        raise
    return names


def _drop_copies(names: Sequence[Path], target: Path) -> None:
    for name in names:
        outputs.unfinished(target / name).unlink(missing_ok=True)


def _record_last(name: Path) -> tuple[bool, Path]:
    return name.name == outputs.RECORD, name


def _rename(names: Sequence[Path], target: Path) -> None:
    """Put the copied files in place, one after another, and delete all others."""
    for name in names:
        os.replace(outputs.unfinished(target / name), target / name)
    for path in sorted(target.rglob("*"), reverse=True):
        if path.is_dir() and not path.is_symlink():
            with suppress(OSError):
                path.rmdir()
        elif path.relative_to(target) not in names:
            path.unlink()
