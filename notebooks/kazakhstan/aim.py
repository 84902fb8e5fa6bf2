"""The aim declared for trade, a multiple of its level: how long it takes, and the road to it so far.

The table counts from what the texts print. The road keeps to one count from beginning to end, that of Chinese customs,
because the texts' yearly totals lie near it and no other series reaches back ten years.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import pandas as pd
from claims.content.phrases import Link, Marked, Phrase
from claims.ledger.intervals import Interval, Reading
from claims.ledger.model import Claim, Ledger
from claims.ledger.numbers import exact
from claims.questions import growth, growth_exhibits
from claims.results.anchors import anchor
from claims.results.finding import Finding, computed, derive
from claims.show.book import Book
from claims.show.exhibits import Column, Exhibit
from claims.words.sentences import phrase
from claims.words.values import range_text

from kazakhstan import mirror, pace, trade_charts
from kazakhstan.mirror import CHINA, SIDES, TURNOVER, Level, point
from kazakhstan.pace import Pace

__all__ = [
    "Road",
    "road",
    "road_alt",
    "road_drawn",
    "road_to_doubling",
    "target_band",
    "years_at_pace",
    "years_to_the_aim",
]

DECADE = 2013  # the first year that both sides count
_WHEN = {False: "at the pace of the latest year", True: f"at the pace since <time>{DECADE}</time>"}


@dataclass(frozen=True)
class Road:
    """The way from the latest level of trade to a multiple of that of a base year, by the count of Chinese customs.

    `done` is the part of the way from the base level to the target that is covered (percent), `left` what is missing
    (dollars), `needed` the yearly growth that reaches the target in the year `due`; `observed` are the paces seen, each
    with the years that it would take and the calendar year of the first total at or above the target.
    """

    start: int
    due: int
    base: Level
    level: Level
    target: Finding
    left: Finding
    done: Finding
    needed: Finding
    observed: tuple[tuple[Pace, Finding, Finding], ...]


def years_to_the_aim(book: Book, rates_pct: Sequence[float], base_year: int, horizon_year: int) -> Exhibit:
    """Table: years from the latest level of trade to the level aimed at, for each yearly rate in percent."""
    base, level, wish = growth.doubling_claims(book.ledger, base_year, book.reading)
    doubled = growth.doubling(book.ledger, book.reading, base, level, wish, rates_pct)
    target = growth.target(book.ledger, book.reading, base, wish)
    required = growth.required_rate(book.ledger, book.reading, base, level, wish, horizon_year)
    return book.table(
        growth_exhibits.doubling_table(doubled),
        findings=[target, required, *growth.findings_in(doubled)],
        id="tbl-doubling",
        place="appendix",
        title="Years from the latest level of trade to the level aimed at",
        caption="Constant yearly growth of nominal trade from the latest yearly total. Ranges come from the rounding "
        "of the levels. Reached in: the earliest calendar year whose total is at least the level aimed at.",
        columns={
            "rate": Column("Growth a year", align="right"),
            "years": Column("Years needed", align="right"),
            "range": "Range",
            "year": Column("Reached in", align="right"),
        },
    )


def road(ledger: Ledger, reading: Reading, wish: Claim, base_year: int, due: int) -> Road:
    """Return the road from the latest level by Chinese customs to `wish` times that of `base_year`.

    `ledger` has the official figures among its claims. Raises ValueError if they do not include the base year, or if
    the year due is not after the latest level.
    """
    levels = {int(key): one for key, one in mirror.series(ledger, TURNOVER, CHINA, reading).items() if len(key) == 4}
    start = max(levels)
    if base_year not in levels:
        raise ValueError(f"no page quotes {SIDES[CHINA]} for the base year {base_year}; choose another of {[*levels]}")
    if due <= start:
        raise ValueError(f"doubling_horizon_year must be after {start}, the year of the latest level; got {due}")
    base, level, by = levels[base_year], levels[start], SIDES[CHINA]
    aim: dict[str, Any] = {"base": base, "level": level, "multiple": wish.point}
    target = derive(ledger, "road_target", f"{wish.text} times the trade of {base_year}, {by}", "last_of_multiple",
                    reading, first=base, multiple=wish.point)  # fmt: skip
    left = derive(ledger, "road_left", f"What trade of {start} lacks to that, {by}", "change", reading, last=target,
                  first=level)  # fmt: skip
    needed = derive(ledger, "road_needed", f"Yearly growth from {start} that reaches it in {due}, {by}",
                    "rate_to_double", reading, years=due - start, **aim)  # fmt: skip
    spans = [(start - 1, start), (DECADE, start)]
    paces = [found for early, late in spans if (found := pace.pace(ledger, CHINA, early, late, reading))]
    observed = tuple((one, *_arrival(ledger, one, base, level, wish.point, start, reading)) for one in paces)
    return Road(start, due, base, level, target, left, _done(ledger, base, level, wish, reading), needed, observed)


def _done(ledger: Ledger, base: Level, level: Level, wish: Claim, reading: Reading) -> Finding:
    """Return the part of the way from the base level to its multiple that the latest level has covered."""
    grown = derive(ledger, "growth", "", "growth", reading, last=level, first=base)
    share, span = point(grown) / (wish.point - 1), mirror.interval_of(grown)
    return computed(
        "road_done",
        f"Part of the way from the base level to {wish.text} times it that trade has covered, {SIDES[CHINA]}",
        share,
        "percent",
        "growth of {level} over {base}, over the growth aimed at",
        span.scaled(1 / (wish.point - 1)),
        {"level": level, "base": base},
    )


def _arrival(
    ledger: Ledger, one: Pace, base: Level, level: Level, multiple: Fraction, start: int, reading: Reading
) -> tuple[Finding, Finding]:
    """Return the years from `level` to the target at a pace, and the first calendar year at or above the target."""
    spans = [mirror.span_of(ledger, each, reading) for each in (base, level, one.first)]
    (base_low, base_high), (level_low, level_high), (first_low, first_high) = map(mirror.ends_of, spans)
    span = one.end - one.start
    value = years_at_pace(multiple, point(base), point(level), point(one.first), span)
    low = years_at_pace(multiple, base_low, level_high, first_low, span)  # rises with base and first, falls with level
    high = years_at_pace(multiple, base_high, level_low, first_high, span)
    name, pace_words = f"{one.start}_{one.end}", f"the pace of {one.start} to {one.end}, {SIDES[CHINA]}"
    inputs = {"base": base, "level": level, "first": one.first, "pace": one.yearly}
    years = computed(
        f"road_years_at_pace_{name}",
        f"Years from the end of {start} to the level aimed at, at {pace_words}",
        value,
        "year",
        f"ln({multiple} × {{base}} ÷ {{level}}) ÷ (ln({{level}} ÷ {{first}}) ÷ {span})",
        None if low is None or high is None else Interval(Fraction(low), Fraction(high), True, True),
        inputs,
    )
    ends = [None if end is None else Fraction(start + math.ceil(end)) for end in (value, low, high)]
    arrival = computed(
        f"road_year_at_pace_{name}",
        f"First year whose trade reaches the level aimed at, at {pace_words}",
        ends[0],
        "calendar_year",
        f"{start} and {{years}}, rounded up",
        None if None in ends else Interval(ends[1], ends[2], True, True),
        {"years": years},
    )
    return years, arrival


def years_at_pace(multiple: Fraction, base: Fraction, level: Fraction, first: Fraction, years: int) -> float | None:
    """Return how many years it takes from `level` to `multiple` × `base` at the pace from `first` to `level`.

    None where trade did not grow.

    >>> years_at_pace(Fraction(2), Fraction(100), Fraction(100), Fraction(50), 10)  # it doubled in ten years
    10.0
    """
    if level <= first:
        return None
    return math.log(multiple * base / level) * years / math.log(level / first)


def road_to_doubling(book: Book, base_year: int, due: int, pages: str = "all") -> Exhibit:
    """Figure: trade since the decade began, and its paths to the aim, at the pace needed and as observed."""
    _, _, wish = growth.doubling_claims(book.ledger, base_year, book.reading)
    ledger = mirror.joined(book.ledger, pages)
    found = road(ledger, book.reading, wish, base_year, due)
    levels = mirror.series(ledger, TURNOVER, CHINA, book.reading)
    past = {int(key): one for key, one in levels.items() if len(key) == 4 and int(key) >= DECADE}
    drawn = road_drawn(ledger, found, past, book.reading)
    observed = [vars(one) | {"years": years, "year": year} for one, years, year in found.observed]
    arrivals = [f"{_WHEN[one.start == DECADE]} it comes in {{{year.id}:range}}" for one, _, year in found.observed]
    return book.figure(
        trade_charts.road_to_doubling(drawn, target_band(found.target), due, ledger),
        findings=growth.findings_in([found, past, *observed]),
        id="fig-doubling",
        name="doubling",
        title=f"<data>Doubling</data> trade by <data>{due}</data> takes {{{found.needed.id}}} a year; "
        + " and ".join(arrivals),
        caption="Trade in current dollars as Chinese customs count it, so far and at constant yearly growth. Dotted: "
        "no page quotes the years between. Shaded: what rounding allows. The year beside a path is that in which "
        "its total reaches the aim. Base year and date are assumed: no text names them.",
        alt=road_alt(found, past),
        data=drawn,
        evidence="from",
        headings={
            "path": "Path",
            "year": "Year, and part of it",
            "trade_usd": "Trade in a year, $",
            "low": "At least, $",
            "high": "At most, $",
            "shown": "Label",
            "arrives": "Year of arrival",
        },
        source="Official figures as quoted on web pages.",
    )


def road_drawn(
    ledger: Ledger, found: Road, past: Mapping[int, Level], reading: Reading, steps: int = 12
) -> pd.DataFrame:
    """Return trade so far and its paths to the target, to draw: path, year, trade_usd, low, high (US dollars), from.

    The first path is the one that arrives in the year due; `past` are the levels so far by year.
    """
    rows = []
    for year, level in sorted(past.items()):
        low, high = mirror.ends_of(mirror.span_of(ledger, level, reading))
        ends = {"low": float(low), "high": float(high), "from": level.id}
        rows.append({"path": "so far", "year": float(year), "trade_usd": float(point(level)), **ends})
    paths = [("needed", "needed:", found.needed, Fraction(found.due - found.start), str(found.due))]
    for one, years, arrival in found.observed:
        if years.value is not None and arrival.value is not None:
            since = f"as since {one.start}:" if one.start == DECADE else f"as in {one.end}:"
            path, length = f"at the pace of {one.start} to {one.end}", exact(years.value)
            paths.append((path, since, one.yearly, length, range_text(arrival)))
    for path, words, rate, length, arrives in paths:
        shown = f"{words}\n{float(point(rate)):.1f}% a year"
        rates = [float(point(rate)), *map(float, mirror.ends_of(mirror.interval_of(rate)))]
        for step in range(steps + 1):
            elapsed = float(length) * step / steps
            ends = {"shown": shown, "arrives": arrives} if step == steps else {}
            usd, below, above = (float(point(found.level)) * (1 + each / 100) ** elapsed for each in rates)
            row = {"path": path, "year": found.start + elapsed, "trade_usd": usd, "low": below, "high": above}
            rows.append({**row, **ends, "from": f"{found.level.id} {rate.id}"})
    columns = ["path", "year", "trade_usd", "low", "high", "shown", "arrives", "from"]
    return pd.DataFrame(rows, columns=columns).fillna({"shown": "", "arrives": ""})


def road_alt(found: Road, past: Mapping[int, Level]) -> Phrase:
    """Return the alt text of the figure of `road_drawn`: trade so far, the target, and when each path reaches it."""
    alt = phrase("A line of trade so far:")
    for place, (year, level) in enumerate(sorted(past.items())):
        words = Link(f"${float(point(level)) / 1e9:.1f} billion", anchor(level.id))
        alt += phrase(("," if place else "") + " {year} {level}", year=Marked(str(year), "date"), level=words)
    due = Marked(str(found.due), "parameter")
    alt += phrase(
        ". From there a path to {target} in {due}, at {rate} a year", target=found.target, due=due, rate=found.needed
    )
    for one, _, arrival in found.observed:
        years = Link(range_text(arrival), arrival.anchor)
        alt += phrase("; at {rate} a year it arrives in {years}", rate=one.yearly, years=years)
    return alt + "."


def target_band(target: Finding) -> tuple[float, float, float]:
    """Return a target and its bounds in billions of dollars, to draw."""
    span = target.interval
    if target.value is None or span is None or span.low is None or span.high is None:
        raise ValueError(f"{target.id} has no value or no bounds to draw")
    return float(target.value) / 1e9, float(span.low) / 1e9, float(span.high) / 1e9
