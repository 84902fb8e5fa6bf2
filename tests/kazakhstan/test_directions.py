"""Whose growth it was, by direction and count: amounts, rates and shares worked out by hand from the quoted figures."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from claims.content.tables import FIGURE, TABLE
from claims.results.finding import MIME
from claims.show.book import open_book
from kazakhstan import directions, mirror
from kazakhstan.mirror import CHINA, EXPORTS, IMPORTS, KAZAKHSTAN, TURNOVER

BOOK = open_book(official="all")
RISES = {(rise.side, rise.flow, rise.year): rise for rise in directions.rises(BOOK.ledger, BOOK.reading)}
SHARE = "growth_share_imports_from_china_kz_statistics_2023"
FLOWS = mirror.flows(BOOK.ledger, BOOK.reading, (1.0, 1.1))


@pytest.mark.parametrize(
    ("side", "flow", "billions", "percent"),
    [
        (CHINA, TURNOVER, 9.8, 31.4),  # 31.2 to 41.0
        (CHINA, IMPORTS, 8.5, 52.5),  # 11.0 + 5.2 = 16.2, to 24.7
        (CHINA, EXPORTS, 1.3, 8.7),  # 31.2 - 16.2 = 15.0, to 16.3
        (KAZAKHSTAN, TURNOVER, 7.3, 30.3),  # 24.1 to 31.4
        (KAZAKHSTAN, IMPORTS, 5.7, 51.8),  # 11.0 to 31.4 - 14.7 = 16.7
        (KAZAKHSTAN, EXPORTS, 1.5, 11.4),  # 13.2 to 14.7
    ],
)
def test_what_each_direction_added_is_worked_by_hand(side, flow, billions, percent):
    rise = RISES[side, flow, 2023]
    assert math.isclose(float(mirror.point(rise.change)) / 1e9, billions, abs_tol=0.101)
    assert math.isclose(float(mirror.point(rise.growth)), percent, abs_tol=0.6)


def test_a_share_is_a_direction_in_what_both_added():
    assert math.isclose(float(RISES[CHINA, IMPORTS, 2023].share.value), 100 * 8.5 / 9.8, abs_tol=0.05)
    both = [float(RISES[KAZAKHSTAN, flow, 2023].share.value) for flow in (IMPORTS, EXPORTS)]
    assert math.isclose(sum(both), 100, abs_tol=1.5)
    assert both[0] == pytest.approx(79.2, abs=1)  # 5.7 of 7.2; of the total's 7.3 it would be 78
    assert RISES[CHINA, TURNOVER, 2023].share is None


def test_the_range_of_a_share_has_its_extremes_at_the_corners():
    span = RISES[CHINA, IMPORTS, 2023].share.interval
    low, high = (
        8.35 / (8.35 + 1.5),
        8.65 / (8.65 + 1.1),
    )  # 24.65 - 16.3 and 16.35 - 14.85; 24.75 - 16.1 and 16.25 - 15.15
    assert (float(span.low), float(span.high)) == pytest.approx((100 * low, 100 * high))


def test_only_years_with_both_directions_and_a_year_before_are_there():
    assert {(side, year) for side, _, year in RISES} == {(side, year) for side in mirror.SIDES for year in (2022, 2023)}


def test_the_gap_widened_for_goods_from_china_alone():
    changes = {one.id: one for one in directions.gap_changes(BOOK.ledger, FLOWS, BOOK.reading)}
    wider, other = (changes[f"gap_change_{flow}_2022_2023"] for flow in (IMPORTS, EXPORTS))
    assert float(wider.value) / 1e9 == pytest.approx(2.8, abs=0.1)  # 8.0 - 5.2
    assert wider.interval.low > 0
    assert other.interval.low < 0 < other.interval.high


@pytest.mark.parametrize(
    ("call", "id", "rows", "finding"),
    [
        (directions.by_direction, "tbl-growth-by-direction", 12, "added_both_directions_kz_statistics_2021_2022"),
        (directions.growth_by_direction, "fig-growth-by-direction", 4, SHARE),
        (
            lambda book: directions.two_counts_by_direction(book, FLOWS),
            "fig-two-counts-by-direction",
            4,
            "gap_change_imports_from_china_2022_2023",
        ),
    ],
)  # fmt: skip
def test_each_exhibit_has_its_rows_and_findings(call, id, rows, finding, monkeypatch):
    monkeypatch.setenv("REPORT_FIGURES", "none")
    bundle = call(BOOK).bundle
    content = bundle.get(TABLE) or bundle[FIGURE]
    assert (content["id"], len(content["rows"])) == (id, rows)
    assert finding in {one["id"] for one in bundle[MIME]["findings"]}


def test_the_dumbbells_show_both_counts_of_the_last_two_years():
    drawn = directions.gaps_drawn(BOOK.ledger, FLOWS, BOOK.reading)
    ends = drawn[drawn["year"] == 2023][["china", "kazakhstan"]].to_numpy().tolist()
    assert ends == [pytest.approx([24.7e9, 16.7e9], rel=0.01), pytest.approx([16.3e9, 14.7e9])]
    assert drawn["shown"].tolist() == ["$5.2 bn apart", "$8.0 bn apart", "$1.8 bn apart", "$1.6 bn apart"]


def test_no_share_is_given_where_a_direction_fell(monkeypatch):
    levels = mirror.levels_by_side(BOOK.ledger, BOOK.reading)
    later = levels[KAZAKHSTAN][EXPORTS, "2023"]
    levels[KAZAKHSTAN][EXPORTS, "2023"] = replace(later, value=later.value / 2, text="7.35")
    monkeypatch.setattr(mirror, "levels_by_side", lambda ledger, reading: levels)
    fallen = [rise for rise in directions.rises(BOOK.ledger, BOOK.reading) if rise.side == KAZAKHSTAN]
    assert all(rise.share is None for rise in fallen if rise.year == 2023)
    assert all(rise.share for rise in fallen if rise.year == 2022 and rise.flow != TURNOVER)
