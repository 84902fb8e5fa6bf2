"""What a report is about: everything the engine cannot know of its subject, read from the subject's `subject.yaml`.

A ledger names its subject in datapackage.json (`"subject": "bees"`); the subject is the package of that name
beside `claims`, with its own code and a `subject.yaml`. A ledger without one is read with the defaults below, which
know nothing but the ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from claims.ledger.rules import CAUSES
from claims.tables.locations import REPOSITORY, display_path
from claims.tables.messages import Problem, did_you_mean
from claims.tables.yaml_files import Entry, YamlReader

__all__ = ["HUES", "MARKERS", "SUBJECT", "Look", "Subject", "causes_of", "insert_after", "read_subject"]

SUBJECT = "subject.yaml"
# The colours data can be drawn in (`show.style` says how they look), in the order in which texts take them.
HUES = ("blue", "vermilion", "green", "pink", "ochre", "violet", "teal", "brown", "navy", "moss")
MARKERS = ("o", "s", "D", "^", "v", "P", "<", ">", "p", "h")
ABOUT = (
    "The figures that texts print, read as intervals and set against each other by notebooks. Each number leads back "
    "to its formula, its row, its text and its line."
)
LABELS = {"window": "years counted"}  # of causes that are not called what their ids say
T = TypeVar("T")


@dataclass(frozen=True)
class Look:
    """How a text or an authority is drawn: the name of a hue, a marker, and whether points are rings."""

    hue: str
    marker: str = "o"
    ring: bool = False


@dataclass(frozen=True)
class Subject:
    """What `subject.yaml` declares; each field is one of its keys.

    `about` describes the report, `names` begin labels that keep their capital, `authority_words` are the parts of an
    authority's code as words, `series` the authorities whose figures a reading may join, `money` what amounts of money
    are called on axes, `looks` those of texts and authorities by id, `choices` parameters as words. `terms` and
    `causes` add to the engine's own, each under the entry that it follows.
    """

    id: str = ""
    about: str = ABOUT
    names: tuple[str, ...] = ()
    authority_words: Mapping[str, str] = field(default_factory=dict)
    series: tuple[str, ...] = ()
    money: str = ""
    looks: Mapping[str, Look] = field(default_factory=dict)
    choices: Mapping[str, str] = field(default_factory=dict)
    terms: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    causes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def insert_after(general: Mapping[str, T], additions: Mapping[str, Mapping[str, T]]) -> dict[str, T]:
    """Return general entries with a subject's own, each after the general entry that it is listed under.

    >>> insert_after({"page": 1, "window": 2}, {"page": {"customs": 3}})
    {'page': 1, 'customs': 3, 'window': 2}
    """
    entries: dict[str, T] = {}
    for name, entry in general.items():
        entries |= {name: entry, **additions.get(name, {})}
    for name, added in additions.items():
        entries |= {} if name in general else added
    return entries


def causes_of(subject: Subject) -> dict[str, str]:
    """Return every cause a disagreement may have under a subject, with its label, in the order they are tried.

    >>> causes_of(Subject(causes={"scope": {"tare": "net of the box"}}))["unit_counted"]
    'unit counted'
    """
    return insert_after({cause: LABELS.get(cause, cause.replace("_", " ")) for cause in CAUSES}, subject.causes)


def read_subject(name: object, package: str, folder: Path = REPOSITORY / "notebooks") -> tuple[Subject, list[Problem]]:
    """Return the subject that a data package names, the default for "", and every problem with its declaration.

    `package` is the file that names it, as messages show it; `folder` is where the packages of subjects are.
    """
    if name == "":
        return Subject(), []
    subjects = sorted(path.parent.name for path in folder.glob(f"*/{SUBJECT}"))
    if not isinstance(name, str) or name not in subjects:
        hint = did_you_mean(str(name), subjects) or f"one of: {', '.join(subjects)}; or leave the field out"
        return Subject(), [Problem(package, column="subject", value=str(name), message="is no subject", remedy=hint)]
    path, reader = folder / name / SUBJECT, YamlReader()
    root = reader.read(path)
    declared = {} if reader.problems else reader.fields(root, "the file", _VALUES)
    values = {key: _VALUES[key](reader, key, entry) for key, entry in declared.items()}
    if reader.problems:
        return Subject(), [Problem(display_path(path), message=message) for message in reader.problems]
    return Subject(id=name, **values), []


def _text(reader: YamlReader, place: str, entry: Entry) -> str:
    if not entry.word.strip():
        reader.report(entry, place, "write a text")
    return entry.word


def _texts(reader: YamlReader, place: str, entry: Entry) -> tuple[str, ...]:
    if not isinstance(entry.text, list) or not all(map(str.strip, entry.text)):
        reader.report(entry, place, "write a list of names: [a, b]")
        return ()
    return tuple(entry.text)


def _mapping_of(value: Callable[[YamlReader, str, Entry], T]) -> Callable[[YamlReader, str, Entry], dict[str, T]]:
    """Return what reads a mapping whose values are read by `value`."""

    def read(reader: YamlReader, place: str, entry: Entry) -> dict[str, T]:
        entries = reader.fields(entry, place)
        return {key: value(reader, f"{place}, {key}", item) for key, item in entries.items()}

    return read


def _look(reader: YamlReader, place: str, entry: Entry) -> Look:
    allowed: dict[str, tuple[str, ...]] = {"hue": HUES, "marker": MARKERS, "ring": ("true", "false")}
    entries = reader.fields(entry, place, allowed)
    for key, item in entries.items():
        if item.word not in allowed[key]:
            hint = did_you_mean(item.word, allowed[key]) or f"one of: {', '.join(allowed[key])}"
            reader.report(item, place, f"{key} {item.word!r} is unknown; {hint}")
    if entries and "hue" not in entries:
        reader.report(entry, place, f"has no hue; write {{hue: {HUES[0]}, marker: {MARKERS[0]}}}")
    words = {key: item.word for key, item in entries.items()}
    return Look(words.get("hue", HUES[0]), words.get("marker", MARKERS[0]), words.get("ring") == "true")


_VALUES: dict[str, Callable[[YamlReader, str, Entry], Any]] = {
    "about": _text,
    "names": _texts,
    "authority_words": _mapping_of(_text),
    "series": _texts,
    "money": _text,
    "looks": _mapping_of(_look),
    "choices": _mapping_of(_text),
    "terms": _mapping_of(_mapping_of(_text)),
    "causes": _mapping_of(_mapping_of(_text)),
}
