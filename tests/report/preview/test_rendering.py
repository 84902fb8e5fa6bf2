"""A chapter among outlines of the others comes out as in the whole page."""

import json
import re

import pytest
from claims.content.phrases import Anchor, Link, Phrase
from claims.content.tables import Cell, Column, Table, walk

from report.folders import Folders
from report.pages.anchors import chapter_anchor
from report.preview.outlines import outline_notebook, outline_table
from report.preview.rendering import Renderer, Sources, chapter_ranges
from report.runs import parameters, selection
from report.runs.printed import read_ledger
from report.stops import NotebookFailed

FOLDERS = Folders()
NAMES = [path.stem for path in sorted((FOLDERS.published / "notebooks").glob("*.ipynb"))]


@pytest.fixture(scope="module")
def sources() -> Sources:
    """Return the inputs of this report."""
    notebooks = selection.read_all(FOLDERS.notebooks)
    declared = parameters.load_parameters(FOLDERS.notebooks / "parameters.yaml")
    return Sources(notebooks, {}, declared, read_ledger(FOLDERS.ledger))


@pytest.fixture(scope="module")
def executed() -> dict[str, dict]:
    """Return the published runs."""
    paths = sorted((FOLDERS.published / "notebooks").glob("*.ipynb"))
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in paths}


@pytest.fixture(scope="module")
def renderer(sources, executed) -> tuple[Renderer, tuple[str, ...]]:
    """Return a renderer, and the blocks of the whole page that it has rendered."""
    renderer = Renderer({})
    *steps, page = renderer.render_page(sources, executed)
    assert set(steps) == {None}
    return renderer, page.blocks


@pytest.mark.parametrize("name", NAMES)
def test_a_chapter_alone_is_the_chapter_of_the_page(name, renderer, sources, executed):
    renderer, whole = renderer
    [chapter] = renderer.render_chapters(sources, executed, [name])
    start, end = chapter_ranges(whole)[chapter_anchor(name)]
    assert end - start > 5
    assert chapter.blocks == whole[start:end]


def test_the_chapters_and_appendices_make_up_the_page(renderer):
    _, whole = renderer
    ranges = chapter_ranges(whole)
    assert [*ranges][: len(NAMES)] == [chapter_anchor(name) for name in NAMES]
    assert sum(end - start for start, end in ranges.values()) == len(whole)


def test_an_edited_sentence_is_in_its_chapter_only(renderer, sources, executed):
    renderer, whole = renderer
    name = NAMES[2]
    cell = next(cell for cell in executed[name]["cells"] if cell["cell_type"] == "markdown")
    edited = {**cell, "source": [*cell["source"], "\n\nWritten while reading."]}
    cells = [edited if each is cell else each for each in executed[name]["cells"]]
    [chapter] = renderer.render_chapters(sources, {**executed, name: {**executed[name], "cells": cells}}, [name])
    assert "Written while reading." in "".join(chapter.blocks)
    assert len({*chapter.blocks} - {*whole}) == 1


def test_a_link_that_leads_nowhere_is_reported_at_once(renderer, sources, executed):
    renderer, _ = renderer
    name = NAMES[2]
    cells = [{"cell_type": "markdown", "id": "new", "metadata": {}, "source": "[7%](#c999)"}]
    broken = {**executed, name: {**executed[name], "cells": [*executed[name]["cells"], *cells]}}
    with pytest.raises(NotebookFailed, match="c999"):
        list(renderer.render_chapters(sources, broken, [name]))


def test_an_outline_of_a_table_knows_which_results_count_the_rows_of_a_table():
    column = Column("number", Phrase(("No.",)))
    parts = Anchor("F1", "f-items"), "13", Link("agreements.csv", "tbl-agreements"), Link("c001", "c001")
    alone = Cell((Phrase((Link("agreements.csv", "tbl-agreements"),)),))
    counts = Table(columns=(column,), rows=((Cell((Phrase(parts),)),), (alone,)))
    assert [[*walk(*row)] for row in outline_table(counts).rows] == [[parts[0], parts[2]]]


def test_an_outline_has_no_code_and_no_pictures(executed):
    text = json.dumps(outline_notebook(executed[NAMES[2]]))
    assert "image/svg+xml" not in text and "import" not in re.findall(r'"source": "[^"]', text)
    assert len(text) < len(json.dumps(executed[NAMES[2]])) / 3
