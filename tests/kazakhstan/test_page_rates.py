"""Rates that pages print beside a level: which belong together, what they imply, and whether that fits."""

from __future__ import annotations

import pytest
from claims.content.tables import TABLE
from claims.show.book import open_book
from kazakhstan import page_rates
from made_up import book as made_up
from made_up import quoted, year

BOOK = open_book(official="all")
FOUND = page_rates.rates_on_pages(BOOK.ledger, BOOK.reading)
BY_ID = {one.rate.id: one for one in FOUND}


@pytest.mark.parametrize(
    ("rate", "level", "implied", "before"),
    [
        ("o023", "o022", 31.2e9 / 1.236, "o014"),  # 25.24 beside 25.25
        ("o191", "o190", 28e6 / 1.22, "o194"),  # 22.95, within 22.4 to 23.5, beside more than 23
        ("o147", "o146", 23.7e9 / 1.377, "o148"),  # 17.21 beside 17.2
        ("o262", "o261", 655e3 / 1.78, "o263"),  # 368 beside 367
        ("o049", "o048", 89.4e9 / 1.27, "o050"),  # 70.4 beside 70.2
    ],
)
def test_a_rate_and_its_level_imply_the_year_before(rate, level, implied, before):
    found = BY_ID[rate]
    assert (found.level.id, found.before.id, found.fits) == (level, before, True)
    assert float(found.implied.value) == pytest.approx(implied)


def test_rates_without_a_level_of_the_year_before_and_doubtful_ones_are_not_tested():
    assert not {"o207", "o184", "o013", "o121"} & BY_ID.keys()


def test_equal_rates_of_an_authority_are_one_row_with_all_pages():
    assert [page.id for page in BY_ID["o023"].pages] == ["o023", "o031"]
    assert "o031" not in BY_ID


def test_a_level_of_the_rates_own_side_comes_first_on_a_page_with_both():
    pairs = {rate.id: level.id for rate, level, _ in page_rates._pairs(BOOK.ledger)}
    assert pairs["o005"] == "o004"  # not 22.53, the Kazakh figure of the same page


def test_a_rate_that_does_not_fit_is_found():
    last, first = quoted("o901", "41"), quoted("o902", "20", period=year(2022))
    rate = quoted("o903", "32", indicator="trade_growth", unit="percent", multiplier=1)
    (found,) = page_rates.rates_on_pages(made_up(official=[last, first, rate]), BOOK.reading)
    assert (found.before.id, found.fits) == ("o902", False)  # 41/1.32 is 31
    assert [int(one.value) for one in page_rates.counts([found])] == [1, 0]


def test_the_counts_are_those_of_the_table():
    tested, fitting = (int(one.value) for one in page_rates.counts(FOUND))
    assert tested == len(FOUND) == len(page_rates.rates_table(BOOK).bundle[TABLE]["rows"])
    assert fitting == tested  # none contradicts its level of the year before


def test_the_year_before_a_span_is_the_same_span():
    assert page_rates.period_before("2022-11-05/2023-11-04") == "2021-11-05/2022-11-04"
