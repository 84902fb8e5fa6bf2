"""Running text as data: words, links, anchors, and words marked as a date, a citation, a parameter or a formula."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from operator import is_
from typing import TypeAlias
from urllib.parse import quote

__all__ = [
    "MARKS", "Anchor", "CitedIn", "Json", "Link", "Marked", "Part", "Phrase", "escaped", "may_link", "part_markdown",
    "part_text", "unescaped",
]  # fmt: skip

SPECIAL = re.escape("\\`*_[]{}<>$~^|#&@")  # what Markdown, or a sentence template, would take for markup
_TARGET = re.compile(r"#|https?://[^/]|mailto:", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029]")
_NO_ADDRESS = re.compile(
    r"[\s()<>\[\]\\\"'`*\x00-\x1f]+"
)  # what would end the address of a link in Markdown, or be markup
MARKS = {"date": "time", "citation": "cite", "parameter": "data", "formula": "var"}  # as HTML elements, for Jupyter
Json: TypeAlias = str | int | float | list["Json"] | dict[str, "Json"] | None


@dataclass(frozen=True)
class Link:
    """A link: `text`, and the id in the report that it points to, or an address on the web; `kind` is one of MARKS."""

    text: str
    to: str
    kind: str = field(default="", repr=False)

    @property
    def leaves(self) -> bool:
        """Return whether it points to the web."""
        return self.to.startswith(("https://", "http://"))

    @property
    def href(self) -> str:
        """Return its target as a page has it."""
        return self.to if self.leaves else f"#{self.to}"


@dataclass(frozen=True)
class Anchor:
    """Words of a table that links point to: `text`, and the id that they use; `kind` is one of MARKS."""

    text: str
    id: str
    kind: str = field(default="", repr=False)


@dataclass(frozen=True)
class Marked:
    """Words whose numbers are no results and say what they are: date, citation, parameter or formula."""

    text: str
    kind: str

    def __post_init__(self) -> None:
        if self.kind not in MARKS:
            raise ValueError(f"kind must be one of {', '.join(MARKS)}, got {self.kind!r}")


@dataclass(frozen=True)
class CitedIn:
    """Replaced on the page by links to every place that cites `id`, or by `otherwise` if it would be alone in its cell.

    Only the assembled report knows these places.
    """

    id: str
    otherwise: tuple[Phrase, ...] = ()

    @property
    def text(self) -> str:
        """Return nothing: it has no words of its own."""
        return ""


Part: TypeAlias = str | int | float | Link | Anchor | Marked | CitedIn  # a number is one of a figure's data


@dataclass(frozen=True)
class Phrase:
    """Running text as data: plain words, links, anchors and marked words, one after another."""

    parts: tuple[Part, ...] = ()

    def __str__(self) -> str:
        """Return the words alone."""
        return "".join(map(part_text, self.parts))

    def __add__(self, other: Phrase | str) -> Phrase:
        return Phrase(self.parts + (other.parts if isinstance(other, Phrase) else (other,)))

    @property
    def markdown(self) -> str:
        """Return the phrase as Markdown, words escaped, links linked, marked words in their tags."""
        return "".join(map(part_markdown, self.parts))

    def map(self, change: Callable[[Part], Part]) -> Phrase:
        """Return the phrase with every part as `change` returns it; the same one if no part changes."""
        parts = tuple(map(change, self.parts))
        return self if all(map(is_, parts, self.parts)) else Phrase(parts)

    def to_json(self) -> Json:
        """Return its only part, or its parts as `runs`.

        >>> Phrase((Link("5%", "c001"), " of it")).to_json()
        {'runs': [{'text': '5%', 'href': '#c001'}, ' of it']}
        """
        parts = [_part_json(part) for part in self.parts]
        return parts[0] if len(parts) == 1 else {"runs": parts}

    @classmethod
    def from_json(cls, value: object) -> Phrase:
        """Return the phrase that `to_json` wrote; a single part needs no `runs`. Raises ValueError for an unknown mark.

        >>> Phrase.from_json({"runs": [{"text": "5%", "href": "#c001"}, " of it"]}).parts
        (Link(text='5%', to='c001'), ' of it')
        """
        return cls(_parts_from(value))


def part_text(part: Part) -> str:
    """Return the words of a part."""
    match part:
        case str():
            return part
        case int() | float():
            return str(part)
    return part.text


def _part_json(part: Part) -> Json:
    match part:
        case Link():
            return {"text": part.text, "href": part.href, **({"kind": part.kind} if part.kind else {})}
        case Anchor():
            return {"text": part.text, "id": part.id, **({"kind": part.kind} if part.kind else {})}
        case Marked():
            return {"text": part.text, "kind": part.kind}
        case CitedIn():
            return {"cited_in": part.id, "otherwise": [phrase.to_json() for phrase in part.otherwise]}
    return part


def _parts_from(value: object) -> tuple[Part, ...]:
    """Return the parts of a phrase in JSON."""
    match value:
        case str() | int() | float():
            return (value,)
        case None:
            return ()
        case {"runs": runs}:
            return tuple(part for run in runs for part in _parts_from(run))
        case {**part}:
            return (_part_from(part),)
    return (str(value),)


def _part_from(value: Mapping) -> Part:
    if "cited_in" in value:
        return CitedIn(str(value["cited_in"]), tuple(map(Phrase.from_json, value.get("otherwise") or ())))
    text, kind = str(value.get("text", "")), value.get("kind") or ""
    if "href" in value:
        return Link(text, str(value["href"]).removeprefix("#"), kind)
    if "id" in value:
        return Anchor(text, str(value["id"]), kind)
    return Marked(text, kind) if kind else text


def may_link(target: str) -> bool:
    """Return whether a link may have a target: a place in the page, a page of the web, or somebody's mail.

    Everything else stays words, whatever its scheme and its spelling: nothing is run, and no file is opened.

    >>> [
    ...     may_link(target)
    ...     for target in ("#c001", "https://a.org", "mailto:a@b.org", "javascript:x()", " JavaScript:x()")
    ... ]
    [True, True, True, False, False]
    """
    return bool(_TARGET.match(target)) and not _CONTROL.search(target)


def part_markdown(part: Part) -> str:
    """Return a part of a phrase as Markdown: words escaped, a link linked, marked words in their tag."""
    match part:
        case Link():
            return f"[{escaped(part.text)}]({_NO_ADDRESS.sub(lambda match: quote(match[0]), part.href)})"
        case Marked():
            return f"<{MARKS[part.kind]}>{escaped(part.text)}</{MARKS[part.kind]}>"
    return escaped(part_text(part))


def escaped(words: str) -> str:
    r"""Return `words` as Markdown that shows them as they are: a printed figure is data, never markup.

    >>> escaped("$41 billion"), escaped("<b>*5*</b>")
    ('\\$41 billion', '\\<b\\>\\*5\\*\\</b\\>')
    """
    return re.sub(rf"([{SPECIAL}])", r"\\\1", words)


def unescaped(words: str) -> str:
    r"""Return Markdown without the backslashes that `escaped` adds.

    >>> unescaped("\\$41 billion")
    '$41 billion'
    """
    return re.sub(rf"\\([{SPECIAL}])", r"\1", words)
