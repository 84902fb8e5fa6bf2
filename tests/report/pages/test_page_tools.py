"""What helps a reader through the page: finding, filtering, sorting, contents that follow, numbers to save, cards."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

import pytest
from browser import PUBLISHED, REPOSITORY, Watched, opened, settle
from lxml import html

FIGURES = REPOSITORY / "figures"
REGISTERS = {
    "tbl-ledger": ["Source"],
    "tbl-derivations": ["Notebook"],
    "tbl-verdicts": ["Verdict"],
    "tbl-agreements": ["Source", "Status", "Sectors"],
    "tbl-official": ["Reported by"],
}
SEARCHES = {
    "tbl-ledger": ("billion s3", "TRADE  turnover", "2024", "no-such-word"),
    "tbl-derivations": ("growth 2023", "$ billion trade"),
    "tbl-verdicts": ("inconsistent trade", "rounding"),
    "tbl-agreements": ("energy closed",),
    "tbl-official": ("customs 2023",),
}
SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}


@pytest.fixture(scope="module")
def desk(browser) -> Iterator[Watched]:
    with opened(browser, PUBLISHED) as watched:
        watched.unfold()
        yield watched


@pytest.fixture(scope="module")
def tables() -> dict[str, list[tuple[str, list[html.HtmlElement]]]]:
    """Return the rows of every register as they stand in the file: id and cells."""
    tree = html.fromstring(PUBLISHED.read_text("utf-8"))
    return {id: [(row.get("id"), list(row)) for row in tree.xpath(f"//*[@id='{id}']//tbody/tr")] for id in REGISTERS}


def cell_text(cell: html.HtmlElement) -> str:
    return " ".join(cell.text_content().split())


def first(cell: html.HtmlElement) -> str:
    """Return what stands first in a cell: a name, without the note after it."""
    return " ".join((cell.text or (cell[0].text_content() if len(cell) else "")).split())


def heads(watched: Watched, id: str) -> list[str]:
    return watched.page.evaluate(
        "id => [...document.querySelectorAll(`[id='${id}'] thead th`)].map(th => th.firstChild.textContent.trim())", id
    )


def search(watched: Watched, id: str, words: str) -> dict:
    watched.page.fill(f"#{id}-find", words)
    settle(watched.page, timers=150)
    return watched.look("rows", id)


@pytest.mark.parametrize("id", REGISTERS)
def test_a_search_keeps_and_counts_rows_with_all_its_words(id, desk, tables):
    rows = tables[id]
    for words in SEARCHES[id]:
        wanted = [
            row
            for row, cells in rows
            if all(word in " ".join(map(cell_text, cells)).lower() for word in words.lower().split())
        ]
        found = search(desk, id, words)
        assert found["shown"] == wanted, words
        assert found["status"] == f"{len(wanted)} of {len(rows)} rows"
        assert bool(wanted) == ("no-such" not in words)
        assert len(wanted) < len(rows)
    found = search(desk, id, "")
    assert found["shown"] == [row for row, _ in rows]
    assert found["status"] == f"{len(rows)} rows"


def test_words_do_not_run_over_the_border_of_two_cells(desk, tables):
    row, cells = tables["tbl-ledger"][0]
    across = (cell_text(cells[0]) + cell_text(cells[1])[:2]).lower()
    assert row in across
    assert search(desk, "tbl-ledger", across)["shown"] == []
    search(desk, "tbl-ledger", "")


@pytest.mark.parametrize("id", REGISTERS)
def test_each_choice_of_each_filter_leaves_the_rows_it_names(id, desk, tables):
    columns = heads(desk, id)
    choices = desk.look("choices", id)
    assert [name for name, _ in choices] == REGISTERS[id]
    for name, found in choices:
        place = next(i for i, head in enumerate(columns) if head.split(",")[0] == name)
        known = set()
        for value, shown, status in found:
            wanted = [row for row, cells in tables[id] if value in values(cells[place], name)]
            assert shown == wanted != [], value
            assert status == f"{len(wanted)} {f'of {len(tables[id])} ' if len(wanted) < len(tables[id]) else ''}rows"
            known.add(value)
        assert known == {value for _, cells in tables[id] for value in values(cells[place], name)} - {""}


def values(cell: html.HtmlElement, name: str) -> list[str]:
    parts = first(cell).split(", ")
    return parts if name == "Sectors" else parts[:1] if name == "Source" else [", ".join(parts)]


def test_a_search_and_a_filter_combine(desk, tables):
    desk.page.select_option("#tbl-ledger .tools select >> nth=0", "S1")
    found = search(desk, "tbl-ledger", "billion")
    wanted = [
        row
        for row, cells in tables["tbl-ledger"]
        if first(cells[1]).startswith("S1,") and "billion" in " ".join(map(cell_text, cells)).lower()
    ]
    assert found["shown"] == wanted != []
    desk.page.click("#tbl-ledger .tools button")
    assert len(desk.look("rows", "tbl-ledger")["shown"]) == len(tables["tbl-ledger"])


def number(text: str) -> float | None:
    """Return the number a cell begins with, in single units: got another way than by the page."""
    words = text.replace(",", "").replace("$", "").replace("−", "-").split()
    while words and words[0] in ("more", "less", "than", "over", "under", "nearly", "almost", "about", "up", "to"):
        words = words[1:]
    found = re.match(r"-?\d+(\.\d+)?", words[0]) if words else None
    if not found:
        return None
    at = 3 if words[1:2] == ["to"] else 1
    return float(found[0]) * SCALES.get(words[at] if len(words) > at else "", 1)


@pytest.mark.parametrize(
    ("id", "name", "least"),
    [("tbl-derivations", "Value", 300), ("tbl-derivations", "Interval", 100), ("tbl-ledger", "Stands for", 80)],
)
def test_numbers_sort_by_size_up_down_and_back(id, name, least, desk, tables):
    place = heads(desk, id).index(name)
    text = {row: cell_text(cells[place]) for row, cells in tables[id]}
    original_order = [row for row, _ in tables[id]]
    button = desk.page.locator(f"#{id} thead th >> nth={place} >> button.sort")
    assert desk.look("rows", id)["sorted"] == []
    for direction, sign in (("ascending", 1), ("descending", -1)):
        button.focus()
        desk.page.keyboard.press("Enter")
        found = desk.look("rows", id)
        assert found["sorted"] == [[place, direction]]
        assert sorted(found["shown"]) == sorted(original_order)
        order = [sign * value for row in found["shown"] if (value := number(text[row])) is not None]
        assert order == sorted(order)
        assert len(order) >= least
        filled = [bool(text[row]) for row in found["shown"]]
        assert filled == sorted(filled, reverse=True)  # empty cells stand last either way
    button.click()
    found = desk.look("rows", id)
    assert found["shown"] == original_order
    assert found["sorted"] == []


def test_one_column_sorts_at_a_time_and_show_all_resets(desk, tables):
    buttons = desk.page.locator("#tbl-verdicts button.sort")
    for place in (3, 0):
        buttons.nth(place).focus()
        desk.page.keyboard.press("Enter")
        assert desk.look("rows", "tbl-verdicts")["sorted"] == [[place, "ascending"]]
    search(desk, "tbl-verdicts", "trade")
    desk.page.select_option("#tbl-verdicts .tools select >> nth=0", "inconsistent")
    assert 0 < len(desk.look("rows", "tbl-verdicts")["shown"]) < 50
    desk.page.click("#tbl-verdicts .tools button")
    found = desk.look("rows", "tbl-verdicts")
    assert found["shown"] == [row for row, _ in tables["tbl-verdicts"]]
    assert found["sorted"] == []
    assert desk.page.evaluate("document.activeElement.id") == "tbl-verdicts-find"
    assert not desk.page.locator("#tbl-verdicts .tools button").is_visible()


def test_a_link_to_a_hidden_row_shows_it_every_time(desk):
    link = desk.page.locator("main .prose a.evidence[href^='#c']").first
    row = link.get_attribute("href")[1:]
    for _ in range(2):
        assert row not in search(desk, "tbl-ledger", "no-such-word")["shown"]
        link.focus()
        desk.page.keyboard.press("Enter")
        desk.page.wait_for_selector(f"tr#{row}", state="visible")
        box = desk.page.evaluate("id => document.getElementById(id).getBoundingClientRect().toJSON()", row)
        assert 0 <= box["top"] < 900
    assert desk.page.input_value("#tbl-ledger-find") == ""


def test_the_contents_mark_the_section_being_read(desk):
    seen = []
    for step in range(41):
        found = desk.look("contents", step / 40)
        wanted = found["last"] if step == 40 else found["passed"]
        assert found["marked"] == [[wanted] * bool(wanted)] * 2, step
        seen.append(wanted)
    assert seen[0] == "overview", "the first chapter begins in the first screen"
    assert seen[-1] == found["last"]
    assert len(set(seen)) >= 15


def test_narrow_contents_show_the_section_and_close_on_a_choice(browser):
    with opened(browser, PUBLISHED, width=375, height=740) as watched:
        page = watched.page
        fold = page.locator("nav.narrow details")
        assert page.locator("nav.narrow .now").text_content() == ""
        for place in (3, 9):
            fold.locator("summary").click()
            entry = fold.locator("a").nth(place)
            id = entry.get_attribute("href")[1:]
            entry.click()
            assert fold.get_attribute("open") is None
            assert page.evaluate("document.querySelector(':target').id") == id
            heading = page.locator(f"[id='{id}']")
            page.wait_for_function(
                "id => document.querySelector('nav.narrow .now').textContent.trim() ==="
                " document.getElementById(id).textContent.replace(/\\s+/g, ' ').trim()",
                arg=id,
            )
            bar = page.locator("nav.narrow").bounding_box()
            assert bar["y"] + bar["height"] <= heading.bounding_box()["y"] + 1 < 740


def saved(tree: html.HtmlElement) -> dict[str, bytes]:
    """Return what each link of the page saves, by the name of the file."""
    found = {}
    for link in tree.xpath("//a[@download]"):
        kind, _, data = link.get("href").partition(",")
        assert kind == "data:text/csv;charset=utf-8"
        found[link.get("download")] = unquote_to_bytes(data)
    return found


def test_every_figure_offers_its_numbers_byte_for_byte():
    found = saved(html.fromstring(PUBLISHED.read_text("utf-8")))
    assert found == {path.name: path.read_bytes() for path in FIGURES.glob("*.csv")}
    assert len(found) >= 8


def test_the_numbers_are_saved_by_a_click_without_scripts(browser):
    with opened(browser, PUBLISHED, scripts=False) as bare:
        links = bare.page.locator("a[download]")
        for place in (0, links.count() - 1):
            link = links.nth(place)
            bare.page.locator("details.data:has(a[download]) > summary").nth(place).click()
            with bare.page.expect_download() as waiting:
                link.click()
            name = waiting.value.suggested_filename
            assert waiting.value.path().read_bytes() == (FIGURES / name).read_bytes()
        assert bare.asked == []


def test_on_a_phone_cells_name_their_column_in_a_real_table(browser):
    with opened(browser, PUBLISHED, width=375, height=740) as watched:
        watched.look("unfold")
        found = watched.look("columnNames")
        assert found["problems"] == []
        assert found["examined"] > 5_000
        assert found["tables"] >= 25
        wrong = "#tbl-ledger tbody tr > :nth-child(3)::before { content: 'Another' !important }"
        added = watched.page.add_style_tag(content=wrong)
        assert watched.look("columnNames")["count"] > 50  # a fault that is planted is seen
        added.evaluate("e => e.remove()")
        watched.look("thin")
        asked = watched.page.context.new_cdp_session(watched.page)
        roles = [node["role"]["value"] for node in asked.send("Accessibility.getFullAXTree")["nodes"] if "role" in node]
        there = watched.page.evaluate(
            "Object.fromEntries([['table', 'table'], ['row', 'tr'], ['columnheader', 'thead th'],"
            " ['rowheader', 'tbody th[scope=row]']].map(([role, e]) => [role, document.querySelectorAll(e).length]))"
        )
        assert {role: roles.count(role) for role in there} == there
        assert roles.count("cell") > 500
        named = watched.look("columnNames")["examined"]
        for role in ("row", "cell"):  # what a style takes from a table that is shown as blocks
            watched.page.evaluate(
                "role => document.querySelectorAll(`[role=${role}]`).forEach(e => e.role = 'none')", role
            )
        less = [node["role"]["value"] for node in asked.send("Accessibility.getFullAXTree")["nodes"] if "role" in node]
        assert less.count("row") < there["row"]
    assert named > 100


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_drawings_have_enough_contrast_in_both_themes(browser, scheme):
    words = marks = bands = 0
    with opened(browser, PUBLISHED, scheme=scheme) as watched:
        drawings = watched.page.locator("svg.vector").count()
        for place in range(drawings):
            found = watched.look("colours", place)
            assert found["problems"] == [], place
            words, marks, bands = words + found["words"], marks + found["marks"], bands + found["bands"]
        watched.page.add_style_tag(content=".vector text { fill: var(--faint) } .vector * { stroke: var(--faint) }")
        assert watched.look("colours", 0)["count"] >= 15
        watched.page.add_style_tag(content=".vector path { stroke: #9996 !important; fill: none !important }")
        assert watched.look("colours", 1)["count"] >= 10
    assert drawings == len(list(FIGURES.glob("*.svg")))
    assert words > 300
    assert marks > 400
    assert bands < 70


def test_paper_is_light_where_the_screen_is_dark(browser):
    with opened(browser, PUBLISHED, scheme="dark") as watched:
        tones = (
            "['paper', 'ink', 'accent', 'S1', 'grid']"
            ".map(n => getComputedStyle(document.documentElement).getPropertyValue('--' + n))"
        )
        dark = watched.page.evaluate(tones)
        watched.page.emulate_media(media="print", color_scheme="dark")
        printed = watched.page.evaluate(tones)
        behind = watched.page.evaluate(
            "[document.body, document.querySelector('svg.vector')].map(e => getComputedStyle(e).backgroundColor)"
        )
        watched.page.emulate_media(media="screen", color_scheme="light")
        assert printed == watched.page.evaluate(tones) != dark
    assert behind == ["rgb(255, 255, 255)"] * 2


@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_nothing_with_a_card_open_and_tools_in_use(browser, width):
    with opened(browser, PUBLISHED, width=width, height=740) as watched:
        page = watched.page
        search(watched, "tbl-ledger", "s1")
        page.select_option("#tbl-verdicts-sort" if width < 700 else "#tbl-verdicts .tools select >> nth=0", index=2)
        page.locator("#tbl-verdicts button.sort").nth(0).evaluate("e => e.click()")
        watched.look("thin")
        if width < 700:
            page.locator("nav.narrow summary").click()
            page.locator("nav.narrow summary").click()
        page.keyboard.press("Shift")
        links = page.locator("main .prose a.evidence")
        for place in range(links.count()):
            links.nth(place).focus()
            if page.locator("#evidence:popover-open").count():
                break
        parts = ["#evidence", ".tools", "table.register", "nav.contents"]
        for scheme, only, least in (("light", (), 20), ("dark", ("color-contrast",), 1)):
            page.emulate_media(color_scheme=scheme)
            found = watched.axe(within=parts, only=only, leave_out=() if only else ("link-in-text-block",))
            assert page.locator("#evidence:popover-open").count() == 1
            assert found["violations"] == []
            assert {one["rule"] for one in found["incomplete"]} <= {"color-contrast"}
            assert found["passes"] >= least


def test_the_page_is_light_enough_to_send():
    assert 500_000 < PUBLISHED.stat().st_size <= 2_000_000
