"""Typesetting rules that both formats share: how dates are written, and where a line may break."""

from __future__ import annotations

import re

__all__ = ["ADDRESS_BREAKS", "MONTHS", "keep_units", "written_day"]

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
ADDRESS_BREAKS = re.compile(r"(?<=[/.?=&%_])(?=\w)")  # where an address may break, besides at its hyphens


def written_day(date: str) -> str:
    """Return an ISO date as it is written in English; another text as it is.

    >>> written_day("2025-06-03"), written_day("spring 2025")
    ('3 June 2025', 'spring 2025')
    """
    match = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", str(date))
    if not match or not 1 <= int(match[2]) <= 12:
        return str(date)
    return f"{int(match[3])} {MONTHS[int(match[2]) - 1]} {match[1]}"


def keep_units(text: str) -> str:
    r"""Return the text with a no-break space between each number and its unit.

    >>> keep_units("more than $41 billion").split(" ")
    ['more', 'than', '$41\xa0billion']
    """
    return re.sub(r"(?<=\d) (?=(?:million|billion|times|years|tonnes|percentage)\b)", "\u00a0", text)
