"""The engine judges and computes without one English sentence."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]
PROGRAM = """
import importlib, json, pkgutil, sys
from dataclasses import fields, is_dataclass
from pathlib import Path

import claims.judging, claims.results
from claims.ledger.loading import load_ledger

for room in (claims.judging, claims.results):
    for module in pkgutil.iter_modules(room.__path__):
        importlib.import_module(f"{room.__name__}.{module.name}")

from claims.judging import judge_ledger
from claims.ledger.model import Claim
from claims.results.finding import derive, relation_finding

ledger = load_ledger(Path(sys.argv[1]))
judged = judge_ledger(ledger)
findings = [relation_finding(verdict.result) for verdict in judged.all if verdict.result]
first = next(iter(ledger.claims))
findings.append(derive(ledger, "twice", "", "last_of_multiple", first=first, multiple=2))


def texts(item):
    '''Yield every text in a verdict or finding, but for what the ledger itself holds, expressions and words.'''
    if isinstance(item, str):
        yield item
    elif is_dataclass(item) and not isinstance(item, Claim):
        for field in fields(item):
            if field.name not in ("expression", "word", "period"):
                yield from texts(getattr(item, field.name))
    elif isinstance(item, dict):
        yield from texts([*item.keys(), *(value for value in item.values() if value not in STATES)])
    elif isinstance(item, (tuple, list)):
        for each in item:
            yield from texts(each)


STATES = claims.judging.causes.STATES
print(json.dumps({
    "modules": sorted(name for name in sys.modules if name.startswith("claims.")),
    "verdicts": len(judged.all),
    "findings": len(findings),
    "sentences": sorted({text for item in (*judged.all, *findings) for text in texts(item) if " " in text}),
    "stated": sorted({verdict.word for verdict in judged.all}),
}))
"""


def run_engine() -> dict:
    """Return what a fresh process reports that judges the invented ledger."""
    ledger = REPOSITORY / "tests" / "ledger"
    program = [sys.executable, "-c", PROGRAM, str(ledger)]
    done = subprocess.run(program, cwd=REPOSITORY / "notebooks", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_ledger_is_judged_without_one_english_sentence():
    report = run_engine()
    rooms = {name.split(".")[1] for name in report["modules"]}
    assert rooms == {"tables", "ledger", "judging", "results"}
    assert report["verdicts"] > 10
    assert report["findings"] > 3
    assert report["sentences"] == []
    assert len(report["stated"]) >= 3
