"""Long texts in short: of what an attribute or the content of an element becomes, only what differs from what it is."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from functools import lru_cache
from html import escape, unescape
from itertools import accumulate

from report.pages.elements import TAG, Element, attributes

__all__ = ["Delta", "in_short", "source"]

Delta = list[str | list[int]]  # what is new, and between that the ends of what is kept
_LONG, _SHORTEST = 40, 16  # characters of a text of which only what differs is packed, and of what is kept of it
_TOKEN = re.compile(r"[\w.%-]+|\W")
_NAMES = "a|br|cite|data|dd|dl|dt|em|span|strong|td|th|time|var|wbr"
_PLAIN = re.compile(rf'</?(?:{_NAMES})(?: href="[^"&<>]*"| class="[^"&<>]+"| scope="row")*>')


def in_short(element: Element, how: str, value: object) -> object:
    """Return what an element changes to, how as in `changes`, as it is packed: as a delta if it is long."""
    if how.startswith("=") and isinstance(value, str):
        new = unescape(value)
        return new if len(new) < _LONG else _delta(unescape(attributes(element).get(how[1:], "")), new)
    if how != "html" or not isinstance(value, str) or len(value) < _LONG:
        return value
    old, new_source = source(element.inner), source(value)
    return value if old is None or new_source is None else _delta(old, new_source)


def source(html: str) -> str | None:
    r"""Return the content of an element as `source` in `report.js` writes it; None if it has more than that writes.

    >>> source('1 &lt; 2, &#39;<a href="#c1" class="evidence">$4</a>&#39;<br>')
    '1 &lt; 2, \'<a href="#c1" class="evidence">$4</a>\'<br>'
    >>> source('<img src="a.png">') is None
    True
    """
    texts, tags = TAG.split(html)[:: TAG.groups + 1], [match[0] for match in TAG.finditer(html)]
    if not all(map(_PLAIN.fullmatch, tags)):
        return None
    words = [escape(unescape(text), quote=False) for text in texts]
    return "".join(part for pair in zip(words, [*tags, ""], strict=True) for part in pair)


@lru_cache(maxsize=10_000)  # several readings change a text in the same way
def _delta(old: str, new: str) -> Delta:
    """Return what a text becomes; places are counted as JavaScript counts them.

    >>> _delta("The rate is 5.1% a year in both counts", "The rate is 7% a year in both counts")
    ['The rate is 7%', [16, 38]]
    """
    ours, theirs = (_TOKEN.findall(text) for text in (old, new))
    ends = [0, *accumulate(map(_length, ours))]
    parts: Delta = []
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if kind == "equal" and ends[i2] - ends[i1] > _SHORTEST:
            parts.append([ends[i1], ends[i2]])
        elif parts and isinstance(parts[-1], str):
            parts[-1] += "".join(theirs[j1:j2])
        else:
            parts.append("".join(theirs[j1:j2]))
    return parts


def _length(text: str) -> int:
    """Return the length that a text has in JavaScript, where a letter beyond U+FFFF is two.

    >>> _length("a𝑥")
    3
    """
    return len(text.encode("utf-16-le")) // 2
