"""The links inside a PDF: every one leads to a page of it, and its chapters cite what those of the HTML page cite."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pikepdf

__all__ = ["PdfLinks", "read_pdf_links"]


@dataclass(frozen=True)
class PdfLinks:
    """The links inside a PDF: how many, the targets of the dangling ones without repetition, and how many those are.

    `cited` are the anchors in the appendices that the chapters link to, None where the PDF has no appendix.
    """

    total: int
    dangling: tuple[str, ...]
    cited: frozenset[str] | None = None
    dangling_total: int = 0


def read_pdf_links(pdf: bytes, appendices: str = "") -> PdfLinks:
    """Return the links inside a PDF, none of one that cannot be read; `appendices` is the first appendix' anchor."""
    import pikepdf

    try:
        opened = pikepdf.open(BytesIO(pdf))
    except pikepdf.PdfError:
        return PdfLinks(0, ())
    with opened:
        pages = {page.objgen: number for number, page in enumerate(opened.pages)}
        names: Any = opened.Root.get("/Names", {})
        named = dict(pikepdf.NameTree(names["/Dests"])) if "/Dests" in names else {}
        places = {name: to if isinstance(to, pikepdf.Array) else to.get("/D") for name, to in named.items()}
        first = _find_page(places.get(appendices), pages)
        total, dangling, cited = 0, [], set()
        for number, page in enumerate(opened.pages):
            for target in _read_targets(page):
                total += 1
                is_name = not isinstance(target, pikepdf.Array)
                place = _find_page(places.get(str(target)) if is_name else target, pages)
                if place is None:
                    dangling.append(str(target) if is_name else f"a place on no page, from page {number + 1}")
                elif first is not None and is_name and number < first <= place:
                    cited.add(str(target))
    return PdfLinks(total, tuple(dict.fromkeys(dangling)), None if first is None else frozenset(cited), len(dangling))


def _find_page(place: Any, pages: dict[Any, int]) -> int | None:
    return pages.get(place[0].objgen) if place is not None and len(place) else None


def _read_targets(page: pikepdf.Page) -> Iterator[Any]:
    """Yield the targets of a page's links inside the PDF: the name of a place, or the place itself."""
    for note in page.get("/Annots", ()):
        target = note.get("/Dest")
        action: Any = note.get("/A", {}) if target is None else {}
        if target is not None or action.get("/S") == "/GoTo":
            yield action.get("/D") if target is None else target
