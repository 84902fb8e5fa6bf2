"""How fast things grew (`growth`), as the tables, the figure and the sentences of its chapter."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from claims.content.phrases import Link, Marked, Phrase
from claims.ledger.intervals import Interval, Reading
from claims.ledger.model import Claim, Ledger, independent
from claims.questions.growth import Reported, same_figure
from claims.questions.levels import is_expected
from claims.results.anchors import anchor
from claims.results.finding import Finding
from claims.words.labels import claim_text, uncapitalised
from claims.words.numerals import exact, range_text, scale_of, short_decimals
from claims.words.sentences import for_count, phrase
from claims.words.values import range_link, value_text

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "MOST_DRAWN",
    "RATES_CHART",
    "between_table",
    "doubling_table",
    "level_cell",
    "most_drawn",
    "quarters_table",
    "rates_alt",
    "rates_caption",
    "rates_chart",
    "rates_table",
    "rates_title",
]

MOST_DRAWN = 40  # lines of a chart: more fill no page, and take gigabytes to draw
RATES_CHART = "fig-growth-rates"
_NOTHING_COMPUTED = {"computed": None, "computed_range": None}
_RATE_COLUMNS = (
    "order", "label", "period", "source", "kind", "shown", "point", "low", "high", "claim", "field",
)  # fmt: skip


def rates_table(ledger: Ledger, rates: list[Reported], reading: Reading) -> list[dict]:
    """Return one row per reported rate or multiple with a level: label, period, texts, reported, last, first, result.

    `result` is the finding computed from both levels where the texts print both, else the implied earlier level; with
    its `range`, and whether the rate `fits`. `before` is the earlier level, printed or implied, with `before_range`;
    `computed`, with `computed_range`, what both levels give, None where the earlier one is implied.
    """
    rows = []
    for rate in rates:
        if result := rate.computed or rate.base:
            rows.append(
                {
                    "label": Link(ledger.indicators[rate.claim.indicator].label, rate.claim.id),
                    "period": Marked(rate.claim.period.label, "date"),
                    "texts": [Link(ledger.sources[id].short_name, id) for id in rate.sources],
                    "reported": rate.claim,
                    "last": level_cell(rate.last),
                    "first": level_cell(rate.first),
                    "result": result,
                    "range": range_link(result),
                    **_level_before(ledger, rate, reading),
                    "fits": {True: "yes", False: "no", None: "–"}[rate.fits],
                }
            )
    return rows


def _level_before(ledger: Ledger, rate: Reported, reading: Reading) -> dict[str, object]:
    """Return the level before a rate, as printed or as the rate implies it, and what both levels give, with ranges."""
    if not (rate.computed and rate.first):
        return {"before": rate.base, "before_range": rate.base and range_link(rate.base), **_NOTHING_COMPUTED}
    first = rate.first
    span = range_link(first) if isinstance(first, Finding) else _range_of(ledger, first, reading)
    computed = {"computed": rate.computed, "computed_range": range_link(rate.computed)}
    return {"before": level_cell(first), "before_range": span, **computed}


def _range_of(ledger: Ledger, claim: Claim, reading: Reading) -> Link:
    """Return what a level may stand for, linked to its row."""
    return Link(range_text(ledger.interval(claim, reading), claim.unit, most=4), claim.id)


def level_cell(level: Claim | Finding | None) -> Claim | Link | None:
    """Return a level as a cell: a claim as printed, a computed level with every digit of its value."""
    if not isinstance(level, Finding) or level.value is None:
        return None if isinstance(level, Finding) else level
    scale, _ = scale_of(exact(level.value), level.unit)
    return Link(value_text(level, short_decimals(exact(level.value) / scale)), level.anchor)


def between_table(between: list[dict]) -> list[dict]:
    """Return the rows of `between_levels` as a table: what, and growth, per_year and doubling, each with its range."""
    rows = []
    for row in between:
        ranges = {
            f"{name}_range": range_link(row[name]) if row[name] else None for name in ("growth", "per_year", "doubling")
        }
        joint = " to " if "-" in row["start"] else "–"
        years = Marked(f"{row['start']}{joint}{row['end']}", "date")
        ends = {role: level_cell(row[role]) for role in ("first", "last")}
        rows.append({**row, **ranges, **ends, "what": phrase("{label}, {years}", label=row["label"], years=years)})
    return rows


def doubling_table(doubled: list[dict]) -> list[dict]:
    """Return the rows of `doubling` as a table: rate, years, range, year (the calendar years it may fall in)."""
    rows = []
    for row in doubled:
        years = row["years"]
        early, late = (math.ceil(row["start"] + float(end)) for end in (years.interval.low, years.interval.high))
        joint = "or" if late == early + 1 else "to"
        reached = str(early) if early == late else f"{early} {joint} {late}"
        rows.append(
            {"rate": _rate(row), "years": years, "range": range_link(years), "year": Link(reached, years.anchor)}
        )
    return rows


def _rate(row: dict) -> Marked:
    return Marked(f"{row['rate_pct']:g}%", "parameter")


def quarters_table(ledger: Ledger, rows: list[dict]) -> list[dict]:
    """Return the rows of `quarters` as a table: label, quarter, year, year_label, share, annualised, gap, range.

    Where a text prints the figure of the year for the quarter as well, the comparison is in brackets.
    """
    return [
        {
            "label": ledger.indicators[row["quarter"].indicator].label,
            "quarter": row["quarter"],
            "year": level_cell(row["level"]),
            "year_label": Marked(row["year"].period.label, "date"),
            **{
                name: _bracketed(part) if same_figure(row["quarter"], row["year"]) else part
                for name, part in (
                    ("share", row["quarter_share"]),
                    ("annualised", row["four_quarters"]),
                    ("gap", row["pace_gap"]),
                    ("range", range_link(row["pace_gap"])),
                )
            },
        }
        for row in rows
    ]


def _bracketed(part: Finding | Link) -> Phrase:
    """Return a result in brackets, as a number that should not be compared is shown."""
    return phrase("({part})", part=part)


def rates_chart(ledger: Ledger, rates: list[Reported], between: list[dict], reading: Reading) -> pd.DataFrame:
    """Return the yearly rates to draw: label, kind, shown, point, low, high, claim, field.

    Kinds are: reported, the growth claims and the multiples over one year, restatements removed; expected, those for a
    year that had not ended when the text was written; computed, the growth between levels of two years in a row. The
    largest rate is first.
    """
    import pandas as pd

    rows = []
    for claim in independent(ledger.claims.values()):
        if ledger.indicators[claim.indicator].kind == "growth" and _is_of_a_year(claim):
            span, kind = ledger.interval(claim, reading), "expected" if is_expected(ledger, claim) else "reported"
            rows.append(_drawn(ledger, claim, kind, claim.point, span, claim.indicator))
    for rate in rates:
        growth, indicator = rate.increase, rate.indicator
        is_yearly = rate.claim.period.kind == "year" and ledger.indicators[rate.claim.indicator].kind == "multiple"
        if is_yearly and growth and growth.interval:
            rows.append(_drawn(ledger, rate.claim, "reported", growth.value, growth.interval, indicator))
    for row in between:
        if row["years"] == 1:
            growth = row["growth"]
            drawn = _drawn(ledger, row["last_claim"], "computed", growth.value, growth.interval, row["indicator"])
            label = f"{row['label']}, {row['start']} to {row['end']}"
            claims = f"{row['first'].id} {row['last'].id}"
            rows.append({**drawn, "label": label, "shown": value_text(growth), "claim": claims, "field": growth.id})
    frame = pd.DataFrame(rows, columns=_RATE_COLUMNS).drop_duplicates(["label", "source", "kind", "point"])
    frame = frame.sort_values(["order", "period", "source", "label"], kind="stable").drop(columns="order")
    return frame.sort_values("point", ascending=False, kind="stable", ignore_index=True)


def most_drawn(rates: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """Return the rates that a chart has room for, the largest and the smallest, and a note if there are more."""
    if len(rates) <= MOST_DRAWN:
        return rates, ""
    half = MOST_DRAWN // 2
    drawn = rates.iloc[[*range(half), *range(len(rates) - half, len(rates))]].reset_index(drop=True)
    whole, part = (f"<data>{number:,}</data>" for number in (len(rates), half))
    return drawn, f" Of {whole} rates only the {part} largest and the {part} smallest are drawn; its data has all."


def _is_of_a_year(claim: Claim) -> bool:
    """Return whether a rate is of a year or quarter, or of a coming time that is a calendar year."""
    start, end = claim.period.start, claim.period.end
    is_coming_year = claim.period.kind == "horizon" and (start, end) == (f"{end[:4]}-01-01", f"{end[:4]}-12-31")
    return claim.period.kind in ("year", "quarter") or is_coming_year


def rates_caption(drawn: pd.DataFrame) -> str:
    """Return the caption of the figure of `rates_chart`: what its marks are, of the kinds that it has."""
    kinds = set(drawn["kind"])
    marks = {
        "reported": "as the texts report them, each with its own mark",
        "expected": "as they expect them of a year that had not ended",
        "computed": "as the levels of years in a row give them (crosses)",
    }
    shown = [words for kind, words in marks.items() if kind in kinds]
    joint = ", and " if len(shown) > 1 else ""
    words = f"Yearly growth rates{': ' * bool(shown)}{', '.join(shown[:-1])}{joint}{''.join(shown[-1:])}"
    quarters = any("-Q" in period for period in drawn["period"])
    quarter = " A <time>quarter</time> is set against the same <time>quarter</time> a year before." if quarters else ""
    return f"{words}; bars show what rounding allows.{quarter}"


def _drawn(ledger: Ledger, claim: Claim, kind: str, point: Any, span: Interval, indicator: str) -> dict:
    low, high = (float(point) if end is None else float(end) for end in (span.low, span.high))
    label, sector = ledger.indicators[indicator].label, ledger.indicators[indicator].sector
    period = claim.period.end[:4] if claim.period.kind == "horizon" else claim.period.label
    return {
        "order": list(ledger.sectors).index(sector) if sector else len(ledger.sectors),
        "label": f"{label}, {period} ({claim.source_name})",
        "period": claim.period.key,
        "source": claim.source,
        "kind": kind,
        "shown": claim_text(claim),
        "point": float(point),
        "low": low,
        "high": high,
        "claim": claim.id,
        "field": claim.id,
    }


def rates_title(ledger: Ledger, drawn: pd.DataFrame) -> str:
    """Return a sentence template on the smallest and largest reported rate and the computed ones of `rates_chart`."""
    reported = drawn[drawn["kind"] == "reported"]
    reported_rates = "No text prints a yearly rate"
    if len(reported):
        least, most = reported.iloc[reported["point"].argmin()], reported.iloc[reported["point"].argmax()]
        runs = for_count(
            len(reported), one=f"is {{{least.field}}}", more=f"runs from {{{least.field}}} to {{{most.field}}}"
        )
        reported_rates = f"Reported yearly growth {runs}"
    computed = drawn[drawn["kind"] == "computed"].to_dict("records")
    if not computed:
        return reported_rates
    largest, smallest = computed[0], computed[-1]
    if len(computed) > 1:
        return f"{reported_rates}; the levels of years in a row give {{{smallest['field']}}} to {{{largest['field']}}}"
    what = Link(uncapitalised(largest["label"], ledger.subject), anchor(largest["field"]))
    return f"{reported_rates}; the levels give {{{largest['field']}}} for {phrase('{what}', what=what).markdown}"


def rates_alt(drawn: pd.DataFrame) -> Phrase:
    """Return the alt text of the figure of `rates_chart`: every rate with what it is of."""
    text = Phrase(("Dot plot.",))
    for row in drawn.to_dict("records"):
        what, rate = (Link(row[name], anchor(row["field"])) for name in ("label", "shown"))
        text = text + phrase(" {what}: {kind} {rate}.", what=what, kind=row["kind"], rate=rate)
    return text
