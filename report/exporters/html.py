"""The HTML exporter: one file that asks nothing of any network and needs no script."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterable, Iterator, MutableMapping
from dataclasses import replace
from pathlib import Path

import jinja2
from markupsafe import Markup, escape

from notebooks.claims.findings import MARKS

from .document import BREAKS, Block, Cell, Column, Document, Draft, Image, Run, Table, compose, written_day
from .fragments import ink_on
from .markdown import Converted, Job, Piece, convert

LOG = logging.getLogger(__name__)
TEMPLATES = Path(__file__).parent.parent / "templates"
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
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

    def markup(text):
        return Markup(_linked(str(text or ""), document))

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters.update(
        markup=markup,
        cell=lambda cell: Markup(_cell(cell, document)),
        cells=lambda row, table, cards: Markup("".join(_cells(row, table, cards, document))),
        chain=lambda pieces: json.dumps(pieces, ensure_ascii=False, separators=(",", ":")),
        code=lambda block: Markup(_code(block)),
        day=written_day,
    )
    style = Markup((TEMPLATES / "report.css").read_text(encoding="utf-8"))
    environment.globals.update(policy=POLICY, style=style, picture_style=_picture_style)
    page = environment.get_template("html.j2").render(
        blocks=list(_merged(document.blocks) if is_report else document.blocks),
        about=document.metadata,
        subtitle=document.subtitle,
        is_report=is_report,
        outline=document.outline(),
    )
    return _encodable(page)


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


def _cells(row: tuple[Cell, ...], table: Table, cards: bool, document: Document) -> Iterator[str]:
    """Yield the cells of a row of a table's body; in one that becomes `cards` each knows its heading, and its role."""
    for place, cell in enumerate(row):
        index = place if cell.column is None else cell.column
        column = table.columns[index] if index < len(table.columns) else Column("")
        names = index < table.stubs and cell.text.strip()
        tag, content = "th" if names else "td", _cell(cell, document)
        opening = f'<{tag} scope="row"' if names else f"<{tag}"
        if cards:
            opening += f' role="{"rowheader" if names else "cell"}"'
            content = f"<div>{content}</div>"
        if cell.columns > 1:
            opening += f' colspan="{cell.columns}"'
        if cell.rows > 1:
            opening += f' rowspan="{cell.rows}"'
        opening += f' class="{column.align}{_size(cell, table)}{" bold" * cell.bold}{" inner" * (index > place == 0)}"'
        if cell.ground:
            opening += f' style="background: {cell.ground}; color: {ink_on(cell.ground)}"'
        if cards:
            opening += f' data-label="{_escaped(_said(column))}"'
        yield f"{opening}{' data-back' * column.back}>{content}</{tag}>"


def _size(cell: Cell, table: Table) -> str:
    """Return the class of a cell with nothing in it, or with so little that it is never broken over lines."""
    text, register = cell.text, table.layout == "register"
    if not text.strip():
        return " empty"
    word = len(text) < 13 and len(cell.runs) == 1 and (register or " " not in text)
    interval = not register and len(text) < 26 and " to " in text and text[0] in "$−–0123456789"
    return " short" if word or interval else ""


def _cell(cell: Cell, document: Document) -> str:
    return cell.joined(_run(run, document) for run in cell.runs)


def _broken(run: Run) -> str:
    """Return the text of a run with its line breaks, and places to break a long name and an address."""
    if run.leads_out:
        return "<wbr>".join(map(_escaped, BREAKS.split(run.text)))
    return re.sub(r"(?<=[a-z])_(?=[a-z0-9])", "_<wbr>", _escaped(run.text)).replace("\n", "<br>")


def _run(run: Run, document: Document) -> str:
    content = _linked(run.markup, document) if run.markup is not None else _broken(run)
    if run.href and run.href.startswith("#") and run.href[1:] in document.anchors:
        content = f'<a href="{_escaped(run.href)}">{content}</a>'
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
    return highlight(block.text, lexer, HtmlFormatter(nowrap=True, classprefix="h-")).rstrip("\n")


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
