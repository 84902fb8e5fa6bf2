"""The figures of texts beside the figures that pages quote for the same quantity and period, as dots on a line each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd
from claims.content.phrases import Link, Phrase
from claims.judging.verdict import CONSISTENT, INCONSISTENT, Verdict
from claims.ledger.intervals import Reading
from claims.ledger.model import Claim, Ledger
from claims.results.anchors import anchor
from claims.results.finding import Finding, counted
from claims.show.book import Book
from claims.show.exhibits import Exhibit
from claims.words.labels import claim_text
from claims.words.sentences import phrase

from kazakhstan import mirror, other_charts
from kazakhstan.sides import name_sides

__all__ = ["NAMES", "agreeing", "press_against_pages", "press_drawn"]

NAMES = {  # of quantities, as short as a chart on a phone needs them; others have the label of their indicator
    "trade_turnover": "Trade",
    "trade_turnover_growth": "Growth of trade",
    "trade_turnover_multiple_since_1992": "Growth of trade",
    "china_investment_inflow": "Chinese investment",
    "china_investment_inflow_growth": "Growth of Chinese investment",
    "agri_exports_to_china_growth": "Growth of farm exports",
    "rail_freight": "Freight by rail",
    "rail_freight_growth": "Growth of freight by rail",
    "gas_pipeline_capacity": "Gas that the pipeline can carry",
    "border_length": "Length of the border",
}


def agreeing(groups: Iterable[Verdict]) -> Finding:
    """Return how many figures of pages agree with the texts, as printed or through rounding."""
    ids = [verdict.id for verdict in groups if verdict.word.startswith(CONSISTENT)]
    label = "Figures quoted elsewhere that agree with the texts, as printed or through rounding"
    return counted("elsewhere_agreeing", label, len(ids), "verdicts", inputs={"of": "elsewhere_total", "verdicts": ids})


def press_against_pages(book: Book, groups: Sequence[Verdict]) -> Exhibit:
    """Figure: each figure that a page quotes, in percent of the figure that the texts print."""
    drawn = press_drawn(book.ledger, groups, book.reading)
    return book.figure(
        other_charts.press_and_pages(drawn, book.ledger),
        findings=[agreeing(groups)],
        id="fig-press-and-pages",
        name="press_and_pages",
        title="Of {elsewhere_total} figures that pages quote for the same thing, {elsewhere_agreeing} agree with the "
        "texts; {elsewhere_inconsistent} do not",
        caption="Dots: figures of pages, hollow if they have no value in common with the texts. "
        "Lines and wide bands: what the figures of pages and of texts may stand for.",
        alt=_alt(drawn),
        data=name_sides(drawn, book.ledger),
        evidence="from",
        headings={
            "quantity": "Quantity",
            "text": "Figure of the texts",
            "text_low": "At least, % of it",
            "text_high": "At most, % of it",
            "page": "Figure of the page, % of that of the texts",
            "page_low": "At least, % of that",
            "page_high": "At most, % of that",
            "side": "Who reports it",
            "agrees": "Agrees",
            "shown": "Figure of the page",
            "verdict": "Verdict",
        },
        source="Texts, and official figures as quoted on web pages.",
    )


def press_drawn(ledger: Ledger, groups: Iterable[Verdict], reading: Reading) -> pd.DataFrame:
    """Return a row per figure of a page, the quantities with the widest disagreement first.

    Columns: quantity, text, text_low, text_high, page, page_low, page_high (percent of the text's figure), side,
    agrees, shown, verdict, from (the text's figure, the page's, and what else the verdict is on).
    """
    rows = []
    for verdict in groups:
        texts = [claim for claim in verdict.claims if claim.id not in ledger.official]
        page = next(claim for claim in verdict.claims if claim.id in ledger.official)
        rows.append(_row(ledger, texts, page, verdict, reading))
    table = pd.DataFrame(rows)
    apart = (table["page"] - 100).abs().where(~table["agrees"], 0)
    order = apart.groupby(table["quantity"]).transform("max")
    return (
        table.assign(order=order)
        .sort_values(["order", "quantity", "page"], ascending=[False, True, True], kind="stable", ignore_index=True)
        .drop(columns="order")
    )


def _row(ledger: Ledger, texts: Sequence[Claim], page: Claim, verdict: Verdict, reading: Reading) -> dict:
    text = min(texts, key=lambda claim: (claim.hedge != "none", (claim.precision or 0) * claim.multiplier, claim.id))
    scale = 100 / float(text.point)
    text_low, text_high = (float(end) * scale for end in mirror.ends_of(ledger.interval(text, reading)))
    page_low, page_high = (float(end) * scale for end in mirror.ends_of(ledger.interval(page, reading)))
    label = NAMES.get(text.indicator, ledger.indicators[text.indicator].label)
    when = "" if text.period.kind == "undated" else f", {text.period.label}"
    return {
        "quantity": f"{label}{when}",
        "text": _short(claim_text(text)).removesuffix(" a year"),
        "text_low": text_low,
        "text_high": text_high,
        "page": float(page.point) * scale,
        "page_low": page_low,
        "page_high": page_high,
        "side": mirror.authority_of(ledger, page),
        "agrees": verdict.word != INCONSISTENT,
        "shown": _short(claim_text(page)).removesuffix(" a year"),
        "verdict": verdict.word,
        "from": " ".join([text.id, page.id, *(claim.id for claim in texts if claim != text)]),
    }


def _short(amount: str) -> str:
    for long, short in ((" billion", "\u00a0bn"), (" million", "\u00a0m"), (" tonnes", "\u00a0t"), (" times", "-fold")):
        amount = amount.replace(long, short)
    return amount


def _alt(drawn: pd.DataFrame) -> Phrase:
    alt = phrase("Dots for figures of pages on a line for each quantity, in percent of the texts' figure.")
    for row in drawn.to_dict("records"):
        text, page, *_ = row["from"].split()
        alt += phrase(
            " {quantity}: {text} and {page}, " + row["verdict"] + ".",
            quantity=Link(row["quantity"], anchor(page)),
            text=Link(row["text"], text),
            page=Link(row["shown"], page),
        )
    return alt
