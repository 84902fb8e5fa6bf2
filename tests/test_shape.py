"""What tests/shape.py measures, on samples whose measures are found by hand; then the published report, printed."""

from __future__ import annotations

import numpy as np
import pytest
import sample_document as sample
import shape
from shape import Bookmark, Measure

from report.pages import html, typst
from report.pages.reading import read

MARKS = [
    Bookmark("1 What did we find?", 0), Bookmark("Contents", 2), Bookmark("2 Who has the surplus?", 3),
    Bookmark("A Detailed tables", 7), Bookmark("B Run card", 9), Bookmark("Colophon", 11),
]  # fmt: skip
PAGE = b"""<main><h2 id="one">One</h2>
<div class="prose"><p>Trade grew by <a href="#f">7.3%</a>. It had not, says S1.</p>
<ul><li>Nobody knows why</li></ul><p>So <math><mn>1</mn></math> it is (see p. 5 of it).</p></div>
<div class="exhibit"><table><caption><span class="caption"><span class="label">Table 1</span></span></caption></table>
</div>
<figure class="exhibit"><table><caption><span class="label">Numbers behind Figure 1</span></caption></table></figure>
<h2 id="a" class="appendix moved">A</h2><div class="prose"><p>Not this.</p></div>
<div class="exhibit"><table><caption><span class="label">Table A1</span></caption></table></div></main>"""


def test_the_body_ends_at_the_first_appendix_and_has_no_contents():
    assert shape.body_pages(MARKS) == [0, 1, 3, 4, 5, 6]
    assert shape.body_pages(MARKS[3:]) == []


def test_the_last_page_of_each_chapter_may_be_white():
    assert shape.chapter_ends(MARKS, 13) == {-1, 1, 2, 6, 8, 10, 12}


def test_white_is_what_is_white_from_side_to_side_in_high_bands():
    dots = np.full((400, 100), 255, dtype=np.uint8)
    assert shape.white_share(dots) == 1
    dots[::20] = 0  # lines of text
    assert shape.white_share(dots) == 0
    dots[101:300] = 255
    assert shape.white_share(dots) == pytest.approx(199 / 400)
    dots[150, 40] = 0  # a dot parts the band
    assert shape.white_share(dots) == pytest.approx(198 / 400)


def test_tables_and_sentences_are_those_of_the_body():
    assert shape.count_tables(PAGE) == 1
    assert list(shape.body_sentences(PAGE)) == [
        "Trade grew by 7.3%.", "It had not, says S1.", "Nobody knows why", "So it is (see p. 5 of it)."
    ]  # fmt: skip


def test_numbers_with_points_and_brackets_end_no_sentence():
    text = "It fell to 1.3% (i.e. little) by 2024. “Why?” Nobody asks."
    assert shape.split_sentences(text) == ["It fell to 1.3% (i.e. little) by 2024.", "“Why?”", "Nobody asks."]


@pytest.mark.parametrize(
    ("words", "syllables"),
    [
        ("the one page whole growth year rule rates called while judged", 1),
        ("trading table tables sources ranges doubled printed between countries figures largest people", 2),
        ("Kazakhstan interval agreement statistics investment official", 3),
        ("agriculture economy disagreements", 4),
        ("$41 7.3% 2023", 1),
    ],
)
def test_syllables_are_those_that_are_spoken(words, syllables):
    found = {word: shape.count_syllables(word) for word in words.split()}
    assert set(found.values()) == {syllables}, found


def test_the_grade_is_that_of_the_formula():
    # 11 words in 2 sentences; 1 + 2 + 2 + 1 + 1 + 1 + 2 and 3 + 1 + 1 + 1 syllables
    sentences = ["The largest country trades with the other.", "Nobody prints the sums."]
    assert shape.grade(sentences) == pytest.approx(0.39 * 11 / 2 + 11.8 * 16 / 11 - 15.59)
    assert shape.grade([]) == 0


def test_a_measure_above_its_limit_says_so():
    assert str(Measure("pages", 25, 24)).endswith("25   at most 24   ABOVE")
    assert not Measure("pages", 25, 24).is_met
    assert str(Measure("bytes", 1_000_000, 1_600_000)).endswith("1,000,000   at most 1,600,000")


def test_a_report_is_measured_and_the_gate_fails_above_a_limit(tmp_path, capsys, monkeypatch):
    draft = read(sample.document(20))
    (tmp_path / "report.html").write_text(html.page(draft), encoding="utf-8")
    (tmp_path / "report.pdf").write_bytes(typst.pdf(draft))
    found = {each.name: each.value for each in shape.measure(tmp_path)}
    assert (found["pages of the body"], found["tables in the body"]) == (2, 2)
    assert shape.main([str(tmp_path), "--gate"]) == 0
    monkeypatch.setattr(shape, "BODY_TABLES", 1)
    assert shape.main([str(tmp_path)]) == 0
    assert shape.main([str(tmp_path), "--gate"]) == 1
    assert "tables in the body                                   2   at most 1   ABOVE" in capsys.readouterr().out


def test_the_published_report_is_measured(capsys):
    with capsys.disabled():
        print("", *shape.measure(shape.PUBLISHED), sep="\n")
