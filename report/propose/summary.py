"""What `propose` prints: how many figures were seen, each proposed row, and what to look at."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from textwrap import shorten

from claims.ledger.intervals import printed_interval
from claims.ledger.model import Claim, Ledger
from claims.ledger.records import Period
from claims.tables.messages import count_noun
from claims.words import labels, numerals

from report.propose.asides import count_reasons
from report.propose.letters import without_controls
from report.propose.proposals import UNREADABLE, Proposal, TextReading, as_claim
from report.propose.seen import NOT_YET, UNCLEAR

__all__ = [
    "denominator",
    "describe",
    "figure_text",
    "may_be_figure",
    "period_text",
    "source_row",
    "unit_text",
    "unlisted_units",
    "width_text",
]

_PERIOD = ("period_start", "period_end", "period_kind", "period_basis")
_SHOWN = 12  # phrases to look at
_WIDTH = 100  # letters of a sentence to look at


def denominator(reading: TextReading) -> str:
    """Return how many figures were seen in a text, and what became of each.

    An example is "41 figures seen, 33 proposed, 8 set aside: 5 calendar years, 2 list numbers, 1 age".
    """
    proposed, aside = len(reading.claims), len(reading.asides)
    seen = count_noun(proposed + aside, "figure")
    reasons = f": {count_reasons([one.reason for _, one in reading.asides])}" if aside else ""
    return f"{seen} seen, {proposed} proposed, {aside} set aside{reasons}"


def describe(reading: TextReading) -> Iterator[str]:
    """Yield the lines that show what was read in a text."""
    source = reading.source
    of = (
        f"{source.id}, {source.short_name}, read as of {source.reference_date}"
        if source
        else "in no row of sources.csv"
    )
    yield f"{reading.text.path} ({of})"
    yield denominator(reading)
    if reading.claims:
        yield ""
    for one in reading.claims:
        yield from _figure_lines(one)
    if reading.items:
        lists = len({one.row["list"] for one in reading.items})
        yield f"\n{count_noun(len(reading.items), 'listed item')} in {count_noun(lists, 'list')}:"
    for one in reading.items:
        row = one.row
        of = f"{row['list']}, {row['status']}, {row['sectors'] or 'no sector found'}"
        yield f"{row['id']}  line {row['line']:>3}  {row['item']}  ({of})"
    by_hand = [(line, one) for line, one in reading.asides if may_be_figure(one.reason)]
    if by_hand:
        yield "\nset aside, and perhaps worth a row by hand:"
    for line, aside in by_hand:
        yield f"      line {line:>3}  {_cut(reading, line, aside.start, aside.end)}: {aside.reason}"
    if any(one.reason.startswith("unit ") for _, one in by_hand):
        yield "      (datapackage.json lists the units that this ledger allows, in the column unit of three tables)"
    if reading.unlisted:
        yield "\nsentences that may name agreements, fields or projects, with none proposed; look at these too:"
    for line, start, end in reading.unlisted:
        sentence = shorten(reading.text.plain_lines[line - 1][start:end], _WIDTH, placeholder=" …")
        yield f"      line {line:>3}  {sentence}"
    if reading.deictic:
        yield "\nlook at these, whose meaning depends on the text's day or on what it compares with:"
        words = [f"“{phrase}” (line {line}, read as {meaning})" for line, phrase, meaning in reading.deictic]
        more = [f"and {len(words) - _SHOWN} more"] if len(words) > _SHOWN else []
        yield f"      {', '.join([*words[:_SHOWN], *more])}"


def may_be_figure(reason: str) -> bool:
    """Return whether a number was set aside only because no row can express it yet, or its words may mean another."""
    return reason.endswith(NOT_YET) or reason.startswith("unit ") or reason in (UNREADABLE, UNCLEAR)


def _cut(reading: TextReading, line: int, start: int, end: int) -> str:
    return f"“{reading.text.plain_lines[line - 1][start:end].strip()}”"


def _figure_lines(one: Proposal) -> Iterator[str]:
    row = one.row
    extra = [f"says {row['stated_by']}"] if row["stated_by"] else []
    extra += [f"repeats {row['repeats']}"] if row["repeats"] else []
    yield f"{row['id']}  line {row['line']:>3}  “{row['printed']}”"
    yield "      " + "; ".join([figure_text(row), width_text(row), period_text(row), *extra])
    others = ", ".join(one.candidates[1:3])
    indicator = (
        row["indicator"] or f"no indicator of {unit_text(row['unit'])} has these words: add one to indicators.csv"
    )
    yield f"      {indicator}{f'  (or {others})' if others else ''}"


def unlisted_units(reading: TextReading, ledger: Ledger) -> list[str]:
    """Return a line that names the proposed units which the data package of a ledger does not allow yet, if any."""
    allowed = {
        unit
        for resource in ledger.package.get("resources", ())
        for field in resource.get("schema", {}).get("fields", ())
        if resource.get("name") == "indicators" and field.get("name") == "unit"
        for unit in field.get("constraints", {}).get("enum", ())
    }
    units = dict.fromkeys(one.row["unit"] for one in reading.claims if one.row["unit"] not in allowed)
    if not units or not allowed:
        return []
    where = "the enum of column unit of indicators.csv in datapackage.json"
    return [f"units to add first to {where}: {', '.join(units)}"]


def figure_text(row: Mapping[str, str]) -> str:
    """Return the figure of a row as a report would write it; a row that cannot be read, in its own cells.

    >>> cells = {"value": "41", "multiplier": "1000000000", "unit": "USD", "hedge": "more_than", "precision": "1"}
    >>> figure_text(cells)
    'more than $41 billion'
    """
    claim = _claim(row)
    return labels.figure_text(claim) if claim else f"{row['value']} × {row['multiplier']} {row['unit']}"


def width_text(row: Mapping[str, str]) -> str:
    """Return what the figure of a row may stand for.

    >>> cells = {"value": "41", "multiplier": "1000000000", "unit": "USD", "hedge": "none", "precision": "1"}
    >>> width_text(cells), width_text({**cells, "hedge": "exact", "precision": ""})
    ('stands for $40.5 to 41.5 billion', 'exact')
    """
    claim = _claim(row)
    if claim is None or row["hedge"] == "exact":
        return "exact" if claim else "hedge or precision cannot be read"
    span = printed_interval(claim.value, claim.precision, claim.hedge, spread=claim.spread)
    low, high = (None if end is None else end * claim.multiplier for end in (span.low, span.high))
    return f"stands for {numerals.bounds(low, high, claim.unit)}"


def unit_text(unit: str) -> str:
    """Return a unit in words, with its id where that is another.

    >>> unit_text("t_per_day"), unit_text("count"), unit_text("count_per_day")
    ('tonnes a day (t_per_day)', 'a number of things (count)', 'things a day (count_per_day)')
    """
    if unit in ("count", "rank", "calendar_year"):
        return {"count": "a number of things", "rank": "a rank", "calendar_year": "a year"}[unit] + f" ({unit})"
    before, after, _ = numerals.unit_form(unit)
    words = f"{'things' if unit.startswith('count_') else ''}{before}{after}".strip()
    return f"{words} ({unit})" if words and words != unit else unit


def _claim(row: Mapping[str, str]) -> Claim | None:
    """Return a row as a claim, None if a cell of it cannot be read."""
    empty = dict.fromkeys(("id", "source", "printed", "indicator", *_PERIOD, "stated_by", "repeats", "note"), "")
    try:
        claim = as_claim({"line": "1", "precision": "", "precision_basis": "", "precision_wide": "", **empty, **row})
        printed_interval(claim.value, claim.precision, claim.hedge, spread=claim.spread)
    except (ValueError, KeyError, TypeError, ZeroDivisionError, AssertionError):
        return None
    return claim


def period_text(row: Mapping[str, str]) -> str:
    """Return the period of a row, as in "2023 (stated)"; one that cannot be read, in its own cells.

    >>> period_text(dict(zip(_PERIOD, ("2023-01-01", "2023-12-31", "year", "stated"), strict=True)))
    '2023 (stated)'
    """
    period = Period(*(row[name] for name in _PERIOD))
    days = [day for day in (period.start, period.end) if day]
    if period.kind == "undated" or not days:
        return "undated"
    is_plain = all(re.fullmatch(r"\d{4}-\d\d-\d\d", day) for day in days)
    exact_days = period.kind == "window" and not (period.start[5:] == "01-01" and period.end[5:] == "12-31")
    label = " to ".join(days) if exact_days and len(days) == 2 else period.label if is_plain else ", ".join(days)
    return f"{label} ({period.basis})"


def source_row(reading: TextReading, next_id: str) -> str:
    """Return the row of sources.csv to fill in for a text that has none."""
    lines = (without_controls(line.strip("\ufeff")).strip() for line in reading.text.lines)
    title = next(filter(None, lines), "")
    text = io.StringIO()
    cells = (next_id, "NAME", "SHORT NAME", title, "", "", "YYYY-MM-DD", "inferred", "news")
    csv.writer(text, lineterminator="").writerow([*cells, reading.text.path.name, reading.text.sha256, ""])
    return text.getvalue()
