"""Every official figure is used by an analysis, or its row says why not: computed from what the notebooks show."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest
from claims.ledger import loading
from claims.results.names import UnknownName
from claims.show.exhibits import Exhibit

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
CHAPTERS = ("00_overview", "20_growth_rates", "50_official_figures", "55_other_figures")  # with official figures
ID = re.compile(r"(?<![\w-])o\d{3}(?![\w-])")
OFFICIAL = loading.load_ledger().official


def cells_of(name: str, kind: str) -> list[str]:
    cells = json.loads((NOTEBOOKS / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == kind]


def run_cell(source: str, space: dict[str, Any]) -> Any:
    """Run a cell as a kernel does; return what its last line gives."""
    tree = ast.parse(source)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), space)
    return eval(compile(ast.Expression(last.value), "cell", "eval"), space) if last else None


def ids_in(name: str, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Return the official figures that a notebook computes with, judges, shows, or quotes in a sentence."""
    shown: list[object] = []
    monkeypatch.setattr("IPython.display.display", lambda bundle, raw=True: shown.append(bundle))
    space: dict[str, Any] = {}
    for source in cells_of(name, "code"):
        result = run_cell(source, space)
        if isinstance(result, Exhibit):
            shown.append({kind: payload for kind, payload in result.bundle.items() if kind.startswith("application/")})
    ids = set(ID.findall(json.dumps(shown, default=str)))
    for quoted in re.findall(r"\{eval\}`book\.(\w+)", "\n".join(cells_of(name, "markdown"))):
        try:
            ids |= {space["book"].results[quoted].id} & OFFICIAL.keys()
        except UnknownName:  # of another notebook
            continue
    return ids


@pytest.mark.slow
def test_every_official_figure_is_used_or_says_why_not(monkeypatch):
    monkeypatch.setenv("REPORT_FIGURES", "none")
    used = set[str]().union(*(ids_in(name, monkeypatch) for name in CHAPTERS))
    idle = {id for id, figure in OFFICIAL.items() if figure.unused_because}
    assert used & idle == set(), "used by an analysis: empty unused_because in data/official.csv"
    assert OFFICIAL.keys() - used - idle == set(), "say in unused_because why no analysis uses these, or use them"


def test_a_figure_that_repeats_another_has_the_value_of_a_figure_that_is_used():
    repeats = {
        figure.id: match[1]
        for figure in OFFICIAL.values()
        if (match := re.match(r"Repeats (o\d{3})", figure.unused_because))
    }
    assert repeats
    for id, first in repeats.items():
        repeated, original = OFFICIAL[id], OFFICIAL[first]
        assert (repeated.indicator, repeated.period.key) == (original.indicator, original.period.key)
        assert abs(repeated.point - original.point) <= repeated.precision * repeated.multiplier / 2
        assert not original.unused_because


def test_reasons_are_sentences():
    reasons = {figure.unused_because for figure in OFFICIAL.values()} - {""}
    assert all(re.fullmatch(r"[A-Z][^.]{10,110}\.", reason) for reason in reasons)
