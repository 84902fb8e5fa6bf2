"""What a reviewer of the CODECHECK community process looks for in a repository, each item checked here.

See https://codecheck.org.uk/guide/community-workflow-author: a README with instructions, licences for everything, a
manifest of the outputs, a documented environment, a known run time, and no paths of one machine. A certificate needs a
codechecker, a date and an identifier too, which only its issuer has; `certificate_data` has the rest.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from claims.tables.messages import count_noun

from report.files import media_type
from report.folders import Folders
from report.proof import manifest
from report.runs import inputs

__all__ = ["ReviewItem", "certificate_data", "certificate_yaml", "review_lines", "review_repository"]

SPECIFICATION = "https://codecheck.org.uk/spec/config/2.0/"
COMMANDS = ("report", "verify")  # of make, which the README has to name
LEAST_LICENCE = 500  # letters of a whole legal text
DOCUMENTS = ("README.md", "CONTRIBUTING.md", "CITATION.cff", "Makefile", "pyproject.toml")
TEXTS = ("text/", "application/json", "application/x-ipynb+json", "application/yaml", "image/svg+xml")
HOMES = r"/(?:home|Users|root)/[\w.-]+|[A-Za-z]:\\{1,2}Users\\"
PIN = re.compile(r"^([A-Za-z0-9][\w.-]*)==([^\s;\\]+)((?:.*\\\n)*.*)", re.MULTILINE)


@dataclass(frozen=True)
class ReviewItem:
    """One thing a reviewer looks for: whether it is as it should be, and what is there, with a remedy if it is not."""

    name: str
    ok: bool
    content: str

    def __str__(self) -> str:
        """Return it on one line."""
        return f"{'yes' if self.ok else 'NO '} {self.name}: {self.content}"


def review_repository(folders: Folders, seconds: float | None, workers: int) -> tuple[ReviewItem, ...]:
    """Return every item; `seconds` is how long it took to run everything, None if it could not be run."""
    return (
        _check_licences(folders),
        _check_readme(folders),
        _check_environment(folders),
        _check_outputs(folders),
        _check_time(seconds, workers),
        _check_paths(folders),
    )


def review_lines(items: tuple[ReviewItem, ...]) -> list[str]:
    """Return the items as lines of a text, under a headline."""
    return ["for a reviewer (CODECHECK):", *(f"  {item}" for item in items)] if items else []


def _check_licences(folders: Folders) -> ReviewItem:
    texts = {
        path.name: path.read_text(encoding="utf-8", errors="replace")
        for path in sorted(folders.root.glob("LICEN[CS]E*"))
    }
    named = ", ".join(f"{name} ({text.strip().partition(chr(10))[0]})" for name, text in texts.items())
    if short := [name for name, text in texts.items() if len(text) < LEAST_LICENCE]:
        return ReviewItem("licence", False, f"{', '.join(short)} has less than a licence's text; give the whole text")
    return ReviewItem("licence", bool(texts), named or "there is none; add a file LICENSE")


def _check_readme(folders: Folders) -> ReviewItem:
    readme, makefile = (_read(folders, name) for name in ("README.md", "Makefile"))
    targets = {*re.findall(r"^([a-z][a-z-]*):", makefile, re.M)} & {*re.findall(r"\bmake ([a-z-]+)", readme)}
    if missing := [f"make {name}" for name in COMMANDS if name not in targets]:
        problem = "README.md does not say how to run everything" if readme else "there is no README.md"
        return ReviewItem("README", False, f"{problem}; name {' and '.join(missing)} in it")
    return ReviewItem("README", True, f"README.md, with {' and '.join(f'make {name}' for name in COMMANDS)}")


def _check_environment(folders: Folders) -> ReviewItem:
    """Check that every package is pinned with hashes, and that those installed are the pinned ones."""
    pinned: dict[str, set[str]] = {}
    unhashed = []
    for name, version, rest in PIN.findall(_read(folders, "requirements.txt")):
        pinned.setdefault(re.sub(r"[-_.]+", "-", name).lower(), set()).add(version)
        unhashed += [] if "--hash=sha256:" in rest else [name]
    installed = {name: version for name, version in inputs.installed().items() if name in pinned}
    others = [f"{name} {version}" for name, version in installed.items() if version not in pinned[name]]
    around = inputs.environment(folders)
    system = f"{around['python']} on {around['platform']}"
    if not pinned:
        return ReviewItem("environment", False, "requirements.txt pins no package; make lock writes it")
    if unhashed:
        return ReviewItem(
            "environment", False, f"without a hash in requirements.txt: {_first(unhashed)}; run make lock"
        )
    if others:
        problem = f"installed, but not what requirements.txt pins: {_first(others)}"
        return ReviewItem("environment", False, f"{problem}; make clean && make report")
    content = (
        f"requirements.txt pins {count_noun(len(pinned), 'package')} with hashes; all {len(installed):,} here match"
    )
    return ReviewItem("environment", True, f"{content}; {system}")


def _check_outputs(folders: Folders) -> ReviewItem:
    listed, there = manifest.read_manifest(folders), manifest.hash_outputs(folders)
    file = folders.shown(folders.published / manifest.FILE)
    if listed is None:
        return ReviewItem("outputs", False, f"{file} is missing or cannot be read; make report writes it")
    outputs: Mapping[str, str] = listed["outputs"]
    for what, names in (
        ("missing", [name for name in outputs if name not in there]),
        ("not listed", [name for name in there if name not in outputs]),
        ("not what is listed", [name for name in outputs if there.get(name, outputs[name]) != outputs[name]]),
    ):
        if names:
            return ReviewItem("outputs", False, f"{what} in {file}: {_first(names)}; make report writes them again")
    return ReviewItem("outputs", True, f"{file} names {count_noun(len(outputs), 'file')} with SHA-256; all match")


def _check_time(seconds: float | None, workers: int) -> ReviewItem:
    if seconds is None:
        return ReviewItem("run time", False, "not known, because it could not be run")
    minutes, rest = divmod(round(seconds), 60)
    words = f"{minutes} min {rest} s" if minutes else f"{rest} s"
    where = f"{count_noun(workers, 'worker')}, {count_noun(os.cpu_count() or 1, 'processor')}"
    return ReviewItem("run time", True, f"{words} for everything ({where})")


def _check_paths(folders: Folders) -> ReviewItem:
    """Check that no text has a path of somebody's home, of this clone or of this Python."""
    own = [re.escape(path) for path in (str(folders.root), sys.prefix) if path.count("/") > 1]  # not "/data"
    pattern = re.compile(rf"(?<![\w./])(?:{HOMES}|(?:{'|'.join(own) or '$^'})(?=[/\\\s'\"):,]|$))")
    searched = 0
    matches = []
    for name, text in _texts(folders):
        searched += 1
        if match := pattern.search(text):
            matches.append(f"{name} ({match[0]})")
    if matches:
        return ReviewItem("no absolute paths", False, f"{_first(matches)}; write paths from the repository's root")
    return ReviewItem("no absolute paths", True, f"none in {count_noun(searched, 'text file')} of inputs and outputs")


def _texts(folders: Folders) -> Iterator[tuple[str, str]]:
    """Yield every input, document and textual output with its text."""
    names = {*inputs.hash_inputs(folders), *manifest.hash_outputs(folders), *DOCUMENTS}
    for name in sorted(names):
        is_text = name in DOCUMENTS or not media_type(name) or media_type(name).startswith(TEXTS)
        if is_text and (folders.root / name).is_file():
            yield name, (folders.root / name).read_text(encoding="utf-8", errors="replace")


def _read(folders: Folders, name: str) -> str:
    path = folders.root / name
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""


def _first(names: list[str], most: int = 3) -> str:
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")


def certificate_yaml(folders: Folders) -> str:
    """Return `certificate_data` as a codecheck.yml, with what is left to fill in as comments."""
    import yaml

    text = yaml.safe_dump(
        certificate_data(folders), sort_keys=False, allow_unicode=True, explicit_start=True, width=120
    )
    of_paper = [] if "  reference:" in text else ["a reference"]
    of_paper += ["the ORCID of each author"] if "ORCID" not in text else []
    left = ", ".join(["codechecker, report, summary, certificate", *of_paper])
    return f"{text}# to be added: {left}\n"


def certificate_data(folders: Folders) -> dict[str, object]:
    """Return what a codecheck.yml has before the check: specification, manifest, title and authors; no date.

    The manifest lists every published file with its description. ORCIDs are those of CITATION.cff, if it has any.
    """
    import yaml

    citation = yaml.safe_load(_read(folders, "CITATION.cff")) or {}
    descriptions = _descriptions(folders)
    listed = (manifest.read_manifest(folders) or {"outputs": {}})["outputs"]
    authors = [
        {"name": _name(author)} | ({"ORCID": author["orcid"].rpartition("/")[2]} if "orcid" in author else {})
        for author in citation.get("authors", [])
    ]
    reference = citation.get("doi") or citation.get("url") or citation.get("repository-code")
    return {
        "version": SPECIFICATION,
        "manifest": [{"file": name, "comment": descriptions.get(name) or _describe(name)} for name in listed],
        "paper": {"title": citation.get("title", ""), "authors": authors}
        | ({"reference": reference} if reference else {}),
    }


def _name(author: Mapping[str, str]) -> str:
    return author.get("name") or " ".join(author[part] for part in ("given-names", "family-names") if part in author)


def _descriptions(folders: Folders) -> dict[str, str]:
    """Return the descriptions that the research object has of published files, by name from the root."""
    try:
        graph = json.loads((folders.published / "ro-crate-metadata.json").read_text(encoding="utf-8"))["@graph"]
        published = folders.shown(folders.published)
        return {f"{published}/{entity['@id']}": entity["description"] for entity in graph if "description" in entity}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _describe(name: str) -> str:
    """Return what a published file is, from its name.

    >>> _describe("figures/growth_rates.csv")
    'The numbers that the figure growth_rates shows'
    """
    title, _, ending = name.rpartition("/")[2].rpartition(".")
    if name.startswith("figures/"):
        return (
            f"The numbers that the figure {title} shows"
            if ending == "csv"
            else f"The figure {title} as {ending.upper()}"
        )
    return "The published files for other programs (RO-Crate)"
