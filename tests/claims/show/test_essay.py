"""What a notebook holds: sentences it displays, findings it passes on, exhibits on its own ledger."""

from __future__ import annotations

import json
from fractions import Fraction

import pandas as pd
import pytest
from claims.results import finding
from claims.results.finding import Finding, computed, derive
from claims.show.essay import Essay
from claims.show.exhibits import FIGURE, TABLE
from claims.words.values import finding_json
from made_up import RATE, SMALL, book, figure


@pytest.fixture
def displayed(monkeypatch) -> list:
    """Return what a notebook would pass to Jupyter."""
    outputs: list = []
    monkeypatch.setattr("IPython.display.display", lambda what, raw=False: outputs.append(what))
    return outputs


@pytest.fixture
def base() -> Finding:
    return derive(SMALL, "base_2022", "The level of 2022", "implied_base", last="c003", growth=RATE)


@pytest.fixture
def essay(displayed, base) -> Essay:
    """Return an essay with a finding kept."""
    essay = Essay(SMALL)
    essay.keep(base)
    return essay


def test_say_displays_the_sentence_as_markdown(essay, displayed):
    essay.say("It was {base_2022}.")
    assert displayed[-1]._repr_markdown_() == r"It was [\$23.5 billion](#f-base-2022)."


def test_the_report_gets_every_kept_finding_as_valid_json(essay, base, displayed):
    output = json.loads(json.dumps(displayed[0][finding.MIME], allow_nan=False))
    assert output == {"findings": [finding_json(base)]}
    assert displayed[0]["text/plain"] == "1 finding kept"


def test_a_finding_kept_again_replaces_the_first(essay, displayed):
    essay.keep(computed("base_2022", "The level of 2022", Fraction(7), "USD", "typed"))  # a cell is run again
    essay.say("{base_2022}")
    assert displayed[-1].data == r"[\$7.00](#f-base-2022)"


def test_sentences_use_borrowed_findings_and_the_report_gets_none(base, displayed):
    essay = Essay(SMALL)
    essay.borrow({base.id: base})
    assert displayed == []
    assert essay.sentences.plain("{base_2022}") == "$23.5 billion"


def test_exhibits_print_figures_of_the_essay_s_own_ledger():
    frame = pd.DataFrame({"x": [1]})
    words = {"title": "After {c001}", "caption": "C"}
    for printed in ("41", "57"):
        essay = Essay(book(figure("c001", printed)))
        exhibits = (
            essay.table(frame, id="tbl-x", columns={"x": "X"}, **words).bundle[TABLE],
            essay.figure(None, id="fig-x", name="x", alt="{c001}", data=frame, **words).bundle[FIGURE],
        )
        assert [payload["title"] for payload in exhibits] == [rf"After [\${printed} billion](#c001)"] * 2
        assert exhibits[1]["alt"] == {"text": f"${printed} billion", "href": "#c001"}
