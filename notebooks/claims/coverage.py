"""What do the texts print? Counts of the ledger's rows, by text, sector and hedge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import numerals
from .exhibits import Link
from .findings import HEDGE_WORDS, Finding, counted, escaped
from .intervals import Reading
from .ledger import Claim, Ledger, independent
from .method import WORDS

if TYPE_CHECKING:
    import pandas as pd

NO_SECTOR = "no sector"


def counts(ledger: Ledger) -> list[Finding]:
    """Return the findings that count the ledger: texts, figures, restatements, indicators, relations, listed items."""
    claims = list(ledger.claims.values())
    several = sources_by_indicator(ledger)
    alone = sum(len(several[claim.indicator]) == 1 for claim in claims)
    first, second = by_sector(ledger)[:2]
    return [
        counted("sources_total", "Texts", len(ledger.sources), "rows of sources.csv"),
        counted("claims_total", "Figures printed", len(claims), "rows of claims.csv"),
        counted(
            "claims_repeated",
            "Restatements",
            sum(bool(c.repeats) for c in claims),
            "figures that restate another",
        ),
        counted(
            "statements_total", "Independent statements", len(independent(claims)), "figures that restate no other"
        ),
        counted(
            "claims_attributed",
            "Attributed figures",
            sum(bool(c.stated_by) for c in claims),
            "figures with a speaker",
        ),
        counted("indicators_total", "Indicators printed", len(several), "indicators with a row in claims.csv"),
        counted(
            "indicators_in_several",
            "Indicators printed by more than one text",
            sum(len(sources) > 1 for sources in several.values()),
            "indicators with rows from two texts or more",
        ),
        counted("relations_total", "Relations between figures", len(ledger.relations), "rows of relations.csv"),
        counted("items_total", "Items in lists", len(ledger.agreements), "rows of agreements.csv"),
        counted(
            "claims_alone", "Figures on indicators that no other text prints", alone, "rows of one-text indicators"
        ),
        counted("claims_first_sector", f"Figures on {first[0].lower()}", first[1], "the sector with most rows"),
        counted(
            "claims_second_sector", f"Figures on {second[0].lower()}", second[1], "the sector with second most rows"
        ),
        counted("claims_two_sectors", "Figures in the two fullest sectors", first[1] + second[1], "rows of both"),
    ]


def by_sector(ledger: Ledger) -> list[tuple[str, int]]:
    """Return the number of figures of each sector (its label), the fullest first."""
    table = coverage(ledger)
    return [(row[0], int(sum(row[1:]))) for row in table.itertuples(index=False)]


def sentence(ledger: Ledger) -> str:
    """Return a sentence template on the two sectors with most figures."""
    first, second = (escaped(label.lower()) for label, _ in by_sector(ledger)[:2])
    return (
        f"Of {{claims_total}} figures {{claims_first_sector}} are on {first} and {{claims_second_sector}} on {second}. "
        "Only {indicators_in_several} of {indicators_total} indicators are printed by more than one text: "
        "{claims_alone} figures are on an indicator that no other text prints, and cannot be checked against another."
    )


def title(ledger: Ledger) -> str:
    """Return a sentence template that says what the two fullest sectors hold."""
    first, second = (escaped(label) for label, _ in by_sector(ledger)[:2])
    return f"{first} and {second.lower()} hold {{claims_two_sectors}} of the {{claims_total}} figures printed"


def alt(ledger: Ledger) -> str:
    """Return the alt text of the grid: for every sector the texts that print figures on it, and how many."""
    rows = coverage(ledger).set_index("sector")
    told = [
        f"{escaped(label)}: " + ", ".join(f"{source} {int(count)}" for source, count in row.items() if count)
        for label, row in rows.iterrows()
    ]
    return "Grid of counts, sectors by texts. " + "; ".join(told) + "."


def sources_by_indicator(ledger: Ledger) -> dict[str, set[str]]:
    """Return which sources print each indicator, for those that any prints."""
    found: dict[str, set[str]] = {}
    for claim in ledger.claims.values():
        found.setdefault(claim.indicator, set()).add(claim.source)
    return found


def sources(ledger: Ledger) -> pd.DataFrame:
    """Return one row per text: source, title, publisher, date, basis, claims, statements."""
    import pandas as pd

    rows = []
    for source in ledger.sources.values():
        own = [claim for claim in ledger.claims.values() if claim.source == source.id]
        rows.append(
            {
                "source": Link(source.id, source.id),
                "title": source.title,
                "publisher": source.publisher or "not stated",
                "date": source.reference_date,
                "basis": source.reference_date_basis,
                "claims": len(own),
                "statements": len(independent(own)),
            }
        )
    return pd.DataFrame(rows)


def coverage(ledger: Ledger) -> pd.DataFrame:
    """Return the number of figures by sector (rows, fullest first; column `sector`) and by source (columns)."""
    import pandas as pd

    table: dict[str, dict[str, int]] = {}
    for claim in ledger.claims.values():
        sector = ledger.indicators[claim.indicator].sector
        label = ledger.sectors[sector].label if sector else NO_SECTOR
        row = table.setdefault(label, dict.fromkeys(ledger.sources, 0))
        row[claim.source] += 1
    ordered = sorted(table.items(), key=lambda pair: (-sum(pair[1].values()), pair[0]))
    return pd.DataFrame([{"sector": label, **row} for label, row in ordered])


def hedges(ledger: Ledger, reading: Reading) -> pd.DataFrame:
    """Return one row per hedge that occurs: hedge, claims, example (claim), printed, interval."""
    import pandas as pd

    by_hedge: dict[str, list[Claim]] = {}
    for claim in ledger.claims.values():
        by_hedge.setdefault(claim.hedge, []).append(claim)
    rows = []
    for hedge, claims in sorted(by_hedge.items(), key=lambda pair: -len(pair[1])):
        example = claims[0]
        span = ledger.interval(example, reading)
        rows.append(
            {
                "hedge": HEDGE_WORDS.get(hedge, WORDS.get(hedge, hedge)).strip(),
                "claims": len(claims),
                "example": Link(example.id, example.id),
                "printed": example.printed,
                "interval": numerals.interval_text(span, example.unit),
            }
        )
    return pd.DataFrame(rows)
