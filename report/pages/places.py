"""The links of a PDF, led to their places by name after Typst has set it.

Typst asks of each of its own links what page it leads to, and sets the whole document again until no answer changes:
with thousands of links that takes three times as long as the setting itself. So the source holds links to "#name",
which Typst takes for addresses elsewhere, and lists where every name stands; here the two are brought together. A name
can be opened from outside, too: report.pdf#name.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

SELECTOR = "<places>"
LIST_PLACES = """
#context [#metadata(anchors.pairs().map(((name, what)) => {
  let found = place-of(name)
  if found != none { let at = found.position(); (name, what, at.page, at.x.pt(), at.y.pt()) }
}))<places>]
"""
ABOVE = 10  # points that a reader's window shows above the place, as Typst's own links have it


class Place(NamedTuple):
    """Where a name stands: what that is called (“Figure 1”) if anything, its page, points from the top left corner."""

    what: str
    page: int
    x: float
    y: float


def of_query(answer: str) -> dict[str, Place]:
    """Return the places by name from what Typst answers."""
    return {name: Place(*place) for found in json.loads(answer) for name, *place in filter(None, found)}


def led(pdf: bytes, places: Mapping[str, Place]) -> bytes:
    """Return the PDF with every link to "#name" led to the name's place, and all names listed.

    Raises KeyError for a name without a place.
    """
    import pikepdf

    # from a file that is mapped into memory: objects read by and by through Python take twice as long
    with TemporaryDirectory(prefix="pdf-") as folder:
        path = Path(folder, "set.pdf")
        path.write_bytes(pdf)
        with pikepdf.open(path, access_mode=pikepdf.AccessMode.mmap) as opened:
            return _led(opened, places)


def _led(opened, places: Mapping[str, Place]) -> bytes:
    import pikepdf

    pages, printed = [page.obj for page in opened.pages], [page.label for page in opened.pages]
    for page in pages:
        for note in page.get("/Annots", ()):
            address = str(note.get("/A", {}).get("/URI", ""))
            if address.startswith("#"):
                place = places[address[1:]]
                del note["/A"]
                note["/Dest"] = pikepdf.String(address[1:])
                note["/Contents"] = pikepdf.String(place.what or f"page {printed[place.page - 1]}")
    if "/Names" not in opened.Root:
        opened.Root.Names = pikepdf.Dictionary()
    opened.Root.Names.Dests = _listed(pages, places)
    out = BytesIO()
    opened.save(
        out,
        deterministic_id=True,
        fix_metadata_version=False,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        stream_decode_level=pikepdf.StreamDecodeLevel.none,
    )
    return out.getvalue()


def _listed(pages: list, places: Mapping[str, Place]):
    """Return the names with their places, in the order the format asks for; Typst lists headings only."""
    import pikepdf

    found = {}
    for name, place in places.items():
        sheet = pages[place.page - 1]
        top = float(sheet.MediaBox[3]) - max(place.y - ABOVE, 0)
        there = pikepdf.Array([sheet, pikepdf.Name.XYZ, round(place.x, 3), round(top, 3), 0])
        found[bytes(pikepdf.String(name))] = there
    ordered = [part for name in sorted(found) for part in (pikepdf.String(name), found[name])]
    return pikepdf.Dictionary(Names=pikepdf.Array(ordered))
