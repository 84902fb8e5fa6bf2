"""Run `python -m report` and send this process a signal at one exact moment: `at_moment.py SIGNAL MOMENT OPTIONS`.

A moment is `import NAME`, when a module begins to be imported; `at exit of NAME`, when a module has registered what is
called at the exit of the program; or `MODULE:FUNCTION`, when that function is called first. The clone is the current
folder. The signal is sent once, and that it was is written to the file that AT_MOMENT names.
"""

import atexit
import importlib.machinery
import os
import runpy
import signal
import sys
import time
from pathlib import Path

IS_PROGRAM = __name__ == "__main__"
NUMBER, MOMENT = (signal.Signals[sys.argv[1]], sys.argv[2]) if IS_PROGRAM else (signal.SIGTERM, "")
sent: list[bool] = []
registered = atexit.register


def send() -> None:
    if not sent:
        sent.append(True)
        Path(os.environ["AT_MOMENT"]).write_text(MOMENT)
        os.kill(os.getpid(), NUMBER)
        time.sleep(0.05)  # the main thread gets it, whichever thread this is


class Finder(importlib.machinery.PathFinder):
    """Sends the signal at an import, or makes a function send it."""

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        if f"import {name}" == MOMENT:
            send()
        spec = super().find_spec(name, path, target)
        if spec and spec.loader and MOMENT.partition(":")[0] == name:
            run = spec.loader.exec_module

            def exec_module(module):
                run(module)
                plant(module, MOMENT.partition(":")[2])

            spec.loader.exec_module = exec_module
        return spec


def plant(module, function: str) -> None:
    call = getattr(module, function)

    def disturbed(*arguments, **options):
        send()
        return call(*arguments, **options)

    setattr(module, function, disturbed)


def register(function, *arguments, **options):
    found = registered(function, *arguments, **options)
    if f"at exit of {function.__module__}" == MOMENT:
        send()
    return found


if IS_PROGRAM:
    atexit.register = register
    sys.meta_path.insert(0, Finder)
    sys.path.insert(0, str(Path.cwd()))
    sys.argv = ["report", *sys.argv[3:]]
    runpy.run_module("report", run_name="__main__", alter_sys=True)
