"""Would another defensible reading say otherwise? The readings there are, and what the notebooks say under each.

`notebooks/readings.yaml` declares them: each choice varied alone, everything else at its default, and some choices
made together. A build runs the notebooks that a reading touches and leaves what they find in `sweep.csv`, beside the
findings of the default reading.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from claims.ledger.intervals import Interval
from claims.tables import locations as places

FILE, SWEPT = "readings.yaml", "sweep.csv"
DEFAULT, ALONE, JOINT = "default", "alone", "joint"
PARTS = {"choices": ("values", "names", "why"), "joint": ("set", "name", "why")}

Text = str | list[str]


@dataclass(frozen=True)
class DeclaredReading:
    """One way to read the ledger: its name, its kind (default, alone, joint), what it changes, and why one may.

    The name is that of sweep.csv, such as "hedge_width=2"; `words` say the same to readers.
    """

    name: str
    kind: str
    changes: Mapping[str, object] = field(default_factory=dict)
    why: str = ""
    words: str = ""

    @property
    def shown(self) -> str:
        """Return what readers know it by."""
        return self.words or self.name.replace("_", " ").replace("=", " ")


AS_WRITTEN = DeclaredReading(DEFAULT, DEFAULT)


class ReadingsError(ValueError):
    """A declaration of readings that cannot be used; the message names every problem, with what to do."""


def as_yaml_has_it(name: str, text: Text) -> object:
    """Return the value that YAML makes of a text.

    >>> as_yaml_has_it("hedge_width", "0.5"), as_yaml_has_it("rates", ["5", "7.5"])
    (0.5, [5, 7.5])
    """
    import yaml

    return [yaml.safe_load(each) for each in text] if isinstance(text, list) else yaml.safe_load(text)


def load(
    path: Path | None = None,
    value_of: Callable[[str, Text], object] = as_yaml_has_it,
    wrong_name: Callable[[str], str] = lambda name: "",
) -> list[DeclaredReading]:
    """Return the declared readings in their order: the default, each choice alone, then those made together.

    `value_of` makes a parameter's value of a text, raising ValueError with what is wrong with it; `wrong_name` says
    what is wrong with a parameter's name, or nothing. Raises ReadingsError with every problem there is.
    """
    path = path or places.REPOSITORY / "notebooks" / FILE
    file = _File(value_of, wrong_name)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ReadingsError(f"{places.display_path(path)}: {getattr(error, 'strerror', None) or error}") from None
    found = [AS_WRITTEN, *file.readings(text)]
    problems = [*file.problems, *_twice(found)]
    if problems:
        count = f"{len(problems)} problem{'s' * (len(problems) != 1)}"
        raise ReadingsError("\n  ".join([f"{places.display_path(path)}: {count}", *problems]))
    return found


def _twice(found: list[DeclaredReading]) -> Iterator[str]:
    """Yield a problem for each reading that changes what an earlier one changes, or has its name."""
    for place, reading in enumerate(found):
        for earlier in found[:place]:
            if reading.changes == earlier.changes or reading.name == earlier.name:
                yield f"'{reading.name}' is the reading '{earlier.name}' again; leave one of them out"
                break


class _File:
    """A file of readings as it is read: collects what is wrong with it."""

    def __init__(self, value_of: Callable[[str, Text], object], wrong_name: Callable[[str], str]) -> None:
        self.problems: list[str] = []
        self._value_of, self._wrong_name = value_of, wrong_name

    def readings(self, text: str) -> list[DeclaredReading]:
        """Return the readings that are declared well."""
        import yaml

        try:
            root = yaml.compose(text, Loader=yaml.SafeLoader)
        except yaml.YAMLError as error:
            self.problems.append(f"is not YAML: {' '.join(str(error).split())}")
            return []
        parts = self._entries(root, "the file", PARTS) if root else {}
        alone = self._each(parts.get("choices"), "choices", self._alone)
        return [*alone, *self._each(parts.get("joint"), "joint", self._joint)]

    def _each(self, node, part: str, of: Callable) -> list[DeclaredReading]:
        found = []
        for name, entry in self._entries(node, part).items() if node else ():
            said = self._entries(entry, name, PARTS[part])
            why = said.get("why")
            if not getattr(why, "value", "") or not _is_text(why):
                self._wrong(entry, name, "say why in a sentence (why: …)")
            found += of(name, entry, said, why.value if _is_text(why) else "")
        return found

    def _alone(self, name: str, entry, said: Mapping, why: str) -> Iterator[DeclaredReading]:
        values = said.get("values")
        if wrong := self._wrong_name(name):
            self._wrong(entry, name, wrong)
        elif not getattr(values, "value", None) or not isinstance(values.value, list):
            self._wrong(entry, name, "list its other values (values: [a, b])")
        else:
            names = self._names(name, said.get("names"), len(values.value))
            for node, words in zip(values.value, names, strict=True):
                for value in self._value(name, node, name):
                    yield DeclaredReading(f"{name}={_written(_text(node))}", ALONE, {name: value}, why, words)

    def _names(self, name: str, node, count: int) -> list[str]:
        """Return what readers know the values by, nothing for each where the file says nothing."""
        named = [""] * count if node is None else _text(node)
        if not isinstance(named, list) or len(named) != count:
            self._wrong(node, name, f"give a name to each of its {count} values (names: [a, b]), or leave names out")
            return [""] * count
        return named

    def _joint(self, name: str, entry, said: Mapping, why: str) -> Iterator[DeclaredReading]:
        changes = {}
        given = self._entries(said.get("set"), name) if "set" in said else {}
        if len(given) < 2:
            self._wrong(entry, name, "set several parameters (set: {a: …, b: …}); one alone is a choice")
        for parameter, node in given.items():
            where = f"{name}, {parameter}"
            if wrong := self._wrong_name(parameter):
                self._wrong(node, where, wrong)
            else:
                changes.update((parameter, value) for value in self._value(parameter, node, where))
        if len(changes) == len(given) > 1:
            words = _text(said["name"]) if "name" in said else ""
            yield DeclaredReading(name, JOINT, changes, why, words if isinstance(words, str) else "")

    def _value(self, name: str, node, where: str) -> Iterator[object]:
        """Yield the value that stands there, nothing if it is none."""
        text = _text(node)
        try:
            if text is None:
                raise ValueError("is no value; write a word, a number or a list of numbers")
            yield self._value_of(name, text)
        except ValueError as error:
            self._wrong(node, where, f"{'' if text is None else repr(text)} {error}".strip())

    def _entries(self, node, what: str, known: tuple[str, ...] | Mapping = ()) -> dict:
        """Return the nodes of a mapping by their keys, those of unknown keys and those given twice left out."""
        if getattr(node, "id", "") != "mapping":
            self._wrong(node, what, f"write {', '.join(f'{key}: …' for key in known) or '`name: …` on each line'}")
            return {}
        found: dict = {}
        for key, value in node.value:
            if known and key.value not in known:
                self._wrong(key, what, f"unknown key '{key.value}'; one of: {', '.join(known)}")
            elif key.value in found:
                self._wrong(key, what, f"'{key.value}' was given before")
            else:
                found[key.value] = value
        return found

    def _wrong(self, node, what: str, said: str) -> None:
        self.problems.append(f"line {node.start_mark.line + 1}, {what}: {said}" if node else f"{what}: {said}")


def _is_text(node) -> bool:
    return getattr(node, "id", "") == "scalar"


def _text(node) -> Text | None:
    """Return what stands in a node, None if it is neither a word nor a list of words."""
    if _is_text(node):
        return node.value
    listed = node.value if node.id == "sequence" else [None]
    return [each.value for each in listed] if all(map(_is_text, listed)) else None


def _written(text: Text) -> str:
    return ", ".join(text) if isinstance(text, list) else text


# -- what the sweep has found -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """What a notebook says in one reading: a finding with its value and bounds, or a verdict, which has a word.

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
        """Return what the value may be, None if that is not known."""
        if self.low_closed is None:
            return None
        return Interval(self.low, self.high, self.low_closed, self.high_closed, True, True)


COLUMNS = tuple(Row.__dataclass_fields__)
NUMBERS = ("value", "low", "high")
TRUTHS = {"true": True, "false": False, "": None}


def rows(folder: Path | None = None) -> tuple[list[Row], str]:
    """Return what the notebooks say under each reading, as sweep.csv lists it, and in words where it came from.

    A notebook that declares none of the parameters a reading changes says what it says in the default reading, and has
    no rows there. Raises FileNotFoundError if no sweep was made.
    """
    given, origin = (folder, f"the sweep in {folder}") if folder else places.findings_folder()
    path = given / SWEPT
    if not path.exists():
        raise FileNotFoundError(
            f"{places.display_path(path)} is missing: run `make report` once, then this notebook again"
        )
    with path.open(encoding="utf-8", newline="") as lines:
        return [_row(line) for line in csv.DictReader(lines)], origin


def _row(line: Mapping[str, str]) -> Row:
    """Return a line of sweep.csv with its numbers as exact ones."""
    numbers = {name: Fraction(line[name]) if line[name] else None for name in NUMBERS}
    truths = {name: TRUTHS[line[name]] for name in ("low_closed", "high_closed")}
    words = {name: _as_said(line[name]) for name in COLUMNS if name not in numbers and name not in truths}
    return Row(**words, **numbers, **truths)


def _as_said(cell: str) -> str:
    """Return a cell's text without the apostrophe that keeps a spreadsheet from taking it for a formula.

    >>> _as_said("'=1+1"), _as_said("'tis")
    ('=1+1', "'tis")
    """
    return cell[1:] if cell.startswith(("'=", "'@", "'+", "'-", "'\t", "'\r")) else cell
