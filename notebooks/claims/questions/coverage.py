"""What do the texts print? Counts of the ledger's rows, by text, sector and hedge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claims.content.phrases import Link, Phrase, escaped
from claims.ledger.intervals import Reading
from claims.ledger.model import Claim, Ledger, independent
from claims.questions.method import hedge_words
from claims.results.finding import Finding, counted
from claims.words import numerals
from claims.words.sentences import phrase

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
    "sources",
    "sources_by_indicator",
    "title",
]

NO_SECTOR = "no sector"


def counts(ledger: Ledger) -> list[Finding]:
    """Return the findings that count the ledger: texts, figures, restatements, indicators, relations, listed items."""
    claims = list(ledger.claims.values())
    several = sources_by_indicator(ledger)
    shared = [claim for claim in claims if len(several[claim.indicator]) > 1]
    indicators = list(dict.fromkeys(claim.indicator for claim in shared))
    alone = [claim for claim in claims if claim not in shared]
    repeated = [claim for claim in claims if claim.repeats]
    attributed = [claim for claim in claims if claim.stated_by]
    found = [
        counted("sources_total", "Texts", len(ledger.sources), "rows of sources.csv", inputs={"rows": "sources.csv"}),
        counted("claims_total", "Figures printed", len(claims), "rows of claims.csv", inputs={"rows": "claims.csv"}),
        _counted("claims_repeated", "Restatements", repeated, "figures that restate another"),
        _counted("statements_total", "Independent statements", independent(claims), "figures that restate no other"),
        _counted("claims_attributed", "Attributed figures", attributed, "figures with a speaker"),
        counted(
            "indicators_total",
            "Indicators printed",
            len(several),
            "indicators with a row in claims.csv",
            inputs={"rows": "claims.csv"},
        ),
        counted(
            "indicators_in_several",
            "Indicators printed by more than one text",
            len(indicators),
            "indicators with rows from several texts",
            inputs={"claims": tuple(claim.id for claim in shared)},
        ),
        counted(
            "relations_total",
            "Relations between figures",
            len(ledger.relations),
            "rows of relations.csv",
            inputs={"rows": "relations.csv"},
        ),
        counted(
            "items_total",
            "Items in lists",
            len(ledger.agreements),
            "rows of agreements.csv",
            inputs={"rows": "agreements.csv"},
        ),
        _counted("claims_alone", "Figures on indicators that no other text prints", alone, "rows of such indicators"),
    ]
    found += _sector_counts(ledger)
    return [*found, *(count for source in ledger.sources for count in _of_text(ledger, source)), *hedge_counts(ledger)]


def _sector_counts(ledger: Ledger) -> list[Finding]:
    """Return how many figures the two fullest sectors hold, each and both, or the one sector there is."""
    own = {label: [c for c in ledger.claims.values() if _sector(ledger, c) == label] for label in _fullest(ledger)}
    said = (("claims_first_sector", "rows of the fullest sector"), ("claims_second_sector", "rows of the next"))
    found = [
        _counted(id, f"Figures on {label.lower()}", claims, of)
        for (id, of), (label, claims) in zip(said, own.items(), strict=False)
    ]
    if len(own) == 2:
        both = [claim for claims in own.values() for claim in claims]
        found.append(_counted("claims_two_sectors", "Figures in the two fullest sectors", both, "rows of both"))
    return found


def hedge_counts(ledger: Ledger) -> list[Finding]:
    """Return how many figures are printed with each kind of hedge, the most frequent first."""
    return [
        _counted(f"hedged_{hedge}", f"Figures read as “{hedge_words(hedge)}”", claims, f"rows with the hedge {hedge}")
        for hedge, claims in _by_hedge(ledger)
    ]


def _counted(id: str, label: str, claims: list[Claim], of: str) -> Finding:
    inputs = {"claims": tuple(claim.id for claim in claims)} if claims else {"rows": "claims.csv"}
    return counted(id, label, len(claims), of, inputs=inputs)


def _of_text(ledger: Ledger, source: str) -> list[Finding]:
    own = [claim for claim in ledger.claims.values() if claim.source == source]
    return [
        _counted(f"claims_{source}", f"Figures printed in {source}", own, f"rows of {source}"),
        _counted(f"statements_{source}", f"Independent statements in {source}", independent(own), f"rows of {source}"),
    ]


def _by_hedge(ledger: Ledger) -> list[tuple[str, list[Claim]]]:
    """Return the claims with each hedge, the most frequent hedge first."""
    found: dict[str, list[Claim]] = {}
    for claim in ledger.claims.values():
        found.setdefault(claim.hedge, []).append(claim)
    return sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0]))


def _sector(ledger: Ledger, claim: Claim) -> str:
    sector = ledger.indicators[claim.indicator].sector
    return ledger.sectors[sector].label if sector else NO_SECTOR


def by_sector(ledger: Ledger) -> list[tuple[str, int]]:
    """Return the number of figures of each sector (its label), the fullest first."""
    table = coverage(ledger).drop(columns="from")
    return [(row[0], int(sum(row[1:]))) for row in table.itertuples(index=False)]


def _fullest(ledger: Ledger) -> list[str]:
    """Return the labels of the two sectors with most figures, or of the one there is."""
    return [label for label, _ in by_sector(ledger)[:2]]


def sentence(ledger: Ledger) -> str:
    """Return a sentence template on the two sectors with most figures, or the one there is."""
    first, *second = (escaped(label.lower()) for label in _fullest(ledger))
    held = f"All {{claims_total}} figures are on {first}. "
    if second:
        figures = f"Of {{claims_total}} figures {{claims_first_sector}} are on {first} and "
        held = f"{figures}{{claims_second_sector}} on {second[0]}. "
    return held + (
        "Only {indicators_in_several} of {indicators_total} indicators are printed by several texts: "
        "{claims_alone} figures are on an indicator that no other text prints, and cannot be checked against another."
    )


def title(ledger: Ledger) -> str:
    """Return a sentence template that says what the two fullest sectors hold, or the one there is."""
    first, *second = map(escaped, _fullest(ledger))
    if not second:
        return f"{first} holds all {{claims_total}} figures printed"
    return f"{first} and {second[0].lower()} hold {{claims_two_sectors}} of the {{claims_total}} figures printed"


def alt(ledger: Ledger) -> Phrase:
    """Return the alt text of the grid: for every sector the texts that print figures on it, and how many."""
    told = phrase("Grid of counts, sectors by texts.")
    for row in coverage(ledger).to_dict("records"):
        first = row["from"].split()[0]
        counts = [f"{source} {int(row[source])}" for source in ledger.sources if row[source]]
        told = told + phrase(" {what}: {counts}.", what=row["sector"], counts=Link(", ".join(counts), first))
    return told


def sources_by_indicator(ledger: Ledger) -> dict[str, set[str]]:
    """Return which sources print each indicator, for those that any prints."""
    found: dict[str, set[str]] = {}
    for claim in ledger.claims.values():
        found.setdefault(claim.indicator, set()).add(claim.source)
    return found


def sources(ledger: Ledger) -> pd.DataFrame:
    """Return one row per text: source, title, publisher, date, basis, claims and statements (findings)."""
    import pandas as pd

    rows = []
    for source in ledger.sources.values():
        claims, statements = _of_text(ledger, source.id)
        rows.append(
            {
                "source": Link(source.id, source.id),
                "title": source.title,
                "publisher": source.publisher or "not stated",
                "date": source.reference_date,
                "basis": source.reference_date_basis,
                "claims": claims,
                "statements": statements,
            }
        )
    return pd.DataFrame(rows)


def coverage(ledger: Ledger) -> pd.DataFrame:
    """Return the number of figures by sector (rows, fullest first; `sector`) and by source, and their ids (`from`)."""
    import pandas as pd

    table: dict[str, list[Claim]] = {}
    for claim in ledger.claims.values():
        table.setdefault(_sector(ledger, claim), []).append(claim)
    ordered = sorted(table.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    rows = []
    for label, claims in ordered:
        by_text = {source: sum(claim.source == source for claim in claims) for source in ledger.sources}
        rows.append({"sector": label, **by_text, "from": " ".join(claim.id for claim in claims)})
    return pd.DataFrame(rows)


def hedges(ledger: Ledger, reading: Reading) -> pd.DataFrame:
    """Return one row per hedge that occurs: hedge, claims (finding), example, printed and interval (of a claim)."""
    import pandas as pd

    rows = []
    for (hedge, claims), count in zip(_by_hedge(ledger), hedge_counts(ledger), strict=True):
        example = claims[0]
        span = ledger.interval(example, reading)
        rows.append(
            {
                "hedge": hedge_words(hedge),
                "claims": count,
                "example": Link(example.id, example.id),
                "printed": Link(example.printed, example.id),
                "interval": Link(numerals.interval_text(span, example.unit), example.id),
            }
        )
    return pd.DataFrame(rows)
