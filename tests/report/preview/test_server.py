"""The server of the preview: for this machine, this page and this token only."""

import asyncio
import http.client
import socket
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from report.preview.served import ServedPage
from report.preview.server import Site, start_server


async def no_pdf() -> Path:
    raise ValueError("Typst has refused it")


def ask(address: str, path: str, method: str = "GET", headers: dict[str, str] | None = None):
    """Return the status, the headers and the text of an answer; `path` begins after the token unless with a slash."""
    url = urlsplit(address)
    with closing(http.client.HTTPConnection(url.hostname, url.port, timeout=20)) as connection:
        connection.request(method, path if path.startswith("/") else url.path + path, headers=headers or {})
        answer = connection.getresponse()
        endless = answer.getheader("Content-Type") == "text/event-stream"
        return answer.status, dict(answer.getheaders()), (answer.read1() if endless else answer.read()).decode()


def asked(*requests: tuple, port: int = 0) -> list:
    """Return the answers of a new server to these requests, each as the arguments of `ask` after the address."""

    async def run() -> list:
        site = Site(ServedPage("<main>the report</main>\n</div>\n"))
        server, address = start_server(site, port, no_pdf)
        try:
            return [await asyncio.to_thread(ask, address, *request) for request in requests]
        finally:
            server.stop()
            await server.close_all_connections()

    return asyncio.run(run())


def test_the_page_and_its_script_are_served_under_the_token():
    (status, headers, text), (script, _, code) = asked(("",), ("preview.js",))
    assert (status, script) == (200, 200)
    assert "the report" in text and "EventSource" in code
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "path", ["/", "/wrong/", "/wrong/preview.js", "/wrong/report.pdf", "/wrong/events", "/favicon.ico"]
)
def test_nothing_is_served_without_the_token(path):
    [(status, _, text)] = asked((path,))
    assert status == 404
    assert "the report" not in text and "with the token in it" in text


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8899", "127.0.0.1", "localhost:1", ""])
def test_a_request_under_another_name_is_refused(host):
    [(status, _, text)] = asked(("", "GET", {"Host": host}))
    assert status in (400, 403)
    assert "the report" not in text


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1", "file://"])
def test_a_request_from_another_page_is_refused(origin):
    [(status, headers, _)] = asked(("events", "GET", {"Origin": origin}))
    assert status == 403
    assert not any(name.lower().startswith("access-control") for name in headers)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_only_reading_is_allowed(method):
    [(status, headers, _)] = asked(("", method))
    assert status == 405
    assert not any(name.lower().startswith("access-control") for name in headers)


def test_other_sites_cannot_embed_or_read_what_is_served():
    [(_, headers, _)] = asked(("",))
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "SAMEORIGIN"
    assert headers["Referrer-Policy"] == "no-referrer"


def test_a_pdf_that_cannot_be_set_says_why():
    [(status, _, text)] = asked(("report.pdf",))
    assert (status, text) == (503, "Typst has refused it\n")


def test_a_taken_port_is_replaced_by_the_next():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        [(status, _, _)] = asked(("",), port=min(port, 65500))
    assert status == 200


def test_every_start_has_a_token_of_its_own():
    assert len({Site().token for _ in range(5)}) == 5
    assert len(Site().token) >= 20


def test_every_follower_receives_every_event():
    async def run() -> list[str]:
        site = Site()
        queues = [site.follow(), site.follow()]
        site.set_busy("reading")
        return [[queue.get_nowait() for _ in range(2)] for queue in queues]

    first, second = asyncio.run(run())
    assert first == second
    assert first[1].startswith("event: state\n") and '"busy": "reading"' in first[1]
