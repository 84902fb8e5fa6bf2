"""The figures: one function each, a table in, axes out. Looks come from `style`, words from the notebooks.

Where no figures are wanted, as in a sweep, a chart function draws nothing and returns None.
"""

from __future__ import annotations

import io
import pickle
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from claims.ledger.numbers import exact
from claims.questions.list_shares import FEW
from claims.show import style
from claims.show.empty_charts import chart_or_empty
from claims.show.heat_maps import GRID_WIDTH, HEAD, draw_cells, short_names, would_touch
from claims.show.marks import mark, marked_rows, origins_of
from claims.tables import locations
from claims.words.numerals import round_half_up

__all__ = [
    "Undrawn",
    "clashes",
    "coverage",
    "drawn",
    "each_row",
    "grid_across_values",
    "growth_rates",
    "items_by_status",
    "name_rows",
    "narrow_figure",
    "page_axes",
    "sector_shares",
    "wrapped",
    "write_beside",
    "write_near",
]

SCALE_END = 1.95  # of a band's scale from 0 to 1, with what its figures stand for written beside it
RED = style.VERDICTS["inconsistent"]

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from claims.ledger.model import Ledger

_NARROW_CHARTS: WeakKeyDictionary[Figure, Callable[[], Axes]] = WeakKeyDictionary()


@dataclass(frozen=True)
class Undrawn:
    """A chart that is drawn only if its drawing is not kept yet: its function, and what that is called with."""

    chart: Callable[..., Axes]
    args: tuple
    keywords: Mapping[str, object]

    def draw(self) -> Axes:
        """Return the axes, with which the figure can draw itself once more for a phone."""
        chart = chart_or_empty(self.chart, self.args)
        axes = chart(*self.args, **self.keywords)
        _NARROW_CHARTS[_figure_of(axes)] = lambda: chart(*self.args, **self.keywords)
        return axes

    @property
    def digest(self) -> str:
        """Return a hash of what is drawn; of a ledger, which gives names and colours, only its claims count."""
        out = io.BytesIO()
        pickler = _Pickler(out, protocol=5)
        pickler.fast = True  # the same bytes whether or not equal parts are one object
        pickler.dump((self.chart.__module__, self.chart.__qualname__, self.args, dict(self.keywords)))
        return sha256(out.getvalue()).hexdigest()


class _Pickler(pickle.Pickler):
    """Writes what a chart is called with, in order to hash it; nothing reads it."""

    def persistent_id(self, value: object) -> object:
        """Return what stands for a ledger."""
        claims = getattr(value, "claims", None)
        return ("ledger", *claims) if isinstance(claims, Mapping) else None


def drawn(chart: Callable[..., Axes]) -> Callable[..., Axes | Undrawn | None]:
    """Return a chart function that draws where figures are wanted, else returns None at once.

    Its figure knows how to draw itself once more for a phone: `narrow_figure`. Where drawings are kept, it is drawn
    when it is shown.
    """

    @wraps(chart)
    def drawn_if_wanted(*args, **keywords) -> Axes | Undrawn | None:
        if not locations.figures_wanted():
            return None
        undrawn = Undrawn(chart, args, keywords)
        return undrawn if locations.drawings_folder() else undrawn.draw()

    return drawn_if_wanted


def narrow_figure(figure: Figure) -> Figure | None:
    """Return the figure as drawn for a phone; None if no function of this kind has drawn it."""
    if figure not in _NARROW_CHARTS:
        return None
    with style.narrow():
        narrow = _figure_of(_NARROW_CHARTS[figure]())
    _wrap_axis_labels(narrow)
    return narrow


def _figure_of(axes: Axes) -> Figure:
    figure = axes.get_figure(root=True)
    assert figure is not None
    return figure


def _wrap_axis_labels(figure: Figure) -> None:
    """Write the unit below the name of each axis of values, and both to its right end: left of it there is room."""
    for axes in figure.axes:
        if label := axes.get_xlabel():
            axes.set_xlabel(label.replace(" (", "\n(", 1), x=1, ha="right")


def each_row(table: pd.DataFrame) -> Iterator[Any]:
    """Yield the rows of a table, each with its columns as attributes."""
    yield from table.itertuples()


def page_axes(height: float, columns: int = 1, rows: int = 1, **keywords: Any) -> Any:
    """Return a figure of the page's width with axes in `rows` and `columns`; a single one is not in an array.

    The figure is as wide as a phone shows it where `style.is_narrow`.
    """
    from matplotlib.figure import Figure

    return Figure(figsize=(style.NARROW if style.is_narrow() else style.WIDTH, height)).subplots(
        rows, columns, **keywords
    )


@drawn
def coverage(table: pd.DataFrame, ledger: Ledger) -> Axes:
    """Return a grid of how many claims each source prints in each sector.

    `table`: one row per sector, index the sector's label, one column of counts per source, named by its id; and
    `from`, the ids of the claims.
    """

    def printed_by(id: str, source: str) -> bool:
        return ledger.claims[id].source == source

    with style.house():
        axes = page_axes(0.27 * len(table) + 1.1)
        counts = table.drop(columns="from", errors="ignore")
        named = counts.rename(columns=short_names(ledger))
        draw_cells(axes, named, lambda count: str(int(count)), ids=_ids_of_cells(table, counts.columns, printed_by))
        axes.xaxis.tick_top()
        axes.xaxis.set_label_position("top")
        axes.set_xlabel("Text (cells: figures printed)")
    return axes


@drawn
def growth_rates(table: pd.DataFrame, ledger: Ledger) -> Axes:
    """Return reported and computed growth rates as dots on their intervals, one line each.

    `table`: label, kind (reported, expected, computed), source (of a printed one), shown (the rate in words), point,
    low, high (percent). A printed rate has the colour and the marker of its text, a computed rate those of no text.
    """
    pens = style.pens(ledger)
    money = ledger.subject.money
    with style.house():
        labels = [wrapped(label, 64 if style.is_narrow() else 48) for label in table["label"]]
        lines = max((label.count("\n") + 1 for label in labels), default=1)
        axes = page_axes((0.22 + 0.14 * lines if style.is_narrow() else 0.3) * len(table) + 0.7)
        for place, row in enumerate(marked_rows(axes, table, "field", "claim")):
            pen = style.Pen(style.INK, "X") if row.kind == "computed" else pens[row.source]
            ends = [row.low, row.high]
            axes.plot(ends, [place, place], color=pen.colour, linewidth=5, alpha=0.35, solid_capstyle="butt")
            axes.plot(row.point, place, pen.marker, color=pen.colour)
            write_beside(axes, f"{row.kind} {row.shown}", (max(row.high, row.point), place), style.INK)
        name_rows(axes, labels, fontsize=8, linespacing=1.15)
        axes.set_ylim(len(table) - 0.5, -0.8 if style.is_narrow() else -0.5)
        low, high = min(0, table["low"].min()), max(table["high"].max(), 1)
        axes.set_xlim(low - 0.03 * (high - low), high + 0.42 * (high - low))
        axes.axvline(0, color=style.MUTED, linewidth=0.8)
        nominal = f"; {money} are nominal" if money else ""
        axes.set_xlabel(f"Yearly growth (percent{nominal})")
        grid_across_values(axes)
    return axes


@drawn
def clashes(table: pd.DataFrame, ledger: Ledger) -> Axes:
    """Return printed figures that cannot all be right: a band for each set of them, each on a scale of its own.

    `table`: group, verdict (why they clash), source, shown (text and figure), stands_for (the interval in words),
    point, low, high (in the unit of the group); groups are in the order of their first row. Between figures without a
    common value the empty part of the scale is shaded. On a phone the interval is below the figure.
    """
    pens = style.pens(ledger)
    with style.house():
        groups = list(dict.fromkeys(table["group"]))
        more = {group: style.is_narrow() * (0.85 + 0.55 * wrapped(group, 46).count("\n")) for group in groups}
        step = 1.5 if style.is_narrow() else 1
        axes = page_axes(0.24 * (step * len(table) + 1.9 * len(groups) + sum(more.values())) + 0.2)
        end = 1.06 if style.is_narrow() else SCALE_END
        ticks, place = [], 0.0
        for group in groups:
            rows = table[table["group"] == group]
            scale = _own_scale(rows)
            _heading(axes, place, group, rows["verdict"].iloc[0])
            place += more[group]
            gap = scale(rows["high"].min()), scale(rows["low"].max())
            if gap[0] < gap[1]:
                looks = {"facecolor": (RED, 0.12), "edgecolor": RED, "linewidth": 0.6}
                axes.fill_between(gap, place + 0.5, place + step * len(rows) + 0.5, **looks)
            for row in marked_rows(axes, rows):
                place += step
                pen = pens[row.source]
                ends = [scale(row.low), scale(row.high)]
                axes.plot(ends, [place, place], color=pen.colour, linewidth=3, solid_capstyle="butt")
                axes.plot(scale(row.point), place, pen.marker, color=pen.colour)
                if not style.is_narrow():
                    axes.text(1.05, place, row.stands_for, va="center", fontsize=8)
                ticks.append((place, f"{row.shown}\n{row.stands_for}" if style.is_narrow() else row.shown))
            place += 1.9
        if ticks:
            axes.set_yticks(*zip(*ticks, strict=True))
        axes.set_ylim(max(place, 1) - 1.1, -0.7)
        axes.set_xlim(-0.04, end)
        axes.set_xticks([])
        for side in ("left", "bottom"):
            axes.spines[side].set_visible(False)
        grid_across_values(axes)
    return axes


def _own_scale(rows: pd.DataFrame) -> Callable[[float], float]:
    """Return what places the values of a band between 0 and 1; one that spans much begins at nothing."""
    low, high = rows["low"].min(), rows["high"].max()
    if 0 < low < high / 2:
        low = 0.0
    width = (high - low) or 1.0
    return lambda value: float((value - low) / width)


@drawn
def sector_shares(table: pd.DataFrame, ledger: Ledger) -> Axes:
    """Return the pooled shares of listed items by sector as bars, and beside them the shares in every source.

    `table`: label, share_pct, then a column of shares per source, named by its id, and `from`, the ids of the shares,
    that of all sources first, those of a source ending with its id; largest sector first.
    """
    sources = [name for name in table.columns if name not in ("label", "share_pct", "from")]
    names = [ledger.sources[id].short_name for id in sources]
    upright = would_touch(names, GRID_WIDTH)
    more = 0.055 * max(map(len, names)) if upright and not style.is_narrow() else 0  # for the heads
    with style.house():
        bars, grid = page_axes(0.22 * len(table) + 0.9 + more, 2, sharey=False, width_ratios=_halves())
        places = range(len(table))
        for place, share, ids in zip(places, table["share_pct"], origins_of(table), strict=True):
            with mark(bars, ids[:1]):
                bars.barh(place, share, color=style.PLAIN, height=0.68)
                write_beside(bars, f"{share:.1f}%", (share, place), style.INK)
        bars.set_yticks(places, table["label"])
        bars.set_ylim(len(table) - 0.5, -0.5)
        bars.set_xlim(0, table["share_pct"].max() * 1.18)
        bars.set_xlabel("All texts (percent of items)")
        grid_across_values(bars)
        own = _ids_of_cells(table, sources, lambda id, source: id.endswith(f"_{source}"))
        upright = upright or style.is_narrow()
        named = table[sources].rename(columns=short_names(ledger, " " if upright else "\n"))
        draw_cells(grid, named, lambda share: str(round_half_up(exact(share))), ids=own)
        grid.tick_params(axis="x", labelsize=HEAD, labelrotation=90 if upright else 0)
        grid.set_yticks([])
        grid.set_xlabel("By text (percent of its items)")
    return bars


@drawn
def items_by_status(table: pd.DataFrame) -> Axes:
    """Return the items of each sector in the first group as bars, and beside them those in the other groups.

    `table`: label, then a column of items per group, named like `signed_items`, the last that of all; and `from`, the
    ids of the shares, but for that of all ending with the group. A cell is the darker, the larger the sector's share
    of its column, and pale where the column has few items.
    """
    first, *others = names = [name for name in table.columns if name not in ("label", "from")]
    endings = {name: f"_{name.removesuffix('_items')}" for name in names}

    def counts(id: str, name: str) -> bool:
        return not id.endswith(tuple(endings.values())) if name == names[-1] else id.endswith(endings[name])

    headings = {name: name.removesuffix("_items").replace("_", "\n").capitalize() for name in (first, *others)}
    with style.house():
        bars, grid = page_axes(0.22 * len(table) + 0.9, 2, sharey=False, width_ratios=_halves())
        places = range(len(table))
        for place, items, ids in zip(places, table[first], _ids_of_cells(table, [first], counts)[first], strict=True):
            with mark(bars, ids):
                bars.barh(place, items, color=style.PLAIN, height=0.68)
                write_beside(bars, f"{items:g}", (items, place), style.INK)
        bars.set_yticks(places, table["label"])
        bars.set_ylim(len(table) - 0.5, -0.5)
        bars.set_xlim(0, max(table[first].max(), 1) * 1.18)
        bars.set_xlabel(f"{headings[first]} (items)")
        grid_across_values(bars)
        columns = table[others].rename(columns=headings)
        own = _ids_of_cells(table, others, counts)
        draw_cells(grid, columns, lambda items: f"{items:g}", columns.sum().clip(lower=FEW), own)
        grid.set_yticks([])
        grid.set_xlabel("Other groups, and all (items)")
    return bars


def _halves() -> tuple[float, float]:
    """Return how the width is shared between bars and the grid beside them, whose cells need a number's room."""
    return (0.7, 1) if style.is_narrow() else (1, 1)


def _ids_of_cells(
    table: pd.DataFrame, columns: Iterable[str], belongs: Callable[[str, str], bool]
) -> dict[str, list[list[str]]]:
    """Return by column the ids of each row's origins that belong to it."""
    return {name: [[id for id in ids if belongs(id, name)] for ids in origins_of(table)] for name in columns}


def wrapped(label: str, width: int) -> str:
    r"""Return `label` on lines of at most `width` characters.

    >>> wrapped("Growth of the honey harvest on all the hills", 34)
    'Growth of the honey harvest on all\nthe hills'
    """
    import textwrap

    unbroken = label.replace(" (", "\u00a0(")  # the text stays with the last word
    unbroken = re.sub(r"(\d{4}) to (\d{4})", "\\1\u00a0to\u00a0\\2", unbroken)
    return "\n".join(textwrap.wrap(unbroken, width))


def write_near(axes: Axes, words: str, point: tuple[float, float], offset: tuple[float, float], **looks: Any) -> None:
    """Write words at a distance from a point of the axes, in typographic points to the right and up."""
    axes.annotate(words, point, xytext=offset, textcoords="offset points", **looks)


def write_beside(axes: Axes, words: str, point: tuple[float, float], colour: str) -> None:
    """Write words to the right of a point of the axes."""
    write_near(axes, words, point, (6, 0), va="center", fontsize=8, color=colour)


def _across(axes: Axes):
    """Return the coordinates that run from edge to edge of the figure, and down the rows of `axes`."""
    from matplotlib.transforms import blended_transform_factory

    return blended_transform_factory(axes.figure.transFigure, axes.transData)


def _heading(axes: Axes, place: float, name: str, verdict: str) -> None:
    """Write a group's name from the figure's left edge and its verdict to the right edge of the axes, or below it."""
    looks: dict[str, Any] = {"fontsize": 8, "transform": _across(axes), "in_layout": False, "linespacing": 1.1}
    if style.is_narrow():
        lines = wrapped(name, 46)
        axes.text(0.008, place - 0.45, lines, va="top", fontweight="bold", **looks)
        axes.text(0.008, place + 0.65 + 0.55 * lines.count("\n"), verdict, va="center", **looks)
        return
    axes.text(0.008, place, name, va="center", fontweight="bold", **looks)
    axes.text(0.995, place, verdict, transform=axes.get_yaxis_transform(), va="center", ha="right", fontsize=8)


def name_rows(axes: Axes, labels: Sequence[str], above: float = 7, **looks: Any) -> None:
    """Write the names of the rows 0, 1, … beside them; on a phone so many points above, from the left of the axes."""
    if not style.is_narrow():
        axes.set_yticks(range(len(labels)), labels, **looks)
        return
    axes.set_yticks([])
    box = {"facecolor": style.PAPER, "edgecolor": "none", "pad": 0.6}
    across: Any = axes.get_yaxis_transform()
    for place, label in enumerate(labels):
        places = {"xycoords": across, "va": "bottom", "in_layout": False}
        write_near(axes, label, (0.01, place), (0, above), bbox=box, **places, **looks)


def grid_across_values(axes: Axes) -> None:
    """Keep the grid lines of the values only, and remove the ticks of named rows."""
    axes.grid(axis="y", visible=False)
    axes.tick_params(axis="y", length=0)
