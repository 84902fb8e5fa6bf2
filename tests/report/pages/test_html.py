import base64
import re
from hashlib import sha256
from urllib.parse import unquote

import pytest
import sample_document as sample
from bs4 import BeautifulSoup
from claims.content.tables import TABLE, Table
from made_up import book, figure
from nbformat import from_dict, v4

from report.pages import appendices, drawing
from report.pages.assemble import assemble
from report.pages.exporters import ReportHTMLExporter
from report.pages.markdown import Job, Piece, convert


def exported(notebook) -> str:
    return ReportHTMLExporter().from_notebook_node(from_dict(notebook))[0]


@pytest.fixture(scope="module")
def html() -> str:
    return exported(sample.document())


@pytest.fixture(scope="module")
def page(html) -> BeautifulSoup:
    return BeautifulSoup(html, "html.parser")


def soup(*cells) -> BeautifulSoup:
    return BeautifulSoup(exported(v4.new_notebook(cells=list(cells))), "html.parser")


def test_the_page_requests_nothing_and_forbids_requests(page):
    policy = page.find("meta", {"http-equiv": "Content-Security-Policy"})["content"]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-")
    assert page.find_all(["link", "iframe", "object", "form", "input"]) == []
    sources = [image["src"] for image in page.find_all(src=True)]
    assert sources
    assert all(source.startswith("data:image/") for source in sources)
    assert not re.search(r"url\((?!data:font/ttf;base64,)|@import", page.style.string)


def test_the_only_script_that_may_run_is_the_one_that_is_there(page):
    [script] = page.find_all("script")
    digest = base64.b64encode(sha256(script.string.encode()).digest()).decode()
    policy = page.find("meta", {"http-equiv": "Content-Security-Policy"})["content"]
    assert f"script-src 'sha256-{digest}';" in policy
    assert "unsafe-inline" not in policy.partition("script-src")[2]
    assert [tag for tag in page.find_all(True) if any(name.startswith("on") for name in tag.attrs)] == []


def test_the_page_has_language_title_and_landmarks(page):
    assert page.html["lang"] == "en"
    assert page.title.string == "Five texts & one ledger"
    assert [h.get_text() for h in page.find_all("h1")] == ["Five texts & one ledger"]
    assert len(page.find_all("main")) == len(page.find_all("header")) == 1
    assert page.find("a", class_="skip")["href"] == "#main"
    assert page.time["datetime"] == "2025-06-03"
    assert page.time.string == "3 June 2025"


def test_chapters_are_numbered_and_appendices_lettered(page):
    numbers = [h.find(class_="number").get_text() for h in page.main.find_all(["h2", "h3"]) if h.parent == page.main]
    assert numbers == ["1", "1.1", "1.2", "2", "2.1", "2.2", "A", "B", "C", "D", "E"]


def test_heading_levels_skip_none():
    page = soup(v4.new_markdown_cell("words\n\n# T\n\n# U\n\n#### deep"))
    assert [h.name for h in page.find_all(re.compile("^h[1-6]$"))] == ["h1", "h2", "h2", "h3"]


def test_the_contents_link_to_every_chapter_and_section(page):
    links = page.find("nav", class_="wide").find_all("a")
    assert len(links) == 12
    assert [page.find(id=a["href"][1:]).name for a in links] == [h.name for h in page.main.find_all(["h2", "h3"])]


def test_inside_links_have_targets_and_ids_are_unique(page):
    ids = [tag["id"] for tag in page.find_all(id=True)]
    inside = [a["href"][1:] for a in page.find_all("a", href=re.compile("^#"))]
    assert len(ids) == len(set(ids))
    assert len(inside) > 300
    assert set(inside) <= set(ids)


def test_links_go_from_number_to_finding_claim_source_and_back(page):
    number = page.find("a", string="7.3 %")
    finding = page.find(id=number["href"][1:])
    claim = page.find(id=finding.find("a", string=re.compile("c001"))["href"][1:])
    assert claim.find("a", href="#S1") is not None
    [used] = claim.find_all("a", href="#F1")
    assert page.find(id="F1").find_parent("tr") is page.find(id="f-growth")
    assert page.find(id="S1") is not None


def test_figures_have_number_title_alt_text_notes_and_numbers(page):
    figure = page.find(id="fig-growth")
    assert figure.name == "figure"
    assert figure.figcaption.get_text(" ", strip=True) == "Figure 2 Trade doubled"
    assert figure.img["alt"] == sample.ALT
    assert figure.img["width"] == "672"
    assert figure.find(class_="notes").get_text(" ", strip=True) == "See c002 . Source: S1"
    assert [row.get_text(strip=True) for row in figure.details.table.tbody.find_all("tr")] == ["2023", "2024"]


def test_tables_have_captions_and_scopes(page):
    for table in page.main.find_all("table"):
        assert table.caption.get_text(strip=True)
        assert {th["scope"] for th in table.thead.find_all("th")} == {"col"}
        assert all(row.th["scope"] == "row" for row in table.tbody.find_all("tr"))
    table = page.find(id="tbl-shares").table
    assert table.caption.get_text(" ", strip=True) == "Table 1 Shares"
    assert table.thead.find_all("th")[1].get_text(" ", strip=True) == "Share %"


def test_the_ledger_has_every_claim_and_is_keyboard_reachable(page):
    register = page.find(id="tbl-ledger")
    assert len(register.table.tbody.find_all("tr")) == 130
    region = register.find(class_="scroll")
    assert (region["role"], region["tabindex"], region["aria-label"]) == ("group", "0", "Table C1, scrolls sideways")


def test_text_from_data_stays_text(page):
    cells = [cell.get_text() for cell in page.find(id="tbl-shares").tbody.find_all("th")]
    assert cells == sample.HOSTILE
    assert page.find(id="tbl-shares").tbody.find_all("a") == []


def test_code_is_folded_parameters_and_findings_are_hidden(page):
    shown = page.main.find_all(class_="code")
    assert shown
    assert all(box.details.summary.text.startswith("Code: ") and not box.details.has_attr("open") for box in shown)
    assert "digits = 2" not in page.main.get_text()
    assert "1 findings" not in page.main.get_text()


def test_an_authors_marks_keep_their_tag_other_tags_stay_text():
    text = "in <time>1992</time>, <cite>*Brown*, 2017</cite>, [<data>5 %</data>](#t), <var>x ÷ 2</var>, <q>2</q>"
    page = soup(v4.new_markdown_cell(f"# T\n\n{text}, <time class='x'>6</time>, <data>7"))
    marked = [tag.decode() for tag in page.main.find_all(["time", "cite", "data", "var"])]
    assert marked == [
        "<time>1992</time>", "<cite><em>Brown</em>, 2017</cite>", "<data>5 %</data>", "<var>x ÷ 2</var>",
    ]  # fmt: skip
    for kept in ("<q>2</q>", "<time class='x'>6</time>", "<data>7"):
        assert kept in page.main.get_text()


def with_cells(head: dict, cell) -> BeautifulSoup:
    columns = [{"key": "a", "label": "A"}, {"key": "b", "label": "B", **head}]
    rows = [[{"text": "Trade", "id": "c001"}, cell]]
    return soup(sample.code("t", "t", v4.new_output("display_data", {TABLE: {"columns": columns, "rows": rows}})))


def test_a_phrase_in_a_cell_keeps_its_links_and_marks():
    runs = [{"text": "5%", "href": "#c001"}, " of <it> in ", {"text": "1992", "kind": "date"}]
    page = with_cells({"label": {"text": "S1", "href": "#c001"}}, [{"runs": runs}, "more"])
    cell = page.tbody.td.decode_contents()
    assert cell == '<a href="#c001">5%</a> of &lt;it&gt; in <time>1992</time>, more'
    assert page.thead.find_all("th")[1].a["href"] == "#c001"


def test_an_address_in_a_cell_is_a_link_that_may_break():
    cell = with_cells({}, {"text": "a.org/b_c?d=1&e=<f>-g", "href": "https://a.org/b_c?d=1&e=<f>-g"}).tbody.td
    assert (cell.a["href"], cell.a["rel"], cell.a.text) == (f"https://{cell.a.text}", ["noreferrer"], cell.a.text)
    markup = cell.a.decode_contents().replace("<wbr/>", "|")
    assert markup == "a.|org/|b_|c?|d=|1&amp;|e=&lt;f&gt;-g"


@pytest.mark.parametrize("href", ["javascript:alert(1)", "data:text/html,x", "//a.org", ""])
def test_an_address_of_another_kind_is_plain_text(href):
    assert "<a " not in str(with_cells({}, {"text": "a.org", "href": href}).tbody.td)


def test_an_image_carries_the_chain_of_its_alt_text(page):
    assert page.find(id="fig-growth").img["data-chain"] == (
        '[["21","c001",null],["44","f-growth",null],["2023",null,"date"]]'
    )


def test_rows_of_a_figures_data_mark_the_cell_of_their_origins():
    columns = [{"key": "y"}, {"key": "of", "label": "From", "origins": True}]
    output = sample.figure("fig-x", columns=columns, rows=[["2023", [{"text": "c001", "href": "#c001"}]]])
    assert soup(sample.code("f", "f", output)).tbody.tr.has_attr("data-from")
    assert not soup(sample.code("f", "f", sample.figure("fig-x"))).tbody.tr.has_attr("data-from")


def test_the_subtitle_links_to_its_counts():
    about = {**sample.METADATA, "subtitle": {"runs": [{"text": "7", "href": "#f-growth"}, " figures"]}}
    document = assemble(sample.notebooks(), sample.tables(5), about)
    page = BeautifulSoup(exported(document), "html.parser")
    assert page.find(class_="subtitle").decode_contents() == '<a href="#F1">7</a> figures'


def test_a_ledger_row_lists_its_uses_and_the_places_that_cite_it(page):
    used = page.find(id="c001").find_all("td")[-1]
    assert [link.get_text() for link in used.find_all("a")] == [
        "F1", "1", "Figure\u00a01", "2", "Figure\u00a02",
    ]  # fmt: skip
    for link in used.find_all("a")[1:]:
        there = page.find(id=link["href"][1:])
        number = there.find(class_="number" if there.name.startswith("h") else "label")
        assert number.get_text() == link.get_text().replace("\u00a0", " ")
    shown = page.find(id="f-growth").find_all("td")[-1]
    assert shown.get_text() == "1, Figure\u00a01, 2, Figure\u00a02"


def used_in(*findings: dict) -> str:
    """Return the last cell of a claim that restates another, used by these findings."""
    ledger = book(figure("c001", "41", repeats="c009"), figure("c002", "24"))
    table = appendices.claims_table(ledger, [{"label": "L", **finding} for finding in findings])
    return BeautifulSoup(exported(document_of(table)), "html.parser").find(id="c001").find_all("td")[-1].text


def document_of(ledger: Table):
    chapter = v4.new_notebook(cells=[sample.markdown("# A?\n\n## B\n\nNo number.", "a")])
    return assemble({"10_a": chapter}, {"ledger": ledger}, sample.METADATA, strict=False)


def test_a_ledger_row_that_nothing_uses_states_why():
    counts = [{"id": id, "inputs": {"of": ["c001", "c002"]}} for id in ("total", "sum")]
    assert used_in() == "restates c009"
    assert used_in({"id": "growth", "inputs": {"last": "c001"}}) == "growth"
    assert used_in(*counts) == "restates c009, one of many in total, sum"


def test_formulas_are_mathml_with_their_source_as_alternative(page):
    display = page.find("math", display="block")
    assert display.find("mfrac") is not None
    assert "\\frac{v_1}{v_0}" in display["alttext"]


def test_an_authors_html_and_scripts_do_not_pass():
    page = soup(
        v4.new_markdown_cell(
            'a <img src="https://x.example/a.png" onerror="x()"> b\n\n<script>x()</script>\n\n[c](javascript:x)'
        )
    )
    assert page.main.find_all(["img", "script", "a"]) == []
    assert "<script>x()</script>" in page.main.get_text()


def test_a_link_without_a_target_is_plain_text(caplog):
    page = soup(v4.new_markdown_cell("# A\n\nsee [there](#nowhere) and [here](#A-section)\n\n## A section"))
    assert page.main.find("a", string="there") is None
    assert page.main.find("a", string="here")["href"] == "#a-section"
    assert "'#nowhere' has no target" in caplog.text


def test_many_links_without_a_target_are_one_line_with_their_count(caplog):
    links = " ".join(f"[there](#c{place:03})" for place in range(125))
    soup(v4.new_markdown_cell(f"# A\n\n{links}"))
    assert [record.getMessage() for record in caplog.records] == [
        "links without a target, shown as plain text: 125, to '#c000', '#c001', '#c002', …"
    ]


def test_footnotes_of_two_cells_stay_apart():
    page = soup(*(v4.new_markdown_cell(f"n[^1]\n\n[^1]: {text}") for text in ("one", "two")))
    targets = [page.find(id=a["href"][1:]).get_text() for a in page.find_all("a", role="doc-noteref")]
    assert [text[:3] for text in targets] == ["one", "two"]


def test_the_same_document_gives_the_same_bytes(html):
    assert exported(sample.document()) == html


def test_a_table_with_a_sentence_names_its_columns_on_a_phone(page):
    cards = [table for table in page.find_all("table") if "cards" in table.get("class", [])]
    wordy = [table for table in page.find_all("table") if any(len(cell.text) > 60 for cell in table.find_all("td"))]
    assert cards
    assert {id(table) for table in wordy} <= {id(table) for table in cards}
    assert len({table["class"][1] for table in cards}) == len(cards)
    for table in cards:
        for place, head in enumerate(table.thead.find_all("th"), start=1):
            word = head.get_text(", ", strip=True)
            label = re.search(rf':is\(([^)]*)\) tr>:nth-child\({place}\){{--label:"{word}"}}', page.style.string)
            assert label and f".{table['class'][1]}" in label[1].split(",")


def test_a_row_is_its_own_anchor_and_its_name_links_to_it(page):
    rows = page.find(id="tbl-ledger").tbody.find_all("tr")
    assert len(rows) == 130
    assert [row.th.a["href"] for row in rows] == [f"#{row['id']}" for row in rows]
    results = page.find(id="tbl-derivations").tbody.find_all("tr")
    assert [row["id"] for row in results] == ["f-growth"]
    assert [(row.th.a["id"], row.th.a["href"]) for row in results] == [("F1", "#F1")]  # the number is its other name


def test_an_exhibit_can_be_linked_to_from_its_label(page):
    labels = [one.find("a", class_="own") for one in page.find_all(class_="exhibit")]
    assert len(labels) > 6
    assert [label["href"] for label in labels] == [f"#{one['id']}" for one in page.find_all(class_="exhibit")]


DRAWN = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="453.6pt" '
    'height="100pt" viewBox="0 0 453.6 100"><defs><path id="m" d="M 0 0 L 1.2345 3"/></defs><g id="t">'
    "{inside}</g></svg>"
)


def drawn(inside: str) -> BeautifulSoup:
    output = sample.figure("fig-x")
    output["data"]["image/svg+xml"] = DRAWN.format(inside=inside)
    output["data"].pop("image/png", None)
    return soup(sample.code("f", "f", output)).find(id="fig-x")


def test_a_plain_drawing_is_inline_in_the_theme_colours():
    shown = drawn('<use xlink:href="#m" style="stroke: #0072b2"/><text style="fill: #1d2228">Ä &lt; 5</text>').svg
    assert (shown["role"], shown["aria-label"], shown["viewbox"]) == ("img", sample.ALT, "0 0 453.6 100")
    assert shown.text.strip() == "Ä < 5"
    assert shown.use["href"] == f"#{shown.path['id']}" == "#d0f0a8-0"
    assert f".{shown.use['class'][0]}{{stroke:var(--hue-blue)}}" in shown.find_parents()[-1].style.string
    assert shown.path["d"] == "M0 0L1.23 3"


@pytest.mark.parametrize(
    "inside",
    [
        "<script>x()</script>",
        '<a href="https://x.example"><text>x</text></a>',
        "<foreignObject><p>x</p></foreignObject>",
        '<image href="https://x.example/a.png"/>',
        '<use xlink:href="https://x.example/a.svg#b"/>',
        '<rect onclick="x()"/>',
        "<style>*{display:none}</style>",
        '<rect style="fill: url(https://x.example/a)"/>',
        '<rect clip-path="url(#m)}&lt;/style&gt;"/>',
    ],
)
def test_a_drawing_with_more_than_shapes_and_words_is_refused(inside):
    with pytest.raises(drawing.NotPlain):
        drawing.inline(DRAWN.format(inside=inside).encode(), "x")


def test_a_drawing_that_is_not_plain_stays_a_picture():
    shown = drawn('<rect style="filter: blur(2px)"/>')
    assert shown.svg is None
    assert shown.img["src"].startswith("data:image/svg+xml;base64,")
    assert shown.img["alt"] == sample.ALT


def test_a_figures_numbers_are_saved_as_its_csv_file(page):
    numbers = {
        "columns": [{"key": "y", "label": "Year"}, {"key": "of", "origins": True}],
        "rows": [["=2023", "c001 c2"]],
    }
    chapter = v4.new_notebook(
        cells=[sample.markdown("# A", "a"), sample.code("f", "b", sample.figure("fig-x", **numbers))]
    )
    document = assemble({"10_a": chapter}, {}, sample.METADATA, strict=False)
    link = BeautifulSoup(exported(document), "html.parser").find("a", download=True)
    assert link["download"].endswith(".csv")
    assert unquote(link["href"]) == "data:text/csv;charset=utf-8,y,of\n'=2023,c001 c2\n"
    assert link.text == "Save the numbers behind Figure 1 as CSV"


HOSTILE = (
    "[a]: http://one.example",
    "see [a]",
    "- item",
    "- another",
    "    code",
    "```",
    "<!-- open",
    "[^1]: note",
    "a[^1]",
    "$$x",
    "",
)


@pytest.mark.parametrize("to", ["html", "typst"])
def test_a_line_converts_the_same_whatever_is_beside_it(to):
    for hostile in HOSTILE:
        lines = [Piece(text, inline=True) for text in ("plain *text*", hostile, "as \\$5, [b](#b) and $x^2$")]
        together = convert(lines, Job(to))
        assert [together[line] for line in lines] == [convert([line], Job(to))[line] for line in lines]


def test_no_line_breaks_between_a_sign_and_its_amount():
    page = soup(v4.new_markdown_cell("The gap is −\\$1.67 billion, or −4.5%."))
    assert [kept.get_text() for kept in page.select(".prose .short")] == ["−$"]
    assert "−$1.67 billion, or −4.5%" in page.get_text()


def test_a_percent_sign_in_a_formula_is_shown():
    [formula] = soup(v4.new_markdown_cell("Read $30\\%$ to the percent.")).select(".prose math")
    assert formula["alttext"] == "30\\%"
