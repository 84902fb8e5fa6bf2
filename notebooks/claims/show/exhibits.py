"""Tables and figures as they leave a notebook: the numbers, the words around them, and how to find them again.

JupyterLab shows an exhibit like any other output; the report reads the same output's own MIME type, numbers it, and
writes figures with the table of the numbers they show. Titles, captions and source lines are written like sentences
of `essay.say`; alt texts likewise, as plain text that remembers where its numbers come from. Cells of a table are
data, never markup.
"""

from __future__ import annotations

import html
import io
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from claims.content.phrases import Anchor, Link, Marked, Phrase
from claims.ledger.intervals import Interval
from claims.ledger.model import Claim, Official
from claims.ledger.numbers import digits12
from claims.results import anchors
from claims.results.finding import Finding
from claims.show import style
from claims.words import labels, numerals
from claims.words.sentences import Sentences
from claims.words.values import value_text

if TYPE_CHECKING:
    import matplotlib.axes
    import pandas as pd

TABLE = "application/vnd.ledger.table+json"
RESOLUTION = 200  # dots to the inch of a figure as pixels
FIGURE = "application/vnd.ledger.figure+json"


@dataclass(frozen=True)
class Column:
    """How a column is shown: its heading, the unit of its numbers, their decimals (else three digits), its side.

    `width` is the column's weight on the page; without it the page finds the width itself. `kind` says of the numbers
    that lead nowhere what they are: a "date", a "citation" or a "parameter". A heading may be a link.
    """

    label: str | Link | Marked | Phrase
    unit: str | None = None
    digits: int | None = None
    align: str | None = None
    width: float | None = None
    kind: str | None = None

    def __post_init__(self):
        if self.kind:
            Marked("", self.kind)  # refuses a kind that there is not


class Exhibit:
    """A table or figure: a MIME bundle that Jupyter displays and the report reads."""

    def __init__(self, bundle: dict) -> None:
        self.bundle = bundle

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        return self.bundle


def table(
    frame: pd.DataFrame,
    sentences: Sentences,
    *,
    id: str,
    title: str,
    caption: str,
    columns: Mapping[str, Column | str],
    source: str = "",
) -> Exhibit:
    """Return `frame` as a table of the report: only `columns`, in their order, under their labels.

    Cells may hold findings, claims, official figures, intervals, links, anchors, marked words, phrases, numbers, text,
    or lists of those; numbers are written by `numerals` in their column's unit. Raises KeyError for a column the frame
    has not.
    """
    specs = {name: spec if isinstance(spec, Column) else Column(spec) for name, spec in columns.items()}
    _refuse_absent(id, specs, frame)
    rows = [[_cell(row[name], spec) for name, spec in specs.items()] for row in frame.to_dict("records")]
    rows = rows or [["none", *[""] * (len(specs) - 1)]]
    payload = {
        "id": id,
        "title": sentences.text(title),
        "caption": sentences.text(caption),
        "source": sentences.text(source),
        "columns": [
            {
                "key": name,
                **_head(spec.label),
                "unit": "",
                "align": spec.align or _align(frame[name]),
                **({"width": spec.width} if spec.width else {}),
            }
            for name, spec in specs.items()
        ],
        "rows": rows,
    }
    return Exhibit(
        {
            TABLE: payload,
            "text/html": _as_html(payload, sentences.plain(title)),
            "text/plain": f"{id}: {len(rows)} rows",
        }
    )


def figure(
    axes: matplotlib.axes.Axes | None,
    sentences: Sentences,
    *,
    id: str,
    name: str,
    title: str,
    caption: str,
    alt: str | Phrase,
    data: pd.DataFrame,
    source: str = "",
    evidence: str | None = None,
    kinds: Mapping[str, str] | None = None,
) -> Exhibit:
    """Return the figure of `axes` as one of the report; `data` is the table of the numbers it shows, written beside it.

    `name` is the file's (growth_rates → growth_rates.svg, .png, .csv). `evidence` names the column of `data` that
    holds what the numbers of each row come from: claims or findings, or their ids. `kinds` says of columns that hold
    no results what they hold, as in {"year": "date"}. Without axes (see `charts.drawn`) it is the same figure without
    its pictures. Raises KeyError for a column the data has not.
    """
    kinds = dict(kinds or {})
    _refuse_absent(id, [*([evidence] if evidence else []), *kinds], data)
    specs = {n: Column(_data_heading(n, kinds.get(n)), kind=kinds.get(n)) for n in data.columns if n != evidence}
    rows = [[_marked(_datum(row[name]), spec) for name, spec in specs.items()] for row in data.to_dict("records")]
    columns = [{"key": name, **_head(spec.label), "align": _align(data[name])} for name, spec in specs.items()]
    if evidence:
        columns.append({"key": evidence, "label": "From", "align": "left", "from": True})
        rows = [[*row, _origins(given)] for row, given in zip(rows, data[evidence], strict=True)]
    told = alt if isinstance(alt, Phrase) else sentences.pieces(alt)
    payload = {
        "id": id,
        "name": name,
        "title": sentences.text(title),
        "caption": sentences.text(caption),
        "alt": str(told),
        "alt_chain": [_link_or_mark(part) for part in told.parts if not isinstance(part, str)],
        "source": sentences.text(source),
        "columns": columns,
        "rows": rows,
    }
    pictures = _pictures(axes.figure, id) if axes is not None else {}
    return Exhibit({FIGURE: payload, **pictures, "text/plain": f"{id}: {payload['alt']}"})


def _data_heading(name: str, kind: str | None = None) -> str | Link | Marked:
    """Return the name of a data column as its heading; a text's leads to the text, a parameter's says that it is one.

    >>> _data_heading("share_pct"), _data_heading("S1"), _data_heading("width=2", "parameter")
    ('share pct', Link(text='S1', to='S1'), Marked(text='width=2', kind='parameter'))
    """
    if kind == "parameter":
        return Marked(name, kind)
    return Link(name, name) if re.fullmatch(r"S\d+", name) else name.replace("_", " ")


def _refuse_absent(id: str, wanted: Iterable[str], frame: pd.DataFrame) -> None:
    absent = [name for name in wanted if name not in frame.columns]
    if absent:
        raise KeyError(f"{id}: no column {', '.join(absent)}; there are {', '.join(map(str, frame.columns))}")


def _head(label: str | Link | Marked | Phrase) -> dict:
    """Return a heading as its words, and with its links where it has any."""
    return {"label": label} if isinstance(label, str) else {"label": _words(label), "head": _cell(label, Column(""))}


def _words(part: Link | Marked | Phrase) -> str:
    return str(part) if isinstance(part, Phrase) else part.text


def _link_or_mark(part: Link | Marked) -> list[str | None]:
    return [part.text, part.to, None] if isinstance(part, Link) else [part.text, None, part.kind]


def _origins(given) -> list[dict]:
    """Return what a row of a figure's data comes from as links, each called by its id.

    >>> _origins("c012 growth_x")
    [{'text': 'c012', 'href': '#c012'}, {'text': 'growth_x', 'href': '#f-growth-x'}]
    """
    if numerals.missing(given) or given == "":
        return []
    listed = given.split() if isinstance(given, str) else given if isinstance(given, Iterable) else [given]
    ids = [one if isinstance(one, str) else one.id for one in listed]
    return [{"text": id, "href": f"#{anchors.anchor(id)}"} for id in ids]


def _pictures(fig, id: str) -> dict[str, str | bytes]:
    """Return a figure as the files it becomes, by their types."""
    with style.house():
        _lay_out(fig)
        return {"image/svg+xml": _svg(fig, id), "image/png": _png(fig)}


def _lay_out(fig) -> None:
    """Place a figure's axes and words, once for all its files: finding their places takes longer than drawing them."""
    fig.set_dpi(4 * RESOLUTION)  # letters are measured in whole dots: fine ones, so that words fit at any size
    fig.draw_without_rendering()
    fig.set_dpi(RESOLUTION)
    fig.set_layout_engine("none")


def _svg(fig, salt: str) -> str:
    import matplotlib as mpl

    out = io.StringIO()
    with mpl.rc_context({"svg.hashsalt": salt, "svg.fonttype": "none"}):
        fig.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return out.getvalue()


def _png(fig) -> bytes:
    out = io.BytesIO()
    fig.savefig(out, format="png", dpi=RESOLUTION, metadata={"Software": None})
    return out.getvalue()


def _datum(value):
    """Return a number or text as JSON holds it, floats at 12 significant digits."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return None
    if type(value).__name__ == "bool":  # numpy's too
        return bool(value)
    if isinstance(value, str):
        return value
    if isinstance(value, Finding):
        return digits12(value.value)
    if isinstance(value, int | float | Fraction):
        return digits12(value)
    return digits12(value.item()) if hasattr(value, "item") else str(value)


def _marked(shown, spec: Column):
    """Return a cell that leads nowhere, with its column's mark if that has one."""
    return {"text": str(shown), "kind": spec.kind} if spec.kind and shown not in (None, "", numerals.MISSING) else shown


def _kind(spec: Column) -> dict[str, str]:
    return {"kind": spec.kind} if spec.kind else {}


def cell(value):
    """Return a figure of the ledger, a finding, link, phrase or text as a table holds it outside any column.

    >>> cell(Link("c012", "c012"))
    {'text': 'c012', 'href': '#c012'}
    """
    return _cell(value, Column(""))


def _cell(value, spec: Column):
    if isinstance(value, list | tuple):
        return [_cell(part, spec) for part in value]
    if isinstance(value, Phrase):
        return {"runs": [part if isinstance(part, str) else _cell(part, spec) for part in value.parts]}
    if isinstance(value, Marked):
        return {"text": value.text, "kind": value.kind}
    if isinstance(value, Anchor):
        return {"text": value.text, "id": value.id, **_kind(spec)}
    if isinstance(value, Link):
        return {"text": value.text, "href": value.href, **(_kind(spec) if value.leaves else {})}
    if isinstance(value, Finding):
        return {"text": value_text(value, spec.digits), "href": f"#{value.anchor}"}
    if isinstance(value, Claim | Official):
        return {"text": labels.claim_text(value), "href": f"#{value.id}"}
    return _marked(_written(value, spec), spec)


def _written(value, spec: Column) -> str:
    if isinstance(value, Interval):
        return numerals.range_text(value, spec.unit or "")
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
    kinds = str | Link | Anchor | Marked | Phrase | list | tuple | Interval
    words = [value for value in values if isinstance(value, kinds)]
    return "left" if words else "right"


def _as_html(payload: dict, title: str) -> str:
    """Return the table for JupyterLab, every cell escaped."""

    def shown(cell) -> str:
        if isinstance(cell, list):
            return ", ".join(shown(part) for part in cell)
        if isinstance(cell, dict):
            return "".join(shown(part) for part in cell["runs"]) if "runs" in cell else _stretch(cell)
        return html.escape(cell)

    head = "".join(f"<th>{html.escape(column['label'])}</th>" for column in payload["columns"])
    body = "".join("<tr>" + "".join(f"<td>{shown(cell)}</td>" for cell in row) + "</tr>" for row in payload["rows"])
    return f"<table><caption>{html.escape(title)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _stretch(cell: Mapping[str, str]) -> str:
    """Return a stretch of a cell for JupyterLab: what citations lead to keeps its id, and the web can be reached."""
    text = html.escape(cell["text"])
    if cell.get("href", "").startswith("https://"):
        return f'<a href="{html.escape(cell["href"])}">{text}</a>'
    return f'<span id="{html.escape(cell["id"])}">{text}</span>' if "id" in cell else text
