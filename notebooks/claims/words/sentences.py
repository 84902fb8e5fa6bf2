"""Results and the sentences made from them.

A finding is a computed number that knows its interval, its formula and its inputs. Authors keep findings and write
sentences with their names in braces; every number in such a sentence links to where it comes from:

    keep(growth.between_levels(book, reading))
    say("Trade grew {trade_growth_2024} from 2023 to 2024; one text prints {c013}.")

After the name a colon may ask for another form. Of a finding: `{name:range}` the interval in words, `{name:size}` the
value without its sign, `{name:number}` the bare number. Of a claim: `{c013:plain}` the figure without its hedge,
`{c013:period}` what time it speaks of, `{c013:source}` its text. Of an official figure the same, `{o044:source}` being
who published the page. What an author gives beside the template, a parameter's value, is marked as such, for its
number is no result.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches

from claims.content.phrases import Link, Marked, Phrase, part_markdown, unescaped
from claims.ledger import model as ledgers
from claims.ledger.model import OFFICIAL_ID, Claim, Ledger, Official, UnknownId
from claims.results.finding import Finding
from claims.results.store import _kept
from claims.words import numerals
from claims.words.labels import claim_text, listed

REMEDY = (
    "Keep a finding before it is said, borrow those of other notebooks with findings.borrow, or, where the sentence "
    "was written for another ledger, change it"
)


class UnknownName(UnknownId):
    """What stands in braces and is no name, or the name of nothing."""


# -- sentences ---------------------------------------------------------------------------------------------------


def phrase(template: str, **given: Claim | Official | Finding | Link | Marked | Phrase | str) -> Phrase:
    """Return `template` as a phrase, each `{name}` replaced by what is given for it; numbers link to their evidence.

    Raises UnknownName naming all that is not given, and all that is no name.

    >>> phrase("{a} of it", a=Link("5%", "f-x")).parts
    (Link(text='5%', to='f-x'), ' of it')
    """
    parts: list[str | Link | Marked] = []
    problems: list[str] = []
    for words, shown, name, form in _fields(template):
        parts.append(words)
        if name in given and not form:
            parts += _parts_of(given[name])
        elif name in given:
            problems.append(f"{shown} is no form; a phrase has none")
        elif shown:
            problems.append(f"{shown} is {'not given' if name else 'no name'}{_meant(shown, given)}")
    _refuse(template, problems)
    return Phrase(tuple(part for part in parts if part != ""))


def listed_phrases(items: Sequence[Phrase]) -> Phrase:
    """Return phrases as a sentence lists them.

    >>> str(listed_phrases([phrase("a"), phrase("b"), phrase("c")]))
    'a, b and c'
    """
    told = Phrase(())
    for place, item in enumerate(items):
        joint = "" if not place else " and " if place == len(items) - 1 else ", "
        told = told + joint + item
    return Phrase(tuple(part for part in told.parts if part != ""))


def _parts_of(item) -> tuple[str | Link | Marked, ...]:
    if isinstance(item, Phrase):
        return item.parts
    if isinstance(item, Finding):
        return (Link(str(item), item.anchor),)
    if isinstance(item, Claim | Official):
        return (Link(claim_text(item), item.id),)
    return (item,)


_BRACES = re.compile(r"\\.|\{[^{}]*\}|[{}]", re.DOTALL)  # an escaped character, a field, or a brace without its partner
_FIELD = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)(?::([a-z]+))?\}")
_CLAIM = re.compile(r"c\d+")


class _Markdown(str):
    """A stretch of a template, which may hold an author's markup."""


def text(template: str, **given: object) -> str:
    """Return `template` as Markdown, each `{name}` replaced by its number, linked to where it comes from.

    `given` are an author's own: phrases, links, findings and claims as they are, anything else as a parameter's value.
    Raises UnknownName naming every unknown name and all that is no name, with the nearest known one.
    """
    return "".join(part if isinstance(part, _Markdown) else part_markdown(part) for part in _filled(template, given))


def pieces(template: str, **given: object) -> Phrase:
    """Return `template` as a phrase without markup, each `{name}` replaced by its number, linked; see `text`."""
    words = (unescaped(part) if isinstance(part, _Markdown) else part for part in _filled(template, given))
    return Phrase(tuple(part for part in words if part != ""))


def plain(template: str, **given: object) -> str:
    """Return `template` as plain text, each `{name}` replaced by its number."""
    return str(pieces(template, **given))


def say(template: str, **given: object) -> None:
    """Display `template` as a paragraph of the report; see `text`."""
    from IPython.display import Markdown, display

    display(Markdown(text(template, **given)))


def _filled(template: str, given: Mapping[str, object]) -> list[_Markdown | str | Link | Marked]:
    """Return the stretches of `template` and what is put in between them, as they follow one another."""
    parts: list[_Markdown | str | Link | Marked] = []
    problems: list[str] = []
    remedy = ""
    for words, shown, name, form in _fields(template):
        parts.append(_Markdown(words))
        found = given[name] if name in given else _look_up(name)
        if name in given and not form:
            parts += _given(found)
        elif found is not None and form in ("", *_forms(found)):
            parts.append(_form(found, form))
        elif found is not None:
            problems.append(f"{shown} is no form; it has {listed(_forms(found)) or 'none'}")
        elif _CLAIM.fullmatch(name):
            problems.append(_no_figure(shown, "claim", _ledger().claims, "claims.csv"))
        elif OFFICIAL_ID.fullmatch(name):
            problems.append(_no_figure(shown, "official figure", _ledger().official, "official.csv"))
        elif shown:
            known = [*given, *_kept, *_ledger().claims, *_ledger().official]
            problems.append(f"{shown} is {'neither kept nor a claim' if name else 'no name'}{_meant(shown, known)}")
            remedy = REMEDY if name else remedy
    _refuse(template, problems, remedy)
    return parts


def _fields(template: str) -> Iterator[tuple[str, str, str, str]]:
    """Yield the stretches of `template`: words, the braces after them as they stand, and the name and form in these.

    The last has words alone. What is in braces and no field has no name; braces after a backslash are words.
    """
    end = 0
    for match in _BRACES.finditer(template):
        if not match[0].startswith("\\"):
            field = _FIELD.fullmatch(match[0])
            yield (template[end : match.start()], match[0], *(field.groups(default="") if field else ("", "")))
            end = match.end()
    yield template[end:], "", "", ""


def _meant(shown: str, known: Iterable[str]) -> str:
    """Return a question for the known name nearest to what stands in braces."""
    word = shown.strip("{ }").partition(":")[0].lower().replace("-", "_")
    near = get_close_matches(word, list(known), n=1)
    return f"; did you mean {{{near[0]}}}?" if near else ""


def _no_figure(shown: str, what: str, known: Iterable[str], file: str) -> str:
    """Return that what stands in braces is no figure of a file, and which it may be."""
    meant = _meant(shown, known)
    return f"{shown} is no {what}{f'{meant} See' if meant else '; see'} data/{file}"


def _refuse(template: str, problems: Sequence[str], remedy: str = "") -> None:
    if problems:
        raise UnknownName("\n  ".join([f"“{template}”", *dict.fromkeys(problems)]) + (f"\n{remedy}" if remedy else ""))


def _given(value: object) -> tuple[str | Link | Marked, ...]:
    """Return what an author gives: whatever can link does, a value is a parameter's."""
    known = isinstance(value, Phrase | Link | Marked | Finding | Claim | Official)
    return _parts_of(value) if known else (Marked(str(value), "parameter"),)


def _forms(found) -> tuple[str, ...]:
    if isinstance(found, Finding):
        return "range", "size", "number", "plain"
    return ("plain", "period", "source") if isinstance(found, Claim | Official) else ()


def _look_up(name: str):
    if name in _kept:
        return _kept[name]
    return _ledger().claims.get(name) or _ledger().official.get(name)


def _form(found: Finding | Claim | Official, form: str) -> Link:
    if isinstance(found, Finding):
        shown = numerals.number(found.value) if form == "number" and found.value is not None else str(found)
        return Link(getattr(found, form) if form in ("range", "size") else shown, found.anchor)
    if form == "source" and isinstance(found, Official):
        return Link(found.short_publisher, found.id)
    if form == "source":
        return Link(found.source, found.source)
    return Link(found.period.label if form == "period" else claim_text(found, hedge=form != "plain"), found.id)


def _ledger() -> Ledger:
    return ledgers.load()
