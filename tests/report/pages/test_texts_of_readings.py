"""Texts that only another reading has are converted once, and not again in every second build."""

from __future__ import annotations

from collections import ChainMap

import sample_document as sample

from report.pages import html
from report.pages.other_readings import OtherReading, page_with_readings
from report.pages.reading import read


def test_texts_of_each_reading_are_kept_for_the_next_build():
    document = html.composed(read(sample.document()))
    earlier = {"text of one": "1", "text of the other": "2"}
    texts: ChainMap[str, object] = ChainMap({}, dict(earlier))

    def read_otherwise(text: str) -> OtherReading:
        texts.update({text: texts[text]})  # as `convert` does
        return OtherReading(text, "other", "some do", 0, 0, 0, joint=False, document=document)

    page_with_readings(document, [lambda text=text: read_otherwise(text) for text in earlier], texts)
    assert texts.maps[0] == earlier
