"""Citations in pandoc's syntax become words that link to the reference list; whatever is no citation stays as it is."""

from __future__ import annotations

import json
import re

import pytest
from claims.content.phrases import escaped
from claims.results.store import Results
from claims.words import citations, references
from claims.words.sentences import Sentences
from made_up import SMALL

BROWN, JUNG = "[Brown and Heathers, 2017](#ref-brown2017)", "[Jung, 2024](#ref-jung2024)"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("A test [@brown2017].", f"A test ({BROWN})."),
        ("[the test, @brown2017]", f"(the test, {BROWN})"),
        ("[see *also*\n@jung2024; @brown2017, in short]", f"(see *also* {JUNG}; {BROWN}, in short)"),
        ("as @jung2024, who", f"as {JUNG}, who"),
        ("@jung2024: (@brown2017)", f"{JUNG}: ({BROWN})"),
        ("[@jung2024, p. 3]", "([Jung, 2024, p. 3](#ref-jung2024))"),
        ("Jung [-@jung2024]", "Jung ([2024](#ref-jung2024))"),
        ("where $x < 1$ [with $x$, @jung2024]", f"where $x < 1$ (with $x$, {JUNG})"),
    ],
)
def test_a_citation_becomes_linked_words(source, text):
    assert citations.with_citations([source]) == [text]


@pytest.mark.parametrize(
    "text",
    ["`@lru_cache`", "``a ` @b``", "```\n@a\n```", "~~~\n[@a]\n~~~", "a@b.org", r"\@a", r"[\@a]", "x.org/@a", "a @ b"],
)
def test_code_addresses_and_escaped_signs_are_no_citations(text):
    assert citations.cited_keys(text) == []
    assert citations.with_citations([text]) == [text]


def test_works_are_cited_in_the_order_of_their_author():
    [text] = citations.with_citations(["[@yeats1990; @javorsek2016]"])
    assert text == "([Yeats, 1990](#ref-yeats1990); [Javorsek, 2016](#ref-javorsek2016))"


def test_every_work_is_cited_by_the_words_of_its_entry():
    works = references.load_references()
    nocase = re.compile(r'<span class="nocase">(.*?)</span>')  # which a page does not show
    texts = [nocase.sub(r"\1", text) for text in citations.with_citations([f"@{id}" for id in works])]
    assert texts == [f"[{work.words}](#{work.anchor})" for work in works.values()]


def test_texts_without_a_citation_need_no_list(tmp_path):
    assert citations.with_citations(["Nothing.", ""], tmp_path / "missing.json") == ["Nothing.", ""]


def test_the_words_are_those_of_the_list_that_is_passed(tmp_path):
    work = {"id": "doe1901", "type": "book", "title": "Bees", "author": [{"family": "Doe"}]}
    path = tmp_path / "works.json"
    path.write_text(json.dumps([{**work, "issued": {"date-parts": [[1901]]}}]))
    assert citations.with_citations(["@doe1901"], path) == ["[Doe, 1901](#ref-doe1901)"]


def test_a_key_that_is_not_listed_gets_the_nearest_one():
    works = references.load_references()
    assert list(citations.unknown_citations("[@fisman2005; @un2011] @fisman2005", works)) == [
        "@fisman2005 is not in data/references.json; did you mean 'fisman2004'? Else add the work first"
    ]


def test_a_key_like_no_other_may_be_a_name_to_escape():
    [problem] = citations.unknown_citations("as @WFP says", ["un2011"])
    assert problem == r"@WFP is not in data/references.json; add the work first, or write \@"


def test_a_sentence_with_figures_may_cite_a_work():
    text = Sentences(Results(SMALL)).text("As [@un2011] has it, {c001}.")
    assert text == "As [@un2011] has it, [more than \\$41 billion](#c001)."


def test_words_of_the_ledger_are_never_a_citation():
    assert citations.cited_keys(escaped("[@brown2017] and @jung2024")) == []


def test_the_same_citations_are_written_by_one_run(monkeypatch):
    texts = ["Once [@brown2017, p. 77]."]
    written = citations.with_citations(texts)
    monkeypatch.setattr(references.subprocess, "run", None)
    assert citations.with_citations(texts) == written
