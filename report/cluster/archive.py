"""The archive that workers get: the program, the notebooks and the ledger, but nothing that is generated."""

from __future__ import annotations

import io
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from report.folders import Folders
from report.runs import inputs

__all__ = ["pack"]


def pack(folders: Folders) -> bytes:
    """Return the files that runs need as an archive in zip format, the same for the same files.

    The ledger is in data/, whichever it is.
    """
    content = io.BytesIO()
    with ZipFile(content, "w", ZIP_DEFLATED) as archive:
        for name, path in sorted(_files(folders).items()):
            archive.writestr(ZipInfo(name), path.read_bytes(), ZIP_DEFLATED)  # in which every file is of 1980
    return content.getvalue()


def _files(folders: Folders) -> dict[str, Path]:
    """Return the path of each file by its name in the archive."""
    files = {folders.shown(path): path for path in inputs.list_paths(folders)}
    if folders.data:
        files = {name: path for name, path in files.items() if not name.startswith("data/")}
        other = (path for path in folders.data.rglob("*") if path.is_file())
        files |= {f"data/{path.relative_to(folders.data).as_posix()}": path for path in other}
    return files
