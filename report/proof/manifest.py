"""manifest.json: the hashes, versions, parameters and counts of a report's inputs and of its files.

Versions of Python, platform and packages are published here and nowhere else. Nothing here imports more than Python
itself, so that `status` answers at once.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress

from report.digests import digest, hash_files, hash_value
from report.folders import Folders
from report.runs.inputs import executed_code, installed
from report.runs.selection import Notebook
from report.seals import Seals

__all__ = ["FILE", "build_manifest", "confirm", "confirmed", "hash_outputs", "notebook_entry", "read_manifest"]

FILE = "manifest.json"
CONFIRMED = "cache/confirmed"  # in the scratch folder


def hash_outputs(folders: Folders) -> dict[str, str]:
    """Return the hash of every published file but the manifest, by its name from the root."""
    hashes = {
        folders.shown(folder / name): sha256
        for folder in (folders.figures, folders.published)
        for name, sha256 in hash_files(folder).items()
    }
    hashes.pop(folders.shown(folders.published / FILE), None)
    return hashes


def build_manifest(
    inputs: Mapping[str, str],
    notebooks: Iterable[Mapping],
    environment: Mapping[str, object],
    published: Mapping[str, bytes],
    counts: Mapping[str, object],
) -> bytes:
    """Return manifest.json of a build.

    `inputs` are hashes by file name, `notebooks` a `notebook_entry` of each, and `published` the contents of the files
    by their names from the root.
    """
    content = {
        "inputs": dict(inputs),
        "notebooks": list(notebooks),
        "environment": dict(environment),
        "outputs": {name: digest(published[name]) for name in sorted(published)},
        "counts": dict(counts),
    }
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def notebook_entry(notebook: Notebook, parameters: Mapping[str, object], files: Iterable[str]) -> dict[str, object]:
    """Return the manifest's entry of a notebook: parameters, the hash of its code, and the files it has read."""
    return {
        "name": notebook.name,
        "parameters": dict(parameters),
        "code": hash_value(executed_code(notebook, but="parameters")),
        "run": hash_value([executed_code(notebook), notebook.reads_findings]),
        "reads": sorted(files),
        "reads_findings": notebook.reads_findings,
    }


def confirm(folders: Folders, content: bytes) -> None:
    """Remember that a build in this clone gave this manifest, so that the next build need not repeat it."""
    with suppress(OSError):  # what is published is complete; the next build will only repeat what it could have skipped
        Seals(folders.build).write(folders.build / CONFIRMED, _digest_with_python(content))


def confirmed(folders: Folders) -> bool:
    """Return whether the published manifest is one that a build in this clone gave."""
    try:
        content = (folders.published / FILE).read_bytes()
        return Seals(folders.build).read(folders.build / CONFIRMED) == _digest_with_python(content)
    except OSError:
        return False


def _digest_with_python(content: bytes) -> bytes:
    """Return the hash of a manifest with what it abridges: the whole version of Python, and every package."""
    return hash_value([digest(content), sys.version, installed()]).encode()


def read_manifest(folders: Folders) -> dict | None:
    """Return the published manifest, None if it is missing or damaged."""
    try:
        content = json.loads((folders.published / FILE).read_text(encoding="utf-8"))
        return content if _is_complete(content) else None
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def _is_complete(content: Mapping) -> bool:
    """Return whether a manifest has all its parts. Raises KeyError, TypeError or AttributeError for wrong ones."""
    environment = content["environment"]
    texts = [*content["inputs"].values(), *content["outputs"].values(), *environment["packages"].values()]
    texts += [environment["python"], environment["platform"]]
    for run in content["notebooks"]:
        texts += [run["name"], run["code"], run["run"], *run["reads"], *run["parameters"].keys()]
    counts = content["counts"].values()
    return all(isinstance(text, str) for text in texts) and all(isinstance(count, int) for count in counts)
