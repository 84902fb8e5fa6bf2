"""What must hold in a ledger and a table schema cannot say: one function a rule, each returning problems.

A rule speaks only of cells that are valid by themselves, so one slip never makes a second message.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from claims.ledger.intervals import WIDTHLESS, default_precision, exact_text
from claims.tables.schema import Problem, Row, Table, did_you_mean, ids, unknown_row

MOST_WORDS = 10
# The roles of each relation: one with "?" may be absent, so that it is implied; one with "+" may name several claims.
ROLES = {
    "growth_of": ("growth", "last", "first?"),
    "multiple_of": ("multiple", "last?", "first?"),
    "share_of": ("share", "part?", "total?"),
    "part_of": ("part", "total"),
    "sum_of": ("total", "parts+"),
    "rate_times_time": ("rate?", "time", "total"),
    "annualised": ("quarter", "year"),
    "at_most": ("smaller", "larger"),
    "duration": ("duration", "start?", "end?"),
    "not_comparable": ("a+", "b+"),
}
DIFFERS = "differs:"
DATES = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?\.\.[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")
# How the periods of a relation's claims may lie to each other, by its type; any may differ, and then says in what.
PERIOD_RULES = {
    "growth_of": ("same", "previous_year", "covers"),
    "multiple_of": ("same", "previous_year", "covers"),
    "share_of": ("same",),
    "part_of": ("same", "within", "across"),
    "sum_of": ("same", "within", "across"),
    "rate_times_time": ("same", "ceiling"),
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
CAUSES = (
    "authority",
    "window",
    "scope",
    "flow_or_stock",
    "gross_or_net",
    "unit_counted",
    "volume_or_value",
    "revision",
    "rounding",
    "misplaced_period",
    "loose_wording",
)


def broken(tables: Mapping[str, Table], causes: Collection[str] = CAUSES) -> Iterator[Problem]:
    """Yield every problem that takes more than one cell to see; `causes` are those a disagreement may have."""
    indicators = ids(tables["indicators"]) if "indicators" in tables else {}
    sectors, claims = tables.get("sectors"), tables.get("claims")
    for name, table in tables.items():
        if name in ("sources", "indicators", "claims") and not table.rows:
            yield Problem(table.file, message="has a header but no rows", remedy=f"a ledger needs {name}")
    if "indicators" in tables:
        yield from _each(tables["indicators"], _domain_ends, _authorities)
    for name in ("claims", "official"):
        if name in tables:
            yield from _each(tables[name], _hedge, _precision, _period)
            for row in tables[name].rows:
                if row.has("indicator"):
                    yield from _against_indicator(tables[name], row, indicators.get(row.values["indicator"]))
    if claims:
        yield from _each(claims, _printed)
        yield from _repeats(claims, same=("source", "indicator"))
    if "agreements" in tables:
        yield from _repeats(tables["agreements"], same=("source",))
        yield from _known_ids(tables["agreements"], "sectors", sectors)
    if "relations" in tables:
        figures = _figures(claims, tables.get("official"))
        for row in tables["relations"].rows:
            problems = list(_relation(tables["relations"], row, figures))
            yield from problems or [
                *_period_rule(tables["relations"], row, figures),
                *_units(tables["relations"], row, figures, indicators),
            ]
    if "known_disagreements" in tables:
        yield from _known_ids(tables["known_disagreements"], "claims", claims)
        for row in tables["known_disagreements"].rows:
            yield from _causes(tables["known_disagreements"], row, causes)


def operands(text: str) -> dict[str, tuple[str, ...]]:
    """Return the claims of a relation by role.

    >>> operands("total=c001; parts=c002+c003")
    {'total': ('c001',), 'parts': ('c002', 'c003')}
    """
    pairs = (part.split("=") for part in text.split(";"))
    return {role.strip(): tuple(one.strip() for one in claims.split("+")) for role, claims in pairs}


def _figures(claims: Table | None, official: Table | None) -> Table | None:
    """Return the claims with the official figures after them: a relation may name both."""
    return replace(claims, rows=claims.rows + official.rows) if claims and official else claims


def _each(table: Table, *rules) -> Iterator[Problem]:
    for row in table.rows:
        for rule in rules:
            yield from rule(table, row)


def _hedge(table: Table, row: Row) -> Iterator[Problem]:
    if row.has("value", "hedge") and row.values["hedge"] == "exact" and Fraction(row.values["value"]).denominator != 1:
        said = "is an enumeration, and the value is not whole"
        yield table.problem(row, "hedge", said, "write 'none', with a precision")


def _precision(table: Table, row: Row) -> Iterator[Problem]:
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
            said = f"is not wider than the precision {precision}"
            yield table.problem(row, "precision_wide", said, "leave it empty, or write the reach to the next word")


def _precision_basis(table: Table, row: Row, precision: Fraction, default: Fraction | None) -> Iterator[Problem]:
    if not row.has("precision_basis"):
        return
    basis = row.values["precision_basis"]
    if not basis:
        yield table.problem(row, "precision_basis", "is empty", "write 'default', or why it is finer or coarser")
    elif basis == "default" and precision != default:
        expected = (
            f"is not the default of {exact_text(default)}" if default else "has no default, as a fraction has none"
        )
        remedy = (
            f"say why in precision_basis, or write {exact_text(default)}" if default else "say why in precision_basis"
        )
        yield table.problem(row, "precision", expected, remedy)


def _against_indicator(table: Table, row: Row, indicator: Row | None) -> Iterator[Problem]:
    if indicator is None:
        return
    name, rules = row.values["indicator"], indicator.values
    if row.has("unit") and indicator.has("unit") and row.values["unit"] != rules["unit"]:
        said = f"is not the unit of {name}, which is {rules['unit']!r}"
        yield table.problem(row, "unit", said, "write that, with its multiplier, or name another indicator")
    if not row.has("value", "multiplier"):
        return
    point = Fraction(row.values["value"]) * row.values["multiplier"]
    low, high = rules.get("domain_low"), rules.get("domain_high")
    if low is not None and high is not None and low > high:
        low = high = None
    if (low is not None and point < low) or (high is not None and point > high):
        ends = f"{'-∞' if low is None else exact_text(low)} to {'∞' if high is None else exact_text(high)}"
        said = f"times {exact_text(row.values['multiplier'])} lies outside the domain of {name} ({ends})"
        yield table.problem(row, "value", said, "mend value or multiplier, or the domain in indicators.csv")
    if rules.get("integer") and point.denominator != 1:
        said = f"times {exact_text(row.values['multiplier'])} is not whole, and {name} counts whole things"
        yield table.problem(row, "value", said, "mend value or multiplier, or 'integer' in indicators.csv")


def _period(table: Table, row: Row) -> Iterator[Problem]:
    if not row.has("period_start", "period_end", "period_kind"):
        return
    start, end, kind = (row.values[name] for name in ("period_start", "period_end", "period_kind"))
    if start and end and start > end:
        yield table.problem(row, "period_start", f"is after period_end {end}", "swap or mend them")
        return
    expected = {
        "undated": (not start and not end, "both dates are empty"),
        "year": (_is_year(start, end), "the dates are 1 January and 31 December of one year"),
        "quarter": (_is_quarter(start, end), "the dates are the first and last day of a calendar quarter"),
        "moment": (bool(end) and start in ("", end), "period_end is the day, and period_start the same or empty"),
        "window": (bool(start or end), "at least one of the dates is given"),
        "horizon": (bool(end), "period_end is given"),
    }
    if kind != "undated" and row.has("period_basis") and not row.values["period_basis"]:
        yield table.problem(row, "period_basis", "is empty", "write 'stated' or 'inferred'")
    holds, said = expected.get(kind, (True, ""))
    if not holds:
        remedy = f"in a period of this kind {said}; here they are {start or 'empty'} and {end or 'empty'}"
        yield table.problem(row, "period_kind", "", remedy)


def _is_year(start: str, end: str) -> bool:
    return bool(start and end) and start[4:] == "-01-01" and end == f"{start[:4]}-12-31"


def _is_quarter(start: str, end: str) -> bool:
    if not (start and end):
        return False
    first, after = date.fromisoformat(start), date.fromisoformat(end) + timedelta(days=1)
    months = (after.year - first.year) * 12 + after.month - first.month
    return first.day == after.day == 1 and first.month % 3 == 1 and months == 3


def _printed(table: Table, row: Row) -> Iterator[Problem]:
    if row.has("printed") and len(row.values["printed"].split()) > MOST_WORDS:
        said = f"is longer than {MOST_WORDS} words"
        yield table.problem(row, "printed", said, "keep the figure with its hedge and unit; the texts are not ours")


def _repeats(table: Table, same: tuple[str, ...]) -> Iterator[Problem]:
    rows = ids(table)
    for row in table.rows:
        first = rows.get(row.values.get("repeats") or "")
        if first is None:
            continue
        other = [column for column in same if row.cells.get(column) != first.cells.get(column)]
        if first.number >= row.number:
            yield table.problem(row, "repeats", "does not stand above this row", "name the first occurrence")
        elif first.values.get("repeats"):
            remedy = f"name the first occurrence, {first.values['repeats']!r}"
            yield table.problem(row, "repeats", "is a repetition itself", remedy)
        elif other:
            said = f"has another {' and '.join(other)} than this row"
            yield table.problem(row, "repeats", said, "only the same thing said again in one text is a repetition")


def _known_ids(table: Table, column: str, target: Table | None) -> Iterator[Problem]:
    if target is None or target.key not in target.columns:
        return
    known = ids(target)
    for row in table.rows:
        for one in row.values.get(column, ()):
            if one not in known:
                said, remedy = unknown_row(one, known, target.file, target.name)
                yield Problem(table.file, row.number, row.cells.get(table.key, ""), column, one, said, remedy)


def _relation(table: Table, row: Row, claims: Table | None) -> Iterator[Problem]:
    if not row.has("type", "operands") or row.values["type"] not in ROLES:
        return
    text, kind = row.values["operands"], row.values["type"]
    if not re.fullmatch(r"\s*\w+=\w+(\+\w+)*(\s*;\s*\w+=\w+(\+\w+)*)*\s*", text):
        yield table.problem(row, "operands", "cannot be read", "write them like 'total=c001; parts=c002+c003'")
        return
    given = operands(text)
    roles = {role.rstrip("?+"): role for role in ROLES[kind]}
    if len(given) < text.count("="):
        yield table.problem(row, "operands", "names a role twice", "join its claims with '+', or write two relations")
    for role, names in given.items():
        if role not in roles:
            meant = did_you_mean(role, roles)
            known = f"{kind} takes {', '.join(roles)}"
            yield table.problem(row, "operands", f"has an unknown role {role!r}", f"{meant} {known}".strip())
        elif len(names) > 1 and not roles[role].endswith("+"):
            said = f"names {len(names)} claims as {role!r}, which takes one"
            yield table.problem(row, "operands", said, "write a relation for each")
    lacking = [role for role, spec in roles.items() if not spec.endswith("?") and role not in given]
    if lacking:
        yield table.problem(row, "operands", f"lacks {', '.join(lacking)}", f"{kind} takes {', '.join(roles)}")
    levels = LEVELS.get(kind, ())
    if levels and not set(levels) & set(given):
        yield table.problem(
            row, "operands", "lacks a level", f"name the claim that is {' or '.join(map(repr, levels))}"
        )
    named = [name for names in given.values() for name in names]
    for name in sorted({name for name in named if named.count(name) > 1}):
        yield table.problem(row, "operands", f"names {name} twice", "a claim cannot be confronted with itself")
    if claims is not None and claims.key in claims.columns:
        known = ids(claims)
        for name in dict.fromkeys(named):
            if name not in known:
                said, remedy = unknown_row(name, known, claims.file, claims.name)
                yield Problem(table.file, row.number, row.cells.get(table.key, ""), "operands", name, said, remedy)


def _period_rule(table: Table, row: Row, claims: Table | None) -> Iterator[Problem]:
    """Yield what is wrong with how a relation says its claims' periods lie, or with how they do lie."""
    if not row.has("type", "operands", "period_rule") or row.values["type"] not in PERIOD_RULES:
        return
    kind, rule = row.values["type"], row.values["period_rule"]
    if rule.startswith(DIFFERS):
        if not rule.removeprefix(DIFFERS).strip():
            yield table.problem(row, "period_rule", "does not say in what they differ", "write it after the colon")
        return
    if kind == "duration":
        yield from _dates(table, row, operands(row.values["operands"]))
        return
    if rule not in PERIOD_RULES[kind]:
        known = [*PERIOD_RULES[kind], f"{DIFFERS}…"]
        remedy = f"{did_you_mean(rule, known)} {kind} takes {' or '.join(known)}".strip()
        yield table.problem(row, "period_rule", "is no rule here", remedy)
        return
    known = ids(claims) if claims is not None and claims.key in claims.columns else {}
    given = {role: [known.get(name) for name in names] for role, names in operands(row.values["operands"]).items()}
    if all(one and _has_period(claims, one) for rows in given.values() for one in rows):
        for said in _rule_broken(kind, rule, {role: [_dated(one) for one in rows] for role, rows in given.items()}):
            remedy = f"mend the periods in claims.csv, or write '{DIFFERS}' and in what they differ"
            yield table.problem(row, "period_rule", said, remedy)


def _units(table: Table, row: Row, claims: Table | None, indicators: Mapping[str, Row]) -> Iterator[Problem]:
    """Yield which figures of a relation are in units that cannot be confronted: those of their indicators."""
    kind, known = row.values["type"], ids(claims) if claims is not None and claims.key in claims.columns else {}
    if not row.has("period_rule") or row.values["period_rule"].startswith(DIFFERS) or kind not in ROLES:
        return
    named = operands(row.values["operands"])
    of = {
        role: [known[name].values.get("indicator") for name in names if name in known] for role, names in named.items()
    }
    units = {role: [indicators[n].values.get("unit") for n in names if n in indicators] for role, names in of.items()}
    remedy = f"name other claims, or write '{DIFFERS}' and in what they differ"
    alike = sorted({unit for role in ALIKE.get(kind, ()) for unit in units.get(role, ()) if unit})
    if len(alike) > 1:
        yield table.problem(row, "operands", f"confronts {' with '.join(alike)}", remedy)
    for role, found in units.items():
        allowed = UNITS.get((kind, role), found)
        if kind == "rate_times_time" and role == "rate":
            allowed = [f"{unit}_per_{time}" for unit in units["total"] for time in UNITS[kind, "time"]]
        if units.get("growth") == ["percentage_points"] and role in ALIKE["growth_of"]:
            allowed = ("percent",)
        for unit in found:
            if unit and allowed and unit not in allowed:
                said = f"has its {role} in {unit}, not in {' or '.join(map(str, allowed))}"
                yield table.problem(row, "operands", said, remedy)


def _dates(table: Table, row: Row, given: Mapping[str, tuple[str, ...]]) -> Iterator[Problem]:
    rule = row.values["period_rule"]
    if DATES.fullmatch(rule):
        ends = [_first_day(part) for part in rule.split("..")]
        if None in ends or ends[0] > ends[1]:
            yield table.problem(row, "period_rule", "is no span of time", "write two dates of the calendar, in order")
    elif not {"start", "end"} <= set(given) or rule != "same":
        remedy = "write two dates such as 1992..2024-07-02, or 'same' with claims on the years of start and end"
        yield table.problem(row, "period_rule", "is no rule here", remedy)


def _first_day(text: str) -> date | None:
    try:
        return date(*([int(part) for part in text.split("-")] + [1, 1])[:3])
    except ValueError:
        return None


def _has_period(table: Table, row: Row) -> bool:
    """Return whether the period of a claim is in order by itself."""
    return row.has("period_start", "period_end", "period_kind") and not list(_period(table, row))


def _dated(row: Row) -> tuple[str, str, str]:
    return tuple(row.values.get(f"period_{part}") or "" for part in ("start", "end", "kind"))


def _rule_broken(kind: str, rule: str, given: Mapping[str, list[tuple[str, str, str]]]) -> Iterator[str]:
    """Yield in what the periods (start, end, kind) of a relation's claims break its rule."""
    rate = {"growth_of": "growth", "multiple_of": "multiple"}.get(kind)
    larger = next((role for role in ("total", "larger", "year") if role in given), None)
    if rule == "same":
        compared = [period for role, periods in given.items() if not (rate and role == "first") for period in periods]
        if len(set(compared)) > 1:
            yield "says 'same', and the periods are not"
    if rule == "within":
        for role, periods in given.items():
            if role != larger and not all(_inside(period, given[larger][0]) for period in periods):
                yield f"says 'within', and the {role} does not lie within the {larger}"
    if rule == "covers":
        for role in ("first", "last"):
            if role in given and not _inside(given[role][0], given[rate][0]):
                yield f"says 'covers', and the {rate} does not cover the {role}"
    early, late = ("first", "last") if rate else ("smaller", "larger")
    follows = rule == "previous_year" or (rate and rule == "same" and early in given)
    if follows and not (early in given and late in given and _a_year_after(given[early][0]) == given[late][0]):
        yield f"says {rule!r}, and the {early} does not lie a year before the {late}"


def _inside(inner: tuple[str, str, str], outer: tuple[str, str, str]) -> bool:
    """Return whether a period lies within another; of a figure as of a day, only the end matters."""
    start = inner[0] or inner[1]
    starts = outer[2] == "moment" or not outer[0] or (start and start >= outer[0])
    return bool(starts and inner[1] and (not outer[1] or inner[1] <= outer[1]))


def _a_year_after(period: tuple[str, str, str]) -> tuple[str, str, str] | None:
    start, end, kind = period
    if kind not in ("year", "quarter"):
        return None
    return f"{int(start[:4]) + 1}{start[4:]}", f"{int(end[:4]) + 1}{end[4:]}", kind


def _domain_ends(table: Table, row: Row) -> Iterator[Problem]:
    low, high = row.values.get("domain_low"), row.values.get("domain_high")
    if low is not None and high is not None and low > high:
        yield table.problem(row, "domain_low", f"is above domain_high {exact_text(high)}", "swap or mend them")


def _authorities(table: Table, row: Row) -> Iterator[Problem]:
    listed = row.values.get("authority", ())
    if "unknown" in listed and len(listed) > 1:
        yield table.problem(row, "authority", "is unknown and known at once", "list the candidates without 'unknown'")


def _causes(table: Table, row: Row, causes: Collection[str]) -> Iterator[Problem]:
    for cause in row.values.get("causes", ()):
        if cause not in causes:
            remedy = f"{did_you_mean(cause, causes)} One of: {', '.join(causes)}".strip()
            yield Problem(table.file, row.number, row.cells.get(table.key, ""), "causes", cause, "", remedy)
