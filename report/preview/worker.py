"""The process that runs notebooks and renders pages: `python -m report.preview.worker OPTIONS`, options as JSON.

A line of JSON on its input is a request: `{"do": "update", "notebooks": […]}`, with null for everything, or
`{"do": "pdf", "file": …}`. Each line of its output is an event. It ends when its input does. When it has nothing to do,
it renders the whole page, and replays what was edited last.
"""

from __future__ import annotations

import gc
import json
import os
import queue
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from report.preview.live import LiveReport

__all__ = ["main"]

_IDLE = 0.6  # seconds without a request until the whole page is rendered


def main(arguments: list[str]) -> int:
    """Answer requests until the input ends; return the exit code."""
    send = _sender()
    requests: queue.Queue[dict | None] = queue.Queue()
    signal.signal(signal.SIGTERM, _interrupt)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that started this one, which ends it
    try:
        from report.preview.live import LiveReport, Options  # which imports the program, with errors it may have

        options = json.loads(arguments[0])
        root, data, file = (Path(options[key]) if options[key] else None for key in ("root", "data", "file"))
        how = (options[key] for key in ("workers", "engine", "cell_timeout"))
        chosen = Options(data, options["options"], file, *how)
        with LiveReport(root or Path(), chosen, send) as report:
            threading.Thread(target=_read_requests, args=(requests, report), daemon=True).start()
            _answer(report, requests, send)
    except KeyboardInterrupt:
        return 0
    except Exception:
        send({"kind": "state", "problems": [traceback.format_exc()], "notes": [], "whole": False})
        return 1
    return 0


def _answer(report: LiveReport, requests: queue.Queue[dict | None], send: Callable[[Mapping[str, Any]], None]) -> None:
    """Answer each request, and finish the page in between."""
    report.update()
    report.finish(lambda: not requests.empty())
    report.prepare()
    gc.disable()  # searching for garbage takes as long as rendering a chapter: it is done when nobody waits
    gc.freeze()
    while True:
        try:
            request = requests.get(timeout=_IDLE)
        except queue.Empty:
            report.finish(lambda: not requests.empty())
            gc.collect()
            report.replay()
            request = requests.get()
        if request is None:
            return
        if request["do"] == "pdf":
            report.finish()
            threading.Thread(target=_write_pdf, args=(report, request["file"], send), daemon=True).start()
            continue
        send({"kind": "busy", "text": "checking what was saved"})
        notebooks = request["notebooks"]
        report.update(None if notebooks is None else set(notebooks))


def _write_pdf(report: LiveReport, file: str, send: Callable[[Mapping[str, Any]], None]) -> None:
    """Set the PDF, write it into a file, and send that it is there, or why not."""
    try:
        Path(file).parent.mkdir(parents=True, exist_ok=True)
        Path(file).write_bytes(report.typeset()())
        send({"kind": "pdf", "problem": ""})
    except Exception as error:
        send({"kind": "pdf", "problem": str(error)})


def _read_requests(requests: queue.Queue[dict | None], report: LiveReport) -> None:
    """Put requests into the queue as they arrive, and None at the end; what has changed again need not run on."""
    for line in sys.stdin:
        request = json.loads(line)
        requests.put(request)
        if request["do"] == "update":
            ended = request["ended"]
            report.interrupt(None if ended is None else set(ended))
    requests.put(None)


def _sender() -> Callable[[Mapping[str, Any]], None]:
    """Return a function that writes an event; whatever else is printed goes to the standard error."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    lock = threading.Lock()

    def send(event: Mapping[str, Any]) -> None:
        with lock:
            out.write(json.dumps(event) + "\n")
            out.flush()

    return send


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
