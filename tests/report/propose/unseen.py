"""Texts that somebody wrote for these tests without seeing the grammar, with every figure in them listed by hand.

The lists use units of their own (people, passengers, containers, share) and no hedge `exact`; what each of them is in a
ledger is said here, and nothing else is forgiven. A figure is found if it is read with the size listed, on its line:
as a proposed row, or set aside by name as what a row cannot express yet.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path

from claims.ledger.intervals import printed_ends

from report.propose.figures import LineFigures, read_line
from report.propose.letters import find_sentences, read_text
from report.propose.periods import DatedText
from report.propose.seen import SeenFigure

TEXTS = Path(__file__).resolve().parents[2] / "propose_texts"
COUNTED = [
    "people",
    "passengers",
    "containers",
    "vehicles",
    "rooms",
    "flights",
    "beds",
    "nights",
    "aircraft",
    "pages",
    "cigarettes",
    "trains",
    "count",
]
UNITS = dict.fromkeys(COUNTED, "count") | {
    "share": "percent", "years": "year", "months": "month", "weeks": "week", "days": "day", "hours": "hour",
    "minutes": "minute", "kilograms": "kg", "tonnes": "t", "kilometres": "km", "metres": "m", "miles": "mile",
    "square_metres": "m2", "hectares": "ha", "litres": "litre", "barrels": "barrel", "terabytes": "TB",
    "gigabytes": "GB", "litres_per_second": "litre", "tonne_kilometres": "tkm", "yards": "yard", "feet": "foot",
    "inches": "inch", "acres": "acre", "gallons": "gallon", "bushels": "bushel", "short_tons": "short_ton",
    "centimetres": "cm", "miles_per_hour": "mile_per_hour", "degrees_celsius": "degree_celsius",
}  # fmt: skip
EVERYTHING = [
    "USD",
    "percent",
    "times",
    "t",
    "m3",
    "km",
    "day",
    "year",
    "calendar_year",
    "MW",
    "TEU",
    "count",
    "rank",
    "EUR",
    "GBP",
    "KZT",
    "INR",
    "KES",
    "NGN",
    "PLN",
    "GEL",
    "JPY",
    "CLP",
    "CNY",
    "VND",
    "percentage_points",
    "basis_points",
    "month",
    "week",
    "hour",
    "minute",
    "kg",
    "ha",
    "m",
    "m2",
    "mile",
    "litre",
    "barrel",
    "TB",
    "GB",
    "km_per_hour",
    "UZS",
    "RSD",
    "ZMW",
    "GW",
    "TWh",
    "kWh",
    "kV",
    "yard",
    "foot",
    "inch",
    "acre",
    "gallon",
    "bushel",
    "short_ton",
    "cm",
    "mile_per_hour",
    "degree_celsius",
]


@dataclass(frozen=True)
class Tally:
    """Counts for texts: figures listed; of them read, and of these with the unit and with the hedge; and all read."""

    listed: int = 0
    found: int = 0
    unit: int = 0
    hedge: int = 0
    read: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(one + two for one, two in zip(vars(self).values(), vars(other).values(), strict=True)))


def listed(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def texts(folder: Path = TEXTS) -> list[Path]:
    return sorted(folder.glob("*.txt"))


def ends(row: Mapping[str, str]) -> list[Fraction]:
    """Return the size of a figure as listed, or both ends of a range."""
    return [abs(Fraction(part)) * Fraction(row["multiplier"] or 1) for part in row["value"].split("..")]


def sizes(figure: SeenFigure) -> list[Fraction]:
    """Return the size of a figure as read, or both ends of a range; a share as a part of 1."""
    ends = [abs(end) * figure.multiplier for end in printed_ends(figure.value)]
    if figure.form in ("fraction", "ratio") and figure.unit == "percent":
        return [ends[0] / 100]
    return sorted(ends) if ".." in figure.value else ends[:1]


def periods_of(path: Path) -> list[dict[str, str]]:
    """Return the rows of periods.csv of a text: a figure, and the periods that are right for it."""
    return [row for row in listed(TEXTS / "periods.csv") if row["text"] == path.stem]


def period_tally(path: Path) -> tuple[int, int]:
    """Return how many of the figures that periods.csv lists for a text have a right period, and how many it lists."""
    left, lines = periods_of(path), read_text(path).plain_lines
    day, right = date.fromisoformat(left[0]["day"]), 0
    total = len(left)
    dated = DatedText(lines, [read_line(line, day, EVERYTHING).dates for line in lines], day)
    for row, figure in pairs(path):
        wanted = next((one for one in left if all(one[name] == row[name] for name in ("line", "as_printed"))), None)
        if wanted is None:
            continue
        left.remove(wanted)
        if figure is None:
            continue
        number = int(row["line"])
        sentences = find_sentences(lines[number - 1])
        sentence = next(one for one in sentences if one[0] <= figure.number_start < one[1])
        right += dated.find_period(figure, number, sentence).period.key in wanted["period"].split("|")
    assert left == []
    return right, total


def pairs(path: Path) -> Iterator[tuple[dict[str, str], SeenFigure | None]]:
    """Yield each figure listed for a text with what was read of it."""
    lines = read_text(path).plain_lines
    seen = [read_line(line, None, EVERYTHING) for line in lines]
    left = [list(one.figures) for one in seen]
    for row in listed(path.with_suffix(".csv")):
        number = int(row["line"]) - 1
        alike = [one for one in left[number] if matches(row, one)]
        best = max(alike, key=lambda one: (unit_is_right(row, one), hedge_is_right(row, one)), default=None)
        if best:
            left[number].remove(best)
        yield row, best


def matches(row: Mapping[str, str], figure: SeenFigure) -> bool:
    is_share = row["unit"] == "share"
    size = sizes(figure)
    wanted = ends(row)
    if is_share and len(wanted) == 1:
        return any(abs(float(one) - float(wanted[0])) < 0.001 for one in (size[0], size[0] / 100))
    return size == wanted


def unit_is_right(row: Mapping[str, str], figure: SeenFigure) -> bool:
    units = {UNITS.get(row["unit"], row["unit"]), row["unit"]} | ({"TEU"} if row["unit"] == "containers" else set())
    return figure.unit in units or figure.unit.partition("_per_")[0] in units


def hedge_is_right(row: Mapping[str, str], figure: SeenFigure) -> bool:
    return figure.hedge.replace("exact", "none") == row["hedge"]


def all_read(path: Path) -> list[LineFigures]:
    return [read_line(line, None, EVERYTHING) for line in read_text(path).plain_lines]


def tally(path: Path) -> Tally:
    found = list(pairs(path))
    both = [(row, figure) for row, figure in found if figure]
    numbers = [one for seen in all_read(path) for one in seen.figures if one.form not in ("rank", "year")]
    return Tally(
        listed=len(found),
        found=len(both),
        unit=sum(unit_is_right(row, figure) for row, figure in both),
        hedge=sum(hedge_is_right(row, figure) for row, figure in both),
        read=len(numbers),
    )


def percent(part: int, whole: int) -> float:
    return 100 * part / whole
