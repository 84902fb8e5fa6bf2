"""Whether data and code give what is published: everything runs again in a clean place and is compared.

The place is a new folder that holds the inputs and nothing else: no cached run, no earlier report. Nothing published is
touched. How the report is built is an argument, so that the command depends on this module and not the other way round.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from report import digests, publish
from report.folders import Folders
from report.proof import answers, changed_findings, codecheck, manifest, status, targets
from report.proof.changed_findings import FindingChanges
from report.proof.codecheck import ReviewItem
from report.proof.differences import FileDifference, count_cells, count_values, first_difference
from report.proof.status import Reason, Status
from report.runs import inputs
from report.stops import Stop

__all__ = [
    "DIFFERENT",
    "IDENTICAL",
    "NOT_RUN",
    "SAME_VALUES",
    "Compared",
    "Verification",
    "compare",
    "verify",
    "verify_and_review",
]

IDENTICAL, DIFFERENT, NOT_RUN, SAME_VALUES = 0, 1, 2, 4
WORDS = {
    IDENTICAL: "identical",
    DIFFERENT: "different",
    NOT_RUN: "could not run",
    SAME_VALUES: "same values, other bytes",
}
ELSEWHERE = ("packages", "environment")  # reasons that may change bytes and leave values as they are
# Differences in files of the first kinds are the most informative.
ORDER = (
    "findings.csv", "sweep.csv", ".csv", "findings.json", ".ipynb", ".html", ".md", ".pdf", ".svg", ".png", ".json",
)  # fmt: skip
LISTED = 8  # files that differ, beside the first

Files = Mapping[str, bytes]  # contents by name from the root
Rebuild = Callable[[Folders], tuple[Files, Sequence[Stop]]]  # files as they would be published, and what prevents it


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
class Verification:
    """The result: an exit code, the differences with the most informative first, causes, a message and a remedy."""

    code: int
    compared: Compared
    differences: tuple[FileDifference, ...] = ()
    causes: tuple[Reason, ...] = ()
    message: str = ""
    fix: str = ""
    findings: FindingChanges = field(default_factory=FindingChanges)
    review: tuple[ReviewItem, ...] = ()

    def __str__(self) -> str:
        """Return all of it, a line each."""
        lines = [WORDS[self.code]]
        if self.code != NOT_RUN:
            files, cells, values = len(self.compared.files), self.compared.cells, self.compared.values
            lines[0] += f": {files} files, {cells:,} cells and {values:,} values compared"
        if self.differences:
            lines[0] += f", {len(self.differences)} of the files differ{'s' * (len(self.differences) == 1)}"
            lines += [f"  {line}" for line in self.findings.lines()]
            lines.append(f"  first: {self.differences[0]}")
            others = [difference.file for difference in self.differences[1:]]
            more = f" and {len(others) - LISTED} more" if len(others) > LISTED else ""
            lines += [f"  also: {', '.join(others[:LISTED])}{more}"] if others else []
        label = "note" if self.code == IDENTICAL else "cause"
        lines += [f"  {label}: {cause}" for cause in status.group_reasons(self.causes)]
        lines += [f"  {line}" for line in self.message.splitlines()]
        lines += [f"  fix: {self.fix}"] if self.fix else []
        return "\n".join([*lines, *codecheck.review_lines(self.review)])

    def as_json(self) -> str:
        """Return all of it for a program."""
        compared = self.compared
        content = {
            "result": WORDS[self.code],
            "exit_code": self.code,
            "compared": {"files": len(compared.files), "cells": compared.cells, "values": compared.values},
            "findings": self.findings.as_json(),
            "differences": [vars(difference) for difference in self.differences],
            "causes": [{**vars(cause), "fixed_by": cause.fixed_by} for cause in self.causes],
            "message": self.message,
            "fix": self.fix,
            "review": [vars(item) for item in self.review],
        }
        return json.dumps(content, ensure_ascii=False, indent=1)

    def as_markdown(self) -> str:
        """Return all of it as Markdown, for a comment on a pull request."""
        compared = str(self).partition("\n")[0].partition(": ")[2]
        lines = [f"### The report, run again and compared with what is published: {WORDS[self.code]}", ""]
        lines += [answers.escape_markdown(compared), ""] if self.code != NOT_RUN else []
        lines += answers.changes_table(self.findings) if self.differences else []
        if self.differences:
            lines += ["", f"First difference: {answers.escape_markdown(str(self.differences[0]))}"]
        if self.message:
            lines += ["", *(answers.escape_markdown(line) + "  " for line in self.message.splitlines())]
        lines += ["", *answers.reason_list(self.causes, self.fix), *answers.review_table(self.review)]
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).rstrip() + "\n"

    def as_page(self) -> str:
        """Return all of it as an HTML page, with the hash of every file."""
        import jinja2

        folder = Path(__file__).parent / "templates"
        environment = jinja2.Environment(loader=jinja2.FileSystemLoader(folder), autoescape=True, trim_blocks=True)
        where = {each.file: str(each).removeprefix(each.file).lstrip(":, ") for each in self.differences}
        return environment.get_template("verify.html.j2").render(result=self, word=WORDS[self.code], where=where)


def verify(folders: Folders, rebuild: Rebuild, names: Collection[str] = ()) -> Verification:
    """Return whether `rebuild`, called with the folders of a clean place, gives what is published.

    With `names`, the answer is limited to these notebooks, their figures and findings; everything runs all the same.
    """
    stale, place = Status((), 0, 0, 0, {}), ""
    try:
        published, stale = _read_published(folders), status.check_status(folders)
        with TemporaryDirectory(prefix="ledger-verify-") as place:
            rebuilt, stops = rebuild(Folders(inputs.copy_inputs(folders, Path(place))))
    except (Stop, OSError) as error:
        message = str(error).replace(f"{place}/", "") if place else str(error)  # name the file that was copied
        return Verification(NOT_RUN, Compared({}, {}), (), stale.reasons, message, "fix the problems listed above")
    readme = changed_findings.readme_text(folders.root)
    return compare(published, rebuilt, stale, "\n".join(map(str, stops)), readme, names)


def verify_and_review(
    folders: Folders, rebuild: Rebuild, names: Collection[str] = (), workers: int = 2
) -> Verification:
    """Return what `verify` does, with what a reviewer looks for; the run time is that with so many workers."""
    started = time.monotonic()
    result = verify(folders, rebuild, names)
    seconds = None if result.code == NOT_RUN else time.monotonic() - started
    return replace(result, review=codecheck.review_repository(folders, seconds, workers))


def _read_published(folders: Folders) -> dict[str, bytes]:
    with publish.locked(folders, lambda _: None):
        publish.recover(folders)
        names = [*manifest.hash_outputs(folders), folders.shown(folders.published / manifest.FILE)]
        return {name: (folders.root / name).read_bytes() for name in names if (folders.root / name).exists()}


def compare(
    published: Files,
    rebuilt: Files,
    stale: Status,
    message: str = "",
    readme: Mapping[str, str] | None = None,
    names: Collection[str] = (),
) -> Verification:
    """Return the result of comparing two sets of files; `message` says what keeps `rebuilt` from being published."""
    changes = changed_findings.changes_of_files(published, rebuilt, readme or {})
    if names:
        changes, stale = changes.limit_to(names), targets.limit_status(stale, names, published)
        published, rebuilt = targets.limit_files(published, names), targets.limit_files(rebuilt, names)
    files = ((name, published.get(name), rebuilt.get(name)) for name in _order(published, rebuilt))
    differing = [difference for file in files if (difference := first_difference(*file))]
    compared = Compared(
        {name: digests.digest(data) for name, data in published.items()},
        {name: digests.digest(data) for name, data in rebuilt.items()},
        sum(count_cells(name, data) for name, data in rebuilt.items()),
        sum(count_values(name, data) for name, data in rebuilt.items()),
    )
    elsewhere = tuple(reason for reason in stale.reasons if reason.kind in ELSEWHERE)
    others = [difference for difference in differing if not difference.file.endswith(manifest.FILE)]
    if elsewhere and _manifests_agree(published, rebuilt, outputs=not others):
        differing = others
    if not differing and not message:
        return Verification(IDENTICAL, compared, (), elsewhere, findings=changes)
    values_differ = any(difference.of_values for difference in differing)
    if elsewhere and len(elsewhere) == len(stale.reasons) and not message and not values_differ:
        return Verification(SAME_VALUES, compared, tuple(differing), elsewhere, findings=changes)
    causes = stale.reasons or _unknown_cause(differing)
    fix = max((cause.fixed_by for cause in causes), key=len, default=status.BUILD)
    return Verification(DIFFERENT, compared, tuple(differing), causes, message, fix, changes)


def _manifests_agree(published: Files, rebuilt: Files, outputs: bool) -> bool:
    """Return whether two manifests differ in versions alone, or, without `outputs`, in hashes of outputs too."""
    name = next((name for name in rebuilt if name.endswith(manifest.FILE)), "")
    left_out = {"environment"} if outputs else {"environment", "outputs"}
    try:
        manifests = [json.loads(files[name]) for files in (published, rebuilt)]
        was, now = ({key: value for key, value in each.items() if key not in left_out} for each in manifests)
    except (KeyError, ValueError, AttributeError):
        return False
    return was == now


def _order(published: Iterable[str], rebuilt: Iterable[str]) -> list[str]:
    """Return all names, those first in which a difference is most informative: numbers, notebooks, pages, pictures."""

    def rank(name: str) -> tuple[int, str]:
        return next((place for place, end in enumerate(ORDER) if name.endswith(end)), len(ORDER)), name

    return sorted({*published, *rebuilt}, key=rank)


def _unknown_cause(differing: Sequence[FileDifference]) -> tuple[Reason, ...]:
    """Return the cause of a difference although no input has changed, nothing if nothing differs."""
    message = "no input has changed; if it differs again, a cell uses chance, the time or the machine"
    return tuple(Reason(each.file, "not reproducible", message, (each.file,)) for each in differing[:1])
