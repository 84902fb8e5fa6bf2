"""Seals on what a clone keeps for itself, so that a file that is damaged or comes from elsewhere is noticed.

A seal is an HMAC of a file's name and content, under a random key of this clone, which is beside the kept files and not
among them. A file with its seal is one that a build in this clone wrote, in the place where it wrote it. That is no
defence against somebody who can read the key: whoever can write here can change the code as well. What is published is
proved by `verify`, which uses nothing that is kept.
"""

from __future__ import annotations

import hmac
import os
import secrets
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from claims.tables.files import read_regular

from report.writing import write_whole

__all__ = ["DAMAGED", "Seals", "delete", "read_kept"]

DAMAGED = "was damaged or comes from elsewhere; it has been replaced"
_KEY, _DIGITS = "seal.key", 64


class Seals:
    """The seals of a clone with this scratch folder. The key is made when the first file is sealed."""

    def __init__(self, build: Path) -> None:
        self._build = build
        self._key = b""

    def write(self, path: Path, content: bytes) -> None:
        """Write a file with its seal on the first line, at once or not at all."""
        write_whole(path, self.seal(path, content) + b"\n" + content)

    def read(self, path: Path) -> bytes | None:
        """Return what was written to a file; None if it is something else.

        Raises FileNotFoundError if there is none.
        """
        given, _, content = read_kept(path).partition(b"\n")
        return content if self._is_sealed(path, content, given) else None

    def seal(self, path: Path, content: bytes) -> bytes:
        """Return the seal of a file with this content."""
        if not self._key:
            self._key = _read_key(self._build / _KEY) or _make_key(self._build / _KEY)
        name = os.fsencode(path.relative_to(self._build).as_posix())
        return hmac.digest(self._key, name + b"\0" + content, "sha256").hex().encode()

    def _is_sealed(self, path: Path, content: bytes, given: bytes) -> bool:
        """Return whether a seal is that of a file with this content. Without a key, nothing was ever sealed."""
        self._key = self._key or _read_key(self._build / _KEY)
        return bool(self._key) and hmac.compare_digest(given, self.seal(path, content))

    def seal_beside(self, paths: Iterable[Path]) -> None:
        """Put the seals of files that other programs read into files beside them, unless there is one."""
        for path in paths:
            if not _beside(path).exists():
                _beside(path).write_bytes(self.seal(path, path.read_bytes()))

    def delete_unsealed(self, paths: Iterable[Path]) -> list[Path]:
        """Delete those of the files whose seal is not beside them, and return their paths."""
        deleted = []
        for path in paths:
            beside = _beside(path)
            given = read_kept(beside) if beside.exists() else b""
            if not self._is_sealed(path, read_kept(path), given):
                deleted.append(path)
                delete(path)
                delete(beside)
        return deleted


def read_kept(path: Path) -> bytes:
    """Return the content of a kept file; nothing if it cannot be read, is no file, or is larger than any kept file.

    Raises FileNotFoundError if there is none.
    """
    try:
        return read_regular(path)
    except FileNotFoundError:
        raise
    except OSError:  # it may not be read, or is a link to itself
        return b""


def delete(path: Path) -> None:
    """Delete something in the scratch folder, whatever it is."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):  # a read-only folder: where it has to be replaced, that fails
            path.unlink()


def _beside(path: Path) -> Path:
    return path.with_name(f"{path.name}.seal")


def _read_key(path: Path) -> bytes:
    """Return the key in a file, nothing if there is none or it is damaged."""
    try:
        key = read_kept(path)
    except FileNotFoundError:
        return b""
    return key if len(key) == _DIGITS else b""


def _make_key(path: Path) -> bytes:
    """Put a new key into a file that only its owner can read, and return it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    delete(path)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    delete(unfinished)
    unfinished.touch(mode=0o600, exist_ok=False)
    unfinished.write_bytes(secrets.token_hex(_DIGITS // 2).encode())
    os.replace(unfinished, path)
    return _read_key(path)
