"""A build from the ledger to the published report, in the order of its steps."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

from claims.ledger import readings
from claims.ledger.subject import causes_of
from claims.tables import locations

from report import digests, publish
from report.command.documents import assemble_document, other_readings, what_if
from report.command.export import export_pages
from report.command.plan import Plan, Request, plan_build
from report.folders import Folders
from report.progress import Progress, default_progress
from report.proof import assertions, chain, crate, manifest, pins
from report.proof.changed_sentences import write_changed_sentences
from report.proof.letters import notes_on_letters
from report.proof.same_figures import notes_on_relations
from report.runs import extract, inputs, parameters, sweep
from report.runs.execute import KernelSource, execute
from report.runs.reuse import SweptRuns
from report.runs.shown_readings import ShownReadings
from report.seals import DAMAGED
from report.stops import NotebookFailed, Stop, WrongInput

__all__ = [
    "BuiltReport", "Request", "assemble_document", "build", "export_pages", "plan_build", "published_paths", "rebuild",
]  # fmt: skip


@dataclass(frozen=True)
class BuiltReport:
    """The figures and the rest of the report as files by name, before they are written.

    `comparison` is that of the verdicts with their pins, `tally` counts the report's numbers by what became of them,
    `asserted` counts what sentences and headlines assert, and `refuted` lists what of it does not follow.
    """

    figures: Mapping[str, bytes] = field(repr=False)
    report: Mapping[str, bytes] = field(repr=False)
    comparison: pins.Comparison
    tally: chain.Tally
    asserted: int
    refuted: Sequence[str]


def build(request: Request, folders: Folders | None = None) -> None:
    """Build and write a report. Raises Stop if that is not possible; what is published has then not changed."""
    folders = folders or Folders()
    progress = default_progress(request.quiet, folders.times)
    plan = plan_build(request, folders)
    with KernelSource(request.engine, folders, request.cell_timeout) as kernels:
        if plan.executes:
            _ = kernels.engine_arguments  # starts a process that imports while this one continues
        notes = notes_on_letters(plan.ledger, plan.folders.ledger)  # its problems are reported before anything is run
        for note in [] if request.quiet else [*notes, *notes_on_relations(plan.ledger, plan.folders.ledger)]:
            print(note)
        with publish.locked(plan.folders, progress.note):
            publish.recover(plan.folders)
            with progress.show():
                built = _build_report(plan, progress, kernels)
            stops = _objections(plan, built)
            names = [notebook.name for notebook in plan.notebooks]
            text = built.report.get("report.md", b"")
            to_read = write_changed_sentences(plan.folders, text, names) if plan.publishes and text else []
            message = _write_report(plan, built, stops)
    for line in [] if request.quiet else to_read:
        print(line)
    if stops:
        raise type(stops[-1])("\n".join([*map(str, stops), message]))
    if not request.quiet:
        print(built.tally, message, sep="\n")


def rebuild(request: Request, folders: Folders) -> tuple[dict[str, bytes], list[Stop]]:
    """Return the files that a build would publish, by name from the root, and what prevents it; nothing is written."""
    progress, plan = default_progress(request.quiet, Folders().times), plan_build(request, folders)
    with KernelSource(request.engine, folders, request.cell_timeout) as kernels, progress.show():
        _ = kernels.engine_arguments
        _ = plan.ledger
        built = _build_report(plan, progress, kernels)
    return published_paths(folders, built.figures, built.report), _objections(plan, built)


def _build_report(plan: Plan, progress: Progress, kernels: KernelSource) -> BuiltReport:
    """Return the report of a plan: run the notebooks, assemble their document, export it, and prove it."""
    progress.plan(plan.stages)
    with TemporaryDirectory(prefix="ledger-drawings-") as drawings:
        executed, swept, shown = _run_notebooks(plan, progress, kernels, Path(drawings))
    if plan.publishes:
        _refuse_foreign_files(plan)
    findings = extract.findings(executed)
    verdicts = extract.verdicts(executed)
    comparison = pins.compare_with_pins(verdicts, plan.ledger.known.values())
    document = assemble_document(plan, executed, findings, verdicts)
    report, tally = export_pages(
        document,
        progress,
        plan.runs,
        lambda: _result_files(executed, findings) | swept,
        lambda texts: other_readings(plan, shown, findings, verdicts, texts),
        "../../figures/" if plan.publishes else "figures/",
        lambda: what_if(plan, findings, verdicts),
    )
    for path in plan.runs.damaged:
        progress.note(f"{path} {DAMAGED}")
    asserted, refuted = assertions.count_assertions(executed), assertions.refuted(executed)
    built = BuiltReport(extract.figures(executed), report, comparison, tally, asserted, refuted)
    if plan.publishes:  # of another report, nothing has to be proved
        built = replace(built, report={**report, **_proof_files(plan, executed, len(findings), built)})
    return built


# -- running the notebooks --------------------------------------------------------------------------------------------


def _run_notebooks(
    plan: Plan, progress: Progress, kernels: KernelSource, drawings: Path
) -> tuple[dict, dict[str, bytes], ShownReadings | None]:
    """Return the executed notebooks, sweep.csv if there is one, and the other readings if the page is to show them.

    There is nothing in them that another run would not repeat. Notebooks that read findings find them and sweep.csv in
    a temporary folder. Drawings are kept in a folder, so that those that several readings share are drawn once.
    """
    from report.runs import canonical

    swept: dict[str, bytes] = {}
    results: list[sweep.SweepResult] = []
    shown = None
    with TemporaryDirectory(prefix="ledger-findings-") as temporary:
        folder = Path(temporary)

        def export_findings(executed: Mapping) -> Path | None:
            if plan.swept_grid:
                results.append(_sweep_readings(plan, plan.swept_grid, executed, progress, kernels, drawings))
                published = plan.folders.published / readings.SWEPT
                swept[readings.SWEPT] = sweep.complete_with_published(results[0], plan.swept_grid, published)
            files = {"findings.json": extract.findings_json(_available_findings(plan, executed)), **swept}
            for name, data in files.items():
                (folder / name).write_bytes(data)
            return folder if executed else None

        executed = execute(
            plan.selected,
            plan.values,
            plan.folders,
            progress,
            kernels,
            plan.request.workers,
            export_findings,
            plan.runs,
            while_running=_import_exporters,
            environment={locations.DRAWINGS: str(drawings)},
        )
        if results and plan.shows_readings:
            shown = ShownReadings(results[0], plan.selected, executed, folder)
            shown.run(plan.folders, kernels, plan.request.workers, progress)
        canonical.refuse_traces(executed, [plan.folders.root, plan.folders.ledger, folder])
    extract.refuse_faulty(executed)
    return executed, swept, shown


def _sweep_readings(
    plan: Plan,
    grid: sweep.Grid,
    executed: Mapping[str, Mapping],
    progress: Progress,
    kernels: KernelSource,
    drawings: Path,
) -> sweep.SweepResult:
    """Return the runs of the notebooks under the readings of a grid.

    Runs that this build has just `executed` are not repeated. On the repository's own ledger every reading has to
    succeed; on another one, a reading that fails is reported and left out.
    """
    finished = {
        sweep.run_key(notebook, plan.values): (executed[notebook.name], plan.runs.read[notebook.name])
        for notebook in plan.selected
        if notebook.name in executed
    }
    shown = drawings if plan.shows_readings else None
    cache = SweptRuns(plan.folders, plan.request.fresh, inputs=plan.runs.inputs, drawings=shown)
    run_all = sweep.run_here(plan.folders, kernels, plan.request.workers, shown)
    result = sweep.run_grid(grid.limit_to(plan.selected), cache, progress, run_all, finished)
    if plan.folders.data is None:
        result.refuse_failures()
    for name, failure in result.left_out.items():
        print(f"sweep: the reading {name} is left out: {failure.summary}", file=sys.stderr)
    plan.runs.damaged += cache.damaged
    return result


def _import_exporters() -> None:
    """Import what the pages are made with, which takes a while, so that it is there when the notebooks are done."""
    for name in ("fontTools.subset", "lxml.etree", "pikepdf", "pypandoc", "typst", "report.pages.exporters"):
        import_module(name)


def _available_findings(plan: Plan, executed: Mapping) -> list[dict]:
    """Return the findings of the executed notebooks, and the published ones of notebooks that this build leaves out."""
    left_out = {notebook.name for notebook in plan.notebooks} - {notebook.name for notebook in plan.selected}
    published = plan.folders.published / "findings.json"
    findings = extract.findings(executed)
    try:
        earlier = json.loads(published.read_text(encoding="utf-8"))["findings"] if left_out else []
        findings += [finding for finding in earlier if finding["notebook"] in left_out]
    except FileNotFoundError:
        pass
    except (ValueError, KeyError, TypeError):
        raise WrongInput(f"{plan.folders.shown(published)} cannot be read; make report rebuilds it") from None
    return sorted(findings, key=lambda finding: finding["id"])


def _refuse_foreign_files(plan: Plan) -> None:
    """Raise NotebookFailed if a notebook has read a file that only this machine has, or that no manifest lists."""
    problems = [
        f"{notebook.name} reads {file}, which is no input of the report; put it into data/"
        for notebook in plan.selected
        for file in plan.runs.files(notebook)
        if file not in plan.inputs
    ]
    if problems:
        raise NotebookFailed.listing("files", problems)


# -- the files of the report ------------------------------------------------------------------------------------------


def _result_files(executed: Mapping, findings: Sequence[Mapping]) -> dict[str, bytes]:
    """Return the executed notebooks and the findings as files by name."""
    from report.runs import canonical

    return {
        "findings.csv": extract.findings_csv(findings),
        "findings.json": extract.findings_json(findings),
        **{f"notebooks/{name}.ipynb": canonical.as_published(notebook) for name, notebook in executed.items()},
    }


def _proof_files(plan: Plan, executed: Mapping, findings: int, built: BuiltReport) -> dict[str, bytes]:
    """Return manifest.json and the crate of a report to publish, which has so many findings.

    Raises ChangedMeanwhile if an input is not what it was when the build began.
    """
    folders = plan.folders
    counts = _count_results(plan, executed, findings, built)
    runs = [
        manifest.notebook_entry(notebook, parameters.effective_values(notebook, plan.values), plan.runs.files(notebook))
        for notebook in plan.selected
    ]
    changed = digests.changed_names(plan.inputs, inputs.hash_inputs(folders))
    inputs.refuse_changed({*changed, *digests.changed_names(plan.signatures, inputs.sign_inputs(folders))})
    about = {**plan.ledger.package, "description": plan.ledger.subject.about}
    drawn = extract.figures_by_notebook(executed)
    swept = [notebook.name for notebook in plan.selected if notebook.sweeps]
    crate_file = {crate.FILE: crate.build_crate(about, plan.inputs, runs, built.report, drawn, swept)}
    files = published_paths(folders, built.figures, {**built.report, **crate_file})
    environment = inputs.environment(folders)
    return {**crate_file, manifest.FILE: manifest.build_manifest(plan.inputs, runs, environment, files, counts)}


def _count_results(plan: Plan, executed: Mapping, findings: int, built: BuiltReport) -> dict[str, int]:
    """Return the counts that manifest.json lists."""
    tally = built.tally
    counts = {
        "notebooks": len(executed),
        "cells": sum(cell["cell_type"] == "code" for notebook in executed.values() for cell in notebook["cells"]),
        "figures": sum(name.endswith(".svg") for name in built.figures),
        "claims": len(plan.ledger.claims),
        "findings": findings,
        "verdicts": built.comparison.compared,
        "numbers_resolved": sum(tally.resolved.values()),
        "numbers_exempt": sum(tally.exempt.values()),
        "links_in_pdf": tally.links.total if tally.links else 0,
    }
    if plan.swept_grid:
        counts |= {"readings": len(plan.swept_grid.readings), "runs_swept": len(plan.swept_grid.runs)}
    return counts


def published_paths(folders: Folders, figures: Mapping[str, bytes], report: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files of a report by their published path, from the repository's root."""
    return {
        f"{folders.shown(folder)}/{name}": data
        for folder, files in ((folders.figures, figures), (folders.published, report))
        for name, data in files.items()
    }


# -- writing them -----------------------------------------------------------------------------------------------------


def _write_report(plan: Plan, built: BuiltReport, stops: Sequence[Stop]) -> str:
    """Publish the report, or write it into the plan's output folder if `stops` keep it from being published.

    Returns a line that names the place.
    """
    pictures = sum(name.endswith(".svg") for name in built.figures)
    counts = f"notebooks: {len(plan.selected)}, figures: {pictures}"
    if plan.complete:
        counts += f", verdicts compared with their pins: {built.comparison.compared}"
        counts += f", assertions of sentences and headlines: {built.asserted}"
    if plan.publishes and not stops:
        changed = publish.publish(plan.folders, built.figures, built.report)
        manifest.confirm(plan.folders, built.report[manifest.FILE])
        page = plan.folders.shown(plan.folders.published / "report.html")
        return f"{'published' if changed else 'nothing changed'}: {page} and report.pdf ({counts})"
    figures = {f"figures/{name}": data for name, data in built.figures.items()}
    publish.write_output(plan.folders, plan.output, {**figures, **built.report})
    return f"not published, written to {plan.folders.shown(plan.output / 'report.html')} and report.pdf ({counts})"


def _objections(plan: Plan, built: BuiltReport) -> list[Stop]:
    """Return everything that keeps a report from being published."""
    stops: list[Stop] = []
    if plan.publishes:
        stops += chain.chain_stops(built.tally)
    if plan.complete:
        file = plan.folders.shown(plan.folders.ledger / pins.FILE)
        stops += assertions.refuted_stops(built.refuted)
        stops += pins.pin_stops(built.comparison, file, causes_of(plan.ledger.subject), _changed_defaults(plan))
    return stops


def _changed_defaults(plan: Plan) -> list[str]:
    """Return a line for each default that is not that of the published report: a cause of other disagreements."""
    published = manifest.read_manifest(plan.folders)
    before = {run["name"]: run["parameters"] for run in published["notebooks"]} if published else {}
    lines: dict[str, None] = {}
    for notebook in plan.notebooks:
        for name, value in notebook.defaults.items():
            old = before.get(notebook.name, {}).get(name, value)
            if old != value:
                change = f"{parameters.format_value(old)} → {parameters.format_value(value)}"
                lines[f"the default of {name} has changed, {change}; {parameters.try_only(name, value)}"] = None
    return [*lines]
