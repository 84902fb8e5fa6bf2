"""What both exporters share: a notebook read as a document of headings, prose, exhibits, listings and notes.

`read` walks the notebook and chooses each output's best representation; `compose` puts in the converted texts, numbers
the sections, gives every heading its anchor and finds links that lead nowhere. Neither knows how a block looks.
"""

from __future__ import annotations

import base64
import json
import logging
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from urllib.parse import unquote
from xml.etree import ElementTree

from claims.show.exhibits import FIGURE, TABLE

from report.foreign import fragments, terminal
from report.pages.markdown import Converted, Piece

OURS = "application/vnd.ledger."
IMAGES = {"image/svg+xml": "svg", "image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp"}
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
BREAKS = re.compile(r"(?<=[/.?=&%_])(?=\w)")  # where an address may go on in the next line, beside at its hyphens
HIDDEN_ROLES = ("parameters",)
PARAMETER_TAGS = {"parameters", "injected-parameters"}
MAGICS = {name: name for name in ("bash", "html", "javascript", "latex", "markdown", "perl", "ruby", "sql")} | {
    "sh": "bash", "js": "javascript", "svg": "xml", "r": "r", "julia": "julia", "cython": "cython", "script": "",
}  # fmt: skip
SOURCES = {"application/json": "json", "application/javascript": "javascript"}  # shown as their source
SHOWN = (
    r"!\[[^\]]*\]\(\s*<?([^\s)>]+)", r"(?m)^ {0,3}\[[^\]^]+\]:\s*<?([^\s>]+)", r"(?i)<img[^>]*?src=[\"']([^\"']+)",
)  # fmt: skip
OBJECT = re.compile(r"<[\w.]+( object)?>")  # what a kernel says of an object that has no text of its own
FORMULA = re.compile(
    r"(?ms)^(```|~~~).*?^\1|\$\$.*?\$\$|(`+)[^`].*?\2"  # code and formulas that are marked already
    r"|(?P<formula>^ {0,3}\\begin\{(?P<kind>(?:equation|align|gather|multline|eqnarray|alignat|flalign)\*?)\}"
    r".*?\\end\{(?P=kind)\})"
)
PAGE_NAMES = frozenset(("main", "places", "exhibit-place"))  # anchors of the page's own


# ---- what a document is made of ----


@dataclass(frozen=True)
class Image:
    """A picture: its kind, its bytes, and its width and height in CSS pixels where they are known."""

    mime: str
    data: bytes
    width: float | None = None
    height: float | None = None

    @property
    def name(self) -> str:
        """A file name made from the content, so that equal pictures are one file."""
        return f"image-{sha256(self.data).hexdigest()[:16]}.{IMAGES[self.mime]}"

    @property
    def box(self) -> str:
        """The part of its plane that a drawing shows, as its `viewBox` has it."""
        root = ElementTree.fromstring(self.data)
        return root.get("viewBox") or f"0 0 {self.width:g} {self.height:g}"

    @property
    def uri(self) -> str:
        """The picture as a data address."""
        return f"data:{self.mime};base64,{base64.b64encode(self.data).decode()}"


@dataclass(frozen=True)
class Run:
    """A stretch of a table cell: data (`text`, with a link, an anchor or a mark) or markup already converted.

    It follows the one before it after a comma, unless it is `glued` to it. One with `places` stands for the places of
    the chapters that link to that anchor, and for `nowhere` if there are none and nothing stands before it in its cell.
    """

    text: str
    href: str | None = None
    anchor: str | None = None
    markup: str | None = None
    kind: str | None = None
    glued: bool = False
    places: str | None = None
    nowhere: tuple[Run, ...] = ()
    stop: bool = True  # whether a reader who goes from link to link by keyboard comes by

    @property
    def leads_out(self) -> bool:
        """Whether it is a link to a page elsewhere."""
        return self.href is not None and re.match(r"https?://", self.href) is not None


@dataclass(frozen=True)
class Cell:
    """A table cell: its runs, how many rows and columns it covers, its first column where others reach into its row.

    One of a table that is not ours may have a `ground`, a colour as #rrggbb, and be `bold`.
    """

    runs: tuple[Run, ...] = ()
    rows: int = 1
    columns: int = 1
    column: int | None = None
    ground: str = ""
    bold: bool = False

    @cached_property
    def text(self) -> str:
        """The cell as plain text."""
        return self.joined(run.text for run in self.runs)

    def joined(self, shown: Iterable[str]) -> str:
        """Return its runs, each as it is shown, one after another.

        >>> Cell((Run("7%"), Run(" of it", glued=True), Run("c001"))).text
        '7% of it, c001'
        """
        if len(self.runs) == 1:
            return next(iter(shown))
        parts = [("" if run.glued else ", ") + text for run, text in zip(self.runs, shown, strict=True)]
        return "".join(parts).removeprefix(", ")


@dataclass(frozen=True)
class Column:
    """A table column: what its head says, its unit, the side its cells keep to, its share of the width.

    `head` is the label with the links in it; in a column that goes `back`, cells say what is made from their row. One
    that is `brief` is told of a row where its number stands in a sentence; by one with a `filter` rows are chosen.
    """

    label: str
    unit: str = ""
    align: str = "left"
    width: float | None = None
    head: Cell = Cell()
    back: bool = False
    brief: str = ""
    filter: str = ""


@dataclass(frozen=True)
class Table:
    """A table: columns, the rows of its head where they are more than labels, its rows, how many columns name a row.

    `origins` says that the last cell of each row holds the links to what the row's numbers come from.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    head: tuple[tuple[Cell, ...], ...] = ()
    stubs: int = 1
    layout: str = ""  # "" or "register": long, many columns, read by looking things up
    origins: bool = False
    shows: tuple[int, ...] = ()  # of a register of printed figures: the columns that say what is printed, and where

    @property
    def spans(self) -> bool:
        """Return whether a cell covers more than its own place, so that places and columns are not the same."""
        return any(cell.rows > 1 or cell.columns > 1 for row in self.rows for cell in row)

    @property
    def wordy(self) -> bool:
        """Return whether a cell holds a sentence, which a narrow column would turn into a tower."""
        return any(len(cell.text) > 60 for row in self.rows for cell in row)

    @property
    def broad(self) -> bool:
        """Return whether the table is wider than a phone, and no grid of numbers to be compared side by side."""
        longest = [
            max((len(row[i].text) for row in self.rows if i < len(row)), default=0) for i in range(len(self.columns))
        ]
        numbers = sum(column.align == "right" and most < 8 for column, most in zip(self.columns, longest, strict=True))
        return numbers < 4 and sum(min(most, 28) + 2 for most in longest) > 44

    @property
    def cells(self) -> Iterator[Cell]:
        """Every cell of the table, those of its heads among them."""
        yield from (column.head for column in self.columns)
        yield from (cell for row in self.rows for cell in row)

    @property
    def anchors(self) -> tuple[str, ...]:
        """Every anchor a cell of the table sets."""
        return tuple(run.anchor for row in self.rows for cell in row for run in cell.runs if run.anchor)


@dataclass(frozen=True)
class Prose:
    """Running text, converted, and the anchors it links to."""

    markup: str
    links: tuple[str, ...] = ()
    kind = "prose"


@dataclass(frozen=True)
class Heading:
    """A heading: level 1 is a chapter; `number` is empty where sections are not numbered."""

    level: int
    number: str
    anchor: str
    markup: str
    plain: str
    appendix: bool = False
    kind = "heading"


@dataclass(frozen=True)
class Listing:
    """Text to be shown as it is: code of a cell, code in prose, or what a program printed, perhaps in colours."""

    text: str
    language: str = ""
    role: str = "output"  # code | excerpt | output | error
    runs: tuple[terminal.Run, ...] = ()  # the text again, in runs of one style, where it has styles
    name: str = ""  # of the cell whose code it is
    kind = "listing"


@dataclass(frozen=True)
class Note:
    """A sentence of the exporter's own about something it cannot show."""

    text: str
    kind = "note"


@dataclass(frozen=True)
class Exhibit:
    """A figure or a table, with everything that stands around it; texts are Pieces until composed, then markup.

    `alt_chain` holds the stretches of the alt text that have evidence or a mark: text, anchor, kind; `links` what the
    texts lead to; `csv` the numbers of a figure as a file of that `name`.
    """

    label: str  # "Figure" | "Table"
    number: str
    anchor: str
    title: Piece | str = ""
    caption: Piece | str = ""
    source: Piece | str = ""
    alt: str = ""
    image: Image | None = None
    table: Table | None = None
    appendix: bool = False
    alt_chain: tuple[tuple[str, str | None, str | None], ...] = ()
    links: tuple[str, ...] = ()
    name: str = ""
    csv: str = ""
    kind = "exhibit"

    @property
    def targets(self) -> Iterator[tuple[str, bool]]:
        """Every anchor that it leads to, and whether it does so itself or only names what a row of its data is from."""
        yield from ((link, True) for link in self.links)
        yield from ((anchor, True) for _, anchor, _ in self.alt_chain if anchor)
        for row in self.table.rows if self.table else ():
            for cell in row:
                itself = not (self.table.origins and cell is row[-1])
                yield from ((run.href[1:], itself) for run in cell.runs if run.href)
        for column in self.table.columns if self.table else ():
            yield from ((run.href[1:], True) for run in column.head.runs if run.href)


Block = Prose | Heading | Listing | Note | Exhibit


@dataclass(frozen=True)
class Context:
    """Where in the report a block stands: the notebook, the cell, and whether it is an appendix."""

    notebook: str = ""
    cell: str = ""
    appendix: bool = False


@dataclass(frozen=True)
class Text:
    """A piece waiting to be converted."""

    piece: Piece
    kind = "text"


@dataclass(frozen=True)
class Draft:
    """A document before its texts are converted: its metadata and its blocks, each with its context."""

    metadata: Mapping
    blocks: tuple[tuple[Context, Block | Text], ...]

    @property
    def is_report(self) -> bool:
        """Whether this is an assembled report and not any notebook."""
        return "title" in self.metadata

    def pieces(self) -> Iterator[Piece]:
        """Yield every text that has to be converted."""
        for _, block in self.blocks:
            if isinstance(block, Text):
                yield block.piece
            elif isinstance(block, Exhibit):
                yield from (p for p in (block.title, block.caption, block.source) if isinstance(p, Piece))


@dataclass(frozen=True)
class Document:
    """A document ready to be set: metadata, blocks in order, the anchors it holds and the links that lead nowhere."""

    metadata: Mapping
    blocks: tuple[Block, ...]
    anchors: frozenset[str]
    dangling: tuple[tuple[str, str], ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)

    @property
    def subtitle(self) -> Cell:
        """The subtitle, with its links."""
        return Cell(tuple(_runs(self.metadata.get("subtitle") or None)))

    @property
    def headings(self) -> tuple[Heading, ...]:
        """The headings, in order."""
        return tuple(block for block in self.blocks if isinstance(block, Heading))

    def outline(self, depth: int = 2) -> list[tuple[Heading, list[Heading]]]:
        """The chapters, each with its sections: what a table of contents lists."""
        chapters: list[tuple[Heading, list[Heading]]] = []
        for heading in self.headings:
            if heading.level == 1:
                chapters.append((heading, []))
            elif heading.level <= depth and chapters:
                chapters[-1][1].append(heading)
        return chapters

    def warn(self, log: logging.Logger) -> None:
        """Say of each link that leads nowhere where it stands, and how many notes tell what is not shown."""
        for target, where in self.dangling:
            log.warning("%s: the link to '#%s' leads nowhere; it is shown as plain text", where or "notebook", target)
        notes = sum(isinstance(block, Note) for block in self.blocks)
        if notes:
            log.warning("notes on the page that say what is not shown, or not as it was meant: %d", notes)


# ---- reading a notebook ----


def read(notebook: Mapping, about: Mapping = MappingProxyType({})) -> Draft:
    """Return the notebook as a draft; `about` may give its name and the folder (path) it lies in."""
    name, folder = about.get("name", ""), Path(about["path"]) if about.get("path") else None
    metadata = dict(notebook.get("metadata", {}).get("report", {}))
    blocks: list[tuple[Context, Block | Text]] = []
    for index, cell in enumerate(notebook["cells"]):
        said = cell.get("metadata", {}).get("report", {})
        context = Context(said.get("notebook", ""), cell.get("id", f"cell {index + 1}"), said.get("role") == "appendix")
        for block in _cell_blocks(cell, said.get("role"), context, folder, notebook):
            blocks.append((context, block))
    metadata.setdefault("language", "en")
    metadata["name"] = name
    return Draft(metadata, tuple(blocks))


def _cell_blocks(cell, role, context, folder, notebook) -> Iterator[Block | Text]:
    tags = set(cell.get("metadata", {}).get("tags") or ())
    if "remove-cell" in tags or "remove_cell" in tags:
        return
    source, kind = _joined(cell.get("source", "")), cell.get("cell_type")
    if kind == "markdown":
        yield from _markdown_blocks(source, cell, folder)
    elif kind == "raw":
        yield from _raw_blocks(source, cell)
    elif kind == "code":
        hidden = role in HIDDEN_ROLES or {"remove-input", "remove_input"} & tags or (role and PARAMETER_TAGS & tags)
        if source.strip() and not hidden:
            yield Listing(source, _language(source, notebook), "code", name=_cell_name(cell, context))
        if not {"remove-output", "remove_output"} & tags:
            for output in cell.get("outputs", ()):
                yield from _output_blocks(output, context)
    else:
        yield Note(f"A cell of the unknown kind “{kind}” is shown as it stands.")
        yield Listing(source)


def _cell_name(cell: Mapping, context: Context) -> str:
    """Return what a cell is called where its code is folded: its chapter, if it has one, and its own name."""
    own = cell.get("metadata", {}).get("report", {}).get("cell") or context.cell
    return ", ".join(filter(None, (without_number(context.notebook), own))).replace("_", " ").replace("-", " ")


def _markdown_blocks(source: str, cell: Mapping, folder: Path | None) -> Iterator[Block | Text]:
    yield Text(Piece(_with_formulas(source), images=_images_in(source, cell, folder)))


def _with_formulas(source: str) -> str:
    r"""Return Markdown with the formulas that stand in it as an environment of LaTeX alone marked as such.

    >>> _with_formulas("so\n\\begin{align}a &= b\\end{align}\nand `\\begin{align}`").splitlines()
    ['so', '$$\\begin{align}a &= b\\end{align}$$', 'and `\\begin{align}`']
    """

    def marked(found: re.Match) -> str:
        return "$$" + re.sub(r"\n\s*\n", "\n", found["formula"]) + "$$" if found["formula"] else found[0]

    return FORMULA.sub(marked, source)


def _raw_blocks(source: str, cell: Mapping) -> Iterator[Block | Text]:
    metadata = cell.get("metadata", {})
    kind = str(metadata.get("format") or metadata.get("raw_mimetype") or "")
    if not source.strip():
        return
    if kind == "text/markdown":
        yield Text(Piece(source))
    elif kind == "text/html":
        yield from _html_blocks(fragments.read(source))
    elif kind == "text/latex":
        yield Text(Piece(source, "latex"))
    elif kind:
        yield Note(f"A raw cell for another program ({kind}) is shown as its source.")
        yield Listing(source)
    else:
        yield Listing(source)


def _language(source: str, notebook: Mapping) -> str:
    """Return the language of a code cell: the one its magic names, else the notebook's."""
    magic = re.match(r"%%(\w+)", source)
    if magic and magic[1].lower() in MAGICS:
        return MAGICS[magic[1].lower()]
    metadata = notebook.get("metadata", {})
    said = metadata.get("language_info", {}).get("name") or metadata.get("kernelspec", {}).get("language")
    return said if isinstance(said, str) and said else "python"


def _joined(text) -> str:
    return "".join(map(str, text)) if isinstance(text, (list, tuple)) else str(text)


def _output_blocks(output: Mapping, context: Context) -> Iterator[Block | Text]:
    kind = output.get("output_type")
    if kind == "stream":
        yield from _printed(_joined(output.get("text", "")), "error" if output.get("name") == "stderr" else "output")
    elif kind == "error":
        trace = "\n".join(map(str, output.get("traceback", ()))) or f"{output.get('ename')}: {output.get('evalue')}"
        yield from _printed(trace, "error")
    elif kind in ("display_data", "execute_result"):
        yield from _display_blocks(output, context)
    else:
        holds = isinstance(output.get("data"), Mapping)
        yield Note(f"An output of the unknown kind “{kind}” is {'shown by its data' if holds else 'not shown'}.")
        yield from _display_blocks(output, context) if holds else ()


def _printed(text: str, role: str = "output") -> Iterator[Block]:
    """Yield what a program printed as a terminal shows it, if that is anything."""
    runs = terminal.shown(text)
    said = "".join(run for run, _ in runs)
    if said.strip():
        yield Listing(said, role=role, runs=runs if any(style for _, style in runs) else ())


def _display_blocks(output: Mapping, context: Context) -> Iterator[Block | Text]:
    data = {mime: _payload(value) for mime, value in output.get("data", {}).items()}
    placed = output.get("metadata", {}).get("report", {})
    if any(mime.startswith(OURS) for mime in data) and not {TABLE, FIGURE} & set(data):
        return  # findings and verdicts: for the program, not for readers
    if TABLE in data:
        yield table_exhibit(data[TABLE], str(placed.get("number", "")), context.appendix)
    elif FIGURE in data:
        yield _figure_exhibit(data, str(placed.get("number", "")), output, context)
    else:
        yield from _foreign_blocks(data, output)


def _payload(value):
    return "".join(value) if isinstance(value, list) and all(isinstance(v, str) for v in value) else value


def _figure_exhibit(data: Mapping, number: str, output: Mapping, context: Context) -> Block:
    said = data[FIGURE]
    image = next((made for mime in IMAGES if mime in data and (made := image_from(mime, data[mime]))), None)
    return Exhibit(
        "Figure", number, said.get("id", ""), **_texts(said),
        alt=said.get("alt") or "Figure without a description", image=image,
        table=table_from(said) if said.get("columns") else None, appendix=context.appendix,
        alt_chain=tuple(tuple(piece) for piece in said.get("alt_chain") or ()),
        name=str(said.get("name") or "figure"), csv=str(said.get("csv") or ""),
    )  # fmt: skip


def table_exhibit(said: Mapping, number: str, appendix: bool = False) -> Exhibit:
    """Return the exhibit that a table of the table MIME type describes."""
    return Exhibit("Table", number, said.get("id", ""), **_texts(said), table=table_from(said), appendix=appendix)


def _texts(said: Mapping) -> dict[str, Piece | str]:
    return {key: _inline(said.get(key)) for key in ("title", "caption", "source")}


def _inline(text) -> Piece | str:
    return Piece(str(text), inline=True) if text else ""


def table_from(said: Mapping) -> Table:
    """Return the table of a table or figure MIME value; every cell is data, whatever it says.

    >>> table_from({"columns": [{"key": "a", "label": "A"}], "rows": [["*x*"], [{"text": "c1", "href": "#c1"}]]}).rows[
    ...     1
    ... ][0].text
    'c1'
    """
    columns = tuple(_column(column) for column in said["columns"])
    keys = [column["key"] for column in said["columns"] if "key" in column]
    rows = tuple(tuple(Cell(tuple(_runs(cell))) for cell in row) for row in said["rows"])
    for row in rows:
        if len(row) != len(columns):
            raise ValueError(
                f"table {said.get('id', '')!r}: a row has {len(row)} cells, the table {len(columns)} columns"
            )
    origins = bool(columns and said["columns"][-1].get("from"))
    shows = tuple(keys.index(key) for key in said.get("shows") or () if key in keys)
    return Table(columns, rows, layout=said.get("layout") or "", origins=origins, shows=shows)


def _column(said: Mapping) -> Column:
    label = str(said.get("label", said.get("key", "")))
    head = Cell(tuple(_runs(said.get("head") or label)))
    flags = (bool(said.get("back")), str(said.get("brief") or ""), str(said.get("filter") or ""))
    return Column(label, str(said.get("unit") or ""), said.get("align") or "left", said.get("width"), head, *flags)


def _runs(cell) -> Iterator[Run]:
    if isinstance(cell, (list, tuple)):
        for item in cell:
            yield from _runs(item)
    elif isinstance(cell, Mapping) and "runs" in cell:
        runs = [run for part in cell["runs"] for run in _runs(part)]
        yield from (replace(run, glued=place > 0) for place, run in enumerate(runs))
    elif isinstance(cell, Mapping) and "places" in cell:
        yield Run("", places=cell["places"], nowhere=tuple(_runs(cell.get("nowhere") or None)))
    elif isinstance(cell, Mapping):
        yield Run(str(cell.get("text", "")), cell.get("href"), cell.get("id"), kind=cell.get("kind"))
    elif cell is not None:
        yield Run(str(cell))


def _foreign_blocks(data: Mapping, output: Mapping) -> Iterator[Block | Text]:
    """Choose the best that can be shown of an output that is not ours; say so where that is not what was meant."""
    plain = str(data.get("text/plain", ""))
    programs = sorted(mime for mime in data if mime.startswith("application/vnd.") and mime.endswith("json"))
    for mime in IMAGES:
        if mime in data and not (mime != "image/svg+xml" and _is_formula(data)):
            image = image_from(mime, data[mime], output.get("metadata", {}).get(mime))
            if image:
                if mime == "image/svg+xml" and image.data.decode() != data[mime]:
                    yield Note("What this drawing would run or fetch is left out.")
                yield Exhibit("", "", "", alt=_foreign_alt(output, mime, plain), image=image)
                if programs:
                    yield Note(f"A program can show more of this output ({', '.join(programs)}); here is its picture.")
                return
            yield Note("A damaged picture is not shown.")
    html = fragments.read(str(data["text/html"])) if "text/html" in data else fragments.Fragment("")
    if "text/markdown" in data:
        yield Text(Piece(_with_formulas(str(data["text/markdown"]))))
    elif _is_formula(data):
        yield Text(Piece(str(data["text/latex"]), "latex"))
    elif html.says_something and not programs:
        yield from _html_blocks(html)
    elif "text/latex" in data:
        yield Text(Piece(str(data["text/latex"]), "latex"))
    else:
        yield from _source_blocks(data, plain, html)


def _source_blocks(data: Mapping, plain: str, html: fragments.Fragment) -> Iterator[Block]:
    """Yield the text of an output that has no form for a page, and what is known of those it has."""
    texts = sorted(m for m in data if m in SOURCES or (m.startswith("text/") and m not in ("text/plain", "text/html")))
    told = {"text/plain", *IMAGES, *texts, *(("text/html",) if html.notes else ())}
    left = sorted(data.keys() - told)
    named = ", ".join(left)
    says = bool(plain.strip()) and not (OBJECT.fullmatch(plain.strip()) and data.keys() - {"text/plain"})
    if says and left:
        yield Note(f"This output needs a program to show it ({named}); here is its text.")
    elif left:
        yield Note(f"This output cannot be shown on a page ({named}).")
    yield from (Note(note) for note in html.notes)
    for mime in texts:
        if mime == "application/javascript":
            yield Note("A script is not run; here is its source.")
        source = data[mime] if isinstance(data[mime], str) else json.dumps(data[mime], ensure_ascii=False, indent=2)
        yield Listing(source, SOURCES.get(mime, ""), "excerpt")
    if says and not texts:
        yield from _printed(plain)


def _html_blocks(fragment: fragments.Fragment) -> Iterator[Block | Text]:
    """Yield HTML that is not ours, read as text, and after it what of it is left out."""
    names = re.findall(r'<img[^>]*?src="([^"]+)', fragment.html)
    drawings = {name: image for name, data in fragment.drawings if (image := image_from("image/svg+xml", data))}
    images = {name: image for name in names if (image := drawings.get(name) or _held_image(name, {}, None))}
    if fragment.says_something:
        yield Text(Piece(fragment.html, "html", images=tuple(sorted(images.items(), key=lambda held: held[0]))))
    yield from (Note(note) for note in fragment.notes)


def _is_formula(data: Mapping) -> bool:
    return str(data.get("text/latex", "")).lstrip().startswith(("$", r"\begin{equation", r"\begin{align", r"\["))


def _foreign_alt(output: Mapping, mime: str, plain: str) -> str:
    metadata = output.get("metadata", {})
    said = (
        metadata.get("alt") or (metadata.get(mime) or {}).get("alt")
        if isinstance(metadata.get(mime, {}), Mapping)
        else None
    )
    shown = plain.strip() if not plain.startswith("<") else ""
    return said or shown or "Picture without a description, drawn by the cell above"


# ---- pictures ----


def image_from(mime: str, payload, said: Mapping | None = None) -> Image | None:
    """Return the picture if it can be read, else None; SVG arrives as text, the others as base64."""
    try:
        if mime == "image/svg+xml":
            data = fragments.tamed(payload if isinstance(payload, str) else payload.decode()).encode()
            return Image(mime, data, *_svg_size(data))
        data = base64.b64decode(payload) if isinstance(payload, str) else payload
        return _raster(data, said)
    except (ValueError, OSError, SyntaxError, AttributeError, TypeError):
        return None


def _svg_size(data: bytes) -> tuple[float | None, float | None]:
    root = ElementTree.fromstring(data)  # ParseError is a SyntaxError: not a picture
    if not root.tag.endswith("svg"):
        raise ValueError("not an SVG picture")
    scale = {"pt": 4 / 3, "px": 1, "": 1, "in": 96, "cm": 96 / 2.54, "mm": 96 / 25.4}
    sizes = []
    for side in ("width", "height"):
        found = re.fullmatch(r"\s*([\d.]+)\s*(pt|px|in|cm|mm|)\s*", root.get(side, ""))
        sizes.append(round(float(found[1]) * scale[found[2]], 1) if found else None)
    return sizes[0], sizes[1]


def _raster(data: bytes, said: Mapping | None) -> Image:
    """Return a pixel picture, called what it is whatever the notebook calls it."""
    from PIL import Image as Pillow

    with Pillow.open(BytesIO(data)) as picture:
        mime, (width, height) = Pillow.MIME.get(picture.format, ""), picture.size
        picture.verify()
    if mime not in IMAGES:
        raise ValueError(f"{mime or 'this kind of picture'} is not shown on a page")
    if isinstance(said, Mapping) and said.get("width") and said.get("height"):
        width, height = float(said["width"]), float(said["height"])
    return Image(mime, data, width, height)


def _images_in(source: str, cell: Mapping, folder: Path | None) -> tuple[tuple[str, Image], ...]:
    """Return (name, picture) of each picture a Markdown cell shows that is attached, inlined or beside the notebook."""
    found = {}
    for name in {name for pattern in SHOWN for name in re.findall(pattern, source)}:
        image = _held_image(name, cell.get("attachments") or {}, folder)
        if image:
            found[name] = image
    return tuple((name, found[name]) for name in sorted(found))


def _held_image(name: str, attachments: Mapping, folder: Path | None) -> Image | None:
    if name.startswith("attachment:"):
        bundle = attachments.get(unquote(name.removeprefix("attachment:")), {})
        return next(
            (made for mime in IMAGES if mime in bundle and (made := image_from(mime, _payload(bundle[mime])))), None
        )
    inlined = re.fullmatch(r"data:(image/[\w+.-]+)((?:;[\w=-]+)*),(.*)", name, re.S)
    if inlined:
        encoded = inlined[2].endswith(";base64")
        return (inlined[1] in IMAGES and image_from(inlined[1], _bytes(inlined[3], encoded))) or None
    if folder is None or ":" in name or name.startswith(("/", "#")):
        return None
    path = (folder / unquote(name)).resolve()
    mime = next((m for m, suffix in IMAGES.items() if path.suffix.lower().replace("jpeg", "jpg") == f".{suffix}"), None)
    if mime and path.is_relative_to(folder.resolve()) and path.is_file():
        return image_from(mime, path.read_bytes())
    return None


def _bytes(said: str, encoded: bool) -> bytes:
    """Return what a data address holds; nothing if it is damaged."""
    try:
        return base64.b64decode(unquote(said)) if encoded else unquote(said).encode()
    except ValueError:
        return b""


# ---- composing the document ----


def compose(draft: Draft, converted: Mapping[Piece, Converted]) -> Document:
    """Return the document: texts put in, sections numbered, anchors given once each, dangling links found."""
    blocks = list(_expanded(draft, converted))
    title, blocks = _titled(draft, blocks)
    contexts, bare = [c for c, _ in blocks], _anchored([c for c, _ in blocks], [b for _, b in blocks], draft.is_report)
    bare = _with_places(bare)
    anchors = _all_anchors(bare)
    aliases, dangling = _resolve(draft, converted, contexts, bare, anchors)
    return Document({**draft.metadata, "title": title}, tuple(bare), frozenset(anchors), dangling, aliases)


def _expanded(draft: Draft, converted: Mapping[Piece, Converted]) -> Iterator[tuple[Context, Block]]:
    figures = tables = 0
    for context, block in draft.blocks:
        if isinstance(block, Text):
            for part in converted[block.piece].parts:
                yield context, _part_block(part, context)
        elif isinstance(block, Exhibit):
            if block.label == "Figure":
                figures += 1
            elif block.label == "Table":
                tables += 1
            number = block.number or {"Figure": str(figures), "Table": str(tables)}.get(block.label, "")
            pieces = {key: p for key in ("title", "caption", "source") if isinstance(p := getattr(block, key), Piece)}
            texts = {key: converted[piece].markup for key, piece in pieces.items()}
            links = tuple(link for piece in pieces.values() for link in converted[piece].links)
            yield context, replace(block, number=number, links=links, **texts)
        else:
            yield context, block


def _part_block(part: Mapping, context: Context) -> Block:
    if part["kind"] == "heading":
        return Heading(part["level"], "", "", part["text"], part["plain"], context.appendix)
    if part["kind"] == "code":
        return Listing(part["text"], part["language"], "excerpt")
    if part["kind"] == "note":
        return Note(part["text"])
    if part["kind"] == "table":
        return Exhibit("", "", "", title=part["caption"], table=_part_table(part), links=tuple(part["links"]))
    return Prose(part["text"], tuple(part.get("links", ())))


def _part_table(part: Mapping) -> Table:
    head, body = (tuple(_in_columns(part[rows])) for rows in ("head", "rows"))
    sides = [_side(side, i, body) for i, side in enumerate(part["align"])]
    columns = tuple(Column(_label(head, i), align=side) for i, side in enumerate(sides))
    return Table(columns, body, head, stubs=part["stubs"])


def _in_columns(rows: Iterable[Iterable[Mapping]]) -> Iterator[tuple[Cell, ...]]:
    """Yield rows of cells that know their column: one above may reach down and move them to the right."""
    reach: dict[int, int] = {}
    for row in rows:
        cells, at = [], 0
        for said in row:
            while reach.get(at, 0):
                at += 1
            run = Run(said["plain"], markup=said["markup"])
            look = {"ground": said.get("ground") or "", "bold": said.get("weight") == "bold"}
            cells.append(Cell((run,), said["rows"], said["columns"], at, **look))
            for column in range(at, at + said["columns"]):
                reach[column] = said["rows"]
            at += said["columns"]
        reach = {column: left - 1 for column, left in reach.items() if left > 1}
        yield tuple(cells)


def _covering(row: Iterable[Cell], column: int) -> Cell | None:
    return next((cell for cell in row if (cell.column or 0) <= column < (cell.column or 0) + cell.columns), None)


def _label(head: tuple[tuple[Cell, ...], ...], column: int) -> str:
    """Return what the heads above a column say, one after another."""
    said = (cell.text.strip() for row in head if (cell := _covering(row, column)))
    return ", ".join(filter(None, said))


def _side(side: str, index: int, rows: Iterable[tuple[Cell, ...]]) -> str:
    """Numbers keep to the right where the author of a table chose no side."""
    if side != "default":
        return side
    values = [cell.text.strip() for row in rows if (cell := _covering(row, index))]
    numeric = [bool(re.fullmatch(r"[-+−]?[\d.,  ]+(e[-+]?\d+)?%?|nan|NaN|–|", v, re.I)) for v in values]
    return "right" if numeric and all(numeric) and any(values) else "left"


def _titled(draft: Draft, blocks: list[tuple[Context, Block]]) -> tuple[str, list[tuple[Context, Block]]]:
    """Return the title, and the blocks with heading levels that begin at 1 and skip none."""
    headings = [b for _, b in blocks if isinstance(b, Heading)]
    title = draft.metadata.get("title")
    if not title:
        first = headings[0] if headings else None
        if first and first.level == 1 and sum(h.level == 1 for h in headings) == 1:
            title = first.plain
            blocks = [(c, b) for c, b in blocks if b is not first]
        else:
            title = draft.metadata.get("name") or "Notebook"
    top = min((b.level for _, b in blocks if isinstance(b, Heading)), default=1)
    levelled, last = [], 0
    for context, block in blocks:
        if isinstance(block, Heading):
            last = min(block.level - top + 1, last + 1)
            block = replace(block, level=last)
        levelled.append((context, block))
    return title, levelled


class Numbering:
    """Counts sections: chapters 1, 2, …, appendices A, B, …, sections 1.1 or A.1; deeper ones carry no number."""

    def __init__(self):
        self.counts = {False: [0, 0], True: [0, 0]}

    def next(self, level: int, appendix: bool) -> str:
        """Return the number of the next heading of this level.

        >>> n = Numbering()
        >>> [n.next(1, False), n.next(2, False), n.next(1, True), n.next(2, True), n.next(3, True)]
        ['1', '1.1', 'A', 'A.1', '']
        """
        counts = self.counts[appendix]
        if level == 1:
            counts[:] = [counts[0] + 1, 0]
        elif level == 2:
            counts[1] += 1
        else:
            return ""
        chapter = _letters(counts[0]) if appendix else str(counts[0])
        return chapter if level == 1 else f"{chapter}.{counts[1]}"


def _letters(count: int) -> str:
    return chr(64 + count) if count <= 26 else f"A{_letters(count - 26)}"


def written_day(date: str) -> str:
    """Return an ISO date as it is written in English; another text as it is.

    >>> written_day("2025-06-03"), written_day("spring 2025")
    ('3 June 2025', 'spring 2025')
    """
    found = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", str(date))
    if not found or not 1 <= int(found[2]) <= 12:
        return str(date)
    return f"{int(found[3])} {MONTHS[int(found[2]) - 1]} {found[1]}"


def together(text: str) -> str:
    r"""Return text in which a number is not parted from its unit.

    >>> together("more than $41 billion").split(" ")
    ['more', 'than', '$41\xa0billion']
    """
    return re.sub(r"(?<=\d) (?=(?:million|billion|times|years|tonnes|percentage)\b)", "\u00a0", text)


def slug(text: str) -> str:
    """Return the text as an anchor: lower case, words joined by hyphens.

    >>> slug("What does *this* not show?"), slug("Қазақстан")
    ('what-does-this-not-show', 'қазақстан')
    """
    words = re.findall(r"\w+", unicodedata.normalize("NFKC", text).lower().replace("_", " "))
    return "-".join(words) or "section"


def without_number(notebook: str) -> str:
    """Return a notebook's name without the number that gives its place.

    >>> without_number("20_growth_rates"), without_number("growth_rates")
    ('growth_rates', 'growth_rates')
    """
    return re.sub(r"^\d+[_-]", "", notebook)


def chapter_anchor(notebook: str) -> str:
    """Return the anchor of a notebook's chapter.

    >>> chapter_anchor("20_growth_rates")
    'growth-rates'
    """
    return slug(without_number(notebook))


def _anchored(contexts: list[Context], blocks: list[Block], is_report: bool) -> list[Block]:
    """Give every heading its number (in a report) and an anchor; of equal anchors keep one, the appendix's."""
    owner = _owners(blocks)
    taken = set(owner) | PAGE_NAMES
    numbering, chapter, placed = Numbering(), "", []
    for index, (context, block) in enumerate(zip(contexts, blocks, strict=True)):
        if isinstance(block, Heading):
            if block.level == 1:
                chapter = chapter_anchor(context.notebook) if context.notebook else slug(block.plain)
            wanted = (
                chapter if block.level == 1 else f"{chapter}-{slug(block.plain)}" if is_report else slug(block.plain)
            )
            anchor = _free(wanted, taken)
            taken.add(anchor)
            number = numbering.next(block.level, block.appendix) if is_report else ""
            block = replace(block, anchor=anchor, number=number)
        elif isinstance(block, Exhibit):
            block = _owned(block, index, owner)
        placed.append(block)
    return placed


def _free(wanted: str, taken: set[str]) -> str:
    anchor, count = wanted, 1
    while anchor in taken:
        count += 1
        anchor = f"{wanted}-{count}"
    return anchor


def _owners(blocks: list[Block]) -> dict[str, int]:
    """Return for each anchor of an exhibit or a cell the block that keeps it: an appendix before a chapter."""
    owner: dict[str, int] = {}
    for index, block in enumerate(blocks):
        if isinstance(block, Exhibit):
            for anchor in _exhibit_anchors(block):
                if anchor not in owner or (block.appendix and not blocks[owner[anchor]].appendix):
                    owner[anchor] = index
    return owner


def _exhibit_anchors(block: Exhibit) -> tuple[str, ...]:
    cells = block.table.anchors if block.table and block.label != "Figure" else ()
    return ((block.anchor,) if block.anchor else ()) + cells


def _owned(block: Exhibit, index: int, owner: Mapping[str, int]) -> Exhibit:
    """Return the exhibit without the anchors that another block keeps or an earlier cell of its own sets."""
    kept = set()

    def keep(anchor):
        if (
            not anchor
            or owner.get(anchor) != index
            or anchor in kept
            or (block.label == "Figure" and anchor != block.anchor)
        ):
            return None
        kept.add(anchor)
        return anchor

    def kept_in(cell: Cell) -> Cell:
        if not any(run.anchor for run in cell.runs):
            return cell
        return replace(cell, runs=tuple(replace(run, anchor=keep(run.anchor)) for run in cell.runs))

    anchor = keep(block.anchor) or ""
    table = block.table and replace(
        block.table, rows=tuple(tuple(kept_in(cell) for cell in row) for row in block.table.rows)
    )
    return replace(block, anchor=anchor, table=table)


def _with_places(blocks: list[Block]) -> list[Block]:
    """Return the blocks with every run that stands for places replaced by links to them."""
    if not any(run.places for block in blocks if isinstance(block, Exhibit) for run in _all_runs(block)):
        return blocks
    cited = _citing_places(blocks)
    return [_placed(block, cited) if isinstance(block, Exhibit) and block.table else block for block in blocks]


def _all_runs(block: Exhibit) -> Iterator[Run]:
    yield from (run for cell in block.table.cells for run in cell.runs) if block.table else ()


@dataclass
class Places:
    """The places of the chapters that lead to an anchor, by their own anchor, and whether one cites it itself."""

    runs: dict[str, Run] = field(default_factory=dict)
    itself: bool = False


def _citing_places(blocks: Iterable[Block]) -> dict[str, Places]:
    """Return for each anchor the chapters' sections, tables and figures that lead to it."""
    cited: dict[str, Places] = {}
    section = None
    for block in blocks:
        if isinstance(block, Heading) and block.number:
            section = None if block.appendix else Run(block.number, f"#{block.anchor}")
        if section is None or not isinstance(block, Prose | Exhibit):
            continue
        named = isinstance(block, Exhibit) and block.label and block.anchor
        place = Run(f"{block.label}\u00a0{block.number}", f"#{block.anchor}") if named else section
        for target, itself in ((link, True) for link in block.links) if isinstance(block, Prose) else block.targets:
            found = cited.setdefault(target, Places())
            found.runs.setdefault(place.href, place)
            found.itself |= itself
    return cited


def _placed(block: Exhibit, cited: Mapping[str, Places]) -> Exhibit:
    def placed(cell: Cell) -> Cell:
        at = next((index for index, run in enumerate(cell.runs) if run.places), None)
        if at is None:
            return cell
        run, found = cell.runs[at], cited.get(cell.runs[at].places, Places())
        nowhere = () if at or found.itself else run.nowhere
        return replace(cell, runs=(*cell.runs[:at], *nowhere, *found.runs.values(), *cell.runs[at + 1 :]))

    return replace(block, table=replace(block.table, rows=tuple(tuple(map(placed, row)) for row in block.table.rows)))


def _all_anchors(blocks: Iterable[Block]) -> set[str]:
    anchors = set()
    for block in blocks:
        if isinstance(block, Heading):
            anchors.add(block.anchor)
        elif isinstance(block, Exhibit):
            anchors.update(_exhibit_anchors(block))
    return anchors


def _resolve(draft, converted, contexts, blocks, anchors) -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
    """Return the anchors meant by links that name a heading as Jupyter does, and the links that lead nowhere."""
    by_slug = {}
    for block in blocks:
        if isinstance(block, Heading):
            by_slug.setdefault(slug(block.plain), block.anchor)
    aliases, dangling = {}, {}
    for context, target in _links(draft, converted):
        if target in anchors:
            continue
        local = f"{chapter_anchor(context.notebook)}-{slug(target)}" if context.notebook else slug(target)
        meant = local if local in anchors else by_slug.get(slug(target))
        if meant:
            aliases.setdefault(target, meant)
        else:
            where = " ".join(filter(None, (context.notebook, f"cell {context.cell}")))
            dangling.setdefault((target, where))
    return aliases, tuple(dangling)


def _links(draft: Draft, converted: Mapping[Piece, Converted]) -> Iterator[tuple[Context, str]]:
    for context, block in draft.blocks:
        if isinstance(block, Text):
            yield from ((context, target) for target in converted[block.piece].links)
        elif isinstance(block, Exhibit):
            for piece in (block.title, block.caption, block.source):
                if isinstance(piece, Piece):
                    yield from ((context, target) for target in converted[piece].links)
            for cell in block.table.cells if block.table else ():
                yield from ((context, run.href[1:]) for run in cell.runs if run.href and run.href.startswith("#"))
