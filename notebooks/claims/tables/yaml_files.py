"""YAML as text with line numbers: nothing is guessed from how a value looks, and every problem has its line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from claims.tables.files import read_regular
from claims.tables.messages import did_you_mean

if TYPE_CHECKING:
    import yaml

__all__ = ["Entry", "Text", "YamlReader"]

MOST_BYTES, DEPTH = 1 << 20, 20
Text = str | list[str]


@dataclass(frozen=True)
class Entry:
    """A value in a YAML file: a word, a list of entries or a mapping of entries, and the number of its line.

    The line of an entry of a mapping is that of its key.
    """

    value: str | list[Entry] | dict[str, Entry]
    line: int
    repeated: tuple[tuple[str, int], ...] = ()  # keys of a mapping that occur again, with their lines

    @property
    def text(self) -> Text | None:
        """Return the word, or the words of a list; None if the value is neither."""
        if isinstance(self.value, list):
            words = [item.value for item in self.value if isinstance(item.value, str)]
            return words if len(words) == len(self.value) else None
        return self.value if isinstance(self.value, str) else None

    @property
    def word(self) -> str:
        """Return the word, empty if the value is something else."""
        return self.value if isinstance(self.value, str) else ""


@dataclass
class YamlReader:
    """Reads one YAML file and collects what is wrong with it in `problems`, each with its line if that is known."""

    problems: list[str] = field(default_factory=list)

    def read(self, path: Path) -> Entry | None:
        """Return the whole file, None if it is empty or cannot be read."""
        import yaml

        try:
            text = read_regular(path, MOST_BYTES).decode("utf-8")
            root = None if self._refuses(text) else yaml.compose(text, Loader=yaml.BaseLoader)
        except OSError as error:
            self.problems.append(error.strerror or str(error))
        except UnicodeDecodeError as error:
            self.problems.append(f"is not YAML: byte {error.start} is not UTF-8; save the file as UTF-8")
        except yaml.YAMLError as error:
            self.problems.append(f"is not YAML: {' '.join(str(error).split())}")
        else:
            return _entry(root) if root else None
        return None

    def _refuses(self, text: str) -> bool:
        """Return whether a text has what no file needs and what may grow without measure: depth and aliases.

        An alias stands for all that its anchor has, also for other aliases: nine lines of them are a billion entries.
        Only its events are looked at, one after another; raises YAMLError at the first place that is not YAML.
        """
        import yaml

        depth = 0
        for event in yaml.parse(text, Loader=yaml.BaseLoader):
            line = event.start_mark.line + 1 if event.start_mark else 0
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if isinstance(event, yaml.AliasEvent):
                self.problems.append(f"line {line}: *{event.anchor} stands for something else; write that out")
            elif depth > DEPTH:
                self.problems.append(f"line {line}: is nested more than {DEPTH} deep; write it flatter")
            else:
                continue
            return True
        return False

    def fields(self, entry: Entry | None, place: str, keys: Iterable[str] = ()) -> dict[str, Entry]:
        """Return the entries of a mapping by key, without unknown keys if `keys` lists those there may be.

        `place` names the mapping in messages. Returns an empty dictionary if the entry is no mapping.
        """
        if entry is None or not isinstance(entry.value, dict):
            self.report(entry, place, f"write {', '.join(f'{key}: …' for key in keys) or '`name: …` on each line'}")
            return {}
        known = set(keys) or entry.value.keys()
        for key, item in entry.value.items():
            if key not in known:
                hint = did_you_mean(key, known) or f"one of: {', '.join(keys)}"
                self.report(item, place, f"unknown key '{key}'; {hint}")
        self.problems += [f"line {line}, {place}: '{key}' is there twice" for key, line in entry.repeated]
        return {key: item for key, item in entry.value.items() if key in known}

    def report(self, entry: Entry | None, place: str, message: str) -> None:
        """Add a problem of an entry."""
        self.problems.append(f"line {entry.line}, {place}: {message}" if entry else f"{place}: {message}")


def _entry(node: yaml.Node, line: int | None = None) -> Entry:
    import yaml

    line = line or node.start_mark.line + 1
    match node:
        case yaml.SequenceNode():
            return Entry([_entry(item) for item in node.value], line)
        case yaml.MappingNode():
            entries: dict[str, Entry] = {}
            repeated = []
            for key, value in node.value:
                name, place = str(key.value), key.start_mark.line + 1
                if name in entries:
                    repeated.append((name, place))
                else:
                    entries[name] = _entry(value, place)
            return Entry(entries, line, tuple(repeated))
        case _:
            return Entry(node.value, line)
