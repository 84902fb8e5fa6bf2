"""Do the texts' other figures hold? Every table and figure of the chapter as one call, from the module it is in."""

from __future__ import annotations

from kazakhstan.carriage import carriage
from kazakhstan.commodities import by_value, to_xinjiang
from kazakhstan.contacts import companies, trips
from kazakhstan.crops import crops
from kazakhstan.elsewhere import investment, judge, quantities, relations
from kazakhstan.gas import gas_checks, gas_use
from kazakhstan.page_rates import rates_table
from kazakhstan.press_pages import press_against_pages
from kazakhstan.region import region, xinjiang_trade
from kazakhstan.unit_values import per_unit, volumes
from kazakhstan.whole_trade import whole_trade
from kazakhstan.whose_counts import weights_of_all_exports
from kazakhstan.windows import how_sums_fit, investors, sums_behind, windows_chart, windows_table

__all__ = [
    "by_value",
    "carriage",
    "companies",
    "crops",
    "gas_checks",
    "gas_use",
    "how_sums_fit",
    "investment",
    "investors",
    "judge",
    "per_unit",
    "press_against_pages",
    "quantities",
    "rates_table",
    "region",
    "relations",
    "sums_behind",
    "to_xinjiang",
    "trips",
    "volumes",
    "weights_of_all_exports",
    "whole_trade",
    "windows_chart",
    "windows_table",
    "xinjiang_trade",
]
