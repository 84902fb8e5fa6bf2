"""The text of a published page in passages, each with its place on the page and the markup around it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from claims.content.phrases import MARKS

from report.proof.evidence import EvidenceRow, clean_text, exhibit_label

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

__all__ = ["Location", "Passage", "read_blocks", "read_passages", "words_around"]

EXEMPT_TAGS = {tag: kind for kind, tag in MARKS.items()} | {"math": "formula"}
LEFT_OUT_TAGS = {"nav", "style", "script", "colgroup"}
LEFT_OUT_CLASSES = {"code", "here", "unfold"}
PRINTED_CLASSES = {"output", "error"}
SPOT_NAMES = {"alt": "alt text", "note": "caption", "output": "printed output"}
IN_TABLES = ("cell", "data", "head")
AROUND = 36  # letters shown on each side of a number


class Location(NamedTuple):
    """Where a passage is, and what the markup around it means.

    `spot` is the kind of place (a key of `tally.REMEDIES`), `exempt` the class of numbers that need no evidence,
    `origins` the anchors that a row of a figure's data comes from.
    """

    chapter: str = ""
    appendix: bool = False
    section: str = ""
    exhibit: str = ""
    spot: str = "prose"
    block: Element | None = None
    exempt: str = ""
    link: str | None = None
    label: str = ""
    row: EvidenceRow | None = None
    origins: tuple[str, ...] | None = None

    @property
    def cites(self) -> bool:
        """Return whether it links to something from a chapter, where the PDF has the same link."""
        return self.link is not None and not self.appendix and self.row is None and self.spot not in ("data", "alt")

    @property
    def paragraph(self) -> int:
        """Return a number that is the same within one paragraph, and 0 in tables."""
        line = None if self.spot in IN_TABLES or self.block is None else self.block.sourceline
        return line if isinstance(line, int) else 0

    @property
    def place(self) -> str:
        """Return the place in words."""
        parts = [self.chapter, self.exhibit or self.section]
        if not self.row:
            column = _column_heading(self.block) if self.spot in IN_TABLES else ""
            name = "" if self.spot == "prose" else SPOT_NAMES.get(self.spot, self.spot)
            parts.append(f"column “{column}”" if column else name)
        return ", ".join(filter(None, parts))


class Passage(NamedTuple):
    """Text with one markup around it."""

    text: str
    location: Location


def read_blocks(root: Element) -> Iterator[tuple[Element, Location]]:
    """Yield the title page and every block of the page's main part, each with its chapter and section."""
    location = Location(chapter="title page")
    yield from ((title, location) for title in root.iter("header") if title.get("class") == "title")
    for main in root.iter("main"):
        for block in main:
            if block.tag == "h2":
                classes = block.get("class", "").split()
                location = Location(clean_text(block), appendix="appendix" in classes and "moved" not in classes)
            elif block.tag in ("h3", "h4", "h5", "h6"):
                location = location._replace(section=clean_text(block))
            yield block, location


def read_passages(element: Element, location: Location, rows: Mapping[Element, EvidenceRow]) -> list[Passage]:
    """Return the passages inside an element; a row of evidence is one of them."""
    if not isinstance(element.tag, str):
        return []
    if element.tag in ("img", "svg"):
        return list(_read_alt_text(element, location._replace(spot="alt", block=element)))
    if element in rows:
        return [Passage("\n".join(map(str, element.itertext())), location._replace(row=rows[element]))]
    classes = set(element.get("class", "").split())
    if _is_left_out(element, classes, location):
        return []
    inside = location._replace(**_read_markup(element, classes, location.spot))
    passages = [Passage(element.text, inside)] if element.text else []
    for child in element:
        passages += read_passages(child, inside, rows)
        if child.tail:
            passages.append(Passage(child.tail, inside))
    return passages


def _is_left_out(element: Element, classes: set[str], location: Location) -> bool:
    """Return whether an element is the program's own text, or code."""
    match element.tag:
        case "pre":
            return not PRINTED_CLASSES & classes or bool(LEFT_OUT_CLASSES & classes)
        case "code" if "tex" not in classes and location.spot != "output":
            return True
    return element.tag in LEFT_OUT_TAGS or bool(LEFT_OUT_CLASSES & classes)


def _read_markup(element: Element, classes: set[str], spot: str) -> dict[str, Any]:
    """Return what an element changes in the location of the text inside it."""
    match element.tag:
        case tag if tag in EXEMPT_TAGS:
            return {"exempt": EXEMPT_TAGS[tag]}
        case "a" | "span" | "code":
            return _read_inline_markup(element, classes)
        case "pre":
            return {"spot": "output", "block": element}
        case "tr" if element.get("data-from") is not None:
            links = element[-1].iter("a") if len(element) else ()
            return {"origins": tuple(link.get("href", "")[1:] for link in links)}
        case "th" if element.get("scope") != "row":
            return {"spot": "head", "block": element}
        case "td" | "th":
            return {"spot": "data" if spot == "data" else "cell", "block": element}
        case "h1" if (header := element.getparent()) is not None and "title" in header.get("class", "").split():
            return {"spot": "heading", "block": element, "exempt": "title"}
        case "h1" | "h2" | "h3" | "h4" | "h5" | "h6":
            return {"spot": "heading", "block": element}
        case "caption" | "figcaption":
            return {"spot": "title", "block": element}
        case "p" | "li" | "summary":
            return {"block": element}
        case "details":
            return {"spot": "data"}
        case "figure" | "div" if "exhibit" in classes:
            return {"exhibit": exhibit_label(element) or "a table or picture without a number"}
        case "div" if "notes" in classes:
            return {"spot": "note"}
    return {}


def _read_inline_markup(element: Element, classes: set[str]) -> dict[str, Any]:
    parent = element.getparent()
    match element.tag:
        case "a" if element.get("role") == "doc-noteref":
            return {"exempt": "citation"}
        case "a" if (target := element.get("href", "")).startswith("#"):
            return {"link": target[1:], "label": clean_text(element)}
        case "span" if "number" in classes and parent is not None and re.fullmatch("h[2-6]", str(parent.tag)):
            return {"exempt": "section"}
        case "span" if "label" in classes:
            return {"exempt": "exhibit"}
        case "code" if "tex" in classes:
            return {"exempt": "formula"}
    return {}


def _read_alt_text(image: Element, location: Location) -> Iterator[Passage]:
    """Yield the passages of an alt text: those with a chain, in their order, and what is between them."""
    alt, end = image.get("alt") or image.get("aria-label") or "", 0
    for text, anchor, kind in json.loads(image.get("data-chain", "[]")):
        match = re.compile(rf"(?<![^\W_]){re.escape(text)}(?![^\W_])").search(alt, end) if text else None
        if match:
            yield Passage(alt[end : match.start()], location)
            yield Passage(text, location._replace(link=anchor, label=text, exempt=kind or ""))
            end = match.end()
    yield Passage(alt[end:], location)


def _column_heading(cell: Element | None) -> str:
    if cell is None or cell.tag not in ("td", "th"):
        return ""
    row, table = cell.getparent(), next(cell.iterancestors("table"), None)
    heads = table.findall("thead/tr") if table is not None else []
    if row is None or not heads:
        return ""
    index = row.index(cell)
    return clean_text(heads[-1][index]) if index < len(heads[-1]) else ""


def words_around(passages: list[Passage], index: int, span: tuple[int, int]) -> str:
    """Return the words around `span` of the passage at `index`, from the block that it is in."""
    text, block = passages[index].text, passages[index].location.block
    before = "".join(passage.text for passage in passages[:index] if passage.location.block is block)
    after = "".join(passage.text for passage in passages[index + 1 :] if passage.location.block is block)
    left, right = before + text[: span[0]], text[span[1] :] + after
    start = "…" if len(left) > AROUND else ""
    end = "…" if len(right) > AROUND else ""
    return " ".join(f"{start}{left[-AROUND:]}{text[slice(*span)]}{right[:AROUND]}{end}".split())
