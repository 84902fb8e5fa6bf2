"""Where drawings are kept, the same chart is drawn once, and another one is not taken for it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from claims.ledger import loading
from claims.show import charts, drawings, exhibits
from claims.show.charts import Undrawn
from claims.tables import locations
from matplotlib.backends import backend_agg
from test_exhibits import SENTENCES, one_figure

LEDGER = loading.load_ledger()


def clashes(point: float = 41.0) -> pd.DataFrame:
    row = {
        "group": "Trade",
        "verdict": "no value fits all",
        "source": "S1",
        "shown": f"S1: ${point:g} bn",
        "claims": "c001",
    }
    return pd.DataFrame([{**row, "stands_for": "40 to 42", "point": point, "low": point - 1, "high": point + 1}] * 2)


def shown(point: float = 41.0) -> dict:
    words = {"id": "fig-x", "name": "x", "title": "T", "caption": "C", "alt": "A", "data": pd.DataFrame({"x": [1]})}
    return exhibits.figure(charts.clashes(clashes(point), LEDGER), SENTENCES, **words).bundle


@pytest.fixture
def kept(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv(locations.DRAWINGS, str(tmp_path))
    return tmp_path


@pytest.fixture
def for_page(kept, monkeypatch) -> Path:
    monkeypatch.setenv(locations.EXHIBITS, locations.PAGE)
    return kept


def test_a_kept_drawing_is_that_of_a_figure_drawn_at_once(monkeypatch, tmp_path):
    at_once = shown()
    monkeypatch.setenv(locations.DRAWINGS, str(tmp_path))
    assert shown() == at_once
    monkeypatch.setenv(locations.EXHIBITS, locations.PAGE)
    for_page = shown()
    assert for_page == {kind: at_once[kind] for kind in for_page}
    assert at_once.keys() - for_page.keys() == {"image/png", "text/html"}


def test_the_same_chart_is_drawn_once(for_page, monkeypatch):
    first = shown()
    monkeypatch.setattr(Undrawn, "draw", lambda self: pytest.fail("drawn again"))
    assert shown() == first


def test_other_data_are_drawn_anew(for_page):
    assert shown(41.0)["image/svg+xml"] != shown(42.0)["image/svg+xml"]
    assert len([*for_page.glob("*.json")]) == 2


def test_a_figure_of_a_users_own_is_drawn_as_ever(for_page):
    assert "image/png" not in one_figure()
    assert [*for_page.iterdir()] == []


def test_a_chart_of_another_function_or_ledger_is_another():
    def other(table, ledger):
        raise AssertionError

    smaller = type("Smaller", (), {"claims": {}})()
    several = [Undrawn(chart, (clashes(), its), {}) for chart in (charts.clashes, other) for its in (LEDGER, smaller)]
    assert len({each.digest for each in several}) == 4
    assert Undrawn(other, (clashes(), LEDGER), {}).digest == Undrawn(other, (clashes(), LEDGER), {}).digest


def test_a_drawing_for_the_page_is_measured_without_pixels(for_page, monkeypatch):
    sizes = []

    class Renderer(backend_agg.RendererAgg):
        def __init__(self, width, height, dpi):
            super().__init__(width, height, dpi)
            sizes.append((width, height))

    monkeypatch.setattr(backend_agg, "RendererAgg", Renderer)
    monkeypatch.setattr(drawings, "_measuring", cache(drawings._measuring.__wrapped__))
    shown()
    shown(42.0)
    assert sizes == [(1, 1)], "one for all drawings"
