"""Read datapackage.json, the description of a ledger's tables, and list everything a reader of tables cannot use."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from claims.tables.files import SMALL, parse_json, read_regular, stays_inside
from claims.tables.locations import display_path
from claims.tables.messages import Problem, one_of

__all__ = ["PACKAGE", "read_package"]

PACKAGE = "datapackage.json"
TYPES = ("string", "integer", "number", "boolean", "date")
_COPY = "copy it from data/"


def read_package(folder: Path, needed: Mapping[str, Mapping[str, str]]) -> tuple[dict, list[Problem]]:
    """Return the data package of a folder, empty if it cannot be used, and every problem that it has.

    `needed` names the resources that the caller will use, and for each of their columns the type that it needs, "" for
    any; "list" is text with a delimiter.
    """
    path = folder / PACKAGE
    file = display_path(path)
    if not folder.is_dir():
        remedy = "give the folder of a ledger"
        return {}, [Problem(display_path(folder), message="is missing or no folder", remedy=remedy)]
    try:
        package = parse_json(read_regular(path, SMALL))
    except FileNotFoundError:
        return {}, [Problem(file, message="is missing", remedy="it describes every column; copy it from data/")]
    except OSError as error:
        return {}, [Problem(file, message=error.strerror or str(error), remedy=_COPY)]
    except ValueError as error:
        remedy = "save the file as UTF-8" if "UTF-8" in str(error) else "fix it"
        return {}, [Problem(file, message=str(error), remedy=remedy)]
    problems = [Problem(file, message=message, remedy=_COPY) for message in _missing(package, needed)]
    if not problems:
        problems = [Problem(file, column=place, message=message) for place, message in _faults(package)]
    if not problems:
        problems = [Problem(file, message=message, remedy=_COPY) for message in _other_types(package, needed)]
    return ({} if problems else package), problems


def _missing(package: Any, needed: Mapping[str, Iterable[str]]) -> Iterator[str]:
    """Yield what a data package does not describe, though the caller will use it."""
    try:
        described = {one["name"]: {spec["name"] for spec in one["schema"]["fields"]} for one in package["resources"]}
        usable = all(one["path"] and one["schema"]["primaryKey"] for one in package["resources"])
    except (KeyError, TypeError):
        usable = False
    if not usable:
        yield "a resource lacks its name, path, schema or primaryKey"
        return
    for name, columns in needed.items():
        if name not in described:
            yield f"describes no resource {name!r}"
        elif missing := sorted(set(columns) - described[name]):
            yield f"describes no column {', '.join(map(repr, missing))} in {name!r}"


def _other_types(package: Mapping, needed: Mapping[str, Mapping[str, str]]) -> Iterator[str]:
    """Yield each column whose cells would be of another type than the caller needs."""
    for resource in package["resources"]:
        types = needed.get(resource["name"], {})
        for spec in resource["schema"]["fields"]:
            described = "list" if "delimiter" in spec else spec["type"]
            is_text = described == "date"  # dates are checked, and stay text
            if (wanted := types.get(spec["name"])) and wanted != described and not (wanted == "string" and is_text):
                yield f"describes {spec['name']!r} in {resource['name']!r} as a {described}, and it is a {wanted}"


# -- what each part has to be ------------------------------------------------------------------------------------------


def _faults(package: Mapping) -> Iterator[tuple[str, str]]:
    """Yield place and message of each part that is not what it has to be."""
    for key, (is_right, what) in _HEAD.items():
        if not is_right(package.get(key)):
            yield key, f"{_shown(package.get(key))} is no {what}"
    names = [resource["name"] for resource in package["resources"]]
    for resource in package["resources"]:
        name, path, schema = resource["name"], resource["path"], resource["schema"]
        if not isinstance(name, str) or names.count(name) > 1:
            yield "name", f"{_shown(name)} is no name of its own; write a word that no other resource has"
        if not stays_inside(path):
            yield f"{name}, path", f"{_shown(path)} is no file of this folder; write its name, such as 'claims.csv'"
        columns = [spec["name"] for spec in schema["fields"]]
        for spec in schema["fields"]:
            for message in _faults_of_field(spec):
                yield f"{name}, {_shown(spec['name'])}", message
        if not _is_list_of(schema["primaryKey"], columns):
            yield f"{name}, primaryKey", f"{_shown(schema['primaryKey'])} lists no column; write it like ['id']"
        keys = schema.get("foreignKeys", [])
        for key in keys if isinstance(keys, list) else [keys]:
            if not isinstance(keys, list) or not _is_foreign_key(key, columns, names):
                example = "{'fields': ['source'], 'reference': {'resource': 'sources', 'fields': ['id']}}"
                yield f"{name}, foreignKeys", f"{_shown(key)} cannot be used; write it like {example}"


def _faults_of_field(spec: Mapping) -> Iterator[str]:
    """Yield what is wrong with the description of a column."""
    if not isinstance(spec["name"], str):
        yield "the name is no text; write the column's heading"
    kind, rules = spec.get("type"), spec.get("constraints", {})
    if kind is None:
        yield f"has no type; one of: {', '.join(TYPES)}"
    elif kind not in TYPES:
        yield f"the type {_shown(kind)} is unknown; {one_of(str(kind), TYPES)}"
    if "delimiter" in spec and not (isinstance(spec["delimiter"], str) and spec["delimiter"]):
        yield f"the delimiter {_shown(spec['delimiter'])} is no text; write it like ';'"
    if not isinstance(rules, dict):
        yield f"the constraints {_shown(rules)} are no mapping; write them like {{'required': true}}"
        return
    for rule, (is_right, what) in _RULES.items():
        if rule in rules and not is_right(rules[rule]):
            yield f"the {rule} {_shown(rules[rule])} is no {what}"
    if isinstance(pattern := rules.get("pattern"), str):
        try:
            re.compile(pattern, re.ASCII)
        except (re.error, OverflowError, RecursionError) as error:
            yield f"the pattern {_shown(pattern)} cannot be read: {error}"


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, str) for item in value)


def _is_day(value: object) -> bool:
    try:
        return isinstance(value, str) and "1000" <= date.fromisoformat(value[:10]).isoformat()[:4] <= "8999"
    except ValueError:
        return False


def _is_licences(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, dict) and isinstance(one.get("title"), str) for one in value)


_HEAD: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "title": (lambda value: isinstance(value, str) and bool(value.strip()), "title; write the name of the ledger"),
    "created": (_is_day, "day; write it like '2024-07-03'"),
    "licenses": (lambda value: value is None or _is_licences(value), "list of licences; write [{'title': '…'}]"),
    "keywords": (lambda value: value in (None, []) or _is_texts(value), "list of texts; write it like ['a', 'b']"),
}
_RULES: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "required": (lambda value: isinstance(value, bool), "truth value; write true or false"),
    "unique": (lambda value: isinstance(value, bool), "truth value; write true or false"),
    "minimum": (_is_number, "number; write one"),
    "maximum": (_is_number, "number; write one"),
    "exclusiveMinimum": (_is_number, "number; write one"),
    "maxLength": (lambda value: type(value) is int and value >= 0, "count of characters; write a whole number"),
    "enum": (_is_texts, "list of texts; write it like ['a', 'b']"),
    "pattern": (lambda value: isinstance(value, str), "text; write a regular expression"),
}


def _is_list_of(value: object, choices: Iterable[object]) -> bool:
    return isinstance(value, list) and bool(value) and all(item in list(choices) for item in value)


def _is_foreign_key(key: object, columns: Iterable[object], names: Iterable[object]) -> bool:
    if not isinstance(key, dict) or not _is_list_of(key.get("fields"), columns):
        return False
    reference = key.get("reference")
    return isinstance(reference, dict) and reference.get("resource", "") in ("", *names)


def _shown(value: object) -> str:
    """Return a value for a message, cut where it is long."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
