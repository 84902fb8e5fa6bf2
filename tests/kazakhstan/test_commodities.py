"""Exports by commodity, worked out by hand: shares of the total, the total that shares imply, and the other count."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from claims.content.tables import TABLE
from claims.ledger.intervals import Reading
from claims.results.finding import MIME
from claims.show.book import open_book
from kazakhstan import commodities, mirror

USUAL = Reading()
BOOK = open_book(official="all").ledger
FLOWS = mirror.flows(BOOK, USUAL, (1.0, 1.1))


def test_shares_of_commodities_are_of_the_exports_of_the_same_year():
    rows = {row["part"].id: row for row in commodities.commodities(BOOK, USUAL)}
    assert math.isclose(float(rows["o267"]["share"].value), 100 * 4.1 / 13.2)  # crude oil
    covered = commodities.covered(BOOK, list(rows.values()), USUAL)
    assert math.isclose(float(covered.value), 100 * (4.1 + 1.2 + 2.04 + 0.817 + 1.0) / 13.2)
    assert covered.interval.low < covered.value < covered.interval.high


def test_all_values_and_shares_of_a_page_allow_a_common_total():
    rows = commodities.xinjiang(BOOK, USUAL)
    total = commodities.xinjiang_total(rows)
    assert not total.interval.is_empty
    assert all(total.interval.low >= row["total"].interval.low for row in rows)
    assert commodities.xinjiang_covered(BOOK, rows, USUAL).value == Fraction("92.9")


def test_by_the_count_of_the_importer_shares_are_smaller():
    goods, xinjiang = commodities.commodities(BOOK, USUAL), commodities.xinjiang(BOOK, USUAL)
    (oil,) = commodities.largest_by_china(BOOK, goods, FLOWS, USUAL)
    assert math.isclose(float(oil.value), 100 * 4.1 / 15)  # China counts imports of 31.2 less 16.2 in 2022
    kazakh, chinese = commodities.xinjiang_shares(BOOK, xinjiang, FLOWS, USUAL)
    assert kazakh.interval.low > chinese.interval.low


def test_without_the_year_by_both_counts_there_is_no_other_share():
    goods, xinjiang = commodities.commodities(BOOK, USUAL), commodities.xinjiang(BOOK, USUAL)
    assert commodities.largest_by_china(BOOK, goods, FLOWS[:0], USUAL) == []
    imports = [flow for flow in FLOWS if flow.indicator == mirror.IMPORTS]
    assert commodities.xinjiang_shares(BOOK, xinjiang, imports, USUAL) == []


def test_both_tables_keep_what_sentences_quote():
    book = open_book(official="all")
    tables = [commodities.by_value(book).bundle, commodities.to_xinjiang(book).bundle]
    kept = {one["id"] for exhibit in tables for one in exhibit[MIME]["findings"]}
    quoted = {"commodities_covered", "commodity_by_china", "xinjiang_total", "xinjiang_share", "xinjiang_covered"}
    assert quoted <= kept
    assert [table[TABLE]["id"] for table in tables] == ["tbl-commodities", "tbl-xinjiang"]
    assert [len(table[TABLE]["rows"]) for table in tables] == [5, 10]


@pytest.mark.parametrize(("label", "what"), [("Exports to China: crude oil", "Crude oil"), ("Exports: gas", "Gas")])
def test_the_table_names_what_is_exported_without_where_to(label, what):
    row = {**commodities.commodities(BOOK, USUAL)[0], "what": label}
    assert commodities.commodities_table([row])["what"].tolist() == [what]
