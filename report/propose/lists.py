"""Lists of fields, projects, documents and goods in a text, as rows of agreements.csv."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from report.propose.candidates import Ranking
from report.propose.letters import find_sentences
from report.propose.wording import any_word

__all__ = ["find_lists"]

Item = tuple[dict[str, str], tuple[int, int], tuple[int, int], tuple[str, ...]]
MOST_LETTERS, MOST_WORDS = 120, 9
_OPEN = r"including(?: but not limited to)?|such as|like|among them|for example|e\.g\.|to name a few"
_CLOSED = (
    r"(?:areas|fields|sectors|areas of|fields of|topics|categories|industries|of|in|on|between|are|were|namely|cover|"
    r"covers|covering|covered|comprise|comprises|comprising|supplies|supply|exports|sells|buys|imports|produces|makes|"
    r"discussed|expand|support|boost|promote|develop|ensuring|include|includes|included)"
)
_CUE = re.compile(rf"(?:\b(?P<open>{_OPEN})|(?P<closed>\b{_CLOSED}|:)) +", re.IGNORECASE)
_OPENS = re.compile(rf"\b(?:{_OPEN}) ", re.IGNORECASE)
_NUMBERED = re.compile(r"\s*(?:\(?\d{1,3}[.)]|[-*•])\s+(?=\S)")
_VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|would|said|says|which|that|who|he|she|they|it|we|can|could|should|not|"
    r"reached|grew|rose|fell|signed)\b"
)
_NO_THING = re.compile(
    rf"{_VERB.pattern}|\d|^(?:[a-z]+ly )?[a-z]+(?:ing|ed) (?!of\\b)|^(?:to|including|such|like|well) "
)
_STATUS = (
    ("signed", r"\b(?:sign(?:ed|ing)|inked|exchange of|exchanged|agreements?|memorand\w+|contracts?|agreed to)\b"),
    ("planned", r"\b(?:plan(?:s|ned)?|will|to be built|explor(?:e|ing)|propos\w+|announc\w+|intend\w*|next year)\b"),
    ("under_way", r"\b(?:built|opened|opening|launched|export\w*|import\w*|suppl\w+|implement\w*|operat\w+|carr\w+|"
                  r"transport\w*|sold|sells|under way|underway|construct\w+|produc\w+|include\w* projects)\b"),
)  # fmt: skip
_ARTICLE = re.compile(r" |(?:the|an?|its|their|and|or|in|of|on|both|as well as) ", re.IGNORECASE)
_VAGUE = re.compile(any_word("others? more other_areas etc so_on the_like other_fields") + r"\.?", re.IGNORECASE)


def find_lists(lines: Sequence[str], source: str, ranking: Ranking) -> Iterator[Item]:
    """Yield the items of the lists in a text: its row, its place, that of its sentence, and its likeliest sectors."""
    number = 0
    for made, (kind, status, found) in enumerate(_lists(lines), start=1):
        for line, start, end, sentence in found:
            number += 1
            words = lines[line - 1][start:end]
            sectors = tuple(ranking.sectors(words))
            row = {
                "id": f"q{number:03}", "source": source, "line": str(line), "list": f"{source or 'S'}.list_{made}",
                "list_kind": kind, "status": status, "item": words, "sectors": sectors[0] if sectors else "",
                "repeats": "", "within": "", "note": "",
            }  # fmt: skip
            yield row, (start, end), sentence, sectors


_Found = list[tuple[int, int, int, tuple[int, int]]]


def _lists(lines: Sequence[str]) -> Iterator[tuple[str, str, _Found]]:
    """Yield each list with whether it is open, what is said of its items, and where they are."""
    numbered: _Found = []
    status = "talk"
    for number, line in enumerate(lines, start=1):
        if match := _NUMBERED.match(line):
            whole = (match.end(), len(line.rstrip(" .;")))
            if not numbered:
                status = _status(next((each for each in reversed(lines[: number - 1]) if each.strip()), ""))
            parts = re.finditer(r"[^,;]+", line[slice(*whole)])
            places = [(whole[0] + part.start() + part.group().startswith(" "), whole[0] + part.end()) for part in parts]
            if all(end - start <= MOST_LETTERS and _is_thing(line[start:end]) for start, end in places):
                numbered += [(number, *place, (0, len(line))) for place in places]
            continue
        if line.strip() and numbered:
            if len(numbered) > 1:
                yield "closed", status, numbered
            numbered = []
        for sentence in find_sentences(line):
            for kind, found in _in_sentence(line, number, sentence):
                yield kind, _status(line[slice(*sentence)]), found
    if len(numbered) > 1:
        yield "closed", status, numbered


def _in_sentence(line: str, number: int, sentence: tuple[int, int]) -> Iterator[tuple[str, _Found]]:
    """Yield the series of at least three parts after words that open one, such as "in the fields of"."""
    place = sentence[0]
    while match := _CUE.search(line, place, sentence[1]):
        place = match.end()
        stop = re.compile(r"[.;:()\"]|$|, (?:which|while|with|where|making|to name)").search(line, place, sentence[1])
        end = stop.start() if stop else sentence[1]
        is_open = bool(match["open"])
        while inner := _OPENS.search(line, place, min(line.find(",", place) % (end + 1), end)):
            place, is_open = inner.end(), True
        parts = _split(line, place, end)
        if len(parts) >= 3:
            yield "open" if is_open else "closed", [(number, *part, sentence) for part in parts]
            place = parts[-1][1]


def _split(line: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the parts of a series that begins at `start`, as long as they are names of things.

    >>> line = "in auto and parts, the energy, and digital trade"
    >>> [line[slice(*part)] for part in _split(line, 3, len(line))]
    ['auto and parts', 'energy', 'digital trade']
    """
    pieces = [(match.start() + start, match.end() + start) for match in re.finditer(r"[^,]+", line[start:end])]
    if len(pieces) < 2:
        return []
    last = line[slice(*pieces[-1])]
    joint = re.match(r" (?:and|or|as well as) ", last)
    if not joint and (inner := re.search(r" (?:and|or|as well as) ", last)):
        first = pieces.pop()[0]
        pieces += [(first, first + inner.start()), (first + inner.end(), first + len(last))]
    elif not joint:
        return []
    parts = []
    for first, after in pieces:
        while match := _ARTICLE.match(line[first:after]):
            first += match.end()
        words = line[first:after].rstrip()
        if not _is_thing(words):
            break
        if not _VAGUE.fullmatch(words):
            parts.append((first, first + len(words)))
    return parts


def _is_thing(words: str) -> bool:
    """Return whether a part of a series can name a field, a project or a good, and is no part of a sentence."""
    return bool(words) and len(words.split()) <= MOST_WORDS and not re.search(_NO_THING, words)


def _status(sentence: str) -> str:
    return next((status for status, words in _STATUS if re.search(words, sentence, re.IGNORECASE)), "talk")
