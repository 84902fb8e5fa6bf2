"""Growth of trade by each authority's own count, worked out by hand from the figures quoted."""

from __future__ import annotations

import pytest
from claims.content.tables import TABLE
from claims.results.finding import MIME
from claims.show.book import open_book
from claims.words.values import range_text
from kazakhstan import by_authority

BOOK = open_book(official="all")
ROWS = {row["year"]: row for row in by_authority.yearly_growth(BOOK.ledger, BOOK.reading)}


def test_the_chinese_count_grew_by_seven_percent_in_2024():
    growth = ROWS["2024"]["china_customs"]  # 43.82 on 41.0, which is 24.7 and 16.3
    assert float(growth.value) == pytest.approx(6.878, abs=0.001)
    assert range_text(growth) == "6.6% to 7.2%"  # 43.815/41.1 = 1.0661 and 43.825/40.9 = 1.0715


def test_the_kazakh_count_fell_if_its_doubtful_figure_is_of_2024():
    growth = ROWS["2024"]["kz_statistics"]  # 30.1 on 31.4
    assert float(growth.value) == pytest.approx(-4.140, abs=0.001)
    assert range_text(growth) == "−4.8% to −3.8%"  # 30.05/31.55 = 0.9525 and 30.15/31.35 = 0.9617


def test_only_years_in_a_row_give_growth():
    assert list(ROWS) == ["2021", "2022", "2023", "2024"]
    assert ROWS["2021"]["china_customs"] is None  # no page quotes Chinese customs for 2020


def test_the_table_marks_what_rests_on_a_doubtful_figure():
    rows = by_authority.growth_by_authority(BOOK).bundle[TABLE]["rows"]
    assert [[("†" in str(cell)) for cell in row].count(True) for row in rows] == [0, 0, 0, 1]


@pytest.mark.parametrize("official", ["without", "china_customs"])
def test_a_chapter_without_official_figures_can_quote_the_growth(official, monkeypatch):
    outputs: dict[str, dict] = {}
    monkeypatch.setattr("IPython.display.display", lambda bundle, raw: outputs.update(bundle))
    book = open_book(official=official)
    by_authority.keep_growth(book)
    kept = {one["id"] for one in outputs[MIME]["findings"]}
    assert {"growth_trade_turnover_china_customs_2023_2024", "trade_turnover_china_customs_2023"} <= kept
    assert book.results["growth_trade_turnover_kz_statistics_2023_2024"] == ROWS["2024"]["kz_statistics"]
