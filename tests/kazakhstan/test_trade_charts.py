"""The figures that only this report has: they name their units, and their words are legible."""

from __future__ import annotations

import pandas as pd
import pytest
from claims.ledger import loading
from claims.ledger.intervals import Reading
from claims.questions import growth
from claims.show import style
from kazakhstan import aim, charts
from legible import collisions, outside
from matplotlib.axes import Axes

BOOK = loading.load_ledger()


def paths_table(size: int) -> pd.DataFrame:
    rows = []
    for rate in [5, 7.5, 10, 15, 20, 30, 40][:size]:
        for step in range(21):
            years = 6.5 * 10 / rate * step / 20
            rows.append({"rate_pct": rate, "year": 2024 + years, "trade_usd": 44e9 * (82 / 44) ** (step / 20)})
    return pd.DataFrame(rows)


def trade_table(size: int) -> pd.DataFrame:
    rows = []
    for side, label, level in (
        ("china_customs", "Chinese customs", 20e9),
        ("kz_statistics", "Kazakh statistics", 15e9),
    ):
        for year in [1992, *range(2013, 2013 + size)]:
            point = level * (0.02 if year == 1992 else 1 + 0.15 * (year - 2013))
            rows.append({"side": side, "source": "", "label": label, "year": year, "point": point})
    for text in range(min(size + 1, 5)):
        rows.append(
            {"side": "", "source": f"S{text + 1}", "label": "", "year": 2012 + size, "point": rows[size]["point"]}
        )
    rows.append({"side": "", "source": "S3", "label": "", "year": 1992, "point": 0.4e9})
    doubted = {"side": "kz_statistics", "source": "", "label": "Kazakh statistics", "year": 2013 + size, "point": 14e9}
    rows.append(doubted)
    ends = [{"low": 0.98 * row["point"], "high": 1.02 * row["point"]} for row in rows]
    table = pd.DataFrame([{**row, **span} for row, span in zip(rows, ends, strict=True)])
    return table.assign(doubtful=table["year"] == 2013 + size)


def gaps_table(size: int) -> pd.DataFrame:
    rows = []
    for row in range(size):
        side, word, point = [("kz_statistics", "explains in part", -6), ("china_customs", "wrong direction", 21)][
            row % 2
        ]
        ends = {"point": point, "low": point - 1, "high": point + 1}
        rows.append({"label": f"China to Kazakhstan, {2010 + row}", "side": side, "word": word, **ends})
    return pd.DataFrame(rows)


def goods_table(size: int) -> pd.DataFrame:
    rows = [
        {"label": f"Other ores (iron, zinc, precious metals) {row}", "share_pct": 30 / (row + 1)} for row in range(size)
    ]
    return pd.DataFrame([{**row, "low": row["share_pct"] - 0.5, "high": row["share_pct"] + 0.5} for row in rows])


BAND = (82.0, 81.0, 83.0)
CHARTS = {
    "doubling_paths": (lambda size: charts.doubling_paths(paths_table(size), BAND), (1, 4)),
    "trade_over_time": (lambda size: charts.trade_over_time(trade_table(size), BOOK), (2, 5, 7)),
    "mirror_gap": (lambda size: charts.mirror_gap(gaps_table(size), (-4.8, 0.0), BOOK), (2, 8, 12)),
    "commodities": (lambda size: charts.commodities(goods_table(size)), (2, 6, 10)),
}
CASES = [(name, size) for name, (_, sizes) in CHARTS.items() for size in sizes]


def drawn(name: str, size: int) -> Axes:
    return CHARTS[name][0](size)


@pytest.mark.parametrize(("name", "size"), CASES)
def test_no_text_covers_another_or_falls_off(name, size):
    axes = drawn(name, size)
    assert (collisions(axes), outside(axes)) == ([], [])


@pytest.mark.parametrize(
    ("name", "units"),
    [
        ("doubling_paths", ["year", "billion US dollars, nominal"]),
        ("trade_over_time", ["billion US dollars, nominal"]),
        ("mirror_gap", ["percent"]),
        ("commodities", ["percent of the value"]),
    ],
)
def test_every_chart_names_its_units_on_its_axes(name, units):
    axes = drawn(name, 2)
    labels = " ".join(label for one in axes.figure.axes for label in (one.get_xlabel(), one.get_ylabel()))
    assert [unit for unit in units if unit.lower() not in labels.lower()] == []


def test_every_chart_is_tested_and_has_the_width_of_the_page():
    assert set(charts.__all__) == set(CHARTS)
    for name in CHARTS:
        assert drawn(name, 2).figure.get_figwidth() == style.WIDTH


def test_the_two_sides_of_trade_differ_without_colour():
    pens = style.pens(BOOK)
    sides, drawn_sides = {side: pens[side].colour for side in BOOK.subject.series}, set()
    for panel in charts.trade_over_time(trade_table(5), BOOK).figure.axes:
        for line in panel.lines:
            for side, colour in sides.items():
                if line.get_marker() == "o" and line.get_color() == colour:
                    drawn_sides.add((side, line.get_markerfacecolor() == style.PAPER))
    assert drawn_sides == {("china_customs", False), ("kz_statistics", True)}


def test_the_paths_to_the_aim_of_this_ledger_are_legible():
    book, reading = BOOK, Reading()
    base, level, wish = growth.doubling_claims(book, 2023, reading)
    band = aim.target_band(growth.target(book, reading, base, wish))
    doubled = growth.doubling(book, reading, base, level, wish, [5, 7.5, 10, 15])
    axes = charts.doubling_paths(aim.paths(doubled, level), band)
    assert (collisions(axes), outside(axes)) == ([], [])


def test_without_figures_no_chart_is_drawn(monkeypatch):
    monkeypatch.setenv("REPORT_FIGURES", "none")
    assert {name: getattr(charts, name)(None) for name in CHARTS} == dict.fromkeys(CHARTS)


def test_a_doubtful_figure_is_hollow_marked_and_off_the_line():
    axes = charts.trade_over_time(trade_table(4), BOOK)
    panel = axes.figure.axes[-1]
    (ring,) = panel.collections
    assert ring.get_offsets().tolist() == [[2017, 14]]
    assert ring.get_facecolor().size == 0 or ring.get_facecolor()[0][3] == 0
    assert "†" in [text.get_text() for text in panel.texts]
    assert not any(14 in line.get_ydata() for line in panel.lines)
