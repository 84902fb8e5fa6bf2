"""The headline findings of this report: what each states, which result carries its number, and when it holds.

`claims.questions.robustness` tests under which readings each holds; the overview shows the rows of SHOWN, whose amounts
are in what AMOUNTS says.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from claims.content.phrases import Marked
from claims.judging.verdict import BY_ROUNDING, CONSISTENT, INCONSISTENT, UNDECIDED
from claims.ledger.model import Ledger
from claims.questions.overview import OverviewRow
from claims.questions.robustness import Headline, RowsById

from kazakhstan.mirror import IN_PART, WRONG_WAY

__all__ = ["AMOUNTS", "HEADLINES", "SHOWN"]

AMOUNTS = "Current dollars."
SHARE = "Share of listed items: "
MOST_PCT = 25
MOST = Marked(f"{MOST_PCT}%", "parameter")

# The rows of the overview's table.
SHOWN = (
    OverviewRow("slower", "growth_trade_turnover_2023_2024", "Growth of printed trade, 2023 to 2024"),
    OverviewRow("faster", "rate_to_double", "Growth a year that doubles 2023 by 2030"),
    OverviewRow("series", "ratio_turnover_2023", "Trade in 2023, Chinese ÷ Kazakh statistics"),
    OverviewRow("missing", "difference_imports_from_china_2023", "China to Kazakhstan 2023, gap of counts"),
    OverviewRow("quarterly", "distance_c008_kz_statistics", "Trade of 2024 Q1, against a Kazakh figure"),
    OverviewRow("investment", "", "Spread of 15-year sums of investment"),
    OverviewRow("share", "", "Spread of China’s shares in trade, 2023"),
    OverviewRow("spread", "share_culture_media", "Largest share of listed items by sector"),
)


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


HEADLINES = (
    Headline(
        "slower",
        "Trade grew more slowly in {c094:period} than the {c044} printed for {c044:period}",
        _row("growth_trade_turnover_2023_2024"),
        lambda results, ledger: _end(results, "growth_trade_turnover_2023_2024", "high") < ledger.claim("c044").point,
    ),
    Headline(
        "hundredfold",
        "The printed levels allow the printed {c058} since {c056:period}",
        _row("multiple_c056_c057"),
        lambda results, ledger: _allows(results, "multiple_c056_c057", ledger.claim("c058").point),
    ),
    Headline(
        "faster",
        "The aim for trade takes faster growth than that of {c094:period}",
        _row("rate_to_double"),
        lambda results, ledger: (
            _end(results, "rate_to_double", "low") > _end(results, "growth_trade_turnover_2023_2024", "high")
        ),
    ),
    Headline(
        "share",
        "The printed shares of China in Kazakhstan’s trade have no value in common",
        _row("china_share_of_kz_trade:2023"),
        _word("china_share_of_kz_trade:2023", INCONSISTENT),
    ),
    Headline(
        "investment",
        "The printed sums of Chinese investment have no value in common",
        _row("china_investment_cumulative:2009-07-03/2024-07-03"),
        _absent_or("china_investment_cumulative:2009-07-03/2024-07-03", INCONSISTENT),
    ),
    Headline(
        "farm",
        "Agricultural exports that {c036} and that grew by {c062} have no value in common as usually read",
        _row("joint:r46+r47"),
        _absent_or("joint:r46+r47", INCONSISTENT, UNDECIDED),
    ),
    Headline(
        "turnover",
        "All figures read for trade in {c012:period} can be the same amount",
        _row("trade_turnover:2023"),
        _word("trade_turnover:2023", CONSISTENT, BY_ROUNDING),
    ),
    Headline(
        "leader",
        "Culture and media are named most",
        _leader,
        lambda results, ledger: _leader(results) == "share_culture_media",
    ),
    Headline(
        "spread",
        "No sector has {most} of the listed items",
        _leader,
        lambda results, ledger: max(_shares(results).values()) < MOST_PCT,
        {"most": MOST},
    ),
    Headline(
        "series",
        "Chinese customs count at least {most} more trade in {c012:period} than Kazakh statistics",
        _row("ratio_turnover_2023"),
        lambda results, ledger: 100 * (_end(results, "ratio_turnover_2023", "low") - 1) >= MOST_PCT,
        {"most": MOST},
    ),
    Headline(
        "missing",
        "Freight and insurance explain none of the gap in what Kazakhstan imports",
        _row("symmetric_gap_imports_from_china_2023"),
        _word("cif_fob:imports_from_china:2023", WRONG_WAY),
    ),
    Headline(
        "partly",
        "Freight and insurance cannot explain all of the gap in what China imports",
        _row("symmetric_gap_exports_to_china_2023"),
        _word("cif_fob:exports_to_china:2023", IN_PART),
    ),
    Headline(
        "yearly",
        "The texts’ total for {c012:period} cannot be that of Kazakh statistics",
        _row("distance_c012_kz_statistics"),
        lambda results, ledger: _end(results, "distance_c012_kz_statistics", "low") > 0,
    ),
    Headline(
        "quarterly",
        "Trade printed for {c008:period} can be that of Kazakh statistics",
        _row("distance_c008_kz_statistics"),
        lambda results, ledger: _allows(results, "distance_c008_kz_statistics", Fraction(0)),
    ),
    Headline(
        "inflow",
        "The {c034} printed for investment does not fit the inflow published for the year before",
        _row("growth_o138_c035"),
        _word("r103", INCONSISTENT),
    ),
)
