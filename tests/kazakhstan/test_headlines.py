"""The headline findings of this report, on the sweep that is published."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from claims.ledger import loading, readings
from claims.ledger.readings import SweepRow
from claims.questions import overview, robustness
from claims.questions.robustness import Firmness
from claims.results import store
from claims.results.store import Results
from claims.words.sentences import Sentences
from kazakhstan import headlines

PUBLISHED = Path(__file__).resolve().parents[2] / "report" / "published"
SENTENCES = Sentences(Results(loading.load_ledger()))


def firmness(rows: list[SweepRow]) -> list[Firmness]:
    return robustness.firmness(rows, readings.load_readings(), headlines.HEADLINES, SENTENCES)


@pytest.fixture
def firm() -> list[Firmness]:
    return firmness(readings.load_sweep(PUBLISHED)[0])


def test_every_headline_holds_by_default(firm):
    assert len(firm) == len(headlines.HEADLINES)
    assert [one.headline.id for one in firm if not one.default.holds] == []


def test_a_planted_number_flips_its_headline(firm):
    rows = readings.load_sweep(PUBLISHED)[0]
    id = "growth_trade_turnover_2023_2024"
    where = ("words=wide", id)
    planted = [replace(row, low=Fraction(-4)) if (row.reading, row.id) == where else row for row in rows]
    flipped = robustness.headline(firmness(planted), "grew").flips
    assert [one.name for one in flipped] == ["words=wide"]
    assert robustness.headline(firm, "grew").flips == ()


def test_every_reading_touches_some_headline(firm):
    touched = {answer.reading.name for one in firm for answer in one.answers}
    assert {reading.name for reading in readings.load_readings()} == touched


def test_the_overview_shows_every_headline_of_shown(firm):
    assert {*headlines.SHOWN} <= {one.headline.id for one in firm}
    findings, _ = store.load_findings(PUBLISHED)
    assert len(overview.headlines_table(findings, firm, headlines.SHOWN)) == len(headlines.SHOWN)


def test_the_overview_leaves_out_a_number_that_a_reading_lacks(firm):
    findings, _ = store.load_findings(PUBLISHED)
    del findings["rate_to_double"]
    assert len(overview.headlines_table(findings, firm, headlines.SHOWN)) == len(headlines.SHOWN) - 1
    with pytest.raises(KeyError, match="SHOWN"):
        overview.headlines_table({}, firm, headlines.SHOWN)
