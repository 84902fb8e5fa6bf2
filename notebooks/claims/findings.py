"""Results and the sentences made from them.

A finding is a computed number that knows its interval, its formula and its inputs. Authors keep findings and write
sentences with their names in braces; every number in such a sentence links to where it comes from:

    keep(growth.between_levels(book, reading))
    say("Trade grew {trade_growth_2024} from 2023 to 2024; one text prints {c013}.")

After the name a colon may ask for another form: `{name:range}` the interval in words, `{name:size}` the value without
its sign, `{name:number}` the bare number, `{name:plain}` without hedge or link.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from . import numerals
from .formulas import FORMULAS, evaluate
from .intervals import Interval, Reading

if TYPE_CHECKING:
    from .ledger import Claim, Ledger

MIME = "application/vnd.ledger.findings+json"
NAMES = ("China", "Chinese", "Kazakh", "Lianyungang", "Luban", "Xi", "SCO", "Middle Corridor", "Samruk", "Herfindahl")
SPECIAL = re.escape("\\`*_[]{}<>$~^|#&")  # what Markdown, or a sentence template, would take for markup
QUANTITIES = ("last", "first", "larger", "smaller", "part", "total", "quarter", "year", "base", "level")
REMEDY = (
    "Keep a finding before it is said, borrow those of other notebooks with findings.borrow, or, where the sentence "
    "was written for another ledger, change it"
)
HEDGE_WORDS = {
    "more_than": "more than ",
    "less_than": "less than ",
    "nearly": "nearly ",
    "about": "about ",
    "at_least": "at least ",
    "at_most": "up to ",
}


@dataclass(frozen=True)
class Finding:
    """A computed number: `value` from the points printed, `interval` from what those points may stand for.

    `inputs` maps each role of the formula to the id of the claim (or finding) that filled it, or to the constant
    itself. Values are in `unit`, dollars and tonnes in ones.
    """

    id: str
    label: str
    value: Fraction | float | None
    interval: Interval | None
    unit: str
    expression: str
    formula: str = ""
    inputs: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return the value with its unit."""
        return numerals.quantity(self.value, self.unit)

    @property
    def range(self) -> str:
        """Return the interval in words, its bounds rounded outward."""
        if self.interval is None:
            return str(self)
        return numerals.bounds(self.interval.low, self.interval.high, self.unit, closed=self._closed)

    @property
    def size(self) -> str:
        """Return the value with its unit and without its sign, for words such as “less by”."""
        return numerals.quantity(abs(self.value), self.unit)

    @property
    def anchor(self) -> str:
        """Return where the report explains this number."""
        return "f-" + self.id.replace("_", "-")

    @property
    def _closed(self) -> tuple[bool, bool]:
        return self.interval.low_closed, self.interval.high_closed

    def _repr_markdown_(self) -> str:
        filled = self.expression
        for role, source in self.inputs.items():
            filled = filled.replace("{" + role + "}", source)
        return f"**{self}** ({self.range}) · {self.label} · `{filled}`"


def derive(
    ledger: Ledger,
    id: str,
    label: str,
    formula: str,
    reading: Reading | None = None,
    unit: str | None = None,
    **inputs: Claim | Finding | float | Fraction | str,
) -> Finding:
    """Return the finding `formula` gives for `inputs`: claims (or their ids), findings, or exact constants.

    Raises ValueError if the inputs do not fit the formula, or the unit cannot be told.
    """
    reading = reading or Reading()
    rule = FORMULAS[formula]
    points, intervals, names, units = {}, {}, {}, {}
    for role, given in inputs.items():
        item = ledger.claim(given) if isinstance(given, str) else given
        points[role], intervals[role], names[role] = _input(ledger, item, reading)
        if role in QUANTITIES and hasattr(item, "unit"):
            units[role] = item.unit
    if len(set(units.values())) > 1:
        told = ", ".join(f"{role} in {one}" for role, one in units.items())
        raise ValueError(f"{id}: {formula} needs quantities of one unit, got {told}")
    interval = evaluate(rule, intervals)
    try:
        value = rule.function(**points)
    except ZeroDivisionError:
        value = None
    unit = unit or rule.unit or next(iter(units.values()), None)
    if unit is None:
        raise ValueError(f"{id}: say the unit of {formula}")
    return Finding(id, label, value, interval, unit, rule.expression, formula, names)


def counted(id: str, label: str, count: int, of: str, unit: str = "count") -> Finding:
    """Return a finding that counts rows of the ledger; `of` says which, in words."""
    exactly = Interval(Fraction(count), Fraction(count), True, True, True, True)
    return Finding(id, label, Fraction(count), exactly, unit, of)


def computed(id: str, label: str, value, unit: str, expression: str, interval: Interval | None = None) -> Finding:
    """Return a finding whose formula is not over claims but over counts or tables, said in `expression`."""
    return Finding(id, label, value, interval, unit, expression)


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

    Raises ValueError if an id was kept before with another value.
    """
    from IPython.display import display

    items = [findings] if isinstance(findings, Finding) else list(findings)
    for finding in items:
        if _kept.get(finding.id, finding) != finding:
            raise ValueError(f"finding {finding.id!r} is already kept with the value {_kept[finding.id]}")
        _kept[finding.id] = finding
    payload = {"findings": [as_json(finding) for finding in items]}
    text = f"{len(items)} finding{'s' * (len(items) != 1)} kept"
    display({MIME: payload, "text/plain": text}, raw=True)


def forget() -> None:
    """Forget all kept findings (a notebook run again from the top starts clean)."""
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
        "inputs": dict(finding.inputs),
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
    import json

    from . import places

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
        found[row["id"]] = Finding(
            row["id"], row["label"], value, interval, row["unit"], row["expression"], row["formula"], row["inputs"]
        )
    return found, origin


def borrow(findings: Mapping[str, Finding]) -> None:
    """Make findings of other notebooks known to `say` without handing them to the report again."""
    _kept.update(findings)


def claim_text(claim: Claim, hedge: bool = True) -> str:
    """Return a claim as a reader would say it: “more than $41 billion”, or in the words it is printed in, “doubled”.

    Without its hedge it is the figure alone.
    """
    if "/" in claim.text or claim.text.lstrip("-") not in claim.printed.replace(",", ""):
        return claim.printed if hedge else claim.printed.removeprefix(HEDGE_WORDS.get(claim.hedge, ""))
    return figure_text(claim, hedge)


def figure_text(claim: Claim, hedge: bool = True) -> str:
    """Return a claim in digits, with the decimals it is printed with: “more than $41 billion”, “nearly 30%”."""
    words = HEDGE_WORDS.get(claim.hedge, "") if hedge else ""
    return words + numerals.quantity(claim.point, claim.unit, _digits_printed(claim))


def _digits_printed(claim: Claim) -> int | None:
    """Return the decimals that show every digit of a claim, and the zeros after its decimal point, in its scale."""
    decimals = len(claim.text.partition(".")[2])
    least = claim.multiplier / 10**decimals if decimals else claim.point
    return numerals.short_decimals(least / numerals.scale_of(claim.point, claim.unit)[0], most=12)


def listed(words: Sequence[str]) -> str:
    """Return words as a sentence lists them.

    >>> listed(["trade"]), listed(["trade", "gas", "rail"])
    ('trade', 'trade, gas and rail')
    """
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def uncapitalised(label: str) -> str:
    """Return a label as it stands within a sentence; names keep their capital.

    >>> uncapitalised("Growth of rail freight"), uncapitalised("Chinese investment")
    ('growth of rail freight', 'Chinese investment')
    """
    return label if label.startswith(NAMES) else label[:1].lower() + label[1:]


def described(ledger: Ledger, claim: Claim) -> str:
    """Return what a claim is of, over which period and in which text: “Bilateral trade, 2023 (S1)”."""
    return f"{ledger.indicators[claim.indicator].label}, {claim.period.label} ({claim.source})"


_FIELD = re.compile(r"(?<!\\)\{([A-Za-z_][A-Za-z0-9_]*)(?::([a-z]+))?\}")


def text(template: str, **given: object) -> str:
    """Return `template` as Markdown, each `{name}` replaced by its number, linked to where it comes from.

    `given` are words of the author's own (a parameter's value), put in as they are.
    Raises KeyError naming every unknown name, with the nearest known one.
    """
    return _fill(template, given, linked=True)


def plain(template: str, **given: object) -> str:
    """Return `template` as plain text (for alt texts), each `{name}` replaced by its number."""
    return re.sub(rf"\\([{SPECIAL}])", r"\1", _fill(template, given, linked=False))


def say(template: str, **given: object) -> None:
    """Display `template` as a paragraph of the report; see `text`."""
    from IPython.display import Markdown, display

    display(Markdown(text(template, **given)))


def _fill(template: str, given: Mapping[str, object], linked: bool) -> str:
    unknown: list[str] = []
    wrong_forms: list[str] = []

    def replace_one(match: re.Match) -> str:
        name, form = match.groups()
        if name in given:
            return escaped(str(given[name])) if linked else str(given[name])
        found = _look_up(name)
        if found is None:
            unknown.append(name)
            return ""
        if form and form not in _forms(found):
            wrong_forms.append(f"{{{name}:{form}}} is no form; one of: {', '.join(_forms(found))}")
            return ""
        shown, anchor = _form(found, form)
        if not linked:
            return shown
        return escaped(shown) if form == "plain" else f"[{escaped(shown)}](#{anchor})"

    filled = _FIELD.sub(replace_one, template)
    if unknown or wrong_forms:
        known = [*_kept, *_ledger().claims]
        hints = wrong_forms
        for name in dict.fromkeys(unknown):
            near = get_close_matches(name, known, n=1)
            hints.append(f"{{{name}}}" + (f", did you mean {{{near[0]}}}?" if near else " is neither kept nor a claim"))
        raise KeyError(f"{'; '.join(hints)}. {REMEDY}" if unknown else "; ".join(hints))
    return filled


def _forms(found) -> tuple[str, ...]:
    return ("range", "size", "number", "plain") if isinstance(found, Finding) else ("plain",)


def escaped(words: str) -> str:
    r"""Return `words` as Markdown that shows them as they are: a printed figure is data, never markup.

    >>> escaped("$41 billion"), escaped("<b>*5*</b>")
    ('\\$41 billion', '\\<b\\>\\*5\\*\\</b\\>')
    """
    return re.sub(rf"([{SPECIAL}])", r"\\\1", words)


def _look_up(name: str):
    if name in _kept:
        return _kept[name]
    return _ledger().claims.get(name)


def _form(found, form: str | None) -> tuple[str, str]:
    if isinstance(found, Finding):
        forms = {"range": found.range, "number": numerals.number(found.value), "size": found.size}
        shown = forms.get(form, str(found))
        return shown, found.anchor
    return claim_text(found, hedge=form != "plain"), found.id


def _ledger() -> Ledger:
    """Return the ledger, read again only when one of its files has changed."""
    from . import places

    folder = places.data_folder()
    return _read(folder, tuple(path.stat().st_mtime_ns for path in sorted(folder.glob("*.csv"))))


@lru_cache(maxsize=1)
def _read(folder: Path, changed: tuple[int, ...]) -> Ledger:
    from . import ledger

    return ledger.load(folder)
