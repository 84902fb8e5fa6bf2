"""Claims, items and ledgers made up for tests, with everything a test does not speak of filled in."""

from __future__ import annotations

from fractions import Fraction

from claims.intervals import WIDTHLESS, default_precision
from claims.ledger import Agreement, Claim, Indicator, Ledger, Period, Relation, Sector, Source

BILLION = 10**9


def year(number: int) -> Period:
    return Period(f"{number}-01-01", f"{number}-12-31", "year", "stated")


def first_quarter(number: int) -> Period:
    return Period(f"{number}-01-01", f"{number}-03-31", "quarter", "stated")


def figure(
    id: str,
    text: str,
    hedge: str = "none",
    *,
    precision: object = None,
    wide: object = None,
    multiplier: object = BILLION,
    unit: str = "USD",
    indicator: str = "trade",
    source: str = "S1",
    period: Period | None = None,
    repeats: str = "",
) -> Claim:
    """Return a claim of `text`, by default so many billion dollars of trade in 2023."""
    if precision is None and hedge not in WIDTHLESS:
        precision = default_precision(text)
    return Claim(
        id=id,
        source=source,
        line=1,
        printed=text,
        indicator=indicator,
        value=Fraction(text),
        multiplier=Fraction(multiplier),
        unit=unit,
        precision=None if precision is None else Fraction(precision),
        precision_basis="default",
        precision_wide=None if wide is None else Fraction(wide),
        hedge=hedge,
        period=period or year(2023),
        stated_by="",
        repeats=repeats,
        note="",
        text=text,
    )


def count(id: str, text: str, hedge: str = "exact", **more) -> Claim:
    """Return a claim of `text` projects, which are counted in whole ones."""
    return figure(id, text, hedge, multiplier=1, unit="count", indicator="projects", **more)


def percent(id: str, text: str, hedge: str = "none", indicator: str = "trade_growth", **more) -> Claim:
    """Return a claim of `text` percent, by default of growth."""
    return figure(id, text, hedge, multiplier=more.pop("multiplier", 1), unit="percent", indicator=indicator, **more)


def times(id: str, text: str, hedge: str = "none", indicator: str = "trade_multiple", **more) -> Claim:
    """Return a claim of `text` times, by default of a multiple."""
    return figure(id, text, hedge, multiplier=1, unit="times", indicator=indicator, **more)


def indicator(id: str, kind: str, unit: str, low=None, high=None, integer: bool = False, sector: str = "trade"):
    low, high = (None if end is None else Fraction(end) for end in (low, high))
    label = id.replace("_", " ").capitalize()
    return Indicator(
        id, label, kind, unit, sector, "", low, high, integer, "flow", "unknown", "none", "", ("unknown",), ""
    )


INDICATORS = (
    indicator("trade", "level", "USD", low=0),
    indicator("trade_growth", "growth", "percent", low=-100),
    indicator("trade_multiple", "multiple", "times", low=0),
    indicator("trade_doubling", "target", "times", low=0),
    indicator("trade_share", "share", "percent", low=0, high=100),
    indicator("projects", "count", "count", low=0, integer=True, sector="industry"),
)
SECTORS = (Sector("trade", "Trade", ("G",), "", ""), Sector("industry", "Industry", ("C",), "", ""))
SOURCES = tuple(
    Source(f"S{n}", f"Text {n}", "", "", "2024-07-01", "stated", "news", f"{n}.txt", "0" * 64, "") for n in range(1, 6)
)


def relation(id: str, type: str, period_rule: str = "same", reason: str = "said together", **operands: str) -> Relation:
    return Relation(id, type, {role: (claim,) for role, claim in operands.items()}, period_rule, reason)


def item(id: str, *sectors: str, source: str = "S1", kind: str = "closed", repeats: str = "") -> Agreement:
    """Return one item of a list that belongs to `sectors`."""
    return Agreement(id, source, 1, f"{source}.list", kind, id, sectors, repeats, "")


def book(*claims: Claim, relations=(), items=(), sectors=SECTORS) -> Ledger:
    """Return a ledger that holds these claims, relations and items."""
    tables = (SOURCES, sectors, INDICATORS, claims, relations, items, (), ())
    return Ledger(*({one.id: one for one in rows} for rows in tables), package={})
