"""The tables in values of the table and figure MIME types, read as tables of a document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from report.pages.document import Cell, Column, Run, Table

__all__ = ["runs_from", "table_from"]


def table_from(value: Mapping) -> Table:
    """Return the table of a table or figure MIME value; every cell is data, never markup.

    >>> table_from({"columns": [{"key": "a", "label": "A"}], "rows": [["*x*"], [{"text": "c1", "href": "#c1"}]]}).rows[
    ...     1
    ... ][0].text
    'c1'
    """
    columns = tuple(_column(column) for column in value["columns"])
    keys = [column["key"] for column in value["columns"] if "key" in column]
    rows = tuple(tuple(Cell(tuple(runs_from(cell))) for cell in row) for row in value["rows"])
    for row in rows:
        if len(row) != len(columns):
            raise ValueError(
                f"table {value.get('id', '')!r}: a row has {len(row)} cells, the table {len(columns)} columns"
            )
    origins = bool(columns and value["columns"][-1].get("from"))
    shows = tuple(keys.index(key) for key in value.get("shows") or () if key in keys)
    return Table(columns, rows, layout=value.get("layout") or "", origins=origins, shows=shows)


def _column(value: Mapping) -> Column:
    label = str(value.get("label", value.get("key", "")))
    head = Cell(tuple(runs_from(value.get("head") or label)))
    flags = (bool(value.get("back")), str(value.get("brief") or ""), str(value.get("filter") or ""))
    return Column(label, str(value.get("unit") or ""), value.get("align") or "left", value.get("width"), head, *flags)


def runs_from(cell) -> Iterator[Run]:
    """Yield the runs of a cell of the MIME type: text, a link, an anchor, a phrase, or a list of these."""
    if isinstance(cell, (list, tuple)):
        for item in cell:
            yield from runs_from(item)
    elif isinstance(cell, Mapping) and "runs" in cell:
        runs = [run for part in cell["runs"] for run in runs_from(part)]
        yield from (replace(run, glued=index > 0) for index, run in enumerate(runs))
    elif isinstance(cell, Mapping) and "places" in cell:
        yield Run("", places=cell["places"], nowhere=tuple(runs_from(cell.get("nowhere") or None)))
    elif isinstance(cell, Mapping):
        yield Run(str(cell.get("text", "")), cell.get("href"), cell.get("id"), kind=cell.get("kind"))
    elif cell is not None:
        yield Run(str(cell))
