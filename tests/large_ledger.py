"""Write synthetic ledgers of the real one's shape, of any size: `python tests/large_ledger.py FOLDER --claims 100000`.

Topics are small worlds: an indicator of a level (trade, gas, people), its growth, a part, a share and a count, printed
by a few texts for a few years. So quantities have one to five claims, relations connect what belongs together, and most
agree while some do not. The same seed gives the same files.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

DATA = Path(__file__).resolve().parents[1] / "data"
HEDGES = ("none",) * 60 + ("more_than",) * 3 + ("about", "nearly", "less_than", "at_least", "at_most")
WIDTHLESS = ("exact", "at_least", "at_most")
CLAIMS_A_TOPIC = 20
KINDS = {  # suffix: kind, unit, lowest, highest, whole, flow or stock, price basis
    "level": ("level", "USD", "0", "", "false", "flow", "current_usd"),
    "part": ("level", "USD", "0", "", "false", "flow", "current_usd"),
    "growth": ("growth", "percent", "-100", "", "false", "neither", "unknown"),
    "share": ("share", "percent", "0", "100", "false", "neither", "none"),
    "count": ("count", "count", "0", "", "true", "stock", "none"),
}


@dataclass
class Tables:
    """The rows of every file, in the order of its columns."""

    package: dict
    rows: dict[str, list[list]] = field(default_factory=dict)

    def __post_init__(self):
        self.columns = {
            one["name"]: [spec["name"] for spec in one["schema"]["fields"]] for one in self.package["resources"]
        }
        self.rows = {name: [] for name in self.columns}

    def add(self, table: str, /, **cells: object) -> None:
        self.rows[table].append([cells.get(column, "") for column in self.columns[table]])


@dataclass
class Topic:
    """One small world: it prints claims until it has CLAIMS_A_TOPIC, and relates them."""

    number: int
    tables: Tables
    chance: random.Random
    texts: int
    claims: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def indicators(self, sector: str) -> None:
        for suffix, (kind, unit, low, high, whole, flow, price) in KINDS.items():
            self.tables.add(
                "indicators",
                id=f"topic{self.number}_{suffix}",
                label=f"Topic {self.number}, {suffix}",
                short_label=f"{suffix} {self.number}",
                kind=kind,
                unit=unit,
                sector=sector,
                definition="made up",
                domain_low=low,
                domain_high=high,
                integer=whole,
                flow_or_stock=flow,
                gross_or_net="unknown",
                price_basis=price,
                coverage="made up",
                authority="unknown",
            )

    def claim(self, suffix: str, year: int, value: str, unit: str, multiplier: int = 1, quarter: bool = False) -> str:
        """Print a value for a year, or its first quarter, and return the id of the claim."""
        id = f"c{len(self.tables.rows['claims']) + 1:03}"
        hedge = "exact" if suffix == "count" else self.chance.choice(HEDGES)
        decimals = len(value.partition(".")[2])
        precision = f"{1 / 10**decimals:.{decimals}f}" if decimals else "1" + "0" * trailing_zeros(value)
        is_round = unit == "percent" and hedge == "none" and precision != "1" and not decimals
        self.tables.add(
            "claims",
            id=id,
            source=f"S{self.chance.randrange(self.texts) + 1}",
            line=self.chance.randrange(200) + 1,
            printed=f"{value} in print" if self.chance.random() < 0.9 else f"{value}, it says",
            indicator=f"topic{self.number}_{suffix}",
            value=value,
            multiplier=multiplier,
            unit=unit,
            precision="" if hedge in WIDTHLESS else "1" if is_round else precision,
            precision_basis="" if hedge in WIDTHLESS else "whole percent" if is_round else "default",
            hedge=hedge,
            period_start=f"{year}-01-01",
            period_end=f"{year}-03-31" if quarter else f"{year}-12-31",
            period_kind="quarter" if quarter else "year",
            period_basis="stated",
            note='a "note", quoted' if self.chance.random() < 0.05 else "",
        )
        return id

    def print_all(self) -> None:
        """Print the claims of the topic: several texts print most quantities, not always alike."""
        years = self.chance.sample(range(1995, 2025), 2)
        level = self.chance.uniform(1, 60)
        for year in years:
            first = level * self.chance.uniform(0.7, 1.4)
            for _ in range(self.chance.randrange(2, 5)):
                slip = self.chance.choice((1,) * 30 + (1.002, 1.03))
                places = self.chance.choice([0, 1, 1])
                self.add("level", year, f"{max(first * slip, 1):.{places}f}", "USD", 10**9)
            self.add("part", year, f"{max(first * self.chance.uniform(0.1, 0.9), 0.1):.1f}", "USD", 10**9)
            self.add("share", year, f"{self.chance.uniform(10, 90):.0f}", "percent")
            self.add("growth", year, f"{self.chance.uniform(-30, 60):.1f}", "percent")
            self.add("count", year, str(self.chance.randrange(1, 300)), "count")
            self.add("quarter", year, f"{max(first / self.chance.uniform(2, 6), 0.1):.1f}", "USD", 10**9)

    def add(self, what: str, year: int, value: str, unit: str, multiplier: int = 1) -> None:
        suffix = "level" if what == "quarter" else what
        id = self.claim(suffix, year, value, unit, multiplier, quarter=what == "quarter")
        self.claims.setdefault((what, str(year)), []).append(id)

    def relations(self) -> Iterator[dict[str, str]]:
        """Yield as many relations as a topic has claims, of the kinds that the real ledger has most of."""
        for year in sorted({year for _, year in self.claims}):
            pick = {what: ids for (what, own), ids in self.claims.items() if own == year}
            for total in pick["level"]:
                one = {what: ids[0] for what, ids in pick.items()}
                differs = {"type": "not_comparable", "period_rule": "differs: made up"}
                yield differs | {"operands": f"a={one['growth']}; b={total}"}
                yield {"type": "growth_of", "operands": f"growth={one['growth']}; last={total}", "period_rule": "same"}
                yield {"type": "part_of", "operands": f"part={one['part']}; total={total}", "period_rule": "same"}
                share = f"share={one['share']}; part={one['part']}; total={total}"
                yield {"type": "share_of", "operands": share, "period_rule": "same"}
                quarter = f"quarter={one['quarter']}; year={total}"
                yield {"type": "annualised", "operands": quarter, "period_rule": "within"}


def trailing_zeros(text: str) -> int:
    """Return how many zeros a whole number ends in, 0 of zero itself."""
    return len(text) - len(text.rstrip("0")) if text.strip("0") else 0


def make_tables(claims: int, relations: int, items: int, seed: int = 1) -> Tables:
    """Return the rows of a ledger of so many claims, relations and listed items."""
    tables = Tables(json.loads((DATA / "datapackage.json").read_text(encoding="utf-8")))
    tables.package.pop("subject", None)
    chance, texts = random.Random(seed), max(claims // 50, 5)
    sectors = ("trade", "energy", "transport", "people")
    for number in range(1, texts + 1):
        name, sha = f"text{number}", f"{number:064x}"
        dated = {"reference_date": "2024-07-01", "reference_date_basis": "stated"}
        tables.add("sources", id=f"S{number}", name=name, short_name=name, title=name, kind="news", file=f"{name}.txt",
                   sha256=sha, **dated)  # fmt: skip
    for sector in sectors:
        tables.add("sectors", id=sector, label=sector.capitalize(), isic="G", definition="made up")
    number = 0
    while len(tables.rows["claims"]) < claims:
        number += 1
        topic = Topic(number, tables, chance, texts)
        topic.indicators(chance.choice(sectors))
        topic.print_all()
        for relation in topic.relations():
            if len(tables.rows["relations"]) < relations:
                id = f"r{len(tables.rows['relations']) + 1:02}"
                tables.add("relations", id=id, reason="made up", **relation)
    for number in range(1, items + 1):
        text = chance.randrange(texts) + 1
        own = ";".join(chance.sample(sectors, chance.choice([1, 1, 2])))
        tables.add("agreements", id=f"a{number:03}", source=f"S{text}", line=1, list=f"S{text}.fields",
                   list_kind="open", status="talk", item=f"item {number}", sectors=own)  # fmt: skip
    return tables


def write_ledger(folder: Path, claims: int, relations: int | None = None, items: int | None = None, seed: int = 1):
    """Write a ledger of at least so many claims; by default with as many relations, and twice as many items."""
    folder.mkdir(parents=True, exist_ok=True)
    relations = claims if relations is None else relations
    tables = make_tables(claims, relations, 2 * claims if items is None else items, seed)
    package = json.dumps(tables.package, ensure_ascii=False, indent=2) + "\n"
    (folder / "datapackage.json").write_text(package, encoding="utf-8")
    for name, rows in tables.rows.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(tables.columns[name])
            writer.writerows(rows)
    return folder


def main() -> None:
    """Write a ledger as the command line asks."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--claims", type=int, default=10_000)
    parser.add_argument("--relations", type=int)
    parser.add_argument("--items", type=int)
    options = parser.parse_args()
    write_ledger(options.folder, options.claims, options.relations, options.items)


if __name__ == "__main__":
    main()
