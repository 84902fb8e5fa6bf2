"""`python -m report new`: write a repository for another subject into a new or empty folder."""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path

from claims.tables.messages import count_noun

from report.digests import digest
from report.folders import Folders
from report.starting.engine_files import engine_files
from report.starting.example import TEXTS, example_files, readme_without_example, with_example
from report.starting.first_files import first_files
from report.starting.naming import Naming, check_title, name_subject
from report.starting.record import RECORD, Record
from report.starting.texts import RegisteredText, next_steps, read_texts, register
from report.stops import WrongInput

__all__ = ["check_target", "create", "write_files"]


def create(folders: Folders, target: Path, title: str, texts: Sequence[Path] = (), day: date | None = None) -> str:
    """Write a repository on another subject into `target`, and return what it has and what to do next.

    With `texts` these are registered in its ledger; without, it has the example. Raises WrongInput, before anything is
    written, if the folder is not new or empty, or a text or the title cannot be used.
    """
    title = check_title(title)
    naming = Naming(title, name_subject(title), (day or date.today()).isoformat())
    real, registered = check_target(folders, target), read_texts(texts)
    engine = engine_files(folders.root, naming)
    first = _with_texts(first_files(folders, naming), registered)
    record = Record(naming, {name: digest(content) for name, (content, _) in engine.items()})
    own = {name: (content, False) for name, content in {**first, RECORD: record.as_bytes()}.items()}
    write_files(real, engine | own)
    return _describe(target, naming, len(engine), registered)


def _with_texts(first: dict[str, bytes], texts: Sequence[RegisteredText]) -> dict[str, bytes]:
    if texts:
        readme = readme_without_example(first["README.md"].decode()).encode()
        return first | {"data/sources.csv": register(first["data/sources.csv"], texts), "README.md": readme}
    tables = {name: content for name, content in first.items() if name.endswith(".csv")}
    return first | with_example(tables) | example_files()


def check_target(folders: Folders, target: Path) -> Path:
    """Return the folder to write into, with links resolved. Raises WrongInput unless it is new or empty."""
    try:
        real = target.resolve()
        root = folders.root.resolve()
        if real.is_relative_to(root) or root.is_relative_to(real):
            raise WrongInput(f"{target}: is this repository, or in it or around it; name a folder beside it")
        if real.is_dir() and any(real.iterdir()):
            raise WrongInput(f"{target}: has files already, and nothing is overwritten; name a new or an empty folder")
        if real.exists() and not real.is_dir():
            raise WrongInput(f"{target}: is a file; name a new or an empty folder")
        nearest = next(folder for folder in (real, *real.parents) if folder.is_dir())
    except (OSError, RuntimeError) as error:  # RuntimeError: links in a circle, in earlier versions of Python
        raise _unwritable(target, error) from None
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise _unwritable(target, PermissionError(errno.EACCES, os.strerror(errno.EACCES)))
    return real


def _unwritable(target: Path, error: Exception) -> WrongInput:
    reason = getattr(error, "strerror", None) or error
    return WrongInput(f"{str(target)[:200]}: cannot be written to ({reason}); name another folder")


def write_files(folder: Path, files: Mapping[str, tuple[bytes, bool]]) -> None:
    """Write files with their content and whether it is executable; if one cannot be written, none is left.

    Raises OSError, also for a file that is there by now.
    """
    written: list[Path] = []
    try:
        for name, (content, executable) in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as file:
                written.append(path)
                file.write(content)
            path.chmod(0o755 if executable else 0o644)
    except BaseException:
        for path in reversed(written):
            path.unlink(missing_ok=True)
        for part in sorted({parent for path in written for parent in path.parents}, reverse=True):
            if part.is_relative_to(folder):
                with suppress(OSError):
                    part.rmdir()
        raise


def _describe(target: Path, naming: Naming, engine: int, texts: Sequence[RegisteredText]) -> str:
    lines = [
        f"{target}: a report on “{naming.title}”, with {count_noun(engine, 'file')} of the engine and the program",
        f"its subject is the package notebooks/{naming.subject}/; {RECORD} remembers what an update may replace",
        "next:",
        f"  cd {target}",
        "  git init && git add . && git commit -m 'Start the report'",
    ]
    if texts:
        return "\n".join([*lines, *next_steps(texts)])
    steps = (
        "make report                                   the report on the example, three invented texts in " + TEXTS,
        "make test                                     the tests",
        "make clean-example                            once you have seen it: an empty ledger for your own texts",
    )
    return "\n".join([*lines, *(f"  {step}" for step in steps)])
