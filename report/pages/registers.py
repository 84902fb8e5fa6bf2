"""What the tables of the appendices look like: their titles and columns; and what is done with them when filled."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from claims.content.phrases import Anchor, CitedIn, Link, Part, Phrase
from claims.content.tables import Cell, Column, Content, Table, as_cell, walk
from claims.results.anchors import anchor, appendix

__all__ = [
    "AGREEMENTS", "DERIVATIONS", "LEDGER", "OFFICIAL", "RUN_CARD", "SOURCES", "VERDICTS",
    "cited_rows", "fill", "row_numbers", "with_numbers",
]  # fmt: skip


def _column(key: str, name: str, width: float, brief: str = "", **more: Any) -> Column:
    return Column(key, Phrase((name,)), width=width, brief=brief, **more)


def _table(name: str, title: str, *columns: Column, shows: tuple[str, ...] = (), layout: str = "register") -> Table:
    return Table(id=appendix(name), title=title, columns=columns, layout=layout, shows=shows)


RUN_CARD = _table(
    "run_card",
    "The parameters of this run",
    _column("name", "Parameter", 2.4),
    _column("value", "Value", 1.7, "whole"),
    _column("default", "Default", 1.5, "whole"),
    _column("unit", "Unit", 1.8),
    _column("meaning", "Meaning", 5.6, "whole"),
    _column("notebooks", "Notebooks", 2.2),
    layout="",
)
SOURCES = _table(
    "sources",
    "The texts, as they name themselves",
    _column("id", "Source", 0.9),
    _column("title", "Title", 4.2, "whole"),
    _column("publisher", "Publisher", 2.2, "whole"),
    _column("author", "Author", 1.8),
    _column("date", "Dated", 1.6, "whole", meaning="Day from which the text counts, stated or inferred"),
    _column("kind", "Kind", 1.3),
    _column("claims", "Claims", 0.9, align="right", meaning="How many figures of the ledger it prints"),
    _column("sha256", "Hash begins", 2.5, meaning="First digits of the SHA-256 of its file"),
    _column("note", "Note", 6),
)
LEDGER = _table(
    "ledger",
    "Every printed figure, and where it is printed",
    _column("id", "Claim", 0.8),
    _column(
        "source",
        "Source, line",
        1.35,
        "whole",
        filter="before the comma",
        meaning="Text that prints the figure; its line",
    ),
    _column("printed", "As printed", 2.4, "whole"),
    _column("indicator", "Indicator, name", 2.8, "whole", meaning="What it measures; its name in the notebooks"),
    _column("stands_for", "Stands for", 2.2, "whole", meaning="Values that it may stand for"),
    _column("period", "Period", 1.4, "whole", meaning="Time that it is about"),
    _column("note", "Note", 3.3),
    _column("used_by", "Used in", 4.1, back=True),
    shows=("printed", "source", "note"),
)
DERIVATIONS = _table(
    "derivations",
    "Every result, its formula and what went into it",
    _column("number", "No.", 0.6),
    _column("label", "What it is, its name", 3.9, "whole", meaning="What the result is; its name in the notebooks"),
    _column("text", "Value", 1.5, "whole"),
    _column("interval", "Interval", 1.7, "whole", meaning="Values that it may have"),
    _column("expression", "Formula", 3.8, "whole"),
    _column("inputs", "From", 2.8, meaning="Figures and results that it is computed from"),
    _column("notebook", "Notebook", 1.5, filter="all of it"),
    _column("shown", "Shown in", 1.7, back=True),
)
VERDICTS = _table(
    "verdicts",
    "Every set of figures that was confronted",
    _column("number", "No.", 0.6),
    _column("label", "What is confronted", 2.8, "whole"),
    _column("claims", "Figures", 2.8, meaning="Figures that were confronted"),
    _column("verdict", "Verdict", 1.4, "whole", filter="all of it", meaning="Whether all of them can be true"),
    _column("explanation", "What decides", 6.4, "whole"),
    _column("relations", "Relations", 1, meaning="Rows of relations.csv that were applied"),
    _column("shown", "Shown in", 1.8, back=True),
)
AGREEMENTS = _table(
    "agreements",
    "Every listed item and its sectors",
    _column("id", "Item", 0.8),
    _column(
        "source", "Source, line", 1.1, "whole", filter="before the comma", meaning="Text that lists the item; its line"
    ),
    _column("list", "List", 2, "whole", meaning="List that it is in"),
    _column("list_kind", "Kind", 0.9, meaning="Whether the list claims to be complete"),
    _column("status", "Status", 1.1, filter="all of it", meaning="How firm it is, from talk to signed"),
    _column("item", "Listed item", 4, "whole"),
    _column("sectors", "Sectors", 3, "whole", filter="each"),
    _column("repeats", "Restates, or is in", 1, meaning="Item that it repeats or is part of"),
    _column("used_by", "Used in", 1.6, back=True),
)
OFFICIAL = _table(
    "official",
    "The official figures that this report uses, and the pages they are quoted from",
    _column("id", "Figure", 0.8),
    _column("indicator", "Indicator, period, name", 3, "whole"),
    _column("quoted", "As quoted", 3, "whole", meaning="Figure as the page prints it"),
    _column("stands_for", "Stands for", 2.2, "whole", meaning="Values that it may stand for"),
    _column("reporter", "Reported by", 3.3, "whole", filter="all of it", meaning="Authority whose figure it is"),
    _column("page", "Page", 5.2, "whole", meaning="Web page that quotes it"),
    _column("used_by", "Used in", 2.4, back=True),
    shows=("quoted", "page"),
)


def fill(table: Table, rows: Iterable[Mapping[str, Content]]) -> Table:
    """Return the table with rows, given as cells by the keys of their columns, without columns that no row fills."""
    cells = [[as_cell(row.get(column.key)) for column in table.columns] for row in rows]
    filled = [place for place in range(len(table.columns)) if any(row[place] for row in cells)]
    columns = tuple(table.columns[place] for place in filled)
    return replace(table, columns=columns, rows=tuple(tuple(row[place] for place in filled) for row in cells))


def row_numbers(*tables: Table) -> dict[str, str]:
    """Return the number of every row that has one, by its anchor.

    >>> row_numbers(fill(DERIVATIONS, [{"number": Anchor("F1", "f-growth")}]))
    {'f-growth': 'F1'}
    """
    return {row.id: row.text for table in tables for row in map(_row_anchor, table.rows)}


def _row_anchor(row: Sequence[Cell]) -> Anchor:
    return next(part for part in walk(row[0]) if isinstance(part, Anchor))


def with_numbers(part: Part, numbers: Mapping[str, str]) -> Part:
    """Return a part in which a link whose text is the id of a finding or a verdict has its number instead.

    >>> with_numbers(Link("growth", "f-growth"), {"f-growth": "F1"})
    Link(text='F1', to='f-growth')
    """
    match part:
        case Link() if part.to in numbers and part.to == anchor(part.text):
            return replace(part, text=numbers[part.to])
        case CitedIn():
            otherwise = (phrase.map(lambda each: with_numbers(each, numbers)) for phrase in part.otherwise)
            return replace(part, otherwise=tuple(otherwise))
    return part


def cited_rows(table: Table, targets: Collection[str]) -> Table:
    """Return the official figures that something links to, each page described once, and count the others.

    A link to the table alone counts for all of its rows.

    >>> table = fill(OFFICIAL, [{"id": Anchor(id, id)} for id in ("o001", "o002")])
    >>> [str(cell) for [cell] in cited_rows(table, {"o002"}).rows]
    ['o002']
    """
    cited = [row for row in table.rows if _row_anchor(row).id in targets]
    if not cited and table.id in targets:
        cited = list(table.rows)
    others = len(table.rows) - len(cited)
    omitted = f"[{others:,}](#{table.id}) more, to which nothing here leads, are not shown; " if others else ""
    caption = f"{omitted}official.csv, with all of them, is attached to the PDF."
    return replace(table, rows=tuple(_pages_once(table.columns, cited)), caption=caption)


def _pages_once(columns: Sequence[Column], rows: Iterable[tuple[Cell, ...]]) -> Iterator[tuple[Cell, ...]]:
    """Yield the rows of official figures, a page that an earlier row describes replaced by a link to that row."""
    place = next((place for place, column in enumerate(columns) if column.key == "page"), None)
    first: dict[Cell, str] = {}
    for row in rows:
        id = _row_anchor(row).id
        if place is None or (earlier := first.setdefault(row[place], id)) == id:
            yield row
        else:
            publisher = next(walk(row[place]))
            again = as_cell(Phrase((publisher, ": the page of ", Link(earlier, anchor(earlier)))))
            yield (*row[:place], again, *row[place + 1 :])
