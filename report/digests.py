"""Hashes of files and values, and where two sets of hashes differ."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

__all__ = ["changed_names", "digest", "hash_files", "hash_value"]


def digest(data: bytes) -> str:
    """Return the SHA-256 of `data`."""
    return hashlib.sha256(data).hexdigest()


def hash_value(value: object) -> str:
    """Return the SHA-256 of a value as JSON, the same for equal values."""
    return digest(json.dumps(value, sort_keys=True, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def hash_files(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each file in `folder`, by its path from there."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): digest(path.read_bytes()) for path in files}


def changed_names(before: Mapping[str, object], now: Mapping[str, object]) -> list[str]:
    """Return the names whose values differ between two mappings, or that only one of them has.

    >>> changed_names({"a": "1", "b": "2", "c": "3"}, {"a": "1", "b": "4", "d": "5"})
    ['b', 'c', 'd']
    """
    return sorted(name for name in before.keys() | now.keys() if before.get(name) != now.get(name))
