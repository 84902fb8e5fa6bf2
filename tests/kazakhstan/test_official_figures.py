"""The chapter on official figures: what its tables and figures show and keep, and the words that depend on the data."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from claims.content.tables import FIGURE, TABLE
from claims.questions import discrepancies
from claims.results.finding import MIME
from claims.show.book import Book, open_book
from kazakhstan import fit, mirror, official_figures

BAND = (1.0, 1.1)
BOOK = open_book(official="all")
FLOWS = official_figures.directed_flows(BOOK, BAND)
EXPORTS, IMPORTS = "exports_to_china", "imports_from_china"


def tolerant(tolerance_pct: float) -> Book:
    return open_book(official="all", tolerance_pct=tolerance_pct)


@pytest.mark.parametrize(
    ("call", "id", "finding"),
    [
        (official_figures.turnover, "tbl-series", "ratio_rest"),
        (official_figures.nearest, "tbl-nearest", "pace_gap_kz_statistics"),
        (official_figures.rates_on_levels, "tbl-crossed", "base_2022_kz_statistics_by_china_customs"),
        (lambda book: official_figures.flows_table(book, FLOWS, BAND), "tbl-flows", "ratio_exports_to_china_2023"),
    ],
)
def test_each_exhibit_has_rows_and_keeps_its_findings(call, id, finding, monkeypatch):
    monkeypatch.setenv("REPORT_FIGURES", "none")
    bundle = call(BOOK).bundle
    content = bundle.get(TABLE) or bundle[FIGURE]
    assert content["id"] == id
    assert len(content["rows"]) > 3
    assert finding in {one["id"] for one in bundle[MIME]["findings"]}
    assert finding in BOOK.results.findings


def test_the_months_left_are_quoted_only_where_ratios_differ():
    assert str(official_figures.rest_of_year(BOOK)).startswith(
        "In the last months of that year the Chinese count was 1.17 times the Kazakh ("
    )
    assert str(official_figures.rest_of_year(tolerant(5))) == "Within a year the ratio of both counts did not change."


def test_a_rate_that_misses_its_own_series_is_not_passed_over(monkeypatch):
    rates = fit.crossed(BOOK.ledger, BOOK.reading)
    assert str(official_figures.own_rates(BOOK)) == "Every rate that can be tested"
    missed = replace(next(rate for rate in rates if rate.growth_side == rate.level_side), word="inconsistent")
    monkeypatch.setattr(fit, "crossed", lambda ledger, reading: [missed, *rates])
    assert str(official_figures.own_rates(BOOK)) == "Not every rate that can be tested"
    monkeypatch.setattr(fit, "crossed", lambda ledger, reading: [])
    assert str(official_figures.own_rates(BOOK)) == "No rate can be tested, so none"


def test_the_worst_misfit_is_the_one_farthest_from_what_is_quoted():
    farthest, most = None, Fraction(0)
    for rate in fit.crossed(BOOK.ledger, BOOK.reading):
        off = abs(mirror.point(rate.implied) - mirror.point(rate.before)) / mirror.point(rate.before)
        if rate.word == "inconsistent" and off > most:
            farthest, most = rate, off
    words = official_figures.worst_misfit(BOOK)
    assert farthest.implied.anchor in {getattr(part, "to", "") for part in words.parts}
    assert "23.6% by Chinese customs on the $24.1 billion of Kazakh statistics" in str(words)
    assert str(official_figures.worst_misfit(tolerant(5))) == "none contradicts them"


def test_ratios_of_a_direction_go_from_the_lowest_to_the_highest():
    assert str(official_figures.ratios(FLOWS, EXPORTS)) == "1.11 to 1.15"
    assert str(official_figures.ratios(FLOWS, IMPORTS)) == "0.587 to 0.679"


def test_what_transport_explains_is_listed_with_its_years():
    part, whole = "only a part of the gap in 2013, 2022 and 2023", "may or may not explain the whole gap in 2021"
    assert str(official_figures.transport(FLOWS, EXPORTS)) == f"could explain {part} and {whole}"
    assert str(official_figures.transport(FLOWS, IMPORTS)) == "point the other way in every year"


def test_the_latest_gap_is_of_the_latest_year_with_both_directions():
    assert str(official_figures.latest_year(FLOWS)) == "2023"
    assert str(official_figures.latest_gap(FLOWS, IMPORTS)) == "$8.0 billion"  # 24.7 less 16.7, known to ± 0.2
    earlier = [flow for flow in FLOWS if (flow.indicator, flow.period.key) != (EXPORTS, "2023")]
    assert str(official_figures.latest_year(earlier)) == "2022"


def test_a_direction_that_is_unknown_or_has_no_year_is_refused():
    with pytest.raises(ValueError, match="did you mean 'exports_to_china'"):
        official_figures.ratios(FLOWS, "export_to_china")
    with pytest.raises(ValueError, match="delete the sentence"):
        official_figures.transport([], EXPORTS)


def test_the_test_of_each_flow_is_passed_on_without_a_pin(monkeypatch):
    outputs: dict[str, dict] = {}
    monkeypatch.setattr("IPython.display.display", lambda bundle, raw: outputs.update(bundle))
    official_figures.judge_flows(BOOK, FLOWS, BAND)
    rows = outputs[discrepancies.MIME]["verdicts"]
    assert len(rows) == len(FLOWS)
    assert not any(row["pin"] for row in rows)
