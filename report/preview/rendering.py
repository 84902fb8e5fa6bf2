"""The page of a preview: all of it, or one chapter among outlines of the others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

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


@dataclass(frozen=True)
class _Results:
    """What follows from the results of notebooks: the appendices, their outlines, the title page; and those results."""

    basis: Sequence[object] = field(repr=False)
    tables: Mapping[str, Table] = field(repr=False)
    outlines: Mapping[str, Table] = field(repr=False)
    about: Mapping = field(repr=False)


class Renderer:
    """Renders pages, and remembers what the next one may need again; `texts` are conversions by their keys."""

    def __init__(self, texts: dict[str, object]) -> None:
        self.draft: Draft | None = None  # of the last whole page
        self.texts = texts
        self._cards: Mapping[str, str] = {}
        self._outlines: dict[str, tuple[Mapping, dict]] = {}
        self._known: _Results | None = None

    def render_page(self, sources: Sources, executed: Mapping[str, Mapping]) -> Iterator[html.PageParts | None]:
        """Yield None between the steps of rendering the whole page, which takes about a second, then the page.

        Raises NotebookFailed if the notebooks do not make a report.
        """
        results = self._results(sources, executed)
        yield None
        document = self._assemble(sources, executed, results.tables, results.about)
        yield None
        self.draft = read(document)
        yield None
        composed = replace(self._compose(self.draft), separate=True)
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
        results = self._results(sources, executed)
        document = self._compose(read(self._assemble(sources, outlines, results.outlines, results.about)))
        document = replace(document, separate=True)
        chapters = dict(_chapters(document))
        for anchor in map(chapter_anchor, changed):
            if anchor in chapters:
                parts = html.render_parts(document, chapters[anchor], self._cards)
                yield Chapter(anchor, parts.blocks, parts.rules)

    def prepare(self, sources: Sources, executed: Mapping[str, Mapping]) -> None:
        """Make what every chapter needs, so that the first one takes no longer than the others."""
        list(self.render_chapters(sources, executed, []))

    def _results(self, sources: Sources, executed: Mapping[str, Mapping]) -> _Results:
        """Return what the appendices and the title page show; it is made again when something else is found."""
        basis = [sources.ledger, sources.values, *map(_found, executed.values())]
        if self._known is None or not _same(self._known.basis, basis):
            findings, verdicts = extract.findings(executed), extract.verdicts(executed)
            reading = appendices.run_reading(sources.notebooks, sources.values)
            tables = appendices.appendix_tables(sources.ledger, findings, verdicts, reading)
            outlines = {name: outline_table(table) for name, table in tables.items()}
            about = front.title_page(sources.ledger, findings) | {"attachments": []}
            self._known = _Results(basis, tables, outlines, about)
        return self._known

    def _assemble(
        self, sources: Sources, executed: Mapping[str, Mapping], tables: Mapping[str, Table], about: Mapping
    ) -> dict:
        card = appendices.run_card_table(sources.notebooks, sources.values, sources.declared)
        return assemble(executed, {"run_card": card, **tables}, about, strict=not sources.values)

    def _compose(self, draft: Draft) -> Document:
        return compose(draft, html.converted(draft, self.texts))

    def _outline(self, name: str, executed: Mapping) -> dict:
        """Return the outline of a notebook's last run, which is made once."""
        run, outline = self._outlines.get(name, (None, {}))
        if run is not executed:
            outline = outline_notebook(executed)
            self._outlines[name] = (executed, outline)
        return outline


def _found(executed: Mapping) -> list[object]:
    """Return the findings and the verdicts of a notebook, as its outputs have them."""
    outputs = (output.get("data", {}) for cell in executed["cells"] for output in cell.get("outputs", ()))
    return [data[mime] for data in outputs for mime in (extract.FINDINGS, extract.VERDICTS) if mime in data]


def _same(one: Sequence[object], other: Sequence[object]) -> bool:
    """Return whether two lists are equal; a ledger is the same only as the same object."""
    return len(one) == len(other) and one[0] is other[0] and one[1:] == other[1:]


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
