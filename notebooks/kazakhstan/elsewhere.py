"""What pages published on the same things as the texts, one by one, and what must not be compared with the texts.

The ledger is one that all official figures were joined to. Figures of the same indicator and period are judged as the
texts' own are; others only where a row of relations.csv says how they are related, or why they are not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from operator import and_
from typing import Any

import pandas as pd
from claims.content.phrases import Link, Marked
from claims.judging.judge import judge_group, judge_relations
from claims.judging.verdict import BOUND_ONLY, NOT_COMPARABLE, WORDS, Verdict
from claims.ledger.intervals import Reading
from claims.ledger.model import Claim, Ledger
from claims.questions import discrepancies, discrepancy_exhibits
from claims.results.anchors import anchor
from claims.results.finding import Finding, counted, derive
from claims.show.book import Book
from claims.show.exhibits import Column, Exhibit
from claims.words.labels import claim_text, source_link
from claims.words.verdicts import relation_result

from kazakhstan.doubtful import DOUBTFUL_NOTE, doubtful_claims
from kazakhstan.official_exhibits import marked

__all__ = [
    "NOTIONS",
    "counts",
    "freight_before",
    "groups_table",
    "investment",
    "investment_table",
    "judge",
    "judged",
    "quantities",
    "relations",
]

_PREFIX = "elsewhere:"
NOTIONS = {
    "china_investment_inflow": "Flow of a period",
    "china_investment_cumulative": "Flows summed over a window",
    "fdi_stock_from_china": "Stock of direct investment, net, counted by project",
    "china_investment_position": "Stock of investment of any kind",
    "joint_projects_value": "List of joint projects, planned or spent",
    "china_deals_announced": "Deals signed, as announced",
}
_COMPARABLE = tuple(word for word in WORDS if word != NOT_COMPARABLE)


def judge(book: Book) -> tuple[list[Verdict], list[Verdict]]:
    """Return the verdicts of `judged`, and pass them and the findings on them to the report."""
    groups, between = judged(book.ledger, book.reading)
    discrepancies.emit(book.ledger, [*groups, *between], pin=False)
    results = discrepancies.results(book.ledger, between)
    book.keep([*counts(groups, between), *results, *freight_before(book.ledger, book.reading)])
    return groups, between


def quantities(book: Book, groups: Iterable[Verdict]) -> Exhibit:
    """Table: figures of the texts beside figures published elsewhere for the same quantity."""
    return book.table(
        groups_table(book.ledger, groups),
        id="tbl-elsewhere",
        place="appendix",
        title="Figures of the texts beside figures published elsewhere for the same quantity",
        caption="Figures of the same indicator and period, each figure that pages quote in a row. “By rounding” "
        "includes hedges. A page may repeat the release that a text repeats, so agreement is no confirmation. The page "
        "of {o001} has lost the digits of its year. What decides each verdict is in [Table](#tbl-verdicts). "
        + DOUBTFUL_NOTE,
        columns={
            "label": "Quantity",
            "period": "Period",
            "texts": "Texts",
            "pages": "Elsewhere",
            "verdict": "Verdict",
        },
    )


def relations(book: Book, between: Iterable[Verdict]) -> Exhibit:
    """Table: figures of the texts and figures elsewhere that say something about each other."""
    return book.table(
        discrepancy_exhibits.relations_table(book.ledger, between),
        id="tbl-elsewhere-relations",
        place="appendix",
        lead="matters",
        title="Figures of the texts and figures elsewhere that say something about each other",
        caption="A part and its whole, a <time>quarter</time> and its year, growth and levels, sums of flows over "
        "longer and shorter windows. A bound that leaves the rest of a whole an implausible amount holds as a bound "
        "only; the chapter on method says when an amount is implausible.",
        columns={
            "label": "Figures on",
            "verdict": "Verdict",
            "explanation": "What decides",
        },
    )


def investment(book: Book) -> Exhibit:
    """Table: every figure on Chinese investment, by what it counts."""
    return book.table(
        investment_table(book.ledger),
        id="tbl-investment",
        place="appendix",
        title="Chinese investment in Kazakhstan, by what is counted",
        caption="Current dollars. Equal figures of the same kind and period share a row. Only of the sum {o149} "
        "for {o149:period} does the page say which it is: gross. " + DOUBTFUL_NOTE,
        columns={
            "kind": "What is counted",
            "period": "Period",
            "figure": Column("Figure", align="right"),
            "by": "Printed in",
        },
    )


def judged(ledger: Ledger, reading: Reading) -> tuple[list[Verdict], list[Verdict]]:
    """Return the verdicts on quantities that both texts and pages print, and on relations between their figures.

    The texts' figures of a quantity are compared with each figure that pages quote for it; where the texts contradict
    each other, each of their figures by itself.
    """
    groups = [verdict for key in ledger.groups for verdict in _one_by_one(ledger, key, reading)]
    crossing = [row for row in ledger.relations.values() if any(name in ledger.official for name in row.names)]
    between = judge_relations(ledger, crossing, reading)
    return sorted(groups, key=_gravity), sorted(between, key=_gravity)


def _one_by_one(ledger: Ledger, key: str, reading: Reading) -> Iterator[Verdict]:
    texts, pages = _by_origin(ledger, ledger.groups[key])
    if not texts or not pages:
        return
    together = reduce(and_, (ledger.interval(claim, reading) for claim in texts))
    statements = _alike(texts) if together.is_empty else [texts]
    for statement in statements:
        for quoted in _alike(pages):
            name = f"{_PREFIX}{key}:{quoted[0].id}" + (f":{statement[0].id}" if len(statements) > 1 else "")
            yield judge_group(name, [*statement, *quoted], ledger, reading)


def _by_origin(ledger: Ledger, claims: Sequence[Claim]) -> tuple[list[Claim], list[Claim]]:
    """Return the claims of texts, and those of pages."""
    pages = [claim for claim in claims if claim.id in ledger.official]
    return [claim for claim in claims if claim.id not in ledger.official], pages


def _alike(claims: Iterable[Claim]) -> list[list[Claim]]:
    """Return claims grouped by the figure they print."""
    groups: dict[tuple, list[Claim]] = {}
    for claim in claims:
        groups.setdefault((claim.point, claim.precision, claim.hedge), []).append(claim)
    return list(groups.values())


def _gravity(verdict: Verdict) -> tuple[int, str]:
    return WORDS.index(verdict.word), verdict.id


def counts(groups: Sequence[Verdict], between: Sequence[Verdict]) -> list[Finding]:
    """Return how many pairs and relations are judged, and how many of them as what."""
    checked = [verdict for verdict in between if verdict.word != NOT_COMPARABLE]
    findings = [
        _counted("elsewhere_total", "Figures of texts set against a figure quoted elsewhere", groups),
        _counted("elsewhere_relations_total", "Relations between figures of texts and pages", checked),
        _counted("elsewhere_not_comparable", "Pairs of figures that must not be compared", between, NOT_COMPARABLE),
    ]
    for word in _COMPARABLE:
        slug = word.replace(" ", "_")
        if word != BOUND_ONLY:  # which only relations can be
            findings.append(_counted(f"elsewhere_{slug}", f"Such pairs judged {word}", groups, word))
        findings.append(_counted(f"elsewhere_relations_{slug}", f"Such relations judged {word}", checked, word))
    return findings


def _counted(id: str, label: str, verdicts: Sequence[Verdict], word: str = "") -> Finding:
    ids = [verdict.id for verdict in verdicts if not word or verdict.word == word]
    inputs: dict[str, object] = {"verdicts": ids} if ids else {"all": "relations.csv"}
    if word in _COMPARABLE:
        inputs = {"of": "elsewhere_relations_total" if "relations" in id else "elsewhere_total"} | inputs
    return counted(id, label, len(ids), "verdicts" if ids else "none of all verdicts", inputs=inputs)


def groups_table(ledger: Ledger, groups: Iterable[Verdict]) -> pd.DataFrame:
    """Return one row per quantity: label, period, the texts' figures, the pages' figures, verdict.

    Doubtful figures for a quantity that texts print come last, and are not judged.
    """
    rows = []
    for verdict in groups:
        texts, pages = _by_origin(ledger, verdict.claims)
        rows.append(
            {
                "label": Link(ledger.indicators[verdict.indicator].label, anchor(verdict.id)),
                "period": Marked(verdict.claims[0].period.label, "date"),
                "texts": _figures(texts),
                "pages": _figures(pages),
                "verdict": verdict.word,
            }
        )
    for claim in (claim for indicator in ledger.indicators for claim in doubtful_claims(ledger, indicator)):
        texts, _ = _by_origin(ledger, ledger.groups.get(claim.quantity, ()))
        if texts:
            rows.append(
                {
                    "label": ledger.indicators[claim.indicator].label,
                    "period": Marked(claim.period.label, "date"),
                    "texts": _figures(texts),
                    "pages": marked(ledger, claim, claim),
                    "verdict": "not judged",
                }
            )
    return pd.DataFrame(rows, columns=["label", "period", "texts", "pages", "verdict"])


def _figures(claims: Sequence[Claim]) -> list[Link]:
    """Return each distinct figure once, linked to its first row."""
    first: dict[str, Claim] = {}
    for claim in claims:
        first.setdefault(claim_text(claim), claim)
    return [Link(text, claim.id) for text, claim in first.items()]


def investment_table(ledger: Ledger) -> pd.DataFrame:
    """Return every figure on Chinese investment by its notion: kind, period, figure, by.

    Notions are never compared with one another; figures of one notion and period that are equal share a row.
    """
    rows: dict[tuple, dict] = {}
    for indicator, notion in NOTIONS.items():
        claims = [claim for claim in ledger.of(indicator) if not claim.repeats] + doubtful_claims(ledger, indicator)
        for claim in sorted(claims, key=lambda one: (one.period.end, one.period.start, one.point, one.id)):
            period = Marked(claim.period.label, "date")
            row: dict[str, Any] = {"kind": notion, "period": period, "figure": marked(ledger, claim, claim), "by": []}
            row = rows.setdefault((indicator, claim.period.key, claim_text(claim)), row)
            row["by"].append(source_link(claim))
    return pd.DataFrame(list(rows.values()), columns=["kind", "period", "figure", "by"])


def freight_before(ledger: Ledger, reading: Reading) -> list[Finding]:
    """Return the freight a year before that the texts' quarter implies, and as a share of the half-year published."""
    relation = ledger.relations["r55"]
    base, half = relation_result(ledger, relation, reading), ledger.claim("o200")
    if base is None:
        raise ValueError(f"{relation.id} gives no freight of the year before")
    label = "Freight implied for a quarter, in percent of the half-year it is a part of"
    return [base, derive(ledger, "quarter_of_half_year", label, "share", reading, part=base, total=half)]
