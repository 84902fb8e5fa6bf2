"""A repository for another subject: what `new` writes, what it refuses, and the reports that are built in it."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from datetime import date
from pathlib import Path

import pytest
import yaml
from conftest import REPOSITORY
from invented import LEDGER

from report.digests import digest
from report.expressions import join_lines
from report.folders import Folders
from report.proof import chain
from report.runs import selection
from report.starting import creating, engine_files, example, first_files, headings, naming, texts
from report.starting.record import RECORD, read_record
from report.stops import WrongInput

HERE = Folders(REPOSITORY)
TEMPLATES = REPOSITORY / "report/starting/templates"
TITLE = 'The "ferry" & the library of Larkmouth: 3 texts, \\ $5 *each* 100% #1'
OURS = re.compile(r"\b(Chin(a|ese)|Kazakh\w*|Xinjiang|Astana|Lianyungang|tenge|yuan|pipeline|customs)\b", re.IGNORECASE)
DAY = date(2026, 3, 1)
EXAMPLE_WORDS = ("clean-example", "example/", "invented", "book_loans", "18<!--")


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """Return a new repository with the example, in a folder with a blank in its name."""
    target = tmp_path_factory.mktemp("made") / "a report"
    creating.create(HERE, target, TITLE, day=DAY)
    return target


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "report", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_every_format_has_the_title_as_it_was_typed(made):
    project = tomllib.loads((made / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["description"] == TITLE
    package = json.loads((made / "data" / "datapackage.json").read_text(encoding="utf-8"))
    assert (package["title"], "keywords" in package) == (TITLE, False)  # those here are of our subject
    assert yaml.safe_load((made / "CITATION.cff").read_text(encoding="utf-8"))["title"] == TITLE
    assert f"“{TITLE}”" in (made / "LICENSE").read_text(encoding="utf-8")
    heading = (made / "README.md").read_text(encoding="utf-8").splitlines()[0]
    assert re.sub(r"\\(.)", r"\1", heading) == f"# {TITLE}"


def test_its_own_files_name_nothing_of_our_subject(made):
    own = [
        path for path in made.rglob("*") if path.suffix in (".ipynb", ".yaml", ".csv", ".cff", ".toml", ".md", ".in")
    ]
    looked_at = [
        path for path in [*own, *made.rglob("requirements.txt"), made / "Makefile"] if "claims" not in path.parts[:-1]
    ]
    found = {str(path): OURS.findall(path.read_text(encoding="utf-8")) for path in looked_at}
    assert len(looked_at) > 20
    assert {name: words for name, words in found.items() if words} == {}


def test_the_engine_is_the_one_here_and_the_subject_is_not(made):
    record = read_record(made)
    assert {name: digest((made / name).read_bytes()) for name in record.files} == record.files
    same = [name for name in record.files if name not in engine_files.SUBSTITUTIONS]
    assert [name for name in same if (made / name).read_bytes() != (REPOSITORY / name).read_bytes()] == []
    assert not (made / "notebooks" / "kazakhstan").exists()
    assert (made / "notebooks" / record.naming.subject / "subject.yaml").is_file()
    assert os.access(made / ".ci" / "run", os.X_OK)


@pytest.mark.parametrize("file", engine_files.SUBSTITUTIONS)
def test_everything_that_is_replaced_is_there_to_be_replaced(file):
    text = (REPOSITORY / file).read_text(encoding="utf-8")
    assert [at for at, _ in engine_files.SUBSTITUTIONS[file] if not re.search(at, text, re.M)] == []


def test_the_commands_of_make_are_those_of_its_files(made):
    makefile = (made / "Makefile").read_text(encoding="utf-8")
    assert "clean-example:" in makefile and "bench" not in makefile and "torture" not in makefile
    files = re.findall(r"\$\(python\) (tests/\w+\.py)", makefile) + re.findall(r"sh (\.make/\w+\.sh)", makefile)
    assert files and [file for file in files if not (made / file).is_file()] == []


def test_the_example_is_valid_and_printed_in_its_texts(made):
    ended = run(made, "check", "--sources", example.TEXTS)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "31 of 31 rows proved" in ended.stdout
    assert "names in the notebooks cannot be looked up before a report is published\n" in ended.stdout


def calls(folder: Path) -> set[str]:
    """Return the last line of every code cell of the notebooks in a folder that is a call with the book."""
    cells = (join_lines(cell["source"]) for notebook in selection.read_all(folder) for cell in notebook.code)
    return {line for cell in cells for line in cell.splitlines()[-1:] if re.match(r"[a-z]+\.\w+\(book\b", line)}


def test_the_starters_call_the_engine_as_our_notebooks_do():
    started = calls(REPOSITORY / "report/starting/templates/repository/notebooks")
    assert len(started) > 20
    own = {"discrepancies.disagreements(book, judged, explained=True)"}  # ours tells its explanations in sentences
    assert started - calls(HERE.notebooks) == own


@pytest.mark.parametrize("name", ["data/claims.csv", "notebooks/mine.ipynb", ".git/config"])
def test_a_folder_with_files_is_refused_and_left_as_it_is(tmp_path, name):
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(WrongInput, match="has files already, and nothing is overwritten"):
        creating.create(HERE, tmp_path, "Housing")
    assert [each for each in tmp_path.rglob("*") if each.is_file()] == [path]


@pytest.mark.parametrize("target", [REPOSITORY, REPOSITORY / "report" / "build" / "mine", REPOSITORY.parent])
def test_a_folder_in_or_around_this_repository_is_refused(target):
    with pytest.raises(WrongInput, match="this repository, or in it or around it"):
        creating.create(HERE, target, "Housing")


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        ("  ", "is empty"),
        ("a\nb", "line break"),
        ("a\u202eb", "invisible"),
        ("a" * 201, "201 characters"),
        ("&amp;", "entity"),
    ],
)
def test_a_title_that_no_page_can_begin_with_is_refused(tmp_path, title, reason):
    with pytest.raises(WrongInput, match=reason):
        creating.create(HERE, tmp_path / "new", title)
    assert not (tmp_path / "new").exists()


def test_what_could_not_be_written_leaves_nothing(tmp_path):
    files = {"a/b/one": (b"1", False), "a/b/one/two": (b"2", False)}
    with pytest.raises(OSError):
        creating.write_files(tmp_path / "new", files)
    assert list(tmp_path.rglob("*")) == []


@pytest.mark.parametrize("title", ["Statistics", "Claims", "Kazakhstan", "class", "json: a story", "Report", "2024"])
def test_a_subject_hides_no_other_package(title):
    assert naming.name_subject(title).endswith("_report")


def test_entries_of_a_file_are_kept_with_their_comments():
    kept = first_files.keep_entries("# all\na: 1\n\nb: # two\n  c: 2\n\nd: 3\n", lambda *keys: keys[0] == "b")
    assert kept == "# all\nb: # two\n  c: 2\n\n"


def test_texts_are_registered_instead_of_the_example(tmp_path):
    dated, undated = tmp_path / "The Gazette.txt", tmp_path / "b.txt"
    dated.write_text("\ufeffA, “good” year\n\nGazette, March 10, 2025\n", encoding="utf-8")
    undated.write_text("1 May 2024 or 2 May 2024\n", encoding="utf-8")
    printed = creating.create(HERE, tmp_path / "new", "Housing", [dated, undated])
    with (tmp_path / "new/data/sources.csv").open(encoding="utf-8") as table:
        rows = list(csv.DictReader(table))
    assert [(row["id"], row["title"], row["reference_date"]) for row in rows] == [
        ("S1", "A, “good” year", "2025-03-10"),
        ("S2", "1 May 2024 or 2 May 2024", ""),
    ]
    assert [(row["name"], row["short_name"], row["kind"]) for row in rows] == [
        ("gazette", "gazette", "news"),
        ("b", "b", "news"),
    ]
    assert rows[0]["sha256"] == digest(dated.read_bytes())
    assert not (tmp_path / "new" / example.TEXTS).exists()
    assert [word for word in EXAMPLE_WORDS if word in (tmp_path / "new/README.md").read_text(encoding="utf-8")] == []
    assert "reference_date and its basis for S2," in printed


HEADINGS = [  # lines, and what they state: day, publisher, author, kind
    (
        [
            "Homes: a bulletin",
            "City of Larkmouth, Housing Office, 14 February 2025",
            "On 31 December 2024 it had 7 homes.",
        ],
        ("2025-02-14", "City of Larkmouth, Housing Office", "", "report"),
    ),
    (["A letter", "Larkmouth, 21 March 2025", "Dear all."], ("2025-03-21", "", "", "letter")),
    (["Prices climb", "By Ada Lark | The Gazette", "Published 2025-03-10"], ("2025-03-10", "", "", "news")),
    (["Prices climb", "10 March 2025 – By Ada Lark", "The News Agency"], ("2025-03-10", "", "Ada Lark", "news")),
    (["Prices climb", "Last updated 10 March 2025"], ("2025-03-10", "", "", "news")),
    (["Prices climb", "Town News Agency, 10 March 2025"], ("2025-03-10", "Town News Agency", "", "agency")),
    (["Prices climb", "On 10 March 2025 prices rose, and on 11 March 2025 they fell."], ("", "", "", "news")),
    (["Prices climb", "The Gazette, 31 February 2025"], ("", "", "", "news")),
]


@pytest.mark.parametrize(("lines", "stated"), HEADINGS)
def test_the_first_lines_state_day_publisher_author_and_kind(lines, stated):
    assert headings.read_heading(lines)[1:] == stated


def test_the_rows_of_registered_texts_pass_the_check(tmp_path):
    files = [tmp_path / name for name in ("city-housing-office.txt", "2025-01-tax-office.txt", "harbour.txt", "7.txt")]
    for number, path in enumerate(files):
        path.write_text(f"Title {number}\nThe Town, Housing Office, 1{number} March 2025\nText.\n", encoding="utf-8")
    creating.create(HERE, tmp_path / "new", "Housing", files)
    ended = run(tmp_path / "new", "propose", str(files[0]), "--source", "S1")
    assert (ended.returncode, ended.stderr) == (0, "")
    with (tmp_path / "new/data/sources.csv").open(encoding="utf-8") as table:
        rows = list(csv.DictReader(table))
    assert {row["publisher"] for row in rows} == {"The Town, Housing Office"}
    assert [(row["name"], row["short_name"]) for row in rows] == [
        ("office", "Housing Office"),
        ("tax", "tax"),
        ("harbour", "harbour"),
        ("text", "text"),
    ]


def test_the_words_of_the_ledger_are_those_that_its_tests_expect(made):
    package = json.loads((made / "data/datapackage.json").read_text(encoding="utf-8"))
    columns = {
        (table["name"], column["name"]): column.get("constraints", {}).get("enum")
        for table in package["resources"]
        for column in table["schema"]["fields"]
    }
    listed = {name: words for name, words in columns.items() if name[1] == "unit" and words}
    assert {*listed} == {("indicators", "unit")} and "EUR" in listed["indicators", "unit"]


def test_an_environment_that_is_a_link_is_not_committed(made, tmp_path):
    shutil.copy(made / ".gitignore", tmp_path)
    (tmp_path / ".venv").symlink_to(tmp_path / "elsewhere")
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    assert subprocess.run(["git", "check-ignore", "-q", ".venv"], cwd=tmp_path, check=False).returncode == 0


def test_what_the_readme_has_of_the_example_is_found_in_it():
    readme = (TEMPLATES / "repository/README.md.in").read_text(encoding="utf-8")
    parts = yaml.safe_load((TEMPLATES / "example/README.yaml").read_text(encoding="utf-8"))
    assert len(parts) > 5
    assert [part["with"] for part in parts if readme.count(part["with"]) != 1] == []


def test_an_edited_readme_keeps_its_edits_when_the_example_goes():
    text = "Mine.\n\ntests/  the tests; example/ has the three texts of the example\nTexts: 7<!-- sources_total -->\n"
    assert example.readme_without_example(text) == "Mine.\n\ntests/  the tests\nTexts: 7<!-- sources_total -->\n"


@pytest.mark.parametrize("heading", ["A claim", "A relation"])
def test_a_new_repository_has_our_tables_of_forms_and_relations(made, heading):
    def rows(text: str) -> list[str]:
        entry = re.split(rf"^## {heading}.*\n", text, flags=re.M)[1].partition("\n## ")[0]
        return [line for line in entry.splitlines() if line.startswith("  |")]

    ours, theirs = ((folder / "CONTRIBUTING.md").read_text(encoding="utf-8") for folder in (REPOSITORY, made))
    assert len(rows(ours)) > 10
    assert rows(theirs) == rows(ours)


def test_both_guides_of_a_new_repository_name_propose(made):
    command = ".venv/bin/python -m report propose TEXT"
    assert [name for name in ("README.md", "CONTRIBUTING.md") if command not in (made / name).read_text("utf-8")] == []


def checked(target: Path) -> str:
    """Return what `check` prints of the notebooks of a repository."""
    ended = run(target, "check")
    assert ended.returncode == 2
    return ended.stderr


def test_the_about_of_a_subject_takes_no_numbers(made, tmp_path):
    target = tmp_path / "new"
    shutil.copytree(made, target)
    path = next((target / "notebooks").glob("*/subject.yaml"))
    path.write_text(path.read_text("utf-8").replace("The figures that", "In 2025 three towns, figures that"), "utf-8")
    place = f"notebooks/{path.parent.name}/subject.yaml, about: numbers are typed (“2025”, “three”); write it without"
    assert place in checked(target)


def test_check_names_all_that_goes_with_a_chapter_that_was_removed(made, tmp_path):
    target = tmp_path / "new"
    shutil.copytree(made, target)
    (target / "notebooks/40_sector_shares.ipynb").unlink()
    problems = checked(target)
    for name in ("counting", "weighting", "list_kinds", "grouping"):
        assert f"notebooks/parameters.yaml: {name} is declared, but no notebook has it; delete its entry" in problems
        assert re.search(rf"notebooks/readings.yaml, line \d+, {name}: no notebook of the sweep has", problems)
    assert "attention" in problems
    assert re.search(r"00_overview.ipynb, .*: links to 40_sector_shares.ipynb, which is no notebook here", problems)


def test_the_commands_that_propose_are_named_where_the_engine_has_them(tmp_path, monkeypatch):
    text = texts.RegisteredText("S1", tmp_path / "a b.txt", "b", "b", "0" * 64, headings.TextHeading("A", "2025-03-10"))
    monkeypatch.setattr(texts, "can_propose", lambda: True)
    assert f"propose '{tmp_path / 'a b.txt'}' --source S1 --confirm" in "\n".join(texts.next_steps([text]))
    monkeypatch.setattr(texts, "can_propose", lambda: False)
    assert "enter their figures in data/" in "\n".join(texts.next_steps([text]))


def test_rows_are_proposed_for_the_texts_of_a_new_repository(tmp_path):
    for name, day in (("a", "10 March 2025"), ("b", "11 March 2025")):
        (tmp_path / f"{name}.txt").write_text(f"{name}\nThe Gazette, {day}\nIt lent 3,000 books in 2024.\n", "utf-8")
    texts = [str(tmp_path / f"{name}.txt") for name in "ab"]
    ended = run(REPOSITORY, "new", str(tmp_path / "new"), "--title", "Housing", "--from", *texts)
    assert (ended.returncode, ended.stderr) == (0, "")
    waiting = [tmp_path / "new/report/build/proposals" / f"{id}.csv" for id in ("S1", "S2")]
    assert ended.stdout.splitlines()[-2:] == [f"{path.stem}: proposed rows in {path}" for path in waiting]
    assert all(path.is_file() for path in waiting)


def test_what_stops_all_proposals_is_said_once(tmp_path):
    texts = [tmp_path / f"{name}.txt" for name in "abc"]
    for path, day in zip(texts, ("10 March 2025", "11 March 2025", "no day"), strict=True):
        path.write_text(f"{path.stem}\nThe Gazette, {day}\n", "utf-8")
    ended = run(REPOSITORY, "new", str(tmp_path / "new"), "--title", "Housing", "--from", *map(str, texts))
    assert ended.stdout.count("2 problems") == 1 and "no rows were proposed for S1, S2: " in ended.stdout


def test_texts_that_cannot_be_read_are_all_listed(tmp_path):
    (tmp_path / "empty.txt").write_text("\n")
    (tmp_path / "latin.txt").write_bytes("Ü".encode("latin-1"))
    with pytest.raises(WrongInput) as stop:
        texts.read_texts([tmp_path / name for name in ("empty.txt", "latin.txt", "none.txt")])
    assert [word in str(stop.value) for word in ("3 problems", "is empty", "not in UTF-8", "No such file")] == [
        True
    ] * 4


@pytest.mark.parametrize(("name", "text"), [("b.txt", "One"), ("other/a.txt", "Two")])
def test_a_text_is_registered_once(tmp_path, name, text):
    first, second = tmp_path / "a.txt", tmp_path / name
    second.parent.mkdir(exist_ok=True)
    first.write_text("One", "utf-8")
    second.write_text(text, "utf-8")
    with pytest.raises(WrongInput, match=f"{name}: has the name or the content of .*a.txt; leave one out"):
        texts.read_texts([first, second])


def test_the_example_is_removed_and_what_was_added_stays(made, tmp_path):
    target = tmp_path / "new"
    shutil.copytree(made, target)
    own = "S9,mine,mine,Mine,,,2025-01-01,stated,news,mine.txt," + "a" * 64 + ",\n"
    with (target / "data/sources.csv").open("a", encoding="utf-8") as file:
        file.write(own)
    printed = example.remove_example(Folders(target))
    assert (target / "data/sources.csv").read_text(encoding="utf-8").splitlines(True)[1:] == [own]
    assert len((target / "data/claims.csv").read_text(encoding="utf-8").splitlines()) == 1
    assert not (target / example.TEXTS).exists()
    assert "53 rows" in printed and "3 texts" in printed
    assert [word for word in EXAMPLE_WORDS if word in (target / "README.md").read_text(encoding="utf-8")] == []
    with pytest.raises(WrongInput, match="nothing to remove"):
        example.remove_example(Folders(target))


@pytest.mark.parametrize("command", ["build", "check", "sweep", "judge"])
def test_an_empty_ledger_is_answered_with_one_sentence(made, tmp_path, command):
    target = tmp_path / "new"
    shutil.copytree(made, target)
    example.remove_example(Folders(target))
    ended = run(target, command)
    assert ended.returncode == 2
    assert ended.stderr == (
        "data has no figures yet: first add a text to sources.csv, then what its figures measure to indicators.csv, "
        "and the figures to claims.csv (README.md, “Add a text”)\n"
    )


@pytest.mark.slow
def test_the_report_on_the_example_is_built_and_every_number_has_its_evidence(made, tmp_path):
    ended = run(made, "--output", str(tmp_path / "out"))
    assert ended.returncode == 0, ended.stderr
    tally = chain.check_file(tmp_path / "out" / "report.html")
    assert (len(tally.unresolved), sum(tally.resolved.values()) > 2000) == (0, True)
    text = (tmp_path / "out" / "report.md").read_text(encoding="utf-8")
    assert "Larkmouth" in text and OURS.findall(text) == []
    found = {row["id"]: row["text"] for row in json.loads((tmp_path / "out/findings.json").read_bytes())["findings"]}
    marked = re.findall(r"(\d+)<!-- (\w+) -->", (made / "README.md").read_text(encoding="utf-8"))
    assert len(marked) == 4
    assert [(number, name) for number, name in marked if found[name] != number] == []


@pytest.mark.slow
def test_the_invented_ledger_is_reported_on_in_a_new_repository(made, tmp_path):
    target = tmp_path / "bees"
    shutil.copytree(made, target)
    subject = read_record(target).naming.subject
    for path in LEDGER.glob("*.*"):
        shutil.copy(path, target / "data" / path.name)
    package = target / "data" / "datapackage.json"
    package.write_text(json.dumps(json.loads(package.read_text(encoding="utf-8")) | {"subject": subject}))
    ended = run(target)
    assert ended.returncode == 0, ended.stderr
    assert "0 unresolved" in ended.stdout and "published: report/published/report.html" in ended.stdout
    assert RECORD not in json.loads((target / "report/published/manifest.json").read_text(encoding="utf-8"))["inputs"]
    again = run(target, "verify")
    assert again.returncode == 0, again.stderr
    assert re.search(r"^identical: \d+ files, \d+ cells and [\d,]+ values compared$", again.stdout, re.M)


@pytest.mark.slow
def test_the_first_figures_of_one_text_are_enough_for_a_report(made, tmp_path):
    target = tmp_path / "first"
    shutil.copytree(made, target)
    for name in ("relations", "agreements", "known_disagreements"):
        path = target / "data" / f"{name}.csv"
        path.write_text(path.read_text(encoding="utf-8").splitlines(True)[0], encoding="utf-8")
    for name, rows in (("sources", 1), ("claims", 3)):
        path = target / "data" / f"{name}.csv"
        path.write_text("".join(path.read_text(encoding="utf-8").splitlines(True)[: rows + 1]), encoding="utf-8")
    ended = run(target)
    assert ended.returncode == 0, ended.stderr
    assert "0 unresolved" in ended.stdout
