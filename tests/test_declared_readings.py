"""The whole report can be built in declared readings that once stopped it; torture/test_all_readings has all others."""

import pytest
from declared import FAILED_ONCE, NAMES, problems_in


def test_the_readings_that_failed_are_declared():
    assert set(FAILED_ONCE) < set(NAMES)


@pytest.mark.parametrize("name", FAILED_ONCE)
def test_the_report_is_whole_in_a_reading(name, tmp_path, monkeypatch, shared_kernels):
    assert problems_in(name, tmp_path / "out", monkeypatch) == []
