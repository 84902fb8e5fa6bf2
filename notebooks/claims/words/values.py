"""The values of findings as a reader sees them: the value with its unit, its range, its size."""

from __future__ import annotations

import math

from claims.content.phrases import Link
from claims.results.finding import Finding
from claims.words import numerals

__all__ = ["finding_json", "range_link", "range_text", "size_text", "value_text"]


def value_text(finding: Finding, digits: int | None = None) -> str:
    """Return the value with its unit, its range where there is no one value, else the limit that no value reaches.

    Without `digits` it has those that its interval deserves: see `numerals.firm_decimals`.

    Points printed with a hedge may make a value that the hedge excludes: more than 41 ÷ nearly a third is more
    than 123, and never 123.
    """
    interval = finding.interval
    if finding.value is None and interval is not None:
        return range_text(finding)
    digits = _decimals(finding) if digits is None else digits
    if finding.value is None or interval is None or finding.value in interval:
        return numerals.quantity(finding.value, finding.unit, digits)
    is_above = interval.low is not None and finding.value <= interval.low
    return numerals.limit(finding.value, finding.unit, is_above, digits)


def range_text(finding: Finding) -> str:
    """Return the interval in words, its bounds rounded outward, with at most one digit more than the value."""
    if finding.interval is None:
        return numerals.quantity(finding.value, finding.unit)
    places = _decimals(finding)
    return numerals.range_text(finding.interval, finding.unit, finest=None if places is None else places + 1)


def size_text(finding: Finding) -> str:
    """Return the value with its unit and without its sign, for words such as “less by”."""
    if finding.value is None:
        return value_text(finding)
    return numerals.quantity(abs(finding.value), finding.unit, _decimals(finding))


def _decimals(finding: Finding) -> int | None:
    """Return the decimals that the value deserves; None where nothing bounds it."""
    value, interval = finding.value, finding.interval
    if numerals.missing(value) or interval is None or (isinstance(value, float) and not math.isfinite(value)):
        return None
    return numerals.firm_decimals(value, interval.low, interval.high, finding.unit)


def range_link(finding: Finding) -> Link:
    """Return the range of a finding, linked to its derivation."""
    return Link(range_text(finding), finding.anchor)


def finding_json(finding: Finding) -> dict:
    """Return a finding as it leaves a kernel: as the report stores it, with its value and range in words."""
    return {**finding.to_json(), "text": value_text(finding), "range": range_text(finding)}
