"""A Jupyter server as a person starts it, with a home of its own, and requests to it."""

from __future__ import annotations

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

REPOSITORY = Path(__file__).resolve().parents[1]
TOKEN = "for-this-test-only"


@dataclass(frozen=True)
class Server:
    """A server that runs: its address, and the token that it asks for."""

    address: str

    def get(self, path: str) -> bytes:
        """Return what the server answers. Raises HTTPError for anything but success."""
        with urlopen(
            Request(f"{self.address}/{path}", headers={"Authorization": f"token {TOKEN}"}), timeout=120
        ) as answer:
            return answer.read()


def command_of_make_lab() -> list[str]:
    """Return the command of `make lab` without its preview, with the Python of these tests."""
    recipe = re.search(r"^lab: .*\n\t@((?:.*\\\n)*.*)", (REPOSITORY / "Makefile").read_text("utf-8"), re.M)[1]
    recipe = recipe.replace("sh .make/lab.sh ", "").replace("\\\n", " ").replace("$$", "$")
    command = recipe.replace("$(python)", shlex.quote(sys.executable))
    return ["sh", "-c", command.replace("$(ARGS)", '"$@"'), "lab"]


def options(port: int) -> list[str]:
    """Return the options of a server without a browser on this port."""
    root = ["--allow-root"] if os.getuid() == 0 else []
    return [
        "--no-browser",
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
        f"--IdentityProvider.token={TOKEN}",
        *root,
    ]


@contextmanager
def running_server(command: Sequence[str], folder: Path, home: Path) -> Iterator[Server]:
    """Give a server that `command` starts in a folder, as soon as it answers; end it and its kernels afterwards."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    home.mkdir(exist_ok=True)
    own = {name: text for name, text in os.environ.items() if not name.startswith(("JUPYTER", "XDG_"))}
    process = subprocess.Popen(
        [*command, *options(port)],
        cwd=folder,
        env={**own, "HOME": str(home), "JUPYTER_PREFER_ENV_PATH": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    server = Server(f"http://127.0.0.1:{port}")
    try:
        _wait_for(server, process)
        yield server
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait_for(server: Server, process: subprocess.Popen, seconds: float = 600) -> None:
    end = time.monotonic() + seconds
    while True:
        try:
            server.get("api/status")
            return
        except (URLError, OSError):
            assert process.poll() is None, "the server has ended"
            assert time.monotonic() < end, "the server does not answer"
            time.sleep(0.3)
