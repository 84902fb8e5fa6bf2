"""Tables and figures as they leave a notebook: the numbers, the words around them, and links to their origins.

JupyterLab displays an exhibit like any other output; the report reads the output's own MIME type, numbers it, and
writes figures with the table of their numbers. Titles, captions and source lines are templates
(`words.sentences`); alt texts likewise, as plain text that keeps its links. Cells of a table are data, never markup.
"""

from __future__ import annotations

import json
import math
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from claims.content import tables
from claims.content.phrases import Anchor, Link, Marked, Part, Phrase
from claims.content.tables import FIGURE, TABLE, Cell
from claims.content.tables import ColumnSpec as Column
from claims.ledger.intervals import Interval
from claims.ledger.model import Claim, Official
from claims.ledger.numbers import digits12
from claims.results import anchors
from claims.results.finding import Finding
from claims.show import charts, marks, markup, own_tables
from claims.show.drawings import draw_pictures
from claims.tables import locations
from claims.words import labels, numerals
from claims.words.sentences import Sentences
from claims.words.values import value_text

if TYPE_CHECKING:
    import matplotlib.axes
    import matplotlib.figure
    import pandas as pd

__all__ = ["FIGURE", "TABLE", "Column", "Exhibit", "figure", "table"]

NOTHING = "The ledger has nothing to list here."


class Exhibit:
    """A table or figure: a MIME bundle that Jupyter displays and the report reads."""

    def __init__(self, bundle: dict[str, object]) -> None:
        self.bundle = bundle

    def adding(self, more: Mapping[str, object]) -> Exhibit:
        """Return it with more in its bundle, such as the findings that it shows."""
        return Exhibit({**self.bundle, **more})

    def __repr__(self) -> str:
        return str(self.bundle["text/plain"])

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, object]:
        return self.bundle


def table(
    frame: pd.DataFrame | Sequence[Mapping[str, Any]],
    sentences: Sentences,
    *,
    title: str,
    id: str = "",
    caption: str = "",
    columns: Mapping[str, Column | str | Link | Marked | Phrase] | None = None,
    source: str = "",
    place: str = "",
    lead: int | str = "",
    optional: bool = False,
) -> Exhibit:
    """Return `frame`, or rows by column name, as a table of the report: only `columns`, in their order and words.

    Cells may hold what prose quotes, findings, claims, official figures, periods, intervals, links, anchors, marked
    words, phrases, numbers, text, or lists of those; numbers are written by `numerals` in their column's unit. A
    heading may mark a date, as in `<time>2023</time>`. Without `columns` they are those of the first row, without `id`
    it is made from the title.

    A table whose `place` is "appendix" is shown at its call in JupyterLab, and in the report in the appendix. A page
    opens a table of more than a dozen rows folded to those of `lead`: how many of the first, or the name of a column of
    `frame`, shown or not, that is true in the rows that matter. Of one without rows a sentence says so; if it is
    `optional`, the report leaves its section out where nothing else in it has rows. Raises KeyError for a column that a
    row does not have, ValueError for another place, TypeError for what a cell cannot show, UnknownName for the name of
    a figure that is misspelled in a cell.
    """
    records = own_tables.as_records(frame)
    id = own_tables.checked_id(id, title)
    if not locations.exhibits_wanted():
        return Exhibit({"text/plain": f"{id}: {len(records)} rows"})
    specs = _specs(columns if columns is not None else own_tables.default_headings(records))
    wanted = [*specs, lead] if isinstance(lead, str) and lead else specs
    _refuse_absent(id, wanted, map(str, records[0] if records else wanted))
    matters = _lead(records, lead)
    records = own_tables.shown_records(id, records, specs, sentences.results)
    rows = [tuple(_cell(row[name], spec) for name, spec in specs.items()) for row in records]
    content = tables.Table(
        id=id,
        title=sentences.text(title),
        caption=sentences.text(caption),
        source=sentences.text(source),
        columns=tuple(spec.column(name, _align(row[name] for row in records)) for name, spec in specs.items()),
        rows=tuple(rows or [tuple(tables.as_cell("" if column else NOTHING) for column in range(len(specs)))]),
        place=place,
        left_out=optional and not rows,
        lead=matters,
    )
    html = {} if locations.only_for_page() else {"text/html": markup.table_html(content, sentences.results)}
    return Exhibit({TABLE: content.to_json(), **html, "text/plain": f"{id}: {len(content.rows)} rows"})


def _specs(headings: Mapping[str, Column | str | Link | Marked | Phrase]) -> dict[str, Column]:
    return {
        name: spec if isinstance(spec, Column) else Column(own_tables.heading(spec)) for name, spec in headings.items()
    }


def _lead(records: Sequence[Mapping[Any, Any]], lead: int | str) -> tuple[int, ...]:
    """Return the rows that a folded table shows: so many of the first, or those in which a column is true.

    >>> _lead([{"matters": True}, {"matters": False}, {"matters": None}], "matters"), _lead([{}, {}, {}], 2)
    ((0,), (0, 1))
    """
    if isinstance(lead, int):
        return tuple(range(min(lead, len(records))))
    matters = (lead and not numerals.missing(row[lead]) and row[lead] for row in records)
    return tuple(place for place, is_lead in enumerate(matters) if is_lead)


def figure(
    axes: matplotlib.axes.Axes | charts.Undrawn | None,
    sentences: Sentences,
    *,
    id: str,
    name: str,
    title: str,
    caption: str,
    alt: str | Phrase,
    data: pd.DataFrame,
    source: str = "",
    place: str = "",
    optional: bool = False,
    evidence: str | None = None,
    kinds: Mapping[str, str] | None = None,
    headings: Mapping[str, str] | None = None,
) -> Exhibit:
    """Return the figure of `axes` as a figure of the report; `data` is the table of the numbers in it.

    `name` is the file's (growth_rates → growth_rates.svg, .png, .csv). `evidence` names the column of `data` with the
    origins of each row: claims or findings, or their ids. `kinds` declares columns without results ({"year": "date"});
    `headings` are the headings of columns, with units, and for one of a text what follows its id. A figure whose
    `place` is "appendix" is shown at its call in JupyterLab, and in the report's appendix. `optional` is that of
    `table`. Without axes (`charts.drawn`) there are no pictures. Raises KeyError, ValueError for column and place.
    """
    if not locations.exhibits_wanted():
        return Exhibit({"text/plain": id})
    _refuse_absent(id, [*([evidence] if evidence else []), *(kinds or ()), *(headings or ())], data.columns)
    specs = _data_specs([name for name in data.columns if name != evidence], kinds or {}, headings or {})
    columns = [spec.column(name, _align(data[name])) for name, spec in specs.items()]
    rows = [tuple(_data_cell(row[name], spec) for name, spec in specs.items()) for row in data.to_dict("records")]
    if evidence:
        columns.append(tables.Column(evidence, Phrase(("From",)), origins=True))
        rows = [(*row, _origins(items)) for row, items in zip(rows, data[evidence], strict=True)]
    pictures, notes = _pictures(axes, id) if axes is not None else ({}, [])
    content = tables.Figure(
        id=id,
        name=name,
        title=sentences.text(title),
        caption=" ".join([sentences.text(caption), *notes]).strip(),
        source=sentences.text(source),
        place=place,
        left_out=optional and not rows,
        alt=alt if isinstance(alt, Phrase) else sentences.pieces(alt),
        columns=tuple(columns),
        rows=tuple(rows),
    )
    if pictures and not locations.only_for_page():
        pictures["text/html"] = markup.figure_html(content, str(pictures["image/svg+xml"]), sentences.results)
    return Exhibit({FIGURE: content.to_json(), **pictures, "text/plain": f"{id}: {content.alt}"})


def _data_specs(names: Iterable[str], kinds: Mapping[str, str], headings: Mapping[str, str]) -> dict[str, Column]:
    return {n: Column(_data_heading(n, kinds.get(n), headings.get(n, "")), kind=kinds.get(n)) for n in names}


def _data_heading(name: str, kind: str | None = None, heading: str = "") -> str | Link | Marked | Phrase:
    """Return the heading of a data column; that of a text links to the text, a parameter's is marked.

    >>> (
    ...     _data_heading("share_pct"),
    ...     _data_heading("share_pct", heading="Share, %"),
    ...     _data_heading("width=2", "parameter"),
    ... )
    ('share pct', 'Share, %', Marked(text='width=2', kind='parameter'))
    >>> print(_data_heading("S1", heading="% of its items"))
    S1, % of its items
    """
    if re.fullmatch(r"S\d+", name):
        return Phrase((Link(name, name), f", {heading}")) if heading else Link(name, name)
    if heading:
        return heading
    return Marked(name, kind) if kind == "parameter" else name.replace("_", " ")


def _refuse_absent(id: str, names: Iterable[str], columns: Iterable[str]) -> None:
    present = list(columns)
    absent = [name for name in names if name not in present]
    if absent:
        raise KeyError(f"{id}: no column {', '.join(absent)}; there are {', '.join(present)}")


def _origins(items) -> Cell:
    """Return the origins of a row of a figure's data as links, named by id.

    >>> [link.href for link in tables.walk(_origins("c012 growth_x"))]
    ['#c012', '#f-growth-x']
    """
    return tables.as_cell([Link(id, anchors.anchor(id)) for id in marks.origin_ids(items)])


def _pictures(axes: matplotlib.axes.Axes | charts.Undrawn, id: str) -> tuple[dict[str, str | bytes], list[str]]:
    """Return the picture files of a figure, by MIME type, and what to say of its words (`letters`).

    NARROW is the drawing for a phone, of a figure that can be drawn so. For the page alone there are drawings only, and
    those that are kept already are not drawn again.
    """
    if not isinstance(axes, charts.Undrawn):
        return draw_pictures(axes, id)
    folder = locations.drawings_folder()
    kept = folder / f"{sha256(f'{id} {axes.digest}'.encode()).hexdigest()}.json" if folder else None
    if kept and locations.only_for_page():
        with suppress(FileNotFoundError):
            pictures, notes = json.loads(kept.read_bytes())
            return pictures, notes
    pictures, notes = draw_pictures(axes.draw(), id)
    if kept:
        only = {kind: picture for kind, picture in pictures.items() if isinstance(picture, str)}
        unready = kept.with_suffix(f".{os.getpid()}")
        unready.write_bytes(json.dumps([only, notes]).encode())
        unready.replace(kept)
    return pictures, notes


def _datum(value) -> str | int | float | None:
    """Return a value of a figure's data as JSON has it, floats at 12 significant digits."""
    if isinstance(value, Finding):
        value = value.value
    elif hasattr(value, "item"):  # one of numpy's
        value = value.item()
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return None
    if isinstance(value, int | float | Fraction) and not isinstance(value, bool):
        return digits12(value)
    return value if isinstance(value, bool) else str(value)


def _data_cell(value, spec: Column) -> Cell:
    """Return a value of a figure's data as a cell, empty where it is missing."""
    datum = _datum(value)
    return Cell() if datum is None else tables.as_cell(_marked(datum, spec))


def _marked(value: str | int | float, spec: Column) -> Part:
    """Return a part without a link, with the mark of its column, if any."""
    return Marked(str(value), spec.kind) if spec.kind and value not in ("", numerals.MISSING) else value


def _cell(value, spec: Column) -> Cell:
    if isinstance(value, list | tuple):
        return tables.as_cell([_cell(item, spec) for item in value])
    if isinstance(value, Phrase):
        return Cell((value.map(lambda part: part if isinstance(part, str) else _part(part, spec)),))
    return tables.as_cell(_part(value, spec))


def _part(value, spec: Column) -> Part:
    match value:
        case Marked():
            return value
        case Anchor():
            return replace(value, kind=spec.kind or "")
        case Link():
            return replace(value, kind=spec.kind or "") if value.leaves else value
        case Finding():
            return Link(value_text(value, spec.digits), value.anchor)
        case Claim() | Official():
            return Link(labels.claim_text(value), value.id)
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


def _align(values: Iterable[object]) -> str:
    words, values = str | Link | Anchor | Marked | Phrase | list | tuple | Interval, list(values)
    return "left" if not values or any(isinstance(value, words) for value in values) else "right"
