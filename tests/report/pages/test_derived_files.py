"""The file of a figure's numbers is packed for another reading only where its table does not have them."""

from __future__ import annotations

from report.pages.derived_files import how_derived, names_of_rows
from report.pages.elements import elements

ROWS = (
    '<tr id="f-share"><th scope="row"><a href="#F1" id="F1">F1</a></th><td>Share, 2024<br>share_<wbr>2024</td></tr>'
    '<tr id="c012"><th scope="row"><a href="#c012">c012</a></th><td>Trade<br>trade</td></tr>'
)
USUAL = "data:text/csv;charset=utf-8,what,sure,from%0Ax,false,c012%0A"
CELLS = "<tr><th>{}</th><td>{}</td><td><a href='#F1'>F1</a>, <a href='#c012'>c012</a></td></tr>".replace("'", '"')


def way(address: str, *cells: str) -> str | None:
    [figure] = elements(
        f'<figure><a download="a.csv"></a><table><tbody>{CELLS.format(*cells)}</tbody></table></figure>'
    )
    return how_derived(USUAL, figure, address, names_of_rows([ROWS]))


def file(row: str) -> str:
    return f"data:text/csv;charset=utf-8,what,sure,from%0A{row}%0A"


def test_results_have_their_names_and_figures_their_ids():
    assert names_of_rows([ROWS]) == {"f-share": "share_2024", "F1": "share_2024"}


def test_a_file_that_the_table_has_is_made_of_it():
    assert way(file("4%25,true,share_2024%20c012"), "4%", "True") == "from-table"


def test_blanks_that_tie_words_are_those_of_the_file():
    assert way(file("$4%20bn,true,share_2024%20c012"), "$4\xa0bn", "True") == "from-table"
    assert way(file("$4%C2%A0bn,true,share_2024%20c012"), "$4\xa0bn", "True") == "from-table tied"


def test_cells_are_quoted_and_formulas_are_text():
    assert way(file("%22a,%20b%22,%27+4%25,share_2024%20c012"), "a, b", "+4%") == "from-table"


def test_any_other_file_is_packed():
    assert way(file("5%25,true,share_2024%20c012"), "4%", "True") is None
    assert way("data:text/csv;charset=utf-8,other,sure,from%0A4%25,true,share_2024%20c012%0A", "4%", "True") is None
