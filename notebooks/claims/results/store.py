"""The findings that a notebook has kept, and those that other notebooks have left."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from claims.ledger.intervals import Interval
from claims.results.finding import MIME, Finding, as_json
from claims.tables import locations
from claims.words import numerals

_kept: dict[str, Finding] = {}


def keep(findings: Iterable[Finding] | Finding) -> None:
    """Make `findings` known to `say`, and hand them to the report (as an output of this cell).

    One that was kept before is replaced, for a cell may be run again; in a build the report refuses it.
    """
    from IPython.display import display

    items = [findings] if isinstance(findings, Finding) else list(findings)
    _kept.update({finding.id: finding for finding in items})
    payload = {"findings": [as_json(finding) for finding in items]}
    text = f"{len(items)} finding{'s' * (len(items) != 1)} kept"
    display({MIME: payload, "text/plain": text}, raw=True)


def forget() -> None:
    """Forget all findings kept or borrowed."""
    _kept.clear()


def load(folder=None) -> tuple[dict[str, Finding], str]:
    """Return the findings other notebooks have left, and in words where they came from."""
    given, origin = (folder, f"the findings in {folder}") if folder else locations.findings_folder()
    path = given / "findings.json"
    if not path.exists():
        raise FileNotFoundError(
            f"{locations.display_path(path)} is missing: run `make report` once, then this notebook again"
        )
    found = {}
    for row in json.loads(path.read_text(encoding="utf-8"))["findings"]:
        interval = None
        if row["low_closed"] is not None:
            ends = [None if row[end] is None else numerals.exact(row[end]) for end in ("low", "high")]
            interval = Interval(*ends, row["low_closed"], row["high_closed"], True, True)
        value = None if row["value"] is None else numerals.exact(row["value"])
        inputs = {role: given if isinstance(given, str) else tuple(given) for role, given in row["inputs"].items()}
        found[row["id"]] = Finding(
            row["id"], row["label"], value, interval, row["unit"], row["expression"], row["formula"], inputs
        )
    return found, origin


def borrow(findings: Mapping[str, Finding]) -> None:
    """Make findings of other notebooks known to `say` without handing them to the report again."""
    _kept.update(findings)
