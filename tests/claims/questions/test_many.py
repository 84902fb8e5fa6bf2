"""Exhibits of large ledgers: what is too much to show is cut, and the cut is said."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
from claims.questions import growth_exhibits, share_exhibits, shares
from claims.questions.shares import LIST_KINDS, MOST_COMPARED
from made_up import SECTORS, SOURCES, book, item


def test_a_chart_of_many_rates_draws_the_ends_and_says_so():
    rates = pd.DataFrame({"point": range(1000, 0, -1)})
    drawn, note = growth_exhibits.most_drawn(rates)
    assert len(drawn) == growth_exhibits.MOST_DRAWN
    assert {drawn["point"].iloc[0], drawn["point"].iloc[-1]} == {1000, 1}
    whole, part = "[1,000](#fig-growth-rates)", "[20](#fig-growth-rates)"
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
