"""Kazakhstan's balance with China by either count, worked by hand; a doubtful year is shown and never used."""

from __future__ import annotations

import pytest
from claims.content.tables import FIGURE, TABLE
from claims.show.book import open_book
from kazakhstan import balance
from kazakhstan.mirror import CHINA, KAZAKHSTAN

BOOK = open_book(official="all")
BALANCES = balance.balances(BOOK.ledger, BOOK.reading)
BY_YEAR = {(one.side, one.year): one for one in BALANCES}


@pytest.mark.parametrize(
    ("side", "year", "billions"),
    [
        (CHINA, 2013, 3.5),  # 16.0 - 12.5
        (KAZAKHSTAN, 2013, 6.141),  # 14.334 - 8.193
        (CHINA, 2021, -2.71),  # 11.27 - 13.98
        (KAZAKHSTAN, 2021, 1.6),  # 18 - 8.2 = 9.8, less 8.2
        (CHINA, 2022, -1.2),  # 15.0 - 16.2
        (KAZAKHSTAN, 2022, 2.2),  # 13.2 - 11.0
        (CHINA, 2023, -8.4),  # 16.3 - 24.7
        (KAZAKHSTAN, 2023, -2.0),  # 14.7 - 16.7
    ],
)
def test_a_balance_is_exports_less_imports(side, year, billions):
    assert float(BY_YEAR[side, year].balance.value) / 1e9 == pytest.approx(billions, abs=0.051)


def test_the_counts_give_opposite_signs_in_two_years():
    assert balance.opposed(BALANCES) == [2021, 2022]


def test_a_balance_that_rounding_leaves_open_has_no_sign():
    tolerant = open_book(official="all", tolerance_pct=5)
    signs = {(one.side, one.year): balance.sign(one) for one in balance.balances(tolerant.ledger, tolerant.reading)}
    assert signs[CHINA, 2022] == 0
    assert signs[CHINA, 2023] == -1


def test_a_doubtful_year_is_shown_and_changes_no_sign():
    doubtful = BY_YEAR[KAZAKHSTAN, 2024]  # 14.9 - 15.2
    assert doubtful.doubtful
    assert float(doubtful.balance.value) / 1e9 == pytest.approx(-0.3)
    assert [one for one in BALANCES if one.doubtful] == [doubtful]
    drawn = balance.balances_drawn(BALANCES)
    assert drawn[drawn["doubtful"]]["shown"].tolist() == ["−$0.3 bn"]


def test_table_and_figure_have_a_row_for_each_balance(monkeypatch):
    monkeypatch.setenv("REPORT_FIGURES", "none")
    assert len(balance.surplus(BOOK).bundle[TABLE]["rows"]) == len(BALANCES) == 9
    figure = balance.balance_chart(BOOK).bundle[FIGURE]
    assert len(figure["rows"]) == 9
    assert "balance-kz-statistics-2022" in str(figure["title"])


def test_without_opposite_signs_the_title_names_none(monkeypatch):
    monkeypatch.setenv("REPORT_FIGURES", "none")
    monkeypatch.setattr(balance, "opposed", lambda found: [])
    assert "depends on who counts" in str(balance.balance_chart(BOOK).bundle[FIGURE]["title"])
