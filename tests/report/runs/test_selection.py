"""Which notebooks and cells a ledger of another subject leaves out, by what they declare."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest

from report.runs import selection
from report.runs.selection import Notebook
from report.stops import WrongInput

REPOSITORY = Path(__file__).resolve().parents[3]
OURS = selection.read_all(REPOSITORY / "notebooks")


def cell(id: str, *tags: str, kind: str = "code") -> dict:
    return {"id": id, "cell_type": kind, "source": "", "metadata": {"tags": list(tags)} if tags else {}}


def notebook(name: str, *cells: dict, **declared: object) -> Notebook:
    return Notebook(Path(f"{name}.ipynb"), {"cells": list(cells), "metadata": {"report": declared}})


BEES, ANY = (
    notebook("10_bees", cell("all"), subject="bees"),
    notebook("20_any", cell("all"), cell("own", "subject-bees")),
)


def ids(one: Notebook) -> list[str]:
    return [each["id"] for each in one.source["cells"]]


def test_a_ledger_of_the_subject_leaves_nothing_out():
    assert [ids(one) for one in selection.fitting([BEES, ANY], "bees")] == [["all"], ["all", "own"]]
    assert selection.left_out([BEES, ANY], "bees") == ""


@pytest.mark.parametrize("subject", ["", "wasps"])
def test_another_ledger_leaves_out_what_is_declared(subject):
    (one,) = selection.fitting([BEES, ANY], subject)
    assert (one.name, ids(one), one.left_out) == ("20_any", ["all"], 1)
    assert selection.left_out([BEES, ANY], subject).endswith("notebooks: 10_bees; cells: 1")


def test_a_cell_keeps_its_other_tags_and_they_leave_nothing_out():
    (one,) = selection.fitting([notebook("20_any", cell("set", "parameters"), cell("subject", "subjective"))], "wasps")
    assert ids(one) == ["set", "subject"]


def test_our_own_ledger_leaves_nothing_out_of_our_notebooks():
    subject = selection.subject_of(REPOSITORY / "data")
    assert subject == "kazakhstan"
    assert selection.fitting(OURS, subject) == OURS


def test_every_subject_that_a_notebook_declares_exists():
    tags = {tag for one in OURS for each in one.source["cells"] for tag in selection.tags(each)}
    named = {tag.removeprefix("subject-") for tag in tags if tag.startswith("subject-")} | {one.subject for one in OURS}
    assert named == {"", "kazakhstan"}
    assert (REPOSITORY / "notebooks" / "kazakhstan" / "subject.yaml").exists()


def test_no_cell_uses_what_only_a_cell_left_out_imports():
    for one in selection.fitting(OURS, ""):
        code = "\n".join(selection.join_lines(each["source"]) for each in one.code)
        assert "kazakhstan" not in code, one.name


@pytest.mark.parametrize("text", [None, "no JSON", "[]", json.dumps({"subject": 7}), json.dumps({})])
def test_a_ledger_without_a_readable_subject_has_none(tmp_path, text):
    if text is not None:
        (tmp_path / "datapackage.json").write_text(text, encoding="utf-8")
    assert selection.subject_of(tmp_path) == ""


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("x = 1\nrows = [1,", "10_one.ipynb, cell one, line 2: '[' was never closed: `rows = [1,`"),
        ("await x\n%time y\n1 +", ""),  # the lines of IPython's own are left to IPython
        ("await x", ""),
    ],
)
def test_a_cell_that_is_no_python_is_refused_before_anything_runs(source, problem):
    one = Notebook(Path("10_one.ipynb"), {"cells": [{**cell("one"), "source": source}], "metadata": {}})
    if not problem:
        selection.refuse_faulty([one])
        return
    with pytest.raises(WrongInput) as caught:
        selection.refuse_faulty([one])
    assert problem in str(caught.value)


def test_a_notebook_that_is_being_written_is_read_again(tmp_path):
    path = tmp_path / "10_one.ipynb"
    path.write_text("", encoding="utf-8")
    whole = json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    threading.Timer(0.05, path.write_text, [whole]).start()
    assert selection.read_all(tmp_path, patient=True)[0].name == "10_one"
    path.write_text("", encoding="utf-8")
    with pytest.raises(WrongInput, match="is not a notebook"):
        selection.read_saved(path, wait=0.01)
