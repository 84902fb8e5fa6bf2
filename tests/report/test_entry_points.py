"""The project's exporters and engine work from the tools' own command lines, where it is installed."""

import json
import re
import shutil
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from jupyter_servers import running_server

REPOSITORY = Path(__file__).resolve().parents[2]

NOTEBOOK = {
    "cells": [
        {"cell_type": "markdown", "id": "title", "metadata": {}, "source": ["# Any notebook?\n", "\n", "With $x^2$."]},
        {
            "cell_type": "code",
            "execution_count": None,
            "id": "sum",
            "metadata": {},
            "outputs": [],
            "source": ["print(1 + 1)"],
        },
    ],
    "metadata": {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}
OURS = [
    (group, name)
    for group, names in {
        "nbconvert.exporters": ("report-html", "report_html", "typst-pdf", "typst_pdf"),
        "papermill.engine": ("report",),
    }.items()
    for name in names
]


@pytest.fixture
def notebook(tmp_path) -> Path:
    path = tmp_path / "any.ipynb"
    path.write_text(json.dumps(NOTEBOOK), encoding="utf-8")
    return path


def ran(*arguments: object) -> None:
    done = subprocess.run([sys.executable, "-m", *map(str, arguments)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(("group", "name"), OURS)
def test_an_entry_point_is_registered_and_loads(group, name):
    found = entry_points(group=group, name=name)
    assert len(found) == 1, "the project is not installed in this environment: run `make test`"
    assert found[name].load().__name__.endswith(("Exporter", "Engine"))


def test_papermill_runs_a_notebook_with_the_engine(notebook, tmp_path):
    out = tmp_path / "out.ipynb"
    ran("papermill", "--engine", "report", "--no-progress-bar", notebook, out)
    cells = json.loads(out.read_text(encoding="utf-8"))["cells"]
    assert "".join(cells[-1]["outputs"][0]["text"]) == "2\n"


@pytest.mark.parametrize(
    ("exporter", "begins", "suffix"), [("report-html", b"<!DOCTYPE html>", ".html"), ("typst-pdf", b"%PDF-", ".pdf")]
)
def test_nbconvert_exports_any_notebook(notebook, exporter, begins, suffix):
    ran("nbconvert", "--to", exporter, notebook)
    assert notebook.with_suffix(suffix).read_bytes()[: len(begins)].lower() == begins.lower()


@pytest.mark.slow
def test_stock_papermill_runs_a_chapter_from_the_root(tmp_path):
    chapter = shutil.copy(REPOSITORY / "notebooks" / "10_the_ledger.ipynb", tmp_path)
    out = tmp_path / "out.ipynb"
    command = [sys.executable, "-m", "papermill", "--no-progress-bar", chapter, out, "-p", "rounding", "half_even"]
    done = subprocess.run([*map(str, command)], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert any(cell.get("outputs") for cell in json.loads(out.read_text(encoding="utf-8"))["cells"])


@pytest.mark.slow
def test_a_jupyter_server_lists_and_exports_both_formats(notebook, tmp_path):
    with running_server([sys.executable, "-m", "jupyter_server"], notebook.parent, tmp_path / "home") as server:
        listed = json.loads(server.get("api/nbconvert"))
        assert {name for name in listed if re.match("report|typst", name)} == {"report_html", "typst_pdf"}
        assert server.get("nbconvert/report_html/any.ipynb").lower().startswith(b"<!doctype html>")
        assert server.get("nbconvert/typst_pdf/any.ipynb?download=true").startswith(b"%PDF-")
