"""The HTML page: one file that requests nothing from any network and needs no script."""

from __future__ import annotations

import base64
import json
import logging
import re
from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from hashlib import sha256
from itertools import groupby, repeat
from pathlib import Path
from types import MappingProxyType
from urllib.parse import quote

import jinja2
from claims.content.phrases import MARKS, Anchor, Link, Marked, Part, Phrase, part_text
from claims.content.tables import Column, walk
from claims.show import style
from jinja2.bccache import Bucket
from markupsafe import Markup, escape

from report.pages import drawing
from report.pages.anchors import LISTS, slug
from report.pages.composing import compose, warn_of_refused
from report.pages.document import Block, Document, Draft, ExhibitBlock, GridCell, Listing, TableGrid
from report.pages.folding import folded_rows, shows_first, with_folded_places
from report.pages.grounds import headline_boxes, quoted_headline, with_boxes
from report.pages.listings import listing_html
from report.pages.looks import Looks, frame_words
from report.pages.markdown import Converted, Job, Piece, convert
from report.pages.packing import packed
from report.pages.phone_tables import Cards, cards_of, is_short, style_of
from report.pages.pictures import SVG, Image
from report.pages.typesetting import ADDRESS_BREAKS, SIGNED, ink_on, keep_units, with_code_points, written_day

__all__ = ["PageParts", "composed", "converted", "page", "render", "render_parts"]

LOG = logging.getLogger(__name__)
TEMPLATES = Path(__file__).parent / "templates"
SCRIPTS = ("report.js", "take_away.js", "links.js", "what_if.js")  # any page has the first; see _scripts
POLICY = (  # the script is allowed by the hash of its content
    "default-src 'none'; style-src 'unsafe-inline'; script-src '{script}'; img-src data:; font-src data:; "
    "base-uri 'none'; form-action 'none'"
)
DATA_SAFE = ",:;/=+()[]!*|@$"  # characters that an address of data keeps as they are
LONG_NAME = re.compile(r"([a-z0-9][a-z0-9_]{4,}?[a-z]_)(?=[a-z0-9])")  # as much of a name as is kept on one line
UNREAD = re.compile(r"^ *//.*\n|^ +", re.M)  # of scripts: indents, of which there are thousands, and remarks
UNBROKEN = re.compile(r"[\w.,:%$\u00a0\u202f’]+")  # what no browser breaks
DASHES = ("–", "—", "-")  # the text of a cell without a value
LINK = re.compile(r'<a href="#([^"]*)">(.*?)</a>', re.S)
BETWEEN = "<\x00>"  # what separates blocks in the template; no page has it, as texts have no "<"


@dataclass(frozen=True)
class PageParts:
    """A page in parts: the HTML before its blocks, of each block, and after them.

    `cards` has the class of each table that is shown as cards, by its anchor, `rules` the style of these classes, and
    `looks` that of its drawings.
    """

    before: str
    blocks: tuple[str, ...]
    after: str
    cards: Mapping[str, str] = field(default_factory=dict)
    rules: str = ""
    looks: str = ""

    def __str__(self) -> str:
        """Return the page."""
        return "".join((self.before, *self.blocks, self.after))


class _CompiledTemplates(jinja2.BytecodeCache):
    """Compiled templates, kept while this process runs: a page may be rendered many times."""

    def __init__(self) -> None:
        self._codes: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill a bucket, if its template has been compiled."""
        if code := self._codes.get(bucket.key):
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what is in a bucket."""
        self._codes[bucket.key] = bucket.bytecode_to_string()


_COMPILED = _CompiledTemplates()


def page(draft: Draft, **options) -> str:
    """Return the HTML of a draft; `options` are those of `composed`."""
    return render(composed(draft, **options))


def composed(
    draft: Draft, conversions: MutableMapping | None = None, log: logging.Logger = LOG, spare=False
) -> Document:
    """Return the document of a draft, with its texts as HTML; `conversions` and `spare` are as for `convert`."""
    texts = converted(draft, conversions, spare)
    warn_of_refused(draft, texts, log)
    document = compose(draft, texts)
    document.warn(log)
    return document


def converted(draft: Draft, conversions: MutableMapping | None = None, spare: bool = False) -> dict[Piece, Converted]:
    """Return the texts of a draft as HTML; they are added to `conversions`."""
    return convert(draft.pieces(), Job("html"), conversions, spare)


def render(document: Document) -> str:
    """Return the document as HTML."""
    return str(render_parts(document))


def render_parts(
    document: Document,
    blocks: Sequence[Block] | None = None,
    names: Mapping[str, str] = MappingProxyType({}),
    looks: Looks | None = None,
) -> PageParts:
    """Return the document as HTML in parts, with only these of its `blocks` if they are given, then without fonts.

    `names` are the classes of tables shown as cards, by anchor, in a page that the blocks are put into. With `looks`,
    which it adds to, the style sheet is that of all versions rendered so far.
    """
    shown = document.blocks if blocks is None else tuple(blocks)
    shown = tuple(_merged(shown) if document.is_report else shown)
    cards = cards_of(shown, names, looks.cards if looks else {})
    drawings, rules, drawn = _drawings(shown, document), style_of(cards.values()), ""
    if looks or (blocks is None and not document.separate):
        looks = looks or Looks()
        drawings = looks.styles.shared(drawings)
        looks.styles.words += frame_words(shown, document) if drawings and document.is_report else []
        drawn = looks.drawn if blocks is None else ""
    elif drawings and blocks is None:
        drawn = "\n" + drawing.faces(map(drawing.words, drawings.values()))
    sheets = [_house(), (TEMPLATES / "report.css").read_text(encoding="utf-8"), rules, *([drawn] if drawn else [])]
    environment = _environment(document, cards, drawings)
    script = UNREAD.sub("", "".join((TEMPLATES / name).read_text(encoding="utf-8") for name in _scripts(document)))
    environment.globals.update(
        policy=POLICY.format(script=f"sha256-{base64.b64encode(sha256(script.encode()).digest()).decode()}"),
        style=Markup("\n".join(sheets)),
        script=Markup(script),
        pack=packed(document.what_if) if document.what_if else "",
        between=Markup(BETWEEN),
    )
    page = environment.get_template("html.j2").render(
        blocks=shown,
        about=document.metadata,
        subtitle=document.subtitle,
        is_report=document.is_report,
        outline=document.outline(),
        lists=document.lists() if document.is_report else [],
        lists_title=LISTS,
        lists_anchor=slug(LISTS),
    )
    before, *parts = page.replace("\r\n", "\n").replace("\r", "\n").split(BETWEEN)
    *parts, after = map(with_code_points, parts)
    tables = ((block.anchor, block.table) for block in shown if isinstance(block, ExhibitBlock))
    own = {anchor: cards[id(table)] for anchor, table in tables if anchor and id(table) in cards}
    if looks:
        looks.cards = own | looks.cards
    classes = {anchor: card.name for anchor, card in own.items()}
    return PageParts(with_code_points(before), tuple(parts), after, classes, rules, drawn)


def _scripts(document: Document) -> tuple[str, ...]:
    """Return the scripts of a page: a report has all, the last one only if it has the data for it."""
    if not document.is_report:
        return SCRIPTS[:1]
    return SCRIPTS if document.what_if else SCRIPTS[:-1]


def _environment(document: Document, cards: Mapping[int, Cards], drawings: Mapping[str, str]) -> jinja2.Environment:
    """Return the template's environment, with the filters that show parts of this document."""

    def markup(text: object) -> Markup:
        return Markup(_resolved(str(text or ""), document))

    boxes = headline_boxes(document, lambda part: _part(part, document))

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        bytecode_cache=_COMPILED,
    )
    environment.filters.update(
        zip=zip,
        markup=markup,
        prose=lambda text: Markup(with_boxes(_resolved(text, document), boxes.in_text)),
        cell=lambda cell: Markup(_cell(cell, document)),
        rows=lambda table, folded, own: Markup(_rows(table, cards.get(id(table)), document, folded, own)),
        folded=folded_rows,
        plain=lambda markup: Markup(markup or "").striptags(),
        chain=lambda pieces: json.dumps(pieces, ensure_ascii=False, separators=(",", ":")),
        code=lambda block: Markup(listing_html(block)),
        day=written_day,
        drawing=lambda image: Markup(drawings.get(image.name, "")),
    )
    environment.globals.update(
        cards=cards,
        boxes=boxes.in_tables,
        identity=id,
        kind=lambda block: type(block).__name__,
        shows_first=shows_first,
        shapes=_shapes,
        data_address=lambda csv: f"data:text/csv;charset=utf-8,{quote(csv, safe=DATA_SAFE)}",
    )
    return environment


def _house() -> str:
    """Return the house style as custom properties: colours for light and dark, families, sizes and spaces."""

    def declared(values: Mapping[str, object], unit: str = "") -> str:
        return "".join(f"--{name}:{value}{unit};" for name, value in values.items())

    measures = {f"size-{name}": size for name, size in style.SIZES.items()}
    measures |= {f"space-{name}": space for name, space in style.SPACES.items()}
    return (
        f":root{{{declared(style.LIGHT)}{declared(style.SCREEN)}{declared(measures, 'rem')}}}\n"
        f"@media screen and (prefers-color-scheme:dark){{:root{{{declared(style.DARK)}}}}}"
    )


def _drawings(blocks: Iterable[Block], document: Document) -> dict[str, str]:
    """Return the inside of every figure that is a plain drawing, by the name of its picture; its marks name rows.

    Ids begin with a digest of the figure's anchor, which no other block has, so that a chapter alone has the same.
    """
    drawings: dict[str, str] = {}
    rows = {anchor: document.row_numbers.get(anchor, anchor) for anchor in document.anchors}
    for block in blocks:
        if isinstance(block, ExhibitBlock) and block.label and block.image and block.image.mime == SVG:
            anchor = re.sub(r"[^\w-]", "", block.anchor) or block.image.name[:14]
            place = sha256(anchor.encode()).hexdigest()[:5]
            for kind, image in (("d", block.image), ("n", block.narrow)):
                try:
                    if image:
                        inline = drawing.inline(image.data, f"{kind}{place}")
                        drawings[image.name] = drawing.linked(inline, rows)
                except (drawing.NotPlain, SyntaxError):
                    break
    return drawings


def _merged(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield the blocks, code cells with nothing between them as one: a reader opens them together."""
    for is_code, group in groupby(blocks, lambda block: isinstance(block, Listing) and block.role == "code"):
        if is_code:
            cells = [block for block in group if isinstance(block, Listing)]
            yield replace(cells[0], text="\n\n".join(cell.text for cell in cells))
        else:
            yield from group


def _resolved(html: str, document: Document) -> str:
    """Return the markup with its links resolved: a link without a target becomes plain text."""

    def resolve(match: re.Match) -> str:
        target = document.aliases.get(match[1], match[1])
        if target not in document.anchors:
            return match[2]
        # a link from a number to its evidence is drawn more quietly than others
        quiet = ' class="evidence"' if re.match(r"f-|[a-z]\d|S\d", target) else ""
        return f'<a href="#{target}"{quiet}>{match[2]}</a>'

    return _kept_signs(LINK.sub(resolve, html))


def _kept_signs(html: str) -> str:
    """Return markup with the sign of each amount and the currency after it on one line; attributes stay as they are.

    >>> _kept_signs('<i title="−$2">−$1 to −4</i>')
    '<i title="−$2"><span class="short">−$</span>1 to −4</i>'
    """
    return re.sub(rf"{SIGNED.pattern}\$(?![^<>]*>)", '<span class="short">−$</span>', html)


def _escaped(text: str) -> str:
    return str(escape(text))


def _rows(
    table: TableGrid, cards: Cards | None, document: Document, folded: frozenset[int], boxes: Mapping[str, str]
) -> str:
    """Return the rows of a table's body; those `folded` have a class, unless they are all after the first.

    A row that quotes a headline has its box.
    """
    marked = frozenset() if shows_first(table, folded) else folded
    rows = (_row(row, table, cards, document, place in marked) for place, row in enumerate(table.rows))
    held = (boxes.get(quoted_headline(row), "") for row in table.rows) if boxes else repeat("")
    return "\n".join(html.replace("</th>", f"{box}</th>", 1) for html, box in zip(rows, held, strict=False))


def _row(row: tuple[GridCell, ...], table: TableGrid, cards: Cards | None, document: Document, folded: bool) -> str:
    """Return a row of a table's body; the anchor of its first cell is its own, and that cell links to it."""
    named, number = ' class="more"' if folded else "", None
    match [*walk(*row[:1])]:
        case [Anchor(text=text, id=id, kind=kind)]:
            named += f' id="{_escaped(id)}"'
            number = document.row_numbers.get(id)
            row = (replace(row[0], phrases=(Phrase((Link(text, id, kind),)),)), *row[1:])
    origins = " data-from" if table.origins else ""
    cells = "".join(_cells(row, table, cards, document))
    if number:
        own = f'<a href="#{number}"'
        cells = cells.replace(own, f'{own} id="{number}"', 1)
    return f"<tr{named}{origins}>{cells}</tr>"


def _cells(row: tuple[GridCell, ...], table: TableGrid, cards: Cards | None, document: Document) -> Iterator[str]:
    """Yield the cells of a row; in one that becomes a card, a style sets what is true of every cell of a column."""
    for position, cell in enumerate(row):
        index = position if cell.column is None else cell.column
        column = table.columns[index] if index < len(table.columns) else Column("", Phrase())
        names = index < table.stubs and cell.text.strip()
        tag = "th" if names else "td"
        classes = [] if cards else [column.align] * (column.align != "left")
        if cards and cell.text.strip() in DASHES and not any(isinstance(part, Link) for part in walk(cell)):
            classes.append("none")
        elif is_short(cell, table) and cell.text.strip() and not (cards and _never_breaks(cell, index, cards)):
            classes.append("short")
        classes += ["bold"] * cell.bold + ["inner"] * (index > position == 0)
        attributes = ' scope="row"' if names else ""
        attributes += f' colspan="{cell.columns}"' if cell.columns > 1 else ""
        attributes += f' rowspan="{cell.rows}"' if cell.rows > 1 else ""
        attributes += f' class="{" ".join(classes)}"' if classes else ""
        attributes += f' style="background: {cell.ground}; color: {ink_on(cell.ground)}"' if cell.ground else ""
        content = _cell(cell, document)
        yield f"<{tag}{attributes}>{with_folded_places(content, row[0].text) if column.back else content}</{tag}>"


def _never_breaks(cell: GridCell, index: int, cards: Cards) -> bool:
    """Return whether a short cell of a table of cards stays on one line without a class of its own."""
    return index in cards.short or UNBROKEN.fullmatch(keep_units(cell.text)) is not None


def _cell(cell: GridCell, document: Document) -> str:
    """Return the content of a cell."""
    if cell.markup is not None:
        return _resolved(cell.markup, document)
    return ", ".join("".join(_part(part, document) for part in phrase.parts) for phrase in cell.phrases)


def _part(part: Part, document: Document) -> str:
    """Return a part of a cell.

    A link to a row that has a number goes to that number, which is shorter than the row's own anchor.
    """
    target = ""
    if isinstance(part, Link) and not part.leaves and part.to in document.anchors:
        target = document.row_numbers.get(part.to, part.to)
    return _part_html(part, target)


@lru_cache(maxsize=200_000, typed=True)
def _part_html(part: Part, target: str) -> str:
    """Return a part of a cell with marks where a long name or an address may break, but none at units.

    It is a link within the page if it has a `target` there. Versions of a page have most parts in common.
    """
    text = part_text(part)
    content = LONG_NAME.sub(r"\1<wbr>", _escaped(keep_units(text))).replace("\n", "<br>")
    content = _kept_signs(content)
    if isinstance(part, Link) and part.leaves:
        broken = "<wbr>".join(map(_escaped, ADDRESS_BREAKS.split(text)))
        content = f'<a rel="noreferrer" href="{_escaped(part.href)}">{broken}</a>'
    elif target:
        content = f'<a href="#{_escaped(target)}">{content}</a>'
    if isinstance(part, Link | Anchor | Marked) and part.kind:
        content = f"<{MARKS[part.kind]}>{content}</{MARKS[part.kind]}>"
    if isinstance(part, Anchor):
        content = f'<span id="{_escaped(part.id)}" class="anchor">{content}</span>'
    return content


def _shapes(block: ExhibitBlock) -> str:
    """Return the shape, width by height, in which a wide and a narrow screen show a picture, for the style sheet."""

    def shape(image: Image) -> str:
        return "/".join(image.box.split()[2:])

    return f"--wide:{shape(block.image)};--narrow:{shape(block.narrow)}" if block.image and block.narrow else ""
