"""Lists in sentences made up here: which items are proposed, and what is listed to be looked at."""

import pytest
from claims.ledger.loading import load_ledger
from mill_letter import write_mill

from report.propose.candidates import Ranking
from report.propose.letters import plain
from report.propose.lists import find_lists, find_unlisted
from report.propose.summary import describe


@pytest.fixture(scope="module")
def ranking(tmp_path_factory):
    return Ranking(load_ledger(write_mill(tmp_path_factory.mktemp("hill")).folder))


def read(ranking, text: str) -> list[dict[str, str]]:
    return [row for row, *_ in find_lists([plain(line) for line in text.split("\n")], "S1", ranking)]


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("They spoke of wool, wax and honey.", ["wool", "wax", "honey"]),
        ("They met in the fields of wool, wax, honey and mead.", ["wool", "wax", "honey", "mead"]),
        ("They vowed more cooperation on wool, wax and honey.", ["wool", "wax", "honey"]),
        ("Key exports from Hill to Dale include wool, wax and honey.", ["wool", "wax", "honey"]),
        ("They work in areas such as wool and wax.", ["wool", "wax"]),
        ("They seek cooperation in wool and old wax.", ["wool", "old wax"]),
        ("They dealt in wool and wax.", []),
        ("They trade in wool, wax, honey and old mead, aiming to sell more.", ["wool", "wax", "honey", "old mead"]),
        ("There is potential in wool, wax and honey, Ada Miller added.", ["wool", "wax", "honey"]),
        ('They see a future in "new wool, wax and honey".', ["new wool", "wax", "honey"]),
        ("A venue for various fairs, lectures and dances aimed at the young.", ["various fairs", "lectures", "dances"]),
        ("They spoke to deepen trade, expand old ties and boost sales.", ["trade", "old ties", "sales"]),
        ("They exchanged views on deepening trade and expanding old ties.", ["trade", "old ties"]),
        ("Wool mills, wax works, a mead hall", ["Wool mills", "wax works", "mead hall"]),
        ("Wool: more mills, fewer works, a hall", []),
        ("Write to our mill, our works and our hall.", []),
        ("On Monday, Tuesday and Friday they met.", []),
    ],
)
def test_a_series_of_things_is_a_list(ranking, text, items):
    assert [row["item"] for row in read(ranking, text)] == items


def test_the_entries_of_a_list_have_what_is_said_before_them(ranking):
    rows = read(
        ranking, "They signed contracts, including:\n1. Wool mills, and wax works.\n2. A mead hall.\nIt rained."
    )
    assert [(row["item"], row["status"], row["list_kind"], row["list"]) for row in rows] == [
        (item, "signed", "open", "S1.list_1") for item in ("Wool mills", "wax works", "mead hall")
    ]


def test_an_entry_that_is_a_sentence_may_have_a_list(ranking):
    rows = read(ranking, "1. It sold 40 looms in the fields of wool, wax and honey.\n2. It rained.")
    assert [row["item"] for row in rows] == ["wool", "wax", "honey"]


@pytest.mark.parametrize(
    ("sentence", "listed"),
    [("They signed a contract.", True), ("They plan to build a mill.", True), ("It rained.", False)],
)
def test_a_sentence_that_may_name_an_item_is_listed(sentence, listed):
    assert list(find_unlisted([f"It was so. {sentence}"], [])) == ([(1, 11, 11 + len(sentence))] if listed else [])
    assert list(find_unlisted([f"It was so. {sentence}"], [(1, 15)])) == []


def test_sentences_to_look_at_are_printed_with_their_line(tmp_path):
    mill = write_mill(tmp_path)
    mill.text.write_text("A letter\n\nIt rained. They plan to open a mead hall.\n", encoding="utf-8")
    shown = "\n".join(describe(mill.read("")[0])).partition("look at these too:\n")[2]
    assert shown.startswith("      line   3  They plan to open a mead hall.")
