"""Sentences on growth and the aim that rest on yearly totals: the texts' own, or those of statistics in their place.

A reading may take the totals of an authority for those of the texts (`official`). Then the latest total may be of
another year, and is none that the texts print, which these sentences have to say. Whose a finding is follows from the
figures that it is computed from, so that a chapter which borrows findings can ask, too.
"""

from __future__ import annotations

from claims.content.phrases import Link, Marked, Phrase
from claims.ledger.intervals import Interval
from claims.ledger.model import Claim, Official
from claims.questions import growth
from claims.results.finding import Finding
from claims.show.book import Book
from claims.words.quoted import Quoted
from claims.words.sentences import Item, phrase
from claims.words.values import range_link, value_text

from kazakhstan import aim, mirror
from kazakhstan.mirror import CHINA, SIDES, TURNOVER, interval_of

__all__ = ["Totals"]

YEAR = 2024  # the last year of which texts print a total
_GROWTH = f"growth_{TURNOVER}_"
_FAR = 2  # times a pace from which another is far more


class Totals:
    """What yearly totals say of growth and the aim, for prose; findings have to be kept before a sentence names them.

    `latest` is the growth of YEAR between these totals, or else the latest, and `whose` the authority that they are of,
    "" for the texts themselves.
    """

    def __init__(self, book: Book) -> None:
        self.book = book

    @property
    def latest(self) -> Finding:
        """Return the growth from the year before YEAR to YEAR, or the latest that there is where that is missing."""
        kept = self.book.results.findings
        names = (id.removeprefix(_GROWTH) for id in kept if id.startswith(_GROWTH))
        spans = [name for name in names if name.replace("_", "").isdigit()]
        latest = max(spans, key=lambda name: (name[-4:], name[:4]))
        return kept.get(f"{_GROWTH}{YEAR - 1}_{YEAR}") or kept[_GROWTH + latest]

    @property
    def whose(self) -> str:
        """Return the authority whose totals these are, "" where they are those that the texts print."""
        figures = self._figures(self.latest)
        return min((figure.authority for figure in figures if isinstance(figure, Official)), default="")

    def counted(self, side: str, year: int) -> Quoted:
        """Return the trade of a year by the count of a side. Raises KeyError for a year that no page quotes for it."""
        level = mirror.series(self.book.ledger, TURNOVER, side, self.book.reading)[str(year)]
        return Quoted(level, span=mirror.span_of(self.book.ledger, level, self.book.reading))

    @property
    def growth(self) -> Quoted:
        """Return the growth in YEAR by these totals, or by Chinese customs where they have none, to compare with."""
        return Quoted(self._growth, span=interval_of(self._growth))

    @property
    def printed_growth(self) -> Phrase:
        """Return what the totals say of the growth in YEAR, as the end of a sentence that no text prints its rate."""
        numbers: dict[str, Item | Link] = {"growth": self.latest, "range": range_link(self.latest)}
        if not self.whose:
            return phrase("but their totals give it: {growth} ({range})", **numbers)
        if self._is_latest:
            words = f"but {self._name}, which this reading takes for theirs, give it: {{growth}} ({{range}})"
            return phrase(words, **numbers)
        words = f"and {self._name}, which this reading takes for theirs, have a total for it only on a page in doubt; "
        words += "for {year} they give {growth} ({range})"
        return phrase(words, year=Marked(self.latest.id[-4:], "date"), **numbers)

    @property
    def growth_by_both(self) -> Phrase:
        """Return what the totals and Chinese customs give for the growth in YEAR, as the end of a sentence on it."""
        numbers: dict[str, Item | Link] = {
            "growth": self.latest,
            "range": range_link(self.latest),
            "chinese": self._chinese,
        }
        if not self.whose:
            return phrase("their own totals give {growth} ({range}), Chinese customs {chinese}", **numbers)
        if self._is_latest and self.whose == CHINA:
            return phrase(f"{self._name}, which this reading takes for theirs, give {{growth}} ({{range}})", **numbers)
        words = f"{self._name}, which this reading takes for theirs, have a total only on a page in doubt; "
        return phrase(words + "Chinese customs give {chinese}", **numbers)

    @property
    def effort(self) -> Phrase:
        """Return whether the aim takes faster growth than YEAR had, as the end of a sentence that growth has slowed."""
        seen, needed = interval_of(self._growth), interval_of(self._required)
        if _above(needed, seen):
            return Phrase(("and the aim needs faster growth",))
        never = _above(seen, needed)
        return Phrase(("but the aim needs no faster growth" if never else "and the aim may need faster growth",))

    @property
    def base(self) -> Quoted | Phrase:
        """Return the year after which the growth that the aim takes is counted, as a sentence quotes a period."""
        level = self._figures(self._required, "level")[0]
        return Phrase((Marked(level.period.label, "date"),)) if isinstance(level, Official) else Quoted(level, "period")

    @property
    def other_count(self) -> Phrase:
        """Return, as the end of a sentence on the growth that the aim takes by these totals, what it takes by China's.

        Nothing where a reader sees the same number for both.
        """
        own, road = self._required, self.book.findings["road_needed"]
        if value_text(own) == value_text(road):
            return Phrase(())
        whose = "these totals" if self.whose else "their totals"
        return phrase(f" by {whose}, and {{road}} by the Chinese count", road=road)

    def pace_needed(self, base_year: int, due: int, pages: str = "all") -> Phrase:
        """Return how the growth that the aim takes compares with the longest pace seen, both by the Chinese count.

        The words are followed by "the pace". Raises ValueError as `aim.road` does.
        """
        book = self.book
        _, _, wish = growth.doubling_claims(book.ledger, base_year, book.reading)
        found = aim.road(mirror.joined(book.ledger, pages), book.reading, wish, base_year, due)
        longest, _, _ = max(found.observed, key=lambda seen: seen[0].end - seen[0].start)
        needed, seen = interval_of(found.needed), interval_of(longest.yearly)
        if not _above(needed, seen):
            return Phrase(("no more than" if _above(seen, needed) else "about",))
        is_far = mirror.ends_of(needed)[0] >= _FAR * mirror.ends_of(seen)[1]
        return Phrase(("far more than" if is_far else "more than",))

    @property
    def other_aim(self) -> Phrase:
        """Return as a sentence what the aim is and takes by these totals, compared with the Chinese count."""
        target, required = self.book.findings["doubling_target"], self._required
        alike = not (interval_of(target) & interval_of(self.book.findings["road_target"])).is_empty
        name = "The texts' own rounded totals"
        if self.whose:
            name = f"{self._name}, which this reading takes for the texts',"
        words = f"{name} give {'nearly the same' if alike else 'another result'}: an aim of {{target}} and {{rate}} "
        words += "a year"
        year = self._figures(required, "level")[0].period.end[:4]
        words += " ({range})." if year == str(YEAR) else " ({range}) after {year}."
        return phrase(words, target=target, rate=required, range=range_link(required), year=Marked(year, "date"))

    @property
    def _name(self) -> str:
        return SIDES[self.whose]

    @property
    def _is_latest(self) -> bool:
        return self.latest.id == f"{_GROWTH}{YEAR - 1}_{YEAR}"

    @property
    def _growth(self) -> Finding:
        return self.latest if self._is_latest else self._chinese

    @property
    def _required(self) -> Finding:
        return self.book.findings["rate_to_double"]

    @property
    def _chinese(self) -> Finding:
        return self.book.findings[f"{_GROWTH}{CHINA}_{YEAR - 1}_{YEAR}"]

    def _figures(self, finding: Finding, role: str = "") -> list[Claim | Official]:
        """Return the figures that a finding is computed from, through other findings, or those of one of its inputs."""
        ledger, findings = self.book.ledger, self.book.results.findings
        inputs = [finding.inputs[role]] if role else finding.inputs.values()
        figures: list[Claim | Official] = []
        for id in (id for ids in inputs for id in ([ids] if isinstance(ids, str) else ids)):
            if id in findings:
                figures += self._figures(findings[id])
            elif figure := ledger.official.get(id) or ledger.claims.get(id):
                figures.append(figure)
        return figures


def _above(one: Interval, other: Interval) -> bool:
    """Return whether all of an interval lies above all of another."""
    return mirror.ends_of(one)[0] > mirror.ends_of(other)[1]
