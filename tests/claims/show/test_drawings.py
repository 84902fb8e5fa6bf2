"""A drawing is what matplotlib would save by itself, with each word measured once."""

from __future__ import annotations

from io import StringIO

import matplotlib as mpl
import pytest
from claims.show import drawings, style
from matplotlib.axes import Axes
from matplotlib.backends import backend_agg
from matplotlib.figure import Figure

LOOKS = ({"size": 8}, {"size": 7.5, "weight": "bold"}, {"size": 9, "linespacing": 1.15, "rotation": 90})
WORDS = ("41 bn", "Growth of the honey harvest\non all the hills", "ÄÖ gjpqy\n\nlast")


def chart() -> Axes:
    axes = Figure(figsize=(4, 2)).subplots()
    axes.barh([0, 1], [1, 2])
    axes.set_yticks([0, 1], WORDS[:2])
    axes.set_xlabel("Years (count)")
    for place, (words, looks) in enumerate(zip(WORDS, LOOKS, strict=True)):
        axes.text(place, 0.5, words, **looks)
    return axes


@pytest.fixture
def axes():
    with style.house():
        yield chart()


def asked_heights() -> int:
    counts = drawings._heights.cache_info()
    return counts.hits + counts.misses


def test_a_drawing_is_what_matplotlib_saves(axes):
    drawings._lay_out(axes.figure)
    drawing, saved = drawings._svg(axes.figure, "fig-x"), StringIO()
    with mpl.rc_context({"svg.hashsalt": "fig-x"}):
        axes.figure.savefig(saved, format="svg", metadata={"Date": None, "Creator": None})
    assert drawing == saved.getvalue()


@pytest.mark.parametrize("dpi", [72, 100, 800])
def test_words_are_as_large_as_matplotlib_finds_them(axes, dpi):
    axes.figure.set_dpi(dpi)
    ours, plain = drawings._measuring(dpi), backend_agg.RendererAgg(1, 1, dpi)
    for text in axes.texts:
        assert text.get_window_extent(ours).bounds == text.get_window_extent(plain).bounds


def test_matplotlib_asks_its_renderers_how_high_letters_are(axes):
    before = asked_heights()
    drawings._lay_out(axes.figure)
    laid_out = asked_heights()
    drawings._svg(axes.figure, "fig-x")
    assert before < laid_out < asked_heights()


def test_a_word_is_measured_once_for_all_figures(axes, monkeypatch):
    drawings.draw_pictures(axes, "fig-x")
    sizes = drawings._size.cache_info().misses
    renderer = backend_agg.RendererAgg
    monkeypatch.setattr(renderer, "get_text_width_height_descent", lambda *words: pytest.fail(f"again: {words}"))
    drawings._lay_out(other := chart().figure)
    drawings._svg(other, "fig-y")
    assert drawings._size.cache_info().misses == sizes
