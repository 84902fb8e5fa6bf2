"""Tables and figures as they leave a notebook: payloads, hostile cells, and bytes that never change."""

from __future__ import annotations

import hashlib
import html
import json
import os
import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from claims.ledger.intervals import Interval
from claims.results.finding import computed
from claims.results.store import Results
from claims.show import drawings, exhibits, markup
from claims.show.exhibits import FIGURE, TABLE, Column, Link, Marked, Phrase
from claims.words.sentences import Sentences
from made_up import book, figure, quoted
from matplotlib.figure import Figure

HOSTILE = ("<script>alert(1)</script>", "a | b", "*a* _b_ `c`", "[x](javascript:y)", "=1+1", "{c001}", "$x$", "&amp;")
SENTENCES = Sentences(Results(book(figure("c001", "41", "more_than"))))
NOTEBOOKS = Path(exhibits.__file__).parents[2]


def one_table(values, column=None, **more):
    words = {"id": "tbl-x", "title": "T", "caption": "C", **more}
    return exhibits.table(pd.DataFrame({"x": values}), SENTENCES, columns={"x": column or Column("X")}, **words).bundle


def drawing() -> Figure:
    axes = Figure().subplots()
    axes.plot([1, 2, 3], [1, 4, 9], "o")
    axes.set_xlabel("Years (count)")
    return axes


def one_figure(data=None, **more) -> dict:
    words = {"title": "T {c001}", "caption": "C", "alt": "A line to {c001}.", **more}
    data = pd.DataFrame({"year": [2023], "pct": [1 / 3]}) if data is None else data
    return exhibits.figure(drawing(), SENTENCES, id="fig-x", name="x_y", data=data, **words).bundle


def test_a_table_has_a_payload_for_the_report_and_one_for_jupyter():
    bundle = one_table([1, 2], title="Over {c001}", source="S")
    assert set(bundle) == {TABLE, "text/html", "text/plain"}
    assert set(bundle[TABLE]) == {"id", "title", "caption", "source", "columns", "rows"}
    assert bundle[TABLE]["title"] == r"Over [more than \$41 billion](#c001)"
    assert bundle["text/plain"] == "tbl-x: 2 rows"


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_hostile_cell_is_escaped_in_html_and_unchanged_in_the_data(hostile):
    bundle = one_table([hostile])
    assert bundle[TABLE]["rows"] == [[hostile]]
    assert f">{html.escape(hostile)}</td>" in bundle["text/html"]
    ours = {"div", "table", "caption", "thead", "tbody", "tr", "th", "td", "p"}
    assert set(re.findall(r"</?(\w+)", bundle["text/html"])) <= ours


def test_hostile_headings_and_links_are_escaped_too():
    bundle = one_table([Link(HOSTILE[0], "c001")], Column(HOSTILE[0]))
    assert "<script" not in bundle["text/html"]
    assert bundle[TABLE]["rows"] == [[{"text": HOSTILE[0], "href": "#c001"}]]


@pytest.mark.parametrize(
    ("value", "column", "cell"),
    [
        (figure("c001", "41", "more_than"), Column("X"), {"text": "more than $41 billion", "href": "#c001"}),
        (quoted("o001", "31.2", "about"), Column("X"), {"text": "about $31.2 billion", "href": "#o001"}),
        (computed("a_b", "L", 2.5, "percent", "e"), Column("X"), {"text": "2.5%", "href": "#f-a-b"}),
        (computed("a_b", "L", 2.5, "percent", "e"), Column("X", digits=0), {"text": "3%", "href": "#f-a-b"}),
        (
            computed("a_b", "L", 2.5, "percent", "e", Interval(2.5, 3, False)),
            Column("X", digits=0),
            {"text": "more than 2%", "href": "#f-a-b"},
        ),
        (Link("S1", "S1"), Column("X"), {"text": "S1", "href": "#S1"}),
        ([Link("S1", "S1"), "and"], Column("X"), [{"text": "S1", "href": "#S1"}, "and"]),
        (Interval(Fraction(63, 2), Fraction(65, 2)), Column("X", "percent"), "31.5% to 32.5%"),
        (7.3171, Column("X"), "7.32"),
        (7.3171, Column("X", "percent"), "7.3%"),
        (7.3171, Column("X", digits=1), "7.3"),
        (None, Column("X", "percent"), "–"),
        (float("nan"), Column("X"), "–"),
        (True, Column("X"), "yes"),
        (False, Column("X"), "no"),
        ((Link("S1", "S1"), "x"), Column("X"), [{"text": "S1", "href": "#S1"}, "x"]),
        ("words", Column("X", "percent"), "words"),
        (Marked("1992", "date"), Column("X"), {"text": "1992", "kind": "date"}),
        (Phrase((Link("5%", "c001"), " of it")), Column("X"), {"runs": [{"text": "5%", "href": "#c001"}, " of it"]}),
        ("2019–2023", Column("X", kind="date"), {"text": "2019–2023", "kind": "date"}),
        (41, Column("X", kind="parameter"), {"text": "41", "kind": "parameter"}),
        (None, Column("X", kind="parameter"), "–"),
        (Link("S1", "S1"), Column("X", kind="date"), {"text": "S1", "href": "#S1"}),
    ],
)
def test_a_cell_is_written_by_the_type_of_its_content(value, column, cell):
    assert one_table([value], column)[TABLE]["rows"] == [[cell]]


def test_only_the_listed_columns_are_shown_in_their_order():
    frame = pd.DataFrame({"a": [1], "b": ["x"], "c": [3]})
    bundle = exhibits.table(
        frame, SENTENCES, id="t", title="", caption="", columns={"c": "C", "b": Column("B", width=2)}
    ).bundle
    columns = [(column["key"], column["label"], column["align"]) for column in bundle[TABLE]["columns"]]
    assert columns == [("c", "C", "right"), ("b", "B", "left")]
    assert bundle[TABLE]["rows"] == [["3", "x"]]
    assert bundle[TABLE]["columns"][1]["width"] == 2


def test_plain_rows_are_shown_like_a_frame():
    rows = [{"a": 1.5, "b": None}, {"a": 2.0, "b": "x"}]
    words = {"id": "t", "title": "", "caption": "", "columns": {"a": "A", "b": "B"}}
    plain, framed = (exhibits.table(each, SENTENCES, **words).bundle for each in (rows, pd.DataFrame(rows)))
    assert plain == framed
    assert plain[TABLE]["rows"] == [["1.5", "–"], ["2", "x"]]
    assert exhibits.table([], SENTENCES, **words).bundle[TABLE]["rows"] == [[exhibits.NOTHING, ""]]
    with pytest.raises(KeyError, match="t: no column b; there are a"):
        exhibits.table([{"a": 1}], SENTENCES, **words)


def test_a_table_without_rows_has_a_sentence_instead():
    frame = pd.DataFrame({"a": [], "b": [], "c": []})
    bundle = exhibits.table(
        frame, SENTENCES, id="t", title="", caption="", columns={"a": "A", "b": "B", "c": "C"}
    ).bundle
    assert bundle[TABLE]["rows"] == [[exhibits.NOTHING, "", ""]]
    assert "left_out" not in bundle[TABLE]
    words = {"id": "t", "title": "", "optional": True, "columns": {"a": "A"}}
    assert exhibits.table([], SENTENCES, **words).bundle[TABLE]["left_out"]
    assert "left_out" not in exhibits.table([{"a": 1}], SENTENCES, **words).bundle[TABLE]


@pytest.mark.parametrize(
    ("lead", "rows"), [("", None), (2, [0, 1]), (9, [0, 1, 2]), ("matters", [0, 2]), ("nothing", None)]
)
def test_a_table_leads_with_its_first_rows_or_those_of_a_column(lead, rows):
    frame = pd.DataFrame({"a": ["x", "y", "z"], "matters": [True, float("nan"), "yes"], "nothing": [0, None, ""]})
    words = {"id": "t", "title": "", "caption": "", "columns": {"a": "A"}}
    shown = exhibits.table(frame, SENTENCES, **words, lead=lead).bundle[TABLE]
    assert shown.get("lead") == rows
    assert [column["key"] for column in shown["columns"]] == ["a"]


def test_a_table_says_where_it_belongs_and_looks_the_same_in_jupyter():
    words = {"id": "t", "title": "T", "caption": "", "columns": {"a": "A"}}
    here, there = (exhibits.table([{"a": "x"}], SENTENCES, **words, place=place).bundle for place in ("", "appendix"))
    assert there[TABLE] == here[TABLE] | {"place": "appendix"}
    assert there["text/html"] == here["text/html"]


def test_a_lead_that_is_no_column_is_refused():
    words = {"id": "t", "title": "", "caption": "", "columns": {"a": "A"}}
    with pytest.raises(KeyError, match="t: no column matter; there are a, matters"):
        exhibits.table([{"a": "x", "matters": True}], SENTENCES, **words, lead="matter")


def test_every_missing_column_is_named():
    frame = pd.DataFrame({"a": [1]})
    with pytest.raises(KeyError, match="t: no column b, c; there are a"):
        exhibits.table(frame, SENTENCES, id="t", title="", caption="", columns={"a": "A", "b": "B", "c": "C"})


def test_a_figure_has_a_payload_a_drawing_and_a_picture():
    bundle = one_figure(source="S")
    assert set(bundle) == {FIGURE, "image/svg+xml", "image/png", "text/html", "text/plain"}
    payload = bundle[FIGURE]
    assert set(payload) == {"id", "name", "title", "caption", "alt", "source", "columns", "rows"}
    assert payload["rows"] == [[2023, 0.333333333333]]
    assert [column["key"] for column in payload["columns"]] == ["year", "pct"]
    assert bundle["image/png"].startswith(b"\x89PNG")


def test_the_columns_of_a_figure_have_the_headings_that_are_given():
    data = pd.DataFrame({"year": [2023], "low": [1], "S1": [2]})
    columns = one_figure(data, headings={"low": "At least, $", "S1": "% of its items"})[FIGURE]["columns"]
    assert [column["key"] for column in columns] == ["year", "low", "S1"]
    assert [column["label"] for column in columns] == [
        "year", "At least, $", {"runs": [{"text": "S1", "href": "#S1"}, ", % of its items"]},
    ]  # fmt: skip
    with pytest.raises(KeyError, match="fig-x: no column high"):
        one_figure(data, headings={"high": "At most, $"})


def test_an_alt_text_is_plain_and_a_title_has_its_links():
    payload = one_figure()[FIGURE]
    link = {"text": "more than $41 billion", "href": "#c001"}
    assert payload["alt"] == {"runs": ["A line to ", link, "."]}
    assert one_figure()["text/plain"] == "fig-x: A line to more than $41 billion."
    assert payload["title"] == r"T [more than \$41 billion](#c001)"


def test_a_heading_may_be_a_link_or_marked():
    frame = pd.DataFrame({"a": [1], "b": [2], "c": [3]})
    heads = {"a": Link("S1", "S1"), "b": Column(Marked("2030", "parameter")), "c": Phrase(("of ", Link("5", "c001")))}
    bundle = exhibits.table(frame, SENTENCES, id="t", title="", caption="", columns=heads).bundle
    assert [column["label"] for column in bundle[TABLE]["columns"]] == [
        {"text": "S1", "href": "#S1"},
        {"text": "2030", "kind": "parameter"},
        {"runs": ["of ", {"text": "5", "href": "#c001"}]},
    ]
    heads = re.findall(r"<th .*?>(.*?)</th>", bundle["text/html"])
    link = f'<a href="{markup.PAGE}#c001" title="{html.escape(markup.evidence(SENTENCES.results, "c001"))}">5</a>'
    assert heads == [f'<a href="{markup.PAGE}#S1">S1</a>', "<data>2030</data>", f"of {link}"]


def test_an_unknown_kind_of_column_is_refused():
    with pytest.raises(ValueError, match="one of date, citation, parameter, formula, got 'year'"):
        Column("X", kind="year")


def test_a_figure_s_data_name_the_origins_of_rows_and_mark_dates():
    frame = pd.DataFrame(
        {"year": [2023, 2024, 2025], "of": ["c001 growth_x", figure("c002", "5"), ""], "pct": [1, 2, 3]}
    )
    payload = one_figure(frame, evidence="of", kinds={"year": "date"})[FIGURE]
    assert [column["key"] for column in payload["columns"]] == ["year", "pct", "of"]
    assert payload["columns"][2] == {"key": "of", "label": "From", "align": "left", "origins": True}
    assert payload["rows"] == [
        [
            {"text": "2023", "kind": "date"},
            1,
            [{"text": "c001", "href": "#c001"}, {"text": "growth_x", "href": "#f-growth-x"}],
        ],
        [{"text": "2024", "kind": "date"}, 2, {"text": "c002", "href": "#c002"}],
        [{"text": "2025", "kind": "date"}, 3, None],
    ]


def test_a_missing_column_of_a_figure_s_data_is_named():
    with pytest.raises(KeyError, match="fig-x: no column from, when; there are year, pct"):
        one_figure(evidence="from", kinds={"when": "date"})


def test_a_figure_s_data_are_valid_json_whatever_is_in_the_frame():
    frame = pd.DataFrame({"x": [1, 2], "y": [float("inf"), None], "z": [True, False], "w": ["<b>", "|"]})
    rows = one_figure(frame)[FIGURE]["rows"]
    assert json.loads(json.dumps(rows, allow_nan=False)) == [[1, None, True, "<b>"], [2, None, False, "|"]]


def test_numbers_of_every_kind_are_data_and_no_origin_is_empty():
    third = computed("a_b", "L", Fraction(1, 3), "percent", "e")
    frame = pd.DataFrame(
        {"x": [third, np.float64(0.1) + np.float64(0.2)], "y": [np.int64(3), Fraction(1, 4)], "from": [None, ""]}
    )
    rows = one_figure(frame, evidence="from")[FIGURE]["rows"]
    assert json.loads(json.dumps(rows)) == [[0.333333333333, 3, None], [0.3, 0.25, None]]


def test_a_figure_built_twice_has_the_same_bytes():
    first, second = one_figure(), one_figure()
    assert first["image/svg+xml"] == second["image/svg+xml"]
    assert first["image/png"] == second["image/png"]


MAKE = """
import hashlib, pandas as pd
from claims.ledger.loading import load_ledger
from claims.show import charts
from claims.show.book import Book
table = pd.DataFrame({"S1": [3, 0], "S2": [1, 2]}, index=["Trade", "Energy"])
words = {"title": "", "caption": "", "alt": ""}
book = Book(load_ledger())
bundle = book.figure(charts.coverage(table, book.ledger), id="fig-c", name="c", data=table, **words).bundle
print(hashlib.sha256(bundle["image/svg+xml"].encode() + bundle["image/png"]).hexdigest())
"""


@pytest.mark.slow
def test_bytes_depend_on_no_hash_seed_time_zone_or_style(tmp_path):
    own = "axes.facecolor: red", "font.size: 20", "font.sans-serif: DejaVu Serif", "savefig.facecolor: red"
    (tmp_path / "matplotlibrc").write_text("\n".join(own))
    surroundings = [
        {"PYTHONHASHSEED": "1", "TZ": "UTC"},
        {"PYTHONHASHSEED": "2", "TZ": "Asia/Almaty", "MATPLOTLIBRC": str(tmp_path), "LC_ALL": "C"},
    ]
    digests = {
        subprocess.run(
            [sys.executable, "-c", MAKE], cwd=NOTEBOOKS, env={**os.environ, **added}, check=True, capture_output=True
        ).stdout
        for added in surroundings
    }
    assert len(digests) == 1
    assert len(digests.pop().strip()) == 2 * hashlib.sha256().digest_size


def test_a_drawing_has_no_date_and_its_text_is_text():
    svg = one_figure()["image/svg+xml"]
    assert "<text" in svg
    assert "Years (count)" in svg
    assert not re.search(r"dc:date|dc:creator|\b20\d\d-\d\d-\d\d", svg)


def test_two_figures_on_one_page_share_no_generated_id():
    one, other = (
        set(re.findall(r'id="([mpc][0-9a-f]{8,})"', drawings._svg(drawing().figure, salt)))
        for salt in ("fig-a", "fig-b")
    )
    assert one
    assert not one & other


def test_a_figure_without_axes_is_the_same_without_its_pictures():
    words = {"id": "fig-x", "name": "x", "title": "T", "caption": "C", "alt": "A", "data": pd.DataFrame({"years": [1]})}
    with_pictures, without = (
        exhibits.figure(drawing(), SENTENCES, **words).bundle,
        exhibits.figure(None, SENTENCES, **words).bundle,
    )
    assert with_pictures.keys() - without.keys() == {"image/svg+xml", "image/png", "text/html"}
    assert {mime: with_pictures[mime] for mime in without} == without
