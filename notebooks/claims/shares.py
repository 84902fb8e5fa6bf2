"""What do the talk and the lists go to? Shares of listed items by sector.

No list in the texts carries amounts, so these are shares of *items named*, a measure of attention and never of money.
Restatements of a list within a text are removed; an item may belong to several sectors, and is then counted in full in
each (shares add up to more than 100%) or split evenly between them.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import TYPE_CHECKING

from .exhibits import Column, Link
from .findings import Finding, claim_text, computed, derive, described, escaped, listed
from .intervals import Interval, Reading
from .ledger import Agreement, Claim, Ledger

if TYPE_CHECKING:
    import pandas as pd

FULL, FRACTIONAL = "full", "fractional"
LIST_KINDS = ("closed", "open")


def items(ledger: Ledger, list_kinds: Iterable[str] = LIST_KINDS) -> list[Agreement]:
    """Return the items listed in lists of these kinds, restatements within a text removed."""
    kinds = tuple(list_kinds)
    return [item for item in ledger.agreements.values() if not item.repeats and item.list_kind in kinds]


def weights(item: Agreement, counting: str) -> dict[str, Fraction]:
    """Return the weight an item gives each of its sectors: one each, or one split evenly.

    Raises ValueError for another way of counting than `full` or `fractional`.
    """
    if counting not in (FULL, FRACTIONAL):
        raise ValueError(f"counting must be {FULL!r} or {FRACTIONAL!r}, got {counting!r}")
    each = Fraction(1) if counting == FULL else Fraction(1, len(item.sectors))
    return dict.fromkeys(item.sectors, each)


def totals(listed: Iterable[Agreement], counting: str) -> dict[str, Fraction]:
    """Return the summed weight of every sector that occurs, the largest first (ties by name)."""
    summed: dict[str, Fraction] = {}
    for item in listed:
        for sector, weight in weights(item, counting).items():
            summed[sector] = summed.get(sector, Fraction(0)) + weight
    return dict(sorted(summed.items(), key=lambda pair: (-pair[1], pair[0])))


def shares_pct(listed: list[Agreement], counting: str) -> dict[str, Fraction]:
    """Return each sector's share of the listed items, in percent of the number of items.

    Counted in full the shares may add up to more than 100; counted fractionally they add up to 100.
    """
    return {sector: 100 * weight / len(listed) for sector, weight in totals(listed, counting).items()}


def concentration(listed: list[Agreement]) -> Fraction:
    """Return the Herfindahl–Hirschman index of sector shares (0 to 1), counted fractionally.

    It is the sum of squared shares: 1/n when n sectors share evenly, 1 when one has all (Herfindahl 1950; Hirschman
    1964). Shares must add up to one, so items in several sectors are always split for it.

    Raises ValueError for an empty list.
    """
    if not listed:
        raise ValueError("no items to measure concentration of")
    return sum((weight / len(listed)) ** 2 for weight in totals(listed, FRACTIONAL).values())


def similarity(first: list[Agreement], second: list[Agreement]) -> Fraction:
    """Return how alike two emphases are: the overlap of their sector shares, 0 (nothing shared) to 1 (the same).

    It is the sum over sectors of the smaller share (Schoener 1970; also one minus half the absolute differences).
    """
    a, b = (_fractions(listed) for listed in (first, second))
    return sum((min(a.get(sector, Fraction(0)), b.get(sector, Fraction(0))) for sector in a), Fraction(0))


def by_source(ledger: Ledger, list_kinds: Iterable[str] = LIST_KINDS) -> dict[str, list[Agreement]]:
    """Return the items of each source that lists any, in the order of the sources."""
    listed = items(ledger, list_kinds)
    found = {source: [item for item in listed if item.source == source] for source in ledger.sources}
    return {source: own for source, own in found.items() if own}


def table(ledger: Ledger, counting: str, list_kinds: Iterable[str] = LIST_KINDS) -> pd.DataFrame:
    """Return one row per sector: items and share pooled, then the share in every source (percent), largest first.

    Columns: sector, label, items (summed weight), share_pct, and one `<source>_pct` per source.
    """
    import pandas as pd

    listed = items(ledger, list_kinds)
    pooled, summed = shares_pct(listed, counting), totals(listed, counting)
    per_source = {source: shares_pct(own, counting) for source, own in by_source(ledger, list_kinds).items()}
    rows = [
        {
            "sector": sector,
            "label": ledger.sectors[sector].label,
            "isic": ", ".join(ledger.sectors[sector].isic),
            "items": float(summed[sector]),
            "share_pct": float(share),
            **{f"{source}_pct": float(own.get(sector, 0)) for source, own in per_source.items()},
        }
        for sector, share in pooled.items()
    ]
    return pd.DataFrame(rows)


def findings_of(ledger: Ledger, counting: str, list_kinds: Iterable[str] = LIST_KINDS) -> list[Finding]:
    """Return the findings on shares: items pooled and per source, each sector's share, concentration, similarity."""
    chosen, own = items(ledger, list_kinds), by_source(ledger, list_kinds)
    ways = "counted in full in each of its sectors" if counting == FULL else "split evenly between its sectors"
    found = [_exactly("listed_items", "Listed items, restatements removed", len(chosen), "count", "items of all lists")]
    for source, rows in own.items():
        label = f"Listed items in {source}, restatements removed"
        found.append(_exactly(f"listed_items_{source}", label, len(rows), "count", f"items of the lists of {source}"))
    summed = totals(chosen, counting)
    for sector, share in shares_pct(chosen, counting).items():
        label = f"Share of listed items: {ledger.sectors[sector].label}"
        said = f"100 × {_plain(summed[sector])} ÷ {len(chosen)}, an item {ways}"
        found.append(_exactly(f"share_{sector}", label, share, "percent", said))
    return [*found, *concentrations(ledger, list_kinds), *similarities(ledger, list_kinds)]


def concentrations(ledger: Ledger, list_kinds: Iterable[str]) -> list[Finding]:
    """Return the concentration of all texts' items and of each text's, each followed by its smallest possible value."""
    found = []
    for name, rows in {"pooled": items(ledger, list_kinds), **by_source(ledger, list_kinds)}.items():
        sectors = len(totals(rows, FRACTIONAL))
        label = "Herfindahl–Hirschman index of listed items, " + (name if name == "pooled" else f"in {name}")
        said = f"sum of the squared shares of {sectors} sectors over {len(rows)} items"
        found.append(_exactly(f"concentration_{name}", label, concentration(rows), "index", said))
        smallest, said = f"Smallest possible: {label}", f"1 ÷ {sectors} sectors"
        found.append(_exactly(f"least_concentration_{name}", smallest, Fraction(1, sectors), "index", said))
    return found


def similarities(ledger: Ledger, list_kinds: Iterable[str]) -> list[Finding]:
    """Return the similarity of every pair of texts."""
    own, said = by_source(ledger, list_kinds), "sum over sectors of the smaller share"
    return [
        _exactly(
            f"similarity_{first}_{second}",
            f"Similarity of the emphases of {first} and {second}",
            similarity(own[first], own[second]),
            "index",
            said,
        )
        for first, second in pairs(own)
    ]


def leading(ledger: Ledger, counting: str, list_kinds: Iterable[str], count: int = 3) -> list[str]:
    """Return the ids of the `count` sectors with the largest pooled shares."""
    return list(totals(items(ledger, list_kinds), counting))[:count]


def title(ledger: Ledger, counting: str, list_kinds: Iterable[str]) -> str:
    """Return a sentence template on the largest sector: whether it has a quarter of the items or more, or none has."""
    listed = items(ledger, list_kinds)
    first, share = next(iter(shares_pct(listed, counting).items()))
    label = escaped(ledger.sectors[first].label.lower())
    if share < 25:
        return f"No sector dominates the lists: the largest, {label}, has {{share_{first}}} of the items"
    return f"The lists name {label} most, with {{share_{first}}} of the items"


def sentence(ledger: Ledger, counting: str, list_kinds: Iterable[str]) -> str:
    """Return a sentence template: how many items, which sectors lead, and whether that depends on the counting."""
    named = [
        f"{escaped(ledger.sectors[s].label.lower())} ({{share_{s}}})" for s in leading(ledger, counting, list_kinds, 4)
    ]
    ways = "counts fully in each" if counting == FULL else "is split evenly between them"
    other = FRACTIONAL if counting == FULL else FULL
    first, elsewhere = (leading(ledger, way, list_kinds, 1)[0] for way in (counting, other))
    firm = "leads as well" if first == elsewhere else "leads instead, so that their order is no finding"
    return (
        "The texts list {listed_items} items, restatements within a text removed. An item that belongs to several "
        f"sectors {ways}. Named most are {listed(named)}. Counted the other way, "
        f"{escaped(ledger.sectors[elsewhere].label.lower())} {firm}."
    )


def alt(ledger: Ledger, counting: str, list_kinds: Iterable[str]) -> str:
    """Return the alt text of the figure of shares: every sector with its pooled share, largest first."""
    told = shares_pct(items(ledger, list_kinds), counting)
    named = [f"{escaped(ledger.sectors[sector].label)} {{share_{sector}}}" for sector in told]
    return "Bars of pooled shares: " + ", ".join(named) + ". Beside them a grid of the same shares text by text."


def columns(frame: pd.DataFrame) -> dict[str, Column]:
    """Return how the table of `table` is shown: sector, ISIC, items, pooled share, and one share per text."""
    shown = {
        "label": Column("Sector"),
        "isic": Column("ISIC"),
        "items": Column("Items", digits=1),
        "share_pct": Column("All", "percent"),
    }
    own = [name for name in frame.columns if name.endswith("_pct") and name != "share_pct"]
    return {**shown, **{name: Column(name.removesuffix("_pct"), "percent") for name in own}}


def kinds(name: str) -> tuple[str, ...]:
    """Return the kinds of list that the parameter `list_kinds` names: all, closed or open.

    >>> kinds("all"), kinds("open")
    (('closed', 'open'), ('open',))
    """
    return LIST_KINDS if name == "all" else (name,)


def by_kind(ledger: Ledger, counting: str) -> pd.DataFrame:
    """Return one row per sector: label, and items and share (percent) in closed and in open lists, largest first."""
    import pandas as pd

    apart = {kind: items(ledger, (kind,)) for kind in LIST_KINDS}
    pooled = totals(items(ledger), counting)
    counted = {kind: (totals(own, counting), shares_pct(own, counting)) for kind, own in apart.items()}
    rows = []
    for sector in pooled:
        row = {"label": ledger.sectors[sector].label}
        for kind, (summed, share) in counted.items():
            row[f"{kind}_items"], row[f"{kind}_pct"] = float(summed.get(sector, 0)), float(share.get(sector, 0))
        rows.append(row)
    return pd.DataFrame(rows)


def concentration_table(ledger: Ledger, list_kinds: Iterable[str]) -> pd.DataFrame:
    """Return one row for all texts and one per text: label, items, sectors, index and its least value."""
    import pandas as pd

    found = {finding.id: finding for finding in concentrations(ledger, list_kinds)}
    rows = []
    for name, own in {"pooled": items(ledger, list_kinds), **by_source(ledger, list_kinds)}.items():
        rows.append(
            {
                "label": "All texts" if name == "pooled" else name,
                "items": len(own),
                "sectors": len(totals(own, FRACTIONAL)),
                "index": found[f"concentration_{name}"],
                "least": found[f"least_concentration_{name}"],
            }
        )
    return pd.DataFrame(rows)


def similarity_table(ledger: Ledger, list_kinds: Iterable[str]) -> pd.DataFrame:
    """Return the similarity of every text with every other: one row per text, one column per text but the first."""
    import pandas as pd

    own = by_source(ledger, list_kinds)
    found = {finding.id: finding for finding in similarities(ledger, list_kinds)}
    names = list(own)
    rows = [
        {"label": a, **{b: found.get(f"similarity_{a}_{b}") if a != b else None for b in names[1:]}} for a in names[:-1]
    ]
    return pd.DataFrame(rows)


def similarity_columns(ledger: Ledger, list_kinds: Iterable[str]) -> dict[str, Column]:
    """Return how the table of `similarity_table` is shown: one column per text but the first."""
    names = list(by_source(ledger, list_kinds))[1:]
    return {"label": Column("Text"), **{name: Column(name, "index", 2, "right") for name in names}}


def by_value(ledger: Ledger, reading: Reading) -> list[Finding]:
    """Return the shares by value or volume that relations.csv supports with a printed part and a printed total."""
    made = []
    for part, total in parts_of_totals(ledger):
        label = f"{described(ledger, part)}, as a share of {described(ledger, total)}"
        name = f"value_share_{part.id}_{total.id}"
        made.append(derive(ledger, name, label, "share", reading, part=part, total=total))
    return made


def implied_totals(ledger: Ledger, reading: Reading) -> list[Finding]:
    """Return the totals that a printed share and its printed part imply, in the order of relations.csv."""
    made = []
    for relation in ledger.relations.values():
        if relation.type == "share_of" and "total" not in relation.operands:
            share, part = (ledger.claim(relation.operands[role][0]) for role in ("share", "part"))
            label = f"Total implied by {described(ledger, part)} and the share “{claim_text(share)}” ({share.source})"
            name = f"implied_total_{share.id}_{part.id}"
            made.append(derive(ledger, name, label, "implied_total", reading, part=part, share=share))
    return made


def value_table(ledger: Ledger, reading: Reading) -> pd.DataFrame:
    """Return the findings of `by_value` as a table: label, part, total_label, total, share, range."""
    import pandas as pd

    rows = []
    for (part, total), share in zip(parts_of_totals(ledger), by_value(ledger, reading), strict=True):
        rows.append(
            {
                "label": described(ledger, part),
                "part": part,
                "total_label": described(ledger, total),
                "total": total,
                "share": share,
                "range": Link(share.range, share.anchor),
            }
        )
    return pd.DataFrame(rows)


def implied_table(ledger: Ledger, reading: Reading) -> pd.DataFrame:
    """Return the findings of `implied_totals` as a table: share, share_label, part, part_label, total, range."""
    import pandas as pd

    rows = []
    for total in implied_totals(ledger, reading):
        share, part = ledger.claim(total.inputs["share"]), ledger.claim(total.inputs["part"])
        rows.append(
            {
                "share": share,
                "share_label": described(ledger, share),
                "part": part,
                "part_label": described(ledger, part),
                "total": total,
                "range": Link(total.range, total.anchor),
            }
        )
    return pd.DataFrame(rows)


def parts_of_totals(ledger: Ledger) -> list[tuple[Claim, Claim]]:
    """Return the pairs of claims that relations.csv gives as part and total, in one unit of value or volume."""
    pairs = []
    for relation in ledger.relations.values():
        if relation.type == "part_of":
            part, total = (ledger.claim(relation.operands[role][0]) for role in ("part", "total"))
            if part.unit == total.unit and part.unit not in ("count", "rank", "calendar_year"):
                pairs.append((part, total))
    return pairs


def pairs(own: dict[str, list[Agreement]]) -> list[tuple[str, str]]:
    """Return every pair of sources, in order.

    >>> pairs({"S1": [], "S2": [], "S3": []})
    [('S1', 'S2'), ('S1', 'S3'), ('S2', 'S3')]
    """
    names = list(own)
    return [(a, b) for i, a in enumerate(names) for b in names[i + 1 :]]


def _fractions(listed: list[Agreement]) -> dict[str, Fraction]:
    return {sector: weight / len(listed) for sector, weight in totals(listed, FRACTIONAL).items()}


def _exactly(id: str, label: str, value, unit: str, said: str) -> Finding:
    value = Fraction(value)
    return computed(id, label, value, unit, said, Interval(value, value, True, True, True, True))


def _plain(x: Fraction) -> str:
    return str(x.numerator) if x.denominator == 1 else f"{x.numerator}/{x.denominator}"
