"""The report that a preview keeps up to date leaves what builds have kept."""

import pytest

from report.preview.live import LiveReport, Options
from report.runs.reuse import Runs

pytestmark = pytest.mark.slow


def test_a_preview_keeps_the_texts_that_a_build_has_converted(clone):
    converted = {"text": {"parts": [], "links": []}}
    with Runs(clone.folders).texts() as texts:
        texts.update(converted)
    with LiveReport(clone.root, Options(), lambda event: None):
        pass
    with Runs(clone.folders).texts() as texts:
        assert dict(texts) == converted
