"""The parser of the command line, which answers a mistake with a suggestion, and what values options can have."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NoReturn

from claims.tables.messages import did_you_mean

from report.folders import Folders
from report.runs import selection
from report.stops import WRONG_INPUT

__all__ = ["Parser", "at_least_one", "port"]


class Parser(argparse.ArgumentParser):
    """A parser that suggests the option or command that was probably meant; `commands` are their names."""

    def __init__(self, *, commands: Iterable[str], **options: Any) -> None:
        super().__init__(**options)
        self._commands = list(commands)

    def error(self, message: str) -> NoReturn:
        """Print the usage, the error and the suggestion, and exit with 2."""
        _, _, unknown = message.partition("unrecognized arguments: ")
        hint = self._suggestion(unknown.split()[0]) if unknown else ""
        self.print_usage(sys.stderr)
        self.exit(WRONG_INPUT, f"{self.prog}: {message}{f'; {hint}' if hint else ''}\n")

    def _suggestion(self, word: str) -> str:
        """Return a question for what was probably meant by a word that is no option and no command."""
        if "--only" in self._option_string_actions and _names_notebook(word):
            return f"did you mean '--only {word}'?"
        if "=" in word and "-p" in self._option_string_actions and not word.startswith("-"):
            return f"did you mean '-p {word}'?"
        return did_you_mean(word.partition("=")[0], [*self._option_string_actions, *self._commands])


def _names_notebook(word: str) -> bool:
    """Return whether a word is the name, the number or the file of a chapter, or their beginning."""
    names = [path.stem for path in selection.chapter_files(Folders().notebooks)]
    return bool(set(selection.match_names(names, Path(word).name.removesuffix(".ipynb"))) & {*names})


def at_least_one(text: str) -> int:
    """Return the whole number of at least 1 that an option is given as."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number of at least 1")
    return int(text)


def port(text: str) -> int:
    """Return the port that an option is given as, 0 for any."""
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"'{text}' is no port; give a number from 1024 to 65535, or 0 for any")
    return int(text)
