"""Tables and figures of the notebooks and the appendices, laid out as the tables of a document."""

from __future__ import annotations

from collections.abc import Iterator

from claims.content import tables as content
from claims.content.phrases import Anchor, CitedIn, Link, Marked, Part, Phrase

from report.pages.document import CellRun, GridCell, GridColumn, TableGrid

__all__ = ["runs_of", "table_of"]


def table_of(exhibit: content.Table | content.Figure) -> TableGrid:
    """Return the table of a table or figure; every cell is data, never markup.

    >>> [[cell]] = table_of(content.Table.from_json({"columns": [{"key": "a"}], "rows": [["*x*"]]})).rows
    >>> cell.text
    '*x*'
    """
    columns = tuple(map(_column, exhibit.columns))
    rows = tuple(tuple(GridCell(tuple(runs_of(*cell.phrases))) for cell in row) for row in exhibit.rows)
    origins = bool(exhibit.columns and exhibit.columns[-1].origins)
    if isinstance(exhibit, content.Figure):
        return TableGrid(columns, rows, origins=origins)
    keys = [column.key for column in exhibit.columns]
    shows = tuple(keys.index(key) for key in exhibit.shows if key in keys)
    return TableGrid(columns, rows, layout=exhibit.layout, origins=origins, shows=shows)


def _column(column: content.Column) -> GridColumn:
    head = GridCell(tuple(runs_of(column.label)))
    flags = (column.back, column.brief, column.filter)
    return GridColumn(str(column.label), column.unit, column.align, column.width, head, *flags)


def runs_of(*phrases: Phrase) -> Iterator[CellRun]:
    """Yield the parts of phrases as runs, those of a phrase glued together."""
    for phrase in phrases:
        for index, part in enumerate(phrase.parts):
            yield _run(part, glued=index > 0)


def _run(part: Part, glued: bool) -> CellRun:
    match part:
        case Link():
            return CellRun(part.text, part.href, kind=part.kind or None, glued=glued)
        case Anchor():
            return CellRun(part.text, anchor=part.id, kind=part.kind or None, glued=glued)
        case Marked():
            return CellRun(part.text, kind=part.kind, glued=glued)
        case CitedIn():
            return CellRun("", places=part.id, nowhere=tuple(runs_of(*part.otherwise)), glued=glued)
    return CellRun(str(part), glued=glued)
