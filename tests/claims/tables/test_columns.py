"""Tables as columns: the same faults as row by row, whatever is broken, and any number of them counted."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import polars as pl
import pytest
from claims.ledger.large import load_large_ledger
from claims.ledger.loading import load_ledger
from claims.ledger.model import LedgerError
from claims.tables import cells, columns, patterns
from claims.tables.messages import FIRST
from claims.tables.patterns import Matcher
from claims.tables.screening import _is_portable
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from invented import LEDGER, copied, plant
from large_ledger import write_ledger

FILES = ("sources", "indicators", "claims", "relations", "agreements", "official", "sectors", "known_disagreements")
TEXTS = (
    "",
    " ",
    "0",
    "-1",
    "1/3",
    "1e3",
    "007",
    "41.50",
    "9" * 30,
    "true",
    "exact",
    "none",
    "year",
    "2023-01-01",
    "2023-02-30",
    "S1",
    "S9",
    "c001",
    "c003",
    "c999",
    "r01",
    "o001",
    "percent",
    "USD",
    "differs:",
    "same",
    "within",
    "growth=c001; last=c002",
    "a b",
    "x\u00a0",
    "\u3000x",
    "١",
    "ſ",
    "=1+1",
    'say ""so""',
    "a,b",
    "x\u2028y",
    "default",
    "whole percent",
    "10",
    "unknown;x",
)


def message_by(load: Callable[[Path], object], folder: Path) -> str:
    """Return the message about a ledger's problems, empty if it loads."""
    try:
        load(folder)
    except LedgerError as error:
        return str(error)
    return ""


message_by_row, message_by_column = partial(message_by, load_ledger), partial(message_by, load_large_ledger)


@st.composite
def damages(draw) -> list[tuple[str, int, int, str]]:
    """Draw cells to write over: file, row, column, text."""
    place = st.tuples(st.sampled_from(FILES), st.integers(0, 60), st.integers(0, 22), st.sampled_from(TEXTS))
    return draw(st.lists(place, min_size=1, max_size=3))


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(damages())
def test_columns_find_what_rows_find(tmp_path, damages):
    folder = tmp_path / "ledger"
    shutil.rmtree(folder, ignore_errors=True)
    copied(tmp_path)
    for file, row, column, text in damages:
        path = folder / f"{file}.csv"
        lines = [line.split(",") for line in path.read_text(encoding="utf-8").split("\n")]
        cells_of_row = lines[row % len(lines)]
        cells_of_row[column % len(cells_of_row)] = f'"{text}"' if "," in text or '"' in text else text
        path.write_text("\n".join(map(",".join, lines)), encoding="utf-8", newline="\n")
    assert message_by_column(folder) == message_by_row(folder)


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: b"\xef\xbb\xbf" + raw,
        lambda raw: raw.replace(b"\n", b"\r\n"),
        lambda raw: raw + b"\n",
        lambda raw: raw + b",,,\n",
        lambda raw: raw.replace(b",", b"\xff,", 3),
        lambda raw: raw + b'c9,"open\n',
        lambda raw: raw + b'c9,a"b\n',
        lambda raw: raw + b'c9,"a"b\n',
        lambda raw: b"",
        lambda raw: b"id\n",
        lambda raw: raw.replace(b"id,", b"ID,", 1),
        lambda raw: raw + b'c9,"a\nb"\n',
        lambda raw: raw + b"c9\x00\n",
    ],
)
def test_a_broken_file_has_the_same_faults(change, tmp_path):
    folder = copied(tmp_path)
    path = folder / "claims.csv"
    path.write_bytes(change(path.read_bytes()))
    assert message_by_row(folder)
    assert message_by_column(folder) == message_by_row(folder)


def test_a_valid_ledger_is_valid_as_columns(tmp_path):
    assert load_large_ledger(LEDGER).claims.height == len(load_ledger(LEDGER).claims)
    assert load_large_ledger().claims.height == len(load_ledger().claims)


def test_many_bad_rows_are_counted_and_the_first_listed(tmp_path):
    folder = write_ledger(tmp_path / "large", claims=2_000)
    path = folder / "claims.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",year,", ",yaer,"), encoding="utf-8", newline="\n")
    with pytest.raises(LedgerError) as error:
        load_large_ledger(folder)
    lines = str(error.value).split("\n")
    wrong = sum(",yaer," in line for line in path.read_text(encoding="utf-8").split("\n"))
    assert wrong > 1_000
    assert lines[0].endswith(f"claims.csv: {wrong:,} problems")
    assert lines[-1].startswith(f"  and {wrong - FIRST:,} more (period_kind: {wrong - FIRST:,}); fix these first")
    assert len(lines) == FIRST + 2
    assert "row 2 (c001), period_kind: 'yaer'; did you mean 'year'?" in lines[1]
    assert str(error.value) == message_by_row(folder)


def test_dangling_references_name_their_first_rows(tmp_path):
    folder = copied(tmp_path)
    path = folder / "claims.csv"
    source = load_ledger(LEDGER).claims["c001"].source
    path.write_text(path.read_text(encoding="utf-8").replace(f",{source},", ",S77,"), encoding="utf-8", newline="\n")
    assert "source: 'S77' is not in" in message_by_row(folder)
    assert message_by_column(folder) == message_by_row(folder)


def test_parquet_gives_the_ledger_that_csv_gives(tmp_path):
    folder = copied(tmp_path)
    by_csv = load_large_ledger(folder).claims
    frame = pl.read_csv(folder / "claims.csv", infer_schema=False, empty_string_is_null=False)
    (folder / "claims.csv").unlink()
    (folder / "claims.parquet").mkdir()
    frame.head(5).write_parquet(folder / "claims.parquet" / "1.parquet")
    frame.tail(-5).write_parquet(folder / "claims.parquet" / "2.parquet")
    assert load_large_ledger(folder).claims.equals(by_csv)


def test_parquet_floats_are_refused(tmp_path):
    folder = copied(tmp_path)
    frame = pl.read_csv(folder / "claims.csv", infer_schema=False, empty_string_is_null=False)
    (folder / "claims.csv").unlink()
    frame.with_columns(pl.col("value").cast(pl.Float64, strict=False)).write_parquet(folder / "claims.parquet")
    with pytest.raises(match=r"value: is a column of Float64; store the column as text"):
        load_large_ledger(folder)


def test_python_and_polars_strip_the_same_characters():
    letters = [chr(code) for code in range(32, 0x3100) if not 0xD800 <= code < 0xE000 and code != 127]
    stripped = pl.Series([f"{letter}x{letter}" for letter in letters]).str.strip_chars().to_list()
    assert stripped == [f"{letter}x{letter}".strip() for letter in letters]


@given(st.from_regex(r"[a-c|()*+?.\[\]^$\\{}0-9,]{1,8}", fullmatch=True), st.text("abc.\\012", max_size=5))
def test_a_portable_pattern_means_the_same_to_both(pattern, text):
    if _is_portable(pattern):
        spec = {"name": "x", "type": "string", "constraints": {"pattern": pattern}}
        with Matcher() as matcher:
            is_wrong = bool(text) and cells.find_fault(text, spec, matcher) is not None
        found = pl.DataFrame({"x": [text]}).select(pl.col("x").str.contains(f"^(?:{pattern})$")).item()
        assert (bool(text) and not found) == is_wrong


def test_the_plain_reading_is_the_one_that_is_tested(tmp_path, monkeypatch):
    monkeypatch.setattr(columns, "_by_rows", lambda *_: pytest.fail("read row by row"))
    folder = write_ledger(tmp_path / "large", claims=200)
    assert load_large_ledger(folder).claims.height >= 200


def test_one_lone_fault_is_found_in_the_right_cell(tmp_path):
    folder = copied(tmp_path)
    plant(folder, "claims.csv", "c001,S1,", "c001,S1,-")
    assert message_by_column(folder) == message_by_row(folder) != ""


def described(folder: Path, table: str, column: str, change: Callable[[dict], object]) -> None:
    """Change what a ledger says of a column."""
    path = folder / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    (resource,) = [one for one in package["resources"] if one["name"] == table]
    (spec,) = [spec for spec in resource["schema"]["fields"] if spec["name"] == column]
    change(spec)
    path.write_text(json.dumps(package), encoding="utf-8")


HARVEST, RELATION = "honey_harvest,4100,1,", "growth_of,growth=c001; last=c002; first=c005,previous_year,"


UNCHECKED = (  # table, column, what is replaced by what
    ("claims", "value", HARVEST, "honey_harvest,forty,1,"),
    ("claims", "value", HARVEST, "honey_harvest,1/0,1,"),
    ("claims", "value", HARVEST, f"honey_harvest,{'1' * 60},1,"),
    ("claims", "multiplier", HARVEST, "honey_harvest,4100,,"),
    ("claims", "hedge", "0.1,default,,none,1901-01-01", "0.1,default,,perhaps,1901-01-01"),
    ("claims", "source", "c002,S1,3,", "c002,,3,"),
    ("claims", "id", "c012,S2", "twelve,S2"),
    ("claims", "printed", ",has doubled,", f",{'long ' * 3000}way,"),
    ("relations", "operands", RELATION, "growth_of,,previous_year,"),
    ("relations", "type", RELATION, "likes,growth=c001,previous_year,"),
    ("sources", "file", "upper.txt", "../upper.txt"),
    ("official", "url", "https://", "javascript://"),
)


@pytest.mark.parametrize(
    ("table", "column", "old", "new"),
    [*UNCHECKED[:4], *(pytest.param(*case, marks=pytest.mark.torture) for case in UNCHECKED[4:])],
)
def test_whatever_is_allowed_columns_say_what_rows_say(tmp_path, table, column, old, new):
    folder = copied(tmp_path)
    described(folder, table, column, lambda spec: spec.pop("constraints", None))
    plant(folder, f"{table}.csv", old, new)
    assert message_by_column(folder) == message_by_row(folder) != ""


@pytest.mark.parametrize("rules", [{"pattern": ""}, {"maxLength": 10**30}, {"pattern": "((a{99}){99}){99}"}])
def test_rules_without_measure_mean_the_same_to_both(tmp_path, rules):
    folder = copied(tmp_path)
    described(folder, "claims", "printed", lambda spec: spec.update(constraints=rules))
    assert message_by_column(folder) == message_by_row(folder)


@pytest.mark.parametrize("pattern", ["^(a+)+$", "(a|a)*", "(?:a|aa)+"])
def test_a_pattern_that_backtracks_is_stopped_in_columns(tmp_path, pattern, monkeypatch):
    monkeypatch.setattr(patterns.Matcher.__init__, "__defaults__", (0.2,))
    folder = copied(tmp_path)
    described(folder, "claims", "printed", lambda spec: spec.update(constraints={"pattern": pattern}))
    plant(folder, "claims.csv", ",has doubled,", f",{'a' * 60}!,")
    path = folder / "claims.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join([lines[0], lines[6]]), encoding="utf-8")
    assert f"printed: {pattern!r} takes too long to match; row 2 was the last" in message_by_column(folder)


def test_no_pipe_is_waited_for_and_no_long_line_taken_apart(tmp_path):
    folder = copied(tmp_path)
    with (folder / "claims.csv").open("a", encoding="utf-8") as file:
        file.write(f"c900{',' * 3_000_000}\n")
    assert "is longer than 1,000,000 characters" in message_by_column(folder) == message_by_row(folder)
    (folder / "claims.csv").unlink()
    os.mkfifo(folder / "claims.parquet")
    assert "claims.parquet: 1 problem\n  cannot be read as Parquet (is a pipe, not a file)" in message_by_column(folder)


@pytest.mark.parametrize("name", ["*", "^a$", "#"])
def test_a_column_of_no_plain_name_is_refused(tmp_path, name):
    folder = copied(tmp_path)
    path = folder / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    package["resources"][0]["schema"]["fields"].append({"name": name, "type": "string"})
    path.write_text(json.dumps(package), encoding="utf-8")
    assert f"{name!r}: is no plain name" in message_by_column(folder)
