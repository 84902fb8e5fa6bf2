"""The architecture: which way imports point, what stands where, and what a notebook may hold."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from report.expressions import expressions

REPOSITORY = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((REPOSITORY / "notebooks").glob("[0-9][0-9]_*.ipynb"))
NAMES = [path.stem for path in NOTEBOOKS]
MODULES = sorted(
    path
    for top in ("notebooks", "report", "tests")
    for path in (REPOSITORY / top).rglob("*.py")
    if "build" not in path.parts
)
FOLDERS = {"data", "notebooks", "figures", "report", "tests"}
FORBIDDEN = {"utils", "util", "helpers", "helper", "common", "core", "misc", "docs"}
ANY_FIGURE = re.compile(r"\d[\d,.]*")
each_notebook = pytest.mark.parametrize("notebook", NOTEBOOKS, ids=NAMES)


def cells(notebook: Path, kind: str | None = None) -> list[dict]:
    found = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in found if kind in (None, cell["cell_type"])]


def source(cell: dict) -> str:
    return "".join(cell["source"])


def trees(notebook: Path) -> list[ast.Module]:
    return [ast.parse(source(cell)) for cell in cells(notebook, "code")]


def nodes(notebook: Path, *kinds: type) -> list[ast.AST]:
    return [node for tree in trees(notebook) for node in ast.walk(tree) if isinstance(node, kinds)]


def imported(tree: ast.AST) -> set[str]:
    """Return the first names of everything a module imports by an absolute name."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        if isinstance(node, ast.ImportFrom) and not node.level:
            found.add(node.module.partition(".")[0])
    return found


def defaults(notebook: Path) -> dict[str, object]:
    """Return the parameters of a notebook with their defaults; literals only, or ast raises ValueError."""
    (cell,) = [cell for cell in cells(notebook, "code") if "parameters" in cell["metadata"].get("tags", [])]
    lines = ast.parse(source(cell)).body
    assert all(isinstance(line, ast.Assign) and len(line.targets) == 1 for line in lines)
    return {line.targets[0].id: ast.literal_eval(line.value) for line in lines}


DECLARED = yaml.safe_load((REPOSITORY / "notebooks" / "parameters.yaml").read_text(encoding="utf-8"))


def test_there_are_notebooks_and_modules_to_look_at():
    assert len(NOTEBOOKS) >= 6
    assert len(MODULES) >= 30


def test_the_arithmetic_imports_nothing_of_the_report():
    names = {path.name: imported(ast.parse(path.read_text("utf-8"))) for path in MODULES if "notebooks" in path.parts}
    assert names
    assert [name for name, found in names.items() if found & {"report", "tests", "papermill", "nbconvert"}] == []


def test_what_checks_the_ledger_loads_no_slow_library():
    slow = "{'pandas', 'matplotlib', 'nbconvert'}"
    code = f"import sys, claims.ledger.model, claims.tables.schema; print(*sorted({slow} & set(sys.modules)))"
    shown = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY / "notebooks", capture_output=True, check=True)
    assert shown.stdout.strip() == b""


@each_notebook
def test_a_notebook_imports_only_the_arithmetic(notebook):
    assert set().union(*map(imported, trees(notebook))) <= {"claims", "kazakhstan"}


def test_no_module_is_a_drawer_for_everything():
    names = [part for path in MODULES for part in path.relative_to(REPOSITORY).with_suffix("").parts]
    assert FORBIDDEN & set(names) == set()


def test_only_the_folders_of_the_map_hold_files_of_the_project():
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a clone of the repository")
    tops = {line.partition("/")[0] for line in listed.stdout.splitlines() if "/" in line}
    assert {top for top in tops if not top.startswith(".")} <= FOLDERS
    assert {"data", "notebooks"} <= tops


def test_the_data_is_written_by_hand_and_no_program_stands_in_it():
    names = {path.name for path in (REPOSITORY / "data").iterdir()} - {"README.md"}
    assert {Path(name).suffix for name in names} == {".csv", ".json"}


@each_notebook
def test_a_notebook_is_kept_without_outputs_and_counts(notebook):
    assert [
        cell["id"] for cell in cells(notebook, "code") if cell["outputs"] or cell["execution_count"] is not None
    ] == []


@each_notebook
def test_the_cells_of_a_notebook_have_fixed_readable_ids(notebook):
    ids = [cell["id"] for cell in cells(notebook)]
    assert len(set(ids)) == len(ids)
    assert [id for id in ids if not re.fullmatch(r"[a-z]+(-[a-z]+)*", id) or re.fullmatch(r"[a-f0-9-]{8,}", id)] == []


@each_notebook
def test_a_notebook_holds_nothing_of_the_machine_it_was_written_on(notebook):
    read = json.loads(notebook.read_text(encoding="utf-8"))
    assert (read["nbformat"], read["nbformat_minor"]) == (4, 5)
    assert set(read["metadata"]) <= {"kernelspec", "language_info", "report"}
    assert read["metadata"]["kernelspec"]["name"] == "python3"
    assert read["metadata"]["language_info"] == {"name": "python"}


@each_notebook
def test_a_notebook_opens_with_question_parameters_and_book(notebook):
    assert re.match(r"# [^\n]+\?\n", source(cells(notebook)[0]) + "\n")
    first, second, *others = cells(notebook, "code")
    assert first["metadata"]["tags"] == ["parameters"]
    assert [cell for cell in others if "parameters" in cell["metadata"].get("tags", [])] == []
    imports = [type(line) for line in ast.parse(source(second)).body]
    assert imports[0] is ast.ImportFrom
    assert "\nbook = open_book(" in source(second)


@each_notebook
def test_the_last_section_of_a_notebook_says_what_it_does_not_show(notebook):
    headings = [
        line for cell in cells(notebook, "markdown") for line in source(cell).splitlines() if line.startswith("#")
    ]
    if notebook.stem.startswith("90_"):
        headings = [line for line in headings if line != "## References"]
    is_overview = notebook.stem.startswith("00_")
    assert headings[-1] == ("## What not to conclude" if is_overview else "## What this does not show")
    assert len([line for line in headings if line.startswith("# ")]) == 1


@each_notebook
def test_nothing_is_defined_in_a_notebook(notebook):
    assert nodes(notebook, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda) == []


LONGEST, LONGEST_ALL, WORDS_PER_LINE = 45, 350, 25


def lines_of_code(notebook: Path) -> int:
    return sum(bool(line.strip()) for cell in cells(notebook, "code") for line in source(cell).splitlines())


def words_of_prose(notebook: Path) -> int:
    """Return the words of the Markdown cells, a quoted value counting as one."""
    prose = "\n".join(map(source, cells(notebook, "markdown")))
    return len(re.findall(r"\w[\w’'-]*", re.sub(r"\{eval\}`[^`]*`", "value", prose)))


@each_notebook
def test_a_notebook_has_few_lines_of_code(notebook):
    assert lines_of_code(notebook) <= LONGEST


def test_prose_outweighs_code():
    code, prose = sum(map(lines_of_code, NOTEBOOKS)), sum(map(words_of_prose, NOTEBOOKS))
    print(f"{prose:,} words of prose, {code} lines of code: {prose / code:.1f} words to a line")
    assert code <= LONGEST_ALL
    assert prose / code >= WORDS_PER_LINE


def shows_own_table(tree: ast.Module) -> bool:
    """Return whether a cell ends with a table of its author's own, whose words are beside its rows."""
    return bool(tree.body) and ast.unparse(tree.body[-1]).startswith("book.table(")


def test_only_a_cell_with_a_table_of_one_s_own_may_have_words():
    code = "rows = [{'what': 'Trade in goods'}]\nbook.table(rows, title='Trade, by text')"
    assert shows_own_table(ast.parse(code))
    assert not shows_own_table(ast.parse(f"{code}\nprint('of the essay')"))


@each_notebook
def test_no_text_of_the_essay_is_in_code(notebook):
    others = [node for tree in trees(notebook) if not shows_own_table(tree) for node in ast.walk(tree)]
    texts = [node.value for node in others if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    assert [text for text in texts if " " in text] == []
    assert nodes(notebook, ast.JoinedStr) == []


@each_notebook
def test_nothing_about_looks_stands_in_a_notebook(notebook):
    assert not imported(ast.Module([n for t in trees(notebook) for n in t.body], [])) & {"matplotlib", "seaborn"}
    assert [node.attr for node in nodes(notebook, ast.Attribute) if node.attr.startswith("set_")] in ([], ["set_index"])


@each_notebook
def test_a_notebook_reads_every_parameter_it_declares(notebook):
    quoted = [expression for cell in cells(notebook, "markdown") for expression in expressions(source(cell))]
    trees = [*nodes(notebook, ast.Name), *(node for each in quoted for node in ast.walk(ast.parse(each)))]
    used = {node.id for node in trees if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    assert set(defaults(notebook)) - used == set()


@each_notebook
def test_every_default_is_of_the_type_and_within_the_bounds_declared(notebook):
    assert [name for name, value in defaults(notebook).items() if not fits(DECLARED[name], value)] == []


def fits(declared: dict, value: object) -> bool:
    types = {"choice": str, "integer": int, "number": (int, float), "boolean": bool, "numbers": list}
    if not isinstance(value, types[declared["type"]]) or isinstance(value, bool) != (declared["type"] == "boolean"):
        return False
    if declared["type"] == "choice":
        return value in declared["choices"]
    numbers = value if isinstance(value, list) else [value]
    return bool(numbers) and all(declared["low"] <= number <= declared["high"] for number in numbers)


@pytest.mark.parametrize(
    ("declared", "value"),
    [
        ({"type": "choice", "choices": ["a"]}, "b"),
        ({"type": "number", "low": 0, "high": 1}, 2),
        ({"type": "number", "low": 0, "high": 1}, True),
        ({"type": "integer", "low": 0, "high": 9}, 1.5),
        ({"type": "numbers", "low": 0, "high": 9}, []),
        ({"type": "numbers", "low": 0, "high": 9}, [1, 10]),
    ],
)
def test_a_default_that_does_not_fit_would_be_seen(declared, value):
    assert not fits(declared, value)


def test_a_parameter_is_declared_if_and_only_if_a_notebook_has_it_with_one_default():
    found: dict[str, list[object]] = {}
    for notebook in NOTEBOOKS:
        for name, value in defaults(notebook).items():
            found.setdefault(name, []).append(value)
    assert set(found) == set(DECLARED)
    assert {name for name, values in found.items() if any(value != values[0] for value in values)} == set()
    assert [name for name, entry in DECLARED.items() if not entry["meaning"].endswith(".")] == []


def templates(path: Path) -> list[str]:
    """Return every title, caption and alt text that a module writes for its tables and figures."""
    texts = []
    for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(call, ast.Call) and getattr(call.func, "attr", "") in ("table", "figure"):
            words = [each.value for each in call.keywords if each.arg in ("title", "caption", "alt", "source")]
            texts += [node.value for node in words if isinstance(node, ast.Constant)]
    return texts


def figures_typed(words: str) -> list[str]:
    """Return the figures typed in a template that are neither names, quotations, years nor terms such as 1/n."""
    for harmless in (
        r"\{[^}]*\}",
        r"“[^”]*”",
        r"\b(19|20)\d\d\b",
        r"\b1/n\b",
        r"\bfrom 0 to 1\b",
        r"×2 means",
        r"\bS\d\b",
        r"\bRev\. 4\b",
    ):
        words = re.sub(harmless, "", words)
    return ANY_FIGURE.findall(words)


def test_no_result_is_typed_in_a_title_or_caption():
    typed = {words: figures_typed(words) for path in MODULES if "notebooks" in path.parts for words in templates(path)}
    assert len(typed) > 50
    assert {words: found for words, found in typed.items() if found} == {}


@pytest.mark.parametrize(("words", "found"), [("Trade grew 7.3% in 2024.", ["7.3"]), ("{c001} in 2023, “41 bn”", [])])
def test_a_typed_result_would_be_seen(words, found):
    assert figures_typed(words) == found
