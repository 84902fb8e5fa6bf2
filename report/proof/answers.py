"""The answers of `status` and `verify` for programs, and as Markdown for a comment on a pull request."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence

from report.proof.changed_findings import FindingChange, FindingChanges
from report.proof.codecheck import ReviewItem
from report.proof.status import Reason, Status, group_reasons

__all__ = [
    "ROWS",
    "changes_table",
    "escape_markdown",
    "reason_list",
    "review_table",
    "status_json",
    "status_markdown",
]

ROWS = 40  # of the table of changes; GitHub refuses comments of more than 65,536 characters
LONGEST = 300  # letters of a cell
_SYNTAX = re.compile(r"[\\`*_\[\]|~]|:(?=//)|^[-+=](?=\s)|(?<=^\d)[.)](?=\s)")


def escape_markdown(text: str) -> str:
    r"""Return a text that shows as it is, also in a cell of a table: no markup, formula, link, mention or issue.

    >>> print(escape_markdown("a|b <i> @me #7 *"))
    a\|b &lt;i&gt; @<!-- -->me #<!-- -->7 \*
    """
    text = " ".join(text.split())
    text = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = re.sub(r"[@#](?=\w)", r"\g<0><!-- -->", _SYNTAX.sub(r"\\\g<0>", text))
    return text.replace("$", "<span>$</span>")  # two of them would enclose a formula


def changes_table(changes: FindingChanges, rows: int = ROWS) -> list[str]:
    """Return the lines of a table of changed findings under their headline, and what is not known."""
    headline = escape_markdown(changes.headline)
    lines = [f"**{headline[:1].upper()}{headline[1:]}**" if changes.published or changes.unknown else ""]
    if changes.changes and changes.published:
        lines += ["", "| finding | published | now | where |", "|---|---|---|---|"]
        lines += [_row(change) for change in changes.changes[:rows]]
        if (more := len(changes.changes) - rows) > 0:
            lines += ["", f"… and {more:,} more; `--json` lists all."]
    for reason, names in changes.reasons.items():
        lines += ["", f"Not known of {', '.join(map(_code, names))}: {escape_markdown(reason)}"]
    return lines


def _row(change: FindingChange) -> str:
    cells = [change.title, change.published or "–", change.now or "–"]
    return f"| {' | '.join([*map(escape_markdown, cells), ', '.join(map(_code, change.where))])} |"


def _code(text: str) -> str:
    """Return a name as code; one that code cannot show is escaped instead."""
    return f"`{text}`" if re.fullmatch(r"[\w./ -]+", text) else escape_markdown(text)


def reason_list(reasons: Iterable[Reason], fix: str) -> list[str]:
    """Return the lines of a list of reasons, and the command that fixes them."""
    lines = [f"- {escape_markdown(str(reason))}" for reason in group_reasons(reasons)]
    return [*lines, *(["", f"Fix: {f'`{fix}`' if fix.startswith('make ') else escape_markdown(fix)}"] if fix else [])]


def review_table(items: Sequence[ReviewItem]) -> list[str]:
    """Return the lines of what a reviewer looks for, folded away; nothing if nothing was checked."""
    if not items:
        return []
    rows = [f"| {item.name} | {'yes' if item.ok else '**no**'} | {escape_markdown(item.content)} |" for item in items]
    summary = "<details><summary>For a reviewer (CODECHECK)</summary>"
    return ["", summary, "", "| item | | |", "|---|---|---|", *rows, "", "</details>"]


def status_json(status: Status, changes: FindingChanges) -> str:
    """Return all of a status for a program."""
    content = {
        "result": "up to date" if status.current else "stale",
        "compared": {"inputs": status.inputs, "outputs": status.outputs, "packages": status.packages},
        "findings": changes.as_json(),
        "reasons": [{**vars(reason), "fixed_by": reason.fixed_by} for reason in status.reasons],
        "fix": status.fix,
    }
    return json.dumps(content, ensure_ascii=False, indent=1)


def status_markdown(status: Status, changes: FindingChanges) -> str:
    """Return all of a status as Markdown."""
    title = "### The published report is up to date" if status.current else "### The published report is out of date"
    return "\n".join([title, "", *changes_table(changes), "", *reason_list(status.reasons, status.fix)]).rstrip() + "\n"
