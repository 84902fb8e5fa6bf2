"""What a terminal shows in the end of a text with control codes: characters, each with its style."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

NAMES = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
COLOURS = ("red", "green", "yellow", "blue", "magenta", "cyan", "grey")  # those a page keeps: its ink is its own
ATTRIBUTES = {"1": ("bold", True), "3": ("italic", True), "4": ("underline", True), "9": ("strike", True)} | {
    "22": ("bold", False), "23": ("italic", False), "24": ("underline", False), "29": ("strike", False),
}  # fmt: skip
CONTROL = re.compile(
    r"\x1b\[([0-9;:?]*)[ -/]*([@-~])"  # a command with its numbers: a colour, a move, an erasure
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"  # a title, or where a link leads
    r"|\x1b[@-_]|\r\n|[\r\n\b]"
)
WIDEST = 2000  # no move to the right goes further

Run = tuple[str, str]  # a text and its style: words such as "bold red on-blue"


def shown(text: str) -> tuple[Run, ...]:
    r"""Return what a terminal would show in the end, as runs of one style; of what was written over, the last state.

    >>> shown("\x1b[1;31mred\x1b[0m\n10 %\r20 %")
    (('red', 'bold red'), ('\n20 %', ''))
    """
    if not CONTROL.search(text):
        return ((text, ""),) if text else ()
    screen = _Screen()
    place = 0
    for found in CONTROL.finditer(text):
        screen.write(text[place : found.start()])
        screen.obey(found)
        place = found.end()
    screen.write(text[place:])
    return tuple(screen.runs())


def plain(text: str) -> str:
    r"""Return what a terminal would show in the end, without its colours.

    >>> plain("\x1b[31mred\x1b[0m\n10 %\r20 %\ntypo\b\b\b\bfine")
    'red\n20 %\nfine'
    """
    return "".join(run for run, _ in shown(text))


class _Screen:
    """A sheet of characters with a place to write, that grows downwards and is as wide as its lines."""

    def __init__(self):
        self.lines: list[list[Run]] = [[]]
        self.row = self.column = 0
        self.pen: dict[str, str | bool] = {}

    def write(self, text: str) -> None:
        if not text:
            return
        line, style = self.lines[self.row], self._style()
        line.extend([(" ", "")] * (self.column - len(line)))
        line[self.column : self.column + len(text)] = [(character, style) for character in text]
        self.column += len(text)

    def obey(self, found: re.Match) -> None:
        if found[0] in ("\n", "\r\n"):
            self.row, self.column = self.row + 1, 0
            if self.row == len(self.lines):
                self.lines.append([])
        elif found[0] == "\r":
            self.column = 0
        elif found[0] == "\b":
            self.column = max(0, self.column - 1)
        elif found[2] == "m":
            self._dip(re.split("[;:]", found[1]))
        elif found[2]:
            self._move(found[2], int(found[1]) if re.fullmatch(r"\d{1,4}", found[1]) else 0)

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

    def _dip(self, codes: list[str]) -> None:
        """Take up the colours and weights that the codes name."""
        waiting = iter(codes)
        for code in waiting:
            number = int(code) if code.isdecimal() and len(code) < 4 else 0
            if number == 0:
                self.pen = {}
            elif code in ATTRIBUTES:
                name, holds = ATTRIBUTES[code]
                self.pen[name] = holds
            elif number in (7, 27):
                self.pen["ground"] = "grey" if number == 7 else ""
            elif number in (38, 48):
                self.pen["ink" if number == 38 else "ground"] = _of_palette(waiting)
            elif number // 10 in (3, 4, 9, 10):
                bright = number >= 90
                name = NAMES[number % 10] if number % 10 < 8 else ""
                self.pen["ink" if number // 10 in (3, 9) else "ground"] = _kept(name, bright)

    def _style(self) -> str:
        pen = self.pen
        words = [name for name in ("bold", "italic", "underline", "strike") if pen.get(name)]
        words += [str(pen["ink"])] if pen.get("ink") else []
        words += [f"on-{pen['ground']}"] if pen.get("ground") else []
        return " ".join(words)

    def runs(self) -> Iterator[Run]:
        characters = [pair for place, line in enumerate(self.lines) for pair in [("\n", None)] * bool(place) + line]
        styled, last = [], ""
        for character, style in characters:  # a line break has the style before it, so that runs are few
            last = last if style is None else style
            styled.append((character, last if style is not None else ""))
        for style, run in groupby(styled, key=lambda pair: pair[1]):
            yield "".join(character for character, _ in run), style


def _kept(name: str, bright: bool = False) -> str:
    """Return a colour's name if a page keeps it: black and white are its own ink and paper."""
    if name in ("black", "white"):
        return "grey" if bright and name == "black" else ""
    return name


def _of_palette(codes: Iterator[str]) -> str:
    """Return the nearest colour of our own to one of 256 or of all; takes its numbers from the codes."""
    kind = next(codes, "")
    numbers = [
        int(code) if code.isdecimal() and len(code) < 4 else 0
        for _, code in zip(range(3 if kind == "2" else 1), codes, strict=False)
    ]
    if kind == "2" and len(numbers) == 3:
        return _nearest(*numbers)
    if kind != "5" or not numbers:
        return ""
    number = numbers[0]
    if number < 16:
        return _kept(NAMES[number % 8], number > 7)
    if number > 231:
        return "grey"
    return _nearest(*((number - 16) // place % 6 * 51 for place in (36, 6, 1)))


def _nearest(red: int, green: int, blue: int) -> str:
    """Return the name of the colour that has the same strong parts.

    >>> _nearest(255, 135, 0), _nearest(10, 20, 200), _nearest(90, 90, 95)
    ('yellow', 'blue', 'grey')
    """
    parts = (red, green, blue)
    if max(parts) - min(parts) < 40:
        return "grey"
    middle = (max(parts) + min(parts)) / 2
    return _kept(NAMES[sum(bit for bit, part in zip((1, 2, 4), parts, strict=True) if part > middle)])
