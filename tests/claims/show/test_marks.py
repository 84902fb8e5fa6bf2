"""The marks of a chart carry the anchors of what they show, in its SVG file as well."""

from __future__ import annotations

import io
import re
from collections import Counter

import pandas as pd
import pytest
from claims.ledger import loading
from claims.results.anchors import anchor
from claims.show import charts, marks, style, sweep_charts
from matplotlib.axes import Axes

LEDGER = loading.load_ledger()
OF = re.compile(r"of\.([\w.-]+)_\d+-\d+")


def named(axes: Axes) -> list[set[str]]:
    """Return the anchors of each named part of a figure, as its SVG file has them."""
    return [set(found.split(".")) for found in OF.findall(svg(axes))]


def svg(axes: Axes) -> str:
    out = io.StringIO()
    axes.get_figure(root=True).savefig(out, format="svg")
    return out.getvalue()


def test_what_is_drawn_within_a_mark_has_the_name_of_its_results():
    axes = charts.page_axes(1)
    axes.plot([0, 1], [0, 0])
    with marks.mark(axes, "c012 growth_2024"):
        axes.plot([0, 1], [1, 1])
        axes.text(0, 1, "7%")
    assert named(axes) == [{"c012", "f-growth-2024"}] * 2


@pytest.mark.parametrize("origins", [None, "", []])
def test_without_origins_nothing_is_named(origins):
    axes = charts.page_axes(1)
    with marks.mark(axes, origins):
        axes.plot([0, 1], [1, 1])
    assert named(axes) == []


def clash(id: str, point: float) -> dict:
    looks = {"group": "Trade", "verdict": "no value fits all", "source": "S1", "shown": "$1", "stands_for": "1"}
    return {**looks, "point": point, "low": point - 1, "high": point + 1, "from": id}


def test_every_part_of_a_mark_has_an_id_of_its_own():
    axes = charts.clashes(pd.DataFrame([clash("c012", 4), clash("c012", 9)]), LEDGER)
    ids = re.findall(r'id="(of\.[^"]*)"', svg(axes))
    assert len(ids) > 4
    assert max(Counter(ids).values()) == 1


def test_a_cell_of_a_grid_is_the_mark_of_its_own_claims():
    some = [claim for claim in LEDGER.claims.values() if claim.source in ("S1", "S2")][:40]
    counts = {source: [sum(claim.source == source for claim in some)] for source in ("S1", "S2")}
    table = pd.DataFrame({**counts, "from": [" ".join(claim.id for claim in some)]}, index=["All"])
    wanted = [{claim.id for claim in some if claim.source == source} for source in ("S1", "S2") if counts[source][0]]
    assert named(charts.coverage(table, LEDGER)) == wanted


@pytest.mark.parametrize("narrow", [False, True])
def test_bars_and_cells_of_shares_are_marks_of_their_own(narrow):
    rows = [
        {"label": "Energy", "share_pct": 60.0, "S1": 70.0, "S2": 0.0, "from": "share_energy share_energy_S1"},
        {
            "label": "Trade",
            "share_pct": 40.0,
            "S1": 30.0,
            "S2": 99.0,
            "from": "share_trade share_trade_S1 share_trade_S2",
        },
    ]
    if narrow:
        with style.narrow():
            axes = charts.sector_shares.__wrapped__(pd.DataFrame(rows), LEDGER)
    else:
        axes = charts.sector_shares(pd.DataFrame(rows), LEDGER)
    wanted = {frozenset([anchor(id)]) for row in rows for id in row["from"].split()}
    assert {frozenset(ids) for ids in named(axes)} == wanted


def test_the_bar_of_all_items_is_not_that_of_a_group():
    row = {"label": "Energy", "signed_items": 2.0, "talk_items": 0.0, "all_items": 3.0}
    table = pd.DataFrame([{**row, "from": "share_energy_signed share_energy"}])
    assert named(charts.items_by_status(table)) == [{"f-share-energy-signed"}] * 2 + [{"f-share-energy"}]


def test_a_row_of_the_grid_of_readings_is_the_mark_of_its_headline():
    table = pd.DataFrame({"label": ["It grew", "It fell"], "default": [1, 0], "strict": [0, -1], "from": ["g1", "r05"]})
    assert {frozenset(ids) for ids in named(sweep_charts.readings_grid(table))} == {
        frozenset(["f-g1"]),
        frozenset(["v-r05"]),
    }
