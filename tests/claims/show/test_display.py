"""What a cell shows whose last line is a claim, a finding, a verdict or a ledger."""

from __future__ import annotations

import re

import pytest
from claims.judging.verdicts import judged
from claims.ledger.model import LedgerError
from claims.ledger.official import joined
from claims.results import finding
from claims.results.finding import counted, derive
from claims.results.store import keep
from claims.show import display
from claims.words import sentences
from IPython.lib.pretty import pretty
from made_up import QUOTED, RATE, SMALL, TRADE, book, figure, quoted

pytestmark = pytest.mark.usefixtures("nothing_kept_of_a_small_ledger")


@pytest.fixture
def base(monkeypatch) -> finding.Finding:
    monkeypatch.setattr("IPython.display.display", lambda what, raw=False: None)
    found = derive(SMALL, "base_2022", "The level of 2022", "implied_base", last="c003", growth=RATE)
    keep(found)
    return found


def rows_of(shown: str) -> dict[str, str]:
    return dict(re.findall(r"<tr><th>(.*?)</th><td>(.*?)</td></tr>", shown))


def test_a_finding_shows_its_whole_chain_down_to_source_and_line(base):
    twice = derive(SMALL, "twice", "Twice <that>", "last_of_multiple", first=base, multiple=2)
    shown = twice._repr_html_()
    assert "<caption>Twice &lt;that&gt;: $47.0 billion</caption>" in shown
    rows = rows_of(shown)
    assert rows["Stands for"] == twice.range
    assert rows["Put in"] == "$23.5 billion × 2 = $47.0 billion"
    assert list(rows)[-2:] == ["c003", "c002"]
    assert rows["c003"].endswith("S1, line 1: " + SMALL.sources["S1"].title)


def test_a_finding_over_many_figures_counts_those_it_does_not_show(base):
    many = book(*(figure(f"c{i:03}", "5") for i in range(1, 31)))
    counted_all = counted("all", "All", 30, "rows", inputs=list(many.claims))
    rows = dict(display.finding_rows(many, counted_all, {}))
    assert rows["…"] == "and 18 more figures"


def test_a_claim_shows_what_the_ledger_knows_of_it_and_says_which_reading_that_is():
    rows = rows_of(TRADE._repr_html_())
    assert rows["As printed"] == "“41”"
    assert rows["As usually read"] == "$41 to 42 billion"
    assert rows["Printed in"].startswith("S1, line 1: ")
    assert "Stated by" not in rows


def test_a_claim_of_another_ledger_shows_no_table():
    assert figure("c009", "41")._repr_html_() is None
    assert figure("c001", "42")._repr_html_() is None
    assert figure("c001", "41", "more_than")._repr_html_() == TRADE._repr_html_()


def test_an_official_figure_shows_the_page_it_is_quoted_from_also_where_it_is_a_claim():
    rows = rows_of(QUOTED._repr_html_())
    assert rows["Published by"] == "New Energy, citing others, 2024-01"
    assert (rows["Address"], rows["Authority"]) == ("https://example.org/trade", "Kazakh statistics")
    assert joined(SMALL).claims["o001"]._repr_html_() == QUOTED._repr_html_()
    assert quoted("o001", "32")._repr_html_() is None


def test_a_finding_made_from_an_official_figure_shows_where_that_was_published():
    rows = rows_of(derive(SMALL, "x", "X", "growth", last="c001", first="o001")._repr_html_())
    assert "$31.2 billion" in rows["Put in"]
    assert rows["o001"].endswith("; Trade, 2023; New Energy, citing others, 2024-01")


def test_a_ledger_shows_its_texts():
    assert rows_of(SMALL._repr_html_())["S1"].endswith("3 figures, 0 listed items")


def test_a_verdict_shows_its_word_what_decides_its_causes_and_what_would_mend_it():
    ledger = book(figure("c001", "24"), figure("c002", "27", source="S2"))
    (verdict,) = judged(ledger).groups
    shown = display.verdict_html(verdict)
    rows = rows_of(shown)
    assert "<caption>Trade, 2023: inconsistent</caption>" in shown
    assert rows["What decides"] == str(verdict.explanation)
    assert rows["Figures"] == "c001: $24 billion (S1), c002: $27 billion (S2)"
    assert "excluded: " in rows["Causes"]
    assert "$27 billion → $24 billion" in rows["Smallest revision"]


@pytest.mark.parametrize("problem", [FileNotFoundError("no ledger here"), LedgerError([])])
def test_a_display_without_a_ledger_falls_back_to_one_line_of_text(base, monkeypatch, problem):
    def no_ledger():
        raise problem

    monkeypatch.setattr(sentences, "_ledger", no_ledger)
    assert base._repr_html_() is None
    assert TRADE._repr_html_() is None
    assert pretty(base) == "The level of 2022: $23.5 billion ($23.0 to 24.0 billion)"


def test_a_bug_in_a_display_is_not_hidden(base, monkeypatch):
    monkeypatch.setattr(display, "as_table", lambda *given: 1 / 0)
    for shown in (base, TRADE, SMALL):
        with pytest.raises(ZeroDivisionError):
            shown._repr_html_()


def test_the_plain_text_of_a_claim_and_a_ledger_is_one_line():
    assert pretty(TRADE) == "c001: more than $41 billion (S1, line 1)"
    assert pretty(QUOTED) == "o001: about $31.2 billion (New Energy, citing others, 2024-01)"
    assert pretty(joined(SMALL).claims["o001"]) == "o001: about $31.2 billion (an official figure)"
    assert pretty([TRADE]) == f"[{pretty(TRADE)}]"
    assert pretty(SMALL) == repr(SMALL) == "Ledger(3 figures of 5 texts)"
