"""What the grammar reads in sentences made up here: figures with unit and hedge, and numbers that are none."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from report.propose.asides import count_reasons
from report.propose.dates import find_dates
from report.propose.figures import read_line
from report.propose.letters import find_sentences, plain
from report.propose.units import ANY

UNITS = (
    "USD",
    *("percent", "times", "t", "m3", "m3_per_year", "km", "day", "year", "calendar_year", "MW", "TEU", "count", "rank"),
)
DAY = date(2025, 5, 14)


def read(line: str, units=UNITS):
    return read_line(plain(line), DAY, units)


def brief(line: str) -> list[str]:
    """Return the figures of a line, each as value × multiplier, unit and hedge, or with the reason it has no row."""
    return [
        f"{one.value}×{one.multiplier} {one.unit} {one.hedge}" if not one.reason else one.reason
        for one in read(line).figures
    ]


@pytest.mark.parametrize(
    ("line", "figures"),
    [
        ("The mill sold more than 40 looms for $3.7 billion.", ["40×1 count more_than", "3.7×1000000000 USD none"]),
        ("It grew nearly 12% to 31.4 million tonnes.", ["12×1 percent nearly", "31.4×1000000 t none"]),
        ("Output fell by 3 percent.", ["-3×1 percent none"]),
        ("Sales doubled, then rose fivefold.", ["2×1 times none", "5×1 times none"]),
        ("Nearly one-third (28.3%) is wool.", ["1/3×100 percent nearly", "28.3×1 percent none"]),
        ("Dozens of looms, hundreds of spindles.", ["24×1 count at_least", "200..999×1 count none"]),
        ("Half a million reels went out.", ["0.5×1000000 count none"]),
        ("The third-largest mill opened its 24th shop.", ["3×1 rank exact", "24×1 count exact"]),
        ("It is the largest mill and a leading buyer.", ["1×1 rank exact", "1×1 rank at_least"]),
        ("Over the past three decades it made 16 dyes.", ["30×1 year none", "16×1 count exact"]),
        ("The kiln has run for over 15 years.", ["15×1 year more_than"]),
        ("A 100-megawatt plant, 1700 kilometers away", ["100×1 MW none", "1700×1 km none"]),
        ("A mill will open in 2027.", ["2027×1 calendar_year exact"]),
        ("The capacity is 55 bcm a year.", ["55×1000000000 m3_per_year none"]),
        ("Fewer than 500 of 212 thousand", ["500×1 count less_than", "212×1000 count none"]),
        ("They plan to open a third shop.", ["3×1 count exact"]),
        ("It comes second only to wool.", ["2×1 rank exact"]),
        ("They signed a third of it.", ["1/3×100 percent none"]),
        ("A third of it opened.", ["1/3×100 percent none"]),
        ("It made 28 tons, and 30 tons a year earlier.", ["28×1 t none", "30×1 t none"]),
        ("It sold 12k reels for $500m", ["12×1000 count none", "500×1000000 USD none"]),
        ("at least about 40 looms", ["40×1 count at_least"]),
        ("about over 480 looms", ["480×1 count about"]),
        ("exceeded a record $41 billion", ["1×1 rank exact", "41×1000000000 USD more_than"]),
        ("40 or more looms, 7 looms or so", ["40×1 count at_least", "7×1 count about"]),
        ("prices went up to $58, still below the 4 percent", ["58×1 USD none", "4×1 percent none"]),
        ("between 47 and 48 billion dollars", ["47..48×1000000000 USD none"]),
        ("$3-4 billion, about 1.2 to 1.3 million", ["3..4×1000000000 USD none", "1.2..1.3×1000000 count about"]),
        ("$900m to $1.1bn", ["900..1100×1000000 USD none"]),
        ("fell by 3 to 4 percent", ["-4..-3×1 percent none"]),
        ("hundreds of thousands of reels", ["200..999×1000 count none"]),
        ("one in eight weavers", ["1/8×100 percent none"]),
        ("₹3.18 lakh crore", ["unit INR, which the ledger does not allow"]),
    ],
)
def test_a_figure_has_value_unit_and_hedge(line, figures):
    assert brief(line) == figures


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("a third to a half of it", "range (not yet expressible)"),
        ("double-digit growth", "order of magnitude (not yet expressible)"),
        ("a ratio of 19 to 1", "ratio (not yet expressible)"),
        ("€38bn", "unit EUR, which the ledger does not allow"),
        ("25 basis points", "unit basis_points, which the ledger does not allow"),
        ("60,000 reels a day", "rate per day (not yet expressible)"),
        ("$85 per barrel", "rate per barrel (not yet expressible)"),
    ],
)
def test_what_no_row_can_express_is_set_aside_by_name(line, reason):
    assert brief(line) == [reason]


@pytest.mark.parametrize(
    ("line", "figures"),
    [
        ("It rose from 12 to 15 percent.", ["12×1 percent none", "15×1 percent none"]),
        ("Sales rose by 22% to 28 million tonnes.", ["22×1 percent none", "28×1000000 t none"]),
        ("from 750,000 tons in 2019 to 3.5 million in 2023", ["750000×1 t none", "3.5×1000000 t none"]),
    ],
)
def test_a_change_is_two_figures_and_no_range(line, figures):
    assert brief(line) == figures


@pytest.mark.parametrize(
    ("line", "reasons"),
    [
        ("In 2023 and from 2019 to 2022", "2 calendar years"),
        ("2. Wool", "1 list number"),
        ("Ada, aged 45, and a 12-year-old", "2 ages"),
        ("On 3 July 2024 at 10:30 a.m.", "1 date, 1 time of day"),
        ("COVID-19 and 5G under Article 14", "3 numbers in names"),
        ("the two sides, a two-way road", "1 counted before (“the two sides”), 1 number in a word"),
        ("in the first quarter of this year", "1 part of a date"),
        ("one of the mills", "1 “one” as a pronoun"),
    ],
)
def test_a_number_that_is_no_figure_is_set_aside(line, reasons):
    seen = read(line)
    assert [one for one in seen.figures if not one.reason] == []
    assert count_reasons([aside.reason for aside in seen.asides]) == reasons


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("last year", "2024"),
        ("In January-March 2024", "2024-Q1"),
        ("the first quarter of this year", "2025-Q1"),
        ("at the end of 2023", "2023"),
        ("by 2060", "2025-05-14/by-2060-12-31"),
        ("since 2005", "2005-01-01/2025-05-14"),
        ("the past 15 years", "2010-05-14/2025-05-14"),
        ("from 2005 to 2023", "2005-01-01/2023-12-31"),
        ("the first nine months of 2024", "2024-01-01/2024-09-30"),
        ("on July 2-4", "2025-07-04"),
        ("2 July 2024", "2024-07-02"),
        ("in December", "2024-12-01/2024-12-31"),
        ("next March", "2026-03-01/2026-03-31"),
        ("last quarter", "2025-Q1"),
        ("in the fourth quarter", "2024-Q4"),
        ("in H2", "2024-07-01/2024-12-31"),
        ("the last quarter of this year", "2025-Q4"),
        ("it will open in the fourth quarter", "2025-Q4"),
        ("on Monday", "2025-05-12"),
        ("now", "2025-05-14"),
    ],
)
def test_a_phrase_of_time_has_a_period(line, key):
    assert [phrase.period.key for phrase in find_dates(line, DAY)] == [key]


def test_a_ledger_that_allows_any_unit_has_a_row_for_it():
    seen = read("€38bn, 60,000 reels a day and 25 basis points", [*UNITS, ANY])
    assert [(one.unit, one.reason) for one in seen.figures] == [
        ("EUR", ""),
        ("count_per_day", ""),
        ("basis_points", ""),
    ]


def test_the_words_of_a_range_begin_with_between():
    line = "It sold between 47 and 48 reels."
    (one,) = read(line).figures
    assert line[one.start : one.end] == "between 47 and 48 reels"


def test_without_a_day_of_the_text_last_year_has_no_period():
    assert [phrase.period.kind for phrase in find_dates("last year", None)] == ["undated"]


@given(st.integers(2, 10**9), st.sampled_from(["", " million", " billion"]))
def test_a_number_in_digits_is_read_back(number, scale):
    times = {"": 1, " million": 10**6, " billion": 10**9}[scale]
    (figure,) = read(f"They sold exactly ${number:,}{scale} worth").figures
    assert figure.point == number * times and figure.unit == "USD"


@given(st.integers(0, 10**6), st.integers(1, 3))
def test_decimals_keep_their_zeros(number, places):
    text = f"{Fraction(number, 1).numerator}.{'0' * places}"
    (figure,) = read(f"about {text}%").figures
    assert (figure.value, figure.hedge) == (text, "about")


@given(st.text(st.characters(codec="utf-8"), max_size=200))
def test_any_text_is_read_without_an_error(text):
    line = plain(text)
    seen = read_line(line, DAY, UNITS)
    assert all(0 <= one.start <= one.end <= len(line) and one.start <= one.number_start for one in seen.figures)
    assert find_sentences(line)[-1][1] == len(line)


NUMBERS = st.sampled_from(
    (
        *(
            "12",
            "3.5",
            "1,200",
            "40%",
            "$5",
            "billion",
            "a",
            "third",
            "doubled",
            "to",
            "from",
            "and",
            "between",
            "2023",
        ),
        *("July", "-", "%", "over", "the", "one", "two", "first", "record"),
        *("0", "in", "out of", "ratio of", "hundreds", "of", "several", "thousand", "centuries"),
        *("minus", "fell by", "per", "ton", "day"),
    )
)


@given(st.lists(NUMBERS, max_size=12))
def test_any_order_of_its_words_is_read_without_an_error(words):
    for one in read(" ".join(words)).figures:
        assert one.point is not None
        assert one.hedge and one.unit
