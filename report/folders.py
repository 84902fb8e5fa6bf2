"""The folders of a repository: each is a stage of the build, and only figures, published and build are written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

__all__ = ["REPOSITORY", "Folders"]

REPOSITORY = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Folders:
    """The folders of a repository; `data` is set for another ledger only."""

    root: Path = REPOSITORY
    data: Path | None = None

    def of_ledger(self, data: Path | None) -> Folders:
        """Return these folders with the ledger in `data`, unless that is the repository's own."""
        if data is None or data.resolve() == self.own_data.resolve():
            return Folders(self.root)
        return Folders(self.root, data.absolute())

    @property
    def notebooks(self) -> Path:
        """Return the folder of the notebooks, which is also where their kernels run."""
        return self.root / "notebooks"

    @property
    def own_data(self) -> Path:
        """Return the folder of the repository's own ledger."""
        return self.root / "data"

    @property
    def works(self) -> Path:
        """Return the list of works that the notebooks cite, which is the same for another ledger."""
        return self.own_data / "references.json"

    @property
    def ledger(self) -> Path:
        """Return the folder of the ledger this build reads."""
        return self.data or self.own_data

    @property
    def figures(self) -> Path:
        """Return the folder of the published figures."""
        return self.root / "figures"

    @property
    def published(self) -> Path:
        """Return the folder of the published report."""
        return self.root / "report" / "published"

    @property
    def build(self) -> Path:
        """Return the scratch folder: previews, half-run notebooks, caches."""
        return self.root / "report" / "build"

    @property
    def times(self) -> Path:
        """Return the file with the seconds that each part of a build took."""
        return self.build / "cache" / "times.json"

    def shown(self, path: Path) -> str:
        """Return `path` as a message shows it: from the repository's root if it is inside.

        >>> Folders(Path("/clone")).shown(Path("/clone/report/build/preview"))
        'report/build/preview'
        """
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else str(path)
