"""Read a text together with its row in sources.csv."""

from __future__ import annotations

from pathlib import Path

from claims.ledger.model import Ledger, Source
from claims.tables.messages import did_you_mean

from report.propose.letters import Text, read_text
from report.propose.proposals import TextReading, propose_rows
from report.runs.printed import read_ledger
from report.stops import WrongInput

__all__ = ["find_source", "next_source_id", "read_registered"]


def read_registered(path: Path, source: str, folder: Path) -> tuple[TextReading, Ledger]:
    """Return what is proposed for the text in a file, and the ledger it is proposed for.

    Raises WrongInput if the text cannot be read, the ledger has problems, or the source is not that of the text.
    """
    text = read_text(path)
    ledger = read_ledger(folder)
    return propose_rows(text, ledger, find_source(text, ledger, source)), ledger


def find_source(text: Text, ledger: Ledger, id: str) -> Source | None:
    """Return the source with an id, or else the one with the hash of the text; None if there is none.

    Raises WrongInput if there is no such source, or its hash is another text's.
    """
    if not id:
        return next((source for source in ledger.sources.values() if source.sha256 == text.sha256), None)
    if id not in ledger.sources:
        meant = did_you_mean(id, ledger.sources)
        known = f"{meant} There are {', '.join(ledger.sources)}" if meant else f"there are {', '.join(ledger.sources)}"
        raise WrongInput(f"--source {id}: is not in sources.csv; {known}; or add its row first")
    source = ledger.sources[id]
    if source.sha256 != text.sha256:
        other = next((one.id for one in ledger.sources.values() if one.sha256 == text.sha256), "")
        remedy = f"it is that of {other}" if other else f"write {text.sha256} there, if this is the text"
        raise WrongInput(f"--source {id}: sources.csv has another hash for it than {text.path} has; {remedy}")
    return source


def next_source_id(ledger: Ledger) -> str:
    """Return the next free id of a source."""
    return f"S{max((int(id[1:]) for id in ledger.sources if id[1:].isdigit()), default=0) + 1}"
