"""Readable names of printed and official figures, computed from what they measure, when, and who prints them.

`trade_turnover_2023_golden` is the trade turnover of 2023 that the text called `golden` prints. Names are unique, and
stay when rows with new ids are added: of figures that would have the same name, the one with the lowest id has it, and
the others follow as `…_2`, `…_3`.
"""

from __future__ import annotations

import re
from itertools import count

from claims.ledger.model import Claim, Ledger, Official, Period

__all__ = ["figure_names", "rest_of_name"]


def figure_names(ledger: Ledger) -> dict[str, str]:
    """Return the name of every claim and official figure, by its id.

    Official figures are named by their authority, also where they are joined to the claims.
    """
    if "names" not in ledger.kept:
        ledger.kept["names"] = _figure_names(ledger)
    return ledger.kept["names"]


def _figure_names(ledger: Ledger) -> dict[str, str]:
    printed = [claim for claim in ledger.claims.values() if claim.id not in ledger.official]
    figures: list[Claim | Official] = [*sorted(printed, key=_number), *sorted(ledger.official.values(), key=_number)]
    taken: set[str] = set()
    names: dict[str, str] = {}
    for figure in figures:
        names[figure.id] = _first_free(f"{figure.indicator}_{rest_of_name(figure, ledger)}", taken)
        taken.add(names[figure.id])
    return names


def rest_of_name(figure: Claim | Official, ledger: Ledger) -> str:
    """Return the part of a figure's name after its indicator: the period, and the text or authority."""
    origin = figure.authority if isinstance(figure, Official) else ledger.sources[figure.source].name
    return "_".join(filter(None, (_period_words(figure.period), origin)))


def _number(figure: Claim | Official) -> int:
    return int(re.sub(r"\D", "", figure.id))


def _first_free(name: str, taken: set[str]) -> str:
    if name not in taken:
        return name
    return next(numbered for number in count(2) if (numbered := f"{name}_{number}") not in taken)


def _period_words(period: Period) -> str:
    """Return a period as part of a name.

    >>> _period_words(Period("2024-01-01", "2024-03-31", "quarter", "")), _period_words(Period("", "", "undated", ""))
    ('2024_q1', '')
    >>> _period_words(Period("2009-07-03", "2024-07-03", "window", ""))
    '2009_2024'
    >>> _period_words(Period("2024-01-01", "2024-06-30", "window", ""))
    '2024_01_06'
    >>> _period_words(Period("2025-02-01", "2025-02-28", "window", ""))
    '2025_02'
    """
    start, end = period.start, period.end
    match period.kind:
        case "year" | "quarter":
            return period.key.lower().replace("-", "_")
        case "undated":
            return ""
        case "moment":
            return (end or start)[:7].replace("-", "_")
        case "horizon":
            return f"by_{end[:4]}" if end else f"from_{start[:4]}"
    if not (start and end):
        return f"since_{start[:4]}" if start else f"until_{end[:4]}"
    if start[:7] == end[:7]:
        return start[:7].replace("-", "_")
    return f"{start[:4]}_{end[:4]}" if start[:4] != end[:4] else f"{start[:4]}_{start[5:7]}_{end[5:7]}"
