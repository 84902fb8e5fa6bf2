"""What is wrong with the notebooks as they are now, found without running them: names, typed numbers, layout.

Names are those of the ledger, and the findings of a run of the same code, or else of the published one. A name that a
changed notebook may yet compute is not a problem but a note.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from claims.ledger import readings
from claims.ledger.loading import load_ledger
from claims.ledger.model import Ledger
from claims.results.finding import Finding
from claims.results.store import Results
from claims.tables.messages import count_noun

from report import digests
from report.expressions import join_lines
from report.folders import Folders
from report.proof import (
    descriptions,
    exhibit_list,
    manifest,
    notebook_rules,
    readme_numbers,
    typed_numbers,
    used_names,
)
from report.runs import extract, inputs, parameters, sweep
from report.runs.cell_names import describe_cell
from report.runs.reuse import Runs
from report.runs.selection import Notebook
from report.stops import WrongInput

__all__ = ["SourceReport", "check_sources", "unknown_names"]

_FEW = 3  # notes that are listed where nothing is published yet


@dataclass
class SourceReport:
    """What is wrong with the notebooks, each with place and remedy, and what is not known before they run."""

    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def check_sources(folders: Folders, notebooks: Sequence[Notebook]) -> SourceReport:
    """Return everything that is wrong with the notebooks as they are now. Raises LedgerError, WrongInput."""
    declared = parameters.load_parameters(folders.notebooks / "parameters.yaml")
    ledger = load_ledger(folders.ledger)
    known = _Known(folders, ledger)
    report = known.unknown_names(notebooks)
    report.problems[:0] = [*parameters.check_defaults(declared, notebooks), *_of_readings(folders, declared, notebooks)]
    chapters = {notebook.path.name for notebook in notebooks}
    for notebook in notebooks:
        links = notebook_rules.links_to_no_chapter(notebook, chapters)
        for index, problem in (*typed_numbers.find(notebook, known.texts), *notebook_rules.broken(notebook), *links):
            report.problems.append(_placed(notebook, index, problem))
    subject = known.ledger.subject
    if problem := typed_numbers.find_in_plain(subject.about):
        report.problems.append(f"notebooks/{subject.id}/subject.yaml, about: {problem}")
    report.problems += [*exhibit_list.find_problem(folders), *readme_numbers.find_problem(folders)]
    report.problems += descriptions.find_stale_counts(folders, ledger)
    return report


def _of_readings(folders: Folders, declared: Mapping, notebooks: Sequence[Notebook]) -> list[str]:
    """Return what is wrong with readings.yaml, such as a reading whose notebook is gone; nothing without the file."""
    file = folders.notebooks / readings.FILE
    if not file.exists():
        return []
    try:
        sweep.declared_readings(file, declared, notebooks)
    except WrongInput as problems:
        return [f"notebooks/{file.name}, {line.strip()}" for line in str(problems).splitlines()[1:]]
    return []


def unknown_names(folders: Folders, notebooks: Sequence[Notebook]) -> SourceReport:
    """Return the names in expressions and code that no figure and no finding has, and those not known before a run."""
    return _Known(folders, load_ledger(folders.ledger)).unknown_names(notebooks)


def _placed(notebook: Notebook, index: int | None, problem: str) -> str:
    place = "" if index is None else f", {describe_cell(notebook.source['cells'], index)}"
    return f"notebooks/{notebook.path.name}{place}: {problem}"


@dataclass
class _Known:
    """The figures of a ledger, and the findings of the last runs."""

    folders: Folders
    ledger: Ledger

    def unknown_names(self, notebooks: Iterable[Notebook]) -> SourceReport:
        """Return the names that are unknown, and those that are not known before their notebook runs."""
        report = SourceReport()
        for notebook in notebooks:
            results, exact = self.results_of(notebook)
            names = used_names.Lookup(results)
            for index, use in used_names.find(notebook):
                if problem := names.problem_of(use):
                    sure, others = exact or use.certain, self.elsewhere(use)
                    where = f"; it is a finding of {others}, quote it there" if sure and others else ""
                    unsure = (
                        "" if sure else "; unless a changed cell computes it: it is not known until the notebook runs"
                    )
                    text = _placed(notebook, index, f"{problem}{where}{unsure}")
                    (report.problems if sure else report.notes).append(text)
        if not self.published and len(report.notes) > _FEW:
            counted = count_noun(len(report.notes), "name")
            report.notes = [f"{counted} in the notebooks cannot be looked up before a report is published"]
        return report

    @cached_property
    def published(self) -> list[dict]:
        """Return the published findings, each with its notebook; none if they cannot be read."""
        try:
            return json.loads((self.folders.published / "findings.json").read_text(encoding="utf-8"))["findings"]
        except (OSError, ValueError, KeyError):
            return []

    @cached_property
    def _all(self) -> Results:
        return self._with(self.published)

    @cached_property
    def texts(self) -> dict[str, str]:
        """Return the name of a finding or figure by its value in words, that of the first of several."""
        texts: dict[str, str] = {}
        for row in self.published:
            texts.setdefault(row["text"], self._all.name_of(row["id"]))
        return texts

    def elsewhere(self, use: used_names.Use) -> str:
        """Return the notebook whose finding has this name, "" if there is none."""
        named = self._all.named[0]
        if use.kind == "name" or use.name not in named:
            return ""
        return next(row["notebook"] for row in self.published if row["id"] == named[use.name].id)

    def results_of(self, notebook: Notebook) -> tuple[Results, bool]:
        """Return what a notebook may name, and whether a run of it could not find more than that."""
        borrows = any("borrow_findings(" in join_lines(cell["source"]) for cell in notebook.code)
        run = None if borrows else Runs(self.folders, pieced=True).find_run(notebook, {})
        if run:
            return self._with(extract.findings({notebook.name: run["executed"]})), True
        own = self.published if borrows else self._published_by(notebook)
        return self._with(own), not self._may_find_more(notebook)

    def _published_by(self, notebook: Notebook) -> list[dict]:
        """Return the findings of a published run; findings.json has those of several notebooks only under the first."""
        try:
            path = self.folders.published / "notebooks" / notebook.path.name
            return extract.findings({notebook.name: json.loads(path.read_text(encoding="utf-8"))})
        except (OSError, ValueError):
            return []

    def _with(self, rows: Iterable[Mapping]) -> Results:
        results = Results(self.ledger)
        results.borrow({row["id"]: Finding.from_json(row) for row in rows})
        return results

    @cached_property
    def _changed(self) -> tuple[dict[str, Mapping], Collection[str]]:
        """Return the published runs by notebook, and the inputs that have changed since."""
        published = manifest.read_manifest(self.folders)
        if published is None:
            return {}, ()
        changed = digests.changed_names(published["inputs"], inputs.hash_inputs(self.folders))
        return {run["name"]: run for run in published["notebooks"]}, changed

    def _may_find_more(self, notebook: Notebook) -> bool:
        runs, changed = self._changed
        if notebook.name not in runs or {*runs[notebook.name]["reads"]} & {*changed}:
            return True
        path = self.folders.published / "notebooks" / notebook.path.name
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"] if path.exists() else []
        before = {join_lines(cell["source"]) for cell in cells if cell["cell_type"] == "code"}
        sources = (join_lines(cell["source"]) for cell in notebook.code)
        return any(source not in before and used_names.may_compute(source) for source in sources)
