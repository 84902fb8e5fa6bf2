"""What do the talk and the lists go to? Shares of listed items by sector.

No list in the texts carries amounts, so these are shares of *items named*, a measure of attention and never of money.
Restatements of a list within a text are removed; an item may belong to several sectors, and is then counted in full in
each (shares add up to more than 100%) or split evenly between them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from claims.content.phrases import Link, escaped
from claims.content.tables import ColumnSpec
from claims.ledger.intervals import Interval, Reading
from claims.ledger.model import Agreement, Claim, Ledger
from claims.results.finding import Finding, computed, derive
from claims.words.explanations import claim_title
from claims.words.labels import listed, told, uncapitalised
from claims.words.values import ranged
from claims.words.verdicts import result

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
    return sum(((weight / len(listed)) ** 2 for weight in totals(listed, FRACTIONAL).values()), Fraction(0))


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
    """Return one row per sector: its share pooled, then in every source (percent), largest first; to draw.

    Columns: label, share_pct, one column per source, and `from`, the ids of the findings they come from.
    """
    import pandas as pd

    found = {finding.id: finding for finding in sector_shares(ledger, counting, list_kinds)}
    rows = []
    for sector in totals(items(ledger, list_kinds), counting):
        ids = [f"share_{sector}", *(f"share_{sector}_{source}" for source in by_source(ledger, list_kinds))]
        names = ["share_pct", *by_source(ledger, list_kinds)]
        values = {
            name: float(found[id].value or 0) if id in found else 0.0 for name, id in zip(names, ids, strict=True)
        }
        label = ledger.sectors[sector].label
        rows.append({"label": label, **values, "from": " ".join(id for id in ids if id in found)})
    return pd.DataFrame(rows)


def cells(ledger: Ledger, counting: str, list_kinds: Iterable[str] = LIST_KINDS) -> pd.DataFrame:
    """Return the shares of `table` as findings to show, with every sector's ISIC sections; None where there is none."""
    import pandas as pd

    found = {finding.id: finding for finding in sector_shares(ledger, counting, list_kinds)}
    rows = []
    for sector in totals(items(ledger, list_kinds), counting):
        own = {source: found.get(f"share_{sector}_{source}") for source in by_source(ledger, list_kinds)}
        said = {"label": ledger.sectors[sector].label, "isic": ", ".join(ledger.sectors[sector].isic)}
        rows.append({**said, "share_pct": found[f"share_{sector}"], **own})
    return pd.DataFrame(rows)


def findings_of(ledger: Ledger, counting: str, list_kinds: Iterable[str] = LIST_KINDS) -> list[Finding]:
    """Return the findings on shares: items pooled and per source, each sector's shares, concentration, similarity."""
    chosen, own = items(ledger, list_kinds), by_source(ledger, list_kinds)
    whole = {"items": ("agreements.csv",)}
    said = "items of all lists"
    found = [_exactly("listed_items", "Listed items, restatements removed", len(chosen), "count", said, whole)]
    for source, rows in own.items():
        label, said = f"Listed items in {source}, restatements removed", f"items of the lists of {source}"
        found.append(_exactly(f"listed_items_{source}", label, len(rows), "count", said, whole | {"text": source}))
    return [
        *found,
        *sector_shares(ledger, counting, list_kinds),
        *kind_shares(ledger, counting),
        *concentrations(ledger, list_kinds),
        *similarities(ledger, list_kinds),
    ]


def sector_shares(ledger: Ledger, counting: str, list_kinds: Iterable[str] = LIST_KINDS) -> list[Finding]:
    """Return each sector's share of all listed items, then of each text's."""
    found = _shares(ledger, items(ledger, list_kinds), counting, "", "listed items")
    for source, rows in by_source(ledger, list_kinds).items():
        found += _shares(ledger, rows, counting, f"_{source}", f"items listed in {source}")
    return found


def kind_shares(ledger: Ledger, counting: str) -> list[Finding]:
    """Return each sector's share of the items in closed and in open lists."""
    return [
        share
        for kind in LIST_KINDS
        for share in _shares(ledger, items(ledger, (kind,)), counting, f"_{kind}", f"items in {kind} lists")
    ]


def _shares(ledger: Ledger, listed: list[Agreement], counting: str, ending: str, of: str) -> list[Finding]:
    ways = "counted in full in each of its sectors" if counting == FULL else "split evenly between its sectors"
    summed, found = totals(listed, counting), []
    for sector, share in shares_pct(listed, counting).items():
        label = f"Share of {of}: {ledger.sectors[sector].label}"
        said = f"100 × {_plain(summed[sector])} ÷ {len(listed)}, an item {ways}"
        counted = {"items": tuple(item.id for item in listed if sector in item.sectors)}
        found.append(_exactly(f"share_{sector}{ending}", label, share, "percent", said, counted))
    return found


def concentrations(ledger: Ledger, list_kinds: Iterable[str]) -> list[Finding]:
    """Return the concentration of all texts' items and of each text's, each with its sectors and least value."""
    found = []
    for name, rows in {"pooled": items(ledger, list_kinds), **by_source(ledger, list_kinds)}.items():
        named, where = list(totals(rows, FRACTIONAL)), "pooled" if name == "pooled" else f"in {name}"
        ids = {"items": "listed_items" if name == "pooled" else f"listed_items_{name}"}
        label, said = f"Sectors named at least once, {where}", "sectors with a share"
        found.append(_exactly(f"sectors_{name}", label, len(named), "count", said, ids))
        label = f"Herfindahl–Hirschman index of listed items, {where}"
        said = f"sum of the squared shares of {len(named)} sectors over {len(rows)} items"
        found.append(_exactly(f"concentration_{name}", label, concentration(rows), "index", said, ids))
        smallest, of = Fraction(1, len(named)), {"sectors": f"sectors_{name}"}
        found.append(
            _exactly(
                f"least_concentration_{name}", f"Smallest possible: {label}", smallest, "index", "1 ÷ {sectors}", of
            )
        )
    return found


def similarities(ledger: Ledger, list_kinds: Iterable[str]) -> list[Finding]:
    """Return the similarity of every pair of texts."""
    own, said = by_source(ledger, list_kinds), "sum over sectors of the smaller share"
    found = []
    for first, second in pairs(own):
        inputs = {"items": (f"listed_items_{first}", f"listed_items_{second}")}
        label, value = f"Similarity of the emphases of {first} and {second}", similarity(own[first], own[second])
        found.append(_exactly(f"similarity_{first}_{second}", label, value, "index", said, inputs))
    return found


def leading(ledger: Ledger, counting: str, list_kinds: Iterable[str], count: int = 3) -> list[str]:
    """Return the ids of the `count` sectors with the largest pooled shares."""
    return list(totals(items(ledger, list_kinds), counting))[:count]


def title(ledger: Ledger, counting: str, list_kinds: Iterable[str]) -> str:
    """Return a sentence template on the sector that is named most."""
    listed = items(ledger, list_kinds)
    first = next(iter(shares_pct(listed, counting)))
    label = escaped(ledger.sectors[first].label.lower())
    return f"The most-named sector, {label}, has {{share_{first}}} of the listed items"


def sentence(ledger: Ledger, counting: str, list_kinds: Iterable[str]) -> str:
    """Return a sentence template: how many items, which sectors lead, and whether that depends on the counting."""
    named = [
        f"{escaped(ledger.sectors[s].label.lower())} ({{share_{s}}})" for s in leading(ledger, counting, list_kinds, 4)
    ]
    ways = "counts fully in each" if counting == FULL else "is split evenly between them"
    other = FRACTIONAL if counting == FULL else FULL
    first, elsewhere = (leading(ledger, way, list_kinds, 1)[0] for way in (counting, other))
    firm = "leads as well" if first == elsewhere else "leads instead, so that the order is not firm"
    return (
        "The texts list {listed_items} items, restatements within a text removed. An item that belongs to several "
        f"sectors {ways}. The most-named sectors are {listed(named)}. Counted the other way, "
        f"{escaped(ledger.sectors[elsewhere].label.lower())} {firm}."
    )


def alt(ledger: Ledger, counting: str, list_kinds: Iterable[str]) -> str:
    """Return the alt text of the figure of shares: every sector with its pooled share, largest first."""
    told = shares_pct(items(ledger, list_kinds), counting)
    named = [f"{escaped(ledger.sectors[sector].label)} {{share_{sector}}}" for sector in told]
    return "Bars of pooled shares: " + ", ".join(named) + ". Beside them a grid of the same shares text by text."


def columns(frame: pd.DataFrame) -> dict[str, ColumnSpec]:
    """Return how the table of `cells` is shown: sector, ISIC, pooled share, and one share per text."""
    shown = {"label": ColumnSpec("Sector"), "isic": ColumnSpec("ISIC"), "share_pct": ColumnSpec("All", align="right")}
    own = [name for name in frame.columns if name not in shown]
    return {**shown, **{name: ColumnSpec(_text(name), align="right") for name in own}}


def _text(source: str) -> Link:
    """Return a text's id as a heading that leads to it."""
    return Link(source, source)


def kinds(name: str) -> tuple[str, ...]:
    """Return the kinds of list that the parameter `list_kinds` names: all, closed or open.

    >>> kinds("all"), kinds("open")
    (('closed', 'open'), ('open',))
    """
    return LIST_KINDS if name == "all" else (name,)


def by_kind(ledger: Ledger, counting: str) -> pd.DataFrame:
    """Return one row per sector: label, and its share in closed and in open lists (findings), largest first."""
    import pandas as pd

    found = {finding.id: finding for finding in kind_shares(ledger, counting)}
    pooled = totals(items(ledger), counting)
    return pd.DataFrame(
        [
            {
                "label": ledger.sectors[sector].label,
                **{kind: found.get(f"share_{sector}_{kind}") for kind in LIST_KINDS},
            }
            for sector in pooled
        ]
    )


def concentration_table(ledger: Ledger, list_kinds: Iterable[str]) -> pd.DataFrame:
    """Return one row for all texts and one per text: label, items, sectors, index and its least value (findings)."""
    import pandas as pd

    found = {finding.id: finding for finding in findings_of(ledger, FRACTIONAL, list_kinds)}
    rows = []
    for name in ["pooled", *by_source(ledger, list_kinds)]:
        rows.append(
            {
                "label": "All texts" if name == "pooled" else _text(name),
                "items": found["listed_items" if name == "pooled" else f"listed_items_{name}"],
                "sectors": found[f"sectors_{name}"],
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
        {"label": _text(a), **{b: found.get(f"similarity_{a}_{b}") if a != b else None for b in names[1:]}}
        for a in names[:-1]
    ]
    return pd.DataFrame(rows, columns=["label", *names[1:]])


def similarity_columns(ledger: Ledger, list_kinds: Iterable[str]) -> dict[str, ColumnSpec]:
    """Return how the table of `similarity_table` is shown: one column per text but the first."""
    names = list(by_source(ledger, list_kinds))[1:]
    return {"label": ColumnSpec("Text"), **{name: ColumnSpec(_text(name), "index", 2, "right") for name in names}}


def by_value(ledger: Ledger, reading: Reading) -> list[Finding]:
    """Return the shares by value or volume that relations.csv supports with a printed part and a printed total."""
    made = []
    for part, total in parts_of_totals(ledger):
        label = f"{told(part)}, as a share of {told(total)}"
        name = f"value_share_{part.id}_{total.id}"
        made.append(derive(ledger, name, label, "share", reading, part=part, total=total))
    return made


def implied_totals(ledger: Ledger, reading: Reading) -> list[Finding]:
    """Return the totals that a printed share and its printed part imply, in the order of relations.csv."""
    relations = (relation for relation in ledger.relations.values() if relation.type == "share_of")
    implied = (result(ledger, relation, reading) for relation in relations if "total" not in relation.operands)
    return [finding for finding in implied if finding]


def value_table(ledger: Ledger, reading: Reading) -> pd.DataFrame:
    """Return the findings of `by_value` as a table: label, part, total_label, total, share, range."""
    import pandas as pd

    rows = []
    for (part, total), share in zip(parts_of_totals(ledger), by_value(ledger, reading), strict=True):
        rows.append(
            {
                "label": claim_title(ledger, part),
                "part": part,
                "total_label": claim_title(ledger, total),
                "total": total,
                "share": share,
                "range": ranged(share),
            }
        )
    return pd.DataFrame(rows, columns=["label", "part", "total_label", "total", "share", "range"])


def implied_table(ledger: Ledger, reading: Reading) -> pd.DataFrame:
    """Return the findings of `implied_totals` as a table: share, share_label, part, part_label, total, range."""
    import pandas as pd

    rows = []
    for total in implied_totals(ledger, reading):
        share, part = _share_and_part(ledger, total)
        rows.append(
            {
                "share": share,
                "share_label": claim_title(ledger, share),
                "part": part,
                "part_label": claim_title(ledger, part),
                "total": total,
                "range": ranged(total),
            }
        )
    return pd.DataFrame(rows, columns=["share", "share_label", "part", "part_label", "total", "range"])


def implied_sentence(ledger: Ledger, reading: Reading) -> str:
    """Return a sentence template on shares that one text prints differently, and the totals they imply."""
    found: dict[str, list[Finding]] = {}
    for total in implied_totals(ledger, reading):
        share, _ = _share_and_part(ledger, total)
        found.setdefault(f"{share.indicator} {share.source} {total.inputs['part']}", []).append(total)
    told = []
    for made in found.values():
        shares = [_share_and_part(ledger, total)[0] for total in made]
        if len({share.point for share in shares}) > 1:
            label = escaped(uncapitalised(ledger.indicators[shares[0].indicator].label, ledger.subject))
            printed = listed([f"{{{share.id}}}" for share in shares])
            implied = listed([f"{{{total.id}:range}}" for total in made])
            part = f"{{{made[0].inputs['part']}}}"
            said = f"The {label} is printed differently by the same text, as {printed}."
            told.append(f"{said} With {part} these imply a total of {implied}, in this order.")
    return " ".join(told)


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


def _share_and_part(ledger: Ledger, total: Finding) -> tuple[Claim, Claim]:
    """Return the printed share and the printed part that an implied total is derived from."""
    share, part = (ledger.claim(str(total.inputs[role])) for role in ("share", "part"))
    return share, part


def _fractions(listed: list[Agreement]) -> dict[str, Fraction]:
    return {sector: weight / len(listed) for sector, weight in totals(listed, FRACTIONAL).items()}


def _exactly(id: str, label: str, value, unit: str, said: str, inputs: Mapping) -> Finding:
    value = Fraction(value)
    return computed(id, label, value, unit, said, Interval(value, value, True, True, True, True), inputs=inputs)


def _plain(x: Fraction) -> str:
    return str(x.numerator) if x.denominator == 1 else f"{x.numerator}/{x.denominator}"
