"""Superlatives in a plain line: words that give something a rank without a number, such as "largest" or "a record"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

__all__ = ["Rank", "find_ranks"]

# fmt: off
_EST = ["largest", "biggest", "highest", "lowest", "smallest", "fastest", "slowest", "longest", "shortest", "deepest", "busiest", "strongest", "weakest", "richest", "poorest", "oldest", "youngest", "greatest", "tallest", "widest", "heaviest", "cheapest", "hottest", "coldest", "warmest", "driest", "wettest", "worst", "steepest", "sharpest", "earliest", "cleanest", "safest", "quickest", "closest", "nearest", "broadest", "densest", "heftiest", "fewest"]
_MAIN = "main leading chief primary principal top foremost number-one"
_RANKED = (
    "partner supplier source buyer importer exporter investor market destination producer position place spot consumer "
    "customer creditor lender origin export import contributor employer driver trader seller purchaser hub rank donor"
)
_LESS = "of notably recent recently importantly often likely probably other people countries cases importantly part"
# fmt: on
_NOUN = r"(?:[ -](?!(?:in|of|for|and|with|to|by|on|at|as|from|since|that|which|is|was|has|have|but|or|than|this|last|over|the|a|an)\b)[A-Za-z'-]+){0,4}"
_EST_WORDS = "|".join(_EST)
_PATTERN = re.compile(
    rf"""
    (?P<vague>\b(?:one|two|three|some|many)\ of\ (?:[\w']+\ ){{0,3}}?(?:{_EST_WORDS}|most|{_MAIN.replace(" ", "|")})\b
      |\bamong\ (?:[\w']+\ ){{0,3}}?(?:{_EST_WORDS})\b)
    |(?P<est>\b(?:{_EST_WORDS})\b{_NOUN})
    |(?P<main>\b(?:{_MAIN.replace(" ", "|")})\ (?:[\w-]+\ ){{0,2}}?(?:{_RANKED.replace(" ", "|")})s?\b)
    |(?P<first>\b(?:number|[Nn]o\.)\ ?(?:one|1)\b|\bbest\ (?:year|result|quarter|month|season|performance|harvest|crop)s?\b)
    |(?P<record>(?<!on\ )(?<!track\ )(?<!off\ the\ )(?<!for\ the\ )(?<!of\ )\brecord(?!-(?:keep|hold)|ed|ing|s\b)
        (?:[ -](?:high|low|figure|level|year|volume|breaking|number|amount|sum)s?)?\b(?!\ (?:of|companies|label|keeping)\b)
      |\b(?:all-time|historic(?:al)?|new|multi-year|fresh)\ (?:high|low|record|peak|maximum)s?\b
      |\bunprecedented\ (?:high|level|figure|number|volume)s?\b)
    |(?P<most>\b(?:the|and|its|their|world's|region's|country's)\ (?P<adjective>most\ (?!(?:{_LESS.replace(" ", "|")})\b)[a-z-]+))
    """,
    re.VERBOSE | re.IGNORECASE,
)


class Rank(NamedTuple):
    """A superlative in a line: its place, and whether it only says that something is among the first."""

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
