"""The appendices as plain tables: run card, sources, ledger, derivations, verdicts, listed items, official figures.

Each function takes rows as dictionaries of display text and returns a table of the table MIME type. A column for which
no row has a value is left out, so that the tables stay narrow enough for a page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from claims.results.anchors import anchor, appendix
from claims.words.labels import cause_label

from report.pages.document import chapter_anchor


@dataclass(frozen=True)
class Field:
    """A column of an appendix: its key, its label, its share of the width, how a row fills it, its side.

    One that goes `back` says what is made from the row; one that is `brief` is told of it, "whole" or its "first line",
    wherever it is linked to; by one with a `filter` a reader chooses rows: by "all of it", what stands "before the
    comma", or "each" of a list.
    """

    key: str
    label: str
    width: float
    cell: Callable[[Mapping], object] | None = None
    align: str = "left"
    back: bool = False
    brief: str = ""
    filter: str = ""

    def of(self, row: Mapping):
        """Return the row's cell."""
        return self.cell(row) if self.cell else row.get(self.key)


def run_card_table(rows: Iterable[Mapping]) -> dict:
    """Return the parameters of this run, a default where the value is another.

    Rows: name, value, unit, default, meaning, notebooks (names).
    """
    fields = (
        Field("name", "Parameter", 2.4, lambda row: {"text": row["name"], "id": parameter_anchor(row["name"])}),
        Field("value", "Value", 1.7, brief="whole"),
        Field("default", "Default", 1.5, _other_default, brief="whole"),
        Field("unit", "Unit", 1.8),
        Field("meaning", "Meaning", 5.6, brief="whole"),
        Field("notebooks", "Notebooks", 2.2, lambda row: [_numbered(name) for name in row.get("notebooks") or ()]),
    )
    return _table("run_card", "The parameters of this run", fields, rows)


def sources_table(rows: Iterable[Mapping]) -> dict:
    """Return the sources. Rows: id, title, publisher, author, date, kind, claims, first (claim), sha256, note."""
    fields = (
        Field("id", "Source", 0.9, lambda row: {"text": row["id"], "id": row["id"]}),
        Field("title", "Title", 4.2, brief="whole"),
        Field("publisher", "Publisher", 2.2, brief="whole"),
        Field("author", "Author", 1.8),
        Field("date", "Dated", 1.6, brief="whole"),
        Field("kind", "Kind", 1.3),
        Field("claims", "Claims", 0.9, _first_claim, align="right"),
        Field("sha256", "Hash begins", 2.5, lambda row: (row.get("sha256") or "")[:12]),
        Field("note", "Note", 6),
    )
    return {**_table("sources", "The texts, as they name themselves", fields, rows), "layout": "register"}


def claims_table(rows: Iterable[Mapping]) -> dict:
    """Return the ledger, a row per printed figure.

    Rows: id, source, line, printed, indicator, stands_for, period, stated_by, note, used_by (ids of findings and
    verdicts), unused (a cell: why nothing uses it, if nothing does), counted_by (ids of findings over many rows).
    """
    fields = (
        Field("id", "Claim", 0.8, lambda row: {"text": row["id"], "id": row["id"]}),
        Field("source", "Source, line", 1.35, source_link, brief="whole", filter="before the comma"),
        Field("printed", "As printed", 2.4, brief="whole"),
        Field("indicator", "Indicator", 2.8, brief="whole"),
        Field("stands_for", "Stands for", 2.2, brief="whole"),
        Field("period", "Period", 1.4, brief="whole"),
        Field("note", "Note", 3.3, _noted),
        Field("used_by", "Used in", 4.1, _used, back=True),
    )
    table = _table("ledger", "Every printed figure, and where it is printed", fields, rows)
    return {**table, "layout": "register", "shows": ["printed", "source"]}


def findings_table(rows: Iterable[Mapping], values: Mapping[str, str] | None = None) -> dict:
    """Return the derivations.

    Rows: findings as they leave a kernel (id, label, text, low, high, expression, inputs, notebook), with `interval`
    as display text where there is one, and `used_by`, the ids of findings and verdicts made from it; `values` holds the
    display text of each input.
    """
    known = values or {}
    fields = (
        Field("number", "No.", 0.6, lambda row: {"text": row["number"], "id": anchor(row["id"])}),
        Field("label", "What it is", 3.9, _described, brief="first line"),
        Field("text", "Value", 1.5, brief="whole"),
        Field("interval", "Interval", 1.7, interval_text, brief="whole"),
        Field("expression", "Formula", 3.8, lambda row: formula(row, known), brief="whole"),
        Field("inputs", "From", 2.8, lambda row: list(input_links(row, known))),
        Field(
            "notebook",
            "Notebook",
            1.5,
            lambda row: notebook_link(row["notebook"]) if row.get("notebook") else None,
            filter="all of it",
        ),
        Field(
            "shown",
            "Shown in",
            1.7,
            lambda row: [_places({**row, "id": anchor(row["id"])}, _made_into(row))],
            back=True,
        ),
    )
    numbered = [{**row, "number": f"F{count}"} for count, row in enumerate(rows, start=1)]
    return {
        **_table("derivations", "Every result, its formula and what went into it", fields, numbered),
        "layout": "register",
    }


def verdicts_table(rows: Iterable[Mapping], values: Mapping[str, str] | None = None) -> dict:
    """Return the verdicts.

    Rows: verdicts as they leave a kernel: id, anchor, label, verdict, claims, relations, explanation, revisions, causes
    (by state), story.
    """
    rows = [{**row, "number": f"V{count}"} for count, row in enumerate(rows, start=1)]
    known = {row["anchor"] for row in rows}
    fields = (
        Field("number", "No.", 0.6, lambda row: {"text": row["number"], "id": row["anchor"]}),
        Field("label", "What is confronted", 2.8, brief="whole"),
        Field("claims", "Figures", 2.8, lambda row: [_claim_link(name, values or {}) for name in row["claims"]]),
        Field("verdict", "Verdict", 1.4, brief="whole", filter="all of it"),
        Field("explanation", "What decides", 6.4, _decided, brief="whole"),
        Field(
            "relations",
            "Relations",
            1,
            lambda row: [_relation(name, row, known) for name in row["relations"]],
        ),
        Field("shown", "Shown in", 1.8, lambda row: [_places({"id": row["anchor"]})], back=True),
    )
    return {**_table("verdicts", "Every set of figures that was confronted", fields, rows), "layout": "register"}


def agreements_table(rows: Iterable[Mapping]) -> dict:
    """Return the listed items.

    Rows: id, source, line, list, list_kind, item, sectors (labels), repeats, used_by (ids of findings).
    """
    fields = (
        Field("id", "Item", 0.8, lambda row: {"text": row["id"], "id": row["id"]}),
        Field("source", "Source, line", 1.1, source_link, brief="whole", filter="before the comma"),
        Field("list", "List", 2, brief="whole"),
        Field("list_kind", "Kind", 0.9),
        Field("item", "Listed item", 4, brief="whole"),
        Field("sectors", "Sectors", 3, lambda row: _listed(row.get("sectors")), brief="whole", filter="each"),
        Field(
            "repeats",
            "Restates",
            1,
            lambda row: {"text": row["repeats"], "href": f"#{row['repeats']}"} if row.get("repeats") else None,
        ),
        Field("used_by", "Used in", 1.6, lambda row: [*_links(row.get("used_by")), _places(row)], back=True),
    )
    return {**_table("agreements", "Every listed item and its sectors", fields, rows), "layout": "register"}


def _noted(row: Mapping) -> str | None:
    """Return what is to be noted of a printed figure: who is said to state it, and the remark."""
    stated = f"stated by {row['stated_by']}" if row.get("stated_by") else ""
    return "; ".join(filter(None, (stated, row.get("note")))) or None


def official_table(rows: Iterable[Mapping]) -> dict:
    """Return the official figures.

    Rows: id, indicator, quoted, stands_for, period, reporter, authority (in words), publisher, title, date, url,
    doubtful (whether), note, used_by (ids of findings and verdicts), counted_by (ids of findings over many rows).
    """
    fields = (
        Field("id", "Figure", 0.8, lambda row: {"text": row["id"], "id": row["id"]}),
        Field("indicator", "Indicator, period", 3, lambda row: f"{row['indicator']}, {row['period']}", brief="whole"),
        Field("quoted", "As quoted", 3, _quoted, brief="whole"),
        Field("stands_for", "Stands for", 2.2, brief="whole"),
        Field("reporter", "Reported by", 3.3, _reported, brief="whole", filter="all of it"),
        Field("page", "Page", 5.2, _page, brief="whole"),
        Field("used_by", "Used in", 2.4, _used, back=True),
    )
    title = "The official figures that this report uses, and the pages they are quoted from"
    return {**_table("official", title, fields, rows), "layout": "register", "shows": ["quoted", "page"]}


def only_led_to(table: Mapping, targets: Collection[str]) -> dict:
    """Return the official figures that something leads to, each page told once, with how many others there are.

    Where something leads to the table alone, it stands for all of its rows.

    >>> table = {"id": "tbl-official", "columns": [], "rows": [[{"text": id, "id": id}] for id in ("o001", "o002")]}
    >>> only_led_to(table, {"o002"})["rows"]
    [[{'text': 'o002', 'id': 'o002'}]]
    """
    kept = [row for row in table["rows"] if row[0]["id"] in targets]
    if not kept and table["id"] in targets:
        kept = table["rows"]
    others = len(table["rows"]) - len(kept)
    told = f"[{others:,}](#{table['id']}) more, to which nothing here leads, are not shown; " if others else ""
    caption = f"{told}official.csv, with all of them, is attached to the PDF."
    return {**table, "rows": list(_pages_once(table["columns"], kept)), "caption": caption}


def _numbered(name: str) -> dict:
    """Return the link to a notebook by the number its name begins with, if it does.

    >>> _numbered("20_growth_rates")["text"], _numbered("growth")["text"]
    ('20', 'growth')
    """
    number = re.match(r"\d+(?=_)", name)
    return {**notebook_link(name), "text": number[0] if number else name}


def _other_default(row: Mapping) -> object:
    """Return a parameter's default if its value is another.

    >>> _other_default({"value": "2030", "default": "2030"}), _other_default({"value": "2035", "default": "2030"})
    (None, '2030')
    """
    return row.get("default") if row.get("default") != row.get("value") else None


def _pages_once(columns: Iterable[Mapping], rows: Iterable[list]) -> Iterator[list]:
    """Yield the rows of official figures, those of a page told before with a link to the row that tells it."""
    place = next((place for place, column in enumerate(columns) if column["key"] == "page"), None)
    first: dict[str, str] = {}
    for row in rows:
        page = row[place] if place is not None else None
        told = first.setdefault(repr(page), row[0]["id"])
        if page is None or told == row[0]["id"]:
            yield row
        else:
            again = {"runs": [page["runs"][0], ": the page of ", evidence_link(told)]}
            yield [*row[:place], again, *row[place + 1 :]]


def source_link(row: Mapping) -> dict:
    """Return the place of a row as a link to its source.

    >>> source_link({"source": "S1", "line": 12})
    {'text': 'S1, line 12', 'href': '#S1'}
    """
    line = f", line {row['line']}" if row.get("line") else ""
    return {"text": f"{row['source']}{line}", "href": f"#{row['source']}"}


def parameter_anchor(name: str) -> str:
    """Return the anchor of a parameter's row.

    >>> parameter_anchor("doubling_horizon_year")
    'p-doubling-horizon-year'
    """
    return f"p-{name.replace('_', '-')}"


def evidence_link(id: str, text: str = "") -> dict:
    """Return a link to where the report explains what has this id.

    >>> evidence_link("growth_2024"), evidence_link("claims.csv")
    ({'text': 'growth_2024', 'href': '#f-growth-2024'}, {'text': 'claims.csv', 'href': '#tbl-ledger'})
    """
    return {"text": text or id, "href": f"#{anchor(id)}"}


def notebook_link(name: str) -> dict:
    """Return a link to a notebook's chapter."""
    return {"text": name, "href": f"#{chapter_anchor(name)}"}


def formula(row: Mapping, values: Mapping[str, str]) -> object:
    r"""Return the formula of a finding, and below it the same with its inputs put in, each a link.

    >>> growth = {"expression": "{last} ÷ {first}", "inputs": {"last": "c002", "first": "2"}, "text": "7%"}
    >>> formula(growth, {"c002": "$41 bn"})["runs"]
    ['last ÷ first', '\n= ', {'text': '$41 bn', 'href': '#c002'}, ' ÷ ', '2', ' = 7%']
    """
    expression, inputs = row.get("expression") or "", row.get("inputs") or {}
    named = re.sub(r"[{}]", "", expression)
    parts, end = [], 0
    for match in re.finditer(r"\{(\w+)\}", expression):
        given = inputs.get(match[1], match[1])
        shown = evidence_link(given, values.get(given)) if isinstance(given, str) and given in values else given
        parts += [expression[end : match.start()], shown if isinstance(shown, str | Mapping) else match[1]]
        end = match.end()
    if not any(isinstance(part, Mapping) for part in parts):
        return named
    rest = f"{expression[end:]} = {row['text']}" if row.get("text") else expression[end:]
    return {"runs": [part for part in (named, "\n= ", *parts, rest) if part]}


def input_links(row: Mapping, values: Mapping[str, str]) -> Iterator[object]:
    """Yield what went into a finding, by role: each linked to where it is explained, or the constant itself.

    Constants that the formula shows are told only where there is nothing else. An id that nothing has stays a link, so
    that assembling the report names it.

    >>> list(input_links({"expression": "{last} × {years}", "inputs": {"last": "c013", "years": "4"}}, {}))
    [{'runs': ['last: ', {'text': 'c013', 'href': '#c013'}]}]
    >>> list(input_links({"expression": "ln {times}", "inputs": {"times": "2"}}, {}))
    [{'runs': ['times: ', {'text': '2', 'kind': 'parameter'}]}]
    """
    inputs = {
        role: [given] if isinstance(given, str) else list(given) for role, given in (row.get("inputs") or {}).items()
    }
    only_constants = all(is_constant(id) for ids in inputs.values() for id in ids)
    for role, ids in inputs.items():
        told = f"{{{role}}}" in (row.get("expression") or "")
        if told and not only_constants and all(map(is_constant, ids)):
            continue
        shown = [_input(id, None if told or len(ids) > 1 else values.get(id)) for id in ids]
        if shown and role != "of":
            shown[0] = {"runs": [f"{role}: ", shown[0]]}
        yield from shown


def is_constant(id: str) -> bool:
    """Return whether an input is a number itself and not the id of where one comes from.

    >>> [given for given in ("4", "1,000", "−0.5", "c001", "growth_2024", "claims.csv") if is_constant(given)]
    ['4', '1,000', '−0.5']
    """
    return re.fullmatch(r"[−-]?[\d,]*\.?\d+(/\d+)?", id) is not None


def _input(id: str, value: str | None) -> dict:
    if is_constant(id):
        return {"text": id, "kind": "parameter"}
    return {"runs": [evidence_link(id), f" ({value})"]} if value else evidence_link(id)


def interval_text(row: Mapping) -> str | None:
    """Return the interval of a finding: as given, else from its bounds.

    >>> interval_text({"low": 7.25, "high": 9.0, "low_closed": True})
    '[7.25, 9)'
    """
    if "interval" in row or (row.get("low") is None and row.get("high") is None):
        return row.get("interval")
    low = "−∞" if row.get("low") is None else f"{float(row['low']):,.4g}".replace("-", "−")
    high = "∞" if row.get("high") is None else f"{float(row['high']):,.4g}".replace("-", "−")
    return f"{'[' if row.get('low_closed') else '('}{low}, {high}{']' if row.get('high_closed') else ')'}"


def _decided(row: Mapping) -> object:
    """Return what decides a verdict, and below it its causes, smallest revision and the story it changes, if any."""
    below = {
        "Causes": causes_text(row["causes"]),
        "Smallest revision": row.get("revisions"),
        "Changes the story": row.get("story"),
    }
    said = [part for name, told in below.items() if told for part in (f"\n{name}: ", *_parts(told))]
    return {"runs": [*_parts(row["explanation"]), *said]} if said else row["explanation"]


def _parts(cell) -> list:
    """Return a cell as the parts that stand in it one after another.

    >>> _parts("a"), _parts({"runs": ["a", "b"]}), _parts(["a", "b"])
    (['a'], ['a', 'b'], ['a', ', ', 'b'])
    """
    if isinstance(cell, list):
        return [part for one in cell for part in (", ", *_parts(one))][1:]
    return cell["runs"] if isinstance(cell, Mapping) and "runs" in cell else [cell]


def causes_text(causes: Mapping[str, Iterable[str]]) -> str:
    """Return the causes of a disagreement by their state; those excluded are the rest of the list and not named.

    >>> causes_text({"supported": ["loose_wording"], "not excluded": ["window", "rounding"], "excluded": ["revision"]})
    'supported: loose wording; not excluded: window, rounding; others excluded'
    """
    told = [
        f"{state}: {', '.join(map(cause_label, causes[state]))}"
        for state in ("supported", "not excluded")
        if causes.get(state)
    ]
    return "; ".join([*told, *(["others excluded" if told else "all excluded"] if causes.get("excluded") else [])])


def numbers(*tables: Mapping) -> dict[str, str]:
    """Return the number of every row that has one, by the link to it.

    >>> numbers(findings_table([{"id": "growth"}]), {"rows": [[{"text": "V1", "id": "v-r05"}]]})
    {'#f-growth': 'F1', '#v-r05': 'V1'}
    """
    return {f"#{row[0]['id']}": row[0]["text"] for table in tables for row in table["rows"]}


def with_numbers(table: Mapping, known: Mapping[str, str]) -> dict:
    """Return the table with its links to findings and verdicts called by their numbers, short for a column.

    >>> with_numbers({"rows": [[[evidence_link("growth")]]]}, {"#f-growth": "F1"})["rows"]
    [[[{'text': 'F1', 'href': '#f-growth'}]]]
    """
    return {**table, "rows": [[_called(cell, known) for cell in row] for row in table["rows"]]}


def _called(item, known: Mapping[str, str]):
    if isinstance(item, list):
        return [_called(each, known) for each in item]
    if not isinstance(item, dict):
        return item
    if "runs" in item:
        return {"runs": _called(item["runs"], known)}
    if "places" in item:
        return {**item, "nowhere": _called(item.get("nowhere"), known)}
    if item.get("href") in known and item["href"] == f"#{anchor(item['text'])}":
        return {**item, "text": known[item["href"]]}
    return item


def _page(row: Mapping) -> dict:
    """Return the page of an official figure: who published it, which is cited, its title and date, and its address."""
    told = "".join(f"{joint}{row[key]}" for joint, key in ((": ", "title"), (", ", "date")) if row.get(key))
    address = {"text": re.sub(r"^https?://(www\.)?", "", row["url"]).rstrip("/"), "href": row["url"]}
    return {"runs": [{"text": row["publisher"], "kind": "citation"}, f"{told}\n", address]}


def _quoted(row: Mapping) -> str:
    remark = "; ".join(filter(None, ("doubtful" * row["doubtful"], row["note"])))
    return f"{row['quoted']}\n({remark})" if remark else row["quoted"]


def _reported(row: Mapping) -> str:
    return "\n".join(filter(None, (row["reporter"], f"authority: {row['authority']}")))


def _links(ids: Iterable[str] | None) -> list[dict]:
    return [evidence_link(id) for id in ids or ()]


def _used(row: Mapping) -> list:
    counted = _run_on("one of many in ", _links(row.get("counted_by")))
    return [*_links(row.get("used_by")), _places(row, row.get("unused")), *([counted] if counted else [])]


def _run_on(words: str, links: Iterable[object]) -> dict | None:
    """Return words and links as one cell, commas between the links; None without links."""
    parts = [part for link in links for part in (", ", link)]
    return {"runs": [words, *parts[1:]]} if parts else None


def _places(row: Mapping, nowhere: object = None) -> dict:
    """Return the stand-in for the places of the chapters that link to a row; see `exporters.document.Run`."""
    return {"places": row["id"], "nowhere": nowhere or None}


def _first_claim(row: Mapping) -> object:
    return {"text": row["claims"], "href": f"#{row['first']}"} if row.get("first") else row.get("claims")


def _described(row: Mapping) -> dict:
    return {"runs": [f"{row['label']}\n", row["id"]]} if row.get("label") else row["id"]


def _made_into(row: Mapping) -> object:
    return _run_on("only in ", _links(row.get("used_by"))) or "findings.csv only"


def _claim_link(name: str, values: Mapping[str, str]) -> dict:
    return evidence_link(name, f"{name} ({values[name]})" if values.get(name) else name)


def _relation(name: str, row: Mapping, known: Iterable[str]) -> object:
    return evidence_link(name) if anchor(name) in known and anchor(name) != row["anchor"] else name


def _listed(value) -> str | None:
    return ", ".join(value) if isinstance(value, (list, tuple)) else value


def _table(name: str, title: str, fields: tuple[Field, ...], rows: Iterable[Mapping]) -> dict:
    rows = list(rows)
    cells = {field.key: [field.of(row) for row in rows] for field in fields}
    kept = [field for field in fields if any(cell not in (None, "", []) for cell in cells[field.key])]
    return {
        "id": appendix(name),
        "title": title,
        "columns": [_column(field) for field in kept],
        "rows": [[_cell(cells[f.key][i]) for f in kept] for i in range(len(rows))],
    }


def _column(field: Field) -> dict:
    said = {"key": field.key, "label": field.label, "align": field.align, "width": field.width}
    return said | {flag: given for flag in ("back", "brief", "filter") if (given := getattr(field, flag))}


def _cell(value):
    return "" if value is None else value if isinstance(value, (str, dict, list)) else str(value)
