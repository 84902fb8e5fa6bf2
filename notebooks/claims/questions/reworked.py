"""Findings worked out again, each from the formula and the inputs that its row names: what if a figure were another?

Only those are that come out as they were found, to the last stored digit, while nothing is another.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import reduce
from operator import add, and_

from claims.judging.calculations import Operand, calculate, calculate_relation
from claims.judging.constraints import difference
from claims.judging.judge import judge_group
from claims.judging.program import Program
from claims.judging.spans import Span
from claims.ledger.intervals import Interval, Reading
from claims.ledger.model import Claim, Ledger, Official, domain
from claims.ledger.numbers import decimal_text, exact_or_none
from claims.questions.discrepancies import gaps
from claims.questions.levels import MIDDLE, level_point
from claims.results.finding import Finding, relation_finding

__all__ = ["Rule", "Rules", "dependents", "find_rules", "finding_steps", "rework", "users_of_each"]

_CLAIM, _FIGURE = re.compile(r"c\d{3,}"), re.compile(r"[co]\d{3,}")
_SUM = re.compile(r"\{part1\}(?: \+ \{part\d+\})+")
Operands = Mapping[str, str | Fraction]


@dataclass(frozen=True)
class Rule:
    """How a finding is worked out: by `formula` of the `inputs` by role, ids of figures and findings or constants.

    Without a formula it is the sum of its inputs, or, of what `group` prints, the middle of what all figures allow.
    Inputs that are "least" and "most" are the smallest and the largest figure of the `group`. What lies outside the
    domain of the indicator `within` is none.
    """

    formula: str
    unit: str
    inputs: Operands = field(hash=False)
    group: tuple[str, ...] = ()
    within: str = ""


@dataclass(frozen=True)
class Rules:
    """Rules by the ids of their findings, and those findings that no figure of a text changes."""

    by_id: Mapping[str, Rule]
    fixed: Mapping[str, Finding]


def find_rules(ledger: Ledger, findings: Iterable[Mapping], reading: Reading) -> Rules:
    """Return the rules of those findings of a report that come out as they were found.

    `ledger` is one that the official figures were joined to; findings are as `Finding.to_json` returns them.
    """
    rows = {row["id"]: row for row in findings}
    special = _special_rules(ledger, reading)
    depending = dependents(rows.values())
    by_id = {id: rule for id, row in rows.items() if (rule := _rule(row, special.get(id)))}
    fixed = {id: Finding.from_json(row) for id, row in rows.items() if id not in depending}
    while True:
        rules = Rules(by_id, {id: finding for id, finding in fixed.items() if id not in by_id})
        found = rework(ledger, rules, reading)
        if not (wrong := {id for id in by_id if not _is_as_before(found.get(id), rows[id])}):
            return rules
        by_id = {id: rule for id, rule in by_id.items() if id not in wrong}


def dependents(findings: Iterable[Mapping]) -> set[str]:
    """Return the ids of findings that go back to figures of texts.

    >>> dependents([{"id": "a", "inputs": {"of": ["c001"]}}, {"id": "b", "inputs": {"last": "o002"}}])
    {'a'}
    """
    rows = list(findings)
    claims = {name for row in rows for name in _names(row) if _CLAIM.fullmatch(name)}
    return set().union(*users_of_each(rows, claims).values())


def users_of_each(rows: Iterable[Mapping], ids: Iterable[str]) -> dict[str, set[str]]:
    """Return for each of these ids those of the rows that have it among their inputs, directly or through others.

    >>> rows = [{"id": "a", "inputs": {"of": ["c001"]}}, {"id": "b", "inputs": {"last": "a", "first": "o001"}}]
    >>> [sorted(users) for users in users_of_each(rows, ["c001", "o001"]).values()]
    [['a', 'b'], ['b']]
    """
    users: dict[str, list[str]] = {}
    for row in rows:
        for name in _names(row):
            users.setdefault(name, []).append(row["id"])
    found: dict[str, set[str]] = {}
    for id in ids:
        waiting, reached = [id], set[str]()
        while waiting:
            new = [user for user in users.get(waiting.pop(), ()) if user not in reached]
            reached.update(new)
            waiting += new
        found[id] = reached
    return found


def rework(ledger: Ledger, rules: Rules, reading: Reading) -> dict[str, Finding]:
    """Return the findings of these rules with the figures of a ledger, but those that have no value there."""
    found: dict[str, Finding | None] = {**rules.fixed}

    def work_out(id: str) -> Finding | None:
        if id not in found:
            found[id] = None  # what would need itself has no value
            found[id] = _worked_out(ledger, id, rules.by_id[id], work_out, reading) if id in rules.by_id else None
        return found[id]

    return {id: finding for id in rules.by_id if (finding := work_out(id))}


def _special_rules(ledger: Ledger, reading: Reading) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Return the findings with an indicator that they stay within, or a group whose ends they take, by their ids."""
    special: dict[str, tuple[str, tuple[str, ...]]] = {}
    for relation in ledger.relations.values():
        result = None if difference(relation) else calculate_relation(ledger, relation, reading)
        if result and result.formula == "remainder":
            special[relation_finding(result).id] = ledger.claim(str(result.inputs["total"])).indicator, ()
    texts = {key: [one for one in group if one.id not in ledger.official] for key, group in ledger.groups.items()}
    for key, claims in texts.items():
        if len(claims) > 1:
            for finding in gaps(judge_group(key, claims, ledger, reading), ledger, reading):
                special[finding.id] = "", tuple(claim.id for claim in claims)
    return special


def _names(row: Mapping) -> Iterator[str]:
    for names in row["inputs"].values():
        yield from (names,) if isinstance(names, str) else names


def _rule(row: Mapping, special: tuple[str, tuple[str, ...]] | None) -> Rule | None:
    within, group = special or ("", ())
    inputs = {role: _operand(id) for role, id in row["inputs"].items() if isinstance(id, str)}
    if row["expression"] == MIDDLE:
        return Rule("", row["unit"], {}, tuple(row["inputs"]["claims"]))
    if len(inputs) < len(row["inputs"]) or not (row["formula"] or _SUM.fullmatch(row["expression"])):
        return None
    if group:
        ends = {"other": "least", "smaller": "least", "one": "most", "larger": "most"}
        inputs = {role: ends[role] for role in inputs}
    return Rule(row["formula"], row["unit"], inputs, group, within)


def _operand(text: str) -> str | Fraction:
    """Return an id, or the constant that is written with twelve digits.

    >>> _operand("c001"), _operand("7.5"), _operand("14.0833333333"), _operand("0.00273790700699")
    ('c001', Fraction(15, 2), Fraction(169, 12), Fraction(400, 146097))
    """
    if not re.fullmatch(r"-?[\d.]+", text):
        return text
    exact = Fraction(text)
    if len(text.replace(".", "").lstrip("-0")) < 12:
        return exact
    simple = (exact.limit_denominator(most) for most in (1000, 10**6))
    return next((number for number in simple if decimal_text(number) == text), exact)


def _worked_out(ledger: Ledger, id: str, rule: Rule, find, reading: Reading) -> Finding | None:
    figures = [ledger.figure(name) for name in rule.group]
    if not rule.formula and figures:
        return _middle(ledger, id, rule, figures, reading)
    ends = {}
    if figures:
        order = sorted(figures, key=lambda figure: (figure.point, figure.id))
        ends = {"least": order[0], "most": order[-1]}
    found = {role: _figure_or_finding(ledger, name, ends, find) for role, name in rule.inputs.items()}
    operands: dict[str, Operand] = {role: operand for role, operand in found.items() if operand is not None}
    if len(operands) < len(rule.inputs):
        return None
    if not rule.formula:
        return _sum(ledger, id, rule, [*operands.values()], reading)
    try:
        result = calculate(ledger, rule.formula, operands, reading, rule.unit)
    except ValueError:  # the logarithm of what is not above 0
        return None
    interval, value = result.interval, result.value
    if rule.within and interval is not None:
        interval = interval & domain(ledger.indicators[rule.within])
        if interval.is_empty:
            return None
        value = value if value is not None and value in interval else None
    return Finding(id, "", value, interval, rule.unit, result.expression, rule.formula)


def _figure_or_finding(
    ledger: Ledger, name: str | Fraction, ends: Mapping, find
) -> Claim | Official | Finding | Fraction | None:
    if not isinstance(name, str) or name in ends:
        return ends.get(name, name)
    return ledger.figure(name) if _FIGURE.fullmatch(name) else find(name)


def _middle(
    ledger: Ledger, id: str, rule: Rule, figures: Sequence[Claim | Official], reading: Reading
) -> Finding | None:
    common = reduce(and_, (ledger.interval(figure, reading) for figure in figures))
    point = None if common.is_empty else level_point(common, ledger.indicators[figures[0].indicator].integer)
    return None if point is None else Finding(id, "", point, common, rule.unit, MIDDLE)


def _sum(ledger: Ledger, id: str, rule: Rule, parts: Sequence, reading: Reading) -> Finding | None:
    if not all(isinstance(part, Claim | Official) for part in parts):
        return None
    total = reduce(add, (Span.from_interval(ledger.interval(part, reading)) for part in parts)).interval
    return Finding(id, "", sum((part.point for part in parts), Fraction(0)), total, rule.unit, "")


def _is_as_before(finding: Finding | None, row: Mapping) -> bool:
    if finding is None:
        return False
    now = finding.to_json()
    return all(now[key] == row[key] for key in ("value", "low", "high", "low_closed", "high_closed", "unit"))


Steps = tuple[int, int]  # the numbers of two steps of a program: a value, and the interval that it may lie in


def finding_steps(program: Program, ledger: Ledger, rules: Rules, ids: Iterable[str]) -> dict[str, Steps]:
    """Return the findings with these ids, worked out by the steps of a program."""
    found: dict[str, Steps] = {}

    def steps(id: str) -> Steps:
        if id not in found:
            found[id] = _steps(program, ledger, rules.by_id[id], operand) if id in rules.by_id else fixed(id)
        return found[id]

    def fixed(id: str) -> Steps:
        finding = rules.fixed[id]
        value, interval = exact_or_none(finding.value), finding.interval or Interval(None, None, False, False)
        return program.add("word", None) if value is None else program.number(value), program.constant(interval)

    def operand(rule: Rule, name: str | Fraction) -> Steps:
        if not isinstance(name, str):
            return program.number(name), program.constant(Interval(name, name, True, True))
        if name in ("least", "most"):
            return program.add(name, "point", *rule.group), program.add(name, "usual", *rule.group)
        return (program.add("point", name), program.add("usual", name)) if _FIGURE.fullmatch(name) else steps(name)

    return {id: steps(id) for id in ids}


def _steps(program: Program, ledger: Ledger, rule: Rule, operand: Callable[[Rule, str | Fraction], Steps]) -> Steps:
    add = program.add
    if rule.group and not rule.formula:
        shared = program.meet(add("usual", id) for id in rule.group)
        is_whole = ledger.indicators[ledger.figure(rule.group[0]).indicator].integer
        return add("middle", shared, bool(is_whole)), shared
    inputs = {role: operand(rule, name) for role, name in rule.inputs.items()}
    values = {role: value for role, (value, _) in inputs.items()}
    ranges = {role: interval for role, (_, interval) in inputs.items()}
    if not rule.formula:
        return reduce(lambda a, b: add("plus", a, b), values.values()), reduce(
            lambda a, b: add("sum", a, b), ranges.values()
        )
    value, interval = program.formula("value", rule.formula, values), program.formula("range", rule.formula, ranges)
    if not rule.within:
        return value, interval
    interval = add("possible", add("meet", interval, program.constant(domain(ledger.indicators[rule.within]))))
    return add("inside", interval, value), interval
