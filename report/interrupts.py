"""Signals that end a command: Ctrl-C, SIGTERM and SIGHUP raise KeyboardInterrupt once, wherever the program is.

A signal that is ignored when the program starts, as SIGHUP is under `nohup`, stays ignored.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["default_signals", "postpone_signals", "raise_at_signals", "refuse_to_continue", "was_interrupted"]

_NUMBERS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_received: list[int] = []


def raise_at_signals() -> None:
    """Raise KeyboardInterrupt at the first signal; others, while the program ends cleanly, change nothing."""
    for number in _handled():
        signal.signal(number, _on_signal)


def default_signals() -> None:
    """Let a signal end the process at once: there is nothing left that has to be cleaned up."""
    for number in _handled():
        signal.signal(number, signal.SIG_DFL)


def was_interrupted() -> bool:
    """Return whether there has been a signal, also if an import or a library has swallowed its exception."""
    return bool(_received)


def refuse_to_continue() -> None:
    """Raise KeyboardInterrupt if there has been a signal whose exception was swallowed."""
    if _received:
        raise KeyboardInterrupt


@contextmanager
def postpone_signals(message: str) -> Iterator[None]:
    """Let no signal interrupt the block; if there was one, KeyboardInterrupt is raised afterwards, with a message."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    meanwhile: list[int] = []
    handlers = {number: signal.signal(number, lambda number, _: meanwhile.append(number)) for number in _handled()}
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    if meanwhile:
        raise KeyboardInterrupt(message)


def _handled() -> list[signal.Signals]:
    return [number for number in _NUMBERS if signal.getsignal(number) != signal.SIG_IGN]


def _on_signal(number: int, frame: object) -> None:
    _received.append(number)
    if len(_received) == 1:
        raise KeyboardInterrupt
