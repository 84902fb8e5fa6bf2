"""One printed figure changed in claims.csv changes everything that depends on it, and nothing else."""

import json
import re
import shutil
from fractions import Fraction
from pathlib import Path

import pytest
from changed_figures import Change, Report
from claims.ledger.loading import load_ledger
from claims.ledger.numbers import digits12
from conftest import leave_out_exporters, share_kernels

from report import expressions
from report.command import build

ROOT = Path(__file__).resolve().parents[1]
CLAIM, PRINTED, CHANGED = (
    "c070",
    "$1.81 billion,china_investment_inflow,1.81,",
    "$1.82 billion,china_investment_inflow,1.82,",
)
LINK = re.compile(r"\[((?:[^\]\\]|\\.)*)\]\(#([^)]+)\)")
PREFIX = "application/vnd.ledger."


class Built:
    """What a build left: findings and verdicts by id, every sentence, table row and figure by its place."""

    def __init__(self, folder: Path):
        self.findings = {one["id"]: one for one in json.loads((folder / "findings.json").read_text())["findings"]}
        self.verdicts, self.sentences, self.rows, self.figures = {}, {}, {}, {}
        for path in sorted((folder / "notebooks").glob("[0-9][0-9]_*.ipynb")):
            for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
                for number, line in enumerate("".join(cell["source"]).splitlines()):
                    if cell["cell_type"] == "markdown" and expressions.expressions(line):
                        filled = expressions.fill(line, expressions.results_of(cell))
                        self.sentences[(path.stem, cell["id"], number)] = filled
                for place, output in enumerate(cell.get("outputs", ())):
                    self._take((path.stem, cell["id"], place), output.get("data", {}))
        self.drawn = {path.name: path.read_bytes() for path in sorted((folder / "figures").glob("*"))}

    def _take(self, place, data):
        self.verdicts |= {one["id"]: one for one in data.get(f"{PREFIX}verdicts+json", {}).get("verdicts", ())}
        if "text/markdown" in data:
            self.sentences[place] = "".join(data["text/markdown"])
        for kind in ("table", "figure"):
            shown = data.get(f"{PREFIX}{kind}+json")
            if shown:
                self.sentences[(*place, kind)] = shown["title"] + shown["caption"]
                for row in shown["rows"]:  # known by its first link, so that another row before it does not matter
                    name = (re.findall(r'"href": "([^"]+)"', json.dumps(row)) or [json.dumps(row[0])])[0]
                    alike = sum(key[:-1] == (*place, name) for key in self.rows)
                    self.rows[(*place, name, alike)] = row
        if f"{PREFIX}figure+json" in data:
            self.figures[data[f"{PREFIX}figure+json"]["name"]] = data[f"{PREFIX}figure+json"]["rows"]


@pytest.fixture(scope="module")
def runs(tmp_path_factory, parent, fonts) -> tuple[Built, Built]:
    """Return the build of the ledger as it is, and of one in which a single figure is another; both without pages."""
    made = []
    for name, old, new in (("before", PRINTED, PRINTED), ("after", PRINTED, CHANGED)):
        folder = tmp_path_factory.mktemp(name)
        data = Path(shutil.copytree(ROOT / "data", folder / "data"))
        text = (data / "claims.csv").read_text(encoding="utf-8")
        assert text.count(old) == 1
        (data / "claims.csv").write_text(text.replace(old, new), encoding="utf-8", newline="\n")
        with pytest.MonkeyPatch.context() as patch:
            share_kernels(patch, parent, fonts)
            leave_out_exporters(patch)
            build.build(build.Request(quiet=True, data=data, output=folder / "out"))
        made.append(Built(folder / "out"))
    return made[0], made[1]


def anchor(id: str) -> str:
    return "f-" + id.replace("_", "-")


def changed(before: dict, after: dict) -> set:
    return {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}


def depending(built: Built) -> set[str]:
    """Return the findings that the claim reaches, directly or through other findings and verdicts."""
    reached, grown = {CLAIM}, True
    while grown:
        new = {one["id"] for one in built.verdicts.values() if reached & {*one["claims"]}}
        for id, one in built.findings.items():
            inputs = {
                name for given in one["inputs"].values() for name in ([given] if isinstance(given, str) else given)
            }
            new |= {id} if inputs & reached else set()
        grown = not new <= reached
        reached |= new
    return reached


def moved(runs) -> set[str]:
    """Return the anchors of everything that is not as before: the claim, findings, verdicts."""
    before, after = runs
    verdicts = {before.verdicts[id]["anchor"] for id in changed(before.verdicts, after.verdicts)}
    return {CLAIM, *(anchor(id) for id in changed(before.findings, after.findings)), *verdicts}


@pytest.mark.slow
def test_every_finding_computed_from_the_figure_changes_and_no_other(runs):
    before, after = runs
    reached = depending(before)
    different = changed(before.findings, after.findings)
    computed = {id for id, one in before.findings.items() if one["formula"] and CLAIM in one["inputs"].values()}
    assert len(computed) >= 10
    assert computed <= different <= reached


@pytest.mark.slow
def test_every_verdict_on_the_figure_changes_and_no_other(runs):
    before, after = runs
    different = changed(before.verdicts, after.verdicts)
    about = {id for id, one in before.verdicts.items() if CLAIM in one["claims"] and one["kind"] == "relation"}
    assert len(about) >= 5
    assert about <= different <= depending(before)


@pytest.mark.slow
def test_every_sentence_that_shows_what_changed_changes_and_no_other(runs):
    before, after = runs
    gone = moved(runs)
    for place in before.sentences.keys() | after.sentences.keys():
        old, new = before.sentences[place], after.sentences[place]
        assert old == new or gone & {target for _, target in LINK.findall(old)}, f"{place} changed without a reason"
    told = {(text, target) for text in after.sentences.values() for text, target in LINK.findall(text)}
    for id in changed(before.findings, after.findings):
        old, new = before.findings[id], after.findings[id]
        for form in ("text", "range"):
            assert old[form] == new[form] or (re.escape(old[form]), anchor(id)) not in told, f"{id} is told as before"
    assert changed(before.sentences, after.sentences)


@pytest.mark.slow
def test_every_row_that_shows_what_changed_changes_and_no_other(runs):
    before, after = runs
    gone = moved(runs)
    for place in changed(before.rows, after.rows) & before.rows.keys():  # a row of its own may come of a shared one
        both = json.dumps([before.rows.get(place), after.rows.get(place)])
        targets = {target.lstrip("#") for target in re.findall(r'"href": "([^"]+)"', both)}
        assert gone & targets, f"{place} changed without a reason"
    different = changed(before.rows, after.rows)
    shown = {place for place, row in before.rows.items() if '"$1.81 billion"' in json.dumps(row)}
    assert shown
    assert shown <= different


@pytest.mark.slow
def test_every_figure_drawn_from_what_changed_changes_and_no_other(runs):
    before, after = runs
    redrawn = {name.partition(".")[0] for name in changed(before.drawn, after.drawn)}
    assert redrawn == changed(before.figures, after.figures)
    assert "press_and_pages" in redrawn
    assert before.figures.keys() - redrawn


@pytest.mark.slow
def test_the_page_works_out_what_a_build_with_the_figure_finds(runs):
    before, after = runs
    report = Report(load_ledger(), [*before.findings.values()], [*before.verdicts.values()])
    claim = report.ledger.claims[CLAIM]
    change = Change(CLAIM, Fraction(CHANGED.rsplit(",", 2)[1]), claim.precision, claim.hedge)
    [answer] = report.by_page([change])
    same = [id for id, row in before.findings.items() if after.findings.get(id, {}).get("inputs") == row["inputs"]]
    kept = {after.findings[id]["anchor"]: after.findings[id] for id in same}
    worked = {name: found for name, found in answer["findings"].items() if name in kept}
    assert len(worked) > 100
    for name, (value, low, high, *closed) in worked.items():
        row, numbers = kept[name], [number and digits12(Fraction(number)) for number in (value, low, high)]
        assert [*numbers, *closed] == [row[key] for key in ("value", "low", "high", "low_closed", "high_closed")], name
    words = {row["anchor"]: row["verdict"] for row in after.verdicts.values()}
    assert {name: words[name] for name in answer["words"]} == answer["words"]
