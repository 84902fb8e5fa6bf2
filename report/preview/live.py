"""The report as its inputs are now: what has changed is run and rendered, the rest is as it was.

A notebook runs again only if its run cannot be reused (`report.runs.reuse`): prose alone executes nothing, and of the
notebook edited last only what has changed (`report.preview.replays`). Notebooks that read findings run when these have
changed. The readings are not swept: their results are those of the last build.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from claims.ledger import readings
from claims.ledger.subject import causes_of

from report.folders import Folders
from report.kernels.engine import kernels
from report.kernels.private import CELL_TIMEOUT
from report.pages.html import PageParts
from report.preview.rendering import Renderer, Sources
from report.preview.replays import Replays
from report.progress import Progress
from report.proof import assertions, chain, pins
from report.runs import canonical, cited_works, extract, parameters, selection
from report.runs.execute import Begun, KernelSource, execute
from report.runs.printed import read_ledger_with_figures
from report.runs.reuse import Runs
from report.runs.selection import Notebook
from report.stops import NotebookFailed, Stop, Unchained

__all__ = ["LiveReport", "Options"]

_FEW = 3  # chapters that are rendered faster than the whole page
Send = Callable[[Mapping[str, Any]], None]
_STALE = (
    "results of other readings, and with them how firm headlines are, are those of the last build; "
    "make report runs the readings again"
)


@dataclass(frozen=True)
class Options:
    """What is previewed: another ledger, other values of parameters; and how notebooks run."""

    data: Path | None = None
    options: Sequence[str] = ()
    file: Path | None = None
    workers: int = 2
    engine: str | None = None
    cell_timeout: int = CELL_TIMEOUT


class _Interrupted(Exception):
    """Something has been saved again before a run has begun."""


class _Sent(Progress):
    """Progress that is sent to the page."""

    def __init__(self, send: Send) -> None:
        self._send = send

    def step(self, name: str, position: int, steps: int) -> None:
        """Send which cell runs."""
        self._send({"kind": "busy", "text": f"{name}: cell {position} of {steps}"})


class LiveReport(ExitStack):
    """The report of a repository while it is edited; what is to be shown is passed to `send` as JSON.

    A context manager: the process that kernels are forked from starts with the block, and ends with it.
    """

    def __init__(self, root: Path, options: Options, send: Send) -> None:
        super().__init__()
        self._options, self._send = options, send
        self._folders = Folders(root).of_ledger(options.data)
        self._runs = Runs(self._folders, pieced=True)
        self._sources: Sources | None = None
        self._executed: dict[str, Mapping] = {}
        self._findings = b""
        self._whole = False  # whether the page shown is the whole one, and up to date
        self._running: set[str] = set()
        self._unread = True  # whether inputs besides notebooks have to be read
        self._problems: dict[str, str] = {}
        self._edited: Collection[str] = ()  # the notebooks that were saved last
        self._unfinished: set[str] = set()  # notebooks whose runs were ended

    def __enter__(self) -> LiveReport:
        super().__enter__()
        with self._runs.texts() as texts:
            texts.update(dict(texts))  # what is set stays on disk
            self._renderer = Renderer(dict(texts))
        how = self._options
        self._kernels = self.enter_context(KernelSource(how.engine, self._folders, how.cell_timeout))
        _ = self._kernels.engine_arguments  # starts a process that imports while this one continues
        self._replays = Replays(self._folders, self._runs, self._kernels)
        self.callback(self._replays.close)
        self._exported = Path(self.enter_context(TemporaryDirectory(prefix="ledger-findings-")))
        return self

    def update(self, changed: Collection[str] | None = None) -> None:
        """Bring the page up to date after these notebooks have changed, or anything else if it is None."""
        changed = None if self._unread else changed
        self._edited = changed or self._edited
        if changed is not None:
            changed, self._unfinished = {*changed, *self._unfinished}, set()
        self._problems = {} if changed is None else self._other_problems(changed)
        self._whole, self._unread = False, changed is None
        try:
            self._update(changed)
            self._unread = False
        except Stop as stop:
            self._problems["report"] = str(stop)
            self._unfinished |= {*(changed or ())}
        except Exception:  # shown in the page, whatever it is
            self._problems["report"] = traceback.format_exc()
            self._unfinished |= {*(changed or ())}
        self._send_state()

    def interrupt(self, saved: Collection[str] | None) -> None:
        """End the runs of these notebooks, of all if it is None: called in another thread when they have changed again.

        The last good run of each stays until it has run again; the runs of others go on.
        """
        if saved is None and self._running:
            kernels.end_all()
        elif names := self._running.intersection(saved or ()):
            kernels.end(names)

    def finish(self, is_waiting: Callable[[], bool] = lambda: False) -> None:
        """Send the whole page, checked, if it is not shown; stop early if something else `is_waiting`."""
        if self._whole or not self._sources or not self._complete():
            return
        notes: list[str] = []
        try:
            for parts in self._renderer.render_page(self._sources, self._executed):
                if parts:
                    self._send({"kind": "page", "before": parts.before, "blocks": parts.blocks, "after": parts.after})
                if is_waiting():
                    return
            if parts:
                notes = self._notes(parts)
        except Stop as stop:
            self._problems["report"] = str(stop)
        self._whole = True
        self._send_state(notes)

    def prepare(self) -> None:
        """Do now what the next update would have to wait for."""
        import_module("papermill")
        if self._sources and self._renderer.draft:
            self._renderer.prepare(self._sources, self._executed)

    def replay(self) -> None:
        """Begin to replay the notebooks that were saved last, so that the next save has less to run."""
        if not self._sources:
            return
        with suppress(OSError):  # a file that has gone; the next update reports it
            notebooks = self._sources.notebooks
            edited = self._edited or {max(notebooks, key=lambda notebook: notebook.path.stat().st_mtime).name}
            for notebook in notebooks:
                if notebook.name in edited and notebook.name not in self._problems:
                    findings = self._exported if notebook.reads_findings else None
                    self._replays.prepare(notebook, self._values, findings)

    def typeset(self) -> Callable[[], bytes]:
        """Return a function that sets the PDF of the last whole page; it may be called in another thread."""
        from report.pages import typst

        draft, texts = self._renderer.draft, self._renderer.texts
        if draft is None:
            raise NotebookFailed("there is no page yet; look at the page for what prevents it")
        return lambda: typst.pdf(draft, conversions=texts)

    # -- what has changed ---------------------------------------------------------------------------------------------

    def _update(self, saved: Collection[str] | None) -> None:
        before = [notebook.name for notebook in self._sources.notebooks] if self._sources else []
        self._sources = self._read_sources(saved)
        names = [notebook.name for notebook in self._sources.notebooks]
        changed = {*names} if saved is None or names != before else {*saved}
        self._executed = {name: self._executed[name] for name in names if name in self._executed}
        for wave in selection.in_waves(self._sources.notebooks):
            reads_findings = wave[0].reads_findings
            if reads_findings and self._export_findings(self._sources.notebooks):
                changed |= {notebook.name for notebook in wave}
            waiting = [notebook for notebook in wave if notebook.name in changed]
            if reads_findings and not self._findings:  # the first run of the others has been ended
                self._unfinished |= {notebook.name for notebook in waiting}
                continue
            self._run_and_show(waiting, self._exported if reads_findings else None, saved)

    def _run_and_show(
        self, notebooks: Sequence[Notebook], findings: Path | None, saved: Collection[str] | None
    ) -> None:
        """Run notebooks, and show their chapters; readers are led to a notebook that was saved."""
        if notebooks:
            self._run(notebooks, findings)
            names = [notebook.name for notebook in notebooks]
            self._show(names, leads=not {*names}.isdisjoint(saved or ()))

    def _read_sources(self, changed: Collection[str] | None) -> Sources:
        """Return the inputs; the ledger and the parameters are read again if anything but notebooks has changed."""
        folders, options = self._folders, self._options
        every = selection.read_all(folders.notebooks, patient=True)  # JupyterLab may be writing one
        selection.refuse_faulty(every)
        cited_works.refuse_unlisted(every, folders.works)
        notebooks = selection.fitting(every, selection.subject_of(folders.ledger))
        if self._sources and changed is not None:
            declared, ledger = self._sources.declared, self._sources.ledger
        else:
            declared = parameters.load_parameters(folders.notebooks / "parameters.yaml")
            ledger = read_ledger_with_figures(folders.ledger)
        values = parameters.choose_values(declared, every, notebooks, options.options, options.file)
        return Sources(notebooks, values, declared, ledger)

    def _run(self, notebooks: Sequence[Notebook], findings: Path | None) -> None:
        """Run notebooks, or reuse earlier runs; one that fails keeps its last good run, and its problem is noted."""
        values = self._values
        waiting = self._evaluate(notebooks, findings)
        while waiting:
            self._running = {notebook.name for notebook in waiting}
            try:
                runs = execute(
                    waiting,
                    values,
                    self._folders,
                    _Sent(self._send),
                    self._kernels,
                    self._options.workers,
                    lambda _: findings,
                    self._runs,
                    begin=lambda notebook: self._begin(notebook, findings),
                )
            except _Interrupted:
                self._unfinished |= self._running
                return
            except NotebookFailed as stop:
                self._problems |= stop.texts
                waiting = [notebook for notebook in waiting if notebook.name not in stop.texts]
                if not stop.texts:
                    raise
                continue
            finally:
                self._running = set()
            self._unfinished |= {notebook.name for notebook in waiting} - runs.keys()
            self._executed |= {name: run for name, run in runs.items() if run != self._executed.get(name)}
            order = [notebook.name for notebook in self._sources.notebooks] if self._sources else []
            self._executed = {name: self._executed[name] for name in order if name in self._executed}
            canonical.refuse_traces(runs, [self._folders.root, self._folders.ledger, self._exported])
            return

    def _evaluate(self, notebooks: Sequence[Notebook], findings: Path | None) -> list[Notebook]:
        """Evaluate new expressions where only prose has changed; return the notebooks without a problem in them."""
        kernels.open()
        self._running, waiting = {notebook.name for notebook in notebooks}, []
        for notebook in notebooks:
            if failure := self._replays.evaluate(notebook, self._values, findings):
                self._problems[notebook.name] = str(failure)
            elif kernels.closed:  # something has been saved again
                self._unfinished.add(notebook.name)
            else:
                waiting.append(notebook)
        self._running = set()
        return waiting

    def _begin(self, notebook: Notebook, findings: Path | None) -> Begun | None:
        """Return the cells of a notebook that need not run. Raises _Interrupted if something was saved meanwhile."""
        begun = self._replays.begin(notebook, self._values, findings)
        if kernels.closed:
            raise _Interrupted
        return begun

    @property
    def _values(self) -> Mapping[str, object]:
        return self._sources.values if self._sources else {}

    def _export_findings(self, every: Sequence[Notebook]) -> bool:
        """Write what notebooks read that read findings; return whether that has changed."""
        notebooks = [notebook for notebook in every if not notebook.reads_findings]
        executed = {each.name: self._executed[each.name] for each in notebooks if each.name in self._executed}
        content = extract.findings_json(extract.findings(executed))
        swept = self._folders.published / readings.SWEPT
        if content == self._findings or len(executed) < len(notebooks):
            return False
        self._findings = content
        (self._exported / "findings.json").write_bytes(content)
        if swept.exists():
            (self._exported / readings.SWEPT).write_bytes(swept.read_bytes())
        return True

    # -- what is shown ------------------------------------------------------------------------------------------------

    def _show(self, changed: Collection[str], leads: bool) -> None:
        """Send the chapters of these notebooks, if there is a page to put them into; of many, the whole page follows.

        `leads` is whether readers are led to what has changed.
        """
        if not self._sources or not self._complete() or not self._renderer.draft or len(changed) > _FEW:
            return
        for chapter in self._renderer.render_chapters(self._sources, self._executed, changed):
            anchor, blocks, rules = chapter.anchor, chapter.blocks, chapter.rules
            self._send({"kind": "chapter", "anchor": anchor, "blocks": blocks, "rules": rules, "leads": leads})

    def _complete(self) -> bool:
        """Return whether every notebook has a run to show."""
        return bool(self._sources) and len(self._executed) == len(self._sources.notebooks if self._sources else ())

    def _other_problems(self, changed: Collection[str]) -> dict[str, str]:
        """Return the problems of notebooks that have not changed since."""
        return {name: text for name, text in self._problems.items() if name not in changed and name != "report"}

    def _send_state(self, notes: Sequence[str] = ()) -> None:
        problems = [selection.name_cells(problem, self._folders.notebooks) for problem in self._problems.values()]
        self._send({"kind": "state", "problems": problems, "notes": list(notes), "whole": self._whole})

    def _notes(self, parts: PageParts) -> list[str]:
        """Return what would keep the page from being published, and what of it may be out of date."""
        assert self._sources
        stops: list[Stop] = []
        if not self._sources.values:
            ledger, verdicts = self._sources.ledger, extract.verdicts(self._executed)
            comparison = pins.compare_with_pins(verdicts, ledger.known.values())
            file = self._folders.shown(self._folders.ledger / pins.FILE)
            problems = chain.tally_page(str(parts)).problems
            stops += [Unchained.listing("numbers", problems)] if problems else []
            stops += assertions.refuted_stops(assertions.refuted(self._executed))
            stops += pins.pin_stops(comparison, file, causes_of(ledger.subject))
        return [*map(str, stops), *([_STALE] if self._is_stale() else [])]

    def _is_stale(self) -> bool:
        """Return whether a swept notebook finds something else than when the readings were swept."""
        assert self._sources
        swept = {notebook.name for notebook in self._sources.notebooks if notebook.sweeps}
        published = self._folders.published / "findings.json"
        now = [finding for finding in extract.findings(self._executed) if finding["notebook"] in swept]
        return _findings_of(swept, published) != extract.findings_json(now)


def _findings_of(notebooks: Collection[str], file: Path) -> bytes:
    """Return the findings of these notebooks in a file, as a file of their own; none if it cannot be read."""
    import json

    try:
        findings = json.loads(file.read_text(encoding="utf-8"))["findings"]
        return extract.findings_json([finding for finding in findings if finding["notebook"] in notebooks])
    except (OSError, ValueError, KeyError, TypeError):
        return b""
