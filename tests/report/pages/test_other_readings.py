"""The published page under other readings: what a reader chooses, sees, follows, sends to others and prints."""

from __future__ import annotations

import base64
import csv
import re
import zlib
from collections.abc import Iterator

import pytest
from browser import PUBLISHED, Watched, opened
from claims.ledger import readings
from declared import READINGS, SHOWN, choose

from report.pages.anchors import slug

CUT = "digits-cut-off"
SWEPT = PUBLISHED.with_name(readings.SWEPT)
MOST_PACKED = 150_000  # bytes, deflated, before base64, which adds a third


@pytest.fixture(autouse=True)
def usual_again(desk) -> Iterator[None]:
    yield
    choose(desk.page, "")


def shown(watched: Watched) -> list[str]:
    return watched.page.evaluate(SHOWN)


def next_difference(watched: Watched):
    return watched.page.locator(".readings .steps button").nth(1)


def test_every_declared_reading_can_be_chosen(desk):
    names = desk.page.eval_on_selector_all("#reading option", "options => options.map(option => option.value)")
    assert names == ["", *(slug(reading.shown) for reading in READINGS.values())]


def test_what_is_packed_is_small():
    """Counted are the bytes that the browser inflates: all other readings, with their names and reasons."""
    [packed] = re.findall(r'<script[^>]* id="?readings"?>([^<]*)</script>', PUBLISHED.read_text("utf-8"))
    deflated = base64.b64decode(packed)
    print(f"{len(deflated):,} bytes deflated, at most {MOST_PACKED:,}; {len(zlib.decompress(deflated)):,} inflated")
    assert len(deflated) <= MOST_PACKED


def test_choosing_changes_the_page_and_usual_restores_it(desk):
    before = shown(desk)
    choose(desk.page, CUT)
    changed = shown(desk)
    assert sum(a != b for a, b in zip(before, changed, strict=False)) > 500
    choose(desk.page, "loose-writer")
    assert shown(desk) != changed
    choose(desk.page, "")
    assert shown(desk) == before


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_moves_when_the_bar_goes_to_the_foot_of_the_window(browser, width):
    with opened(browser, PUBLISHED, width=width) as watched:
        title = "document.querySelector('main h2').getBoundingClientRect().top"
        before = watched.page.evaluate(title)
        for name in (CUT, ""):
            choose(watched.page, name)
            assert watched.page.evaluate(title) == before


def test_the_line_counts_what_the_sweep_says(desk):
    """Of the notebooks that the sweep runs; the page counts the others too, which have few findings of their own."""
    rows: dict[str, dict[tuple[str, str], tuple]] = {}
    with SWEPT.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            its = rows.setdefault(row["reading"], {})
            its[row["kind"], row["id"]] = (row["text"], row["range"], row["word"])
    for name in ("rounding=truncation", "hedge_width=2"):
        choose(desk.page, slug(READINGS[name].shown))
        said = desk.page.locator(".readings .said").inner_text()
        numbers, verdicts = map(int, re.findall(r"(\d+) (?:number|verdict)s?", said))
        moved = [key[0] for key, its in rows[name].items() if rows[readings.DEFAULT].get(key, its) != its]
        assert verdicts == moved.count("verdict")
        assert 0 <= numbers - moved.count("finding") <= 10


def test_the_address_opens_the_same_view(desk, browser):
    choose(desk.page, CUT)
    assert desk.page.evaluate("location.hash") == f"#reading={CUT}"
    with opened(browser, PUBLISHED, fragment=f"#reading={CUT}") as other:
        assert other.page.locator(".readings").get_attribute("data-shows") == CUT
        assert shown(other) == shown(desk)
        other.page.locator("nav.contents.wide a").nth(8).click()
        other.page.wait_for_function("() => location.hash.includes('&at=')")
        assert other.page.evaluate("location.hash").startswith(f"#reading={CUT}&at=")


def test_an_unknown_reading_in_the_address_is_the_usual_one(browser):
    with opened(browser, PUBLISHED, fragment="#reading=no-such") as other:
        assert other.page.locator(".readings").get_attribute("data-shows") == "usual"
        assert other.page.locator("#reading").input_value() == ""
        assert other.complaints == []


def test_buttons_lead_through_what_differs_in_the_chapters(desk):
    """Of a row once, and to a figure rather than to the numbers behind it."""
    choose(desk.page, "hedges-twice-as-wide")
    marked = desk.page.evaluate(
        "new Set([...document.querySelectorAll(':is(.differs, .about):not(details.data *)')].filter(element => document"
        ".querySelector('h2.appendix').compareDocumentPosition(element) & Node.DOCUMENT_POSITION_PRECEDING)"
        ".map(element => element.closest('tr') ?? element)).size"
    )
    assert marked > 10
    for place in (1, 2):
        next_difference(desk).click()
        assert next_difference(desk).inner_text() == f"Next ({place} of {marked})"
        box = desk.page.locator(".here-now").bounding_box()
        assert box
        assert 0 <= box["y"] < 900
    assert desk.page.evaluate("document.activeElement.textContent").startswith("Next")


def test_a_passage_on_a_verdict_that_turns_is_marked_and_counted(desk):
    """Its sentence quotes both figures and keeps its words; a passage that quotes one of them is not marked."""
    choose(desk.page, "hedges-twice-as-wide")
    assert desk.page.locator("#v-china-share-of-kz-trade-2023 td.differs", has_text="undecided").count() == 1
    passages = desk.page.locator("main .about")
    assert passages.filter(has_text="28.3% and at “nearly one-third” in the same sentence").count() == 1
    assert (
        f". {passages.count()} passages on verdicts marked by a line."
        in desk.page.locator(".readings .said").inner_text()
    )
    only_one = desk.page.locator(
        "main .prose :is(p, li):has(a[href='#c061']):not(:has(a[href='#c060'])):not(:has(p, li))"
    )
    assert only_one.count() > 0
    assert only_one.and_(passages).count() == 0
    choose(desk.page, "")
    assert passages.count() == 0


def test_a_card_shows_the_evidence_of_the_reading(desk):
    link = "a[href='#f-difference-turnover-2023']"
    values = []
    for name in ("", CUT):
        choose(desk.page, name)
        desk.page.locator(link).first.hover()
        desk.page.locator("#evidence .line", has_text="Interval").wait_for()
        values.append(desk.page.locator("#evidence .line", has_text="Interval").inner_text())
        desk.page.mouse.move(0, 0)
        desk.page.locator("#evidence").wait_for(state="detached")
    assert values[0] != values[1]


def test_a_register_finds_rows_of_the_reading_alone(desk):
    choose(desk.page, "with-chinese-customs")
    there = desk.page.locator("#tbl-verdicts tbody tr").count()
    box = desk.page.locator("#tbl-verdicts .tools .count")
    assert box.inner_text() == f"{there} rows"
    choose(desk.page, "")
    assert box.inner_text() == f"{desk.page.locator('#tbl-verdicts tbody tr').count()} rows" != f"{there} rows"


def test_paper_shows_the_usual_reading_and_says_so(desk):
    before = shown(desk)
    choose(desk.page, CUT)
    desk.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert shown(desk) == before
    assert "digits cut off" in desk.page.locator(".on-paper").evaluate("element => element.textContent")
    desk.page.evaluate("dispatchEvent(new Event('afterprint'))")
    desk.page.locator(f".readings[data-shows='{CUT}']").wait_for()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_axe_finds_nothing_under_another_reading(browser, width, scheme):
    with opened(browser, PUBLISHED, width=width, scheme=scheme, any_policy=True) as watched:
        choose(watched.page, CUT)
        next_difference(watched).click()
        found = watched.axe(within=[".readings", "#overview", "#fig-trade-over-time"])
        assert found["violations"] == []
        assert watched.page.evaluate("document.documentElement.scrollWidth") <= width


def test_nothing_is_asked_of_a_network_and_no_rule_is_broken(desk):
    assert (desk.asked, desk.complaints) == ([], [])


def test_without_scripts_nothing_but_the_bar_is_missing(desk, browser):
    with opened(browser, PUBLISHED, scripts=False) as bare:
        assert bare.page.locator(".readings").count() == 0
        desk.page.add_style_tag(content=".take { display: none }")  # which test_take_away looks at
        assert bare.page.locator("main").inner_text()[:2000] == desk.page.locator("main").inner_text()[:2000]
