"""What is proposed for a text: rows that a ledger accepts, in its own columns, and everything else counted."""

import csv
from pathlib import Path

import pytest
from mill_letter import write_mill

from report.propose.letters import MOST_LETTERS, read_text
from report.propose.proposals import CLAIM_COLUMNS, ITEM_COLUMNS, propose_rows
from report.propose.summary import denominator, describe
from report.stops import WrongInput


@pytest.fixture
def mill(tmp_path):
    return write_mill(tmp_path)


DATA = Path(__file__).resolve().parents[3] / "data"


def cells(proposal, *names):
    return [proposal.row[name] for name in names]


@pytest.mark.parametrize(("table", "columns"), [("claims", CLAIM_COLUMNS), ("agreements", ITEM_COLUMNS)])
def test_the_columns_are_those_of_the_ledger(table, columns):
    with (DATA / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        assert tuple(next(csv.reader(file))) == columns


def test_each_figure_has_its_row(mill):
    found = [cells(one, "line", "printed", "value", "unit", "hedge", "period_start") for one in mill.reading.claims]
    assert found == [
        ["3", "12 percent", "12", "percent", "none", "1900-01-01"],
        ["3", "5,200 pounds", "5200", "pound", "none", "1900-01-01"],
        ["4", "more than 37 hives", "37", "count", "more_than", "1901-05-20"],
        ["6", "5,200 pounds", "5200", "pound", "none", "1900-01-01"],
        ["6", "nearly one-third", "1/3", "percent", "nearly", "1900-01-01"],
    ]


def test_a_row_has_precision_speaker_indicator_and_what_it_repeats(mill):
    growth, harvest, _, again, share = mill.reading.claims
    assert cells(growth, "precision", "precision_basis", "stated_by", "indicator") == [
        "1", "default", "Ada Miller", "honey_harvest_growth",
    ]  # fmt: skip
    assert cells(harvest, "indicator", "precision") == ["honey_harvest", "100"]
    assert again.row["repeats"] == harvest.id
    assert cells(share, "precision", "precision_wide", "indicator") == ["1/30", "1/12", "clover_share"]


def test_a_list_is_proposed_item_by_item(mill):
    items = mill.reading.items
    assert [one.row["item"] for one in items] == ["honey", "wax", "tall candles"]
    assert {(one.row["list"], one.row["list_kind"]) for one in items} == {("S4.list_1", "open")}


def test_the_denominator_counts_everything_that_was_seen(mill):
    words = denominator(mill.reading)
    reasons = "2 calendar years, 1 range with the hedge at_least (not yet expressible)"
    assert words == f"8 figures seen, 5 proposed, 3 set aside: {reasons}"
    assert words in [*describe(mill.reading)]


def test_what_depends_on_the_day_of_the_text_is_listed(mill):
    assert (5, "Last year", "1900") in mill.reading.deictic
    assert any("“Last year” (line 5, read as 1900)" in line for line in describe(mill.reading))


def test_the_same_text_gives_the_same_proposals(mill):
    assert mill.reading == mill.reading


def test_a_figure_that_the_ledger_has_is_not_proposed_again(mill):
    reading, ledger = mill.read()
    source = ledger.sources["S1"]
    upper = propose_rows(read_text(mill.folder / "texts" / source.file), ledger, source)
    assert upper.claims == ()
    assert [one.reason for _, one in upper.asides].count("figure that the ledger has already") == 9


def test_a_text_in_no_row_of_sources_is_read_without_its_day(mill):
    mill.text.write_text("Last year 12 percent was wool.\n", encoding="utf-8")
    (one,) = mill.read("")[0].claims
    assert cells(one, "source", "period_kind") == ["", "undated"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "there is no such file; give the file of a text; there are keeper.txt, lower.txt, upper.txt"),
        (b"", "is empty; save the text in it, a paragraph a line"),
        (b"12 percent\nof \xe9t\xe9", "line 2 has a byte that is not UTF-8 (0xe9); save it as UTF-8"),
        (b"x" * (MOST_LETTERS + 1), "put each paragraph on a line of its own"),
    ],
)
def test_a_text_that_cannot_be_read_is_refused_with_the_remedy(mill, content, message):
    mill.text.unlink()
    if content is not None:
        mill.text.write_bytes(content)
    with pytest.raises(WrongInput) as refused:
        mill.read()
    assert str(mill.text) in str(refused.value) and message in str(refused.value)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("S9", "--source S9: is not in sources.csv; there are S1, S2, S3, S4; or add its row first"),
        ("S1", "sources.csv has another hash for it than"),
    ],
)
def test_a_source_that_is_not_the_texts_is_refused(mill, source, message):
    with pytest.raises(WrongInput, match="it is that of S4|is not in sources") as refused:
        mill.read(source)
    assert message in str(refused.value)
