"""The published PDF has the structure that its standards and its readers ask for, and each check sees its fault."""

import json
from io import BytesIO
from pathlib import Path

import pdf_structure as structure
import pikepdf
import pytest
import sample_document as sample
from claims.show.exhibits import FIGURE
from nbformat import from_dict
from pikepdf import Array, Dictionary, Name, String

from report.pages.exporters import TypstPDFExporter

ROOT = Path(__file__).resolve().parents[3]
PUBLISHED = ROOT / "report" / "published"


@pytest.fixture(scope="module")
def published():
    with pikepdf.open(PUBLISHED / "report.pdf") as pdf:
        yield pdf


@pytest.fixture(scope="module")
def pdf_bytes() -> bytes:
    return TypstPDFExporter().from_notebook_node(from_dict(sample.document(20)))[0]


@pytest.fixture
def small(pdf_bytes):
    with pikepdf.open(BytesIO(pdf_bytes)) as pdf:
        yield pdf


def captions() -> list[str]:
    """Return the titles and captions of all published figures."""
    notebooks = [json.loads(path.read_text(encoding="utf-8")) for path in sorted((PUBLISHED / "notebooks").iterdir())]
    outputs = [o for book in notebooks for cell in book["cells"] for o in cell.get("outputs", ())]
    figures = [output["data"][FIGURE] for output in outputs if FIGURE in output.get("data", {})]
    assert figures
    return [figure[key] for figure in figures for key in ("title", "caption") if figure.get(key)]


def assert_passed(checked: structure.Checked, at_least: int = 1) -> None:
    assert checked.faults == ()
    assert checked.examined >= at_least


def first_chapter(pdf) -> int:
    """Return the place of the page that the first numbered chapter opens."""
    pages = [page.obj.objgen for page in pdf.pages]
    chapter = next(mark for level, title, mark in structure.bookmarks(pdf) if level == 1 and title.startswith("1 "))
    target = chapter.destination if chapter.destination is not None else chapter.action.D
    return pages.index(target[0].objgen)


@pytest.mark.parametrize("check", structure.CHECKS)
def test_the_published_pdf_passes(check, published):
    assert_passed(check(published), at_least=3)


def test_no_alt_text_repeats_the_title_or_the_caption(published):
    assert_passed(structure.pictures_are_described(published, captions()), at_least=10)


def test_published_pages_are_labelled_as_they_are_numbered(published):
    chapter = first_chapter(published)
    assert chapter == 0, "the report begins with its first chapter, below the title"
    assert_passed(structure.pages_are_labelled(published, chapter), at_least=len(published.pages))


def test_ledger_findings_and_notebooks_are_attached_to_the_pdf(published):
    files = [
        *(ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"),
        PUBLISHED / "findings.csv",
        ROOT / "data" / "datapackage.json",
    ]
    package = json.loads((ROOT / "data" / "datapackage.json").read_text(encoding="utf-8"))
    files += [ROOT / "data" / resource["path"] for resource in package["resources"]]
    assert_passed(structure.attachments_are(published, {path.name: path.read_bytes() for path in files}), at_least=15)


# ---- each check sees its fault ----


def untag(pdf):
    pdf.Root.MarkInfo.Marked = False


def claim_another_standard(pdf):
    with pdf.open_metadata() as metadata:
        metadata["pdfaid:conformance"] = "B"


def describe_a_picture_as_another(pdf):
    first, second = [e.item for e in structure.elements(pdf) if e.tag == "Figure"][:2]
    first.Alt = second.Alt


def take_a_head_away(pdf):
    table = next(e.item for e in structure.elements(pdf) if e.tag == "Table")
    for cell in structure._below(table):
        if cell.S == Name.TH:
            cell.S = Name.TD


def skip_a_level(pdf):
    next(e.item for e in structure.elements(pdf) if e.tag == "H2").S = Name.H4


def drop_a_bookmark(pdf):
    with pdf.open_outline() as outline:
        del outline.root[-1]


def order_by_rows(pdf):
    next(page for page in pdf.pages if "/Annots" in page).Tabs = Name.R


def take_a_font_out(pdf):
    del next(structure.fonts(pdf)).DescendantFonts[0].FontDescriptor.FontFile3


def break_a_link(pdf):
    next(note for _, note in structure.notes(pdf)).Dest = String("nowhere")


def run_a_script(pdf):
    action = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
    next(note for _, note in structure.notes(pdf)).A = pdf.make_indirect(action)


FAULTS = dict(
    zip(
        structure.CHECKS,
        (untag, claim_another_standard, describe_a_picture_as_another, take_a_head_away, skip_a_level, drop_a_bookmark,
         order_by_rows, take_a_font_out, break_a_link, run_a_script),
        strict=True,
    )
)  # fmt: skip


@pytest.mark.parametrize("check", structure.CHECKS)
def test_a_check_sees_the_fault_it_is_for(check, small):
    different(small)
    assert_passed(check(small))
    FAULTS[check](small)
    assert check(small).faults


def different(pdf):
    """Describe every picture of the sample in other words: there, two are the same."""
    for place, element in enumerate(e for e in structure.elements(pdf) if e.tag == "Figure"):
        element.item.Alt = String(f"{element.item.Alt} ({place})")


@pytest.mark.parametrize("check", [c for c in structure.CHECKS if c is not structure.does_nothing_by_itself])
def test_a_check_that_examined_nothing_fails(check):
    with pikepdf.new() as empty:
        empty.add_blank_page()
        empty.Root.StructTreeRoot = Dictionary(K=Array())
        assert not check(empty).passed


def test_a_filler_and_a_caption_are_no_description(small):
    different(small)
    picture = next(e.item for e in structure.elements(small) if e.tag == "Figure")
    assert structure.pictures_are_described(small, [str(picture.Alt)]).faults
    picture.Alt = String("No description has been provided for this image")
    assert structure.pictures_are_described(small).faults


def test_a_page_with_another_label_is_seen(small):
    chapter = first_chapter(small)
    assert_passed(structure.pages_are_labelled(small, chapter))
    assert structure.pages_are_labelled(small, chapter + 1).faults


def test_wrong_extra_and_missing_attachments_are_noticed(small):
    files = {"claims.csv": b"id\nc001\n"}
    assert_passed(structure.attachments_are(small, files))
    assert structure.attachments_are(small, {"claims.csv": b"id\nc002\n"}).faults
    assert structure.attachments_are(small, {}).faults
    assert structure.attachments_are(small, {**files, "other.csv": b""}).faults


@pytest.mark.parametrize("address", ["mailto:a@example.org", "file:///etc/hosts", "#c001"])
def test_a_link_elsewhere_that_is_not_of_the_web_is_seen(address, small):
    note = next(note for _, note in structure.notes(small))
    note.A = Dictionary(S=Name.URI, URI=String(address))
    assert structure.links_lead_somewhere(small).faults
