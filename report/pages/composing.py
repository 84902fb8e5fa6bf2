"""A draft and its converted texts, composed as a document: numbers, anchors, places and links."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from claims.content.phrases import Phrase

from report.pages.anchors import Numbering, chapter_anchor, free_anchor, slug
from report.pages.document import Block, Cell, Context, Document, Draft, Exhibit, Heading, Prose, Run, Text
from report.pages.markdown import Converted, Piece
from report.pages.parts import block_of_part
from report.pages.tables import runs_of

PAGE_NAMES = frozenset(("main", "places", "exhibit-place"))  # anchors of the page's own


def compose(draft: Draft, converted: Mapping[Piece, Converted]) -> Document:
    """Return the document: texts put in, sections numbered, anchors given once each, dangling links found."""
    blocks = list(_expanded(draft, converted))
    title, blocks = _titled(draft, blocks)
    contexts, bare = [c for c, _ in blocks], _anchored([c for c, _ in blocks], [b for _, b in blocks], draft.is_report)
    bare = _with_places(bare)
    anchors = _all_anchors(bare)
    aliases, dangling = _resolve(draft, converted, contexts, bare, anchors)
    subtitle = Cell(tuple(runs_of(Phrase.from_json(draft.metadata.get("subtitle")))))
    return Document({**draft.metadata, "title": title}, tuple(bare), frozenset(anchors), dangling, aliases, subtitle)


def _expanded(draft: Draft, converted: Mapping[Piece, Converted]) -> Iterator[tuple[Context, Block]]:
    figures = tables = 0
    for context, block in draft.blocks:
        if isinstance(block, Text):
            for part in converted[block.piece].parts:
                yield context, block_of_part(part, context)
        elif isinstance(block, Exhibit):
            if block.label == "Figure":
                figures += 1
            elif block.label == "Table":
                tables += 1
            number = block.number or {"Figure": str(figures), "Table": str(tables)}.get(block.label, "")
            pieces = {key: p for key in ("title", "caption", "source") if isinstance(p := getattr(block, key), Piece)}
            texts = {key: converted[piece].markup for key, piece in pieces.items()}
            links = tuple(link for piece in pieces.values() for link in converted[piece].links)
            yield context, replace(block, number=number, links=links, **texts)
        else:
            yield context, block


def _titled(draft: Draft, blocks: list[tuple[Context, Block]]) -> tuple[str, list[tuple[Context, Block]]]:
    """Return the title, and the blocks with heading levels that begin at 1 and skip none."""
    headings = [b for _, b in blocks if isinstance(b, Heading)]
    title = draft.metadata.get("title")
    if not title:
        first = headings[0] if headings else None
        if first and first.level == 1 and sum(h.level == 1 for h in headings) == 1:
            title = first.plain
            blocks = [(c, b) for c, b in blocks if b is not first]
        else:
            title = draft.metadata.get("name") or "Notebook"
    top = min((b.level for _, b in blocks if isinstance(b, Heading)), default=1)
    levelled, last = [], 0
    for context, block in blocks:
        if isinstance(block, Heading):
            last = min(block.level - top + 1, last + 1)
            block = replace(block, level=last)
        levelled.append((context, block))
    return title, levelled


def _anchored(contexts: list[Context], blocks: list[Block], is_report: bool) -> list[Block]:
    """Give every heading its number (in a report) and an anchor; of equal anchors keep one, the appendix's."""
    owner = _owners(blocks)
    taken = set(owner) | PAGE_NAMES
    numbering, chapter, placed = Numbering(), "", []
    for index, (context, block) in enumerate(zip(contexts, blocks, strict=True)):
        if isinstance(block, Heading):
            if block.level == 1:
                chapter = chapter_anchor(context.notebook) if context.notebook else slug(block.plain)
            wanted = (
                chapter if block.level == 1 else f"{chapter}-{slug(block.plain)}" if is_report else slug(block.plain)
            )
            anchor = free_anchor(wanted, taken)
            taken.add(anchor)
            number = numbering.next(block.level, block.appendix) if is_report else ""
            block = replace(block, anchor=anchor, number=number)
        elif isinstance(block, Exhibit):
            block = _owned(block, index, owner)
        placed.append(block)
    return placed


def _owners(blocks: list[Block]) -> dict[str, int]:
    """Return for each anchor of an exhibit or a cell the block that keeps it: an appendix before a chapter."""
    owner: dict[str, int] = {}
    for index, block in enumerate(blocks):
        if isinstance(block, Exhibit):
            for anchor in _exhibit_anchors(block):
                if anchor not in owner or (block.appendix and not blocks[owner[anchor]].appendix):
                    owner[anchor] = index
    return owner


def _exhibit_anchors(block: Exhibit) -> tuple[str, ...]:
    cells = block.table.anchors if block.table and block.label != "Figure" else ()
    return ((block.anchor,) if block.anchor else ()) + cells


def _owned(block: Exhibit, index: int, owner: Mapping[str, int]) -> Exhibit:
    """Return the exhibit without the anchors that another block keeps or an earlier cell of its own sets."""
    kept = set()

    def keep(anchor):
        if (
            not anchor
            or owner.get(anchor) != index
            or anchor in kept
            or (block.label == "Figure" and anchor != block.anchor)
        ):
            return None
        kept.add(anchor)
        return anchor

    def kept_in(cell: Cell) -> Cell:
        if not any(run.anchor for run in cell.runs):
            return cell
        return replace(cell, runs=tuple(replace(run, anchor=keep(run.anchor)) for run in cell.runs))

    anchor = keep(block.anchor) or ""
    table = block.table and replace(
        block.table, rows=tuple(tuple(kept_in(cell) for cell in row) for row in block.table.rows)
    )
    return replace(block, anchor=anchor, table=table)


def _with_places(blocks: list[Block]) -> list[Block]:
    """Return the blocks with every run that stands for places replaced by links to them."""
    if not any(run.places for block in blocks if isinstance(block, Exhibit) for run in _all_runs(block)):
        return blocks
    cited = _citing_places(blocks)
    return [_placed(block, cited) if isinstance(block, Exhibit) and block.table else block for block in blocks]


def _all_runs(block: Exhibit) -> Iterator[Run]:
    yield from (run for cell in block.table.cells for run in cell.runs) if block.table else ()


@dataclass
class Places:
    """The places of the chapters that lead to an anchor, by their own anchor, and whether one cites it itself."""

    runs: dict[str, Run] = field(default_factory=dict)
    itself: bool = False


def _citing_places(blocks: Iterable[Block]) -> dict[str, Places]:
    """Return for each anchor the chapters' sections, tables and figures that lead to it."""
    cited: dict[str, Places] = {}
    section = None
    for block in blocks:
        if isinstance(block, Heading) and block.number:
            section = None if block.appendix else Run(block.number, f"#{block.anchor}")
        if section is None or not isinstance(block, Prose | Exhibit):
            continue
        named = isinstance(block, Exhibit) and block.label and block.anchor
        place = Run(f"{block.label}\u00a0{block.number}", f"#{block.anchor}") if named else section
        for target, itself in ((link, True) for link in block.links) if isinstance(block, Prose) else block.targets:
            found = cited.setdefault(target, Places())
            found.runs.setdefault(place.href, place)
            found.itself |= itself
    return cited


def _placed(block: Exhibit, cited: Mapping[str, Places]) -> Exhibit:
    def placed(cell: Cell) -> Cell:
        at = next((index for index, run in enumerate(cell.runs) if run.places), None)
        if at is None:
            return cell
        run, found = cell.runs[at], cited.get(cell.runs[at].places, Places())
        nowhere = () if at or found.itself else run.nowhere
        return replace(cell, runs=(*cell.runs[:at], *nowhere, *found.runs.values(), *cell.runs[at + 1 :]))

    return replace(block, table=replace(block.table, rows=tuple(tuple(map(placed, row)) for row in block.table.rows)))


def _all_anchors(blocks: Iterable[Block]) -> set[str]:
    anchors = set()
    for block in blocks:
        if isinstance(block, Heading):
            anchors.add(block.anchor)
        elif isinstance(block, Exhibit):
            anchors.update(_exhibit_anchors(block))
    return anchors


def _resolve(draft, converted, contexts, blocks, anchors) -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
    """Return the anchors meant by links that name a heading as Jupyter does, and the links that lead nowhere."""
    by_slug = {}
    for block in blocks:
        if isinstance(block, Heading):
            by_slug.setdefault(slug(block.plain), block.anchor)
    aliases, dangling = {}, {}
    for context, target in _links(draft, converted):
        if target in anchors:
            continue
        local = f"{chapter_anchor(context.notebook)}-{slug(target)}" if context.notebook else slug(target)
        meant = local if local in anchors else by_slug.get(slug(target))
        if meant:
            aliases.setdefault(target, meant)
        else:
            where = " ".join(filter(None, (context.notebook, f"cell {context.cell}")))
            dangling.setdefault((target, where))
    return aliases, tuple(dangling)


def _links(draft: Draft, converted: Mapping[Piece, Converted]) -> Iterator[tuple[Context, str]]:
    for context, block in draft.blocks:
        if isinstance(block, Text):
            yield from ((context, target) for target in converted[block.piece].links)
        elif isinstance(block, Exhibit):
            for piece in (block.title, block.caption, block.source):
                if isinstance(piece, Piece):
                    yield from ((context, target) for target in converted[piece].links)
            for cell in block.table.cells if block.table else ():
                yield from ((context, run.href[1:]) for run in cell.runs if run.href and run.href.startswith("#"))
