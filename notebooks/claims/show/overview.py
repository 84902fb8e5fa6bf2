"""The table and the quoted lists of the overview, each as one call with the book."""

from __future__ import annotations

from collections.abc import Sequence

from claims.content.phrases import Phrase
from claims.judging.judge import judge_ledger
from claims.judging.verdict import Judged
from claims.ledger import readings
from claims.questions import overview, robustness
from claims.questions.robustness import Headline
from claims.results.store import load_findings
from claims.show.book import Book
from claims.show.exhibits import Column, Exhibit

__all__ = ["agreed", "disagreements", "judge", "main_results"]


def judge(book: Book) -> Judged:
    """Return the verdicts on every group and relation of the book, without passing them to the report."""
    return judge_ledger(book.ledger, book.reading)


def main_results(book: Book, headlines: Sequence[Headline], shown: Sequence[str], amounts: str) -> Exhibit:
    """Table: the main results, with their range and how firm they are.

    `shown` are the ids of the headlines to show; `amounts` is a sentence on what their amounts are in.
    """
    findings, origin = load_findings()
    swept, _ = readings.load_sweep()
    firm = robustness.firmness(swept, readings.load_readings(), headlines, book.sentences)
    return book.table(
        overview.headlines_table(findings, firm, shown),
        id="tbl-headlines",
        title="The main results, with their range and how firm they are",
        caption=f"{amounts} Range: every value that the rounded figures allow; where a spread may vanish, the "
        "intervals touch. Last column: how many of the [other defensible readings](60_robustness.ipynb) that change "
        f"the number or its range leave the statement true. That is a count, no probability. From {origin}.",
        columns={
            "words": "What the figures show",
            "value": Column("Number", align="right"),
            "range": "Range",
            "firm": "True in",
        },
    )


def agreed(book: Book, judged: Judged) -> Phrase:
    """Return in a sentence or two the quantities that several texts agree on."""
    return overview.agreed_phrase(book.ledger, judged)


def disagreements(book: Book, judged: Judged) -> Phrase:
    """Return each disagreement with its figures and the likeliest reason, in a sentence each."""
    return overview.disagreements_phrase(book.ledger, judged)
