"""What a reviewer looks for is really checked: each item fails where the thing is not as it should be."""

import json
from pathlib import Path

import pytest
import yaml

from report.digests import digest
from report.folders import Folders
from report.proof import codecheck
from report.runs import inputs

ROOT = Path(__file__).resolve().parents[3]
LICENCE = "MIT License\n" + "Permission is hereby granted. " * 30


def write(root: Path, name: str, text: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.fixture
def folders(tmp_path, monkeypatch):
    """Return a repository in which every item is as it should be."""
    monkeypatch.setattr(inputs, "installed", lambda: {"pandas": "1.0"})
    write(tmp_path, "LICENSE", LICENCE)
    write(tmp_path, "README.md", "Run `make report`, then `make verify`.\n")
    write(tmp_path, "Makefile", "report:\n\ttrue\nverify:\n\ttrue\n")
    write(tmp_path, "requirements.txt", "pandas==1.0 ; python_version < '4' \\\n    --hash=sha256:ab\n    # via x\n")
    write(tmp_path, "CITATION.cff", "title: Trade\nauthors:\n  - name: A. Author\n")
    write(tmp_path, "data/claims.csv", "id\nc1\n")
    write(tmp_path, "figures/trade.csv", "a\n1\n")
    manifest = {
        "inputs": {},
        "notebooks": [],
        "environment": {"packages": {}, "python": "", "platform": ""},
        "outputs": {"figures/trade.csv": digest(b"a\n1\n")},
        "counts": {},
    }
    write(tmp_path, "report/published/manifest.json", json.dumps(manifest))
    return Folders(tmp_path)


def review(folders, seconds=61.4):
    return {item.name: item for item in codecheck.review_repository(folders, seconds, 2)}


def test_every_item_is_there_with_what_was_seen(folders):
    items = review(folders)
    assert [item.name for item in items.values() if not item.ok] == []
    assert items["licence"].content == "LICENSE (MIT License)"
    assert items["README"].content == "README.md, with make report and make verify"
    assert items["environment"].content.startswith("requirements.txt pins 1 package with hashes; all 1 here match; ")
    assert items["outputs"].content == "report/published/manifest.json names 1 file with SHA-256; all match"
    assert items["run time"].content.startswith("1 min 1 s for everything (2 workers, ")
    assert items["no absolute paths"].content == "none in 6 text files of inputs and outputs"


CHANGES = {
    "licence": [("LICENSE", None, "add a file LICENSE"), ("LICENSE", "MIT", "give the whole text")],
    "README": [
        ("README.md", None, "there is no README.md"),
        ("README.md", "make report", "name make verify in it"),
        ("Makefile", "report:\n", "name make verify in it"),
    ],
    "environment": [
        ("requirements.txt", "", "pins no package; make lock"),
        ("requirements.txt", "pandas==1.0\n", "without a hash in requirements.txt: pandas; run make lock"),
        ("requirements.txt", "pandas==2.0 --hash=sha256:ab\n", "not what requirements.txt pins: pandas 1.0"),
    ],
    "outputs": [
        ("report/published/manifest.json", None, "make report writes it"),
        ("figures/trade.csv", "a\n2\n", "not what is listed in report/published/manifest.json: figures/trade.csv"),
        ("figures/trade.csv", None, "missing in"),
        ("figures/more.csv", "a\n", "not listed in"),
    ],
    "no absolute paths": [
        ("data/claims.csv", "see /home/me/data.csv", "data/claims.csv (/home/me)"),
        ("data/claims.csv", "'C:\\\\Users\\\\me'", "data/claims.csv (C:"),
        ("README.md", "make report, make verify in {root}/x", "README.md ("),
        ("figures/trade.csv", '"/Users/me/x"', "figures/trade.csv (/Users/me)"),
    ],
}


@pytest.mark.parametrize(
    ("item", "name", "text", "message"), [(item, *change) for item, changes in CHANGES.items() for change in changes]
)
def test_what_is_not_as_it_should_be_is_named_with_a_remedy(folders, item, name, text, message):
    if text is None:
        (folders.root / name).unlink()
    else:
        write(folders.root, name, text.replace("{root}", str(folders.root)))
    result = review(folders)[item]
    assert not result.ok
    assert message in result.content
    assert str(result).startswith(f"NO  {item}: ")


def test_a_run_time_is_not_made_up(folders):
    assert review(folders, None)["run time"].content == "not known, because it could not be run"
    assert review(folders, 5)["run time"].content.startswith("5 s for everything")


def test_an_address_with_home_in_it_is_no_path(folders):
    write(folders.root, "data/claims.csv", "https://example.org/home/news, ../Users/x, at-home/root/")
    assert review(folders)["no absolute paths"].ok


def test_a_certificate_begins_with_manifest_title_and_authors(folders):
    assert codecheck.certificate_data(folders) == {
        "version": codecheck.SPECIFICATION,
        "manifest": [{"file": "figures/trade.csv", "comment": "The numbers that the figure trade shows"}],
        "paper": {"title": "Trade", "authors": [{"name": "A. Author"}]},
    }
    text = codecheck.certificate_yaml(folders)
    assert text.startswith("---\n")
    assert text.endswith(
        "# to be added: codechecker, report, summary, certificate, a reference, the ORCID of each author\n"
    )


def test_a_citation_with_orcid_and_doi_gives_both(folders):
    author = "{family-names: Author, given-names: A., orcid: https://orcid.org/0000-0002-1825-0097}"
    write(folders.root, "CITATION.cff", f"title: Trade\ndoi: 10.1/x\nauthors: [{author}]\n")
    paper = codecheck.certificate_data(folders)["paper"]
    assert paper["authors"] == [{"name": "A. Author", "ORCID": "0000-0002-1825-0097"}]
    assert paper["reference"] == "10.1/x"
    assert codecheck.certificate_yaml(folders).endswith("report, summary, certificate\n")


def test_this_repository_has_what_a_reviewer_looks_for():
    items = {item.name: item for item in codecheck.review_repository(Folders(ROOT), 1, 2)}
    assert {name: str(items[name]) for name in ("licence", "README", "no absolute paths") if not items[name].ok} == {}


def test_the_certificate_of_this_repository_has_no_date_and_no_absolute_path():
    content = yaml.safe_load(codecheck.certificate_yaml(Folders(ROOT)))
    assert {"version", "manifest", "paper"} == content.keys()
    assert "report/published/report.pdf" in [entry["file"] for entry in content["manifest"]]
    assert all(entry["comment"] and not entry["file"].startswith("/") for entry in content["manifest"])
