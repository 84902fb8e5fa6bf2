"""Tables and figures of the notebooks and the appendices, laid out as the tables of a document."""

from __future__ import annotations

from claims.content.tables import Figure, Table

from report.pages.document import GridCell, TableGrid

__all__ = ["table_of"]


def table_of(exhibit: Table | Figure) -> TableGrid:
    """Return the table of a table or figure; every cell is data, never markup.

    >>> [[cell]] = table_of(Table.from_json({"columns": [{"key": "a"}], "rows": [["*x*"]]})).rows
    >>> cell.text
    '*x*'
    """
    rows = tuple(tuple(GridCell(cell.phrases) for cell in row) for row in exhibit.rows)
    origins = bool(exhibit.columns and exhibit.columns[-1].origins)
    if isinstance(exhibit, Figure):
        return TableGrid(exhibit.columns, rows, origins=origins)
    keys = [column.key for column in exhibit.columns]
    shows = tuple(keys.index(key) for key in exhibit.shows if key in keys)
    return TableGrid(exhibit.columns, rows, layout=exhibit.layout, origins=origins, shows=shows)
