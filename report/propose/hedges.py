"""How a text qualifies a figure: the words before it, or after it, that say it is more, less or about so much."""

from __future__ import annotations

import re

__all__ = ["find_hedge"]

# fmt: off
_BEFORE = {
    "about": r"about|around|approximately|approx\.?|roughly|some|circa|ca?\.|an estimated|estimated at|in the "
             r"region of|"
             r"(?:in|on|of) the order of|more or less|or so|in the neighbou?rhood of|~|somewhere around",
    "nearly": r"nearly|almost|close to|clos(?:e|ing) in on|approach(?:es|ed|ing)|just (?:under|below|short of|shy of)|"
              r"shy of|not quite|virtually|near|nearing|a little (?:under|less than)|slightly (?:under|below|"
              r"less than)",
    "at_least": r"(?:at )?(?:the very )?least|at a minimum(?: of)?|a minimum of|minimum|(?:no|not) (?:less|fewer|"
                r"lower) than|not below|"
                r"starting (?:at|from)|a floor of",
    "at_most": r"at most|up to|upto|as (?:much|many|high|long|far) as|(?:no|not) (?:more|greater|higher|longer|"
               r"later) than|not above|"
               r"not exceed(?:ing)?|a maximum of|maximum of|capped at|limited to|a ceiling of|a cap of|within",
    "more_than": r"more than|over|above|exceed(?:s|ed|ing)?|surpass(?:es|ed|ing)?|topp(?:ed|ing)|tops|in excess of|"
                 r"upwards? of|north of|beyond|(?:greater|higher|larger|bigger|longer|better|older) than|well over|"
                 r"outstripp(?:ed|ing)|overtak(?:en?|ing)|pass(?:es|ed|ing)(?: the)?|cross(?:es|ed|ing)(?: the)?|"
                 r"just over|a little over|slightly (?:over|above|more than)|>",
    "less_than": r"less than|fewer than|under|below|lower than|smaller than|short of|shorter than|south of|beneath|<",
}
# fmt: on
_FILLER = (
    r"(?:(?:an?|the|its|their|his|her|this|that|to|record|all-time|historic|high|total|sum|of|mere|combined|"
    r"cumulative|impressive|staggering|whopping|modest|further|additional|another|estimated|annual|average|mark|level|"
    r"threshold|milestone|worth|by|nearly|almost|about|around|over|more than|some|roughly|approximately|a little|well|"
    r"just|even|only)\s+)*?"
)
_HEDGE = "|".join(
    f"(?P<{name}>(?<![\\w-])(?:{pattern}))"
    for name, pattern in {
        **{name: _BEFORE[name] for name in ("nearly", "at_least", "at_most", "about", "more_than", "less_than")}
    }.items()
)
_ENDS_WITH_HEDGE = re.compile(rf"(?:{_HEDGE})\s*{_FILLER}$", re.IGNORECASE)
_AFTER = {
    "at_least": re.compile(
        r",? (?:or|and) (?:more|above|over|higher|longer|greater)\b|,? at (?:the )?(?:very )?least\b", re.I
    ),
    "at_most": re.compile(
        r",? or (?:less|fewer|below|lower|under)\b|,? at (?:the )?most\b|,? at (?:a )?maximum\b", re.I
    ),
    "more_than": re.compile(r"\+|[ -]plus\b", re.I),
    "about": re.compile(r",? or so\b|-odd\b|ish\b|,? (?:more or less|give or take|or thereabouts)\b", re.I),
}
_NO_HEDGE = re.compile(r"\b(?:rather|other|else|no sooner) than\s*$|\bturn(?:ed|ing)? around\s*$", re.I)
_LASTING = re.compile(
    r"\b(?:for|of|after|lasts?|lasted|lasting|takes?|took|than|with|within|by|spans?|spanned|spanning|is|was|are|were|"
    r"has|have|had|age|aged|little|well|just|with)\s+(?:just |well |a little )?over\s*$",
    re.I,
)
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
    cut = max(before.rfind(mark) + len(mark) for mark in (". ", "; ", "? ", "! ", "(", "$", "%")) if before else 0
    cut = cut if cut > 1 and cut <= len(before) else 0
    match = _ENDS_WITH_HEDGE.search(before, max(cut, 0)) if before.strip() else None
    if match and not _NO_HEDGE.search(before[: match.end()]) and not _says_when(before, match, unit):
        name = match.lastgroup or ""
        return name, first + match.start(), end
    for place in (*ends, end):
        for name, pattern in _AFTER.items():
            if after := pattern.match(line, place):
                return name, start, max(after.end(), end)
    return "none", start, end


def _says_when(before: str, match: re.Match[str], unit: str) -> bool:
    """Return whether "over" or "within" says during which time something went on."""
    word = match.group().strip().lower()
    if unit not in ("year", "month", "week", "day", "hour", "minute"):
        return False
    if re.search(r"\bthe\b", before[match.start() :]):
        return True
    return word == "over" and not _LASTING.search(before[: match.end()])
