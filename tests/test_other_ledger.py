"""The generic notebooks take an invented ledger of another subject, in other units, with no change of code."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from invented import LEDGER
from lxml import html

from report.proof import chain
from report.runs import selection

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = (
    "00_overview",
    "10_the_ledger",
    "20_growth_rates",
    "30_source_discrepancies",
    "40_sector_shares",
    "60_robustness",
    "90_method",
)
OURS = ("Kazakh", "Chinese", "pipeline", "Lianyungang", "Astana", "Xinjiang")
REFERENCES = "ref-"  # works on trade statistics, which the method cites whatever the ledger


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> tuple[Path, str]:
    """Return the folder of a report on bee-keeping, and what its build printed."""
    folder = tmp_path_factory.mktemp("bees")
    command = [sys.executable, "-m", "report", "--data", str(LEDGER), "--output", str(folder)]
    ended = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return folder, ended.stdout


def test_only_what_declares_our_subject_is_left_out():
    assert tuple(one.name for one in selection.fitting(selection.read_all(ROOT / "notebooks"), "")) == NOTEBOOKS


@pytest.mark.slow
def test_every_generic_notebook_is_built_and_the_rest_is_counted(built):
    folder, printed = built
    assert tuple(path.stem for path in sorted((folder / "notebooks").glob("[0-9][0-9]_*.ipynb"))) == NOTEBOOKS
    assert "notebooks: 50_official_figures, 55_other_figures; cells: " in printed


@pytest.mark.slow
def test_the_report_names_the_other_ledger_only(built):
    page = html.fromstring((built[0] / "report.html").read_bytes())
    for element in page.xpath(f"//tr[descendant-or-self::*[starts-with(@id, '{REFERENCES}')]]|//script|//style"):
        element.drop_tree()
    words = page.text_content()
    assert "Honey harvest" in words
    assert [word for word in OURS if word in words] == []


@pytest.mark.slow
def test_every_number_on_its_pages_leads_to_its_evidence(built):
    tally = chain.check_file(built[0] / "report.html")
    assert not tally.unresolved
    assert sum(tally.resolved.values()) > 3000


@pytest.mark.slow
def test_its_texts_are_drawn_in_colours_of_their_own(built):
    drawn = (built[0] / "figures" / "discrepancies.svg").read_text(encoding="utf-8")
    assert all(colour in drawn for colour in ("#0072b2", "#d55e00"))  # blue and vermilion, for S1 and S2


@pytest.mark.slow
def test_its_verdicts_are_those_of_its_own_figures(built):
    found = {one["id"]: one for one in json.loads((built[0] / "findings.json").read_text())["findings"]}
    claims = (LEDGER / "claims.csv").read_text(encoding="utf-8").splitlines()
    assert found["claims_total"]["value"] == len(claims) - 1
    assert found["groups_inconsistent"]["value"] >= 1
    assert found["relations_judged"]["value"] >= 2
