"""A notebook's book: what its prose quotes, the findings it passes on, exhibits on its own ledger."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from fractions import Fraction

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from claims.results import finding
from claims.results.finding import Finding, computed, derive
from claims.results.names import UnknownName
from claims.show.book import Book, open_book
from claims.show.exhibits import FIGURE, TABLE
from claims.words.values import finding_json
from conftest import REPOSITORY
from made_up import RATE, SMALL, figure
from made_up import book as ledger_of


@pytest.fixture
def displayed(monkeypatch) -> list:
    """Return what a notebook would pass to Jupyter."""
    outputs: list = []
    monkeypatch.setattr("IPython.display.display", lambda what, raw=False: outputs.append(what))
    return outputs


@pytest.fixture
def base() -> Finding:
    return derive(SMALL, "base_2022", "The level of 2022", "implied_base", last="c003", growth=RATE)


@pytest.fixture
def book(displayed, base) -> Book:
    """Return an book with a finding kept."""
    book = Book(SMALL)
    book.keep(base)
    return book


def test_the_report_gets_every_kept_finding_as_valid_json(book, base, displayed):
    output = json.loads(json.dumps(displayed[0][finding.MIME], allow_nan=False))
    assert output == {"findings": [finding_json(base)]}
    assert displayed[0]["text/plain"] == "1 finding kept"


def test_a_finding_kept_again_replaces_the_first(book, displayed):
    book.keep(computed("base_2022", "The level of 2022", Fraction(7), "USD", "typed"))  # a cell is run again
    assert str(book.base_2022) == "$7.00"


def test_prose_uses_borrowed_findings_and_the_report_gets_none(base, displayed):
    book = Book(SMALL)
    book.results.borrow({base.id: base})
    assert displayed == []
    assert book.sentences.plain("{base_2022}") == "$23.5 billion"


def test_exhibits_print_figures_of_the_book_s_own_ledger():
    frame = pd.DataFrame({"x": [1]})
    words = {"title": "After {c001}", "caption": "C"}
    for printed in ("41", "57"):
        book = Book(ledger_of(figure("c001", printed)))
        exhibits = (
            book.table(frame, id="tbl-x", columns={"x": "X"}, **words).bundle[TABLE],
            book.figure(None, id="fig-x", name="x", alt="{c001}", data=frame, **words).bundle[FIGURE],
        )
        assert [payload["title"] for payload in exhibits] == [rf"After [\${printed} billion](#c001)"] * 2
        assert exhibits[1]["alt"] == {"text": f"${printed} billion", "href": "#c001"}


def test_a_table_passes_on_the_findings_it_shows(book):
    grown = computed("growth_x", "Growth of x", Fraction(7), "percent", "typed")
    table = book.table(
        [{"x": grown}], findings=[grown], id="tbl-x", title="{growth_x}", caption="C", columns={"x": "X"}
    )
    assert table.bundle[finding.MIME] == {"findings": [finding_json(grown)]}
    assert table.bundle[TABLE]["title"] == "[7.0%](#f-growth-x)"


def test_prose_reaches_figures_and_findings_by_readable_names(book):
    assert str(book.trade_2023_text1) == "more than $41 billion"
    assert str(book.trade_2023_text1.source) == "S1"
    assert str(book.base_2022.range) == "$23.0 to 24.0 billion"  # 30.5 ÷ 1.325 and 31.5 ÷ 1.315
    assert book.claims.trade_2023_text1 is book.ledger.claims["c001"]
    assert str(book.c001) == str(book.trade_2023_text1)


def test_tab_completes_names_of_figures_and_findings_and_forms(book):
    assert {"trade_2023_text1", "base_2022", "claims", "find"} <= set(dir(book))
    assert "trade_2023_text1" in dir(book.claims)
    assert {"period", "source", "plain"} <= set(dir(book.c003))
    assert "period" not in dir(book.c003.period)


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("book.trade_2032_text1", "'trade_2032_text1'; did you mean 'trade_2023_text1'?"),
        ("book.claims.trade_2032_text1", "no claim 'trade_2032_text1'; did you mean 'trade_2023_text1'?"),
        ("book.c003.peroid", "'peroid'; did you mean 'period'?"),
        ("book.findings['base_2032']", "did you mean 'base_2022'?"),
        ("book.zzzzzz", 'book.find("…") lists names'),
    ],
)
def test_an_unknown_name_suggests_the_nearest(book, expression, message):
    with pytest.raises(UnknownName) as caught:
        eval(expression, {"book": book})
    assert message in str(caught.value)
    assert not hasattr(book, "trade_2032_text1")


def test_find_lists_figures_and_findings_with_their_lines(book):
    found = book.find("trade 2023")
    assert found[["name", "id", "value", "where"]].iloc[0].tolist() == [
        "trade_2023_text1", "c001", "more than $41 billion", "S1, line 1",
    ]  # fmt: skip
    assert book.find("level of 2022")["name"].tolist() == ["base_2022"]
    assert book.find("no such thing").empty


def test_find_shows_every_name_whole_whatever_pandas_shortens():
    with pd.option_context("display.max_colwidth", 5, "display.max_rows", 1):
        found = open_book(REPOSITORY / "data").find("share sunflower xinjiang")
        page, line = found._repr_html_(), repr(found)
    name = "sunflower_oil_share_of_exports_to_xinjiang_2023_kz_trade_ministry"
    assert found["name"].tolist() == [name]
    assert name in line
    cells = BeautifulSoup(page, "lxml").find_all("td")
    assert cells[0].get_text() == f"{{eval}}`book.{name}`"
    assert "user-select: all" in cells[0].code["style"]
    assert cells[1].a["href"].endswith(f"report.html#{found['id'].item()}")


def test_find_escapes_the_words_of_the_ledger(book):
    found = book.find("trade 2023")
    found.loc[:, "what"] = "<b>trade</b>"
    assert "&lt;b&gt;trade" in found._repr_html_() and "<b>" not in found._repr_html_()


def test_columns_chosen_from_what_is_found_look_as_pandas_has_them(book):
    assert "dataframe" in book.find("trade 2023")[["name", "value"]]._repr_html_()
    assert "0 numbers found" in book.find("no such thing")._repr_html_()


def test_a_book_is_opened_under_parameters():
    book = open_book(REPOSITORY / "data", rounding="truncation", window="own", official="all", grouping="isic")
    assert book.reading.rounding == "truncation"
    assert len(book.ledger.claims) > len(open_book(REPOSITORY / "data").ledger.claims)
    with pytest.raises(TypeError, match="roundign"):
        open_book(REPOSITORY / "data", roundign="truncation")


COMPLETING = """
import sys
from IPython.core.completer import provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
shell.run_cell("from claims.show.book import open_book; book = open_book()")
with provisionalcompleter():
    print(*[found.text for found in shell.Completer.completions("book.claims.tra", 15)])
print("jedi" in sys.modules)
"""


def test_tab_in_a_kernel_completes_names_without_jedi(tmp_path):
    environment = {**os.environ, "IPYTHONDIR": str(tmp_path)}
    command = [sys.executable, "-c", COMPLETING]
    run = subprocess.run(
        command, cwd=REPOSITORY / "notebooks", env=environment, capture_output=True, text=True, check=True
    )
    *names, with_jedi = run.stdout.split()
    assert ".trade_turnover_2023_golden" in names
    assert with_jedi == "False"
