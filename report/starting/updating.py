"""`python -m report update`: bring this engine and program into a repository that `new` has written."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from claims.tables.messages import count_noun

from report.digests import digest
from report.folders import Folders
from report.publish import locked
from report.starting.engine_files import engine_files
from report.starting.record import RECORD, Record, read_record
from report.stops import WrongInput
from report.writing import write_whole

__all__ = ["EngineChanges", "compare", "update"]

_LISTED = 12
_LOCKS = ("requirements.txt", "pyproject.toml", "tests/requirements.txt", "report/cluster/requirements.txt")


@dataclass(frozen=True)
class EngineChanges:
    """What an update does: paths of files that it replaces, adds and deletes, and of those that were edited."""

    replaced: list[str]
    added: list[str]
    deleted: list[str]
    edited: list[str]

    @property
    def all(self) -> list[str]:
        """Return the paths of all files that the update changes."""
        return [*self.replaced, *self.added, *self.deleted]


def compare(recorded: Mapping[str, str], present: Mapping[str, str], new: Mapping[str, str]) -> EngineChanges:
    """Return what turns the `present` files into the `new` ones, all as hashes by path; "" is no file at all.

    A file counts as edited if it is neither what was `recorded` nor what it is to be.

    >>> compare({"a": "1", "b": "1", "c": "1"}, {"a": "1", "b": "9", "c": "1"}, {"a": "2", "b": "2", "d": "2"})
    EngineChanges(replaced=['a'], added=['d'], deleted=['c'], edited=['b'])
    """
    names = sorted(recorded.keys() | new.keys())
    due = [name for name in names if present.get(name, "") != new.get(name, "")]
    edited = [name for name in due if present.get(name, "") not in ("", recorded.get(name, ""))]
    open_names = [name for name in due if name not in edited]
    return EngineChanges(
        replaced=[name for name in open_names if name in new and present.get(name)],
        added=[name for name in open_names if name in new and not present.get(name)],
        deleted=[name for name in open_names if name not in new],
        edited=edited,
    )


def update(folders: Folders, target: Path, keep_edited: bool = False) -> str:
    """Replace the engine's files in a repository by this one's, and return what changed and what to run next.

    Raises WrongInput, before anything changes, if it is no such repository, or files of the engine were edited there
    and are not to be kept.
    """
    if target.resolve() == folders.root.resolve():
        raise WrongInput(f"{target}: is this repository itself; call update in a newer copy of the engine")
    record = read_record(target)
    engine = engine_files(folders.root, record.naming)
    with locked(Folders(target.resolve()), print):
        new = {name: digest(content) for name, (content, _) in engine.items()}
        changes = compare(record.files, _present(target, {*record.files, *new}), new)
        if changes.edited and not keep_edited:
            raise WrongInput.listing(
                f"{target}: edited there, and newer here",
                changes.edited,
                f"nothing has changed; take your edits back, move them to notebooks/{record.naming.subject}/, or call "
                "update with --keep-edited, which leaves these files as they are",
            )
        _write(target, engine, changes)
        kept = {name: record.files.get(name, "") for name in changes.edited}
        listed = {name: sha256 for name, sha256 in {**new, **kept}.items() if sha256}
        write_whole(target / RECORD, Record(record.naming, listed).as_bytes())
    return _describe(target, changes)


def _present(folder: Path, names: set[str]) -> dict[str, str]:
    """Return the hash of each file that there is. Raises WrongInput for a link, a folder, or what is behind a link."""
    hashes = {}
    for name in sorted(names):
        path = folder / name
        if path.resolve() != folder.resolve() / name or (path.exists() and not path.is_file()):
            raise WrongInput(f"{path}: is no file of its own, or behind a link; put a plain file or nothing there")
        if path.exists():
            hashes[name] = digest(path.read_bytes())
    return hashes


def _write(folder: Path, engine: Mapping[str, tuple[bytes, bool]], changes: EngineChanges) -> None:
    for name in (*changes.replaced, *changes.added):
        content, executable = engine[name]
        write_whole(folder / name, content)
        (folder / name).chmod(0o755 if executable else 0o644)
    for name in changes.deleted:
        path = folder / name
        path.unlink()
        with suppress(OSError):
            path.parent.rmdir()


def _describe(target: Path, changes: EngineChanges) -> str:
    kept = [f"  left as edited: {name}" for name in changes.edited]
    if not changes.all:
        return "\n".join([f"{target}: has this engine already; nothing changed", *kept])
    parts = {"replaced": changes.replaced, "added": changes.added, "deleted": changes.deleted}
    counts = ", ".join(f"{len(names)} {what}" for what, names in parts.items() if names)
    listed = [f"  {what}: {name}" for what, names in parts.items() for name in names]
    more = [f"  and {len(listed) - _LISTED} more; git diff --stat lists them"] if len(listed) > _LISTED else []
    setup = ["  packages have changed: the next make sets up .venv again"] if {*_LOCKS} & {*changes.all} else []
    return "\n".join(
        [
            f"{target}: {count_noun(len(changes.all), 'file')} of the engine and the program: {counts}",
            *listed[:_LISTED],
            *more,
            *kept,
            *setup,
            f"next: cd {target}, then make check, make report and make test; commit what has changed",
        ]
    )
