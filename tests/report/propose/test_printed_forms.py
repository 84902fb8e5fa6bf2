"""Ranges, orders of magnitude, shares and rates are proposed as a ledger writes them, and read in their words."""

from dataclasses import replace

import pytest
import unseen
from made_up import figure
from mill_letter import write_mill

from report.propose.appending import append_rows
from report.propose.asides import Aside
from report.propose.figures import read_line
from report.propose.letters import plain, read_text
from report.propose.proposals import ENTERED, UNREADABLE
from report.propose.rows import find_precision
from report.propose.seen import UNCLEAR
from report.propose.summary import describe
from report.runs.printed import value_is_printed

UNITS = ("USD", "percent", "percentage_points", "t", "count", "year", "USD_per_barrel", "USD_per_t")


def read(line: str):
    return read_line(plain(line), None, UNITS).figures


def brief(line: str) -> list[str]:
    """Return the figures of a line, each as value × multiplier and unit, or the reason why it has no row."""
    return [one.reason or f"{one.value}×{one.multiplier} {one.unit}" for one in read(line)]


def readable(line: str) -> bool:
    """Return whether a check can read every figure of a line in the words that a row would print."""
    text, claims = plain(line), []
    for one in read(line):
        claim = figure("c1", one.value, one.hedge, precision=1, multiplier=one.multiplier, unit=one.unit)
        claims.append(replace(claim, printed=text[one.start : one.end]))
    return bool(claims) and all(value_is_printed(claim, "level", 2024, text) for claim in claims)


def test_hundreds_of_centuries_are_years():
    (one,) = read("hundreds of centuries")
    assert (one.value, one.unit) == ("20000..99900", "year")


@pytest.mark.parametrize(
    ("line", "hedge"),
    [
        ("up to 3-4 billion dollars", "at_most"),
        ("at least 10 to 15 reels", "at_least"),
        ("10 to 15 or more reels", "at_least"),
        ("about 10 to 15 or more reels", "at_least"),
        ("more than hundreds of reels", "more_than"),
        ("more than several hundred reels", "more_than"),
    ],
)
def test_a_range_with_another_hedge_than_about_is_set_aside(line, hedge):
    assert brief(line)[-1] == f"range with the hedge {hedge} (not yet expressible)"


def test_an_end_of_a_range_has_the_minus_printed_before_it():
    line = "between -3 and 4 percent"
    (one,) = read(line)
    assert (one.value, line[one.start : one.end]) == ("-3..4", line)


@pytest.mark.parametrize("line", ["fell between 3 and 4 percent", "fell by 3 to 4 percent", "a 3 to 4 percent decline"])
def test_both_ends_of_a_fall_are_negative(line):
    assert brief(line) == ["-4..-3×1 percent"]


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("one in 1,000 reels", "1/1000"),
        ("one in a hundred", "1/100"),
        ("six out of ten weavers", "6/10"),
        ("3 in every 20 weavers", "3/20"),
    ],
)
def test_a_share_counts_the_whole_that_is_printed(line, value):
    assert brief(line) == [f"{value}×100 percent"]
    assert readable(line)


@pytest.mark.parametrize(
    "line", ["one in eight million", "two in five full years", "one in 8.5 reels", "3 in 2 reels", "1 in 0"]
)
def test_what_is_no_part_of_a_whole_is_no_share(line):
    assert [one for one in read(line) if one.form == "ratio"] == []


@pytest.mark.parametrize(
    ("line", "figures"),
    [
        ("It has two in three cities.", [UNCLEAR]),
        ("They won one in three matches.", [UNCLEAR]),
        ("It opened two in five large towns.", [UNCLEAR]),
        ("Two in three cities have a mill.", ["2/3×100 percent"]),
        ("It grew. More than two in three cities have a mill.", ["2/3×100 percent"]),
        ("She said that two in three cities have a mill.", ["2/3×100 percent"]),
        ("It has a mill in two out of three cities.", ["2/3×100 percent"]),
        ("It has a mill in two in every three cities.", ["2/3×100 percent"]),
        ("It reaches two in three households.", ["2/3×100 percent"]),
        ("It reaches two in three of them.", ["2/3×100 percent"]),
        ("It reaches two in three.", ["2/3×100 percent"]),
    ],
)
def test_so_many_in_so_many_places_is_no_certain_share(line, figures):
    assert brief(line) == figures


def test_what_may_be_a_share_is_listed_to_be_looked_at(tmp_path):
    mill = write_mill(tmp_path)
    mill.text.write_text("The mill has two in three towns.\n", encoding="utf-8")
    by_hand = "\n".join(describe(mill.read("")[0])).partition("worth a row by hand:")[2]
    assert f"“two in three”: {UNCLEAR}" in by_hand


def test_a_share_is_as_fine_as_the_parts_that_are_printed():
    (one,) = read("six out of ten")
    assert find_precision(one)[0] == "1/100"


@pytest.mark.parametrize(
    ("line", "figures"),
    [
        ("$85 a barrel", ["85×1 USD_per_barrel"]),
        ("$80 to $85 a barrel", ["80..85×1 USD_per_barrel"]),
        ("rose from $80 to $85 a barrel", ["80×1 USD_per_barrel", "85×1 USD_per_barrel"]),
        ("$9 per ton", ["9×1 USD_per_t"]),
    ],
)
def test_a_price_keeps_what_it_is_paid_for(line, figures):
    assert brief(line) == figures


@pytest.mark.parametrize(
    ("line", "order"),
    [
        ("a few thousand reels", "2000..9999×1 count"),
        ("several hundred thousand reels", "200..999×1000 count"),
        ("several tens of thousands of reels", "20..99×1000 count"),
        ("several billion dollars", "2000000000..9999999999×1 USD"),
        ("billions of dollars", "2000000000..9999999999×1 USD"),
    ],
)
def test_an_unnamed_number_is_from_two_to_below_ten(line, order):
    assert brief(line) == [order]
    (one,) = read(line)
    assert line[one.start : one.end] == line
    assert readable(line)


def test_what_is_entered_already_is_not_listed_to_be_entered(tmp_path):
    mill = write_mill(tmp_path)
    append_rows(mill.folder, {"claims": [one.row for one in mill.reading.claims]})
    reading = mill.reading
    by_hand = "\n".join(describe(reading)).partition("worth a row by hand:")[2]
    assert ENTERED in {aside.reason for _, aside in reading.asides}
    assert "range with the hedge at_least" in by_hand and ENTERED not in by_hand


def test_a_figure_that_a_check_cannot_read_is_listed(tmp_path):
    reading = write_mill(tmp_path).reading
    unread = replace(reading, asides=((3, Aside(0, 7, UNREADABLE)),))
    assert UNREADABLE in "\n".join(describe(unread)).partition("worth a row by hand:")[2]


def test_round_tens_of_points_are_as_fine_as_whole_percents():
    figures = [*read("up 20 percent"), *read("up 20 percentage points")]
    assert [find_precision(one)[:2] for one in figures] == [("1", "whole percent")] * 2


@pytest.mark.parametrize("path", unseen.texts(), ids=lambda path: path.stem)
def test_in_texts_of_others_each_such_row_can_be_read_in_its_words(path):
    for line, seen in zip(read_text(path).plain_lines, unseen.all_read(path), strict=True):
        for one in seen.figures:
            if not one.reason and (".." in one.value or one.form == "ratio"):
                claim = figure("c1", one.value, one.hedge, precision=1, multiplier=one.multiplier, unit=one.unit)
                claim = replace(claim, printed=line[one.start : one.end])
                assert value_is_printed(claim, "level", 2024, line), claim.printed
