"""Growth rates that pages print, tested on the level of the year before.

A rate belongs to the level that the same page quotes for the same period; both imply the level of the year before.
Where a page quotes that, by the same authority or on the same page, the implied level has to overlap it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from claims.content.phrases import Marked
from claims.ledger.intervals import Reading
from claims.ledger.model import Claim, Ledger, Official
from claims.ledger.official import as_claim
from claims.questions import growth
from claims.results.finding import Finding, counted, derive
from claims.show.book import Book
from claims.show.exhibits import Column, Exhibit
from claims.words.values import range_link

from kazakhstan import mirror

__all__ = ["RateOnPage", "counts", "period_before", "rates_on_pages", "rates_table"]

_KINDS = {"_growth": ("growth", "implied_base"), "_multiple": ("multiple", "base_of_multiple")}


@dataclass(frozen=True)
class RateOnPage:
    """A rate and the level beside it, the level of the year before that they imply, and the one that is quoted.

    `fits` says whether both may be the same; `pages` are all rows with this rate.
    """

    rate: Claim
    level: Claim
    implied: Finding
    before: Claim
    fits: bool
    pages: tuple[Claim, ...]


def period_before(key: str) -> str:
    """Return the key of the period a year earlier.

    >>> period_before("2023"), period_before("2024-Q1"), period_before("2023-01-01/2023-06-30")
    ('2022', '2023-Q1', '2022-01-01/2022-06-30')
    """
    return re.sub(r"\b(\d{4})\b", lambda match: str(int(match[1]) - 1), key)


def rates_on_pages(ledger: Ledger, reading: Reading) -> list[RateOnPage]:
    """Return every rate that can be tested, equal ones of the same authority and level once; none that is in doubt."""
    found: dict[tuple, RateOnPage] = {}
    for rate, level, formula in _pairs(ledger):
        before = _before(ledger, level)
        if before is None or rate.doubtful or level.doubtful:
            continue
        key = rate.indicator, rate.period.key, rate.authority, rate.point, level.point
        if key in found:
            found[key] = RateOnPage(**vars(found[key]) | {"pages": (*found[key].pages, as_claim(rate))})
        else:
            found[key] = _rate(ledger, rate, level, formula, before, reading)
    return list(found.values())


def _pairs(ledger: Ledger) -> Iterator[tuple[Official, Official, str]]:
    """Yield each rate with its level and the formula of its kind."""
    for rate in ledger.official.values():
        for ending, (_, formula) in _KINDS.items():
            base = rate.indicator.removesuffix(ending)
            if rate.indicator.endswith(ending) and base in ledger.indicators:
                levels = [one for one in _official(ledger, base, rate.period.key) if one.url == rate.url]
                levels.sort(key=lambda one: one.authority != rate.authority)
                if levels:
                    yield rate, levels[0], formula


def _official(ledger: Ledger, indicator: str, period: str) -> list[Official]:
    return [one for one in ledger.official.values() if (one.indicator, one.period.key) == (indicator, period)]


def _rate(ledger: Ledger, rate: Official, level: Official, formula: str, before: Claim, reading: Reading) -> RateOnPage:
    label = f"{ledger.indicators[level.indicator].label}, {level.period.label}: the year before"
    role = next(role for role, name in _KINDS.values() if name == formula)
    inputs: dict[str, Any] = {"last": as_claim(level), role: as_claim(rate)}
    implied = derive(ledger, f"before_{rate.id}", label, formula, reading, **inputs)
    fits = not (ledger.interval(before, reading) & mirror.interval_of(implied)).is_empty
    return RateOnPage(as_claim(rate), as_claim(level), implied, before, fits, (as_claim(rate),))


def _before(ledger: Ledger, level: Official) -> Claim | None:
    """Return the level of the year before: on the same page, else by the same authority, the first row of several."""
    others = [one for one in _official(ledger, level.indicator, period_before(level.period.key)) if not one.doubtful]
    same_page = [one for one in others if one.url == level.url and one.authority == level.authority]
    named = [one for one in others if one.authority == level.authority != "unknown"]
    return as_claim((same_page or named)[0]) if same_page or named else None


def counts(found: Sequence[RateOnPage]) -> list[Finding]:
    """Return how many rates are tested, and how many of these fit."""
    tested, fitting = ([one.rate.id for one in found if one.fits or every] for every in (True, False))
    label = "Growth rates of pages with a level of the year before"
    return [
        counted("page_rates_tested", label, len(tested), "rates", inputs=tested),
        counted("page_rates_fitting", f"{label} that they fit", len(fitting), "rates", inputs=fitting),
    ]


def rates_table(book: Book) -> Exhibit:
    """Table: each rate beside its level, and the level of the year before."""
    found = rates_on_pages(book.ledger, book.reading)
    return book.table(
        _rows(book.ledger, found),
        findings=[*growth.findings_in(found), *counts(found)],
        id="tbl-page-rates",
        place="appendix",
        title="Growth rates that pages print, and the level of the year before",
        caption="Each rate with the level on its page. “Fits”: whether the level that both imply for the year before "
        "overlaps the level that is quoted, on the same page or by the same authority.",
        columns={
            "what": "Quantity",
            "period": "Period",
            "level": Column("Level", align="right"),
            "rates": Column("Rate", align="right"),
            "implied": "Year before, implied",
            "before": Column("Quoted", align="right"),
            "fits": "Fits",
        },
    )


def _rows(ledger: Ledger, found: Iterable[RateOnPage]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "what": ledger.indicators[one.level.indicator].label,
            "period": Marked(one.level.period.label, "date"),
            "level": one.level,
            "rates": list(one.pages),
            "implied": range_link(one.implied),
            "before": one.before,
            "fits": one.fits,
        }
        for one in found
    )
