"""The document as Typst source: one call for each block, above them what the template `report.typ` needs to know."""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date as Date
from pathlib import Path

from claims.content.phrases import Anchor, Link, Part, part_text
from claims.content.tables import walk
from claims.show.style import LIGHT, PRINT, SIZES, SPACES

from report.pages.column_widths import is_small, keeps_ranges, typst_widths
from report.pages.destinations import LIST_DESTINATIONS
from report.pages.document import (
    Block,
    Document,
    ExhibitBlock,
    GridCell,
    Heading,
    Listing,
    Note,
    Prose,
    StyledText,
    TableGrid,
)
from report.pages.floats import chapters, is_sideways, placement
from report.pages.listings import broken
from report.pages.pictures import Image
from report.pages.typesetting import ADDRESS_BREAKS, SIGNED, cut, ink_on, keep_units, with_code_points, written_day

__all__ = ["END_OF_BLOCKS", "TEMPLATE", "TypstWriter", "array", "call", "house_style", "literal", "mark"]

TEMPLATE = Path(__file__).parent / "templates" / "report.typ"
XREF = re.compile(r'#xref\("([^"\\]*)"\)\[')
NEW_PAGE = ("2", "A")  # the chapter after the contents, and the first appendix; others begin where a page has room
FOOT_CHARACTERS = 400  # of a cell in a row that is kept together with another
TEXT_WIDTH = 425  # points
LONGEST_ALT = 8000  # letters: a PDF has no string longer than 32,767 bytes
UNJOINED = re.compile("[\u0900-\u097f]")  # the one font that has these letters cannot join them
HTML_SHOWS = "The page made with --to report-html shows them."
LONGEST_TITLE = 1000
END_OF_BLOCKS = "/*end of blocks*/"
LINE_ENDS = re.compile("\r\n|[\r\u2028\u2029]")
UNDATED = Date(1970, 1, 1)


def literal(text: object, missing: frozenset[int] = frozenset()) -> str:
    r"""Return the text as a Typst string; what no font has or no PDF may contain is shown as [U+XXXX].

    >>> literal('a "b" #set')
    '"a \\"b\\" #set"'
    """
    visible = with_code_points(LINE_ENDS.sub("\n", str(text)).replace("\ufeff", ""))
    if missing:
        visible = "".join(f"[U+{ord(c):04X}]" if ord(c) in missing else c for c in visible)
    escaped = visible.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def call(function: str, *values: object, **options: object) -> str:
    """Return a Typst call.

    >>> call("f", '"a"', "none", kept_open=True)
    'f("a", none, kept-open: true)'
    """
    parts = [str(value) for value in values]
    parts += [f"{key.replace('_', '-')}: {str(v).lower() if isinstance(v, bool) else v}" for key, v in options.items()]
    return f"{function}({', '.join(parts)})"


def mark(index: int) -> str:
    """Return the line above a block, by which what Typst says of a position is known to be of that block."""
    return f"/*block {index}*/"


def array(items: Iterable[str]) -> str:
    """Return a Typst array, also of one item or of none.

    >>> array(["1"]), array([])
    ('(1,)', '()')
    """
    listed = ", ".join(items)
    return f"({listed},)" if listed else "()"


def house_style() -> str:
    """Return the house style as a Typst dictionary: colours, families, sizes and spaces by name."""
    colours = "".join(f'{name}: rgb("{colour}"), ' for name, colour in LIGHT.items())
    shares = (
        f"{key}: ({''.join(f'{name}: {share:g}, ' for name, share in values.items())})"
        for key, values in (("sizes", SIZES), ("spaces", SPACES))
    )
    families = (f"{name}: {array(map(literal, PRINT[name]))}" for name in PRINT)
    return f"#let house = (colours: ({colours}), {', '.join((*shares, *families))})"


@dataclass
class TypstWriter:
    """Writes a document as Typst source; collects the files it refers to.

    `split_table` returns the parts, one below another, in which a table that is no exhibit is set. With `marks` the
    line above each block is its `mark`.
    """

    document: Document
    missing: frozenset[int] = frozenset()  # code points that no font has
    files: dict[str, bytes] = field(default_factory=dict)
    split_table: Callable[[TableGrid], Sequence[TableGrid]] = lambda table: (table,)
    marks: bool = False

    def write(self) -> tuple[str, dict[str, bytes]]:
        """Return the source and the files it needs, by their names."""
        about = self.document.metadata
        colophon = array(array(map(self.literal, entry)) for entry in about.get("colophon") or ())
        chapters = list(self._chapters())
        parts = [
            house_style(),
            self._about(),
            f"#let rows = ({''.join(f'{literal(a)}: {self.literal(s)}, ' for a, s in self._rows()) or ':'})",
            f"#let anchors = ({''.join(f'{literal(a)}: {literal(s)}, ' for a, s in self._anchors()) or ':'})",
            TEMPLATE.read_text(encoding="utf-8"),
            "#show: setup",
            *self._attachments(),
            f"#title-page({self.literal(written_day(about.get('date') or ''))}, {self._cell(self.document.subtitle)})",
            *self._unset(any(map(UNJOINED.search, chapters))),
            *chapters,
            *([END_OF_BLOCKS] if self.marks else []),
            "#lists",
            "#heads",
            "#evidence",
            *([f"#colophon({colophon})"] if about.get("colophon") else []),
            LIST_DESTINATIONS,
        ]
        return "\n".join(parts) + "\n", self.files

    def literal(self, text: object) -> str:
        """Return a string literal of text that every font can show."""
        return literal(text, self.missing)

    # ---- what the template needs to know ----

    def _unset(self, unjoined: bool) -> Iterator[str]:
        """Yield remarks on characters without a letter form or `unjoined`, in a notebook that is not this report."""
        if self.document.is_report:
            return
        if unjoined:
            yield f"#remark({literal(f'Devanagari letters are not joined as they should be. {HTML_SHOWS}')})"
        if self.missing:
            count = f"{len(self.missing)} {'characters have' if len(self.missing) > 1 else 'character has'}"
            code = f"[U+{min(self.missing):04X}]"
            reason = f"no letter form in the fonts of this file: each is shown by its code point, such as {code}"
            yield f"#remark({literal(f'{count} {reason}, or in a drawing by a square. {HTML_SHOWS}')})"

    def _about(self) -> str:
        about = self.document.metadata
        title = self.literal(cut(about.get("title") or "", LONGEST_TITLE))
        description = self.literal(about["description"]) if about.get("description") else '""'
        day = _day(about.get("date"))
        return (
            f"#let about = (title: {title}, description: {description}, "
            f"language: {literal(about.get('language') or 'en')}, report: {str(self.document.is_report).lower()}, "
            f"date: datetime(year: {day.year}, month: {day.month}, day: {day.day}), "
            f"authors: {array(map(self.literal, about.get('authors') or ()))}, "
            f"keywords: {array(map(self.literal, about.get('keywords') or ()))})"
        )

    def _anchors(self) -> Iterator[tuple[str, str]]:
        """Yield every anchor with its label: “Figure 1”, “Section 2.1”, nothing for a row of a table."""
        labels = {}
        for block in self.document.blocks:
            match block:
                case ExhibitBlock(label=str(label), number=number) if label:
                    labels[block.anchor] = f"{label} {number}"
                case Heading(number=str(number)) if number:
                    labels[block.anchor] = f"Section {number}"
        yield from ((anchor, labels.get(anchor, "")) for anchor in sorted(self.document.anchors))

    def _rows(self) -> Iterator[tuple[str, str]]:
        """Yield the anchor and the number of every row of the registers in the appendices."""
        for block in self.document.blocks:
            if isinstance(block, ExhibitBlock) and block.table and is_sideways(block):
                parts = walk(*(row[0] for row in block.table.rows))
                yield from ((part.id, part.text) for part in parts if isinstance(part, Anchor))

    def _attachments(self) -> Iterator[str]:
        """Yield a line for each file the document carries: name, media_type, description, and text or base64."""
        for attachment in self.document.metadata.get("attachments") or ():
            in_base64 = "base64" in attachment
            data = base64.b64decode(attachment["base64"]) if in_base64 else attachment["text"].encode()
            name = Path(attachment["name"]).name
            self.files[f"attached/{name}"] = data
            yield "#" + call(
                "pdf.attach",
                literal(name),
                f"read({literal(f'attached/{name}')}, encoding: none)",
                relationship=literal(attachment.get("relationship", "data")),
                mime_type=literal(attachment.get("media_type", "application/octet-stream")),
                description=literal(attachment.get("description", name)),
            )

    # ---- blocks ----

    def _chapters(self) -> Iterator[str]:
        """Yield the chapters of the document, in a report with the contents after the first, which is page 1."""
        registers, first = False, 0
        for number, blocks in enumerate(chapters(self.document.blocks), start=1):
            if not registers and isinstance(blocks[0], Heading) and blocks[0].appendix and not blocks[0].moved:
                registers = True
                yield "#evidence-start"
            yield self._chapter(blocks, first)
            first += len(blocks)
            if number == 1:
                yield "#contents"

    def _chapter(self, blocks: list[Block], first: int) -> str:
        """Return a chapter, whose blocks begin with that of index `first`; a register is set on landscape pages."""
        numbered, is_report = enumerate(blocks, start=first), self.document.is_report
        shown = [it for it in numbered if not (is_report and isinstance(it[1], Listing) and it[1].role == "code")]
        others = [block for _, block in shown]
        parts = [
            f"{mark(index)}\n" * self.marks + self._block(block, *placement(others, place))
            for place, (index, block) in enumerate(shown)
        ]
        body = "\n\n".join(parts)
        return f"#landscape[\n{body}\n]" if any(map(is_sideways, blocks)) else body

    def _block(self, block: Block, floats: str, breaks: bool) -> str:
        """Return one block as Typst source; an exhibit `floats` to a part of the page or `breaks` over pages."""
        match block:
            case Heading():
                opens = self.document.is_report and block.level == 1 and block.number in NEW_PAGE
                names = (literal(block.number), literal(block.anchor))
                return "#" + call("section", block.level, *names, f"[{self._markup(block.markup)}]", opens=opens)
            case Prose():
                return self._markup(block.markup)
            case Note():
                return f"#remark({self.literal(block.text)})"
            case Listing():
                return self._listing(block)
            case ExhibitBlock():
                return self._exhibit(block, floats, breaks)

    def _listing(self, block: Listing) -> str:
        language = literal(block.language) if block.role in ("code", "excerpt") and block.language else "none"
        styled = array(map(self._styled_line, _lines(block.styled))) if block.styled else "()"
        options = {"kind": literal(block.role), "lang": language, "styled": styled}
        return "#" + call("listing", self.literal(broken(block.text)), **options)

    def _styled_line(self, line: Iterable[StyledText]) -> str:
        """Return a line of a terminal as an array of its texts, each with its style."""
        return array(array((self.literal(text.expandtabs(4)), literal(style))) for text, style in line)

    def _markup(self, markup: str) -> str:
        """Return converted text with the links that Jupyter spells in its own way resolved."""
        aliases = self.document.aliases
        return XREF.sub(lambda match: f"#cited({literal(aliases.get(match[1], match[1]))})[", _kept_signs(markup))

    def _exhibit(self, block: ExhibitBlock, floats: str, breaks: bool) -> str:
        """Return a figure or a table with its title, notes and anchor."""
        if block.image:
            body = self._picture(block.image, block.alt)
        elif block.table and block.label != "Figure":
            body = self._table(block.table) if block.label else self._plain_table(block.table, str(block.title))
        else:
            body = f"remark({self.literal('The picture could not be read. It shows: ' + block.alt)})"
        if not block.label:
            return f"#block(above: 1.2em, below: 1.2em, {body})"
        names = (literal(block.label), literal(block.number), literal(block.anchor))
        markups = map(str, (block.title, f"{block.caption}{self._places(block)}", block.source))
        texts = [f"[{self._markup(markup)}]" if markup else "none" for markup in markups]
        return "#" + call("exhibit", *names, *texts, body, breaks=breaks, floats=floats)

    def _places(self, block: ExhibitBlock) -> str:
        """Return the sentence that names the places which refer to a table moved to the appendix."""
        links = ", ".join(f"#xref({literal(place.to)}, {self.literal(place.text)})" for place in block.places)
        return f" Discussed in {links}." if links else ""

    def _picture(self, image: Image, alt: str) -> str:
        """Return the call that shows a picture, at its own size where that fits."""
        self.files[image.name] = image.data
        points = (image.width or 0) * 0.75
        width = f"{points:g}pt" if 0 < points < TEXT_WIDTH else "100%"
        return call("picture", literal(image.name), self.literal(cut(alt, LONGEST_ALT)), width)

    # ---- tables ----

    def _plain_table(self, table: TableGrid, title: str) -> str:
        """Return the calls that set a table that is no exhibit: its caption, then its parts."""
        caption = [f"table-caption([{self._markup(title)}])"] if title else []
        return "{ " + "; ".join(caption + [self._table(part) for part in self.split_table(table)]) + " }"

    def _table(self, table: TableGrid) -> str:
        """Return the call that sets a table."""
        sides = array(column.align for column in table.columns)
        ranges = keeps_ranges(table)
        rows = array(("\n" + array(self._cell(cell, ranges) for cell in row)) for row in table.rows)
        head = array(self._head(table))
        # on a later page a head is decoration, which may not link to anything
        repeats = "link(" not in head and "xref(" not in head
        options = {
            "register": is_small(table),
            "weighted": not table.head,
            "repeats": repeats,
            "foot": _has_foot(table),
        }
        return call("grid-table", array(typst_widths(table)), sides, head, rows, **options)

    def _head(self, table: TableGrid) -> Iterator[str]:
        if table.head:
            yield from (array(self._cell(replace(cell, bold=True)) for cell in row) for row in table.head)
        elif any(label.text for label in table.labels):
            plain = "#linebreak()#text(weight: 400, fill: soft, {})"  # the unit below the label
            units = (plain.format(self.literal(column.unit)) if column.unit else "" for column in table.columns)
            yield array(f"[{self._words(label)}{unit}]" for label, unit in zip(table.labels, units, strict=True))

    def _cell(self, cell: GridCell, ranges: bool = True) -> str:
        """Return a table cell: data as string literals, links and anchors around them; see `keep_units`."""
        content = f"[{self._words(cell, ranges)}]"
        if cell.bold:
            content = f"text(weight: 600, {content})"
        options = [f"rowspan: {cell.rows}, colspan: {cell.columns}"] if cell.rows > 1 or cell.columns > 1 else []
        if cell.rows > 20:
            options.append("breakable: true")
        if cell.ground:
            options.append(f'fill: rgb("{cell.ground}")')
            content = f'text(fill: rgb("{ink_on(cell.ground)}"), {content})'
        return f"table.cell({', '.join([*options, content])})" if options else content

    def _words(self, cell: GridCell, ranges: bool = True) -> str:
        """Return the content of a cell, its phrases with commas between them."""
        if cell.markup is not None:
            return f"#[{self._markup(cell.markup)}];"
        return '#", ";'.join("".join(self._part(part, ranges) for part in phrase.parts) for phrase in cell.phrases)

    def _part(self, part: Part, ranges: bool) -> str:
        """Return a part of a cell with zero-width spaces where a long name or an address may break."""
        text = part_text(part)
        content = self.literal(re.sub(r"(?<!\d)_", "_\u200b", _kept_signs(keep_units(text, ranges))))
        match part:
            case Link(leaves=True):
                broken = self.literal("\u200b".join(ADDRESS_BREAKS.split(text)))
                content = f"link({self.literal(part.to)}, {broken})"
            case Link():
                content = f"xref({self.literal(part.to)}, {content})"
            case Anchor():
                content = f"anchored({literal(part.id)}, {content})"
        return f"#{content};"


def _kept_signs(text: str) -> str:
    r"""Return text, or Typst markup, with no line break between the sign of an amount and its currency.

    >>> _kept_signs("−$1 to −4"), _kept_signs(r"−\$1")
    ('−\u2060$1 to −4', '−\u2060\\$1')
    """
    return SIGNED.sub("−\u2060", text)


def _lines(runs: Iterable[StyledText]) -> Iterator[list[StyledText]]:
    r"""Yield the runs of each line.

    >>> list(_lines((("a\nb", "red"), ("c", ""))))
    [[('a', 'red')], [('b', 'red'), ('c', '')]]
    """
    line: list[StyledText] = []
    for text, style in runs:
        first, *others = text.split("\n")
        line.append((first, style))
        for other in others:
            yield [(part, style) for part, style in line if part]
            line = [(other, style)]
    yield [(part, style) for part, style in line if part]


def _has_foot(table: TableGrid) -> bool:
    """Return whether the last two rows of a table are kept together: short ones of an exhibit."""
    last = [cell for row in table.rows[-2:] for cell in row]
    return (
        len(table.rows) > 3
        and not table.head
        and all(cell.rows == 1 for row in table.rows for cell in row)
        and max((len(cell.text) for cell in last), default=0) <= FOOT_CHARACTERS
    )


def _day(date: str | None) -> Date:
    """Return a date; where there is none, that of SOURCE_DATE_EPOCH, else the first of 1970."""
    try:
        return Date.fromisoformat(str(date)[:10])
    except ValueError:
        stamp = os.environ.get("SOURCE_DATE_EPOCH", "")
        return Date.fromordinal(UNDATED.toordinal() + int(stamp) // 86400) if stamp.isdigit() else UNDATED
