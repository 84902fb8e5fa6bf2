"""What a kernel reads, recorded as it opens files: the run of a notebook is the same for as long as these are.

The recorder runs inside the kernel, before anything else, and needs nothing but Python. It writes a line of JSON for
each file that is opened to read (its path and the SHA-256 of what it holds, null if it is not there) and for each
folder that is listed (its path with a slash at the end, and the SHA-256 of the names in it). To import a module is to
read its source. Files of packages and of the system are left out: their versions say what they are. What a program that
the kernel starts reads is not seen, nor what compiled code opens by itself.

As a program of its own, run as `warm.RUN` runs it, it is a kernel that records.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import sys
import sysconfig
import threading
from collections.abc import Mapping
from pathlib import Path

RECORD = "REPORT_READS"  # the variable that names the file to write to
OURS = ("REPORT_DATA", "REPORT_FINDINGS")  # with the folder above the kernel's own, where nothing is left out
SYSTEM = ("/proc/", "/sys/", "/dev/", "/etc/", "/usr/", "/lib/", "/lib64/", "/System/", "/Library/")
LISTINGS = ("os.listdir", "os.scandir")
IMPORT_SYSTEM = ("<frozen importlib", str(Path(importlib.util.__file__).parent))  # lists each folder modules may lie in


def start_recording() -> None:
    """Record what this process reads from now on, if it is told where to."""
    if os.environ.get(RECORD):
        sys.addaudithook(Recorder(os.environ[RECORD]).hear)


class Recorder:
    """Hears of every file that is opened and every folder that is listed, and writes down the first time of each."""

    def __init__(self, record: str) -> None:
        self._out = os.open(record, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        packages = {sysconfig.get_path(name) for name in ("purelib", "platlib", "stdlib", "platstdlib")}
        venv = {sys.prefix} - {sys.base_prefix}
        self._never = _folders(*packages, *venv, str(Path(record).parent))
        self._always = _folders(str(Path.cwd().parent), *filter(None, map(os.environ.get, OURS)))
        self._left_out = _folders(sys.prefix, sys.base_prefix) + SYSTEM
        self._known: set[str] = set()
        self._busy = threading.local()

    def hear(self, event: str, arguments: tuple) -> None:
        """Take note of an audit event of Python's."""
        if event == "open":
            path, _, flags = arguments
            writes = bool(flags & (os.O_WRONLY | os.O_TRUNC | os.O_EXCL)) if isinstance(flags, int) else False
        elif event == "sqlite3.connect":
            path, writes = arguments[0], False
        elif event in LISTINGS and not sys._getframe(1).f_code.co_filename.startswith(IMPORT_SYSTEM):
            path, writes = arguments[0] or ".", False
        else:
            return
        if isinstance(path, str | bytes) and not getattr(self._busy, "now", False):
            self._busy.now = True
            try:
                self._note(os.fsdecode(path), event in LISTINGS, writes)
            finally:
                self._busy.now = False

    def _note(self, path: str, is_folder: bool, writes: bool) -> None:
        real = _in_real_folder(_source(path)) + ("/" if is_folder else "")
        if real in self._known or real.startswith(self._never):
            return
        if real.startswith(self._left_out) and not real.startswith(self._always):
            return
        self._known.add(real)
        if not writes:  # what it has written itself, it may read without having read anything
            os.write(self._out, (json.dumps([real, digest(real)]) + "\n").encode())


def _folders(*folders: str) -> tuple[str, ...]:
    return tuple(os.path.realpath(folder).rstrip("/") + "/" for folder in folders)


def _in_real_folder(path: str) -> str:
    """Return a path whose folder is no link; the file itself may be one, which may be led elsewhere."""
    name = Path(path).name
    if name in ("", ".."):
        return os.path.realpath(path)
    return f"{os.path.realpath(Path(path).parent).rstrip('/')}/{name}"


def _source(path: str) -> str:
    """Return the source file of a compiled module, any other path as it is."""
    if path.endswith(".pyc"):
        try:
            return importlib.util.source_from_cache(path)
        except ValueError:
            return path
    return path


def digest(path: str) -> str | None:
    """Return the SHA-256 of a file, or of a folder's names where the path ends in a slash; None if it is not there."""
    try:
        if path.endswith("/"):
            return hashlib.sha256("\n".join(sorted(os.listdir(path))).encode("utf-8", "surrogateescape")).hexdigest()
        with Path(path).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def read_back(record: Path) -> dict[str, str | None]:
    """Return what a kernel recorded: digests by path."""
    return dict(map(json.loads, record.read_text(encoding="utf-8").splitlines())) if record.exists() else {}


def labelled(found: Mapping[str, str | None], places: Mapping[str, Path]) -> dict[str, str | None]:
    """Return digests by where a file lies in one of `places`, so that they can be compared with another folder's.

    >>> labelled({"/tmp/x/claims.csv": "ab", "/srv/far.csv": "cd"}, {"data": Path("/tmp/x"), "": Path("/clone")})
    {'/srv/far.csv': 'cd', 'data:claims.csv': 'ab'}
    """
    real = {name: os.path.realpath(folder) + "/" for name, folder in places.items()}
    named = {}
    for path, held in found.items():
        name = next((name for name, folder in real.items() if path.startswith(folder)), None)
        named[path if name is None else f"{name}:{path.removeprefix(real[name])}"] = held
    return dict(sorted(named.items()))


def main() -> None:
    """Be a kernel that records what it reads."""
    start_recording()
    from ipykernel.kernelapp import launch_new_instance

    sys.argv = [importlib.util.find_spec("ipykernel_launcher").origin, *sys.argv[2:]]
    launch_new_instance()


if __name__ == "__main__":
    main()
