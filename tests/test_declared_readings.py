"""The report in declared readings that once stopped it, built and as the published page shows them.

torture/test_all_readings has all others.
"""

import pytest
from declared import FAILED_ONCE, NAMES, Built, built_in, differences


@pytest.fixture(scope="module")
def built(parent, fonts, tmp_path_factory) -> dict[str, Built]:
    return {}


@pytest.fixture(params=FAILED_ONCE)
def report(request, built, tmp_path_factory, monkeypatch, shared_kernels) -> tuple[str, Built]:
    """Return a reading with its report, built once."""
    name = request.param
    if name not in built:
        built[name] = built_in(name, tmp_path_factory.mktemp("built"), monkeypatch)
    return name, built[name]


def test_the_readings_that_failed_are_declared():
    assert set(FAILED_ONCE) < set(NAMES)


def test_the_report_is_whole_in_a_reading(report):
    assert report[1].problems == []


def test_the_published_page_shows_what_a_build_in_a_reading_has(report, browser, tmp_path):
    name, its = report
    assert differences(browser, name, its.page, tmp_path) == []
