"""Tables and figures that chapters leave to the appendix: moved there with their numbers, and referred to."""

from __future__ import annotations

import re

import nbformat
import nbformat.v4 as v4
import pytest
import sample_document as sample
from bs4 import BeautifulSoup
from claims.content.tables import TABLE

from report.pages import html, typst
from report.pages.assemble import assemble
from report.pages.reading import read
from report.proof import chain
from report.stops import NotebookFailed

HERE, MOVED = ("tbl-growth", "Shares"), ("tbl-rates", "Rates of [32 %](#c001)")


def shown(id: str, title: str, place: str = "", rows: int = 3):
    return sample.table(id, [[{"text": f"{i}.5 %", "href": "#f-growth"}, str(i)] for i in range(rows)], title=title,
                        **({"place": place} if place else {}))  # fmt: skip


def notebook(*cells, title: str = "How fast did it grow?"):
    return v4.new_notebook(cells=[sample.markdown(f"# {title}\n\n## Rates", "title"), *cells])


def document(*cells, **others) -> dict:
    return assemble({"20_growth": notebook(*cells), **others}, sample.tables(20), sample.METADATA)


def cell(name: str, *outputs):
    return sample.code(f"{name}()", name, *outputs)


def lines(assembled: dict) -> list[str]:
    return [each["source"] for each in assembled["cells"] if each["id"].endswith("-line")]


REFERRED = document(
    cell("here", shown(*HERE)),
    cell("rates", shown(*MOVED, "appendix")),
    sample.markdown("[Table](#tbl-rates) has the rates, [Table](#tbl-growth) the shares.", "prose"),
    **{"10_shares": notebook(cell("more", shown("tbl-more", "More", "appendix")), title="Where does it *go*?")},
)


@pytest.fixture(scope="module")
def page() -> BeautifulSoup:
    return BeautifulSoup(html.page(read(REFERRED)), "html.parser")


def test_a_moved_table_is_in_an_appendix_below_its_chapter_s_title(page):
    nbformat.validate(REFERRED)
    headings = [each.get_text() for each in page.main.find_all(["h2", "h3"], recursive=False)]
    assert headings[:7] == [
        "1 How fast did it grow?", "1.1 Rates", "2 Where does it go?", "2.1 Rates",
        "A Detailed tables and charts", "A.1 How fast did it grow?", "A.2 Where does it go?",
    ]  # fmt: skip
    appendix = page.find("h2", string=None, class_="moved")
    following = [each.get("id") for each in appendix.find_next_siblings(class_="exhibit")]
    assert following[:3] == ["tbl-rates", "tbl-more", "tbl-run-card"]


def test_tables_are_numbered_in_the_order_of_the_pages(page):
    labels = [each.get_text() for each in page.select(".exhibit .label") if each.get_text().startswith("Table")]
    assert labels == ["Table 1", "Table A1", "Table A2", "Table B1", "Table C1", "Table D1", "Table E1"]


def test_references_lead_to_a_moved_table_and_it_names_their_sections(page):
    reference = page.find("a", string="Table A1")
    assert reference["href"] == "#tbl-rates"
    places = page.find(id="tbl-rates").find(class_="places")
    assert (places.get_text(), places.a["href"]) == ("Discussed in 1.1.", "#growth-rates")


def test_a_line_is_left_only_where_the_prose_has_no_reference():
    assert lines(REFERRED) == ["In the appendix: [Table A2](#tbl-more), More."]


def test_neighbours_share_one_line_and_text_between_parts_them():
    moved = [cell(name, shown(f"tbl-{name}", name, "appendix")) for name in ("one", "two", "three")]
    assembled = document(*moved[:2], sample.markdown("Words.", "words"), moved[2])
    assert lines(assembled) == [
        "In the appendix: [Table A1](#tbl-one), one; [Table A2](#tbl-two), two.",
        "In the appendix: [Table A3](#tbl-three), three.",
    ]
    order = [each["id"] for each in assembled["cells"][:7]]
    assert [name.removeprefix("20_growth--") for name in order] == [
        "title", "one", "two", "two-line", "words", "three", "three-line",
    ]  # fmt: skip


def test_a_row_is_cited_by_the_moved_table_that_shows_it(page):
    growth = page.find(id="f-growth").find_all("td")[-1]
    assert "Table\u00a0A1" in growth.get_text()
    assert "Table\u00a0B1" not in growth.get_text()


def test_the_chain_and_the_links_of_the_pdf_are_complete():
    draft = read(REFERRED)
    pdf = typst.pdf(draft)
    tally = chain.check(html.page(draft), pdf)
    assert not [problem for problem in tally.problems if re.search("links? ", problem)]
    assert tally.links.cited >= tally.cited >= {"c001", "f-growth"}


def test_a_moved_figure_has_a_number_of_its_own_and_its_picture():
    chart = sample.figure("fig-growth", title="Growth", place="appendix")
    assembled = document(cell("chart", chart), sample.markdown("[Figure](#fig-growth) has all.", "prose"))
    html_page = BeautifulSoup(html.page(read(assembled)), "html.parser")
    figure = html_page.find(id="fig-growth")
    assert figure.find(class_="label").get_text() == "Figure A1"
    assert figure.find(["svg", "img"]) is not None
    assert figure.find_previous("h2").get_text() == "A Detailed tables and charts"
    assert html_page.find("a", string="Figure A1")["href"] == "#fig-growth"


def test_without_a_moved_table_there_is_no_such_appendix():
    assembled = document(cell("here", shown(*HERE)))
    assert not re.search("Detailed tables", str(assembled))


def test_another_place_stops_the_report():
    with pytest.raises((NotebookFailed, ValueError), match="place is \"appendix\" or left out, got 'end'"):
        document(cell("here", shown(*HERE, "end")))


def test_the_notebook_itself_keeps_the_table_where_it_is():
    executed = notebook(cell("rates", shown(*MOVED, "appendix")))
    assemble({"20_growth": executed}, sample.tables(20), sample.METADATA)
    assert TABLE in executed["cells"][1]["outputs"][0]["data"]
    single = BeautifulSoup(html.page(read(executed)), "html.parser")
    assert single.find(id="tbl-rates") is not None
    assert single.find("nav", class_="lists") is None
