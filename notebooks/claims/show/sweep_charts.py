"""The figures of the sweep over readings, in the manner of `charts`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from claims.show import style
from claims.show.charts import drawn, page_axes, wrapped, write_near
from claims.show.marks import marked_rows

__all__ = ["readings_grid", "specification_curve"]

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


@drawn
def specification_curve(table: pd.DataFrame, unit: str, threshold: float | None = None) -> Axes:
    """Return a number in every reading, the lowest first, above a grid of what each reading changes.

    `table`: reading, default, holds, point, low, high, changed (parameters, comma-separated), from (the id of the
    number); `unit` is the axis' own.
    """
    choices = list(dict.fromkeys(name for names in table["changed"] for name in names.split(", ") if name))
    with style.house():
        lines = 0.2 * max(len(choices), 1)
        above, below = page_axes(2.6 + lines + 1.9, rows=2, height_ratios=(2.6, lines))
        for place, row in enumerate(marked_rows(above, table)):
            colour = style.INK if row.default else style.PLAIN if row.holds else style.VERDICTS["inconsistent"]
            above.plot([place, place], [row.low, row.high], color=colour, linewidth=4, alpha=0.4, solid_capstyle="butt")
            above.plot(place, row.point, "D" if row.default else "o" if row.holds else "X", color=colour)
            for line, choice in enumerate(choices):
                if choice in row.changed.split(", "):
                    below.plot(place, line, "s", color=colour, markersize=4)
        if threshold is not None:
            above.axhline(threshold, color=style.MUTED, linewidth=0.8)
        default = table.index[table["default"]][0]
        write_near(above, "default", (default, table["high"][default]), (0, 4), ha="center", fontsize=7.5)
        for axes in (above, below):
            axes.set_xlim(-0.7, len(table) - 0.3)
            axes.grid(axis="x", visible=False)
        above.set_ylabel(unit)
        above.set_xticks([])
        above.margins(y=0.15)
        below.set_yticks(range(len(choices)), choices)
        below.set_ylim(max(len(choices), 1) - 0.5, -0.5)
        below.set_xticks(range(len(table)), table["reading"], rotation=90, fontsize=7.5)
        below.tick_params(length=0)
    return above


@drawn
def readings_grid(table: pd.DataFrame) -> Axes:
    """Return which headline holds in which reading: a dot where it does, a cross where not, a dash where not tested.

    `table`: label, then a column per reading of 1 (holds), 0 (does not), -1 (not tested), -2 (not in its notebooks),
    and `from`, the id of the number that the headline is on.
    """
    marks = {1: ("o", style.PLAIN, 4), 0: ("X", style.VERDICTS["inconsistent"], 6), -1: ("_", style.MUTED, 5)}
    readings = [name for name in table.columns if name not in ("label", "from")]
    with style.house():
        words = [wrapped(label, 60 if style.is_narrow() else 44) for label in table["label"]]
        lines = max((label.count("\n") + 1 for label in words), default=1)
        axes = page_axes(0.5 * len(table) + 2.7 if style.is_narrow() else max(0.34, 0.13 * lines) * len(table) + 2.3)
        states = table[readings].to_numpy()
        for line, _ in enumerate(marked_rows(axes, table)):
            for state, (mark, colour, size) in marks.items():
                [places] = (states[line] == state).nonzero()
                axes.plot(places, [line] * len(places), mark, color=colour, markersize=size)
        looks: dict[str, Any] = {"linespacing": 1.15, "fontsize": 7.5}
        axes.set_yticks(range(len(table)), [""] * len(table) if style.is_narrow() else words, **looks)
        axes.set_ylim(len(table) - 0.5, -0.8 if style.is_narrow() else -0.5)
        for line, label in enumerate(words if style.is_narrow() else ()):  # above their lines
            axes.text(-0.6, line - 0.25, label, va="bottom", **looks)
        axes.set_xticks(range(len(readings)), readings, rotation=90, fontsize=7.5)
        axes.set_xlim(-0.6, len(readings) - 0.4)
        axes.tick_params(length=0)
    return axes
