"""What the report shows of a ledger and a run beside the notebooks: the rows of its appendices, and its title page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields

from claims.ledger.intervals import Reading
from claims.ledger.model import TABLES, Claim, Ledger
from claims.ledger.subject import causes_of
from claims.results import anchors
from claims.words import labels, numerals

from report.files import CODE_LICENCE, MEDIA_TYPES
from report.pages import appendices
from report.pages.document import without_number, written_day
from report.runs import parameters
from report.runs.selection import Notebook


def tables(
    ledger: Ledger,
    found: Sequence[Mapping],
    run: Iterable[Mapping],
    verdicts: Sequence[Mapping] = (),
    reading: Reading | None = None,
) -> dict[str, dict]:
    """Return the appendices by name, those of the findings left out; that of the verdicts only where there are any.

    What the printed figures stand for is told at `reading`. All official figures are there, whatever is made of them.
    """
    used, counted = uses(found, verdicts), counts(found)
    judged = {}
    if verdicts:
        judged["verdicts"] = appendices.verdicts_table(with_causes(ledger, verdicts), claim_texts(ledger))
    return {
        "run_card": appendices.run_card_table(run),
        "sources": appendices.sources_table(sources(ledger)),
        "ledger": appendices.claims_table(claims(ledger, used, counted, verdicts, reading)),
        **judged,
        "agreements": appendices.agreements_table(agreements(ledger, counted)),
        "official": appendices.official_table(official(ledger, used, counted, verdicts, reading)),
    }


def with_causes(ledger: Ledger, verdicts: Iterable[Mapping]) -> list[dict]:
    """Return verdicts with their causes in words, as the ledger's subject has them."""
    labels = causes_of(ledger.subject)
    return [
        {**verdict, "causes": {state: [labels[cause] for cause in held] for state, held in verdict["causes"].items()}}
        for verdict in verdicts
    ]


def derivations(ledger: Ledger, found: Iterable[Mapping], verdicts: Sequence[Mapping] = ()) -> dict:
    """Return the appendix of the findings, each with the text of what went into it, and what it went into."""
    found = list(found)
    used = uses(found, verdicts, many=True)
    texts = claim_texts(ledger) | {finding["id"]: finding.get("text", "") for finding in found}
    rows = [{**finding, "interval": interval(finding), "used_by": used.get(finding["id"], ())} for finding in found]
    return appendices.findings_table(rows, texts)


def interval(finding: Mapping) -> str | None:
    """Return the interval of a finding in words, None where its value is all that is known or is the interval."""
    known = finding.get("low") is not None or finding.get("high") is not None
    return finding.get("range") if known and finding.get("range") != finding.get("text") else None


def claim_texts(ledger: Ledger) -> dict[str, str]:
    """Return each claim and each official figure as a reader would say it, by id."""
    return {figure.id: labels.claim_text(figure) for figure in (*ledger.claims.values(), *ledger.official.values())}


def uses(found: Iterable[Mapping], verdicts: Iterable[Mapping], many: bool = False) -> dict[str, list[str]]:
    """Return the ids of the findings and verdicts that are made from each figure or finding, by its id.

    Left out, unless `many`, are findings in which it is one of many in the same role: those only count it.

    >>> growth = {"id": "growth", "inputs": {"last": "c002", "of": ["c001", "c002"]}}
    >>> uses([growth], [{"id": "r05", "claims": ["c001"]}])
    {'c002': ['growth'], 'c001': ['r05']}
    """
    used: dict[str, dict[str, None]] = {}
    for finding in found:
        for given in (finding.get("inputs") or {}).values():
            ids = [given] if isinstance(given, str) else given if many or len(given) == 1 else ()
            for id in ids:
                used.setdefault(id, {})[finding["id"]] = None
    for verdict in verdicts:
        for id in verdict["claims"]:
            used.setdefault(id, {})[verdict["id"]] = None
    return {id: list(users) for id, users in used.items()}


def counts(found: Sequence[Mapping]) -> dict[str, list[str]]:
    """Return the ids of the findings in which each figure or listed item is one of many.

    >>> counts([{"id": "growth", "inputs": {"last": "c002", "of": ["c001", "c002"]}}])
    {'c001': ['growth']}
    """
    few, all_of_them = uses(found, ()), uses(found, (), many=True)
    split = {id: [one for one in ids if one not in few.get(id, ())] for id, ids in all_of_them.items()}
    return {id: ids for id, ids in split.items() if ids}


def reading(notebooks: Iterable[Notebook], values: Mapping[str, object]) -> Reading:
    """Return how figures are read in a run: as the values of its parameters say, else as its notebooks do."""
    said = {name: value for notebook in notebooks for name, value in notebook.defaults.items()} | {**values}
    names = (one.name for one in fields(Reading))
    return Reading(**{name: said[name] for name in names if name in said})


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
    first = {claim.source: claim.id for claim in reversed(ledger.claims.values())}
    return [
        {
            "id": source.id,
            "title": source.title,
            "publisher": source.publisher,
            "author": source.author,
            "date": f"{source.reference_date} ({source.reference_date_basis})",
            "kind": source.kind,
            "claims": str(count[source.id]),
            "first": first.get(source.id),
            "sha256": source.sha256,
            "note": source.note,
        }
        for source in ledger.sources.values()
    ]


def claims(
    ledger: Ledger,
    used: Mapping[str, Sequence[str]],
    counted: Mapping[str, Sequence[str]],
    verdicts: Iterable[Mapping] = (),
    reading: Reading | None = None,
) -> list[dict]:
    """Return a row per printed figure: what it stands for at `reading`, what uses it, or the reason why nothing does.

    To be called not comparable is by itself no use.
    """
    words = {verdict["id"]: verdict["verdict"] for verdict in verdicts}
    users = made_from(used, words)
    return [
        {
            "id": claim.id,
            "source": claim.source,
            "line": claim.line,
            "printed": claim.printed,
            "indicator": ledger.indicators[claim.indicator].label,
            "stands_for": numerals.range_text(ledger.interval(claim, reading), claim.unit, most=4),
            "period": claim.period.label,
            "stated_by": claim.stated_by,
            "note": "; ".join(
                part for part in (f"restates {claim.repeats}" if claim.repeats else "", claim.note) if part
            ),
            "used_by": users.get(claim.id, []),
            "unused": unused(ledger, claim, words),
            "counted_by": counted.get(claim.id, []),
        }
        for claim in ledger.claims.values()
    ]


def official(
    ledger: Ledger,
    used: Mapping[str, Sequence[str]],
    counted: Mapping[str, Sequence[str]],
    verdicts: Iterable[Mapping] = (),
    reading: Reading | None = None,
) -> list[dict]:
    """Return a row per official figure: what it stands for at `reading`, the page that quotes it, and what uses it."""
    users = made_from(used, {verdict["id"]: verdict["verdict"] for verdict in verdicts})
    return [
        {
            "id": figure.id,
            "indicator": ledger.indicators[figure.indicator].label,
            "quoted": labels.claim_text(figure),
            "stands_for": numerals.range_text(ledger.interval(figure, reading), figure.unit, most=4),
            "period": figure.period.label,
            "reporter": figure.reporter,
            "authority": labels.authority_label(figure.authority, ledger.subject),
            "publisher": figure.page_publisher,
            "title": figure.page_title,
            "date": figure.date_published,
            "url": figure.url,
            "doubtful": figure.doubtful,
            "note": figure.note,
            "used_by": users.get(figure.id, []),
            "counted_by": counted.get(figure.id, []),
        }
        for figure in ledger.official.values()
    ]


def made_from(used: Mapping[str, Sequence[str]], words: Mapping[str, str]) -> dict[str, Sequence[str]]:
    """Return what uses each figure, by its id; `words` are the verdicts, and to be called not comparable is no use.

    >>> made_from({"c001": ["r05"], "c002": ["r05", "growth"]}, {"r05": "not comparable"})
    {'c002': ['r05', 'growth']}
    """
    return {id: ids for id, ids in used.items() if any(words.get(one) != "not comparable" for one in ids)}


def unused(ledger: Ledger, claim: Claim, judged: Collection[str]) -> dict | str:
    """Return why nothing uses a claim, as a cell: it only restates another, or there is nothing to hold it against.

    `judged` are the ids of the verdicts there are to link to; without any, nothing is known of the latter.
    """
    if claim.repeats:
        return {"runs": ["restates ", appendices.evidence_link(claim.repeats)]}
    if not judged:
        return "not judged in this run"
    named = [relation for relation in ledger.relations.values() if claim.id in relation.names]
    if named and all(relation.type == "not_comparable" for relation in named):
        links = [appendices.evidence_link(one.id) if one.id in judged else one.id for one in named]
        joined = [part for link in links for part in (", ", link)][1:]
        return {"runs": ["only in pairs that are not comparable (", *joined, ")"]}
    return "no other figure on its quantity and no relation that can be judged"


def agreements(ledger: Ledger, used: Mapping[str, Sequence[str]]) -> list[dict]:
    """Return a row per listed item, its sectors by their labels, with the findings that count it."""
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
            "used_by": used.get(item.id, []),
        }
        for item in ledger.agreements.values()
    ]


def title_page(ledger: Ledger, found: Iterable[Mapping] = ()) -> dict[str, object]:
    """Return title, subtitle, date, language and description of the report, from the ledger's own description.

    The subtitle counts figures and texts where the notebooks have counted them, and links to their counts.
    """
    package, counts = ledger.package, {finding["id"]: finding for finding in found}
    totals = [counts.get(id) for id in ("claims_total", "sources_total")]
    figures, texts = ({"text": one["text"], "href": f"#{anchors.anchor(one['id'])}"} if one else "" for one in totals)
    return {
        "title": package["title"],
        "subtitle": {"runs": [figures, " printed figures of ", texts, " texts, read as intervals"]}
        if all(totals)
        else "Every printed figure, read as an interval",
        "date": package["created"][:10],
        "language": "en",
        "description": ledger.subject.about,
        "keywords": package.get("keywords", []),
        "colophon": colophon(package),
    }


def colophon(package: Mapping) -> list[tuple[str, str]]:
    """Return what the last page says of how the report was made and may be used, each with its name.

    >>> colophon({"title": "Trade", "created": "2025-06-03T00:00:00Z", "licenses": [{"title": "CC BY 4.0"}]})[2]
    ('Licence', 'Text, figures and data: CC BY 4.0. Code: MIT License.')
    """
    licences = " or ".join(licence["title"] for licence in package.get("licenses", ())) or "none is stated"
    return [
        (
            "Made with",
            "Python, Jupyter notebooks run by papermill and assembled by nbconvert, pandas, matplotlib and seaborn; "
            "set with Typst. The versions of all of them stand in manifest.json, published beside this file.",
        ),
        (
            "Typefaces",
            "Libertinus Serif for text and tables, New Computer Modern Math for formulas, DejaVu Sans in figures and "
            "DejaVu Sans Mono for code; all are free, and embedded in this file.",
        ),
        ("Licence", f"Text, figures and data: {licences}. Code: {CODE_LICENCE['name']}."),
        ("Cite as", f"“{package['title']}”, report of {written_day(package['created'][:10])}."),
        (
            "Attached",
            "The ledger as CSV files with a description of every column, the findings, and the notebooks without "
            "outputs. The executed notebooks are published beside this file, as is the report as one HTML page.",
        ),
        (
            "Reproducible",
            "The same commit gives this file to the byte. “make report” builds it; “make verify” runs everything again "
            "in a clean place and says whether what is published still holds, and if not, what differs.",
        ),
    ]


def attachments(files: Mapping[str, bytes]) -> list[dict[str, str]]:
    """Return files as the PDF carries them: the ledger's, the findings, and the notebooks they come from."""
    return [
        {
            "name": name,
            "media_type": MEDIA_TYPES[name.rpartition(".")[2]],
            "relationship": "source" if name.endswith(".ipynb") else "data",
            "text": data.decode("utf-8"),
            "description": described(name),
        }
        for name, data in sorted(files.items())
    ]


def described(name: str) -> str:
    """Return what an attached file is.

    >>> described("claims.csv"), described("datapackage.json")
    ('The ledger: claims', 'What every column of the ledger means')
    >>> described("20_growth_rates.ipynb")
    'The notebook, without outputs: growth rates'
    """
    stem, _, kind = name.rpartition(".")
    if kind == "ipynb":
        return f"The notebook, without outputs: {without_number(stem).replace('_', ' ')}"
    if name == "datapackage.json":
        return "What every column of the ledger means"
    return f"The ledger: {stem.replace('_', ' ')}" if stem in TABLES else f"The results: {stem.replace('_', ' ')}"
