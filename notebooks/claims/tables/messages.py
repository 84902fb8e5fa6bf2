"""Problems with a place and a remedy, and the small phrases that every message of the project shares."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

__all__ = [
    "Problem", "closest", "count_noun", "did_you_mean", "format_problems", "list_problems", "one_of", "unknown_row",
]  # fmt: skip

WORDY = 5


@dataclass(frozen=True)
class Problem:
    """One thing to fix: where it is, its text, what is wrong with it, and what to do."""

    file: str
    row: int | None = None
    id: str = ""
    column: str = ""
    value: str | None = None
    message: str = ""
    remedy: str = ""

    def __str__(self) -> str:
        """Return the problem on one line.

        >>> print(Problem("data/claims.csv", 14, "c013", "hedge", "mor_than", remedy="did you mean 'more_than'?"))
        row 14 (c013), hedge: 'mor_than'; did you mean 'more_than'?
        """
        row = f"row {self.row}" if self.row else ""
        place = ", ".join(part for part in (f"{row} ({self.id})" if row and self.id else row, self.column) if part)
        value = "" if self.value is None else repr(self.value)
        text = "; ".join(part for part in (f"{value} {self.message}".strip(), self.remedy) if part)
        return f"{place}: {text}" if place else text


def format_problems(problems: Iterable[Problem]) -> str:
    """Return all problems as one message, file by file.

    >>> print(format_problems([Problem("data/claims.csv", 3, "c002", "line", "x", "is not a whole number")]))
    data/claims.csv: 1 problem
      row 3 (c002), line: 'x' is not a whole number
    """
    by_file: dict[str, list[Problem]] = {}
    for problem in problems:
        by_file.setdefault(problem.file, []).append(problem)
    return "\n".join(
        list_problems(file, map(str, sorted(own, key=lambda problem: problem.row or 0)))
        for file, own in by_file.items()
    )


def did_you_mean(value: str, choices: Iterable[str], likeness: float = 0.6) -> str:
    """Return a question that names the choice closest to `value`, empty where none is close.

    >>> did_you_mean("more then", ["more_than", "less_than"])
    "did you mean 'more_than'?"
    """
    close = closest(value, choices, likeness)
    return f"did you mean {close!r}?" if close else ""


def closest(value: str, choices: Iterable[str], likeness: float = 0.6) -> str:
    """Return the choice closest to `value`, empty where none is close."""
    return next(iter(get_close_matches(value, list(choices), n=1, cutoff=likeness)), "")


def one_of(value: str, choices: Iterable[str]) -> str:
    """Return the remedy for a value that is none of a few choices.

    >>> one_of("more then", ["more_than", "less_than"])
    "did you mean 'more_than'? One of: more_than, less_than"
    """
    choices = list(choices)
    return f"{did_you_mean(value, choices)} One of: {', '.join(choices)}".strip()


def count_noun(number: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun in the singular or plural.

    >>> count_noun(1, "cell"), count_noun(1200, "cell"), count_noun(0, "entry", "entries")
    ('1 cell', '1,200 cells', '0 entries')
    """
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


def list_problems(headline: str, problems: Iterable[str]) -> str:
    """Return a headline that counts the problems, then each of them, indented by two spaces.

    >>> print(list_problems("parameters", ["counting: …", "pace: …"]))
    parameters: 2 problems
      counting: …
      pace: …
    """
    lines = list(problems)
    return "\n  ".join([f"{headline}: {count_noun(len(lines), 'problem')}", *lines])


def unknown_row(value: str, known: Iterable[str], file: str, name: str) -> tuple[str, str]:
    """Return message and remedy for a reference to a row that `file` does not have.

    Serial ids all look alike, so only ids with words in them get a suggestion.
    """
    meant = did_you_mean(value, known, 0.75) if len(value) > WORDY else ""
    row = name.removesuffix("s").replace("_", " ")
    return f"is not in {file}", f"{meant} Else add the {row} first" if meant else f"add the {row} first"
