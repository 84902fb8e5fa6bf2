"""Units in a plain line: what follows a number, and what it is counted per."""

from __future__ import annotations

import re
from collections.abc import Collection
from fractions import Fraction
from typing import NamedTuple

from report.propose.currencies import currency_after, hundredth_after

__all__ = ["ANY", "Unit", "rate_after", "unit_after"]

ANY = "*"  # among the units of a ledger that allows any
# fmt: off
_MEASURES = {
    r"%|per ?cent|pct\.?": ("percent", 1),
    r"percentage[ -]points?|pp|p\.p\.|points? of percent": ("percentage_points", 1),
    r"basis points?|bps?": ("basis_points", 1),
    r"(?:metric )?(?:tonnes?|tons?)|t|MT": ("t", 1), r"short tons?": ("short_ton", 1), r"long tons?": ("long_ton", 1),
    r"Mt": ("t", 10**6), r"kt|kilotonn?e?s?": ("t", 10**3),
    r"(?:kilograms?|kilogrammes?|kilos?|kg)": ("kg", 1), r"grams?|g": ("g", 1), r"ounces?|oz": ("ounce", 1),
    r"bcm": ("m3", 10**9), r"mcm": ("m3", 10**6), r"tcm": ("m3", 10**12),
    r"cubic (?:met(?:er|re)s?)|m3|m³|cu ?m": ("m3", 1), r"cubic (?:feet|foot)|cf": ("ft3", 1),
    r"(?:sq(?:uare|\.)? ?)(?:kilomet(?:er|re)s?|km)|km2|km²": ("km2", 1),
    r"(?:sq(?:uare|\.)? ?)(?:met(?:er|re)s?|m)|m2|m²|sqm": ("m2", 1),
    r"(?:sq(?:uare|\.)? ?)(?:feet|foot|ft)": ("ft2", 1), r"(?:sq(?:uare|\.)? ?)miles?": ("mi2", 1),
    r"tonne[ -]kilomet(?:er|re)s?|ton[ -]miles?": ("tkm", 1),
    r"passenger[ -]kilomet(?:er|re)s?": ("pkm", 1),
    r"cubic kilomet(?:er|re)s?|km3|km³": ("km3", 1), r"kilomet(?:er|re)s?|kms?": ("km", 1),
    r"met(?:er|re)s?|m": ("m", 1), r"centimet(?:er|re)s?|cm": ("cm", 1),
    r"millimet(?:er|re)s?|mm": ("mm", 1), r"miles?": ("mile", 1), r"feet|foot|ft": ("foot", 1),
    r"nautical miles?": ("nautical_mile", 1), r"inch(?:es)?": ("inch", 1),
    r"megawatt[ -]hours?|MWh": ("MWh", 1), r"gigawatt[ -]hours?|GWh": ("GWh", 1),
    r"terawatt[ -]hours?|TWh": ("TWh", 1), r"kilowatt[ -]hours?|kWh": ("kWh", 1),
    r"megawatts?|MW": ("MW", 1), r"gigawatts?|GW": ("GW", 1), r"kilowatts?|kW": ("kW", 1), r"terawatts?|TW": ("TW", 1),
    r"watts?|W": ("W", 1), r"kilovolts?|kV": ("kV", 1), r"volts?": ("V", 1),
    r"(?:twenty-foot[ -])(?:equivalent )?(?:units?|containers?)(?: \(TEUs?\))?|TEUs?": ("TEU", 1),
    r"hectares?|ha": ("ha", 1), r"acres?": ("acre", 1),
    r"barrels?|bbl": ("barrel", 1), r"bpd|b/d": ("barrel_per_day", 1), r"gallons?": ("gallon", 1),
    r"lit(?:er|re)s?|l": ("litre", 1), r"bushels?": ("bushel", 1),
    r"(?:°|º)(?:C|F)?|degrees?(?: Celsius| Fahrenheit| C| F)?": ("degree", 1),
    r"km/h|kph|kilomet(?:er|re)s? (?:an|per) hour": ("km_per_hour", 1), r"mph": ("mile_per_hour", 1),
    r"(?:terabytes?|TB)": ("TB", 1), r"(?:gigabytes?|GB)": ("GB", 1), r"(?:Gbps|Mbps)": ("Mbps", 1),
    r"(?:carbon dioxide )?equivalents?": ("equivalent", 1),
    r"decades?": ("year", 10), r"centur(?:y|ies)": ("year", 100), r"years?|yrs?": ("year", 1),
    r"months?": ("month", 1), r"weeks?": ("week", 1), r"(?:working |business |calendar )?days?": ("day", 1),
    r"hours?|hrs?": ("hour", 1), r"minutes?|mins?": ("minute", 1), r"seconds|secs?": ("second", 1),
}
_RATES = {
    r"(?:per|an?|each|every) year|per annum|annually|yearly|a year": "year",
    r"(?:per|a|each|every) month|monthly": "month",
    r"(?:per|a|each|every) week|weekly": "week", r"(?:per|a|each|every) day|daily|/day": "day",
    r"(?:per|an) hour|hourly|/h": "hour", r"(?:per|a) (?:capita|head|person|inhabitant|resident)": "person",
}
# fmt: on


def _alternatives(patterns: Collection[str]) -> str:
    """Return a pattern for any of several, each in a group of its own, the longest text first to be tried."""
    return "|".join(f"(?P<u{index}>{pattern})" for index, pattern in enumerate(patterns))


_WORD_END = r"(?![\w])"
_CASED = [re.compile(pattern) for pattern in _MEASURES]
_WORDS = [re.compile(pattern, re.IGNORECASE) for pattern in _MEASURES]
_RATE = re.compile(rf",? ?(?:{_alternatives(_RATES)}){_WORD_END}", re.IGNORECASE)
_EARLIER = re.compile(r" an? [a-z]+ (?:ago|earlier|before|later|on)\b")  # 28 tons a year earlier is no rate
_PER = re.compile(
    r",? (?:per|for (?:each|every)) "
    r"(?P<noun>[a-z]+(?:[ -](?:kilomet(?:er|re)|meter|foot|ton|hour))?|[\d,]+\d(?: [a-z]+)?)"
)
_PER_MEASURE = re.compile(r",? (?:per|an?|for (?:each|every))(?= (?!\d))")
_LIST = tuple(_MEASURES.values())


class Unit(NamedTuple):
    """A unit after a number: where it ends, its id, what it multiplies the number by, and what it is counted per."""

    end: int
    id: str
    multiplier: int | Fraction = 1
    per: str = ""

    @property
    def full_id(self) -> str:
        """Return the id with what it is counted per, such as m3_per_year."""
        return f"{self.id}_per_{self.per}" if self.per else self.id


def unit_after(line: str, place: int, own: Collection[str] = ()) -> Unit | None:
    """Return the unit of a number that ends at `place`, None without one; `own` are the units a ledger has.

    >>> unit_after("55 billion cubic meters per year", 10), unit_after("4,100 pounds", 5, ["pound"]).id
    (Unit(end=32, id='m3', multiplier=1, per='year'), 'pound')
    """
    found = _own_unit(line, place, own) or _measure(line, place) or _currency(line, place, own)
    return rate_after(line, found) if found else None


def rate_after(line: str, unit: Unit) -> Unit:
    """Return a unit with what its figure is counted per, if that follows.

    >>> rate_after("€85 a barrel", Unit(3, "EUR")).full_id, rate_after("€9 per ton", Unit(2, "EUR")).full_id
    ('EUR_per_barrel', 'EUR_per_t')
    """
    if _EARLIER.match(line, unit.end):
        return unit
    if match := _RATE.match(line, unit.end):
        return unit._replace(end=match.end(), per=list(_RATES.values())[int((match.lastgroup or "")[1:])])
    if match := _PER_MEASURE.match(line, unit.end):
        whole = _measure(line, match.end())
        if whole and whole.multiplier == 1:
            return unit._replace(end=whole.end, per=whole.id)
    if match := _PER.match(line, unit.end):
        return unit._replace(end=match.end(), per=re.sub(r"\W", "_", match["noun"]).removesuffix("s"))
    return unit


def _own_unit(line: str, place: int, own: Collection[str]) -> Unit | None:
    """Return a unit that the ledger calls by the word which follows."""
    match = re.compile(r"[ -]([A-Za-z]+)").match(line, place)
    if match and (word := match[1].lower().removesuffix("s")) in own and word != "count":
        return Unit(match.end(), word)
    return None


def _measure(line: str, place: int) -> Unit | None:
    """Return the measure that follows, the longest; letters of short symbols count in their case."""
    start = place + (line[place : place + 1] in (" ", "-"))
    best: Unit | None = None
    for cased, words, (id, multiplier) in zip(_CASED, _WORDS, _LIST, strict=True):
        match = words.match(line, start)
        if match and len(match.group()) <= 3 and match.group() != "%":
            match = cased.match(line, start)
        if not match or _runs_on(line, match.end()) or not match.group():
            continue
        if best is None or match.end() > best.end:
            best = Unit(match.end(), id, multiplier)
    return best


def _runs_on(line: str, end: int) -> bool:
    """Return whether a word goes on after what was read of it."""
    return line[end - 1].isalnum() and line[end : end + 1].isalnum()


def _currency(line: str, place: int, own: Collection[str]) -> Unit | None:
    if hundredth := hundredth_after(line, place):
        return Unit(*hundredth, multiplier=Fraction(1, 100))
    found = currency_after(line, place, own)
    return Unit(*found) if found else None
