"""Where lines may not break: between a number and its unit, and within a short range of numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from report.pages.typesetting import LONGEST_RANGE, keep_units

KEPT = "\u00a0"
NUMBERS = st.sampled_from(("7", "−0.4%", "$7.75", "1.296", "12,345.6", "+3%", "2009"))
UNITS = st.sampled_from(("", " billion", " million", " times", " years", " tonnes", " percentage points"))


@pytest.mark.parametrize(
    "text",
    [
        "4.8% to 8.6%",
        "−0.4% to 3.1%",
        "$7.75 to 8.15 billion",
        "1.296 to 1.312",
        "2009 to 2024",
        "−$1.2 to $3.4 billion",
        "1,220 to 1,300 tonnes",
        "28 million",
        "$41 billion",
    ],
)
def test_a_range_and_its_unit_stay_on_a_line(text):
    assert keep_units(f"of {text}, as printed") == f"of {text.replace(' ', KEPT)}, as printed"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("3.3 to 5.1 percentage points", ["3.3 to 5.1 percentage", "points"]),
        ("1.2 million to 1.5 million", ["1.2 million", "to", "1.5 million"]),
        ("from trade to 5 sectors", ["from", "trade", "to", "5", "sectors"]),
        ("rises to 84%", ["rises", "to", "84%"]),
        ("41 billionaires", ["41", "billionaires"]),
        ("a few million", ["a", "few", "million"]),
    ],
)
def test_other_spaces_may_break(text, parts):
    assert keep_units(text).split(" ") == [part.replace(" ", KEPT) for part in parts]


def test_a_long_range_may_break_at_its_words():
    number = "1" * LONGEST_RANGE
    assert keep_units(f"{number} to {number}").split(" ") == [number, "to", number]


@given(NUMBERS, NUMBERS, UNITS)
def test_only_spaces_change_and_once_is_enough(low, high, unit):
    text = f"Range: {low} to {high}{unit}; more"
    kept = keep_units(text)
    assert kept.replace(KEPT, " ") == text
    assert keep_units(kept) == kept
    assert f"{low}{KEPT}to{KEPT}{high}" in kept or len(f"{low} to {high}{unit}") > LONGEST_RANGE
