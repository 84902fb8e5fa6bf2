"""Which findings and verdicts would change if the report were built again, and how, the most important first.

What is published comes from `findings.json` and the executed notebooks; what data and code now give comes from runs,
which `verify` repeats and `status` looks up. The comparison is the same for both, and so is the answer.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from report.proof.differences import CLOSE
from report.proof.status import REPORT
from report.runs import extract
from report.stops import WrongInput

__all__ = [
    "LISTED",
    "FindingChange",
    "FindingChanges",
    "changes_of_files",
    "compare_results",
    "executed_notebooks",
    "find_mentions",
    "notebook_texts",
    "published_results",
    "readme_text",
    "results_of_runs",
]  # fmt: skip

LISTED = 12  # changes, in a text
FINDING, VERDICT = "finding", "verdict"
CHANGED, NEW, GONE, DIGITS, BASIS = "changed", "new", "gone", "digits", "basis"
COUNTED = {
    CHANGED: "with another value",
    NEW: "new",
    GONE: "gone",
    DIGITS: "in digits not shown",
    BASIS: "in label or inputs only",
}
NUMBERS = ("value", "low", "high")
BOUNDS = ("low_closed", "high_closed")
ORIGINS = ("label", "unit", "formula", "expression", "inputs", "notebook")
README = "README.md"
FINDINGS_FILE = "findings.json"
Key = tuple[str, str]  # the kind of a result and its id
Results = dict[Key, Mapping]


@dataclass(frozen=True)
class FindingChange:
    """How a finding or a verdict would change.

    `change` is "changed" (another value, range or word), "new", "gone", "digits" (the same as printed, other digits
    behind it) or "basis" (the same value with another label, formula or inputs). `published` and `now` are texts, ""
    for what does not exist. `where` are the files that show it, in reading order.
    """

    kind: str
    id: str
    label: str
    change: str
    published: str
    now: str
    where: tuple[str, ...]
    notebooks: tuple[str, ...] = field(repr=False)  # which compute it, before and now
    size: float = field(default=0, repr=False)  # relative, from 0 to 1

    @property
    def key(self) -> tuple[str, str]:
        """Return the kind and the id of the result."""
        return self.kind, self.id

    @property
    def title(self) -> str:
        """Return what it is about, in words."""
        return f"Verdict on {self.label}" if self.kind == VERDICT else self.label

    def __str__(self) -> str:
        """Return it as a sentence with its places."""
        match self.change:
            case "new":
                words = f"new; data and code now give {self.now}"
            case "gone":
                words = f"gone; the report prints {self.published}, and nothing gives it now"
            case _:
                words = f"the report prints {self.published}, data and code now give {self.now}"
        return f"{self.title}: {words} [{', '.join(self.where)}]"


@dataclass(frozen=True)
class FindingChanges:
    """All changes, the most important first, of so many published findings and verdicts.

    `unknown` has the reason for each notebook of which it is not known what it gives now.
    """

    changes: tuple[FindingChange, ...] = ()
    published: int = 0
    unknown: Mapping[str, str] = field(default_factory=dict)

    def limit_to(self, names: Collection[str]) -> FindingChanges:
        """Return the part about the results of these notebooks; the count stays that of the whole report."""
        changes = tuple(change for change in self.changes if not set(names).isdisjoint(change.notebooks))
        unknown = {name: reason for name, reason in self.unknown.items() if name in names or name == REPORT}
        return replace(self, changes=changes, unknown=unknown)

    @property
    def headline(self) -> str:
        """Return in words how many change, and in which way."""
        if not self.published and not self.changes:
            return "findings: none is published"
        if not self.published:
            return f"findings: none is published; data and code now give {len(self.changes):,}"
        of_all = f"of {self.published:,} published findings and verdicts"
        if not self.changes:
            return f"no change {of_all} is known" if self.unknown else f"none {of_all} would change"
        counts = Counter(change.change for change in self.changes)
        ways = ", ".join(f"{counts[change]:,} {words}" for change, words in COUNTED.items() if counts[change])
        return f"{'at least ' if self.unknown else ''}{len(self.changes):,} {of_all} would change ({ways})"

    def lines(self, limit: int = LISTED) -> list[str]:
        """Return the headline, the first `limit` changes and how many more there are, and what is not known.

        Nothing if there is nothing to compare.
        """
        lines = [self.headline] if self.published or self.changes or self.unknown else []
        if self.published:
            lines += [f"  {change}" for change in self.changes[:limit]]
            if (more := len(self.changes) - limit) > 0:
                lines.append(f"  … and {more:,} more; --json lists all")
        for reason, names in self.reasons.items():
            indented = reason.replace("\n", "\n    ")
            lines.append(f"  not known of {', '.join(names)}: {indented}")
        return lines

    @property
    def reasons(self) -> dict[str, list[str]]:
        """Return the notebooks that are not known by the reason for it."""
        reasons: dict[str, list[str]] = {}
        for name, reason in self.unknown.items():
            reasons.setdefault(reason, []).append(name)
        return reasons

    def as_json(self) -> dict[str, object]:
        """Return all of it for a program."""
        kept = ("kind", "id", "label", "change", "published", "now", "where")
        changes = [{name: getattr(change, name) for name in kept} for change in self.changes]
        return {"published": self.published, "changes": changes, "unknown": dict(self.unknown)}


# ---- reading results ----


def published_results(files: Mapping[str, bytes]) -> Results:
    """Return the findings and verdicts among published files, by kind and id. Raises WrongInput if they are damaged."""
    try:
        rows = [
            {**finding, "kind": FINDING}
            for name, data in files.items()
            if name.rpartition("/")[2] == FINDINGS_FILE
            for finding in json.loads(data)["findings"]
        ]
        return _by_key([*rows, *_verdicts(executed_notebooks(files))])
    except (ValueError, KeyError, TypeError, AttributeError):
        raise WrongInput("what is published cannot be read; make report rebuilds it") from None


def results_of_runs(executed: Mapping[str, Mapping]) -> Results:
    """Return the findings and verdicts that runs of notebooks have output, by kind and id.

    Several notebooks may output the same finding; it belongs to the first of them.
    """
    executed = dict(sorted(executed.items()))
    findings = ({**finding, "kind": FINDING} for finding in extract.findings(executed))
    return _by_key([*findings, *_verdicts(executed)])


def _verdicts(executed: Mapping[str, Mapping]) -> list[dict]:
    """Return the verdicts in the shape of findings, their word in place of value and range."""
    return [
        {"kind": VERDICT, "text": verdict["verdict"], "notebook": name, **_named(verdict)}
        for name, notebook in executed.items()
        for verdict in extract.verdicts({name: notebook})
    ]


def _named(verdict: Mapping) -> dict:
    return {"id": verdict["id"], "label": verdict["label"], "anchor": verdict.get("anchor")}


def _by_key(rows: Iterable[Mapping]) -> Results:
    """Return rows by kind and id, of several with the same the first."""
    results: Results = {}
    for row in rows:
        results.setdefault((row["kind"], row["id"]), row)
    return results


def executed_notebooks(files: Mapping[str, bytes]) -> dict[str, dict]:
    """Return the executed notebooks among published files, by name, in reading order. Raises ValueError if damaged."""
    return {name: json.loads(text) for name, text in notebook_texts(files).items()}


def notebook_texts(files: Mapping[str, bytes]) -> dict[str, str]:
    """Return the texts of the executed notebooks among published files, by name, in reading order."""
    notebooks = sorted((Path(name), data) for name, data in files.items() if name.endswith(".ipynb"))
    return {path.stem: data.decode("utf-8", "replace") for path, data in notebooks}


def find_mentions(texts: Mapping[str, str]) -> dict[str, list[str]]:
    """Return the names of the texts that link to each anchor, or to each result that a comment of the README names.

    >>> find_mentions({"README.md": "7.3%<!-- growth -->", "20": '{"href": "#f-growth"}'})
    {'growth': ['README.md'], 'f-growth': ['20']}
    """
    mentions: dict[str, list[str]] = {}
    for name, text in texts.items():
        pattern = r"<!-- (\w+)(?::range)? -->" if name == README else r"#([a-z0-9-]+)\\?[\"']"
        for anchor in dict.fromkeys(re.findall(pattern, text)):
            mentions.setdefault(anchor, []).append(name)
    return mentions


def readme_text(root: Path) -> dict[str, str]:
    """Return the text of the README, which prints some findings, by its name; nothing if there is none."""
    path = root / README
    return {README: path.read_text(encoding="utf-8", errors="replace")} if path.exists() else {}


# ---- comparing them ----


def changes_of_files(
    published: Mapping[str, bytes], rebuilt: Mapping[str, bytes], readme: Mapping[str, str]
) -> FindingChanges:
    """Return how the findings and verdicts of published files differ from those of rebuilt ones."""
    mentions = find_mentions(notebook_texts({**published, **rebuilt}) | {**readme})
    try:
        return compare_results(published_results(published), published_results(rebuilt), mentions)
    except WrongInput as stop:
        return FindingChanges(unknown={REPORT: str(stop)})


def compare_results(
    before: Results,
    after: Results,
    mentions: Mapping[str, Sequence[str]],
    unknown: Mapping[str, str] | None = None,
) -> FindingChanges:
    """Return how published results change. Those of `unknown` notebooks, each with the reason, may lack in `after`."""
    unknown = unknown or {}
    changes = []
    for key in dict.fromkeys([*before, *after]):
        old, new = before.get(key), after.get(key)
        if old is not None and old["notebook"] in unknown:
            new = {**(new or old), "notebook": old["notebook"]}  # which is the first that outputs it
        if change := _compare(key, old, new, mentions):
            changes.append(change)
    changes = [_with_distinct_label(change, changes) for change in sorted(changes, key=_rank)]
    return FindingChanges(tuple(changes), len(before), dict(unknown))


def _with_distinct_label(change: FindingChange, changes: Iterable[FindingChange]) -> FindingChange:
    """Return a change with its id in the label if others have the same label."""
    same = [other for other in changes if other.title == change.title]
    return replace(change, label=f"{change.label} ({change.id})") if len(same) > 1 else change


def _rank(change: FindingChange) -> tuple:
    """Return the place of a change: first verdicts that turn, then what a reader meets first, then the largest."""
    turned = change.kind == VERDICT and change.change == CHANGED
    classes = {CHANGED: 1, NEW: 1, GONE: 1, DIGITS: 2, BASIS: 3}
    return 0 if turned else classes[change.change], _reading_order(change.where[0]), -change.size, change.key


def _reading_order(name: str) -> tuple[bool, str]:
    return name != README, name


def _compare(
    key: Key, old: Mapping | None, new: Mapping | None, mentions: Mapping[str, Sequence[str]]
) -> FindingChange | None:
    """Return how one result changes, None if it does not."""
    either = old or new or {}
    own = tuple(dict.fromkeys(row["notebook"] for row in (old, new) if row))
    in_readme = README in mentions.get(key[1], ())
    linked = mentions.get(either.get("anchor") or "", ())
    where = tuple(sorted({*linked, *own, *([README] if in_readme else [])}, key=_reading_order))
    if old is None or new is None:
        change = NEW if old is None else GONE
        was, now = (_text(row, with_range=True) if row else "" for row in (old, new))
        return FindingChange(*key, either["label"], change, was, now, where, own, 1)
    for change, texts in (
        (CHANGED, _printed_texts(old, new)),
        (DIGITS, _digit_texts(old, new)),
        (BASIS, _basis_texts(old, new)),
    ):
        if texts:
            return FindingChange(*key, either["label"], change, *texts, where, own, _size(old, new))
    return None


def _range(row: Mapping) -> str:
    return row.get("range", row["text"])


def _text(row: Mapping, with_range: bool) -> str:
    """Return a value as the report prints it, with its range in brackets if that says more."""
    return f"{row['text']} ({_range(row)})" if with_range and _range(row) != row["text"] else row["text"]


def _printed_texts(old: Mapping, new: Mapping) -> tuple[str, str] | None:
    """Return both values as printed if a reader sees a difference, with the range if that changes too."""
    if old["text"] == new["text"] and _range(old) == _range(new):
        return None
    ranges = _range(old) != _range(new)
    return _text(old, ranges), _text(new, ranges)


def _digit_texts(old: Mapping, new: Mapping) -> tuple[str, str] | None:
    """Return both values with the digits behind them if those differ by more than another computer's rounding."""
    differing = [name for name in NUMBERS if not _close(old.get(name), new.get(name))]
    differing += [name for name in BOUNDS if old.get(name) != new.get(name)]
    if not differing:
        return None
    parts = [[f"{name.replace('_', ' ')} {json.dumps(row.get(name))}" for name in differing] for row in (old, new)]
    return f"{old['text']} ({', '.join(parts[0])})", f"{new['text']} ({', '.join(parts[1])})"


def _basis_texts(old: Mapping, new: Mapping) -> tuple[str, str] | None:
    """Return the value, and what is different about where it comes from."""
    differing = [name for name in ORIGINS if old.get(name) != new.get(name)]
    words = [f"{'other' if name == 'inputs' else 'another'} {name}" for name in differing]
    return (old["text"], f"the same, with {' and '.join(words)}") if words else None


def _close(old: float | None, new: float | None) -> bool:
    return old == new or (old is not None and new is not None and math.isclose(old, new, rel_tol=CLOSE))


def _size(old: Mapping, new: Mapping) -> float:
    """Return the largest relative change of value and bounds, between 0 and 1; 1 where there is nothing to compare.

    >>> _size({"value": 4, "low": 2}, {"value": 5, "low": 1}), _size({"value": None}, {"value": 1})
    (0.5, 1.0)
    """
    sizes = [0.0]
    for name in NUMBERS:
        one, other = old.get(name), new.get(name)
        if one is None or other is None:
            sizes.append(float(one != other))
        elif one != other:
            sizes.append(min(abs(one - other) / max(abs(one), abs(other)), 1.0))
    return max(sizes)
