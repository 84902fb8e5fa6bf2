"""A file that only looks like a notebook is refused in a sentence, by every command, and nothing is run or written."""

from __future__ import annotations

import base64
import json
import os
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Clone, as_notebook, code_cell, markdown_cell

from report.pages.pictures import load_image
from report.runs import inputs, selection
from report.stops import WrongInput

NAME = "20_growth.ipynb"
DEEP = 100_000


def changed(change: Callable[[dict], object]) -> str:
    """Return a notebook of two cells with a change."""
    source = as_notebook([markdown_cell("# What is it?"), code_cell("one", "1 + 1")])
    change(source)
    return json.dumps(source)


def inserted(place: str, value: str) -> str:
    """Return a notebook with text of JSON that `json` would not write in a place of it."""
    return changed(lambda source: source["cells"][1]["metadata"].update(planted=place)).replace(f'"{place}"', value)


FAULTS = [
    ("deep", "[" * DEEP, "nested more than 100 deep"),
    ("deep and closed", "[" * DEEP + "]" * DEEP, "nested more than 100 deep"),
    ("deep metadata", inserted("here", '{"a":' * 500 + "1" + "}" * 500), "nested more than 100 deep"),
    ("digits", inserted("here", "1" * 5000), "a number has thousands of digits"),
    ("no type", changed(lambda source: source["cells"][1].pop("cell_type")), "cell 2: cell_type None is none of code"),
    ("type 7", changed(lambda source: source["cells"][1].update(cell_type=7)), "cell 2: cell_type 7 is none of code"),
    ("tags 7", changed(lambda source: source["cells"][1]["metadata"].update(tags=7)), "cell 2: tags 7 is no list"),
    ("tags [7]", changed(lambda source: source["cells"][1]["metadata"].update(tags=[7])), "tags [7] is no list"),
    ("metadata 7", changed(lambda source: source["cells"][1].update(metadata=7)), "cell 2: metadata 7 is no object"),
    ("report", changed(lambda source: source["metadata"].update(report="yes")), "metadata.report 'yes' is no object"),
    ("subject", changed(lambda source: source["metadata"].update(report={"subject": 7})), "subject 7 is no word"),
    ("source 7", changed(lambda source: source["cells"][1].update(source=7)), "cell 2: its source is no text"),
    ("lines 7", changed(lambda source: source["cells"][1].update(source=[7])), "cell 2: its source is no text"),
    ("half", changed(lambda source: source["cells"][0].update(source="\ud83d")), "cell 1: its source is no text"),
    ("id 7", changed(lambda source: source["cells"][1].update(id=7)), "cell 2: id 7 is no word"),
    ("outputs 7", changed(lambda source: source["cells"][1].update(outputs=7)), "cell 2: its outputs are no list"),
    ("cell 7", changed(lambda source: source["cells"].append(7)), "cell 3: it is no object"),
    ("cells 7", changed(lambda source: source.update(cells=7)), "it has no list of cells"),
    ("null", "null", "it is no object"),
    ("empty", "", "line 1, column 1: Expecting value"),
    ("latin", changed(dict).replace("What", "Wh\xe4t").encode("latin-1"), "is not UTF-8"),
]


@pytest.fixture
def planted(clone: Clone) -> Callable[[str | bytes], Clone]:
    def plant(content: str | bytes) -> Clone:
        path = clone.folders.notebooks / NAME
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return clone

    return plant


@pytest.mark.parametrize(("content", "said"), [case[1:] for case in FAULTS], ids=[case[0] for case in FAULTS])
def test_a_file_that_is_no_notebook_is_refused(planted, content, said):
    folders = planted(content).folders
    assert inputs.hash_inputs(folders)[f"notebooks/{NAME}"]  # of any bytes
    with pytest.raises(WrongInput) as caught:
        selection.read_all(folders.notebooks)
    text = str(caught.value)
    assert text.startswith(f"{NAME} is not a notebook of format 4 (") and said in text
    assert text.endswith("; open it in JupyterLab and save it") and "\n" not in text and len(text) < 200


@pytest.mark.torture
def test_every_command_refuses_it_without_a_traceback(planted):
    clone = planted(FAULTS[1][1])
    for command in ("build", "status", "check", "sweep", "format"):
        done = clone.report(command)
        assert done.returncode == 2, command
        assert "nested more than 100 deep" in done.stderr and "Traceback" not in done.stderr, command
    assert not clone.folders.published.exists()


def test_a_pipe_called_like_a_notebook_is_not_waited_for(clone):
    os.mkfifo(clone.folders.notebooks / NAME)
    done = clone.report("check")
    assert (done.returncode, done.stderr) == (2, f"{NAME} is a pipe, not a file; put the notebook itself there\n")


CODE = ["(" * 5000, "-" * 200_000 + "1", "x = " + "[" * 150 + "]" * 150, "1" * 5000, "a\0b", "+".join("1" * 100_000)]


def faults_of(notebook: Path) -> str:
    """Return what is wrong with the code of a notebook, "" if nothing is."""
    try:
        selection.refuse_faulty([selection.read(notebook)])
    except WrongInput as error:
        return str(error)
    return ""


@pytest.mark.parametrize("tags", [[], ["parameters"]], ids=["code", "parameters"])
@pytest.mark.parametrize("code", CODE, ids=["brackets", "signs", "lists", "digits", "nul", "sum"])
def test_code_that_python_cannot_parse_is_named(planted, code, tags):
    source = as_notebook([markdown_cell("# What is it?"), code_cell("one", code, tags)])
    text = faults_of(planted(json.dumps(source)).folders.notebooks / NAME)
    if text or (tags and code != CODE[2]):  # that is Python, and a plain value
        assert text.startswith("notebooks: 1 problem\n  notebooks/20_growth.ipynb")


# -- outputs without measure ------------------------------------------------------------------------------------------


def large_picture(side: int) -> bytes:
    """Return a PNG of `side` by `side` black pixels: 400 megapixels are a file of fifty kilobytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes((side // 8 + 1) * side), 1)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def test_a_page_does_not_take_in_a_picture_of_400_megapixels():
    assert load_image("image/png", large_picture(800)) is not None
    assert load_image("image/png", large_picture(20_000)) is None


def test_a_build_names_the_cell_of_a_huge_picture(clone, without_exporters):
    from report.command import build
    from report.stops import NotebookFailed

    picture = base64.b64encode(large_picture(20_000)).decode()
    clone.write("10_one", f"from IPython.display import display\ndisplay({{'image/png': {picture!r}}}, raw=True)")
    with pytest.raises(NotebookFailed) as caught:
        build.build(build.Request(quiet=True), clone.folders)
    remedy = "shows a picture of 20,000 by 20,000 pixels; draw it with at most 80,000,000"
    assert str(caught.value) == f"exhibits and findings: 1 problem\n  10_one, cell one: {remedy}"
    assert not clone.folders.published.exists()
