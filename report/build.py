"""A build from the ledger to the published report: each step is one line of `build`."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from . import chain, extract, parameters, pins, progress, publish, selection
from .folders import Folders
from .selection import Notebook
from .stops import NotebookFailed, Stop, WrongInput

if TYPE_CHECKING:
    from notebooks.claims.ledger import Ledger

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
    quiet: bool = False


@dataclass
class Plan:
    """What a build does: which notebooks, with which values, and whether its result is the one to publish."""

    request: Request
    folders: Folders
    ledger: Ledger = field(repr=False)
    notebooks: list[Notebook]
    selected: list[Notebook]
    declared: Mapping[str, parameters.Declared]
    values: dict[str, object]

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
    from . import execute

    folders = folders or Folders()
    shown = progress.suited(request.quiet)
    with execute.starting(request.engine, folders) as kernels:
        plan = planned(request, folders)
        said, compared, tally = made(plan, shown, kernels)
    refuse(plan, compared, tally, said)
    if not request.quiet:
        print(tally, said, sep="\n")


def made(plan: Plan, shown: progress.Progress, kernels: Mapping) -> tuple[str, pins.Comparison, chain.Tally]:
    """Make the report of a plan, and return where it is, how its verdicts compare with their pins, and its tally."""
    with publish.locked(plan.folders, shown.made):
        publish.recover(plan.folders)
        with shown.shown():
            executed = run(plan, shown, kernels)
            findings = extract.findings(executed)
            verdicts = extract.verdicts(executed)
            compared = pins.check(verdicts, plan.ledger.known.values())
            document = assembled(plan, executed, findings, verdicts)
            report, tally = exported(document, shown)
        said = put(plan, extract.figures(executed), {**results(executed, findings), **report}, compared, tally)
    return said, compared, tally


def planned(request: Request, folders: Folders) -> Plan:
    """Return the plan, everything in it checked before any kernel starts."""
    folders = Folders(folders.root, _other_data(request, folders))
    ledger = read_ledger(folders.ledger)
    notebooks = selection.read_all(folders.notebooks)
    selection.refuse_unclean(notebooks)
    selected = selection.select(notebooks, request.only)
    declared = parameters.declarations(folders.notebooks / "parameters.yaml")
    values = parameters.chosen(declared, notebooks, selected, request.options, request.file)
    if request.output:
        publish.refuse_others_folder(folders, request.output)
    return Plan(request, folders, ledger, notebooks, selected, declared, values)


def _other_data(request: Request, folders: Folders) -> Path | None:
    """Return the other ledger's folder, None if it is the repository's own."""
    if request.data is None or request.data.resolve() == folders.own_data.resolve():
        return None
    return request.data.absolute()


def read_ledger(folder: Path) -> Ledger:
    """Return the ledger. Raises WrongInput with every problem it has."""
    from notebooks.claims.ledger import LedgerError

    from .check import readable

    if not folder.is_dir():
        said = "is a file" if folder.exists() else "does not exist"
        raise WrongInput(f"--data {folder}: {said}; give the folder of a ledger, such as data")
    try:
        return readable(folder)
    except LedgerError as error:
        raise WrongInput(str(error)) from None


def run(plan: Plan, shown: progress.Progress, kernels: Mapping) -> dict:
    """Return the executed notebooks, with nothing in them that another run would not repeat."""
    from . import canonical, execute

    execute.forget_failures(plan.notebooks, plan.folders)
    with handover() as handed_on, ThreadPoolExecutor(max_workers=1) as meanwhile:
        meanwhile.submit(load_exporters)

        def hand_on(done: Mapping) -> Mapping[str, str]:
            (handed_on / "findings.json").write_bytes(extract.findings_json(known_so_far(plan, done)))
            return {"REPORT_FINDINGS": str(handed_on)} if done else {}

        executed = execute.execute(
            plan.selected, plan.values, plan.folders, shown, kernels, plan.request.workers, hand_on
        )
        canonical.refuse_traces(executed, [plan.folders.root, plan.folders.ledger, handed_on])
    extract.refuse_faulty(executed)
    return executed


def load_exporters() -> None:
    """Import what the pages are made with, which takes a while, so that it is there when the notebooks are done."""
    for name in ("jinja2", "lxml.etree", "pikepdf", "pypandoc", "typst"):
        import_module(name)
    for name in (".exporters.html", ".exporters.typst"):
        import_module(name, __package__)


@contextmanager
def handover() -> Iterator[Path]:
    """Give a temporary folder for the findings that later notebooks read."""
    with TemporaryDirectory(prefix="ledger-findings-") as folder:
        yield Path(folder)


def known_so_far(plan: Plan, done: Mapping) -> list[dict]:
    """Return the findings of this run so far, and the published ones of notebooks that this run leaves out."""
    run_now = {notebook.name for notebook in plan.selected}
    published = plan.folders.published / "findings.json"
    earlier = json.loads(published.read_text(encoding="utf-8"))["findings"] if published.exists() else []
    found = extract.findings(done) + [finding for finding in earlier if finding["notebook"] not in run_now]
    return sorted(found, key=lambda finding: finding["id"])


def assembled(plan: Plan, executed: Mapping, findings: Sequence[Mapping], verdicts: Sequence[Mapping] = ()):
    """Return the one document both exporters read. Raises NotebookFailed if the notebooks do not make one."""
    from . import rows
    from .assemble import AssembleError, assemble

    card = rows.run_card(plan.selected, plan.values, plan.declared)
    about = rows.title_page(plan.ledger, findings) | {"attachments": rows.attachments(attached(plan, findings))}
    whole = len(plan.selected) == len(plan.notebooks)
    try:
        return assemble(
            executed,
            rows.tables(plan.ledger, findings, card, verdicts, rows.reading(plan.selected, plan.values)),
            rows.derivations(plan.ledger, findings, verdicts),
            about,
            strict=whole,
        )
    except AssembleError as error:
        raise NotebookFailed(str(error)) from None


def attached(plan: Plan, findings: Sequence[Mapping]) -> dict[str, bytes]:
    """Return the files the PDF carries: the ledger's tables with their description, and the findings."""
    names = ["datapackage.json", *(resource["path"] for resource in plan.ledger.package["resources"])]
    ledger = {name: (plan.folders.ledger / name).read_bytes() for name in names}
    return {**ledger, "findings.csv": extract.findings_csv(findings)}


def exported(document, shown: progress.Progress) -> tuple[dict[str, bytes], chain.Tally]:
    """Return the report as HTML and as PDF, and the tally of its numbers, which is taken while the PDF is set."""
    from .exporters.document import read
    from .exporters.html import ReportHTMLExporter
    from .exporters.typst import TypstPDFExporter

    draft, typst_works = read(document), threading.Event()  # which leaves Python to others, and takes longest
    with ThreadPoolExecutor(max_workers=1) as meanwhile:
        setting = meanwhile.submit(TypstPDFExporter().pdf, draft, typst_works.set)
        setting.add_done_callback(lambda _: typst_works.set())
        page = ReportHTMLExporter().page(draft, typst_works.wait)
        shown.made("report.html")
        tally = chain.walked(page)
        pdf = setting.result()
    shown.made("report.pdf")
    return {"report.html": page.encode("utf-8"), "report.pdf": pdf}, chain.with_pdf(tally, pdf)


def results(executed: Mapping, findings: Sequence[Mapping]) -> dict[str, bytes]:
    """Return the executed notebooks and the findings as the files they become."""
    from . import canonical

    return {
        "findings.csv": extract.findings_csv(findings),
        "findings.json": extract.findings_json(findings),
        **{f"notebooks/{name}.ipynb": canonical.as_bytes(notebook) for name, notebook in executed.items()},
    }


def put(
    plan: Plan,
    figures: Mapping[str, bytes],
    report: Mapping[str, bytes],
    compared: pins.Comparison,
    tally: chain.Tally,
) -> str:
    """Write the report where it belongs, and return a sentence that says where that is."""
    pictures = sum(name.endswith(".svg") for name in figures)
    counts = f"notebooks: {len(plan.selected)}, figures: {pictures}"
    if plan.complete:
        counts += f", verdicts compared with their pins: {compared.compared}"
    if plan.publishes and compared.agrees and tally.holds:
        changed = publish.publish(plan.folders, figures, report)
        where = plan.folders.shown(plan.folders.published / "report.html")
        return f"{'published' if changed else 'nothing changed'}: {where} and report.pdf ({counts})"
    target = plan.apart
    publish.write_apart(plan.folders, target, {**{f"figures/{name}": data for name, data in figures.items()}, **report})
    return f"not published, written to {plan.folders.shown(target / 'report.html')} and report.pdf ({counts})"


def refuse(plan: Plan, compared: pins.Comparison, tally: chain.Tally, said: str) -> None:
    """Raise a Stop with everything that keeps the report from being published."""
    stops: list[Stop] = []
    if plan.publishes:
        stops += chain.stop(tally)
    if plan.complete:
        stops += pins.stop(compared, plan.folders.shown(plan.folders.ledger / pins.FILE))
    if stops:
        raise type(stops[-1])("\n".join([*map(str, stops), said]))


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
    return f"{plain[:NAME_LENGTH]}-{sha256(exact.encode()).hexdigest()[:6]}"
