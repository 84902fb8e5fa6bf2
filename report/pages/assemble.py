"""Executed notebooks → one document notebook: exhibits numbered, references resolved, appendices added."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import chain

from claims.show.exhibits import FIGURE, TABLE

from report.pages import appendices
from report.pages.anchors import chapter_anchor, slug
from report.runs import extract

PARAMETER_TAGS = {"parameters", "injected-parameters"}
REFERENCE = re.compile(r"\[(Figure|Table)\]\(#((?:fig|tbl)-[\w.-]+)\)")
EVIDENCE_LINK = re.compile(r"\]\(#((?:fig|tbl|f|v|p|ref)-[\w.-]+|[cao]\d{3,}|S\d+)\)")
NOTEBOOK_LINK = re.compile(r"\]\((?:\./)?(\w+)\.ipynb(?:#([^)\s]*))?\)")

APPENDICES = {
    "run_card": (
        "Run card",
        "The report was run with these parameters, each at its default unless another is told; notebooks are named by "
        "their numbers. A value that differs from its default changes what those notebooks say.",
    ),
    "sources": (
        "Sources",
        "The texts themselves are other people's and are not reprinted here; the hash says which file was read.",
    ),
    "ledger": (
        "The ledger",
        "A row for each printed figure, in the order of the texts. A figure that a text states again has another row.",
    ),
    "derivations": (
        "Derivations",
        "A row for each result: the formula, the ledger rows and results that went into it, and the interval of "
        "values it could stand for.",
    ),
    "verdicts": (
        "Verdicts",
        "A row for each set of figures that was confronted: what decides, which causes are supported or not excluded, "
        "and the nearest printable value that would mend it.",
    ),
    "agreements": (
        "Listed items",
        "A row for each item of each list from which shares of listed items are counted.",
    ),
    "official": (
        "Official figures",
        "A row for each official figure that this report uses, as it is quoted on the page named, with the values it "
        "could stand for. Which authority compiled it is a reading of that page. These figures are no yardstick: they "
        "are further statements, held against the others.",
    ),
}


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


class AssembleError(ValueError):
    """The notebooks do not make one document; `problems` says all of it, one line each."""

    def __init__(self, problems: Iterable[str]):
        self.problems = list(problems)
        count = len(self.problems)
        super().__init__(
            "\n  ".join([f"the report cannot be assembled: {count} problem{'s' * (count != 1)}", *self.problems])
        )


@dataclass(frozen=True)
class Place:
    """A cell of a notebook, for messages."""

    notebook: str
    cell: str

    def __str__(self):
        return f"{self.notebook}, cell {self.cell}"


def assemble(notebooks: Mapping, ledger_tables: Mapping, findings, metadata: Mapping, *, strict: bool = True) -> dict:
    """Return the document, a notebook as JSON has it.

    `notebooks`: name → executed notebook, in reading order. `ledger_tables`: appendix name → table, names as in
    APPENDICES. `findings`: the derivations as a table, or the findings as they leave the kernels. `metadata`: title,
    subtitle, date, language, description, attachments. With `strict`, links that lead nowhere (to a claim, finding,
    source, exhibit or reference) are errors. Raises AssembleError with all that is wrong.
    """
    cells = [_placed(cell, name) for name, notebook in notebooks.items() for cell in notebook["cells"]]
    numbers, problems = _number(cells)
    if problems:
        raise AssembleError(problems)
    tables = _without_unused(_appendix_tables(ledger_tables, findings), cells)
    _call_by_number(cells, tables)
    cells += _appendix_cells(tables, numbers)
    cells += [_check_cell()] if tables else []
    problems = _resolve(cells, numbers, set(notebooks), strict)
    if strict:
        problems += _dangling(cells, set(numbers) | _cell_anchors(cells))
    if problems:
        raise AssembleError(problems)
    said = {"language": "en", **metadata}
    metadata = {"report": said, "language_info": {"name": "python"}}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def _placed(cell: Mapping, notebook: str):
    """Return a copy of the cell that says which notebook it is from and what it is in the report."""
    cell = deepcopy(cell)
    tags = set(cell["metadata"].get("tags", ()))
    role = "parameters" if tags & PARAMETER_TAGS else "prose" if cell["cell_type"] == "markdown" else "code"
    cell["metadata"]["report"] = {"notebook": notebook, "role": role, "cell": cell.get("id", "")}
    cell["id"] = _cell_id(notebook, cell.get("id", ""))
    return cell


def _cell_id(notebook: str, cell: str) -> str:
    return re.sub(r"[^\w-]", "-", f"{notebook}--{cell}", flags=re.ASCII)[-64:]


def _place(cell: Mapping) -> Place:
    said = cell["metadata"]["report"]
    return Place(said["notebook"], said["cell"])


def _exhibits(cells: Iterable) -> Iterator[tuple[Mapping, Mapping, str, Mapping]]:
    """Yield (cell, output, kind, exhibit) of every figure and table of ours."""
    for cell in cells:
        for output in cell.get("outputs", ()):
            for mime, kind in ((TABLE, "Table"), (FIGURE, "Figure")):
                if mime in output.get("data", {}):
                    yield cell, output, kind, output["data"][mime]


def _number(cells) -> tuple[dict[str, tuple[str, str]], list[str]]:
    """Number figures and tables in reading order; return exhibit id → (kind, number), and what is wrong."""
    counts = {"Figure": 0, "Table": 0}
    numbers, problems = {}, []
    for cell, output, kind, exhibit in _exhibits(cells):
        name = exhibit.get("id")
        if not name:
            problems.append(f"{_place(cell)}: a {kind.lower()} has no id; references need one")
            continue
        if name in numbers:
            problems.append(
                f"{_place(cell)}: '{name}' is the id of an earlier {numbers[name][0].lower()} too; ids are used once"
            )
            continue
        counts[kind] += 1
        numbers[name] = (kind, str(counts[kind]))
        output["metadata"].setdefault("report", {}).update(number=counts[kind], kind=kind)
    return numbers, problems


def _appendix_tables(ledger_tables: Mapping, findings) -> dict[str, Mapping]:
    tables = dict(ledger_tables)
    unknown = sorted(set(tables) - set(APPENDICES))
    if unknown:
        raise AssembleError([f"unknown appendix '{name}'; one of: {', '.join(APPENDICES)}" for name in unknown])
    if findings:
        tables["derivations"] = findings if isinstance(findings, Mapping) else appendices.findings_table(findings)
    known = appendices.numbers(*(tables[name] for name in ("derivations", "verdicts") if name in tables))
    return {name: appendices.with_numbers(tables[name], known) for name in APPENDICES if name in tables}


def _without_unused(tables: Mapping[str, Mapping], cells) -> dict[str, Mapping]:
    """Return the appendices, of official figures only what something else leads to, and no table if nothing does."""
    if "official" not in tables:
        return dict(tables)
    others = [table for name, table in tables.items() if name != "official"]
    targets = {*chain.from_iterable(map(_targets, cells)), *chain.from_iterable(map(_exhibit_targets, others))}
    shown = appendices.only_led_to(tables["official"], targets)
    kept = {name: table for name, table in tables.items() if name != "official" or shown["rows"]}
    return {name: shown if name == "official" else table for name, table in kept.items()}


def _call_by_number(cells, tables: Mapping[str, Mapping]) -> None:
    """Call what the rows of a figure's data come from by the numbers of the appendices, short for a column."""
    known = appendices.numbers(*(tables[name] for name in ("derivations", "verdicts") if name in tables))
    for _, output, kind, exhibit in _exhibits(cells):
        if kind == "Figure" and exhibit.get("columns") and exhibit.get("rows"):
            exhibit["csv"] = extract.figure_csv(exhibit).decode("utf-8")  # with the ids, as the file has them
        if exhibit.get("columns") and exhibit["columns"][-1].get("from"):
            output["data"][{"Table": TABLE, "Figure": FIGURE}[kind]] = appendices.with_numbers(exhibit, known)


def _appendix_cells(tables: Mapping[str, Mapping], numbers: dict) -> list:
    """Return for each appendix a heading, a sentence and its table, numbered A1, B1, … after the appendix's letter."""
    cells = []
    for index, (name, table) in enumerate(tables.items()):
        title, sentence = APPENDICES[name]
        kind, number = "Table", f"{chr(65 + index)}1"
        numbers[table["id"]] = (kind, number)
        output = {
            "output_type": "display_data",
            "data": {TABLE: dict(table), "text/plain": title},
            "metadata": {"report": {"number": number, "kind": kind}},
        }
        metadata = {"report": {"notebook": name, "role": "appendix", "cell": name}}
        heads = {"cell_type": "markdown", "source": f"# {title}\n\n{sentence}"}
        shows = {"cell_type": "code", "source": "", "execution_count": None, "outputs": [output]}
        for part, cell in (("", heads), ("-table", shows)):
            cells.append({**cell, "id": f"appendix-{name.replace('_', '-')}{part}", "metadata": deepcopy(metadata)})
    return cells


def _check_cell() -> dict:
    """Return the last appendix: how a reader proves the report."""
    title, text = CHECK
    metadata = {"report": {"notebook": "check_it_yourself", "role": "appendix", "cell": "check_it_yourself"}}
    return {"id": "appendix-check", "cell_type": "markdown", "source": f"# {title}\n\n{text}", "metadata": metadata}


def _texts(cell) -> Iterator[tuple[Mapping, str]]:
    """Yield (holder, key) of each Markdown text of a cell, so that it can be read and replaced."""
    if cell["cell_type"] == "markdown":
        yield cell, "source"
    for output in cell.get("outputs", ()):
        data = output.get("data", {})
        if "text/markdown" in data:
            yield data, "text/markdown"
        for mime in (TABLE, FIGURE):
            if mime in data:
                yield from ((data[mime], key) for key in ("title", "caption", "source") if data[mime].get(key))


def _resolve(cells, numbers: Mapping, notebooks: set[str], strict: bool) -> list[str]:
    """Put numbers into references and anchors into links between notebooks; return what could not be resolved.

    Unless `strict`, a link may lead to a notebook that is left out: the exporters then show its words alone.
    """
    problems = []
    for cell in cells:
        for holder, key in _texts(cell):
            text = holder[key] if isinstance(holder[key], str) else "".join(holder[key])
            text = REFERENCE.sub(lambda found, cell=cell: _reference(found, numbers, cell, problems), text)
            holder[key] = NOTEBOOK_LINK.sub(
                lambda found, cell=cell: _chapter_link(found, notebooks if strict else None, cell, problems), text
            )
    return problems


def _reference(found: re.Match, numbers: Mapping, cell, problems: list[str]) -> str:
    wanted, name = found.groups()
    kind, number = numbers.get(name, (None, None))
    if kind is None:
        problems.append(f"{_place(cell)}: {found[0]}: there is no {wanted.lower()} '{name}'{_meant(name, numbers)}")
    elif kind != wanted:
        problems.append(f"{_place(cell)}: {found[0]}: '{name}' is a {kind.lower()}; write [{kind}](#{name})")
    else:
        return f"[{kind} {number}](#{name})"
    return found[0]


def _meant(name: str, known: Iterable[str]) -> str:
    close = get_close_matches(name, sorted(known), 1)
    return f"; did you mean '{close[0]}'?" if close else ""


def _chapter_link(found: re.Match, notebooks: set[str] | None, cell, problems: list[str]) -> str:
    name, section = found.groups()
    if notebooks is not None and name not in notebooks:
        problems.append(f"{_place(cell)}: {name}.ipynb is not part of this report{_meant(name, notebooks)}")
        return found[0]
    return f"](#{chapter_anchor(name)}{'-' + slug(section) if section else ''})"


def _cell_anchors(cells) -> set[str]:
    return {item["id"] for _, _, _, exhibit in _exhibits(cells) for item in _linked_items(exhibit) if item.get("id")}


def _linked_items(exhibit: Mapping) -> Iterator[Mapping]:
    """Yield every link, anchor and marked stretch of an exhibit's heads, cells and alt text."""
    for column in exhibit.get("columns", ()):
        yield from _items(column.get("head"))
    for row in exhibit.get("rows", ()):
        for cell in row:
            yield from _items(cell)
    for _, anchor, _ in exhibit.get("alt_chain", ()):
        yield {"href": f"#{anchor}"} if anchor else {}


def _items(cell) -> Iterator[Mapping]:
    if isinstance(cell, list):
        for part in cell:
            yield from _items(part)
    elif isinstance(cell, dict):
        yield from _items(cell["runs"]) if "runs" in cell else (cell,)


def _targets(cell) -> Iterator[str]:
    """Yield what the evidence links of a cell (to a figure, finding, source or exhibit) lead to."""
    for holder, key in _texts(cell):
        text = holder[key] if isinstance(holder[key], str) else "".join(holder[key])
        yield from EVIDENCE_LINK.findall(REFERENCE.sub("", text))  # references are told of by themselves
    for output in cell.get("outputs", ()):
        for mime in (TABLE, FIGURE):
            yield from _exhibit_targets(output.get("data", {}).get(mime, {}))


def _exhibit_targets(exhibit: Mapping) -> Iterator[str]:
    for item in _linked_items(exhibit):
        if item.get("href"):
            yield from EVIDENCE_LINK.findall(f"]({item['href']})")


def _dangling(cells, anchors: set[str]) -> list[str]:
    """Return a problem for each link (to a figure, finding, source, exhibit or reference) that leads nowhere."""
    problems = []
    for cell in cells:
        for target in dict.fromkeys(_targets(cell)):
            if target not in anchors:
                problems.append(
                    f"{_place(cell)}: a link leads to '#{target}', which is not here{_meant(target, anchors)}"
                )
    return problems
