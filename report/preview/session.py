"""A preview from its start to Ctrl-C: watch the inputs, pass changes to the worker, and what it answers to the page."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from report.folders import Folders
from report.kernels.private import CELL_TIMEOUT
from report.preview.rendering import Chapter
from report.preview.served import ServedPage
from report.preview.server import Site, start_server
from report.preview.watching import Changes, Watched

__all__ = ["PreviewRequest", "run_preview"]

_LONGEST_LINE = 64 * 2**20  # bytes of an event, which may be a whole page
_PATIENCE = 5  # seconds for the worker to end by itself


@dataclass(frozen=True, kw_only=True)
class PreviewRequest:
    """The options of a preview."""

    port: int = 8899
    data: Path | None = None
    options: list[str] = field(default_factory=list)
    file: Path | None = None
    workers: int = 2
    engine: str | None = None
    cell_timeout: int = CELL_TIMEOUT


def run_preview(request: PreviewRequest, folders: Folders | None = None) -> None:
    """Serve the preview until it is interrupted."""
    with suppress(KeyboardInterrupt):
        asyncio.run(_Preview(request, folders or Folders()).run())


class _Preview:
    """A preview: its site, and the worker that runs and renders."""

    def __init__(self, request: PreviewRequest, folders: Folders) -> None:
        self._request, self._folders = request, folders.of_ledger(request.data)
        self._site = Site()
        self._worker: asyncio.subprocess.Process | None = None
        self._restart = asyncio.Event()
        self._leads = False  # whether the next whole page leads to what has changed
        self._replaced = False  # whether a worker that ends has been asked to
        self._pdf: asyncio.Future[str] | None = None
        published = self._folders.published / "report.html"
        if published.exists():  # until there is a newer one
            self._site.page = ServedPage(published.read_text(encoding="utf-8"))

    async def run(self) -> None:
        """Serve until SIGINT, SIGTERM or SIGHUP."""
        stop, loop = asyncio.Event(), asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) != signal.SIG_IGN:  # make lab ends its preview itself
                loop.add_signal_handler(number, stop.set)
        server, address = start_server(self._site, self._request.port, self._typeset)
        print(f"preview: {address}\n(Ctrl-C ends it; nothing published changes)", flush=True)
        tasks = [asyncio.create_task(self._keep_worker()), asyncio.create_task(self._watch())]
        try:
            with _kept_address(self._folders.build / "live" / "address", address):
                await asyncio.wait([*tasks, asyncio.create_task(stop.wait())], return_when=asyncio.FIRST_COMPLETED)
            for task in tasks:
                if task.done():
                    task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            server.stop()
            self._site.close()
            await self._end_worker()
            await server.close_all_connections()
            print("preview: ended", flush=True)

    async def _watch(self) -> None:
        """Pass on every change."""
        async for changes in Watched(self._folders).changes():
            await self._pass_on(changes)

    async def _pass_on(self, changes: Changes) -> None:
        """Ask the worker for what a change makes necessary; one with old code is replaced."""
        if changes.program or not self._worker:
            self._site.set_busy("starting again with the code as it is now")
            self._replaced = self._leads = True
            await self._end_worker()
            self._restart.set()
        else:
            saved = sorted(changes.notebooks)
            ended = saved if changes.settings or not changes.inputs else None
            await self._ask(do="update", notebooks=None if changes.inputs else saved, ended=ended)

    # -- the worker -----------------------------------------------------------------------------------------------

    async def _keep_worker(self) -> None:
        """Run a worker, and another one whenever it was replaced."""
        while True:
            self._replaced = False
            async with self._running() as worker:
                assert worker.stdout
                async for line in worker.stdout:
                    self._on_event(json.loads(line))
                code = await worker.wait()
            self._on_worker_ended(code)
            await self._restart.wait()
            self._restart.clear()

    @asynccontextmanager
    async def _running(self) -> AsyncIterator[asyncio.subprocess.Process]:
        """Give a new worker, and end it afterwards."""
        options = {**asdict(self._request), "root": self._folders.root}
        text = json.dumps({key: str(value) if isinstance(value, Path) else value for key, value in options.items()})
        self._worker = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "report.preview.worker",
            text,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=_LONGEST_LINE,
            cwd=Path(__file__).parents[2],
            start_new_session=True,
        )
        try:
            yield self._worker
        finally:
            await self._end_worker()

    async def _end_worker(self) -> None:
        """End the worker, and with it its kernels."""
        worker, self._worker = self._worker, None
        if worker and worker.returncode is None:
            with suppress(ProcessLookupError):
                worker.terminate()
            try:
                await asyncio.wait_for(worker.wait(), _PATIENCE)
            except TimeoutError:
                worker.kill()
                await worker.wait()

    def _on_worker_ended(self, code: int) -> None:
        """Show that the worker has ended by itself."""
        self._worker = None
        self._fail_pdf("the preview is starting again; try it in a moment")
        if not self._replaced:
            self._site.set_busy("")
            if not self._site.state["problems"]:
                problem = f"the process that renders the page has ended (exit code {code}); the terminal shows why"
                remedy = "it starts again with the next change"
                self._site.set_state({"problems": [f"{problem}; {remedy}"], "notes": [], "whole": False})

    async def _ask(self, **request: Any) -> None:
        if self._worker and self._worker.stdin:
            with suppress(ConnectionError):
                self._worker.stdin.write(json.dumps(request).encode() + b"\n")
                await self._worker.stdin.drain()

    def _on_event(self, event: dict[str, Any]) -> None:
        """Show what the worker sends."""
        match event["kind"]:
            case "page":
                whole = ServedPage(event["before"], tuple(event["blocks"]), event["after"])
                self._site.show(whole, leads=self._leads)
                self._leads = False
            case "chapter":
                chapter = Chapter(event["anchor"], tuple(event["blocks"]), event["rules"])
                if page := self._site.page.with_chapter(chapter):
                    self._site.show(page, leads=event["leads"])
            case "busy":
                self._site.set_busy(event["text"])
            case "state":
                self._site.busy = ""
                self._site.set_state({key: event[key] for key in ("problems", "notes", "whole")})
            case "pdf":
                if event["problem"]:
                    self._fail_pdf(event["problem"])
                elif self._pdf and not self._pdf.done():
                    self._pdf.set_result("")

    # -- the PDF --------------------------------------------------------------------------------------------------

    async def _typeset(self) -> Path:
        """Return the path of the PDF of the page as it is now. Raises ValueError with what prevents it."""
        path = self._folders.build / "live" / "report.pdf"
        if not self._worker:
            raise ValueError("the preview is starting again; try it in a moment")
        if not self._pdf or self._pdf.done():
            self._pdf = asyncio.get_running_loop().create_future()
            await self._ask(do="pdf", file=str(path))
        await asyncio.shield(self._pdf)
        return path

    def _fail_pdf(self, problem: str) -> None:
        if self._pdf and not self._pdf.done():
            self._pdf.set_exception(ValueError(problem))


@contextmanager
def _kept_address(path: Path, address: str) -> Iterator[None]:
    """Keep the address in a file that only its owner can read; links in JupyterLab go there while the preview runs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(f"{address}\n")
    try:
        yield
    finally:
        with suppress(OSError):
            if path.read_text(encoding="utf-8").strip() == address:  # not that of a preview started since
                path.unlink()
