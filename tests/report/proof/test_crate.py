"""The published folder is a research object that a validator of its profile accepts, and that says what is there."""

import io
import json
import re
import shutil
import socket
from pathlib import Path

import nbformat
import pytest
from claims.ledger import loading
from requests import Request
from requests.adapters import HTTPAdapter
from requests_cache import CachedSession
from rocrate_validator import services
from rocrate_validator.models import Severity, ValidationSettings
from rocrate_validator.utils.http import HttpRequester
from urllib3 import HTTPResponse

from report import digests
from report.folders import Folders
from report.pages.pictures import with_drawing
from report.proof import crate, manifest
from report.runs import extract, selection

ROOT = Path(__file__).resolve().parents[3]
CONTEXT = "https://w3id.org/ro/crate/1.1/context"
DUBLIN_CORE = {"conformsTo": "http://purl.org/dc/terms/conformsTo"}
OTHER_NAMES = {"File": "http://schema.org/MediaObject"}
SCHEMA_ORG = (
    *("CreateAction", "CreativeWork", "Dataset", "Organization", "PropertyValue", "SoftwareApplication"),
    *("about", "actionStatus", "agent", "author", "contentSize", "datePublished", "description", "encodingFormat"),
    *("hasPart", "identifier", "instrument", "keywords", "license", "mentions", "name", "object", "publisher"),
    *("result", "softwareVersion", "value", "version"),
)
# What the profile recommends and the crate cannot say truthfully: actions have no time, which would be another in every
# rebuild, and neither the program nor its authors have an address.
UNANSWERED = {
    "Action SHOULD have an endTime",
    "Application SHOULD have a url",
    "SoftwareApplication id SHOULD be an absolute URI",
    "organization SHOULD have a URL",
}


def published_files() -> dict[str, bytes]:
    """Return what is published beside crate and manifest."""
    folder = ROOT / "report" / "published"
    names = digests.hash_files(folder).keys() - {crate.FILE, manifest.FILE}
    return {name: (folder / name).read_bytes() for name in sorted(names)}


def as_executed(published: bytes) -> dict:
    """Return a published notebook with the drawings of its figures, which it has only in their HTML."""
    notebook = nbformat.reads(published.decode("utf-8"), as_version=4)
    for output in [output for cell in notebook.cells for output in cell.get("outputs", ()) if "data" in output]:
        output.data = with_drawing(output.data)
    return notebook


def rebuilt_crate() -> dict:
    """Return the crate of what is published, made anew."""
    files, content = published_files(), manifest.read_manifest(Folders())
    executed = {one["name"]: as_executed(files[f"notebooks/{one['name']}.ipynb"]) for one in content["notebooks"]}
    swept = [notebook.name for notebook in selection.read_all(ROOT / "notebooks") if notebook.sweeps]
    package = json.loads((ROOT / "data" / "datapackage.json").read_text(encoding="utf-8")) | {
        "description": loading.load_ledger().subject.about
    }
    drawn = extract.figures_by_notebook(executed)
    return json.loads(crate.build_crate(package, content["inputs"], content["notebooks"], files, drawn, swept))


@pytest.fixture(scope="module")
def content() -> dict:
    return rebuilt_crate()


@pytest.fixture
def entities(content) -> dict[str, dict]:
    return {one["@id"]: one for one in content["@graph"]}


@pytest.fixture
def no_network(monkeypatch) -> list:
    """Let every attempt to reach another machine fail, and return the attempts."""
    tried = []

    def refuse(*given, **named):
        tried.append(given)
        raise OSError("a test tried to reach the network")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    for name in ("getaddrinfo", "gethostbyname", "create_connection"):
        monkeypatch.setattr(socket, name, refuse)
    return tried


def test_a_connection_would_be_refused_and_seen(no_network):
    with pytest.raises(OSError, match="tried to reach the network"):
        socket.create_connection(("localhost", 9))
    with pytest.raises(OSError, match="tried to reach the network"), socket.socket() as end:
        end.connect(("127.0.0.1", 9))
    assert len(no_network) == 2


def meanings() -> dict[str, str]:
    """Return what the terms of a crate mean, as far as ours uses them: an excerpt of the specification's context."""
    return {**DUBLIN_CORE, **OTHER_NAMES, **{term: f"http://schema.org/{term}" for term in SCHEMA_ORG}}


def keep_context(cache: Path) -> None:
    """Put the excerpt where the validator looks before it would ask the network."""
    body = io.BytesIO(json.dumps({"@context": meanings()}).encode())
    headers = {"Content-Type": "application/ld+json"}
    answer = HTTPResponse(body, headers, 200, preload_content=False, request_url=CONTEXT)
    kept = HTTPAdapter().build_response(Request("GET", CONTEXT).prepare(), answer)
    with CachedSession(cache_name=str(cache), backend="sqlite", expire_after=-1) as session:
        session.cache.save_response(kept)


def validated(content: dict, folder: Path, severity: str):
    """Return what the validator finds of a crate that lies beside the files that are published."""
    root = folder / "crate"
    shutil.copytree(ROOT / "report" / "published", root)
    (root / crate.FILE).write_text(json.dumps(content), encoding="utf-8")
    keep_context(folder / "cache")
    settings = ValidationSettings(
        rocrate_uri=str(root),
        profile_identifier="process-run-crate",
        requirement_severity=Severity[severity],
        offline=True,
        cache_path=folder / "cache",
    )
    try:
        return services.validate(settings)
    finally:
        HttpRequester().session.close()


def issues(result) -> set[str]:
    return {issue.message for issue in result.get_issues(Severity.OPTIONAL)}


@pytest.mark.filterwarnings("ignore")  # the validator's own
def test_the_crate_meets_the_requirements_of_its_profile(content, tmp_path, no_network):
    result = validated(content, tmp_path, "REQUIRED")
    assert issues(result) == set()
    assert len(result.executed_checks) >= 20
    assert no_network == []


@pytest.mark.filterwarnings("ignore")
def test_only_recommendations_without_an_answer_are_left_out(content, tmp_path, no_network):
    result = validated(content, tmp_path, "RECOMMENDED")
    assert len(result.executed_checks) >= 50
    assert {issue for issue in issues(result) if not any(words in issue for words in UNANSWERED)} == set()
    assert {words for words in UNANSWERED if any(words in issue for issue in issues(result))} == UNANSWERED
    assert no_network == []


def without_instrument(graph: dict[str, dict]) -> None:
    del graph["#run-of-20_growth_rates"]["instrument"]


def with_an_instrument_that_is_none(graph: dict[str, dict]) -> None:
    graph["#assembly"]["instrument"] = {"@id": "#authors"}


def without_licence(graph: dict[str, dict]) -> None:
    del graph["./"]["license"]


def without_profile(graph: dict[str, dict]) -> None:
    del graph["./"]["conformsTo"]


def with_a_file_that_is_not_there(graph: dict[str, dict]) -> None:
    graph["report.html"]["@id"] = "gone.html"
    graph["./"]["hasPart"].append({"@id": "gone.html"})


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    ("plant", "message"),
    [
        (without_instrument, "MUST have an instrument"),
        (with_an_instrument_that_is_none, "MUST have an instrument"),
        (without_licence, "`license`"),
        (without_profile, "versioned permalink of the profile"),
        (with_a_file_that_is_not_there, "gone.html"),
    ],
)
def test_the_validator_finds_a_planted_fault(content, tmp_path, no_network, plant, message):
    faulty = json.loads(json.dumps(content))
    plant({one["@id"]: one for one in faulty["@graph"]})
    assert [issue for issue in issues(validated(faulty, tmp_path, "REQUIRED")) if message in issue]


def test_every_term_of_the_crate_has_a_meaning(content):
    used = {key for one in content["@graph"] for key in one if not key.startswith("@")}
    used |= {one["@type"] for one in content["@graph"]}
    assert content["@context"] == [CONTEXT, {"sha256": "http://schema.org/sha256"}]
    assert len(used) > 20
    assert used == {*meanings(), "sha256"}


def references(value) -> list[str]:
    if isinstance(value, list):
        return [id for one in value for id in references(one)]
    return [value["@id"]] if isinstance(value, dict) else []


def test_every_entity_is_unique_and_every_reference_resolves(content, entities):
    elsewhere = {crate.SPECIFICATION}
    referenced = {id for one in content["@graph"] for value in one.values() for id in references(value)}
    assert len(entities) == len(content["@graph"]) > 50
    assert referenced - elsewhere <= entities.keys()
    assert entities.keys() - referenced == {crate.FILE}


def test_every_published_file_but_the_manifest_has_its_hash(entities):
    parts = {id: one for id, one in entities.items() if one["@type"] == "File"}
    hashes = {name: digests.digest(data) for name, data in published_files().items()}
    assert {id: one.get("sha256") for id, one in parts.items()} == {**hashes, manifest.FILE: None}
    assert {one["@id"] for one in entities["./"]["hasPart"]} == parts.keys()
    assert crate.FILE not in parts


def test_every_notebook_has_one_run_with_all_inputs_and_results(entities):
    for one in manifest.read_manifest(Folders())["notebooks"]:
        run = entities[f"#run-of-{one['name']}"]
        given, result = references(run["object"]), references(run["result"])
        values = {entities[id]["name"]: entities[id]["value"] for id in given if "value" in entities[id]}
        assert {f"#notebooks/{one['name']}.ipynb", *(f"#{name}" for name in one["reads"])} <= {*given}
        assert values == one["parameters"]
        assert f"notebooks/{one['name']}.ipynb" in result
        assert ("notebooks/20_growth_rates.ipynb" in given) == one["reads_findings"]
    runs = [id for id, one in entities.items() if one["@type"] == "CreateAction"]
    assert len(runs) == len(manifest.read_manifest(Folders())["notebooks"]) + 2
    assert runs == references(entities["./"]["mentions"])


def test_readings_have_notebooks_and_declaration_as_input(entities):
    given = references(entities["#readings"]["object"])
    swept = [f"#notebooks/{one.path.name}" for one in selection.read_all(ROOT / "notebooks") if one.sweeps]
    assert [id for id in given if id.endswith(".ipynb")] == swept != []
    assert {"#notebooks/readings.yaml", "#data/claims.csv"} <= {*given}


def test_every_published_file_is_the_result_of_one_action(entities):
    results = [id for one in entities.values() for id in references(one.get("result", []))]
    figures = {f"#figures/{name}" for name in digests.hash_files(ROOT / "figures")}
    assert sorted(results) == sorted({*published_files(), *figures})


def test_a_file_outside_is_no_part_and_has_its_hash(entities):
    known = manifest.read_manifest(Folders())
    hashes = {f"#{name}": sha256 for name, sha256 in (known["inputs"] | known["outputs"]).items()}
    outside = {id: one for id, one in entities.items() if re.match("#(data|notebooks|figures)/", id)}
    assert {"#data/claims.csv", "#notebooks/readings.yaml", "#figures/growth_rates.svg"} <= outside.keys()
    for id, one in outside.items():
        assert (one["@type"], one["sha256"], one["identifier"]) == (
            "CreativeWork",
            hashes[id],
            crate.hash_name(hashes[id]),
        )


def test_the_crate_has_no_time_place_or_package_version(content):
    package = json.loads((ROOT / "data" / "datapackage.json").read_text(encoding="utf-8"))
    text = json.dumps(content, ensure_ascii=False)
    versions = {key: value for one in content["@graph"] for key, value in one.items() if "ersion" in key}
    assert versions == {"version": "0.5", "softwareVersion": "0.1.0"}
    assert re.findall(r"\d{4}-\d\d-\d\d", text) == [package["created"][:10]]
    assert not re.search(r"\w+Time\b|file:|\"/|\.\./", text)


def test_the_crate_of_the_same_report_has_the_same_bytes():
    assert json.dumps(rebuilt_crate()) == json.dumps(rebuilt_crate())


def test_a_crate_without_readings_does_not_mention_them():
    package = json.loads((ROOT / "data" / "datapackage.json").read_text(encoding="utf-8"))
    one = {"name": "10_one", "parameters": {}, "reads": ["data/claims.csv"], "reads_findings": False}
    given = {name: digests.digest(b"") for name in ("notebooks/10_one.ipynb", "data/claims.csv")}
    graph = json.loads(crate.build_crate(package, given, [one], {"notebooks/10_one.ipynb": b"{}"}, {}))["@graph"]
    assert [each["@id"] for each in graph if each["@type"] == "CreateAction"] == ["#run-of-10_one", "#assembly"]


def test_the_published_crate_is_this_crate(content):
    listed = f"report/published/{crate.FILE}" in manifest.read_manifest(Folders())["outputs"]
    there = ROOT / "report" / "published" / crate.FILE
    assert there.exists() == listed
    if not listed:
        pytest.skip("the published report was built before there was a crate; make report builds it anew")
    assert json.loads(there.read_text(encoding="utf-8")) == content
