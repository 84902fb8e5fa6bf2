"""`python -m report preview` as a person meets it: a page that follows every save, from the start to Ctrl-C."""

from __future__ import annotations

import json
import signal
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from conftest import Clone, copy_clone, finding, path_with, processes_with
from playwright.sync_api import Page

from report.kernels.warm import AVAILABLE

pytestmark = pytest.mark.slow
LONGEST = 240  # seconds to wait for anything, on a machine with much else to do


@dataclass
class Preview:
    """A preview that runs, in a clone, and the events of its page."""

    clone: Clone
    process: subprocess.Popen
    address: str
    stream: object = None
    seen: list[tuple[str, dict]] = field(default_factory=list)

    @property
    def kept_address(self) -> Path:
        """Return the file in which JupyterLab finds the address."""
        return self.clone.folders.build / "live" / "address"

    def wait(self, kind: str, fits: Callable[[dict], bool]) -> dict:
        """Return the next event of this kind that fits."""
        end, name = time.monotonic() + LONGEST, ""
        while time.monotonic() < end:
            line = self.stream.readline().decode()
            if line.startswith("event: "):
                name = line.removeprefix("event: ").strip()
            if line.startswith("data: "):
                content = json.loads(line.removeprefix("data: "))
                self.seen.append((name, content))
                if name == kind and fits(content):
                    return content
        raise AssertionError(f"no such event: {self.seen[-5:]}")

    def text(self) -> str:
        """Return the page as it is now."""
        with closing(urllib.request.urlopen(self.address, timeout=60)) as answer:
            return answer.read().decode("utf-8")

    def settle(self) -> None:
        """Wait until the page is up to date, and checked."""
        self.wait("page", lambda change: True)
        self.wait("state", lambda state: not state["busy"])

    def edit(self, old: str, new: str) -> None:
        """Replace a text in the notebook."""
        path = self.clone.folders.notebooks / "10_count.ipynb"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture(scope="module")
def preview(tmp_path_factory) -> Iterator[Preview]:
    """Run a preview in a clone with two notebooks; it has to end by Ctrl-C, with all of its processes."""
    clone = copy_clone(tmp_path_factory.mktemp("preview") / "a clone")
    clone.write("10_count", finding("a"), "print('counted')")
    clone.write("20_more", finding("b"))
    clone.declare("{}\n")
    clone.folders.published.mkdir(parents=True)
    (clone.folders.published / "report.html").write_text("<main>an earlier report</main>\n</div>\n", encoding="utf-8")
    marker = f"ledger-test-{time.monotonic_ns()}"
    command = clone.command("preview", "--port", "0", environment=path_with(marker))
    process = subprocess.Popen(**command, stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        address = process.stdout.readline().split()[-1]
        found = Preview(clone, process, address)
        with closing(urllib.request.urlopen(f"{address}events", timeout=LONGEST)) as found.stream:
            assert "an earlier report" in found.text()
            found.settle()
            yield found
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 0
        assert not found.kept_address.exists()
        assert process.stdout.read().endswith("preview: ended\n")
        assert processes_with(marker) == {}
    finally:
        process.kill()
        process.stdout.close()


def test_only_its_owner_can_read_the_address_that_it_keeps(preview):
    assert preview.kept_address.read_text(encoding="utf-8").strip() == preview.address
    assert preview.kept_address.stat().st_mode & 0o077 == 0


def test_an_edited_sentence_replaces_one_block_and_runs_nothing(preview):
    preview.seen.clear()
    preview.edit("# What is it?", "# What is it?\\n\\nWritten now.")
    change = preview.wait("page", lambda change: change["leads"])
    [(start, end, blocks)] = change["edits"]
    assert start == end and blocks == ['<div class="prose"><p>Written now.</p></div>\n']
    assert not any("cell" in content.get("busy", "") for _, content in preview.seen)
    assert "Written now." in preview.text()


def test_a_new_expression_is_evaluated_without_a_run(preview):
    preview.seen.clear()
    preview.edit("Written now.", "Written in {eval}`1999 + 1`.")
    preview.wait("page", lambda change: "Written in 2000." in json.dumps(change.get("edits", "")))
    preview.wait("state", lambda state: not state["busy"])
    preview.edit("{eval}`1999 + 1`", "{eval}`nien`")
    state = preview.wait("state", lambda state: bool(state["problems"]))
    assert "{eval}`nien` in cell title: NameError" in state["problems"][0]
    preview.edit("Written in {eval}`nien`.", "Written now.")
    preview.wait("state", lambda state: not state["busy"] and not state["problems"])
    if AVAILABLE:
        assert not any("cell" in content.get("busy", "") for _, content in preview.seen)


def test_code_that_fails_is_reported_above_the_last_page(preview):
    preview.edit("print('counted')", "print(cuonted)")
    state = preview.wait("state", lambda state: bool(state["problems"]))
    assert "10_count.ipynb stopped in cell two" in state["problems"][0]
    assert "cuonted" in state["problems"][0] and "counted" in preview.text()


def test_corrected_code_clears_the_problem_and_is_shown(preview):
    preview.edit("print(cuonted)", "print('corrected')")
    preview.wait("page", lambda change: "corrected" in json.dumps(change.get("edits", "")))
    state = preview.wait("state", lambda state: not state["busy"] and not state["problems"])
    assert "corrected" in preview.text() and state["problems"] == []


def test_code_that_does_not_end_is_stopped_by_the_next_save(preview):
    preview.edit("print('corrected')", "__import__('time').sleep(3000)")
    preview.wait("state", lambda state: "cell 3 of 3" in state["busy"])
    preview.edit("__import__('time').sleep(3000)", "print('corrected again')")
    preview.wait("page", lambda change: "corrected again" in json.dumps(change.get("edits", "")))
    assert "sleep(3000)" not in preview.text()
    preview.edit("print('corrected again')", "print('corrected')")
    preview.wait("page", lambda change: "corrected again" not in preview.text())


def test_a_file_that_is_no_notebook_is_reported_until_it_is_one(preview):
    path = preview.clone.folders.notebooks / "20_more.ipynb"
    text = path.read_text(encoding="utf-8")
    path.write_text("{", encoding="utf-8")
    state = preview.wait("state", lambda state: bool(state["problems"]))
    assert "20_more.ipynb is not a notebook" in state["problems"][0]
    path.write_text(text, encoding="utf-8")
    preview.wait("state", lambda state: not state["busy"] and not state["problems"])


def test_a_wrong_row_of_the_ledger_is_reported(preview):
    path = preview.clone.folders.own_data / "claims.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text + "nonsense\n", encoding="utf-8")
    state = preview.wait("state", lambda state: bool(state["problems"]))
    assert "claims.csv" in state["problems"][0]
    path.write_text(text, encoding="utf-8")
    preview.wait("state", lambda state: not state["busy"] and not state["problems"])


def test_changed_code_of_the_program_replaces_the_process(preview):
    path = preview.clone.root / "report" / "pages" / "assemble.py"
    source = path.read_text(encoding="utf-8")
    path.write_text(source.replace('"Check it yourself"', '"Prove it yourself"'), encoding="utf-8")
    preview.wait("page", lambda change: True)
    assert "Prove it yourself" in preview.text()


def test_the_pdf_is_set_when_it_is_asked_for(preview):
    with closing(urllib.request.urlopen(f"{preview.address}report.pdf", timeout=LONGEST)) as answer:
        assert answer.read(5) == b"%PDF-"


def test_nothing_that_is_published_has_changed(preview):
    assert {*preview.clone.published()} == {"report/published/report.html"}
    assert preview.clone.published()["report/published/report.html"] == b"<main>an earlier report</main>\n</div>\n"


# -- in a real browser ------------------------------------------------------------------------------------------------


@pytest.fixture
def page(preview, browser) -> Iterator[Page]:
    """Open the page of the preview, and mark it, so that loading it again would be noticed."""
    opened = browser.new_page(viewport={"width": 1000, "height": 700}, reduced_motion="reduce")
    opened.set_default_timeout(LONGEST * 1000)
    opened.goto(preview.address)
    opened.evaluate("window.notLoadedAgain = true")
    try:
        yield opened
    finally:
        opened.close()


def test_a_reader_is_led_to_the_edited_sentence(preview, page):
    long = "".join(f"\\n\\nParagraph {count}." for count in "abcdefghijklmnopqrstuvwxyz" * 3)
    preview.edit("Written now.", f"Written now.{long}\\n\\nThe last.")
    page.get_by_text("The last.").wait_for()
    page.evaluate("scrollTo(0, 0)")
    preview.edit("The last.", "The very last.")
    box = page.get_by_text("The very last.").bounding_box()
    assert box and 0 < box["y"] < 700
    assert page.evaluate("window.notLoadedAgain")


def test_a_problem_lies_over_the_page_until_it_is_fixed(preview, page):
    preview.edit("print('corrected')", "print(corected)")
    problems = page.locator("#preview .problems")
    problems.wait_for()
    assert "stopped in cell two" in problems.inner_text()
    assert "The very last." in page.locator("main").inner_text()
    preview.edit("print(corected)", "print('corrected')")
    problems.wait_for(state="hidden")


def test_two_tabs_show_the_same(preview, page, browser):
    other = browser.new_page()
    other.set_default_timeout(LONGEST * 1000)
    other.goto(preview.address)
    preview.edit("The very last.", "Seen in both.")
    for each in (page, other):
        each.get_by_text("Seen in both.").wait_for()
    other.close()


def test_a_renamed_heading_is_in_the_contents_too(preview, page):
    preview.edit("# What is it?", "# What was it?")
    page.locator("nav.wide").get_by_text("What was it?").wait_for(state="attached")
    assert page.locator("h2").get_by_text("What was it?").count() == 1
