"""The tables of formulas and hedges say what the code does."""

from __future__ import annotations

from dataclasses import replace

import pytest
from claims.judging.formulas import FORMULAS
from claims.ledger.intervals import HEDGES, Interval, Reading
from claims.ledger.loading import load_ledger
from claims.ledger.subject import Subject
from claims.questions import method
from conftest import REPOSITORY
from made_up import SMALL, book


def test_every_formula_is_listed_once_without_braces():
    rows = method.formulas(load_ledger(REPOSITORY / "data"))
    assert [row["formula"] for row in rows] == [name.replace("_", " ") for name in FORMULAS]
    names = {row["formula"] for row in method.formulas(book())}  # without official figures
    assert "symmetric gap" not in names
    assert "growth" in names
    assert not {"{", "}"} & set("".join(row["expression"] for row in rows))
    assert {row["unit"] for row in rows} == {"percent", "times", "years", "none", "as its inputs"}


@pytest.mark.parametrize(
    ("hedge", "interval", "stated", "widest"),
    # 41 printed to the unit, by the table of the design: usual reach, stated bounds, twice the reach where assumed
    [
        ("no hedge", "[40.5, 41.5)", "both", "[40.5, 41.5)"),
        ("counted", "[41, 41]", "both", "[41, 41]"),
        ("more than", "(41, 42)", "lower", "(41, 43)"),
        ("less than", "(40, 41)", "upper", "(39, 41)"),
        ("nearly", "[40.5, 41)", "upper", "[40, 41)"),
        ("about", "[40, 42]", "none", "[39, 43]"),
        ("at least", "[41, ∞)", "lower", "[41, ∞)"),
        ("up to", "(−∞, 41]", "upper", "(−∞, 41]"),
    ],
)
def test_every_hedge_is_shown_with_what_41_stands_for(hedge, interval, stated, widest):
    (row,) = (row for row in method.hedges(41, Reading()) if row["hedge"] == hedge)
    assert (row["interval"].text, row["stated"], row["widest"].text) == (interval, stated, widest)


def test_no_hedge_is_left_out():
    assert len(method.hedges(41, Reading())) == len(HEDGES) == 8


def test_the_table_of_hedges_follows_the_parameters():
    intervals = {row["hedge"]: row["interval"].text for row in method.hedges(17, Reading("truncation", 3))}
    assert (intervals["no hedge"], intervals["more than"]) == ("[17, 18)", "(17, 20)")


def test_every_interval_is_a_finding_with_the_figure_as_its_input():
    findings = {finding.anchor: finding for finding in method.examples(41, Reading())}
    rows = method.hedges(41, Reading())
    assert {row[name].to for name in ("interval", "widest") for row in rows} == set(findings)
    assert all(finding.inputs == {"figure": "41"} for finding in findings.values())


def test_an_end_without_a_bound_is_not_stated():
    assert method.stated(Interval(None, None)) == "none"


def test_the_glossary_has_the_terms_of_the_engine_and_of_the_subject():
    assert [row["word"] for row in method.words(SMALL)] == list(method.TERMS)
    assert "page" not in {row["word"] for row in method.words(book())}
    subject = Subject(terms={"hedge": {"bee": "an insect that makes honey"}})
    words = [row["word"] for row in method.words(replace(SMALL, subject=subject))]
    assert words.index("bee") == words.index("hedge") + 1
    assert len(words) == len(method.TERMS) + 1
