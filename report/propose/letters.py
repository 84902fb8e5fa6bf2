"""A text as lines of plain letters whose places are those of the original, and its sentences."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from claims.tables.files import read_regular

from report.digests import digest
from report.stops import WrongInput

__all__ = ["MOST_BYTES", "Text", "find_sentences", "plain", "read_text", "without_controls"]

MOST_BYTES = 4 << 20  # of a text: a long book
MOST_LETTERS = 20_000  # of a line
_PLAIN = str.maketrans(
    dict.fromkeys("‘’‚‛′`´", "'")
    | dict.fromkeys("“”„‟″«»", '"')
    | dict.fromkeys("‐‑‒–−", "-")
    | dict.fromkeys("\u00a0\u2007\u2009\u202f\u200b\u00ad\ufeff\t", " ")
)
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_ENDS = re.compile(r"""[.!?…]+["')\]]*\s+(?=["'(\[]?[A-Z0-9$€£¥])""")
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|St|No|Nos|vs|cf|ca|approx|Inc|Ltd|Co|Corp|Gov|Gen|Sen|Rep"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)|\b[A-Z](?:\.[A-Z])*)\.$"
)


def plain(line: str) -> str:
    r"""Return a line with one spelling of quotes, dashes and spaces, and every letter in its place.

    >>> plain("“4–5 July” isn’t")
    '"4-5 July" isn\'t'
    """
    return without_controls(line.translate(_PLAIN))


def without_controls(line: str) -> str:
    """Return a line in which no character moves a cursor or changes a colour; every letter is in its place."""
    return _CONTROLS.sub(" ", line)


def find_sentences(line: str) -> list[tuple[int, int]]:
    """Return where each sentence of a plain line begins and ends.

    >>> [line[start:end] for line in ["It met on 15 Sept. 2022. U.S. aid rose."] for start, end in find_sentences(line)]
    ['It met on 15 Sept. 2022. ', 'U.S. aid rose.']
    """
    starts = [0]
    for match in _ENDS.finditer(line):
        end = match.group().rstrip()
        if not (end == "." and _ABBREVIATION.search(line[: match.start() + 1])):
            starts.append(match.end())
    return list(zip(starts, [*starts[1:], len(line)], strict=True))


@dataclass(frozen=True)
class Text:
    """A text as it was read: its file, its hash, and its lines as printed."""

    path: Path
    sha256: str
    lines: tuple[str, ...]

    @cached_property
    def plain_lines(self) -> tuple[str, ...]:
        """Return the lines with one spelling of quotes, dashes and spaces."""
        return tuple(map(plain, self.lines))


def read_text(path: Path) -> Text:
    """Return the text in a file. Raises WrongInput, with the remedy, where it cannot be read, is empty or not UTF-8."""
    try:
        content = read_regular(path, MOST_BYTES)
    except FileNotFoundError:
        near = path.parent if path.parent.is_dir() else Path()
        texts = ", ".join(sorted(each.name for each in near.glob("*.txt"))[:5])
        hint = f"; there are {texts}" if texts else ""
        raise WrongInput(f"{path}: there is no such file; give the file of a text{hint}") from None
    except OSError as error:
        raise WrongInput(f"{path}: {error.strerror or error}; give the file of a text") from None
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        byte = content[error.start]
        raise WrongInput(f"{path}: line {line} has a byte that is not UTF-8 (0x{byte:02x}); save it as UTF-8") from None
    if not text.strip():
        raise WrongInput(f"{path}: is empty; save the text in it, a paragraph a line")
    lines = tuple(line.rstrip("\r") for line in text.split("\n"))
    for number, printed in enumerate(lines, start=1):
        if len(printed) > MOST_LETTERS:
            message = f"line {number} has {len(printed):,} letters, and a figure is found by its line"
            raise WrongInput(f"{path}: {message}; put each paragraph on a line of its own")
    return Text(path, digest(content), lines)
