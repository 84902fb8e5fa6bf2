"""A chapter in JupyterLab, in a real browser: run it, read it, edit a sentence and a parameter, ask for a name."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from claims.content.tables import FIGURE, TABLE
from claims.show.markup import markdown_html
from jupyter_servers import TOKEN, command_of_make_lab, running_server
from lab_page import open_page, run_until
from playwright.sync_api import Locator, Page

from report import expressions

pytestmark = pytest.mark.slow
REPOSITORY = Path(__file__).resolve().parents[1]
NAME = "20_growth_rates.ipynb"
COPIED = (".make", "notebooks", "data", "figures", "report/published")
CELLS = "@jupyterlab/notebook-extension:tracker"  # the settings of cells
PROMPTS = ".jp-CodeCell .jp-InputPrompt"
HAS_RUN = f"""before => {{
    const prompts = [...document.querySelectorAll('{PROMPTS}')].map(e => e.innerText)
    const prose = [...document.querySelectorAll('.myst code')].map(e => e.innerText)
    return prompts.every((e, i) => /\\d/.test(e) && e != before[i]) && prose.every(e => !/^(book|aim)\\./.test(e))
}}"""
ERROR = "[data-mime-type='application/vnd.jupyter.stderr']"


@dataclass
class Chapter:
    """The notebook in a page of JupyterLab, and the folder that JupyterLab shows."""

    page: Page
    folder: Path

    @property
    def path(self) -> Path:
        return self.folder / "notebooks" / NAME

    @property
    def prose(self) -> Locator:
        return self.page.locator(".jp-MarkdownCell .myst")

    @property
    def last(self) -> Locator:
        return self.page.locator(".jp-Notebook .jp-Cell").last

    def run_all(self) -> None:
        """Run every cell; return when the last one has run and prose shows its values."""
        before = json.dumps(self.page.locator(PROMPTS).all_inner_texts())
        run_until(self.page, f"({HAS_RUN})({before})")

    def add(self, source: str, kind: str = "code") -> Locator:
        """Add a cell at the end, run it, and return it."""
        self.last.click(position={"x": 4, "y": 4})
        self.page.keyboard.press("Escape")
        count = self.page.locator(".jp-Notebook .jp-Cell").count()
        self.page.keyboard.press("b")
        self.page.wait_for_function(f"document.querySelectorAll('.jp-Notebook .jp-Cell').length == {count + 1}")
        if kind == "markdown":
            self.page.keyboard.press("m")
        self.page.keyboard.press("Enter")
        self.page.keyboard.insert_text(source)
        self.page.keyboard.press("Control+Enter")
        return self.last

    def save(self) -> dict:
        """Save and return what is in the file then."""
        self.page.keyboard.press("Escape")
        self.page.keyboard.press("Control+s")
        self.page.wait_for_function("!document.querySelector('.lm-DockPanel .lm-TabBar-tab.jp-mod-dirty')")
        return json.loads(self.path.read_text(encoding="utf-8"))


def files_of(folder: Path) -> dict[str, bytes]:
    """Return everything published in a folder, by path."""
    paths = [path for name in ("figures", "report/published") for path in (folder / name).rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


@pytest.fixture(scope="module")
def chapter(browser, tmp_path_factory) -> Iterator[Chapter]:
    """Give the chapter after a run of all its cells, in JupyterLab on a copy of this folder."""
    folder = tmp_path_factory.mktemp("lab") / "a clone"
    for name in COPIED:
        shutil.copytree(REPOSITORY / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    settings = folder / ".make" / "lab" / "overrides.json"
    ours = json.loads(settings.read_text(encoding="utf-8"))
    ours[CELLS]["windowingMode"] = "none"  # cells out of sight are in the page too
    settings.write_text(json.dumps(ours), encoding="utf-8")
    with running_server(command_of_make_lab(), folder, folder.parent / "home") as server:
        context = browser.new_context(viewport={"width": 1400, "height": 1000}, locale="en-GB")
        context.set_default_timeout(600_000)  # JupyterLab starts slowly on a machine with much else to do
        page = open_page(context)
        try:
            page.goto(f"{server.address}/lab/tree/notebooks/{NAME}?token={TOKEN}")
            page.wait_for_selector(".jp-Notebook .jp-Cell")
            chapter = Chapter(page, folder)
            chapter.run_all()
            context.set_default_timeout(240_000)
            yield chapter
        finally:
            context.close()


@pytest.fixture(scope="module")
def published() -> list[dict]:
    """Return the cells of the published notebook."""
    path = REPOSITORY / "report" / "published" / "notebooks" / NAME
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


def exhibits_in(cells: list[dict]) -> list[dict]:
    """Return the tables and figures among the outputs of cells."""
    bundles = [output.get("data", {}) for cell in cells for output in cell.get("outputs", ())]
    return [bundle[kind] for bundle in bundles for kind in (TABLE, FIGURE) if kind in bundle]


def words(markdown: str) -> str:
    return BeautifulSoup(markdown_html(markdown), "html.parser").get_text()


def test_every_table_and_figure_shows_title_and_caption(chapter, published):
    exhibits = exhibits_in(published)
    assert len(exhibits) >= 7
    for exhibit in exhibits:
        shown = chapter.page.locator(f".jp-OutputArea-output [id='{exhibit['id']}']")
        text = " ".join(shown.inner_text().split())
        assert words(exhibit["title"]) in text
        assert words(exhibit["caption"]) in text
        if exhibit["id"].startswith("fig-"):
            assert shown.locator("img").evaluate("image => image.decode().then(() => image.naturalWidth > 300)")
            assert shown.locator("img").get_attribute("alt")


def test_columns_are_on_the_side_they_have_in_the_report(chapter, published):
    (table,) = (each for each in exhibits_in(published) if each["id"] == "tbl-reported-rates")
    row = chapter.page.locator("[id='tbl-reported-rates'] tbody tr").first.locator("td")
    row.first.wait_for()
    sides = row.evaluate_all("cells => cells.map(cell => getComputedStyle(cell).textAlign)")
    assert sides == [column["align"] for column in table["columns"]]


def test_every_number_in_prose_is_shown_and_links_to_its_line(chapter, published):
    texts = ["".join(cell["source"]) for cell in published if cell["cell_type"] == "markdown"]
    names = [name for text in texts for name in expressions.expressions(text)]
    assert len(names) > 20
    expected = sum(name.startswith("book.") for name in names)
    links = chapter.prose.locator("a[href*='report.html']")
    links.nth(expected - 1).wait_for(state="attached")  # cells out of sight are set when JupyterLab is idle
    assert "{eval}" not in " ".join(chapter.prose.all_inner_texts())
    targets = links.evaluate_all("links => links.map(link => [link.innerText, link.title, link.href])")
    assert len(targets) >= expected
    (trade,) = {hint for text, hint, _ in targets if text == "$6.3 billion"}
    assert re.search(r"usually read as \$6\.\d+ to 6\.\d+ billion; .*; S1, line \d+: ", trade)
    address = next(href for text, _, href in targets if text == "$6.3 billion")
    assert re.search(r"report\.html.*#c\d{3}$", address)
    assert chapter.page.request.get(address).ok


def test_cells_run_before_their_kernel_is_there_wait_for_it(chapter):
    prompts = chapter.page.locator(".jp-CodeCell .jp-InputPrompt").all_inner_texts()
    first = int(prompts[0].strip("[]:"))  # more than 1 if a busy machine missed the first run
    assert prompts == [f"[{number}]:" for number in range(first, first + len(prompts))]
    assert chapter.page.locator(".jp-Dialog").count() == 0


def test_a_marked_word_looks_like_the_heading_around_it(chapter):
    marked = chapter.page.locator(".myst h2 time").first
    look = "node => { const {font, color, fontStyle} = getComputedStyle(node); return [font, color, fontStyle] }"
    assert marked.evaluate(look) == marked.locator("xpath=ancestor::h2").evaluate(look)


@pytest.mark.parametrize("preview", [False, True], ids=["published", "preview"])
def test_the_link_of_a_number_opens_the_page_at_its_row(chapter, preview):
    server = chapter.page.url.partition("/lab/")[0]
    address = f"{server}/files/report/published/report.html"
    if preview:
        address = f"{server}/files/figures/doubling.svg"  # stands for the preview's
        (chapter.folder / "report" / "build" / "live").mkdir(parents=True)
        (chapter.folder / "report" / "build" / "live" / "address").write_text(f"{address}\n", encoding="utf-8")
    with chapter.page.context.expect_page() as opened:
        chapter.prose.locator("a", has_text="$6.3 billion").first.click()
    opened.value.wait_for_url(re.compile(re.escape(address) + r"#c\d{3}$"))
    opened.value.close()
    assert chapter.page.locator(".lm-DockPanel .lm-TabBar-tab").all_inner_texts() == [NAME]


def test_no_dollar_sign_starts_a_formula(chapter):
    assert chapter.page.locator("mjx-container").count() == 0


def test_another_parameter_changes_the_numbers_of_prose(chapter):
    sentence = chapter.prose.filter(has_text="give nearly the same: an aim of")
    sentence.filter(has_text="$82.5 billion").wait_for()
    editor = chapter.page.locator(".jp-CodeCell").first.locator(".cm-content")
    editor.click()
    chapter.page.keyboard.press("Control+a")
    chapter.page.keyboard.insert_text(editor.inner_text().replace("base_year = 2023", "base_year = 2024"))
    chapter.page.keyboard.press("Escape")
    chapter.run_all()
    sentence.filter(has_text="$88 billion").wait_for()


def test_a_sentence_with_a_new_number_is_shown_and_saved(chapter):
    cell = chapter.page.locator(".jp-MarkdownCell").last
    cell.click(position={"x": 4, "y": 4})
    chapter.page.keyboard.press("Enter")
    chapter.page.keyboard.press("Control+End")
    chapter.page.keyboard.insert_text(" Trade was {eval}`book.trade_turnover_2024_kazakh`.")
    chapter.page.keyboard.press("Control+Enter")
    cell.locator(".myst a", has_text="$44 billion").wait_for()
    saved = chapter.save()["cells"][-1]
    (kept,) = saved["metadata"]["user_expressions"]
    assert kept["expression"] == "book.trade_turnover_2024_kazakh"
    assert kept["result"]["data"]["text/plain"] == "$44 billion"


def test_tab_offers_readable_names(chapter):
    chapter.add("book.claims.tra").locator(ERROR).wait_for()
    chapter.page.keyboard.press("Enter")
    chapter.page.keyboard.press("Control+End")
    chapter.page.keyboard.press("Tab")
    offered = chapter.page.locator(".jp-Completer-item")
    offered.first.wait_for()
    assert any("trade_turnover_2023_golden" in text for text in offered.all_inner_texts())
    chapter.page.keyboard.press("Escape")
    chapter.page.keyboard.press("Escape")


def test_a_search_lists_figures_with_their_lines(chapter):
    table = chapter.add('book.find("turnover 2023 golden")').locator(".jp-OutputArea-output table")
    table.wait_for()
    assert "trade_turnover_2023_golden" in table.inner_text()
    assert table.inner_text().count("$") > 2
    assert table.locator("mjx-container").count() == 0


def test_an_unknown_name_in_code_shows_the_nearest_and_no_frame_of_ours(chapter):
    error = chapter.add("book.trade_turnover_2032_golden").locator(ERROR)
    error.wait_for()
    assert "did you mean 'trade_turnover_2023_golden'?" in error.inner_text()
    assert "store.py" not in error.inner_text() and "book.py" not in error.inner_text()


def test_an_unknown_name_in_prose_shows_the_nearest(chapter):
    cell = chapter.add("It was {eval}`book.trade_turnover_2032_golden`.", "markdown")
    cell.locator(".myst", has_text="did you mean 'trade_turnover_2023_golden'?").wait_for()


def test_nothing_published_has_changed(chapter):
    chapter.save()
    assert files_of(chapter.folder) == files_of(REPOSITORY)
