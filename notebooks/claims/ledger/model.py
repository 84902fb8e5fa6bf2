"""The ledger as one object: everything in `data/`, validated as a whole before anything is computed from it.

Every printed figure is a `Claim`. Its value is an exact fraction beside the text as printed, so 2.50 stays 2.50.
Text that is empty in the files is "" here, a number that is empty is None. Dates are ISO text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from claims.ledger.intervals import Interval, Reading
from claims.ledger.records import (
    Agreement,
    Claim,
    Indicator,
    KnownDisagreement,
    Official,
    Period,
    PrintedFigure,
    Relation,
    Sector,
    Source,
    claim_interval,
    domain,
    independent,
)
from claims.ledger.subject import Subject
from claims.tables.messages import Problem, did_you_mean, format_problems, one_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "OFFICIAL_ID", "TABLES", "Agreement", "Claim", "Indicator", "KnownDisagreement", "Ledger", "LedgerError",
    "Official", "Period", "PrintedFigure", "Relation", "Sector", "Source", "UnknownId", "claim_interval",
    "column_types", "columns_of", "domain", "grouped", "independent",
]  # fmt: skip

OFFICIAL_ID = re.compile(r"o\d+")
T = TypeVar("T")


class LedgerError(Exception):
    """A ledger that cannot be used; `problems` are all there is to fix, and the message lists every one."""

    def __init__(self, problems: Iterable[Problem]):
        self.problems = tuple(problems)
        super().__init__(format_problems(self.problems))


class UnknownId(KeyError):
    """An id that is not in the ledger."""

    def __str__(self) -> str:
        return self.args[0]


@dataclass(frozen=True)
class Ledger:
    """Everything in `data/`, by id, in the order of the files.

    `relations` are those between claims; those that name an official figure wait in `beyond` until it is a claim, too
    (`official.join_official`).
    """

    sources: dict[str, Source]
    sectors: dict[str, Sector]
    indicators: dict[str, Indicator]
    claims: dict[str, Claim]
    relations: dict[str, Relation]
    agreements: dict[str, Agreement]
    official: dict[str, Official]
    known: dict[str, KnownDisagreement]
    package: dict = field(repr=False)
    beyond: dict[str, Relation] = field(default_factory=dict, repr=False)
    subject: Subject = field(default_factory=Subject, repr=False)

    def __repr__(self) -> str:
        return f"Ledger({len(self.claims)} figures of {len(self.sources)} texts)"

    def claim(self, id: str) -> Claim:
        """Return a claim by id; KeyError with a suggestion if there is none."""
        return _row(self.claims, id, "claim", "claims.csv")

    def figure(self, id: str) -> Claim | Official:
        """Return a claim or an official figure by id; KeyError with a suggestion if there is none."""
        if id in self.claims or not OFFICIAL_ID.fullmatch(id):
            return self.claim(id)
        return _row(self.official, id, "official figure", "official.csv")

    def interval(self, claim: Claim | Official, reading: Reading | None = None) -> Interval:
        """Return the values that a claim may stand for, in its unit; see `intervals.claim_interval`."""
        indicator, place = self.indicators[claim.indicator], (id(claim), reading)
        known = self._intervals.get(place)
        if known is None or known[0] is not claim or known[1] is not indicator:
            known = self._intervals[place] = claim, indicator, claim_interval(claim, indicator, reading)
        return known[2]

    def of(self, indicator: str) -> list[Claim]:
        """Return the claims on one indicator; KeyError with a suggestion if there is no such indicator."""
        return list(self._by_indicator.get(_row(self.indicators, indicator, "indicator", "indicators.csv").id, ()))

    @cached_property
    def _intervals(self) -> dict[tuple[int, Reading | None], tuple[Claim | Official, Indicator, Interval]]:
        """Return the intervals asked for so far, by claim and reading; judging asks for the same ones again and again.

        Each is kept with what it was made from, so that a row that is not the same object is not mistaken for it.
        """
        return {}

    @cached_property
    def groups(self) -> dict[str, list[Claim]]:
        """Return the claims on each quantity, by a key such as "trade_turnover:2023".

        They share indicator (and with it unit and scope) and period: start, end and kind.
        """
        return grouped(self.claims.values(), lambda claim: claim.quantity)

    @cached_property
    def alike(self) -> dict[tuple[str, str, Fraction], list[Claim]]:
        """Return the claims in which one text prints one value of one indicator, for whatever period."""
        return grouped(self.claims.values(), lambda claim: (claim.source, claim.indicator, claim.point))

    def equals(self, claim: Claim) -> list[Claim | Official]:
        """Return the other figures on a claim's indicator with its value, official ones included, doubtful ones not."""
        return [one for one in self._by_value.get((claim.indicator, claim.point), ()) if one.id != claim.id]

    @cached_property
    def kept(self) -> dict[Hashable, Any]:
        """Return what others have worked out of this ledger and keep with it, by a key of theirs."""
        return {}

    @cached_property
    def _by_value(self) -> dict[tuple[str, Fraction], list[Claim | Official]]:
        figures: list[Claim | Official] = list(self.claims.values())
        figures += [one for one in self.official.values() if not one.doubtful and one.id not in self.claims]
        return grouped(figures, lambda figure: (figure.indicator, figure.point))

    @cached_property
    def _by_indicator(self) -> dict[str, list[Claim]]:
        return grouped(self.claims.values(), lambda claim: claim.indicator)

    def frame(self, name: str) -> pd.DataFrame:
        """Return a table of the ledger as a data frame with the columns of its file, numbers as floats.

        Claims and official figures have `text`, the value as printed, and `point`, the value in `unit`, besides.
        """
        import pandas as pd

        if name not in TABLES:
            raise UnknownId(f"the ledger has no table {name!r}; {one_of(name, TABLES)}")
        kind = TABLES[name]
        rows_by_id = self.known if name == "known_disagreements" else getattr(self, name)
        rows_by_id = rows_by_id | self.beyond if name == "relations" else rows_by_id
        rows = [_flat(item) for item in rows_by_id.values()]
        extra = ["text", "point"] if issubclass(kind, PrintedFigure) else []
        return pd.DataFrame(rows, columns=[*columns_of(kind), *extra])


TABLES: dict[str, type] = {
    "sources": Source,
    "sectors": Sector,
    "indicators": Indicator,
    "claims": Claim,
    "relations": Relation,
    "agreements": Agreement,
    "official": Official,
    "known_disagreements": KnownDisagreement,
}


def _row(rows: Mapping[str, T], id: str, kind: str, file: str) -> T:
    if id not in rows:
        raise UnknownId(f"the ledger has no {kind} {id!r}; {did_you_mean(id, rows) or f'see data/{file}'}")
    return rows[id]


def grouped(claims: Iterable[T], key: Callable[[T], Hashable]) -> dict:
    """Return claims in groups of one key, in their order."""
    groups: dict = {}
    for claim in claims:
        groups.setdefault(key(claim), []).append(claim)
    return groups


def column_types(kind: type) -> dict[str, str]:
    """Return for each column of a file the type that the rows of a kind need, in words of Table Schema, "" for any.

    The value of a printed figure and its precision are text, which keeps their zeros.

    >>> column_types(Sector)["isic"], column_types(Claim)["period_end"], column_types(Claim)["value"]
    ('list', 'date', 'string')
    """
    types = {
        "int": "integer", "bool": "boolean", "Fraction": "number", "Fraction | None": "number", "str": "string",
        "tuple[str, ...]": "list", "Mapping[str, tuple[str, ...]]": "string",
    }  # fmt: skip
    written = {"value", "precision", "precision_wide"} if issubclass(kind, PrintedFigure) else set()
    needed = {one.name: "string" if one.name in written else types.get(str(one.type), "") for one in fields(kind)}
    dates = {"period_start": "date", "period_end": "date", "reference_date": "date"}
    return {name: dates.get(name) or needed.get(name, "string") for name in columns_of(kind)}


def columns_of(kind: type) -> Iterator[str]:
    """Yield the columns of the file that holds the rows of a kind."""
    for one in fields(kind):
        if one.name == "period":
            yield from (f"period_{part.name}" for part in fields(Period))
        elif one.metadata.get("column", True):
            yield one.name


def _flat(item) -> dict[str, Any]:
    """Return an object as a row: fractions as floats, periods as their columns, operands as text."""
    row = dict(vars(item))
    if "period" in row:
        row |= {f"period_{name}": value for name, value in vars(row.pop("period")).items()}
        row["point"] = item.point
    if "operands" in row:
        row["operands"] = "; ".join(f"{role}={'+'.join(names)}" for role, names in item.operands.items())
    return {name: float(value) if isinstance(value, Fraction) else value for name, value in row.items()}
