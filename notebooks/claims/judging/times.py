"""Times and dates as numbers: how long from one date to another, and what a rate per day is per year."""

from __future__ import annotations

import re
from datetime import date, timedelta
from fractions import Fraction

from claims.ledger.intervals import Interval
from claims.ledger.model import Ledger, Relation
from claims.ledger.relation_rules import DATES, DAYS_PER_YEAR

__all__ = ["counted_days", "dates_of", "days_meant", "span_of_dates", "time_factor"]


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
