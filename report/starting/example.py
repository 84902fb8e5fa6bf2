"""The example that a new repository begins with: three invented texts, their rows in the ledger, and its removal."""

from __future__ import annotations

import csv
import io
import json
from contextlib import suppress
from pathlib import Path

import yaml
from claims.tables.messages import count_noun

from report.digests import digest
from report.folders import Folders
from report.proof import manifest
from report.stops import WrongInput
from report.writing import write_whole

__all__ = [
    "TEXTS", "example_files", "readme_without_example", "remove_example", "with_example", "without_example",
]  # fmt: skip

TEXTS = "tests/example"
_EXAMPLE = Path(__file__).parent / "templates" / "example"
_README = _EXAMPLE / "README.yaml"


def example_files() -> dict[str, bytes]:
    """Return the texts of the example by path."""
    return {f"{TEXTS}/{path.name}": path.read_bytes() for path in sorted((_EXAMPLE / "texts").glob("*.txt"))}


def readme_without_example(text: str) -> str:
    """Return the README of a repository without what it has of the example, as far as that is as it was written."""
    for part in yaml.safe_load(_README.read_text(encoding="utf-8")):
        text = text.replace(part["with"], part.get("without", ""))
    return text


def with_example(tables: dict[str, bytes]) -> dict[str, bytes]:
    """Return tables by path, `data/claims.csv`, with the rows of the example after those they have."""
    rows = {name: (_EXAMPLE / Path(name).name).read_bytes().partition(b"\n")[2] for name in tables}
    return {name: content + rows[name] for name, content in tables.items()}


def without_example(table: str, example: str) -> tuple[str, int]:
    r"""Return a table as CSV without the rows that the example has just so, and how many there were.

    >>> without_example("id,value\nc001,1\nc002,2\n", "id,value\nc001,1\nc002,3\n")
    ('id,value\nc002,2\n', 1)
    """
    rows, known = list(csv.reader(io.StringIO(table))), list(csv.reader(io.StringIO(example)))[1:]
    kept = [row for number, row in enumerate(rows) if not number or row not in known]
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows(kept)
    return (written.getvalue(), len(rows) - len(kept)) if len(kept) < len(rows) else (table, 0)


def remove_example(folders: Folders) -> str:
    """Delete the example's texts, its rows in the ledger and its report, and return what was deleted and what is next.

    What has been edited since stays. Raises WrongInput if nothing of the example is there.
    """
    changed: dict[Path, str] = {}
    rows = 0
    for path in sorted(_EXAMPLE.glob("*.csv")):
        own = folders.own_data / path.name
        if own.is_file():
            text, gone = without_example(own.read_text(encoding="utf-8"), path.read_text(encoding="utf-8"))
            rows, changed = rows + gone, changed | ({own: text} if gone else {})
    texts = [folders.root / name for name, data in example_files().items() if _is(folders.root / name, data)]
    if not (rows or texts):
        raise WrongInput(f"{folders.shown(folders.own_data)}: has no row of the example; there is nothing to remove")
    readme = folders.root / "README.md"
    if readme.is_file():
        before = readme.read_text(encoding="utf-8")
        changed |= {readme: after} if (after := readme_without_example(before)) != before else {}
    for own, text in changed.items():
        write_whole(own, text.encode())
    for path in texts:
        path.unlink()
    with suppress(OSError):
        (folders.root / TEXTS).rmdir()
    report = _remove_published(folders)
    return (
        f"removed: {count_noun(rows, 'row')} of the example in data/, {count_noun(len(texts), 'text')} in {TEXTS}/, "
        f"{count_noun(report, 'file')} of its report\n"
        "next: add your first text to data/sources.csv and its figures to data/claims.csv (README.md, Add a text)"
    )


def _is(path: Path, data: bytes) -> bool:
    return path.is_file() and not path.is_symlink() and path.read_bytes() == data


def _remove_published(folders: Folders) -> int:
    """Delete the published files that are as their manifest lists them, and return how many there were."""
    listed: dict[str, str] = {}
    with suppress(OSError, ValueError, KeyError):
        listed = json.loads((folders.published / manifest.FILE).read_bytes())["outputs"]
    found = {**listed, f"{folders.shown(folders.published)}/{manifest.FILE}": ""}
    gone = 0
    for name, sha256 in found.items():
        path = folders.root / name
        inside = any(path.resolve().is_relative_to(folder.resolve()) for folder in (folders.published, folders.figures))
        if inside and path.is_file() and (not sha256 or digest(path.read_bytes()) == sha256):
            path.unlink()
            gone += 1
    for folder in (folders.published / "notebooks", folders.published, folders.figures):
        with suppress(OSError):
            folder.rmdir()
    return gone
