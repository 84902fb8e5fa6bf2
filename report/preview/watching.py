"""Which changes of files matter to a preview, and what each of them makes necessary."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from report.digests import digest
from report.folders import Folders

if TYPE_CHECKING:
    from watchfiles import Change

__all__ = ["Changes", "Watched"]

_STEP, _LONGEST = 25, 300  # milliseconds without and with further changes until a save is taken to be complete


@dataclass(frozen=True)
class Changes:
    """What has changed: notebooks by name, other inputs such as the ledger, the program or a package.

    `settings` is whether these inputs are only declarations of parameters and readings, which end no run.
    """

    notebooks: frozenset[str] = frozenset()
    inputs: bool = False
    program: bool = False
    settings: bool = False

    def __bool__(self) -> bool:
        return bool(self.notebooks) or self.inputs or self.program


@dataclass
class Watched:
    """The inputs of a preview, with a hash of each that has changed, so that saving again what it was is no change."""

    folders: Folders
    _hashes: dict[Path, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for folder in [self.folders.notebooks, self.folders.ledger, *self._rooms()]:
            for path in folder.rglob("*") if folder.exists() else ():
                if path.is_file() and self.matters(str(path)):
                    self._hashes[path] = digest(path.read_bytes())

    def _rooms(self) -> list[Path]:
        """Return the folders of the program, without what it generates."""
        return sorted(path.parent for path in (self.folders.root / "report").glob("*/__init__.py"))

    def matters(self, path: str) -> bool:
        """Return whether a file can be an input: no backup, no compiled module, no text for people, nothing hidden.

        >>> watched = Watched(Folders(Path("/clone")))
        >>> [watched.matters(f"/clone/{name}") for name in ("data/claims.csv", "notebooks/.ipynb_checkpoints/a.ipynb")]
        [True, False]
        """
        tops = (self.folders.root, self.folders.ledger)
        inside = next((Path(path).relative_to(top) for top in tops if Path(path).is_relative_to(top)), Path(path))
        hidden = (part[0] in "._" and not part.endswith("__.py") for part in inside.parts)
        return not path.endswith(("~", ".pyc", ".md")) and not any(hidden)

    def sort(self, paths: Iterable[str]) -> Changes:
        """Return what these changes of files amount to."""
        changed = [path for path in map(Path, paths) if self._is_new(path)]
        own = self.folders
        notebooks = {path.stem for path in changed if path.parent == own.notebooks and path.suffix == ".ipynb"}
        others = [path for path in changed if not (path.parent == own.notebooks and path.suffix == ".ipynb")]
        inputs = [path for path in others if path.is_relative_to(own.ledger) or _is_setting(path, own)]
        settings = bool(inputs) and all(_is_setting(path, own) for path in inputs)
        return Changes(frozenset(notebooks), bool(inputs), len(inputs) < len(others), settings)

    def _is_new(self, path: Path) -> bool:
        """Return whether a file has another content than the last time, or is gone."""
        try:
            now = digest(path.read_bytes())
        except OSError:
            now = ""
        before, self._hashes[path] = self._hashes.get(path, ""), now
        return before != now

    async def changes(self) -> AsyncIterator[Changes]:
        """Yield what has changed, whenever files are saved."""
        from watchfiles import awatch

        def is_input(change: Change, path: str) -> bool:
            return self.matters(path)

        folders = {self.folders.notebooks, self.folders.ledger, *self._rooms()}
        present = sorted(folder for folder in folders if folder.exists())
        saves = awatch(*present, watch_filter=is_input, debounce=_LONGEST, step=_STEP, raise_interrupt=False)
        async for files in saves:
            if changes := self.sort(sorted(path for _, path in files)):
                yield changes


def _is_setting(path: Path, folders: Folders) -> bool:
    return path.parent == folders.notebooks and path.suffix == ".yaml"
