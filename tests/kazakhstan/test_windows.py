"""Sums of investment by their windows: lengths and means by hand, and a chart whose words can be read."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from claims.content.tables import FIGURE, TABLE
from claims.show import charts, style
from claims.show.book import Book, open_book
from first_texts import first_texts
from kazakhstan import gas, other_charts, windows
from legible import collisions, outside

BOOK = open_book(official="all")
FOUND = windows.windows(BOOK.ledger, BOOK.reading)
BY_ID = {one.claim.id: one for one in FOUND}


@pytest.mark.parametrize(
    ("id", "years", "mean", "low", "high"),
    [
        ("c024", 15, 1.6, 23.5 / 15, 24.5 / 15),
        ("c049", 15, 25 / 15, 24.5 / 15, 25.5 / 15),
        ("c072", 19, 25.3 / 19, 25.25 / 19, 25.35 / 19),  # 2005 to 2023
        ("o149", 18.5, 24 / 18.5, 23.5 / 18.5, 24.5 / 18.5),  # to June 2023
        ("c096", 20.5, 27 / 20.5, 27 / 20.5, 28 / 20.5),  # to July 2025
        ("o158", 12, 19 / 12, 18.5 / 12, 19.5 / 12),
    ],
)
def test_a_sum_over_its_window_is_so_much_a_year(id, years, mean, low, high):
    window = BY_ID[id]
    assert window.years == Fraction(str(years))
    found = (window.mean.value, window.mean.interval.low, window.mean.interval.high)
    assert [float(one) / 1e9 for one in found] == pytest.approx([mean, low, high])


def test_only_sums_with_both_ends_are_windows_and_each_is_there_once():
    first = open_book(first_texts(), official="all")
    found = [one.claim.id for one in windows.windows(first.ledger, first.reading)]
    assert found == ["o157", "o149", "c072", "o150", "c096", "o158", "c024", "c049"]


def test_chart_and_table_have_a_row_for_each_window(monkeypatch):
    monkeypatch.setenv("REPORT_FIGURES", "none")
    figure, table = windows.windows_chart(BOOK).bundle[FIGURE], windows.windows_table(BOOK).bundle[TABLE]
    assert len(figure["rows"]) == len(table["rows"]) == len(FOUND)
    assert "begins in" in str(figure["title"])


def test_without_sums_that_differ_the_title_names_none():
    assert windows._title([BY_ID["c024"], BY_ID["c072"]]) == "Sums of Chinese investment cover different years"


def test_a_sum_printed_lower_than_an_earlier_one_is_named():
    assert str(windows.how_sums_fit(BOOK)) == "Most sums since 2005 fit each other"  # all but one of four
    said = "But the sum of a page to March 2024, nearly $25 billion, is less than that of the Astana Times essay to "
    assert str(windows.sums_behind(BOOK)) == said + "December 2023, $25.3 billion."
    assert [(one.id, other.id) for one, other in windows.behind(BOOK.ledger, BOOK.reading)] == [("o150", "c072")]


def test_a_later_sum_that_rounding_may_save_is_not_called_less():
    claim = BOOK.ledger.claim("c072")
    later = replace(claim, id="c901", short_name="essay of 2025", value=Fraction(25), text="25", precision=Fraction(1))
    later = replace(later, period=replace(claim.period, end="2025-03-12"))
    book = Book(replace(BOOK.ledger, claims=BOOK.ledger.claims | {"c901": later}), BOOK.reading)
    assert str(windows.sums_behind(book)).endswith(
        "And the sum of the essay of 2025 to March 2025, $25 billion, allows hardly any growth over that of the "
        "Astana Times essay to December 2023, $25.3 billion."
    )
    assert str(windows.how_sums_fit(book)) == "Most sums since 2005 fit each other"  # two of five lag


def test_the_chart_is_legible_and_has_the_colours_of_the_texts():
    axes = other_charts.windows(windows.windows_drawn(BOOK.ledger, FOUND), BOOK.ledger)
    assert (collisions(axes), outside(axes)) == ([], [])
    assert "US dollars, nominal" in axes.get_xlabel()
    assert axes.figure.get_figwidth() == style.WIDTH
    texts = {BOOK.ledger.claims[id].source for id in BY_ID if id not in BOOK.ledger.official}
    assert {"S1", "S3", "S5"} <= texts
    assert len({bar.get_facecolor() for bar in axes.patches}) == 1 + len(texts)  # pages are grey


def test_the_chart_is_legible_on_a_phone_with_each_sum_above_its_bar():
    wide = other_charts.windows(windows.windows_drawn(BOOK.ledger, FOUND), BOOK.ledger)
    axes = charts.narrow_figure(wide.figure).axes[0]
    assert (collisions(axes), outside(axes)) == ([], [])
    sums = [text.get_window_extent() for text in axes.texts if text.get_text().endswith(" a year")]
    bars = [bar.get_window_extent() for bar in axes.patches]
    assert len(sums) == len(bars) == len(FOUND)
    assert all(bar.y1 < words.y0 for bar, words in zip(bars, sums, strict=True))


@pytest.mark.parametrize(
    ("months", "yearly", "share", "low", "high"),
    [
        ("2009-12 to 2017-03", 23.89, 43.4, 43.0, 43.9),  # 174.259 in 2,665 days
        ("2019", 47.9, 87.1, 86.3, 88.1),  # 47.9 to 48 of 54.5 to 55.5
        ("2020-07 to 2022-12", 42.8, 77.9, 76.7, 79.1),  # 107.2 in 914 days
        ("2022", 43.2, 78.5, 77.7, 79.4),
        ("2023-01 to 2024-07", 37.8, 68.7, 56.0, 81.7),  # 56.8 in 549 days
        ("2009-12 to 2024-07", 33.0, 60.0, 58.1, 61.8),  # 480 in 5,315 days
    ],
)
def test_the_pipeline_used_so_much_of_its_design(months, yearly, share, low, high):
    (use,) = (one for one in gas.uses(BOOK.ledger, BOOK.reading) if one.months == months)
    volume = use.yearly.point if hasattr(use.yearly, "point") else use.yearly.value
    assert float(volume) / 1e9 == pytest.approx(yearly, rel=2e-3)
    assert float(use.share.value) == pytest.approx(share, abs=0.06)
    ends = (float(use.share.interval.low), float(use.share.interval.high))
    assert ends == pytest.approx((low, high), abs=0.11)
