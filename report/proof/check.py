"""Check a ledger: that it is valid, and, where somebody has the texts, that every row is printed in them."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from claims.ledger import loading, model
from claims.ledger.model import Agreement, Claim, Ledger, LedgerError
from claims.tables.files import read_regular
from claims.tables.locations import data_folder, display_path
from claims.tables.messages import Problem, count_noun, format_problems

from report.digests import digest
from report.proof.letters import notes_on_letters
from report.proof.same_figures import find_repeated_relations, notes_on_filled_roles
from report.runs.printed import is_printed, load_readable_ledger, normalise, refuse_no_figures, value_is_printed
from report.stops import OK, WRONG_INPUT, WrongInput

__all__ = ["FaultyLedger", "Proof", "check", "count_rows", "main", "prove"]

FILLERS = {"a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"}
LARGE = 4_000_000  # bytes of claims.csv, about thirty thousand claims: more are checked as columns
Fault = tuple[str, str, str, str]  # column, value, message and remedy


@dataclass(frozen=True)
class Proof:
    """How many rows of each text there are, how many of them its lines prove, and what is wrong with the others.

    `read` are the texts whose files are in the folder with the right hash, `rows` and `proved` count by text.
    """

    read: tuple[str, ...]
    rows: Mapping[str, int]
    proved: Mapping[str, int]
    problems: tuple[Problem, ...]

    @property
    def total(self) -> str:
        """Return how many of all rows are proved."""
        return f"{sum(self.proved.values())} of {sum(self.rows.values())} rows proved"

    def lines(self) -> list[str]:
        """Return how many rows of each text are proved, a line each."""
        return [f"{id}: {self.proved.get(id, 0)} of {rows} rows proved" for id, rows in self.rows.items()]


class FaultyLedger(LedgerError):
    """A ledger that can be read, of which rows are not printed in the texts, or repeat each other.

    `counts` are those of a ledger without problems. `last` are the lines that its message ends with: how many rows are
    proved, and how to leave out texts that are not there.
    """

    def __init__(self, problems: Iterable[Problem], counts: str, last: Iterable[str] = ()):
        super().__init__(problems)
        self.counts, self.last = counts.replace(": valid, ", ": ", 1), tuple(last)

    def __str__(self) -> str:
        return "\n".join([format_problems(self.problems), *self.last])


def main(data: Path | None, sources: Path | None, only: Collection[str] = ()) -> int:
    """Print the result of the check and return the exit code: 0 for a ledger without a problem, else 2."""
    try:
        print(check(data, sources, only))
    except LedgerError as error:
        if isinstance(error, FaultyLedger):
            print(error.counts, flush=True)
        print(error, file=sys.stderr)
        return WRONG_INPUT
    return OK


def check(folder: Path | None = None, sources: Path | None = None, only: Collection[str] = ()) -> str:
    """Return how many rows the ledger in `folder` has and, given the folder of its texts, how many they prove.

    Only the texts named by id are asked for, without names all. Raises LedgerError with every problem of the ledger,
    or, if it is valid, of the proof; WrongInput without figures, or for a text that is not in the ledger.
    """
    folder = folder or data_folder()
    if sources is None and _is_large(folder):
        return _check_large(folder)
    # the texts prove more than readable values, and list all problems together
    ledger = load_readable_ledger(folder) if sources is None else loading.load_ledger(folder)
    refuse_no_figures(folder, len(ledger.sources), len(ledger.claims))
    counts, repeated = count_rows(ledger, folder), find_repeated_relations(ledger, folder)
    if sources is None:
        if repeated:
            raise FaultyLedger(repeated, counts)
        return counts
    proof = prove(ledger, sources, folder, _known_texts(ledger, folder, only))
    counts = "\n".join([counts, f"by text, against the texts in {display_path(sources)}:", *_indent(proof.lines())])
    if problems := [*proof.problems, *repeated]:
        raise FaultyLedger(problems, counts, [proof.total, *_how_to_leave_out(proof)])
    return f"{counts}\n{proof.total}{_what_of(ledger, proof, sources)}"


def _indent(lines: Iterable[str]) -> list[str]:
    return [f"  {line}" for line in lines]


def _known_texts(ledger: Ledger, folder: Path, only: Collection[str]) -> list[str]:
    """Return the ids of the texts to prove, in the order of the ledger. Raises WrongInput for one it does not have."""
    for id in only:
        if id not in ledger.sources:
            where = display_path(folder / "sources.csv")
            raise WrongInput(f"--text {id}: is not in {where}, which has {', '.join(ledger.sources)}")
    return [id for id in ledger.sources if not only or id in only]


def _how_to_leave_out(proof: Proof) -> list[str]:
    """Return the options that check only the texts that are there, nothing if all or none are."""
    if not proof.read or len(proof.read) == len(proof.rows):
        return []
    options = " ".join(f"--text {id}" for id in proof.read)
    return [f'to check only the texts that are in the folder, add {options} (with make: ARGS="{options}")']


def _what_of(ledger: Ledger, proof: Proof, sources: Path) -> str:
    """Return what is proved, and how many texts were not asked for."""
    claims = sum(claim.source in proof.rows for claim in ledger.claims.values())
    items = sum(item.source in proof.rows for item in ledger.agreements.values())
    left = len(ledger.sources) - len(proof.rows)
    rest = f"; {count_noun(left, 'other text')} not checked" if left else ""
    texts = count_noun(len(proof.rows), "text")
    return f": {claims} claims and {items} listed items, against {texts} in {display_path(sources)}{rest}"


def _is_large(folder: Path) -> bool:
    """Return whether the claims of a ledger are too many for a row each to be an object, or in Parquet files."""
    claims = folder / "claims.csv"
    return claims.stat().st_size > LARGE if claims.is_file() else claims.with_suffix(".parquet").exists()


def _check_large(folder: Path) -> str:
    """Return how many rows each file of a large ledger has. Raises LedgerError, which lists the first problems."""
    from claims.ledger.large import load_large_ledger  # with Polars, which small ledgers do not need

    tables = load_large_ledger(folder).tables.values()
    width = max(len(table.name) for table in tables)
    total = sum(table.frame.height for table in tables)
    lines = [f"{display_path(folder)}: valid, {total:,} rows in {len(tables)} tables"]
    return "\n".join([*lines, *(f"  {table.name:<{width}} {table.frame.height:>11,}" for table in tables)])


def count_rows(ledger: Ledger, folder: Path) -> str:
    """Return how many rows each file has, and how many claims and listed items each source."""
    files = {name: len(getattr(ledger, "known" if name == "known_disagreements" else name)) for name in model.TABLES}
    width = max(len(f"{name}.csv") for name in files)
    lines = [f"{display_path(folder)}: valid, {sum(files.values())} rows in {len(files)} files"]
    lines += [*notes_on_letters(ledger, folder), *notes_on_filled_roles(ledger, folder)]
    lines += [f"  {f'{name}.csv':<{width}} {rows:>5}" for name, rows in files.items()]
    lines.append("by source:")
    claims_of = Counter(claim.source for claim in ledger.claims.values())
    items_of = Counter(item.source for item in ledger.agreements.values())
    for source in ledger.sources:
        claims, items = claims_of[source], items_of[source]
        lines.append(f"  {source:<{width}} {claims:>5} claims {items:>5} listed items")
    return "\n".join(lines)


def prove(ledger: Ledger, sources: Path, folder: Path, only: Iterable[str] = ()) -> Proof:
    """Return how many claims and listed items of each text are on their line of it, and all problems.

    Only the texts named by id are read, without names all. A text that is missing, or has another hash than in the
    ledger, is one problem, and proves none of its rows.
    """
    asked = tuple(only) or tuple(ledger.sources)
    tables: dict[str, Mapping[str, Claim | Agreement]] = {"claims": ledger.claims, "agreements": ledger.agreements}
    rows = Counter(row.source for table in tables.values() for row in table.values())
    texts, problems = _read_texts(ledger, sources, folder, {id: rows[id] for id in asked})
    proved: Counter[str] = Counter()
    for name, table in tables.items():
        for number, row in enumerate(table.values(), start=2):
            if row.source not in texts:
                continue
            if fault := _find_fault(row, texts[row.source], ledger):
                problems.append(Problem(display_path(folder / f"{name}.csv"), number, row.id, *fault))
            else:
                proved[row.source] += 1
    if not any(rows[id] for id in asked):
        remedy = "give the folder of a ledger" if not rows else "add its figures to claims.csv"
        problems.append(Problem(display_path(folder), message="has no row to prove", remedy=remedy))
    return Proof(tuple(texts), {id: rows[id] for id in asked}, proved, tuple(problems))


def _read_texts(
    ledger: Ledger, sources: Path, folder: Path, rows: Mapping[str, int]
) -> tuple[dict[str, list[str]], list[Problem]]:
    """Return the lines of every text with the hash that the ledger has, and the problems of the others.

    Read are the texts of which `rows` are to be proved.
    """
    texts: dict[str, list[str]] = {}
    problems: list[Problem] = []
    if not sources.is_dir():
        remedy = "give --sources the folder of the texts"
        return texts, [Problem(display_path(sources), message="is missing or not a folder", remedy=remedy)]
    for number, source in enumerate(ledger.sources.values(), start=2):
        if source.id not in rows:
            continue
        path = sources / source.file
        try:
            content = read_regular(path)
        except OSError:
            content = None
        sha256 = digest(content or b"")
        if content is not None and sha256 == source.sha256:
            texts[source.id] = content.decode("utf-8", errors="replace").split("\n")
            continue
        unproved = f"so {rows[source.id]} rows are not proved"
        if content is None:
            fault = "file", source.file, f"is not in {display_path(sources)}, {unproved}", "add the text"
        else:
            message = f"is not the hash of {display_path(path)}, which is {sha256}, {unproved}"
            fault = "sha256", source.sha256, message, "find the text the ledger was made from, or enter this one again"
        problems.append(Problem(display_path(folder / "sources.csv"), number, source.id, *fault))
    return texts, problems


def _find_fault(row: Claim | Agreement, lines: list[str], ledger: Ledger) -> Fault | None:
    """Return column, value, message and remedy of what is wrong with a row, None if its line proves it."""
    if row.line > len(lines):
        message = f"is past the end of {row.source}, which has {len(lines)} lines"
        return "line", str(row.line), message, "fix the line"
    line = lines[row.line - 1]
    return _find_claim_fault(row, line, lines, ledger) if isinstance(row, Claim) else _find_item_fault(row, line)


def _find_claim_fault(claim: Claim, line: str, lines: list[str], ledger: Ledger) -> Fault | None:
    if not is_printed(claim.printed, line):
        message = f"is not on line {claim.line} of {claim.source}"
        matches = [str(number) for number, other in enumerate(lines, start=1) if is_printed(claim.printed, other)]
        copy = "copy it from the text, whole words and numbers only"
        return "printed", claim.printed, message, f"it is on line {' and '.join(matches)}" if matches else copy
    year = int(ledger.sources[claim.source].reference_date[:4])
    if not value_is_printed(claim, ledger.indicators[claim.indicator].kind, year, line):
        times = f"times {claim.multiplier} " if claim.multiplier != 1 else ""
        message = f"{times}cannot be read in {claim.printed!r}"
        return "value", claim.text, message, "fix value or multiplier, or include the words that print it"
    return None


def _find_item_fault(item: Agreement, line: str) -> Fault | None:
    if _words(item.item) & _words(line):
        return None
    message = f"has no word that is on line {item.line} of {item.source}"
    return "item", item.item, message, "use a word of the text, and count lines from 1"


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", normalise(text).lower()) if word not in FILLERS}
