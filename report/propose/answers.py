"""The answers to the proposals for a text, kept in a file of their own after each, in the order they were given."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from claims.tables.files import read_regular

from report.stops import WrongInput
from report.writing import write_whole

__all__ = ["ACCEPTED", "REJECTED", "Answers", "GivenAnswer"]

ACCEPTED, REJECTED = "accepted", "rejected"


@dataclass(frozen=True)
class GivenAnswer:
    """What a person decided on a proposal: accepted or rejected, the row as it was then, and whether it was written."""

    key: str
    decision: str
    table: str
    row: Mapping[str, str]
    written: bool = False


@dataclass
class Answers:
    """The answers to the proposals for one text; every change is saved before anything else happens."""

    path: Path
    given: list[GivenAnswer] = field(default_factory=list)
    undone: dict[str, Mapping[str, str]] = field(default_factory=dict)  # rows as they were before they were taken back

    @classmethod
    def load(cls, path: Path) -> Answers:
        """Return the answers kept in a file, none if there is no such file. Raises WrongInput if it cannot be used."""
        try:
            kept = json.loads(read_regular(path))
            return cls(path, [GivenAnswer(**one) for one in kept["answers"]])
        except FileNotFoundError:
            return cls(path)
        except (OSError, ValueError, KeyError, TypeError) as error:
            remedy = "move it away to begin anew"
            raise WrongInput(f"{path}: the answers kept there cannot be read ({error}); {remedy}") from None

    @property
    def keys(self) -> set[str]:
        """Return the keys of proposals with an answer; a row that was written is not proposed, unless it is gone."""
        return {answer.key for answer in self.given if not answer.written}

    def of(self, decision: str, table: str = "") -> list[GivenAnswer]:
        """Return the answers with a decision, of one table if it is named."""
        return [one for one in self.given if one.decision == decision and table in ("", one.table)]

    def add(self, answer: GivenAnswer) -> None:
        """Keep an answer."""
        self._save([*self.given, answer])

    def undo(self) -> GivenAnswer | None:
        """Take back the last answer and return it; None if there is none, or its row is in the ledger already."""
        if not self.given or self.given[-1].written:
            return None
        last = self.given[-1]
        self._save(self.given[:-1])
        self.undone[last.key] = last.row
        return last

    def mark_written(self) -> None:
        """Keep in mind that every accepted row is in the ledger."""
        self._save([replace(one, written=one.decision == ACCEPTED) for one in self.given])

    def renumber(self, ids: Mapping[str, str]) -> None:
        """Give the rows that are not written yet the ids their proposals have now, by key: new units change those."""
        now = {one.row["id"]: ids.get(one.key, one.key) for one in self.given if not one.written}
        self.given = [
            one if one.written else replace(one, row={
                **one.row, "id": now[one.row["id"]], "repeats": now.get(one.row["repeats"], one.row["repeats"]),
            })
            for one in self.given
        ]  # fmt: skip

    def _save(self, given: list[GivenAnswer]) -> None:
        kept = {"answers": [vars(one) | {"row": dict(one.row)} for one in given]}
        write_whole(self.path, f"{json.dumps(kept, ensure_ascii=False, indent=1)}\n".encode())
        self.given = given
