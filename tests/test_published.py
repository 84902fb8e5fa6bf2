"""What is published is what the notebooks give today: their cells, run here, beside their published outputs."""

import ast
import json
import re
from pathlib import Path

import pikepdf
import pytest
from claims.content.assertions import Assertion
from claims.content.phrases import Phrase
from claims.content.tables import NARROW
from claims.show import exhibits
from named_inputs import named_but_not_used

from report.expressions import expressions, results_of

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))
OURS = "application/vnd.ledger."


def is_ours(mime: str) -> bool:
    """Return whether a type is one of our own, pictures aside."""
    return mime.startswith(OURS) and mime != NARROW


def outputs(notebook: str, monkeypatch) -> dict[str, list]:
    """Return what the notebook's cells show, by cell: payloads of our own types and the text of sentences."""
    shown: list = []
    monkeypatch.setattr("IPython.display.display", lambda item, raw=False: shown.append(item if raw else item.data))
    monkeypatch.setattr(
        exhibits, "_pictures", lambda *given: ({"image/svg+xml": "<svg/>"}, [])
    )  # which have tests of their own
    monkeypatch.setenv("REPORT_FINDINGS", str(ROOT / "report/published"))
    names, items_by_cell = {}, {}
    source = json.loads((ROOT / "notebooks" / f"{notebook}.ipynb").read_text(encoding="utf-8"))
    for cell in source["cells"]:
        if cell["cell_type"] == "code":
            shown.clear()
            last = run("".join(cell["source"]), names)
            items_by_cell[cell["id"]] = [ours(item) for item in (*shown, *([last] if last is not None else []))]
        else:
            quoted = expressions("".join(cell["source"]))
            items_by_cell[cell["id"]] = [as_text(eval(each, names)) for each in dict.fromkeys(quoted)]
    return {id: list(filter(None, items)) for id, items in items_by_cell.items() if any(items)}


def run(code: str, names: dict):
    """Run a cell and return the value of its last line, as a notebook does."""
    tree = ast.parse(code)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), names)
    return eval(compile(ast.Expression(last.value), "cell", "eval"), names) if last else None


def ours(item):
    if isinstance(item, str):
        return item
    bundle = item.bundle if isinstance(item, exhibits.Exhibit) else item
    kept = {mime: json.loads(json.dumps(payload)) for mime, payload in bundle.items() if is_ours(mime)}
    return kept or bundle.get("text/markdown")


def as_text(value: object) -> str:
    """Return the value of an inline expression as the page has it."""
    if isinstance(value, Assertion):
        return value.words
    phrase = getattr(value, "phrase", value)
    return phrase.markdown if isinstance(phrase, Phrase) else repr(value)


def published(notebook: str) -> dict[str, list]:
    executed = json.loads((ROOT / "report/published/notebooks" / f"{notebook}.ipynb").read_text(encoding="utf-8"))
    items_by_cell = {}
    for cell in executed["cells"]:
        bundles = [output.get("data", {}) for output in cell.get("outputs", ())]
        items = [
            {mime: data for mime, data in bundle.items() if is_ours(mime)} or joined(bundle.get("text/markdown"))
            for bundle in bundles
        ]
        data = [result["data"] for result in results_of(cell).values()]
        items += [joined(bundle.get("text/markdown", bundle["text/plain"])) for bundle in data]
        if any(items):
            items_by_cell[cell["id"]] = list(filter(None, items))
    return items_by_cell


def joined(text):
    return "".join(text) if text else None


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_published_outputs_are_those_computed_today(notebook, monkeypatch):
    expected = published(notebook)
    assert expected
    assert outputs(notebook, monkeypatch) == expected


def test_no_finding_is_named_by_a_figure_that_it_does_not_use():
    rows = json.loads((ROOT / "report/published/findings.json").read_text(encoding="utf-8"))["findings"]
    assert len(rows) > 500
    assert named_but_not_used(rows) == {}


def test_the_overview_is_two_pages_of_the_pdf_at_most():
    with pikepdf.open(ROOT / "report" / "published" / "report.pdf") as pdf, pdf.open_outline() as outline:
        pages = [page.obj.objgen for page in pdf.pages]
        chapters = [chapter for chapter in outline.root if chapter.title[0].isdigit()]
        first, second = (pages.index(chapter.destination[0].objgen) for chapter in chapters[:2])
    assert first == 0
    assert second <= 3, "the overview, on two pages, and the contents"


def test_every_row_is_on_the_page_that_the_index_names():
    import pypdfium2

    with pypdfium2.PdfDocument(ROOT / "report" / "published" / "report.pdf") as pdf:
        labels = {pdf.get_page_label(place): place for place in range(len(pdf))}
        texts = [page.get_textpage().get_text_range().replace("\u00a0", " ") for page in pdf]
    index = "".join(texts).split("From a row to its pages")[-1]
    found = re.findall(r"(?m)^([FVcoa]\d{1,4}|S\d+) (\d+)\b", index)
    missing = [(row, page) for row, page in found if not re.search(rf"(?m)^{row}\b", texts[labels[page]])]
    assert len(found) > 900
    assert missing == []
