"""The chain of every number: from the page to its derivation, to the ledger's rows, to source and line, or to a page.

The published page itself is checked. A number is any token with a digit, and any number word, in prose, titles,
captions, tables, alternative texts and printed outputs; the program's own text is left out. It is *resolved* if it
links to a row of evidence whose own chain reaches a source, *exempt* if the page's markup says that it is a date, a
citation, a parameter, a formula, or the number of an exhibit or a section, or if it links to a cited work by the very
words of that work, and else *unresolved*. Read `evidence`, `passages`, then this.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from report.proof.evidence import REFERENCE, Evidence, follow_row_numbers, read_evidence, read_rows
from report.proof.passages import Location, read_blocks, read_passages, words_around
from report.proof.pdf_links import read_pdf_links
from report.proof.tally import WITHIN, Tally, Unresolved
from report.runs.number_words import is_number
from report.stops import Unchained, WrongInput

__all__ = ["Tally", "add_pdf_links", "chain_stops", "check", "check_file", "tally_page"]

LOCATOR = re.compile(r"(?<=\d), (?:pp?|chaps?|secs?)\. \w+(?:–\w+)?$")  # where in a cited work
TOKEN = re.compile(r"[^\W_]+(?:[.,:](?=\d)[^\W_]+)*")


def check(page: str | bytes, pdf: bytes | None = None) -> Tally:
    """Return the tally of a page and, if it is given, of the PDF with the same content."""
    tally = tally_page(page)
    return add_pdf_links(tally, pdf) if pdf is not None else tally


def add_pdf_links(tally: Tally, pdf: bytes) -> Tally:
    """Return the tally of a page with the links of the PDF with the same content."""
    return replace(tally, links=read_pdf_links(pdf, tally.appendices))


def chain_stops(tally: Tally) -> list[Unchained]:
    """Return a stop that lists every number without a chain, none if there is no problem."""
    return [] if tally.complete else [Unchained.listing("chain", tally.problems, str(tally))]


def check_file(page: Path) -> Tally:
    """Return the tally of a report's HTML file, and of the PDF beside it if there is one. Raises WrongInput."""
    pdf = page.with_suffix(".pdf")
    try:
        return check(page.read_bytes(), pdf.read_bytes() if pdf.exists() else None)
    except OSError as error:
        raise WrongInput(f"--report {page}: {error.strerror}; give the HTML file of a report") from None


def tally_page(page: str | bytes) -> Tally:
    """Return the tally of an HTML page."""
    from lxml import etree

    content = page if isinstance(page, bytes) else page.encode()
    root = etree.fromstring(content or b"<p></p>", etree.HTMLParser(encoding="utf-8"))
    follow_row_numbers(root)
    rows = dict(read_rows(root))
    evidence = read_evidence(root, rows)
    counts: dict[str, Counter[str]] = {"resolved": Counter(), "exempt": Counter()}
    unresolved: list[Unresolved] = []
    cited: set[str] = set()
    for element, chapter in read_blocks(root):
        passages = read_passages(element, chapter, rows)
        for index, (text, location) in enumerate(passages):
            if location.link in evidence and location.cites:
                cited.add(str(location.link))
            for token in TOKEN.finditer(text):
                if not is_number(token[0]):
                    continue
                state, detail = _judge(location, evidence)
                if state == "unresolved":
                    around = words_around(passages, index, token.span())
                    problem = token[0], location.place, location.spot, around, detail, location.paragraph
                    unresolved.append(Unresolved(*problem))
                else:
                    counts[state][detail] += 1
    heading = root.find(".//main/h2[@class='appendix']")
    appendices = "" if heading is None else heading.get("id", "")
    return Tally(counts["resolved"], counts["exempt"], tuple(unresolved), frozenset(cited), appendices)


def _judge(location: Location, evidence: Evidence) -> tuple[str, str]:
    """Return "resolved" or "exempt" with the class of a number, or "unresolved" with a reason if one is known."""
    if location.exempt:
        return "exempt", location.exempt
    if location.link is not None:
        return _judge_link(location.link, location.label, evidence)
    if location.row is not None:
        return _resolve(WITHIN, [evidence.row_fault(location.row)])
    if location.origins is not None:
        missing = "" if location.origins else "the row names no origin; fill the column that evidence= names"
        return _resolve("data row", [missing, *map(evidence.fault, location.origins)])
    return "unresolved", ""


def _judge_link(link: str, label: str, evidence: Evidence) -> tuple[str, str]:
    if link.startswith(REFERENCE):
        fault = _citation_fault(link, label, evidence)
        return ("unresolved", fault) if fault else ("exempt", "citation")
    if evidence.labels.get(link) == label:
        return "exempt", "exhibit" if " " in label else "section"
    return _resolve(evidence.kind(link), [evidence.fault(link)])


def _resolve(name: str, faults: Iterable[str]) -> tuple[str, str]:
    """Return that a number is resolved, as one of the class `name`, unless there is a fault."""
    fault = next(filter(None, faults), "")
    return ("unresolved", fault) if fault else ("resolved", name)


def _citation_fault(link: str, label: str, evidence: Evidence) -> str:
    """Return what is wrong with the words of a citation, "" if they are those of the work it links to.

    A year in brackets has the same words: “Brown and Heathers (2017)” cites “Brown and Heathers, 2017”. A page, chapter
    or section may follow.
    """
    words = evidence.labels.get(link)
    if words is None:
        return f"it links to '{link}', which is not on the page"
    same = re.findall(r"\w+", LOCATOR.sub("", label)) == re.findall(r"\w+", words)
    return "" if same else f"'{link}' is cited as “{words}”"
