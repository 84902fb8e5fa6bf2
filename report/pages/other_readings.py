"""The page under other readings: what differs from it as it is, packed into it, so that `report.js` can show them.

Each reading is a document of its own, rendered as the page is. The two are compared unit by unit (a heading, a
paragraph, a table, a figure) and element by element, and only what differs is kept, for all readings together: what one
element becomes stands side by side and compresses well.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, MutableMapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, fields, replace
from difflib import SequenceMatcher
from functools import cached_property
from html import unescape
from itertools import accumulate
from typing import TypeAlias

from report.pages.document import Document
from report.pages.elements import Element, aligned, attributes, changes, element_number, elements
from report.pages.html import PageParts, render_parts
from report.pages.looks import Looks
from report.pages.packing import as_json, packed
from report.pages.two_processes import compute_both

__all__ = ["OtherReading", "Readings", "page_with_readings"]

_PLACE, _PAGE = "<script>", '<div class="page">'
_LONG, _SHORTEST = 60, 8  # characters of an attribute of which only what differs is packed, and of what is kept of it
_TOKEN = re.compile(r"[\w.%-]+|\W")
_UNPACKED = frozenset(("=data-chain",))  # what only programs read


@dataclass(frozen=True)
class OtherReading:
    """A reading: its name in the page's address, in words, why somebody may read so, and how much differs.

    `numbers` and `verdicts` count those that differ, `missing` numbers that cannot be computed.
    """

    name: str
    label: str
    why: str
    numbers: int
    verdicts: int
    missing: int
    joint: bool
    document: Document


Readings: TypeAlias = Sequence[Callable[[], OtherReading]]  # each is worked out when it is called


def page_with_readings(document: Document, others: Readings, texts: MutableMapping) -> str:
    """Return the page of a document that can also be read in other ways; `texts` are the conversions these add to."""
    looks = Looks()
    parts = render_parts(document, looks=looks)
    differences = _pack(parts, others, looks, texts)
    before = parts.before.replace(parts.rules, looks.rules, 1).replace(parts.looks, looks.drawn, 1)
    head, place, script = parts.after.rpartition(_PLACE)
    data = f'<script type="application/octet-stream" id="readings">{differences}</script>\n'
    return str(replace(parts, before=before, after=f"{head}{data}{place}{script}"))


@dataclass(frozen=True)
class _Half:
    """What differs in every other reading: by its place, what it is and the differences; and what these add."""

    found: dict[int, tuple[dict, list]]
    looks: Looks
    texts: dict


def _halves(parts: PageParts, others: Readings, looks: Looks, texts: MutableMapping) -> tuple[_Half, _Half]:
    """Return both halves of the readings; which is in which is fixed, so that the page is the same everywhere."""
    own = _units(parts)

    def half(first: int) -> _Half:
        its_looks, known, found = deepcopy(looks), {*texts}, {}
        for place in range(first, len(others), 2):
            other = others[place]()
            version = render_parts(other.document, other.document.blocks, parts.cards, its_looks)
            about = {each.name: getattr(other, each.name) for each in fields(other) if each.name != "document"}
            found[place] = about, [*_differences(own, _units(version))]
        return _Half(found, its_looks, {key: texts[key] for key in texts if key not in known})

    return compute_both(lambda: half(0), lambda: half(1))


def _pack(parts: PageParts, others: Readings, looks: Looks, texts: MutableMapping) -> str:
    """Return what differs in other versions of a page, as JSON, deflated, in base64.

    `{"readings": […], "kinds": […], "groups": […], "changes": [units, elements, kinds, groups, values]}`: a change is
    of an element of a unit, as `report.js` counts them, both as the distance from the one before; of a kind; to a value
    for each group of readings. Kinds, groups and readings are given by their places. Unit -1 is the list of the units.
    """
    found: dict[tuple[int, int, str], dict[str, list[int]]] = {}
    halves = _halves(parts, others, looks, texts)
    for half in halves:
        looks.add(half.looks)
        texts.update(half.texts)
    readings = halves[0].found | halves[1].found
    for place in range(len(others)):
        for unit, element, how, value in readings[place][1]:
            found.setdefault((unit, element, how), {}).setdefault(as_json(value), []).append(place)
    about = [readings[place][0] for place in range(len(others))]
    kinds: dict[str, int] = {}
    groups: dict[tuple[int, ...], int] = {}
    columns: tuple[list, ...] = ([], [], [], [], [])
    last = (-1, 0)
    for (unit, element, how), values in sorted(found.items()):
        change = (
            unit - last[0],
            element - last[1] if unit == last[0] else element,
            kinds.setdefault(how, len(kinds)),
            [groups.setdefault(tuple(places), len(groups)) for places in values.values()],
            [json.loads(text) for text in values],
        )
        last = (unit, element)
        for column, item in zip(columns, change, strict=True):
            column.append(item)
    return packed({"readings": about, "kinds": [*kinds], "groups": [*groups], "changes": columns})


_Units = tuple[list["_Unit"], list["_Unit"]]


@dataclass(frozen=True)
class _Unit:
    """A part of the page that stands by itself: its HTML, and its place among those of the page."""

    whole: str
    place: int

    @cached_property
    def kind(self) -> str:
        """Return the name of its element, with its anchor."""
        [start] = re.findall(r"<(\w+)([^>]*)", self.whole)[:1]
        anchor = re.search(r' id="([^"]*)"', start[1])
        return f"{start[0]} {anchor[1] if anchor else ''}"

    @cached_property
    def key(self) -> str:
        """Return what tells it from others: its name and its anchor, else its first words."""
        return self.kind if not self.kind.endswith(" ") else self.kind + re.sub(r"<[^>]*>", "", self.whole)[:80]

    def changes(self, other: _Unit) -> Iterator[tuple[int, str, object]]:
        """Yield what turns it into another."""
        if self.whole != other.whole:
            yield from changes(self.element, other.element)

    @cached_property
    def element(self) -> Element:
        """Return its element, of which it has one."""
        [element] = elements(self.whole)
        return element


def _units(parts: PageParts) -> tuple[list[_Unit], list[_Unit]]:
    """Return the units of a page before `main`, the title and the contents, and in it: each block, and what follows."""
    around, main = re.split(r"<main\b[^>]*>", parts.before[parts.before.index(_PAGE) + len(_PAGE) :])
    after = parts.after[: parts.after.index("</main>")]
    outside, first, last = ([element.whole for element in elements(html)] for html in (around, main, after))
    inside = [*first, *(block.strip() for block in parts.blocks), *last]
    units = [_Unit(html, place) for place, html in enumerate([*outside, *inside])]
    return units[: len(outside)], units[len(outside) :]


def _differences(own: _Units, other: _Units) -> Iterator[tuple[int, int, str, object]]:
    """Yield what turns units into those of another version: unit, element, how, and to what."""
    pairs = [*zip(own[0], other[0], strict=True)]
    parts, inside = aligned(own[1], other[1])
    if parts != [(0, len(own[1]))]:
        yield -1, 0, "list", parts
    for unit, wanted in [*pairs, *inside]:
        for element, how, value in unit.changes(wanted):
            if how in _UNPACKED:
                continue
            yield unit.place, element, how, _in_short(unit, element, how, value)


def _in_short(unit: _Unit, number: int, how: str, value: object) -> object:
    """Return a value as it is packed: of a long attribute what differs, and between that the ends of what is kept."""
    if not (how.startswith("=") and isinstance(value, str)):
        return value
    new = unescape(value)
    if len(new) < _LONG:
        return new
    old = unescape(attributes(element_number(unit.element, number)).get(how[1:], ""))
    ours, theirs = (_TOKEN.findall(text) for text in (old, new))
    ends = [0, *accumulate(map(len, ours))]
    parts: list[str | list[int]] = []
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if kind == "equal" and ends[i2] - ends[i1] > _SHORTEST:
            parts.append([ends[i1], ends[i2]])
        elif parts and isinstance(parts[-1], str):
            parts[-1] += "".join(theirs[j1:j2])
        else:
            parts.append("".join(theirs[j1:j2]))
    return parts
