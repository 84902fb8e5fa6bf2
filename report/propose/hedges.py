"""How a text qualifies a figure: the words before it, or after it, that say it is more, less or about so much."""

from __future__ import annotations

import re

from report.propose.wording import any_word

__all__ = ["find_hedge"]

_BEFORE = {
    "nearly": any_word(
        "nearly almost close_to getting_on_for not_far_off not_far_short_of "
        "clos(?:e|ing)_in_on approach(?:es|ed|ing) not_quite virtually near nearing"
    ),
    "at_least": any_word(
        "(?:at_)?(?:the_very_)?least at_a_minimum(?:_of)? a_minimum_of minimum (?:no|not)_(?:less|fewer|lower)_than "
        "not_below starting_(?:at|from) a_floor_of as_(?:little|few|low|small)_as"
    ),
    "at_most": any_word(
        "at_most up_to upto as_(?:much|many|high|long|far)_as (?:no|not)_(?:more|greater|higher|longer|later)_than "
        "not_above not_exceed(?:ing)? (?:a_)?maximum_of capped_at limited_to a_ceiling_of a_cap_of within"
    ),
    "about": any_word(
        r"give_or_take,? about around approximately approx\.? roughly "
        r"some circa ca?\. an_estimated in_the_region_of "
        "(?:in|on|of)_the_order_of more_or_less or_so in_the_neighbou?rhood_of ~ somewhere_around"
    ),
    "more_than": any_word(
        "more_than (?:just_|a_little_|slightly_|well_)?(?:over|above) exceed(?:s|ed|ing)? surpass(?:es|ed|ing)? "
        "topp(?:ed|ing) tops in_excess_of upwards?_of north_of beyond (?:greater|higher|larger|bigger|longer)_than "
        "(?:better|older)_than outstripp(?:ed|ing) overtak(?:en?|ing) "
        "pass(?:es|ed|ing)(?:_the)? cross(?:es|ed|ing)?(?:_the)? (?:will|would|could|may|to)_(?:top|pass) >"
    ),
    "less_than": any_word(
        "(?:just_|a_little_|slightly_|well_)?(?:under|below|short_of|shy_of|less_than) fewer_than lower_than "
        "smaller_than shorter_than south_of beneath not_(?:even|quite_even) <"
    ),
}
_FILLER = any_word(
    "an? the its their his her this that to record all-time historic high total sum of mere combined cumulative "
    "impressive staggering whopping modest further additional another estimated annual average mark level threshold "
    "milestone worth by nearly almost about around over more than some roughly approximately a_little well just "
    "even only"
)
_HEDGE = "|".join(rf"(?P<{name}>(?<![\w-]){pattern})" for name, pattern in _BEFORE.items())
_ENDS_WITH_HEDGE = re.compile(rf"(?:{_HEDGE})\s*(?:{_FILLER}\s+)*?$", re.IGNORECASE)
_NOT_THAN, _LAST = r"\b(?! than)", r"\b(?! [\w$€£])"
_AFTER = {
    "at_least": r",? (?:or|and) (?:more|above|over|higher|longer|greater)" + _NOT_THAN
    + r"|,? at (?:the )?(?:very )?least" + _LAST,
    "at_most": r",? or (?:less|fewer|below|lower|under)" + _NOT_THAN
    + r"|,? at (?:the most|most|maximum|a maximum)" + _LAST,
    "more_than": r"\+|[ -]plus\b",
    "about": r",? or so\b|-odd\b|ish\b|,? (?:more or less|give or take|or thereabouts)\b",
}  # fmt: skip
_AFTER_PATTERNS = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in _AFTER.items()}
# Below the 4 percent at which …: a level that is known, and no hedge.
_LEVEL = re.compile(
    r"^(?:well |just )?(?:below|under|above|over|short of|near|around|about|within|beyond)\s+the\b", re.IGNORECASE
)
_MOVED = any_word(
    "crept went gone go goes r[io]se risen rises climbed moved jumped edged inched ticked pushed shot surged back"
)
_NO_HEDGE = re.compile(
    rf"\b{_MOVED} up to\s*$|"
    r"\b(?:spread|shared|divided) (?:out )?(?:over|around)\s*$|"
    r"\b(?:rather|other|else|no sooner) than\s*$|\bturn(?:ed|s|ing)? around\s*$",
    re.IGNORECASE,
)
_LASTING = re.compile(
    r"\b"
    + any_word(
        "for of after lasts? lasted lasting takes? took than with within by spans? spanned spanning is was are were "
        "has have had aged? little well just"
    )
    + r"\s+(?:just |well |a little )?over\s*$",
    re.IGNORECASE,
)
_SHORT = re.compile(r"\b(?:ca|c|approx)\. ", re.IGNORECASE)  # their full stop ends no sentence
_ORDINAL = re.compile(r"\b(?:second|third|fourth|fifth|\d+(?:st|nd|rd|th)) (?:[a-z]+ )?$")
_REACH = 60  # characters before a figure in which its hedge begins


def find_hedge(line: str, start: int, end: int, unit: str, ends: tuple[int, ...] = ()) -> tuple[str, int, int]:
    """Return the hedge of the figure printed from `start` to `end`, with where the words that print it begin and end.

    Of several the outermost counts. `ends` are further places after which a hedge may follow, such as that of the bare
    number. "Over the past 15 years" and "grew over five years" are no hedges: they say during which time.

    >>> line = "more than 40 projects, up to 80 percent or over 15 years"
    >>> find_hedge(line, 10, 21, "count"), find_hedge(line, 29, 39, "percent"), find_hedge(line, 48, 56, "year")
    (('more_than', 0, 21), ('at_most', 23, 39), ('none', 48, 56))
    """
    first = max(0, start - _REACH)
    before = line[first:start]
    marked = _SHORT.sub(lambda short: "~" * len(short.group()), before)
    cut = max(marked.rfind(mark) + len(mark) for mark in (". ", "; ", "? ", "! ", "(", "$", "%")) if before else 0
    match = _ENDS_WITH_HEDGE.search(before, cut if cut > 1 else 0) if before.strip() else None
    if match and _LEVEL.search(before[match.start() :]):
        match = None  # below the 4 percent: a level that is known
    if match and not _NO_HEDGE.search(before[: match.end()]) and not _says_when(before, match, unit):
        name = match.lastgroup or ""
        return name, first + match.start(), end
    for place in (*ends, end):
        for name, pattern in _AFTER_PATTERNS.items():
            if after := pattern.match(line, place):
                return name, start, max(after.end(), end)
    return "none", start, end


def _says_when(before: str, match: re.Match[str], unit: str) -> bool:
    """Return whether "over" or "within" says during which time something goes on, as "within three years" does.

    The second within two years is within at most two.
    """
    word = match.group().strip().lower()
    if unit not in ("year", "month", "week", "day", "hour", "minute"):
        return False
    if re.search(r"\bthe\b", before[match.start() :]):
        return True
    if word == "within":
        return not _ORDINAL.search(before[: match.start()])
    return word == "over" and not _LASTING.search(before[: match.end()])
