"""Tables and figures that chapters leave to the appendix: moved there, a section for each chapter, in their order.

An author declares it where they are defined, `book.table(…, place="appendix")`; the notebook shows them at their call.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from claims.content.tables import APPENDIX, Figure, Table

__all__ = ["LETTER", "NAME", "ROLE", "MovedExhibit", "is_moved", "left_line", "moved_cells", "take_out"]

LETTER = "A"  # of the appendix: its tables and its figures are A1, A2, …
NAME = "detailed_tables_and_charts"
ROLE = "moved"  # of the cells of this appendix
TITLE = "Detailed tables and charts"
SENTENCE = "Each table and chart is listed under the chapter that quotes it, and names the sections that discuss it."


class MovedExhibit(NamedTuple):
    """A table or figure for the appendix: the cell whose output it is, that output, and what it shows."""

    cell: dict
    output: dict
    content: Table | Figure

    @property
    def notebook(self) -> str:
        """The notebook that shows it."""
        return self.cell["metadata"]["report"]["notebook"]


def is_moved(content: Table | Figure) -> bool:
    """Return whether an exhibit belongs to the appendix."""
    return content.place == APPENDIX


def take_out(moved: Sequence[MovedExhibit], cells: Sequence[dict], referred: Collection[tuple[str, str]]) -> list[dict]:
    """Return the cells without these exhibits, a line in place of those that their notebook's prose does not refer to.

    `referred` has (notebook, id of an exhibit) for every reference in prose. The outputs of `cells` are changed.
    """
    by_cell: dict[int, list[MovedExhibit]] = {}
    for each in moved:
        by_cell.setdefault(id(each.cell), []).append(each)
    kept: list[dict] = []
    waiting: list[Table | Figure] = []
    for cell in cells:
        gone = by_cell.get(id(cell), [])
        outputs = [output for output in cell.get("outputs", ()) if not any(output is each.output for each in gone)]
        if waiting and (outputs or cell["cell_type"] == "markdown"):
            kept.append(_line_cell(kept[-1], waiting))
            waiting = []
        if gone:
            cell["outputs"] = outputs
        kept.append(cell)
        waiting += [each.content for each in gone if (each.notebook, each.content.id) not in referred]
    return [*kept, _line_cell(kept[-1], waiting)] if waiting else kept


def _line_cell(above: Mapping, exhibits: Sequence[Table | Figure]) -> dict:
    """Return the cell with the line on `exhibits`, below the cell `above`."""
    metadata = {"report": {**above["metadata"]["report"], "role": "prose"}}
    cell = {"id": f"{above['id'][-56:]}-line", "cell_type": "markdown", "metadata": metadata}
    return {**cell, "source": left_line(*exhibits)}


def left_line(*exhibits: Table | Figure) -> str:
    """Return the line that is left where tables and figures were, with a reference to each.

    >>> left_line(Table(id="tbl-quarters", title="Quarters, and years"), Figure(id="fig-rates", title="Rates"))
    'In the appendix: [Table](#tbl-quarters), Quarters, and years; [Figure](#fig-rates), Rates.'
    """
    named = (f"[{type(each).__name__}](#{each.id}), {each.title.rstrip('.')}" for each in exhibits)
    return f"In the appendix: {'; '.join(named)}."


def moved_cells(moved: Sequence[MovedExhibit], titles: Mapping[str, str]) -> Iterator[dict]:
    """Yield the cells of the appendix: its heading, and for each notebook its title and its exhibits."""
    if moved:
        yield _heading_cell("heading", NAME, f"# {TITLE}\n\n{SENTENCE}")
    for notebook, exhibits in groupby(moved, lambda each: each.notebook):
        yield _heading_cell(notebook, NAME, f"## {titles.get(notebook) or notebook}")
        for each in exhibits:
            metadata = {"report": {**each.cell["metadata"]["report"], "role": ROLE}}
            cell = {"id": f"moved-{each.content.id}"[:64], "cell_type": "code", "metadata": metadata, "source": ""}
            yield {**cell, "execution_count": None, "outputs": [each.output]}


def _heading_cell(part: str, notebook: str, source: str) -> dict:
    metadata = {"report": {"notebook": notebook, "role": ROLE, "cell": part}}
    id = f"moved-{part.replace('_', '-')}"[:64]
    return {"id": id, "cell_type": "markdown", "metadata": metadata, "source": source}
