"""Commands that edit the notebooks' files: `python -m report format` and `python -m report set-default`."""

from __future__ import annotations

import ast
import json
from collections.abc import Mapping
from pathlib import Path

from claims.ledger import readings
from claims.tables.messages import count_noun

from report.folders import Folders
from report.proof import descriptions, exhibit_list, readme_numbers
from report.runs import cell_names, clean, parameters, selection, sweep
from report.stops import WrongInput

__all__ = ["format_notebooks", "replace_default", "set_default"]


def format_notebooks(folders: Folders, check: bool = False) -> str:
    """Remove what a run left in the chapters' files, give cells readable ids, and return which files changed.

    Other notebooks are left as they are; the list of exhibits in CONTRIBUTING.md and the numbers of README.md are
    written from the published report, the day in CITATION.cff from the ledger's.
    With `check` nothing is written. Raises WrongInput for a file that is no notebook, or, with `check`, listing every
    file that would change.
    """
    chapters = [notebook.path for notebook in selection.read_all(folders.notebooks)]
    changed = {path: content for path in chapters if path.read_bytes() != (content := _formatted(path))}
    for file, (before, after) in {
        exhibit_list.FILE: exhibit_list.listed_anew(folders),
        readme_numbers.FILE: readme_numbers.written_anew(folders),
        descriptions.CITATION: descriptions.dated_anew(folders),
    }.items():
        if before != after:
            changed[folders.root / file] = after.encode()
    names = [folders.shown(path) for path in changed]
    if check and changed:
        problems = [f"{name}: {_what_changes(path)}" for name, path in zip(names, changed, strict=True)]
        raise WrongInput.listing("notebooks", problems, "make format puts them in order; the text and the code stay")
    for path, content in changed.items():
        path.write_bytes(content)
    done = f"{count_noun(len(chapters), 'notebook')}: {', '.join(names) or 'all'} {'cleaned' if names else 'clean'}"
    return done + _left_as_they_are(folders)


def _left_as_they_are(folders: Folders) -> str:
    """Return that numbers of the README could not be looked up, and why, "" if they could."""
    count = readme_numbers.count_marks(folders)
    if not count or not (reason := exhibit_list.why_left(folders)):
        return ""
    left = f"{count_noun(count, 'number')} left as {'it is' if count == 1 else 'they are'}"
    return f"\n{readme_numbers.FILE}: {left}, because {reason}; make report, then make format"


def _formatted(path: Path) -> bytes:
    """Return a notebook's file as it should be: clean, with an id for each cell that a person can read."""
    content = clean.clean_bytes(path)
    source = json.loads(content)
    named = cell_names.with_readable_ids(source)
    return content if named == source else clean.as_file(named)


def _what_changes(path: Path) -> str:
    """Return why a file is not as it should be."""
    if path.name == descriptions.CITATION:
        return "its date-released is not the day that the ledger was created"
    if path.suffix != ".ipynb":
        differs = "list of exhibits differs" if path.name == exhibit_list.FILE else "numbers differ"
        return f"its {differs} from the published report"
    has_run = path.read_bytes() != clean.clean_bytes(path)
    return "has outputs or settings of a run" if has_run else "has cells whose ids are not readable"


def set_default(folders: Folders, name: str, text: str) -> str:
    """Make `text` the default of a parameter in every notebook that has it, and return what is still to do.

    Nothing else in the notebooks changes. Raises WrongInput, before anything is written, if there is no such parameter
    or the value is not allowed.
    """
    notebooks = selection.read_all(folders.notebooks)
    declared = parameters.load_parameters(folders.notebooks / "parameters.yaml")
    if name not in declared:
        raise WrongInput(parameters.unknown_parameter(name, declared))
    owners = [notebook for notebook in notebooks if name in notebook.defaults]
    if not owners:
        raise WrongInput(f"no notebook has the parameter {name}; add it to a cell with the tag 'parameters'")
    before = owners[0].defaults[name]
    try:
        value = parameters.match_number_type(before, declared[name].parse(text))
    except ValueError as error:
        raise WrongInput(f"{name}: {text!r} {error}") from None
    old = [owner.defaults[name] for owner in owners]
    changed = [owner.path for owner in owners if owner.defaults[name] != value]
    for path in changed:
        path.write_bytes(clean.as_file(_with_default(json.loads(path.read_bytes()), name, value)))
    names = ", ".join(path.stem for path in changed)
    if not changed:
        return f"{name} = {value!r} is the default already, in {count_noun(len(owners), 'notebook')}; nothing changed"
    former = max(old, key=old.count)
    lines = [f"{name} = {value!r}, was {former!r}, in {count_noun(len(changed), 'notebook')}: {names}"]
    return "\n".join([*lines, *_still_to_do(folders, declared, name, former)])


def _still_to_do(folders: Folders, declared: Mapping, name: str, former: object) -> list[str]:
    """Return what a person has to look at once a default has changed, a line each."""
    lines, file = [], folders.notebooks / readings.FILE
    try:
        if file.exists():
            sweep.declared_readings(file, declared, selection.read_all(folders.notebooks))
    except WrongInput as problems:
        readings_of_default = str(problems).partition("\nwhere ")[0]
        instead = f"there, {parameters.format_value(former)} may be written instead, as the old default"
        lines += [
            "still to do before the next build:",
            f"  {readings_of_default}".replace("\n", "\n  "),
            f"  {instead}",
        ]
    undo = f"python -m report set-default {name} {parameters.shell_text(former)}"
    return [*lines, "make report lists disagreements that are then new or gone", f"to undo it: {undo}"]


def _with_default(source: Mapping, name: str, value: object) -> dict:
    """Return a notebook in whose parameters cells `name` has another value."""
    cells = []
    for cell in source["cells"]:
        if cell["cell_type"] == "code" and selection.PARAMETERS in selection.tags(cell):
            cell = {**cell, "source": replace_default(selection.join_lines(cell["source"]), name, value)}
        cells.append(cell)
    return {**source, "cells": cells}


def replace_default(source: str, name: str, value: object) -> str:
    r"""Return the source of a parameters cell with another value for `name`; everything else stays, comments too.

    >>> replace_default('pace = 1.0  # slow\nword = "à"', "pace", 2.0)
    'pace = 2.0  # slow\nword = "à"'
    """
    lines = source.splitlines(keepends=True)
    starts = [sum(len(line.encode()) for line in lines[:place]) for place in range(len(lines))]
    content = source.encode()
    for statement in reversed(ast.parse(source).body):
        match statement:
            case (
                ast.Assign(targets=[ast.Name(id=target)], value=old)
                | ast.AnnAssign(target=ast.Name(id=target), value=ast.expr() as old)
            ) if target == name:
                start = starts[old.lineno - 1] + old.col_offset
                end = starts[(old.end_lineno or old.lineno) - 1] + (old.end_col_offset or 0)
                content = content[:start] + _literal(value).encode() + content[end:]
    return content.decode()


def _literal(value: object) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)
