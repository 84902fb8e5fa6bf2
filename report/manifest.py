"""What a report was made from and what came of it: the hashes, versions, parameters and counts of manifest.json.

Versions of Python, platform and packages stand here and nowhere else in what is published. Nothing here imports more
than Python itself, so that it can be asked at once whether a report is up to date.
"""

from __future__ import annotations

import hashlib
import json
import platform
import re
import shutil
import sys
import sysconfig
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from .folders import Folders
from .selection import Notebook, joined, tags

FILE = "manifest.json"
CONFIRMED = "confirmed"
LOCKED = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)==", re.MULTILINE)
INSTALLED = re.compile(r"(.+?)-([^-]+)\.dist-info")
PROGRAM = ("*.py", "exporters/*.py", "templates/*")
KERNEL_SIDE = ("canonical", "engine", "execute", "forked", "private", "reads", "reuse", "warm")


def digest(data: bytes) -> str:
    """Return the SHA-256 of `data`."""
    return hashlib.sha256(data).hexdigest()


def digest_of(value: object) -> str:
    """Return the SHA-256 of a value as JSON, the same for equal values."""
    return digest(json.dumps(value, sort_keys=True, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def held(folder: Path) -> dict[str, str]:
    """Return the hash of each file in `folder` by its name from there."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): digest(path.read_bytes()) for path in files}


def changed(before: Mapping[str, object], now: Mapping[str, object]) -> list[str]:
    """Return the names under which two mappings do not hold the same.

    >>> changed({"a": "1", "b": "2", "c": "3"}, {"a": "1", "b": "4", "d": "5"})
    ['b', 'c', 'd']
    """
    return sorted(name for name in before.keys() | now.keys() if before.get(name) != now.get(name))


def inputs(folders: Folders) -> dict[str, str]:
    """Return the hash of every file the published report is made from, by its name from the repository's root."""
    listed = [
        *_files(folders.own_data, ("**/*",)),
        *_files(folders.notebooks, ("*.ipynb", "*.yaml", "**/*.py")),
        *_files(folders.root / "report", PROGRAM),
        folders.root / "requirements.txt",
    ]
    return {folders.shown(path): digest(path.read_bytes()) for path in sorted(listed) if path.is_file()}


def outputs(folders: Folders) -> dict[str, str]:
    """Return the hash of every file that is published, but for the manifest's own, by its name from the root."""
    found = {
        folders.shown(folder / name): sha256
        for folder in (folders.figures, folders.published)
        for name, sha256 in held(folder).items()
    }
    found.pop(folders.shown(folders.published / FILE), None)
    return found


def copied(folders: Folders, to: Path) -> Path:
    """Copy the inputs, and nothing else, to a new folder, and return that."""
    for name in inputs(folders):
        target = to / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folders.root / name, target)
    return to


def _files(folder: Path, patterns: Iterable[str]) -> Iterable[Path]:
    found = {path for pattern in patterns for path in folder.glob(pattern)}
    parts = {path: path.relative_to(folder).parts for path in found}
    return [path for path in found if not path.name.endswith("~") and not any(one[0] == "." for one in parts[path])]


def environment(folders: Folders) -> dict[str, object]:
    """Return the Python, the platform, and the installed version of every package that requirements.txt names."""
    return {
        "python": f"{platform.python_implementation()} {sys.version_info.major}.{sys.version_info.minor}",
        "platform": f"{platform.system()} {platform.machine()}",
        "packages": packages(folders.root / "requirements.txt"),
    }


def packages(lock: Path) -> dict[str, str]:
    """Return the installed version of each package that a lock names."""
    named = {_plain(name) for name in LOCKED.findall(lock.read_text(encoding="utf-8"))} if lock.exists() else set()
    return {name: version for name, version in installed().items() if name in named}


@cache
def installed() -> dict[str, str]:
    """Return the version of every package installed beside this Python, by name, as their folders are called."""
    folders = sorted({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")})
    found = (INSTALLED.fullmatch(path.name) for folder in folders for path in sorted(Path(folder).glob("*.dist-info")))
    return dict(sorted((_plain(one[1]), one[2]) for one in found if one))


def _plain(name: str) -> str:
    """Return a package's name in the one spelling that is compared.

    >>> _plain("Jinja2"), _plain("jupyter_core")
    ('jinja2', 'jupyter-core')
    """
    return re.sub(r"[-_.]+", "-", name).lower()


def code(notebook: Notebook, but: str = "") -> list:
    """Return what of a notebook is executed: id, source and tags of its code cells, but for those with that tag."""
    cells = [(cell.get("id"), joined(cell["source"]), tags(cell)) for cell in notebook.code]
    return [[*cell] for cell in cells if but not in cell[2]]


def of(
    given: Mapping[str, str],
    notebooks: Iterable[Mapping],
    around: Mapping[str, object],
    published: Mapping[str, bytes],
    counts: Mapping[str, object],
) -> bytes:
    """Return manifest.json of a build.

    `given` are its `inputs`, `notebooks` an `of_notebook` of each, `around` its `environment`, and `published` the
    files as they will lie below the root, by name.
    """
    said = {
        "inputs": dict(given),
        "notebooks": list(notebooks),
        "environment": dict(around),
        "outputs": {name: digest(published[name]) for name in sorted(published)},
        "counts": dict(counts),
    }
    return (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def of_notebook(notebook: Notebook, in_force: Mapping[str, object], read: Iterable[str]) -> dict[str, object]:
    """Return what the manifest says of a notebook: parameters, the hash of its code, and which files it has read."""
    return {
        "name": notebook.name,
        "parameters": dict(in_force),
        "code": digest_of(code(notebook, but="parameters")),
        "run": digest_of([code(notebook), notebook.reads_findings]),
        "reads": sorted(read),
        "reads_findings": notebook.reads_findings,
    }


def confirm(folders: Folders, said: bytes) -> None:
    """Remember that a build here gave this manifest, so that it need not be taken on trust."""
    path = folders.build / "cache" / CONFIRMED
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_with_python(said), encoding="utf-8")


def confirmed(folders: Folders) -> bool:
    """Return whether the published manifest is one that a build in this folder gave."""
    try:
        said = (folders.published / FILE).read_bytes()
        return (folders.build / "cache" / CONFIRMED).read_text(encoding="utf-8") == _with_python(said)
    except (OSError, ValueError):
        return False


def _with_python(said: bytes) -> str:
    """Return the hash of a manifest with what it says in short only: all of Python's version, every package."""
    return digest_of([digest(said), sys.version, installed()])


def read(folders: Folders) -> dict | None:
    """Return the published manifest, None if there is none that can be read."""
    try:
        said = json.loads((folders.published / FILE).read_text(encoding="utf-8"))
        return said if _whole(said) else None
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def _whole(said: Mapping) -> bool:
    """Return whether a manifest has all its parts; what has others may raise instead."""
    texts = [*said["inputs"].values(), *said["outputs"].values(), *said["environment"]["packages"].values()]
    texts += [said["environment"]["python"], said["environment"]["platform"]]
    for one in said["notebooks"]:
        texts += [one["name"], one["code"], one["run"], *one["reads"], *one["parameters"].keys()]
    return all(isinstance(text, str) for text in texts) and all(isinstance(n, int) for n in said["counts"].values())
