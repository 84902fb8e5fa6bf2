"""The evidence of a page: the rows of its appendices, and whether the chain from each of them reaches a source."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from claims.results.anchors import appendix

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

__all__ = [
    "REFERENCE",
    "ROWS",
    "Evidence",
    "EvidenceRow",
    "clean_text",
    "exhibit_label",
    "follow_row_numbers",
    "read_evidence",
    "read_rows",
]

KINDS = {
    "run_card": "parameter",
    "sources": "source",
    "ledger": "claim",
    "derivations": "derivation",
    "verdicts": "verdict",
    "agreements": "item",
    "official": "official",
}
ROWS = {appendix(name): kind for name, kind in KINDS.items()}
REFERENCE = "ref-"  # how the anchors of cited works begin


@dataclass(frozen=True)
class EvidenceRow:
    """A row of an appendix: its kind, the anchors it comes from, whether it names a line, whether it is a constant.

    `used_by` are the anchors of what is computed from it. The page of an official figure has an address and a
    publisher.
    """

    id: str
    kind: str
    links: tuple[str, ...] = ()
    used_by: tuple[str, ...] = ()
    names_line: bool = False
    constant: bool = False
    names_address: bool = False
    names_publisher: bool = False


def follow_row_numbers(root: Element) -> None:
    """Make every link to the number of a row one to the anchor of that row."""
    numbers = {
        number.get("id", ""): row.get("id", "") for row in root.iter("tr") for number in row.iterfind("th/a[@id]")
    }
    for link in root.iter("a"):
        if row := numbers.get(link.get("href", "").removeprefix("#")):
            link.set("href", f"#{row}")


@dataclass
class Evidence:
    """What numbers may link to: the rows of the appendices, the appendices' tables, and the labels of the rest.

    `empty` are the tables that the page declares to have no rows: they are the evidence of a count of none.
    """

    rows: Mapping[str, EvidenceRow]
    tables: Mapping[str, str]
    labels: Mapping[str, str]
    anchors: frozenset[str] = frozenset()
    empty: frozenset[str] = frozenset()
    faults: dict[str, str] = field(default_factory=dict)

    def __contains__(self, id: object) -> bool:
        """Return whether `id` is a piece of evidence."""
        return id in self.rows or id in self.tables

    def kind(self, id: str) -> str:
        """Return what kind of evidence `id` is."""
        return self.rows[id].kind if id in self.rows else "table"

    def fault(self, id: str, passed: tuple[str, ...] = ()) -> str:
        """Return where the chain that begins at `id` breaks, "" if it reaches its sources."""
        if id in passed:
            return f"'{id}' is derived from itself"
        if id not in self.faults:
            self.faults[id] = self._find_fault(id, passed)
        return self.faults[id]

    def row_fault(self, row: EvidenceRow) -> str:
        """Return what is wrong with a row of an appendix: its own chain, or a dangling link."""
        if not row.id:
            return "its row has no anchor"
        dangling = next((link for link in (*row.links, *row.used_by) if link not in self.anchors), None)
        return f"its row links to '{dangling}', which is not on the page" if dangling else self.fault(row.id)

    def _find_fault(self, id: str, passed: tuple[str, ...]) -> str:
        if id in self.tables:
            has_row = any(row.kind == self.tables[id] for row in self.rows.values())
            return "" if has_row or id in self.empty else f"'{id}' has no row"
        if id not in self.rows:
            return f"it links to '{id}', which is not {'evidence' if id in self.anchors else 'on the page'}"
        row = self.rows[id]
        match row.kind:
            case "source" | "parameter":
                return ""
            case "official":
                return self._official_fault(row, passed)
            case "claim" | "item":
                has_source = any(self.kind(link) == "source" for link in self._inputs(row))
                missing = "line" if has_source else "source"
                return "" if has_source and row.names_line else f"the row '{id}' names no {missing}"
            case "verdict":
                figures = ("claim", "official")  # or the whole table, where the row of a figure is left out
                inputs = [link for link in self._inputs(row) if self.tables.get(link, self.kind(link)) in figures]
                missing = "claim"
            case _:
                inputs, missing = self._inputs(row), "input"
        if not inputs and not row.constant:
            return f"its {row.kind} '{id}' names no {missing}; give it its {missing}s"
        return next(filter(None, (self.fault(link, (*passed, id)) for link in inputs)), "")

    def _inputs(self, row: EvidenceRow) -> list[str]:
        return [link for link in row.links if link != row.id and link in self]

    def _official_fault(self, row: EvidenceRow, passed: tuple[str, ...]) -> str:
        """Return what an official figure's row lacks; its address may be in another row of the same page."""
        if not row.names_publisher:
            return f"the row '{row.id}' names no publisher"
        if row.names_address:
            return ""
        others = [link for link in row.links if link in self.rows and self.kind(link) == "official"]
        return self.fault(others[0], (*passed, row.id)) if others else f"the row '{row.id}' names no address"


def read_rows(root: Element) -> Iterator[tuple[Element, EvidenceRow]]:
    """Yield every row of the evidence appendices with its element."""
    for table in root.iter("div"):
        if kind := ROWS.get(table.get("id", "")):
            heads = [cell for head in table.iter("thead") for cell in head.iter("th")]
            back = {place for place, head in enumerate(heads) if head.get("data-back") is not None}
            yield from ((row, _read_row(row, kind, back)) for body in table.iter("tbody") for row in body)


def _read_row(element: Element, kind: str, back: set[int]) -> EvidenceRow:
    """Return a row; the columns in `back` lead to what uses it."""
    anchor = element.get("id") or next((id for span in element.iter("span") if (id := span.get("id"))), "")
    links: dict[str, list[str]] = {"links": [], "used_by": []}
    names_line = False
    for place, cell in enumerate(element):
        used_by = place in back
        for link in cell.iter("a"):
            target = link.get("href", "")
            if not target.startswith("#") or (cell is element[0] and target == f"#{anchor}"):  # the row's own name
                continue
            links["used_by" if used_by else "links"].append(target[1:])
            names_line |= not used_by and re.search(r"\bline \d", _text(link)) is not None
    return EvidenceRow(
        id=anchor,
        kind=kind,
        links=tuple(dict.fromkeys(links["links"])),
        used_by=tuple(dict.fromkeys(links["used_by"])),
        names_line=names_line,
        constant=next(element.iter("data"), None) is not None,
        names_address=any(re.match(r"https?://[^/]", link.get("href", "")) for link in element.iter("a")),
        names_publisher=any(_text(cited).strip() for cited in element.iter("cite")),
    )


def read_evidence(root: Element, rows: Mapping[Element, EvidenceRow]) -> Evidence:
    """Return what numbers may link to; a link whose text is the label of an exhibit or section proves no number."""
    elements = {id: element for element in root.iter("*") if (id := element.get("id"))}
    labels = {}
    for id, element in elements.items():
        if "exhibit" in element.get("class", "").split():
            labels[id] = exhibit_label(element)
        elif element.tag in ("h2", "h3"):
            labels[id] = next((_text(span) for span in element.iter("span") if span.get("class") == "number"), "")
        elif id.startswith(REFERENCE):
            labels[id] = clean_text(element[0] if element.tag == "tr" else element)
    tables = {id: kind for id, kind in ROWS.items() if id in labels}
    empty = frozenset(id for id in tables if elements[id].find(".//table[@data-empty]") is not None)
    return Evidence({row.id: row for row in rows.values() if row.id}, tables, labels, frozenset(elements), empty)


def exhibit_label(exhibit: Element) -> str:
    """Return the label of an exhibit, "Table 3", "" if it has no number."""
    caption = next(exhibit.iter("caption", "figcaption"), None)
    spans = caption.iter("span") if caption is not None else ()
    return next((_text(span) for span in spans if span.get("class") == "label"), "")


def clean_text(element: Element) -> str:
    """Return the text of an element with single spaces."""
    return " ".join(_text(element).split())


def _text(element: Element) -> str:
    return "".join(map(str, element.itertext()))
