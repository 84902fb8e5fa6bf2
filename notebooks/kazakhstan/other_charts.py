"""The charts of the texts' other figures: sums of investment over their years, and texts beside pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from claims.show import style
from claims.show.charts import drawn, grid_across_values, name_rows, page_axes, wrapped, write_near
from claims.show.marks import mark, marked_rows, origins_of

from kazakhstan.mirror import CHINA, KAZAKHSTAN
from kazakhstan.trade_charts import NAMES

if TYPE_CHECKING:
    import pandas as pd
    from claims.ledger.model import Ledger
    from matplotlib.axes import Axes

__all__ = ["press_and_pages", "windows"]

NAME_WIDTH = 44  # letters of a quantity on a line beside its dots
SMALL = 9  # points: of words that a phone shows, too
_MARKERS = {CHINA: "o", KAZAKHSTAN: "s"}


@drawn
def windows(table: pd.DataFrame, ledger: Ledger) -> Axes:
    """Return sums as bars over the years that they cover: wide and coloured for a text, narrow and grey for a page.

    `table`: who, source, begins, ends (years and parts of years), shown (the sum in words), mean (what it is a year).
    """
    pens = style.pens(ledger)
    height = 0.5 if style.is_narrow() else 0.72
    with style.house():
        axes = page_axes((0.45 if style.is_narrow() else 0.29) * len(table) + 0.65)
        for place, row in enumerate(marked_rows(axes, table)):
            pen = pens[row.source]
            wide = height if row.source not in ledger.official else 0.45 * height
            axes.barh(place, row.ends - row.begins, left=row.begins, color=pen.colour, height=wide)
            if not style.is_narrow():
                looks = {"va": "center", "color": style.INK, "fontsize": SMALL}
                write_near(axes, f"{row.shown}, {row.mean} a year", (row.ends, place), (6, 0), **looks)
        sums = [f"{row.who}: {row.shown}, {row.mean} a year" for row in table.itertuples()]
        name_rows(axes, sums if style.is_narrow() else list(table["who"]), above=9.5, fontsize=SMALL)
        axes.set_ylim(len(table) - 0.45, -0.8 if style.is_narrow() else -0.55)
        low, high = table["begins"].min(), table["ends"].max()
        axes.set_xlim(low - 0.4, high + (0.03 if style.is_narrow() else 0.62) * (high - low))
        years = range(5 * (int(low) // 5 + 1), int(high) + 1, 5)
        axes.set_xticks(list(years), [str(year) for year in years])
        axes.tick_params(axis="x", labelsize=SMALL)
        axes.set_xlabel("Years over which the sum is taken (sums in US dollars, nominal)", fontsize=SMALL)
        axes.spines["left"].set_visible(False)
        grid_across_values(axes)
    return axes


@drawn
def press_and_pages(table: pd.DataFrame, ledger: Ledger) -> Axes:
    """Return the figures that pages quote, as dots, beside what the texts' figures allow, as bands; a line a quantity.

    `table`: quantity, text (its figure in words), text_low, text_high, page, page_low, page_high (percent of the
    text's figure), side (the authority), agrees, shown (the page's figure in words, where it does not agree), from
    (the ids of the text's figure, the page's, and others).
    """
    pens = style.pens(ledger)
    quantities = list(dict.fromkeys(table["quantity"]))
    with style.house():
        text = [f"{quantity}: {table[table['quantity'] == quantity]['text'].iloc[0]}" for quantity in quantities]
        names = text if style.is_narrow() else [wrapped(words, NAME_WIDTH) for words in text]
        row = 0.5 if style.is_narrow() else 0.3 if any("\n" in name for name in names) else 0.235
        axes = page_axes(row * len(quantities) + 0.75)
        axes.axvline(100, color=style.MUTED, linewidth=0.8, zorder=1)
        for place, quantity in enumerate(quantities):
            _quantity(axes, place, table[table["quantity"] == quantity], {side: pens[side].colour for side in _MARKERS})
        _name_china(axes, table, quantities, pens[CHINA].colour)
        low, high = table[["text_low", "page_low"]].min().min(), table[["text_high", "page_high"]].max().max()
        name_rows(axes, names, fontsize=SMALL, linespacing=1.05)
        axes.set_ylim(len(quantities) - 0.4, -1)
        left, right = (0.06, 0.42) if style.is_narrow() else (0.2, 0.3)
        axes.set_xlim(low - left * (high - low), high + right * (high - low))
        axes.set_xticks([tick for tick in range(0, 201, 10) if low - 5 <= tick <= high + 5])
        axes.tick_params(axis="x", labelsize=SMALL)
        axes.set_xlabel("Percent of what the texts print", fontsize=SMALL)
        axes.spines["left"].set_visible(False)
        grid_across_values(axes)
    return axes


def _quantity(axes: Axes, place: int, rows: pd.DataFrame, colours: Mapping[str, str]) -> None:
    """Draw the band of a text's figure and the dots of pages, hollow and with their figure where they do not agree."""
    first = rows.iloc[0]
    ends = [first["text_low"], first["text_high"]]
    ids = origins_of(rows)
    with mark(axes, [ids[0][0], *ids[0][2:]]):
        axes.plot(ends, [place, place], color=style.RULE, linewidth=11, solid_capstyle="butt", zorder=1)
    for row in marked_rows(axes, rows.assign(page_id=[page for _, page, *_ in ids]), "page_id"):
        colour = colours.get(row.side, style.MUTED)
        axes.plot([row.page_low, row.page_high], [place, place], color=colour, linewidth=2.4, zorder=2)
        face = colour if row.agrees else style.PAPER
        looks: dict[str, Any] = {"markerfacecolor": face, "markersize": 6, "markeredgewidth": 1.5, "zorder": 3}
        axes.plot(row.page, place, _MARKERS.get(row.side, "D"), color=colour, **looks)
    apart = rows[~rows["agrees"]].sort_values("page")
    if apart.empty:
        return
    right = apart["page"].mean() > 100
    at = apart["page_high"].max() if right else apart["page"].mean()
    below = style.is_narrow()  # as the quantity is above
    offset, va = ((8, 0), "center") if right else ((-6, -7), "top") if below else ((-6, 5), "bottom")
    words = " and ".join(dict.fromkeys(apart["shown"]))
    if set(apart["side"]) == {KAZAKHSTAN}:
        words = f"{NAMES[KAZAKHSTAN]}: {words}"
    box = {"facecolor": style.PAPER, "edgecolor": "none", "pad": 0.6}
    write_near(axes, words, (at, place), offset, ha="left", va=va, fontsize=SMALL, color=style.INK, bbox=box)


def _name_china(axes: Axes, table: pd.DataFrame, quantities: Sequence[str], colour: str) -> None:
    """Write whose the violet dots are beside the uppermost."""
    own = table[table["side"] == CHINA]
    if not own.empty:
        place = min(quantities.index(quantity) for quantity in own["quantity"])
        right = table[table["quantity"] == quantities[place]]["page_high"].max()
        write_near(axes, NAMES[CHINA], (right, place), (6, 0), va="center", fontsize=SMALL, color=colour)
