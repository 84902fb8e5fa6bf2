"""What texts print besides plain figures can be entered, and stands for the values that the method says."""

from dataclasses import replace

import pytest
from claims.words.labels import claim_text
from made_up import book, figure, indicator

from report.runs.printed import value_is_printed

FORMS = [
    # printed, value, multiplier, unit, precision, hedge; what it may stand for, in the unit
    ("3–4 billion", "3..4", 10**9, "USD", 1, "none", "[2500000000, 4500000000)"),
    ("between 5 and 7 percent", "5..7", 1, "percent", 1, "none", "[4.5, 7.5)"),
    ("about 1.2 to 1.3 million", "1.2..1.3", 10**6, "count", "0.1", "about", "[1100000, 1400000]"),
    ("hundreds of firms", "200..999", 1, "count", 1, "none", "[200, 999]"),
    ("tens of thousands of visitors", "20..99", 1000, "count", 1, "none", "[19500, 99499]"),
    ("half", "1/2", 100, "percent", "1/50", "none", "[49, 51)"),
    ("a fifth", "1/5", 100, "percent", "1/50", "none", "[19, 21)"),
    ("one in four", "1/4", 100, "percent", "1/50", "none", "[24, 26)"),
    ("tripled", "3", 1, "times", "0.1", "none", "[2.95, 3.05)"),
    ("fell by more than 3.2 percent", "-3.2", 1, "percent", "0.1", "more_than", "(-3.3, -3.2)"),
    ("25 basis points", "25", 1, "basis_points", 1, "none", "[24.5, 25.5)"),
    ("1.5 percentage points", "1.5", 1, "percentage_points", "0.1", "none", "[1.45, 1.55)"),
    ("€38bn", "38", 10**9, "EUR", 1, "none", "[37500000000, 38500000000)"),
    ("12 billion yuan", "12", 10**9, "CNY", 1, "none", "[11500000000, 12500000000)"),
    ("$14,200 per person", "14200", 1, "USD_per_person", 100, "none", "[14150, 14250)"),
    ("1.3 million tonnes a day", "1.3", 10**6, "t_per_day", "0.1", "none", "[1250000, 1350000)"),
    ("500m euros", "500", 10**6, "EUR", 100, "none", "[450000000, 550000000)"),
    ("third-largest", "3", 1, "rank", None, "exact", "[3, 3]"),
]


def entered(printed, value, multiplier, unit, precision, hedge):
    """Return the claim of a row, with the indicator of its unit."""
    counts = unit in ("count", "rank")
    claim = figure("c001", value, hedge, precision=precision, multiplier=multiplier, unit=unit, indicator="shown")
    return replace(claim, printed=printed), indicator("shown", "level", unit, integer=counts)


@pytest.mark.parametrize("form", FORMS, ids=[form[0] for form in FORMS])
def test_a_form_stands_for_the_values_of_its_rule(form):
    claim, shown = entered(*form[:-1])
    ledger = replace(book(), claims={claim.id: claim}, indicators={shown.id: shown})
    assert str(ledger.interval(claim)) == form[-1]


@pytest.mark.parametrize("form", FORMS, ids=[form[0] for form in FORMS])
def test_a_form_is_found_in_the_words_that_print_it(form):
    claim, _ = entered(*form[:-1])
    assert value_is_printed(claim, "level", 2024, claim.printed)


@pytest.mark.parametrize("form", FORMS, ids=[form[0] for form in FORMS])
def test_another_value_is_not_found_there(form):
    claim, _ = entered(*form[:-1])
    other = replace(claim, value=claim.value + 1, text="9..10" if claim.spread else f"{claim.value + 1}")
    assert not value_is_printed(other, "level", 2024, claim.printed)


@pytest.mark.parametrize(
    ("form", "words"),
    [
        (FORMS[0], "$3 to 4 billion"),
        (FORMS[2], "about 1,200,000 to 1,300,000"),
        (FORMS[3], "hundreds of firms"),
        (FORMS[10], "25 basis points"),
        (FORMS[12], "€38 billion"),
        (FORMS[14], "$14,200 per person"),
    ],
)
def test_a_form_is_written_as_a_reader_expects(form, words):
    assert claim_text(entered(*form[:-1])[0]) == words
