"""Load the ledger of a folder, validated as a whole, or list every problem it has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, replace
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

from claims.ledger import relation_rules, rules
from claims.ledger.intervals import Interval, printed_ends
from claims.ledger.model import TABLES, Claim, Ledger, LedgerError, Official, Period, Relation, Source, column_types
from claims.ledger.subject import causes_of, read_subject
from claims.tables import schema
from claims.tables.files import read_regular
from claims.tables.locations import data_folder, display_path
from claims.tables.messages import Problem, first_problems
from claims.tables.table import CsvTable, Row

__all__ = ["build_row", "find_impossible", "in_order", "load_ledger"]

_KEPT = 10_000  # values of a kind


def load_ledger(folder: Path | str | None = None) -> Ledger:
    """Return the ledger in `folder`, by default the project's; raise LedgerError with every problem it has.

    It is read again only when one of its files has changed; texts for people (`.md`) are none of them.
    """
    folder = Path(folder) if folder else data_folder()
    files = sorted(path for path in folder.glob("*") if path.suffix != ".md")
    return _read(folder, tuple(map(_contents, files)))


def _contents(path: Path) -> bytes | None:
    try:
        return read_regular(path)
    except OSError:  # a folder, a pipe, or a file that cannot be read, which the reader reports
        return None


@lru_cache(maxsize=1)
def _read(folder: Path, contents: tuple[bytes | None, ...]) -> Ledger:
    needed = {name: column_types(kind) for name, kind in TABLES.items()}
    package, tables, problems = schema.read_tables(folder, needed)
    subject, subject_problems = read_subject(package.get("subject", ""), display_path(folder / schema.PACKAGE))
    problems += [*subject_problems, *first_problems(rules.find_rule_problems(tables, causes_of(subject)))]
    if problems:
        raise LedgerError(in_order(problems, folder, package))
    rows = {
        name: {row.values[tables[name].key]: build_row(kind, row.values) for row in tables[name].rows}
        for name, kind in TABLES.items()
    }
    rows["claims"] = {id: _of_text(claim, rows["sources"]) for id, claim in rows["claims"].items()}
    relations = rows.pop("relations")
    between = {id: relation for id, relation in relations.items() if relation.names <= rows["claims"].keys()}
    beyond = {id: relation for id, relation in relations.items() if id not in between}
    known = rows.pop("known_disagreements")
    ledger = Ledger(**rows, relations=between, known=known, package=package, beyond=beyond, subject=subject)
    empty = [
        *_impossible_figures(ledger, tables["claims"], ledger.claims.values()),
        *_impossible_figures(ledger, tables["official"], ledger.official.values()),
    ]
    if empty:
        raise LedgerError(empty)
    return ledger


def in_order(problems: Iterable[Problem], folder: Path, package: Mapping[str, Any]) -> list[Problem]:
    """Return problems in the order of the files that a data package describes, those of the package itself first."""
    order = [display_path(folder / resource["path"]) for resource in package.get("resources", [])]
    return sorted(problems, key=lambda one: order.index(one.file) if one.file in order else -1)


def build_row(kind: type, row: Mapping[str, Any]) -> Any:
    """Return a row as an object of its kind."""
    values = dict(row)
    if kind in (Claim, Official):
        values["text"] = row["value"]
        values["period"] = _period(*(values.pop(f"period_{part.name}") for part in fields(Period)))
        values["value"], values["spread"] = _middle_and_spread(values["value"])
        for name in ("precision", "precision_wide"):
            if name in values:
                values[name] = _fraction(values[name]) if values[name] else None
    if kind is Relation:
        values["operands"] = relation_rules.operands(values["operands"])
    return kind(**{one.name: values[one.name] for one in fields(kind) if one.name in values})


@lru_cache(_KEPT)
def _middle_and_spread(text: str) -> tuple[Fraction, Fraction]:
    """Return the middle of a value as the ledger writes it, and how far its ends are from it."""
    low, high = printed_ends(text)
    return (low + high) / 2, (high - low) / 2


# Equal values are one object: a large ledger has few periods and precisions, and is small and quick to go through.
_period, _fraction = lru_cache(_KEPT)(Period), lru_cache(_KEPT)(Fraction)


def _of_text(claim: Claim, sources: Mapping[str, Source]) -> Claim:
    return replace(claim, short_name=sources[claim.source].short_name)


def _impossible_figures(ledger: Ledger, table: CsvTable, figures: Iterable[Claim | Official]) -> Iterator[Problem]:
    for row, figure in zip(table.rows, figures, strict=True):
        if problem := find_impossible(table, row, figure, ledger.interval(figure)):
            yield problem


def find_impossible(table: CsvTable, row: Row, figure: Claim | Official, values: Interval) -> Problem | None:
    """Return a problem if a figure could stand for no value at all, such as "less than 0" of a count."""
    if not values.is_empty:
        return None
    message = f"with the hedge {figure.hedge!r} leaves no value in the domain of {figure.indicator}"
    return table.problem(row, "value", message, "fix the hedge, or the domain in indicators.csv")
