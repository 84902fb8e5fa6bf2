"""The chain of every number: from the page to its derivation, to the ledger's rows, to source and line, or to a page.

The published page itself is walked. A number is any token with a digit, and any number word, in prose, titles,
captions, tables, alternative texts and printed outputs; the program's own text is left out. It is *resolved* if it
leads to a row of evidence whose own chain holds down to a source, *exempt* if the page's markup says that it is a date,
a citation, a parameter, a formula, or the number of an exhibit or a section, or if it leads to a cited work by the very
words of that work, and else *unresolved*.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from claims.content.phrases import MARKS
from claims.results.anchors import appendix

from report.proof.number_words import is_number
from report.stops import Unchained, WrongInput

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
TAGS = {tag: kind for kind, tag in MARKS.items()} | {"math": "formula"}
TOKEN = re.compile(r"[^\W_]+(?:[.,:](?=\d)[^\W_]+)*")
LEFT_OUT = {"nav", "style", "script", "colgroup"}
REMEDIES = {
    "prose": "say it with the name of a finding or claim in braces, or mark it <time>, <cite>, <data> or <var>",
    "title": "write it in the title as {name}",
    "note": "write it in the caption as {name}",
    "heading": "leave it out, or mark it <time>, <cite>, <data> or <var>",
    "cell": "give the cell a Finding, Claim, Link or Phrase, or its Column a kind",
    "head": "make the Column's label a Link or Marked",
    "alt": "write it in the alt text as {name}",
    "data": "name the column that says where each row comes from: exhibits.figure(…, evidence=…), or mark it in kinds",
    "output": "show it as a sentence or an exhibit instead of printing it",
}
REFERENCE = "ref-"  # how the anchors of cited works begin
AROUND = 36
WITHIN = "within the appendices"


@dataclass(frozen=True)
class Row:
    """A row of evidence: what kind, the anchors it comes from, whether it names a line, whether it is a constant.

    `back` are the anchors of what is made from it. Of an official figure, the page has an address and a publisher.
    """

    id: str
    kind: str
    links: tuple[str, ...] = ()
    back: tuple[str, ...] = ()
    names_line: bool = False
    constant: bool = False
    names_address: bool = False
    names_publisher: bool = False


@dataclass
class Evidence:
    """What numbers may lead to: the rows of the appendices, the appendices' tables, and the labels of the rest."""

    rows: Mapping[str, Row]
    tables: Mapping[str, str]
    labels: Mapping[str, str]
    anchors: frozenset[str] = frozenset()
    faults: dict[str, str] = field(default_factory=dict)

    def holds(self, id: str) -> bool:
        """Return whether `id` is a piece of evidence."""
        return id in self.rows or id in self.tables

    def kind(self, id: str) -> str:
        """Return what kind of evidence `id` is."""
        return self.rows[id].kind if id in self.rows else "table"

    def fault(self, id: str, passed: tuple[str, ...] = ()) -> str:
        """Return where the chain that begins at `id` breaks, "" if it holds down to its sources."""
        if id in passed:
            return f"'{id}' is derived from itself"
        if id not in self.faults:
            self.faults[id] = self._fault(id, passed)
        return self.faults[id]

    def row_fault(self, row: Row) -> str:
        """Return what is wrong with a row that stands in an appendix: its own chain, or a link that leads nowhere."""
        if not row.id:
            return "its row has no anchor"
        lost = next((link for link in (*row.links, *row.back) if link not in self.anchors), None)
        return f"its row leads to '{lost}', which is not here" if lost else self.fault(row.id)

    def _fault(self, id: str, passed: tuple[str, ...]) -> str:
        if id in self.tables:
            return "" if any(row.kind == self.tables[id] for row in self.rows.values()) else f"'{id}' has no row"
        if id not in self.rows:
            return f"it leads to '{id}', which is {'no evidence' if id in self.anchors else 'not here'}"
        row = self.rows[id]
        if row.kind in ("source", "parameter"):
            return ""
        if row.kind == "official":
            return self._page_fault(row, passed)
        onward = [link for link in row.links if link != id and self.holds(link)]
        if row.kind in ("claim", "item"):
            sources = [link for link in onward if self.kind(link) == "source"]
            return "" if sources and row.names_line else f"the row '{id}' names no {'line' if sources else 'source'}"
        if row.kind == "verdict":
            onward = [link for link in onward if self.kind(link) in ("claim", "official")]
        if not onward and not row.constant:
            what, of = ("verdict", "claim") if row.kind == "verdict" else ("derivation", "input")
            return f"its {what} '{id}' names no {of}; give it its {of}s"
        return next(filter(None, (self.fault(link, (*passed, id)) for link in onward)), "")

    def _page_fault(self, row: Row, passed: tuple[str, ...]) -> str:
        """Return what the row of an official figure lacks; the address may stand in the row that it names for it."""
        if not row.names_publisher:
            return f"the row '{row.id}' names no publisher"
        others = [link for link in row.links if link in self.rows and self.kind(link) == "official"]
        if row.names_address or not others:
            return "" if row.names_address else f"the row '{row.id}' names no address"
        return self.fault(others[0], (*passed, row.id))


@dataclass(frozen=True)
class Unresolved:
    """A number without a chain: where it stands, the words around it, and what to do."""

    number: str
    place: str
    spot: str
    around: str
    reason: str = ""
    paragraph: int = 0

    @property
    def remedy(self) -> str:
        """Return what to do about it."""
        return self.reason or REMEDIES[self.spot]


@dataclass(frozen=True)
class Links:
    """The links inside a PDF: how many there are, how many of them are lost, and what those lead to.

    `cited` is what of its appendices its chapters lead to, None where it has no appendix.
    """

    total: int
    dangling: tuple[str, ...]
    cited: frozenset[str] | None = None
    lost: int = 0


@dataclass(frozen=True)
class Tally:
    """What became of every number of a page: resolved and exempt by class, unresolved one by one; and the PDF's links.

    `cited` is the evidence that the page's chapters link to, `appendices` the anchor of the first appendix.
    """

    resolved: Mapping[str, int]
    exempt: Mapping[str, int]
    unresolved: tuple[Unresolved, ...]
    cited: frozenset[str] = frozenset()
    appendices: str = ""
    links: Links | None = None

    @property
    def holds(self) -> bool:
        """Return whether there are numbers and links at all, and every one of them leads to its evidence."""
        return not self.problems

    def __str__(self) -> str:
        """Return the counts in one sentence."""
        told = (
            f"chain: {_counted(self.resolved, 'numbers resolved')}, {_counted(self.exempt, 'exempt')}, "
            f"{len(self.unresolved):,} unresolved"
        )
        if self.links:
            told += f"; {self.links.total - self.links.lost:,} links of the PDF resolved"
            told += f", {self.links.lost:,} dangling" if self.links.lost else ""
        return told

    @property
    def problems(self) -> list[str]:
        """Return what is wrong, a line each, numbers of one place on one line."""
        told = [_told(group) for group in _grouped(self.unresolved)]
        if not sum(self.resolved.values()):
            told.append("the page has no number that leads to evidence: is it a report of this program?")
        if self.links and not self.links.total:
            told.append("report.pdf cannot be read, or has no link inside it: is it a report of this program?")
        if self.links:
            told += [f"report.pdf: a link leads to '{name}', which is not there" for name in self.links.dangling]
        if self.links and self.links.cited is not None and not self.links.cited >= self.cited:
            lost = ", ".join(sorted(self.cited - self.links.cited))
            told.append(f"chapters of report.html lead to {lost}, those of report.pdf do not: the exporters disagree")
        return told


def _counted(counts: Mapping[str, int], what: str) -> str:
    """Return a sum and, in brackets, its parts, the largest first, what stands in the appendices last.

    >>> _counted({"source": 3, WITHIN: 90, "claim": 1200}, "numbers")
    '1,293 numbers (claim 1,200, source 3, within the appendices 90)'
    """
    ordered = sorted(counts.items(), key=lambda one: (one[0] == WITHIN, -one[1], one[0]))
    parts = ", ".join(f"{name} {count:,}" for name, count in ordered)
    return f"{sum(counts.values()):,} {what}" + (f" ({parts})" if parts else "")


def _grouped(unresolved: Iterable[Unresolved]) -> Iterable[list[Unresolved]]:
    """Return the numbers that are mended together: those of one paragraph, or of one column, with one reason."""
    groups: dict[tuple[str, str, int, str], list[Unresolved]] = {}
    for one in unresolved:
        groups.setdefault((one.place, one.spot, one.paragraph, one.reason), []).append(one)
    return groups.values()


def _told(group: list[Unresolved]) -> str:
    numbers = ", ".join(f"“{number}”" for number in dict.fromkeys(one.number for one in group))
    if len(numbers) > 90:
        numbers = numbers[:90].rpartition(",")[0] + ", …"
    first = group[0]
    if len(group) == 1:
        return f"{first.place}: {numbers} in “{first.around}”; {first.remedy}"
    return f"{first.place}: {len(group)} numbers ({numbers}), the first in “{first.around}”; {first.remedy}"


def check(page: str | bytes, pdf: bytes | None = None) -> Tally:
    """Return the tally of a page and, if it is given, of the PDF that says the same."""
    tally = walked(page)
    return with_pdf(tally, pdf) if pdf is not None else tally


def with_pdf(tally: Tally, pdf: bytes) -> Tally:
    """Return the tally of a page with the links of the PDF that says the same."""
    return replace(tally, links=pdf_links(pdf, tally.appendices))


def stop(tally: Tally) -> list[Unchained]:
    """Return a stop that lists every number without a chain, none if the chain holds."""
    return [] if tally.holds else [Unchained.listing("chain", tally.problems, str(tally))]


def of_file(page: Path) -> Tally:
    """Return the tally of a report's HTML file, and of the PDF beside it if there is one. Raises WrongInput."""
    pdf = page.with_suffix(".pdf")
    try:
        return check(page.read_bytes(), pdf.read_bytes() if pdf.exists() else None)
    except OSError as error:
        raise WrongInput(f"--report {page}: {error.strerror}; give the HTML file of a report") from None


# ---- the page ----


class Where(NamedTuple):
    """Where a stretch of text stands, and what the markup around it says."""

    chapter: str = ""
    appendix: bool = False
    section: str = ""
    exhibit: str = ""
    spot: str = "prose"
    block: object = None
    exempt: str = ""
    link: str | None = None
    label: str = ""
    row: Row | None = None
    origins: tuple[str, ...] | None = None

    @property
    def cites(self) -> bool:
        """Return whether it links to something from a chapter, where the PDF has the same link."""
        return self.link is not None and not self.appendix and self.row is None and self.spot not in ("data", "alt")

    @property
    def paragraph(self) -> int:
        """Return a number that is the same within one paragraph, and 0 in tables."""
        return 0 if self.spot in ("cell", "data", "head") or self.block is None else self.block.sourceline

    @property
    def place(self) -> str:
        """Return the place in words."""
        parts = [self.chapter, self.exhibit or self.section]
        if self.row:
            return ", ".join(filter(None, parts))
        if self.spot in ("cell", "data", "head") and (column := _column(self.block)):
            parts.append(f"column “{column}”")
        elif self.spot != "prose":
            parts.append({"alt": "alt text", "note": "caption", "output": "printed output"}.get(self.spot, self.spot))
        return ", ".join(filter(None, parts))


class Stretch(NamedTuple):
    """A stretch of text with one markup around it."""

    text: str
    where: Where


def walked(page: str | bytes) -> Tally:
    """Return the tally of an HTML page."""
    from lxml import etree

    text = page if isinstance(page, bytes) else page.encode()
    root = etree.fromstring(text or b"<p></p>", etree.HTMLParser(encoding="utf-8"))
    rows = dict(_rows(root))
    evidence = _evidence(root, rows)
    resolved, exempt, unresolved, cited = Counter(), Counter(), [], set()
    for element, chapter in _blocks(root):
        stretches = _stretches(element, chapter, rows)
        cited |= {one.where.link for one in stretches if one.where.cites and evidence.holds(one.where.link)}
        for index, stretch in enumerate(stretches):
            where = stretch.where
            for token in TOKEN.finditer(stretch.text):
                if not is_number(token[0]):
                    continue
                verdict, told = _judged(where, evidence)
                if verdict == "unresolved":
                    around = _around(stretches, index, token.span())
                    unresolved.append(Unresolved(token[0], where.place, where.spot, around, told, where.paragraph))
                else:
                    (resolved if verdict == "resolved" else exempt)[told] += 1
    appendices = root.xpath("string(//main/h2[@class='appendix']/@id)")
    return Tally(resolved, exempt, tuple(unresolved), frozenset(cited), str(appendices))


def _rows(root) -> Iterator[tuple[object, Row]]:
    """Yield every row of the evidence appendices with its element."""
    for table in root.iter("div"):
        if table.get("id") in ROWS:
            kind = ROWS[table.get("id")]
            yield from ((row, _row(row, kind)) for body in table.iter("tbody") for row in body)


def _row(element, kind: str) -> Row:
    anchor = element.get("id") or next((span.get("id") for span in element.iter("span") if span.get("id")), "")
    links: dict[bool, list] = {True: [], False: []}
    for cell in element:
        inside = [link for link in cell.iter("a") if link.get("href", "").startswith("#")]
        if cell is element[0]:
            inside = [link for link in inside if link.get("href") != f"#{anchor}"]  # a row's name leads to the row
        links[cell.get("data-back") is not None] += inside
    return Row(
        id=anchor,
        kind=kind,
        links=tuple(dict.fromkeys(link.get("href")[1:] for link in links[False])),
        back=tuple(dict.fromkeys(link.get("href")[1:] for link in links[True])),
        names_line=any(re.search(r"\bline \d", _text(link)) for link in links[False]),
        constant=next(element.iter("data"), None) is not None,
        names_address=any(re.match(r"https?://[^/]", link.get("href", "")) for link in element.iter("a")),
        names_publisher=any(_text(cited).strip() for cited in element.iter("cite")),
    )


def _evidence(root, rows: Mapping[object, Row]) -> Evidence:
    """Return what numbers may lead to; a link that says the label of an exhibit or section is no claim to a number."""
    named = {element.get("id"): element for element in root.iter("*") if element.get("id")}
    labels = {}
    for id, element in named.items():
        if "exhibit" in element.get("class", "").split():
            labels[id] = _label(element)
        elif element.tag in ("h2", "h3"):
            labels[id] = next((_text(span) for span in element.iter("span") if span.get("class") == "number"), "")
        elif id.startswith(REFERENCE):
            labels[id] = _heading(element[0] if element.tag == "tr" else element)
    tables = {id: kind for id, kind in ROWS.items() if id in labels}
    return Evidence({row.id: row for row in rows.values() if row.id}, tables, labels, frozenset(named))


def _label(exhibit) -> str:
    """Return what an exhibit is called, "Table 3", "" if it has no number."""
    caption = next(exhibit.iter("caption", "figcaption"), None)
    spans = caption.iter("span") if caption is not None else ()
    return next((_text(span) for span in spans if span.get("class") == "label"), "")


def _blocks(root) -> Iterator[tuple[object, Where]]:
    """Yield the title page and every block of the page's main part, each with the chapter and section it stands in."""
    where = Where(chapter="title page")
    yield from ((title, where) for title in root.xpath("//header[@class='title']"))
    for main in root.iter("main"):
        for block in main:
            if block.tag == "h2":
                where = Where(chapter=_heading(block), appendix="appendix" in block.get("class", "").split())
            elif block.tag in ("h3", "h4", "h5", "h6"):
                where = where._replace(section=_heading(block))
            yield block, where


def _heading(block) -> str:
    return " ".join(_text(block).split())


def _text(element) -> str:
    return "".join(element.itertext())


def _stretches(element, where: Where, rows: Mapping[object, Row]) -> list[Stretch]:
    """Return the stretches of text inside an element, each with what the markup around it says."""
    if not isinstance(element.tag, str):
        return []
    if element.tag in ("img", "svg"):
        return list(_alt(element, where._replace(spot="alt", block=element)))
    if element in rows:
        return [Stretch("\n".join(element.itertext()), where._replace(row=rows[element]))]
    where = _entered(element, where)
    if where is None:
        return []
    found = [Stretch(element.text, where)] if element.text else []
    for child in element:
        found += _stretches(child, where, rows)
        if child.tail:
            found.append(Stretch(child.tail, where))
    return found


def _entered(element, where: Where) -> Where | None:
    """Return where the inside of an element is, None if it is left out."""
    tag, classes = element.tag, element.get("class", "").split()
    if tag in LEFT_OUT or "code" in classes or "here" in classes:
        return None
    if tag in TAGS:
        return where._replace(exempt=TAGS[tag])
    match tag:
        case "a":
            if element.get("role") == "doc-noteref":
                return where._replace(exempt="citation")
            href = element.get("href", "")
            return where._replace(link=href[1:], label=_heading(element)) if href.startswith("#") else where
        case "span":
            if "number" in classes and re.fullmatch("h[2-6]", element.getparent().tag):
                return where._replace(exempt="section")
            return where._replace(exempt="exhibit") if "label" in classes else where
        case "pre":
            return where._replace(spot="output", block=element) if {"output", "error"} & set(classes) else None
        case "code":
            if "tex" in classes:
                return where._replace(exempt="formula")
            return where if where.spot == "output" else None
        case "tr" if element.get("data-from") is not None:
            links = element[-1].iter("a") if len(element) else ()
            return where._replace(origins=tuple(link.get("href", "")[1:] for link in links))
        case "th" if element.get("scope") != "row":
            return where._replace(spot="head", block=element)
        case "td" | "th":
            return where._replace(spot="data" if where.spot == "data" else "cell", block=element)
        case "h1" | "h2" | "h3" | "h4" | "h5" | "h6":
            return where._replace(spot="heading", block=element)
        case "caption" | "figcaption":
            return where._replace(spot="title", block=element)
        case "p" | "li" | "summary":
            return where._replace(block=element)
        case "details":
            return where._replace(spot="data")
        case "figure" | "div" if "exhibit" in classes:
            return where._replace(exhibit=_label(element) or "a table or picture without a number")
        case "div" if "notes" in classes:
            return where._replace(spot="note")
    return where


def _alt(image, where: Where) -> Iterator[Stretch]:
    """Yield the stretches of an alternative text: those with a chain, found in their order, and what is between."""
    alt, end = image.get("alt") or image.get("aria-label", ""), 0
    for text, anchor, kind in json.loads(image.get("data-chain", "[]")):
        found = re.compile(rf"(?<![^\W_]){re.escape(text)}(?![^\W_])").search(alt, end) if text else None
        if found:
            yield Stretch(alt[end : found.start()], where)
            yield Stretch(text, where._replace(link=anchor, label=text, exempt=kind or ""))
            end = found.end()
    yield Stretch(alt[end:], where)


def _judged(where: Where, evidence: Evidence) -> tuple[str, str]:
    """Return what becomes of a number: resolved or exempt and its class, or unresolved and a reason if one is known."""
    if where.exempt:
        return "exempt", where.exempt
    if where.link is not None and where.link.startswith(REFERENCE):
        fault = _citation_fault(where, evidence)
        return ("unresolved", fault) if fault else ("exempt", "citation")
    if where.link is not None:
        if evidence.labels.get(where.link) == where.label:
            return "exempt", "exhibit" if " " in where.label else "section"
        fault = evidence.fault(where.link)
        return ("unresolved", fault) if fault else ("resolved", evidence.kind(where.link))
    if where.row is not None:
        fault = evidence.row_fault(where.row)
        return ("unresolved", fault) if fault else ("resolved", WITHIN)
    if where.origins is not None:
        if not where.origins:
            return "unresolved", "the row says of nothing that it comes from it; fill the column that evidence= names"
        fault = next(filter(None, map(evidence.fault, where.origins)), "")
        return ("unresolved", fault) if fault else ("resolved", "data row")
    return "unresolved", ""


def _citation_fault(where: Where, evidence: Evidence) -> str:
    """Return what is wrong with the words of a citation, "" if they are those of the work it leads to.

    A year in brackets has the same words: “Brown and Heathers (2017)” cites “Brown and Heathers, 2017”.
    """
    words = evidence.labels.get(where.link)
    if words is None:
        return f"it leads to '{where.link}', which is not here"
    same = re.findall(r"\w+", where.label) == re.findall(r"\w+", words)
    return "" if same else f"'{where.link}' is cited as “{words}”"


def _column(cell) -> str:
    """Return the heading of a cell's column."""
    if cell is None or cell.tag not in ("td", "th"):
        return ""
    row = cell.getparent()
    heads = row.xpath("ancestor::table[1]/thead/tr[last()]/*")
    index = row.index(cell)
    return _heading(heads[index]) if index < len(heads) else ""


def _around(stretches: list[Stretch], index: int, span: tuple[int, int]) -> str:
    """Return the words around a number, from the block it stands in."""
    block = stretches[index].where.block
    before = "".join(one.text for one in stretches[:index] if one.where.block is block)
    after = "".join(one.text for one in stretches[index + 1 :] if one.where.block is block)
    text = stretches[index].text
    left, right = before + text[: span[0]], text[span[1] :] + after
    begins = "…" if len(left) > AROUND else ""
    ends = "…" if len(right) > AROUND else ""
    return " ".join(f"{begins}{left[-AROUND:]}{text[slice(*span)]}{right[:AROUND]}{ends}".split())


# ---- the PDF ----


def pdf_links(pdf: bytes, appendices: str = "") -> Links:
    """Return the links inside a PDF; one that leads to no page of it is dangling.

    `appendices` is the name of the first appendix.
    """
    import pikepdf

    try:
        opened = pikepdf.open(BytesIO(pdf))
    except pikepdf.PdfError:
        return Links(0, ())
    with opened:
        pages = {page.objgen: number for number, page in enumerate(opened.pages)}
        names = dict(_destinations(opened.Root.Names.get("/Dests"))) if "/Names" in opened.Root else {}
        first = pages.get(names[appendices][0].objgen) if appendices in names else None
        total, dangling, cited = 0, [], set()  # a name or page of each link that leads nowhere
        for number, page in enumerate(opened.pages):
            for target in _targets(page):
                total += 1
                named = not isinstance(target, pikepdf.Array)
                place = names.get(str(target)) if named else target
                there = pages.get(place[0].objgen) if place is not None and len(place) else None
                if there is None:
                    dangling.append(str(target) if named else f"a place on no page, from page {number + 1}")
                elif first is not None and named and number < first <= there:
                    cited.add(str(target))
    return Links(total, tuple(dict.fromkeys(dangling)), None if first is None else frozenset(cited), len(dangling))


def _targets(page) -> Iterator[object]:
    """Yield where the links of a page lead inside the PDF."""
    for note in page.get("/Annots", ()):
        target = note.get("/Dest")
        action = note.get("/A", {}) if target is None else {}
        if target is not None or action.get("/S") == "/GoTo":
            yield action.get("/D") if target is None else target


def _destinations(node) -> Iterator[tuple[str, object]]:
    """Yield the named destinations of a PDF with the place each stands for."""
    import pikepdf

    if node is None:
        return
    listed = list(node.get("/Names", ()))
    for name, place in zip(listed[::2], listed[1::2], strict=True):
        yield str(name), place if isinstance(place, pikepdf.Array) else place.get("/D")
    for kid in node.get("/Kids", ()):
        yield from _destinations(kid)
