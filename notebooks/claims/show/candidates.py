"""What a search of the book finds: names to copy, the ones that this notebook can use first, shown whole.

A finding that only another notebook computes is listed below those, with that notebook's name.
"""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from claims.content.phrases import Link, Phrase
from claims.ledger.model import Claim, Official
from claims.results import anchors
from claims.results.finding import Finding
from claims.results.store import Results, load_origins
from claims.show import markup
from claims.tables.messages import count_noun
from claims.words.labels import claim_text
from claims.words.values import value_text

__all__ = ["COLUMNS", "Candidates", "find_candidates"]

COLUMNS = ("name", "id", "value", "period", "where", "what", "printed", "here")
_HEADINGS = ("Name", "Prints", "Period", "Where", "What")
_SHOWN = ("name", "value", "period", "where", "what")
_SELECTED = "user-select: all; background: none; padding: 0"  # by one click
_HOW = "click a name and copy it: {eval}`book.NAME` in a sentence, book.NAME in the row of a table"
_ELSEWHERE = "Computed elsewhere, for use there or in a notebook that borrows findings: "
_COMPUTED = "computed in "
Row = dict[str, Any]


class Candidates(pd.DataFrame):
    """Figures and findings, one a row, with `COLUMNS`; all rows, of which a cell shows the first `most`.

    `here` is whether this notebook can use the name. No option of pandas shortens what a cell shows.
    """

    _metadata = ["results", "most"]
    results: Results | None = None
    most: int = 8

    @property
    def _constructor(self) -> type[Candidates]:
        return Candidates

    def _repr_html_(self) -> str | None:
        """Return the first rows as a table: names to copy, and what each prints, linked to its row in the report."""
        if tuple(self.columns) != COLUMNS:
            return super()._repr_html_()  # type: ignore[misc]
        side = ' style="text-align: left"'
        head = "".join(f"<th{side}>{heading}</th>" for heading in _HEADINGS)
        usable, others = self._parts()
        body = f"<thead><tr>{head}</tr></thead>" if len(self) else ""
        for rows, title in ((usable, ""), (others, self._elsewhere())):
            cells = ("".join(f"<td{side}>{cell}</td>" for cell in self._cells(row)) for row in rows)
            lines = "".join(f"<tr>{line}</tr>" for line in cells)
            heading = f'<tr><th colspan="{len(_HEADINGS)}"{side}>{title}</th></tr>' if title else ""
            body += f"<tbody>{heading}{lines}</tbody>" if rows or title else ""
        note = html.escape("; ".join(filter(None, [self._count(), _HOW if usable else ""])))
        return f'<table class="{markup.NO_FORMULAS}"><caption{side}>{note}</caption>{body}</table>'

    def _parts(self) -> tuple[Sequence[Mapping[Hashable, Any]], Sequence[Mapping[Hashable, Any]]]:
        """Return the rows to show that this notebook can use, and the others."""
        rows = self.to_dict("records")
        usable = [row for row in rows if row["here"]][: self.most]
        return usable, [row for row in rows if not row["here"]][: self.most - len(usable)]

    def _elsewhere(self) -> str:
        """Return which other notebooks compute how many of the rows, "" if none does."""
        notebooks = Counter(row["where"].removeprefix(_COMPUTED) for row in self.to_dict("records") if not row["here"])
        listed = ", ".join(f"{name} ({count})" for name, count in sorted(notebooks.items()))
        return f"{_ELSEWHERE}{listed}" if listed else ""

    def _count(self) -> str:
        """Return how many rows there are, and how to see those that are not shown."""
        shown = sum(map(len, self._parts()))
        found = f"{count_noun(len(self), 'number')} found"
        more = f"the first {shown} are shown; add a word, or most={len(self)} for all"
        return f"{found}; {more}" if shown < len(self) else found

    def _cells(self, row: Mapping[Hashable, Any]) -> list[str]:
        name = html.escape(f"book.{row['name']}").replace("_", "_<wbr>")
        value = Phrase((Link(row["value"], anchors.anchor(row["id"])),))
        return [
            f'<code style="{_SELECTED}">{name}</code>' if row["here"] else name,
            f'<span style="white-space: nowrap">{markup.phrase_html(value, self.results)}</span>',
            *(html.escape(row[column]) for column in _SHOWN[2:]),
        ]

    def __repr__(self) -> str:
        """Return the first rows as lines."""
        shown = [{column: row[column] for column in _SHOWN} for rows in self._parts() for row in rows]
        lines = pd.DataFrame(shown).to_string(index=False, max_colwidth=None) if shown else ""
        return "\n".join(filter(None, [lines, self._elsewhere(), self._count()]))


def find_candidates(results: Results, words: str, most: int) -> Candidates:
    """Return every figure and finding with all `words` in its row, the best matches that can be used here first.

    A row matches better if more of the words are in its name, and its name has fewer others; at equal matches printed
    figures come before findings, and these before official figures.
    """
    wanted = words.lower().split()
    rows = [row for row in _all_rows(results) if all(word in _text(row) for word in wanted)]
    rows.sort(key=lambda row: (not row["here"], *_distance(row["name"], wanted)))
    found = Candidates(rows, columns=list(COLUMNS))
    found.results, found.most = results, most
    return found


def _text(row: Row) -> str:
    return " ".join(text for text in row.values() if isinstance(text, str)).lower().replace("_", " ")


def _distance(name: str, wanted: Sequence[str]) -> tuple[int, int]:
    """Return how many of the wanted words a name lacks, and how many others it has.

    >>> _distance("trade_turnover_2023_visit", ["trade", "2023"])
    (0, 2)
    """
    tokens = name.split("_")
    return sum(word not in name.replace("_", " ") for word in wanted), sum(token not in wanted for token in tokens)


def _all_rows(results: Results) -> Iterator[Row]:
    findings, official, claims = results.named
    origins = load_origins()
    yield from (_figure_row(results, claim) for claim in claims.values())
    for finding in findings.values():
        is_borrowed = finding.id in results.borrowed and finding.id in origins
        yield _finding_row(results, finding, origins[finding.id][0] if is_borrowed else "")
    yield from (_figure_row(results, figure) for figure in official.values())
    for id, (notebook, finding) in origins.items():
        if id not in results.findings:
            yield {**_finding_row(results, finding, notebook), "here": False}


def _figure_row(results: Results, figure: Claim | Official) -> Row:
    ledger = results.ledger
    printed = figure.text if isinstance(figure, Official) else figure.printed
    if isinstance(figure, Official):
        where = figure.short_publisher
    else:
        where = f"{ledger.sources[figure.source].short_name}, line {figure.line}"
    return {
        "name": results.name_of(figure.id),
        "id": figure.id,
        "value": claim_text(figure),
        "period": figure.period.label,
        "where": where,
        "what": ledger.indicators[figure.indicator].label,
        "printed": printed,
        "here": True,
    }


def _finding_row(results: Results, finding: Finding, notebook: str) -> Row:
    where = f"{_COMPUTED}{notebook}" if notebook else "computed here"
    texts = {"name": results.name_of(finding.id), "id": finding.id, "value": value_text(finding), "period": ""}
    return {**texts, "where": where, "what": finding.label, "printed": "", "here": True}
