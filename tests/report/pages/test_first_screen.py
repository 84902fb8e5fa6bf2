"""The story and its chart are in the first screen, wide and on a phone; every chart fits a phone."""

import re

import pypdfium2
import pytest
import sample_document as sample
from browser import PUBLISHED, REPOSITORY, opened
from claims.content.tables import NARROW
from nbformat import v4

from report.pages import html
from report.pages.reading import read

BOXES = """() => {
  const box = (e) => e.getBoundingClientRect(), first = document.querySelector("main figure");
  const before = [...document.querySelectorAll("main > .prose")].filter((e) => e.compareDocumentPosition(first) & 4);
  return {
    title: box(document.querySelector("h1")).top, caption: box(first.querySelector("figcaption")).top,
    top: box(first.querySelector("svg")).top, bottom: box(first.querySelector("svg")).bottom,
    puzzle: before.map((e) => e.textContent).join(" "), right: box(first.querySelector("svg")).right,
  };
}"""
CHARTS = """() => [...document.querySelectorAll("svg.vector")].map((chart) => {
  chart.scrollIntoView();
  const shown = [...chart.querySelectorAll("svg")].find((e) => getComputedStyle(e).display !== "none") ?? chart;
  const scale = shown.getBoundingClientRect().width / shown.viewBox.baseVal.width;
  const sizes = [...shown.querySelectorAll("text")].map((e) => parseFloat(getComputedStyle(e).fontSize) * scale);
  const card = chart.closest(".card");
  return { name: chart.closest("figure").id, width: chart.getBoundingClientRect().width, least: Math.min(...sizes),
    scrolls: card.scrollWidth > card.clientWidth };
})"""


def test_the_title_the_puzzle_and_the_whole_chart_are_in_one_screen(browser):
    with opened(browser, PUBLISHED, width=1280, height=800) as watched:
        found = watched.page.evaluate(BOXES)
    assert 0 <= found["title"] < found["caption"] < found["top"] < found["bottom"] <= 800
    assert found["puzzle"].count("billion") == 2


def test_a_phone_shows_the_first_chart_below_two_sentences(browser):
    with opened(browser, PUBLISHED, width=390, height=844) as watched:
        found = watched.page.evaluate(BOXES)
    assert 0 <= found["title"] < found["caption"] < found["top"] <= 844 * 0.75
    assert len(re.findall(r"[.?!](?=\s|$)", found["puzzle"])) <= 2
    assert found["right"] <= 390


@pytest.mark.parametrize("width", [360, 390])
def test_every_chart_fits_a_phone_with_words_of_nine_pixels(browser, width):
    with opened(browser, PUBLISHED, width=width, height=844) as watched:
        found = watched.page.evaluate(CHARTS)
    assert len(found) == len(list((REPOSITORY / "figures").glob("*.svg")))
    assert [one["name"] for one in found if one["scrolls"] or one["width"] > width] == []
    assert {one["name"]: one["least"] for one in found if one["least"] < 9 * width / 390} == {}


def test_page_1_of_the_pdf_has_the_chart_and_the_five_findings():
    with pypdfium2.PdfDocument(PUBLISHED.with_name("report.pdf")) as pdf:
        page = " ".join(pdf[0].get_textpage().get_text_range().split())
    findings = page.split("•")[1:]
    assert len(findings) == 5
    for finding in findings:
        assert re.search(r"[Hh]olds in (\d+|none) of \d+ readings", finding), finding
    assert "Figure 1" in page


def test_a_figure_drawn_twice_is_one_picture_with_one_description():
    output = sample.figure("fig-x")
    plain = sample.SVG.replace(' font-family="DejaVu Sans"', "")
    output["data"] |= {"image/svg+xml": plain, NARROW: plain.replace("504", "288")}
    page = html.page(read(v4.new_notebook(cells=[sample.code("f", "f", output)])))
    assert page.count('role="img"') == 1
    assert re.findall(r'class="on-(\w+)" viewBox="([^"]*)"', page) == [
        ("wide", "0 0 504 200"),
        ("narrow", "0 0 288 200"),
    ]
    assert 'style="--wide:504/200;--narrow:288/200"' in page
