"""One command sets a default in every notebook, and every message about defaults names it and the way to only try."""

from __future__ import annotations

import json
import shutil

import pytest
from invented import LEDGER

from report.command import editing
from report.folders import Folders
from report.proof import exhibit_list
from report.runs import parameters, selection
from report.stops import WrongInput

DECLARED = """
pace: {type: number, low: 0, high: 10, meaning: how fast}
word: {type: choice, choices: [one, two, three], meaning: a word}
rates: {type: numbers, low: 0, meaning: some rates}
"""
READINGS = """
choices:
  word:
    values: [two]
    names: [the second]
    why: It may be two.
"""


@pytest.fixture
def folders(clone) -> Folders:
    clone.declare(DECLARED)
    clone.write("10_one", "word", parameters='pace = 1.0\nword = "one"  # à\nrates = [1, 2.5]', sweep=True)
    clone.write("20_two", "word", parameters='word: str = "one"')
    clone.write("30_three", "word = 'one'", parameters="pace = 1.0")
    return clone.folders


def defaults(folders: Folders) -> dict[str, dict]:
    return {notebook.name: notebook.defaults for notebook in selection.read_all(folders.notebooks)}


def source(folders: Folders, name: str, cell: str) -> str:
    cells = json.loads((folders.notebooks / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
    return "".join(next(each for each in cells if each["id"] == cell)["source"])


def test_a_default_is_set_in_every_notebook_that_has_it(folders):
    message = editing.set_default(folders, "word", "three")
    assert message.splitlines()[0] == "word = 'three', was 'one', in 2 notebooks: 10_one, 20_two"
    assert message.splitlines()[-1] == "to undo it: python -m report set-default word one"
    assert [own.get("word") for own in defaults(folders).values()] == ["three", "three", None]
    assert source(folders, "10_one", "parameters") == 'pace = 1.0\nword = "three"  # à\nrates = [1, 2.5]'
    assert source(folders, "20_two", "parameters") == 'word: str = "three"'
    assert source(folders, "30_three", "one") == "word = 'one'"


@pytest.mark.parametrize(
    ("name", "text", "value"), [("pace", "2", 2.0), ("rates", "5, 7.5", [5, 7.5]), ("word", "two", "two")]
)
def test_a_value_is_read_by_its_type_and_can_be_undone(folders, name, text, value):
    before = {path: path.read_bytes() for path in sorted(folders.notebooks.glob("*.ipynb"))}
    first = defaults(folders)["10_one"][name]
    editing.set_default(folders, name, text)
    assert repr(defaults(folders)["10_one"][name]) == repr(value)
    editing.set_default(folders, name, parameters.format_value(first))
    assert [json.loads(path.read_bytes())["metadata"] for path in before] == [
        json.loads(content)["metadata"] for content in before.values()
    ]
    assert defaults(folders)["10_one"][name] == first


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("wrod", "two", "there is no parameter 'wrod'; did you mean 'word'?"),
        ("word", "tow", "word: 'tow' is not one of: one, two, three; did you mean 'two'?"),
        ("pace", "11", "pace: '11' is out of range; from 0 to 10"),
    ],
)
def test_a_wrong_name_or_value_changes_nothing(folders, name, text, message):
    before = [path.read_bytes() for path in sorted(folders.notebooks.glob("*.ipynb"))]
    with pytest.raises(WrongInput) as stop:
        editing.set_default(folders, name, text)
    assert str(stop.value).startswith(message)
    assert [path.read_bytes() for path in sorted(folders.notebooks.glob("*.ipynb"))] == before


def test_the_present_default_changes_nothing(folders):
    assert editing.set_default(folders, "pace", "1") == (
        "pace = 1.0 is the default already, in 2 notebooks; nothing changed"
    )


def test_a_reading_that_is_now_the_default_is_listed_with_the_old_one(folders):
    (folders.notebooks / "readings.yaml").write_text(READINGS, encoding="utf-8")
    message = editing.set_default(folders, "word", "two")
    assert "still to do before the next build:" in message
    assert "line 4, word: 'two' is the default, which is run anyway; leave it out" in message
    assert "there, one may be written instead, as the old default" in message


def test_outputs_of_a_run_stay_where_a_default_is_set(folders):
    path = folders.notebooks / "30_three.ipynb"
    path.write_text(path.read_text().replace('"execution_count": null', '"execution_count": 3'))
    editing.set_default(folders, "pace", "2")
    assert [cell["execution_count"] for cell in json.loads(path.read_bytes())["cells"][1:]] == [3, 3]


def test_two_defaults_name_the_command_and_the_way_to_only_try(clone, folders):
    clone.write("30_three", "word", parameters="pace = 2.0")
    clone.write("40_four", "word", parameters="pace = 1.0")
    notebooks = selection.read_all(folders.notebooks)
    with pytest.raises(WrongInput) as stop:
        parameters.choose_values(
            parameters.load_parameters(folders.notebooks / "parameters.yaml"), notebooks, notebooks
        )
    assert str(stop.value).splitlines()[-2:] == [
        "to set it in every notebook: python -m report set-default pace 2",
        "only to try it, keep the default and run: python -m report -p pace=2",
    ]


def test_our_own_defaults_can_be_set(tmp_path):
    shutil.copytree(Folders().notebooks, tmp_path / "notebooks", ignore=shutil.ignore_patterns("claims", "kazakhstan"))
    folders = Folders(tmp_path)
    message = editing.set_default(folders, "rounding", "half_even")
    assert "readings.yaml" in message
    assert {own["rounding"] for own in defaults(folders).values() if "rounding" in own} == {"half_even"}


def test_format_gives_cells_ids_from_their_words(folders):
    path = folders.notebooks / "10_one.ipynb"
    source_now = json.loads(path.read_text(encoding="utf-8"))
    source_now["cells"][0]["id"] = "54195f92-46b9-4a11"
    path.write_text(json.dumps(source_now), encoding="utf-8")
    editing.format_notebooks(folders)
    assert json.loads(path.read_text(encoding="utf-8"))["cells"][0]["id"] == "what-it"


def test_format_lists_the_published_exhibits(folders, monkeypatch):
    monkeypatch.setattr("report.proof.status.changed_inputs", lambda folders: "")
    published = folders.published / "notebooks"
    published.mkdir(parents=True, exist_ok=True)
    payloads = [{"application/vnd.ledger.table+json": {"id": "tbl-x"}},
                {"application/vnd.ledger.figure+json": {"id": "fig-y", "name": "y"}}]  # fmt: skip
    cells = [{"outputs": [{"data": payload} for payload in payloads]}]
    (published / "10_one.ipynb").write_text(json.dumps({"cells": cells}), encoding="utf-8")
    file = folders.root / "CONTRIBUTING.md"
    file.write_text("# L\n\n| exhibit | notebook |\n|---|---|\n", encoding="utf-8")
    assert exhibit_list.find_problem(folders) == []  # of a new repository, which has not been formatted yet
    file.write_text("# L\n\n| exhibit | notebook |\n|---|---|\n| tbl-old | [a](b) |\n\n# Next\n", encoding="utf-8")
    assert len(exhibit_list.find_problem(folders)) == 1
    with pytest.raises(WrongInput, match="its list of exhibits differs from the published report"):
        editing.format_notebooks(folders, check=True)
    editing.format_notebooks(folders)
    assert file.read_text(encoding="utf-8") == (
        "# L\n\n| exhibit | notebook |\n|---|---|\n| tbl-x | [10_one](notebooks/10_one.ipynb) |\n"
        "| [fig-y](figures/y.png) | [10_one](notebooks/10_one.ipynb) |\n\n# Next\n"
    )


@pytest.fixture
def readme(folders, monkeypatch):
    """Return a README with a number and a range, beside findings that have others, and the invented ledger."""
    shutil.copytree(LEDGER, folders.own_data, dirs_exist_ok=True)
    monkeypatch.setattr("report.proof.status.changed_inputs", lambda folders: "")
    folders.published.mkdir(parents=True, exist_ok=True)
    findings = [
        {"id": "gap", "text": "−$1.2 billion", "range": "−$2 billion to −$1 billion"},
        {"id": "rate", "text": "8.5%"},
    ]
    (folders.published / "findings.json").write_text(json.dumps({"findings": findings}), encoding="utf-8")
    file = folders.root / "README.md"
    file.write_text(
        "By 2023 $9.6 billion<!-- gap --> ($9 to $10 billion<!-- gap:range -->) or 7%<!-- rate -->.\n", "utf-8"
    )
    return file


def test_format_writes_the_published_numbers_into_the_readme(folders, readme):
    with pytest.raises(WrongInput, match=r"README.md: its numbers differ from the published report"):
        editing.format_notebooks(folders, check=True)
    editing.format_notebooks(folders)
    assert readme.read_text("utf-8") == (
        "By 2023 −$1.2 billion<!-- gap --> (−$2 billion to −$1 billion<!-- gap:range -->) or 8.5%<!-- rate -->.\n"
    )


def test_a_name_of_the_readme_that_is_no_finding_is_reported(folders, readme):
    readme.write_text("7%<!-- rat --> and much<!-- gap -->", "utf-8")
    with pytest.raises(WrongInput) as problems:
        editing.format_notebooks(folders)
    assert str(problems.value).splitlines() == [
        "README.md: 2 problems",
        "  'rat' is no printed figure and no published finding; did you mean 'rate'?",
        "  there is no number before <!-- gap -->",
    ]


def test_the_readme_can_name_printed_figures_and_a_size(folders, readme):
    figures = "some 9<!-- c002 --> pounds, 1<!-- hive_count_1901_04_upper --> hives (3 to 4<!-- c004:range -->)"
    readme.write_text(f"a loss of $9<!-- gap:size -->; {figures}", "utf-8")
    editing.format_notebooks(folders)
    assert readme.read_text("utf-8") == (
        "a loss of $1.2 billion<!-- gap:size -->; "
        "some 4,100<!-- c002 --> pounds, 40<!-- hive_count_1901_04_upper --> hives (41 to 49<!-- c004:range -->)"
    )
    assert "all clean" in editing.format_notebooks(folders)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("c002:size", "'c002' has no form 'size'; range may follow the colon"),
        ("c003", "'c003' is “one-third”, in words; write them without a comment"),
    ],
)
def test_what_no_number_of_the_readme_can_be_is_reported(folders, readme, name, message):
    readme.write_text(f"1<!-- {name} -->", "utf-8")
    with pytest.raises(WrongInput, match=message):
        editing.format_notebooks(folders)


def test_format_says_why_numbers_of_the_readme_are_left(folders):
    (folders.root / "README.md").write_text("1<!-- gap -->\n", "utf-8")
    assert editing.format_notebooks(folders).splitlines()[-1] == (
        "README.md: 1 number left as it is, because no report is published yet; make report, then make format"
    )


def test_format_writes_a_marked_count_as_a_word(folders, readme):
    findings = [{"id": "texts", "text": "6"}, {"id": "rate", "text": "8.5%"}]
    (folders.published / "findings.json").write_text(json.dumps({"findings": findings}), encoding="utf-8")
    readme.write_text("Of the five<!-- texts:words --> texts, twenty-one<!-- texts:words -->.\n", "utf-8")
    editing.format_notebooks(folders)
    assert readme.read_text("utf-8") == "Of the six<!-- texts:words --> texts, six<!-- texts:words -->.\n"
    readme.write_text("five<!-- rate:words --> and 5 <!-- texts:words -->", "utf-8")
    with pytest.raises(WrongInput, match="'rate' has no form 'words'") as problems:
        editing.format_notebooks(folders)
    assert "there is no number before <!-- texts -->" in str(problems.value)


def test_format_copies_the_day_of_the_ledger_into_the_citation(folders):
    package = folders.own_data / "datapackage.json"
    about = {**json.loads(package.read_bytes()), "created": "2026-12-01T00:00:00Z"}
    package.write_text(json.dumps(about), encoding="utf-8")
    citation = folders.root / "CITATION.cff"
    citation.write_text('version: 1\ndate-released: "2026-11-22" # by hand\ntitle: T\n', encoding="utf-8")
    with pytest.raises(WrongInput, match=r"CITATION.cff: its date-released is not the day that the ledger was created"):
        editing.format_notebooks(folders, check=True)
    editing.format_notebooks(folders)
    assert citation.read_text("utf-8") == 'version: 1\ndate-released: "2026-12-01" # by hand\ntitle: T\n'
    assert "clean" in editing.format_notebooks(folders, check=True)
