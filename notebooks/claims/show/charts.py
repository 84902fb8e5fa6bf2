"""The figures: one function each, a table in, axes out. Looks come from `style`, words from the notebooks.

Where no figures are wanted, as in a sweep, a chart function draws nothing and returns None.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING

from claims.show import style
from claims.tables import locations as places

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


def drawn(chart: Callable[..., Axes]) -> Callable[..., Axes | None]:
    """Return a chart function that draws where figures are wanted, and elsewhere returns None at once."""

    @wraps(chart)
    def drawn_if_wanted(*given, **named) -> Axes | None:
        return chart(*given, **named) if places.figures_wanted() else None

    return drawn_if_wanted


def _axes(height: float, columns: int = 1, **keywords):
    """Return a figure of the page's width with `columns` axes side by side."""
    from matplotlib.figure import Figure

    fig = Figure(figsize=(style.WIDTH, height))
    return fig.subplots(1, columns, **keywords)


@drawn
def coverage(table: pd.DataFrame) -> Axes:
    """Return a grid of how many claims each source prints in each sector.

    `table`: one row per sector, index the sector's label, one column of counts per source.
    """
    with style.house():
        axes = _axes(0.27 * len(table) + 0.9)
        _cells(axes, table, lambda count: str(int(count)))
        axes.xaxis.tick_top()
        axes.xaxis.set_label_position("top")
        axes.set_xlabel("Text (cells: figures printed)")
    return axes


@drawn
def growth_rates(table: pd.DataFrame) -> Axes:
    """Return reported and computed growth rates as dots on their intervals, one line each.

    `table`: label, kind (reported, computed), source (of a reported one), shown (the rate in words), point, low, high
    (percent). A reported rate has the colour and the mark of its text, a computed one those of none.
    """
    with style.house():
        axes = _axes(0.36 * len(table) + 0.8)
        for place, row in enumerate(table.itertuples()):
            reported = row.kind == "reported"
            colour = style.source_colour(row.source) if reported else style.INK
            mark = style.MARKERS.get(row.source, "o") if reported else "X"
            axes.plot([row.low, row.high], [place, place], color=colour, linewidth=5, alpha=0.35, solid_capstyle="butt")
            axes.plot(row.point, place, mark, color=colour)
            _beside(axes, f"{row.kind} {row.shown}", (max(row.high, row.point), place), style.INK)
        axes.set_yticks(range(len(table)), [_wrapped(label) for label in table["label"]], linespacing=1.15)
        axes.set_ylim(len(table) - 0.5, -0.5)
        low, high = min(0, table["low"].min()), max(table["high"].max(), 1)
        axes.set_xlim(low - 0.03 * (high - low), high + 0.42 * (high - low))
        axes.axvline(0, color=style.MUTED, linewidth=0.8)
        axes.set_xlabel("Growth on the year before (percent; dollar amounts nominal)")
        _rows_only(axes)
    return axes


@drawn
def doubling_paths(paths: pd.DataFrame, band: tuple[float, float, float]) -> Axes:
    """Return paths of trade from its latest level to the declared doubling, one for each yearly rate.

    `paths`: rate_pct, year, trade_usd; `band`: the target and its bounds in billions of dollars.
    """
    target, target_low, target_high = band
    with style.house():
        axes = _axes(3.3)
        axes.axhspan(target_low, target_high, color=style.RULE, alpha=0.6, linewidth=0)
        axes.axhline(target, color=style.INK, linewidth=1)
        start = paths["year"].min()
        axes.annotate(
            f"doubled: ${target:.0f} billion (${target_low:.0f} to {target_high:.0f})",
            (start, target_high),
            xytext=(2, 17),
            textcoords="offset points",
            va="bottom",
        )
        for rate, path in paths.groupby("rate_pct"):
            axes.plot(path["year"], path["trade_usd"] / 1e9, color=style.PLAIN)
            end = path.iloc[-1]
            axes.annotate(
                f"{rate:g}% a year",
                (end["year"], end["trade_usd"] / 1e9),
                xytext=(0, 5),
                textcoords="offset points",
                ha="center",
                va="bottom",
                fontsize=8,
                bbox={"facecolor": style.PAPER, "edgecolor": "none", "pad": 0.8, "alpha": 0.9},
            )
        axes.set_ylim(0, target_high * 1.25)
        axes.set_xlim(start - 0.3, paths["year"].max() + 0.07 * (paths["year"].max() - start))
        axes.set_xlabel("Calendar year of the yearly total")
        axes.set_ylabel("Bilateral trade (billion US dollars, nominal)")
        axes.xaxis.get_major_locator().set_params(integer=True)
    return axes


@drawn
def discrepancies(table: pd.DataFrame) -> Axes:
    """Return the figures of each group as dots on their intervals, relative to the group's largest printed figure.

    `table`: group (label), verdict, source, shown (the figure in words), point, low, high (percent of the group's
    largest printed figure); groups stand in the order of their first row. One line a figure, under its group's name.
    """
    groups = list(dict.fromkeys(table["group"]))
    with style.house():
        axes = _axes(0.25 * (len(table) + 1.6 * len(groups)) + 0.7)
        low, high = table["low"].min(), table["high"].max()
        edges = (low - 0.04 * (high - low), high + 0.06 * (high - low))
        axes.set_xlim(*edges)
        ticks, place = [], 0.0
        for group in groups:
            rows = table[table["group"] == group]
            verdict = rows["verdict"].iloc[0]
            _band(axes, place - 0.6, place + len(rows) + 0.5, style.VERDICTS[verdict])
            _heading(axes, place, group, verdict)
            for row in rows.itertuples():
                place += 1
                colour = style.source_colour(row.source)
                axes.plot([row.low, row.high], [place, place], color=colour, linewidth=3, solid_capstyle="butt")
                axes.plot(row.point, place, style.MARKERS.get(row.source, "o"), color=colour)
                ticks.append((place, f"{row.source}: {row.shown}"))
            place += 1.6
        axes.set_yticks(*zip(*ticks, strict=True))
        axes.set_ylim(place - 0.9, -0.8)
        axes.spines["left"].set_visible(False)
        axes.patch.set_visible(False)
        axes.set_xlabel("Percent of the largest figure printed in the group (100 = largest)")
        _rows_only(axes)
    return axes


@drawn
def sector_shares(table: pd.DataFrame) -> Axes:
    """Return the pooled shares of listed items by sector as bars, and beside them the shares in every source.

    `table`: label, share_pct, then a column of shares per source, named by its id; largest sector first.
    """
    sources = [name for name in table.columns if name not in ("label", "share_pct")]
    with style.house():
        bars, grid = _axes(0.3 * len(table) + 1.0, 2, sharey=False, width_ratios=(1.15, 1))
        places = range(len(table))
        bars.barh(places, table["share_pct"], color=style.PLAIN, height=0.68)
        for place, share in zip(places, table["share_pct"], strict=True):
            _beside(bars, f"{share:.0f}%", (share, place), style.INK)
        bars.set_yticks(places, table["label"])
        bars.set_ylim(len(table) - 0.5, -0.5)
        bars.set_xlim(0, table["share_pct"].max() * 1.18)
        bars.set_xlabel("All texts (percent of items)")
        _rows_only(bars)
        _cells(grid, table[sources], lambda share: f"{share:.0f}")
        grid.set_yticks([])
        grid.set_xlabel("By text (percent of its items)")
    return bars


def _cells(axes: Axes, table: pd.DataFrame, written: Callable[[float], str]) -> None:
    """Draw a cell for every number of a table, darker the larger, with the number on it; nothing is left blank."""
    import seaborn as sns
    from matplotlib.colors import ListedColormap

    most = max(float(table.to_numpy().max()), 1)
    steps = table.map(lambda number: style.step_of(number / most))
    sns.heatmap(
        steps,
        ax=axes,
        annot=table.map(lambda number: written(number) if number else ""),
        fmt="",
        cmap=ListedColormap(style.STEPS),
        vmin=-0.5,
        vmax=len(style.STEPS) - 0.5,
        linewidths=1.2,
        linecolor=style.PAPER,
        cbar=False,
        annot_kws={"size": 8},
    )
    for text, step in zip(axes.texts, steps.to_numpy().flat, strict=True):
        text.set_color(style.PAPER if step > 3 else style.INK)
    axes.set(xlabel="", ylabel="")
    axes.tick_params(length=0)
    axes.tick_params(axis="y", rotation=0)  # seaborn stands a single label on its end
    axes.grid(False)


def _wrapped(label: str, width: int = 34) -> str:
    r"""Return `label` on as many lines as its length asks for.

    >>> _wrapped("Growth of rail freight between Kazakhstan and China")
    'Growth of rail freight between\nKazakhstan and China'
    """
    import textwrap

    kept = label.replace(" (", "\u00a0(")  # the text stays with the last word
    return "\n".join(textwrap.wrap(kept, width))


def _beside(axes: Axes, words: str, at: tuple[float, float], colour: str) -> None:
    axes.annotate(words, at, xytext=(6, 0), textcoords="offset points", va="center", fontsize=8, color=colour)


def _across(axes: Axes):
    """Return the coordinates that run from edge to edge of the figure, and down the rows of `axes`."""
    from matplotlib.transforms import blended_transform_factory

    return blended_transform_factory(axes.figure.transFigure, axes.transData)


def _band(axes: Axes, top: float, bottom: float, colour: str) -> None:
    """Shade the rows from `top` to `bottom` over the width of the figure."""
    from matplotlib.patches import Rectangle

    band = Rectangle(
        (0, top), 1, bottom - top, transform=_across(axes), color=colour, alpha=0.10, linewidth=0, zorder=-2
    )
    band.set_clip_on(False)
    band.set_in_layout(False)
    axes.add_patch(band)


def _heading(axes: Axes, place: float, name: str, verdict: str) -> None:
    """Write a group's name from the figure's left edge and its verdict to the right edge of the axes."""
    name = axes.text(0.008, place, name, transform=_across(axes), va="center", fontweight="bold", fontsize=8)
    name.set_in_layout(False)
    axes.text(0.995, place, verdict, transform=axes.get_yaxis_transform(), va="center", ha="right", fontsize=8)


def _rows_only(axes: Axes) -> None:
    """Leave the grid across the values and take away the ticks of rows that are named."""
    axes.grid(axis="y", visible=False)
    axes.tick_params(axis="y", length=0)


@drawn
def trade_over_time(table: pd.DataFrame) -> Axes:
    """Return yearly trade by both official series, joined by lines, and by the texts, as dots on their intervals.

    `table`: side (an authority, or "" of a text), source, label, year, point, low, high (US dollars). Years lie on two
    axes where they leave a gap of more than four years.
    """
    spans = _stretches(sorted(table["year"].unique()))
    with style.house():
        made = _axes(4.2, len(spans), sharey=True, width_ratios=[max(late - early, 0.4) + 1.2 for early, late in spans])
        panels = list(made) if len(spans) > 1 else [made]
        for panel, (early, late) in zip(panels, spans, strict=True):
            shown = table[(table["year"] >= early) & (table["year"] <= late)]
            for side, rows in shown.groupby("side", sort=False):
                _over_time(panel, side, rows)
            panel.set_xlim(early - 0.7, late + 1.1)
            panel.set_xticks(range(int(early), int(late) + 1))
            panel.tick_params(axis="y", length=0)
        for place, (side, rows) in enumerate(table[table["side"] != ""].groupby("side", sort=False)):
            last = rows.iloc[-1]
            panels[-1].annotate(
                last["label"],
                (last["year"], last["point"] / 1e9),
                xytext=(8, -3) if place else (-8, 4),
                textcoords="offset points",
                ha="left" if place else "right",
                color=style.SIDES[side],
                fontsize=8,
            )
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


def _over_time(axes: Axes, side: str, rows: pd.DataFrame) -> None:
    """Draw a series with its line, or the texts' figures beside one another, their names below or above them all."""
    if side:
        axes.plot(rows["year"], rows["point"] / 1e9, color=style.SIDES[side], linewidth=1.2, alpha=0.6)
    beside = rows.groupby("year").cumcount()
    for place, row in zip(beside, rows.itertuples(), strict=True):
        colour = style.SIDES[side] if side else style.source_colour(row.source)
        at = row.year if side else row.year + 0.16 * (1 + place)
        ends = [row.low / 1e9, row.high / 1e9]
        axes.plot([at, at], ends, color=colour, linewidth=3, alpha=0.45, solid_capstyle="butt")
        mark = "o" if side else style.MARKERS.get(row.source, "o")
        inside = style.PAPER if side in style.RINGS else colour
        axes.plot(at, row.point / 1e9, mark, color=colour, markerfacecolor=inside, markersize=4.5)
    for year, own in rows.groupby("year") if not side else ():
        low = own["point"].max() < 2e9  # their names would lie on the years
        axes.annotate(
            ", ".join(dict.fromkeys(own["source"])),
            (year + 0.08 * (1 + len(own)), (own["high"].max() if low else own["low"].min()) / 1e9),
            xytext=(0, 6 if low else -6),
            textcoords="offset points",
            ha="center",
            va="bottom" if low else "top",
            fontsize=7.5,
        )


@drawn
def mirror_gap(table: pd.DataFrame, band: tuple[float, float]) -> Axes:
    """Return the symmetric gap of each directed flow as a dot on its interval, with the band transport explains.

    `table`: label, side (the exporter), word, point, low, high (percent); `band`: the symmetric gaps between which
    freight and insurance explain all.
    """
    with style.house():
        axes = _axes(0.34 * len(table) + 1.0)
        axes.axvspan(*band, color=style.RULE, alpha=0.7, linewidth=0)
        axes.axvline(0, color=style.MUTED, linewidth=0.8)
        for place, row in enumerate(table.itertuples()):
            colour = style.SIDES[row.side]
            axes.plot([row.low, row.high], [place, place], color=colour, linewidth=5, alpha=0.4, solid_capstyle="butt")
            axes.plot(row.point, place, "o", color=colour)
            _beside(axes, row.word, (max(row.high, row.point, 0), place), colour)  # right of the line
        axes.set_yticks(range(len(table)), table["label"])
        axes.set_ylim(len(table) - 0.5, -0.9)
        low, high = table["low"].min(), table["high"].max()
        axes.set_xlim(low - 0.06 * (high - low), high + 0.34 * (high - low))
        axes.annotate(
            "freight and insurance",
            (band[0], -0.9),
            xytext=(-3, -3),
            textcoords="offset points",
            ha="right",
            va="top",
            fontsize=7.5,
            color=style.MUTED,
        )
        axes.set_xlabel("Exporter’s figure less importer’s, over the sum of both (percent)")
        _rows_only(axes)
    return axes


@drawn
def commodities(table: pd.DataFrame) -> Axes:
    """Return the shares of exports by commodity as bars with their intervals, what they leave over last.

    `table`: label, share_pct, low, high; the last row is the rest, drawn paler.
    """
    with style.house():
        axes = _axes(0.34 * len(table) + 0.8)
        for place, row in enumerate(table.itertuples()):
            rest = place == len(table) - 1
            axes.barh(place, row.share_pct, color=style.RULE if rest else style.PLAIN, height=0.62)
            axes.plot([row.low, row.high], [place, place], color=style.INK, linewidth=1.4)
            _beside(axes, f"{row.share_pct:.0f}%", (max(row.high, row.share_pct), place), style.INK)
        axes.set_yticks(range(len(table)), table["label"])
        axes.set_ylim(len(table) - 0.5, -0.5)
        axes.set_xlim(0, table["high"].max() * 1.15)
        axes.set_xlabel("Percent of the value of exports to China in the year")
        _rows_only(axes)
    return axes


@drawn
def specification_curve(table: pd.DataFrame, unit: str, threshold: float | None = None) -> Axes:
    """Return a number in every reading, the lowest first, above a grid of what each reading changes.

    `table`: reading, default, holds, point, low, high, changed (parameters, parted by commas); `unit` is the axis' own.
    """
    choices = list(dict.fromkeys(name for names in table["changed"] for name in names.split(", ") if name))
    with style.house():
        above, below = _stacked(max(len(choices), 1))
        for place, row in enumerate(table.itertuples()):
            colour = style.INK if row.default else style.PLAIN if row.holds else style.VERDICTS["inconsistent"]
            above.plot([place, place], [row.low, row.high], color=colour, linewidth=4, alpha=0.4, solid_capstyle="butt")
            above.plot(place, row.point, "D" if row.default else "o" if row.holds else "X", color=colour)
            for line, choice in enumerate(choices):
                if choice in row.changed.split(", "):
                    below.plot(place, line, "s", color=colour, markersize=4)
        if threshold is not None:
            above.axhline(threshold, color=style.MUTED, linewidth=0.8)
        usual = table.index[table["default"]][0]
        above.annotate(
            "default",
            (usual, table["high"][usual]),
            xytext=(0, 4),
            textcoords="offset points",
            ha="center",
            fontsize=7.5,
        )
        above.set_ylabel(unit)
        above.set_xticks([])
        above.set_xlim(-0.7, len(table) - 0.3)
        above.margins(y=0.15)
        above.grid(axis="x", visible=False)
        below.set_yticks(range(len(choices)), choices)
        below.set_ylim(max(len(choices), 1) - 0.5, -0.5)
        below.set_xlim(-0.7, len(table) - 0.3)
        below.set_xticks(range(len(table)), table["reading"], rotation=90, fontsize=7.5)
        below.tick_params(length=0)
        below.grid(axis="x", visible=False)
    return above


def _stacked(lines: int):
    """Return two axes on top of each other, the lower with room for `lines` rows."""
    from matplotlib.figure import Figure

    fig = Figure(figsize=(style.WIDTH, 2.6 + 0.2 * lines + 1.9))
    return fig.subplots(2, 1, height_ratios=(2.6, 0.2 * lines))


@drawn
def readings_grid(table: pd.DataFrame) -> Axes:
    """Return which headline holds in which reading: a dot where it does, a cross where not, a dash where not asked.

    `table`: label, then a column per reading of 1 (holds), 0 (does not), -1 (not asked there), -2 (not touched).
    """
    marks = {1: ("o", style.PLAIN, 4), 0: ("X", style.VERDICTS["inconsistent"], 6), -1: ("_", style.MUTED, 5)}
    readings = [name for name in table.columns if name != "label"]
    with style.house():
        axes = _axes(0.34 * len(table) + 2.3)
        for held, (mark, colour, size) in marks.items():
            lines, places = (table[readings].to_numpy() == held).nonzero()
            axes.plot(places, lines, mark, color=colour, markersize=size)
        axes.set_yticks(
            range(len(table)), [_wrapped(label, 44) for label in table["label"]], linespacing=1.15, fontsize=7.5
        )
        axes.set_ylim(len(table) - 0.5, -0.5)
        axes.set_xticks(range(len(readings)), readings, rotation=90, fontsize=7.5)
        axes.set_xlim(-0.6, len(readings) - 0.4)
        axes.tick_params(length=0)
    return axes
