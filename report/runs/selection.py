"""Which notebooks there are, which of them a build runs, and in which order."""

from __future__ import annotations

import ast
import re
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from claims.tables.files import SMALL, parse_json, read_regular
from claims.tables.messages import one_of

from report.expressions import join_lines
from report.runs import cell_names, clean, notebook_faults
from report.stops import WrongInput

__all__ = [
    "INJECTED", "PARAMETERS", "Notebook", "chapter_files", "fitting", "in_waves", "join_lines", "left_out",
    "match_names", "name_cells", "notes_on_files", "read", "read_all", "read_saved", "refuse_faulty", "select",
    "subject_of", "tags",
]  # fmt: skip

PARAMETERS, INJECTED = "parameters", "injected-parameters"
_CHAPTER = re.compile(r"[0-9]{2}_\w+")
_SUBJECT_TAG = "subject-"
_TOO_COMPLEX = (RecursionError, MemoryError)  # what Python's parser raises for a thousand brackets
_OF_IPYTHON = re.compile(r"^\s*[%!?]|\?\s*$|=\s*[%!]", re.MULTILINE)


@dataclass(frozen=True)
class Notebook:
    """A notebook as its author wrote it, without outputs, even if its file has some: then it `holds_run`.

    `left_out` counts the cells of its file that `source` lacks, because they are about another subject than the ledger.
    """

    path: Path
    source: Mapping = field(repr=False)
    left_out: int = 0
    holds_run: bool = False

    @property
    def name(self) -> str:
        """Return the name that is used everywhere, such as `20_growth_rates`."""
        return self.path.stem

    @property
    def reads_findings(self) -> bool:
        """Return whether the notebook reads the findings of the others, and so runs after them."""
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
        defaults: dict[str, object] = {}
        for cell in self.code:
            if PARAMETERS in tags(cell):
                defaults |= _literals(join_lines(cell["source"]))
        return defaults


def read(path: Path) -> Notebook:
    """Return the notebook stored at `path`, without what a run left in it. Raises WrongInput if it is not one."""
    try:
        source = parse_json(read_regular(path))
        fault = notebook_faults.find_fault(source)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise WrongInput(f"{path.name} {error.strerror}; put the notebook itself there") from None
    except ValueError as error:
        fault = str(error)
    if fault:
        raise WrongInput(f"{path.name} is not a notebook of format 4 ({fault}); open it in JupyterLab and save it")
    return Notebook(path, clean.clean_source(source), holds_run=clean.holds_run(source))


def read_saved(path: Path, wait: float = 0.2) -> Notebook:
    """Return the notebook at `path`, read again after `wait` seconds if it cannot be read: it is being written.

    Raises WrongInput if it is none then.
    """
    try:
        return read(path)
    except (WrongInput, OSError):
        time.sleep(wait)
        return read(path)


def read_all(folder: Path, patient: bool = False) -> list[Notebook]:
    """Return the chapters in `folder` in reading order, which is the order of their names; see `read_saved`."""
    notebooks = [read_saved(path) if patient else read(path) for path in chapter_files(folder)]
    if not notebooks:
        remedy = "start python -m report in a clone of the repository; a chapter's file is called NN_question.ipynb"
        raise WrongInput(f"there are no notebooks in {folder}; {remedy}")
    return notebooks


def chapter_files(folder: Path) -> list[Path]:
    """Return the notebooks that take part in the report: those whose names begin with two digits, `20_growth_rates`."""
    return [path for path in sorted(folder.glob("*.ipynb")) if _CHAPTER.fullmatch(path.stem)]


def notes_on_files(folder: Path, notebooks: Iterable[Notebook]) -> list[str]:
    """Return what to know about the notebooks' files, a sentence each: which are no chapters, which hold a run."""
    chapters, notes = chapter_files(folder), []
    others = [path.name for path in sorted(folder.glob("*.ipynb")) if path not in chapters]
    if others:
        be = "is no chapter and is" if len(others) == 1 else "are no chapters and are"
        remedy = "a chapter's file is called NN_question.ipynb, such as 25_prices.ipynb"
        notes.append(f"{', '.join(others)} {be} left out; {remedy}")
    if ran := [notebook.path.name for notebook in notebooks if notebook.holds_run]:
        notes.append(f"saved after a run: {', '.join(ran)}; the outputs are ignored, and make format removes them")
    return notes


def select(notebooks: Sequence[Notebook], patterns: Iterable[str]) -> list[Notebook]:
    """Return the notebooks that the patterns match by name, file, number or beginning; all if there are no patterns.

    Raises WrongInput listing every pattern that matches none, or more than one.
    """
    patterns = list(patterns)
    if not patterns:
        return list(notebooks)
    names, problems = [notebook.name for notebook in notebooks], []
    selected: set[str] = set()
    for pattern in patterns:
        matches = match_names(names, Path(pattern).name.removesuffix(".ipynb"))
        if len(matches) == 1:
            selected.add(matches[0])
        elif matches:
            problems.append(f"'{pattern}' matches {', '.join(matches)}; write more of the name")
        else:
            problems.append(f"'{pattern}' is no notebook; {one_of(pattern, names)}")
    if problems:
        raise WrongInput.listing("--only", problems)
    return [notebook for notebook in notebooks if notebook.name in selected]


def fitting(notebooks: Iterable[Notebook], subject: str) -> list[Notebook]:
    """Return the notebooks for a ledger of `subject`, without the notebooks and the cells that declare another one.

    A notebook declares it in its metadata (`"report": {"subject": …}`), a cell by a tag such as `subject-bees`.
    """
    fitted = []
    for notebook in notebooks:
        if notebook.subject in ("", subject):
            cells = notebook.source["cells"]
            kept = [cell for cell in cells if _subjects(cell) in ([], [subject])]
            source = {**notebook.source, "cells": kept}
            fitted.append(replace(notebook, source=source, left_out=len(cells) - len(kept)))
    return fitted


def left_out(notebooks: Sequence[Notebook], subject: str) -> str:
    """Return in words how much of all notebooks is left out for a ledger of `subject`, "" if nothing is."""
    names = [notebook.name for notebook in notebooks if notebook.subject not in ("", subject)]
    cells = sum(notebook.left_out for notebook in fitting(notebooks, subject))
    parts = [*([f"notebooks: {', '.join(names)}"] if names else []), *([f"cells: {cells}"] if cells else [])]
    return f"left out, as about another subject than this ledger: {'; '.join(parts)}" if parts else ""


def subject_of(ledger: Path) -> str:
    """Return the subject that a ledger's description names; "" if there is none, or no description to read."""
    try:
        subject = parse_json(read_regular(ledger / "datapackage.json", SMALL)).get("subject", "")
    except (OSError, ValueError, AttributeError):
        return ""  # the check of the ledger reports what is wrong with it
    return subject if isinstance(subject, str) else ""


def _subjects(cell: Mapping) -> list[str]:
    return [tag.removeprefix(_SUBJECT_TAG) for tag in tags(cell) if tag.startswith(_SUBJECT_TAG)]


def match_names(names: Sequence[str], pattern: str) -> list[str]:
    """Return the name that is `pattern`, or else those that begin with it, with or without their number.

    >>> match_names(["20_growth_rates", "30_source_discrepancies"], "20")
    ['20_growth_rates']
    >>> match_names(["20_growth_rates", "30_source_discrepancies"], "source")
    ['30_source_discrepancies']
    """
    if not pattern or pattern in names:
        return [pattern] if pattern else []
    return [name for name in names if name.startswith(pattern) or name.partition("_")[2].startswith(pattern)]


def in_waves(notebooks: Iterable[Notebook]) -> list[list[Notebook]]:
    """Return the notebooks in the order they run: first those that run alone, then those that read their findings."""
    notebooks = list(notebooks)
    waves = [[notebook for notebook in notebooks if notebook.reads_findings is later] for later in (False, True)]
    return [wave for wave in waves if wave]


def refuse_faulty(notebooks: Iterable[Notebook]) -> None:
    """Raise WrongInput, listing every cell, if a notebook cannot be run as it is."""
    problems = [problem for notebook in notebooks for problem in _problems(notebook)]
    if problems:
        raise WrongInput.listing("notebooks", problems)


def _problems(notebook: Notebook) -> list[str]:
    """Return everything in the notebook's file that prevents a run, each with its remedy."""
    file = f"notebooks/{notebook.path.name}"
    ids = [cell.get("id") for cell in notebook.source["cells"]]
    twice = sorted({id for id in ids if id and ids.count(id) > 1})
    problems = [
        *(f": cell {place} has no id; open it in JupyterLab and save it" for place, id in enumerate(ids, 1) if not id),
        *(f": two cells have the id '{id}'; rename one" for id in twice),
    ]
    for cell in notebook.code:
        place = f", cell {cell.get('id')}"
        if INJECTED in tags(cell):
            problems.append(f"{place}: has injected parameters, so it is the copy of a run; delete the cell")
    problems += [f", {problem}" for problem in _syntax_errors(notebook.source["cells"])]
    try:
        _ = notebook.defaults
    except ValueError as error:
        problems.append(f": {error}")
    return [f"{file}{problem}" for problem in problems]


def _syntax_errors(cells: Sequence[Mapping]) -> Iterator[str]:
    """Yield each cell that is no Python, with the line; the lines of IPython's own (%, !, ?) are not looked at."""
    for index, cell in enumerate(cells):
        source = join_lines(cell["source"])
        if cell["cell_type"] != "code" or PARAMETERS in tags(cell) or _OF_IPYTHON.search(source):
            continue
        try:
            compile(source, "cell", "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        except (SyntaxError, ValueError, *_TOO_COMPLEX) as error:
            number = getattr(error, "lineno", None) or 1
            line = source.splitlines()[number - 1].strip() if number <= len(source.splitlines()) else ""
            message = getattr(error, "msg", str(error)) or "is nested too deep to be read"
            yield f"{cell_names.describe_cell(cells, index)}, line {number}: {message}: `{line}`"


def name_cells(message: str, folder: Path) -> str:
    """Return a message with each cell of a random id named by its place in the notebook of `folder` that has it."""
    try:
        return cell_names.without_random_ids(message, (each.source["cells"] for each in read_all(folder)))
    except (WrongInput, OSError):
        return message


def tags(cell: Mapping) -> list[str]:
    """Return the tags of a cell."""
    return cell.get("metadata", {}).get("tags", [])


def _literals(source: str) -> dict[str, object]:
    literals: dict[str, object] = {}
    try:
        statements = ast.parse(source).body
    except SyntaxError as error:
        raise ValueError(f"the parameters cell is not Python (line {error.lineno}: {error.msg})") from None
    except (ValueError, *_TOO_COMPLEX):
        raise ValueError("the parameters cell is nested too deep, or has a character that is none") from None
    for statement in statements:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                pass
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                pass
            case _:
                line = statement.lineno
                raise ValueError(f"the parameters cell has more than `name = value` (line {line}); move that elsewhere")
        try:
            literals[name] = ast.literal_eval(value)
        except (ValueError, TypeError, *_TOO_COMPLEX):
            raise ValueError(f"the parameter {name} is not a plain literal; write its value out") from None
    return literals
