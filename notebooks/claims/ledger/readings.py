"""Would another defensible reading change the results? The declared readings, and the results under each.

`notebooks/readings.yaml` declares them: each choice varied alone, with everything else at its default, and some choices
varied jointly. A build runs the notebooks that a reading affects, and writes their results to `sweep.csv`, beside the
findings of the default reading.
"""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

from claims.ledger.intervals import Interval
from claims.tables import locations
from claims.tables.messages import list_problems
from claims.tables.yaml_files import Entry, Text, YamlReader

__all__ = [
    "ALONE", "AS_WRITTEN", "COLUMNS", "DEFAULT", "FILE", "FORMULA", "JOINT", "SWEPT", "DeclaredReading",
    "ReadingsError", "SweepRow", "load_readings", "load_sweep", "readings_for",
]  # fmt: skip

FILE, SWEPT = "readings.yaml", "sweep.csv"
DEFAULT, ALONE, JOINT = "default", "alone", "joint"
# How text begins that a spreadsheet would run, in some languages also in wide letters. Our files write an apostrophe
# before it, and before any that are there, so that the text can be read again.
FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_LONGEST, _MARKUP = 200, ("[", "{", "&", "*", "!", "|", ">", "%", "@", "`")  # a value begins with none of these
_PARTS = {"choices": ("values", "names", "why", "subject"), "joint": ("set", "name", "why", "subject")}


@dataclass(frozen=True)
class DeclaredReading:
    """One way to read the ledger: its name, its kind (default, alone, joint), what it changes, and why one may.

    The name is that of sweep.csv, such as "hedge_width=2"; `words` are what the page calls it; `subject` is the only
    subject whose ledgers can be read so, "" if any can.
    """

    name: str
    kind: str
    changes: Mapping[str, object] = field(default_factory=dict)
    why: str = ""
    words: str = ""
    subject: str = ""

    @property
    def shown(self) -> str:
        """Return what the page calls it."""
        return self.words or self.name.replace("_", " ").replace("=", " ")


AS_WRITTEN = DeclaredReading(DEFAULT, DEFAULT)


class ReadingsError(ValueError):
    """A file of readings that cannot be used; the message lists every problem with its remedy."""


def _parse_yaml(name: str, text: Text) -> object:
    """Return the value that a text has in YAML: a word, a number, a truth value, or a list of those.

    Raises ValueError for anything else.

    >>> _parse_yaml("hedge_width", "0.5"), _parse_yaml("rates", ["5", "7.5"])
    (0.5, [5, 7.5])
    """
    import yaml

    if isinstance(text, list):
        return [_parse_yaml(name, each) for each in text]
    try:
        value = yaml.safe_load(text) if len(text) <= _LONGEST and not text.startswith(_MARKUP) else None
    except (yaml.YAMLError, ValueError):
        value = None
    if not isinstance(value, str | int | float):
        raise ValueError("is no word and no number; write one")
    return value


def load_readings(
    path: Path | None = None,
    value_of: Callable[[str, Text], object] = _parse_yaml,
    wrong_name: Callable[[str], str] = lambda name: "",
) -> list[DeclaredReading]:
    """Return the declared readings in their order: the default, each choice alone, then the joint ones.

    `value_of` makes a parameter's value of a text, and raises ValueError with what is wrong with it; `wrong_name`
    returns what is wrong with a parameter's name, empty if nothing is. Raises ReadingsError with every problem.
    """
    path = path or locations.REPOSITORY / "notebooks" / FILE
    declarations = _Declarations(value_of, wrong_name)
    readings = [AS_WRITTEN, *declarations.load(path)]
    problems = [*declarations.reader.problems, *_repetitions(readings)]
    if problems:
        raise ReadingsError(list_problems(locations.display_path(path), problems))
    return readings


def readings_for(readings: Iterable[DeclaredReading], subject: str) -> list[DeclaredReading]:
    """Return the readings for a ledger of `subject`, without those that are declared for another one."""
    return [reading for reading in readings if reading.subject in ("", subject)]


def _repetitions(readings: list[DeclaredReading]) -> Iterator[str]:
    """Yield a problem for each reading that has the changes or the name of an earlier one."""
    for index, reading in enumerate(readings):
        for earlier in readings[:index]:
            if reading.changes == earlier.changes or reading.name == earlier.name:
                yield f"'{reading.name}' is the reading '{earlier.name}' again; leave one of them out"
                break


@dataclass
class _Declarations:
    """The readings of a file; what is wrong with them is in `reader.problems`."""

    value_of: Callable[[str, Text], object]
    wrong_name: Callable[[str], str]
    reader: YamlReader = field(default_factory=YamlReader)

    def load(self, path: Path) -> Iterator[DeclaredReading]:
        """Yield the readings that are declared without a mistake."""
        root = self.reader.read(path)
        parts = self.reader.fields(root, "the file", _PARTS) if root else {}
        for part, read in (("choices", self._alone), ("joint", self._joint)):
            for name, entry in self.reader.fields(parts[part], part).items() if part in parts else ():
                entries = self.reader.fields(entry, name, _PARTS[part])
                if "why" not in entries or not entries["why"].word:
                    self.reader.report(entry, name, "give the reason in a sentence (why: …)")
                yield from read(name, entry, entries)

    def _alone(self, name: str, entry: Entry, entries: Mapping[str, Entry]) -> Iterator[DeclaredReading]:
        values = entries["values"].value if "values" in entries else ""
        if problem := self.wrong_name(name):
            self.reader.report(entry, name, problem)
        elif not values or not isinstance(values, list):
            self.reader.report(entry, name, "list its other values (values: [a, b])")
        else:
            labels = self._labels(name, entries.get("names"), len(values))
            for item, label in zip(values, labels, strict=True):
                for value in self._value(name, item, name):
                    key, why, subject = f"{name}={_joined(item.text)}", _word(entries, "why"), _word(entries, "subject")
                    yield DeclaredReading(key, ALONE, {name: value}, why, label, subject)

    def _labels(self, name: str, entry: Entry | None, count: int) -> list[str]:
        """Return what the page calls the values, an empty text for each if the file has no names for them."""
        labels = entry.text if entry else [""] * count
        if isinstance(labels, list) and len(labels) == count:
            return labels
        self.reader.report(entry, name, f"give each of its {count} values a name (names: [a, b]), or leave names out")
        return [""] * count

    def _joint(self, name: str, entry: Entry, entries: Mapping[str, Entry]) -> Iterator[DeclaredReading]:
        changes: dict[str, object] = {}
        parameters = self.reader.fields(entries["set"], name) if "set" in entries else {}
        if len(parameters) < 2:
            self.reader.report(entry, name, "set several parameters (set: {a: …, b: …}); one alone is a choice")
        for parameter, item in parameters.items():
            place = f"{name}, {parameter}"
            if problem := self.wrong_name(parameter):
                self.reader.report(item, place, problem)
            else:
                changes.update((parameter, value) for value in self._value(parameter, item, place))
        if len(changes) == len(parameters) > 1:
            why, label, subject = (_word(entries, key) for key in ("why", "name", "subject"))
            yield DeclaredReading(name, JOINT, changes, why, label, subject)

    def _value(self, name: str, entry: Entry, place: str) -> Iterator[object]:
        """Yield the value of an entry, nothing if it has none."""
        if entry.text is None:
            self.reader.report(entry, place, "is no value; write a word, a number or a list of numbers")
            return
        try:
            yield self.value_of(name, entry.text)
        except ValueError as error:
            self.reader.report(entry, place, f"{entry.text!r} {error}")


def _word(entries: Mapping[str, Entry], key: str) -> str:
    return entries[key].word if key in entries else ""


def _joined(text: Text | None) -> str:
    return ", ".join(text) if isinstance(text, list) else text or ""


# -- results of the sweep ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SweepRow:
    """A result of a notebook in one reading: a finding with its value and bounds, or a verdict, which has a word.

    Names of the fields are the columns of sweep.csv; `kind` is "finding" or "verdict".
    """

    reading: str
    notebook: str
    kind: str
    id: str
    label: str
    value: Fraction | None
    low: Fraction | None
    high: Fraction | None
    low_closed: bool | None
    high_closed: bool | None
    unit: str
    text: str
    range: str
    word: str

    @property
    def interval(self) -> Interval | None:
        """Return the interval of the value, None if it has no bounds."""
        if self.low_closed is None or self.high_closed is None:
            return None
        return Interval(self.low, self.high, self.low_closed, self.high_closed, True, True)


COLUMNS = tuple(SweepRow.__dataclass_fields__)
_TRUTHS = {"true": True, "false": False, "": None}


def load_sweep(folder: Path | None = None) -> tuple[list[SweepRow], str]:
    """Return the results of every reading, as sweep.csv lists it, and where they come from, in words.

    A notebook that declares none of the parameters a reading changes has the results of the default reading, and no
    rows for this one. Raises FileNotFoundError if there was no sweep.
    """
    path, origin = locations.published_file(SWEPT, "the sweep", folder)
    about = path.stat()
    return _read_rows(os.path.realpath(path), about.st_ino, about.st_mtime_ns, about.st_size), origin


@lru_cache(maxsize=1)
def _read_rows(path: str, *_: int) -> list[SweepRow]:
    """Return the rows of a file, once for all that read it in this process while the other arguments stay the same."""
    with Path(path).open(encoding="utf-8", newline="") as lines:
        return [_read_row(line) for line in csv.DictReader(lines)]


def _read_row(line: Mapping[str, str]) -> SweepRow:
    """Return a line of sweep.csv with exact numbers."""
    cells: dict[str, Any] = {name: _without_guard(line[name]) for name in COLUMNS}
    for name in ("value", "low", "high"):
        cells[name] = Fraction(line[name]) if line[name] else None
    for name in ("low_closed", "high_closed"):
        cells[name] = _TRUTHS[line[name]]
    return SweepRow(**cells)


def _without_guard(cell: str) -> str:
    """Return a cell's text without the apostrophe that stops a spreadsheet from reading it as a formula.

    >>> _without_guard("'=1+1"), _without_guard("'tis")
    ('=1+1', "'tis")
    """
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell
