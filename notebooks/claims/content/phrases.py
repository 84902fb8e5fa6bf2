"""Running text as data: words, links, anchors, and words marked as a date, a citation, a parameter or a formula."""

from __future__ import annotations

import re
from dataclasses import dataclass

SPECIAL = re.escape("\\`*_[]{}<>$~^|#&")  # what Markdown, or a sentence template, would take for markup


MARKS = {
    "date": "time",
    "citation": "cite",
    "parameter": "data",
    "formula": "var",
}  # HTML's own elements, that Jupyter shows as well


@dataclass(frozen=True)
class Link:
    """Words that lead somewhere: `text`, and the id in the report that it points to, or an address on the web."""

    text: str
    to: str

    @property
    def leaves(self) -> bool:
        """Return whether it leads out of the report."""
        return self.to.startswith("https://")

    @property
    def href(self) -> str:
        """Return its target as a page has it."""
        return self.to if self.leaves else f"#{self.to}"


@dataclass(frozen=True)
class Anchor:
    """Words of a table that citations lead to: `text`, and the id they point to."""

    text: str
    id: str


@dataclass(frozen=True)
class Marked:
    """Words whose numbers are no results and say what they are: date, citation, parameter or formula."""

    text: str
    kind: str

    def __post_init__(self):
        if self.kind not in MARKS:
            raise ValueError(f"kind must be one of {', '.join(MARKS)}, got {self.kind!r}")


@dataclass(frozen=True)
class Phrase:
    """Running text as data: plain words, links and marked words, one after another."""

    parts: tuple[str | Link | Marked, ...]

    def __str__(self) -> str:
        """Return the words alone."""
        return "".join(part if isinstance(part, str) else part.text for part in self.parts)

    def __add__(self, other: Phrase | str) -> Phrase:
        return Phrase(self.parts + (other.parts if isinstance(other, Phrase) else (other,)))

    @property
    def markdown(self) -> str:
        """Return the phrase as Markdown, words escaped, links linked, marked words in their tags."""
        return "".join(map(_as_markdown, self.parts))


def _as_markdown(part: str | Link | Marked) -> str:
    if isinstance(part, Link):
        return f"[{escaped(part.text)}]({part.href})"
    if isinstance(part, Marked):
        return f"<{MARKS[part.kind]}>{escaped(part.text)}</{MARKS[part.kind]}>"
    return escaped(part)


def escaped(words: str) -> str:
    r"""Return `words` as Markdown that shows them as they are: a printed figure is data, never markup.

    >>> escaped("$41 billion"), escaped("<b>*5*</b>")
    ('\\$41 billion', '\\<b\\>\\*5\\*\\</b\\>')
    """
    return re.sub(rf"([{SPECIAL}])", r"\\\1", words)


def _unescaped(words: str) -> str:
    return re.sub(rf"\\([{SPECIAL}])", r"\1", words)
