"""What the report says the texts agree on: every quantity, of whatever kind."""

from __future__ import annotations

from claims.judging import judge_ledger
from claims.ledger.intervals import Reading
from claims.questions import discrepancy_exhibits
from made_up import book, figure, gas, percent, times

USUAL = Reading()


def test_every_quantity_that_several_texts_print_alike_is_named():
    alike = [
        (percent, "32", {}),
        (times, "2", {"indicator": "trade_doubling"}),  # an aim
        (gas, "15", {"indicator": "gas_years", "multiplier": 1}),  # a span of time
    ]
    claims = [
        make(f"c{2 * place + second}", text, source=f"S{second + 1}", **more)
        for place, (make, text, more) in enumerate(alike)
        for second in (0, 1)
    ]
    ledger = book(*claims, figure("c8", "41"), figure("c9", "44", source="S2"))
    words = str(discrepancy_exhibits.agreed_phrase(ledger, judge_ledger(ledger, USUAL)))
    assert words.count("(S1 and S2)") == 3
    assert words.startswith("Several texts print the same figure for ")
