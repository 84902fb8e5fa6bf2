"""The folders that notebooks read from, and whether they draw figures.

Whoever runs a notebook may say otherwise by environment variable; a notebook opened in JupyterLab finds the data and
the published findings of its own repository.
"""

from __future__ import annotations

import os
from pathlib import Path

__all__ = [
    "DATA", "DRAWINGS", "EXHIBITS", "FIGURES", "FINDINGS", "NONE", "PAGE", "REPOSITORY", "data_folder", "display_path",
    "drawings_folder", "exhibits_wanted", "figures_wanted", "findings_folder", "only_for_page", "published_file",
]  # fmt: skip

REPOSITORY = Path(__file__).resolve().parents[3]
DATA, FINDINGS, FIGURES, EXHIBITS = "REPORT_DATA", "REPORT_FINDINGS", "REPORT_FIGURES", "REPORT_EXHIBITS"
DRAWINGS = "REPORT_DRAWINGS"
NONE, PAGE = "none", "page"


def data_folder() -> Path:
    """Return the folder of the ledger: $REPORT_DATA, else `data/` of this repository."""
    return Path(os.environ.get(DATA) or REPOSITORY / "data")


def findings_folder() -> tuple[Path, str]:
    """Return the folder other notebooks' findings are read from, and in words which findings those are.

    That is $REPORT_FINDINGS, which the build sets, else the published ones.
    """
    folder = os.environ.get(FINDINGS)
    if folder:
        return Path(folder), "the findings of this run"
    return REPOSITORY / "report" / "published", "the published findings"


def published_file(name: str, what: str, folder: Path | None = None) -> tuple[Path, str]:
    """Return a file that a build leaves beside its findings, in `folder` if given, and in words where it is from.

    Raises FileNotFoundError, with the command to run, where no build has left it.
    """
    place, origin = (folder, f"{what} in {folder}") if folder else findings_folder()
    path = place / name
    if not path.exists():
        raise FileNotFoundError(f"{display_path(path)} is missing: run `make report` once, then this notebook again")
    return path, origin


def figures_wanted() -> bool:
    """Return whether figures are drawn: unless $REPORT_FIGURES is `none`, as in a sweep, which reads numbers only."""
    return os.environ.get(FIGURES) != NONE


def exhibits_wanted() -> bool:
    """Return whether tables and figures are put into words: unless $REPORT_EXHIBITS is `none`, as in a sweep."""
    return os.environ.get(EXHIBITS) != NONE


def only_for_page() -> bool:
    """Return whether exhibits are for the page alone, without pixels and HTML: $REPORT_EXHIBITS is `page`."""
    return os.environ.get(EXHIBITS) == PAGE


def drawings_folder() -> Path | None:
    """Return the folder in which drawings are kept, so that none is drawn twice: $REPORT_DRAWINGS, if there is one."""
    folder = os.environ.get(DRAWINGS)
    return Path(folder) if folder else None


def display_path(path: Path) -> str:
    """Return `path` as a message shows it: relative to the repository's root if it is inside, else unchanged.

    >>> display_path(REPOSITORY / "data" / "claims.csv")
    'data/claims.csv'
    """
    resolved = Path(os.path.realpath(path))  # Path.resolve raises an error for a link to itself
    return resolved.relative_to(REPOSITORY).as_posix() if resolved.is_relative_to(REPOSITORY) else str(path)
