"""How firm is each finding? Under which of the declared readings it holds, and which choice flips it.

A headline is tested by the readings in which its number or range changes; one that leaves both as they are tests
nothing.

The sweep has the results of every notebook in every reading (`readings.rows`). Here these rows are compared, headline
by headline and verdict by verdict (a specification curve: Simonsohn, Simmons and Nelson, 2020). How many readings agree
is no measure of how likely a finding is: the readings are chosen, not drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from claims.content.phrases import Phrase
from claims.ledger.intervals import Interval
from claims.ledger.model import Ledger
from claims.ledger.readings import ALONE, DEFAULT, DeclaredReading, SweepRow
from claims.results.finding import Finding, counted
from claims.words.sentences import Sentences

__all__ = [
    "FINDING",
    "VERDICT",
    "Answer",
    "ChangedVerdict",
    "Firmness",
    "Headline",
    "RowsById",
    "by_reading",
    "changed_verdicts",
    "counts",
    "firmness",
    "headline",
    "idle_readings",
    "rows_in",
]

RowsById = Mapping[str, SweepRow]
FINDING, VERDICT = "finding", "verdict"


@dataclass(frozen=True)
class Headline:
    """A statement of a report: a sentence template, the row that has its number, and when it holds.

    `holds` takes the rows of a reading by id, and the ledger with the printed figures; `shows` takes the rows of the
    default reading. Where a reading lacks a row that `holds` looks up, the headline is unanswered. Without `holds` the
    statement is on which row that is: it holds where `shows` gives the same row as by default, whose `names` the
    template has by name.
    """

    id: str
    template: str
    shows: Callable[[RowsById], str]
    holds: Callable[[RowsById, Ledger], bool] | None = None
    names: Callable[[SweepRow, Ledger], Mapping[str, Phrase]] = lambda row, ledger: {}


@dataclass(frozen=True)
class Answer:
    """Whether a headline holds in a reading (None: not tested there), and the row of its number."""

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
    def computed(self) -> tuple[Answer, ...]:
        """Return the answers of the readings that have its number, the default among them."""
        return tuple(answer for answer in self.answers if answer.holds is not None)

    @property
    def tests(self) -> tuple[Answer, ...]:
        """Return the answers of the readings in which its number, its range or whether it holds is another."""
        return tuple(answer for answer in self.computed if _outcome(answer) != _outcome(self.default))

    @property
    def holding(self) -> tuple[Answer, ...]:
        """Return those of its tests in which it holds."""
        return tuple(answer for answer in self.tests if answer.holds)

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
        """Return whether some reading tests it, and it holds in all that do."""
        return bool(self.tests) and not self.flips

    @property
    def envelope(self) -> Interval | None:
        """Return the values from the lowest to the highest of any reading; None where there is no number."""
        spans = [answer.row.interval for answer in self.computed if answer.row and answer.row.interval]
        if not spans or any(end is None for span in spans for end in (span.low, span.high)):
            return None
        low = min(spans, key=lambda span: (span.low, not span.low_closed))
        high = max(spans, key=lambda span: (span.high, span.high_closed))
        return Interval(low.low, high.high, low.low_closed, high.high_closed)


def _outcome(answer: Answer) -> tuple:
    """Return what a reading may change of a headline: whether it holds, and its number, bounds or verdict."""
    row = answer.row
    return (answer.holds, *((row.value, row.low, row.high, row.word) if row else ()))


def by_reading(rows: Iterable[SweepRow]) -> dict[str, dict[str, dict[str, SweepRow]]]:
    """Return the rows by reading, notebook and id."""
    sweep: dict[str, dict[str, dict[str, SweepRow]]] = {}
    for row in rows:
        sweep.setdefault(row.reading, {}).setdefault(row.notebook, {})[row.id] = row
    return sweep


def rows_in(sweep: Mapping[str, Mapping[str, RowsById]], reading: str) -> dict[str, SweepRow]:
    """Return all rows of a reading by id: of the notebooks that it runs, and of the others as the default has them."""
    notebooks = {**sweep[DEFAULT], **sweep.get(reading, {})}
    return {id: row for name in sorted(notebooks) for id, row in notebooks[name].items()}


def firmness(
    rows: Sequence[SweepRow], declared: Sequence[DeclaredReading], headlines: Iterable[Headline], sentences: Sentences
) -> list[Firmness]:
    """Return each headline whose number the default reading has, with the answers of every reading that touches it.

    `sentences` puts in the figures of the ledger that the headlines are on.
    """
    sweep = by_reading(rows)
    usual = rows_in(sweep, DEFAULT)
    ledger = sentences.results.ledger
    firm = []
    for headline in headlines:
        try:
            shows = headline.shows(usual)
        except ValueError:  # the default reading has no such number
            continue
        if shows in usual:
            home = usual[shows].notebook
            touching = (one for one in declared if one.name == DEFAULT or home in sweep.get(one.name, {}))
            answers = tuple(_answer(headline, shows, rows_in(sweep, one.name), one, ledger) for one in touching)
            words = sentences.pieces(headline.template, **headline.names(usual[shows], ledger))
            firm.append(Firmness(headline, words, shows, answers))
    return firm


def _answer(headline: Headline, shows: str, rows: RowsById, reading: DeclaredReading, ledger: Ledger) -> Answer:
    holds: bool | None
    try:
        holds = headline.holds(rows, ledger) if headline.holds else headline.shows(rows) == shows
    except (KeyError, ValueError):  # a row is missing, or there is none to choose from
        holds = None
    return Answer(reading, holds, rows.get(shows))


def idle_readings(rows: Iterable[SweepRow], declared: Iterable[DeclaredReading]) -> set[str]:
    """Return the names of the readings that change no result of the notebooks that were run under them."""
    sweep = by_reading(rows)
    usual = sweep.get(DEFAULT, {})
    others = [one.name for one in declared if one.name != DEFAULT and one.name in sweep]
    return {
        name
        for name in others
        if all(_results(found) == _results(usual.get(notebook, {})) for notebook, found in sweep[name].items())
    }


def _results(rows: RowsById) -> dict[str, SweepRow]:
    """Return the rows of a notebook by id, without the reading."""
    return {id: replace(row, reading="") for id, row in rows.items()}


def headline(firm: Iterable[Firmness], id: str) -> Firmness:
    """Return the firmness of the headline with this id. Raises KeyError if the default reading does not have it."""
    by_id = {one.headline.id: one for one in firm}
    if id not in by_id:
        raise KeyError(f"the default reading has no headline {id!r}; there are {', '.join(by_id)}")
    return by_id[id]


@dataclass(frozen=True)
class ChangedVerdict:
    """A verdict whose word is another in some reading: its row by default, and the other readings by their word."""

    row: SweepRow
    others: Mapping[str, tuple[DeclaredReading, ...]]


def changed_verdicts(rows: Sequence[SweepRow], declared: Sequence[DeclaredReading]) -> list[ChangedVerdict]:
    """Return every verdict of the default reading that another reading judges otherwise, or does not arrive at."""
    sweep = by_reading(rows)
    changed = []
    for id, row in rows_in(sweep, DEFAULT).items():
        others: dict[str, tuple[DeclaredReading, ...]] = {}
        for reading in declared:
            notebooks = sweep.get(reading.name, {})
            if row.kind == VERDICT and row.notebook in notebooks:
                other = notebooks[row.notebook].get(id)
                word = other.word if other else "no such verdict"
                if word != row.word:
                    others[word] = (*others.get(word, ()), reading)
        if others:
            changed.append(ChangedVerdict(row, others))
    return sorted(changed, key=lambda one: (one.row.notebook, one.row.id))


def counts(rows: Sequence[SweepRow], declared: Sequence[DeclaredReading], firm: Sequence[Firmness]) -> list[Finding]:
    """Return how many readings, runs, headlines and verdicts there are, and how many of these depend on a choice."""
    runs = {(row.reading, row.notebook) for row in rows}
    alone = [reading for reading in declared if reading.kind == ALONE]
    file = "readings.yaml, as the report's program reads it"
    totals = (
        ("readings_total", "Declared readings, the default among them", len(declared), file),
        ("readings_alone", "Readings that change a single choice", len(alone), file),
        ("runs_total", "Runs of a notebook in a reading", len(runs), "runs in sweep.csv"),
        ("headlines_total", "Headline findings", len(firm), "headlines"),
        (
            "headlines_firm",
            "Headline findings that hold in every reading that touches them",
            sum(one.is_firm for one in firm),
            "headlines",
        ),
    )
    numbers = {"of": tuple(dict.fromkeys(one.shows for one in firm))} if firm else {"all": "relations.csv"}
    verdicts = [row.id for row in rows if row.kind == VERDICT and row.reading == DEFAULT]
    changed = [one.row.id for one in changed_verdicts(rows, declared)]
    return [
        *(counted(*total, inputs=numbers) for total in totals),
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
            inputs={"verdicts": tuple(changed or verdicts) or "relations.csv"},
        ),
        *(
            counted(
                f"holding_{one.headline.id}",
                f"Readings in which it holds: {one.words}",
                len(one.holding),
                f"readings of the {len(one.tests)} that change its number, range or answer",
                inputs=[one.shows],
            )
            for one in firm
        ),
    ]
