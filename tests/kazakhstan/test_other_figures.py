"""The texts' other figures, each number worked out by hand from what texts and pages print."""

from __future__ import annotations

from functools import cache

import pytest
from claims.content.tables import FIGURE, TABLE
from claims.results.finding import MIME, Finding
from claims.show.book import open_book
from kazakhstan import carriage, contacts, crops, elsewhere, gas, other_figures, region, unit_values, whole_trade
from kazakhstan import windows as investment
from kazakhstan.worked import Worked, work_out

BOOK = open_book(official="all")
TABLES = {
    "unit_values": unit_values.VOLUMES + unit_values.PER_UNIT,
    "gas": gas.CHECKS,
    "crops": crops.CROPS,
    "region": region.REGION,
    "xinjiang": region.XINJIANG,
    "whole": whole_trade.WHOLE,
    "companies": contacts.COMPANIES,
    "trips": contacts.TRIPS,
    "carriage": carriage.CARRIAGE,
    "investors": investment.INVESTORS,
}
BY_HAND = {  # id: value, lowest, highest
    # exports to China, in billion dollars and million tonnes: 14.7 after 13.2; 19.8, 34.7 % more than before
    "export_value_growth_2023": (11.364, 10.57, 12.17),  # 14.65/13.25 − 1, 14.75/13.15 − 1
    "export_tonnes_2022": (14.699e6, 14.657e6, 14.742e6),  # 19.8/1.347; 19.75/1.3475, 19.85/1.3465
    "export_price_2023": (742.42, 738.03, 746.84),  # 14.7/19.8; 14.65/19.85, 14.75/19.75
    "export_price_2022": (898.0, 891.9, 904.1),  # 13.2/14.699; 13.15/14.742, 13.25/14.657
    "export_price_growth": (-17.325, -17.95, -16.7),  # 1.11364/1.347; 1.10566/1.3475, 1.12167/1.3465
    "ore_share_of_tonnes": (43.434, 43.07, 43.8),  # 8.6/19.8; 8.55/19.85, 8.65/19.75
    "rail_share_of_tonnes": (63.636, 63.22, 64.06),  # 12.6/19.8
    "export_value_2021_implied": (9.7996e9, 9.759e9, 9.841e9),  # 13.2/1.347
    # per project, agreement, company, thousand cubic metres
    "value_per_project_2019": (501.8e6, 500.9e6, 502.8e6),  # 27.6/55
    "value_per_project_2022": (407.7e6, 406.7e6, 408.7e6),  # 21.2/52
    "value_per_project_2024": (322.2e6, 321.1e6, 323.4e6),  # 14.5/45
    "value_per_agreement": (92.5e6, 74.4e6, 91.5e6),  # 3.7 over more than 40: 3.65/49, 3.75/41
    "gas_price_2022": (218.18, 207.2, 229.4),  # 1.2/5.5; 1.15/5.55, 1.25/5.45
    "inflow_per_company": (385106, 376041, 394566),  # 1.81 over 4,700; 1.805/4800, 1.815/4600
    # gas, in billion cubic metres
    "gas_since_operation": (32e9, 30.32e9, 33.8e9),  # 480/15; 470/15.5, 490/14.5
    "gas_use_text": (58.18, 54.6, 62.1),  # 32/55
    "gas_2019_second_half": (24.87e9, 24.865e9, 24.975e9),  # 47.9 to 48 less 23.025 to 23.035
    "gas_2019_second_half_by_sums": (17.2e9, 17.1e9, 17.3e9),  # 294.6 − 277.4
    "gas_2020_first_half_by_sums": (21.4e9, 20.85e9, 21.95e9),  # 316 − 294.6
    # grain and crops
    "grain_above_potential": (0.2e6, -0.35e6, 0.75e6),  # 2.2 − 2; 2.15 − 2.5, 2.25 − 1.5
    "grain_of_potential": (110, 86, 150),
    "crops_by_rail": (2.98e6, 2.875e6, 3.085e6),  # 2.2 + 0.6 + 0.18
    "crops_by_rail_share": (85.14, 80.98, 89.43),  # of 3.5
    "agri_rail_multiple_2022": (3.626, 3.614, 3.638),  # 2230/615
    "grain_rail_2022": (1.1e6, 0.86e6, 1.5e6),  # 2.2/2; 2.15/2.5, 2.25/1.5
    "wheat_two_counts": (84.18, 73.64, 94.71),  # 400/475.2
    "wheat_share": (3.333, 2.8, 3.914),  # 0.4/12
    "agri_trade_2022": (764.7e6, 714e6, 819e6),  # 1.3/1.7
    "agri_trade_2024_half": (648e6, 647e6, 649e6),  # 460 + 188
    # the region, in billion dollars
    "region_ratio_2022": (2.1869, 2.1819, 2.1919),  # 70.2/32.1; 70.15/32.15, 70.25/32.05
    "others_by_china_2022": (39e9, 38.9e9, 39.1e9),  # 70.2 − 31.2
    "others_by_own_2022": (8e9, 7.8e9, 8.05e9),  # 32.1 − 24.1, by pages 24.1 and 24.2
    "others_ratio_2022": (4.875, 4.832, 5.013),  # 39/8
    "kazakhstan_share_of_region_2024": (46.214, 46.2, 46.23),  # 43.82/94.82
    "kazakhstan_share_of_region_2022": (44.44, 44.34, 44.55),  # 31.2/70.2
    "region_growth_2025": (12.107, 12.04, 12.18),  # 106.3/94.82
    "xinjiang_share_2023": (49.51, 49.3, 49.7),  # 20.3/41.0
    "xinjiang_share_2023_mixed": (64.65, 64.18, 64.9),  # 20.3/31.4
    "xinjiang_both_2023_half": (12.3e9, 12.2e9, 12.4e9),  # 6.1 + 6.2
    "trade_by_xinjiang_share": (21.25e9, 16.9e9, 21.375e9),  # 8.5 over more than 40 %
    "kz_exports_2022_implied": (84.615e9, 84.02e9, 85.22e9),  # 13.2/0.156
    "kz_trade_2023_months_by_china": (101.88e9, 101.4e9, 102.4e9),  # 21.7/0.213
    "kz_trade_2023_months_by_russia": (101.61e9, 101.07e9, 102.16e9),  # 18.9/0.186
    "mirror_gap_share_2021": (40.77, 40.39, 41.15),  # 5.7/13.98
    "trade_1992_by_multiple": (416.7e6, 350e6, 425e6),  # 25 over more than 60: 24.5/70, 25.5/60
    # companies and trips
    "companies_operating_2024": (2688, 2635, 2741),  # 4,200 × 64 %
    "companies_growth_2020": (26.955, 26.9, 27),  # 1,234/972
    "companies_operating_share_2025": (74.65, 73.4, 75.9),  # 5,300/7,100
    "companies_2019_by_share": (1064, 1026, 1102),  # 19,000 × 5.6 %
    "workers_share_2023": (24.139, 24.14, 24.14),  # 3,652/15,129
    "visits_growth_2024": (78.47, 78.0, 78.95),  # 655/367
    "visits_share_of_trips_2023": (61.17, 56.3, 66.9),  # 367/600
    "visa_free_visits": (299000, 298000, 300000),  # 126 + 173
    "visa_free_a_quarter": (190922, 190283, 191561),  # 299,000 × 365.2425 / (4 × 143)
    # rail, trains, routes
    "rail_both_2023_half": (13.7e6, 13.6e6, 13.8e6),  # 8.3 + 5.4
    "rail_exports_share_2023": (45, 44.03, 46.0),  # 12.6/28
    "trains_2023_months": (5903, 5903, 5903),  # 2,714 + 3,189
    "titr_multiple_2024": (5.908, 5.9, 5.92),  # 4.484/0.759
    "titr_growth_2025": (-8.14, -8.2, -8.1),  # 4.119/4.484
    # investment, in billion dollars
    "china_share_of_inflow_2022": (5.0, 4.813, 5.188),  # 1.4/28.0; 1.35/28.05, 1.45/27.95
    "china_inflow_2021": (1.8041e9, 1.738e9, 1.87e9),  # 1.4/0.776
    "china_share_of_inflow_2021": (7.58, 7.28, 7.88),  # 1.8041/23.8
    "inflow_2020_2022": (69e9, 68.85e9, 69.15e9),  # 17.2 + 23.8 + 28.0
    "china_sum_over_all": (36.23, 35.43, 37.04),  # 25/69; 24.5/69.15, 25.5/68.85
    "inflow_before_window": (1.3e9, 0.75e9, 1.85e9),  # 25.3 − 24
    "inflow_after_june_2023": (1.3e9, 0.75e9, 1.85e9),  # 25.3 − 24
    "inflow_second_half_2023": (1.06e9, 1.055e9, 1.07e9),  # 1.805 − 0.75, 1.815 − 0.745
    "inflow_after_2023": (None, 1.65e9, 2.75e9),  # more than 27 less 25.3
    "inflow_after_2023_a_year": (None, 1.1e9, 1.834e9),
}


@cache
def numbers() -> dict[str, Finding]:
    found: dict[str, Finding] = {}
    for table in TABLES.values():
        found |= work_out(BOOK.ledger, BOOK.reading, table)
    return found


@pytest.mark.parametrize("id", BY_HAND)
def test_a_number_is_what_is_worked_out_by_hand(id):
    value, low, high = BY_HAND[id]
    number = numbers()[id]
    if value is not None:
        assert float(number.value) == pytest.approx(value, rel=2e-3)
    assert float(number.interval.low) == pytest.approx(low, rel=2e-3, abs=0.06 if abs(low) < 100 else 0)
    assert float(number.interval.high) == pytest.approx(high, rel=2e-3, abs=0.06 if abs(high) < 100 else 0)


def test_no_two_declarations_share_an_id():
    declared: dict[str, Worked] = {}
    for table in TABLES.values():
        for number in table:
            assert declared.setdefault(number.id, number) == number


def test_the_sums_since_2005_leave_what_the_yearly_figures_leave():
    sums, years = numbers()["inflow_after_june_2023"].interval, numbers()["inflow_second_half_2023"].interval
    assert sums & years == years


def test_the_operators_sums_do_not_fit_its_years():
    year, sums = numbers()["gas_2019_second_half"].interval, numbers()["gas_2019_second_half_by_sums"].interval
    assert (year & sums).is_empty
    assert numbers()["gas_2020_first_half_gap"].interval.low > 0


def test_the_page_on_xinjiang_divides_a_chinese_figure_by_a_kazakh_one():
    assert 0 in numbers()["xinjiang_share_2023_quoted_gap"].interval


def test_a_text_has_more_companies_than_the_register():
    assert numbers()["companies_over_register"].interval.low > 100


def test_every_call_of_the_chapter_shows_a_table_or_a_figure(monkeypatch):
    monkeypatch.setenv("REPORT_FIGURES", "none")
    monkeypatch.setattr("IPython.display.display", lambda bundle, raw: None)
    book = open_book(official="all")
    groups, between = other_figures.judge(book)
    more = {"press_against_pages": [groups], "quantities": [groups], "relations": [between]}
    sentences = {"how_sums_fit", "sums_behind", "weights_of_all_exports"}
    calls = [name for name in other_figures.__all__ if name not in {"judge", *sentences}]
    ids = set()
    for name in calls:
        bundle = getattr(other_figures, name)(book, *more.get(name, [])).bundle
        ids.add((bundle.get(TABLE) or bundle[FIGURE])["id"])
        assert name in ("quantities", "relations", "investment") or bundle[MIME]["findings"]
    assert len(ids) == len(calls)
    assert elsewhere.judge is other_figures.judge
