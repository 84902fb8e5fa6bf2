"""Judges which figures can all be true: numbers and ids only, no sentences.

Read `verdict` first (what comes out), then `judge` (how each set is judged). Below them: `constraints` turns a row of
relations.csv into a `network` of `spans`, `calculations` evaluates `formulas`, `revisions` and `causes` ask what would
resolve a disagreement, and `joint` judges relations together.
"""

from claims.judging.judge import judge_group, judge_ledger, judge_relation, judge_relations
from claims.judging.verdict import Judged, Verdict

__all__ = ["Judged", "Verdict", "judge_group", "judge_ledger", "judge_relation", "judge_relations"]
