"""How full is the gas pipeline? What it carried in each span of years, and how much of its design that is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd
from claims.content.phrases import Marked
from claims.judging.times import counted_days
from claims.ledger.intervals import Reading
from claims.ledger.model import Ledger
from claims.questions import growth
from claims.results.finding import Finding, derive
from claims.show.book import Book
from claims.show.exhibits import Column, Exhibit
from claims.words.values import range_link

from kazakhstan.mirror import Level
from kazakhstan.worked import A_DAY, TEXTS, Quote, Worked, find_quote, worked_table

__all__ = ["CHECKS", "SINCE", "SPANS", "PipelineUse", "gas_checks", "gas_use", "uses"]

SINCE = "2009-12-14"  # the day of the first gas, as its operator counts
_SUM, _YEAR, _PART = "gas_transported_cumulative", "gas_pipeline_throughput", "gas_transported"
_DESIGN = Quote("gas_pipeline_capacity", by=TEXTS)
_TO_TEXT = Quote(_SUM, "2009-07-02/2024-07-02", TEXTS)  # the text counts from the same first gas, a little earlier


def _to(end: str) -> Quote:
    """Return the gas carried from the first day to `end`."""
    return Quote(_SUM, f"{SINCE}/{end}")


SPANS = (  # from, to, the gas carried to the end, the gas carried to the start; or the yearly volume alone
    (SINCE, "2017-03-31", _to("2017-03-31"), None),
    ("2019-01-01", "2019-12-31", Quote(_YEAR, "2019"), None),
    ("2020-07-01", "2022-12-31", _to("2022-12-31"), _to("2020-06-30")),
    ("2022-01-01", "2022-12-31", Quote(_YEAR, "2022"), None),
    ("2023-01-01", "2024-07-02", _TO_TEXT, _to("2022-12-31")),
    (SINCE, "2024-07-02", _TO_TEXT, None),
)


@dataclass(frozen=True)
class PipelineUse:
    """What the pipeline carried in a span of time: in all, in a year, and as a share of what it is built for."""

    start: str
    end: str
    carried: Level
    yearly: Level
    share: Finding

    @property
    def months(self) -> str:
        """Return the span as a label has it: a year, or its first and last month."""
        whole_year = self.start[4:] == "-01-01" and self.end == f"{self.start[:4]}-12-31"
        return self.start[:4] if whole_year else f"{self.start[:7]} to {self.end[:7]}"


def uses(ledger: Ledger, reading: Reading) -> list[PipelineUse]:
    """Return the use of the pipeline in each of SPANS, its design being that of the text and of a page."""
    return [_use(ledger, reading, *span) for span in SPANS]


def _use(ledger: Ledger, reading: Reading, start: str, end: str, upto: Quote, before: Quote | None) -> PipelineUse:
    slug = f"{start[:7]}_{end[:7]}".replace("-", "_")
    carried = find_quote(ledger, upto, reading)
    words = f"gas, {start[:7]} to {end[:7]}"
    if before is not None:
        first = find_quote(ledger, before, reading)
        carried = derive(
            ledger, f"gas_carried_{slug}", f"Volume of {words}", "remainder", reading, total=carried, part=first
        )
    yearly = carried
    if upto.indicator != _YEAR:
        inputs = {"total": carried, "time": counted_days(start, end), "factor": A_DAY}
        label = f"Volume a year of {words}"
        yearly = derive(ledger, f"gas_a_year_{slug}", label, "mean_rate", reading, "m3_per_year", **inputs)
    label = f"Share of the pipeline's design that was used, {start[:7]} to {end[:7]}"
    design = find_quote(ledger, _DESIGN, reading)
    share = derive(ledger, f"gas_use_{slug}", label, "share", reading, part=yearly, total=design)
    return PipelineUse(start, end, carried, yearly, share)


def gas_use(book: Book) -> Exhibit:
    """Table: how much of its design the pipeline used, from its first day to the text's."""
    found = uses(book.ledger, book.reading)
    return book.table(
        _rows(found),
        findings=growth.findings_in(found),
        id="tbl-gas-use",
        title="How much of its design the gas pipeline uses",
        caption="Volumes as its operator is quoted with them; sums to <time>July 2024</time> are the text’s. Lines A, "
        "B and C, built for {gas_pipeline_capacity_golden}.",
        columns={
            "months": "Time",
            "carried": Column("Gas carried", align="right"),
            "yearly": Column("A year", align="right"),
            "share": Column("Design used", align="right"),
            "range": "Range",
        },
    )


def _rows(found: Iterable[PipelineUse]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "months": Marked(use.months, "date"),
            "carried": None if use.carried is use.yearly else use.carried,
            "yearly": use.yearly,
            "share": use.share,
            "range": range_link(use.share),
        }
        for use in found
    )


CHECKS = (
    Worked(
        "gas_since_operation",
        "Design used over the years of operation that the text prints",
        "mean_rate",
        {"total": _TO_TEXT, "time": Quote("gas_pipeline_operating_years", "2009-07-02/2024-07-02", TEXTS), "factor": 1},
        "m3_per_year",
    ),
    Worked(
        "gas_use_text",
        "Mean use of the design by the text's own years and sum",
        "share",
        {"part": "gas_since_operation", "total": _DESIGN},
    ),
    Worked(
        "gas_use_now",
        "Use of the design at the rate that the text calls present",
        "share",
        {"part": Quote(_YEAR, "2024-07-02", TEXTS), "total": _DESIGN},
    ),
    Worked(
        "gas_2019",
        "Gas of 2019 as a volume",
        "accumulated",
        {"rate": Quote(_YEAR, "2019"), "time": 1, "factor": 1},
        "m3",
    ),
    Worked(
        "gas_2019_second_half",
        "Gas of July to December 2019: the year less its first months",
        "remainder",
        {"total": "gas_2019", "part": Quote(_PART, "2019-01-01/2019-06-30")},
    ),
    Worked(
        "gas_2019_second_half_by_sums",
        "Gas of July to December 2019: the difference of two sums",
        "remainder",
        {"total": _to("2019-12-31"), "part": _to("2019-06-30")},
    ),
    Worked(
        "gas_2020_first_half_by_sums",
        "Gas of January to June 2020: the difference of two sums",
        "remainder",
        {"total": _to("2020-06-30"), "part": _to("2019-12-31")},
    ),
    Worked(
        "gas_2020_first_half_gap",
        "How far that is above what the operator published for these months",
        "change",
        {"last": "gas_2020_first_half_by_sums", "first": Quote(_PART, "2020-01-01/2020-06-30")},
    ),
    Worked(
        "gas_use_other_design",
        "Use in 2022 of the larger design that another page quotes",
        "share",
        {"part": Quote(_YEAR, "2022"), "total": Quote("gas_pipeline_capacity", by="china_pipeline_operator")},
    ),
)


def gas_checks(book: Book) -> Exhibit:
    """Table: whether the operator's sums, years and half-years fit one another, and the text's."""
    return worked_table(
        book,
        CHECKS,
        id="tbl-gas-checks",
        title="Gas through the pipeline: whether sums and years fit",
        caption="Sums of the operator begin on <time>14 December 2009</time>, and do not always fit its years.",
    )
