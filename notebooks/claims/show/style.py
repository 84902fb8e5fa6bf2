"""The house style, set once: colours, type and spacing of the page, of the print and of every figure.

The colours of data begin with Okabe and Ito's, which colour-blind readers can distinguish (Color Universal Design,
2008). A colour means a text, an authority or a verdict, the same one in every figure; everything else is drawn in
slate. Shapes, positions and words repeat what colours show, so that nothing is lost in grey. Figures are drawn in
`LIGHT`; the page shows them in `DARK` where a reader asks for it, name by name. A ledger's subject declares which text
has which hue; texts that it does not name take the hues that are left (`pens`).
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from claims.ledger import conventions
from claims.ledger.subject import HUES, MARKERS, Look

if TYPE_CHECKING:
    from claims.ledger.model import Ledger

__all__ = [
    "DARK",
    "FIGURE_FACES",
    "INK",
    "LIGHT",
    "MUTED",
    "NARROW",
    "PAPER",
    "PARAMETERS",
    "PLAIN",
    "PRINT",
    "RULE",
    "SCREEN",
    "SIZES",
    "SPACES",
    "STEPS",
    "VERDICTS",
    "WIDTH",
    "Pen",
    "house",
    "is_narrow",
    "narrow",
    "pens",
    "step_of",
]

LIGHT = {
    # the page
    "paper": "#ffffff", "ink": "#1d2228", "soft": "#56606b", "faint": "#e3e6e9", "rule": "#b9c0c7", "wash": "#f5f6f7",
    "accent": "#0b5a72", "shade": "#00000044", "focus": "#b3471b", "mark": "#fff3cf", "warn": "#8a3210",
    "code-word": "#7a2d8c", "code-text": "#2c6a2e", "code-number": "#8a4a00", "code-name": "#0b5a72",
    "code-remark": "#5d6873",
    # terminal output
    "t-red": "#a3262b", "t-green": "#2c6a2e", "t-yellow": "#7a5200", "t-blue": "#1f559c", "t-magenta": "#8a2d7c",
    "t-cyan": "#0b6470", "t-grey": "#5d6873",
    # neutral parts of figures, and the steps from little to much
    "grid": "#e6eaee", "slate": "#4a5a6a",
    "step-0": "#fafbfc", "step-1": "#dde3e9", "step-2": "#bfcad5", "step-3": "#94a5b5", "step-4": "#5f7489",
    "step-5": "#3c5268",
    # texts and authorities, verdicts
    "hue-blue": "#0072b2", "hue-vermilion": "#d55e00", "hue-green": "#009e73", "hue-pink": "#cc79a7",
    "hue-ochre": "#8a6d00", "hue-violet": "#6a3d9a", "hue-teal": "#00695c", "hue-brown": "#7a2e0e",
    "hue-navy": "#1a237e", "hue-moss": "#33691e",
    "consistent": "#2e8b57", "by-rounding": "#56b4e9", "bound-only": "#7a5fc0", "undecided": "#e69f00",
    "inconsistent": "#b2182b", "not-comparable": "#7f8c96",
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
    "hue-blue": "#5ab4ea", "hue-vermilion": "#ff8f45", "hue-green": "#35c79a", "hue-pink": "#e59bc4",
    "hue-ochre": "#d1ad3a", "hue-violet": "#b491e0", "hue-teal": "#4fb8a8", "hue-brown": "#b5714a",
    "hue-navy": "#8fa0ff", "hue-moss": "#b4d455",
    "consistent": "#5cc48a", "by-rounding": "#7cc6f0", "bound-only": "#b3a6e6", "undecided": "#f0b840",
    "inconsistent": "#ef6b73", "not-comparable": "#9aa6b0",
}  # fmt: skip

# Type: on a screen, families that readers have; in print, families from packages. Sizes and spaces are shares of the
# size of running text, the same in both.
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
NARROW = 4.0  # inches: of the drawing for phones, where a point is then more than a CSS pixel
_IS_NARROW = ContextVar("narrow", default=False)
INK, MUTED, RULE, PAPER, PLAIN = (LIGHT[name] for name in ("ink", "soft", "rule", "paper", "slate"))
STEPS = tuple(LIGHT[f"step-{step}"] for step in range(6))
VERDICTS = {
    "consistent": LIGHT["consistent"],
    "consistent by rounding": LIGHT["by-rounding"],
    "consistent as a bound only": LIGHT["bound-only"],
    "undecided": LIGHT["undecided"],
    "inconsistent": LIGHT["inconsistent"],
    "not comparable": LIGHT["not-comparable"],
}

PARAMETERS: dict[str, Any] = {
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
def house() -> Iterator[None]:
    """Apply the house style, and nothing of the reader's own matplotlib settings, within a `with` block.

    Letters that the font lacks are measured without a warning: they are replaced before a figure is drawn (`letters`).
    """
    import matplotlib as mpl

    with mpl.rc_context(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from font", UserWarning)
        mpl.rcdefaults()
        parameters: Any = mpl.rcParams
        parameters.update(PARAMETERS)
        yield


@contextmanager
def narrow() -> Iterator[None]:
    """Draw for a phone within a `with` block: `charts.page_axes` is `NARROW`, letters keep their size in points."""
    token = _IS_NARROW.set(True)
    try:
        yield
    finally:
        _IS_NARROW.reset(token)


def is_narrow() -> bool:
    """Return whether a figure is drawn for a phone, so that long words need other places."""
    return _IS_NARROW.get()


@dataclass(frozen=True)
class Pen:
    """How a text or an authority is drawn: its colour, its marker, and whether its points are rings."""

    colour: str
    marker: str = "o"
    ring: bool = False

    @property
    def face(self) -> str:
        """Return the colour inside its points."""
        return PAPER if self.ring else self.colour


def pens(ledger: Ledger) -> dict[str, Pen]:
    """Return the pen of every text and every series of a ledger, by id.

    The subject declares some of them; the others take the hues and markers that are least used, the first of these
    first. Pages that quote official figures are no texts: all are drawn in grey.
    """
    looks = dict(ledger.subject.looks)
    texts = [id for id in ledger.sources if id not in ledger.official]
    for id in [*texts, *conventions.series_authorities(ledger)]:
        if id not in looks:
            hue = _free(HUES, [look.hue for look in looks.values()])
            looks[id] = Look(hue, _free(MARKERS, [looks[text].marker for text in texts if text in looks]))
    drawn = {id: Pen(LIGHT[f"hue-{look.hue}"], look.marker, look.ring) for id, look in looks.items()}
    return drawn | {id: Pen(MUTED) for id in ledger.sources if id in ledger.official}


def _free(choices: Sequence[str], taken: Sequence[str]) -> str:
    """Return the first of the choices that is taken least often.

    >>> _free(("blue", "green"), ["blue"]), _free(("blue", "green"), ["green", "blue"])
    ('green', 'blue')
    """
    return min(choices, key=taken.count)


def step_of(share: float) -> int:
    """Return the step, of six from little to much, that shows a share between 0 and 1; step 0 is for no share at all.

    >>> [step_of(share) for share in (0, 0.01, 0.5, 1)]
    [0, 1, 3, 5]
    """
    return 0 if share <= 0 else min(1 + int(share * 5), 5)
