"""The chart of both counts over time: which figures are drawn, which of them hollow, and what is written on it."""

from __future__ import annotations

import pytest
from claims.content.tables import FIGURE
from claims.show.book import open_book
from first_texts import first_texts
from kazakhstan import mirror, trade_charts, two_counts
from kazakhstan.mirror import CHINA, KAZAKHSTAN

BOOK = open_book(first_texts(), official="all")
DRAWN = two_counts.over_time_table(BOOK.ledger, mirror.turnover(BOOK.ledger, BOOK.reading), BOOK.reading)


def years(side: str) -> list[int]:
    return DRAWN[DRAWN["side"] == side]["year"].tolist()


def test_it_begins_with_the_decade_that_both_count():
    assert years(CHINA) == [2013, 2021, 2022, 2023, 2024]  # 1992 is left to the text
    assert years(KAZAKHSTAN) == [2013, 2020, 2021, 2022, 2023, 2024]


def test_doubtful_and_unnamed_figures_are_not_sure():
    unsure = DRAWN[~DRAWN["sure"]]
    assert unsure[["side", "year"]].to_numpy().tolist() == [
        [KAZAKHSTAN, 2024],
        [two_counts.UNNAMED, 2018],
        [two_counts.UNNAMED, 2018],
    ]
    assert unsure["point"].tolist() == [30.1e9, 12e9, 19.88e9]


def test_texts_that_print_a_value_for_a_year_are_one_dot():
    texts = DRAWN[DRAWN["side"] == two_counts.TEXTS]
    assert texts[["year", "point"]].to_numpy().tolist() == [[2023, 41e9], [2024, 44e9]]
    assert texts["shown"].tolist() == ["4 texts:\n$41 bn", ""]
    assert {"c012", "c045", "c057", "c088"} <= set(texts["from"].iloc[0].split())


def test_two_figures_of_unnamed_authorities_have_one_label_for_both():
    assert DRAWN[DRAWN["side"] == two_counts.UNNAMED]["shown"].tolist() == ["neither says whose count", ""]


def test_the_marks_show_what_rounding_allows():
    """A bar from the low end to the high end lies over each mark, unless it is too short to be seen."""
    axes = trade_charts.two_counts(DRAWN, BOOK.ledger)
    bars = [line for line in axes.lines if line.get_zorder() == 3]
    drawn = {(round(float(bar.get_ydata()[0]), 3), round(float(bar.get_ydata()[1]), 3)) for bar in bars}
    assert drawn == {
        (round(row.low / 1e9, 3), round(row.high / 1e9, 3)) for row in DRAWN.itertuples() if row.high - row.low > 0.3e9
    }
    assert len(drawn) >= 4


def test_the_title_quotes_the_gap_of_the_latest_sure_year(monkeypatch):
    monkeypatch.setenv("REPORT_FIGURES", "none")
    figure = two_counts.over_time(BOOK).bundle[FIGURE]
    assert "difference-turnover-2023" in str(figure["title"])
    assert len(figure["rows"]) == len(DRAWN)


def test_a_notebook_without_official_figures_can_show_it(monkeypatch):
    monkeypatch.setenv("REPORT_FIGURES", "none")
    assert len(two_counts.over_time(open_book(first_texts())).bundle[FIGURE]["rows"]) == len(DRAWN)


@pytest.mark.parametrize("pages", ["first", "last"])
def test_other_pages_change_no_year(pages, monkeypatch):
    monkeypatch.setenv("REPORT_FIGURES", "none")
    book = open_book(first_texts(), official="all", pages=pages)
    assert len(two_counts.over_time(book).bundle[FIGURE]["rows"]) == len(DRAWN)
