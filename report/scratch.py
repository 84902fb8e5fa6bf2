"""Folders for temporary files, which later processes delete if the one that owns them was killed.

Each is called `ledger-` with eight letters, and has a file `.owner` that its process keeps locked as long as it lives.
The lock ends with the process, however that ends, and it is seen from other containers that share the folder.
"""

from __future__ import annotations

import errno
import fcntl
import os
import re
import resource
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from report.stops import WrongInput

__all__ = ["delete_abandoned", "keep_in_own_folder", "new_folder", "system_folder"]

PREFIX = "ledger-"
OWNER = ".owner"
LEAST_FREE = 32 * 2**20  # bytes; a build of this report needs half of it
_NAME = re.compile(PREFIX + "[a-z0-9_]{8}")


@contextmanager
def new_folder(base: str | None = None) -> Iterator[Path]:
    """Give a new folder, in `base` or among the temporary files, that this process owns; remove it afterwards.

    Those that killed processes have left in `base` are deleted first. Raises OSError if it cannot be made.
    """
    base = os.path.realpath(base or tempfile.gettempdir())
    if _is_owned(Path(base)):
        folder, owner = Path(tempfile.mkdtemp(dir=base)), -1
    else:
        delete_abandoned(base)
        folder, owner = _new_owned(base)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if owner >= 0:
            os.close(owner)


@contextmanager
def keep_in_own_folder() -> Iterator[None]:
    """Let this process and those it starts keep all their temporary files in one folder of its own.

    Raises WrongInput if there is no place for them.
    """
    with ExitStack() as stack:
        try:
            folder = stack.enter_context(new_folder())
        except OSError as error:
            problem = f"no folder for temporary files can be made ({error.strerror or error})"
            raise WrongInput(f"{problem}; set TMPDIR to one that can be written to") from None
        _refuse_small(folder)
        stack.callback(_set_default, tempfile.tempdir, os.environ.get("TMPDIR"))
        _set_default(str(folder), str(folder))
        yield


def _set_default(folder: str | None, variable: str | None) -> None:
    """Set the folder for temporary files of this process and, by a variable, of those that it starts."""
    tempfile.tempdir = folder
    if variable is None:
        os.environ.pop("TMPDIR", None)
    else:
        os.environ["TMPDIR"] = variable


def system_folder() -> str:
    """Return the folder for temporary files of all programs, which that of this process is in."""
    folder = Path(tempfile.gettempdir())
    return str(folder.parent if _is_owned(folder) else folder)


def delete_abandoned(base: str) -> None:
    """Delete the folders in `base` whose processes have ended without doing so."""
    with os.scandir(base) as entries:
        names = [entry.path for entry in entries if _NAME.fullmatch(entry.name) and entry.is_dir(follow_symlinks=False)]
    for folder in map(Path, names):
        with suppress(OSError):  # another user's, being deleted, or on a file system without locks
            owner = os.open(folder / OWNER, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
            try:
                fcntl.flock(owner, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(owner)


def _new_owned(base: str) -> tuple[Path, int]:
    """Return a new folder in `base`, and the file descriptor whose lock shows that it is owned; -1 without locks."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=base))
        owner = os.open(folder / OWNER, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(owner, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(owner)
            if error.errno not in (errno.EAGAIN, errno.EACCES):
                return folder, -1
        else:
            if os.fstat(owner).st_nlink:  # no other process has taken it for an abandoned one meanwhile
                with suppress(OSError):  # for people only
                    os.write(owner, f"process {os.getpid()}\n".encode())
                return folder, owner
            os.close(owner)


def _is_owned(folder: Path) -> bool:
    return bool(_NAME.fullmatch(folder.name)) and (folder / OWNER).exists()


def _refuse_small(folder: Path) -> None:
    """Raise WrongInput if a folder, or the largest file that is allowed, is too small for a build."""
    free, (largest, _) = shutil.disk_usage(folder).free, resource.getrlimit(resource.RLIMIT_FSIZE)
    needed = f"of the {LEAST_FREE // 2**20} MB that a build needs"
    if free < LEAST_FREE:
        remedy = "free space there, or set TMPDIR to another folder"
        raise WrongInput(f"temporary files: {free / 2**20:.1f} {needed} are free in {folder.parent}; {remedy}")
    if 0 <= largest < LEAST_FREE:
        raise WrongInput(f"ulimit -f: a file may have only {largest / 2**20:.1f} {needed}; raise that limit")
