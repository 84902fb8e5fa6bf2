"""Grain and other crops: was the potential reached before it was announced, and do the weights that pages quote fit?"""

from __future__ import annotations

from claims.show.book import Book
from claims.show.exhibits import Exhibit

from kazakhstan.mirror import KAZAKHSTAN
from kazakhstan.worked import TEXTS, Quote, Worked, worked_table

__all__ = ["CROPS", "crops"]

_GRAIN, _WHEAT = "grain_exports_to_china", "wheat_exports_to_china"
_POTENTIAL = Quote("grain_exports_potential", by=TEXTS)
_BY_RAIL = {
    "grain": Quote("grain_rail_exports_to_china", "2023"),
    "flour": Quote("flour_rail_exports_to_china", "2023"),
    "oil": Quote("vegetable_oil_rail_exports_to_china", "2023"),
}
_AGRI_RAIL = {year: Quote("agri_rail_exports_to_china", year) for year in ("2019", "2022", "2023")}
_TRADE, _HALF = "agri_trade_turnover", "2024-01-01/2024-06-30"
_MONTHS = Quote(_WHEAT, "2023-01-01/2023-10-31", KAZAKHSTAN)

CROPS = (
    Worked(
        "grain_above_potential",
        "Grain that went to China in 2023 less the potential announced in 2024",
        "change",
        {"last": Quote(_GRAIN, "2023"), "first": _POTENTIAL},
        differs="the text does not say which crops its potential counts",
    ),
    Worked(
        "grain_of_potential",
        "Grain that went by rail in 2023, over that potential",
        "share",
        {"part": _BY_RAIL["grain"], "total": _POTENTIAL},
        differs="the text does not say which crops its potential counts",
    ),
    Worked("crops_by_rail", "Grain, flour and vegetable oil that went to China by rail, 2023", "sum", _BY_RAIL),
    Worked(
        "crops_by_rail_share",
        "Their part in the crop exports that a text prints for 2023",
        "share",
        {"part": "crops_by_rail", "total": Quote("crop_exports_to_china_volume", "2023", TEXTS)},
        differs="the text does not list its crops",
    ),
    Worked(
        "agri_rail_multiple_2022",
        "Farm products by rail in 2023 over those of 2022",
        "multiple",
        {"last": _AGRI_RAIL["2023"], "first": _AGRI_RAIL["2022"]},
    ),
    Worked(
        "agri_rail_multiple_2019",
        "Farm products by rail in 2023 over those of 2019, the most before",
        "multiple",
        {"last": _AGRI_RAIL["2023"], "first": _AGRI_RAIL["2019"]},
    ),
    Worked(
        "grain_rail_2022",
        "Grain by rail in 2022 that the railway's multiple implies",
        "base_of_multiple",
        {"last": _BY_RAIL["grain"], "multiple": Quote("grain_rail_exports_to_china_multiple", "2023")},
    ),
    Worked(
        "grain_rail_2022_excess",
        "How far that is above all farm products by rail of 2022",
        "change",
        {"last": "grain_rail_2022", "first": _AGRI_RAIL["2022"]},
        differs="the pages draw on other data",
    ),
    Worked(
        "wheat_two_counts",
        "Wheat in Chinese figures for 2023 over Kazakh figures for ten months of it",
        "share",
        {"part": Quote(_WHEAT, "2023"), "total": _MONTHS},
        differs="a whole year against a part of it, and each side's own count",
    ),
    Worked(
        "wheat_share",
        "Kazakhstan in China's imports of wheat, 2023",
        "share",
        {"part": Quote(_WHEAT, "2023"), "total": Quote("china_wheat_imports", "2023")},
    ),
    Worked(
        "wheat_of_2018",
        "Wheat of ten months of 2023 over that of 2018",
        "share",
        {"part": _MONTHS, "total": Quote(_WHEAT, "2018")},
        differs="a part of a year against a year",
    ),
    Worked(
        "agri_trade_2022",
        "Farm trade of 2022 that the multiple of 2023 implies",
        "base_of_multiple",
        {"last": Quote(_TRADE, "2023"), "multiple": Quote(f"{_TRADE}_multiple", "2023")},
    ),
    Worked(
        "agri_trade_2022_gap",
        "How far that is above the farm trade quoted for 2022",
        "change",
        {"last": "agri_trade_2022", "first": Quote(_TRADE, "2022")},
    ),
    Worked(
        "agri_trade_2024_half",
        "Farm trade of January to June 2024, both directions added up",
        "sum",
        {"exports": Quote("agri_exports_to_china", _HALF), "imports": Quote("agri_imports_from_china", _HALF)},
    ),
    Worked(
        "agri_exports_share_2024",
        "Kazakhstan's exports in that trade",
        "share",
        {"part": Quote("agri_exports_to_china", _HALF), "total": Quote(_TRADE, _HALF)},
    ),
)


def crops(book: Book) -> Exhibit:
    """Table: weights and values of farm exports to China, of texts and of pages."""
    return worked_table(
        book,
        CROPS,
        id="tbl-crops",
        lead=5,
        title="Grain and other farm products to China, of texts and of pages",
        caption="Weights where nothing else is said; farm trade in current dollars.",
    )
