"""The plan of a build: which notebooks, with which values, and whether its result is the one to publish."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from claims.ledger import readings

from report import digests, outputs
from report.command.export import PAGES
from report.estimate import Stage
from report.folders import Folders
from report.kernels.private import CELL_TIMEOUT
from report.runs import cited_works, clean, inputs, parameters, selection, shown_readings, sweep
from report.runs.printed import read_ledger_with_figures
from report.runs.reuse import Runs
from report.runs.selection import Notebook

if TYPE_CHECKING:
    from claims.ledger.model import Ledger

__all__ = ["Plan", "Request", "RunRequest", "plan_build"]

_NAME_LENGTH = 60


@dataclass(frozen=True, kw_only=True)
class RunRequest:
    """The options of every command that runs notebooks."""

    data: Path | None = None
    output: Path | None = None
    workers: int = 2
    engine: str | None = None
    cell_timeout: int = CELL_TIMEOUT
    fresh: bool = False
    quiet: bool = False


@dataclass(frozen=True)
class Request(RunRequest):
    """The options of a build."""

    only: Sequence[str] = ()
    options: Sequence[str] = ()
    file: Path | None = None


@dataclass
class Plan:
    """What a build does; `values` differ from the defaults.

    `inputs` are hashes of files when the build began, and `signatures` what changes whenever one of them is written.
    """

    request: Request
    folders: Folders
    runs: Runs = field(repr=False)
    notebooks: list[Notebook]
    selected: list[Notebook]
    declared: Mapping[str, parameters.Parameter]
    values: dict[str, object]
    inputs: Mapping[str, str] = field(repr=False)
    signatures: Mapping[str, object] = field(repr=False)
    grid: sweep.Grid | None = field(default=None, repr=False)

    @cached_property
    def ledger(self) -> Ledger:
        """Return the ledger. Raises WrongInput with every problem it has, or if it has no figures."""
        return read_ledger_with_figures(self.folders.ledger)

    @property
    def executes(self) -> bool:
        """Return whether a notebook has to be run, as far as that is clear before any has."""
        first_wave = selection.in_waves(self.selected)[0]
        return len(self.runs.of(first_wave, self.values)) < len(first_wave)

    @property
    def swept_grid(self) -> sweep.Grid | None:
        """Return the grid to sweep, None if no selected notebook reads the results of other readings."""
        return self.grid if len(selection.in_waves(self.selected)) == 2 else None

    @property
    def stages(self) -> list[Stage]:
        """Return the parts of the build that take time, by stage: the notebooks, the sweep between them, the pages."""
        waves = [tuple(notebook.name for notebook in wave) for wave in selection.in_waves(self.selected)]
        stages = [Stage(wave, self.request.workers) for wave in waves]
        if self.swept_grid:
            stages.insert(1, Stage((sweep.PART,)))
        if self.shows_readings:
            stages.append(Stage((shown_readings.PART,)))
        return [*stages, Stage(PAGES, len(PAGES))]

    @property
    def complete(self) -> bool:
        """Return whether all notebooks run with their defaults, so that verdicts are compared with their pins."""
        return not self.values and len(self.selected) == len(self.notebooks)

    @property
    def shows_readings(self) -> bool:
        """Return whether the page can also be read under the other declared readings."""
        return self.complete and self.swept_grid is not None

    @property
    def publishes(self) -> bool:
        """Return whether the result is the published report."""
        return self.complete and self.folders.data is None and self.request.output is None

    @property
    def output(self) -> Path:
        """Return the folder of a result that is not published."""
        return self.request.output or self.folders.build / (self._folder_name() or "preview")

    def _folder_name(self) -> str:
        """Return a folder's name that shows what was changed, the same for the same change."""
        parts = [f"{name}-{parameters.format_value(value)}" for name, value in self.values.items()]
        if len(self.selected) < len(self.notebooks):
            parts.insert(0, "only-" + "-".join(notebook.name for notebook in self.selected))
        if self.folders.data:
            parts.append(f"data-{self.folders.data.name}")
        exact = "+".join(parts)
        plain = re.sub(r"[^A-Za-z0-9_.+-]+", "-", exact).strip("-.")
        if plain == exact and len(plain) <= _NAME_LENGTH:
            return plain
        return f"{plain[:_NAME_LENGTH]}-{digests.digest(exact.encode())[:6]}"


def plan_build(request: Request, folders: Folders) -> Plan:
    """Return the plan of a request. Raises WrongInput if anything but the ledger, which is not read yet, is wrong."""
    folders = folders.of_ledger(request.data)
    signatures, files = inputs.sign_inputs(folders), inputs.hash_inputs(folders)
    every, subject = selection.read_all(folders.notebooks), selection.subject_of(folders.ledger)
    files |= {folders.shown(each.path): digests.digest(clean.as_file(each.source)) for each in every}  # as just read
    selection.refuse_faulty(every)
    cited_works.refuse_unlisted(every, folders.works)
    notebooks = selection.fitting(every, subject)
    selected = selection.select(notebooks, request.only)
    declared = parameters.load_parameters(folders.notebooks / "parameters.yaml")
    values = parameters.choose_values(declared, every, selected, request.options, request.file)
    if request.output:
        outputs.check_folder(folders, request.output)
    file = folders.notebooks / readings.FILE
    grid = sweep.build_grid(file, declared, every).limit_to(notebooks, subject) if file.exists() else None
    notes = [*selection.notes_on_files(folders.notebooks, every), selection.left_out(every, subject)]
    for note in [] if request.quiet else filter(None, notes):
        print(note)
    runs = Runs(folders, request.fresh, inputs=files)
    return Plan(request, folders, runs, notebooks, selected, declared, values, files, signatures, grid)
