"""The page of a preview: all of it, or one chapter among outlines of the others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from claims.content.tables import Table
from claims.ledger.model import Ledger

from report.pages import appendices, front, html
from report.pages.anchors import chapter_anchor
from report.pages.assemble import assemble
from report.pages.composing import compose
from report.pages.document import Block, Document, Draft, Heading
from report.pages.reading import read
from report.preview.outlines import outline_notebook, outline_table
from report.runs import extract
from report.runs.parameters import Parameter
from report.runs.selection import Notebook

__all__ = ["Chapter", "Renderer", "Sources", "chapter_ranges"]

_CHAPTER = re.compile(r'<h2 id="([^"]*)"')


@dataclass(frozen=True)
class Sources:
    """What a report is made of besides runs: notebooks, the values of parameters, their meaning, the ledger."""

    notebooks: Sequence[Notebook]
    values: Mapping[str, object]
    declared: Mapping[str, Parameter]
    ledger: Ledger = field(repr=False)


@dataclass(frozen=True)
class Chapter:
    """A chapter as HTML: its anchor, its blocks, and the style rules of its tables."""

    anchor: str
    blocks: tuple[str, ...]
    rules: str


class Renderer:
    """Renders pages, and remembers what the next one may need again; `texts` are conversions by their keys."""

    def __init__(self, texts: dict[str, object]) -> None:
        self.draft: Draft | None = None  # of the last whole page
        self.texts = texts
        self._cards: Mapping[str, str] = {}
        self._outlines: dict[str, tuple[Mapping, dict]] = {}
        self._tables: tuple[tuple, dict[str, Table]] | None = None

    def render_page(self, sources: Sources, executed: Mapping[str, Mapping]) -> Iterator[html.PageParts | None]:
        """Yield None between the steps of rendering the whole page, which takes about a second, then the page.

        Raises NotebookFailed if the notebooks do not make a report.
        """
        document = self._assemble(sources, executed, self._appendices(sources, executed))
        yield None
        self.draft = read(document)
        yield None
        composed = self._compose(self.draft)
        yield None
        parts = html.render_parts(composed)
        self._cards = parts.cards
        yield parts

    def render_chapters(
        self, sources: Sources, executed: Mapping[str, Mapping], changed: Iterable[str]
    ) -> Iterator[Chapter]:
        """Yield these chapters. Raises NotebookFailed if the notebooks do not make a report."""
        changed = list(changed)
        outlines = {name: node if name in changed else self._outline(name, node) for name, node in executed.items()}
        tables = {name: outline_table(table) for name, table in self._appendices(sources, executed).items()}
        document = self._compose(read(self._assemble(sources, outlines, tables)))
        chapters = dict(_chapters(document))
        for anchor in map(chapter_anchor, changed):
            if anchor in chapters:
                parts = html.render_parts(document, chapters[anchor], self._cards)
                yield Chapter(anchor, parts.blocks, parts.rules)

    def _appendices(self, sources: Sources, executed: Mapping[str, Mapping]) -> dict[str, Table]:
        """Return the tables of the appendices; only other findings or another ledger make others."""
        findings, verdicts = extract.findings(executed), extract.verdicts(executed)
        reading = appendices.run_reading(sources.notebooks, sources.values)
        basis = (id(sources.ledger), findings, verdicts, reading)
        if self._tables is None or self._tables[0] != basis:
            self._tables = (basis, appendices.appendix_tables(sources.ledger, findings, verdicts, reading))
        card = appendices.run_card_table(sources.notebooks, sources.values, sources.declared)
        return {"run_card": card, **self._tables[1]}

    def _assemble(self, sources: Sources, executed: Mapping[str, Mapping], tables: Mapping[str, Table]) -> dict:
        about = front.title_page(sources.ledger, extract.findings(executed)) | {"attachments": []}
        return assemble(executed, tables, about, strict=not sources.values)

    def _compose(self, draft: Draft) -> Document:
        return compose(draft, html.converted(draft, self.texts))

    def _outline(self, name: str, executed: Mapping) -> dict:
        """Return the outline of a notebook's last run, which is made once."""
        run, outline = self._outlines.get(name, (None, {}))
        if run is not executed:
            outline = outline_notebook(executed)
            self._outlines[name] = (executed, outline)
        return outline


def _chapters(document: Document) -> Iterator[tuple[str, list[Block]]]:
    """Yield the anchor and the blocks of each chapter."""
    blocks: list[Block] = []
    for block in document.blocks:
        if isinstance(block, Heading) and block.level == 1:
            blocks = []
            yield block.anchor, blocks
        blocks.append(block)


def chapter_ranges(blocks: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Return where each chapter begins and ends among the blocks of a page, by its anchor.

    >>> chapter_ranges(['<h2 id="growth">', "<p>", '<h2 id="shares">'])
    {'growth': (0, 2), 'shares': (2, 3)}
    """
    starts = [(match[1], place) for place, block in enumerate(blocks) if (match := _CHAPTER.match(block))]
    ends = [place for _, place in starts[1:]] + [len(blocks)]
    return {anchor: (start, end) for (anchor, start), end in zip(starts, ends, strict=True)}
