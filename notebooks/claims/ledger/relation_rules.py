"""The rules of relations.csv: which roles a relation has, in which units, and how the periods of its claims may lie."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction

from claims.ledger.intervals import printed_ends
from claims.ledger.period_rules import find_period_problems
from claims.ledger.records import Period
from claims.tables.messages import Problem, did_you_mean, one_of, unknown_row
from claims.tables.table import CsvTable, Row, ids

__all__ = [
    "ALIKE", "DATES", "DAYS_PER_YEAR", "DIFFERS", "LEVELS", "PERIOD_RULES", "ROLES", "UNITS", "find_relation_problems",
    "operands",
]  # fmt: skip

# The roles of each relation: one with "?" may be absent, so that it is implied; one with "+" may name several claims.
ROLES = {
    "growth_of": ("growth", "last", "first?"),
    "multiple_of": ("multiple", "last?", "first?"),
    "share_of": ("share", "part?", "total?"),
    "part_of": ("part", "total"),
    "sum_of": ("total", "parts+"),
    "rate_times_time": ("rate?", "time", "total"),
    "converted": ("amount", "rate", "total"),
    "annualised": ("quarter", "year"),
    "at_most": ("smaller", "larger"),
    "duration": ("duration", "start?", "end?", "since?"),
    "not_comparable": ("a+", "b+"),
}

DIFFERS = "differs:"
DAYS_PER_YEAR = Fraction(3652425, 10000)  # the mean of the Gregorian calendar
_DATE = r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?"
DATES = re.compile(rf"({_DATE})?\.\.({_DATE})")  # without the first date, that on which the period of `since` begins

# How the periods of a relation's claims may lie to each other, by its type; any may differ, and then says in what.
PERIOD_RULES = {
    "growth_of": ("same", "previous_year", "covers"),
    "multiple_of": ("same", "previous_year", "covers"),
    "share_of": ("same",),
    "part_of": ("same", "within", "across"),
    "sum_of": ("same", "within", "across"),
    "rate_times_time": ("same", "ceiling"),
    "converted": ("same", "across"),
    "annualised": ("within",),
    "at_most": ("same", "within", "previous_year", "across"),
    "duration": (),
    "not_comparable": (),
}

# The roles of a relation whose figures are in one unit, and the units that its other figures may be in.
ALIKE = {
    "growth_of": ("last", "first"),
    "multiple_of": ("last", "first"),
    "share_of": ("part", "total"),
    "part_of": ("part", "total"),
    "sum_of": ("total", "parts"),
    "annualised": ("quarter", "year"),
    "at_most": ("smaller", "larger"),
}

UNITS = {
    ("growth_of", "growth"): ("percent", "percentage_points"),
    ("multiple_of", "multiple"): ("times",),
    ("share_of", "share"): ("percent",),
    ("rate_times_time", "time"): ("year", "day"),
    ("duration", "duration"): ("year", "day"),
    ("duration", "start"): ("calendar_year",),
    ("duration", "end"): ("calendar_year",),
}

LEVELS = {"multiple_of": ("last", "first"), "share_of": ("part", "total")}  # of which one at least is named


def operands(text: str) -> dict[str, tuple[str, ...]]:
    """Return the claims of a relation by role.

    >>> operands("total=c001; parts=c002+c003")
    {'total': ('c001',), 'parts': ('c002', 'c003')}
    """
    pairs = (part.split("=") for part in text.split(";"))
    return {role.strip(): tuple(one.strip() for one in claims.split("+")) for role, claims in pairs}


def find_relation_problems(
    table: CsvTable, row: Row, figures: CsvTable | None, indicators: Mapping[str, Row]
) -> Iterator[Problem]:
    """Yield what is wrong with a relation: first with its operands, and if those are right with periods and units."""
    if not row.has("type", "operands"):
        return
    if row.values["type"] not in ROLES:
        yield table.problem(row, "type", "", one_of(row.values["type"], ROLES))
        return
    if not re.fullmatch(r"\s*\w+=\w+(\+\w+)*(\s*;\s*\w+=\w+(\+\w+)*)*\s*", row.values["operands"]):
        yield table.problem(row, "operands", "cannot be read", "write them like 'total=c001; parts=c002+c003'")
        return
    claims_by_role = operands(row.values["operands"])
    problems = list(_operands(table, row, claims_by_role))
    rows: Mapping[str, Row] = {}
    if figures is not None and figures.key in figures.columns:
        rows = ids(figures)
        for name in dict.fromkeys(name for names in claims_by_role.values() for name in names):
            if name not in rows:
                fault = unknown_row(name, rows, figures.file, figures.name)
                problems.append(table.problem(row, "operands", *fault, name))
    yield from problems
    if problems or not row.has("period_rule"):
        return
    rule = row.values["period_rule"]
    if not rule.startswith(DIFFERS):
        own = {role: [rows[name] for name in names if name in rows] for role, names in claims_by_role.items()}
        yield from _period_rule(table, row, figures, own)
        yield from _units(table, row, indicators, own)
    elif not rule.removeprefix(DIFFERS).strip():
        yield table.problem(row, "period_rule", "does not say in what they differ", "write it after the colon")


def _operands(table: CsvTable, row: Row, claims_by_role: Mapping[str, tuple[str, ...]]) -> Iterator[Problem]:
    """Yield which roles a relation lacks or has too many of, and which figures it names twice."""
    kind = row.values["type"]
    roles = {role.rstrip("?+"): role for role in ROLES[kind]}
    if len(claims_by_role) < row.values["operands"].count("="):
        yield table.problem(row, "operands", "names a role twice", "join its claims with '+', or write two relations")
    takes = f"{kind} takes {', '.join(roles)}"
    for role, names in claims_by_role.items():
        if role not in roles:
            remedy = f"{did_you_mean(role, roles)} {takes}".strip()
            yield table.problem(row, "operands", f"has an unknown role {role!r}", remedy)
        elif len(names) > 1 and not roles[role].endswith("+"):
            message = f"names {len(names)} claims as {role!r}, which takes one"
            yield table.problem(row, "operands", message, "write a relation for each")
    missing = [role for role, spec in roles.items() if not spec.endswith("?") and role not in claims_by_role]
    if missing:
        yield table.problem(row, "operands", f"lacks {', '.join(missing)}", takes)
    levels = LEVELS.get(kind, ())
    if levels and not set(levels) & set(claims_by_role):
        remedy = f"name the claim that is {' or '.join(map(repr, levels))}"
        yield table.problem(row, "operands", "lacks a level", remedy)
    counts = Counter(name for names in claims_by_role.values() for name in names)
    for name in sorted(name for name, count in counts.items() if count > 1):
        yield table.problem(row, "operands", f"names {name} twice", "a claim cannot be confronted with itself")


def _period_rule(
    table: CsvTable, row: Row, figures: CsvTable | None, own: Mapping[str, Sequence[Row]]
) -> Iterator[Problem]:
    """Yield what is wrong with how a relation says its claims' periods lie, or with how they do lie."""
    kind, rule = row.values["type"], row.values["period_rule"]
    choices = [*PERIOD_RULES[kind], f"{DIFFERS}…"]
    if kind == "duration":
        yield from _dates(table, row, figures, own)
    elif rule not in choices:
        remedy = f"{did_you_mean(rule, choices)} {kind} takes {' or '.join(choices)}".strip()
        yield table.problem(row, "period_rule", "is no rule here", remedy)
    elif figures and all(own.values()) and all(_has_period(figures, one) for rows in own.values() for one in rows):
        periods = {role: [_period(one) for one in rows] for role, rows in own.items()}
        for message in _broken_period_rules(kind, rule, periods):
            remedy = f"fix the periods in claims.csv, or write '{DIFFERS}' and in what they differ"
            yield table.problem(row, "period_rule", message, remedy)


def _units(
    table: CsvTable, row: Row, indicators: Mapping[str, Row], own: Mapping[str, Sequence[Row]]
) -> Iterator[Problem]:
    """Yield which figures of a relation are in units that cannot be confronted: those of their indicators."""
    kind = row.values["type"]
    named = {role: [str(one.values.get("indicator")) for one in rows] for role, rows in own.items()}
    units = {
        role: [indicators[name].values.get("unit") for name in names if name in indicators]
        for role, names in named.items()
    }
    remedy = f"name other claims, or write '{DIFFERS}' and in what they differ"
    alike = sorted({unit for role in ALIKE.get(kind, ()) for unit in units.get(role, ()) if unit})
    if len(alike) > 1:
        yield table.problem(row, "operands", f"confronts {' with '.join(alike)}", remedy)
    for role, role_units in units.items():
        allowed = UNITS.get((kind, role), tuple(role_units))
        if kind == "rate_times_time" and role == "rate":
            allowed = tuple(f"{unit}_per_{time}" for unit in units["total"] for time in UNITS[kind, "time"])
        if kind == "converted" and role == "rate":
            allowed = tuple(f"{unit}_per_{other}" for unit in units["total"] for other in units["amount"])
        if units.get("growth") == ["percentage_points"] and role in ALIKE["growth_of"]:
            allowed = ("percent",)
        for unit in role_units:
            if unit and allowed and unit not in allowed:
                message = f"has its {role} in {unit}, not in {' or '.join(map(str, allowed))}"
                yield table.problem(row, "operands", message, remedy)


def _dates(table: CsvTable, row: Row, figures: CsvTable | None, own: Mapping[str, Sequence[Row]]) -> Iterator[Problem]:
    """Yield what is wrong with the dates of a duration."""
    rule = row.values["period_rule"]
    dates, since = DATES.fullmatch(rule), own.get("since", ())
    if dates and bool(dates[1]) != bool(since):
        first, last = map(_first_day, (dates[1] or since[0].values.get("period_start") or "", dates[2]))
        if first is None or last is None or first > last:
            yield table.problem(row, "period_rule", "is no span of time", "write two dates of the calendar, in order")
        for length in own.get("duration", ()):
            if line := _line_counted_back(figures, length, dates):
                message = f"is counted back from what line {line} of {length.values['source']} prints itself"
                remedy = "take the first date from another sentence, or from a figure: since=c001 and '..2024-07-02'"
                yield table.problem(row, "period_rule", message, remedy)
    elif dates or since:
        remedy = "write 'since=' and the figure whose period begins then with '..2024-07-02', or else both dates"
        yield table.problem(row, "period_rule", "needs its first date once", remedy)
    elif "start" not in own or "end" not in own or rule != "same":
        remedy = "write two dates such as 1992..2024-07-02, or 'same' with claims on the years of start and end"
        yield table.problem(row, "period_rule", "is no rule here", remedy)


def _line_counted_back(figures: CsvTable | None, length: Row, dates: re.Match) -> str:
    """Return the line of a claim if dates are its own period, and that was worked out from a length its line prints.

    Such a span agrees with its sentence by construction. "" if the dates are others, or the text states them.
    """
    cells = length.values
    start, end = (cells.get(f"period_{part}") or "" for part in ("start", "end"))
    is_own = dates[1] and start != end and start.startswith(dates[1]) and end.startswith(dates[2])
    if figures is None or not cells.get("line") or cells.get("period_basis") != "inferred" or not is_own:
        return ""
    place = {name: cells.get(name) for name in ("source", "line")}
    beside = (row.values for row in figures.rows_where(place))
    lengths = [one for one in beside if one.get("unit") in UNITS["duration", "duration"] and one.get("value")]
    return str(cells["line"]) if any(_goes_back_to(one, start, end) for one in lengths) else ""


def _goes_back_to(length: Mapping, start: str, end: str) -> bool:
    """Return whether a length in years or days, counted back from the end of a period, leads to its start, or nearly.

    >>> _goes_back_to({"value": "15", "unit": "year"}, "2009-07-02", "2024-07-02")
    True
    """
    days = (date.fromisoformat(end) - date.fromisoformat(start)).days
    printed = sum(printed_ends(length["value"])) / 2 * Fraction(length.get("multiplier") or 1)
    return abs(days - printed * (1 if length["unit"] == "day" else DAYS_PER_YEAR)) <= 1


def _first_day(text: str) -> date | None:
    try:
        return date(*([int(part) for part in text.split("-")] + [1, 1])[:3])
    except ValueError:
        return None


def _has_period(table: CsvTable, row: Row) -> bool:
    """Return whether the period of a claim is in order by itself."""
    return row.has("period_start", "period_end", "period_kind") and not list(find_period_problems(table, row))


def _period(row: Row) -> Period:
    start, end, kind = (row.values.get(f"period_{part}") or "" for part in ("start", "end", "kind"))
    return Period(start, end, kind, "inferred")


def _broken_period_rules(kind: str, rule: str, periods: Mapping[str, list[Period]]) -> Iterator[str]:
    """Yield in what the periods of a relation's claims, by role, break its rule."""
    rate = {"growth_of": "growth", "multiple_of": "multiple"}.get(kind, "")
    larger = next((role for role in ("total", "larger", "year") if role in periods), "")
    if rule == "same":
        compared = [one for role, own in periods.items() if not (rate and role == "first") for one in own]
        if len(set(compared)) > 1:
            yield "says 'same', and the periods are not"
    if rule == "within":
        for role, own in periods.items():
            if role != larger and not all(_inside(one, periods[larger][0]) for one in own):
                yield f"says 'within', and the {role} does not lie within the {larger}"
    if rule == "covers":
        for role in ("first", "last"):
            if role in periods and not _inside(periods[role][0], periods[rate][0]):
                yield f"says 'covers', and the {rate} does not cover the {role}"
    early, late = ("first", "last") if rate else ("smaller", "larger")
    follows = rule == "previous_year" or (rate and rule == "same" and early in periods)
    if follows and not (early in periods and late in periods and periods[late][0].year_before == periods[early][0]):
        yield f"says {rule!r}, and the {early} does not lie a year before the {late}"


def _inside(inner: Period, outer: Period) -> bool:
    """Return whether a period lies within another; of a figure as of a day, only the end matters."""
    start = inner.start or inner.end
    starts = outer.kind == "moment" or not outer.start or (start and start >= outer.start)
    return bool(starts and inner.end and (not outer.end or inner.end <= outer.end))
