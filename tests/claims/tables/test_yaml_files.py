"""A YAML file is read as text; every entry knows its line, and every problem is collected."""

import pytest
from claims.tables.yaml_files import Entry, YamlReader

FILE = """\
pace:
  low: 007
  list: [1, 2.50]
pace: 1
empty:
"""


@pytest.fixture
def read(tmp_path):
    def read(text, reader=None):
        path = tmp_path / "a.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return (reader or YamlReader()).read(path)

    return read


def test_values_stay_text_and_know_their_lines(read):
    pace = read(FILE).value["pace"]
    assert pace.value["low"] == Entry("007", 2)
    assert (pace.line, pace.value["list"].text, pace.value["list"].line) == (1, ["1", "2.50"], 3)
    assert (read(FILE).value["empty"].word, pace.text) == ("", None)


def test_a_key_that_is_there_twice_is_a_problem_with_its_line(read):
    reader = YamlReader()
    assert reader.fields(read(FILE), "the file").keys() == {"pace", "empty"}
    assert reader.problems == ["line 4, the file: 'pace' is there twice"]


def test_unknown_keys_are_left_out_and_reported(read):
    reader = YamlReader()
    assert reader.fields(read("low: 1\nhihg: 2"), "pace", ("low", "high")).keys() == {"low"}
    assert reader.problems == ["line 2, pace: unknown key 'hihg'; did you mean 'high'?"]


@pytest.mark.parametrize(("text", "problem"), [("a: [1", "is not YAML: "), (b"\xff", "is not YAML: ")])
def test_a_file_that_is_not_yaml_is_a_problem(read, text, problem):
    reader = YamlReader()
    assert read(text, reader) is None
    assert len(reader.problems) == 1 and reader.problems[0].startswith(problem)
