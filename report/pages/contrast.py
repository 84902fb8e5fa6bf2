"""How well colours can be read on one another."""

from __future__ import annotations

__all__ = ["ink_on", "luminance"]


def ink_on(ground: str) -> str:
    """Return black or white, whichever is read better on a ground.

    >>> ink_on("#ffff00"), ink_on("#0072b2"), ink_on("#000080")
    ('#000000', '#ffffff', '#ffffff')
    """
    light = luminance(ground)
    return "#000000" if (light + 0.05) / 0.05 > 1.05 / (light + 0.05) else "#ffffff"


def luminance(colour: str) -> float:
    """Return the relative luminance of #rrggbb, from 0 (black) to 1 (white), as WCAG 2 defines it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
