"""The final state of a terminal after a text with control codes: characters, each with its style."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from rich.ansi import AnsiDecoder
from rich.color import Color
from rich.style import Style

from report.pages.document import StyledText

__all__ = ["COLOURS", "styled_text"]

NAMES = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
COLOURS = ("red", "green", "yellow", "blue", "magenta", "cyan", "grey")  # black and white are the page's own
CONTROL = re.compile(
    r"\x1b\[([0-9;:?]*)[ -/]*([@-~])"  # a command with its numbers: a colour, a move, an erasure
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"  # a title, or the target of a link
    r"|\x1b[@-_]|\r\n|[\r\n\b]"
)
WIDEST = 2000  # no move to the right goes further


def styled_text(text: str) -> tuple[StyledText, ...]:
    r"""Return what a terminal shows in the end, as runs of one style; of what is overwritten, the last state.

    >>> styled_text("\x1b[1;31mred\x1b[0m\n10 %\r20 %")
    (('red', 'bold red'), ('\n20 %', ''))
    """
    if not CONTROL.search(text):
        return ((text, ""),) if text else ()
    screen = _Screen()
    end = 0
    for match in CONTROL.finditer(text):
        screen.write(text[end : match.start()])
        screen.apply(match)
        end = match.end()
    screen.write(text[end:])
    return tuple(screen.runs())


class _Screen:
    """Lines of characters with a cursor; it grows downwards and is as wide as its lines."""

    def __init__(self) -> None:
        self.lines: list[list[StyledText]] = [[]]
        self.row = self.column = 0
        self.codes = AnsiDecoder()  # its `style` is that of what is written next

    def write(self, text: str) -> None:
        """Write text at the cursor, over what is there."""
        if not text:
            return
        line, style = self.lines[self.row], _style_words(self.codes.style)
        line.extend([(" ", "")] * (self.column - len(line)))
        line[self.column : self.column + len(text)] = [(character, style) for character in text]
        self.column += len(text)

    def apply(self, match: re.Match) -> None:
        """Carry out a control code."""
        if match[0] in ("\n", "\r\n"):
            self.row, self.column = self.row + 1, 0
            if self.row == len(self.lines):
                self.lines.append([])
        elif match[0] == "\r":
            self.column = 0
        elif match[0] == "\b":
            self.column = max(0, self.column - 1)
        elif match[2] == "m":
            self.codes.decode_line(match[0].replace(":", ";"))
        elif match[2]:
            self._move(match[2], int(match[1]) if re.fullmatch(r"\d{1,4}", match[1]) else 0)

    def _move(self, command: str, number: int) -> None:
        steps, line = max(number, 1), self.lines[self.row]
        if command == "A":
            self.row = max(0, self.row - steps)
        elif command == "B":
            self.row = min(len(self.lines) - 1, self.row + steps)
        elif command == "C":
            self.column = min(WIDEST, self.column + steps)
        elif command == "D":
            self.column = max(0, self.column - steps)
        elif command == "G":
            self.column = min(WIDEST, steps - 1)
        elif command == "K" and number == 0:
            del line[self.column :]
        elif command == "K" and number == 1:
            line[: self.column] = [(" ", "")] * self.column
        elif command == "K":
            line.clear()

    def runs(self) -> Iterator[StyledText]:
        """Yield the characters as runs of one style."""
        characters: list[StyledText] = []
        for index, line in enumerate(self.lines):
            characters += [("\n", "")] * bool(index) + line
        for style, run in groupby(characters, key=lambda pair: pair[1]):
            yield "".join(character for character, _ in run), style


def _style_words(style: Style) -> str:
    words = [name for name in ("bold", "italic", "underline", "strike") if getattr(style, name)]
    ink, ground = _colour_name(style.color), "grey" if style.reverse else _colour_name(style.bgcolor)
    return " ".join([*words, *filter(None, [ink]), *([f"on-{ground}"] if ground else [])])


def _colour_name(colour: Color | None) -> str:
    """Return the nearest of our colours; nothing for black and white, which are the page's own ink and paper."""
    if colour is None or colour.is_default:
        return ""
    if colour.number is None or colour.number > 15:
        return _nearest_colour(*colour.get_truecolor())
    name = "grey" if colour.number == 8 else NAMES[colour.number % 8]
    return "" if name in ("black", "white") else name


def _nearest_colour(red: int, green: int, blue: int) -> str:
    """Return the name of the colour that has the same strong parts.

    >>> _nearest_colour(255, 135, 0), _nearest_colour(10, 20, 200), _nearest_colour(90, 90, 95)
    ('yellow', 'blue', 'grey')
    """
    parts = (red, green, blue)
    if max(parts) - min(parts) < 40:
        return "grey"
    middle = (max(parts) + min(parts)) / 2
    return NAMES[sum(bit for bit, part in zip((1, 2, 4), parts, strict=True) if part > middle)]
