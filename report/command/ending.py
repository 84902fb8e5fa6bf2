"""How a command ends: with an exit code and, if something is wrong, a sentence on standard error."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable

from report import interrupts, streams
from report.folders import Folders
from report.stops import FAILED, INTERRUPTED, OK, Stop

__all__ = ["describe_fault", "run_program", "run_to_end"]

_WRITABLE = "make it writable, or copy this folder to a place that is"
_MOVE = "a folder is needed where there is a file, or the other way round; move it away"
_FREE = "free space there, and try again"
_LIMIT = "raise the limit, as with ulimit"
_REMEDIES = {
    errno.ENOSPC: _FREE, errno.EDQUOT: _FREE, errno.EFBIG: f"{_LIMIT} -f", errno.EMFILE: f"{_LIMIT} -n",
    errno.ENFILE: "close other programs, and try again", errno.ENOMEM: "close other programs, and try again",
    errno.EROFS: _WRITABLE, errno.EACCES: _WRITABLE, errno.EPERM: _WRITABLE, errno.EIO: "check that disk",
    errno.EEXIST: _MOVE, errno.ENOTDIR: _MOVE, errno.EISDIR: _MOVE, errno.ENAMETOOLONG: "name a shorter one",
}  # fmt: skip


def run_program(run: Callable[[], int]) -> int:
    """Return the exit code of a whole program, which no signal and no failing stream ends without a sentence.

    After an interrupt the process ends here: what was half imported must not be called at its exit.
    """
    interrupts.raise_at_signals()
    with streams.guard_streams() as lost:
        try:
            code = run_to_end(run)
        except SystemExit as stop:  # of the options' parser
            code = stop.code if isinstance(stop.code, int) else FAILED
        finally:
            interrupts.default_signals()
        if lost.report() and code == OK:
            code = FAILED
        if interrupts.was_interrupted():
            os._exit(code)
    return code


def run_to_end(run: Callable[[], int]) -> int:
    """Return the exit code of a command; what stops it is printed. Raises only what is an error of the program."""
    try:
        return run()
    except Stop as stop:
        from report.runs.selection import name_cells  # here: it takes a while, in which an interrupt is awaited

        print(name_cells(str(stop), Folders().notebooks), file=sys.stderr)
        return stop.exit_code
    except KeyboardInterrupt as interrupt:
        return _interrupted(str(interrupt))
    except Exception as error:
        if interrupts.was_interrupted():  # an import or a library has made another error of it
            return _interrupted()
        if isinstance(error, OSError) and (message := describe_fault(error)):
            print(message, file=sys.stderr)
            return FAILED
        raise


def _interrupted(message: str = "") -> int:
    print(f"\ninterrupted; {message or 'what is published has not changed'}", file=sys.stderr)
    return INTERRUPTED


def describe_fault(error: OSError) -> str:
    """Return what is wrong with a disk, a folder or a limit of this machine, and what to do; "" for any other error.

    >>> describe_fault(OSError(errno.EFBIG, "File too large", "/clone/report.pdf"))
    '/clone/report.pdf: File too large; raise the limit, as with ulimit -f; what is published has not changed'
    """
    if (remedy := _REMEDIES.get(error.errno or 0)) is None:
        return ""
    where = f"{error.filename}: " if error.filename else "a file could not be written: "
    return f"{where}{error.strerror}; {remedy}; what is published has not changed"
