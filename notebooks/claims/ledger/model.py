"""The ledger as objects: what stands in `data/`, validated as a whole before anything is computed from it.

Every printed figure is a `Claim`. Its value is an exact fraction beside the text as printed, so 2.50 stays 2.50.
Text that is empty in the files is "" here, a number that is empty is None. Dates are ISO text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from fractions import Fraction
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from claims.ledger import rules
from claims.ledger.intervals import Interval, Reading, claim_interval
from claims.ledger.subject import Subject, causes_of, read_subject
from claims.tables import schema
from claims.tables.locations import data_folder, shown
from claims.tables.schema import Problem, did_you_mean, formatted

if TYPE_CHECKING:
    import pandas as pd

NOT_A_COLUMN = {"column": False}
OFFICIAL_ID = re.compile(r"o\d+")


class LedgerError(Exception):
    """A ledger that cannot be used; `problems` are all there is to mend, and the message names every one."""

    def __init__(self, problems: Iterable[Problem]):
        self.problems = tuple(problems)
        super().__init__(formatted(self.problems))


class UnknownId(KeyError):
    """An id that the ledger does not hold."""

    def __str__(self) -> str:
        return self.args[0]


@dataclass(frozen=True)
class Period:
    """The time a figure speaks of: ISO dates, "" where unknown; its kind; whether it is stated or inferred."""

    start: str
    end: str
    kind: str
    basis: str

    @property
    def key(self) -> str:
        """Return the period as text that differs for any two periods of other dates or kind.

        >>> Period("2024-01-01", "2024-03-31", "quarter", "stated").key
        '2024-Q1'
        """
        match self.kind:
            case "year":
                return self.start[:4]
            case "quarter":
                return f"{self.start[:4]}-Q{(int(self.start[5:7]) + 2) // 3}"
            case "moment":
                return self.end
            case "horizon":
                return f"{self.start}/by-{self.end}" if self.start else f"by-{self.end}"
            case "undated":
                return "undated"
        if self.start and self.end:
            return f"{self.start}/{self.end}"
        return f"since-{self.start}" if self.start else f"until-{self.end}"

    @property
    def year_before(self) -> Period | None:
        """Return the same year or quarter a year earlier; None of other periods."""
        if self.kind not in ("year", "quarter"):
            return None
        start, end = (f"{int(day[:4]) - 1}{day[4:]}" for day in (self.start, self.end))
        return Period(start, end, self.kind, "inferred")

    @property
    def label(self) -> str:
        """Return the period as a reader would write it.

        >>> Period("2005-01-01", "2023-12-31", "window", "stated").label
        '2005–2023'
        """
        whole_years = self.start.endswith("-01-01") and self.end.endswith("-12-31")
        match self.kind:
            case "year" | "quarter" | "undated":
                return self.key.replace("-", " ")
            case "moment":
                return self.end or self.start
            case "horizon":
                return f"by {self.end[:4]}" if self.end else f"from {self.start[:4]}"
        if whole_years:
            return f"{self.start[:4]}–{self.end[:4]}"
        if self.start and self.end and self.start[4:] == self.end[4:]:
            return f"{int(self.end[:4]) - int(self.start[:4])} years to {self.end[:7]}"
        parts = [date[:7] for date in (self.start, self.end) if date]
        return " to ".join(parts) if len(parts) == 2 else ("since " if self.start else "until ") + parts[0]


@dataclass(frozen=True)
class Source:
    """One text that prints figures."""

    id: str
    title: str
    publisher: str
    author: str
    reference_date: str
    reference_date_basis: str
    kind: str
    file: str
    sha256: str
    note: str


@dataclass(frozen=True)
class Sector:
    """A sector of the economy or of public life."""

    id: str
    label: str
    isic: tuple[str, ...]
    isic_title: str
    definition: str


@dataclass(frozen=True)
class Indicator:
    """What a figure measures; `authority` lists candidates for who compiled it and assigns none."""

    id: str
    label: str
    kind: str
    unit: str
    sector: str
    definition: str
    domain_low: Fraction | None
    domain_high: Fraction | None
    integer: bool
    flow_or_stock: str
    gross_or_net: str
    price_basis: str
    coverage: str
    authority: tuple[str, ...]
    note: str


class _Figure:
    """What a claim and an official figure have in common."""

    value: Fraction
    multiplier: Fraction

    @property
    def point(self) -> Fraction:
        """Return the printed value in the indicator's unit."""
        return self.value * self.multiplier


@dataclass(frozen=True)
class Claim(_Figure):
    """One printed occurrence of a figure."""

    id: str
    source: str
    line: int
    printed: str
    indicator: str
    value: Fraction
    multiplier: Fraction
    unit: str
    precision: Fraction | None
    precision_basis: str
    precision_wide: Fraction | None
    hedge: str
    period: Period
    stated_by: str
    repeats: str
    note: str
    text: str = field(metadata=NOT_A_COLUMN)

    @property
    def quantity(self) -> str:
        """Return the key of what it speaks of, such as "trade_turnover:2023"."""
        return f"{self.indicator}:{self.period.key}"


@dataclass(frozen=True)
class Official(_Figure):
    """An independently published figure, as quoted on the page at `url`."""

    id: str
    indicator: str
    value: Fraction
    multiplier: Fraction
    unit: str
    precision: Fraction | None
    precision_basis: str
    hedge: str
    period: Period
    reporter: str
    authority: str
    publisher: str
    publisher_print: str
    title: str
    title_print: str
    url: str
    date_published: str
    doubtful: bool
    note: str
    text: str = field(metadata=NOT_A_COLUMN)
    precision_wide: None = field(default=None, metadata=NOT_A_COLUMN)

    @property
    def page_publisher(self) -> str:
        """Return who published the page, in letters that every font has."""
        return self.publisher_print or self.publisher

    @property
    def page_title(self) -> str:
        """Return the title of the page, in letters that every font has."""
        return self.title_print or self.title

    @property
    def short_publisher(self) -> str:
        """Return who published the page, without whom it cites or copies."""
        return re.split(r" \(|, ", self.page_publisher)[0]


@dataclass(frozen=True)
class Relation:
    """Figures to be confronted, and how; `operands` are ids of claims and official figures by role."""

    id: str
    type: str
    operands: Mapping[str, tuple[str, ...]] = field(hash=False)
    period_rule: str
    reason: str

    @property
    def names(self) -> set[str]:
        """Return the ids of all its operands."""
        return {id for ids in self.operands.values() for id in ids}


@dataclass(frozen=True)
class Agreement:
    """One item of a list in a text, with the sectors it belongs to."""

    id: str
    source: str
    line: int
    list: str
    list_kind: str
    item: str
    sectors: tuple[str, ...]
    repeats: str
    note: str


@dataclass(frozen=True)
class KnownDisagreement:
    """A verdict pinned with its explanation, so that a new one is noticed."""

    group: str
    verdict: str
    claims: tuple[str, ...]
    causes: tuple[str, ...]
    explanation: str
    since: str


@dataclass(frozen=True)
class Ledger:
    """Everything in `data/`, by id, in the order of the files.

    `relations` are those between claims; those that name an official figure wait in `beyond` until it is a claim, too
    (`official.joined`).
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
        if id not in self.claims:
            hint = did_you_mean(id, self.claims) or "see data/claims.csv"
            raise UnknownId(f"the ledger has no claim {id!r}; {hint}")
        return self.claims[id]

    def figure(self, id: str) -> Claim | Official:
        """Return a claim or an official figure by id; KeyError with a suggestion if there is none."""
        if id in self.claims or not OFFICIAL_ID.fullmatch(id):
            return self.claim(id)
        if id not in self.official:
            hint = did_you_mean(id, self.official) or "see data/official.csv"
            raise UnknownId(f"the ledger has no official figure {id!r}; {hint}")
        return self.official[id]

    def interval(self, claim: Claim | Official, reading: Reading | None = None) -> Interval:
        """Return the values that a claim may stand for, in its unit; see `intervals.claim_interval`."""
        return claim_interval(claim, self.indicators[claim.indicator], reading)

    def of(self, indicator: str) -> list[Claim]:
        """Return the claims on one indicator; KeyError with a suggestion if there is no such indicator."""
        if indicator not in self.indicators:
            hint = did_you_mean(indicator, self.indicators) or "see data/indicators.csv"
            raise UnknownId(f"the ledger has no indicator {indicator!r}; {hint}")
        return list(self._by_indicator.get(indicator, ()))

    @cached_property
    def groups(self) -> dict[str, list[Claim]]:
        """Return the claims that speak of one quantity, by a key such as "trade_turnover:2023".

        They share indicator (and with it unit and scope) and period: start, end and kind.
        """
        return _sorted(self.claims.values(), lambda claim: claim.quantity)

    @cached_property
    def alike(self) -> dict[tuple[str, str, Fraction], list[Claim]]:
        """Return the claims in which one text prints one value of one indicator, for whatever period."""
        return _sorted(self.claims.values(), lambda claim: (claim.source, claim.indicator, claim.point))

    @cached_property
    def _by_indicator(self) -> dict[str, list[Claim]]:
        return _sorted(self.claims.values(), lambda claim: claim.indicator)

    def frame(self, name: str) -> pd.DataFrame:
        """Return a table of the ledger as a data frame with the columns of its file, numbers as floats.

        Claims and official figures have `text`, the value as printed, and `point`, the value in `unit`, besides.
        """
        import pandas as pd

        if name not in TABLES:
            raise UnknownId(
                f"the ledger has no table {name!r}; {did_you_mean(name, TABLES)} One of: {', '.join(TABLES)}"
            )
        kind = TABLES[name]
        held = self.known if name == "known_disagreements" else getattr(self, name)
        held = held | self.beyond if name == "relations" else held
        rows = [_flat(item) for item in held.values()]
        extra = ["text", "point"] if issubclass(kind, _Figure) else []
        return pd.DataFrame(rows, columns=[*_columns(kind), *extra])


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
T = TypeVar("T", Claim, Official)


def load(folder: Path | str | None = None) -> Ledger:
    """Return the ledger in `folder`, by default the project's; raise LedgerError with every problem it has.

    It is read again only when one of its files has changed.
    """
    folder = Path(folder) if folder else data_folder()
    return _read(folder, tuple(_contents(path) for path in sorted(folder.glob("*"))))


def _contents(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:  # a folder, or a file that the reader will say cannot be read
        return None


@lru_cache(maxsize=1)
def _read(folder: Path, contents: tuple[bytes | None, ...]) -> Ledger:
    package, tables, problems = schema.read(folder, {name: list(_columns(kind)) for name, kind in TABLES.items()})
    subject, faults = read_subject(package.get("subject", ""), shown(folder / schema.PACKAGE))
    problems += [*faults, *rules.broken(tables, causes_of(subject))]
    if problems:
        order = [shown(folder / resource["path"]) for resource in package.get("resources", [])]
        raise LedgerError(sorted(problems, key=lambda one: order.index(one.file) if one.file in order else -1))
    built = {
        name: {row.values[tables[name].key]: _build(kind, row.values) for row in tables[name].rows}
        for name, kind in TABLES.items()
    }
    known = built.pop("known_disagreements")
    between, beyond = _split(built.pop("relations"), built["claims"])
    ledger = Ledger(**built, relations=between, known=known, package=package, beyond=beyond, subject=subject)
    empty = [*_without_values(ledger, tables["claims"]), *_without_values(ledger, tables["official"])]
    if empty:
        raise LedgerError(empty)
    return ledger


def _split(
    relations: Mapping[str, Relation], claims: Mapping[str, Claim]
) -> tuple[dict[str, Relation], dict[str, Relation]]:
    """Return the relations all of whose figures are claims, and the others."""
    between = {id: one for id, one in relations.items() if one.names <= claims.keys()}
    return between, {id: one for id, one in relations.items() if id not in between}


def independent(claims: Iterable[T]) -> list[T]:
    """Return one claim for each statement: restatements in the same text count once."""
    first: dict[str, T] = {}
    for claim in claims:
        first.setdefault(getattr(claim, "repeats", "") or claim.id, claim)
    return list(first.values())


def _sorted(claims: Iterable[Claim], key: Callable[[Claim], Hashable]) -> dict:
    """Return claims by what `key` says of them, in the order of the ledger."""
    found: dict = {}
    for claim in claims:
        found.setdefault(key(claim), []).append(claim)
    return found


def _columns(kind: type) -> Iterator[str]:
    for one in fields(kind):
        if one.name == "period":
            yield from (f"period_{part.name}" for part in fields(Period))
        elif one.metadata.get("column", True):
            yield one.name


def _build(kind: type, values: Mapping[str, Any]):
    """Return a row as an object of its kind."""
    given = dict(values)
    if kind in (Claim, Official):
        given["text"] = values["value"]
        given["period"] = Period(*(given.pop(f"period_{part.name}") for part in fields(Period)))
        for name in ("value", "precision", "precision_wide"):
            if name in given:
                given[name] = Fraction(given[name]) if given[name] else None
    if kind is Relation:
        given["operands"] = rules.operands(given["operands"])
    return kind(**{one.name: given[one.name] for one in fields(kind) if one.name in given})


def _without_values(ledger: Ledger, table: schema.Table) -> Iterator[Problem]:
    """Yield the figures that could stand for no value at all, such as "less than 0" of a count."""
    figures = ledger.claims if table.name == "claims" else ledger.official
    for row, figure in zip(table.rows, figures.values(), strict=True):
        if ledger.interval(figure).is_empty:
            said = f"with the hedge {figure.hedge!r} leaves no value in the domain of {figure.indicator}"
            yield table.problem(row, "value", said, "mend the hedge, or the domain in indicators.csv")


def _flat(item) -> dict[str, Any]:
    """Return an object as a row: fractions as floats, periods as their columns, operands as text."""
    row = {}
    for one in fields(item):
        value = getattr(item, one.name)
        if one.name == "period":
            row |= {f"period_{part.name}": getattr(value, part.name) for part in fields(Period)}
        elif isinstance(value, Fraction):
            row[one.name] = float(value)
        elif one.name == "operands":
            row[one.name] = "; ".join(f"{role}={'+'.join(names)}" for role, names in value.items())
        else:
            row[one.name] = value
    if isinstance(item, _Figure):
        row["point"] = float(item.point)
    return row
