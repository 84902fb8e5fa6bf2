"""What a reader takes away from the published page: a number with its citation, a figure, the rows of a register."""

from __future__ import annotations

import csv
import io
import json
import re
import struct
from collections.abc import Iterator
from hashlib import sha256
from io import BytesIO
from itertools import takewhile
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pandas as pd
import pikepdf
import pytest
from browser import PUBLISHED, REPOSITORY, Watched, opened, settle
from claims.ledger import readings
from declared import choose
from lxml import etree, html
from PIL import Image, ImageChops, ImageStat
from playwright.sync_api import Page
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from report.foreign.registered import NotebookHTMLExporter
from report.pages.html import TEMPLATES, UNREAD

CUT, CUT_NAME = "digits-cut-off", "rounding=truncation"
FIGURES = sorted((REPOSITORY / "figures").glob("*.csv"))
DATA = REPOSITORY / "data"
SVG = "{http://www.w3.org/2000/svg}"
PRINTED, COMPUTED = "main .prose a.evidence[href='#c012']", "main .prose a[href='#f-difference-turnover-2023']"


@pytest.fixture(scope="module")
def desk(browser) -> Iterator[Watched]:
    with opened(browser, PUBLISHED) as watched:
        watched.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        watched.page.evaluate("document.querySelectorAll('details.take').forEach(menu => { menu.open = true })")
        yield watched


@pytest.fixture(scope="module")
def phone(browser) -> Iterator[Watched]:
    with opened(browser, PUBLISHED, width=390, height=800, scheme="dark", touch=True) as watched:
        yield watched


@pytest.fixture(scope="module")
def lax(browser) -> Iterator[Watched]:
    """Return a page with each menu open that may not copy, and that lets axe in."""
    with opened(browser, PUBLISHED, any_policy=True) as watched:
        watched.page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
        watched.page.evaluate("document.querySelectorAll('details.take').forEach(menu => { menu.open = true })")
        taken(watched, "#fig-trade-over-time", "CSV")
        yield watched


@pytest.fixture(scope="module")
def edition() -> str:
    """Return the edition as its readers compute it, from the files attached to the PDF."""
    with pikepdf.open(PUBLISHED.with_name("report.pdf")) as pdf:
        files = {name: file.get_file().read_bytes() for name, file in pdf.attachments.items()}
    assert len(files) >= 15
    lines = [f"{sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files)]
    return sha256("".join(lines).encode()).hexdigest()[:12]


@pytest.fixture(scope="module")
def about(edition) -> str:
    title = json.loads((DATA / "datapackage.json").read_text("utf-8"))["title"]
    return f"“{title}”, report of 22 November 2026, edition {edition}"


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def copied(watched: Watched, link: str) -> str:
    """Return what the button in a number's card copies."""
    page = watched.page
    page.locator(link).first.hover()
    page.locator("#evidence button").first.click()
    page.locator("#evidence [role=status]", has_text="Copied").wait_for()
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    page.mouse.move(2, 2)
    return page.evaluate("navigator.clipboard.readText()")


def taken(watched: Watched, place: str, kind: str) -> tuple[str, bytes]:
    """Return the name and the content of the file that a button saves; a busy browser may drop the first click."""
    button = watched.page.locator(f"{place} .files button", has_text=kind)
    try:
        with watched.page.expect_download(timeout=20_000) as waiting:
            button.click()
    except PlaywrightTimeout:
        with watched.page.expect_download() as waiting:
            button.click()
    name = waiting.value.suggested_filename
    watched.page.locator(f"{place} [role=status]", has_text=f"Saved as {name}").wait_for()
    return name, waiting.value.path().read_bytes()


def read_register(watched: Watched, name: str) -> tuple[list[str], list[dict[str, str]]]:
    """Return the remarks and the rows of a register's CSV file."""
    remarks, rest = split(taken(watched, f"#tbl-{name}", "CSV")[1].decode())
    return remarks, list(csv.DictReader(io.StringIO(rest, newline="")))


def split(file: str) -> tuple[list[str], str]:
    """Return the remarks at the head of a CSV file, a line each, and its rows."""
    lines = file.splitlines(keepends=True)
    remarks = [*takewhile(lambda line: line.startswith("# "), lines)]
    return [line[2:].rstrip("\n") for line in remarks], "".join(lines[len(remarks) :])


def described(remarks: list[str]) -> dict[str, str]:
    """Return what the remarks say of each column, by its name."""
    return dict(line.split(": ", 1) for line in remarks[remarks.index("Columns:") + 1 :])


# ---- a number ----


def test_a_printed_figure_is_copied_with_its_text_and_line(desk, about):
    [claim] = [row for row in rows_of(DATA / "claims.csv") if row["id"] == "c012"]
    [source] = [row for row in rows_of(DATA / "sources.csv") if row["id"] == claim["source"]]
    assert copied(desk, PRINTED) == (
        f"Trade turnover, China and Kazakhstan, 2023: “{claim['printed']}” (stands for $40.5 to 41.5 billion), "
        f"printed in “{source['title']}”, line {claim['line']} (c012). {about}. report.html#c012"
    )


def test_a_computed_number_is_copied_with_its_range(desk, about):
    findings = rows_of(PUBLISHED.with_name("findings.csv"))
    [finding] = [row for row in findings if row["id"] == "difference_turnover_2023"]
    number = desk.page.locator("#f-difference-turnover-2023 th").inner_text()
    assert copied(desk, COMPUTED) == (
        f"{finding['label']}: {finding['text']} ($9.35 to 9.75 billion), computed ({number}). {about}. "
        "report.html#f-difference-turnover-2023"
    )


def test_under_another_reading_the_citation_is_that_readings(desk, about):
    [row] = [
        row
        for row in rows_of(PUBLISHED.with_name(readings.SWEPT))
        if (row["reading"], row["id"]) == (CUT_NAME, "difference_turnover_2023")
    ]
    choose(desk.page, CUT)
    words = copied(desk, COMPUTED)
    choose(desk.page, "")
    assert f": {row['text']} (${row['range'].removeprefix('$')}), computed" in words
    assert words.endswith(
        f"{about}, figures read with another assumption (digits cut off). "
        f"report.html#reading={CUT}&at=f-difference-turnover-2023"
    )


def to_copy(page: Page) -> None:
    """Reach the button that copies by the arrow keys, from the number."""
    for _ in range(4):
        page.keyboard.press("ArrowUp")
        if page.evaluate("document.activeElement.textContent") == "Copy with citation":
            return
    raise AssertionError("the arrow keys do not reach it")


def test_the_keyboard_reaches_the_button_and_escape_goes_back(desk):
    page = desk.page
    page.evaluate("navigator.clipboard.writeText('')")
    page.keyboard.press("Shift")
    link = page.locator(COMPUTED).first
    link.focus()
    page.locator("#evidence").wait_for()
    to_copy(page)
    page.keyboard.press("Enter")
    page.locator("#evidence [role=status]", has_text="Copied").wait_for()
    assert "$9.6 billion" in page.evaluate("navigator.clipboard.readText()")
    page.keyboard.press("Escape")
    assert link.evaluate("element => element === document.activeElement")
    assert page.locator("#evidence").count() == 0


def test_where_copying_is_refused_a_finger_finds_the_text_selected(phone, about):
    page = phone.page
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined, configurable: true })")
    page.locator(PRINTED).first.tap()
    page.locator("#evidence button").first.tap()
    selected = page.locator("#evidence textarea").evaluate(
        "field => [field === document.activeElement, field.value.slice(field.selectionStart, field.selectionEnd)]"
    )
    assert selected[0]
    assert selected[1].startswith("Trade turnover")
    assert selected[1].endswith(f"{about}. report.html#c012")
    assert page.locator("#evidence [role=status]").inner_text() == "Selected, to be copied"
    page.keyboard.press("Escape")


@pytest.mark.parametrize("link", ["[href='#S1']", "[href^='#v-']", "[href^='#o0']"])
def test_a_text_a_verdict_and_an_official_figure_are_copied_too(link, desk, about):
    words = copied(desk, f"main :is(.prose, .notes) a{link}:visible")
    assert re.fullmatch(rf"\w.+\. {re.escape(about)}\. report\.html#\S+", words)


# ---- a figure ----


def test_each_figure_is_a_drawing_that_stands_alone(desk):
    for path in FIGURES:
        name, data = taken(desk, figure_of(path.stem), "SVG")
        assert name == f"{path.stem}.svg"
        root = etree.fromstring(data)
        assert root.tag == f"{SVG}svg"
        tags = {element.tag.removeprefix(SVG) for element in root.iter()}
        assert not tags & {"script", "foreignObject", "image", "a", "iframe"}
        assert {"title", "desc", "style", "text"} <= tags
        values = {key: value for element in root.iter() for key, value in element.attrib.items()}
        assert not [key for key in values if key.startswith("on")]
        style = root.findtext(f"{SVG}style")
        assert "var(" not in style
        assert re.findall(r"@font-face[^}]*font-weight: (\d+)", style) == ["400", "700"]
        assert re.findall(r"url\((?!\"?(?:#|data:font))", style) == []
        links = [value for element in root.iter() for key, value in element.attrib.items() if key.endswith("href")]
        ids = {element.get("id") for element in root.iter()}
        assert {link[1:] for link in links} | set(re.findall(r"url\(\"#([^\"]+)", style)) <= ids
        classes = {element.get("class") for element in root.iter()} - {None}
        assert classes == set(re.findall(r"^\.(a\d+) ", style, re.M)) != set()
        _, _, *shape = map(float, root.get("viewBox").split())
        assert [float(root.get(side)) for side in ("width", "height")] == pytest.approx([x * 4 / 3 for x in shape])
    assert len(FIGURES) >= 14


def test_each_picture_has_twice_the_size_and_looks_like_the_figure(desk):
    for path in FIGURES:
        name, data = taken(desk, figure_of(path.stem), "PNG")
        assert name == f"{path.stem}.png"
        _, drawn, shape = framed(taken(desk, figure_of(path.stem), "SVG")[1])
        left, top = map(float, re.findall(r"[\d.]+", drawn.get("transform")))
        _, _, width, height = map(float, box_of(desk, path.stem).split())
        assert struct.unpack(">II", data[16:24]) == pytest.approx([x * 8 / 3 for x in shape], abs=1)
        inside = Image.open(BytesIO(data)).crop([x * 8 / 3 for x in (left, top, left + width, top + height)])
        ours, theirs = (small_picture(each) for each in (inside, Image.open(path.with_suffix(".png"))))
        ink, difference = ImageChops.invert(theirs), ImageChops.difference(ours, theirs)
        assert ImageStat.Stat(difference).mean[0] < 0.3 * ImageStat.Stat(ink).mean[0], name


def framed(data: bytes) -> tuple[list[etree._Element], etree._Element, list[float]]:
    """Return the lines around a saved drawing, the drawing, and the size of both, in points."""
    root = etree.fromstring(data)
    frame = root.find(f"{SVG}g")
    return frame.findall(f"{SVG}text"), frame.find(f"{SVG}g"), [*map(float, root.get("viewBox").split()[2:])]


def test_a_saved_figure_says_what_it_shows_and_where_it_is_from(desk, about):
    for path in FIGURES:
        place = figure_of(path.stem)
        lines, _, size = framed(taken(desk, place, "SVG")[1])
        words = " ".join(line.text for line in lines).replace("/ ", "/")
        title, source = (
            " ".join(desk.page.locator(f"{place} {part}").inner_text().split()) for part in ("figcaption", ".source")
        )
        label = desk.page.locator(f"{place} .label").first.inner_text()
        assert words.startswith(title.removeprefix(label).strip())
        assert f" {source} {label} of {about}. report.html{place} Licence: Creative Commons Attribution 4.0." in words
        ground = lines[0].getparent()[0]
        assert (ground.tag, ground.get("fill")) == (f"{SVG}rect", "#fff")
        assert [float(ground.get(side)) for side in ("width", "height")] == size


BOXES = """drawing => {
  const root = new DOMParser().parseFromString(drawing, "image/svg+xml").documentElement, edges = (element) => {
    const box = element.getBoundingClientRect(), whole = root.getBoundingClientRect();
    return [box.left - whole.left, box.top - whole.top, whole.right - box.right, whole.bottom - box.bottom];
  };
  document.body.append(root);
  const lines = [...root.querySelectorAll(":scope > g > text")].map(edges), drawn = edges(root.querySelector("g > g"));
  const high = root.getBoundingClientRect().height;
  root.remove();
  return [lines, drawn, high];
}"""  # how far each is from the left, the top, the right and the bottom, in pixels


def test_no_line_around_a_saved_figure_is_cut_or_on_the_drawing(desk):
    for path in FIGURES:
        lines, drawn, high = desk.page.evaluate(BOXES, taken(desk, figure_of(path.stem), "SVG")[1].decode())
        assert min(min(left, right) for left, _, right, _ in lines) >= 16, path.stem
        assert min(min(top, bottom) for _, top, _, bottom in lines) >= 8, path.stem
        above = [bottom for _, _, _, bottom in lines if bottom >= high - drawn[1]]
        below = [top for _, top, _, _ in lines if top >= high - drawn[3]]
        assert len(above) >= 1, path.stem
        assert len(below) >= 3, path.stem
        assert len(above) + len(below) == len(lines), path.stem


def small_picture(picture: Image.Image) -> Image.Image:
    """Return a picture so small that the edges of its letters no longer count."""
    return picture.convert("L").resize((160, 90), Image.Resampling.LANCZOS)


def test_each_file_of_numbers_is_the_published_one_below_its_remarks(desk, about):
    for path in FIGURES:
        name, data = taken(desk, figure_of(path.stem), "CSV")
        assert name == path.name
        remarks, rest = split(data.decode())
        assert rest == path.read_text("utf-8")
        title, source, licence, *_ = remarks
        assert re.match(r"Figure \S+: \S", title)
        assert re.match(r"Source: \S", source)
        assert source.endswith(f" {about}. report.html{figure_of(path.stem)}")
        assert licence == "Licence: Creative Commons Attribution 4.0."


def test_each_column_of_numbers_is_explained_and_no_line_breaks(desk):
    units = 0
    for path in FIGURES:
        data = taken(desk, figure_of(path.stem), "CSV")[1]
        read = pd.read_csv(BytesIO(data), comment="#", dtype=str, keep_default_na=False)
        assert read.equals(pd.read_csv(path, dtype=str, keep_default_na=False))
        assert not [cell for column in read for cell in read[column] if "\n" in cell]
        meanings = described(split(data.decode())[0])
        assert [*meanings] == [*read.columns]
        assert [name for name, words in meanings.items() if words in (name, name.replace("_", " "))] == [
            name
            for name in read.columns[1:-1]
            if path.stem == "readings"  # they are the names of readings
        ]
        units += sum(words.endswith((", $", ", %")) for words in meanings.values())
        if "S1" in meanings:
            [text] = [row for row in rows_of(DATA / "sources.csv") if row["id"] == "S1"]
            assert re.fullmatch(rf"“{re.escape(text['title'])}”.*, (% of its items|figures printed)", meanings["S1"])
    assert units >= 20


def test_under_another_reading_the_files_are_that_readings(desk):
    place = figure_of("trade_over_time")
    usual = {kind: taken(desk, place, kind)[1] for kind in ("SVG", "CSV")}
    choose(desk.page, CUT)
    names, read = zip(*(taken(desk, place, kind) for kind in usual), strict=True)
    address = desk.page.locator(f"{place} a[download]").get_attribute("href")
    choose(desk.page, "")
    assert names == (f"trade_over_time-{CUT}.svg", f"trade_over_time-{CUT}.csv")
    assert all(b"(digits cut off)" in data for data in read)
    assert read[0].partition(b"</style>")[2] != usual["SVG"].partition(b"</style>")[2]
    rows = split(read[1].decode())[1]
    assert rows == unquote_to_bytes(address.partition(",")[2]).decode()
    assert rows != split(usual["CSV"].decode())[1]


def test_a_caption_stays_in_a_saved_figure_after_another_reading(desk):
    place = figure_of("trade_over_time")
    usual = [line.text for line in framed(taken(desk, place, "SVG")[1])[0]]
    desk.page.evaluate("place => document.querySelector(place + ' .notes p').setAttribute('class', '')", place)
    assert [line.text for line in framed(taken(desk, place, "SVG")[1])[0]] == usual
    assert desk.page.locator(f"{place} .notes p").first.inner_text()[:20] in " ".join(usual)


def test_a_dark_phone_gives_the_same_drawing_as_a_light_desk(desk, phone):
    phone.page.locator("#fig-balance details.take summary").tap()
    assert taken(phone, "#fig-balance", "SVG") == taken(desk, "#fig-balance", "SVG")


def figure_of(name: str) -> str:
    return f"#fig-{name.replace('_', '-')}"


def box_of(watched: Watched, name: str) -> str:
    return watched.page.locator(f"{figure_of(name)} svg.on-wide").get_attribute("viewBox")


# ---- a register ----


def test_the_rows_of_the_ledger_are_the_claims(desk, about):
    remarks, rows = read_register(desk, "ledger")
    assert [line for line in remarks if line.endswith(f" {about}. report.html#tbl-ledger")] == remarks[1:2]
    ours = [(row["claim"], row["source"], row["line"], row["as_printed"], row["anchor"]) for row in rows]
    claims = rows_of(DATA / "claims.csv")
    assert ours == [(row["id"], row["source"], row["line"], row["printed"], row["id"]) for row in claims]
    names = {row["id"]: row["label"] for row in rows_of(DATA / "indicators.csv")}
    assert [row["indicator"] for row in rows] == [names[row["indicator"]] for row in claims]
    assert all(re.fullmatch(r"[a-z0-9_]+", row["name"]) for row in rows)


def test_the_rows_of_the_derivations_are_the_findings(desk):
    _, rows = read_register(desk, "derivations")
    ours = [(row["anchor"], row["what_it_is"], row["value"], row["notebook"]) for row in rows]
    findings = rows_of(PUBLISHED.with_name("findings.csv"))
    wanted = [
        ("f-" + row["id"].replace("_", "-").lower(), *(row[name] for name in ("label", "text", "notebook")))
        for row in findings
    ]
    assert sorted((anchor.lower(), *rest) for anchor, *rest in ours) == sorted(wanted)


@pytest.mark.parametrize("name", ["sources", "ledger", "derivations", "verdicts", "agreements", "official"])
def test_both_files_of_a_register_have_its_rows_and_columns(name, desk):
    remarks, rows = read_register(desk, name)
    file, data = taken(desk, f"#tbl-{name}", "JSON")
    as_json = json.loads(data)
    assert file == f"{name}.json"
    assert as_json["about"] == remarks
    assert [*described(remarks)] == [*rows[0]]
    assert not [value for row in rows for value in row.values() if "\n" in value]
    assert [{key: unmarked(value) for key, value in row.items()} for row in rows] == as_json["rows"]
    assert [row["anchor"] for row in rows] == desk.page.eval_on_selector_all(
        f"#tbl-{name} tbody tr", "rows => rows.map(row => row.id)"
    )


def unmarked(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and readings.FORMULA.match(cell) else cell


def test_no_cell_becomes_a_formula_and_numbers_stay(desk):
    cell = "#tbl-ledger tbody tr:first-child td:nth-child(3)"
    before = desk.page.locator(cell).evaluate("cell => cell.innerHTML")
    values = {"=1+1": "'=1+1", "@x": "'@x", "+8 bn": "'+8 bn", "-1.5": "-1.5", "'=1": "''=1", 'a "b", c': 'a "b", c'}
    for value, written in values.items():
        desk.page.locator(cell).evaluate("(cell, value) => { cell.textContent = value }", value)
        assert read_register(desk, "ledger")[1][0]["as_printed"] == written
    desk.page.locator(cell).evaluate("(cell, before) => { cell.innerHTML = before }", before)


def test_a_search_limits_what_is_taken_and_the_file_says_so(desk):
    desk.page.fill("#tbl-verdicts-find", "inconsistent trade")
    settle(desk.page, timers=150)
    shown = desk.look("rows", "tbl-verdicts")["shown"]
    remarks, rows = read_register(desk, "verdicts")
    desk.page.click("#tbl-verdicts .tools button")
    assert [row["anchor"] for row in rows] == shown != []
    every = desk.page.locator("#tbl-verdicts tbody tr").count()
    assert remarks[0].endswith(f"({len(rows)} of {every} rows)")


def test_the_columns_of_the_ledger_are_explained(desk):
    meanings = described(read_register(desk, "ledger")[0])
    assert meanings["stands_for"] == "Values that it may stand for"
    assert (meanings["source"], meanings["line"]) == ("Text that prints the figure", "its line")
    assert meanings["as_printed"] == "As printed"


# ---- two styles of numbers ----


@pytest.mark.parametrize("medium", ["screen", "print"])
def test_a_solid_line_is_under_print_a_dotted_one_under_results(desk, medium):
    desk.page.emulate_media(media=medium)
    lines = desk.page.eval_on_selector_all(
        "main .prose a.evidence",
        "links => links.map(link => [link.hash[1] === 'f', getComputedStyle(link).textDecorationLine,"
        " getComputedStyle(link).textDecorationStyle])",
    )
    desk.page.emulate_media(media="screen")
    assert {tuple(line) for line in lines} == {(True, "underline", "dotted"), (False, "underline", "solid")}
    assert len(lines) > 200


def test_paper_has_both_lines_too():
    """On the first page of the PDF each link in running text has one; the two in its subtitle have none."""
    with pikepdf.open(PUBLISHED.with_name("report.pdf")) as pdf:
        page = pdf.pages[0]
        widths = [float(step.operands[0]) for step in pikepdf.parse_content_stream(page) if str(step.operator) == "w"]
        targets = [str(note["/Dest"])[0] for note in page.obj["/Annots"] if "/Dest" in note]
    assert widths.count(0.9) >= targets.count("f") - 2 > 10  # dotted
    assert widths.count(0.5) >= targets.count("c") + targets.count("S") > 10


def test_the_first_chapter_explains_the_two_lines_with_examples(desk):
    [words] = [
        sentence
        for sentence in html.fromstring(PUBLISHED.read_text("utf-8")).xpath("//main//p")
        if "a solid line leads to" in sentence.text_content()
    ]
    assert [link.get("href")[:2] for link in words.xpath(".//a[@class='evidence']")][-2:] == ["#c", "#f"]


# ---- the page around it ----


def test_the_page_names_its_edition(desk, edition):
    assert desk.page.locator("footer.edition code").inner_text() == edition


@pytest.mark.parametrize("width", [1280, 390])
def test_the_head_links_to_the_same_report_as_pdf_and_markdown(lax, width):
    page = lax.page
    page.set_viewport_size({"width": width, "height": 900})
    links = page.locator("header .also a")
    assert [PUBLISHED.parent / link.get_attribute("href") for link in links.all()[:2]] == [
        PUBLISHED.with_name("report.pdf"), PUBLISHED.with_name("report.md"),
    ]  # fmt: skip
    assert all(PUBLISHED.with_name(link.get_attribute("href")).is_file() for link in links.all()[:2])
    assert links.last.bounding_box()["y"] < 320


def test_the_head_leads_to_how_to_cite(desk, about):
    page = desk.page
    page.locator("header .also a", has_text="Cite").click()
    page.locator("footer pre").first.wait_for()
    entry = page.locator("footer pre").last.inner_text()
    for kind, words in (("citation", f"{about}."), ("BibTeX", entry)):
        page.locator("footer button", has_text=f"Copy {kind}").click()
        page.locator(f"footer button:has-text('Copy {kind}') + .status", has_text="Copied").wait_for()
        assert page.evaluate("navigator.clipboard.readText()") == words
    title = json.loads((DATA / "datapackage.json").read_text("utf-8"))["title"]
    assert entry.startswith("@misc{")
    assert f"  title = {{{{{title}}}}},\n  year = {{2026}},\n" in entry
    page.evaluate("history.replaceState(null, '', location.pathname)")


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (390, "light")])
def test_axe_finds_nothing_with_each_control_open(lax, width, scheme):
    page = lax.page
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    page.keyboard.press("Shift")
    page.locator(COMPUTED).first.focus()
    page.locator("#evidence").wait_for()
    to_copy(page)
    page.keyboard.press("Enter")
    page.locator("#evidence textarea").wait_for()
    page.evaluate("document.querySelector('footer details').open = true")
    places = ["#evidence", "#fig-trade-over-time", "#tbl-sources", "footer.edition", "header.title"]
    assert lax.axe(within=places)["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")


def test_nothing_is_asked_of_a_network_and_no_rule_is_broken(desk):
    assert (desk.asked, desk.complaints) == ([], [])


def test_without_scripts_only_the_controls_are_missing(browser, edition):
    with opened(browser, PUBLISHED, scripts=False) as bare:
        assert bare.page.locator(".take, .files, .foot, textarea").count() == 0
        assert edition in bare.page.locator("footer.edition").inner_text()
        assert bare.page.locator("a[download]").count() == len(FIGURES)


def test_a_foreign_notebook_gets_none_of_it():
    page, _ = NotebookHTMLExporter().from_filename(REPOSITORY / "tests" / "foreign" / "headings.ipynb")
    script = UNREAD.sub("", (TEMPLATES / "take_away.js").read_text("utf-8"))
    assert "const page = (() => {" in page
    assert script not in page
    assert not {"#cite", "report.pdf", "report.md"} & set(html.fromstring(page).xpath("//a/@href"))
    assert script in PUBLISHED.read_text("utf-8")
