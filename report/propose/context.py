"""Who states what a sentence prints."""

from __future__ import annotations

import re
from collections.abc import Sequence

from report.propose.wording import any_word

__all__ = ["find_speaker"]

_NAME = r"(?:[A-Z][\w'-]+(?: (?:al|bin|de|der|van|von|of|the|for) (?=[A-Z])| )?){1,5}"
_SAYS = any_word(
    "said says told noted notes added adds stated states stressed announced announces reported reports explained "
    "argued "
    "argues claimed claims estimated estimates expects predicted forecast confirmed wrote writes emphasized underlined "
    "pledged highlighted warned recalled"
)
_ACCORDING = re.compile(r"[Aa]ccording to (?P<who>[^,.;:()]{2,60})")
_BEFORE = re.compile(rf"(?P<who>{_NAME}|\b(?:[Hh]e|[Ss]he|[Tt]hey)\b) ?(?:also |has |had |then )?\b{_SAYS}\b")
_AFTER = re.compile(rf"\"?,? \b(?:said|added|says|told|wrote) (?P<who>{_NAME})")
# People without a name, after what they say: …, customs officials say.
_PEOPLE = re.compile(
    r"\"?, (?P<who>(?!(?:and|but|which|who|as|that|he|she|they|it|we)\b)[a-z]+(?: [a-z]+){0,3}) "
    r"(?:say|said|says|estimated?|reckon|report)\b"
)
_PRONOUN = re.compile(r"(?:he|she|they)", re.IGNORECASE)
_SURNAME = re.compile(rf"(?P<who>{_NAME}) ?(?:also |has |had |then )?\b{_SAYS}\b")
_TITLES = re.compile(
    r"^(?:The|In|On|At|As|But|And|While|For|It|This|That|President|Prime Minister|Minister|Mr|Mrs|Ms|Dr|Mayor) "
)


def find_speaker(lines: Sequence[str], number: int, sentence: tuple[int, int]) -> str:
    """Return who is said to state what a sentence of line `number` prints, "" if the text speaks itself.

    >>> find_speaker(["Mayor Ada Ruiz spoke.", '"Rents rose 4%," Ruiz said.'], 2, (0, 27))
    'Ruiz'
    >>> find_speaker(["Rents rose 4%, estate agents said."], 1, (0, 34))
    'estate agents'
    """
    line = lines[number - 1]
    text = line[slice(*sentence)]
    if match := _ACCORDING.search(text):
        return re.sub(r"^(?:the|a|an) ", "", match["who"]).strip()
    match = _BEFORE.search(text) or _AFTER.search(text) or _PEOPLE.search(text)
    if not match and text.count('"') + line[: sentence[0]].count('"') % 2:
        match = _BEFORE.search(line) or _AFTER.search(line)  # a quotation over several sentences
    if not match:
        return ""
    if _PRONOUN.fullmatch(match["who"]):
        return _last_named(lines, number, sentence[0])
    return _TITLES.sub("", match["who"]).strip()


def _last_named(lines: Sequence[str], number: int, place: int) -> str:
    """Return who spoke last before a sentence, whom "he said" means."""
    for text in (lines[number - 1][:place], *reversed(lines[: number - 1])):
        if found := [match["who"] for match in _SURNAME.finditer(text)]:
            return _TITLES.sub("", found[-1]).strip()
    return ""
