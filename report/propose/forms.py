"""What a person sees of a proposal in a terminal: its sentence with the figure in bold, and its row in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from textwrap import fill
from typing import Any

from claims.ledger.model import Ledger
from claims.tables.messages import one_of

from report.propose.dates import find_dates
from report.propose.letters import plain
from report.propose.proposals import Proposal, TextReading
from report.propose.summary import figure_text, period_text, unit_text, width_text

__all__ = ["explain_field", "form_lines", "read_period", "row_to_fill_in", "sentence_text"]

_WIDTH = 100
_PERIOD = ("period_start", "period_end", "period_kind", "period_basis")
_PERIOD_HELP = """\
period: the time that the figure is of, in words or digits. It sets period_start, _end, _kind and _basis. Examples:
  period 2023 · period first quarter of 2024 · period last year · period since 2014 · period by 2030
  period 2 July 2024 · period 2005 to 2023 · period undated"""


def sentence_text(reading: TextReading, proposal: Proposal, *, bold: bool) -> str:
    """Return the sentence of a proposal with its figure in bold, or in brackets."""
    line = reading.text.plain_lines[proposal.line - 1]
    (first, last), (start, end) = proposal.sentence, proposal.span
    on, off = ("\x1b[1m", "\x1b[0m") if bold else ("[", "]")
    return f"{line[min(first, start) : start]}{on}{line[start:end]}{off}{line[end : max(last, end)]}".strip()


def form_lines(ledger: Ledger, proposal: Proposal, firsts: Mapping[str, str]) -> Iterator[str]:
    """Yield the lines that show a row; `firsts` has the words and the line of each row that may be repeated."""
    fields = _claim_fields(ledger, proposal, firsts) if proposal.table == "claims" else _item_fields(ledger, proposal)
    for name, value in fields:
        if value:
            yield f"  {name:<10} {value}"


def _claim_fields(ledger: Ledger, proposal: Proposal, firsts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    row = proposal.row
    yield "printed", row["printed"]
    yield "figure", figure_text(row)
    yield "stands for", width_text(row).removeprefix("stands for ")
    yield "period", period_text(row)
    labels = {id: indicator.label for id, indicator in ledger.indicators.items()}
    missing = f"the ledger has none of {unit_text(row['unit'])} in these words: f finds one, i prints a row to add"
    yield from _choices("indicator", row["indicator"], proposal.candidates, labels, missing)
    yield "stated by", row["stated_by"]
    if row["repeats"]:
        first = firsts.get(row["repeats"], "which has no accepted row: y makes this a figure of its own")
        yield "repeats", f"{row['repeats']}, {first}"


def _item_fields(ledger: Ledger, proposal: Proposal) -> Iterator[tuple[str, str]]:
    row = proposal.row
    yield "item", row["item"]
    yield "list", f"{row['list']} ({row['list_kind']}: {'with' if row['list_kind'] == 'open' else 'without'} others)"
    yield "status", row["status"].replace("_", " ")
    labels = {id: sector.label for id, sector in ledger.sectors.items()}
    yield from _choices("sectors", row["sectors"], proposal.candidates, labels, "none found: f finds one by its words")


def _choices(
    name: str, chosen: str, candidates: tuple[str, ...], labels: Mapping[str, str], missing: str
) -> Iterator[tuple[str, str]]:
    """Yield the id and the label of what is chosen, then the others, each with the key that takes it."""
    names = "; ".join(f"{id}: {labels[id]}" if id in labels else id for id in chosen.split(";") if id)
    yield name, names or missing
    for key, id in enumerate(candidates, start=1):
        if id != chosen:
            yield "", f"{key} {id}: {labels.get(id, '')}"


def explain_field(resource: Mapping[str, Any], name: str) -> str:
    """Return what a column of a table means, and what may be in it."""
    if name == "period":
        return _PERIOD_HELP
    spec = next(each for each in resource["schema"]["fields"] if each["name"] == name)
    choices = spec.get("constraints", {}).get("enum")
    text = f"{name}: {spec.get('description', '')}." + (f" {one_of('', choices)}." if choices else "")
    return fill(text, _WIDTH, subsequent_indent="  ")


def read_period(words: str, reading: TextReading) -> dict[str, str] | None:
    """Return the cells of the period that a person typed, None if it cannot be read."""
    if words.strip().lower() == "undated":
        return dict(zip(_PERIOD, ("", "", "undated", "inferred"), strict=True))
    typed = re.sub(r"^(\d{4})-Q([1-4])$", r"Q\2 \1", plain(words.strip()))
    if typed[:6].lower() in ("since ", "before") or typed[:3].lower() == "by ":
        typed = typed.lower()
    reference = date.fromisoformat(reading.source.reference_date) if reading.source else None
    phrases = [one for one in find_dates(typed, reference) if (one.start, one.end) == (0, len(typed))]
    if len(phrases) != 1 or phrases[0].period.kind == "undated":
        return None
    period = phrases[0].period
    return dict(zip(_PERIOD, (period.start, period.end, period.kind, period.basis), strict=True))


def row_to_fill_in(ledger: Ledger, unit: str) -> str:
    """Return the header of indicators.csv and a row for a unit, with what is to be filled in in capitals."""
    fields = next(each["schema"]["fields"] for each in ledger.package["resources"] if each["name"] == "indicators")
    needed = [each["name"] for each in fields if each.get("constraints", {}).get("required")]
    names = [each["name"] for each in fields]
    cells = [unit if name == "unit" else name.upper() if name in needed else "" for name in names]
    return f"{','.join(names)}\n{','.join(cells)}"
