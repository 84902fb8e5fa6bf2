"""The works that the method follows: the reference list, read strictly, and shown as a table.

The list is `data/references.json`, in CSL-JSON; `citations` puts the words of a citation into a text. The list belongs
to the method: it is the same for another ledger.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from claims.content.phrases import Anchor, Link, Marked, Phrase
from claims.tables.files import SMALL, parse_json, read_regular
from claims.tables.locations import REPOSITORY, display_path
from claims.tables.messages import Problem, did_you_mean, format_problems, one_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Reference", "ReferencesError", "load_references", "read_items", "run_citeproc", "works_table"]

FILE = REPOSITORY / "data" / "references.json"
STYLE = Path(__file__).with_name("citations.csl")
TYPES = ("article-journal", "book", "paper-conference", "report", "software", "webpage")
TEXTS = (
    "id", "type", "title", "container-title", "collection-title", "genre", "edition", "volume", "issue", "number",
    "page", "publisher", "DOI", "URL",
)  # fmt: skip
KEYS = (*TEXTS, "author", "issued")
WRITTEN = {  # how a value is written where it is more than words, and an example
    "id": (r"[a-z]+\d{4}[a-z]?", "brown2017"),
    "DOI": (r"10\.\d{4,9}/\S+", "10.1177/1948550616673876"),
    "URL": (r"https://\S+", "https://www.jstor.org/stable/1818582"),
}


class ReferencesError(ValueError):
    """A reference list that cannot be used; the message lists every problem."""

    def __init__(self, problems: Iterable[Problem]):
        self.problems = tuple(problems)
        super().__init__(format_problems(self.problems))


@dataclass(frozen=True)
class Reference:
    """A work that is cited: its id, how it is cited (“Hirschman, 1964”), its entry in the list, and its item."""

    id: str
    words: str
    entry: str
    item: Mapping[str, Any]

    @property
    def anchor(self) -> str:
        """Return where the report lists it."""
        return f"ref-{self.id}"

    @property
    def link(self) -> Link | None:
        """Return its DOI as a link, else its address, None if it has neither."""
        if "DOI" in self.item:
            return Link(f"doi:{self.item['DOI']}", f"https://doi.org/{self.item['DOI']}")
        address = self.item.get("URL")
        return Link(re.sub(r"https://(www\.)?([^/]+).*", r"\2", address), address) if address else None


def load_references(path: Path = FILE) -> dict[str, Reference]:
    """Return the references by id, in the order of their authors' names. Raises ReferencesError with every problem."""
    works = _formatted(json.dumps(read_items(path)))
    if problems := list(_repeated_words(works.values(), display_path(path))):
        raise ReferencesError(problems)
    return works


def read_items(path: Path = FILE) -> list[dict[str, Any]]:
    """Return the items of the list as its file has them. Raises ReferencesError with every problem."""
    file = display_path(path)
    try:
        items = parse_json(read_regular(path, SMALL))
    except (OSError, ValueError) as error:
        message = getattr(error, "strerror", None) or str(error)
        raise ReferencesError([Problem(file, message=message, remedy="write a list of works in CSL-JSON")]) from None
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise ReferencesError([Problem(file, message="is no list of works", remedy="write it as CSL-JSON: [{…}, …]")])
    problems = [problem for place, item in enumerate(items, 1) for problem in _faults(item, place, file)]
    if problems := problems or list(_repeated_ids(items, file)):
        raise ReferencesError(problems)
    return items


def works_table(references: Mapping[str, Reference]) -> pd.DataFrame:
    """Return one row per reference: how it is cited, the anchor of its citations, and the work with its address."""
    import pandas as pd

    rows = []
    for work in references.values():
        entry = (Marked(work.entry, "citation"), *((" ", work.link) if work.link else ()))
        rows.append({"cited": Anchor(work.words, work.anchor), "work": Phrase(entry)})
    return pd.DataFrame(rows)


@lru_cache(maxsize=1)
def _formatted(text: str) -> dict[str, Reference]:
    """Return the works of a CSL-JSON text by id, cited and listed by citeproc in the style of citations.csl."""
    items = json.loads(text)
    page = run_citeproc("\n\n".join(f"[@{item['id']}]" for item in items), text)
    words = dict(re.findall(r'<span class="citation"[^>]* data-cites="([^"]+)">\s*\((.*?)\)</span>', page, re.S))
    entries = re.findall(r'<div id="ref-([^"]+)"[^>]*>(.*?)</div>', page, re.S)
    by_id = {item["id"]: item for item in items}
    return {id: Reference(id, _plain(words[id]), _plain(entry), by_id[id]) for id, entry in entries}


@lru_cache(maxsize=8)  # a report under other readings has the same citations
def run_citeproc(text: str, items: str, to: str = "html") -> str:
    """Return the Markdown `text` in another format, citations put in and the list at its end.

    `items` is the list in CSL-JSON. Citations link to the list, and nobody's own configuration is read.
    """
    import pypandoc

    with TemporaryDirectory(prefix="citeproc-") as home:
        for name, content in (("items.json", items), ("style.csl", STYLE.read_text(encoding="utf-8"))):
            Path(home, name).write_text(content, encoding="utf-8")
        command = [pypandoc.get_pandoc_path(), "--citeproc", "--csl=style.csl", "--bibliography=items.json"]
        environment = {"HOME": home, "LC_ALL": "C.UTF-8"}
        return subprocess.run(
            [*command, f"--to={to}", "--wrap=none", "--metadata=link-citations", f"--data-dir={home}"],
            input=text, capture_output=True, check=True, cwd=home, env=environment, encoding="utf-8",
        ).stdout  # fmt: skip


def _plain(markup: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", "", markup)).split())


def _faults(item: Mapping[str, Any], place: int, file: str) -> Iterator[Problem]:
    """Yield what is wrong with an item of the list."""
    name = item["id"] if isinstance(item.get("id"), str) else f"item {place}"
    for key in item:
        if key not in KEYS:
            remedy = did_you_mean(key, KEYS) or f"one of: {', '.join(KEYS)}"
            yield Problem(file, column=f"{name}, {key}", message="is not a field of this list", remedy=remedy)
    for key in ("id", "type", "title"):
        if key not in item:
            yield Problem(file, column=f"{name}, {key}", message="is missing", remedy="add it")
    for key in TEXTS:
        if key in item and (fault := _text_fault(key, item[key])):
            yield Problem(file, column=f"{name}, {key}", value=str(item[key]), message=fault[0], remedy=fault[1])
    if not _are_names(item.get("author")):
        remedy = 'write {"family": "Brown", "given": "Nicholas J. L."}, or {"literal": "United Nations"}'
        yield Problem(file, column=f"{name}, author", message="names nobody", remedy=remedy)
    if not _is_date(item.get("issued")):
        remedy = 'write {"date-parts": [[2017]]}'
        yield Problem(file, column=f"{name}, issued", message="has no year", remedy=remedy)


def _text_fault(key: str, value: object) -> tuple[str, str] | None:
    if not isinstance(value, str) or not value or value != value.strip():
        return "is no text, or has spaces around it", "write it in quotation marks"
    if key == "type" and value not in TYPES:
        return "is no type", one_of(value, TYPES)
    pattern, example = WRITTEN.get(key, (".+", ""))
    return None if re.fullmatch(pattern, value) else ("is not written as it should be", f"write it like {example!r}")


def _are_names(names: object) -> bool:
    if not isinstance(names, list) or not names:
        return False
    return all(isinstance(name, dict) and _texts(name) and ("family" in name or "literal" in name) for name in names)


def _texts(name: Mapping[str, Any]) -> bool:
    return all(key in ("family", "given", "literal") and isinstance(name[key], str) and name[key] for key in name)


def _is_date(issued: object) -> bool:
    match issued:
        case {"date-parts": [[int(year), *_]]}:
            return 1000 < year < 3000
    return False


def _repeated_ids(items: Sequence[Mapping[str, Any]], file: str) -> Iterator[Problem]:
    """Yield a problem for each item whose id an earlier one has."""
    ids = [item["id"] for item in items]
    for place, id in enumerate(ids):
        if id in ids[:place]:
            yield Problem(file, column=id, message="is there twice", remedy="give one another id")


def _repeated_words(works: Iterable[Reference], file: str) -> Iterator[Problem]:
    """Yield a problem for each work that is cited by the words of one before it."""
    first: dict[str, Reference] = {}
    for work in works:
        earlier = first.setdefault(work.words, work)
        if earlier is not work:
            message = f"is cited as {work.words!r}, and so is {earlier.id}"
            yield Problem(file, column=work.id, message=message, remedy="cite one of them")
