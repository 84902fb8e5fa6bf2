"""The figures of a line: each number or superlative with its unit and its hedge, or the reason why it is set aside.

Recall before precision: what could be a figure is one, and a person decides. What a ledger's row cannot express yet,
such as a range, is set aside by name, so that it is counted and seen.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from report.propose.asides import Aside, find_asides
from report.propose.dates import DatePhrase, find_dates
from report.propose.hedges import find_hedge
from report.propose.numerals import Numeral, find_numerals
from report.propose.ranks import find_ranks
from report.propose.units import Unit, currency_before, rate_after, unit_after

__all__ = ["NOT_YET", "Figure", "LineFigures", "read_line"]

_NO_MEASURE = ("percent", "rank", "times", "year", "month", "week", "day", "hour", "calendar_year")
NOT_YET = "(not yet expressible)"
MOST_WORDS = 10  # of what a row prints


class Figure(NamedTuple):
    """A figure of a line: where its number and its words are, its value, multiplier, unit and hedge.

    `form` is that of its numeral, or rank, or year. `reason` says why it is not proposed, "" if it is.
    """

    number_start: int
    start: int
    end: int
    value: str
    multiplier: int
    unit: str
    hedge: str
    form: str
    reason: str = ""


class LineFigures(NamedTuple):
    """What was seen in a line: figures, other numbers with the reason why they are none, and phrases of time."""

    figures: list[Figure]
    asides: list[Aside]
    dates: list[DatePhrase]


# fmt: off
_UNIT_ADJECTIVE = re.compile(
    r"[ -](?:consecutive|straight|full|whole|long|golden|more|further|additional|extra|short|calendar|fiscal|successive|"
    r"new|total|net|gross|odd|or so|or more|plus)(?=[ -])", re.I)
_OF = re.compile(r" of(?: an?| the)?(?= )")
_HALF_A = re.compile(r" an?(?= )")
_NOUN = re.compile(
    r"(?:[ -](?!(?:in|of|for|and|with|to|by|on|at|as|from|since|that|which|is|was|were|are|has|have|had|but|or|than|"
    r"this|last|over|the|a|an|per|when|while|where|who|will|would|could|can|after|before|during|through|worth|between|"
    r"under|across|into|now|currently|so|if|it|its|their)\b)[A-Za-z][\w'&-]*){1,4}")
_PLURAL_NEXT = re.compile(r" (?:[a-z-]+ )?[a-z]{3,}s\b(?<!ss)(?<!us)(?<!is)")
_TIME_WORDS = re.compile(r"\b(?:in|since|by|from|to|until|of|during|for|and|before|after|between|year|the|late|early|mid|"
                         r"through|around|despite|than|spring|summer|autumn|fall|winter|season|on|with|at)[ -]$", re.I)
_HEDGED = re.compile(r"\b(?:over|than|about|around|nearly|almost|least|up to|approximately|roughly|some)\s+$", re.I)
_BESIDE = re.compile(r"(?:%| per ?cent)?(?: ?- ?| to | through | and )")
_BETWEEN = re.compile(r"(?: ?- ?| to | through )")
_LISTED = re.compile(r"(?:,? and |, | or |,? but )")
_CHANGES = re.compile(
    r"\b(?:r[io]se|risen|rising|f[ea]ll|fell|fallen|falling|gr[eo]w|grown|growing|grows|increas\w+|decreas\w+|declin\w+|drop\w*|"
    r"up|down|climb\w*|jump\w*|surg\w+|soar\w*|skyrocket\w*|slid\w*|slip\w*|plung\w+|cut\w*|rais\w+|reduc\w+|lower\w*|"
    r"expand\w*|shr[aiu]nk\w*|boost\w*|lift\w*|went|go|goes|going|doubl\w+|tripl\w+|move\w*|chang\w+|improv\w+|narrow\w*|"
    r"widen\w*|accelerat\w+|slow\w*|edg\w+|tumbl\w+|swell\w*|balloon\w*|halv\w+|rebound\w*|advanc\w+|eas\w+)\b", re.I)
_FALLS = re.compile(
    r"\b(?:fell|falls?|fallen|falling|declin(?:e|ed|es|ing)|dropp?(?:ed|s|ing)?|decreas(?:e|ed|es|ing)|shrank|shrunk|"
    r"shrinking|slipped|slid|plunged|contract(?:ed|s|ing)|down|slumped|tumbled|lost|losing|dipped|retreated|sank|sunk|"
    r"plummeted|reduced|weakened)(?: further| back| again| sharply| slightly)?(?: by)? "
    r"?(?:(?:more than|about|around|nearly|almost|over|roughly|some|an?|approximately|another|a further|at least|up to|"
    r"only|just|less than) ?)*$", re.I)
_FALL_AFTER = re.compile(
    r"(?:[ -](?:year-on-year|annual|monthly|quarterly|sharp|steep))? "
    r"(?:declines?|drops?|falls?|decreases?|reductions?|contractions?|slumps?|lower|less|fewer|dip|plunge)\b", re.I)
_RATIO = re.compile(
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|\d+)(?: (?:in|out of)(?: every)?|-in-) ?"
    r"(?:two|three|four|five|six|seven|eight|nine|ten|twenty|\d{1,3})\b(?! (?:years|months|weeks|days|decades|quarters))", re.I)
_TIMES = re.compile(r"[- ]times?(?= (?:the|that|its|their|his|as|more|higher|larger|greater|bigger|faster|less|lower|what|over|"
                    r"those|this|longer|cheaper|smaller|compared|above|than|earnings|of)\b)")
_OFTEN = re.compile(r"[- ]times\b")
_PLACED = re.compile(r"\b(?:rank(?:s|ed|ing)?|plac(?:e|es|ed)|finished|came|comes|stands|stood|position(?:ed)?)(?: [a-z]+)?(?: the)? $", re.I)
_PLACE = re.compile(r"[ -](?:place|position|spot|rank|largest|biggest|highest|most|busiest|longest|fastest|smallest|lowest|"
                    r"oldest|richest|leading|top|strongest|deepest|tallest|greatest|best|prize)", re.I)
_ANNIVERSARY = re.compile(r"[ -](?:[a-z]+ )?(?:anniversary|birthday|jubilee|year)\b", re.I)
_OWNED_FIRST = re.compile(r"\b(?:the|its|their|his|her|our|an?|very|[A-Za-z]+'s?) $", re.I)
_NOT_FIRST = re.compile(r"[ -](?:time|of|to|and|place|step|phase|stage|part|announced|proposed|began|came|half|quarter|is|was|,)\b", re.I)
_WORD_TAIL = re.compile(r"-(?!year|day|month|week|hour|minute|mega|giga|kilo|percent|per|point|member|nation|storey|seat|"
                        r"strong|country|room|bed|metre|meter|km|ton|mile|acre|hectare|foot|dollar|euro|largest|biggest|"
                        r"highest|busiest|most|ranked|odd|plus|times|unit|place|barrel|litre|liter|inch|kg)[a-z]")
# fmt: on


def read_line(line: str, reference: date | None, own: Collection[str]) -> LineFigures:
    """Return what is seen in a plain line; `own` are the units that the ledger has.

    >>> seen = read_line(
    ...     "In 2023 more than 40 firms sold 28.3% of 3 to 4 million tonnes.", None, ["count", "percent", "t"]
    ... )
    >>> [(one.value, one.unit, one.hedge, one.reason) for one in seen.figures]
    [('40', 'count', 'more_than', ''), ('28.3', 'percent', 'none', ''), ('3', 't', 'none', 'range (not yet expressible)')]
    >>> [aside.reason for aside in seen.asides]
    ['calendar year']
    """
    dates = [phrase for phrase in find_dates(line, reference) if not _is_amount(line, phrase, own)]
    asides = [Aside(phrase.start, phrase.end, phrase.aside) for phrase in dates if phrase.aside]
    asides += [one for one in find_asides(line) if not _overlaps(one, asides)]
    ranks = [_rank(rank) for rank in find_ranks(line)]
    numerals = [
        each
        for each in find_numerals(line)
        if not _overlaps(each, asides) and not (each.form == "ordinal" and _overlaps(each, ranks))
    ]
    numbers = list(_figures(line, numerals, asides, own))
    ranks = [rank for rank in ranks if not any(rank.start < other.end and other.start < rank.end and other.unit == "rank"
                                               for other in numbers)]  # fmt: skip
    years = list(_horizons(line, dates, numbers, own))
    asides = [one for one in asides if not any(one.start <= year.number_start < one.end for year in years)]
    return LineFigures(sorted([*numbers, *ranks, *years]), sorted(asides), dates)


def _overlaps(one: Numeral | Aside, others: Sequence[Aside | Figure]) -> bool:
    return any(one.start < other.end and other.start < one.end for other in others)


def _is_amount(line: str, phrase: DatePhrase, own: Collection[str]) -> bool:
    """Return whether four digits that could be a year are a number of things: 1700 kilometers, over 2000 firms."""
    if phrase.aside != "calendar year" or not line[phrase.start : phrase.end].isdigit():
        return False
    before = line[: phrase.start]
    unit = unit_after(line, phrase.end, own)
    if unit and unit.id not in ("year", "second", "V", "W", "g", "l", "m"):
        return True
    if _HEDGED.search(before) and not line[phrase.end :].startswith((",", ".")):
        return True
    plural = _PLURAL_NEXT.match(line, phrase.end)
    return bool(plural and before.strip() and not _TIME_WORDS.search(before))


def _rank(rank: tuple) -> Figure:
    start, end, vague, hedge = rank
    reason = f"one of several firsts {NOT_YET}" if vague else ""
    return Figure(start, start, end, "1", 1, "rank", hedge, "rank", reason)


def _horizons(
    line: str, dates: Sequence[DatePhrase], numbers: Sequence[Figure], own: Collection[str]
) -> Iterator[Figure]:
    """Yield the years ahead for which something is planned, unless they only date another figure nearby."""
    for phrase in dates:
        years = re.findall(r"\d{4}", line[phrase.start : phrase.end])
        if phrase.period.kind != "horizon" or len(years) != 1 or "calendar_year" not in own:
            continue
        clause = re.split(r"[.;,]\s", line[: phrase.start])[-1]
        first = phrase.start - len(clause)
        dated = [one for one in numbers if first <= one.start < phrase.start and one.unit not in ("year", "day")]
        opens = len(clause.split()) <= 1  # "By 2030, trade …"
        dated += [one for one in numbers if opens and phrase.end <= one.start < phrase.end + 90 and not
                  re.search(r"[.;]\s", line[phrase.end : one.start])]  # fmt: skip
        if not dated:
            start = phrase.end - 4
            yield Figure(start, phrase.start, phrase.end, years[0], 1, "calendar_year", "exact", "year")


def _figures(line: str, numerals: Sequence[Numeral], asides: list[Aside], own: Collection[str]) -> Iterator[Figure]:
    """Yield a figure for each number; one that is none is added to `asides`."""
    ratios = [Aside(match.start(), match.end(), f"ratio {NOT_YET}") for match in _RATIO.finditer(line)]
    read = []
    for numeral in numerals:
        ratio = next((one for one in ratios if one.start <= numeral.start < one.end), None)
        if ratio and numeral.form in ("digits", "words"):
            if numeral.start == ratio.start:
                read.append(Figure(*ratio[:1], *ratio[:2], numeral.value, 1, "count", "none", "ratio", ratio.reason))
            continue
        if read and numeral.start < read[-1].end and numeral.start > read[-1].number_start and read[-1].unit != "count":
            continue  # it is part of a unit, such as a twenty-foot one
        if reason := _no_figure(line, numeral, own):
            asides.append(Aside(numeral.start, numeral.end, reason))
        else:
            read.append(_figure(line, numeral, own))
    yield from _joined(line, read)


def _no_figure(line: str, numeral: Numeral, own: Collection[str]) -> str:
    """Return why a number is no figure, "" if it is one."""
    before, after = line[: numeral.start], line[numeral.end :]
    printed = line[numeral.start : numeral.end].lower()
    if printed == "first" and (not _OWNED_FIRST.search(before) or _NOT_FIRST.match(after) or not after[:2].strip()):
        return "ordinal as an adverb"
    if printed == "second" and before.endswith(("per ", "a ")) and not re.match(r" [a-zA-Z]", after):
        return "fixed phrase"
    if numeral.form == "words" and _WORD_TAIL.match(after):
        return "number in a word"
    if printed == "one" and not unit_after(line, numeral.end, own) and not re.search(r"\b(?:only|just|than) $", before):
        return "“one” as a word"
    if printed in ("hundreds", "thousands", "scores", "dozens", "decades", "centuries", "millions") and _idle(after):
        return "number in a word"
    return ""


def _idle(after: str) -> bool:
    """Return whether "decades" and the like count nothing that is named."""
    return not re.match(r" (?:of|more|and)\b", after)


def _figure(line: str, numeral: Numeral, own: Collection[str]) -> Figure:
    """Return a number as a figure by itself: with its unit, its hedge, and the words that print it."""
    start, currency = currency_before(line, numeral.start)
    unit = rate_after(line, Unit(numeral.end, currency)) if currency else _unit(line, numeral, own)
    value, multiplier = numeral.value, numeral.multiplier
    if numeral.form == "fraction" and unit.id != "percent":
        multiplier = 1
    if unit.multiplier in (10, 100):  # decades, centuries
        value = _times(value, unit.multiplier)
    else:
        multiplier *= unit.multiplier
    unit = _per_year(line, unit, own)
    if unit.id == "count":
        unit = rate_after(line, Unit(_with_noun(line, start, unit.end, "count"), "count"))
        unit = unit if unit.per else Unit(numeral.end, "count")
    hedge, first, last = find_hedge(line, start, max(unit.end, numeral.end), unit.id, (numeral.end,))
    if _is_negative(line, start, unit):
        value = f"-{value}"
    hedge = _counted(hedge, unit.id, numeral)
    end = _with_noun(line, first, max(last, unit.end), unit.id)
    return Figure(
        numeral.start,
        first,
        end,
        value,
        multiplier,
        _unit_id(unit, own),
        hedge,
        numeral.form,
        _why_not(unit, numeral, own),
    )


def _unit_id(unit: Unit, own: Collection[str]) -> str:
    """Return the id of a unit; what is said of a year, as in 5 percent a year, needs none of its own."""
    return unit.id if unit.per == "year" and unit.full_id not in own else unit.full_id


def _times(value: str, factor: int) -> str:
    return f"{float(value) * factor:.12g}" if "/" not in value else value


def _unit(line: str, numeral: Numeral, own: Collection[str]) -> Unit:
    """Return the unit of a number that no currency precedes."""
    end, form = numeral.end, numeral.form
    if form == "multiple":
        return Unit(end, "times")
    if form == "ordinal":
        return _ordinal_unit(line, numeral)
    if form == "fraction":
        found = next((unit_after(line, match.end(), own) for pattern in (_HALF_A, _OF)
                      if (match := pattern.match(line, end)) and pattern is _HALF_A), None)  # fmt: skip
        found = found or (unit_after(line, end, own) if line[end : end + 1] in " -" else None)
        return found if found and found.id not in ("percent",) else Unit(end, "percent")
    if form in ("lots", "words", "vague") and (match := _OF.match(line, end)):
        end = match.end()
    if _TIMES.match(line, end) or (_OFTEN.match(line, end) and _CHANGES.search(line[max(0, end - 60) : end])):
        return Unit(end + 1 + len("times"), "times")
    if re.search(r"(?:decades?|century|centuries)(?: of)?$", line[numeral.start : end], re.I):
        return Unit(numeral.end, "year")
    found = unit_after(line, end, own)
    if found is None and (match := _UNIT_ADJECTIVE.match(line, end)):
        found = unit_after(line, match.end(), own)
    return found or Unit(numeral.end, "count")


def _ordinal_unit(line: str, numeral: Numeral) -> Unit:
    if match := _ANNIVERSARY.match(line, numeral.end):
        return Unit(match.end(), "year")
    before = line[: numeral.start]
    if superlative := next((rank for rank in find_ranks(line) if 0 < rank.start - numeral.end < 3), None):
        return Unit(superlative.end, "rank")
    is_rank = _PLACE.match(line, numeral.end) or _PLACED.search(before) or numeral.value == "1"
    return Unit(numeral.end, "rank" if is_rank else "count")


def _per_year(line: str, unit: Unit, own: Collection[str]) -> Unit:
    """Return a unit that the ledger also has per year so if the words near it say that the figure is yearly."""
    if unit.per or f"{unit.id}_per_year" not in own:
        return unit
    near = line[max(0, unit.end - 110) : unit.end]
    yearly = re.search(r"\b(?:annual|yearly|annually|each year|every year)\b[^.;]*$", near, re.I)
    return unit._replace(per="year") if yearly else unit


def _counted(hedge: str, unit: str, numeral: Numeral) -> str:
    """Return the hedge of a figure whose words state none: dozens are at least two, 45 projects are an enumeration."""
    if hedge != "none":
        return hedge
    if numeral.form == "lots":
        return "at_least"
    if numeral.form == "ordinal" or unit == "rank":
        return "exact"
    is_round = numeral.value.endswith("0") and numeral.point > 20
    is_whole = numeral.multiplier == 1 and numeral.point.denominator == 1
    return "exact" if unit == "count" and is_whole and not is_round else "none"


def _is_negative(line: str, start: int, unit: Unit) -> bool:
    """Return whether a percentage is one of a fall, or is printed with a minus."""
    before = line[:start]
    if re.search(r"(?:(?:^|[ (])-|\bminus )$", before):
        return True
    is_change = unit.id in ("percent", "percentage_points")
    return is_change and bool(_FALLS.search(before[-60:]) or _FALL_AFTER.match(line, unit.end))


def _why_not(unit: Unit, numeral: Numeral, own: Collection[str]) -> str:
    """Return why no row can express a figure, "" if one can."""
    if numeral.form == "vague":
        return f"order of magnitude {NOT_YET}"
    if unit.per and unit.full_id not in own and unit.per != "year":
        return f"rate per {unit.per.replace('_', ' ')} {NOT_YET}"
    if unit.id not in own and unit.full_id not in own:
        return f"unit {unit.id}, which the ledger does not have"
    return ""


def _with_noun(line: str, start: int, end: int, unit: str) -> int:
    """Return where the words of a figure end, with the things that are counted."""
    if unit in ("count", "times") and (match := _NOUN.match(line, end)):
        last = match.end()
        while len(line[start:last].split()) > MOST_WORDS:
            last = line.rindex(" ", start, last)
        return last
    return end


# -- figures beside each other -----------------------------------------------------------------------------------------


def _joined(line: str, figures: Sequence[Figure]) -> Iterator[Figure]:
    """Yield figures with the unit and the scale that they share with the next, two ends of a range as one."""
    shared = [_clipped(one, after) for one, after in pairwise([*figures, None]) if one]
    for index in range(1, len(shared)):
        shared[index] = _with_unit_before(line, shared[:index], shared[index])
    for index in range(len(shared) - 2, -1, -1):
        shared[index] = _with_shared_unit(line, shared[index], shared[index + 1])
    skip = False
    for one, after in pairwise([*shared, None]):
        if one is None or skip:
            skip = False
        elif after and _is_range(line, one, after):
            skip = True
            start, end = min(one.start, one.number_start), after.end
            yield one._replace(start=start, end=end, unit=after.unit, form="range", reason=f"range {NOT_YET}")
        else:
            yield one


def _clipped(one: Figure, after: Figure | None) -> Figure:
    """Return a figure whose words end before those of the next."""
    return one._replace(end=min(one.end, after.start)) if after and one.number_start < after.start else one


def _with_unit_before(line: str, earlier: Sequence[Figure], after: Figure) -> Figure:
    """Return a figure without a unit with that of one before: $3-4 billion; 5 tonnes in May and 6.1 in June."""
    if after.unit != "count" or after.form != "digits":
        return after
    hedge = "none" if after.hedge == "exact" else after.hedge
    bare = not _NOUN.match(line, _number_end(line, after))
    amount = after.multiplier > 1 or "." in after.value
    for one in reversed(earlier):
        gap = _gap(line, one, after)
        if re.search(r"[.;] ", gap):
            break
        near = one is earlier[-1] and _BESIDE.fullmatch(gap)
        leads = re.search(r"(?:\b(?:to|from|against|versus|than|of|and|or)|-) *$", gap)
        measured = one.unit not in _NO_MEASURE and not one.unit.startswith("count")
        if (near and measured) or (bare and leads and (amount if measured else one.unit == "percent" and near)):
            return after._replace(unit=one.unit, hedge=hedge, reason=one.reason if one.reason[:4] == "unit" else "")
    return after


def _gap(line: str, one: Figure, after: Figure) -> str:
    """Return what is between two numbers, without currency and hedge of the second."""
    start, _ = currency_before(line, after.number_start)
    number_end = _number_end(line, one)
    return line[number_end:start]


def _number_end(line: str, one: Figure) -> int:
    return next((each.end for each in find_numerals(line) if each.start == one.number_start), one.end)


def _with_shared_unit(line: str, one: Figure, after: Figure) -> Figure:
    """Return a figure that has no unit of its own with that of the next: from 12 to 15 percent, 5 and 7 percent."""
    gap = _gap(line, one, after)
    plainly = one.unit == "count" and after.unit not in ("count", "rank", "times") and one.form in ("digits", "words")
    scaled = one.multiplier == 1 and after.multiplier > 1 and one.form == after.form == "digits"
    if not (_BETWEEN.fullmatch(gap) or _LISTED.fullmatch(gap) or gap in (" and ", " to ")):
        return one
    if plainly and not re.search(r"(?:19|20)\d\d$", one.value):
        hedge = "none" if one.hedge == "exact" else one.hedge
        multiplier = after.multiplier if scaled or one.multiplier == 1 else one.multiplier
        return one._replace(unit=after.unit, multiplier=multiplier, hedge=hedge, end=_number_end(line, one),
                            reason=after.reason if "range" not in after.reason else "")  # fmt: skip
    if scaled and one.unit == after.unit and _BETWEEN.fullmatch(gap):
        return one._replace(multiplier=after.multiplier, hedge="none" if one.hedge == "exact" else one.hedge)
    return one


def _is_range(line: str, one: Figure, after: Figure) -> bool:
    """Return whether two figures are the ends of a range, and not a change from one to the other."""
    if one.form not in ("digits", "words", "fraction") or after.form not in ("digits", "words", "fraction"):
        return False
    gap, before = _gap(line, one, after), line[: currency_before(line, one.number_start)[0]]
    whole = line[min(_number_end(line, one), after.start) : currency_before(line, after.number_start)[0]]
    if one.unit != after.unit:
        return False
    tail = re.search(r"(?: ?- ?| to | and | or )$", whole)
    own_unit = whole[: tail.start()] if tail else whole
    if not tail or (own_unit and not unit_after(line, _number_end(line, one), (one.unit,))):
        return False
    word = tail.group().strip()
    between = re.search(r"\bbetween (?:about |around |roughly |some )?$", before[-30:], re.I)
    if word == "and":
        return bool(between)
    if word == "or":
        return gap == " or " and one.form == "words"
    return word == "-" or not (re.search(r"\bfrom (?:about |around |some |a mere |just |only )?$", before[-30:], re.I) and
                               _CHANGES.search(re.split(r"[.;] ", before)[-1]))  # fmt: skip
