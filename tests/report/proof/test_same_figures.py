"""`check` lists rows of relations.csv about the same figures, and what fills a role that a row leaves out."""

from pathlib import Path

import pytest
from claims.ledger.loading import load_ledger
from claims.ledger.model import LedgerError
from invented import LEDGER, copied, plant

from report.proof import check
from report.proof.same_figures import notes_on_relations


def with_row(tmp_path: Path, row: str) -> Path:
    """Return a copy of the invented ledger with another relation."""
    folder = copied(tmp_path)
    with (folder / "relations.csv").open("a", encoding="utf-8", newline="\n") as file:
        file.write(f"{row}\n")
    return folder


def test_both_rows_about_the_same_figures_are_named(tmp_path, capsys):
    folder = with_row(tmp_path, "r18,growth_of,growth=c001; last=c002,same,Growth and level in one line")
    for texts in (None, folder / "texts"):
        assert check.main(folder, texts) == 2
        printed = capsys.readouterr()
        assert printed.err.replace(f"{folder}/", "").startswith(
            "relations.csv: 1 problem\n  row 19 (r18), operands: 'growth=c001; last=c002' are the same figures in the "
            "same roles as in row 2 (r01); r18 leaves out first, which is filled with c005 of S1; "
            "delete one of the two rows\n"
        )
        assert "  relations.csv              18\n" in printed.out
        assert "valid" not in printed.out
    assert "47 of 47 rows proved" in printed.err


def test_the_row_is_that_of_the_file_whatever_is_between(tmp_path):
    folder = with_row(
        tmp_path, "r18,part_of,part=o001; total=c010,same,A page\nr19,at_most,smaller=c020; larger=c017,previous_year,x"
    )
    with pytest.raises(LedgerError, match=r"row 20 \(r19\).* as in row 8 \(r07\)"):
        check.check(folder)


def test_what_fills_a_role_that_a_row_leaves_out_is_reported(tmp_path):
    folder = copied(tmp_path)
    plant(folder, "relations.csv", "growth=c001; last=c002; first=c005,previous_year", "growth=c001; last=c002,same")
    note = "relations.csv: r01 leaves out first, which is filled with c005 of S1"
    assert note in check.check(folder).replace(f"{folder}/", "").splitlines()
    assert "leaves out" not in check.check(LEDGER)


def test_a_build_notes_what_it_does_not_count(tmp_path):
    folder = with_row(tmp_path, "r18,growth_of,growth=c001; last=c002,same,x")
    notes = [note.replace(f"{folder}/", "") for note in notes_on_relations(load_ledger(folder), folder)]
    assert notes == [
        "relations.csv: r18 leaves out first, which is filled with c005 of S1",
        "relations.csv: r18 is about the same figures as r01, and is not counted",
    ]
