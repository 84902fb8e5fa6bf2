"""Grids of numbers, each cell the darker the larger its number."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import TYPE_CHECKING

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
    import seaborn as sns
    from matplotlib.colors import ListedColormap

    sizes = table if whole is None else 100 * table / whole
    most = max(float(sizes.to_numpy().max()), 1)
    steps = sizes.map(lambda size: style.step_of(size / most))
    with _undrawn(axes):
        sns.heatmap(
            steps,
            ax=axes,
            annot=table.map(lambda number: text(number) if number else ""),
            fmt="",
            cmap=ListedColormap(style.STEPS),
            vmin=-0.5,
            vmax=len(style.STEPS) - 0.5,
            linewidths=1.2,
            linecolor=style.PAPER,
            cbar=False,
            annot_kws={"size": 8, "in_layout": False},  # it is within its cell
            xticklabels=False,
            yticklabels=False,
        )
    axes.set_xticks(np.arange(len(table.columns)) + 0.5, [*map(str, table.columns)])
    axes.set_yticks(np.arange(len(table)) + 0.5, [*map(str, table.index)], va="center")
    for label, step in zip(axes.texts, steps.to_numpy().flat, strict=True):
        label.set_color(style.PAPER if step > 3 else style.INK)
    rows = zip(*ids.values(), strict=True) if ids else ()
    for number, (label, own) in enumerate(zip(axes.texts, (own for row in rows for own in row), strict=False)):
        name_mark(label, own, number)
    axes.set(xlabel="", ylabel="")
    axes.tick_params(length=0)
    if style.is_narrow() and len(table.columns) * max(len(str(name)) for name in table.columns) > 20:
        axes.tick_params(axis="x", rotation=90)
    axes.grid(False)


@contextmanager
def _undrawn(axes: Axes) -> Iterator[None]:
    """Let nothing be drawn within the block: seaborn draws a whole figure to see whether names of ticks overlap."""
    from matplotlib.backend_bases import FigureCanvasBase

    figure = axes.get_figure(root=True)
    assert figure is not None
    canvas = figure.canvas
    FigureCanvasBase(figure)
    yield
    figure.set_canvas(canvas)


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
