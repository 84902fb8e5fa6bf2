"""The notebooks as they are saved are checked without a run: names, typed numbers, and the rules of their layout."""

from __future__ import annotations

import copy
import json
import shutil
import subprocess
import sys

import pytest
from claims.ledger.loading import load_ledger
from claims.results.store import Results
from conftest import REPOSITORY, as_notebook, code_cell, markdown_cell

from report.folders import Folders
from report.proof import notebook_rules, source_check, typed_numbers, used_names
from report.runs import selection
from report.runs.selection import Notebook

LOOKUP = used_names.Lookup(Results(load_ledger(REPOSITORY / "data")))
NOTEBOOKS = selection.read_all(REPOSITORY / "notebooks")


def notebook(*cells: dict) -> Notebook:
    return Notebook(REPOSITORY / "notebooks" / "25_x.ipynb", as_notebook(list(cells)))


def problems(*cells: dict) -> list[str]:
    return list(filter(None, (LOOKUP.problem_of(use) for _, use in used_names.find(notebook(*cells)))))


@pytest.mark.parametrize(
    ("expression", "problem"),
    [
        ("book.trade_turnover_2023_visit.range", ""),
        ("book.c012", ""),
        ("book.trade_turnover_2032_visit", "did you mean 'trade_turnover_2023_visit'?"),
        ("book.trade_turnover_2023_visit.rnage", "there is no form 'rnage'; did you mean 'range'? It has range, plain"),
        ("book.claims.trade_turnover_2032_visit", "there is no claim 'trade_turnover_2032_visit'; did you mean"),
        ("paec", "nothing defines 'paec'; did you mean 'pace'?"),
        ("str(pace)", ""),
        ("book.", "is no expression"),
    ],
)
def test_a_name_in_a_sentence_that_nothing_has_is_found(expression, problem):
    found = problems(code_cell("one", "pace = book = 1"), markdown_cell(f"By {{eval}}`{expression}`."))
    assert len(found) == bool(problem)
    assert all(problem in each and expression in each for each in found)


def test_a_name_in_the_code_of_a_table_is_found_too():
    (found,) = problems(code_cell("one", "book.table([{'a': book.trade_turnover_2032_visit}], title='A')"))
    assert "did you mean 'trade_turnover_2023_visit'?" in found


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Trade grew 7.3% in 2024.", ["7.3", "2024"]),
        ("It doubled, to $41 billion and $3 billion.", ["doubled", "41", "billion", "3", "billion"]),
        ("By {eval}`book.c012` in <time>2024</time>, see [Table 3](#tbl-x) and [@un2011, p. 3].", []),
        ("Rounded to $u = 10$; `x = 3`; <data>ten</data>\n\n```\n7\n```", []),
        ("See [the 3rd page](https://example.org/4).", ["3rd"]),
    ],
)
def test_numbers_typed_in_prose_are_found(text, numbers):
    assert [number for number, _ in typed_numbers.numbers_in(text)] == numbers


def test_a_typed_number_is_quoted_as_its_reader_sees_it():
    text = "In <time>2023</time>, {eval}`book.x`, [Table](#tbl-x): 7.3% of <data>5</data> items."
    assert typed_numbers.numbers_in(text) == [("7.3", "In 2023, …, Table: 7.3% of 5 items.")]
    rule = [*notebook_rules.broken(notebook(code_cell("one", "print('<time>2023</time> was good')")))]
    assert "the text “2023 was good” is in code" in rule[0][1]


def test_a_typed_number_that_a_finding_has_is_named():
    cells = [markdown_cell("Trade grew 7.3% then.")]
    ((_, problem),) = typed_numbers.find(notebook(*cells), {"7.3%": "growth_of_trade"})
    assert problem.startswith(
        "the number “7.3” in “Trade grew 7.3% then.” is typed; 7.3% is {eval}`book.growth_of_trade`; else"
    )


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=[each.name for each in NOTEBOOKS])
def test_the_notebooks_have_no_typed_number_and_break_no_rule(notebook):
    assert [*typed_numbers.find(notebook, {}), *notebook_rules.broken(notebook)] == []


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("def f(): pass", "move that into a module of notebooks/claims/questions/"),
        ("print('a sentence here')", "the text “a sentence here” is in code; write it into a Markdown cell"),
        ("book.table([{'a': 'Trade in goods'}], title='A table of mine')", ""),
        ("f'{book}'", "it has an f-string"),
        ("import matplotlib.pyplot", "it draws"),
        ("x = 1\n" * 46, "46 lines of code, 45 at most"),
    ],
)
def test_a_rule_that_a_cell_breaks_is_named_with_the_remedy(code, problem):
    found = [text for _, text in notebook_rules.broken(notebook(code_cell("one", code)))]
    assert len(found) == bool(problem)
    assert all(problem in text for text in found)


def test_random_ids_and_parameters_that_nothing_reads_are_found():
    cells = [{**code_cell("parameters", "pace = 1", ["parameters"])}, {**code_cell("x", "1"), "id": "54195f92-46b9"}]
    found = [text for _, text in notebook_rules.broken(notebook(*cells))]
    assert "its id '54195f92-46b9' is not readable; make format" in found[0]
    assert "the parameter pace is declared, but nothing reads it" in found[1]


def test_a_name_that_a_changed_cell_may_compute_is_a_note():
    chapter = NOTEBOOKS[2]
    source = copy.deepcopy(dict(chapter.source))
    unknown = markdown_cell("By {eval}`book.growth_yet_unheard_of`.")
    keeping = code_cell("new", "book.keep(growth.news(book))")
    changed = Notebook(chapter.path, json.loads(json.dumps({**source, "cells": [*source["cells"], keeping, unknown]})))
    report = source_check.unknown_names(Folders(), [changed])
    assert [text for text in report.problems if "yet_unheard" in text] == []
    assert any("growth_yet_unheard_of" in text and "not known until the notebook runs" in text for text in report.notes)


def test_without_a_build_of_its_own_a_fresh_clone_knows_every_name(tmp_path):
    clone = tmp_path / "clone"
    shutil.copytree(REPOSITORY, clone, ignore=shutil.ignore_patterns("build", ".venv", ".git", "__pycache__"))
    run = subprocess.run(
        [sys.executable, "-m", "report", "check"], cwd=clone, capture_output=True, text=True, timeout=120, check=False
    )
    assert "problems\n" not in run.stdout + run.stderr
    assert run.returncode == 0, run.stdout + run.stderr
