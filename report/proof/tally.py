"""What became of every number of a page and every link of the PDF, as counts and as a list of problems."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from report.proof.pdf_links import PdfLinks

__all__ = ["WITHIN", "Tally", "Unresolved"]

REMEDIES = {
    "prose": "quote a finding or claim, {eval}`book.…`, or mark it <time>, <cite>, <data> or <var>",
    "title": "write it in the title as {name}",
    "note": "write it in the caption as {name}",
    "heading": "leave it out, or mark it <time>, <cite>, <data> or <var>",
    "cell": "write book.NAME, .range or .period into the cell; an own date or number needs a column with a kind, "
    "as in Column('Year', kind='date') of claims.show.exhibits",
    "head": "mark it in the heading, as in <time>2023</time>",
    "alt": "write it in the alt text as {name}",
    "data": "name the column with the origin of each row: book.figure(…, evidence=…), or mark it in kinds",
    "output": "quote it in prose or show it in a table instead of printing it",
}
WITHIN = "within the appendices"
LONGEST_LIST = 90  # letters of the numbers that one line lists


@dataclass(frozen=True)
class Unresolved:
    """A number without a chain: where it is, the words around it, and why, if that is known."""

    number: str
    place: str
    spot: str
    around: str
    reason: str = ""
    paragraph: int = 0

    @property
    def remedy(self) -> str:
        """Return what to do about it."""
        return self.reason or REMEDIES[self.spot]


@dataclass(frozen=True)
class Tally:
    """Every number of a page: resolved and exempt counted by class, unresolved one by one; and the PDF's links.

    `cited` is the evidence that the page's chapters link to, `appendices` the anchor of the first appendix.
    """

    resolved: Mapping[str, int]
    exempt: Mapping[str, int]
    unresolved: tuple[Unresolved, ...]
    cited: frozenset[str] = frozenset()
    appendices: str = ""
    links: PdfLinks | None = None

    @property
    def complete(self) -> bool:
        """Return whether there are numbers and links at all, and every one of them leads to its evidence."""
        return not self.problems

    def __str__(self) -> str:
        """Return the counts in one sentence."""
        text = (
            f"chain: {_format_counts(self.resolved, 'numbers resolved')}, {_format_counts(self.exempt, 'exempt')}, "
            f"{len(self.unresolved):,} unresolved"
        )
        if self.links:
            text += f"; {self.links.total - self.links.dangling_total:,} links of the PDF resolved"
            text += f", {self.links.dangling_total:,} dangling" if self.links.dangling_total else ""
        return text

    @property
    def problems(self) -> list[str]:
        """Return what is wrong, a line each, numbers of one place on one line."""
        lines = [_format_group(group) for group in _group(self.unresolved)]
        if not sum(self.resolved.values()):
            lines.append("the page has no number that leads to evidence: is it a report of this program?")
        return lines + (self._pdf_problems(self.links) if self.links else [])

    def _pdf_problems(self, links: PdfLinks) -> list[str]:
        lines = [f"report.pdf: a link leads to '{name}', which does not exist" for name in links.dangling]
        if not links.total:
            lines.append("report.pdf cannot be read, or has no link inside it: is it a report of this program?")
        if links.cited is not None and (missing := ", ".join(sorted(self.cited - links.cited))):
            lines.append(f"chapters of report.html link to {missing}, those of report.pdf do not: the exporters differ")
        return lines


def _format_counts(counts: Mapping[str, int], what: str) -> str:
    """Return a sum and, in brackets, its parts, the largest first, those within the appendices last.

    >>> _format_counts({"source": 3, WITHIN: 90, "claim": 1200}, "numbers")
    '1,293 numbers (claim 1,200, source 3, within the appendices 90)'
    """
    ordered = sorted(counts.items(), key=lambda item: (item[0] == WITHIN, -item[1], item[0]))
    parts = ", ".join(f"{name} {count:,}" for name, count in ordered)
    return f"{sum(counts.values()):,} {what}" + (f" ({parts})" if parts else "")


def _group(unresolved: Iterable[Unresolved]) -> Iterable[list[Unresolved]]:
    """Return the numbers that are fixed together: those of one paragraph, or of one column, with one reason."""
    groups: dict[tuple[str, str, int, str], list[Unresolved]] = {}
    for number in unresolved:
        groups.setdefault((number.place, number.spot, number.paragraph, number.reason), []).append(number)
    return groups.values()


def _format_group(group: list[Unresolved]) -> str:
    numbers = ", ".join(f"“{number}”" for number in dict.fromkeys(each.number for each in group))
    if len(numbers) > LONGEST_LIST:
        numbers = numbers[:LONGEST_LIST].rpartition(",")[0] + ", …"
    first = group[0]
    if len(group) == 1:
        return f"{first.place}: {numbers} in “{first.around}”; {first.remedy}"
    return f"{first.place}: {len(group)} numbers ({numbers}), the first in “{first.around}”; {first.remedy}"
