"""What the notebooks cite is what data/references.json lists."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import as_notebook, code_cell, markdown_cell

from report.command import build
from report.runs import cited_works
from report.runs.selection import Notebook
from report.stops import WrongInput


def notebook(*texts: str, code: str = "") -> Notebook:
    cells = [{"cell_type": "markdown", "id": f"text-{i}", "metadata": {}, "source": t} for i, t in enumerate(texts)]
    return Notebook(Path("10_one.ipynb"), as_notebook([*cells, code_cell("code", code)]))


@pytest.fixture
def works(tmp_path) -> Path:
    """Return a list of two works, doe1901 and roe1902."""
    path = tmp_path / "references.json"
    path.write_text(json.dumps([work("doe1901", "Doe", 1901), work("roe1902", "Roe", 1902)]), encoding="utf-8")
    return path


def work(id: str, family: str, year: int) -> dict:
    item = {"id": id, "type": "book", "title": "On bees", "author": [{"family": family}]}
    return {**item, "issued": {"date-parts": [[year]]}}


def test_every_unlisted_key_is_reported_with_notebook_and_cell(works):
    with pytest.raises(WrongInput) as stop:
        cited_works.refuse_unlisted([notebook("[@doe1901]", "[@deo1901] and @x")], works)
    assert str(stop.value) == (
        "citations: 2 problems\n"
        "  notebooks/10_one.ipynb, cell text-1: @deo1901 is not in data/references.json; did you mean 'doe1901'? "
        "Else add the work first\n"
        "  notebooks/10_one.ipynb, cell text-1: @x is not in data/references.json; add the work first, or write \\@"
    )


def test_notebooks_that_cite_listed_works_only_pass(works):
    cited_works.refuse_unlisted([notebook("[@doe1901]", "No work, `@cache`.", code="@cache\ndef f(): ...")], works)


def test_without_a_list_nothing_can_be_cited(tmp_path):
    missing = tmp_path / "references.json"
    cited_works.refuse_unlisted([notebook("No work.")], missing)
    assert cited_works.refuse_uncited([notebook("No work.")], missing) == 0
    with pytest.raises(WrongInput, match="@doe1901 is not in data/references.json"):
        cited_works.refuse_unlisted([notebook("@doe1901")], missing)


def test_a_work_that_no_notebook_cites_is_reported(works):
    with pytest.raises(WrongInput) as stop:
        cited_works.refuse_uncited([notebook("[@doe1901]", code="# @roe1902\n%time 1")], works)
    remedy = "cite it as [@roe1902], or delete it"
    assert (
        str(stop.value) == f"references: 1 problem\n  data/references.json: roe1902 is cited in no notebook; {remedy}"
    )


def test_a_caption_in_code_may_cite_a_work(works):
    captions = notebook("[@doe1901]", code='book.table(rows, caption="As @roe1902 has it.")')
    assert cited_works.refuse_uncited([captions], works) == 2


def test_a_list_that_cannot_be_used_stops_the_check(works):
    works.write_text("{}", encoding="utf-8")
    with pytest.raises(WrongInput, match="is no list of works; write it as CSL-JSON"):
        cited_works.refuse_unlisted([notebook("")], works)


def test_an_unlisted_key_stops_a_build_before_anything_runs(clone, monkeypatch):
    path = clone.write("10_one", "1")
    source = json.loads(path.read_text(encoding="utf-8"))
    source["cells"].append({"cell_type": "markdown", "id": "end", "metadata": {}, "source": "As @deo1901 has it."})
    path.write_text(json.dumps(source), encoding="utf-8")
    monkeypatch.setattr(build, "_build_report", None)
    with pytest.raises(WrongInput, match="10_one.ipynb, cell end: @deo1901 is not in data/references.json"):
        build.build(build.Request(quiet=True), clone.folders)


def test_the_check_refuses_a_work_that_is_not_cited(clone, works):
    path = clone.write("10_one", "1")
    question, code = json.loads(path.read_text(encoding="utf-8"))["cells"]

    def cite(text: str) -> None:
        path.write_text(json.dumps(as_notebook([question, code, markdown_cell(text, "end")])), encoding="utf-8")

    cite("As @doe1901 and @roe1902 have it.")
    clone.folders.works.write_text(works.read_text(encoding="utf-8"), encoding="utf-8")
    ran = clone.report("check")
    assert (ran.returncode, "references: 2 works, each cited in a notebook" in ran.stdout) == (0, True)
    cite("As @doe1901 has it.")
    ran = clone.report("check")
    assert (ran.returncode, "roe1902 is cited in no notebook" in ran.stderr) == (2, True)
