"""The period of a figure: a phrase of time in its sentence, what an earlier sentence dates, or the day of its text.

`DatedText.find_period` has the rules in the order in which they apply; each is a function below with its reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from claims.ledger.records import Period

from report.propose import clauses
from report.propose.dates import UNDATED, DatePhrase
from report.propose.letters import find_sentences
from report.propose.seen import SeenFigure

__all__ = ["DatedFigure", "DatedText"]

_COMMA = 25  # letters that a comma, or "and", between a figure and a phrase of time counts as
_AT_ONCE = ("count", "rank")  # units of what is so at the day of a text unless it says otherwise


class DatedFigure(NamedTuple):
    """The period of a figure, and whether a phrase of time in its own sentence gives it."""

    period: Period
    is_own: bool


@dataclass(frozen=True)
class DatedText:
    """The plain lines of a text with the phrases of time in each, and the day of the text if that is known."""

    lines: Sequence[str]
    dates: Sequence[Sequence[DatePhrase]]
    reference: date | None

    def find_period(
        self,
        figure: SeenFigure,
        number: int,
        sentence: tuple[int, int],
        *,
        is_flow: bool = False,
        is_stock: bool = False,
    ) -> DatedFigure:
        """Return the period of a figure in a sentence of line `number`, counted from 1.

        The nearest phrase of time in its sentence that dates it counts; at the end of a year, a stock has its last day.
        A length of time has no other period than its own words. What is planned has none without one. Then, what
        happened, and a flow, has that of the sentence before; what is counted or ranked is so at the day of the text;
        anything else is undated.
        """
        line = self.lines[number - 1]
        phrases = [one for one in self._phrases(number, sentence) if one.period.kind != "undated"]
        own = [one for one in phrases if _overlaps(one, figure)]
        if not own and figure.unit == "year" and figure.form != "ordinal":
            return DatedFigure(UNDATED, is_own=False)
        own = own or [one for one in phrases if self._is_dated_by(line, figure, one, sentence)]
        since = self._since_beginning(number, sentence)
        if since and all(clauses.is_now(line[one.start : one.end]) for one in own):
            return DatedFigure(since, is_own=False)
        if own:
            nearest = min(own, key=lambda phrase: (_distance(figure, phrase, line), phrase.start))
            meant = self._meant(nearest, phrases, number, sentence)
            at_end = is_stock and meant.kind == "year" and clauses.is_year_end(line[nearest.start : nearest.end])
            return DatedFigure(_last_day(meant) if at_end else meant, is_own=True)
        words = line[slice(*sentence)]
        if clauses.is_planned(line, sentence[0], figure.start):
            return DatedFigure(UNDATED, is_own=False)
        measured, is_past = is_flow and figure.unit not in _AT_ONCE, clauses.is_past(words)
        compared = clauses.is_compared(line[sentence[0] : figure.start])
        apart = compared or clauses.names_an_event(words) or clauses.is_told_in_person(words)
        before = None
        if (measured or is_past) and not apart:
            before = self._before(number, sentence[0], is_counted=is_stock or figure.unit in _AT_ONCE, is_past=is_past)
        return DatedFigure(before or self._at_the_day(figure), is_own=False)

    def _phrases(self, number: int, sentence: tuple[int, int]) -> list[DatePhrase]:
        return [one for one in self.dates[number - 1] if sentence[0] <= one.start < sentence[1]]

    def _at_the_day(self, figure: SeenFigure) -> Period:
        if figure.unit in _AT_ONCE and self.reference:
            return Period(self.reference.isoformat(), self.reference.isoformat(), "moment", "inferred")
        return UNDATED

    def _is_dated_by(self, line: str, figure: SeenFigure, phrase: DatePhrase, sentence: tuple[int, int]) -> bool:
        """Return whether a phrase of time can date a figure of its sentence."""
        is_before = phrase.start < figure.start
        first, last = (phrase.end, figure.start) if is_before else (figure.end, phrase.start)
        between, opening, words = line[first:last], line[sentence[0] : phrase.start], line[phrase.start : phrase.end]
        between = between.removeprefix(", ") if len(opening.split()) <= 1 else between  # In 2024, it …
        planned = clauses.is_planned(line, sentence[0], figure.start)
        if clauses.is_now(words):
            apart = not is_before and re.search(r" and $", between)  # … and now sells 40
            return clauses.is_one_clause(between) and not apart and not clauses.is_compared(between)
        if " within " in words or not self._is_beside(line, figure, phrase, sentence):
            return False
        if phrase.period.kind in ("horizon", "window") and clauses.is_name(opening, words, line[phrase.end :]):
            return False
        if not is_before and ";" in between:
            return False
        if clauses.is_other_statement(between) or clauses.dates_what_is_said(opening, line[phrase.end :]):
            return False
        if planned and not self._is_ahead(phrase):
            return clauses.is_one_clause(between)
        if phrase.period.kind == "horizon":
            return planned or clauses.is_one_clause(between)
        if clauses.is_base_of_change(opening, words):
            return False
        if is_before:
            is_over = clauses.opens_relative(opening) and not clauses.is_one_clause(between)  # …, which …, sells 40
            return not clauses.is_compared(between) and not is_over
        is_year = phrase.period.kind == "year" and figure.unit.startswith("percent")
        if is_year and clauses.is_change_on_year(between):
            return False
        is_start = clauses.is_start_of_change(line[sentence[0] : figure.start], between)
        return not is_start and not clauses.opens_relative(between)

    def _is_beside(self, line: str, figure: SeenFigure, phrase: DatePhrase, sentence: tuple[int, int]) -> bool:
        """Return whether a figure is in the comparison that a phrase of time belongs to, or that belongs to none."""
        opening, words = line[sentence[0] : phrase.start], line[phrase.start : phrase.end]
        place = clauses.comparison(opening, words)
        if place is None or sentence[0] + place <= figure.start < phrase.start:
            return True
        is_before = figure.start < phrase.start and clauses.is_one_clause(line[figure.end : phrase.start])
        compared = clauses.is_compared(line[sentence[0] : figure.start])
        return is_before and compared and clauses.is_year_before(opening, words)

    def _meant(
        self, nearest: DatePhrase, phrases: Sequence[DatePhrase], number: int, sentence: tuple[int, int]
    ) -> Period:
        """Return the period that a phrase means in its sentence, such as the same months a year earlier."""
        line = self.lines[number - 1]
        if clauses.is_year_before(line[sentence[0] : nearest.start], line[nearest.start : nearest.end]):
            others = [one for one in phrases if one.start < nearest.start and self._carries(line, one, sentence)]
            main = others[-1].period if others else self._before(number, sentence[0])
            return (_year_before(main) if main else None) or nearest.period
        return _named_years(nearest, phrases) or nearest.period

    def _is_ahead(self, phrase: DatePhrase) -> bool:
        return self.reference is None or phrase.period.end > self.reference.isoformat()

    # -- earlier sentences ---------------------------------------------------------------------------------------------

    def _earlier(self, number: int, place: int) -> Iterator[tuple[int, tuple[int, int]]]:
        """Yield the sentences before a place of a line, the last first, with the number of their line.

        They end with the heading above, or with a line of a list.
        """
        for at in range(number, 0, -1):
            line = self.lines[at - 1]
            if not line.strip() or (at < number and clauses.is_entry(line)):
                continue
            for sentence in reversed(find_sentences(line)):
                if at < number or sentence[1] <= place:
                    yield at, sentence
            if clauses.is_entry(line) or (at < number and clauses.is_heading(line)):
                return

    def _before(self, number: int, place: int, *, is_counted: bool = False, is_past: bool = True) -> Period | None:
        """Return the last period that is over in the nearest earlier sentence with one, None if there is none.

        What is measured is not so on a single day; what is not in the past looks no further than its paragraph.
        """
        for at, sentence in self._earlier(number, place):
            if at < number and not is_past:
                return None
            line = self.lines[at - 1]
            for phrase in reversed(self._phrases(at, sentence)):
                can = phrase.period.kind != "undated" and (is_counted or phrase.period.kind != "moment")
                if can and self._carries(line, phrase, sentence):
                    return phrase.period
        return None

    def _carries(self, line: str, phrase: DatePhrase, sentence: tuple[int, int]) -> bool:
        """Return whether a phrase of time also dates what follows its sentence: it is over, and no comparison."""
        opening, words = line[sentence[0] : phrase.start], line[phrase.start : phrase.end]
        is_over = self.reference is None or phrase.period.end < self.reference.isoformat()
        if clauses.is_now(words) or not is_over or _is_long(phrase.period):
            return False
        aside = clauses.comparison(opening, words) is not None or clauses.is_year_before(opening, words)
        named = clauses.is_name(opening, words, line[phrase.end :]) or clauses.opens_relative(opening)
        return not (aside or named or clauses.dates_what_is_said(opening, line[phrase.end :]))

    def _since_beginning(self, number: int, sentence: tuple[int, int]) -> Period | None:
        """Return the time since something began, of a sentence that tells what has been done until now.

        An aside in it dates the beginning, or an earlier sentence of the paragraph to which its first word refers.
        """
        words = self.lines[number - 1][slice(*sentence)]
        if self.reference is None or not clauses.is_perfect(words):
            return None
        for told, phrase in self._beginnings(number, sentence):
            if start := clauses.beginning(told, phrase.period):
                return Period(start, self.reference.isoformat(), "window", "inferred")
        return None

    def _beginnings(self, number: int, sentence: tuple[int, int]) -> Iterator[tuple[str, DatePhrase]]:
        """Yield the phrases of time that may date a beginning, each with its sentence."""
        line = self.lines[number - 1]
        words = line[slice(*sentence)]
        for phrase in self._phrases(number, sentence):
            if clauses.is_aside(line[sentence[0] : phrase.start]):
                yield words, phrase
        if clauses.refers_back(words):
            for at, place in self._earlier(number, sentence[0]):
                if at == number:
                    yield from ((line[slice(*place)], phrase) for phrase in self._phrases(at, place))


def _last_day(period: Period) -> Period:
    return Period(period.end, period.end, "moment", period.basis)


def _is_long(period: Period) -> bool:
    """Return whether a period is longer than a year; such a span dates the sentence that names it, not the next."""
    return not period.start or int(period.end[:4] or 9999) - int(period.start[:4]) > 1


def _year_before(period: Period) -> Period | None:
    """Return the same days of the year before, None for a span of years."""
    if period.kind == "horizon" or _is_long(period):
        return None
    start, end = (f"{int(day[:4]) - 1}{day[4:]}".replace("-02-29", "-02-28") for day in (period.start, period.end))
    return Period(start, end, period.kind, "inferred")


def _overlaps(phrase: DatePhrase, figure: SeenFigure) -> bool:
    return phrase.start < figure.end and figure.start < phrase.end


def _distance(figure: SeenFigure, phrase: DatePhrase, line: str) -> int:
    if _overlaps(phrase, figure):
        return 0
    first, last = sorted([(figure.start, figure.end), (phrase.start, phrase.end)])
    between = line[first[1] : last[0]]
    return len(between) + _COMMA * len(re.findall(r"[,;:(](?!\d)|^ (?:to|and|or|but|from)\b", between))


def _named_years(nearest: DatePhrase, phrases: Sequence[DatePhrase]) -> Period | None:
    """Return the years that a sentence names for "the past five years", from the first to the last, None without them.

    Five years are four or five years apart.
    """
    if nearest.aside or nearest.period.kind != "window" or nearest.period.start[5:] != nearest.period.end[5:]:
        return None
    length = int(nearest.period.end[:4]) - int(nearest.period.start[:4])
    years = [one.period for one in phrases if one.aside == "calendar year" and one.period.kind == "year"]
    if len(years) == 2 and int(years[1].start[:4]) - int(years[0].start[:4]) in (length - 1, length):
        return Period(years[0].start, years[1].end, "window", "stated")
    return None
