"""A build from the ledger to the published report: each step is one line of `build`."""

from __future__ import annotations

import json
import re
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from claims.ledger import readings

from report import digests, progress, publish
from report.folders import Folders
from report.proof import chain, crate, manifest, pins
from report.proof.check import read_ledger
from report.runs import execute, extract, inputs, parameters, selection, sweep
from report.runs.reuse import Runs, SweptRuns
from report.runs.selection import Notebook
from report.stops import ChangedMeanwhile, NotebookFailed, Stop, WrongInput

if TYPE_CHECKING:
    from claims.ledger.model import Ledger

NAME_LENGTH = 60


@dataclass(frozen=True)
class Request:
    """What somebody asks to be built."""

    only: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    file: Path | None = None
    data: Path | None = None
    output: Path | None = None
    workers: int = 2
    engine: str | None = None
    fresh: bool = False
    quiet: bool = False


@dataclass
class Plan:
    """What a build does: which notebooks, with which values, and whether its result is the one to publish."""

    request: Request
    folders: Folders
    runs: Runs = field(repr=False)
    notebooks: list[Notebook]
    selected: list[Notebook]
    declared: Mapping[str, parameters.Declared]
    values: dict[str, object]
    inputs: Mapping[str, str] = field(repr=False)
    grid: sweep.Grid | None = field(default=None, repr=False)

    @cached_property
    def ledger(self) -> Ledger:
        """Return the ledger. Raises WrongInput with every problem it has."""
        return read_ledger(self.folders.ledger)

    @property
    def executes(self) -> bool:
        """Return whether a notebook has to be run, as far as that is known before any has."""
        first = selection.in_waves(self.selected)[0]
        return len(self.runs.of(first, self.values)) < len(first)

    @property
    def sweeps(self) -> bool:
        """Return whether there are other readings, and a notebook that may ask what others say under them."""
        return bool(self.grid) and len(selection.in_waves(self.selected)) == 2

    @property
    def complete(self) -> bool:
        """Return whether all notebooks run with their defaults, so that the pins must fit."""
        return not self.values and len(self.selected) == len(self.notebooks)

    @property
    def publishes(self) -> bool:
        """Return whether the result is the published report."""
        return self.complete and self.folders.data is None and self.request.output is None

    @property
    def apart(self) -> Path:
        """Return the folder of a result that is not published."""
        return self.request.output or self.folders.build / (named(self) or "preview")


def build(request: Request, folders: Folders | None = None) -> None:
    """Build what `request` asks for. Raises Stop, saying why, if it cannot; what is published has then not changed."""
    folders = folders or Folders()
    shown = progress.suited(request.quiet)
    plan = planned(request, folders)
    with execute.starting(request.engine, folders) as kernels:
        if plan.executes:
            _ = kernels.started  # a process that imports while this one goes on
        _ = plan.ledger
        said, report = made(plan, shown, kernels)
    refuse(plan, report, said)
    if not request.quiet:
        print(report.tally, said, sep="\n")


@dataclass(frozen=True)
class Product:
    """What a build makes: figures and the rest of the report as files by name, and what is known of them.

    `compared` is how its verdicts compare with their pins, `tally` what became of its numbers.
    """

    figures: Mapping[str, bytes] = field(repr=False)
    report: Mapping[str, bytes] = field(repr=False)
    compared: pins.Comparison
    tally: chain.Tally


def apart(request: Request, folders: Folders) -> tuple[Product, list[Stop]]:
    """Return what a build in these folders makes, which is not written, and what would keep it from being published."""
    shown, plan = progress.suited(request.quiet), planned(request, folders)
    with execute.starting(request.engine, folders) as kernels, shown.shown():
        _ = kernels.started
        _ = plan.ledger  # what is wrong with it is told before anything is run
        made = product(plan, shown, kernels)
    return made, objections(plan, made)


def made(plan: Plan, shown: progress.Progress, kernels: execute.Kernels) -> tuple[str, Product]:
    """Make the report of a plan and put it where it belongs; return where that is, and the report."""
    with publish.locked(plan.folders, shown.made):
        publish.recover(plan.folders)
        with shown.shown():
            made = product(plan, shown, kernels)
        return put(plan, made), made


def product(plan: Plan, shown: progress.Progress, kernels: execute.Kernels) -> Product:
    """Return the report of a plan, as it would be written."""
    executed, swept = run(plan, shown, kernels)
    if plan.publishes:
        refuse_foreign_files(plan)
    findings = extract.findings(executed)
    verdicts = extract.verdicts(executed)
    compared = pins.check(verdicts, plan.ledger.known.values())
    document = assembled(plan, executed, findings, verdicts)
    report, tally = exported(document, shown, plan.runs, lambda: results(executed, findings) | swept)
    for path in plan.runs.damaged:
        shown.made(f"{path} was damaged: made again")
    figures = extract.figures(executed)
    return Product(
        figures, report | of_this(plan, executed, len(findings), figures, report, compared, tally), compared, tally
    )


def planned(request: Request, folders: Folders) -> Plan:
    """Return the plan, all of it but the ledger checked."""
    folders = folders.of_ledger(request.data)
    files = inputs.inputs(folders)
    notebooks = selection.read_all(folders.notebooks)
    selection.refuse_unclean(notebooks)
    selected = selection.select(notebooks, request.only)
    declared = parameters.declarations(folders.notebooks / "parameters.yaml")
    values = parameters.chosen(declared, notebooks, selected, request.options, request.file)
    if request.output:
        publish.refuse_others_folder(folders, request.output)
    file = folders.notebooks / readings.FILE
    grid = sweep.grid(file, declared, notebooks) if file.exists() else None
    return Plan(request, folders, Runs(folders, request.fresh), notebooks, selected, declared, values, files, grid)


def run(plan: Plan, shown: progress.Progress, kernels: execute.Kernels) -> tuple[dict, dict[str, bytes]]:
    """Return the executed notebooks, with nothing in them that another run would not repeat, and sweep.csv if made."""
    from report.runs import canonical

    execute.forget_failures(plan.notebooks, plan.folders)
    swept: dict[str, bytes] = {}
    with handover() as handed_on:

        def hand_on(done: Mapping) -> Path | None:
            if plan.sweeps:
                swept[readings.SWEPT] = under_every_reading(plan, done, shown, kernels)
            files = {"findings.json": extract.findings_json(known_so_far(plan, done)), **swept}
            for name, data in files.items():
                (handed_on / name).write_bytes(data)
            return handed_on if done else None

        executed = execute.execute(
            plan.selected,
            plan.values,
            plan.folders,
            shown,
            kernels,
            plan.request.workers,
            hand_on,
            plan.runs,
            load_exporters,
        )
        canonical.refuse_traces(executed, [plan.folders.root, plan.folders.ledger, handed_on])
    extract.refuse_faulty(executed)
    return executed, swept


def under_every_reading(
    plan: Plan, done: Mapping[str, Mapping], shown: progress.Progress, kernels: execute.Kernels
) -> bytes:
    """Return sweep.csv, for notebooks that this build leaves out as published. What it has just run is not run again.

    On the repository's own ledger every reading has to succeed; on another one, what fails is told and left out.
    """
    known = {
        sweep.key(notebook, plan.values): (done[notebook.name], plan.runs.read[notebook.name])
        for notebook in plan.selected
        if notebook.name in done
    }
    runs = SweptRuns(plan.folders, plan.request.fresh)
    swept = sweep.run(plan.grid.of(plan.selected), runs, shown, kernels, plan.request.workers, known)
    if plan.folders.data is None:
        swept.refuse_failures()
    for name, failure in swept.left_out().items():
        print(f"sweep: the reading {name} is left out: {failure.told}", file=sys.stderr)
    plan.runs.damaged += runs.damaged
    return sweep.completed(swept, plan.grid, plan.folders.published / readings.SWEPT)


def load_exporters() -> None:
    """Import what the pages are made with, which takes a while, so that it is there when the notebooks are done."""
    for name in ("fontTools.subset", "lxml.etree", "pikepdf", "pypandoc", "typst"):
        import_module(name)
    import_module("report.pages.exporters")


@contextmanager
def handover() -> Iterator[Path]:
    """Give a temporary folder for the findings that later notebooks read."""
    with TemporaryDirectory(prefix="ledger-findings-") as folder:
        yield Path(folder)


def known_so_far(plan: Plan, done: Mapping) -> list[dict]:
    """Return the findings of this run so far, and the published ones of notebooks that this run leaves out."""
    left_out = {notebook.name for notebook in plan.notebooks} - {notebook.name for notebook in plan.selected}
    published = plan.folders.published / "findings.json"
    try:
        earlier = json.loads(published.read_text(encoding="utf-8"))["findings"] if left_out else []
        found = extract.findings(done) + [finding for finding in earlier if finding["notebook"] in left_out]
    except FileNotFoundError:
        found = extract.findings(done)
    except (ValueError, KeyError, TypeError):
        raise WrongInput(f"{plan.folders.shown(published)} cannot be read; make report builds it anew") from None
    return sorted(found, key=lambda finding: finding["id"])


def assembled(plan: Plan, executed: Mapping, findings: Sequence[Mapping], verdicts: Sequence[Mapping] = ()):
    """Return the one document both exporters read. Raises NotebookFailed if the notebooks do not make one."""
    from report.pages import appendices, front
    from report.pages.assemble import AssembleError, assemble

    card = appendices.run_card_table(plan.selected, plan.values, plan.declared)
    reading = appendices.run_reading(plan.selected, plan.values)
    about = front.title_page(plan.ledger, findings) | {"attachments": front.attachments(attached(plan, findings))}
    whole = len(plan.selected) == len(plan.notebooks)
    try:
        return assemble(
            executed,
            {"run_card": card, **appendices.appendix_tables(plan.ledger, findings, verdicts, reading)},
            about,
            strict=whole and not plan.values,  # another reading may lack what the text leads to
        )
    except AssembleError as error:
        raise NotebookFailed(str(error)) from None


def attached(plan: Plan, findings: Sequence[Mapping]) -> dict[str, bytes]:
    """Return the files the PDF carries: the ledger's tables with their description, the findings, the notebooks."""
    names = ["datapackage.json", *(resource["path"] for resource in plan.ledger.package["resources"])]
    ledger = {name: (plan.folders.ledger / name).read_bytes() for name in names}
    notebooks = {notebook.path.name: notebook.path.read_bytes() for notebook in plan.selected}
    return {**ledger, **notebooks, "findings.csv": extract.findings_csv(findings)}


def exported(
    document, shown: progress.Progress, runs: Runs, beside: Callable[[], dict[str, bytes]]
) -> tuple[dict[str, bytes], chain.Tally]:
    """Return the report as HTML and as PDF, with the files of `beside`, and the tally of its numbers.

    Tally and files are made while the PDF is set.
    """
    from report.pages import html, typst
    from report.pages.reading import read

    draft, typst_works = read(document), threading.Event()  # which leaves Python to others, and takes longest
    with runs.texts() as known, ThreadPoolExecutor(max_workers=1) as meanwhile:
        setting = meanwhile.submit(typst.pdf, draft, typst_works.set, known)
        setting.add_done_callback(lambda _: typst_works.set())
        html.converted(draft, known)
        typst_works.wait()
        from report.pages.exporters import ReportHTMLExporter  # and with it nbconvert, which takes a while

        page = ReportHTMLExporter().from_draft(draft, conversions=known)
        shown.made("report.html")
        tally, files = chain.walked(page), beside()
        pdf = setting.result()
    shown.made("report.pdf")
    return {**files, "report.html": page.encode("utf-8"), "report.pdf": pdf}, chain.with_pdf(tally, pdf)


def results(executed: Mapping, findings: Sequence[Mapping]) -> dict[str, bytes]:
    """Return the executed notebooks and the findings as the files they become."""
    from report.runs import canonical

    return {
        "findings.csv": extract.findings_csv(findings),
        "findings.json": extract.findings_json(findings),
        **{f"notebooks/{name}.ipynb": canonical.as_bytes(notebook) for name, notebook in executed.items()},
    }


def of_this(
    plan: Plan,
    executed: Mapping,
    findings: int,
    figures: Mapping[str, bytes],
    report: Mapping[str, bytes],
    compared: pins.Comparison,
    tally: chain.Tally,
) -> dict[str, bytes]:
    """Return manifest.json and the crate, if the result is the one to publish: of another, nothing is to be proved."""
    if not plan.publishes:
        return {}
    from report.pages.front import ABOUT

    folders = plan.folders
    counts = {
        "notebooks": len(executed),
        "cells": sum(cell["cell_type"] == "code" for notebook in executed.values() for cell in notebook["cells"]),
        "figures": sum(name.endswith(".svg") for name in figures),
        "claims": len(plan.ledger.claims),
        "findings": findings,
        "verdicts": compared.compared,
        "numbers_resolved": sum(tally.resolved.values()),
        "numbers_exempt": sum(tally.exempt.values()),
        "links_in_pdf": tally.links.total if tally.links else 0,
    }
    if plan.sweeps:
        counts |= {"readings": len(plan.grid.readings), "runs_swept": len(plan.grid.runs)}
    told = [
        manifest.of_notebook(notebook, parameters.in_force(notebook, plan.values), plan.runs.files(notebook))
        for notebook in plan.selected
    ]
    refuse_changed(plan)
    about, drawn = {**plan.ledger.package, "description": ABOUT}, extract.figures_by_notebook(executed)
    swept = [notebook.name for notebook in plan.selected if notebook.sweeps]
    crated = {crate.FILE: crate.of(about, plan.inputs, told, report, drawn, swept)}
    files = placed(folders, figures, {**report, **crated})
    return {**crated, manifest.FILE: manifest.of(plan.inputs, told, inputs.environment(folders), files, counts)}


def placed(folders: Folders, figures: Mapping[str, bytes], report: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files of a report by their names from the repository's root, where they are published."""
    return {
        f"{folders.shown(folder)}/{name}": data
        for folder, files in ((folders.figures, figures), (folders.published, report))
        for name, data in files.items()
    }


def refuse_changed(plan: Plan) -> None:
    """Raise ChangedMeanwhile if an input is not what it was when the build began."""
    if changed := digests.changed(plan.inputs, inputs.inputs(plan.folders)):
        raise ChangedMeanwhile(
            f"{', '.join(changed)} changed while the report was built; nothing is published; build again"
        )


def refuse_foreign_files(plan: Plan) -> None:
    """Raise NotebookFailed if a notebook has read what nobody else has, or what no manifest watches."""
    problems = [
        f"{notebook.name} reads {file}, which is no input of the report; put it into data/"
        for notebook in plan.selected
        for file in plan.runs.files(notebook)
        if file not in plan.inputs
    ]
    if problems:
        raise NotebookFailed.listing("files", problems)


def put(plan: Plan, made: Product) -> str:
    """Write the report where it belongs, and return a sentence that says where that is."""
    pictures = sum(name.endswith(".svg") for name in made.figures)
    counts = f"notebooks: {len(plan.selected)}, figures: {pictures}"
    if plan.complete:
        counts += f", verdicts compared with their pins: {made.compared.compared}"
    if plan.publishes and made.compared.agrees and made.tally.holds:
        changed = publish.publish(plan.folders, made.figures, made.report)
        manifest.confirm(plan.folders, made.report[manifest.FILE])
        where = plan.folders.shown(plan.folders.published / "report.html")
        return f"{'published' if changed else 'nothing changed'}: {where} and report.pdf ({counts})"
    target = plan.apart
    publish.write_apart(
        plan.folders, target, {**{f"figures/{name}": data for name, data in made.figures.items()}, **made.report}
    )
    return f"not published, written to {plan.folders.shown(target / 'report.html')} and report.pdf ({counts})"


def refuse(plan: Plan, made: Product, said: str) -> None:
    """Raise a Stop with everything that keeps the report from being published."""
    if stops := objections(plan, made):
        raise type(stops[-1])("\n".join([*map(str, stops), said]))


def objections(plan: Plan, made: Product) -> list[Stop]:
    """Return everything that keeps a report from being published."""
    stops: list[Stop] = []
    if plan.publishes:
        stops += chain.stop(made.tally)
    if plan.complete:
        stops += pins.stop(made.compared, plan.folders.shown(plan.folders.ledger / pins.FILE))
    return stops


def named(plan: Plan) -> str:
    """Return a folder's name that says what was changed, the same for the same change."""
    parts = [f"{name}-{parameters.written(value)}" for name, value in plan.values.items()]
    if len(plan.selected) < len(plan.notebooks):
        parts.insert(0, "only-" + "-".join(notebook.name for notebook in plan.selected))
    if plan.folders.data:
        parts.append(f"data-{plan.folders.data.name}")
    exact = "+".join(parts)
    plain = re.sub(r"[^A-Za-z0-9_.+-]+", "-", exact).strip("-.")
    if plain == exact and len(plain) <= NAME_LENGTH:
        return plain
    return f"{plain[:NAME_LENGTH]}-{digests.digest(exact.encode())[:6]}"
