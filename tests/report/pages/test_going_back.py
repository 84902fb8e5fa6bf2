"""Back returns a reader who has followed a number to that number: the focus is on it, and it can be seen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from browser import PUBLISHED, Watched, opened
from declared import choose

SEEN = "(e => { const box = e.getBoundingClientRect(); return box.top > -1 && box.bottom < innerHeight + 1; })"
BACK_AT = f"number => document.activeElement === number && {SEEN}(number)"
NUMBERS = (
    "main .prose a.evidence[href='#f-difference-turnover-2023']",
    "main .prose a.evidence[href^='#c']",
    "#tbl-derivations tr:not(.more) td a[href^='#c']",  # from a row to another
)


@pytest.fixture
def watched(browser) -> Iterator[Watched]:
    with opened(browser, PUBLISHED) as watched:
        yield watched


def follow(page, selector: str, *keys: str):
    """Follow a number by keyboard, or what keys pressed on it lead to in its card, and return its element."""
    page.keyboard.press("Shift")
    number = page.locator(selector).first
    number.focus()
    for key in keys:
        page.keyboard.press(key)
    target = page.evaluate("document.activeElement.hash.slice(1)")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"[id='{target}']:target", state="attached")
    return number.element_handle()


def go(page, step: int) -> None:
    """Go in history as Alt with an arrow does, which a browser without a window ignores."""
    before = page.evaluate("location.hash")
    page.evaluate(f"history.go({step})")
    page.wait_for_function("before => location.hash !== before", arg=before)


@pytest.mark.parametrize("selector", NUMBERS)
@pytest.mark.parametrize("keys", [(), ("ArrowDown",)])
def test_back_returns_to_the_number_that_was_followed(watched, selector, keys):
    page = watched.page
    number = follow(page, selector, *keys)
    go(page, -1)
    page.wait_for_function(BACK_AT, arg=number)
    assert watched.complaints == []


def test_two_steps_back_and_one_forward_are_each_in_their_place(watched):
    page = watched.page
    number = follow(page, NUMBERS[0])
    row = page.evaluate("location.hash")
    figure = follow(page, f"{row} td a[href^='#F']")  # one that it is worked out from
    go(page, -1)
    page.wait_for_function(BACK_AT, arg=figure)
    go(page, -1)
    page.wait_for_function(BACK_AT, arg=number)
    go(page, 1)
    page.wait_for_function(BACK_AT, arg=figure)
    go(page, 1)
    page.wait_for_function("() => document.querySelector(':target')?.contains(document.activeElement)")


def test_back_returns_to_the_number_in_another_reading_too(watched):
    page = watched.page
    choose(page, "digits-cut-off")
    number = follow(page, NUMBERS[0])
    page.wait_for_function("() => location.hash.includes('at=')")
    go(page, -1)
    page.wait_for_function(BACK_AT, arg=number)
    assert page.locator(".readings").get_attribute("data-shows") == "digits-cut-off"


def test_back_from_a_folded_list_of_contents_opens_nothing(browser):
    """On a phone the list closes when an entry is followed; the focus is then on its summary."""
    with opened(browser, PUBLISHED, width=390, height=800) as watched:
        page = watched.page
        page.locator("nav.narrow summary").click()
        page.locator("nav.narrow ol a").nth(4).focus()
        page.keyboard.press("Enter")
        page.wait_for_function("() => location.hash")
        go(page, -1)
        page.wait_for_function("() => document.activeElement.matches('nav.narrow summary')")
        assert not page.locator("nav.narrow details").evaluate("fold => fold.open")
