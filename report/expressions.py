"""Inline expressions of Markdown cells: where they are, and what the kernel returned for them.

In prose, `` {eval}`book.trade_2023` `` stands for a value of the kernel, as in jupyterlab-myst, MyST-NB and mystmd. Its
result is kept where these look for it: in the cell's `metadata.user_expressions`, a list of objects with `expression`
and `result`, which is the kernel's reply for it (https://jupyter-client.readthedocs.io, `user_expressions`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

__all__ = [
    "METADATA", "ExpressionFailed", "expressions", "fill", "join_lines", "refuse_failed", "results_of",
    "with_earlier_results", "with_results", "without_results",
]  # fmt: skip

METADATA = "user_expressions"
_FENCE = r"^ {0,3}(?P<fence>`{3,}|~{3,})[^\n]*\n.*?(?:^ {0,3}(?P=fence)[`~]*[ \t]*$|\Z)"
_SPAN = r"(?P<role>\{eval\})?(?<!`)(?P<ticks>`+)(?!`)(?P<code>.+?)(?<!`)(?P=ticks)(?!`)"
_CODE = re.compile(f"{_FENCE}|{_SPAN}", re.MULTILINE | re.DOTALL)


def expressions(source: str) -> list[str]:
    r"""Return the expressions of a Markdown text in order, without those inside of code.

    >>> expressions("Grew by {eval}`book.growth` to {eval}``a['`']``; write `` {eval}`x` ``.")
    ['book.growth', "a['`']"]
    >>> expressions("```\n{eval}`x`\n```\n~~~\n{eval}`y`")
    []
    """
    return [match["code"].strip() for match in _CODE.finditer(source) if match["role"]]


def fill(source: str, results: Mapping[str, Mapping], parameters: Iterable[str] = ()) -> str:
    r"""Return a Markdown text with each expression replaced by the Markdown, or else the plain text, of its result.

    `results` are those of its cell (`results_of`); an expression without a result that is ok stays as it is. One that
    is the name of a parameter is marked as such.

    >>> fill("by {eval}`x` of {eval}`y`", {"x": {"status": "ok", "data": {"text/plain": "'5_'"}}})
    'by 5\\_ of {eval}`y`'
    """
    names = set(parameters)

    def replacement(match: re.Match) -> str:
        result = results.get(match["code"].strip(), {}) if match["role"] else {}
        if result.get("status") != "ok":
            return match[0]
        text = _markdown(result.get("data", {}))
        return f"<data>{text}</data>" if match["code"].strip() in names else text

    return _CODE.sub(replacement, source)


def _markdown(data: Mapping[str, Any]) -> str:
    """Return the Markdown of a MIME bundle; plain text is escaped, and the quotes of a string are left out."""
    from claims.content.phrases import escaped

    if "text/markdown" in data:
        return join_lines(data["text/markdown"]).strip("\n")
    return escaped(re.sub(r"^(['\"])(.*)\1$", r"\2", join_lines(data.get("text/plain", "")), flags=re.DOTALL))


def join_lines(text: str | list[str]) -> str:
    """Return a text that a notebook may store as a list of lines."""
    return text if isinstance(text, str) else "".join(text)


def results_of(cell: Mapping) -> dict[str, Mapping]:
    """Return the results that a Markdown cell has kept, by expression."""
    kept = (cell.get("metadata") or {}).get(METADATA) or ()
    return {each["expression"]: each["result"] for each in kept}


def with_results(cell: Mapping, results: Mapping[str, Mapping]) -> dict:
    """Return a Markdown cell that keeps the results of those of its expressions that have one, and no others."""
    found = [name for name in expressions(join_lines(cell["source"])) if name in results]
    metadata = {name: value for name, value in cell.get("metadata", {}).items() if name != METADATA}
    kept = {METADATA: [{"expression": name, "result": dict(results[name])} for name in dict.fromkeys(found)]}
    return {**cell, "metadata": {**metadata, **(kept if found else {})}}


def with_earlier_results(cells: Sequence[Mapping], executed: Iterable[Mapping]) -> list[dict]:
    """Return the Markdown cells among `cells` with the results that an earlier run of the same code has of them.

    `executed` are the cells of that run. A result is that of the same cell, or else of any cell, if all have the same;
    only between the same code cells, because these may change what an expression stands for.
    """
    code = {cell["id"] for cell in cells if cell["cell_type"] == "code"}
    earlier: dict[tuple[str, str], dict[str, Mapping]] = {}
    anywhere: dict[tuple[str, str], list[Mapping]] = {}
    for place, cell in _texts(executed, code):
        earlier[place, cell["id"]] = results_of(cell)
        for name, result in results_of(cell).items():
            same = anywhere.setdefault((place, name), [])
            same += [] if result in same else [result]
    filled = []
    for place, cell in _texts(cells, code):
        agreed = {name: same[0] for (where, name), same in anywhere.items() if where == place and len(same) == 1}
        filled.append(with_results(cell, {**agreed, **earlier.get((place, cell["id"]), {})}))
    return filled


def _texts(cells: Iterable[Mapping], code: Collection[str]) -> Iterator[tuple[str, Mapping]]:
    """Yield each Markdown cell after the id of the last cell before it that is one of `code`, "" if there is none."""
    place = ""
    for cell in cells:
        if cell["cell_type"] == "markdown":
            yield place, cell
        elif cell["id"] in code:
            place = cell["id"]


def without_results(cell: Mapping) -> list[str]:
    """Return the expressions of a Markdown cell that it keeps no result of."""
    return [name for name in dict.fromkeys(expressions(join_lines(cell["source"]))) if name not in results_of(cell)]


class ExpressionFailed(Exception):
    """Inline expressions that raised an exception; `cell` is the position of the first cell with one."""

    def __init__(self, cell: int, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.cell = cell


def refuse_failed(cells: Sequence[Mapping]) -> None:
    """Raise ExpressionFailed, listing every expression of Markdown cells that raised an exception, with its message."""
    failed = [
        (index, f"{{eval}}`{name}` in cell {cell.get('id')}: {result.get('ename')}: {result.get('evalue')}")
        for index, cell in enumerate(cells)
        if cell["cell_type"] == "markdown"
        for name, result in results_of(cell).items()
        if result.get("status") != "ok"
    ]
    if failed:
        raise ExpressionFailed(failed[0][0], [problem for _, problem in failed])
