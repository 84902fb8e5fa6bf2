"""Two computations at the same time, the second in a copy of this process where the system can make one."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable
from multiprocessing import get_context
from typing import Any, TypeVar

__all__ = ["compute_both"]

First = TypeVar("First")
Second = TypeVar("Second")


def compute_both(first: Callable[[], First], second: Callable[[], Second]) -> tuple[First, Second]:
    """Return what both functions return; what the second changes elsewhere is lost, and its result must be picklable.

    If the copy of the process fails, for whatever reason, the second function is called here after the first.
    """
    if sys.platform != "linux" or len(os.sched_getaffinity(0)) < 2:
        return first(), second()
    receiver, sender = get_context("fork").Pipe(duplex=False)
    copy: Any = get_context("fork").Process(target=_send, args=(sender, second), daemon=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of copies made while other threads run: none is needed
        copy.start()
    sender.close()
    try:
        one = first()
        try:
            has_failed, other = receiver.recv()
        except (EOFError, OSError):
            has_failed, other = True, None
    finally:
        copy.kill()
        copy.join()
        receiver.close()
    return one, second() if has_failed else other


def _send(sender: Any, function: Callable[[], object]) -> None:
    """Send whether a function failed, and what it returned."""
    try:
        result: tuple[bool, object] = False, function()
    except BaseException:  # it is called again where the exception can be reported
        result = True, None
    sender.send(result)
    sender.close()
    os._exit(0)  # nothing of the copied process is to be cleaned up
