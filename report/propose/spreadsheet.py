"""Proposals as a CSV for a spreadsheet, with a column for the decision, and the same file read back."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from claims.tables.files import read_regular
from claims.tables.messages import Problem, did_you_mean, format_problems, one_of

from report.propose.checking import Checker
from report.propose.proposals import Proposal, TextReading, columns_of
from report.stops import WrongInput
from report.writing import write_whole

__all__ = ["DECISIONS", "DECISIONS_HELP", "lists_file", "read_decisions", "write_proposals"]

DECISIONS = ("y", "n", "r")
DECISIONS_HELP = """\
decision: y accepts the row, n rejects it, r accepts it as a repetition of the row whose id is in the column repeats;
an empty one is for later"""
_HELP = ("others", "sentence")  # for the reader of the spreadsheet; not read back


def lists_file(path: Path) -> Path:
    """Return the file of the listed items beside that of the figures.

    >>> lists_file(Path("mine.csv")).name
    'mine_lists.csv'
    """
    return path.with_name(f"{path.stem}_lists{path.suffix or '.csv'}")


def write_proposals(reading: TextReading, path: Path) -> list[Path]:
    """Write the proposed figures into a CSV, and the listed items into one beside it; return the files.

    The column `decision` is empty: y accepts a row, n rejects it, r accepts it as a repetition. Raises WrongInput
    where a file is there already.
    """
    files = {path: _as_csv(reading, "claims", reading.claims)}
    if reading.items:
        files[lists_file(path)] = _as_csv(reading, "agreements", reading.items)
    for file in files:
        if file.exists():
            raise WrongInput(f"{file}: is there already, maybe with decisions; move it away, or name another file")
        if not file.parent.is_dir():
            raise WrongInput(f"{file}: there is no folder {file.parent}; make it, or name another file")
    for file, content in files.items():
        write_whole(file, content)
    return list(files)


def _as_csv(reading: TextReading, table: str, proposals: Sequence[Proposal]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    columns = columns_of(table)
    writer.writerow(("decision", *columns, *_HELP))
    for one in proposals:
        sentence = reading.text.plain_lines[one.line - 1][slice(*one.sentence)].strip()
        cells = ["", *(one.row[name] for name in columns), " ".join(one.candidates[1:]), sentence]
        writer.writerow([_harmless(cell) for cell in cells])
    return text.getvalue().encode()


def _harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula; a negative number stays one."""
    is_number = cell[:1] == "-" and cell[1:].replace(".", "", 1).replace("/", "", 1).isdigit()
    return f"'{cell}" if cell[:1] in "=+-@\t" and cell and not is_number else cell


def read_decisions(path: Path, checker: Checker) -> tuple[str, list[dict[str, str]], int]:
    """Return the table of a CSV, the rows accepted in it, and how many have no decision yet.

    Raises WrongInput with row, column and remedy of everything that is wrong with the file.
    """
    table, columns, lines = _read(path)
    rows = [dict(zip(columns, cells, strict=False)) for cells in lines]
    rows = [{name: _restored(value) for name, value in row.items()} for row in rows]
    problems = list(_wrong_lengths(path, columns, lines))
    accepted = [row for row in rows if row.get("decision", "").strip().lower() in ("y", "r")]
    if not problems:
        problems += _wrong_decisions(path, rows)
        for number, row in enumerate(rows, start=2):
            if row in accepted:
                problems += checker.find_problems(table, [row], str(path), number)
        problems += _wrong_ids(path, rows)
        problems += _wrong_repeats(path, rows, {row["id"] for row in accepted} | {*checker.ledger.claims})
    if problems:
        raise WrongInput(f"{format_problems(problems)}\nnothing was written; fix the file, and give it again")
    kept = [{name: row.get(name, "") for name in columns_of(table)} for row in _resolved(accepted)]
    return table, kept, sum(not row["decision"].strip() for row in rows)


def _read(path: Path) -> tuple[str, list[str], list[list[str]]]:
    """Return the table that a file is for, its header and its rows."""
    try:
        text = read_regular(path).decode("utf-8-sig")  # as spreadsheets save it
        header = text.partition("\n")[0]
        delimiter = ";" if header.count(";") > header.count(",") else ","  # as spreadsheets of some countries save it
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        lines = [cells for cells in rows if any(cells)]
    except FileNotFoundError:
        raise WrongInput(f"{path}: there is no such file; propose TEXT --csv FILE writes one") from None
    except UnicodeDecodeError:
        raise WrongInput(f"{path}: is not UTF-8; save it as CSV UTF-8") from None
    except (OSError, csv.Error) as error:
        raise WrongInput(f"{path}: cannot be read as CSV ({error}); save it as CSV UTF-8") from None
    if not lines:
        raise WrongInput(f"{path}: is empty; propose TEXT --csv FILE writes one with the proposals")
    columns = [name.strip() for name in lines[0]]
    table = "agreements" if "item" in columns and "printed" not in columns else "claims"
    missing = [name for name in ("decision", *columns_of(table)) if name not in columns]
    if missing:
        named = [f"{name}{f' ({hint})' if (hint := did_you_mean(name, columns)) else ''}" for name in missing]
        remedy = "put the columns back as propose --csv wrote them"
        raise WrongInput(f"{path}: row 1, header: {', '.join(named)} missing; {remedy}")
    return table, columns, lines[1:]


def _restored(cell: str) -> str:
    """Return a cell without the mark that keeps a spreadsheet from taking it for a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in ("=", "+", "-", "@", "\t") else cell


def _wrong_lengths(path: Path, columns: Sequence[str], lines: Sequence[Sequence[str]]) -> Iterator[Problem]:
    for number, cells in enumerate(lines, start=2):
        if len(cells) != len(columns):
            message = f"has {len(cells)} cells, the header {len(columns)}"
            yield Problem(str(path), number, message=message, remedy="give each column a cell; quote those with commas")


def _wrong_decisions(path: Path, rows: Sequence[Mapping[str, str]]) -> Iterator[Problem]:
    for number, row in enumerate(rows, start=2):
        decision = row.get("decision", "").strip().lower()
        if decision and decision not in DECISIONS:
            remedy = f"{one_of(decision, DECISIONS)}, or empty for later"
            yield Problem(str(path), number, row.get("id", ""), "decision", row["decision"], "", remedy)


def _wrong_ids(path: Path, rows: Sequence[Mapping[str, str]]) -> Iterator[Problem]:
    """Yield ids that are missing or used twice, as where a person has added or copied a row."""
    seen: set[str] = set()
    for number, row in enumerate(rows, start=2):
        if not row["id"] or row["id"] in seen:
            message = "is the id of a row above" if row["id"] else "is empty"
            yield Problem(str(path), number, row["id"], "id", row["id"], message, "write one that no other row has")
        seen.add(row["id"])


def _wrong_repeats(path: Path, rows: Sequence[Mapping[str, str]], ids: Collection[str]) -> Iterator[Problem]:
    for number, row in enumerate(rows, start=2):
        if row.get("decision", "").strip().lower() == "r" and row["repeats"] not in ids:
            message = "is no accepted row of this file" if row["repeats"] else "is empty"
            remedy = "name the id of the first occurrence, with the decision y; or write y for a figure of its own"
            yield Problem(str(path), number, row["id"], "repeats", row["repeats"], message, remedy)


def _resolved(accepted: Sequence[dict[str, str]]) -> Iterator[dict[str, str]]:
    """Yield rows that repeat only what may be repeated: a first occurrence with the same indicator; r makes it so."""
    by_id = {row["id"]: row for row in accepted}
    for row in accepted:
        first = by_id.get(row["repeats"])
        same = first is not None and first.get("indicator") == row.get("indicator") and not first["repeats"]
        yield row if same or row["decision"].strip().lower() == "r" or not first else {**row, "repeats": ""}
