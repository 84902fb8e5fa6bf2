"""A figure or finding as a sentence quotes it: in words, linked to where it comes from."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fractions import Fraction

from claims.content.phrases import Phrase
from claims.ledger.intervals import Interval
from claims.results.finding import Finding
from claims.results.names import UnknownName, unknown
from claims.words.sentences import Item, forms_of, in_form

__all__ = ["Quoted"]


@dataclass(frozen=True)
class Quoted:
    """A claim, official figure or finding in one of its forms, "" for the usual one.

    The other forms are attributes. Of a finding: `range`, its interval in words; `size`, the value without its sign;
    `number`, the bare number. Of a claim or official figure: `range`, the values it may stand for (`span`) as the book
    reads it; `plain`, without its hedge; `period`; `source`, its text or who published the page. `year`, `low` and
    `high` are numbers, to compare with.
    """

    item: Item
    form: str = ""
    span: Interval | None = field(default=None, repr=False)

    @property
    def phrase(self) -> Phrase:
        """Return the words with their link."""
        return Phrase((in_form(self.item, self.form, self.span),))

    def __str__(self) -> str:
        """Return the words alone."""
        return str(self.phrase)

    @property
    def low(self) -> Fraction | float:
        """Return the lowest value that it may stand for, to compare with; minus infinity where nothing limits it."""
        bound = self._values.low
        return -math.inf if bound is None else bound

    @property
    def high(self) -> Fraction | float:
        """Return the highest value that it may stand for, to compare with; infinity where nothing limits it."""
        bound = self._values.high
        return math.inf if bound is None else bound

    @property
    def _values(self) -> Interval:
        """Return all values that it may stand for: of a finding without an interval, its value."""
        if self.span:
            return self.span
        value = self.item.value if isinstance(self.item, Finding) else None
        point = None if value is None else Fraction(value)
        return Interval(point, point, True, True)

    @property
    def year(self) -> int:
        """Return the year in which the period of a claim or official figure ends, to compare with.

        Raises UnknownName for a finding, or where the period is not known.
        """
        if isinstance(self.item, Finding) or not self.item.period.end:
            raise AttributeError("year")  # which __getattr__ explains
        return int(self.item.period.end[:4])

    def __getattr__(self, form: str) -> Quoted:
        """Return the item in another form. Raises UnknownName, listing the forms it has."""
        if form.startswith("_"):
            raise AttributeError(form)
        forms = forms_of(self.item)
        if self.form or form not in forms:
            listed = f"; {self.item.id} has {', '.join(forms)}"
            raise UnknownName(unknown("form", form, forms).partition("; book.find")[0] + listed)
        return Quoted(self.item, form, self.span)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *([] if self.form else forms_of(self.item))]
