"""The headline findings of this report, on the sweep that is published."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from claims.ledger import loading, readings
from claims.ledger.readings import SweepRow
from claims.questions import robustness
from claims.questions.robustness import Firmness
from claims.results.names import UnknownName
from claims.results.store import Results
from claims.show import overview as show_overview
from claims.show.book import Book
from claims.words.sentences import Sentences
from kazakhstan import headlines

PUBLISHED = Path(__file__).resolve().parents[2] / "report" / "published"
SWEPT, _ = readings.load_sweep(PUBLISHED)
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


def test_the_sector_named_most_is_computed():
    raised = (readings.DEFAULT, "share_energy")
    rows = [replace(row, value=Fraction(40)) if (row.reading, row.id) == raised else row for row in SWEPT]
    leader = robustness.headline(firmness(rows), "leader")
    assert str(leader.words) == "The lists name energy most"
    assert leader.default.holds
    assert "counting=full" in {one.name for one in leader.flips}  # in which transport leads, as before


def test_every_reading_touches_some_headline(firm):
    touched = {answer.reading.name for one in firm for answer in one.answers}
    assert {reading.name for reading in readings.load_readings()} == touched


def test_the_overview_says_how_sure_each_headline_is(monkeypatch):
    monkeypatch.setattr(readings, "load_sweep", lambda: (SWEPT, "the published sweep"))
    sure = show_overview.how_sure(Book(loading.load_ledger()), headlines.HEADLINES)
    assert {*sure} == {one.id for one in headlines.HEADLINES}
    expected = {one.headline.id: (len(one.holding), len(one.tests)) for one in firmness(SWEPT)}
    holding, tests = expected["faster"]
    assert 0 < holding < tests
    assert str(sure.faster) == f"{holding} of {tests} readings"
    assert str(sure.grew) == "{0} of {0} readings".format(expected["grew"][1])
    with pytest.raises(UnknownName, match="did you mean 'faster'"):
        _ = sure.fastr
