"""Numbers in a plain line, in digits and in English words: where they are and what they come to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from claims.ledger.intervals import RANGE, printed_ends

from report.propose.currencies import CODES
from report.propose.wording import split
from report.runs.number_words import ORDERS

__all__ = ["SCALES", "Numeral", "find_numerals"]

# fmt: off
_UNITS = split(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_TENS = split("twenty thirty forty fifty sixty seventy eighty ninety")
_SMALL = {word: number for number, word in enumerate(_UNITS)} | {word: 10 * n for n, word in enumerate(_TENS, start=2)}
SCALES = {
    "hundred": 10**2, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12,
    "mn": 10**6, "mln": 10**6, "bn": 10**9, "bln": 10**9, "tn": 10**12, "trn": 10**12,
    "lakh crore": 10**12, "lakh": 10**5, "lakhs": 10**5, "crore": 10**7, "crores": 10**7,
}
_ATTACHED = {"k": 10**3, "m": 10**6, "b": 10**9}  # 500m, 12k
_ORDINALS = {
    word: number
    for number, word in enumerate(
        split(
            "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
            "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
        ), start=1
    )
}
_PARTS = {"half": 2, "halves": 2, "quarter": 4, "quarters": 4} | {
    f"{word}{s}": number for word, number in _ORDINALS.items() if number > 2 for s in ("", "s")
}
_GLYPHS = {
    "½": (1, 2), "⅓": (1, 3), "⅔": (2, 3), "¼": (1, 4), "¾": (3, 4), "⅕": (1, 5), "⅖": (2, 5), "⅗": (3, 5),
    "⅘": (4, 5), "⅙": (1, 6), "⅛": (1, 8), "⅜": (3, 8), "⅝": (5, 8), "⅞": (7, 8),
}
_LOTS = {"dozens": 24, "scores": 40, "decades": 20, "centuries": 200}  # at least two of them
_WHOLES = {"dozen": 12, "decade": 10, "century": 100, "hundred": 100}
_MULTIPLES = {
    r"(?:re)?doubl(?:e|es|ed|ing)|twice|two-?fold": "2", r"(?:tripl|trebl)(?:e|es|ed|ing)|thrice": "3",
    r"quadrupl(?:e|es|ed|ing)": "4", r"quintupl(?:e|es|ed|ing)": "5", r"halv(?:e|es|ed|ing)": "1/2",
}
# fmt: on
_DIGITS = (
    r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,2}(?:,\d\d)+,\d{3}(?:\.\d+)?|\d{1,3}(?: \d{3})+(?!\d|[.,]\d)|\d+(?:\.\d+)?"
)
# Letters that follow digits without a space, and are a unit.
_JOINED = (
    "km/h|kmh|kph|km2|km3|km|kg|mm|cm|m2|m3|MW|GW|kW|kWh|MWh|GWh|TWh|ha|t|Mt|kt|TEU|bps|bp|pp|pc|mph|ft|lb|sqm|TB|GB"
)
# Digits may follow the letters of a currency without a space.
_AFTER_CURRENCY = "(?:" + "|".join(rf"(?<=\b{code})" for code in (*CODES, "Sh", "Rs", "N", "KSh", "Ksh")) + ")"
# After "a": a half, a third and a quarter are parts; a fifth is one before such words, and else the fifth in a row.
_BEFORE_OF_A_PART = (
    r"(?:half|quarter|third)|[a-z]+th(?=\ (?:of|the|more|less|fewer|lower|higher|larger|smaller|below|above|to|"
    r"in|on|from|"
    r"as|is|was|are|were|by|at|and|or|since|over|cheaper|were|came|went)\b|[.,;:)]|$)"
)
_CARDINAL = rf"(?:{'|'.join(sorted(_SMALL, key=len, reverse=True))})"
_RUN = rf"{_CARDINAL}(?:[ -](?:and[ ])?(?:{_CARDINAL}|hundred|thousand)(?![\w]))*"
_SCALE = "|".join(sorted((scale.replace(" ", "[ ]") for scale in SCALES), key=len, reverse=True))
_PATTERN = re.compile(
    rf"""
    (?:(?<![\w/])|{_AFTER_CURRENCY}(?=\d))(?<![.,](?=\d))(?<![A-Za-z]-)(?<!\d[.,])(?:
      (?:several\ )?(?P<order>tens|dozens|hundreds|thousands|millions)
        \ of\ (?P<orderscale>thousand|million|billion|trillion)s
      |(?:several|many|a\ few)\ (?P<several>dozen|hundred|thousand|million|billion|trillion)s?
        (?:(?:\ of)?\ (?P<severalscale>thousand|million|billion|trillion|lakh|crore)s?)?
      |(?P<vague>(?:several|many|a\ few|some|a\ couple\ of)\ (?:dozen|hundred|thousand|million|billion|ten)s?
        |scores\ of\ (?:thousands|millions|billions)|(?:single|double|triple)[- ]digits?)
      |(?P<alone_order>tens|hundreds|thousands|millions|billions|trillions)(?=\ )
      |(?P<lots>dozens|scores|decades|centuries)(?=\ )
      |(?P<half>half)\ an?\ (?P<halfscale>dozen|decade|century|{_SCALE})
      |(?P<top>(?:an?(?=\ (?:{_BEFORE_OF_A_PART}))|one|two|three|four|five|six|seven|eight|nine|\d+))[ -]
        (?P<parts>{"|".join(_PARTS)})
        (?!\ of\ (?:19|20)\d\d|[ ](?:century|place|time|year|quarter|round|visit|day)\b)
      |(?P<alone>half)(?=\ (?:of|the|its|their|his|all|as|a)\b|[ ,.;)])
      |(?P<multiple>{"|".join(_MULTIPLES)})
      |(?P<fold>{_CARDINAL}|\d+(?:\.\d+)?)[ -]?fold
      |(?P<ordinal>\d+(?:st|nd|rd|th)|{"|".join(_ORDINALS)})
      |(?P<high>\d{{1,3}})\ (?P<highscale>{_SCALE})\ (?P<low>\d{{1,3}})\ (?P<lowscale>thousand|million|billion)
      |(?P<number>{_DIGITS.replace(" ", "[ ]")})(?:/(?P<under>[1-9]\d?)(?![\d/])|(?P<glyph>[{"".join(_GLYPHS)}]))?
        (?:(?P<attached>[kmbKMB])(?![\w.]\w|\w)|[ -]?(?P<scale>{_SCALE})(?!\w))?
      |(?P<glyphs>[{"".join(_GLYPHS)}])(?:\ ?(?P<glyphscale>{_SCALE})(?!\w))?
      |(?P<onehalf>an?|{_CARDINAL})(?=[ ](?:year|month|week|day|hour|decade)s?[ ]and[ ]a[ ]half\b)
      |(?P<coin>(?<!not[ ])(?<!without[ ])an?)(?=[ ](?:penny|cent)\b)
      |(?P<words>{_RUN})(?P<andhalf>\ and\ a\ half)?(?:[ -](?P<wordscale>{_SCALE}|dozen|score)(?!\w))?
      |(?:a|an|per)\ (?P<single>dozen|decade|century|hundred|thousand|million|billion|trillion)
      |(?P<lone>dozen)
    )(?:(?![\w])|(?<=\d)(?=(?:{_JOINED})\b|[x¢]\b|p\b))
    """,
    re.VERBOSE | re.IGNORECASE,
)


class Numeral(NamedTuple):
    """A number in a line: its place, its value as a ledger writes it, its multiplier, and how it is printed.

    `form` is one of digits, words, fraction, multiple, ordinal, lots (dozens: at least two), order (hundreds: a
    range) and vague, which no row can express.
    """

    start: int
    end: int
    value: str
    multiplier: int | Fraction
    form: str

    @property
    def point(self) -> Fraction:
        """Return the value times the multiplier."""
        low, high = printed_ends(self.value)
        return (low + high) / 2 * self.multiplier


def find_numerals(line: str) -> Iterator[Numeral]:
    """Yield the numbers of a plain line, from left to right.

    >>> [(n.value, n.multiplier, n.form) for n in find_numerals("doubled to 3.7 billion, a third of twenty-one, 500m")]
    [('2', 1, 'multiple'), ('3.7', 1000000000, 'digits'), ('1/3', 100, 'fraction'), ('21', 1, 'words'), \
('500', 1000000, 'digits')]
    """
    for match in _PATTERN.finditer(line):
        value, multiplier, form = _read(match)
        yield Numeral(match.start(), match.end(), value, multiplier, form)


def _read(match: re.Match[str]) -> tuple[str, int, str]:
    """Return the value, the multiplier and the form of a number."""
    part = {name: text.lower() for name, text in match.groupdict().items() if text}
    match part:
        case {"order": word, "orderscale": scale}:
            return _order(word), SCALES[scale], "order"
        case {"several": word}:
            return _order(f"{word}s"), SCALES.get(part.get("severalscale", ""), 1), "order"
        case {"alone_order": word}:
            return _order(word), 1, "order"
        case {"vague": _}:
            return "1", 1, "vague"
        case {"lots": word}:
            return str(_LOTS[word]), 1, "lots"
        case {"halfscale": scale}:
            return (str(_WHOLES[scale] // 2), 1, "words") if scale in _WHOLES else ("0.5", SCALES[scale], "words")
        case {"top": top, "parts": parts}:
            over = 1 if top in ("a", "an") else _SMALL.get(top) or int(top)
            return f"{over}/{_PARTS[parts]}", 100, "fraction"
        case {"alone": _}:
            return "1/2", 100, "fraction"
        case {"multiple": word}:
            return next(value for one, value in _MULTIPLES.items() if re.fullmatch(one, word)), 1, "multiple"
        case {"fold": number}:
            return str(_SMALL.get(number, number)), 1, "multiple"
        case {"ordinal": word}:
            return str(_ORDINALS.get(word) or re.sub(r"\D", "", word)), 1, "ordinal"
        case {"high": high, "highscale": scale, "low": low, "lowscale": lower}:
            return str(int(high) * SCALES[scale] // SCALES[lower] + int(low)), SCALES[lower], "digits"
        case {"onehalf": word}:
            return f"{_SMALL.get(word, 1)}.5", 1, "words"
        case {"coin": _}:
            return "1", 1, "words"
        case {"number": number}:
            return _read_digits(re.sub("[ ,]", "", number), part)
        case {"glyphs": glyph}:
            over, under = _GLYPHS[glyph]
            scale = SCALES.get(part.get("glyphscale", ""), 0)
            return f"{over}/{under}", scale or 100, "words" if scale else "fraction"
        case {"words": words}:
            return _read_words(words, part)
        case {"single": ("dozen" | "decade" | "century" | "hundred") as word} | {"lone": word}:
            return str(_WHOLES[word]), 1, "words"
    return "1", SCALES[part["single"]], "words"


def _order(word: str) -> str:
    """Return the range that an unnamed number of tens or hundreds stands for, as the ledger writes it."""
    return RANGE.join(map(str, ORDERS[word]))


def _read_digits(number: str, part: dict[str, str]) -> tuple[str, int, str]:
    multiplier = _ATTACHED.get(part.get("attached", ""), 1) * SCALES.get(part.get("scale", ""), 1)
    if under := part.get("under"):
        return f"{number}/{under}", 100 if multiplier == 1 else multiplier, "fraction"
    if glyph := part.get("glyph"):
        over, down = _GLYPHS[glyph]
        return _decimal(Fraction(number) + Fraction(over, down)), multiplier, "digits"
    return number, multiplier, "digits"


def _read_words(words: str, part: dict[str, str]) -> tuple[str, int, str]:
    total = current = 0
    for word in re.findall(r"[a-z]+", words):
        if word in ("hundred", "thousand"):
            current = (current or 1) * SCALES[word]
            total, current = (total + current, 0) if word == "thousand" else (total, current)
        elif word != "and":
            current += _SMALL[word]
    number, scale = total + current, part.get("wordscale", "")
    if scale in ("dozen", "score", "hundred"):
        return str(number * {"dozen": 12, "score": 20}.get(scale, 100)), 1, "words"
    return f"{number}{'.5' if 'andhalf' in part else ''}", SCALES.get(scale, 1), "words"


def _decimal(value: Fraction) -> str:
    return f"{float(value):.12g}"
