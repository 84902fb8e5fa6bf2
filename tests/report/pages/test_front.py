"""The title page."""

from dataclasses import replace

import pytest
from claims.content.phrases import Phrase
from made_up import book

from report.pages.front import title_page

LEDGER = replace(book(), package={"title": "Bees", "created": "2025-06-03T00:00:00Z"})


@pytest.mark.parametrize(
    ("claims", "texts", "subtitle"),
    [
        ("18", "3", "18 printed figures of 3 texts, read as intervals"),
        ("2", "1", "2 printed figures of 1 text, read as intervals"),
        ("1", "1", "1 printed figure of 1 text, read as intervals"),
        ("0", "2", "0 printed figures of 2 texts, read as intervals"),
    ],
)
def test_the_subtitle_counts_figures_and_texts_in_the_right_number(claims, texts, subtitle):
    found = [{"id": id, "text": text} for id, text in (("claims_total", claims), ("sources_total", texts))]
    assert str(Phrase.from_json(title_page(LEDGER, found)["subtitle"])) == subtitle


def test_without_counts_the_subtitle_has_none():
    assert title_page(LEDGER)["subtitle"] == "Every printed figure, read as an interval"
