"""Runs of notebooks that need not be repeated: found again by what went into them, never by when they were.

A run is kept under the hash of what is known before it (code cells, parameters, Python, packages, the modules here that
run notebooks) together with the hash of every file it then read: modules, data, the findings of other notebooks. It is
reused if all of these are what they were. Markdown cells take no part: they come from the notebook as it is now. Each
run is kept with a hash of itself, so that a damaged one is not taken for a run.
"""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from report import digests
from report.folders import Folders
from report.kernels import reads
from report.runs import inputs
from report.runs.extract import FINDINGS as FOUND
from report.runs.extract import VERDICTS
from report.runs.selection import INJECTED, PARAMETERS, Notebook, tags
from report.stops import NotebookFailed

PROGRAM = Path(__file__).parents[1]
TEXT_SIDE = (PROGRAM / "pages" / "markdown.py", PROGRAM / "pages" / "templates" / "pieces.lua")  # what converts texts
KEPT, KEPT_OF_SWEEPS = 100, 5000  # runs of a notebook; the one not used for longest goes first
FINDINGS = "findings"
RESULTS = {FOUND, VERDICTS}


@dataclass(frozen=True)
class Kept:
    """A run that may be reused: the executed notebook, and what it read, hashes by label."""

    executed: Mapping = field(repr=False)
    read: Mapping[str, str | None]


@dataclass
class Runs:
    """The runs that are kept in a clone. If all are to be `fresh`, none is looked for; those that are made are kept.

    `read` is what each notebook has read that was run or found, hashes by label; `damaged` are files that held none.
    """

    folders: Folders
    fresh: bool = False
    read: dict[str, Mapping[str, str | None]] = field(default_factory=dict)
    damaged: list[str] = field(default_factory=list)
    _known: dict[str, str | None] = field(default_factory=dict)
    _opened: dict[Path, dict] = field(default_factory=dict)
    _keys: dict[str, str] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        """Return where the runs lie."""
        return self.folders.build / "cache" / "notebooks"

    def places(self, findings: Path | None) -> dict[str, Path]:
        """Return the folders that what is read is named from, the innermost first."""
        handed_on = {FINDINGS: findings} if findings else {}
        return {**handed_on, "data": self.folders.ledger, "": self.folders.root}

    def of(self, notebooks: Iterable[Notebook], values: Mapping[str, object], findings: Path | None = None) -> dict:
        """Return the runs of these notebooks that need not be repeated, by name: executed notebooks as they are now."""
        self._known.clear()
        self._keys |= {notebook.name: self.key(notebook, values, findings) for notebook in notebooks}
        found = {notebook.name: self.find(notebook, self._keys[notebook.name], findings) for notebook in notebooks}
        found = {name: kept for name, kept in found.items() if kept}
        self.read |= {name: kept.read for name, kept in found.items()}
        return {name: kept.executed for name, kept in found.items()}

    def find(self, notebook: Notebook, key: str, findings: Path | None = None) -> Kept | None:
        """Return a run of the notebook with this key that would come out the same now, None if there is none."""
        if self.fresh:
            return None
        path = self._found(notebook, key, findings)
        kept = self._opened.get(path)
        return Kept(merged(notebook, kept["executed"]), kept["read"]) if kept else None

    def _found(self, notebook: Notebook, key: str, findings: Path | None = None) -> Path | None:
        """Return where such a run lies."""
        for path in sorted(self.folder.glob(f"{notebook.name}-{key[:32]}-*.json")):
            kept = self._opened[path] = self._opened.get(path) or self._read(path)
            if kept and all(self._now(label, findings) == held for label, held in kept["read"].items()):
                os.utime(path)
                return path
        return None

    def keep(
        self,
        notebook: Notebook,
        values: Mapping[str, object],
        executed: Mapping,
        read: Mapping[str, str | None],
        findings: Path | None = None,
    ) -> None:
        """Keep a run, under what was known before it began if `of` was asked for it."""
        key = self._keys.get(notebook.name) or self.key(notebook, values, findings)
        self.read[notebook.name] = labelled = reads.labelled(read, self.places(findings))
        self._put(notebook, key, labelled, executed)
        self._forget_oldest(notebook, KEPT)

    def _put(self, notebook: Notebook, key: str, labelled: Mapping[str, str | None], executed: Mapping) -> Path:
        """Keep a run and return where."""
        path = self.folder / f"{notebook.name}-{key[:32]}-{digests.digest_of(labelled)[:32]}.json"
        self._write(path, {"read": labelled, "executed": executed})
        return path

    def files(self, notebook: Notebook) -> list[str]:
        """Return the files that a notebook has read in this build, those of the repository named from its root.

        A run of another ledger may be kept that has read a file of both, and be found again for this one.
        """
        files = [one for one, held in self.read[notebook.name].items() if held is not None and one[-1] not in "/:"]
        places = {"data": "data/", "": ""}
        parts = [one.partition(":") for one in files if not one.startswith(f"{FINDINGS}:")]
        return sorted(
            {places[name] + path if colon and name in places else name + colon + path for name, colon, path in parts}
        )

    def key(self, notebook: Notebook, values: Mapping[str, object], findings: Path | None = None) -> str:
        """Return the hash of everything that goes into a run and is known before it."""
        return digests.digest_of(
            {
                "code": inputs.code(notebook),
                "reads_findings": [notebook.reads_findings, findings is not None],
                "parameters": {name: value for name, value in values.items() if name in notebook.defaults},
                "python": [sys.version, platform.machine(), platform.system()],
                "packages": inputs.installed(),
                "program": [self._held(str(path)) for path in inputs.kernel_side(PROGRAM)],
                "modules": sorted(path.name for path in self.folders.notebooks.glob("*.py")),  # one may hide another
            }
        )

    @contextmanager
    def texts(self) -> Iterator[dict[str, object]]:
        """Give the conversions of texts that were kept; those that are looked at or added are kept afterwards."""
        program = [self._held(str(path)) for path in TEXT_SIDE]
        path = self.folder.parent / f"texts-{digests.digest_of([program, inputs.installed()])[:32]}.json"
        known = Used({} if self.fresh else self._read(path).get("texts", {}))
        yield known
        for old in path.parent.glob("texts-*.json"):
            if old != path:
                old.unlink(missing_ok=True)
        self._write(path, {"texts": known.used})

    def _write(self, path: Path, held: dict) -> None:
        """Keep what JSON can hold, with a hash of itself."""
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f".{path.name}.{os.getpid()}")
        text = json.dumps(held)
        unfinished.write_text(f"{digests.digest(text.encode())}\n{text}", encoding="utf-8")
        os.replace(unfinished, path)

    def _read(self, path: Path) -> dict:
        """Return what is kept at `path`, nothing if there is none; a damaged file is removed, and told of."""
        try:
            sha256, _, text = path.read_text(encoding="utf-8").partition("\n")
            if sha256 == digests.digest(text.encode()):
                return json.loads(text)
        except FileNotFoundError:
            return {}
        except (OSError, ValueError):
            pass
        self.damaged.append(self.folders.shown(path))
        path.unlink(missing_ok=True)
        return {}

    def _now(self, label: str, findings: Path | None) -> str | None:
        name, colon, rest = label.partition(":")
        places = self.places(findings)
        if not colon or name not in places:
            return self._held(label)
        if name == FINDINGS:  # another file in every build
            return reads.digest(f"{places[name]}/{rest}")
        return self._held(f"{os.path.realpath(places[name])}/{rest}")

    def _held(self, path: str) -> str | None:
        if path not in self._known:
            self._known[path] = reads.digest(path)
        return self._known[path]

    def _forget_oldest(self, notebook: Notebook, most: int) -> None:
        kept = sorted(self.folder.glob(f"{notebook.name}-*.json"), key=lambda path: path.stat().st_mtime)
        for path in kept[:-most]:
            path.unlink(missing_ok=True)


class SweptRuns(Runs):
    """The runs of sweeps, many of each notebook: of each, what it found and judged is kept, and nothing else."""

    @property
    def folder(self) -> Path:
        """Return where the runs lie."""
        return self.folders.build / "cache" / "sweep"

    def found(self, notebook: Notebook, values: Mapping[str, object]) -> Path | None:
        """Return where a run lies that would come out the same now, None if there is none."""
        self._opened.clear()
        return None if self.fresh else self._found(notebook, self.key(notebook, values))

    def add(
        self,
        notebook: Notebook,
        values: Mapping[str, object],
        executed: Mapping,
        labelled: Mapping[str, str | None],
    ) -> Path:
        """Keep what a run found and judged, which read what `labelled` says, and return where."""
        return self._put(notebook, self.key(notebook, values), labelled, reduced(executed))

    def labelled(self, read: Mapping[str, str | None]) -> dict[str, str | None]:
        """Return what a run has read, hashes by label."""
        return reads.labelled(read, self.places(None))

    def opened(self, path: Path) -> dict:
        """Return a run that lies there, with what its cells found and judged. Raises NotebookFailed if none does."""
        if not (kept := self._read(path)):
            raise NotebookFailed(f"{self.folders.shown(path)} was damaged while it was needed; run it again")
        return kept["executed"]

    def forget(self, notebooks: Iterable[Notebook], needed: int) -> None:
        """Forget the runs of each notebook not used for longest, but none of the last `needed`."""
        for notebook in notebooks:
            self._forget_oldest(notebook, max(KEPT_OF_SWEEPS, needed))


class Used(dict):
    """A dictionary that remembers which of its entries were asked for or added."""

    def __init__(self, entries: Mapping) -> None:
        super().__init__(entries)
        self._asked: set = set()

    @property
    def used(self) -> dict:
        """Return those entries."""
        return {key: self[key] for key in sorted(self._asked)}

    def __contains__(self, key: object) -> bool:
        self._asked.add(key)
        return super().__contains__(key)


def reduced(executed: Mapping) -> dict:
    """Return the code cells of a run with those of their outputs that hold findings or verdicts."""
    cells = [cell for cell in executed["cells"] if cell["cell_type"] == "code"]
    return {"cells": [{"cell_type": "code", "id": cell["id"], "outputs": _results(cell["outputs"])} for cell in cells]}


def _results(outputs: Iterable[Mapping]) -> list[Mapping]:
    return [output for output in outputs if not RESULTS.isdisjoint(output.get("data", {}))]


def merged(notebook: Notebook, executed: Mapping) -> dict:
    """Return the notebook as it is now with the outputs of a run of the same code."""
    ran = {cell["id"]: cell for cell in executed["cells"] if cell["cell_type"] == "code"}
    injected = [ran[INJECTED]] if INJECTED in ran else []
    cells = []
    for cell in notebook.source["cells"]:
        cells.append({**ran[cell["id"]]} if cell["cell_type"] == "code" else cell)
        if PARAMETERS in tags(cell) and injected:
            cells.append(injected.pop())
    return {**notebook.source, "cells": [*injected, *cells]}
