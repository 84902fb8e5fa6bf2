"""Numbers, marks of figures and rows lead to each other on the published page, and leave nothing behind."""

from __future__ import annotations

from functools import cache

import pytest
from browser import PUBLISHED, opened, settle
from declared import choose
from lxml import html

from report.pages import drawing
from report.proof.evidence import follow_row_numbers

LEFT = ".lit, .behind, .ring, .tip, .uses, .used, .here-now"
LIGHTS = f"document.querySelectorAll('{LEFT}').length"
GAP = "f-difference-turnover-2023"
CARD = "#fig-trade-over-time .card"
STATUS = "document.querySelector('.page > [role=status]').textContent"
SAID = "document.querySelector('.uses .said').textContent"
ROW_COMES = (
    "addEventListener('pointerover', ({ target }) => { window.cameUnderTheMouse ||= target.closest('tr[id]') }, true)"
)
BACK = ("Used in", "Shown in")


@cache
def tree() -> html.HtmlElement:
    """Return the page, in which every link to a row has the row's anchor."""
    root = html.fromstring(PUBLISHED.read_text("utf-8"))
    follow_row_numbers(root)
    return root


def rows() -> dict[str, html.HtmlElement]:
    return {row.get("id"): row for row in tree().iter("tr") if row.get("id")}


def is_back(link: html.HtmlElement) -> bool:
    """Return whether a link is in a column that lists what a row is used in."""
    cell = next(link.iterancestors("td", "th"), None)
    heads = [] if cell is None else cell.xpath("ancestor::table/thead/tr[last()]/th")
    return bool(heads) and heads[cell.getparent().index(cell)].text_content().strip() in BACK


def uses(anchor: str) -> int:
    """Return in how many places the page links to a row, counted in its source."""
    links = tree().xpath(f"//div[@class='page']//a[@href='#{anchor}'][not(ancestor::nav)]")
    return sum(rows()[anchor] not in link.iterancestors("tr") and not is_back(link) for link in links)


def behind(anchor: str) -> set[str]:
    """Return the rows that a result comes from, through those of its own table."""
    found: set[str] = set()
    left = [anchor]
    while left:
        row = rows()[left.pop()]
        for link in row.iter("a"):
            other = link.get("href", "")[1:]
            if other in rows() and other not in found | {anchor} and not is_back(link):
                found.add(other)
                left += [other] if other.startswith("f-") else []
    return found


def middle(page, selector: str) -> tuple[float, float]:
    """Return where in the window the first element of this kind is."""
    box = page.locator(selector).first.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


@pytest.fixture
def page(desk):
    """Return the page with nothing pointed at."""
    yield desk.page
    for _ in range(2):
        desk.page.keyboard.press("Escape")
    desk.page.mouse.move(2, 2)
    desk.page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    desk.page.wait_for_selector(LEFT, state="detached")


def test_every_row_of_a_figures_data_has_a_mark():
    """In the drawing for a wide window and in that for a phone."""
    followed = {row.xpath("string(th[1]//a/@id)"): id for id, row in rows().items()}
    examined = 0
    for figure in tree().iter("figure"):
        drawings = figure.xpath(".//*[local-name()='svg'][@class='on-wide' or @class='on-narrow']")
        for part in drawings:
            marked = {followed.get(id, id) for mark in part.xpath(".//@data-of") for id in mark.split()}
            for row in figure.xpath(".//tr[@data-from]"):
                origins = {link.get("href")[1:] for link in row[-1].iter("a")}
                assert origins <= marked, f"{figure.get('id')}: {sorted(origins - marked)} have no mark"
                examined += bool(origins)
    assert examined > 250


@pytest.mark.parametrize("id", ["of.c012.x&quot;_0-1", "of.c012", "of._0-1", "of.c012.<_0-1", "of.c0 12_0-1"])
def test_a_mark_with_another_kind_of_name_is_nameless(id):
    shape = f'<g id="{id}"><path d="M0 0"/></g>'.replace("<_", "&lt;_")
    assert "data-of" not in drawing.inline(f'<svg xmlns="http://www.w3.org/2000/svg">{shape}</svg>'.encode(), "x")


def test_pointing_at_a_number_lights_all_that_belongs_to_it(page):
    page.locator(f"main .prose a.evidence[href='#{GAP}']").first.hover()
    page.wait_for_selector("#evidence:popover-open")
    assert page.locator("#evidence .foot button", has_text="Used in").inner_text() == f"Used in {uses(GAP)} places"
    page.wait_for_selector("tr.lit", state="attached")
    assert page.evaluate("document.querySelectorAll('a.lit').length") == uses(GAP)
    lit = page.evaluate("[...document.querySelectorAll('tr.lit, tr.behind')].map(row => row.id)")
    assert set(lit) == {GAP} | behind(GAP)
    assert page.locator(f"{CARD} .ring.behind").count() >= 2  # both counts of that year


def test_the_arrow_keys_go_through_the_marks_of_a_figure(page):
    page.locator(CARD).focus()
    heard = []
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft", "End", "Home"):
        page.keyboard.press(key)
        heard.append(page.evaluate(STATUS))
    assert heard[0] == heard[2] == heard[4] != heard[1]
    row = page.locator(".tip a").get_attribute("href")[1:]
    assert heard[4].endswith(f"; used in {uses(row)} places")
    assert page.evaluate("document.querySelectorAll('a.lit').length") == uses(row)
    page.keyboard.press("Escape")
    assert page.evaluate(LIGHTS) == 0
    assert page.evaluate("document.activeElement.className") == "card"


def test_a_mark_under_the_mouse_is_lit_until_the_mouse_leaves(page):
    """Then the page is to the letter what it was."""
    page.locator(CARD).scroll_into_view_if_needed()
    settle(page)  # the contents follow
    before = page.evaluate("document.querySelector('main').outerHTML")
    page.mouse.move(*middle(page, f"{CARD} .on-wide [data-of] text"))
    page.wait_for_selector(".tip")
    page.locator(".tip").hover()
    settle(page, timers=300)
    assert page.locator(".tip").count() == 1  # who reads it may point at it
    page.mouse.move(2, 2)
    page.wait_for_selector(LEFT, state="detached")
    assert page.evaluate("document.querySelector('main').outerHTML") == before


def test_a_row_that_comes_under_a_resting_mouse_is_not_lit(page):
    page.locator(f"main .prose a.evidence[href='#{GAP}']").first.scroll_into_view_if_needed()
    x, y = middle(page, f"main .prose a.evidence[href='#{GAP}']")
    page.mouse.move(x, y)
    page.evaluate(ROW_COMES)
    page.mouse.click(x, y)
    page.wait_for_function("() => document.querySelector('tr:target')")
    page.wait_for_function("() => window.cameUnderTheMouse")
    settle(page, timers=300)
    assert page.evaluate("([x, y]) => document.elementFromPoint(x, y).closest('tr[id]') !== null", [x, y])
    lit = "[...document.querySelectorAll('.used')].map((button) => button.closest('tr').id)"
    assert {*page.evaluate(lit)} <= {GAP}  # it is where the link leads
    right = "([x, y]) => document.elementFromPoint(x, y).closest('td, th').getBoundingClientRect().right"
    page.mouse.move(page.evaluate(right, [x, y]) + 12, y)
    page.locator(f"tr[id]:not(#{GAP}) .used").wait_for()


def test_next_leads_through_every_place_and_return_back(page):
    row = page.evaluate("document.querySelector('#tbl-derivations tbody tr:not(.more)').id")
    anchor = page.locator(f"[id='{row}'] th > a")
    anchor.focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == f"used in {uses(row)} place{'s' * (uses(row) > 1)}"
    page.keyboard.press("Enter")
    assert f"used in {uses(row)} place" in page.evaluate(SAID)
    seen = set()
    for _ in range(uses(row)):
        page.keyboard.press("Enter")
        place = page.locator(".here-now")
        assert place.bounding_box()["y"] < page.viewport_size["height"] - 60
        seen.add(place.evaluate("link => [...document.links].indexOf(link)"))
    assert len(seen) == uses(row)
    page.get_by_role("button", name="Return").click()
    assert page.evaluate("document.activeElement.closest('tr').id") == row
    page.keyboard.press("Escape")


def test_the_places_are_counted_by_chapter(page):
    page.locator(CARD).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    words = page.evaluate(SAID)
    total, *parts = (int(word) for word in words.replace(":", " ").split() if word.isdigit())
    assert total == sum(parts) == page.evaluate("document.querySelectorAll('a.lit').length")


def test_another_reading_puts_out_the_lights(page):
    page.locator(CARD).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    assert page.evaluate(LIGHTS) > 0
    choose(page, "digits-cut-off")
    assert page.evaluate(LIGHTS) == 0
    page.locator(CARD).focus()
    page.keyboard.press("ArrowRight")
    assert page.locator(".tip").count() == 1
    choose(page, "")
    assert page.evaluate(LIGHTS) == 0


def test_a_tap_on_a_mark_shows_where_it_is_used(browser):
    with opened(browser, PUBLISHED, width=390, height=800, touch=True) as watched:
        page = watched.page
        page.locator(CARD).scroll_into_view_if_needed()
        page.touchscreen.tap(*middle(page, f"{CARD} .on-narrow [data-of] text"))
        page.locator(".tip button").tap()
        page.get_by_role("button", name="Next").tap()
        assert page.locator(".here-now").count() == 1
        page.get_by_role("button", name="Close").tap()
        assert page.evaluate(LIGHTS) == 0
        assert watched.complaints == []


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (390, "light")])
def test_axe_finds_nothing_with_lights_on_and_boxes_open(browser, width, scheme):
    with opened(browser, PUBLISHED, width=width, scheme=scheme, any_policy=True) as watched:
        page = watched.page
        page.evaluate("document.querySelectorAll('details.how').forEach(box => { box.open = true })")
        parts = ["#fig-trade-over-time", "main > .prose:has(.how)", "#tbl-headlines", ".uses"]
        page.locator(CARD).focus()
        page.keyboard.press("ArrowRight")
        tip = watched.axe(within=parts[:2], leave_out=("link-in-text-block",))
        page.keyboard.press("Enter")
        found = watched.axe(within=parts, leave_out=("link-in-text-block",))
        assert tip["violations"] == found["violations"] == []
        assert found["examined"] > 100
