"""The look of the page and of the PDF, held against pictures of a small sample whose words do not change.

Only the title page is taken of what is published: a claim that is added changes numbers, not the look.
"""

from __future__ import annotations

import base64
import re
from io import BytesIO
from pathlib import Path

import looks
import matplotlib
import pypdfium2
import pytest
import sample_document as sample
from browser import PUBLISHED, Watched, on_the_reference_platform, opened
from claims.content.phrases import Anchor
from nbformat import from_dict
from PIL import Image, ImageDraw

from report.pages.assemble import assemble
from report.pages.exporters import ReportHTMLExporter, TypstPDFExporter
from report.pages.registers import SOURCES, fill

ROOT = Path(__file__).resolve().parents[3]
FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
FAMILIES = {
    "sans": ("DejaVuSans", "DejaVuSans-Bold"),
    "serif": ("DejaVuSerif", "DejaVuSerif-Bold"),
    "mono": ("DejaVuSansMono",),
}
CARD = "c008"
LATIN = ["Trade turnover", "Rail freight", "Design capacity of the gas pipeline", "Investment, one period", "Visits"]
reference = pytest.mark.skipif(
    not on_the_reference_platform(), reason="pictures are kept for the reference platform alone"
)


def plain_words(monkeypatch) -> dict:
    """Return a sample report with Latin words alone: other scripts are set in whatever font a system has."""
    monkeypatch.setattr(sample, "HOSTILE", LATIN)
    tables = sample.tables(40)
    tables["sources"] = fill(SOURCES, [{"id": Anchor("S1", "S1"), "title": "A text", "sha256": "ab" * 6}])
    return assemble(sample.notebooks(), tables, sample.METADATA)


@pytest.fixture(scope="module")
def document():
    with pytest.MonkeyPatch.context() as patched:
        return from_dict(plain_words(patched))


@pytest.fixture
def held(request):
    """Return the comparison with the pictures that are kept."""
    accept = request.config.getoption("--accept")
    return lambda picture, name, **options: looks.compare(picture, name, accept=accept, **options)


# Paper, drawn by a renderer that asks nothing of the system.


@pytest.fixture(scope="module")
def pdf(document) -> list[Image.Image]:
    return pages(TypstPDFExporter().from_notebook_node(document)[0])


def pages(data: bytes | Path, first: int | None = None) -> list[Image.Image]:
    """Return the pages of a PDF, or the first of them, as pictures."""
    read = pypdfium2.PdfDocument(data)
    try:
        drawn = [page.render(scale=1.1).to_pil().convert("RGB") for page in list(read)[:first]]
    finally:
        read.close()
    return drawn


@reference
@pytest.mark.parametrize("name", ["title", "contents", "figure", "ledger"])
def test_a_page_of_paper_looks_as_it_did(name, pdf, held):
    wide = [i for i, page in enumerate(pdf) if page.width > page.height]
    at = {"title": 0, "contents": 1, "figure": 2, "ledger": wide[1]}[name]  # wide[0] holds the sources
    held(pdf[at], f"pdf-{name}")


@reference
def test_the_title_page_of_the_published_pdf_looks_as_it_did(held):
    (first,) = pages(ROOT / "report" / "published" / "report.pdf", 1)
    held(first, "pdf-published-title")


# The screen, with fonts that come with a package.


def faces() -> str:
    """Return a style that sets everything in matplotlib's fonts, so that a system's own fonts change nothing."""
    lines = []
    for family, files in FAMILIES.items():
        for file in files:
            data = base64.b64encode((FONTS / f"{file}.ttf").read_bytes()).decode()
            weight = "600 900" if "Bold" in file else "100 599"
            lines.append(
                f"@font-face {{ font-family: kept-{family}; font-weight: {weight};"
                f" src: url(data:font/ttf;base64,{data}) }}"
            )
    variables = "; ".join(f"--{family}: kept-{family} !important" for family in FAMILIES)
    return "".join(lines) + f":root {{ {variables} }} math {{ font-family: kept-serif !important }}"


@pytest.fixture(scope="module")
def screen(browser, document, tmp_path_factory):
    path = tmp_path_factory.mktemp("screen") / "report.html"
    path.write_text(ReportHTMLExporter().from_notebook_node(document)[0], encoding="utf-8")
    with opened(browser, path, any_policy=True) as watched:
        watched.page.add_style_tag(content=faces())
        loaded = watched.page.evaluate(
            "() => [...document.fonts].map(f => f.load()).reduce((a, b) => a.then(() => b), Promise.resolve())"
            ".then(() => [...document.fonts].filter(f => f.status === 'loaded').length)"
        )
        assert loaded == sum(map(len, FAMILIES.values()))
        yield watched


def shot(watched: Watched, selector: str, width: int, scheme: str = "light") -> Image.Image:
    """Return a picture of an element, or of the top of the page."""
    page = watched.page
    page.set_viewport_size({"width": width, "height": 900 if width > 600 else 740})
    page.emulate_media(color_scheme=scheme)
    page.evaluate("scrollTo(0, 0)")
    taken = page.screenshot(animations="disabled") if selector == "top" else page.locator(selector).first.screenshot()
    return Image.open(BytesIO(taken)).convert("RGB")


@reference
@pytest.mark.parametrize(
    ("name", "selector", "width", "scheme"),
    [
        ("top-light", "top", 1280, "light"),
        ("top-dark", "top", 1280, "dark"),
        ("top-phone", "top", 360, "light"),
        ("figure", "#fig-growth", 900, "light"),
        ("table", "#tbl-shares", 900, "dark"),
        ("table-phone", "#tbl-shares", 360, "light"),
    ],
)
def test_a_part_of_the_page_looks_as_it_did(name, selector, width, scheme, screen, held):
    held(shot(screen, selector, width, scheme), f"html-{name}")


@pytest.fixture(scope="module")
def published(browser):
    with opened(browser, PUBLISHED, width=920, height=900, any_policy=True) as watched:
        watched.page.add_style_tag(content=faces())
        watched.page.evaluate("() => Promise.all([...document.fonts].map(font => font.load()))")
        yield watched


@reference
def test_the_readme_s_picture_of_a_card_is_of_the_published_page(published, held):
    page = published.page
    number = page.locator(f"#overview ~ * a[href='#{CARD}']").first
    page.evaluate("y => scrollTo(0, y)", number.bounding_box()["y"] - 250)
    number.hover()
    page.wait_for_selector("#evidence:popover-open")
    page.wait_for_selector("a.lit", state="attached")
    held(Image.open(BytesIO(page.screenshot(animations="disabled"))), "html-published-card", colours=200)


# The comparison itself.


def picture() -> Image.Image:
    drawn = Image.new("RGB", (200, 100), "white")
    ImageDraw.Draw(drawn).rectangle((20, 20, 80, 60), fill="navy")
    return drawn


def test_a_picture_equals_itself_and_a_stray_pixel_is_tolerated(tmp_path):
    looks.compare(picture(), "page", accept=True, kept=tmp_path)
    looks.compare(picture(), "page", accept=False, kept=tmp_path, shown=tmp_path / "shown")
    stray = picture()
    stray.putpixel((150, 50), (255, 0, 0))
    looks.compare(stray, "page", accept=False, kept=tmp_path, shown=tmp_path / "shown")
    assert not (tmp_path / "shown").exists()


def test_a_changed_block_fails_and_is_shown_in_red(tmp_path):
    looks.compare(picture(), "page", accept=True, kept=tmp_path)
    changed = picture()
    ImageDraw.Draw(changed).rectangle((120, 20, 139, 29), fill="navy")
    with pytest.raises(pytest.fail.Exception, match=re.escape(looks.ACCEPT)):
        looks.compare(changed, "page", accept=False, kept=tmp_path, shown=tmp_path / "shown")
    written = sorted(path.name for path in (tmp_path / "shown").iterdir())
    assert written == ["page-actual.png", "page-difference.png", "page-expected.png"]
    with Image.open(tmp_path / "shown" / "page-difference.png") as shown:
        red = [xy for xy in ((x, y) for x in range(200) for y in range(100)) if shown.getpixel(xy) == (220, 0, 0)]
    assert (min(red), max(red), len(red)) == ((120, 20), (139, 29), 200)


def test_a_picture_of_another_size_and_one_that_is_not_kept_fail(tmp_path):
    with pytest.raises(pytest.fail.Exception, match="there is no stored picture of page"):
        looks.compare(picture(), "page", accept=False, kept=tmp_path)
    looks.compare(picture(), "page", accept=True, kept=tmp_path)
    with pytest.raises(pytest.fail.Exception, match="looks different"):
        looks.compare(picture().crop((0, 0, 200, 90)), "page", accept=False, kept=tmp_path, shown=tmp_path / "shown")


def test_the_pictures_that_are_kept_are_few_and_small():
    kept = list(looks.KEPT.glob("*.png"))
    assert 8 <= len(kept) <= 16
    assert sum(path.stat().st_size for path in kept) < 1_500_000
