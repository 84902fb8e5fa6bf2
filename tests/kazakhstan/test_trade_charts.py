"""The figures that only this report has: they name their units, and their words are legible."""

from __future__ import annotations

import pandas as pd
import pytest
from claims.ledger import loading
from claims.show import style
from kazakhstan import charts
from legible import collisions, outside
from matplotlib.axes import Axes

BOOK = loading.load_ledger()


def goods_table(size: int) -> pd.DataFrame:
    rows = [
        {"label": f"Other ores (iron, zinc, precious metals) {row}", "share_pct": 30 / (row + 1)} for row in range(size)
    ]
    return pd.DataFrame([{**row, "low": row["share_pct"] - 0.5, "high": row["share_pct"] + 0.5} for row in rows])


CHARTS = {
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


def test_without_figures_no_chart_is_drawn(monkeypatch):
    monkeypatch.setenv("REPORT_FIGURES", "none")
    assert {name: getattr(charts, name)(None) for name in CHARTS} == dict.fromkeys(CHARTS)
