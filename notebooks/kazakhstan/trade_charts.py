"""The charts of trade by two counts: over time, by direction, its balance, and the road to doubling.

The Chinese count is drawn as violet dots, the Kazakh as teal squares; a figure that is in doubt is hollow. Lines and
dots are labelled where they are, so that no chart needs a legend.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from claims.show import style
from claims.show.charts import drawn, each_row, grid_across_values, page_axes, write_near
from claims.show.marks import mark, marked_rows, origins_of

from kazakhstan.mirror import CHINA, KAZAKHSTAN, SIDES

if TYPE_CHECKING:
    import pandas as pd
    from claims.ledger.model import Ledger
    from matplotlib.axes import Axes

__all__ = ["NAMES", "balance", "growth_by_direction", "road_to_doubling", "two_counts", "two_counts_by_direction"]

LARGE, SMALL = 11, 9.5  # points: of words that a phone shows, too
NAMES = {CHINA: "China’s count", KAZAKHSTAN: "Kazakhstan’s count"}
_SEEN, _MARK = 0.3, 1.2  # billion dollars: of a bar that can be seen, and of one that fits into a mark
_MARKERS = {CHINA: "o", KAZAKHSTAN: "s"}
_STROKES: tuple[Any, ...] = ((0, (5, 2)), "-", (0, (6, 2, 1.2, 2)))  # of the path that is needed, and of those observed


def _dot(axes: Axes, at: tuple[float, float], side: str, colour: str, hollow: bool = False, size: float = 7) -> None:
    """Draw the dot of a side, hollow where its figure is in doubt."""
    face = style.PAPER if hollow else colour
    axes.plot(*at, _MARKERS.get(side, "D"), color=colour, markerfacecolor=face, markersize=size, markeredgewidth=1.6)


def _word(axes: Axes, words: str, at: tuple[float, float], offset: tuple[float, float], **looks: Any) -> None:
    write_near(axes, words, at, offset, **{"fontsize": LARGE, **looks})


def _leader(axes: Axes, at: tuple[float, float], offset: tuple[float, float], colour: str) -> None:
    """Draw a thin line from a point towards the word that belongs to it."""
    line = {"arrowstyle": "-", "color": colour, "linewidth": 0.8, "shrinkA": 0, "shrinkB": 2}
    write_near(axes, "", at, offset, arrowprops=line)


@drawn
def two_counts(table: pd.DataFrame, ledger: Ledger) -> Axes:
    """Return yearly trade by both counts and in the texts, with the gap of the latest year that both count.

    `table`: side (an authority, "texts" or "unnamed"), year, point, low, high (US dollars), sure (whether nothing is in
    doubt), shown (words beside the point, if any).
    """
    pens = style.pens(ledger)
    with style.house():
        axes = page_axes(2.75 if style.is_narrow() else 2.5)
        for side in (CHINA, KAZAKHSTAN):
            own = table[table["side"] == side]
            _series(axes, side, own, pens[side].colour)
            first, above = (own["year"].iloc[0], own["point"].iloc[0] / 1e9), side == CHINA
            name = NAMES[side] if above or not style.is_narrow() else NAMES[side].replace(" ", "\n")
            looks = {"color": pens[side].colour, "fontweight": "bold", "va": "bottom" if above else "top"}
            _word(axes, name, first, (-5, 22 if above else -26), **looks)  # beyond the amount beside the first dot
        _others(axes, table)
        _gap(axes, table)
        axes.set_ylim(0, table["high"].max() / 1e9 * 1.14)
        axes.set_xlim(table["year"].min() - 0.6, table["year"].max() + 1.2)
        years = [int(year) for year in sorted(set(table["year"]))]
        axes.set_xticks(years, _written_years(years), fontsize=SMALL)
        axes.tick_params(length=0, labelsize=SMALL)
        axes.set_title("Trade in a year (billion US dollars, nominal)", fontsize=SMALL, loc="left", color=style.MUTED)
        axes.grid(axis="x", visible=False)
    return axes


def _written_years(years: list[int]) -> list[str]:
    """Return years as words on an axis: but for the first, without their century where there is little room."""
    return [f"’{year % 100:02}" if style.is_narrow() and place else str(year) for place, year in enumerate(years)]


def _series(axes: Axes, side: str, own: pd.DataFrame, colour: str) -> None:
    """Draw one count: a line, dotted over years that no page quotes, a bar for what rounding allows, a dot."""
    rows = list(each_row(own))
    for early, late in pairwise(rows):
        dotted = late.year - early.year > 1 or not (early.sure and late.sure)
        looks: dict[str, Any] = {"linestyle": (0, (1.2, 2.2)) if dotted else "-", "linewidth": 1.6 if dotted else 2.2}
        axes.plot([early.year, late.year], [early.point / 1e9, late.point / 1e9], color=colour, **looks)
    for row in marked_rows(axes, own):
        _dot(axes, (row.year, row.point / 1e9), side, colour, hollow=not row.sure)
        _rounding(axes, row.year, row, colour, hollow=not row.sure)
    for row, later in zip(marked_rows(axes, own), [*rows[1:], None], strict=True):
        if row.shown:
            looks = {"ha": "left", "va": "bottom" if side == CHINA else "top"} if row.sure else {"va": "center"}
            offset = ((-5, 8) if side == CHINA else (-3, -12)) if row.sure else (9, 0)
            if style.is_narrow() and row.sure and later and not later.sure:  # clear of the dot in doubt
                offset = (-1, -40)
                _leader(axes, (row.year, row.point / 1e9), (1, -38), colour)
            size = LARGE if row.sure else SMALL
            words = row.shown.partition("\n")[0] if style.is_narrow() else row.shown
            _word(axes, words, (row.year, row.point / 1e9), offset, color=colour, fontsize=size, **looks)


def _rounding(axes: Axes, year: float, row: Any, colour: str, hollow: bool = False) -> None:
    """Draw what rounding allows, where it can be seen: a bar in its mark, and a wide one where it reaches beyond."""
    ends = [row.low / 1e9, row.high / 1e9]
    inside = colour if hollow else style.PAPER
    if ends[1] - ends[0] > _MARK:
        axes.plot([year, year], ends, color=colour, linewidth=5, alpha=0.4, solid_capstyle="butt")
    if ends[1] - ends[0] > _SEEN:
        axes.plot([year, year], ends, color=inside, linewidth=1.6, solid_capstyle="butt", zorder=3)


def _others(axes: Axes, table: pd.DataFrame) -> None:
    """Draw the texts' figures, beside their years, and hollow those of an authority that no page names."""
    for row in marked_rows(axes, table[table["side"] == "unnamed"]):
        _dot(axes, (row.year, row.point / 1e9), "unnamed", style.MUTED, hollow=True, size=6)
        _rounding(axes, row.year, row, style.MUTED, hollow=True)
        if row.shown:
            _word(axes, row.shown, (row.year, row.point / 1e9), (7, 0), va="center", color=style.MUTED, fontsize=SMALL)
    for row in marked_rows(axes, table[table["side"] == "texts"]):
        at = row.year - 0.14, row.point / 1e9
        axes.plot(*at, "D", color=style.INK, markersize=5.5)
        _rounding(axes, at[0], row, style.INK)
        if row.shown:
            arrow = {"arrowstyle": "-", "color": style.INK, "linewidth": 0.8, "shrinkB": 4}
            looks = {"ha": "right", "va": "center", "fontweight": "bold", "arrowprops": arrow}
            _word(axes, row.shown, at, (-62, 9), **looks)


def _gap(axes: Axes, table: pd.DataFrame) -> None:
    """Write how far the counts lie apart in the latest year that both have for sure."""
    sure = table[table["sure"]]
    both = [set(sure[sure["side"] == side]["year"]) for side in (CHINA, KAZAKHSTAN)]
    if not both[0] & both[1]:
        return
    year = max(both[0] & both[1])
    high, low = (float(sure[(sure["side"] == side) & (sure["year"] == year)]["point"].iloc[0]) / 1e9 for side in SIDES)
    arrow = {"arrowstyle": "<->", "color": style.INK, "linewidth": 1.4, "shrinkA": 5, "shrinkB": 5}
    axes.annotate("", (year, low), (year, high), arrowprops=arrow)
    words = f"${abs(high - low):.1f} bn\napart"
    _word(axes, words, (year, (high + low) / 2), (6, 0), va="center", fontweight="bold", linespacing=1.15)


@drawn
def two_counts_by_direction(table: pd.DataFrame, ledger: Ledger) -> Axes:
    """Return both counts of each direction and year as a pair of dots, the gap written on the line between them.

    `table`: flow, year, china, kazakhstan, each with _low and _high (US dollars), shown (the gap in words), and
    from (the ids of the gap, of China's and of Kazakhstan's count).
    """
    pens = style.pens(ledger)
    flows = list(dict.fromkeys(table["flow"]))
    places = {flow: 3.0 * number for number, flow in enumerate(flows)}
    with style.house():
        axes = page_axes(0.58 * len(table) + (1.2 if style.is_narrow() else 0.9))
        ticks = []
        for row, (gap, *levels) in zip(each_row(table), origins_of(table), strict=True):
            place = places[row.flow] + (row.year != table["year"].min())
            ends = {CHINA: row.china / 1e9, KAZAKHSTAN: row.kazakhstan / 1e9}
            with mark(axes, gap):
                axes.plot(list(ends.values()), [place, place], color=style.RULE, linewidth=4, solid_capstyle="butt")
                _word(axes, row.shown, (sum(ends.values()) / 2, place), (0, 9), ha="center", fontsize=SMALL)
            for side, name, level in zip((CHINA, KAZAKHSTAN), ("china", "kazakhstan"), levels, strict=True):
                span = [getattr(row, f"{name}_low") / 1e9, getattr(row, f"{name}_high") / 1e9]
                colour, larger = pens[side].colour, ends[side] == max(ends.values())
                with mark(axes, level):
                    axes.plot(span, [place, place], color=colour, linewidth=6, alpha=0.45, solid_capstyle="butt")
                    _dot(axes, (ends[side], place), side, colour)
                    looks = {"ha": "left" if larger else "right", "va": "center", "color": colour}
                    _word(axes, f"${ends[side]:.1f} bn", (ends[side], place), (8 if larger else -8, 0), **looks)
            ticks.append((place, str(row.year)))
        _heads(axes, table, places, {side: pens[side].colour for side in SIDES})
        axes.set_yticks(*zip(*ticks, strict=True), fontsize=LARGE)
        axes.set_ylim(max(place for place, _ in ticks) + 0.6, -1.7 if style.is_narrow() else -1.4)
        high, low = (float(table[["china", "kazakhstan"]].to_numpy().max()) / 1e9, 0)
        axes.set_xlim(low, high * 1.14)
        axes.tick_params(axis="x", labelsize=SMALL)
        axes.set_xlabel("Trade in a year in one direction (billion US dollars, nominal)", fontsize=SMALL)
        axes.spines["left"].set_visible(False)
        grid_across_values(axes)
    return axes


def _heads(axes: Axes, table: pd.DataFrame, places: Mapping[str, float], colours: Mapping[str, str]) -> None:
    """Write the name of each direction above its rows, and the name of each count above its first dot."""
    for flow, place in places.items():
        above = 1.3 if style.is_narrow() and not place else 1.05  # the names of the counts are between
        axes.text(0, place - above, f"Goods from {flow}", fontsize=LARGE, fontweight="bold", va="center")
    first = table.iloc[0]
    for side, name in ((CHINA, "china"), (KAZAKHSTAN, "kazakhstan")):
        at, larger = (first[name] / 1e9, 0), first[name] == max(first["china"], first["kazakhstan"])
        looks = {"ha": "left" if larger else "right", "color": colours[side], "fontsize": SMALL}
        _word(axes, NAMES[side], at, (8 if larger else -8, 22 if style.is_narrow() else 13), va="center", **looks)


@drawn
def growth_by_direction(table: pd.DataFrame, ledger: Ledger) -> Axes:
    """Return what each direction of trade added by either count, as bars with a line for what rounding allows.

    `table`: flow, side, count, point, low, high (US dollars), shown (the amount and the rate in words).
    """
    pens = style.pens(ledger)
    flows = list(dict.fromkeys(table["flow"]))
    with style.house():
        axes = page_axes(0.37 * len(table) + 0.95)
        ticks = []
        for row in marked_rows(axes, table):
            place = 3.0 * flows.index(row.flow) + 0.9 * (row.side != CHINA)
            colour = pens[row.side].colour
            axes.barh(place, row.point / 1e9, color=colour, height=0.72)
            axes.plot([row.low / 1e9, row.high / 1e9], [place, place], color=style.INK, linewidth=1.6)
            at = max(row.high, row.point, 0) / 1e9, place
            _word(axes, row.shown, at, (6, 0), va="center", color=colour)
            ticks.append((place, row.count))
        for number, flow in enumerate(flows):
            axes.text(0, 3.0 * number - 0.72, f"Goods from {flow}", fontsize=LARGE, fontweight="bold", va="center")
        axes.set_yticks(*zip(*ticks, strict=True), fontsize=SMALL)
        axes.set_ylim(max(place for place, _ in ticks) + 0.6, -1.15)
        low, high = min(0, table["low"].min()) / 1e9, table["high"].max() / 1e9
        axes.set_xlim(low * 1.1, high + (0.8 if style.is_narrow() else 0.4) * (high - low))
        axes.tick_params(axis="x", labelsize=SMALL)
        axes.set_xlabel("Change on the year before (billion US dollars, nominal)", fontsize=SMALL)
        grid_across_values(axes)
    return axes


@drawn
def balance(table: pd.DataFrame, ledger: Ledger) -> Axes:
    """Return the balance of trade of each year by either count, as dots beside a line for balanced trade.

    `table`: year, side, point, low, high (US dollars), doubtful, shown (the balance in words).
    """
    pens, years = style.pens(ledger), sorted(set(table["year"]))
    with style.house():
        axes = page_axes(0.35 * len(years) + 1.2)
        axes.axvline(0, color=style.INK, linewidth=1.2)
        box = {"facecolor": style.PAPER, "edgecolor": "none", "pad": 0.6}
        for place, year in enumerate(years):
            both = table[table["year"] == year]["point"] / 1e9
            axes.plot(both, [place] * len(both), color=style.RULE, linewidth=3, zorder=1)
        for row in marked_rows(axes, table):
            pair = table[(table["year"] == row.year) & (table["side"] != row.side)]["point"]
            place, colour = years.index(row.year), pens[row.side].colour
            right = pair.empty or row.point > pair.iloc[0]
            ends = [row.low / 1e9, row.high / 1e9]
            axes.plot(ends, [place, place], color=colour, linewidth=6, alpha=0.45, solid_capstyle="butt")
            _dot(axes, (row.point / 1e9, place), row.side, colour, hollow=row.doubtful)
            edge = (row.high if right else row.low) / 1e9
            looks = {"ha": "left" if right else "right", "va": "center", "color": colour, "bbox": box}
            words = row.shown + (" (year in doubt)" if row.doubtful else "")
            _word(axes, words, (edge, place), (8 if right else -8, 0), **looks)
        first = table[table["year"] == years[0]]
        for row in each_row(first):
            looks = {"ha": "left" if row.point == first["point"].max() else "right", "color": pens[row.side].colour}
            shift = 4 if looks["ha"] == "left" else -4
            _word(
                axes, NAMES[row.side], (row.point / 1e9, 0), (shift, 10), va="bottom", fontsize=SMALL, bbox=box, **looks
            )
        low, high = table["low"].min() / 1e9, table["high"].max() / 1e9
        room = 0.42 * style.is_narrow()
        axes.set_xlim(low - (0.27 + room) * (high - low), high + (0.3 + room / 2) * (high - low))
        axes.xaxis.get_major_locator().set_params(integer=True)
        axes.set_ylim(len(years) - 0.5, -1.35)
        bold = {"fontsize": SMALL, "fontweight": "bold", "va": "center"}
        _word(axes, "surplus of Kazakhstan →", (0, -1.1), (6, 0), **bold)
        _word(axes, "← deficit of Kazakhstan", (0, -1.1), (-6, 0), ha="right", **bold)
        axes.set_yticks(range(len(years)), [str(year) for year in years], fontsize=LARGE)
        axes.tick_params(axis="x", labelsize=SMALL)
        axes.set_xlabel("Goods sent to China less goods received (billion US dollars, nominal)", fontsize=SMALL)
        axes.spines["left"].set_visible(False)
        grid_across_values(axes)
    return axes


def _path(axes: Axes, path: pd.DataFrame, colour: str, number: int, row: int) -> None:
    """Draw a path to the aim with a stroke of its own; its year and what it takes above its end, in a row of its own.

    Rows are numbered upwards from the aim, in the order of arrival, so that no line from a word to its path crosses
    another word.
    """
    axes.plot(path["year"], path["trade_usd"] / 1e9, color=colour, linestyle=_STROKES[min(number, 2)], linewidth=2)
    axes.fill_between(path["year"], path["low"] / 1e9, path["high"] / 1e9, color=colour, alpha=0.28, lw=0)
    last = path.iloc[-1]
    end, up = (last["year"], last["trade_usd"] / 1e9), 7 + 16 * row
    looks: dict[str, Any] = {"ha": "right", "va": "bottom", "color": colour}
    _leader(axes, end, (0, up + 2), colour)
    _word(axes, last["arrives"], end, (-2, up), fontweight="bold", **looks)
    year = LARGE * sum(0.35 if letter == " " else 0.7 for letter in last["arrives"]) + 7
    _word(axes, last["shown"].replace("\n", " "), end, (-year, up + 1), fontsize=SMALL, **looks)


@drawn
def road_to_doubling(table: pd.DataFrame, band: tuple[float, float, float], due: int, ledger: Ledger) -> Axes:
    """Return trade so far, and its paths to the aim at the pace that is needed by the year `due` and as observed.

    `table`: path ("so far", then the path that is needed and those at the paces observed), shown (the rate in words),
    arrives (the year), year, trade_usd, low, high (US dollars); `band`: the level aimed at and its bounds in
    billions of dollars.
    """
    target, low, high = band
    colour = style.pens(ledger)[CHINA].colour
    with style.house():
        axes = page_axes(4.0)
        axes.axhspan(low, high, color=style.RULE, alpha=0.8, linewidth=0)
        axes.axhline(target, color=style.INK, linewidth=1.2)
        axes.plot([due, due], [0, target], color=style.MUTED, linewidth=0.9, linestyle=(0, (4, 3)))
        past = table[table["path"] == "so far"]
        _series(axes, CHINA, past.assign(point=past["trade_usd"], sure=True, shown=""), colour)
        _word(axes, NAMES[CHINA], (past["year"].iloc[0], past["low"].iloc[0] / 1e9), (-4, -14), color=colour,
              fontweight="bold", va="top")  # fmt: skip
        paths = table[table["path"] != "so far"]
        ends = paths.groupby("path", sort=False)["year"].max()
        rows = ends.rank(method="first").astype(int) - 1
        for number, (name, path) in enumerate(paths.groupby("path", sort=False)):
            with mark(axes, reversed(origins_of(path)[0])):
                _path(axes, path, style.INK if number == 0 else colour, number, rows[name])
        first, last = past["year"].min(), table["year"].max()
        _word(axes, f"aim: ${target:.0f} billion", (first, low), (0, -5), va="top",
              fontsize=SMALL)  # fmt: skip
        axes.set_ylim(0, high * 1.33)
        axes.set_xlim(first - 0.8, last + 0.09 * (last - first))
        axes.set_xlabel("Calendar year of the yearly total", fontsize=SMALL)
        axes.set_title("Trade in a year (billion US dollars, nominal)", fontsize=SMALL, loc="left", color=style.MUTED)
        axes.tick_params(labelsize=SMALL)
        axes.xaxis.get_major_locator().set_params(integer=True)
        axes.grid(axis="x", visible=False)
    return axes
