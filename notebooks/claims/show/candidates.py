"""What a search of the book finds: a table of rows by column, whose names are shown whole and can be copied at once."""

from __future__ import annotations

import html
from collections.abc import Hashable, Mapping

import pandas as pd

from claims.content.phrases import Link, Phrase
from claims.results import anchors
from claims.results.store import Results
from claims.show import markup
from claims.tables.messages import count_noun

__all__ = ["COLUMNS", "Candidates", "list_candidates"]

COLUMNS = ("name", "id", "value", "what", "period", "where", "printed")
_HEADINGS = ("In a sentence", "Value", "What", "Period", "Where")
_SELECTED = "user-select: all; background: none; padding: 0"  # by one click


class Candidates(pd.DataFrame):
    """Figures and findings, one a row, with `COLUMNS`; no option of pandas shortens what JupyterLab shows of it."""

    _metadata = ["results"]
    results: Results | None = None

    @property
    def _constructor(self) -> type[Candidates]:
        return Candidates

    def _repr_html_(self) -> str | None:
        """Return the rows as a table: what to paste into a sentence, and its value, linked to its row in the report."""
        if tuple(self.columns) != COLUMNS:
            return super()._repr_html_()  # type: ignore[misc]
        side = ' style="text-align: left"'
        rows = (self._cells(row) for row in self.to_dict("records"))
        lines = "".join(f"<tr>{''.join(f'<td{side}>{cell}</td>' for cell in cells)}</tr>" for cells in rows)
        head = "".join(f"<th{side}>{heading}</th>" for heading in _HEADINGS)
        note = f"{count_noun(len(self), 'number')} found" + ("; click a name, and copy it" if len(self) else "")
        body = f"<thead><tr>{head}</tr></thead><tbody>{lines}</tbody>" if len(self) else ""
        return f'<table class="{markup.NO_FORMULAS}"><caption{side}>{note}</caption>{body}</table>'

    def _cells(self, row: Mapping[Hashable, str]) -> list[str]:
        quotation = html.escape(f"{{eval}}`book.{row['name']}`").replace("_", "_<wbr>")
        value = Phrase((Link(row["value"], anchors.anchor(row["id"])),))
        return [
            f'<code style="{_SELECTED}">{quotation}</code>',
            markup.phrase_html(value, self.results),
            *(html.escape(row[name]) for name in ("what", "period", "where")),
        ]

    def __repr__(self) -> str:
        """Return the rows as lines."""
        return self.to_string(index=False, max_colwidth=None) if len(self) else "0 numbers found"


def list_candidates(rows: list[dict[str, str]], results: Results) -> Candidates:
    """Return rows, by column, as a table; `results` has the evidence of the links in it."""
    found = Candidates(rows, columns=list(COLUMNS))
    found.results = results
    return found
