"""The shape of a published report: how long its body is, how white its pages, how hard to read its prose.

    .venv/bin/python tests/shape.py [FOLDER] [--gate]

prints each measure of report.html and report.pdf in FOLDER (report/published) beside its limit, and with --gate fails
if one is above it. The body is what comes before the first appendix, without the contents.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

import numpy as np
import pypdfium2
from lxml import etree

PUBLISHED = Path(__file__).resolve().parents[1] / "report" / "published"
BODY_PAGES = 24
BODY_TABLES = 12
WHITE_PAGES = 0  # pages of the body, no ends of chapters, of which more than a quarter is white
GRADE = 11.0  # Flesch–Kincaid
SENTENCE_WORDS = 18  # the median
HTML_BYTES = 2_000_000

WHITE_SHARE = 0.25
BAND = 36  # points: a lower white band lies between paragraphs or around a heading
MARGINS = (77, 74)  # points above and below the text of an upright page
DOTS = 50 / 72  # per point
LIGHT = 250  # of 255: what counts as white
SENTENCE_END = re.compile(r"(?:(?<=[.!?])|(?<=[.!?][”’)\]]))\s+(?=[“‘(\[]?[A-Z0-9$])")
ABBREVIATIONS = re.compile(r"\b(?:e\.g|i\.e|cf|vs|no|p|pp|St)\.$")
SILENT_END = re.compile(  # trade, while, rates, called; but not table, ranges, tables, printed, doubled
    r"(?<![^aeiouy]l)e$|(?<![cgsxz])(?<!sh)(?<!ch)(?<![^aeiouyl]l)es$|(?<![td])(?<![^aeiouyl]l)ed$"
)


class Measure(NamedTuple):
    """A measure of a report: what it is, its value, the most that it may be, and what there is to say of it."""

    name: str
    value: float
    limit: float
    details: str = ""

    @property
    def is_met(self) -> bool:
        """Whether the value is not above the limit."""
        return self.value <= self.limit

    def __str__(self) -> str:
        line = f"{self.name:<44}{self.value:>10,.10g}   at most {self.limit:,.10g}"
        return line + ("" if self.is_met else "   ABOVE") + (f"   ({self.details})" if self.details else "")


class Bookmark(NamedTuple):
    """A chapter or appendix in a PDF: its title with its number, and its first page from 0."""

    title: str
    page: int


def measure(folder: Path) -> list[Measure]:
    """Return the measures of the report in a folder."""
    page = (folder / "report.html").read_bytes()
    sentences = list(body_sentences(page))
    with pypdfium2.PdfDocument(folder / "report.pdf") as pdf:
        bookmarks = read_bookmarks(pdf)
        body = body_pages(bookmarks)
        ends = chapter_ends(bookmarks, len(pdf))
        white = {number: white_share(draw(pdf[number])) for number in body if number not in ends}
    too_white = {number + 1: share for number, share in white.items() if share > WHITE_SHARE}
    listed = ", ".join(f"page {number}: {share:.0%}" for number, share in too_white.items())
    words = [len(words_of(sentence)) for sentence in sentences]
    return [
        Measure("pages of the body", len(body), BODY_PAGES),
        Measure("tables in the body", count_tables(page), BODY_TABLES),
        Measure("pages of the body, a quarter or more white", len(too_white), WHITE_PAGES, listed),
        Measure("Flesch–Kincaid grade of the body's prose", round(grade(sentences), 1), GRADE),
        Measure("words of its median sentence", median(words or [0]), SENTENCE_WORDS, f"{len(words)} sentences"),
        Measure("bytes of report.html", len(page), HTML_BYTES),
    ]


# ---- pages ----


def read_bookmarks(pdf: pypdfium2.PdfDocument) -> list[Bookmark]:
    """Return the bookmarks of chapters, of appendices and of what has no number."""
    found = ((mark, mark.get_dest()) for mark in pdf.get_toc() if mark.level == 0)
    return [Bookmark(mark.get_title(), place.get_index()) for mark, place in found if place]


def body_pages(bookmarks: Sequence[Bookmark]) -> list[int]:
    """Return the pages of the chapters: those before the first appendix, without the page of the contents."""
    starts = [mark.page for mark in bookmarks if re.match(r"\d+ ", mark.title)]
    ends = [mark.page for mark in bookmarks if not re.match(r"\d+ |Contents$", mark.title)]
    contents = {mark.page for mark in bookmarks if mark.title == "Contents"}
    return [page for page in range(min(starts), min(ends)) if page not in contents] if starts and ends else []


def chapter_ends(bookmarks: Iterable[Bookmark], pages: int) -> set[int]:
    """Return the last page of each chapter."""
    return {mark.page - 1 for mark in bookmarks} | {pages - 1}


def draw(page: pypdfium2.PdfPage) -> np.ndarray:
    """Return the rows of dots of the part of a page between its margins, in grey from 0 to 255."""
    dots = page.render(scale=DOTS, grayscale=True).to_numpy()
    above, below = (round(margin * DOTS) for margin in MARGINS)
    return dots.reshape(*dots.shape[:2])[above : dots.shape[0] - below]


def white_share(dots: np.ndarray) -> float:
    """Return how much of a drawn page is white from side to side, in bands higher than those between paragraphs."""
    white = (dots >= LIGHT).all(axis=1)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], white, [False]]).astype(int)))
    heights = edges[1::2] - edges[::2]
    return float(heights[heights > BAND * DOTS].sum() / len(white))


# ---- words ----


def body_blocks(page: bytes) -> Iterator[etree._Element]:
    """Yield the blocks of the page's main part before the first appendix."""
    root = etree.fromstring(page, etree.HTMLParser(encoding="utf-8"))
    for block in root.find(".//main"):
        if block.tag == "h2" and "appendix" in block.get("class", "").split():
            return
        yield block


def count_tables(page: bytes) -> int:
    """Return how many numbered tables the body has."""
    labels = (block.find(".//caption//span[@class='label']") for block in body_blocks(page) if block.tag == "div")
    return sum(label is not None and "".join(label.itertext()).startswith("Table") for label in labels)


def body_sentences(page: bytes) -> Iterator[str]:
    """Yield the sentences of the body's prose: of its paragraphs and lists, without formulas and code."""
    for block in body_blocks(page):
        if "prose" in block.get("class", "").split():
            for element in block.iter("p", "li"):
                if element.tag == "p" or element.find("p") is None:
                    yield from split_sentences("".join(_running_text(element)))


def _running_text(element: etree._Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag not in ("math", "code", "pre", "ul", "ol"):
            yield from _running_text(child)
        yield child.tail or ""


def split_sentences(text: str) -> list[str]:
    """Return the sentences of a paragraph; an abbreviation ends none."""
    sentences: list[str] = []
    for part in SENTENCE_END.split(" ".join(text.split())):
        if sentences and ABBREVIATIONS.search(sentences[-1]):
            sentences[-1] += f" {part}"
        elif words_of(part):
            sentences.append(part)
    return sentences


def words_of(sentence: str) -> list[str]:
    """Return the words of a sentence; a number with its signs is a word."""
    return [word for word in sentence.split() if re.search(r"\w", word)]


def count_syllables(word: str) -> int:
    """Return about how many syllables an English word has; a number counts as one."""
    total = 0
    for part in re.findall(r"[a-z]+", re.sub(r"[’']", "", word.lower())):
        spoken = SILENT_END.sub("", part.removeprefix("y")) if len(part) > 2 else part
        total += max(1, len(re.findall(r"[aeiouy]{1,2}", spoken)))
    return max(1, total)


def grade(sentences: Sequence[str]) -> float:
    """Return the Flesch–Kincaid grade: the years at school that a text asks for (Kincaid et al., 1975)."""
    words = [word for sentence in sentences for word in words_of(sentence)]
    if not words:
        return 0.0
    syllables = sum(map(count_syllables, words))
    return 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59


def main(arguments: Sequence[str]) -> int:
    """Print the measures; return 1 if one is above its limit and a gate is asked for."""
    folders = [Path(argument) for argument in arguments if argument != "--gate"]
    measures = measure(folders[0] if folders else PUBLISHED)
    print(*measures, sep="\n")
    return int("--gate" in arguments and not all(each.is_met for each in measures))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
