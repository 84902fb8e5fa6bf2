"""Claims, authorities and labels as a sentence has them."""

from __future__ import annotations

from collections.abc import Sequence

from claims.ledger.model import Claim, Official
from claims.words import numerals

NAMES = ("China", "Chinese", "Kazakh", "Lianyungang", "Luban", "Xi", "SCO", "Middle Corridor", "Samruk", "Herfindahl")


AUTHORITY_WORDS = {
    "china": "Chinese",
    "kz": "Kazakh",
    "central": "Central",
    "asian": "Asian",
    "ktz": "KTZ",
    "titr": "TITR",
    "edb": "EDB",
    "gfdc": "GFDC",
}


HEDGE_WORDS = {
    "more_than": "more than ",
    "less_than": "less than ",
    "nearly": "nearly ",
    "about": "about ",
    "at_least": "at least ",
    "at_most": "up to ",
}


def claim_text(claim: Claim | Official, hedge: bool = True) -> str:
    """Return a claim as a reader would say it: “more than $41 billion”, or in the words it is printed in, “doubled”.

    Without its hedge it is the figure alone. An official figure is always told in digits.
    """
    if not hasattr(claim, "printed"):
        return figure_text(claim, hedge)
    if "/" in claim.text or claim.text.lstrip("-") not in claim.printed.replace(",", ""):
        return claim.printed if hedge else claim.printed.removeprefix(HEDGE_WORDS.get(claim.hedge, ""))
    return figure_text(claim, hedge)


def figure_text(claim: Claim | Official, hedge: bool = True) -> str:
    """Return a claim in digits, with the decimals it is printed with: “more than $41 billion”, “nearly 30%”."""
    words = HEDGE_WORDS.get(claim.hedge, "") if hedge else ""
    return words + numerals.quantity(claim.point, claim.unit, _digits_printed(claim))


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


def authority_label(code: str) -> str:
    """Return a statistical authority, or unknown, as a reader would say it.

    >>> authority_label("kz_trade_ministry"), authority_label("ktz"), authority_label("unknown")
    ('Kazakh trade ministry', 'KTZ', 'unknown')
    """
    return " ".join(AUTHORITY_WORDS.get(word, word) for word in code.split("_"))


def uncapitalised(label: str) -> str:
    """Return a label as it stands within a sentence; names keep their capital.

    >>> uncapitalised("Growth of rail freight"), uncapitalised("Chinese investment")
    ('growth of rail freight', 'Chinese investment')
    """
    return label if label.startswith(NAMES) else label[:1].lower() + label[1:]
