"""An empty ledger: the data package with a title of its own, tables of headers alone, and the works that are cited."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from claims.tables.files import parse_json, read_regular
from claims.words.citations import cited_keys
from claims.words.references import read_items

from report.starting.naming import Naming
from report.stops import WrongInput

__all__ = ["cited_works", "codebook", "data_package", "empty_tables"]

_CHANGES = Path(__file__).parent / "templates" / "data" / "datapackage.yaml"
_INTRODUCTION = """\
# The ledger: every column of its tables

One row per printed figure in `claims.csv`, and what is needed to read it in the other tables.
[The README](../README.md#add-a-text) goes through adding a text. `datapackage.json` has these columns with their types
and constraints, for programs; `references.json` has the works that the method follows.
"""


def data_package(data: Path, naming: Naming) -> dict[str, Any]:
    """Return the description of a new ledger, with the columns of the ledger in `data`."""
    package, changes = parse_json(read_regular(data / "datapackage.json")), yaml.safe_load(_CHANGES.read_text("utf-8"))
    for name, field in _fields(package):
        change = dict(changes["fields"].get(name, {}))
        enum = change.pop("enum", changes["units"] if name == "indicators.unit" else None)
        field |= change | ({"constraints": {**field.get("constraints", {}), "enum": enum}} if enum else {})
    own = {
        "name": naming.tokens["project"],
        "title": naming.title,
        "description": changes["description"].strip(),
        "created": f"{naming.day}T00:00:00Z",
        "subject": naming.subject,
    }
    return {key: own.get(key, value) for key, value in package.items() if key != "keywords"} | own


def _fields(package: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each column of a package with its table and name, `claims.unit`."""
    for resource in package["resources"]:
        for field in resource["schema"]["fields"]:
            yield f"{resource['name']}.{field['name']}", field


def empty_tables(package: Mapping[str, Any]) -> dict[str, str]:
    """Return each table of a package as a file with its header alone, by the file's name."""
    return {
        resource["path"]: ",".join(field["name"] for field in resource["schema"]["fields"]) + "\n"
        for resource in package["resources"]
    }


def codebook(package: Mapping[str, Any]) -> str:
    """Return what each column of a package means, as Markdown."""
    parts = [_INTRODUCTION]
    for resource in package["resources"]:
        rows = [f"| `{field['name']}` | {field['description']} |" for field in resource["schema"]["fields"]]
        table = "\n".join(["| column | meaning |", "|---|---|", *rows])
        parts.append(f"**{resource['path']}** {resource['description']}\n\n{table}\n")
    return "\n".join(parts)


def cited_works(works: Path, texts: Iterable[str]) -> str:
    """Return the works of a list that the texts cite, as such a list. Raises WrongInput if one is not listed."""
    listed, cited = (
        {item["id"]: item for item in read_items(works)},
        {key for text in texts for key in cited_keys(text)},
    )
    if missing := sorted(cited - {*listed}):
        remedy = "take them from the repository that this one was written by"
        raise WrongInput.listing(f"{works}: works that the method cites are missing", missing, remedy)
    return json.dumps([listed[key] for key in sorted(cited)], ensure_ascii=False, indent=2) + "\n"
