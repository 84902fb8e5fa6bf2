"""How fast the published page is on a slow phone: its first paint, and how soon it answers a reader.

    python tests/bench_page.py --against FILE

All is measured in a window of the size of a phone, on a processor throttled four times, from a file. *First paint* is
the median over rounds in which the page takes turns with the same page without its scripts, and so without the data
they unpack, and with FILE, such as an earlier page; the ratio is what counts.

Interactions are real keys and clicks, and the browser itself says how long they took. *Until the next frame* is from
the key to the frame that shows what it did (Event Timing, to the next 8 ms), *longest task* is how long at most the
page answers nothing until all is done (Long Tasks, which begin at 50 ms), both medians over rounds; *all* is until the
page has settled. Each other reading is chosen after the other, and their median and the slowest are given. Whatever
else keeps the machine busy makes all of this longer, and the first two times of FILE, which stand beside.
"""

from __future__ import annotations

import argparse
import re
import statistics
import tempfile
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from time import perf_counter

import browser
from browser import PUBLISHED
from playwright.sync_api import Browser, Page

RATE, MOST_MS, WITHOUT = 4, 100, "without scripts"
SHORTEST_EVENT, SHORTEST_TASK = 16, 50  # milliseconds; the browser tells of nothing shorter
OBSERVE = f"""() => {{
  const observe = (type, list, options = {{}}, counts = () => true) => new PerformanceObserver((found) =>
    list.push(...found.getEntries().filter(counts).map((entry) => entry.duration))).observe({{ type, ...options }});
  window.bench = {{ events: [], tasks: [] }};
  observe("event", bench.events, {{ durationThreshold: {SHORTEST_EVENT} }}, (entry) => entry.interactionId);
  observe("longtask", bench.tasks);
}}"""
FORGET = "() => { bench.events.length = bench.tasks.length = 0; }"
TO_BEFORE = """(link) => { // the next Tab reaches it
  const stops = [...document.querySelectorAll("a[href], summary, select, input, button")];
  const reached = stops.filter((stop) => stop.tabIndex >= 0 && stop.checkVisibility());
  reached[reached.indexOf(link) - 1].focus();
}"""
NUMBERS = "main .prose a.evidence"
PERCENTAGE = f"{NUMBERS}[href='#c061']"
READINGS, READING = ".readings", "#reading"
Took = tuple[float, float, float]  # milliseconds until the next frame, of the longest task, until all is done


def new_page(chromium: Browser, path: Path) -> Page:
    """Open a page in a window of the size of a phone, on a slow processor, without a network."""
    page = chromium.new_context(viewport={"width": 390, "height": 800}, offline=True).new_page()
    page.set_default_timeout(30_000)
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": RATE})
    page.goto(path.as_uri())
    return page


def first_paints(chromium: Browser, paths: Mapping[str, Path], rounds: int) -> dict[str, float]:
    """Return the median milliseconds until each page is first painted."""
    took: dict[str, list[float]] = {name: [] for name in paths}
    for number in range(rounds):
        for name in [*paths][:: 1 if number % 2 else -1]:
            page = new_page(chromium, paths[name])
            page.wait_for_function("() => performance.getEntriesByName('first-contentful-paint').length")
            took[name].append(page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime"))
            page.context.close()
    return {name: statistics.median(each) for name, each in took.items()}


def interactions(chromium: Browser, paths: Mapping[str, Path], rounds: int) -> dict[str, dict[str, Took]]:
    """Return how long each interaction takes on each page, the median over rounds in which the pages take turns."""
    took: dict[str, dict[str, list[Took]]] = {name: {} for name in paths}
    for number in range(rounds):
        for name in [*paths][:: 1 if number % 2 else -1]:
            page = new_page(chromium, paths[name])
            page.locator(f"{READINGS}[data-shows]").wait_for()
            page.evaluate(OBSERVE)
            for what, ms in [*questions(page), *readings(page)]:
                took[name].setdefault(what, []).append(ms)
            page.context.close()
    return {name: {what: middle(each) for what, each in one.items()} for name, one in took.items()}


def questions(page: Page) -> Iterator[tuple[str, Took]]:
    """Ask what the page answers about a number and a mark, and yield how long each took."""
    page.locator(NUMBERS).first.evaluate(TO_BEFORE)
    yield "open a card", timed(page, partial(page.keyboard.press, "Tab"), has("#evidence"))
    page.locator(PERCENTAGE).first.focus()
    ask = page.locator("#evidence button", has_text="What if").element_handle()
    yield "ask what if", timed(page, ask.click, has(".what-if li"))
    for name, value in (("type a value", "30"), ("type another", "31.7")):
        page.locator(".what-if input").first.select_text()
        answered = f"() => document.querySelector('.what-if [role=status]').textContent.startsWith('{value}%')"
        yield name, timed(page, partial(page.keyboard.type, value), answered)
    page.locator("#fig-trade-over-time .card").focus()
    yield "light links of a mark", timed(page, partial(page.keyboard.press, "ArrowRight"), has(".ring.lit"))


def readings(page: Page) -> Iterator[tuple[str, Took]]:
    """Choose one reading after the other, then the usual one, and yield how long each took."""
    page.evaluate("() => scrollTo(0, 0)")
    page.locator(READING).focus()
    others = page.eval_on_selector_all(f"{READING} option", "(options) => options.map(({ value }) => value)")[1:]
    for name in others:
        yield name, timed(page, partial(page.keyboard.press, "ArrowDown"), has(f"{READINGS}[data-shows='{name}']"))
    usual = has(f"{READINGS}[data-shows=usual]")
    yield "the usual reading again", timed(page, partial(page.keyboard.press, "Home"), usual)


def has(selector: str) -> str:
    """Return a function of JavaScript: whether the page has such an element."""
    return f'() => document.querySelector("{selector}") !== null'


def timed(page: Page, act: Callable[[], object], done: str) -> Took:
    """Act as a reader, wait until a function of JavaScript is true, and return how long it took."""
    page.wait_for_timeout(500)  # the page is at rest
    page.evaluate(FORGET)
    start = perf_counter()
    act()
    page.wait_for_function(done)
    settled = 1000 * (perf_counter() - start)
    page.wait_for_timeout(500)  # the browser has told of all
    told = page.evaluate("() => bench")
    return max([*told["events"], SHORTEST_EVENT]), max([*told["tasks"], SHORTEST_TASK]), settled


def middle(took: list[Took]) -> Took:
    """Return the median of each time."""
    frame, task, settled = (statistics.median(each) for each in zip(*took, strict=True))
    return frame, task, settled


def rows_of(took: Mapping[str, Took]) -> dict[str, Took]:
    """Return what is printed: of the other readings, the median and each time of the slowest one.

    >>> rows_of({"open a card": (90, 50, 100), "cut-off": (60, 70, 900), "loose": (70, 60, 800)})["the slowest reading"]
    (70, 70, 900)
    """
    own = {name: ms for name, ms in took.items() if " " in name}
    others = [ms for name, ms in took.items() if name not in own]
    frame, task, settled = (max(each) for each in zip(*others, strict=True))
    return own | {"another reading, median": middle(others), "the slowest reading": (frame, task, settled)}


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
        del paths[WITHOUT]
        took = interactions(chromium, paths, max(rounds // 2, 1))
    lines = [f"first paint of the page, ms, median of {rounds}, processor {RATE} times slower"]
    for name, ms in paints.items():
        ratio = f"; the page as it is takes {paints['as it is'] / ms:.2f} times as long" if name != "as it is" else ""
        lines.append(f"  {name:<24} {ms:7.0f}{ratio}")
    lines.append(f"interactions, ms: until the next frame, longest task, all; the first two at most {MOST_MS}")
    own, *others = (rows_of(each) for each in took.values())
    for name, (frame, task, settled) in own.items():
        word = "met" if max(frame, task) <= MOST_MS else "MISSED"
        beside = "".join(f"; {against and against.name} {times[name][0]:.0f} {times[name][1]:.0f}" for times in others)
        lines.append(f"  {name:<24} {frame:7.0f} {task:7.0f} {settled:7.0f}  {word}{beside}")
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--page", type=Path, default=PUBLISHED, metavar="FILE", help="the page to measure")
    parser.add_argument("--against", type=Path, metavar="FILE", help="another page, whose first paint is measured, too")
    parser.add_argument("--rounds", type=int, default=7, metavar="N", help="take the median of this many (7)")
    options = parser.parse_args()
    print(report(options.page.resolve(), options.against and options.against.resolve(), options.rounds))


if __name__ == "__main__":
    main()
