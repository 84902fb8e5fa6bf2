"""The house style, set once: colours, type and spacing of the page, of the print and of every figure.

The colours of data begin with Okabe and Ito's, which colour-blind readers tell apart (Color Universal Design, 2008). A
colour means a source, a side or a verdict, the same one in every figure; what means none of them is drawn in slate, and
shapes, places and words say the same, so that nothing is lost in grey. Figures are drawn in `LIGHT`; the page shows
them in `DARK` where a reader asks for it, name by name.
"""

from __future__ import annotations

from contextlib import contextmanager

LIGHT = {
    # the page
    "paper": "#ffffff", "ink": "#1d2228", "soft": "#56606b", "faint": "#e3e6e9", "rule": "#b9c0c7", "wash": "#f5f6f7",
    "accent": "#0b5a72", "shade": "#00000044", "focus": "#b3471b", "mark": "#fff3cf", "warn": "#8a3210",
    "code-word": "#7a2d8c", "code-text": "#2c6a2e", "code-number": "#8a4a00", "code-name": "#0b5a72",
    "code-remark": "#5d6873",
    # what a terminal has coloured
    "t-red": "#a3262b", "t-green": "#2c6a2e", "t-yellow": "#7a5200", "t-blue": "#1f559c", "t-magenta": "#8a2d7c",
    "t-cyan": "#0b6470", "t-grey": "#5d6873",
    # what figures draw that has no meaning of its own, and the steps from little to much
    "grid": "#e6eaee", "slate": "#4a5a6a",
    "step-0": "#fafbfc", "step-1": "#dde3e9", "step-2": "#bfcad5", "step-3": "#94a5b5", "step-4": "#5f7489",
    "step-5": "#3c5268",
    # sources, sides, verdicts
    "S1": "#0072b2", "S2": "#d55e00", "S3": "#009e73", "S4": "#cc79a7", "S5": "#8a6d00",
    "china-customs": "#6a3d9a", "kz-statistics": "#00695c",
    "consistent": "#2e8b57", "by-rounding": "#56b4e9", "undecided": "#e69f00", "inconsistent": "#b2182b",
    "not-comparable": "#7f8c96",
}  # fmt: skip
DARK = {
    "paper": "#14181b", "ink": "#dde1e4", "soft": "#a0aab3", "faint": "#2a3137", "rule": "#4a545d", "wash": "#1c2226",
    "accent": "#7cc7dc", "shade": "#7cc7dc55", "focus": "#f2a97e", "mark": "#3d3517", "warn": "#f2a97e",
    "code-word": "#cfa0dd", "code-text": "#9ccc9b", "code-number": "#e0b07a", "code-name": "#7cc7dc",
    "code-remark": "#96a1ab",
    "t-red": "#f2a09c", "t-green": "#9ccc9b", "t-yellow": "#e0b07a", "t-blue": "#94bdf0", "t-magenta": "#dfa0d8",
    "t-cyan": "#7cc7dc", "t-grey": "#a0aab3",
    "grid": "#2a3137", "slate": "#9fb0c0",
    "step-0": "#171c20", "step-1": "#2a343d", "step-2": "#3b4955", "step-3": "#4d5f6e", "step-4": "#7d92a4",
    "step-5": "#adbecd",
    "S1": "#5ab4ea", "S2": "#ff8f45", "S3": "#35c79a", "S4": "#e59bc4", "S5": "#d1ad3a",
    "china-customs": "#b491e0", "kz-statistics": "#4fb8a8",
    "consistent": "#5cc48a", "by-rounding": "#7cc6f0", "undecided": "#f0b840", "inconsistent": "#ef6b73",
    "not-comparable": "#9aa6b0",
}  # fmt: skip

# Type: the families on a screen, where a reader's own serve, and in print, where they come from packages. Sizes and
# spaces are shares of the size of running text, the same in both.
FIGURE_FACES = ("DejaVu Sans", "Verdana", "Bitstream Vera Sans")  # the page carries the first
SCREEN = {
    "serif": '"Iowan Old Style", "Palatino Linotype", Palatino, "Book Antiqua", "URW Palladio L", P052, Georgia, '
    '"Noto Serif", serif',
    "sans": 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", Arial, '
    "sans-serif",
    "mono": 'ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace',
    "figure": ", ".join(f'"{face}"' for face in FIGURE_FACES) + ", sans-serif",
}
PRINT = {
    "serif": ("Libertinus Serif", "New Computer Modern", "DejaVu Sans", "New Computer Modern Math"),
    "mono": ("DejaVu Sans Mono", "DejaVu Sans"),
}
SIZES = {"title": 0.94, "table": 0.82, "notes": 0.81, "register": 0.72, "code": 0.8}
SPACES = {"exhibit": 2.1, "heading": 2.2, "paragraph": 1.05}

WIDTH = 6.3  # inches: the text block of the printed page
INK, MUTED, RULE, PAPER, PLAIN = (LIGHT[name] for name in ("ink", "soft", "rule", "paper", "slate"))
STEPS = tuple(LIGHT[f"step-{step}"] for step in range(6))
SOURCES = {name: LIGHT[name] for name in ("S1", "S2", "S3", "S4", "S5")}
SIDES = {name: LIGHT[name.replace("_", "-")] for name in ("china_customs", "kz_statistics")}
RINGS = frozenset(("kz_statistics",))  # sides drawn as rings: colour alone is lost in print without it
MARKERS = {"S1": "o", "S2": "s", "S3": "D", "S4": "^", "S5": "v"}
VERDICTS = {
    "consistent": LIGHT["consistent"],
    "consistent by rounding": LIGHT["by-rounding"],
    "undecided": LIGHT["undecided"],
    "inconsistent": LIGHT["inconsistent"],
    "not comparable": LIGHT["not-comparable"],
}

PARAMETERS = {
    "font.family": "sans-serif",
    "font.sans-serif": [*FIGURE_FACES, "sans-serif"],
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
    "grid.color": LIGHT["grid"],
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


def step_of(share: float) -> int:
    """Return which of the six steps from little to much a share between 0 and 1 is drawn in; 0 is kept for nothing.

    >>> [step_of(share) for share in (0, 0.01, 0.5, 1)]
    [0, 1, 3, 5]
    """
    return 0 if share <= 0 else min(1 + int(share * 5), 5)
