"""Two functions give what they give one after the other, whatever becomes of the process that runs the second."""

import os
import signal
from multiprocessing import active_children

import pytest

from report.pages.two_processes import compute_both

HERE = os.getpid()


def elsewhere() -> bool:
    return os.getpid() != HERE


def test_both_results_come_back():
    assert compute_both(lambda: [1], lambda: {"two": (2,)}) == ([1], {"two": (2,)})


def test_the_second_runs_in_a_process_of_its_own():
    assert compute_both(elsewhere, elsewhere) == (False, len(os.sched_getaffinity(0)) > 1)


def test_a_process_that_is_killed_is_replaced_by_this_one():
    def second() -> str:
        if elsewhere():
            os.kill(os.getpid(), signal.SIGKILL)
        return "here"

    assert compute_both(lambda: "first", second) == ("first", "here")


def test_what_cannot_be_sent_is_computed_here():
    assert compute_both(lambda: 1, lambda: elsewhere)[1]() is False


def test_an_exception_is_that_of_this_process():
    def second() -> None:
        raise ValueError(f"elsewhere: {elsewhere()}")

    with pytest.raises(ValueError, match="elsewhere: False"):
        compute_both(lambda: 1, second)


def test_no_process_is_left_if_the_first_fails():
    def first() -> None:
        raise KeyError("first")

    with pytest.raises(KeyError):
        compute_both(first, lambda: signal.pause())
    assert active_children() == []
