"""What the words of a sentence say of time: what is planned, past or compared, and what a phrase of time belongs to."""

from __future__ import annotations

import re

from claims.ledger.records import Period

from report.propose import wording
from report.propose.wording import any_word

__all__ = [
    "beginning",
    "comparison",
    "dates_what_is_said",
    "is_aside",
    "is_base_of_change",
    "is_change_on_year",
    "is_compared",
    "is_entry",
    "is_heading",
    "is_name",
    "is_now",
    "is_one_clause",
    "is_other_statement",
    "is_past",
    "is_perfect",
    "is_planned",
    "is_start_of_change",
    "is_told_in_person",
    "is_year_before",
    "is_year_end",
    "names_an_event",
    "opens_relative",
    "refers_back",
]

_BREAK = re.compile(r"[,;:] ")
_NOW = re.compile(r"(?:now|currently|today|to date|at present|presently|so far)", re.IGNORECASE)
_PLANNED = re.compile(
    r"\b(?:will|would|plan(?:s|ned)? to|plan(?:s|ned)? for|aim(?:s|ed|ing)? (?:to|for|at)|(?:is|are) to|"
    r"expect(?:s|ed|ing)? to|expects|forecasts?|hop(?:es?|ing) (?:to|for)|intend(?:s|ed)? to|targets?|goals?|potential|"
    r"should|due|(?:agreed|pledged|decision|promised|wants?|scheduled|ready) to|to open)\b"
)
_SAID = any_word(
    "said says say told added adds announced announces reported reports noted notes stated showed shows wrote writes "
    "published released confirmed posted planned promised forecast projected"
)
_SAID_THEN = re.compile(rf"\b{_SAID}(?: [a-z]+){{0,2}} *(?:on )?$")
_THEN_SAID = re.compile(rf" {_SAID}\b")
_OTHER_STATEMENT = re.compile(rf"\b(?:and|but|while) (?:(?:also )?{_SAID} )?that\b")
_REST = r"(?:[^,;]|,(?=\d))*"  # of a clause; a comma between digits does not end it
_COMPARED = (
    r"(?:up|down) from|compared (?:with|to)|in comparison|relative to|against|versus|vs\.?|following|after|before|"
    r"than(?= (?:in |during |at |for |the |a )*$)|(?:below|above)(?= the $)|rather than|"
    r"the same (?:period|quarter|months?)|as (?:many|much|high|large|big|often) as|"
    r"(?:increase|decrease|rise|growth|gain|drop|fall|decline)(?= (?:[^,;]|,(?=\d))*\bover $)|"
    r"(?:levels?|figure|peak|height|average|sum)(?: [a-z]+)? (?:of|in|for|from)(?= $)|(?:that|those) of(?= $)"
)
_COMPARISON = re.compile(rf"\b(?:{_COMPARED})(?!\w){_REST}$")
_CHANGE_ON_YEAR = re.compile(r"\b(?:from|over|on)(?: the)? $")
_BEST = re.compile(r"\b(?:[a-z]{2,}est|most|best|worst|first|record|peak|least|time)\b[^,;]*$", re.IGNORECASE)
_YEAR_BEFORE = re.compile(r"(?:an?|one) year (?:ago|earlier|before)|the (?:previous year|year before)", re.IGNORECASE)
_OPENING_PARTICIPLE = re.compile(
    r'["\s]*(?:[\w ]+: )?(?:Established|Founded|Built|Opened|Created|Launched|Introduced)\b[^,]*$'
)
_COMPARED_FIGURE = re.compile(
    rf"\b(?:(?:up|down) from|compared (?:with|to)|against|versus|vs\.?|than)\b{_REST}$|"
    r"\bfrom (?:about |around |some |just |only |nearly |almost |a |mere |over |more than |less than )*$"
)
_RELATIVE = re.compile(r", (?:(?:of|to|in|during) )?(?:which|who|where|when|whose)\b")
_IRREGULAR = any_word(
    "rose fell grew came took made sold bought was were had brought held went met began paid spent stood cut lost won "
    "led sank got gave saw ran shrank hit drew sent built drove flew kept left put set swept overtook bore slid shed "
    "beat chose dealt fought knew lent meant quit rode shut spoke split spread struck swung taught threw wrote woke"
)
_NO_VERB = any_word(
    "need indeed speed united limited hundred based related detailed renewed mixed red bed feed seed proceed exceed "
    "advanced developed combined estimated so-called listed unprecedented compared"
)
_PAST = re.compile(
    rf"(?<![\w-])(?<!\b[aA] )(?<! an )(?<!\b[tT]he )(?<!\bits )"
    rf"(?:{_IRREGULAR}|(?!{_NO_VERB}\b)[a-z]{{2,}}ed)\b"
)
_PRESENT = re.compile(r"\b(?:is|are|am|has|have|do|does|can|may|might|will|would|should|must|remains?|stands?)\b")
_PERFECT = re.compile(r"\b(?:has|have) (?:also |already |now |since )?[a-z]+(?:ed|wn|ne|ld|de|nt|ught)\b")
_REFERS = re.compile(r'["\s]*(?:The|It|They|These|This|Its|Their|Since then)\b')
_EVENT = re.compile(r'["\s]*(?:During|After|At|On) (?:the|their|his|her|its|these|this) (?!same\b)[a-z]+')
_ASIDE = re.compile(
    r", (?:first )?(?:opened|founded|established|built|created|launched|introduced|signed|completed|announced|released|"
    r"bought|purchased|proposed|born|begun|started|finished)\b[^,]*$"
)
_BEGAN = re.compile(
    r"\b(?:opened|launched|founded|established|began|started|created|set up|inaugurated|introduced|built|formed)\b"
)
_ANNIVERSARY = re.compile(r"\b(\d{1,3})(?:st|nd|rd|th) anniversary\b")
MOST_WORDS = 12  # of a heading


def is_now(phrase: str) -> bool:
    """Return whether a phrase of time is a word for the day of the text."""
    return _NOW.fullmatch(phrase.strip()) is not None


def is_one_clause(between: str) -> bool:
    """Return whether nothing between two places of a sentence ends a clause."""
    return _BREAK.search(between) is None


def is_planned(line: str, first: int, place: int) -> bool:
    """Return whether the words before a place, in its clause of the sentence from `first` on, are of a plan.

    >>> line = "It sold 40 looms in 2023, and plans to buy 12 more."
    >>> is_planned(line, 0, 8), is_planned(line, 0, 42)
    (False, True)
    """
    return _PLANNED.search(_BREAK.split(line[first:place])[-1]) is not None


def dates_what_is_said(opening: str, rest: str) -> bool:
    """Return whether a phrase of time between `opening` and `rest` is that of the saying: the mayor said on Monday.

    >>> dates_what_is_said("Rents rose 4%, she said on ", "."), dates_what_is_said("Rents rose 4% in ", ", she said.")
    (True, False)
    """
    return bool(_SAID_THEN.search(opening) or _THEN_SAID.match(rest))


def is_other_statement(between: str) -> bool:
    """Return whether something else is said between two places, as after "and said that"."""
    return _OTHER_STATEMENT.search(between) is not None


def comparison(opening: str, phrase: str) -> int | None:
    """Return where the comparison begins, in the words before a phrase of time, that it belongs to; None without one.

    What stands before that place has another time: 40 tons, up from 30 in 2023. A year since which nothing was as good
    is one too, and so is an aside: the mill, opened in 2009, sold 40 tons.

    >>> comparison("It sold 40 tons, up from 30 in ", "2023"), comparison("It sold 40 tons in ", "2023")
    (17, None)
    >>> comparison("It grew at its fastest pace ", "since 2019")
    15
    """
    match = _COMPARISON.search(opening) or _OPENING_PARTICIPLE.match(opening) or _ASIDE.search(opening)
    if not match and phrase.lower().startswith("since"):
        match = _BEST.search(opening)
    return match.start() if match else None


def is_aside(opening: str) -> bool:
    """Return whether a place is in an aside about a beginning.

    >>> is_aside("The mill, opened in "), is_aside("The mill opened in ")
    (True, False)
    """
    return _ASIDE.search(opening) is not None


def is_change_on_year(between: str) -> bool:
    """Return whether a year only says since when something changed: 3 percent over 2024.

    >>> is_change_on_year(" over "), is_change_on_year(" in ")
    (True, False)
    """
    return _CHANGE_ON_YEAR.search(between) is not None


def is_base_of_change(opening: str, phrase: str) -> bool:
    """Return whether a phrase of time only says what something changed on: 12 percent on the previous year.

    >>> is_base_of_change("40 looms, 12 percent more on ", "the previous year"), is_base_of_change("In ", "2023")
    (True, False)
    """
    return bool(re.search(r"\b(?:on|over) $", opening) and _YEAR_BEFORE.fullmatch(phrase))


def is_year_end(phrase: str) -> bool:
    """Return whether a phrase of time names the last day of a year.

    >>> is_year_end("at the end of 2024"), is_year_end("in 2024")
    (True, False)
    """
    return re.match(r"(?:at|by) the (?:end|close) of", phrase, re.IGNORECASE) is not None


def is_year_before(opening: str, phrase: str) -> bool:
    """Return whether a phrase of time means the same months of the year before.

    >>> is_year_before("from 30 ", "a year earlier"), is_year_before("than in the same period ", "last year")
    (True, True)
    """
    same = re.search(r"\bthe same (?:period|quarter|months?) (?:of |in )?$", opening)
    return bool(same or _YEAR_BEFORE.fullmatch(phrase))


def is_name(opening: str, phrase: str, rest: str) -> bool:
    """Return whether a year between these words is part of a name, such as the 2031 bond or last year's prize.

    >>> is_name("Its ", "2031", " bond yielded 7%."), is_name("In ", "2023", " the bond yielded 7%.")
    (True, False)
    """
    owned = (
        phrase[:1].isdigit()
        and re.search(r"\b(?:[Tt]he|[Ii]ts|[Aa]|[Tt]heir|'s) $", opening)
        and re.match(r" [A-Za-z]+", rest)
    )
    return bool(owned or rest.startswith("'s "))


def is_entry(line: str) -> bool:
    """Return whether a line is an entry of a list, which stands for itself.

    >>> is_entry("(b) a plant of 1,500 MW;"), is_entry("A plant of 1,500 MW.")
    (True, False)
    """
    return re.match(r"\s*(?:\(?(?:\d{1,3}|[a-z])[.)]|[-*•])\s", line) is not None


def is_compared(between: str) -> bool:
    """Return whether the figure after these words is compared with one of another time: …, up from 30.

    >>> is_compared(" it sold 40 looms, up from "), is_compared(" it sold ")
    (True, False)
    """
    match = _COMPARED_FIGURE.search(between)
    return bool(match and (match.group().split()[0] != "from" or wording.CHANGES.search(between)))


def is_start_of_change(before: str, between: str) -> bool:
    """Return whether the figure between these words is what something changed from, of which the end alone is dated.

    >>> is_start_of_change("Sales rose from ", " to 15 tons in "), is_start_of_change("Sales rose from ", " tons in ")
    (True, False)
    """
    return is_compared(before) and re.search(r"\bto (?:[a-z]+ ){0,3}[^\w ]?\d", between) is not None


def is_told_in_person(sentence: str) -> bool:
    """Return whether a sentence is what somebody says of himself, which the text before it does not date.

    >>> is_told_in_person('"I sold 40 looms," she said.'), is_told_in_person("It sold 40 looms.")
    (True, False)
    """
    return '"' in sentence and re.search(r"\b(?:I|we|We|my|My|our|Our)\b", sentence) is not None


def opens_relative(between: str) -> bool:
    """Return whether a clause such as ", which …" begins between two places."""
    return _RELATIVE.search(between) is not None


def is_past(sentence: str) -> bool:
    """Return whether the first verb of a sentence that can be told is in the simple past.

    >>> is_past("Sales slipped a bit."), is_past("It has slipped."), is_past("It employs 40 people.")
    (True, False, False)
    """
    past, present = _PAST.search(sentence), _PRESENT.search(sentence)
    return bool(past and (not present or past.start() < present.start()))


def is_perfect(sentence: str) -> bool:
    """Return whether a sentence tells what has been done until its day.

    >>> is_perfect("The base has handled 40 trains."), is_perfect("The base handled 40 trains.")
    (True, False)
    """
    return _PERFECT.search(sentence) is not None


def refers_back(sentence: str) -> bool:
    """Return whether a sentence begins with a word for what was named before."""
    return _REFERS.match(sentence) is not None


def beginning(sentence: str, period: Period) -> str:
    """Return the day on which something began that a sentence dates by `period`, "" if it dates no beginning.

    >>> year = Period("2014-01-01", "2014-12-31", "year", "stated")
    >>> beginning("The mill opened in 2014.", year), beginning("2014 marked its 10th anniversary.", year)
    ('2014-01-01', '2004-01-01')
    """
    if match := _ANNIVERSARY.search(sentence):
        return f"{int(period.start[:4]) - int(match[1])}-01-01" if period.kind == "year" else ""
    return period.start if _BEGAN.search(sentence) and period.kind in ("year", "quarter", "moment") else ""


def names_an_event(sentence: str) -> bool:
    """Return whether a sentence begins with an event that dates it, as "During the visit" does.

    >>> names_an_event("After their talks, they signed it."), names_an_event("After 2019 it grew.")
    (True, False)
    """
    return _EVENT.match(sentence) is not None


def is_heading(line: str) -> bool:
    """Return whether a line is a heading: few words, and no mark at its end.

    >>> is_heading("What growers get"), is_heading("They get 5 percent.")
    (True, False)
    """
    return len(line.split()) <= MOST_WORDS and not re.search(r"[.!?:;,]['\")]*\s*$", line)
