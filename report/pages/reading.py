"""A notebook, read as a draft: the blocks that its cells and outputs become.

`Reader` reads notebooks of this report. `report.foreign` has a reader for whatever else notebooks may contain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from claims.content.phrases import Link, Marked
from claims.content.tables import FIGURE, NARROW, TABLE, Figure, Table

from report.expressions import fill, results_of
from report.pages.anchors import without_number
from report.pages.document import Block, Context, Draft, ExhibitBlock, GridCell, Listing, TableGrid
from report.pages.markdown import Piece
from report.pages.pictures import IMAGE_SUFFIXES, SVG, Image, load_image, with_drawing
from report.runs.selection import Notebook

__all__ = ["UNDESCRIBED", "ExhibitJson", "Reader", "joined", "load_exhibit", "payload", "read", "with_values"]

OURS = "application/vnd.ledger."
UNDESCRIBED = "Picture without a description, drawn by the cell above"


class ExhibitJson(dict[str, Any]):
    """A table or figure of ours as JSON that still knows what it was written from: only its texts may be changed."""

    def __init__(self, content: Table | Figure) -> None:
        """Write a table or a figure."""
        super().__init__(content.to_json())
        self.content = content


def load_exhibit(data: Mapping) -> Table | Figure:
    """Return the table or figure of ours among the MIME types of an output; reading it from JSON takes long."""
    kind, value = (Table, data[TABLE]) if TABLE in data else (Figure, data[FIGURE])
    if not isinstance(value, ExhibitJson):
        return kind.from_json(value)
    return replace(value.content, **{name: value.get(name, "") for name in ("title", "caption", "source")})


class Reader:
    """Reads the cells of a notebook: prose, code, exhibits, and in a plain form what else a cell shows."""

    def __init__(self, notebook: Mapping, folder: Path | None = None) -> None:
        """Read cells of this notebook, which lies in `folder` if it is a file."""
        self.notebook, self.folder = notebook, folder

    def read_cell(self, cell: Mapping, context: Context) -> Iterator[Block | Piece]:
        """Yield the blocks of a cell."""
        source = joined(cell.get("source", ""))
        match cell.get("cell_type"):
            case "markdown":
                yield from self.read_markdown(source, cell)
            case "code":
                if source.strip() and _details(cell).get("role") != "parameters":
                    yield Listing(source, self.language(source), "code", name=_cell_name(cell, context))
                for output in cell.get("outputs", ()):
                    yield from self.read_output(output, context)
            case _:
                yield from self.read_other_cell(source, cell)

    def read_markdown(self, source: str, cell: Mapping) -> Iterator[Block | Piece]:
        """Yield the text of a Markdown cell."""
        yield Piece(source)

    def read_other_cell(self, source: str, cell: Mapping) -> Iterator[Block | Piece]:
        """Yield a cell that is neither Markdown nor code as its source."""
        yield Listing(source)

    def language(self, source: str) -> str:
        """Return the programming language of a code cell."""
        return "python"

    def read_output(self, output: Mapping, context: Context) -> Iterator[Block | Piece]:
        """Yield the blocks of an output."""
        match output.get("output_type"):
            case "stream":
                role = "error" if output.get("name") == "stderr" else "output"
                yield from self.read_printed(joined(output.get("text", "")), role)
            case "error":
                trace = "\n".join(map(str, output.get("traceback", ())))
                yield from self.read_printed(trace or f"{output.get('ename')}: {output.get('evalue')}", "error")
            case _:
                yield from self.read_display(output, context)

    def read_printed(self, text: str, role: str = "output") -> Iterator[Block]:
        """Yield what a program printed, if that is anything."""
        if text.strip():
            yield Listing(text, role=role)

    def read_display(self, output: Mapping, context: Context) -> Iterator[Block | Piece]:
        """Yield what an output displays: an exhibit of this report, nothing for findings and verdicts, or else."""
        data = {mime: payload(value) for mime, value in output.get("data", {}).items()}
        number = str(_details(output).get("number", ""))
        if TABLE in data:
            exhibit = _read_exhibit(load_exhibit(data), None, number, context.appendix)
            yield replace(exhibit, moved=context.moved)
        elif FIGURE in data:
            image = self.first_image(with_drawing(data))
            narrow = self.load_image(SVG, data[NARROW]) if NARROW in data and image and image.mime == SVG else None
            figure = _read_exhibit(load_exhibit(data), image, number, context.appendix)
            yield replace(figure, narrow=narrow)
        elif not any(mime.startswith(OURS) for mime in data):
            yield from self.read_other_display(data, output)

    def read_other_display(self, data: Mapping, output: Mapping) -> Iterator[Block | Piece]:
        """Yield an output that is no exhibit: its Markdown, its picture, its plain text or the text of its HTML."""
        if "text/markdown" in data:
            yield Piece(str(data["text/markdown"]))
        elif image := self.first_image(data):
            yield ExhibitBlock("", "", "", alt=UNDESCRIBED, image=image)
        else:
            plain = data["text/plain"] if "text/plain" in data else _text_of_html(str(data.get("text/html", "")))
            yield from self.read_printed(str(plain))

    def first_image(self, data: Mapping) -> Image | None:
        """Return the first picture among the MIME types that can be read."""
        images = (self.load_image(mime, data[mime]) for mime in IMAGE_SUFFIXES if mime in data)
        return next(filter(None, images), None)

    def load_image(self, mime: str, data: str | bytes, size: Mapping | None = None) -> Image | None:
        """Return the picture, or None if it cannot be read."""
        return load_image(mime, data, size)


def _text_of_html(html: str) -> str:
    from lxml.html import fromstring

    texts = fromstring(f"<div>{html}</div>").xpath(".//text()[not(parent::style or parent::script)]")
    return " ".join(texts).strip()


def _read_exhibit(exhibit: Table | Figure, image: Image | None, number: str, appendix: bool) -> ExhibitBlock:
    """Return a table or figure as a block; its texts are Markdown, its cells are data, never markup."""
    title, caption, source = (
        Piece(text, inline=True) if text else "" for text in (exhibit.title, exhibit.caption, exhibit.source)
    )
    rows = tuple(tuple(GridCell(cell.phrases) for cell in row) for row in exhibit.rows)
    grid = TableGrid(exhibit.columns, rows, origins=bool(exhibit.columns and exhibit.columns[-1].origins))
    if isinstance(exhibit, Table):
        keys = [column.key for column in exhibit.columns]
        shows = tuple(keys.index(key) for key in exhibit.shows if key in keys)
        grid = replace(grid, layout=exhibit.layout, shows=shows, lead=exhibit.lead)
        return ExhibitBlock("Table", number, exhibit.id, title, caption, source, table=grid, appendix=appendix)
    chain = (part for part in exhibit.alt.parts if isinstance(part, Link | Marked))
    return ExhibitBlock(
        "Figure", number, exhibit.id, title, caption, source, str(exhibit.alt) or "Figure without a description", image,
        table=grid if exhibit.columns else None, appendix=appendix,
        alt_chain=tuple(
            (part.text, part.to, None) if isinstance(part, Link) else (part.text, None, part.kind) for part in chain
        ),
        name=exhibit.name or "figure", csv=exhibit.csv,
    )  # fmt: skip


def read(
    notebook: Mapping, about: Mapping = MappingProxyType({}), reader: Callable[[Mapping, Path | None], Reader] = Reader
) -> Draft:
    """Return the notebook as a draft; `about` may give its name and the folder (path) it lies in."""
    reads = reader(notebook, Path(about["path"]) if about.get("path") else None)
    blocks: list[tuple[Context, Block | Piece]] = []
    for index, cell in enumerate(with_values(notebook)):
        details = _details(cell)
        appendix, moved = (details.get("role") == role for role in ("appendix", "moved"))
        name = cell.get("id", f"cell {index + 1}")
        context = Context(details.get("notebook", ""), name, appendix, moved, index + 1)
        blocks += ((context, block) for block in reads.read_cell(cell, context))
    metadata = {"language": "en", **_details(notebook), "name": about.get("name", "")}
    return Draft(metadata, tuple(blocks))


def with_values(notebook: Mapping) -> list[Mapping]:
    """Return the cells of a notebook, in its Markdown cells the values of inline expressions instead of them."""
    if not any(map(results_of, notebook["cells"])):
        return list(notebook["cells"])
    try:
        parameters = Notebook(Path("notebook.ipynb"), notebook).defaults
    except (ValueError, TypeError):  # another's notebook may have anything as tags, and in the cell that is tagged
        parameters = {}
    return [
        {**cell, "source": fill(joined(cell.get("source", "")), results_of(cell), parameters)}
        if cell.get("cell_type") == "markdown" and results_of(cell)
        else cell
        for cell in notebook["cells"]
    ]


def joined(text: object) -> str:
    """Return a text that a notebook may keep as a list of lines."""
    return "".join(map(str, text)) if isinstance(text, list | tuple) else str(text)


def payload(value: object):
    """Return the value of a MIME type; a list of lines is joined."""
    return "".join(value) if isinstance(value, list) and all(isinstance(line, str) for line in value) else value


def _details(cell: Mapping) -> Mapping:
    """Return what the assembled report notes about itself, or about a cell: its notebook, its role, its own name."""
    return _mapping(_mapping(cell.get("metadata")).get("report"))


def _mapping(value: object) -> Mapping:
    """Return what a notebook keeps in a place for a mapping; none if it is something else, as in others' notebooks."""
    return value if isinstance(value, Mapping) else {}


def _cell_name(cell: Mapping, context: Context) -> str:
    """Return what a cell is called where its code is folded: its chapter, if it has one, and its own name."""
    name = _details(cell).get("cell") or context.cell
    return ", ".join(filter(None, (without_number(context.notebook), name))).replace("_", " ").replace("-", " ")
