"""A figure in doubt is marked on every page that shows it, with the same note, and is in no verdict."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from claims.content.tables import FIGURE, TABLE
from claims.show.book import open_book
from first_texts import first_texts
from kazakhstan import by_authority, elsewhere, mirror, official_figures, two_counts
from kazakhstan.doubtful import DOUBTFUL, doubtful_claims, is_doubtful

BOOK = open_book(first_texts(), official="all")
GROUPS, BETWEEN = elsewhere.judged(BOOK.ledger, BOOK.reading)
NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
IN_DOUBT = {  # how each chapter says that the Kazakh figure of the quarter is doubtful
    "00_overview": "but that Kazakh figure comes from a single page whose dates are in doubt.",
    "20_growth_rates": "and the <time>quarter</time> perhaps the Kazakh",
    "50_official_figures": "rests on a single page whose years are in doubt.",
}
SHOWN = [  # the call, and the doubtful figures that it shows or computes with
    (official_figures.turnover, ["o112"]),
    (official_figures.nearest, ["o112", "o115"]),
    (by_authority.growth_by_authority, ["o112"]),
    (elsewhere.investment, ["o169"]),
    (lambda book: elsewhere.quantities(book, GROUPS), ["o093", "o112"]),
]


@pytest.mark.parametrize(("call", "ids"), SHOWN)
def test_every_table_marks_and_explains_a_doubtful_figure(call, ids):
    content = call(BOOK).bundle[TABLE]
    marked = [row for row in content["rows"] if DOUBTFUL in json.dumps(row, ensure_ascii=False)]
    assert len(marked) == len(ids)
    assert DOUBTFUL in json.dumps(content["caption"], ensure_ascii=False)


def test_the_chart_explains_its_hollow_mark(monkeypatch):
    monkeypatch.setenv("REPORT_FIGURES", "none")
    content = two_counts.over_time(BOOK).bundle[FIGURE]
    assert "the year or the authority is in doubt" in json.dumps(content["caption"], ensure_ascii=False)
    drawn = two_counts.over_time_table(BOOK.ledger, mirror.turnover(BOOK.ledger, BOOK.reading), BOOK.reading)
    assert drawn[(drawn["side"] == mirror.KAZAKHSTAN) & ~drawn["sure"]]["from"].tolist() == ["o112"]


def test_the_title_of_the_chart_leaves_doubtful_ratios_out():
    pairs = mirror.turnover(BOOK.ledger, BOOK.reading)
    assert [pair.period.key for pair in pairs if is_doubtful(BOOK.ledger, pair.ratio)] == ["2024"]  # 43.82 and 30.1
    assert "turnover_2024" not in two_counts.over_time_title(BOOK.ledger, pairs)


def test_no_verdict_has_a_doubtful_figure():
    judged = {claim.id for verdict in (*GROUPS, *BETWEEN) for claim in verdict.claims}
    assert not {id for id in judged if id in BOOK.ledger.official and BOOK.ledger.official[id].doubtful}


def test_all_figures_of_a_page_of_doubtful_years_are_in_doubt_but_an_old_one():
    page = next(one.url for one in BOOK.ledger.official.values() if one.id == "o112")
    rows = [one for one in BOOK.ledger.official.values() if one.url == page]
    assert [one.id for one in rows if not one.doubtful] == ["o094"]  # of 2019
    assert [claim.id for claim in doubtful_claims(BOOK.ledger, "trade_turnover")] == ["o112", "o115", "o301"]


@pytest.mark.parametrize("chapter", IN_DOUBT)
def test_each_chapter_that_uses_the_quarter_says_it_is_in_doubt(chapter):
    cells = json.loads((NOTEBOOKS / f"{chapter}.ipynb").read_text(encoding="utf-8"))["cells"]
    prose = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    assert prose.count(IN_DOUBT[chapter]) == 1


def test_the_chart_of_both_counts_draws_a_doubtful_figure_hollow(monkeypatch):
    monkeypatch.setenv("REPORT_FIGURES", "none")
    pairs = mirror.turnover(BOOK.ledger, BOOK.reading)
    drawn = two_counts.over_time_table(BOOK.ledger, pairs, BOOK.reading)
    assert drawn[(drawn["side"] == mirror.KAZAKHSTAN) & ~drawn["sure"]]["from"].tolist() == ["o112"]
    assert "turnover_2024" not in two_counts.over_time_title(BOOK.ledger, pairs)
