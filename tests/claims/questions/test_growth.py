"""Growth, implied levels and doubling times, on a ledger small enough to work out by hand."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from claims.content.phrases import Link
from claims.ledger.intervals import Reading
from claims.ledger.model import Claim, Period
from claims.ledger.official import join_official
from claims.questions import growth, growth_exhibits
from claims.questions.levels import shared_level
from claims.results.finding import Finding
from claims.words.values import range_text, value_text
from hypothesis import given
from hypothesis import strategies as st
from made_up import INDICATORS, book, count, figure, first_quarter, percent, quoted, relation, times, year
from named_inputs import named_but_not_used

USUAL = Reading()
KINDS = {one.id: one for one in INDICATORS}
CLAIMS = (
    figure("c01", "10", period=year(2014)),
    figure("c02", "30", "about", period=year(2022)),
    figure("c03", "31.1", period=year(2022), source="S2"),
    figure("c04", "41"),
    figure("c05", "44", period=year(2024)),
    figure("c06", "6.3", period=first_quarter(2024)),
    percent("c07", "32"),
    percent("c08", "20", source="S2"),
    times("c09", "2"),
    times("c10", "2", indicator="trade_doubling"),
    percent("c11", "32", repeats="c07"),
)
RELATIONS = (
    relation("r01", "growth_of", growth="c07", last="c04"),
    relation("r02", "growth_of", growth="c07", last="c04", first="c03"),
    relation("r03", "growth_of", growth="c08", last="c04", first="c03"),
    relation("r04", "multiple_of", multiple="c09", last="c04"),
    relation("r05", "multiple_of", multiple="c09", last="c04", first="c03"),
    relation("r06", "multiple_of", multiple="c10", first="c04"),
    relation("r07", "annualised", quarter="c06", year="c04"),
)
LEDGER = book(*CLAIMS, relations=RELATIONS)
BASE, LEVEL, WISH = (LEDGER.claim(id) for id in ("c04", "c05", "c10"))


def test_a_rate_and_the_level_it_leads_to_imply_the_level_before():
    rate = growth.reported_rates(LEDGER, USUAL)[0]
    # 41/1.32 = 31.06, from 40.5/1.325 = 30.57 to 41.5/1.315 = 31.56; the increase is 9.94, from 9.70 to 10.18
    assert (value_text(rate.base), range_text(rate.base)) == ("$31.1 billion", "$30.5 to 31.6 billion")
    assert (value_text(rate.increase), range_text(rate.increase)) == ("$9.9 billion", "$9.70 to 10.18 billion")
    assert (rate.computed, rate.fits) == (None, None)


def test_two_printed_levels_show_whether_the_printed_rate_fits():
    _, fitting, unfitting = growth.reported_rates(LEDGER, USUAL)
    # 41/31.1 = 1.3183; from 40.5/31.15 = 1.3002 to 41.5/31.05 = 1.3366: 32 fits and 20 does not
    assert float(fitting.computed.value) == pytest.approx(31.83, abs=0.005)
    assert range_text(fitting.computed) == "30.0% to 33.7%"
    assert [rate.fits for rate in (fitting, unfitting)] == [True, False]


def test_a_rate_between_printed_levels_is_set_beside_the_growth_they_give():
    rates = growth.reported_rates(LEDGER, USUAL)
    implied, fitting, unfitting = growth_exhibits.rates_table(LEDGER, rates, USUAL)
    assert (value_text(implied["before"]), implied["computed"]) == ("$31.1 billion", None)
    assert [row["before"].id for row in (fitting, unfitting)] == ["c03", "c03"]
    assert fitting["before_range"] == Link("$31.05 to 31.15 billion", "c03")
    assert [row["fits"] for row in (implied, fitting, unfitting)] == ["–", "yes", "no"]
    assert value_text(fitting["computed"]) == "32%"


def test_levels_of_texts_that_contradict_each_other_are_not_mixed():
    claims = (
        figure("c1", "39", "about", period=year(2022)),
        figure("c2", "38.8", period=year(2022), source="S2"),
        figure("c3", "34", "about"),
        figure("c4", "28.7", source="S2"),
        percent("c5", "-26", source="S3"),
    )
    relations = (relation("r1", "growth_of", growth="c5", last="c3", first="c1"),)
    ledger = book(*claims, relations=relations)
    (rate,) = growth.reported_rates(ledger, USUAL)
    assert (rate.first.id, rate.last.id) == ("c1", "c3")  # and not 38.8, which narrows down about 39
    (row,) = growth.between_levels(ledger, USUAL)
    assert (row["first"].id, row["last"].id) == ("c2", "c4")
    loose = figure("c6", "39", period=year(2022), precision="0.2", source="S4")  # the narrowest of that year
    (row,) = growth.between_levels(book(*claims[:1], *claims[2:4], loose), USUAL)
    assert (row["first"].id, row["last"].id) == ("c6", "c4")  # S2 prints no level of that year


def test_counts_and_single_months_grow_from_year_to_year():
    may = [Period(f"{year}-05-01", f"{year}-05-31", "window", "stated") for year in (2023, 2024)]
    half = Period("2022-05-01", "2022-05-15", "window", "stated")
    claims = (
        figure("c1", "1150", period=may[0]),
        figure("c2", "1240", period=may[1]),
        figure("c3", "1200", period=half),
        count("c4", "50", period=year(2022)),
        count("c5", "60", period=year(2024)),
    )
    rows = growth.between_levels(book(*claims), USUAL)
    assert [row["growth"].id for row in rows] == ["growth_projects_2022_2024", "growth_trade_2023_05_2024_05"]
    what = growth_exhibits.between_table(rows)[1]["what"]
    assert str(what) == "Trade, 2023-05 to 2024-05"


def test_what_is_expected_is_not_called_reported_nor_a_level_to_grow_to():
    coming = Period("2026-01-01", "2026-12-31", "horizon", "stated")  # the texts are of July 2025
    claims = (
        percent("c1", "4", period=year(2025)),
        percent("c2", "3", period=coming),
        percent("c3", "5", period=year(2024)),
        figure("c4", "41", period=year(2024)),
        figure("c5", "45", period=year(2025)),
    )
    ledger = book(*claims)
    assert growth.between_levels(ledger, USUAL) == []
    drawn = growth_exhibits.rates_chart(ledger, [], [], USUAL)
    kinds = {"c1": "expected", "c2": "expected", "c3": "reported"}
    assert dict(zip(drawn["field"], drawn["kind"], strict=True)) == kinds
    assert "Trade growth, 2026 (S1)" in set(drawn["label"])
    caption = growth_exhibits.rates_caption(drawn)
    assert "as they expect them" in caption
    assert "crosses" not in caption
    assert "quarter" not in caption


def test_a_multiple_implies_a_level_or_is_compared_with_two():
    implied, held, wish = growth.reported_multiples(LEDGER, USUAL)
    assert (value_text(implied.base), implied.fits) == ("$21 billion", None)  # 41/2
    assert (value_text(held.computed), held.fits) == ("1.32 times", False)  # 41/31.1
    assert value_text(held.increase) == "100%"  # twice is 100 % more
    assert wish.base is wish.computed is None


def test_growth_between_any_two_years_uses_the_narrowest_claim():
    rows = growth.between_levels(LEDGER, USUAL)
    spans = [(row["first_year"], row["last_year"]) for row in rows]
    assert spans == [(2014, 2022), (2014, 2023), (2014, 2024), (2022, 2023), (2022, 2024), (2023, 2024)]
    assert rows[3]["first"].id == rows[3]["first_claim"].id == "c03"  # 31.1 and not “about 30”
    assert {row["indicator"] for row in rows} == {"trade"}


SEVERAL = book(
    figure("c01", "31", period=year(2022)),
    figure("c02", "33", period=year(2022), source="S2"),
    figure("c03", "41"),
    figure("c04", "41", "more_than", precision=1, source="S2"),
    figure("c05", "41", "more_than", precision=1, source="S3"),
    figure("c06", "44", period=year(2024)),
    figure("c07", "30", "about", period=year(2024), precision=20, source="S2"),
    times("c08", "2", indicator="trade_doubling"),
    relations=(relation("r01", "multiple_of", multiple="c08", first="c03"),),
)


def test_a_level_that_several_texts_print_is_what_all_of_them_allow():
    (level,) = growth.levels(SEVERAL, USUAL)  # 31 and 33 have no value in common; about 30 does not narrow 44 down
    assert (level.id, level.value, range_text(level)) == ("level_trade_2023", 41_250 * 10**6, "$41.0 to 41.5 billion")
    assert (level.interval.low, level.interval.low_closed) == (41 * 10**9, False)  # more than 41
    assert level.inputs == {"claims": ("c03", "c04", "c05")}
    assert growth.levels(LEDGER, USUAL) == []


def test_the_point_of_a_common_level_is_inside_it_and_its_middle():
    counted = book(count("c1", "600", "none"), figure("c2", "44", period=year(2024)))
    for reading in (USUAL, Reading("half_even"), Reading("truncation"), Reading(hedge_width=Fraction(1, 4))):
        for ledger in (LEDGER, SEVERAL, counted):
            for claim in ledger.claims.values():
                level = shared_level(ledger, claim, reading)
                span = level.interval if isinstance(level, Finding) else ledger.interval(level, reading)
                point = level.value if isinstance(level, Finding) else level.point
                assert isinstance(level, Claim) or abs(2 * point - span.low - span.high) <= (level.unit == "count")
                assert level is claim or point in span


def test_a_level_is_a_figure_as_printed_where_that_is_the_middle():
    finer = book(figure("c1", "1.8"), figure("c2", "1.81", source="S2"), figure("c3", "44", period=year(2024)))
    assert [shared_level(finer, claim, USUAL).id for claim in finer.claims.values()] == ["c2", "c2", "c3"]
    cut = shared_level(finer, finer.claim("c3"), Reading("truncation"))  # [44, 45)
    assert (cut.id, cut.value) == ("level_trade_2024", 44_500 * 10**6)


def test_a_series_is_not_mixed_with_the_texts():
    series = [quoted("o001", "41"), quoted("o002", "41", "more_than", precision=1)]
    alone = join_official(book(figure("c1", "41"), official=series[:1]))
    assert shared_level(alone, alone.claim("o001"), USUAL).id == "o001"
    both = join_official(book(figure("c1", "41"), official=series))
    assert shared_level(both, both.claim("c1"), USUAL).id == "c1"
    level = shared_level(both, both.claim("o001"), USUAL)
    assert (level.id, level.value) == ("level_trade_2023_official", 41_250 * 10**6)


def test_every_table_takes_the_same_level():
    ledger = book(
        *SEVERAL.claims.values(),
        percent("c09", "32"),
        percent("c10", "32", source="S3"),
        figure("c11", "6.3", period=first_quarter(2024)),
        relations=(
            relation("r1", "growth_of", growth="c09", last="c03"),
            relation("r2", "growth_of", growth="c10", last="c05"),
            relation("r3", "annualised", quarter="c11", year="c03"),
        ),
    )
    (rate,) = growth.reported_rates(ledger, USUAL)  # one rate on one level, printed by two texts
    assert (rate.sources, rate.last.id) == (("S1", "S3"), "level_trade_2023")
    # 41.25/1.32 = 31.25, from 41/1.325 = 30.94 to 41.5/1.315 = 31.56
    assert (value_text(rate.base), range_text(rate.base)) == ("$31.3 billion", "$30.9 to 31.6 billion")
    (quarter,) = growth.quarters(ledger, USUAL)
    assert float(quarter["pace_gap"].value) == pytest.approx(-38.909, abs=0.001)  # 25.2/41.25


def test_growth_starts_from_the_level_that_all_texts_allow():
    row = growth.between_levels(SEVERAL, USUAL)[-1]
    assert (row["first"].id, row["first_claim"].id) == ("level_trade_2023", "c03")
    assert row["last"] is row["last_claim"]
    assert row["growth"].inputs == {"last": "c06", "first": "level_trade_2023"}
    assert float(row["growth"].value) == pytest.approx(6.667, abs=0.001)  # 44/41.25: from the middle of 41 to 41.5
    assert range_text(row["growth"]) == "4.8% to 8.6%"  # 43.5/41.5 and 44.5/41 = 1.0854, not 44.5/40.5 = 1.099


def test_the_doubling_counts_from_what_all_texts_allow():
    base, level, wish = growth.doubling_claims(SEVERAL, 2023, USUAL)
    assert (base.id, level.id) == ("c03", "c06")
    target = growth.target(SEVERAL, USUAL, base, wish)
    assert (target.inputs["first"], range_text(target)) == (
        "level_trade_2023",
        "$82 to 83 billion",
    )  # 2 × 41 and 2 × 41.5
    rate = growth.required_rate(SEVERAL, USUAL, base, level, wish, 2025)
    # in one year from 44.5 to 82, or from 43.5 to 83
    assert (rate.inputs["base"], range_text(rate)) == ("level_trade_2023", "84.2% to 90.9%")
    (row,) = growth.doubling(SEVERAL, USUAL, base, level, wish, [100])
    assert row["years"].inputs["base"] == "level_trade_2023"
    # log2(82/44.5) = 0.882 and log2(83/43.5) = 0.932
    assert [float(end) for end in (row["years"].interval.low, row["years"].interval.high)] == pytest.approx(
        [0.8818, 0.9321], abs=1e-4
    )


def test_the_chart_names_the_level_and_the_years_of_what_is_computed():
    drawn = growth_exhibits.rates_chart(SEVERAL, [], growth.between_levels(SEVERAL, USUAL), USUAL)
    assert drawn[["label", "claim"]].to_numpy().tolist() == [
        ["Trade, 2022 to 2023", "c01 c03"],
        ["Trade, 2023 to 2024", "level_trade_2023 c06"],
    ]


def test_rates_per_year_and_doubling_times_are_those_worked_by_hand():
    rows = {(row["first_year"], row["last_year"]): row for row in growth.between_levels(LEDGER, USUAL)}
    decade = rows[2014, 2024]
    # (44/10)^(1/10) = e^0.148160 = 1.15970; 10 × 0.693147/1.481605 = 4.678
    assert float(decade["per_year"].value) == pytest.approx(15.970, abs=0.001)
    assert float(decade["doubling"].value) == pytest.approx(4.678, abs=0.001)
    assert rows[2023, 2024]["per_year"] is None
    assert float(rows[2023, 2024]["growth"].value) == pytest.approx(7.317, abs=0.001)  # 3/41


@pytest.mark.parametrize(("last", "rate"), [("41", Fraction(-75, 11)), ("44", 0)])
def test_what_does_not_grow_never_doubles(last, rate):
    (row,) = growth.between_levels(book(figure("c1", "44", period=year(2022)), figure("c2", last)), USUAL)
    assert row["doubling"] is None
    assert row["growth"].value == rate


def test_growth_per_year_belongs_to_spans_of_more_than_a_year():
    rows = growth.between_levels(book(figure("c1", "40", period=year(2021)), figure("c2", "44")), USUAL)
    assert [row["years"] for row in rows] == [2]
    assert float(rows[0]["per_year"].value) == pytest.approx(4.8809, abs=1e-4)  # 1.1^(1/2)


def test_a_level_of_a_single_year_has_no_growth_and_may_be_doubled():
    single = book(BASE, WISH, relations=RELATIONS[5:6])
    assert growth.between_levels(single, USUAL) == []
    assert [claim.id for claim in growth.doubling_claims(single, 2023, USUAL)] == ["c04", "c04", "c10"]


def test_only_a_percent_rate_without_earlier_level_has_an_increase():
    share, points = percent("c1", "28", indicator="trade_share"), figure("c2", "3", indicator="share_change")
    points = replace(points, unit="percentage_points", multiplier=Fraction(1))
    rows = [relation("r01", "growth_of", growth="c2", last="c1")]
    (rate,) = growth.reported_rates(book(share, points, relations=rows), USUAL)
    assert (value_text(rate.base), rate.increase) == ("25%", None)
    assert [rate.increase is None for rate in growth.reported_rates(LEDGER, USUAL)] == [False, True, True]


def test_the_doubling_takes_as_long_as_multiplying_year_by_year():
    for row in growth.doubling(LEDGER, USUAL, BASE, LEVEL, WISH, [5, 7.5, 10, 15]):
        trade, years = 44.0, 0
        while trade * (1 + row["rate_pct"] / 100) <= 82:
            trade, years = trade * (1 + row["rate_pct"] / 100), years + 1
        assert years <= row["years"].value < years + 1
        assert row["years"].interval.low < row["years"].value < row["years"].interval.high


def test_another_wish_is_another_aim():
    thrice = times("c12", "3", indicator="trade_doubling")
    (row,) = growth.doubling(LEDGER, USUAL, BASE, LEVEL, thrice, [100])
    assert float(row["years"].value) == pytest.approx(1.483, abs=0.001)  # log2(123/44)
    assert "to 3 times the 2023 level" in row["years"].label


def test_the_required_rate_reaches_the_target_in_the_horizon_year():
    rate = growth.required_rate(LEDGER, USUAL, BASE, LEVEL, WISH, 2030)
    assert 44 * (1 + float(rate.value) / 100) ** 6 == pytest.approx(82)


@pytest.mark.parametrize("horizon", [2023, 2024])
def test_a_horizon_that_has_passed_is_refused_by_its_parameter(horizon):
    with pytest.raises(ValueError, match=f"doubling_horizon_year must be after 2024.*got {horizon}"):
        growth.required_rate(LEDGER, USUAL, BASE, LEVEL, WISH, horizon)


def test_the_doubling_uses_the_base_the_latest_level_and_the_wish():
    assert [claim.id for claim in growth.doubling_claims(LEDGER, 2023, USUAL)] == ["c04", "c05", "c10"]
    with pytest.raises(ValueError, match="no level for the base year 2019; doubling_base_year can be 2014, 2022"):
        growth.doubling_claims(LEDGER, 2019, USUAL)


def test_a_doubling_that_has_been_reached_is_not_computed():
    with pytest.raises(
        ValueError, match="has reached 2 times the level of 2014 already; choose a later doubling_base_"
    ):
        growth.doubling_claims(LEDGER, 2014, USUAL)  # 2 × 10 lies below 44
    reached = book(
        *(one for one in CLAIMS if one.id != "c01"), figure("c01", "22", period=year(2014)), relations=RELATIONS
    )
    with pytest.raises(ValueError, match="has reached 2 times the level of 2014 already"):
        growth.doubling_claims(reached, 2014, USUAL)  # 2 × 22 is 44


def test_the_target_takes_the_printed_multiple_exactly():
    target = growth.target(LEDGER, USUAL, BASE, LEDGER.claim("c10"))
    assert (value_text(target), range_text(target)) == ("$82 billion", "$81 to 83 billion")  # 2 × 40.5 and 2 × 41.5


def test_a_quarter_is_compared_with_its_year():
    (row,) = growth.quarters(LEDGER, USUAL)
    assert row["four_quarters"].value == Fraction("25.2e9")  # 4 × 6.3
    assert value_text(row["quarter_share"]) == "15.4%"  # 6.3/41
    assert value_text(row["pace_gap"]) == "−39%"  # 25.2/41 − 1


@given(
    rest=st.lists(st.sampled_from(("43.8", "44", "44.0", "45", "40", "44.2")), min_size=1, max_size=3), data=st.data()
)
def test_findings_are_named_by_figures_that_they_are_computed_from(rest, data):
    levels = [
        figure(f"c{n}", text, period=year(2024), source=f"S{n % 4 + 1}") for n, text in enumerate(rest, start=101)
    ]
    years = ["c04", "c05", *data.draw(st.permutations([level.id for level in levels]))]
    rows = [relation(f"r1{n}", "annualised", quarter="c06", year=id) for n, id in enumerate(years)]
    rows += [relation(f"r2{n}", "growth_of", growth="c07", last=id) for n, id in enumerate(years)]
    ledger = book(*CLAIMS, *levels, relations=(*RELATIONS, *rows))
    found = [*growth.reported_rates(ledger, USUAL), *growth.reported_multiples(ledger, USUAL)]
    quarters, between = growth.quarters(ledger, USUAL), growth.between_levels(ledger, USUAL)
    findings = growth.findings_in(found, between, quarters, [{"level": one} for one in growth.levels(ledger, USUAL)])
    assert len(findings) > 10
    assert named_but_not_used([one.to_json() for one in findings]) == {}
    assert len({(row["quarter"].id, row["level"].id) for row in quarters}) == len(quarters)


def test_a_quarter_is_compared_with_the_level_that_two_texts_allow_once():
    # 43.8 lies within what 44 stands for, so the level is 43.8 in whichever relation: 25.2/43.8 = 0.575
    precise = figure("c102", "43.8", period=year(2024), source="S2")
    rows = tuple(relation(f"r{n}", "annualised", quarter="c06", year=id) for n, id in enumerate(("c05", "c102")))
    (row,) = growth.quarters(book(*CLAIMS, precise, relations=rows), USUAL)
    assert (row["pace_gap"].id, row["level"].id) == ("pace_gap_c06_c102", "c102")
    assert float(row["pace_gap"].value) == pytest.approx(-42.466, abs=0.001)


def test_the_chart_has_each_reported_rate_once_and_consecutive_levels():
    between = growth.between_levels(LEDGER, USUAL)
    drawn = growth_exhibits.rates_chart(LEDGER, growth.reported_multiples(LEDGER, USUAL), between, USUAL)
    claims = drawn.groupby("kind")["claim"].agg(sorted).to_dict()
    assert claims == {"computed": ["c03 c04", "c04 c05"], "reported": ["c07", "c08", "c09"]}
    assert (drawn["low"] <= drawn["point"]).all()
    assert (drawn["point"] <= drawn["high"]).all()


def test_the_title_names_computed_rates_only_where_there_are_any():
    drawn = growth_exhibits.rates_chart(LEDGER, growth.reported_multiples(LEDGER, USUAL), [], USUAL)
    assert growth_exhibits.rates_title(LEDGER, drawn) == "Reported yearly growth runs from {c08} to {c09}"
    one = drawn[drawn["field"] == "c08"]
    assert growth_exhibits.rates_title(LEDGER, one) == "Reported yearly growth is {c08}"
    drawn = growth_exhibits.rates_chart(LEDGER, [], growth.between_levels(LEDGER, USUAL), USUAL)
    several = "; the levels of years in a row give {growth_trade_2023_2024} to {growth_trade_2022_2023}"
    assert growth_exhibits.rates_title(LEDGER, drawn).endswith(several)
    alone = growth_exhibits.rates_chart(LEDGER, [], growth.between_levels(LEDGER, USUAL)[3:4], USUAL)
    assert "; the levels give {growth_trade_2022_2023} for " in growth_exhibits.rates_title(LEDGER, alone)


@pytest.mark.parametrize(
    ("rate", "years"),
    # from 43.5 … 44.5 to 81 … 83 billion: ln(81/44.5) = 0.599 to ln(83/43.5) = 0.646, divided by ln(1 + rate)
    [(10, "2031"), (7.5, "2033"), (7.1, "2033 or 2034"), (5, "2037 or 2038"), (1, "2085 to 2089")],
)
def test_the_years_a_doubling_may_fall_in_are_named(rate, years):
    doubled = growth.doubling(LEDGER, USUAL, BASE, LEVEL, WISH, [rate])
    assert growth_exhibits.doubling_table(doubled)[0]["year"].text == years


def test_every_finding_of_results_is_listed_once_and_in_its_interval():
    results = [*growth.reported_rates(LEDGER, USUAL), *growth.between_levels(LEDGER, USUAL)]
    findings = growth.findings_in(results)
    assert len({one.id for one in findings}) == len(findings) > 10
    assert all(one.interval.low <= one.value <= one.interval.high for one in findings)


def test_the_tables_have_one_row_for_every_result():
    rates, between = growth.reported_rates(LEDGER, USUAL), growth.between_levels(LEDGER, USUAL)
    assert len(growth_exhibits.rates_table(LEDGER, rates, USUAL)) == 3
    assert len(growth_exhibits.between_table(between)) == len(between)
    assert len(growth_exhibits.quarters_table(LEDGER, growth.quarters(LEDGER, USUAL))) == 1
    (row,) = growth_exhibits.doubling_table(growth.doubling(LEDGER, USUAL, BASE, LEVEL, WISH, [10]))
    assert row["year"] == Link("2031", "f-doubling-years-at-10")  # 6.5 years from the end of 2024
