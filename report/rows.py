"""What the report shows of a ledger and a run beside the notebooks: the rows of its appendices, and its title page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from notebooks.claims import findings, numerals
from notebooks.claims.ledger import TABLES, Claim, Ledger

from . import appendices, parameters
from .selection import Notebook

ABOUT = (
    "Growth rates, source discrepancies and sector shares, computed by notebooks from a ledger of every figure with an "
    "economic meaning that the texts print. Each number leads back to its formula, its row, its text and its line."
)


def tables(ledger: Ledger, found: Sequence[Mapping], run: Iterable[Mapping]) -> dict[str, dict]:
    """Return the appendices by name, those of the findings left out."""
    return {
        "run_card": appendices.run_card_table(run),
        "sources": appendices.sources_table(sources(ledger)),
        "ledger": appendices.claims_table(claims(ledger, found)),
        "agreements": appendices.agreements_table(agreements(ledger)),
    }


def derivations(ledger: Ledger, found: Iterable[Mapping]) -> dict:
    """Return the appendix of the findings, each with the text of what went into it."""
    found = list(found)
    texts = {claim.id: findings.claim_text(claim) for claim in ledger.claims.values()}
    texts |= {finding["id"]: finding.get("text", "") for finding in found}
    rows = [with_constants(finding, texts) | {"interval": finding.get("range")} for finding in found]
    return appendices.findings_table(rows, texts)


def with_constants(finding: Mapping, known: Mapping[str, str]) -> dict:
    """Return the finding with those of its inputs that are neither claims nor findings written into its formula.

    >>> with_constants(
    ...     {"expression": "{last} × {years}", "inputs": {"last": "c013", "years": "4"}}, {"c013": "$41 billion"}
    ... )
    {'expression': '{last} × 4', 'inputs': {'last': 'c013'}}
    """
    formula, inputs = finding.get("expression") or "", {}
    for role, given in (finding.get("inputs") or {}).items():
        if isinstance(given, str) and given not in known:
            formula = formula.replace("{" + role + "}", given)
        else:
            inputs[role] = given
    return {**finding, "expression": formula, "inputs": inputs}


def run_card(
    notebooks: Sequence[Notebook], values: Mapping[str, object], declared: Mapping[str, parameters.Declared]
) -> list[dict]:
    """Return a row per parameter of the notebooks that ran: its value, its default, what it means, who uses it."""
    users: dict[str, list[str]] = {}
    for notebook in notebooks:
        for name in notebook.defaults:
            users.setdefault(name, []).append(notebook.name)
    defaults = {name: value for notebook in notebooks for name, value in notebook.defaults.items()}
    return [
        {
            "name": name,
            "value": parameters.written(values.get(name, defaults[name])),
            "default": parameters.written(defaults[name]),
            "unit": declared[name].unit,
            "meaning": declared[name].meaning,
            "notebooks": users[name],
        }
        for name in declared
        if name in users
    ]


def sources(ledger: Ledger) -> list[dict]:
    """Return a row per text."""
    count = Counter(claim.source for claim in ledger.claims.values())
    return [
        {
            "id": source.id,
            "title": source.title,
            "publisher": source.publisher,
            "author": source.author,
            "date": f"{source.reference_date} ({source.reference_date_basis})",
            "kind": source.kind,
            "claims": str(count[source.id]),
            "sha256": source.sha256,
            "note": source.note,
        }
        for source in ledger.sources.values()
    ]


def claims(ledger: Ledger, found: Iterable[Mapping]) -> list[dict]:
    """Return a row per printed figure, with the findings that use it."""
    used: dict[str, list[str]] = {}
    for finding in found:
        for given in (finding.get("inputs") or {}).values():
            for name in [given] if isinstance(given, str) else given:
                used.setdefault(name, []).append(finding["id"])
    return [
        {
            "id": claim.id,
            "source": claim.source,
            "line": claim.line,
            "printed": claim.printed,
            "indicator": ledger.indicators[claim.indicator].label,
            "stands_for": stands_for(ledger, claim),
            "period": claim.period.label,
            "stated_by": claim.stated_by,
            "note": "; ".join(
                part for part in (f"restates {claim.repeats}" if claim.repeats else "", claim.note) if part
            ),
            "used_by": used.get(claim.id, []),
        }
        for claim in ledger.claims.values()
    ]


def stands_for(ledger: Ledger, claim: Claim) -> str:
    """Return the values a claim could stand for, in words, at the usual reading."""
    interval = ledger.interval(claim)
    return numerals.bounds(interval.low, interval.high, claim.unit, closed=(interval.low_closed, interval.high_closed))


def agreements(ledger: Ledger) -> list[dict]:
    """Return a row per listed item, its sectors by their labels."""
    return [
        {
            "id": item.id,
            "source": item.source,
            "line": item.line,
            "list": item.list,
            "list_kind": item.list_kind,
            "item": item.item,
            "sectors": [ledger.sectors[sector].label for sector in item.sectors],
            "repeats": item.repeats,
        }
        for item in ledger.agreements.values()
    ]


def title_page(ledger: Ledger) -> dict[str, object]:
    """Return title, subtitle, date, language and description of the report, from the ledger's own description."""
    package = ledger.package
    return {
        "title": package["title"],
        "subtitle": f"{len(ledger.claims)} printed figures of {len(ledger.sources)} texts, read as intervals",
        "date": package["created"][:10],
        "language": "en",
        "description": ABOUT,
        "keywords": package.get("keywords", []),
    }


def attachments(files: Mapping[str, bytes]) -> list[dict[str, str]]:
    """Return the ledger's files as the PDF carries them."""
    kinds = {"csv": "text/csv", "json": "application/json"}
    return [
        {
            "name": name,
            "media_type": kinds[name.rpartition(".")[2]],
            "text": data.decode("utf-8"),
            "description": described(name),
        }
        for name, data in sorted(files.items())
    ]


def described(name: str) -> str:
    """Return what an attached file is.

    >>> described("claims.csv"), described("datapackage.json")
    ('The ledger: claims', 'What every column of the ledger means')
    """
    stem = name.rpartition(".")[0]
    if name == "datapackage.json":
        return "What every column of the ledger means"
    return f"The ledger: {stem.replace('_', ' ')}" if stem in TABLES else f"The results: {stem.replace('_', ' ')}"
