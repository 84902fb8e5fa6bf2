"""The citations in the notebooks' sources, compared with the list of works."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from claims.words.citations import cited_keys, unknown_citations
from claims.words.references import ReferencesError, read_items

from report.runs.selection import Notebook, join_lines
from report.stops import WrongInput

__all__ = ["list_keys", "refuse_uncited", "refuse_unlisted"]


def refuse_unlisted(notebooks: Iterable[Notebook], works: Path) -> None:
    """Raise WrongInput, listing every cell, if a Markdown cell cites what the list `works` lacks."""
    keys = list_keys(works)
    problems = [
        f"notebooks/{notebook.path.name}, cell {cell.get('id')}: {problem}"
        for notebook in notebooks
        for cell in notebook.source["cells"]
        if cell["cell_type"] == "markdown"
        for problem in unknown_citations(join_lines(cell["source"]), keys)
    ]
    if problems:
        raise WrongInput.listing("citations", problems)


def refuse_uncited(notebooks: Sequence[Notebook], works: Path) -> int:
    """Return how many works are listed. Raises WrongInput, listing them, if some are cited in no notebook."""
    keys = list_keys(works)
    cited = {key for notebook in notebooks for text in _texts(notebook) for key in cited_keys(text)}
    problems = [
        f"data/{works.name}: {key} is cited in no notebook; cite it as [@{key}], or delete it"
        for key in keys
        if key not in cited
    ]
    if problems:
        raise WrongInput.listing("references", problems)
    return len(keys)


def list_keys(works: Path) -> list[str]:
    """Return the keys of the list `works`, none if there is no such file. Raises WrongInput for a faulty list."""
    try:
        return [item["id"] for item in read_items(works)] if works.exists() else []
    except ReferencesError as error:
        raise WrongInput(str(error)) from None


def _texts(notebook: Notebook) -> Iterator[str]:
    """Yield the text of each Markdown cell, and each string in the code."""
    for cell in notebook.source["cells"]:
        source = join_lines(cell["source"])
        if cell["cell_type"] == "markdown":
            yield source
        elif cell["cell_type"] == "code":
            yield from _strings(source)


def _strings(code: str) -> Iterator[str]:
    try:
        tree = ast.parse(code)
    except SyntaxError:  # such as a line magic
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
