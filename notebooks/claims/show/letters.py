"""Words in figures that others wrote: letters that the figures' font lacks, and labels that leave no room to draw.

A letter without a shape is drawn as a square; a label that would fill its figure is set on lines, and cut. The table of
a figure's numbers, its file and its alt text have every word in full.
"""

from __future__ import annotations

import textwrap
import unicodedata
import warnings
from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from claims.show.style import FIGURE_FACES

if TYPE_CHECKING:
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

__all__ = ["CUT", "SQUARE", "SQUARES", "drawable", "lay_out", "make_drawable"]

SQUARE = "□"
SQUARES = (
    "A square stands for a letter that the font of the figures lacks; the table of its numbers has the words in full."
)
CUT = "Labels that end in “…” are cut; the table of the numbers has them in full."
_LONGEST, _MANY = 120, 12  # letters of a line, and lines: more than any figure is wide, or a row high
_WIDTHS = (40, 28, 18, 10)  # letters of a line, tried one after another where labels leave no room
_LINES = 3
_COLLAPSED = "constrained_layout not applied"


def drawable(text: str) -> str:
    """Return a text with a square for each letter that the figures' font lacks; marks without a shape are left out.

    >>> drawable("Honey 蜂蜜, ₸5")
    'Honey □□, ₸5'
    """
    return "".join(letter if ord(letter) in _letters() else _replacement(letter) for letter in text)


def _replacement(letter: str) -> str:
    if letter in "\n\t":
        return letter
    return "" if unicodedata.category(letter) in ("Cf", "Mn", "Me", "Cc") else SQUARE


@cache
def _letters() -> frozenset[int]:
    """Return the code points of which the font of the figures has a shape, regular and bold."""
    from matplotlib import font_manager

    faces = [font_manager.FontProperties(family=FIGURE_FACES[0], weight=weight) for weight in ("normal", "bold")]
    shapes = [set(font_manager.get_font(font_manager.findfont(face)).get_charmap()) for face in faces]
    return frozenset(set.intersection(*shapes))


def make_drawable(figure: Figure) -> list[str]:
    """Replace in a figure what its font lacks, and shorten endless lines; return the sentences that say so."""
    changed = [*_change(figure, drawable)]
    notes = [SQUARES] if changed else []
    return notes + ([CUT] if [*_change(figure, partial(_shortened, width=_LONGEST, most=_MANY))] else [])


def lay_out(figure: Figure) -> list[str]:
    """Place everything in a figure; labels that leave no room for it are shortened first. Return what says so."""
    if _fits(figure):
        return []
    for width in _WIDTHS:
        list(_change(figure, partial(_shortened, width=width, most=_LINES), ticks_only=True))
        if _fits(figure):
            return [CUT]
    raise ValueError(
        f"the labels of a figure leave no room to draw it, even at {_WIDTHS[-1]} letters; give it fewer rows"
    )


def _fits(figure: Figure) -> bool:
    """Return whether there was room to place everything; any other warning is given as ever."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        if engine := figure.get_layout_engine():
            engine.execute(figure)
    others = [one for one in caught if _COLLAPSED not in str(one.message)]
    for one in others:
        warnings.warn_explicit(one.message, one.category, one.filename, one.lineno)
    return len(others) == len(caught)


def _shortened(text: str, width: int, most: int) -> str:
    r"""Return a text of at most `most` lines of `width` letters; a longer one is set on a few lines, and cut.

    >>> _shortened("the honey harvest of all the hills, and of the hollows", 12, 3)
    'the honey\nharvest of\nall the…'
    """
    if text.count("\n") < most and all(len(line) <= width for line in text.split("\n")):
        return text
    lines = textwrap.wrap(text, width)
    if len(lines) <= _LINES:
        return "\n".join(lines)
    return "\n".join([*lines[: _LINES - 1], f"{lines[_LINES - 1][: width - 1].rstrip()}…"])


def _change(figure: Figure, change: Callable[[str], str], ticks_only: bool = False) -> Iterator[str]:
    """Change the words of a figure, and yield those that were changed."""
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            yield from _change_ticks(axis, change)
        legend = axes.get_legend()
        others: list[Any] = [*axes.texts, axes.title, axes.xaxis.label, axes.yaxis.label]
        others += legend.get_texts() if legend else []
        for item in [] if ticks_only else others:
            before = item.get_text()
            if (after := change(before)) != before:
                item.set_text(after)
                yield before


def _change_ticks(axis: Axis, change: Callable[[str], str]) -> Iterator[str]:
    """Change the names that an author has given to the ticks of an axis, which its formatter keeps."""
    formatter: Any = axis.get_major_formatter()
    names = next(iter(getattr(getattr(formatter, "func", None), "args", ())), None)
    if isinstance(names, dict):  # of `set_yticks(places, labels)`
        for place, before in names.items():
            if isinstance(before, str) and (after := change(before)) != before:
                names[place] = after
                yield before
