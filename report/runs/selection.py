"""Which notebooks there are, which of them a build runs, and in which order."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path

from report.stops import WrongInput

PARAMETERS, INJECTED = "parameters", "injected-parameters"
SUBJECT_TAG = "subject-"


@dataclass(frozen=True)
class Notebook:
    """A notebook as an author keeps it: without outputs, its parameters with their defaults.

    `left_out` counts the cells of its file that `source` lacks, because they are about another subject than the ledger.
    """

    path: Path
    source: Mapping = field(repr=False)
    left_out: int = 0

    @property
    def name(self) -> str:
        """Return the name everything else uses: `20_growth_rates`."""
        return self.path.stem

    @property
    def reads_findings(self) -> bool:
        """Return whether the notebook reads what the others found, and so runs after them."""
        return bool(self.source["metadata"].get("report", {}).get("reads_findings", False))

    @property
    def sweeps(self) -> bool:
        """Return whether the notebook is run under every reading that changes one of its parameters."""
        return bool(self.source["metadata"].get("report", {}).get("sweep", False)) and not self.reads_findings

    @property
    def subject(self) -> str:
        """Return the only subject whose ledgers the notebook is for; "" for any."""
        return self.source["metadata"].get("report", {}).get("subject", "")

    @property
    def code(self) -> list[Mapping]:
        """Return the code cells."""
        return [cell for cell in self.source["cells"] if cell["cell_type"] == "code"]

    @property
    def defaults(self) -> dict[str, object]:
        """Return the parameters with their defaults, in the order of the parameters cell.

        Raises ValueError for a parameter that is not a plain literal.
        """
        found: dict[str, object] = {}
        for cell in self.code:
            if PARAMETERS in tags(cell):
                found.update(_literals(joined(cell["source"])))
        return found


def read(path: Path) -> Notebook:
    """Return the notebook stored at `path`. Raises WrongInput if it is not one."""
    try:
        source = json.loads(path.read_text(encoding="utf-8"))
        cells = source["cells"]
        complete = isinstance(source["metadata"], dict) and all(
            isinstance(cell["source"], str | list) for cell in cells
        )
    except (ValueError, KeyError, TypeError) as error:
        raise WrongInput(
            f"{path.name} is not a notebook of format 4 ({error}); open it in JupyterLab and save it"
        ) from None
    if not complete:
        raise WrongInput(f"{path.name} is not a notebook of format 4; open it in JupyterLab and save it")
    return Notebook(path, source)


def read_all(folder: Path) -> list[Notebook]:
    """Return the notebooks of `folder` in reading order, which is the order of their names."""
    found = [read(path) for path in sorted(folder.glob("*.ipynb"))]
    if not found:
        raise WrongInput(f"there are no notebooks in {folder}; start python -m report in a clone of the repository")
    return found


def select(notebooks: Sequence[Notebook], wanted: Iterable[str]) -> list[Notebook]:
    """Return the notebooks that `wanted` names by name, file, number or beginning; all of them if it names none.

    Raises WrongInput listing every name that fits none, or more than one.
    """
    patterns = list(wanted)
    if not patterns:
        return list(notebooks)
    names, chosen, problems = [notebook.name for notebook in notebooks], set(), []
    for pattern in patterns:
        fitting = matching(names, Path(pattern).name.removesuffix(".ipynb"))
        if len(fitting) == 1:
            chosen.add(fitting[0])
        elif fitting:
            problems.append(f"'{pattern}' fits {', '.join(fitting)}; write more of the name")
        else:
            problems.append(f"'{pattern}' is no notebook{_meant(pattern, names)} One of: {', '.join(names)}")
    if problems:
        raise WrongInput.listing("--only", problems)
    return [notebook for notebook in notebooks if notebook.name in chosen]


def fitting(notebooks: Iterable[Notebook], subject: str) -> list[Notebook]:
    """Return the notebooks for a ledger of `subject`, without the notebooks and the cells that declare another one.

    A notebook declares it in its metadata (`"report": {"subject": …}`), a cell by a tag such as `subject-bees`.
    """
    return [without_others(each, subject) for each in notebooks if each.subject in ("", subject)]


def without_others(notebook: Notebook, subject: str) -> Notebook:
    """Return a notebook without the cells that are about other subjects than `subject`."""
    cells = notebook.source["cells"]
    kept = [cell for cell in cells if _subjects(cell) in ([], [subject])]
    return replace(notebook, source={**notebook.source, "cells": kept}, left_out=len(cells) - len(kept))


def left_out(notebooks: Sequence[Notebook], subject: str) -> str:
    """Return in words how much of all notebooks is left out for a ledger of `subject`, "" if nothing is."""
    whole = [each.name for each in notebooks if each.subject not in ("", subject)]
    cells = sum(each.left_out for each in fitting(notebooks, subject))
    parts = [*([f"notebooks: {', '.join(whole)}"] if whole else []), *([f"cells: {cells}"] if cells else [])]
    return f"left out, as about another subject than this ledger: {'; '.join(parts)}" if parts else ""


def subject_of(ledger: Path) -> str:
    """Return the subject that a ledger's description names; "" if there is none, or no description to read."""
    try:
        named = json.loads((ledger / "datapackage.json").read_text(encoding="utf-8")).get("subject", "")
    except (OSError, ValueError, AttributeError):
        return ""  # what is wrong with it, the check of the ledger reports
    return named if isinstance(named, str) else ""


def _subjects(cell: Mapping) -> list[str]:
    return [tag.removeprefix(SUBJECT_TAG) for tag in tags(cell) if tag.startswith(SUBJECT_TAG)]


def matching(names: Iterable[str], pattern: str) -> list[str]:
    """Return the names that are `pattern`, or else those that begin with it, with or without their number.

    >>> matching(["20_growth_rates", "30_source_discrepancies"], "20")
    ['20_growth_rates']
    >>> matching(["20_growth_rates", "30_source_discrepancies"], "source")
    ['30_source_discrepancies']
    """
    known = list(names)
    if not pattern or pattern in known:
        return [pattern] if pattern else []
    return [name for name in known if name.startswith(pattern) or name.partition("_")[2].startswith(pattern)]


def in_waves(notebooks: Iterable[Notebook]) -> list[list[Notebook]]:
    """Return the notebooks in the order they run: first those that stand alone, then those that read their findings."""
    notebooks = list(notebooks)
    waves = [[each for each in notebooks if each.reads_findings is later] for later in (False, True)]
    return [wave for wave in waves if wave]


def refuse_unclean(notebooks: Iterable[Notebook]) -> None:
    """Raise WrongInput, naming every cell, if a notebook is not clean source."""
    problems = [problem for notebook in notebooks for problem in unclean(notebook)]
    if problems:
        raise WrongInput.listing("notebooks", problems)


def unclean(notebook: Notebook) -> list[str]:
    """Return what in the notebook's file is left over from a run, or keeps it from being run, and how to mend it."""
    problems = []
    file = f"notebooks/{notebook.path.name}"
    ids = [cell.get("id") for cell in notebook.source["cells"]]
    problems += [
        f"{file}: cell {index} has no id; open it in JupyterLab and save it"
        for index, id in enumerate(ids, 1)
        if not id
    ]
    problems += [
        f"{file}: two cells have the id '{id}'; rename one"
        for id in sorted({id for id in ids if id and ids.count(id) > 1})
    ]
    for cell in notebook.code:
        if INJECTED in tags(cell):
            problems.append(
                f"{file}, cell {cell.get('id')}: holds injected parameters, so it is the copy of a run; delete the cell"
            )
        elif cell.get("outputs") or cell.get("execution_count") is not None:
            remedy = "in JupyterLab: Edit, Clear Outputs of All Cells, save"
            problems.append(f"{file}, cell {cell.get('id')}: holds outputs of a run; {remedy}")
    try:
        notebook.defaults  # noqa: B018 - only to hear its complaint
    except ValueError as error:
        problems.append(f"{file}: {error}")
    return problems


def tags(cell: Mapping) -> list[str]:
    """Return the tags of a cell."""
    return cell.get("metadata", {}).get("tags", [])


def joined(text: str | list[str]) -> str:
    """Return a text that a notebook may store as a list of lines."""
    return text if isinstance(text, str) else "".join(text)


def _literals(source: str) -> dict[str, object]:
    found = {}
    try:
        statements = ast.parse(source).body
    except SyntaxError as error:
        raise ValueError(f"the parameters cell is not Python (line {error.lineno}: {error.msg})") from None
    for statement in statements:
        name, value = _assigned(statement)
        if name is None:
            line = statement.lineno
            raise ValueError(f"the parameters cell holds more than `name = value` (line {line}); move that elsewhere")
        try:
            found[name] = ast.literal_eval(value)
        except ValueError:
            raise ValueError(f"the parameter {name} is not a plain literal; write its value out") from None
    return found


def _assigned(statement: ast.stmt) -> tuple[str | None, ast.expr | None]:
    if isinstance(statement, ast.Assign) and len(statement.targets) == 1 and isinstance(statement.targets[0], ast.Name):
        return statement.targets[0].id, statement.value
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name) and statement.value is not None:
        return statement.target.id, statement.value
    return None, None


def _meant(word: str, known: Iterable[str]) -> str:
    near = get_close_matches(word, list(known), n=1)
    return f"; did you mean '{near[0]}'?" if near else "."
