"""How the report is cited follows CITATION.cff."""

from __future__ import annotations

import pytest

from report.pages import citing, front
from report.stops import WrongInput

PACKAGE = {"title": "50% & more", "name": "trade", "created": "2025-06-03T00:00:00Z"}
FULL = {"authors": [{"family-names": "Bo", "given-names": "Ada"}, {"name": "Office"}], "doi": "10.1/x", "url": "u"}


def test_authors_and_address_are_those_of_the_file():
    assert citing.in_words(FULL, PACKAGE, "0a1b") == (
        "Ada Bo, Office, “50% & more”, report of 3 June 2025, edition 0a1b. https://doi.org/10.1/x"
    )
    entry = citing.as_bibtex(FULL, PACKAGE, "0a1b")
    assert "author = {{Ada Bo} and {Office}}" in entry
    assert "title = {{50\\% \\& more}}" in entry
    assert "doi = {10.1/x}" in entry
    assert "url" not in entry


def test_nothing_is_invented_where_the_file_names_nobody():
    nobody = {"authors": [{"name": "The authors of this report"}]}
    assert citing.in_words(nobody, PACKAGE) == "“50% & more”, report of 3 June 2025."
    assert citing.as_bibtex(nobody, PACKAGE) == citing.as_bibtex({}, PACKAGE)
    assert "author" not in citing.as_bibtex({}, PACKAGE)


def test_the_colophon_cites_as_the_page_does():
    assert dict(front.colophon(PACKAGE, "0a1b", FULL))["Cite as"] == citing.in_words(FULL, PACKAGE, "0a1b")


@pytest.mark.parametrize("content", ["a: [", "- a", "just words"])
def test_a_citation_file_that_is_none_stops_the_build(tmp_path, content):
    assert citing.read_citation(tmp_path) == {}
    (tmp_path / citing.CITATION).write_text(content, encoding="utf-8")
    with pytest.raises(WrongInput, match="CITATION.cff cannot be read"):
        citing.read_citation(tmp_path)
