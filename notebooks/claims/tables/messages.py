"""Wording that every message shares: a count with its noun, a suggestion, a list of problems."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

__all__ = ["count_noun", "did_you_mean", "list_problems"]


def did_you_mean(word: str, choices: Iterable[str], likeness: float = 0.6) -> str:
    """Return a question with the choice closest to `word`, empty if none is close.

    >>> did_you_mean("more then", ["more_than", "less_than"])
    "did you mean 'more_than'?"
    """
    close = get_close_matches(word, list(choices), n=1, cutoff=likeness)
    return f"did you mean {close[0]!r}?" if close else ""


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
