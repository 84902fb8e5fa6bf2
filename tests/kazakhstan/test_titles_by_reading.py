"""Titles and sentences that a reading could make false are computed, each with the readings that change it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from claims.content.tables import FIGURE
from claims.show import discrepancies, growth, shares
from claims.show.book import Book, open_book
from first_texts import first_texts
from kazakhstan import official_figures

FARM = "agri_exports_to_china_multiple_2023_visit"


def judged(**conventions: str) -> Book:
    book = open_book(first_texts(), **conventions)
    discrepancies.judge(book)
    return book


@pytest.mark.parametrize(
    ("official", "clash", "fit"),
    [
        ("without", "Few", "Related figures fit"),  # 2 of 10 quantities, none of 28 relations
        ("kz_statistics", "Some", "Most related figures fit"),  # 6 of 16, 4 of 32
    ],
)
def test_titles_on_clashes_follow_how_many_there_are(official, clash, fit):
    book = judged(official=official)
    assert (discrepancies.how_many_clash(book), discrepancies.how_relations_fit(book)) == (clash, fit)


def test_no_clash_is_not_called_zero_clashes():
    reading = {"rounding": "truncation", "hedge_width": 2, "words": "wide", "tolerance_pct": 1}
    book = open_book(**reading)
    clashing = discrepancies.cannot_all_be_right(book, discrepancies.judge(book))
    assert str(discrepancies.groups_that_clash(book)).startswith("Some value fits all figures of each")
    assert ") set of printed figures" in clashing.bundle[FIGURE]["title"]
    assert str(discrepancies.groups_that_clash(judged())).startswith("For 2 no value fits")


def test_a_sentence_counts_the_clashes_that_change_a_claim():
    book = judged()
    assert str(discrepancies.claims_that_change(book)).startswith("None of these clashes changes what a text claims")
    for count, words in (1, "1 of these clashes changes"), (2, "2 of these clashes change "):
        found = book.findings["stories_total"]
        book.results.findings["stories_total"] = replace(found, value=Fraction(count), interval=None)
        assert str(discrepancies.claims_that_change(book)).startswith(words)


def test_without_a_clash_no_sentence_speaks_of_these_clashes():
    book = judged()
    for name in ("groups_inconsistent", "relations_inconsistent"):
        book.results.findings[name] = replace(book.findings[name], value=Fraction(0), interval=None)
    assert str(discrepancies.claims_that_change(book)).startswith("No clash changes what a text claims")


@pytest.mark.parametrize(
    ("limit", "sentence"),
    [
        (1.1, "A higher limit would change both answers."),  # 1.11 to 1.15 times, with ranges
        (1.02, "A higher limit would change that answer."),
        (1.3, "A lower limit would change that answer."),
    ],
)
def test_the_limit_that_matters_depends_on_what_is_explained(limit, sentence):
    flows = official_figures.directed_flows(open_book(official="all"), (1.0, limit))
    assert official_figures.other_limits(flows, "exports_to_china") == sentence


@pytest.mark.parametrize(
    ("kinds", "announced", "leans"),
    [
        ("all", "signed", "By sector, what was signed is more like the talk than like what is built"),
        (
            "closed",
            "talked of",
            "By sector, the shares of talk and of what is built reach",
        ),  # none of these is signed
    ],
)
def test_nothing_is_called_signed_where_no_list_is(kinds, announced, leans):
    book = open_book(first_texts())
    assert shares.announced(book, kinds) == announced
    assert str(shares.how_signatures_lean(book, kinds)).startswith(leans)


@pytest.mark.parametrize(
    ("words", "start"),
    [("usual", "As the word is usually meant, it"), ("wide", "Read as widely as it can be, the word")],
)
def test_a_word_read_loosely_is_not_called_usual(words, start):
    book = open_book(words=words)
    growth.reported_multiples(book)
    assert str(growth.meant_by(book, FARM)).startswith(f"{start} stands for growth of ")
