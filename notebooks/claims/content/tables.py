"""Tables and figures as data: cells made of phrases, columns, and the texts around them.

An output of a notebook has `Table.to_json` under the MIME type TABLE, or `Figure.to_json` under FIGURE; `from_json`
reads them again. Cells are data, never markup; titles, captions and source lines are Markdown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from operator import is_
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from claims.content.phrases import Json, Link, Marked, Part, Phrase

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

__all__ = [
    "APPENDIX", "FIGURE", "NARROW", "TABLE", "Cell", "Column", "ColumnSpec", "Content", "Figure", "Table", "as_cell",
    "walk",
]  # fmt: skip

TABLE = "application/vnd.ledger.table+json"
FIGURE = "application/vnd.ledger.figure+json"
NARROW = "application/vnd.ledger.narrow+svg"  # a figure drawn for a phone
APPENDIX = "appendix"  # the place of tables and figures that are evidence rather than argument


@dataclass(frozen=True)
class Cell:
    """A table cell: phrases, shown with commas between them. It is false where nothing is in it."""

    phrases: tuple[Phrase, ...] = ()

    def __str__(self) -> str:
        """Return the words alone."""
        return self.joined(", ")

    def __bool__(self) -> bool:
        return any(part != "" for part in walk(self))

    def joined(self, separator: str) -> str:
        """Return the words alone, `separator` between the phrases."""
        return separator.join(map(str, self.phrases))

    def map(self, change: Callable[[Part], Part]) -> Cell:
        """Return the cell with every part as `change` returns it; the same one if no part changes."""
        phrases = tuple(phrase.map(change) for phrase in self.phrases)
        return self if all(map(is_, phrases, self.phrases)) else Cell(phrases)

    def to_json(self) -> Json:
        """Return its only phrase, or a list of its phrases; None where it has none.

        >>> Cell((Phrase(("a",)), Phrase((Link("b", "c001"),)))).to_json()
        ['a', {'text': 'b', 'href': '#c001'}]
        """
        phrases = [phrase.to_json() for phrase in self.phrases]
        return phrases if len(phrases) > 1 else next(iter(phrases), None)

    @classmethod
    def from_json(cls, value: object) -> Cell:
        """Return the cell that `to_json` wrote.

        >>> str(Cell.from_json([{"runs": ["7%", " of it"]}, {"text": "c001", "href": "#c001"}]))
        '7% of it, c001'
        """
        if value is None:
            return cls()
        return cls(tuple(map(Phrase.from_json, value if isinstance(value, list | tuple) else [value])))


Content: TypeAlias = Cell | Phrase | Part | list["Content"] | None  # what may be put into a cell


def as_cell(content: Content) -> Cell:
    """Return a cell with `content`: a part, a phrase, or a list of those.

    >>> str(as_cell(["a", Phrase(("b", Link("c", "c001"))), None]))
    'a, bc'
    """
    match content:
        case Cell():
            return content
        case None:
            return Cell()
        case list():
            return Cell(tuple(phrase for item in content for phrase in as_cell(item).phrases))
        case Phrase():
            return Cell((content,))
    return Cell((Phrase((content,)),))


def walk(*items: Cell | Phrase) -> Iterator[Part]:
    """Yield every part of cells and phrases, in order."""
    for item in items:
        for phrase in item.phrases if isinstance(item, Cell) else (item,):
            yield from phrase.parts


@dataclass(frozen=True)
class Column:
    """A table column: its key, its heading, the unit and the side of its cells, its share of the table's width.

    In a column that is `back`, cells list what is computed from their row. One that is `brief` is shown where a row is
    only previewed: the "whole" of it or its "first line". One with a `filter` lets readers choose rows: by "all of it",
    by what is "before the comma", or by "each" item of a list. The cells of `origins` link to what the numbers of their
    row are computed from. `meaning` explains the column where its heading is short.
    """

    key: str
    label: Phrase
    unit: str = ""
    align: str = "left"
    width: float | None = None
    back: bool = False
    brief: str = ""
    filter: str = ""
    origins: bool = False
    meaning: str = ""

    def to_json(self) -> dict[str, Json]:
        """Return its label, and of the rest what is set."""
        return {**_set_fields(self), "label": self.label.to_json()}

    @classmethod
    def from_json(cls, value: Mapping) -> Column:
        """Return the column that `to_json` wrote; without a label it is called by its key."""
        label = Phrase.from_json(value.get("label", value.get("key")))
        return cls(**{"key": "", **_known_fields(cls, value), "label": label})


def _set_fields(item: DataclassInstance) -> dict[str, Any]:
    """Return the fields that are set, for JSON: a tuple as a list."""
    values = {field.name: getattr(item, field.name) for field in fields(item)}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items() if value}


def _known_fields(kind: type[DataclassInstance], value: Mapping) -> dict[str, Any]:
    """Return what is set of the fields of `kind`, from JSON: a list as a tuple."""
    values = {field.name: value.get(field.name) for field in fields(kind)}
    return {name: tuple(value) if isinstance(value, list) else value for name, value in values.items() if value}


@dataclass(frozen=True)
class ColumnSpec:
    """How an author wants a column of values: its heading, the unit of its numbers, their decimals (else three digits).

    `align` is the side of its cells, `width` the column's weight on the page; without them the page finds both.
    `kind` says of the numbers that link to nothing what they are: a "date", a "citation" or a "parameter".
    """

    label: str | Link | Marked | Phrase
    unit: str | None = None
    digits: int | None = None
    align: str | None = None
    width: float | None = None
    kind: str | None = None

    def __post_init__(self) -> None:
        if self.kind:
            Marked("", self.kind)  # refuses an unknown kind

    def column(self, key: str, align: str) -> Column:
        """Return the column of this key, its cells on the side `align` unless the author wants another."""
        label = self.label if isinstance(self.label, Phrase) else Phrase((self.label,))
        return Column(key, label, align=self.align or align, width=self.width)


@dataclass(frozen=True, kw_only=True)
class _TableOrFigure:
    """What tables and figures share: id, texts as Markdown, columns, and rows of cells.

    The report moves one whose `place` is "appendix" there, and leaves a section out whose exhibits are all `left_out`:
    without rows, and with nothing to say of that. Raises ValueError for another place, or if a row has another
    number of cells than there are columns.
    """

    id: str = ""
    title: str = ""
    caption: str = ""
    source: str = ""
    place: str = ""
    left_out: bool = False
    columns: tuple[Column, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()

    def __post_init__(self) -> None:
        if self.place not in ("", APPENDIX):
            kind = type(self).__name__.lower()
            raise ValueError(f'{kind} {self.id!r}: place is "{APPENDIX}" or left out, got {self.place!r}')
        count = len(self.columns)
        for row in self.rows:
            if len(row) != count:
                raise ValueError(f"table {self.id!r}: a row has {len(row)} cells, the table {count} columns")

    def parts(self) -> Iterator[Part]:
        """Yield every part of its headings and cells."""
        yield from walk(*(column.label for column in self.columns), *(cell for row in self.rows for cell in row))

    def map_rows(self, change: Callable[[Part], Part]) -> Self:
        """Return it with every part of its rows as `change` returns it."""
        return replace(self, rows=tuple(tuple(cell.map(change) for cell in row) for row in self.rows))

    def to_json(self) -> dict[str, Json]:
        """Return columns and rows, and of the rest what is set."""
        columns = [column.to_json() for column in self.columns]
        return {
            **_set_fields(self),
            "columns": columns,
            "rows": [[cell.to_json() for cell in row] for row in self.rows],
        }

    @classmethod
    def from_json(cls, value: Mapping) -> Self:
        """Return what `to_json` wrote; all is optional. Raises ValueError for a row that does not fit the columns."""
        columns = tuple(map(Column.from_json, value.get("columns") or ()))
        rows = tuple(tuple(map(Cell.from_json, row)) for row in value.get("rows") or ())
        return cls(**{**_known_fields(cls, value), "columns": columns, "rows": rows})


@dataclass(frozen=True, kw_only=True)
class Table(_TableOrFigure):
    """A table. Its layout may be "register": long, many columns, used to look things up.

    `shows` are the keys of the columns of a register that show what is printed, and where. `lead` are the rows, counted
    from 0, that a page shows of a long table at first; without any, it shows the first.

    >>> Table.from_json({"columns": [{"key": "a"}], "rows": [["*x*"]]}).rows
    ((Cell(phrases=(Phrase(parts=('*x*',)),)),),)
    """

    layout: str = ""
    shows: tuple[str, ...] = ()
    lead: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Figure(_TableOrFigure):
    """A figure without its pictures: its file's name, its alt text, and in its rows the numbers that it shows.

    `csv` is the file of these numbers, where the page calls what they are computed from by other names than that file.
    """

    name: str = ""
    alt: Phrase = field(default_factory=Phrase)
    csv: str = ""

    def parts(self) -> Iterator[Part]:
        """Yield every part of its headings, cells and alt text."""
        yield from super().parts()
        yield from self.alt.parts

    def to_json(self) -> dict[str, Json]:
        """Return columns, rows and alt text, and of the rest what is set."""
        return {**super().to_json(), "alt": self.alt.to_json()}

    @classmethod
    def from_json(cls, value: Mapping) -> Self:
        """Return what `to_json` wrote; all is optional. Raises ValueError for a row that does not fit the columns."""
        return super().from_json({**value, "alt": Phrase.from_json(value.get("alt"))})
