"""Every command and every name that README, CONTRIBUTING and the help give as an example works as it is printed."""

from __future__ import annotations

import argparse
import ast
import re
import shlex
import textwrap
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from claims.results.store import load_findings
from claims.show.book import open_book
from claims.show.exhibits import TABLE

from report.command import cli
from report.proof.typed_numbers import numbers_in
from report.runs import parameters, selection

ROOT = Path(__file__).resolve().parents[1]
TEXTS = {name: (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "CONTRIBUTING.md")}
TEXTS["--help"] = cli.build_parser().format_help()
NOTEBOOKS = selection.read_all(ROOT / "notebooks")
DECLARED = parameters.load_parameters(ROOT / "notebooks" / "parameters.yaml")


class Parsed(Exception):
    """The arguments of a command are right, and nothing is run."""


def examples(program: str) -> list[list[str]]:
    """Return the words after `program` of every example: in code within a line, or on a line of its own."""
    found = []
    for text in TEXTS.values():
        code = [*re.findall(r"`([^`\n]+)`", text), *re.findall(r"^(?:  )?((?:\.venv|python)\S* .*)", text, re.M)]
        code = [f"python -m report {span}" if re.match(r"(-p|--only) ", span) else span for span in code]
        spans = [re.split(r"  | \| ", span)[0].removeprefix(".venv/bin/") for span in code]
        found += [shlex.split(span.removeprefix(program)) for span in spans if re.match(rf"{program}( |$)", span)]
    return found


def expressions() -> list[str]:
    """Return the inline expressions that README and CONTRIBUTING give as examples."""
    return [each for text in TEXTS.values() for each in re.findall(r"\{eval\}`([\w.]+)`", text)]


@pytest.mark.parametrize("words", examples("python -m report"), ids=" ".join)
def test_a_command_of_the_report_takes_its_options(words, monkeypatch):
    if {"COMMAND", "NAME", "DIR", "FILE.html"} & {*words}:
        words = [word for word in words if word not in ("COMMAND", "DIR", "FILE.html")]
        words = ["rounding" if word == "NAME" else "half_even" if word == "VALUE" else word for word in words]
    alone = {"set-default": ["rounding", "half_even"], "update": ["../housing"]}  # in the list of commands
    words = words + alone.get(words[0], []) if len(words) == 1 else words
    options = []

    def parse(self, arguments):
        options.append(argparse.ArgumentParser.parse_args(self, arguments))
        raise Parsed

    monkeypatch.setattr(cli.Parser, "parse_args", parse)
    with pytest.raises((Parsed, SystemExit)) as stop:
        cli.main(words)
    assert stop.type is Parsed or (stop.value.code == 0 and "--help" in words)
    for given in options:
        selection.select(NOTEBOOKS, getattr(given, "only", []))
        parameters.choose_values(DECLARED, NOTEBOOKS, NOTEBOOKS, getattr(given, "options", []))


@pytest.mark.parametrize("words", examples("papermill"), ids=" ".join)
def test_a_command_of_papermill_names_a_notebook_and_its_parameters(words):
    source, _, *options = words
    notebook = selection.read(ROOT / source)
    flags, names, values = options[::3], options[1::3], options[2::3]
    assert {*flags} == {"-p"}
    for name, value in zip(names, values, strict=True):
        assert name in notebook.defaults
        DECLARED[name].parse(value)


def test_the_formats_of_nbconvert_exist():
    names = {entry.name for entry in entry_points(group="nbconvert.exporters")}
    given = {match for text in TEXTS.values() for match in re.findall(r"--to ([\w-]+)", text)}
    listed = {
        match.lower() for text in TEXTS.values() for match in re.findall(r"(?i)\b(report_html|typst_pdf)\b", text)
    }
    assert {"report-html", "typst-pdf"} <= given <= names
    assert {"report_html", "typst_pdf"} == listed <= names


def test_every_name_in_an_example_sentence_exists():
    names = {"book": opened_book(), **{name: 0 for notebook in NOTEBOOKS for name in notebook.defaults}}
    for expression in expressions():
        assert str(eval(expression, names)) != ""


def opened_book():
    """Return a book with every published finding."""
    book = open_book(ROOT / "data")
    book.results.borrow(load_findings(ROOT / "report" / "published")[0])
    return book


def block(language: str) -> str:
    """Return the README's only example in a language."""
    (code,) = re.findall(rf"```{language}\n(.*?)\n *```", TEXTS["README.md"], re.S)
    return textwrap.dedent(f"  {code}" if not code.startswith(" ") else code)


def test_the_readme_s_example_of_a_table_runs_as_a_cell_of_a_notebook():
    lines = block("python").splitlines()
    assert len(lines) <= 15
    payload = eval_cell("\n".join(lines), {"book": opened_book()}).bundle[TABLE]
    texts = [[cell.get("text") if isinstance(cell, dict) else cell for cell in row] for row in payload["rows"]]
    assert texts[0] == ["visit report", "2023", "$41 billion", "$40.5 to 41.5 billion"]
    assert texts[2][0].startswith("growth") and texts[2][2].endswith("%"), "a row with a finding"
    assert numbers_in(payload["title"]) == numbers_in(payload["caption"]) == []
    assert all("href" in cell for row in payload["rows"][:2] for cell in row)


def test_the_readme_s_example_of_a_parameter_declares_one(tmp_path):
    path = tmp_path / "parameters.yaml"
    path.write_text(block("yaml"), encoding="utf-8")
    (parameter,) = parameters.load_parameters(path).values()
    assert (parameter.name, parameter.low, parameter.unit) == ("since_year", 1992, "calendar year")
    assert parameter.problem_of(2023) == ""
    for name in parameters._TYPES:
        assert name in block("yaml")


def test_the_readme_s_line_for_a_console_opens_a_book():
    (line,) = re.findall(r"`(from claims\S* import [^`]*)`", TEXTS["README.md"])
    names: dict = {}
    exec(line, names)
    assert "trade_turnover_2023_visit" in names["book"].find("trade 2023")["name"].tolist()


def eval_cell(code: str, names: dict) -> object:
    """Return the value of a cell's last line."""
    *lines, last = ast.parse(code).body
    exec(compile(ast.Module(lines, []), "cell", "exec"), names)
    return eval(compile(ast.Expression(last.value), "cell", "eval"), names)


def test_there_are_examples_of_each_kind():
    assert len(examples("python -m report")) >= 8
    assert len(examples("papermill")) >= 1
    assert len(expressions()) >= 3
