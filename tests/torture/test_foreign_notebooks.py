"""What a review of two thousand notebooks found lost comes out right, or a note names it; no cell loses others.

One notebook has all of it, so that each fault is also shown not to disturb the others.
"""

from __future__ import annotations

import logging
import re
import subprocess
import sys
from functools import cache
from itertools import pairwise

import pypdfium2
import pytest
from bs4 import BeautifulSoup
from nbformat import NotebookNode, v4

from report.foreign.formulas import mark_formulas
from report.foreign.fragments import read_html
from report.foreign.registered import NotebookHTMLExporter, NotebookPDFExporter
from report.pages import markdown
from report.pages.exporters import ReportHTMLExporter, TypstPDFExporter
from report.pages.markdown import Job, Piece, convert
from report.stops import NotebookFailed

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
DRAWING = "<svg xmlns='http://www.w3.org/2000/svg' width='90' height='20'><text y='12'>drawn 中</text></svg>"
DEEP = "- " * 60 + "deep words"  # lists within one another: more than Typst sets

# Outputs as these libraries write them.
DATA_FRAME_OF_JULIA = (
    '<table class="data-frame"><thead><tr><th></th><th>Time</th></tr><tr><th></th><th>Float64</th></tr></thead>'
    "<tbody><p>2 rows × 1 columns</p><tr><th>1</th><td>3.091</td></tr><tr><th>2</th><td>3.096</td></tr></tbody></table>"
)
TABLE_OF_ASTROPY = (
    '&lt;Table length=1&gt;\n<table id="table1"><thead><tr><th>name</th><th>flux</th></tr></thead>\n'
    "<thead><tr><th>str3</th><th>Jy</th></tr></thead>\n<tr><td>M31</td><td>1.5</td></tr>\n</table>"
)
FRAME_OF_R = {
    "text/html": "<table>\n<thead><tr><th></th><th scope=col>mpg</th></tr></thead>\n"
    "<tbody><tr><th scope=row>Mazda RX4</th><td>21</td></tr></tbody></table>",
    "text/markdown": "\nmpg | cyl | \n|---|\n| Mazda RX4 | 21 | \n\n\n",
    "text/latex": "\\begin{tabular}{r|l}\n & mpg\\\\\n\\hline\nMazda RX4 & 21\\\\\n\\end{tabular}\n",
}
ESTIMATOR = (
    "<style>#sk-1 div.sk-container {display: inline-block !important;}#sk-1 div.sk-text-repr-fallback {display: none;}"
    '</style><div id="sk-1"><div class="sk-text-repr-fallback"><pre>LinearRegression(tol=1)</pre><b>In a Jupyter '
    'environment, please rerun this cell</b></div><div class="sk-container" hidden><input type="checkbox">'
    "<label>LinearRegression</label><pre>heap of words</pre></div></div>"
)
DATA_SET = (
    "<div><style>.xr-wrap {display: block !important;} .xr-text-repr-fallback {/* plain */ display: none;}</style>"
    "<pre class='xr-text-repr-fallback'>&lt;xarray.Dataset&gt;\nDimensions: (x: 3)</pre>"
    "<div class='xr-wrap' style='display:none'><ul><li>heap of words</li></ul></div></div>"
)
CHART = "<div id='a'></div><script>window.PlotlyConfig = {}</script><script>Plotly.newPlot('a', [])</script>"
BAR = (
    "<style>#T_row0 {background: linear-gradient(90deg, #d65f5f 50%, transparent 50%)}</style>"
    "<table><tr><th>v</th></tr><tr><td id='T_row0'>7</td></tr></table>"
)


def written(text: str) -> NotebookNode:
    return v4.new_markdown_cell(text)


def shown(data: dict) -> NotebookNode:
    return v4.new_code_cell("1", outputs=[v4.new_output("display_data", data)])


CELLS = [
    written("## My study\n\nIt begins."),
    written("Growth $5\\%$ of it."),
    written("| a | b |\n|---|---|\n| x<br> | y |\n\n### Broken<br>\n\nAfter the break."),
    written("The entity &#x4E2D;."),
    shown({"image/svg+xml": DRAWING}),
    v4.new_code_cell("s = '\ufeff'", outputs=[v4.new_output("stream", text="order\ufeffmark")]),
    written("### Row\n\nWords of the row."),
    shown({"image/png": PIXEL, "text/plain": "y" * 40_000}),
    shown({"text/html": "<figure></figure><figure><figcaption>What is drawn</figcaption></figure>"}),
    written("So $ x_1 $ and $ y $, for $5 and then $6."),
    written("$$\np\n=\nq\n- r\n+ s % of it\n$$"),
    written("$\\newcommand{\\R}{\\mathbb{R}} \\def\\E#1{\\mathbb{E}[#1]}$"),
    written("$\\E{z} \\in \\R$"),
    written("$$c = d \\tag{7}$$\n\n$$e = f \\label{g}$$\n\n$\\begin{matrix} 1 & 2 \\cr 3 & 4 \\end{matrix}$"),
    written("$A \\otimes B$, $A \\cap B$, $\\begin{vmatrix} a & b \\\\ c & d \\end{vmatrix}$"),
    shown({"text/html": DATA_FRAME_OF_JULIA}),
    shown({"text/html": TABLE_OF_ASTROPY}),
    shown(FRAME_OF_R),
    shown({"text/html": ESTIMATOR}),
    shown({"text/html": DATA_SET}),
    shown({"text/html": "<p>seen</p><div style='display: none'>unseen</div>"}),
    shown({"text/html": CHART}),
    shown({"text/html": BAR}),
    written("中文 日本語 한국어 বাংলা ไทย 👍 हिन्दी"),
    written("See [the other](other.ipynb)."),
    written(f"{DEEP}\n"),
    written("The end."),
]
MACHINE = next(index for index, cell in enumerate(CELLS, 1) if cell.source.startswith("- -"))


@cache
def exported() -> tuple[str, str, str]:
    """Return the page of the notebook, the text of its PDF and what was logged."""
    notebook = v4.new_notebook(cells=CELLS)
    logged: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: logged.append(record.getMessage())  # type: ignore[method-assign]
    html, pdf = NotebookHTMLExporter(), NotebookPDFExporter()
    for exporter in (html, pdf):
        exporter.log.addHandler(handler)
    about = {"metadata": {"name": "the_file"}}
    page, sheets = html.from_notebook_node(notebook, dict(about))[0], pdf.from_notebook_node(notebook, dict(about))[0]
    for exporter in (html, pdf):
        exporter.log.removeHandler(handler)
    with pypdfium2.PdfDocument(sheets) as opened:
        text = "\n".join(sheet.get_textpage().get_text_range() for sheet in opened)
    return page, re.sub(r"\s+", " ", text), "\n".join(logged)


@pytest.fixture
def page() -> BeautifulSoup:
    return BeautifulSoup(exported()[0], "html.parser")


@pytest.fixture
def pdf() -> str:
    return exported()[1]


def formulas(page: BeautifulSoup) -> list[str]:
    return [tag["alttext"] for tag in page.find_all("math")]


# -- what stopped an export -------------------------------------------------------------------------------------------


def test_a_percent_sign_stays_in_its_formula(page, pdf):
    assert "5\\%" in formulas(page)
    assert "Growth 5% of it." in pdf


def test_a_line_break_may_end_a_cell_or_a_heading(page, pdf):
    assert page.find("h2", id="broken")
    assert "After the break." in pdf


def test_a_letter_without_a_shape_is_a_code_point_or_a_square(page, pdf):
    assert "The entity 中." in page.get_text()
    assert "The entity [U+4E2D]." in pdf
    assert "drawn □" in pdf


def test_a_byte_order_mark_is_left_out_of_the_pdf(pdf):
    assert "ordermark" in pdf


def test_a_heading_may_be_called_row(page, pdf):
    assert page.find("h2", id="row-2")
    assert "Words of the row." in pdf


def test_a_description_of_any_length_is_kept_by_the_page(page):
    assert max(len(image["alt"]) for image in page.find_all("img")) == 40_000


def test_a_figure_may_be_empty_and_keeps_its_caption(page, pdf):
    assert "What is drawn" in page.main.get_text()
    assert "What is drawn" in pdf


# -- what was lost ----------------------------------------------------------------------------------------------------


def test_spaces_within_dollar_signs_make_no_text_of_a_formula(page, pdf):
    assert {"x_1", "y"} <= set(formulas(page))
    assert "for $5 and then $6." in page.get_text() and "for $5 and then $6." in pdf


def test_lines_of_a_formula_are_no_headings_and_no_lists(page, pdf):
    assert "p = q - r + s" in formulas(page)
    assert "𝑝 = 𝑞 − 𝑟 + 𝑠" in pdf


@pytest.mark.parametrize(("text", "marked"), [
    ("`$ x $` and\n\n```\n$ y $\n```", "`$ x $` and\n\n```\n$ y $\n```"),
    ("\\$ 1 $ a $", "\\$ 1 $a$"), ("$ 5, $ 6", "$ 5, $ 6"), ("$ a $2", "$a$<!-- -->2"),
    ("> $$\n> a\n> = b\n> $$", "> $$a = b$$"), ("it costs $ 5 and that $ 6", "it costs $ 5 and that $ 6"),
    ("\\begin{align}\na\n- b\n\\end{align}", "$$\\begin{align} a - b \\end{align}$$"), ("a $$ b", "a $$ b"),
    ("$$ $$", "$$ $$"),
])  # fmt: skip
def test_what_jupyter_takes_for_a_formula_is_marked_as_one(text, marked):
    assert mark_formulas(text) == marked


def test_a_command_is_known_in_all_cells_below_its_definition(page, pdf):
    assert "\\E{z} \\in \\R" in formulas(page)
    assert "𝔼[𝑧] ∈ ℝ" in pdf and "newcommand" not in pdf


def test_what_numbers_a_formula_is_not_its_source(page, pdf):
    assert {"c = d \\tag{7}", "e = f \\label{g}"} <= set(formulas(page))
    assert [tag.get_text() for tag in page.find_all("span", class_="tag")] == ["(7)"]
    assert "(7)" in pdf and "\\label" not in pdf and "\\cr" not in pdf


def test_symbols_that_typst_has_renamed_are_set(pdf):
    assert "𝐴 ⊗ 𝐵" in pdf and "𝐴 ∩ 𝐵" in pdf
    assert "vmatrix" not in pdf


@pytest.mark.parametrize(("head", "first"), [
    ([["", "Time"], ["", "Float64"]], ["1", "3.091"]), ([["name", "flux"], ["str3", "Jy"]], ["M31", "1.5"]),
    ([["", "mpg"]], ["Mazda RX4", "21"]),
], ids=["DataFrames.jl", "astropy", "IRkernel"])  # fmt: skip
def test_tables_of_other_libraries_are_tables(page, pdf, head, first):
    def cells(row) -> list[str]:
        return [cell.get_text(strip=True) for cell in row.find_all(["th", "td"])]

    found = [table for table in page.find_all("table") if [*map(cells, table.thead.find_all("tr"))] == head]
    assert len(found) == 1
    assert cells(found[0].tbody.tr) == first
    assert " ".join(first) in pdf


def test_what_is_hidden_is_left_out_for_the_text_that_stands_for_it(page, pdf):
    for text in (page.main.get_text(), pdf):
        assert "LinearRegression(tol=1)" in text and "<xarray.Dataset>" in text
        assert not re.search("heap of words|please rerun|unseen", text)
    assert page.find(class_="note", string=re.compile("^What this HTML hides"))


def test_a_chart_that_a_script_would_draw_is_named(page, pdf):
    note = "2 scripts of this HTML are not run; a chart that they would draw (Plotly) is missing."
    assert page.find(class_="note", string=note)
    assert note in pdf
    [folium] = read_html("<iframe srcdoc='&lt;script src=leaflet.js&gt;'></iframe>").notes
    assert folium.endswith("a map that its script would draw (Leaflet) is missing.")


def test_bars_in_cells_are_named(page):
    assert page.find(class_="note", string=re.compile("^The bars in this table"))


def test_letters_that_no_font_has_are_shown_by_the_page(page, pdf):
    assert "中文 日本語 한국어 বাংলা ไทย 👍 हिन्दी" in page.get_text()
    assert "characters have no letter form" in pdf and pdf.count("The page made with --to report-html shows them.") == 2
    assert "Devanagari letters are not joined" in pdf


def test_the_address_of_a_link_to_a_file_is_shown(page, pdf):
    assert "See the other (other.ipynb)." in page.get_text() and "See the other (other.ipynb)." in pdf


def test_the_heading_above_all_is_the_title(page, pdf):
    assert page.h1.get_text() == page.title.get_text() == "My study"
    assert "the_file" not in pdf


# -- no document is lost to one cell ----------------------------------------------------------------------------------


def test_a_part_that_typst_refuses_becomes_its_words(pdf):
    assert "This part of the notebook cannot be set in a PDF; here are its words." in pdf
    assert "deep words" in pdf and pdf.index("deep words") < pdf.index("The end.")
    assert f"Typst could not set a part of cell {MACHINE} " in exported()[2]


def test_a_fault_without_a_place_is_found_among_the_blocks(caplog):
    drawing = {"image/svg+xml": DRAWING.replace("中", "\u3164")}  # a letter whose code point the PDF would not have
    texts = ("# T", "## Above\n\nfirst", "second", "third", "### Below\n\nThe end.")  # half of it begins at level 2
    notebook = v4.new_notebook(cells=[*map(written, texts), shown(drawing)])
    with pypdfium2.PdfDocument(NotebookPDFExporter().from_notebook_node(notebook)[0]) as opened:
        text = "".join(sheet.get_textpage().get_text_range() for sheet in opened)
    assert all(words in text for words in ("Above", "first", "Below", "The end."))
    assert [record.getMessage()[:36] for record in caplog.records] == ["Typst could not set a part of cell 6"]


def test_the_command_line_names_the_cell_and_ends_well(tmp_path):
    path = tmp_path / "deep.ipynb"
    path.write_text(v4.writes(v4.new_notebook(cells=[written(DEEP)])), encoding="utf-8")
    command = [sys.executable, "-m", "nbconvert", "--to", "typst-pdf", path]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Typst could not set a part of cell 1 " in done.stderr and "Traceback" not in done.stderr
    assert (tmp_path / "deep.pdf").exists()


def test_a_text_that_pandoc_cannot_convert_becomes_its_source(monkeypatch, caplog):
    real = markdown._pandoc_lua

    def failing(request: str, seconds: float | None = None) -> str:
        if "planted" in request:
            raise RuntimeError("pandoc could not convert the texts: planted")
        return real(request, seconds)

    monkeypatch.setattr(markdown, "_pandoc_lua", failing)
    cells = [written(f"Words of *{index}*.") for index in range(5)]
    cells[3] = written("a *planted* fault")
    notebook = v4.new_notebook(cells=cells)
    text = BeautifulSoup(NotebookHTMLExporter().from_notebook_node(notebook)[0], "html.parser").main.get_text()
    assert [f"Words of {index}." in text for index in range(5)] == [True, True, True, False, True]
    assert "here is its source" in text and "a *planted* fault" in text
    assert "cell 4 (" in caplog.text
    with pytest.raises(RuntimeError):
        convert([Piece("planted")], Job("html"))
    with pytest.raises(RuntimeError):
        ReportHTMLExporter().from_notebook_node(notebook)


def test_a_word_of_a_hundred_thousand_letters_is_set(caplog):
    printed = v4.new_output("stream", text="x" * 100_000)
    cells = [v4.new_code_cell("x" * 100_000, outputs=[printed]), written("`" * 100_000), written("The end.")]
    with pypdfium2.PdfDocument(NotebookPDFExporter().from_notebook_node(v4.new_notebook(cells=cells))[0]) as opened:
        text = "".join(sheet.get_textpage().get_text_range() for sheet in opened)
    assert text.count("x") == 200_000 and "The end." in text
    assert "could not" not in caplog.text


def test_lists_that_do_not_end_take_no_time():
    done = convert([Piece("<ul><li>" * 60 + "words"), Piece("<ol><li><p>" * 40 + "</li>" * 20 + "words")], Job("html"))
    assert [converted.markup.count("words") for converted in done.values()] == [1, 1]


@pytest.mark.parametrize("group", ["{", "\\begin{center}", "\\textbf{"])
def test_groups_of_latex_that_do_not_end_take_no_time(group):
    [done] = convert([Piece(f"\\sqrt{{}} {group * 200} words", "latex")], Job("html")).values()
    assert [part["kind"] for part in done.parts] == ["note", "code"] and "words" in done.parts[1]["text"]


@pytest.mark.parametrize("notes", ["[^1]: [^1]", "[^1]: b [^2]\n[^2]: c [^A]\n\n[^a]: d [^1]", "> [^1]: b [^1]"])
def test_notes_that_lead_back_to_themselves_take_no_time(notes):
    [done] = convert([Piece(f"before[^1]\n\n{notes}\n\nafter")], Job("html")).values()
    assert "before" in done.markup and "after" in done.markup and "[^" in done.markup


@pytest.mark.torture
def test_a_definition_without_end_does_not_fill_the_memory(caplog):
    names = "abcdefghijklmnopqrstuvwxyz"
    bomb = "".join(f"\\newcommand{{\\{a}}}{{\\{b}\\{b}}}" for a, b in pairwise(names))
    notebook = v4.new_notebook(cells=[written("Before."), written(f"${bomb}$ $\\a$"), written("After.")])
    text = BeautifulSoup(NotebookHTMLExporter().from_notebook_node(notebook)[0], "html.parser").main.get_text()
    assert "Before." in text and "After." in text


def test_a_cell_of_another_kind_than_expected_is_its_source(caplog):
    notebook = v4.new_notebook(cells=[v4.new_code_cell("x = 1"), written("The end.")])
    notebook.cells[0].outputs = [7]
    notebook.metadata["report"] = notebook.cells[1].metadata["report"] = "somebody else's"
    for exporter in (NotebookHTMLExporter(), NotebookPDFExporter()):
        assert exporter.from_draft(read_draft(notebook, exporter))
    assert caplog.text.count("cell 1 (") == 2


def read_draft(notebook: NotebookNode, exporter):
    from report.pages.reading import read

    return read(notebook, {}, exporter.reader)


def test_our_own_report_is_never_published_with_such_a_part():
    with pytest.raises(NotebookFailed):
        TypstPDFExporter().from_notebook_node(v4.new_notebook(cells=[written(DEEP)]))
