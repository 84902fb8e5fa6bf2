"""What a new report is called: its title as a person typed it, and the names of package and project made from it."""

from __future__ import annotations

import html
import importlib.util
import json
import keyword
import re
import unicodedata
from dataclasses import dataclass

from report.stops import WrongInput

__all__ = ["LONGEST_TITLE", "Naming", "check_title", "fill_in", "name_subject", "quote"]

LONGEST_TITLE = 200
_LONGEST_NAME = 24
_TOKEN = re.compile(r"\{\{(\w+)\}\}")
_SMALL = {"a", "an", "and", "at", "for", "from", "in", "is", "of", "on", "s", "the", "to", "what", "with"}
_MARKUP = re.compile(r"([\\`*_\[\]<>#|~$&])")


@dataclass(frozen=True)
class Naming:
    """The title of a report, the name of its subject's package, and the day it was begun (ISO 8601)."""

    title: str
    subject: str
    day: str

    @property
    def tokens(self) -> dict[str, str]:
        """Return what a template can name, with the title as each format needs it."""
        return {
            "title": self.title,
            "title_quoted": quote(self.title),
            "title_markdown": _MARKUP.sub(r"\\\1", self.title),
            "project": f"{self.subject.replace('_', '-')}-ledger",
            "subject": self.subject,
            "day": self.day,
        }


def quote(text: str) -> str:
    r"""Return a text in quotes that JSON, YAML and TOML read alike.

    >>> print(quote('A "good" \\ year – for Óbidos'))
    "A \"good\" \\ year – for Óbidos"
    """
    return json.dumps(text, ensure_ascii=False)


def fill_in(template: str, naming: Naming) -> str:
    """Return a template with each {{token}} replaced. Raises KeyError for one that there is not."""
    return _TOKEN.sub(lambda token: naming.tokens[token[1]], template)


def check_title(title: str) -> str:
    """Return a title without blanks around it. Raises WrongInput for one that no page can begin with."""
    title = unicodedata.normalize("NFC", title).strip()
    shown = ascii(title[:40])
    if not title:
        raise WrongInput('--title is empty; write what the report is about, such as --title "Housing in Larkmouth"')
    if any(unicodedata.category(letter)[0] == "C" or letter in "\u2028\u2029" for letter in title):
        raise WrongInput(f"--title {shown}: has a line break or an invisible character; write it on one line")
    if len(title) > LONGEST_TITLE:
        raise WrongInput(f"--title {shown}…: has {len(title)} characters, {LONGEST_TITLE} at most; shorten it")
    if title != html.unescape(title):
        raise WrongInput(f"--title {shown}: has an entity of HTML; write the character itself")
    return title


def name_subject(title: str) -> str:
    """Return the name of a package for a subject: the first words of its title that a name has room for.

    A name that Python or an installed package has already gets `_report` after it.

    >>> name_subject("The housing in Óbidos: what do papers print?"), name_subject("Statistics"), name_subject("жильё")
    ('housing_obidos', 'statistics_report', 'subject')
    """
    plain = unicodedata.normalize("NFKD", re.split(r"[:?!;–—]", title)[0]).encode("ascii", "ignore").decode().lower()
    words = [word for word in re.findall(r"[a-z0-9]+", plain) if word not in _SMALL]
    name = words[0][:_LONGEST_NAME] if words else ""
    for word in words[1:]:
        if len(name) + 1 + len(word) > _LONGEST_NAME:
            break
        name += f"_{word}"
    name = name or "subject"
    return f"{name}_report" if _is_taken(name) else name


def _is_taken(name: str) -> bool:
    """Return whether a package of this name could not be imported, or would hide another."""
    if not name.isidentifier() or keyword.iskeyword(name):
        return True
    return name == "tests" or importlib.util.find_spec(name) is not None
