"""The list of exhibits in CONTRIBUTING.md, which `make format` writes from the published notebooks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from claims.content.tables import FIGURE, TABLE

from report.folders import Folders
from report.proof import status

__all__ = ["FILE", "find_problem", "listed_anew", "why_left"]

FILE = "CONTRIBUTING.md"
_LIST = re.compile(r"(?<=\| exhibit \| notebook \|\n\|---\|---\|\n)(?:\|.*\n)*")


def listed_anew(folders: Folders) -> tuple[str, str]:
    """Return the text of the file as it is, and with the list of the published exhibits.

    Both are empty without a list, or where the published report is older than what it is made from.
    """
    if status.changed_inputs(folders):
        return "", ""
    path = folders.root / FILE
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    rows = "".join(_rows(folders.published / "notebooks"))
    if not rows or not _LIST.search(text):
        return "", ""
    return text, _LIST.sub(lambda _: rows, text, count=1)


def why_left(folders: Folders) -> str:
    """Return why nothing can be written from the published report, "" if it can."""
    if not (folders.published / "findings.json").exists():
        return "no report is published yet"
    changed = status.changed_inputs(folders)
    return f"the published report is older than {changed}" if changed else ""


def find_problem(folders: Folders) -> list[str]:
    """Return that the list is not that of the published report, nothing if it is, or was never written."""
    before, after = listed_anew(folders)
    if before == after or not _LIST.findall(before)[0]:
        return []
    return [f"{FILE}: its list of exhibits is not that of the published report; make format writes it"]


def _rows(notebooks: Path) -> Iterator[str]:
    """Yield a row for each table and figure of the published notebooks, in their order."""
    for path in sorted(notebooks.glob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            for output in cell.get("outputs", ()):
                data = output.get("data", {})
                for payload in (data[kind] for kind in (TABLE, FIGURE) if kind in data):
                    exhibit, name = payload["id"], payload.get("name")
                    shown = f"[{exhibit}](figures/{name}.png)" if name else exhibit
                    yield f"| {shown} | [{path.stem}](notebooks/{path.stem}.ipynb) |\n"
