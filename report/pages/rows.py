"""The rows of a table as HTML. Those that versions of a page have in common are written once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import repeat

from claims.content.phrases import MARKS, Anchor, Link, Marked, Part, Phrase, part_text
from claims.content.tables import Column, walk
from markupsafe import escape

from report.pages.document import Document, GridCell, TableGrid
from report.pages.folding import shows_first, with_folded_places
from report.pages.grounds import quoted_headline
from report.pages.phone_tables import Cards, is_short
from report.pages.typesetting import ADDRESS_BREAKS, SIGNED, ink_on, keep_units

__all__ = ["cell_html", "part_html", "resolve_links", "rows_html"]

LONG_NAME = re.compile(r"([a-z0-9][a-z0-9_]{4,}?[a-z]_)(?=[a-z0-9])")  # as much of a name as is kept on one line
UNBROKEN = re.compile(r"[\w.,:%$\u00a0\u202f’]+")  # what no browser breaks
DASHES = ("–", "—", "-")  # the text of a cell without a value
LINK = re.compile(r'<a href="#([^"]*)">(.*?)</a>', re.S)


def resolve_links(html: str, document: Document) -> str:
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


def rows_html(
    table: TableGrid, cards: Cards | None, document: Document, folded: frozenset[int], boxes: Mapping[str, str]
) -> str:
    """Return the rows of a table's body; those `folded` have a class, unless they are all after the first.

    A row that quotes a headline has its box.
    """
    marked = frozenset() if shows_first(table, folded) else folded
    look = _look(replace(table, rows=(), lead=()), cards)
    resolved = (_resolved_row(row, document) for row in table.rows)
    rows = (_row(row, look, _surroundings(row, document), place in marked) for place, row in enumerate(resolved))
    held = (boxes.get(quoted_headline(row), "") for row in table.rows) if boxes else repeat("")
    return "\n".join(html.replace("</th>", f"{box}</th>", 1) for html, box in zip(rows, held, strict=False))


@dataclass(frozen=True, eq=False)
class _Look:
    """What the rows of a table share: the table without them, and its cards. Equal ones are the same object."""

    table: TableGrid
    cards: Cards | None


_look = lru_cache(maxsize=1_000)(_Look)


def _resolved_row(row: tuple[GridCell, ...], document: Document) -> tuple[GridCell, ...]:
    """Return a row with the links resolved that the markup of its cells has."""
    if all(cell.markup is None for cell in row):
        return row
    return tuple(
        cell if cell.markup is None else replace(cell, markup=resolve_links(cell.markup, document)) for cell in row
    )


def _surroundings(row: tuple[GridCell, ...], document: Document) -> tuple[tuple[str, str], ...]:
    """Return where the links and anchors of a row lead in this document, and how its numbers are written.

    All else that it is written with is in the row, and in what it shares with others.
    """
    found: list[tuple[str, str]] = []
    for part in walk(*row):
        if isinstance(part, Link | Anchor):
            name = part.to if isinstance(part, Link) else part.id
            found.append((name, document.targets.get(name, "")))
        elif isinstance(part, int | float):
            found.append((repr(part), ""))  # 1 and 1.0 are equal
    return tuple(found)


@lru_cache(maxsize=5_000)  # versions of a page have most rows in common
def _row(row: tuple[GridCell, ...], look: _Look, surroundings: tuple[tuple[str, str], ...], folded: bool) -> str:
    """Return a row of a table's body; the anchor of its first cell is its own, and that cell links to it."""
    named, number, targets = ' class="more"' if folded else "", "", dict(surroundings)
    match [*walk(*row[:1])]:
        case [Anchor(text=text, id=id, kind=kind)]:
            named += f' id="{_escaped(id)}"'
            number = targets[id] if targets[id] != id else ""
            row = (replace(row[0], phrases=(Phrase((Link(text, id, kind),)),)), *row[1:])
    origins = " data-from" if look.table.origins else ""
    cells = "".join(_cells(row, look, targets))
    if number:
        own = f'<a href="#{number}"'
        cells = cells.replace(own, f'{own} id="{number}"', 1)
    return f"<tr{named}{origins}>{cells}</tr>"


def _cells(row: tuple[GridCell, ...], look: _Look, targets: Mapping[str, str]) -> Iterator[str]:
    """Yield the cells of a row; in one that becomes a card, a style sets what is true of every cell of a column."""
    table, cards = look.table, look.cards
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
        content = _content(cell, targets)
        yield f"<{tag}{attributes}>{with_folded_places(content, row[0].text) if column.back else content}</{tag}>"


def _never_breaks(cell: GridCell, index: int, cards: Cards) -> bool:
    """Return whether a short cell of a table of cards stays on one line without a class of its own."""
    return index in cards.short or UNBROKEN.fullmatch(keep_units(cell.text)) is not None


def cell_html(cell: GridCell, document: Document) -> str:
    """Return the content of a cell, its links resolved."""
    [cell] = _resolved_row((cell,), document)
    return _content(cell, document.targets)


def _content(cell: GridCell, targets: Mapping[str, str]) -> str:
    """Return the content of a cell, in whose markup links are resolved."""
    if cell.markup is not None:
        return cell.markup
    return ", ".join("".join(part_html(part, targets) for part in phrase.parts) for phrase in cell.phrases)


def part_html(part: Part, targets: Mapping[str, str]) -> str:
    """Return a part of a cell."""
    return _written(part, targets.get(part.to, "") if isinstance(part, Link) and not part.leaves else "")


@lru_cache(maxsize=200_000, typed=True)
def _written(part: Part, target: str) -> str:
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
