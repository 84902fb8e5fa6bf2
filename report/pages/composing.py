"""A draft and its converted texts, composed as a document: numbers, anchors, citing places and links."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from claims.content.phrases import Anchor, CitedIn, Link, Marked, Part, Phrase
from claims.content.tables import walk

from report.pages.anchors import Numbering, chapter_anchor, free_anchor, slug
from report.pages.document import Block, Context, Document, Draft, ExhibitBlock, GridCell, Heading, Prose
from report.pages.markdown import Converted, Piece
from report.pages.parts import block_of_part

__all__ = ["compose", "warn_of_refused"]

LOG = logging.getLogger(__name__)

# anchors and labels that the page and report.typ use themselves
PAGE_NAMES = frozenset((
    "main", "destinations", "exhibit-place", "table-start", "table-end", "row", "heads",
    "evidence-index", "evidence-start", "figures-and-tables", "foot",
))  # fmt: skip

Placed = tuple[Context, Block]


def compose(draft: Draft, converted: Mapping[Piece, Converted]) -> Document:
    """Return the document: texts filled in, sections numbered, unique anchors, dangling links listed."""
    title, placed = _with_title(draft, list(_expanded(draft, converted)))
    blocks = _with_anchors(placed, draft.is_report)
    citations = _citations(blocks)
    anchors = {anchor for block in blocks for anchor in _anchors_of(block)}
    blocks = [_with_places(block, citations) if isinstance(block, ExhibitBlock) else block for block in blocks]
    aliases, dangling = _resolve_links(draft, converted, blocks, anchors)
    subtitle = GridCell((Phrase.from_json(draft.metadata.get("subtitle")),))
    metadata = {**draft.metadata, "title": title}
    contexts = tuple(context for context, _ in placed)
    return Document(
        metadata, tuple(blocks), frozenset(anchors), dangling, aliases, subtitle, draft.is_report, contexts=contexts
    )


def warn_of_refused(draft: Draft, converted: Mapping[Piece, Converted], log: logging.Logger = LOG) -> None:
    """Log the cell of every text that is shown as its source, because it could not be converted."""
    for context, block in draft.blocks:
        if isinstance(block, Piece) and (reason := converted[block].refused):
            log.warning("%s: a text could not be converted; its source is shown. %s", context.place, reason)


# ---- blocks and their levels ----


def _expanded(draft: Draft, converted: Mapping[Piece, Converted]) -> Iterator[Placed]:
    """Yield the blocks with their texts converted; exhibits without a number are counted."""
    counts = {"Figure": 0, "Table": 0}
    for context, block in draft.blocks:
        match block:
            case Piece():
                for part in converted[block].parts:
                    yield context, block_of_part(part, context)
            case ExhibitBlock(label=label, number=number):
                if label in counts:
                    counts[label] += 1
                    number = number or str(counts[label])
                links = tuple(link for piece in block.pieces for link in converted[piece].links)
                title, caption, source = (
                    converted[text].markup if isinstance(text, Piece) else text
                    for text in (block.title, block.caption, block.source)
                )
                yield context, replace(block, number=number, links=links, title=title, caption=caption, source=source)
            case _:
                yield context, block


def _with_title(draft: Draft, placed: list[Placed]) -> tuple[str, list[Placed]]:
    """Return the title, and the blocks with heading levels that begin at 1 and skip none."""
    headings = [block for _, block in placed if isinstance(block, Heading)]
    title = draft.metadata.get("title")
    if not title:
        title = draft.metadata.get("name") or "Notebook"
        levels = [heading.level for heading in headings]
        if levels and levels[0] == min(levels) and (levels.count(levels[0]) == 1 or placed[0][1] is headings[0]):
            first = headings.pop(0)
            title = first.plain.strip() or title
            placed = [(context, block) for context, block in placed if block is not first]
    top = min((heading.level for heading in headings), default=1)
    levelled, last = [], 0
    for context, block in placed:
        if isinstance(block, Heading):
            last = min(block.level - top + 1, last + 1)
            block = replace(block, level=last)
        levelled.append((context, block))
    return title, levelled


# ---- anchors: each is set once ----


def _with_anchors(placed: Sequence[Placed], is_report: bool) -> list[Block]:
    """Give every heading its number (in a report) and an anchor; of equal anchors keep one, the appendix's."""
    owners = _anchor_owners([block for _, block in placed])
    taken = set(owners) | PAGE_NAMES
    numbering, chapter = Numbering(), ""
    blocks: list[Block] = []
    for index, (context, block) in enumerate(placed):
        match block:
            case Heading(level=level, plain=plain):
                if level == 1:
                    chapter = wanted = chapter_anchor(context.notebook) if context.notebook else slug(plain)
                else:
                    wanted = f"{chapter}-{slug(plain)}" if is_report else slug(plain)
                anchor = free_anchor(wanted, taken)
                taken.add(anchor)
                number = numbering.next(level, block.appendix) if is_report else ""
                blocks.append(replace(block, anchor=anchor, number=number))
            case ExhibitBlock():
                blocks.append(_with_own_anchors(block, index, owners))
            case _:
                blocks.append(block)
    return blocks


def _anchor_owners(blocks: Sequence[Block]) -> dict[str, int]:
    """Return for each anchor of an exhibit or a cell the index of the block that keeps it: an appendix if there is."""
    owners: dict[str, int] = {}
    appendices = {index for index, block in enumerate(blocks) if isinstance(block, ExhibitBlock) and block.appendix}
    for index, block in enumerate(blocks):
        for anchor in _anchors_of(block) if isinstance(block, ExhibitBlock) else ():
            if anchor not in owners or (index in appendices and owners[anchor] not in appendices):
                owners[anchor] = index
    return owners


def _anchors_of(block: Block) -> tuple[str, ...]:
    """Return the anchors that a block sets; the data of a figure set none."""
    match block:
        case Heading():
            return (block.anchor,)
        case ExhibitBlock():
            cells = block.table.anchors if block.table and block.label != "Figure" else ()
            return ((block.anchor,) if block.anchor else ()) + cells
        case _:
            return ()


def _with_own_anchors(block: ExhibitBlock, index: int, owners: Mapping[str, int]) -> ExhibitBlock:
    """Return the exhibit without the anchors that another block keeps or an earlier cell of its own sets."""
    in_cells = block.table.anchors if block.table else ()
    own = [block.anchor, *in_cells] if block.anchor else [*in_cells]
    are_own = len(own) == len({*own}) and all(owners.get(anchor) == index for anchor in own)
    if are_own and not (in_cells and block.label == "Figure"):
        return block
    kept: set[str] = set()

    def keeps(anchor: str) -> bool:
        in_data = block.label == "Figure" and anchor != block.anchor
        if owners.get(anchor) != index or anchor in kept or in_data:
            return False
        kept.add(anchor)
        return True

    def without_others(part: Part) -> Part:
        if not isinstance(part, Anchor) or keeps(part.id):
            return part
        return Marked(part.text, part.kind) if part.kind else part.text

    anchor = block.anchor if keeps(block.anchor) else ""
    table = block.table and block.table.map_cells(lambda cell: cell.map(without_others))
    return replace(block, anchor=anchor, table=table)


# ---- the places that cite a row ----


@dataclass
class _Citations:
    """The sections, figures and tables that link to an anchor, by their own, and whether one cites it itself."""

    places: dict[str, Link] = field(default_factory=dict)
    by_themselves: bool = False


def _citations(blocks: Iterable[Block]) -> dict[str, _Citations]:
    """Return for each anchor the chapters' sections, tables (also moved ones) and figures that link to it."""
    cited: dict[str, _Citations] = {}
    section: Link | None = None
    for block in blocks:
        if isinstance(block, Heading) and block.number:
            section = None if block.appendix else Link(block.number, block.anchor)
        place = section
        if isinstance(block, ExhibitBlock) and block.label and block.anchor and (section or block.moved):
            place = Link(f"{block.label}\u00a0{block.number}", block.anchor)
        if place is None or not isinstance(block, Prose | ExhibitBlock):
            continue
        for target, itself in block.targets:
            citations = cited.setdefault(target, _Citations())
            citations.places.setdefault(place.to, place)
            citations.by_themselves |= itself
    return cited


def _with_places(block: ExhibitBlock, cited: Mapping[str, _Citations]) -> ExhibitBlock:
    """Return the exhibit with links to the citing places, where its cells ask for them, and if it was moved."""

    def with_places(cell: GridCell) -> GridCell:
        if not any(isinstance(part, CitedIn) for phrase in cell.phrases for part in phrase.parts):
            return cell
        phrases: list[Phrase] = []
        for index, phrase in enumerate(cell.phrases):
            match phrase.parts:
                case (CitedIn(id=id, otherwise=otherwise),):
                    citations = cited.get(id, _Citations())
                    phrases += () if index or citations.by_themselves else otherwise
                    phrases += (Phrase((place,)) for place in citations.places.values())
                case _:
                    phrases.append(phrase)
        return replace(cell, phrases=tuple(phrases))

    places = tuple(cited[block.anchor].places.values()) if block.moved and block.anchor in cited else ()
    return replace(block, places=places, table=block.table and block.table.map_cells(with_places))


# ---- links ----


def _resolve_links(
    draft: Draft, converted: Mapping[Piece, Converted], blocks: Iterable[Block], anchors: set[str]
) -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
    """Return the anchors of links that name a heading as Jupyter does, and those without a target: (target, where)."""
    by_slug: dict[str, str] = {}
    for block in blocks:
        if isinstance(block, Heading):
            by_slug.setdefault(slug(block.plain), block.anchor)
    aliases: dict[str, str] = {}
    dangling: dict[tuple[str, str], None] = {}
    for context, target in _links(draft, converted):
        if target in anchors:
            continue
        local = f"{chapter_anchor(context.notebook)}-{slug(target)}" if context.notebook else slug(target)
        anchor = local if local in anchors else by_slug.get(slug(target))
        if anchor:
            aliases.setdefault(target, anchor)
        else:
            where = " ".join(filter(None, (context.notebook, f"cell {context.cell}")))
            dangling.setdefault((target, where))
    return aliases, tuple(dangling)


def _links(draft: Draft, converted: Mapping[Piece, Converted]) -> Iterator[tuple[Context, str]]:
    """Yield the target of every link inside the document, with its context."""
    for context, block in draft.blocks:
        match block:
            case Piece():
                yield from ((context, target) for target in converted[block].links)
            case ExhibitBlock():
                for piece in block.pieces:
                    yield from ((context, target) for target in converted[piece].links)
                parts = walk(*block.table.cells) if block.table else ()
                yield from ((context, part.to) for part in parts if isinstance(part, Link) and not part.leaves)
