"""Superlatives in a plain line: words that give something a rank without a number, such as "largest" or "a record"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from report.propose.wording import any_word

__all__ = ["Rank", "find_ranks"]

_EST = any_word(
    "largest biggest highest lowest smallest fastest slowest longest shortest deepest busiest strongest weakest "
    "richest "
    "poorest oldest youngest greatest tallest widest heaviest cheapest hottest coldest warmest driest wettest worst "
    "steepest sharpest earliest cleanest safest quickest closest nearest broadest densest heftiest fewest"
)
_MAIN = any_word("main leading chief primary principal top foremost number-one")
_RANKED = any_word(
    "partner supplier source buyer importer exporter investor market destination producer position place spot consumer "
    "customer creditor lender origin export import contributor employer driver trader seller purchaser hub rank donor"
)
_NOT_MOST = any_word("of notably recent recently importantly often likely probably other people countries cases part")
_NO_NOUN = any_word(
    "in of for and with to by on at as from since that which is was has have but or than this last over the a an"
)
_BEST = any_word("year result quarter month season performance harvest crop")
_PATTERN = re.compile(
    "|".join(
        (
            rf"(?P<vague>\b(?:one|two|three|some|many) of (?:[\w']+ ){{0,3}}?(?:{_EST}|most|{_MAIN})\b"
            rf"|\bamong (?:[\w']+ ){{0,3}}?{_EST}\b)",
            rf"(?P<est>\b{_EST}\b(?:[ -](?!{_NO_NOUN}\b)[A-Za-z'-]+){{0,4}})",
            rf"(?P<main>\b{_MAIN} (?:[\w-]+ ){{0,2}}?{_RANKED}s?\b)",
            rf"(?P<first>\b(?:number|no\.) ?(?:one|1)\b|\bbest {_BEST}s?\b)",
            r"(?P<record>(?<!on )(?<!track )(?<!off the )(?<!for the )(?<!of )\brecord(?!-(?:keep|hold)|ed|ing|s\b)"
            r"(?:[ -](?:high|low|figure|level|year|volume|breaking|number|amount|sum)s?)?\b"
            r"(?! (?:of|companies|label|keeping)\b)",
            r"\b(?:all-time|historic(?:al)?|new|multi-year|fresh) (?:high|low|record|peak|maximum)s?\b",
            r"\bunprecedented (?:high|level|figure|number|volume)s?\b)",
            r"(?P<most>\b(?:the|and|its|their|world's|region's|country's) "
            rf"(?P<adjective>most (?!{_NOT_MOST}\b)[a-z-]+))",
        )
    ),
    re.IGNORECASE,
)


class Rank(NamedTuple):
    """A superlative in a line: its place, whether it is one of several firsts, and its hedge."""

    start: int
    end: int
    is_vague: bool
    hedge: str


def find_ranks(line: str) -> Iterator[Rank]:
    """Yield the superlatives of a plain line, from left to right.

    >>> line = "a record for its largest trading partner, one of the biggest buyers and the most modern port"
    >>> [(line[rank.start : rank.end], rank.is_vague) for rank in find_ranks(line)]
    [('record', False), ('largest trading partner', False), ('one of the biggest', True), ('most modern', False)]
    """
    for match in _PATTERN.finditer(line):
        start = match.start("adjective") if match["most"] else match.start()
        leading = match["main"] and match["main"].lower().startswith("leading")
        indefinite = leading and re.search(r"\ba\s+$", line[: match.start()], re.I)
        yield Rank(start, match.end(), bool(match["vague"]), "at_least" if indefinite else "exact")
