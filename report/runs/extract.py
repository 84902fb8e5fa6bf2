"""Figures, findings and verdicts out of executed notebooks, as the bytes that are published."""

from __future__ import annotations

import ast
import base64
import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from claims.questions.discrepancies import MIME as VERDICTS
from claims.results.finding import MIME as FINDINGS
from claims.show.exhibits import FIGURE, TABLE

from report.runs.selection import joined
from report.stops import NotebookFailed

FILE_NAME = re.compile(r"[a-z][a-z0-9_]*")
COLUMNS = (
    "id",
    "label",
    "text",
    "value",
    "low",
    "high",
    "low_closed",
    "high_closed",
    "unit",
    "formula",
    "expression",
    "inputs",
    "notebook",
)


@dataclass(frozen=True)
class Shown:
    """One output of ours: where it stands, and what it holds."""

    notebook: str
    cell: str
    payload: Mapping
    data: Mapping = field(repr=False)

    @property
    def place(self) -> str:
        """Return where it stands, for a message."""
        return f"{self.notebook}, cell {self.cell}"


def shown(executed: Mapping[str, Mapping], mime: str) -> Iterator[Shown]:
    """Yield every output of the type `mime` in reading order."""
    for name, notebook in executed.items():
        for cell in notebook["cells"]:
            for output in cell.get("outputs", []):
                if mime in output.get("data", {}):
                    yield Shown(name, cell["id"], output["data"][mime], output["data"])


def refuse_faulty(executed: Mapping[str, Mapping]) -> None:
    """Raise NotebookFailed listing every missing exhibit, and every id or file name that is used twice or cannot be."""
    figures, tables = list(shown(executed, FIGURE)), list(shown(executed, TABLE))
    problems = [
        *missing_exhibits(executed, "figure", FIGURE),
        *missing_exhibits(executed, "table", TABLE),
        *repeated("exhibit", ((each.payload.get("id"), each.place) for each in figures + tables)),
        *repeated("figure file", ((each.payload.get("name"), each.place) for each in figures)),
        *repeated("finding", ((finding["id"], finding["place"]) for finding in _placed_findings(executed))),
        *(
            f"{each.place}: '{each.payload.get('name')}' names no file; use a-z, 0-9 and _"
            for each in figures
            if not _is_file_name(each)
        ),
        *(
            f"{each.place}: the figure lacks {kind}"
            for each in figures
            for kind in ("image/svg+xml", "image/png")
            if kind not in each.data
        ),
    ]
    if problems:
        raise NotebookFailed.listing("exhibits and findings", problems)


def missing_exhibits(executed: Mapping[str, Mapping], kind: str, mime: str) -> Iterator[str]:
    """Yield a problem for each cell whose source builds an exhibit that its outputs do not have."""
    for name, notebook in executed.items():
        for cell in notebook["cells"]:
            shows = any(mime in output.get("data", {}) for output in cell.get("outputs", []))
            if cell["cell_type"] == "code" and not shows and makes(kind, joined(cell["source"])):
                yield f"{name}, cell {cell['id']}: makes a {kind} and shows none; end it with essay.{kind}(…)"


def makes(kind: str, source: str) -> bool:
    """Return whether a cell's source makes an exhibit of that kind.

    >>> makes("figure", "essay.figure(axes, id='fig-growth')"), makes("figure", "charts.growth(frame)")
    (True, False)
    """
    try:
        tree = ast.parse("\n".join(line for line in source.splitlines() if not line.startswith(("%", "!"))))
    except SyntaxError:
        return False
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return any(
        isinstance(call, ast.Attribute)
        and call.attr == kind
        and isinstance(call.value, ast.Name)
        and call.value.id in ("essay", "exhibits")
        for call in calls
    )


def repeated(what: str, named: Iterable[tuple[str, str]]) -> list[str]:
    """Return a problem for each name used twice, with both places.

    >>> repeated("exhibit", [("fig-a", "10, cell x"), ("fig-a", "20, cell y")])
    ["the exhibit 'fig-a' is made twice: in 10, cell x, and in 20, cell y; give one another id"]
    """
    first: dict[str, str] = {}
    problems = []
    for name, place in named:
        if name in first:
            problems.append(f"the {what} '{name}' is made twice: in {first[name]}, and in {place}; give one another id")
        first.setdefault(name, place)
    return problems


def _is_file_name(figure: Shown) -> bool:
    return bool(FILE_NAME.fullmatch(str(figure.payload.get("name"))))


def figures(executed: Mapping[str, Mapping]) -> dict[str, bytes]:
    """Return each figure as .svg and .png, with the .csv of the numbers it shows, by file name."""
    files = {}
    for figure in shown(executed, FIGURE):
        name = figure.payload["name"]
        files[f"{name}.svg"] = _ending_in_newline(joined(figure.data["image/svg+xml"])).encode("utf-8")
        files[f"{name}.png"] = base64.b64decode(joined(figure.data["image/png"]))
        files[f"{name}.csv"] = figure_csv(figure.payload)
    return dict(sorted(files.items()))


def figures_by_notebook(executed: Mapping[str, Mapping]) -> dict[str, dict[str, bytes]]:
    """Return the files of `figures` of each notebook, by its name."""
    return {name: figures({name: notebook}) for name, notebook in executed.items()}


def _ending_in_newline(text: str) -> str:
    return text.rstrip("\n") + "\n"


def figure_csv(payload: Mapping) -> bytes:
    """Return the numbers that a figure shows, as the CSV file that lies beside it."""
    header = [column if isinstance(column, str) else column["key"] for column in payload["columns"]]
    spaced = [isinstance(column, Mapping) and bool(column.get("from")) for column in payload["columns"]]
    joints = [" " if origins else ", " for origins in spaced]
    rows = [[_cell_text(cell, joint) for cell, joint in zip(row, joints, strict=True)] for row in payload["rows"]]
    return as_csv(header, rows)


def _cell_text(cell, joint: str = ", "):
    if isinstance(cell, list):
        return joint.join(str(_cell_text(part)) for part in cell)
    if isinstance(cell, Mapping):
        return "".join(str(_cell_text(part)) for part in cell["runs"]) if "runs" in cell else cell["text"]
    return cell


def findings(executed: Mapping[str, Mapping]) -> list[dict]:
    """Return all findings, each with the notebook that made it, sorted by id, numbers at 12 significant digits."""
    found = [
        {key: digits12(value) for key, value in finding.items() if key != "place"}
        for finding in _placed_findings(executed)
    ]
    return sorted(found, key=lambda finding: finding["id"])


def _placed_findings(executed: Mapping[str, Mapping]) -> Iterator[dict]:
    """Yield findings with notebook and place; one that is handed over again unchanged counts once, as the first."""
    seen: dict[str, list[Mapping]] = {}
    for each in shown(executed, FINDINGS):
        for finding in each.payload["findings"]:
            earlier = seen.setdefault(finding["id"], [])
            if finding not in earlier:
                earlier.append(finding)
                yield {**finding, "notebook": each.notebook, "place": each.place}


def digits12(value):
    """Return the value with every float in it rounded to 12 significant digits.

    >>> digits12({"value": 0.1 + 0.2})
    {'value': 0.3}
    """
    if isinstance(value, float):
        return float(f"{value:.12g}")
    if isinstance(value, Mapping):
        return {key: digits12(each) for key, each in value.items()}
    return [digits12(each) for each in value] if isinstance(value, list) else value


def findings_json(found: Iterable[Mapping]) -> bytes:
    """Return the findings as the notebooks read them again."""
    text = json.dumps({"findings": list(found)}, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False)
    return (text + "\n").encode("utf-8")


def findings_csv(found: Iterable[Mapping]) -> bytes:
    """Return the findings as a table, a row each; inputs as `role=id; role=id id id`."""
    rows = []
    for finding in found:
        listed = ((role, [of] if isinstance(of, str) else of) for role, of in (finding.get("inputs") or {}).items())
        inputs = "; ".join(f"{role}={' '.join(ids)}" for role, ids in listed)
        rows.append([{**finding, "inputs": inputs}.get(column) for column in COLUMNS])
    return as_csv(COLUMNS, rows)


def as_csv(header: Iterable[str], rows: Iterable[Iterable]) -> bytes:
    """Return a CSV file in UTF-8 with LF, quoted only where needed."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([csv_cell(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8")


def csv_cell(value) -> str:
    """Return a cell's text; text that a spreadsheet would run as a formula is marked as text by an apostrophe.

    >>> [csv_cell(value) for value in (True, None, -1.5, "=1+1", "-3.5", "+84 percent")]
    ['true', '', '-1.5', "'=1+1", '-3.5', "'+84 percent"]
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.12g}"
    text = str(value)
    starts_formula = text.startswith(("=", "@", "\t", "\r")) or (text.startswith(("+", "-")) and not _is_number(text))
    return f"'{text}" if starts_formula else text


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?", text))


def verdicts(executed: Mapping[str, Mapping]) -> list[dict]:
    """Return the verdicts that the notebooks hand over, in their order."""
    return [verdict for each in shown(executed, VERDICTS) for verdict in each.payload["verdicts"]]
