"""Pictures that any notebook may show: attached, inlined or in a file beside it, and drawings without what acts."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote

from report.pages.pictures import IMAGE_SUFFIXES, SVG, Image, load_image
from report.pages.reading import payload

__all__ = ["clean_drawing", "find_image", "find_images", "load_clean_image"]

IMAGE_ADDRESSES = (  # in Markdown: an image, a reference, an image of HTML
    r"!\[[^\]]{0,2000}+\]\(\s*<?([^\s)>]+)", r"(?m)^ {0,3}\[[^\]^]{1,2000}+\]:\s*<?([^\s>]+)",
    r"(?i)<img[^<>]{0,2000}?src=[\"']([^\"']+)",
)  # fmt: skip
ACTIVE = ("script", "handler", "foreignObject", "iframe", "embed", "object", "audio", "video")
HREFS = ("href", "{http://www.w3.org/1999/xlink}href")
REMOVED = "removed"  # the name under which elements wait to be removed
FETCHED_STYLE = re.compile(r"@import|url\(\s*[\"']?(?!data:|#)[^)]", re.I)


def load_clean_image(mime: str, data: str | bytes, size: Mapping | None = None) -> Image | None:
    """Return the picture without what a drawing would run or fetch, or None if it cannot be read."""
    if mime != SVG:
        return load_image(mime, data, size)
    try:
        return load_image(mime, clean_drawing(data if isinstance(data, bytes) else data.encode()))
    except (SyntaxError, ValueError, AttributeError):
        return None


def clean_drawing(svg: bytes) -> bytes:
    """Return a drawing without its scripts and without what it would fetch; unchanged if there are none.

    Raises SyntaxError for what is not XML.

    >>> clean_drawing(b"<svg><script>x()</script><image href='https://a.org/b.png'/><image href='data:x'/></svg>")
    b'<svg><image href="data:x"/></svg>'
    """
    from lxml import etree

    root = etree.fromstring(svg, etree.XMLParser(resolve_entities=False, no_network=True))
    changed = False
    for element in root.iter(etree.Element):
        name = etree.QName(element).localname
        styles = (element.text or "") if name == "style" else element.get("style", "")
        if name in ACTIVE or _fetches(element) or FETCHED_STYLE.search(styles):
            element.tag, changed = REMOVED, True
        for handler in [key for key in element.attrib if str(key).lower().startswith("on")]:
            del element.attrib[handler]
            changed = True
    etree.strip_elements(root, REMOVED, with_tail=False)
    return etree.tostring(root) if changed else svg


def _fetches(element) -> bool:
    """Return whether an element other than a link refers to something outside the drawing."""
    from lxml import etree

    addresses = filter(None, map(element.get, HREFS))
    return etree.QName(element).localname != "a" and any(not a.startswith(("data:", "#")) for a in addresses)


def find_images(source: str, cell: Mapping, folder: Path | None) -> tuple[tuple[str, Image], ...]:
    """Return (address, picture) of each picture of a Markdown cell that is attached, inlined or beside the notebook."""
    addresses = sorted({address for pattern in IMAGE_ADDRESSES for address in re.findall(pattern, source)})
    attachments = cell.get("attachments") or {}
    images = ((address, find_image(address, attachments, folder)) for address in addresses)
    return tuple((address, image) for address, image in images if image)


def find_image(address: str, attachments: Mapping, folder: Path | None) -> Image | None:
    """Return the picture at an address of a text if it is in the notebook or its folder."""
    if address.startswith("attachment:"):
        bundle = attachments.get(unquote(address.removeprefix("attachment:")), {})
        images = (load_clean_image(mime, payload(bundle[mime])) for mime in IMAGE_SUFFIXES if mime in bundle)
        return next(filter(None, images), None)
    inlined = re.fullmatch(r"data:(image/[\w+.-]+)((?:;[\w=-]+)*),(.*)", address, re.S)
    if inlined:
        data = _decoded(inlined[3], inlined[2].endswith(";base64"))
        return load_clean_image(inlined[1], data) if inlined[1] in IMAGE_SUFFIXES else None
    if folder is None or ":" in address or address.startswith(("/", "#")):
        return None
    path = (folder / unquote(address)).resolve()
    suffix = path.suffix.lower().removeprefix(".").replace("jpeg", "jpg")
    mime = next((mime for mime in IMAGE_SUFFIXES if IMAGE_SUFFIXES[mime] == suffix), None)
    if mime and path.is_relative_to(folder.resolve()) and path.is_file():
        return load_clean_image(mime, path.read_bytes())
    return None


def _decoded(text: str, in_base64: bool) -> bytes:
    """Return the bytes of a data address; none if it is damaged."""
    try:
        return base64.b64decode(unquote(text)) if in_base64 else unquote(text).encode()
    except ValueError:
        return b""
