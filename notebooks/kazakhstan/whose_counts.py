"""Whose count do the texts say they use, and which of its parts do they print? What sentences on that rest on."""

from __future__ import annotations

import re

from claims.content.phrases import Marked, Phrase
from claims.ledger.model import Claim, independent
from claims.show.book import Book
from claims.words.labels import source_link, uncapitalised
from claims.words.sentences import listed_phrases, phrase

from kazakhstan.doubtful import doubtful_claims
from kazakhstan.mirror import EXPORTS, IMPORTS, SIDES, TURNOVER, authority_of

__all__ = ["directions_printed", "is_count_named", "offices_named", "weights_of_all_exports"]

_OFFICE = re.compile(r"custom|statisti|bureau", re.I)
_SIDE = re.compile(r"chin|kazakh|beijing|astana", re.I)
_WEIGHTS = ("exports_to_china_volume", "imports_from_china_volume")


def is_count_named(book: Book) -> bool:
    """Return whether a text attributes a figure on trade to the statistics of one of the countries."""
    return any(_OFFICE.search(claim.stated_by) and _SIDE.search(claim.stated_by) for claim in _of_texts(book))


def offices_named(book: Book) -> Phrase:
    """Return in sentences which texts attribute a figure on trade to an office of no named country; may be nothing."""
    named: dict[tuple[str, str], Claim] = {}
    for claim in _of_texts(book):
        if _OFFICE.search(claim.stated_by):
            named.setdefault((claim.source, claim.stated_by), claim)
    sentences = Phrase(())
    for claim in named.values():
        words = " The {text} attributes its {figure} to “{office}”, and does not say of which country."
        sentences += phrase(words, text=source_link(claim), office=claim.stated_by, figure=claim)
    return sentences


def directions_printed(book: Book) -> Phrase:
    """Return in sentences the trade in one direction that texts print, and what pages quote for it; may be nothing."""
    sentences = Phrase(())
    for claim in _of_texts(book, EXPORTS, IMPORTS):
        label = book.ledger.indicators[claim.indicator].label
        sentences += phrase(
            " For {period} the {text} also prints {what}: {figure}; {quoted}.",
            period=Marked(claim.period.label, "date"),
            text=source_link(claim),
            what=uncapitalised(label, book.ledger.subject),
            figure=claim,
            quoted=_quoted(book, claim),
        )
    return sentences


def weights_of_all_exports(book: Book) -> list[Claim]:
    """Return the figures of texts on the weight of all exports or imports."""
    return _of_texts(book, *_WEIGHTS)


def _of_texts(book: Book, *indicators: str) -> list[Claim]:
    """Return what texts print on indicators, by default on trade in both directions or one; no restatement."""
    wanted = indicators or (TURNOVER, EXPORTS, IMPORTS)
    claims = independent(book.ledger.claims.values())
    return [one for one in claims if one.indicator in wanted and one.id not in book.ledger.official]


def _quoted(book: Book, claim: Claim) -> Phrase:
    """Return what pages quote of each side for the same thing, as a clause."""
    ledger, found = book.ledger, []
    figures = [*(ledger.of(claim.indicator)), *doubtful_claims(ledger, claim.indicator)]
    for side, name in SIDES.items():
        own = [one for one in figures if one.period.key == claim.period.key and authority_of(ledger, one) == side]
        if own:
            doubt = " (in doubt)" if ledger.official[own[0].id].doubtful else ""
            found.append(phrase(f"{{figure}}{doubt} from {name}", figure=own[0]))
    return phrase("pages quote {found}", found=listed_phrases(found)) if found else phrase("no page quotes it")
