"""The document of a report, and those of the same report under other readings, for the page to show."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from claims.ledger.readings import DeclaredReading

from report import digests
from report.command.plan import Plan
from report.pages.anchors import slug
from report.runs import clean, extract, inputs
from report.runs.shown_readings import ShownReadings

if TYPE_CHECKING:
    from report.pages.other_readings import OtherReading, Readings

__all__ = ["assemble_document", "other_readings", "what_if"]

BESIDE = [["PDF", "report.pdf"], ["Markdown", "report.md"]]  # what a build writes beside its page


def assemble_document(plan: Plan, executed: Mapping, findings: Sequence[Mapping], verdicts: Sequence[Mapping] = ()):
    """Return the one document both exporters read. Raises NotebookFailed if the notebooks do not make one."""
    from report.pages import front

    attached = _attached(plan, findings)
    about = {"attachments": front.attachments(attached), "edition": front.edition_of(attached)}
    earlier = _published_rows(plan) if plan.values and plan.folders.data is None else {}
    all_selected = len(plan.selected) == len(plan.notebooks)
    strict = all_selected and not plan.values  # in another reading, targets of links may be missing
    return _assemble(plan, plan.values, executed, findings, verdicts, about, earlier, strict)


def _assemble(
    plan: Plan,
    values: Mapping[str, object],
    executed: Mapping,
    findings: Sequence[Mapping],
    verdicts: Sequence[Mapping],
    about: Mapping,
    earlier: Mapping[str, Sequence[str]],
    strict: bool = False,
) -> dict:
    """Return the document of notebooks that ran with these values; `earlier` rows keep their numbers."""
    from report.pages import appendices, citing, front
    from report.pages.assemble import assemble

    card = appendices.run_card_table(plan.selected, values, plan.declared)
    reading = appendices.run_reading(plan.selected, values)
    tables = appendices.appendix_tables(plan.ledger, findings, verdicts, reading, earlier)
    cited = {} if plan.folders.data else citing.read_citation(plan.folders.root)  # of this ledger, not of another one
    title = front.title_page(plan.ledger, findings, about.get("edition", ""), cited)
    about = {**title, **about, "beside": BESIDE}
    return assemble(executed, {"run_card": card, **tables}, about, plan.folders.works, strict=strict)


def _published_rows(plan: Plan) -> dict[str, list[str]]:
    """Return the ids of the published findings and verdicts in order, so that their rows keep their numbers."""
    paths = [plan.folders.published / "notebooks" / f"{notebook.name}.ipynb" for notebook in plan.notebooks]
    try:
        published = {path.stem: json.loads(path.read_bytes()) for path in paths}
        return _rows(extract.findings(published), extract.verdicts(published))
    except (OSError, ValueError, KeyError, TypeError):
        return {}  # there is no report yet, or one that make report replaces


def _rows(findings: Iterable[Mapping], verdicts: Iterable[Mapping]) -> dict[str, list[str]]:
    """Return the ids of findings and verdicts, by the name of the table that has their rows."""
    return {"derivations": [each["id"] for each in findings], "verdicts": [each["id"] for each in verdicts]}


def _attached(plan: Plan, findings: Sequence[Mapping]) -> dict[str, bytes]:
    """Return the files the PDF carries: the ledger's tables with their description, the findings, the notebooks."""
    names = ["datapackage.json", *(resource["path"] for resource in plan.ledger.package["resources"])]
    files = {name: (plan.folders.ledger / name).read_bytes() for name in names}
    ledger = {name: extract.harmless_csv(data) if name.endswith(".csv") else data for name, data in files.items()}
    notebooks = {notebook.path.name: clean.clean_bytes(notebook.path) for notebook in plan.selected}
    hashes = {plan.folders.shown(plan.folders.ledger / name): digests.digest(data) for name, data in ledger.items()}
    hashes |= {f"notebooks/{name}": digests.digest(data) for name, data in notebooks.items()}
    inputs.refuse_changed(name for name, sha256 in hashes.items() if plan.inputs.get(name, sha256) != sha256)
    return {**ledger, **notebooks, "findings.csv": extract.findings_csv(findings)}


def other_readings(
    plan: Plan,
    shown: ShownReadings | None,
    findings: Sequence[Mapping],
    verdicts: Sequence[Mapping],
    texts: MutableMapping,
) -> Readings:
    """Return functions that give the readings under which the page can be read too; none if nothing is `shown`.

    Each gives one with its document, which takes much memory. `findings` and `verdicts` are those of the default
    reading, `texts` as for `report.pages.html.converted`.
    """
    if shown is None:
        return ()
    earlier, usual = _rows(findings, verdicts), _results(shown.executed)
    return [partial(_other_reading, plan, shown, reading, earlier, usual, texts) for reading in shown.readings]


def what_if(plan: Plan, findings: Sequence[Mapping], verdicts: Sequence[Mapping]) -> dict[str, Any] | None:
    """Return the data for readers who ask what if a figure were another, None if the parameters are not the usual."""
    from report.pages import appendices
    from report.pages.what_if import what_if_data

    if plan.values:
        return None
    return what_if_data(plan.ledger, findings, verdicts, appendices.run_reading(plan.selected, plan.values))


def _other_reading(
    plan: Plan,
    shown: ShownReadings,
    reading: DeclaredReading,
    earlier: Mapping[str, Sequence[str]],
    usual: Mapping[str, Mapping],
    texts: MutableMapping,
) -> OtherReading:
    """Return a reading with its document; `usual` is what the default reading says of each result."""
    from report.pages.composing import compose
    from report.pages.html import converted
    from report.pages.other_readings import OtherReading
    from report.pages.reading import read

    executed = shown.executed_under(reading)
    findings, verdicts = extract.findings(executed), extract.verdicts(executed)
    draft = read(_assemble(plan, reading.changes, executed, findings, verdicts, {}, earlier))
    here = _results(executed)
    numbers, words = (
        sum(here[kind][id] != text for id, text in usual[kind].items() if id in here[kind])
        for kind in ("numbers", "verdicts")
    )
    return OtherReading(
        name=slug(reading.shown),
        label=reading.shown,
        why=reading.why,
        numbers=numbers,
        verdicts=words,
        missing=len(usual["numbers"].keys() - here["numbers"].keys()),
        joint=len(reading.changes) > 1,
        document=compose(draft, converted(draft, texts)),
    )


def _results(executed: Mapping[str, Mapping]) -> dict[str, dict[str, object]]:
    """Return what is said of each finding, and of each verdict, by id."""
    numbers = {each["id"]: (each.get("text"), each.get("range")) for each in extract.findings(executed)}
    return {"numbers": numbers, "verdicts": {each["id"]: each["verdict"] for each in extract.verdicts(executed)}}
