"""The invented ledger of Hollow Hill, and a way to plant faults in a copy of it."""

import shutil
from pathlib import Path

LEDGER = Path(__file__).parent / "ledger"
TEXTS = LEDGER / "texts"


def copied(folder: Path) -> Path:
    """Return a copy of the invented ledger, texts and all, in `folder`."""
    return Path(shutil.copytree(LEDGER, folder / "ledger"))


def plant(ledger: Path, file: str, old: str, new: str) -> None:
    """Replace the one occurrence of `old` in a file of a ledger by `new`."""
    path = ledger / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{file} holds {old!r} {text.count(old)} times"
    path.write_text(text.replace(old, new), encoding="utf-8", newline="\n")
