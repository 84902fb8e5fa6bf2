"""The numbers and the anchors of headings: chapters 1, 2, …, appendices A, B, …, anchors derived from titles."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["LISTS", "Numbering", "chapter_anchor", "free_anchor", "slug", "without_number"]


LISTS = "Figures and tables"  # the heading of their lists


class Numbering:
    """Counts sections: chapters 1, 2, …, appendices A, B, …, sections 1.1 or A.1; deeper ones have no number."""

    def __init__(self) -> None:
        self.counts = {False: [0, 0], True: [0, 0]}

    def next(self, level: int, appendix: bool) -> str:
        """Return the number of the next heading of this level.

        >>> n = Numbering()
        >>> [n.next(1, False), n.next(2, False), n.next(1, True), n.next(2, True), n.next(3, True)]
        ['1', '1.1', 'A', 'A.1', '']
        """
        counts = self.counts[appendix]
        if level == 1:
            counts[:] = [counts[0] + 1, 0]
        elif level == 2:
            counts[1] += 1
        else:
            return ""
        chapter = _letters(counts[0]) if appendix else str(counts[0])
        return chapter if level == 1 else f"{chapter}.{counts[1]}"


def _letters(count: int) -> str:
    return chr(64 + count) if count <= 26 else f"A{_letters(count - 26)}"


def slug(text: str) -> str:
    """Return the text as an anchor: lower case, words joined by hyphens.

    >>> slug("What does *this* not show?"), slug("Қазақстан")
    ('what-does-this-not-show', 'қазақстан')
    """
    words = re.findall(r"\w+", unicodedata.normalize("NFKC", text).lower().replace("_", " "))
    return "-".join(words) or "section"


def without_number(notebook: str) -> str:
    """Return a notebook's name without the number that gives its place in the order.

    >>> without_number("20_growth_rates"), without_number("growth_rates")
    ('growth_rates', 'growth_rates')
    """
    return re.sub(r"^\d+[_-]", "", notebook)


def chapter_anchor(notebook: str) -> str:
    """Return the anchor of a notebook's chapter.

    >>> chapter_anchor("20_growth_rates")
    'growth-rates'
    """
    return slug(without_number(notebook))


def free_anchor(wanted: str, taken: set[str]) -> str:
    """Return the anchor, with a number after it if it is taken."""
    anchor, count = wanted, 1
    while anchor in taken:
        count += 1
        anchor = f"{wanted}-{count}"
    return anchor
