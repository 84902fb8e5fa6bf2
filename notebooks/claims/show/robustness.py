"""The tables and figures of the chapter on firmness, each as one call with the sweep over the declared readings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from claims.content import assertions
from claims.content.assertions import Assertion
from claims.ledger import readings
from claims.ledger.readings import DeclaredReading, SweepRow
from claims.questions import robustness, robustness_exhibits
from claims.questions.robustness import Firmness, Headline
from claims.show import sweep_charts
from claims.show.book import Book
from claims.show.exhibits import Exhibit

__all__ = [
    "Sweep",
    "changed_verdicts",
    "combined_readings",
    "declared_readings",
    "firm_headlines",
    "headline_findings",
    "headlines_in_readings",
    "keep_counts",
    "load_sweep",
    "specification_curve",
    "with_headlines",
]


@dataclass(frozen=True)
class Sweep:
    """The results under every declared reading: `rows` of sweep.csv, and how firm each headline is."""

    rows: Sequence[SweepRow]
    declared: Sequence[DeclaredReading]
    firm: Sequence[Firmness] = ()

    @property
    def idle(self) -> set[str]:
        """Return the names of the readings that change no result, such as those of a choice nothing here depends on."""
        return robustness.idle_readings(self.rows, self.declared)


def load_sweep(book: Book) -> Sweep:
    """Return the last sweep over the readings that are declared for the book's subject."""
    rows, _ = readings.load_sweep()
    return Sweep(rows, readings.readings_for(readings.load_readings(), book.ledger.subject.id))


def with_headlines(book: Book, sweep: Sweep, headlines: Sequence[Headline]) -> Sweep:
    """Return the sweep with the firmness of `headlines`."""
    return replace(sweep, firm=robustness.firmness(sweep.rows, sweep.declared, headlines, book.sentences))


def keep_counts(book: Book, sweep: Sweep) -> None:
    """Keep the counts of readings, runs, headlines and verdicts that prose names."""
    book.keep(robustness.counts(sweep.rows, sweep.declared, sweep.firm))


def declared_readings(book: Book, sweep: Sweep) -> Exhibit:
    """Table: the declared readings, each of which varies a choice alone."""
    return book.table(
        robustness_exhibits.readings_table(sweep.declared, sweep.idle),
        id="tbl-readings",
        place="appendix",
        title="The declared readings, each of which varies a choice alone",
        caption="A row a choice, with its other values. What each parameter means stands in the run card.",
        columns={"names": "Readings", "why": "Why that is defensible"},
    )


def combined_readings(book: Book, sweep: Sweep) -> Exhibit:
    """Table: the declared readings that combine choices."""
    return book.table(
        robustness_exhibits.combined_table(sweep.declared, sweep.idle),
        id="tbl-combined",
        place="appendix",
        title="The declared readings that combine choices",
        caption="Each combines readings of the table before.",
        columns={
            "name": "Reading",
            "choices": "Combines",
            "why": "Why that is defensible",
        },
    )


def headlines_in_readings(book: Book, sweep: Sweep) -> Exhibit:
    """Figure: a grid of headlines and readings, marked where a headline holds and where not."""
    drawn = robustness_exhibits.grid(sweep.firm, sweep.declared)
    return book.figure(
        sweep_charts.readings_grid(drawn),
        id="fig-readings",
        place="appendix",
        name="readings",
        title="Of {headlines_total} headline findings, {headlines_firm} hold in every reading that changes their "
        "number",
        caption="A dot: the headline holds in that reading; a cross: it does not; a dash: its number cannot be "
        "computed there; nothing: the reading leaves its number and range as they are, and so tests nothing. Readings "
        "that change no headline are left out.",
        alt=robustness_exhibits.grid_alt(sweep.firm),
        data=robustness_exhibits.grid_words(drawn),
        evidence="from",
        headings={
            "label": "Headline, and whether it holds in each reading; empty where its number is as usual",
        },
        kinds=dict.fromkeys(drawn.columns[1:-1], "parameter"),
        source="Sweep over the declared readings.",
    )


def firm_headlines(book: Book, sweep: Sweep) -> Exhibit:
    """Table: the headline findings, the number each rests on, and in how many readings it is true."""
    return book.table(
        robustness_exhibits.headlines_table(sweep.firm),
        id="tbl-headlines",
        title="The headline findings, and in how many readings they are true",
        caption="By default: the range of the number, or the verdict, that a finding rests on. True in: of the other "
        "readings that change the number or its range.",
        columns={"words": "Finding", "default": "By default", "holds": "True in"},
    )


def headline_findings(book: Book, sweep: Sweep) -> Exhibit:
    """Table: the headline findings, where they hold, and what flips them."""
    return book.table(
        robustness_exhibits.headlines_table(sweep.firm),
        id="tbl-firmness",
        place="appendix",
        title="The headline findings: where they hold, and what flips them",
        caption="By default: the range of the number, or the verdict, that a headline rests on. Over all readings: "
        "from the lowest to the highest value that any reading leaves. Holds in: of the other readings that change the "
        "number or its range.",
        columns={
            "words": "Headline",
            "default": "By default",
            "envelope": "Over all readings",
            "holds": "Holds in",
            "flips": "Not in",
        },
    ).adding(_refuted_headlines(sweep))


def _refuted_headlines(sweep: Sweep) -> dict[str, object]:
    """Return, for a build, whether every headline holds by default: no page may begin with one that does not."""
    failing = [f"the headline “{one.words}” ({one.headline.id})" for one in sweep.firm if one.default.holds is False]
    return {assertions.MIME: Assertion(not failing, "; ".join(failing)).payload}


def specification_curve(book: Book, sweep: Sweep, headline: str) -> Exhibit:
    """Figure: the number of one headline by default and in every reading that changes it, in rising order."""
    shown = robustness.headline(sweep.firm, headline)
    drawn = robustness_exhibits.curve(book.ledger, shown)
    return book.figure(
        sweep_charts.specification_curve(drawn, robustness_exhibits.curve_axis(shown)),
        id="fig-specification-curve",
        place="appendix",
        name="specification_curve",
        title=robustness_exhibits.curve_title(shown),
        caption="The number with its range, by default (the diamond) and in every reading that changes it. Squares "
        "below mark what a reading changes.",
        alt=robustness_exhibits.curve_alt(shown),
        data=drawn.drop(columns="default"),
        evidence="from",
        headings={
            "reading": "Reading",
            "holds": "Headline holds",
            "point": "Number of the title, in its unit",
            "low": "At least",
            "high": "At most",
            "changed": "What the reading changes",
        },
        kinds={"reading": "parameter"},
        source="Sweep over the declared readings.",
    )


def changed_verdicts(book: Book, sweep: Sweep) -> Exhibit:
    """Table: verdicts that some reading judges otherwise."""
    return book.table(
        robustness_exhibits.changes_table(robustness.changed_verdicts(sweep.rows, sweep.declared)),
        id="tbl-turned",
        place="appendix",
        title="Verdicts that some reading judges otherwise",
        caption="All other verdicts are the same in every reading that touches them; verdicts that change alike share "
        "a row. “No such verdict” means that the figures no longer speak of the same quantity, or that the set of "
        "relations no longer conflicts.",
        columns={
            "label": "Figures on",
            "word": "By default",
            "others": "Otherwise",
        },
    )
