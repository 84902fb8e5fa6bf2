"""The check of a ledger, alone and against its texts."""

import dataclasses
import subprocess
import sys
from pathlib import Path

import pytest
from claims.ledger.loading import load_ledger
from claims.ledger.model import LedgerError
from invented import LEDGER, TEXTS, copied, plant

from report.proof import check
from report.stops import WrongInput

REPOSITORY = Path(__file__).parents[3]


def test_the_check_counts_rows_by_file_and_claims_by_source():
    assert check.check(LEDGER) == (
        "tests/ledger: valid, 103 rows in 8 files\n"
        "  sources.csv                 3\n"
        "  sectors.csv                 3\n"
        "  indicators.csv             27\n"
        "  claims.csv                 39\n"
        "  relations.csv              17\n"
        "  agreements.csv              8\n"
        "  official.csv                1\n"
        "  known_disagreements.csv     5\n"
        "by source:\n"
        "  S1                          9 claims     6 listed items\n"
        "  S2                          7 claims     2 listed items\n"
        "  S3                         23 claims     0 listed items"
    )


def test_every_row_of_the_invented_ledger_is_proved():
    *_, head, first, second, third, last = check.check(LEDGER, TEXTS).splitlines()
    assert head == "by text, against the texts in tests/ledger/texts:"
    assert [first, second, third] == [
        "  S1: 15 of 15 rows proved",
        "  S2: 9 of 9 rows proved",
        "  S3: 23 of 23 rows proved",
    ]
    assert last == "47 of 47 rows proved: 39 claims and 8 listed items, against 3 texts in tests/ledger/texts"


def test_the_exit_code_is_2_if_the_ledger_has_a_problem(tmp_path, capsys):
    folder = copied(tmp_path)
    assert check.main(folder, folder / "texts") == 0
    assert "47 of 47 rows proved" in capsys.readouterr().out
    plant(folder, "claims.csv", "more_than,,1901-04-02", "more then,,1901-04-02")
    assert check.main(folder, folder / "texts") == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(f"{folder}/claims.csv: 1 problem\n  row 5 (c004), hedge: 'more then'; did you mean")


def unproved(folder: Path) -> list[str]:
    """Return the problems of a proof, a line each, and check that they are counted."""
    with pytest.raises(LedgerError) as caught:
        check.check(folder, folder / "texts")
    lines = str(caught.value).replace(f"{folder}/", "").splitlines()
    (count,) = [line for line in lines if line.endswith(" of 47 rows proved")]
    return [line.strip() for line in lines if line.startswith("  ")] + [count]


FAULTS = [  # file, old text, new text, the message, how many rows are still proved
    (
        "claims.csv",
        "c004,S1,4,",
        "c004,S1,5,",
        "row 5 (c004), printed: 'more than 40 hives' is not on line 5 of S1; it is on line 4",
        46,
    ),
    (
        "claims.csv",
        "more than 40 hives",
        "more than 50 hives",
        "row 5 (c004), printed: 'more than 50 hives' is not on line 4 of S1; "
        "copy it from the text, whole words and numbers only",
        46,
    ),
    (
        "claims.csv",
        '"1,300 pounds"',
        "300 pounds",
        "row 14 (c013), printed: '300 pounds' is not on line 4 of S2; "
        "copy it from the text, whole words and numbers only",
        46,
    ),
    (
        "claims.csv",
        "hive_count,60,1,",
        "hive_count,6,1,",
        "row 10 (c009), value: '6' cannot be read in 'up to 60 hives'; "
        "fix value or multiplier, or include the words that print it",
        46,
    ),
    (
        "claims.csv",
        "honey_harvest,0.9,1000,",
        "honey_harvest,0.9,1000000,",
        "row 9 (c008), value: '0.9' times 1000000 cannot be read in '0.9 thousand pounds'; "
        "fix value or multiplier, or include the words that print it",
        46,
    ),
    (
        "claims.csv",
        "honey_harvest,4100,1,",
        "honey_harvest,4100,1000,",
        "row 3 (c002), value: '4100' times 1000 cannot be read in '4,100 pounds'; "
        "fix value or multiplier, or include the words that print it",
        46,
    ),
    (
        "claims.csv",
        "honey_harvest_multiple,2,1,",
        "honey_harvest_multiple,3,1,",
        "row 7 (c006), value: '3' cannot be read in 'has doubled'; "
        "fix value or multiplier, or include the words that print it",
        46,
    ),
    (
        "claims.csv",
        "c015,S2,5,",
        "c015,S2,50,",
        "row 16 (c015), line: '50' is past the end of S2, which has 6 lines; fix the line",
        46,
    ),
    (
        "agreements.csv",
        "a003,S1,6,S1.sold,closed,under_way,candles",
        "a003,S1,6,S1.sold,closed,under_way,bread and the like",
        "row 4 (a003), item: 'bread and the like' has no word that is on line 6 of S1; "
        "use a word of the text, and count lines from 1",
        46,
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "message", "proved"), FAULTS, ids=[case[3][:50] for case in FAULTS])
def test_a_row_that_its_line_does_not_prove_is_a_problem(tmp_path, file, old, new, message, proved):
    folder = copied(tmp_path)
    plant(folder, file, old, new)
    assert unproved(folder) == [message, f"{proved} of 47 rows proved"]


def test_another_text_proves_none_of_its_rows(tmp_path):
    folder = copied(tmp_path)
    (folder / "texts" / "lower.txt").write_text("Another letter\n", encoding="utf-8")
    message, count = unproved(folder)
    assert message.startswith("row 3 (S2), sha256: ")
    assert "is not the hash of texts/lower.txt" in message
    assert "so 9 rows are not proved; find the text the ledger was made from" in message
    assert count == "38 of 47 rows proved"


def test_a_missing_text_is_listed_with_all_other_problems(tmp_path):
    folder = copied(tmp_path)
    (folder / "texts" / "lower.txt").unlink()
    plant(folder, "claims.csv", "c004,S1,4,", "c004,S1,5,")
    missing, moved, count = unproved(folder)
    assert (
        missing
        == f"row 3 (S2), file: 'lower.txt' is not in {folder}/texts, so 9 rows are not proved; add the text".replace(
            f"{folder}/", ""
        )
    )
    assert moved.startswith("row 5 (c004), printed:")
    assert count == "37 of 47 rows proved"


def test_a_folder_without_texts_proves_nothing(tmp_path):
    with pytest.raises(LedgerError, match="is missing or not a folder; give --sources the folder of the texts"):
        check.check(LEDGER, tmp_path / "nowhere")


def test_a_proof_of_no_rows_is_a_failure():
    nothing = dataclasses.replace(load_ledger(LEDGER), claims={}, agreements={})
    proof = check.prove(nothing, TEXTS, LEDGER)
    assert len(proof.read) == 3
    assert proof.total == "0 of 0 rows proved"
    assert [str(problem) for problem in proof.problems] == ["has no row to prove; give the folder of a ledger"]


def with_one_text(tmp_path: Path) -> Path:
    """Return a copy of the ledger of which only the second text is at hand."""
    folder = copied(tmp_path)
    for name in ("upper.txt", "keeper.txt"):
        (folder / "texts" / name).unlink()
    return folder


def test_missing_texts_do_not_hide_what_the_others_prove(tmp_path, capsys):
    folder = with_one_text(tmp_path)
    assert check.main(folder, folder / "texts") == 2
    printed = capsys.readouterr()
    assert "  claims.csv                 39\n" in printed.out
    assert printed.out.endswith(
        "  S1: 0 of 15 rows proved\n  S2: 9 of 9 rows proved\n  S3: 0 of 23 rows proved\n",
    )
    assert printed.err.endswith(
        "\n9 of 47 rows proved\n"
        'to check only the texts that are in the folder, add --text S2 (with make: ARGS="--text S2")\n'
    )


def test_a_text_can_be_checked_without_the_others(tmp_path, capsys):
    folder = with_one_text(tmp_path)
    assert check.main(folder, folder / "texts", ["S2"]) == 0
    head, only, last = capsys.readouterr().out.splitlines()[-3:]
    assert head.startswith("by text, ")
    assert only == "  S2: 9 of 9 rows proved"
    assert last.startswith("9 of 9 rows proved: 7 claims and 2 listed items, against 1 text in ")
    assert last.endswith("; 2 other texts not checked")
    plant(folder, "claims.csv", "c004,S1,4,", "c004,S1,5,")
    assert check.main(folder, folder / "texts", ["S2"]) == 0
    plant(folder, "claims.csv", "c015,S2,5,", "c015,S2,50,")
    assert check.main(folder, folder / "texts", ["S2"]) == 2
    assert "row 16 (c015), line: '50' is past the end of S2" in capsys.readouterr().err


def test_a_named_text_that_is_missing_is_a_problem(tmp_path, capsys):
    folder = with_one_text(tmp_path)
    assert check.main(folder, folder / "texts", ["S2", "S3"]) == 2
    printed = capsys.readouterr()
    assert printed.out.endswith("  S2: 9 of 9 rows proved\n  S3: 0 of 23 rows proved\n")
    assert "so 23 rows are not proved; add the text" in printed.err
    assert "(S1)" not in printed.err


def test_only_a_text_of_the_ledger_can_be_named():
    with pytest.raises(WrongInput, match=r"^--text S9: is not in tests/ledger/sources.csv, which has S1, S2, S3$"):
        check.check(LEDGER, TEXTS, ["S9"])
    command = [sys.executable, "-m", "report", "check", "--data", str(LEDGER), "--text", "S1"]
    ran = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert ran.returncode == 2
    assert ran.stderr.endswith("so it needs --sources with the folder that has it\n")


def test_the_check_imports_no_pandas():
    code = (
        "import sys, pathlib; from report.proof import check; "
        "check.main(pathlib.Path(sys.argv[1]), None); print('pandas' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code, str(LEDGER)], cwd=REPOSITORY, capture_output=True, text=True)
    assert ran.stderr == ""
    assert ran.stdout.endswith("\nFalse\n")


def test_a_value_that_is_not_printed_is_reported_without_the_texts(tmp_path):
    folder = copied(tmp_path)
    claims = folder / "claims.csv"
    rows = claims.read_text(encoding="utf-8").splitlines(keepends=True)
    number, row = next((i, row) for i, row in enumerate(rows) if ",0.9," in row and "0.9 thousand" in row)
    claims.write_text("".join([*rows[:number], row.replace(",0.9,", ",0.8,"), *rows[number + 1 :]]), encoding="utf-8")
    with pytest.raises(LedgerError, match=r"value: '0.8' cannot be read in what is printed, '0.9 thousand pounds'"):
        check.check(folder)


def test_a_reader_who_stops_reading_gets_no_traceback():
    command = f'"{sys.executable}" -m report check --data "{LEDGER}" | head -c 1'
    ran = subprocess.run(command, shell=True, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert ran.stderr.count("\n") <= 1 and "Traceback" not in ran.stderr  # text that was lost is said in a sentence
