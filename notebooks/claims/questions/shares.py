"""What do the talk and the lists go to? Shares of listed items by sector.

No list in the texts carries amounts, so these are shares of *items named*, a measure of attention and never of money.
Restatements of a list within a text are removed, and so is what would only happen within a listed item. An item may
belong to several sectors, and is then counted in full in each (shares add up to more than 100%) or split evenly between
them. Over several texts, each item counts equally, or each text does, however long its lists are. `list_shares` has the
shares of single lists and of what was signed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import combinations

from claims.ledger.intervals import Reading
from claims.ledger.model import Agreement, Claim, Ledger
from claims.results.finding import Finding, counted, derive
from claims.words.labels import dated_text
from claims.words.numerals import digits_of, round_half_up
from claims.words.verdicts import relation_result

__all__ = [
    "FRACTIONAL",
    "FULL",
    "ITEMS",
    "LIST_KINDS",
    "TEXTS",
    "by_source",
    "by_value",
    "compared_texts",
    "concentration",
    "concentrations",
    "findings_of",
    "implied_totals",
    "items",
    "kind_shares",
    "kinds",
    "leads",
    "parts_of_totals",
    "sector_shares",
    "share_findings",
    "shares_pct",
    "similarities",
    "similarity",
    "totals",
    "weight_text",
]

FULL, FRACTIONAL = "full", "fractional"
ITEMS, TEXTS = "items", "texts"
LIST_KINDS = ("closed", "open")
MOST_COMPARED = 20  # texts: every pair of more is more than a table shows


def kinds(name: str) -> tuple[str, ...]:
    """Return the kinds of list that the parameter `list_kinds` names: all, closed or open.

    >>> kinds("all"), kinds("open")
    (('closed', 'open'), ('open',))
    """
    return LIST_KINDS if name == "all" else (name,)


def items(ledger: Ledger, list_kinds: Iterable[str] = LIST_KINDS) -> list[Agreement]:
    """Return the items that are counted, of lists of these kinds: no restatement, and nothing within another item."""
    kinds = tuple(list_kinds)
    counted_items = (item for item in ledger.agreements.values() if not item.repeats and not item.within)
    return [item for item in counted_items if item.list_kind in kinds]


def by_source(ledger: Ledger, list_kinds: Iterable[str] = LIST_KINDS) -> dict[str, list[Agreement]]:
    """Return the items of each source that lists any, in the order of the sources."""
    texts = _of_each_text(items(ledger, list_kinds))
    return {source: texts[source] for source in ledger.sources if source in texts}


def _of_each_text(listed: Iterable[Agreement]) -> dict[str, list[Agreement]]:
    texts: dict[str, list[Agreement]] = {}
    for item in listed:
        texts.setdefault(item.source, []).append(item)
    return texts


def totals(listed: Iterable[Agreement], counting: str) -> dict[str, Fraction]:
    """Return the summed weight of every sector that occurs, the largest first (ties by name).

    An item gives each of its sectors one, or one split evenly. Raises ValueError for another way of counting than
    `full` or `fractional`.
    """
    if counting not in (FULL, FRACTIONAL):
        raise ValueError(f"counting must be {FULL!r} or {FRACTIONAL!r}, got {counting!r}")
    times: dict[str, Counter[int]] = {}  # how often an item divides its weight by so many
    for item in listed:
        parts = 1 if counting == FULL else len(item.sectors)
        for sector in dict.fromkeys(item.sectors):
            times.setdefault(sector, Counter())[parts] += 1
    summed = {
        sector: sum((Fraction(count, parts) for parts, count in counts.items()), Fraction(0))
        for sector, counts in times.items()
    }
    return dict(sorted(summed.items(), key=lambda pair: (-pair[1], pair[0])))


def weight_text(weight: Fraction) -> str:
    """Return a summed weight of items, to one decimal.

    >>> weight_text(Fraction(13, 2)), weight_text(Fraction(4))
    ('6.5', '4')
    """
    return digits_of(round_half_up(weight, 1), 1)


def shares_pct(listed: list[Agreement], counting: str, weighting: str = ITEMS) -> dict[str, Fraction]:
    """Return each sector's share of the listed items, in percent, the largest first (ties by name).

    It is a share of their number or, weighted by texts, the mean of the shares within each text that lists any. Counted
    in full the shares may add up to more than 100; counted fractionally they add up to 100. Raises ValueError for
    another weighting than `items` or `texts`.
    """
    if weighting not in (ITEMS, TEXTS):
        raise ValueError(f"weighting must be {ITEMS!r} or {TEXTS!r}, got {weighting!r}")
    groups = [listed] if weighting == ITEMS else list(_of_each_text(listed).values())
    shares: dict[str, Fraction] = {}
    for group in groups:
        for sector, weight in totals(group, counting).items():
            shares[sector] = shares.get(sector, Fraction(0)) + 100 * weight / len(group) / len(groups)
    return dict(sorted(shares.items(), key=lambda pair: (-pair[1], pair[0])))


def concentration(listed: list[Agreement], weighting: str = ITEMS) -> Fraction:
    """Return the Herfindahl–Hirschman index of sector shares (0 to 1), counted fractionally.

    It is the sum of squared shares: 1/n when n sectors share evenly, 1 when one has all (Herfindahl 1950; Hirschman
    1964). Shares must add up to one, so items in several sectors are always split for it.

    Raises ValueError for an empty list.
    """
    if not listed:
        raise ValueError("no items to measure concentration of")
    return sum(((share / 100) ** 2 for share in shares_pct(listed, FRACTIONAL, weighting).values()), Fraction(0))


def similarity(first: list[Agreement], second: list[Agreement]) -> Fraction:
    """Return how alike two emphases are: the overlap of their sector shares, 0 (nothing shared) to 1 (the same).

    It is the sum over sectors of the smaller share (Schoener 1970; also one minus half the absolute differences).
    """
    return _overlap(*(shares_pct(listed, FRACTIONAL) for listed in (first, second)))


def _overlap(a: Mapping[str, Fraction], b: Mapping[str, Fraction]) -> Fraction:
    return sum((min(a[sector], b[sector]) for sector in a.keys() & b.keys()), Fraction(0)) / 100


def compared_texts(ledger: Ledger, list_kinds: Iterable[str]) -> dict[str, list[Agreement]]:
    """Return the items of the texts that are compared in pairs: of all, or of the MOST_COMPARED that list most."""
    texts = by_source(ledger, list_kinds)
    longest = sorted(texts, key=lambda source: -len(texts[source]))[:MOST_COMPARED]
    return {source: own for source, own in texts.items() if source in longest}


def findings_of(
    ledger: Ledger, counting: str, list_kinds: Iterable[str] = LIST_KINDS, weighting: str = ITEMS
) -> list[Finding]:
    """Return the findings on shares: items pooled and per source, each sector's shares, concentration, similarity."""
    total = len(items(ledger, list_kinds))
    rows = {"items": ("agreements.csv",)}
    label = "Listed items, restatements removed"
    findings = [counted("listed_items", label, total, "items of all lists", inputs=rows)]
    for source, own in by_source(ledger, list_kinds).items():
        label = f"Listed items in {source}, restatements removed"
        inputs = rows | {"text": source}
        findings.append(
            counted(f"listed_items_{source}", label, len(own), f"items of the lists of {source}", inputs=inputs)
        )
    return [
        *findings,
        *sector_shares(ledger, counting, list_kinds, weighting),
        *leads(ledger, counting, list_kinds, weighting),
        *kind_shares(ledger, counting, weighting),
        *concentrations(ledger, list_kinds, weighting),
        *similarities(ledger, list_kinds),
    ]


def sector_shares(
    ledger: Ledger, counting: str, list_kinds: Iterable[str] = LIST_KINDS, weighting: str = ITEMS
) -> list[Finding]:
    """Return each sector's share of all listed items, then of each text's."""
    shares = share_findings(ledger, items(ledger, list_kinds), counting, weighting, of="listed items")
    for source, own in by_source(ledger, list_kinds).items():
        shares += share_findings(ledger, own, counting, ending=f"_{source}", of=f"items listed in {source}")
    return shares


def leads(ledger: Ledger, counting: str, list_kinds: Iterable[str], weighting: str) -> list[Finding]:
    """Return by how much the sector with the largest share of all listed items leads the next; none without a next."""
    shares = list(shares_pct(items(ledger, list_kinds), counting, weighting).items())[:2]
    if len(shares) < 2:
        return []
    (first, larger), (second, smaller) = shares
    label = f"Lead of {ledger.sectors[first].label} over {ledger.sectors[second].label}, shares of listed items"
    inputs = {"first": f"share_{first}", "second": f"share_{second}"}
    return [counted("lead_of_first_sector", label, larger - smaller, "{first} − {second}", "percentage_points", inputs)]


def kind_shares(ledger: Ledger, counting: str, weighting: str = ITEMS) -> list[Finding]:
    """Return each sector's share of the items in closed and in open lists."""
    lists = {kind: items(ledger, (kind,)) for kind in LIST_KINDS}
    return [
        share
        for kind, listed in lists.items()
        for share in share_findings(ledger, listed, counting, weighting, f"_{kind}", f"items in {kind} lists")
    ]


def share_findings(
    ledger: Ledger, listed: list[Agreement], counting: str, weighting: str = ITEMS, ending: str = "", of: str = ""
) -> list[Finding]:
    """Return each sector's share of the listed items, `of` in words, under the id `share_` sector `ending`."""
    key = "shares", tuple(listed), counting, weighting, ending, of
    if key not in ledger.kept:  # no reading changes it, and several exhibits show it
        ledger.kept[key] = _share_findings(ledger, listed, counting, weighting, ending, of)
    return list(ledger.kept[key])


def _share_findings(
    ledger: Ledger, listed: list[Agreement], counting: str, weighting: str, ending: str, of: str
) -> list[Finding]:
    way = "counted in full in each of its sectors" if counting == FULL else "split evenly between its sectors"
    weights, texts, findings = totals(listed, counting), len(_of_each_text(listed)), []
    for sector, share in shares_pct(listed, counting, weighting).items():
        label = f"Share of {of}: {ledger.sectors[sector].label}"
        ratio = f"100 × {weight_text(weights[sector])} ÷ {len(listed)}"
        if weighting == TEXTS:
            ratio = (
                f"mean over {texts} texts of 100 × the sector's items ÷ the text's, in all {ratio.partition(' × ')[2]}"
            )
        inputs = {"items": tuple(item.id for item in listed if sector in item.sectors)}
        findings.append(counted(f"share_{sector}{ending}", label, share, f"{ratio}, an item {way}", "percent", inputs))
    return findings


def concentrations(ledger: Ledger, list_kinds: Iterable[str], weighting: str = ITEMS) -> list[Finding]:
    """Return the concentration of all texts' items and of each text's, each with its sectors and least value.

    Where nothing is listed there is none.
    """
    findings: list[Finding] = []
    for name, listed in {"pooled": items(ledger, list_kinds), **by_source(ledger, list_kinds)}.items():
        if not listed:
            continue
        sectors = len(totals(listed, FRACTIONAL))
        where, total = ("pooled", "listed_items") if name == "pooled" else (f"in {name}", f"listed_items_{name}")
        index = f"Herfindahl–Hirschman index of listed items, {where}"
        sum_of_squares = f"sum of the squared shares of {sectors} sectors over {len(listed)} items"
        inputs = {"items": total}
        findings += [
            counted(
                f"sectors_{name}",
                f"Sectors named at least once, {where}",
                sectors,
                "sectors with a share",
                inputs=inputs,
            ),
            counted(f"concentration_{name}", index, concentration(listed, weighting), sum_of_squares, "index", inputs),
            counted(
                f"least_concentration_{name}",
                f"Smallest possible: {index}",
                Fraction(1, sectors),
                "1 ÷ {sectors}",
                "index",
                {"sectors": f"sectors_{name}"},
            ),
        ]
    return findings


def similarities(ledger: Ledger, list_kinds: Iterable[str]) -> list[Finding]:
    """Return the similarity of every pair of texts that are compared."""
    findings = []
    texts = {source: shares_pct(own, FRACTIONAL) for source, own in compared_texts(ledger, list_kinds).items()}
    for (first, own), (second, others) in combinations(texts.items(), 2):
        label, value = f"Similarity of the emphases of {first} and {second}", _overlap(own, others)
        inputs = {"items": (f"listed_items_{first}", f"listed_items_{second}")}
        expression = "sum over sectors of the smaller share"
        findings.append(counted(f"similarity_{first}_{second}", label, value, expression, "index", inputs))
    return findings


def parts_of_totals(ledger: Ledger) -> list[tuple[Claim, Claim]]:
    """Return the pairs of claims that relations.csv gives as part and total, in one unit of value or volume."""
    pairs = []
    for relation in ledger.relations.values():
        if relation.type == "part_of":
            part, total = (ledger.claim(relation.operands[role][0]) for role in ("part", "total"))
            if part.unit == total.unit and part.unit not in ("count", "rank", "calendar_year"):
                pairs.append((part, total))
    return pairs


def by_value(ledger: Ledger, reading: Reading) -> list[Finding]:
    """Return the shares by value or volume that relations.csv supports with a printed part and a printed total."""
    shares = []
    for part, total in parts_of_totals(ledger):
        name, label = f"value_share_{part.id}_{total.id}", f"{dated_text(part)}, as a share of {dated_text(total)}"
        shares.append(derive(ledger, name, label, "share", reading, part=part, total=total))
    return shares


def implied_totals(ledger: Ledger, reading: Reading) -> list[Finding]:
    """Return the totals that a printed share and its printed part imply, in the order of relations.csv."""
    relations = (relation for relation in ledger.relations.values() if relation.type == "share_of")
    implied = (relation_result(ledger, relation, reading) for relation in relations if "total" not in relation.operands)
    return [finding for finding in implied if finding]
