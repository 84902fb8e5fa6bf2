"""Sizes that texts of others print in ways of their own: cents, two scales, a half after a unit, points, multiples."""

from dataclasses import replace

import pytest
from made_up import figure

from report.propose.figures import read_line
from report.propose.letters import plain
from report.propose.units import ANY
from report.runs.printed import value_is_printed


def seen(line: str, *own: str) -> list[str]:
    """Return the figures of a line, each as value × multiplier and unit."""
    figures = read_line(plain(line), None, [*own, ANY]).figures
    return [f"{one.value}×{one.multiplier} {one.unit}" for one in figures]


SIZES = [
    ("The mill pays 14 U.S. cents a loaf.", "14×1/100 USD"),
    ("Its fee is 0.3 cents, on bills of €40.", "0.3×1/100 EUR"),
    ("Milk fetched 44.1 cent in May.", "44.1×1/100 EUR"),
    ("A loaf costs 85p, or 90 pence at the fair.", "85×1/100 GBP"),
    ("The dividend of $0.27 rose by a penny.", "1×1/100 USD"),
    ("Its debt is 2.8x what it earns.", "2.8×1 times"),
    ("The kiln took 4x longer.", "4×1 times"),
    ("Rates rose by 25 basis points, to 3.50–3.75 percent.", "3.50..3.75×1 percent"),
    ("The bridge is a year and a half off.", "1.5×1 year"),
    ("It ran for two hours and a half.", "2.5×1 hour"),
    ("They dye 1 million 856 thousand hectares of flax.", "1856×1000 ha"),
    ("The looms used 6 billion 340 million kWh.", "6340×1000000 kWh"),
    ("The staff fell by 430 to 5,170.", "430×1 count"),
    ("The staff fell by 430 to 5,170.", "5170×1 count"),
    ("Sales rose 6%, nearly four points of it from wool.", "4×1 percentage_points"),
    ("It moved 900 short tons of wool.", "900×1 short_ton"),
    ("A loom costs 900 kwacha.", "900×1 ZMW"),
    ("The ferry comes four times out of five.", "4/5×100 percent"),
    ("They say one village in six has no loom.", "1/6×100 percent"),
    ("It lets one flat in three below the rent.", "1/3×100 percent"),
    ("It is the 58th consecutive quarterly fair.", "58×1 rank"),
    ("It led for a second year running.", "2×1 rank"),
    ("It rose for the fifth consecutive month.", "5×1 month"),
    ("A third rail crossing, between hills, is to come.", "3×1 count"),
    ("A third of them think so.", "1/3×100 percent"),
]


@pytest.mark.parametrize(("line", "figure"), SIZES)
def test_a_size_is_read_however_it_is_printed(line, figure):
    assert figure in seen(line)


@pytest.mark.parametrize("line", [line for line, _ in SIZES])
def test_a_check_reads_such_sizes_in_their_words(line):
    text = plain(line)
    for one in read_line(text, None, [ANY]).figures:
        claim = figure("c1", one.value, one.hedge, precision=1, multiplier=one.multiplier, unit=one.unit)
        assert value_is_printed(replace(claim, printed=text[one.start : one.end]), "level", 2024, text)


def test_points_are_percentage_points_only_beside_percentages():
    assert seen("The index of wool, up 6%, gained 4 points.")[-1] == "4×1 count"
    assert seen("The team won by 4 points.") == ["4×1 count"]


def test_money_called_alike_is_that_of_the_ledger():
    assert seen("A loom costs 900 dinars.") == ["900×1 RSD"]
    assert seen("A loom costs 900 dinars.", "KWD") == ["900×1 KWD"]
    assert seen("A loom costs 900 Iraqi dinars.", "KWD") == ["900×1 IQD"]


def test_a_range_after_by_is_no_change_to_a_new_level():
    assert seen("The staff fell by 3 to 4 people.") == ["3..4×1 count"]


@pytest.mark.parametrize(
    ("line", "hedge"),
    [
        ("The mill lost getting on for 40 looms.", "nearly"),
        ("The loaf costs not far off $4.", "nearly"),
        ("It has, give or take, 40 looms.", "about"),
        ("It sold 40 looms, give or take.", "about"),
        ("It uses ca. 78 tonnes.", "about"),
        ("Elsewhere it is not even 40 percent.", "less_than"),
        ("It swallowed upwards of $40bn.", "more_than"),
        ("Sales will cross $14 billion.", "more_than"),
        ("It rose from as little as 620 looms.", "at_least"),
        ("Prices are at least as low as $4.", "at_least"),
        ("Spread over 73 mills it is little.", "exact"),
        ("It is beyond the $2.5 billion that they have.", "none"),
        ("It will open within three years.", "none"),
        ("It is its second within two years.", "at_most"),
    ],
)
def test_a_hedge_is_read_however_it_is_said(line, hedge):
    assert read_line(plain(line), None, [ANY]).figures[-1].hedge == hedge


@pytest.mark.parametrize("line", ["Yet buyers under 35 need help.", "A second risk is the weather."])
def test_an_age_and_the_number_of_an_argument_are_no_figures(line):
    assert seen(line) == []


def test_what_a_rate_is_compared_with_has_its_unit():
    assert seen("A loom costs €12 a month, compared with €11 a year earlier.") == [
        "12×1 EUR_per_month",
        "11×1 EUR_per_month",
    ]
    assert seen("A loom costs €12 a month. It sold for €11.") == ["12×1 EUR_per_month", "11×1 EUR"]


@pytest.mark.parametrize(
    ("line", "figure"),
    [
        ("Of the looms 58 percent came. It should have been 70.", "70×1 percent"),
        ("The mill had eleven hours of light. Today it gets 23.5.", "23.5×1 hour"),
        ("Of the looms 58 percent came. The number of looms is 70.", "70×1 count"),
        ("Of the looms 58 percent came. It has 70 spindles.", "70×1 count"),
    ],
)
def test_a_sentence_that_goes_on_has_the_unit_of_the_one_before(line, figure):
    assert seen(line)[-1] == figure
