"""What a ledger's subject declares: read strictly, with every problem at once, and generic without one."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import pytest
from claims.ledger import conventions, subject
from claims.ledger.loading import load_ledger
from claims.ledger.model import LedgerError
from claims.ledger.subject import Look, Subject, causes_of, insert_after, read_subject
from claims.words.labels import authority_label, uncapitalised
from invented import copied, plant
from made_up import SMALL

DECLARED = """
about: Honey and where it goes.
names: [Hollow Hill]
authority_words: {hh: Hollow Hill}
series: [hh_book]
looks:
  S1: {hue: navy, marker: s}
  hh_book: {hue: moss, ring: true}
terms:
  page:
    swarm: bees that leave
causes:
  window:
    drought: a dry year
"""


def declared(folder: Path, text: str) -> tuple[Subject, list[str]]:
    """Return the subject `bees` with this declaration, and its problems as messages."""
    (folder / "bees").mkdir()
    (folder / "bees" / "subject.yaml").write_text(text, encoding="utf-8")
    found, problems = read_subject("bees", "data/datapackage.json", folder)
    return found, [str(problem) for problem in problems]


def test_a_declaration_is_read_key_by_key(tmp_path):
    bees, problems = declared(tmp_path, DECLARED)
    assert problems == []
    assert (bees.id, bees.names, bees.series) == ("bees", ("Hollow Hill",), ("hh_book",))
    assert bees.looks == {"S1": Look("navy", "s"), "hh_book": Look("moss", ring=True)}
    assert authority_label("hh_keepers", bees) == "Hollow Hill keepers"
    assert uncapitalised("Hollow Hill honey", bees) == "Hollow Hill honey"
    assert list(causes_of(bees)).index("drought") == list(causes_of(bees)).index("window") + 1


def test_every_problem_of_a_declaration_is_reported_at_once(tmp_path):
    text = "about: [no, text]\nnmaes: [A]\nlooks:\n  S1: {hue: bleu}\n  S2: {marker: o}\n  S3: {hue: blue, rign: yes}\n"
    found, problems = declared(tmp_path, text)
    assert found == Subject()
    assert problems == [
        "line 2, the file: unknown key 'nmaes'; did you mean 'names'?",
        "line 1, about: write a text",
        "line 4, looks, S1: hue 'bleu' is unknown; did you mean 'blue'?",
        "line 5, looks, S2: has no hue; write {hue: blue, marker: o}",
        "line 6, looks, S3: unknown key 'rign'; did you mean 'ring'?",
    ]


@pytest.mark.parametrize("text", ["- a list", "", "a: [", "just words"])
def test_what_is_no_mapping_is_no_declaration(tmp_path, text):
    _, (problem,) = declared(tmp_path, text)
    assert "the file: write about: …, names: …" in problem or "is not YAML" in problem


@pytest.mark.parametrize("name", ["beez", "../bees", "claims", 7])
def test_an_unknown_subject_is_refused_with_those_there_are(tmp_path, name):
    declared(tmp_path, DECLARED)
    _, (problem,) = read_subject(name, "data/datapackage.json", tmp_path)
    assert (problem.file, problem.column) == ("data/datapackage.json", "subject")
    assert "bees" in problem.remedy


def test_a_ledger_that_names_an_unknown_subject_is_refused(tmp_path):
    folder = copied(tmp_path)
    plant(
        folder, "datapackage.json", '"name": "hollow-hill-bees",', '"name": "hollow-hill-bees", "subject": "kazakstan",'
    )
    with pytest.raises(LedgerError, match="did you mean 'kazakhstan'"):
        load_ledger(folder)


def test_each_field_of_a_subject_is_a_key_that_is_checked():
    assert set(subject._VALUES) == {one.name for one in fields(Subject)} - {"id"}


def test_without_a_subject_the_engine_knows_the_ledger_only():
    assert SMALL.subject == Subject()
    assert uncapitalised("Growth of trade", SMALL.subject) == "growth of trade"
    assert conventions.series_authorities(SMALL) == tuple(sorted({one.authority for one in SMALL.official.values()}))


def test_a_subject_limits_the_series_that_a_reading_may_join():
    limited = replace(SMALL, subject=Subject(series=("nobody",)))
    with pytest.raises(ValueError, match="official must be one of without, nobody"):
        conventions.apply_conventions(limited, with_official="somebody")


def test_what_follows_an_unknown_entry_is_put_at_the_end():
    assert list(insert_after({"a": 1, "b": 2}, {"a": {"x": 3}, "gone": {"y": 4}})) == ["a", "x", "b", "y"]


def test_what_follows_unknown_entries_keeps_its_order():
    unknown = {f"gone {number}": {str(number): number} for number in range(20)}
    assert list(insert_after({}, unknown)) == [str(number) for number in range(20)]


def test_a_list_with_an_empty_name_is_refused(tmp_path):
    _, problems = declared(tmp_path, "names: [Hollow Hill, '']")
    assert problems == ["line 1, names: write a list of names: [a, b]"]
