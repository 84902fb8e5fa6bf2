"""An executed notebook is written the same way every time, without traces of this machine."""

import base64
import json
from copy import deepcopy

import nbformat
import pytest
from claims.content.tables import FIGURE
from claims.show.markup import PAGE
from conftest import as_notebook, code_cell, markdown_cell

from report.pages.pictures import with_drawing
from report.runs import canonical, selection
from report.stops import NotebookFailed


def stream(name, text):
    return {"output_type": "stream", "name": name, "text": text}


def display(text="1", **data):
    return {"output_type": "display_data", "data": {"text/plain": text, **data}, "metadata": {}}


@pytest.fixture
def notebook(clone):
    return selection.read(clone.write("10_one", "print(1)", parameters="pace = 1"))


def as_papermill_leaves(notebook, run, outputs=()):
    """Return the notebook as papermill and Jupyter leave it after a run: times, versions, random ids."""
    node = nbformat.from_dict(deepcopy(dict(notebook.source)))
    node.metadata.papermill = {
        "start_time": f"2026-01-0{run}",
        "duration": run / 3,
        "input_path": f"/home/{run}/x.ipynb",
        "version": "2.7",
    }
    node.metadata.language_info = {"name": "python", "version": f"3.11.{run}", "file_extension": ".py"}
    for cell in node.cells:
        cell.metadata.papermill = {"duration": run / 7, "status": "completed"}
        cell.metadata.tags = cell.metadata.get("tags", [])
        cell.metadata.execution = {"iopub.status.busy": f"2026-01-0{run}"}
    node.cells[2].execution_count = 2
    node.cells[2].outputs = [nbformat.from_dict(output) for output in outputs]
    injected = nbformat.v4.new_code_cell(
        "# Parameters\npace = 2", execution_count=1, metadata={"tags": ["injected-parameters"]}
    )
    node.cells.insert(2, injected)
    return node


def canonical_bytes(notebook, run, outputs=()):
    return canonical.as_bytes(canonical.node(notebook, as_papermill_leaves(notebook, run, outputs)))


def test_two_runs_give_the_same_bytes(notebook):
    assert canonical_bytes(notebook, 1, [display()]) == canonical_bytes(notebook, 2, [display()])


def test_nothing_of_the_run_is_left(notebook):
    text = canonical_bytes(notebook, 1, [display()]).decode()
    for trace in ("papermill", "duration", "2026-01", "3.11", "iopub", "/home"):
        assert trace not in text


def test_outputs_counts_and_injected_parameters_keep_their_places(notebook):
    written = json.loads(canonical_bytes(notebook, 1, [display("41")]))
    assert [cell["id"] for cell in written["cells"]] == ["title", "parameters", "injected-parameters", "one"]
    assert written["cells"][2]["execution_count"] == 1
    assert written["cells"][3]["outputs"][0]["data"]["text/plain"] == ["41"]
    assert written["cells"][3]["execution_count"] == 2


def test_links_of_a_published_notebook_go_to_the_page_beside_it(notebook):
    link = f'<a href="{PAGE}#c001" title="x">5</a> in {PAGE}#c001'
    outputs = [display(**{"text/html": link})]
    node = canonical.node(notebook, as_papermill_leaves(notebook, 1, outputs))
    shown = json.loads(canonical.as_published(node))["cells"][-1]["outputs"][0]["data"]["text/html"]
    assert "".join(shown) == f'<a href="../report.html#c001" title="x">5</a> in {PAGE}#c001'
    assert f'href=\\"{PAGE}#c001' in canonical.as_bytes(node).decode()


def test_a_published_figure_has_its_drawing_once(notebook):
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 3"/>'
    html = f'<img src="data:image/svg+xml;base64,{base64.b64encode(drawing.encode()).decode()}">'
    shown = display(**{FIGURE: {}, "image/svg+xml": drawing, "image/png": "iVBORw0KGgo=", "text/html": html})
    node = canonical.node(notebook, as_papermill_leaves(notebook, 1, [shown]))
    (published,) = json.loads(canonical.as_published(node))["cells"][-1]["outputs"]
    assert published["data"].keys() == {FIGURE, "image/png", "text/html", "text/plain"}
    assert with_drawing({"text/html": html})["image/svg+xml"] == drawing
    assert "image/svg+xml" in json.loads(canonical.as_bytes(node))["cells"][-1]["outputs"][0]["data"]
    assert with_drawing({"text/html": '<img src="data:image/svg+xml;base64,A">'}).keys() == {"text/html"}


def test_the_written_notebook_is_valid_and_ends_in_a_newline(notebook):
    data = canonical_bytes(notebook, 1, [display(), stream("stdout", "a\n")])
    nbformat.validate(json.loads(data), relax_add_props=False)
    assert data.endswith(b"}\n") and data.startswith(b'{\n "cells"')


@pytest.mark.parametrize(
    "cut",
    [
        [stream("stdout", "a"), stream("stderr", "w"), stream("stdout", "b")],
        [stream("stderr", "w"), stream("stdout", "a"), stream("stdout", "b")],
        [stream("stdout", "ab"), stream("stderr", "w")],
    ],
)
def test_printed_text_is_one_stream_of_each_kind_however_it_is_split(cut):
    merged = canonical.outputs([*cut, display(), stream("stdout", "c")])
    assert [(each["output_type"], each.get("name"), each.get("text")) for each in merged] == [
        ("stream", "stdout", "ab"),
        ("stream", "stderr", "w"),
        ("display_data", None, None),
        ("stream", "stdout", "c"),
    ]


@pytest.mark.parametrize(
    ("output", "said"),
    [
        (display("<Axes object at 0x7f1c2ab0>"), "shows a memory address"),
        (stream("stderr", "/tmp/ipykernel_12/345.py:1: UserWarning: old\n"), "shows a path of this machine"),
        (display(**{"text/html": "<a href='/clone/data/x.csv'>x</a>"}), "shows a path of this machine"),
        (display(**{"application/vnd.ledger.table+json": {"rows": [["/clone"]]}}), "shows a path of this machine"),
        (display(**{"image/svg+xml": ["<svg><title>", "/clone/a</title></svg>"]}), "shows a path of this machine"),
    ],
)
def test_an_output_with_traces_of_this_machine_is_refused(output, said):
    from pathlib import Path

    executed = {"10_one": as_notebook([markdown_cell("# One?"), code_cell("table", "", outputs=[output])])}
    with pytest.raises(NotebookFailed, match=rf"1 problem\n  10_one, cell table: {said}"):
        canonical.refuse_traces(executed, [Path("/clone")])


@pytest.mark.parametrize(
    "text", ["see https://example.org/clone/x", "/clones/x", "at 0x41", "a<b at noon", "either/or"]
)
def test_text_that_only_looks_like_a_trace_is_accepted(text):
    from pathlib import Path

    executed = {"10_one": as_notebook([code_cell("one", "", outputs=[display(text)])])}
    canonical.refuse_traces(executed, [Path("/clone")])


def test_a_number_that_json_cannot_express_is_refused(notebook):
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical_bytes(notebook, 1, [display(**{"application/vnd.ledger.table+json": {"rows": [[float("nan")]]}})])
