"""A ledger of anybody's making is taken, or refused in a sentence within seconds: no hang, no traceback."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from claims.ledger.loading import load_ledger
from claims.ledger.model import LedgerError
from claims.tables import patterns
from claims.tables.messages import ALL, FIRST, Problem, first_problems, format_problems
from invented import copied, plant

REPOSITORY = Path(__file__).parents[2]
DIGITS = "1" * 5000
HARVEST, COUNTED, SCALED = "honey_harvest,4100,1,", "honey_harvest,0.9,1000,", "4.15,1000,pound,0.01"
FIRST_RELATION = "growth_of,growth=c001; last=c002; first=c005,previous_year,"
MEMORY = 2 << 30


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return copied(tmp_path)


def refusal(ledger: Path) -> str:
    """Return what the loader says of a ledger; an error of any other kind, or none, fails the test."""
    with pytest.raises(LedgerError) as caught:
        load_ledger(ledger)
    text = str(caught.value).replace(f"{ledger}/", "")
    assert "Traceback" not in text
    assert max(map(len, text.splitlines())) < 1000
    return text


def described(ledger: Path, change: Callable[[dict], object]) -> None:
    """Change the description of a ledger."""
    path = ledger / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    change(package)
    path.write_text(json.dumps(package), encoding="utf-8")


def field(package: dict, table: str, column: str) -> dict:
    (resource,) = [one for one in package["resources"] if one["name"] == table]
    (spec,) = [spec for spec in resource["schema"]["fields"] if spec["name"] == column]
    return spec


def checked(ledger: Path, seconds: float) -> subprocess.CompletedProcess:
    """Return what came of `python -m report check` with bounded memory; longer than `seconds` is an error."""

    def bound() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))

    command = [sys.executable, "-m", "report", "check", "--data", str(ledger)]
    limit = bound if sys.platform == "linux" else None
    return subprocess.run(
        command, cwd=REPOSITORY, capture_output=True, text=True, timeout=seconds, check=False, preexec_fn=limit
    )


# -- files that are none ----------------------------------------------------------------------------------------------


def pipe(path: Path) -> None:
    os.mkfifo(path)


def loop(path: Path) -> None:
    path.symlink_to(path.name)


def device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(1 << 40)


NO_FILES = [
    (pipe, "is a pipe, not a file"),
    (device, "is a device, not a file"),
    (loop, "Too many levels of symbolic links"),
    (Path.mkdir, "is a folder, not a file"),
    (huge, "is larger than"),
]


@pytest.mark.parametrize("name", ["claims.csv", "datapackage.json"])
@pytest.mark.parametrize(("put", "said"), NO_FILES, ids=[case[1][:20] for case in NO_FILES])
def test_what_is_no_regular_file_is_not_read(ledger, name, put, said):
    (ledger / name).unlink()
    put(ledger / name)
    begun = time.monotonic()
    assert f"{name}: 1 problem\n  {said}" in refusal(ledger)
    assert time.monotonic() - begun < 5


def test_a_pipe_beside_the_ledger_is_not_waited_for(ledger):
    pipe(ledger / "notes")
    assert load_ledger(ledger).claims


def test_the_command_refuses_a_pipe_in_a_sentence(ledger):
    (ledger / "claims.csv").unlink()
    pipe(ledger / "claims.csv")
    done = checked(ledger, seconds=60)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 2 and "is a pipe, not a file" in done.stderr


# -- tables without measure -------------------------------------------------------------------------------------------


def test_a_hundred_thousand_columns_are_one_problem(ledger):
    path = ledger / "claims.csv"
    head, _, rest = path.read_text(encoding="utf-8").partition("\n")
    path.write_text(f"{head}{''.join(f',x{number}' for number in range(100_000))}\n{rest}", encoding="utf-8")
    begun = time.monotonic()
    assert "claims.csv: 1 problem\n  row 1: has 100,019 columns, this table 19; write id,source," in refusal(ledger)
    assert time.monotonic() - begun < 5


def test_a_row_of_millions_of_cells_is_not_taken_apart(ledger):
    with (ledger / "claims.csv").open("a", encoding="utf-8") as file:
        file.write(f"c900{',' * 3_000_000}\n")
    assert "cannot be read as CSV after row 40 (the next line is longer than 1,000,000 characters)" in refusal(ledger)


def test_a_cell_without_end_is_refused(ledger):
    plant(ledger, "claims.csv", ",has doubled,", f",{'long ' * 3000}way,")
    assert "printed: 'long long" in (text := refusal(ledger)) and "is longer than 10,000 characters" in text


def test_of_many_problems_the_first_are_printed_and_their_number():
    problems = [Problem("a.csv", row, column="b", message="is wrong") for row in range(2, 1002)]
    lines = format_problems(first_problems(problems)).splitlines()
    assert lines[0] == "a.csv: 1,000 problems"
    assert lines[1 : FIRST + 1] == [f"  row {row}, b: is wrong" for row in range(2, FIRST + 2)]
    assert lines[FIRST + 1 :] == ["  and 980 more (b: 980); fix these first, then check again"]


def test_as_many_problems_as_a_person_makes_are_all_printed():
    problems = [Problem("a.csv", row, column=f"b{row % 2}", message="is wrong") for row in range(2, ALL + 2)]
    assert len(format_problems(first_problems(problems)).splitlines()) == ALL + 1


def test_problems_of_another_column_are_counted_too():
    problems = [Problem("a.csv", row, column=name, message="no") for row in range(2, 5002) for name in "bc"]
    kept = list(first_problems(problems))
    assert len(kept) == 2 * ALL + 2
    assert format_problems(kept).endswith("and 9,980 more (b: 4,990, c: 4,990); fix these first, then check again")


@pytest.mark.torture
def test_of_very_many_bad_rows_the_first_and_the_count_are_printed(ledger):
    rows = 200_000
    row = "c{0},S9,x,nothing,honeyy,4100x,1,pund,100,default,,non,1900-01-01,1900-12-31,yeer,inferred,,,\n"
    with (ledger / "claims.csv").open("a", encoding="utf-8") as file:
        file.writelines(row.format(number) for number in range(1000, 1000 + rows))
    done = checked(ledger, seconds=590)
    assert done.returncode == 2
    lines = done.stderr.splitlines()
    assert len(lines) == FIRST + 2
    problems = 6 * rows  # the unit is compared with that of the indicator, and there is none
    assert lines[0].endswith(f"claims.csv: {problems:,} problems")
    assert lines[-1].startswith(f"  and {problems - FIRST:,} more (hedge: 199,")


# -- cells without measure --------------------------------------------------------------------------------------------

CELLS = [
    ("claims.csv", HARVEST, f"honey_harvest,{DIGITS},1,", "value: '1111", "has more than 40 digits"),
    ("claims.csv", HARVEST, f"honey_harvest,4.{DIGITS},1,", "value: '4.111", "has more than 40 digits"),
    ("claims.csv", HARVEST, f"honey_harvest,1/{DIGITS},1,", "value: '1/111", "has more than 40 digits"),
    ("claims.csv", HARVEST, f"honey_harvest,4100,{DIGITS},", "multiplier: '1111", "has more than 40 digits"),
    ("claims.csv", "c002,S1,3,", f"c002,S1,{DIGITS},", "line: '1111", "has more than 40 digits"),
    ("claims.csv", "0.1,doubled is", f"{DIGITS},doubled is", "precision: '1111", "has more than 40 digits"),
    (
        "claims.csv",
        "doubled is a word,0.5",
        f"doubled is a word,{DIGITS}",
        "precision_wide: '1111",
        "has more than 40 digits",
    ),
    ("claims.csv", "c012,S2", f"c{DIGITS},S2", "id: 'c1111", "is no letter with a number"),
    ("indicators.csv", "0,,true,stock", f"{DIGITS},,true,stock", "domain_low: '1111", "has more than 40 digits"),
    ("official.csv", SCALED, f"{DIGITS},1000,pound,0.01", "value: '1111", "has more than 40 digits"),
    ("claims.csv", "1901-01-01,1901-03-31", "9999-10-01,9999-12-31", "period_end: '9999-12-31'", "the years 1000 to"),
    ("claims.csv", "1901-01-01,1901-03-31", "0001-01-01,0001-03-31", "period_start: '0001-01", "the years 1000 to"),
    ("relations.csv", FIRST_RELATION, "growth_of,,previous_year,", "operands: ''", "is empty"),
    ("relations.csv", FIRST_RELATION, "growth_of,=,previous_year,", "operands: '='", "cannot be read"),
    ("sources.csv", "upper.txt", "../upper.txt", "file: '../upper.txt'", "leaves the folder of the texts"),
    ("sources.csv", "upper.txt", "/etc/passwd", "file: '/etc/passwd'", "leaves the folder of the texts"),
]


@pytest.mark.parametrize(("file", "old", "new", "place", "said"), CELLS, ids=[f"{case[3]} {case[4]}" for case in CELLS])
def test_a_cell_beyond_measure_is_named_with_its_remedy(ledger, file, old, new, place, said):
    plant(ledger, file, old, new)
    lines = [line for line in refusal(ledger).splitlines() if place in line]
    assert len(lines) == 1 and said in lines[0] and ";" in lines[0]
    assert len(lines[0]) < 600


def test_a_date_at_the_end_of_the_calendar_needs_no_day_after_it(ledger):
    """The schema of another ledger may let 9999 pass; a quarter that ends then is still one."""
    from claims.ledger import period_rules

    assert period_rules._is_quarter("9999-10-01", "9999-12-31")


# -- descriptions that say nothing, or something else -----------------------------------------------------------------

BROKEN = [
    (lambda p: field(p, "claims", "printed").update(constraints={"pattern": "("}), "the pattern '(' cannot be read"),
    (lambda p: field(p, "claims", "printed").update(constraints={"pattern": 7}), "the pattern 7 is no text"),
    (lambda p: field(p, "claims", "printed").pop("type"), "claims, 'printed': has no type; one of: string, integer"),
    (lambda p: field(p, "claims", "line").update(type="integr"), "the type 'integr' is unknown; did you mean"),
    (lambda p: field(p, "claims", "line").update(constraints={"minimum": "three"}), "the minimum 'three' is no number"),
    (lambda p: field(p, "claims", "line").update(constraints={"minimum": float("inf")}), "the minimum inf is no numb"),
    (lambda p: field(p, "claims", "note").update(constraints={"maxLength": "x"}), "the maxLength 'x' is no count"),
    (lambda p: field(p, "claims", "hedge").update(constraints={"enum": 7}), "the enum 7 is no list of texts"),
    (lambda p: field(p, "claims", "hedge").update(constraints=[1]), "the constraints [1] are no mapping"),
    (lambda p: field(p, "sectors", "isic").update(delimiter=""), "the delimiter '' is no text"),
    (lambda p: field(p, "claims", "line").update(type="string"), "describes 'line' in 'claims' as a string, and it is"),
    (lambda p: field(p, "claims", "period_end").update(type="string"), "as a string, and it is a date"),
    (lambda p: p["resources"][3]["schema"].update(primaryKey="id"), "claims, primaryKey: 'id' lists no column"),
    (lambda p: p["resources"][3]["schema"].update(foreignKeys=[{"fields": []}]), "claims, foreignKeys: {'fields': []}"),
    (
        lambda p: p["resources"][3]["schema"].update(foreignKeys={"fields": ["source"]}),
        "claims, foreignKeys: {'fields'",
    ),
    (lambda p: p["resources"][3].update(path=7), "claims, path: 7 is no file of this folder"),
    (lambda p: p["resources"][3].update(path="a\0b"), "is no file of this folder"),
    (lambda p: p["resources"][3].update(path="../ledger/claims.csv"), "is no file of this folder"),
    (lambda p: p["resources"][3].update(path="/etc/passwd"), "is no file of this folder"),
    (lambda p: p["resources"][3].update(schema=7), "a resource lacks its name, path, schema or primaryKey"),
    (lambda p: p.update(resources=7), "a resource lacks its name, path, schema or primaryKey"),
    (lambda p: p.update(title=7), "title: 7 is no title"),
    (lambda p: p.update(created="yesterday"), "created: 'yesterday' is no day"),
    (lambda p: p.update(licenses=["free"]), "licenses: ['free'] is no list of licences"),
    (lambda p: p.update(subject=["a"]), "is no subject"),
]


@pytest.mark.parametrize(("change", "said"), BROKEN, ids=[case[1][:40] for case in BROKEN])
def test_a_description_that_cannot_be_used_is_refused(ledger, change, said):
    described(ledger, change)
    text = refusal(ledger)
    assert text.startswith("datapackage.json: 1 problem\n")
    assert said in text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"[" * 100_000, "nested more than 100 deep"),
        (b'{"a":' * 100_000, "nested more than 100 deep"),
        (b"[" * 100_000 + b"]" * 100_000, "nested more than 100 deep"),
        (b'{"minimum": ' + DIGITS.encode() + b"}", "a number has thousands of digits"),
        (b'{"a": "\xff"}', "byte 7 is not UTF-8; save the file as UTF-8"),
        (b"", "line 1, column 1: Expecting value; fix it"),
        (b"null", "a resource lacks its name, path, schema or primaryKey"),
    ],
    ids=["list", "object", "closed", "digits", "bytes", "empty", "null"],
)
def test_a_description_that_is_no_json_of_use_is_refused(ledger, content, said):
    (ledger / "datapackage.json").write_bytes(content)
    assert said in refusal(ledger)


LAX = [
    ("claims", "value", HARVEST, "honey_harvest,forty,1,", "is no number"),
    ("claims", "value", HARVEST, "honey_harvest,1/0,1,", "is no number"),
    ("claims", "hedge", "0.1,default,,none,1901-01-01", "0.1,default,,perhaps,1901-01-01", "'perhaps'; One of: none"),
    ("claims", "multiplier", HARVEST, "honey_harvest,4100,,", "multiplier: '' is empty"),
    ("claims", "source", "c002,S1,3,", "c002,,3,", "source: '' is empty"),
    ("relations", "operands", FIRST_RELATION, "growth_of,,previous_year,", "operands: '' is empty"),
    ("relations", "type", FIRST_RELATION, "likes,growth=c001,previous_year,", "'likes'; One of: growth_of"),
]


@pytest.mark.parametrize(("table", "column", "old", "new", "said"), LAX, ids=[f"{case[1]} {case[4]}" for case in LAX])
def test_a_description_that_allows_everything_is_not_enough(ledger, table, column, old, new, said):
    described(ledger, lambda package: field(package, table, column).pop("constraints"))
    plant(ledger, f"{table}.csv", old, new)
    assert said in refusal(ledger)


# -- patterns that search for ever ------------------------------------------------------------------------------------


@pytest.mark.parametrize("pattern", ["^(a+)+$", "(a|a)*", "(a|aa)+", "a*a*a*a*a*a*a*a*a*a*b"])
def test_a_pattern_that_backtracks_is_stopped(ledger, pattern, monkeypatch):
    monkeypatch.setattr(patterns.Matcher.__init__, "__defaults__", (0.2,))
    described(ledger, lambda package: field(package, "claims", "printed").update(constraints={"pattern": pattern}))
    plant(ledger, "claims.csv", ",has doubled,", f",{'a' * 60}!,")
    path = ledger / "claims.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join([lines[0], lines[6]]), encoding="utf-8")
    assert f"printed: {pattern!r} takes too long to match; row 2 was the last" in refusal(ledger)


def test_the_time_of_a_pattern_grows_with_its_cells():
    with patterns.Matcher(seconds=0.1) as matcher:
        begun = time.process_time()
        while time.process_time() - begun < 0.5:
            assert matcher.matches("[a-z]+", "honey")
