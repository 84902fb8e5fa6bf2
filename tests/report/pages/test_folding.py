"""Long tables open folded to the rows that matter, and unfold for whoever wants more, also without a script."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import sample_document as sample
from browser import Watched, opened, settle
from bs4 import BeautifulSoup

from report.pages import folding, html
from report.pages.assemble import assemble
from report.pages.html import TEMPLATES
from report.pages.reading import read


def shown(id: str, rows: int, **more):
    """Return a table whose rows have anchors id-0, id-1, …"""
    return sample.table(id, [[{"text": f"row {i}", "id": f"{id}-{i}"}, "1"] for i in range(rows)], **more)


def written(folder: Path) -> Path:
    chapter = sample.v4.new_notebook(
        cells=[
            sample.markdown("# How long?", "title"),
            sample.code("short()", "short", shown("tbl-short", 12, title="Short")),
            sample.code("long()", "long", shown("tbl-long", 13, title="Long")),
            sample.code("led()", "led", shown("tbl-led", 20, title="Led", lead=[2, 19])),
            sample.code("chart()", "chart", sample.figure("fig-long", title="Drawn", rows=[["2020"]] * 30)),
        ]
    )
    notebooks = {"10_long": chapter, "20_growth": sample.notebooks()["20_growth"]}
    report = assemble(notebooks, sample.tables(), sample.METADATA)
    path = folder / "page.html"
    path.write_text(html.page(read(report)), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def path(tmp_path_factory) -> Path:
    return written(tmp_path_factory.mktemp("folding"))


@pytest.fixture(scope="module")
def page(path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text("utf-8"), "html.parser")


def visible(watched: Watched, id: str) -> list[int]:
    """Return the places of the rows of a table that can be seen."""
    rows = f"[...document.querySelectorAll('[id=\"{id}\"] tbody tr')]"
    return watched.page.evaluate(f"{rows}.flatMap((row, place) => row.getClientRects().length ? [place] : [])")


def test_tables_of_more_than_a_dozen_rows_say_how_many_they_have(page):
    named = {fold.find_parent(class_="exhibit")["id"]: fold.summary.get_text() for fold in page.select(".unfold")}
    assert named == {
        "tbl-long": "Show all 13 rowsShow fewer rows of Table 2",
        "tbl-led": "Show all 20 rowsShow fewer rows of Table 3",
        "tbl-ledger": "Show all 130 rowsShow fewer rows of Table C1",
    }


def test_only_rows_after_a_declared_lead_are_marked(page):
    marked = [row["id"] for row in page.select("tr.more")]
    assert marked == [f"tbl-led-{place}" for place in range(20) if place not in (2, 19)]


def test_the_style_sheet_and_the_program_show_as_many_first_rows():
    sheet = (TEMPLATES / "report.css").read_text(encoding="utf-8")
    assert f"nth-child(n+{folding.FIRST_ROWS + 1})" in sheet


@pytest.mark.parametrize("scripts", [True, False])
def test_folded_tables_show_their_lead_with_and_without_a_script(browser, path, scripts):
    with opened(browser, path, scripts=scripts) as watched:
        seen = [visible(watched, id) for id in ("tbl-short", "tbl-long", "tbl-led", "tbl-ledger")]
        assert seen == [[*range(12)], [*range(8)], [2, 19], [*range(8)]]
        watched.page.click("#tbl-led .unfold summary")
        assert visible(watched, "tbl-led") == [*range(20)]
        watched.page.click("#tbl-led .unfold summary")
        assert visible(watched, "tbl-led") == [2, 19]


def wait_for_row(watched: Watched, lowest: int) -> None:
    """Wait until the ledger is unfolded and its row c100 so high; from outside, as no page waits without scripts."""
    last, row = (f"document.querySelector('#tbl-ledger {one}')" for one in ("tbody tr:last-child", "#c100"))
    seen = f"(top => {last}.getClientRects().length && top >= 0 && top < {lowest})({row}.getBoundingClientRect().top)"
    until = time.monotonic() + 60
    while not watched.page.evaluate(seen):
        assert time.monotonic() < until, "c100 is not in its place"
        watched.page.wait_for_timeout(20)


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("width", [1280, 390])
def test_a_link_into_a_folded_row_unfolds_its_table(browser, path, scripts, width):
    with opened(browser, path, scripts=scripts, width=width, fragment="#c100") as watched:
        wait_for_row(watched, 900)
        assert visible(watched, "tbl-ledger") == [*range(130)]
        assert visible(watched, "tbl-long") == [*range(8)]


@pytest.mark.parametrize("scripts", [True, False])
def test_a_link_within_the_page_leads_to_a_folded_row(browser, path, scripts):
    with opened(browser, path, scripts=scripts) as watched:
        watched.page.evaluate("location.hash = '#c100'")
        wait_for_row(watched, 100)
        assert visible(watched, "tbl-ledger") == [*range(130)]


def test_a_table_stays_unfolded_after_the_link_is_left(browser, path):
    with opened(browser, path) as watched:
        watched.page.goto(f"{path.as_uri()}#c100")
        watched.page.wait_for_selector("#tbl-ledger .unfold[open]")
        watched.page.goto(f"{path.as_uri()}#tbl-long")
        assert visible(watched, "tbl-ledger") == [*range(130)]


def test_a_folded_table_is_printed_whole(browser, path):
    with opened(browser, path) as watched:
        watched.page.emulate_media(media="print")
        assert visible(watched, "tbl-led") == [*range(20)]
        assert visible(watched, "tbl-ledger") == [*range(130)]
        assert not watched.page.locator(".unfold").first.is_visible()


def test_search_and_sorting_look_at_all_rows_and_fold_again(browser, path):
    with opened(browser, path) as watched:
        watched.page.fill("#tbl-ledger-find", "c100")
        settle(watched.page, timers=150)
        assert visible(watched, "tbl-ledger") == [99]
        assert not watched.page.locator("#tbl-ledger .unfold").is_visible()
        watched.page.click("#tbl-ledger .tools button")
        assert visible(watched, "tbl-ledger") == [*range(8)]
        watched.page.click("#tbl-ledger thead button >> nth=0")
        assert len(visible(watched, "tbl-ledger")) == 130


def test_a_reader_without_a_mouse_can_unfold_and_axe_agrees(browser, path):
    with opened(browser, path) as watched:
        watched.page.focus("#tbl-led .unfold summary")
        watched.page.keyboard.press("Enter")
        assert visible(watched, "tbl-led") == [*range(20)]
        assert watched.axe(within=["#tbl-led", "nav.lists"])["violations"] == []
