r"""Citations in pandoc's syntax: `[@key]` in brackets, `@key` in a sentence, in any Markdown of a notebook.

    an old test of printed means [@brown2017]        an old test of printed means (Brown and Heathers, 2017)
    [hull consistency, @benhamou1999; @reiter1987]   (hull consistency, Benhamou et al., 1999; Reiter, 1987)
    as @jung2024 does                                as Jung, 2024 does

A key is the id of a work in `data/references.json`; pandoc's citeproc writes the words, in the style of the list, and
each work links to its entry. Code is left as it is, and so is `\@`, an address such as `a@b.org`, or `[@key](…)`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from claims.tables.messages import did_you_mean
from claims.words.references import FILE, read_items, run_citeproc

__all__ = ["cited_keys", "unknown_citations", "with_citations"]

_KEY = r"(?<![\w\\/.-])-?@(\w+(?:[:.#$%&+?<>~/-]\w+)*)"
_CODE = r"(?<!`)(?P<fence>`+)(?!`).*?(?<!`)(?P=fence)(?!`)|^ {0,3}(?P<tildes>~{3,}).*?^ {0,3}(?P=tildes)"
_CITATION = re.compile(
    rf"{_CODE}|(?P<group>(?<!\\)\[[^\[\]]*?{_KEY}[^\[\]]*\](?!\())|(?P<narrative>{_KEY})", re.DOTALL | re.MULTILINE
)


def cited_keys(text: str) -> list[str]:
    """Return the keys that a Markdown text cites, in its order.

    >>> cited_keys("As @jung2024 shows [see @brown2017; @un2011], `@lru_cache` or me@here.org is no citation.")
    ['jung2024', 'brown2017', 'un2011']
    """
    return [key for citation in _citations(text) for key in re.findall(_KEY, citation)]


def unknown_citations(text: str, listed: Collection[str]) -> Iterator[str]:
    """Yield a message, with its remedy, for each key that a Markdown text cites and the list of works lacks.

    >>> list(unknown_citations("As in [@jung2042].", ["brown2017", "jung2024"]))
    ["@jung2042 is not in data/references.json; did you mean 'jung2024'? Else add the work first"]
    """
    for key in dict.fromkeys(cited_keys(text)):
        if key not in listed:
            meant = did_you_mean(key, listed)
            remedy = f"{meant} Else add the work first" if meant else "add the work first, or write \\@"
            yield f"@{key} is not in data/references.json; {remedy}"


def with_citations(texts: Sequence[str], path: Path = FILE) -> list[str]:
    """Return Markdown texts with every citation as words that link to the entries of its works, by one run of citeproc.

    Every key has to be in the list; raises ReferencesError for a list that cannot be used.

    >>> with_citations(["As [@hirschman1964].", "No citation."])
    ['As ([Hirschman, 1964](#ref-hirschman1964)).', 'No citation.']
    """
    citations = list(dict.fromkeys(citation for text in texts for citation in _citations(text)))
    if not citations:
        return list(texts)
    bracketed = [" ".join((text if text.startswith("[") else f"[{text}]").split()) for text in citations]
    page = run_citeproc("\n\n".join(bracketed), json.dumps(read_items(path)), "commonmark+tex_math_dollars")
    written = {
        citation: words if citation.startswith("[") else words[1:-1]  # in a sentence without the brackets
        for citation, words in zip(citations, page.split("\n\n"), strict=False)  # the list follows
    }
    return [_CITATION.sub(lambda match: written.get(match[0], match[0]), text) for text in texts]


def _citations(text: str) -> Iterator[str]:
    """Yield each citation of a Markdown text as its author wrote it."""
    return (match[0] for match in _CITATION.finditer(text) if match["group"] or match["narrative"])
