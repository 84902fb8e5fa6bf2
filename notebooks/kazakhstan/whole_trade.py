"""Kazakhstan's trade with all partners: do shares, parts and totals that pages quote fit one another?"""

from __future__ import annotations

from claims.show.book import Book
from claims.show.exhibits import Exhibit

from kazakhstan.mirror import CHINA, EXPORTS, GAP, IMPORTS, KAZAKHSTAN, TURNOVER
from kazakhstan.rank import RUSSIA
from kazakhstan.worked import Quote, Worked, worked_table

__all__ = ["WHOLE", "whole_trade"]

_MONTHS, _SPRING = "2023-01-01/2023-09-30", "2023-01-01/2023-04-30"
_EARLY, _SHARE = "2018-01-01/2018-09-30", "china_share_of_kz_trade"

WHOLE = (
    Worked(
        "kz_exports_2022_implied",
        "All exports of Kazakhstan in 2022 that China's share implies",
        "implied_total",
        {"part": Quote(EXPORTS, "2022", KAZAKHSTAN), "share": Quote("china_share_of_kz_exports", "2022", KAZAKHSTAN)},
    ),
    Worked(
        "kz_exports_2022_gap",
        "How far that is above the exports that a page quotes",
        "change",
        {"last": "kz_exports_2022_implied", "first": Quote("kz_total_exports", "2022")},
    ),
    Worked(
        "kz_imports_2022_implied",
        "All imports of Kazakhstan in 2022 that China's share implies",
        "implied_total",
        {"part": Quote(IMPORTS, "2022", KAZAKHSTAN), "share": Quote("china_share_of_kz_imports", "2022", KAZAKHSTAN)},
    ),
    Worked(
        "kz_trade_2022_implied",
        "All trade of Kazakhstan in 2022, both added up",
        "sum",
        {"exports": "kz_exports_2022_implied", "imports": "kz_imports_2022_implied"},
    ),
    Worked(
        "china_share_2022",
        "China in that trade",
        "share",
        {"part": Quote(TURNOVER, "2022", KAZAKHSTAN), "total": "kz_trade_2022_implied"},
    ),
    *(
        Worked(
            f"kz_trade_2023_months_by_{name}",
            f"All trade of Kazakhstan, January to September 2023, by the share of {name.capitalize()}",
            "implied_total",
            {"part": Quote(part, _MONTHS, KAZAKHSTAN), "share": Quote(share, _MONTHS, KAZAKHSTAN)},
        )
        for name, part, share in (("china", TURNOVER, _SHARE), ("russia", RUSSIA, "russia_share_of_kz_trade"))
    ),
    Worked(
        "lead_over_russia_2023_months",
        "Trade with China less trade with Russia, January to September 2023",
        "change",
        {"last": Quote(TURNOVER, _MONTHS, KAZAKHSTAN), "first": Quote(RUSSIA, _MONTHS, KAZAKHSTAN)},
    ),
    Worked(
        "china_over_italy_2023",
        "Trade with China over trade with Italy, 2023",
        "multiple",
        {"last": Quote(TURNOVER, "2023", KAZAKHSTAN), "first": Quote("trade_turnover_with_italy", "2023", KAZAKHSTAN)},
    ),
    Worked(
        "china_share_change_2019",
        "China in Kazakhstan's trade, January to September 2023 less 2019",
        "change",
        {"last": Quote(_SHARE, _MONTHS, KAZAKHSTAN), "first": Quote(_SHARE, "2019", KAZAKHSTAN)},
        "percentage_points",
        differs="some months against a year",
    ),
    Worked(
        "kz_trade_2023_spring",
        "All trade of Kazakhstan in early 2023, exports and imports added up",
        "sum",
        {
            "exports": Quote("kz_total_exports", _SPRING, doubtful=True),
            "imports": Quote("kz_total_imports", _SPRING, doubtful=True),
        },
        differs="the page names other months than its figures fit",
    ),
    Worked(
        "china_share_2012",
        "China in Kazakhstan's trade, 2012, by a minister's figures",
        "share",
        {"part": Quote(TURNOVER, "2012", doubtful=True), "total": Quote("kz_total_trade", "2012", doubtful=True)},
        differs="the year was not over, and the side is not named",
    ),
    Worked(
        "mirror_gap_share_2021",
        "The gap in goods from China that a page quotes, over China's count, 2021",
        "share",
        {"part": Quote(GAP, "2021"), "total": Quote(IMPORTS, "2021", CHINA)},
    ),
    Worked(
        "mirror_gap_share_2022",
        "The same for 2022, over Kazakhstan's count and the gap",
        "part_of_sum",
        {"part": Quote(GAP, "2022"), "rest": Quote(IMPORTS, "2022", KAZAKHSTAN)},
    ),
    *(
        Worked(
            f"mirror_gap_share_{year}_gap",
            f"The share that the page prints for {year} less that",
            "change",
            {"last": Quote(f"{GAP}_share", year), "first": f"mirror_gap_share_{year}"},
            "percentage_points",
        )
        for year in ("2021", "2022")
    ),
    Worked(
        "trade_2018_months",
        "Trade with China, January to September 2018, both directions added up",
        "sum",
        {"exports": Quote(EXPORTS, _EARLY), "imports": Quote(IMPORTS, _EARLY)},
    ),
    Worked(
        "trade_2018_months_gap",
        "The trade that the page prints less that",
        "change",
        {"last": Quote(TURNOVER, _EARLY), "first": "trade_2018_months"},
    ),
    Worked(
        "trade_1992_by_multiple",
        "Trade of 1992 that a multiple and the level of 2011 imply",
        "base_of_multiple",
        {
            "last": Quote(TURNOVER, "2011"),
            "multiple": Quote("trade_turnover_multiple_since_1992", "1992-01-01/2011-12-31"),
        },
    ),
    Worked(
        "trade_1992_over_china",
        "That over the Chinese count of 1992",
        "multiple",
        {"last": "trade_1992_by_multiple", "first": Quote(TURNOVER, "1992", CHINA)},
        differs="the ambassador does not say whose figures he uses",
    ),
)


def whole_trade(book: Book) -> Exhibit:
    """Table: Kazakhstan's trade with all partners, as parts and shares imply it."""
    return worked_table(
        book,
        WHOLE,
        id="tbl-whole-trade",
        lead=5,
        title="Kazakhstan’s trade with all partners, as parts and shares imply it",
        caption="By Kazakh statistics where nothing else is said, in current dollars.",
    )
