"""The shares of listed items (`shares`) as the tables, the figure and the sentences of their chapter."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from claims.content.phrases import Link, Phrase, escaped
from claims.content.tables import ColumnSpec
from claims.ledger.intervals import Reading
from claims.ledger.model import Claim, Ledger
from claims.questions import shares, shown
from claims.questions.shares import FRACTIONAL, FULL, ITEMS, LIST_KINDS, TEXTS, weight_text
from claims.results.anchors import anchor
from claims.results.finding import Finding
from claims.words.explanations import claim_title
from claims.words.labels import listed, uncapitalised
from claims.words.sentences import phrase
from claims.words.values import range_link

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "alt",
    "by_kind",
    "chart",
    "concentration_table",
    "implied_sentences",
    "implied_table",
    "lead",
    "leaders",
    "other_leader",
    "other_weighting",
    "sector_columns",
    "sector_table",
    "shown_texts",
    "similarity_columns",
    "similarity_table",
    "title",
    "value_table",
]


def title(ledger: Ledger, counting: str, list_kinds: Iterable[str], weighting: str = ITEMS) -> str:
    """Return a sentence template on the three sectors that are named most."""
    return f"Named most: {_named(ledger, _sectors(ledger, counting, list_kinds, weighting)[:3])}"


def leaders(ledger: Ledger, counting: str, list_kinds: Iterable[str], weighting: str = ITEMS) -> str:
    """Return the four sectors with the largest shares, each with its share, as a part of a sentence template."""
    return _named(ledger, _sectors(ledger, counting, list_kinds, weighting)[:4])


def _named(ledger: Ledger, sectors: list[str]) -> str:
    """Return sectors with their shares, as a sentence template lists them."""
    return listed([f"{escaped(ledger.sectors[id].label.lower())} ({{share_{id}}})" for id in sectors]) or "none"


def lead(ledger: Ledger, counting: str, list_kinds: Iterable[str], weighting: str = ITEMS) -> Phrase:
    """Return by how much the first sector leads the second, also in items where each item counts equally."""
    listed_items = shares.items(ledger, list_kinds)
    found = shares.leads(ledger, counting, list_kinds, weighting)
    if not found:
        return Phrase(("nothing",))
    if weighting == TEXTS:
        return phrase("{lead}", lead=found[0])
    first, second = list(shares.totals(listed_items, counting).values())[:2]
    items, total = (
        Link(weight_text(first - second), found[0].anchor),
        Link(str(len(listed_items)), anchor("listed_items")),
    )
    return phrase("{lead}, or {items} of {total} items", lead=found[0], items=items, total=total)


def other_leader(ledger: Ledger, counting: str, list_kinds: Iterable[str], weighting: str = ITEMS) -> str:
    """Return which sector leads in the other way of counting, as the end of a sentence template."""
    other = FRACTIONAL if counting == FULL else FULL
    return _leads(ledger, list_kinds, (counting, weighting), (other, weighting))


def other_weighting(ledger: Ledger, counting: str, list_kinds: Iterable[str], weighting: str = ITEMS) -> str:
    """Return which sector leads where each text counts equally, or else each item, as the end of a template."""
    other = TEXTS if weighting == ITEMS else ITEMS
    leads = _leads(ledger, list_kinds, (counting, weighting), (counting, other))
    return f"with each {other.removesuffix('s')} counted equally, {leads}"


def _leads(ledger: Ledger, list_kinds: Iterable[str], here: tuple[str, str], there: tuple[str, str]) -> str:
    """Return which sector leads under `there`, a way of counting and one of weighting, and whether it does `here`."""
    orders = (_sectors(ledger, way, list_kinds, weighting) for way, weighting in (here, there))
    first, elsewhere = (next(iter(order), "") for order in orders)
    if not elsewhere:
        return "no sector leads"
    leads = "leads as well" if elsewhere == first else "leads instead, so that the order is not firm"
    return f"{escaped(ledger.sectors[elsewhere].label.lower())} {leads}"


def alt(ledger: Ledger, counting: str, list_kinds: Iterable[str], weighting: str = ITEMS) -> str:
    """Return the alt text of the figure of shares: every sector with its pooled share, largest first."""
    sectors = _sectors(ledger, counting, list_kinds, weighting)
    named = ", ".join(f"{escaped(ledger.sectors[sector].label)} {{share_{sector}}}" for sector in sectors)
    return f"Bars of pooled shares: {named}. Beside them a grid of the same shares text by text."


def chart(
    ledger: Ledger, counting: str, list_kinds: Iterable[str] = LIST_KINDS, weighting: str = ITEMS
) -> pd.DataFrame:
    """Return one row per sector: its share pooled, then in every source (percent), largest first; to draw.

    Columns: label, share_pct, one column per source, and `from`, the ids of the findings they come from.
    """
    import pandas as pd

    findings = _by_id(shares.sector_shares(ledger, counting, list_kinds, weighting))
    rows, texts = [], list(shares.by_source(ledger, list_kinds))
    for sector in _sectors(ledger, counting, list_kinds, weighting):
        own = {source: f"share_{sector}_{source}" for source in texts}
        ids = {"share_pct": f"share_{sector}", **own}
        values = {name: float(findings[id].value or 0) if id in findings else 0.0 for name, id in ids.items()}
        origins = " ".join(id for id in ids.values() if id in findings)
        rows.append({"label": ledger.sectors[sector].label, **values, "from": origins})
    return pd.DataFrame(rows, columns=["label", "share_pct", *texts, "from"])


def sector_table(
    ledger: Ledger, counting: str, list_kinds: Iterable[str] = LIST_KINDS, weighting: str = ITEMS
) -> list[dict]:
    """Return one row per sector: label, its ISIC sections, share_pct, and one share per source (findings, or None)."""
    findings = _by_id(shares.sector_shares(ledger, counting, list_kinds, weighting))
    return [
        {
            "label": ledger.sectors[sector].label,
            "isic": ", ".join(ledger.sectors[sector].isic),
            "share_pct": findings[f"share_{sector}"],
            **{source: findings.get(f"share_{sector}_{source}") for source in shares.by_source(ledger, list_kinds)},
        }
        for sector in _sectors(ledger, counting, list_kinds, weighting)
    ]


def sector_columns(ledger: Ledger, list_kinds: Iterable[str] = LIST_KINDS) -> dict[str, ColumnSpec]:
    """Return the columns of `sector_table`: sector, ISIC, pooled share, and one share for each of `shown_texts`."""
    general = {"label": ColumnSpec("Sector"), "isic": ColumnSpec("ISIC"), "share_pct": ColumnSpec("All", align="right")}
    own = {source: ColumnSpec(Link(source, source), align="right") for source in shown_texts(ledger, list_kinds)[0]}
    return general | own


def shown_texts(
    ledger: Ledger, list_kinds: Iterable[str] = LIST_KINDS, whole_file: str = "findings.csv"
) -> tuple[tuple[str, ...], str]:
    """Return the texts that a table or figure has room for, those with most items, and a note if there are more."""
    sizes = {source: len(own) for source, own in shares.by_source(ledger, list_kinds).items()}
    return shown.shown_texts(sizes, whole_file)


def by_kind(ledger: Ledger, counting: str, weighting: str = ITEMS) -> list[dict]:
    """Return one row per sector: label, and its share in closed and in open lists (findings), largest first."""
    findings = _by_id(shares.kind_shares(ledger, counting, weighting))
    return [
        {
            "label": ledger.sectors[sector].label,
            **{kind: findings.get(f"share_{sector}_{kind}") for kind in LIST_KINDS},
        }
        for sector in _sectors(ledger, counting, LIST_KINDS, weighting)
    ]


def concentration_table(ledger: Ledger, list_kinds: Iterable[str], weighting: str = ITEMS) -> list[dict]:
    """Return one row for all texts and one per text: label, items, sectors, index and its least value (findings)."""
    findings = _by_id(shares.findings_of(ledger, FRACTIONAL, list_kinds, weighting))
    return [
        {
            "label": "All texts" if name == "pooled" else Link(name, name),
            "items": findings["listed_items" if name == "pooled" else f"listed_items_{name}"],
            "sectors": findings[f"sectors_{name}"],
            "index": findings[f"concentration_{name}"],
            "least": findings[f"least_concentration_{name}"],
        }
        for name in ["pooled", *shares.by_source(ledger, list_kinds)]
        if f"concentration_{name}" in findings
    ]


def similarity_table(ledger: Ledger, list_kinds: Iterable[str]) -> list[dict]:
    """Return the similarity of every text with every later one: a row per text but the last, a column but the first."""
    findings = _by_id(shares.similarities(ledger, list_kinds))
    names = list(shares.compared_texts(ledger, list_kinds))
    return [{"label": Link(a, a), **{b: findings.get(f"similarity_{a}_{b}") for b in names[1:]}} for a in names[:-1]]


def similarity_columns(ledger: Ledger, list_kinds: Iterable[str]) -> dict[str, ColumnSpec]:
    """Return the columns of `similarity_table`: one per text but the first."""
    later = list(shares.compared_texts(ledger, list_kinds))[1:]
    own = {source: ColumnSpec(Link(source, source), "index", 2, "right") for source in later}
    return {"label": ColumnSpec("Text"), **own}


def value_table(ledger: Ledger, reading: Reading) -> list[dict]:
    """Return one row per finding of `by_value`: label, part, total_label, total, share, range."""
    return [
        {
            "label": claim_title(ledger, part),
            "part": part,
            "total_label": claim_title(ledger, total),
            "total": total,
            "share": share,
            "range": range_link(share),
        }
        for (part, total), share in zip(shares.parts_of_totals(ledger), shares.by_value(ledger, reading), strict=True)
    ]


def implied_table(ledger: Ledger, reading: Reading) -> list[dict]:
    """Return one row per finding of `implied_totals`: share, share_label, part, part_label, total, range."""
    return [
        {
            "share": share,
            "share_label": claim_title(ledger, share),
            "part": part,
            "part_label": claim_title(ledger, part),
            "total": total,
            "range": range_link(total),
        }
        for share, part, total in _implied(ledger, reading)
    ]


def implied_sentences(ledger: Ledger, reading: Reading) -> list[str]:
    """Return a template of sentences on each share that one text prints differently, and the totals they imply."""
    groups: dict[tuple, list[tuple[Claim, Claim, Finding]]] = {}
    for share, part, total in _implied(ledger, reading):
        groups.setdefault((share.indicator, share.source, part.id), []).append((share, part, total))
    sentences = []
    for (indicator, _, part_id), group in groups.items():
        if len({share.point for share, _, _ in group}) > 1:
            label = escaped(uncapitalised(ledger.indicators[indicator].label, ledger.subject))
            printed = listed([f"{{{share.id}}}" for share, _, _ in group])
            implied = listed([f"{{{total.id}:range}}" for _, _, total in group])
            sentences.append(
                f"The {label} is printed differently by the same text, as {printed}. "
                f"With {{{part_id}}} these imply a total of {implied}, in this order."
            )
    return sentences


def _implied(ledger: Ledger, reading: Reading) -> list[tuple[Claim, Claim, Finding]]:
    """Return every implied total after the printed share and the printed part that it is derived from."""
    return [
        (ledger.claim(str(total.inputs["share"])), ledger.claim(str(total.inputs["part"])), total)
        for total in shares.implied_totals(ledger, reading)
    ]


def _sectors(ledger: Ledger, counting: str, list_kinds: Iterable[str], weighting: str) -> list[str]:
    """Return the ids of the sectors that listed items belong to, the one with the largest share first."""
    return list(shares.shares_pct(shares.items(ledger, list_kinds), counting, weighting))


def _by_id(findings: Iterable[Finding]) -> dict[str, Finding]:
    return {finding.id: finding for finding in findings}
