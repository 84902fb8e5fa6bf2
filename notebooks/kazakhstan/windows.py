"""Which sum over which years? Chinese investment by the window that each sum covers, and how large China's part is.

Sums over different windows are not compared with each other; a sum and a longer one that holds its window are, and what
lies between them is what came in the meantime.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pandas as pd
from claims.content.phrases import Marked, Phrase
from claims.judging.times import counted_days
from claims.ledger.intervals import Reading
from claims.ledger.model import Claim, Ledger, independent
from claims.questions import growth
from claims.results.finding import Finding, derive
from claims.show.book import Book
from claims.show.exhibits import Column, Exhibit
from claims.words.labels import claim_text, source_link
from claims.words.sentences import phrase
from claims.words.values import range_link

from kazakhstan import mirror, other_charts
from kazakhstan.worked import A_DAY, TEXTS, Quote, Worked, worked_table

__all__ = [
    "INVESTORS", "Window", "behind", "how_sums_fit", "investors", "sums_behind", "windows", "windows_chart",
    "windows_drawn", "windows_table",
]  # fmt: skip

_SUM, _INFLOW, _ALL = "china_investment_cumulative", "china_investment_inflow", "kz_fdi_inflow"
SINCE = "2005-01-01"  # where most sums begin
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_DAYS_A_MONTH = 1 / (12 * A_DAY)


@dataclass(frozen=True)
class Window:
    """A sum of investment with the window that it covers, in years to the month, and the mean of a year."""

    claim: Claim
    years: Fraction
    mean: Finding

    @property
    def who(self) -> str:
        """Return who prints it, in a few words."""
        return self.claim.source_name


def windows(ledger: Ledger, reading: Reading) -> list[Window]:
    """Return every sum whose window has two ends, by the beginning of the window and its end."""
    found = []
    for claim in independent(ledger.of(_SUM)):
        start, end = claim.period.start, claim.period.end
        if start and end and start != end:
            years = Fraction(round(counted_days(start, end) / _DAYS_A_MONTH), 12)
            label = f"Chinese investment a year on average, {claim.period.label}, {claim.source_name}"
            inputs: dict[str, Any] = {"total": claim, "time": years, "factor": 1}
            mean = derive(ledger, f"investment_a_year_{claim.id}", label, "mean_rate", reading, "USD", **inputs)
            found.append(Window(claim, years, mean))
    return sorted(found, key=lambda one: (one.claim.period.start, one.claim.period.end, one.claim.point))


def windows_chart(book: Book) -> Exhibit:
    """Figure: each sum as a bar over the years that it covers, with the mean of a year."""
    found = windows(book.ledger, book.reading)
    drawn = windows_drawn(book.ledger, found)
    return book.figure(
        other_charts.windows(drawn, book.ledger),
        findings=growth.findings_in(found),
        id="fig-investment-windows",
        name="investment_windows",
        title=_title(found),
        caption="Each bar spans the years over which a sum of Chinese investment is taken; beside it the sum, and what "
        "that is a year. Wide bars: texts; narrow bars: web pages.",
        alt=_alt(found),
        data=drawn,
        evidence="from",
        headings={
            "who": "Who prints or quotes the sum",
            "source": "Text or figure",
            "start": "Begins",
            "end": "Ends",
            "begins": "Begins, in years",
            "ends": "Ends, in years",
            "sum_usd": "Sum invested, $",
            "shown": "Sum, in words",
            "mean": "Mean of a year, in words",
        },
        kinds={"start": "date", "end": "date"},
        source="Texts, and official figures as quoted on web pages; current dollars.",
    )


def _title(found: Sequence[Window]) -> str:
    """Return the title: sums of texts that differ over one window, if there are any, and the window of the others."""
    texts = [one for one in found if one.claim.source != one.claim.id]
    for one in texts:
        for other in texts:
            if one.claim.period.key == other.claim.period.key and one.claim.point < other.claim.point:
                first, year = f"{{{one.claim.id}}} and {{{other.claim.id}}}", found[0].claim.period.start[:4]
                year = min(window.claim.period.start[:4] for window in found if window.claim.point == one.claim.point)
                return (
                    f"For the same years texts print {first}; another sum of {{{one.claim.id}}} begins in "
                    f"<time>{year}</time>"
                )
    return "Sums of Chinese investment cover different years"


def windows_drawn(ledger: Ledger, found: Iterable[Window]) -> pd.DataFrame:
    """Return windows to draw: who, source, start, end, begins, ends (years and parts), sum_usd, shown, mean, from."""
    rows = []
    for one in found:
        start, end = one.claim.period.start, one.claim.period.end
        rows.append(
            {
                "who": one.who,
                "source": one.claim.source,
                "start": start,
                "end": end,
                "begins": _in_years(start),
                "ends": _in_years(end),
                "sum_usd": float(one.claim.point),
                "shown": _short(claim_text(one.claim)),
                "mean": f"${float(mirror.point(one.mean)) / 1e9:.1f}\u00a0bn",
                "from": f"{one.claim.id} {one.mean.id}",
            }
        )
    return pd.DataFrame(rows)


def _in_years(day: str) -> float:
    """Return an ISO date in years.

    >>> round(_in_years("2023-07-02"), 1)
    2023.5
    """
    return int(day[:4]) + (counted_days(f"{day[:4]}-01-01", day) - 1) / 365.25


def _short(amount: str) -> str:
    r"""Return an amount as short as a chart needs it.

    >>> _short("more than $27 billion")
    '>\xa0$27\xa0bn'
    """
    return amount.replace(" billion", "\u00a0bn").replace("more than ", ">\u00a0")


def _alt(found: Iterable[Window]) -> Phrase:
    alt = phrase("Bars over the years that each sum of investment covers.")
    for one in found:
        when = Marked(one.claim.period.label, "date")
        alt += phrase(" {who}, {when}: {sum}.", who=source_link(one.claim), when=when, sum=one.claim)
    return alt


def windows_table(book: Book) -> Exhibit:
    """Table: each sum with its window, and what it is a year."""
    found = windows(book.ledger, book.reading)
    return book.table(
        pd.DataFrame(
            {
                "who": source_link(one.claim),
                "window": Marked(one.claim.period.label, "date"),
                "sum": one.claim,
                "mean": one.mean,
                "range": range_link(one.mean),
            }
            for one in found
        ),
        findings=growth.findings_in(found),
        id="tbl-windows",
        place="appendix",
        title="Sums of Chinese investment, and what they are a year",
        caption="Sums whose beginning and end are known, in current dollars; means over windows to the month.",
        columns={
            "who": "Printed by",
            "window": "Years",
            "sum": Column("Sum", align="right"),
            "mean": Column("A year", align="right"),
            "range": "Range",
        },
    )


def how_sums_fit(book: Book) -> Phrase:
    """Return how many of the sums of `SINCE` fit each other, as the subject of a sentence with “fit each other”."""
    found = [one for one in windows(book.ledger, book.reading) if one.claim.period.start == SINCE]
    late = len(behind(book.ledger, book.reading))
    words = "All sums" if not late else "Most sums" if 2 * late < len(found) else "Not all sums"
    return phrase(f"{words} since {{year}} fit each other", year=Marked(SINCE[:4], "date"))


def behind(ledger: Ledger, reading: Reading) -> list[tuple[Claim, Claim]]:
    """Return each sum of `SINCE` printed lower than one that ends before, with the highest such one, in their order."""
    sums = [one.claim for one in windows(ledger, reading) if one.claim.period.start == SINCE]
    pairs = []
    for claim in sums:
        higher = [one for one in sums if one.period.end < claim.period.end and one.point > claim.point]
        if higher:
            pairs.append((claim, max(higher, key=lambda one: one.point)))
    return pairs


def sums_behind(book: Book) -> Phrase:
    """Return in sentences which sums are printed lower than one that ends before; nothing if none is."""
    sentences = Phrase(())
    for place, (claim, earlier) in enumerate(behind(book.ledger, book.reading)):
        low, high = (book.ledger.interval(one, book.reading) for one in (earlier, claim))
        words = "is less than" if high < low else "allows hardly any growth over"
        but = " And" if place else "But"
        sentences += phrase(
            f"{but} the sum of {{who}} to {{end}}, {{sum}}, {words} that of {{other}} to {{before}}, {{higher}}.",
            who=_who(book.ledger, claim),
            end=_month(claim.period.end),
            sum=claim,
            other=_who(book.ledger, earlier),
            before=_month(earlier.period.end),
            higher=earlier,
        )
    return sentences


def _who(ledger: Ledger, claim: Claim) -> Phrase:
    """Return a text as a sentence names it, or “a page”."""
    return phrase("a page") if claim.id in ledger.official else phrase("the {text}", text=source_link(claim))


def _month(day: str) -> Marked:
    """Return the month of an ISO date in words."""
    return Marked(f"{MONTHS[int(day[5:7]) - 1]} {day[:4]}", "date")


_SINCE = {
    end: Quote(_SUM, f"2005-01-01/{end}", by)
    for end, by in (("2023-06-30", ""), ("2023-12-31", TEXTS), ("2025-07-01", TEXTS))
}

INVESTORS = (
    Worked(
        "china_share_of_inflow_2022",
        "China in all direct investment that came to Kazakhstan, 2022",
        "share",
        {"part": Quote(_INFLOW, "2022", "kz_national_bank"), "total": Quote(_ALL, "2022", "kz_national_bank")},
    ),
    Worked(
        "china_inflow_2021",
        "Inflow from China in 2021 that its change in 2022 implies",
        "implied_base",
        {
            "last": Quote(_INFLOW, "2022", "kz_national_bank"),
            "growth": Quote(f"{_INFLOW}_growth", "2022", "kz_national_bank"),
        },
    ),
    Worked(
        "china_share_of_inflow_2021",
        "China in all direct investment that came to Kazakhstan, 2021",
        "share",
        {"part": "china_inflow_2021", "total": Quote(_ALL, "2021", "kz_national_bank")},
    ),
    Worked(
        "inflow_2020_2022",
        "All direct investment that came to Kazakhstan, 2020 to 2022",
        "sum",
        {year: Quote(_ALL, year, "kz_national_bank") for year in ("2020", "2021", "2022")},
    ),
    Worked(
        "china_sum_over_all",
        "The pledge report's sum over that",
        "share",
        {"part": Quote(_SUM, "2009-07-03/2024-07-03", "partnerships"), "total": "inflow_2020_2022"},
        differs="many years of a country against a few years of all",
    ),
    Worked(
        "china_sum_over_central_asia",
        "The sum since 2005 over China's investment in Central Asia",
        "share",
        {"part": _SINCE["2023-06-30"], "total": Quote("china_investment_central_asia_cumulative", "2022-01-25")},
        differs="the beginning of the larger sum is not given",
    ),
    Worked(
        "inflow_after_june_2023",
        "Inflow of July to December 2023: the difference of sums since 2005",
        "remainder",
        {"total": _SINCE["2023-12-31"], "part": _SINCE["2023-06-30"]},
    ),
    Worked(
        "inflow_second_half_2023",
        "The same: the year less its first months",
        "remainder",
        {"total": Quote(_INFLOW, "2023", TEXTS), "part": Quote(_INFLOW, "2023-01-01/2023-06-30")},
    ),
    Worked(
        "inflow_after_2023",
        "What came from 2024 to July 2025: the difference of sums since 2005",
        "remainder",
        {"total": _SINCE["2025-07-01"], "part": _SINCE["2023-12-31"]},
    ),
    Worked(
        "inflow_after_2023_a_year",
        "The same, a year",
        "mean_rate",
        {"total": "inflow_after_2023", "time": Fraction(3, 2), "factor": 1},
        "USD",
    ),
    Worked(
        "inflow_before_window",
        "What the sum since 2005 leaves beside that of the visit report",
        "change",
        {"last": _SINCE["2023-12-31"], "first": Quote(_SUM, "2009-07-03/2024-07-03", "visit")},
        differs="the windows end at other dates",
    ),
)


def investors(book: Book) -> Exhibit:
    """Table: China's part in all investment, and what lies between sums over longer and shorter windows."""
    return worked_table(
        book,
        INVESTORS,
        id="tbl-investors",
        lead=5,
        title="China’s part in investment in Kazakhstan, and what lies between its sums",
        caption="Gross inflows of direct investment by the National Bank, as quoted; current dollars.",
    )
