"""Rail, trains and containers: do the railway's figures add up, and how fast did the Trans-Caspian route grow?"""

from __future__ import annotations

from itertools import pairwise

from claims.show.book import Book
from claims.show.exhibits import Exhibit

from kazakhstan.worked import TEXTS, Quote, Worked, worked_table

__all__ = ["CARRIAGE", "carriage"]

_FREIGHT, _EXPORTS, _TITR, _BOXES = "rail_freight", "rail_exports_to_china", "titr_cargo", "titr_containers"
_HALF, _MONTHS, _QUARTER = "2023-01-01/2023-06-30", "2023-01-01/2023-05-31", "2024-Q1"
_YEARS = [str(year) for year in range(2019, 2026)]
_PORTS = ("alashankou", "khorgos")

CARRIAGE = (
    Worked(
        "rail_both_2023_half",
        "Freight by rail, January to June 2023: exports and imports added up",
        "sum",
        {"exports": Quote(_EXPORTS, _HALF), "imports": Quote("rail_imports_from_china", _HALF)},
    ),
    Worked(
        "rail_both_2023_half_gap",
        "The freight published for these months less that",
        "change",
        {"last": Quote(_FREIGHT, _HALF), "first": "rail_both_2023_half"},
    ),
    Worked(
        "rail_exports_share_2023",
        "Exports to China in freight by rail, 2023",
        "share",
        {"part": Quote(_EXPORTS, "2023"), "total": Quote(_FREIGHT, "2023", "ktz")},
    ),
    Worked(
        "rail_exports_share_2024",
        "Exports to China in freight by rail, 2024",
        "share",
        {"part": Quote(_EXPORTS, "2024"), "total": Quote(_FREIGHT, "2024")},
    ),
    Worked(
        "rail_transit_over_freight_2024",
        "Transit by rail over freight by rail, 2024",
        "share",
        {"part": Quote("rail_transit", "2024"), "total": Quote(_FREIGHT, "2024")},
        differs="whether transit is in the freight is not said",
    ),
    Worked(
        "trains_2023_months",
        "Trains by both crossings, January to May 2023",
        "sum",
        {port: Quote(f"trains_via_{port}", _MONTHS) for port in _PORTS},
    ),
    Worked(
        "trains_2023_gap",
        "The trains published for both crossings less that",
        "change",
        {"last": Quote("trains_via_kz_crossings", _MONTHS), "first": "trains_2023_months"},
    ),
    Worked(
        "trains_2024_quarter",
        "Trains by both crossings, January to March 2024",
        "sum",
        {port: Quote(f"trains_via_{port}", _QUARTER) for port in _PORTS},
    ),
    *(
        Worked(
            f"trains_a_month_{year}",
            f"Trains a month, early {year}",
            "mean_rate",
            {"total": total, "time": months, "factor": 1},
            "count",
        )
        for year, total, months in (("2023", "trains_2023_months", 5), ("2024", "trains_2024_quarter", 3))
    ),
    Worked(
        "trains_a_month_growth",
        "Growth of trains a month, early 2023 to early 2024",
        "growth",
        {"last": "trains_a_month_2024", "first": "trains_a_month_2023"},
        differs="other months, and trains to Central Asia only in the later figures",
    ),
    *(
        Worked(
            f"titr_growth_{late}",
            f"Growth of weight on the Trans-Caspian route, {early} to {late}",
            "growth",
            {"last": Quote(_TITR, late), "first": Quote(_TITR, early)},
        )
        for early, late in pairwise(_YEARS)
    ),
    Worked(
        "titr_multiple_2024",
        "Weight on the Trans-Caspian route, 2024 over 2019",
        "multiple",
        {"last": Quote(_TITR, "2024"), "first": Quote(_TITR, "2019")},
    ),
    Worked(
        "titr_against_target",
        "That over the multiple that a text promises for transit capacity",
        "multiple",
        {"last": "titr_multiple_2024", "first": Quote("transit_capacity_multiple", "2024", TEXTS)},
        differs="weight carried against capacity planned, from another year on",
    ),
    Worked(
        "titr_ports_share_2024",
        "Weight through seaports in all weight on that route, 2024",
        "share",
        {"part": Quote("titr_cargo_via_seaports", "2024"), "total": Quote(_TITR, "2024")},
        differs="the route's association against a ministry",
    ),
    Worked(
        "titr_boxes_multiple",
        "Containers on that route, 2024 over 2021",
        "multiple",
        {"last": Quote(_BOXES, "2024"), "first": Quote(_BOXES, "2021")},
    ),
    Worked(
        "titr_boxes_growth_2025",
        "Growth of containers on that route, 2024 to 2025",
        "growth",
        {"last": Quote(_BOXES, "2025"), "first": Quote(_BOXES, "2024")},
        differs="a ministry against the route's association",
    ),
    Worked(
        "lianyungang_share_of_sum",
        "Containers of the base in Lianyungang: 2023 in the sum since it opened",
        "share",
        {
            "part": Quote("lianyungang_containers", "2023"),
            "total": Quote("lianyungang_teu_cumulative", "2014-05-19/2023-12-31"),
        },
        differs="the yearly figure is of transit alone",
    ),
)


def carriage(book: Book) -> Exhibit:
    """Table: freight by rail, trains, and the Trans-Caspian route."""
    return worked_table(
        book,
        CARRIAGE,
        id="tbl-carriage",
        lead=5,
        title="Freight by rail, trains and the Trans-Caspian route",
        caption="As pages quote the railway, the ministry of transport and the route’s association.",
    )
