"""The check of a ledger, alone and against its texts."""

import dataclasses
import doctest
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest
from claims.ledger.loading import load_ledger
from claims.ledger.model import LedgerError
from invented import LEDGER, TEXTS, copied, plant

from report.proof import check, number_words
from report.proof.number_words import is_superlative, readings

REPOSITORY = Path(__file__).parents[3]


def test_the_examples_in_the_docstrings_hold():
    for module in (check, number_words):
        failed, attempted = doctest.testmod(module)
        assert attempted > 0
        assert failed == 0


def test_the_check_counts_rows_by_file_and_claims_by_source():
    assert check.check(LEDGER) == (
        "tests/ledger: valid, 99 rows in 8 files\n"
        "  sources.csv                 3\n"
        "  sectors.csv                 3\n"
        "  indicators.csv             27\n"
        "  claims.csv                 39\n"
        "  relations.csv              17\n"
        "  agreements.csv              8\n"
        "  official.csv                1\n"
        "  known_disagreements.csv     1\n"
        "by source:\n"
        "  S1                          9 claims     6 listed items\n"
        "  S2                          7 claims     2 listed items\n"
        "  S3                         23 claims     0 listed items"
    )


def test_every_row_of_the_invented_ledger_is_proved():
    last = check.check(LEDGER, TEXTS).splitlines()[-1]
    assert last == "47 of 47 rows proved: 39 claims and 8 listed items, against 3 texts in tests/ledger/texts"


def test_the_program_says_by_its_exit_code_whether_all_is_well(tmp_path, capsys):
    folder = copied(tmp_path)
    assert check.main(folder, folder / "texts") == 0
    assert "47 of 47 rows proved" in capsys.readouterr().out
    plant(folder, "claims.csv", "more_than,,1901-04-02", "more then,,1901-04-02")
    assert check.main(folder, folder / "texts") == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith(f"{folder}/claims.csv: 1 problem\n  row 5 (c004), hedge: 'more then'; did you mean")


def unproved(folder: Path) -> list[str]:
    """Return the problems of a proof, a line each, and check that they are counted."""
    with pytest.raises(LedgerError) as caught:
        check.check(folder, folder / "texts")
    *lines, count = str(caught.value).replace(f"{folder}/", "").splitlines()
    assert count.endswith(" of 47 rows proved")
    return [line.strip() for line in lines if line.startswith("  ")] + [count]


FAULTS = [  # file, what stands there, what is planted, what is said, how many rows are still proved
    (
        "claims.csv",
        "c004,S1,4,",
        "c004,S1,5,",
        "row 5 (c004), printed: 'more than 40 hives' does not stand on line 5 of S1; it stands on line 4",
        46,
    ),
    (
        "claims.csv",
        "more than 40 hives",
        "more than 50 hives",
        "row 5 (c004), printed: 'more than 50 hives' does not stand on line 4 of S1; "
        "copy it from the text, whole words and numbers only",
        46,
    ),
    (
        "claims.csv",
        '"1,300 pounds"',
        "300 pounds",
        "row 14 (c013), printed: '300 pounds' does not stand on line 4 of S2; "
        "copy it from the text, whole words and numbers only",
        46,
    ),
    (
        "claims.csv",
        "hive_count,60,1,",
        "hive_count,6,1,",
        "row 10 (c009), value: '6' cannot be read in 'up to 60 hives'; "
        "fix value or multiplier, or take in the words that say it",
        46,
    ),
    (
        "claims.csv",
        "honey_harvest,0.9,1000,",
        "honey_harvest,0.9,1000000,",
        "row 9 (c008), value: '0.9' times 1000000 cannot be read in '0.9 thousand pounds'; "
        "fix value or multiplier, or take in the words that say it",
        46,
    ),
    (
        "claims.csv",
        "honey_harvest,4100,1,",
        "honey_harvest,4100,1000,",
        "row 3 (c002), value: '4100' times 1000 cannot be read in '4,100 pounds'; "
        "fix value or multiplier, or take in the words that say it",
        46,
    ),
    (
        "claims.csv",
        "honey_harvest_multiple,2,1,",
        "honey_harvest_multiple,3,1,",
        "row 7 (c006), value: '3' cannot be read in 'has doubled'; "
        "fix value or multiplier, or take in the words that say it",
        46,
    ),
    (
        "claims.csv",
        "c015,S2,5,",
        "c015,S2,50,",
        "row 16 (c015), line: '50' is past the end of S2, which has 6 lines; mend the line",
        46,
    ),
    (
        "agreements.csv",
        "a003,S1,6,S1.sold,closed,candles",
        "a003,S1,6,S1.sold,closed,bread and the like",
        "row 4 (a003), item: 'bread and the like' has no word that stands on line 6 of S1; "
        "use a word of the text, and count lines from 1",
        46,
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "said", "proved"), FAULTS, ids=[case[3][:50] for case in FAULTS])
def test_a_row_that_its_line_does_not_bear_out_is_told(tmp_path, file, old, new, said, proved):
    folder = copied(tmp_path)
    plant(folder, file, old, new)
    assert unproved(folder) == [said, f"{proved} of 47 rows proved"]


def test_another_text_proves_none_of_its_rows(tmp_path):
    folder = copied(tmp_path)
    (folder / "texts" / "lower.txt").write_text("Another letter\n", encoding="utf-8")
    said, count = unproved(folder)
    assert said.startswith("row 3 (S2), sha256: ")
    assert "is not the hash of texts/lower.txt" in said
    assert "so 9 rows are not proved; find the text the ledger was made from" in said
    assert count == "38 of 47 rows proved"


def test_a_missing_text_is_told_beside_every_other_problem(tmp_path):
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
    with pytest.raises(LedgerError, match="is missing or no folder; give --sources the folder of the texts"):
        check.check(LEDGER, tmp_path / "nowhere")


def test_a_proof_of_no_rows_is_a_failure():
    nothing = dataclasses.replace(load_ledger(LEDGER), claims={}, agreements={})
    proof = check.prove(nothing, TEXTS, LEDGER)
    assert proof.rows == proof.proved == 0
    assert [str(problem) for problem in proof.problems] == ["holds no row to prove; give the folder of a ledger"]


@pytest.mark.parametrize(
    ("printed", "line", "stands"),
    [
        ("2", "in 2024", False),
        ("2", "2.5 times", False),
        ("2", "1,2 or 2,400", False),
        ("2", "on 2–4 July", False),
        ("2", "the 2nd time", False),
        ("third", "nearly one-third", False),
        ("China", "China’s share", False),
        ("41 billion", "US$41 billion.", True),
        ("$41 billion", "reaching US$41 billion,", True),
        ("28.3%", "one-third (28.3%) of it", True),
        ("“golden thirty years”", 'the "golden thirty years" of', True),
        ("golden thirty years", "the ‘golden thirty years’.", True),
        ("15-16 Sept.", "on  15–16 Sept. in 2022", True),
        ("500,000 twenty-foot", "over 500,000\u00a0twenty-foot units", True),
        ("a record", "$41 billion—a record", True),
        ("41 Billion", "41 billion", False),
    ],
)
def test_a_figure_stands_on_a_line_as_whole_tokens(printed, line, stands):
    assert check.stands_in(printed, line) is stands


@pytest.mark.parametrize(
    ("printed", "numbers"),
    [
        ("$41 billion", [41 * 10**9]),
        ("750,000 tons", [750000]),
        ("1.8 to 2.5 bn", [Fraction("1.8"), Fraction("2.5") * 10**9]),
        ("the 24th Meeting", [24]),
        ("100-fold", [100]),
        ("100-megawatt", [100]),
        ("fivefold", [5]),
        ("doubled", [2]),
        ("trebling, then halved", [3, Fraction(1, 2)]),
        ("nearly one-third", [Fraction(1, 3)]),
        ("two-thirds", [Fraction(2, 3)]),
        ("three quarters", [Fraction(3, 4)]),
        ("a quarter", [Fraction(1, 4)]),
        ("half of it", [Fraction(1, 2)]),
        ("1/3", [Fraction(1, 3)]),
        ("dozens of documents", [24]),
        ("a dozen", [12]),
        ("past three decades", [30]),
        ("golden thirty years", [30]),
        ("thirty-two years", [32]),
        ("three hundred and five", [305]),
        ("two thousand and twenty-four", [2024]),
        ("two and a half times", [Fraction(5, 2)]),
        ("fifth visit", [5]),
        ("his second within two years", [2, 2]),
        ("twentieth", [20]),
        ("first, third and twelfth", [1, 3, 12]),
        ("quadrupled", [4]),
        ("two halves", [1]),
        ("a third", [3, Fraction(1, 3)]),
        ("eighth, ninth, sixtieth", [8, 9, 60]),
        ("three million", [3 * 10**6]),
        ("twelve thousand five hundred", [12500]),
        ("no figure at all", []),
    ],
)
def test_numbers_are_read_in_digits_and_in_words(printed, numbers):
    assert readings(printed) == set(map(Fraction, numbers))


def test_words_for_large_numbers_multiply_by_what_they_mean():
    large = {"2 thousand": "2000", "2 million": "2000000", "2 mn": "2000000", "2 mln": "2000000"}
    larger = {"2 billion": "2000000000", "2 bn": "2000000000", "2 bln": "2000000000"}
    largest = {"2 trillion": "2000000000000", "2 tn": "2000000000000"}
    for printed, number in (large | larger | largest).items():
        assert readings(printed) == {int(number)}, printed
    assert number_words.scales("40 kt, 28 Mt, 3 mcm, 480 bcm, 2 tcm") == {1000, 1000000, 1000000000, 1000000000000}
    assert readings("two dozen") == {24}
    assert readings("a century, or four score") == {100, 80}
    assert readings("two centuries") == {200}


def test_every_cardinal_below_a_thousand_is_read_as_itself():
    assert [number for number in range(1000) if readings(in_words(number)) != {Fraction(number)}] == []


def in_words(number: int) -> str:
    """Write a number below 1,000 in words, as a reader would."""
    if number >= 100:
        rest = f" and {in_words(number % 100)}" if number % 100 else ""
        return f"{number_words.UNDER_TWENTY[number // 100]} hundred{rest}"
    if number < 20:
        return number_words.UNDER_TWENTY[number]
    tens = {value: word for word, value in number_words.TENS.items()}[number - number % 10]
    return f"{tens}-{number_words.UNDER_TWENTY[number % 10]}" if number % 10 else tens


@pytest.mark.parametrize(
    ("printed", "is_one"),
    [
        ("largest trading partner", True),
        ("a record", True),
        ("historic high", True),
        ("leading position", True),
        ("most sustainable pathway", True),
        ("of interest to the west", False),
        ("highly placed", False),
        ("a harvest", False),
    ],
)
def test_a_superlative_is_a_first_rank(printed, is_one):
    assert is_superlative(printed) is is_one


@pytest.mark.parametrize(
    ("changes", "line", "proved"),
    [
        ({"unit": "calendar_year", "printed": "next year", "value": Fraction(1902)}, "next year", True),
        ({"unit": "calendar_year", "printed": "next year", "value": Fraction(1901)}, "next year", False),
        ({"printed": "1.2", "value": Fraction("1.2"), "multiplier": Fraction(10**9)}, "from 1.2 to 1.8 billion", True),
        ({"printed": "1.2", "value": Fraction("1.2"), "multiplier": Fraction(10**9)}, "from 1.2 to 1.8 million", False),
        ({"printed": "fell 5 percent", "value": Fraction(-5)}, "fell 5 percent", True),
    ],
)
def test_a_value_is_read_with_what_it_hangs_on(changes, line, proved):
    claim = dataclasses.replace(load_ledger(LEDGER).claim("c002"), text="", **changes)
    assert check.says(claim, "level", 1901, line) is proved


def test_the_check_imports_no_pandas():
    code = (
        "import sys, pathlib; from report.proof import check; "
        "check.main(pathlib.Path(sys.argv[1]), None); print('pandas' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code, str(LEDGER)], cwd=REPOSITORY, capture_output=True, text=True)
    assert ran.stderr == ""
    assert ran.stdout.endswith("\nFalse\n")


def test_a_value_that_is_not_the_one_printed_is_found_without_the_texts(tmp_path):
    folder = copied(tmp_path)
    claims = folder / "claims.csv"
    rows = claims.read_text(encoding="utf-8").splitlines(keepends=True)
    number, row = next((i, row) for i, row in enumerate(rows) if ",0.9," in row and "0.9 thousand" in row)
    claims.write_text("".join([*rows[:number], row.replace(",0.9,", ",0.8,"), *rows[number + 1 :]]), encoding="utf-8")
    with pytest.raises(LedgerError, match=r"value: '0.8' cannot be read in what is printed, '0.9 thousand pounds'"):
        check.check(folder)


def test_a_reader_who_stops_reading_is_no_error():
    command = f'"{sys.executable}" -m report check --data "{LEDGER}" | head -c 1'
    ran = subprocess.run(command, shell=True, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert ran.stderr == ""
