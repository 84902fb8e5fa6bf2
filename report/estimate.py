"""How long a build still takes, from how long each part of it took the last time it ran in this clone."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from report.seals import read_kept
from report.writing import write_whole

__all__ = ["Estimate", "Stage", "load_times", "save_times"]

_LONGEST = 1e7  # seconds of a part


@dataclass(frozen=True)
class Stage:
    """Parts of a build, by name, of which so many run at the same time; a stage begins when the one before is done."""

    parts: tuple[str, ...]
    at_once: int = 1


class Estimate:
    """The time left of a build; `seconds` are those that its parts took before, by name, as far as they are known."""

    def __init__(self, seconds: Mapping[str, float], clock: Callable[[], float] = time.monotonic) -> None:
        self.seconds = dict(seconds)
        self._clock = clock
        self._stages: Sequence[Stage] = ()
        self._started: dict[str, float] = {}
        self._done: set[str] = set()

    def plan(self, stages: Iterable[Stage]) -> None:
        """Set the stages of the build, in order."""
        self._stages = tuple(stages)

    def start(self, part: str) -> None:
        """Note that a part has started."""
        self._started[part] = self._clock()

    def finish(self, part: str, seconds: float | None = None) -> None:
        """Note that a part is done, and how long it took, unless an earlier run was used instead."""
        self._done.add(part)
        if seconds is not None:
            self.seconds[part] = seconds

    @property
    def parts(self) -> tuple[int, int]:
        """Return how many of the planned parts are done, and how many there are."""
        names = [name for stage in self._stages for name in stage.parts]
        return len(self._done.intersection(names)), len(names)

    def left(self) -> float | None:
        """Return the seconds that are left, None as long as no part's time is known.

        A part that has never run is taken to need as long as the others on average.

        >>> estimate = Estimate({"one": 4.0, "two": 2.0, "pdf": 5.0})
        >>> estimate.plan([Stage(("one", "two", "three"), at_once=2), Stage(("pdf",))])
        >>> round(estimate.left(), 2)
        9.83
        """
        if not self.seconds:
            return None
        usual = sum(self.seconds.values()) / len(self.seconds)
        total = 0.0
        for stage in self._stages:
            rests = [self._rest(part, usual) for part in stage.parts if part not in self._done]
            total += max(max(rests, default=0.0), sum(rests) / stage.at_once)
        return total

    def _rest(self, part: str, usual: float) -> float:
        elapsed = self._clock() - self._started[part] if part in self._started else 0.0
        return max(self.seconds.get(part, usual) - elapsed, 0.0)


def load_times(path: Path) -> dict[str, float]:
    """Return the seconds that parts took, by name; nothing if the file is missing or damaged."""
    try:
        times = json.loads(read_kept(path))
    except (OSError, ValueError, RecursionError):
        return {}
    known = times.items() if isinstance(times, dict) else ()
    return {name: float(seconds) for name, seconds in known if _is_duration(seconds)}


def _is_duration(value: object) -> bool:
    return isinstance(value, int | float) and 0 <= value < _LONGEST


def save_times(path: Path, seconds: Mapping[str, float]) -> None:
    """Keep the seconds that parts took for the next build."""
    with suppress(OSError):  # only an estimate depends on them
        write_whole(path, json.dumps({name: round(took, 2) for name, took in sorted(seconds.items())}).encode())
