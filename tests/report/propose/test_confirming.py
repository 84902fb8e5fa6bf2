"""Proposals are confirmed key by key or in a spreadsheet; nothing is lost, and nothing wrong reaches the ledger."""

import csv
import json
import os
import re
import select
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from mill_letter import write_mill

from report.command import proposing
from report.command.cli import main
from report.proof.check import check
from report.propose.answers import ACCEPTED, REJECTED, Answers
from report.propose.appending import append_rows
from report.propose.proposals import as_claim
from report.propose.spreadsheet import lists_file, read_decisions, write_proposals
from report.propose.summary import unlisted_units
from report.propose.terminal import HELP, Console, confirm
from report.stops import WrongInput


@pytest.fixture
def mill(tmp_path):
    return write_mill(tmp_path)


ROOT = Path(__file__).resolve().parents[3]


class Person:
    """Somebody who presses keys and types lines, one after another, and remembers what was shown."""

    def __init__(self, keys: str, lines: tuple[str, ...] = ()) -> None:
        self.keys, self.lines, self.seen = [*keys], [*lines], []

    def console(self) -> Console:
        return Console(key=lambda _: self.keys.pop(0), line=lambda _: self.lines.pop(0), show=self.seen.append)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "answers.json"


def sit(mill, path, keys: str, *lines: str) -> tuple[Answers, Person]:
    """Let a person answer, in a sitting that begins from what is kept."""
    reading, ledger = mill.read()
    answers, person = Answers.load(path), Person(keys, lines)
    confirm(reading, ledger, mill.checker(), answers, person.console())
    return answers, person


def decided(answers: Answers) -> list[tuple[str, str]]:
    return [(one.row["id"], one.decision) for one in answers.given]


def test_a_key_decides_and_moves_on(mill, path):
    answers, person = sit(mill, path, "yynq")
    assert decided(answers) == [("p001", ACCEPTED), ("p002", ACCEPTED), ("p003", REJECTED)]
    assert "[12 percent] to 5,200 pounds" in person.seen[0]
    assert "[5,200 pounds]" in person.seen[1]


def test_each_answer_is_kept_at_once_and_the_next_sitting_goes_on(mill, path):
    sit(mill, path, "yq")
    assert [one["decision"] for one in json.loads(path.read_text())["answers"]] == [ACCEPTED]
    answers, person = sit(mill, path, "nq")
    assert decided(answers) == [("p001", ACCEPTED), ("p002", REJECTED)]
    assert person.seen[0] == "1 answered before; going on from there"


def test_the_last_answer_can_be_undone_also_of_an_earlier_sitting(mill, path):
    sit(mill, path, "yyq")
    answers, _ = sit(mill, path, "uq")
    assert decided(answers) == [("p001", ACCEPTED)]


def test_an_edit_is_checked_and_survives_an_undo(mill, path):
    answers, person = sit(mill, path, "eyuyq", "hedge abot", "hedge about", "")
    assert any("did you mean 'about'?" in text for text in person.seen)
    assert [(one.row["hedge"], one.decision) for one in answers.given] == [("about", ACCEPTED)]


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("value 13", "cannot be read in '12 percent'"),
        ("unit pound", "is not the unit of honey_harvest_growth"),
        ("indicator honey_harvst", "is not in indicators.csv; did you mean 'honey_harvest'?"),
        ("printed 12 pounds", "is not on line 3"),
        ("precision 5", "is not the default of 1"),
    ],
)
def test_a_row_with_a_problem_is_not_accepted(mill, path, typed, message):
    answers, person = sit(mill, path, "eyq", typed, "")
    assert answers.given == []
    assert any(message in text for text in person.seen)
    assert any("not accepted yet" in text for text in person.seen)


def test_a_field_that_is_none_is_suggested(mill, path):
    _, person = sit(mill, path, "eq", "hedg about", "")
    assert any("'hedg' is no field; did you mean 'hedge'?" in text for text in person.seen)


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("period 1899", "1899"),
        ("period first quarter of 1900", "1900-Q1"),
        ("period 1900-Q2", "1900-Q2"),
        ("period last year", "1900"),
        ("period by 1905", "1901-05-20/by-1905-12-31"),
        ("period Since 1890", "1890-01-01/1901-05-20"),
        ("period 2 July 1900", "1900-07-02"),
        ("period undated", "undated"),
        ("period=1899", "1899"),
        ("period = 1899", "1899"),
    ],
)
def test_a_period_is_typed_as_a_text_says_it(mill, path, typed, key):
    answers, _ = sit(mill, path, "eyq", typed, "")
    assert [as_claim(one.row).period.key for one in answers.given] == [key]


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("period soon", "'soon' cannot be read as a time"),
        ("hedge", "hedge: How the text qualifies the figure"),
        ("repeats p001", "the key r makes it a repetition"),
    ],
)
def test_what_cannot_be_read_is_explained_and_changes_nothing(mill, path, typed, message):
    answers, person = sit(mill, path, "eyq", typed, "")
    assert any(message in text for text in person.seen)
    assert answers.given[0].row == mill.reading.claims[0].row


def test_a_dash_empties_a_field(mill, path):
    assert mill.reading.claims[0].row["stated_by"]
    answers, _ = sit(mill, path, "eyq", "stated_by -", "")
    assert answers.given[0].row["stated_by"] == ""


def test_a_field_is_kept_as_it_was_typed(mill, path):
    answers, _ = sit(mill, path, "eyq", "note as 2 + 2 = 4", "")
    assert answers.given[0].row["note"] == "as 2 + 2 = 4"


def test_a_repetition_can_be_made_a_figure_of_its_own(mill, path):
    answers, person = sit(mill, path, "nyneyq", "repeats -", "")
    assert any("“5,200 pounds” of line 3: y accepts it as a repetition" in text for text in person.seen)
    assert answers.given[-1].row["repeats"] == ""


def test_an_indicator_is_found_by_words_of_its_name(mill, path):
    answers, person = sit(mill, path, "nf1yq", "swarms")
    assert "1 swarms: " in person.seen[2]
    assert answers.given == answers.given[:1]  # pounds are no swarms, and the check says so
    assert any("is not the unit of swarms" in text for text in person.seen)
    answers, _ = sit(mill, path, "nf1yq", "swarms")
    assert (answers.given[-1].decision, answers.given[-1].row["indicator"]) == (ACCEPTED, "swarms")


def test_without_an_indicator_a_figure_is_not_accepted(mill, path):
    answers, person = sit(mill, path, "eyq", "indicator -", "")
    assert answers.given == []
    assert any("it has no indicator: f finds one by words, i prints a row to add" in text for text in person.seen)


def test_words_that_no_indicator_has_are_answered(mill, path):
    _, person = sit(mill, path, "fq", "zeppelin")
    assert any("no indicator has these words in its name" in text for text in person.seen)


def test_a_row_for_a_new_indicator_can_be_printed(mill, path):
    _, person = sit(mill, path, "iq")
    (text,) = [text for text in person.seen if "ID,LABEL,KIND,percent" in text]
    assert "indicators.csv" in text and "the same command again" in text


def test_a_form_has_words_for_units_hedges_and_periods(mill, path):
    _, person = sit(mill, path, "nnq")
    assert "figure     12%" in person.seen[0] and "stands for 11.5% to 12.5%" in person.seen[0]
    assert "period     1900 (stated)" in person.seen[0]
    assert "figure     more than 37" in person.seen[2]
    label = mill.read()[1].indicators["honey_harvest_growth"].label
    assert f"honey_harvest_growth: {label}" in person.seen[0]


def test_a_number_takes_another_indicator(mill, path):
    reading = mill.reading
    other = reading.claims[1].candidates[1]
    answers, _ = sit(mill, path, "n2yq")
    assert answers.given[-1].row["indicator"] == other


def test_a_repetition_names_the_first_accepted_row(mill, path):
    answers, _ = sit(mill, path, "nynrq")
    assert [(one.row["id"], one.row["repeats"]) for one in answers.of(ACCEPTED)] == [("p002", ""), ("p004", "p002")]


def test_nothing_repeats_a_row_that_was_rejected(mill, path):
    answers, person = sit(mill, path, "nnnryq")
    assert [(one.row["id"], one.row["repeats"]) for one in answers.of(ACCEPTED)] == [("p004", "")]
    assert any("no accepted row above" in text for text in person.seen)


def test_what_is_left_for_later_is_asked_again(mill, path):
    answers, _ = sit(mill, path, "syq")
    assert decided(answers) == [("p002", ACCEPTED)]
    _, person = sit(mill, path, "q")
    assert "p001" in person.seen[1]


def test_help_and_unknown_keys_change_nothing(mill, path):
    answers, person = sit(mill, path, "?zq")
    assert answers.given == [] and HELP in person.seen
    assert any("no such key: 'z'" in text for text in person.seen)


def test_answers_keep_their_rows_when_proposals_have_other_ids(mill, path):
    sit(mill, path, "nynrq")
    path.write_text(re.sub(r"p00(\d)", lambda id: f"p00{int(id[1]) + 1}", path.read_text()))  # as another grammar has
    answers, _ = sit(mill, path, "yq")
    rows = [(one.row["id"], one.row["printed"], one.row["repeats"]) for one in answers.of(ACCEPTED, "claims")]
    assert rows == [
        ("p002", "5,200 pounds", ""), ("p004", "5,200 pounds", "p002"), ("p005", "nearly one-third", ""),
    ]  # fmt: skip


def test_answers_that_cannot_be_read_are_not_overwritten(mill, path):
    path.write_text("{}")
    with pytest.raises(WrongInput, match="move it away to begin anew"):
        Answers.load(path)


# -- into the ledger ---------------------------------------------------------------------------------------------------


def accepted_rows(mill, path) -> dict[str, list]:
    answers, _ = sit(mill, path, "y" * 9)
    return {table: [one.row for one in answers.of(ACCEPTED, table)] for table in ("claims", "agreements")}


def test_accepted_rows_are_proved_against_the_texts(mill, path):
    before = mill.lines()
    rows = accepted_rows(mill, path)
    assert len(rows["claims"]) == 5 and len(rows["agreements"]) == 3
    assert "5 rows" in append_rows(mill.folder, rows)
    assert mill.lines()[: len(before)] == before
    assert " rows proved" in check(mill.folder, mill.folder / "texts")


def test_rows_get_the_next_free_ids_and_repetitions_follow(mill, path):
    last = max(int(line[1:4]) for line in mill.lines()[1:])
    append_rows(mill.folder, accepted_rows(mill, path))
    new = list(csv.DictReader(mill.lines()))[-5:]
    assert [row["id"] for row in new] == [f"c{last + place:03}" for place in range(1, 6)]
    assert new[3]["repeats"] == new[1]["id"]


def test_adding_the_same_rows_twice_adds_them_once(mill, path):
    rows = accepted_rows(mill, path)
    append_rows(mill.folder, rows)
    before = mill.lines()
    assert append_rows(mill.folder, rows) == "nothing to add: every accepted row is in the ledger already"
    assert mill.lines() == before


def test_of_two_rows_with_the_same_cells_each_is_added(mill, path):
    rows = accepted_rows(mill, path)["claims"][:1]
    append_rows(mill.folder, {"claims": rows})
    again = [*rows, {**rows[0], "id": "p009", "repeats": rows[0]["id"]}]
    append_rows(mill.folder, {"claims": again})
    first, second = list(csv.DictReader(mill.lines()))[-2:]
    assert (second["printed"], second["repeats"]) == (first["printed"], first["id"])


def test_a_row_that_would_make_the_ledger_invalid_is_not_written(mill, path):
    rows = accepted_rows(mill, path)
    before = mill.lines()
    rows["claims"][0] = {**rows["claims"][0], "hedge": "more then"}
    with pytest.raises(WrongInput, match="did you mean 'more_than'") as refused:
        append_rows(mill.folder, rows)
    assert "nothing was written; the answers are kept" in str(refused.value)
    assert mill.lines() == before


# -- a spreadsheet -----------------------------------------------------------------------------------------------------


def decide(path, **changes: dict[int, str]) -> None:
    """Write cells into a CSV of proposals, by column and row, as somebody in a spreadsheet would."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for column, cells in changes.items():
        for number, cell in cells.items():
            rows[number][column] = cell
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def test_a_spreadsheet_is_read_back(mill, tmp_path):
    path = tmp_path / "mill.csv"
    assert write_proposals(mill.reading, path) == [path, lists_file(path)]
    decide(path, decision={0: "y", 1: "Y", 2: "n", 3: "r"})
    table, rows, left = read_decisions(path, mill.checker())
    assert (table, left, [(row["id"], row["repeats"]) for row in rows]) == (
        "claims", 1, [("p001", ""), ("p002", ""), ("p004", "p002")],
    )  # fmt: skip


@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
def test_a_spreadsheet_may_have_semicolons_and_empty_lines(mill, tmp_path, quoting):
    path = tmp_path / "mill.csv"
    write_proposals(mill.reading, path)
    decide(path, decision={0: "y"})
    rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";", quoting=quoting).writerows([*rows, [""] * len(rows[0]), []])
    _, accepted, left = read_decisions(path, mill.checker())
    assert ([row["id"] for row in accepted], left) == (["p001"], 4)


@pytest.mark.parametrize(("id", "message"), [("p001", "is the id of a row above"), ("", "is empty")])
def test_a_row_added_to_a_spreadsheet_needs_an_id_of_its_own(mill, tmp_path, id, message):
    path = tmp_path / "mill.csv"
    write_proposals(mill.reading, path)
    decide(path, decision={0: "y", 1: "y"}, id={1: id})
    with pytest.raises(WrongInput, match=f"row 3.*, id: .*{message}; write one that no other row has"):
        read_decisions(path, mill.checker())


def test_every_fault_of_a_spreadsheet_is_named_by_row_column_and_remedy(mill, tmp_path):
    path = tmp_path / "mill.csv"
    write_proposals(mill.reading, path)
    decide(path, decision={0: "y", 1: "yes", 2: "y", 3: "r"}, hedge={0: "more then"}, value={2: "38"})
    with pytest.raises(WrongInput) as refused:
        read_decisions(path, mill.checker())
    for part in (
        "row 2 (p001), hedge: 'more then'; did you mean 'more_than'?",
        "row 3 (p002), decision: 'yes'; One of: y, n, r, or empty for later",
        "row 4 (p003), value: '38' times 1 cannot be read in 'more than 37 hives'",
        "row 5 (p004), repeats: 'p002' is no accepted row of this file; name the id of the first occurrence",
        "nothing was written; fix the file, and give it again",
    ):
        assert part in str(refused.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "is empty"),
        ("id,hedge\n", "decision"),
        (b"decision,id\n\xff", "is not UTF-8; save it as CSV UTF-8"),
        (None, "there is no such file; propose TEXT --csv FILE writes one"),
    ],
)
def test_a_file_that_is_no_such_spreadsheet_is_refused(mill, tmp_path, content, message):
    path = tmp_path / "mill.csv"
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(WrongInput) as refused:
        read_decisions(path, mill.checker())
    assert message in str(refused.value)


def test_decisions_are_never_overwritten(mill, tmp_path):
    path = tmp_path / "mill.csv"
    write_proposals(mill.reading, path)
    with pytest.raises(WrongInput, match="is there already, maybe with decisions"):
        write_proposals(mill.reading, path)


def test_no_cell_is_a_formula(mill, tmp_path):
    mill.text.write_text("=cmd() sold 12 percent\n", encoding="utf-8")
    path = tmp_path / "mill.csv"
    write_proposals(mill.read("")[0], path)
    with path.open(encoding="utf-8", newline="") as file:
        assert [row["sentence"][:2] for row in csv.DictReader(file)] == ["'="]


# -- the command -------------------------------------------------------------------------------------------------------


@pytest.fixture
def answers_in(tmp_path, monkeypatch):
    monkeypatch.setattr(proposing, "answers_file", lambda reading, folder: tmp_path / "kept.json")


def run(mill, *more: str) -> int:
    return main(["propose", str(mill.text), "--data", str(mill.folder), *more])


def test_the_command_writes_nothing_by_itself(mill, capsys):
    before = {path.name: path.read_bytes() for path in mill.folder.glob("*.csv")}
    assert run(mill) == 0
    assert "8 figures seen, 5 proposed" in capsys.readouterr().out
    assert {path.name: path.read_bytes() for path in mill.folder.glob("*.csv")} == before


def test_confirmed_rows_are_written_after_a_last_question(mill, answers_in, monkeypatch, capsys):
    keys = iter("yy" + "n" * 6 + "y")
    monkeypatch.setattr("builtins.input", lambda _: next(keys))
    before = len(mill.lines())
    assert run(mill, "--source", "S4", "--confirm") == 0
    assert len(mill.lines()) == before + 2
    shown = capsys.readouterr().out
    assert "added 2 rows" in shown
    assert "5 figures and 3 listed items" in shown and "? explains all keys" in shown


def test_q_stops_and_asks_only_whether_to_add_what_was_accepted(mill, answers_in, monkeypatch, capsys):
    keys, asked = iter("yqq"), []
    monkeypatch.setattr("builtins.input", lambda prompt: asked.append(prompt) or next(keys))
    before = mill.lines()
    assert run(mill, "--confirm") == 0
    assert mill.lines() == before
    assert len(asked) == 3 and "n or q no, keep the answers" in asked[-1]
    shown = capsys.readouterr().out
    assert "at the end, or after q, which stops" in shown and "the same command goes on from here" in shown
    assert "can then be added to the ledger" in HELP


def test_the_last_question_can_be_answered_later_or_undone(mill, answers_in, monkeypatch, capsys):
    before = mill.lines()
    keys = iter("y" + "n" * 7 + "u" + "y" + "n")
    monkeypatch.setattr("builtins.input", lambda _: next(keys))
    assert run(mill, "--confirm") == 0
    assert mill.lines() == before
    assert "2 rows accepted" in capsys.readouterr().out
    monkeypatch.setattr("builtins.input", lambda _: "y")
    assert run(mill, "--confirm") == 0
    assert len(mill.lines()) == len(before) + 1


def test_the_end_of_the_input_stops_and_keeps_the_answers(mill, answers_in, monkeypatch):
    def no_more(_):
        raise EOFError

    monkeypatch.setattr("builtins.input", no_more)
    assert run(mill, "--confirm") == 0


def test_ledgers_in_folders_of_one_name_keep_answers_of_their_own(mill, tmp_path):
    first, second = (proposing.answers_file(mill.reading, tmp_path / name / "data") for name in ("one", "two"))
    assert first != second
    assert proposing.answers_file(mill.reading, tmp_path / "one" / ".." / "one" / "data") == first


def test_a_text_without_a_row_in_sources_gets_one_to_fill_in(mill, capsys):
    mill.text.write_text('A "new" letter, of 12 percent\n', encoding="utf-8")
    assert run(mill) == 0
    row = capsys.readouterr().out.splitlines()[-1]
    assert row.startswith('S5,NAME,SHORT NAME,"A ""new"" letter, of 12 percent",,,YYYY-MM-DD,inferred,news,mill.txt,')
    assert run(mill, "--confirm") == 2


def test_the_row_for_a_text_is_one_row_of_a_csv(mill, capsys):
    text = mill.text.with_name("mill, again.txt")
    text.write_bytes("\ufeffIt sold 12 percent.\n".encode())
    assert main(["propose", str(text), "--data", str(mill.folder)]) == 0
    (cells,) = csv.reader(capsys.readouterr().out.splitlines()[-1:])
    assert (cells[3], cells[9], len(cells)) == ("It sold 12 percent.", text.name, 12)


def test_a_spreadsheet_with_sentences_is_not_written_beside_the_ledger(mill, capsys):
    assert run(mill, "--csv", str(mill.folder / "mill.csv")) == 2
    assert "name a file elsewhere" in capsys.readouterr().err


def test_rows_go_through_a_spreadsheet_into_the_ledger(mill, tmp_path, capsys):
    path = tmp_path / "mill.csv"
    before = len(mill.lines())
    assert run(mill, "--csv", str(path)) == 0
    assert "r accepts it as a repetition of the row whose id is in the column repeats" in capsys.readouterr().out
    decide(path, decision={0: "y"})
    assert run(mill, "--from-csv", str(path)) == 0
    assert len(mill.lines()) == before + 1
    printed = capsys.readouterr().out
    assert "4 rows without a decision" in printed
    assert f"fill in {lists_file(path)}, then give it with --from-csv too" in printed
    assert printed.endswith("--sources DIR --text S4, with the folder of the text, checks the rows against it\n")


def test_a_repetition_follows_a_row_that_was_added_before(mill, tmp_path):
    path = tmp_path / "mill.csv"
    assert run(mill, "--csv", str(path)) == 0
    decide(path, decision={1: "y"})
    assert run(mill, "--from-csv", str(path)) == 0
    decide(path, decision={3: "r"})
    assert run(mill, "--from-csv", str(path)) == 0
    first, repetition = list(csv.DictReader(mill.lines()))[-2:]
    assert (repetition["line"], repetition["repeats"]) == ("6", first["id"])


def test_units_that_the_data_package_lacks_are_named(mill):
    reading, ledger = mill.read()
    assert unlisted_units(reading, ledger) == []
    fields = [{"name": "unit", "constraints": {"enum": ["pound", "day"]}}]
    package = {"resources": [{"name": "indicators", "schema": {"fields": fields}}]}
    (line,) = unlisted_units(reading, replace(ledger, package=package))
    assert line.startswith("units to add first to the enum of column unit of indicators.csv in datapackage.json: ")
    assert sorted(line.partition("json: ")[2].split(", ")) == ["count", "percent"]


def test_a_spreadsheet_without_decisions_adds_nothing(mill, tmp_path, capsys):
    path = tmp_path / "mill.csv"
    assert run(mill, "--csv", str(path)) == run(mill, "--from-csv", str(path)) == 0
    assert "no row has the decision y or r; 5 rows without a decision" in capsys.readouterr().out


def test_a_text_cannot_move_the_cursor(mill, capsys):
    mill.text.write_text("\x1b[2JIt sold 12\x1b[31m percent, said Ada\x07\n", encoding="utf-8")
    assert main(["propose", str(mill.text), "--data", str(mill.folder)]) == 0
    assert not {"\x1b", "\x07"} & {*capsys.readouterr().out}


def test_a_command_without_a_text_says_so(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["propose"])
    assert stopped.value.code == 2
    assert "give the file of a text" in capsys.readouterr().err


@pytest.mark.slow
def test_on_a_terminal_a_key_is_enough_and_the_figure_is_bold(mill):
    pty = pytest.importorskip("pty")
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "report", "propose", str(mill.text), "--data", str(mill.folder), "--confirm"]
    environment = {name: value for name, value in os.environ.items() if name != "NO_COLOR"} | {"TERM": "xterm"}
    process = subprocess.Popen(command, cwd=ROOT, stdin=slave, stdout=slave, stderr=slave, env=environment)
    os.close(slave)
    screen = bytearray()
    for prompts, keys in (1, b"sz"), (3, b"\x1b[A"), (4, "й".encode()), (5, b"q"):  # z is typed ahead
        await_shown(master, screen, b"> ", prompts)
        os.write(master, keys)
    await_shown(master, screen, b"0 rows accepted")
    assert b"p002" in screen and b"no such key: 'z'" in screen
    assert "no such key: 'й'".encode() in screen
    assert process.wait(timeout=60) == 0
    os.close(master)
    assert b"\x1b[1m12 percent\x1b[0m" in screen


def await_shown(terminal: int, screen: bytearray, awaited: bytes, times: int = 1) -> None:
    """Add to the screen what a terminal shows until it has shown what is awaited so many times."""
    while screen.count(awaited) < times:
        assert select.select([terminal], [], [], 60)[0], f"shown less than {times} times: {awaited!r} in {screen!r}"
        screen += os.read(terminal, 4096)
