"""Which numbers a few printed words can be read as, in digits or in English words.

>>> sorted(map(str, readings("more than 750,000 tons, nearly one-third")))
['1/3', '750000']

text2num, the library for this, reads cardinals and ordinals; what news texts print besides (fractions, "doubled",
"fivefold", "dozens", "three decades") it leaves alone, so the whole is read here.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import cache

__all__ = ["is_number", "is_superlative", "readings", "scales"]

# fmt: off
UNDER_TWENTY = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)
FROM_TWENTY = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
SUPERLATIVES = {
    "best", "chief", "first", "high", "highs", "leading", "main", "most", "primary", "principal", "record", "top",
}
NO_SUPERLATIVES = {
    "conquest", "forest", "harvest", "honest", "interest", "invest", "modest", "northwest", "request", "southwest",
}
# fmt: on
SMALL = {word: number for number, word in enumerate(UNDER_TWENTY)}
TENS = {word: 10 * number for number, word in enumerate(FROM_TWENTY, start=2)}
SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
SHORT = {"bn": 10**9, "bln": 10**9, "mn": 10**6, "mln": 10**6, "tn": 10**12}
UNITS = {"bcm": 10**9, "tcm": 10**12, "mcm": 10**6, "mt": 10**6, "kt": 10**3}
IRREGULAR = {"first": 1, "second": 2, "third": 3, "fifth": 5, "eighth": 8, "ninth": 9, "twelfth": 12}
ORDINALS = (
    IRREGULAR
    | {f"{word}th": number for word, number in SMALL.items() if number > 3}
    | {f"{word[:-1]}ieth": number for word, number in TENS.items()}
)
DENOMINATORS = {"half": 2, "halve": 2, "quarter": 4} | {word: number for word, number in ORDINALS.items() if number > 2}
MULTIPLES = {
    number: re.compile(pattern)
    for number, pattern in (
        (Fraction(2), r"(re)?doubl(e|es|ed|ing)|twice"),
        (Fraction(3), r"tripl(e|es|ed|ing)|trebl(e|es|ed|ing)|thrice"),
        (Fraction(4), r"quadrupl(e|es|ed|ing)"),
        (Fraction(1, 2), r"halv(e|es|ed|ing)"),
    )
}
# Counted in these, or in an unnamed number of them, which are at least two.
LOTS = {"dozen": 12, "score": 20, "decade": 10, "century": 100, "centurie": 100, "hundred": 100} | SCALES

DIGIT = re.compile(r"[\d¼½¾⅐⅑⅒⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞]")
LARGE = ("dozen", "hundred", *SCALES)
NUMBER_WORDS = {*SMALL, *TENS, *LARGE, *ORDINALS, *DENOMINATORS}.union(
    (f"{word}s" for word in (*LARGE, *DENOMINATORS)),
    (f"{word}th{s}" for word in LARGE[1:] for s in ("", "s")),
    (f"{word}fold" for word in (*SMALL, *TENS, *LARGE)),
)
DIGITS = re.compile(
    r"(?<![0-9])(?<![0-9][.,])(?P<number>[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?)"
    r"(?:/(?P<parts>[1-9][0-9]*))?(?![0-9]|[.,][0-9])"
    rf"(?:[ -]?(?P<scale>{'|'.join([*SCALES, *SHORT])})\b)?"
)


def readings(printed: str) -> set[Fraction]:
    """Return every number that `printed` can be read as, each with its "thousand", "million" or "billion".

    >>> sorted(map(int, readings("16 agreements, doubled to $3.7 billion")))
    [2, 16, 3700000000]
    """
    text = printed.lower()
    return {_in_digits(match) for match in DIGITS.finditer(text)} | _in_words(re.findall(r"[a-z]+", text))


def scales(line: str) -> set[int]:
    """Return what the words for large numbers in `line` multiply by, those of units (bcm, Mt) among them.

    >>> sorted(scales("from 1.2 to 1.8 billion, or 40 kt"))
    [1000, 1000000000]
    """
    return {
        (SCALES | SHORT | UNITS)[word] for word in re.findall(r"[a-z]+", line.lower()) if word in SCALES | SHORT | UNITS
    }


def is_number(word: str) -> bool:
    """Return whether a word of a text is a number: it has a digit, or says a number.

    >>> [word for word in "of 127 m³ doubled one ½ of S1 is second to none".split() if is_number(word)]
    ['127', 'doubled', 'one', '½', 'S1', 'second']
    """
    return DIGIT.search(word) is not None or says_number(word.lower())


@cache
def says_number(word: str) -> bool:
    """Return whether a word in lower case says a number.

    >>> [word for word in "halves fivefold hundreds thousandth none ones tripled".split() if says_number(word)]
    ['halves', 'fivefold', 'hundreds', 'thousandth', 'tripled']
    """
    return word in NUMBER_WORDS or any(pattern.fullmatch(word) for pattern in MULTIPLES.values())


def is_superlative(printed: str) -> bool:
    """Return whether `printed` says that something is first of its kind ("largest", "a record").

    >>> is_superlative("largest trading partner"), is_superlative("a harvest in the west")
    (True, False)
    """
    words = re.findall(r"[a-z]+", printed.lower())
    return any(
        word in SUPERLATIVES or (len(word) > 5 and word.endswith("est") and word not in NO_SUPERLATIVES)
        for word in words
    )


def _in_digits(match: re.Match) -> Fraction:
    number = Fraction(match["number"].replace(",", "")) / int(match["parts"] or 1)
    return number * (SCALES | SHORT).get(match["scale"], 1)


def _in_words(words: list[str]) -> set[Fraction]:
    """Return the numbers that words say, each run of number words read as a whole."""
    found: set[Fraction] = set()
    at = 0
    while at < len(words):
        number, after = _cardinal(words, at)
        if number is None:
            found |= _single(words[at])
            if words[at] == "a" and at + 1 < len(words):
                found |= _counted(Fraction(1), words[at + 1])
            at += 1
            continue
        rest = words[after : after + 3]
        counted = _counted(number, rest[0]) if rest else set()
        if counted:
            found |= counted
            after += 1
        elif rest == ["and", "a", "half"]:
            found.add(number + Fraction(1, 2))
            after += 3
        else:
            found.add(number)
        at = after
    return found


def _cardinal(words: list[str], at: int) -> tuple[Fraction | None, int]:
    """Return the number that a run of cardinals starting at `at` says, and where the run ends."""
    total, current, start = 0, 0, at
    while at < len(words):
        word = words[at]
        if word in SMALL and (current % 100 == 0 or (current % 10 == 0 and current % 100 >= 20 and SMALL[word] < 10)):
            current += SMALL[word]
        elif word in TENS and current % 100 == 0:
            current += TENS[word]
        elif word == "hundred" and 0 < current < 100:
            current *= 100
        elif word in SCALES and current:
            total, current = total + current * SCALES[word], 0
        elif word == "and" and at > start and words[at - 1] in ("hundred", *SCALES) and _begins(words, at + 1):
            pass
        else:
            break
        at += 1
    return (Fraction(total + current), at) if at > start else (None, at)


def _begins(words: list[str], at: int) -> bool:
    return at < len(words) and (words[at] in SMALL or words[at] in TENS)


def _counted(number: Fraction, word: str) -> set[Fraction]:
    """Return what `number` of `word` are: two thirds, three decades; empty where `word` counts nothing."""
    if word in LOTS or word.removesuffix("s") in LOTS:
        return {number * (LOTS.get(word) or LOTS[word.removesuffix("s")])}
    parts = DENOMINATORS.get(word) or DENOMINATORS.get(word.removesuffix("s"))
    return {number / parts} if parts else set()


def _single(word: str) -> set[Fraction]:
    """Return what a word by itself says: second, doubled, fivefold, dozens, half."""
    found = {number for number, pattern in MULTIPLES.items() if pattern.fullmatch(word)}
    if word in ORDINALS:
        found.add(Fraction(ORDINALS[word]))
    if word.removesuffix("fold") in SMALL | TENS and word.endswith("fold"):
        found.add(Fraction((SMALL | TENS)[word.removesuffix("fold")]))
    if word == "half":
        found.add(Fraction(1, 2))
    if word.endswith("s") and word.removesuffix("s") in LOTS:
        found.add(Fraction(2 * LOTS[word.removesuffix("s")]))
    return found
