"""The first difference of two files has its page, cell or row, and one of values is no mere difference of bytes."""

import io
import json

import pikepdf
import pytest
from PIL import Image

from report.proof import differences


def notebook(*cells):
    return json.dumps({"cells": list(cells)}).encode()


def cell(id, source="1", **data):
    outputs = [{"output_type": "display_data", "data": data}] if data else []
    return {"id": id, "cell_type": "code", "source": source, "outputs": outputs}


def findings(**values):
    return json.dumps(
        {"findings": [{"id": id, "value": value, "unit": "percent"} for id, value in values.items()]}
    ).encode()


def pdf(*pages, attached=b""):
    made, out = pikepdf.new(), io.BytesIO()
    for text in pages:
        page = made.add_blank_page()
        page.Contents = made.make_stream(text)
    if attached:
        made.attachments["claims.csv"] = attached
    made.save(out, deterministic_id=True)
    return out.getvalue()


def png(colour, size=(4, 4)):
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "PNG")
    return out.getvalue()


def graph(**entries) -> bytes:
    return json.dumps({"@graph": [{"@id": "a.csv", **entries}]}).encode()


CASES = {
    "a cell of a table": (
        "a.csv",
        b"id,x\nc1,2\nc2,3\n",
        b"id,x\nc1,2\nc2,4\n",
        "row 3, column x: value, '3' → '4'",
        True,
    ),
    "a result of a sweep": (
        "sweep.csv",
        b"reading,notebook,kind,id,value\nnarrow,20_a,finding,x,2\n",
        b"reading,notebook,kind,id,value\nnarrow,20_a,finding,x,3\n",
        "row 2 (narrow, 20_a, x), column value: value, '2' → '3'",
        True,
    ),
    "a row more": ("a.csv", b"id\nc1\n", b"id\nc1\nc2\n", "row 3, column id: value, '' → 'c2'", True),
    "the last digits of a cell": ("a.csv", b"x\n0.1\n", b"x\n0.10000000000001\n", "row 2, column x", False),
    "line ends of a table": ("a.csv", b"x\n1\n", b"x\r\n1\r\n", "byte 2: bytes", False),
    "a finding": ("findings.json", findings(x=1, y=2), findings(x=1, y=3), "y, value: value, '2' → '3'", True),
    "a finding that is gone": ("findings.json", findings(x=1, y=2), findings(x=1), "y, id", True),
    "code": (
        "n.ipynb",
        notebook(cell("one"), cell("two")),
        notebook(cell("one"), cell("two", "2")),
        "cell two: code",
        True,
    ),
    "an output": (
        "n.ipynb",
        notebook(cell("one", **{"text/html": "a 41"})),
        notebook(cell("one", **{"text/html": "a 42"})),
        "cell one, output 1: text/html, 'a 41' → 'a 42'",
        True,
    ),
    "a picture in a notebook": (
        "n.ipynb",
        notebook(cell("one", **{"image/png": "AAAA"})),
        notebook(cell("one", **{"image/png": "BBBB"})),
        "cell one, output 1: image/png",
        False,
    ),
    "a cell more": ("n.ipynb", notebook(cell("one")), notebook(cell("one"), cell("two")), "cell two: cell", True),
    "text of a page": ("r.html", b'<p id="a">x<p id="b">41', b'<p id="a">x<p id="b">42', "after #b: text", True),
    "a picture of a page": (
        "r.html",
        b'<p id="a"><img src="data:image/png;base64,AA">',
        b'<p id="a"><img src="data:image/png;base64,BB">',
        "after #a: picture or markup",
        False,
    ),
    "a line of Markdown": ("r.md", b"A\n41.\nx\n", b"A\n42.\ny\n", "line 2: text, '41.' → '42.'", True),
    "a line more of Markdown": ("r.md", b"# A\n", b"# A\nb\n", "line 2: text, '' → 'b'", True),
    "a page of a PDF": ("r.pdf", pdf(b"q Q", b"q Q"), pdf(b"q Q", b"q q Q Q"), "page 2: what is drawn on it", False),
    "a page more": ("r.pdf", pdf(b"q Q"), pdf(b"q Q", b"q Q"), "page 2: page, 'none' → 'there'", True),
    "an attached file": (
        "r.pdf",
        pdf(b"q", attached=b"1"),
        pdf(b"q", attached=b"2"),
        "the attached claims.csv: file",
        True,
    ),
    "a drawing": ("a.svg", b"<svg>\n<a/>\n", b"<svg>\n<b/>\n", "line 2: drawing, '<a/>' → '<b/>'", False),
    "pixels": ("a.png", png("red"), png("blue"), "pixels 0 to 4 of rows 0 to 4: picture", False),
    "the size of a picture": ("a.png", png("red"), png("red", (4, 5)), "size, '4 × 4' → '4 × 5'", False),
    "a manifest": ("manifest.json", b'{"a": {"b": 1}}', b'{"a": {"b": 2}}', "a, b: entry, '1' → '2'", False),
    "the hash of a file in a crate": (
        "ro-crate-metadata.json",
        graph(sha256="1", contentSize="2", identifier="ni:///sha-256;1"),
        graph(sha256="2", contentSize="3", identifier="ni:///sha-256;2"),
        "a.csv, sha256: entry, '1' → '2'",
        False,
    ),
    "what a crate says": (
        "report/published/ro-crate-metadata.json",
        graph(sha256="1", value=41),
        graph(sha256="2", value=42),
        "a.csv, sha256: entry, '1' → '2'",
        True,
    ),
    "the licence a crate names": (
        "ro-crate-metadata.json",
        graph(identifier="MIT"),
        graph(identifier="BSD-3-Clause"),
        "a.csv, identifier: entry",
        True,
    ),
    "something else": ("a.txt", b"abc", b"abd", "byte 3: bytes", False),
    "a file that is not there": ("a.csv", None, b"x", "is not published", True),
    "a file that nothing makes": ("a.csv", b"x", None, "is published, but the build does not write it", True),
    "a damaged file": ("r.pdf", pdf(b"q"), b"%PDF", "cannot be read", True),
}


@pytest.mark.parametrize("what", CASES)
def test_a_difference_has_its_place_and_kind(what):
    file, was, now, message, of_values = CASES[what]
    found = differences.first_difference(file, was, now)
    assert message in str(found)
    assert str(found).startswith(file)
    assert found and found.of_values == of_values


@pytest.mark.parametrize("what", CASES)
def test_a_file_does_not_differ_from_itself(what):
    file, was, now, *_ = CASES[what]
    assert differences.first_difference(file, now, now) is None


def test_values_and_cells_are_counted():
    assert differences.count_values("a.csv", b"id,x\nc1,2\nc2,3\n") == 4
    assert differences.count_values("findings.json", findings(x=1, y=2)) == 6
    assert differences.count_values("a.svg", b"<svg/>") == 0
    assert differences.count_cells("n.ipynb", notebook(cell("one"), cell("two"))) == 2
    assert differences.count_cells("a.csv", b"id\n") == 0


@pytest.mark.parametrize(
    ("was", "now", "expected"),
    [
        ("grew 7.3%", "grew 7.3%", True),
        ("1,000.5", "1,000.5000000000001", True),
        ("−3", "−3.0", True),
        ("7.3", "7.4", False),
        ("grew 7.3%", "fell 7.3%", False),
        ("1 2", "1", False),
        ("0", "1e-300", False),
    ],
)
def test_values_agree_if_words_are_equal_and_numbers_close(was, now, expected):
    assert differences.values_agree(was, now) is expected
