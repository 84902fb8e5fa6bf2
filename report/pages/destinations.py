"""Link destinations of a PDF: links to "#name" are resolved after Typst has set the document.

Typst computes the page of each of its own links, and sets the document again until none changes: with thousands of
links that triples the time. So the source has links to "#name", which Typst takes for web addresses, and lists the
position of every name; this module joins the two. A name can be opened from outside, too: report.pdf#name.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from report.scratch import new_folder

if TYPE_CHECKING:
    import pikepdf

__all__ = ["LIST_DESTINATIONS", "SELECTOR", "Destination", "parse_destinations", "resolve_links"]

SELECTOR = "<destinations>"
LIST_DESTINATIONS = """
#context [#metadata(anchors.pairs().map(((name, what)) => {
  let found = place-of(name)
  if found != none { let at = found.position(); (name, what, at.page, at.x.pt(), at.y.pt()) }
}))<destinations>]
"""
ABOVE = 10  # points that a reader's window shows above the destination, as with Typst's own links


class Destination(NamedTuple):
    """Where a name is: its label (“Figure 1”) if any, its page from 1, points from the top left corner."""

    label: str
    page: int
    x: float
    y: float


def parse_destinations(answer: str) -> dict[str, Destination]:
    """Return the destinations by name from Typst's answer to a query, which is JSON."""
    return {name: Destination(*place) for entries in json.loads(answer) for name, *place in filter(None, entries)}


def resolve_links(pdf: bytes, destinations: Mapping[str, Destination]) -> bytes:
    """Return the PDF with every link to "#name" resolved, and all names listed.

    Raises KeyError for a name without a destination.
    """
    import pikepdf

    # a file mapped into memory: reading objects one by one through Python takes twice as long
    with new_folder() as folder:
        path = Path(folder, "set.pdf")
        path.write_bytes(pdf)
        with pikepdf.open(path, access_mode=pikepdf.AccessMode.mmap) as document:
            return _save_resolved(document, destinations)


def _save_resolved(document: pikepdf.Pdf, destinations: Mapping[str, Destination]) -> bytes:
    import pikepdf

    pages, labels = [page.obj for page in document.pages], [page.label for page in document.pages]
    for page in pages:
        for note in page.get("/Annots", ()):
            address = str(note["/A"].get("/URI", "")) if "/A" in note else ""
            if address.startswith("#"):
                destination = destinations[address[1:]]
                del note["/A"]
                note["/Dest"] = pikepdf.String(address[1:])
                note["/Contents"] = pikepdf.String(destination.label or f"page {labels[destination.page - 1]}")
    if "/Names" not in document.Root:
        document.Root.Names = pikepdf.Dictionary()
    document.Root.Names.Dests = _name_tree(pages, destinations)
    out = BytesIO()
    document.save(
        out,
        deterministic_id=True,
        fix_metadata_version=False,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        stream_decode_level=pikepdf.StreamDecodeLevel.none,
    )
    return out.getvalue()


def _name_tree(pages: list, destinations: Mapping[str, Destination]) -> pikepdf.Dictionary:
    """Return the names with their destinations, in the order the format requires; Typst lists headings only."""
    import pikepdf

    named = {}
    for name, destination in destinations.items():
        page = pages[destination.page - 1]
        top = float(page.MediaBox[3]) - max(destination.y - ABOVE, 0)
        target = pikepdf.Array([page, pikepdf.Name.XYZ, round(destination.x, 3), round(top, 3), 0])
        named[bytes(pikepdf.String(name))] = target
    ordered = [part for name in sorted(named) for part in (pikepdf.String(name), named[name])]
    return pikepdf.Dictionary(Names=pikepdf.Array(ordered))
