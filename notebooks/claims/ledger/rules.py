"""The rules of a ledger that a table schema cannot express: a function for each, returning problems.

A rule looks only at cells that are valid by themselves, so that one mistake never causes a second message.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import Any

from claims.ledger.intervals import HEDGES, OF_RANGES, RANGE, WIDTHLESS, default_precision, exact_text, printed_ends
from claims.ledger.period_rules import KINDS, find_period_problems
from claims.ledger.relation_rules import find_relation_problems
from claims.tables.cells import DIGITS
from claims.tables.files import stays_inside
from claims.tables.messages import Problem, one_of
from claims.tables.schema import check_references
from claims.tables.table import CsvTable, Row, ids

__all__ = [
    "CAUSES", "CLAIM_RULES", "FIGURE", "INDICATOR_RULES", "MOST_WORDS", "NUMBERED", "OFFICIAL_RULES", "REFERENCES",
    "SOURCE_RULES", "WRITTEN_RULES", "Rule", "cause_rule", "figure_rules", "find_list_problems",
    "find_repeat_problems", "find_rule_problems", "find_within_problems", "is_key", "needed_columns", "needed_rule",
]  # fmt: skip

Rule = Callable[[CsvTable, Row], Iterator[Problem]]
MOST_WORDS = 10
ROUND, WHOLE = 10, "whole percent"
# Whatever a data package allows: cells that must not be empty, and columns of ids with the table that has their rows.
NEEDED = {
    "sources": ("name", "short_name", "reference_date", "file"),
    "indicators": ("label", "kind", "unit", "integer", "authority"),
    "claims": ("source", "line", "printed", "indicator", "value", "multiplier", "unit", "hedge", "period_kind"),
    "relations": ("type", "operands", "period_rule"),
    "agreements": ("source", "line", "list", "item", "sectors"),
    "official": ("indicator", "value", "multiplier", "unit", "hedge", "period_kind", "authority", "doubtful", "url"),
    "known_disagreements": ("group", "verdict"),
}
REFERENCES = (
    ("indicators", "sector", "sectors"),
    ("claims", "source", "sources"),
    ("claims", "indicator", "indicators"),
    ("claims", "repeats", "claims"),
    ("official", "indicator", "indicators"),
    ("agreements", "source", "sources"),
    ("agreements", "repeats", "agreements"),
    ("agreements", "within", "agreements"),
)
NUMBERED = re.compile(r"[a-zA-Z_]+[0-9]{1,18}", re.ASCII)
FIGURE = re.compile(r"-?[0-9]+(\.[0-9]+)?|-?[0-9]+/[1-9][0-9]*")
VALUE = re.compile(rf"{FIGURE.pattern}|-?[0-9]+(\.[0-9]+)?\.\.-?[0-9]+(\.[0-9]+)?")
WEB = re.compile(r"https?://[^\s<>\"'\\`{}|^]+", re.IGNORECASE)
CAUSES = (
    "authority", "window", "scope", "flow_or_stock", "gross_or_net", "unit_counted", "volume_or_value", "revision",
    "rounding", "misplaced_period", "loose_wording",
)  # fmt: skip


def find_rule_problems(tables: Mapping[str, CsvTable], causes: Collection[str] = CAUSES) -> Iterator[Problem]:
    """Yield every problem that takes more than one cell to see; `causes` are those a disagreement may have."""
    indicators = ids(tables["indicators"]) if "indicators" in tables else {}
    claims = tables.get("claims")
    if "indicators" in tables:
        yield from _each(tables["indicators"], *INDICATOR_RULES)
    for name, table in tables.items():
        if needed := needed_columns(name, table.fields):
            yield from _each(table, needed_rule(needed))
    for name, column, target in REFERENCES:
        if name in tables and not is_key(column, tables[name].resource):
            yield from check_references(tables[name], column, tables.get(target))
    if "sources" in tables:
        yield from _each(tables["sources"], *SOURCE_RULES)
    for name in ("claims", "official"):
        if name in tables:
            yield from _each(tables[name], *WRITTEN_RULES)
            yield from _each(tables[name], *figure_rules(indicators))
    if "official" in tables:
        yield from _each(tables["official"], *OFFICIAL_RULES)
    if claims:
        yield from _each(claims, *CLAIM_RULES)
        yield from find_repeat_problems(claims, same=("source", "indicator"))
    if "agreements" in tables:
        yield from find_repeat_problems(tables["agreements"], same=("source",))
        yield from find_list_problems(tables["agreements"])
        yield from find_within_problems(tables["agreements"])
        yield from check_references(tables["agreements"], "sectors", tables.get("sectors"))
    if "relations" in tables:
        figures = _figures(claims, tables.get("official"))
        rule = partial(find_relation_problems, figures=figures, indicators=indicators)
        yield from _each(tables["relations"], rule)
    if "known_disagreements" in tables:
        yield from check_references(tables["known_disagreements"], "claims", claims)
        yield from _each(tables["known_disagreements"], cause_rule(causes))


def _figures(claims: CsvTable | None, official: CsvTable | None) -> CsvTable | None:
    """Return the claims with the official figures after them: a relation may name both."""
    return replace(claims, rows=claims.rows + official.rows) if claims and official else claims


def _each(table: CsvTable, *rules) -> Iterator[Problem]:
    for row in table.rows:
        for rule in rules:
            yield from rule(table, row)


def _needed(table: CsvTable, row: Row, needed: Collection[str]) -> Iterator[Problem]:
    """Yield empty cells that nothing can be computed without, even if the data package allows them."""
    for column in needed:
        if row.has(column) and row.values[column] in (None, "", ()):
            yield table.problem(row, column, "is empty", f"write the {column.replace('_', ' ')}")
            row.values.pop(column)


def _id(table: CsvTable, row: Row) -> Iterator[Problem]:
    if row.has("id") and not NUMBERED.fullmatch(row.values["id"]):
        yield table.problem(row, "id", "is no letter with a number", "write it like 'c001'")


def _known(table: CsvTable, row: Row) -> Iterator[Problem]:
    for column, choices in (("hedge", HEDGES), ("period_kind", KINDS)):
        if row.has(column) and row.values[column] not in choices:
            yield table.problem(row, column, "", one_of(row.values[column], choices))
            row.values.pop(column)


def _numbers(table: CsvTable, row: Row) -> Iterator[Problem]:
    """Yield numbers that cannot be read, whatever the pattern of their column allows; no other rule looks at them."""
    for name in ("value", "precision", "precision_wide"):
        text = row.values.get(name)
        if not text:  # a value that is needed is reported already
            continue
        if not (VALUE if name == "value" else FIGURE).fullmatch(text):
            more = ", or a range like '47..48'" if name == "value" else ""
            yield table.problem(row, name, "is no number", f"write it like '41', '0.5' or '1/3'{more}")
        elif RANGE in text and Fraction.__ge__(*printed_ends(text)):
            yield table.problem(row, name, "does not rise", "write the lower end first: '47..48'")
        elif len(text) > DIGITS:
            yield table.problem(row, name, f"has more than {DIGITS} digits", "round it, or write it with a multiplier")
        else:
            continue
        row.values.pop(name, None)


def _file(table: CsvTable, row: Row) -> Iterator[Problem]:
    """Yield a source whose file would be outside the folder of the texts."""
    if row.has("file") and not stays_inside(row.values["file"]):
        remedy = "write the name of a file in the folder of the texts"
        yield table.problem(row, "file", "leaves the folder of the texts", remedy)


def _address(table: CsvTable, row: Row) -> Iterator[Problem]:
    """Yield a page whose address is none of the web, such as one that would run a script."""
    if row.has("url") and row.values["url"] and not WEB.fullmatch(row.values["url"]):
        yield table.problem(row, "url", "is no address of a web page", "write it with https:// and without spaces")


def _hedge(table: CsvTable, row: Row) -> Iterator[Problem]:
    if not row.has("value", "hedge"):
        return
    value, hedge = row.values["value"], row.values["hedge"]
    if RANGE in value and hedge not in OF_RANGES:
        remedy = f"write {' or '.join(map(repr, OF_RANGES))}, or a figure instead of the range"
        yield table.problem(row, "hedge", "cannot be that of a range", remedy)
    elif hedge == "exact" and Fraction(value).denominator != 1:
        message = "is an enumeration, and the value is not whole"
        yield table.problem(row, "hedge", message, "write 'none', with a precision")


def _precision(table: CsvTable, row: Row) -> Iterator[Problem]:
    if not row.has("value", "hedge", "precision"):
        return
    hedge, precision = row.values["hedge"], row.values["precision"]
    if hedge in WIDTHLESS:
        if precision:
            yield table.problem(row, "precision", f"has no use with the hedge {hedge!r}", "leave it empty")
        return
    default = default_precision(row.values["value"])
    usual = f"; by default {exact_text(default)}" if default else ""
    if not precision:
        yield table.problem(row, "precision", "is empty", f"a figure with the hedge {hedge!r} needs one{usual}")
    elif Fraction(precision) <= 0:
        yield table.problem(row, "precision", "is not above 0", f"write the smallest step the figure shows{usual}")
    else:
        yield from _precision_basis(table, row, Fraction(precision), default)
        wide = row.values.get("precision_wide")
        if wide and Fraction(wide) <= Fraction(precision):
            message = f"is not wider than the precision {precision}"
            yield table.problem(row, "precision_wide", message, "leave it empty, or write the reach to the next word")


def _precision_basis(table: CsvTable, row: Row, precision: Fraction, default: Fraction | None) -> Iterator[Problem]:
    if not row.has("precision_basis"):
        return
    basis = row.values["precision_basis"]
    if not basis:
        yield table.problem(row, "precision_basis", "is empty", "write 'default', or why it is finer or coarser")
    elif basis == "default" and _is_round_percentage(row, default):
        message = f"does not say what {row.values['value']} percent stands for, printed as a round ten without a hedge"
        yield table.problem(row, "precision_basis", message, f"write precision 1 with {WHOLE!r}, or why it is coarser")
    elif basis == "default" and precision != default:
        message, remedy = "has no default, as a fraction has none", "say why in precision_basis"
        if default:
            usual = exact_text(default)
            message, remedy = f"is not the default of {usual}", f"{remedy}, or write {usual}"
        yield table.problem(row, "precision", message, remedy)


def _is_round_percentage(row: Row, default: Fraction | None) -> bool:
    """Return whether a row is a percentage printed as a round ten, with no hedge to say that it is round."""
    percentage = row.has("unit") and row.values["unit"] in ("percent", "percentage_points")
    return percentage and row.values["hedge"] == "none" and default is not None and default >= ROUND


def _against_indicator(table: CsvTable, row: Row, indicators: Mapping[str, Row]) -> Iterator[Problem]:
    indicator = indicators.get(row.values.get("indicator", ""))
    if indicator is None:
        return
    name, rules = row.values["indicator"], indicator.values
    if row.has("unit") and indicator.has("unit") and row.values["unit"] != rules["unit"]:
        message = f"is not the unit of {name}, which is {rules['unit']!r}"
        yield table.problem(row, "unit", message, "write that, with its multiplier, or name another indicator")
    if not row.has("value", "multiplier"):
        return
    ends = [end * row.values["multiplier"] for end in printed_ends(row.values["value"])]
    low, high = rules.get("domain_low"), rules.get("domain_high")
    if low is not None and high is not None and low > high:
        low = high = None
    if (low is not None and ends[0] < low) or (high is not None and ends[1] > high):
        domain = f"{'-∞' if low is None else exact_text(low)} to {'∞' if high is None else exact_text(high)}"
        message = f"times {exact_text(row.values['multiplier'])} lies outside the domain of {name} ({domain})"
        yield table.problem(row, "value", message, "fix value or multiplier, or the domain in indicators.csv")
    if rules.get("integer") and any(end.denominator != 1 for end in ends):
        message = f"times {exact_text(row.values['multiplier'])} is not whole, and {name} counts whole things"
        yield table.problem(row, "value", message, "fix value or multiplier, or 'integer' in indicators.csv")


def _printed(table: CsvTable, row: Row) -> Iterator[Problem]:
    if row.has("printed") and len(row.values["printed"].split()) > MOST_WORDS:
        message = f"is longer than {MOST_WORDS} words"
        yield table.problem(row, "printed", message, "keep the figure with its hedge and unit; the texts are not ours")


def find_repeat_problems(table: CsvTable, same: tuple[str, ...]) -> Iterator[Problem]:
    """Yield rows that do not restate a row above, which is no restatement, with the same cells in columns `same`."""
    rows = ids(table)
    for row in table.rows:
        first = rows.get(row.values.get("repeats") or "")
        if first is None:
            continue
        other = [column for column in same if row.cells.get(column) != first.cells.get(column)]
        if first.number >= row.number:
            yield table.problem(row, "repeats", "is not above this row", "name the first occurrence")
        elif first.values.get("repeats"):
            remedy = f"name the first occurrence, {first.values['repeats']!r}"
            yield table.problem(row, "repeats", "is a repetition itself", remedy)
        elif other:
            message = f"has another {' and '.join(other)} than this row"
            yield table.problem(row, "repeats", message, "a repetition is the same statement again in the same text")


def find_list_problems(table: CsvTable) -> Iterator[Problem]:
    """Yield rows whose list is another text's, or has rows of another kind or status: a list has one of each."""
    first: dict[str, Row] = {}
    for row in table.rows:
        name = row.cells.get("list", "")
        if row.has("list", "source") and name.partition(".")[0] != row.cells["source"]:
            yield table.problem(row, "list", "begins with another text", f"begin it with {row.cells['source']!r}")
        head = first.setdefault(name, row)
        for column in ("list_kind", "status"):
            if head.has(column) and row.has(column) and head.cells[column] != row.cells[column]:
                message = f"is not that of row {head.number} of the same list, {head.cells[column]!r}"
                yield table.problem(row, column, message, "give these items a list of their own")


def find_within_problems(table: CsvTable) -> Iterator[Problem]:
    """Yield rows that do not lie within a row above, of the same text, which is counted itself."""
    rows = ids(table)
    for row in table.rows:
        place = rows.get(row.values.get("within") or "")
        if place is None:
            continue
        if place.number >= row.number:
            yield table.problem(row, "within", "is not above this row", "name an item that is listed before it")
        elif place.cells.get("source") != row.cells.get("source"):
            yield table.problem(row, "within", "is an item of another text", "name one of the same text")
        elif place.values.get("within") or place.values.get("repeats"):
            yield table.problem(row, "within", "is not counted itself", "name an item that is counted")


def _domain_ends(table: CsvTable, row: Row) -> Iterator[Problem]:
    low, high = row.values.get("domain_low"), row.values.get("domain_high")
    if low is not None and high is not None and low > high:
        yield table.problem(row, "domain_low", f"is above domain_high {exact_text(high)}", "swap or fix them")


def _authorities(table: CsvTable, row: Row) -> Iterator[Problem]:
    listed = row.values.get("authority", ())
    if "unknown" in listed and len(listed) > 1:
        yield table.problem(row, "authority", "is unknown and known at once", "list the candidates without 'unknown'")


def _causes(table: CsvTable, row: Row, causes: Collection[str]) -> Iterator[Problem]:
    for cause in row.values.get("causes", ()):
        if cause not in causes:
            yield table.problem(row, "causes", remedy=one_of(cause, causes), value=cause)


INDICATOR_RULES = (_domain_ends, _authorities)
SOURCE_RULES = (_file,)
WRITTEN_RULES = (_id, _known, _numbers)  # of claims and official figures, before any rule that computes with them
OFFICIAL_RULES = (_address,)
CLAIM_RULES = (_printed,)


def needed_columns(name: str, columns: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the columns of a table that nothing can be computed without, of those that may be empty by its schema."""
    required = {spec["name"] for spec in columns if spec.get("constraints", {}).get("required")}
    return [column for column in NEEDED.get(name, ()) if column not in required]


def needed_rule(needed: Collection[str]) -> Rule:
    """Return the rule of a row whose cells in these columns must not be empty."""
    return partial(_needed, needed=needed)


def is_key(column: str, resource: Mapping[str, Any]) -> bool:
    """Return whether a data package describes a column as one of ids."""
    return [column] in [key["fields"] for key in resource["schema"].get("foreignKeys", [])]


def figure_rules(indicators: Mapping[str, Row]) -> tuple[Rule, ...]:
    """Return the rules of a claim or an official figure; `indicators` are the rows of indicators.csv by id."""
    return _hedge, _precision, find_period_problems, partial(_against_indicator, indicators=indicators)


def cause_rule(causes: Collection[str]) -> Rule:
    """Return the rule of a known disagreement; `causes` are those it may have."""
    return partial(_causes, causes=causes)
