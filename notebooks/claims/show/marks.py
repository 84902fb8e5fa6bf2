"""Which results a chart shows where: the names of its marks, which a drawing keeps and a page follows both ways.

A mark is what stands for a row of a figure's data, or a part of one: a dot with its range and its words, a bar, a
cell. In an SVG file its parts have ids like `of.c012.f-growth-2024_0-7`: the anchors of the results that it shows, the
one that it is first, and behind them a number that makes the id unique.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from claims.results.anchors import anchor
from claims.words import numerals

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

__all__ = ["mark", "marked_rows", "name_mark", "origin_ids", "origins_of"]


def origin_ids(items: Any) -> list[str]:
    """Return the ids of what a row of a figure's data comes from: text with spaces, an object with an id, or several.

    >>> origin_ids("c012 growth_2024"), origin_ids(["c012"]), origin_ids(None)
    (['c012', 'growth_2024'], ['c012'], [])
    """
    if numerals.missing(items):
        return []
    listed = items.split() if isinstance(items, str) else items if isinstance(items, Iterable) else [items]
    return [item if isinstance(item, str) else item.id for item in listed]


@contextmanager
def mark(axes: Axes, ids: Any) -> Iterator[None]:
    """Make what is drawn on `axes` within it the mark of the results with these `ids`; of none, it stays nameless."""
    before = set(axes.get_children())
    yield
    for number, artist in enumerate(axes.get_children()):
        if artist not in before:
            name_mark(artist, ids, number)


def name_mark(artist: Artist, ids: Any, number: int) -> None:
    """Name an artist after the results that it shows; `number` is its place on its axes."""
    figure, anchors = artist.get_figure(root=True), list(map(anchor, origin_ids(ids)))
    if figure and anchors:
        place = [*map(id, figure.axes)].index(id(artist.axes))
        artist.set_gid(f"{'.'.join(['of', *anchors])}_{place}-{number}")


def origins_of(table: pd.DataFrame, *columns: str) -> list[list[str]]:
    """Return the ids in the `columns` of each row of a table, those of `from` unless others are named.

    Of a column that it does not have there are none.
    """
    named = [name for name in columns or ("from",) if name in table]
    rows = table[named].itertuples(index=False, name=None)
    return [list(dict.fromkeys(id for items in row for id in origin_ids(items))) for row in rows]


def marked_rows(axes: Axes, table: pd.DataFrame, *columns: str) -> Iterator[Any]:
    """Yield the rows of a table, columns as attributes; what is drawn while one is at hand is the mark of its origins.

    These are in `from`, or in the `columns` named.
    """
    for row, ids in zip(table.itertuples(), origins_of(table, *columns), strict=True):
        with mark(axes, ids):
            yield row
