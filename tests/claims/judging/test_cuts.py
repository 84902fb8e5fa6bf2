"""Large components: what agrees anyway is cut before sets are searched for; the verdicts are those without a cut."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import pytest
from claims.judging import Judged, joint, network
from claims.judging.judge import judge_ledger
from claims.ledger.model import Ledger
from hypothesis import given
from made_up import book, figure, ledgers, percent, relation, year


def judge_uncut(ledger: Ledger) -> Judged:
    """Return the verdicts on a ledger without cutting anything: the slow twin."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(network, "_cut", lambda whole, spans: ([whole], network.Network({})))
        patch.setattr(joint, "holds_anyway", lambda constraint, spans: False)
        return judge_ledger(ledger)


def rising_trade(years: int, seed: int, slips: float = 0.3) -> Ledger:
    """Return one component: trade that rises every year, with its parts and a share; some shares do not fit the sums.

    Exports are printed so roughly that a sum and a share each agree with them, and only both together may not.
    """
    chance, claims, relations = Random(seed), [], []
    for place in range(years):
        exports, imports = 100 + 20 * place, 90 + 10 * place
        total, at = exports + imports, {"period": year(1900 + place)}
        slip = chance.choice((-3, 3)) if chance.random() < slips else 0
        claims += [
            figure(f"t{place:03}", str(total), **at),
            figure(f"e{place:03}", str(exports), precision=round(exports / 5), indicator="exports", **at),
            figure(f"m{place:03}", str(imports), precision=1, indicator="imports", **at),
            percent(f"s{place:03}", str(round(100 * exports / total) + slip), indicator="trade_share", **at),
        ]
        own = {role: f"{letter}{place:03}" for role, letter in (("total", "t"), ("part", "e"), ("share", "s"))}
        sums = {"total": own["total"], "parts": f"{own['part']}+m{place:03}"}
        relations += [
            relation(f"a{place:03}", "sum_of", **sums),
            relation(f"b{place:03}", "share_of", **own),
            relation(f"c{place:03}", "part_of", part=own["part"], total=own["total"]),
        ]
        if place:
            order = {"smaller": f"t{place - 1:03}", "larger": own["total"]}
            relations.append(relation(f"d{place:03}", "at_most", "previous_year", **order))
    return book(*claims, relations=relations)


def words(judged: Judged) -> list[tuple]:
    verdicts = (*judged.groups, *judged.relations, *judged.conflicts, *judged.wholes)
    return [(one.id, one.word, [claim.id for claim in one.claims], one.relations) for one in verdicts]


@given(ledgers())
def test_a_cut_changes_no_verdict_of_a_random_ledger(ledger):
    assert words(judge_ledger(ledger)) == words(judge_uncut(ledger))


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.torture)])
def test_a_cut_changes_no_verdict_of_a_large_component(seed):
    ledger = rising_trade(4, seed)
    judged = judge_ledger(ledger)
    assert len(judged.wholes) == 1
    assert any(len(one.relations) == 2 for one in judged.conflicts)
    assert words(judged) == words(judge_uncut(ledger))


def steps_of(ledger: Ledger) -> int:
    """Return how many times a constraint is asked what it leaves of its quantities."""
    asked = []
    with pytest.MonkeyPatch.context() as patch:
        for kind in (network.Product, network.Sum, network.Order, network.Line):
            own = kind.narrow
            patch.setattr(kind, "narrow", lambda one, spans, own=own: asked.append(one) or own(one, spans))
        judge_ledger(ledger)
    return len(asked)


def test_a_large_component_takes_time_in_proportion():
    counts = [steps_of(rising_trade(years, seed=1, slips=0)) for years in (4, 8, 16)]
    assert all(later <= 2.3 * earlier for earlier, later in pairwise(counts)), counts
