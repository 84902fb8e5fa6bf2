"""No text of anybody's notebook stops an exporter, becomes a program or hides what is around it: thousands are tried.

Many texts are put into one notebook, each between two words that must be on both pages; where one fails, the notebook
is halved until a single text is left.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Sequence
from html.parser import HTMLParser

import pypdfium2
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from nbformat import NotebookNode, v4

from report.foreign.registered import NotebookHTMLExporter, NotebookPDFExporter

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
BATCH = 50
BATCHES = 210  # of make torture: 10,500 texts
TAGS_OF_THE_PAGE = {"html", "head", "meta", "title", "style", "body", "script", "header", "main", "nav"}
NOT_ON_A_PAGE = {
    "iframe", "frame", "object", "embed", "video", "audio", "form", "input", "button", "select", "textarea", "link",
    "base", "applet", "portal", "source", "track", "foreignobject", "use", "image", "animate", "set", "svg",
}  # fmt: skip

# ---- texts ----

MARKDOWN = [
    "# ", "\n# ", "\n---\n", "\n===\n", "- ", "\n  - ", "\n1. ", "\n> ", "> > > ", "```", "\n```\n", "~~~", "`", "``",
    "*", "**", "_", "***", "~~", "[", "](", "![", ")", "[a]: ", "\n[a]: <b> 'c\n", "[^1]", "\n[^1]: ",
    "\n\n[^1]:\n\n    x\n", "| a | b |\n|---|---|\n| ", "\n|---|\n", "|", "|:-:|", "- [ ] ", "\\", "\n    ", "\t",
    "<br>", "&nbsp;", "&#x4E2D;", "&#0;", "&#xFEFF;", "&#57344;", "&amp;lt;", "&bogus;", "https://a.org/?b=c&d",
    "<https://a.org>", "a@b.org", "^", "~", "^a^", "~b~", ":::", "{#id .c}", "{eval}`x`", "  \n", "\n\n", "<!--",
    "-->", "<!-- x -->", "<?x ?>", "<![CDATA[", "]]>", "(c)", "--", "...", "'", '"', "1)", "+ ", "* * *", "$", "$$",
    "$ ",
]  # fmt: skip
HTML = [
    "<b>", "</b>", "<script>x()</script>", "<script>", "</script>", "<style>*{}</style>", "<style>", "</style>",
    "<img src=x onerror=x()>", "<img src='https://a.org/b.png' alt='", "<a href='javascript:x()'>",
    "<a href=\"data:text/html,<script>\">", "</a>", "<svg onload=x()>", "<svg><text>a</text></svg>", "</svg>",
    "<iframe srcdoc='<p>'>", "</iframe>", "<table>", "<tr>", "<td rowspan=99 colspan=99>", "</table>",
    "<thead><tr><th>", "<caption>", "<ul><li>", "</ul>", "<details><summary>", "</details>",
    "<div style='display:none'>", "</div>", "<p hidden>", "<figure>", "<figcaption>", "</figure>", "<pre>", "<code>",
    "<h1>", "<h6>", "<math><mi>", "<time>", "<cite>", "<var>", "<sub>", "<input value='", "<select><option>",
    "<video src=x>", "<object data=x>", "<base href=//a.org>", "<meta http-equiv=refresh content=0>",
    "<form action=x>", "<hr>", "<template>", "<noscript>", "<textarea>", "<title>", "<xmp>", "<plaintext>",
    "style='background:url(//a.org)'", " onclick=x() ", "<", ">", "</", "/>",
]  # fmt: skip
LATEX = [
    "$x$", "$ x $", "$$x$$", "$$\n=\n$$", "\\begin{align}", "\\end{align}", "a &= b \\\\", "\\frac{", "}", "{",
    "\\sqrt{}", "\\left(", "\\right.", "\\begin{matrix}1&2\\cr3", "\\end{matrix}", "\\begin{array}{l}",
    "\\end{array}", "\\tag{1}", "\\label{a}", "\\newcommand{\\x}{\\x\\x}", "\\x", "\\def\\y#1{#1",
    "\\input{/etc/passwd}", "\\write18{x}", "\\include{a}", "\\text{ü#$", "\\otimes", "\\cap", "\\mathbb{R}", "^",
    "_", "^^41", "\\begin{tabular}{ll}a&b\\\\", "\\end{tabular}", "\\href{javascript:x}{y}", "\\includegraphics{x}",
    "\\verb|x|", "%", "\\%", "\\(", "\\[", "\\]", "\\)", "\\color{red}", "\\operatorname{", "\\overset{a}{",
    "\\hspace{1cm}", "\\char\"4E2D ", "\\sum_{i}^{n}", "''", "\\'e", "\\unknown{", "\\\\", "&", "#1",
]  # fmt: skip
TYPST = [
    "#", "#import \"x\"", "#read(\"/etc/passwd\")", "#eval(\"1\")", "#set page(width: 1pt)", "#panic()", "#[", "]",
    "#(", "#{", "}", "*/", "/*", "//", "@a", "<a>", "<destinations>", "#label(\"a\")", "$ x $", "= a", "+ b",
    "/ c: d", "~", "\\u{4e2d}", "#\"a\"", "\";", "\\\"", "#raw(", "```typ", "#context", "#while true {}",
    "/*of a formula*/", "/*block 1*/", "/*end of blocks*/", "#image(\"a\")", "#link(\"x\")", "#pagebreak()",
    "#show: it => none", "#metadata(1)<x>",
]  # fmt: skip
LETTERS = [
    "\x00", "\x07", "\x08", "\x0b", "\x0c", "\x1b[31m", "\x1b[0m", "\x1b]8;;x\x07", "\x1b[2K", "\r", "\x7f", "\x85",
    "\u00a0", "\u00ad", "\u034f", "\u061c", "\u115f", "\u180e", "\u200b", "\u200c", "\u200d", "\u200e", "\u200f",
    "\u2028", "\u2029", "\u202a", "\u202e", "\u2060", "\u2064", "\u2066", "\u2069", "\u3164", "\ud83d", "\udc00",
    "\ue000", "\ue000\ue001\ue002", "\uf8ff", "\ufdd0", "\ufe0f", "\ufeff", "\ufff9", "\ufffc", "\ufffd", "\ufffe",
    "\uffff", "\U0001f600", "\U0001f469\u200d\U0001f52c", "\U0001f1e9\U0001f1ea", "\U000e0041", "\U000f0000",
    "\U0010ffff", "中文", "日本語", "한국어", "हिन्दी", "বাংলা", "ไทย", "العربية", "עברית", "e\u0301", "a" + "\u0301" * 30,
    "\u0600", "ﷺ", "𝒳", "ǆ", "ß", "İ", "ſ", "\u1fff", "₸", "−$1",
]  # fmt: skip
LONG = [
    "a" * 3000, "中" * 500, "- " * 60, "> " * 60, "[" * 200, "(" * 200, "*" * 200, "`" * 200, "$" * 101, "<b>" * 100,
    "<div>" * 150, "{" * 200, "\\" * 201, "#" * 60, "| " * 60, "  - a\n" * 40, "&" * 200, "\n" * 100,
    "\\frac{1}{" * 60, "<ul><li>" * 60, "https://a.org/" + "x" * 9000, "<table><tr><td>" * 25, "x y " * 700,
    "[a](b" * 40,
]  # fmt: skip
pieces = st.sampled_from([*MARKDOWN, *HTML, *LATEX, *TYPST, *LETTERS, *LONG, "word", " ", "\n", "1", "ünï"])
texts = st.one_of(st.lists(pieces, min_size=1, max_size=7).map("".join), st.text(max_size=12))


# ---- where they are put ----


def shown(data: dict, **metadata: object) -> NotebookNode:
    return v4.new_code_cell("1", outputs=[v4.new_output("display_data", data, metadata=metadata)])


def of_markdown(template: str) -> Callable[[str], NotebookNode]:
    return lambda text: v4.new_markdown_cell(template.replace("TEXT", text))


def of_type(mime: str, template: str = "TEXT") -> Callable[[str], NotebookNode]:
    return lambda text: shown({mime: template.replace("TEXT", text)})


def attached(text: str) -> NotebookNode:
    cell = v4.new_markdown_cell(f"![{text}](attachment:{text}) ![b](attachment:b.png '{text}')")
    cell["attachments"] = {text: {"image/png": PIXEL}, "b.png": {"image/png": PIXEL}}
    return cell


def raised(text: str) -> NotebookNode:
    error = v4.new_output("error", ename=text[:20], evalue=text, traceback=[text, f"\x1b[31m{text}"])
    return v4.new_code_cell("1", outputs=[error, v4.new_output("error", ename=text, evalue=text, traceback=[])])


def tagged(text: str) -> NotebookNode:
    cell = v4.new_code_cell("1")
    cell.metadata |= {"tags": [text], "name": text, "report": {"cell": text}}  # not all of that is valid
    return cell


def raw(mime: str) -> Callable[[str], NotebookNode]:
    return lambda text: v4.new_raw_cell(text, metadata={"format": mime.replace("TEXT", text)})


def printed(name: str) -> Callable[[str], NotebookNode]:
    return lambda text: v4.new_code_cell("1", outputs=[v4.new_output("stream", name=name, text=text)])


def drawn(text: str) -> NotebookNode:
    words = re.sub("[<&]", " ", text)
    svg = f"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><text y='9'>{words}</text></svg>"
    return shown({"image/svg+xml": svg})


PLACES: dict[str, Callable[[str], NotebookNode]] = {
    "markdown": of_markdown("TEXT"), "paragraph": of_markdown("a TEXT b"), "heading": of_markdown("## TEXT"),
    "item": of_markdown("- a\n- TEXT\n  - b"), "quote": of_markdown("> TEXT"),
    "table": of_markdown("| a | b |\n|---|---|\n| TEXT | c |"),
    "link": of_markdown("[TEXT](https://a.org/TEXT) [b](TEXT) <TEXT>"),
    "alt": of_markdown("![TEXT](TEXT) ![a](b.png 'TEXT')"), "note": of_markdown("a[^1]\n\n[^1]: TEXT"),
    "formula": of_markdown("$TEXT$ and\n\n$$\nTEXT\n$$"), "fence": of_markdown("```TEXT\nTEXT\n```"),
    "element": of_markdown("<div TEXT>TEXT</div>\n\n<b>TEXT</b>"), "attached": attached, "code": v4.new_code_cell,
    "magic": lambda text: v4.new_code_cell(f"%%html\n{text}"), "tags": tagged, "stdout": printed("stdout"),
    "stderr": printed("stderr"), "error": raised, "text/plain": of_type("text/plain"),
    "text/html": of_type("text/html"), "text/latex": of_type("text/latex"), "text/markdown": of_type("text/markdown"),
    "latex formula": of_type("text/latex", "$\\displaystyle TEXT$"),
    "cell of html": of_type("text/html", "<table><thead><tr><th>a</th></tr></thead><tr><td>TEXT</td></tr></table>"),
    "attribute": of_type("text/html", "<p title='TEXT' style='TEXT' class=TEXT>a</p>"),
    "address": of_type("text/html", "<img src='TEXT' alt='TEXT'><a href='TEXT'>b</a>"),
    "svg": of_type("image/svg+xml"), "drawn": drawn, "application/json": of_type("application/json"),
    "application/javascript": of_type("application/javascript"),
    "unknown": lambda text: shown({f"application/{text}": text, "text/plain": text}),
    "described": lambda text: shown({"image/png": PIXEL, "text/plain": text}, **{"image/png": {"alt": text}}),
    "damaged": of_type("image/png"), "raw": raw(""), "raw html": raw("text/html"), "raw latex": raw("text/latex"),
    "raw markdown": raw("text/markdown"), "raw unknown": raw("TEXT"),
}  # fmt: skip
Case = tuple[str, str]  # a place and a text
cases = st.tuples(st.sampled_from(sorted(PLACES)), texts)


# ---- what is asserted ----


def notebook_of(batch: Sequence[Case]) -> NotebookNode:
    """Return a notebook with each text in its place, between two words."""
    cells = []
    for index, (place, text) in enumerate(batch):
        cells += [v4.new_markdown_cell(f"before{index}x"), PLACES[place](text), v4.new_markdown_cell(f"after{index}x")]
    title = batch[0][1] if batch else ""
    notebook = v4.new_notebook()  # which would refuse some names
    notebook.cells = cells
    notebook.metadata |= {"title": title, "language_info": {"name": title}, "authors": [{"name": title}]}
    return notebook


class Page(HTMLParser):
    """What a page would run, fetch or lead to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.wrong: list[str] = []
        self.scripts = self.metas = 0
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.scripts += tag == "script"
        self.metas += tag == "meta"
        if tag in NOT_ON_A_PAGE:
            self.wrong.append(f"<{tag}>")
        for name, value in attrs:
            target = value or ""
            acts = name.startswith("on") or name in (
                "srcdoc",
                "action",
                "formaction",
                "ping",
                "background",
                "srcset",
                "xlink:href",
            )
            leads = name == "href" and not re.match(r"#|https?://|mailto:", target)
            fetches = name in ("src", "data", "poster") and not target.startswith("data:image/")
            styled = name == "style" and re.search(r"url|expression|@|\\", target)
            if acts or leads or fetches or styled:
                self.wrong.append(f"<{tag} {name}={target[:80]!r}>")


METAS = Page(NotebookHTMLExporter().from_notebook_node(v4.new_notebook())[0]).metas


def faults_of(batch: Sequence[Case]) -> list[str]:
    """Return what is wrong with the pages of a notebook with these texts."""
    notebook, about = notebook_of(batch), {"metadata": {"name": batch[-1][1] if batch else "x"}}
    words = [f"{word}{index}x" for index in range(len(batch)) for word in ("before", "after")]
    faults = []
    html = NotebookHTMLExporter().from_notebook_node(notebook, dict(about))[0]
    page = Page(html.encode().decode())
    faults += [f"the page has {wrong}" for wrong in page.wrong]
    faults += [f"the page has {page.scripts} scripts"] * (page.scripts != 1)
    faults += [f"the page has {page.metas} metas"] * (page.metas != METAS)
    main = html[html.index("<main") :]
    faults += [f"{word} is not on the page" for word in words if word not in main]
    pdf = NotebookPDFExporter().from_notebook_node(notebook, dict(about))[0]
    with pypdfium2.PdfDocument(pdf) as opened:
        text = "".join(sheet.get_textpage().get_text_range() for sheet in opened)
    faults += [f"{word} is not in the PDF" for word in words if word not in text]
    return faults


def culprit(batch: Sequence[Case]) -> str:
    """Return a text that fails by itself, or the smallest notebook that does."""
    left = list(batch)
    while len(left) > 1:
        half = len(left) // 2
        failing = next((part for part in (left[:half], left[half:]) if outcome(part)), None)
        if failing is None:
            break
        left = failing
    return "\n".join(f"{case!r}" for case in left) + "\n" + outcome(left)


def outcome(batch: Sequence[Case]) -> str:
    """Return what is wrong with the pages of these texts, or what has stopped an exporter."""
    try:
        return "\n".join(faults_of(batch))
    except Exception as error:  # whatever it is
        return f"{type(error).__name__}: {str(error)[:2000]}"


def check(batch: Sequence[Case]) -> None:
    if outcome(batch):
        pytest.fail(culprit(batch), pytrace=False)


def many(count: int, derandomize: bool) -> Callable:
    """Return the settings under which `count` notebooks are tried, which hypothesis does not make smaller itself."""
    return settings(
        max_examples=count, derandomize=derandomize, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip


# ---- the claims ----


@pytest.fixture(autouse=True)
def quiet():
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


@many(2, derandomize=True)
@given(st.lists(cases, min_size=30, max_size=30))
def test_no_text_of_a_few_stops_an_exporter(batch):
    check(batch)


@pytest.mark.torture
@many(BATCHES, derandomize=False)
@given(st.lists(cases, min_size=BATCH, max_size=BATCH))
def test_no_text_of_thousands_stops_an_exporter(batch):
    check(batch)
