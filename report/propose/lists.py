"""Lists of fields, projects, documents and goods in a text, as rows of agreements.csv, and what may be one more."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from report.propose.candidates import Ranking
from report.propose.letters import find_sentences
from report.propose.wording import any_word

__all__ = ["find_lists", "find_unlisted"]

Item = tuple[dict[str, str], tuple[int, int], tuple[int, int], tuple[str, ...]]
MOST_LETTERS, MOST_WORDS, MOST_OF_ENTRY, MOST_OF_HEADING = 120, 12, 16, 14
_OPEN = r"including(?: but not limited to)?|such as|like|among them|for example|e\.g\.|to name a few"
_CLOSED = any_word(
    "areas fields sectors areas_of fields_of topics categories industries of in on are were namely cover covers "
    "covering covered comprise comprises comprising supplies supply exports sells buys imports produces makes "
    "fostering enhancing promoting boosting strengthening supporting improving for to toward discussed expand support "
    "boost promote develop ensuring include includes included"
)
_CUE = re.compile(rf"(?:\b(?P<open>{_OPEN})|(?P<closed>\b{_CLOSED}|:)) +", re.IGNORECASE)
_OPENS = re.compile(rf"\b(?:{_OPEN}) ", re.IGNORECASE)
_NUMBERED = re.compile(r"\s*(?:\(?(?:\d{1,3}|[a-z])[.)]|[-*•])\s+(?=\S)")
_FIELD = any_word(
    "cooperation collaboration partnerships? ties fields? areas spheres sectors topics issues views prospects "
    "potential interest exports? imports? investments? initiatives programs programmes projects"
)
# After these words even two parts are a list, and the words before them are no part of it.
_STRONG = re.compile(rf"\b{_FIELD} $")
_JOINS = "(?:in|on|of|include|includes|are|were|such as|including)"
_LEAD = re.compile(rf"(?:.*\b{_FIELD} |(?=from |to ))(?:(?:from|to) [A-Z]\w+ )*{_JOINS} (?:the |an? )?")
_VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|would|said|says|which|that|who|he|she|they|it|we|can|could|should|not|"
    r"reached|grew|rose|fell|signed|vowed|pledged|added|noted|stressed|told|remains?|regardless)\b"
)
_BARE = any_word(
    "strengthen deepen expand oppose align safeguard promote support develop act bolster boost foster explore uphold "
    "enhance improve increase continue work build make take create ensure help keep maintain push seek implement fully "
    "firmly continuously jointly actively further open"
)
_ACTS = "(?:strengthen|deepen|expand|boost|bolster|enhance|develop|promot|foster|improv|broaden|build)(?:e|ing)?"
_DAYS = any_word("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
_NO_THING = re.compile(
    rf"{_VERB.pattern}|\d|^(?:[a-z]+ly )?[a-z]+(?:ing|ed) (?!of\b)|"
    rf"^(?:to|now|our|your|my|including|such|like|well|{_BARE}) |^{_DAYS}$"
)
_STATUS = (
    ("signed", r"\b(?:sign(?:ed|ing)|inked|exchange of|exchanged|agreements?|memorand\w+|contracts?|agreed to)\b"),
    ("planned", r"\b(?:plan(?:s|ned)?|will|to be built|explor(?:e|ing)|propos\w+|announc\w+|intend\w*|next year)\b"),
    ("under_way", r"\b(?:built|opened|opening|launched|export\w*|import\w*|suppl\w+|implement\w*|operat\w+|carr\w+|"
                  r"transport\w*|sold|sells|under way|underway|construct\w+|produc\w+|include\w* projects)\b"),
)  # fmt: skip
_MAY_LIST = re.compile(
    r"\b(?:sign(?:ed|ing)|agree(?:d|ment|ments) (?:to|on|for)|memorand\w+|contracts?|launch\w*|inaugurat\w+|"
    r"open(?:ed|ing)|plan(?:s|ned)? to|will (?:build|open|launch|host)|to (?:build|open|launch)|"
    r"(?:cooperation|collaboration|collaborate|work|partnerships?) (?:in|on)|views on|role in|position in|research|"
    r"(?:completion|construction|development|modernization|expansion) of|fields?|areas|projects?|initiatives?|"
    r"including|such as|ties|pipelines?|railways?|highways?|corridors?|routes?|hubs?|cent(?:er|re)s?|plants?|factory|"
    r"factories)\b",
    re.IGNORECASE,
)
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


def find_unlisted(lines: Sequence[str], listed: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int, int]]:
    """Yield each sentence that speaks of agreements, fields or projects and of which no item is proposed.

    It is given by its line and its place; `listed` are line and place of what is proposed.

    >>> list(find_unlisted(["They plan to build a mill. It rained."], []))
    [(1, 0, 27)]
    """
    for number, line in enumerate(lines, start=1):
        for start, end in find_sentences(line):
            is_proposed = any(at == number and start <= place < end for at, place in listed)
            if not is_proposed and _MAY_LIST.search(line, start, end):
                yield number, start, end


def _lists(lines: Sequence[str]) -> Iterator[tuple[str, str, _Found]]:
    """Yield each list with whether it is open, what is said of its items, and where they are."""
    entries: _Found = []
    kind, status = "closed", "talk"
    before = ""
    for number, line in enumerate(lines, start=1):
        if _NUMBERED.match(line):
            if not entries and not _NUMBERED.match(before):
                kind = "open" if _OPENS.search(f"{before} ") or before.endswith("including:") else "closed"
                status = _status(before)
            things = _in_entry(line, number)
            entries += things
            for one, found in () if things else _series(line, number):
                yield one, status if status != "talk" else _status(line), found
        elif line.strip():
            if len(entries) > 1:
                yield kind, status, entries
            entries = []
            if len(things := _in_heading(line, number)) > 2:
                yield "closed", _status(line), things
            for sentence in find_sentences(line):
                for one, found in _in_sentence(line, number, sentence):
                    yield one, _status(line[slice(*sentence)]), found
        before = line if line.strip() else before
    if len(entries) > 1:
        yield kind, status, entries


def _series(line: str, number: int) -> Iterator[tuple[str, _Found]]:
    """Yield the series in the sentences of an entry that is itself no thing."""
    for sentence in find_sentences(line):
        yield from _in_sentence(line, number, sentence)


def _in_entry(line: str, number: int) -> _Found:
    """Return the things that an entry of a list names between commas, none if it is a sentence."""
    match = _NUMBERED.match(line)
    start, end = match.end() if match else 0, len(line.rstrip(" .;"))
    places = [_trimmed(line, start + part.start(), start + part.end())
              for part in re.finditer(r"[^,;]+", line[start:end])]  # fmt: skip
    is_list = all(to - at <= MOST_LETTERS and _is_named(line[at:to]) for at, to in places)
    return [(number, *place, (0, len(line))) for place in places] if is_list else []


def _in_heading(line: str, number: int) -> _Found:
    """Return the things that a heading names between commas."""
    if ":" in line or line.rstrip()[-1:] in ".!?;\"'" or len(line.split()) > MOST_OF_HEADING:
        return []
    return _in_entry(line, number)


def _trimmed(line: str, start: int, end: int) -> tuple[int, int]:
    """Return a place of a line without spaces, articles and joining words before and after it."""
    while match := _ARTICLE.match(line[start:end]):
        start += match.end()
    return start, start + len(line[start:end].rstrip())


def _in_sentence(line: str, number: int, sentence: tuple[int, int]) -> Iterator[tuple[str, _Found]]:
    """Yield the series of at least three parts after words that open one, such as "in the fields of"; or of two."""
    place = sentence[0]
    while match := _CUE.search(line, place, sentence[1]):
        place = match.end() + (line[match.end() : match.end() + 1] == '"')
        stop = re.compile(
            r"[.;:()\"]|$|, (?:which|while|with|where|making|to name)| (?:aimed|designed|intended) "
        ).search(line, place, sentence[1])
        end = stop.start() if stop else sentence[1]
        is_open = bool(match["open"])
        while inner := _OPENS.search(line, place, min(line.find(",", place) % (end + 1), end)):
            place, is_open = inner.end(), True
        parts = _split(line, place, end)
        least = 2 if is_open or _STRONG.search(line[sentence[0] : match.start()]) else 3
        if len(parts) >= least:
            yield "open" if is_open else "closed", [(number, *part, sentence) for part in parts]
            place = parts[-1][1]


def _split(line: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the parts of a series that begins at `start`, as long as they are names of things.

    >>> line = "in auto and parts, the energy, and digital trade"
    >>> [line[slice(*part)] for part in _split(line, 3, len(line))]
    ['auto and parts', 'energy', 'digital trade']
    """
    pieces = [(match.start() + start, match.end() + start) for match in re.finditer(r"[^,]+", line[start:end])]
    things = [_trimmed(line, *piece) for piece in pieces]
    if done := _acted_on(line, pieces):
        return done
    count = next((at for at, place in enumerate(things) if not _is_thing(line[slice(*place)])), len(things))
    if not count:
        return []
    last = line[slice(*pieces[count - 1])]
    joint = re.match(r" (?:and|or|as well as) ", last) if count > 1 else None
    parts = things[:count]
    if not joint and (inner := re.search(r" (?:and|or|as well as) ", last)):
        first = pieces[count - 1][0]
        parts[-1:] = [
            _trimmed(line, first, first + inner.start()),
            _trimmed(line, first + inner.end(), first + len(last)),
        ]
    elif not joint:
        return []
    if lead := _LEAD.match(line[slice(*parts[0])]):
        parts[0] = (parts[0][0] + lead.end(), parts[0][1])
    words = [line[slice(*part)] for part in parts]
    return [part for part, named in zip(parts, words, strict=True) if _is_thing(named) and not _VAGUE.fullmatch(named)]


def _acted_on(line: str, pieces: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return what a series of verbs acts on, none if a part has no such verb: deepening ties and expanding trade.

    >>> line = "deepening old ties and expanding trade"
    >>> [line[slice(*part)] for part in _acted_on(line, [(0, len(line))])]
    ['old ties', 'trade']
    """
    places = []
    for start, end in pieces:
        first = start
        for joint in re.finditer(rf" and (?={_ACTS} )", line[start:end]):
            places.append((first, start + joint.start()))
            first = start + joint.end()
        places.append((first, end))
    trimmed = [_trimmed(line, *place) for place in places]
    verbs = list(takewhile(bool, (re.match(rf"{_ACTS} ", line[slice(*place)]) for place in trimmed)))
    if len(verbs) < 2:
        return []
    acted = zip(trimmed, verbs, strict=False)
    parts = [_trimmed(line, start + len(verb.group()), end) for (start, end), verb in acted if verb]
    return [part for part in parts if _is_thing(line[slice(*part)])]


def _is_thing(words: str) -> bool:
    """Return whether a part of a series can name a field, a project or a good, and is no part of a sentence."""
    return bool(words) and len(words.split()) <= MOST_WORDS and not _NO_THING.search(words)


def _is_named(words: str) -> bool:
    """Return whether an entry names a thing; it may begin with a word such as mining or expanded."""
    return bool(words) and len(words.split()) <= MOST_OF_ENTRY and not (_VERB.search(words) or re.search(r"\d", words))


def _status(sentence: str) -> str:
    return next((status for status, words in _STATUS if re.search(words, sentence, re.IGNORECASE)), "talk")
