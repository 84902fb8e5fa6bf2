"""The files that a new repository takes from this one, and the few words that are replaced in them.

They are those that `python -m report update` replaces later. Nothing of this repository's own subject is among them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from report.starting.naming import Naming, fill_in
from report.stops import WrongInput

__all__ = ["SUBSTITUTIONS", "engine_files", "list_engine_files"]

_TOP = (
    ".editorconfig", ".gitattributes", ".gitignore", ".pre-commit-config.yaml", ".python-version", "LICENSE",
    "LICENSE-text-and-data", "Makefile", "SECURITY.md", "pyproject.toml", "requirements.txt",
)  # fmt: skip
_FOLDERS = (".ci", ".github", ".make", "notebooks/claims", "report")
_LEFT_OUT = {"__pycache__", ".ipynb_checkpoints", "build", "published"}
_TESTS = Path(__file__).parent / "templates" / "data" / "tests.txt"

_CLEAN_EXAMPLE = "make clean-example  remove the example: its texts, its rows in data/ and its report"

# By file: what is found there (a regular expression over the whole text) and what replaces it. In a repository that
# `new` has written, a pattern may be gone already.
SUBSTITUTIONS: dict[str, tuple[tuple[str, str], ...]] = {
    "LICENSE": ((r"The authors of “.*”", "The authors of “{{title}}”"),),
    "pyproject.toml": (
        (r'(?<=\[project\]\n)name = ".*"', 'name = "{{project}}"'),
        (r'^description = ".*"', "description = {{title_quoted}}"),
        (r'"notebooks/claims", "notebooks/\w+"', '"notebooks/claims", "notebooks/{{subject}}"'),
    ),
    "Makefile": (
        (r"torture bench", "clean-example"),
        (r"^[ \t]*'make torture .*\n", ""),
        (r"^[ \t]*'make bench .*\n", f"\t  {_CLEAN_EXAMPLE!r} \\\n"),
        (r"^torture: .*\n\t.*\n\n", ""),
        (r"^bench: setup\n\t.*", "clean-example: setup\n\t@$(python) -m report new --remove-example"),
    ),
    ".ci/run": (
        (r'^step "is the report short.*\n.*\n\n', ""),
        (r"\$\{SOURCES:-\.\./shared/sources\}", "${SOURCES:-}"),
    ),
    **dict.fromkeys(
        ("requirements.txt", "report/cluster/requirements.txt", "tests/requirements.txt"),
        ((r"(?:(?<=# via )|(?<=#   ))[\w-]+(?= \(pyproject)", "{{project}}"),),
    ),
}  # fmt: skip


def engine_files(root: Path, naming: Naming) -> dict[str, tuple[bytes, bool]]:
    """Return content and whether it is executable of each file that a report takes from `root`, by its path."""
    return {
        name: (_rendered(root / name, name, naming), bool((root / name).stat().st_mode & 0o100))
        for name in list_engine_files(root)
    }


def list_engine_files(root: Path) -> list[str]:
    """Return the paths of the engine's files from `root`. Raises WrongInput, listing them, if some are missing."""
    found = {name for folder in _FOLDERS for name in _files_in(root, folder)}
    named = {*_TOP, *_TESTS.read_text(encoding="utf-8").split()}
    if missing := sorted(name for name in named if not (root / name).is_file()):
        raise WrongInput.listing(f"{root}: files of the engine are missing", missing, "git checkout brings them back")
    return sorted(found | named)


def _files_in(root: Path, folder: str) -> Iterator[str]:
    """Yield the files below a folder, without what runs, builds and editors leave there."""
    for path in (root / folder).rglob("*"):
        name = path.relative_to(root)
        if path.is_file() and not (_LEFT_OUT & {*name.parts} or name.name.endswith(("~", ".pyc", ".swp"))):
            yield name.as_posix()


def _rendered(path: Path, name: str, naming: Naming) -> bytes:
    content = path.read_bytes()
    for pattern, template in SUBSTITUTIONS.get(name, ()):
        replacement = fill_in(template, naming).replace("\\", r"\\")  # as it is, not as a template of `re`
        content = re.sub(pattern, replacement, content.decode(), flags=re.M).encode()
    return content
