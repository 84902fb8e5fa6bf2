"""A reader who acts while the page changes to another reading finds it whole, and a copy saved by a browser says so."""

from __future__ import annotations

import pytest
from browser import PUBLISHED, opened
from declared import SHOWN, choose

CUT, CHINESE = "digits-cut-off", "with-chinese-customs"
CHOSEN = """name => {
  const choice = document.getElementById("reading");
  choice.value = name;
  choice.dispatchEvent(new Event("change", { bubbles: true }));
  if (document.querySelector(".readings").dataset.shows !== "") throw new Error("it is not in between");
}"""
GAP = "main .prose a.evidence[href='#f-difference-turnover-2023']"
ACTS = {  # in the page, right after a reading is chosen; what was in sight has changed by then, and nothing else
    "opens a card": f'() => document.querySelector("{GAP}").focus()',
    "points at a mark": """() => {
      const card = document.querySelector("#fig-trade-over-time .card");
      card.focus();
      card.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true }));
    }""",
    "sorts a table": """() => {
      const descending = document.querySelector("#tbl-verdicts button.sort");
      for (const _ of "12") descending.click();
    }""",
    "searches a table": """() => {
      const find = document.getElementById("tbl-derivations-find");
      find.value = "china";
      document.querySelector("#tbl-derivations .tools select").dispatchEvent(new Event("change"));
    }""",
    "prints": "() => { dispatchEvent(new Event('beforeprint')); dispatchEvent(new Event('afterprint')); }",
    "goes to the next difference": "() => document.querySelectorAll('.readings .steps button')[1].click()",
    "follows an address": "() => { location.hash = '#reading=digits-cut-off&at=c012'; }",
    "chooses otherwise": f"() => ({CHOSEN})('hedges-twice-as-wide')",
}
TAB_STOPS = "[...document.querySelectorAll('main a')].map(link => [link.hash, link.tabIndex])"


@pytest.fixture(scope="module")
def usual(desk) -> list[str]:
    return desk.page.evaluate(SHOWN)


@pytest.fixture(scope="module")
def cut(desk, usual) -> list[str]:
    choose(desk.page, CUT)
    found = desk.page.evaluate(SHOWN)
    choose(desk.page, "")
    assert found != usual
    return found


@pytest.fixture
def page(desk, usual):
    yield desk.page
    tidy(desk.page)
    choose(desk.page, "")
    desk.page.evaluate("history.replaceState(null, '', location.pathname)")
    assert desk.complaints == []


def tidy(page) -> None:
    """Close all that a reader can open, and show all rows of the tables in their order."""
    page.locator(".readings:not([data-shows=''])").wait_for()
    for _ in range(2):
        page.keyboard.press("Escape")
    page.mouse.move(2, 2)
    page.evaluate("document.activeElement.blur()")
    page.evaluate("document.querySelectorAll('.tools button:not([hidden])').forEach(button => button.click())")
    page.locator("#evidence, .tip, .what-if, .uses").first.wait_for(state="detached")


@pytest.mark.parametrize("act", ACTS)
def test_who_acts_in_between_finds_the_page_whole(page, usual, cut, act):
    page.keyboard.press("Shift")
    page.evaluate(f"() => {{ ({CHOSEN})('{CUT}'); ({ACTS[act]})(); }}")
    tidy(page)
    if act == "chooses otherwise":
        choose(page, CUT)
    assert page.evaluate(SHOWN) == cut
    page.evaluate(f"() => {{ ({CHOSEN})(''); ({ACTS[act]})(); }}")
    tidy(page)
    choose(page, "")
    assert page.evaluate(SHOWN) == usual


def test_a_card_opened_in_between_has_the_numbers_of_the_reading(page, cut):
    page.keyboard.press("Shift")
    page.evaluate(f"() => {{ ({CHOSEN})('{CUT}'); ({ACTS['opens a card']})(); }}")
    head = page.locator("#evidence .head").inner_text().partition(" – ")[0]
    value = page.locator("#evidence .line", has_text="Value").inner_text()
    assert head not in ("", "$9.6 billion")
    assert head in value.replace("\u00a0", " ")


def test_what_if_in_between_leaves_nothing_of_the_other_reading(page, usual):
    choose(page, CUT)
    page.keyboard.press("Shift")
    asked = "document.querySelector(\"main .prose a.evidence[href='#c012']\").focus()"
    ask = "[...document.querySelectorAll('#evidence button')].find(b => b.textContent.startsWith('What if')).click()"
    page.evaluate(f"() => {{ ({CHOSEN})(''); {asked}; {ask}; }}")
    page.wait_for_selector(".what-if [role=status]:not(:empty)")
    page.keyboard.insert_text("30")
    page.wait_for_selector("main .prose .differs")
    page.keyboard.press("Escape")
    tidy(page)
    assert page.evaluate(SHOWN) == usual


def test_every_link_is_the_tab_stop_it_was(page):
    before = page.evaluate(TAB_STOPS)
    assert any(stop < 0 for _, stop in before)
    for reading in (CHINESE, "with-kazakh-statistics", ""):
        choose(page, reading)
    assert page.evaluate(TAB_STOPS) == before


def test_going_back_keeps_the_reading_and_its_address(page):
    page.evaluate("location.hash = '#c012'")
    choose(page, CUT)
    page.wait_for_function("() => location.hash === '#reading=digits-cut-off'")
    page.evaluate("history.back()")
    page.wait_for_function("() => location.hash === '#reading=digits-cut-off'")
    assert page.locator(".readings").get_attribute("data-shows") == CUT


def test_as_usual_keeps_the_reader_in_place(page):
    choose(page, CUT)
    page.locator("h2").nth(3).scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    assert before > 900
    page.get_by_role("button", name="As usual").click()
    page.locator(".readings[data-shows='usual']").wait_for()
    assert abs(page.evaluate("scrollY") - before) < 40  # what is above may be written in other words
    assert page.evaluate("document.activeElement.id") == "reading"
    box = page.locator("#reading").bounding_box()
    assert 0 < box["y"] < page.viewport_size["height"]
    page.evaluate("document.activeElement.blur()")
    assert page.locator("#reading").bounding_box()["y"] < 0  # at the head of the page again


@pytest.mark.parametrize("fragment", ["#100%", "#reading=digits-cut-off&at=%", "#%E0%A4%A"])
def test_a_damaged_address_stops_no_script(browser, fragment):
    with opened(browser, PUBLISHED, fragment=fragment) as watched:
        assert watched.complaints == []


def test_a_copy_saved_by_a_browser_says_that_it_does_not_work(browser, tmp_path):
    copy = tmp_path / "report.html"
    with opened(browser, PUBLISHED) as watched:
        choose(watched.page, CUT)
        copy.write_text(watched.page.evaluate("document.documentElement.outerHTML"), encoding="utf-8")
    page = browser.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(copy.as_uri())
    assert "saved from a browser" in page.locator(".copied").inner_text()
    assert page.locator(".readings, #reading").count() == 0
    page.close()
    assert ["saved from a browser" in complaint for complaint in complaints] == [True]
