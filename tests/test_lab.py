"""`make lab` in a real browser: numbers in Markdown cells, wrapped lines, no dialog and no request to a network."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from conftest import as_notebook, code_cell, markdown_cell
from jupyter_servers import TOKEN, command_of_make_lab, running_server
from lab_page import choose, open_page, run_until
from playwright.sync_api import Locator, Page, Response

from report.expressions import METADATA
from report.runs import clean

pytestmark = pytest.mark.slow
REPOSITORY = Path(__file__).resolve().parents[1]
TEXT = "# What is it?\n\nThe sum is {eval}`1+1`, and {eval}`x` as well.\n\n| a |\n|---|\n| {eval}`x` |"
UNKNOWN = "from claims import show\nfrom claims.ledger import load_ledger\n\nload_ledger().claim('c0122')"
NOTEBOOKS = {
    "10_one": (markdown_cell(TEXT), code_cell("one", "x = 41"), code_cell("two", "x" + " + 1" * 200)),
    "20_two": (code_cell("one", UNKNOWN),),
    "30_three": (markdown_cell(TEXT), code_cell("one", "x = 41")),
}


@dataclass
class Lab:
    """A page of JupyterLab, the folder it shows, and every request to another machine."""

    page: Page
    folder: Path
    address: str
    foreign: list[str] = field(default_factory=list)

    @property
    def tab(self) -> Locator:
        """Return the tab of what is shown."""
        return self.page.locator(".lm-DockPanel .lm-TabBar-tab.lm-mod-current")

    def open(self, path: str) -> None:
        """Open a notebook; its kernel may not be there yet."""
        self.page.goto(f"{self.address}/lab/tree/{path}?token={TOKEN}")
        self.tab.get_by_text(Path(path).name).wait_for()
        self.page.locator(".jp-Notebook .jp-Cell:visible").first.wait_for()

    def dialogs(self) -> list[str]:
        """Return the text of every dialog and notification that is open."""
        return self.page.locator(".jp-Dialog, .Toastify__toast").all_inner_texts()


@pytest.fixture(scope="module")
def lab(browser, tmp_path_factory) -> Iterator[Lab]:
    """Give JupyterLab as `make lab` starts it, in a folder like the repository's, the first of `NOTEBOOKS` open."""
    folder = tmp_path_factory.mktemp("lab") / "a clone"
    shutil.copytree(REPOSITORY / ".make", folder / ".make")
    for name in ("notebooks", "data", "report"):
        (folder / name).mkdir()
    for name, cells in NOTEBOOKS.items():
        (folder / "notebooks" / f"{name}.ipynb").write_bytes(clean.as_file(as_notebook(cells)))
    with running_server(command_of_make_lab(), folder, folder.parent / "home") as server:
        context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
        context.set_default_timeout(240_000)
        page = open_page(context)
        lab = Lab(page, folder, server.address)

        def on_request(request) -> None:
            if not request.url.startswith((server.address, "data:", "blob:")):
                lab.foreign.append(request.url)

        page.on("request", on_request)
        try:
            lab.open("notebooks/10_one.ipynb")
            yield lab
        finally:
            context.close()


def is_save(answer: Response, name: str) -> bool:
    """Is this the server's answer to a save of the notebook? JupyterLab saves its open tabs by the same method."""
    return answer.request.method == "PUT" and answer.url.split("?")[0].endswith(f"/api/contents/notebooks/{name}")


def test_a_number_in_a_sentence_shows_its_value_after_a_run(lab):
    run_until(lab.page, "document.querySelector('.jp-MarkdownCell p')?.innerText == 'The sum is 2, and 41 as well.'")
    cell = lab.page.locator(".jp-MarkdownCell")
    assert cell.locator("td").inner_text().strip() == "41"


def test_the_folders_of_the_repository_can_be_opened(lab):
    lab.page.locator(".jp-BreadCrumbs-home").click()
    for name in ("data", "notebooks", "report"):
        lab.page.locator(".jp-DirListing-item").get_by_text(name, exact=True).wait_for()


def test_long_lines_wrap(lab):
    editors = lab.page.locator(".jp-CodeCell .cm-content")
    editors.nth(1).wait_for()
    assert editors.count() == 2
    assert "cm-lineWrapping" in (editors.nth(1).get_attribute("class") or "")
    assert editors.nth(1).bounding_box()["width"] < 1280


def test_no_dialog_and_no_notification_is_open(lab):
    lab.page.wait_for_timeout(3000)  # the question about news came late
    assert lab.dialogs() == []


def test_a_saved_run_is_what_was_read_before(lab):
    path = lab.folder / "notebooks" / "10_one.ipynb"
    before = clean.clean_bytes(path)
    lab.page.locator(".jp-Notebook").click()
    lab.page.locator(".jp-MarkdownCell p", has_text="The sum is 2, and 41 as well.").wait_for()
    choose(lab.page, "File", "Save Notebook")
    lab.page.wait_for_function("!document.querySelector('.lm-TabBar-tab.jp-mod-dirty')")
    saved = json.loads(path.read_text(encoding="utf-8"))
    evaluated = saved["cells"][0]["metadata"][METADATA]
    assert [(each["expression"], each["result"]["data"]["text/plain"]) for each in evaluated] == [
        ("1+1", "2"), ("x", "41"), ("x", "41"),
    ]  # fmt: skip
    assert clean.holds_run(saved)
    assert clean.clean_bytes(path) == before


def test_an_unknown_id_shows_the_message_and_no_frame_of_ours(lab):
    lab.open("notebooks/20_two.ipynb")
    run_until(lab.page, "document.querySelector('.jp-Notebook .jp-OutputArea-output')")
    error = lab.page.locator(".jp-OutputArea-output[data-mime-type='application/vnd.jupyter.stderr']")
    error.wait_for()
    text = error.inner_text()
    assert "UnknownId" in text and "c0122" in text
    assert "load_ledger().claim('c0122')" in text
    assert "model.py" not in text


def test_a_notebook_only_opened_and_saved_is_the_same_file(lab):
    path = lab.folder / "notebooks" / "30_three.ipynb"
    before = path.read_bytes(), path.stat().st_mtime_ns
    lab.open("notebooks/30_three.ipynb")
    lab.page.get_by_text(re.compile(r"\| Idle$")).wait_for()
    assert "jp-mod-dirty" not in lab.tab.get_attribute("class")
    lab.page.locator(".jp-Notebook:visible").click()
    with lab.page.expect_response(lambda answer: is_save(answer, path.name)) as saved:
        choose(lab.page, "File", "Save Notebook")
    assert saved.value.ok
    assert path.read_bytes() == before[0] and path.stat().st_mtime_ns > before[1]


def test_nothing_is_requested_from_a_network(lab):
    assert lab.foreign == []
