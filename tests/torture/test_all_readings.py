"""The whole report can be built in every reading that is declared defensible, and its links lead somewhere."""

import pytest
from declared import FAILED_ONCE, NAMES, problems_in


@pytest.mark.torture
@pytest.mark.parametrize("name", [name for name in NAMES if name not in FAILED_ONCE])
def test_the_report_is_whole_in_every_reading(name, tmp_path, monkeypatch, shared_kernels):
    assert problems_in(name, tmp_path / "out", monkeypatch) == []
