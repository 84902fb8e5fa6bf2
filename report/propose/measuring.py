"""How good the proposals are: held against what people entered for the same texts.

What is proposed for a text never uses the rows of that text (leave one out): the words of a ledger's other rows rank
the indicators, and nothing else is learned from rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from pathlib import Path

from claims.ledger.model import Agreement, Ledger

from report.propose.candidates import stems
from report.propose.letters import read_text
from report.propose.proposals import Proposal, TextReading, as_claim, propose_rows
from report.stops import WrongInput

__all__ = ["Gold", "Measure", "measure_folder", "measure_items", "measure_text", "without_text"]


@dataclass(frozen=True)
class Gold:
    """What a person entered for a figure: its line, both ends, unit and hedge, and, if known, its indicator and period.

    Of a figure that is no range the ends are the same.
    """

    line: int
    ends: tuple[Fraction, Fraction]
    unit: str
    hedge: str
    indicator: str = ""
    period: str = ""


@dataclass(frozen=True)
class Measure:
    """Counts for one text: figures entered, those found, how many of these have each cell right, and rows proposed.

    Of listed items: those entered, those found, and those proposed; `items_to_look_at` are missed, but on lines of
    which other items are proposed or a sentence is printed to be looked at.
    """

    text: str
    sha256: str
    entered: int
    found: int
    unit_right: int
    hedge_right: int
    indicator_first: int
    indicator_listed: int
    period_right: int
    proposed: int
    items_entered: int = 0
    items_found: int = 0
    items_to_look_at: int = 0
    items_proposed: int = 0

    def __add__(self, other: Measure) -> Measure:
        counts = {
            each.name: getattr(self, each.name) + getattr(other, each.name)
            for each in fields(self)
            if each.name not in ("text", "sha256")
        }
        return replace(self, text="all", sha256="", **counts)

    @property
    def percentages(self) -> str:
        """Return the shares that the counts come to."""
        parts = (
            ("of the figures entered are found", self.found, self.entered),
            ("of those found have the unit entered", self.unit_right, self.found),
            ("have the hedge", self.hedge_right, self.found),
            ("have the indicator first", self.indicator_first, self.found),
            ("among five", self.indicator_listed, self.found),
            ("have the period", self.period_right, self.found),
            ("of the rows proposed were entered", self.found, self.proposed),
            ("of the listed items entered are found", self.items_found, self.items_entered),
            ("are on lines with others or to look at", self.items_to_look_at, self.items_entered),
            ("of those proposed were entered", self.items_found, self.items_proposed),
        )
        return ", ".join(f"{100 * count / whole:.1f}% {what}" for what, count, whole in parts if whole)


def measure_text(text: str, sha256: str, gold: Sequence[Gold], proposals: Sequence[Proposal]) -> Measure:
    """Return how many of the figures entered for a text are proposed: same line and size, each proposal counting once.

    Where several proposals are of that size, that with the unit and the hedge entered is taken. A sign is left out of
    account: a fall of 3 percent may be entered as 3 or as −3.
    """
    left = list(proposals)
    pairs = []
    for one in gold:
        size = _size(one.ends)
        if alike := [each for each in left if each.line == one.line and _size(as_claim(each.row).ends) == size]:
            best = max(alike, key=lambda each: (each.row["unit"] == one.unit, each.row["hedge"] == one.hedge))
            left.remove(best)
            pairs.append((one, best))
    return Measure(
        text,
        sha256,
        entered=len(gold),
        found=len(pairs),
        unit_right=sum(one.unit == best.row["unit"] for one, best in pairs),
        hedge_right=sum(one.hedge == best.row["hedge"] for one, best in pairs),
        indicator_first=sum(one.indicator == best.row["indicator"] for one, best in pairs),
        indicator_listed=sum(one.indicator in best.candidates for one, best in pairs),
        period_right=sum(one.period == as_claim(best.row).period.key for one, best in pairs),
        proposed=len(proposals),
    )


def measure_items(measure: Measure, entered: Sequence[Agreement], reading: TextReading) -> Measure:
    """Return a measure with the counts of listed items, each proposal counting once.

    An item is found if one on its line has all its words, or only words of it: people shorten what they enter.
    """
    left, found, shown = list(reading.items), 0, 0
    lines = {line for line, _, _ in reading.unlisted} | {one.line for one in reading.items}
    for item in entered:
        words = {*stems(item.item)}
        alike = [one for one in left if one.line == item.line and _is_within(words, {*stems(one.row["item"])})]
        if alike:
            best = max(alike, key=lambda one: one.row["item"].lower() == item.item.lower())
            left.remove(best)
            found += 1
        else:
            shown += item.line in lines
    return replace(measure, items_entered=len(entered), items_found=found, items_to_look_at=shown,
                   items_proposed=len(reading.items))  # fmt: skip


def _is_within(some: set[str], others: set[str]) -> bool:
    return bool(some & others) and (some <= others or others <= some)


def _size(ends: tuple[Fraction, Fraction]) -> tuple[Fraction, Fraction]:
    """Return both ends of a figure without the sign of a fall: of 3 to 4 percent less, 3 and 4."""
    low, high = ends
    return max(ends, (-high, -low))


def without_text(ledger: Ledger, source: str) -> Ledger:
    """Return a ledger without the figures and listed items of one text."""
    return replace(
        ledger,
        claims={id: claim for id, claim in ledger.claims.items() if claim.source != source},
        agreements={id: item for id, item in ledger.agreements.items() if item.source != source},
    )


def measure_folder(folder: Path, ledger: Ledger) -> str:
    """Return the measure of every text of a ledger as CSV, the sum of all, and what the counts come to.

    Raises WrongInput if the folder has none of the texts, or one with another hash.
    """
    measures = list(_measures(folder, ledger))
    if not measures:
        files = ", ".join(source.file for source in ledger.sources.values())
        raise WrongInput(f"--measure {folder}: has none of the texts of the ledger ({files}); give their folder")
    whole = sum(measures[1:], start=measures[0])
    names = [each.name for each in fields(Measure)]
    lines = [names, *([str(getattr(one, name)) for name in names] for one in (*measures, replace(whole, text="all")))]
    return "\n".join([*map(",".join, lines), f"# {whole.percentages}"])


def _measures(folder: Path, ledger: Ledger) -> Iterator[Measure]:
    for source in ledger.sources.values():
        path = folder / source.file
        if not path.exists():
            continue
        text = read_text(path)
        if text.sha256 != source.sha256:
            raise WrongInput(f"{path}: is not the text of {source.id}; its hash is {text.sha256}, not {source.sha256}")
        reading = propose_rows(text, without_text(ledger, source.id), source)
        measure = measure_text(source.id, text.sha256, list(_gold(ledger, source.id)), reading.claims)
        yield measure_items(measure, [one for one in ledger.agreements.values() if one.source == source.id], reading)


def _gold(ledger: Ledger, source: str) -> Iterable[Gold]:
    for one in ledger.claims.values():
        if one.source == source:
            yield Gold(one.line, one.ends, one.unit, one.hedge, one.indicator, one.period.key)
