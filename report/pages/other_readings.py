"""The page under other readings: what differs from it as it is, packed into it, so that `report.js` can show them.

Each reading is a document of its own, rendered as the page is. The two are compared unit by unit (a heading, a
paragraph, a table, a figure) and element by element, and only what differs is kept, for all readings together: what one
element becomes stands side by side and compresses well.
"""

from __future__ import annotations

import json
import re
from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, fields, replace
from functools import cached_property
from html import unescape
from itertools import pairwise
from typing import TypeAlias

from report.pages.deltas import in_short
from report.pages.derived_files import how_derived, names_of_rows
from report.pages.document import Document
from report.pages.elements import Change, Element, Piece, aligned, attributes, changes, element_number, elements
from report.pages.html import PageParts, render_parts
from report.pages.looks import Looks
from report.pages.packing import as_json, packed
from report.pages.two_processes import compute_both

__all__ = ["OtherReading", "Readings", "page_with_readings"]

_PLACE, _PAGE = "<script>", '<div class="page">'
_FIRST_TAG = re.compile(r"\A[^<]*<(\w+)([^>]*)")
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
        its_looks, found = deepcopy(looks), {}
        known = {*(texts.maps[0] if isinstance(texts, ChainMap) else texts)}  # all that is used is kept for later
        for place in range(first, len(others), 2):
            other = others[place]()
            version = render_parts(other.document, other.document.blocks, parts.cards, its_looks)
            about = {each.name: getattr(other, each.name) for each in fields(other) if each.name != "document"}
            found[place] = about, [*_differences(own, _units(version))]
        return _Half(found, its_looks, {key: texts[key] for key in texts if key not in known})

    fewer, more = compute_both(lambda: half(1), lambda: half(0))  # this process typesets the PDF meanwhile
    return more, fewer


def _pack(parts: PageParts, others: Readings, looks: Looks, texts: MutableMapping) -> str:
    """Return what differs in other versions of a page, as JSON, deflated, in base64.

    `{"readings": […], "kinds": […], "groups": […], "whats": [kinds, groups, values], "changes": [units, elements,
    whats]}`: a change is of an element of a unit, as `report.js` counts them, both as the distance from the one before.
    What changes is of a kind, to a value for each group of readings; the same at many places is there once: 0 is the
    next that is new, n the one before place n. Kinds, groups and readings are given by their places. Unit -1 is the
    list of the units. For a list, the first value is the markup of all that is new in any reading.
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
    return packed({"readings": [readings[place][0] for place in range(len(others))], **_in_columns(found)})


def _in_columns(found: Mapping[tuple[int, int, str], Mapping[str, list[int]]]) -> dict[str, list]:
    """Return changes, each with its values as JSON and the readings that have them, in columns."""
    kinds: dict[str, int] = {}
    groups: dict[tuple[int, ...], int] = {}
    known: dict[str, int] = {}
    whats: tuple[list, ...] = ([], [], [])
    changes: tuple[list, ...] = ([], [], [])
    last = (-1, 0)
    for (unit, element, how), values in sorted(found.items()):
        of_groups = [groups.setdefault(tuple(places), len(groups)) for places in values.values()]
        to = [json.loads(text) for text in values]
        what = kinds.setdefault(how, len(kinds)), of_groups, _pooled(to) if how == "list" else to
        place = known.setdefault(as_json(what), len(known))
        if is_new := place == len(whats[0]):
            _add(whats, what)
        distance = unit - last[0], element - last[1] if unit == last[0] else element
        _add(changes, (*distance, 0 if is_new else place + 1))
        last = (unit, element)
    return {"kinds": [*kinds], "groups": [*groups], "whats": [*whats], "changes": [*changes]}


def _add(columns: Sequence[list], row: Sequence[object]) -> None:
    for column, item in zip(columns, row, strict=True):
        column.append(item)


def _pooled(lists: Sequence[list[Piece]]) -> list[list]:
    """Return lists of pieces whose markup is kept once, before them: of each how far it is there from the one before.

    >>> _pooled([["<p>", [0, 2], "<b>"], [[0, 1], 5, "<b>"]])
    [['<b>', '<p>'], [[2], [0, 2], [-1]], [[0, 1], 5, [1]]]
    """
    pool = sorted({piece for pieces in lists for piece in pieces if isinstance(piece, str)})
    places: dict[str, int] = {markup: place for place, markup in enumerate(pool)}
    packed_lists: list[list] = [pool]
    for pieces in lists:
        new = [-1, *(places[piece] for piece in pieces if isinstance(piece, str))]
        distances = (b - a for a, b in pairwise(new))
        packed_lists.append([[next(distances)] if isinstance(piece, str) else piece for piece in pieces])
    return packed_lists


_Units = tuple[list["_Unit"], list["_Unit"]]


@dataclass(frozen=True)
class _Unit:
    """A part of the page that stands by itself: its HTML, and its place among those of the page."""

    whole: str
    place: int

    @cached_property
    def kind(self) -> str:
        """Return the name of its element, with its anchor."""
        [(name, its)] = _FIRST_TAG.findall(self.whole)
        anchor = re.search(r' id="([^"]*)"', its)
        return f"{name} {anchor[1] if anchor else ''}"

    @cached_property
    def key(self) -> str:
        """Return what tells it from others: its name and its anchor, else its first words."""
        return self.kind if not self.kind.endswith(" ") else self.kind + re.sub(r"<[^>]*>", "", self.whole)[:80]

    def changes(self, other: _Unit) -> Iterator[Change]:
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
    pieces, inside = aligned(own[1], other[1])
    if pieces != [(0, len(own[1]))]:
        yield -1, 0, "list", pieces
    names = names_of_rows(unit.whole for unit in other[1])
    for unit, wanted in [*pairs, *inside]:
        for element, how, value in unit.changes(wanted):
            if how in _UNPACKED:
                continue
            at = element_number(unit.element, element)
            old = unescape(attributes(at).get("href", ""))
            is_file = how == "=href" and "download" in attributes(at)
            if is_file and (way := how_derived(old, wanted.element, unescape(value), names)):
                yield unit.place, element, "=class", way
            else:
                yield unit.place, element, how, in_short(at, how, value)
