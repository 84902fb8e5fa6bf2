"""What a report was made from and what came of it: the hashes, versions, parameters and counts of manifest.json.

Versions of Python, platform and packages stand here and nowhere else in what is published. Nothing here imports more
than Python itself, so that it can be asked at once whether a report is up to date.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping

from report.digests import digest, digest_of, held
from report.folders import Folders
from report.runs.inputs import code, installed
from report.runs.selection import Notebook

FILE = "manifest.json"
CONFIRMED = "confirmed"


def outputs(folders: Folders) -> dict[str, str]:
    """Return the hash of every file that is published, but for the manifest's own, by its name from the root."""
    found = {
        folders.shown(folder / name): sha256
        for folder in (folders.figures, folders.published)
        for name, sha256 in held(folder).items()
    }
    found.pop(folders.shown(folders.published / FILE), None)
    return found


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
