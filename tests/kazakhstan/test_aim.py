"""The road to the aim declared for trade, worked out by hand from the levels that pages quote."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from claims.content.tables import FIGURE
from claims.ledger.intervals import Reading
from claims.ledger.loading import load_ledger
from claims.questions import growth
from claims.show.book import open_book
from claims.words.values import range_text
from hypothesis import given
from hypothesis import strategies as st
from kazakhstan import aim, mirror
from made_up import book, figure, relation, times, year

from report.runs import parameters

ROOT = Path(__file__).resolve().parents[2]
USUAL = Reading()
LEDGER = book(
    figure("c04", "41"),
    figure("c05", "44", period=year(2024)),
    times("c10", "2", indicator="trade_doubling"),
    relations=[relation("r06", "multiple_of", multiple="c10", first="c04")],
)
OWN = load_ledger(ROOT / "data")
OFFICIAL = mirror.joined(OWN)
BASE, LEVEL, WISH = (LEDGER.claim(id) for id in ("c04", "c05", "c10"))


def test_the_band_is_the_target_in_billions_with_its_rounding():
    target = growth.target(LEDGER, USUAL, BASE, WISH)
    assert aim.target_band(target) == (82, 81, 83)  # 2 × 41, 2 × 40.5 and 2 × 41.5


def found(base_year: int = 2023, due: int = 2030) -> aim.Road:
    wish = growth.doubling_claims(OWN, base_year, USUAL)[2]
    return aim.road(OFFICIAL, USUAL, wish, base_year, due)


def test_the_road_is_worked_by_hand():
    road = found()  # 41.0 in 2023, 43.82 in 2024
    assert float(road.target.value) / 1e9 == pytest.approx(82, abs=0.1)
    assert float(road.left.value) / 1e9 == pytest.approx(38.18, abs=0.1)
    assert float(road.done.value) == pytest.approx(6.88, abs=0.1)  # 2.82 of 41
    assert float(road.needed.value) == pytest.approx(11.01, abs=0.05)  # the sixth root of 82/43.82


@pytest.mark.parametrize(
    ("place", "pace", "years", "arrivals"),
    [
        (0, 6.88, 9.42, {2034}),  # ln(82/43.82) ÷ ln(43.82/41) = 0.6266/0.06652
        (1, 3.99, 16.0, {2040, 2041}),  # 0.6266 ÷ (ln(43.82/28.5)/11) = 0.6266/0.03911
    ],
)
def test_a_pace_observed_arrives_in_the_year_worked_by_hand(place, pace, years, arrivals):
    one, length, arrival = found().observed[place]
    assert float(one.yearly.value) == pytest.approx(pace, abs=0.05)
    assert float(length.value) == pytest.approx(years, abs=0.1)
    assert {int(arrival.interval.low), int(arrival.interval.high)} == arrivals
    assert int(arrival.value) in arrivals


def test_title_chart_and_alt_text_name_the_years_that_sentences_name(monkeypatch):
    """A sentence prints {eval}`book.road_year_at_pace_….range`, 2040 to 2041."""
    monkeypatch.setenv("REPORT_FIGURES", "none")
    book = open_book(official="all")
    figure = aim.road_to_doubling(book, 2023, 2030).bundle[FIGURE]
    for _, _, arrival in found().observed:
        said = range_text(arrival)
        assert said in str(figure["title"])
        assert said in str(figure["alt"])
        assert said in str(figure["rows"])


@given(
    st.fractions(1, 3, max_denominator=20), st.fractions(2, 4, max_denominator=20), st.fractions("0.1", 1),
    st.integers(1, 15),
)  # fmt: skip
def test_growing_for_the_years_at_a_pace_reaches_the_aim(multiple, level, part, span):
    first, base = level * part, level
    years = aim.years_at_pace(multiple + 1, base, level, first, span)
    if part < Fraction(99, 100):
        reached = float(level) * (float(level / first) ** (1 / span)) ** years
        assert reached == pytest.approx(float((multiple + 1) * base))
    elif part == 1:
        assert years is None


def test_the_paths_start_at_the_latest_level_and_end_at_the_target():
    road = found()
    past = {2023: road.base, 2024: road.level}
    drawn = aim.road_drawn(OFFICIAL, road, past, USUAL, steps=8)
    assert drawn["path"].unique().tolist()[:2] == ["so far", "needed"]
    for name, path in drawn[drawn["path"] != "so far"].groupby("path"):
        assert path["trade_usd"].iloc[[0, -1]].tolist() == pytest.approx([43.82e9, 82e9], rel=0.002), name
        assert len(path) == 9
        assert (path["low"] <= path["trade_usd"]).all()


def test_the_alt_text_says_when_each_path_arrives():
    road = found()
    words = str(aim.road_alt(road, {2024: road.level}))
    assert "in 2030" in words
    assert words.count(" a year") == 3


def test_a_road_without_base_or_time_is_refused():
    with pytest.raises(ValueError, match="base year 2015"):
        aim.road(OFFICIAL, USUAL, growth.doubling_claims(OWN, 2023, USUAL)[2], 2015, 2030)
    with pytest.raises(ValueError, match="doubling_horizon_year must be after 2024"):
        found(due=2024)


def test_the_figure_leaves_with_everything_it_quotes(monkeypatch):
    monkeypatch.setenv("REPORT_FIGURES", "none")
    book = open_book()
    content = aim.road_to_doubling(book, 2023, 2030).bundle[FIGURE]
    assert content["id"] == "fig-doubling"
    assert {"road_target", "road_left", "road_done", "road_needed", "pace_china_customs_2013_2024"} <= (
        book.results.findings.keys()
    )


def test_every_base_year_within_its_bounds_can_be_used():
    declared = parameters.load_parameters(ROOT / "notebooks" / "parameters.yaml")["doubling_base_year"]
    ledger = load_ledger(ROOT / "data")
    for base in range(int(declared.low), int(declared.high) + 1):
        assert growth.doubling_claims(ledger, base, USUAL)[0].period.end.startswith(str(base))
    for base in (int(declared.low) - 1, int(declared.high) + 1):
        with pytest.raises(ValueError, match="no level for the base year"):
            growth.doubling_claims(ledger, base, USUAL)
