"""The figures that only this report has: trade by both official series, their gaps, exports by commodity, the aim."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claims.show import style
from claims.show.charts import drawn, each_row, grid_across_values, page_axes, write_beside

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["commodities"]


@drawn
def commodities(table: pd.DataFrame) -> Axes:
    """Return the shares of exports by commodity as bars with their intervals, what they leave over last.

    `table`: label, share_pct, low, high; the last row is the rest, drawn paler.
    """
    with style.house():
        axes = page_axes(0.34 * len(table) + 0.8)
        for place, row in enumerate(each_row(table)):
            rest = place == len(table) - 1
            axes.barh(place, row.share_pct, color=style.RULE if rest else style.PLAIN, height=0.62)
            axes.plot([row.low, row.high], [place, place], color=style.INK, linewidth=1.4)
            write_beside(axes, f"{row.share_pct:.0f}%", (max(row.high, row.share_pct), place), style.INK)
        axes.set_yticks(range(len(table)), table["label"])
        axes.set_ylim(len(table) - 0.5, -0.5)
        axes.set_xlim(0, table["high"].max() * (1.3 if style.is_narrow() else 1.15))
        axes.set_xlabel("Percent of the value of exports to China in the year")
        grid_across_values(axes)
    return axes
