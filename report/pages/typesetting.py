"""Small rules of typesetting that both formats follow: dates, and where a line may break."""

from __future__ import annotations

import re

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
BREAKS = re.compile(r"(?<=[/.?=&%_])(?=\w)")  # where an address may go on in the next line, beside at its hyphens


def written_day(date: str) -> str:
    """Return an ISO date as it is written in English; another text as it is.

    >>> written_day("2025-06-03"), written_day("spring 2025")
    ('3 June 2025', 'spring 2025')
    """
    found = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", str(date))
    if not found or not 1 <= int(found[2]) <= 12:
        return str(date)
    return f"{int(found[3])} {MONTHS[int(found[2]) - 1]} {found[1]}"


def together(text: str) -> str:
    r"""Return text in which a number is not parted from its unit.

    >>> together("more than $41 billion").split(" ")
    ['more', 'than', '$41\xa0billion']
    """
    return re.sub(r"(?<=\d) (?=(?:million|billion|times|years|tonnes|percentage)\b)", "\u00a0", text)
