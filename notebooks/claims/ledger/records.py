"""The rows of a ledger as objects: periods, sources, indicators, claims, official figures, relations, listed items.

Text that is empty in the files is "" here, a number that is empty is None. Dates are ISO text.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeVar

from claims.ledger.intervals import Interval, Reading, printed_interval, whole_values

__all__ = [
    "Agreement", "Claim", "Indicator", "KnownDisagreement", "Official", "Period", "PrintedFigure", "Relation", "Sector",
    "Source", "claim_interval", "domain", "independent",
]  # fmt: skip

NOT_A_COLUMN = {"column": False}


@dataclass(frozen=True)
class Period:
    """The time a figure is about: ISO dates, "" where unknown; its kind; whether it is stated or inferred."""

    start: str
    end: str
    kind: str
    basis: str

    @property
    def key(self) -> str:
        """Return the period as text that differs for any two periods of other dates or kind.

        >>> Period("2024-01-01", "2024-03-31", "quarter", "stated").key
        '2024-Q1'
        """
        match self.kind:
            case "year":
                return self.start[:4]
            case "quarter":
                return f"{self.start[:4]}-Q{(int(self.start[5:7]) + 2) // 3}"
            case "moment":
                return self.end
            case "horizon":
                return f"{self.start}/by-{self.end}" if self.start else f"by-{self.end}"
            case "undated":
                return "undated"
        if self.start and self.end:
            return f"{self.start}/{self.end}"
        return f"since-{self.start}" if self.start else f"until-{self.end}"

    @property
    def year_before(self) -> Period | None:
        """Return the same year or quarter a year earlier; None of other periods."""
        if self.kind not in ("year", "quarter"):
            return None
        start, end = (f"{int(day[:4]) - 1}{day[4:]}" for day in (self.start, self.end))
        return Period(start, end, self.kind, "inferred")

    @property
    def month(self) -> int:
        """Return the month that the period is the whole of, 1 to 12; 0 of other periods.

        >>> Period("2025-02-01", "2025-02-28", "window", "stated").month
        2
        """
        if self.kind != "window" or not self.start.endswith("-01") or self.start[:7] != self.end[:7]:
            return 0
        year, month = int(self.start[:4]), int(self.start[5:7])
        return month if int(self.end[8:]) == monthrange(year, month)[1] else 0

    @property
    def label(self) -> str:
        """Return the period as a reader would write it.

        >>> Period("2005-01-01", "2023-12-31", "window", "stated").label
        '2005–2023'
        >>> Period("2025-02-01", "2025-02-28", "window", "stated").label
        '2025-02'
        """
        whole_years = self.start.endswith("-01-01") and self.end.endswith("-12-31")
        match self.kind:
            case "year" | "quarter" | "undated":
                return self.key.replace("-", " ")
            case "moment":
                return self.end or self.start
            case "horizon":
                return f"by {self.end[:4]}" if self.end else f"from {self.start[:4]}"
        if whole_years:
            return f"{self.start[:4]}–{self.end[:4]}"
        if self.start and self.start[:7] == self.end[:7]:
            return self.end[:7]
        if self.start and self.end and self.start[4:] == self.end[4:]:
            return f"{int(self.end[:4]) - int(self.start[:4])} years to {self.end[:7]}"
        parts = [date[:7] for date in (self.start, self.end) if date]
        return " to ".join(parts) if len(parts) == 2 else ("since " if self.start else "until ") + parts[0]


@dataclass(frozen=True)
class Source:
    """One text that prints figures.

    `name` is a short word for it, which the names of its figures end in; `short_name` is what sentences call it.
    """

    id: str
    name: str
    short_name: str
    title: str
    publisher: str
    author: str
    reference_date: str
    reference_date_basis: str
    kind: str
    file: str
    sha256: str
    note: str


@dataclass(frozen=True)
class Sector:
    """A sector of the economy or of public life."""

    id: str
    label: str
    isic: tuple[str, ...]
    isic_title: str
    definition: str


@dataclass(frozen=True)
class Indicator:
    """What a figure measures; `authority` lists candidates for who compiled it and assigns none."""

    id: str
    label: str
    kind: str
    unit: str
    sector: str
    definition: str
    domain_low: Fraction | None
    domain_high: Fraction | None
    integer: bool
    flow_or_stock: str
    gross_or_net: str
    price_basis: str
    coverage: str
    authority: tuple[str, ...]
    note: str


class PrintedFigure:
    """What a claim and an official figure have in common."""

    value: Fraction
    multiplier: Fraction
    spread: Fraction

    @property
    def point(self) -> Fraction:
        """Return the printed value in the indicator's unit; of a range, its middle."""
        return self.value * self.multiplier

    @property
    def ends(self) -> tuple[Fraction, Fraction]:
        """Return both ends of what is printed in the indicator's unit: the same, but of a range."""
        reach = self.spread * self.multiplier
        return self.point - reach, self.point + reach


@dataclass(frozen=True)
class Claim(PrintedFigure):
    """One printed occurrence of a figure."""

    id: str
    source: str
    line: int
    printed: str
    indicator: str
    value: Fraction
    multiplier: Fraction
    unit: str
    precision: Fraction | None
    precision_basis: str
    precision_wide: Fraction | None
    hedge: str
    period: Period
    stated_by: str
    repeats: str
    note: str
    text: str = field(metadata=NOT_A_COLUMN)
    short_name: str = field(default="", metadata=NOT_A_COLUMN)  # of its text
    spread: Fraction = field(default=Fraction(0), metadata=NOT_A_COLUMN)  # of a range, from its middle to an end

    @property
    def source_name(self) -> str:
        """Return what sentences call its text: the short name, or the id of a text that has none."""
        return self.short_name or self.source

    @property
    def quantity(self) -> str:
        """Return the key of the quantity it is about, such as "trade_turnover:2023"."""
        return f"{self.indicator}:{self.period.key}"


@dataclass(frozen=True)
class Official(PrintedFigure):
    """An independently published figure, as quoted on the page at `url`."""

    id: str
    indicator: str
    value: Fraction
    multiplier: Fraction
    unit: str
    precision: Fraction | None
    precision_basis: str
    hedge: str
    period: Period
    reporter: str
    authority: str
    publisher: str
    publisher_print: str
    title: str
    title_print: str
    url: str
    date_published: str
    doubtful: bool
    note: str
    unused_because: str
    text: str = field(metadata=NOT_A_COLUMN)
    precision_wide: None = field(default=None, metadata=NOT_A_COLUMN)
    spread: Fraction = field(default=Fraction(0), metadata=NOT_A_COLUMN)

    @property
    def page_publisher(self) -> str:
        """Return who published the page, in letters that every font has."""
        return self.publisher_print or self.publisher

    @property
    def page_title(self) -> str:
        """Return the title of the page, in letters that every font has."""
        return self.title_print or self.title

    @property
    def short_publisher(self) -> str:
        """Return who published the page, without whom it cites or copies."""
        return re.split(r" \(|, ", self.page_publisher)[0]


@dataclass(frozen=True)
class Relation:
    """Figures to be confronted, and how; `operands` are ids of claims and official figures by role."""

    id: str
    type: str
    operands: Mapping[str, tuple[str, ...]] = field(hash=False)
    period_rule: str
    reason: str

    @property
    def names(self) -> set[str]:
        """Return the ids of all its operands."""
        return {id for ids in self.operands.values() for id in ids}


@dataclass(frozen=True)
class Agreement:
    """One item of a list in a text, with the sectors it belongs to."""

    id: str
    source: str
    line: int
    list: str
    list_kind: str
    status: str
    item: str
    sectors: tuple[str, ...]
    repeats: str
    within: str
    note: str


@dataclass(frozen=True)
class KnownDisagreement:
    """A verdict pinned with its explanation, so that a new one is noticed."""

    group: str
    verdict: str
    claims: tuple[str, ...]
    causes: tuple[str, ...]
    explanation: str
    since: str


T = TypeVar("T", Claim, Official)


def independent(claims: Iterable[T]) -> list[T]:
    """Return one claim for each statement: restatements in the same text count once."""
    first: dict[str, T] = {}
    for claim in claims:
        first.setdefault(getattr(claim, "repeats", "") or claim.id, claim)
    return list(first.values())


def claim_interval(claim: Claim | Official, indicator: Indicator, reading: Reading | None = None) -> Interval:
    """Return the values that a claim may stand for, in its `unit`.

    That is its printed interval times its multiplier, widened by the reading's tolerance, on whole numbers where the
    indicator counts, and within the indicator's domain, whose ends are closed and stated.
    """
    printed = printed_interval(claim.value, claim.precision, claim.hedge, reading, claim.precision_wide, claim.spread)
    values = printed.scaled(claim.multiplier)
    if reading and reading.tolerance_pct and claim.hedge != "exact":
        values = values.widened(abs(claim.point) * reading.tolerance_pct / 100)
    if indicator.integer:
        values = whole_values(values, claim.point, claim.hedge)
    return values & domain(indicator)


def domain(indicator: Indicator) -> Interval:
    """Return the values an indicator can take."""
    low, high = indicator.domain_low, indicator.domain_high
    return Interval(low, high, low is not None, high is not None)
