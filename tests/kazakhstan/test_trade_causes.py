"""The causes that only trade has: when the ledger leaves them open, and what readers call them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from claims.judging import judge_ledger
from claims.judging.causes import EXCLUDED, OPEN, STATES, rules_of
from claims.ledger.model import Claim, Ledger
from claims.ledger.rules import CAUSES
from claims.ledger.subject import causes_of, read_subject
from made_up import book, figure

SUBJECT, _ = read_subject("kazakhstan", "")
TWO = figure("c1", "24"), figure("c2", "26", source="S2")


def trade(*claims: Claim, **columns: object) -> Ledger:
    """Return a ledger of this subject, with the indicator of trade as described."""
    ledger = replace(book(*(claims or TWO)), subject=SUBJECT)
    return replace(ledger, indicators=ledger.indicators | {"trade": replace(ledger.indicators["trade"], **columns)})


def causes(ledger: Ledger) -> dict[str, str]:
    (verdict,) = judge_ledger(ledger).disagreements
    return verdict.causes


@pytest.mark.parametrize(
    ("cause", "columns", "state"),
    [
        ("cif_fob", {"coverage": "goods", "price_basis": "current_usd"}, OPEN),
        ("cif_fob", {"coverage": "goods", "price_basis": "current_usd", "authority": ("customs",)}, EXCLUDED),
        ("cif_fob", {"coverage": "goods", "price_basis": "physical"}, EXCLUDED),
        ("cif_fob", {"coverage": "services", "price_basis": "current_usd"}, EXCLUDED),
        ("transit_or_re_export", {"coverage": "goods"}, OPEN),
        ("transit_or_re_export", {"coverage": "freight, transit not said"}, OPEN),
        ("transit_or_re_export", {"coverage": "visits"}, EXCLUDED),
    ],
)
def test_the_ledger_decides_the_state_of_a_cause_of_trade(cause, columns, state):
    assert causes(trade(**columns))[cause] == state


def test_figures_of_one_line_exclude_the_causes_of_trade():
    open_to_all = {"coverage": "goods, services not said", "price_basis": "unknown"}
    states = causes(trade(figure("c1", "24", "about", precision=1), figure("c2", "26"), **open_to_all))
    assert {states["cif_fob"], states["transit_or_re_export"]} == {EXCLUDED}


def test_each_cause_has_one_rule_in_the_order_of_the_labels():
    assert list(rules_of(SUBJECT)) == list(causes_of(SUBJECT)) == list(causes(trade()))
    assert set(causes_of(SUBJECT)) - set(CAUSES) == {"cif_fob", "transit_or_re_export"}
    assert set(causes(trade()).values()) <= set(STATES)


def test_the_causes_have_labels_for_readers():
    labels = causes_of(SUBJECT)
    assert (labels["cif_fob"], labels["transit_or_re_export"]) == ("CIF/FOB", "transit or re-export")
    assert [labels[name] for name in ("scope", "gross_or_net")] == ["scope", "gross or net"]
    assert not [label for label in labels.values() if "_" in label]
