"""What the texts print: every count against a plain loop over the rows."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from claims.content.phrases import Link
from claims.ledger.intervals import Reading
from claims.questions import coverage
from claims.results.store import Results
from claims.show import coverage as show
from claims.show.book import Book
from claims.words.sentences import Sentences
from made_up import book, count, figure, item, percent, relation

CLAIMS = (
    figure("c1", "41", "more_than"),
    figure("c2", "41", "more_than", repeats="c1"),
    figure("c3", "41", source="S2"),
    percent("c4", "32", source="S2"),
    count("c5", "45"),
    count("c6", "40", "more_than", source="S3"),
)
LEDGER = book(*CLAIMS, relations=[relation("r1", "part_of", part="c1", total="c3")], items=[item("a1", "trade")])


TEXTS_AND_HEDGES = {
    "claims_S1": 3,
    "claims_S2": 2,
    "claims_S3": 1,
    "claims_S4": 0,
    "claims_S5": 0,
    "statements_S1": 2,
    "statements_S2": 2,
    "statements_S3": 1,
    "statements_S4": 0,
    "statements_S5": 0,
    "hedged_more_than": 3,
    "hedged_none": 2,
    "hedged_exact": 1,
}


def test_every_count_names_the_rows_it_counts():
    by_id = {finding.id: finding for finding in coverage.counts(LEDGER)}
    for name in ("claims_repeated", "claims_alone", "claims_S1", "hedged_more_than", "claims_first_sector"):
        assert len(by_id[name].inputs["claims"]) == by_id[name].value
    assert by_id["claims_total"].inputs == {"rows": "claims.csv"}
    assert by_id["indicators_in_several"].inputs["claims"] == ("c1", "c2", "c3", "c5", "c6")


def test_every_count_is_that_of_the_rows():
    counted = {finding.id: finding.value for finding in coverage.counts(LEDGER)}
    assert counted == TEXTS_AND_HEDGES | {
        "sources_total": 5,
        "claims_total": 6,
        "claims_repeated": 1,
        "statements_total": 5,
        "claims_attributed": 0,
        "indicators_total": 3,
        "indicators_in_several": 2,  # trade in S1 and S2, projects in S1 and S3
        "relations_total": 1,
        "items_total": 1,
        "claims_alone": 1,  # only S2 prints growth
        "claims_first_sector": 4,
        "claims_second_sector": 2,
        "claims_two_sectors": 6,
    }


def test_lists_are_counted_only_where_there_are_any():
    empty = replace(LEDGER, agreements={})
    assert "items_total" not in {finding.id for finding in coverage.counts(empty)}


def test_the_grid_counts_each_claim_once_under_its_sector_and_text():
    table = coverage.coverage(LEDGER)
    grid = table.drop(columns="from").set_index("sector")
    assert " ".join(table["from"]).split() == ["c1", "c2", "c3", "c4", "c5", "c6"]
    assert grid.to_numpy().sum() == len(CLAIMS)
    assert grid.loc["Trade"].to_dict() == {"S1": 2, "S2": 2, "S3": 0, "S4": 0, "S5": 0}
    assert list(grid.index) == ["Trade", "Industry"]  # the fullest first


def test_every_text_has_its_row_whether_it_prints_anything_or_not():
    rows = coverage.sources(LEDGER)
    assert [row["claims"].value for row in rows] == [3, 2, 1, 0, 0]
    assert [row["statements"].value for row in rows] == [2, 2, 1, 0, 0]
    assert {row["publisher"] for row in rows} == {"not stated"}


def test_every_hedge_that_occurs_is_counted_with_its_first_example():
    rows = {row["hedge"]: row for row in coverage.hedges(LEDGER, Reading())}
    assert {hedge: row["claims"].value for hedge, row in rows.items()} == {
        "more than": 3,
        "no hedge": 2,
        "counted": 1,
    }
    assert rows["more than"]["interval"] == Link("($41 billion, $42 billion)", "c1")
    assert rows["more than"]["printed"] == Link("41", "c1")


def sizes(ledger):
    return [(label, len(claims)) for label, claims in coverage.by_sector(ledger).items()]


def test_figures_are_counted_by_sector_and_those_of_none_by_a_name():
    assert sizes(LEDGER) == [("Trade", 4), ("Industry", 2)]
    sectorless = {**LEDGER.indicators, "projects": replace(LEDGER.indicators["projects"], sector="")}
    assert sizes(replace(LEDGER, indicators=sectorless)) == [("Trade", 4), (coverage.NO_SECTOR, 2)]


ONE_SECTOR = book(figure("c1", "41"), figure("c2", "42", source="S2"))


@pytest.mark.parametrize(
    ("ledger", "title", "sentence"),
    [
        (
            LEDGER,
            "Trade and industry hold 6 of the 6 figures printed",
            "Of 6 figures 4 are on trade and 2 on industry.",
        ),
        (ONE_SECTOR, "Trade holds all 2 figures printed", "All 2 figures are on trade."),
        (book(figure("c1", "41")), "Trade holds the 1 figure printed", "The 1 figure is on trade."),
        (
            book(count("c1", "45"), figure("c2", "41")),
            "Industry and trade hold 2 of the 2 figures printed",
            "Of 2 figures 1 is on industry and 1 on trade.",
        ),
    ],
)
def test_a_ledger_of_one_sector_is_described_without_a_second(ledger, title, sentence):
    results = Results(ledger)
    results.keep(coverage.counts(ledger))
    plain = Sentences(results).plain
    assert plain(coverage.title(ledger)) == title
    assert plain(coverage.sentence(ledger)).startswith(sentence)
    for name in ("claims_second_sector", "claims_two_sectors"):
        assert (name in results.findings) == (" and " in title)


AGAIN = [figure(f"c{n}", "41", repeats="c1") for n in (2, 3)]


@pytest.mark.parametrize(
    ("claims", "sentence"),
    [
        ([], "5 texts print 1 figure."),
        ([percent("c4", "32")], "5 texts print 2 figures, none of which restates another of the same text."),
        (
            AGAIN[:1],
            "5 texts print 2 figures; 1 of them restates another of the same text, which leaves 1 distinct statement.",
        ),
        (
            [*AGAIN, percent("c4", "32")],
            "5 texts print 4 figures; 2 of them restate another of the same text, which leaves 2 distinct statements.",
        ),
    ],
)
def test_figures_and_restatements_are_counted_in_words(claims, sentence):
    ledger = book(figure("c1", "41"), *claims)
    own = Book(ledger)
    show.keep_counts(own)
    assert str(show.statements_made(own)) == sentence
    assert str(show.figures_printed(own)) == re.split("[;,.]", sentence)[0] + "."


def test_a_single_text_is_in_the_singular():
    own = Book(replace(book(figure("c1", "41"), percent("c4", "32")), sources={"S1": LEDGER.sources["S1"]}))
    show.keep_counts(own)
    assert str(show.figures_printed(own)) == "1 text prints 2 figures."
