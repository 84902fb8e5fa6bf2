"""The tables and the figure of the chapter on what the texts print, each as one call with the book."""

from __future__ import annotations

from claims.content.phrases import Phrase
from claims.questions import coverage
from claims.show import charts
from claims.show.book import Book
from claims.show.exhibits import Column, Exhibit
from claims.words.sentences import for_count

__all__ = [
    "figures_by_sector",
    "figures_printed",
    "fullest_sectors",
    "hedges",
    "keep_counts",
    "statements_made",
    "texts",
]


def keep_counts(book: Book) -> None:
    """Keep the counts of figures, texts, indicators and sectors that prose names."""
    book.keep(coverage.counts(book.ledger))


def texts(book: Book) -> Exhibit:
    """Table: the texts, and how many figures each prints."""
    return book.table(
        coverage.sources(book.ledger),
        id="tbl-sources-read",
        title="The texts, and how many figures each prints",
        caption="Dates are those from which “last year” is counted. Where the text states none, it is inferred from "
        "the events it reports; the appendix on sources says how.",
        columns={
            "source": "Called here",
            "title": Column("Title", kind="citation"),
            "publisher": "Publisher",
            "date": Column("Date", kind="date"),
            "basis": "Date is",
            "claims": Column("Figures", align="right"),
            "statements": Column("Distinct", align="right"),
        },
    )


def figures_printed(book: Book) -> Phrase:
    """Return in a sentence how many figures the texts print."""
    return book.phrase(f"{_printed(book)}.")


def statements_made(book: Book) -> Phrase:
    """Return in a sentence how many figures the texts print, and how many distinct statements these make."""
    statements = for_count(book.findings["statements_total"], one="statement", more="statements")
    left = f"another of the same text, which leaves {{statements_total}} distinct {statements}"
    repeated = for_count(
        book.findings["claims_repeated"],
        none=for_count(book.findings["claims_total"], one="", more=", none of which restates another of the same text"),
        one=f"; {{claims_repeated}} of them restates {left}",
        more=f"; {{claims_repeated}} of them restate {left}",
    )
    return book.phrase(f"{_printed(book)}{repeated}.")


def _printed(book: Book) -> str:
    texts = for_count(book.findings["sources_total"], one="text prints", more="texts print")
    figures = for_count(book.findings["claims_total"], one="figure", more="figures")
    return f"{{sources_total}} {texts} {{claims_total}} {figures}"


def fullest_sectors(book: Book) -> Phrase:
    """Return in a sentence how many figures the two sectors with most figures have."""
    return book.phrase(coverage.sentence(book.ledger))


def figures_by_sector(book: Book) -> Exhibit:
    """Figure: figures printed, by the sector of what they measure and by text."""
    table, (texts, note) = coverage.coverage(book.ledger), coverage.shown_texts(book.ledger)
    return book.figure(
        charts.coverage(table.set_index("sector")[[*texts, "from"]], book.ledger),
        id="fig-coverage",
        place="appendix",
        name="coverage",
        title=coverage.title(book.ledger),
        caption="Figures printed, by the sector of what they measure and by text; restatements included." + note,
        alt=coverage.alt(book.ledger),
        data=table,
        evidence="from",
        headings={"sector": "Sector", **dict.fromkeys(table.columns[1:-1], "figures printed")},
        source="Ledger, all claims.",
    )


def hedges(book: Book) -> Exhibit:
    """Table: how the texts hedge, and how a hedge is read."""
    return book.table(
        coverage.hedges(book.ledger, book.reading),
        id="tbl-hedges",
        place="appendix",
        title="How the texts hedge, and how a hedge is read",
        caption="Number of figures printed with each kind of hedge, and the earliest of each as an example. Square "
        "brackets include the bound, round ones do not. Counted: an enumeration or a date, not rounded. A code of a "
        "letter and digits names a row of the ledger.",
        columns={
            "hedge": "Hedge",
            "claims": Column("Figures", align="right"),
            "example": "Row",
            "printed": "As printed",
            "interval": "Stands for",
        },
    )
