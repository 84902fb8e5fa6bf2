"""Notebooks that are not ours come out whole: each is exported to HTML and PDF, and every word of it is looked for."""

import base64
import json
import re
import subprocess
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from html import unescape
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import nbformat
import pikepdf
import pypdfium2
import pytest
from bs4 import BeautifulSoup
from claims.content.phrases import Phrase
from claims.content.tables import Column
from claims.show import style
from legible import contrast
from nbformat import v4

from report.foreign import fragments, panels, refused, terminal
from report.foreign.registered import NotebookHTMLExporter, NotebookPDFExporter
from report.pages.document import GridCell, TableGrid

ROOT = Path(__file__).resolve().parents[3]
FOREIGN = ROOT / "tests" / "foreign"
NAMES = sorted(path.stem for path in FOREIGN.glob("*.ipynb"))
WITHOUT_WORDS = {"empty"}
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff\ufffe]")


# ---- the words to look for ----


@dataclass(frozen=True)
class Left:
    """What a notebook has and its pages do not: the notes that replace it, and words with the reason."""

    notes: tuple[str, ...] = ()
    words: frozenset[str] = frozenset()


LEFT = json.loads((FOREIGN / "left_out.json").read_text(encoding="utf-8"))


def left_out(name: str) -> Left:
    entry = LEFT.get(name, {})
    return Left(tuple(entry.get("notes", ())), frozenset(entry.get("words", ())))


def words(text: str) -> list[str]:
    return re.findall(r"\w+", unicodedata.normalize("NFKC", INVISIBLE.sub("", text)))


def cell_texts(notebook) -> Iterator[str]:
    """Yield the text of every cell and of every output, as its author would expect to read it."""
    for cell in notebook.cells:
        tags = set(cell.metadata.get("tags") or ())
        if "remove-cell" in tags:
            continue
        if "remove-input" not in tags:
            kind = cell.metadata.get("format", "")
            in_markdown = cell.cell_type == "markdown" or kind == "text/markdown"
            in_html = kind == "text/html"
            yield without_markup(cell.source) if in_markdown else seen(cell.source) if in_html else cell.source
        if "remove-output" not in tags:
            yield from (output_text(output) for output in cell.get("outputs", ()))


def without_markup(markdown: str) -> str:
    """Return Markdown without what is no text: where links lead, comments, the tags of HTML and what they hold."""
    text = re.sub(r"(?s)<!--.*?-->", " ", markdown)
    text = re.sub(r"\]\((?:<[^>]*>|(?:[^()]|\([^()]*\))*)\)|(?m:^ {0,3}\[[^\]^]+\]:.*$)", "] ", text)
    text = re.sub(r"\]\[\w*\]", "] ", text)
    text = re.sub(r"\[\^\w+\]|!\[|\\(?:begin|end)\{[\w*]+\}", " ", text)
    text = re.sub(r"(?m)^ *(?:`{3,}|~{3,})\w*$", " ", text)
    return unescape(re.sub(r"</?[a-zA-Z][^<>]*>", " ", text))


def seen(html: str) -> str:
    soup = BeautifulSoup(html, "html.parser")
    for tag in soup.find_all(["script", "style"]):
        tag.decompose()
    return soup.get_text(" ")


def plain_text(printed: str) -> str:
    """Return what a terminal displays in the end, without its colours."""
    return "".join(run for run, _ in terminal.styled_text(printed))


def output_text(output) -> str:
    kind = output.get("output_type")
    if kind == "stream":
        return plain_text("".join(output.get("text", "")))
    if kind == "error":
        return plain_text("\n".join(output.traceback) or f"{output.ename}: {output.evalue}")
    data = output.get("data", {})
    if any(mime.startswith("image/") for mime in data) and not str(data.get("text/latex", "")).startswith("$"):
        return ""  # the picture stands for its text
    for mime, read in (("text/markdown", without_markup), ("text/html", seen)):
        if mime in data and not str(data.get("text/latex", "")).startswith("$"):
            return read(str(data[mime]))
    for mime in ("text/latex", "application/json", "application/javascript", "text/csv", "text/plain"):
        if mime in data:
            return data[mime] if isinstance(data[mime], str) else json.dumps(data[mime], ensure_ascii=False)
    return ""


@dataclass(frozen=True)
class Found:
    """How many words were looked for, and which of them are not there."""

    looked_for: int
    missing: tuple[str, ...]


def search_words(texts: Iterator[str], page: str) -> Found:
    """Look for every word as often as it occurs: unbroken, or across the end of a line, or as its code points."""
    wanted = Counter(word for text in texts for word in words(text))
    there = Counter(words(page))
    squeezed = re.sub(r"[\s\W_]+", "", " ".join(words(page)))

    def count(word: str) -> int:
        plain = word.replace("_", "")
        spelt = "".join(f"U{ord(c):04X}" if ord(c) > 126 else c for c in plain)
        forms = {plain, plain[::-1], spelt} if not plain.isascii() else {plain}
        long = sum(squeezed.count(form) for form in forms if len(form) > 2 or not form.isascii())
        return max(there[word], long)

    return Found(wanted.total(), tuple(word for word, times in wanted.items() if count(word) < times))


# ---- the exported pages ----


@cache
def notebook(name: str):
    return nbformat.read(FOREIGN / f"{name}.ipynb", as_version=4)


@cache
def html(name: str) -> str:
    return NotebookHTMLExporter().from_filename(str(FOREIGN / f"{name}.ipynb"))[0]


@cache
def pdf(name: str) -> bytes:
    return NotebookPDFExporter().from_filename(str(FOREIGN / f"{name}.ipynb"))[0]


@cache
def soup(name: str) -> BeautifulSoup:
    return BeautifulSoup(html(name), "html.parser")


def of_cells(*cells) -> tuple[BeautifulSoup, bytes]:
    notebook = v4.new_notebook(cells=list(cells))
    page = NotebookHTMLExporter().from_notebook_node(notebook)[0]
    return BeautifulSoup(page, "html.parser"), NotebookPDFExporter().from_notebook_node(notebook)[0]


def html_text(page: BeautifulSoup) -> str:
    """Return what a page says: its text, and what it says of pictures and formulas."""
    alts = [tag.get("alt") or tag.get("alttext") or "" for tag in page.find_all(["img", "math"])]
    return "\n".join([page.h1.get_text(" "), page.main.get_text(" "), *alts])


def pdf_text(pdf_bytes: bytes) -> str:
    opened = pypdfium2.PdfDocument(pdf_bytes)
    pages = [page.get_textpage().get_text_range() for page in opened]
    return "\n".join([*pages, *(alt for _, alt in tagged(pdf_bytes))])


def tagged(pdf_bytes: bytes) -> list[tuple[str, str]]:
    """Return every element of the tag tree, in order: its kind and its alternative text."""
    opened = pikepdf.open(BytesIO(pdf_bytes))
    elements, waiting = [], [opened.Root.StructTreeRoot.K]
    while waiting:
        item = waiting.pop()
        if isinstance(item, pikepdf.Array):
            waiting.extend(reversed(list(item)))
        elif isinstance(item, pikepdf.Dictionary):
            elements += [(str(item.S), str(item.get("/Alt", "")))] if "/S" in item else []
            waiting += [item.K] if "/K" in item else []
    return elements


@cache
def looked_for_in(name: str) -> tuple[Found, Found]:
    """Return what became of a notebook's words in its HTML and in its PDF."""
    texts = list(cell_texts(notebook(name)))
    return search_words(texts, html_text(soup(name))), search_words(texts, pdf_text(pdf(name)))


# ---- the claims ----


def test_each_notebook_states_what_it_is_for():
    assert len(NAMES) >= 16
    for name in set(NAMES) - WITHOUT_WORDS:
        assert re.fullmatch(r"This notebook (holds|is) .+\.", notebook(name).cells[0].source), name
    assert set(LEFT) <= set(NAMES)


def test_the_notebooks_contain_no_time_address_or_local_path():
    texts = [path.read_text(encoding="utf-8") for path in sorted(FOREIGN.glob("*.ipynb"))]
    assert len(texts) == len(NAMES)
    for text in texts:
        assert not re.search(
            r"/(?:home|Users|tmp|work)/|ipykernel_\d| at 0x[0-9a-f]{6}|iopub\.|\d\d:\d\d:\d\d\.\d", text
        )


@pytest.mark.parametrize("name", NAMES)
def test_every_word_is_on_the_page_or_replaced_by_a_note(name):
    for looked in looked_for_in(name):
        assert looked.looked_for > 10 or name in WITHOUT_WORDS
        assert set(looked.missing) <= left_out(name).words


@pytest.mark.parametrize("name", NAMES)
def test_no_word_is_excused_that_both_formats_have(name):
    assert left_out(name).words == {word for looked in looked_for_in(name) for word in looked.missing}


def test_a_lost_word_is_noticed_and_repeated_words_are_counted():
    page = html_text(soup("markdown"))
    texts = list(cell_texts(notebook("markdown")))
    assert set(search_words(texts, page.replace("Folded", "")).missing) - set(search_words(texts, page).missing) == {
        "Folded"
    }
    assert "wheat" in search_words(["wheat wheat"], "wheat").missing
    assert search_words(["unbroken 中"], "unbro-\nken [U+4E2D]") == Found(2, ())
    assert search_words([], page).looked_for == 0


@pytest.mark.parametrize("name", NAMES)
def test_what_is_not_shown_is_named_in_a_note_on_both_pages(name):
    notes = [note.get_text() for note in soup(name).main.find_all(class_=["note", "unheld"])]
    assert tuple(notes) == left_out(name).notes
    squeezed = "".join(words(pdf_text(pdf(name))))
    for note in notes:
        assert "".join(words(note)) in squeezed, note


@pytest.mark.parametrize("name", NAMES)
def test_the_page_fetches_and_runs_nothing_and_is_well_formed(name):
    page = soup(name)
    active = ["script", "iframe", "object", "embed", "video", "audio", "form", "input", "link", "svg"]
    assert page.main.find_all(active) == []
    assert len(page.find_all(active)) == 1  # the page's own script, which its policy names
    assert [tag for tag in page.find_all(src=True) if not tag["src"].startswith("data:image/")] == []
    assert not re.search(
        r"url\(|@import", " ".join([str(page.style.string), *(t["style"] for t in page.find_all(style=True))])
    )
    assert [key for tag in page.find_all(True) for key in tag.attrs if key.startswith("on")] == []
    ids = [tag["id"] for tag in page.find_all(id=True)]
    assert ids and len(ids) == len(set(ids))
    assert all(image.get("alt", "").strip() for image in page.find_all("img"))
    levels = [int(tag.name[1]) for tag in page.find_all(re.compile("^h[1-6]$"))]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    inside = [a["href"][1:] for a in page.find_all("a", href=re.compile("^#"))]
    assert set(inside) <= set(ids)


@pytest.mark.parametrize("name", NAMES)
def test_the_pdf_is_tagged_standard_and_within_its_margins(name):
    opened = pikepdf.open(BytesIO(pdf(name)))
    assert bool(opened.Root.MarkInfo.Marked) and str(opened.Root.Lang) == "en" and str(opened.docinfo["/Title"])
    assert tagged(pdf(name))
    with opened.open_metadata() as metadata:
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"], metadata["pdfuaid:part"]) == ("3", "A", "1")
    assert off_page(pdf(name)) == []


def off_page(pdf_bytes: bytes) -> list[tuple[int, str]]:
    """Return the texts that reach into the margin of a page, with its number."""
    lost, examined = [], 0
    for number, page in enumerate(pypdfium2.PdfDocument(pdf_bytes), 1):
        text = page.get_textpage()
        for index in range(text.count_rects()):
            examined += 1
            left, bottom, right, top = text.get_rect(index)
            if left < 70 or right > page.get_width() - 70 or bottom < 20:
                lost.append((number, text.get_text_bounded(left, bottom, right, top)))
    assert examined
    return lost


def test_text_that_runs_off_its_page_is_noticed():
    off = '#set document(title: "a", date: datetime(year: 1970, month: 1, day: 1))\n#place(dx: 480pt, [far off])'
    from report.pages.typst import compile_pdf, load_fonts

    with load_fonts() as loaded:
        assert off_page(compile_pdf({"main.typ": off.encode()}, loaded))


@pytest.mark.parametrize(("name", "exporter", "suffix"), [
    ("pictures_in_markdown", "report-html", ".html"), ("format_three", "typst-pdf", ".pdf"),
])  # fmt: skip
def test_the_command_line_gives_the_same_bytes(name, exporter, suffix, tmp_path):
    command = [sys.executable, "-m", "nbconvert", "--to", exporter, "--output-dir", tmp_path, FOREIGN / f"{name}.ipynb"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    expected = html(name).encode() if suffix == ".html" else pdf(name)
    assert (tmp_path / f"{name}{suffix}").read_bytes() == expected


def test_nothing_else_imports_from_this_room():
    imports = re.compile(r"^\s*(?:from|import) report\.foreign\b", re.M)
    modules = [path for top in ("notebooks", "report") for path in (ROOT / top).rglob("*.py")]
    others = [path for path in modules if not {"foreign", "build"} & {*path.relative_to(ROOT).parts}]
    assert len(others) > 40
    assert [path for path in others if imports.search(path.read_text(encoding="utf-8"))] == []


# ---- single claims ----


def test_a_formula_that_typst_refuses_is_shown_as_its_source(caplog):
    _, pdf_bytes = of_cells(
        v4.new_markdown_cell("# A\n\n$x^2$, $\\sqrt{}$, $\\overline{}$ and $y_1$\n\n$$\\frac{1}{2}$$")
    )
    assert [alt for kind, alt in tagged(pdf_bytes) if kind == "/Formula"] == ["x^2", "y_1", "\\frac{1}{2}"]
    assert "\\sqrt{}" in pdf_text(pdf_bytes) and "\\overline{}" in pdf_text(pdf_bytes)
    assert caplog.text.count("Typst could not set the formula") == 2


def test_a_picture_that_typst_refuses_is_replaced_by_words():
    good = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><path d='M0 0 L9 9'/></svg>"
    bad = good.replace("<path", "<image href='data:image/png;base64,AA'/><path")
    source = 'picture("image-0123456789abcdef.svg", "a chart", 9pt) picture("image-1111111111111111.svg", "b", 9pt)'
    put, what = refused.replace_refused(
        source, "error\n ─ /x/image-0123456789abcdef.svg:1:0", {"image-0123456789abcdef.svg": b""}
    )
    assert put.startswith("unread-picture(") and put.count("unread-picture(") == 1 and "0123456789abcdef" in what
    assert refused.replace_refused("text", "error\n ─ main.typ:1:2", {}) == ("", "")
    outputs = [v4.new_output("display_data", {"image/svg+xml": drawn}) for drawn in (bad, good)]
    _, pdf_bytes = of_cells(v4.new_code_cell("draw()", outputs=outputs))
    assert sum(kind == "/Figure" for kind, _ in tagged(pdf_bytes)) >= 1


def page_of(*outputs) -> BeautifulSoup:
    cell = v4.new_code_cell("x", outputs=list(outputs))
    page = NotebookHTMLExporter().from_notebook_node(v4.new_notebook(cells=[cell]))[0]
    return BeautifulSoup(page, "html.parser")


def test_a_data_frame_is_a_table_an_unshown_output_has_a_note():
    frame = "<table><thead><tr><th></th><th>x</th></tr></thead><tbody><tr><th>0</th><td>1.5</td></tr></tbody></table>"
    bundles = [
        {"text/html": frame, "text/plain": "x"},
        {"application/x-thing": "z"},
        {"application/x-thing": "z", "text/plain": "Thing()"},
    ]
    page = page_of(*(v4.new_output("display_data", bundle) for bundle in bundles))
    assert page.table.tbody.th["scope"] == "row"
    assert page.table.tbody.td.get_text() == "1.5"
    assert [note.get_text() for note in page.find_all(class_="note")] == [
        "This output cannot be shown on a page (application/x-thing).",
        "This output needs a program to show it (application/x-thing); here is its text.",
    ]
    assert "Thing()" in page.find("pre", class_="output").get_text()


def test_errors_and_streams_are_shown_without_terminal_codes():
    error = v4.new_output("error", ename="ValueError", evalue="no", traceback=["\x1b[0;31mValueError\x1b[0m: no"])
    stream = v4.new_output("stream", name="stdout", text="10 %\r20 %\nnul\x00")
    page = page_of(error, stream)
    assert page.find("pre", class_="error").get_text(strip=True) == "ValueError: no"
    assert page.find("pre", class_="output").get_text(strip=True) == "20 %\nnul[U+0000]"


def test_a_notebook_is_set_whatever_it_contains():
    pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    assert base64.b64decode(pixel).startswith(b"\x89PNG")
    frame = "<table><thead><tr><th></th><th>x</th></tr></thead><tbody><tr><th>0</th><td>1.5</td></tr></tbody></table>"
    bundles = [
        {"image/png": pixel, "text/plain": "<Figure>"},
        {"image/png": "AAAA", "text/plain": "broken"},
        {"image/jpeg": pixel},
        {"image/svg+xml": "<svg"},
        {"text/html": frame, "text/plain": "x"},
        {"text/latex": "$\\displaystyle \\int x$", "text/plain": "Integral"},
        {"text/html": "<div></div><script>go()</script>", "text/plain": "Widget()"},
        {"application/x-thing": "z"},
    ]
    picture = v4.new_markdown_cell("![a dot](attachment:dot.png) ![far](https://x.example/a.png) $\\unknown{x}$ $$x$$")
    picture["attachments"] = {"dot.png": {"image/png": pixel}}
    _, pdf_bytes = of_cells(
        picture,
        v4.new_code_cell("x", outputs=[v4.new_output("display_data", bundle) for bundle in bundles]),
        v4.new_raw_cell("raw #x"),
    )
    printed = pdf_text(pdf_bytes)
    kinds = Counter(kind for kind, _ in tagged(pdf_bytes))
    assert (kinds["/Figure"], kinds["/Table"]) == (3, 1)
    for shown in (
        "Image not included: far",
        "damaged picture",
        "Widget()",
        "application/x-thing",
        "raw #x",
        "1.5",
        "\\unknown{x}",
    ):
        assert shown.replace(" ", "") in printed.replace(" ", ""), shown


def test_a_styled_cell_keeps_its_background_and_stays_legible():
    cells = soup("styler").find_all("td", style=True)
    assert len(cells) == 4
    for cell in cells:
        ground, ink = re.fullmatch(r"background: (#[0-9a-f]{6}); color: (#[0-9a-f]{6})", cell["style"]).groups()
        assert contrast(ground, ink) >= 4.5


def test_terminal_colours_are_legible_in_both_themes():
    for theme in (style.LIGHT, style.DARK):
        inks = {name.removeprefix("t-"): ink for name, ink in theme.items() if name.startswith("t-")}
        assert set(inks) == set(terminal.COLOURS)
        assert [name for name, ink in inks.items() if contrast(ink, theme["wash"]) < 4.5] == []


def test_terminal_styles_are_kept_in_both_formats():
    page = soup("errors_and_terminals")
    assert page.find("span", class_="t-red").get_text()
    assert page.find("span", string="both")["class"] == ["t-bold", "t-green"]
    assert "shortline" in pdf_text(pdf("errors_and_terminals"))


@pytest.mark.parametrize(("printed", "shown"), [
    ("a\rb", "b"), ("abc\rx", "xbc"), ("ab\x1b[2K\rc", "c"), ("abc\b\bX", "aXc"), ("a\nb\x1b[1A\rc\x1b[1B", "c\nb"),
    ("\x1b[999999999Bx\x1b[5Cy", "x     y"), ("\x1b]8;;x\x07link\x1b]8;;\x07", "link"),
    ("\x1b[38;5mx", "x"), ("a\r\nb", "a\nb"),
])  # fmt: skip
def test_a_terminal_shows_the_last_state_of_what_is_written_over(printed, shown):
    assert plain_text(printed) == shown


def test_a_wide_table_is_split_with_its_stubs_and_all_cells():
    table = TableGrid(
        (Column("", Phrase()),) * 9,
        tuple(tuple(GridCell((Phrase((f"{row}-{i}" * 3,)),), column=i) for i in range(9)) for row in "ab"),
        ((GridCell((Phrase(("all",)),), columns=9, column=0),),),
    )
    parts = panels.split_table(table, room=40)
    assert len(parts) > 2
    assert {cell.text for part in parts for row in part.rows for cell in row} == {
        c.text for row in table.rows for c in row
    }
    assert {part.rows[0][0].text for part in parts} == {"a-0" * 3}
    assert all(sum(cell.columns for cell in part.head[0]) == len(part.columns) for part in parts)


def test_cells_beside_one_that_reaches_down_stay_in_their_column():
    rows = soup("data_frames").main.table.tbody.find_all("tr")
    sides = [cell["class"][0] == "right" for cell in rows[1].find_all(["th", "td"])]
    assert sides == [False, True, True, True, True]


def test_right_to_left_paragraphs_start_at_the_right():
    [page] = pypdfium2.PdfDocument(pdf("scripts_of_the_world"))
    text = page.get_textpage()
    rects = [text.get_rect(index) for index in range(text.count_rects())]
    arabic = [rect for rect in rects if re.search("[\u0600-\u06ff]{3}", text.get_text_bounded(*rect))]
    assert len(arabic) > 5
    assert max(right for _, _, right, _ in arabic) > page.get_width() - 90
    assert soup("scripts_of_the_world").find("div", dir="rtl").li is not None


@pytest.mark.parametrize("title", ["Main", "Destinations", "Exhibit place", "Row", "Heads"])
def test_a_heading_may_have_a_name_that_the_page_uses_itself(title):
    page, pdf_bytes = of_cells(v4.new_markdown_cell(f"# T\n\n## {title}\n\nwords"))
    assert page.h2["id"].endswith("-2")
    assert pdf_bytes.startswith(b"%PDF")


def test_cleaned_html_keeps_nothing_active():
    fragment = fragments.read_html(
        "<p style='x' onclick='y()' id='a'>w<a href='https://a.org' onfocus='z'>l</a><input value='v'></p>"
    )
    assert fragment.html == '<p>w<a href="https://a.org">l</a> v </p>'
    assert fragment.notes == ("Form fields are shown as their text (<input>).",)


@pytest.mark.parametrize("name", ["styler", "html_outputs", "errors_and_terminals"])
def test_the_same_notebook_gives_the_same_bytes(name):
    path = str(FOREIGN / f"{name}.ipynb")
    assert NotebookHTMLExporter().from_filename(path)[0] == html(name)
    assert NotebookPDFExporter().from_filename(path)[0] == pdf(name)


BROKEN = {
    "text/html": [
        "<table><tr><td rowspan=99 colspan=50>x</td></tr><tr><td>y</td></tr></table>",
        "<table><tr></tr></table>",
        "<td>loose",
        "<svg><g></svg>",
        "<svg xmlns='http://www.w3.org/2000/svg'>",
        "<img src=''><img>",
        "<p>\x00\ud800</p>",
        "<!-- only -->",
        "<?xml version='1.0' encoding='utf-8'?><p>x</p>",
        "<html><title>t</title><body>b",
        "<math><mi>x</mi></math>",
        "<ul><li><h1>h</h1></ul><h1></h1><h6>deep</h6>",
        "",
        "<table><caption><b>c</b> &lt;</caption></table>",
    ],
    "text/latex": [
        r"\begin{align}",
        r"\end{x}",
        "$$",
        r"\textbf{",
        r"$\begin{cases}\end{cases}$",
        r"\begin{tabular}{l} a & b & c",
    ],
    "text/markdown": [
        "$$",
        "```",
        "# ",
        "# ![](x.png)",
        "[a]: <",
        "[^1]",
        "a[^1]\n\n[^1]: - l",
        "| a |\n|---|",
        "***bold",
        "</details>",
        "<b>",
        "$\\sqrt{}$",
        '$#$ $"$ $\\text{"#}$',
        "- # h\n- ## g",
        "> - | a |\n>   |---|\n>   | b |",
        "<b>*x</b>*",
        "\u202e\u2066",
        "$" + "\\frac{1}{" * 30 + "2" + "}" * 30 + "$",
        "<time>1</time> <b>x <time>2</time></b>",
    ],
}


@pytest.mark.parametrize("mime", BROKEN)
def test_broken_text_neither_stops_typst_nor_hides_what_follows(mime):
    displays = [
        [v4.new_output("display_data", {mime: text}), v4.new_output("stream", text="after")] for text in BROKEN[mime]
    ]
    page, pdf_bytes = of_cells(*(v4.new_code_cell("x", outputs=outputs) for outputs in displays))
    assert len(page.find_all("pre", class_="output", string=re.compile("after"))) == len(displays) > 5
    assert pdf_text(pdf_bytes).count("after") == len(displays)


def test_what_is_not_shown_is_also_logged(caplog):
    of_cells(
        v4.new_code_cell("x", outputs=[v4.new_output("display_data", {"video/mp4": "AAAA"})]), v4.new_raw_cell("中")
    )
    assert caplog.text.count("notes on the page about what is not shown, or not as its author meant: 1") == 2
    assert caplog.text.count("characters that no font has, shown by their code points: 1") == 1
