"""A parameter is read by its declared type; every wrong value is listed before anything runs."""

import pytest

from report.runs import parameters, selection
from report.runs.parameters import Parameter
from report.stops import WrongInput

PACE = Parameter("pace", "number", "how fast", low=0, high=10)
COUNTING = Parameter("counting", "choice", "how to count", choices=("full", "fractional", "007"))
WHOLE = Parameter("n", "integer", "…")
SWITCH = Parameter("b", "boolean", "…")
LIST = Parameter("ws", "numbers", "…")
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


def choose(clone, notebooks, *options, file=None, selected=None):
    declared = parameters.load_parameters(clone.folders.notebooks / "parameters.yaml")
    return parameters.choose_values(declared, notebooks, selected or notebooks, options, file)


@pytest.mark.parametrize(
    ("declared", "text", "value"),
    [
        (PACE, "2.50", 2.5),
        (PACE, "1e1", 10.0),
        (WHOLE, "-3", -3),
        (SWITCH, "False", False),
        (COUNTING, "007", "007"),
        (LIST, "[0.5, 2]", [0.5, 2]),
    ],
)
def test_text_is_read_by_the_declared_type(declared, text, value):
    assert declared.parse(text) == value
    assert type(declared.parse(text)) is type(value)


@pytest.mark.parametrize(
    ("declared", "text", "message"),
    [
        (PACE, "1_000", "is not a number; write it plainly, as 1000"),
        (PACE, "007", "is not a number; write it plainly, as 7"),
        (PACE, "nan", "is not a number"),
        (PACE, "inf", "is not a number"),
        (PACE, "10.01", "is out of range; from 0 to 10"),
        (PACE, "", "is not a number"),
        (WHOLE, "2.0", "is not a whole number"),
        (WHOLE, "1" * 5000, "is beyond any use; write a number of at most 40 digits"),
        (LIST, "1, 1e999", "is beyond any use; write a number of at most 40 digits"),
        (LIST, ", ".join("1" * 101), "has 101 numbers; give at most 100"),
        (SWITCH, "1", "is neither true nor false"),
        (COUNTING, "fractionl", "is not one of: full, fractional, 007; did you mean 'fractional'?"),
        (Parameter("ws", "numbers", "…", low=0), "1,-1", "is out of range; from 0"),
        (LIST, "1,,2", "is not a number"),
        (PACE, ["1", "2"], "is a list; pace takes one number"),
    ],
)
def test_a_wrong_value_is_refused_with_what_to_write(declared, text, message):
    with pytest.raises(ValueError, match="^" + message.replace("?", r"\?").replace("(", r"\(")):
        declared.parse(text)


def test_all_problems_are_listed_at_once(clone, notebooks):
    with pytest.raises(WrongInput) as stop:
        choose(clone, notebooks, "pase=1", "pace=11", "counting=none", "pace")
    message = str(stop.value)
    assert message.startswith("parameters: 4 problems")
    for part in ("did you mean 'pace'?", "from 0 to 10", "one of: full, fractional", "write -p name=value"):
        assert part in message
    assert stop.value.exit_code == 2


def test_a_value_that_is_the_default_changes_nothing(clone, notebooks):
    assert choose(clone, notebooks, "pace=1", "counting=full") == {}


def test_two_spellings_of_a_number_give_the_same_value(clone, notebooks):
    assert repr(choose(clone, notebooks, "pace=2")) == repr(choose(clone, notebooks, "pace=2.00")) == "{'pace': 2.0}"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("pace: {type: nmber, meaning: m}", "line 1, pace: type is not one of: choice, number, integer, boolean, numb"),
        (
            "pace: {meaning: m}",
            "line 1, pace: write its type (type: one of: choice, number, integer, boolean, numbers)",
        ),
        ("pace: {type: number}", "line 1, pace: write its meaning (meaning: a sentence)"),
        ("\npace:\n  type: number\n  low: fast\n  meaning: m", "line 4, pace: low is not a number"),
        ("pace: {type: choice, meaning: m}", "line 1, pace: write its choices (choices: a list of words)"),
        ("pace: {type: number, meaning: m, hihg: 1}", "line 1, pace: unknown key 'hihg'; did you mean 'high'?"),
        ("pace: fast", "line 1, pace: write type: …, choices: …"),
        ("pace: {type: number, meaning: m}\npace: {}", "line 2, the file: 'pace' is there twice"),
        ("- pace", "line 1, the file: write `name: …` on each line"),
    ],
)
def test_a_faulty_declaration_is_refused_with_its_line(clone, text, problem):
    clone.declare(text)
    with pytest.raises(WrongInput) as stop:
        parameters.load_parameters(clone.folders.notebooks / "parameters.yaml")
    assert str(stop.value).startswith(f"notebooks/parameters.yaml: 1 problem\n  {problem}")


def test_a_value_goes_to_every_notebook_that_declares_it(clone, notebooks):
    values = choose(clone, notebooks, "pace=2", "counting=fractional")
    assert [parameters.notebook_values(notebook, values) for notebook in notebooks] == [
        {"pace": 2.0},
        {"pace": 2.0, "counting": "fractional"},
    ]


def test_a_parameter_of_a_notebook_that_does_not_run_is_refused(clone, notebooks):
    with pytest.raises(WrongInput, match="'counting' is a parameter of 20_counts, which --only leaves out"):
        choose(clone, notebooks, "counting=fractional", selected=notebooks[:1])


def test_a_repeated_option_is_refused(clone, notebooks):
    with pytest.raises(WrongInput, match="pace is there twice, the first time as '2'"):
        choose(clone, notebooks, "pace=2", "pace=3")


def test_a_file_is_read_as_text_and_an_option_overrides_it(clone, notebooks, tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text("pace: 2.50\ncounting: fractional\n")
    assert choose(clone, notebooks, "pace=3", file=file) == {"pace": 3.0, "counting": "fractional"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("pace: 010\n", "mine.yaml, line 1, pace: 010: '010' is not a number"),
        ("pace: 1\npace: 2\n", "line 2, the file: 'pace' is there twice"),
        ("pace:\n  deep: 1\n", "line 1, pace: write `name: value`"),
        ("- pace\n", "line 1, the file: write `name: …` on each line"),
        ("pace: [1\n", "is not YAML"),
    ],
)
def test_a_faulty_file_is_refused_with_its_line(clone, notebooks, tmp_path, text, message):
    file = tmp_path / "mine.yaml"
    file.write_text(text)
    with pytest.raises(WrongInput) as stop:
        choose(clone, notebooks, file=file)
    assert message in str(stop.value)


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("pace = 11", "10_fast.ipynb: pace = 11: is out of range"),
        ("pace = 'quick'", "pace = 'quick': is not a number"),
        ("speed = 1", "speed is not declared"),
        ("pace = 2.0", "pace = 1.0, but 2.0 in 10_fast; a parameter has one default"),
    ],
)
def test_defaults_that_contradict_their_declaration_stop_the_build(clone, notebooks, cell, message):
    clone.write("10_fast", parameters=cell)
    with pytest.raises(WrongInput) as stop:
        choose(clone, selection.read_all(clone.folders.notebooks))
    assert message in str(stop.value)


def test_the_projects_own_notebooks_and_declarations_agree():
    from report.folders import Folders

    folder = Folders().notebooks
    found = selection.read_all(folder)
    assert len(found) >= 1
    assert parameters.check_defaults(parameters.load_parameters(folder / "parameters.yaml"), found) == []
