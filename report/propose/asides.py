"""Numbers in a plain line that are no figures: dates, list numbers, ages, names with digits, and others."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from report.propose.currencies import CODES

__all__ = ["Aside", "count_reasons", "find_asides"]


class Aside(NamedTuple):
    """A number that is not proposed: its place in its line, and why."""

    start: int
    end: int
    reason: str


_REFERENCES = (
    "Article|Articles|Section|Chapter|Page|Pages|Table|Figure|Fig|Annex|Appendix|Resolution|Route|Flight|No|Nos|Phase|"
    "Group of|Line|Type|Model|Boeing|Airbus|Stage|Room|Vision|Agenda|Expo|Level|Part|Version|Unit|Gate|Block|Decree|"
    "Protocol|Directive|Regulation|Law|Horizon|Terminal|Pier|Berth|Track|Lot|Class|Highway|Motorway|Strategy|Plan|ISO|Hall|Category|Gate|Sale"
)
_RULES = tuple(
    (re.compile(pattern), reason)
    for pattern, reason in (
        (r"(?:https?://|www\.)\S+|[\w.+-]{1,64}@[\w.-]{1,64}\.\w{2,12}", "address"),
        (r"^\s*(?:[-*•]\s*)?\(?\d{1,3}[.)]\s+(?=\S)", "list number"),
        (r"(?<!\w)\[\d{1,3}\]", "footnote"),
        (r"\b(?:[Aa]ged?|age of|turn(?:ed|s|ing)) \d{1,3}\b(?:(?: to |-| and )\d{1,3}\b)?(?! (?:percent|years? in))",
         "age"),
        (r"\b(?:\d{1,3}|[a-z]+(?:-[a-z]+)?)[ -]years?[ -]old\b", "age"),
        (r"\b(?:people|men|women|adults|children|those|anyone|everyone|(?:buyer|"
         r"worker|resident|voter|pensioner|citizen|driver|"
         r"farmer|tenant|patient|student|player|owner|girl|boy|parent|youth)s) (?:under|over|below|above) \d{1,2}\b"
         r"(?![%.,]\d|%| (?:percent|per|thousand|million|billion|kg|km|years? in)\b)", "age"),
        (r"\b(?:[Aa]|[Tt]he|[Mm]y|[Oo]ur) (?:second|third|fourth|fifth|sixth) (?:main |big )?(?:risk|"
         r"reason|point|problem|question|issue|factor|concern|argument|lesson|condition|objection|caveat|way|explanation)\b",
         "number in a list of arguments"),
        (r"(?<=[a-z]), \d{2},(?= )", "age"),
        (r"\b\d{1,2}[:.]\d\d (?:GMT|UTC|CET|EST)\b", "time of day"),
        (r"\b\d{1,2}:\d\d(?: ?[ap]\.?m\b\.?)?|\b\d{1,2} ?[ap]\.?m\b\.?", "time of day"),
        (rf"\b(?:{_REFERENCES})\.? \d+(?:\.\d+)*[A-Za-z]?\b", "number in a name"),
        (r"\b(?:phase|page|pages|room|hall|gate|flight|category|number|chapter|section|article|stage|level) \d{1,4}\b",
         "number in a name"),
        (rf"\b(?!(?:{'|'.join(CODES)}|US|Rs|Sh|[Kk]sh|N)\d)(?!Q[1-4]\b|H[12]\b|FY ?\d)[A-Za-z]+[A-Za-z-]*-?\d+[\w-]*",
         "number in a name"),
        (r"(?<![\w.,$€£¥])\d+[A-Za-z]\b(?<!\d[kKmMbBtgpx])|(?<![\w.,])\d+x\d+\b|\b\d+(?!MW|GW|TB|GB|TEU|TWH)[A-Z]{2,}\d*\b",
         "number in a name"),
        (r"\b(?:24/7|9/11|50[-/]50|fifty-fifty)\b", "number in a name"),
        (r"\+\d{1,3}(?:[ -]?\(?\d{1,4}\)?){3,}|\b\d{3}(?:[ -]\d{2,4}){2,}\b(?! [a-z])|\b\d{3}-\d{4}\b", "address"),
        (r"(?i)\b(?:one|two|three|four|five|six|first|second|third)-(?:way|sided|track|pronged|part|dimensional|party|"
         r"off|stop|time|tier|person|hand|rate|man|state|phase|step|storey|story|wheel|wheeled|door|fold-out)\b",
         "number in a word"),
        (r"(?i)\b(?:one another|one of|one by one|no one|the one|this one|that one|each one|any one|every one|one day|"
         r"which one|one or another|one side|one hand|one thing|one should|one can|one must|one's|ones|someone)\b",
         "“one” as a pronoun"),
        (r"(?i)\b(?:at first|first of all|in the first place|first and foremost|second to none|in second place to|"
         r"for the first time|first time|first-ever|for the second time|on second thoughts?|third part(?:y|ies)|"
         r"third countr(?:y|ies)|third world|second world war|first world war|world war (?:one|two|i{1,2})|"
         r"first lad(?:y|ies)|first class|first-class|first-hand|firsthand|first step|second hand|second-hand|"
         r"the former|quarterly|quarterback|half-time|first half|second half|halfway|half-year)\b", "fixed phrase"),
        (r"(?i)\b(?:the|these|both|those|all|other) (?:two|three|four|five)(?: [a-z-]+)?(?= (?:[a-z-]+))",
         "counted before (“the two sides”)"),
        (r"(?i)\b(?:the|both) two\b", "counted before (“the two sides”)"),
    )
)  # fmt: skip
_PLURALS = {
    "list number": "list numbers", "footnote": "footnotes", "age": "ages", "address": "addresses",
    "time of day": "times of day", "number in a name": "numbers in names", "number in a word": "numbers in words",
    "fixed phrase": "fixed phrases", "calendar year": "calendar years", "date": "dates",
    "part of a date": "parts of dates", "century": "centuries", "ordinal as an adverb": "ordinals as adverbs",
    "figure that the ledger has already": "figures that the ledger has already",
}  # fmt: skip


def find_asides(line: str) -> Iterator[Aside]:
    """Yield the numbers of a plain line that are no figures; where two rules apply, that of the first.

    >>> [aside.reason for aside in find_asides("2. Aged 45, he flew with COVID-19 on Flight 7")]
    ['list number', 'age', 'number in a name', 'number in a name']
    """
    taken: list[Aside] = []
    for pattern, reason in _RULES:
        for match in pattern.finditer(line):
            if not any(match.start() < other.end and other.start < match.end() for other in taken):
                taken.append(Aside(match.start(), match.end(), reason))
    return iter(sorted(taken))


def count_reasons(reasons: list[str]) -> str:
    """Return how many numbers were set aside for each reason, the most frequent first.

    >>> count_reasons(["calendar year", "age", "calendar year", "range (not yet expressible)"])
    '2 calendar years, 1 age, 1 range (not yet expressible)'
    """
    counts = {reason: reasons.count(reason) for reason in dict.fromkeys(reasons)}
    ordered = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))
    return ", ".join(f"{count} {_PLURALS.get(reason, reason) if count > 1 else reason}" for reason, count in ordered)
