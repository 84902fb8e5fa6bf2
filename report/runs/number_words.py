"""The numbers that a few printed words can be read as, in digits or in English words.

>>> sorted(map(str, read_numbers("more than 750,000 tons, nearly one-third")))
['1/3', '750000']

text2num, the library for this, reads cardinals and ordinals; what else news texts print (fractions, "doubled",
"fivefold", "dozens", "three decades") it leaves out, so everything is read here.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import cache

__all__ = ["is_number", "is_superlative", "read_numbers", "read_orders", "read_scales", "spell_out"]

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
HUNDREDTHS = re.compile(r"(?<!per )\bcents?\b|¢|\bpence\b|\bpenn(?:y|ies)\b|(?<=[0-9])p\b|\bkope?c?ks?\b")
INDIAN = {"lakh": 10**5, "lakhs": 10**5, "crore": 10**7, "crores": 10**7}
PLURAL = {f"{word}s": number for word, number in SCALES.items()}
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
    Fraction(2): re.compile(r"(re)?doubl(e|es|ed|ing)|twice"),
    Fraction(3): re.compile(r"(tripl|trebl)(e|es|ed|ing)|thrice"),
    Fraction(4): re.compile(r"quadrupl(e|es|ed|ing)"),
    Fraction(1, 2): re.compile(r"halv(e|es|ed|ing)"),
}
# Counted in these, or in an unnamed number of them, which are at least two.
LOTS = {"dozen": 12, "score": 20, "decade": 10, "century": 100, "centurie": 100, "hundred": 100} | SCALES

# An unnamed number of these, as the ledger writes it: from two of them to just below ten.
ORDERS = {
    "tens": (20, 99), "dozens": (24, 99), "hundreds": (200, 999), "thousands": (2_000, 9_999),
    "millions": (2_000_000, 9_999_999), "billions": (2 * 10**9, 10**10 - 1), "trillions": (2 * 10**12, 10**13 - 1),
}  # fmt: skip
ATTACHED = {"k": 10**3, "m": 10**6}  # only right after the digits: 500m is no length of 500 m

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
    rf"(?:[ -]?(?P<scale>{'|'.join([*SCALES, *SHORT])})\b|(?P<attached>[km])\b)?"
)
SPACED = re.compile(r"(?<![0-9.,])[0-9]{1,3}(?: [0-9]{3})+(?![0-9]|[.,][0-9])")


# One in eight, six out of ten.
SHARE = re.compile(
    r"\b([a-z]+|[0-9]{1,3})(?: (?:in|out of)(?: every)? |-in-)(an? [a-z]+|[a-z]+(?:-[a-z]+)?|[0-9]{1,3}(?:,[0-9]{3})*)"
    r"(?![\w%]|[.,][0-9])"
)
# A year and a half, two hours and a half.
HALVES = re.compile(r"\b([a-z]+|[0-9]+) (?:year|month|week|day|hour|decade)s? and a half\b")
# 1 million 856 thousand.
TWO_SCALES = re.compile(r"\b([0-9]{1,3}) (million|billion|trillion) ([0-9]{1,3}) (thousand|million|billion)\b")
# One village in six, four times out of five.
SHARE_OF_THINGS = re.compile(
    r"\b(?:(one) [a-z]+ in|([a-z]+|[0-9]{1,3}) [a-z]+ out of)(?: every)? ([a-z]+|[0-9]{1,3})(?![\w%]|[.,][0-9])"
)
SEVERAL = re.compile(r"\b(?:several|many|a few) (dozen|hundred|thousand|million|billion|trillion)\b")


def spell_out(number: int) -> str:
    """Return a whole number as a word; from a hundred on in digits.

    >>> spell_out(6), spell_out(20), spell_out(42), spell_out(1200)
    ('six', 'twenty', 'forty-two', '1,200')
    """
    if number >= 100:
        return f"{number:,}"
    tens, ones = divmod(number, 10)
    if tens < 2:
        return UNDER_TWENTY[number]
    return "-".join([FROM_TWENTY[tens - 2], *([UNDER_TWENTY[ones]] if ones else [])])


def read_numbers(printed: str) -> set[Fraction]:
    """Return every number that `printed` can be read as, each with its "thousand", "million" or "billion".

    >>> sorted(map(int, read_numbers("16 agreements, doubled to $3.7 billion")))
    [2, 16, 3700000000]
    >>> 268400 in read_numbers("268 400 lorries"), Fraction(3, 5) in read_numbers("six out of ten")
    (True, True)
    """
    text = printed.lower()
    shares = {share for part, whole in SHARE.findall(text) for share in _read_share(part, whole)}
    things = ((one or few, many) for one, few, many in SHARE_OF_THINGS.findall(text))
    shares |= {share for part, whole in things for share in _read_share(part, whole)}
    spaced = {Fraction(match.group().replace(" ", "")) for match in SPACED.finditer(text)}
    halves = {Fraction(1, 2) + _read_whole(whole) for whole in HALVES.findall(text)}
    sums = {
        Fraction(int(high) * SCALES[above] + int(low) * SCALES[below])
        for high, above, low, below in TWO_SCALES.findall(text)
    }
    digits = {_read_digits(match) for match in DIGITS.finditer(text)}
    return digits | shares | spaced | halves | sums | _read_words(re.findall(r"[a-z]+", text))


def read_orders(printed: str) -> set[tuple[int, int]]:
    """Return the ranges that words such as “hundreds of” stand for.

    >>> read_orders("hundreds of millions"), read_orders("a few thousand")
    ({(200, 999), (2000000, 9999999)}, {(2000, 9999)})
    """
    words = re.findall(r"[a-z]+", SEVERAL.sub(r"\1s", printed.lower()))
    return {ORDERS[word] for word in words if word in ORDERS}


def read_scales(line: str) -> set[int | Fraction]:
    """Return what the words for large numbers in `line` multiply by, those of units (bcm, Mt) among them.

    >>> sorted(read_scales("from 1.2 to 1.8 billion, or 40 kt, or 500m")), sorted(read_scales("3.18 lakh crore"))
    ([1000, 1000000, 1000000000], [100000, 10000000, 1000000000000])
    """
    multipliers, text = SCALES | SHORT | UNITS | INDIAN | PLURAL, line.lower()
    scales: set[int | Fraction] = {multipliers[word] for word in re.findall(r"[a-z]+", text) if word in multipliers}
    scales |= {Fraction(1, 100) for _ in HUNDREDTHS.finditer(text)}
    scales |= {ATTACHED[letter] for letter in re.findall(r"(?<=[0-9])[km]\b", text)}
    return scales | ({10**12} if re.search(r"\blakh crore\b", text) else set())


def is_number(word: str) -> bool:
    """Return whether a word of a text is a number: it has a digit, or is a number word.

    >>> [word for word in "of 127 m³ doubled one ½ of S1 is second to none".split() if is_number(word)]
    ['127', 'doubled', 'one', '½', 'S1', 'second']
    """
    return DIGIT.search(word) is not None or _is_number_word(word.lower())


@cache
def _is_number_word(word: str) -> bool:
    """Return whether a word in lower case is a number word.

    >>> [word for word in "halves fivefold hundreds thousandth none ones tripled".split() if _is_number_word(word)]
    ['halves', 'fivefold', 'hundreds', 'thousandth', 'tripled']
    """
    return word in NUMBER_WORDS or any(pattern.fullmatch(word) for pattern in MULTIPLES.values())


def is_superlative(printed: str) -> bool:
    """Return whether `printed` calls something the first of its kind ("largest", "a record").

    >>> is_superlative("largest trading partner"), is_superlative("a harvest in the west")
    (True, False)
    """
    words = {*re.findall(r"[a-z]+", printed.lower())}
    ending_in_est = {word for word in words if len(word) > 5 and word.endswith("est")}
    return bool(words & SUPERLATIVES or ending_in_est - NO_SUPERLATIVES)


def _read_whole(word: str) -> int:
    """Return the number that a word or digits before "and a half" stand for: a is one."""
    return int(word) if word.isdigit() else SMALL.get(word, 1)


def _read_share(part: str, whole: str) -> set[Fraction]:
    """Return what a part of a whole is of it: six out of ten."""
    parts, wholes = read_numbers(part), read_numbers(whole)
    return {few / many for few in parts for many in wholes if few < many}


def _read_digits(match: re.Match) -> Fraction:
    number = Fraction(match["number"].replace(",", "")) / int(match["parts"] or 1)
    return number * (SCALES | SHORT).get(match["scale"], 1) * ATTACHED.get(match["attached"], 1)


def _read_words(words: list[str]) -> set[Fraction]:
    """Return the numbers in words; a run of number words is one number."""
    numbers: set[Fraction] = set()
    at = 0
    while at < len(words):
        number, after = _read_cardinal(words, at)
        if number is None:
            numbers |= _read_single(words[at])
            if words[at] == "a" and at + 1 < len(words):
                numbers |= _read_counted(Fraction(1), words[at + 1]) | (
                    {Fraction(1)} if words[at + 1] in ("penny", "cent") else set()
                )
            at += 1
            continue
        rest = words[after : after + 3]
        if counted := _read_counted(number, rest[0]) if rest else set():
            numbers |= counted
            after += 1
        elif rest == ["and", "a", "half"]:
            numbers.add(number + Fraction(1, 2))
            after += 3
        else:
            numbers.add(number)
        at = after
    return numbers


def _read_cardinal(words: list[str], at: int) -> tuple[Fraction | None, int]:
    """Return the number of the run of cardinals that starts at `at`, None without one, and where the run ends."""
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
        elif word == "and" and at > start and words[at - 1] in ("hundred", *SCALES) and _starts_cardinal(words, at + 1):
            pass
        else:
            break
        at += 1
    return (Fraction(total + current), at) if at > start else (None, at)


def _starts_cardinal(words: list[str], at: int) -> bool:
    return at < len(words) and (words[at] in SMALL or words[at] in TENS)


def _read_counted(number: Fraction, word: str) -> set[Fraction]:
    """Return the value of `number` times `word`: two thirds, three decades; empty if `word` is no unit to count in."""
    singular = word.removesuffix("s")
    if times := LOTS.get(word) or LOTS.get(singular):
        return {number * times}
    parts = DENOMINATORS.get(word) or DENOMINATORS.get(singular)
    return {number / parts} if parts else set()


def _read_single(word: str) -> set[Fraction]:
    """Return the numbers of a word by itself: second, doubled, fivefold, dozens, half."""
    numbers = {number for number, pattern in MULTIPLES.items() if pattern.fullmatch(word)}
    if word in ORDINALS:
        numbers.add(Fraction(ORDINALS[word]))
    if word.removesuffix("fold") in SMALL | TENS and word.endswith("fold"):
        numbers.add(Fraction((SMALL | TENS)[word.removesuffix("fold")]))
    if word == "half":
        numbers.add(Fraction(1, 2))
    if word.endswith("s") and word.removesuffix("s") in LOTS:
        numbers.add(Fraction(2 * LOTS[word.removesuffix("s")]))
    return numbers
