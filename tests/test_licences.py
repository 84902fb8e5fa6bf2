"""Both licences and the citation say the same everywhere, and the same as the data and the program."""

import json
import re
import tomllib
from pathlib import Path

import pytest
import yaml

import report
from report.files import CODE_LICENCE
from report.proof import crate

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = json.loads((ROOT / "data" / "datapackage.json").read_text(encoding="utf-8"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
TITLES = {"CC-BY-4.0": "Attribution 4.0 International", "MIT": "MIT License"}
FILES = {"CC-BY-4.0": "LICENSE-text-and-data", "MIT": "LICENSE"}
LENGTHS = {"CC-BY-4.0": 18_000, "MIT": 1_000}  # a whole legal text, not a line that names it
# Of the citation file format 1.2.0: what must be there, what may, and how it is written.
REQUIRED = {"authors", "cff-version", "message", "title"}
KNOWN = REQUIRED | {
    *("abstract", "commit", "contact", "date-released", "doi", "identifiers", "keywords", "license", "license-url"),
    *("preferred-citation", "references", "repository", "repository-artifact", "repository-code", "type", "url"),
    "version",
}
ENTITY = {
    *("address", "alias", "city", "country", "date-end", "date-start", "email", "fax", "location", "name", "orcid"),
    *("post-code", "region", "tel", "website"),
}


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def named_licences() -> dict[str, set[str]]:
    """Return which licences each place names."""
    entities = crate.licences(PACKAGE)
    linked = re.search(r"^## Licences and citation\n(.*?)(?=^## |\Z)", text("README.md"), re.S | re.M)[1]
    return {
        "pyproject.toml": set(PROJECT["license"].split(" AND ")),
        "CITATION.cff": set(CITATION["license"]),
        "the crate": {entity["identifier"] for entity in entities},
        "the ledger and the program": {PACKAGE["licenses"][0]["name"], CODE_LICENCE["id"]},
        "the files": {id for id, name in FILES.items() if (ROOT / name).is_file()},
        "README.md": {id for id, name in FILES.items() if f"]({name})" in linked},
    }


@pytest.mark.parametrize("place", named_licences())
def test_every_place_names_the_same_two_licences(place):
    assert named_licences()[place] == TITLES.keys()


@pytest.mark.parametrize("id", FILES)
def test_each_licence_file_has_the_whole_text(id):
    whole = text(FILES[id])
    assert whole.splitlines()[0] == TITLES[id]
    assert len(whole) > LENGTHS[id]
    assert [other for other in FILES if other != id and TITLES[other] in whole] == []


def test_the_licence_files_are_installed_with_the_program():
    assert sorted(PROJECT["license-files"]) == sorted(FILES.values())
    assert {path.name for path in ROOT.glob("LICEN[CS]E*")} == {*FILES.values()}


def test_the_data_have_the_licence_of_text_and_data_alone():
    assert [licence["name"] for licence in PACKAGE["licenses"]] == ["CC-BY-4.0"]
    assert PACKAGE["licenses"][0]["path"] == "https://creativecommons.org/licenses/by/4.0/"


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        ("notebooks/claims/questions/growth.py", ["MIT"]),
        ("data/claims.csv", ["CC-BY-4.0"]),
        ("figures/growth_rates.svg", ["CC-BY-4.0"]),
        ("report.pdf", ["CC-BY-4.0"]),
        ("report.md", ["CC-BY-4.0"]),
        ("notebooks/90_method.ipynb", ["CC-BY-4.0", "MIT"]),
    ],
)
def test_the_crate_names_the_licence_of_each_file(name, ids):
    known = {entity["@id"]: entity["identifier"] for entity in crate.licences(PACKAGE)}
    licences = crate.licence_of(name, PACKAGE)
    assert [known[one["@id"]] for one in (licences if isinstance(licences, list) else [licences])] == ids


def faults(citation: dict) -> list[str]:
    """Return what the citation file format would not take."""
    found = [f"{key} is missing" for key in sorted(REQUIRED - citation.keys())]
    found += [f"{key} is not known" for key in sorted(citation.keys() - KNOWN)]
    found += ["no author"] if not citation.get("authors") else []
    found += [f"{one} is no entity" for one in citation.get("authors", []) if "name" not in one or set(one) - ENTITY]
    patterns = {
        "cff-version": r"1\.2\.0",
        "date-released": r"\d{4}-\d\d-\d\d",
        "title": r".+",
        "type": "dataset|software",
        "version": r".+",
    }
    for key, pattern in patterns.items():
        if not isinstance(citation.get(key, ""), str) or not re.fullmatch(pattern, citation.get(key, "")):
            found.append(f"{key} is {citation.get(key)!r}")
    for key in ("keywords", "license"):
        values = citation.get(key, [""])
        if not values or len(set(values)) < len(values) or not all(isinstance(one, str) for one in values):
            found.append(f"{key} is {values!r}")
    return found


def test_the_citation_is_of_the_format():
    assert faults(CITATION) == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"titel": "x"}, "titel is not known"),
        ({"authors": []}, "no author"),
        ({"authors": [{"full-name": "x"}]}, "is no entity"),
        ({"cff-version": 1.2}, "cff-version is 1.2"),
        ({"date-released": "22 November"}, "date-released is"),
        ({"type": "report"}, "type is 'report'"),
        ({"keywords": ["trade", "trade"]}, "keywords is"),
    ],
)
def test_a_fault_in_the_citation_is_found(change, message):
    assert [fault for fault in faults(CITATION | change) if message in fault]
    assert "message is missing" in faults({key: value for key, value in CITATION.items() if key != "message"})


def test_the_citation_agrees_with_the_data_and_the_program():
    assert CITATION["title"] == PACKAGE["title"]
    assert CITATION["date-released"] == PACKAGE["created"][:10]
    assert CITATION["keywords"] == PACKAGE["keywords"]
    assert CITATION["version"] == PROJECT["version"] == report.__version__
    assert CITATION["authors"] == [{"name": crate.authors(PACKAGE)["name"]}]
    assert f"Copyright (c) {PACKAGE['created'][:4]} {CITATION['authors'][0]['name']}" in text("LICENSE")
