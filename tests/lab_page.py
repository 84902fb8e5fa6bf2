"""A notebook in a page of JupyterLab: run it, and say what was there when it does not show what it should."""

from __future__ import annotations

import re

from playwright.sync_api import BrowserContext, Page, TimeoutError

__all__ = ["choose", "open_page", "run_until"]

TRIES, PATIENCE = 4, 150_000  # milliseconds: a busy machine may miss what is chosen while JupyterLab starts
_SAID: dict[Page, list[str]] = {}


def open_page(context: BrowserContext) -> Page:
    """Return a new page whose messages are kept, for `run_until` to tell."""
    page = context.new_page()
    said = _SAID.setdefault(page, [])
    page.on("console", lambda message: said.append(f"{message.type}: {message.text[:200]}"))
    page.on("pageerror", lambda error: said.append(f"error: {str(error)[:400]}"))
    return page


def choose(page: Page, menu: str, entry: str) -> None:
    """Choose an entry of a menu."""
    page.keyboard.press("Escape")  # a menu left open would be closed by the click
    page.get_by_role("menuitem", name=menu, exact=True).click()
    page.get_by_role("menuitem", name=re.compile(f"^{entry}")).first.click()


def run_until(page: Page, shown: str, tries: int = TRIES) -> None:
    """Run every cell until a condition in JavaScript holds, again if it does not come to hold.

    Raises AssertionError with the text of the notebook, and what the page said last.
    """
    for _ in range(tries):
        choose(page, "Run", "Run All Cells")
        try:
            page.wait_for_function(shown, timeout=PATIENCE)
            return
        except TimeoutError:
            continue
    text = page.locator(".jp-Notebook:visible").first.inner_text()
    said = [each for each in _SAID.get(page, ()) if not each.startswith("debug")]
    raise AssertionError("\n".join([f"not shown after {tries} runs: {shown}", text[:3000], *said[-40:]]))
