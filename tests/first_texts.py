"""The repository's ledger with the five texts that it began with: what was worked out by hand from their figures."""

from __future__ import annotations

import atexit
import csv
import re
import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

DATA = Path(__file__).parents[1] / "data"
TEXTS = {"S1", "S2", "S3", "S4", "S5"}
Row = dict[str, str]


@cache
def first_texts() -> Path:
    """Return a folder with the ledger's rows of the first texts; a text that is added later changes nothing in it."""
    folder = Path(tempfile.mkdtemp(prefix="first-texts-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    shutil.copytree(DATA, folder, dirs_exist_ok=True)
    _keep_rows(folder / "sources.csv", lambda row: row["id"] in TEXTS)
    _keep_rows(folder / "agreements.csv", lambda row: row["source"] in TEXTS)
    left_out = _keep_rows(folder / "claims.csv", lambda row: row["source"] in TEXTS)
    _keep_rows(folder / "relations.csv", lambda row: not left_out & {*re.findall(r"\w+", row["operands"])})
    _keep_rows(folder / "known_disagreements.csv", lambda row: not left_out & {*row["claims"].split(";")})
    return folder


def _keep_rows(path: Path, keep: Callable[[Row], bool]) -> set[str]:
    """Keep the rows of a file that a condition holds for, and return the ids of the others."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows, columns = list(reader), reader.fieldnames
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(row for row in rows if keep(row))
    return {row["id"] for row in rows if "id" in row and not keep(row)}
