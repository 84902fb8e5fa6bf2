"""Companies, workers and trips: what registers and border counts say beside the round figures of the texts."""

from __future__ import annotations

from claims.judging.times import counted_days
from claims.show.book import Book
from claims.show.exhibits import Exhibit

from kazakhstan.worked import A_DAY, TEXTS, Quote, Worked, worked_table

__all__ = ["COMPANIES", "TRIPS", "companies", "trips"]

_COMPANIES, _REGISTERED = "companies_with_chinese_capital", "companies_with_chinese_capital_registered"
_OPERATING = "operating_share_of_registered_companies"
_FREE = "2023-11-10/2024-03-31"
_VISITS = {year: Quote("chinese_visits_to_kz", year) for year in ("2023", "2024")}

COMPANIES = (
    Worked(
        "companies_operating_2024",
        "Companies with Chinese capital that operate, by the register, May 2024",
        "implied_part",
        {"total": Quote(_REGISTERED, "2024-05-01"), "share": Quote(_OPERATING, "2024-05-01")},
        "count",
    ),
    Worked(
        "companies_over_register",
        "The text's companies of July 2024 over those on the register in May",
        "share",
        {"part": Quote(_COMPANIES, "2024-07-03", TEXTS), "total": Quote(_REGISTERED, "2024-05-01")},
        differs="the text says operating, the register counts all",
    ),
    Worked(
        "companies_over_operating",
        "The text's companies of July 2024 over those operating in May",
        "multiple",
        {"last": Quote(_COMPANIES, "2024-07-03", TEXTS), "first": "companies_operating_2024"},
        differs="the text does not say what operating means",
    ),
    Worked(
        "companies_operating_share_2025",
        "Operating companies in those registered, October 2025",
        "share",
        {"part": Quote(_COMPANIES, "2025-10-01"), "total": Quote(_REGISTERED, "2025-10-01")},
        differs="the register counts branches, too",
    ),
    Worked(
        "companies_growth_2020",
        "Growth of operating companies, March 2019 to March 2020",
        "growth",
        {"last": Quote(_COMPANIES, "2020-03-01"), "first": Quote(_COMPANIES, "2019-03-01")},
    ),
    Worked(
        "companies_multiple_2025",
        "Operating companies of October 2025 over those of March 2020",
        "multiple",
        {"last": Quote(_COMPANIES, "2025-10-01"), "first": Quote(_COMPANIES, "2020-03-01")},
    ),
    Worked(
        "companies_april_2020",
        "Companies that a page gives in April 2020 over those of the register in March",
        "multiple",
        {"last": Quote(_COMPANIES, "2020-04-30"), "first": Quote(_COMPANIES, "2020-03-01")},
        differs="the page does not say whether they operate",
    ),
    Worked(
        "companies_2019_by_share",
        "Chinese companies in August 2019, by their share of foreign companies",
        "implied_part",
        {
            "total": Quote("companies_with_foreign_capital", "2019-08-01"),
            "share": Quote("chinese_share_of_foreign_companies", "2019-08-01"),
        },
        "count",
    ),
    Worked(
        "companies_new_share_2023",
        "New companies of a year in those said to operate, November 2023",
        "share",
        {
            "part": Quote("new_companies_with_chinese_capital", "2022-11-05/2023-11-04"),
            "total": Quote(_COMPANIES, "2023-11-04"),
        },
    ),
    Worked(
        "companies_new_share_2025",
        "Companies registered in September 2025 in all that are registered",
        "share",
        {
            "part": Quote("new_companies_with_chinese_capital", "2025-09-01/2025-09-30"),
            "total": Quote(_REGISTERED, "2025-10-01"),
        },
    ),
    Worked(
        "workers_share_2023",
        "Chinese in the foreign workers registered, May 2023",
        "share",
        {
            "part": Quote("chinese_workers_registered", "2023-05-01"),
            "total": Quote("foreign_workers_registered", "2023-05-01"),
        },
    ),
    Worked(
        "workers_share_gap_2023",
        "The share that the page prints less that",
        "change",
        {"last": Quote("chinese_share_of_foreign_workers", "2023-05-01"), "first": "workers_share_2023"},
        "percentage_points",
    ),
)

TRIPS = (
    Worked(
        "visits_growth_2024",
        "Growth of visits of Chinese citizens, 2023 to 2024",
        "growth",
        {"last": _VISITS["2024"], "first": _VISITS["2023"]},
    ),
    Worked(
        "visits_growth_gap_2024",
        "The growth that the page prints less that",
        "change",
        {"last": Quote("chinese_visits_to_kz_growth", "2024"), "first": "visits_growth_2024"},
        "percentage_points",
    ),
    Worked(
        "visits_added_2024", "Visits that 2024 added", "change", {"last": _VISITS["2024"], "first": _VISITS["2023"]}
    ),
    Worked(
        "visits_share_of_trips_2023",
        "Visits of Chinese citizens in all trips that a text prints for 2023",
        "share",
        {"part": _VISITS["2023"], "total": Quote("cross_border_trips", "2023", TEXTS)},
        differs="how a return trip counts is not said",
    ),
    Worked(
        "visa_free_visits",
        "Visits in both directions, from November 2023 to March 2024",
        "sum",
        {"chinese": Quote("chinese_visits_to_kz", _FREE), "kazakh": Quote("kz_visits_to_china", _FREE)},
    ),
    Worked(
        "visa_free_chinese_share",
        "Chinese citizens in these visits",
        "share",
        {"part": Quote("chinese_visits_to_kz", _FREE), "total": "visa_free_visits"},
    ),
    Worked(
        "visa_free_a_quarter",
        "These visits in as long as a quarter of a year",
        "mean_rate",
        {"total": "visa_free_visits", "time": counted_days("2023-11-10", "2024-03-31"), "factor": 4 * A_DAY},
        "count",
    ),
    Worked(
        "visa_free_over_text",
        "That over the trips that a text prints for the first quarter of 2024",
        "share",
        {"part": "visa_free_a_quarter", "total": Quote("cross_border_trips", "2024-Q1", TEXTS)},
        differs="the months are others, and visits need not be trips",
    ),
    Worked(
        "port_travellers_a_quarter",
        "Travellers through the ports of Xinjiang in as long as a quarter, first year without visas",
        "mean_rate",
        {"total": Quote("cross_border_travellers_xinjiang_ports", "2023-11-10/2024-11-10"), "time": 4, "factor": 1},
        "count",
    ),
    Worked(
        "port_travellers_over_visits",
        "That over the visits in as long as a quarter",
        "multiple",
        {"last": "port_travellers_a_quarter", "first": "visa_free_a_quarter"},
        differs="crossings at the border against visits",
    ),
    Worked(
        "lodging_share_2024",
        "Chinese guests of lodgings, January to June 2024, over the visits of the whole year",
        "share",
        {"part": Quote("chinese_lodging_guests_in_kz", "2024-01-01/2024-06-30"), "total": _VISITS["2024"]},
        differs="some months against the year, and guests against visits",
    ),
)


def companies(book: Book) -> Exhibit:
    """Table: companies with Chinese capital by registers, and their workers."""
    return worked_table(
        book,
        COMPANIES,
        id="tbl-companies",
        lead=3,
        title="Companies with Chinese capital: on the register, operating, and as the texts print them",
        caption="Registers are those of Kazakhstan’s statistics office, as pages quote them.",
    )


def trips(book: Book) -> Exhibit:
    """Table: trips and visits by direction."""
    return worked_table(
        book,
        TRIPS,
        id="tbl-trips",
        title="Trips between both countries, by direction",
        caption="Chinese citizens need no visa for Kazakhstan, nor Kazakh citizens for China, since "
        "<time>10 November 2023</time>.",
    )
