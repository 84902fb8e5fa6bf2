"""What a tagged, archivable PDF has to have: each check yields a sentence for each fault and counts what it examined.

A check is a function of an opened PDF that returns `Checked`; one that examined nothing has failed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256

import pikepdf
from pikepdf import Array, Dictionary, Name

FILLERS = re.compile(r"(?i)^(figure|picture|image|no description.*|.*without a description.*)?$")


@dataclass(frozen=True)
class Checked:
    """How many things a check examined, and a sentence for each fault."""

    examined: int
    faults: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Return whether something was examined and nothing is at fault."""
        return self.examined > 0 and not self.faults


def checked(results: Iterable[str | None]) -> Checked:
    """Return the result of a check from an item for each thing examined: a sentence on its fault, or None."""
    faults = list(results)
    return Checked(len(faults), tuple(fault for fault in faults if fault))


def failing(fault: str, *conditions: bool) -> Checked:
    """Return the result of a check of conditions that share one fault."""
    return checked(None if condition else fault for condition in conditions)


# ---- the tag tree ----


@dataclass(frozen=True)
class Element:
    """An element of the tag tree, and those above it from the top."""

    item: Dictionary
    above: tuple[str, ...] = ()

    @property
    def tag(self) -> str:
        """Its tag: H1, Table, TH."""
        return str(self.item.S)[1:]

    @property
    def kids(self) -> list[Dictionary]:
        """The elements right below it."""
        return [kid for kid in _listed(self.item.get("/K")) if isinstance(kid, Dictionary) and "/S" in kid]


def _listed(kids) -> list:
    return [] if kids is None else list(kids) if isinstance(kids, Array) else [kids]


def elements(pdf: pikepdf.Pdf) -> Iterator[Element]:
    """Yield every element of the tag tree, in the order it is read."""
    waiting = [Element(kid) for kid in reversed(_listed(pdf.Root.StructTreeRoot.K)) if "/S" in kid]
    while waiting:
        element = waiting.pop()
        yield element
        waiting += [Element(kid, (*element.above, element.tag)) for kid in reversed(element.kids)]


def attribute(element: Dictionary, name: str):
    """Return an attribute of an element, None where it has none."""
    return next(
        (said[name] for said in _listed(element.get("/A")) if isinstance(said, Dictionary) and name in said), None
    )


def is_tagged_and_names_itself(pdf) -> Checked:
    """Check that it is tagged, has a language and a title, and that a window shows this title."""
    root, title = pdf.Root, str(pdf.docinfo.get("/Title", ""))
    tagged = "/StructTreeRoot" in root and bool(root.get("/MarkInfo", {}).get("/Marked", False))
    return checked([
        None if tagged else "it is not tagged",
        None if re.fullmatch(r"[a-z]{2}(-[A-Z]{2})?", str(root.get("/Lang", ""))) else "it has no language",
        None if title else "it has no title",
        None if bool(root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False)) else "a window shows no title",
    ])  # fmt: skip


def claims_its_standards(pdf) -> Checked:
    """Check that its metadata claim PDF/A-3a and PDF/UA-1."""
    with pdf.open_metadata() as said:
        results = {key: said.get(key) for key in ("pdfaid:part", "pdfaid:conformance", "pdfuaid:part")}
    wanted = {"pdfaid:part": "3", "pdfaid:conformance": "A", "pdfuaid:part": "1"}
    return checked(
        None if results[key] == wanted[key] else f"{key} is {results[key]}, not {wanted[key]}" for key in wanted
    )


def pictures_are_described(pdf, captions: Iterable[str] = ()) -> Checked:
    """Check that every figure and formula has an alternative text, no figure a filler, a caption or another's."""
    captions, results, seen = set(captions), [], Counter()
    for element in elements(pdf):
        if element.tag in ("Figure", "Formula"):
            alt = str(element.item.get("/Alt", "")).strip()
            seen[alt] += element.tag == "Figure"
            fault = not alt or (element.tag == "Figure" and (FILLERS.match(alt) or alt in captions or seen[alt] > 1))
            results.append(f"a {element.tag.lower()} is described as {alt!r}" if fault else None)
    return checked(results)


def tables_have_heads(pdf) -> Checked:
    """Check that every table has header cells, each saying what it heads."""
    results = []
    for element in elements(pdf):
        if element.tag == "Table":
            heads = [below for below in _below(element.item) if below.S == Name.TH]
            scoped = all(attribute(head, "/Scope") is not None for head in heads)
            results.append(
                None if heads and scoped else f"table {len(results) + 1} has {len(heads)} header cells, or unscoped"
            )
    return checked(results)


def _below(item: Dictionary) -> Iterator[Dictionary]:
    for kid in Element(item).kids:
        yield kid
        yield from _below(kid)


def headings(pdf) -> list[int]:
    """Return the levels of the headings as they are read."""
    return [int(e.tag[1:]) for e in elements(pdf) if re.fullmatch(r"H[1-6]", e.tag)]


def headings_leave_no_gap(pdf) -> Checked:
    """Check that headings begin at 1 and that none is more than one level below the one before."""
    levels = headings(pdf)
    return checked(
        None if level <= before + 1 else f"heading {place + 1}: level {level} after {before}"
        for place, (before, level) in enumerate(zip([0, *levels], levels, strict=False))
    )


def bookmarks(pdf) -> Iterator[tuple[int, str, object]]:
    """Yield the level, the title and the page of every bookmark."""

    def walked(items, level):
        for item in items:
            yield level, item.title, item
            yield from walked(item.children, level + 1)

    with pdf.open_outline() as outline:
        yield from walked(outline.root, 1)


def bookmarks_are_headings(pdf, deepest: int = 2) -> Checked:
    """Check that there is a bookmark for each heading down to a level, in order and of the same level."""
    levels = [level for level in headings(pdf) if level <= deepest]
    marks = [level for level, _, _ in bookmarks(pdf) if level <= deepest]
    pairs = enumerate(zip(levels, marks, strict=False))
    results = [None if a == b else f"bookmark {n}: level {b}, heading {a}" for n, (a, b) in pairs]
    if len(levels) != len(marks):
        results.append(f"{len(levels)} headings, {len(marks)} bookmarks")
    return checked(results)


# ---- pages ----


def pages_are_labelled(pdf, first_chapter: int) -> Checked:
    """Check that pages are i, ii, … before the first chapter (its place, from 0), and 1, 2, … from there."""
    wanted = [*map(roman, range(1, first_chapter + 1)), *map(str, range(1, len(pdf.pages) - first_chapter + 1))]
    return checked(
        None if page.label == label else f"page {place} is labelled {page.label}, not {label}"
        for place, (page, label) in enumerate(zip(pdf.pages, wanted, strict=True), start=1)
    )


def roman(number: int) -> str:
    """Return a number up to 39 in small Roman numerals.

    >>> [roman(number) for number in (1, 4, 9, 14)]
    ['i', 'iv', 'ix', 'xiv']
    """
    tens, ones = divmod(number, 10)
    return "x" * tens + ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")[ones]


def pages_are_read_by_structure(pdf) -> Checked:
    """Check that on every page with links these are reached in the order of the structure."""
    return checked(
        None if page.obj.get("/Tabs") == Name.S else f"page {place} has another order"
        for place, page in enumerate(pdf.pages, start=1)
        if "/Annots" in page
    )


def fonts(pdf) -> Iterator[Dictionary]:
    """Yield every font once, those of pictures among them."""
    seen, waiting = set(), [page.obj.get("/Resources") for page in pdf.pages]
    while waiting:
        held = waiting.pop()
        if held is None or (held.is_indirect and held.objgen in seen):
            continue
        seen.add(held.objgen) if held.is_indirect else None
        for font in (held.get("/Font") or {}).values():
            if font.objgen not in seen:
                seen.add(font.objgen)
                yield font
        for kind in ("/XObject", "/Pattern"):
            waiting += [one.get("/Resources") for one in (held.get(kind) or {}).values()]


def fonts_are_embedded(pdf) -> Checked:
    """Check that every font is in the file and maps its glyphs to characters."""
    results = []
    for font in fonts(pdf):
        holder = font.DescendantFonts[0] if font.Subtype == Name.Type0 else font
        described = holder.get("/FontDescriptor", {})
        embedded = any(key in described for key in ("/FontFile2", "/FontFile3")) or font.Subtype == Name.Type3
        fault = not embedded or "/ToUnicode" not in font
        results.append(f"{font.get('/BaseFont', 'a font')} is not embedded or has no characters" if fault else None)
    return checked(results)


# ---- links, attachments, what may not be there ----


def notes(pdf) -> Iterator[tuple[int, Dictionary]]:
    """Yield every annotation with its page."""
    for place, page in enumerate(pdf.pages, start=1):
        yield from ((place, note) for note in page.get("/Annots", ()))


def named_places(node) -> Iterator[tuple[str, object]]:
    """Yield every named place below a node of the names."""
    listed = list(node.get("/Names", ()))
    yield from ((str(name), place) for name, place in zip(listed[::2], listed[1::2], strict=True))
    for kid in node.get("/Kids", ()):
        yield from named_places(kid)


def links_lead_somewhere(pdf) -> Checked:
    """Check that every link describes its target, a page of the file or an address of the web."""
    pages = {page.objgen for page in pdf.pages}
    names = dict(named_places(pdf.Root.get("/Names", {}).get("/Dests", {})))
    return checked(_fault_of(note, place, pages, names) for place, note in notes(pdf) if note.Subtype == Name.Link)


def _fault_of(note: Dictionary, place: int, pages: set, names: Mapping) -> str | None:
    where = f"page {place}: a link"
    if not str(note.get("/Contents", "")).strip():
        return f"{where} does not describe its target"
    action = note.get("/A", {})
    if action.get("/S") == Name.URI:
        address = str(action.URI)
        return None if re.match(r"https?://[^/\s]+", address) else f"{where} links to {address}"
    if action and action.get("/S") != Name.GoTo:
        return f"{where} does {action.S}"
    target = note.get("/Dest", action.get("/D"))
    there = target if isinstance(target, Array) else names.get(str(target))
    there = there.get("/D") if isinstance(there, Dictionary) else there
    is_found = there is not None and len(there) and isinstance(there[0], Dictionary) and there[0].objgen in pages
    return None if is_found else f"{where} links to {target}, which is not there"


def attachments_are(pdf, files: Mapping[str, bytes]) -> Checked:
    """Check that exactly these files are attached, with their bytes, a kind, a description and a relationship."""
    held = dict(pdf.attachments.items())
    results = [f"{name} is {'missing' if name in files else 'too many'}" for name in sorted(set(held) ^ set(files))]
    for name in sorted(set(held) & set(files)):
        spec = held[name]
        same = sha256(spec.get_file().read_bytes()).digest() == sha256(files[name]).digest()
        described = spec.description and spec.get_file().mime_type and "/AFRelationship" in spec.obj
        results.append(None if same and described else f"{name} is another file, or is not described")
    return checked(results)


def does_nothing_by_itself(pdf) -> Checked:
    """Check that nothing in the file runs, opens a program or is encrypted."""
    acts = ("/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/Rendition", "/Movie", "/Sound")
    results = ["it is encrypted" if pdf.is_encrypted else None]
    results += [f"the catalogue has {key}" if key in pdf.Root else None for key in ("/OpenAction", "/AA", "/AcroForm")]
    results.append("it has a script" if "/JavaScript" in pdf.Root.get("/Names", {}) else None)
    for item in pdf.objects:
        if isinstance(item, Dictionary) and "/S" in item:
            kind = item.get("/S")
            results.append(f"an object does {kind}" if isinstance(kind, Name) and str(kind) in acts else None)
    results += [f"page {p}: a link does {n.A.S}" for p, n in notes(pdf) if str(n.get("/A", {}).get("/S", "")) in acts]
    return checked(results)


CHECKS: tuple[Callable[[pikepdf.Pdf], Checked], ...] = (
    is_tagged_and_names_itself, claims_its_standards, pictures_are_described, tables_have_heads, headings_leave_no_gap,
    bookmarks_are_headings, pages_are_read_by_structure, fonts_are_embedded, links_lead_somewhere,
    does_nothing_by_itself,
)  # fmt: skip
