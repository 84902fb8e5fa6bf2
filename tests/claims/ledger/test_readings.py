"""Readings are declared in one file, all its problems are listed, and the sweep is read back exactly."""

from fractions import Fraction

import pytest
from claims.ledger import readings
from claims.ledger.readings import ALONE, DEFAULT, JOINT, ReadingsError

DECLARED = """
choices:
  pace:
    values: [2, 0.5]
    why: Nobody says how fast.
  rates:
    values: [[5, 7.5]]
    why: There are others.
joint:
  slow:
    set: {pace: 0.5, counting: full}
    why: Both belong together.
"""
MISTAKES = """
choices:
  pace:
    values: [2, 2.0, {a: 1}]
  rates:
    valeus: [5]
    why: There are others.
  default:
    values: 5
    why: A value is no list.
joint:
  slow:
    set: {pace: 2}
    why: It is one.
  slow:
    set: {pace: 3, rates: 4}
    why: It was given before.
  fast:
    set: {pace: 3, rates: [4], pace: 5}
    why: [not, a, sentence]
chioces: {}
"""
LINES = """\
reading,notebook,kind,id,label,value,low,high,low_closed,high_closed,unit,text,range,word
default,20_two,finding,growth,Growth,0.333333333333,0.3,,false,true,percent,'+33%,more than 30%,
default,30_three,verdict,trade:2023,Trade,,,,,,,,,undecided
"""


@pytest.fixture
def written(tmp_path):
    def write(text):
        path = tmp_path / "readings.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_readings_come_in_the_order_of_the_file_after_the_default(written):
    found = readings.load_readings(written(DECLARED))
    assert [(one.name, one.kind, one.changes) for one in found] == [
        ("default", DEFAULT, {}),
        ("pace=2", ALONE, {"pace": 2}),
        ("pace=0.5", ALONE, {"pace": 0.5}),
        ("rates=5, 7.5", ALONE, {"rates": [5, 7.5]}),
        ("slow", JOINT, {"pace": 0.5, "counting": "full"}),
    ]
    assert [one.why for one in found[1:]] == [
        *["Nobody says how fast."] * 2,
        "There are others.",
        "Both belong together.",
    ]


def test_a_reading_may_be_for_ledgers_of_one_subject_only(written):
    own = DECLARED.replace("why: Nobody says how fast.", "why: Nobody says how fast.\n    subject: bees")
    declared = readings.load_readings(
        written(own.replace("why: Both belong together.", "why: Both.\n    subject: wasps"))
    )
    assert [one.name for one in readings.readings_for(declared, "bees")] == [
        DEFAULT,
        "pace=2",
        "pace=0.5",
        "rates=5, 7.5",
    ]
    assert [one.name for one in readings.readings_for(declared, "")] == [DEFAULT, "rates=5, 7.5"]


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "choices: {}\njoint: {}\n"])
def test_without_declarations_there_is_the_default_alone(written, text):
    assert readings.load_readings(written(text)) == [readings.AS_WRITTEN]


def test_every_problem_is_listed_with_its_line_and_remedy(written):
    with pytest.raises(ReadingsError) as told:
        readings.load_readings(written(MISTAKES))
    headline, *said = str(told.value).splitlines()
    assert headline.endswith("readings.yaml: 11 problems")
    for line in (
        "  line 21, the file: unknown key 'chioces'; did you mean 'choices'?",
        "  line 3, pace: give the reason in a sentence (why: …)",
        "  line 4, pace: is no value; write a word, a number or a list of numbers",
        "  line 6, rates: unknown key 'valeus'; did you mean 'values'?",
        "  line 5, rates: list its other values (values: [a, b])",
        "  line 8, default: list its other values (values: [a, b])",
        "  line 12, slow: set several parameters (set: {a: …, b: …}); one alone is a choice",
        "  line 15, joint: 'slow' is there twice",
        "  line 19, fast: 'pace' is there twice",
        "  line 18, fast: give the reason in a sentence (why: …)",
        "  'pace=2.0' is the reading 'pace=2' again; leave one of them out",
    ):
        assert line in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("choices: [", "is not YAML"),
        ("- pace", "line 1, the file: write choices: …, joint: …"),
        ("choices: 5", "line 1, choices: write `name: …` on each line"),
        (
            "joint:\n  default: {set: {a: 1, b: 2}, why: It has a name that is taken.}",
            "'default' is the reading 'default'",
        ),
    ],
)
def test_a_file_that_declares_nothing_is_refused_with_what_to_write(written, text, said):
    with pytest.raises(ReadingsError, match=said.replace("(", r"\(")):
        readings.load_readings(written(text))


def test_a_caller_may_refuse_names_and_values(written):
    def value_of(name, text):
        raise ValueError(f"is no {name}")

    with pytest.raises(ReadingsError) as told:
        readings.load_readings(written(DECLARED), value_of, lambda name: "there is no such" if name == "rates" else "")
    assert str(told.value).splitlines()[1:] == [
        "  line 4, pace: '2' is no pace",
        "  line 4, pace: '0.5' is no pace",
        "  line 6, rates: there is no such",
        "  line 11, slow, pace: '0.5' is no pace",
        "  line 11, slow, counting: 'full' is no counting",
    ]


def test_a_missing_file_is_reported_by_its_name(tmp_path):
    with pytest.raises(ReadingsError, match=r"none.yaml: 1 problem\n  No such file"):
        readings.load_readings(tmp_path / "none.yaml")


def test_the_sweep_is_read_back_with_exact_numbers_and_texts(tmp_path):
    (tmp_path / "sweep.csv").write_text(LINES, encoding="utf-8")
    (growth, trade), origin = readings.load_sweep(tmp_path)
    assert (growth.value, growth.low, growth.high) == (Fraction(333333333333, 10**12), Fraction(3, 10), None)
    assert growth.text == "+33%"
    assert growth.interval.low == Fraction(3, 10)
    assert (growth.interval.low_closed, growth.interval.high_closed) == (False, True)
    assert (trade.word, trade.value, trade.interval) == ("undecided", None, None)
    assert origin == f"the sweep in {tmp_path}"


def test_a_notebook_reads_the_sweep_of_its_run(tmp_path, monkeypatch):
    monkeypatch.setenv("REPORT_FINDINGS", str(tmp_path))
    with pytest.raises(FileNotFoundError, match=r"sweep\.csv is missing: run `make report` once"):
        readings.load_sweep()
    (tmp_path / "sweep.csv").write_text(LINES, encoding="utf-8")
    found, origin = readings.load_sweep()
    assert (len(found), origin) == (2, "the findings of this run")
