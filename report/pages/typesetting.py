"""Typesetting rules that both formats share: dates, line breaks, ink, and characters that cannot be displayed."""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["ADDRESS_BREAKS", "SIGNED", "cut", "ink_on", "keep_units", "with_code_points", "written_day"]

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
UNDISPLAYABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
ADDRESS_BREAKS = re.compile(r"(?<=[/.?=&%_])(?=\w)")  # where an address may break, besides at its hyphens
SIGNED = re.compile(r"−(?=\\?[$€£¥])")  # the sign of an amount, after which a line may break by the rules of Unicode

_NUMBER = r"[−+-]?\$?\d[\d.,]*\d%?|[−+-]?\$?\d%?"
_RANGE = re.compile(rf"(?:{_NUMBER}) (?:to|of) (?:{_NUMBER})(?:\u00a0\w+)?")
LONGEST_RANGE = 24  # letters of a range that is kept on a line


def written_day(date: str) -> str:
    """Return an ISO date as it is written in English; another text as it is.

    >>> written_day("2025-06-03"), written_day("spring 2025")
    ('3 June 2025', 'spring 2025')
    """
    match = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", str(date))
    if not match or not 1 <= int(match[2]) <= 12:
        return str(date)
    return f"{int(match[3])} {MONTHS[int(match[2]) - 1]} {match[1]}"


@lru_cache(maxsize=100_000)
def keep_units(text: str, ranges: bool = True) -> str:
    r"""Return the text with no-break spaces between each number and its unit, and within short ranges of numbers.

    Without `ranges` a range may break after its “to”.

    >>> keep_units("more than $41 billion").split(" ")
    ['more', 'than', '$41\xa0billion']
    >>> keep_units("−4.5% to 13.750%, and $1.50 to 1.61 billion").split(" ")
    ['−4.5%\xa0to\xa013.750%,', 'and', '$1.50\xa0to\xa01.61\xa0billion']
    >>> keep_units("holds in 11 of 14").split(" ")
    ['holds', 'in', '11\xa0of\xa014']
    >>> keep_units("15.6% to 16.7%", ranges=False).split(" ")
    ['15.6%\xa0to', '16.7%']
    """
    kept = re.sub(r"(?<=\d) (?=(?:million|billion|times|years|tonnes|percentage)\b)", "\u00a0", text)
    if not ranges:
        return _RANGE.sub(lambda match: match[0].replace(" ", "\u00a0", 1), kept)
    return _RANGE.sub(
        lambda match: match[0].replace(" ", "\u00a0") if len(match[0]) <= LONGEST_RANGE else match[0], kept
    )


def with_code_points(text: str) -> str:
    r"""Return the text with control characters and lone surrogates, which no page can display, as [U+XXXX].

    >>> with_code_points("a\x08\n")
    'a[U+0008]\n'
    """
    return UNDISPLAYABLE.sub(lambda match: f"[U+{ord(match[0]):04X}]", text)


def cut(text: str, most: int) -> str:
    """Return the text, or if it has more than `most` letters, its beginning and a mark.

    >>> cut("abc", 3), cut("abcd", 3)
    ('abc', 'abc …')
    """
    return text if len(text) <= most else f"{text[:most]} …"


def ink_on(ground: str) -> str:
    """Return black or white, whichever is read better on a ground.

    >>> ink_on("#ffff00"), ink_on("#0072b2"), ink_on("#000080")
    ('#000000', '#ffffff', '#ffffff')
    """
    light = _luminance(ground)
    return "#000000" if (light + 0.05) / 0.05 > 1.05 / (light + 0.05) else "#ffffff"


def _luminance(colour: str) -> float:
    """Return the relative luminance of #rrggbb, from 0 (black) to 1 (white), as WCAG 2 defines it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
