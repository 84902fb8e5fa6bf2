"""Whether what is published is still true, told without running anything: what is stale, why, and what mends it.

Everything is compared with manifest.json: inputs, packages and environment as they were when the report was built,
outputs as they were written. Whether the same inputs really give those outputs is what `verify` proves.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from report import digests
from report.folders import Folders
from report.proof import manifest
from report.runs import inputs, selection
from report.runs.selection import Notebook
from report.stops import WrongInput

BUILD = "make report"
KINDS = {
    "never run": BUILD,
    "code": BUILD,
    "parameters": BUILD,
    "data": BUILD,
    "text": BUILD,
    "program": BUILD,
    "lock": BUILD,
    "packages": "make clean && make report",
    "environment": BUILD,
    "missing output": BUILD,
    "hand-edited output": BUILD,
    "foreign output": BUILD,
    "not reproducible": BUILD,
}


@dataclass(frozen=True)
class Reason:
    """Why something published is stale: what, the kind of reason, in words, and the files that differ."""

    what: str
    kind: str
    told: str
    files: tuple[str, ...] = ()

    @property
    def mended_by(self) -> str:
        """Return the command that mends it."""
        return KINDS[self.kind]

    def __str__(self) -> str:
        """Return one line."""
        return f"{self.what}: {self.told} ({self.kind})"


@dataclass(frozen=True)
class Status:
    """What is stale, and how many inputs, outputs and packages were looked at."""

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
    def mended_by(self) -> str:
        """Return the command that mends all of it."""
        commands = {reason.mended_by for reason in self.reasons}
        return max(commands, key=len, default="")

    def __str__(self) -> str:
        """Return all of it, a line each."""
        looked = f"{self.inputs} inputs, {self.outputs} published files and {self.packages} packages compared"
        if self.current:
            return f"up to date: {looked} with report/published/{manifest.FILE}; make verify proves it"
        number = len(grouped(self.reasons))
        count = f"{number} reason{'s' * (number != 1)}"
        return "\n".join(
            [f"stale: {count} ({looked})", *(f"  {one}" for one in grouped(self.reasons)), f"mend: {self.mended_by}"]
        )


def check(folders: Folders) -> Status:
    """Return what of the published report is stale. Raises WrongInput if there are no notebooks to look at."""
    notebooks = selection.read_all(folders.notebooks)
    said, held = manifest.read(folders), inputs.inputs(folders)
    now = inputs.environment(folders)
    if said is None:
        missing = f"there is no report/published/{manifest.FILE} that can be read, so nothing is known of it"
        reasons = [Reason("the report", "never run", missing)]
        return Status(tuple(reasons), len(held), 0, len(now["packages"]), {})
    changed, written = digests.changed(said["inputs"], held), manifest.outputs(folders)
    reasons = [
        *_of_notebooks(notebooks, said, changed),
        *_of_the_rest(said, changed),
        *_of_environment(said["environment"], now),
        *_of_outputs(said["outputs"], written),
    ]
    return Status(tuple(reasons), len(held), len(written), len(now["packages"]), said["counts"])


def _of_notebooks(notebooks: Iterable[Notebook], said: Mapping, changed: Sequence[str]) -> Iterator[Reason]:
    known = {one["name"]: one for one in said["notebooks"]}
    stale: list[str] = []
    for notebook in sorted(notebooks, key=lambda notebook: notebook.reads_findings):
        before = known.pop(notebook.name, None)
        reasons = list(_of_notebook(notebook, before, changed))
        if stale and notebook.reads_findings and not any(reason.kind != "text" for reason in reasons):
            reasons.append(Reason(notebook.name, "data", f"it reads the findings of {', '.join(stale)}"))
        if any(reason.kind != "text" for reason in reasons):
            stale.append(notebook.name)
        yield from reasons
    for name in sorted(known):
        yield Reason(name, "code", f"notebooks/{name}.ipynb is gone", (f"notebooks/{name}.ipynb",))


def _of_notebook(notebook: Notebook, before: Mapping | None, changed: Sequence[str]) -> Iterator[Reason]:
    """Yield why a notebook's run is not the one that would come out now, or why only its text would."""
    name, file = notebook.name, f"notebooks/{notebook.path.name}"
    if before is None:
        yield Reason(name, "never run", "it has not been run for the published report", (file,))
        return
    code = digests.digest_of(inputs.code(notebook, but="parameters")) != before["code"]
    differing = _differing(before["parameters"], _defaults(notebook))
    run = manifest.of_notebook(notebook, {}, ())["run"] != before["run"]
    if code or (run and not differing):
        yield Reason(name, "code", f"the code in {file} is another", (file,))
    if differing:
        yield Reason(name, "parameters", f"its defaults are others: {', '.join(differing)}", (file,))
    if file in changed and not run:
        yield Reason(name, "text", f"the text in {file} is another; it is not run again", (file,))
    modules = sorted(one for one in before["reads"] if one in changed and one.endswith(".py"))
    data = sorted(one for one in before["reads"] if one in changed and not one.endswith(".py"))
    if modules:
        yield Reason(name, "code", f"{_changed(modules)}, imported there", tuple(modules))
    if data:
        yield Reason(name, "data", f"{_changed(data)}, read there", tuple(data))


def _defaults(notebook: Notebook) -> dict[str, object]:
    try:
        return notebook.defaults
    except ValueError as error:
        raise WrongInput(f"notebooks/{notebook.path.name}: {error}") from None


def _differing(before: Mapping, now: Mapping) -> list[str]:
    """Return the values that differ, in words.

    >>> _differing({"pace": 1.0, "wide": True}, {"pace": 2.0, "narrow": True})
    ['narrow is new', 'pace 1.0 → 2.0', 'wide is gone']
    """
    told = {name: f"{name} {before.get(name)} → {now.get(name)}" for name in before.keys() | now.keys()}
    told |= {name: f"{name} is new" for name in now.keys() - before.keys()}
    told |= {name: f"{name} is gone" for name in before.keys() - now.keys()}
    return [told[name] for name in sorted(told) if _written(before, name) != _written(now, name)]


def _written(values: Mapping, name: str) -> str:
    """Return a value as JSON has it, in which 1 and 1.0 are not the same, nothing if there is none."""
    return json.dumps(values[name]) if name in values else ""


def _of_the_rest(said: Mapping, changed: Iterable[str]) -> Iterator[Reason]:
    """Yield what has changed of the inputs that no notebook reads."""
    read = {name for one in said["notebooks"] for name in one["reads"]}
    left = [name for name in changed if name not in read and not name.endswith(".ipynb")]
    program = [name for name in left if name.startswith("report/")]
    lock = [name for name in left if name == "requirements.txt"]
    modules = [name for name in left if name.endswith(".py") and name not in program]
    rest = [name for name in left if name not in program + lock + modules]
    if modules:
        yield Reason("the report", "code", f"{_changed(modules)}, imported by no notebook yet", tuple(modules))
    if program:
        yield Reason("the report", "program", f"{_changed(program)}, part of what makes it", tuple(program))
    if rest:
        yield Reason("the report", "data", _changed(rest), tuple(rest))
    if lock:
        yield Reason("the report", "lock", "requirements.txt names other versions", tuple(lock))


def _of_environment(before: Mapping, now: Mapping) -> Iterator[Reason]:
    packages = _differing(before["packages"], now["packages"])
    if packages:
        yield Reason("the report", "packages", f"installed are others: {_listed(packages)}")
    for key, what in (("python", "Python"), ("platform", "platform")):
        if before[key] != now[key]:
            yield Reason("the report", "environment", f"{what} is {now[key]}, was {before[key]}")


def _of_outputs(before: Mapping[str, str], now: Mapping[str, str]) -> Iterator[Reason]:
    for name in sorted(before.keys() | now.keys()):
        if name not in now:
            yield Reason(name, "missing output", "it is not there", (name,))
        elif name not in before:
            yield Reason(name, "foreign output", "no build has written it; the next one removes it", (name,))
        elif before[name] != now[name]:
            yield Reason(name, "hand-edited output", "it is not as it was built; the next build replaces it", (name,))


def _changed(names: Iterable[str]) -> str:
    """Return that files have changed.

    >>> _changed(["data/claims.csv"])
    'another data/claims.csv'
    """
    return f"another {_listed(names)}"


def grouped(reasons: Iterable[Reason]) -> list[Reason]:
    """Return the reasons, those that are the same for several things as one of all of them."""
    whats: dict[tuple, list[str]] = {}
    for reason in reasons:
        whats.setdefault((reason.kind, reason.told, reason.files), []).append(reason.what)
    return [Reason(", ".join(what), *key) for key, what in whats.items()]


def _listed(names: Iterable[str], most: int = 4) -> str:
    """Return names in a row, the first of many.

    >>> _listed(["a", "b"]), _listed("abcdef")
    ('a, b', 'a, b, c, d and 2 more')
    """
    every = list(names)
    told = ", ".join(every[:most])
    return told if len(every) <= most else f"{told} and {len(every) - most} more"
