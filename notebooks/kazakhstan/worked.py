"""Numbers worked out from quoted figures, a declaration each: which figures, which formula, and whether it compares.

A module declares its numbers as a tuple of `Worked`; `work_out` computes them and `worked_table` shows them. A figure
is named by what it says (`Quote`), so that any page that says the same may replace one that a reading leaves out.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import reduce
from operator import add
from typing import Any

import pandas as pd
from claims.content.phrases import Link
from claims.judging.spans import Span
from claims.ledger.intervals import Interval, Reading
from claims.ledger.model import Claim, Ledger
from claims.ledger.relation_rules import DAYS_PER_YEAR
from claims.results.finding import Finding, computed, derive
from claims.show.book import Book
from claims.show.exhibits import Column, Exhibit
from claims.words.sentences import phrase
from claims.words.values import range_link

from kazakhstan import mirror
from kazakhstan.doubtful import doubtful_claims
from kazakhstan.mirror import Level
from kazakhstan.official_exhibits import marked

__all__ = ["A_DAY", "TEXTS", "Quote", "Worked", "find_quote", "work_out", "worked_rows", "worked_table"]

TEXTS = "texts"
A_DAY = 1 / DAYS_PER_YEAR  # of a year


@dataclass(frozen=True)
class Quote:
    """A figure by its indicator, the key of its period, and by whom.

    `by` is an authority, the name of a text, `TEXTS` for any text, or "" for any page. By Chinese customs and by Kazakh
    statistics it is the level of their series (`mirror.series`). A figure in doubt has to be asked for.
    """

    indicator: str
    period: str = "undated"
    by: str = ""
    doubtful: bool = False


Input = Quote | str | int | Fraction
Series = Callable[[Ledger, str, str, Reading], Mapping[str, Level]]  # as `mirror.series`


@dataclass(frozen=True)
class Worked:
    """A number to work out: its id, its label, a formula of `FORMULAS` or "sum", and the inputs by role.

    An input is a `Quote`, the id of a number declared before, or a constant; the roles of a sum are of its author's
    choice. `differs` says why its figures are not comparable, "" where they are.
    """

    id: str
    label: str
    formula: str
    inputs: Mapping[str, Input]
    unit: str = ""
    differs: str = ""


def find_quote(ledger: Ledger, quote: Quote, reading: Reading, series: Series = mirror.series) -> Level:
    """Return the figure that a quote names, the most precise of several; `series` gives those of an authority.

    Raises ValueError if there is none.
    """
    if quote.by in mirror.SIDES and not quote.doubtful:
        levels = series(ledger, quote.indicator, quote.by, reading)
        if quote.period in levels:
            return levels[quote.period]
    if quote.doubtful:
        figures = [one for one in doubtful_claims(ledger, quote.indicator) if one.period.key == quote.period]
    else:
        figures = ledger.groups.get(f"{quote.indicator}:{quote.period}", [])
    own = [one for one in figures if _is_by(ledger, quote.by, one)]
    if not own:
        wanted = f"{quote.indicator} of {quote.period} by {quote.by or 'a page'}"
        raise ValueError(f"there is no {wanted}; add it to data/ or delete the number that needs it")
    return min(own, key=lambda one: (ledger.interval(one, reading).width, one.id))


def _is_by(ledger: Ledger, wanted: str, figure: Claim) -> bool:
    """Return whether a figure is by an authority, or of a text of that name, or of any text or any page."""
    authority = mirror.authority_of(ledger, figure)
    if not authority:
        return wanted in (TEXTS, ledger.sources[figure.source].name)
    return wanted in ("", authority)


def work_out(ledger: Ledger, reading: Reading, numbers: Iterable[Worked]) -> dict[str, Finding]:
    """Return each number by its id, and before it the levels of series that it is worked out from."""
    found: dict[str, Finding] = {}
    known: dict[tuple[str, str], Mapping[str, Level]] = {}

    def series(ledger: Ledger, indicator: str, by: str, reading: Reading) -> Mapping[str, Level]:
        if (indicator, by) not in known:
            known[indicator, by] = mirror.series(ledger, indicator, by, reading)
        return known[indicator, by]

    for number in numbers:
        inputs = {role: _input(ledger, one, reading, found, series) for role, one in number.inputs.items()}
        found |= {level.id: level for level in inputs.values() if isinstance(level, Finding)}
        if number.formula == "sum":
            result = _sum(ledger, number, inputs, reading)
        else:
            unit = number.unit or None
            result = derive(ledger, number.id, number.label, number.formula, reading, unit, **inputs)
        found[number.id] = _whole(result) if result.unit == "count" else result
    return found


def _whole(result: Finding) -> Finding:
    """Return a count with bounds that are whole numbers, the nearest outside."""
    low, high = mirror.ends_of(mirror.interval_of(result))
    if low.denominator == high.denominator == 1:
        return result
    return replace(result, interval=Interval(Fraction(math.floor(low)), Fraction(math.ceil(high)), True, True))


def _input(
    ledger: Ledger, one: Input, reading: Reading, found: Mapping[str, Finding], series: Series = mirror.series
) -> Any:
    match one:
        case Quote():
            return find_quote(ledger, one, reading, series)
        case str():
            return found[one]
        case _:
            return one


def _sum(ledger: Ledger, number: Worked, inputs: Mapping[str, Level], reading: Reading) -> Finding:
    parts = list(inputs.values())
    span = reduce(add, (Span.from_interval(mirror.span_of(ledger, part, reading)) for part in parts)).interval
    value = sum((mirror.point(part) for part in parts), Fraction(0))
    expression = " + ".join(f"{{{role}}}" for role in inputs)
    return computed(number.id, number.label, value, parts[0].unit, expression, span, dict(inputs))


def worked_table(
    book: Book,
    numbers: Sequence[Worked],
    *,
    id: str,
    title: str,
    caption: str,
    place: str = "appendix",
    lead: int = 0,
    hidden: Collection[str] = (),
) -> Exhibit:
    """Table: what each number is, the figures behind it, its value and range; in brackets where they do not compare.

    `hidden` are the ids of numbers that only others are worked out from.
    """
    found = work_out(book.ledger, book.reading, numbers)
    return book.table(
        worked_rows(book.ledger, book.reading, [one for one in numbers if one.id not in hidden], found),
        findings=found.values(),
        id=id,
        place=place,
        lead=lead,
        title=title,
        caption=caption,
        columns={
            "what": "What",
            "figures": "Worked out from",
            "result": Column("Result", align="right"),
            "range": "Range",
            "differs": "Comparable",
        },
    )


def worked_rows(
    ledger: Ledger, reading: Reading, numbers: Iterable[Worked], found: Mapping[str, Finding]
) -> pd.DataFrame:
    """Return a row per number: what, figures (its inputs that are no constants), result, range, differs."""
    rows = []
    for number in numbers:
        result = found[number.id]
        inputs = [_input(ledger, one, reading, found) for one in number.inputs.values() if isinstance(one, Quote | str)]
        link = range_link(result)
        rows.append(
            {
                "what": Link(number.label, result.anchor),
                "figures": [one if isinstance(one, Finding) else marked(ledger, one, one) for one in inputs],
                "result": phrase("[{result}]", result=result) if number.differs else result,
                "range": phrase("[{range}]", range=link) if number.differs else link,
                "differs": f"no: {number.differs}" if number.differs else "yes",
            }
        )
    return pd.DataFrame(rows)
