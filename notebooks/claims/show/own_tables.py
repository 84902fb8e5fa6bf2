"""What an author may write into a table: rows, headings and cells as they are meant, or an error that says what to do.

`exhibits.table` uses it for every table; it is written for the table that a researcher makes in a notebook.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from claims.content.phrases import MARKS, Anchor, CitedIn, Link, Marked, Phrase
from claims.content.tables import Cell
from claims.ledger.intervals import Interval
from claims.ledger.model import Claim, Indicator, Official, Period, Source
from claims.results.finding import Finding
from claims.results.names import Names, UnknownName, unknown
from claims.results.store import Results
from claims.words.quoted import Quoted

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["as_records", "checked_id", "default_headings", "heading", "shown_records"]

_ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_MARK = re.compile(rf"<({'|'.join(MARKS.values())})>(.*?)</\1>")
_KINDS = {tag: kind for kind, tag in MARKS.items()}
_WORDS_IN_ID = 7
_NAME = re.compile(r"(?:\{eval\}`)?(?:book\.)?([a-z]\w*_\w+?)(?:\.[a-z]+)?`?")
_REMEDY = "write book.NAME, book.NAME.range, book.NAME.period, or text"
_SHOWN = (
    *(Phrase, Marked, Anchor, Link, CitedIn, Cell, Finding, Claim, Official, Interval),
    *(str, bool, int, float, Fraction, Decimal),
)  # fmt: skip


def as_records(rows: pd.DataFrame | Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """Return rows by column name. Raises TypeError for anything but a data frame or a sequence of mappings."""
    if hasattr(rows, "to_dict"):
        return [{str(name): value for name, value in row.items()} for row in rows.to_dict("records")]
    if isinstance(rows, Sequence) and all(isinstance(row, Mapping) for row in rows):
        return rows
    raise TypeError(
        f"the rows of a table are a data frame or a list of dicts, not {_kind(rows)}; write book.table([{{'year': "
        "book.NAME}, …], title='…')"
    )


def checked_id(id: str, title: str) -> str:
    """Return the id of a table, made from its title if it has none. Raises ValueError for one that cannot be used.

    >>> checked_id("", "Loans in <time>2023</time>, by text"), checked_id("tbl-x", "")
    ('tbl-loans-in-2023-by-text', 'tbl-x')
    """
    plain = re.sub(r"<[^>]*>|\{[^}]*\}", " ", title).lower()
    words = re.findall(r"[a-z0-9]+", plain.replace("’", "").replace("'", ""))
    made = "-".join(["tbl", *words[:_WORDS_IN_ID]])
    if id and not _ID.fullmatch(id):
        raise ValueError(f"{id!r} is no id of a table; write tbl- and words in lower case, such as {made!r}")
    if not id and not words:
        raise ValueError("a table needs a title in words, or an id such as id='tbl-loans'")
    return id or made


def default_headings(records: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return the names in the first row as headings; years in them are marked as dates.

    >>> default_headings([{"books_lent": 1, "in_2023": 2}])
    {'books_lent': 'Books lent', 'in_2023': 'In <time>2023</time>'}
    """
    if not records:
        raise ValueError("a table without rows needs its headings: columns={'year': 'Year'}")
    words = {name: str(name).replace("_", " ") for name in records[0]}
    dated = {name: re.sub(r"\b((?:19|20)\d\d)\b", r"<time>\1</time>", text) for name, text in words.items()}
    return {name: text[:1].upper() + text[1:] for name, text in dated.items()}


def heading(label: str | Link | Marked | Phrase) -> str | Link | Marked | Phrase:
    """Return a heading whose marked words, as in `<time>2023</time>`, are marked; other markup is text.

    >>> heading("Loans in <time>2023</time>").parts
    ('Loans in ', Marked(text='2023', kind='date'))
    """
    if not isinstance(label, str) or not _MARK.search(label):
        return label
    parts: list[str | Marked] = []
    end = 0
    for match in _MARK.finditer(label):
        parts += [label[end : match.start()], Marked(match[2], _KINDS[match[1]])]
        end = match.end()
    return Phrase(tuple(part for part in [*parts, label[end:]] if part != ""))


def shown_records(
    id: str, records: Sequence[Mapping[str, Any]], columns: Iterable[str], results: Results
) -> list[dict[str, Any]]:
    """Return rows with quotes as phrases, periods as dates and texts as links.

    Raises, with the row and the column: KeyError for a value that is missing, TypeError for one that a cell cannot
    show, UnknownName for text that is a name.
    """
    shown = []
    columns = list(columns)
    for number, row in enumerate(records, 1):
        if absent := [name for name in columns if name not in row]:
            raise KeyError(f"{id}, row {number}: no {absent[0]!r}; write None where a cell is empty")
        values = {}
        for name in columns:
            try:
                values[name] = _shown(row[name], results)
            except (TypeError, UnknownName) as error:
                raise type(error)(f"{id}, row {number}, column {name!r}: {error}") from None
        shown.append(values)
    return shown


def _shown(value: Any, results: Results) -> Any:
    """Return a value as a cell shows it."""
    if isinstance(value, list | tuple):
        return [_shown(item, results) for item in value]
    match value:
        case Quoted():
            return value.item if not value.form else value.phrase
        case Period():
            return Marked(value.label, "date")
        case Source():
            return Link(value.short_name, value.id)
        case Indicator():
            return value.label
        case str() if (match := _NAME.fullmatch(value)) and value.startswith(("book.", "{eval}")):
            raise UnknownName(_about_name(value, match[1], results))
    if value is None or isinstance(value, _SHOWN) or hasattr(value, "dtype"):  # numpy's numbers have one
        return value
    raise TypeError(f"{_kind(value)} cannot be shown in a cell; {_remedy(value)}")


def _about_name(text: str, name: str, results: Results) -> str:
    if name in results.names:
        return f"the text {text!r} is the name of a figure; write book.{name} without quotes"
    return unknown("finding, claim or official figure", name, results.names)


def _kind(value: Any) -> str:
    """Return what a value is, in words."""
    if isinstance(value, Names):
        return "a list of names"
    if callable(value):
        return f"the function {getattr(value, '__name__', '')!r}"
    return f"a value of type {type(value).__name__}"


def _remedy(value: Any) -> str:
    """Return what was probably meant."""
    if isinstance(value, Names) and len(value):
        return f"did you mean one of them, such as book.{next(iter(value))}?"
    if callable(value):
        return f"did you mean to call it, {getattr(value, '__name__', '')}(…)?"
    if hasattr(value, "label"):
        return "did you mean its .label?"
    if isinstance(value, Mapping):
        return f"did you mean one of its values, such as [{next(iter(value), '')!r}]?"
    return _REMEDY
