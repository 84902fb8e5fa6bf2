"""The published page in a real browser: no request, every width, on paper, without scripts, by the keyboard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import browser as real
import pypdfium2
import pytest
from browser import PUBLISHED, Watched, opened
from lxml import html

WIDTHS = (320, 375, 768, 1280, 1920)
SPACED = (
    "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }"
    "p { margin-bottom: 2em !important }"
)  # WCAG 2.2, 1.4.12
TWICE = "html { font-size: 200% !important }"
CONTROLS = "button:not(.sort), input, select, label, dialog, output, [popover], .take, [role=search], [role=status]"


@pytest.fixture(scope="module")
def page(browser) -> Iterator[Watched]:
    """Return the published page with everything unfolded, shared by all tests that only look."""
    with opened(browser, PUBLISHED) as watched:
        assert watched.look("unfold") > 50
        yield watched


@pytest.fixture(scope="module")
def thin(browser) -> Iterator[Watched]:
    """Return the published page, unfolded, with one cell of each shape in every kind of table."""
    with opened(browser, PUBLISHED) as watched:
        assert watched.look("thin")["after"] > 2_000
        watched.look("unfold")
        yield watched


@pytest.fixture(scope="module")
def sampled(browser) -> Iterator[Watched]:
    """Return the published page, unfolded, with every seventh row of its long tables."""
    with opened(browser, PUBLISHED) as watched:
        assert watched.look("sample", 7)["after"] > 10_000
        watched.look("unfold")
        yield watched


@pytest.fixture
def planted(browser, tmp_path):
    """Return a function that opens a small page with a fault in it."""
    with_pages = []

    def plant(body: str, head: str = "", **how) -> Watched:
        path = tmp_path / f"{len(with_pages)}.html"
        lines = f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A page</title>{head}</head>'
        path.write_text(f"{lines}<body>{body}</body></html>", encoding="utf-8")
        context = opened(browser, path, **how)
        with_pages.append(context)
        return context.__enter__()

    yield plant
    for context in with_pages:
        context.__exit__(None, None, None)


def at(watched: Watched, width: int) -> Watched:
    watched.page.set_viewport_size({"width": width, "height": 800})
    return watched


# No network.


@pytest.fixture(scope="module")
def walked(browser) -> tuple[Watched, int, int, bytes]:
    """Return what was heard while a reader opened, unfolded, scrolled, clicked, filtered, printed; and the print."""
    with opened(browser, PUBLISHED, scheme="dark") as watched:
        page = watched.page
        folded = watched.look("unfold")
        page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
        numbers = page.locator("main a.evidence")
        total = numbers.count()
        for i in range(0, total, total // 5):
            numbers.nth(i).click()
            assert page.evaluate("!!document.querySelector(':target')")
        page.fill("#tbl-ledger-find", "no-such-word")
        page.wait_for_selector("#tbl-ledger tbody tr", state="hidden")
        printed = page.pdf(format="A4")
        assert page.input_value("#tbl-ledger-find") == ""
    return watched, folded, total, printed


def test_reading_and_printing_send_no_request(walked):
    watched, folded, numbers, printed = walked
    assert folded > 50
    assert numbers > 200
    assert printed.startswith(b"%PDF")
    assert watched.asked == []
    assert watched.complaints == []


@pytest.mark.parametrize("head", ["", "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'\">"])
def test_a_picture_from_elsewhere_would_be_seen(planted, head):
    watched = planted("<img src='https://pictures.example/a.png' alt=''>", head)

    def heard(*_) -> bool:
        return any("policy" in complaint or not head for complaint in watched.complaints)

    assert heard() or watched.page.wait_for_event("console", heard)
    assert head or watched.asked == ["https://pictures.example/a.png"]


def test_a_script_that_fails_would_be_heard(planted):
    assert "out of order" in planted("<script>throw new Error('out of order')</script>").complaints[0]


# Accessibility by axe-core.


def test_axe_finds_nothing_on_the_page_with_all_folds_open(page):
    found = at(page, 1280).axe(leave_out=("color-contrast", "link-in-text-block", "target-size"))
    assert found["violations"] == []
    assert found["incomplete"] == []
    assert found["rules"] > 60
    assert found["passes"] > 30
    assert found["examined"] > 30_000


@pytest.mark.parametrize(
    ("width", "scheme", "rules"),
    [
        (1280, "light", ("link-in-text-block", "target-size", "color-contrast")),
        (1280, "dark", ("link-in-text-block",)),
        (360, "light", ()),
        (320, "dark", ("target-size", "scrollable-region-focusable", "skip-link", "meta-viewport-large")),
    ],
)
def test_axe_finds_nothing_in_other_colours_and_widths(thin, width, scheme, rules):
    """Rules that colour and width cannot change are run on the whole page above; on a phone all are run once more.

    Contrast, which axe cannot decide where a scrolling box shades its edge, is decided for every text below.
    """
    thin.page.emulate_media(color_scheme=scheme)
    thin.page.set_viewport_size({"width": width, "height": 740})
    found = thin.axe(leave_out=() if rules else ("color-contrast",), only=rules)
    assert found["violations"] == []
    assert undecided(found) <= {"color-contrast"}
    assert found["passes"] >= len(rules) - 1 if rules else found["passes"] > 30


def undecided(found: dict) -> set[str]:
    """Return the rules that axe could not decide; that the label of an exhibit leads to itself need not stand out."""
    return {
        one["rule"]
        for one in found["incomplete"]
        if one["rule"] != "link-in-text-block" or not all(html.startswith('<a class="own"') for html in one["all"])
    }


def test_axe_finds_nothing_where_scripts_do_not_run(browser, tmp_path):
    bare = tmp_path / "report.html"
    bare.write_text(re.sub(r"(?s)<script\b.*?</script>", "", PUBLISHED.read_text("utf-8")), encoding="utf-8")
    with opened(browser, bare) as watched:
        watched.look("thin")
        watched.look("unfold")
        found = watched.axe(leave_out=("color-contrast", "link-in-text-block", "target-size"))
    assert found["violations"] == found["incomplete"] == []
    assert found["passes"] > 30


@pytest.mark.parametrize(
    ("rule", "body"),
    [
        ("color-contrast", "<main><h1>T</h1><p style='color:#aaa'>faint</p></main>"),
        ("empty-table-header", "<main><h1>T</h1><table><tr><th></th></tr><tr><td>1</td></tr></table></main>"),
        ("image-alt", "<main><h1>T</h1><img src='data:,'></main>"),
    ],
)
def test_axe_would_see_a_fault(planted, rule, body):
    found = planted(body).axe()
    assert [one["rule"] for one in found["violations"]] == [rule]


def test_every_text_has_enough_contrast_on_every_background(page):
    found = page.look("contrast")
    assert found["problems"] == []
    assert found["examined"] > 20_000


def test_every_kind_of_text_has_enough_contrast_in_the_dark(sampled):
    sampled.page.emulate_media(color_scheme="dark")
    found = sampled.look("contrast")
    assert sampled.page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"
    sampled.page.emulate_media(color_scheme="light")
    assert found["problems"] == []
    assert found["examined"] > 5_000


@pytest.mark.parametrize(
    "style",
    ["color: #777c", "opacity: .6; color: #555", "background: linear-gradient(#fff, #000)", "background: #444"],
)
def test_a_text_without_enough_contrast_is_noticed(planted, style):
    assert planted(f"<p style='{style}'>words</p>").look("contrast")["count"] == 1
    assert planted("<p>words</p>").look("contrast") == {"problems": [], "count": 0, "examined": 1}


# Layout.


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_cut_off_or_overlaps_at_any_width(page, sampled, width):
    """Look at every row on a small phone, where a table is narrowest and where it is read most; else every seventh."""
    whole = width in (320, 768, 1280)
    looked_at = at(page if whole else sampled, width)
    for check in ("sideways", "clipped", "overlapping", "small"):
        found = looked_at.look(check)
        assert found["problems"] == [], check
        assert found["examined"] > (5_000 if whole else 2_000), check


@pytest.mark.parametrize("width", WIDTHS)
def test_at_every_width_controls_are_large_enough_for_a_finger(sampled, width):
    contents = at(sampled, width).page.locator("nav.narrow details")
    contents.evaluate("e => { e.open = true }")
    found = sampled.look("targets")
    contents.evaluate("e => { e.open = false }")
    assert found["problems"] == []
    assert found["examined"] > 40


@pytest.mark.parametrize(("style", "least"), [(SPACED, 320), (TWICE, 640)], ids=["spaced", "twice"])
def test_wider_spacing_and_larger_letters_lose_nothing(sampled, style, least):
    added = sampled.page.add_style_tag(content=style)
    try:
        for width in (least, 1280):
            at(sampled, width)
            for check in ("sideways", "clipped", "overlapping"):
                found = sampled.look(check)
                assert found["problems"] == [], (check, width)
                assert found["examined"] > 2_000, (check, width)
    finally:
        added.evaluate("e => e.remove()")


@pytest.mark.parametrize(
    ("check", "body"),
    [
        ("sideways", "<p style='width: 2000px'>wide</p>"),
        ("sideways", "<body style='overflow-x: hidden'><p style='width: 2000px'>wide</p>"),
        ("clipped", "<table style='table-layout: fixed; width: 20px'><td>unbreakable</table>"),
        ("clipped", "<p style='height: 5px; overflow: hidden'>words</p>"),
        ("overlapping", "<p>one</p><p style='margin-top: -2em'>two</p>"),
        ("targets", "<button style='width: 9px; height: 9px; padding: 0'>x</button>"),
        ("small", "<p style='font-size: 9px'>words</p>"),
    ],
)
def test_a_fault_of_layout_would_be_seen(planted, check, body):
    assert planted(body).look(check)["count"] >= 1


def test_the_words_of_every_drawing_are_inside_it(planted):
    sources = [path.read_text("utf-8") for path in sorted((real.REPOSITORY / "figures").glob("*.svg"))]
    found = planted("").look("drawings", sources)
    assert found["problems"] == []
    assert found["examined"] > 100


def test_a_word_outside_its_drawing_would_be_seen(planted):
    outside = "<svg viewBox='0 0 90 90'><text x='80' y='20'>too long for it</text></svg>"
    assert planted("").look("drawings", [outside])["count"] == 1


# Paper.


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def test_the_printed_page_has_all_words_of_two_chapters(walked):
    tree = html.fromstring(PUBLISHED.read_text("utf-8"))
    chapters = [heading.get("id") for heading in tree.xpath("//main//h2")]
    spoken = {chapters[1]: 0, "robustness": 0}
    printed = printed_words(walked[-1])
    missing = []
    for table in tree.xpath("//main//table[not(ancestor::details)]"):
        chapter = table.xpath("preceding::h2[1]/@id")[0]
        if chapter in spoken:
            for box in table.xpath(".//*[@class='how']"):  # which is for the screen
                box.drop_tree()
            cells = [word for cell in table.iter("td", "th") for word in words(" ".join(cell.itertext()))]
            spoken[chapter] += len(cells)
            missing += [word for word in cells if word not in printed]
    assert missing == []
    assert min(spoken.values()) > 100


def test_print_shows_every_row_on_white(walked):
    rows = html.fromstring(PUBLISHED.read_text("utf-8")).xpath("//*[@id='tbl-ledger']//tbody/tr/@id")
    assert len(rows) > 90
    assert set(rows) - printed_words(walked[-1]) == set()
    document = pypdfium2.PdfDocument(walked[-1])
    try:
        shades = [document[place].render(scale=0.3).to_pil().convert("L").histogram() for place in (0, 1)]
    finally:
        document.close()
    assert all(sum(shade[:128]) < 0.2 * sum(shade) < sum(shade[250:]) for shade in shades)


def printed_words(data: bytes) -> set[str]:
    """Return the words of the page as a browser prints it; a word cut in two by a line's end counts as a whole too."""
    document = pypdfium2.PdfDocument(data)
    try:
        text = "\n".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()
    joined = re.sub(r"[\u00ad\u200b\ufffe-]?\r?\n", "", text)
    return {*words(text), *words(joined)}


def test_a_word_that_is_cut_off_in_print_would_be_missed(planted):
    watched = planted("<p style='position: fixed; left: 3000px'>outside</p><p>inside</p>")
    printed = printed_words(watched.page.pdf())
    assert "inside" in printed
    assert "outside" not in printed


# Without scripts.


def test_without_scripts_everything_is_there_but_the_controls(browser, page):
    at(page, 1280)
    with opened(browser, PUBLISHED, scripts=False) as bare:
        bare.look("unfold")
        bare.page.evaluate("document.querySelectorAll('.save').forEach(link => link.remove())")  # scripts have a button
        without = bare.look("text")
    page.page.evaluate(
        "selector => document.querySelectorAll(selector).forEach(e => e.style.setProperty('display', 'none'))", CONTROLS
    )
    with_scripts = page.look("text")
    page.page.evaluate(
        "selector => document.querySelectorAll(selector).forEach(e => e.style.removeProperty('display'))", CONTROLS
    )
    assert len(without) > 100_000
    assert with_scripts == without


def test_without_scripts_folds_open_and_links_work(browser):
    with opened(browser, PUBLISHED, scripts=False) as bare:
        page = bare.page
        fold = page.locator("details.data").first
        fold.locator("summary").click()
        assert fold.get_attribute("open") is not None
        page.locator("main a.evidence").first.click()
        assert page.evaluate("document.querySelector(':target').getBoundingClientRect().top < innerHeight")
        assert bare.complaints == []


# The keyboard.


def stops(watched: Watched, count: int) -> list[dict]:
    """Return where the focus stands after each of `count` presses of the tabulator."""
    found = []
    for _ in range(count):
        watched.page.keyboard.press("Tab")
        found.append(watched.look("focus"))
    return [one for one in found if one]


def from_here(watched: Watched, selector: str) -> None:
    """Let the next press of the tabulator start at an element."""
    watched.page.evaluate(
        "s => { const e = document.querySelector(s), had = e.getAttribute('tabindex'); e.tabIndex = -1; e.focus();"
        " had === null ? e.removeAttribute('tabindex') : e.setAttribute('tabindex', had); }",
        selector,
    )


def test_the_first_stop_skips_to_the_text(page):
    at(page, 1280)
    from_here(page, "body")
    (first,) = stops(page, 1)
    assert first["what"].startswith("a.skip")
    assert first["visible"] and first["onScreen"]
    page.page.keyboard.press("Enter")
    assert page.page.evaluate("document.activeElement.id") == "main"
    assert all(one["inMain"] for one in stops(page, 3))


def test_tab_moves_in_reading_order_with_visible_focus(page):
    at(page, 1280)
    walked = 0
    for start in ("body", "main", "#fig-sector-shares", "#tbl-ledger", "main > :last-child"):
        page.page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
        from_here(page, start)
        found = stops(page, 15)
        places = [one["place"] for one in found]
        top = places.index(min(places)) if start == "main > :last-child" else 0  # after the last stop, the first
        assert places[top:] + places[:top] == sorted(set(places)), start
        assert [one["what"] for one in found if not (one["visible"] and one["onScreen"])] == [], start
        walked += len(found)
    assert walked >= 60


def test_the_last_stop_lets_the_focus_leave_the_page(page):
    at(page, 1280)
    last = page.page.locator("a[href], summary, button, [tabindex='0']").last
    last.focus()
    before = page.look("focus")["place"]
    page.page.keyboard.press("Tab")
    after = page.look("focus")
    assert after is None or after["place"] < before


@pytest.mark.parametrize("rule", ["outline: none", "outline: 2px solid #eee"])
def test_a_focus_that_does_not_show_would_be_seen(planted, rule):
    (only,) = stops(planted(f"<style>a:focus {{ {rule} }}</style><a href='#'>a</a>"), 1)
    assert not only["visible"]


def test_a_leap_back_of_the_focus_would_be_seen(planted):
    places = [one["place"] for one in stops(planted("<a href='#'>one</a><a href='#' tabindex='1'>two</a>"), 2)]
    assert places != sorted(places)


# Where there is no browser.


def test_without_a_browser_tests_skip_or_fail_where_required(monkeypatch):
    monkeypatch.setenv("CHROMIUM", str(Path("no") / "such-browser"))
    monkeypatch.delenv(real.REQUIRED, raising=False)
    with pytest.raises(pytest.skip.Exception, match="no browser here"):
        real.program_or_skip()
    monkeypatch.setenv(real.REQUIRED, "1")
    with pytest.raises(pytest.fail.Exception, match="no browser here"):
        real.program_or_skip()
