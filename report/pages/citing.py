"""How to cite the report, in words and as BibTeX: from CITATION.cff, the ledger's description and the edition."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from report.pages.typesetting import written_day
from report.stops import WrongInput

__all__ = ["CITATION", "as_bibtex", "in_words", "read_citation"]

CITATION = "CITATION.cff"
NOBODY = "The authors of "  # how an entity begins that names no one: CITATION.cff must have authors
_SPECIAL = re.compile(r"[\\{}$&%#_~^]")


def read_citation(root: Path) -> Mapping:
    """Return what CITATION.cff in a folder says, nothing if there is none. Raises WrongInput if it is none."""
    path = root / CITATION
    if not path.is_file():
        return {}
    import yaml  # only here: commands that answer at once do without

    try:
        read = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError):
        read = None
    if not isinstance(read, Mapping):
        raise WrongInput(
            f"{CITATION} cannot be read as YAML with a key on each line; see citation-file-format.github.io"
        )
    return read


def in_words(cited: Mapping, package: Mapping, edition: str = "") -> str:
    """Return a sentence that cites the report.

    >>> in_words(
    ...     {"authors": [{"given-names": "Ada", "family-names": "Bo"}], "url": "https://x.org"},
    ...     {"title": "Trade", "created": "2025-06-03T00:00:00Z"},
    ...     "0a1b",
    ... )
    'Ada Bo, “Trade”, report of 3 June 2025, edition 0a1b. https://x.org'
    """
    about = [f"“{package['title']}”", f"report of {written_day(package['created'][:10])}", *_edition(edition)]
    return " ".join(filter(None, (", ".join([*_authors(cited), *about]) + ".", _address(cited))))


def as_bibtex(cited: Mapping, package: Mapping, edition: str = "") -> str:
    r"""Return the entry of the report for BibTeX, a field a line.

    >>> print(
    ...     as_bibtex({}, {"title": "Trade & aid", "name": "trade-ledger", "created": "2025-06-03T00:00:00Z"}, "0a1b")
    ... )
    @misc{trade-ledger-2025,
      title = {{Trade \& aid}},
      year = {2025},
      month = {6},
      note = {Report of 3 June 2025, edition 0a1b}
    }
    """
    day = package["created"][:10]
    fields = {
        "author": " and ".join(f"{{{_plain(name)}}}" for name in _authors(cited)),
        "title": f"{{{_plain(package['title'])}}}",
        "year": day[:4],
        "month": str(int(day[5:7])),
        "note": ", ".join([f"Report of {written_day(day)}", *_edition(edition)]),
        "doi": str(cited.get("doi") or ""),
        "url": "" if cited.get("doi") else _address(cited),
    }
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
    return f"@misc{{{package.get('name', 'report')}-{day[:4]},\n{lines}\n}}"


def _edition(edition: str) -> list[str]:
    return [f"edition {edition}"] if edition else []


def _authors(cited: Mapping) -> list[str]:
    """Return the names of the authors.

    >>> _authors({"authors": [{"name": "The authors of “Trade”"}, {"name": "Office of Trade"}]})
    ['Office of Trade']
    """
    parts = ("given-names", "name-particle", "family-names", "name-suffix", "name")
    names = (" ".join(str(one[part]) for part in parts if one.get(part)) for one in cited.get("authors") or ())
    return [name for name in names if name and not name.startswith(NOBODY)]


def _address(cited: Mapping) -> str:
    """Return where the report is, "" if that is not known.

    >>> _address({"doi": "10.1/x", "url": "https://x.org"}), _address({"repository-code": "https://y.org"})
    ('https://doi.org/10.1/x', 'https://y.org')
    """
    if cited.get("doi"):
        return f"https://doi.org/{cited['doi']}"
    return str(cited.get("url") or cited.get("repository-code") or "")


def _plain(text: str) -> str:
    """Return text without what TeX would run."""
    return _SPECIAL.sub(
        lambda sign: {"\\": "", "{": "(", "}": ")", "~": "-", "^": ""}.get(sign[0], f"\\{sign[0]}"), text
    )
