"""Claims, authorities and labels as a sentence has them."""

from __future__ import annotations

from collections.abc import Sequence

from claims.content.phrases import Link
from claims.ledger.intervals import RANGE
from claims.ledger.model import Claim, Official
from claims.ledger.subject import Subject
from claims.words import numerals

__all__ = [
    "HEDGE_WORDS",
    "NAMES",
    "authority_label",
    "claim_text",
    "dated_text",
    "figure_text",
    "listed",
    "source_link",
    "uncapitalised",
]

NAMES = ("Herfindahl",)  # of the engine's own labels; a subject names those of its ledger

HEDGE_WORDS = {
    "more_than": "more than ",
    "less_than": "less than ",
    "nearly": "nearly ",
    "about": "about ",
    "at_least": "at least ",
    "at_most": "up to ",
}


def claim_text(claim: Claim | Official, hedge: bool = True) -> str:
    """Return a claim as a reader would write it: “more than $41 billion”, or in the words it is printed in, “doubled”.

    Without its hedge it is the figure alone. An official figure is always written in digits, also as a claim, which
    then has the source of its own id (`ledger.official.as_claim`).
    """
    if isinstance(claim, Official) or claim.source == claim.id:
        return figure_text(claim, hedge)
    if "/" in claim.text or any(
        end.lstrip("-") not in claim.printed.replace(",", "") for end in claim.text.split(RANGE)
    ):
        return claim.printed if hedge else claim.printed.removeprefix(HEDGE_WORDS.get(claim.hedge, ""))
    return figure_text(claim, hedge)


def figure_text(claim: Claim | Official, hedge: bool = True) -> str:
    """Return a claim in digits, with the decimals it is printed with: “more than $41 billion”, “nearly 30%”."""
    words = HEDGE_WORDS.get(claim.hedge, "") if hedge else ""
    if claim.spread:
        return words + numerals.bounds(*claim.ends, claim.unit)
    return words + numerals.quantity(claim.point, claim.unit, _digits_printed(claim))


def dated_text(claim: Claim) -> str:
    """Return a claim with its period and text: “$41 billion (2023, pledge report)”."""
    return f"{claim_text(claim)} ({claim.period.label}, {claim.source_name})"


def source_link(claim: Claim) -> Link:
    """Return what sentences call a claim's text, linked to the text."""
    return Link(claim.source_name, claim.source)


def _digits_printed(claim: Claim | Official) -> int | None:
    """Return the decimals that show every digit of a claim, and the zeros after its decimal point, in its scale."""
    decimals = len(claim.text.partition(".")[2])
    least = claim.multiplier / 10**decimals if decimals else claim.point
    return numerals.short_decimals(least / numerals.scale_of(claim.point, claim.unit)[0], most=12)


def listed(words: Sequence[str]) -> str:
    """Return words as a sentence lists them.

    >>> listed(["trade"]), listed(["trade", "gas", "rail"])
    ('trade', 'trade, gas and rail')
    """
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def authority_label(code: str, subject: Subject) -> str:
    """Return an authority, or unknown, in words; the subject declares how the parts of its code are written.

    >>> bees = Subject(authority_words={"hill": "Hollow Hill"})
    >>> authority_label("hill_keepers", bees), authority_label("unknown", bees)
    ('Hollow Hill keepers', 'unknown')
    """
    return " ".join(subject.authority_words.get(word, word) for word in code.split("_"))


def uncapitalised(label: str, subject: Subject) -> str:
    """Return a label as it appears within a sentence; the names that the subject declares keep their capital.

    >>> bees = Subject(names=("Hollow",))
    >>> uncapitalised("Harvest of honey", bees), uncapitalised("Hollow Hill's harvest", bees)
    ('harvest of honey', "Hollow Hill's harvest")
    """
    return label if label.startswith((*NAMES, *subject.names)) else label[:1].lower() + label[1:]
