"""Where a figure or table is placed in print: where it is discussed, or at the head or foot of a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from report.pages.column_widths import LINE_CHARACTERS, row_lines
from report.pages.document import Block, ExhibitBlock, Heading, Listing, Note, Prose

__all__ = ["chapters", "is_sideways", "placement"]

PAGE_LINES = 42
UNBROKEN_LINES = 6  # of a table that never breaks over pages
FLOATING_LINES = 16  # of a chapter's table that floats rather than break


def chapters(blocks: Iterable[Block]) -> Iterator[list[Block]]:
    """Yield the blocks of each chapter, at least one block; what comes before the first is a chapter too."""
    chapter: list[Block] = []
    for block in blocks:
        if isinstance(block, Heading) and block.level == 1 and chapter:
            yield chapter
            chapter = []
        chapter.append(block)
    if chapter:
        yield chapter


def is_sideways(block: Block) -> bool:
    """Return whether a block is a register of the appendices, whose pages are landscape."""
    return (
        isinstance(block, ExhibitBlock)
        and block.appendix
        and block.table is not None
        and block.table.layout == "register"
    )


def placement(blocks: Sequence[Block], index: int) -> tuple[str, bool]:
    """Return where the block of a chapter floats ("none", "top", "bottom"), and whether it breaks over pages.

    Right below a heading an exhibit stays. A short table goes to the head of the next page, if there is no room for it
    where it is. Less than a page from an exhibit that stays or breaks, a figure goes to the foot: at the head of a page
    it could come before what it follows, or cut it in two.
    """
    block = blocks[index]
    if not isinstance(block, ExhibitBlock):
        return "none", False
    if block.label == "Table":
        return _table_placement(blocks, index)
    if _is_below_heading(blocks, index):
        return "none", False
    near = any(_is_near_fixed(blocks, indices) for indices in (range(index - 1, -1, -1), range(index + 1, len(blocks))))
    return "bottom" if near else "top", False


def _table_placement(blocks: Sequence[Block], index: int) -> tuple[str, bool]:
    """Return where a table floats, and whether it breaks over pages."""
    table = blocks[index]
    if not isinstance(table, ExhibitBlock) or not table.table:
        return "none", False
    lines, in_chapter = sum(row_lines(table.table)), not (table.appendix or table.moved)
    if in_chapter and lines <= FLOATING_LINES and not _is_below_heading(blocks, index):
        return "top", False
    return "none", table.appendix or lines > UNBROKEN_LINES


def _is_below_heading(blocks: Sequence[Block], index: int) -> bool:
    return index > 0 and isinstance(blocks[index - 1], Heading)


def _is_near_fixed(blocks: Sequence[Block], indices: Iterable[int]) -> bool:
    """Return whether an exhibit that does not float is among the blocks that fill a page."""
    room: float = PAGE_LINES
    for index in indices:
        block = blocks[index]
        is_fixed = _is_below_heading(blocks, index) or (_is_table(block) and _table_placement(blocks, index)[1])
        if isinstance(block, ExhibitBlock) and is_fixed:
            return True
        room -= _height(block)
        if room < 0:
            break
    return False


def _is_table(block: Block) -> bool:
    return isinstance(block, ExhibitBlock) and block.label == "Table"


def _height(block: Block) -> float:
    """Return an estimate of the lines that a block fills."""
    match block:
        case Heading():
            return 3
        case Prose():
            return len(block.markup) / (1.5 * LINE_CHARACTERS[False])
        case Listing() | Note():
            return 0
        case ExhibitBlock():
            rows = sum(row_lines(block.table)) if block.table and block.label != "Figure" else 0
            return rows + 6 + ((block.image.height or 0) / 20 if block.image else 0)
