"""What a report would say if a figure were another: as the page works it out, and as the engine does."""

from __future__ import annotations

import json
import math
import random
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache, cached_property
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import playwright
from browser import REPOSITORY
from claims.judging.formulas import FORMULAS
from claims.judging.judge import judge_ledger, word_of_group, word_of_relation
from claims.judging.verdict import NOT_COMPARABLE
from claims.ledger.intervals import HEDGES, WIDTHLESS, Interval, Reading, exact_text
from claims.ledger.loading import load_ledger
from claims.ledger.model import Claim, Ledger, domain
from claims.ledger.official import join_official
from claims.questions.discrepancies import as_json
from claims.questions.reworked import Rules, find_rules, rework
from claims.results.anchors import anchor
from claims.results.finding import Finding
from claims.words.explanations import explain
from claims.words.values import finding_json
from claims.words.verdicts import relation_result

from report.pages.what_if import SCRIPT, what_if_data
from report.runs import extract

READING = Reading()
STEPPER = Path(__file__).with_name("what_if.js")


@dataclass(frozen=True)
class Change:
    """A figure with another value, precision or hedge, and so where its text states it again."""

    id: str
    value: Fraction
    precision: Fraction | None
    hedge: str

    def row(self, row: Sequence[str]) -> list[str]:
        """Return a figure as the page has it, changed."""
        precision = "" if self.precision is None else exact_text(self.precision)
        return [exact_text(self.value), row[1], precision, row[3], self.hedge, *row[5:8], ""]

    def applied(self, ledger: Ledger) -> Ledger:
        """Return a ledger with this figure."""
        changes = {"value": self.value, "precision": self.precision, "hedge": self.hedge}
        claims = {
            id: replace(claim, **changes) for id, claim in ledger.claims.items() if id in repeated(ledger, self.id)
        }
        return replace(ledger, claims=ledger.claims | claims)


def repeated(ledger: Ledger, id: str) -> list[str]:
    """Return the ids of all claims that make the statement of one."""
    statement = ledger.claims[id].repeats or id
    return [one.id for one in ledger.claims.values() if (one.repeats or one.id) == statement]


@dataclass(frozen=True)
class Report:
    """A ledger with the findings and verdicts of a report on it."""

    ledger: Ledger
    findings: Sequence[Mapping]
    verdicts: Sequence[Mapping]

    @cached_property
    def data(self) -> dict[str, Any]:
        """Return what the page has."""
        return json.loads(json.dumps(what_if_data(self.ledger, self.findings, self.verdicts, READING)))

    @cached_property
    def rules(self) -> Rules:
        """Return the rules of the findings that the page works out; all others are as they were found."""
        joined = join_official(self.ledger)
        rules = find_rules(joined, self.findings, READING)
        as_found = {id: finding for id, finding in rework(joined, rules, READING).items() if not self._is_worked(id)}
        worked = {id: rule for id, rule in rules.by_id.items() if self._is_worked(id)}
        return Rules(worked, {**rules.fixed, **as_found})

    def _is_worked(self, id: str) -> bool:
        return anchor(id) in self.data["findings"]

    def random_changes(self, seed: int) -> Iterator[Change]:
        """Yield changes of all claims in turn: a few steps or many, finer, coarser, or with another hedge."""
        chance = random.Random(seed)
        while True:
            for claim in self.ledger.claims.values():
                yield self._random_change(claim, chance)

    def _random_change(self, claim: Claim, chance: random.Random) -> Change:
        hedge = chance.choice(HEDGES) if chance.random() < 0.2 else claim.hedge
        precision = claim.precision or (None if hedge in WIDTHLESS else Fraction(1))
        if precision and chance.random() < 0.2:
            precision *= chance.choice((Fraction(1, 10), Fraction(1, 2), 2, 10))
        unit = claim.precision or Fraction(1)
        steps = chance.choice((0, chance.randint(-3, 3), chance.randint(-30, 30), chance.randint(-2000, 2000)))
        return Change(claim.id, claim.value + steps * unit, precision, hedge)

    def by_page(
        self,
        changes: Iterable[Change],
        texts: Mapping[str, Sequence[str]] | None = None,
        verdicts: Sequence[str] | None = None,
        findings: Sequence[str] | None = None,
    ) -> list[dict]:
        """Return what the page works out for each change: spans, words, findings; of all, or only of these."""
        asked = {
            "verdicts": [*self.data["verdicts"]] if verdicts is None else verdicts,
            "findings": [*self.data["findings"]] if findings is None else findings,
            "texts": texts,
        }
        cases = [
            {"changed": {id: change.row(self.data["figures"][id]) for id in repeated(self.ledger, change.id)}, **asked}
            for change in changes
        ]
        with TemporaryDirectory() as folder:
            paths = [Path(folder, name) for name in ("data.json", "cases.json")]
            for path, content in zip(paths, (self.data, cases), strict=True):
                path.write_text(json.dumps(content), encoding="utf-8")
            command = [node(), STEPPER, SCRIPT, *paths]
            answers = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        return [{kind: dict(pairs) for kind, pairs in answer.items()} for answer in answers]

    def by_engine(self, change: Change) -> dict[str, dict]:
        """Return what the engine judges and computes with a change, in the same form."""
        ledger = change.applied(self.ledger)
        joined, kept = join_official(ledger), {row["anchor"]: row for row in self.verdicts}
        findings = {anchor(id): finding for id, finding in rework(joined, self.rules, READING).items()}
        return {
            "spans": {id: ledger.interval(ledger.claims[id], READING) for id in repeated(ledger, change.id)},
            "words": {name: _word(ledger, joined, kept[name]) for name in self.data["verdicts"]},
            "findings": {name: findings.get(name) for name in self.data["findings"]},
        }

    def is_possible(self, change: Change) -> bool:
        """Return whether the figure can be that: what the page lets a reader ask."""
        claim = self.ledger.claims[change.id]
        indicator = self.ledger.indicators[claim.indicator]
        point = change.value * claim.multiplier
        is_whole = point.denominator == 1 or not indicator.integer
        interval = change.applied(self.ledger).interval(change.applied(self.ledger).claims[change.id], READING)
        return is_whole and point in domain(indicator) and not interval.is_empty


def _word(ledger: Ledger, joined: Ledger, row: Mapping) -> str:
    if row["kind"] == "group":
        return word_of_group([joined.claim(id) for id in row["claims"]], joined, READING)[0]
    own = ledger if row["id"] in ledger.relations else joined
    return word_of_relation(own, own.relations[row["id"]], READING)


def node() -> str:
    """Return a program that runs JavaScript: node, or the one that the tests' browser is driven by."""
    return shutil.which("node") or str(Path(playwright.__file__).parent / "driver" / "node")


def is_same(found: Sequence | None, finding: Finding | None) -> bool:
    """Return whether the page's value and interval are the engine's, those of powers and logarithms up to 3 in 10¹².

    A time that never ends is no value to the page.
    """
    if found is None or finding is None:
        return found is None and finding is None
    interval = finding.interval or Interval(None, None, False, False)
    value, low, high, *closed = found
    expected = (None if finding.value == math.inf else finding.value, interval.low, interval.high)
    alike = _exactly if not finding.formula or FORMULAS[finding.formula].exact else _nearly
    return closed == [interval.low_closed, interval.high_closed] and all(map(alike, (value, low, high), expected))


def _exactly(found: str | None, expected: Fraction | None) -> bool:
    return (found is None) == (expected is None) and (found is None or Fraction(found) == expected)


def _nearly(found: str | None, expected: Fraction | float | None) -> bool:
    if found is None or expected is None:
        return found is None and expected is None
    return math.isclose(Fraction(found), expected, rel_tol=3e-12, abs_tol=3e-12)


def disagreements(report: Report, changes: Sequence[Change], answers: Sequence[Mapping]) -> list[str]:
    """Return where the page's answers are not the engine's; what the page does not work out is not compared."""
    return [
        f"{change}: {name}: {found} is not {expected}"
        for change, answer in zip(changes, answers, strict=True)
        for name, found, expected, is_right in _compared(answer, report.by_engine(change))
        if not is_right
    ]


def _compared(answer: Mapping, engine: Mapping) -> Iterator[tuple[str, Any, Any, bool]]:
    for id, span in engine["spans"].items():
        ends = [None if end is None else f"{end.numerator}/{end.denominator}" for end in (span.low, span.high)]
        yield id, answer["spans"][id], span, answer["spans"][id] == [*ends, span.low_closed, span.high_closed]
    for name, word in engine["words"].items():
        yield name, answer["words"][name], word, answer["words"][name] in (None, word)
    for name, finding in engine["findings"].items():
        yield name, answer["findings"][name], finding, is_same(answer["findings"][name], finding)


def possible_changes(report: Report, seed: int, number: int) -> list[Change]:
    """Return random changes of figures to what they can be."""
    return list(islice(filter(report.is_possible, report.random_changes(seed)), number))


@cache
def published_report() -> Report:
    """Return the ledger with what the published notebooks found."""
    paths = sorted((REPOSITORY / "report" / "published" / "notebooks").glob("*.ipynb"))
    executed = {path.stem: json.loads(path.read_bytes()) for path in paths}
    return Report(load_ledger(), extract.findings(executed), extract.verdicts(executed))


@cache
def invented_report() -> Report:
    """Return the tests' own ledger, which has a relation of every type, with its verdicts and what relations make."""
    ledger = load_ledger(Path(__file__).with_name("ledger"))
    judged = judge_ledger(ledger, READING)
    verdicts = [as_json(explain(ledger, verdict)) for verdict in judged.all]
    compared = [ledger.relations[verdict.id] for verdict in judged.relations if verdict.word != NOT_COMPARABLE]
    made = [relation_result(ledger, relation, READING) for relation in compared]
    findings = {finding.id: finding_json(finding) for finding in made if finding}
    return Report(ledger, list(findings.values()), verdicts)
