"""Sentences on growth and the aim are true whichever totals a reading takes for those of the texts."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from claims.show import growth
from claims.show.book import Book, open_book
from first_texts import first_texts
from kazakhstan import aim, by_authority
from kazakhstan.whose_totals import Totals

DUE = 2030


def totals(official: str = "without", due: int = DUE) -> Totals:
    """Return the totals of a chapter that has kept what its sentences name."""
    book: Book = open_book(first_texts(), official=official)
    by_authority.keep_growth(book)
    growth.between_levels(book)
    aim.road_to_doubling(book, 2023, due)
    aim.years_to_the_aim(book, [5], 2023, due)
    return Totals(book)


@pytest.fixture(scope="module", autouse=True)
def no_pictures():
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REPORT_FIGURES", "none")
        yield


def test_the_texts_own_totals_reach_the_latest_year():
    found = totals()
    assert (found.whose, found.latest.id) == ("", "growth_trade_turnover_2023_2024")
    assert str(found.printed_growth) == "but their totals give it: 7% (4.8% to 8.6%)"
    assert str(found.growth_by_both) == "their own totals give 7% (4.8% to 8.6%), Chinese customs 6.9%"
    assert (str(found.base), str(found.other_count)) == ("2024", "")  # 11.0% a year by both
    assert str(found.other_aim).startswith(
        "The texts' own rounded totals give nearly the same: an aim of $82.5 billion"
    )


def test_where_a_text_moves_the_totals_both_numbers_are_named():
    found = totals()
    rate = found.book.findings["rate_to_double"]
    found.book.results.keep(replace(rate, value=Fraction("11.1")))  # 43.8 for 44 billion dollars moves it so
    assert str(found.other_count) == " by their totals, and 11.0% by the Chinese count"


def test_kazakh_totals_end_a_year_earlier_and_the_sentences_say_so():
    found = totals("kz_statistics")
    assert (found.whose, found.latest.id) == ("kz_statistics", "growth_trade_turnover_2022_2023")
    assert "only on a page in doubt; for 2023 they give 30.7%" in str(found.printed_growth)
    assert str(found.growth_by_both).endswith("only on a page in doubt; Chinese customs give 6.9%")
    assert str(found.base) == "2023"
    assert str(found.other_count) == " by these totals, and 11.0% by the Chinese count"
    assert "give another result: an aim of $63.0 billion" in str(found.other_aim)
    assert str(found.other_aim).endswith(" after 2023.")


def test_chinese_totals_are_not_called_the_texts_own():
    found = totals("china_customs")
    assert (found.whose, str(found.base)) == ("china_customs", "2024")
    for sentence in (found.printed_growth, found.growth_by_both, found.other_aim):
        assert "Chinese customs, which this reading takes for the" in str(sentence)


@pytest.mark.parametrize(
    ("due", "effort", "pace"),
    [
        (2030, "and the aim needs faster growth", "far more than"),  # 11.0% a year; 7% (4.8% to 8.6%) in 2024
        (2035, "and the aim may need faster growth", "more than"),  # 5.9%; 4.0% since 2013
        (2045, "but the aim needs no faster growth", "no more than"),  # 3.0%
    ],
)
def test_how_much_growth_the_aim_takes_depends_on_its_date(due, effort, pace):
    found = totals(due=due)
    assert (str(found.effort), str(found.pace_needed(2023, due))) == (effort, pace)


@pytest.mark.parametrize("pages", ["all", "first", "last"])
def test_a_count_is_quoted_from_one_page_as_from_several(pages):
    found = Totals(open_book(official="all", pages=pages))
    assert str(found.counted("kz_statistics", 2023)).startswith("$31.")
    assert str(found.counted("china_customs", 2023)).startswith("$4")
