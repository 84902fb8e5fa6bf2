"""What a report is about: everything the engine cannot know of its subject, read from the subject's `subject.yaml`.

A ledger names its subject in datapackage.json (`"subject": "kazakhstan"`); the subject is the package of that name
beside `claims`, with its own code and a `subject.yaml`. A ledger without one is read with the defaults below, which
know nothing but the ledger.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from claims.ledger.rules import CAUSES
from claims.tables.locations import REPOSITORY, display_path
from claims.tables.messages import Problem, did_you_mean

__all__ = ["HUES", "MARKERS", "SUBJECT", "Look", "Subject", "causes_of", "insert_after", "read_subject"]

SUBJECT = "subject.yaml"
NAME = re.compile(r"[a-z][a-z0-9_]*")
# The colours data can be drawn in (`show.style` says how they look), in the order in which texts take them.
HUES = ("blue", "vermilion", "green", "pink", "ochre", "violet", "teal", "brown", "navy", "moss")
MARKERS = ("o", "s", "D", "^", "v", "P", "<", ">", "p", "h")
ABOUT = (
    "The figures that texts print, read as intervals and set against each other by notebooks. Each number leads back "
    "to its formula, its row, its text and its line."
)
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
    for name in additions.keys() - general.keys():
        entries |= additions[name]
    return entries


def causes_of(subject: Subject) -> dict[str, str]:
    """Return every cause a disagreement may have under a subject, with its label, in the order they are tried.

    >>> causes_of(Subject(causes={"scope": {"tare": "net of the box"}}))["unit_counted"]
    'unit counted'
    """
    return insert_after({cause: cause.replace("_", " ") for cause in CAUSES}, subject.causes)


def read_subject(name: object, package: str, folder: Path = REPOSITORY / "notebooks") -> tuple[Subject, list[Problem]]:
    """Return the subject that a data package names, the default for "", and every problem with its declaration.

    `package` is the file that names it, as messages show it; `folder` is where the packages of subjects are.
    """
    if name == "":
        return Subject(), []
    subjects = sorted(path.parent.name for path in folder.glob(f"*/{SUBJECT}"))
    if not isinstance(name, str) or not NAME.fullmatch(name) or name not in subjects:
        hint = did_you_mean(str(name), subjects) or f"one of: {', '.join(subjects)}; or leave the field out"
        return Subject(), [Problem(package, column="subject", value=str(name), message="is no subject", remedy=hint)]
    import yaml

    path = folder / name / SUBJECT
    file = display_path(path)
    try:
        declared = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        message = f"cannot be read: {' '.join(str(error).split())}"
        return Subject(), [Problem(file, message=message, remedy="fix the file")]
    if not isinstance(declared, dict):
        return Subject(), [Problem(file, message="is no mapping", remedy="write `key: …` on each line")]
    problems = [Problem(file, column=key, message=message, remedy=remedy) for key, message, remedy in _wrong(declared)]
    return (Subject(), problems) if problems else (_built(name, declared), [])


def _built(name: str, declared: Mapping) -> Subject:
    values: dict[str, Any] = {key: tuple(one) if isinstance(one, list) else one for key, one in declared.items()}
    if "looks" in values:
        values["looks"] = {id: Look(**look) for id, look in values["looks"].items()}
    return Subject(id=name, **values)


def _wrong(declared: Mapping) -> Iterator[tuple[str, str, str]]:
    """Yield key, message and remedy of everything that is wrong with a declaration."""
    for key, value in declared.items():
        if key not in _CHECKS:
            hint = did_you_mean(str(key), _CHECKS) or f"one of: {', '.join(_CHECKS)}"
            yield str(key), "is not a key of a subject", hint
        elif not _CHECKS[key][0](value):
            yield key, "is not as it should be", f"write {_CHECKS[key][1]}"
    looks = declared.get("looks")
    for id, look in looks.items() if isinstance(looks, dict) else ():
        yield from _wrong_look(f"looks, {id}", look)


def _wrong_look(place: str, look: object) -> Iterator[tuple[str, str, str]]:
    allowed = {"hue": HUES, "marker": MARKERS, "ring": (True, False)}
    if not isinstance(look, dict) or "hue" not in look:
        yield place, "has no hue", f"write {{hue: {HUES[0]}, marker: {MARKERS[0]}}}"
        return
    for key, value in look.items():
        if key not in allowed:
            yield place, f"{key!r} is unknown", did_you_mean(str(key), allowed) or f"one of: {', '.join(allowed)}"
        elif value not in allowed[key]:
            hint = did_you_mean(str(value), map(str, allowed[key]))
            yield place, f"{key} {value!r} is unknown", hint or f"one of: {', '.join(map(str, allowed[key]))}"


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _is_words(value: object, is_word: Callable[[object], bool] = _is_text) -> bool:
    return isinstance(value, dict) and all(map(_is_text, value)) and all(map(is_word, value.values()))


def _is_nested(value: object) -> bool:
    return _is_words(value, _is_words)


_CHECKS: dict[str, tuple[Callable[[object], bool], str]] = {
    "about": (_is_text, "a text"),
    "names": (_are_texts, "a list of names: [a, b]"),
    "authority_words": (_is_words, "word: word as shown, on each line"),
    "series": (_are_texts, "a list of authorities: [a, b]"),
    "money": (_is_text, "a text"),
    "looks": (lambda value: isinstance(value, dict), "id: {hue: …, marker: …} on each line"),
    "choices": (_is_words, "parameter: words, on each line"),
    "terms": (_is_nested, "the engine's term, and below it term: meaning"),
    "causes": (_is_nested, "the engine's cause, and below it cause: label"),
}
