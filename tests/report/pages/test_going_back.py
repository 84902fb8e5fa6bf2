"""Back returns a reader who has followed a number to that number: the focus is on it, and it can be seen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from browser import PUBLISHED, Watched, opened

SEEN = "(e => { const box = e.getBoundingClientRect(); return box.top > -1 && box.bottom < innerHeight + 1; })"
FOCUSED = "link => document.activeElement === link"
NUMBERS = (
    "main .prose a[href='#f-difference-turnover-2023']",
    "main .prose a[href^='#c']",
    "#tbl-derivations tr:not(.more) td a[href^='#c']",  # from a row to another
)


@pytest.fixture
def watched(browser) -> Iterator[Watched]:
    with opened(browser, PUBLISHED) as watched:
        watched.page.locator(".readings").wait_for()
        yield watched


def follow(page, selector: str, *keys: str):
    """Follow a number by keyboard, by keys pressed on it, and return its element."""
    page.keyboard.press("Shift")
    number = page.locator(selector).first
    number.focus()
    for key in keys or ("Enter",):
        page.keyboard.press(key)
    page.wait_for_function("document.querySelector(':target')")
    return number.element_handle()


def go(page, step: int) -> None:
    """Go in history as Alt with an arrow does, which a browser without a window ignores, and wait for scrolling."""
    before = page.evaluate("location.hash")
    page.evaluate(f"history.go({step})")
    page.wait_for_function("before => location.hash !== before", arg=before)
    page.wait_for_timeout(400)


@pytest.mark.parametrize("selector", NUMBERS)
@pytest.mark.parametrize("keys", [("Enter",), ("ArrowDown", "Enter")])
def test_back_returns_to_the_number_that_was_followed(watched, selector, keys):
    page = watched.page
    number = follow(page, selector, *keys)
    go(page, -1)
    assert page.evaluate(FOCUSED, number)
    assert page.evaluate(f"{SEEN}(document.activeElement)")
    assert watched.complaints == []


def test_two_steps_back_and_one_forward_are_each_in_their_place(watched):
    page = watched.page
    number = follow(page, NUMBERS[0])
    row = page.evaluate("location.hash")
    figure = follow(page, f"{row} td a[href^='#c'], {row} td a[href^='#o']")
    go(page, -1)
    assert page.evaluate(FOCUSED, figure)
    go(page, -1)
    assert page.evaluate(FOCUSED, number)
    go(page, 1)
    assert page.evaluate(FOCUSED, figure)
    go(page, 1)
    assert page.evaluate("document.querySelector(':target').contains(document.activeElement)")


def test_back_returns_to_the_number_in_another_reading_too(watched):
    page = watched.page
    page.select_option("#reading", "digits-cut-off")
    page.wait_for_selector(".readings[data-shows='digits-cut-off']")
    page.keyboard.press("Shift")
    number = page.locator(NUMBERS[0]).first
    number.focus()
    page.keyboard.press("Enter")
    page.wait_for_function("location.hash.includes('at=')")
    handle = number.element_handle()
    go(page, -1)
    assert page.evaluate(FOCUSED, handle)
    assert page.locator(".readings").get_attribute("data-shows") == "digits-cut-off"


def test_back_from_a_folded_list_of_contents_opens_nothing(browser):
    """On a phone the list closes when an entry is followed; the focus is then on its summary."""
    with opened(browser, PUBLISHED, width=390, height=800) as watched:
        page = watched.page
        page.locator("nav.narrow summary").click()
        page.locator("nav.narrow ol a").nth(4).focus()
        page.keyboard.press("Enter")
        page.wait_for_function("location.hash")
        go(page, -1)
        assert page.evaluate("document.activeElement.matches('nav.narrow summary')")
        assert not page.locator("nav.narrow details").evaluate("fold => fold.open")
