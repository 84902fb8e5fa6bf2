"""How firm each finding is (`robustness`), as the tables, the figures and the sentences of its chapter."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

from claims.content.phrases import Link, Marked, Phrase
from claims.ledger.intervals import Interval
from claims.ledger.model import Ledger
from claims.ledger.readings import ALONE, DEFAULT, DeclaredReading
from claims.questions.robustness import FINDING, Answer, ChangedVerdict, Firmness
from claims.results.anchors import anchor
from claims.words.numerals import range_text, unit_form
from claims.words.sentences import for_count, listed_phrases, phrase

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "CHOICES",
    "changes_table",
    "combined_table",
    "curve",
    "curve_alt",
    "curve_axis",
    "curve_title",
    "firmness_phrase",
    "grid",
    "grid_alt",
    "grid_words",
    "headlines_table",
    "readings_table",
    "sureness_phrase",
]

CHOICES = {
    "hedge_width": "width of hedges",
    "tolerance_pct": "tolerance",
    "window": "windows",
    "official": "official figures",
}


def readings_table(declared: Iterable[DeclaredReading], idle: Collection[str] = ()) -> list[dict]:
    """Return one row per choice that is varied alone: the names of its readings, and why.

    Of the readings that are `idle`, by name, the row tells that they change no result.
    """
    rows: dict[str, dict] = {}
    for reading in declared:
        if reading.kind == ALONE:
            row = rows.setdefault(next(iter(reading.changes)), {"names": [], "why": Marked(reading.why, "citation")})
            row["names"].append(_listed_name(reading, idle))
    return list(rows.values())


def combined_table(declared: Sequence[DeclaredReading], idle: Collection[str] = ()) -> list[dict]:
    """Return one row per reading that makes several choices: its name, the choices, why; see `readings_table`."""
    alone = [reading for reading in declared if reading.kind == ALONE]
    words = {(name, str(value)): reading.shown for reading in alone for name, value in reading.changes.items()}
    rows = []
    for reading in declared:
        if reading.kind not in (ALONE, DEFAULT):
            choices = (words.get((name, str(value)), f"{name} {value}") for name, value in reading.changes.items())
            combined = Marked("; ".join(choices), "parameter")
            rows.append(
                {"name": _listed_name(reading, idle), "choices": combined, "why": Marked(reading.why, "citation")}
            )
    return rows


def headlines_table(firm: Iterable[Firmness]) -> list[dict]:
    """Return one row per headline: words, default (its number or verdict), envelope, holds (of how many), flips."""
    rows = []
    for one in firm:
        row, envelope, target = one.row, one.envelope, anchor(one.shows)
        rows.append(
            {
                "words": one.words,
                "default": Link(row.range if row.kind == FINDING else row.word, target),
                "envelope": Link(range_text(envelope, row.unit), target) if envelope else None,
                "holds": firmness_phrase(one),
                "flips": _flips(one),
            }
        )
    return rows


def _flips(one: Firmness) -> Phrase | None:
    flips = _quoted(one.flips)
    if one.unanswered:
        flips = flips + ("; " if one.flips else "") + "not computed in " + _quoted(one.unanswered)
    return flips if flips.parts else None


def firmness_phrase(one: Firmness) -> Phrase:
    """Return a headline's firmness in a few words: in how many of the readings that test it it holds."""
    if not one.tests:
        return Phrase(("not tested by any",))
    return phrase("all {tests}" if one.is_firm else "{holding} of {tests}", **_answer_counts(one))


def sureness_phrase(one: Firmness) -> Phrase:
    """Return for a sentence in how many of the readings that test a headline it holds."""
    if not one.tests:
        return Phrase(("no other reading changes it",))
    readings = for_count(len(one.tests), one="reading", more="readings")
    return phrase(f"{'{holding}' if one.holding else 'none'} of {{tests}} {readings}", **_answer_counts(one))


def _answer_counts(one: Firmness) -> dict[str, Link]:
    """Return how many readings test a headline, and in how many it holds, linked to the finding that counts them."""
    target = anchor(f"holding_{one.headline.id}")
    return {"holding": Link(str(len(one.holding)), target), "tests": Link(str(len(one.tests)), target)}


def changes_table(changed: Iterable[ChangedVerdict]) -> list[dict]:
    """Return one row per verdict that depends on a reading: label, its word, other words and when.

    Verdicts that go under one label and change alike share a row.
    """
    rows: dict[tuple, dict] = {}
    for one in changed:
        others = Phrase(())
        for place, (word, readings) in enumerate(one.others.items()):
            others = others + ("; " if place else "") + f"{word}: " + _quoted(readings)
        label = one.row.label + _label_ending(one.row.id)
        row = {"label": Link(label, anchor(one.row.id)), "word": one.row.word, "others": others}
        rows.setdefault((label.partition(" (r")[0], one.row.word, str(others)), row)
    return list(rows.values())


def _label_ending(id: str) -> str:
    """Return what distinguishes a verdict from others on the same figures: its relation, or the page's figure.

    >>> _label_ending("r101"), _label_ending("elsewhere:trade_turnover:2023:o036"), _label_ending("trade_turnover:2023")
    (' (r101)', ' (with o036)', '')
    """
    if ":" not in id:
        return f" ({id})"
    return f" (with {id.split(':')[3]})" if id.startswith("elsewhere:") else ""


def curve(ledger: Ledger, one: Firmness) -> pd.DataFrame:
    """Return a headline's number by default and in every reading that changes it, the lowest first, to draw.

    Columns: reading, default (whether it is the default), holds, point, low, high, changed (parameters), from.
    """
    import pandas as pd

    choices, rows = CHOICES | dict(ledger.subject.choices), []
    for answer in _drawn(one):
        row = answer.row
        if row is None or row.interval is None:
            continue
        ends = (row.value if end is None else end for end in (row.interval.low, row.interval.high))
        low, high = (math.nan if end is None else float(end) for end in ends)
        point = float(row.value) if row.value is not None else (low + high) / 2
        rows.append(
            {
                "reading": answer.reading.shown,
                "default": answer.reading.name == DEFAULT,
                "holds": bool(answer.holds),
                "point": point,
                "low": low,
                "high": high,
                "changed": ", ".join(choices.get(name, name.replace("_", " ")) for name in answer.reading.changes),
                "from": row.id,
            }
        )
    frame = pd.DataFrame(rows)
    return frame.sort_values(["point", "low", "reading"], kind="stable", ignore_index=True)


def _drawn(one: Firmness) -> tuple[Answer, ...]:
    return (one.default, *one.tests)


def curve_title(one: Firmness) -> str:
    """Return a sentence template: over which range the headline's number runs in all readings, and whether it holds."""
    span, row = one.envelope or Interval(None, None), one.row
    what, words = Link(row.label, anchor(row.id)), Link(range_text(span, row.unit), anchor(row.id))
    ending = "in all of them the headline holds" if one.is_firm else "not in all of them does the headline hold"
    return f"{phrase('{what}: {range} in all readings', what=what, range=words).markdown}; {ending}"


def curve_axis(one: Firmness) -> str:
    """Return the label of the axis of the figure of `curve`: the unit of its number."""
    before, after, _ = unit_form(one.row.unit)
    return {"%": "Percent", "": "Number"}.get(after.strip() or before, before or after.strip())


def curve_alt(one: Firmness) -> Phrase:
    """Return the alt text of the figure of `curve`: every reading with its range."""
    text = phrase("Dots on intervals, a column a reading, and below them a grid of what each reading changes.")
    for answer in _drawn(one):
        if answer.row and answer.row.interval:
            values = Link(answer.row.range, anchor(answer.row.id))
            text = text + phrase(" {name}: {range}.", name=_name(answer.reading), range=values)
    return text


def grid(firm: Sequence[Firmness], declared: Sequence[DeclaredReading]) -> pd.DataFrame:
    """Return one row per headline: label, then per reading 1 (holds), 0 (does not), -1 (not computed), -2 (no test).

    Readings that test no headline are left out.
    """
    import pandas as pd

    rows = []
    for one in firm:
        shown = (one.default, *one.tests, *(answer for answer in one.answers if answer.holds is None))
        marks = {a.reading.name: -1 if a.holds is None else int(a.holds) for a in shown}
        by_reading = {reading.shown: marks.get(reading.name, -2) for reading in declared}
        rows.append({"label": str(one.words), **by_reading, "from": one.shows})
    idle = [reading.shown for reading in declared if all(row[reading.shown] == -2 for row in rows)]
    return pd.DataFrame(rows).drop(columns=idle)


def grid_words(drawn: pd.DataFrame) -> pd.DataFrame:
    """Return the table of `grid` with words instead of numbers, for readers."""
    words = {1: "holds", 0: "does not", -1: "not computed", -2: ""}
    return drawn.map(lambda cell: words.get(cell, cell))


def grid_alt(firm: Sequence[Firmness]) -> Phrase:
    """Return the alt text of the figure of `grid`: which headlines do not hold everywhere, and where."""
    text = phrase(
        "A grid, a row a headline and a column a reading, marked where it holds, where not, and where it is not asked."
    )
    for one in firm:
        if not one.is_firm:
            text = text + " " + one.words + ": not in " + _quoted(one.flips) + "."
    return text


def _name(reading: DeclaredReading) -> Marked:
    return Marked(reading.shown, "parameter")


def _listed_name(reading: DeclaredReading, idle: Collection[str]) -> Marked | Phrase:
    name = _name(reading)
    return Phrase((name, " (changes no result)")) if reading.name in idle else name


def _quoted(readings: Iterable[DeclaredReading]) -> Phrase:
    """Return readings as a sentence lists them, each in quotation marks."""
    return listed_phrases([Phrase((Marked(f"“{reading.shown}”", "parameter"),)) for reading in readings])
