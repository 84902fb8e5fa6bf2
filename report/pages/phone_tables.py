"""Tables that become one card a row on a phone: which they are, and the style of their columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from claims.content.tables import Column, walk

from report.pages.document import Block, ExhibitBlock, GridCell, TableGrid

__all__ = ["Cards", "cards_of", "is_short", "style_of"]


@dataclass(frozen=True)
class Cards:
    """A table that becomes one card a row on a phone: its class, the labels of its columns, and which need what."""

    name: str
    labels: tuple[str, ...]
    short: frozenset[int] = field(default_factory=frozenset)  # columns of which no cell is ever broken over lines
    right: frozenset[int] = field(default_factory=frozenset)


def cards_of(
    blocks: Iterable[Block],
    names: Mapping[str, str] = MappingProxyType({}),
    known: Mapping[str, Cards] = MappingProxyType({}),
) -> dict[int, Cards]:
    """Return the cards of each table that is long or broad or has a sentence in a cell, by the id of the object.

    Tables without a name among those of another page, by anchor, have one that such a page does not use. Those that are
    `known` by their anchor are cards, and look, as they do there.
    """
    cards: dict[int, Cards] = {}
    for block in blocks:
        table = block.table if isinstance(block, ExhibitBlock) else None
        anchor = block.anchor if isinstance(block, ExhibitBlock) else ""
        if table and anchor in known and len(known[anchor].labels) == len(table.columns):
            cards[id(table)] = known[anchor]
        elif table and (table.layout == "register" or table.wordy or table.broad) and not table.spans:
            indices = range(len(table.columns))
            short = (i for i in indices if all(is_short(row[i], table) for row in table.rows if i < len(row)))
            right = (i for i in indices if table.columns[i].align == "right")
            labels = tuple(_label(column) for column in table.columns)
            name = names.get(anchor) or (f"t-{anchor}" if names else f"t{len(cards) + 1}")
            cards[id(table)] = Cards(name, labels, frozenset(short), frozenset(right))
    return cards


def style_of(cards: Iterable[Cards]) -> str:
    """Return the style of the columns of these tables; on a phone every cell begins with the label of its column."""
    rules: dict[tuple[int, str], list[str]] = {}  # a rule for all tables of which it is true
    for table in cards:
        for index, label in enumerate(table.labels):
            looks = ["white-space:nowrap"] * (index in table.short) + ["text-align:right"] * (index in table.right)
            for look in looks + [f"--label:{_css_text(label)}"] * bool(label):
                rules.setdefault((index, look), []).append(f".{table.name}")
    return "".join(
        f":is({','.join(names)}) tr>:nth-child({index + 1}){{{look}}}" for (index, look), names in rules.items()
    )


def _css_text(text: str) -> str:
    r"""Return a CSS string.

    >>> print(_css_text('a "b" </style>'))
    "a \22 b\22  \3c /style>"
    """
    return '"' + re.sub(r'["\\<\n]', lambda match: f"\\{ord(match[0]):x} ", text) + '"'


def is_short(cell: GridCell, table: TableGrid) -> bool:
    """Return whether a cell has so little content that it never breaks over lines."""
    text, register = cell.text, table.layout == "register"
    word = len(text) < 13 and len([*walk(cell)]) <= 1 and (register or " " not in text)
    interval = not register and len(text) < 26 and " to " in text and text[0] in "$−–0123456789"
    return word or interval


def _label(column: Column) -> str:
    return f"{column.label}, {column.unit}" if column.unit else str(column.label)
