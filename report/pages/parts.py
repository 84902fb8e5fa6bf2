"""What pandoc returns for a text, as blocks of a document: headings, prose, listings, notes and tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from report.pages.document import Block, Cell, Column, Context, Exhibit, Heading, Listing, Note, Prose, Run, Table


def block_of_part(part: Mapping, context: Context) -> Block:
    """Return one part of a converted text as a block."""
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
