"""What a cell shows whose last line is a claim, a finding, a verdict or a ledger."""

from __future__ import annotations

import gc
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from claims.judging import Verdict, judge_ledger
from claims.ledger.model import Claim, Ledger, Official
from claims.ledger.official import join_official
from claims.results.finding import Finding, counted, derive
from claims.results.store import Results
from claims.show import display
from claims.show.book import Book
from claims.words.explanations import explanation
from claims.words.values import range_text
from IPython.core.formatters import DisplayFormatter
from made_up import QUOTED, RATE, SMALL, TRADE, figure, quoted
from made_up import book as ledger_of

BASE = derive(SMALL, "base_2022", "The level of 2022", "implied_base", last="c003", growth=RATE)
NOTEBOOKS = Path(display.__file__).parents[2]
FORMATTER = DisplayFormatter()
display.register(FORMATTER)


@pytest.fixture(autouse=True)
def book() -> Book:
    """Return an book on a small ledger with a finding kept, which is then the one that displays use."""
    book = Book(SMALL)
    book.results.keep(BASE)
    return book


def displayed(item) -> dict[str, str]:
    """Return what a kernel shows of a cell's last value, by MIME type."""
    data, _ = FORMATTER.format(item)
    return data


def table_of(item) -> str | None:
    return displayed(item).get("text/html")


def line_of(item) -> str:
    return displayed(item)["text/plain"]


def rows_of(table: str) -> dict[str, str]:
    return dict(re.findall(r"<tr><th[^>]*>(.*?)</th><td[^>]*>(.*?)</td></tr>", table))


def test_a_finding_shows_its_chain_down_to_source_and_line():
    twice = derive(SMALL, "twice", "Twice <that>", "last_of_multiple", first=BASE, multiple=2)
    table = table_of(twice)
    assert ">Twice &lt;that&gt;: $47 billion</caption>" in table
    rows = rows_of(table)
    assert rows["Stands for"] == range_text(twice)
    assert rows["Put in"] == "$23.5 billion × 2 = $47 billion"
    assert list(rows)[-2:] == ["c003", "c002"]
    assert rows["c003"].endswith("S1, line 1: " + SMALL.sources["S1"].title)


def test_a_finding_of_many_figures_counts_those_left_out():
    many = ledger_of(*(figure(f"c{i:03}", "5") for i in range(1, 31)))
    for number, words in ((30, "and 18 more figures"), (13, "and 1 more figure")):
        counted_all = counted("all", "All", number, "rows", inputs=list(many.claims)[:number])
        assert dict(display.finding_rows(Results(many), counted_all))["…"] == words


def test_a_claim_shows_its_row_and_its_usual_reading():
    rows = rows_of(table_of(TRADE))
    assert rows["As printed"] == "“41”"
    assert rows["As usually read"] == "$41 to 42 billion"
    assert rows["Printed in"].startswith("S1, line 1: ")
    assert "Stated by" not in rows


def test_a_finding_names_who_states_a_figure_as_the_figure_does():
    mayor = replace(figure("c001", "41"), stated_by="the mayor")
    own = ledger_of(mayor, figure("c002", "31"))
    growth = derive(own, "x", "X", "growth", last="c001", first="c002")
    lines = dict(display.finding_rows(Results(own), growth))
    assert lines["c001"].endswith(f"{own.sources['S1'].title}; stated by the mayor")
    assert "stated" not in lines["c002"]


def test_a_claim_of_another_ledger_shows_no_table():
    assert table_of(figure("c009", "41")) is None
    assert table_of(figure("c001", "42")) is None
    assert table_of(figure("c001", "41", "more_than")) == table_of(TRADE)


def test_an_official_figure_shows_its_page_also_as_a_claim():
    rows = rows_of(table_of(QUOTED))
    assert rows["Published by"] == "New Energy, citing others, 2024-01"
    assert (rows["Address"], rows["Authority"]) == ("https://example.org/trade", "kz statistics")  # without a subject
    assert table_of(join_official(SMALL).claims["o001"]) == table_of(QUOTED)
    assert table_of(quoted("o001", "32")) is None


def test_a_finding_of_an_official_figure_shows_its_publisher():
    rows = rows_of(table_of(derive(SMALL, "x", "X", "growth", last="c001", first="o001")))
    assert "$31.2 billion" in rows["Put in"]
    assert rows["o001"].endswith("; Trade, 2023; New Energy, citing others, 2024-01")


def test_a_finding_shows_the_publisher_in_a_joined_ledger_too():
    growth = derive(SMALL, "x", "X", "growth", last="c001", first="o001")
    usual, book = table_of(growth), Book(join_official(SMALL))
    assert usual == table_of(growth)
    assert book.results["o001"] == QUOTED


def test_a_ledger_shows_its_texts():
    assert rows_of(table_of(SMALL))["S1"].endswith("3 figures, 0 listed items")
    one = replace(ledger_of(figure("c001", "41")), sources={"S1": SMALL.sources["S1"]})
    assert ">1 figure of 1 text</caption>" in table_of(one)
    assert rows_of(table_of(one))["S1"].endswith("1 figure, 0 listed items")


def test_a_verdict_shows_its_word_explanation_causes_and_revision():
    ledger = ledger_of(figure("c001", "24"), figure("c002", "27", source="S2"))
    (verdict,) = judge_ledger(ledger).groups
    assert (table_of(verdict), line_of(verdict)) == (None, "trade:2023: inconsistent")
    book = Book(ledger)
    table = table_of(verdict)
    assert table == display.verdict_html(verdict)
    assert book.results.ledger is ledger
    assert line_of(verdict) == "Trade, 2023: inconsistent"
    rows = rows_of(table)
    assert ">Trade, 2023: inconsistent</caption>" in table
    assert rows["What decides"] == str(explanation(ledger, verdict))
    assert rows["Figures"] == "c001: $24 billion (S1), c002: $27 billion (S2)"
    assert "excluded: " in rows["Causes"]
    assert "$27 billion → $24 billion" in rows["Smallest revision"]


def test_without_a_book_a_cell_shows_one_line_of_text(monkeypatch):
    monkeypatch.setattr(display, "_results", None)
    assert table_of(BASE) is None
    assert table_of(TRADE) is None
    assert line_of(BASE) == "The level of 2022: $23.5 billion ($23.0 to 24.0 billion)"


def test_displays_use_the_latest_book_and_keep_none_alive():
    other = Book(ledger_of(TRADE))
    assert table_of(TRADE)
    assert table_of(QUOTED) is None
    del other
    gc.collect()
    assert table_of(TRADE) is None


def test_a_bug_in_a_display_is_not_hidden(monkeypatch, capsys):
    monkeypatch.setattr(display, "as_table", lambda *args: 1 / 0)
    for item, as_html in ((BASE, display.finding_html), (TRADE, display.claim_html), (SMALL, display.ledger_html)):
        with pytest.raises(ZeroDivisionError):
            as_html(item)
        assert table_of(item) is None
        assert "ZeroDivisionError" in capsys.readouterr().err


KERNEL = """
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
from claims.ledger.loading import load_ledger
from claims.show.book import Book
book = Book(load_ledger())
print(*shell.display_formatter.format(book.results["c012"])[0])
"""


def test_importing_the_room_in_a_kernel_registers_the_displays(tmp_path):
    run = subprocess.run(
        [sys.executable, "-c", KERNEL],
        cwd=NOTEBOOKS,
        env={**os.environ, "IPYTHONDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.split() == ["text/plain", "text/html"]


def test_the_data_classes_have_no_html():
    for kind in (Claim, Official, Finding, Verdict, Ledger):
        assert [name for name in dir(kind) if name.startswith("_repr_")] == []


def test_the_plain_text_of_a_claim_and_a_ledger_is_one_line():
    assert line_of(TRADE) == "c001: more than $41 billion (S1, line 1)"
    assert line_of(QUOTED) == "o001: about $31.2 billion (New Energy, citing others, 2024-01)"
    assert line_of(join_official(SMALL).claims["o001"]) == "o001: about $31.2 billion (an official figure)"
    assert line_of([TRADE]) == f"[{line_of(TRADE)}]"
    assert line_of(SMALL) == repr(SMALL) == "Ledger(3 figures of 5 texts)"
