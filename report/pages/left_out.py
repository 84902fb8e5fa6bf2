"""What has nothing to show is left out: sections whose tables and figures are all empty, and chapters of such sections.

Only exhibits count that say nothing without rows (`left_out`): a table of multiples, and not one of contradictions.
Sentences and list items of what remains that refer to what is left out go with it, as do parameters that it alone has.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from claims.content.phrases import Anchor, Link, Phrase
from claims.content.tables import FIGURE, TABLE, Cell, Table, walk

from report.pages.reading import joined

__all__ = ["without_empty", "without_uncounted", "without_unused"]

WITH = "with-"  # how the tag of a cell begins that is only there with the notebook of the rest of that tag
_SECTION = re.compile(r"\s*#{1,2} ")
_FENCE = re.compile(r"```.*?(?:```|\Z)", re.S)
_BLOCKS = re.compile(r"(\n(?:[ \t]*\n)+|\n(?=[-*] ))")  # paragraphs and list items
_SENTENCES = re.compile(r"(?<=[.!?])(\s+)")
_TARGET = re.compile(r"\]\((?:#((?:fig|tbl)-[\w.-]+)|(?:\./)?(\w+)\.ipynb(?:#[^)\s]*)?)\)")


def without_empty(cells: Sequence[dict]) -> list[dict]:
    """Return the cells of notebooks without the sections and chapters that have nothing to show.

    A section begins with a Markdown cell whose first line is a heading. One without tables and figures stays, unless no
    section of its notebook that has any is left. A cell tagged `with-40_lists` goes with that notebook.
    """
    kept: list[dict] = []
    gone: set[str] = set()
    for name, of_notebook in groupby(cells, lambda cell: cell["metadata"]["report"]["notebook"]):
        sections = list(_sections(of_notebook))
        empty = [_is_empty(section) for section in sections]
        if any(empty) and not any(
            _exhibits(section) for section, none in zip(sections, empty, strict=True) if not none
        ):
            gone |= {name, *_ids(cell for section in sections for cell in section)}
            continue
        gone |= set(_ids(cell for section, none in zip(sections, empty, strict=True) if none for cell in section))
        kept += [cell for section, none in zip(sections, empty, strict=True) if not none for cell in section]
    kept = [cell for cell in kept if not gone & {tag.removeprefix(WITH) for tag in cell["metadata"].get("tags", ())}]
    return [_without_references(cell, gone) for cell in kept] if gone else kept


def without_uncounted(appendices: Mapping[str, Table], targets: Collection[str]) -> dict[str, Table]:
    """Return the appendices without that of listed items if no result comes from an item, and without its row count.

    It stays where that count, an item or the appendix itself is one of `targets`, which the pages link to.
    """
    items = appendices.get("agreements")
    if items is None or not items.left_out:
        return dict(appendices)
    kept, said = {}, {items.id, *_anchors(items.rows)}
    for name, table in appendices.items():
        counting = [row for row in table.rows if items.id in _links(row)]
        said.update(_anchors(counting))
        kept[name] = replace(table, rows=tuple(row for row in table.rows if row not in counting))
    if not said.isdisjoint(targets):
        return dict(appendices)
    del kept["agreements"]
    return kept


def without_unused(card: Table, chapters: Collection[str]) -> Table:
    """Return the run card without the parameters that only chapters left out have, and without links to these.

    `chapters` are the anchors of those that the report has.
    """
    place = next((place for place, column in enumerate(card.columns) if column.key == "notebooks"), None)
    if place is None:
        return card
    rows = []
    for row in card.rows:
        users = Cell(tuple(phrase for phrase in row[place].phrases if not _links([phrase]).isdisjoint(chapters)))
        if users:
            rows.append((*row[:place], users, *row[place + 1 :]))
    return replace(card, rows=tuple(rows))


def _links(items: Iterable[Cell | Phrase]) -> set[str]:
    return {part.to for part in walk(*items) if isinstance(part, Link)}


def _anchors(rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    return (part.id for row in rows for part in walk(*row) if isinstance(part, Anchor))


def _sections(cells: Iterable[dict]) -> Iterator[list[dict]]:
    section: list[dict] = []
    for cell in cells:
        if section and cell["cell_type"] == "markdown" and _SECTION.match(joined(cell["source"])):
            yield section
            section = []
        section.append(cell)
    yield section


def _exhibits(cells: Iterable[Mapping]) -> list[Mapping]:
    """Return the figures and tables of ours that cells show, as JSON has them."""
    outputs = (output.get("data", {}) for cell in cells for output in cell.get("outputs", ()))
    return [data[mime] for data in outputs for mime in (TABLE, FIGURE) if mime in data]


def _is_empty(section: Sequence[Mapping]) -> bool:
    exhibits = _exhibits(section)
    return bool(exhibits) and all(exhibit.get("left_out") for exhibit in exhibits)


def _ids(cells: Iterable[Mapping]) -> Iterator[str]:
    yield from (exhibit.get("id", "") for exhibit in _exhibits(cells))


def _without_references(cell: dict, gone: set[str]) -> dict:
    """Return a Markdown cell without the list items and sentences that refer to exhibits or notebooks that are gone."""
    if cell["cell_type"] != "markdown":
        return cell
    source = joined(cell["source"])
    fences = {f"\0{place}\0": fence for place, fence in enumerate(_FENCE.findall(source))}
    places = iter(fences)
    parts = _BLOCKS.split(_FENCE.sub(lambda _: next(places), source))
    text = "".join(_block(block, gone) for block in parts)
    if text == "".join(parts):
        return cell
    for place, fence in fences.items():
        text = text.replace(place, fence)
    return {**cell, "source": re.sub(r"\n{3,}", "\n\n", text).strip("\n")}


def _block(block: str, gone: set[str]) -> str:
    if not _refers(block, gone):
        return block
    if re.match(r"[-*] ", block):
        return ""
    pieces = [*_SENTENCES.split(block), ""]  # sentences, and the white space after each
    pairs = zip(pieces[::2], pieces[1::2], strict=True)
    return "".join(sentence + space for sentence, space in pairs if not _refers(sentence, gone)).rstrip()


def _refers(text: str, gone: set[str]) -> bool:
    return any(gone & {*match} for match in _TARGET.findall(text))
