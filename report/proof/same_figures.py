"""What rows of relations.csv come to: the figures that fill roles a row leaves out, and rows about the same figures."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from claims.judging.repeated_relations import filled_roles, repeated_relations
from claims.ledger.model import Ledger
from claims.tables.files import read_regular
from claims.tables.locations import display_path
from claims.tables.messages import Problem

__all__ = ["find_repeated_relations", "notes_on_filled_roles", "notes_on_relations"]

FILE = "relations.csv"


def notes_on_filled_roles(ledger: Ledger, folder: Path) -> list[str]:
    """Return a line for each relation whose row leaves out a figure that the ledger has."""
    where = display_path(folder / FILE)
    return [f"{where}: {id} leaves out {_fillings(ledger, id)}" for id in filled_roles(ledger)]


def notes_on_relations(ledger: Ledger, folder: Path) -> list[str]:
    """Return those lines, and one for each relation that is not judged because an earlier one is about its figures."""
    where = display_path(folder / FILE)
    repeated = repeated_relations(ledger).items()
    notes = [f"{where}: {id} is about the same figures as {first}, and is not counted" for id, first in repeated]
    return [*notes_on_filled_roles(ledger, folder), *notes]


def find_repeated_relations(ledger: Ledger, folder: Path) -> list[Problem]:
    """Return a problem for each relation that is about the same figures in the same roles as an earlier one."""
    repeated = repeated_relations(ledger)
    rows = _rows(folder) if repeated else {}
    return [_problem(ledger, folder, rows, id, first) for id, first in repeated.items()]


def _problem(ledger: Ledger, folder: Path, rows: dict[str, int], id: str, first: str) -> Problem:
    filled = filled_roles(ledger)
    left_out = "".join(f"; {one} leaves out {_fillings(ledger, one)}" for one in (first, id) if one in filled)
    operands = "; ".join(f"{role}={'+'.join(names)}" for role, names in ledger.relations[id].operands.items())
    message = f"are the same figures in the same roles as in row {rows[first]} ({first}){left_out}"
    remedy = "delete one of the two rows"
    return Problem(display_path(folder / FILE), rows[id], id, "operands", operands, message, remedy)


def _fillings(ledger: Ledger, id: str) -> str:
    """Return the roles that a relation leaves out, each with what fills it."""
    roles = filled_roles(ledger)[id].items()
    figures = {role: " and ".join(f"{claim.id} of {claim.source}" for claim in claims) for role, claims in roles}
    return ", ".join(f"{role}, which is filled with {claims}" for role, claims in figures.items())


def _rows(folder: Path) -> dict[str, int]:
    """Return the row of each relation in its file."""
    table = csv.DictReader(io.StringIO(read_regular(folder / FILE).decode("utf-8-sig"), newline=""))
    return {row["id"]: number for number, row in enumerate(table, start=2)}
