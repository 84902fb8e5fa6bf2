"""A parameter is read by its declared type; whatever does not fit is told before anything runs."""

import pytest

from report.runs import parameters, selection
from report.runs.parameters import Declared, parse
from report.stops import WrongInput

PACE = Declared("pace", "number", "how fast", low=0, high=10)
COUNTING = Declared("counting", "choice", "how to count", choices=("full", "fractional", "007"))
DECLARED = """
pace: {type: number, low: 0, high: 10, meaning: how fast}
counting: {type: choice, choices: [full, fractional], meaning: how to count}
"""


@pytest.fixture
def notebooks(clone):
    clone.declare(DECLARED)
    clone.write("10_fast", parameters="pace = 1.0")
    clone.write("20_counts", parameters="pace = 1.0\ncounting = 'full'")
    return selection.read_all(clone.folders.notebooks)


def chosen(clone, notebooks, *options, file=None, selected=None):
    declared = parameters.declarations(clone.folders.notebooks / "parameters.yaml")
    return parameters.chosen(declared, notebooks, selected or notebooks, options, file)


@pytest.mark.parametrize(
    ("declared", "text", "value"),
    [
        (PACE, "2.50", 2.5),
        (PACE, "1e1", 10.0),
        (Declared("n", "integer", "…"), "-3", -3),
        (Declared("b", "boolean", "…"), "False", False),
        (COUNTING, "007", "007"),
        (Declared("ws", "numbers", "…"), "[0.5, 2]", [0.5, 2]),
    ],
)
def test_text_is_read_by_the_declared_type(declared, text, value):
    assert parse(declared, text) == value
    assert type(parse(declared, text)) is type(value)


@pytest.mark.parametrize(
    ("declared", "text", "said"),
    [
        (PACE, "1_000", "is not a number; write it plainly, as 1000"),
        (PACE, "007", "is not a number; write it plainly, as 7"),
        (PACE, "nan", "is not a number"),
        (PACE, "inf", "is not a number"),
        (PACE, "10.01", "is out of range; from 0 to 10"),
        (PACE, "", "is not a number"),
        (Declared("n", "integer", "…"), "2.0", "is not a whole number"),
        (Declared("b", "boolean", "…"), "1", "is neither true nor false"),
        (COUNTING, "fractionl", "is not one of: full, fractional, 007; did you mean 'fractional'?"),
        (Declared("ws", "numbers", "…", low=0), "1,-1", "is out of range; from 0"),
        (Declared("ws", "numbers", "…"), "1,,2", "is not a number"),
        (PACE, ["1", "2"], "is a list; pace takes one number"),
    ],
)
def test_text_that_does_not_fit_is_refused_with_what_to_write(declared, text, said):
    with pytest.raises(ValueError, match="^" + said.replace("?", r"\?").replace("(", r"\(")):
        parse(declared, text)


def test_all_problems_are_told_at_once(clone, notebooks):
    with pytest.raises(WrongInput) as stop:
        chosen(clone, notebooks, "pase=1", "pace=11", "counting=none", "pace")
    said = str(stop.value)
    assert said.startswith("parameters: 4 problems")
    for part in ("did you mean 'pace'?", "from 0 to 10", "one of: full, fractional", "write -p name=value"):
        assert part in said
    assert stop.value.exit_code == 2


def test_a_value_that_is_the_default_changes_nothing(clone, notebooks):
    assert chosen(clone, notebooks, "pace=1", "counting=full") == {}


def test_two_spellings_of_a_number_are_one_value(clone, notebooks):
    assert repr(chosen(clone, notebooks, "pace=2")) == repr(chosen(clone, notebooks, "pace=2.00")) == "{'pace': 2.0}"


def test_a_value_goes_to_every_notebook_that_declares_it(clone, notebooks):
    values = chosen(clone, notebooks, "pace=2", "counting=fractional")
    assert [parameters.of_notebook(notebook, values) for notebook in notebooks] == [
        {"pace": 2.0},
        {"pace": 2.0, "counting": "fractional"},
    ]


def test_a_parameter_of_a_notebook_that_does_not_run_is_refused(clone, notebooks):
    with pytest.raises(WrongInput, match="'counting' is a parameter of 20_counts, which --only leaves out"):
        chosen(clone, notebooks, "counting=fractional", selected=notebooks[:1])


def test_an_option_given_twice_is_refused(clone, notebooks):
    with pytest.raises(WrongInput, match="pace was given before, as '2'"):
        chosen(clone, notebooks, "pace=2", "pace=3")


def test_a_file_is_read_as_text_and_an_option_outranks_it(clone, notebooks, tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text("pace: 2.50\ncounting: fractional\n")
    assert chosen(clone, notebooks, "pace=3", file=file) == {"pace": 3.0, "counting": "fractional"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("pace: 010\n", "mine.yaml, line 1, pace: 010: '010' is not a number"),
        ("pace: 1\npace: 2\n", "line 2: pace was given before in this file"),
        ("pace:\n  deep: 1\n", "line 1: write `name: value`"),
        ("- pace\n", "write one `name: value` on each line"),
        ("pace: [1\n", "is not YAML"),
    ],
)
def test_a_faulty_file_is_refused_with_its_line(clone, notebooks, tmp_path, text, said):
    file = tmp_path / "mine.yaml"
    file.write_text(text)
    with pytest.raises(WrongInput) as stop:
        chosen(clone, notebooks, file=file)
    assert said in str(stop.value)


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("pace = 11", "10_fast.ipynb: pace = 11: is out of range"),
        ("pace = 'quick'", "pace = 'quick': is not a number"),
        ("speed = 1", "speed is not declared"),
        ("pace = 2.0", "pace = 1.0, but 2.0 in 10_fast; a parameter has one default"),
    ],
)
def test_defaults_that_do_not_fit_their_declaration_stop_the_build(clone, notebooks, cell, said):
    clone.write("10_fast", parameters=cell)
    with pytest.raises(WrongInput) as stop:
        chosen(clone, selection.read_all(clone.folders.notebooks))
    assert said in str(stop.value)


def test_the_projects_own_notebooks_and_declarations_agree():
    from report.folders import Folders

    folder = Folders().notebooks
    found = selection.read_all(folder)
    assert len(found) >= 1
    assert parameters.disagreements(parameters.declarations(folder / "parameters.yaml"), found) == []
