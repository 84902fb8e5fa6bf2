"""Read a text, and propose the rows that its figures and lists would have in a ledger."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from itertools import count
from typing import Any

from claims.ledger.intervals import exact_text
from claims.ledger.loading import build_row
from claims.ledger.model import Claim, Ledger, Source

from report.propose.asides import Aside
from report.propose.candidates import Ranking, stems
from report.propose.context import find_speaker
from report.propose.figures import MOST_WORDS, read_line
from report.propose.letters import Text, find_sentences, without_controls
from report.propose.lists import find_lists, find_unlisted
from report.propose.periods import DatedText
from report.propose.rows import find_precision
from report.propose.seen import SeenFigure
from report.propose.units import ANY
from report.runs.printed import is_printed, value_is_printed

__all__ = [
    "CLAIM_COLUMNS",
    "ITEM_COLUMNS",
    "Proposal",
    "TextReading",
    "as_claim",
    "columns_of",
    "ledger_units",
    "propose_rows",
]

CLAIM_COLUMNS = (
    "id", "source", "line", "printed", "indicator", "value", "multiplier", "unit", "precision", "precision_basis",
    "precision_wide", "hedge", "period_start", "period_end", "period_kind", "period_basis", "stated_by", "repeats",
    "note",
)  # fmt: skip
ITEM_COLUMNS = (
    "id", "source", "line", "list", "list_kind", "status", "item", "sectors", "repeats", "within", "note",
)  # fmt: skip
UNREADABLE = "value that a check could not read in its words"
ENTERED = "figure that the ledger has already"


@dataclass(frozen=True)
class Proposal:
    """A row that is proposed: its table, its cells, where its words are in their line, and other ids that may fit.

    `sentence` and `span` are places in the line, which counts from 1; `candidates` are the likeliest indicators or
    sectors, best first; `is_dated` is whether a phrase of time in the sentence gives the period.
    """

    table: str
    line: int
    row: Mapping[str, str]
    span: tuple[int, int]
    sentence: tuple[int, int]
    candidates: tuple[str, ...]
    is_dated: bool = False

    @property
    def id(self) -> str:
        """Return the id of the proposal, which no row of a ledger has."""
        return self.row["id"]

    @property
    def key(self) -> str:
        """Return what stays the same if the text is read again or the row is edited: its table, line and place."""
        return f"{self.table}:{self.line}:{self.span[0]}-{self.span[1]}"


@dataclass(frozen=True)
class TextReading:
    """What was read in a text: proposals, what was set aside with its line, and phrases and sentences to look at.

    `unlisted` are line and place of the sentences that may name agreements, fields or projects of which none is
    proposed.
    """

    text: Text
    source: Source | None
    proposals: tuple[Proposal, ...]
    asides: tuple[tuple[int, Aside], ...]
    deictic: tuple[tuple[int, str, str], ...] = field(default=())
    unlisted: tuple[tuple[int, int, int], ...] = field(default=())

    @property
    def claims(self) -> tuple[Proposal, ...]:
        """Return the proposed rows of claims.csv."""
        return tuple(one for one in self.proposals if one.table == "claims")

    @property
    def items(self) -> tuple[Proposal, ...]:
        """Return the proposed rows of agreements.csv."""
        return tuple(one for one in self.proposals if one.table == "agreements")


def columns_of(table: str) -> tuple[str, ...]:
    """Return the columns of a table that is proposed for, in order."""
    return CLAIM_COLUMNS if table == "claims" else ITEM_COLUMNS


def ledger_units(ledger: Ledger) -> tuple[str, ...]:
    """Return the units that the data package of a ledger lists, else those of its indicators and ANY."""
    for resource in ledger.package["resources"]:
        if resource["name"] == "claims":
            for column in resource["schema"]["fields"]:
                if column["name"] == "unit" and (units := column.get("constraints", {}).get("enum")):
                    return tuple(units)
    return (*dict.fromkeys(each.unit for each in ledger.indicators.values()), ANY)


def propose_rows(text: Text, ledger: Ledger, source: Source | None) -> TextReading:
    """Return what a text prints, as rows of a ledger to be confirmed; the same text gives the same rows."""
    reference = date.fromisoformat(source.reference_date) if source else None
    ranking, units = Ranking(ledger, source.id if source else ""), ledger_units(ledger)
    entered = [claim for claim in ledger.claims.values() if source and claim.source == source.id]  # one figure each
    proposals: list[Proposal] = []
    firsts: list[Proposal] = []  # what a figure may repeat: a proposal, or a row that the ledger has
    asides: list[tuple[int, Aside]] = []
    deictic: list[tuple[int, str, str]] = []
    numbers = count(1)
    lines = [read_line(line, reference, units) for line in text.plain_lines]
    dated = DatedText(text.plain_lines, [seen.dates for seen in lines], reference)
    for number, (seen, line) in enumerate(zip(lines, text.plain_lines, strict=True), start=1):
        asides += [(number, aside) for aside in seen.asides]
        deictic += [(number, line[one.start : one.end], one.period.key) for one in seen.dates if one.is_deictic]
        sentences = find_sentences(line)
        for figure in seen.figures:
            sentence = next(one for one in sentences if one[0] <= figure.number_start < one[1] or one == sentences[-1])
            proposal = _propose(figure, (text, number, sentence), source, dated, ranking)
            same = _take_entered(proposal, entered)
            id = "" if figure.reason else f"p{next(numbers):03}"  # the same whether or not the ledger has it already
            row = {**proposal.row, **_repeating(proposal, firsts), "id": same.id if same else id}
            if reason := figure.reason or (ENTERED if same else _fault(proposal, source, line)):
                asides.append((number, Aside(figure.start, figure.end, reason)))
            else:
                proposals.append(replace(proposal, row=row))
            if same or not reason:
                firsts.append(replace(proposal, row=row | ({"indicator": same.indicator} if same else {})))
            if figure.form == "rank" and not figure.reason:
                deictic.append((number, line[figure.start : figure.end], "rank 1"))
    listed, unlisted = _list_items(text, ledger, source, ranking)
    found = (*_dated_alike(proposals), *listed)
    return TextReading(text, source, found, tuple(asides), tuple(sorted(set(deictic))), unlisted)


def _list_items(
    text: Text, ledger: Ledger, source: Source | None, ranking: Ranking
) -> tuple[list[Proposal], tuple[tuple[int, int, int], ...]]:
    """Return the listed items that the ledger does not have yet, and the sentences that may have more."""
    entered = [item for item in ledger.agreements.values() if source and item.source == source.id]
    there = {(str(item.line), item.item) for item in entered}
    items = list(find_lists(text.plain_lines, source.id if source else "", ranking))
    listed = [
        Proposal("agreements", int(row["line"]), row, span, sentence, sectors)
        for row, span, sentence, sectors in items
        if (row["line"], row["item"]) not in there
    ]
    lines = {item.line for item in entered}
    unlisted = find_unlisted(text.plain_lines, [(int(row["line"]), span[0]) for row, span, _, _ in items])
    return listed, tuple(one for one in unlisted if one[0] not in lines)


def _propose(
    figure: SeenFigure,
    place: tuple[Text, int, tuple[int, int]],
    source: Source | None,
    dated: DatedText,
    ranking: Ranking,
) -> Proposal:
    """Return the proposal for a figure, without its id and what it repeats."""
    text, number, sentence = place
    line, printed = text.plain_lines[number - 1], text.lines[number - 1]
    candidates = ranking.indicators(_clause(line, figure, sentence), line[slice(*sentence)], figure.unit)
    if not candidates:  # We expect 3.3% by 2025: the sentences before, of its paragraph, say of what
        candidates = ranking.indicators("", line[: sentence[0]], figure.unit)
    first = ranking.ledger.indicators.get(candidates[0]) if candidates else None
    is_flow = first is not None and first.flow_or_stock == "flow" and first.kind not in ("design", "target")
    is_stock = first is not None and first.flow_or_stock == "stock"
    period, is_own = dated.find_period(figure, number, sentence, is_flow=is_flow, is_stock=is_stock)
    precision, basis, wide = find_precision(figure)
    words = " ".join(without_controls(printed[figure.start : figure.end]).split(" ")[:MOST_WORDS]).strip()
    cells = {
        "source": source.id if source else "",
        "line": str(number),
        "printed": words,
        "indicator": candidates[0] if candidates else "",
        "value": figure.value,
        "multiplier": exact_text(Fraction(figure.multiplier)),
        "unit": figure.unit,
        "precision": precision,
        "precision_basis": basis,
        "precision_wide": wide,
        "hedge": figure.hedge,
        "period_start": period.start,
        "period_end": period.end,
        "period_kind": period.kind,
        "period_basis": period.basis,
        "stated_by": find_speaker(text.plain_lines, number, sentence),
    }
    row = dict.fromkeys(CLAIM_COLUMNS, "") | cells
    return Proposal("claims", number, row, (figure.start, figure.end), sentence, tuple(candidates), is_own)


def _clause(line: str, figure: SeenFigure, sentence: tuple[int, int]) -> str:
    """Return the words from the comma before a figure to the one after it."""
    first = max(line.rfind(mark, sentence[0], figure.start) for mark in (", ", "; ", ": ")) + 1
    ends = [end for mark in (", ", "; ", ". ") if (end := line.find(mark, figure.end, sentence[1])) >= 0]
    return line[max(first, sentence[0]) : min(ends, default=sentence[1])]


def _take_entered(proposal: Proposal, entered: list[Claim]) -> Claim | None:
    """Return the row that the ledger has of a figure already, and take it off the list; None if there is none."""
    row = proposal.row
    ends = as_claim({**row, "id": ""}).ends
    same = (one for one in entered if one.line == proposal.line and one.ends == ends and one.unit == row["unit"])
    if found := next(same, None):
        entered.remove(found)
    return found


def _fault(proposal: Proposal, source: Source | None, line: str) -> str:
    """Return why a figure can have no row, "" if it can: a check would not find it in the text."""
    row = proposal.row
    year = int(source.reference_date[:4]) if source else 0
    kind = "rank" if row["unit"] == "rank" else ""
    readable = is_printed(row["printed"], line) and value_is_printed(as_claim(row), kind, year, line)
    return "" if readable else UNREADABLE


def as_claim(row: Mapping[str, Any]) -> Claim:
    """Return a proposed row as a claim."""
    return build_row(Claim, {**row, "line": int(row["line"]), "multiplier": Fraction(row["multiplier"])})


_ASSUMED = (("undated", "inferred"), ("moment", "inferred"))
_SAME = ("value", "multiplier", "unit", "hedge")
_PERIOD = ("period_start", "period_end", "period_kind", "period_basis")


def _repeating(proposal: Proposal, earlier: Sequence[Proposal]) -> dict[str, str]:
    """Return what a figure probably restates, with its period where no phrase of time is beside it, in cells of a row.

    It restates the first of the same size, unit and hedge whose indicator may be its own; a rank in the same words.
    """
    words = {*stems(proposal.row["printed"])}
    for other in earlier:
        alike = proposal.row["unit"] != "rank" or words & {*stems(other.row["printed"])}
        may_be = other.row["indicator"] in proposal.candidates and not other.row["repeats"]
        if alike and may_be and all(other.row[name] == proposal.row[name] for name in _SAME):
            is_open = not proposal.is_dated and (other.is_dated or _is_assumed(proposal.row))
            copied = ("indicator", *_PERIOD) if is_open else ("indicator",)
            return {"repeats": other.id} | {name: other.row[name] for name in copied}
    return {"repeats": ""}


def _is_assumed(row: Mapping[str, str]) -> bool:
    """Return whether no words of a text gave the period of a row."""
    return (row["period_kind"], row["period_basis"]) in _ASSUMED


def _dated_alike(proposals: Sequence[Proposal]) -> Iterator[Proposal]:
    """Yield proposals; those that no phrase of time dates have the period of the first repetition that has one."""
    later: dict[str, Proposal] = {}
    for one in proposals:
        if one.is_dated and one.row["repeats"]:
            later.setdefault(one.row["repeats"], one)
    for one in proposals:
        dated = None if one.is_dated else later.get(one.id) or later.get(one.row["repeats"])
        same = dated and one.row["unit"] != "year"  # thirty years are not of the time that other thirty years are of
        yield replace(one, row={**one.row, **{name: dated.row[name] for name in _PERIOD}}) if dated and same else one
