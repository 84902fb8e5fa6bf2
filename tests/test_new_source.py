"""A sixth text is rows in the CSV files and no code: it reaches every sentence, table and figure, through the gate."""

import json
import re
import shutil
from pathlib import Path

import pytest
from claims.judging import judge_ledger
from claims.ledger.loading import load_ledger
from first_texts import first_texts

from report.command import build
from report.stops import Refuted, Unpinned

ROWS = {
    "sources.csv": [f"S6,invented,invented text,An invented text,,,2024-07-05,stated,news,005.txt,{'0' * 64},"],
    "claims.csv": [
        "c901,S6,3,$43.2 billion,trade_turnover,43.2,1000000000,USD,0.1,default,,none,"
        "2023-01-01,2023-12-31,year,stated,,,",
        "c902,S6,4,12 percent,trade_turnover_growth,12,1,percent,1,default,,none,2024-01-01,2024-12-31,year,stated,,,",
    ],
    "relations.csv": [
        "r901,growth_of,growth=c902; last=c094; first=c901,previous_year,An invented growth with both levels"
    ],
    "agreements.csv": [
        "a901,S6,5,S6.fields,closed,talk,solar panels,energy,,,",
        "a902,S6,5,S6.fields,closed,talk,wheat,agriculture,,,",
    ],
}


@pytest.fixture
def data(tmp_path) -> Path:
    folder = Path(shutil.copytree(first_texts(), tmp_path / "data"))
    for name, rows in ROWS.items():
        with (folder / name).open("a", encoding="utf-8") as file:
            file.writelines(f"{row}\n" for row in rows)
    return folder


def counts_before() -> dict[str, int]:
    """Return what the first texts come to, counted row by row."""
    ledger = load_ledger(first_texts())
    groups = [verdict for verdict in judge_ledger(ledger).groups if verdict.independent > 1]
    return {
        "sources_total": len(ledger.sources),
        "claims_total": len(ledger.claims),
        "listed_items": sum(not (item.repeats or item.within) for item in ledger.agreements.values()),
        "groups_inconsistent": sum(verdict.word == "inconsistent" for verdict in groups),
    }


def findings_in(output: Path) -> dict[str, dict]:
    found = json.loads((output / "findings.json").read_text(encoding="utf-8"))["findings"]
    return {finding["id"]: finding for finding in found}


@pytest.mark.slow
def test_a_sixth_text_needs_no_code_and_its_disagreement_an_explanation(data, tmp_path, without_exporters):
    before = counts_before()
    output = tmp_path / "out"
    with pytest.raises(Unpinned) as refused:  # its pages are those of the build below, but for the explanation
        build.build(build.Request(quiet=True, data=data, output=output))
    found = findings_in(output)
    rows = re.findall(r"^  (\S+),,,(\S+)$", str(refused.value), re.M)
    assert refused.value.exit_code == 3
    assert [row.split(",")[:2] for row, _ in rows] == [
        ["r901", "inconsistent"],
        ["trade_turnover:2023", "inconsistent"],
    ]
    for name, more in {"sources_total": 1, "claims_total": 2, "listed_items": 2, "groups_inconsistent": 1}.items():
        assert found[name]["value"] == before[name] + more
    assert (
        found["growth_trade_turnover_2023_2024"]["inputs"]["first"] == "c901"
    )  # the narrowest claim stands for its year
    assert found["growth_c901_c094"]["text"] == "2%"  # 100 × (44 ÷ 43.2 − 1) = 1.85, known to ±1.3
    with (data / "known_disagreements.csv").open("a", encoding="utf-8") as file:
        file.writelines(f"{row},authority,Invented for a test,{day}\n" for row, day in rows)
    with pytest.raises(Refuted, match="All figures printed for trade in 2023 can be the same amount") as refuted:
        build.build(build.Request(quiet=True, data=data, output=output))
    assert refuted.value.exit_code == 3  # until the sentences are rewritten: the headline does not hold any more
