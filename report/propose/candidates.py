"""Which indicator a figure is probably of, and which sector a listed item: by the words they share, and the unit."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import log, sqrt

from claims.ledger.model import Ledger

from report.propose.wording import any_word, split

__all__ = ["Ranking", "stems"]

MOST = 5
_COMMON = frozenset(
    split(
        "the and for with that this from are was were has have had but its their his her our your they them which who "
        "whose into over under than then also both each all any not being been will would can could may more most less "
        "about said says between within against per year years one two three first of in on at by to as is it an "
        "or a be"
    )
)
_SHARE = re.compile(
    r"\b(?:share|shares|accounts? for|accounted for|accounting for|of (?:the|all|its|it|which|whom|total|them))\b", re.I
)
_GROWTH = re.compile(
    r"\b"
    + any_word(
        r"r[io]se risen rising grew grow grown growth growing increas\w+ up fell fall\w* declin\w+ drop\w* decreas\w+ "
        r"down jump\w* surg\w+ climb\w* year-on-year expand\w+ gain\w*"
    )
    + r"\b|(?:percent|per cent|%) (?:more|higher|less|lower|fewer|above|below)\b",
    re.IGNORECASE,
)
_SINCE = re.compile(r"\bsince (?:the year )?(?:19|20)\d\d\b", re.IGNORECASE)
_SUM = re.compile(r"cumulative|summed|added up|accumulated|in total|altogether", re.I)  # words of an indicator
_TARGETS = re.compile(r"\b(?:aim|aims|aiming|goal|target|plan|plans|planned|potential|hope|by 20\d\d|set)\b", re.I)


def stems(text: str) -> list[str]:
    """Return the words of a text that say something, in the singular and in lower case.

    >>> stems("The exports of cities’ harvests, 2023")
    ['export', 'city', 'harvest']
    """
    words = re.findall(r"[a-z][a-z-]+[a-z]", text.lower())
    parts = (part for word in words for part in word.split("-"))
    return [_root(_singular(word)) for word in parts if word not in _COMMON and len(word) > 2]


def _root(word: str) -> str:
    """Return a word without the ending of a noun or participle, if it is long: completion and completed are one."""
    for ending in ("ion", "ed", "ing"):
        if word.endswith(ending) and len(word) > len(ending) + 6:
            return word.removesuffix(ending)
    return word


def _singular(word: str) -> str:
    for ending, instead in (("ies", "y"), ("sses", "ss"), ("s", "")):
        if word.endswith(ending) and len(word) > 4 and not word.endswith(("ss", "us", "is")):
            return word[: -len(ending)] + instead
    return word


@dataclass(frozen=True)
class Ranking:
    """The indicators and sectors of a ledger with their words; examples are its rows, but for those of one text."""

    ledger: Ledger
    source: str = ""

    @cached_property
    def _indicators(self) -> Mapping[str, Counter[str]]:
        """Return the words of each indicator, those of its label twice, with those of figures entered before."""
        words = {
            each.id: Counter(2 * stems(each.label) + stems(f"{each.id.replace('_', ' ')} {each.definition}"))
            for each in self.ledger.indicators.values()
        }
        for claim in self.ledger.claims.values():
            if claim.source != self.source:
                words[claim.indicator].update(stems(claim.printed))
        return words

    @cached_property
    def _sectors(self) -> Mapping[str, Counter[str]]:
        words = {
            each.id: Counter(2 * stems(f"{each.label} {each.id.replace('_', ' ')}") + stems(each.definition))
            for each in self.ledger.sectors.values()
        }
        for item in self.ledger.agreements.values():
            if item.source != self.source:
                for sector in item.sectors:
                    words[sector].update(stems(item.item))
        return words

    @cached_property
    def _used(self) -> frozenset[str]:
        """Return the indicators that texts print figures of, which are likelier than those of other pages alone."""
        return frozenset(claim.indicator for claim in self.ledger.claims.values() if claim.source != self.source)

    def indicators(self, near: str, sentence: str, unit: str) -> list[str]:
        """Return the ids of the likeliest indicators of a figure, best first; none has another unit.

        `near` are the words of its clause, which count twice, `sentence` those of its sentence.
        """
        words = Counter(2 * stems(near) + stems(sentence))
        cues = _kinds(near, unit)
        scores = {}
        for each in self.ledger.indicators.values():
            if each.unit == unit and (score := _overlap(words, self._indicators[each.id], self._rarity)):
                fits = not cues or each.kind in cues
                if _SINCE.search(near) and _SUM.search(f"{each.id} {each.label}"):
                    score *= 2
                named = 1 + self._named(each.id, words) ** 2
                scores[each.id] = score * named * (1 if fits else 0.5) * (1.25 if each.id in self._used else 1)
        return sorted(scores, key=lambda id: (-scores[id], id))[:MOST]

    def _named(self, id: str, words: Counter[str]) -> float:
        """Return which part of the words of an indicator's label are among some words: all of them name it."""
        label = {*stems(self.ledger.indicators[id].label)}
        return len(label & words.keys()) / len(label) if label else 0

    def find(self, words: str, unit: str) -> list[str]:
        """Return the ids of the indicators whose id and label share most with some words, those of a unit first."""
        wanted = {*stems(words.replace("_", " "))}
        scores = {}
        for each in self.ledger.indicators.values():
            shared = wanted & {*stems(f"{each.id.replace('_', ' ')} {each.label}")}
            if shared:
                scores[each.id] = (each.unit == unit, len(shared))
        return sorted(scores, key=lambda id: (*(-score for score in scores[id]), id))[:MOST]

    def sectors(self, item: str) -> list[str]:
        """Return the ids of the likeliest sectors of a listed item, best first."""
        rarity = _rarities(self._sectors.values())
        scores = {id: _overlap(Counter(stems(item)), words, rarity) for id, words in self._sectors.items()}
        return sorted((id for id, score in scores.items() if score), key=lambda id: (-scores[id], id))[:MOST]

    @cached_property
    def _rarity(self) -> Mapping[str, float]:
        return _rarities(self._indicators.values())


def _rarities(documents: Iterable[Counter[str]]) -> Mapping[str, float]:
    """Return how much each word tells: the fewer have it, the more."""
    documents = list(documents)
    counts = Counter(word for words in documents for word in words)
    return {word: log(1 + len(documents) / count) for word, count in counts.items()}


def _overlap(words: Counter[str], others: Counter[str], rarity: Mapping[str, float]) -> float:
    shared = sum(sqrt(words[word] * others[word]) * rarity[word] for word in words.keys() & others.keys())
    return shared / sqrt(sum(others.values())) if shared else 0.0


def _kinds(near: str, unit: str) -> tuple[str, ...]:
    """Return the kinds of indicator that the words near a figure speak of, none if they do not say."""
    if unit == "percent":
        return ("growth",) if _GROWTH.search(near) else ("share",) if _SHARE.search(near) else ()
    if unit == "times":
        return ("target",) if _TARGETS.search(near) else ("multiple",)
    if unit in ("rank", "year", "day", "calendar_year"):
        return ()
    return ("target",) if _TARGETS.search(near) else ("level", "count", "design")
