"""Figures beside each other in a line: what they share, and the two ends of a range."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from report.propose import wording
from report.propose.currencies import currency_before
from report.propose.falls import is_fall, negated
from report.propose.ranges import as_range
from report.propose.seen import SeenFigure
from report.propose.seen import before as look_back
from report.propose.units import unit_after

__all__ = ["join_figures"]

_NEAR = 6  # figures before one, of which it may have the unit
_RANGE = 5  # of a range after "by", at most so many times its lower end is its upper
_PLAIN = ("digits", "words")
_NO_MEASURE = ("percent", "rank", "times", "year", "calendar_year")


def join_figures(line: str, figures: Sequence[SeenFigure]) -> Iterator[SeenFigure]:
    """Yield figures with the unit and the scale that they share with the next, two ends of a range as one."""
    shared = [_clipped(one, after) for one, after in pairwise([*figures, None]) if one]
    for index in range(1, len(shared)):
        if not _opens_range(line, shared[index], shared[index + 1 :]):
            shared[index] = _with_unit_before(line, shared[max(0, index - _NEAR) : index], shared[index])
    for index in range(len(shared) - 2, -1, -1):
        shared[index] = _with_shared_unit(line, shared[index], shared[index + 1])
    skip = False
    for one, after in pairwise([*shared, None]):
        if one is None or skip:
            skip = False
        elif after and _is_range(line, one, after):
            skip = True
            yield as_range(line, one, after)
        else:
            yield one


def _clipped(one: SeenFigure, after: SeenFigure | None) -> SeenFigure:
    """Return a figure whose words end before those of the next."""
    return one._replace(end=min(one.end, after.start)) if after and one.number_start < after.start else one


def _opens_range(line: str, one: SeenFigure, later: Sequence[SeenFigure]) -> bool:
    """Return whether a figure is the lower end of a range whose unit follows: by 25 basis points, to 3-4 percent."""
    return bool(later) and later[0].unit != "count" and _gap(line, one, later[0]).strip() == "-"


def _with_unit_before(line: str, earlier: Sequence[SeenFigure], after: SeenFigure) -> SeenFigure:
    """Return a figure without a unit with that of one before: $3-4 billion; 5 tonnes in May and 6.1 in June."""
    if (rated := earlier[-1]).unit.startswith(f"{after.unit}_per_") and after.unit != "count":
        # 1,240 a month, compared with 1,150
        is_compared = wording.COMPARED.search(_gap(line, rated, after))
        return after._replace(unit=rated.unit, reason=rated.reason) if is_compared else after
    if after.unit != "count" or after.form != "digits":
        return after
    hedge = "none" if after.hedge == "exact" else after.hedge
    bare = not wording.NOUN.match(line, after.number_end)
    amount = after.multiplier > 1 or "." in after.value
    for one in reversed(earlier):
        gap = _gap(line, one, after)
        if re.search(r"[.;] ", gap):
            break
        near = one is earlier[-1] and wording.BESIDE.fullmatch(gap)
        leads = re.search(r"(?:\b(?:to|from|against|versus|than|of|and|or|by|is|allows|the)|[-(]) *$", gap)
        if near and one.unit == "count":
            break
        measured = one.unit not in _NO_MEASURE and not one.unit.startswith("count")
        alike = one.point and Fraction(1, 3) <= abs(after.point / one.point) <= 3
        is_end = (
            one.unit == "percent"
            and near
            and re.search(r"\bfrom (?:about |some )?$", look_back(line, one.number_start))
        )
        if is_end or (measured and (near or (bare and leads and (amount or alike)))):
            return after._replace(unit=one.unit, hedge=hedge, reason=one.reason if one.reason[:4] == "unit" else "")
    if _goes_on(line, earlier[-1], after):
        return after._replace(unit=earlier[-1].unit, hedge=hedge, reason=earlier[-1].reason)
    return after


def _goes_on(line: str, one: SeenFigure, after: SeenFigure) -> bool:
    """Return whether a bare figure is of what the sentence before measures: 58% came. It should have been 70."""
    before, rest = look_back(line, after.number_start), line[after.number_end :]
    ends = re.findall(r"[.!?]\"? ", _gap(line, one, after))
    is_measured = one.unit not in ("count", "rank", "times", "calendar_year") and not one.unit.startswith("count_")
    return is_measured and len(ends) == 1 and bool(wording.IT_IS.search(before) and re.match(r"[.,;)]|$", rest))


def _gap(line: str, one: SeenFigure, after: SeenFigure) -> str:
    """Return what is between two numbers, without currency and hedge of the second."""
    start, _ = currency_before(line, after.number_start)
    number_end = one.number_end
    return line[number_end:start]


def _with_shared_unit(line: str, one: SeenFigure, after: SeenFigure) -> SeenFigure:
    """Return a figure that has no unit of its own with that of the next: 5 and 7 percent, $80 to $85 a barrel."""
    gap = _gap(line, one, after)
    plainly = (
        one.unit == "count"
        and after.unit not in ("count", "rank", "times")
        and one.form in _PLAIN
        and after.form in _PLAIN
    )
    scaled = one.multiplier == 1 and after.multiplier > 1 and one.form == after.form == "digits"
    if not (wording.BETWEEN.fullmatch(gap) or wording.LISTED.fullmatch(gap) or gap in (" and ", " to ")):
        return one
    if plainly and not re.search(r"(?:19|20)\d\d$", one.value):
        hedge = "none" if one.hedge == "exact" else one.hedge
        multiplier = after.multiplier if scaled or one.multiplier == 1 else one.multiplier
        value = negated(one.value) if is_fall(line, one.start, after.end, after.unit) else one.value
        return one._replace(
            value=value, unit=after.unit, multiplier=multiplier, hedge=hedge, end=one.number_end,
            reason=after.reason if "range" not in after.reason else "",
        )  # fmt: skip
    if after.unit.startswith(f"{one.unit}_per_"):
        one = one._replace(unit=after.unit, reason=after.reason)
    if scaled and one.unit == after.unit and wording.BETWEEN.fullmatch(gap):
        return one._replace(multiplier=after.multiplier, hedge="none" if one.hedge == "exact" else one.hedge)
    return one


def _is_range(line: str, one: SeenFigure, after: SeenFigure) -> bool:
    """Return whether two figures are the ends of a range, and not a change from one to the other."""
    if one.form not in ("digits", "words", "fraction") or after.form not in ("digits", "words", "fraction"):
        return False
    gap = _gap(line, one, after)
    before = re.sub(r"(?:-|minus )$", "", look_back(line, currency_before(line, one.number_start)[0]))
    whole = line[min(one.number_end, after.start) : currency_before(line, after.number_start)[0]]
    if one.unit != after.unit:
        return False
    tail = re.search(r"(?: ?- ?| to | and | or )$", whole)
    own_unit = whole[: tail.start()] if tail else whole
    if not tail or (own_unit and not _is_whole_unit(line, one.number_end, own_unit, one.unit)):
        return False
    word = tail.group().strip()
    between = re.search(r"\bbetween (?:about |around |roughly |some )?$", before, re.I)
    if word == "and":
        return bool(between)
    if word == "or":
        return gap == " or " and one.form == "words"
    verb = "from|by" if own_unit or currency_before(line, one.number_start)[1] else "from"
    opening = re.search(rf"\b(?:{verb}) (?:about |around |some |a mere |just |only )?$", before, re.IGNORECASE)
    if (
        word == "to"
        and one.unit == "count"
        and abs(after.point) > _RANGE * abs(one.point)
        and wording.BY.search(before)
    ):
        return False  # it fell by 430 to 5,170
    return word == "-" or not (opening and wording.CHANGES.search(re.split(r"[.;] ", before)[-1]))


def _is_whole_unit(line: str, end: int, words: str, unit: str) -> bool:
    """Return whether what is between a number and the next is its unit and nothing else."""
    found = unit_after(line, end, (unit,))
    return found is not None and found.end == end + len(words)
