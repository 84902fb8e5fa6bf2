"""Verdicts with their words, for tests that check what is judged and what is written about it."""

from __future__ import annotations

from claims.judging import Judged, Verdict, judge_ledger
from claims.ledger.intervals import Reading
from claims.ledger.model import Ledger
from claims.results.anchors import anchor
from claims.words.explanations import explain
from claims.words.verdicts import quantity_label, result_finding, revision_text


class VerdictInWords:
    """A verdict with its words: label, explanation, story, and those of its result, missing operands and revisions.

    Whatever else it is asked for is the verdict's.
    """

    def __init__(self, ledger: Ledger, verdict: Verdict) -> None:
        explained = explain(ledger, verdict)
        self.verdict, self.label, self.story = verdict, explained.label, explained.story
        self.explanation, self.anchor = explained.explanation, anchor(verdict.id)
        self.result = result_finding(ledger, verdict.result) if verdict.result else None
        self.missing_labels = [quantity_label(ledger, quantity) for quantity in verdict.missing]
        self.changes = [revision_text(revision) for revision in verdict.revisions]
        self.revised = [(each.claim.id, revision_text(each).partition(" → ")[2]) for each in verdict.revisions]

    def __getattr__(self, name: str):
        return getattr(self.verdict, name)


def judge_in_words(ledger: Ledger, reading: Reading | None = None) -> Judged:
    """Return all verdicts on a ledger, each a `VerdictInWords`."""
    judged = judge_ledger(ledger, reading)
    kinds = (judged.groups, judged.relations, judged.conflicts, judged.wholes)
    return Judged(*(tuple(VerdictInWords(ledger, verdict) for verdict in verdicts) for verdicts in kinds))
