"""What a kernel reads, recorded as it opens files: a run would give the same results as long as these are the same.

The recorder runs inside the kernel, before anything else, and needs nothing but Python. It writes a line of JSON for
each file that is opened to read (its path and the SHA-256 of its content, null if it does not exist) and for each
folder that is listed (its path with a slash at the end, and the SHA-256 of the names in it). To import a module is to
read its source. With each file goes its `signature`, taken before its content was hashed: as long as that stays the
same, what was hashed is what the kernel has read. Files of packages and of the system are left out: their versions
identify them. Files that a child process reads are not recorded, nor those that compiled code opens by itself.

As a program of its own, run as `warm.RUN` runs it, it is a kernel that records.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import runpy
import sys
import sysconfig
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

__all__ = [
    "CHANGED", "RECORD", "Recorder", "digest", "label_paths", "launcher_path", "main", "read_record", "settled_record",
    "signature", "start_recording",
]  # fmt: skip

RECORD = "REPORT_READS"  # the variable that names the file to write to
CHANGED = "changed while it was read"  # instead of the hash of a file of which nobody can tell what was read
_UNSIGNED = "unsigned"  # instead of the signature of a folder, and of a file that the kernel wrote after reading it
_OURS = ("REPORT_DATA", "REPORT_FINDINGS")  # with the folder above the kernel's own, where nothing is left out
_SYSTEM = ("/proc/", "/sys/", "/dev/", "/etc/", "/usr/", "/lib/", "/lib64/", "/System/", "/Library/")
_LISTINGS = ("os.listdir", "os.scandir")
_IMPORT_SYSTEM = ("<frozen importlib", str(Path(importlib.util.__file__).parent))  # lists each folder of modules


def start_recording() -> Recorder | None:
    """Record what this process reads from now on, if the environment names a file for it."""
    if not os.environ.get(RECORD):
        return None
    recorder = Recorder(os.environ[RECORD])
    sys.addaudithook(recorder.on_audit_event)
    return recorder


class Recorder:
    """Writes a line for every file that is opened and every folder that is listed, the first time it is."""

    def __init__(self, record: str) -> None:
        self._out = os.open(record, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        packages = {sysconfig.get_path(name) for name in ("purelib", "platlib", "stdlib", "platstdlib")}
        venv = {sys.prefix} - {sys.base_prefix}
        self._never = _folders(*packages, *venv, str(Path(record).parent))
        self._always = _folders(str(Path.cwd().parent), *filter(None, map(os.environ.get, _OURS)))
        self._left_out = _folders(sys.prefix, sys.base_prefix) + _SYSTEM
        self._recorded: dict[str, bytes] = {}
        self._signatures: dict[str, tuple[int, ...] | None] = {}
        self._busy = threading.local()

    def continue_in(self, record: str) -> None:
        """Write to another file from now on, which first receives everything that has been recorded."""
        self._never += _folders(str(Path(record).parent))
        earlier, self._out = self._out, os.open(record, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.close(earlier)
        os.write(self._out, b"".join(self._recorded.values()))

    def on_audit_event(self, event: str, arguments: tuple) -> None:
        """Called by Python at each of its audit events."""
        if event == "open":
            path, _, flags = arguments
            writes = bool(flags & (os.O_WRONLY | os.O_TRUNC | os.O_EXCL)) if isinstance(flags, int) else False
        elif event == "sqlite3.connect":
            path, writes = arguments[0], False
        elif event in _LISTINGS and not sys._getframe(1).f_code.co_filename.startswith(_IMPORT_SYSTEM):
            path, writes = arguments[0] or ".", False
        else:
            return
        if isinstance(path, str | bytes) and not getattr(self._busy, "now", False):
            self._busy.now = True
            try:
                self._note(os.fsdecode(path), event in _LISTINGS, writes)
            finally:
                self._busy.now = False

    def _note(self, path: str, is_folder: bool, writes: bool) -> None:
        real = _in_real_folder(_source(path)) + ("/" if is_folder else "")
        if real in self._recorded:
            self._note_again(real, writes)
            return
        if real.startswith(self._never) or (real.startswith(self._left_out) and not real.startswith(self._always)):
            return
        if writes:  # a file that the kernel wrote itself does not count as read
            self._recorded[real] = b""
            return
        signed, sha256 = signature(real), digest(real)
        if not is_folder and (sha256 or signed is None):  # not of a folder that is opened as if it were a file
            self._signatures[real] = signed
        self._write(real, sha256)

    def _note_again(self, real: str, writes: bool) -> None:
        """Note if a file that was read is not the same any more, or is about to be written by the kernel itself."""
        if real not in self._signatures:
            return
        if writes:
            del self._signatures[real]
            self._write(real, json.loads(self._recorded[real])[1])
        elif signature(real) != self._signatures[real]:
            self._write(real, CHANGED)

    def _write(self, real: str, sha256: str | None) -> None:
        line = (json.dumps([real, sha256, self._signatures.get(real, _UNSIGNED)]) + "\n").encode()
        self._recorded[real] = line
        os.write(self._out, line)


def _folders(*folders: str) -> tuple[str, ...]:
    return tuple(os.path.realpath(folder).rstrip("/") + "/" for folder in folders)


def _in_real_folder(path: str) -> str:
    """Return a path whose folder is no link; the file itself may be one, whose target may change."""
    name = Path(path).name
    if name in ("", ".."):
        return os.path.realpath(path)
    return f"{os.path.realpath(Path(path).parent).rstrip('/')}/{name}"


def _source(path: str) -> str:
    """Return the source file of a compiled module, any other path as it is."""
    with suppress(ValueError):
        return importlib.util.source_from_cache(path) if path.endswith(".pyc") else path
    return path


def digest(path: str) -> str | None:
    """Return the SHA-256 of a file, or of a folder's names if the path ends in a slash; None if it does not exist."""
    try:
        if path.endswith("/"):
            return hashlib.sha256("\n".join(sorted(os.listdir(path))).encode("utf-8", "surrogateescape")).hexdigest()
        with Path(path).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def signature(path: str) -> tuple[int, ...] | None:
    """Return what changes whenever a file is written, replaced or put back: times and sizes of it and of its target.

    None if it does not exist.
    """
    try:
        found = os.lstat(path), Path(path).stat()
    except OSError:
        return None
    return tuple(value for each in found for value in (each.st_mtime_ns, each.st_ctime_ns, each.st_size))


def read_record(record: Path) -> dict[str, str | None]:
    """Return what a kernel recorded: hashes by path."""
    return {path: sha256 for path, (sha256, _) in _lines(record).items()}


def settled_record(record: Path) -> dict[str, str | None]:
    """Return what a kernel that has ended recorded: hashes by path, CHANGED for a file that is not as it was when read.

    So a file that was edited and put back while the kernel ran is not taken for one that stayed the same.
    """
    hashes = {}
    for path, (sha256, signed) in _lines(record).items():
        stayed = signed == _UNSIGNED or (None if signed is None else tuple(signed)) == signature(path)
        hashes[path] = sha256 if stayed else CHANGED
    return hashes


def _lines(record: Path) -> dict[str, tuple[str | None, str | list[int] | None]]:
    """Return hash and signature of each file in a record, by path, without the last line if a killed kernel cut it."""
    lines = record.read_text(encoding="utf-8").splitlines(keepends=True) if record.exists() else []
    entries = (json.loads(line) for line in lines if line.endswith("\n"))
    return {path: (sha256, signed) for path, sha256, signed in entries}


def label_paths(hashes: Mapping[str, str | None], folders: Mapping[str, Path]) -> dict[str, str | None]:
    """Return hashes by label: the name of one of `folders` and the path from there, so that clones can be compared.

    >>> label_paths({"/tmp/x/claims.csv": "ab", "/srv/far.csv": "cd"}, {"data": Path("/tmp/x"), "": Path("/clone")})
    {'/srv/far.csv': 'cd', 'data:claims.csv': 'ab'}
    """
    real = {name: os.path.realpath(folder) + "/" for name, folder in folders.items()}
    labelled = {}
    for path, sha256 in hashes.items():
        name = next((name for name, folder in real.items() if path.startswith(folder)), None)
        labelled[path if name is None else f"{name}:{path.removeprefix(real[name])}"] = sha256
    return dict(sorted(labelled.items()))


def launcher_path() -> str:
    """Return the path of the program that starts a kernel, which is its `sys.argv[0]`."""
    spec = importlib.util.find_spec("ipykernel_launcher")
    return (spec and spec.origin) or "ipykernel_launcher"


def main() -> None:
    """Be a kernel that records what it reads, within limits."""
    runpy.run_path(str(Path(__file__).with_name("limits.py")))["limit_memory"]()
    start_recording()
    from ipykernel.kernelapp import launch_new_instance

    sys.argv = [launcher_path(), *sys.argv[2:]]
    launch_new_instance()


if __name__ == "__main__":
    main()
