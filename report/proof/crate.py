"""ro-crate-metadata.json: the published folder as a research object, for programs that ask how each file was created.

An RO-Crate of the profile Process Run Crate: an action for every notebook, one for the readings and one for the
assembly. Files of the folder are parts of the crate. What is outside it, the ledger and the notebooks' sources, is
named with its hash and is no part. It has no time, place or version of a package, so that every rebuild writes the same
bytes; those are in manifest.json, which has the hash of this file, so that this file cannot have that one's.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from report import __version__
from report.digests import digest
from report.files import CODE_LICENCE, media_type
from report.proof.manifest import FILE as MANIFEST

__all__ = ["FILE", "SPECIFICATION", "authors", "build_crate", "hash_name", "licence_of", "licences"]

FILE = "ro-crate-metadata.json"
SPECIFICATION = "https://w3id.org/ro/crate/1.1"
PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
CONTEXT = [f"{SPECIFICATION}/context", {"sha256": "http://schema.org/sha256"}]
COMPLETED = "http://schema.org/CompletedActionStatus"
AUTHORS, PROGRAM, READINGS, ASSEMBLY = "#authors", "#program", "#readings", "#assembly"
SWEPT, DECLARED = "sweep.csv", "notebooks/readings.yaml"
CODE = "Covers the code: the program, the arithmetic, the tests, and the code cells of the notebooks."
TEXT_AND_DATA = (
    "Covers text and data: the ledger, the prose of the notebooks, and the report with its figures and findings."
)
DESCRIPTIONS = {
    "report.html": "The report as one HTML page",
    "report.md": "The report in plain Markdown, a sentence a line, for diffs and for programs",
    "report.pdf": "The report as a PDF, with the ledger attached",
    "findings.csv": "Every result: value, interval, unit, formula and inputs, a row each",
    "findings.json": "Every result, as the notebooks read it again",
    SWEPT: "Every result and verdict in every declared reading",
    MANIFEST: "Hashes of all inputs and outputs, versions and parameters; its own hash stands nowhere",
}
Entity = dict[str, object]


def build_crate(
    package: Mapping,
    inputs: Mapping[str, str],
    notebooks: Sequence[Mapping],
    published: Mapping[str, bytes],
    figures: Mapping[str, Mapping[str, bytes]],
    swept: Sequence[str] = (),
) -> bytes:
    """Return ro-crate-metadata.json of a report.

    `package` has title, date, licences and description of the report, `inputs` the hash of every input by its name from
    the root, `notebooks` their entries in the manifest, `published` the files beside the crate, `figures` those of each
    notebook, and `swept` the names of the notebooks that run under every reading.
    """
    drawn = {f"figures/{name}": data for files in figures.values() for name, data in files.items()}
    read = {name for notebook in notebooks for name in _inputs(notebook)}
    readings: list[str] = []
    actions: list[Entity] = []
    if SWEPT in published:
        of_swept = {name for notebook in notebooks if notebook["name"] in swept for name in _inputs(notebook)}
        readings = [*sorted(of_swept), DECLARED]
        what = f"The notebooks that take part are run under every reading that {DECLARED} declares."
        actions.append(_action(READINGS, "Runs under every reading", what, [f"#{name}" for name in readings], [SWEPT]))
    what = "nbconvert makes one document of the executed notebooks, and of it a page, Markdown and, with Typst, a PDF."
    results = sorted({"report.html", "report.md", "report.pdf", "findings.csv", "findings.json"} & {*published})
    actions.append(_action(ASSEMBLY, "Assembly of the report", what, map(_executed, notebooks), results))
    entities = [
        {"@id": FILE, "@type": "CreativeWork", "conformsTo": _ref(SPECIFICATION), "about": _ref("./")},
        _root(package, published, notebooks),
        {"@id": PROFILE, "@type": "CreativeWork", "name": "Process Run Crate", "version": "0.5"},
        *licences(package),
        authors(package),
        _program(package),
        *(_part(name, published.get(name), package) for name in sorted([*published, MANIFEST])),
        *(_outside(name, inputs[name], package) for name in sorted(read | {*readings})),
        *(_outside(name, digest(drawn[name]), package) for name in sorted(drawn)),
        *_runs(notebooks, figures, [SWEPT] if readings else []),
        *actions,
    ]
    return (json.dumps({"@context": CONTEXT, "@graph": entities}, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def licences(package: Mapping) -> list[Entity]:
    """Return the entities of both licences, that of text and data first."""
    text_and_data = package["licenses"][0]
    return [
        _licence(text_and_data["path"], text_and_data["title"], text_and_data["name"], TEXT_AND_DATA),
        _licence(CODE_LICENCE["url"], CODE_LICENCE["name"], CODE_LICENCE["id"], CODE),
    ]


def _licence(url: str, name: str, id: str, description: str) -> Entity:
    return {"@id": url, "@type": "CreativeWork", "name": name, "identifier": id, "description": description}


def licence_of(name: str, package: Mapping) -> object:
    """Return the licence of a file: modules are code, notebooks are code and text, everything else is text or data."""
    text_and_data, code = (_ref(str(licence["@id"])) for licence in licences(package))
    if name.endswith(".py"):
        return code
    return [text_and_data, code] if name.endswith(".ipynb") else text_and_data


def authors(package: Mapping) -> Entity:
    """Return the entity of the report's authors."""
    return {"@id": AUTHORS, "@type": "Organization", "name": f"The authors of “{package['title']}”"}


def hash_name(sha256: str) -> str:
    """Return a SHA-256 in hexadecimal digits as a name (RFC 6920), the same wherever the file is.

    >>> hash_name("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824")
    'ni:///sha-256;LPJNul-wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ'
    """
    return "ni:///sha-256;" + base64.urlsafe_b64encode(bytes.fromhex(sha256)).decode("ascii").rstrip("=")


def _root(package: Mapping, published: Mapping[str, bytes], notebooks: Iterable[Mapping]) -> Entity:
    """Return the entity of the published folder."""
    actions = [_run_id(notebook) for notebook in notebooks] + [READINGS] * (SWEPT in published) + [ASSEMBLY]
    return {
        "@id": "./",
        "@type": "Dataset",
        "name": package["title"],
        "description": package["description"],
        "datePublished": package["created"][:10],
        "keywords": package.get("keywords", []),
        "license": licence_of("./", package),
        "author": _ref(AUTHORS),
        "publisher": _ref(AUTHORS),
        "conformsTo": _ref(PROFILE),
        "hasPart": _refs(sorted([*published, MANIFEST])),
        "mentions": _refs(actions),
    }


def _program(package: Mapping) -> Entity:
    """Return the entity of what runs the notebooks and assembles the report."""
    return {
        "@id": PROGRAM,
        "@type": "SoftwareApplication",
        "name": f"The program of “{package['title']}”",
        "description": "Runs the notebooks with papermill, and assembles them with nbconvert and Typst. The version of "
        f"each package stands in {MANIFEST}.",
        "softwareVersion": __version__,
        "license": _ref(CODE_LICENCE["url"]),
    }


def _part(name: str, data: bytes | None, package: Mapping) -> Entity:
    """Return the entity of a file of the published folder, without hash where its bytes do not exist yet."""
    return {
        "@id": name,
        "@type": "File",
        "name": name,
        "description": DESCRIPTIONS.get(name, f"The executed {name}"),
        **_format(name),
        **({"contentSize": str(len(data)), "sha256": digest(data)} if data is not None else {}),
        "license": licence_of(name, package),
    }


def _outside(name: str, sha256: str, package: Mapping) -> Entity:
    """Return the entity of a file outside the published folder, identified by its hash."""
    return {
        "@id": f"#{name}",
        "@type": "CreativeWork",
        "name": name,
        **_format(name),
        "identifier": hash_name(sha256),
        "sha256": sha256,
        "license": licence_of(name, package),
    }


def _runs(
    notebooks: Sequence[Mapping], figures: Mapping[str, Mapping[str, bytes]], other_results: Sequence[str]
) -> Iterator[Entity]:
    """Yield the run of each notebook, the values of its parameters before it.

    A notebook that reads findings reads the executed copies of the other notebooks and `other_results` beside them.
    """
    earlier = [*(_executed(notebook) for notebook in notebooks if not notebook["reads_findings"]), *other_results]
    for notebook in notebooks:
        name = notebook["name"]
        objects = [f"#{file}" for file in _inputs(notebook)] + (earlier if notebook["reads_findings"] else [])
        for parameter, value in notebook["parameters"].items():
            id = f"#{name}-{parameter}"
            yield {"@id": id, "@type": "PropertyValue", "name": parameter, "value": value}
            objects.append(id)
        drawn = [f"#figures/{file}" for file in sorted(figures.get(name, ()))]
        description = f"papermill runs {_executed(notebook)} with the values given; its executed copy comes out"
        description += ", and its figures." if drawn else "."
        yield _action(_run_id(notebook), f"Run of {name}", description, objects, [_executed(notebook), *drawn])


def _action(id: str, name: str, description: str, objects: Iterable[str], results: Iterable[str]) -> Entity:
    return {
        "@id": id,
        "@type": "CreateAction",
        "name": name,
        "description": description,
        "instrument": _ref(PROGRAM),
        "agent": _ref(AUTHORS),
        "actionStatus": COMPLETED,
        "object": _refs(objects),
        "result": _refs(results),
    }


def _ref(id: str) -> dict[str, str]:
    return {"@id": id}


def _refs(ids: Iterable[str]) -> object:
    """Return references to entities, to a single one without a list around it, as the specification asks.

    >>> _refs(["a"]), _refs(["a", "b"])
    ({'@id': 'a'}, [{'@id': 'a'}, {'@id': 'b'}])
    """
    references = [_ref(id) for id in ids]
    return references[0] if len(references) == 1 else references


def _format(name: str) -> dict[str, str]:
    return {"encodingFormat": media_type(name)} if media_type(name) else {}


def _inputs(notebook: Mapping) -> list[str]:
    """Return the names of the files a notebook is run from: its own, and those it reads."""
    return [f"notebooks/{notebook['name']}.ipynb", *notebook["reads"]]


def _run_id(notebook: Mapping) -> str:
    return f"#run-of-{notebook['name']}"


def _executed(notebook: Mapping) -> str:
    """Return the name of a notebook's executed copy, from the published folder."""
    return f"notebooks/{notebook['name']}.ipynb"
