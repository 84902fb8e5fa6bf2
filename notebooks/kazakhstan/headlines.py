"""The headline findings of this report: what each states, which result has its number, and when it holds.

`claims.questions.robustness` tests under which readings each holds. Some reading could refute each: none rests on a
threshold that is chosen to be passed.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from claims.content.phrases import Phrase
from claims.judging.verdict import BY_ROUNDING, CONSISTENT, INCONSISTENT, UNDECIDED
from claims.ledger.model import Ledger
from claims.ledger.readings import SweepRow
from claims.questions.robustness import Headline, RowsById

from kazakhstan.mirror import IN_PART, WRONG_WAY

__all__ = ["HEADLINES"]

SHARE = "Share of listed items: "


def _end(results: RowsById, id: str, name: str) -> Fraction:
    """Return the `low` or the `high` of a result; KeyError if it has none, which leaves a headline unanswered."""
    bound = getattr(results[id], name)
    if bound is None:
        raise KeyError(id)
    return bound


def _allows(results: RowsById, id: str, value: Fraction) -> bool:
    """Return whether a result may have this value."""
    span = results[id].interval
    return span is not None and value in span


def _row(id: str) -> Callable[[RowsById], str]:
    return lambda results: id


def _word(id: str, *words: str) -> Callable[[RowsById, Ledger], bool]:
    return lambda results, ledger: results[id].word in words


def _absent_or(id: str, *words: str) -> Callable[[RowsById, Ledger], bool]:
    return lambda results, ledger: id in results and results[id].word in words


def _shares(results: RowsById) -> dict[str, Fraction]:
    """Return the pooled shares of listed items, in percent, by id."""
    return {id: row.value for id, row in results.items() if row.label.startswith(SHARE) and row.value is not None}


def _leader(results: RowsById) -> str:
    """Return the id of the largest pooled share of listed items, of equals the first by name."""
    shares = _shares(results)
    return min(shares, key=lambda id: (-shares[id], id))


def _sector(row: SweepRow) -> Phrase:
    """Return the sector of a share, as a sentence names it."""
    name = row.label.removeprefix(SHARE)
    return Phrase((name[:1].lower() + name[1:],))


HEADLINES = (
    Headline(
        "series",
        "Chinese customs count more trade in {c012:period} than Kazakh statistics, in both directions",
        _row("difference_turnover_2023"),
        lambda results, ledger: (
            _end(results, "difference_imports_from_china_2023", "low") > 0
            and _end(results, "difference_exports_to_china_2023", "high") < 0
        ),
    ),
    Headline(
        "missing",
        "Freight and insurance explain none of the goods that China counts as sold in {c012:period} and Kazakhstan "
        "does not count as bought",
        _row("difference_imports_from_china_2023"),
        _word("cif_fob:imports_from_china:2023", WRONG_WAY),
    ),
    Headline(
        "partly",
        "Freight and insurance cannot explain all that China counts as bought in {c012:period} beyond what Kazakhstan "
        "counts as sold",
        _row("difference_exports_to_china_2023"),
        _word("cif_fob:exports_to_china:2023", IN_PART),
    ),
    Headline(
        "yearly",
        "The {c012} that texts print for {c012:period} cannot be the total of Kazakh statistics",
        _row("distance_c012_kz_statistics"),
        lambda results, ledger: _end(results, "distance_c012_kz_statistics", "low") > 0,
    ),
    Headline(
        "grew",
        "By the totals that the texts print, trade grew in {c094:period}",
        _row("growth_trade_turnover_2023_2024"),
        lambda results, ledger: _end(results, "growth_trade_turnover_2023_2024", "low") > 0,
    ),
    Headline(
        "faster",
        "The aim for trade takes faster growth, each year, than trade had in {c094:period}",
        _row("rate_to_double"),
        lambda results, ledger: (
            _end(results, "rate_to_double", "low") > _end(results, "growth_trade_turnover_2023_2024", "high")
        ),
    ),
    Headline(
        "hundredfold",
        "The printed levels allow the printed {c058} since {c056:period}",
        _row("multiple_c056_c057"),
        lambda results, ledger: _allows(results, "multiple_c056_c057", ledger.claim("c058").point),
    ),
    Headline(
        "turnover",
        "All figures printed for trade in {c012:period} can be the same amount",
        _row("trade_turnover:2023"),
        _word("trade_turnover:2023", CONSISTENT, BY_ROUNDING),
    ),
    Headline(
        "investment",
        "{c024} and {c049} of Chinese investment cannot both be the sum of the same {c025}",
        _row("spread_china_investment_cumulative_2009_07_03_to_2024_07_03"),
        _absent_or("china_investment_cumulative:2009-07-03/2024-07-03", INCONSISTENT),
    ),
    Headline(
        "share",
        "{c061} and “{c060}” of Kazakhstan’s trade cannot both be China’s share",
        _row("spread_china_share_of_kz_trade_2023"),
        _word("china_share_of_kz_trade:2023", INCONSISTENT),
    ),
    Headline(
        "farm",
        "Farm exports cannot both have {c036} and have grown by {c062}, as such words are usually meant",
        _row("joint:r46+r47"),
        _absent_or("joint:r46+r47", INCONSISTENT, UNDECIDED),
    ),
    Headline(
        "inflow",
        "Growth of {c034} in Chinese investment does not fit the inflow published for the year before",
        _row("growth_o138_c035"),
        _word("r103", INCONSISTENT),
    ),
    Headline(
        "leader",
        "The lists name {sector} most",
        _leader,
        names=lambda row, ledger: {"sector": _sector(row)},
    ),
)
