"""Exports to China and to Xinjiang by commodity: their shares, and the totals that values and shares imply."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import reduce
from operator import and_

import pandas as pd
from claims.content.phrases import Marked
from claims.ledger.intervals import Interval, Reading
from claims.ledger.model import Ledger
from claims.questions import growth
from claims.results.finding import Finding, computed, derive
from claims.show.book import Book
from claims.show.exhibits import Column, Exhibit
from claims.words.labels import uncapitalised
from claims.words.values import range_link

from kazakhstan import mirror
from kazakhstan.mirror import add_spans, authority_of, ends_of

__all__ = [
    "by_value",
    "commodities",
    "commodities_table",
    "covered",
    "largest_by_china",
    "to_xinjiang",
    "xinjiang",
    "xinjiang_covered",
    "xinjiang_shares",
    "xinjiang_table",
    "xinjiang_total",
]

_TO_CHINA = "_exports_to_china_value"
_TO_XINJIANG = "_exports_to_xinjiang_value"
_ANY_BAND = (1.0, 1.0)  # of freight and insurance, on which no level depends


def by_value(book: Book) -> Exhibit:
    """Table: shares of exports to China by commodity."""
    ledger, reading = book.ledger, book.reading
    flows = mirror.flows(ledger, reading, _ANY_BAND)
    goods = commodities(ledger, reading)
    covers = covered(ledger, goods, reading)
    return book.table(
        commodities_table(goods),
        findings=[*growth.findings_in(goods), covers, *largest_by_china(ledger, goods, flows, reading)],
        id="tbl-commodities",
        place="appendix",
        title="Exports to China by commodity, as shares of their value",
        caption="The values are quoted on a page that names no source for them; their year is read from its context. "
        "The total is that of Kazakh statistics, so part and whole may be of different statistics; by the Chinese "
        "count the largest would have {commodity_by_china}. Together they make {commodities_covered}.",
        columns={
            "what": "Commodity",
            "period": "Year",
            "part": Column("Value", align="right"),
            "share": Column("Share", align="right"),
            "range": "Range",
        },
    )


def to_xinjiang(book: Book) -> Exhibit:
    """Table: exports to Xinjiang by commodity, and the total that each share implies."""
    ledger, reading = book.ledger, book.reading
    flows = mirror.flows(ledger, reading, _ANY_BAND)
    goods = xinjiang(ledger, reading)
    covers = xinjiang_covered(ledger, goods, reading)
    shares = xinjiang_shares(ledger, goods, flows, reading)
    return book.table(
        xinjiang_table(goods),
        findings=[*growth.findings_in(goods), xinjiang_total(goods), covers, *shares],
        id="tbl-xinjiang",
        place="appendix",
        title="Exports to Xinjiang by commodity, and the total that each share implies",
        caption="Value and share as quoted on the same page, for <time>2023</time> as the ledger reads it; the share "
        "and the value imply the total. Categories may overlap, and goods are registered in Xinjiang, not consumed "
        "there.",
        columns={
            "what": "Commodity",
            "part": Column("Value", align="right"),
            "share": Column("Share", align="right"),
            "range": "Implied total",
        },
    )


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


def largest_by_china(
    ledger: Ledger, rows: Sequence[Mapping], flows: Iterable[mirror.Flow], reading: Reading
) -> list[Finding]:
    """Return the share of the largest commodity in exports by the Chinese count; none where that has no such year."""
    flow = _exports(flows, rows)
    if flow is None:
        return []
    label = "Largest commodity with a figure, as a share of exports to China by Chinese customs"
    part = rows[0]["part"]
    return [derive(ledger, "commodity_by_china", label, "share", reading, part=part, total=flow.importer)]


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


def xinjiang_shares(
    ledger: Ledger, rows: Sequence[Mapping], flows: Iterable[mirror.Flow], reading: Reading
) -> list[Finding]:
    """Return the share of Xinjiang in exports to China, by either count; none where no page quotes both."""
    flow = _exports(flows, rows)
    if flow is None:
        return []
    totals = {"xinjiang_share": (flow.exporter, "Kazakh statistics")}
    totals["xinjiang_share_by_china"] = (flow.importer, "Chinese customs")
    part, label = xinjiang_total(rows), "Exports to Xinjiang, as a share of all exports to China by"
    return [
        derive(ledger, id, f"{label} {by}", "share", reading, part=part, total=total)
        for id, (total, by) in totals.items()
    ]


def _exports(flows: Iterable[mirror.Flow], rows: Sequence[Mapping]) -> mirror.Flow | None:
    """Return exports to China as both sides count them, in the year of commodities."""
    years = {flow.period.key: flow for flow in flows if flow.indicator == mirror.EXPORTS}
    return years.get(rows[0]["part"].period.key) if rows else None


def commodities_table(rows: Iterable[Mapping]) -> pd.DataFrame:
    """Return the rows of `commodities` as a table: what, period, part, share, range."""
    return pd.DataFrame(
        {
            "what": _commodity(row["what"]),
            "period": Marked(row["part"].period.label, "date"),
            "part": row["part"],
            "share": row["share"],
            "range": range_link(row["share"]),
        }
        for row in rows
    )


def xinjiang_table(rows: Iterable[Mapping]) -> pd.DataFrame:
    """Return the rows of `xinjiang` as a table: what, part, share, range (of the implied total)."""
    return pd.DataFrame({**row, "what": _commodity(row["what"]), "range": range_link(row["total"])} for row in rows)


def _commodity(label: str) -> str:
    """Return what is exported, without where to.

    >>> _commodity("Exports to China: crude oil")
    'Crude oil'
    """
    what = label.rpartition(": ")[2]
    return what[:1].upper() + what[1:]
