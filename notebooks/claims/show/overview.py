"""What the overview quotes: how sure each headline is."""

from __future__ import annotations

from collections.abc import Sequence

from claims.content.phrases import Phrase
from claims.ledger import readings
from claims.questions import robustness, robustness_exhibits
from claims.questions.robustness import Headline
from claims.results.names import Names
from claims.show.book import Book

__all__ = ["how_sure"]


def how_sure(book: Book, headlines: Sequence[Headline]) -> Names[Phrase]:
    """Return by the id of each headline in how many of the readings that test it it holds, in words.

    Raises UnknownName, with the nearest id, for a headline that the default reading does not have.
    """
    swept, _ = readings.load_sweep()
    firm = robustness.firmness(swept, readings.load_readings(), headlines, book.sentences)
    words = {one.headline.id: robustness_exhibits.sureness_phrase(one) for one in firm}
    return Names("headline", words, str)
