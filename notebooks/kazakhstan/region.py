"""Kazakhstan in its region: how far China's count of trade is above Central Asia's own, and Xinjiang's part in it."""

from __future__ import annotations

from claims.show.book import Book
from claims.show.exhibits import Exhibit

from kazakhstan.mirror import CHINA, KAZAKHSTAN, TURNOVER
from kazakhstan.worked import Quote, Worked, worked_table

__all__ = ["OWN", "REGION", "XINJIANG", "region", "xinjiang_trade"]

OWN = "central_asian_statistics"
_ALL, _XINJIANG = "china_central_asia_trade", "kz_xinjiang_trade"
_REGION = {side: Quote(_ALL, "2022", side) for side in (CHINA, OWN)}
_KAZAKH = {side: Quote(TURNOVER, "2022", side) for side in (CHINA, KAZAKHSTAN)}
_HALF = "2023-01-01/2023-06-30"

REGION = (
    Worked(
        "region_ratio_2022",
        "China's count of trade with Central Asia over the region's own, 2022",
        "multiple",
        {"last": _REGION[CHINA], "first": _REGION[OWN]},
    ),
    Worked(
        "kazakhstan_ratio_2022",
        "China's count of trade with Kazakhstan over Kazakhstan's own, 2022",
        "multiple",
        {"last": _KAZAKH[CHINA], "first": _KAZAKH[KAZAKHSTAN]},
    ),
    Worked(
        "others_by_china_2022",
        "China's trade with the other states of Central Asia, 2022, by China",
        "change",
        {"last": _REGION[CHINA], "first": _KAZAKH[CHINA]},
    ),
    Worked(
        "others_by_own_2022",
        "China's trade with the other states of Central Asia, 2022, by their statistics",
        "change",
        {"last": _REGION[OWN], "first": _KAZAKH[KAZAKHSTAN]},
    ),
    Worked(
        "others_ratio_2022",
        "China's count of that trade over theirs",
        "multiple",
        {"last": "others_by_china_2022", "first": "others_by_own_2022"},
    ),
    *(
        Worked(
            f"kazakhstan_share_of_region_{year}",
            f"Kazakhstan in China's trade with Central Asia, {year}, by China",
            "share",
            {"part": Quote(TURNOVER, year, CHINA), "total": Quote(_ALL, year, CHINA)},
        )
        for year in ("2022", "2023", "2024")
    ),
    Worked(
        "kazakhstan_share_gap_2024",
        "The share quoted for 2024 less the share worked out",
        "change",
        {"last": Quote("kz_share_of_china_central_asia_trade", "2024"), "first": "kazakhstan_share_of_region_2024"},
        "percentage_points",
    ),
    Worked(
        "region_growth_2025",
        "Growth of China's trade with Central Asia, 2024 to 2025, by China",
        "growth",
        {"last": Quote(_ALL, "2025", CHINA), "first": Quote(_ALL, "2024", CHINA)},
    ),
    Worked(
        "region_road_change",
        "Road in China's trade with Central Asia: early 2025 less 2020",
        "change",
        {
            "last": Quote("road_share_of_china_central_asia_trade", "2025-01-01/2025-05-31"),
            "first": Quote("road_share_of_china_central_asia_trade", "2020"),
        },
        "percentage_points",
        differs="some months against a year",
    ),
)

XINJIANG = (
    Worked(
        "xinjiang_share_2023",
        "Xinjiang in trade with Kazakhstan, 2023, both by China",
        "share",
        {"part": Quote(_XINJIANG, "2023", CHINA), "total": Quote(TURNOVER, "2023", CHINA)},
    ),
    Worked(
        "xinjiang_share_2023_mixed",
        "The same figure for Xinjiang over Kazakhstan's count",
        "share",
        {"part": Quote(_XINJIANG, "2023", CHINA), "total": Quote(TURNOVER, "2023", KAZAKHSTAN)},
        differs="a Chinese part of a Kazakh whole",
    ),
    Worked(
        "xinjiang_share_2023_quoted_gap",
        "The share that a page quotes less that mixed share",
        "change",
        {
            "last": Quote("xinjiang_share_of_china_trade", "2023", doubtful=True),
            "first": "xinjiang_share_2023_mixed",
        },
        "percentage_points",
        differs="the page mixes both counts",
    ),
    Worked(
        "xinjiang_both_2023_half",
        "Trade with Xinjiang, January to June 2023: exports and imports of a page added up",
        "sum",
        {"exports": Quote("exports_to_xinjiang", _HALF), "imports": Quote("imports_from_xinjiang", _HALF)},
    ),
    Worked(
        "xinjiang_ratio_2023_half",
        "That sum over the trade with Xinjiang that another page quotes for these months",
        "multiple",
        {"last": "xinjiang_both_2023_half", "first": Quote(_XINJIANG, _HALF)},
        differs="neither page names its statistics",
    ),
    Worked(
        "trade_by_xinjiang_share",
        "All trade of these months that the quoted share of Xinjiang implies",
        "implied_total",
        {"part": Quote(_XINJIANG, _HALF), "share": Quote("xinjiang_share_of_china_trade", _HALF)},
    ),
    Worked(
        "xinjiang_imports_2022_half",
        "Imports from Xinjiang, January to June 2022, that their multiple implies",
        "base_of_multiple",
        {"last": Quote("imports_from_xinjiang", _HALF), "multiple": Quote("imports_from_xinjiang_multiple", _HALF)},
    ),
)


def region(book: Book) -> Exhibit:
    """Table: China's trade with Central Asia by either count, and Kazakhstan in it."""
    return worked_table(
        book,
        REGION,
        id="tbl-region",
        lead=5,
        title="China’s trade with Central Asia by either count, and Kazakhstan in it",
        caption="The region’s own count is a sum of the statistics of its states, as a page cites it.",
    )


def xinjiang_trade(book: Book) -> Exhibit:
    """Table: Xinjiang in trade with Kazakhstan, by the counts that pages mix."""
    return worked_table(
        book,
        XINJIANG,
        id="tbl-xinjiang-trade",
        title="Xinjiang in trade with Kazakhstan, by the counts that pages mix",
        caption="Goods are registered in Xinjiang, where they cross the border, and not consumed there.",
    )
