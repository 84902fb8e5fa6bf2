"""Numbers are read in the words that print them, in digits and in English."""

import dataclasses
import doctest
from fractions import Fraction

import pytest
from claims.ledger.loading import load_ledger
from invented import LEDGER

from report.runs import number_words, printed
from report.runs.number_words import is_superlative, read_numbers
from report.runs.printed import is_printed, value_is_printed


def test_the_examples_in_docstrings_are_right():
    for module in (printed, number_words):
        failed, attempted = doctest.testmod(module)
        assert attempted > 0
        assert failed == 0


@pytest.mark.parametrize(
    ("printed", "line", "found"),
    [
        ("2", "in 2024", False),
        ("2", "2.5 times", False),
        ("2", "1,2 or 2,400", False),
        ("2", "on 2–4 July", False),
        ("2", "the 2nd time", False),
        ("third", "nearly one-third", False),
        ("China", "China’s share", False),
        ("41 billion", "US$41 billion.", True),
        ("$41 billion", "reaching US$41 billion,", True),
        ("28.3%", "one-third (28.3%) of it", True),
        ("“golden thirty years”", 'the "golden thirty years" of', True),
        ("golden thirty years", "the ‘golden thirty years’.", True),
        ("15-16 Sept.", "on  15–16 Sept. in 2022", True),
        ("500,000 twenty-foot", "over 500,000\u00a0twenty-foot units", True),
        ("a record", "$41 billion—a record", True),
        ("41 Billion", "41 billion", False),
    ],
)
def test_a_figure_matches_complete_tokens_of_a_line(printed, line, found):
    assert is_printed(printed, line) is found


@pytest.mark.parametrize(
    ("printed", "numbers"),
    [
        ("$41 billion", [41 * 10**9]),
        ("750,000 tons", [750000]),
        ("1.8 to 2.5 bn", [Fraction("1.8"), Fraction("2.5") * 10**9]),
        ("the 24th Meeting", [24]),
        ("100-fold", [100]),
        ("100-megawatt", [100]),
        ("fivefold", [5]),
        ("doubled", [2]),
        ("trebling, then halved", [3, Fraction(1, 2)]),
        ("nearly one-third", [Fraction(1, 3)]),
        ("two-thirds", [Fraction(2, 3)]),
        ("three quarters", [Fraction(3, 4)]),
        ("a quarter", [Fraction(1, 4)]),
        ("half of it", [Fraction(1, 2)]),
        ("1/3", [Fraction(1, 3)]),
        ("dozens of documents", [24]),
        ("a dozen", [12]),
        ("past three decades", [30]),
        ("golden thirty years", [30]),
        ("thirty-two years", [32]),
        ("three hundred and five", [305]),
        ("two thousand and twenty-four", [2024]),
        ("two and a half times", [Fraction(5, 2)]),
        ("fifth visit", [5]),
        ("his second within two years", [2, 2]),
        ("twentieth", [20]),
        ("first, third and twelfth", [1, 3, 12]),
        ("quadrupled", [4]),
        ("two halves", [1]),
        ("a third", [3, Fraction(1, 3)]),
        ("eighth, ninth, sixtieth", [8, 9, 60]),
        ("three million", [3 * 10**6]),
        ("twelve thousand five hundred", [12500]),
        ("no figure at all", []),
    ],
)
def test_numbers_are_read_in_digits_and_in_words(printed, numbers):
    assert read_numbers(printed) == set(map(Fraction, numbers))


def test_words_for_large_numbers_multiply():
    large = {"2 thousand": "2000", "2 million": "2000000", "2 mn": "2000000", "2 mln": "2000000"}
    larger = {"2 billion": "2000000000", "2 bn": "2000000000", "2 bln": "2000000000"}
    largest = {"2 trillion": "2000000000000", "2 tn": "2000000000000"}
    for words, number in (large | larger | largest).items():
        assert read_numbers(words) == {int(number)}, words
    assert number_words.read_scales("40 kt, 28 Mt, 3 mcm, 480 bcm, 2 tcm") == {1000, 1000000, 1000000000, 1000000000000}
    assert read_numbers("two dozen") == {24}
    assert read_numbers("a century, or four score") == {100, 80}
    assert read_numbers("two centuries") == {200}


def test_every_cardinal_below_a_thousand_is_read_as_itself():
    assert [number for number in range(1000) if read_numbers(in_words(number)) != {Fraction(number)}] == []


def in_words(number: int) -> str:
    """Write a number below 1,000 in words, as a reader would."""
    if number >= 100:
        rest = f" and {in_words(number % 100)}" if number % 100 else ""
        return f"{number_words.UNDER_TWENTY[number // 100]} hundred{rest}"
    if number < 20:
        return number_words.UNDER_TWENTY[number]
    tens = {value: word for word, value in number_words.TENS.items()}[number - number % 10]
    return f"{tens}-{number_words.UNDER_TWENTY[number % 10]}" if number % 10 else tens


@pytest.mark.parametrize(
    ("printed", "is_one"),
    [
        ("largest trading partner", True),
        ("a record", True),
        ("historic high", True),
        ("leading position", True),
        ("most sustainable pathway", True),
        ("of interest to the west", False),
        ("highly placed", False),
        ("a harvest", False),
    ],
)
def test_a_superlative_is_a_first_rank(printed, is_one):
    assert is_superlative(printed) is is_one


RANGE = {"text": "47..48", "value": Fraction("47.5"), "spread": Fraction("0.5"), "multiplier": Fraction(10**9)}


@pytest.mark.parametrize(
    ("changes", "line", "proved"),
    [
        ({"unit": "calendar_year", "printed": "next year", "value": Fraction(1902)}, "next year", True),
        ({"unit": "calendar_year", "printed": "next year", "value": Fraction(1901)}, "next year", False),
        ({"printed": "1.2", "value": Fraction("1.2"), "multiplier": Fraction(10**9)}, "from 1.2 to 1.8 billion", True),
        ({"printed": "1.2", "value": Fraction("1.2"), "multiplier": Fraction(10**9)}, "from 1.2 to 1.8 million", False),
        ({"printed": "fell 5 percent", "value": Fraction(-5)}, "fell 5 percent", True),
        ({"printed": "47 to 48 billion", **RANGE}, "47 to 48 billion", True),
        ({"printed": "47-48", **RANGE}, "47-48 billion", True),
        ({"printed": "47 to 49 billion", **RANGE}, "47 to 49 billion", False),
    ],
)
def test_a_value_is_read_with_its_year_scale_and_sign(changes, line, proved):
    claim = dataclasses.replace(load_ledger(LEDGER).claim("c002"), **{"text": "", **changes})
    assert value_is_printed(claim, "level", 1901, line) is proved
