"""README and CONTRIBUTING are true: numbers, tree, exhibits and codebook are those of the repository."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
EXHIBITS = ("application/vnd.ledger.figure+json", "application/vnd.ledger.table+json")


def section(title: str, text: str = README) -> str:
    return re.search(rf"^##? {title}\n(.*?)(?=^##? |\Z)", text, re.S | re.M)[1]


def published(name: str) -> str:
    return (ROOT / "report" / "published" / name).read_text(encoding="utf-8")


def marked_numbers() -> list[tuple[str, str, str]]:
    """Return (text before, finding, form) for every marked number of the README."""
    parts = re.split(r"<!-- ([a-zA-Z0-9_]+)(?::(range))? -->", section("What the report finds"))
    return [(parts[i], parts[i + 1], parts[i + 2] or "text") for i in range(0, len(parts) - 1, 3)]


def test_there_are_marked_numbers():
    assert len(marked_numbers()) > 10


@pytest.mark.parametrize(("before", "finding", "form"), marked_numbers())
def test_every_number_is_the_published_finding(before, finding, form):
    found = {row["id"]: row for row in json.loads(published("findings.json"))["findings"]}
    assert before.endswith(tuple(start + found[finding][form] for start in (" ", "(", "\n"))), (
        f"the README says {before[-20:]!r}, the report {found[finding][form]!r}"
    )


def test_no_number_of_the_findings_is_unmarked():
    words = re.sub(r"!\[.*?\]\(.*?\)", "", section("What the report finds"))
    unmarked = re.sub(r"(?:\$\S+ billion|[^\s(]*)(?: to [^\s]*)?<!-- [^>]* -->", "", words)
    left = [
        token for token in re.findall(r"[\d.,%]*\d[\d.,%]*", unmarked) if not re.fullmatch(r"(19|20)\d\d[.,]?", token)
    ]
    assert left == []


def test_the_map_names_what_there_is():
    tree = re.search(r"```\n(README.*?)```", section("The map"), re.S)[1]
    named = {line.split()[0].rstrip("/") for line in tree.splitlines() if line and not line.startswith(" ")}
    package = ""
    for line in tree.splitlines():
        if line.startswith("  ") and not line.startswith("   "):
            named.add(f"{package}{line.split()[0].rstrip('/')}")
        elif line:
            package = line.split()[0]
    rooms = {path.parent for name in ("notebooks/claims", "report") for path in (ROOT / name).glob("*/__init__.py")}
    missing = [name for name in named if not (ROOT / name).exists()]
    folders = {
        path.name
        for path in ROOT.iterdir()
        if path.is_dir() and not path.name.startswith(".") and path.name != "__pycache__"
    }
    assert missing == []
    assert {str(path.relative_to(ROOT)) for path in rooms} <= named
    assert folders <= {name.split("/")[0] for name in named}


def test_the_exhibits_are_those_of_the_published_notebooks():
    told = set(re.findall(r"^\| \[?((?:fig|tbl)-[a-z0-9-]+).*?\| \[(\d\d_\w+)\]", CONTRIBUTING, re.M))
    made = {
        (output["data"][kind]["id"], path.stem)
        for path in sorted((ROOT / "report" / "published" / "notebooks").glob("*.ipynb"))
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
        for output in cell.get("outputs", [])
        for kind in EXHIBITS
        if kind in output.get("data", {})
    }
    assert made
    assert told == made


def test_the_codebook_names_every_column_with_its_meaning():
    package = json.loads((ROOT / "data" / "datapackage.json").read_text(encoding="utf-8"))
    codebook = section("Codebook", CONTRIBUTING)
    for resource in package["resources"]:
        part = re.search(rf"\*\*{re.escape(resource['path'])}\*\*(.*?)(?=\n\*\*|\Z)", codebook, re.S)[1]
        told = re.findall(r"^\| `(\w+)` \| (.*?) \|$", part, re.M)
        assert told == [(field["name"], field["description"]) for field in resource["schema"]["fields"]]


def test_its_commands_are_targets():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    commands = set(re.findall(r"(?:^|`)make ([a-z]+)", README, re.M))
    assert {"report", "test", "lab", "check"} <= commands
    assert [name for name in sorted(commands) if not re.search(rf"^{name}:", makefile, re.M)] == []


def test_what_it_links_to_exists():
    links = [target for target in re.findall(r"\]\(([^)\s]+)", README) if not target.startswith(("#", "http"))]
    assert links
    assert [target for target in links if not (ROOT / target).exists()] == []
