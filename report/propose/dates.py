"""Phrases of time in a plain line, and the period that each means, counted from the day of its text."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from claims.ledger.records import Period

from report.propose.numerals import find_numerals
from report.propose.wording import split

__all__ = ["UNDATED", "DatePhrase", "find_dates"]

UNDATED = Period("", "", "undated", "inferred")
_MONTHS = split("january february march april may june july august september october november december")
_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan\.?|Feb\.?|Mar\.?|Apr\.?|Jun\.?|Jul\.?|Aug\.?|Sept?\.?|Oct\.?|Nov\.?|Dec\.?)"
)
_YEAR = r"(?:1[5-9]|20|21)\d\d"
_DAY = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?"
_WHICH = rf"(?:of |in )?(?P<which>(?:the )?(?:year )?{_YEAR}|(?:this|last|next|the previous|the same|the current) year)"
_NTH = r"(?P<nth>first|second|third|fourth|1st|2nd|3rd|4th|last|final)"
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_AHEAD = re.compile(r"\b(?:will|would|is to|are to)\b[^.;]*$")  # a month after it is to come
_COUNT = r"(?P<count>\d+|(?:[A-Z][a-z]*|[a-z]+)(?:-[a-z]+)?)"


class DatePhrase(NamedTuple):
    """A phrase of time: where it is, its period, and what its digits are: a calendar year, a date, or "" for none."""

    start: int
    end: int
    period: Period
    aside: str

    @property
    def is_deictic(self) -> bool:
        """Return whether the period depends on the day of the text and no digits say when."""
        return not self.aside and self.period.basis == "inferred"


def find_dates(line: str, reference: date | None) -> list[DatePhrase]:
    """Return the phrases of time in a plain line, in order; the first rule that reads a place is the one that counts.

    >>> [
    ...     d.period.key
    ...     for d in find_dates("In 2023 and in the first quarter of this year, since 2005", date(2024, 7, 3))
    ... ]
    ['2023', '2024-Q1', '2005-01-01/2024-07-03']
    """
    taken: list[DatePhrase] = []
    for pattern, read, aside in _RULES:
        for match in pattern.finditer(line):
            if any(match.start() < other.end and other.start < match.end() for other in taken):
                continue
            if (period := read(match, reference)) is not None:
                printed = "calendar year" if read is not _past and re.search(r"\d{4}", match.group()) else ""
                taken.append(DatePhrase(match.start(), match.end(), period, aside or printed))
    return sorted(taken)


def _year(year: int, basis: str = "stated") -> Period:
    return Period(f"{year}-01-01", f"{year}-12-31", "year", basis)


def _months(first: tuple[int, int], last: tuple[int, int], basis: str) -> Period:
    """Return the months from one to another as a quarter if they are one, as a year, else as a window."""
    start, end = date(*first, 1), date(*last, monthrange(*last)[1])
    same_year, length = first[0] == last[0], (last[0] - first[0]) * 12 + last[1] - first[1] + 1
    kind = "quarter" if same_year and length == 3 and first[1] % 3 == 1 else "year" if length == 12 else "window"
    kind = "window" if kind == "year" and first[1] != 1 else kind
    return Period(start.isoformat(), end.isoformat(), kind, basis)


def _which_year(text: str | None, reference: date | None) -> tuple[int, str] | None:
    """Return the year that "of 2024" or "last year" means, and whether that is stated or inferred."""
    if text and (digits := re.search(r"\d{4}", text)):
        return int(digits.group()), "stated"
    if reference is None:
        return None
    shift = {"last": -1, "previous": -1, "next": 1}
    return reference.year + next((step for word, step in shift.items() if text and word in text.lower()), 0), "inferred"


def _month(text: str) -> int:
    return next(number for number, name in enumerate(_MONTHS, start=1) if name.startswith(text.lower()[:3]))


def _moment(day: date, basis: str) -> Period:
    return Period(day.isoformat(), day.isoformat(), "moment", basis)


def _day(match: re.Match[str], reference: date | None) -> Period | None:
    """Return a day; where a span of days is printed, the last of them."""
    year = match["year"]
    if not year and reference is None:
        return UNDATED
    try:
        day = int(re.sub(r"\D", "", match["day"]))
        return _moment(date(int(year or reference.year), _month(match["month"]), day), "stated" if year else "inferred")  # type: ignore[union-attr]
    except ValueError:
        return None


def _iso(match: re.Match[str], _: date | None) -> Period | None:
    try:
        return _moment(date.fromisoformat(match.group()), "stated")
    except ValueError:
        return None


def _month_span(match: re.Match[str], reference: date | None) -> Period | None:
    if (year := _which_year(match["which"], reference)) is None:
        return UNDATED
    first, last = _month(match["first"]), _month(match["last"])
    return _months((year[0] - (first > last), first), (year[0], last), year[1])


def _one_month(match: re.Match[str], reference: date | None) -> Period | None:
    year = _which_year(match["which"], reference)
    if year is None:
        return UNDATED
    month = _month(match["month"])
    if reference and match.group()[:5].lower() == "next ":
        year = year[0] + (month <= reference.month), year[1]
    elif not match["which"] and reference and _AHEAD.search(match.string[: match.start()]):
        year = year[0] + (month < reference.month), year[1]
    elif not match["which"] and reference and month > reference.month:
        year = year[0] - 1, year[1]
    return _months((year[0], month), (year[0], month), year[1])


def _part_of_year(match: re.Match[str], reference: date | None) -> Period | None:
    """Return a quarter or a half; without its year, and if it is not to come, the last one that has begun."""
    if (dated := _which_year(match["which"], reference)) is None:
        return UNDATED
    count = 4 if "q" in match.group().lower() else 2
    length, number, (year, basis) = 12 // count, _nth(match["nth"], count), dated
    if not match["which"] and reference and not _AHEAD.search(match.string[: match.start()]):
        current = (reference.month - 1) // length + 1
        number = (current - 1 or count) if match["nth"].lower() == "last" else number
        year -= number > current
    return _months((year, length * (number - 1) + 1), (year, length * number), basis)


def _nth(text: str, last: int) -> int:
    words = {"first": 1, "second": 2, "third": 3, "fourth": 4}
    number = words.get(text.lower()) or int(re.sub(r"\D", "", text) or last)
    return min(number, last)


def _first_months(match: re.Match[str], reference: date | None) -> Period | None:
    count, year = _count(match["count"]), _which_year(match["which"], reference)
    if count is None or not 1 <= count <= 12:
        return None
    return UNDATED if year is None else _months((year[0], 1), (year[0], count), year[1])


def _count(text: str) -> int | None:
    if text.lower() in ("", "a", "an"):
        return 1
    numerals = [each for each in find_numerals(text.lower()) if each.end - each.start == len(text)]
    return int(numerals[0].point) if numerals and numerals[0].point.denominator == 1 else None


def _past(match: re.Match[str], reference: date | None) -> Period | None:
    """Return the span back from the text's day, or on from it, as in "the past 15 years"."""
    count = _count(match["count"])
    if count is None or reference is None:
        return None if count is None else UNDATED
    unit = match["unit"].lower()
    if count > 3000:
        return None
    years = count * {"year": 1, "decade": 10}.get(unit, 0)
    days = count * {"month": 30.4375, "week": 7, "day": 1}.get(unit, 0)
    ahead = match["way"].lower() in ("next", "coming", "following")
    sign = 1 if ahead else -1
    try:
        other = _shifted(reference, sign * years) + timedelta(days=sign * round(days))
    except (ValueError, OverflowError):
        return None
    first, last = (reference, other) if ahead else (other, reference)
    return Period(first.isoformat(), last.isoformat(), "horizon" if ahead else "window", "inferred")


def _ago(match: re.Match[str], reference: date | None) -> Period | None:
    """Return the year, or the day, that lies so long before the day of the text."""
    count, unit = _count(match["count"]), match["unit"]
    if count is None or count > 3000:
        return None
    if reference is None:
        return UNDATED
    years = count * {"year": 1, "decade": 10}.get(unit, 0)
    if years:
        return _year(reference.year - years, "inferred") if years < reference.year - 1500 else None
    return _moment(reference - timedelta(days=round(count * {"month": 30.4375, "week": 7, "day": 1}[unit])), "inferred")


def _a_year_ago(_: re.Match[str], reference: date | None) -> Period | None:
    return _year(reference.year - 1, "inferred") if reference else UNDATED


def _within(match: re.Match[str], reference: date | None) -> Period | None:
    """Return the years back from the text's day in which something is the second or third of its kind."""
    count = _count(match["count"])
    if count is None or reference is None:
        return None if count is None else UNDATED
    if count >= reference.year:
        return None
    return Period(_shifted(reference, -count).isoformat(), reference.isoformat(), "window", "inferred")


def _months_to(match: re.Match[str], reference: date | None) -> Period | None:
    """Return the months that end with the one named: the six months to June."""
    count, year = _count(match["count"]), _which_year(match["which"], reference)
    if count is None or not 1 <= count <= 60:
        return None
    if year is None:
        return UNDATED
    month = _month(match["month"])
    late = not match["which"] and reference is not None and month > reference.month
    last = year[0] - late, month
    first = divmod(last[0] * 12 + last[1] - count, 12)
    return _months((first[0], first[1] + 1), last, year[1])


def _years_to(match: re.Match[str], _: date | None) -> Period | None:
    """Return the years that end with the one named: the five years to 2024."""
    count, last = _count(match["count"]), int(match["year"])
    if count is None or not 1 < count < 1000:
        return None
    return Period(f"{last - count + 1}-01-01", f"{last}-12-31", "window", "stated")


def _since_month(match: re.Match[str], reference: date | None) -> Period | None:
    """Return the time from the last month of that name to the text's day."""
    if reference is None:
        return UNDATED
    month = _month(match["month"])
    start = date(reference.year - (month > reference.month), month, 1)
    return Period(start.isoformat(), reference.isoformat(), "window", "inferred") if start < reference else None


def _by_month(match: re.Match[str], reference: date | None) -> Period | None:
    """Return the time to the end of the next month of that name."""
    if reference is None:
        return UNDATED
    month = _month(match["month"])
    year = reference.year + (month < reference.month)
    return Period(
        reference.isoformat(), date(year, month, monthrange(year, month)[1]).isoformat(), "horizon", "inferred"
    )


def _shifted(day: date, years: int) -> date:
    leap = day.month == 2 and day.day == 29
    return day.replace(year=day.year + years, day=28 if leap else day.day)


def _years(match: re.Match[str], _: date | None) -> Period | None:
    first, last = int(match["first"]), match["last"]
    end = int(last) if len(last) == 4 else first - first % 100 + int(last)
    return Period(f"{first}-01-01", f"{end}-12-31", "window", "stated") if first < end else None


def _since(match: re.Match[str], reference: date | None) -> Period | None:
    month = _month(match["month"]) if match["month"] else 1
    start = f"{match['year']}-{month:02d}-01"
    if reference is None:
        return Period(start, "", "window", "stated")
    end = reference.isoformat()
    return Period(start, end, "window", "inferred") if start < end else None


def _by(match: re.Match[str], reference: date | None) -> Period | None:
    year = int(match["year"])
    if reference is None or year >= reference.year:
        start = reference.isoformat() if reference else ""
        return Period(start, f"{year}-12-31", "horizon", "stated")
    return _year(year, "inferred")


def _bare_year(match: re.Match[str], reference: date | None) -> Period | None:
    year = int(match["year"])
    if reference and year > reference.year:
        return Period(reference.isoformat(), f"{year}-12-31", "horizon", "stated")
    return _year(year)


def _relative_year(match: re.Match[str], reference: date | None) -> Period | None:
    year = _which_year(match.group(), reference)
    return _year(*year) if year else UNDATED


def _now(_: re.Match[str], reference: date | None) -> Period | None:
    return _moment(reference, "inferred") if reference else UNDATED


def _weekday(match: re.Match[str], reference: date | None) -> Period | None:
    if reference is None:
        return UNDATED
    back = (reference.weekday() - _DAYS.index(match["name"])) % 7
    return _moment(reference - timedelta(days=back), "inferred")


def _decade(match: re.Match[str], _: date | None) -> Period | None:
    digits = match["decade"]
    first = int(digits) if len(digits) == 4 else 1900 + int(digits)
    return Period(f"{first}-01-01", f"{first + 9}-12-31", "window", "stated")


def _nothing(_: re.Match[str], __: date | None) -> Period | None:
    return UNDATED


_Reader = Callable[[re.Match[str], date | None], Period | None]
_Rule = tuple[re.Pattern[str], _Reader, str]
_OPTIONAL = f"(?: {_WHICH})?"
_DASH = r" ?(?:-|to|through|until|and) ?"
_AFTER_YEAR = r"(?![\d%]|,\d|\.\d)"


_Words = tuple[str, _Reader, str]


def _in_digits() -> Iterator[_Words]:
    """Yield the rules of phrases with a year, a month or a part of a year."""
    span = rf"(?:{_DAY}{_DASH})?(?P<day>{_DAY})"
    this = rf"(?P<year>{_YEAR}){_AFTER_YEAR}\b"
    year = rf"(?:,? (?:in )?(?P<year>{_YEAR}){_AFTER_YEAR})?"
    since = r"\b[Ss]ince (?:early |late |mid-?|the (?:start|beginning|end) of )?"
    yield from (
        (r"\b\d{4}-\d\d-\d\d\b", _iso, "date"),
        (rf"\b{span}(?: of)? (?P<month>{_MONTH}){year}(?!\w)", _day, "date"),
        (rf"\b(?P<month>{_MONTH}) {span}(?!\d|,\d|[ -](?:percent|million|billion)|%|\.\d){year}(?!\w)", _day, "date"),
        (rf"\b(?P<first>{_MONTH}){_DASH}(?P<last>{_MONTH})(?: (?:period|quarter)(?= of))?(?:,? {_WHICH})?(?!\w)",
         _month_span, ""),
        (rf"\b(?:the |in )?{_COUNT} months (?:to|through|ended|ending|until)(?: (?:the )?end of)? "
         rf"(?P<month>{_MONTH}){_OPTIONAL}(?!\w)", _months_to, "part of a date"),
        (rf"\b(?:the )?(?:first|same) {_COUNT} months{_OPTIONAL}(?!\w)", _first_months, "part of a date"),
        (rf"\b(?:the )?{_NTH}[ -]quarter{_OPTIONAL}(?!\w)", _part_of_year, "part of a date"),
        (rf"\bQ(?P<nth>[1-4])(?:,? {_WHICH})?(?!\w)", _part_of_year, "part of a date"),
        (rf"\b(?:the )?{_NTH} half{_OPTIONAL}(?!\w)", _part_of_year, "part of a date"),
        (rf"\bH(?P<nth>[12])(?:,? {_WHICH})?(?!\w)", _part_of_year, "part of a date"),
        (rf"{since}(?:(?P<month>{_MONTH}) )?{this}", _since, "calendar year"),
        (rf"\b(?:[Ff]rom |[Bb]etween )?(?P<first>{_YEAR}){_DASH}(?P<last>{_YEAR}){_AFTER_YEAR}\b", _years,
         "calendar year"),
        (rf"\b(?:the )?{_COUNT} years (?:to|ended|ending|until) (?:in )?{this}", _years_to, "part of a date"),
        (rf"\b(?P<first>{_YEAR})[/-](?P<last>\d\d){_AFTER_YEAR}\b", _years, "calendar year"),
        (r"\b(?:[Bb]y|[Aa]t|[Aa]s of|[Bb]efore|[Uu]ntil|[Tt]ill) (?:the )?(?:end|close|start|beginning|middle) "
         rf"(?:of )?{this}", _by, "calendar year"),
        (rf"\b(?:[Bb]y|[Uu]ntil|[Bb]efore) (?:mid-|late |early )?{this}", _by, "calendar year"),
        (rf"\b(?P<month>{_MONTH}),? {_WHICH}{_AFTER_YEAR}(?!\w)", _one_month, ""),
    )  # fmt: skip


def _in_words() -> Iterator[_Words]:
    """Yield the rules of phrases whose meaning depends on the day of the text, and of decades."""
    yield from (
        (rf"\b(?P<way>past|last|previous|preceding|next|coming|following|recent) {_COUNT} "
         r"(?P<unit>year|decade|month|week|day)s\b", _past, ""),
        (r"\b(?:(?:[Aa]|[Oo]ne) year (?:ago|earlier|before)|the year before)(?! (?:the|it|they|he|she))\b", _a_year_ago,
         "part of a date"),
        (rf"\b{_COUNT} (?P<unit>year|decade|month|week|day)s? (?:ago|earlier|before that|previously)\b", _ago,
         "part of a date"),
        (r"\b(?P<way>past|preceding|coming) (?P<count>)(?P<unit>year|decade|month|week)(?!\w)", _past, ""),
        (r"\b(?P<way>last|next|previous) (?P<count>)(?P<unit>decade)(?!\w)", _past, ""),
        (rf"\b(?:second|third|fourth|fifth|\d+(?:st|nd|rd|th)) (?:[a-z]+ )?within {_COUNT} years\b", _within, ""),
        (r"\b(?:the |mid-|early |late )?(?P<decade>(?:1[5-9]|20)\d0)'?s\b", _decade, "calendar year"),
        (r"(?<!\w)'(?P<decade>\d0)s\b", _decade, "calendar year"),
        (r"\b(?:\d+(?:st|nd|rd|th)|[a-z]+(?:-?first|-?second|-?third|th|st|nd|rd))[ -]centur(?:y|ies)\b", _nothing,
         "century"),
        (r"\b(?:[Ll]ast|[Tt]his|[Nn]ext|[Tt]he previous|[Tt]he same|[Tt]he current) year\b", _relative_year, ""),
        (rf"\b[Ss]ince (?P<month>{_MONTH})(?![\w'])", _since_month, ""),
        (rf"\b(?:[Bb]y|[Uu]ntil) (?:the end of )?(?P<month>{_MONTH})(?![\w'])", _by_month, ""),
        (rf"\b(?:[Ii]n|[Dd]uring|of|[Ll]ast|[Tt]his|[Nn]ext|ended|ending) (?P<month>{_MONTH})(?P<which>)(?![\w'])",
         _one_month, ""),
        (r"\b(?:[Nn]ow|[Cc]urrently|[Tt]oday|[Tt]o date|[Aa]t present|[Pp]resently|[Ss]o far)\b", _now, ""),
        (rf"\b(?:[Oo]n |last |this )?(?P<name>{'|'.join(_DAYS)})\b", _weekday, ""),
    )  # fmt: skip


def _rules() -> Iterator[_Rule]:
    """Yield the rules, those that read more of a line first."""
    for words, read, aside in (*_in_digits(), *_in_words()):
        yield re.compile(re.sub(r"(?<!\[) (?![+?*])", " +", words)), read, aside
    yield (
        re.compile(rf"(?<![\w$€£¥.,/-])(?:FY ?|FY)?(?P<year>{_YEAR}){_AFTER_YEAR}(?!\w|-\w|/)"),
        _bare_year,
        "calendar year",
    )


_RULES: tuple[_Rule, ...] = tuple(_rules())
