"""Names by which a notebook reaches claims, official figures and findings: readable ones, and the ids of their rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Generic, TypeVar

from claims.ledger.model import Ledger, UnknownId
from claims.tables.messages import closest

__all__ = ["Names", "UnknownName", "finding_name", "unknown"]

T = TypeVar("T")
_FIGURE = re.compile(r"[co]\d{3,}")


class UnknownName(UnknownId, AttributeError):
    """A name that no figure and no finding has; the message suggests the nearest."""


def finding_name(id: str, ledger: Ledger, figures: Mapping[str, str]) -> str:
    """Return the readable name of the finding `id`: instead of a claim's id, the claim's name.

    `figures` are the names of claims and official figures by id (`figure_names`). Of further figures there is only
    what tells them from the one before: period and text, or nothing where these are the same, as in
    `base_c044_c045` → `base_trade_turnover_growth_2023_visit`.
    """
    words, before = [], ""
    for token in id.split("_"):
        if token not in figures or not _FIGURE.fullmatch(token):
            words.append(token)
            continue
        indicator = ledger.figure(token).indicator
        rest = figures[token].removeprefix(f"{indicator}_")
        words += [figures[token]] if not before else [rest] if rest != before else []
        before = rest
    return "_".join(words)


class Names(Mapping[str, T], Generic[T]):
    """Items by their readable names; an item is also found under its id.

    A name is an attribute too (`book.claims.trade_2023_golden`), which Tab completes. `what` names the items in
    messages, such as "claim".
    """

    def __init__(self, what: str, items: Mapping[str, T], name_of: Callable[[str], str]) -> None:
        self._what, self._items, self._name_of = what, items, name_of
        self._names: dict[str, str] = {}
        self._by_name: dict[str, str] = {}

    @property
    def _ids(self) -> dict[str, str]:
        if self._names.keys() != self._items.keys():  # a cell has kept others since
            self._names = {id: self._names.get(id) or self._name_of(id) for id in self._items}
            self._by_name = {name: id for id, name in self._names.items()}
        return self._by_name

    def __getitem__(self, name: str) -> T:
        """Return an item by name or id. Raises UnknownName with the nearest name."""
        if name in self._items:
            return self._items[name]
        ids = self._ids
        if name not in ids:
            raise UnknownName(unknown(self._what, name, ids))
        return self._items[ids[name]]

    def __getattr__(self, name: str) -> T:
        if name.startswith("_"):
            raise AttributeError(name)
        return self[name]

    def __contains__(self, name: object) -> bool:
        return name in self._items or name in self._ids

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._items)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self]

    def __repr__(self) -> str:
        return f"{len(self)} {self._what}s by name: {', '.join(self)}"


def unknown(what: str, name: str, names: Iterable[str]) -> str:
    """Return the message for a name that nothing has.

    >>> unknown("claim", "trade_2032_golden", ["trade_2023_golden"])
    "there is no claim 'trade_2032_golden'; did you mean 'trade_2023_golden'?"
    """
    near = closest(name, names)
    return f"there is no {what} {name!r}" + (f"; did you mean {near!r}?" if near else '; book.find("…") lists names')
