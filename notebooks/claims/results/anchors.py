"""Where the report explains a claim, finding, source, item or verdict: the anchors that links point to."""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["APPENDIX_OF", "anchor", "appendix", "slug"]

APPENDIX_OF = {
    "claims.csv": "ledger",
    "indicators.csv": "ledger",
    "agreements.csv": "agreements",
    "sources.csv": "sources",
    "relations.csv": "verdicts",
    "official.csv": "official",
}


def appendix(name: str) -> str:
    """Return where the report shows one of its appendices.

    >>> appendix("run_card")
    'tbl-run-card'
    """
    return f"tbl-{name.replace('_', '-')}"


@lru_cache(maxsize=100_000)  # a page asks for most of them many times
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
