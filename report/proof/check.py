"""Check a ledger: that it is valid, and, where somebody has the texts, that every row stands in them."""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from claims.ledger import loading
from claims.ledger import model as ledgers
from claims.ledger.model import Agreement, Claim, Ledger, LedgerError
from claims.tables.locations import data_folder, display_path
from claims.tables.messages import Problem, format_problems

from report.proof.number_words import is_superlative, readings, scales
from report.stops import WrongInput

OK, WRONG_LEDGER = 0, 2
SPELLINGS = str.maketrans(
    dict.fromkeys("‘’‚‛′`´", "'")
    | dict.fromkeys("“”„‟″«»", '"')
    | dict.fromkeys("‐‑‒–−", "-")
    | dict.fromkeys("—―", " - ")
    | {"\u00ad": "", "\u200b": "", "\ufeff": ""}
)
RELATIVE_YEARS = {"last year": -1, "this year": 0, "next year": 1}
Fault = tuple[str, str, str, str]  # column, value, message and remedy
FILLERS = {"a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"}


@dataclass(frozen=True)
class Proof:
    """What was held against the texts: how many texts and rows, how many rows proved, and every problem."""

    texts: int
    claims: int
    items: int
    proved: int
    problems: tuple[Problem, ...]

    @property
    def rows(self) -> int:
        """Return how many rows had to be proved."""
        return self.claims + self.items


def main(data: Path | None, sources: Path | None) -> int:
    """Print what the check finds and return the exit code: 0 for a ledger without a problem, else 2."""
    try:
        print(check(data, sources))
    except LedgerError as error:
        print(error, file=sys.stderr)
        return WRONG_LEDGER
    return OK


def check(folder: Path | None = None, sources: Path | None = None) -> str:
    """Return what the ledger in `folder` holds and, given the folder of its texts, how many rows they prove.

    Raises LedgerError with every problem of the ledger, or, if it is valid, of the proof.
    """
    folder = Path(folder) if folder else data_folder()
    ledger = loading.load_ledger(folder) if sources else readable(folder)  # the texts prove more, and tell it together
    lines = [counts(ledger, folder)]
    if sources is not None:
        proof = prove(ledger, Path(sources), folder)
        if proof.problems:
            raise UnprovedLedger(proof)
        lines.append(
            f"{proof.proved} of {proof.rows} rows proved: {proof.claims} claims and {proof.items} listed items, "
            f"against {proof.texts} texts in {display_path(Path(sources))}"
        )
    return "\n".join(lines)


def readable(folder: Path) -> Ledger:
    """Return the ledger in `folder`. Raises LedgerError with its problems, a value that is not printed among them."""
    ledger = loading.load_ledger(folder)
    file, problems = display_path(folder / "claims.csv"), []
    for row, claim in enumerate(ledger.claims.values(), start=2):
        year = int(ledger.sources[claim.source].reference_date[:4])
        kind = ledger.indicators[claim.indicator].kind
        as_printed = (claim, replace(claim, multiplier=Fraction(1)))  # the scale may stand elsewhere on the line
        if not any(says(one, kind, year, claim.printed) for one in as_printed):
            said = f"cannot be read in what is printed, {claim.printed!r}"
            problems.append(Problem(file, row, claim.id, "value", claim.text, said, "mend the value, or `printed`"))
    if problems:
        raise LedgerError(problems)
    return ledger


def read_ledger(folder: Path) -> Ledger:
    """Return the ledger in a folder that somebody named. Raises WrongInput with every problem it has."""
    if not folder.is_dir():
        said = "is a file" if folder.exists() else "does not exist"
        raise WrongInput(f"--data {folder}: {said}; give the folder of a ledger, such as data")
    try:
        return readable(folder)
    except LedgerError as error:
        raise WrongInput(str(error)) from None


class UnprovedLedger(LedgerError):
    """A valid ledger of which some rows do not stand in the texts."""

    def __init__(self, proof: Proof):
        super().__init__(proof.problems)
        self.proof = proof

    def __str__(self) -> str:
        return f"{format_problems(self.problems)}\n{self.proof.proved} of {self.proof.rows} rows proved"


def counts(ledger: Ledger, folder: Path) -> str:
    """Return how many rows each file holds, and how many claims and listed items each source."""
    files = {name: len(getattr(ledger, "known" if name == "known_disagreements" else name)) for name in ledgers.TABLES}
    width = max(len(f"{name}.csv") for name in files)
    lines = [f"{display_path(folder)}: valid, {sum(files.values())} rows in {len(files)} files"]
    lines += [f"  {f'{name}.csv':<{width}} {rows:>5}" for name, rows in files.items()]
    lines.append("by source:")
    for source in ledger.sources:
        claims = sum(claim.source == source for claim in ledger.claims.values())
        items = sum(item.source == source for item in ledger.agreements.values())
        lines.append(f"  {source:<{width}} {claims:>5} claims {items:>5} listed items")
    return "\n".join(lines)


def prove(ledger: Ledger, sources: Path, folder: Path) -> Proof:
    """Return whether every claim and every listed item stands on its line of its text.

    A text that is missing, or is another than the ledger's hash says, is one problem, and proves none of its rows.
    """
    texts, problems = _texts(ledger, sources, folder)
    proved = 0
    for name, items, fault in (
        ("claims", ledger.claims, lambda claim, lines: _claim_fault(claim, lines, ledger)),
        ("agreements", ledger.agreements, _item_fault),
    ):
        file = display_path(folder / f"{name}.csv")
        for row, item in enumerate(items.values(), start=2):
            if item.source in texts:
                found = _row_fault(item, texts[item.source], fault)
                proved += found is None
                if found:
                    problems.append(Problem(file, row, item.id, *found))
    rows = len(ledger.claims) + len(ledger.agreements)
    if rows == 0:
        problems.append(
            Problem(display_path(folder), message="holds no row to prove", remedy="give the folder of a ledger")
        )
    return Proof(len(texts), len(ledger.claims), len(ledger.agreements), proved, tuple(problems))


def normalised(text: str) -> str:
    """Return `text` with one spelling of quotes, dashes and spaces.

    >>> print(normalised("“China’s 2–4   July visit”"))
    "China's 2-4 July visit"
    """
    return " ".join(text.translate(SPELLINGS).split())


def stands_in(printed: str, line: str) -> bool:
    """Return whether `printed` stands in `line` as whole tokens.

    >>> stands_in("2", "in 2024"), stands_in("2", "2.5 or 1,200 or 2–4"), stands_in("2 %", "grew (2 %).")
    (False, False, True)
    """
    sought = re.escape(normalised(printed))
    before = r"(?<!\w)(?<!\w[-'])(?<!\d[.,/])" if printed[:1].isalnum() else ""
    after = r"(?!\w)(?![-']\w)(?![.,/]\d)" if printed[-1:].isalnum() else ""
    return re.search(before + sought + after, normalised(line)) is not None


def says(claim: Claim, kind: str, reference_year: int, line: str) -> bool:
    """Return whether the claim's value can be read in what is printed: its digits, its words, or its superlative.

    A multiplier must be read there too, or on the same line ("between 1.2 and 1.8 billion"), unless it only turns a
    fraction into percent.
    """
    printed = normalised(claim.printed)
    found = readings(printed)
    if claim.unit == "calendar_year":
        found |= {
            Fraction(reference_year + years) for words, years in RELATIVE_YEARS.items() if words in printed.lower()
        }
    if abs(claim.point) in found or (kind == "rank" and claim.point == 1 and is_superlative(printed)):
        return True
    return abs(claim.value) in found and ("/" in claim.text or claim.multiplier in scales(normalised(line)))


def _texts(ledger: Ledger, sources: Path, folder: Path) -> tuple[dict[str, list[str]], list[Problem]]:
    """Return the lines of every text that is the one the ledger was made from, and the problems of the others."""
    file, texts, problems = display_path(folder / "sources.csv"), {}, []
    if not sources.is_dir():
        said = "is missing or no folder"
        return {}, [Problem(display_path(sources), message=said, remedy="give --sources the folder of the texts")]
    for row, source in enumerate(ledger.sources.values(), start=2):
        path = sources / source.file
        rows = sum(item.source == source.id for item in (*ledger.claims.values(), *ledger.agreements.values()))
        unproved = f"so {rows} rows are not proved"
        try:
            raw = path.read_bytes()
        except OSError:
            said = f"is not in {display_path(sources)}, {unproved}"
            problems.append(Problem(file, row, source.id, "file", source.file, said, "add the text"))
            continue
        sha256 = hashlib.sha256(raw).hexdigest()
        if sha256 != source.sha256:
            said = f"is not the hash of {display_path(path)}, which is {sha256}, {unproved}"
            remedy = "find the text the ledger was made from, or read this one anew"
            problems.append(Problem(file, row, source.id, "sha256", source.sha256, said, remedy))
            continue
        texts[source.id] = raw.decode("utf-8", errors="replace").split("\n")
    return texts, problems


def _row_fault(item: Claim | Agreement, lines: list[str], fault: Callable[..., Fault | None]) -> Fault | None:
    """Return column, value, message and remedy of what is wrong with a row, None if its line proves it."""
    if item.line > len(lines):
        return (
            "line",
            str(item.line),
            f"is past the end of {item.source}, which has {len(lines)} lines",
            "mend the line",
        )
    return fault(item, lines)


def _claim_fault(claim: Claim, lines: list[str], ledger: Ledger) -> Fault | None:
    source, line = ledger.sources[claim.source], lines[claim.line - 1]
    if not stands_in(claim.printed, line):
        said = f"does not stand on line {claim.line} of {source.id}"
        return "printed", claim.printed, said, _elsewhere(claim.printed, lines)
    if not says(claim, ledger.indicators[claim.indicator].kind, int(source.reference_date[:4]), line):
        times = f"times {claim.multiplier} " if claim.multiplier != 1 else ""
        said = f"{times}cannot be read in {claim.printed!r}"
        return "value", claim.text, said, "mend value or multiplier, or take in the words that say it"
    return None


def _elsewhere(printed: str, lines: list[str]) -> str:
    """Return the remedy for a figure that is not on its line: where it is, or to copy it."""
    found = [str(number) for number, line in enumerate(lines, start=1) if stands_in(printed, line)]
    if found:
        return f"it stands on line {' and '.join(found)}"
    return "copy it from the text, whole words and numbers only"


def _item_fault(item: Agreement, lines: list[str]) -> Fault | None:
    if _words(item.item) & _words(lines[item.line - 1]):
        return None
    said = f"has no word that stands on line {item.line} of {item.source}"
    return "item", item.item, said, "use a word of the text, and count lines from 1"


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", normalised(text).lower()) if word not in FILLERS}
