"""Errors in a kernel: an error that this project raises on purpose is shown with the author's own lines only.

Such an error is a message to the author: what is wrong where, and what to do. The frames between the author's cell and
the line that raised it are of no use to them. Any other error keeps its whole traceback.
"""

from __future__ import annotations

import dis
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

__all__ = ["authors_part", "register"]

_PACKAGES = Path(__file__).resolve().parents[2]  # the engine and every subject's package beside it
_RAISE = dis.opmap["RAISE_VARARGS"]


def register(shell: InteractiveShell) -> None:
    """Let the shell of a kernel show errors so."""
    shell.set_custom_exc((Exception,), _show)


def _show(shell: InteractiveShell, kind: type, error: Exception, trace: TracebackType, tb_offset: int | None = None):
    shell.showtraceback((kind, error, authors_part(trace)), tb_offset=tb_offset)


def authors_part(trace: TracebackType) -> TracebackType:
    """Return a traceback without the frames of our packages at its end, if a `raise` of theirs ended it.

    The part up to the author's code stays; a traceback that is ours alone, or ended by Python itself, stays whole.
    """
    entries: list[TracebackType] = []
    entry: TracebackType | None = trace
    while entry:
        entries.append(entry)
        entry = entry.tb_next
    if not _raised_by_us(entries[-1]):
        return trace
    shown = next((place for place, entry in enumerate(entries) if place and _is_ours(entry)), 0)
    part = None
    for entry in reversed(entries[:shown]):
        part = TracebackType(part, entry.tb_frame, entry.tb_lasti, entry.tb_lineno)
    return part or trace


def _is_ours(entry: TracebackType) -> bool:
    return Path(entry.tb_frame.f_code.co_filename).is_relative_to(_PACKAGES)


def _raised_by_us(entry: TracebackType) -> bool:
    return _is_ours(entry) and entry.tb_frame.f_code.co_code[entry.tb_lasti] == _RAISE
