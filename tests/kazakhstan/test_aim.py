"""The paths to the aim declared for trade, on a ledger small enough to work out by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from claims.ledger.intervals import Reading
from claims.ledger.loading import load_ledger
from claims.questions import growth
from kazakhstan import aim
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
BASE, LEVEL, WISH = (LEDGER.claim(id) for id in ("c04", "c05", "c10"))


def test_the_band_is_the_target_in_billions_with_its_rounding():
    target = growth.target(LEDGER, USUAL, BASE, WISH)
    assert aim.target_band(target) == (82, 81, 83)  # 2 × 41, 2 × 40.5 and 2 × 41.5


def test_paths_start_at_the_latest_level_and_end_at_the_target():
    doubled = growth.doubling(LEDGER, USUAL, BASE, LEVEL, WISH, [5, 10])
    for _, path in aim.paths(doubled, LEVEL, steps=8).groupby("rate_pct"):
        assert path["trade_usd"].iloc[[0, -1]].tolist() == pytest.approx([44e9, 82e9])
        assert len(path) == 9
        assert path["from"].unique().tolist() == [f"c05 doubling_years_at_{path['rate_pct'].iloc[0]}"]


def test_the_alt_text_names_the_target_and_each_rate():
    doubled = growth.doubling(LEDGER, USUAL, BASE, LEVEL, WISH, [5, 10])
    words = str(aim.paths_alt(doubled, growth.target(LEDGER, USUAL, BASE, WISH)))
    assert "$82.0 billion" in words
    assert words.count(" at ") == 2


def test_every_base_year_within_its_bounds_can_be_used():
    declared = parameters.load_parameters(ROOT / "notebooks" / "parameters.yaml")["doubling_base_year"]
    ledger = load_ledger(ROOT / "data")
    for base in range(int(declared.low), int(declared.high) + 1):
        assert growth.doubling_claims(ledger, base, USUAL)[0].period.end.startswith(str(base))
    for base in (int(declared.low) - 1, int(declared.high) + 1):
        with pytest.raises(ValueError, match="no level for the base year"):
            growth.doubling_claims(ledger, base, USUAL)
