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

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from fractions import Fraction

from . import ledger as ledgers
from . import numerals, places
from .formulas import FORMULAS, evaluate, value_of
from .intervals import Interval, Reading
from .ledger import OFFICIAL_ID, Claim, Ledger, Official, UnknownId

MIME = "application/vnd.ledger.findings+json"
NAMES = ("China", "Chinese", "Kazakh", "Lianyungang", "Luban", "Xi", "SCO", "Middle Corridor", "Samruk", "Herfindahl")
SPECIAL = re.escape("\\`*_[]{}<>$~^|#&")  # what Markdown, or a sentence template, would take for markup
QUANTITIES = (
    "last",
    "first",
    "larger",
    "smaller",
    "part",
    "total",
    "quarter",
    "year",
    "base",
    "level",
    "importer",
    "exporter",
)
MARKS = {
    "date": "time",
    "citation": "cite",
    "parameter": "data",
    "formula": "var",
}  # HTML's own elements, that Jupyter shows as well
APPENDIX_OF = {
    "claims.csv": "ledger",
    "indicators.csv": "ledger",
    "agreements.csv": "agreements",
    "sources.csv": "sources",
    "relations.csv": "verdicts",
    "official.csv": "official",
}
REMEDY = (
    "Keep a finding before it is said, borrow those of other notebooks with findings.borrow, or, where the sentence "
    "was written for another ledger, change it"
)
AUTHORITY_WORDS = {
    "china": "Chinese",
    "kz": "Kazakh",
    "central": "Central",
    "asian": "Asian",
    "ktz": "KTZ",
    "titr": "TITR",
    "edb": "EDB",
    "gfdc": "GFDC",
}
HEDGE_WORDS = {
    "more_than": "more than ",
    "less_than": "less than ",
    "nearly": "nearly ",
    "about": "about ",
    "at_least": "at least ",
    "at_most": "up to ",
}


class UnknownName(UnknownId):
    """What stands in braces and is no name, or the name of nothing."""


@dataclass(frozen=True)
class Link:
    """Words that lead somewhere: `text`, and the id in the report that it points to, or an address on the web."""

    text: str
    to: str

    @property
    def leaves(self) -> bool:
        """Return whether it leads out of the report."""
        return self.to.startswith("https://")

    @property
    def href(self) -> str:
        """Return its target as a page has it."""
        return self.to if self.leaves else f"#{self.to}"


@dataclass(frozen=True)
class Anchor:
    """Words of a table that citations lead to: `text`, and the id they point to."""

    text: str
    id: str


@dataclass(frozen=True)
class Marked:
    """Words whose numbers are no results and say what they are: date, citation, parameter or formula."""

    text: str
    kind: str

    def __post_init__(self):
        if self.kind not in MARKS:
            raise ValueError(f"kind must be one of {', '.join(MARKS)}, got {self.kind!r}")


@dataclass(frozen=True)
class Phrase:
    """Running text as data: plain words, links and marked words, one after another."""

    parts: tuple[str | Link | Marked, ...]

    def __str__(self) -> str:
        """Return the words alone."""
        return "".join(part if isinstance(part, str) else part.text for part in self.parts)

    def __add__(self, other: Phrase | str) -> Phrase:
        return Phrase(self.parts + (other.parts if isinstance(other, Phrase) else (other,)))

    @property
    def markdown(self) -> str:
        """Return the phrase as Markdown, words escaped, links linked, marked words in their tags."""
        return "".join(map(_as_markdown, self.parts))


@dataclass(frozen=True)
class Finding:
    """A computed number: `value` from the points printed, `interval` from what those points may stand for.

    `inputs` maps each role of the formula to the id of what filled it, or to a tuple of ids, or to the constant itself.
    An id is that of a claim, official figure, finding, source, listed item or verdict, or the name of a file of the
    ledger, for all its rows. Values are in `unit`, dollars and tonnes in ones; where only a range is known, `value` is
    None.
    """

    id: str
    label: str
    value: Fraction | float | None
    interval: Interval | None
    unit: str
    expression: str
    formula: str = ""
    inputs: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return the value with its unit, or its range where there is no one value; see `text`."""
        return self.text()

    def text(self, digits: int | None = None) -> str:
        """Return the value with its unit, its range where there is no one value, else the limit that no value reaches.

        Points printed with a hedge may make a value that the hedge excludes: more than 41 ÷ nearly a third is more
        than 123, and never 123.
        """
        span = self.interval
        if self.value is None and span is not None:
            return self.range
        if span is None or self.value in span:
            return numerals.quantity(self.value, self.unit, digits)
        above = span.low is not None and self.value <= span.low
        return numerals.limit(self.value, self.unit, above, digits)

    @property
    def range(self) -> str:
        """Return the interval in words, its bounds rounded outward."""
        if self.interval is None:
            return numerals.quantity(self.value, self.unit)
        return numerals.range_text(self.interval, self.unit)

    @property
    def size(self) -> str:
        """Return the value with its unit and without its sign, for words such as “less by”."""
        return str(self) if self.value is None else numerals.quantity(abs(self.value), self.unit)

    @property
    def anchor(self) -> str:
        """Return where the report explains this number."""
        return anchor(self.id)

    def _repr_html_(self) -> str | None:
        from . import display

        return display.finding_html(self)

    def _repr_pretty_(self, printer, cycle: bool) -> None:
        printer.text(f"{self.label}: {self} ({self.range})")


def appendix(name: str) -> str:
    """Return where the report shows one of its appendices.

    >>> appendix("run_card")
    'tbl-run-card'
    """
    return f"tbl-{name.replace('_', '-')}"


def anchor(id: str) -> str:
    """Return where the report explains a figure, finding, source, item or verdict, or shows a table of the ledger.

    >>> [anchor(id) for id in ("c012", "growth_2024", "S1", "a012", "r05", "trade_turnover:2023", "claims.csv")]
    ['c012', 'f-growth-2024', 'S1', 'a012', 'v-r05', 'v-trade-turnover-2023', 'tbl-ledger']
    >>> [anchor(id) for id in ("o044", "official.csv")]
    ['o044', 'tbl-official']
    """
    if id in APPENDIX_OF:
        return appendix(APPENDIX_OF[id])
    if re.fullmatch(r"[cao]\d{3,}|S\d+", id):
        return id
    slug = re.sub(r"[^a-z0-9]+", "-", id.replace("/", "-to-").lower())
    return f"v-{slug}" if ":" in id or re.fullmatch(r"r\d{2,}", id) else "f-" + id.replace("_", "-")


def slug(id: str) -> str:
    """Return a verdict's id as a part of a finding's.

    >>> slug("trade_turnover:2023")
    'trade_turnover_2023'
    """
    return anchor(id).partition("-")[2].replace("-", "_")


def derive(
    ledger: Ledger,
    id: str,
    label: str,
    formula: str,
    reading: Reading | None = None,
    unit: str | None = None,
    **inputs: Claim | Official | Finding | float | Fraction | str,
) -> Finding:
    """Return the finding `formula` gives for `inputs`: claims or official figures (or ids), findings, or constants.

    Raises ValueError if the inputs do not fit the formula, or the unit cannot be told.
    """
    reading = reading or Reading()
    rule = FORMULAS[formula]
    points, intervals, names, units = {}, {}, {}, {}
    for role, given in inputs.items():
        item = ledger.figure(given) if isinstance(given, str) else given
        points[role], intervals[role], names[role] = _input(ledger, item, reading)
        if role in QUANTITIES and hasattr(item, "unit"):
            units[role] = item.unit
    if len(set(units.values())) > 1:
        told = ", ".join(f"{role} in {one}" for role, one in units.items())
        raise ValueError(f"{id}: {formula} needs quantities of one unit, got {told}")
    interval = evaluate(rule, intervals)
    value = value_of(rule, points)
    unit = unit or rule.unit or next(iter(units.values()), None)
    if unit is None:
        raise ValueError(f"{id}: say the unit of {formula}")
    return Finding(id, label, value, interval, unit, rule.expression, formula, names)


Inputs = Mapping[str, object] | Iterable[object] | str | None


def counted(id: str, label: str, count: int, of: str, unit: str = "count", inputs: Inputs = None) -> Finding:
    """Return a finding that counts rows of the ledger; `of` says which, in words, and `inputs` by what they are.

    >>> counted("texts", "Texts", 5, "rows of sources.csv", inputs="sources.csv").inputs
    {'of': 'sources.csv'}
    """
    exactly = Interval(Fraction(count), Fraction(count), True, True, True, True)
    return Finding(id, label, Fraction(count), exactly, unit, of, inputs=named_inputs(inputs))


def computed(
    id: str, label: str, value, unit: str, expression: str, interval: Interval | None = None, inputs: Inputs = None
) -> Finding:
    """Return a finding whose formula is not one of `formulas`, said in `expression`, from what `inputs` names."""
    return Finding(id, label, value, interval, unit, expression, inputs=named_inputs(inputs))


def named_inputs(given: Inputs) -> dict[str, str | tuple[str, ...]]:
    """Return inputs as a finding keeps them: by role, ids instead of claims and findings; without roles, all are "of".

    >>> named_inputs(["c001", "c002"]), named_inputs({"part": "c001", "years": 4})
    ({'of': ('c001', 'c002')}, {'part': 'c001', 'years': '4'})
    """
    if given is None:
        return {}
    roles = given if isinstance(given, Mapping) else {"of": given}
    return {role: _id(one) if _is_single(one) else tuple(map(_id, one)) for role, one in roles.items()}


def _is_single(item) -> bool:
    return isinstance(item, str) or not isinstance(item, Iterable)


def _id(item) -> str:
    if isinstance(item, str) or hasattr(item, "id"):
        return getattr(item, "id", item)
    return numerals.number(item, significant=12)


def _input(ledger: Ledger, item, reading: Reading) -> tuple[Fraction | float, Interval, str]:
    if isinstance(item, Finding):
        return item.value, item.interval, item.id
    if hasattr(item, "point"):
        return item.point, ledger.interval(item, reading), item.id
    point = numerals.exact(item)
    return point, Interval(point, point, True, True, True, True), numerals.number(point, significant=12)


# -- sentences ---------------------------------------------------------------------------------------------------

_kept: dict[str, Finding] = {}


def keep(findings: Iterable[Finding] | Finding) -> None:
    """Make `findings` known to `say`, and hand them to the report (as an output of this cell).

    One that was kept before is replaced, for a cell may be run again; in a build the report refuses it.
    """
    from IPython.display import display

    items = [findings] if isinstance(findings, Finding) else list(findings)
    _kept.update({finding.id: finding for finding in items})
    payload = {"findings": [as_json(finding) for finding in items]}
    text = f"{len(items)} finding{'s' * (len(items) != 1)} kept"
    display({MIME: payload, "text/plain": text}, raw=True)


def forget() -> None:
    """Forget all findings kept or borrowed."""
    _kept.clear()


def as_json(finding: Finding) -> dict:
    """Return what the report stores of a finding, floats at 12 significant digits."""
    interval = finding.interval
    return {
        "id": finding.id,
        "anchor": finding.anchor,
        "label": finding.label,
        "value": digits12(finding.value),
        "low": digits12(interval.low) if interval else None,
        "high": digits12(interval.high) if interval else None,
        "low_closed": interval.low_closed if interval else None,
        "high_closed": interval.high_closed if interval else None,
        "unit": finding.unit,
        "text": str(finding),
        "range": finding.range,
        "formula": finding.formula,
        "expression": finding.expression,
        "inputs": {role: given if isinstance(given, str) else list(given) for role, given in finding.inputs.items()},
    }


def digits12(x) -> int | float | None:
    """Return `x` rounded to 12 significant digits, as an int where it is whole.

    >>> digits12(Fraction(1, 3)), digits12(Fraction(41_000_000_000))
    (0.333333333333, 41000000000)
    """
    if x is None:
        return None
    rounded = float(f"{float(x):.12g}")
    return int(rounded) if rounded.is_integer() and abs(rounded) < 10**15 else rounded


def load(folder=None) -> tuple[dict[str, Finding], str]:
    """Return the findings other notebooks have left, and in words where they came from."""
    given, origin = (folder, f"the findings in {folder}") if folder else places.findings_folder()
    path = given / "findings.json"
    if not path.exists():
        raise FileNotFoundError(f"{places.shown(path)} is missing: run `make report` once, then this notebook again")
    found = {}
    for row in json.loads(path.read_text(encoding="utf-8"))["findings"]:
        interval = None
        if row["low_closed"] is not None:
            ends = [None if row[end] is None else numerals.exact(row[end]) for end in ("low", "high")]
            interval = Interval(*ends, row["low_closed"], row["high_closed"], True, True)
        value = None if row["value"] is None else numerals.exact(row["value"])
        inputs = {role: given if isinstance(given, str) else tuple(given) for role, given in row["inputs"].items()}
        found[row["id"]] = Finding(
            row["id"], row["label"], value, interval, row["unit"], row["expression"], row["formula"], inputs
        )
    return found, origin


def borrow(findings: Mapping[str, Finding]) -> None:
    """Make findings of other notebooks known to `say` without handing them to the report again."""
    _kept.update(findings)


def claim_text(claim: Claim | Official, hedge: bool = True) -> str:
    """Return a claim as a reader would say it: “more than $41 billion”, or in the words it is printed in, “doubled”.

    Without its hedge it is the figure alone. An official figure is always told in digits.
    """
    if not hasattr(claim, "printed"):
        return figure_text(claim, hedge)
    if "/" in claim.text or claim.text.lstrip("-") not in claim.printed.replace(",", ""):
        return claim.printed if hedge else claim.printed.removeprefix(HEDGE_WORDS.get(claim.hedge, ""))
    return figure_text(claim, hedge)


def figure_text(claim: Claim | Official, hedge: bool = True) -> str:
    """Return a claim in digits, with the decimals it is printed with: “more than $41 billion”, “nearly 30%”."""
    words = HEDGE_WORDS.get(claim.hedge, "") if hedge else ""
    return words + numerals.quantity(claim.point, claim.unit, _digits_printed(claim))


def _digits_printed(claim: Claim | Official) -> int | None:
    """Return the decimals that show every digit of a claim, and the zeros after its decimal point, in its scale."""
    decimals = len(claim.text.partition(".")[2])
    least = claim.multiplier / 10**decimals if decimals else claim.point
    return numerals.short_decimals(least / numerals.scale_of(claim.point, claim.unit)[0], most=12)


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


def _as_markdown(part: str | Link | Marked) -> str:
    if isinstance(part, Link):
        return f"[{escaped(part.text)}]({part.href})"
    if isinstance(part, Marked):
        return f"<{MARKS[part.kind]}>{escaped(part.text)}</{MARKS[part.kind]}>"
    return escaped(part)


def listed(words: Sequence[str]) -> str:
    """Return words as a sentence lists them.

    >>> listed(["trade"]), listed(["trade", "gas", "rail"])
    ('trade', 'trade, gas and rail')
    """
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def authority_label(code: str) -> str:
    """Return a statistical authority, or unknown, as a reader would say it.

    >>> authority_label("kz_trade_ministry"), authority_label("ktz"), authority_label("unknown")
    ('Kazakh trade ministry', 'KTZ', 'unknown')
    """
    return " ".join(AUTHORITY_WORDS.get(word, word) for word in code.split("_"))


def uncapitalised(label: str) -> str:
    """Return a label as it stands within a sentence; names keep their capital.

    >>> uncapitalised("Growth of rail freight"), uncapitalised("Chinese investment")
    ('growth of rail freight', 'Chinese investment')
    """
    return label if label.startswith(NAMES) else label[:1].lower() + label[1:]


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
    return "".join(part if isinstance(part, _Markdown) else _as_markdown(part) for part in _filled(template, given))


def pieces(template: str, **given: object) -> Phrase:
    """Return `template` as a phrase without markup, each `{name}` replaced by its number, linked; see `text`."""
    words = (_unescaped(part) if isinstance(part, _Markdown) else part for part in _filled(template, given))
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


def escaped(words: str) -> str:
    r"""Return `words` as Markdown that shows them as they are: a printed figure is data, never markup.

    >>> escaped("$41 billion"), escaped("<b>*5*</b>")
    ('\\$41 billion', '\\<b\\>\\*5\\*\\</b\\>')
    """
    return re.sub(rf"([{SPECIAL}])", r"\\\1", words)


def _unescaped(words: str) -> str:
    return re.sub(rf"\\([{SPECIAL}])", r"\1", words)


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
