"""Problems with a place and a remedy, and the small phrases that every message of the project shares."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches

__all__ = [
    "ALL", "Problem", "Remedy", "closest", "count_noun", "did_you_mean", "first_problems", "format_problems",
    "list_problems", "one_of", "unknown_row",
]  # fmt: skip

WORDY = 5
SERIAL = re.compile("[A-Za-z][0-9]+")
ALL, FIRST = 100, 20  # so many problems of a file are all listed; of more, the first, and how many more there are
LONGEST = 200  # characters of a value that are shown
Remedy = str | Callable[[], str]  # a suggestion takes longer to make than to leave out


@dataclass(frozen=True)
class Problem:
    """One thing to fix: where it is, its text, what is wrong with it, and what to do.

    One that has `more` is not of a row: it counts the problems of its column that follow the first ones.
    """

    file: str
    row: int | None = None
    id: str = ""
    column: str = ""
    value: str | None = None
    message: str = ""
    remedy: Remedy = ""
    more: int = 0

    def __str__(self) -> str:
        """Return the problem on one line.

        >>> print(Problem("data/claims.csv", 14, "c013", "hedge", "mor_than", remedy="did you mean 'more_than'?"))
        row 14 (c013), hedge: 'mor_than'; did you mean 'more_than'?
        """
        row = f"row {self.row}" if self.row else ""
        id, column = _cut(self.id), _cut(self.column)
        place = ", ".join(part for part in (f"{row} ({id})" if row and id else row, column) if part)
        value = "" if self.value is None else _cut(repr(self.value))
        remedy = self.remedy if isinstance(self.remedy, str) else self.remedy()
        text = "; ".join(part for part in (f"{value} {self.message}".strip(), remedy) if part)
        return f"{place}: {text}" if place else text


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}… ({len(text):,} characters)"


def format_problems(problems: Iterable[Problem]) -> str:
    """Return all problems as one message, file by file; of a file with more than `ALL`, the `FIRST` and their number.

    >>> print(format_problems([Problem("data/claims.csv", 3, "c002", "line", "x", "is not a whole number")]))
    data/claims.csv: 1 problem
      row 3 (c002), line: 'x' is not a whole number
    """
    by_file: dict[str, list[Problem]] = {}
    for problem in problems:
        by_file.setdefault(problem.file, []).append(problem)
    return "\n".join(_format_file(file, own) for file, own in by_file.items())


def _format_file(file: str, problems: Iterable[Problem]) -> str:
    """Return the problems of a file by row, under a headline that counts them."""
    listed = sorted((problem for problem in problems if not problem.more), key=lambda problem: problem.row or 0)
    counts = Counter({problem.column: problem.more for problem in problems if problem.more})
    total = len(listed) + counts.total()
    if total > ALL:
        counts.update(problem.column for problem in listed[FIRST:])
        del listed[FIRST:]
    lines = list(map(str, listed))
    if counts:
        columns = ", ".join(f"{name or 'whole rows'}: {count:,}" for name, count in sorted(counts.items()))
        lines.append(f"and {counts.total():,} more ({columns}); fix these first, then check again")
    return "\n  ".join([f"{file}: {count_noun(total, 'problem')}", *lines])


def first_problems(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Yield the first `ALL` problems of each column of a file, then for each column how many more there are.

    Of a million faulty rows no more than that is kept in memory.
    """
    counts: Counter[tuple[str, str]] = Counter()
    for problem in problems:
        place = problem.file, problem.column
        counts[place] += problem.more or 1
        if counts[place] <= ALL:
            yield problem
    for (file, column), count in counts.items():
        if count > ALL:
            yield Problem(file, column=column, message="more of the same column", more=count - ALL)


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


def unknown_row(value: str, known: Iterable[str], file: str, name: str) -> tuple[str, Remedy]:
    """Return message and remedy for a reference to a row that `file` does not have.

    Serial ids all look alike, so only ids with words in them get a suggestion.
    """
    has_words = len(value) > WORDY and not SERIAL.fullmatch(value)
    row = name.removesuffix("s").replace("_", " ")

    def remedy() -> str:
        meant = did_you_mean(value, known, 0.75) if has_words else ""
        return f"{meant} Else add the {row} first" if meant else f"add the {row} first"

    return f"is not in {file}", remedy
