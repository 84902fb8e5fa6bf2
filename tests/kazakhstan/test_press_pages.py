"""Figures of texts beside figures of pages, as dots: shares by hand, order, and a chart whose words can be read."""

from __future__ import annotations

import pytest
from claims.content.tables import FIGURE
from claims.show import charts, style
from claims.show.book import open_book
from first_texts import first_texts
from kazakhstan import elsewhere, other_charts, press_pages
from legible import collisions, outside, words_on

BOOK = open_book(official="all")
GROUPS, _ = elsewhere.judged(BOOK.ledger, BOOK.reading)
FIRST = open_book(first_texts(), official="all")
GROUPS_OF_FIRST, _ = elsewhere.judged(FIRST.ledger, FIRST.reading)
DRAWN = press_pages.press_drawn(BOOK.ledger, GROUPS, BOOK.reading)
BY_PAGE = {row["from"].split()[1]: row for row in DRAWN.to_dict("records")}


@pytest.mark.parametrize(
    ("page", "percent", "low", "high", "agrees"),
    [
        ("o103", 76.585, 31.35 / 41, 31.45 / 41, False),  # 31.4 of 41
        ("o266", 104.868, 1782.745 / 1700, 1782.755 / 1700, False),  # 1,782.75 of 1,700
        ("o248", 109.091, 59.5 / 55, 60.5 / 55, False),  # 60 of 55
        ("o001", 92.0, 0.3675 / 0.4, 0.3685 / 0.4, True),  # 368 of 400, which may be 350 to 450
        ("o041", 93.75, 29.5 / 32, 30.5 / 32, False),
    ],
)
def test_a_page_is_drawn_in_percent_of_the_text(page, percent, low, high, agrees):
    row = BY_PAGE[page]
    assert row["page"] == pytest.approx(percent, abs=0.001)
    assert (row["page_low"], row["page_high"]) == pytest.approx((100 * low, 100 * high))
    assert row["agrees"] == agrees


def test_every_pair_is_drawn_and_the_widest_apart_first():
    assert len(DRAWN) == len(GROUPS) >= len(GROUPS_OF_FIRST) == 21
    assert DRAWN["quantity"].iloc[0] == "Trade, 2023"
    assert not DRAWN["agrees"].iloc[0]


def test_what_agrees_is_counted_with_what_agrees_by_rounding():
    for groups in (GROUPS, GROUPS_OF_FIRST):
        words = [verdict.word for verdict in groups]
        count = words.count("consistent") + words.count("consistent by rounding")
        assert press_pages.agreeing(groups).value == count
    assert count == 16


def test_the_most_precise_figure_of_the_texts_is_the_one_named():
    shown = dict(zip(DRAWN["quantity"], DRAWN["text"], strict=True))
    assert shown["Chinese investment, 2023"] == "$1.81\u00a0bn"  # another text prints 1.8
    assert shown["Growth of Chinese investment, 2023"] == "16.4%"  # another prints 16


def test_a_quantity_without_a_short_name_leaves_room_for_the_dots():
    long = DRAWN.assign(
        quantity=DRAWN["quantity"].replace("Trade, 1992", "Visits of Chinese citizens to it, all of 1992")
    )
    axes = other_charts.press_and_pages(long, BOOK.ledger)
    assert (collisions(axes), outside(axes)) == ([], [])
    usual = other_charts.press_and_pages(DRAWN, BOOK.ledger)
    words_on(axes), words_on(usual)
    assert axes.get_position().width > 0.95 * usual.get_position().width


def test_every_quantity_of_the_first_texts_has_a_short_name():
    assert {verdict.indicator for verdict in GROUPS_OF_FIRST} <= set(press_pages.NAMES)


def test_the_chart_is_legible_and_hollow_where_nothing_is_shared(monkeypatch):
    axes = other_charts.press_and_pages(DRAWN, BOOK.ledger)
    assert (collisions(axes), outside(axes)) == ([], [])
    assert "Percent" in axes.get_xlabel()
    assert axes.figure.get_figwidth() == style.WIDTH
    dots = [line for line in axes.lines if line.get_marker() in ("o", "s", "D")]
    assert sum(line.get_markerfacecolor() == style.PAPER for line in dots) == sum(~DRAWN["agrees"])
    monkeypatch.setenv("REPORT_FIGURES", "none")
    assert other_charts.press_and_pages(None, None) is None
    book = open_book(official="all")
    book.keep(elsewhere.counts(GROUPS, []))
    assert len(press_pages.press_against_pages(book, GROUPS).bundle[FIGURE]["rows"]) == len(DRAWN)


def test_the_chart_is_legible_on_a_phone():
    axes = charts.narrow_figure(other_charts.press_and_pages(DRAWN, BOOK.ledger).figure).axes[0]
    assert (collisions(axes), outside(axes)) == ([], [])
    names = [text.get_text() for text in axes.texts]
    assert {f"{row['quantity']}: {row['text']}" for row in DRAWN.to_dict("records")} <= set(names)


def test_every_chart_of_the_chapter_is_tested():
    assert set(other_charts.__all__) == {"press_and_pages", "windows"}
