"""What is wrong with tables too large to list it all: how many problems each column has, and the first of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import islice

from claims.tables.messages import ALL, Problem

__all__ = ["Faults"]


class Faults:
    """Problems counted one and all, of which the first rows of each column are kept: see `messages.first_problems`.

    >>> faults = Faults()
    >>> faults.add("claims.csv", "line", 1_000_000, [Problem("claims.csv", 2, column="line", message="is blank")])
    >>> [(str(problem), problem.more) for problem in faults.problems]
    [('row 2, line: is blank', 0), ('line: more of the same column', 999999)]
    """

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str]] = Counter()
        self._first: dict[tuple[str, str], list[Problem]] = {}

    def add(self, file: str, column: str, count: int, first: Iterable[Problem]) -> None:
        """Count problems of a column; `first` are those to list, in the order of their rows, and only ALL are read."""
        self._counts[file, column] += count
        own = self._first.setdefault((file, column), [])
        own += islice(first, ALL)
        if len(own) > 2 * ALL:
            _cut(own)

    def add_all(self, problems: Iterable[Problem]) -> None:
        """Count problems and keep the first of them; one that has `more` counts for so many."""
        for problem in problems:
            first = [] if problem.more else [problem]
            self.add(problem.file, problem.column, problem.more or 1, first)

    @property
    def problems(self) -> list[Problem]:
        """Return the problems that are kept, and for each column how many more there are."""
        kept, more = list[Problem](), list[Problem]()
        for (file, column), own in self._first.items():
            _cut(own)
            kept += own
            if left := self._counts[file, column] - len(own):
                more.append(Problem(file, column=column, message="more of the same column", more=left))
        return kept + more

    def __bool__(self) -> bool:
        return bool(self._counts)


def _cut(problems: list[Problem]) -> None:
    """Leave the problems of the first rows."""
    problems.sort(key=lambda problem: problem.row or 0)
    del problems[ALL:]
