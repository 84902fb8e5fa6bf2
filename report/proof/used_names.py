"""The names that a notebook's expressions and code use of its book: figures, findings, and their forms."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from claims.results.names import unknown
from claims.results.store import Results
from claims.tables.messages import closest
from claims.words.sentences import forms_of

from report.expressions import expressions, join_lines
from report.runs.selection import Notebook

__all__ = ["Lookup", "Use", "find", "may_compute"]

_KINDS = {"findings": 0, "official": 1, "claims": 2}  # their places in Results.named
_SHOW = {"book.table", "book.find", "book.phrase", "book.borrow_findings", "book.asserts"}
_OF_THE_BOOK = {
    *("ledger", "reading", "results", "sentences", "find", "keep", "borrow_findings", "phrase", "table", "figure"),
    "asserts",
}  # fmt: skip
_OF_A_QUOTE = {"item", "form", "span", "phrase", "year", "low", "high"}


@dataclass(frozen=True)
class Use:
    """A name in an expression or in code, and the form after it; `kind` is where it is looked up.

    That is "book", "claims", "official", "findings", "name" for one of Python's, or "syntax" for what is no expression.
    """

    kind: str
    name: str
    form: str = ""
    shown: str = ""
    names: tuple[str, ...] = ()

    @property
    def certain(self) -> bool:
        """Return whether no run can make it known."""
        return self.kind in ("name", "syntax", "claims", "official")


def find(notebook: Notebook) -> Iterator[tuple[int, Use]]:
    """Yield each use of a name, with the position of its cell."""
    cells = notebook.source["cells"]
    trees = [_tree(join_lines(cell["source"])) if cell["cell_type"] == "code" else None for cell in cells]
    defined = {name for tree in trees if tree for name in _defined(tree)}
    for index, (cell, tree) in enumerate(zip(cells, trees, strict=True)):
        if tree:
            yield from ((index, use) for use in _uses(tree, ""))
        elif cell["cell_type"] == "markdown":
            for expression in dict.fromkeys(expressions(join_lines(cell["source"]))):
                shown = f"{{eval}}`{expression}`: "
                try:
                    parsed = ast.parse(expression, mode="eval")
                except SyntaxError as error:
                    yield index, Use("syntax", error.msg, shown=shown)
                    continue
                yield from ((index, use) for use in _uses(parsed, shown))
                yield from ((index, use) for use in _bare(parsed, defined, shown))


@dataclass(frozen=True)
class Lookup:
    """What a notebook may name: the ledger's figures, and its findings as far as they are known."""

    results: Results

    @cached_property
    def names(self) -> dict[str, frozenset[str]]:
        """Return every name and id, by the kind of its use."""
        kinds = {kind: self.results.named[place] for kind, place in _KINDS.items()}
        ids = {kind: {item.id for item in items.values()} for kind, items in kinds.items()}
        named = {kind: frozenset({*items, *ids[kind]}) for kind, items in kinds.items()}
        return {**named, "book": frozenset().union(*named.values(), self.results.ledger.claims)}

    def problem_of(self, use: Use) -> str:
        """Return what is wrong with a use, with the nearest name, "" if nothing is."""
        if use.kind == "syntax":
            return f"{use.shown}is no expression ({use.name})"
        if use.kind == "name":
            near = closest(use.name, use.names)
            return f"{use.shown}nothing defines {use.name!r}" + (f"; did you mean {near!r}?" if near else "")
        if use.name not in self.names[use.kind]:
            return use.shown + self._unknown(use.kind, use.name)
        forms = forms_of(self.results[use.name]) if use.form else ()
        if forms and use.form not in (*forms, *_OF_A_QUOTE):
            near = closest(use.form, forms)
            meant = f"did you mean {near!r}? It" if near else "it"
            return f"{use.shown}there is no form {use.form!r}; {meant} has {', '.join(forms)}"
        return ""

    def _unknown(self, kind: str, name: str) -> str:
        what = {"book": "finding, claim or official figure", "official": "official figure"}.get(kind, kind.rstrip("s"))
        return unknown(what, name, sorted(self.names[kind]))


def may_compute(source: str) -> bool:
    r"""Return whether a cell of code may keep findings: it calls more than what shows or quotes.

    >>> may_compute("rows = [{'a': book.x}]\nbook.table(rows, title='A')"), may_compute("book.keep(rate(book))")
    (False, True)
    """
    tree = _tree(source)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)] if tree else []
    return tree is None or any(_computes(call) for call in calls)


def _computes(call: ast.Call) -> bool:
    name = ast.unparse(call.func)
    return (name not in _SHOW and not hasattr(builtins, name)) or any(each.arg == "findings" for each in call.keywords)


def _tree(source: str) -> ast.Module | None:
    try:
        return ast.parse("\n".join(line for line in source.splitlines() if not line.startswith(("%", "!"))))
    except SyntaxError:
        return None  # which a build reports


def _defined(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.alias):
            yield (node.asname or node.name).partition(".")[0]
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name


def _bare(tree: ast.AST, defined: set[str], shown: str) -> Iterator[Use]:
    """Yield the names of an expression that neither the notebook's code nor Python defines."""
    known = {*defined, *_defined(tree)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id not in known and not hasattr(builtins, node.id):
            yield Use("name", node.id, shown=shown, names=tuple(sorted(known)))


def _uses(tree: ast.AST, shown: str) -> Iterator[Use]:
    """Yield what is taken of the book: `book.NAME`, `book.NAME.form`, `book.claims.NAME`, `book.claims["NAME"]`."""
    forms = {id(node.value): node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id="book"), attr=name) if name not in _OF_THE_BOOK and name not in _KINDS:
                if not name.startswith("_"):
                    yield Use("book", name, forms.get(id(node), ""), shown or f"book.{name}: ")
            case ast.Attribute(value=ast.Attribute(value=ast.Name(id="book"), attr=kind), attr=name) if kind in _KINDS:
                if not name.startswith("_") and name not in ("values", "items", "keys", "get"):
                    yield Use(kind, name, shown=shown or f"book.{kind}.{name}: ")
            case ast.Subscript(
                value=ast.Attribute(value=ast.Name(id="book"), attr=kind), slice=ast.Constant(value=str(name))
            ) if kind in _KINDS:
                yield Use(kind, name, shown=shown or f"book.{kind}[{name!r}]: ")
