"""What a browser shows of HTML from other programs, and where: tables put right, hidden parts and their stand-ins."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from lxml.html import HtmlElement

__all__ = ["keep_visible", "style_rules", "tidy_tables"]

TABLE_PARTS = ("caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr", "td", "th")
FALLBACK = re.compile(r"[\w-]*text-repr-fallback")  # the class of the text that a library shows where it may not style
SELECTOR = re.compile(r"[\w#.\s-]+")  # of tags, classes and ids, one within another
COMPOUND = re.compile(r"(?P<tag>[\w-]*)(?P<marks>(?:[.#][\w-]+)*)")
HIDING = re.compile(r"(?i)\b(display\s*:\s*none|visibility\s*:\s*hidden)\b")
SHOWING = re.compile(r"(?i)\bdisplay\s*:\s*(?!none\b)[\w-]+\s*!\s*important")
MOST_SELECTORS = 200

Rule = tuple[str, str]  # a selector and its declarations
Compound = tuple[str, frozenset[str]]  # a tag or "", and marks: classes with a dot, an id with a hash
Selector = list[Compound]  # each within the one before it


def style_rules(root: HtmlElement) -> list[Rule]:
    """Return every rule of the style sheets in HTML, one for each selector."""
    rules: list[Rule] = []
    for sheet in root.iter("style"):
        first, *others = (sheet.text or "").split("/*")
        text = first + "".join(other.partition("*/")[2] for other in others)  # without comments
        for block in text.split("}"):
            selectors, brace, body = block.rpartition("{")
            names = selectors.rpartition("{")[2].split(",") if brace else []
            rules += ((selector.strip(), body) for selector in names)
    return rules


# ---- tables ----


def tidy_tables(root: HtmlElement) -> None:
    """Make every table one that pandoc reads: a single head, and nothing but rows in it."""
    for table in list(root.iter("table")):
        _move_out(table)
        heads = [head for head in table.iter("thead") if next(head.iterancestors("table")) is table]
        for head in heads[1:]:  # of astropy, which has one for each row
            heads[0].extend(list(head))
            head.drop_tree()
        if not heads:
            _make_head(table)


def _move_out(table: HtmlElement) -> None:
    """Move what is between the rows of a table before it, as a browser does."""
    holders = [table, *(part for part in table.iter("thead", "tbody", "tfoot", "tr"))]
    for holder in holders:
        if next(holder.iterancestors("table"), None) is not table and holder is not table:
            continue  # of a table within this one
        if (holder.text or "").strip():
            _put_before(table, holder.text)
            holder.text = None
        for child in list(holder):
            if (child.tail or "").strip():
                _put_before(table, child.tail)
                child.tail = None
            if isinstance(child.tag, str) and child.tag not in TABLE_PARTS:
                holder.remove(child)
                table.addprevious(child)


def _put_before(table: HtmlElement, text: str | None) -> None:
    words = table.makeelement("p")
    words.text = text
    table.addprevious(words)


def _make_head(table: HtmlElement) -> None:
    """Make the rows of heads at the start of a table its head."""
    rows = [row for row in table.iter("tr") if next(row.iterancestors("table")) is table]
    heads = 0
    while heads < len(rows) - 1 and len(rows[heads]) and all(cell.tag == "th" for cell in rows[heads]):
        heads += 1
    if heads:
        head = table.makeelement("thead")
        body = rows[0].getparent()
        (rows[0] if body is None or body is table else body).addprevious(head)
        head.extend(rows[:heads])


# ---- hidden parts ----


def keep_visible(root: HtmlElement, rules: Iterable[Rule]) -> bool:
    """Remove what a browser does not show, and return whether words were among it.

    Where a library has text for pages without its style, as scikit-learn and xarray have, that is kept instead of what
    it styles: without its style this is a heap of words.
    """
    for element in list(root.iter("pre", "div")):
        if any(map(FALLBACK.fullmatch, (element.get("class") or "").split())) and element.getparent() is not None:
            _keep_alone(element)
    hidden = [element for element in root.iter() if isinstance(element.tag, str) and element is not root]
    hides, shows = _selectors(rules, HIDING), _selectors(rules, SHOWING)
    lost = False
    for element in hidden:
        by_itself = element.get("hidden") is not None or HIDING.search(element.get("style") or "")
        if not (by_itself or _is_selected(element, hides)) or _is_selected(element, shows):
            continue
        if element.getparent() is not None and element.tag not in ("script", "style", "input"):
            lost |= bool("".join(element.itertext("*")).strip()) if len(element) else bool((element.text or "").strip())
            element.drop_tree()
    return lost


def _keep_alone(element: HtmlElement) -> None:
    """Remove everything beside an element, and of it everything but its preformatted text if it has such."""
    parent = element.getparent()
    if parent is None:
        return
    for other in [child for child in parent if child is not element]:
        other.drop_tree()
    for attribute in ("class", "hidden", "style", "id"):
        element.attrib.pop(attribute, None)
    texts = list(element.iter("pre"))
    if texts and element.tag != "pre":
        element.text = None
        for child in list(element):
            element.remove(child)
        element.extend(texts)


def _selectors(rules: Iterable[Rule], declares: re.Pattern) -> list[Selector]:
    """Return the plain selectors of the rules that declare something."""
    plain = (selector for selector, body in rules if declares.search(body) and SELECTOR.fullmatch(selector))
    split = ([COMPOUND.fullmatch(part) for part in selector.split()] for selector in islice(plain, MOST_SELECTORS))
    return [
        [(part["tag"], frozenset(re.findall(r"[.#][\w-]+", part["marks"]))) for part in parts if part]
        for parts in split
        if parts and all(parts)
    ]


def _is_selected(element: HtmlElement, selectors: list[Selector]) -> bool:
    """Return whether one of the selectors, each of elements within one another, selects an element."""
    if not selectors:
        return False
    names = _names(element)
    for *others, (tag, marks) in selectors:
        if tag in ("", element.tag) and marks <= names:
            ancestors: Iterator[HtmlElement] = element.iterancestors()
            if all(any(_is_of(ancestor, part) for ancestor in ancestors) for part in reversed(others)):
                return True
    return False


def _is_of(element: HtmlElement, compound: Compound) -> bool:
    """Return whether an element has a selector's tag, classes and id."""
    tag, marks = compound
    return tag in ("", element.tag) and marks <= _names(element)


def _names(element: HtmlElement) -> set[str]:
    """Return the classes and the id of an element as a style sheet writes them."""
    return {f".{name}" for name in (element.get("class") or "").split()} | {f"#{element.get('id')}"}
