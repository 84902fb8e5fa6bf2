"""Verdicts as data: what a set of claims comes to, in numbers and ids. Their words are written in `words`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from claims.judging.calculations import Calculation
from claims.judging.constraints import Quantity
from claims.judging.remainders import Remainder
from claims.ledger.intervals import Interval, Reading
from claims.ledger.model import Claim, independent

__all__ = [
    "BOUND_ONLY", "BY_ROUNDING", "CONSISTENT", "INCONSISTENT", "NOT_COMPARABLE", "POSSIBLE", "UNDECIDED", "WORDS",
    "Flip", "Judged", "Revision", "Verdict",
]  # fmt: skip

CONSISTENT = "consistent"
BY_ROUNDING = "consistent by rounding"
BOUND_ONLY = "consistent as a bound only"
UNDECIDED = "undecided"
INCONSISTENT = "inconsistent"
NOT_COMPARABLE = "not comparable"
WORDS = (INCONSISTENT, UNDECIDED, BOUND_ONLY, BY_ROUNDING, CONSISTENT, NOT_COMPARABLE)  # the gravest first
POSSIBLE = (BOUND_ONLY, BY_ROUNDING, CONSISTENT)  # some value satisfies all


@dataclass(frozen=True)
class Revision:
    """The printable value of a claim nearest to its own that would resolve a disagreement, and how far away it is."""

    claim: Claim
    point: Fraction
    relative_pct: Fraction | float


@dataclass(frozen=True)
class Flip:
    """What the other claims of a disagreement turn over: the sign, rank or threshold of a claim, or an order."""

    what: str
    claim: Claim | None = None


@dataclass(frozen=True)
class Verdict:
    """What a set of claims comes to, in one `reading`.

    The set is a group (claims on one quantity), a relation, a joint set (relations that only together leave no value)
    or a whole (everything that relations connect), which is its `kind`. `common` is the interval of values that all
    claims of a group allow (None if there is none), `touching` the value at which they meet without sharing it,
    `missing` the operands that no text prints. `result` is what a relation's figures make together, `remainder` what a
    part leaves of its whole; `flips` are the signs, ranks, threshold words and orders that it turns over, and
    `conflicts` the disagreements within a whole. `causes` have a state each; `evidence` are the ids of figures that
    support a cause by themselves. One not `settled` was left open by the search for values.
    """

    id: str
    kind: str
    word: str
    claims: tuple[Claim, ...]
    relations: tuple[str, ...] = ()
    common: Interval | None = None
    touching: Fraction | None = None
    revisions: tuple[Revision, ...] = ()
    missing: tuple[Quantity, ...] = ()
    result: Calculation | None = None
    remainder: Remainder | None = None
    causes: Mapping[str, str] = field(default_factory=dict, hash=False)
    evidence: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    flips: tuple[Flip, ...] = ()
    conflicts: tuple[Verdict, ...] = ()
    settled: bool = True
    reading: Reading = field(default_factory=Reading)

    @property
    def indicator(self) -> str:
        """Return the indicator of its first claim."""
        return self.claims[0].indicator

    @property
    def sources(self) -> tuple[str, ...]:
        """Return the sources of its claims, in order."""
        return tuple(dict.fromkeys(claim.source for claim in self.claims))

    @property
    def independent(self) -> int:
        """Return how many independent statements there are."""
        return len(independent(self.claims))

    @property
    def is_open(self) -> bool:
        """Return whether its claims disagree, or may."""
        return self.word == INCONSISTENT or (self.word == UNDECIDED and not self.missing)

    @property
    def needs_pin(self) -> bool:
        """Return whether it is a disagreement that data/known_disagreements.csv has to explain."""
        return self.is_open and self.kind != "whole"

    @property
    def headline_revisions(self) -> tuple[Revision, ...]:
        """Return the smallest relative revision, with its ties."""
        least = min((revision.relative_pct for revision in self.revisions), default=0)
        return tuple(revision for revision in self.revisions if revision.relative_pct == least)


@dataclass(frozen=True)
class Judged:
    """All verdicts on a ledger: on groups (the gravest first), on relations, on joint sets, and on wholes."""

    groups: tuple[Verdict, ...]
    relations: tuple[Verdict, ...]
    conflicts: tuple[Verdict, ...]
    wholes: tuple[Verdict, ...]

    @property
    def all(self) -> tuple[Verdict, ...]:
        """Return every verdict."""
        return self.groups + self.relations + self.conflicts + self.wholes

    def __repr__(self) -> str:
        sizes = (len(verdicts) for verdicts in (self.groups, self.relations, self.conflicts, self.wholes))
        return "Judged({} groups, {} relations, {} joint sets, {} wholes)".format(*sizes)

    @property
    def disagreements(self) -> tuple[Verdict, ...]:
        """Return the verdicts that data/known_disagreements.csv has to explain."""
        return tuple(verdict for verdict in self.all if verdict.needs_pin)
