"""A notebook that was run and saved in JupyterLab gives the report that its clean source gives."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import Clone

from report.command.build import Request, build
from report.proof import status
from report.runs import clean, inputs, selection

REPOSITORY = Path(__file__).resolve().parents[3]
CHAPTERS = selection.chapter_files(REPOSITORY / "notebooks")
SHOWN = {"data": {"text/plain": "2"}, "metadata": {}, "output_type": "execute_result", "execution_count": 7}
EVALUATED = [{"expression": "1+1", "result": {"status": "ok", "data": {"text/plain": "2"}, "metadata": {}}}]
LAB = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python", "version": "3.12.1", "file_extension": ".py", "pygments_lexer": "ipython3"},
    "widgets": {"application/vnd.jupyter.widget-state+json": {"state": {}}},
}


def save_after_run(path: Path) -> None:
    """Rewrite a notebook as JupyterLab saves it after a run."""
    source = json.loads(path.read_text(encoding="utf-8"))
    for cell in source["cells"]:
        if cell["cell_type"] == "code":
            cell |= {"outputs": [SHOWN], "execution_count": 7}
            cell["metadata"] |= {"execution": {"iopub.status.busy": "2026-01-01"}, "scrolled": True}
        else:
            cell["metadata"]["user_expressions"] = EVALUATED
    source["metadata"] |= LAB
    path.write_text(json.dumps(source, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")


@pytest.mark.parametrize("path", CHAPTERS, ids=[path.stem for path in CHAPTERS])
def test_a_committed_notebook_is_clean(path):
    assert path.read_bytes() == clean.clean_bytes(path), "run make format"


def test_a_run_that_was_saved_leaves_no_trace_when_read(clone):
    path = clone.write("10_one", "1 + 1", parameters="pace = 1")
    before, hashed = selection.read(path), inputs.hash_inputs(clone.folders)
    content = clean.clean_bytes(path)
    save_after_run(path)
    after = selection.read(path)
    assert (before.holds_run, after.holds_run) == (False, True)
    assert after.source == before.source
    assert clean.clean_bytes(path) == content
    assert inputs.hash_inputs(clone.folders) == hashed


def test_a_save_without_a_run_writes_the_same_file(clone):
    path = clone.write("10_one", "1 + 1", parameters="pace = 1")
    source = json.loads(path.read_text(encoding="utf-8"))
    source["metadata"] |= {name: LAB[name] for name in ("kernelspec", "language_info")}
    clean.keep_kernel({"type": "notebook", "content": source}, path="10_one.ipynb", contents_manager=None)
    assert clean.as_file(source) == clean.clean_bytes(path)


def test_a_save_keeps_the_kernel_of_another_language():
    other = {"metadata": {"kernelspec": {"name": "ir"}, "language_info": {"name": "R"}}}
    before = json.dumps(other)
    clean.keep_kernel({"type": "notebook", "content": other})
    clean.keep_kernel({"type": "file", "content": "text"})
    assert json.dumps(other) == before


def test_text_code_tags_and_ids_are_kept(clone):
    path = clone.write("10_one", "1 + 1", parameters="pace = 1")
    save_after_run(path)
    cells = json.loads(clean.clean_bytes(path))["cells"]
    assert [cell["id"] for cell in cells] == ["title", "parameters", "one"]
    assert [cell["source"] for cell in cells] == [["# What is it?"], ["pace = 1"], ["1 + 1"]]
    assert [cell["metadata"] for cell in cells] == [{}, {"tags": ["parameters"]}, {}]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"execution_count": null', '"execution_count": 3'),
        ('"outputs": []', f'"outputs": [{json.dumps(SHOWN)}]'),
        (
            '"id": "title", "metadata": {}',
            f'"id": "title", "metadata": {{"user_expressions": {json.dumps(EVALUATED)}}}',
        ),
    ],
)
def test_each_trace_of_a_run_is_noticed(clone, old, new):
    path = clone.write("10_one", "1")
    assert not selection.read(path).holds_run
    path.write_text(path.read_text().replace(old, new, 1))
    assert selection.read(path).holds_run


def test_a_scratch_notebook_is_named_and_left_out(clone):
    clone.write("10_one", "1")
    hashed = inputs.hash_inputs(clone.folders)
    clone.write("Untitled", "2")
    (clone.folders.notebooks / "5_short.ipynb").write_text("no notebook at all")
    notebooks = selection.read_all(clone.folders.notebooks)
    assert [notebook.name for notebook in notebooks] == ["10_one"]
    assert inputs.hash_inputs(clone.folders) == hashed
    assert selection.notes_on_files(clone.folders.notebooks, notebooks) == [
        "5_short.ipynb, Untitled.ipynb are no chapters and are left out; "
        "a chapter's file is called NN_question.ipynb, such as 25_prices.ipynb"
    ]


def test_a_folder_of_scratch_notebooks_alone_is_refused(clone):
    clone.write("Untitled", "1")
    with pytest.raises(selection.WrongInput, match=r"a chapter's file is called NN_question\.ipynb"):
        selection.read_all(clone.folders.notebooks)


@pytest.mark.slow
def test_a_saved_run_builds_the_same_report_with_one_note(clone: Clone, without_exporters, capsys):
    paths = [clone.write("10_one", "print(1)"), clone.write("20_two", "print(2)")]
    build(Request(), clone.folders)
    before = clone.published()
    assert "saved after a run" not in capsys.readouterr().out
    for path in paths:
        save_after_run(path)
    clone.write("Untitled", "1")
    build(Request(fresh=True), clone.folders)
    printed = capsys.readouterr().out
    assert printed.count("saved after a run: 10_one.ipynb, 20_two.ipynb; the outputs are ignored") == 1
    assert printed.count("Untitled.ipynb is no chapter and is left out") == 1
    assert clone.published() == before
    assert status.check_status(clone.folders).current
