"""Texts that a new report begins with: their rows in sources.csv, and the commands that read figures from them."""

from __future__ import annotations

import csv
import importlib.util
import io
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from claims.tables.files import read_regular

from report.digests import digest
from report.starting.headings import TextHeading, read_heading, short_word
from report.stops import WrongInput

__all__ = ["RegisteredText", "can_propose", "next_steps", "read_texts", "register"]

_COMMAND = ".venv/bin/python -m report"


@dataclass(frozen=True)
class RegisteredText:
    """A text to register: its id, its file, the name and short name it gets, and what its first lines state."""

    id: str
    path: Path
    name: str
    short_name: str
    sha256: str
    heading: TextHeading


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
            name, heading = short_word(path.stem, {text.name for text in texts}), read_heading(lines)
            short_name = heading.short_name(name, {text.short_name for text in texts})
            texts.append(RegisteredText(f"S{number}", path, name, short_name, sha256, heading))
    if problems:
        raise WrongInput.listing("--from", problems)
    return texts


def register(table: bytes, texts: Sequence[RegisteredText]) -> bytes:
    """Return sources.csv with a row for each text; cells that only a person knows stay empty."""
    columns = table.decode().strip().split(",")
    written = io.StringIO()
    rows = csv.DictWriter(written, columns, restval="", lineterminator="\n")
    for text in texts:
        heading = text.heading
        known = {
            "id": text.id,
            "name": text.name,
            "short_name": text.short_name,
            "title": heading.title,
            "publisher": heading.publisher,
            "author": heading.author,
            "reference_date": heading.day,
            "reference_date_basis": "stated" if heading.day else "",
            "kind": heading.kind,
            "file": text.path.name,
            "sha256": text.sha256,
        }
        rows.writerow(known)
    return table + written.getvalue().encode()


def next_steps(texts: Sequence[RegisteredText], command: str = _COMMAND) -> list[str]:
    """Return what to do with registered texts, a line each; figures are proposed where this engine can do that."""
    ids, undated = (", ".join(text.id for text in texts if not (only and text.heading.day)) for only in (False, True))
    lines = [f"  look at the rows of {ids} in data/sources.csv: name, short name, title, publisher, date, kind"]
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
