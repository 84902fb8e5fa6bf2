import re
from collections import Counter
from io import BytesIO
from itertools import pairwise

import pikepdf
import pypdfium2
import pytest
import sample_document as sample
import shape
from claims.show.exhibits import TABLE
from claims.show.style import LIGHT, PRINT
from nbformat import from_dict, v4

from report.pages import destinations
from report.pages.exporters import TypstPDFExporter
from report.pages.typst import STANDARDS, load_fonts, missing_characters
from report.pages.typst_source import TEMPLATE, house_style


def exported(notebook) -> bytes:
    return TypstPDFExporter().from_notebook_node(from_dict(notebook))[0]


def opened(*cells) -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(exported(v4.new_notebook(cells=list(cells)))))


@pytest.fixture(scope="module")
def pdf() -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(exported(sample.document())))


def elements(pdf) -> list[pikepdf.Dictionary]:
    """Return every element of the tag tree."""
    found, waiting = [], [pdf.Root.StructTreeRoot.K]
    while waiting:
        item = waiting.pop()
        if isinstance(item, pikepdf.Array):
            waiting.extend(reversed(list(item)))
        elif isinstance(item, pikepdf.Dictionary):
            if "/S" in item:
                found.append(item)
            if "/K" in item:
                waiting.append(item.K)
    return found


def tags(pdf, name: str) -> list[pikepdf.Dictionary]:
    return [element for element in elements(pdf) if name == element.S]


def text(pdf) -> str:
    """Return the text of every page, by the fonts' own tables from codes to characters."""
    return "".join(page_text(page) for page in pdf.pages)


def page_text(page) -> str:
    maps = {name: unicode_map(font) for name, font in (page.Resources.get("/Font") or {}).items()}
    words, current = [], {}
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "Tf":
            current = maps[str(operands[0])]
        elif str(operator) in ("Tj", "TJ"):
            strings = operands[0] if str(operator) == "TJ" else operands
            codes = b"".join(bytes(s) for s in strings if isinstance(s, pikepdf.String))
            words += [current.get(codes[i : i + 2], "") for i in range(0, len(codes), 2)]
    return "".join(words)


def unicode_map(font) -> dict[bytes, str]:
    cmap = font.ToUnicode.read_bytes().decode("latin-1")
    pairs = re.findall(r"<([0-9A-Fa-f]{4})>\s*<([0-9A-Fa-f]+)>", cmap)
    return {bytes.fromhex(code): bytes.fromhex(to).decode("utf-16-be") for code, to in pairs}


def outline(node, depth: int = 0):
    while node is not None:
        yield depth, str(node.Title)
        if "/First" in node:
            yield from outline(node.First, depth + 1)
        node = node.get("/Next")


def test_the_pdf_has_tags_language_title_date_and_page_labels(pdf):
    assert STANDARDS == ["a-3a", "ua-1"]
    assert str(pdf.Root.Lang) == "en"
    assert bool(pdf.Root.MarkInfo.Marked)
    assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
    assert str(pdf.docinfo["/Title"]) == "Five texts & one ledger"
    assert str(pdf.docinfo["/CreationDate"]).startswith("D:20250603")
    assert "/PageLabels" in pdf.Root
    with pdf.open_metadata() as metadata:
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"], metadata["pdfuaid:part"]) == ("3", "A", "1")


def test_bookmarks_are_the_numbered_sections_and_the_lists(pdf):
    titles = list(outline(pdf.Root.Outlines.First))
    assert [title for depth, title in titles if depth == 0] == [
        "1 Where does it go?", "Contents", "2 How fast did it grow?", "A Run card", "B Sources", "C The ledger",
        "D Derivations", "E Check it yourself", "Figures and tables", "Index of evidence",
    ]  # fmt: skip
    assert (1, "2.1 How fast?") in titles


def test_page_labels_are_the_printed_numbers(pdf):
    labels = [page.label for page in pdf.pages]
    assert labels == [str(number + 1) for number in range(len(labels))]
    words = [page_text(page) for page in pdf.pages]
    assert all(text.endswith(label) for text, label in zip(words, labels, strict=True))


def test_the_index_of_evidence_lists_each_number_and_each_row(pdf):
    pages = [page_text(page).replace("\u00a0", " ") for page in pdf.pages]
    at = next(place for place, words in enumerate(pages) if words.startswith("Index of evidence"))
    index = "".join(pages[at:])
    [row] = [page.label for page, words in zip(pdf.pages, pages, strict=True) if words.startswith("F1D")]
    assert re.search(rf"Page 1\s*7\.3 %\s*F1\s*{row}\s*32 %\s*c001", index)
    assert f"F1 {row}: 1, 3" in index  # between the chapters are the contents
    assert list(dict.fromkeys(re.findall(r"c\d{3}", index.split("From a row")[1]))) == [
        f"c{number:03}" for number in range(1, 131)
    ]


def test_pages_of_an_appendix_name_their_first_and_last_row(pdf):
    words = [page_text(page) for page in pdf.pages]
    heads = [found for text in words if (found := re.search(r"(c\d{3})–(c\d{3})", text))]
    assert len(heads) >= 3
    assert (heads[0][1], heads[-1][2]) == ("c001", "c130")
    for one, following in pairwise(heads):
        assert int(following[1][1:]) == int(one[2][1:]) + 1


@pytest.fixture(scope="module")
def long() -> pikepdf.Pdf:
    """A report of chapters with ever longer tables, each with a figure and what follows it."""
    lines = {name: 36 + place for place, name in enumerate("abcdefghij")}
    return pikepdf.open(BytesIO(exported(sample.chapters_of_length(lines))))


def rows_of_chapters(pdf) -> dict[str, list[int]]:
    """Return for each chapter how many rows of its table are on each of its pages."""
    found: dict[str, list[int]] = {}
    for page in pdf.pages:
        words = Counter(re.findall(r"row-(\w)-\d+", page_text(page)))
        for chapter, count in words.items():
            found.setdefault(chapter, []).append(count)
    return found


def test_a_table_never_ends_with_one_row_on_a_page(long):
    found = rows_of_chapters(long)
    assert {chapter: sum(pages) for chapter, pages in found.items()} == {c: 36 + n for n, c in enumerate("abcdefghij")}
    assert {len(pages) for pages in found.values()} == {1, 2}, "some tables break, some do not"
    assert min(pages[-1] for pages in found.values() if len(pages) > 1) == 2


def test_continued_is_printed_only_if_rows_follow(long):
    words = [page_text(page) for page in long.pages]
    continued = [text for text in words if "continued" in text]
    assert len(continued) == sum(len(pages) > 1 for pages in rows_of_chapters(long).values()) > 0
    assert all("row-" in text for text in continued)


def heights_of_figures(pdf, page) -> list[float]:
    """Return the heights of the figures on a page, in points from its foot."""
    return [height for sheet, height in places_of_figures(pdf) if sheet == page.label]


def places_of_figures(pdf) -> list[tuple[str, float]]:
    """Return the page of each figure, as links target it, and its height there."""
    node = list(pdf.Root.Names.Dests.Names)
    labels = {page.obj.objgen: page.label for page in pdf.pages}
    pairs = zip(node[::2], node[1::2], strict=True)
    return [(labels[to[0].objgen], float(to[3])) for name, to in pairs if str(name).startswith("fig-")]


def test_links_and_the_list_of_figures_point_to_the_figure():
    late_figure = sample.chapters_of_length({"a": 36, "b": 38}, before=8, after=9)
    document = pikepdf.open(BytesIO(exported(late_figure)))
    words = {page.label: page_text(page) for page in document.pages}
    pages = [label for label, text in words.items() if "USD bn" in text]
    assert len(pages) == 2
    assert [label for label, _ in places_of_figures(document)] == pages
    listed = re.search(r"List of figures(.*?)List of tables", "".join(words.values()))[1]
    assert re.findall(r"Trade [ .]*(\d)", listed) == pages


@pytest.mark.parametrize("before", [0, 7, 8, 9])
def test_a_short_table_is_whole_and_leaves_no_white_above_it(before):
    words = "Words that fill a few lines of the page. " * 12
    rows = sample.table("tbl-a", [[f"row-a-{row}", "1"] for row in range(9)], title="Rows")
    cells = [sample.markdown(f"# Chapter\n\n{words}", "title"), sample.markdown("\n\n".join([words] * before), "some")]
    cells += [sample.code("table()", "table", rows), sample.markdown("\n\n".join([words] * 9), "more")]
    document = sample.assemble({"10_a": sample.v4.new_notebook(cells=cells)}, sample.tables(3), sample.METADATA)
    data = exported(document)
    assert list(rows_of_chapters(pikepdf.open(BytesIO(data))).values()) == [[9]]
    with pypdfium2.PdfDocument(data) as pdf:
        assert [shape.white_share(shape.draw(pdf[0])) < 0.12] == [True]


def test_the_template_takes_colours_and_fonts_from_the_style():
    template = TEMPLATE.read_text(encoding="utf-8")
    assert len(re.findall(r"fill: (?:accent|soft|ink|rule)", template)) > 9
    assert not re.search(r"#[0-9a-fA-F]{3,8}\"|rgb\(|luma\(|cmyk\(|\b(black|gray|blue|red)\b", template)
    assert not any(family in template for families in PRINT.values() for family in families)
    written = house_style()
    assert all(colour in written for colour in LIGHT.values())
    assert all(family in written for families in PRINT.values() for family in families)


def test_the_colophon_states_how_the_report_was_built():
    notebook = sample.document(3)
    notebook["metadata"]["report"]["colophon"] = [("Made with", "a <press> #here")]
    words = text(pikepdf.open(BytesIO(exported(notebook))))
    assert "Colophon" in words
    assert "Made witha<press>#here".replace(" ", "") in words.replace(" ", "")


def test_every_figure_and_formula_has_an_alternative_text(pdf):
    figures = [str(element.Alt) for element in tags(pdf, "/Figure")]
    formulas = [str(element.Alt) for element in tags(pdf, "/Formula")]
    assert figures == [sample.ALT] * 2
    assert formulas == ["v_1 / v_0", "g = \\frac{v_1}{v_0} - 1"] * 2


def test_tables_are_tagged_with_one_head_and_all_ledger_rows(pdf):
    assert len(tags(pdf, "/Table")) == len(tags(pdf, "/THead")) == 6
    columns, rows = 6, 130
    assert len(tags(pdf, "/TD")) > columns * rows
    assert {f"c{i:03}" for i in range(1, rows + 1)} <= set(re.findall(r"c\d{3}", text(pdf)))


def test_the_head_of_the_ledger_is_repeated_on_each_page(pdf):
    pages = [page_text(page) for page in pdf.pages]
    ledger = [words for words in pages if re.search(r"c0\d\dS1,", words.replace(" ", ""))]
    assert len(ledger) >= 3
    assert all("As printed" in words for words in ledger)


def test_every_caption_is_on_the_page_of_its_exhibit(pdf):
    pages = [page_text(page) for page in pdf.pages]
    for number in ("1", "2"):
        [page] = [
            words
            for words in pages
            if f"Figure {number}Trade" in words.replace("  ", " ").replace(f"{number} T", f"{number}T")
        ]
        assert "USD bn" in page


def test_internal_links_have_targets_and_web_links_are_complete(pdf):
    inside = outside = 0
    names = set(names_of(pdf.Root.Names.Dests))
    pages = {page.objgen for page in pdf.pages}
    for page in pdf.pages:
        for note in page.get("/Annots", ()):
            action = note.get("/A")
            if action is not None and action.S == "/URI":
                outside += 1
                continue
            target = note.Dest if action is None else action.D
            if isinstance(target, pikepdf.Array):
                assert target[0].objgen in pages
            else:
                assert str(target) in names
            inside += 1
    assert inside > 250
    assert outside == 0


def test_every_name_is_a_destination_and_links_are_described(pdf):
    names = list(names_of(pdf.Root.Names.Dests))
    assert names == sorted(names)
    assert {"c001", "c130"} <= set(names)
    notes = [note for page in pdf.pages for note in page.get("/Annots", ())]
    descriptions = {
        str(note.Dest): str(note.Contents) for note in notes if isinstance(note.get("/Dest"), pikepdf.String)
    }
    assert {words.split()[0] for words in descriptions.values()} == {"Figure", "Table", "Section", "page"}
    assert all(re.fullmatch(r"(Figure|Table|Section) [A-Z]?[\d.]*|page \d+", words) for words in descriptions.values())


def test_a_link_to_a_name_without_a_place_is_refused():
    with pikepdf.new() as empty:
        empty.add_blank_page()
        action = pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String("#nowhere"))
        note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, A=action)
        empty.pages[0].Annots = pikepdf.Array([note])
        file = BytesIO()
        empty.save(file)
    with pytest.raises(KeyError, match="nowhere"):
        destinations.resolve_links(file.getvalue(), {})


def names_of(node):
    yield from (str(name) for name in list(node.get("/Names", ()))[::2])
    for kid in node.get("/Kids", ()):
        yield from names_of(kid)


def test_every_font_is_embedded_and_pictures_keep_their_text(pdf):
    fonts_used = [font for page in pdf.pages for font in (page.Resources.get("/Font") or {}).values()]
    assert fonts_used
    for font in fonts_used:
        descriptor = font.DescendantFonts[0].FontDescriptor
        assert any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))
    assert any("DejaVuSans" in str(font.BaseFont) for font in fonts_used)
    assert "USD bn" in text(pdf)


def test_an_address_in_a_cell_is_a_link_that_fits_its_column():
    address = "https://example.org/2024/" + "_".join(["trade"] * 30)
    columns = [{"key": key, "label": key, "width": 1} for key in ("id", "page", "more")]
    rows = [["o001", {"text": address, "href": address}, "more"]]
    document = opened(sample.code("t", "t", v4.new_output("display_data", {TABLE: {"columns": columns, "rows": rows}})))
    notes = [note for page in document.pages for note in page.get("/Annots", ()) if "/A" in note]
    assert {str(note.A.URI) for note in notes} == {str(note.Contents) for note in notes} == {address}
    width = float(document.pages[0].MediaBox[2])
    left, right = (85 + (width - 170) * thirds / 3 for thirds in (1, 2))  # margins of 30 mm
    assert all(left < note.Rect[0] and note.Rect[2] < right for note in notes)


def test_the_ledger_is_attached_byte_for_byte(pdf):
    attached = {name: spec.get_file().read_bytes() for name, spec in pdf.attachments.items()}
    assert attached == {"claims.csv": b"id\nc001\n"}
    assert str(pdf.attachments["claims.csv"].obj.AFRelationship) == "/Data"


def test_data_is_set_verbatim_and_unset_letters_as_code_points(pdf):
    words = text(pdf).replace("\u200b", "")
    for hostile in sample.HOSTILE:
        shown = re.sub("[中国]", lambda c: f"[U+{ord(c[0]):04X}]", hostile).replace(" ", "").replace('"', "")
        assert shown in words.replace(" ", "").replace('"', ""), hostile
    assert float(pdf.pages[2].MediaBox[2]) > 500


def test_marks_phrases_and_linked_heads_are_set_as_words():
    columns = [{"key": "a", "label": {"text": "S1", "href": "#c001"}}, {"key": "b", "label": "B"}]
    rows = [[{"text": "Trade", "id": "c001"}, {"runs": ["5% of #it in ", {"text": "1992", "kind": "date"}, "."]}]]
    shown = v4.new_output("display_data", {TABLE: {"id": "tbl-x", "columns": columns, "rows": rows, "title": "T"}})
    prose = v4.new_markdown_cell("# A\n\nIn <time>1992–2023</time>, [<data>#5</data>](#c001) and <q>x</q>.")
    document = opened(prose, sample.code("t", "t", shown))
    words = text(document)
    for sentence in ("In 1992–2023, #5 and <q>x</q>.", "5% of #it in 1992."):
        assert sentence.replace(" ", "") in words.replace(" ", "")
    assert len(document.pages[0].Annots) == 2


def test_the_ledger_lists_the_same_uses_of_each_row_as_the_page(pdf):
    rows = text(pdf).replace("\u00a0", " ").replace(" ", "")
    assert "F1,1,Figure1,2,Figure2" in rows


def test_no_code_and_no_parameters_are_printed(pdf):
    words = text(pdf)
    assert "import claims" not in words
    assert "digits = 2" not in words


def test_characters_without_a_letter_form_are_detected():
    with load_fonts() as loaded:
        assert missing_characters("aңқ₸¥€→≥中文\ue000", loaded) == {"中", "文", "\ue000"}


@pytest.mark.parametrize("hostile", sample.HOSTILE)
def test_hostile_texts_do_not_stop_typst(hostile):
    stream = v4.new_output("stream", name="stdout", text=hostile)
    document = opened(
        v4.new_markdown_cell(f"# {hostile}\n\n{hostile}\n\n- `{hostile}`"), sample.code(hostile, "a", stream)
    )
    assert len(document.pages) == 1


def test_a_link_without_a_target_is_plain_text(caplog):
    document = opened(v4.new_markdown_cell("# A\n\n[there](#nowhere)"))
    assert "/Annots" not in document.pages[0]
    assert "there" in text(document)
    assert "'#nowhere' has no target" in caplog.text


def test_the_same_document_gives_the_same_bytes():
    assert exported(sample.document(20)) == exported(sample.document(20))


def test_a_long_table_whose_head_has_links_is_set():
    columns = [{"key": "a", "label": "A"}, {"key": "b", "label": {"text": "B", "href": "#c001"}}]
    rows = [[{"text": "c001", "id": "c001"}, "x"], *([[f"row {number}", "y"] for number in range(90)])]
    cell = sample.code("t", "t", v4.new_output("display_data", {TABLE: {"columns": columns, "rows": rows}}))
    assert len(opened(cell).pages) > 1


def report_of_sections(count: int, words: str) -> list[str]:
    """Return the text of each page of a report of two chapters with so many sections each."""
    sections = "\n\n".join(f"## {words} {number}\n\nWords." for number in range(count))
    chapters = {
        name: sample.v4.new_notebook(cells=[sample.markdown(f"# {name}\n\n{sections}", "all")]) for name in "ab"
    }
    document = sample.assemble(chapters, sample.tables(3), sample.METADATA)
    return [page_text(page).replace(" ", "") for page in pikepdf.open(BytesIO(exported(document))).pages]


@pytest.mark.parametrize(
    ("count", "words", "listed"),
    [(8, "Short", True), (32, "Short", True), (24, "A title as long as a line and a half", True), (90, "Short", False)],
)
def test_the_contents_are_on_one_page_after_the_first_chapter(count, words, listed):
    pages = report_of_sections(count, words)
    [at] = [place for place, text in enumerate(pages) if "Contents" in text]
    assert pages[0].startswith("Fivetexts&oneledger")
    assert "Figuresandtables" in pages[at]
    assert (f"{words}{count - 1}".replace(" ", "") in pages[at]) == listed
    assert "2b" in pages[at + 1][:60]


def test_lists_of_figures_and_tables_come_after_the_appendices(pdf):
    words = [page_text(page) for page in pdf.pages]
    lists = next(place for place, text in enumerate(words) if text.startswith("Figures and tables"))
    assert "Check it yourself" in words[lists - 1]
    assert words[lists + 1].startswith("Index of evidence")
