"""What a report is built from: the files it reads, the notebooks' code, the platform and the installed packages.

Nothing but Python's own library is imported here, so that `status` answers at once.
"""

from __future__ import annotations

import platform
import re
import shutil
import sys
import sysconfig
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from report.folders import Folders
from report.kernels.reads import signature
from report.runs import clean
from report.runs.selection import Notebook, chapter_files, join_lines, tags
from report.stops import ChangedMeanwhile

__all__ = [
    "copy_inputs", "environment", "executed_code", "hash_inputs", "installed", "kernel_side", "list_paths", "packages",
    "refuse_changed", "sign_inputs",
]  # fmt: skip

_LOCKED = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)==", re.MULTILINE)
_INSTALLED = re.compile(r"(.+?)-([^-]+)\.dist-info")
_PROGRAM = ("*.py", "*/*.py", "*/templates/*")
_RUNNING = ("beginnings", "canonical", "execute", "reuse")
KERNEL_SIDE = ("expressions.py", "kernels/*.py", *(f"runs/{name}.py" for name in _RUNNING))


def hash_inputs(folders: Folders) -> dict[str, str]:
    """Return the hash of every file the published report is built from, by its path from the repository's root.

    That of a notebook does not change when it is run and saved.
    """
    return {folders.shown(path): clean.hash_clean(path) for path in list_paths(folders)}


def sign_inputs(folders: Folders) -> dict[str, tuple[int, ...] | None]:
    """Return what changes whenever an input is written, replaced or put back, by its path from the root.

    A notebook has none: JupyterLab saves it while it is open, and its text is read once.
    """
    return {folders.shown(path): signature(str(path)) for path in list_paths(folders) if path.suffix != ".ipynb"}


def refuse_changed(names: Iterable[str]) -> None:
    """Raise ChangedMeanwhile if there are names of inputs that changed while they were needed."""
    if changed := ", ".join(sorted(names)):
        raise ChangedMeanwhile(f"{changed} changed while the report was built; nothing is published; build again")


def list_paths(folders: Folders) -> list[Path]:
    """Return every file the published report is built from, in order."""
    files = [
        *_files(folders.own_data, ("**/*",)),
        *chapter_files(folders.notebooks),
        *_files(folders.notebooks, ("**/*.yaml", "**/*.py", "**/*.csl")),
        *_files(folders.root / "report", _PROGRAM),
        folders.root / "requirements.txt",
        folders.root / "CITATION.cff",
    ]
    return [path for path in sorted(files) if path.is_file()]


def copy_inputs(folders: Folders, to: Path) -> Path:
    """Copy the inputs, and nothing else, into the new folder `to`, and return it.

    Raises ChangedMeanwhile if one of them changes before it is copied.
    """
    hashes = hash_inputs(folders)
    for name in hashes:
        target = to / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folders.root / name, target)
    refuse_changed(name for name, sha256 in hashes.items() if clean.hash_clean(to / name) != sha256)
    return to


def _files(folder: Path, patterns: Iterable[str]) -> Iterable[Path]:
    """Return the files that match a pattern, without backups of editors, texts for people and anything hidden."""
    paths = {path for pattern in patterns for path in folder.glob(pattern) if not path.name.endswith(("~", ".md"))}
    return [path for path in paths if not any(part[0] == "." for part in path.relative_to(folder).parts)]


def environment(folders: Folders) -> dict[str, object]:
    """Return the Python, the platform, and the installed version of every package that requirements.txt names."""
    return {
        "python": f"{platform.python_implementation()} {sys.version_info.major}.{sys.version_info.minor}",
        "platform": f"{platform.system()} {platform.machine()}",
        "packages": packages(folders.root / "requirements.txt"),
    }


def packages(lock: Path) -> dict[str, str]:
    """Return the installed version of each package in a lock."""
    text = lock.read_text(encoding="utf-8") if lock.exists() else ""
    locked = {_normalise(name) for name in _LOCKED.findall(text)}
    return {name: version for name, version in installed().items() if name in locked}


def kernel_side(program: Path) -> list[Path]:
    """Return the modules that run notebooks; if one of them changes, earlier runs are not reused."""
    return sorted(path for pattern in KERNEL_SIDE for path in program.glob(pattern))


@cache
def installed() -> dict[str, str]:
    """Return the version of every package installed for this Python, by name, as in the names of their folders."""
    folders = sorted({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")})
    names = (path.name for folder in folders for path in sorted(Path(folder).glob("*.dist-info")))
    matches = filter(None, map(_INSTALLED.fullmatch, names))
    return dict(sorted((_normalise(match[1]), match[2]) for match in matches))


def _normalise(name: str) -> str:
    """Return a package's name in the spelling that is compared.

    >>> _normalise("Jinja2"), _normalise("jupyter_core")
    ('jinja2', 'jupyter-core')
    """
    return re.sub(r"[-_.]+", "-", name).lower()


def executed_code(notebook: Notebook, but: str = "") -> list:
    """Return id, source and tags of a notebook's code cells, without cells that have the tag `but`."""
    return [[cell.get("id"), join_lines(cell["source"]), tags(cell)] for cell in notebook.code if but not in tags(cell)]
