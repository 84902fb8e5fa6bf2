"""The picture files of a figure: its drawing, that for a phone, and its pixels; each word is measured once.

How large words are is most of what laying out and drawing cost. A process measures each word once for all its figures,
and a process forked from it does not measure it again.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from claims.content.tables import NARROW
from claims.show import charts, letters, style
from claims.tables import locations

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties

    _Heights = tuple[float, float, float] | tuple[None, None, None]

__all__ = ["draw_pictures"]

RESOLUTION = 200  # dots per inch of a figure as pixels
_POINTS = 72  # to the inch, the unit of a drawing
_METADATA = {"Date": None, "Creator": None}


def draw_pictures(axes: Axes, id: str) -> tuple[dict[str, str | bytes], list[str]]:
    """Return the picture files of drawn axes, by MIME type, and what to say of their words (`letters`)."""
    fig = axes.get_figure(root=True)
    assert fig is not None
    with style.house():
        notes = _lay_out(fig)
        pictures: dict[str, str | bytes] = {"image/svg+xml": _svg(fig, id)}
        if not locations.only_for_page():
            png = io.BytesIO()
            fig.savefig(png, format="png", dpi=RESOLUTION, metadata={"Software": None})
            pictures["image/png"] = png.getvalue()
        if narrow := charts.narrow_figure(fig):
            notes += _lay_out(narrow)
            pictures[NARROW] = _svg(narrow, id)
        return pictures, list(dict.fromkeys(notes))


def _lay_out(fig: Figure) -> list[str]:
    """Place everything in a figure once for all formats, as that takes longer than drawing; return `letters`' notes.

    The resolution is fine, because letters are measured in whole dots, so that words fit at any size.
    """
    notes = letters.make_drawable(fig)
    fig.set_dpi(4 * RESOLUTION)
    with _measured(fig):
        notes += letters.lay_out(fig)
    fig.set_dpi(RESOLUTION)
    fig.set_layout_engine("none")
    return notes


@contextmanager
def _measured(fig: Figure) -> Iterator[None]:
    """Measure all words of a figure with `_measuring`: nothing is drawn within the block.

    By itself a figure makes a new renderer for each word, with room for all its dots, some hundred MB.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    before = fig.canvas
    measuring: Any = FigureCanvasAgg(fig)
    measuring.get_renderer = lambda: _measuring(fig.dpi)
    yield
    fig.set_canvas(before)


@cache
def _measuring(dpi: float) -> Any:
    """Return the renderer of a picture of one dot; matplotlib remembers what a renderer has measured."""
    from matplotlib.backends.backend_agg import RendererAgg

    class MeasuringRenderer(RendererAgg):
        def _get_font_height_metrics(self, prop: FontProperties) -> _Heights:
            return _heights(prop.copy(), dpi)

    return MeasuringRenderer(1, 1, dpi)


def _svg(fig: Figure, salt: str) -> str:
    """Return the drawing of a figure that has been laid out; `salt` makes its ids differ from those of others."""
    import matplotlib as mpl

    out, (width, height), dpi = io.StringIO(), fig.get_size_inches() * _POINTS, fig.dpi
    with mpl.rc_context({"svg.hashsalt": salt, "svg.fonttype": "none"}):
        renderer = _drawing_renderer()(width, height, out, image_dpi=dpi, metadata=_METADATA)
        fig.set_dpi(_POINTS)
        fig.draw(renderer)
        renderer.finalize()
    fig.set_dpi(dpi)
    return out.getvalue()


@cache
def _drawing_renderer() -> type:
    """Return the class of matplotlib's renderer of SVG, which measures each word for each file, with our memory."""
    from matplotlib.backends.backend_svg import RendererSVG

    class DrawingRenderer(RendererSVG):
        def get_text_width_height_descent(self, s: str, prop: FontProperties, ismath: Any) -> tuple:
            return _size(s, prop.copy(), ismath)

        def _get_font_height_metrics(self, prop: FontProperties) -> _Heights:
            return _heights(prop.copy(), _POINTS)

    return DrawingRenderer


@cache
def _size(text: str, font: FontProperties, ismath: Any) -> tuple:
    """Return width, height and descent of a text as outlines."""
    from matplotlib.textpath import text_to_path

    return text_to_path.get_text_width_height_descent(text, font, ismath)


@cache
def _heights(font: FontProperties, dpi: float) -> _Heights:
    """Return a font's ascent, descent and gap between lines as matplotlib has them, which reads them for each text.

    It asks the renderer first, by an internal method; without that it would be slower, and draw the same.
    """
    from matplotlib.font_manager import findfont, get_font

    face = get_font(findfont(font))
    table, head = face.get_sfnt_table("OS/2"), face.get_sfnt_table("head")
    if not table or not head:
        return None, None, None
    scale = 1 / head["unitsPerEm"] * font.get_size_in_points() * dpi / 72
    return table["sTypoAscender"] * scale, -table["sTypoDescender"] * scale, table["sTypoLineGap"] * scale
