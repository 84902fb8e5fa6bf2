"""The HTML page: one file that requests nothing from any network and needs no script."""

from __future__ import annotations

import base64
import json
import logging
import re
from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from types import MappingProxyType
from urllib.parse import quote

import jinja2
from claims.show import style
from jinja2.bccache import Bucket
from markupsafe import Markup

from report.pages import drawing
from report.pages.anchors import LISTS, slug
from report.pages.composing import compose, warn_of_refused
from report.pages.document import Block, Document, Draft, ExhibitBlock, Heading, Listing
from report.pages.folding import folded_rows, shows_first
from report.pages.grounds import headline_boxes, with_boxes
from report.pages.listings import listing_html
from report.pages.looks import Looks, frame_words
from report.pages.markdown import Converted, Job, Piece, convert
from report.pages.packing import packed
from report.pages.phone_tables import Cards, cards_of, style_of
from report.pages.pictures import SVG, Image
from report.pages.rows import cell_html, part_html, resolve_links, rows_html
from report.pages.typesetting import with_code_points, written_day

__all__ = ["PageParts", "composed", "converted", "page", "render", "render_parts"]

LOG = logging.getLogger(__name__)
TEMPLATES = Path(__file__).parent / "templates"
SCRIPTS = ("report.js", "take_away.js", "links.js", "what_if.js")  # any page has the first; see _scripts
POLICY = (  # the script is allowed by the hash of its content
    "default-src 'none'; style-src 'unsafe-inline'; script-src '{script}'; img-src data:; font-src data:; "
    "base-uri 'none'; form-action 'none'"
)
DATA_SAFE = ",:;/=+()[]!*|@$"  # characters that an address of data keeps as they are
UNREAD = re.compile(r"^ *//.*\n|^ +", re.M)  # of scripts: indents, of which there are thousands, and remarks
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


def _openings(document: Document) -> list[str]:
    """Return the anchors of the first chapter and of the first figure, which stand close to the head of the page."""
    chapters = (block for block in document.blocks if isinstance(block, Heading) and block.level == 1)
    figures = (block for block in document.blocks if isinstance(block, ExhibitBlock) and block.label == "Figure")
    return [block.anchor for block in (next(chapters, None), next(figures, None)) if block and block.anchor]


def _scripts(document: Document) -> tuple[str, ...]:
    """Return the scripts of a page: a report has all, the last one only if it has the data for it."""
    if not document.is_report:
        return SCRIPTS[:1]
    return SCRIPTS if document.what_if else SCRIPTS[:-1]


def _environment(document: Document, cards: Mapping[int, Cards], drawings: Mapping[str, str]) -> jinja2.Environment:
    """Return the template's environment, with the filters that show parts of this document."""

    def markup(text: object) -> Markup:
        return Markup(resolve_links(str(text or ""), document))

    boxes = headline_boxes(document, lambda part: part_html(part, document.targets))

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
        prose=lambda text: Markup(with_boxes(resolve_links(text, document), boxes.in_text)),
        cell=lambda cell: Markup(cell_html(cell, document)),
        rows=lambda table, folded, own: Markup(rows_html(table, cards.get(id(table)), document, folded, own)),
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
        openings=_openings(document) if document.is_report else [],
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


def _shapes(block: ExhibitBlock) -> str:
    """Return the shape, width by height, in which a wide and a narrow screen show a picture, for the style sheet."""

    def shape(image: Image) -> str:
        return "/".join(image.box.split()[2:])

    return f"--wide:{shape(block.image)};--narrow:{shape(block.narrow)}" if block.image and block.narrow else ""
