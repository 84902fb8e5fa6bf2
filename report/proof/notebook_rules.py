"""What every notebook of the report keeps to, in words for its author; `make check` reports it."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator

from report.expressions import expressions, join_lines
from report.runs.cell_names import is_readable, read_words
from report.runs.selection import Notebook

__all__ = ["MOST_LINES", "broken", "links_to_no_chapter"]

MOST_LINES = 45
_DEFINED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_LOOKS = {"matplotlib", "seaborn"}
_CHAPTER = re.compile(r"\]\(([\w-]+\.ipynb)(?:#[^)]*)?\)")


def broken(notebook: Notebook) -> Iterator[tuple[int | None, str]]:
    """Yield each rule that a notebook breaks, with the position of the cell, None for the notebook as a whole."""
    lines, used = 0, set()
    for index, cell in enumerate(notebook.source["cells"]):
        source = join_lines(cell["source"])
        if not is_readable(str(cell.get("id", ""))):
            yield index, f"its id {cell.get('id')!r} is not readable; make format makes one from its words"
        if cell["cell_type"] == "markdown":
            used |= {name for each in expressions(source) for name in _names(each)}
        elif cell["cell_type"] == "code":
            lines += sum(bool(line.strip()) for line in source.splitlines())
            used |= set(_names(source))
            yield from ((index, problem) for problem in _in_code(source))
    for name in notebook.defaults:
        if name not in used:
            yield None, f"the parameter {name} is declared, but nothing reads it; use it, or delete it"
    if lines > MOST_LINES:
        remedy = "shorten a cell, or move its code into a function of notebooks/claims/show/ or of the subject"
        yield None, f"{lines} lines of code, {MOST_LINES} at most; {remedy}"


def links_to_no_chapter(notebook: Notebook, chapters: Collection[str]) -> Iterator[tuple[int, str]]:
    """Yield each link to a notebook that is not there, with the position of its cell; `chapters` are files."""
    for index, cell in enumerate(notebook.source["cells"]):
        if cell["cell_type"] == "markdown":
            for name in _CHAPTER.findall(join_lines(cell["source"])):
                if name not in chapters:
                    yield index, f"links to {name}, which is no notebook here; delete the link or what is said of it"


def _in_code(source: str) -> Iterator[str]:
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return
    nodes = list(ast.walk(tree))
    if any(isinstance(node, _DEFINED) for node in nodes):
        yield "it defines a function or class; move that into a module of notebooks/claims/questions/, with its test"
    if any(isinstance(node, ast.JoinedStr) for node in nodes):
        yield "it has an f-string; write the sentence in a Markdown cell, with {eval}`…` for each value"
    imported = {_package(node) for node in nodes if isinstance(node, ast.Import | ast.ImportFrom)}
    if imported & _LOOKS:
        yield "it draws; move that into notebooks/claims/show/charts.py"
    elif tree.body and not ast.unparse(tree.body[-1]).startswith("book.table("):
        texts = [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
        for text in [text for text in texts if " " in text][:1]:
            where = "a Markdown cell, or into the cell of a book.table(…) that is its last line"
            yield f"the text “{read_words(text)[:40]}” is in code; write it into {where}"


def _package(node: ast.Import | ast.ImportFrom) -> str:
    name = node.names[0].name if isinstance(node, ast.Import) else node.module or ""
    return name.partition(".")[0]


def _names(source: str) -> list[str]:
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return []
    return [node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)]
