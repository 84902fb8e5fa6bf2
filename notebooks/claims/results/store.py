"""The results that a notebook holds: its ledger, and the findings that it has kept or borrowed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from claims.ledger.intervals import Interval, Reading
from claims.ledger.model import Claim, Ledger, Official
from claims.ledger.names import figure_names
from claims.results.finding import Finding
from claims.results.names import Names, UnknownName, finding_name, unknown
from claims.tables import locations

__all__ = ["Results", "load_findings", "load_origins"]


class Results:
    """A ledger with the findings computed from it: everything that a sentence may name.

    It is built from the ledger that the author holds, and reads no file: with a ledger of other conventions, a name
    stands for that ledger's figure. `borrowed` are the ids of findings that other notebooks have computed.
    """

    def __init__(self, ledger: Ledger, reading: Reading | None = None) -> None:
        self.ledger, self.reading = ledger, reading
        self.findings: dict[str, Finding] = {}
        self.borrowed: set[str] = set()
        self._figures = figure_names(ledger)
        printed = {id: claim for id, claim in ledger.claims.items() if id not in ledger.official}
        self._named = (
            Names("finding", self.findings, self.name_of),
            Names("official figure", ledger.official, self.name_of),
            Names("claim", printed, self.name_of),
        )

    @property
    def named(self) -> tuple[Names[Finding], Names[Official], Names[Claim]]:
        """Return findings, official figures and claims by their readable names."""
        return self._named

    def name_of(self, id: str) -> str:
        """Return the readable name of a claim, an official figure or a finding."""
        return self._figures.get(id) or finding_name(id, self.ledger, self._figures)

    def keep(self, findings: Iterable[Finding] | Finding) -> list[Finding]:
        """Store findings under their ids and return them.

        A finding with the same id is replaced, because a cell may be run again; a build refuses two different ones.
        """
        items = [findings] if isinstance(findings, Finding) else list(findings)
        self.findings.update({finding.id: finding for finding in items})
        self.borrowed.difference_update(finding.id for finding in items)
        return items

    def borrow(self, findings: Mapping[str, Finding]) -> None:
        """Store findings of other notebooks, by id."""
        self.findings.update(findings)
        self.borrowed.update(findings)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the readable name of every finding, claim and official figure, and then their ids."""
        return tuple(dict.fromkeys([*(name for items in self.named for name in items), *self.findings]))

    def get(self, name: str) -> Finding | Claim | Official | None:
        """Return the finding, claim or official figure with this name or id, None if there is none.

        An official figure that the ledger has joined to its claims is returned as the official figure that it is.
        """
        by_id = self.findings.get(name) or self.ledger.official.get(name) or self.ledger.claims.get(name)
        return by_id or next((items[name] for items in self.named if name in items), None)

    def interval(self, item: Finding | Claim | Official) -> Interval | None:
        """Return the values that a finding or a printed figure may have under the reading, None if nothing limits them.

        A figure has those of its row in the ledger, also where its indicator is not in it.
        """
        if isinstance(item, Finding):
            return item.interval
        return self.ledger.interval(item, self.reading) if item.indicator in self.ledger.indicators else None

    def __getitem__(self, name: str) -> Finding | Claim | Official:
        """Return the finding, claim or official figure with this name; UnknownName with a suggestion if none has it."""
        item = self.get(name)
        if item is None:
            raise UnknownName(unknown("finding, claim or official figure", name, self.names))
        return item


def load_findings(folder: Path | None = None) -> tuple[dict[str, Finding], str]:
    """Return the findings that other notebooks have left, by id, and in words where they came from.

    Raises FileNotFoundError, with the command to run, where no notebook has left any.
    """
    rows, origin = _load_rows(folder)
    return {row["id"]: Finding.from_json(row) for row in rows}, origin


def load_origins(folder: Path | None = None) -> dict[str, tuple[str, Finding]]:
    """Return the notebook that computes each finding, and the finding, by its id; none where no build has left any."""
    with suppress(FileNotFoundError):
        return {row["id"]: (row["notebook"], Finding.from_json(row)) for row in _load_rows(folder)[0]}
    return {}


def _load_rows(folder: Path | None) -> tuple[list[dict], str]:
    path, origin = locations.published_file("findings.json", "the findings", folder)
    return json.loads(path.read_text(encoding="utf-8"))["findings"], origin
