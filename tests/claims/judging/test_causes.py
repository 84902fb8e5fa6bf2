"""Every candidate cause in every state the ledger can put it in, and what a disagreement turns over."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from claims.judging.causes import LOWER, MOST_RULES, STATES, Case, flips_of, likeliest, rules_of
from claims.ledger.intervals import ROUNDINGS, Interval, Reading
from claims.ledger.model import Claim, Ledger, Period
from claims.ledger.rules import CAUSES
from claims.ledger.subject import Subject
from in_words import VerdictInWords, judge_in_words
from made_up import book, count, figure, percent, quoted, relation, year

SUPPORTED, OPEN, EXCLUDED = STATES
ANYTHING = Interval(None, None)
TWO = figure("c1", "24"), figure("c2", "26", source="S2")
ONE_TEXT = figure("c1", "24"), figure("c2", "26")
TWO_LINES = ONE_TEXT[0], replace(ONE_TEXT[1], line=2)
ABOUT_26 = figure("c2", "26", "about", precision=1, source="S2")
PART = figure("c1", "44", indicator="exports"), figure("c2", "41")
PART_OF = (relation("r01", "part_of", part="c1", total="c2"),)
UNDATED = Period("", "", "undated", "stated")
SAID = {
    "trade": {"authority": ("customs",), "price_basis": "current_usd", "gross_or_net": "gross", "coverage": "goods"}
}


def ledger(claims: tuple[Claim, ...], rows=(), **indicators: dict) -> Ledger:
    """Return a ledger in which indicators are described as given."""
    made = book(*claims, relations=rows)
    known = made.indicators
    changed = {name: replace(known[name], **columns) for name, columns in indicators.items()}
    return replace(made, indicators=known | changed)


def disagreement(made: Ledger, reading: Reading | None = None) -> VerdictInWords:
    (found,) = judge_in_words(made, reading).disagreements
    return found


def inferred(*claims: Claim) -> tuple[Claim, ...]:
    return tuple(replace(one, period=replace(one.period, basis="inferred")) for one in claims)


def of_both(column: str, one: object, other: object) -> Ledger:
    """Return a part above its whole, of which a column of the two indicators says this and that."""
    usual = {"price_basis": "current_usd"}
    return ledger(PART, PART_OF, trade={**usual, column: one}, exports={**usual, column: other})


def trade(**columns: object) -> Ledger:
    return ledger(TWO, trade=columns)


@pytest.mark.parametrize(
    ("cause", "made", "state"),
    [
        ("authority", trade(authority=("unknown",)), OPEN),
        ("authority", trade(authority=("customs", "bank")), OPEN),
        ("authority", trade(authority=("customs",)), EXCLUDED),
        ("authority", of_both("authority", ("customs",), ("bank",)), SUPPORTED),
        ("authority", of_both("authority", ("customs", "bank"), ("bank",)), OPEN),
        ("authority", of_both("authority", ("bank",), ("unknown",)), OPEN),
        ("window", ledger(TWO), EXCLUDED),
        ("window", ledger(inferred(*TWO)), OPEN),
        ("window", ledger((*inferred(TWO[0]), TWO[1])), OPEN),
        ("window", ledger((PART[0], replace(PART[1], period=year(2024))), PART_OF), SUPPORTED),
        ("scope", trade(coverage="goods"), EXCLUDED),
        ("scope", trade(coverage="goods, services not said"), OPEN),
        ("scope", of_both("coverage", "goods", "services"), SUPPORTED),
        ("scope", of_both("coverage", "goods", "services, freight not said"), OPEN),
        ("flow_or_stock", trade(flow_or_stock="flow"), EXCLUDED),
        ("flow_or_stock", trade(flow_or_stock="unknown"), OPEN),
        ("flow_or_stock", trade(flow_or_stock=""), OPEN),
        ("flow_or_stock", of_both("flow_or_stock", "flow", "stock"), SUPPORTED),
        ("flow_or_stock", trade(flow_or_stock="flow", coverage="goods, services not said"), OPEN),
        ("flow_or_stock", ledger(TWO_LINES, trade={"coverage": "goods, services not said"}), EXCLUDED),  # of one text
        ("gross_or_net", trade(gross_or_net="gross", price_basis="current_usd"), EXCLUDED),
        ("gross_or_net", trade(gross_or_net="unknown", price_basis="current_usd"), OPEN),
        ("gross_or_net", trade(gross_or_net="unknown", price_basis="physical"), EXCLUDED),
        ("gross_or_net", trade(gross_or_net="unknown", price_basis="current_usd", flow_or_stock="neither"), EXCLUDED),
        ("gross_or_net", of_both("gross_or_net", "gross", "net"), SUPPORTED),
        ("gross_or_net", of_both("price_basis", "none", "physical"), EXCLUDED),
        ("gross_or_net", trade(gross_or_net="gross", price_basis="current_usd", coverage="not clear"), OPEN),
        ("unit_counted", ledger(TWO), EXCLUDED),
        ("unit_counted", ledger((count("c1", "45"), count("c2", "46", source="S2"))), OPEN),
        (
            "unit_counted",
            ledger((replace(count("c1", "46"), indicator="first_year"), count("c2", "45")), PART_OF),
            SUPPORTED,
        ),
        ("volume_or_value", trade(price_basis="current_usd"), EXCLUDED),
        ("volume_or_value", trade(price_basis="current_usd", coverage="goods, services not said"), EXCLUDED),
        ("volume_or_value", trade(price_basis="unknown"), OPEN),
        ("volume_or_value", trade(price_basis=""), OPEN),
        ("volume_or_value", of_both("price_basis", "current_usd", "physical"), SUPPORTED),
        ("revision", ledger(TWO_LINES), EXCLUDED),
        ("revision", ledger(TWO), OPEN),
        ("rounding", ledger(TWO), EXCLUDED),
        ("rounding", ledger((TWO[0], figure("c2", "25"))), OPEN),  # cut off, 24 reaches up to 25
        ("rounding", ledger((figure("c1", "41", "less_than"), figure("c2", "41", "more_than"))), OPEN),  # they meet
        ("rounding", ledger((figure("c1", "41", "more_than"), figure("c2", "43"))), EXCLUDED),  # 42.5, widest 43
        ("rounding", ledger((TWO[0], figure("c2", "24.5", "exact"))), OPEN),  # half even, 24.5 is 24
        ("misplaced_period", ledger(TWO), EXCLUDED),
        ("misplaced_period", ledger((TWO[0], *inferred(TWO[1]))), OPEN),
        ("misplaced_period", ledger((*TWO, figure("c3", "24", period=year(2020)))), SUPPORTED),
        ("misplaced_period", ledger((*TWO, figure("c3", "24", source="S3", period=year(2020)))), EXCLUDED),
        ("misplaced_period", ledger((*TWO, figure("c3", "24", period=UNDATED))), EXCLUDED),
        ("loose_wording", ledger(TWO), EXCLUDED),
        ("loose_wording", ledger((figure("c1", "24", "about"), figure("c2", "29"))), OPEN),
        ("loose_wording", ledger((figure("c1", "24", wide="4"), TWO[1])), SUPPORTED),  # 22 to 26
        ("loose_wording", ledger((figure("c1", "24", wide="1.5"), TWO[1])), OPEN),  # 23.25 to 24.75
        ("loose_wording", ledger((figure("c1", "24", "about", precision=1), TWO[1])), OPEN),  # 22 to 26, in no words
        ("loose_wording", ledger((figure("c1", "24", wide="1.5"), ABOUT_26)), OPEN),  # only with 24 to 28 for the other
    ],
)
def test_a_cause_is_in_the_state_that_the_ledger_puts_it_in(cause, made, state):
    assert disagreement(made).causes[cause] == state


@pytest.mark.parametrize(
    ("day", "state"), [("2025-06-01", SUPPORTED), ("2025-06-02", OPEN), ("2025-07-30", OPEN), ("2025-07-31", SUPPORTED)]
)
def test_texts_thirty_days_apart_may_print_other_vintages(day, state):
    made = ledger(TWO)  # of 2025-07-01
    other = replace(made.sources["S2"], reference_date=day)
    assert disagreement(replace(made, sources=made.sources | {"S2": other})).causes["revision"] == state


def test_the_first_and_the_last_of_several_texts_are_compared():
    made = ledger((*TWO, figure("c3", "24", source="S3")))
    days = {"S1": "2024-07-01", "S2": "2024-07-20", "S3": "2024-08-01"}
    dated = {name: replace(made.sources[name], reference_date=day) for name, day in days.items()}
    assert disagreement(replace(made, sources=made.sources | dated)).causes["revision"] == SUPPORTED


def test_only_wording_separates_figures_of_one_line_for_one_thing():
    open_to_all = {"coverage": "goods, services not said", "price_basis": "unknown", "flow_or_stock": "unknown"}
    claims = inferred(figure("c1", "24", "about", precision=1), figure("c2", "26"))
    found = disagreement(ledger(claims, trade=open_to_all)).causes
    assert {cause for cause, state in found.items() if state != EXCLUDED} == {"loose_wording"}
    apart = disagreement(ledger((claims[0], replace(claims[1], line=2)), trade=open_to_all)).causes
    shut = {cause for cause, state in apart.items() if state == EXCLUDED}
    assert shut == {"unit_counted", "revision", "rounding"}


def test_figures_of_two_things_in_one_line_are_open_to_every_cause():
    assert disagreement(ledger(PART, PART_OF)).causes["authority"] == OPEN
    other = replace(PART[1], indicator="exports", period=year(2024))
    rows = [relation("r01", "at_most", "previous_year", smaller="c1", larger="c2")]
    assert disagreement(ledger((PART[0], other), rows)).causes["window"] == SUPPORTED


def test_every_cause_is_named_once_in_the_order_of_the_list():
    assert tuple(disagreement(ledger(TWO)).causes) == CAUSES
    assert set(disagreement(ledger(TWO)).causes.values()) <= set(STATES)


@pytest.mark.parametrize("rounding", ROUNDINGS)
def test_every_writer_may_round_by_a_rule_whichever_a_reading_takes(rounding):
    assert disagreement(ledger((TWO[0], figure("c2", "25"))), Reading(rounding)).causes["rounding"] == OPEN
    assert disagreement(ledger(TWO), Reading(rounding)).causes["rounding"] == EXCLUDED  # below 25, and from 25.5


@pytest.mark.parametrize(("sources", "state"), [("S3 S4", OPEN), ("S3 S4 S1", OPEN), ("S3 S4 S5", EXCLUDED)])
def test_rounding_rules_are_combined_for_up_to_four_figures(sources, state):
    # 24 cut off, and 24.6 rounded to 24.55 and more; what one text prints twice alike is one figure
    more = [figure(f"c{n}", "24", source=source) for n, source in enumerate(sources.split(), start=3)]
    claims = figure("c1", "24"), figure("c2", "25", precision="0.2", source="S2"), *more
    assert (disagreement(ledger(claims)).causes["rounding"], MOST_RULES) == (state, 4)


@pytest.mark.parametrize(
    ("printed", "hedge", "second", "third"),
    [
        ("24", "none", "24", "25"),
        ("24", "about", "24", "25"),
        ("24", "more_than", "24", "25"),
        ("26", "nearly", "25", "26"),
    ],
)
@pytest.mark.parametrize("precision", ["1", "0.5"])
def test_rounding_rules_that_change_no_interval_decide_nothing(printed, hedge, second, third, precision, monkeypatch):
    tried = []
    really = Case.rules_that_differ
    monkeypatch.setattr(Case, "rules_that_differ", lambda case, same: tried.append(really(case, same)) or tried[-1])
    others = figure("c2", second, source="S2"), figure("c3", third, source="S3", precision=precision)
    made = ledger((figure("c1", printed, hedge), *others))
    few = disagreement(made).causes
    monkeypatch.setattr(Case, "rules_that_differ", lambda case, same: ROUNDINGS)
    assert disagreement(made).causes == few
    assert min(map(len, tried)) == (3 if hedge == "none" else 1)


def test_figures_apart_by_every_rounding_rule_are_tried_once(monkeypatch):
    tried = []
    really = Case.holds
    monkeypatch.setattr(Case, "holds", lambda case, readings: tried.append(readings) or really(case, readings))
    claims = [figure(f"c{n}", str(20 + 2 * n), source=f"S{n}") for n in range(1, 5)]
    assert disagreement(ledger(claims)).causes["rounding"] == EXCLUDED
    assert [len(readings["c1"]) for readings in tried] == [3]  # with all rules at once, and not with 81 choices of them


WINDOW = Period("2009-07-03", "2024-07-03", "window", "inferred")
SINCE_2005 = replace(WINDOW, start="2005-01-01", end="2023-06-30")
SUMS = figure("c1", "24", period=WINDOW), figure("c2", "25", source="S2", period=WINDOW)
ON_A_DAY = replace(WINDOW, start="2024-06-30", end="2024-06-30", kind="moment")
STATED = tuple(replace(one, period=replace(WINDOW, basis="stated")) for one in SUMS)


@pytest.mark.parametrize(
    ("claims", "period", "states", "evidence"),
    [
        (SUMS, SINCE_2005, (SUPPORTED, OPEN), {"window": ("o1",)}),
        (SUMS, year(2003), (OPEN, SUPPORTED), {"misplaced_period": ("o1",)}),  # a time apart
        (SUMS, WINDOW, (OPEN, OPEN), {}),
        (SUMS, ON_A_DAY, (OPEN, OPEN), {}),  # a sum over no window is none
        (STATED, SINCE_2005, (EXCLUDED, EXCLUDED), {}),  # the texts say for which time they count
    ],
)
def test_an_equal_figure_of_another_time_supports_a_cause(claims, period, states, evidence):
    found = disagreement(book(*claims, official=[quoted("o1", "24", period=period)])).verdict
    assert (found.causes["window"], found.causes["misplaced_period"]) == states
    assert found.evidence == evidence


LATER = Period("2005-01-01", "2026-03-12", "window", "inferred")
UNDATED_TEXTS = {f"S{n}": replace(book().sources[f"S{n}"], reference_date="") for n in (1, 2)}


@pytest.mark.parametrize(
    ("window", "published", "is_source"),
    [
        (SINCE_2005, "2024-07", True),
        (SINCE_2005, "", True),
        (SINCE_2005, "2025-08", False),  # a page of after the texts
        (LATER, "2025-07", False),  # a sum up to a day after the texts
    ],
)
@pytest.mark.parametrize("texts", [{}, UNDATED_TEXTS], ids=["dated", "undated"])
def test_only_what_was_printed_before_can_be_what_a_text_repeats(texts, window, published, is_source):
    made = book(*SUMS, official=[quoted("o1", "24", period=window, date_published=published)])
    found = disagreement(replace(made, sources=made.sources | texts)).verdict
    assert found.evidence == ({"window": ("o1",)} if is_source else {})


@pytest.mark.parametrize(("day", "evidence"), [("2025-06-30", {"window": ("c3",)}), ("2026-03-12", {})])
def test_a_later_text_is_not_what_an_earlier_one_repeats(day, evidence):
    made = book(*SUMS, figure("c3", "24", source="S3", period=SINCE_2005))
    dated = {"S3": replace(made.sources["S3"], reference_date=day)}
    assert disagreement(replace(made, sources=made.sources | dated)).verdict.evidence == evidence


def test_a_doubtful_or_another_value_supports_nothing():
    doubtful = quoted("o1", "24", doubtful=True, period=SINCE_2005)
    other = quoted("o2", "23.9", period=SINCE_2005)
    assert disagreement(book(*SUMS, official=[doubtful, other])).verdict.evidence == {}


def test_the_likeliest_cause_is_the_one_with_a_figure_behind_it():
    texts = {"S2": replace(book().sources["S2"], reference_date="2026-07-01")}  # of another year: revision is supported
    made = book(*SUMS, official=[quoted("o1", "24", period=SINCE_2005)])
    found = disagreement(replace(made, sources=made.sources | texts)).verdict
    assert (found.causes["revision"], found.causes["rounding"]) == (SUPPORTED, OPEN)
    recorded = ("rounding", "misplaced_period", "revision", "window", "loose_wording")
    assert likeliest(found, recorded) == ["window", "revision", "misplaced_period"]
    assert likeliest(found, ("rounding",)) == []  # the test has allowed for it


def test_what_agrees_or_only_lacks_a_figure_has_no_causes():
    claims = percent("c1", "32"), figure("c2", "41"), figure("c3", "41", source="S2")
    found = judge_in_words(book(*claims, relations=[relation("r01", "growth_of", growth="c1", last="c2")]))
    assert [one.causes for one in found.all] == [{}, {}]


# -- what a disagreement turns over ------------------------------------------------------------------------------


def growth(id: str, text: str, hedge: str = "none", **more) -> Claim:
    return percent(id, text, hedge, **more)


def rank(id: str, text: str, **more) -> Claim:
    return figure(id, text, "exact", multiplier=1, unit="rank", indicator="trade_rank", **more)


@pytest.mark.parametrize(
    ("claims", "story"),
    [
        (TWO, ""),
        ((growth("c1", "5"), growth("c2", "9")), ""),
        ((growth("c1", "5"), growth("c2", "-5")), "the sign of 5% (S1); the sign of −5% (S1)"),
        ((growth("c1", "5"), growth("c2", "-0.5")), "the sign of 5% (S1); the sign of −0.5% (S1)"),
        ((growth("c1", "5"), growth("c2", "0.2", precision=1)), ""),  # -0.3 … 0.7
        ((figure("c1", "5"), figure("c2", "9")), ""),  # a level has no direction
        ((rank("c1", "1"), rank("c2", "2")), "the rank of no. 1 (S1); the rank of no. 2 (S1)"),
        ((figure("c1", "41", "more_than"), figure("c2", "39")), "the threshold of more than $41 billion (S1)"),
        ((figure("c1", "41", "more_than"), figure("c2", "41", "exact")), "the threshold of more than $41 billion (S1)"),
        ((figure("c1", "41", "more_than"), figure("c2", "44")), ""),  # that is more than 41
        ((figure("c1", "41", "at_least"), figure("c2", "39")), "the threshold of at least $41 billion (S1)"),
        ((figure("c1", "41", "less_than"), figure("c2", "44")), "the threshold of less than $41 billion (S1)"),
        ((figure("c1", "41", "less_than"), figure("c2", "38")), ""),
        ((figure("c1", "41", "nearly"), figure("c2", "41", "exact")), "the threshold of nearly $41 billion (S1)"),
        ((figure("c1", "41", "at_most"), figure("c2", "44")), "the threshold of up to $41 billion (S1)"),
        ((growth("c1", "-5", "more_than"), growth("c2", "-9")), ""),  # a fall of 9 is one of more than 5
        ((growth("c1", "-5", "more_than"), growth("c2", "-3")), "the threshold of more than −5% (S1)"),
        ((growth("c1", "-5", "less_than"), growth("c2", "-9")), "the threshold of less than −5% (S1)"),
        ((figure("c1", "24", "about"), figure("c2", "44")), ""),  # names no threshold
    ],
)
def test_a_group_turns_over_what_is_worked_out_by_hand(claims, story):
    assert disagreement(ledger(claims)).story == story


def test_a_growth_is_turned_over_by_levels_that_fall():
    levels = figure("c2", "41"), figure("c3", "44", period=year(2022))
    rows = [relation("r01", "growth_of", growth="c1", last="c2", first="c3")]
    assert disagreement(ledger((growth("c1", "7"), *levels), rows)).story == "the sign of 7% (S1)"
    assert disagreement(ledger((growth("c1", "-20"), *levels), rows)).story == ""


def test_a_part_above_its_whole_is_no_broken_order():
    rows = [relation("r01", "at_most", smaller="c1", larger="c2")]
    assert disagreement(ledger(PART, rows)).story == "the order that the texts tell"
    assert disagreement(ledger(PART, PART_OF)).story == ""


def test_what_others_leave_no_value_for_is_turned_over_by_nothing():
    claims = growth("c1", "5"), growth("c2", "-5"), growth("c3", "-9")
    assert disagreement(ledger(claims)).story == ""  # the others disagree among themselves, whichever is left out


@pytest.mark.parametrize(
    ("hedge", "low", "high", "closed", "turned"),
    [
        ("at_least", 39, 41, True, False),  # 41 is at least 41
        ("at_least", 39, 41, False, True),
        ("more_than", 39, 41, True, True),
        ("more_than", 39, 42, False, False),
        ("more_than", 39, None, False, False),
        ("at_most", 41, 43, True, False),
        ("at_most", 41, 43, False, True),
        ("less_than", 41, 43, True, True),
        ("nearly", 40, 43, True, False),
        ("nearly", None, 43, True, False),
    ],
)
def test_a_threshold_flips_at_its_own_value_only_if_excluded(hedge, low, high, closed, turned):
    made = ledger(
        (figure("c1", "41", hedge, multiplier=1), figure("c2", "1" if hedge in LOWER else "99", multiplier=1))
    )
    others = Interval(*(None if end is None else Fraction(end) for end in (low, high)), closed, closed)
    flips = flips_of(made, disagreement(made).verdict, lambda claim: others if claim.id == "c1" else ANYTHING)
    assert any(flip.what == "threshold" for flip in flips) == turned


@pytest.mark.parametrize(
    ("printed", "low", "high", "turned"),
    [
        ("5", -3, 0, True),  # no growth is not growth
        ("5", -3, 1, False),
        ("5", -3, None, False),
        ("-5", 0, 3, True),
        ("-5", -1, 3, False),
        ("-5", None, 3, False),
        ("0", -3, 0, False),
        ("0", 0, 3, False),
        ("0.5", -3, 0, True),
        ("-0.5", 0, 3, True),
    ],
)
def test_a_sign_flips_if_all_other_figures_lie_across_zero(printed, low, high, turned):
    made = ledger((growth("c1", printed, precision="0.1"), growth("c2", "99", source="S2")))
    others = Interval(*(None if end is None else Fraction(end) for end in (low, high)), True, True)
    flips = flips_of(made, disagreement(made).verdict, lambda claim: others if claim.id == "c1" else ANYTHING)
    assert any(flip.what == "sign" for flip in flips) == turned


def test_a_cause_of_the_subject_without_a_rule_is_open(tmp_path, monkeypatch):
    (tmp_path / "larkmouth").mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    rules = rules_of(Subject("larkmouth", causes={"authority": {"renewals": "renewals counted or not"}}))
    assert list(rules)[:2] == ["authority", "renewals"] and len(rules) == len(CAUSES) + 1
    made = ledger((growth("c1", "5", precision="0.1"), growth("c2", "99", source="S2")))
    assert rules["renewals"](Case(made, disagreement(made).verdict)) == OPEN
