"""Listed items by status and by list: what was signed, what is under way, what is only talked of."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from claims.content.phrases import Link
from claims.content.tables import walk
from claims.ledger.loading import load_ledger
from claims.ledger.model import Sector
from claims.ledger.subject import Subject
from claims.questions import list_exhibits, list_shares, shares
from claims.questions.shares import FRACTIONAL, FULL, TEXTS
from claims.results.anchors import anchor
from first_texts import first_texts
from made_up import book, item

NAMES = ("energy", "honey", "trade", "culture")
ITEMS = (
    item("a1", "trade", name="hopes"),
    item("a2", "energy", name="hopes"),
    item("a3", "energy", name="hopes", repeats="a2"),
    item("a4", "honey", "trade", name="deeds", status="signed", kind="open"),
    item("a5", "trade", name="deeds", status="signed", kind="open"),
    item("a6", "culture", name="deeds", status="signed", kind="open", within="a5"),
    item("a7", "honey", source="S2", name="deeds", status="signed"),
    item("a8", "energy", source="S2", name="pipes", status="under_way"),
)
LEDGER = book(items=ITEMS, sectors=tuple(Sector(name, name.capitalize(), (), "", "") for name in NAMES))
OURS = load_ledger()


def test_items_are_grouped_by_what_their_text_says_of_them():
    groups = {status: [one.id for one in group] for status, group in list_shares.by_status(LEDGER).items()}
    assert groups == {"signed": ["a4", "a5", "a7"], "under_way": ["a8"], "talk": ["a1", "a2"]}
    assert list(list_shares.by_status(LEDGER, ("closed",))["signed"]) == [ITEMS[6]]


def test_the_lists_of_what_was_signed_come_first():
    assert list(list_shares.by_list(LEDGER)) == ["S1.deeds", "S2.deeds", "S2.pipes", "S1.hopes"]


def test_shares_by_status_worked_by_hand():
    found = {one.id: one for one in list_shares.findings_of(LEDGER, FRACTIONAL)}
    # signed: a4 half honey, half trade; a5 trade; a7 honey
    assert found["listed_items_signed"].value == 3
    assert found["share_trade_signed"].value == found["share_honey_signed"].value == 50
    assert found["share_energy_talk"].value == 50
    assert found["share_energy_talk"].label == "Share of what is only talked of: Energy"
    assert found["list_S1_deeds"].value == 2
    assert found["list_S1_deeds"].expression == "by sector trade 1.5, honey 0.5; items"
    assert found["list_S1_deeds"].inputs == {"items": ("a4", "a5")}


def test_equal_texts_change_the_shares_of_a_status():
    found = {one.id: one.value for one in list_shares.findings_of(LEDGER, FRACTIONAL, weighting=TEXTS)}
    # S1: trade 3/4, honey 1/4; S2: honey 1
    assert found["share_trade_signed"] == Fraction(75, 2)
    assert found["share_honey_signed"] == Fraction(125, 2)


def test_a_sentence_lists_the_sectors_with_the_most_items():
    said = list_exhibits.most_of(LEDGER, "signed", FRACTIONAL)
    assert str(said) == "trade (1.5 of 3 items) and honey (1.5)"  # of equals, the one with more of all items
    links = [part for part in said.parts if isinstance(part, Link)]
    assert [link.to for link in links] == [
        anchor("share_trade_signed"),
        anchor("listed_items_signed"),
        anchor("share_honey_signed"),
    ]
    assert str(list_exhibits.most_of(LEDGER, "planned", FRACTIONAL)) == "nothing"
    alone = book(items=[item("a1", "trade", status="signed")])
    assert str(list_exhibits.most_of(alone, "signed", FRACTIONAL)) == "trade (1 of 1 item)"


def test_sectors_are_in_one_order_in_sentence_and_chart():
    labels = list(list_exhibits.chart(LEDGER, FRACTIONAL)["label"])
    said = str(list_exhibits.most_of(LEDGER, "signed", FRACTIONAL)).lower()
    assert [label.lower() for label in labels if label.lower() in said] == ["trade", "honey"]
    assert said.index("trade") < said.index("honey")


def test_signatures_are_compared_with_the_talk_and_with_what_is_built():
    # signed: half trade, half honey; talk: half trade, half energy; under way: energy alone
    found = {pair: one.value for pair, one in list_shares.overlaps(LEDGER).items()}
    half, none = Fraction(1, 2), 0
    assert found == {("signed", "talk"): half, ("signed", "under_way"): none, ("talk", "under_way"): half}
    assert str(list_exhibits.likeness(LEDGER)).startswith("By sector, what was signed is more like the talk than")
    built = replace(LEDGER, agreements={one.id: replace(one, sectors=("honey",)) for one in ITEMS[3:]})
    assert str(list_exhibits.likeness(built)) == ""  # nothing is only talked of
    swapped = {"talk": "under_way", "under_way": "talk"}
    items = {one.id: replace(one, status=swapped.get(one.status, one.status)) for one in ITEMS}
    said = str(list_exhibits.likeness(replace(LEDGER, agreements=items)))
    assert said.startswith("By sector, what was signed is not more like the talk than like what is built")


def test_the_title_names_who_leads_the_signed_and_all_lists():
    assert str(list_exhibits.title(LEDGER, FULL)) == (
        "Trade (2 of 3 items) leads what was signed; trade (3 of 6 items) leads all lists"
    )
    empty = replace(LEDGER, agreements={})
    assert str(list_exhibits.title(empty, FULL)) == "No item is listed"


def test_the_chart_has_the_items_of_each_status_and_of_all():
    table = list_exhibits.chart(LEDGER, FULL).set_index("label")
    assert list(table.columns) == ["signed_items", "under_way_items", "talk_items", "all_items", "from"]
    assert list(table.index) == ["Trade", "Honey", "Energy"]
    assert list(table.loc["Energy"][:-1]) == [0, 1, 1, 2]
    assert table.loc["Energy", "from"] == "share_energy_under_way share_energy_talk share_energy"


def test_few_items_are_shown_in_numbers_and_many_as_shares():
    many = [item(f"b{n}", "trade", status="signed") for n in range(list_shares.FEW - 1)]
    ledger = replace(LEDGER, agreements={one.id: one for one in (*many, item("b99", "honey", status="signed"))})
    (trade, honey), columns = list_exhibits.status_table(ledger, FULL), list_exhibits.status_columns(ledger)
    assert str(columns["signed"].label) == "Signed, % of 20"
    assert (trade["signed"].value, honey["signed"].value) == (95, 5)
    few = {row["label"]: row["signed"] for row in list_exhibits.status_table(LEDGER, FULL)}
    assert str(list_exhibits.status_columns(LEDGER)["signed"].label) == "Signed, items of 3"
    assert {label: cell and cell.text for label, cell in few.items()} == {"Trade": "2", "Honey": "2", "Energy": None}


def test_every_list_has_a_row_with_its_sectors():
    rows = list_exhibits.list_table(LEDGER, FRACTIONAL)
    assert [(row["status"], row["label"], row["source"].text, row["items"].text) for row in rows] == [
        ("Signed", "Deeds", "S1", "2"),
        ("Signed", "Deeds", "S2", "1"),
        ("Under\u00a0way", "Pipes", "S2", "1"),
        ("Talk", "Hopes", "S1", "2"),
    ]
    assert [str(each) for each in rows[0]["sectors"]] == ["trade 1.5", "honey 0.5"]
    assert {part.to for part in walk(*rows[0]["sectors"]) if isinstance(part, Link)} == {anchor("list_S1_deeds")}


def test_a_name_of_the_subject_keeps_its_capitals():
    items = {one.id: replace(one, list="S1.sco_gifts_to_china") for one in ITEMS[:1]}
    ledger = replace(LEDGER, agreements=items, subject=Subject(names=("China", "SCO")))
    assert [row["label"] for row in list_exhibits.list_table(ledger, FULL)] == ["SCO gifts to China"]


@pytest.mark.parametrize("counting", [FULL, FRACTIONAL])
def test_the_items_of_all_lists_add_up_in_every_ledger(counting):
    for ledger in (LEDGER, OURS):
        lists = list_shares.by_list(ledger).values()
        assert sum(map(len, lists)) == len(shares.items(ledger))
        table = list_exhibits.chart(ledger, counting)
        columns = [name for name in table.columns if name not in ("label", "all_items", "from")]
        assert table[columns].sum(axis=1).tolist() == pytest.approx(table["all_items"].tolist())


def test_what_the_first_texts_count_as_signed():
    first = load_ledger(first_texts())
    assert {name for name, group in list_shares.by_list(first).items() if group[0].status == "signed"} == {
        "S1.signed_agreements",
        "S1.council_agreements",
        "S2.document_fields",
    }
    counts = {status: len(group) for status, group in list_shares.by_status(first).items()}
    # 24 + 4 + 5 signed; 1 + 2 + 4 planned
    assert (counts["signed"], counts["planned"]) == (33, 7)


def test_the_transport_projects_of_three_paragraphs_are_one_list():
    projects = list_shares.by_list(OURS)["S5.transport_projects"]
    assert [one.line for one in projects] == [23, 25, 25, 27, 27]
    # five projects, of which one is a centre for trade as well, and half an oil pipeline, of 22 items
    own = shares.by_source(OURS)["S5"]
    assert shares.shares_pct(own, FRACTIONAL)["transport_logistics"] == Fraction(500, 22)
