"""Limits of a kernel: memory of its own that it may take, and who is ended first when the machine has none left.

Without them a cell that takes memory for ever stops the machine, or the system ends some other program. Like `reads.py`
this is run inside the kernel and needs nothing but Python.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

__all__ = ["SHARE", "limit_memory", "machine_memory"]

SHARE = 0.75  # of the machine's memory, after which an allocation of a kernel fails: MemoryError
_FIRST = "1000"  # the highest score: what the system ends first when memory has run out
_GROUPS = ("sys/fs/cgroup{path}/memory.max", "sys/fs/cgroup/memory{path}/memory.limit_in_bytes")


def limit_memory() -> None:
    """Limit the memory that this process may take, and let the system end it before any other program (Linux)."""
    if sys.platform != "linux":
        return
    import resource

    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(_FIRST, encoding="ascii")
    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    limits = [limit for limit in (soft, hard) if limit != resource.RLIM_INFINITY]
    if memory := machine_memory():
        limits.append(round(memory * SHARE))
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_DATA, (min(limits, default=soft), hard))


def machine_memory(root: Path = Path("/")) -> int | None:
    """Return the bytes of memory that the machine has, or this container, if it has less; None if nothing tells."""
    sizes = []
    with suppress(OSError, ValueError, IndexError):
        lines = (root / "proc/meminfo").read_text(encoding="ascii").splitlines()
        sizes += [1024 * int(line.split()[1]) for line in lines if line.startswith("MemTotal:")]
    with suppress(OSError):
        for line in (root / "proc/self/cgroup").read_text(encoding="utf-8").splitlines():
            sizes += _group_limits(root, line.split(":", 2)[-1])
    return min(sizes, default=None)


def _group_limits(root: Path, path: str) -> Iterable[int]:
    """Yield the limits of a control group and of those that it is in, the root of a container among them."""
    names = [name for name in path.split("/") if name]
    for count in range(len(names), -1, -1):
        for pattern in _GROUPS:
            with suppress(OSError, ValueError):  # there is none, or it is called max
                yield int((root / pattern.format(path="".join(f"/{name}" for name in names[:count]))).read_text())
