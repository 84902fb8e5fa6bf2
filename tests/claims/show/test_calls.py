"""Every call with which a notebook shows or quotes something: a table or figure with its words, or a phrase."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest
from claims.content.phrases import Phrase
from claims.results.finding import MIME
from claims.show import coverage, discrepancies, growth, method, overview, robustness, shares
from claims.show.book import open_book
from claims.show.exhibits import FIGURE, TABLE, Exhibit
from conftest import REPOSITORY
from invented import LEDGER as BEES
from kazakhstan.headlines import HEADLINES

QUESTIONS = (coverage, discrepancies, growth, method, overview, robustness, shares)
OURS = REPOSITORY / "data"
KINDS = {"Exhibit": Exhibit, "Phrase": Phrase}
KEPT_BY_OTHERS = (overview, robustness)  # they show what other notebooks of this report have left


def functions(module: ModuleType) -> Iterator[tuple[Callable, str]]:
    """Yield what a module lets notebooks call with a book, and what each returns."""
    for name in module.__all__:
        call = getattr(module, name)
        if inspect.isfunction(call) and (kind := inspect.signature(call).return_annotation) in KINDS:
            yield call, kind


CALLS = [
    pytest.param(ledger, module, call, kind, id=f"{ledger.name}-{module.__name__.rpartition('.')[2]}.{call.__name__}")
    for module in QUESTIONS
    for ledger in ((OURS,) if module in KEPT_BY_OTHERS else (OURS, BEES))
    for call, kind in functions(module)
]


class Prepared:
    """A book whose findings are kept as the first cells of a notebook keep them, and the arguments of its calls."""

    def __init__(self, ledger: Path, module: ModuleType) -> None:
        self.book = book = open_book(ledger)
        self.arguments = {"book": book, "counting": "fractional", "kinds": "all", "headline": "grew", "example": 41}
        self.arguments |= {"weighting": "items", "status": "signed", "explained": True}
        self.arguments |= {"headlines": HEADLINES}
        if module in KEPT_BY_OTHERS:
            book.borrow_findings()
        if hasattr(module, "judge"):
            self.arguments["judged"] = module.judge(book)
        if module is growth:
            self.arguments["name"] = payload(growth.reported_multiples(book))["rows"][0][0]["href"][1:]
        if module is robustness:
            self.arguments["sweep"] = robustness.with_headlines(book, robustness.load_sweep(book), HEADLINES)
        for name in module.__all__:
            if name.startswith("keep_"):
                self.call(getattr(module, name))

    def call(self, call: Callable) -> object:
        return call(**{name: self.arguments[name] for name in inspect.signature(call).parameters})


@pytest.fixture(scope="module")
def prepared() -> Iterator[Callable[[Path, ModuleType], Prepared]]:
    """Return a way to get the book of a ledger and a module, which is made once."""
    made: dict[tuple[Path, str], Prepared] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("IPython.display.display", lambda *what, **how: None)
        yield (
            lambda ledger, module: (
                made.get((ledger, module.__name__))
                or made.setdefault((ledger, module.__name__), Prepared(ledger, module))
            )
        )


def payload(shown: Exhibit) -> dict:
    """Return the table or figure of an exhibit as the report reads it."""
    (kind,) = {TABLE, FIGURE} & shown.bundle.keys()
    return shown.bundle[kind]


@pytest.mark.parametrize(("ledger", "module", "call", "kind"), CALLS)
def test_every_call_shows_an_exhibit_or_quotes_a_phrase(prepared, ledger, module, call, kind):
    shown = prepared(ledger, module).call(call)
    assert isinstance(shown, KINDS[kind])
    if kind == "Exhibit" and "text/markdown" in shown.bundle:
        assert shown.bundle["text/markdown"] == shown.bundle["text/plain"] != ""
    elif kind == "Exhibit":
        content = payload(shown)
        is_figure = FIGURE in shown.bundle
        assert content["id"].startswith("fig-" if is_figure else "tbl-")
        assert call.__doc__.startswith("Figure: " if is_figure else "Table: ")
        assert content["title"] and content["caption"]
        assert all(len(row) == len(content["columns"]) for row in content["rows"])
        assert not is_figure or (content["name"] and content["alt"])


def test_the_findings_of_a_table_leave_with_it(prepared):
    shown = prepared(OURS, growth).call(growth.reported_rates)
    assert shown.bundle[MIME]["findings"]


def definitions() -> list[tuple[str, str]]:
    """Return the word, id or name, and its value of every exhibit defined in a module of notebooks/."""
    return [
        (word.arg, word.value.value)
        for folder in ("claims/show", "kazakhstan")
        for path in sorted((REPOSITORY / "notebooks" / folder).glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("book.table", "book.figure")
        for word in node.keywords
        if word.arg in ("id", "name") and isinstance(word.value, ast.Constant)
    ]


def test_no_two_exhibits_share_an_id_or_a_file():
    found = definitions()
    assert len(found) > 40
    assert sorted(found) == sorted(set(found))


def test_every_call_is_made_by_a_notebook():
    begun = REPOSITORY / "report" / "starting" / "templates" / "repository" / "notebooks"
    chapters = [*(REPOSITORY / "notebooks").glob("*.ipynb"), *begun.glob("*.ipynb")]  # of this report, of a new one
    sources = "".join(path.read_text(encoding="utf-8") for path in chapters)
    called = {(module, call) for module in QUESTIONS for call, _ in functions(module)}
    unused = [
        f"{module.__name__}.{call.__name__}"
        for module, call in called
        if f"{module.__name__.rpartition('.')[2]}.{call.__name__}(" not in sources
    ]
    assert sorted(unused) == []


def test_every_module_of_a_chapter_has_calls():
    without = [module.__name__ for module in QUESTIONS if not list(functions(module))]
    assert without == ["claims.show.overview"], "which only says how sure each headline is"


def test_a_level_and_the_one_before_are_those_of_the_table():
    book = open_book(OURS, official="without")
    growth.reported_rates(book)
    growth.between_levels(book)
    level = growth.level_of(book, "trade_turnover_2023_partnerships")
    before = growth.level_before(book, "trade_turnover_growth_2023_partnerships")
    assert (str(level), str(before)) == ("$41.3 billion", "$31.3 billion")
    with pytest.raises(ValueError, match="no level before is implied by trade_turnover_2023_partnerships"):
        growth.level_before(book, "trade_turnover_2023_partnerships")
