"""A small page in a real browser: the colours of drawn words, the fields of cards, and jumps, on a phone and wide."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO

import pandas as pd
import pytest
import sample_document as sample
from browser import Watched, opened
from claims.content.tables import NARROW, TABLE
from claims.ledger import loading
from claims.show import charts, style
from matplotlib.figure import Figure
from nbformat import from_dict, v4

from report.pages.exporters import ReportHTMLExporter
from report.pages.shortening import shorten

ROWS = [
    [
        {"text": "Trade", "id": "c001"},
        "–",
        "",
        "It grew in every year that both countries count, by either count of it.",
    ],
    [{"text": "Gas", "id": "c002"}, {"text": "5%", "href": "#c001"}, {"text": "6%", "href": "#c001"}, ""],
]


def svg(figure: Figure) -> str:
    out = StringIO()
    with style.house():
        figure.savefig(out, format="svg")
    return out.getvalue()


@pytest.fixture(scope="module")
def phone(browser, tmp_path_factory) -> Iterator[Watched]:
    """Return a page with a heat map, drawn wide and narrow, and a table that is shown as cards."""
    counts = pd.DataFrame([[0, 3, 12], [12, 6, 1]], index=["Trade", "Energy"], columns=["S1", "S2", "S3"])
    figure = charts.coverage(counts, loading.load_ledger()).figure
    output = sample.figure("fig-x")
    output["data"] |= {"image/svg+xml": svg(figure), NARROW: svg(charts.narrow_figure(figure))}
    columns = [{"key": key, "label": key.upper()} for key in "abcd"]
    table = v4.new_output("display_data", {TABLE: {"columns": columns, "rows": ROWS}})
    cells = [sample.code("f", "f", output), sample.code("t", "t", table)]
    notebook = from_dict(v4.new_notebook(cells=cells))
    path = tmp_path_factory.mktemp("phone") / "page.html"
    path.write_text(shorten(ReportHTMLExporter().from_notebook_node(notebook)[0]), encoding="utf-8")
    with opened(browser, path, width=390) as watched:
        yield watched


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_numbers_on_dark_cells_keep_their_light_colour(phone, scheme, width):
    phone.page.set_viewport_size({"width": width, "height": 800})
    phone.page.emulate_media(color_scheme=scheme)
    found = phone.look("colours", 0)
    assert [problem for problem in found["problems"] if "words" in problem] == []
    assert found["words"] >= 11
    fills = phone.page.eval_on_selector_all(".vector text", "texts => texts.map(text => getComputedStyle(text).fill)")
    assert len(set(fills)) == 2


def test_a_card_leaves_out_fields_that_are_empty_or_a_dash(phone):
    rows = "[...document.querySelectorAll('.cards tbody tr')]"
    count = f"() => {rows}.map(row => [...row.cells].filter(cell => cell.offsetHeight).length)"
    phone.page.set_viewport_size({"width": 390, "height": 800})
    assert phone.page.evaluate(count) == [2, 3]
    phone.page.set_viewport_size({"width": 1280, "height": 800})
    assert phone.page.evaluate(count) == [4, 4]


def test_only_the_first_of_equal_links_in_a_row_is_a_tab_stop(phone):
    stops = "[...document.querySelectorAll('#c002 a')].map(link => [link.hash, link.tabIndex])"
    assert phone.page.evaluate(stops) == [["#c002", 0], ["#c001", 0], ["#c001", -1]]


@pytest.mark.parametrize("scripts", [True, False])
def test_a_link_to_a_number_shows_its_row_and_the_address_stays(browser, tmp_path, scripts):
    path = tmp_path / "report.html"
    path.write_text(shorten(ReportHTMLExporter().from_notebook_node(from_dict(sample.document()))[0]), encoding="utf-8")
    with opened(browser, path, scripts=scripts) as watched:
        watched.page.click("#c001 a[href='#F1']")
        assert watched.page.locator("#f-growth:has(:target)").count() == 1
        watched.page.wait_for_url(f"**#{'f-growth' if scripts else 'F1'}")  # a script writes the address a moment later


def test_a_jump_within_the_page_is_not_animated(phone):
    phone.page.emulate_media(reduced_motion="no-preference")
    assert phone.page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"


LONG = "Growth of passengers of the harbour ferry between Larkmouth and Harbourtown Quay"
MANY = [  # as wide as the tables of growth in a report on another subject, with its longest names
    [LONG, "2023 Q4 to 2024 Q4", "Gazette report, newsletter and friends’ letter", "about 5%", "210,000", "201,000",
     "200,500 to 201,499", "39.1% to 50.5%", "yes"],
    ["Trade", "2024", "newsletter", "20%", "$13.7 billion", "40,000", "$13.6 to 13.8 billion", "17.2% to 22.8%", "no"],
]  # fmt: skip


def test_a_table_of_many_columns_fits_beside_the_contents(browser, tmp_path):
    """A window of 1300 pixels leaves 872 for a table beside the contents."""
    names = ("Rate", "Period", "Texts", "Reported", "Level reached", "Level before", "Range", "Levels give", "Fits")
    columns = [{"key": f"k{place}", "label": name} for place, name in enumerate(names)]
    table = v4.new_output("display_data", {TABLE: {"id": "tbl-many", "columns": columns, "rows": MANY}})
    notebook = from_dict(v4.new_notebook(cells=[sample.code("t", "t", table)]))
    path = tmp_path / "page.html"
    path.write_text(ReportHTMLExporter().from_notebook_node(notebook)[0], encoding="utf-8")
    with opened(browser, path, width=1300) as wide:
        box = wide.page.locator("#tbl-many .scroll")
        box.evaluate("box => { box.style.width = '872px'; }")
        assert box.evaluate("box => [box.clientWidth >= 872, box.scrollWidth <= box.clientWidth]") == [True, True]
        lines = box.locator("tbody tr").evaluate_all("rows => rows.map(row => row.offsetHeight)")
        assert lines[1] < 50  # a short row has two lines at most
