"""The published page in Firefox: what a reader does there, from a file, without a network."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import PUBLISHED, REPOSITORY, TAGS, UNPACKED, axe_core, looking
from declared import SHOWN
from firefox import Firefox, running

USUAL, CUT = "usual", "digits-cut-off"
GAP = "main .prose a.evidence[href='#f-difference-turnover-2023']"
SHARE = "main .prose a.evidence[href='#c061']"  # a printed figure that clashes with another
LIT = "document.querySelectorAll('.lit, .behind, .ring, .tip').length"


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("firefox")


@pytest.fixture(scope="module")
def firefox(folder) -> Iterator[Firefox]:
    with running(folder) as found:
        yield found


@pytest.fixture
def page(firefox) -> Iterator[Firefox]:
    """Return the page as it opens; at the end nothing was requested, and nothing complained of."""
    visit(firefox)
    shows(firefox, USUAL)
    yield firefox
    assert firefox.asked == []
    assert firefox.complaints == []


def visit(page: Firefox, fragment: str = "", **size: int) -> None:
    """Open the page, and wait until it has unpacked what is packed into it."""
    page.open(PUBLISHED, fragment, **size)
    page.wait_for(f"({UNPACKED})()")


def shows(page: Firefox, reading: str) -> list[str]:
    """Wait until the page shows a reading, and return what it shows."""
    page.wait_for(f"document.querySelector('.readings')?.dataset.shows === '{reading}'")
    return page.run(f"(\n{SHOWN})()")


def focus(page: Firefox, selector: str) -> None:
    """Bring the focus to the first element of this kind as the keyboard does."""
    page.press("Tab")
    page.run(f"document.querySelector({json.dumps(selector)}).focus()")


def reach(page: Firefox, words: str) -> None:
    """Go up in the card to the button with these words."""
    for _ in range(20):
        page.press("ArrowUp")
        if words in page.run("document.activeElement.textContent"):
            return
    raise AssertionError(f"no button {words!r}")


def test_firefox_opens_the_page_with_all_that_it_can_do(page):
    assert page.run("document.querySelectorAll('#reading option').length") > 20
    assert page.run("document.querySelectorAll('figure svg.vector').length") > 5
    assert page.run("document.documentElement.scrollWidth") <= 1280


def test_firefox_chooses_a_reading_and_the_usual_one_again(page):
    before = page.run(f"(\n{SHOWN})()")
    focus(page, "#reading")
    page.press("d")
    changed = shows(page, CUT)
    assert sum(a != b for a, b in zip(before, changed, strict=False)) > 500
    page.wait_for(f"location.hash === '#reading={CUT}'")
    page.press("Tab", "Tab", "Tab", "Enter")  # past the buttons that lead to what differs, to the one that restores
    assert shows(page, USUAL) == before


def test_firefox_opens_the_page_under_the_reading_of_an_address(page):
    visit(page, f"#reading={CUT}")
    shows(page, CUT)
    assert page.run("document.querySelectorAll('main .differs').length") > 100


def test_a_card_in_firefox_asks_what_if_by_keyboard(page):
    focus(page, SHARE)
    assert page.wait_for("document.querySelector('#evidence:popover-open')?.textContent").startswith("28.3%")
    reach(page, "What if")
    page.press("Enter")
    page.wait_for("document.activeElement.matches('.what-if input')")
    page.run("document.activeElement.select()")
    page.press("30")
    said = page.wait_for("/^30% .* change/.exec(document.querySelector('.what-if [role=status]').textContent)?.[0]")
    assert "1 of 1 verdict" in said


def test_numbers_and_marks_light_each_other_in_firefox(page):
    page.point(GAP)
    page.wait_for("document.querySelector('#f-difference-turnover-2023.lit') && document.querySelector('.ring')")
    page.point("h1")
    page.wait_for(f"{LIT} === 0")
    page.point("#fig-trade-over-time .card [data-of]")
    page.wait_for("document.querySelector('.tip') && document.querySelector('tr.lit')")
    page.point("h1")
    page.wait_for(f"{LIT} === 0")


def test_how_do_we_know_opens_in_firefox(page):
    page.point("details.how > summary", click=True)
    page.wait_for("document.querySelector('details.how[open] dl')?.innerText.length > 200")


def test_firefox_saves_the_numbers_of_a_figure(page, folder):
    page.point("#fig-trade-over-time details.take > summary", click=True)
    page.run("document.querySelectorAll('#fig-trade-over-time .files button')[2].id = 'as-csv'")
    page.point("#as-csv", click=True)
    page.wait_for("document.querySelector('#fig-trade-over-time .files [role=status]').textContent.startsWith('Saved')")
    saved = folder / "downloads" / "trade_over_time.csv"
    until = time.monotonic() + 30
    while not (saved.exists() and saved.stat().st_size) and time.monotonic() < until:
        time.sleep(0.05)
    numbers = (REPOSITORY / "figures" / "trade_over_time.csv").read_text("utf-8")
    assert saved.read_text("utf-8").endswith(numbers)


def test_firefox_copies_a_number_with_its_citation(page):
    focus(page, SHARE)
    page.wait_for("document.querySelector('#evidence:popover-open')")
    reach(page, "Copy")
    page.press("Enter")
    said = page.wait_for("document.querySelector('#evidence .status').textContent")
    assert said == "Copied" or "28.3%" in page.run("document.querySelector('#evidence textarea').value")


def test_axe_finds_nothing_in_firefox(page):
    page.run("document.querySelectorAll('details.how, details.take').forEach(box => { box.open = true })")
    page.load(axe_core())
    page.load(looking())
    assert page.run("look.thin()")["after"] > 1000
    found = page.run(f"look.axe({json.dumps({'runOnly': {'type': 'tag', 'values': TAGS}})})")
    assert found["rules"] > 50
    assert found["violations"] == []


def test_keys_scroll_a_card_in_firefox_where_axe_finds_no_other_way(page):
    visit(page, width=390, height=500)
    focus(page, GAP)
    page.wait_for("document.querySelector('#evidence:popover-open')")
    assert page.run("(card => card.scrollHeight - card.clientHeight)(document.querySelector('#evidence'))") > 50
    scrolled = []
    for _ in range(12):
        page.press("ArrowDown")
        scrolled.append(page.run("document.querySelector('#evidence').scrollTop"))
    assert max(scrolled) > 20
    page.load(axe_core())
    page.load(looking())
    rules = {"scrollable-region-focusable": {"enabled": False}}  # Tab passes the card by, as arrow keys move in it
    options = json.dumps({"runOnly": {"type": "tag", "values": TAGS}, "rules": rules})
    found = page.run(f"look.axe({options}, ['#evidence'])")
    assert found["passes"] > 5
    assert found["violations"] == []
