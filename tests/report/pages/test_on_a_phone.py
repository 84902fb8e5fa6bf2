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
        assert watched.page.url.partition("#")[2] == ("f-growth" if scripts else "F1")


def test_a_jump_within_the_page_is_not_animated(phone):
    phone.page.emulate_media(reduced_motion="no-preference")
    assert phone.page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
