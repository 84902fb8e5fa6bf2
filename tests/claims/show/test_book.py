"""A notebook's book: what its prose quotes, the findings it passes on, exhibits on its own ledger."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from claims.ledger.intervals import Reading
from claims.results import finding
from claims.results.finding import Finding, computed, derive
from claims.results.names import UnknownName
from claims.show.book import Book, open_book
from claims.show.exhibits import FIGURE, TABLE
from claims.words.quoted import Quoted
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


@pytest.fixture(autouse=True)
def others(monkeypatch, tmp_path) -> Path:
    """Return the file of the findings of other notebooks; there are none until a test writes it."""
    monkeypatch.setenv("REPORT_FINDINGS", str(tmp_path))
    return tmp_path / "findings.json"


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
    assert str(book.trade_2023_text1.range) == "$41 to 42 billion"
    assert str(book.base_2022.range) == "$23.0 to 24.0 billion"  # 30.5 ÷ 1.325 and 31.5 ÷ 1.315
    assert book.claims.trade_2023_text1 is book.ledger.claims["c001"]
    assert str(book.c001) == str(book.trade_2023_text1)


def test_tab_lists_what_a_book_can_do_and_forms_of_a_figure(book):
    assert {"claims", "find", "findings", "table"} <= set(dir(book))
    assert not {"trade_2023_text1", "base_2022"} & set(dir(book))
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


def cell_of(book, value) -> object:
    """Return what a table of one cell with `value` shows, as JSON."""
    return book.table([{"a_value": value}], title="A table").bundle[TABLE]["rows"][0][0]


def test_a_cell_takes_what_prose_quotes(book):
    claim = book.ledger.claims["c001"]
    assert cell_of(book, book.trade_2023_text1) == {"text": "more than $41 billion", "href": "#c001"}
    assert cell_of(book, book.c003.range) == {"text": "$30.5 to 31.5 billion", "href": "#c003"}
    assert cell_of(book, [book.c003.period, book.base_2022.range]) == [
        {"text": "2023", "href": "#c003"}, {"text": "$23.0 to 24.0 billion", "href": "#f-base-2022"},
    ]  # fmt: skip
    assert cell_of(book, claim.period) == {"text": "2023", "kind": "date"}
    assert cell_of(book, book.ledger.sources["S1"]) == {"text": "S1", "href": "#S1"}


def test_the_range_of_a_printed_figure_is_that_of_the_book_s_reading():
    assert str(Book(SMALL, Reading(tolerance_pct=10)).c003.range) == "$27.4 to 34.6 billion"  # 31 ± 0.5 ± 3.1
    assert Book(SMALL).sentences.plain("{c003:range}, {o001:range}") == "$30.5 to 31.5 billion, $31.1 to 31.3 billion"


def test_id_and_headings_of_a_table_have_defaults(book):
    table = book.table([{"trade_in_2023": book.c003, "what": "x"}], title="Trade in <time>2023</time>, {c003}")
    assert table.bundle[TABLE]["id"] == "tbl-trade-in-2023"
    labels = [column["label"] for column in table.bundle[TABLE]["columns"]]
    assert labels == [{"runs": ["Trade in ", {"text": "2023", "kind": "date"}]}, "What"]
    assert repr(table) == "tbl-trade-in-2023: 1 rows"


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("book.trade_2032_text1", "no finding, claim or official figure 'trade_2032_text1'; did you mean 'trade_2023_"),
        ("{eval}`book.base_2022`", "is the name of a figure; write book.base_2022 without quotes"),
        ({"low": 1}, "did you mean one of its values, such as ['low']?"),
        (len, "did you mean to call it, len(…)?"),
        (object(), "a value of type object cannot be shown in a cell; write book.NAME"),
    ],
)
def test_what_a_cell_cannot_show_is_named_with_what_to_write(book, value, message):
    with pytest.raises((TypeError, UnknownName)) as caught:
        cell_of(book, value)
    assert str(caught.value).startswith("tbl-a-table, row 1, column 'a_value': ")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("rows", "words", "message"),
    [
        ([], {"title": "A"}, "needs its headings: columns="),
        (
            ["x"],
            {"title": "A"},
            "a list of dicts, not a value of type list; write book.table([{'year': book.NAME}, …]",
        ),
        ([{"x": 1}], {"title": "{c001}"}, "needs a title in words, or an id such as id='tbl-loans'"),
        ([{"x": 1}], {"title": "A b", "id": "Tbl 1"}, "write tbl- and words in lower case, such as 'tbl-a-b'"),
        ([{"x": 1}, {"y": 1}], {"title": "A b"}, "tbl-a-b, row 2: no 'x'; write None where a cell is empty"),
    ],
)
def test_rows_and_words_of_a_table_that_are_wrong_name_the_remedy(book, rows, words, message):
    with pytest.raises((TypeError, ValueError, KeyError)) as caught:
        book.table(rows, **words)
    assert message in str(caught.value)


def test_find_lists_figures_and_findings_with_their_lines(book):
    found = book.find("trade 2023")
    assert found[["name", "id", "value", "period", "where"]].iloc[0].tolist() == [
        "trade_2023_text1", "c001", "more than $41 billion", "2023", "S1, line 1",
    ]  # fmt: skip
    (level,) = book.find("level of 2022").to_dict("records")
    assert (level["name"], level["where"], level["here"]) == ("base_2022", "computed here", True)
    assert book.find("no such thing").empty


def write_findings(path: Path, **notebooks: Finding) -> None:
    """Write findings, by the notebook that computes them, as a build leaves them."""
    rows = [{**finding_json(finding), "notebook": name} for name, finding in notebooks.items()]
    path.write_text(json.dumps({"findings": rows}), encoding="utf-8")


def test_find_lists_first_what_the_notebook_can_use(book, base, others):
    other = computed("base_trade_2023", "The trade of 2023, otherwise", Fraction(7), "USD", "typed")
    write_findings(others, **{"10_own": base, "20_two": other})
    found = book.find("2023").to_dict("records")
    assert [row["here"] for row in found] == [True] * (len(found) - 1) + [False]
    assert (found[-1]["name"], found[-1]["where"]) == ("base_trade_2023", "computed in 20_two")
    parts = BeautifulSoup(book.find("2023", most=len(found))._repr_html_(), "lxml").find_all("tbody")
    assert "trade_2023_text1" in parts[0].get_text() and "base_trade_2023" not in parts[0].get_text()
    assert parts[1].th.get_text().startswith("Computed elsewhere") and "20_two (1)" in parts[1].th.get_text()
    assert parts[1].code is None, "a name that cannot be used here is not offered to be copied"
    short = book.find("2023", most=1)
    assert "base_trade_2023" not in short._repr_html_() + repr(short), "names for use here leave no room"
    assert "20_two (1)" in short._repr_html_() and "20_two (1)" in repr(short)


def test_a_borrowed_finding_can_be_used_and_names_its_notebook(displayed, base, others):
    write_findings(others, **{"20_two": base})
    book = Book(SMALL)
    book.borrow_findings()
    (level,) = book.find("level of 2022").to_dict("records")
    assert (level["where"], level["here"]) == ("computed in 20_two", True)
    book.keep(base)
    assert book.find("level of 2022")["where"].tolist() == ["computed here"]


def test_find_shows_the_best_eight_and_how_many_there_are():
    book = open_book(REPOSITORY / "data")
    found = book.find("trade 2023")
    page = BeautifulSoup(found._repr_html_(), "lxml")
    names = [code.get_text() for code in page.find_all("code")]
    assert len(names) == len(repr(found).splitlines()) - 2 == 8
    assert names[0] == "book.trade_turnover_2023_visit"
    assert f"{len(found)} numbers found; the first 8 are shown" in page.caption.get_text()
    assert len(BeautifulSoup(book.find("trade 2023", most=20)._repr_html_(), "lxml").find_all("code")) == 20


def test_find_shows_every_name_whole_whatever_pandas_shortens():
    with pd.option_context("display.max_colwidth", 5, "display.max_rows", 1):
        found = open_book(REPOSITORY / "data").find("share sunflower xinjiang")
        page, line = found._repr_html_(), repr(found)
    name = "sunflower_oil_share_of_exports_to_xinjiang_2023_kz_trade_ministry"
    assert found["name"].tolist() == [name]
    assert name in line
    cells = BeautifulSoup(page, "lxml").find_all("td")
    assert cells[0].get_text() == f"book.{name}"
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
    for text in ("book.claims.tra", "book.", "x = [book.tra"):
        print(*[found.text for found in shell.Completer.completions(text, len(text))])
print("jedi" in sys.modules)
"""


@pytest.fixture(scope="module")
def completed(tmp_path_factory) -> list[list[str]]:
    """Return what Tab offers after each text of `COMPLETING`, and whether Jedi was used."""
    environment = {**os.environ, "IPYTHONDIR": str(tmp_path_factory.mktemp("ipython"))}
    command = [sys.executable, "-c", COMPLETING]
    run = subprocess.run(
        command, cwd=REPOSITORY / "notebooks", env=environment, capture_output=True, text=True, check=True
    )
    return [line.split() for line in run.stdout.splitlines()]


def test_tab_in_a_kernel_completes_names_without_jedi(completed):
    assert ".trade_turnover_2023_golden" in completed[0]
    assert completed[-1] == ["False"]


def test_tab_after_the_dot_lists_what_a_book_can_do(completed):
    assert {".find", ".table", ".claims", ".findings"} <= {*completed[1]}
    assert len(completed[1]) < 20


def test_tab_after_a_letter_completes_names_of_figures(completed):
    assert "book.trade_turnover_2023_golden" in completed[2]


def test_the_year_of_a_printed_figure_is_a_number_to_compare_with():
    opened = open_book()
    assert opened.trade_turnover_2023_visit.year == 2023 < opened.trade_turnover_2024_kazakh.year
    with pytest.raises(UnknownName, match="there is no form 'year'; rate has range"):
        _ = Quoted(computed("rate", "A rate", Fraction(7), "percent", "typed")).year
