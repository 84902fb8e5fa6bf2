"""The words by which the grammar tells figures apart, as patterns: a list of words each, to be added to."""

from __future__ import annotations

import re

__all__ = [
    "AND_A_HALF",
    "ANNIVERSARY",
    "BESIDE",
    "BETWEEN",
    "BY",
    "CHANGES",
    "COMPARED",
    "COUNTED_ONE",
    "FALLS",
    "FALL_AFTER",
    "HALF_A",
    "INDEX",
    "IN_A_ROW",
    "IT_IS",
    "JOINED_TIMES",
    "LISTED",
    "MAKES",
    "MINUS",
    "NOT_FIRST",
    "NOUN",
    "OF",
    "OFTEN",
    "OF_A",
    "OWNED_FIRST",
    "PERCENT",
    "PLACE",
    "PLACED",
    "PLACES_NEXT",
    "PLURAL_NEXT",
    "POINTS",
    "RATIO",
    "RATIO_OPENS",
    "RUN",
    "SMALL_WORDS",
    "THING_IS",
    "THING_NEXT",
    "TIMES",
    "TIME_WORDS",
    "UNIT_ADJECTIVE",
    "WORD_TAIL",
    "any_word",
    "split",
]  # fmt: skip


def any_word(words: str) -> str:
    """Return a pattern for any of the words in a text; a low line stands for a space within one.

    >>> any_word("more more_than")
    '(?:more|more than)'
    """
    return f"(?:{'|'.join(word.replace('_', ' ') for word in words.split())})"


def split(words: str) -> list[str]:
    """Return the words of a text.

    >>> split("ten eleven")
    ['ten', 'eleven']
    """
    return words.split()


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


SMALL_WORDS = any_word("one two three four five six seven eight nine")
OF = re.compile(r" of(?: an?| the)?(?= )")
OF_A = re.compile(r" of an?(?= )")
HALF_A = re.compile(r" an?(?= )")
# Between a number and its unit: 15 consecutive years.
UNIT_ADJECTIVE = _pattern(
    r"[ -]"
    + any_word(
        "consecutive straight full whole long golden more further additional extra short calendar fiscal "
        "successive new "
        "total net gross odd or_so or_more plus"
    )
    + "(?=[ -])"
)
# The words that name what is counted end before one of these.
_NO_NOUN = any_word(
    "in of for and with to by on at as from since that which is was were are has have had but or than this last over "
    "the a an per when while where who will would could can after before during through worth between under across "
    "into now currently so if it its their"
)
NOUN = re.compile(rf"(?:[ -](?!{_NO_NOUN}\b)[A-Za-z][\w'&-]*){{1,4}}")
PLURAL_NEXT = re.compile(r" (?:[a-z-]+ )?[a-z]{3,}s\b(?<!ss)(?<!us)(?<!is)")
# Before four digits that are a year, and before those that are an amount.
TIME_WORDS = _pattern(
    r"\b"
    + any_word(
        "in since by from to until of during for and before after between year the late early mid through around "
        "despite "
        "than spring summer autumn fall winter season on with at"
    )
    + "[ -]$"
)
# Between two numbers that share a unit.
BESIDE = re.compile(r"(?:%| per ?cent)?(?: ?- ?| to | through | and )")
# One month in a row: the fifth consecutive month.
IN_A_ROW = re.compile(r"[ -](?:(?:consecutive|straight|successive) )?(?P<unit>month|week|day|quarter)\b")
BY = re.compile(r"\bby (?:about |around |some |a further )?$", re.IGNORECASE)
BETWEEN = re.compile(r"(?: ?- ?| to | through )")
LISTED = re.compile(r"(?:,? and |, | or |,? but )")
# Verbs of change: "from 12 to 15 percent" after one is no range.
CHANGES = _pattern(
    r"\b"
    + any_word(
        r"r[io]se risen rising f[ea]ll fell fallen falling gr[eo]w grown growing grows increas\w+ decreas\w+ declin\w+ "
        r"drop\w* up down climb\w* jump\w* surg\w+ soar\w* skyrocket\w* slid\w* slip\w* plung\w+ cut\w* rais\w+ "
        r"reduc\w+ "
        r"lower\w* expand\w* shr[aiu]nk\w* boost\w* lift\w* went go goes going doubl\w+ tripl\w+ move\w* chang\w+ "
        r"improv\w+ narrow\w* widen\w* accelerat\w+ slow\w* edg\w+ tumbl\w+ swell\w* balloon\w* halv\w+ rebound\w* "
        r"advanc\w+ eas\w+"
    )
    + r"\b"
)
_ADVERBS = any_word(
    "more_than about around nearly almost over roughly some an? approximately another a_further at_least up_to "
    "only just "
    "less_than between"
)
MINUS = _pattern(r"(?:(?:^|[ (])-|\bminus )$")
FALLS = _pattern(
    r"\b"
    + any_word(
        "fell falls? fallen falling declin(?:e|ed|es|ing) dropp?(?:ed|s|ing)? decreas(?:e|ed|es|ing) shrank shrunk "
        "shrinking slipped slid plunged contract(?:ed|s|ing) down slumped tumbled lost losing dipped retreated "
        "sank sunk "
        "plummeted reduced weakened"
    )
    + rf"(?: further| back| again| sharply| slightly)?(?: by)? ?(?:{_ADVERBS} ?)*$"
)
FALL_AFTER = _pattern(
    r"(?:[ -](?:year-on-year|annual|monthly|quarterly|sharp|steep))? "
    + any_word("declines? drops? falls? decreases? reductions? contractions? slumps? lower less fewer dip plunge")
    + r"\b"
)
_WHOLE = rf"(?:{SMALL_WORDS}|ten|twelve|twenty|an? hundred|[1-9]\d{{0,2}}(?:,\d{{3}})*)"
# One in eight; but not one in eight years, nor one in eight million.
_NO_WHOLE = r"[.,]\d|[-%]| ?per|(?: [a-z]+)? " + any_word(
    "years months weeks days hours minutes decades quarters hundred thousand million billion trillion"
)
RATIO = _pattern(
    rf"(?<![\w.,$€£¥])(?P<top>{SMALL_WORDS}|\d{{1,3}})(?:(?: (?!of\b)[a-z]+)? out of(?: every)?| in(?: every)?|-in-"
    rf"|(?<=[Oo]ne) (?!of\b)[a-z]+ in(?: every)?) ?(?P<under>{_WHOLE})\b"
    rf"(?!{_NO_WHOLE}\b)|\bratio (?:\w+ ){{0,3}}?(?P<left>\d+) (?:to|:) (?P<right>[1-9]\d*)\b"
)
# What something can be in or happen at: two in three cities may be two shops, which are in three cities.
PLACES_NEXT = _pattern(
    r"(?: [a-z-]+)? "
    + any_word(
        "cities towns villages countries states regions provinces districts counties places locations sites markets "
        "ports airports matches games races rounds attempts visits meetings elections trials"
    )
    + r"\b"
)
_BEFORE_SHARE = any_word(
    "and but only just about around nearly almost roughly over some more_than less_than fewer_than at_least up_to"
)
RATIO_OPENS = _pattern(rf"(?:^|[.!?:;]|\b(?:that|says?|said|because|while)) *[\"'(]*(?:{_BEFORE_SHARE} )*$")
# To open a third shop: a verb of making, and a thing after the number.
MAKES = _pattern(
    r"\b(?:open|build|launch|add|found|start|plan|sign|set up|establish|creat|need|propos|inaugurat|construct|complet)"
    r"(?:s|e|es|ed|ing|ning)? $"
)
_NO_THING = any_word("of more less fewer as to in on from and or at by for than it they that who the are were have")
# A third crossing is a thing, and no part of one, where what is said of it follows: "A third rail crossing is to …".
THING_IS = _pattern(
    rf" (?!{_NO_THING}\b)[a-z-]+(?: (?!{_NO_THING}\b)[a-z-]+)?"
    r"(?:, (?:between|in|on|at|near|called|which)\b| (?:is|was|has|will|would|may|opens|opened)\b)"
)
THING_NEXT = _pattern(r" (?!(?:of|more|less|as|higher|lower|larger|fewer|to|in|from|and|or|at|on|by|for|than)\b)[a-z]")
TIMES = re.compile(
    "[- ]times?(?= "
    + any_word(
        "the that its their his as more higher larger greater bigger faster less lower what over those this longer "
        "cheaper smaller compared above than earnings of"
    )
    + r"\b)"
)
# An ordinal that counts a run: the fifteenth consecutive year, a second year running.
RUN = _pattern(r"[ -](?:(?:consecutive|straight|successive)\b|[a-z]+ (?:running|in a row)\b)")
COMPARED = re.compile(r"^[^.;]*\b(?:compared (?:with|to)|up from|down from|against|from) (?:about |some )?$")
# A sentence that goes on about the figure before it: It should have been 70.
IT_IS = re.compile(
    r"(?:^|[.!?]\"? )(?:(?:Today|Now|But|Yet|And|Then),? )?(?:[Ii]t|[Tt]his|[Tt]hat)(?: [a-z]+){0,3}? "
    r"(?:is|was|been|be|gets?|got|hit|reach(?:es|ed)|stood at|stands at) (?:about |nearly |only |just )?$"
)
OFTEN = re.compile(r"[- ]times\b")
JOINED_TIMES = re.compile(r"x(?![\w-])")  # 2.8x
AND_A_HALF = re.compile(r" and a half\b")  # a year and a half
# Points beside percentages are percentage points, those of an index are not.
POINTS = re.compile(r"[ -]points?\b(?! of percent)")
PERCENT = re.compile(r"\d ?%|\bper ?cent\b|\bpct\b", re.IGNORECASE)
INDEX = re.compile(r"\b(?:index|indices|indexes|scor(?:e|es|ed)|PMI|league|Dow|Nasdaq|shares closed)\b", re.IGNORECASE)
# An ordinal that is a rank: ranked third, the third largest.
PLACED = _pattern(
    r"\b(?:rank(?:s|ed|ing)?|plac(?:e|es|ed)|finished|came|comes|stands|stood|position(?:ed)?)(?: [a-z]+)?(?: "
    r"the)? $|(?:up|down) from (?:the )?$"
)
PLACE = _pattern(
    "[ -]"
    + any_word(
        "place position spot rank largest biggest highest most busiest longest fastest smallest lowest oldest richest "
        "leading top strongest deepest tallest greatest best prize only_to"
    )
)
ANNIVERSARY = _pattern(r"[ -](?:[a-z]+ )?(?:anniversary|birthday|jubilee|year)\b")
OWNED_FIRST = _pattern(r"\b(?:the|its|their|his|her|our|an?|very|[a-z]+'s?) $")
COUNTED_ONE = _pattern(r"\b(?:only|just|than|least|most|from|to|exactly|about|nearly|almost) $")
NOT_FIRST = _pattern(
    "[ -]"
    + any_word("time of to and place step phase stage part announced proposed began came half quarter is was ,")
    + r"\b"
)
# A number word joined to another word is no figure, unless that is a unit or a thing: two-way, but ten-year.
WORD_TAIL = re.compile(
    "-(?!"
    + any_word(
        "year day month week hour minute mega giga kilo percent per point member nation storey seat strong "
        "country room "
        "bed metre meter km ton mile acre hectare foot largest biggest highest busiest most ranked "
        "odd plus "
        "times unit place barrel litre liter inch kg"
    )
    + ")[a-z]"
)
