"""Firefox as a reader has it, driven over WebDriver BiDi, which it speaks by itself: no driver program is needed."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from websocket import create_connection

NAMES = ("firefox-esr", "firefox")
KEYS = {"Tab": "\ue004", "Enter": "\ue007", "Escape": "\ue00c", "ArrowUp": "\ue013", "ArrowDown": "\ue015"}
SECONDS = 60
PREFERENCES = {
    "app.update.enabled": False,
    "browser.aboutwelcome.enabled": False,
    "browser.download.alwaysOpenPanel": False,  # it would take the focus
    "browser.download.folderList": 2,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.proxy.type": 1,  # whatever asks for a network gets a port where nothing listens
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
    "toolkit.telemetry.reportingpolicy.firstRun": False,
    "ui.prefersReducedMotion": 1,
}
WAITING = """new Promise((done, failed) => {
  const until = performance.now() + 30000, look = () => {
    const found = CONDITION;
    if (found) done(found);
    else if (performance.now() > until) failed(new Error("in vain: " + WORDS));
    else setTimeout(look, 20);
  };
  look();
})"""


class Firefox:
    """A page in Firefox: what it requests, what its console says, and what a reader does in it."""

    def __init__(self, address: str) -> None:
        self.socket = create_connection(f"{address}/session", timeout=SECONDS, suppress_origin=True)
        self.numbers = count(1)
        self.complaints: list[str] = []
        self.asked: list[str] = []
        self.command("session.new", capabilities={})
        self.command("session.subscribe", events=["log.entryAdded", "network.beforeRequestSent"])
        self.context = self.command("browsingContext.create", type="tab")["context"]  # the first tab lacks the focus

    def close(self) -> None:
        """Stop talking to Firefox."""
        self.socket.close()

    def command(self, method: str, **parameters: object) -> dict[str, Any]:
        """Return the result of a command, and note what happens until it is there."""
        number = next(self.numbers)
        self.socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self.socket.recv())
            if message.get("id") == number:
                if message["type"] == "error":
                    raise AssertionError(f"{method}: {message['error']}: {message['message']}")
                return message["result"]
            self._note(message.get("method"), message.get("params", {}))

    def _note(self, event: str | None, about: dict[str, Any]) -> None:
        if event == "log.entryAdded" and about["level"] in ("error", "warn"):
            self.complaints.append(about["text"])
        elif event == "network.beforeRequestSent":
            address = about["request"]["url"]
            self.asked += [] if address.startswith(("data:", "file:", "blob:", "about:")) else [address]

    def open(self, path: Path, fragment: str = "", width: int = 1280, height: int = 900) -> None:
        """Open a file, in a window of this size."""
        size = {"width": width, "height": height}
        self.command("browsingContext.setViewport", context=self.context, viewport=size)
        self.command("browsingContext.navigate", context=self.context, url="about:blank", wait="complete")
        self.command("browsingContext.navigate", context=self.context, url=path.as_uri() + fragment, wait="complete")

    def run(self, script: str) -> Any:
        """Return the value of an expression, or of the promise that it is, as JSON has it."""
        return json.loads(self.load(f"(async () => JSON.stringify(await ({script})) ?? 'null')()")["value"])

    def load(self, script: str) -> dict[str, Any]:
        """Run a script in the page, and return what it comes to as the protocol has it."""
        target = {"context": self.context}
        result = self.command("script.evaluate", expression=script, target=target, awaitPromise=True)
        if result["type"] == "exception":
            raise AssertionError(result["exceptionDetails"]["text"])
        return result["result"]

    def wait_for(self, script: str) -> Any:
        """Return the value of an expression as soon as it is true."""
        again = WAITING.replace("CONDITION", script).replace("WORDS", json.dumps(script))
        return self.run(again)

    def press(self, *keys: str) -> None:
        """Press keys one after the other, by name or as a text that is typed."""
        typed = [character for key in keys for character in ([KEYS[key]] if key in KEYS else key)]
        actions = [{"type": kind, "value": key} for key in typed for kind in ("keyDown", "keyUp")]
        self._perform({"type": "key", "id": "keyboard", "actions": actions})

    def point(self, selector: str, click: bool = False) -> None:
        """Move the mouse over an element, and click there."""
        where = f"document.querySelector({json.dumps(selector)})"
        self.run(f"{where}.scrollIntoView({{block: 'center', behavior: 'instant'}})")
        box = self.run(f"{where}.getClientRects()[0]")
        at = {"x": round(box["x"] + box["width"] / 2), "y": round(box["y"] + box["height"] / 2)}
        clicks = [{"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}] if click else []
        self._perform({"type": "pointer", "id": "mouse", "actions": [{"type": "pointerMove", **at}, *clicks]})

    def _perform(self, source: dict[str, Any]) -> None:
        self.command("input.performActions", context=self.context, actions=[source])


def program_or_skip() -> str:
    """Return the Firefox of this system, $FIREFOX or by a usual name, or skip the test."""
    found = next(filter(None, map(shutil.which, [os.environ.get("FIREFOX", ""), *NAMES])), None)
    return found or pytest.skip(f"no Firefox here: none of {', '.join(NAMES)} is on PATH, and FIREFOX names none")


@contextmanager
def running(folder: Path) -> Iterator[Firefox]:
    """Run Firefox without a window, in a home and with a profile in this folder, where downloads go too."""
    lines = {**PREFERENCES, "browser.download.dir": str(folder / "downloads")}
    profile = folder / "profile"
    profile.mkdir()
    (folder / "downloads").mkdir()
    written = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in lines.items()]
    (profile / "user.js").write_text("".join(written), encoding="utf-8")
    options = ["--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port", "0"]
    environment = {**os.environ, "HOME": str(folder), "MOZ_DISABLE_AUTO_SAFE_MODE": "1", "TZ": "UTC", "LANG": "C.UTF-8"}
    with (folder / "log").open("wb") as log:
        firefox = subprocess.Popen([program_or_skip(), *options], env=environment, stdout=log, stderr=subprocess.STDOUT)
    try:
        with closing(Firefox(_address(firefox, folder / "log"))) as page:
            yield page
    finally:
        firefox.terminate()
        firefox.wait(SECONDS)


def _address(firefox: subprocess.Popen, log: Path) -> str:
    """Return the address at which Firefox takes commands, once it has printed it."""
    until = time.monotonic() + SECONDS
    while time.monotonic() < until and firefox.poll() is None:
        if found := re.search(r"WebDriver BiDi listening on (\S+)", log.read_text(encoding="utf-8", errors="replace")):
            return found[1]
        time.sleep(0.05)
    raise AssertionError(f"Firefox takes no commands:\n{log.read_text(encoding='utf-8', errors='replace')}")
