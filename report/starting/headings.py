"""What the first lines of a text state of it: its day, publisher, author and kind, for a person to look at."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from typing import NamedTuple

__all__ = ["TextHeading", "read_heading", "short_word"]

_LOOKED_AT = 6  # lines, of those that are not empty, in which a text says when it was written
_LONGEST = 80  # characters of a line that has a date and little else
_TITLE = 200
_SMALL = {"a", "an", "and", "of", "the"}
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DATES = (
    (re.compile(r"\b(\d{4}-\d\d-\d\d)\b"), "%Y-%m-%d"),
    (re.compile(rf"\b(\d{{1,2}} (?:{_MONTHS}) \d{{4}})\b"), "%d %B %Y"),
    (re.compile(rf"\b((?:{_MONTHS}) \d{{1,2}}, \d{{4}})\b"), "%B %d, %Y"),
)
_BY = re.compile(r"by (?=[A-Z])", re.IGNORECASE)
_NO_PUBLISHER = re.compile(r"\b(published|updated|posted|issued|modified|released|date|dated|on)\b", re.IGNORECASE)
_KINDS = {  # by a word of the title or of the publisher
    "letter": r"letter",
    "address": r"address|speech|statement",
    "opinion": r"opinion|comment|op-ed|editorial",
    "paper": r"working paper|discussion paper",
    "report": r"bulletin|report|survey|monitor|yearbook|review",
    "agency": r"agency|newswire",
}


class TextHeading(NamedTuple):
    """What the first lines of a text state: title, day (ISO 8601), publisher, author, kind; "" if not."""

    title: str
    day: str = ""
    publisher: str = ""
    author: str = ""
    kind: str = "news"

    def short_name(self, name: str, taken: Collection[str] = ()) -> str:
        """Return what sentences may call a text, after “the”: the last part of its publisher, else its name.

        >>> TextHeading("Housing in 2024", publisher="City of Larkmouth, Housing Office").short_name("office")
        'Housing Office'
        >>> TextHeading("Fjordbank on housing").short_name("fjordbank")
        'Fjordbank'
        """
        of_publisher = self.publisher.rpartition(", ")[2].removeprefix("The ")
        if of_publisher and of_publisher not in taken:
            return of_publisher
        printed = re.search(rf"\b{name}\b", self.title, re.IGNORECASE)
        return printed[0] if printed and printed[0] not in taken else name


def read_heading(lines: Sequence[str]) -> TextHeading:
    """Return what the first lines of a text state, which are stripped and not empty.

    Its day is that of a line with little else, or else the only full date in these lines.

    >>> read_heading(["A bulletin", "Larkmouth, Housing Office, 10 March 2025", "On 1 May 2024 it rained."])
    TextHeading(title='A bulletin', day='2025-03-10', publisher='Larkmouth, Housing Office', author='', kind='report')
    """
    first = lines[:_LOOKED_AT]
    alone = {line: found for line in first if (found := _date_and_little_else(line))}
    days = {day for day, _ in alone.values()} or {day for line in first for day, _ in _dates(line)}
    names = [rest for _, rest in alone.values() if rest] if len(days) == 1 else []
    authors = [_BY.sub("", name, count=1) for name in names if _BY.match(name)]
    publishers = [name for name in names if not _BY.match(name) and " " in name]  # one word may be a place
    title, publisher = lines[0][:_TITLE], (publishers or [""])[0]
    return TextHeading(
        title=title,
        day=days.pop().isoformat() if len(days) == 1 else "",
        publisher=publisher,
        author=(authors or [""])[0],
        kind=_kind(title) or _kind(publisher, ("agency",)) or "news",
    )


def _dates(line: str) -> Iterator[tuple[date, str]]:
    """Yield each full date of a line, with the rest of the line."""
    for pattern, form in _DATES:
        for match in pattern.finditer(line):
            try:
                day = datetime.strptime(match[1], form).date()
            except ValueError:
                continue
            yield day, f"{line[: match.start()]} {line[match.end() :]}"


def _date_and_little_else(line: str) -> tuple[date, str] | None:
    """Return the only date of a line that begins or ends with it, and the names that are beside it.

    >>> _date_and_little_else("The Gazette, 10 March 2025"), _date_and_little_else("On 1 May 2024 it rained.")
    ((datetime.date(2025, 3, 10), 'The Gazette'), None)
    """
    found = [*_dates(line)]
    if len(found) != 1 or len(line) > _LONGEST:
        return None
    day, rest = found[0]
    names = rest.strip(" ,;:|·–—-()")
    if (rest[:1] != " " and rest[-1:] != " ") or re.search(r"[.!?]( |$)", names):
        return None
    return day, "" if _NO_PUBLISHER.search(names) else names


def _kind(words: str, kinds: Collection[str] = tuple(_KINDS)) -> str:
    """Return the kind of a text that a word of its title or publisher names, "" if none does."""
    return next((kind for kind in kinds if re.search(rf"\b({_KINDS[kind]})\b", words, re.IGNORECASE)), "")


def short_word(stem: str, taken: Collection[str]) -> str:
    """Return a word for a text that no other has, from the name of its file: the last word of it that is free.

    >>> short_word("city-housing-office", set()), short_word("The Gazette-10", {"gazette"}), short_word("7", {"text"})
    ('office', 'gazette2', 'text2')
    """
    plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode().lower()
    words = [word[:20] for word in re.findall(r"(?<![a-z0-9])[a-z][a-z0-9]*", plain) if word not in _SMALL] or ["text"]
    names = (*reversed(words), *(f"{words[-1]}{number}" for number in range(2, len(taken) + 3)))
    return next(name for name in names if name not in taken)
