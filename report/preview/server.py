"""The web server of a preview: on this machine only, under an address with a random token."""

from __future__ import annotations

import asyncio
import hmac
import json
import secrets
import socket
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import tornado.web
from tornado.httpserver import HTTPServer
from tornado.iostream import StreamClosedError

from report.preview.served import NOTHING, ServedPage

__all__ = ["Site", "start_server"]

SCRIPT = Path(__file__).parent / "templates" / "preview.js"
_HERE = "127.0.0.1"
_PORTS = 20  # that are tried before any free one
_HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
}


@dataclass
class Site:
    """What is served: the page, its version, the problems above it; and those who follow it, each by a queue."""

    page: ServedPage = NOTHING
    version: int = 0
    state: Mapping[str, Any] = field(default_factory=lambda: {"problems": [], "notes": [], "whole": False})
    busy: str = "starting"
    token: str = field(default_factory=lambda: secrets.token_urlsafe(18))
    _followers: set[asyncio.Queue[str | None]] = field(default_factory=set)

    def show(self, page: ServedPage, leads: bool = False) -> None:
        """Show another page; `leads` is whether readers are led to what has changed."""
        changes = page.changes(self.page)
        self.page = page
        if changes is not None and not changes["edits"] and "style" not in changes:
            return
        self.version += 1
        event = {"from": self.version - 1, "version": self.version, "leads": leads}
        self._send("page", event | (changes or {"reload": True}))

    def set_state(self, state: Mapping[str, Any]) -> None:
        """Show other problems and notes."""
        self.state = state
        self._send_state()

    def set_busy(self, busy: str) -> None:
        """Show what is being done; "" if that is nothing."""
        if busy != self.busy:
            self.busy = busy
            self._send_state()

    def follow(self) -> asyncio.Queue[str | None]:
        """Return a queue of the events from now on; the last is None."""
        events: asyncio.Queue[str | None] = asyncio.Queue()
        events.put_nowait(_event("state", self._state()))
        self._followers.add(events)
        return events

    def leave(self, events: asyncio.Queue[str | None]) -> None:
        """Send no more events to this queue."""
        self._followers.discard(events)

    def close(self) -> None:
        """Tell everybody that nothing follows."""
        for events in self._followers:
            events.put_nowait(None)

    def _state(self) -> dict[str, Any]:
        return {**self.state, "busy": self.busy, "version": self.version}

    def _send_state(self) -> None:
        self._send("state", self._state())

    def _send(self, name: str, content: Mapping[str, Any]) -> None:
        for events in self._followers:
            events.put_nowait(_event(name, content))


def _event(name: str, content: Mapping[str, Any]) -> str:
    return f"event: {name}\ndata: {json.dumps(content)}\n\n"


class _Handler(tornado.web.RequestHandler):
    """Answers only requests that are addressed to this machine by name, from a page of this server, with the token."""

    site: Site
    port: int

    def initialize(self, site: Site, port: int, typeset: Callable[[], Awaitable[Path]]) -> None:
        self.site, self.port, self.typeset = site, port, typeset

    def set_default_headers(self) -> None:
        self.clear_header("Server")
        for name, value in _HEADERS.items():
            self.set_header(name, value)

    def prepare(self) -> None:
        """Refuse what does not come from here: other names for this machine, other pages, a wrong token."""
        names = [f"{name}:{self.port}" for name in (_HERE, "localhost")]
        origin = self.request.headers.get("Origin")
        if self.request.host not in names or (origin and origin not in [f"http://{name}" for name in names]):
            raise tornado.web.HTTPError(403)
        if not hmac.compare_digest(self.path_kwargs["token"].encode(), self.site.token.encode()):
            raise tornado.web.HTTPError(404)

    def write_error(self, status_code: int, **_: Any) -> None:
        self.finish(f"{status_code}: open the address that the preview has printed, with the token in it\n")


class _PageHandler(_Handler):
    def get(self, token: str) -> None:
        self.finish(self.site.page.html(self.site.version))


class _ScriptHandler(_Handler):
    def get(self, token: str) -> None:
        self.set_header("Content-Type", "text/javascript; charset=utf-8")
        self.finish(SCRIPT.read_bytes())


class _PdfHandler(_Handler):
    async def get(self, token: str) -> None:
        try:
            path = await self.typeset()
        except ValueError as error:
            self.set_status(503)
            self.set_header("Content-Type", "text/plain; charset=utf-8")
            self.finish(f"{error}\n")
            return
        self.set_header("Content-Type", "application/pdf")
        self.finish(path.read_bytes())


class _EventsHandler(_Handler):
    """Sends events for as long as the page is open."""

    async def get(self, token: str) -> None:
        self.set_header("Content-Type", "text/event-stream")
        events = self.site.follow()
        try:
            while (event := await _next(events)) is not None:
                self.write(event)
                await self.flush()
        except StreamClosedError:
            pass
        finally:
            self.site.leave(events)


async def _next(events: asyncio.Queue[str | None]) -> str | None:
    """Return the next event; if there is none for a while a remark, by which a tab that is gone is noticed."""
    try:
        return await asyncio.wait_for(events.get(), timeout=15)
    except TimeoutError:
        return ": still here\n\n"


def start_server(site: Site, port: int, typeset: Callable[[], Awaitable[Path]]) -> tuple[HTTPServer, str]:
    """Return a server that runs, and the address of its page; if the port is taken, another is used.

    `typeset` returns the path of the PDF when it is there. It raises ValueError with what prevents that.
    """
    listening = _bind(port)
    listening.setblocking(False)
    port = listening.getsockname()[1]
    given = {"site": site, "port": port, "typeset": typeset}
    names = {"": _PageHandler, "preview.js": _ScriptHandler, "report.pdf": _PdfHandler, "events": _EventsHandler}
    rules = [(rf"/(?P<token>[^/]*)/{name}", handler, given) for name, handler in names.items()]
    application = tornado.web.Application(
        rules, log_function=lambda handler: None, compress_response=False, default_handler_class=_Missing
    )
    server = HTTPServer(application)
    server.add_socket(listening)
    return server, f"http://{_HERE}:{port}/{site.token}/"


class _Missing(tornado.web.RequestHandler):
    """Answers any other address."""

    def prepare(self) -> None:
        self.set_status(404)
        self.finish("404: open the address that the preview has printed, with the token in it\n")


def _bind(port: int) -> socket.socket:
    """Return a socket at this port, at one of those after it, or at any that is free. Raises OSError if none is."""
    for number in range(port, port + _PORTS if port else 0):
        with suppress(OSError, OverflowError):
            return socket.create_server((_HERE, number))
    return socket.create_server((_HERE, 0))
