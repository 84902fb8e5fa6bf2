"""The appendices as plain tables: run card, sources, ledger, derivations, listed items.

Each function takes rows as dictionaries of display text and returns a table of the table MIME type. A column for which
no row has a value is left out, so that the tables stay narrow enough for a page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Field:
    """A column of an appendix: its key, its label, how a row fills it, its side and its share of the width."""

    key: str
    label: str
    width: float
    cell: Callable[[Mapping], object] | None = None
    align: str = "left"

    def of(self, row: Mapping):
        """Return the row's cell."""
        return self.cell(row) if self.cell else row.get(self.key)


def run_card_table(rows: Iterable[Mapping]) -> dict:
    """Return the parameters of this run. Rows: name, value, unit, default, meaning, notebooks (names)."""
    fields = (
        Field("name", "Parameter", 2.2),
        Field("value", "Value", 1.6),
        Field("default", "Default", 1.6),
        Field("unit", "Unit", 1),
        Field("meaning", "Meaning", 4.6),
        Field("notebooks", "Used in", 2.4, lambda row: [notebook_link(name) for name in row.get("notebooks") or ()]),
    )
    return _table("tbl-run-card", "The parameters of this run", fields, rows)


def sources_table(rows: Iterable[Mapping]) -> dict:
    """Return the sources. Rows: id, title, publisher, author, date, kind, claims, sha256, note."""
    fields = (
        Field("id", "Source", 0.9, lambda row: {"text": row["id"], "id": row["id"]}),
        Field("title", "Title", 4.2),
        Field("publisher", "Publisher", 2.2),
        Field("author", "Author", 1.8),
        Field("date", "Dated", 1.6),
        Field("kind", "Kind", 1.3),
        Field("claims", "Claims", 0.9, align="right"),
        Field("sha256", "SHA-256 begins", 2.5, lambda row: (row.get("sha256") or "")[:12]),
        Field("note", "Note", 6),
    )
    return {**_table("tbl-sources", "The texts, as they name themselves", fields, rows), "layout": "register"}


def claims_table(rows: Iterable[Mapping]) -> dict:
    """Return the ledger, a row per printed figure.

    Rows: id, source, line, printed, indicator, stands_for, period, stated_by, note, used_by (ids of findings).
    """
    fields = (
        Field("id", "Claim", 0.8, lambda row: {"text": row["id"], "id": row["id"]}),
        Field("source", "Source, line", 1.1, source_link),
        Field("printed", "As printed", 2.8),
        Field("indicator", "Indicator", 2.9),
        Field("stands_for", "Stands for", 2.4),
        Field("period", "Period", 1.8),
        Field("stated_by", "Stated by", 1.3),
        Field("note", "Note", 3.6),
        Field("used_by", "Used in", 1.8, lambda row: [finding_link(name) for name in row.get("used_by") or ()]),
    )
    return {**_table("tbl-ledger", "Every printed figure, and where it is printed", fields, rows), "layout": "register"}


def findings_table(rows: Iterable[Mapping], values: Mapping[str, str] | None = None) -> dict:
    """Return the derivations.

    Rows: findings as they leave a kernel (id, label, text, low, high, expression, inputs, notebook), with `interval`
    as display text where there is one; `values` holds the display text of each input.
    """
    fields = (
        Field("number", "No.", 0.6, lambda row: {"text": row["number"], "id": finding_anchor(row["id"])}),
        Field("id", "Finding", 2.4),
        Field("label", "What it is", 3),
        Field("text", "Value", 1.5),
        Field("interval", "Interval", 1.8, interval_text),
        Field("expression", "Formula", 2.6, lambda row: re.sub(r"[{}]", "", row.get("expression") or "")),
        Field("inputs", "From", 2.6, lambda row: input_links(row.get("inputs") or {}, values or {})),
        Field("notebook", "Notebook", 1.7, lambda row: notebook_link(row["notebook"]) if row.get("notebook") else None),
    )
    numbered = [{**row, "number": f"F{count}"} for count, row in enumerate(rows, start=1)]
    return {
        **_table("tbl-derivations", "Every result, its formula and what went into it", fields, numbered),
        "layout": "register",
    }


def agreements_table(rows: Iterable[Mapping]) -> dict:
    """Return the listed items. Rows: id, source, line, list, list_kind, item, sectors (labels), repeats."""
    fields = (
        Field("id", "Item", 0.8, lambda row: {"text": row["id"], "id": row["id"]}),
        Field("source", "Source, line", 1.1, source_link),
        Field("list", "List", 2),
        Field("list_kind", "Kind", 0.9),
        Field("item", "Listed item", 4),
        Field("sectors", "Sectors", 3, lambda row: _listed(row.get("sectors"))),
        Field(
            "repeats",
            "Restates",
            1,
            lambda row: {"text": row["repeats"], "href": f"#{row['repeats']}"} if row.get("repeats") else None,
        ),
    )
    return {**_table("tbl-agreements", "Every listed item and its sectors", fields, rows), "layout": "register"}


def source_link(row: Mapping) -> dict:
    """Return the place of a row as a link to its source.

    >>> source_link({"source": "S1", "line": 12})
    {'text': 'S1, line 12', 'href': '#S1'}
    """
    line = f", line {row['line']}" if row.get("line") else ""
    return {"text": f"{row['source']}{line}", "href": f"#{row['source']}"}


def finding_anchor(name: str) -> str:
    """Return the anchor of a finding.

    >>> finding_anchor("trade_growth_2024")
    'f-trade-growth-2024'
    """
    return f"f-{name.replace('_', '-')}"


def finding_link(name: str) -> dict:
    """Return a link to a finding's derivation."""
    return {"text": name, "href": f"#{finding_anchor(name)}"}


def notebook_link(name: str) -> dict:
    """Return a link to a notebook's chapter."""
    from .exporters.document import chapter_anchor

    return {"text": name, "href": f"#{chapter_anchor(name)}"}


def input_links(inputs: Mapping, values: Mapping[str, str]) -> list[dict]:
    """Return the inputs of a finding, each linked to its ledger row or its own derivation; a constant as it is.

    >>> input_links({"last": "c013", "years": "4"}, {"c013": "$41 bn"})
    [{'text': 'last: c013 ($41 bn)', 'href': '#c013'}, {'text': 'years: 4'}]
    """
    links = []
    for role, names in inputs.items():
        for name in [names] if isinstance(names, str) else names:
            known = name in values if values else re.fullmatch(r"[^\W\d]\w*", name)
            if not known:
                links.append({"text": f"{role}: {name}"})
                continue
            value = f" ({values[name]})" if values.get(name) else ""
            anchor = name if re.fullmatch(r"[a-z]\d+", name) else finding_anchor(name)
            links.append({"text": f"{role}: {name}{value}", "href": f"#{anchor}"})
    return links


def interval_text(row: Mapping) -> str | None:
    """Return the interval of a finding: as given, else from its bounds.

    >>> interval_text({"low": 7.25, "high": 9.0, "low_closed": True})
    '[7.25, 9)'
    """
    if row.get("interval") or (row.get("low") is None and row.get("high") is None):
        return row.get("interval")
    low = "−∞" if row.get("low") is None else f"{float(row['low']):,.4g}".replace("-", "−")
    high = "∞" if row.get("high") is None else f"{float(row['high']):,.4g}".replace("-", "−")
    return f"{'[' if row.get('low_closed') else '('}{low}, {high}{']' if row.get('high_closed') else ')'}"


def with_numbers(table: Mapping, derivations: Mapping) -> dict:
    """Return the table with its links to findings called by their numbers in the derivations, short for a column.

    >>> derivations = findings_table([{"id": "growth"}])
    >>> with_numbers({"rows": [[[finding_link("growth")]]]}, derivations)["rows"]
    [[[{'text': 'F1', 'href': '#f-growth'}]]]
    """
    numbers = {f"#{row[0]['id']}": row[0]["text"] for row in derivations["rows"] if isinstance(row[0], Mapping)}

    def called(item):
        if isinstance(item, list):
            return [called(each) for each in item]
        if isinstance(item, Mapping) and item.get("href") in numbers:
            return {**item, "text": numbers[item["href"]]}
        return item

    return {**table, "rows": [[called(cell) for cell in row] for row in table["rows"]]}


def _listed(value) -> str | None:
    return ", ".join(value) if isinstance(value, (list, tuple)) else value


def _table(name: str, title: str, fields: tuple[Field, ...], rows: Iterable[Mapping]) -> dict:
    rows = list(rows)
    cells = {field.key: [field.of(row) for row in rows] for field in fields}
    kept = [field for field in fields if any(cell not in (None, "", []) for cell in cells[field.key])]
    return {
        "id": name,
        "title": title,
        "columns": [{"key": f.key, "label": f.label, "align": f.align, "width": f.width} for f in kept],
        "rows": [[_cell(cells[f.key][i]) for f in kept] for i in range(len(rows))],
    }


def _cell(value):
    return "" if value is None else value if isinstance(value, (str, dict, list)) else str(value)
