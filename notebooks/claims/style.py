"""The house style, set once: type, sizes and colours; nothing about looks stands anywhere else.

Colours are Okabe and Ito's, which colour-blind readers tell apart (Color Universal Design, 2008). A colour means a
source, a side, a verdict or a sector, the same one in every figure.
"""

from __future__ import annotations

from contextlib import contextmanager

WIDTH = 6.3  # inches: the text block of the printed page
INK = "#1f2933"
MUTED = "#5f6b76"
RULE = "#cfd6dc"
PAPER = "#ffffff"

SOURCES = {"S1": "#0072b2", "S2": "#d55e00", "S3": "#009e73", "S4": "#cc79a7", "S5": "#8a6d00"}
SIDES = {"china_customs": "#6a3d9a", "kz_statistics": "#00695c"}
MARKERS = {"S1": "o", "S2": "s", "S3": "D", "S4": "^", "S5": "v"}
VERDICTS = {
    "consistent": "#009e73",
    "consistent by rounding": "#56b4e9",
    "undecided": "#e69f00",
    "inconsistent": "#b2182b",
    "not comparable": "#7f8c96",
}
REPORTED, IMPLIED = "#0072b2", "#d55e00"
SERIES = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#8a6d00")

PARAMETERS = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans", "Verdana", "Bitstream Vera Sans", "sans-serif"],
    "font.size": 8.5,
    "axes.titlesize": 9.5,
    "axes.labelsize": 8.5,
    "xtick.labelsize": 8,
    "ytick.labelsize": 8,
    "legend.fontsize": 8,
    "text.color": INK,
    "text.parse_math": False,  # a dollar sign is a dollar sign
    "axes.labelcolor": INK,
    "axes.edgecolor": RULE,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#e6eaee",
    "grid.linewidth": 0.7,
    "axes.axisbelow": True,
    "lines.linewidth": 1.6,
    "lines.markersize": 5,
    "legend.frameon": False,
    "figure.facecolor": PAPER,
    "axes.facecolor": PAPER,
    "figure.constrained_layout.use": True,
    "svg.fonttype": "none",
    "path.simplify": False,
}


@contextmanager
def house():
    """Apply the house style, and nothing of the reader's own matplotlib settings, within a `with` block."""
    import matplotlib as mpl

    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(PARAMETERS)
        yield


def source_colour(source: str) -> str:
    """Return the colour of a source, grey for one without a colour of its own."""
    return SOURCES.get(source, MUTED)
