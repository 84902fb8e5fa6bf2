"""The HTML exporter: one file that asks nothing of any network and needs no script."""

from __future__ import annotations

import base64
import json
import logging
import re
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote

import jinja2
from claims.content.phrases import MARKS
from claims.show import style
from markupsafe import Markup, escape

from report.foreign.fragments import ink_on
from report.pages import drawing
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
from report.pages.markdown import Converted, Job, Piece, convert
from report.pages.pictures import Image
from report.pages.typesetting import BREAKS, together, written_day

LOG = logging.getLogger(__name__)
TEMPLATES = Path(__file__).parent / "templates"
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src '{script}'; img-src data:; font-src data:; "
    "base-uri 'none'; form-action 'none'"
)
LINK = re.compile(r'<a href="#([^"]*)">(.*?)</a>', re.S)


def page(draft: Draft, known: MutableMapping | None = None, log: logging.Logger = LOG) -> str:
    """Return the HTML of a draft; `known` are conversions made before, as `convert` takes them."""
    document = compose(draft, converted(draft, known))
    document.warn(log)
    return render(document, draft.is_report)


def converted(draft: Draft, known: MutableMapping | None = None) -> dict[Piece, Converted]:
    """Return the texts of a draft as HTML; they are added to `known`."""
    return convert(draft.pieces(), Job("html"), known)


def render(document: Document, is_report: bool) -> str:
    """Return the document as HTML."""
    cards, drawings = _cards(document), _drawings(document)

    def markup(text):
        return Markup(_linked(str(text or ""), document))

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters.update(
        markup=markup,
        cell=lambda cell: Markup(_cell(cell, document)),
        rows=lambda table: Markup("\n".join(_row(row, table, cards.get(id(table)), document) for row in table.rows)),
        chain=lambda pieces: json.dumps(pieces, ensure_ascii=False, separators=(",", ":")),
        code=lambda block: Markup(_code(block)),
        day=written_day,
        drawing=lambda image: Markup(drawings.get(image.name, "")),
    )
    script = (TEMPLATES / "report.js").read_text(encoding="utf-8")
    sheets = [_house(), (TEMPLATES / "report.css").read_text(encoding="utf-8"), _labels(cards.values())]
    if drawings:
        sheets.append(drawing.faces(map(drawing.words, drawings.values())))
    environment.globals.update(
        policy=POLICY.format(script=_digest(script)),
        style=Markup("\n".join(sheets)),
        script=Markup(script),
        cards=cards,
        identity=id,
        picture_style=_picture_style,
        saved=_saved,
    )
    page = environment.get_template("html.j2").render(
        blocks=list(_merged(document.blocks) if is_report else document.blocks),
        about=document.metadata,
        subtitle=document.subtitle,
        is_report=is_report,
        outline=document.outline(),
    )
    return _encodable(page)


def _digest(script: str) -> str:
    """Return how the policy names the one script that may run: by its content."""
    return f"sha256-{base64.b64encode(sha256(script.encode()).digest()).decode()}"


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


def _drawings(document: Document) -> dict[str, str]:
    """Return the inside of every figure that is a plain drawing, by the name of its picture."""
    found = {}
    for block in document.blocks:
        if isinstance(block, Exhibit) and block.label and block.image and block.image.mime == "image/svg+xml":
            try:
                found[block.image.name] = drawing.inline(block.image.data, block.anchor or block.image.name[:14])
            except (drawing.NotPlain, SyntaxError):
                continue
    return found


@dataclass(frozen=True)
class Cards:
    """A table that becomes one card a row on a phone: its class, and what each column is called, is and needs."""

    name: str
    labels: tuple[str, ...]
    short: frozenset[int] = field(default_factory=frozenset)  # columns of which no cell is ever broken over lines
    right: frozenset[int] = field(default_factory=frozenset)


def _cards(document: Document) -> dict[int, Cards]:
    """Return how the tables that become cards are called: those that are long, and those with a sentence in a cell."""
    found: dict[int, Cards] = {}
    for block in document.blocks:
        table = block.table if isinstance(block, Exhibit) else None
        if table and (table.layout == "register" or table.wordy or table.broad) and not table.spans:
            places = range(len(table.columns))
            short = (i for i in places if all(_is_short(row[i], table) for row in table.rows if i < len(row)))
            right = (i for i in places if table.columns[i].align == "right")
            labels = tuple(_said(column) for column in table.columns)
            found[id(table)] = Cards(f"t{len(found) + 1}", labels, frozenset(short), frozenset(right))
    return found


def _labels(cards: Iterable[Cards]) -> str:
    """Return the style of each of these tables' columns; on a phone every cell says what its column is called."""
    rules, named = [], []
    for one in cards:
        for place, label in enumerate(one.labels):
            cell = f"tr>:nth-child({place + 1})"
            column, word = f".{one.name} {cell}", _css_text(label)  # shown, and not heard: the head of the column is
            named += [f'.{one.name} tbody {cell}::before{{content:{word};content:{word}/""}}'] * bool(label)
            rules += [f"{column}{{white-space:nowrap}}"] * (place in one.short)
            rules += [f"{column}{{text-align:right}}"] * (place in one.right)
    return "".join([*rules, "@media screen and (max-width:44rem){", *named, "}"]) if named else "".join(rules)


def _css_text(text: str) -> str:
    r"""Return a CSS string.

    >>> print(_css_text('a "b" </style>'))
    "a \22 b\22  \3c /style>"
    """
    return '"' + re.sub(r'["\\<\n]', lambda found: f"\\{ord(found[0]):x} ", text) + '"'


def _saved(block: Exhibit) -> str:
    """Return the numbers of a figure as the address of a CSV file, the same that lies in the folder of the figures."""
    return f"data:text/csv;charset=utf-8,{quote(block.csv, safe='')}"


def _merged(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield the blocks, code cells with nothing between them as one: a reader opens them together."""
    waiting = None
    for block in blocks:
        is_code = block.kind == "listing" and block.role == "code"
        if waiting and is_code:
            waiting = replace(waiting, text=f"{waiting.text}\n\n{block.text}")
            continue
        if waiting:
            yield waiting
        waiting = block if is_code else None
        if not is_code:
            yield block
    if waiting:
        yield waiting


def _linked(html: str, document: Document) -> str:
    """Return the markup with its links resolved: a link that leads nowhere becomes plain text."""

    def resolved(found: re.Match) -> str:
        target = document.aliases.get(found[1], found[1])
        return f'<a href="#{target}"{_kind(target)}>{found[2]}</a>' if target in document.anchors else found[2]

    return LINK.sub(resolved, html)


def _kind(target: str) -> str:
    """Links from a number to its evidence are drawn more quietly than others."""
    return ' class="evidence"' if re.match(r"f-|[a-z]\d|S\d", target) else ""


def _escaped(text: str) -> str:
    return str(escape(text))


def _row(row: tuple[Cell, ...], table: Table, cards: Cards | None, document: Document) -> str:
    """Return a row of a table's body; the anchor of its first cell is its own, and that cell leads to it."""
    first = row[0].runs[0] if row and len(row[0].runs) == 1 else None
    anchor = first.anchor if first else None
    if anchor:
        own = first if first.href else replace(first, href=f"#{anchor}")
        row = (replace(row[0], runs=(replace(own, anchor=None),)), *row[1:])
    row = _stops(row)
    named = f' id="{_escaped(anchor)}"' if anchor else ""
    origins = " data-from" if table.origins else ""
    return f"<tr{named}{origins}>{''.join(_cells(row, table, cards, document))}</tr>"


def _stops(row: tuple[Cell, ...]) -> tuple[Cell, ...]:
    """Return the row with only the first of its links to one place a stop on the way through it by keyboard."""
    passed: set[str | None] = {None}

    def once(run: Run) -> Run:
        again = run.href in passed
        passed.add(run.href)
        return replace(run, stop=False) if again and run.href else run

    return tuple(replace(cell, runs=tuple(map(once, cell.runs))) if cell.runs else cell for cell in row)


def _cells(row: tuple[Cell, ...], table: Table, cards: Cards | None, document: Document) -> Iterator[str]:
    """Yield the cells of a row; of one that becomes a card, what is true of a whole column is said once, by a style."""
    for place, cell in enumerate(row):
        index = place if cell.column is None else cell.column
        column = table.columns[index] if index < len(table.columns) else Column("")
        names = index < table.stubs and cell.text.strip()
        tag = "th" if names else "td"
        classes = [] if cards else [column.align] * (column.align != "left")
        if _is_short(cell, table) and cell.text.strip() and not (cards and index in cards.short):
            classes.append("short")
        classes += ["bold"] * cell.bold + ["inner"] * (index > place == 0)
        said = ' scope="row"' if names else ""
        said += f' colspan="{cell.columns}"' if cell.columns > 1 else ""
        said += f' rowspan="{cell.rows}"' if cell.rows > 1 else ""
        said += f' class="{" ".join(classes)}"' if classes else ""
        said += f' style="background: {cell.ground}; color: {ink_on(cell.ground)}"' if cell.ground else ""
        yield f"<{tag}{said}{' data-back' * column.back}>{_cell(cell, document)}</{tag}>"


def _is_short(cell: Cell, table: Table) -> bool:
    """Return whether a cell has so little in it that it is never broken over lines."""
    text, register = cell.text, table.layout == "register"
    word = len(text) < 13 and len(cell.runs) <= 1 and (register or " " not in text)
    interval = not register and len(text) < 26 and " to " in text and text[0] in "$−–0123456789"
    return word or interval


def _cell(cell: Cell, document: Document) -> str:
    return cell.joined(_run(run, document) for run in cell.runs)


def _broken(run: Run) -> str:
    """Return the text of a run with its line breaks, places to break a long name and an address, and none at units."""
    if run.leads_out:
        return "<wbr>".join(map(_escaped, BREAKS.split(run.text)))
    return re.sub(r"(?<=[a-z])_(?=[a-z0-9])", "_<wbr>", _escaped(together(run.text))).replace("\n", "<br>")


def _run(run: Run, document: Document) -> str:
    content = _linked(run.markup, document) if run.markup is not None else _broken(run)
    if run.href and run.href.startswith("#") and run.href[1:] in document.anchors:
        passed = "" if run.stop else ' tabindex="-1"'
        content = f'<a href="{_escaped(run.href)}"{passed}>{content}</a>'
    elif run.leads_out:
        content = f'<a rel="noreferrer" href="{_escaped(run.href)}">{content}</a>'
    if run.kind in MARKS:
        content = f"<{MARKS[run.kind]}>{content}</{MARKS[run.kind]}>"
    if run.anchor:
        content = f'<span id="{_escaped(run.anchor)}" class="anchor">{content}</span>'
    return content


def _said(column: Column) -> str:
    return f"{column.label}, {column.unit}" if column.unit else column.label


def _picture_style(image: Image) -> str:
    """Return the size a picture keeps on a narrow screen: it scrolls rather than shrink below legible size."""
    return f"min-width: min({image.width:g}px, 32rem)" if image.width and image.width > 480 else ""


def _code(block) -> str:
    """Return a listing with its syntax or a terminal's styles marked, or as it stands where there are none."""
    if block.runs:
        return "".join(_styled(text, style) for text, style in block.runs)
    if block.role not in ("code", "excerpt") or not block.language:
        return _escaped(block.text)
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        lexer = get_lexer_by_name(
            {"ipython": "python", "ipython3": "python"}.get(block.language, block.language), stripnl=False
        )
    except ClassNotFound:
        return _escaped(block.text)
    marked = highlight(block.text, lexer, HtmlFormatter(nowrap=True, classprefix="h-")).rstrip("\n")
    return re.sub(r'<span class="h-(?:n|p|o|w|nn|nl|si|)">([^<]*)</span>', r"\1", marked)  # they look like the rest


def _styled(text: str, style: str) -> str:
    classes = " ".join(f"t-{word}" for word in style.split())
    return f'<span class="{classes}">{_escaped(text)}</span>' if classes else _escaped(text)


def _encodable(page: str) -> str:
    """Return the page with what HTML cannot hold (control characters, lone surrogates) shown as [U+XXXX]."""
    return re.sub(
        r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]",
        lambda found: f"[U+{ord(found[0]):04X}]",
        page.replace("\r\n", "\n").replace("\r", "\n"),
    )
