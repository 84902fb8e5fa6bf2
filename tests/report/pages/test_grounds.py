"""The box of each headline has what its rows in the appendices have, and opens without scripts."""

from __future__ import annotations

import re
from functools import cache

import pytest
from browser import PUBLISHED, opened
from kazakhstan.headlines import HEADLINES
from lxml import html

from report.proof.evidence import follow_row_numbers

ALWAYS = {"Rests on", "Range", "Holds in", "Not in", "Held against"}


@cache
def tree() -> html.HtmlElement:
    root = html.fromstring(PUBLISHED.read_text("utf-8"))
    follow_row_numbers(root)
    return root


def plain(element: html.HtmlElement) -> str:
    return re.sub(r"\s+", " ", element.text_content()).strip()


@cache
def boxes() -> dict[str, dict[str, html.HtmlElement]]:
    """Return the lines of each box by the headline's name."""
    found = tree().xpath("//main//details[@class='how']/dl")
    return {
        box.get("id").removeprefix("how-"): {plain(name): name.getnext() for name in box.iter("dt")} for box in found
    }


def cells(anchor: str) -> dict[str, html.HtmlElement]:
    [row] = tree().xpath(f"//tr[@id='{anchor}']")
    return dict(zip(map(plain, row.xpath("ancestor::table/thead/tr[last()]/th")), row, strict=True))


def test_every_headline_has_a_box_with_every_line():
    assert set(boxes()) == {headline.id for headline in HEADLINES}
    for lines in boxes().values():
        assert set(lines) >= ALWAYS
        assert set(lines) & {"Formula", "What decides"}


def test_a_headline_of_the_text_has_its_box_there_and_links_to_it():
    """Others have theirs in the table of headlines; each headline has one box."""
    in_text = {box.get("id") for box in tree().xpath("//main/div[@class='prose']//details/dl")}
    linked = {link[1:] for link in tree().xpath("//div[@id='tbl-headlines']//div[@class='how']/a/@href")}
    assert linked == in_text
    assert len(in_text) >= 5
    for box in tree().xpath("//div[@id='tbl-headlines']//details/dl"):
        [holding, *_] = box.xpath("ancestor::tr//a[starts-with(@href, '#f-holding-')]/@href")
        assert holding.removeprefix("#f-holding-") == box.get("id").removeprefix("how-")


def test_the_gap_of_the_counts_is_worked_out_before_the_reader():
    lines = boxes()["series"]
    assert plain(lines["Formula"]).endswith("= $41.0 billion − $31.4 billion = $9.6 billion")
    assert plain(lines["Range"]) == plain(cells("f-difference-turnover-2023")["Interval"])
    assert plain(lines["Holds in"]).startswith("all 5 ")


def test_printed_figures_have_their_text_and_line():
    printed = {link.get("href")[1:] for lines in boxes().values() for link in lines["Rests on"].iter("a")}
    claims = sorted(id for id in printed if re.fullmatch(r"c\d+", id))
    assert len(claims) > 10
    words = " ".join(plain(lines["Rests on"]) for lines in boxes().values())
    for id in claims:
        row = cells(id)
        assert f"{plain(row['As printed'])}, {plain(row['Source, line'])}" in words


def test_what_turns_a_headline_is_what_the_table_of_firmness_lists():
    for name, lines in boxes().items():
        [row] = tree().xpath(f"//div[@id='tbl-firmness']//tr[.//a[@href='#f-holding-{name}']]")
        assert plain(lines["Not in"]) == (plain(row[-1]).strip("–") or "no declared reading")


def test_the_share_of_china_names_its_smallest_revision():
    assert plain(boxes()["share"]["Would change it"]) == "nearly one-third → nearly 30%, 28.3% → 31.7%"


def test_a_box_names_the_official_figure_it_was_held_against():
    against = boxes()["inflow"]["Held against"]
    assert next(link.get("href") for link in against.iter("a")) == "#o138"
    first = "$1.4 billion, TASS via francais.news-pravda.com and $1.8 billion, S1, line 113; together inconsistent"
    assert plain(against).startswith(first)


def test_all_boxes_together_are_small():
    written = re.findall(r"<details class=\"?how.*?</details>", PUBLISHED.read_text("utf-8"), re.S)
    assert len(written) == len(HEADLINES)
    assert sum(len(box.encode()) for box in written) < 20_000


@pytest.mark.parametrize("scripts", [True, False])
def test_a_box_opens_with_and_without_scripts(browser, scripts):
    with opened(browser, PUBLISHED, scripts=scripts) as watched:
        box = watched.page.locator("main .prose details.how").first
        box.locator("summary").click()
        assert box.locator("dl").is_visible()
        watched.page.locator("#tbl-headlines .how > a").nth(1).click()
        assert watched.page.locator("main .prose details.how dl").nth(1).is_visible()
        assert watched.complaints == []
