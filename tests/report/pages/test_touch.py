"""Fingers on a phone: what they press is large enough, and a card has a button that closes it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from browser import PUBLISHED, Watched, opened
from declared import choose

MAIN = 44  # pixels: what is often pressed; SMALLEST is what WCAG 2.5.8 asks of anything that is no link in a sentence
SMALLEST = 24
NUMBER = "main .prose a.evidence[href='#c061']"
HEIGHTS = """selector => [...document.querySelectorAll(selector)].filter(e => e.checkVisibility() && e.offsetHeight)
  .map(e => [Math.round(e.getBoundingClientRect().height), e.textContent])"""


@pytest.fixture
def phone(browser) -> Iterator[Watched]:
    with opened(browser, PUBLISHED, width=390, height=800, touch=True) as watched:
        yield watched


def smallest(page, selector: str) -> int:
    heights = page.evaluate(HEIGHTS, selector)
    assert heights, f"nothing is {selector}"
    return min(heights)[0]


def test_what_a_finger_presses_is_large_enough(phone):
    page = phone.page
    assert smallest(page, "main :is(button, select, input, summary), main :is(nav, .how, .save) > a") >= SMALLEST
    controls = "button:not(.sort), select, input, summary"
    assert smallest(page, f":is(main, .readings) :is({controls}), .lists a") >= MAIN
    page.locator("nav.narrow summary").tap()
    assert smallest(page, "nav.narrow a") >= MAIN
    choose(page, "hedges-twice-as-wide")
    assert smallest(page, ".readings :is(button, select)") >= MAIN


def test_what_a_finger_presses_in_cards_is_large_enough(phone):
    page = phone.page
    page.locator(NUMBER).first.tap()
    assert smallest(page, "#evidence .foot :is(a, button)") >= MAIN
    assert smallest(page, "#evidence a") >= SMALLEST
    page.locator("#evidence button", has_text="What if").tap()
    page.wait_for_selector(".what-if li a")
    assert smallest(page, ".what-if :is(button, select, input)") >= MAIN
    assert smallest(page, ".what-if a") >= SMALLEST


def test_a_finger_closes_the_card_and_opens_it_again(phone):
    page = phone.page
    for _ in range(2):
        page.locator(NUMBER).first.tap()
        page.locator("#evidence").get_by_role("button", name="Close").tap()
        page.wait_for_selector("#evidence", state="detached")
        assert page.evaluate("document.activeElement.hash") == "#c061"
    assert phone.complaints == []


def test_the_foot_of_a_card_hides_no_text(phone):
    page = phone.page
    page.locator("main .prose a.evidence[href='#f-difference-turnover-2023']").first.tap()
    card = page.locator("#evidence")
    card.evaluate("card => card.scrollTo(0, card.scrollHeight)")
    lines = card.locator(".line").last.bounding_box()
    assert lines["y"] + lines["height"] <= card.locator(".foot").bounding_box()["y"]
    close = card.get_by_role("button", name="Close").bounding_box()
    assert close["y"] + close["height"] <= page.viewport_size["height"]


def test_the_keyboard_closes_the_card_by_its_button(browser):
    with opened(browser, PUBLISHED) as watched:
        page = watched.page
        page.keyboard.press("Shift")
        page.locator(NUMBER).first.focus()
        page.wait_for_selector("#evidence:popover-open")
        page.keyboard.press("ArrowUp")
        assert page.evaluate("document.activeElement.textContent") == "Close"
        page.keyboard.press("Enter")
        assert page.locator("#evidence").count() == 0
        assert page.evaluate("document.activeElement.hash") == "#c061"
