"""Reuse earlier runs of notebooks, by what went into them and never by their time.

A run is kept under the hash of what is known before it (code cells, parameters, Python, packages, the modules here that
run notebooks) together with the hash of every file that it then read: modules, data, the findings of other notebooks.
It is reused if all of these are the same. Markdown cells come from the notebook as it is now; only an inline expression
in them that the run has no value for makes it run again. Each run is kept with a seal, so that one that is damaged, is
in another's place or comes from elsewhere is noticed and done again. What a preview has pieced together, from a run and
what was evaluated or run since, is for previews only.
"""

from __future__ import annotations

import json
import os
import platform
import sys
from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from report import digests
from report.expressions import with_earlier_results, without_results
from report.folders import Folders
from report.kernels import reads
from report.runs import extract, inputs
from report.runs.selection import INJECTED, PARAMETERS, Notebook, tags
from report.seals import Seals, delete
from report.stops import NotebookFailed

__all__ = ["KEPT", "KEPT_OF_SWEEPS", "Runs", "SweptRuns", "fill_cells", "for_page", "merge_cells", "results_only"]

_PROGRAM = Path(__file__).parents[1]
_TEXT_SIDE = (_PROGRAM / "pages/markdown.py", _PROGRAM / "pages/templates/pieces.lua")  # what converts texts
KEPT, KEPT_OF_SWEEPS = 100, 5000  # runs per notebook; the least recently used is deleted first
_FINDINGS = "findings"
_WHOLE, _PIECED, _SHOWN = ".json", "-pieced.json", "-shown.json"


@dataclass
class Runs:
    """The runs that are kept in a clone. With `fresh`, none of them is reused; new ones are still kept.

    With `pieced`, as in a preview, runs that were pieced together are reused too. `read` has the hashes of what each
    notebook has read in this build or in the run that is reused, by label; `damaged` lists files without a true seal.
    With `inputs`, the hashes of files by their path from the root when a build began, a run that has read
    anything else is refused: ChangedMeanwhile.
    """

    folders: Folders
    fresh: bool = False
    pieced: bool = False
    inputs: Mapping[str, str] | None = None
    read: dict[str, Mapping[str, str | None]] = field(default_factory=dict)
    damaged: list[str] = field(default_factory=list)
    _hashes: dict[str, str | None] = field(default_factory=dict)
    _elsewhere: dict[str, str | None] = field(default_factory=dict)
    _opened: dict[Path, dict] = field(default_factory=dict)
    _keys: dict[str, str] = field(default_factory=dict)

    @cached_property
    def _seals(self) -> Seals:
        return Seals(self.folders.build)

    @property
    def folder(self) -> Path:
        """Return the folder of the runs."""
        return self.folders.build / "cache" / "notebooks"

    def label_folders(self, findings: Path | None) -> dict[str, Path]:
        """Return the folders whose names are in labels of files, the innermost first."""
        exported = {_FINDINGS: findings} if findings else {}
        return {**exported, "data": self.folders.ledger, "": self.folders.root}

    def of(self, notebooks: Iterable[Notebook], values: Mapping[str, object], findings: Path | None = None) -> dict:
        """Return the runs of these notebooks that need not be repeated, by name, with the text cells of today."""
        self._hashes.clear()
        self._keys |= {notebook.name: self.key(notebook, values, findings) for notebook in notebooks}
        executed = {}
        for notebook in notebooks:
            for path in self._find_paths(notebook, self._keys[notebook.name], findings):
                run = self._opened[path]
                if merged := merge_cells(notebook, run["executed"]):
                    self.refuse_changed(run["read"])
                    self.read[notebook.name] = run["read"]
                    executed[notebook.name] = merged
                    break
        return executed

    def find_run(self, notebook: Notebook, values: Mapping[str, object], findings: Path | None = None) -> dict | None:
        """Return a run of the code as it is now, whatever the text: `executed`, and hashes of what it has `read`."""
        self._hashes.clear()
        paths = self._find_paths(notebook, self.key(notebook, values, findings), findings)
        return next((self._opened[path] for path in paths), None)

    def _find_paths(self, notebook: Notebook, key: str, findings: Path | None = None) -> Iterator[Path]:
        """Yield the paths of runs with this key that would give the same results now."""
        for path in [] if self.fresh else self._kept(f"{notebook.name}-{key[:32]}"):
            if path.name.endswith(_PIECED) and not self.pieced:
                continue
            content = self._opened[path] = self._opened.get(path) or self._read(path)
            if content and self.is_current(content["read"], findings):
                os.utime(path)
                yield path

    def _kept(self, beginning: str) -> list[Path]:
        """Return the paths of kept runs whose name has this beginning: a notebook and a key."""
        return sorted(self.folder.glob(f"{beginning}-*.json"))

    def is_current(self, read: Mapping[str, str | None], findings: Path | None = None) -> bool:
        """Return whether files, by label, still have these hashes."""
        return all(self._hash_now(label, findings) == sha256 for label, sha256 in read.items())

    def keep(
        self,
        notebook: Notebook,
        values: Mapping[str, object],
        executed: Mapping,
        read: Mapping[str, str | None],
        findings: Path | None = None,
        pieced: bool = False,
    ) -> None:
        """Keep a run, under the key that `of` computed before it began, if `of` was called for it."""
        key = self._keys.get(notebook.name) or self.key(notebook, values, findings)
        self.read[notebook.name] = labelled = self.label(read, findings)
        self.refuse_changed(labelled)
        self._put(notebook, key, labelled, executed, _PIECED if pieced else _WHOLE)
        self._forget_oldest(notebook, KEPT)

    def keep_pieced(self, notebook: Notebook, key: str, executed: Mapping, read: Mapping[str, str | None]) -> None:
        """Keep a run with what was evaluated since; `read` has the hashes of everything it depends on, by label."""
        self._put(notebook, key, dict(sorted(read.items())), executed, _PIECED)
        self._forget_oldest(notebook, KEPT)

    def label(self, read: Mapping[str, str | None], findings: Path | None = None) -> dict[str, str | None]:
        """Return the hashes of what a run has read by label instead of by path."""
        return reads.label_paths(read, self.label_folders(findings))

    def _put(
        self, notebook: Notebook, key: str, labelled: Mapping[str, str | None], executed: Mapping, end: str = _WHOLE
    ) -> Path:
        """Keep a run and return its path."""
        path = self.folder / f"{notebook.name}-{key[:32]}-{digests.hash_value(labelled)[:32]}{end}"
        self._opened.pop(path, None)
        self._write(path, {"read": labelled, "executed": executed})
        return path

    def files(self, notebook: Notebook) -> list[str]:
        """Return the files that a notebook has read in this build, those of the repository by their path from its root.

        A run of another ledger may be kept that has read a file of both ledgers, and be reused for this one.
        """
        read = self.read[notebook.name].items()
        return sorted({_file_name(label) for label, sha256 in read if sha256 is not None and _is_file(label)})

    def refuse_changed(self, read: Mapping[str, str | None]) -> None:
        """Raise ChangedMeanwhile if a run has read an input that was not the same from the start of the build to then.

        A file of another ledger has to be the same for every run. No other files are inputs.
        """
        if self.inputs is None:
            return
        changed = []
        for label, sha256 in read.items():
            name = _file_name(label)
            if _is_file(label) and not name.endswith(".ipynb"):  # a notebook's hash is that of its clean source
                is_own = self.folders.data is None or not label.startswith("data:")
                expected = self.inputs.get(name) if is_own else self._elsewhere.setdefault(label, sha256)
                if expected is not None and (sha256 != expected or sha256 == reads.CHANGED):
                    changed.append(name)
        inputs.refuse_changed(changed)

    def key(self, notebook: Notebook, values: Mapping[str, object], findings: Path | None = None) -> str:
        """Return the hash of everything that is known before a run and affects it."""
        return digests.hash_value(
            {
                "code": inputs.executed_code(notebook),
                "reads_findings": [notebook.reads_findings, findings is not None],
                "parameters": {name: value for name, value in values.items() if name in notebook.defaults},
                "python": [sys.version, platform.machine(), platform.system()],
                "packages": inputs.installed(),
                "program": [self._hash(str(path)) for path in inputs.kernel_side(_PROGRAM)],
                "modules": sorted(path.name for path in self.folders.notebooks.glob("*.py")),  # one may hide another
            }
        )

    @contextmanager
    def texts(self) -> Iterator[ChainMap[str, object]]:
        """Give the kept conversions of texts; those that are set meanwhile, as new or again, are kept afterwards."""
        program = [self._hash(str(path)) for path in _TEXT_SIDE]
        path = self.folder.parent / f"texts-{digests.hash_value([program, inputs.installed()])[:32]}.json"
        texts: ChainMap[str, object] = ChainMap({}, {} if self.fresh else self._read(path).get("texts", {}))
        yield texts
        for old in path.parent.glob("texts-*.json"):
            if old != path:
                old.unlink(missing_ok=True)
        self._write(path, {"texts": dict(sorted(texts.maps[0].items()))})

    def _write(self, path: Path, content: dict) -> None:
        """Write a dictionary as JSON, with its seal on the first line."""
        self._seals.write(path, json.dumps(content).encode())

    def _read(self, path: Path) -> dict:
        """Return the dictionary in a file, empty if there is none; one without its seal is deleted and listed."""
        try:
            if (content := self._seals.read(path)) is not None:
                return json.loads(content)
        except FileNotFoundError:
            return {}
        self.damaged.append(self.folders.shown(path))
        delete(path)
        return {}

    def _hash_now(self, label: str, findings: Path | None) -> str | None:
        name, colon, path = label.partition(":")
        folders = self.label_folders(findings)
        if not colon or name not in folders:
            return self._hash(label)
        if name == _FINDINGS:  # another file in every build
            return reads.digest(f"{folders[name]}/{path}")
        return self._hash(f"{os.path.realpath(folders[name])}/{path}")

    def _hash(self, path: str) -> str | None:
        if path not in self._hashes:
            self._hashes[path] = reads.digest(path)
        return self._hashes[path]

    def _forget_oldest(self, notebook: Notebook, most: int, end: str = ".json") -> None:
        paths = sorted(self.folder.glob(f"{notebook.name}-*{end}"), key=lambda path: path.stat().st_mtime)
        for path in paths[:-most]:
            path.unlink(missing_ok=True)


@dataclass
class SweptRuns(Runs):
    """The runs of sweeps, many of each notebook: only the findings and verdicts of each are kept.

    If they are shown on a page, everything is kept that it shows of them, and no run is reused that has less. Then
    `drawings` is the folder that their drawings are kept in; what a run reads there, another would draw.
    """

    drawings: Path | None = None

    @property
    def shown(self) -> bool:
        """Return whether the runs are shown on a page."""
        return self.drawings is not None

    def label(self, read: Mapping[str, str | None], findings: Path | None = None) -> dict[str, str | None]:
        """Return the hashes of what a run has read by label instead of by path, without drawings."""
        folders = (self.drawings, self.drawings.resolve()) if self.drawings else ()
        drawn = tuple(f"{folder}/" for folder in folders)
        kept = {path: sha256 for path, sha256 in read.items() if not (drawn and path.startswith(drawn))}
        return super().label(kept, findings)

    @cached_property
    def _listed(self) -> dict[str, set[Path]]:
        """Return the paths of all kept runs by the beginning of their name: listed once, as there may be thousands."""
        listed: dict[str, set[Path]] = {}
        for path in self.folder.glob("*.json"):
            listed.setdefault(_beginning(path), set()).add(path)
        return listed

    def _kept(self, beginning: str) -> list[Path]:
        paths = sorted(self._listed.get(beginning, ()))
        return [path for path in paths if path.name.endswith(_SHOWN)] if self.shown else paths

    @property
    def folder(self) -> Path:
        """Return the folder of the runs."""
        return self.folders.build / "cache" / "sweep"

    def find(self, notebook: Notebook, values: Mapping[str, object], findings: Path | None = None) -> Path | None:
        """Return the path of a run that would give the same results now, None if there is none."""
        self._opened.clear()
        path = next(self._find_paths(notebook, self.key(notebook, values, findings), findings), None)
        if path and self.shown and not merge_cells(notebook, self._opened[path]["executed"]):
            return None
        if path:
            self.refuse_changed(self._opened[path]["read"])
        return path

    def add(
        self,
        notebook: Notebook,
        values: Mapping[str, object],
        executed: Mapping,
        read: Mapping[str, str | None],
        findings: Path | None = None,
    ) -> Path:
        """Keep the findings and verdicts of a run, with the hashes of what it read by label, and return its path.

        Of a run that is shown, all is kept but its pixels, and what was set apart for other programs than the page.
        """
        self.refuse_changed(read)
        kept, end = (for_page(executed), _SHOWN) if self.shown else (results_only(executed), _WHOLE)
        path = self._put(notebook, self.key(notebook, values, findings), read, kept, end)
        self._listed.setdefault(_beginning(path), set()).add(path)
        return path

    def load(self, path: Path) -> dict:
        """Return a run with what is kept of its cells. Raises NotebookFailed if the file is damaged."""
        if not (content := self._read(path)):
            raise NotebookFailed(f"{self.folders.shown(path)} was damaged while it was needed; run it again")
        return content["executed"]

    def forget(self, notebooks: Iterable[Notebook], needed: int) -> None:
        """Delete the least recently used runs of each notebook, but none of the last `needed`; fewer of those shown."""
        for notebook in notebooks:
            self._forget_oldest(notebook, max(KEPT, needed), _SHOWN)
            self._forget_oldest(notebook, max(KEPT_OF_SWEEPS, needed))


def _beginning(path: Path) -> str:
    """Return the notebook and the key in the name of a kept run.

    >>> _beginning(Path("20_growth-0a1b-2c3d-shown.json")), _beginning(Path("20_growth-0a1b-2c3d.json"))
    ('20_growth-0a1b', '20_growth-0a1b')
    """
    return path.name.removesuffix(_SHOWN).removesuffix(_WHOLE).rpartition("-")[0]


def results_only(executed: Mapping) -> dict:
    """Return the code cells of a run with only the findings and verdicts of their outputs."""
    cells = []
    for cell in executed["cells"]:
        if cell["cell_type"] == "code":
            bundles = [output.get("data", {}) for output in cell["outputs"]]
            found = [{mime: data[mime] for mime in sorted({*extract.RESULTS} & data.keys())} for data in bundles]
            outputs = [{"output_type": "display_data", "metadata": {}, "data": data} for data in found if data]
            cells.append({"cell_type": "code", "id": cell["id"], "outputs": outputs})
    return {"cells": cells}


def for_page(executed: Mapping) -> dict:
    """Return the cells of a run with what a page shows of them: of exhibits without the forms for other programs.

    The cell in which papermill sets parameters is no part of the page: a run in a copy has none.
    """
    cells = []
    for cell in executed["cells"]:
        if cell["cell_type"] == "code" and cell["id"] != INJECTED:
            outputs = [_for_page(output) for output in cell["outputs"]]
            cells.append({"cell_type": "code", "id": cell["id"], "outputs": outputs})
        elif cell["cell_type"] == "markdown":
            cells.append({name: cell[name] for name in ("cell_type", "id", "metadata")})
    return {"cells": cells}


def _for_page(output: Mapping) -> dict:
    """Return an output; one of an exhibit without pixels and HTML."""
    data = output.get("data", {})
    others = ("image/png", "text/html") if not {extract.TABLE, extract.FIGURE}.isdisjoint(data) else ()
    return {**output, **({"data": {kind: data[kind] for kind in data if kind not in others}} if data else {})}


def _is_file(label: str) -> bool:
    """Return whether a label is that of a file, and neither of a folder nor of the findings of other notebooks."""
    return label[-1] not in "/:" and not label.startswith(f"{_FINDINGS}:")


def _file_name(label: str) -> str:
    """Return the path of a file from the repository's root, or the label of one that is elsewhere.

    >>> _file_name("data:claims.csv"), _file_name(":notebooks/claims/words.py"), _file_name("/srv/far.csv")
    ('data/claims.csv', 'notebooks/claims/words.py', '/srv/far.csv')
    """
    folders = {"data": "data/", "": ""}
    name, colon, path = label.partition(":")
    return folders[name] + path if colon and name in folders else label


def merge_cells(notebook: Notebook, executed: Mapping) -> dict | None:
    """Return the notebook as it is now with the results of a run of the same code.

    None if the text has an inline expression that this run has no value for.
    """
    merged = fill_cells(notebook, executed)
    is_filled = not any(without_results(cell) for cell in merged["cells"] if cell["cell_type"] == "markdown")
    return merged if is_filled else None


def fill_cells(notebook: Notebook, executed: Mapping) -> dict:
    """Return the notebook as it is now with the results of a run of the same code, as far as it has any."""
    ran = {cell["id"]: cell for cell in executed["cells"] if cell["cell_type"] == "code"}
    injected = [ran[INJECTED]] if INJECTED in ran else []
    filled, cells = iter(with_earlier_results(notebook.source["cells"], executed["cells"])), []
    for cell in notebook.source["cells"]:
        match cell["cell_type"]:
            case "code":
                cells.append({**cell, **ran[cell["id"]]})
            case "markdown":
                cells.append(next(filled))
            case _:
                cells.append(cell)
        if PARAMETERS in tags(cell) and injected:
            cells.append(injected.pop())
    return {**notebook.source, "cells": [*injected, *cells]}
