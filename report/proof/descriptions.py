"""What CITATION.cff and datapackage.json say of the ledger: how many texts it has, and the day of the report.

No mark can be put into these files, so `check` names a stale count. The day is written once, as `created` in
datapackage.json, and `make format` copies it into CITATION.cff.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from claims.ledger.model import Ledger

from report import digests
from report.folders import Folders
from report.pages.citing import CITATION, read_citation
from report.proof import crate, manifest
from report.runs import inputs
from report.runs.number_words import read_numbers, spell_out

__all__ = ["CITATION", "dated_anew", "find_stale_counts", "note_on_day"]

_RELEASED = re.compile(r'^(?P<key>date-released: *)"?[\d-]+"?', re.MULTILINE)

_NUMBER = r"(?P<number>\d+|[a-z]+(?:-[a-z]+)?)"
_COUNTED = re.compile(rf"\b(?<!-)(?=(?P<written>{_NUMBER} (?:\w+ )?texts?\b))", re.IGNORECASE)  # they may overlap


def find_stale_counts(folders: Folders, ledger: Ledger) -> list[str]:
    """Return a line for each description that counts the texts and has another number of them than the ledger."""
    return list(_stale(folders, len(ledger.sources)))


def _stale(folders: Folders, number: int) -> Iterator[str]:
    for file, place, text in _descriptions(folders):
        counts = [match for match in _COUNTED.finditer(text) if len(read_numbers(match["number"])) == 1]
        if counts and not any(number in read_numbers(match["number"]) for match in counts):
            written = counts[0]["written"]
            right = written.replace(counts[0]["number"], spell_out(number), 1)
            yield f"{file}, {place}: “{written}”, and the ledger has {number}; write “{right}”"


def _descriptions(folders: Folders) -> Iterator[tuple[str, str, str]]:
    """Yield file, field and text of what describes the ledger in a file that can have no marks."""
    if cited := read_citation(folders.root):
        yield CITATION, "abstract", str(cited.get("abstract", ""))
    yield folders.shown(_package_file(folders)), "description", str(_package(folders).get("description", ""))


def _package_file(folders: Folders) -> Path:
    return folders.own_data / "datapackage.json"


def _package(folders: Folders) -> dict:
    path = _package_file(folders)
    return json.loads(path.read_bytes()) if path.is_file() else {}


def dated_anew(folders: Folders) -> tuple[str, str]:
    """Return the text of CITATION.cff as it is, and with the day on which the ledger says it was created.

    Both are empty without such a file or day.
    """
    path, day = folders.root / CITATION, str(_package(folders).get("created", ""))[:10]
    text = path.read_text(encoding="utf-8") if path.is_file() and day else ""
    return text, _RELEASED.sub(lambda match: f'{match["key"]}"{day}"', text)


def note_on_day(folders: Folders) -> list[str]:
    """Return a note if the ledger has changed since the report was published, and the day under its title has not."""
    published, day = manifest.read_manifest(folders), str(_package(folders).get("created", ""))[:10]
    path = folders.published / crate.FILE
    if published is None or not day or not path.is_file() or f'"datePublished": "{day}"' not in path.read_text("utf-8"):
        return []
    data = f"{folders.shown(folders.own_data)}/"
    changed = digests.changed_names(published["inputs"], inputs.hash_inputs(folders))
    if not any(name.startswith(data) and name.endswith(".csv") for name in changed):
        return []
    where = folders.shown(_package_file(folders))
    remedy = f"for another one, change created in {where}, and make format copies it into {CITATION}"
    return [f"the ledger has changed since {day}, the day under the title of the report; {remedy}"]
