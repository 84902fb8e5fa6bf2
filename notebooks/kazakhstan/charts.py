"""The figures that only this report has: trade by both official series, their gaps, exports by commodity, the aim."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from claims.show import style
from claims.show.charts import drawn, each_row, grid_across_values, page_axes, write_beside, write_near

from kazakhstan.doubtful import DOUBTFUL

if TYPE_CHECKING:
    import pandas as pd
    from claims.ledger.model import Ledger
    from claims.show.style import Pen
    from matplotlib.axes import Axes

__all__ = ["commodities", "doubling_paths", "mirror_gap", "trade_over_time"]


@drawn
def doubling_paths(paths: pd.DataFrame, band: tuple[float, float, float]) -> Axes:
    """Return paths of trade from its latest level to the declared doubling, one for each yearly rate.

    `paths`: rate_pct, year, trade_usd; `band`: the target and its bounds in billions of dollars.
    """
    target, low, high = band
    with style.house():
        axes = page_axes(3.3)
        axes.axhspan(low, high, color=style.RULE, alpha=0.6, linewidth=0)
        axes.axhline(target, color=style.INK, linewidth=1)
        start = paths["year"].min()
        words = f"doubled: ${target:.0f} billion (${low:.0f} to {high:.0f})"
        write_near(axes, words, (start, high), (2, 17), va="bottom")
        for rate, path in paths.groupby("rate_pct"):
            axes.plot(path["year"], path["trade_usd"] / 1e9, color=style.PLAIN)
            end = path.iloc[-1]["year"], path.iloc[-1]["trade_usd"] / 1e9
            box = {"facecolor": style.PAPER, "edgecolor": "none", "pad": 0.8, "alpha": 0.9}
            write_near(axes, f"{rate:g}% a year", end, (0, 5), ha="center", va="bottom", fontsize=8, bbox=box)
        axes.set_ylim(0, high * 1.25)
        axes.set_xlim(start - 0.3, paths["year"].max() + 0.07 * (paths["year"].max() - start))
        axes.set_xlabel("Calendar year of the yearly total")
        axes.set_ylabel("Bilateral trade (billion US dollars, nominal)")
        axes.xaxis.get_major_locator().set_params(integer=True)
    return axes


@drawn
def trade_over_time(table: pd.DataFrame, ledger: Ledger) -> Axes:
    """Return yearly trade by both official series, joined by lines, and by the texts, as dots on their intervals.

    `table`: side (an authority, or "" of a text), source, label, year, point, low, high (US dollars), doubtful. Years
    lie on two axes where they leave a gap of more than four years; a doubtful figure is a dotted ring with a mark.
    """
    spans, pens = _stretches(sorted(table["year"].unique())), style.pens(ledger)
    with style.house():
        widths = [max(late - early, 0.4) + 1.2 for early, late in spans]
        axes = page_axes(4.2, len(spans), sharey=True, width_ratios=widths)
        panels = list(axes) if len(spans) > 1 else [axes]
        for panel, (early, late) in zip(panels, spans, strict=True):
            in_span = table[(table["year"] >= early) & (table["year"] <= late)]
            for side, rows in in_span.groupby("side", sort=False):
                _over_time(panel, str(side), rows, pens)
            panel.set_xlim(early - 0.7, late + 1.1)
            panel.set_xticks(range(int(early), int(late) + 1))
            panel.tick_params(axis="y", length=0)
        for place, (side, rows) in enumerate(table[table["side"] != ""].groupby("side", sort=False)):
            last = rows[~rows["doubtful"]].iloc[-1]
            end, colour = (last["year"], last["point"] / 1e9), pens[str(side)].colour
            below = -20 if rows["doubtful"].iloc[-1] else -3  # clear of a doubtful figure after the last
            offset, align = ((8, below), "left") if place else ((-8, 4), "right")
            write_near(panels[-1], last["label"], end, offset, ha=align, color=colour, fontsize=8)
        panels[0].set_ylim(0, table["high"].max() / 1e9 * 1.12)
        panels[0].set_ylabel("Trade in a year (billion US dollars, nominal)")
        panels[0].figure.supxlabel("Calendar year", fontsize=8.5)
    return panels[0]


def _stretches(years: list[float]) -> list[tuple[float, float]]:
    """Return the first and last year of each run of years without a gap of more than four.

    >>> _stretches([1992, 2011, 2013, 2018, 2020, 2024])
    [(1992, 1992), (2011, 2013), (2018, 2024)]
    """
    runs = [[years[0], years[0]]]
    for year in years[1:]:
        if year - runs[-1][1] > 4:
            runs.append([year, year])
        runs[-1][1] = year
    return [(early, late) for early, late in runs]


def _over_time(axes: Axes, side: str, rows: pd.DataFrame, pens: Mapping[str, Pen]) -> None:
    """Draw a series with its line, or the texts' figures beside one another, their names below or above them all."""
    if side:
        sure = rows[~rows["doubtful"]]
        axes.plot(sure["year"], sure["point"] / 1e9, color=pens[side].colour, linewidth=1.2, alpha=0.6)
    beside = rows.groupby("year").cumcount()
    for place, row in zip(beside, each_row(rows), strict=True):
        pen = pens[side or row.source]
        if row.doubtful:
            _doubtful(axes, (row.year, row.point / 1e9), pen)
            continue
        at = row.year if side else row.year + 0.16 * (1 + place)
        ends = [row.low / 1e9, row.high / 1e9]
        axes.plot([at, at], ends, color=pen.colour, linewidth=3, alpha=0.45, solid_capstyle="butt")
        point = row.point / 1e9
        axes.plot(at, point, pen.marker, color=pen.colour, markerfacecolor=pen.face, markersize=4.5)
    for _, own in rows.groupby("year") if not side else ():
        low = own["point"].max() < 2e9  # their names would lie on the years
        names = ", ".join(dict.fromkeys(own["source"]))
        end = own["year"].iloc[0] + 0.08 * (1 + len(own)), (own["high"].max() if low else own["low"].min()) / 1e9
        write_near(axes, names, end, (0, 6 if low else -6), ha="center", va="bottom" if low else "top", fontsize=7.5)


def _doubtful(axes: Axes, end: tuple[float, float], pen: Pen) -> None:
    """Draw a doubtful figure: hollow, with a dotted edge and a mark, off the line of its series."""
    axes.scatter(*end, s=34, marker="o", facecolors="none", edgecolors=pen.colour, linestyles=":", linewidths=1.1)
    write_near(axes, DOUBTFUL, end, (6, 2), ha="left", va="bottom", color=pen.colour, fontsize=8)


@drawn
def mirror_gap(table: pd.DataFrame, band: tuple[float, float], ledger: Ledger) -> Axes:
    """Return the symmetric gap of each directed flow as a dot on its interval, with the band transport explains.

    `table`: label, side (the exporter), word, point, low, high (percent); `band`: the symmetric gaps between which
    freight and insurance explain all.
    """
    pens = style.pens(ledger)
    with style.house():
        axes = page_axes(0.34 * len(table) + 1.0)
        axes.axvspan(*band, color=style.RULE, alpha=0.7, linewidth=0)
        axes.axvline(0, color=style.MUTED, linewidth=0.8)
        for place, row in enumerate(each_row(table)):
            colour = pens[row.side].colour
            axes.plot([row.low, row.high], [place, place], color=colour, linewidth=5, alpha=0.4, solid_capstyle="butt")
            axes.plot(row.point, place, "o", color=colour)
            write_beside(axes, row.word, (max(row.high, row.point, 0), place), colour)  # right of the line
        axes.set_yticks(range(len(table)), table["label"])
        axes.set_ylim(len(table) - 0.5, -0.9)
        low, high = table["low"].min(), table["high"].max()
        axes.set_xlim(low - 0.06 * (high - low), high + 0.34 * (high - low))
        looks = {"ha": "right", "va": "top", "fontsize": 7.5, "color": style.MUTED}
        write_near(axes, "freight and insurance", (band[0], -0.9), (-3, -3), **looks)
        axes.set_xlabel("Exporter’s figure less importer’s, over the sum of both (percent)")
        grid_across_values(axes)
    return axes


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
        axes.set_xlim(0, table["high"].max() * 1.15)
        axes.set_xlabel("Percent of the value of exports to China in the year")
        grid_across_values(axes)
    return axes
