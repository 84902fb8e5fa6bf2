"""CONTRIBUTING is true: its files are there, its commands are targets, and what it quotes is what the program says."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
KINDS = (
    *("source", "claim", "indicator", "relation", "notebook", "figure", "parameter", "reading", "feature", "package"),
    "fix",
)
FILE = re.compile(r"(?:[\w.-]+/)+(?:[\w-]+(?:\.\w+)*)?|[\w.-]+\.(?:md|toml|txt|yaml|cff)")
INVENTED = {"notebooks/NN_question.ipynb", "some/folder", "mine.yaml"}  # stand for what somebody will choose


def entries(text: str) -> dict[str, str]:
    """Return each entry by its title; the parts after the entries have titles of the first level."""
    parts = re.split(r"^## (.*)\n", re.split(r"^# (?!Contributing)", text, flags=re.M)[0], flags=re.M)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def spans(text: str) -> list[str]:
    prose = re.sub(r"```.*?```", "", text, flags=re.S)
    code = re.findall(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", prose, re.S)  # more backticks, where backticks are shown
    return [" ".join(span.split()) for _, span in code]


def files(text: str) -> set[str]:
    """Return every path that a text names, in code and in links."""
    links = [target.partition("#")[0] for target in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in target]
    named = [path for span in spans(text) for word in span.split() for path in FILE.findall(word.split('"')[-1])]
    return {path for path in (*links, *named) if path and not path.startswith((".venv/", "report/build/"))} - INVENTED


def missing(text: str) -> set[str]:
    return {path for path in files(text) if not (ROOT / path).exists()}


def targets(text: str) -> set[str]:
    return set(re.findall(r"(?:^|`)make ([a-z-]+)", text, re.M))


def quoted(entry: str) -> list[str]:
    """Return what an entry quotes of the program: the code in and after its part on what is wrong."""
    told = re.search(r"^- When it is wrong: .*", entry, re.M | re.S)[0]
    return [span for span in spans(told) if not span.startswith(("make ", "data/"))]


def program() -> str:
    """Return the source of everything that says something, with texts that are written over two lines joined."""
    globs = (".make/*.sh", "report/**/*.py", "notebooks/**/*.py")
    sources = [ROOT / "Makefile", *(path for pattern in globs for path in sorted(ROOT.glob(pattern)))]
    return re.sub(r'"\s*\n\s*f?"', "", "\n".join(path.read_text(encoding="utf-8") for path in sources))


def unsaid(quotation: str) -> list[str]:
    """Return the parts of a quotation, which leaves out what differs, that the program says nowhere."""
    said = program()
    return [part for part in map(str.strip, quotation.split("…")) if part and part not in said]


def test_there_is_an_entry_for_everything_one_may_want_to_add():
    titles = " ".join(entries(TEXT)).lower()
    assert [kind for kind in KINDS if not re.search(rf"\b{kind}\b", titles)] == []


@pytest.mark.parametrize("title", entries(TEXT))
def test_every_entry_says_which_files_which_command_and_what_it_says_when_it_is_wrong(title):
    entry = entries(TEXT)[title]
    heads = re.findall(r"^- (Files|Command|When it is wrong): ", entry, re.M)
    assert heads == ["Files", "Command", "When it is wrong"]
    assert targets(entry)
    assert quoted(entry)


@pytest.mark.parametrize("title", entries(TEXT))
def test_what_an_entry_quotes_is_what_the_program_says(title):
    assert {quotation: parts for quotation in quoted(entries(TEXT)[title]) if (parts := unsaid(quotation))} == {}


def test_a_quotation_that_the_program_does_not_say_would_be_seen():
    assert unsaid("is not declared; please … add it") == ["is not declared; please"]


def test_every_file_it_names_is_there():
    assert len(files(TEXT)) > 20
    assert missing(TEXT) == set()


def test_a_file_that_is_not_there_would_be_seen():
    assert missing("a row in `data/claim.csv`, see [it](READ.md), `tests/test_gone.py`") == {
        "data/claim.csv",
        "READ.md",
        "tests/test_gone.py",
    }


def test_every_command_is_a_target():
    assert {"check", "lint", "report", "test", "verify", "lock", "sweep"} <= targets(TEXT)
    assert [name for name in sorted(targets(TEXT)) if not re.search(rf"^{name}:", MAKEFILE, re.M)] == []
