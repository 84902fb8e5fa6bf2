"""Exhibits of large ledgers: what is too much to show is cut, and the cut is said."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pandas as pd
from claims.content.phrases import Link
from claims.judging import judge_ledger
from claims.judging.verdict import INCONSISTENT, Judged
from claims.ledger.intervals import Interval
from claims.questions import clashes, coverage, discrepancy_exhibits, growth_exhibits, share_exhibits, shares
from claims.questions.clashes import MOST_DRAWN, NO_VALUE, USUALLY, Clash, PrintedRow
from claims.questions.shares import LIST_KINDS, MOST_COMPARED
from claims.questions.shown import MOST_LISTED, MOST_TEXTS
from made_up import SECTORS, SOURCES, book, figure, item, year


def test_a_chart_of_many_rates_draws_the_ends_and_says_so():
    rates = pd.DataFrame({"point": range(1000, 0, -1)})
    drawn, note = growth_exhibits.most_drawn(rates)
    assert len(drawn) == growth_exhibits.MOST_DRAWN
    assert {drawn["point"].iloc[0], drawn["point"].iloc[-1]} == {1000, 1}
    whole, part = "<data>1,000</data>", "<data>20</data>"
    assert note == f" Of {whole} rates only the {part} largest and the {part} smallest are drawn; its data has all."


def test_a_chart_of_few_rates_draws_all():
    rates = pd.DataFrame({"point": range(growth_exhibits.MOST_DRAWN)})
    drawn, note = growth_exhibits.most_drawn(rates)
    assert drawn.equals(rates)
    assert note == ""


def test_of_many_texts_those_that_list_most_are_compared():
    names = [f"S{number}" for number in range(1, MOST_COMPARED + 6)]
    items = [item(f"a{name}{count}", "trade", source=name) for name in names for count in range(1 + (name > "S3"))]
    ledger = replace(book(items=items, sectors=SECTORS), sources={name: replace(SOURCES[0], id=name) for name in names})
    compared = shares.compared_texts(ledger, LIST_KINDS)
    assert len(shares.by_source(ledger, LIST_KINDS)) == MOST_COMPARED + 5
    assert len(compared) == MOST_COMPARED
    assert {len(own) for own in compared.values()} <= {1, 2}
    assert len(share_exhibits.similarity_table(ledger, LIST_KINDS)) == MOST_COMPARED - 1


def clash(name: str, *points: int, why: str = NO_VALUE, turns_story: bool = False) -> Clash:
    """Return figures that clash, each half a unit around its point."""
    half = Fraction(1, 2)
    rows = (
        PrintedRow(
            (figure(f"c{point}", str(point)),), str(point), Fraction(point), Interval(point - half, point + half)
        )
        for point in points
    )
    return Clash(Link(name, name), why, "USD", tuple(rows), turns_story)


def test_of_many_clashes_the_gravest_are_drawn_and_the_rest_counted():
    near = [clash(f"near{number}", 100, 101) for number in range(1_000)]
    others = clash("usual", 1, 90, why=USUALLY), clash("far", 10, 90), clash("story", 100, 102, turns_story=True)
    drawn, note = clashes.most_drawn([*near, *others])
    assert [one.what.text for one in drawn[:4]] == ["story", "far", "near0", "near1"]
    assert sum(len(one.rows) for one in drawn) == MOST_DRAWN
    assert "usual" not in {one.what.text for one in drawn}
    numbers = "2,006", "1,003", f"{MOST_DRAWN}", f"{MOST_DRAWN // 2}"
    figures, sets, some, of_sets = (f"<data>{number}</data>" for number in numbers)
    assert note.startswith(f" Of {figures} figures in {sets} sets only {some} in {of_sets} are drawn: ")


def test_of_one_clash_of_many_figures_both_ends_are_drawn():
    [drawn], note = clashes.most_drawn([clash("much", *range(1, 5_001))])
    points = [row.point for row in drawn.rows]
    assert points == [*range(1, MOST_DRAWN // 2 + 1), *range(5_001 - MOST_DRAWN // 2, 5_001)]
    assert note.startswith(" Of <data>5,000</data> figures in <data>1</data>")


def test_few_clashes_are_all_drawn_without_a_note():
    few = [clash(f"set{number}", 1, 9) for number in range(MOST_DRAWN // 2)]
    assert clashes.most_drawn(few) == (few, "")


def many_disagreements(count: int) -> tuple:
    """Return a ledger in which two texts print different trade for so many years, and its verdicts."""
    claims = [
        figure(f"c{number}", "24" if number % 2 else "29", source=f"S{number % 2 + 1}", period=year(1900 + number // 2))
        for number in range(2 * count)
    ]
    ledger = book(*claims)
    return ledger, judge_ledger(ledger)


def test_a_list_of_many_disagreements_has_the_gravest_and_a_count():
    ledger, judged = many_disagreements(MOST_LISTED + 5)
    first, *others = judged.groups
    soft = Judged((replace(first, word="undecided"), *others), (), (), ())
    *lines, last = discrepancy_exhibits.disagreements_list(ledger, soft).splitlines()
    assert {one.word for one in judged.groups} == {INCONSISTENT}
    assert len(lines) == MOST_LISTED
    assert not [line for line in lines if "As usually read" in line or "as usually read" in line]
    assert last == "- <data>5</data> more are in [Table](#tbl-causes)."
    lines = discrepancy_exhibits.disagreements_list(*many_disagreements(MOST_LISTED + 1)).splitlines()
    assert lines[-1] == "- <data>1</data> more is in [Table](#tbl-causes)."


def test_a_list_of_few_disagreements_has_all():
    lines = discrepancy_exhibits.disagreements_list(*many_disagreements(MOST_LISTED)).splitlines()
    assert len(lines) == MOST_LISTED
    assert "more are in" not in lines[-1]


def test_a_grid_has_the_texts_that_print_most_and_says_so():
    names = [f"S{number}" for number in range(1, MOST_TEXTS + 9)]
    claims = [figure(f"c{name}{count}", "24", source=name) for name in names for count in range(1 + (name > "S3"))]
    ledger = replace(book(*claims), sources={name: replace(SOURCES[0], id=name, short_name=name) for name in names})
    texts, note = coverage.shown_texts(ledger)
    most = [name for name in names if name > "S3"]
    assert set(most) <= set(texts)
    assert len(texts) == MOST_TEXTS
    whole, part = f"<data>{MOST_TEXTS + 8}</data>", f"<data>{MOST_TEXTS}</data>"
    assert note == f" Of {whole} texts the {part} with most are shown; its data has all."
    assert len(coverage.coverage(ledger).columns) == MOST_TEXTS + 8 + 2
    assert all(name in str(coverage.alt(ledger)) for name in most)
