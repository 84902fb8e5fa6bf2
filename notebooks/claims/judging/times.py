"""Times and dates as numbers: how long from one date to another, and what a rate per day is per year."""

from __future__ import annotations

import re
from datetime import date, timedelta
from fractions import Fraction

from claims.ledger.intervals import Interval
from claims.ledger.model import Claim, Ledger, Official, Relation
from claims.ledger.relation_rules import DATES, DAYS_PER_YEAR

__all__ = ["counted_days", "dates_of", "days_meant", "may_repeat", "span_of_dates", "time_factor"]


def counted_days(start: str, end: str) -> int:
    """Return the days from one ISO date to another, both counted.

    >>> counted_days("2023-01-01", "2023-12-31")
    365
    """
    return (date.fromisoformat(end) - date.fromisoformat(start)).days + 1


def time_factor(rate_unit: str, time_unit: str) -> Fraction:
    """Return what turns a time into the unit that a rate is per: days into years, years into days.

    >>> time_factor("m3_per_year", "year"), time_factor("m3_per_day", "year")
    (Fraction(1, 1), Fraction(146097, 400))
    """
    days = {"year": DAYS_PER_YEAR, "day": Fraction(1)}
    per = re.search(r"per_(year|day)$", rate_unit)
    if not per or time_unit not in days:
        raise ValueError(f"cannot multiply {rate_unit} by {time_unit}: give a rate per year or day, and years or days")
    return days[time_unit] / days[per[1]]


def dates_of(ledger: Ledger, relation: Relation) -> str:
    """Return the dates between which a duration is counted, such as 1992..2024-07-02; "" if it names years instead.

    The first is the row's own, or the day on which the period of the figure in `since` begins.
    """
    if relation.type != "duration" or not DATES.fullmatch(relation.period_rule):
        return ""
    since = [ledger.claim(id).period.start for id in relation.operands.get("since", ())]
    return "".join(since) + relation.period_rule


def span_of_dates(rule: str, unit: str = "year") -> Interval:
    """Return the time between two dates, cut short where only year or month are known, in years or days.

    The first and the last day may both count, or one of them.

    >>> str(span_of_dates("2009-07-02..2024-07-02", "day")), str(span_of_dates("2019..2023"))
    ('[5479, 5480]', '[1096/365, 5]')
    """
    first, last = (days_meant(text) for text in rule.split(".."))
    day_after = last[1] + timedelta(days=1)
    between = _years_between if unit == "year" else _days_between
    return Interval(between(first[1], last[0]), between(first[0], day_after), True, True)


def _days_between(first: date, last: date) -> Fraction:
    return Fraction((last - first).days)


def _years_between(first: date, last: date) -> Fraction:
    """Return the anniversaries of `first` up to `last`, and the part of a year since the latest."""
    years = last.year - first.year - ((last.month, last.day) < (first.month, first.day))
    latest, following = (_anniversary(first, years + more) for more in (0, 1))
    return years + Fraction((last - latest).days, (following - latest).days)


def _anniversary(day: date, years: int) -> date:
    is_leap_day = (day.month, day.day) == (2, 29)
    return date(day.year + years, 3, 1) if is_leap_day else day.replace(year=day.year + years)


def days_meant(text: str) -> tuple[date, date]:
    """Return the first and the last day that a date, maybe cut short, can mean.

    >>> [str(day) for day in days_meant("2024-02")]
    ['2024-02-01', '2024-02-29']
    """
    year, month, day = (int(part) for part in [*text.split("-"), "1", "1"][:3])
    first, dashes = date(year, month, day), text.count("-")
    if dashes == 2:
        return first, first
    next_first = (first + timedelta(days=31)).replace(day=1) if dashes else date(year + 1, 1, 1)
    return first, next_first - timedelta(days=1)


def may_repeat(ledger: Ledger, claim: Claim, other: Claim | Official) -> bool:
    """Return whether a claim, by its date, may repeat what another text or page prints.

    It does not if it was printed before that, or before the other's period had ended. A text without a date is taken
    to be as late as the last end of a period in it; what has no date at all excludes nothing.
    """
    latest = _printed_days(ledger, claim)[1]
    known = (_printed_days(ledger, other)[0], other.period.end and date.fromisoformat(other.period.end))
    return not latest or all(not day or day <= latest for day in known)


def _printed_days(ledger: Ledger, figure: Claim | Official) -> tuple[date | None, date | None]:
    """Return the first and the last day on which a figure may have been printed, None where nothing is known of it."""
    page = figure if isinstance(figure, Official) else ledger.official.get(figure.id)
    source = "" if isinstance(figure, Official) or page else figure.source
    printed = page.date_published if page else ledger.sources[source].reference_date
    if printed:
        return days_meant(printed)
    return None, _last_end(ledger, source) if source else None


def _last_end(ledger: Ledger, source: str) -> date | None:
    """Return the last end of a period that a text looks back on."""
    key = "last end", source
    if key not in ledger.kept:
        own = (one.period for one in ledger.claims.values() if one.source == source)
        ends = [period.end for period in own if period.end and period.kind != "horizon"]
        ledger.kept[key] = date.fromisoformat(max(ends)) if ends else None
    return ledger.kept[key]
