"""How the report describes itself: its title page, its colophon, and the files attached to the PDF."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from claims.content.phrases import Link, Phrase
from claims.ledger.model import TABLES, Ledger
from claims.results.anchors import anchor

from report.digests import digest
from report.files import CODE_LICENCE, media_type
from report.pages import citing
from report.pages.anchors import without_number

__all__ = ["attachments", "colophon", "edition_of", "title_page"]

DIGITS = 12  # of a hash, with which an edition is named


def title_page(
    ledger: Ledger, findings: Iterable[Mapping] = (), edition: str = "", cited: Mapping = MappingProxyType({})
) -> dict[str, object]:
    """Return title, subtitle, date, edition, language and description of the report, from the ledger's description.

    The subtitle counts figures and texts where the notebooks have counted them, and links to their counts. `cited` is
    what CITATION.cff says.
    """
    package, counts = ledger.package, {finding["id"]: str(finding.get("text", "")) for finding in findings}
    subtitle = Phrase(("Every printed figure, read as an interval",))
    if counts.keys() >= {"claims_total", "sources_total"}:
        claims, sources = (Link(counts[id], anchor(id)) for id in ("claims_total", "sources_total"))
        figures, texts = ("" if count.text == "1" else "s" for count in (claims, sources))
        subtitle = Phrase((claims, f" printed figure{figures} of ", sources, f" text{texts}, read as intervals"))
    return {
        "title": package["title"],
        "subtitle": subtitle.to_json(),
        "date": package["created"][:10],
        "edition": edition,
        "licence": _licences(package),
        "citation": [citing.in_words(cited, package, edition), citing.as_bibtex(cited, package, edition)],
        "language": "en",
        "description": ledger.subject.about,
        "keywords": package.get("keywords", []),
        "colophon": [("About", ledger.subject.about), *colophon(package, edition, cited)],
    }


def edition_of(files: Mapping[str, bytes]) -> str:
    r"""Return what names an edition: the first digits of the hash of a list of its files, as `sha256sum` prints it.

    >>> edition_of({"b.csv": b"2\n", "a.csv": b"1\n"})  # printf '1\n' > a.csv; …; sha256sum *.csv | sha256sum
    'ffa316d1dfc2'
    """
    listed = "".join(f"{digest(data)}  {name}\n" for name, data in sorted(files.items()))
    return digest(listed.encode())[:DIGITS]


def colophon(package: Mapping, edition: str = "", cited: Mapping = MappingProxyType({})) -> list[tuple[str, str]]:
    """Return the entries of the last page, by name: how the report was built and how it may be used.

    >>> colophon({"title": "Trade", "created": "2025-06-03T00:00:00Z", "licenses": [{"title": "CC BY 4.0"}]})[2]
    ('Licence', 'Text, figures and data: CC BY 4.0. Code: MIT License.')
    """
    return [
        (
            "Made with",
            "Python, Jupyter notebooks run by papermill and assembled by nbconvert, pandas, matplotlib and seaborn; "
            "set with Typst. The versions of all of them stand in manifest.json, published beside this file.",
        ),
        (
            "Typefaces",
            "Libertinus Serif for text and tables, New Computer Modern Math for formulas, DejaVu Sans in figures and "
            "DejaVu Sans Mono for code; all are free, and embedded in this file.",
        ),
        ("Licence", f"Text, figures and data: {_licences(package)}. Code: {CODE_LICENCE['name']}."),
        ("Cite as", citing.in_words(cited, package, edition)),
        (
            "Attached",
            "The ledger as CSV files with a description of every column, the findings, and the notebooks without "
            "outputs. “sha256sum * | sha256sum”, in a folder with all of them, begins with the edition’s name. The "
            "executed notebooks are published beside this file, as is the report as one HTML page.",
        ),
        (
            "Reproducible",
            "The same commit gives this file to the byte. “make report” builds it; “make verify” runs everything again "
            "in a clean place and says whether what is published still holds, and if not, what differs.",
        ),
    ]


def _licences(package: Mapping) -> str:
    return " or ".join(licence["title"] for licence in package.get("licenses", ())) or "none is stated"


def attachments(files: Mapping[str, bytes]) -> list[dict[str, str]]:
    """Return files as the PDF attaches them: the ledger's, the findings, and the notebooks they come from."""
    return [
        {
            "name": name,
            "media_type": media_type(name),
            "relationship": "source" if name.endswith(".ipynb") else "data",
            "text": data.decode("utf-8"),
            "description": _description(name),
        }
        for name, data in sorted(files.items())
    ]


def _description(name: str) -> str:
    """Return what an attached file contains.

    >>> _description("claims.csv"), _description("datapackage.json")
    ('The ledger: claims', 'What every column of the ledger means')
    >>> _description("20_growth_rates.ipynb")
    'The notebook, without outputs: growth rates'
    """
    stem, _, kind = name.rpartition(".")
    if kind == "ipynb":
        return f"The notebook, without outputs: {without_number(stem).replace('_', ' ')}"
    if name == "datapackage.json":
        return "What every column of the ledger means"
    return f"The ledger: {stem.replace('_', ' ')}" if stem in TABLES else f"The results: {stem.replace('_', ' ')}"
