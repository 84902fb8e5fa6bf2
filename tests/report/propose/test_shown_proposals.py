"""In JupyterLab: the text with its figures marked, and the rows as a table; whatever the text has stays text."""

import pytest
from lxml import html
from mill_letter import write_mill

from report.propose.display import show_proposals


@pytest.fixture
def mill(tmp_path):
    return write_mill(tmp_path)


def test_figures_are_marked_in_the_text_and_listed_below(mill):
    page = html.fromstring(show_proposals(mill.text, "S4", mill.folder)._repr_html_())
    assert [mark.text for mark in page.iter("mark")] == [
        "12 percent", "5,200 pounds", "more than 37 hives", "5,200 pounds", "nearly one-third",
    ]  # fmt: skip
    rows = [[cell.text or "" for cell in row.iter("td")] for row in page.iter("tr")][1:]
    assert [row[0] for row in rows] == [one.id for one in mill.reading.claims]
    assert rows[1][2:4] == ["5,200 pounds", "5,200 pound"]


def test_markup_in_the_text_is_shown_and_not_used(mill):
    shown = show_proposals(mill.text, "S4", mill.folder)
    assert "&lt;b&gt;new&lt;/b&gt;" in shown._repr_html_() and "<b>" not in shown._repr_html_()
    assert "5 proposed" in repr(shown)


def test_markup_before_between_and_in_figures_is_shown_too(mill):
    mill.text.write_text("<script>1 & 2</script> sold 12 <u> percent, <i>40 hives</i>\n", encoding="utf-8")
    page = show_proposals(mill.text, "", mill.folder)._repr_html_()
    assert "&lt;script&gt;" in page and not any(tag in page for tag in ("<script", "<u>", "<i>"))
