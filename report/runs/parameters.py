"""Parameters: what may be varied, and whether a value that somebody typed is allowed.

A value arrives as text, from `-p name=value` or a YAML file, and is read by the type that `notebooks/parameters.yaml`
declares for its name. Nothing is guessed from how it looks: 007 is never 7, nor 1_000 a number.
"""

from __future__ import annotations

import math
import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from claims.tables.messages import did_you_mean, one_of
from claims.tables.yaml_files import Entry, Text, YamlReader

from report.runs.selection import Notebook
from report.stops import WrongInput

__all__ = [
    "Parameter", "check_defaults", "choose_values", "effective_values", "format_value", "load_parameters",
    "match_number_type", "notebook_values", "shell_text", "try_only", "unknown_parameter",
]  # fmt: skip

_INTEGER = re.compile(r"[+-]?(0|[1-9][0-9]*)")
_NUMBER = re.compile(r"[+-]?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?")
_DIGITS, _SHOWN = 40, 120
_GROUPED_DIGITS = re.compile(r"[0-9][_, '][0-9]{3}")
_TYPES = {
    "choice": "a word",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "a true or false",
    "numbers": "a list of numbers",
}
_KEYS = {
    "type": f"one of: {', '.join(_TYPES)}",
    "choices": "a list of words",
    "low": "a number",
    "high": "a number",
    "most": "a whole number from 1 on",
    "unit": "its unit",
    "meaning": "a sentence",
}


@dataclass(frozen=True)
class Parameter:
    """A parameter as `notebooks/parameters.yaml` declares it; bounds are included. `most` limits a list's length."""

    name: str
    type: str
    meaning: str
    choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    most: int = 100
    unit: str = ""

    @property
    def bounds(self) -> str:
        """Return the bounds in words, such as `from 0 to 10`."""
        ends = (("from", self.low), ("to", self.high))
        return " ".join(f"{word} {end:g}" for word, end in ends if end is not None)

    def parse(self, text: Text) -> object:
        """Return `text` as a value of this parameter. Raises ValueError with what is wrong and what to write.

        >>> Parameter("widths", "numbers", "…").parse("0.5, 1, 2")
        [0.5, 1, 2]
        """
        value = self._read(text)
        if problem := self.problem_of(value):
            raise ValueError(problem)
        return value

    def problem_of(self, value: object) -> str:
        """Return what is wrong with a value that has a Python type already, empty if it is allowed.

        >>> Parameter("pace", "number", "…", low=0, high=10).problem_of(12.5)
        'is out of range; from 0 to 10'
        """
        match self.type, value:
            case "choice", str():
                hint = did_you_mean(value, self.choices)
                wrong = f"is not one of: {', '.join(self.choices)}" + (f"; {hint}" if hint else "")
                return "" if value in self.choices else wrong
            case "boolean", bool():
                return ""
            case "numbers", []:
                return "is empty; give at least one number"
            case "numbers", list() if len(value) > self.most:
                return f"has {len(value):,} numbers; give at most {self.most}"
            case ("number", int() | float() as number) | ("integer", int() as number) if type(number) is not bool:
                return self._problem_of_range([number])
            case "numbers", list() if all(type(item) in (int, float) for item in value):
                return self._problem_of_range(value)
        return f"is not {_TYPES[self.type]}"

    def _problem_of_range(self, numbers: Iterable[float]) -> str:
        low = -math.inf if self.low is None else self.low
        high = math.inf if self.high is None else self.high
        return "" if all(low <= number <= high for number in numbers) else f"is out of range; {self.bounds}"

    def _read(self, text: Text) -> object:
        match self.type, text:
            case "numbers", _:
                items = text if isinstance(text, list) else text.strip("[]").split(",")
                return [_read_number(item.strip()) for item in items if item.strip() or len(items) > 1]
            case _, list():
                raise ValueError(f"is a list; {self.name} takes one {_TYPES[self.type].partition(' ')[2]}")
            case "number", str():
                return _read_number(text)
            case "integer", str():
                if not _INTEGER.fullmatch(text):
                    raise ValueError(f"is not {_TYPES['integer']}{_plain_spelling(text)}")
                return _read_number(text)
            case "boolean", str():
                if text.lower() not in ("true", "false"):
                    raise ValueError("is neither true nor false")
                return text.lower() == "true"
        return text


def _read_number(text: str) -> int | float:
    if not _NUMBER.fullmatch(text):
        raise ValueError(f"is not {_TYPES['number']}{_plain_spelling(text)}")
    if len(text) > _DIGITS or not math.isfinite(float(text)):
        raise ValueError(f"is beyond any use; write a number of at most {_DIGITS} digits")
    return int(text) if _INTEGER.fullmatch(text) else float(text)


def _plain_spelling(text: str) -> str:
    """Return what to write instead, if the text is a number in another spelling.

    >>> _plain_spelling("1_000"), _plain_spelling("007")
    ('; write it plainly, as 1000', '; write it plainly, as 7')
    """
    plain = ""
    if re.fullmatch("0[0-9]+", text):
        plain = text.lstrip("0") or "0"
    elif _GROUPED_DIGITS.search(text):
        plain = re.sub("[_, ']", "", text)
    return f"; write it plainly, as {plain}" if _NUMBER.fullmatch(plain) else ""


# -- declarations -----------------------------------------------------------------------------------------------------


def load_parameters(path: Path) -> dict[str, Parameter]:
    """Return the declared parameters by name. Raises WrongInput with every problem of the file."""
    reader, parameters = YamlReader(), {}
    root = reader.read(path) if path.exists() else None
    for name, entry in reader.fields(root, "the file").items() if root else ():
        if parameter := _read_parameter(reader, name, entry):
            parameters[name] = parameter
    if reader.problems:
        raise WrongInput.listing(f"notebooks/{path.name}", reader.problems)
    return parameters


def _read_parameter(reader: YamlReader, name: str, entry: Entry) -> Parameter | None:
    """Return the parameter that an entry declares; None, with a problem for the reader, if it declares none."""
    entries = reader.fields(entry, name, _KEYS)
    values: dict[str, Any] = {}
    for key, item in entries.items():
        match key, item.text:
            case "low" | "high", str(text) if _NUMBER.fullmatch(text):
                values[key] = float(text)
            case "most", str(text) if re.fullmatch("[1-9][0-9]{0,3}", text):
                values[key] = int(text)
            case "choices", [_, *_] as words:
                values[key] = tuple(words)
            case "type" | "meaning" | "unit", str(text) if text and (key != "type" or text in _TYPES):
                values[key] = text
            case _:
                reader.report(item, name, f"{key} is not {_KEYS[key]}")
    required = ("type", "meaning", "choices") if values.get("type") == "choice" else ("type", "meaning")
    for key in required if entries else ():
        if key not in entries:
            reader.report(entry, name, f"write its {key} ({key}: {_KEYS[key]})")
    return Parameter(name=name, **values) if all(key in values for key in required) else None


def check_defaults(declared: Mapping[str, Parameter], notebooks: Iterable[Notebook]) -> list[str]:
    """Return every problem of the notebooks' defaults: not declared, not allowed, or not the same everywhere."""
    problems: list[str] = []
    first: dict[str, tuple[str, object]] = {}
    for notebook in notebooks:
        for name, default in notebook.defaults.items():
            place = f"notebooks/{notebook.path.name}: {name}"
            if name not in declared:
                problems.append(f"{place} is not declared; add it to notebooks/parameters.yaml")
                continue
            if problem := declared[name].problem_of(default):
                problems.append(f"{place} = {default!r}: {problem}")
            other, other_default = first.setdefault(name, (notebook.name, default))
            if other_default != default:
                problems.append(f"{place} = {default!r}, but {other_default!r} in {other}; a parameter has one default")
    unused = (f"notebooks/parameters.yaml: {name} is declared" for name in declared if name not in first)
    return [*problems, *(f"{place}, but no notebook has it; delete its entry" for place in unused)]


def _how_to_change_defaults(notebooks: Iterable[Notebook]) -> str:
    """Return the commands for each parameter with several defaults, of which the rarest was probably just typed."""
    defaults: dict[str, list[object]] = {}
    for notebook in notebooks:
        for name, default in notebook.defaults.items():
            defaults.setdefault(name, []).append(default)
    lines = []
    for name, values in defaults.items():
        rarest = min(values, key=values.count)
        if values.count(rarest) < len(values):
            command = f"python -m report set-default {name} {shell_text(rarest)}"
            lines += [f"to set it in every notebook: {command}", try_only(name, rarest)]
    return "\n".join(lines)


def try_only(name: str, value: object) -> str:
    """Return how to try a value without making it the default.

    >>> try_only("pace", 2.0)
    'only to try it, keep the default and run: python -m report -p pace=2'
    """
    option = shlex.quote(f"{name}={format_value(value)}")
    return f"only to try it, keep the default and run: python -m report -p {option}"


# -- values -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _TypedValue:
    """A value as somebody typed it, and where."""

    name: str
    text: Text
    place: str


def choose_values(
    declared: Mapping[str, Parameter],
    notebooks: Sequence[Notebook],
    selected: Sequence[Notebook],
    options: Iterable[str] = (),
    file: Path | None = None,
) -> dict[str, object]:
    """Return the values that differ from the defaults, by name; an option overrides the file.

    Raises WrongInput with every unknown name, wrong type and value out of range.
    """
    if problems := check_defaults(declared, notebooks):
        raise WrongInput.listing("parameters", problems, _how_to_change_defaults(notebooks))
    in_file, file_problems = _read_file(file) if file else ([], [])
    in_options, option_problems = _read_options(options)
    problems = file_problems + option_problems
    values, defaults = {}, {name: value for notebook in notebooks for name, value in notebook.defaults.items()}
    for typed in [*in_file, *in_options]:
        if problem := _problem_of_name(typed.name, declared, selected, notebooks):
            problems.append(f"{_cut(typed.place)}: {problem}")
            continue
        try:
            values[typed.name] = match_number_type(defaults[typed.name], declared[typed.name].parse(typed.text))
        except ValueError as error:
            problems.append(f"{_cut(typed.place)}: {_cut(repr(typed.text))} {error}")
    if problems:
        raise WrongInput.listing("parameters", problems)
    return {name: values[name] for name in sorted(values) if values[name] != defaults[name]}


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _read_options(options: Iterable[str]) -> tuple[list[_TypedValue], list[str]]:
    """Return the values of `-p name=value` options, and the problems of those that are not of this form."""
    values: dict[str, _TypedValue] = {}
    problems = []
    for option in options:
        name, equals, text = (part.strip() for part in option.partition("="))
        if not equals or not name:
            problems.append(f"-p {option}: write -p name=value")
        elif name in values:
            problems.append(f"-p {option}: {name} is there twice, the first time as '{values[name].text}'")
        else:
            values[name] = _TypedValue(name, text, f"-p {option}")
    return [*values.values()], problems


def _read_file(path: Path) -> tuple[list[_TypedValue], list[str]]:
    """Return the values of a YAML file, and the problems of the file."""
    reader, values = YamlReader(), []
    root = reader.read(path)
    for name, entry in reader.fields(root, "the file").items() if root else ():
        if entry.text is None:
            reader.report(entry, name, "write `name: value`, where the value is a word, a number or a list of numbers")
        else:
            shown = entry.word or entry.text
            values.append(_TypedValue(name, entry.text, f"{path.name}, line {entry.line}, {name}: {shown}"))
    return values, [f"--parameters {path}: {problem}" for problem in reader.problems]


def unknown_parameter(name: str, declared: Iterable[str]) -> str:
    """Return the message for a parameter that is not declared, with all that are.

    >>> unknown_parameter("pase", ["pace"])
    "there is no parameter 'pase'; did you mean 'pace'? One of: pace"
    """
    return f"there is no parameter '{name}'; {one_of(name, sorted(declared))}"


def _problem_of_name(
    name: str, declared: Mapping[str, Parameter], selected: Iterable[Notebook], notebooks: Iterable[Notebook]
) -> str:
    if name not in declared:
        return unknown_parameter(name, declared)
    if not any(name in notebook.defaults for notebook in selected):
        owners = ", ".join(notebook.name for notebook in notebooks if name in notebook.defaults)
        return f"'{name}' is a parameter of {owners}, which --only leaves out"
    return ""


def match_number_type(default: object, value: object) -> object:
    """Return the value as a float if the default is one, so that 2 and 2.0 give the same notebook."""
    return float(value) if isinstance(default, float) and isinstance(value, int) else value


def notebook_values(notebook: Notebook, values: Mapping[str, object]) -> dict[str, object]:
    """Return those of `values` that the notebook declares: what papermill injects."""
    return {name: value for name, value in values.items() if name in notebook.defaults}


def effective_values(notebook: Notebook, values: Mapping[str, object]) -> dict[str, object]:
    """Return every parameter of the notebook with the value it runs with."""
    return {**notebook.defaults, **notebook_values(notebook, values)}


def shell_text(value: object) -> str:
    """Return a parameter's value as one would type it in a shell.

    >>> shell_text([0.5, 1]), shell_text("full")
    ("'0.5, 1'", 'full')
    """
    return shlex.quote(format_value(value))


def format_value(value: object) -> str:
    """Return a parameter's value as one would type it.

    >>> format_value([0.5, 1, 2.0]), format_value(True), format_value("full")
    ('0.5, 1, 2', 'true', 'full')
    """
    if isinstance(value, list):
        return ", ".join(map(format_value, value))
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:.12g}" if isinstance(value, float) else str(value)
