"""How long a save takes to be seen in the live preview, in a real browser: what `make bench` says of the preview.

    python tests/bench_preview.py

measures in the clone itself, whose notebook it puts back.
"""

from __future__ import annotations

import json
import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from claims.ledger.loading import load_ledger
from claims.ledger.names import figure_names

NOTEBOOK = "20_growth_rates"
WORDS = ("alder", "birch", "cedar", "elm", "fir")  # one for each edit of a kind; the median counts

WATCH = """word => {
  window.painted = new Promise((done) => {
    const observer = new MutationObserver((changes) => {
      if (!changes.some((change) => [...change.addedNodes].some((node) => node.textContent.includes(word)))) return;
      observer.disconnect();
      requestAnimationFrame(() => setTimeout(() => done(true)));
    });
    observer.observe(document.querySelector("main"), { childList: true, subtree: true });
  });
}"""


def preview_times(root: Path, environment: Mapping[str, str]) -> dict[str, float]:
    """Return the median seconds from save to seen of each kind of edit; nothing where there is no browser."""
    try:
        import browser
    except ImportError:
        print("  preview: left out, without the test packages; make setup-tests", flush=True)
        return {}
    if not browser.program():
        print("  preview: left out, there is no browser", flush=True)
        return {}
    path = root / "notebooks" / f"{NOTEBOOK}.ipynb"
    before = path.read_bytes()
    try:
        with _running(root, environment) as address, browser.running() as chromium:
            page = chromium.new_page(viewport={"width": 1280, "height": 900})
            page.set_default_timeout(300_000)
            page.goto(address)
            return {line: _median(page, path, line.replace(" ", "-"), edit) for line, edit in _edits(root).items()}
    finally:
        path.write_bytes(before)


@contextmanager
def _running(root: Path, environment: Mapping[str, str]) -> Iterator[str]:
    """Give the address of a preview that runs."""
    process = subprocess.Popen(
        [sys.executable, "-m", "report", "preview", "--port", "0"],
        cwd=root, env={**environment}, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout
        yield process.stdout.readline().split()[-1]
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)


def _median(page: Any, path: Path, kind: str, edit: Callable[[list, str], None]) -> float:
    """Return the median seconds until an edit is painted in the page; before each, the preview has settled."""
    times = []
    for word in (f"{kind}-{word}-{os.getpid()}" for word in WORDS):
        time.sleep(1)  # the whole page follows what was seen first
        page.locator("html[data-preview=whole]").wait_for()
        source = json.loads(path.read_text(encoding="utf-8"))
        edit(source["cells"], word)
        text = json.dumps(source, ensure_ascii=False, indent=1) + "\n"
        page.evaluate(WATCH, word)
        began = time.monotonic()
        path.write_text(text, encoding="utf-8")
        if not page.evaluate("window.painted"):
            raise SystemExit(f"the page was loaded again before '{word}' was in it")
        times.append(time.monotonic() - began)
    return statistics.median(times)


def _edits(root: Path) -> dict[str, Callable[[list, str], None]]:
    """Return the kinds of edits: each changes the cells of a notebook, and has a word to look for."""
    text = _text(root / "notebooks" / f"{NOTEBOOK}.ipynb")
    names = figure_names(load_ledger(root / "data")).values()
    new = [f"{{eval}}`book.{name}`" for name in names if f"`book.{name}`" not in text]
    edits = {"sentence": lambda cells, word: _add_sentence(cells, f"This is {word}.")}
    if len(new) >= len(WORDS):
        unused = iter(new)
        edits["expression"] = lambda cells, word: _add_sentence(cells, f"{next(unused)} is {word}.")
    return {**edits, "code cell": _add_comment}


def _text(path: Path) -> str:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")


def _add_sentence(cells: list, sentence: str) -> None:
    """Add a paragraph to a text."""
    cell = [cell for cell in cells if cell["cell_type"] == "markdown"][1]
    cell["source"] = "".join(cell["source"]) + f"\n\n{sentence}"


def _add_comment(cells: list, word: str) -> None:
    """Add a comment to the last code cell."""
    cell = [cell for cell in cells if cell["cell_type"] == "code"][-1]
    cell["source"] = f"# {word}\n" + "".join(cell["source"])


if __name__ == "__main__":
    for line, seconds in preview_times(Path(__file__).resolve().parents[1], os.environ).items():
        print(f"preview, {line}: {seconds:.2f} s")
