"""Shares of listed items: counting, concentration and similarity, by hand and by their properties."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from claims.ledger.intervals import Reading
from claims.ledger.model import Sector
from claims.questions import list_exhibits, share_exhibits, shares
from claims.questions.shares import FRACTIONAL, FULL, TEXTS, concentration, items, shares_pct, similarity, totals
from claims.results.store import Results
from claims.show import shares as show
from claims.words.sentences import Sentences
from claims.words.values import value_text
from hypothesis import given
from hypothesis import strategies as st
from made_up import book, figure, item, percent, relation

NAMES = ("energy", "honey", "trade", "culture")
SECTORS = tuple(Sector(name, name.capitalize(), (), "", "") for name in NAMES)
ITEMS = (
    item("a1", "trade"),
    item("a2", "trade", "energy"),
    item("a3", "energy", kind="open"),
    item("a4", "trade", repeats="a1"),
    item("a5", "honey", source="S2"),
    item("a6", "trade", source="S2", kind="open"),
    item("a7", "culture", source="S2", within="a5"),
)
LEDGER = book(items=ITEMS, sectors=SECTORS)
sectors = st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True)
lists = st.lists(sectors, min_size=1, max_size=12).map(lambda each: [item(f"a{n}", *s) for n, s in enumerate(each)])
ways = pytest.mark.parametrize("counting", [FULL, FRACTIONAL])


def test_neither_restatements_nor_what_is_within_an_item_count():
    assert [one.id for one in items(LEDGER)] == ["a1", "a2", "a3", "a5", "a6"]


def test_open_and_closed_lists_can_be_counted_separately():
    assert [one.id for one in items(LEDGER, ("open",))] == ["a3", "a6"]
    assert [one.id for one in items(LEDGER, ("closed",))] == ["a1", "a2", "a5"]


@pytest.mark.parametrize(
    ("counting", "trade", "energy", "honey"),
    # five items: trade has a1, a2, a6; energy a2, a3; honey a5; a2 has two sectors
    [(FULL, 60, 40, 20), (FRACTIONAL, 50, 30, 20)],
)
def test_shares_worked_by_hand(counting, trade, energy, honey):
    assert shares_pct(items(LEDGER), counting) == {"trade": trade, "energy": energy, "honey": honey}


def test_equal_totals_are_in_the_order_of_their_names():
    assert list(totals([item("a1", "trade"), item("a2", "culture"), item("a3", "honey")], FULL)) == [
        "culture",
        "honey",
        "trade",
    ]


@given(lists)
def test_fractional_shares_add_up_to_100_and_full_ones_to_no_less(listed):
    assert sum(shares_pct(listed, FRACTIONAL).values()) == 100
    assert sum(shares_pct(listed, FULL).values()) >= 100
    assert all(0 < share <= 100 for share in shares_pct(listed, FULL).values())


@given(lists)
def test_shares_are_those_of_a_plain_loop(listed):
    for counting in (FULL, FRACTIONAL):
        for sector in NAMES:
            weight = Fraction(0)
            for one in listed:
                if sector in one.sectors:
                    weight += 1 if counting == FULL else Fraction(1, len(one.sectors))
            assert shares_pct(listed, counting).get(sector, 0) == 100 * weight / len(listed)


@pytest.mark.parametrize(
    ("counting", "trade", "energy", "honey"),
    # S1 lists trade, trade and energy, energy; S2 honey, trade: each text's shares, and half of their sum
    [(FULL, (Fraction(200, 3) + 50) / 2, Fraction(200, 3) / 2, 25), (FRACTIONAL, 50, 25, 25)],
)
def test_shares_of_texts_that_count_equally_by_hand(counting, trade, energy, honey):
    shares_of_texts = shares_pct(items(LEDGER), counting, TEXTS)
    assert shares_of_texts == {"trade": trade, "energy": energy, "honey": honey}


@given(lists, lists)
def test_equal_texts_have_the_mean_of_their_shares(first, second):
    others = [replace(one, source="S2") for one in second]
    a, b = (shares_pct(listed, FRACTIONAL) for listed in (first, others))
    both = shares_pct([*first, *others], FRACTIONAL, TEXTS)
    assert both == {name: (a.get(name, 0) + b.get(name, 0)) / 2 for name in {*a, *b}}
    assert list(both.values()) == sorted(both.values(), reverse=True)


@given(lists)
def test_of_one_text_items_and_texts_count_alike(listed):
    assert shares_pct(listed, FRACTIONAL, TEXTS) == shares_pct(listed, FRACTIONAL, shares.ITEMS)


def test_another_weighting_is_refused():
    with pytest.raises(ValueError, match="weighting must be 'items' or 'texts', got 'words'"):
        shares_pct(items(LEDGER), FULL, "words")


def test_the_weighting_reaches_every_pooled_share():
    by_items, by_texts = (
        {one.id: one for one in shares.findings_of(LEDGER, FRACTIONAL, weighting=weighting)}
        for weighting in (shares.ITEMS, TEXTS)
    )
    changed = {id for id, one in by_texts.items() if one.value != by_items[id].value}
    # of closed lists: S1 trade 3/4, energy 1/4, S2 honey 1; of open ones: one item in each text
    assert changed == {
        *("share_energy", "share_honey", "share_trade_closed", "share_energy_closed", "share_honey_closed"),
        *("lead_of_first_sector", "concentration_pooled"),
    }
    assert by_texts["share_energy"].value == 25
    assert by_texts["share_energy"].expression == (
        "mean over 2 texts of 100 × the sector's items ÷ the text's, in all 1.5 ÷ 5, "
        "an item split evenly between its sectors"
    )


def test_another_way_of_counting_is_refused():
    with pytest.raises(ValueError, match="counting must be 'full' or 'fractional', got 'half'"):
        totals([ITEMS[0]], "half")


@pytest.mark.parametrize(
    ("listed", "index"),
    [
        ([item("a1", "trade"), item("a2", "trade")], 1),  # one sector has all
        ([item("a1", "trade"), item("a2", "honey")], Fraction(1, 2)),  # 1/4 + 1/4
        ([item("a1", "trade"), item("a2", "trade", "honey")], Fraction(5, 8)),  # 9/16 + 1/16
        (items(LEDGER), Fraction(19, 50)),  # .25 + .09 + .04
    ],
)
def test_concentration_worked_by_hand(listed, index):
    assert concentration(listed) == index


@given(lists)
def test_concentration_lies_between_even_shares_and_one(listed):
    assert Fraction(1, len(totals(listed, FRACTIONAL))) <= concentration(listed) <= 1


def test_there_is_no_concentration_of_nothing():
    with pytest.raises(ValueError, match="no items"):
        concentration([])


@pytest.mark.parametrize(
    ("first", "second", "alike"),
    [
        ([item("a1", "trade")], [item("a2", "trade")], 1),
        ([item("a1", "trade")], [item("a2", "honey")], 0),
        ([item("a1", "trade")], [item("a2", "trade", "honey")], Fraction(1, 2)),
        # shares (1/2, 1/2) and (1/3, 1/3, 1/3): 1/3 + 1/3
        ([item("a1", "trade", "honey")], [item("a2", "trade", "honey", "energy")], Fraction(2, 3)),
    ],
)
def test_similarity_worked_by_hand(first, second, alike):
    assert similarity(first, second) == alike


@given(lists, lists)
def test_similarity_is_symmetric_and_one_less_half_the_differences(first, second):
    a, b = (shares_pct(listed, FRACTIONAL) for listed in (first, second))
    differences = sum(abs(a.get(name, 0) - b.get(name, 0)) for name in NAMES) / 100
    assert similarity(first, second) == similarity(second, first) == 1 - Fraction(differences) / 2
    assert 0 <= similarity(first, second) <= 1
    assert similarity(first, first) == 1


@ways
def test_the_table_has_pooled_shares_and_those_of_each_text(counting):
    table = share_exhibits.chart(LEDGER, counting).set_index("label")
    assert table.loc["Trade", "S2"] == table.loc["Honey", "S2"] == 50  # one of two items each
    assert table.loc["Honey", "S1"] == 0
    assert table["share_pct"].tolist() == sorted(table["share_pct"], reverse=True)
    assert table.loc["Honey", "from"] == "share_honey share_honey_S2"


@ways
def test_the_shares_drawn_are_the_shares_shown(counting):
    drawn, table = share_exhibits.chart(LEDGER, counting), share_exhibits.sector_table(LEDGER, counting)
    assert list(share_exhibits.sector_columns(LEDGER)) == list(table[0]) == ["label", "isic", "share_pct", "S1", "S2"]
    for name in ("share_pct", "S1", "S2"):
        assert [float(row[name].value) if row[name] else 0 for row in table] == pytest.approx(drawn[name].tolist())


@ways
def test_shares_in_open_and_closed_lists_add_up(counting):
    rows = share_exhibits.by_kind(LEDGER, counting)
    summed = sum(totals(items(LEDGER), counting).values())
    weights = {"closed": 3, "open": 2}  # items in each
    from_shares = sum(share.value * weights[kind] / 100 for kind in weights for row in rows if (share := row[kind]))
    assert from_shares == summed


@ways
def test_every_finding_lies_in_its_interval_and_fills_its_sentences(counting):
    results = Results(LEDGER)
    findings = results.keep(shares.findings_of(LEDGER, counting))
    assert all(one.interval.low == one.value == one.interval.high for one in findings)
    sentences = Sentences(results)
    assert sentences.plain("{listed_items}") == "5"
    assert sentences.plain(share_exhibits.title(LEDGER, counting, shares.LIST_KINDS)).startswith("Named most: trade (")
    assert "Trade" in sentences.plain(share_exhibits.alt(LEDGER, counting, shares.LIST_KINDS))


def sentence(template, ledger, counting) -> str:
    """Return a template on the shares of a ledger, filled in."""
    results = Results(ledger)
    results.keep(shares.findings_of(ledger, counting))
    return Sentences(results).plain(template(ledger, counting, shares.LIST_KINDS))


def test_the_words_name_the_counting_and_the_leader_of_the_other():
    assert sentence(share_exhibits.title, LEDGER, FULL) == (
        "Named most: trade (60.0%), energy (40.0%) and honey (20.0%)"
    )
    assert sentence(share_exhibits.leaders, LEDGER, FULL) == "trade (60.0%), energy (40.0%) and honey (20.0%)"
    assert sentence(share_exhibits.leaders, LEDGER, FRACTIONAL).startswith("trade (50.0%)")
    assert sentence(share_exhibits.other_leader, LEDGER, FULL) == "trade leads as well"
    assert show.how_items_count(FULL) == "counts fully in each"
    assert show.how_items_count(FRACTIONAL) == "is split evenly between them"


def test_a_lead_that_depends_on_the_counting_is_no_finding():
    # in full: trade 3, energy 2; split: energy 2, trade 3 × 1/3
    mixed = [item(f"a{n}", "trade", "honey", "culture") for n in range(3)]
    unsure = book(items=(*mixed, item("a8", "energy"), item("a9", "energy")), sectors=SECTORS)
    for counting, other in ((FRACTIONAL, "culture"), (FULL, "energy")):
        assert sentence(share_exhibits.other_leader, unsure, counting) == (
            f"{other} leads instead, so that the order is not firm"
        )


def test_the_lead_of_the_first_sector_is_told_in_points_and_items():
    # in full: trade 3 of 5 items, energy 2; as texts, trade 58.3% and energy 33.3%
    assert str(share_exhibits.lead(LEDGER, FULL, shares.LIST_KINDS)) == "20.0 percentage points, or 1 of 5 items"
    assert str(share_exhibits.lead(LEDGER, FULL, shares.LIST_KINDS, TEXTS)) == "25.0 percentage points"
    assert str(share_exhibits.lead(book(items=ITEMS[:1], sectors=SECTORS), FULL, shares.LIST_KINDS)) == "nothing"


def test_the_leader_of_equal_texts_is_named_if_it_is_another():
    # S1 has energy twice and honey once, S2 honey alone: texts give honey 2/3
    other = [item("a1", "energy"), item("a2", "energy"), item("a3", "honey"), item("a4", "honey", source="S2")]
    turned = book(items=other, sectors=SECTORS)
    assert sentence(share_exhibits.other_weighting, turned, FULL) == (
        "with each text counted equally, honey leads instead, so that the order is not firm"
    )
    assert share_exhibits.other_weighting(turned, FULL, shares.LIST_KINDS, TEXTS) == (
        "with each item counted equally, energy leads instead, so that the order is not firm"
    )
    assert [show.what_counts_equally(weighting) for weighting in (shares.ITEMS, TEXTS)] == ["each item", "each text"]


@pytest.mark.parametrize(
    ("counting", "words"), [(FULL, "counted in full in each"), (FRACTIONAL, "split evenly between")]
)
def test_the_expression_of_a_share_names_the_counting(counting, words):
    assert all(words in one.expression for one in shares.sector_shares(LEDGER, counting))


def test_concentration_and_similarity_tables_have_every_text_and_pair():
    concentrated = share_exhibits.concentration_table(LEDGER, shares.LIST_KINDS)
    assert [getattr(label, "text", label) for label in (row["label"] for row in concentrated)] == [
        "All texts",
        "S1",
        "S2",
    ]
    assert [row["items"].value for row in concentrated] == [5, 3, 2]
    assert [row["sectors"].value for row in concentrated] == [3, 2, 2]
    alike = share_exhibits.similarity_table(LEDGER, shares.LIST_KINDS)
    assert [value_text(row["S2"]) for row in alike] == ["0.500"]  # trade has 1/2 of both texts' items


def test_a_single_text_with_items_has_no_pair_to_compare():
    own = {id: item for id, item in LEDGER.agreements.items() if item.source == "S1"}
    alone = replace(LEDGER, agreements=own)
    assert set(share_exhibits.similarity_columns(alone, shares.LIST_KINDS)) == {"label"}
    assert share_exhibits.similarity_table(alone, shares.LIST_KINDS) == []


@ways
def test_concentration_and_similarity_name_the_items_as_their_inputs(counting):
    inputs = {one.id: one.inputs for one in shares.findings_of(LEDGER, counting)}
    assert inputs["concentration_pooled"] == inputs["sectors_pooled"] == {"items": "listed_items"}
    assert inputs["concentration_S1"] == inputs["sectors_S1"] == {"items": "listed_items_S1"}
    assert inputs["similarity_S1_S2"] == {"items": ("listed_items_S1", "listed_items_S2")}
    assert {"listed_items", "listed_items_S1", "listed_items_S2"} <= set(inputs)


def test_a_share_by_value_needs_a_part_and_a_total_in_one_unit():
    claims = figure("c1", "6.3"), figure("c2", "41"), percent("c3", "28.3")
    relations = relation("r01", "part_of", part="c1", total="c2"), relation("r02", "part_of", part="c3", total="c2")
    (share,) = shares.by_value(book(*claims, relations=relations), Reading())
    assert share.value == Fraction(630, 41)
    assert share.interval.low == Fraction(625) / Fraction("41.5")


def test_a_printed_share_and_its_part_imply_the_total():
    claims = figure("c1", "41"), percent("c2", "28.3", indicator="trade_share")
    (total,) = shares.implied_totals(
        book(*claims, relations=[relation("r01", "share_of", share="c2", part="c1")]), Reading()
    )
    # 41/0.283 = 144.88, at least 40.5/0.2835 = 142.86
    assert value_text(total) == "$145 billion"
    assert total.interval.low == Fraction("40.5e9") / Fraction("0.2835")


@ways
@pytest.mark.parametrize("weighting", [shares.ITEMS, TEXTS])
def test_a_ledger_that_lists_nothing_is_described_without_a_share(counting, weighting):
    nothing, kinds = book(sectors=SECTORS), shares.LIST_KINDS
    assert [one.id for one in shares.findings_of(nothing, counting, kinds, weighting)] == ["listed_items"]
    assert share_exhibits.leaders(nothing, counting, kinds, weighting) == "none"
    assert share_exhibits.other_leader(nothing, counting, kinds, weighting) == "no sector leads"
    assert share_exhibits.concentration_table(nothing, kinds, weighting) == []
    assert list(share_exhibits.chart(nothing, counting, kinds, weighting)) == ["label", "share_pct", "from"]
    assert list(list_exhibits.chart(nothing, counting, kinds)) == ["label", "all_items", "from"]
