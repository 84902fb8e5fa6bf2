"""Which findings hold in which reading: what a reading leaves alone, what flips, over what range, and in words."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from claims.content.tables import as_cell
from claims.ledger.readings import ALONE, DEFAULT, DeclaredReading, SweepRow
from claims.ledger.subject import Subject
from claims.questions import robustness, robustness_exhibits
from claims.questions.robustness import Firmness, Headline, changed_verdicts, rows_in
from claims.results.store import Results
from claims.show import sweep_charts
from claims.words.sentences import Sentences
from made_up import SMALL, book, figure

USUAL = DeclaredReading(DEFAULT, DEFAULT)
LOOSE, OTHER = (DeclaredReading(name, ALONE, {"hedge_width": width}) for name, width in (("loose", 2), ("other", 3)))
DECLARED = [USUAL, LOOSE, OTHER]
SENTENCES = Sentences(Results(SMALL))


def number(reading: str, low: int, high: int, id: str = "growth", notebook: str = "20") -> SweepRow:
    value = Fraction(low + high, 2)
    ends = (Fraction(low), Fraction(high), True, True)
    return SweepRow(reading, notebook, "finding", id, "Growth", value, *ends, "percent", "", f"{low}% to {high}%", "")


def verdict(reading: str, word: str, id: str = "trade:2023", notebook: str = "30") -> SweepRow:
    return SweepRow(reading, notebook, "verdict", id, "Trade", None, None, None, None, None, "", "", "", word)


GROWS = Headline("grows", "It grows", lambda usual: "growth", lambda rows, ledger: rows["growth"].low > 0)


def firmness(rows: list[SweepRow], declared: list[DeclaredReading]) -> list[Firmness]:
    return robustness.firmness(rows, declared, [GROWS], SENTENCES)


def test_a_reading_has_the_default_rows_of_notebooks_it_does_not_run():
    rows = [number(DEFAULT, 1, 2), verdict(DEFAULT, "consistent"), verdict("loose", "inconsistent")]
    sweep = robustness.by_reading(rows)
    assert rows_in(sweep, "loose")["growth"] == rows[0]
    assert rows_in(sweep, "loose")["trade:2023"].word == "inconsistent"


def test_a_finding_missing_from_a_run_is_not_taken_from_the_default():
    rows = [number(DEFAULT, 1, 2), number("loose", 1, 2, id="another")]
    (one,) = firmness(rows, DECLARED)
    assert one.unanswered == (LOOSE,)
    assert one.flips == ()


def test_a_headline_is_tested_only_where_its_notebook_runs():
    rows = [number(DEFAULT, 1, 2), number("loose", 1, 3), verdict("other", "consistent")]
    (one,) = firmness(rows, DECLARED)
    assert [answer.reading for answer in one.computed] == [USUAL, LOOSE]


def test_a_reading_that_changes_neither_number_nor_range_tests_nothing():
    rows = [number(DEFAULT, 1, 2), number("loose", 1, 2), number("other", 1, 3)]
    (one,) = firmness(rows, DECLARED)
    assert [answer.reading for answer in one.tests] == [OTHER]
    assert str(robustness_exhibits.firmness_phrase(one)) == "all 1"
    (untested,) = firmness(rows[:2], DECLARED)
    assert not untested.is_firm
    assert str(robustness_exhibits.firmness_phrase(untested)) == "not tested by any"


def test_a_single_reading_that_tests_a_headline_is_in_the_singular():
    rows = [number(DEFAULT, 1, 2), number("loose", 1, 3), number("other", 1, 4)]
    flipped = [number(DEFAULT, 1, 2), number("loose", -1, 3)]
    words = [str(robustness_exhibits.sureness_phrase(*firmness(some, DECLARED))) for some in (rows, rows[:2], flipped)]
    assert words == ["2 of 2 readings", "1 of 1 reading", "none of 1 reading"]


def test_a_reading_that_only_turns_the_answer_is_a_test():
    strict = Headline("one", "It grows", lambda usual: "growth", lambda rows, ledger: rows["trade:2023"].word == "yes")
    rows = [number(DEFAULT, 1, 2, notebook="30"), verdict(DEFAULT, "yes")]
    rows += [number("loose", 1, 2, notebook="30"), verdict("loose", "no")]
    (one,) = robustness.firmness(rows, DECLARED, [strict], SENTENCES)
    assert [answer.reading for answer in one.tests] == [LOOSE]
    assert str(robustness_exhibits.firmness_phrase(one)) == "0 of 1"


def test_a_flipping_choice_is_named_and_the_range_spans_readings():
    rows = [number(DEFAULT, 1, 2), number("loose", -1, 3), number("other", 1, 4)]
    (one,) = firmness(rows, DECLARED)
    assert one.flips == (LOOSE,)
    assert (one.envelope.low, one.envelope.high) == (-1, 4)
    assert [answer.reading for answer in one.holding] == [OTHER]


def test_a_headline_takes_its_figures_from_the_ledger_in_use():
    more = Headline(
        "more",
        "More than {c001}",
        lambda usual: "growth",
        lambda rows, ledger: rows["growth"].low > ledger.claim("c001").point,
    )
    answers = []
    for printed in ("1", "3"):
        held = Sentences(Results(book(figure("c001", printed, multiplier=1))))
        (one,) = robustness.firmness([number(DEFAULT, 2, 4)], [USUAL], [more], held)
        answers.append((str(one.words), one.default.holds))
    assert answers == [("More than $1", True), ("More than $3", False)]


def test_a_headline_without_its_number_is_left_out():
    assert firmness([verdict(DEFAULT, "consistent")], DECLARED) == []


def test_a_verdict_that_changes_or_goes_is_listed_by_reading():
    rows = [
        number(DEFAULT, 1, 2, notebook="30"),
        verdict(DEFAULT, "inconsistent"),
        verdict("loose", "undecided"),
        number("other", 1, 2, notebook="30"),
    ]
    (one,) = changed_verdicts(rows, DECLARED)
    assert one.others == {"undecided": (LOOSE,), "no such verdict": (OTHER,)}


def test_a_verdict_that_stays_is_not_listed():
    assert changed_verdicts([verdict(DEFAULT, "consistent"), verdict("loose", "consistent")], DECLARED) == []


def test_the_curve_rises_over_every_reading_that_has_the_number():
    rows = [number(DEFAULT, 2, 4), number("loose", 0, 2), number("other", 1, 9)]
    (one,) = firmness(rows, DECLARED)
    drawn = robustness_exhibits.curve(SMALL, one)
    assert list(drawn["point"]) == [1, 3, 5]
    assert list(drawn["default"]) == [False, True, False]
    assert list(drawn["holds"]) == [False, True, True]


def test_the_grid_marks_what_holds_fails_or_is_not_tested():
    rows = [number(DEFAULT, 1, 2), number("loose", -1, 2)]
    words = (
        robustness_exhibits.grid_words(robustness_exhibits.grid(firmness(rows, DECLARED), DECLARED)).iloc[0].to_list()
    )
    assert words[1:3] == ["holds", "does not"]


def test_without_other_readings_tables_are_empty_and_charts_work():
    rows, alone = [number(DEFAULT, 1, 2)], [USUAL]
    (one,) = firmness(rows, alone)
    assert one.tests == ()
    assert len(robustness_exhibits.readings_table(alone)) == len(robustness_exhibits.combined_table(alone)) == 0
    assert sweep_charts.specification_curve(robustness_exhibits.curve(SMALL, one), "Percent")


def test_readings_that_change_no_result_are_listed_as_such():
    both = DeclaredReading("both", "joint", {"hedge_width": 2, "words": "wide"})
    rows = [number(DEFAULT, 1, 2), number(DEFAULT, 1, 2, id="more"), verdict(DEFAULT, "consistent")]
    rows += [number("loose", 1, 2), number("loose", 1, 2, id="more")]  # as by default
    rows += [number("other", 1, 2), number("other", 1, 3, id="more")]
    rows += [verdict(name, "consistent") for name in ("other", "both")]
    declared = [*DECLARED, both, DeclaredReading("not run", ALONE, {"words": "wide"})]
    idle = robustness.idle_readings(rows, declared)
    assert idle == {"loose", "both"}
    assert robustness.idle_readings([*rows[:4], *rows[5:]], declared) == {"both"}  # without a result, another is
    alone, (combined,) = (
        table(declared, idle) for table in (robustness_exhibits.readings_table, robustness_exhibits.combined_table)
    )
    assert [str(name) for row in alone for name in map(as_cell, row["names"])] == [
        "loose (changes no result)", "other", "not run",
    ]  # fmt: skip
    assert str(combined["name"]) == "both (changes no result)"


def test_without_headlines_readings_and_verdicts_are_still_counted():
    rows = [number(DEFAULT, 1, 2), verdict(DEFAULT, "consistent")]
    counts = {one.id: one for one in robustness.counts(rows, DECLARED, [])}
    ids = ("headlines_total", "verdicts_total", "readings_total")
    assert [counts[id].value for id in ids] == [0, 1, 3]
    assert all(one.inputs for one in counts.values())


def test_a_subject_names_its_own_parameters_in_the_curve():
    shrunk = DeclaredReading("loose", ALONE, {"span": 2})
    (one,) = firmness([number(DEFAULT, 1, 2), number("loose", 1, 3)], [USUAL, shrunk])
    subject = Subject(choices={"span": "length of the bridge"})
    for ledger, words in ((SMALL, "span"), (replace(SMALL, subject=subject), "length of the bridge")):
        assert words in set(robustness_exhibits.curve(ledger, one)["changed"])


def test_an_unknown_headline_is_refused_with_those_there_are():
    with pytest.raises(KeyError, match="grows"):
        robustness.headline(firmness([number(DEFAULT, 1, 2)], DECLARED), "shrinks")
