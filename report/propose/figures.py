"""The figures of a line: each number or superlative with its unit and its hedge, or the reason why it is set aside.

Recall before precision: what could be a figure is one, and a person decides. What a ledger's row cannot express yet,
such as a range of fractions, is set aside by name, so that it is counted and seen.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from claims.ledger.intervals import RANGE

from report.propose import wording
from report.propose.asides import Aside, find_asides
from report.propose.beside import join_figures
from report.propose.currencies import currency_before
from report.propose.dates import DatePhrase, find_dates
from report.propose.falls import has_minus, is_fall, negated
from report.propose.hedges import find_hedge
from report.propose.numerals import Numeral, find_numerals
from report.propose.ranges import why_no_range
from report.propose.ranks import Rank, find_ranks
from report.propose.seen import NOT_YET, UNCLEAR, SeenFigure
from report.propose.seen import before as look_back
from report.propose.units import ANY, Unit, rate_after, unit_after

__all__ = ["MOST_WORDS", "LineFigures", "read_line"]

_REACH = 80  # letters after an ordinal in which its superlative ends
_CLAUSE = 400  # letters of the longest clause that is looked at
MOST_WORDS = 10  # of what a row prints


class LineFigures(NamedTuple):
    """What was seen in a line: figures, other numbers with the reason why they are none, and phrases of time."""

    figures: list[SeenFigure]
    asides: list[Aside]
    dates: list[DatePhrase]


def read_line(line: str, reference: date | None, own: Collection[str]) -> LineFigures:
    """Return what is seen in a plain line; `own` are the units that the ledger has, ANY among them if it allows others.

    >>> seen = read_line(
    ...     "In 2023 more than 40 firms sold 28.3% of 3 to 4 million tonnes.", None, ["count", "percent", "t"]
    ... )
    >>> [(one.value, one.unit, one.hedge) for one in seen.figures]
    [('40', 'count', 'more_than'), ('28.3', 'percent', 'none'), ('3..4', 't', 'none')]
    >>> [aside.reason for aside in seen.asides]
    ['calendar year']
    """
    dates = [phrase for phrase in find_dates(line, reference) if not _is_amount(line, phrase, own)]
    asides = [Aside(phrase.start, phrase.end, phrase.aside) for phrase in dates if phrase.aside]
    asides += [one for one in find_asides(line) if not _overlaps(one, asides)]
    ranks = [_rank(rank) for rank in find_ranks(line)]
    numerals = [
        each
        for each in (_as_ordinal(line, one) for one in find_numerals(line))
        if not _overlaps(each, asides) and not (each.form == "ordinal" and _overlaps(each, ranks))
    ]
    numbers = list(_figures(line, numerals, asides, own))
    ranked = [one for one in numbers if one.unit == "rank"]
    ranks = [rank for rank in ranks if not _overlaps(rank, ranked)]
    years = list(_horizons(line, dates, numbers, own))
    asides = [one for one in asides if not any(one.start <= year.number_start < one.end for year in years)]
    return LineFigures(sorted([*numbers, *ranks, *years]), sorted(asides), dates)


def _overlaps(one: Numeral | Aside | SeenFigure, others: Sequence[Aside | SeenFigure]) -> bool:
    return any(one.start < other.end and other.start < one.end for other in others)


def _is_amount(line: str, phrase: DatePhrase, own: Collection[str]) -> bool:
    """Return whether four digits that could be a year are a number of things: 1700 kilometers, over 2000 firms."""
    if phrase.aside != "calendar year" or not line[phrase.start : phrase.end].isdigit():
        return False
    before = look_back(line, phrase.start)
    unit = unit_after(line, phrase.end, own)
    if unit and unit.id not in ("year", "second", "V", "W", "g", "l", "m"):
        return True
    plural = wording.PLURAL_NEXT.match(line, phrase.end)
    return bool(plural and before.strip() and not wording.TIME_WORDS.search(before))


def _rank(rank: Rank) -> SeenFigure:
    reason = f"one of several firsts {NOT_YET}" if rank.is_vague else ""
    return SeenFigure(rank.start, rank.end, rank.start, rank.end, "1", 1, "rank", rank.hedge, "rank", reason)


def _horizons(
    line: str, dates: Sequence[DatePhrase], numbers: Sequence[SeenFigure], own: Collection[str]
) -> Iterator[SeenFigure]:
    """Yield the years ahead for which something is planned, unless they only date another figure nearby."""
    for phrase in dates:
        years = re.findall(r"\d{4}", line[phrase.start : phrase.end])
        if phrase.period.kind != "horizon" or len(years) != 1 or "calendar_year" not in own:
            continue
        clause = re.split(r"[.;,]\s", line[max(0, phrase.start - _CLAUSE) : phrase.start])[-1]
        first = phrase.start - len(clause)
        dated = [one for one in numbers if first <= one.start < phrase.start and one.unit not in ("year", "day")]
        opens = len(clause.split()) <= 1  # "By 2030, trade …"
        dated += [one for one in numbers if opens and phrase.end <= one.start < phrase.end + 90 and not
                  re.search(r"[.;]\s", line[phrase.end : one.start])]  # fmt: skip
        if not dated:
            start = phrase.end - 4
            yield SeenFigure(start, phrase.end, phrase.start, phrase.end, years[0], 1, "calendar_year", "exact", "year")


def _as_ordinal(line: str, numeral: Numeral) -> Numeral:
    """Return a number, or the place in a row that it is: to open a third shop is no part of one."""
    printed = line[numeral.start : numeral.end].lower()
    is_made = wording.MAKES.search(look_back(line, numeral.start)) and wording.THING_NEXT.match(line, numeral.end)
    is_made = is_made or wording.THING_IS.match(line, numeral.end)
    if numeral.form != "fraction" or not printed.startswith("a ") or not is_made or numeral.value in ("1/2", "1/4"):
        return numeral
    return numeral._replace(start=numeral.start + 2, value=numeral.value[2:], multiplier=1, form="ordinal")


def _figures(line: str, numerals: Sequence[Numeral], asides: list[Aside], own: Collection[str]) -> Iterator[SeenFigure]:
    """Yield a figure for each number; one that is none is added to `asides`."""
    ratios = [match for match in wording.RATIO.finditer(line) if match["left"] or Fraction(_share(match)) < 1]
    read: list[SeenFigure] = []
    for numeral in numerals:
        ratio = next((one for one in ratios if one.start() <= numeral.start < one.end()), None)
        if ratio and numeral.form in ("digits", "words"):
            if not any(one.form == "ratio" and one.end == ratio.end() for one in read):
                read.append(_ratio(line, ratio))
            continue
        if read and numeral.start < read[-1].end and numeral.start > read[-1].number_start and read[-1].unit != "count":
            continue  # it is part of a unit, such as a twenty-foot one
        if reason := _no_figure(line, numeral, own):
            asides.append(Aside(numeral.start, numeral.end, reason))
        else:
            read.append(_figure(line, numeral, own))
    yield from join_figures(line, read)


def _share(match: re.Match[str]) -> str:
    """Return the value of "one in eight", or of a ratio of 19 to 1."""
    sides = (match["top"] or match["left"], match["under"] or match["right"])
    return "/".join(next(find_numerals(text)).value for text in sides)


def _ratio(line: str, match: re.Match[str]) -> SeenFigure:
    """Return "one in eight" as a share, or a ratio of 19 to 1 as a figure that no row can express yet.

    "It opened two in three cities" may count shops, so it is no share unless it opens its sentence.
    """
    start = match.start("left") if match["left"] else match.start()
    hedge, first, last = find_hedge(line, start, match.end(), "percent")
    multiplier, unit, reason = (100, "percent", "") if match["top"] else (1, "ratio", f"ratio {NOT_YET}")
    in_places = (
        " in " in match.group() and "every" not in match.group() and wording.PLACES_NEXT.match(line, match.end())
    )
    if match["top"] and in_places and not wording.RATIO_OPENS.search(look_back(line, start)):
        reason = UNCLEAR
    return SeenFigure(start, match.end(), first, last, _share(match), multiplier, unit, hedge, "ratio", reason)


def _no_figure(line: str, numeral: Numeral, own: Collection[str]) -> str:
    """Return why a number is no figure, "" if it is one."""
    before, after = look_back(line, numeral.start), line[numeral.end : numeral.end + _CLAUSE]
    printed = line[numeral.start : numeral.end].lower()
    if printed == "first" and (
        not wording.OWNED_FIRST.search(before) or wording.NOT_FIRST.match(after) or not after[:2].strip()
    ):
        return "ordinal as an adverb"
    if printed == "second" and before.endswith(("per ", "a ")) and not re.match(r" [a-zA-Z]", after):
        return "fixed phrase"
    if numeral.form == "words" and wording.WORD_TAIL.match(after):
        return "number in a word"
    if printed == "one" and not unit_after(line, numeral.end, own) and not wording.COUNTED_ONE.search(before):
        return "“one” as a word"
    if numeral.form in ("lots", "order") and " " not in printed and _idle(after):
        return "number in a word"
    return ""


def _idle(after: str) -> bool:
    """Return whether "decades" and the like count nothing that is named."""
    return not re.match(r" (?:of|more|and)\b", after)


def _figure(line: str, numeral: Numeral, own: Collection[str]) -> SeenFigure:
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
    if value.endswith(".5") and (half := wording.AND_A_HALF.match(line, unit.end)):
        unit = unit._replace(end=half.end())
    unit = _per_year(line, unit, own)
    if unit.id == "count":
        unit = rate_after(line, Unit(_with_noun(line, start, unit.end, "count"), "count"))
        unit = unit if unit.per else Unit(numeral.end, "count")
    counted = wording.OF.match(line, numeral.end) if numeral.form in ("lots", "order") else None
    noun = _with_noun(line, start, max(unit.end, counted.end() if counted else numeral.end), unit.id)
    hedge, first, last = find_hedge(line, start, max(unit.end, numeral.end), unit.id, (numeral.end, noun))
    if has_minus(line, start) or is_fall(line, start, unit.end, unit.id):
        value = negated(value)
    hedge = _counted(hedge, unit.id, numeral)
    end = noun if counted else _with_noun(line, first, max(last, unit.end), unit.id)
    return SeenFigure(
        numeral.start,
        numeral.end,
        first,
        end,
        value,
        multiplier,
        _unit_id(unit, own),
        hedge,
        numeral.form,
        _why_not(unit, numeral, own) or (why_no_range(value, hedge) if numeral.form == "order" else ""),
    )


def _unit_id(unit: Unit, own: Collection[str]) -> str:
    """Return the id of a unit; what is said of a year, as in 5 percent a year, needs none of its own."""
    return unit.id if unit.per == "year" and unit.full_id not in own else unit.full_id


def _times(value: str, factor: int | Fraction) -> str:
    if "/" in value:
        return value
    return RANGE.join(f"{float(end) * factor:.12g}" for end in value.split(RANGE))


def _unit(line: str, numeral: Numeral, own: Collection[str]) -> Unit:
    """Return the unit of a number that no currency precedes."""
    end, form = numeral.end, numeral.form
    if form == "multiple":
        return Unit(end, "times")
    if form == "ordinal":
        return _ordinal_unit(line, numeral)
    if form == "digits" and (match := wording.JOINED_TIMES.match(line, end)):
        return Unit(match.end(), "times")
    if (match := wording.POINTS.match(line, end)) and wording.PERCENT.search(line) and not wording.INDEX.search(line):
        return Unit(match.end(), "percentage_points")
    if form == "fraction":
        found = next(
            (
                whole
                for pattern in (wording.HALF_A, wording.OF_A)
                if (match := pattern.match(line, end)) and (whole := unit_after(line, match.end(), own))
            ),
            None,
        )
        found = found or (unit_after(line, end, own) if line[end : end + 1] in " -" else None)
        return found if found and found.id != "percent" else Unit(end, "percent")
    if form in ("lots", "order", "words", "vague") and (match := wording.OF.match(line, end)):
        end = match.end()
    if wording.TIMES.match(line, end) or (
        wording.OFTEN.match(line, end) and wording.CHANGES.search(line[max(0, end - 60) : end])
    ):
        return Unit(end + 1 + len("times"), "times")
    if re.search(r"(?:decades?|century|centuries)(?: of)?$", line[numeral.start : end], re.I):
        return Unit(numeral.end, "year")
    found = unit_after(line, end, own)
    if found is None and (match := wording.UNIT_ADJECTIVE.match(line, end)):
        found = unit_after(line, match.end(), own)
    return found or Unit(numeral.end, "count")


def _ordinal_unit(line: str, numeral: Numeral) -> Unit:
    if match := wording.IN_A_ROW.match(line, numeral.end):
        return Unit(match.end(), match["unit"])
    if match := wording.RUN.match(line, numeral.end):
        return Unit(match.end(), "rank")
    if match := wording.ANNIVERSARY.match(line, numeral.end):
        return Unit(match.end(), "year")
    before, after = look_back(line, numeral.start), line[numeral.end : numeral.end + _REACH]
    if superlative := next((rank for rank in find_ranks(after) if 0 < rank.start < 3), None):
        return Unit(numeral.end + superlative.end, "rank")
    is_rank = wording.PLACE.match(line, numeral.end) or wording.PLACED.search(before) or numeral.value == "1"
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
    if hedge != "none" or numeral.form == "order":
        return hedge
    if numeral.form == "lots":
        return "at_least"
    if numeral.form == "ordinal" or unit == "rank":
        return "exact"
    is_round = numeral.value.endswith("0") and numeral.point > 20
    is_whole = numeral.multiplier == 1 and numeral.point.denominator == 1
    return "exact" if unit == "count" and is_whole and not is_round else "none"


def _why_not(unit: Unit, numeral: Numeral, own: Collection[str]) -> str:
    """Return why no row can express a figure, "" if one can."""
    if numeral.form == "vague":
        return f"order of magnitude {NOT_YET}"
    if ANY in own:
        return ""
    if unit.per and unit.full_id not in own and unit.per != "year":
        return f"rate per {unit.per.replace('_', ' ')} {NOT_YET}"
    if unit.id not in own and unit.full_id not in own:
        return f"unit {unit.id}, which the ledger does not allow"
    return ""


def _with_noun(line: str, start: int, end: int, unit: str) -> int:
    """Return where the words of a figure end, with the things that are counted."""
    if unit in ("count", "times") and (match := wording.NOUN.match(line, end)):
        last = match.end()
        while len(line[start:last].split()) > MOST_WORDS:
            last = line.rindex(" ", start, last)
        return last
    return end
