"""Read files that others wrote: regular files of a bounded size, and JSON, with an error in words for anything else.

A pipe is never waited for, a device never read, and no file is read that would not fit into memory.
"""

from __future__ import annotations

import errno
import json
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Any

__all__ = ["MOST_BYTES", "SMALL", "parse_json", "read_regular", "stays_inside"]

MOST_BYTES = 1 << 30  # of a table or a notebook: a million claims have a quarter of that
SMALL = 1 << 22  # bytes of a description or of settings, which are written by hand
_PART = 1 << 20

DEPTH = 100
_TOO_DEEP = f"lists or objects are nested more than {DEPTH} deep"
_KINDS = {
    stat.S_IFDIR: "is a folder",
    stat.S_IFIFO: "is a pipe",
    stat.S_IFSOCK: "is a socket",
    stat.S_IFCHR: "is a device",
    stat.S_IFBLK: "is a device",
}


def read_regular(path: Path, most: int = MOST_BYTES) -> bytes:
    """Return the content of a regular file of at most `most` bytes.

    Raises FileNotFoundError if nothing is there, else OSError, whose `strerror` says in words why it cannot be read.
    """
    status = path.stat()
    if kind := _KINDS.get(stat.S_IFMT(status.st_mode)):
        raise OSError(errno.EINVAL, f"{kind}, not a file")
    if status.st_size > most:
        raise OSError(errno.EFBIG, _too_large(most))
    with path.open("rb") as file:
        content = file.read(status.st_size + 1)  # for a larger number memory would be set aside
        while len(content) <= most and (more := file.read(_PART)):
            content += more
    if len(content) > most:  # it grows, or its size is not that of its content, as in /proc
        raise OSError(errno.EFBIG, _too_large(most))
    return content


def stays_inside(path: object) -> bool:
    """Return whether a path is that of a file in a folder or below it, whatever the folder.

    >>> [stays_inside(path) for path in ("claims.csv", "texts/a.txt", "../claims.csv", "/etc/passwd", "a/../../b", "")]
    [True, True, False, False, False, False]
    """
    if not isinstance(path, str) or "\0" in path or "\\" in path or path.startswith(("/", "~")):
        return False
    return all(part not in ("", ".", "..") for part in path.split("/"))


def _too_large(most: int) -> str:
    return f"is larger than {most >> 20:,} MB, the most that is read"


def parse_json(content: bytes | str) -> Any:
    """Return what a JSON text describes. Raises ValueError with the place and what is wrong, in words.

    Lists and objects may be nested `DEPTH` deep: whatever walks through them later needs no more room than that.

    >>> parse_json('{"a": [1, }')
    Traceback (most recent call last):
      ...
    ValueError: line 1, column 11: Expecting value
    """
    try:
        value = json.loads(content)
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None
    except UnicodeDecodeError as error:
        raise ValueError(f"byte {error.start} is not UTF-8") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"line {error.lineno}, column {error.colno}: {error.msg}") from None
    except ValueError:  # Python refuses to read a number of thousands of digits
        raise ValueError("a number has thousands of digits") from None
    inside = [value]
    for _ in range(DEPTH):
        inside = [item for part in inside for item in _items(part) if isinstance(item, dict | list)]
    if inside:
        raise ValueError(_TOO_DEEP)
    return value


def _items(value: Any) -> Iterable[Any]:
    return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
