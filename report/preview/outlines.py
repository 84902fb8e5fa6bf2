"""What the numbering and the links of one chapter need of the others: headings, exhibits' ids, anchors.

A chapter rendered among outlines of the others comes out as in the whole page, in a fraction of the time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from claims.content.phrases import Anchor, Link, Part, Phrase
from claims.content.tables import FIGURE, TABLE, Cell, Column, Figure, Table, walk

__all__ = ["outline_notebook", "outline_table"]

_COLUMN = Column("anchors", Phrase(("",)))


def outline_notebook(executed: Mapping) -> dict:
    """Return an executed notebook with its texts, without code, and of its exhibits only ids and anchors."""
    return {**executed, "cells": [_outline_cell(cell) for cell in executed["cells"]]}


def _outline_cell(cell: Mapping) -> Mapping:
    if cell["cell_type"] != "code":
        return cell
    return {**cell, "source": "", "outputs": list(_outline_outputs(cell))}


def _outline_outputs(cell: Mapping) -> Iterator[dict]:
    """Yield the outputs of a cell that number something or set an anchor: texts, tables and figures."""
    for output in cell.get("outputs", ()):
        data = output.get("data", {})
        kept = {mime: data[mime] for mime in ("text/markdown",) if mime in data}
        if TABLE in data:
            kept = {TABLE: outline_table(Table.from_json(data[TABLE])).to_json()}
        elif FIGURE in data:
            figure = Figure.from_json(data[FIGURE])
            kept = {FIGURE: Figure(id=figure.id, title=figure.title, name=figure.name, place=figure.place).to_json()}
        if kept:
            yield {**output, "data": kept, "metadata": {}}


def outline_table(table: Table) -> Table:
    """Return a table with the anchors of each row and its links to tables in one cell, without rows of no anchor.

    >>> row = (Cell((Phrase((Anchor("F1", "f-growth"),)),)), Cell((Phrase(("7%",)),)))
    >>> column = Column("number", Phrase(("No.",)))
    >>> [str(cell) for [cell] in outline_table(Table(columns=(column, column), rows=(row,))).rows]
    ['F1']
    """
    parts = ([part for part in walk(*row) if isinstance(part, Anchor) or _leads_to_table(part)] for row in table.rows)
    kept = (row for row in parts if any(isinstance(part, Anchor) for part in row))
    rows = tuple((Cell(tuple(Phrase((part,)) for part in row)),) for row in kept)
    return replace(table, columns=(_COLUMN,), rows=rows, shows=(), lead=())


def _leads_to_table(part: Part) -> bool:
    return isinstance(part, Link) and part.to.startswith("tbl-")
