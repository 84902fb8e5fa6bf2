"""Write a file at once or not at all, and name it if that fails."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["name_path", "write_whole"]


@contextmanager
def name_path(path: Path) -> Iterator[None]:
    """Name a file in an OSError of the block that names none, as when a disk is full."""
    try:
        yield
    except OSError as error:
        if error.filename is None and error.errno is not None:
            error.filename = str(path)
        raise


def write_whole(path: Path, data: bytes) -> None:
    """Replace a file, in a folder that is made if need be, at once or not at all. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with name_path(path):
            unfinished.write_bytes(data)
        os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)
