"""How fast the published page is on a slow phone: its first paint, and what it takes to answer a reader.

    python tests/bench_page.py --against FILE

*First paint* is on a processor throttled four times, from a file, the median over rounds in which the page takes turns
with the same page without its scripts, and so without the data they unpack, and with FILE, such as an earlier page; the
ratio is what counts. An interaction is measured by the time that the page's own thread has the processor, four times
that of this machine: so others that keep the machine busy count little. *Until the next frame* is all work from the
event to the frame that shows it, *longest task* is how long the page answers nothing until all is done.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import browser
from browser import PUBLISHED
from playwright.sync_api import Browser, Page

RATE, MOST_MS, WITHOUT = 4, 100, "without scripts"
TIMED = """async () => {
  const pause = (ms) => new Promise((again) => setTimeout(again, ms));
  const drawn = new Promise((done) => requestAnimationFrame(() => setTimeout(done))); // before what the page does then
  performance.mark("bench-start");
  ACTION;
  await drawn;
  performance.mark("bench-frame");
  while (!(UNTIL)) await pause(10);
  performance.mark("bench-end");
  await pause(50);
}"""
TRACED = ("toplevel", "blink.user_timing")
LINK = "document.querySelector(\"main .prose a.evidence[href='#c061']\")"
FIELD = "document.querySelector('.what-if input')"
CARD = "document.querySelector('#fig-trade-over-time .card')"
READING = "document.getElementById('reading')"


def choosing(name: str) -> tuple[str, str]:
    """Return what chooses a reading, and what is true once the page shows it."""
    choose = f"{READING}.value = '{name}'; {READING}.dispatchEvent(new Event('change'))"
    return choose, f"document.querySelector('.readings').dataset.shows === '{name or 'usual'}'"


def typing(value: str) -> tuple[str, str]:
    """Return what types a value in the question what if, and what is true once it is answered."""
    said = "document.querySelector('.what-if [role=status]').textContent.startsWith"
    return (
        f"{FIELD}.value = '{value}'; {FIELD}.dispatchEvent(new Event('input', {{ bubbles: true }}))",
        f"{said}('{value}%')",
    )


STEPS: dict[str, tuple[str, str]] = {
    "open a card": (f"{LINK}.focus()", "document.querySelector('#evidence')"),
    "ask what if": (
        "[...document.querySelectorAll('#evidence button')].find((one) => /^What if/.test(one.textContent)).click()",
        FIELD,
    ),
    "type a value": typing("30"),
    "type another": typing("31.7"),
    "light links of a mark": (
        f"{CARD}.focus(); {CARD}.dispatchEvent(new KeyboardEvent('keydown', {{ key: 'ArrowRight' }}))",
        "document.querySelector('.ring.lit')",
    ),
    "choose a reading": choosing("digits-cut-off"),
    "choose the loosest": choosing("loose-writer"),
    "choose the usual one": choosing(""),
}


def new_page(chromium: Browser) -> Page:
    """Return a page of the size of a phone, without a network."""
    page = chromium.new_context(viewport={"width": 390, "height": 800}, offline=True).new_page()
    page.set_default_timeout(120_000)
    return page


def first_paints(chromium: Browser, paths: Mapping[str, Path], rounds: int) -> dict[str, float]:
    """Return the median milliseconds until each page is first painted."""
    took: dict[str, list[float]] = {name: [] for name in paths}
    for number in range(rounds):
        for name in [*paths][:: 1 if number % 2 else -1]:
            page = new_page(chromium)
            page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": RATE})
            page.goto(paths[name].as_uri())
            page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length")
            took[name].append(page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime"))
            page.context.close()
    return {name: statistics.median(each) for name, each in took.items()}


def interactions(chromium: Browser, path: Path, rounds: int) -> dict[str, tuple[float, ...]]:
    """Return the median milliseconds of each step: until the next frame, its longest task, and all of them."""
    took: dict[str, list[tuple[float, ...]]] = {name: [] for name in STEPS}
    for _ in range(rounds):
        page = new_page(chromium)
        page.goto(path.as_uri())
        page.locator(".readings[data-shows]").wait_for()
        page.keyboard.press("Shift")  # so that a focus is one of the keyboard
        page.wait_for_timeout(500)
        for name, (action, until) in STEPS.items():
            chromium.start_tracing(page=page, categories=list(TRACED))
            page.evaluate(TIMED.replace("ACTION", action).replace("UNTIL", until))
            took[name].append(slow_times(json.loads(chromium.stop_tracing())["traceEvents"]))
        page.context.close()
    return {name: tuple(map(statistics.median, zip(*each, strict=True))) for name, each in took.items()}


def slow_times(events: Sequence[Mapping[str, Any]]) -> tuple[float, float, float]:
    """Return the milliseconds of a step on a slow processor: of tasks until the next frame, the longest, of all.

    >>> mark = {"pid": 1, "tid": 1, "ph": "R"}
    >>> marks = [mark | {"name": f"bench-{name}", "ts": ts} for name, ts in [("start", 10), ("frame", 20), ("end", 90)]]
    >>> task = {"pid": 1, "tid": 1, "ph": "X", "name": "RunTask"}
    >>> slow_times([*marks, task | {"ts": 5, "dur": 9, "tdur": 5000}, task | {"ts": 30, "dur": 9, "tdur": 9000}])
    (20.0, 36.0, 56.0)
    """
    at = {event["name"]: event for event in events if event["name"].startswith("bench-")}
    start, frame, end = (at[f"bench-{name}"]["ts"] for name in ("start", "frame", "end"))
    where = at["bench-start"]["pid"], at["bench-start"]["tid"]
    tasks = [
        (event["ts"], RATE * event.get("tdur", 0) / 1000)
        for event in events
        if event["name"].endswith("RunTask") and event["ph"] == "X" and (event["pid"], event["tid"]) == where
        if event["ts"] + event["dur"] >= start and event["ts"] <= end
    ]
    return sum(ms for since, ms in tasks if since <= frame), max(ms for _, ms in tasks), sum(ms for _, ms in tasks)


def without_scripts(page: str) -> str:
    """Return a page without its scripts and their data.

    >>> without_scripts("<p>a</p><script id=data>x</script><script>y</script>")
    '<p>a</p>'
    """
    return re.sub(r"<script\b.*?</script>", "", page, flags=re.S)


def report(path: Path = PUBLISHED, against: Path | None = None, rounds: int = 7) -> str:
    """Return what was measured, as text; a line why nothing was, without a browser."""
    if not browser.program():
        return "page: left out, there is no browser"
    with tempfile.TemporaryDirectory(prefix="ledger-bench-") as folder, browser.running() as chromium:
        bare = Path(folder) / "bare.html"
        bare.write_text(without_scripts(path.read_text("utf-8")), encoding="utf-8")
        paths = {"as it is": path, WITHOUT: bare} | ({against.name: against} if against else {})
        paints = first_paints(chromium, paths, rounds)
        steps = interactions(chromium, path, max(rounds // 2, 1))
    lines = [f"first paint of the page, ms, median of {rounds}, processor {RATE} times slower"]
    for name, ms in paints.items():
        ratio = f"; the page as it is takes {paints['as it is'] / ms:.2f} times as long" if name != "as it is" else ""
        lines.append(f"  {name:<22} {ms:7.0f}{ratio}")
    lines.append(f"interactions, ms: until the next frame, longest task, all; the first two at most {MOST_MS}")
    for name, (frame, task, whole) in steps.items():
        word = "met" if max(frame, task) <= MOST_MS else "MISSED"
        lines.append(f"  {name:<22} {frame:7.0f} {task:7.0f} {whole:7.0f}  {word}")
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--page", type=Path, default=PUBLISHED, metavar="FILE", help="the page to measure")
    parser.add_argument("--against", type=Path, metavar="FILE", help="another page, whose first paint is measured, too")
    parser.add_argument("--rounds", type=int, default=7, metavar="N", help="take the median of this many (7)")
    options = parser.parse_args()
    print(report(options.page, options.against, options.rounds))


if __name__ == "__main__":
    main()
