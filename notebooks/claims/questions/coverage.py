"""What do the texts print? Counts of the ledger's rows, by text, sector and hedge."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

from claims.content.phrases import Link, Phrase, escaped
from claims.ledger.intervals import Reading
from claims.ledger.model import Claim, Ledger, independent
from claims.questions import shown
from claims.questions.method import hedge_words
from claims.results.finding import Finding, counted
from claims.words import numerals
from claims.words.sentences import for_count, phrase

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "NO_SECTOR",
    "alt",
    "by_sector",
    "counts",
    "coverage",
    "hedge_counts",
    "hedges",
    "sentence",
    "shown_texts",
    "sources",
    "sources_by_indicator",
    "title",
]

NO_SECTOR = "no sector"


def counts(ledger: Ledger) -> list[Finding]:
    """Return the findings that count the ledger: texts, figures, restatements, indicators, relations, listed items."""
    claims = list(ledger.claims.values())
    by_indicator = sources_by_indicator(ledger)
    shared = [claim for claim in claims if len(by_indicator[claim.indicator]) > 1]
    alone = [claim for claim in claims if len(by_indicator[claim.indicator]) == 1]
    repeated = [claim for claim in claims if claim.repeats]
    attributed = [claim for claim in claims if claim.stated_by]
    return [
        _rows("sources_total", "Texts", len(ledger.sources), "sources.csv"),
        _rows("claims_total", "Figures printed", len(claims), "claims.csv"),
        _counted("claims_repeated", "Restatements", repeated, "figures that restate another"),
        _counted("statements_total", "Independent statements", independent(claims), "figures that restate no other"),
        _counted("claims_attributed", "Attributed figures", attributed, "figures with a speaker"),
        counted(
            "indicators_total",
            "Indicators printed",
            len(by_indicator),
            "indicators with a row in claims.csv",
            inputs={"rows": "claims.csv"},
        ),
        counted(
            "indicators_in_several",
            "Indicators printed by more than one text",
            len({claim.indicator for claim in shared}),
            "indicators with rows from several texts",
            inputs={"claims": tuple(claim.id for claim in shared) or "claims.csv"},
        ),
        _rows("relations_total", "Relations between figures", len(ledger.relations), "relations.csv"),
        *(
            [_rows("items_total", "Items in lists", len(ledger.agreements), "agreements.csv")]
            if ledger.agreements
            else []
        ),
        _counted("claims_alone", "Figures on indicators that no other text prints", alone, "rows of such indicators"),
        *_sector_counts(ledger),
        *(count for source, own in _by_text(ledger).items() for count in _of_text(source, own)),
        *hedge_counts(ledger),
    ]


def _rows(id: str, label: str, count: int, file: str) -> Finding:
    return counted(id, label, count, f"rows of {file}", inputs={"rows": file})


def _sector_counts(ledger: Ledger) -> list[Finding]:
    """Return how many figures the two sectors with most figures have, each and both, or the one sector there is."""
    own = list(by_sector(ledger).items())[:2]
    names = (("claims_first_sector", "rows of the fullest sector"), ("claims_second_sector", "rows of the next"))
    findings = [
        _counted(id, f"Figures on {label.lower()}", claims, of)
        for (id, of), (label, claims) in zip(names, own, strict=False)
    ]
    if len(own) == 2:
        both = [claim for _, claims in own for claim in claims]
        findings.append(_counted("claims_two_sectors", "Figures in the two fullest sectors", both, "rows of both"))
    return findings


def hedge_counts(ledger: Ledger) -> list[Finding]:
    """Return how many figures are printed with each kind of hedge, the most frequent first."""
    return [
        _counted(f"hedged_{hedge}", f"Figures read as “{hedge_words(hedge)}”", claims, f"rows with the hedge {hedge}")
        for hedge, claims in _by_hedge(ledger).items()
    ]


def _counted(id: str, label: str, claims: list[Claim], of: str) -> Finding:
    inputs = {"claims": tuple(claim.id for claim in claims)} if claims else {"rows": "claims.csv"}
    return counted(id, label, len(claims), of, inputs=inputs)


def _by_text(ledger: Ledger) -> dict[str, list[Claim]]:
    """Return the claims of every text, in the order of the texts."""
    texts: dict[str, list[Claim]] = {source: [] for source in ledger.sources}
    for claim in ledger.claims.values():
        texts[claim.source].append(claim)
    return texts


def _of_text(source: str, own: list[Claim]) -> list[Finding]:
    return [
        _counted(f"claims_{source}", f"Figures printed in {source}", own, f"rows of {source}"),
        _counted(f"statements_{source}", f"Independent statements in {source}", independent(own), f"rows of {source}"),
    ]


def _by_hedge(ledger: Ledger) -> dict[str, list[Claim]]:
    return _grouped(ledger, lambda claim: claim.hedge)


def by_sector(ledger: Ledger) -> dict[str, list[Claim]]:
    """Return the claims on each sector (its label), the sector with most claims first."""

    def label(claim: Claim) -> str:
        sector = ledger.indicators[claim.indicator].sector
        return ledger.sectors[sector].label if sector else NO_SECTOR

    return _grouped(ledger, label)


def _grouped(ledger: Ledger, key: Callable[[Claim], str]) -> dict[str, list[Claim]]:
    """Return the claims by `key`, the largest group first (ties by key)."""
    groups: dict[str, list[Claim]] = {}
    for claim in ledger.claims.values():
        groups.setdefault(key(claim), []).append(claim)
    return dict(sorted(groups.items(), key=lambda group: (-len(group[1]), group[0])))


def sentence(ledger: Ledger) -> str:
    """Return a sentence template on the two sectors with most figures, or the one there is."""
    first, *others = (escaped(label.lower()) for label in by_sector(ledger))
    if not others:
        return for_count(
            len(ledger.claims),
            one=f"The {{claims_total}} figure is on {first}.",
            more=f"All {{claims_total}} figures are on {first}.",
        )
    be = for_count(len(next(iter(by_sector(ledger).values()))), one="is", more="are")
    return (
        f"Of {{claims_total}} figures {{claims_first_sector}} {be} on {first} and "
        f"{{claims_second_sector}} on {others[0]}."
    )


def title(ledger: Ledger) -> str:
    """Return a sentence template on how many figures the two fullest sectors have, or the one there is."""
    first, *others = map(escaped, by_sector(ledger))
    if not others:
        figures = for_count(len(ledger.claims), one="the {claims_total} figure", more="all {claims_total} figures")
        return f"{first} holds {figures} printed"
    return f"{first} and {others[0].lower()} hold {{claims_two_sectors}} of the {{claims_total}} figures printed"


def shown_texts(ledger: Ledger) -> tuple[tuple[str, ...], str]:
    """Return the texts that the grid has room for, those that print most, and a note if there are more."""
    return shown.shown_texts({source: len(own) for source, own in _by_text(ledger).items()})


def alt(ledger: Ledger) -> Phrase:
    """Return the alt text of the grid: for every sector the texts shown that print figures on it, and how many."""
    text, texts = phrase("Grid of counts, sectors by texts."), shown_texts(ledger)[0]
    for row in coverage(ledger).to_dict("records"):
        first = row["from"].split()[0]
        counts = [f"{source} {int(row[source])}" for source in texts if row[source]]
        text = text + phrase(" {what}: {counts}.", what=row["sector"], counts=Link(", ".join(counts), first))
    return text


def sources_by_indicator(ledger: Ledger) -> dict[str, set[str]]:
    """Return which sources print each indicator, for those that any prints."""
    sources: dict[str, set[str]] = {}
    for claim in ledger.claims.values():
        sources.setdefault(claim.indicator, set()).add(claim.source)
    return sources


def sources(ledger: Ledger) -> list[dict]:
    """Return one row per text: source (short name), title, publisher, date, basis, claims, statements (findings)."""
    rows = []
    by_text = _by_text(ledger)
    for source in ledger.sources.values():
        claims, statements = _of_text(source.id, by_text[source.id])
        rows.append(
            {
                "source": Link(source.short_name, source.id),
                "title": source.title,
                "publisher": source.publisher or "not stated",
                "date": source.reference_date,
                "basis": source.reference_date_basis,
                "claims": claims,
                "statements": statements,
            }
        )
    return rows


def coverage(ledger: Ledger) -> pd.DataFrame:
    """Return the number of figures by sector (rows, fullest first; `sector`) and by source, and their ids (`from`)."""
    import pandas as pd

    rows = []
    for label, claims in by_sector(ledger).items():
        count = Counter(claim.source for claim in claims)
        by_text = {source: count[source] for source in ledger.sources}
        rows.append({"sector": label, **by_text, "from": " ".join(claim.id for claim in claims)})
    return pd.DataFrame(rows)


def hedges(ledger: Ledger, reading: Reading) -> list[dict]:
    """Return one row per hedge that occurs: hedge, claims (finding), example, printed and interval (of a claim)."""
    rows = []
    for (hedge, (example, *_)), count in zip(_by_hedge(ledger).items(), hedge_counts(ledger), strict=True):
        span = numerals.interval_text(ledger.interval(example, reading), example.unit)
        rows.append(
            {
                "hedge": hedge_words(hedge),
                "claims": count,
                "example": Link(example.id, example.id),
                "printed": Link(example.printed, example.id),
                "interval": Link(span, example.id),
            }
        )
    return rows
