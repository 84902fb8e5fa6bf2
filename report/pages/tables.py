"""The tables of the table and figure MIME types, read into those of a document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from report.pages.document import Cell, Column, Run, Table


def table_from(said: Mapping) -> Table:
    """Return the table of a table or figure MIME value; every cell is data, whatever it says.

    >>> table_from({"columns": [{"key": "a", "label": "A"}], "rows": [["*x*"], [{"text": "c1", "href": "#c1"}]]}).rows[
    ...     1
    ... ][0].text
    'c1'
    """
    columns = tuple(_column(column) for column in said["columns"])
    keys = [column["key"] for column in said["columns"] if "key" in column]
    rows = tuple(tuple(Cell(tuple(runs_from(cell))) for cell in row) for row in said["rows"])
    for row in rows:
        if len(row) != len(columns):
            raise ValueError(
                f"table {said.get('id', '')!r}: a row has {len(row)} cells, the table {len(columns)} columns"
            )
    origins = bool(columns and said["columns"][-1].get("from"))
    shows = tuple(keys.index(key) for key in said.get("shows") or () if key in keys)
    return Table(columns, rows, layout=said.get("layout") or "", origins=origins, shows=shows)


def _column(said: Mapping) -> Column:
    label = str(said.get("label", said.get("key", "")))
    head = Cell(tuple(runs_from(said.get("head") or label)))
    flags = (bool(said.get("back")), str(said.get("brief") or ""), str(said.get("filter") or ""))
    return Column(label, str(said.get("unit") or ""), said.get("align") or "left", said.get("width"), head, *flags)


def runs_from(cell) -> Iterator[Run]:
    """Yield the runs of a cell of the MIME type: text, a link, an anchor, a phrase, or a list of these."""
    if isinstance(cell, (list, tuple)):
        for item in cell:
            yield from runs_from(item)
    elif isinstance(cell, Mapping) and "runs" in cell:
        runs = [run for part in cell["runs"] for run in runs_from(part)]
        yield from (replace(run, glued=place > 0) for place, run in enumerate(runs))
    elif isinstance(cell, Mapping) and "places" in cell:
        yield Run("", places=cell["places"], nowhere=tuple(runs_from(cell.get("nowhere") or None)))
    elif isinstance(cell, Mapping):
        yield Run(str(cell.get("text", "")), cell.get("href"), cell.get("id"), kind=cell.get("kind"))
    elif cell is not None:
        yield Run(str(cell))
