"""Declared numbers: which figure a quote finds, how a sum and a count are bounded, and what brackets mean."""

from __future__ import annotations

from fractions import Fraction

import pytest
from claims.content.tables import TABLE
from claims.judging.times import counted_days
from claims.show.book import open_book
from kazakhstan import worked
from kazakhstan.mirror import KAZAKHSTAN, TURNOVER
from kazakhstan.worked import TEXTS, Quote, Worked

BOOK = open_book(official="all")
LEDGER, READING = BOOK.ledger, BOOK.reading


def found(quote: Quote) -> str:
    return worked.find_quote(LEDGER, quote, READING).id


@pytest.mark.parametrize(
    ("quote", "id"),
    [
        (Quote("gas_pipeline_capacity", by=TEXTS), "c077"),
        (Quote("china_investment_cumulative", "2009-07-03/2024-07-03", "partnerships"), "c049"),  # the pledge report
        (Quote("gas_pipeline_capacity", by="china_pipeline_operator"), "o248"),
        (Quote("rail_freight", "2023", "ktz"), "o190"),  # not the president's “nearly 30”
        (Quote("wheat_exports_to_china", "2018"), "o189"),
        (Quote(TURNOVER, "2012", doubtful=True), "o301"),
        (Quote(TURNOVER, "2023", KAZAKHSTAN), "trade_turnover_kz_statistics_2023"),  # pages have 31.4 and 31.5
    ],
)
def test_a_quote_finds_the_most_precise_figure_of_its_author(quote, id):
    assert found(quote) == id


def test_a_quote_of_nothing_says_what_is_missing():
    with pytest.raises(ValueError, match=r"no rail_freight of 2031 by ktz; add it to data/"):
        found(Quote("rail_freight", "2031", "ktz"))
    with pytest.raises(ValueError, match="trade_turnover of 2012 by a page"):
        found(Quote(TURNOVER, "2012"))  # in doubt, and not asked for


def test_a_figure_of_a_text_is_no_figure_of_a_page():
    with pytest.raises(ValueError, match="by a page"):
        found(Quote("grain_exports_potential"))


def test_a_sum_of_counted_things_is_exact():
    parts = {port: Quote(f"trains_via_{port}", "2024-Q1") for port in ("alashankou", "khorgos")}
    total = worked.work_out(LEDGER, READING, [Worked("trains", "Trains", "sum", parts)])["trains"]
    assert total.value == 3657  # 1809 + 1848
    assert total.value in total.interval
    assert total.interval.low == total.interval.high


def test_a_count_is_bounded_by_whole_numbers_outward():
    inputs = {
        "total": Quote("companies_with_chinese_capital_registered", "2024-05-01"),
        "share": Quote("operating_share_of_registered_companies", "2024-05-01"),
    }
    number = Worked("operating", "Operating", "implied_part", inputs, "count")
    count = worked.work_out(LEDGER, READING, [number])["operating"]
    # 4,150 to 4,249 companies, 63.5 % to 64.5 %: 2,635.25 to 2,740.6
    assert (count.interval.low, count.interval.high) == (Fraction(2635), Fraction(2741))


def test_numbers_may_build_on_earlier_ones_and_on_constants():
    numbers = (
        Worked(
            "half", "Half", "per_unit", {"value": Quote("rail_freight", "2023", "ktz"), "number": 2, "units": 1}, "t"
        ),
        Worked("share", "Share", "share", {"part": "half", "total": Quote("rail_freight", "2023", "ktz")}),
    )
    assert worked.work_out(LEDGER, READING, numbers)["share"].value == 50


def test_what_does_not_compare_is_in_brackets_with_its_reason():
    inputs = {"last": Quote("rail_freight", "2023", "ktz"), "first": Quote("rail_freight", "2022", "ktz")}
    numbers = [Worked("a", "A", "change", inputs), Worked("b", "B", "change", inputs, differs="of other years")]
    shown = worked.worked_table(BOOK, numbers, id="tbl-x", title="X", caption="").bundle[TABLE]
    fair, unfair = ([str(cell) for cell in row] for row in shown["rows"])
    assert "[" not in fair[2].partition("text")[2][:6]
    assert "of other years" in unfair[4]
    hidden = worked.worked_table(BOOK, numbers, id="tbl-x", title="X", caption="", hidden=("a",)).bundle[TABLE]
    assert (len(shown["rows"]), len(hidden["rows"])) == (2, 1)


def test_days_count_both_ends():
    assert counted_days("2022-12-31", "2023-01-01") == 2
    assert counted_days("2023-01-01", "2024-07-02") == 365 + 184
