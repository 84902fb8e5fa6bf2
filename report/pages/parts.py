"""What pandoc returns for a text, as blocks of a document: headings, prose, listings, notes and tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from claims.content.phrases import Phrase
from claims.content.tables import Column

from report.pages.document import Block, Context, ExhibitBlock, GridCell, Heading, Listing, Note, Prose, TableGrid

__all__ = ["block_of_part"]

NUMBER = re.compile(r"[-+−]?[\d.,  ]+(e[-+]?\d+)?%?|nan|NaN|–|", re.I)


def block_of_part(part: Mapping, context: Context) -> Block:
    """Return one part of a converted text as a block."""
    match part["kind"]:
        case "heading":
            appendix = context.appendix or context.moved
            return Heading(part["level"], "", "", part["text"], part["plain"], appendix, context.moved)
        case "code":
            return Listing(part["text"], part["language"], "excerpt")
        case "note":
            return Note(part["text"])
        case "table":
            return ExhibitBlock("", "", "", title=part["caption"], table=_table(part), links=tuple(part["links"]))
        case _:
            return Prose(part["text"], tuple(part.get("links", ())), part.get("plain", ""))


def _table(part: Mapping) -> TableGrid:
    head, body = (tuple(_with_columns(part[rows])) for rows in ("head", "rows"))
    sides = [_side(side, index, body) for index, side in enumerate(part["align"])]
    columns = tuple(Column("", Phrase((_label(head, index),)), align=side) for index, side in enumerate(sides))
    return TableGrid(columns, body, head, stubs=part["stubs"])


def _with_columns(rows: Iterable[Iterable[Mapping]]) -> Iterator[tuple[GridCell, ...]]:
    """Yield rows of cells that know their column: one above may span rows and push them to the right."""
    spans: dict[int, int] = {}  # how many more rows the cell in a column covers
    for row in rows:
        cells, column = [], 0
        for part in row:
            while spans.get(column, 0):
                column += 1
            words, spans_over = (Phrase((part["plain"],)),), (part["rows"], part["columns"])
            ground, bold = part.get("ground") or "", part.get("weight") == "bold"
            cells.append(GridCell(words, part["markup"], *spans_over, column, ground, bold))
            spans |= dict.fromkeys(range(column, column + part["columns"]), part["rows"])
            column += part["columns"]
        spans = {column: left - 1 for column, left in spans.items() if left > 1}
        yield tuple(cells)


def _cell_over(row: Iterable[GridCell], column: int) -> GridCell | None:
    """Return the cell of a row that covers a column."""
    return next((cell for cell in row if (cell.column or 0) <= column < (cell.column or 0) + cell.columns), None)


def _label(head: tuple[tuple[GridCell, ...], ...], column: int) -> str:
    """Return the texts of the heads above a column, one after another."""
    texts = (cell.text.strip() for row in head if (cell := _cell_over(row, column)))  # an empty cell is false
    return ", ".join(filter(None, texts))


def _side(side: str, column: int, rows: Iterable[tuple[GridCell, ...]]) -> str:
    """Return the side to which a column is aligned: numbers to the right unless the author chose one."""
    if side != "default":
        return side
    values = [cell.text.strip() for row in rows if (cell := _cell_over(row, column))]
    return "right" if any(values) and all(map(NUMBER.fullmatch, values)) else "left"
