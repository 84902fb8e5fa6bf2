"""Files that a person asks for: nothing is replaced but what an earlier command has written and nobody has changed.

A folder has a record of its files, with their hashes; a single file ends with the hash of what is above it.
"""

from __future__ import annotations

import errno
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from report.digests import digest
from report.folders import Folders
from report.stops import WrongInput

__all__ = ["RECORD", "check_file", "check_folder", "record_files", "refuse_others", "unfinished", "write_file"]

RECORD = ".written-by-report"  # lines of hash and name, as sha256sum writes them
_OWN_SCRATCH = ("cache", "failed", "lab", "live", "pictures", "proposals", "staged")  # in report/build
_HTML_COMMENT = ("<!-- ", " -->")
_SEAL = "written by python -m report verify, which replaces this file if nobody changes it; sha256 of the lines above: "
_LISTED = 3


def check_folder(folders: Folders, target: Path) -> Path:
    """Return the folder that an output goes to, with links resolved.

    Raises WrongInput if it has anything but an earlier output, is part of the repository, or cannot be written to.
    """
    try:
        real = target.resolve()
        if real.is_symlink():  # as later versions of Python return it for links in a circle
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
        _refuse_own(folders, target, real)
        if real.is_dir():
            refuse_others(target)
        elif real.exists():
            raise WrongInput(f"--output {target}: is a file; name a folder")
        nearest = next(folder for folder in (real, *real.parents) if folder.is_dir())
        Path(tempfile.mkdtemp(prefix=".report-", dir=nearest)).rmdir()
    except (OSError, RuntimeError) as error:  # earlier ones raise RuntimeError
        reason = getattr(error, "strerror", None) or error
        shown = str(target) if len(str(target)) < 200 else f"{str(target)[:100]}…"
        raise WrongInput(f"--output {shown}: cannot be written to ({reason}); name another folder") from None
    return real


def _refuse_own(folders: Folders, target: Path, real: Path) -> None:
    """Raise WrongInput if a folder belongs to the repository or is in one that does."""
    whole = [folders.notebooks, folders.own_data, folders.ledger, folders.figures, folders.published]
    whole += [folders.build / name for name in _OWN_SCRATCH]
    inside = any(real.is_relative_to(folder.resolve()) for folder in whole)
    if inside or real in [folders.root.resolve(), folders.build.resolve()]:
        remedy = "name another, such as report/build/mine"
        raise WrongInput(f"--output {target}: this folder is the repository's own; {remedy}")


def refuse_others(target: Path) -> None:
    """Raise WrongInput if a folder has anything but the files of its record, unchanged."""
    if others := sorted(_others(target)):
        listed = ", ".join(others[:_LISTED]) + (f" and {len(others) - _LISTED} more" if len(others) > _LISTED else "")
        reason = "which no command has written there, or which have changed since"
        raise WrongInput(
            f"--output {target}: the folder has other files ({listed}) {reason}; name a new or an empty one"
        )


def _others(target: Path) -> Iterator[str]:
    """Yield the names of files, links and empty folders that are not as the record of a folder lists them."""
    recorded = _read_record(target)
    for path in target.rglob("*"):
        name = path.relative_to(target).as_posix()
        if path.is_dir() and not path.is_symlink():
            if not any(path.iterdir()):
                yield f"{name}/"
        elif name != RECORD and not _is_unfinished(path, target, recorded):
            ours = path.is_file() and not path.is_symlink() and (digest(path.read_bytes()), name) in recorded
            if not ours:
                yield name


def unfinished(path: Path) -> Path:
    """Return the name of a file until it is complete.

    >>> unfinished(Path("figures/growth.svg")).as_posix()
    'figures/.growth.svg.new'
    """
    return path.with_name(f".{path.name}.new")


def _is_unfinished(path: Path, target: Path, recorded: set[tuple[str, str]]) -> bool:
    return any(path == unfinished(target / name) for name in {RECORD, *(name for _, name in recorded)})


def record_files(target: Path, files: Mapping[str, bytes], before: bool = False) -> bytes:
    """Return the record of files by name; `before` they replace those recorded in `target`, with both."""
    now = {(digest(data), name) for name, data in files.items()} | (_read_record(target) if before else set())
    return "".join(f"{sha256}  {name}\n" for sha256, name in sorted(now, key=lambda entry: entry[::-1])).encode()


def _read_record(target: Path) -> set[tuple[str, str]]:
    with suppress(OSError, ValueError):
        lines = (target / RECORD).read_text(encoding="utf-8").splitlines()
        return {(sha256, name) for sha256, _, name in (line.partition("  ") for line in lines)}
    return set()


def check_file(option: str, path: Path) -> None:
    """Raise WrongInput if writing a file would replace one that was not written by `write_file`, or is impossible."""
    try:
        if path.is_symlink() or path.exists():
            _refuse_changed(option, path)
            path.open("ab").close()
        else:
            path.open("xb").close()
            path.unlink()
    except OSError as error:
        raise WrongInput(f"{option} {path}: {error.strerror}; name a file in a folder that exists") from None


def write_file(option: str, path: Path, text: str, comment: tuple[str, str] = _HTML_COMMENT) -> None:
    """Write a text with its seal, between what begins and what ends a `comment`.

    Raises WrongInput if there is another file by now.
    """
    if path.is_symlink() or path.exists():
        _refuse_changed(option, path)
    opening, closing = comment
    text += "" if text.endswith("\n") else "\n"
    sealed = f"{text}{opening}{_SEAL}{digest(text.encode())}{closing}\n"
    handle, name = tempfile.mkstemp(prefix=".report-", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(sealed)
        Path(name).chmod(0o644)
        os.replace(name, path)
    finally:
        Path(name).unlink(missing_ok=True)


def _refuse_changed(option: str, path: Path) -> None:
    """Raise WrongInput unless a file is empty or as `write_file` has written it."""
    if path.is_dir():
        raise WrongInput(f"{option} {path}: is a folder; name a file")
    reason = (
        f"{option} {path}: is there already, and is not a file that verify wrote and nobody changed; name a new file"
    )
    if path.is_symlink() or not path.is_file():
        raise WrongInput(reason)
    content = path.read_bytes()
    text, _, last = content.removesuffix(b"\n").rpartition(b"\n")
    seal = re.search(re.escape(_SEAL.encode()) + rb"([0-9a-f]{64})", last)
    if content and not (seal and seal[1].decode() == digest(text + b"\n")):
        raise WrongInput(reason)
