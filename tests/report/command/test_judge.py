"""The command that judges ledgers too large for a report: its counts, its table, and what it refuses."""

from __future__ import annotations

import polars as pl
import pytest
from claims.judging.judge import judge_ledger as judge_by_rows
from claims.ledger.loading import load_ledger
from invented import LEDGER, copied, plant

from report.command import cli
from report.command.judge import judge_ledger, write_verdicts
from report.proof import check
from report.stops import WrongInput


def test_it_counts_the_verdicts_of_the_report():
    judged, text = judge_by_rows(load_ledger(LEDGER)), judge_ledger(LEDGER)
    assert f"quantities stated more than once: {len(judged.groups)}" in text
    assert f"relations between claims: {len(judged.relations)}" in text
    assert len(judged.groups) >= 3


@pytest.mark.parametrize("name", ["verdicts.csv", "verdicts.parquet"])
def test_the_table_has_every_verdict(name, tmp_path):
    judge_ledger(LEDGER, tmp_path / name)
    read = pl.read_csv if name.endswith("csv") else pl.read_parquet
    found = dict(read(tmp_path / name).select("id", "verdict").iter_rows())
    judged = judge_by_rows(load_ledger(LEDGER))
    assert found == {verdict.id: verdict.word for verdict in (*judged.groups, *judged.relations)}
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_no_file_of_somebody_is_written_over(tmp_path):
    own = tmp_path / "mine.csv"
    own.write_text("mine", encoding="utf-8")
    with pytest.raises(WrongInput, match=r"mine\.csv exists already, and is not overwritten"):
        judge_ledger(LEDGER, own)
    assert own.read_text(encoding="utf-8") == "mine"


def test_a_spreadsheet_runs_no_cell_of_the_table(tmp_path):
    table = pl.DataFrame({"id": ["=1+1", "@x", "plain"], "low": ["-1.5", "+x", ""], "low_closed": [True, None, False]})
    write_verdicts(table, tmp_path / "verdicts.csv")
    lines = (tmp_path / "verdicts.csv").read_text(encoding="utf-8").splitlines()
    assert lines == ["id,low,low_closed", "'=1+1,-1.5,true", "'@x,'+x,", "plain,,false"]


@pytest.mark.parametrize("name", ["verdicts.xlsx", "none/verdicts.csv"])
def test_an_output_that_cannot_be_is_refused_first(name, tmp_path):
    with pytest.raises(WrongInput, match=r"name it verdicts\.parquet|make it first"):
        judge_ledger(tmp_path / "no ledger", tmp_path / name)


def test_a_faulty_ledger_is_refused_with_its_rows(tmp_path, capsys):
    folder = copied(tmp_path)
    plant(folder, "claims.csv", "c001,S1,", "c001,S1,-")
    assert cli.main(["judge", "--data", str(folder)]) == 2
    assert "row 2 (c001), line: '-" in capsys.readouterr().err


def test_a_large_ledger_is_checked_as_columns(tmp_path, monkeypatch):
    monkeypatch.setattr(check, "LARGE", 100)
    monkeypatch.setattr(check, "load_readable_ledger", lambda _: pytest.fail("read row by row"))
    assert f"claims    {len(load_ledger(LEDGER).claims):>11}".replace(" ", "") in check.check(LEDGER).replace(" ", "")
