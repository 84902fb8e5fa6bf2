"""Tables and figures as HTML for JupyterLab: titles and captions, sides of columns, links with their evidence."""

from __future__ import annotations

import base64
import html

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from claims.content.phrases import Link, Marked, Phrase
from claims.results.finding import computed
from claims.results.store import Results
from claims.show import display, exhibits, markup
from claims.show.book import Book
from claims.show.exhibits import Column
from claims.words.sentences import Sentences
from made_up import book, figure
from matplotlib.figure import Figure

RESULTS = Results(book(figure("c001", "41", "more_than")))
SENTENCES = Sentences(RESULTS)
WORDS = {"title": "<time>Quarters</time> after {c001}", "caption": "*As read*: {c001}, `x`.", "source": "Ledger."}


def shown(exhibit: exhibits.Exhibit) -> BeautifulSoup:
    return BeautifulSoup(exhibit.bundle["text/html"], "html.parser")


def a_table(rows: list[dict]) -> BeautifulSoup:
    columns = {"what": "What", "value": Column("Value", align="right")}
    return shown(exhibits.table(rows, SENTENCES, id="tbl-x", columns=columns, **WORDS))


def a_figure() -> BeautifulSoup:
    axes, data = Figure().subplots(), pd.DataFrame({"year": [2023]})
    return shown(exhibits.figure(axes, SENTENCES, id="fig-x", name="x", alt='"A" & {c001}.', data=data, **WORDS))


def test_a_table_shows_title_caption_and_source_in_jupyter():
    page = a_table([{"what": "x", "value": 1}])
    assert page.div["id"] == "tbl-x"
    assert page.caption.get_text() == "Quarters after more than $41 billion"
    assert page.caption.time.get_text() == "Quarters"
    assert [note.get_text() for note in page.find_all("p")] == [
        "As read: more than $41 billion, x.", "Source: Ledger.",
    ]  # fmt: skip
    assert page.p.em.get_text() == "As read" and page.p.code.get_text() == "x"


def test_cells_and_headings_are_on_the_side_of_their_column():
    page = a_table([{"what": "x", "value": "1 to 2"}])
    assert [cell["style"] for cell in page.find_all(["th", "td"])] == ["text-align: left", "text-align: right"] * 2


def test_a_number_links_to_the_published_page_with_its_evidence():
    page = a_table([{"what": Link("S1", "S1"), "value": RESULTS["c001"]}])
    source, number = page.tbody.find_all("a")
    assert (source["href"], source.get("title")) == (f"{markup.PAGE}#S1", None)
    assert number["href"] == f"{markup.PAGE}#c001"
    assert number["title"].startswith("“41”, usually read as $41 to 42 billion; ")
    assert "S1, line" in number["title"]
    assert [link["href"] for link in page.caption.find_all("a")] == [f"{markup.PAGE}#c001"]


def test_a_figure_shows_title_picture_alt_text_and_caption_in_jupyter():
    page = a_figure()
    title, caption, source = page.find_all("p")
    assert title.get_text() == "Quarters after more than $41 billion"
    assert caption.em.get_text() == "As read" and source.get_text() == "Source: Ledger."
    assert page.img["alt"] == '"A" & more than $41 billion.'
    kind, _, content = page.img["src"].partition(";base64,")
    assert kind == "data:image/svg+xml"
    assert b"<svg" in base64.b64decode(content)


@pytest.mark.parametrize("hostile", ["<script>x</script>", "<img src=x onerror=y>", "<time onclick=x>", "![x](y.png)"])
def test_markdown_of_a_title_lets_no_other_markup_through(hostile):
    tags = {tag.name for tag in BeautifulSoup(markup.markdown_html(hostile), "html.parser").find_all(True)}
    assert tags <= {"a"}


def test_an_escaped_mark_stays_text():
    assert markup.markdown_html(r"\<time\>5\</time\>") == "&lt;time&gt;5&lt;/time&gt;"


def test_a_link_to_an_address_that_acts_is_text():
    assert "<a" not in markup.markdown_html("[x](javascript:alert)")


def test_a_dollar_starts_no_formula_in_jupyter():
    phrase = Phrase(("$1 to ", Link("$2", "c001"), Marked("2030", "date")))
    for shown_html in (str(a_table([])), str(a_figure()), display.phrase_bundle(phrase)["text/html"]):
        assert shown_html.startswith(("<div", "<span"))
        assert f'class="{markup.NO_FORMULAS}"' in shown_html.partition(">")[0]
    assert f'class="{markup.NO_FORMULAS}"' in markup.as_table("$1", [("a", "$2 to $3")])


def test_a_finding_in_a_title_shows_its_value_range_and_formula():
    own = Book(RESULTS.ledger)
    own.results.keep(computed("growth_x", "Growth of x", 7, "percent", "{a} ÷ {b}"))
    page = shown(own.table([{"x": 1}], id="t", title="{growth_x}", caption="", columns={"x": "X"}))
    assert page.caption.a["href"] == f"{markup.PAGE}#f-growth-x"
    assert html.unescape(page.caption.a["title"]).startswith("Growth of x: 7.0%, ")
    assert page.caption.a["title"].endswith("; a ÷ b (growth_x)")
