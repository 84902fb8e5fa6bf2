"""The tables of the chapter on method, each as one call."""

from __future__ import annotations

from claims.questions import method
from claims.show.book import Book
from claims.show.exhibits import Column, Exhibit
from claims.words import references

__all__ = ["formulas", "hedge_rules", "words", "works_cited"]


def hedge_rules(book: Book, example: int) -> Exhibit:
    """Table: what `example`, printed to the unit, stands for with each hedge."""
    return book.table(
        method.hedges(example, book.reading),
        findings=method.examples(example, book.reading),
        id="tbl-hedge-rules",
        place="appendix",
        title=f"What <data>{example}</data>, printed to the unit, stands for with each hedge",
        caption="A stated bound follows from the digits or the hedge; an assumed bound is how far a hedge reaches on "
        "its open side, and only it moves in the widest reading.",
        columns={"hedge": "Hedge", "interval": "Stands for", "stated": "Stated bounds", "widest": "At its widest"},
    )


def formulas(book: Book) -> Exhibit:
    """Table: the formulas, and which way each input pushes them."""
    return book.table(
        method.formulas(book.ledger),
        id="tbl-formulas",
        place="appendix",
        title="The formulas, and which way each input pushes them",
        caption="Growth is nominal. Inputs in neither column are exact constants, such as a number of years.",
        columns={
            "formula": Column("Formula", kind="formula"),
            "expression": Column("Expression", kind="formula"),
            "unit": "Unit",
            "rises": Column("Rises in", kind="formula"),
            "falls": Column("Falls in", kind="formula"),
        },
    )


def words(book: Book) -> Exhibit:
    """Table: words that this report uses in a narrow sense."""
    return book.table(
        method.words(book.ledger),
        id="tbl-words",
        place="appendix",
        title="Words that this report uses in a narrow sense",
        caption="Where a text leaves open which of these it means, the ledger says so.",
        columns={"word": "Word", "meaning": Column("Meaning here", kind="citation")},
    )


def works_cited(book: Book) -> Exhibit:
    """Table: the works cited, in the order of their authors' names."""
    return book.table(
        references.works_table(references.load_references()),
        id="tbl-references",
        place="appendix",
        title="The works cited",
        caption="In the order of their authors' names. The list is `data/references.json`, in CSL-JSON.",
        columns={"cited": Column("Cited as", kind="citation"), "work": Column("Work", kind="citation")},
    )
