"""The file of a figure's numbers, as the page can make it under another reading: from the table that shows them.

`take_away.js` does it on the page. The same is done here, so that a file is packed only where that would not be it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from html import unescape
from urllib.parse import quote, unquote

from report.pages.elements import Element, attributes
from report.pages.html import DATA_SAFE
from report.runs.extract import as_csv

__all__ = ["how_derived", "names_of_rows"]

_WAYS = ("from-table", "from-table tied")  # classes of a link: the page makes its file, with plain blanks or tied ones
_ROW = re.compile(r'<tr id="(f-[^"]*)"><th scope="row"><a href="#[^"]*" id="([^"]*)">[^<]*</a></th><td>(.*?)</td>')
_WORDS = {"True": "true", "False": "false"}


def names_of_rows(units: Iterable[str]) -> dict[str, str]:
    """Return the names of the results that a page has rows of, by the number and the anchor of each."""
    found = (row for unit in units for row in _ROW.findall(unit))
    return {key: _lines(cell)[-1] for anchor, number, cell in found for key in (anchor, number)}


def how_derived(usual: str, unit: Element, address: str, names: Mapping[str, str]) -> str | None:
    """Return the class of a link to a file of numbers if the page can make it of the table in the unit.

    `usual` is the address as the page has it, whose columns the file has too, `address` as it is to be.
    """
    start, _, file = usual.partition(",")
    [*_, body] = [each for each in _within(unit) if each.name == "tbody"]
    columns = next(csv.reader(unquote(file).splitlines()))
    rows = [_cells(row, names) for row in body.children]
    for way, cells in zip(_WAYS, ([[_untied(cell) for cell in row] for row in rows], rows), strict=True):
        if f"{start},{quote(as_csv(columns, cells).decode(), safe=DATA_SAFE)}" == address:
            return way
    return None


def _untied(words: str) -> str:
    return words.replace("\xa0", " ")


def _cells(row: Element, names: Mapping[str, str]) -> list[str]:
    *cells, last = row.children
    shown = [" ".join(_lines(cell.inner)) for cell in cells]
    anchors = [unescape(attributes(each)["href"])[1:] for each in _within(last) if each.name == "a"]
    return [*(_WORDS.get(words, words) for words in shown), " ".join(names.get(anchor, anchor) for anchor in anchors)]


@cache
def _lines(html: str) -> list[str]:
    """Return the words of a cell, line by line.

    >>> _lines("Trade, 2023<br>trade_<wbr>2023")
    ['Trade, 2023', 'trade_2023']
    """
    words = (unescape(re.sub("<[^>]*>", "", line)) for line in html.split("<br>"))
    return [line for line in (re.sub(r"[ \n\t]+", " ", each).strip(" ") for each in words) if line]


def _within(element: Element) -> Iterator[Element]:
    yield element
    for child in element.children:
        yield from _within(child)
