"""The tables, the figure and the quoted results of the chapter on growth, each as one call with the book."""

from __future__ import annotations

from claims.content.phrases import Link, Marked, Phrase
from claims.questions import growth, growth_exhibits
from claims.questions.levels import shared_level
from claims.show import charts
from claims.show.book import Book
from claims.show.exhibits import Column, Exhibit
from claims.words.quoted import Quoted
from claims.words.sentences import phrase
from claims.words.values import range_link

__all__ = [
    "against_year",
    "between_levels",
    "growth_rates",
    "keep_quarters",
    "level_before",
    "level_of",
    "meant_by",
    "quarters_against_years",
    "reported_multiples",
    "reported_rates",
]

BY_LEVELS = (
    "Where the texts print the level before as well, it is shown as printed, and both levels give a growth, which the "
    "reported rate fits or not; elsewhere rate and level imply it. Figures that contradict each other are not mixed: "
    "then both levels are those of the same text."
)
COMPUTED: dict[str, Column | str | Link | Marked | Phrase] = {"computed_range": "Levels give", "fits": "Fits"}


def reported_rates(book: Book) -> Exhibit:
    """Table: reported growth rates, and the level a year earlier that they imply."""
    rates = growth.reported_rates(book.ledger, book.reading)
    rows = growth_exhibits.rates_table(book.ledger, rates, book.reading)
    by_levels = any(row["computed"] for row in rows)
    return book.table(
        rows,
        findings=growth.findings_in(rates),
        id="tbl-reported-rates",
        optional=True,
        place="appendix",
        title="Reported growth rates, beside the levels that they lie between"
        if by_levels
        else "Reported growth rates, and the level a year earlier that they imply",
        caption="Each rate with the level it leads to; “texts” are those that print the rate. A level that several "
        "texts print is the middle of what all of them allow. "
        + (BY_LEVELS if by_levels else "The range is what rate and level, as intervals, allow."),
        columns={
            "label": "Rate",
            "period": "Period",
            "texts": "Texts",
            "reported": Column("Reported", align="right"),
            "last": Column("Level reached", align="right"),
            "before": Column("Level before" if by_levels else "Implied level before", align="right"),
            "before_range": "Range",
            **(COMPUTED if by_levels else {}),
        },
    )


def reported_multiples(book: Book) -> Exhibit:
    """Table: reported multiples (doubled, a hundredfold), and the level or the multiple that they imply."""
    multiples = growth.reported_multiples(book.ledger, book.reading)
    return book.table(
        growth_exhibits.rates_table(book.ledger, multiples, book.reading),
        findings=[*growth.findings_in(multiples), *growth.widest(book.ledger, multiples, book.reading)],
        id="tbl-multiples",
        optional=True,
        place="appendix",
        title="Reported multiples, with the level or the multiple they imply",
        caption="Where the texts print both levels the multiple is computed from them, and the last column says "
        "whether the printed multiple can be the same; where only the later level is printed, the implied earlier "
        "level is shown. A level that several texts print is the middle of what all of them allow.",
        columns={
            "label": "Multiple",
            "texts": "Texts",
            "reported": Column("Reported", align="right"),
            "first": Column("From", align="right"),
            "last": Column("To", align="right"),
            "result": Column("Implied", align="right"),
            "range": "Range",
            "fits": "Multiple fits",
        },
    )


def between_levels(book: Book) -> Exhibit:
    """Table: growth between the years for which a level is printed, a year and as the time it takes to double."""
    between = growth.between_levels(book.ledger, book.reading)
    return book.table(
        growth_exhibits.between_table(between),
        findings=[*growth.levels(book.ledger, book.reading), *growth.findings_in(between)],
        id="tbl-between-levels",
        optional=True,
        place="appendix",
        title="Growth between the years for which a level is printed",
        caption="A level that several texts print is the middle of what all of them allow; ranges are from the whole "
        "interval that they allow. Growth over the whole span; "
        "compound growth a year where the span is longer; and the time it takes to grow by as much again at that pace.",
        columns={
            "what": "Quantity",
            "first": Column("From", align="right"),
            "last": Column("To", align="right"),
            "growth": Column("Growth", align="right"),
            "growth_range": "Its range",
            "per_year": Column("Growth a year", align="right"),
            "per_year_range": "Range a year",
            "doubling": Column(Marked("Doubles in", "formula"), align="right"),
            "doubling_range": "Range of time",
        },
    )


def growth_rates(book: Book) -> Exhibit:
    """Figure: yearly growth rates as the texts report them, and as the levels of years in a row give them."""
    multiples = growth.reported_multiples(book.ledger, book.reading)
    between = growth.between_levels(book.ledger, book.reading)
    rates = growth_exhibits.rates_chart(book.ledger, multiples, between, book.reading)
    drawn, note = growth_exhibits.most_drawn(rates)
    return book.figure(
        charts.growth_rates(drawn, book.ledger),
        id=growth_exhibits.RATES_CHART,
        optional=True,
        name="growth_rates",
        title=growth_exhibits.rates_title(book.ledger, drawn),
        caption=growth_exhibits.rates_caption(drawn) + note,
        alt=growth_exhibits.rates_alt(drawn),
        data=rates,
        evidence="claim",
        headings={
            "label": "What grew, when, and the text",
            "period": "Period",
            "source": "Text",
            "kind": "Reported or computed",
            "shown": "As printed, or computed",
            "point": "Growth in a year, %",
            "low": "At least, %",
            "high": "At most, %",
            "field": "Figure or result",
        },
        source="Ledger, growth claims and yearly levels.",
    )


def level_of(book: Book, name: str) -> Quoted:
    """Return the level that the figure `name` prints, as the tables take it: what all texts allow, if they agree.

    A sentence that quotes it so stays true of a ledger whose texts contradict each other. Raises UnknownName.
    """
    return getattr(book, shared_level(book.ledger, book.ledger.claim(book.results[name].id), book.reading).id)


def level_before(book: Book, name: str) -> Quoted:
    """Return the level a year earlier that the reported rate `name` and the level it leads to imply.

    Raises UnknownName; ValueError where the table of reported rates has no such level in a row of this figure.
    """
    rate = book.results[name]
    for reported in growth.reported_rates(book.ledger, book.reading):
        if reported.claim.id == rate.id and reported.base:
            return getattr(book, reported.base.id)
    raise ValueError(f"no level before is implied by {name}; see the table of reported rates for those that are")


def meant_by(book: Book, name: str) -> Phrase:
    """Return as a sentence the growth that a multiple such as “doubled” stands for, usually and at its widest.

    The table of reported multiples has to be shown before. Raises UnknownName for a figure that it does not have.
    """
    usual, widest = (book.findings[f"{prefix}_{book.results[name].id}"] for prefix in ("growth_of", "widest_growth_of"))
    if range_link(usual).text == range_link(widest).text:
        return phrase("Read as widely as it can be, the word stands for growth of {range}.", range=range_link(widest))
    words = "As the word is usually meant, it stands for growth of {usual}; read as widely as it can be, for {widest}."
    return phrase(words, usual=range_link(usual), widest=range_link(widest))


def keep_quarters(book: Book) -> None:
    """Keep each quarter's share of its year, four times the quarter, and the gap to the year."""
    book.keep(growth.findings_in(growth.quarters(book.ledger, book.reading)))


def against_year(book: Book, quarter: str, year: str) -> Quoted:
    """Return how far four times the figure `quarter` lies from the year's level, of which `year` is a figure.

    The level is that of `level_of`. Raises UnknownName; ValueError where no relation compares the quarter with it.
    """
    ids = book.results[quarter].id, shared_level(book.ledger, book.ledger.claim(book.results[year].id), book.reading).id
    for row in growth.quarters(book.ledger, book.reading):
        if (row["quarter"].id, row["level"].id) == ids:
            return getattr(book, row["pace_gap"].id)
    raise ValueError(f"no relation compares {quarter} with the year of {year}; relations.csv has those that are")


def quarters_against_years(book: Book) -> Exhibit:
    """Table: quarters, and the years they are set against."""
    quarters = growth.quarters(book.ledger, book.reading)
    return book.table(
        growth_exhibits.quarters_table(book.ledger, quarters),
        id="tbl-quarters",
        optional=True,
        place="appendix",
        title="<time>Quarters</time>, and the years they are set against",
        caption="A <time>quarter</time> taken for the whole year, with no allowance for the season. A year that "
        "several texts print is the middle of what all of them allow. A range that holds both falls and rises says "
        "nothing about the direction. In brackets: the text prints the same figure for both, so they are not "
        "comparable.",
        columns={
            "label": "Quantity",
            "quarter": Column(Marked("Quarter", "date"), align="right"),
            "year": Column("Year", align="right"),
            "year_label": "Year compared",
            "share": Column(Marked("Quarter ÷ year", "date"), align="right"),
            "annualised": Column("Kept up all year", align="right"),
            "gap": Column("Against the year", align="right"),
            "range": "Range",
        },
    )
