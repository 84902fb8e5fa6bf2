"""The appendices as cells of the document: for each a heading, a sentence, and its table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from claims.content.tables import TABLE, Table

from report.pages.reading import ExhibitJson

__all__ = ["APPENDICES", "appendix_cell", "appendix_cells"]

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
        "A row for each item of each list from which shares of listed items are counted. Rows that restate an item, or "
        "would only happen in it, are not counted.",
    ),
    "official": (
        "Official figures",
        "A row for each official figure that this report uses, as it is quoted on the page named, with the values it "
        "could stand for. Which authority compiled it is a reading of that page. These figures are no yardstick: they "
        "are further statements, held against the others.",
    ),
}


def appendix_cells(tables: Mapping[str, Table], numbers: dict[str, tuple[str, str]], first: int = 0) -> Iterator[dict]:
    """Yield for each appendix a heading, a sentence and its table, numbered B1, C1, … after the appendix's letter.

    `first` is how many appendices come before these.
    """
    for index, (name, table) in enumerate(tables.items(), start=first):
        title, sentence = APPENDICES[name]
        kind, number = "Table", f"{chr(65 + index)}1"
        numbers[table.id] = (kind, number)
        output = {
            "output_type": "display_data",
            "data": {TABLE: ExhibitJson(table), "text/plain": title},
            "metadata": {"report": {"number": number, "kind": kind}},
        }
        yield appendix_cell(name, cell_type="markdown", source=f"# {title}\n\n{sentence}")
        yield appendix_cell(name, "-table", cell_type="code", source="", execution_count=None, outputs=[output])


def appendix_cell(name: str, part: str = "", **content: object) -> dict:
    """Return a cell of the appendix `name`; `part` ends its id where the appendix has several."""
    metadata = {"report": {"notebook": name, "role": "appendix", "cell": name}}
    return {"id": f"appendix-{name.replace('_', '-')}{part}", "metadata": metadata, **content}
