"""Grids of numbers, each cell the darker the larger its number."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from claims.show import style
from claims.show.marks import name_mark

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["draw_cells"]


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
    import seaborn as sns
    from matplotlib.colors import ListedColormap

    sizes = table if whole is None else 100 * table / whole
    most = max(float(sizes.to_numpy().max()), 1)
    steps = sizes.map(lambda size: style.step_of(size / most))
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
        annot_kws={"size": 8},
    )
    for label, step in zip(axes.texts, steps.to_numpy().flat, strict=True):
        label.set_color(style.PAPER if step > 3 else style.INK)
    rows = zip(*ids.values(), strict=True) if ids else ()
    for number, (label, own) in enumerate(zip(axes.texts, (own for row in rows for own in row), strict=False)):
        name_mark(label, own, number)
    axes.set(xlabel="", ylabel="")
    axes.tick_params(length=0)
    axes.tick_params(rotation=0)  # seaborn turns a single label, and long ones
    if style.is_narrow() and len(table.columns) * max(len(str(name)) for name in table.columns) > 20:
        axes.tick_params(axis="x", rotation=90)
    axes.grid(False)
