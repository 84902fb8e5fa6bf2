"""What does a tonne, a project, an agreement or a company come to? Value against volume, and values per unit."""

from __future__ import annotations

from claims.show.book import Book
from claims.show.exhibits import Exhibit

from kazakhstan.mirror import EXPORTS, KAZAKHSTAN
from kazakhstan.worked import TEXTS, Quote, Worked, worked_table

__all__ = ["PER_UNIT", "VOLUMES", "per_unit", "volumes"]

_TONNES, _ORES, _RAIL = "exports_to_china_volume", "ore_exports_to_china_volume", "rail_exports_to_china"
_VALUE = {year: Quote(EXPORTS, year, KAZAKHSTAN) for year in ("2022", "2023")}
_GROWTH = Quote(f"{_TONNES}_growth", "2023", KAZAKHSTAN)
_WEIGHED = {"last": Quote(_TONNES, "2023", KAZAKHSTAN), "growth": _GROWTH}

VOLUMES = (
    Worked(
        "export_value_growth_2023",
        "Growth of the value of exports to China, 2022 to 2023",
        "growth",
        {"last": _VALUE["2023"], "first": _VALUE["2022"]},
    ),
    Worked("export_tonnes_2022", "Weight of exports to China, 2022", "implied_base", _WEIGHED),
    Worked("export_tonnes_added", "Weight that exports to China gained, 2022 to 2023", "implied_increase", _WEIGHED),
    Worked(
        "export_price_2022",
        "Value of a tonne exported to China, 2022",
        "per_unit",
        {"value": _VALUE["2022"], "number": "export_tonnes_2022", "units": 1},
        "USD",
    ),
    Worked(
        "export_price_2023",
        "Value of a tonne exported to China, 2023",
        "per_unit",
        {"value": _VALUE["2023"], "number": Quote(_TONNES, "2023", KAZAKHSTAN), "units": 1},
        "USD",
    ),
    Worked(
        "export_price_growth",
        "Change in the value of a tonne exported to China, 2022 to 2023",
        "growth_per_unit",
        {"last": _VALUE["2023"], "first": _VALUE["2022"], "growth": _GROWTH},
    ),
    Worked(
        "ore_share_of_tonnes",
        "Ores in the weight of exports to China, 2023",
        "share",
        {"part": Quote(_ORES, "2023", KAZAKHSTAN), "total": Quote(_TONNES, "2023", KAZAKHSTAN)},
    ),
    Worked(
        "ore_tonnes_added",
        "Weight that exports of ores to China gained, 2022 to 2023",
        "implied_increase",
        {"last": Quote(_ORES, "2023", KAZAKHSTAN), "growth": Quote(f"{_ORES}_growth", "2023", KAZAKHSTAN)},
    ),
    Worked(
        "rail_share_of_tonnes",
        "Rail in the weight of exports to China, 2023",
        "share",
        {"part": Quote(_RAIL, "2023", "ktz"), "total": Quote(_TONNES, "2023", KAZAKHSTAN)},
        differs="the railway's own weights may include wagons from other countries",
    ),
    Worked(
        "rail_exports_growth_2024",
        "Growth of the weight of exports to China by rail, 2023 to 2024",
        "growth",
        {"last": Quote(_RAIL, "2024"), "first": Quote(_RAIL, "2023", "ktz")},
        differs="a ministry's figure against the railway's",
    ),
    Worked(
        "export_value_2021_implied",
        "Exports to China in 2021 that their growth in 2022 implies",
        "implied_base",
        {"last": _VALUE["2022"], "growth": Quote(f"{EXPORTS}_growth", "2022", KAZAKHSTAN)},
    ),
    Worked(
        "export_value_2021_gap",
        "That less the figure of a page that does not say whose it is",
        "change",
        {"last": "export_value_2021_implied", "first": Quote(EXPORTS, "2021", "unknown")},
    ),
)

PER_UNIT = (
    *(number for number in VOLUMES if number.id in ("export_tonnes_2022", "export_price_2022", "export_price_2023")),
    Worked(
        "gas_price_2022",
        "Thousand cubic metres of gas exported to China, 2022",
        "per_unit",
        {
            "value": Quote("gas_exports_to_china_value", "2022"),
            "number": Quote("gas_exports_to_china_volume", "2022"),
            "units": 1000,
        },
        "USD",
    ),
    *(
        Worked(
            f"value_per_project_{year}",
            f"Joint project, {words}",
            "per_unit",
            {"value": Quote("joint_projects_value", day, by), "number": Quote("joint_projects", day, by), "units": 1},
            "USD",
        )
        for year, day, words, by in (
            ("2019", "2019-09-05", "list of 2019", ""),
            ("2022", "2022-09-13", "list of 2022", ""),
            ("2024", "2024-07-03", "list of 2024", TEXTS),
        )
    ),
    Worked(
        "value_per_agreement",
        "Agreement of the business council, 2024",
        "per_unit",
        {
            "value": Quote("business_council_agreements_value", "2024-07-02", TEXTS),
            "number": Quote("business_council_agreements", "2024-07-02", TEXTS),
            "units": 1,
        },
        "USD",
    ),
    Worked(
        "inflow_per_company",
        "Inflow of 2023 over companies said to operate",
        "per_unit",
        {
            "value": Quote("china_investment_inflow", "2023", TEXTS),
            "number": Quote("companies_with_chinese_capital", "2023-11-04"),
            "units": 1,
        },
        "USD",
        differs="investment may come through other companies",
    ),
)


def volumes(book: Book) -> Exhibit:
    """Table: exports to China in dollars beside exports in tonnes."""
    return worked_table(
        book,
        VOLUMES,
        id="tbl-volumes",
        title="Exports to China by value and by weight",
        caption="Values and weights by Kazakh statistics, in current dollars; weights by rail are the railway’s.",
    )


def per_unit(book: Book) -> Exhibit:
    """Table: values per tonne, project, agreement and company."""
    return worked_table(
        book,
        PER_UNIT,
        hidden=("export_tonnes_2022",),
        id="tbl-per-unit",
        title="What a tonne, a project and a company come to",
        caption="Current dollars; a mean, not a price. In brackets: the figures do not go together.",
    )
