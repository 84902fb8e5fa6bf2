"""The appendices as tables: run card, sources, ledger, listed items, official figures; see also `derivations`.

Findings and verdicts come as they leave the notebooks, in JSON. A column that no row fills is left out, so that the
tables stay narrow enough for a page.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields, replace
from types import MappingProxyType
from typing import Any

from claims.content.phrases import Anchor, CitedIn, Link, Marked, Phrase
from claims.content.tables import Content, Table
from claims.ledger.intervals import Reading
from claims.ledger.model import Claim, Ledger, Official, Relation
from claims.ledger.names import figure_names
from claims.words import labels, numerals

from report.pages.derivations import findings_table, verdicts_table
from report.pages.evidence import (
    claim_texts,
    counters_by_input,
    evidence_link,
    listed_links,
    notebook_link,
    users_by_input,
    with_commas,
)  # fmt: skip
from report.pages.registers import AGREEMENTS, LEDGER, OFFICIAL, RUN_CARD, SOURCES, fill
from report.runs import parameters
from report.runs.selection import Notebook

__all__ = [
    "agreements_table", "appendix_tables", "claims_table", "official_table", "run_card_table", "run_reading",
    "sources_table",
]  # fmt: skip


def appendix_tables(
    ledger: Ledger,
    findings: Sequence[Mapping],
    verdicts: Sequence[Mapping] = (),
    reading: Reading | None = None,
    earlier: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> dict[str, Table]:
    """Return the appendices by name but the run card; an empty one only where something counts that there is none.

    The intervals of printed figures are those at `reading`. All official figures are in, whatever uses them. `earlier`
    has the ids of the findings and verdicts whose rows keep their numbers, by the name of the table.
    """
    inputs = [ids for finding in findings for ids in finding["inputs"].values()]
    counted = {each for ids in inputs for each in ([ids] if isinstance(ids, str) else ids)}
    return {
        "sources": sources_table(ledger),
        "ledger": claims_table(ledger, findings, verdicts, reading),
        "derivations": findings_table(ledger, findings, verdicts, earlier.get("derivations", ())),
        **(
            {"verdicts": verdicts_table(ledger, verdicts, earlier.get("verdicts", ()))}
            if verdicts or "relations.csv" in counted
            else {}
        ),
        **(
            {"agreements": agreements_table(ledger, findings)}
            if ledger.agreements or "agreements.csv" in counted
            else {}
        ),
        "official": official_table(ledger, findings, verdicts, reading),
    }


def run_reading(notebooks: Iterable[Notebook], values: Mapping[str, object]) -> Reading:
    """Return how figures are read in a run: by the values of its parameters, else by the defaults of its notebooks."""
    settings: dict[str, Any] = {name: value for notebook in notebooks for name, value in notebook.defaults.items()}
    settings |= values
    names = (field.name for field in fields(Reading))
    return Reading(**{name: settings[name] for name in names if name in settings})


def run_card_table(
    notebooks: Sequence[Notebook], values: Mapping[str, object], declared: Mapping[str, parameters.Parameter]
) -> Table:
    """Return a row per parameter of the notebooks that ran: its value, its default if another, who uses it."""
    users: dict[str, list[str]] = {}
    defaults: dict[str, object] = {}
    for notebook in notebooks:
        defaults |= notebook.defaults
        for name in notebook.defaults:
            users.setdefault(name, []).append(notebook.name)
    rows: list[Mapping[str, Content]] = []
    for name in declared:
        if name in users:
            value = parameters.format_value(values.get(name, defaults[name]))
            default = parameters.format_value(defaults[name])
            rows.append(
                {
                    "name": Anchor(name, f"p-{name.replace('_', '-')}"),
                    "value": value,
                    "default": default if default != value else None,
                    "unit": declared[name].unit,
                    "meaning": declared[name].meaning,
                    "notebooks": [_numbered_link(user) for user in users[name]],
                }
            )
    return fill(RUN_CARD, rows)


def sources_table(ledger: Ledger) -> Table:
    """Return a row per text."""
    count = Counter(claim.source for claim in ledger.claims.values())
    first = {claim.source: claim.id for claim in reversed(ledger.claims.values())}
    return fill(
        SOURCES,
        (
            {
                "id": Anchor(source.id, source.id),
                "title": source.title,
                "publisher": source.publisher,
                "author": source.author,
                "date": f"{source.reference_date} ({source.reference_date_basis})",
                "kind": source.kind,
                "claims": Link(str(count[source.id]), first[source.id]) if source.id in first else "0",
                "sha256": (source.sha256 or "")[:12],
                "note": source.note,
            }
            for source in ledger.sources.values()
        ),
    )


def claims_table(
    ledger: Ledger, findings: Sequence[Mapping] = (), verdicts: Sequence[Mapping] = (), reading: Reading | None = None
) -> Table:
    """Return a row per printed figure: its name in prose, its interval at `reading`, what uses it or why nothing does.

    A verdict "not comparable" is by itself no use.
    """
    users, counters, names = _real_users(findings, verdicts), counters_by_input(findings), figure_names(ledger)
    judged, relations = {verdict["id"] for verdict in verdicts}, _relations_by_figure(ledger)
    return fill(
        LEDGER,
        (
            {
                "id": Anchor(claim.id, claim.id),
                "source": _source_link(claim.source, claim.line),
                "printed": claim.printed,
                "indicator": f"{ledger.indicators[claim.indicator].label}\n{names[claim.id]}",
                "stands_for": numerals.range_text(ledger.interval(claim, reading), claim.unit, most=4),
                "period": claim.period.label,
                "note": _note(claim),
                "used_by": _used_in(claim.id, users, counters, _why_unused(claim, judged, relations.get(claim.id, []))),
            }
            for claim in ledger.claims.values()
        ),
    )


def official_table(
    ledger: Ledger, findings: Sequence[Mapping] = (), verdicts: Sequence[Mapping] = (), reading: Reading | None = None
) -> Table:
    """Return a row per official figure: its interval at `reading`, the page that quotes it, and what uses it."""
    users, counters, names = _real_users(findings, verdicts), counters_by_input(findings), figure_names(ledger)
    texts = claim_texts(ledger)
    return fill(
        OFFICIAL,
        (
            {
                "id": Anchor(figure.id, figure.id),
                "indicator": f"{ledger.indicators[figure.indicator].label}, {figure.period.label}\n{names[figure.id]}",
                "quoted": _quotation(figure, texts[figure.id]),
                "stands_for": numerals.range_text(ledger.interval(figure, reading), figure.unit, most=4),
                "reporter": _joined(
                    "\n", figure.reporter, f"authority: {labels.authority_label(figure.authority, ledger.subject)}"
                ),
                "page": _page(figure),
                "used_by": _used_in(figure.id, users, counters),
            }
            for figure in ledger.official.values()
        ),
    )


def agreements_table(ledger: Ledger, findings: Sequence[Mapping] = ()) -> Table:
    """Return a row per listed item, its sectors by their labels, with the findings that count it.

    The table is `left_out` if no finding comes from any.
    """
    counters = counters_by_input(findings)
    return fill(
        replace(AGREEMENTS, left_out=users_by_input(findings, counted=True).keys().isdisjoint(ledger.agreements)),
        (
            {
                "id": Anchor(item.id, item.id),
                "source": _source_link(item.source, item.line),
                "list": item.list,
                "list_kind": item.list_kind,
                "status": item.status.replace("_", " "),
                "item": item.item,
                "sectors": ", ".join(ledger.sectors[sector].label for sector in item.sectors),
                "repeats": Link(first, first) if (first := item.repeats or item.within) else None,
                "used_by": [*map(evidence_link, counters.get(item.id, ())), CitedIn(item.id)],
            }
            for item in ledger.agreements.values()
        ),
    )


# ---- what uses what ----


def _real_users(findings: Sequence[Mapping], verdicts: Sequence[Mapping]) -> dict[str, list[str]]:
    """Return what uses each figure, by its id; a verdict "not comparable" alone is no use.

    >>> apart = {"id": "r05", "verdict": "not comparable", "claims": ["c001", "c002"]}
    >>> _real_users([{"id": "growth", "inputs": {"last": "c002"}}], [apart])
    {'c002': ['growth', 'r05']}
    """
    unused = {verdict["id"] for verdict in verdicts if verdict["verdict"] == "not comparable"}
    return {id: users for id, users in users_by_input(findings, verdicts).items() if not unused.issuperset(users)}


def _relations_by_figure(ledger: Ledger) -> dict[str, list[Relation]]:
    """Return the relations that name each figure, by its id."""
    relations: dict[str, list[Relation]] = {}
    for relation in ledger.relations.values():
        for name in relation.names:
            relations.setdefault(name, []).append(relation)
    return relations


def _why_unused(claim: Claim, judged: Collection[str], relations: Sequence[Relation]) -> Phrase:
    """Return why nothing uses a claim: it only restates another, or there is nothing to compare it with.

    `relations` are those that name it; `judged` are the ids of the verdicts there are to link to; without any, the
    latter is not known.
    """
    if claim.repeats:
        return Phrase(("restates ", evidence_link(claim.repeats)))
    if not judged:
        return Phrase(("not judged in this run",))
    if relations and all(relation.type == "not_comparable" for relation in relations):
        links = [evidence_link(relation.id) if relation.id in judged else relation.id for relation in relations]
        return Phrase(("only in pairs that are not comparable (", *with_commas(links), ")"))
    return Phrase(("no other figure on its quantity and no relation that can be judged",))


def _used_in(
    id: str, users: Mapping[str, Sequence[str]], counters: Mapping[str, Sequence[str]], why_not: Phrase | None = None
) -> list[Content]:
    """Return what uses a figure, the places that cite it or `why_not`, and the findings that only count it."""
    places = CitedIn(id, (why_not,) if why_not else ())
    return [
        *map(evidence_link, users.get(id, ())),
        places,
        listed_links("one of many in ", counters.get(id, ())),
    ]


# ---- cells ----


def _joined(separator: str, *texts: str) -> str:
    return separator.join(filter(None, texts))


def _source_link(source: str, line: object) -> Link:
    """Return the line of a text as a link to the text.

    >>> _source_link("S1", 12)
    Link(text='S1, line 12', to='S1')
    """
    return Link(f"{source}, line {line}" if line else source, source)


def _numbered_link(name: str) -> Link:
    """Return the link to a notebook by the number its name begins with, if it does.

    >>> _numbered_link("20_growth_rates").text, _numbered_link("growth").text
    ('20', 'growth')
    """
    number = re.match(r"\d+(?=_)", name)
    return replace(notebook_link(name), text=number[0] if number else name)


def _note(claim: Claim) -> str:
    """Return what is noted of a printed figure: who states it, what it restates, and the remark."""
    stated = f"stated by {claim.stated_by}" if claim.stated_by else ""
    return _joined("; ", stated, f"restates {claim.repeats}" if claim.repeats else "", claim.note)


def _quotation(figure: Official, text: str) -> str:
    remark = _joined("; ", "doubtful" * figure.doubtful, figure.note)
    return text + (f"\n({remark})" if remark else "")


def _page(figure: Official) -> Phrase:
    """Return the page of an official figure: who published it, which is cited, its title and date, and its address."""
    texts = "".join(
        f"{joint}{text}" for joint, text in ((": ", figure.page_title), (", ", figure.date_published)) if text
    )
    address = re.sub(r"^https?://(www\.)?", "", figure.url).rstrip("/")
    return Phrase((Marked(figure.page_publisher, "citation"), f"{texts}\n", Link(address, figure.url)))
