"""At least ten thousand figures changed at random: page and engine agree on every bound, and on whether it is open."""

from __future__ import annotations

import pytest
from changed_figures import disagreements, invented_report, possible_changes, published_report

SEEDS = 25


@pytest.mark.torture
@pytest.mark.parametrize("seed", range(SEEDS))
def test_page_and_engine_agree_on_random_changes(seed):
    report = published_report()
    changes = possible_changes(report, seed=100 + seed, number=400)
    assert len(changes) * SEEDS >= 10_000
    assert disagreements(report, changes, report.by_page(changes)) == []


@pytest.mark.torture
def test_they_agree_on_relations_of_every_type():
    report = invented_report()
    changes = possible_changes(report, seed=1, number=5_000)
    assert disagreements(report, changes, report.by_page(changes)) == []
