"""A shortened page is the same document for a parser, and shorter."""

import re

import pytest
import sample_document as sample
from lxml import html
from nbformat import from_dict

from report.pages.exporters import ReportHTMLExporter
from report.pages.shortening import shorten


@pytest.fixture(scope="module")
def page() -> str:
    return ReportHTMLExporter().from_notebook_node(from_dict(sample.document(20)))[0]


def elements(page: str) -> list[tuple]:
    """Return each element of a page: its name, its attributes, the words in it and those behind it."""
    return [
        (str(one.tag), sorted(one.items()), (one.text or "").strip(), (one.tail or "").strip())
        for one in html.fromstring(page).iter()
    ]


def test_a_shortened_page_is_the_same_document(page):
    assert elements(shorten(page)) == elements(page)


def test_a_shortened_page_is_a_tenth_shorter_where_it_has_tables(page):
    tables = "".join(re.findall(r"(?s)<table.*?</table>", page))
    assert len(shorten(tables)) < 0.9 * len(tables)


@pytest.mark.parametrize(
    "markup",
    [
        '<p title="a b">1</p>',
        '<p title="">1</p>',
        '<p title="a=b">1</p>',
        '<p title="a&amp;b">1</p>',
        '<pre><td id="x">1</td></pre>',
        '<script>const a = `<td id="x">1</td><td>`;</script>',
        '<style>td::before { content: "<td id=\\"x\\">" }</style>',
    ],
)
def test_what_needs_its_quotes_or_end_tags_keeps_them(markup):
    assert shorten(markup) == markup


def test_a_cell_that_may_break_inside_keeps_its_end_tag():
    assert shorten("<tr><td>a_<wbr>b</td><td>1</td></tr></tbody>") == "<tr><td>a_<wbr>b</td><td>1</tbody>"


def test_a_value_with_quotes_is_put_into_others():
    assert shorten('<p title="[&#34;a&#34;]" id="b">') == """<p title='["a"]' id=b>"""


def test_a_slash_is_no_part_of_a_value():
    assert shorten('<svg><use href="#m"/></svg>') == "<svg><use href=#m /></svg>"
