"""The engine and the program know nothing of this report's subject; what does is in `kazakhstan/` and the notebooks."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from pathlib import Path

import pytest
from claims.ledger import loading
from claims.ledger.rules import CAUSES
from claims.ledger.subject import causes_of

REPOSITORY = Path(__file__).resolve().parents[1]
BOOK = loading.load_ledger()
PROGRAM = (".py", ".typ", ".css", ".js", ".j2", ".lua")
FILES = [
    path
    for folder in (REPOSITORY / "notebooks" / "claims", REPOSITORY / "report")
    for path in sorted(folder.rglob("*"))
    if path.suffix in PROGRAM and not {"published", "build", "__pycache__"} & set(path.parts)
]
EXAMPLES = {"c001", "c002", "c003"}  # ids in the message that shows how a relation is written
CURRENCIES = {  # the world's currencies, among which the subject's are
    "notebooks/claims/words/numerals.py": ("USD",),
    "report/propose/currencies.py": ("USD", "dollar", "dollars", "yuan", "tenge"),
}


def subject_words() -> list[str]:
    """Return what belongs to the subject: places, names, authorities, causes, indicators, claims, texts, money."""
    own = BOOK.subject
    ids = {*BOOK.claims, *BOOK.official, *BOOK.relations, *BOOK.agreements}
    series = {figure.authority for figure in BOOK.official.values() if "_" in figure.authority}
    return [
        *("Chin(a|ese)", "Kazakh\\w*", "Xinjiang", "Astana", "tenge", "yuan", "dollars?", "freight", "customs"),
        *map(re.escape, {*own.names, *own.series, *series, *(set(causes_of(own)) - set(CAUSES))}),
        *map(re.escape, {*BOOK.indicators, *(source.title for source in BOOK.sources.values())}),
        *map(re.escape, {source.publisher for source in BOOK.sources.values() if source.publisher}),
        *ids,
        *BOOK.sources,
        "USD",
    ]


PATTERN = re.compile(rf"(?<![A-Za-z0-9_-])({'|'.join(subject_words())})(?![A-Za-z0-9_-])")


def found_in(path: Path) -> list[str]:
    """Return the subject's words in a file; of Python in its code and texts, without what its documentation shows."""
    text = path.read_text(encoding="utf-8")
    shown = path.relative_to(REPOSITORY).as_posix()
    words = [match[0] for match in PATTERN.finditer(code_of(text) if path.suffix == ".py" else text)]
    return [word for word in words if word not in EXAMPLES and word not in CURRENCIES.get(shown, ())]


def code_of(text: str) -> str:
    """Return the source of a module without docstrings and comments, which may show examples."""
    dropped = {(one.lineno, one.end_lineno) for one in docstrings(ast.parse(text))}
    lines = [
        "" if any(first <= number <= last for first, last in dropped) else line
        for number, line in enumerate(text.splitlines(keepends=True), start=1)
    ]
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    for token in tokens:
        if token.type == tokenize.COMMENT and lines[token.start[0] - 1]:
            row = token.start[0] - 1
            lines[row] = lines[row][: token.start[1]] + "\n"
    return "".join(lines)


def docstrings(tree: ast.Module) -> list[ast.Expr]:
    holders = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    firsts = [node.body[0] for node in ast.walk(tree) if isinstance(node, holders) and node.body]
    return [
        one
        for one in firsts
        if isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant) and isinstance(one.value.value, str)
    ]


@pytest.mark.parametrize("path", FILES, ids=[path.relative_to(REPOSITORY).as_posix() for path in FILES])
def test_engine_and_program_name_nothing_of_the_subject(path):
    assert found_in(path) == []


def test_there_are_files_and_words_to_look_for():
    assert len(FILES) > 60
    assert len(subject_words()) > 500


@pytest.mark.parametrize(
    "planted",
    [
        'NAMES = ("China",)',
        "x = book.claim('c012')",
        "side = 'kz_statistics'",
        "COLOURS = {'S3': 'green'}",
        "cause = 'cif_fob'",
        "label = f'{x} billion US dollars'",
        "rate = of('trade_turnover')",
        "unit = 'USD'",
    ],
)
def test_a_planted_word_is_found(tmp_path, planted, monkeypatch):
    monkeypatch.setitem(globals(), "REPOSITORY", tmp_path)
    path = tmp_path / "planted.py"
    path.write_text(f'"""Of China, c012, as an example."""\n{planted}  # of China\n', encoding="utf-8")
    assert len(found_in(path)) == 1


def test_the_subject_has_a_package_of_its_own():
    assert BOOK.subject.id == "kazakhstan"
    assert found_in(REPOSITORY / "notebooks" / "kazakhstan" / "headlines.py") != []
