"""What a report is made from: the files it reads, the notebooks' code, the platform and the installed packages.

Nothing here imports more than Python itself, so that whether a report is up to date can be answered at once.
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

from report.digests import digest
from report.folders import Folders
from report.runs.selection import Notebook, joined, tags

LOCKED = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)==", re.MULTILINE)


INSTALLED = re.compile(r"(.+?)-([^-]+)\.dist-info")


PROGRAM = ("*.py", "*/*.py", "*/templates/*")


KERNEL_SIDE = ("kernels/*.py", "runs/canonical.py", "runs/execute.py", "runs/reuse.py")


def inputs(folders: Folders) -> dict[str, str]:
    """Return the hash of every file the published report is made from, by its name from the repository's root."""
    listed = [
        *_files(folders.own_data, ("**/*",)),
        *_files(folders.notebooks, ("*.ipynb", "**/*.yaml", "**/*.py", "**/*.csl")),
        *_files(folders.root / "report", PROGRAM),
        folders.root / "requirements.txt",
    ]
    return {folders.shown(path): digest(path.read_bytes()) for path in sorted(listed) if path.is_file()}


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


def kernel_side(program: Path) -> list[Path]:
    """Return the modules that run notebooks: another version of one of them makes another run."""
    return sorted(path for pattern in KERNEL_SIDE for path in program.glob(pattern))


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
