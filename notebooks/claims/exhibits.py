"""Tables and figures as they leave a notebook: the numbers, the words around them, and how to find them again.

JupyterLab shows an exhibit like any other output; the report reads the same output's own MIME type, numbers it, and
writes figures with the table of the numbers they show. Titles, captions and source lines are written like sentences of
`findings.say`; alt texts likewise, as plain text. Cells of a table are data, never markup.
"""

from __future__ import annotations

import html
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from . import findings, numerals, style
from .intervals import Interval

if TYPE_CHECKING:
    import matplotlib.axes
    import pandas as pd

TABLE = "application/vnd.ledger.table+json"
FIGURE = "application/vnd.ledger.figure+json"


@dataclass(frozen=True)
class Column:
    """How a column is shown: its heading, the unit of its numbers, their decimals (else three digits), its side.

    `width` is the column's weight on the page; without it the page finds the width itself.
    """

    label: str
    unit: str | None = None
    digits: int | None = None
    align: str | None = None
    width: float | None = None


@dataclass(frozen=True)
class Link:
    """A cell that leads somewhere in the report: `text`, and the id it points to."""

    text: str
    to: str


class Exhibit:
    """A table or figure: a MIME bundle that Jupyter displays and the report reads."""

    def __init__(self, bundle: dict) -> None:
        self.bundle = bundle

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        return self.bundle


def table(
    frame: pd.DataFrame,
    *,
    id: str,
    title: str,
    caption: str,
    columns: Mapping[str, Column | str],
    source: str = "",
) -> Exhibit:
    """Return `frame` as a table of the report: only `columns`, in their order, under their labels.

    Cells may hold findings, claims, intervals, links, numbers, text, or lists of those; numbers are written by
    `numerals` in their column's unit. Raises KeyError for a column the frame has not.
    """
    specs = {name: Column(spec) if isinstance(spec, str) else spec for name, spec in columns.items()}
    absent = [name for name in specs if name not in frame.columns]
    if absent:
        raise KeyError(f"{id}: no column {', '.join(absent)}; there are {', '.join(map(str, frame.columns))}")
    rows = [[_cell(row[name], spec) for name, spec in specs.items()] for row in frame.to_dict("records")]
    payload = {
        "id": id,
        "title": findings.text(title),
        "caption": findings.text(caption),
        "source": findings.text(source),
        "columns": [
            {
                "key": name,
                "label": spec.label,
                "unit": "",
                "align": spec.align or _align(frame[name]),
                **({"width": spec.width} if spec.width else {}),
            }
            for name, spec in specs.items()
        ],
        "rows": rows,
    }
    return Exhibit(
        {TABLE: payload, "text/html": _as_html(payload, findings.plain(title)), "text/plain": f"{id}: {len(rows)} rows"}
    )


def figure(
    axes: matplotlib.axes.Axes,
    *,
    id: str,
    name: str,
    title: str,
    caption: str,
    alt: str,
    data: pd.DataFrame,
    source: str = "",
) -> Exhibit:
    """Return the figure of `axes` as one of the report; `data` is the table of the numbers it shows, written beside it.

    `name` is the file's (growth_rates → growth_rates.svg, .png, .csv).
    """
    with style.house():
        svg, png = _svg(axes.figure, id), _png(axes.figure)
    payload = {
        "id": id,
        "name": name,
        "title": findings.text(title),
        "caption": findings.text(caption),
        "alt": findings.plain(alt),
        "source": findings.text(source),
        "columns": [
            {"key": name, "label": name.replace("_", " "), "align": _align(data[name])} for name in data.columns
        ],
        "rows": [[_datum(value) for value in row] for row in data.itertuples(index=False)],
    }
    return Exhibit({FIGURE: payload, "image/svg+xml": svg, "image/png": png, "text/plain": f"{id}: {payload['alt']}"})


def _svg(fig, salt: str) -> str:
    import matplotlib as mpl

    out = io.StringIO()
    with mpl.rc_context({"svg.hashsalt": salt, "svg.fonttype": "none"}):
        fig.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return out.getvalue()


def _png(fig) -> bytes:
    out = io.BytesIO()
    fig.savefig(out, format="png", dpi=200, metadata={"Software": None})
    return out.getvalue()


def _datum(value):
    """Return a number or text as JSON holds it, floats at 12 significant digits."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return None
    if type(value).__name__ == "bool":  # numpy's too
        return bool(value)
    if isinstance(value, str):
        return value
    if isinstance(value, findings.Finding):
        return findings.digits12(value.value)
    if isinstance(value, int | float | Fraction):
        return findings.digits12(value)
    return findings.digits12(value.item()) if hasattr(value, "item") else str(value)


def _cell(value, spec: Column):
    if isinstance(value, list | tuple):
        return [_cell(part, spec) for part in value]
    if isinstance(value, Link):
        return {"text": value.text, "href": f"#{value.to}"}
    if isinstance(value, findings.Finding):
        shown = numerals.quantity(value.value, value.unit, spec.digits)
        return {"text": shown, "href": f"#{value.anchor}"}
    if isinstance(value, Interval):
        return numerals.bounds(value.low, value.high, spec.unit or "", closed=(value.low_closed, value.high_closed))
    if hasattr(value, "printed") and hasattr(value, "id"):
        return {"text": findings.claim_text(value), "href": f"#{value.id}"}
    if numerals.missing(value):
        return numerals.MISSING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    if spec.unit:
        return numerals.quantity(_datum(value), spec.unit, spec.digits)
    return numerals.number(_datum(value), spec.digits)


def _align(values: Sequence) -> str:
    words = [value for value in values if isinstance(value, str | Link | list | tuple | Interval)]
    return "left" if words else "right"


def _as_html(payload: dict, title: str) -> str:
    """Return the table for JupyterLab, every cell escaped."""

    def shown(cell) -> str:
        if isinstance(cell, list):
            return ", ".join(shown(part) for part in cell)
        return html.escape(cell["text"] if isinstance(cell, dict) else cell)

    head = "".join(f"<th>{html.escape(column['label'])}</th>" for column in payload["columns"])
    body = "".join("<tr>" + "".join(f"<td>{shown(cell)}</td>" for cell in row) + "</tr>" for row in payload["rows"])
    return f"<table><caption>{html.escape(title)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
