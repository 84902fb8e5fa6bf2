"""Claims, items and ledgers made up for tests, with everything a test does not speak of filled in."""

from __future__ import annotations

from dataclasses import fields
from fractions import Fraction

from claims.ledger.intervals import WIDTHLESS, default_precision, printed_ends
from claims.ledger.model import Agreement, Claim, Indicator, Ledger, Official, Period, Relation, Sector, Source
from hypothesis import strategies as st

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
        value=sum(printed_ends(text)) / 2,
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
        spread=(printed_ends(text)[1] - printed_ends(text)[0]) / 2,
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


def gas(id: str, text: str, hedge: str = "none", indicator: str = "gas_total", multiplier=BILLION, **more) -> Claim:
    """Return a claim on gas, by default of so many billion m³ in all; a year or a day is counted in ones."""
    unit = next(one.unit for one in INDICATORS if one.id == indicator)
    return figure(id, text, hedge, indicator=indicator, unit=unit, multiplier=multiplier, **more)


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
    indicator("exports", "level", "USD", low=0),
    indicator("imports", "level", "USD", low=0),
    indicator("balance", "level", "USD"),
    indicator("balance_growth", "growth", "percent"),
    indicator("share_change", "growth", "percentage_points"),
    indicator("trade_rank", "rank", "rank", low=1, integer=True),
    indicator("trade_euro", "level", "EUR", low=0),
    indicator("euro_rate", "level", "USD_per_EUR", low=0),
    indicator("gas_rate", "level", "m3_per_year", low=0),
    indicator("gas_a_day", "level", "m3_per_day", low=0),
    indicator("gas_total", "level", "m3", low=0),
    indicator("gas_years", "duration", "year", low=0),
    indicator("gas_days", "duration", "day", low=0),
    indicator("first_year", "count", "calendar_year", integer=True),
    indicator("last_year", "count", "calendar_year", integer=True),
)
SECTORS = (Sector("trade", "Trade", ("G",), "", ""), Sector("industry", "Industry", ("C",), "", ""))
SOURCES = tuple(
    Source(f"S{n}", f"text{n}", f"S{n}", f"Text {n}", "", "", "2025-07-01", "stated", "news", f"{n}.txt", "0" * 64, "")
    for n in range(1, 6)
)


def relation(id: str, type: str, period_rule: str = "same", reason: str = "said together", **operands: str) -> Relation:
    """Return a relation between claims by role, of which one may name several: parts="c1+c2"."""
    return Relation(id, type, {role: tuple(ids.split("+")) for role, ids in operands.items()}, period_rule, reason)


def item(
    id: str,
    *sectors: str,
    source: str = "S1",
    kind: str = "closed",
    status: str = "talk",
    name: str = "list",
    repeats: str = "",
    within: str = "",
) -> Agreement:
    """Return one item of the list `name` of a text, that belongs to `sectors`."""
    return Agreement(id, source, 1, f"{source}.{name}", kind, status, id, sectors, repeats, within, "")


def quoted(
    id: str, text: str, hedge: str = "none", *, authority: str = "kz_statistics", doubtful: bool = False, **more
) -> Official:
    """Return an official figure of `text`, by default so many billion dollars of trade in 2023."""
    shared = {one.name for one in fields(Claim)} & {one.name for one in fields(Official)}
    page = {
        "reporter": "Larkmouth (town hall)",
        "publisher": "新能源网, citing others",
        "publisher_print": "New Energy, citing others",
        "title": "Trade",
        "title_print": "",
        "url": "https://example.org/trade",
        "date_published": "2024-01",
        "note": "",
        "unused_because": "",
    }
    page |= {name: more.pop(name) for name in page.keys() & more.keys()}
    same = {name: getattr(figure(id, text, hedge, **more), name) for name in shared - page.keys()}
    return Official(**same, **page, authority=authority, doubtful=doubtful)


def book(*claims: Claim, relations=(), items=(), sectors=SECTORS, official=()) -> Ledger:
    """Return a ledger that holds these claims, relations, items and official figures."""
    tables = (SOURCES, sectors, INDICATORS, claims, relations, items, official, ())
    return Ledger(*({one.id: one for one in rows} for rows in tables), package={})


ROWS = (
    relation("r01", "growth_of", growth="c05", last="c01", first="c03"),
    relation("r02", "multiple_of", multiple="c06", last="c01"),
    relation("r03", "part_of", part="c07", total="c01"),
    relation("r04", "sum_of", total="c02", parts="c07+c08"),
    relation("r05", "share_of", share="c09", part="c07", total="c02"),
    relation("r06", "at_most", "previous_year", smaller="c03", larger="c02"),
    relation("r07", "share_of", share="c09", part="c01"),
    relation("r08", "at_most", "across", smaller="c08", larger="c07"),
    relation("r09", "growth_of", growth="c05", last="c02"),
)
figures = st.tuples(st.integers(1, 40), st.sampled_from(("none", "about", "more_than", "nearly", "less_than")))


@st.composite
def ledgers(draw) -> Ledger:
    """Draw levels of two years, their parts, a growth, a multiple and a share, and some relations between them."""

    def level(id: str, **more) -> Claim:
        value, hedge = draw(figures)
        return figure(id, str(value), hedge, precision=draw(st.sampled_from([1, 5])), **more)

    claims = (
        level("c01"),
        level("c02", source="S2"),
        level("c03", period=year(2022)),
        level("c04", source="S2", period=year(2022)),
        percent("c05", str(draw(st.integers(-50, 150))), draw(figures)[1], precision=5),
        times("c06", str(draw(st.integers(1, 3))), precision="0.1", wide="0.5"),
        level("c07", indicator="exports"),
        level("c08", indicator="imports"),
        percent("c09", str(draw(st.integers(5, 95))), indicator="trade_share"),
    )
    return book(*claims, relations=draw(st.lists(st.sampled_from(ROWS), min_size=1, max_size=5, unique=True)))


TRADE, RATE = figure("c001", "41", "more_than"), percent("c002", "32")
QUOTED = quoted("o001", "31.2", "about")
SMALL = book(TRADE, RATE, figure("c003", "31"), official=[QUOTED])
