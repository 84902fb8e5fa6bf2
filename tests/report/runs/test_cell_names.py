"""Cells have ids that a person can read, and messages call the others by their words."""

from __future__ import annotations

import pytest
from conftest import code_cell, markdown_cell

from report.runs.cell_names import describe_cell, is_readable, with_readable_ids, without_random_ids

RANDOM = "54195f92-46b9-4a11-9d0e-7c1a2b3c4d5e"


@pytest.mark.parametrize(
    ("cell", "id"),
    [
        (markdown_cell("## Growth between the levels"), "growth-between-levels"),
        (markdown_cell("Trade grew {eval}`book.x` in <time>2024</time>."), "trade-grew"),
        (code_cell("", "rows = []\nbook.table(rows, title='Trade by year')"), "table-trade-year"),
        (code_cell("", "growth.reported_rates(book)"), "reported-rates"),
        (code_cell("", "1 +"), "empty"),
        (markdown_cell("Bead cafe."), "cell-bead-cafe"),
    ],
)
def test_a_cell_with_random_letters_gets_an_id_from_its_words(cell, id):
    (named,) = with_readable_ids({"cells": [{**cell, "id": RANDOM}]})["cells"]
    assert named["id"] == id
    assert is_readable(id)


def test_ids_are_unique_and_readable_ones_stay():
    cells = [{**markdown_cell("# Trade"), "id": id} for id in ("trade", RANDOM, "a1")]
    assert [cell["id"] for cell in with_readable_ids({"cells": cells})["cells"]] == ["trade", "trade-b", "trade-c"]


def test_a_message_calls_a_cell_by_place_words_and_heading():
    cells = [markdown_cell("## Who trades?\nWe ask."), {**code_cell("", "rows = [1,"), "id": RANDOM}]
    assert describe_cell(cells, 1) == "cell 2 of 2 (“rows = [1,” under “Who trades?”)"
    assert describe_cell([{**cells[1], "id": "rows"}], 0) == "cell rows"
    assert describe_cell([{**cells[1], "source": " "}], 0) == "cell 1 of 1 (empty)"


def test_a_message_quotes_what_a_reader_sees_without_marks():
    heading = {**markdown_cell("## Trade in <time>2023</time>, {eval}`book.x` {#trade}"), "id": RANDOM}
    assert describe_cell([heading], 0) == "cell 1 of 1 (“Trade in 2023, …”)"
    code = {**code_cell("", "x < y > z"), "id": "deadbeef"}
    assert describe_cell([heading, code], 1) == "cell 2 of 2 (“x < y > z” under “Trade in 2023, …”)"


def test_a_random_id_in_a_message_becomes_the_cell_s_place():
    cells = [markdown_cell("# Trade"), {**code_cell("", "rows"), "id": RANDOM}]
    message = f"20_x, cell {RANDOM}, line 3: no; cell trade; cell deadbeef"
    assert without_random_ids(message, [cells]) == (
        "20_x, cell 2 of 2 (“rows” under “Trade”), line 3: no; cell trade; cell deadbeef"
    )
