"""Parameters: what may be varied, and whether what somebody typed is one of those.

A value arrives as text, from `-p name=value` or a YAML file read as text, and is read by the type that
`notebooks/parameters.yaml` declares for its name. Nothing is guessed from how it looks: 007 is never 7, nor 1_000 a
number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from report.runs.selection import Notebook
from report.stops import WrongInput

INTEGER = re.compile(r"[+-]?(0|[1-9][0-9]*)")
NUMBER = re.compile(r"[+-]?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?")
DIGITS_APART = re.compile(r"[0-9][_, '][0-9]{3}")
TYPES = ("choice", "number", "integer", "boolean", "numbers")
KEYS = ("type", "choices", "low", "high", "unit", "meaning")

Text = str | list[str]


@dataclass(frozen=True)
class Declared:
    """What `notebooks/parameters.yaml` says of a parameter."""

    name: str
    type: str
    meaning: str
    choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    unit: str = ""

    @property
    def bounds(self) -> str:
        """Return the bounds in words, such as `from 0 to 10`."""
        ends = (("from", self.low), ("to", self.high))
        return " ".join(f"{word} {end:g}" for word, end in ends if end is not None)


@dataclass(frozen=True)
class Given:
    """A value as somebody wrote it, and where."""

    name: str
    text: Text
    where: str


def declarations(path: Path) -> dict[str, Declared]:
    """Return the declared parameters by name. Raises WrongInput listing all that is wrong with the file."""
    import yaml

    if not path.exists():
        return {}
    try:
        entries = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except yaml.YAMLError as error:
        raise WrongInput(f"notebooks/{path.name} is not YAML: {error}") from None
    problems, found = [], {}
    for name, entry in entries.items():
        wrong = _wrong_entry(entry)
        problems += [f"{name}: {problem}" for problem in wrong]
        if not wrong:
            choices = tuple(str(choice) for choice in entry.get("choices", ()))
            found[name] = Declared(
                name,
                entry["type"],
                entry["meaning"],
                choices,
                entry.get("low"),
                entry.get("high"),
                entry.get("unit") or "",
            )
    if problems:
        raise WrongInput.listing(f"notebooks/{path.name}", problems)
    return found


def _wrong_entry(entry: object) -> list[str]:
    if not isinstance(entry, dict):
        return ["say its type and its meaning"]
    problems = [f"unknown key '{key}'; one of: {', '.join(KEYS)}" for key in entry if key not in KEYS]
    if entry.get("type") not in TYPES:
        problems.append(f"type is {entry.get('type')!r}; one of: {', '.join(TYPES)}")
    if not entry.get("meaning"):
        problems.append("say its meaning in a sentence")
    if entry.get("type") == "choice" and not entry.get("choices"):
        problems.append("a choice needs its choices")
    return problems


def disagreements(declared: Mapping[str, Declared], notebooks: Iterable[Notebook]) -> list[str]:
    """Return where the notebooks' defaults and the declarations do not fit each other."""
    problems, seen = [], {}
    for notebook in notebooks:
        for name, default in notebook.defaults.items():
            place = f"notebooks/{notebook.path.name}: {name}"
            if name not in declared:
                problems.append(f"{place} is not declared; add it to notebooks/parameters.yaml")
                continue
            wrong = wrong_value(declared[name], default)
            if wrong:
                problems.append(f"{place} = {default!r}: {wrong}")
            first = seen.setdefault(name, (notebook.name, default))
            if first[1] != default:
                problems.append(f"{place} = {default!r}, but {first[1]!r} in {first[0]}; a parameter has one default")
    return problems + [
        f"notebooks/parameters.yaml: {name} is declared, but no notebook has it"
        for name in declared
        if name not in seen
    ]


def wrong_value(declared: Declared, value: object) -> str:
    """Return what is wrong with a value that is already typed, or nothing.

    >>> wrong_value(Declared("pace", "number", "…", low=0, high=10), 12.5)
    'is out of range; from 0 to 10'
    """
    numeric = isinstance(value, int | float) and not isinstance(value, bool)
    fits = {
        "choice": isinstance(value, str),
        "number": numeric,
        "integer": numeric and isinstance(value, int),
        "boolean": isinstance(value, bool),
        "numbers": isinstance(value, list)
        and all(isinstance(each, int | float) and not isinstance(each, bool) for each in value),
    }[declared.type]
    if not fits:
        return f"is not {_article(declared.type)}"
    if declared.type == "choice":
        return "" if value in declared.choices else f"is not one of: {', '.join(declared.choices)}"
    if declared.type == "boolean":
        return ""
    numbers = value if isinstance(value, list) else [value]
    if declared.type == "numbers" and not numbers:
        return "is empty; give at least one number"
    low, high = declared.low, declared.high
    outside = any((low is not None and each < low) or (high is not None and each > high) for each in numbers)
    return f"is out of range; {declared.bounds}" if outside else ""


def parse(declared: Declared, text: Text) -> object:
    """Return `text` as a value of the declared type and within its bounds.

    Raises ValueError saying what is wrong and what to write.

    >>> parse(Declared("widths", "numbers", "…"), "0.5, 1, 2")
    [0.5, 1, 2]
    """
    if isinstance(text, list) and declared.type != "numbers":
        raise ValueError(f"is a list; {declared.name} takes one {_article(declared.type).partition(' ')[2]}")
    value = _READERS[declared.type](declared, text)
    wrong = wrong_value(declared, value)
    if wrong:
        raise ValueError(wrong + (_meant(str(value), declared.choices) if declared.type == "choice" else ""))
    return value


def _choice(_: Declared, text: str) -> str:
    return text


def _number(declared: Declared, text: str) -> int | float:
    if not NUMBER.fullmatch(text):
        raise ValueError(f"is not {_article('number')}{_plainer(text)}")
    return int(text) if INTEGER.fullmatch(text) else float(text)


def _integer(declared: Declared, text: str) -> int:
    if not INTEGER.fullmatch(text):
        raise ValueError(f"is not {_article('integer')}{_plainer(text)}")
    return int(text)


def _boolean(declared: Declared, text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise ValueError("is neither true nor false")
    return text.lower() == "true"


def _numbers(declared: Declared, text: Text) -> list[int | float]:
    items = text if isinstance(text, list) else text.strip("[]").split(",")
    return [_number(declared, item.strip()) for item in items if item.strip() or len(items) > 1]


_READERS = {"choice": _choice, "number": _number, "integer": _integer, "boolean": _boolean, "numbers": _numbers}


def _article(kind: str) -> str:
    return {
        "choice": "a word",
        "number": "a number",
        "integer": "a whole number",
        "boolean": "a true or false",
        "numbers": "a list of numbers",
    }[kind]


def _plainer(text: str) -> str:
    """Return what to write instead, where the text is a number in another spelling.

    >>> _plainer("1_000"), _plainer("007")
    ('; write it plainly, as 1000', '; write it plainly, as 7')
    """
    plain = (
        text.lstrip("0")
        if re.fullmatch("0[0-9]+", text)
        else re.sub("[_, ']", "", text)
        if DIGITS_APART.search(text)
        else ""
    )
    return f"; write it plainly, as {plain or 0}" if plain and NUMBER.fullmatch(plain) else ""


def from_options(options: Iterable[str]) -> tuple[list[Given], list[str]]:
    """Return the values of `-p name=value` options, and what is wrong with those that are none."""
    given, problems, seen = [], [], {}
    for option in options:
        name, equals, text = option.partition("=")
        name = name.strip()
        if not equals or not name:
            problems.append(f"-p {option}: write -p name=value")
        elif name in seen:
            problems.append(f"-p {option}: {name} was given before, as '{seen[name]}'")
        else:
            seen[name] = text
            given.append(Given(name, text.strip(), f"-p {option}"))
    return given, problems


def from_file(path: Path) -> tuple[list[Given], list[str]]:
    """Return the values of a YAML file as the text that stands there, and what is wrong with the file."""
    import yaml

    try:
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    except OSError as error:
        return [], [f"--parameters {path}: {error.strerror or error}"]
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        return [], [f"--parameters {path}: is not YAML: {' '.join(str(error).split())}"]
    if root is None:
        return [], []
    if not isinstance(root, yaml.MappingNode):
        return [], [f"--parameters {path}: write one `name: value` on each line"]
    given, problems, seen = [], [], set()
    for key, value in root.value:
        where = f"{path.name}, line {key.start_mark.line + 1}"
        text = _node_text(value)
        if not isinstance(key, yaml.ScalarNode) or text is None:
            problems.append(f"{where}: write `name: value`, where the value is a word, a number or a list of numbers")
        elif key.value in seen:
            problems.append(f"{where}: {key.value} was given before in this file")
        else:
            seen.add(key.value)
            given.append(
                Given(key.value, text, f"{where}, {key.value}: {value.value if isinstance(text, str) else text}")
            )
    return given, problems


def _node_text(node) -> Text | None:
    import yaml

    if isinstance(node, yaml.ScalarNode):
        return node.value
    if isinstance(node, yaml.SequenceNode) and all(isinstance(item, yaml.ScalarNode) for item in node.value):
        return [item.value for item in node.value]
    return None


def chosen(
    declared: Mapping[str, Declared],
    notebooks: Sequence[Notebook],
    selected: Sequence[Notebook],
    options: Iterable[str] = (),
    file: Path | None = None,
) -> dict[str, object]:
    """Return the values that differ from the defaults, by name; an option outranks the file.

    Raises WrongInput listing every unknown name, wrong type and value out of range.
    """
    problems = disagreements(declared, notebooks)
    if problems:
        raise WrongInput.listing("parameters", problems)
    in_file, problems = from_file(file) if file else ([], [])
    in_options, more = from_options(options)
    problems += more
    values, defaults = {}, {name: value for notebook in notebooks for name, value in notebook.defaults.items()}
    reached = {name for notebook in selected for name in notebook.defaults}
    for given in [*in_file, *in_options]:
        problem = _unreachable(given.name, declared, reached, notebooks)
        if problem:
            problems.append(f"{given.where}: {problem}")
            continue
        try:
            values[given.name] = like(defaults[given.name], parse(declared[given.name], given.text))
        except ValueError as error:
            problems.append(f"{given.where}: {_quoted(given.text)} {error}")
    if problems:
        raise WrongInput.listing("parameters", problems)
    return {name: values[name] for name in sorted(values) if values[name] != defaults[name]}


def unknown(name: str, declared: Mapping) -> str:
    """Return that there is no such parameter, and which there are.

    >>> unknown("pase", {"pace": 1})
    "there is no parameter 'pase'; did you mean 'pace'? One of: pace"
    """
    listed = f" One of: {', '.join(sorted(declared))}" if declared else ""
    return f"there is no parameter '{name}'{_meant(name, declared) or '.'}{listed}"


def like(default: object, value: object) -> object:
    """Return the value in the default's kind of number, so that 2 and 2.0 give the same notebook."""
    return float(value) if isinstance(default, float) and isinstance(value, int) else value


def _unreachable(name: str, declared: Mapping, reached: set[str], notebooks: Iterable[Notebook]) -> str:
    if name not in declared:
        return unknown(name, declared)
    if name not in reached:
        holders = ", ".join(notebook.name for notebook in notebooks if name in notebook.defaults)
        return f"'{name}' is a parameter of {holders}, which --only leaves out"
    return ""


def of_notebook(notebook: Notebook, values: Mapping[str, object]) -> dict[str, object]:
    """Return those of `values` that the notebook declares: what papermill injects."""
    return {name: value for name, value in values.items() if name in notebook.defaults}


def in_force(notebook: Notebook, values: Mapping[str, object]) -> dict[str, object]:
    """Return every parameter of the notebook with the value it runs with."""
    return {**notebook.defaults, **of_notebook(notebook, values)}


def written(value: object) -> str:
    """Return a parameter's value as one would type it.

    >>> written([0.5, 1, 2.0]), written(True), written("full")
    ('0.5, 1, 2', 'true', 'full')
    """
    if isinstance(value, list):
        return ", ".join(map(written, value))
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def _quoted(text: Text) -> str:
    return repr(text) if isinstance(text, list) else f"'{text}'"


def _meant(word: str, known: Iterable[str]) -> str:
    near = get_close_matches(word, list(known), n=1)
    return f"; did you mean '{near[0]}'?" if near else ""
