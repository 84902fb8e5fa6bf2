"""Which findings hold in which reading: what a reading leaves alone, what flips, over what range, and in words."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from claims.ledger import loading, readings
from claims.ledger.readings import ALONE, DEFAULT, DeclaredReading, Row
from claims.questions import overview, robustness
from claims.questions.robustness import Headline, firmness, said_in, turned
from claims.results import store
from claims.results.store import Results
from claims.show import charts
from claims.words.sentences import Sentences
from made_up import SMALL, book, figure

PUBLISHED = Path(__file__).resolve().parents[3] / "report" / "published"
USUAL = DeclaredReading(DEFAULT, DEFAULT)
LOOSE, OTHER = (DeclaredReading(name, ALONE, {"hedge_width": width}) for name, width in (("loose", 2), ("other", 3)))
DECLARED = [USUAL, LOOSE, OTHER]
SENTENCES, OWN = Sentences(Results(SMALL)), Sentences(Results(loading.load_ledger()))


def number(reading: str, low: int, high: int, id: str = "growth", notebook: str = "20") -> Row:
    value = Fraction(low + high, 2)
    ends = (Fraction(low), Fraction(high), True, True)
    return Row(reading, notebook, "finding", id, "Growth", value, *ends, "percent", "", f"{low}% to {high}%", "")


def verdict(reading: str, word: str, id: str = "trade:2023", notebook: str = "30") -> Row:
    return Row(reading, notebook, "verdict", id, "Trade", None, None, None, None, None, "", "", "", word)


GROWS = Headline("grows", "It grows", lambda usual: "growth", lambda said, ledger: said["growth"].low > 0)


@pytest.fixture(autouse=True)
def headline(monkeypatch):
    monkeypatch.setattr(robustness, "HEADLINES", (GROWS,))


def test_a_reading_says_what_the_default_says_where_it_runs_nothing():
    rows = [number(DEFAULT, 1, 2), verdict(DEFAULT, "consistent"), verdict("loose", "inconsistent")]
    found = robustness.by_reading(rows)
    assert said_in(found, "loose")["growth"] == rows[0]
    assert said_in(found, "loose")["trade:2023"].word == "inconsistent"


def test_a_finding_that_a_run_no_longer_has_is_not_taken_from_the_default():
    rows = [number(DEFAULT, 1, 2), number("loose", 1, 2, id="another")]
    (one,) = firmness(rows, DECLARED, SENTENCES)
    assert one.unanswered == (LOOSE,)
    assert one.is_firm


def test_a_headline_is_asked_only_in_readings_that_touch_its_notebook():
    rows = [number(DEFAULT, 1, 2), number("loose", 1, 3), verdict("other", "consistent")]
    (one,) = firmness(rows, DECLARED, SENTENCES)
    assert [answer.reading for answer in one.asked] == [USUAL, LOOSE]


def test_the_choice_that_flips_a_headline_is_named_and_its_range_spans_all_readings():
    rows = [number(DEFAULT, 1, 2), number("loose", -1, 3), number("other", 1, 4)]
    (one,) = firmness(rows, DECLARED, SENTENCES)
    assert one.flips == (LOOSE,)
    assert (one.envelope.low, one.envelope.high) == (-1, 4)
    assert len(one.holding) == 2
    assert "does not hold in" in robustness.dependent([one])


def test_a_headline_is_on_the_ledger_that_the_author_holds(monkeypatch):
    more = Headline(
        "more",
        "More than {c001}",
        lambda usual: "growth",
        lambda said, ledger: said["growth"].low > ledger.claim("c001").point,
    )
    monkeypatch.setattr(robustness, "HEADLINES", (more,))
    answers = []
    for printed in ("1", "3"):
        held = Sentences(Results(book(figure("c001", printed, multiplier=1))))
        (one,) = firmness([number(DEFAULT, 2, 4)], [USUAL], held)
        answers.append((str(one.words), one.default.holds))
    assert answers == [("More than $1", True), ("More than $3", False)]


def test_a_headline_without_its_number_is_left_out():
    assert firmness([verdict(DEFAULT, "consistent")], DECLARED, SENTENCES) == []


def test_a_verdict_that_changes_or_goes_is_told_with_the_readings():
    rows = [
        number(DEFAULT, 1, 2, notebook="30"),
        verdict(DEFAULT, "inconsistent"),
        verdict("loose", "undecided"),
        number("other", 1, 2, notebook="30"),
    ]
    (one,) = turned(rows, DECLARED)
    assert one.others == {"undecided": (LOOSE,), "no such verdict": (OTHER,)}


def test_a_verdict_that_stays_is_not_told():
    assert turned([verdict(DEFAULT, "consistent"), verdict("loose", "consistent")], DECLARED) == []


def test_the_curve_rises_and_holds_every_reading_that_has_the_number():
    rows = [number(DEFAULT, 2, 4), number("loose", 0, 2), number("other", 1, 9)]
    (one,) = firmness(rows, DECLARED, SENTENCES)
    drawn = robustness.curve(one)
    assert list(drawn["point"]) == [1, 3, 5]
    assert list(drawn["default"]) == [False, True, False]
    assert list(drawn["holds"]) == [False, True, True]


def test_the_grid_marks_what_holds_what_does_not_and_what_is_not_asked():
    rows = [number(DEFAULT, 1, 2), number("loose", -1, 2)]
    shown = robustness.grid_shown(robustness.grid(firmness(rows, DECLARED, SENTENCES), DECLARED)).iloc[0].to_list()
    assert shown[1:4] == ["holds", "does not", ""]


def test_without_other_readings_there_is_nothing_to_show_and_nothing_breaks():
    rows, alone = [number(DEFAULT, 1, 2)], [USUAL]
    (one,) = firmness(rows, alone, SENTENCES)
    assert one.is_firm
    assert len(robustness.readings_table(alone)) == len(robustness.combined_table(alone)) == 0
    assert charts.specification_curve(robustness.curve(one), "Percent")


def test_an_unknown_headline_is_refused_with_those_there_are():
    with pytest.raises(KeyError, match="grows"):
        robustness.headline(firmness([number(DEFAULT, 1, 2)], DECLARED, SENTENCES), "shrinks")


class TestOfThisReport:
    """On the sweep that is published."""

    @pytest.fixture(autouse=True)
    def headline(self):
        """Leave the headlines as they are."""

    @pytest.fixture
    def firm(self):
        return firmness(readings.rows(PUBLISHED)[0], readings.load(), OWN)

    def test_every_headline_holds_by_default(self, firm):
        assert len(firm) == len(robustness.HEADLINES)
        assert [one.headline.id for one in firm if not one.default.holds] == []

    def test_a_planted_number_flips_its_headline(self, firm):
        rows = readings.rows(PUBLISHED)[0]
        id = "growth_trade_turnover_2023_2024"
        where = ("words=wide", id)
        planted = [replace(row, high=Fraction(40)) if (row.reading, row.id) == where else row for row in rows]
        flipped = robustness.headline(firmness(planted, readings.load(), OWN), "slower").flips
        assert [one.name for one in flipped] == ["words=wide"]
        assert robustness.headline(firm, "slower").flips == ()

    def test_every_reading_touches_some_headline(self, firm):
        asked = {answer.reading.name for one in firm for answer in one.answers}
        assert {reading.name for reading in readings.load()} == asked

    def test_the_overview_shows_every_headline_it_means_to(self, firm):
        assert {id for id, *_ in overview.SHOWN} <= {one.headline.id for one in firm}
        found, _ = store.load_findings(PUBLISHED)
        assert len(overview.headlines(found, firm)) == len(overview.SHOWN)

    def test_a_number_that_another_reading_lacks_is_left_out_of_the_overview(self, firm):
        found, _ = store.load_findings(PUBLISHED)
        del found["rate_to_double"]
        assert len(overview.headlines(found, firm)) == len(overview.SHOWN) - 1
        with pytest.raises(KeyError, match="SHOWN"):
            overview.headlines({}, firm)
