"""The files that a new repository begins with and its owner edits: notebooks, ledger, README; an update leaves them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import yaml

from report.folders import Folders
from report.starting.ledger_files import cited_works, codebook, data_package, empty_tables
from report.starting.naming import Naming, fill_in

__all__ = ["first_files", "keep_entries"]

_TEMPLATES = Path(__file__).parent / "templates" / "repository"
_FILLED = ".in"  # at the end of the names of files that have tokens


def first_files(folders: Folders, naming: Naming) -> dict[str, bytes]:
    """Return the first files of a repository by path, with the columns, parameters and readings of this one."""
    files = {
        path.relative_to(_TEMPLATES).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(_TEMPLATES.rglob("*"))
        if path.is_file() and path.parts[-2] != ".ipynb_checkpoints"
    }
    notebooks = {name: text for name, text in files.items() if name.endswith(".ipynb")}
    package = data_package(folders.own_data, naming)
    files |= {
        "data/datapackage.json": json.dumps(package, ensure_ascii=False, indent=2) + "\n",
        "data/README.md": codebook(package),
        "data/references.json": cited_works(folders.works, notebooks.values()),
        **{f"data/{name}": text for name, text in empty_tables(package).items()},
        **_settings(folders.notebooks, notebooks),
    }
    return {_path(name, naming): _content(name, text, naming) for name, text in files.items()}


def _path(name: str, naming: Naming) -> str:
    return name.removesuffix(_FILLED).replace("notebooks/subject/", f"notebooks/{naming.subject}/")


def _content(name: str, text: str, naming: Naming) -> bytes:
    return (fill_in(text, naming) if name.endswith(_FILLED) else text).encode()


def _settings(folder: Path, notebooks: Mapping[str, str]) -> dict[str, str]:
    """Return parameters.yaml and readings.yaml with what the notebooks have, from those in a folder."""
    used = {name for text in notebooks.values() for name in _parameters(json.loads(text))}
    declared = (folder / "parameters.yaml").read_text(encoding="utf-8")
    readings = (folder / "readings.yaml").read_text(encoding="utf-8")
    of_subject = {
        name
        for part in yaml.safe_load(readings).values()
        for name, reading in part.items()
        if "subject" in reading or not {*reading.get("set", {name: 0})} <= used
    }
    return {
        "notebooks/parameters.yaml": keep_entries(declared, lambda *keys: keys[0] in used),
        "notebooks/readings.yaml": keep_entries(readings, lambda *keys: keys[-1] not in of_subject),
    }


def _parameters(notebook: Mapping) -> list[str]:
    """Return the names of a notebook's parameters."""
    cells = [cell for cell in notebook["cells"] if "parameters" in cell["metadata"].get("tags", ())]
    return [line.partition(" = ")[0] for cell in cells for line in cell["source"]]


def keep_entries(text: str, keeps: Callable[..., bool]) -> str:
    r"""Return a YAML mapping without the entries, and entries of entries, whose keys are not kept; comments stay.

    >>> keep_entries("# All.\na: 1\n\nb:\n  c: 2\n  d: 3\n", lambda *keys: keys in [("b",), ("b", "d")])
    '# All.\nb:\n  d: 3\n'
    """
    lines, dropped = text.splitlines(keepends=True), set()
    for keys, first, last in _entries(yaml.compose(text), len(lines)):
        if not keeps(*keys):
            dropped |= {*range(first, last)}
    return "".join(line for number, line in enumerate(lines) if number not in dropped)


def _entries(
    node: yaml.Node | None, end: int, above: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], int, int]]:
    """Yield the keys of each entry of a mapping and of its mappings, with its first line and the one after its last."""
    if not isinstance(node, yaml.MappingNode) or len(above) == 2:
        return
    starts = [key.start_mark.line for key, _ in node.value]
    for (key, value), first, last in zip(node.value, starts, [*starts[1:], end], strict=True):
        yield (*above, key.value), first, last
        yield from _entries(value, last, (*above, key.value))
