"""The evidence of a number beside it: by mouse, keyboard, finger and screen reader, and gone without a trace."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from browser import PUBLISHED, Watched, opened, settle
from lxml import html

OPEN = "#evidence:popover-open"
LINK = "main .prose a.evidence[href^='#f-']"


@pytest.fixture(scope="module")
def phone(browser) -> Iterator[Watched]:
    with opened(browser, PUBLISHED, width=320, height=640, touch=True) as watched:
        yield watched


@pytest.fixture(scope="module")
def unfolded(browser) -> Iterator[Watched]:
    with opened(browser, PUBLISHED, height=800) as watched:
        watched.unfold()
        yield watched


@pytest.fixture
def page(desk):
    """Return the page with nothing focused, the mouse away and no card."""
    put_back(desk)
    yield desk.page
    put_back(desk)


def put_back(watched: Watched) -> None:
    watched.page.mouse.move(2, 2)
    watched.page.keyboard.press("Escape")
    watched.page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    watched.page.wait_for_selector("#evidence", state="detached")


def card_texts(page) -> dict[str, str]:
    """Return the texts of the lines of the card, by their names."""
    lines = page.evaluate(
        "[...document.querySelectorAll('#evidence .line')].map(line => [...line.children].map(e => e.textContent))"
    )
    return {plain(name): plain(words) for name, words in lines}


def by_keyboard(page, selector: str, place: int = 0):
    """Focus a link as the tabulator does, and return it."""
    page.keyboard.press("Shift")
    link = page.locator(selector).nth(place)
    link.focus()
    page.wait_for_selector(OPEN)
    return link


@pytest.fixture(scope="module")
def tree() -> html.HtmlElement:
    return html.fromstring(PUBLISHED.read_text("utf-8"))


def cells(tree, id: str) -> dict[str, str]:
    """Return the cells of a row of the appendices by the heads of their columns."""
    (row,) = tree.xpath(f"//tr[@id='{id}']")
    heads = row.xpath("ancestor::table/thead/tr[last()]/th")
    return {plain(head.text_content()): plain(cell.text_content()) for head, cell in zip(heads, row, strict=True)}


def plain(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_the_card_appears_and_disappears_with_the_mouse(page):
    page.locator(LINK).first.hover()
    page.wait_for_selector(OPEN)
    page.locator("#evidence").hover()
    settle(page, timers=300)
    assert page.locator(OPEN).count() == 1
    page.mouse.move(2, 2)
    page.wait_for_selector("#evidence", state="detached")


def test_the_card_comes_with_the_focus_and_goes_with_it(page):
    by_keyboard(page, LINK)
    page.locator("a.skip").focus()
    assert page.locator("#evidence").count() == 0


def test_the_first_tap_shows_the_card_the_second_follows_it(phone):
    link = phone.page.locator(LINK).first
    link.scroll_into_view_if_needed()
    before = phone.page.evaluate("location.hash")
    link.tap()
    phone.page.wait_for_selector(OPEN)
    assert phone.page.evaluate("location.hash") == before
    link.tap()
    phone.page.wait_for_selector("#evidence", state="detached")
    assert phone.page.evaluate("location.hash") == link.get_attribute("href")
    assert phone.page.evaluate("document.querySelector(':target').getBoundingClientRect().top < innerHeight")


def test_a_tap_elsewhere_closes_the_card(phone):
    phone.page.locator(LINK).nth(1).tap()
    phone.page.wait_for_selector(OPEN)
    is_at_head = phone.page.locator(OPEN).bounding_box()["y"] < 10  # else it lies at the foot of the window
    phone.page.touchscreen.tap(3, phone.page.viewport_size["height"] - 3 if is_at_head else 3)
    phone.page.wait_for_selector("#evidence", state="detached")


def test_the_card_of_a_finding_shows_its_row_and_its_figures(page, tree):
    rested = 0
    for place in range(12):
        link = by_keyboard(page, LINK, place)
        id = link.get_attribute("href")[1:]
        row = cells(tree, id)
        named = card_texts(page)
        assert row["Whatitis,itsname"] == named["Whatitis,itsname"], id
        for name in ("Value", "Interval", "Formula"):
            assert not row[name] or named[name] == row[name], (id, name)
        printed = re.findall(r"(?:^|[:,])([co]\d{3})(?=,|$)", row["From"])[:6]
        for one in printed:
            source = cells(tree, one)
            first, second = ("Asprinted", "Source,line") if one[0] == "c" else ("Asquoted", "Page")
            if one in named:
                assert named[one].startswith(f"{source[first]}–{source[second]}"[:40]), (id, one)
                rested += 1
        assert not printed or set(printed) & set(named), id
    assert rested >= 5


def test_cards_name_who_states_a_printed_figure(page, tree):
    notes = {row.get("id"): cells(tree, row.get("id"))["Note"] for row in tree.xpath("//tr[starts-with(@id, 'c0')]")}
    stated = {id: note[len("statedby") :].partition(";")[0] for id, note in notes.items() if note.startswith("stated")}
    figures = page.evaluate("[...document.querySelectorAll('main .prose a.evidence')].map(a => a.hash.slice(1))")
    by_keyboard(page, f"main .prose a.evidence[href='#{next(id for id in figures if id in stated)}']")
    assert card_texts(page)["Statedby"] in stated.values()
    by_keyboard(page, f"main .prose a.evidence[href='#{next(id for id in figures if notes.get(id) == '')}']")
    assert "Statedby" not in card_texts(page)
    named = set()
    for place in range(page.locator(LINK).count()):
        by_keyboard(page, LINK, place)
        texts = card_texts(page)
        named |= {id for id in texts if "statedby" in texts[id] and id[0] == "c"}
        assert [id for id in texts if id in stated and not texts[id].endswith(f",statedby{stated[id]}")] == []
        if len(named) > 2:
            break
    assert named and named <= stated.keys()


def test_the_card_of_a_figure_shows_text_line_words_and_interval(page, tree):
    link = by_keyboard(page, "main .prose a.evidence[href^='#c0']")
    row = cells(tree, link.get_attribute("href")[1:])
    named = card_texts(page)
    names = {"Asprinted", "Indicator,name", "Standsfor", "Period"}
    assert {name: named.get(name) for name in names} == {name: row[name] for name in names}
    place, _, title = named["Source,line"].partition(":")
    assert place == row["Source,line"] and re.fullmatch(r"S\d,line\d+", place)
    assert title == cells(tree, place.partition(",")[0])["Title"]


def test_arrow_keys_move_within_the_card_and_tab_moves_past_it(page):
    link = by_keyboard(page, LINK)
    inside = page.locator("#evidence :is(a, button)").count()
    assert inside >= 2
    following = page.evaluate_handle(
        "link => [...document.querySelectorAll('a[href], summary, button, input, select')].filter(e =>"
        " !e.closest('#evidence') && e.tabIndex >= 0 && e.checkVisibility() && link.compareDocumentPosition(e) & 4)[0]",
        link.element_handle(),
    )
    at = "[...document.querySelectorAll('#evidence :is(a, button)')].indexOf(document.activeElement)"
    for place in range(inside):
        page.keyboard.press("ArrowDown")
        assert page.evaluate(at) == place
    page.keyboard.press("ArrowDown")
    assert page.evaluate(at) == inside - 1
    for _ in range(inside):
        page.keyboard.press("ArrowUp")
    assert link.evaluate("e => e === document.activeElement")
    page.keyboard.press("Tab")
    assert page.evaluate("next => document.activeElement === next", following)


def test_a_link_of_the_card_goes_to_the_row(page):
    link = by_keyboard(page, LINK, 2)
    page.locator("#evidence a.onward").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#evidence", state="detached")
    assert page.evaluate("document.querySelector(':target').id") == link.get_attribute("href")[1:]
    assert page.evaluate("document.querySelector(':target').getBoundingClientRect().top < innerHeight")


def test_escape_closes_the_card_and_keeps_the_focus(page):
    link = by_keyboard(page, LINK)
    page.keyboard.press("Escape")
    assert page.locator("#evidence").count() == 0
    assert link.evaluate("e => e === document.activeElement")
    by_keyboard(page, LINK, 1)
    link = by_keyboard(page, LINK)
    page.keyboard.press("ArrowDown")
    assert page.evaluate("!!document.activeElement.closest('#evidence')")
    page.keyboard.press("Escape")
    assert page.locator("#evidence").count() == 0
    assert link.evaluate("e => e === document.activeElement")


def test_a_card_that_is_scrolled_away_hands_the_focus_back(page):
    link = by_keyboard(page, LINK)
    page.keyboard.press("ArrowDown")
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    page.wait_for_selector("#evidence", state="detached")
    assert link.evaluate("e => e === document.activeElement")


def restyled(watched: Watched, script: str) -> int:
    """Return how many elements get their style computed anew when a script has run, and what it puts off."""
    devtools, events, ended = watched.page.context.browser.new_browser_cdp_session(), [], []
    devtools.on("Tracing.dataCollected", lambda data: events.extend(data["value"]))
    devtools.on("Tracing.tracingComplete", lambda _: ended.append(True))
    categories = {"includedCategories": ["devtools.timeline"]}
    devtools.send("Tracing.start", {"transferMode": "ReportEvents", "traceConfig": categories})
    watched.page.evaluate(f"() => {{ {script}; document.body.offsetHeight }}")
    settle(watched.page)  # the lights of a card come a frame later
    watched.page.evaluate("document.body.offsetHeight")
    devtools.send("Tracing.end")
    while not ended:
        watched.page.wait_for_timeout(20)
    devtools.detach()
    counts = [event["args"].get("elementCount", 0) for event in events if event["name"] == "UpdateLayoutTree"]
    assert counts
    return sum(counts)


def test_a_card_in_a_long_table_styles_few_elements_anew(unfolded):
    page = unfolded.page
    page.keyboard.press("Tab")
    page.evaluate(
        "() => { link = [...document.querySelectorAll('#tbl-derivations td a[href^=\"#c\"]')].at(-20);"
        " link.scrollIntoView({ block: 'center' }) }"
    )
    open_it, close_it = "link.focus({ preventScroll: true })", "document.querySelector('.skip').focus()"
    rows = page.locator("#tbl-derivations tbody tr").count()
    assert restyled(unfolded, open_it) < 2 * rows > 1_000
    assert page.locator(OPEN).count() == 1
    assert restyled(unfolded, close_it) < 2 * rows
    added = page.add_style_tag(content="#tbl-derivations:has(#evidence) * { color: red }")  # which is of this kind
    assert restyled(unfolded, open_it) > 10 * rows
    page.evaluate(close_it)
    added.evaluate("e => e.remove()")


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (320, 480)])
def test_the_card_stays_in_the_window_and_off_its_number(unfolded, width, height):
    unfolded.page.set_viewport_size({"width": width, "height": height})
    unfolded.page.keyboard.press("Tab")
    found = unfolded.look("cards", 101)
    assert found["problems"] == []
    assert found["examined"] >= 60
    assert found["opened"] >= 20


def test_the_check_notices_a_misplaced_card(desk):
    for style in ("left: 1200px !important", "top: 0 !important; height: 100% !important; max-height: none !important"):
        added = desk.page.add_style_tag(content=f"#evidence {{ {style} }}")
        desk.page.keyboard.press("Tab")
        assert desk.look("cards", 100_000)["count"] >= 3
        added.evaluate("e => e.remove()")
        put_back(desk)


def test_the_card_describes_its_link_only_while_it_is_shown(page):
    asked = page.context.new_cdp_session(page)

    def described() -> str:
        node = asked.send("Runtime.evaluate", {"expression": "document.activeElement"})["result"]["objectId"]
        link = asked.send("Accessibility.getPartialAXTree", {"objectId": node, "fetchRelatives": False})["nodes"][0]
        assert link["role"]["value"] == "link"
        return plain(link.get("description", {}).get("value", ""))

    text_of_the_page = (
        "() => { const main = document.querySelector('main').cloneNode(true); main.querySelector('nav').remove();"
        " return main.outerHTML }"
    )
    before = page.evaluate(text_of_the_page)
    for place in range(4):
        by_keyboard(page, LINK, place)
        text = plain(page.locator("#evidence").text_content())
        short = plain(page.locator("#evidence-in-short").text_content())
        assert len(text) > 60
        assert described() == short
        assert short.endswith("Arrowdownforitsevidence.") and len(short) < 160
        ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
        assert len(ids) == len(set(ids)) > 1_000
        page.keyboard.press("Escape")
        assert described() == ""
    assert page.evaluate(text_of_the_page) == before
    assert "evidence-card" not in before
    assert page.locator("[aria-describedby='evidence'], #evidence").count() == 0
