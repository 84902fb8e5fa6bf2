"""Which saves matter to a preview, and what each of them makes necessary."""

from pathlib import Path

import pytest

from report.folders import Folders
from report.preview.watching import Changes, Watched

FILES = (
    "notebooks/20_growth.ipynb", "notebooks/parameters.yaml", "notebooks/claims/show/charts.py", "data/claims.csv",
    "notebooks/claims/__init__.py", "report/pages/__init__.py", "report/pages/templates/report.css",
)  # fmt: skip


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    """Return what is watched in a folder with these files."""
    for name in FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("before", encoding="utf-8")
    return Watched(Folders(tmp_path))


def saved(watched: Watched, *names: str) -> Changes:
    paths = [watched.folders.root / name for name in names]
    for path in paths:
        path.write_text("after", encoding="utf-8")
    return watched.sort(map(str, paths))


def test_a_notebook_is_known_by_its_name(watched):
    assert saved(watched, "notebooks/20_growth.ipynb") == Changes(frozenset({"20_growth"}))


def test_the_ledger_and_the_parameters_concern_every_notebook(watched):
    assert saved(watched, "data/claims.csv") == Changes(inputs=True)
    assert saved(watched, "notebooks/parameters.yaml") == Changes(inputs=True, settings=True)


def test_settings_saved_with_the_ledger_are_not_all_that_changed(watched):
    assert not saved(watched, "data/claims.csv", "notebooks/parameters.yaml").settings


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith((".py", ".css"))])
def test_code_and_templates_concern_the_program(watched, name):
    assert saved(watched, name) == Changes(program=True)


def test_a_file_saved_as_it_was_is_no_change(watched):
    path = watched.folders.notebooks / "20_growth.ipynb"
    assert not watched.sort([str(path)])


def test_a_deleted_notebook_is_a_change(watched):
    path = watched.folders.notebooks / "20_growth.ipynb"
    path.unlink()
    assert watched.sort([str(path)]) == Changes(frozenset({"20_growth"}))


@pytest.mark.parametrize(
    "name", ["notebooks/.ipynb_checkpoints/a.ipynb", "notebooks/.~20_growth.ipynb", "data/claims.csv~",
             "notebooks/claims/__pycache__/x.pyc", "data/.claims.csv.swp", "data/README.md"]
)  # fmt: skip
def test_backups_and_hidden_files_do_not_matter(watched, name):
    assert not watched.matters(str(watched.folders.root / name))


@pytest.mark.parametrize("name", FILES)
def test_every_input_matters(watched, name):
    assert watched.matters(str(watched.folders.root / name))
