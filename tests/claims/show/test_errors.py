"""An error raised on purpose is shown with the author's lines only; any other keeps its whole traceback."""

from __future__ import annotations

import sys
import traceback
from types import TracebackType

import pytest
from claims.ledger.model import UnknownId
from claims.results.store import Results
from claims.show import errors
from IPython.core.interactiveshell import InteractiveShell
from made_up import SMALL

RESULTS = Results(SMALL)
AUTHORS = "def phrase(name):\n    return results[name]\n\nphrase('c01')\n"


def trace_of(code: str, **names: object) -> TracebackType:
    """Return the traceback of code that fails, run as a cell is."""
    try:
        exec(compile(code, "/tmp/ipykernel_1/1.py", "exec"), names)
    except Exception:
        return sys.exc_info()[2].tb_next  # without the frame of this test
    raise AssertionError("it did not fail")


def lines(trace: TracebackType) -> list[int]:
    return [frame.lineno for frame in traceback.extract_tb(trace)]


def test_an_error_raised_on_purpose_ends_at_the_authors_line():
    trace = trace_of(AUTHORS, results=RESULTS)
    assert lines(trace)[:2] == [4, 2] and len(lines(trace)) == 3
    assert lines(errors.authors_part(trace)) == [4, 2]
    assert len(lines(trace)) == 3, "the error's own traceback stays whole"


@pytest.mark.parametrize("code", ["results.keep(5)", "results.names.sort()", "1 / 0", "raise ValueError('mine')"])
def test_any_other_error_keeps_its_whole_traceback(code):
    trace = trace_of(code, results=RESULTS)
    assert errors.authors_part(trace) is trace


def test_a_kernel_shows_the_message_and_no_line_of_ours(monkeypatch):
    shown: list[str] = []
    shell = InteractiveShell()
    monkeypatch.setattr(shell, "_showtraceback", lambda kind, error, lines: shown.extend(lines))
    errors.register(shell)
    shell.user_ns["results"] = RESULTS
    result = shell.run_cell("results['c01']", store_history=False)
    assert isinstance(result.error_in_exec, UnknownId)
    text = "\n".join(shown)
    assert "there is no finding, claim or official figure 'c01'" in text
    assert "store.py" not in text
    shown.clear()
    shell.run_cell("results.keep(5)", store_history=False)
    assert "store.py" in "\n".join(shown)
