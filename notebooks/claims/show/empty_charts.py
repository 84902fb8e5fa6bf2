"""What is drawn where a ledger has nothing to draw: a chart that says so, so that what refers to it finds it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from claims.show import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["chart_or_empty"]

_HEIGHT = 0.6  # inches


def chart_or_empty(chart: Callable[..., Axes], arguments: Sequence[Any]) -> Callable[..., Axes]:
    """Return a chart function, or one that draws an empty chart if the table it is called with has no rows.

    >>> chart_or_empty(max, [[]]) is max, chart_or_empty(max, [[1]]) is max
    (False, True)
    """
    return chart if not arguments or len(arguments[0]) else _empty


def _empty(*_: object, **__: object) -> Axes:
    from matplotlib.figure import Figure

    with style.house():
        axes = Figure(figsize=(style.NARROW if style.is_narrow() else style.WIDTH, _HEIGHT)).subplots()
        axes.text(0.5, 0.5, "The ledger has nothing to draw here.", ha="center", va="center", color=style.INK)
        axes.set_axis_off()
    return axes
