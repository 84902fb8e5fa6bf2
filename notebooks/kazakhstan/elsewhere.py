"""What was published elsewhere on the same things as the texts, one by one, and what must not be set against them.

The ledger is one that all official figures were joined to. Figures of the same indicator and period are judged as the
texts' own are; others only where a row of relations.csv says how they hang together, or why they do not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import reduce
from operator import and_
from typing import TYPE_CHECKING, Any

from claims.content.phrases import Link, Marked
from claims.judging.judge import judge_group, judge_relations
from claims.judging.verdict import BY_ROUNDING, CONSISTENT, NOT_COMPARABLE, WORDS, Verdict
from claims.ledger.intervals import Interval, Reading
from claims.ledger.model import Claim, Ledger, independent
from claims.questions.growth import found_in
from claims.results.anchors import anchor
from claims.results.finding import Finding, computed, counted, derive
from claims.words.labels import claim_text, told, uncapitalised
from claims.words.values import ranged
from claims.words.verdicts import result

from kazakhstan import mirror
from kazakhstan.mirror import add_spans, ends_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "CHINA_2022",
    "NOTIONS",
    "PREFIX",
    "SHARE",
    "XINJIANG_2023",
    "commodities",
    "commodities_alt",
    "commodities_drawn",
    "commodities_title",
    "counts",
    "covered",
    "found_in",
    "freight_before",
    "groups_table",
    "investment_table",
    "judged",
    "like_for_like",
    "rest_of_goods",
    "totals",
    "totals_table",
    "xinjiang",
    "xinjiang_covered",
    "xinjiang_table",
    "xinjiang_total",
]

PREFIX = "elsewhere:"
SHARE = "china_share_of_kz_trade"
NOTIONS = {
    "china_investment_inflow": "Flow of a period",
    "china_investment_cumulative": "Flows summed over a window",
    "fdi_stock_from_china": "Stock of direct investment, net, counted by project",
    "china_investment_position": "Stock of investment of any kind",
    "joint_projects_value": "List of joint projects, planned or spent",
    "china_deals_announced": "Deals announced, signed and not paid",
}
CHINA_2022 = "_exports_to_china_value"
XINJIANG_2023 = "_exports_to_xinjiang_value"


def judged(ledger: Ledger, reading: Reading) -> tuple[list[Verdict], list[Verdict]]:
    """Return the verdicts on quantities that texts and pages both speak of, and on relations between their figures.

    The texts' figures of a quantity are set against each figure that pages quote for it; where the texts contradict
    each other, each of their figures by itself.
    """
    groups = [
        verdict
        for key, claims in ledger.groups.items()
        if _of_both(ledger, claims)
        for verdict in _one_by_one(ledger, key, claims, reading)
    ]
    crossing = [one for one in ledger.relations.values() if any(name in ledger.official for name in one.names)]
    between = judge_relations(ledger, crossing, reading)
    return sorted(groups, key=_gravity), sorted(between, key=_gravity)


def _one_by_one(ledger: Ledger, key: str, claims: Sequence[Claim], reading: Reading) -> Iterator[Verdict]:
    texts = [claim for claim in claims if claim.id not in ledger.official]
    together = reduce(and_, (ledger.interval(claim, reading) for claim in texts))
    heard = list(_alike(texts).values()) if together.is_empty else [texts]
    for said in heard:
        for quoted in _alike(claim for claim in claims if claim.id in ledger.official).values():
            name = f"{PREFIX}{key}:{quoted[0].id}" + (f":{said[0].id}" if len(heard) > 1 else "")
            yield judge_group(name, [*said, *quoted], ledger, reading)


def _alike(claims: Iterable[Claim]) -> dict[tuple, list[Claim]]:
    """Return claims by the figure they print."""
    found: dict[tuple, list[Claim]] = {}
    for claim in claims:
        found.setdefault((claim.point, claim.precision, claim.hedge), []).append(claim)
    return found


def _gravity(verdict: Verdict) -> tuple[int, str]:
    return WORDS.index(verdict.word), verdict.id


def _of_both(ledger: Ledger, claims: Sequence[Claim]) -> bool:
    return len({claim.id in ledger.official for claim in claims}) == 2


def counts(groups: Sequence[Verdict], between: Sequence[Verdict]) -> list[Finding]:
    """Return how many pairs and relations are judged, and how many of them as what."""
    checked = [one for one in between if one.word != NOT_COMPARABLE]
    found = [
        _counted("elsewhere_total", "Figures of texts set against a figure quoted elsewhere", groups),
        _counted("elsewhere_relations_total", "Relations between figures of texts and pages", checked),
        _counted("elsewhere_not_comparable", "Pairs of figures that must not be compared", [*between], NOT_COMPARABLE),
    ]
    for word in (*WORDS[:2], BY_ROUNDING, CONSISTENT):
        slug = word.replace(" ", "_")
        found.append(_counted(f"elsewhere_{slug}", f"Such pairs judged {word}", groups, word))
        found.append(_counted(f"elsewhere_relations_{slug}", f"Such relations judged {word}", checked, word))
    return found


def _counted(id: str, label: str, of: Sequence[Verdict], word: str = "") -> Finding:
    kept = [one for one in of if not word or one.word == word]
    whole = {"of": "elsewhere_relations_total" if "relations" in id else "elsewhere_total"} if word in WORDS[:4] else {}
    inputs = whole | ({"verdicts": tuple(one.id for one in kept)} if kept else {"all": "relations.csv"})
    return counted(id, label, len(kept), "verdicts" if kept else "none of all verdicts", inputs=inputs)


def groups_table(ledger: Ledger, groups: Iterable[Verdict]) -> pd.DataFrame:
    """Return one row per quantity: label, period, the texts' figures, the pages' figures, verdict, explanation."""
    import pandas as pd

    rows = [
        {
            "label": Link(ledger.indicators[one.indicator].label, anchor(one.id)),
            "period": Marked(one.claims[0].period.label, "date"),
            "texts": _printed([claim for claim in one.claims if claim.id not in ledger.official]),
            "pages": _printed([claim for claim in one.claims if claim.id in ledger.official]),
            "verdict": one.word,
        }
        for one in groups
    ]
    return pd.DataFrame(rows, columns=["label", "period", "texts", "pages", "verdict"])


def _printed(claims: Sequence[Claim]) -> list[Link]:
    """Return each distinct figure once, leading to its first row."""
    first: dict[str, Claim] = {}
    for claim in claims:
        first.setdefault(claim_text(claim), claim)
    return [Link(text, claim.id) for text, claim in first.items()]


def investment_table(ledger: Ledger) -> pd.DataFrame:
    """Return every figure on Chinese investment by its notion: kind, period, figure, by.

    Notions are never compared with one another; figures of one notion and period that are equal share a row.
    """
    import pandas as pd

    rows: dict[tuple, dict] = {}
    for indicator, notion in NOTIONS.items():
        for claim in sorted(
            ledger.of(indicator), key=lambda one: (one.period.end, one.period.start, one.point, one.id)
        ):
            if claim.repeats:
                continue
            row = rows.setdefault(
                (indicator, claim.period.key, claim_text(claim)),
                {
                    "kind": notion,
                    "period": Marked(claim.period.label, "date"),
                    "figure": claim,
                    "by": [],
                },
            )
            row["by"].append(Link(claim.source, claim.source))
    return pd.DataFrame(list(rows.values()), columns=["kind", "period", "figure", "by"])


def commodities(ledger: Ledger, reading: Reading) -> list[dict]:
    """Return exports to China by commodity: what, part, total and share (a finding), the largest first.

    The total is that of Kazakh statistics for the same year; who compiled the parts the page does not say.
    """
    parts = [claim for claim in ledger.claims.values() if claim.indicator.endswith(CHINA_2022)]
    rows = []
    for part in sorted(parts, key=lambda claim: (-claim.point, claim.id)):
        total = _total_exports(ledger, part)
        if total:
            what = ledger.indicators[part.indicator].label
            label = f"{what}, {part.period.label}, as a share of all exports to China"
            share = derive(ledger, f"share_of_{part.indicator}", label, "share", reading, part=part, total=total)
            rows.append({"what": what, "part": part, "total": total, "share": share})
    return rows


def _total_exports(ledger: Ledger, part: Claim) -> Claim | None:
    known = [
        claim
        for claim in ledger.groups.get(f"exports_to_china:{part.period.key}", ())
        if claim.id in ledger.official and ledger.official[claim.id].authority == "kz_statistics"
    ]
    return known[0] if known else None


def covered(ledger: Ledger, rows: Sequence[Mapping], reading: Reading) -> Finding:
    """Return the share of exports to China that the commodities with a figure cover together."""
    low, high = ends_of(add_spans(ledger.interval(row["part"], reading) for row in rows))
    least, most = ends_of(ledger.interval(rows[0]["total"], reading))
    value = 100 * sum(row["part"].point for row in rows) / rows[0]["total"].point
    interval = Interval(100 * low / most, 100 * high / least, False, False)
    said = "100 × the sum of the commodities with a value ÷ {total}"
    inputs = {"total": rows[0]["total"].id, "parts": tuple(row["part"].id for row in rows)}
    label = "Share of exports to China covered by commodities with a value"
    return computed("commodities_covered", label, value, "percent", said, interval, inputs)


def xinjiang(ledger: Ledger, reading: Reading) -> list[dict]:
    """Return exports to Xinjiang by commodity: what, part, share as quoted, and the total both imply (a finding)."""
    rows = []
    for part in ledger.claims.values():
        if not part.indicator.endswith(XINJIANG_2023):
            continue
        share = ledger.of(part.indicator.removesuffix(XINJIANG_2023) + "_share_of_exports_to_xinjiang")
        what = ledger.indicators[part.indicator].label
        if share:
            label = f"Exports to Xinjiang that {uncapitalised(what, ledger.subject)} and its share imply"
            name = f"total_by_{part.indicator}"
            total = derive(ledger, name, label, "implied_total", reading, part=part, share=share[0])
            rows.append({"what": what, "part": part, "share": share[0], "total": total})
    return sorted(rows, key=lambda row: -row["part"].point)


def xinjiang_total(rows: Sequence[Mapping]) -> Finding:
    """Return the total exports to Xinjiang that all commodities with their shares allow together."""
    common = reduce(and_, (row["total"].interval for row in rows))
    ids = {"totals": tuple(row["total"].id for row in rows)}
    label = "Exports to Xinjiang that all commodities and their shares allow"
    return computed("xinjiang_total", label, None, "USD", "what every implied total allows", common, ids)


def xinjiang_covered(ledger: Ledger, rows: Sequence[Mapping], reading: Reading) -> Finding:
    """Return the sum of the shares quoted: how much of exports to Xinjiang the commodities cover."""
    interval = add_spans(ledger.interval(row["share"], reading) for row in rows)
    value = sum((row["share"].point for row in rows), Fraction(0))
    ids = {"shares": tuple(row["share"].id for row in rows)}
    label = "Share of exports to Xinjiang covered by commodities with a figure"
    return computed("xinjiang_covered", label, value, "percent", "sum of the shares quoted", interval, ids)


def totals(ledger: Ledger, reading: Reading) -> list[dict]:
    """Return the totals of Kazakh trade that shares of China in it imply: whose share, whose turnover, total, rest.

    A share that a text prints is tried with the turnover of either series; one that a page quotes with the turnover of
    the same authority and period. For a total of a year, `rest` is what it leaves for the months after those of the
    longest part of the year that is known, and `mean` what that part comes to in as many months on average.
    """
    rows: list[dict[str, Any]] = []
    for share in independent(ledger.of(SHARE)):
        if share.hedge != "none":
            continue
        own = ledger.official[share.id].authority if share.id in ledger.official else ""
        for side in (own,) if own else mirror.SIDES:
            level = mirror.series(ledger, mirror.TURNOVER, side, reading).get(share.period.key)
            if level:
                label = f"Trade of Kazakhstan, {share.period.label}, if {told(share)} is of the turnover by "
                name = f"kz_total_{share.id}_{side}"
                given: dict[str, Any] = {"part": level, "share": share}
                total = derive(ledger, name, label + mirror.SIDES[side], "implied_total", reading, **given)
                rows.append({"share": share, "side": side, "turnover": level, "total": total})
    months = [row for row in rows if row["share"].period.kind == "window"]
    for row in rows:
        known = [one for one in months if one["share"].period.start == row["share"].period.start and one is not row]
        if known and row["share"].period.kind == "year":
            row |= _rest(ledger, row, max(known, key=lambda one: one["share"].period.end), reading)
    return rows


def _rest(ledger: Ledger, row: Mapping, months: Mapping, reading: Reading) -> dict[str, Finding]:
    gone = int(months["share"].period.end[5:7])
    left, name = 12 - gone, row["total"].id
    label = f"{row['total'].label}: what is left for the last {left} months"
    rest = derive(ledger, f"{name}_rest", label, "change", reading, last=row["total"], first=months["total"])
    label = f"{months['total'].label}: as much in {left} months as on average"
    span = {"total": months["total"], "time": Fraction(gone, left), "factor": 1}
    mean = derive(ledger, f"{months['total'].id}_mean", label, "mean_rate", reading, "USD", **span)
    return {"rest": rest, "mean": mean}


def totals_table(rows: Iterable[Mapping]) -> pd.DataFrame:
    """Return the rows of `totals` as a table: share, where it stands, period, turnover, side, range, rest, mean."""
    import pandas as pd

    return pd.DataFrame(
        [
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
        ]
    )


def xinjiang_table(rows: Iterable[Mapping]) -> pd.DataFrame:
    """Return the rows of `xinjiang` as a table: what, part, share, range (of the implied total)."""
    import pandas as pd

    return pd.DataFrame([{**row, "what": _commodity(row["what"]), "range": ranged(row["total"])} for row in rows])


def _commodity(label: str) -> str:
    """Return what is exported, without where to.

    >>> _commodity("Exports to China: crude oil")
    'Crude oil'
    """
    what = label.rpartition(": ")[2]
    return what[:1].upper() + what[1:]


def commodities_drawn(rows: Sequence[Mapping]) -> pd.DataFrame:
    """Return the shares to draw, and last what they leave: label, share_pct, low, high, from."""
    import pandas as pd

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
    return pd.DataFrame(
        [*drawn, {"label": "Without a value", "share_pct": rest, "low": rest, "high": rest, "from": ids}]
    )


def commodities_title(ledger: Ledger, rows: Sequence[Mapping]) -> str:
    """Return a sentence template: which commodity is the largest, and how much those with a figure cover."""
    first = rows[0]
    what = uncapitalised(_commodity(first["what"]), ledger.subject)
    year = f"<time>{first['part'].period.label}</time>"
    said = f"{what.capitalize()} is {{{first['share'].id}}} of exports to China by value in {year}"
    return said + "; commodities with a value cover {commodities_covered}"


def commodities_alt(ledger: Ledger, rows: Sequence[Mapping]) -> str:
    """Return a template of the alt text of the figure of commodities: each with its share."""
    told = [f"{uncapitalised(_commodity(row['what']), ledger.subject)} {{{row['share'].id}}}" for row in rows]
    return f"Bars of shares: {', '.join(told)}; the rest is without a value."


def rest_of_goods(
    ledger: Ledger,
    goods: Sequence[Mapping],
    xinjiang: Sequence[Mapping],
    flows: Iterable[mirror.Flow],
    reading: Reading,
) -> list[Finding]:
    """Return how far other totals would change the shares: by the Chinese count, and of Xinjiang in all exports."""
    exports = {flow.period.key: flow for flow in flows if flow.indicator == mirror.EXPORTS}
    made = []
    if goods and (flow := exports.get(goods[0]["part"].period.key)):
        label = "Largest commodity with a figure, as a share of exports to China by Chinese customs"
        given = {"part": goods[0]["part"], "total": flow.importer}
        made.append(derive(ledger, "commodity_by_china", label, "share", reading, **given))
    if xinjiang and (flow := exports.get(xinjiang[0]["part"].period.key)):
        label = "Exports to Xinjiang, as a share of all exports to China by Kazakh statistics"
        given = {"part": xinjiang_total(xinjiang), "total": flow.exporter}
        made.append(derive(ledger, "xinjiang_share", label, "share", reading, **given))
        label = "Exports to Xinjiang, as a share of all exports to China by Chinese customs"
        given = {"part": xinjiang_total(xinjiang), "total": flow.importer}
        made.append(derive(ledger, "xinjiang_share_by_china", label, "share", reading, **given))
    return made


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
