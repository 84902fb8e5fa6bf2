"""The charts of trade by two counts: their words are legible, their units named, their doubts hollow."""

from __future__ import annotations

from functools import cache

import pytest
from claims.content.tables import FIGURE, Figure
from claims.questions import growth
from claims.show import charts, style
from claims.show.book import open_book
from kazakhstan import aim, balance, directions, elsewhere, mirror, press_pages, trade_charts, two_counts
from legible import collisions, outside, words_on
from matplotlib.axes import Axes

BOOK = open_book(official="all")
LEDGER, READING = BOOK.ledger, BOOK.reading


def road(due: int, base_year: int = 2023) -> Axes:
    wish = growth.doubling_claims(open_book().ledger, base_year, READING)[2]
    found = aim.road(LEDGER, READING, wish, base_year, due)
    levels = mirror.series(LEDGER, mirror.TURNOVER, mirror.CHINA, READING)
    past = {int(key): level for key, level in levels.items() if len(key) == 4 and int(key) >= 2013}
    drawn = aim.road_drawn(LEDGER, found, past, READING)
    return trade_charts.road_to_doubling(drawn, aim.target_band(found.target), due, LEDGER)


CHARTS = {
    "two_counts": lambda: trade_charts.two_counts(
        two_counts.over_time_table(LEDGER, mirror.turnover(LEDGER, READING), READING), LEDGER
    ),
    "two_counts_by_direction": lambda: trade_charts.two_counts_by_direction(
        directions.gaps_drawn(LEDGER, mirror.flows(LEDGER, READING, (1.0, 1.1)), READING), LEDGER
    ),
    "growth_by_direction": lambda: trade_charts.growth_by_direction(
        directions.rises_drawn(rise for rise in directions.rises(LEDGER, READING) if rise.year == 2023 and rise.share),
        LEDGER,
    ),
    "balance": lambda: trade_charts.balance(balance.balances_drawn(balance.balances(LEDGER, READING)), LEDGER),
    "road_to_doubling": lambda: road(2030),
}


@cache
def drawn(name: str) -> Axes:
    return CHARTS[name]()


@pytest.mark.parametrize("name", CHARTS)
def test_no_text_covers_another_or_falls_off(name):
    axes = drawn(name)
    assert (collisions(axes), outside(axes)) == ([], [])


@pytest.mark.parametrize("name", CHARTS)
def test_no_text_covers_another_on_a_phone(name):
    figure = charts.narrow_figure(drawn(name).figure)
    assert figure.get_figwidth() == style.NARROW
    assert (collisions(figure.axes[0]), outside(figure.axes[0])) == ([], [])


@pytest.mark.parametrize("due", [2028, 2035])
def test_the_road_is_legible_for_other_dates(due):
    axes = road(due)
    assert (collisions(axes), outside(axes)) == ([], [])


@pytest.mark.parametrize("narrow", [False, True])
def test_each_path_to_doubling_has_a_stroke_and_no_word_on_it(narrow):
    figure = charts.narrow_figure(drawn("road_to_doubling").figure) if narrow else drawn("road_to_doubling").figure
    boxes = [(words, box) for words, box in words_on(figure.axes[0]) if "% a year" in words or "count" in words]
    lines = [line for line in figure.axes[0].lines if len(line.get_xdata()) > 10]
    assert len({line.get_linestyle() + str(line._unscaled_dash_pattern) for line in lines}) == len(lines) == 3
    paths = [line.get_transform().transform_path(line.get_path()) for line in figure.axes[0].lines]
    assert len(boxes) == 4
    assert [words for words, box in boxes for path in paths if path.intersects_bbox(box, filled=False)] == []


def test_on_a_phone_no_amount_is_beside_the_dot_of_another_year():
    figure = charts.narrow_figure(drawn("two_counts").figure)
    axes = figure.axes[0]
    [box] = [box for words, box in words_on(axes) if words == "$31.4 bn"]
    dots = [line for line in axes.lines if line.get_markerfacecolor() == style.PAPER and line.get_marker() == "s"]
    near = [axes.transData.transform(line.get_xydata()[0])[1] - box.y1 for line in dots]
    assert min(near) > 2 * box.height


@pytest.mark.parametrize("name", CHARTS)
def test_every_chart_names_its_unit_and_has_the_width_of_the_page(name):
    axes = drawn(name)
    assert "billion US dollars, nominal" in axes.get_xlabel() + axes.get_ylabel() + axes.get_title(loc="left")
    assert axes.figure.get_figwidth() == style.WIDTH


def test_every_chart_is_tested():
    assert set(trade_charts.__all__) == {*CHARTS, "NAMES"}


@pytest.mark.parametrize(("name", "hollow"), [("two_counts", 3), ("balance", 1), ("two_counts_by_direction", 0)])
def test_doubtful_figures_are_hollow(name, hollow):
    dots = [line for line in drawn(name).lines if line.get_marker() in ("o", "s", "D")]
    assert sum(line.get_markerfacecolor() == style.PAPER for line in dots) == hollow


def test_the_counts_differ_without_colour():
    dots = [line for line in drawn("two_counts_by_direction").lines if line.get_marker() in ("o", "s")]
    pens = style.pens(LEDGER)
    expected = [("o", pens[mirror.CHINA].colour), ("s", pens[mirror.KAZAKHSTAN].colour)]
    assert sorted({(line.get_marker(), line.get_color()) for line in dots}) == expected


def test_the_numbers_of_figures_name_who_counts():
    """Charts take the codes of authorities; the column of the file has their names."""
    book = open_book(official="all")
    figures = [
        two_counts.over_time(open_book()),
        balance.balance_chart(book),
        directions.growth_by_direction(book),
        press_pages.press_against_pages(book, elsewhere.judge(book)[0]),
    ]
    named = []
    for figure in figures:
        content = Figure.from_json(figure.bundle[FIGURE])
        (place,) = (place for place, column in enumerate(content.columns) if column.key == "side")
        named.append({str(row[place]) for row in content.rows})
    both = {"Chinese customs", "Kazakh statistics"}
    assert named[:3] == [both | {"The texts", "Authority not named"}, both, both]
    assert named[3] >= both | {"KTZ", "Chinese pipeline operator", "Authority not named"}
    assert [name for names in named for name in names if "_" in name] == []


def test_without_figures_no_chart_is_drawn(monkeypatch):
    monkeypatch.setenv("REPORT_FIGURES", "none")
    assert {name: getattr(trade_charts, name)(None) for name in CHARTS} == dict.fromkeys(CHARTS)
