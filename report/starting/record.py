"""`.report-engine.json`: which files of a repository are the engine's, each with the hash of what was written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath

from claims.tables.files import read_regular

from report.starting.naming import Naming
from report.stops import WrongInput

__all__ = ["RECORD", "Record", "read_record"]

RECORD = ".report-engine.json"


@dataclass(frozen=True)
class Record:
    """What `new` or the last `update` wrote: the names of the report, and hashes of the engine's files by path."""

    naming: Naming
    files: Mapping[str, str] = field(repr=False)

    def as_bytes(self) -> bytes:
        """Return the content of the file."""
        note = "written by python -m report new and update, which replace the files listed here unless they are edited"
        content = {"note": note, **asdict(self.naming), "files": dict(sorted(self.files.items()))}
        return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def read_record(folder: Path) -> Record:
    """Return the record of a repository. Raises WrongInput if there is none, or it cannot be trusted."""
    path = folder / RECORD
    try:
        content = json.loads(read_regular(path))
        naming = Naming(*(_text(content[name]) for name in ("title", "subject", "day")))
        files = {_inside(name): _text(sha256) for name, sha256 in content["files"].items()}
    except FileNotFoundError:
        raise WrongInput(
            f"{path}: is missing, so {folder} is no repository that python -m report new has written; name one that is"
        ) from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise WrongInput(f"{path}: cannot be read ({error}); take it back with git checkout {RECORD}") from None
    return Record(naming, files)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is no text")
    return value


def _inside(name: str) -> str:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or not path.parts:
        raise ValueError(f"{name!r} lies outside the folder")
    return name
