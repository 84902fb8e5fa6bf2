"""Executed notebooks → one document notebook: exhibits numbered, references resolved, appendices added."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path

from claims.content.phrases import Anchor, Link, Part
from claims.content.tables import FIGURE, TABLE, Figure, Table
from claims.tables.messages import did_you_mean
from claims.words import citations, references

from report.pages import moved_exhibits
from report.pages.anchors import chapter_anchor, slug
from report.pages.appendix_cells import APPENDICES, appendix_cell, appendix_cells
from report.pages.left_out import without_empty, without_uncounted, without_unused
from report.pages.long_tables import narrow, redirect, rows_of_each, shorten, shorten_lists
from report.pages.reading import ExhibitJson, joined, load_exhibit, with_values
from report.pages.registers import cited_rows, row_numbers, with_numbers
from report.runs import extract
from report.runs.cited_works import list_keys
from report.stops import NotebookFailed

__all__ = ["CHECK", "assemble"]

PARAMETER_TAGS = {"parameters", "injected-parameters"}
REFERENCE = re.compile(r"\[(Figure|Table)\]\(#((?:fig|tbl)-[\w.-]+)\)")
EVIDENCE = re.compile(r"(?:fig|tbl|f|v|p|ref)-[\w.-]+|[cao]\d{3,}|S\d+")
EVIDENCE_LINK = re.compile(rf"\]\(#({EVIDENCE.pattern})\)")
HEADING = re.compile(r"^#{1,6} +(.+?) *$", re.M)
NOTEBOOK_LINK = re.compile(r"\]\((?:\./)?(\w+)\.ipynb(?:#([^)\s]*))?\)")


CHECK = (
    "Check it yourself",
    """Nothing here has to be believed. In a copy of the repository, with Python, make, git and nothing else installed:

```sh
make verify                 # runs it all again, and compares
make check                  # follows every number to its line
make check SOURCES=folder   # holds every row against the texts
```

- **verify** says *identical*, and how many files, cells and values it compared; or it names where the files begin to
  differ, by page, cell or row, what has likely caused it, and the command that mends it.
- **check** counts the numbers that lead to evidence, those that are dates, citations, parameters or formulas, and those
  that lead nowhere, of which there must not be any.
- With **SOURCES** it looks for every printed figure on the line that its row names.

Who wants to run nothing can compare hashes: the manifest beside this report names that of every input and output, and
the files attached to the PDF are those of the repository, byte for byte.""",
)


@dataclass
class _ShownExhibit:
    """A figure or table of ours with the cell and the output that show it."""

    cell: dict
    output: dict
    content: Table | Figure

    @property
    def kind(self) -> str:
        return "Table" if isinstance(self.content, Table) else "Figure"

    def keep_numbers(self) -> None:
        """Keep the file of a figure's numbers as it is published, before its rows are changed for the page."""
        if isinstance(self.content, Figure) and self.content.columns and self.content.rows:
            self.content = replace(self.content, csv=extract.figure_csv(self.content).decode("utf-8"))


def assemble(
    notebooks: Mapping[str, Mapping],
    tables: Mapping[str, Table],
    metadata: Mapping,
    works: Path = references.FILE,
    *,
    strict: bool = True,
) -> dict:
    """Return the document, a notebook as JSON has it.

    `notebooks`: name → executed notebook, in reading order. `tables`: appendix name → table, names as in APPENDICES.
    `metadata`: title, subtitle, date, edition and the like, attachments. `works`: the list that citations are from.
    With `strict`, links to nothing (a claim, finding, source, exhibit or reference that is not there) are errors.
    Raises NotebookFailed with every problem.
    """
    unknown = sorted(set(tables) - set(APPENDICES))
    if unknown:
        raise _failure(f"unknown appendix '{name}'; one of: {', '.join(APPENDICES)}" for name in unknown)
    copies = [_copied(cell, name) for name, notebook in notebooks.items() for cell in with_values(notebook)]
    cells = without_empty(copies)
    exhibits = list(_exhibits(cells))
    numbers, problems = _number(exhibits)
    if problems:
        raise _failure(problems)
    appendices = _appendices(tables, cells, exhibits)
    titles = _titles(cells)
    cells, moved = _without_moved(cells, exhibits)
    added = list(appendix_cells(appendices, numbers, first=1 if moved else 0))
    cells += [*moved_exhibits.moved_cells(moved, titles), *added]
    if appendices:
        title, text = CHECK
        cells.append(appendix_cell("check_it_yourself", cell_type="markdown", source=f"# {title}\n\n{text}"))
    problems = _resolve_citations(cells, works)
    problems += _resolve(cells, numbers, set(notebooks), strict)
    if strict:
        shown = {id(exhibit.output): exhibit.content for exhibit in exhibits}
        outputs = (output for cell in added for output in _shown_outputs(cell))
        shown |= {id(output): table for output, table in zip(outputs, appendices.values(), strict=True)}
        problems += _dangling(cells, set(numbers), shown)
    if problems:
        raise _failure(problems)
    return {
        "cells": cells,
        "metadata": {"report": {"language": "en", **metadata}, "language_info": {"name": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _failure(problems: Iterable[str]) -> NotebookFailed:
    return NotebookFailed.listing("the report cannot be assembled", problems)


def _copied(cell: Mapping, notebook: str) -> dict:
    """Return a copy of the cell with its notebook, its role in the report and an id of its own.

    What it shows is not copied, only the places of it: assembling replaces values, and changes none.
    """
    copy = {**cell, "metadata": {**cell["metadata"]}}
    if "outputs" in copy:
        copy["outputs"] = [_copied_output(output) for output in copy["outputs"]]
    tags = set(copy["metadata"].get("tags", ()))
    role = "parameters" if tags & PARAMETER_TAGS else "prose" if copy["cell_type"] == "markdown" else "code"
    copy["metadata"]["report"] = {"notebook": notebook, "role": role, "cell": copy.get("id", "")}
    copy["id"] = re.sub(r"[^\w-]", "-", f"{notebook}--{copy.get('id', '')}", flags=re.ASCII)[-64:]
    return copy


def _copied_output(output: Mapping) -> dict:
    return {**output, **{name: {**output[name]} for name in ("data", "metadata") if name in output}}


def _location(cell: Mapping) -> str:
    """Return where a cell is, for messages."""
    origin = cell["metadata"]["report"]
    return f"{origin['notebook']}, cell {origin['cell']}"


def _exhibits(cells: Iterable[dict]) -> Iterator[_ShownExhibit]:
    """Yield every figure and table of ours, in reading order."""
    for cell in cells:
        for output in _shown_outputs(cell):
            yield _ShownExhibit(cell, output, load_exhibit(output["data"]))


def _shown_outputs(cell: Mapping) -> list[dict]:
    """Return the outputs of a cell that are figures or tables of ours."""
    return [output for output in cell.get("outputs", ()) if not {TABLE, FIGURE}.isdisjoint(output.get("data", {}))]


def _number(exhibits: Iterable[_ShownExhibit]) -> tuple[dict[str, tuple[str, str]], list[str]]:
    """Number figures and tables in the order of the pages; return exhibit id → (kind, number), and what is wrong.

    Those for the appendix are counted by themselves: A1, A2, …
    """
    counts: Counter[str] = Counter()
    numbers: dict[str, tuple[str, str]] = {}
    places: dict[str, str] = {}
    problems = []
    for exhibit in exhibits:
        id, kind, location = exhibit.content.id, exhibit.kind, _location(exhibit.cell)
        if not id:
            problems.append(f"{location}: a {kind.lower()} has no id; references need one")
        elif id in numbers:
            remedy = f"show it once, and refer to it elsewhere, as in [{numbers[id][0]}](#{id})"
            earlier = f"an earlier {numbers[id][0].lower()} too, in {places[id]}"
            problems.append(f"{location}: '{id}' is the id of {earlier}; {remedy}")
        else:
            letter = moved_exhibits.LETTER if moved_exhibits.is_moved(exhibit.content) else ""
            counts[kind + letter] += 1
            numbers[id], places[id] = (kind, f"{letter}{counts[kind + letter]}"), location
            noted = exhibit.output["metadata"].get("report", {})
            exhibit.output["metadata"]["report"] = {**noted, "number": numbers[id][1], "kind": kind}
    return numbers, problems


def _titles(cells: Iterable[Mapping]) -> dict[str, str]:
    """Return the title of each notebook's chapter: its first heading."""
    titles: dict[str, str] = {}
    for cell in cells:
        if cell["cell_type"] == "markdown" and (heading := HEADING.search(joined(cell["source"]))):
            titles.setdefault(cell["metadata"]["report"]["notebook"], heading[1])
    return titles


def _without_moved(
    cells: Sequence[dict], exhibits: Iterable[_ShownExhibit]
) -> tuple[list[dict], list[moved_exhibits.MovedExhibit]]:
    """Return the cells without the exhibits that belong to the appendix, and those exhibits."""
    moved = [
        moved_exhibits.MovedExhibit(exhibit.cell, exhibit.output, exhibit.content)
        for exhibit in exhibits
        if moved_exhibits.is_moved(exhibit.content)
    ]
    referred = {
        (cell["metadata"]["report"]["notebook"], id)
        for cell in cells
        if cell["cell_type"] == "markdown"
        for _, id in REFERENCE.findall(joined(cell["source"]))
    }
    return moved_exhibits.take_out(moved, cells, referred), moved


def _appendices(
    tables: Mapping[str, Table], cells: Sequence[dict], exhibits: Sequence[_ShownExhibit]
) -> dict[str, Table]:
    """Return the appendices in order, findings and verdicts called by their numbers, in the figures' data as well.

    Of official figures there are only those that something else links to, and no table if nothing does; of parameters,
    those of chapters that are not left out.
    """
    numbers = row_numbers(*(tables[name] for name in ("derivations", "verdicts") if name in tables))

    def numbered(part: Part) -> Part:
        return with_numbers(part, numbers)

    appendices = {name: tables[name].map_rows(numbered) for name in APPENDICES if name in tables}
    if "run_card" in appendices:
        chapters = {chapter_anchor(cell["metadata"]["report"]["notebook"]) for cell in cells}
        appendices["run_card"] = without_unused(appendices["run_card"], chapters)
    exhibited = set(_link_targets(*(exhibit.content for exhibit in exhibits)))
    referred = {id for cell in cells for *_, text in _texts(cell) for _, id in REFERENCE.findall(text)}
    appendices = without_uncounted(appendices, {*chain.from_iterable(map(_text_targets, cells)), *exhibited, *referred})
    if "official" in appendices:
        others = (table for name, table in appendices.items() if name != "official")
        texts = chain.from_iterable(map(_text_targets, cells))
        targets = {*texts, *exhibited, *_link_targets(*others)}
        appendices["official"] = cited_rows(appendices["official"], targets)
        if not appendices["official"].rows:
            del appendices["official"]
    appendices = _shorten(appendices, exhibits, cells)
    for exhibit in exhibits:
        _call_by_number(exhibit, numbered)
    return appendices


def _shorten(
    appendices: Mapping[str, Table], exhibits: Sequence[_ShownExhibit], cells: Iterable[dict]
) -> dict[str, Table]:
    """Return the appendices, and change the exhibits: without what is too much for a page, and links to it."""
    outsides = [replace(exhibit.content, rows=()) for exhibit in exhibits]  # headings and alt texts link as prose does
    targets = {*chain.from_iterable(map(_text_targets, cells)), *_link_targets(*outsides)}
    contents = [*appendices.values(), *(exhibit.content for exhibit in exhibits)]
    most = rows_of_each(len(content.rows) for content in contents)
    gone: dict[str, str] = {}
    shorter = dict(appendices)
    for name, table in appendices.items():
        shorter[name], rows = shorten(shorten_lists(table), targets, most)
        gone |= rows
    for exhibit in exhibits:
        exhibit.keep_numbers()
        exhibit.content, rows = shorten(shorten_lists(narrow(exhibit.content)), targets, most)
        gone |= rows
    if not gone:
        return shorter
    for exhibit in exhibits:
        exhibit.content = exhibit.content.map_rows(lambda part: redirect(part, gone))
    return {name: table.map_rows(lambda part: redirect(part, gone)) for name, table in shorter.items()}


def _call_by_number(exhibit: _ShownExhibit, numbered: Callable[[Part], Part]) -> None:
    """Call what the rows of an exhibit's data are computed from by the numbers of the appendices, short for a column.

    The file of a figure's data keeps the ids.
    """
    content = exhibit.content
    if content.columns and content.columns[-1].origins:
        content = content.map_rows(numbered)
    exhibit.output["data"][TABLE if isinstance(content, Table) else FIGURE] = ExhibitJson(content)


def _texts(cell: dict) -> Iterator[tuple[dict, str, str]]:
    """Yield (object, key, text) of each Markdown text of a cell, so that it can be read and replaced."""
    holders: list[tuple[dict, str]] = [(cell, "source")] if cell["cell_type"] == "markdown" else []
    for output in cell.get("outputs", ()):
        data = output.get("data", {})
        holders.append((data, "text/markdown"))
        for mime in (TABLE, FIGURE):
            holders += [(data[mime], key) for key in ("title", "caption", "source") if mime in data]
    for holder, key in holders:
        if holder.get(key):
            yield holder, key, holder[key] if isinstance(holder[key], str) else "".join(holder[key])


def _resolve_citations(cells: Iterable[dict], works: Path) -> list[str]:
    """Put in the words of citations, each linked to its work; return those of works that are not listed."""
    citing = [(cell, *text) for cell in cells for text in _texts(cell) if citations.cited_keys(text[-1])]
    keys = list_keys(works) if citing else []
    problems = [
        f"{_location(cell)}: {problem}"
        for cell, *_, text in citing
        for problem in citations.unknown_citations(text, keys)
    ]
    if citing and not problems:
        resolved = citations.with_citations([text for *_, text in citing], works)
        for (_, holder, key, _), text in zip(citing, resolved, strict=True):
            holder[key] = text
    return problems


def _resolve(
    cells: Iterable[dict], numbers: Mapping[str, tuple[str, str]], notebooks: set[str], strict: bool
) -> list[str]:
    """Put numbers into references and anchors into links between notebooks; return what could not be resolved.

    Unless `strict`, a link may name a notebook that is left out: the exporters then show its words alone.
    """
    problems: list[str] = []
    for cell in cells:
        reference = partial(_reference, numbers=numbers, cell=cell, problems=problems)
        link = partial(_chapter_link, notebooks=notebooks if strict else None, cell=cell, problems=problems)
        for holder, key, text in list(_texts(cell)):
            holder[key] = NOTEBOOK_LINK.sub(link, REFERENCE.sub(reference, text))
    return problems


def _reference(match: re.Match, numbers: Mapping[str, tuple[str, str]], cell: Mapping, problems: list[str]) -> str:
    wanted, id = match.groups()
    if id not in numbers:
        problems.append(f"{_location(cell)}: {match[0]}: there is no {wanted.lower()} '{id}'{_suggestion(id, numbers)}")
        return match[0]
    kind, number = numbers[id]
    if kind != wanted:
        problems.append(f"{_location(cell)}: {match[0]}: '{id}' is a {kind.lower()}; write [{kind}](#{id})")
        return match[0]
    return f"[{kind} {number}](#{id})"


def _suggestion(name: str, names: Iterable[str]) -> str:
    hint = did_you_mean(name, sorted(names))
    return f"; {hint}" if hint else ""


def _chapter_link(match: re.Match, notebooks: set[str] | None, cell: Mapping, problems: list[str]) -> str:
    name, section = match.groups()
    if notebooks is not None and name not in notebooks:
        problems.append(f"{_location(cell)}: {name}.ipynb is not part of this report{_suggestion(name, notebooks)}")
        return match[0]
    return f"](#{chapter_anchor(name)}{'-' + slug(section) if section else ''})"


def _text_targets(cell: dict) -> Iterator[str]:
    """Yield the targets of the evidence links (to a figure, finding, source or exhibit) in a cell's Markdown."""
    for _, _, text in _texts(cell):
        yield from EVIDENCE_LINK.findall(REFERENCE.sub("", text))  # references have messages of their own


def _link_targets(*contents: Table | Figure) -> Iterator[str]:
    """Yield the targets of the evidence links in headings, cells and alt texts."""
    parts = chain.from_iterable(content.parts() for content in contents)
    yield from filter(EVIDENCE.fullmatch, dict.fromkeys(part.to for part in parts if isinstance(part, Link)))


def _dangling(cells: Sequence[dict], ids: set[str], read: Mapping[int, Table | Figure]) -> list[str]:
    """Return a problem for each evidence link whose target is neither one of `ids` nor an anchor of a table's cell.

    `read` has what was read of outputs already, by the id of the object.
    """
    contents = [
        [read.get(id(output)) or load_exhibit(output["data"]) for output in _shown_outputs(cell)] for cell in cells
    ]
    parts = chain.from_iterable(content.parts() for content in chain.from_iterable(contents))
    anchors = {part.id for part in parts if isinstance(part, Anchor)} | ids
    problems = []
    for cell, shown in zip(cells, contents, strict=True):
        for target in dict.fromkeys([*_text_targets(cell), *_link_targets(*shown)]):
            if target not in anchors:
                suggestion = _suggestion(target, anchors)
                problems.append(f"{_location(cell)}: a link leads to '#{target}', which is not here{suggestion}")
    return problems
