"""Grids of numbers, each cell the darker the larger its number."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from claims.show import style
from claims.show.marks import name_mark

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from claims.ledger.model import Ledger

__all__ = ["GRID_WIDTH", "HEAD", "draw_cells", "short_names", "would_touch"]

HEAD, GRID_WIDTH = 7.5, 2.25  # points of the heads of a grid beside bars, inches of that grid on the page


def draw_cells(
    axes: Axes,
    table: pd.DataFrame,
    text: Callable[[float], str],
    whole: float | pd.Series | None = None,
    ids: Mapping[str, Sequence[Sequence[str]]] | None = None,
) -> None:
    """Draw a cell for every number of a table, darker the larger, with the number on it; 0 is left blank.

    With `whole`, of all or of each column, a cell is the darker the larger its number's share of that is. `ids` has
    the results that a cell shows, by column and row; its number is their mark.
    """
    import numpy as np
    from matplotlib.colors import ListedColormap

    sizes = table if whole is None else 100 * table / whole
    most = max(float(sizes.to_numpy().max()), 1)
    steps = sizes.map(lambda size: style.step_of(size / most)).to_numpy()
    looks: dict[str, Any] = {"cmap": ListedColormap(style.STEPS), "vmin": -0.5, "vmax": len(style.STEPS) - 0.5}
    axes.pcolormesh(steps, linewidths=1.2, edgecolor=style.PAPER, **looks)
    axes.spines[:].set_visible(False)
    height, width = steps.shape
    axes.set(xlim=(0, width), ylim=(height, 0))
    axes.set_xticks(np.arange(width) + 0.5, [*map(str, table.columns)])
    axes.set_yticks(np.arange(height) + 0.5, [*map(str, table.index)], va="center")
    words = table.map(lambda number: text(number) if number else "")
    for (row, column), word in np.ndenumerate(words.to_numpy()):
        colour = style.PAPER if steps[row, column] > 3 else style.INK
        place: dict[str, Any] = {"ha": "center", "va": "center", "in_layout": False}  # it is within its cell
        axes.text(column + 0.5, row + 0.5, word, size=8, color=colour, **place)
    rows = zip(*ids.values(), strict=True) if ids else ()
    for number, (label, own) in enumerate(zip(axes.texts, (own for row in rows for own in row), strict=False)):
        name_mark(label, own, number)
    axes.tick_params(length=0)
    if style.is_narrow() and len(table.columns) * max(len(str(name)) for name in table.columns) > 20:
        axes.tick_params(axis="x", rotation=90)
    axes.grid(False)


def short_names(ledger: Ledger, space: str = "") -> dict[str, str]:
    """Return the short name of each source by its id, by default a word a line where there is room for that."""
    space = space or (" " if style.is_narrow() else "\n")
    return {id: source.short_name.replace(" ", space) for id, source in ledger.sources.items()}


def would_touch(names: Sequence[str], width: float) -> bool:
    """Return whether names as heads of columns, a word a line, would touch on a grid that is so many inches wide.

    >>> would_touch(["visit report", "pledge report"], 2.25), would_touch(["pledge report"] * 7, 2.25)
    (False, True)
    """
    room = 72 * width / max(len(names), 1) - 3
    pairs = (zip(one.split(), other.split(), strict=False) for one, other in pairwise(names))
    return any((len(one) + len(other)) / 2 * 0.52 * HEAD > room for pair in pairs for one, other in pair)
