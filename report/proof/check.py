"""Check a ledger: that it is valid, and, where somebody has the texts, that every row is printed in them."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from claims.ledger import loading, model
from claims.ledger.model import Agreement, Claim, Ledger, LedgerError
from claims.tables.files import read_regular
from claims.tables.locations import data_folder, display_path
from claims.tables.messages import Problem, format_problems

from report.digests import digest
from report.proof.letters import notes_on_letters
from report.runs.printed import is_printed, load_readable_ledger, normalise, refuse_no_figures, value_is_printed
from report.stops import OK, WRONG_INPUT

__all__ = ["UnprovedLedger", "check", "count_rows", "main", "prove"]

FILLERS = {"a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"}
LARGE = 4_000_000  # bytes of claims.csv, about thirty thousand claims: more are checked as columns
Fault = tuple[str, str, str, str]  # column, value, message and remedy


class UnprovedLedger(LedgerError):
    """A valid ledger of which some rows are not printed in the texts; `proved` counts those that are."""

    def __init__(self, problems: Iterable[Problem], proved: str):
        super().__init__(problems)
        self.proved = proved

    def __str__(self) -> str:
        return f"{format_problems(self.problems)}\n{self.proved}"


def main(data: Path | None, sources: Path | None) -> int:
    """Print the result of the check and return the exit code: 0 for a ledger without a problem, else 2."""
    try:
        print(check(data, sources))
    except LedgerError as error:
        print(error, file=sys.stderr)
        return WRONG_INPUT
    return OK


def check(folder: Path | None = None, sources: Path | None = None) -> str:
    """Return how many rows the ledger in `folder` has and, given the folder of its texts, how many they prove.

    Raises LedgerError with every problem of the ledger, or, if it is valid, of the proof; WrongInput without figures.
    """
    folder = folder or data_folder()
    if sources is None and _is_large(folder):
        return _check_large(folder)
    # the texts prove more than readable values, and list all problems together
    ledger = load_readable_ledger(folder) if sources is None else loading.load_ledger(folder)
    refuse_no_figures(folder, len(ledger.sources), len(ledger.claims))
    if sources is None:
        return count_rows(ledger, folder)
    texts, number, problems = prove(ledger, sources, folder)
    claims, items = len(ledger.claims), len(ledger.agreements)
    proved = f"{number} of {claims + items} rows proved"
    if problems:
        raise UnprovedLedger(problems, proved)
    where = f"against {texts} texts in {display_path(sources)}"
    return f"{count_rows(ledger, folder)}\n{proved}: {claims} claims and {items} listed items, {where}"


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
    lines += notes_on_letters(ledger, folder)
    lines += [f"  {f'{name}.csv':<{width}} {rows:>5}" for name, rows in files.items()]
    lines.append("by source:")
    claims_of = Counter(claim.source for claim in ledger.claims.values())
    items_of = Counter(item.source for item in ledger.agreements.values())
    for source in ledger.sources:
        claims, items = claims_of[source], items_of[source]
        lines.append(f"  {source:<{width}} {claims:>5} claims {items:>5} listed items")
    return "\n".join(lines)


def _count_by_source(ledger: Ledger, source: str) -> tuple[int, int]:
    """Return how many claims and how many listed items come from a source."""
    claims = sum(claim.source == source for claim in ledger.claims.values())
    return claims, sum(item.source == source for item in ledger.agreements.values())


def prove(ledger: Ledger, sources: Path, folder: Path) -> tuple[int, int, list[Problem]]:
    """Return how many texts there are, how many claims and listed items are on their line of one, and all problems.

    A text that is missing, or has another hash than in the ledger, is one problem, and proves none of its rows.
    """
    texts, problems = _read_texts(ledger, sources, folder)
    proved = 0
    tables: dict[str, Mapping[str, Claim | Agreement]] = {"claims": ledger.claims, "agreements": ledger.agreements}
    for name, rows in tables.items():
        for number, row in enumerate(rows.values(), start=2):
            if row.source not in texts:
                continue
            if fault := _find_fault(row, texts[row.source], ledger):
                problems.append(Problem(display_path(folder / f"{name}.csv"), number, row.id, *fault))
            else:
                proved += 1
    if not (ledger.claims or ledger.agreements):
        remedy = "give the folder of a ledger"
        problems.append(Problem(display_path(folder), message="has no row to prove", remedy=remedy))
    return len(texts), proved, problems


def _read_texts(ledger: Ledger, sources: Path, folder: Path) -> tuple[dict[str, list[str]], list[Problem]]:
    """Return the lines of every text with the hash that the ledger has, and the problems of the others."""
    texts: dict[str, list[str]] = {}
    problems: list[Problem] = []
    if not sources.is_dir():
        remedy = "give --sources the folder of the texts"
        return texts, [Problem(display_path(sources), message="is missing or not a folder", remedy=remedy)]
    for row, source in enumerate(ledger.sources.values(), start=2):
        path = sources / source.file
        try:
            content = read_regular(path)
        except OSError:
            content = None
        sha256 = digest(content or b"")
        if content is not None and sha256 == source.sha256:
            texts[source.id] = content.decode("utf-8", errors="replace").split("\n")
            continue
        unproved = f"so {sum(_count_by_source(ledger, source.id))} rows are not proved"
        if content is None:
            fault = "file", source.file, f"is not in {display_path(sources)}, {unproved}", "add the text"
        else:
            message = f"is not the hash of {display_path(path)}, which is {sha256}, {unproved}"
            fault = "sha256", source.sha256, message, "find the text the ledger was made from, or enter this one again"
        problems.append(Problem(display_path(folder / "sources.csv"), row, source.id, *fault))
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
