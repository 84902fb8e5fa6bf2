"""The PDF exporter: the document as Typst source, set by the `typst` wheel with fonts that come from packages."""

from __future__ import annotations

import base64
import logging
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date as Date
from pathlib import Path
from tempfile import TemporaryDirectory

from claims.show.style import LIGHT, PRINT, SIZES, SPACES

from report.foreign.fragments import ink_on
from report.foreign.panels import LONGEST, panels
from report.foreign.refused import put_aside
from report.pages import places
from report.pages.composing import compose
from report.pages.document import (
    Block,
    Cell,
    Column,
    Document,
    Draft,
    Exhibit,
    Run,
    Table,
)
from report.pages.drawing import shipped_fonts
from report.pages.markdown import Job, convert
from report.pages.typesetting import BREAKS, together, written_day

LOG = logging.getLogger(__name__)
TEMPLATE = Path(__file__).parent / "templates" / "report.typ"
STANDARDS = ["a-3a", "ua-1"]
XREF = re.compile(r'#xref\("([^"\\]*)"\)\[')
LATER_APPENDICES = frozenset(
    "BCDEFGHIJKLMNOPQRSTUVWXYZ"
)  # run on where a page has room; a sideways one has pages of its own
UNSET = (
    "{count} {said} no letter form in the fonts of this file: each is shown by its code point, such as [U+{code:04X}]."
)
SHARES = {"sizes": SIZES, "spaces": SPACES}
PAGE_LINES = 42
SHORT = 400  # characters of a cell in a row that is kept with another
LONG = 6  # lines of a table that may break over pages
UNDATED = Date(1970, 1, 1)
FOREIGN_CHARACTERS = 92  # of a table that is not ours, with two between its columns
PAGE_CHARACTERS = {False: 96, True: 150}  # how many characters of table text fill a line, upright and sideways


def pdf(
    draft: Draft,
    begins: Callable[[], object] = lambda: None,
    known: MutableMapping | None = None,
    log: logging.Logger = LOG,
) -> bytes:
    """Return the PDF of a draft; `begins` is called when all but the setting itself is done.

    `known` are conversions made before, as `convert` takes them.
    """
    with fonts() as loaded:
        made, document = typeset(draft, loaded, log, begins, known)
    document.warn(log)
    return made


def typeset(draft: Draft, loaded, log, begins: Callable[[], object], known=None) -> tuple[bytes, Document]:
    """Return the PDF and the document; a formula that Typst cannot set is shown as its source."""
    import typst

    missing = frozenset(ord(c) for c in missing_characters(_all_text(draft), loaded))
    if missing and not draft.is_report:
        log.warning("characters that no font has, shown by their code points: %d", len(missing))
    files = {image.name: image.data for piece in draft.pieces() for _, image in piece.images}
    document = compose(draft, convert(draft.pieces(), Job("typst", missing), known))
    source, pictures = Source(document, draft.is_report, missing, dict(files)).text()
    begins()
    while True:
        try:
            return compile_pdf({**pictures, "main.typ": source.encode()}, loaded, log), document
        except typst.TypstError as error:
            mended, what = put_aside(source, error.diagnostic, pictures)
            if not mended:
                raise
            log.warning("Typst could not set %s; its source or its words are shown. %s", what, error.message)
            source = mended


def compile_pdf(files: dict[str, bytes], loaded, log=LOG) -> bytes:
    """Return the PDF of a set of files with a `main.typ`; nothing outside them is read, no clock, no network.

    Its links are led to their places where `main.typ` lists these.
    """
    import typst

    with TemporaryDirectory(prefix="typst-") as folder:
        root = Path(folder) / "document"
        for name, content in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        main = root / "main.typ"
        world = {
            "root": root, "font_paths": loaded, "ignore_system_fonts": True,
            "package_path": folder, "package_cache_path": folder,
        }  # fmt: skip
        pdf, warnings = typst.compile_with_warnings(main, format="pdf", pdf_standards=STANDARDS, timestamp=0, **world)
        found = places.of_query(typst.query(main, places.SELECTOR, field="value", **world))
    for warning in warnings:
        log.warning("Typst: %s", warning.message)
    return places.led(pdf, found) if found else pdf


@contextmanager
def fonts() -> Iterator:
    """Yield the wheel's fonts and matplotlib's DejaVu; not its "last resort", which draws a box for anything."""
    import typst

    with TemporaryDirectory(prefix="fonts-") as folder:
        for font in sorted(shipped_fonts().glob("DejaVuS*.ttf")):
            if "Display" not in font.name:
                shutil.copyfile(font, Path(folder) / font.name)
        yield typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[folder])


def missing_characters(text: str, loaded) -> set[str]:
    """Return the characters of the text that Typst refuses to set with these fonts: it is asked, a line for each."""
    import typst

    asked = sorted({c for c in text if ord(c) > 126 and not 0xD800 <= ord(c) < 0xE000})
    if not asked:
        return set()
    head = '#set document(title: "probe", date: datetime(year: 1970, month: 1, day: 1))\n#set text(lang: "en")\n'
    first = head.count("\n") + 1
    probe = head + "\n".join(f"#{literal(c)}#parbreak()" for c in asked)
    try:
        compile_pdf({"main.typ": probe.encode()}, loaded)
    except typst.TypstError as error:
        lines = {int(line) for line in re.findall(r"main\.typ:(\d+):", error.diagnostic)}
        refused = {asked[line - first] for line in lines if 0 <= line - first < len(asked)}
        if not refused:
            raise
        return refused
    return set()


def _all_text(draft: Draft) -> str:
    texts = [str(value) for key, value in draft.metadata.items() if isinstance(value, str) or key == "subtitle"]
    texts += [piece.text for piece in draft.pieces()]
    for _, block in draft.blocks:
        texts.append(getattr(block, "text", "") if block.kind in ("listing", "note") else "")
        if isinstance(block, Exhibit):
            texts.append(block.alt)
            if block.table:
                texts += [column.unit for column in block.table.columns]
                texts += [cell.text for cell in block.table.cells]
    return "".join(texts) + "“”‘’–—…"


def literal(text: str, missing: frozenset[int] = frozenset()) -> str:
    r"""Return the text as a Typst string; what no font has or no PDF may hold is shown as [U+XXXX].

    >>> literal('a "b" #set')
    '"a \\"b\\" #set"'
    """
    shown = []
    for character in str(text).replace("\r\n", "\n").replace("\r", "\n"):
        code = ord(character)
        control = (
            (code < 32 and character not in "\n\t")
            or 127 <= code < 160
            or 0xD800 <= code < 0xE000
            or code in (0xFFFE, 0xFFFF)
        )
        shown.append(f"[U+{code:04X}]" if control or code in missing else character)
    return (
        '"' + "".join(shown).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t") + '"'
    )


def call(function: str, *values, **options) -> str:
    """Return a Typst call.

    >>> call("f", '"a"', "none", kept_open=True)
    'f("a", none, kept-open: true)'
    """
    said = [str(value) for value in values]
    said += [f"{key.replace('_', '-')}: {str(v).lower() if isinstance(v, bool) else v}" for key, v in options.items()]
    return f"{function}({', '.join(said)})"


def array(items: Iterable[str]) -> str:
    """Return a Typst array, of one item too.

    >>> array(["1"]), array([])
    ('(1,)', '()')
    """
    listed = ", ".join(items)
    return f"({listed},)" if listed else "()"


def house() -> str:
    """Return the house style as Typst takes it: colours, families, sizes and spaces by name."""
    colours = "".join(f'{name}: rgb("{colour}"), ' for name, colour in LIGHT.items())
    shares = (f"{key}: ({''.join(f'{n}: {s:g}, ' for n, s in said.items())})" for key, said in SHARES.items())
    families = (f"{name}: {array(map(literal, PRINT[name]))}" for name in PRINT)
    return f"#let house = (colours: ({colours}), {', '.join((*shares, *families))})"


@dataclass
class Source:
    """Writes a document as Typst source; collects the pictures it refers to."""

    document: Document
    is_report: bool
    missing: frozenset[int] = frozenset()
    files: dict[str, bytes] = field(default_factory=dict)

    def text(self) -> tuple[str, dict[str, bytes]]:
        """Return the source and the files it needs."""
        about = self.document.metadata
        parts = [
            house(),
            self._about(),
            f"#let rows = ({''.join(f'{literal(a)}: {self.literal(s)}, ' for a, s in self._rows()) or ':'})",
            f"#let anchors = ({''.join(f'{literal(a)}: {literal(s)}, ' for a, s in self._anchors()) or ':'})",
            TEMPLATE.read_text(encoding="utf-8"),
            "#show: setup",
            *self._attachments(),
            f"#title-page({self.literal(written_day(about.get('date') or ''))}, {self.cell(self.document.subtitle)})",
            *self._unset(),
            "#show: chapters",
            *(self.chapter(blocks) for blocks in _chapters(self.document.blocks)),
            "#heads",
            "#evidence",
            *self._colophon(),
            places.LIST_PLACES,
        ]
        return "\n".join(parts) + "\n", self.files

    def _unset(self) -> Iterator[str]:
        """Say once what stands in the place of characters, in a document that is not ours and has some."""
        if self.missing and not self.is_report:
            said = "characters have" if len(self.missing) > 1 else "character has"
            yield f"#remark({literal(UNSET.format(count=len(self.missing), said=said, code=min(self.missing)))})"

    def literal(self, text: str) -> str:
        """Return a string literal of text that every font can show."""
        return literal(text, self.missing)

    def _about(self) -> str:
        about = self.document.metadata
        title = self.literal(about.get("title") or "")
        description = self.literal(about["description"]) if about.get("description") else '""'
        day = _day(about.get("date"))
        return (
            f"#let about = (title: {title}, description: {description}, "
            f"language: {literal(about.get('language') or 'en')}, report: {str(self.is_report).lower()}, "
            f"date: datetime(year: {day.year}, month: {day.month}, day: {day.day}), "
            f"authors: {array(map(self.literal, about.get('authors') or ()))}, "
            f"keywords: {array(map(self.literal, about.get('keywords') or ()))})"
        )

    def _anchors(self) -> Iterator[tuple[str, str]]:
        """Yield every anchor with what stands there: “Figure 1”, “Section 2.1”, nothing for a row of a table."""
        said = {}
        for block in self.document.blocks:
            if block.kind == "exhibit" and block.label:
                said[block.anchor] = f"{block.label} {block.number}"
            elif block.kind == "heading" and block.number:
                said[block.anchor] = f"Section {block.number}"
        yield from ((anchor, said.get(anchor, "")) for anchor in sorted(self.document.anchors))

    def _rows(self) -> Iterator[tuple[str, str]]:
        """Yield the anchor and the number of every row of the appendices that are looked things up in."""
        for block in filter(_sideways, self.document.blocks):
            yield from ((run.anchor, run.text) for row in block.table.rows for run in row[0].runs if run.anchor)

    def _colophon(self) -> Iterator[str]:
        """Yield the call that sets the colophon, if the document says one."""
        said = self.document.metadata.get("colophon") or ()
        if said:
            yield f"#colophon({array(array(map(self.literal, entry)) for entry in said)})"

    def _attachments(self) -> Iterator[str]:
        """Yield a line per file the document carries: name, media_type, description, and text or base64."""
        for said in self.document.metadata.get("attachments") or ():
            data = base64.b64decode(said["base64"]) if "base64" in said else said["text"].encode()
            name = Path(said["name"]).name
            self.files[f"attached/{name}"] = data
            yield "#" + call(
                "pdf.attach",
                literal(name),
                f"read({literal(f'attached/{name}')}, encoding: none)",
                relationship=literal(said.get("relationship", "data")),
                mime_type=literal(said.get("media_type", "application/octet-stream")),
                description=literal(said.get("description", name)),
            )

    # ---- blocks ----

    def chapter(self, blocks: list[Block]) -> str:
        """Return a chapter; an appendix with a register lies sideways."""
        shown = [block for block in blocks if not (block.kind == "listing" and block.role == "code" and self.is_report)]
        placed = [_placement(shown, place) for place in range(len(shown))]
        parts = [self.block(block, *where) for block, where in zip(shown, placed, strict=True)]
        if self.is_report:
            parts += self._held(shown, placed)
        body = "\n\n".join(parts)
        return f"#landscape[\n{body}\n]" if any(map(_sideways, blocks)) else body

    def _held(self, blocks: list[Block], placed: list[tuple[str, bool]]) -> Iterator[str]:
        """Yield the calls that set below a chapter the figures that would else float to the foot of its last page."""
        for block, (floats, _) in zip(blocks, placed, strict=True):
            if floats == "bottom" and block.label and block.anchor:
                yield f'#{_held_name(block)}(held: "at the end")'
        yield "#chapter-end"

    def block(self, block: Block, floats: str = "none", breaks: bool = False) -> str:
        """Return one block as Typst source; a short exhibit `floats` there, a long one `breaks`."""
        if block.kind == "heading":
            opens = self.is_report and block.level == 1 and block.number not in LATER_APPENDICES
            title = f"[{self.markup(block.markup)}]"
            return "#" + call("section", block.level, literal(block.number), literal(block.anchor), title, opens=opens)
        if block.kind == "prose":
            return self.markup(block.markup)
        if block.kind == "note":
            return f"#remark({self.literal(block.text)})"
        if block.kind == "listing":
            language = literal(block.language) if block.role in ("code", "excerpt") and block.language else "none"
            styled = array(map(self.styled, _lines_of(block.runs))) if block.runs else "()"
            options = {"kind": literal(block.role), "lang": language, "styled": styled}
            return "#" + call("listing", self.literal(block.text), **options)
        return self.exhibit(block, floats, breaks)

    def styled(self, line: list[tuple[str, str]]) -> str:
        """Return a line of a terminal as an array of its texts, each with its style."""
        return array(array((self.literal(text.expandtabs(4)), literal(style))) for text, style in line)

    def markup(self, markup: str) -> str:
        """Return converted text with the links that Jupyter spells in its own way resolved."""
        return XREF.sub(lambda found: f"#xref({literal(self.document.aliases.get(found[1], found[1]))})[", markup)

    def exhibit(self, block: Exhibit, floats: str, breaks: bool) -> str:
        """Return a figure or a table with its title, notes and anchor."""
        if block.image:
            body = self.picture(block)
        elif block.table and block.label != "Figure":
            body = self.table(block.table) if block.label else self.foreign_table(block)
        else:
            body = f"remark({self.literal('The picture could not be read. It shows: ' + block.alt)})"
        if not block.label:
            return f"#block(above: 1.2em, below: 1.2em, {body})"
        named = (literal(block.label), literal(block.number), literal(block.anchor))
        texts = (self.content(text) for text in (block.title, block.caption, block.source))
        if floats == "bottom" and self.is_report and block.anchor:
            name = _held_name(block)
            return f"#let {name} = {call('exhibit.with', *named, *texts, body)}\n#{name}(floats: {floats}, held: true)"
        return "#" + call("exhibit", *named, *texts, body, breaks=breaks, floats=floats)

    def content(self, markup: str) -> str:
        """Return markup as a content block, or none."""
        return f"[{self.markup(markup)}]" if markup else "none"

    def picture(self, block: Exhibit) -> str:
        """Return the call that shows a picture, at its own size where that fits."""
        image = block.image
        self.files[image.name] = image.data
        points = (image.width or 0) * 0.75
        width = f"{points:g}pt" if 0 < points < 425 else "100%"
        return call("picture", literal(image.name), self.literal(block.alt), width)

    def foreign_table(self, block: Exhibit) -> str:
        """Return the calls that set a table that is not ours: its caption, and as many parts as its width needs."""
        parts = panels(block.table, FOREIGN_CHARACTERS)
        caption = [f"table-caption([{self.markup(block.title)}])"] if block.title else []
        return "{ " + "; ".join(caption + [self.table(part) for part in parts]) + " }"

    def table(self, table: Table) -> str:
        """Return the call that sets a table."""
        sides = array(column.align for column in table.columns)
        rows = array(("\n" + array(self.cell(cell) for cell in row)) for row in table.rows)
        small = table.layout == "register" or len(table.columns) > 7
        head = array(self._head(table))
        # on a later page a head is decoration, which may not lead anywhere
        repeats = "link(" not in head and "xref(" not in head
        options = {"register": small, "weighted": not table.head, "repeats": repeats, "foot": _footed(table)}
        return call("grid-table", _widths(table), sides, head, rows, **options)

    def _head(self, table: Table) -> Iterator[str]:
        if table.head:
            yield from (array(self.cell(replace(cell, bold=True)) for cell in row) for row in table.head)
        elif any(column.label for column in table.columns):
            yield array(self.label(column) for column in table.columns)

    def label(self, column: Column) -> str:
        """Return a column's head: its label, its unit in plain weight below."""
        unit = f"#linebreak()#text(weight: 400, fill: soft, {self.literal(column.unit)})" if column.unit else ""
        return f"[{self.runs(column.head)}{unit}]"

    def cell(self, cell: Cell) -> str:
        """Return a table cell: data as string literals, links and anchors around them."""
        content = f"[{self.runs(cell)}]"
        if cell.bold:
            content = f"text(weight: 600, {content})"
        options = [f"rowspan: {cell.rows}, colspan: {cell.columns}"] if cell.rows > 1 or cell.columns > 1 else []
        if cell.rows > 20:
            options.append("breakable: true")
        if cell.ground:
            options.append(f'fill: rgb("{cell.ground}")')
            content = f'text(fill: rgb("{ink_on(cell.ground)}"), {content})'
        return f"table.cell({', '.join([*options, content])})" if options else content

    def runs(self, cell: Cell) -> str:
        """Return what a cell holds, a comma between what is not glued together."""
        return "".join(
            ('#", ";' if place and not run.glued else "") + self.run(run) for place, run in enumerate(cell.runs)
        )

    def run(self, run: Run) -> str:
        """Return a stretch of a cell."""
        shown = self.literal(_breakable(run))
        content = f"[{self.markup(run.markup)}]" if run.markup is not None else shown
        if run.href and run.href.startswith("#"):
            content = f"xref({self.literal(run.href[1:])}, {content})"
        elif run.leads_out:
            content = f"link({self.literal(run.href)}, {content})"
        if run.anchor:
            content = f"anchored({literal(run.anchor)}, {content})"
        return f"#{content};"


def _lines_of(runs: Iterable[tuple[str, str]]) -> Iterator[list[tuple[str, str]]]:
    r"""Yield the runs of each line.

    >>> list(_lines_of((("a\nb", "red"), ("c", ""))))
    [[('a', 'red')], [('b', 'red'), ('c', '')]]
    """
    line: list[tuple[str, str]] = []
    for text, style in runs:
        first, *others = text.split("\n")
        line.append((first, style))
        for other in others:
            yield [(said, style) for said, style in line if said]
            line = [(other, style)]
    yield [(said, style) for said, style in line if said]


def _chapters(blocks: Iterable[Block]) -> Iterator[list[Block]]:
    """Yield the blocks of each chapter; what stands before the first is a chapter too."""
    chapter: list[Block] = []
    for block in blocks:
        if block.kind == "heading" and block.level == 1 and chapter:
            yield chapter
            chapter = []
        chapter.append(block)
    yield chapter


def _sideways(block: Block) -> bool:
    return block.kind == "exhibit" and block.appendix and block.table is not None and block.table.layout == "register"


def _long(blocks: list[Block], place: int) -> bool:
    """Return whether a block is a table that may break over pages."""
    block = blocks[place]
    if block.kind != "exhibit" or block.label != "Table" or not block.table:
        return False
    return block.appendix or sum(_lines(block.table)) > LONG


def _below_heading(blocks: list[Block], place: int) -> bool:
    return place > 0 and blocks[place - 1].kind == "heading"


def _placement(blocks: list[Block], place: int) -> tuple[str, bool]:
    """Return where the exhibit at this place of a chapter floats, and whether it breaks over pages.

    Right below a heading it stays. Less than a page from one that stays or breaks it goes to the foot: at the head of a
    page it could come before what it follows, or cut it in two.
    """
    if blocks[place].kind != "exhibit" or blocks[place].label == "Table" or _below_heading(blocks, place):
        return "none", _long(blocks, place)
    near = any(_near(blocks, places) for places in (range(place - 1, -1, -1), range(place + 1, len(blocks))))
    return "bottom" if near else "top", False


def _near(blocks: list[Block], places: Iterable[int]) -> bool:
    """Return whether an exhibit that does not float stands among the blocks that fill a page."""
    room = PAGE_LINES
    for place in places:
        if blocks[place].kind == "exhibit" and (_long(blocks, place) or _below_heading(blocks, place)):
            return True
        room -= _height(blocks[place])
        if room < 0:
            break
    return False


def _held_name(block: Exhibit) -> str:
    """Return the name that a floating exhibit has in its chapter.

    >>> _held_name(Exhibit("Figure", "1", "fig-growth.rates"))
    'held-fig-growth-rates'
    """
    return "held-" + re.sub(r"[^\w-]", "-", block.anchor)


def _footed(table: Table) -> bool:
    """Return whether the last two rows of a table are kept together: short ones of a table that is ours."""
    last = [cell for row in table.rows[-2:] for cell in row]
    return (
        len(table.rows) > 3
        and not table.head
        and all(cell.rows == 1 for row in table.rows for cell in row)
        and max((len(cell.text) for cell in last), default=0) <= SHORT
    )


def _height(block: Block) -> float:
    """Return a guess at the lines that a block fills."""
    if block.kind != "exhibit":
        return 3 if block.kind == "heading" else len(getattr(block, "markup", "")) / (1.5 * PAGE_CHARACTERS[False])
    lines = sum(_lines(block.table)) if block.table and block.label != "Figure" else 0
    return lines + 6 + (block.image.height or 0) / 20 if block.image else lines + 6


def _day(text: str | None) -> Date:
    try:
        return Date.fromisoformat(str(text)[:10])
    except ValueError:
        stamp = os.environ.get("SOURCE_DATE_EPOCH", "")
        return Date.fromordinal(UNDATED.toordinal() + int(stamp) // 86400) if stamp.isdigit() else UNDATED


def _widths(table: Table) -> str:
    """Return the column widths: as given, else as Typst finds them, long texts sharing what the others leave."""
    shares = _shares(table)
    return array("auto" if share is None else f"{share:g}fr" for share in shares)


def _shares(table: Table) -> list[float | None]:
    """Return the columns' shares of the line: as given, else fair ones, None for all where everything fits."""
    if all(column.width for column in table.columns):
        return [column.width for column in table.columns]
    texts = [
        [_broadened(column.label), *(cell.text for row in table.rows for cell in row[i : i + 1])]
        for i, column in enumerate(table.columns)
    ]
    wants = [max(len(text) for text in column) for column in texts]
    room = PAGE_CHARACTERS[table.layout == "register"] - 2 * len(wants)
    if sum(wants) <= room:
        return [None] * len(wants)
    needs = [max((len(word) for text in column for word in together(text).split(" ")), default=1) for column in texts]
    if table.head:  # one that is not ours: its long words may be broken, and its short columns are as wide as they are
        needs = [min(need, LONGEST + 2) for need in needs]
        return [
            None if want < 15 else share for want, share in zip(wants, fair_shares(wants, needs, room), strict=True)
        ]
    return fair_shares(wants, needs, room)


def _breakable(run: Run) -> str:
    """Return the text of a run with places to break a long name, after each of its words, and an address."""
    if run.leads_out:
        return "\u200b".join(BREAKS.split(run.text))
    return re.sub(r"(?<!\d)_", "_\u200b", together(run.text))


def _broadened(label: str) -> str:
    """Return a column's head as the longer text it is as wide as: heads are bold, and their words stay whole."""
    return " ".join(word + word[: len(word) // 6] for word in label.split())


def fair_shares(wants: list[int], needs: list[int], room: float) -> list[float]:
    """Return how much of `room` each column gets: what it wants if that is little, else by the root of what it wants.

    No column gets less than it needs. The root keeps a long column from starving others, and its cells from towering.

    >>> fair_shares([4, 64, 16], [4, 8, 8], 64)
    [4, 44.0, 16]
    """
    shares = dict.fromkeys(range(len(wants)), 0.0)
    left, open_columns = room, set(shares)
    while open_columns:
        weight = left / sum(wants[i] ** 0.5 for i in open_columns)
        share = {i: weight * wants[i] ** 0.5 for i in open_columns}
        settled = {i: wants[i] for i in open_columns if wants[i] <= share[i]}
        settled = settled or {i: needs[i] for i in open_columns if needs[i] > share[i]}
        settled = settled or share
        shares |= settled
        open_columns -= settled.keys()
        left = max(left - sum(settled.values()), 1)
    return [round(share, 2) for share in shares.values()]


def _lines(table: Table) -> Iterable[int]:
    """Return a guess at the printed lines of each row of a table."""
    shares = _shares(table)
    if None in shares:
        return [1] * len(table.rows)
    room = PAGE_CHARACTERS[table.layout == "register"] / sum(shares)
    return [
        max([-(-len(cell.text) // max(1, int(share * room))) for cell, share in zip(row, shares, strict=False)] + [1])
        for row in table.rows
    ]
