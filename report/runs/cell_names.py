"""Ids of cells that a person can read: JupyterLab names a new cell by random letters and digits.

`make format` gives such a cell an id from its words; messages call it by its heading and its first words until then.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from report.expressions import join_lines

__all__ = ["describe_cell", "is_readable", "read_words", "with_readable_ids", "without_random_ids"]

_READABLE = re.compile(r"[a-z]+(-[a-z]+)*")
_RANDOM = re.compile(r"[a-f0-9-]{8,}")
_NO_WORDS = re.compile(r"\{eval\}(`+).*?\1|<[^>]*>|\{[^}]*\}|\]\([^)]*\)")
_EXPRESSION = re.compile(r"\{eval\}(`+)(?!`).+?(?<!`)\1(?!`)", re.DOTALL)
_MARKUP = re.compile(r"<!--.*?-->|</?[a-z][^>]*>|\{[#.][^}]*\}", re.DOTALL)
_CELL = re.compile(r"\bcell ([a-f0-9-]{8,})")
_SMALL = {"a", "an", "and", "as", "at", "by", "for", "in", "is", "of", "on", "or", "the", "to", "with"}
_WORDS, _SHOWN = 3, 40


def is_readable(id: str) -> bool:
    """Return whether an id is words in lower case.

    >>> is_readable("reported-table"), is_readable("54195f92-46b9"), is_readable("deadbeef-cafe")
    (True, False, False)
    """
    return bool(_READABLE.fullmatch(id)) and not _RANDOM.fullmatch(id)


def with_readable_ids(source: Mapping) -> dict:
    """Return a notebook in which each cell without a readable id has one from its words, which no other cell has."""
    ids = [str(cell.get("id", "")) for cell in source["cells"]]
    taken = {id for id in ids if is_readable(id)}
    cells = []
    for cell, id in zip(source["cells"], ids, strict=True):
        new = id if is_readable(id) else _unique(_words_of(cell), taken)
        taken.add(new)
        cells.append({**cell, "id": new})
    return {**source, "cells": cells}


def describe_cell(cells: Sequence[Mapping], index: int) -> str:
    """Return what a message calls a cell: its id, or if that is random, its place, first words and heading above it."""
    id = str(cells[index].get("id", ""))
    if id and not _RANDOM.fullmatch(id):
        return f"cell {id}"
    texts = [join_lines(cell["source"]) for cell in cells[: index + 1] if cell["cell_type"] == "markdown"]
    headings = [line.lstrip("# ") for text in texts for line in text.splitlines() if line.startswith("#")]
    first = next((line.strip() for line in join_lines(cells[index]["source"]).splitlines() if line.strip()), "")
    is_text = cells[index]["cell_type"] == "markdown"
    shown = read_words(first) if is_text else first
    words = f"“{shown[:_SHOWN]}{'…' if len(shown) > _SHOWN else ''}”" if shown else "empty"
    is_heading = is_text and first.startswith("#")
    under = f" under “{read_words(headings[-1])}”" if headings and not is_heading else ""
    return f"cell {index + 1} of {len(cells)} ({words}{under})"


def read_words(markdown: str) -> str:
    """Return a Markdown text as its reader sees it: without marks, and with … for each expression.

    >>> read_words("## Loans in <time>2023</time> was {eval}`book.x`")
    'Loans in 2023 was …'
    """
    return " ".join(_MARKUP.sub("", _EXPRESSION.sub("…", markdown)).lstrip("# ").split())


def without_random_ids(message: str, notebooks: Iterable[Sequence[Mapping]]) -> str:
    """Return a message with each cell that it names by a random id named by its place; `notebooks` are their cells.

    >>> without_random_ids("cell 54195f92: no", [[{"cell_type": "code", "id": "54195f92", "source": "1 +"}]])
    'cell 1 of 1 (“1 +”): no'
    """
    if not _CELL.search(message):
        return message
    names = {
        str(cell.get("id", "")): describe_cell(cells, index) for cells in notebooks for index, cell in enumerate(cells)
    }
    return _CELL.sub(lambda match: names.get(match[1], match[0]), message)


def _words_of(cell: Mapping) -> str:
    """Return the words of an id: of a heading or a first sentence, of a table's title, or of the last line of code."""
    source = join_lines(cell["source"])
    text = next((line for line in source.splitlines() if line.strip()), "")
    if cell["cell_type"] == "code":
        text = _of_code(source)
    words = re.findall(r"[a-z]+", _NO_WORDS.sub(" ", text).lower().replace("_", " "))
    chosen = [word for word in words if word not in _SMALL][:_WORDS] or words[:_WORDS] or ["empty"]
    name = "-".join(chosen)
    return f"cell-{name}" if _RANDOM.fullmatch(name) else name


def _of_code(source: str) -> str:
    """Return the title of the table that code shows, or else what its last line calls, or that line."""
    try:
        last = ast.parse(source).body[-1]
    except (SyntaxError, IndexError):
        return source.strip().splitlines()[-1] if source.strip() else ""
    if isinstance(last, ast.Expr) and isinstance(last.value, ast.Call):
        for keyword in last.value.keywords:
            if keyword.arg == "title" and isinstance(keyword.value, ast.Constant):
                return f"table {keyword.value.value!s}"
        return ast.unparse(last.value.func).rpartition(".")[2]
    return ast.unparse(last)


def _unique(name: str, taken: Collection[str]) -> str:
    """Return a name that is not taken, with a letter after it if it is.

    >>> _unique("growth", {"growth", "growth-b"})
    'growth-c'
    """
    ends = ["", *(f"-{letter}" for letter in "bcdefghijklmnopqrstuvwxyz")]
    free = (f"{name}{end}" for end in ends if f"{name}{end}" not in taken)
    return next(free, None) or _unique(f"{name}-more", taken)
