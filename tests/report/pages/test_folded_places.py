"""Of the many places that a row is used in, the first few are shown: rows stay low, and nothing is lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import pytest
from browser import PUBLISHED, Watched, opened
from lxml import html

from report.pages.folding import FIRST_PLACES, MOST_PLACES

TALLEST = 330  # pixels: of a row of the ledger at 1280; its note and its name may be long
ROWS = "[...document.querySelectorAll('#tbl-ledger tbody tr')]"


@cache
def cells() -> list[html.HtmlElement]:
    """Return the cells of columns that list where rows are used."""
    tables = html.fromstring(PUBLISHED.read_text("utf-8")).xpath("//table[thead/tr/th[@data-back]]")
    places = [(table, [one.get("data-back") for one in table.xpath("thead/tr[last()]/th")]) for table in tables]
    return [
        cell
        for table, backs in places
        for row in table.xpath("tbody/tr")
        for cell, back in zip(row, backs, strict=False)
        if back is not None
    ]


@pytest.fixture(scope="module")
def desk(browser) -> Iterator[Watched]:
    with opened(browser, PUBLISHED) as watched:
        watched.page.wait_for_selector(".readings")
        watched.unfold()
        yield watched


def test_a_cell_with_many_places_shows_the_first_and_counts_the_others():
    folds = 0
    for cell in cells():
        links, folded = cell.xpath(".//a"), cell.xpath("./details//a")
        if len(links) <= MOST_PLACES:
            assert folded == []
            continue
        assert len(links) - len(folded) == FIRST_PLACES
        assert cell.xpath("string(details/summary)") == f"and {len(folded)} more"
        folds += 1
    assert folds > 50


def test_rows_of_the_ledger_are_no_towers(desk):
    heights = desk.page.evaluate(f"{ROWS}.map((row) => row.getBoundingClientRect().height)")
    assert len(heights) > 90
    assert max(heights) <= TALLEST


def test_a_reader_opens_the_fold_by_keyboard_without_scripts(browser):
    with opened(browser, PUBLISHED, scripts=False) as bare:
        bare.page.locator("#tbl-ledger td summary").first.focus()
        link = bare.page.locator("#tbl-ledger td details a").first
        assert not link.is_visible()
        bare.page.keyboard.press("Enter")
        assert link.is_visible()


def test_paper_has_all_places(desk):
    desk.page.emulate_media(media="print")
    hidden = f"{ROWS}.flatMap((row) => [...row.querySelectorAll('a')]).filter((link) => !link.checkVisibility()).length"
    try:
        assert desk.page.evaluate(hidden) == 0
        assert not desk.page.locator("#tbl-ledger td summary").first.is_visible()
    finally:
        desk.page.emulate_media(media="screen")


def test_a_file_of_the_ledger_has_the_places_without_the_words_of_the_fold(desk):
    with desk.page.expect_download() as saved:
        desk.page.locator("#tbl-ledger .files button", has_text="CSV").click()
    text = saved.value.path().read_text("utf-8")
    assert not re.search(r"and \d+ more", text)
    row = desk.page.locator("#c012 td").last.evaluate(
        "cell => [...cell.querySelectorAll('a')].map((link) => link.textContent)"
    )
    assert len(row) > MOST_PLACES
    line = next(line for line in text.splitlines() if line.startswith("c012,")).replace("\u00a0", " ")
    assert all(place.replace("\u00a0", " ") in line for place in row)
