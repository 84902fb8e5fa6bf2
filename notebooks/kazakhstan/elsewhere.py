"""What pages published on the same things as the texts, one by one, and what must not be compared with the texts.

The ledger is one that all official figures were joined to. Figures of the same indicator and period are judged as the
texts' own are; others only where a row of relations.csv says how they are related, or why they are not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import reduce
from operator import and_
from typing import Any

import pandas as pd
from claims.content.phrases import Link, Marked
from claims.judging.judge import judge_group, judge_relations
from claims.judging.verdict import NOT_COMPARABLE, WORDS, Verdict
from claims.ledger.intervals import Interval, Reading
from claims.ledger.model import Claim, Ledger, grouped, independent
from claims.results.anchors import anchor
from claims.results.finding import Finding, computed, counted, derive
from claims.words.labels import claim_text, told, uncapitalised
from claims.words.values import ranged
from claims.words.verdicts import result

from kazakhstan import mirror
from kazakhstan.mirror import add_spans, authority_of, ends_of

__all__ = [
    "NOTIONS", "commodities", "commodities_alt", "commodities_drawn", "commodities_title", "counts", "covered",
    "freight_before", "groups_table", "investment_table", "judged", "like_for_like", "rest_of_goods", "totals",
    "totals_table", "xinjiang", "xinjiang_covered", "xinjiang_table", "xinjiang_total",
]  # fmt: skip

_PREFIX = "elsewhere:"
_SHARE = "china_share_of_kz_trade"
NOTIONS = {
    "china_investment_inflow": "Flow of a period",
    "china_investment_cumulative": "Flows summed over a window",
    "fdi_stock_from_china": "Stock of direct investment, net, counted by project",
    "china_investment_position": "Stock of investment of any kind",
    "joint_projects_value": "List of joint projects, planned or spent",
    "china_deals_announced": "Deals announced, signed and not paid",
}
_COMPARABLE = tuple(word for word in WORDS if word != NOT_COMPARABLE)
_TO_CHINA = "_exports_to_china_value"
_TO_XINJIANG = "_exports_to_xinjiang_value"


def judged(ledger: Ledger, reading: Reading) -> tuple[list[Verdict], list[Verdict]]:
    """Return the verdicts on quantities that both texts and pages print, and on relations between their figures.

    The texts' figures of a quantity are compared with each figure that pages quote for it; where the texts contradict
    each other, each of their figures by itself.
    """
    groups = [verdict for key in ledger.groups for verdict in _one_by_one(ledger, key, reading)]
    crossing = [row for row in ledger.relations.values() if any(name in ledger.official for name in row.names)]
    between = judge_relations(ledger, crossing, reading)
    return sorted(groups, key=_gravity), sorted(between, key=_gravity)


def _one_by_one(ledger: Ledger, key: str, reading: Reading) -> Iterator[Verdict]:
    texts, pages = _by_origin(ledger, ledger.groups[key])
    if not texts or not pages:
        return
    together = reduce(and_, (ledger.interval(claim, reading) for claim in texts))
    statements = _alike(texts) if together.is_empty else [texts]
    for statement in statements:
        for quoted in _alike(pages):
            name = f"{_PREFIX}{key}:{quoted[0].id}" + (f":{statement[0].id}" if len(statements) > 1 else "")
            yield judge_group(name, [*statement, *quoted], ledger, reading)


def _by_origin(ledger: Ledger, claims: Sequence[Claim]) -> tuple[list[Claim], list[Claim]]:
    """Return the claims of texts, and those of pages."""
    pages = [claim for claim in claims if claim.id in ledger.official]
    return [claim for claim in claims if claim.id not in ledger.official], pages


def _alike(claims: Iterable[Claim]) -> list[list[Claim]]:
    """Return claims grouped by the figure they print."""
    return list(grouped(claims, lambda claim: (claim.point, claim.precision, claim.hedge)).values())


def _gravity(verdict: Verdict) -> tuple[int, str]:
    return WORDS.index(verdict.word), verdict.id


def counts(groups: Sequence[Verdict], between: Sequence[Verdict]) -> list[Finding]:
    """Return how many pairs and relations are judged, and how many of them as what."""
    checked = [verdict for verdict in between if verdict.word != NOT_COMPARABLE]
    findings = [
        _counted("elsewhere_total", "Figures of texts set against a figure quoted elsewhere", groups),
        _counted("elsewhere_relations_total", "Relations between figures of texts and pages", checked),
        _counted("elsewhere_not_comparable", "Pairs of figures that must not be compared", between, NOT_COMPARABLE),
    ]
    for word in _COMPARABLE:
        slug = word.replace(" ", "_")
        findings.append(_counted(f"elsewhere_{slug}", f"Such pairs judged {word}", groups, word))
        findings.append(_counted(f"elsewhere_relations_{slug}", f"Such relations judged {word}", checked, word))
    return findings


def _counted(id: str, label: str, verdicts: Sequence[Verdict], word: str = "") -> Finding:
    ids = [verdict.id for verdict in verdicts if not word or verdict.word == word]
    inputs: dict[str, object] = {"verdicts": ids} if ids else {"all": "relations.csv"}
    if word in _COMPARABLE:
        inputs = {"of": "elsewhere_relations_total" if "relations" in id else "elsewhere_total"} | inputs
    return counted(id, label, len(ids), "verdicts" if ids else "none of all verdicts", inputs=inputs)


def groups_table(ledger: Ledger, groups: Iterable[Verdict]) -> pd.DataFrame:
    """Return one row per quantity: label, period, the texts' figures, the pages' figures, verdict."""
    rows = []
    for verdict in groups:
        texts, pages = _by_origin(ledger, verdict.claims)
        rows.append(
            {
                "label": Link(ledger.indicators[verdict.indicator].label, anchor(verdict.id)),
                "period": Marked(verdict.claims[0].period.label, "date"),
                "texts": _figures(texts),
                "pages": _figures(pages),
                "verdict": verdict.word,
            }
        )
    return pd.DataFrame(rows, columns=["label", "period", "texts", "pages", "verdict"])


def _figures(claims: Sequence[Claim]) -> list[Link]:
    """Return each distinct figure once, linked to its first row."""
    return [Link(text, own[0].id) for text, own in grouped(claims, claim_text).items()]


def investment_table(ledger: Ledger) -> pd.DataFrame:
    """Return every figure on Chinese investment by its notion: kind, period, figure, by.

    Notions are never compared with one another; figures of one notion and period that are equal share a row.
    """
    rows: dict[tuple, dict] = {}
    for indicator, notion in NOTIONS.items():
        claims = [claim for claim in ledger.of(indicator) if not claim.repeats]
        for claim in sorted(claims, key=lambda one: (one.period.end, one.period.start, one.point, one.id)):
            period = Marked(claim.period.label, "date")
            row: dict[str, Any] = {"kind": notion, "period": period, "figure": claim, "by": []}
            row = rows.setdefault((indicator, claim.period.key, claim_text(claim)), row)
            row["by"].append(Link(claim.source, claim.source))
    return pd.DataFrame(list(rows.values()), columns=["kind", "period", "figure", "by"])


def commodities(ledger: Ledger, reading: Reading) -> list[dict]:
    """Return exports to China by commodity: what, part, total and share (a finding), the largest first.

    The total is that of Kazakh statistics for the same year; who compiled the parts the page does not say.
    """
    parts = [claim for claim in ledger.claims.values() if claim.indicator.endswith(_TO_CHINA)]
    rows = []
    for part in sorted(parts, key=lambda claim: (-claim.point, claim.id)):
        quantity = ledger.groups.get(f"{mirror.EXPORTS}:{part.period.key}", ())
        totals = [claim for claim in quantity if authority_of(ledger, claim) == mirror.KAZAKHSTAN]
        if totals:
            what = ledger.indicators[part.indicator].label
            label = f"{what}, {part.period.label}, as a share of all exports to China"
            share = derive(ledger, f"share_of_{part.indicator}", label, "share", reading, part=part, total=totals[0])
            rows.append({"what": what, "part": part, "total": totals[0], "share": share})
    return rows


def covered(ledger: Ledger, rows: Sequence[Mapping], reading: Reading) -> Finding:
    """Return the share of exports to China that the commodities with a figure cover together."""
    low, high = ends_of(add_spans(ledger.interval(row["part"], reading) for row in rows))
    least, most = ends_of(ledger.interval(rows[0]["total"], reading))
    value = 100 * sum(row["part"].point for row in rows) / rows[0]["total"].point
    interval = Interval(100 * low / most, 100 * high / least, False, False)
    expression = "100 × the sum of the commodities with a value ÷ {total}"
    inputs = {"total": rows[0]["total"], "parts": [row["part"] for row in rows]}
    label = "Share of exports to China covered by commodities with a value"
    return computed("commodities_covered", label, value, "percent", expression, interval, inputs)


def xinjiang(ledger: Ledger, reading: Reading) -> list[dict]:
    """Return exports to Xinjiang by commodity: what, part, share as quoted, and the total both imply (a finding)."""
    rows = []
    for part in ledger.claims.values():
        if not part.indicator.endswith(_TO_XINJIANG):
            continue
        shares = ledger.of(part.indicator.removesuffix(_TO_XINJIANG) + "_share_of_exports_to_xinjiang")
        if shares:
            what = ledger.indicators[part.indicator].label
            label = f"Exports to Xinjiang that {uncapitalised(what, ledger.subject)} and its share imply"
            name = f"total_by_{part.indicator}"
            total = derive(ledger, name, label, "implied_total", reading, part=part, share=shares[0])
            rows.append({"what": what, "part": part, "share": shares[0], "total": total})
    return sorted(rows, key=lambda row: -row["part"].point)


def xinjiang_total(rows: Sequence[Mapping]) -> Finding:
    """Return the total exports to Xinjiang that all commodities with their shares allow together."""
    common = reduce(and_, (row["total"].interval for row in rows))
    label = "Exports to Xinjiang that all commodities and their shares allow"
    inputs = {"totals": [row["total"] for row in rows]}
    return computed("xinjiang_total", label, None, "USD", "what every implied total allows", common, inputs)


def xinjiang_covered(ledger: Ledger, rows: Sequence[Mapping], reading: Reading) -> Finding:
    """Return the sum of the shares quoted: how much of exports to Xinjiang the commodities cover."""
    shares = [row["share"] for row in rows]
    value = sum((share.point for share in shares), Fraction(0))
    interval = add_spans(ledger.interval(share, reading) for share in shares)
    label = "Share of exports to Xinjiang covered by commodities with a figure"
    inputs = {"shares": shares}
    return computed("xinjiang_covered", label, value, "percent", "sum of the shares quoted", interval, inputs)


def totals(ledger: Ledger, reading: Reading) -> list[dict]:
    """Return the totals of Kazakh trade that shares of China in it imply: share, side, turnover, total, rest, mean.

    A share that a text prints is tried with the turnover of either series; one that a page quotes with the turnover of
    the same authority and period. For a total of a year, `rest` is what it leaves for the months after those of the
    longest part of the year with a share, and `mean` is the average of that part for as many months.
    """
    rows: list[dict[str, Any]] = []
    for share in independent(ledger.of(_SHARE)):
        if share.hedge != "none":
            continue
        own = authority_of(ledger, share)
        for side in (own,) if own else mirror.SIDES:
            level = mirror.series(ledger, mirror.TURNOVER, side, reading).get(share.period.key)
            if level:
                name, by = f"kz_total_{share.id}_{side}", mirror.SIDES[side]
                label = f"Trade of Kazakhstan, {share.period.label}, if {told(share)} is of the turnover by {by}"
                total = derive(ledger, name, label, "implied_total", reading, part=level, share=share)
                rows.append({"share": share, "side": side, "turnover": level, "total": total})
    for row in rows:
        period = row["share"].period
        parts = [one for one in rows if one["share"].period.kind == "window"]
        parts = [part for part in parts if part["share"].period.start == period.start]
        if parts and period.kind == "year":
            row |= _rest(ledger, row, max(parts, key=lambda part: part["share"].period.end), reading)
    return rows


def _rest(ledger: Ledger, row: Mapping, months: Mapping, reading: Reading) -> dict[str, Finding]:
    passed = int(months["share"].period.end[5:7])
    left, name = 12 - passed, row["total"].id
    label = f"{row['total'].label}: what is left for the last {left} months"
    rest = derive(ledger, f"{name}_rest", label, "change", reading, last=row["total"], first=months["total"])
    label = f"{months['total'].label}: as much in {left} months as on average"
    inputs = {"total": months["total"], "time": Fraction(passed, left), "factor": 1}
    mean = derive(ledger, f"{months['total'].id}_mean", label, "mean_rate", reading, "USD", **inputs)
    return {"rest": rest, "mean": mean}


def totals_table(rows: Iterable[Mapping]) -> pd.DataFrame:
    """Return the rows of `totals` as a table: share, where it is printed, period, turnover, side, range, rest, mean."""
    return pd.DataFrame(
        {
            "share": row["share"],
            "where": Link(row["share"].source, row["share"].source),
            "period": Marked(row["share"].period.label, "date"),
            "turnover": row["turnover"],
            "side": mirror.SIDES[row["side"]],
            "range": ranged(row["total"]),
            "rest": ranged(row["rest"]) if "rest" in row else None,
            "mean": ranged(row["mean"]) if "mean" in row else None,
        }
        for row in rows
    )


def xinjiang_table(rows: Iterable[Mapping]) -> pd.DataFrame:
    """Return the rows of `xinjiang` as a table: what, part, share, range (of the implied total)."""
    return pd.DataFrame({**row, "what": _commodity(row["what"]), "range": ranged(row["total"])} for row in rows)


def _commodity(label: str) -> str:
    """Return what is exported, without where to.

    >>> _commodity("Exports to China: crude oil")
    'Crude oil'
    """
    what = label.rpartition(": ")[2]
    return what[:1].upper() + what[1:]


def commodities_drawn(rows: Sequence[Mapping]) -> pd.DataFrame:
    """Return the shares to draw, and last what they leave: label, share_pct, low, high, from."""
    drawn = [
        {
            "label": _commodity(row["what"]),
            "share_pct": float(row["share"].value),
            "low": float(row["share"].interval.low),
            "high": float(row["share"].interval.high),
            "from": row["share"].id,
        }
        for row in rows
    ]
    rest = 100 - sum(row["share_pct"] for row in drawn)
    ids = " ".join(row["from"] for row in drawn)
    drawn.append({"label": "Without a value", "share_pct": rest, "low": rest, "high": rest, "from": ids})
    return pd.DataFrame(drawn)


def commodities_title(ledger: Ledger, rows: Sequence[Mapping]) -> str:
    """Return a sentence template: which commodity is the largest, and how much those with a figure cover."""
    what = uncapitalised(_commodity(rows[0]["what"]), ledger.subject).capitalize()
    share, year = rows[0]["share"].id, rows[0]["part"].period.label
    return (
        f"{what} is {{{share}}} of exports to China by value in <time>{year}</time>; "
        "commodities with a value cover {commodities_covered}"
    )


def commodities_alt(ledger: Ledger, rows: Sequence[Mapping]) -> str:
    """Return a template of the alt text of the figure of commodities: each with its share."""
    shares = [f"{uncapitalised(_commodity(row['what']), ledger.subject)} {{{row['share'].id}}}" for row in rows]
    return f"Bars of shares: {', '.join(shares)}; the rest is without a value."


def rest_of_goods(
    ledger: Ledger,
    goods: Sequence[Mapping],
    xinjiang: Sequence[Mapping],
    flows: Iterable[mirror.Flow],
    reading: Reading,
) -> list[Finding]:
    """Return how far other totals would change the shares: by the Chinese count, and of Xinjiang in all exports."""
    exports = {flow.period.key: flow for flow in flows if flow.indicator == mirror.EXPORTS}
    shares: list[tuple[str, str, Any, Any]] = []
    if goods and (flow := exports.get(goods[0]["part"].period.key)):
        label = "Largest commodity with a figure, as a share of exports to China by Chinese customs"
        shares.append(("commodity_by_china", label, goods[0]["part"], flow.importer))
    if xinjiang and (flow := exports.get(xinjiang[0]["part"].period.key)):
        total, label = xinjiang_total(xinjiang), "Exports to Xinjiang, as a share of all exports to China by"
        shares.append(("xinjiang_share", f"{label} Kazakh statistics", total, flow.exporter))
        shares.append(("xinjiang_share_by_china", f"{label} Chinese customs", total, flow.importer))
    return [derive(ledger, id, label, "share", reading, part=part, total=total) for id, label, part, total in shares]


def freight_before(ledger: Ledger, reading: Reading) -> list[Finding]:
    """Return the freight a year before that the texts' quarter implies, and as a share of the half-year published."""
    relation = ledger.relations["r55"]
    base, half = result(ledger, relation, reading), ledger.claim("o200")
    if base is None:
        raise ValueError(f"{relation.id} gives no freight of the year before")
    label = "Freight implied for a quarter, in percent of the half-year it is a part of"
    return [base, derive(ledger, "quarter_of_half_year", label, "share", reading, part=base, total=half)]


def like_for_like(ledger: Ledger, reading: Reading) -> Finding:
    """Return the pace of the printed quarter against the last year of the series it may be of, Kazakh statistics."""
    levels = mirror.series(ledger, mirror.TURNOVER, mirror.KAZAKHSTAN, reading)
    year = levels[max(key for key in levels if len(key) == 4)]
    label = "Trade of the printed quarter, kept up all year, against the last year by Kazakh statistics"
    return derive(ledger, "pace_gap_kz_statistics", label, "pace", reading, quarter=ledger.claim("c008"), year=year)
