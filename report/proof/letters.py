"""Which rows of a ledger have words that figures show and cannot draw: letters that no font of theirs has."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from claims.ledger.model import Ledger
from claims.tables.locations import display_path

from report.pages.drawing import shipped_fonts

__all__ = ["notes_on_letters"]

_SHOWN = {"sources": "short_name", "indicators": "label", "sectors": "label"}  # what figures write beside their rows
_ANY_FONT = re.compile(r"[\x20-\x7e\u00a0-\u017f\u0400-\u045f\u2010-\u2027]*")  # needs no look into a font
_MOST = 5


def notes_on_letters(ledger: Ledger, folder: Path) -> list[str]:
    """Return a sentence for each of the first rows whose words figures show with a square, and how many there are."""
    notes = list(_notes(ledger, folder))
    more = [f"and {len(notes) - _MOST:,} more rows with such letters"] if len(notes) > _MOST else []
    return notes[:_MOST] + more


def _notes(ledger: Ledger, folder: Path) -> Iterator[str]:
    tables: Mapping[str, Mapping[str, object]] = {name: getattr(ledger, name) for name in _SHOWN}
    texts = (
        (name, place, id, str(getattr(row, _SHOWN[name])))
        for name, rows in tables.items()
        for place, (id, row) in enumerate(rows.items(), start=2)
    )
    unusual = [text for text in texts if not _ANY_FONT.fullmatch(text[-1])]
    has_shape = _shapes() if unusual else frozenset()
    for name, place, id, words in unusual:
        if lacking := [letter for letter in dict.fromkeys(words) if ord(letter) not in has_shape]:
            where = f"{display_path(folder / f'{name}.csv')}, row {place} ({id}), {_SHOWN[name]}"
            yield f"{where}: figures show a square for {_named(lacking)}; write it in letters that every font has"


def _named(letters: Iterable[str]) -> str:
    """Return letters for a message, each with its number.

    >>> _named("蜂")
    '蜂 (U+8702)'
    """
    shown = [f"{c if unicodedata.category(c)[0] in 'LNPS' else ''} (U+{ord(c):04X})".strip() for c in letters]
    return ", ".join(shown[:3]) + (f" and {len(shown) - 3} more" if len(shown) > 3 else "")


def _shapes() -> frozenset[int]:
    """Return the code points of which the font of the figures has a shape."""
    from fontTools.ttLib import TTFont

    with TTFont(shipped_fonts() / "DejaVuSans.ttf", lazy=True) as font:
        return frozenset(font.getBestCmap())
