"""What is written on a figure, where it covers something else, where it falls off, and how well a colour stands out."""

from __future__ import annotations

from itertools import combinations

from claims.show import style
from matplotlib.axes import Axes
from matplotlib.axis import Tick
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox


def words_on(axes: Axes) -> list[tuple[str, Bbox]]:
    """Return every visible text of the figure of `axes` with the box it covers, after drawing it."""
    figure = axes.figure
    with style.house():
        figure.set_dpi(200)
        figure.draw_without_rendering()
        renderer = FigureCanvasAgg(figure).get_renderer()
        texts = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]
        unseen = _labels_of_ticks_out_of_sight(figure)
        return [(text.get_text(), text.get_window_extent(renderer)) for text in texts if text not in unseen]


def _labels_of_ticks_out_of_sight(figure: Figure) -> set[Text]:
    """Return the labels of ticks that are kept but not drawn: beyond their axis, or left over from another scale."""
    seen, kept = set(), set()
    for tick in figure.findobj(Tick):
        kept |= {tick.label1, tick.label2}
    for axis in (axis for axes in figure.axes for axis in (axes.xaxis, axes.yaxis)):
        low, high = sorted(axis.get_view_interval())
        near = 1e-9 * (high - low)
        drawn = [tick for tick in axis.get_major_ticks() if low - near <= tick.get_loc() <= high + near]
        seen |= {label for tick in drawn for label in (tick.label1, tick.label2)}
    return kept - seen


def collisions(axes: Axes) -> list[tuple[str, str]]:
    """Return the pairs of texts whose boxes overlap by more than a hair."""
    boxes = words_on(axes)
    assert boxes, "nothing is written on the figure"
    return [
        (one, other)
        for (one, a), (other, b) in combinations(boxes, 2)
        if min(a.x1, b.x1) - max(a.x0, b.x0) > 1 and min(a.y1, b.y1) - max(a.y0, b.y0) > 1
    ]


def outside(axes: Axes) -> list[str]:
    """Return the texts that reach over the edge of the figure."""
    box = axes.figure.bbox
    return [
        words
        for words, at in words_on(axes)
        if at.x0 < box.x0 - 1 or at.y0 < box.y0 - 1 or at.x1 > box.x1 + 1 or at.y1 > box.y1 + 1
    ]


def lightness(colour: str) -> float:
    """Return the relative luminance of a colour as WCAG 2.2 defines it."""
    parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in to_rgb(colour)]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))


def contrast(one: str, other: str) -> float:
    dark, light = sorted((lightness(one), lightness(other)))
    return (light + 0.05) / (dark + 0.05)
