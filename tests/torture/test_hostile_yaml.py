"""Parameters, readings, a grid and a subject in YAML of anybody's making: a sentence with the line, within seconds."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from claims.ledger import readings, subject
from claims.tables.yaml_files import YamlReader
from hypothesis import given
from hypothesis import strategies as st

from report.command.build import Request
from report.command.plan import plan_build
from report.runs import parameters, selection, sweep
from report.stops import WrongInput

BOMB = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 10))
TEXTS = [
    ("flow", b"[" * 100_000, "line 1: is nested more than 20 deep; write it flatter"),
    ("mappings", b"{a: " * 100_000, "line 1: is nested more than 20 deep"),
    ("block", "".join(f"{'  ' * n}a:\n" for n in range(500)).encode(), "line 21: is nested more than 20 deep"),
    ("dashes", b"- " * 50_000, "line 1: is nested more than 20 deep"),
    ("aliases", BOMB.encode(), "line 2: *a0 stands for something else; write that out"),
    ("itself", b"a: &a [*a]\n", "line 1: *a stands for something else"),
    ("latin", "meaning: caf\xe9\n".encode("latin-1"), "is not YAML: byte 12 is not UTF-8; save the file as UTF-8"),
    ("binary", bytes(range(256)), "is not YAML: byte 128 is not UTF-8"),
    ("control", b"a: \x01\n", "is not YAML: unacceptable character #x0001"),
    ("tag", b"a: !!python/object/apply:os.system [x", "is not YAML: while parsing"),
    ("long", b"a: " + b"x" * (2 << 20), "is larger than 1 MB, the most that is read"),
]
each_text = pytest.mark.parametrize(("content", "said"), [case[1:] for case in TEXTS], ids=[case[0] for case in TEXTS])


@pytest.fixture
def file(tmp_path: Path) -> Callable[[bytes], Path]:
    def write(content: bytes) -> Path:
        path = tmp_path / "any.yaml"
        path.write_bytes(content)
        return path

    return write


@each_text
def test_parameters_are_refused_with_the_line(file, content, said):
    begun = time.process_time()
    with pytest.raises(WrongInput) as caught:
        parameters.load_parameters(file(content))
    assert time.process_time() - begun < 5
    assert str(caught.value).startswith("notebooks/any.yaml: 1 problem\n  ") and said in str(caught.value)


@each_text
def test_readings_are_refused_with_the_line(file, content, said):
    with pytest.raises(readings.ReadingsError, match="any.yaml: 1 problem") as caught:
        readings.load_readings(file(content))
    assert said in str(caught.value)


@each_text
def test_a_subject_is_refused_with_the_line(tmp_path, content, said):
    (tmp_path / "bees").mkdir()
    (tmp_path / "bees" / "subject.yaml").write_bytes(content)
    _, problems = subject.read_subject("bees", "datapackage.json", tmp_path)
    assert len(problems) == 1 and said in str(problems[0])


@each_text
def test_a_grid_and_a_file_of_values_are_refused_with_the_line(clone, file, content, said):
    clone.declare("pace: {type: number, low: 0, high: 10, meaning: how fast}")
    clone.write("10_one", parameters="pace = 1.0")
    notebooks = selection.read_all(clone.folders.notebooks)
    declared = parameters.load_parameters(clone.folders.notebooks / "parameters.yaml")
    with pytest.raises(WrongInput) as caught:
        sweep.build_grid(file(content), declared, notebooks)
    assert said in str(caught.value)
    with pytest.raises(WrongInput) as caught:
        plan_build(Request(file=file(content), quiet=True), clone.folders)
    assert said in str(caught.value)


@pytest.mark.parametrize("value", ["'[[[[[[[['", "'&a [*a]'", "'2024-13-45'", "'!!python/name:os'", f"'{'[' * 5000}'"])
def test_a_value_of_a_reading_is_a_word_or_a_number(file, value):
    content = f"choices:\n  pace:\n    values: [{value}]\n    why: Nobody knows.\n"
    with pytest.raises(readings.ReadingsError, match="line 3, pace: .* is no word and no number; write one"):
        readings.load_readings(file(content.encode()))


def test_a_pipe_is_not_waited_for(tmp_path):
    import os

    os.mkfifo(tmp_path / "any.yaml")
    reader = YamlReader()
    assert reader.read(tmp_path / "any.yaml") is None
    assert reader.problems == ["is a pipe, not a file"]


@given(st.text(alphabet="ab:-[]{}&*!|>'\"#%,? \n\t\\é\x00\ufeff", max_size=60))
def test_no_text_breaks_the_reader(tmp_path_factory, text):
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    reader = YamlReader()
    root = reader.read(path)
    assert root is None or not reader.problems


# -- as many values as a list may have --------------------------------------------------------------------------------


def test_a_list_longer_than_declared_is_refused(clone):
    clone.declare("rates: {type: numbers, low: 0, high: 50, most: 12, meaning: how fast}")
    clone.write("10_one", parameters="rates = [5]")
    rates = ", ".join(str(1 + number / 100) for number in range(500))
    with pytest.raises(WrongInput, match="has 500 numbers; give at most 12") as caught:
        plan_build(Request(options=[f"rates={rates}"], quiet=True), clone.folders)
    assert len(str(caught.value)) < 400
    assert plan_build(Request(options=["rates=1, 2"], quiet=True), clone.folders).values == {"rates": [1, 2]}


def test_the_published_rates_are_bounded():
    declared = parameters.load_parameters(Path(__file__).parents[2] / "notebooks" / "parameters.yaml")
    lists = [parameter for parameter in declared.values() if parameter.type == "numbers"]
    assert lists and all(parameter.most <= 20 for parameter in lists)
