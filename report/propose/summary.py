"""What `propose` prints: how many figures were seen, each proposed row, and what to look at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from claims.tables.messages import count_noun

from report.propose.asides import count_reasons
from report.propose.letters import without_controls
from report.propose.proposals import UNREADABLE, Proposal, TextReading
from report.propose.seen import NOT_YET, UNCLEAR

__all__ = ["denominator", "describe", "figure_text", "period_text", "source_row", "width_text"]

_SHOWN = 12  # phrases to look at


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
    by_hand = [(line, one) for line, one in reading.asides if _may_be_figure(one.reason)]
    if by_hand:
        yield "\nset aside, and perhaps worth a row by hand:"
    for line, aside in by_hand:
        yield f"      line {line:>3}  {_cut(reading, line, aside.start, aside.end)}: {aside.reason}"
    if any(one.reason.startswith("unit ") for _, one in by_hand):
        yield "      (datapackage.json lists the units that this ledger allows, in the column unit of three tables)"
    if reading.deictic:
        yield "\nlook at these, whose meaning depends on the text's day or on what it compares with:"
        words = [f"“{phrase}” (line {line}, read as {meaning})" for line, phrase, meaning in reading.deictic]
        more = [f"and {len(words) - _SHOWN} more"] if len(words) > _SHOWN else []
        yield f"      {', '.join([*words[:_SHOWN], *more])}"


def _may_be_figure(reason: str) -> bool:
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
    indicator = row["indicator"] or "no indicator has this unit and these words: add one to indicators.csv"
    yield f"      {indicator}{f'  (or {others})' if others else ''}"


def figure_text(row: Mapping[str, str]) -> str:
    """Return value, multiplier and unit of a row, as in 41 × 1000000000 USD."""
    times = f" × {row['multiplier']}" if row["multiplier"] != "1" else ""
    return f"{row['value']}{times} {row['unit']}"


def width_text(row: Mapping[str, str]) -> str:
    """Return hedge and precision of a row, as in more_than, to 10 (default)."""
    basis = row["precision_basis"].partition(":")[0]
    return f"{row['hedge']}, to {row['precision']} ({basis})" if row["precision"] else row["hedge"]


def period_text(row: Mapping[str, str]) -> str:
    """Return the period of a row, as in year 2023-01-01 to 2023-12-31 (stated)."""
    days = " to ".join(dict.fromkeys(day for day in (row["period_start"], row["period_end"]) if day))
    return f"{row['period_kind']} {days} ({row['period_basis']})" if days else row["period_kind"]


def source_row(reading: TextReading, next_id: str) -> str:
    """Return the row of sources.csv to fill in for a text that has none."""
    title = next((line.strip() for line in map(without_controls, reading.text.lines) if line.strip()), "").replace(
        '"', '""'
    )
    quoted = f'"{title}"' if set(title) & set(',"') else title
    return (
        f"{next_id},NAME,SHORT NAME,{quoted},,,YYYY-MM-DD,inferred,news,{reading.text.path.name},{reading.text.sha256},"
    )
