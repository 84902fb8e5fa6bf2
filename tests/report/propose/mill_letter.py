"""A text for the invented ledger of Hollow Hill that it does not have yet."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from claims.ledger.model import Ledger
from invented import copied

from report.propose.checking import Checker
from report.propose.proposals import TextReading
from report.propose.registered import read_registered

MILL = """\
A letter from the mill

In 1900 the honey harvest rose by 12 percent to 5,200 pounds, said Ada Miller.
There are more than 37 hives on the hill now, at least 30 to 40 <b>new</b>.
Last year the mill sold goods such as honey, wax and tall candles.
The honey harvest of 5,200 pounds in 1900 was nearly one-third clover.
"""


@dataclass(frozen=True)
class Mill:
    """A copy of the ledger whose sources.csv has the letter from the mill, S4."""

    folder: Path
    text: Path

    def read(self, source: str = "S4") -> tuple[TextReading, Ledger]:
        return read_registered(self.text, source, self.folder)

    @property
    def reading(self) -> TextReading:
        return self.read()[0]

    def checker(self) -> Checker:
        reading, ledger = self.read()
        return Checker(self.folder, ledger, reading.text.lines)

    def lines(self, table: str = "claims") -> list[str]:
        return (self.folder / f"{table}.csv").read_text(encoding="utf-8").splitlines()


def write_mill(place: Path) -> Mill:
    """Return a copy of the ledger of Hollow Hill, in a folder in `place`, that knows the letter from the mill."""
    folder = copied(place)
    text = folder / "texts" / "mill.txt"
    text.write_text(MILL, encoding="utf-8", newline="\n")
    sha256 = hashlib.sha256(text.read_bytes()).hexdigest()
    with (folder / "sources.csv").open("a", encoding="utf-8") as file:
        file.write(f"S4,mill,mill letter,A letter from the mill,,,1901-05-20,stated,letter,mill.txt,{sha256},\n")
    return Mill(folder, text)
