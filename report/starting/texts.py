"""Texts that a new report begins with: their rows in sources.csv, and the commands that read figures from them."""

from __future__ import annotations

import csv
import importlib.util
import io
import re
import shlex
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from claims.tables.files import read_regular

from report.digests import digest
from report.stops import WrongInput

__all__ = ["RegisteredText", "can_propose", "find_date", "next_steps", "read_texts", "register"]

_LOOKED_AT = 6  # lines, of those that are not empty, in which a text says when it was written
_TITLE = 200
_COMMAND = ".venv/bin/python -m report"
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DATES = (
    (re.compile(r"\b(\d{4}-\d\d-\d\d)\b"), "%Y-%m-%d"),
    (re.compile(rf"\b(\d{{1,2}} (?:{_MONTHS}) \d{{4}})\b"), "%d %B %Y"),
    (re.compile(rf"\b((?:{_MONTHS}) \d{{1,2}}, \d{{4}})\b"), "%B %d, %Y"),
)


@dataclass(frozen=True)
class RegisteredText:
    """A text to register: its id, its file, the row it gets, and its day if it states one (ISO 8601), else ""."""

    id: str
    path: Path
    name: str
    title: str
    sha256: str
    day: str


def read_texts(paths: Sequence[Path]) -> list[RegisteredText]:
    """Return the texts in files, in order. Raises WrongInput, listing every file that is no text of its own."""
    texts: list[RegisteredText] = []
    problems: list[str] = []
    for number, path in enumerate(paths, start=1):
        try:
            content = read_regular(path)
            lines = [line.strip() for line in content.decode("utf-8-sig").splitlines() if line.strip()]
        except UnicodeDecodeError:
            problems.append(f"{path}: is not in UTF-8; save it as plain text in that encoding")
            continue
        except OSError as error:
            problems.append(f"{path}: {error.strerror}; name the file of a text")
            continue
        sha256 = digest(content)
        if not lines:
            problems.append(f"{path}: is empty; name the file of a text")
        elif same := [text for text in texts if text.sha256 == sha256 or text.path.name == path.name]:
            problems.append(f"{path}: has the name or the content of {same[0].path}; leave one out, or rename it")
        else:
            name = _short_name(path, {text.name for text in texts})
            texts.append(RegisteredText(f"S{number}", path, name, lines[0][:_TITLE], sha256, find_date(lines)))
    if problems:
        raise WrongInput.listing("--from", problems)
    return texts


def find_date(lines: Sequence[str]) -> str:
    """Return the only full date in the first lines of a text (ISO 8601), "" if there is none or several.

    >>> find_date(["A good year", "The Gazette, 10 March 2025"]), find_date(["1 May 2024 or 2 May 2024"])
    ('2025-03-10', '')
    """
    days = {day for line in lines[:_LOOKED_AT] for day in _dates(line)}
    return days.pop().isoformat() if len(days) == 1 else ""


def _dates(line: str) -> Iterator[date]:
    for pattern, form in _DATES:
        for words in pattern.findall(line):
            try:
                yield datetime.strptime(words, form).date()
            except ValueError:
                continue


def _short_name(path: Path, taken: set[str]) -> str:
    """Return a short word for a text that no other has, from the name of its file.

    >>> _short_name(Path("texts/The Gazette-10.txt"), {"the_gazette"}), _short_name(Path("7.txt"), set())
    ('the_gazette_2', 'text')
    """
    plain = unicodedata.normalize("NFKD", path.stem).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z]+", "_", plain).strip("_")[:20].strip("_") or "text"
    names = (name, *(f"{name}_{number}" for number in range(2, len(taken) + 3)))
    return next(each for each in names if each not in taken)


def register(table: bytes, texts: Sequence[RegisteredText]) -> bytes:
    """Return sources.csv with a row for each text; cells that only a person knows stay empty."""
    columns = table.decode().strip().split(",")
    written = io.StringIO()
    rows = csv.DictWriter(written, columns, restval="", lineterminator="\n")
    for text in texts:
        known = {
            "id": text.id,
            "name": text.name,
            "short_name": text.name.replace("_", " "),
            "title": text.title,
            "reference_date": text.day,
            "reference_date_basis": "stated" if text.day else "",
            "kind": "news",
            "file": text.path.name,
            "sha256": text.sha256,
        }
        rows.writerow(known)
    return table + written.getvalue().encode()


def next_steps(texts: Sequence[RegisteredText], command: str = _COMMAND) -> list[str]:
    """Return what to do with registered texts, a line each; figures are proposed where this engine can do that."""
    ids, undated = (", ".join(text.id for text in texts if not (only and text.day)) for only in (False, True))
    lines = [f"  look at the rows of {ids} in data/sources.csv: short name, kind, publisher"]
    if undated:
        lines.append(f"  write reference_date and its basis for {undated}, the day from which “last year” counts")
    lines.append("  name what they measure in data/indicators.csv, by the sectors of data/sectors.csv")
    if can_propose():
        paths = ((shlex.quote(str(text.path.resolve())), text.id) for text in texts)
        lines += [f"  {command} propose {path} --source {id} --confirm" for path, id in paths]
    else:
        lines.append("  enter their figures in data/ (README.md, Add a text)")
    return [*lines, "  make check", "  make report"]


def can_propose() -> bool:
    """Return whether this engine reads figures from texts: has the room `report/propose`."""
    return importlib.util.find_spec("report.propose") is not None
