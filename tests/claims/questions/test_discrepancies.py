"""What the chapter on disagreements counts, tabulates, draws and writes about the verdicts."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from claims.content.phrases import Link
from claims.judging import judge_group, judge_ledger
from claims.ledger.intervals import Reading
from claims.ledger.model import KnownDisagreement, Ledger, Period
from claims.ledger.subject import CAUSES
from claims.questions import discrepancies, discrepancy_exhibits
from claims.results.store import Results
from claims.words.sentences import Sentences
from claims.words.values import value_text
from hypothesis import given
from hypothesis import strategies as st
from made_up import book, count, figure, first_quarter, gas, percent, relation, year

USUAL = Reading()
APART = figure("c1", "24"), figure("c2", "25", source="S2")
ROWS = (
    relation("r01", "part_of", part="c4", total="c1"),
    relation("r02", "growth_of", growth="c6", last="c1"),
    relation("r03", "not_comparable", "differs:window", a="c3", b="c4"),
)


def whole_ledger() -> Ledger:
    """Return a ledger with a group that disagrees, one that agrees, one that repeats itself, and relations."""
    claims = (
        *APART,
        figure("c3", "24", period=year(2020)),
        figure("c4", "30", indicator="exports"),
        percent("c6", "84"),
        percent("c7", "84", source="S2"),
        count("c8", "5"),
        count("c9", "5", repeats="c8"),
    )
    return book(*claims, relations=ROWS)


def test_gaps_are_in_the_unit_over_the_smaller_and_over_the_larger():
    over = discrepancies.gaps(judge_group("trade:2023", APART, book(*APART), USUAL), book(*APART), USUAL)
    # one billion; 1/24 and 1/25; at most 25.5/23.5 − 1 = 2/23.5
    assert [finding.value for finding in over] == [10**9, Fraction(100, 24), 4]
    assert over[1].interval.high == Fraction(200) / Fraction("23.5")
    assert [one.id for one in over] == [
        f"{name}_trade_2023" for name in ("spread", "gap_over_smaller", "gap_over_larger")
    ]


def test_a_gap_between_shares_is_in_percentage_points():
    claims = percent("c1", "28.3", indicator="trade_share"), percent("c2", "33", indicator="trade_share")
    spread, *_ = discrepancies.gaps(judge_group("trade_share:2023", claims, book(*claims), USUAL), book(*claims), USUAL)
    assert (spread.value, spread.unit) == (Fraction("4.7"), "percentage_points")


@given(st.permutations([figure(f"c{n}", text) for n, text in enumerate(("24", "25", "24", "25"))]))
def test_gaps_do_not_depend_on_the_order_of_claims(claims):
    first, last = discrepancies.gaps(judge_group("trade:2023", claims, book(*claims), USUAL), book(*claims), USUAL)[:2]
    assert first.inputs == {"one": "c3", "other": "c0"}
    assert last.inputs == {"larger": "c3", "smaller": "c0"}


def test_periods_of_one_figure_are_paired_unless_they_overlap():
    claims = [
        figure("c1", "28", period=first_quarter(2024)),
        figure("c2", "28"),
        figure("c3", "28", period=first_quarter(2023)),
        figure("c4", "28", source="S2", period=year(2022)),
        figure("c5", "29", period=year(2022)),
    ]
    pairs = discrepancies.one_figure_two_periods(book(*claims))
    # c3 lies within c2; c4 is another text, c5 another value
    assert [(a.id, b.id) for a, b in pairs] == [("c3", "c1"), ("c2", "c1")]
    table = discrepancy_exhibits.periods_table(book(*claims))
    assert [(row["first"].id, row["first_period"].text, row["second_period"].text) for row in table] == [
        ("c3", "2023 Q1", "2024 Q1"),
        ("c2", "2023", "2024 Q1"),
    ]


@pytest.mark.parametrize(
    "period",
    [
        Period("", "", "undated", "stated"),
        Period("", "2022-12-31", "day", "stated"),
        Period("2020-01-01", "", "year", "stated"),
        Period("2030-01-01", "2030-12-31", "horizon", "stated"),
    ],
    ids=lambda period: f"{period.start}..{period.end}",
)
def test_undated_and_future_figures_are_paired_with_no_other(period):
    claims = figure("c1", "28"), figure("c2", "28", period=period)
    assert discrepancies.one_figure_two_periods(book(*claims)) == []


def test_a_period_is_paired_with_the_next_one_after_it():
    claims = [figure(f"c{at}", "28", period=year(at)) for at in (2022, 2020, 2021)]
    second = replace(first_quarter(2022), start="2022-04-01", end="2022-06-30")  # within c2022
    quarters = figure("c8", "28", period=first_quarter(2022)), figure("c9", "28", period=second)
    pairs = discrepancies.one_figure_two_periods(book(*claims, *quarters))
    assert [(a.id, b.id) for a, b in pairs] == [("c2020", "c2021"), ("c2021", "c8"), ("c8", "c9")]


def test_every_word_is_counted_and_the_counts_add_up():
    ledger = whole_ledger()
    values = {one.id: one.value for one in discrepancies.findings_of(ledger, judge_ledger(ledger), USUAL)}
    assert (values["groups_total"], values["groups_repeated"]) == (2, 1)
    assert (values["groups_consistent"], values["groups_inconsistent"]) == (1, 1)
    words = ("inconsistent", "undecided", "consistent_by_rounding", "consistent")
    assert sum(values[f"groups_{word}"] for word in words) == 2
    assert [values[f"relations_{word}"] for word in words] == [1, 0, 0, 0]  # exports of 30 in a trade of 24
    assert (values["relations_judged"], values["relations_open"], values["relations_not_comparable"]) == (1, 1, 1)
    # r01 and r02 speak of one level, and cannot all hold
    assert (values["conflicts_total"], values["wholes_total"], values["wholes_holding"]) == (0, 1, 0)
    assert (values["relations_bounds"], values["stories_total"]) == (1, 0)
    assert (values["relations_equalities"], values["relations_dates"]) == (0, 0)
    assert values["relations_consistent_as_a_bound_only"] == 0


def test_every_count_names_the_verdicts_it_counts():
    ledger = whole_ledger()
    findings = {one.id: one for one in discrepancies.findings_of(ledger, judge_ledger(ledger), USUAL)}
    assert findings["groups_inconsistent"].inputs == {"verdicts": ("trade:2023",)}
    assert findings["relations_open"].inputs == {"verdicts": ("r02",)}
    assert findings["relations_bounds"].inputs == {"verdicts": ("r01",)}
    assert findings["wholes_total"].inputs == {"verdicts": ("whole:r01",)}
    assert findings["conflicts_total"].inputs == {"all": "relations.csv"}


def test_every_result_of_relations_is_listed_once():
    ledger = whole_ledger()
    ids = [one.id for one in discrepancies.findings_of(ledger, judge_ledger(ledger), USUAL)]
    assert ids.count("base_c6_c1") == 1
    assert len(set(ids)) == len(ids)


def test_each_group_is_in_the_one_table_it_belongs_to():
    ledger = whole_ledger()
    judged = judge_ledger(ledger)
    kinds = discrepancies.differing, discrepancies.agreeing, discrepancies.repeated
    differ, same, once = (discrepancy_exhibits.groups_table(ledger, kind(judged), USUAL) for kind in kinds)
    assert [(row["verdict"], value_text(row["gap_larger"])) for row in differ] == [("inconsistent", "4%")]
    assert [[link.text for link in row["revision"]] for row in differ] == [
        ["$25 billion → $24 billion", "$24 billion → $25 billion"]  # 1/25 before 1/24
    ]
    assert [[(cell.text, cell.to) for cell in row["claims"]] for row in same] == [
        [("S1: 84%", "c6"), ("S2: 84%", "c7")]
    ]
    assert [[cell.text for cell in row["claims"]] for row in once] == [["S1: 5 (×2)"]]
    assert [row["spread"] for row in once] == [None]
    assert (same[0]["sources"].text, once[0]["sources"].text, once[0]["independent"].text) == ("2", "1", "1")


def test_relations_appear_in_the_table_of_their_kind():
    judged = judge_ledger(whole_ledger())
    kinds = discrepancies.checked, discrepancies.lacking, discrepancies.incomparable
    assert [[one.id for one in kind(judged)] for kind in kinds] == [["r01"], ["r02"], ["r03"]]
    rows = discrepancy_exhibits.relations_table(whole_ledger(), discrepancies.incomparable(judged))
    assert [row["label"] for row in rows] == [Link("Trade and exports", "v-r03")]
    assert "window" in str(rows[0]["explanation"])
    assert not rows[0]["matters"]
    checks = discrepancy_exhibits.checks_table(whole_ledger(), discrepancies.lacking(judged))
    assert [row["range"].text for row in checks] == ["$12.7 to 13.4 billion"]  # 23.5/1.845 and 24.5/1.835


def test_a_relation_that_only_bounds_a_figure_shows_what_it_leaves():
    rows = (
        relation("r01", "annualised", "within", quarter="c1", year="c2"),
        relation("r02", "growth_of", growth="c3", last="c2", first="c4"),
        relation("r03", "at_most", "previous_year", smaller="c4", larger="c2"),
        relation("r04", "duration", "1992..2024", duration="c5"),
    )
    length = gas("c5", "32", indicator="gas_years", multiplier=1)
    levels = figure("c1", "6.3", period=first_quarter(2023)), figure("c2", "41"), figure("c4", "31", period=year(2022))
    ledger = book(*levels, percent("c3", "32"), length, relations=rows)
    judged = judge_ledger(ledger)
    kinds = discrepancies.equalities, discrepancies.bounds, discrepancies.spans_of_dates
    assert [[one.id for one in kind(ledger, judged)] for kind in kinds] == [["r02"], ["r01", "r03"], ["r04"]]
    table = discrepancy_exhibits.checks_table(ledger, iter(discrepancies.checked(judged)))
    by_row = {row["label"].to: getattr(row["range"], "text", row["range"]) for row in table}
    assert by_row.pop("v-r04").endswith(" years")
    # (40.5 − 6.35)/3 and (41.5 − 6.25)/3; 40.5/31.5 and 41.5/30.5
    assert by_row == {"v-r01": "$11.3 to 11.8 billion", "v-r02": "28.5% to 36.1%", "v-r03": "–"}


def test_relations_are_listed_the_gravest_first():
    rows = relation("r01", "part_of", part="c1", total="c3"), relation("r02", "part_of", part="c2", total="c3")
    exports = [figure(id, text, indicator="exports", period=year(2023)) for id, text in (("c1", "20"), ("c2", "44"))]
    judged = judge_ledger(book(*exports, figure("c3", "41"), relations=rows))
    assert [(one.id, one.word) for one in discrepancies.checked(judged)] == [
        ("r02", "inconsistent"),
        ("r01", "consistent"),
    ]


def test_disagreements_are_listed_with_causes_and_pinned_reason():
    pin = KnownDisagreement("trade:2023", "inconsistent", ("c1", "c2"), ("rounding",), "Two counts", "2024-01-01")
    ledger = replace(whole_ledger(), known={"trade:2023": pin})
    rows = discrepancy_exhibits.causes_table(ledger, judge_ledger(ledger))
    assert (rows[0]["label"], rows[0]["pinned"].text) == (Link("Trade, 2023", "v-trade-2023"), "Two counts")
    assert rows[1]["pinned"] == "–"
    # the 24 of c1 is printed for 2020 as well; 24 cut off and 25 rounded have values in common
    assert str(rows[0]["supported"]) == "misplaced period ($24 billion for 2020)"
    assert [part.to for part in rows[0]["supported"].parts if isinstance(part, Link)] == ["c3"]
    assert str(rows[0]["open"]).startswith("authority, ")
    assert ", rounding" in str(rows[0]["open"])
    reasons = discrepancy_exhibits.reasons_table(ledger, judge_ledger(ledger))
    assert [row["label"] for row in reasons] == [row["label"] for row in rows]


def plain(template: str, ledger: Ledger) -> str:
    """Return a sentence on a ledger and its findings."""
    results = Results(ledger)
    results.keep(discrepancies.findings_of(ledger, judge_ledger(ledger), USUAL))
    return Sentences(results).plain(template)


def test_a_figure_for_two_periods_is_named_with_both():
    ledger = whole_ledger()
    assert plain(discrepancy_exhibits.periods_sentence(ledger), ledger) == (
        "A text may tie the same figure to several periods: $24 billion (trade, S1) is given for 2020 and for 2023."
    )
    assert discrepancies.group_label(ledger, judge_ledger(ledger).groups[0]) == "trade, 2023"


def test_where_nothing_disagrees_the_sentences_say_so():
    ledger = book(figure("c1", "24"), figure("c2", "24", source="S2"))
    assert discrepancy_exhibits.periods_sentence(ledger) == "No text prints the same figure for periods apart."
    assert discrepancy_exhibits.disagreements_list(ledger, judge_ledger(ledger)) == "No disagreement was found."


def test_a_restatement_in_another_form_is_no_second_statement():
    repeated = figure("c1", "24"), figure("c2", "26", repeats="c1")
    ledger = book(*repeated, percent("c3", "84"), percent("c4", "84", source="S2"))
    judged = judge_ledger(ledger)
    assert [one.word for one in judged.groups] == ["inconsistent", "consistent"]
    assert [one.id for one in discrepancies.several_statements(judged)] == ["trade_growth:2023"]


def test_the_report_receives_every_verdict_in_full(monkeypatch):
    displayed = []
    monkeypatch.setattr("IPython.display.display", lambda what, raw: displayed.append(what))
    discrepancies.emit(whole_ledger(), judge_ledger(whole_ledger()).all)
    rows = {row["id"]: row for row in displayed[0][discrepancies.MIME]["verdicts"]}
    assert displayed[0]["text/plain"] == "7 verdicts"
    assert list(rows) == ["trade:2023", "trade_growth:2023", "projects:2023", "r01", "r02", "r03", "whole:r01"]
    trade = rows["trade:2023"]
    assert (trade["kind"], trade["verdict"], trade["claims"], trade["pin"]) == (
        "group",
        "inconsistent",
        ["c1", "c2"],
        True,
    )
    assert (trade["independent"], trade["anchor"], trade["relations"]) == (2, "v-trade-2023", [])
    assert sorted(cause for causes in trade["causes"].values() for cause in causes) == sorted(CAUSES)
    assert len(trade["revisions"]) == 2
    assert "group" not in trade
    assert (rows["r02"]["pin"], rows["r02"]["relations"], rows["r02"]["causes"]["supported"]) == (False, ["r02"], [])
