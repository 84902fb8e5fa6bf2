"""China and Russia among Kazakhstan's partners: first place within one authority, and what mixing two would show."""

from __future__ import annotations

import pytest
from claims.content.tables import TABLE
from claims.show.book import open_book
from kazakhstan import rank
from kazakhstan.mirror import CHINA, KAZAKHSTAN

BOOK = open_book(official="all")
LEADS = {(one.side, one.year): one for one in rank.leads(BOOK.ledger, BOOK.reading)}


@pytest.mark.parametrize(
    ("side", "year", "billions"),
    [
        (KAZAKHSTAN, 2022, -2.9),  # 24.1 - 26.0/0.963 = 24.1 - 27.0
        (KAZAKHSTAN, 2023, 5.4),  # 31.4 - 26.0
        (CHINA, 2022, 4.2),  # 31.2 - 27.0
        (CHINA, 2023, 15.0),  # 41.0 - 26.0
    ],
)
def test_a_lead_is_trade_with_china_less_trade_with_russia(side, year, billions):
    assert float(LEADS[side, year].lead.value) / 1e9 == pytest.approx(billions, abs=0.101)
    assert LEADS[side, year].mixed == (side == CHINA)


def test_china_overtook_russia_in_2023_within_kazakh_statistics():
    assert rank.overtaken(LEADS.values()) == 2023


def test_mixing_two_counts_puts_china_ahead_a_year_too_early():
    assert LEADS[CHINA, 2022].lead.interval.low > 0 > LEADS[KAZAKHSTAN, 2022].lead.interval.high


def test_a_lead_that_rounding_leaves_open_is_no_overtaking():
    tolerant = open_book(official="all", tolerance_pct=8)
    found = rank.leads(tolerant.ledger, tolerant.reading)
    assert rank.overtaken(found) is None
    assert "no year shows" in str(rank.rank_table(tolerant).bundle[TABLE]["title"])


def test_the_table_marks_what_is_not_comparable():
    rows = rank.rank_table(BOOK).bundle[TABLE]["rows"]
    assert len(rows) == 4
    assert str(rows).count("two authorities") == 2
