"""Whether a claim's value can be read in the words that print it, and the ledger of which that is true."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from claims.ledger import loading
from claims.ledger.intervals import printed_ends
from claims.ledger.model import Claim, Ledger, LedgerError
from claims.tables.locations import display_path
from claims.tables.messages import Problem

from report.runs.number_words import is_superlative, read_numbers, read_orders, read_scales
from report.stops import WrongInput

__all__ = [
    "is_printed", "load_readable_ledger", "normalise", "read_ledger", "read_ledger_with_figures", "refuse_no_figures",
    "value_is_printed",
]  # fmt: skip

SPELLINGS = str.maketrans(
    dict.fromkeys("‘’‚‛′`´", "'")
    | dict.fromkeys("“”„‟″«»", '"')
    | dict.fromkeys("‐‑‒–−", "-")
    | dict.fromkeys("—―", " - ")
    | {"\u00ad": "", "\u200b": "", "\ufeff": ""}
)
RELATIVE_YEARS = {"last year": -1, "this year": 0, "next year": 1}


def read_ledger(folder: Path) -> Ledger:
    """Return the ledger in a folder that a user names. Raises WrongInput with every problem it has."""
    if not folder.is_dir():
        problem = "is a file" if folder.exists() else "does not exist"
        raise WrongInput(f"--data {folder}: {problem}; give the folder of a ledger, such as data")
    try:
        return load_readable_ledger(folder)
    except LedgerError as error:
        raise WrongInput(str(error)) from None


def read_ledger_with_figures(folder: Path) -> Ledger:
    """Return the ledger in a folder that a user names. Raises WrongInput with its problems, or if it has no figures."""
    ledger = read_ledger(folder)
    refuse_no_figures(folder, len(ledger.sources), len(ledger.claims))
    return ledger


def refuse_no_figures(folder: Path, sources: int, claims: int) -> None:
    """Raise WrongInput if a ledger of so many sources and claims has no figures: it says what to add first."""
    if not claims:
        shown, text = display_path(folder), "" if sources else "a text to sources.csv, then "
        rows = "what its figures measure to indicators.csv, and the figures to claims.csv"
        raise WrongInput(f"{shown} has no figures yet: first add {text}{rows} (README.md, “Add a text”)")


def load_readable_ledger(folder: Path) -> Ledger:
    """Return the ledger in `folder`. Raises LedgerError with its problems, values that are not printed among them."""
    ledger = loading.load_ledger(folder)
    file, problems = display_path(folder / "claims.csv"), []
    for row, claim in enumerate(ledger.claims.values(), start=2):
        year = int(ledger.sources[claim.source].reference_date[:4])
        kind = ledger.indicators[claim.indicator].kind
        unscaled = replace(claim, multiplier=Fraction(1))  # "billion" may be elsewhere on the line
        if not any(value_is_printed(each, kind, year, claim.printed) for each in (claim, unscaled)):
            message = f"cannot be read in what is printed, {claim.printed!r}"
            problems.append(Problem(file, row, claim.id, "value", claim.text, message, "fix the value, or `printed`"))
    if problems:
        raise LedgerError(problems)
    return ledger


def normalise(text: str) -> str:
    """Return `text` with one spelling of quotes, dashes and spaces.

    >>> print(normalise("“Larkmouth’s 2–4   July fair”"))
    "Larkmouth's 2-4 July fair"
    """
    return " ".join(text.translate(SPELLINGS).split())


def is_printed(printed: str, line: str) -> bool:
    """Return whether `printed` occurs in `line` as whole tokens.

    >>> is_printed("2", "in 2024"), is_printed("2", "2.5 or 1,200 or 2–4"), is_printed("2 %", "grew (2 %).")
    (False, False, True)
    """
    pattern = re.escape(normalise(printed))
    before = r"(?<!\w)(?<!\w[-'])(?<!\d[.,/])" if printed[:1].isalnum() else ""
    after = r"(?!\w)(?![-']\w)(?![.,/]\d)" if printed[-1:].isalnum() else ""
    return re.search(before + pattern + after, normalise(line)) is not None


def value_is_printed(claim: Claim, kind: str, reference_year: int, line: str) -> bool:
    """Return whether the claim's value can be read in what is printed: its digits, its words, or its superlative.

    Of a range both ends must be. A multiplier must be read there too, or on the same line ("between 1.2 and 1.8
    billion"), unless it only turns a fraction into percent.
    """
    printed = normalise(claim.printed)
    values = read_numbers(printed)
    if claim.unit == "calendar_year":
        values |= {Fraction(reference_year + n) for words, n in RELATIVE_YEARS.items() if words in printed.lower()}
    if claim.spread:
        scales = read_scales(normalise(line))
        ends = [abs(end) for end in printed_ends(claim.text)]
        if tuple(ends) in read_orders(printed):
            return claim.multiplier == 1 or claim.multiplier in scales
        return all(end * claim.multiplier in values or (end in values and claim.multiplier in scales) for end in ends)
    if abs(claim.point) in values or (kind == "rank" and claim.point == 1 and is_superlative(printed)):
        return True
    return abs(claim.value) in values and ("/" in claim.text or claim.multiplier in read_scales(normalise(line)))
