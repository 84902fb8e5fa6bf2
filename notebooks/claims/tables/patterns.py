"""Patterns of a data package, which others wrote: one that would search for hours is stopped, and reported.

Python's engine tries every way to match, of which some patterns have more than anybody can wait for: `(a+)+` on forty
letters. So the time that each pattern takes is sampled while the cells of a table are matched.
"""

from __future__ import annotations

import re
import signal
import threading
from types import FrameType, TracebackType

__all__ = ["SECONDS", "Matcher", "SlowPattern"]

SECONDS = 2.0  # of computing, for one pattern on the cells of a table
_PER_CELL = 1e-4  # and so much more for each cell: the ledger's own patterns take a hundredth of that
_TICK = 0.05


class SlowPattern(Exception):
    """A pattern that takes longer than any should; the message is the pattern."""


class Matcher:
    """Matches cells against patterns within a `with` block, as long as no pattern takes more time than it may.

    The time is watched in Python's main thread, the only one that takes signals, also while it matches.

    >>> with Matcher() as matcher:
    ...     matcher.matches("[a-z]+", "honey"), matcher.matches("[a-z]+", "Honey")
    (True, False)
    """

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._compiled: dict[str, re.Pattern[str]] = {}
        self._spent: dict[str, float] = {}
        self._cells: dict[str, int] = {}
        self._running = ""
        self._watches = threading.current_thread() is threading.main_thread()

    def __enter__(self) -> Matcher:
        if self._watches:
            self._earlier = signal.signal(signal.SIGVTALRM, self._tick)
            signal.setitimer(signal.ITIMER_VIRTUAL, _TICK, _TICK)
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        if self._watches:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            signal.signal(signal.SIGVTALRM, self._earlier)

    def matches(self, pattern: str, cell: str) -> bool:
        """Return whether a whole cell matches, in ASCII. Raises SlowPattern, and re.error for what is no pattern."""
        compiled = self._compiled.get(pattern)
        if compiled is None:
            compiled = self._compiled[pattern] = re.compile(pattern, re.ASCII)
            self._spent[pattern], self._cells[pattern] = 0.0, 0
        self._cells[pattern] += 1
        self._running = pattern
        try:
            return compiled.fullmatch(cell) is not None
        finally:
            self._running = ""

    def _tick(self, _: int, __: FrameType | None) -> None:
        if pattern := self._running:
            self._spent[pattern] += _TICK
            if self._spent[pattern] > self._seconds + _PER_CELL * self._cells[pattern]:
                raise SlowPattern(pattern)
