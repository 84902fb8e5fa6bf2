"""Sentences built from results: every number in them links to where it comes from.

`Sentences(results)` fills the names in braces of a template with findings, claims and official figures:

    Sentences(results).text("Trade grew {trade_growth_2024} from 2023 to 2024; one text prints {c013}.")

A form may follow the name after a colon. Of a finding: `{name:range}` the interval in words, `{name:size}` the
value without its sign, `{name:number}` the bare number. Of a claim: `{c013:range}` what it may stand for,
`{c013:plain}` the figure without its hedge, `{c013:period}` its period, `{c013:source}` its text. Of an official figure
the same, `{o044:source}` being who published the page. A value that an author passes beside the template, such as a
parameter, is marked as such, because its number is no result.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from claims.content.phrases import Link, Marked, Part, Phrase, part_markdown, unescaped
from claims.ledger.intervals import Interval
from claims.ledger.model import OFFICIAL_ID, Claim, Official
from claims.results.finding import Finding
from claims.results.names import UnknownName
from claims.results.store import Results
from claims.tables.messages import closest
from claims.words import numerals
from claims.words.labels import claim_text, listed, source_link
from claims.words.values import range_text, size_text, value_text

__all__ = [
    "REMEDY", "Item", "Sentences", "UnknownName", "for_count", "forms_of", "in_form", "listed_phrases", "phrase",
]  # fmt: skip

REMEDY = (
    "Keep a finding before a title or sentence names it, borrow those of other notebooks with book.borrow_findings(), "
    "or, where the sentence was written for another ledger, change it"
)
_UNKNOWN = "is neither kept nor a claim"
Item: TypeAlias = Finding | Claim | Official


class _Markdown(str):
    """A stretch of a template, with an author's markup."""


class Sentences:
    """Sentences on the figures of a ledger and the findings computed from it (`results`)."""

    def __init__(self, results: Results) -> None:
        self.results = results

    def text(self, template: str, /, **values: object) -> str:
        """Return `template` as Markdown, each `{name}` replaced by its number, linked to where it comes from.

        `values` are the author's own: phrases, links, findings and claims as they are, anything else as the value of a
        parameter. Raises UnknownName listing all names and forms that do not exist, each with the nearest that does.
        """
        parts = self._fill(template, values)
        return "".join(part if isinstance(part, _Markdown) else part_markdown(part) for part in parts)

    def pieces(self, template: str, /, **values: object) -> Phrase:
        """Return `template` as a phrase without markup, each `{name}` replaced by its number, linked; see `text`."""
        parts = (unescaped(part) if isinstance(part, _Markdown) else part for part in self._fill(template, values))
        return Phrase(tuple(part for part in parts if part != ""))

    def plain(self, template: str, /, **values: object) -> str:
        """Return `template` as plain text, each `{name}` replaced by its number; see `text`."""
        return str(self.pieces(template, **values))

    def _fill(self, template: str, values: Mapping[str, object]) -> list[Part]:
        """Return the stretches of `template` and what replaces the braces between them, in order."""
        parts: list[Part] = []
        problems: list[str] = []
        for words, braces, name, form in _fields(template):
            parts.append(_Markdown(words))
            item = values[name] if name in values else self.results.get(name)
            if name in values and not form:
                parts += _value_parts(item)
            elif isinstance(item, Item) and form in ("", *forms_of(item)):
                parts.append(in_form(item, form, self.results.interval(item)))
            elif item is not None:
                problems.append(f"{braces} is no form; it has {listed(forms_of(item)) or 'none'}")
            elif braces:
                problems.append(self._unknown(braces, name, values))
        _raise_for(template, problems, REMEDY if any(_UNKNOWN in problem for problem in problems) else "")
        return parts

    def _unknown(self, braces: str, name: str, values: Iterable[str]) -> str:
        """Return that nothing has the name in `braces`, with the nearest name of its kind."""
        ledger = self.results.ledger
        if _CLAIM.fullmatch(name):
            return _not_in_file(braces, "claim", ledger.claims, "claims.csv")
        if OFFICIAL_ID.fullmatch(name):
            return _not_in_file(braces, "official figure", ledger.official, "official.csv")
        return f"{braces} {_UNKNOWN if name else 'is no name'}{_suggestion(braces, [*values, *self.results.names])}"


def phrase(template: str, **values: Item | Link | Marked | Phrase | str) -> Phrase:
    """Return `template` as a phrase, each `{name}` replaced by its value; numbers link to their evidence.

    Raises UnknownName listing all names that have no value, and all braces without a name.

    >>> phrase("{a} of it", a=Link("5%", "f-x")).parts
    (Link(text='5%', to='f-x'), ' of it')
    """
    parts: list[Part] = []
    problems: list[str] = []
    for words, braces, name, form in _fields(template):
        parts.append(words)
        if name in values and not form:
            parts += _parts(values[name])
        elif name in values:
            problems.append(f"{braces} is no form; a phrase has none")
        elif braces:
            problems.append(f"{braces} is {'not given' if name else 'no name'}{_suggestion(braces, values)}")
    _raise_for(template, problems)
    return Phrase(tuple(part for part in parts if part != ""))


def listed_phrases(items: Sequence[Phrase]) -> Phrase:
    """Return phrases as a sentence lists them.

    >>> str(listed_phrases([phrase("a"), phrase("b"), phrase("c")]))
    'a, b and c'
    """
    parts: list[Part] = []
    for place, item in enumerate(items):
        joint = "" if not place else " and " if place == len(items) - 1 else ", "
        parts += [joint, *item.parts]
    return Phrase(tuple(part for part in parts if part != ""))


def for_count(count: Finding | int, *, more: str, one: str | None = None, none: str | None = None) -> str:
    """Return the words that fit a count: `none` of 0, `one` of 1, `more` of any other, and of these where it is None.

    >>> [for_count(count, none="nothing", one="{n} row", more="{n} rows") for count in (0, 1, 2)]
    ['nothing', '{n} row', '{n} rows']
    """
    value = count.value if isinstance(count, Finding) else count
    words = none if value == 0 else one if value == 1 else more
    return more if words is None else words


_BRACES = re.compile(r"\\.|\{[^{}]*\}|[{}]", re.DOTALL)  # an escaped character, a field, or a brace without its partner
_FIELD = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)(?::([a-z]+))?\}")
_CLAIM = re.compile(r"c\d+")


def _fields(template: str) -> Iterator[tuple[str, str, str, str]]:
    """Yield each stretch of `template` with the braces that follow it, as written, and the name and form in them.

    The last stretch has no braces. Braces that are no field have no name; braces after a backslash are words.
    """
    end = 0
    for match in _BRACES.finditer(template):
        if not match[0].startswith("\\"):
            field = _FIELD.fullmatch(match[0])
            name, form = field.groups(default="") if field else ("", "")
            yield template[end : match.start()], match[0], name, form
            end = match.end()
    yield template[end:], "", "", ""


def _parts(value: Item | Link | Marked | Phrase | str) -> tuple[Part, ...]:
    match value:
        case Phrase():
            return value.parts
        case Finding():
            return (Link(value_text(value), value.anchor),)
        case Claim() | Official():
            return (Link(claim_text(value), value.id),)
    return (value,)


def _value_parts(value: object) -> tuple[Part, ...]:
    """Return an author's value: linked where it can be, else marked as a parameter's."""
    if isinstance(value, Item | Link | Marked | Phrase):
        return _parts(value)
    return (Marked(str(value), "parameter"),)


def forms_of(value: object) -> tuple[str, ...]:
    """Return the forms in which a finding, claim or official figure can be quoted, none of anything else."""
    if isinstance(value, Finding):
        return "range", "size", "number", "plain"
    return ("range", "plain", "period", "source") if isinstance(value, Claim | Official) else ()


def in_form(item: Item, form: str, span: Interval | None = None) -> Link:
    """Return a finding, claim or official figure in a form, "" for the usual one, linked to where it comes from.

    `span` is what a printed figure may stand for; without it, its range is the figure itself.
    """
    if isinstance(item, Finding):
        return Link(_finding_text(item, form), item.anchor)
    if form == "range" and span is not None:
        return Link(numerals.range_text(span, item.unit), item.id)
    if form == "source":
        return Link(item.short_publisher, item.id) if isinstance(item, Official) else source_link(item)
    return Link(item.period.label if form == "period" else claim_text(item, hedge=form != "plain"), item.id)


def _finding_text(finding: Finding, form: str) -> str:
    match form:
        case "range":
            return range_text(finding)
        case "size":
            return size_text(finding)
        case "number" if finding.value is not None:
            return numerals.number(finding.value)
    return value_text(finding)


def _suggestion(braces: str, names: Iterable[str]) -> str:
    """Return a question for the name nearest to what is in `braces`."""
    near = closest(braces.strip("{ }").partition(":")[0].lower().replace("-", "_"), names)
    return f"; did you mean {{{near}}}?" if near else ""


def _not_in_file(braces: str, kind: str, names: Iterable[str], file: str) -> str:
    suggestion = _suggestion(braces, names)
    return f"{braces} is no {kind}{f'{suggestion} See' if suggestion else '; see'} data/{file}"


def _raise_for(template: str, problems: Sequence[str], remedy: str = "") -> None:
    if problems:
        raise UnknownName("\n  ".join([f"“{template}”", *dict.fromkeys(problems)]) + (f"\n{remedy}" if remedy else ""))
