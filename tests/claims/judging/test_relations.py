"""Every type of relation judged on figures worked by hand, and what a row becomes: quantities, operands, dates."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from claims.judging.constraints import difference, network_of_statements, views_of
from claims.judging.network import Line, Order, Product, Sum
from claims.judging.times import span_of_dates, time_factor
from claims.ledger.intervals import ROUNDINGS, Reading
from claims.ledger.model import Period
from hypothesis import given
from hypothesis import strategies as st
from in_words import VerdictInWords, judge_in_words
from made_up import book, count, figure, first_quarter, gas, percent, relation, times, year

ALIKE, ROUNDED, OPEN, APART = "consistent", "consistent by rounding", "undecided", "inconsistent"
USUAL = Reading()


def judge(*claims, type: str, rule: str = "same", reading: Reading = USUAL, **operands: str) -> VerdictInWords:
    """Return the verdict on one relation between the claims, named as they are in `operands`."""
    (found,) = judge_in_words(book(*claims, relations=[relation("r01", type, rule, **operands)]), reading).relations
    return found


def points(id: str, text: str, hedge: str = "none", **more):
    return figure(id, text, hedge, indicator="share_change", unit="percentage_points", multiplier=1, **more)


def share(id: str, text: str, hedge: str = "none", **more):
    return percent(id, text, hedge, indicator="trade_share", **more)


def exports(id: str, text: str, hedge: str = "none", **more):
    return figure(id, text, hedge, indicator="exports", **more)


def balance(id: str, text: str, hedge: str = "none", **more):
    return figure(id, text, hedge, indicator="balance", **more)


def rate(id: str, text: str, hedge: str = "none", **more):
    return gas(id, text, hedge, indicator="gas_rate", **more)


def years(id: str, text: str, hedge: str = "none", **more):
    return gas(id, text, hedge, indicator="gas_years", multiplier=1, **more)


def days(id: str, text: str, hedge: str = "none", **more):
    return gas(id, text, hedge, indicator="gas_days", multiplier=1, **more)


@pytest.mark.parametrize(
    ("first", "last", "growth", "word"),
    [
        ("31", "41", percent("c1", "32"), ALIKE),  # 41/31 = 1.3226, printed 32
        ("41", "44", percent("c1", "8"), ROUNDED),  # 44/41 = 1.073, printed 7; up to 44.5/40.5 = 1.0988
        ("41", "44", percent("c1", "12"), APART),  # 11.5 and more against 9.88 and less
        ("41", "44", percent("c1", "11", "about"), OPEN),  # 10 … 12, at its widest 9 … 13
        ("41", "44", percent("c1", "2", "more_than"), APART),  # 2 … 3, widest 4; at least 43.5/41.5 = 1.0482
        ("41", "44", percent("c1", "4", "more_than"), ROUNDED),  # 4.82 … 5
        ("44", "41", percent("c1", "-7"), ALIKE),  # 41/44 = 0.9318
        ("44", "41", percent("c1", "7"), APART),  # a fall
    ],
)
def test_growth_against_both_levels(first, last, growth, word):
    levels = figure("c2", last), figure("c3", first, period=year(2022))
    assert judge(growth, *levels, type="growth_of", growth="c1", last="c2", first="c3").word == word


@pytest.mark.parametrize(
    ("change", "word"),
    [("3", ALIKE), ("3.5", ROUNDED), ("4.1", APART)],  # 28.3 - 25 = 3.3; from 28.25 - 25.5 to 28.35 - 24.5
)
def test_growth_in_percentage_points_is_a_difference(change, word):
    shares = share("c2", "28.3"), share("c3", "25", period=year(2022))
    found = judge(points("c1", change), *shares, type="growth_of", growth="c1", last="c2", first="c3")
    assert (found.word, found.result.value) == (word, Fraction("3.3"))


def test_growth_in_percentage_points_implies_the_level_before():
    found = judge(points("c1", "3"), share("c2", "28.3"), type="growth_of", growth="c1", last="c2")
    # 28.3 - 3; from 28.25 - 3.5 to 28.35 - 2.5
    assert (found.word, found.result.value, found.result.unit) == (OPEN, Fraction("25.3"), "percent")
    assert (found.result.interval.low, found.result.interval.high) == (Fraction("24.75"), Fraction("25.85"))
    assert str(found.explanation) == "No text prints trade share, 2022; the figures imply 24.75% to 25.85%."


@pytest.mark.parametrize(
    ("first", "last", "multiple", "word"),
    [
        ("0.4", "41", times("c1", "100", precision=10), ALIKE),  # 102.5, to the ten 100
        ("2.1", "4.0", times("c1", "2", precision="0.1"), ROUNDED),  # 1.90; up to 4.05/2.05 = 1.976
        ("2.2", "4.0", times("c1", "2", precision="0.1", wide="0.5"), OPEN),  # 1.756 … 1.884; 1.95, widest 1.75
        ("2.5", "4.0", times("c1", "2", precision="0.1", wide="0.5"), APART),  # 1.549 … 1.653
    ],
)
def test_a_multiple_against_both_levels(first, last, multiple, word):
    levels = figure("c2", last), figure("c3", first, period=year(2022))
    assert judge(multiple, *levels, type="multiple_of", multiple="c1", last="c2", first="c3").word == word


@pytest.mark.parametrize(
    ("said", "total", "word"),
    [
        (share("c1", "28.3"), "145", ALIKE),  # 41/145 = 28.276 %
        (share("c1", "28.3"), "150", ROUNDED),  # 27.3; the 150 may be 145, and 41.5/145 = 28.6
        (share("c1", "28.3"), "160", APART),  # at most 41.5/155 = 26.8
        (share("c1", "1/3", "nearly", multiplier=100, precision="1/30", wide="1/12"), "138", OPEN),  # 29.2 … 30.2
        (share("c1", "1/3", "nearly", multiplier=100, precision="1/30", wide="1/12"), "145", APART),  # 28.7; 29.17
    ],
)
def test_a_share_against_part_and_total(said, total, word):
    amounts = exports("c2", "41"), figure("c3", total)
    assert judge(said, *amounts, type="share_of", share="c1", part="c2", total="c3").word == word


@pytest.mark.parametrize(
    ("said", "word"),
    # 6.25/41.5 = 15.060 % to 6.35/40.5 = 15.679 %
    [("15.0", APART), ("15.1", ROUNDED), ("15.4", ALIKE), ("15.7", ROUNDED), ("15.8", APART)],
)
def test_a_share_is_exactly_a_hundred_times_part_over_total(said, word):
    found = judge(
        share("c1", said), exports("c2", "6.3"), figure("c3", "41"), type="share_of", share="c1", part="c2", total="c3"
    )
    assert found.word == word


@pytest.mark.parametrize(
    ("first", "last", "growth", "word"),
    [
        ("10", "-5", "-150", ALIKE),  # from +10 to -5 is a fall by 15 of 10
        ("10", "-5", "-50", APART),
        ("-10", "-5", "-50", ALIKE),
        ("-10", "5", "-150", ALIKE),
    ],
)
def test_a_balance_may_change_its_sign(first, last, growth, word):
    levels = balance("c2", last), balance("c3", first, period=year(2022))
    said = percent("c1", growth, indicator="balance_growth", precision=5)
    assert judge(said, *levels, type="growth_of", growth="c1", last="c2", first="c3").word == word


@pytest.mark.parametrize(
    ("length", "word"),
    [("14", APART), ("14.01", ALIKE), ("15.99", ALIKE), ("16", APART)],
)
def test_from_one_calendar_year_to_another_it_is_a_year_more_or_less(length, word):
    # from a day of 2009 to a day of 2024: more than 14 years, less than 16
    ends = [
        gas(id, text, "exact", indicator=f"{which}_year", multiplier=1)
        for id, text, which in (("c2", "2009", "first"), ("c3", "2024", "last"))
    ]
    found = judge(years("c1", length, "exact"), *ends, type="duration", duration="c1", start="c2", end="c3")
    assert found.word == word


def test_of_a_growth_without_a_date_the_levels_are_before_and_aimed_at():
    undated = Period("", "", "undated", "stated")
    last = judge(
        percent("c1", "32", period=undated),
        figure("c2", "41", period=undated),
        type="growth_of",
        growth="c1",
        last="c2",
    )
    first = judge(times("c1", "2", period=undated), figure("c2", "41"), type="multiple_of", multiple="c1", first="c2")
    assert last.missing_labels + first.missing_labels == ["Trade, before", "Trade, aimed at"]


def test_a_share_implies_the_total_of_a_part_and_the_part_of_a_total():
    total = judge(share("c1", "28.3"), exports("c2", "41"), type="share_of", share="c1", part="c2")
    part = judge(share("c1", "28.3"), figure("c2", "145"), type="share_of", share="c1", total="c2")
    assert round(float(total.result.value) / 1e9, 2) == 144.88  # 41/0.283
    assert round(float(part.result.value) / 1e9, 3) == 41.035  # 145 × 0.283
    assert total.missing_labels + part.missing_labels == [
        "The total behind the trade share",
        "The part behind the trade share",
    ]
    assert (total.word, part.word) == (OPEN, OPEN)


orders = pytest.mark.parametrize(
    ("type", "rule", "smaller", "larger"),
    [
        ("part_of", "same", "part", "total"),
        ("at_most", "same", "smaller", "larger"),
        ("annualised", "within", "quarter", "year"),
    ],
)


def test_a_sum_names_every_part_it_adds():
    parts = exports("c1", "10"), figure("c2", "12", indicator="imports"), exports("c3", "19", source="S2")
    found = judge(*parts, figure("c4", "41"), type="sum_of", total="c4", parts="c1+c2+c3")
    assert (found.result.expression, found.result.value) == ("{part1} + {part2} + {part3}", 41 * 10**9)
    assert found.result.inputs == {"part1": "c1", "part2": "c2", "part3": "c3"}


@orders
@pytest.mark.parametrize(
    ("lesser", "word"),
    [
        (exports("c1", "6.3"), ALIKE),
        (exports("c1", "41.2"), ROUNDED),  # printed above 41, which may be 41.4
        (exports("c1", "42"), APART),  # 41.5 and more against less than 41.5: they touch
        (exports("c1", "44"), APART),
        (exports("c1", "43", "about"), OPEN),  # 42 … 44, at its widest 41 … 45
        (exports("c1", "60", "at_most"), ROUNDED),  # anything from 0
    ],
)
def test_an_order_of_two_figures(type, rule, smaller, larger, lesser, word):
    found = judge(lesser, figure("c2", "41"), type=type, rule=rule, **{smaller: "c1", larger: "c2"})
    assert found.word == word
    assert found.touching == (Fraction("41.5e9") if lesser.text == "42" else None)


@pytest.mark.parametrize(
    ("type", "rule", "roles", "assumes"),
    [
        ("part_of", "same", ("part", "total"), True),
        ("at_most", "within", ("smaller", "larger"), True),
        ("annualised", "within", ("quarter", "year"), True),
        ("at_most", "same", ("smaller", "larger"), False),  # the texts themselves tell the order
    ],
)
def test_a_part_may_exceed_a_whole_whose_other_parts_may_be_below_zero(type, rule, roles, assumes):
    claims = balance("c1", "44"), balance("c2", "41", period=year(2022))
    found = judge(*claims, type=type, rule=rule, **dict(zip(roles, ("c1", "c2"), strict=True)))
    assert found.word == (OPEN if assumes else APART)
    assert ("if no other part of $41 billion (2022, S1) is below zero" in str(found.explanation)) == assumes
    assert "at their widest" not in str(found.explanation) or not assumes


def test_the_other_quarters_of_a_year_are_what_is_left_of_it():
    quarter = figure("c1", "6.3", period=first_quarter(2023))
    found = judge(quarter, figure("c2", "41"), type="annualised", rule="within", quarter="c1", year="c2")
    # (41 - 6.3)/3, from (40.5 - 6.35)/3 to (41.5 - 6.25)/3
    assert found.result.value == Fraction("34.7e9") / 3
    assert [found.result.interval.low, found.result.interval.high] == [Fraction("34.15e9") / 3, Fraction("11.75e9")]
    assert str(found.explanation).endswith("the other quarters would have to average $11.3 to 11.8 billion.")


@pytest.mark.parametrize(
    ("parts", "total", "word"),
    [
        (("22", "19"), "41", ALIKE),
        (("21", "19"), "41", ROUNDED),  # 40, but up to 41
        (("21", "18"), "41", APART),  # less than 40 against 40.5 and more
    ],
)
def test_a_sum_against_its_parts(parts, total, word):
    one, other = exports("c1", parts[0]), figure("c2", parts[1], indicator="imports")
    found = judge(one, other, figure("c3", total), type="sum_of", total="c3", parts="c1+c2")
    assert (found.word, found.result.value) == (word, sum(map(int, parts)) * 10**9)
    assert found.result.inputs == {"part1": "c1", "part2": "c2"}


def test_parts_that_reach_their_total_only_at_the_widest_touch_it():
    # about 20 is 19 … 21, with 18.5 … 19.5 less than 40.5 together; at its widest 18 … 22
    parts = exports("c1", "20", "about", precision=1), figure("c2", "19", indicator="imports")
    found = judge(*parts, figure("c3", "41"), type="sum_of", total="c3", parts="c1+c2")
    assert (found.word, found.touching) == (OPEN, Fraction("40.5e9"))
    assert "they touch at $40.5 billion but share no value as usually read" in str(found.explanation)


@pytest.mark.parametrize(
    ("made", "time", "total", "word"),
    [
        (rate("c1", "40", precision=1), years("c2", "15"), gas("c3", "600"), ALIKE),
        (rate("c1", "40", precision=1), years("c2", "15"), gas("c3", "570"), ROUNDED),  # from 39.5 × 14.5 = 572.75
        (rate("c1", "40", precision=1), years("c2", "15"), gas("c3", "560"), APART),  # 555 … 565
        (rate("c1", "40", precision=1), days("c2", "5479", "exact"), gas("c3", "600", precision=1), ALIKE),  # 600.04
        (rate("c1", "40", precision=1), days("c2", "5479", "exact"), gas("c3", "640", precision=1), APART),  # 607.54
        (gas("c1", "0.1", indicator="gas_a_day"), years("c2", "10", "exact"), gas("c3", "365"), ALIKE),  # × 365.2425
        (gas("c1", "0.1", indicator="gas_a_day"), years("c2", "10", "exact"), gas("c3", "36"), APART),
    ],
)
def test_a_rate_kept_up_for_a_time(made, time, total, word):
    assert judge(made, time, total, type="rate_times_time", rate="c1", time="c2", total="c3").word == word


@pytest.mark.parametrize(
    ("total", "word"),
    [("480", ALIKE), ("830", ROUNDED), ("860", ROUNDED), ("900", APART)],  # 55 × 15 = 825, at most 55.5 × 15.5 = 860.25
)
def test_a_ceiling_over_a_time_is_not_to_be_exceeded(total, word):
    claims = rate("c1", "55"), years("c2", "15"), gas("c3", total, precision=10)
    found = judge(*claims, type="rate_times_time", rule="ceiling", rate="c1", time="c2", total="c3")
    assert (found.word, found.result.value) == (word, 825 * 10**9)


@pytest.mark.parametrize(
    ("total", "word"),
    [("44", ALIKE), ("45", ROUNDED), ("47", APART)],  # 40 × 1.10 = 44, at most 40.5 × 1.105 = 44.75
)
def test_an_amount_is_converted_by_a_rate_that_is_a_figure_itself(total, word):
    amount = figure("c1", "40", precision=1, unit="EUR", indicator="trade_euro")
    rate = figure("c2", "1.10", multiplier=1, unit="USD_per_EUR", indicator="euro_rate")
    found = judge(amount, rate, figure("c3", total), type="converted", amount="c1", rate="c2", total="c3")
    assert (found.word, found.result.value, found.result.unit) == (word, 44 * 10**9, "USD")


def test_a_total_over_a_time_implies_the_mean_rate():
    found = judge(years("c1", "15"), gas("c2", "480"), type="rate_times_time", time="c1", total="c2")
    # 480/15, from 475/15.5 to 485/14.5
    assert (found.word, found.result.value, found.result.unit) == (OPEN, 32 * 10**9, "m3_per_year")
    assert (found.missing_labels[0], found.missing[0].period) == ("The mean rate behind gas total", "2023")
    assert [float(end) for end in (found.result.interval.low, found.result.interval.high)] == pytest.approx(
        [475e9 / 15.5, 485e9 / 14.5]
    )


@pytest.mark.parametrize(
    ("length", "rule", "word"),
    [
        (years("c1", "32"), "1992..2024-07-02", ALIKE),  # 31.50 (from 31 December) … 32.50
        (years("c1", "35", precision=5), "1992..2024-07-02", ROUNDED),  # 32.5 … 37.5
        (years("c1", "34"), "1992..2024-07-02", APART),
        (years("c1", "2"), "2019-01-01..2021-01-01", ALIKE),  # two years and maybe a day
        (years("c1", "3"), "2019-01-01..2021-01-01", APART),
        (days("c1", "366", "exact"), "2020-01-01..2020-12-31", ALIKE),  # 365 days, 366 with both ends
        (days("c1", "367", "exact"), "2020-01-01..2020-12-31", APART),
        (days("c1", "5500", "nearly"), "2009-07-02..2024-07-02", ALIKE),  # 5,479 days, from 5,450 to 5,500
        (years("c1", "4", "about", precision="0.5"), "2019..2021", OPEN),  # 1 … 3 years, 3.5 … 4.5, widest 3 … 5
    ],
)
def test_a_duration_between_two_dates(length, rule, word):
    assert judge(length, type="duration", rule=rule, duration="c1").word == word


@pytest.mark.parametrize(
    ("length", "word"),
    [
        (years("c1", "32"), ALIKE),
        (years("c1", "33"), ROUNDED),  # January of the one to December of the other, all but a day
        (years("c1", "34"), APART),
        (days("c1", "11688", "exact"), ALIKE),  # 32 × 365.25
        (days("c1", "12100", "exact"), APART),  # 33.1 years
    ],
)
def test_a_duration_between_two_printed_years(length, word):
    ends = (
        gas("c2", "1992", "exact", indicator="first_year", multiplier=1),
        gas("c3", "2024", "exact", indicator="last_year", multiplier=1),
    )
    assert judge(length, *ends, type="duration", duration="c1", start="c2", end="c3").word == word


def test_a_duration_without_a_printed_start_is_open():
    end = gas("c2", "2024", "exact", indicator="last_year", multiplier=1)
    found = judge(years("c1", "32"), end, type="duration", duration="c1", end="c2")
    assert (found.word, found.result) == (OPEN, None)
    assert (found.missing_labels[0], found.missing[0].period) == ("The start of gas years", "2023")


@given(
    st.dates(date(1900, 1, 1), date(2030, 12, 31)),
    st.integers(1, 20_000),
    st.sampled_from([4, 7, 10]),
    st.sampled_from([4, 7, 10]),
)
def test_the_time_between_dates_is_that_of_counting_days(first, length, cut_first, cut_last):
    last = first + timedelta(days=length)
    rule = f"{first.isoformat()[:cut_first]}..{last.isoformat()[:cut_last]}"
    in_days, in_years = span_of_dates(rule, "day"), span_of_dates(rule)
    assert in_days.low <= length
    assert length + 1 <= in_days.high
    slack = {4: 366, 7: 31, 10: 1}
    assert in_days.high - in_days.low <= slack[cut_first] + slack[cut_last]
    for counted, exact in ((in_days.low, in_years.low), (in_days.high, in_years.high)):
        assert abs(float(counted) / 365.2425 - float(exact)) < 0.01


def test_an_end_in_the_same_year_as_the_start_may_be_any_day_of_it():
    assert str(span_of_dates("2020..2020", "day")) == "[-365, 366]"


def test_the_anniversary_of_a_leap_day_is_the_first_of_march():
    assert str(span_of_dates("2020-02-29..2021-03-01")) == "[1, 366/365]"  # a year, and a day more


@pytest.mark.parametrize(
    ("rate_unit", "time_unit", "factor"),
    [
        ("m3_per_year", "year", 1),
        ("m3_per_day", "day", 1),
        ("m3_per_year", "day", Fraction(10000, 3652425)),
        ("pound_per_day", "year", Fraction(3652425, 10000)),
    ],
)
def test_a_time_is_brought_to_what_the_rate_is_per(rate_unit, time_unit, factor):
    assert time_factor(rate_unit, time_unit) == factor


@pytest.mark.parametrize(
    ("rate_unit", "time_unit"), [("m3", "year"), ("m3_per_month", "year"), ("m3_per_year", "hour")]
)
def test_a_rate_and_a_time_that_do_not_fit_are_refused(rate_unit, time_unit):
    with pytest.raises(ValueError, match=f"cannot multiply {rate_unit} by {time_unit}: give a rate per year or day"):
        time_factor(rate_unit, time_unit)


@pytest.mark.parametrize(
    ("type", "rule", "said"),
    [
        ("not_comparable", "differs:window", "They differ: window. said together."),
        ("at_most", "differs:year.", "They differ: year. said together."),
    ],
)
def test_what_differs_is_reported_and_not_judged(type, rule, said):
    roles = ("a", "b") if type == "not_comparable" else ("smaller", "larger")
    found = judge(
        figure("c1", "44"), exports("c2", "41"), type=type, rule=rule, **dict(zip(roles, ("c1", "c2"), strict=True))
    )
    assert (found.word, str(found.explanation), found.label) == ("not comparable", said, "Trade and exports")


def test_a_relation_differs_by_its_rule_or_else_by_its_reason():
    rows = [relation("r01", "at_most", rule) for rule in ("differs:year", "same")] + [relation("r02", "not_comparable")]
    assert [difference(row) for row in rows] == ["year", "", "said together"]


def test_an_operand_left_out_is_taken_from_where_it_is_printed():
    claims = percent("c1", "32"), figure("c2", "41"), figure("c3", "35", period=year(2022), source="S2")
    found = judge(*claims, type="growth_of", growth="c1", last="c2")
    assert (found.word, found.missing) == (APART, ())  # 41.5/34.5 = 1.203
    assert [claim.id for claim in found.claims] == ["c1", "c2", "c3"]
    assert found.result.inputs == {"last": "c2", "first": "c3"}


def test_all_prints_of_an_operand_count_and_the_narrowest_is_named():
    # 31.0606 = 41/1.32: [31.05, 31.15) is said by c4, and c3 allows it
    levels = figure("c3", "31", period=year(2022)), figure("c4", "31.1", period=year(2022), source="S2")
    for printed in (levels, levels[::-1]):
        found = judge(percent("c1", "32"), figure("c2", "41"), *printed, type="growth_of", growth="c1", last="c2")
        assert {claim.id for claim in found.claims} == {"c1", "c2", "c3", "c4"}
        assert "$31.1 billion (S2) and $41 billion (S1) imply growth of" in str(found.explanation)


@pytest.mark.parametrize(
    ("other", "precision", "word"), [("31.1", "0.1", ALIKE), ("30.6", "0.1", ROUNDED), ("30", 10, ROUNDED)]
)
def test_a_relation_agrees_only_with_every_print_of_an_operand(other, precision, word):
    # 41/31 = 1.323 and 41/31.1 = 1.318 print 32; 41/30.6 = 1.340 prints 34 and 41/30 = 1.367 prints 37, but 32 fits
    more = figure("c4", other, precision=precision, period=year(2022), source="S2")
    levels = figure("c3", "31", period=year(2022)), more
    found = judge(percent("c1", "32"), figure("c2", "41"), *levels, type="growth_of", growth="c1", last="c2")
    assert found.word == word


def test_prints_of_an_operand_that_differ_are_their_own_disagreement():
    levels = figure("c3", "31", period=year(2022)), figure("c4", "33", period=year(2022), source="S2")
    claims = percent("c1", "32"), figure("c2", "41"), *levels
    found = judge_in_words(book(*claims, relations=[relation("r01", "growth_of", growth="c1", last="c2")]))
    assert [one.word for one in found.groups] == [APART]
    assert [one.word for one in found.relations] == [ALIKE]  # with the one of the two that fits
    assert [one.id for one in found.disagreements] == ["trade:2022"]


def test_the_level_aimed_at_is_the_level_of_the_targets_time():
    aim = times("c1", "2", precision="0.1", indicator="trade_doubling", period=year(2030))
    claims = aim, figure("c2", "41")
    found = judge(*claims, type="multiple_of", rule="same", multiple="c1", first="c2")
    assert [one.key for one in found.missing] == ["trade:2030"]
    assert found.result.value == 82 * 10**9
    met = judge(*claims, figure("c3", "85", period=year(2030)), type="multiple_of", multiple="c1", first="c2")
    assert (met.word, met.missing) == (ROUNDED, ())  # 85/41 = 2.07 prints 2.1; from 84.5/41.5 = 2.036


def test_a_rate_over_many_years_implies_a_level_that_no_year_names():
    window = replace(year(2023), start="1992-01-01", kind="window")
    claims = times("c1", "100", precision=10, period=window), figure("c2", "41"), figure("c3", "44", period=year(2022))
    found = judge(*claims, type="multiple_of", rule="covers", multiple="c1", last="c2")
    assert (found.word, found.result.value) == (OPEN, 41 * 10**7)
    told = "No text prints trade at the start of the time, 1992–2023; the figures imply $385 to 437 million."
    assert str(found.explanation) == told  # 40.5/105 and 41.5/95
    assert found.result.label.startswith("Level at the start of the time implied by ")
    aimed = judge(claims[0], claims[2], type="multiple_of", rule="covers", multiple="c1", first="c3")
    assert str(aimed.explanation).startswith("No text prints trade at the end of the time, 1992–2023; ")


def test_a_growth_and_a_multiple_of_one_level_share_one_ratio():
    rows = (
        relation("r01", "growth_of", growth="c1", last="c3"),
        relation("r02", "multiple_of", multiple="c2", last="c3"),
    )
    ledger = book(percent("c1", "84"), times("c2", "2"), figure("c3", "1"), relations=rows)
    one, other = views_of(ledger).values()
    shared = {"trade:2023/trade:2022", "trade:2023", "trade:2022"}
    assert set(one.quantities) & set(other.quantities) == shared
    assert [type(kind) for kind in one.constraints + other.constraints] == [Line, Product, Line, Product]
    network = network_of_statements(ledger, [one, other], {}, USUAL)
    assert len(network.constraints) == 3  # the product is one and the same


def test_counts_are_whole_in_the_network():
    claims = count("c1", "16"), count("c2", "40", "more_than", period=year(2022))
    row = relation("r01", "at_most", smaller="c1", larger="c2")
    (view,) = views_of(book(*claims, relations=[row])).values()
    made = network_of_statements(book(*claims), [view], {"projects:2023": claims[:1]}, USUAL)
    assert made.whole == {"projects:2023", "projects:2022"}
    assert view.constraints == (Order("projects:2023", "projects:2022", frozenset(["r01"])),)


def test_a_claim_left_out_is_ignored_and_one_on_another_quantity_kept():
    claims = exports("c1", "44"), figure("c2", "41"), figure("c3", "7", period=year(2000))
    (view,) = views_of(book(*claims, relations=[relation("r01", "part_of", part="c1", total="c2")])).values()
    said = {"exports:2023": (), "trade:2023": claims[1:2], "trade:2000": claims[2:]}
    made = network_of_statements(book(*claims), [view], said, USUAL)
    assert {key: str(span.interval) for key, span in made.spans.items()} == {
        "exports:2023": "[0, ∞)",
        "trade:2023": "[40500000000, 41500000000)",
        "trade:2000": "[6500000000, 7500000000)",
    }


def test_a_claim_with_its_own_reading_leaves_the_others_as_usual():
    claims = exports("c1", "44", "about", precision=1), figure("c2", "41", "about", precision=1)
    (view,) = views_of(book(*claims, relations=[relation("r01", "part_of", part="c1", total="c2")])).values()
    said = {"exports:2023": claims[:1], "trade:2023": claims[1:]}
    made = network_of_statements(book(*claims), [view], said, USUAL, own_readings={"c1": (Reading(widest=True),)})
    assert [(float(span.interval.low), float(span.interval.high)) for span in made.spans.values()] == [
        (42e9, 46e9),  # twice as wide
        (40e9, 42e9),
    ]


def test_a_claim_with_several_readings_reaches_over_all_of_them():
    claims = (figure("c1", "41"),)
    said = {"trade:2023": claims}
    anyhow = {"c1": tuple(map(Reading, ROUNDINGS))}
    made = network_of_statements(book(*claims), [], said, USUAL, own_readings=anyhow)
    assert str(made.spans["trade:2023"].interval) == "[40500000000, 42000000000)"  # 42 is cut off to 42


def test_a_sum_is_a_sum_of_all_its_parts():
    claims = exports("c1", "1"), figure("c2", "2", indicator="imports"), figure("c3", "3")
    row = relation("r01", "sum_of", total="c3", parts="c1+c2")
    (view,) = views_of(book(*claims, relations=[row])).values()
    assert view.constraints == (Sum("trade:2023", ("exports:2023", "imports:2023"), frozenset(["r01"])),)
