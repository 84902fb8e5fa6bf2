"""What a document consists of: headings, prose, figures, tables, listings and notes, in order.

`reading` turns a notebook into a Draft, `composing` a draft into a Document; `html` and `typst` render that.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from claims.content.phrases import Anchor, Link, Part
from claims.content.tables import Cell, Column, walk

from report.pages.markdown import Piece
from report.pages.pictures import Image

__all__ = [
    "Block", "Context", "Document", "Draft", "ExhibitBlock", "GridCell", "Heading", "Listing", "Note", "Prose",
    "StyledText", "TableGrid",
]  # fmt: skip

MOST_LISTED = 3  # of links without a target; more are counted
StyledText = tuple[str, str]  # a text and its style: words such as "bold red on-blue"


@dataclass(frozen=True)
class GridCell(Cell):
    """A cell as it is laid out: how many rows and columns it covers, its first column where others reach into its row.

    A cell of somebody else's table has the `markup` of its words, already converted. It may have a `ground`, a
    background colour as #rrggbb, and be `bold`.
    """

    markup: str | None = None
    rows: int = 1
    columns: int = 1
    column: int | None = None
    ground: str = ""
    bold: bool = False

    @cached_property
    def text(self) -> str:
        """The cell as plain text."""
        return str(self)

    def map(self, change: Callable[[Part], Part]) -> GridCell:
        """Return the cell with every part as `change` returns it; the same one if no part changes."""
        phrases = super().map(change).phrases
        return self if phrases is self.phrases else replace(self, phrases=phrases)


@dataclass(frozen=True)
class TableGrid:
    """A table as it is laid out: columns, rows of a head that has more than labels, rows, how many columns name a row.

    With `origins` the last cell of each row links to what the row's numbers come from. `lead` are the rows that a page
    shows while a long table is folded.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[GridCell, ...], ...]
    head: tuple[tuple[GridCell, ...], ...] = ()
    stubs: int = 1
    layout: str = ""  # "" or "register": long, many columns, read by looking things up
    origins: bool = False
    shows: tuple[int, ...] = ()  # of a register of figures: the columns of the print, its place, and a note
    lead: tuple[int, ...] = ()

    @property
    def spans(self) -> bool:
        """Whether a cell covers several rows or columns, so that positions and columns are not the same."""
        return any(cell.rows > 1 or cell.columns > 1 for row in self.rows for cell in row)

    @property
    def wordy(self) -> bool:
        """Whether a cell has a sentence, which a narrow column would break word by word."""
        return any(len(cell.text) > 60 for row in self.rows for cell in row)

    @property
    def broad(self) -> bool:
        """Whether the table is wider than a phone, and no grid of numbers to be compared side by side."""
        longest = [
            max((len(row[i].text) for row in self.rows if i < len(row)), default=0) for i in range(len(self.columns))
        ]
        numbers = sum(column.align == "right" and most < 8 for column, most in zip(self.columns, longest, strict=True))
        return numbers < 4 and sum(min(most, 28) + 2 for most in longest) > 44

    @property
    def labels(self) -> tuple[GridCell, ...]:
        """The labels of the columns, with their links."""
        return tuple(GridCell((column.label,)) for column in self.columns)

    @property
    def cells(self) -> Iterator[GridCell]:
        """Every cell of the table, with the labels of its columns."""
        yield from self.labels
        yield from (cell for row in self.rows for cell in row)

    def map_cells(self, change: Callable[[GridCell], GridCell]) -> TableGrid:
        """Return the table with each cell of its rows as `change` returns it."""
        rows = tuple(tuple(map(change, row)) for row in self.rows)
        return self if rows == self.rows else replace(self, rows=rows)

    @cached_property
    def anchors(self) -> tuple[str, ...]:
        """Every anchor a cell of the table sets."""
        return tuple(part.id for row in self.rows for part in walk(*row) if isinstance(part, Anchor))


@dataclass(frozen=True)
class Prose:
    """Running text, converted, the anchors it links to, and its words."""

    markup: str
    links: tuple[str, ...] = ()
    plain: str = ""

    @property
    def targets(self) -> Iterator[tuple[str, bool]]:
        """Every anchor that it links to; it cites each itself, as an Exhibit may not."""
        yield from ((link, True) for link in self.links)


@dataclass(frozen=True)
class Heading:
    """A heading: level 1 is a chapter; `number` is empty where sections are not numbered.

    One of an `appendix` has a letter; under one with `moved` are tables of chapters.
    """

    level: int
    number: str
    anchor: str
    markup: str
    plain: str
    appendix: bool = False
    moved: bool = False


@dataclass(frozen=True)
class Listing:
    """Text to be shown verbatim: code of a cell, code in prose, or what a program printed, perhaps in colours."""

    text: str
    language: str = ""
    role: str = "output"  # code | excerpt | output | error
    styled: tuple[StyledText, ...] = ()  # the text as runs of one style each, if it has styles
    name: str = ""  # of the cell whose code it is


@dataclass(frozen=True)
class Note:
    """A sentence of the exporter's own about something that is not shown."""

    text: str


@dataclass(frozen=True)
class ExhibitBlock:
    """A figure or a table, with its title and notes; these texts are Pieces until composed, then markup.

    `alt_chain` lists the parts of the alt text that have evidence or a mark: text, anchor, kind; `links` the targets of
    the texts; `csv` is the numbers of a figure as a file of that `name`. A table that was `moved` to the appendix has
    the `places` that refer to it.
    """

    label: str  # "Figure" | "Table"
    number: str
    anchor: str
    title: Piece | str = ""
    caption: Piece | str = ""
    source: Piece | str = ""
    alt: str = ""
    image: Image | None = None
    table: TableGrid | None = None
    appendix: bool = False
    alt_chain: tuple[tuple[str, str | None, str | None], ...] = ()
    links: tuple[str, ...] = ()
    name: str = ""
    csv: str = ""
    moved: bool = False
    places: tuple[Link, ...] = ()
    narrow: Image | None = None  # the same picture as drawn for a phone

    @property
    def pieces(self) -> Iterator[Piece]:
        """Its texts that are not converted yet."""
        yield from (text for text in (self.title, self.caption, self.source) if isinstance(text, Piece))

    @property
    def targets(self) -> Iterator[tuple[str, bool]]:
        """Every anchor that it links to, and whether it cites that itself or only as the origin of a row."""
        yield from ((link, True) for link in self.links)
        yield from ((anchor, True) for _, anchor, _ in self.alt_chain if anchor)
        if self.table is None:
            return
        for row in self.table.rows:
            for cell in row:
                itself = not (self.table.origins and cell is row[-1])
                yield from ((part.to, itself) for part in walk(cell) if isinstance(part, Link))
        yield from ((part.to, True) for part in walk(*self.table.labels) if isinstance(part, Link))


Block = Prose | Heading | Listing | Note | ExhibitBlock


@dataclass(frozen=True)
class Context:
    """Where a block comes from: the notebook, the cell, and whether that is an appendix or was moved to one.

    `number` is the place of the cell in its notebook, from 1.
    """

    notebook: str = ""
    cell: str = ""
    appendix: bool = False
    moved: bool = False
    number: int = 0

    @property
    def place(self) -> str:
        """The cell, for a message: its notebook, its place in that, its name."""
        return " ".join(filter(None, (self.notebook, f"cell {self.number}", f"({self.cell})" if self.cell else "")))


@dataclass(frozen=True)
class Draft:
    """A document before its texts are converted: its metadata and its blocks, each with its context."""

    metadata: Mapping
    blocks: tuple[tuple[Context, Block | Piece], ...]

    @property
    def is_report(self) -> bool:
        """Whether this is an assembled report and not any notebook."""
        return "title" in self.metadata

    def pieces(self) -> Iterator[Piece]:
        """Yield every text to convert."""
        for _, block in self.blocks:
            if isinstance(block, Piece):
                yield block
            elif isinstance(block, ExhibitBlock):
                yield from block.pieces


@dataclass(frozen=True)
class Document:
    """A document ready to be rendered: metadata, blocks in order, its anchors and the links without a target.

    `aliases` are the anchors of links that name a heading as Jupyter does; `subtitle` is a cell, with its links. The
    parts of a `separate` document share no names of rows or styles, so that each can be rendered again by itself.
    `what_if` is what `what_if_data` of `report.pages.what_if` returns: with it, readers can ask what if a figure were
    another.
    """

    metadata: Mapping
    blocks: tuple[Block, ...]
    anchors: frozenset[str]
    dangling: tuple[tuple[str, str], ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)
    subtitle: GridCell = GridCell()
    is_report: bool = False  # an assembled report, and not any notebook
    separate: bool = False
    contexts: tuple[Context, ...] = ()  # of each block
    what_if: Mapping[str, Any] | None = None

    @cached_property
    def row_numbers(self) -> dict[str, str]:
        """The number of each result and verdict, such as F12, by the anchor of its row: another name for that row."""
        if self.separate:
            return {}
        tables = [block.table for block in self.blocks if isinstance(block, ExhibitBlock) and block.table]
        rows = (row for table in tables if table.layout == "register" for row in table.rows)
        named = [part for row in rows for part in walk(*row[:1]) if isinstance(part, Anchor)]
        return {part.id: part.text for part in named if re.fullmatch(r"[FV]\d+", part.text)}

    @cached_property
    def targets(self) -> dict[str, str]:
        """What links lead to, by the anchor they name: that, or the number of its row, which is shorter."""
        return {anchor: self.row_numbers.get(anchor, anchor) for anchor in self.anchors}

    def outline(self, depth: int = 2) -> list[tuple[Heading, list[Heading]]]:
        """The chapters, each with its sections: what a table of contents lists."""
        chapters: list[tuple[Heading, list[Heading]]] = []
        for heading in (block for block in self.blocks if isinstance(block, Heading)):
            if heading.level == 1:
                chapters.append((heading, []))
            elif heading.level <= depth and chapters:
                chapters[-1][1].append(heading)
        return chapters

    def lists(self) -> list[tuple[str, list[ExhibitBlock]]]:
        """The figures, and the tables, that have a number and an anchor: what lists of them name."""
        exhibits = [block for block in self.blocks if isinstance(block, ExhibitBlock) and block.number and block.anchor]
        listed = [(label, [block for block in exhibits if block.label == label]) for label in ("Figure", "Table")]
        return [(label, blocks) for label, blocks in listed if blocks]

    def warn(self, log: logging.Logger) -> None:
        """Log a few links without a target with their locations, many as one line, and the number of notes."""
        if len(self.dangling) > MOST_LISTED:
            targets = [*dict.fromkeys(f"'#{target}'" for target, _ in self.dangling)]
            first = ", ".join(targets[:MOST_LISTED]) + (", …" if len(targets) > MOST_LISTED else "")
            log.warning("links without a target, shown as plain text: %d, to %s", len(self.dangling), first)
        else:
            for target, where in self.dangling:
                log.warning(
                    "%s: the link to '#%s' has no target; it is shown as plain text", where or "notebook", target
                )
        notes = sum(isinstance(block, Note) for block in self.blocks)
        if notes:
            log.warning("notes on the page about what is not shown, or not as its author meant: %d", notes)
