"""Whether what is published is what data and code give: everything is run again in a clean place and compared.

The place is a new folder that holds the inputs and nothing else: no kept run, no earlier report. Nothing published is
touched.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from report import digests, publish
from report.folders import Folders
from report.proof import differences, manifest, status
from report.proof.differences import Difference
from report.runs import inputs
from report.stops import Stop

IDENTICAL, DIFFERENT, NOT_RUN, SAME_VALUES = 0, 1, 2, 4
WORDS = {
    IDENTICAL: "identical",
    DIFFERENT: "different",
    NOT_RUN: "could not run",
    SAME_VALUES: "same values, other bytes",
}
ELSEWHERE = ("packages", "environment")  # what may change bytes and leave values as they are


@dataclass(frozen=True)
class Compared:
    """What was compared: hashes of the published and the rebuilt files by name, cells and values in them."""

    published: Mapping[str, str]
    rebuilt: Mapping[str, str]
    cells: int = 0
    values: int = 0

    @property
    def files(self) -> list[str]:
        """Return the names of all files, published or rebuilt."""
        return sorted(self.published.keys() | self.rebuilt.keys())


@dataclass(frozen=True)
class Result:
    """What came of it: an exit code, the differences with the most telling first, causes, what else is to be said."""

    code: int
    compared: Compared
    differences: tuple[Difference, ...] = ()
    causes: tuple[status.Reason, ...] = ()
    told: str = ""
    mend: str = ""

    def __str__(self) -> str:
        """Return all of it, a line each."""
        files = self.compared.files
        counts = f"{len(files)} files, {self.compared.cells:,} cells and {self.compared.values:,} values compared"
        lines = [WORDS[self.code] if self.code == NOT_RUN else f"{WORDS[self.code]}: {counts}"]
        if self.differences:
            lines[0] += f", {len(self.differences)} of the files differ{'s' * (len(self.differences) == 1)}"
            lines.append(f"  first: {self.differences[0]}")
            also = [one.file for one in self.differences[1:]]
            lines += [f"  also: {', '.join(also[:8])}{f' and {len(also) - 8} more' * (len(also) > 8)}"] if also else []
        lines += [f"  {'note' if self.code == IDENTICAL else 'cause'}: {one}" for one in status.grouped(self.causes)]
        lines += [f"  {line}" for line in self.told.splitlines()]
        lines += [f"  mend: {self.mend}"] if self.mend else []
        return "\n".join(lines)

    def as_json(self) -> str:
        """Return all of it for a program."""
        said = {
            "result": WORDS[self.code],
            "exit_code": self.code,
            "compared": {
                "files": len(self.compared.files),
                "cells": self.compared.cells,
                "values": self.compared.values,
            },
            "differences": [vars(one) for one in self.differences],
            "causes": [{**vars(cause), "mended_by": cause.mended_by} for cause in self.causes],
            "told": self.told,
            "mend": self.mend,
        }
        return json.dumps(said, ensure_ascii=False, indent=1)

    def as_page(self) -> str:
        """Return all of it as an HTML page, with the hash of every file."""
        import jinja2

        folder = Path(__file__).parent / "templates"
        environment = jinja2.Environment(loader=jinja2.FileSystemLoader(folder), autoescape=True, trim_blocks=True)
        where = {one.file: str(one).removeprefix(one.file).lstrip(":, ") for one in self.differences}
        return environment.get_template("verify.html.j2").render(result=self, word=WORDS[self.code], where=where)


def verify(folders: Folders, workers: int = 2, engine: str | None = None, quiet: bool = True) -> Result:
    """Return whether a build in a clean place gives what is published."""
    from report.command import build

    found, place = status.Status((), 0, 0, 0, {}), ""
    try:
        published, found = _published(folders), status.check(folders)
        with TemporaryDirectory(prefix="ledger-verify-") as place:
            clean = Folders(inputs.copied(folders, Path(place)))
            request = build.Request(workers=workers, engine=engine, quiet=quiet, fresh=True)
            rebuilt, objections = build.rebuild(request, clean)
    except (Stop, OSError) as stop:
        return Result(
            NOT_RUN, Compared({}, {}), (), found.reasons, _as_here(str(stop), place), "mend what is said above"
        )
    return compare(published, rebuilt, found, "\n".join(map(str, objections)))


def _as_here(told: str, place: str) -> str:
    """Return a message about a file in the clean place as one about the file it was copied from.

    >>> _as_here("/tmp/x/data/claims.csv: 1 problem", "/tmp/x")
    'data/claims.csv: 1 problem'
    """
    return told.replace(f"{place}/", "") if place else told


def _published(folders: Folders) -> dict[str, bytes]:
    with publish.locked(folders, lambda _: None):
        publish.recover(folders)
        names = [*manifest.outputs(folders), folders.shown(folders.published / manifest.FILE)]
        return {name: (folders.root / name).read_bytes() for name in names if (folders.root / name).exists()}


def compare(
    published: Mapping[str, bytes], rebuilt: Mapping[str, bytes], found: status.Status, told: str = ""
) -> Result:
    """Return what the comparison of two sets of files comes to; `told` is what keeps the rebuilt from publication."""
    differing = [
        differences.first(name, published.get(name), rebuilt.get(name)) for name in _in_order(published, rebuilt)
    ]
    differing = [one for one in differing if one]
    compared = Compared(
        {name: digests.digest(data) for name, data in published.items()},
        {name: digests.digest(data) for name, data in rebuilt.items()},
        sum(differences.cells(name, data) for name, data in rebuilt.items()),
        sum(differences.numbers(name, data) for name, data in rebuilt.items()),
    )
    elsewhere = [reason for reason in found.reasons if reason.kind in ELSEWHERE]
    artefacts = [one for one in differing if not one.file.endswith(manifest.FILE)]
    if not (elsewhere and _alike_but_for_versions(published, rebuilt, bool(artefacts))):
        artefacts = differing
    if not artefacts and not told:
        return Result(IDENTICAL, compared, (), tuple(elsewhere))
    ours = [reason for reason in found.reasons if reason.kind not in ELSEWHERE]
    if elsewhere and not ours and not told and not any(one.of_values for one in artefacts):
        return Result(SAME_VALUES, compared, tuple(artefacts), tuple(elsewhere))
    causes = found.reasons or _of_nothing(artefacts)
    mend = max({reason.mended_by for reason in causes}, key=len, default=status.BUILD)
    return Result(DIFFERENT, compared, tuple(artefacts), tuple(causes), told, mend)


def _alike_but_for_versions(published: Mapping[str, bytes], rebuilt: Mapping[str, bytes], others: bool) -> bool:
    """Return whether two manifests say the same but for versions, and if there are `others` for hashes of outputs."""
    name = next((name for name in rebuilt if name.endswith(manifest.FILE)), "")
    left_out = {"environment", *(["outputs"] if others else [])}
    try:
        said = [json.loads(files[name]) for files in (published, rebuilt)]
        one, other = ({key: value for key, value in each.items() if key not in left_out} for each in said)
    except (KeyError, ValueError, AttributeError):
        return False
    return one == other


def _in_order(published: Iterable[str], rebuilt: Iterable[str]) -> list[str]:
    """Return all names, those first in which a difference tells most: numbers, then notebooks, pages, pictures."""
    order = ("findings.csv", "sweep.csv", ".csv", "findings.json", ".ipynb", ".html", ".pdf", ".svg", ".png", ".json")

    def rank(name: str) -> tuple[int, str]:
        return next((place for place, end in enumerate(order) if name.endswith(end)), len(order)), name

    return sorted({*published, *rebuilt}, key=rank)


def _of_nothing(differing: Iterable[Difference]) -> tuple[status.Reason, ...]:
    """Return the cause where nothing that the report is made from has changed."""
    names = [one.file for one in differing]
    if not names:
        return ()
    said = "nothing it is made from has changed; if it differs again, a cell shows chance, a time or the machine"
    return (status.Reason(names[0], "not reproducible", said, (names[0],)),)
