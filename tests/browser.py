"""A real browser that opens the page as a reader does, without a network, and records what the page requests."""

from __future__ import annotations

import json
import os
import platform
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page, Request, Route, sync_playwright

REPOSITORY = Path(__file__).resolve().parents[1]
PUBLISHED = REPOSITORY / "report" / "published" / "report.html"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ON_A_MAC = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--font-render-hinting=none", "--disable-lcd-text",
    "--force-color-profile=srgb", "--hide-scrollbars",
)  # fmt: skip
REQUIRED = "REPORT_BROWSER_REQUIRED"
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
UNPACKED = """() =>
    (!document.querySelector("script#readings") || document.querySelector(".readings[data-shows]:not([data-shows=''])"))
    && (!document.querySelector("script#what-if-data") || page.cardTools.length > 2)
"""  # the bar of readings is there, and cards offer what depends on data that is packed into the page
HEARD = (
    "addEventListener('securitypolicyviolation', e => console.error('policy: ' + e.violatedDirective + e.blockedURI))"
)


def program() -> str | None:
    """Return the browser of this system, or None: $CHROMIUM, else by a usual name, else an application of macOS."""
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    found = filter(None, map(shutil.which, NAMES))
    return next(found, None) or next((path for path in ON_A_MAC if Path(path).exists()), None)


def program_or_skip() -> str:
    """Return the browser, or skip the test; fail where the environment requires one."""
    found = program()
    if found is None:
        reason = f"no browser here: none of {', '.join(NAMES)} is on PATH, and CHROMIUM names none"
        if os.environ.get(REQUIRED) == "1":
            pytest.fail(f"{REQUIRED}=1, and {reason}")
        pytest.skip(reason)
    return found


@contextmanager
def running() -> Iterator[Browser]:
    """Run the browser with a profile of its own that is thrown away.

    The driver keeps an event loop in this thread for as long as it runs, and other tests want one of their own: so
    it is stopped at the end of each module that looks at pages, not at the end of the session.
    """
    path = program_or_skip()
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=list(FLAGS), headless=True)
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Watched:
    """An open page, its requests to any network, and the complaints of its console and its policy."""

    page: Page
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def look(self, name: str, *arguments: object):
        """Return what a function of looking.js finds on the page."""
        self.page.evaluate(looking())
        return self.page.evaluate(f"look.{name}(...{json.dumps(arguments)})")

    def unfold(self) -> None:
        """Show all rows of the tables that open folded."""
        self.page.evaluate("document.querySelectorAll('.unfold').forEach(fold => { fold.open = true })")

    def axe(self, leave_out: tuple[str, ...] = (), only: tuple[str, ...] = (), within: list[str] | None = None) -> dict:
        """Return what axe-core finds, on the page or in parts: violations, what is undecided, how much it examined."""
        self.page.evaluate(axe_core())
        run = {"type": "rule", "values": list(only)} if only else {"type": "tag", "values": list(TAGS)}
        off = {rule: {"enabled": False} for rule in leave_out}
        return self.look("axe", {"runOnly": run, "rules": off, "resultTypes": ["violations", "incomplete"]}, within)


@contextmanager
def opened(
    browser: Browser,
    path: Path,
    *,
    width: int = 1280,
    height: int = 900,
    scheme: str = "light",
    scripts: bool = True,
    any_policy: bool = False,
    touch: bool = False,
    fragment: str = "",
) -> Iterator[Watched]:
    """Open a file as a reader without a network does, and wait until it has unpacked what is packed into it.

    Whatever else it asks for is refused and written down.
    """
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,
        java_script_enabled=scripts,
        bypass_csp=any_policy,
        has_touch=touch,
        offline=True,
        reduced_motion="reduce",
        locale="en-GB",
        timezone_id="UTC",
    )
    context.set_default_timeout(60_000)
    page = context.new_page()
    watched = Watched(page)
    address = path.as_uri()

    def noted(request: Request) -> None:
        if not request.url.startswith("data:") and request.url.partition("#")[0] != address:
            watched.asked.append(request.url)

    def refused(route: Route) -> None:
        route.continue_() if route.request.url.partition("#")[0] == address else route.abort()

    page.on("request", noted)
    page.on(
        "console",
        lambda message: watched.complaints.append(message.text) if message.type in ("error", "warning") else None,
    )
    page.on("pageerror", lambda error: watched.complaints.append(str(error)))
    context.route("**/*", refused)
    context.add_init_script(HEARD)
    try:
        page.goto(address + fragment)
        if scripts:
            page.wait_for_function(UNPACKED)
        yield watched
    finally:
        context.close()


def settle(page: Page, timers: int = 0) -> None:
    """Wait until the page has been drawn twice, and then its timers of at most so many milliseconds have run.

    The page's own clock waits, so it does not matter how busy the machine is.
    """
    frames = "requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, timers)))"
    page.evaluate(f"timers => new Promise(done => {frames})", timers)


@cache
def looking() -> str:
    """Return the functions that look at a page from inside."""
    return (Path(__file__).parent / "looking.js").read_text(encoding="utf-8")


@cache
def axe_core() -> str:
    """Return axe-core, which its package brings along."""
    (path,) = Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")
    return path.read_text(encoding="utf-8")


def on_the_reference_platform() -> bool:
    """Return whether this is Linux on x86-64 with the Python of the published bytes."""
    minor = (REPOSITORY / ".python-version").read_text(encoding="utf-8").strip()
    here = ".".join(platform.python_version_tuple()[:2])
    return (platform.system(), platform.machine(), here) == ("Linux", "x86_64", minor)
