"""How a report knows each headline finding: a box on the page, put together from the rows of the appendices.

A headline is quoted with the finding that counts the readings in which it holds, and that names the result it is on.
The rows of that result, of the figures behind it and of the verdicts on these have all that a box says, under another
reading as well. Only the page has boxes; the PDF and the Markdown have the same in their appendices.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from itertools import groupby

from claims.content.phrases import Anchor, Link, Marked, Part, Phrase, part_text
from claims.content.tables import Cell, walk
from claims.results.anchors import appendix

from report.pages.document import Document, ExhibitBlock, GridCell, Prose

__all__ = ["Boxes", "headline_boxes", "quoted_headline", "with_boxes"]

HOLDING = "f-holding-"  # the anchors of findings that count the readings in which a headline holds
FIRMNESS = "tbl-firmness"
FIGURES, VERDICTS = 5, 1  # how many of each a box lists
DEPTH = 3  # results behind a result
_Row = Mapping[str, GridCell]


@dataclass(frozen=True)
class Boxes:
    """The boxes of headlines as HTML, by the anchor of the finding that counts a headline's readings.

    A headline that the text quotes has its box there, and in tables a link to it; others have theirs in tables.
    """

    in_text: Mapping[str, str]
    in_tables: Mapping[str, str]


def headline_boxes(document: Document, part_html: Callable[[Part], str]) -> Boxes:
    """Return the boxes of a report's headlines, whose words `part_html` writes.

    Other notebooks have none, nor have previews, in which chapters are rendered without the appendices.
    """
    if not document.is_report or document.separate:
        return Boxes({}, {})
    rows = _Rows(document)
    boxes = {
        anchor: _box_html(anchor, row["words"].text, rows.lines(anchor), part_html)
        for anchor, row in rows.headlines.items()
    }
    quoted = {link for block in document.blocks if isinstance(block, Prose) for link in block.links}
    in_text = {anchor: box for anchor, box in boxes.items() if anchor in quoted}
    links = {anchor: f'<div class="how"><a href="#{_place(anchor)}">How do we know?</a></div>' for anchor in in_text}
    return Boxes(in_text, boxes | links)


def _place(anchor: str) -> str:
    """Return the anchor of a box; it is inside, so that browsers open the box of a link.

    >>> _place("f-holding-series")
    'how-series'
    """
    return f"how-{anchor.removeprefix(HOLDING)}"


def _box_html(anchor: str, headline: str, lines: Iterable[tuple[str, Phrase]], part_html: Callable[[Part], str]) -> str:
    written = "".join(f"<dt>{name}</dt><dd>{''.join(map(part_html, words.parts))}</dd>" for name, words in lines)
    summary = f'<summary>How do we know? <cite class="headline">{escape(headline)}</cite></summary>'
    start = f'<details class="how">{summary}<dl id="{_place(anchor)}">'
    return f"{start}{written}</dl></details>"


def quoted_headline(cells: Iterable[Cell]) -> str:
    """Return the anchor of the finding that counts a headline's readings, if cells link to one."""
    links = (part.to for part in walk(*cells) if isinstance(part, Link))
    return next((to for to in links if to.startswith(HOLDING)), "")


def with_boxes(markup: str, boxes: Mapping[str, str]) -> str:
    """Return running text with the box of each headline below the paragraph or item that first quotes its readings.

    >>> with_boxes('<ul><li>It <a href="#f-holding-x">5</a></li></ul>', {"f-holding-x": "[box]"})
    '<ul><li>It <a href="#f-holding-x">5</a>[box]</li></ul>'
    """
    places = {anchor: place for anchor in boxes if (place := markup.find(f'href="#{anchor}"')) >= 0}
    for anchor, quoted in sorted(places.items(), key=lambda item: -item[1]):  # the last first, so that places stay
        end = re.compile("</p>|(?=</li>)").search(markup, quoted)
        if end:
            markup = markup[: end.end()] + boxes[anchor] + markup[end.end() :]
    return markup


@dataclass(frozen=True)
class _Rows:
    """The rows of a document's appendices, by their anchors and the keys of their columns."""

    document: Document

    @cached_property
    def tables(self) -> dict[str, list[tuple[str, _Row]]]:
        """Return the rows of each table by its anchor, each with its own anchor, if any."""
        shown = (block for block in self.document.blocks if isinstance(block, ExhibitBlock) and block.table)
        return {block.anchor: list(_keyed(block)) for block in shown}

    def of(self, name: str) -> dict[str, _Row]:
        """Return the rows of an appendix by their anchors."""
        return dict(self.tables.get(appendix(name), ()))

    @cached_property
    def results(self) -> dict[str, _Row]:
        """Return the rows of findings."""
        return self.of("derivations")

    @cached_property
    def verdicts(self) -> dict[str, _Row]:
        """Return the rows of verdicts."""
        return self.of("verdicts")

    @cached_property
    def printed(self) -> dict[str, _Row]:
        """Return the rows of printed figures, listed items and official figures."""
        return self.of("ledger") | self.of("agreements") | self.of("official")

    @cached_property
    def headlines(self) -> dict[str, _Row]:
        """Return how firm each headline is, by the anchor of the finding that counts its readings."""
        rows = ((quoted_headline(row.values()), row) for _, row in self.tables.get(FIRMNESS, ()))
        return {anchor: row for anchor, row in rows if anchor in self.results}

    def lines(self, anchor: str) -> Iterator[tuple[str, Phrase]]:
        """Yield the lines of a headline's box: name, words."""
        result, firm = _targets(self.results[anchor]["inputs"])[0], self.headlines[anchor]
        figures = self._figures(result)
        judging = {id: row for id, row in self.verdicts.items() if set(figures) & set(_targets(row["claims"]))}
        own = _verdict_on(result, figures, judging)
        yield "Rests on", _listed((self._figure(id) for id in figures), FIGURES, result)
        if result in self.results:
            yield "Formula", _formula(self.results[result]["expression"])
        if own:
            yield "What decides", Phrase(tuple(_until_break(_words(self.verdicts[own]["explanation"]).parts)))
        yield "Range", self._range(result)
        yield "Holds in", _words(firm["holds"]) + " readings that change its number"
        if _filled(firm, "envelope"):
            yield "In any reading", _words(firm["envelope"])
        yield "Not in", _words(firm["flips"]) if _filled(firm, "flips") else Phrase(("no declared reading",))
        if revision := own and _line(self.verdicts[own]["explanation"], "Smallest revision: "):
            yield "Would change it", revision
        yield "Held against", self._held_against(judging, figures, result)

    def _figures(self, result: str) -> list[str]:
        """Return the printed and official figures behind a result, also through other results."""
        found: dict[str, None] = {}

        def follow(id: str, left: int) -> None:
            row = self.results.get(id) or self.verdicts.get(id) or {}
            for other in (to for key in ("expression", "inputs", "claims") if key in row for to in _targets(row[key])):
                if other in self.printed:
                    found[other] = None
                elif left and other in self.results:
                    follow(other, left - 1)

        follow(result, DEPTH)
        return list(found)

    def _figure(self, id: str) -> Phrase:
        """Return a figure as printed, with its text and line, or as quoted, with the publisher of its page."""
        row = self.printed[id]
        words = next(row[key] for key in ("printed", "item", "quoted") if key in row)
        place = _words(row["source"]) if "source" in row else Phrase((next(iter(walk(row["page"])), ""),))
        return Phrase((Link(_first_line(words), id), ", ")) + place

    def _range(self, result: str) -> Phrase:
        row = self.results.get(result) or self.verdicts.get(result) or {}
        words = next((row[key].text for key in ("interval", "text", "verdict") if _filled(row, key)), result)
        return Phrase((Link(words, result),))

    def _held_against(self, judging: Mapping[str, _Row], figures: Sequence[str], result: str) -> Phrase:
        """Return the verdicts in which one of its figures meets an official one, or an official one of its a text's."""
        official = self.of("official")
        held = []
        by_common = sorted(judging.items(), key=lambda item: -len(set(_targets(item[1]["claims"])) & set(figures)))
        for id, row in by_common:
            pages = [to for to in _targets(row["claims"]) if to in official]
            others = [to for to in _targets(row["claims"]) if to not in official and to in self.printed]
            if pages and others:
                page, other = (next((to for to in some if to in figures), some[0]) for some in (pages, others))
                met = self._figure(page) + " and " + self._figure(other)
                held.append(met + Phrase(("; together ", Link(row["verdict"].text, id))))
        return _listed(held, VERDICTS, result) if held else Phrase(("no official figure is quoted for it",))


def _keyed(block: ExhibitBlock) -> Iterator[tuple[str, _Row]]:
    assert block.table
    keys = [column.key for column in block.table.columns]
    for row in block.table.rows:
        anchor = next((part.id for part in walk(*row[:1]) if isinstance(part, Anchor)), "")
        yield anchor, dict(zip(keys, row, strict=False))


def _verdict_on(result: str, figures: Sequence[str], judging: Mapping[str, _Row]) -> str:
    """Return the verdict that the result is, or the one on several figures and as few others as possible, if any."""
    claims = {id: set(_targets(row["claims"])) for id, row in judging.items()}
    holding = [id for id, some in claims.items() if 1 < len(figures) <= len(some) <= len(figures) + 2]
    holding = [id for id in holding if set(figures) <= claims[id]]
    return result if result in claims else min(holding, key=lambda id: len(claims[id]), default="")


def _filled(row: _Row, key: str) -> bool:
    return key in row and row[key].text.strip(" –") != ""


def _targets(cell: Cell) -> list[str]:
    """Return what a cell links to, once each."""
    return list(dict.fromkeys(part.to for part in walk(cell) if isinstance(part, Link)))


def _words(cell: GridCell) -> Phrase:
    """Return the words of a cell as one phrase."""
    return _joined(cell.phrases)


def _joined(phrases: Iterable[Phrase]) -> Phrase:
    return Phrase(tuple([part for phrase in phrases for part in (", ", *phrase.parts)][1:]))


def _listed(phrases: Iterable[Phrase], most: int, result: str) -> Phrase:
    """Return phrases one below the other, those beyond `most` counted with a link to the result's row."""
    listed = list(phrases)
    parts = [part for phrase in listed[:most] for part in ("\n", *phrase.parts)][1:]
    more = len(listed) - most
    return Phrase((*parts, "\n", Link(f"and {more} more", result)) if more > 0 else tuple(parts))


def _first_line(cell: GridCell) -> str:
    return cell.text.partition("\n")[0]


def _formula(cell: GridCell) -> Phrase:
    """Return a formula whose own numbers are marked as such."""
    runs = groupby(_words(cell).parts, lambda part: isinstance(part, Link))
    marked = (run if is_link else [Marked("".join(map(part_text, run)), "formula")] for is_link, run in runs)
    return Phrase(tuple(part for run in marked for part in run))


def _until_break(parts: Iterable[Part]) -> Iterator[Part]:
    for part in parts:
        head, found, _ = part.partition("\n") if isinstance(part, str) else (part, "", "")
        if head != "":
            yield head
        if found:
            return


def _line(cell: GridCell, name: str) -> Phrase | None:
    """Return the line of a cell that begins with a name, without it."""
    parts = list(_words(cell).parts)
    start = next((place for place, part in enumerate(parts) if isinstance(part, str) and part.endswith(name)), None)
    return None if start is None else Phrase(tuple(_until_break(parts[start + 1 :])))
