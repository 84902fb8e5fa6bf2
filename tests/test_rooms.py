"""The rooms: each has one job, imports only from the rooms before it, and names what it offers."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
PACKAGES = {"claims": REPOSITORY / "notebooks", "kazakhstan": REPOSITORY / "notebooks", "report": REPOSITORY}
ENGINE = ("tables", "ledger", "judging", "results", "content", "words", "questions", "show")
# "" are the modules beside the rooms.
PROGRAM = ("", "kernels", "runs", "cluster", "pages", "proof", "propose", "preview", "starting", "command")
ORDER = [*(f"claims.{room}" for room in ENGINE), "kazakhstan", *(f"report.{room}".rstrip(".") for room in PROGRAM)]
FOREIGN = "report.foreign"
LONGEST_MODULE, LONGEST_FUNCTION = 400, 50


def modules() -> dict[str, Path]:
    """Return the path of every module of the engine, the subject and the program, by its name."""
    paths = {
        (path, top): path.relative_to(top).with_suffix("").as_posix().replace("/", ".")
        for name, top in PACKAGES.items()
        for path in sorted((top / name).rglob("*.py"))
        if not {"build", "published"} & set(path.relative_to(REPOSITORY).parts)
    }
    return {name: path for (path, _), name in paths.items()}


MODULES = modules()
TREES = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in MODULES.items()}
NAMES = {name.removesuffix(".__init__") for name in MODULES}


def room(module: str) -> str:
    """Return the room of a module.

    >>> room("claims.ledger.model"), room("kazakhstan.flows"), room("report.folders"), room("report.pages.html")
    ('claims.ledger', 'kazakhstan', 'report', 'report.pages')
    """
    if module == "report.__main__":  # `python -m report` is the command
        return "report.command"
    top, *rest = module.removesuffix(".__init__").split(".")
    is_room = top != "kazakhstan" and (len(rest) > 1 or ".".join([top, *rest]) + ".__init__" in MODULES)
    return ".".join([top, *rest[:1]]) if rest and is_room else top


def imports(module: str) -> set[str]:
    """Return the modules of ours that a module imports, wherever in it: for types and inside functions too."""
    targets = set()
    for node in ast.walk(TREES[module]):
        if isinstance(node, ast.Import):
            targets |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            submodules = {f"{node.module}.{alias.name}" for alias in node.names}
            targets |= (submodules & NAMES) or {node.module}
            targets |= {node.module} if submodules - NAMES else set()
    return {target for target in targets if target.split(".")[0] in PACKAGES}


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """Return the groups of modules that import each other, found by Tarjan's method.

    >>> circles({"a": {"b"}, "b": {"a"}, "c": {"a"}})
    [['a', 'b']]
    """
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    groups: list[list[str]] = []

    def visit(node: str) -> None:
        index[node] = low[node] = len(index)
        stack.append(node)
        for target in sorted(graph.get(node, ())):
            if target not in index:
                visit(target)
                low[node] = min(low[node], low[target])
            elif target in stack:
                low[node] = min(low[node], index[target])
        if low[node] == index[node]:
            group = [stack.pop()]
            while group[-1] != node:
                group.append(stack.pop())
            if len(group) > 1:
                groups.append(sorted(group))

    for node in sorted(graph):
        if node not in index:
            visit(node)
    return groups


def functions(module: str) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in ast.walk(TREES[module]) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def test_there_are_rooms_to_look_at():
    assert len(MODULES) >= 80
    assert {room(name) for name in MODULES} == {*ORDER, "claims", FOREIGN}


def test_a_room_imports_only_from_rooms_before_it():
    place = {name: number for number, name in enumerate(ORDER)} | {"claims": -1, FOREIGN: ORDER.index("report.pages")}
    pairs = {(module, target) for module in MODULES for target in imports(module)}
    against = [f"{module} imports {target}" for module, target in pairs if place[room(target)] > place[room(module)]]
    assert len(pairs) > 300
    assert sorted(against) == []


def test_nothing_imports_from_the_room_of_foreign_notebooks():
    users = {module for module in MODULES for target in imports(module) if room(target) == FOREIGN}
    assert {module for module in users if room(module) != FOREIGN} == set()


def test_no_modules_import_each_other():
    graph = {module.removesuffix(".__init__"): imports(module) for module in MODULES}
    assert circles(graph) == []


@pytest.mark.parametrize("name", ["claims.ledger.model", "report.folders"])
def test_an_import_against_the_order_would_be_found(name, monkeypatch):
    monkeypatch.setitem(TREES, name, ast.parse("def late():\n    from claims.show import style"))
    assert imports(name) >= {"claims.show.style"} or imports(name) >= {"claims.show"}


def test_the_engine_is_imported_under_one_name():
    texts = {path: path.read_text(encoding="utf-8") for top in ("notebooks", "report", "tests") for path in
             sorted((REPOSITORY / top).rglob("*.py")) if "build" not in path.parts}  # fmt: skip
    pattern = re.compile(r"^\s*(from|import) notebooks\b", re.M)
    assert pattern.search("from notebooks.claims import ledger")
    assert [str(path) for path, text in texts.items() if pattern.search(text)] == []


@pytest.mark.parametrize("name", [name for name in MODULES if not name.endswith("__main__")])
def test_every_module_lists_its_public_names(name):
    tree = TREES[name]
    listed = [node for node in tree.body if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"]
    defined = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    if not name.endswith("__init__") or defined:
        assert len(listed) == 1, f"{name} has no __all__"
        public = set(ast.literal_eval(listed[0].value))
        assert {one for one in defined if not one.startswith("_")} <= public, f"{name}: add them to __all__"


@pytest.mark.parametrize("name", [name for name in MODULES if name.endswith("__init__")])
def test_every_room_says_in_a_docstring_what_it_is_for(name):
    assert len(ast.get_docstring(TREES[name]) or "") > 40


def test_no_module_is_too_long_to_read():
    lengths = {name: len(path.read_text(encoding="utf-8").splitlines()) for name, path in MODULES.items()}
    assert {name: length for name, length in lengths.items() if length > LONGEST_MODULE} == {}


def test_no_function_is_too_long_to_read():
    lengths = {
        f"{name}.{function.name}": (function.end_lineno or 0) - function.lineno + 1
        for name in MODULES
        for function in functions(name)
    }
    assert len(lengths) > 1000
    assert {name: length for name, length in lengths.items() if length > LONGEST_FUNCTION} == {}


def test_a_class_name_is_used_once():
    places: dict[str, list[str]] = {}
    for name, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                places.setdefault(node.name, []).append(name)
    assert {name: modules for name, modules in places.items() if len(modules) > 1} == {}
