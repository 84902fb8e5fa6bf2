"""The totals that shares of one country in all trade imply, worked out by hand."""

from __future__ import annotations

import math

from claims.content.tables import TABLE
from claims.ledger.intervals import Reading
from claims.results.finding import MIME
from claims.show.book import open_book
from kazakhstan import totals

USUAL = Reading()
BOOK = open_book(official="all").ledger


def test_a_share_implies_a_total_by_each_series_and_a_rest():
    rows = {(row["share"].id, row["side"]): row for row in totals.totals(BOOK, USUAL)}
    china = rows["c061", "china_customs"]
    assert math.isclose(float(china["total"].value), 41e9 / 0.283)
    assert math.isclose(float(china["rest"].value), 41e9 / 0.283 - 21.7e9 / 0.213)
    assert math.isclose(float(china["mean"].value), 21.7e9 / 0.213 / 3)


def test_the_table_shows_every_total_and_keeps_it():
    rows = totals.totals(BOOK, USUAL)
    bundle = totals.implied_totals(open_book(official="all")).bundle
    assert len(bundle[TABLE]["rows"]) == len(rows)
    assert {row["total"].id for row in rows} <= {one["id"] for one in bundle[MIME]["findings"]}
