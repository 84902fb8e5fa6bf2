"""Names of figures say what, when and by whom; each is unique, and new rows leave those of others alone."""

from __future__ import annotations

import pytest
from claims.ledger.loading import load_ledger
from claims.ledger.model import Period
from claims.ledger.names import figure_names
from claims.results.names import finding_name
from conftest import REPOSITORY
from hypothesis import given
from hypothesis import strategies as st
from made_up import book, figure, first_quarter, percent, quoted, year

LEDGER = load_ledger(REPOSITORY / "data")


def test_every_figure_of_the_ledger_has_a_name_of_its_own():
    names = figure_names(LEDGER)
    assert names.keys() == LEDGER.claims.keys() | LEDGER.official.keys()
    assert len(set(names.values())) == len(names)
    assert all(name.isidentifier() for name in names.values())


def test_a_name_is_made_of_indicator_period_and_text():
    names = figure_names(
        book(
            figure("c001", "41"),
            figure("c002", "12", source="S2", period=first_quarter(2024)),
            figure("c003", "5", period=Period("", "", "undated", "")),
            official=[quoted("o001", "31", authority="hill")],
        )
    )
    assert names == {
        "c001": "trade_2023_text1",
        "c002": "trade_2024_q1_text2",
        "c003": "trade_text1",
        "o001": "trade_2023_hill",
    }


PERIODS = st.sampled_from([year(2022), year(2023), first_quarter(2023)])
FIGURES = st.lists(st.tuples(st.integers(1, 60), PERIODS, st.sampled_from(["S1", "S2"])), unique_by=lambda row: row[0])


@given(rows=FIGURES, later=FIGURES)
def test_new_rows_leave_the_names_of_others_alone(rows, later):
    def figures(rows, first=0):
        return [figure(f"c{first + number:03}", "5", period=period, source=source) for number, period, source in rows]

    before = figure_names(book(*figures(rows)))
    after = figure_names(book(*figures(later, first=100), *figures(rows)))
    assert before.items() <= after.items()
    assert len(set(after.values())) == len(after)


@pytest.mark.parametrize(
    ("id", "name"),
    [
        ("base_c002_c001", "base_trade_growth_2023_text1"),
        ("base_c002_c003", "base_trade_growth_2023_text1_2023_text2"),
        ("growth_of_c002", "growth_of_trade_growth_2023_text1"),
        ("growth_trade_2022_2023", "growth_trade_2022_2023"),
    ],
)
def test_the_name_of_a_finding_has_names_for_ids_of_claims(id, name):
    ledger = book(figure("c001", "41"), percent("c002", "7"), figure("c003", "40", source="S2"))
    assert finding_name(id, ledger, figure_names(ledger)) == name
