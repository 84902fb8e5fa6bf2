"""How firm is each finding? Under which of the declared readings it holds, and which choice flips it.

The sweep leaves what every notebook says in every reading (`readings.load_sweep`). Here these rows are laid beside one
another, headline by headline and verdict by verdict (a specification curve: Simonsohn, Simmons and Nelson, 2020). How
many readings agree says nothing of how likely a finding is: the readings are chosen, not drawn.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from claims.content.phrases import Link, Marked, Phrase
from claims.ledger.intervals import Interval
from claims.ledger.model import Ledger
from claims.ledger.readings import ALONE, DEFAULT, DeclaredReading, SweepRow
from claims.results.anchors import anchor
from claims.results.finding import Finding, counted
from claims.words.numerals import UNITS, range_text
from claims.words.sentences import Sentences, listed_phrases, phrase

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "CHOICES",
    "FINDING",
    "VERDICT",
    "Answer",
    "Firmness",
    "Headline",
    "Said",
    "Turned",
    "by_reading",
    "combined_table",
    "counts",
    "curve",
    "curve_alt",
    "curve_axis",
    "curve_shown",
    "curve_title",
    "dependent",
    "firm_word",
    "firmness",
    "grid",
    "grid_alt",
    "grid_shown",
    "grid_title",
    "headline",
    "headlines_table",
    "named",
    "readings_named",
    "readings_table",
    "said_in",
    "turned",
    "turned_table",
]

Said = Mapping[str, SweepRow]
FINDING, VERDICT = "finding", "verdict"
CHOICES = {
    "hedge_width": "width of hedges",
    "tolerance_pct": "tolerance",
    "window": "windows",
    "official": "official figures",
}


@dataclass(frozen=True)
class Headline:
    """A statement a report makes: a sentence template, the row that carries its number, and when it holds.

    `holds` takes what a reading says, rows by id, and the ledger with the printed figures; `shows` takes what the
    default reading says. A row that `holds` asks for and a reading has not leaves the headline unanswered there.
    `values` are put into the template by name.
    """

    id: str
    template: str
    shows: Callable[[Said], str]
    holds: Callable[[Said, Ledger], bool]
    values: Mapping[str, Marked] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What a reading says of a headline: whether it holds (None: not asked there), and the row of its number."""

    reading: DeclaredReading
    holds: bool | None
    row: SweepRow | None


@dataclass(frozen=True)
class Firmness:
    """A headline with the answers of all readings that touch a notebook it comes from, the default first."""

    headline: Headline
    words: Phrase  # the statement with its figures put in, each linked to its row
    shows: str
    answers: tuple[Answer, ...]

    @property
    def default(self) -> Answer:
        """Return the answer of the default reading."""
        return self.answers[0]

    @property
    def row(self) -> SweepRow:
        """Return the row of its number in the default reading."""
        row = self.default.row
        assert row is not None, f"the default reading has no {self.shows}"  # `firmness` takes no headline without
        return row

    @property
    def asked(self) -> tuple[Answer, ...]:
        """Return the readings in which the question arises."""
        return tuple(answer for answer in self.answers if answer.holds is not None)

    @property
    def holding(self) -> tuple[Answer, ...]:
        """Return the readings in which it holds."""
        return tuple(answer for answer in self.answers if answer.holds)

    @property
    def flips(self) -> tuple[DeclaredReading, ...]:
        """Return the readings in which it does not hold."""
        return tuple(answer.reading for answer in self.answers if answer.holds is False)

    @property
    def unanswered(self) -> tuple[DeclaredReading, ...]:
        """Return the readings in which its number does not arise."""
        return tuple(answer.reading for answer in self.answers if answer.holds is None)

    @property
    def is_firm(self) -> bool:
        """Return whether it holds wherever it is asked."""
        return not self.flips

    @property
    def envelope(self) -> Interval | None:
        """Return the values from the lowest to the highest of any reading; None where there is no number."""
        spans = [answer.row.interval for answer in self.asked if answer.row and answer.row.interval]
        if not spans or any(end is None for span in spans for end in (span.low, span.high)):
            return None
        low = min(spans, key=lambda span: (span.low, not span.low_closed))
        high = max(spans, key=lambda span: (span.high, span.high_closed))
        return Interval(low.low, high.high, low.low_closed, high.high_closed)


def by_reading(rows: Iterable[SweepRow]) -> dict[str, dict[str, dict[str, SweepRow]]]:
    """Return what is said by reading and notebook: rows by id."""
    found: dict[str, dict[str, dict[str, SweepRow]]] = {}
    for row in rows:
        found.setdefault(row.reading, {}).setdefault(row.notebook, {})[row.id] = row
    return found


def said_in(found: Mapping[str, Mapping[str, Said]], reading: str) -> dict[str, SweepRow]:
    """Return all a reading says: what it touches, and what it leaves as the default reading has it."""
    notebooks = {**found[DEFAULT], **found.get(reading, {})}
    return {id: row for name in sorted(notebooks) for id, row in notebooks[name].items()}


def firmness(
    rows: Sequence[SweepRow], declared: Sequence[DeclaredReading], headlines: Iterable[Headline], sentences: Sentences
) -> list[Firmness]:
    """Return each headline whose number the default reading has, with what every reading that touches it says.

    `sentences` puts in the figures of the ledger that the headlines are on.
    """
    found = by_reading(rows)
    usual = said_in(found, DEFAULT)
    ledger = sentences.results.ledger
    firm = []
    for headline in headlines:
        shows = _asked(headline, usual)
        if shows in usual:
            answers = _answers(headline, shows, found, usual, declared, ledger)
            firm.append(Firmness(headline, sentences.pieces(headline.template, **headline.values), shows, answers))
    return firm


def _asked(headline: Headline, usual: Said) -> str:
    """Return the id of the row that carries a headline's number, "" where the default reading has none."""
    try:
        return headline.shows(usual)
    except ValueError:
        return ""


def headline(firm: Iterable[Firmness], id: str) -> Firmness:
    """Return the firmness of the headline with this id. Raises KeyError if the default reading does not have it."""
    known = {one.headline.id: one for one in firm}
    if id not in known:
        raise KeyError(f"the default reading has no headline {id!r}; there are {', '.join(known)}")
    return known[id]


def _answers(
    headline: Headline, shows: str, found: Mapping, usual: Said, declared: Iterable[DeclaredReading], ledger: Ledger
) -> tuple[Answer, ...]:
    home = usual[shows].notebook
    answers = []
    for reading in declared:
        if reading.name == DEFAULT or home in found.get(reading.name, {}):
            said = said_in(found, reading.name)
            try:
                holds = headline.holds(said, ledger)
            except KeyError:
                holds = None
            answers.append(Answer(reading, holds, said.get(shows)))
    return tuple(answers)


@dataclass(frozen=True)
class Turned:
    """A verdict whose word is another in some reading: its word by default, and the readings by their word."""

    row: SweepRow
    others: Mapping[str, tuple[DeclaredReading, ...]]


def turned(rows: Sequence[SweepRow], declared: Sequence[DeclaredReading]) -> list[Turned]:
    """Return every verdict of the default reading that another reading judges otherwise, or does not arrive at."""
    found = by_reading(rows)
    usual = {id: row for id, row in said_in(found, DEFAULT).items() if row.kind == VERDICT}
    changes = []
    for id, row in usual.items():
        others: dict[str, list[DeclaredReading]] = {}
        for reading in declared:
            if reading.name != DEFAULT and row.notebook in found.get(reading.name, {}):
                now = found[reading.name][row.notebook].get(id)
                word = now.word if now else "no such verdict"
                if word != row.word:
                    others.setdefault(word, []).append(reading)
        if others:
            changes.append(Turned(row, {word: tuple(those) for word, those in others.items()}))
    return sorted(changes, key=lambda one: (one.row.notebook, one.row.id))


def counts(rows: Sequence[SweepRow], declared: Sequence[DeclaredReading], firm: Sequence[Firmness]) -> list[Finding]:
    """Return how many readings, runs, headlines and verdicts there are, and how many of these depend on a choice."""
    runs = {(row.reading, row.notebook) for row in rows}
    verdicts = [row for row in rows if row.kind == VERDICT and row.reading == DEFAULT]
    changed = turned(rows, declared)
    alone = [reading for reading in declared if reading.kind == ALONE]
    made_of = {"of": tuple(dict.fromkeys(one.shows for one in firm))} if firm else {"all": "relations.csv"}
    said = "readings.yaml, as the report's program reads it"
    return [
        counted("readings_total", "Declared readings, the default among them", len(declared), said, inputs=made_of),
        counted("readings_alone", "Readings that change a single choice", len(alone), said, inputs=made_of),
        counted("runs_total", "Runs of a notebook in a reading", len(runs), "runs in sweep.csv", inputs=made_of),
        counted("headlines_total", "Headline findings", len(firm), "headlines", inputs=made_of),
        counted(
            "headlines_firm",
            "Headline findings that hold in every reading that touches them",
            sum(one.is_firm for one in firm),
            "headlines",
            inputs=made_of,
        ),
        counted(
            "verdicts_total",
            "Verdicts of the default reading",
            len(verdicts),
            "verdicts",
            inputs={"all": "relations.csv"},
        ),
        counted(
            "verdicts_turned",
            "Verdicts that some reading judges otherwise",
            len(changed),
            "verdicts",
            inputs={"verdicts": tuple(one.row.id for one in changed) or tuple(row.id for row in verdicts)},
        ),
        *(
            counted(
                f"holding_{one.headline.id}",
                f"Readings in which it holds: {one.words}",
                len(one.holding),
                f"readings of the {len(one.asked)} in which it is asked",
                inputs=[one.shows],
            )
            for one in firm
        ),
    ]


def named(reading: DeclaredReading) -> Marked:
    """Return a reading's name, marked as the parameters it is."""
    return Marked(reading.shown, "parameter")


def readings_named(those: Iterable[DeclaredReading]) -> Phrase:
    """Return readings as a sentence lists them, each in quotation marks."""
    return listed_phrases([Phrase((Marked(f"“{one.shown}”", "parameter"),)) for one in those])


def headlines_table(firm: Iterable[Firmness]) -> pd.DataFrame:
    """Return one row per headline: words, default (its number or verdict), envelope, holds (of asked), flips."""
    import pandas as pd

    rows = []
    for one in firm:
        row, to = one.row, anchor(one.shows)
        shown = row.range if row.kind == FINDING else row.word
        envelope = one.envelope
        rows.append(
            {
                "words": one.words,
                "default": Link(shown, to),
                "envelope": Link(range_text(envelope, row.unit), to) if envelope else None,
                "holds": phrase(
                    "{holding} of {asked}",
                    holding=Link(str(len(one.holding)), anchor(f"holding_{one.headline.id}")),
                    asked=Link(str(len(one.asked)), anchor(f"holding_{one.headline.id}")),
                ),
                "flips": _flips(one),
            }
        )
    return pd.DataFrame(rows)


def _flips(one: Firmness) -> Phrase | None:
    said = Phrase(())
    if one.flips:
        said = said + readings_named(one.flips)
    if one.unanswered:
        said = said + ("; " if one.flips else "") + "not computed in " + readings_named(one.unanswered)
    return said if said.parts else None


def turned_table(changed: Iterable[Turned]) -> pd.DataFrame:
    """Return one row per verdict that depends on a reading: label, its word, other words and when.

    Verdicts that go under one label and change alike share a row.
    """
    import pandas as pd

    rows: dict[tuple, dict] = {}
    for one in changed:
        told = Phrase(())
        for place, (word, those) in enumerate(one.others.items()):
            told = told + ("; " if place else "") + f"{word}: " + readings_named(those)
        label = one.row.label + _told_apart(one.row.id)
        row = {"label": Link(label, anchor(one.row.id)), "word": one.row.word, "others": told}
        rows.setdefault((label.partition(" (r")[0], one.row.word, str(told)), row)
    return pd.DataFrame(list(rows.values()), columns=["label", "word", "others"])


def _told_apart(id: str) -> str:
    """Return what tells a verdict apart from others on the same figures: its relation, or the page's figure.

    >>> _told_apart("r101"), _told_apart("elsewhere:trade_turnover:2023:o036"), _told_apart("trade_turnover:2023")
    (' (r101)', ' (with o036)', '')
    """
    if ":" not in id:
        return f" ({id})"
    return f" (with {id.split(':')[3]})" if id.startswith("elsewhere:") else ""


def readings_table(declared: Iterable[DeclaredReading]) -> pd.DataFrame:
    """Return one row per choice that is varied alone: its readings, and why."""
    import pandas as pd

    rows: dict[str, dict] = {}
    for reading in declared:
        if reading.kind == ALONE:
            row = rows.setdefault(next(iter(reading.changes)), {"names": [], "why": Marked(reading.why, "citation")})
            row["names"].append(named(reading))
    return pd.DataFrame(list(rows.values()), columns=["names", "why"])


def combined_table(declared: Sequence[DeclaredReading]) -> pd.DataFrame:
    """Return one row per reading that makes several choices: its name, the choices, why."""
    import pandas as pd

    alone = [reading for reading in declared if reading.kind == ALONE]
    words = {(name, str(value)): reading.shown for reading in alone for name, value in reading.changes.items()}
    rows = []
    for reading in declared:
        if reading.kind not in (ALONE, DEFAULT):
            made = [words.get((name, str(value)), f"{name} {value}") for name, value in reading.changes.items()]
            of = Marked("; ".join(made), "parameter")
            rows.append({"name": named(reading), "made": of, "why": Marked(reading.why, "citation")})
    return pd.DataFrame(rows, columns=["name", "made", "why"])


def curve(ledger: Ledger, one: Firmness) -> pd.DataFrame:
    """Return a headline's number in every reading in which it arises, the lowest first, to draw.

    Columns: reading, default (whether it is the default), holds, point, low, high, changed (parameters), from.
    """
    import pandas as pd

    choices, rows = {**CHOICES, **ledger.subject.choices}, []
    for answer in one.asked:
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


def curve_title(one: Firmness) -> str:
    """Return a sentence template: over which range the headline's number runs in all readings, and whether it holds."""
    span, row = one.envelope or Interval(None, None), one.row
    what, words = Link(row.label, anchor(row.id)), Link(range_text(span, row.unit), anchor(row.id))
    ending = "in all of them the headline holds" if one.is_firm else "not in all of them does the headline hold"
    return f"{phrase('{what}: {range} in all readings', what=what, range=words).markdown}; {ending}"


def curve_axis(one: Firmness) -> str:
    """Return what the axis of the figure of `curve` says: the unit of its number."""
    before, after, _ = UNITS.get(one.row.unit, ("", one.row.unit, None))
    return {"%": "Percent", "": "Number"}.get(after.strip() or before, before or after.strip())


def curve_alt(one: Firmness) -> Phrase:
    """Return the alt text of the figure of `curve`: every reading with its range."""
    told = phrase("Dots on intervals, a column a reading, and below them a grid of what each reading changes.")
    for answer in one.asked:
        if answer.row and answer.row.interval:
            shown = Link(answer.row.range, anchor(answer.row.id))
            told = told + phrase(" {name}: {range}.", name=named(answer.reading), range=shown)
    return told


def grid(firm: Sequence[Firmness], declared: Sequence[DeclaredReading]) -> pd.DataFrame:
    """Return one row per headline: label, and per reading 1 (holds), 0 (does not), -1 (not asked), -2 (not touched)."""
    import pandas as pd

    rows = []
    for one in firm:
        held = {a.reading.name: -1 if a.holds is None else int(a.holds) for a in one.answers}
        told = {reading.shown: held.get(reading.name, -2) for reading in declared}
        rows.append({"label": str(one.words), **told, "from": one.shows})
    return pd.DataFrame(rows)


def grid_shown(drawn: pd.DataFrame) -> pd.DataFrame:
    """Return the table of `grid` with words instead of numbers, for readers."""
    words = {1: "holds", 0: "does not", -1: "not computed", -2: ""}
    return drawn.map(lambda cell: words.get(cell, cell))


def curve_shown(drawn: pd.DataFrame) -> pd.DataFrame:
    """Return the table of `curve` without what only drawing needs."""
    return drawn.drop(columns=["default"])


def grid_title() -> str:
    """Return a sentence template: how many headlines hold in every reading in which they are computed."""
    return "Of {headlines_total} headline findings, {headlines_firm} hold in every reading in which they are computed"


def grid_alt(firm: Sequence[Firmness]) -> Phrase:
    """Return the alt text of the figure of `grid`: which headlines do not hold everywhere, and where."""
    told = phrase(
        "A grid, a row a headline and a column a reading, marked where it holds, where not, and where it is not asked."
    )
    for one in firm:
        if not one.is_firm:
            told = told + " " + one.words + ": not in " + readings_named(one.flips) + "."
    return told


def dependent(firm: Sequence[Firmness]) -> str:
    """Return as a list in Markdown which headlines depend on a choice, and on which."""
    soft = [
        phrase("{words}: does not hold in {flips}.", words=one.words, flips=readings_named(one.flips))
        for one in firm
        if one.flips
    ]
    return "\n".join(f"- {told.markdown}" for told in soft) or "No headline finding depends on a choice."


def firm_word(one: Firmness) -> Phrase:
    """Return a headline's firmness in a few words: in how many readings it holds."""
    asked = Link(str(len(one.asked)), anchor(f"holding_{one.headline.id}"))
    if one.is_firm:
        return phrase("all {asked} readings", asked=asked)
    holding = Link(str(len(one.holding)), anchor(f"holding_{one.headline.id}"))
    return phrase("{holding} of {asked} readings", holding=holding, asked=asked)
