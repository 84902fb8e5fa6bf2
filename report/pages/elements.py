"""The elements of a page, read from its HTML, and how those of another version differ from them.

The HTML is this program's own, so that tags nest and values are in double quotes. Elements are counted in the order in
which they begin, from 0, as `report.js` counts them on the page.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from operator import attrgetter
from typing import Any, Protocol, TypeAlias, TypeVar

__all__ = [
    "TAG", "Change", "Element", "Kept", "Piece", "aligned", "attributes", "changes", "element_number", "elements",
]  # fmt: skip

TAG = re.compile(r'<(/?)([A-Za-z][\w-]*)((?:[^"<>]|"[^"]*")*?)/?>')
_ROW_OR_TAG = re.compile(rf'<tr(?![\w-])((?:[^"<>]|"[^"]*")*)>([^<]*(?:<(?!/?tr\b)[^<]*)*)</tr>|{TAG.pattern}')
_ATTRIBUTE = re.compile(r'([^\s"=]+)(?:="([^"]*)")?')
_VOID = frozenset(("br", "col", "img", "input", "wbr"))
_LISTS = frozenset(("tbody", "ol", "ul", "dl", "div", "figure", "svg", "g"))  # whose children come and go one by one
Kept = tuple[int, int]  # children of the element as it is: the first, and the one after the last
Piece: TypeAlias = str | Kept | int  # of a new list: markup, what is kept of the old one, what moves here
Change = tuple[int, str, Any]


class _Comparable(Protocol):
    """A part of a list: what tells it from others, what it must have in common with what it becomes, and its HTML."""

    @property
    def key(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def whole(self) -> str: ...


_Part = TypeVar("_Part", bound=_Comparable)


@dataclass
class Element:
    """An element: its name, its attributes as written, its content, its children, and its place in the order."""

    name: str
    attributes: str
    number: int
    html: str
    start: int  # of its content in the HTML
    end: int  # of its content
    outer: tuple[int, int]

    @cached_property
    def children(self) -> list[Element]:
        """Return the elements directly inside of it; those of a row are read when they are needed."""
        return _outermost(self.html, self.start, self.end, self.number + 1)

    @property
    def inner(self) -> str:
        """Return its content."""
        return self.html[self.start : self.end]

    @property
    def whole(self) -> str:
        """Return the element."""
        return self.html[slice(*self.outer)]

    @cached_property
    def key(self) -> str:
        """Return what tells it from others beside it: its anchor, else its name and first words or attributes.

        A mark of a drawing has the row that it is of and what it looks like, a row its first cell.
        """
        its = attributes(self)
        if "id" in its:
            return its["id"]
        if "data-of" in its and self.children:
            return f"{its['data-of']} {self.children[0].name} {attributes(self.children[0]).get('class')}"
        inner = self.children[0].inner if self.name == "tr" and self.children else self.inner
        return f"{self.name} {re.sub('<[^>]*>', '', inner)[:80].strip() or self.attributes}"

    @cached_property
    def kind(self) -> str:
        """Return what it must have in common with another to become it: its name and its anchor."""
        return f"{self.name} {attributes(self).get('id', '')}"

    @cached_property
    def between(self) -> list[str]:
        """Return the texts before, between and after its children, without the blanks of the layout."""
        ends = [self.start, *(place for child in self.children for place in child.outer), self.end]
        return [self.html[a:b].strip("\n") for a, b in zip(ends[::2], ends[1::2], strict=True)]


def elements(html: str) -> list[Element]:
    """Return the outermost elements of a page or of a part of it, with all others inside of them.

    >>> [first] = elements('<p id="a">b <i>c</i><br> d</p>')
    >>> first.inner, [(child.name, child.number, child.inner) for child in first.children], first.between
    ('b <i>c</i><br> d', [('i', 1, 'c'), ('br', 2, '')], ['b ', '', ' d'])
    """
    return _outermost(html, 0, len(html), 0)


def _outermost(html: str, start: int, end: int, count: int) -> list[Element]:
    """Return the outermost elements between two places of a page, counted from `count`."""
    top: list[Element] = []
    open_elements: list[Element] = []
    for match in _ROW_OR_TAG.finditer(html, start, end):
        row, inside, closes, name, its = match.groups()
        if closes:
            element = open_elements.pop()
            element.end, element.outer = match.start(), (element.outer[0], match.end())
            continue
        siblings = open_elements[-1].children if open_elements else top
        if inside is not None:
            siblings.append(Element("tr", row.strip(), count, html, *match.span(2), match.span()))
            count += 1 + inside.count("<") - inside.count("</")
            continue
        element = Element(name, its.strip(), count, html, match.end(), match.end(), match.span())
        element.children = []
        count += 1
        siblings.append(element)
        if name not in _VOID and not match[0].endswith("/>"):
            open_elements.append(element)
    return top


def changes(old: Element, new: Element) -> Iterator[Change]:
    """Yield what turns an element into another of the same name: the number of the element to change, how, to what.

    `=name` sets an attribute, to None if there is none; `html` replaces the content; `list` the children, given as
    `aligned` gives them. Those kept are changed by themselves.
    """
    if old.attributes != new.attributes:
        before, after = attributes(old), attributes(new)
        names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
        yield from ((old.number, f"={name}", after.get(name)) for name in names)
    if old.inner == new.inner:
        return
    is_list = old.name in _LISTS and not any(map(str.strip, [*old.between, *new.between]))
    ours, theirs = ([child.key if is_list else child.name for child in each.children] for each in (old, new))
    if old.children and ours == theirs and old.between == new.between:
        for pair in zip(old.children, new.children, strict=True):
            yield from changes(*pair)
    elif is_list:
        yield from _changed_list(old, new)
    else:
        yield old.number, "html", new.inner


def _changed_list(old: Element, new: Element) -> Iterator[Change]:
    """Yield what turns the children of an element into those of another."""
    pieces, pairs = aligned(old.children, new.children)
    if pieces != [(0, len(old.children))]:
        yield old.number, "list", pieces
    for pair in pairs:
        yield from changes(*pair)


def aligned(old: Sequence[_Part], new: Sequence[_Part]) -> tuple[list[Piece], list[tuple[_Part, _Part]]]:
    """Return the pieces of a new list, and the pairs of what is kept of the old one and wanted.

    A piece is markup; or places of the old list, the first and the one after the last; or the place of one that moves.
    """
    ours, theirs = ([part.key for part in each] for each in (old, new))
    places: dict[int, int] = {}  # of what is kept, by the place where it is wanted
    for _, i1, i2, j1, j2 in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if [part.kind for part in old[i1:i2]] == [part.kind for part in new[j1:j2]]:
            places |= zip(range(j1, j2), range(i1, i2), strict=True)
    used = {*places.values()}
    left = {(part.kind, part.key): place for place, part in enumerate(old) if place not in used}
    pieces: list[Piece] = []
    pairs: list[tuple[_Part, _Part]] = []
    for place, part in enumerate(new):
        moved = None if place in places else left.pop((part.kind, part.key), None)
        kept = places.get(place, moved)
        pieces.append(part.whole if kept is None else (kept, kept + 1) if moved is None else moved)
        pairs += [] if kept is None else [(old[kept], part)]
    return _joined(pieces), pairs


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the pieces of a list, those kept that follow each other as one.

    >>> _joined([(0, 2), (2, 3), "<p>", (4, 5)])
    [(0, 3), '<p>', (4, 5)]
    """
    joined: list[Piece] = []
    for piece in pieces:
        last = joined[-1] if joined else None
        if isinstance(last, tuple) and isinstance(piece, tuple) and last[1] == piece[0]:
            joined[-1] = (last[0], piece[1])
        else:
            joined.append(piece)
    return joined


def element_number(element: Element, number: int) -> Element:
    """Return the element with this number, which is the element itself or inside of it."""
    while element.number != number:
        element = element.children[bisect(element.children, number, key=attrgetter("number")) - 1]
    return element


def attributes(element: Element) -> dict[str, str]:
    """Return the attributes of an element as they are written, those without a value as "".

    >>> attributes(elements('<td class="a b" data-from></td>')[0])
    {'class': 'a b', 'data-from': ''}
    """
    return {name: value or "" for name, value in _ATTRIBUTE.findall(element.attributes)}
