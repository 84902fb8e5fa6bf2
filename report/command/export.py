"""Export the page, the PDF and the Markdown of the report at the same time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from report.progress import Progress
from report.proof import chain
from report.runs.reuse import Runs

__all__ = ["PAGES", "export_pages"]

PAGES = ("report.html", "report.pdf")


def export_pages(
    document,
    progress: Progress,
    runs: Runs,
    other_files: Callable[[], dict[str, bytes]],
    other_readings: Callable[[MutableMapping], Sequence] = lambda texts: (),
    figures: str = "figures/",
    what_if: Callable[[], Mapping[str, Any] | None] = lambda: None,
) -> tuple[dict[str, bytes], chain.Tally]:
    """Return report.html, report.pdf and report.md, with what `other_files` returns, and the tally of their numbers.

    `other_readings` gives the readings under which the page can be read too, with the texts converted so far; `figures`
    is the folder of the figures as report.md, which links to them, sees it. `what_if` gives the data for readers who
    ask what if a figure were another, None if they cannot.

    Typst takes longer than everything else, and leaves the interpreter to others while it runs. So a second thread
    writes the Typst source and starts Typst as early as possible, while this one only converts texts, with pandoc, in
    processes of their own. What needs the interpreter most, the page and the walk along its links, waits until Typst
    runs: otherwise the two threads would slow each other down. What does not need the page is done in a copy of this
    process meanwhile, because the end of the page leaves a core idle.
    """
    from report.pages import html, twin, typst
    from report.pages.reading import read
    from report.pages.shortening import shorten
    from report.pages.two_processes import compute_both

    started = time.monotonic()
    for name in PAGES:
        progress.started(name, 1, "page")
    draft, typst_runs = read(document), threading.Event()
    with runs.texts() as texts, ThreadPoolExecutor(max_workers=1) as second_thread:
        pdf = second_thread.submit(typst.pdf, draft, typst_runs.set, texts)
        pdf.add_done_callback(lambda _: typst_runs.set())  # if it fails before Typst runs, nothing is to be waited for
        html.converted(draft, texts)
        twin.converted(draft, texts)
        typst_runs.wait()
        from report.pages.exporters import ReportHTMLExporter  # imports nbconvert, which takes a while

        page, (plain, files) = compute_both(
            lambda: shorten(ReportHTMLExporter().from_draft(draft, other_readings(texts), texts, what_if())),
            lambda: (twin.page(draft, texts, figures), other_files()),
        )
        progress.finished(PAGES[0], time.monotonic() - started)
        tally = chain.tally_page(page)
        typeset = pdf.result()
    progress.finished(PAGES[1], time.monotonic() - started)
    pages = {"report.html": page.encode("utf-8"), "report.pdf": typeset, "report.md": plain.encode("utf-8")}
    return {**files, **pages}, chain.add_pdf_links(tally, typeset)
