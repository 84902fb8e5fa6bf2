"""The report in Markdown: the words, numbers and links of the page, and no text of a ledger or a notebook as markup."""

from __future__ import annotations

import json
import re
from collections import Counter
from copy import deepcopy
from difflib import ndiff
from functools import cache
from pathlib import Path

import pypandoc
import pytest
import sample_document as sample
from claims.content.phrases import Anchor, Link, Phrase
from claims.content.tables import FIGURE, TABLE, Column
from lxml import html as lxml_html
from markdown_it import MarkdownIt

from report.pages import long_tables, twin
from report.pages.assemble import assemble
from report.pages.document import Document, ExhibitBlock, GridCell, Listing, Note, TableGrid
from report.pages.reading import read

PUBLISHED = Path(__file__).resolve().parents[3] / "report" / "published"
INLINE = {"a", "b", "cite", "code", "data", "em", "i", "span", "strong", "sub", "sup", "time", "u", "var", "wbr"}
# what only the page has: code, drawings, formulas that are set, lists of contents, and what one can press
ON_THE_PAGE = (
    ".//div[starts-with(@class, 'code')] | .//*[contains(@class, 'here') or contains(@class, 'unfold')] | .//summary"
    " | .//*[@class='how'] | .//p[@class='save' or @class='whereabouts'] | .//caption[contains(@class, 'unseen')]"
    " | .//svg | .//math | .//nav"
)
IN_MARKDOWN = ".//p[img] | .//p[starts-with(., 'Numbers behind')]"
HOSTILE = [
    *sample.HOSTILE, "a | b \\| c \\", "\\", "www.evil.example http://evil.example", "1. one", "- x", "a\nb", "``` ~~~",
    "&lt;i&gt; &copy;", "[^1] ![x](y) <!-- z -->", "~~s~~ __b__ _i_", "---", "> q", "$`x`$", "\ue000<c001>x\ue000/",
]  # fmt: skip


def parsed(markdown: str):
    """Return Markdown as the elements that a viewer makes of it."""
    without_formulas = re.sub(r"\$`[^`\n]*`\$", "", markdown)
    shown = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(without_formulas)
    return lxml_html.fromstring(f"<main>{shown}</main>")


def text(element) -> str:
    """Return the text of an element, with a blank where a block or a cell begins or ends."""
    between = "" if element.tag in INLINE else " "
    parts = [between, element.text or ""]
    for child in element:
        parts += [text(child) if isinstance(child.tag, str) else "", child.tail or ""]
    return "".join([*parts, between])


def words(element) -> list[str]:
    """Return the words of an element, without brackets, which the page has no need of around units."""
    return re.sub(r"[()\u200b\u2060]", " ", text(element)).split()


def chapters(main, leave_out: str) -> dict[str, list]:
    """Return the elements of each chapter by its title."""
    for element in main.xpath(leave_out):
        element.drop_tree()
    found: dict[str, list] = {}
    for element in main:
        if element.tag == "h2":
            found[" ".join(words(element))] = []
        if found:
            found[[*found][-1]].append(element)
    return found


@cache
def of_page() -> tuple[dict[str, list], dict[str, str]]:
    """Return the chapters of the published page, and the id of each row that has a shorter name such as F12."""
    page = lxml_html.parse(PUBLISHED / "report.html", lxml_html.HTMLParser(encoding="utf-8", huge_tree=True))
    names = {link.get("id"): link.getparent().getparent().get("id") for link in page.iterfind(".//tr//a[@id]")}
    return chapters(page.find(".//main"), ON_THE_PAGE), names


@cache
def of_markdown() -> dict[str, list]:
    return chapters(parsed((PUBLISHED / "report.md").read_text(encoding="utf-8")), IN_MARKDOWN)


def links(elements: list, names: dict[str, str]) -> Counter:
    """Return the words and targets of links within the document; not those by which a row or exhibit names itself."""
    found: Counter = Counter()
    for element in elements:
        for link in element.iter("a"):
            target = names.get(link.get("href", "")[1:], link.get("href", "")[1:])
            names_its_row = any(row.get("id") == target and link in row[0].iter() for row in link.iterancestors("tr"))
            if link.get("href", "").startswith("#") and link.get("class") != "own" and not names_its_row:
                found[" ".join(link.text_content().split()), target] += 1
    return found


def test_each_chapter_has_the_words_and_numbers_of_the_page():
    (page, _), markdown = of_page(), of_markdown()
    assert [*markdown] == [*page] and len(page) > 15
    for title, elements in page.items():
        expected, found = ([word for each in both for word in words(each)] for both in (elements, markdown[title]))
        assert found == expected, title
    assert sum(bool(re.search(r"\d", word)) for each in markdown["D The ledger"] for word in words(each)) > 1000


def test_each_chapter_has_the_links_of_the_page():
    page, names = of_page()
    markdown = of_markdown()
    for title, elements in page.items():
        assert links(markdown[title], {}) == links(elements, names), title
    assert sum(links(markdown["1 How large is this trade, and who says so?"], {}).values()) > 40


def test_every_link_of_the_published_markdown_resolves():
    written = (PUBLISHED / "report.md").read_bytes().decode("utf-8")
    anchors = re.findall(r'<a id="([^"]+)"></a>', written)
    targets = set(re.findall(r"\]\(#([^)\s]+)\)", written))
    files = set(re.findall(r"\]\(([.\w][^):\s]*)\)", written))
    assert len(anchors) == len({*anchors}) > 1000 and len(targets) > 1000
    assert targets - {*anchors} == set()
    assert len(files) > 20 and [file for file in files if not (PUBLISHED / file).is_file()] == []
    assert written.endswith("\n") and not re.search(r"\r|[ \t]\n|\n\n\n", written)


# ---- hostile texts ----


def hostile_document(cells: list) -> Document:
    """Return a document with a table of these cells."""
    columns = (Column("a", Phrase(("<b>Label</b>|*",)), unit="$ | %"), Column("b", Phrase(("B",)), align="right"))
    rows = tuple((GridCell((Phrase((cell,)),)), GridCell((Phrase(("end",)),))) for cell in cells)
    table = ExhibitBlock("Table", "1", "tbl-a", title="T", table=TableGrid(columns, rows))
    return Document({"title": HOSTILE[0], "date": "- x"}, (table,), frozenset(("tbl-a", "c001")))


@pytest.mark.parametrize("make", [str, lambda text: Link(text, "c001"), lambda text: Anchor(text, f"x{text}")])
def test_no_cell_becomes_markup_or_leaves_its_cell(make):
    shown = parsed(twin.render(hostile_document(list(map(make, HOSTILE)))))
    rows = [[" ".join(cell.text_content().split()) for cell in row.iter("td")] for row in shown.iterfind(".//tbody/tr")]
    expected = [twin.with_code_points(re.sub(r"\n", "", each)).split() for each in HOSTILE]
    assert rows == [[" ".join(each), "end"] for each in expected]
    assert {element.tag for element in shown.iter()} <= {
        *("main", "h1", "p", "blockquote", "code", "strong", "a", "br"), *("table", "thead", "tbody", "tr", "th", "td")
    }  # fmt: skip
    assert shown.findtext(".//h1") == HOSTILE[0]


def test_pandoc_reads_the_cells_as_markdown_it_does():
    written = twin.render(hostile_document(HOSTILE))
    read_back = pypandoc.convert_text(written, "html", "gfm-tex_math_dollars-tex_math_gfm", extra_args=["--wrap=none"])
    both = parsed(written), lxml_html.fromstring(read_back)
    cells, again = ([words(cell) for cell in shown.iter("td")] for shown in both)
    assert len(cells) == 2 * len(HOSTILE) and again == cells


@pytest.mark.parametrize("address", ["https://a.org/|x (1)?a=1&copy;", "https://a.org/a_b*c*", "https://a.org/\\|"])
def test_an_address_cannot_leave_its_link_or_its_cell(address):
    [link] = parsed(twin.render(hostile_document([Link("x", address)]))).iterfind(".//td/a")
    assert link.get("href").startswith("https://a.org/") and link.text == "x"


@pytest.mark.parametrize("listing", ["x", "```\n# no heading\n```", "````\n", "~~~ <b>"])
def test_a_listing_is_fenced_and_code_cells_are_left_out(listing):
    blocks = (Listing(listing, "py`x"), Listing("import claims", role="code"), Note("1. <b>none</b>"))
    shown = parsed(twin.render(Document({"title": "T"}, blocks, frozenset())))
    assert [code.text.strip("\n") for code in shown.iterfind(".//pre/code")] == [listing.strip("\n")]
    assert "import" not in shown.text_content() and "<b>none</b>" in shown.text_content()


# ---- small diffs ----


@cache
def assembled() -> dict:
    return assemble(sample.notebooks(), sample.tables(12), sample.METADATA)


def changed_lines(document: dict) -> list[str]:
    """Return the lines that the Markdown of a document does not share with that of the sample."""
    before, after = (twin.page(read(each)).splitlines() for each in (assembled(), document))
    return [line for line in ndiff(before, after) if line.startswith(("-", "+"))]


def test_a_changed_sentence_or_cell_is_one_changed_line():
    sentences, table = deepcopy(assembled()), json.loads(json.dumps(assembled()))
    [title, *_] = (cell for cell in sentences["cells"] if "Prose with" in cell["source"])
    title["source"] += " A second sentence."
    assert changed_lines(sentences) == ["+ A second sentence."]
    rows = next(
        output["data"][TABLE]["rows"]
        for cell in table["cells"]
        for output in cell.get("outputs", ())
        if TABLE in output["data"]
    )
    rows[0][1] = "much wider than every other cell of its column"
    assert [line[0] for line in changed_lines(table)] == ["-", "+"]


def test_the_markdown_is_the_same_twice_and_from_kept_conversions():
    kept: dict = {}
    first = twin.page(read(assembled()), kept)
    assert first == twin.page(read(deepcopy(assembled()))) == twin.page(read(assembled()), kept)
    assert kept and "\r" not in first and first.endswith("\n") and "(../../figures/growth.svg)" in first


def test_a_cut_table_and_a_cut_figure_keep_their_notes(monkeypatch):
    monkeypatch.setattr(long_tables, "MOST_ROWS", 1)
    written = twin.page(read(assemble(sample.notebooks(), sample.tables(12), sample.METADATA)))
    assert "rows are not shown; claims.csv, with all of them, is attached to the PDF." in written
    assert "rows are not shown; the file of its numbers has all of them." in written
    assert FIGURE not in written
