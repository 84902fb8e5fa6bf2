"""Words about figures are true in the light and in the dark: they name shapes, not colours that change."""

from __future__ import annotations

import re

from browser import PUBLISHED
from lxml import html

COLOURS = re.compile(
    r"\b(black|white|gr[ae]y|red|green|blue|violet|purple|teal|orange|pink|yellow|dark(er|est)?|light(er|est)|pale|colou?r(s|ed)?)\b",
    re.I,
)


def told(figure: html.HtmlElement) -> list[str]:
    """Return what is said of a figure: its title, its caption and its alt text."""
    notes = figure.xpath(".//figcaption | .//div[@class='notes']/p[not(@class)]")
    return [*(each.text_content() for each in notes), *figure.xpath(".//@aria-label | .//@alt")]


def test_no_word_about_a_figure_is_a_colour():
    figures = html.fromstring(PUBLISHED.read_text("utf-8")).xpath("//figure[contains(@class, 'exhibit')]")
    words = [each for figure in figures for each in told(figure)]
    assert len(words) >= 3 * len(figures) > 30
    assert [each for each in words if COLOURS.search(each.replace("green economy", ""))] == []


def test_a_colour_would_be_seen():
    assert COLOURS.search("as levels give them (black)")
    assert COLOURS.search("The grid is darker where")
    assert not COLOURS.search("Hollow marks: the year is in doubt. Highlighted.")
