"""Tables too long for a page: cut with a note, never in silence, and no link leads to a row that is left out."""

from __future__ import annotations

import sample_document as sample
from claims.content.phrases import Anchor, Link
from claims.content.tables import FIGURE, TABLE, Figure, Table, as_cell
from claims.results import anchors
from hypothesis import given
from hypothesis import strategies as st

from report.pages import long_tables
from report.pages.assemble import assemble
from report.pages.long_tables import (
    MOST_COLUMNS,
    MOST_IN_ALL,
    MOST_LISTED,
    MOST_ROWS,
    narrow,
    rows_of_each,
    shorten,
    shorten_lists,
)


def rows_of(count: int) -> tuple:
    return tuple((as_cell(Anchor(f"c{place:03}", f"c{place:03}")),) for place in range(count))


def table_of(count: int, id: str = anchors.appendix("ledger"), lead: tuple = ()) -> Table:
    column = Table.from_json({"columns": [{"key": "id"}]}).columns
    return Table(id=id, columns=column, rows=rows_of(count), lead=lead)


def ids(table: Table) -> list[str]:
    return [str(row[0]) for row in table.rows]


def test_a_table_that_fits_a_page_is_left_as_it_is():
    table = table_of(MOST_ROWS)
    assert shorten(table, (), MOST_ROWS) == (table, {})
    assert narrow(shorten_lists(table)) == table


def test_a_long_table_keeps_linked_rows_and_names_its_file():
    table, gone = shorten(table_of(3_000, lead=(7,)), {"c2999", "f-other"}, most=4)
    assert ids(table) == ["c000", "c001", "c007", "c2999"]
    assert table.lead == (2,)
    assert len(gone) == 2_996
    assert set(gone.values()) == {"tbl-ledger"}
    note = "<data>2,996</data> of <data>3,000</data> rows are not shown; "
    assert table.caption == f"{note}claims.csv, with all of them, is attached to the PDF."


def test_a_long_table_of_a_chapter_and_a_figure_name_where_all_rows_are():
    table, _ = shorten(table_of(3, id="tbl-rates"), (), most=1)
    assert table.caption.endswith("the notebooks published beside this report have all of them.")
    figure, _ = shorten(Figure(id="fig-rates", caption="Rates.", columns=table.columns, rows=rows_of(3)), (), most=1)
    assert figure.caption.startswith("Rates. <data>2</data> of <data>3</data> rows are not shown; the file of its")


def test_a_long_list_in_a_cell_ends_with_how_many_more_there_are():
    cells = ((as_cell([Link(f"c{place}", f"c{place}") for place in range(MOST_LISTED + 2_800)]),),)
    [[cell]] = shorten_lists(Table(id="tbl-ledger", columns=table_of(1).columns, rows=cells)).rows
    assert len(cell.phrases) == MOST_LISTED + 1
    assert str(cell).endswith(f"c{MOST_LISTED - 1}, and 2,800 more")


def test_a_wide_table_keeps_its_first_columns_and_its_origins():
    columns = [{"key": f"S{number}"} for number in range(1, 201)] + [{"key": "from", "origins": True}]
    figure = Figure.from_json({"id": "fig-coverage", "columns": columns, "rows": [[*map(str, range(200)), "c001"]]})
    shown = narrow(figure)
    assert [column.key for column in shown.columns] == [*(f"S{number}" for number in range(1, MOST_COLUMNS)), "from"]
    assert str(shown.rows[0][-1]) == "c001"
    left_out = 201 - MOST_COLUMNS
    assert shown.caption.startswith(f"<data>{left_out}</data> of <data>201</data> columns are not shown; the file of ")


@given(st.lists(st.integers(0, 20_000), max_size=60))
def test_all_tables_together_have_no_more_rows_than_fit(counts):
    most = rows_of_each(counts)
    shown = sum(min(count, most) for count in counts)
    assert shown <= MOST_IN_ALL
    cut_off = [count for count in counts if count > most]
    assert most == MOST_ROWS or shown + len(cut_off) > MOST_IN_ALL  # a row more of each would not fit


def test_a_link_to_a_row_left_out_leads_to_its_table(monkeypatch):
    monkeypatch.setattr(long_tables, "MOST_ROWS", 2)
    notebooks, tables = sample.notebooks(), sample.tables(5)
    payload = notebooks["20_growth"]["cells"][6]["outputs"][0]["data"][FIGURE]
    payload["columns"].append({"key": "of", "label": "From", "origins": True})
    payload["rows"] = [[*row, [{"text": "c004", "href": "#c004"}]] for row in payload["rows"]]
    whole = {name: len(table.rows) for name, table in tables.items()}
    document = assemble(notebooks, tables, sample.METADATA)  # raises for a link to what is not there
    shown = {
        cell["id"]: Table.from_json(output["data"][TABLE])
        for cell in document["cells"]
        if cell["id"].startswith("appendix-")
        for output in cell.get("outputs", ())
    }
    ledger = shown["appendix-ledger-table"]
    assert whole["ledger"] > len(ledger.rows)
    assert "rows are not shown; claims.csv" in ledger.caption
    assert "c004" not in ids(ledger)
    [chart] = [cell for cell in document["cells"] if cell["id"] == "20_growth--chart"]
    row = chart["outputs"][0]["data"][FIGURE]["rows"][0]
    assert row[-1] == {"text": "c004", "href": "#tbl-ledger"}
