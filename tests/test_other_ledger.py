"""The notebooks take an invented ledger of another subject, in other units, with no change of code."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from invented import LEDGER

from report.proof import chain

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = ("10_the_ledger", "30_source_discrepancies", "40_sector_shares")


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    """Return the folder of a report on bee-keeping, made by the notebooks whose sentences name no figure."""
    folder = tmp_path_factory.mktemp("bees")
    only = [part for name in NOTEBOOKS for part in ("--only", name)]
    command = [sys.executable, "-m", "report", "--quiet", "--data", str(LEDGER), "--output", str(folder), *only]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return folder


@pytest.mark.slow
def test_the_notebooks_speak_of_the_other_ledger_only(built):
    told = (built / "report.html").read_text(encoding="utf-8")
    assert "Honey harvest" in told
    assert not any(word in told for word in ("Kazakhstan", "pipeline", "Lianyungang"))


@pytest.mark.slow
def test_every_number_on_its_pages_leads_to_its_evidence(built):
    tally = chain.of_file(built / "report.html")
    assert not tally.unresolved
    assert sum(tally.resolved.values()) > 500


@pytest.mark.slow
def test_its_verdicts_are_those_of_its_own_figures(built):
    found = {one["id"]: one for one in json.loads((built / "findings.json").read_text())["findings"]}
    claims = (LEDGER / "claims.csv").read_text(encoding="utf-8").splitlines()
    assert found["claims_total"]["value"] == len(claims) - 1
    assert found["groups_inconsistent"]["value"] >= 1
    assert found["relations_judged"]["value"] >= 2
