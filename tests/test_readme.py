"""README and CONTRIBUTING are true: numbers, tree, exhibits and codebook are those of the repository."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
CODEBOOK = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
TEXTS = {"README.md": README, "CONTRIBUTING.md": CONTRIBUTING, "data/README.md": CODEBOOK}
SCREEN = 60  # lines
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
    for resource in package["resources"]:
        part = re.search(rf"\*\*{re.escape(resource['path'])}\*\*(.*?)(?=\n\*\*|\Z)", CODEBOOK, re.S)[1]
        told = re.findall(r"^\| `(\w+)` \| (.*?) \|$", part, re.M)
        assert told == [(field["name"], field["description"]) for field in resource["schema"]["fields"]]


def test_its_commands_are_targets():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    commands = set(re.findall(r"(?:^|`)make ([a-z]+)", README, re.M))
    assert {"report", "test", "lab", "check"} <= commands
    assert [name for name in sorted(commands) if not re.search(rf"^{name}:", makefile, re.M)] == []


def anchors(text: str) -> set[str]:
    """Return what a link can lead to in a Markdown text, as GitHub names its headings."""
    headings = re.findall(r"^#+ (.*)", text, re.M)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", TEXTS)
def test_what_a_text_links_to_and_shows_exists(name):
    words = re.sub(r"(`+)(?!`).+?(?<!`)\1(?!`)", "", TEXTS[name], flags=re.S)
    targets = [target for target in re.findall(r"\]\(([^)\s]+)", words) if "://" not in target]
    assert targets
    for target in targets:
        path, _, heading = target.partition("#")
        file = (ROOT / name).parent / path if path else ROOT / name
        assert file.exists(), target
        if heading:
            assert heading in anchors(file.read_text(encoding="utf-8")), target


def test_the_picture_is_small_and_says_what_it_shows():
    ((alt, target),) = re.findall(r"!\[(.*?)\]\((.*?)\)", README, re.S)
    assert len(alt.split()) > 8
    assert (ROOT / target).stat().st_size < 200_000


def test_findings_and_picture_come_first_and_a_topic_fits_a_screen():
    parts = re.split(r"^## (.*)\n", README, flags=re.M)
    titles, lengths = parts[1::2], [len(part.splitlines()) for part in parts[2::2]]
    assert titles[:3] == ["What the report finds", "Two commands", "The map"]
    assert "![" in parts[2]
    assert {title: lines for title, lines in zip(titles, lengths, strict=True) if lines > SCREEN} == {}


def test_a_link_to_a_heading_that_is_not_there_would_be_seen():
    assert "add-a-text" in anchors("# One\n\n## Add a text\n")
    assert anchors("## A listed item: field, or good") == {"a-listed-item-field-or-good"}
