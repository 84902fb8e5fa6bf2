"""The numbers of README.md, which `make format` writes from the published findings.

In `$9.6 billion<!-- difference_turnover_2023 -->` the comment names the finding; `<!-- NAME:range -->` is its range.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from claims.tables.messages import did_you_mean

from report.folders import Folders
from report.proof import status
from report.stops import WrongInput

__all__ = ["FILE", "find_problem", "with_numbers", "written_anew"]

FILE = "README.md"
_NUMBER = r"[−-]?\$?\d[\d,]*(?:\.\d+)?%?(?: (?:thousand|million|billion|trillion))?"
_MARKED = re.compile(rf"(?P<words>(?:{_NUMBER} to )?{_NUMBER}|)<!-- (?P<name>\w+)(?::(?P<form>\w+))? -->")


def with_numbers(text: str, findings: Mapping[str, Mapping]) -> str:
    """Return a text with the number before each comment as the finding named there has it now.

    Raises WrongInput listing each name that is no finding, and each comment without a number before it.

    >>> with_numbers("It grew by 7%<!-- growth --> in 2024.", {"growth": {"text": "8.5%", "range": "8% to 9%"}})
    'It grew by 8.5%<!-- growth --> in 2024.'
    """
    problems: list[str] = []

    def replacement(match: re.Match) -> str:
        name, form = match["name"], match["form"] or "text"
        if form not in findings.get(name, {}):
            hint = did_you_mean(name, findings) if name not in findings else "a finding has a text and a range"
            problems.append(f"'{name}:{form}' is no published finding" + (f"; {hint}" if hint else ""))
        elif not match["words"]:
            problems.append(f"there is no number before <!-- {name} -->")
        else:
            return findings[name][form] + match[0].removeprefix(match["words"])
        return match[0]

    written = _MARKED.sub(replacement, text)
    if problems:
        raise WrongInput.listing(FILE, problems)
    return written


def written_anew(folders: Folders) -> tuple[str, str]:
    """Return the text of the file as it is, and with the published numbers.

    Both are empty without a file, and where there is no published report, or one older than what it is made from.
    """
    path, findings = folders.root / FILE, folders.published / "findings.json"
    if not path.exists() or not findings.exists() or status.changed_inputs(folders):
        return "", ""
    text = path.read_text(encoding="utf-8")
    published = json.loads(findings.read_text(encoding="utf-8"))
    return text, with_numbers(text, {finding["id"]: finding for finding in published["findings"]})


def find_problem(folders: Folders) -> list[str]:
    """Return that a number is not the published one, or that none can be, nothing if all are."""
    try:
        before, after = written_anew(folders)
    except WrongInput as problems:
        return [str(problems)]
    return [f"{FILE}: its numbers are not those of the published report; make format writes them"] * (before != after)
