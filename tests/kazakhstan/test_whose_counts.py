"""Whose count the texts say they use: nothing today, and what a text that names an office or a direction changes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from claims.ledger.model import Claim
from claims.show.book import Book, open_book
from kazakhstan import whose_counts
from kazakhstan.mirror import EXPORTS

TOTAL = "c094"  # the total of 2024


def with_claims(*claims: Claim) -> Book:
    """Return the book with some of its figures in another form, or with more of them."""
    book = open_book(official="all")
    ledger = replace(book.ledger, claims=book.ledger.claims | {claim.id: claim for claim in claims})
    return Book(ledger, book.reading)


def stated_by(office: str) -> Book:
    return with_claims(replace(open_book().ledger.claim(TOTAL), stated_by=office))


def test_the_texts_of_today_name_no_count_and_no_direction():
    book = open_book(official="all")
    assert not whose_counts.is_count_named(book)
    assert not whose_counts.weights_of_all_exports(book)
    assert (str(whose_counts.offices_named(book)), str(whose_counts.directions_printed(book))) == ("", "")


@pytest.mark.parametrize(
    ("office", "is_named", "words"),
    [
        ("customs officials", False, "$44 billion to “customs officials”, and does not say of which country."),
        ("Chinese customs", True, "“Chinese customs”"),
        ("Bureau of National Statistics of Kazakhstan", True, "“Bureau of National Statistics of Kazakhstan”"),
        ("Tokayev", False, ""),
    ],
)
def test_an_office_is_named_and_that_of_a_country_refutes_the_sentence(office, is_named, words):
    book = stated_by(office)
    assert whose_counts.is_count_named(book) == is_named
    assert words in str(whose_counts.offices_named(book))


def test_a_printed_direction_is_set_beside_what_pages_quote():
    printed = replace(open_book().ledger.claim(TOTAL), id="c901", indicator=EXPORTS)
    said = str(whose_counts.directions_printed(with_claims(printed)))
    assert said.startswith(" For 2024 the essay of 2025 also prints exports of Kazakhstan to China")
    assert "$44 billion; pages quote" in said
    assert "$14.9 billion (in doubt) from Kazakh statistics" in said
