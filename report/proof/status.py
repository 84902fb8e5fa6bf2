"""Whether the published report is up to date, without running anything: what is stale, why, and which command fixes it.

Everything is compared with manifest.json: inputs, packages and environment as they were when the report was built,
outputs as they were written. Whether the same inputs really give those outputs is what `verify` proves.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from claims.tables.messages import count_noun

from report import digests, publish
from report.folders import Folders
from report.proof import manifest
from report.runs import inputs, selection
from report.runs.selection import Notebook
from report.stops import WrongInput

__all__ = ["BUILD", "Reason", "Status", "changed_inputs", "check_status", "group_reasons"]

BUILD = "make report"
FIXES = {"packages": "make clean && make report"}  # of kinds of reasons that a build does not fix
REPORT = "the report"
NOTES = {  # on inputs that no notebook reads, by kind
    "code": "; no notebook imports this code yet",
    "program": "",
    "data": "",
    "lock": "; make report installs what it lists",
}


@dataclass(frozen=True)
class Reason:
    """Why something published is stale: what, the kind of reason, a message, and the files that differ."""

    what: str
    kind: str
    message: str
    files: tuple[str, ...] = ()

    @property
    def fixed_by(self) -> str:
        """Return the command that fixes it."""
        return FIXES.get(self.kind, BUILD)

    def __str__(self) -> str:
        """Return one line."""
        return f"{self.what}: {self.message} ({self.kind})"


@dataclass(frozen=True)
class Status:
    """What is stale, and how many inputs, outputs and packages were compared."""

    reasons: tuple[Reason, ...]
    inputs: int
    outputs: int
    packages: int
    counts: Mapping[str, int]

    @property
    def current(self) -> bool:
        """Return whether nothing is stale."""
        return not self.reasons

    @property
    def fix(self) -> str:
        """Return the command that fixes everything, "" if nothing is stale."""
        return max((reason.fixed_by for reason in self.reasons), key=len, default="")

    def __str__(self) -> str:
        """Return all of it, a line each."""
        compared = f"{self.inputs} inputs, {self.outputs} published files and {self.packages} packages compared"
        if self.current:
            return f"up to date: {compared} with report/published/{manifest.FILE}; make verify proves it"
        reasons = group_reasons(self.reasons)
        headline = f"stale: {count_noun(len(reasons), 'reason')} ({compared})"
        return "\n".join([headline, *(f"  {reason}" for reason in reasons), f"fix: {self.fix}"])


def changed_inputs(folders: Folders) -> str:
    """Return the files that differ from those the published report was built from, in words; "" if none does."""
    published = manifest.read_manifest(folders)
    changed = digests.changed_names(published["inputs"], inputs.hash_inputs(folders)) if published else []
    return _list_names(changed)


def group_reasons(reasons: Iterable[Reason]) -> list[Reason]:
    """Return the reasons, with one in place of several that differ only in what is stale."""
    groups: dict[tuple, list[str]] = {}
    for reason in reasons:
        groups.setdefault((reason.kind, reason.message, reason.files), []).append(reason.what)
    return [Reason(", ".join(what), *key) for key, what in groups.items()]


def check_status(folders: Folders) -> Status:
    """Return what of the published report is stale. Raises WrongInput if there are no notebooks."""
    notebooks = selection.read_all(folders.notebooks)
    published, files = manifest.read_manifest(folders), inputs.hash_inputs(folders)
    environment: Mapping[str, Any] = inputs.environment(folders)
    packages = len(environment["packages"])
    if published is None:
        message = f"report/published/{manifest.FILE} is missing or cannot be read"
        reasons = (*_check_publishing(folders), Reason(REPORT, "never run", message))
        return Status(reasons, len(files), 0, packages, {})
    changed, written = digests.changed_names(published["inputs"], files), manifest.hash_outputs(folders)
    reasons = (
        *_check_publishing(folders),
        *_check_notebooks(notebooks, published, changed),
        *_check_other_inputs(published, changed),
        *_check_environment(published["environment"], environment),
        *_check_outputs(published["outputs"], written),
    )
    return Status(reasons, len(files), len(written), packages, published["counts"])


def _check_publishing(folders: Folders) -> Iterator[Reason]:
    if publish.is_half_published(folders):
        message = "a build stopped while it put its files in place, so files of two builds are mixed"
        yield Reason(REPORT, "half published", f"{message}; the next build finishes it")


def _check_notebooks(notebooks: Iterable[Notebook], published: Mapping, changed: Sequence[str]) -> Iterator[Reason]:
    runs = {run["name"]: run for run in published["notebooks"]}
    stale: list[str] = []
    for notebook in sorted(notebooks, key=lambda notebook: notebook.reads_findings):
        reasons = list(_check_notebook(notebook, runs.pop(notebook.name, None), changed))
        runs_again = any(reason.kind != "text" for reason in reasons)
        if stale and notebook.reads_findings and not runs_again:
            message = f"it reads the findings of {', '.join(stale)}, which may have changed"
            reasons.append(Reason(notebook.name, "data", message))
        elif runs_again:
            stale.append(notebook.name)
        yield from reasons
    for name in sorted(runs):
        yield Reason(name, "code", f"notebooks/{name}.ipynb no longer exists", (f"notebooks/{name}.ipynb",))


def _check_notebook(notebook: Notebook, before: Mapping | None, changed: Sequence[str]) -> Iterator[Reason]:
    """Yield why a new run of the notebook would differ from the published one, or why only its text would."""
    name, file = notebook.name, f"notebooks/{notebook.path.name}"
    if before is None:
        yield Reason(name, "never run", "it has not been run for the published report", (file,))
        return
    now = manifest.notebook_entry(notebook, _read_defaults(notebook), ())
    runs_again = now["run"] != before["run"]
    defaults = _differing(before["parameters"], notebook.defaults, "no longer exists")
    if now["code"] != before["code"] or (runs_again and not defaults):
        yield Reason(name, "code", f"the code in {file} has changed", (file,))
    if defaults:
        yield Reason(name, "parameters", f"its defaults have changed: {', '.join(defaults)}", (file,))
    if file in changed and not runs_again:
        yield Reason(name, "text", f"the text in {file} has changed; the notebook need not run again", (file,))
    reads = sorted({*before["reads"]} & {*changed})
    if modules := tuple(read for read in reads if read.endswith(".py")):
        yield Reason(name, "code", _have_changed(modules), modules)
    if data := tuple(read for read in reads if read not in modules):
        yield Reason(name, "data", _have_changed(data), data)


def _read_defaults(notebook: Notebook) -> dict[str, object]:
    try:
        return notebook.defaults
    except ValueError as error:
        raise WrongInput(f"notebooks/{notebook.path.name}: {error}") from None


def _differing(before: Mapping, now: Mapping, absent: str) -> list[str]:
    """Return the values that differ, in words; `absent` is the predicate of names that `now` does not have.

    >>> _differing({"pace": 1.0, "wide": True}, {"pace": 2.0, "narrow": True}, "no longer exists")
    ['narrow is new', 'pace 1.0 → 2.0', 'wide no longer exists']
    """
    words = []
    for name in sorted(before.keys() | now.keys()):
        if name not in now:
            words.append(f"{name} {absent}")
        elif name not in before:
            words.append(f"{name} is new")
        elif json.dumps(before[name]) != json.dumps(now[name]):  # in which 1 and 1.0 differ
            words.append(f"{name} {before[name]} → {now[name]}")
    return words


def _check_other_inputs(published: Mapping, changed: Iterable[str]) -> Iterator[Reason]:
    """Yield what has changed of the inputs that no notebook reads."""
    read = {name for run in published["notebooks"] for name in run["reads"]}
    unread = [name for name in changed if name not in read and not name.endswith(".ipynb")]
    for kind, note in NOTES.items():
        if files := tuple(name for name in unread if _input_kind(name) == kind):
            yield Reason(REPORT, kind, _have_changed(files) + note, files)


def _input_kind(file: str) -> str:
    if file == "requirements.txt":
        return "lock"
    if file.startswith("report/"):
        return "program"
    return "code" if file.endswith(".py") else "data"


def _check_environment(before: Mapping, now: Mapping) -> Iterator[Reason]:
    if packages := _differing(before["packages"], now["packages"], "is not installed"):
        message = f"packages differ from those the report was built with: {_list_names(packages)}"
        yield Reason(REPORT, "packages", message)
    for key, what in (("python", "Python"), ("platform", "platform")):
        if before[key] != now[key]:
            yield Reason(REPORT, "environment", f"{what} is {now[key]}, was {before[key]}")


def _check_outputs(before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[Reason]:
    for name in sorted(before.keys() | now.keys()):
        if name not in now:
            yield Reason(name, "missing output", "the file is missing", (name,))
        elif name not in before:
            yield Reason(name, "foreign output", "no build wrote this file; the next build removes it", (name,))
        elif before[name] != now[name]:
            message = "the file differs from what was built; the next build replaces it"
            yield Reason(name, "hand-edited output", message, (name,))


def _have_changed(files: Sequence[str]) -> str:
    """Return that files have changed.

    >>> _have_changed(["data/claims.csv"]), _have_changed(["a", "b"])
    ('data/claims.csv has changed', 'a, b have changed')
    """
    return f"{_list_names(files)} {'has' if len(files) == 1 else 'have'} changed"


def _list_names(names: Sequence[str]) -> str:
    """Return names with commas, the first four of many.

    >>> _list_names(["a", "b"]), _list_names("abcdef")
    ('a, b', 'a, b, c, d and 2 more')
    """
    text = ", ".join(names[:4])
    return text if len(names) <= 4 else f"{text} and {len(names) - 4} more"
