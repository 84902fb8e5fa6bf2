"""The published folder as a research object: what made each of its files, from what, for programs that ask.

An RO-Crate of the profile Process Run Crate: an action for every notebook, one for the readings and one for the
assembly. Files of the folder are parts of the crate. What lies outside it, the ledger and the notebooks' sources, is
named with its hash and is no part. No time, place or version of a package stands here; those are in manifest.json,
which holds the hash of this file, so that this file cannot hold that one's.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from report import __version__
from report.digests import digest
from report.proof.manifest import FILE as MANIFEST
from report.published_files import CODE_LICENCE, MEDIA_TYPES

FILE = "ro-crate-metadata.json"
SPECIFICATION = "https://w3id.org/ro/crate/1.1"
PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
COVERED = "Covers text and data: the ledger, the prose of the notebooks, and the report with its figures and findings."
SWEPT, DECLARED = "sweep.csv", "notebooks/readings.yaml"
COMPLETED = "http://schema.org/CompletedActionStatus"
SAID_OF = {
    "report.html": "The report as one HTML page",
    "report.pdf": "The report as a PDF, with the ledger attached",
    "findings.csv": "Every result: value, interval, unit, formula and inputs, a row each",
    "findings.json": "Every result, as the notebooks read it again",
    SWEPT: "Every result and verdict in every declared reading",
    MANIFEST: "Hashes of all inputs and outputs, versions and parameters; its own hash stands nowhere",
}
AUTHORS, PROGRAM, READINGS, ASSEMBLY = "#authors", "#program", "#readings", "#assembly"
Entity = dict[str, object]


def of(
    package: Mapping,
    given: Mapping[str, str],
    notebooks: Sequence[Mapping],
    published: Mapping[str, bytes],
    figures: Mapping[str, Mapping[str, bytes]],
    swept: Sequence[str] = (),
) -> bytes:
    """Return ro-crate-metadata.json of a report.

    `package` says title, date, licences and description of the report, `given` the hash of every input by its name
    from the root, `notebooks` what the manifest says of each, `published` the files beside the crate, `figures` those
    of each notebook, and `swept` names the notebooks that are run under every reading.
    """
    drawn = {f"figures/{name}": data for files in figures.values() for name, data in files.items()}
    of_all = [name for one in notebooks for name in inputs(one)]
    of_swept = [name for one in notebooks if one["name"] in swept for name in inputs(one)]
    readings = [*sorted({*of_swept}), DECLARED] if SWEPT in published else []
    read = sorted({*of_all, *readings})
    entities = [
        descriptor(),
        root(package, published, notebooks),
        profile(),
        *licences(package),
        authors(package),
        program(package),
        *(part(name, published.get(name), package) for name in sorted([*published, MANIFEST])),
        *(outside(name, given[name], package) for name in read),
        *(outside(name, digest(drawn[name]), package) for name in sorted(drawn)),
        *runs(notebooks, figures, [SWEPT] * (SWEPT in published)),
        *([sweep(readings)] if readings else []),
        assembly(notebooks, published),
    ]
    context = [f"{SPECIFICATION}/context", {"sha256": "http://schema.org/sha256"}]
    said = {"@context": context, "@graph": entities}
    return (json.dumps(said, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def inputs(notebook: Mapping) -> list[str]:
    """Return the names of the files a notebook is run from: its own, and those it reads."""
    return [f"notebooks/{notebook['name']}.ipynb", *notebook["reads"]]


def named(name: str) -> dict[str, str]:
    """Return a reference to an entity."""
    return {"@id": name}


def descriptor() -> Entity:
    """Return the entity that says what this file is."""
    return {
        "@id": FILE,
        "@type": "CreativeWork",
        "conformsTo": named(SPECIFICATION),
        "about": named("./"),
    }


def root(package: Mapping, published: Mapping[str, bytes], notebooks: Iterable[Mapping]) -> Entity:
    """Return the entity of the published folder."""
    actions = [run_id(one) for one in notebooks] + [READINGS] * (SWEPT in published) + [ASSEMBLY]
    return {
        "@id": "./",
        "@type": "Dataset",
        "name": package["title"],
        "description": package["description"],
        "datePublished": package["created"][:10],
        "keywords": package.get("keywords", []),
        "license": named(licence(package)["path"]),
        "author": named(AUTHORS),
        "publisher": named(AUTHORS),
        "conformsTo": named(PROFILE),
        "hasPart": together(sorted([*published, MANIFEST])),
        "mentions": together(actions),
    }


def profile() -> Entity:
    """Return the entity of the profile."""
    return {"@id": PROFILE, "@type": "CreativeWork", "name": "Process Run Crate", "version": "0.5"}


def licence(package: Mapping) -> Mapping[str, str]:
    """Return what the ledger's description says of the licence of text and data."""
    return package["licenses"][0]


def licences(package: Mapping) -> list[Entity]:
    """Return the entities of both licences."""
    said = licence(package)
    text_and_data = {
        "@id": said["path"],
        "@type": "CreativeWork",
        "name": said["title"],
        "identifier": said["name"],
        "description": COVERED,
    }
    return [text_and_data, CODE_LICENCE]


def authors(package: Mapping) -> Entity:
    """Return the entity of those who stand for the report."""
    return {"@id": AUTHORS, "@type": "Organization", "name": f"The authors of “{package['title']}”"}


def program(package: Mapping) -> Entity:
    """Return the entity of what runs the notebooks and assembles the report."""
    return {
        "@id": PROGRAM,
        "@type": "SoftwareApplication",
        "name": f"The program of “{package['title']}”",
        "description": "Runs the notebooks with papermill, and assembles them with nbconvert and Typst. The version of "
        f"each package stands in {MANIFEST}.",
        "softwareVersion": __version__,
        "license": named(CODE_LICENCE["@id"]),
    }


def part(name: str, data: bytes | None, package: Mapping) -> Entity:
    """Return the entity of a file of the published folder; of the manifest, whose bytes are not known, without hash."""
    return {
        "@id": name,
        "@type": "File",
        "name": name,
        "description": SAID_OF.get(name, f"The executed {name}"),
        **form(name),
        **({"contentSize": str(len(data)), "sha256": digest(data)} if data is not None else {}),
        "license": covered_by(name, package),
    }


def outside(name: str, sha256: str, package: Mapping) -> Entity:
    """Return the entity of a file that is not in the published folder: no part of the crate, but known by its hash.

    Its identifier is the hash as a name (RFC 6920), the same wherever the file lies.
    """
    return {
        "@id": f"#{name}",
        "@type": "CreativeWork",
        "name": name,
        **form(name),
        "identifier": hash_name(sha256),
        "sha256": sha256,
        "license": covered_by(name, package),
    }


def form(name: str) -> dict[str, str]:
    """Return the media type of a file, nothing of one whose ending says none.

    >>> form("data/claims.csv"), form("LICENSE")
    ({'encodingFormat': 'text/csv'}, {})
    """
    kind = MEDIA_TYPES.get(name.rpartition(".")[2])
    return {"encodingFormat": kind} if kind else {}


def hash_name(sha256: str) -> str:
    """Return a SHA-256 in hexadecimal digits as a name.

    >>> hash_name("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824")
    'ni:///sha-256;LPJNul-wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ'
    """
    return "ni:///sha-256;" + base64.urlsafe_b64encode(bytes.fromhex(sha256)).decode("ascii").rstrip("=")


def covered_by(name: str, package: Mapping) -> object:
    """Return the licence of a file: modules are code, notebooks are code and text, everything else is text or data."""
    code, text_and_data = named(CODE_LICENCE["@id"]), named(licence(package)["path"])
    if name.endswith(".py"):
        return code
    return [text_and_data, code] if name.endswith(".ipynb") else text_and_data


def runs(
    notebooks: Sequence[Mapping], figures: Mapping[str, Mapping[str, bytes]], handed_on: Sequence[str]
) -> Iterator[Entity]:
    """Yield the run of each notebook, the values of its parameters before it.

    A notebook that reads what others found is given their executed copies and what is `handed_on` beside them.
    """
    earlier = [*(executed(one) for one in notebooks if not one["reads_findings"]), *handed_on]
    for one in notebooks:
        values = [value_of(one["name"], name, value) for name, value in one["parameters"].items()]
        read = [*(f"#{name}" for name in inputs(one)), *(earlier if one["reads_findings"] else ())]
        drawn = [f"#figures/{name}" for name in sorted(figures.get(one["name"], ()))]
        yield from values
        yield action(
            run_id(one),
            f"Run of {one['name']}",
            f"papermill runs notebooks/{one['name']}.ipynb with the values given; its executed copy comes out"
            + (", and its figures." if drawn else "."),
            [*read, *(value["@id"] for value in values)],
            [executed(one), *drawn],
        )


def sweep(given: Iterable[str]) -> Entity:
    """Return the action that runs notebooks under every reading."""
    return action(
        READINGS,
        "Runs under every reading",
        f"The notebooks that take part are run under every reading that {DECLARED} declares.",
        [f"#{name}" for name in given],
        [SWEPT],
    )


def assembly(notebooks: Iterable[Mapping], published: Iterable[str]) -> Entity:
    """Return the action that makes the report of the executed notebooks."""
    return action(
        ASSEMBLY,
        "Assembly of the report",
        "nbconvert makes one document of the executed notebooks, and of it a page and, with Typst, a PDF.",
        [executed(one) for one in notebooks],
        sorted({"report.html", "report.pdf", "findings.csv", "findings.json"} & {*published}),
    )


def action(id: str, name: str, description: str, given: Iterable[str], made: Iterable[str]) -> Entity:
    """Return an action; when it ran is not said, so that every rebuild says the same."""
    return {
        "@id": id,
        "@type": "CreateAction",
        "name": name,
        "description": description,
        "instrument": named(PROGRAM),
        "agent": named(AUTHORS),
        "actionStatus": COMPLETED,
        "object": together(given),
        "result": together(made),
    }


def together(names: Iterable[str]) -> object:
    """Return references to entities, to a single one without a list around it, as the specification has it.

    >>> together(["a"]), together(["a", "b"])
    ({'@id': 'a'}, [{'@id': 'a'}, {'@id': 'b'}])
    """
    references = [named(name) for name in names]
    return references[0] if len(references) == 1 else references


def run_id(notebook: Mapping) -> str:
    """Return the name of the action that runs a notebook."""
    return f"#run-of-{notebook['name']}"


def executed(notebook: Mapping) -> str:
    """Return the name of a notebook's executed copy."""
    return f"notebooks/{notebook['name']}.ipynb"


def value_of(notebook: str, name: str, value: object) -> Entity:
    """Return the entity of a parameter's value in a run."""
    return {"@id": f"#{notebook}-{name}", "@type": "PropertyValue", "name": name, "value": value}
