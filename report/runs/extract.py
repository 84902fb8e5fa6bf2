"""Figures, findings and verdicts of executed notebooks, as the files that are published."""

from __future__ import annotations

import ast
import base64
import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TextIO

from claims.content.tables import FIGURE, TABLE, Cell, Figure, walk
from claims.ledger.readings import FORMULA
from claims.questions.discrepancies import MIME as VERDICTS
from claims.results.finding import MIME as FINDINGS
from claims.results.finding import digits12

from report.files import MOST_PIXELS, png_size
from report.runs.selection import join_lines
from report.stops import NotebookFailed

__all__ = [
    "FIGURE", "FINDINGS", "RESULTS", "TABLE", "VERDICTS", "ShownOutput", "as_csv", "figure_csv", "figures",
    "figures_by_notebook", "findings", "findings_csv", "findings_json", "harmless_csv", "outputs_of", "refuse_faulty",
    "verdicts", "write_csv",
]  # fmt: skip

RESULTS = (FINDINGS, VERDICTS)  # the types of what a sweep keeps
FILE_NAME = re.compile(r"[a-z][a-z0-9_]*")
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_QUOTED = re.compile(r'[",\r\n]')
COLUMNS = (
    "id", "label", "text", "value", "low", "high", "low_closed", "high_closed", "unit", "formula", "expression",
    "inputs", "notebook",
)  # fmt: skip


@dataclass(frozen=True)
class ShownOutput:
    """One output of ours: its notebook and cell, the value of our MIME type, and all its data."""

    notebook: str
    cell: str
    payload: Mapping
    data: Mapping = field(repr=False)

    @property
    def location(self) -> str:
        """Return where it is, for a message."""
        return f"{self.notebook}, cell {self.cell}"


def outputs_of(executed: Mapping[str, Mapping], mime: str) -> Iterator[ShownOutput]:
    """Yield every output of the type `mime` in reading order."""
    for name, notebook in executed.items():
        for cell in notebook["cells"]:
            for output in cell.get("outputs", []):
                if mime in output.get("data", {}):
                    yield ShownOutput(name, cell["id"], output["data"][mime], output["data"])


def refuse_faulty(executed: Mapping[str, Mapping]) -> None:
    """Raise NotebookFailed listing each exhibit that is not shown or too large, and each name that cannot be used."""
    figures, tables = list(outputs_of(executed, FIGURE)), list(outputs_of(executed, TABLE))
    problems = [
        *_hidden_exhibits(executed),
        *_huge_pictures(executed),
        *_repeated("exhibit", ((str(each.payload.get("id")), each.location) for each in figures + tables)),
        *_repeated("figure file", ((str(each.payload.get("name")), each.location) for each in figures)),
        *_repeated("finding", ((finding["id"], finding["location"]) for finding in _located_findings(executed))),
        *(
            f"{each.location}: '{each.payload.get('name')}' is no file name; use a-z, 0-9 and _"
            for each in figures
            if not FILE_NAME.fullmatch(str(each.payload.get("name")))
        ),
        *(
            f"{each.location}: the figure lacks {kind}"
            for each in figures
            for kind in ("image/svg+xml", "image/png")
            if kind not in each.data
        ),
    ]
    if problems:
        raise NotebookFailed.listing("exhibits and findings", problems)


def _hidden_exhibits(executed: Mapping[str, Mapping]) -> Iterator[str]:
    """Yield each line that creates something from the book which Jupyter does not show: it is not its cell's last."""
    for name, notebook in executed.items():
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                for line in _lost_calls(join_lines(cell["source"])):
                    yield f"{name}, cell {cell['id']}: `{line}` shows nothing; make it the last line of a cell"


def _huge_pictures(executed: Mapping[str, Mapping]) -> Iterator[str]:
    """Yield each picture with so many pixels that it would fill a reader's memory, however small its file is."""
    for each in outputs_of(executed, "image/png"):
        try:
            width, height = png_size(base64.b64decode(join_lines(each.data["image/png"])))
        except (ValueError, TypeError):  # no picture at all, which the pages leave out
            continue
        if width * height > MOST_PIXELS:
            remedy = f"draw it with at most {MOST_PIXELS:,}"
            yield f"{each.location}: shows a picture of {width:,} by {height:,} pixels; {remedy}"


def _lost_calls(source: str) -> list[str]:
    r"""Return the calls with a book whose value is dropped: expressions before the last line, or before a semicolon.

    >>> _lost_calls("growth.reported_rates(book)\ngrowth.multiples(book)"), _lost_calls("growth.multiples(book);")
    (['growth.reported_rates(book)'], ['growth.multiples(book)'])
    """
    try:
        tree = ast.parse("\n".join(line for line in source.splitlines() if not line.startswith(("%", "!"))))
    except SyntaxError:
        return []
    dropped = tree.body if source.rstrip().endswith(";") else tree.body[:-1]
    calls = [each.value for each in dropped if isinstance(each, ast.Expr) and isinstance(each.value, ast.Call)]
    return [ast.unparse(call) for call in calls if any(ast.unparse(argument) == "book" for argument in call.args)]


def _repeated(what: str, uses: Iterable[tuple[str, str]]) -> list[str]:
    """Return a problem for each name used twice; `uses` are names with their locations.

    >>> _repeated("exhibit", [("fig-a", "10, cell x"), ("fig-a", "20, cell y")])
    ["the exhibit 'fig-a' is created twice: in 10, cell x, and in 20, cell y; give one another id"]
    """
    first: dict[str, str] = {}
    problems = []
    for name, location in uses:
        if name in first:
            problems.append(
                f"the {what} '{name}' is created twice: in {first[name]}, and in {location}; give one another id"
            )
        first.setdefault(name, location)
    return problems


def figures(executed: Mapping[str, Mapping]) -> dict[str, bytes]:
    """Return each figure as .svg and .png, with the .csv of the numbers it shows, by file name."""
    files = {}
    for figure in outputs_of(executed, FIGURE):
        name = figure.payload["name"]
        drawing = join_lines(figure.data["image/svg+xml"]).rstrip("\n") + "\n"
        files[f"{name}.svg"] = drawing.encode("utf-8")
        files[f"{name}.png"] = base64.b64decode(join_lines(figure.data["image/png"]))
        files[f"{name}.csv"] = figure_csv(Figure.from_json(figure.payload))
    return dict(sorted(files.items()))


def figures_by_notebook(executed: Mapping[str, Mapping]) -> dict[str, dict[str, bytes]]:
    """Return the files of `figures` of each notebook, by its name."""
    return {name: figures({name: notebook}) for name, notebook in executed.items()}


def figure_csv(figure: Figure) -> bytes:
    """Return the numbers that a figure shows, as the CSV file that lies beside it; origins with spaces between."""
    separators = [" " if column.origins else ", " for column in figure.columns]
    rows = [[_csv_value(*pair) for pair in zip(row, separators, strict=True)] for row in figure.rows]
    return as_csv([column.key for column in figure.columns], rows)


def _csv_value(cell: Cell, separator: str) -> str | int | float:
    """Return a number as it is, anything else as its words on one line."""
    parts = list(walk(cell))
    if len(parts) == 1 and isinstance(parts[0], int | float):
        return parts[0]
    return cell.joined(separator).replace("\n", " ")


def findings(executed: Mapping[str, Mapping]) -> list[dict]:
    """Return all findings, each with its notebook, sorted by id, numbers at 12 significant digits."""
    rows = []
    for finding in _located_findings(executed):
        del finding["location"]
        rows.append({key: digits12(value) if isinstance(value, float) else value for key, value in finding.items()})
    return sorted(rows, key=lambda finding: finding["id"])


def _located_findings(executed: Mapping[str, Mapping]) -> Iterator[dict]:
    """Yield findings with notebook and location; one that is output again unchanged counts once, as the first."""
    seen: dict[str, list[Mapping]] = {}
    for each in outputs_of(executed, FINDINGS):
        for finding in each.payload["findings"]:
            earlier = seen.setdefault(finding["id"], [])
            if finding not in earlier:
                earlier.append(finding)
                yield {**finding, "notebook": each.notebook, "location": each.location}


def findings_json(findings: Iterable[Mapping]) -> bytes:
    """Return the findings as the notebooks read them again."""
    text = json.dumps({"findings": list(findings)}, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False)
    return (text + "\n").encode("utf-8")


def findings_csv(findings: Iterable[Mapping]) -> bytes:
    """Return the findings as a table, a row each; inputs as `role=id; role=id id id`."""
    rows = []
    for finding in findings:
        listed = ((role, [ids] if isinstance(ids, str) else ids) for role, ids in (finding.get("inputs") or {}).items())
        inputs = "; ".join(f"{role}={' '.join(ids)}" for role, ids in listed)
        rows.append([{**finding, "inputs": inputs}.get(column) for column in COLUMNS])
    return as_csv(COLUMNS, rows)


def as_csv(header: Iterable[str], rows: Iterable[Iterable]) -> bytes:
    """Return a CSV file in UTF-8 with LF, quoted only where needed, without a cell that a spreadsheet would run."""
    out = io.StringIO(newline="")
    write_csv(header, rows, out)
    return out.getvalue().encode("utf-8")


def _csv_line(cells: Iterable[str]) -> str:
    r"""Return a line of a CSV file; csv.writer of Python 3.11 lets a carriage return in a cell begin another row.

    >>> _csv_line(["a", "b, c", "d\re"])
    'a,"b, c","d\re"\n'
    """
    quoted = [f'"{cell.replace(chr(34), chr(34) * 2)}"' if _QUOTED.search(cell) else cell for cell in cells]
    return (",".join(quoted) if quoted != [""] else '""') + "\n"


def harmless_csv(data: bytes) -> bytes:
    r"""Return a CSV file of somebody else's with each cell that a spreadsheet would run marked as text.

    A file without such a cell is returned as it is, to the byte.

    >>> harmless_csv(b"id,note\nc001,=1+1\nc002,-1.5\n")
    b"id,note\nc001,'=1+1\nc002,-1.5\n"
    """
    rows = list(csv.reader(io.StringIO(data.decode("utf-8"), newline=""), strict=True))
    if all(cell == _csv_cell(cell) for row in rows for cell in row):
        return data
    return as_csv(rows[0], rows[1:])


def write_csv(header: Iterable[str], rows: Iterable[Iterable], out: TextIO) -> int:
    """Write the lines of a CSV file, needing one row at a time, and return how many rows there are."""
    count = 0
    out.write(_csv_line(map(_csv_cell, header)))
    for count, row in enumerate(rows, 1):  # noqa: B007
        out.write(_csv_line(map(_csv_cell, row)))
    return count


def _csv_cell(value) -> str:
    """Return a cell's text; text that a spreadsheet would run as a formula is marked as text by an apostrophe.

    >>> [_csv_cell(value) for value in (True, None, -1.5, "=1+1", "-3.5", "+84 percent")]
    ['true', '', '-1.5', "'=1+1", '-3.5', "'+84 percent"]
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.12g}"
    text = str(value)
    return f"'{text}" if FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def verdicts(executed: Mapping[str, Mapping]) -> list[dict]:
    """Return the verdicts that the notebooks output, in their order."""
    return [verdict for each in outputs_of(executed, VERDICTS) for verdict in each.payload["verdicts"]]
