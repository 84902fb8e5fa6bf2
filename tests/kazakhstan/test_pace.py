"""The pace of trade by one count, its multiples since 1992, and the even draws of its latest growth."""

from __future__ import annotations

import pytest
from claims.content.tables import TABLE
from claims.show.book import open_book
from first_texts import first_texts
from kazakhstan import mirror, pace
from kazakhstan.mirror import CHINA, KAZAKHSTAN

BOOK = open_book(first_texts())
LEDGER = mirror.joined(BOOK.ledger)
PACES = {(one.side, one.start, one.end): one for one in pace.paces(LEDGER, BOOK.reading)}


@pytest.mark.parametrize(
    ("span", "in_all", "yearly"),
    [
        ((CHINA, 2013, 2024), 53.8, 3.99),  # 43.82/28.5 = 1.5375; its eleventh root
        ((CHINA, 2013, 2021), -11.4, -1.5),  # 25.25/28.5 = 0.8860; its eighth root
        ((CHINA, 2021, 2023), 62.4, 27.4),  # 41.0/25.25 = 1.6238; its square root
        ((CHINA, 2023, 2024), 6.9, 6.9),  # 43.82/41.0
        ((KAZAKHSTAN, 2013, 2023), 39.4, 3.38),  # 31.4/22.527 = 1.3939; its tenth root
    ],
)
def test_a_pace_is_worked_by_hand(span, in_all, yearly):
    assert float(PACES[span].total.value) == pytest.approx(in_all, abs=0.2)
    assert float(PACES[span].yearly.value) == pytest.approx(yearly, abs=0.05)


def test_a_span_without_figures_is_left_out():
    assert pace.pace(LEDGER, KAZAKHSTAN, 2013, 2024, BOOK.reading) is None  # its figure for 2024 is in doubt


def test_a_hundredfold_came_between_thirty_and_thirty_one_years():
    earlier, later = pace.multiples(LEDGER, BOOK.reading)  # 31.2 and 41.0 over 0.368
    assert float(earlier.value) == pytest.approx(84.8, abs=0.1)
    assert float(later.value) == pytest.approx(111.4, abs=0.3)
    assert earlier.interval.high < 100 < later.interval.low


def test_draws_and_multiples_leave_the_notebook_with_the_table():
    assert len(pace.pace_table(BOOK).bundle[TABLE]["rows"]) == 5
    kept = BOOK.results.findings
    assert {"draws_growth", "multiple_since_1992_2023", "pace_kz_statistics_2013_2023"} <= kept.keys()
    assert (round(float(kept["draws_growth"].interval.low)), round(float(kept["draws_growth"].interval.high))) == (5, 8)
