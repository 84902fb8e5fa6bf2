"""Descriptions of the ledger in files without marks: a stale count of texts, and a day that stayed, are reported."""

import json
from types import SimpleNamespace

import pytest

from report.proof import descriptions


@pytest.fixture
def folders(clone):
    return clone.folders


def describe(folders, citation: str, package: str) -> None:
    (folders.root / "CITATION.cff").write_text(f"abstract: >-\n  {citation}\n", encoding="utf-8")
    path = folders.own_data / "datapackage.json"
    about = {**json.loads(path.read_bytes()), "description": package, "created": "2026-11-22T00:00:00Z"}
    path.write_text(json.dumps(about), encoding="utf-8")


def stale(folders, texts: int) -> list[str]:
    return descriptions.find_stale_counts(folders, SimpleNamespace(sources=dict.fromkeys(range(texts))))


def test_a_stale_count_of_texts_is_named_with_the_right_one(folders):
    describe(folders, "What five news texts print", "Figures that twenty-one texts print")
    assert stale(folders, 6) == [
        "CITATION.cff, abstract: “five news texts”, and the ledger has 6; write “six news texts”",
        "data/datapackage.json, description: “twenty-one texts”, and the ledger has 6; write “six texts”",
    ]
    assert stale(folders, 5) == [
        "data/datapackage.json, description: “twenty-one texts”, and the ledger has 5; write “five texts”"
    ]


def test_other_words_and_other_counts_are_no_count_of_texts(folders):
    describe(folders, "Two texts of six texts agree", "A ledger of all figures that news texts print")
    assert stale(folders, 6) == []


def test_a_day_that_stayed_while_the_ledger_changed_is_noted(folders, monkeypatch):
    describe(folders, "A", "B")
    folders.published.mkdir(parents=True, exist_ok=True)
    crate = folders.published / "ro-crate-metadata.json"
    crate.write_text('{"datePublished": "2026-11-22"}', encoding="utf-8")
    monkeypatch.setattr(descriptions.manifest, "read_manifest", lambda folders: {"inputs": {}})
    changed = ["data/claims.csv", "report/cli.py"]
    monkeypatch.setattr(descriptions.digests, "changed_names", lambda before, now: changed)
    assert descriptions.note_on_day(folders) == [
        "the ledger has changed since 2026-11-22, the day under the title of the report; for another one, change "
        "created in data/datapackage.json, and make format copies it into CITATION.cff"
    ]
    changed[0] = "notebooks/10_one.ipynb"
    assert descriptions.note_on_day(folders) == []
    changed[0] = "data/claims.csv"
    crate.write_text('{"datePublished": "2026-11-01"}', encoding="utf-8")
    assert descriptions.note_on_day(folders) == []
