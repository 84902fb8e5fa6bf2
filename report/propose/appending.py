"""Add accepted rows to the ledger's files: with the next free ids, only if the whole ledger then is valid, at once."""

from __future__ import annotations

import csv
import io
import re
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from claims.ledger.model import LedgerError
from claims.tables.files import read_regular
from claims.tables.locations import display_path
from claims.tables.messages import count_noun

from report.propose.proposals import columns_of
from report.runs.printed import load_readable_ledger
from report.stops import WrongInput
from report.writing import write_whole

__all__ = ["append_rows", "with_ids"]

Rows = Sequence[Mapping[str, str]]
_LETTERS = {"claims": "c", "agreements": "a"}


def append_rows(folder: Path, tables: Mapping[str, Rows]) -> str:
    """Add rows to claims.csv and agreements.csv in a folder, and return which; rows that are there already are not.

    Raises WrongInput, and writes nothing, if the ledger would then have a problem; every one is listed.
    """
    files: dict[Path, bytes] = {}
    added: list[str] = []
    for table, rows in tables.items():
        path = folder / f"{table}.csv"
        content = read_regular(path)
        before = list(csv.DictReader(io.StringIO(content.decode("utf-8"), newline="")))
        there = _find_there(before, rows)
        new = with_ids(table, [row for row in rows if row["id"] not in there], [row["id"] for row in before], there)
        if new:
            files[path] = (content if content.endswith(b"\n") else content + b"\n") + _as_csv(table, new)
            span = new[0]["id"] if len(new) == 1 else f"{new[0]['id']} to {new[-1]['id']}"
            added.append(f"{count_noun(len(new), 'row')} to {display_path(path)} ({span})")
    if not files:
        return "nothing to add: every accepted row is in the ledger already"
    _refuse_invalid(folder, files)
    for path, content in files.items():
        write_whole(path, content)
    return f"added {' and '.join(added)}"


def with_ids(
    table: str, rows: Rows, taken: Iterable[str], there: Mapping[str, str] | None = None
) -> list[dict[str, str]]:
    """Return rows with the next free ids; what they repeat is followed, and left out where that is no row any more.

    `there` are the ids that rows added before have by now, by those they were proposed with.

    >>> rows = [{"id": "p001", "repeats": ""}, {"id": "p004", "repeats": "p001"}, {"id": "p009", "repeats": "p002"}]
    >>> [(row["id"], row["repeats"]) for row in with_ids("claims", rows, ["c007"])]
    [('c008', ''), ('c009', 'c008'), ('c010', '')]
    >>> [row["repeats"] for row in with_ids("claims", rows[1:], ["c007"], {"p001": "c005"})]
    ['c005', '']
    """
    taken = list(taken)
    last = max((int(digits) for id in taken if (digits := re.sub(r"\D", "", id))), default=0)
    ids = {row["id"]: f"{_LETTERS[table]}{last + place:03}" for place, row in enumerate(rows, start=1)}
    known = ids | {id: id for id in taken} | dict(there or {})
    return [{**row, "id": ids[row["id"]], "repeats": known.get(row["repeats"], "")} for row in rows]


def _find_there(before: Sequence[Mapping[str, str]], rows: Rows) -> dict[str, str]:
    """Return the ids in a table of the rows that it has already, by the ids these were proposed with.

    Ids and what a row repeats are not compared. Of two rows with the same cells, a row of the table is only one.
    """

    def cells(row: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
        return tuple(sorted((name, value) for name, value in row.items() if name not in ("id", "repeats")))

    ids: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for row in before:
        ids.setdefault(cells(row), []).append(row["id"])
    return {row["id"]: same.pop(0) for row in rows if (same := ids.get(cells(row)))}


def _as_csv(table: str, rows: Rows) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns_of(table), lineterminator="\n", extrasaction="ignore")
    writer.writerows(rows)
    return text.getvalue().encode()


def _refuse_invalid(folder: Path, files: Mapping[Path, bytes]) -> None:
    """Raise WrongInput with every problem that the ledger would have with new contents of its files."""
    with tempfile.TemporaryDirectory(prefix="propose-") as name:
        copy = Path(name) / "data"
        shutil.copytree(
            folder, copy, ignore=lambda _, names: [each for each in names if each[-4:] not in (".csv", "json")]
        )
        for path, content in files.items():
            (copy / path.name).write_bytes(content)
        try:
            load_readable_ledger(copy)
        except LedgerError as error:
            message = str(error).replace(str(copy), display_path(folder))
            raise WrongInput(f"{message}\nnothing was written; the answers are kept") from None
