"""The numbers of README.md, which `make format` writes from the published findings and from the ledger.

In `$9.6 billion<!-- difference_turnover_2023 -->` the comment names a finding or a printed figure;
`<!-- NAME:range -->` is its range, `<!-- NAME:size -->` a finding without its sign, `five<!-- NAME:words -->` a count
as a word. Only the number is written; the words around it stay.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping

from claims.ledger.loading import load_ledger
from claims.results.store import Results
from claims.tables.messages import did_you_mean
from claims.words.sentences import in_form

from report.folders import Folders
from report.proof import status
from report.runs.number_words import spell_out
from report.stops import WrongInput

__all__ = ["FILE", "count_marks", "find_problem", "with_numbers", "written_anew"]

FILE = "README.md"
_NUMBER = r"[−-]?(?:[$€£¥]|CN¥)?\d[\d,]*(?:\.\d+)?%?(?: (?:thousand|million|billion|trillion))?"
_NUMBERS = rf"(?:{_NUMBER} to )?{_NUMBER}"
_WORD = r"(?<![\w-])[a-z]+(?:-[a-z]+)?(?=<!-- \w+:words -->)"
_MARKED = re.compile(rf"(?P<words>{_NUMBERS}|{_WORD}|)<!-- (?P<name>\w+)(?::(?P<form>\w+))? -->")


def with_numbers(text: str, quantities: Mapping[str, Mapping[str, str]]) -> str:
    """Return a text with the number before each comment as the quantity named there has it now, by name and form.

    Raises WrongInput listing each name that none has, and each comment without a number before it.

    >>> with_numbers("It grew by 7%<!-- growth --> in 2024.", {"growth": {"text": "8.5% a year", "range": "8% to 9%"}})
    'It grew by 8.5%<!-- growth --> in 2024.'
    >>> with_numbers("Of five<!-- texts:words --> texts", {"texts": {"text": "6"}})
    'Of six<!-- texts:words --> texts'
    """
    problems: list[str] = []

    def replacement(match: re.Match) -> str:
        name, form = match["name"], match["form"] or "text"
        forms = _forms(quantities.get(name, {}))
        if form not in forms:
            problems.append(_unknown(name, match["form"], quantities))
        elif not match["words"]:
            problems.append(f"there is no number before <!-- {name} -->")
        elif form == "words":
            return forms[form] + match[0].removeprefix(match["words"])
        elif not (number := re.search(_NUMBERS, forms[form])):
            problems.append(f"'{name}' is “{forms[form]}”, in words; write them without a comment")
        else:
            return number[0] + match[0].removeprefix(match["words"])
        return match[0]

    written = _MARKED.sub(replacement, text)
    if problems:
        raise WrongInput.listing(FILE, problems)
    return written


def _unknown(name: str, form: str | None, quantities: Mapping[str, Mapping[str, str]]) -> str:
    """Return that there is no such finding or printed figure, or that it has no such form."""
    if name in quantities:
        return f"'{name}' has no form '{form}'; {', '.join(list(_forms(quantities[name]))[1:])} may follow the colon"
    hint = did_you_mean(name, quantities)
    return f"'{name}' is no printed figure and no published finding" + (f"; {hint}" if hint else "")


def count_marks(folders: Folders) -> int:
    """Return how many numbers of the file have a comment with a name."""
    path = folders.root / FILE
    return len(_MARKED.findall(path.read_text(encoding="utf-8"))) if path.exists() else 0


def _forms(quantity: Mapping[str, str]) -> dict[str, str]:
    """Return what can be written of a quantity: its forms, and a count also as a word."""
    digits = quantity.get("text", "").replace(",", "")
    return {**quantity, **({"words": spell_out(int(digits))} if digits.isdecimal() else {})}


def written_anew(folders: Folders) -> tuple[str, str]:
    """Return the text of the file as it is, and with the published numbers. Raises WrongInput, LedgerError.

    Both are empty without a file, and where there is no published report, or one older than what it is made from.
    """
    path, findings = folders.root / FILE, folders.published / "findings.json"
    if not path.exists() or not findings.exists() or status.changed_inputs(folders):
        return "", ""
    text = path.read_text(encoding="utf-8")
    published = json.loads(findings.read_text(encoding="utf-8"))
    return text, with_numbers(text, dict(_quantities(folders, published["findings"])))


def _quantities(folders: Folders, findings: Iterable[Mapping]) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the forms of each printed figure and published finding, by readable name and by id."""
    results = Results(load_ledger(folders.own_data))
    for figures in results.named[1:]:
        for name, figure in figures.items():
            text, range_ = (in_form(figure, form, results.interval(figure)).text for form in ("plain", "range"))
            yield from ((each, {"text": text, "range": range_}) for each in (figure.id, name))
    for row in findings:
        forms = {form: row[form] for form in ("text", "range") if form in row}
        yield from (
            (each, {**forms, "size": row["text"].lstrip("−")}) for each in (results.name_of(row["id"]), row["id"])
        )


def find_problem(folders: Folders) -> list[str]:
    """Return that a number is not the published one, or that none can be, nothing if all are."""
    try:
        before, after = written_anew(folders)
    except WrongInput as problems:
        return [str(problems)]
    return [f"{FILE}: its numbers are not those of the published report; make format writes them"] * (before != after)
