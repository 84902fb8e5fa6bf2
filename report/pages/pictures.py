"""Pictures of a document: their bytes, their kind and the size at which they are shown."""

from __future__ import annotations

import base64
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from io import BytesIO
from math import prod
from xml.etree import ElementTree

from report.files import MOST_PIXELS, png_size

__all__ = ["IMAGE_SUFFIXES", "SVG", "Image", "drawn_letters", "load_image", "with_drawing", "with_squares"]

SVG = "image/svg+xml"
IMAGE_SUFFIXES = {SVG: "svg", "image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp"}
_DRAWN = re.compile(r'src="data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)"')
UNDRAWN = "\u2028\u2029\ufeff"  # ends of lines and marks, which no PDF may have as letters
PIXELS_PER_UNIT = {"pt": 4 / 3, "px": 1, "": 1, "in": 96, "cm": 96 / 2.54, "mm": 96 / 25.4}


@dataclass(frozen=True)
class Image:
    """A picture: its kind, its bytes, and its width and height in CSS pixels where they are known."""

    mime: str
    data: bytes
    width: float | None = None
    height: float | None = None

    @property
    def name(self) -> str:
        """A file name derived from the content, so that equal pictures are one file."""
        return f"image-{sha256(self.data).hexdigest()[:16]}.{IMAGE_SUFFIXES[self.mime]}"

    @property
    def box(self) -> str:
        """The visible part of a drawing, as its `viewBox` gives it."""
        return _drawing(self.data)[1].get("viewBox") or f"0 0 {self.width:g} {self.height:g}"

    @property
    def uri(self) -> str:
        """The picture as a data address."""
        return f"data:{self.mime};base64,{base64.b64encode(self.data).decode()}"


def load_image(mime: str, payload: str | bytes, size: Mapping | None = None) -> Image | None:
    """Return the picture, or None if it cannot be read or is too large; SVG arrives as text, other kinds in base64.

    `size` may give the width and height in CSS pixels of a picture made of pixels.
    """
    try:
        if mime == SVG:
            data = payload.encode() if isinstance(payload, str) else payload
            return Image(mime, data, *_drawing_size(data))
        return _load_pixels(base64.b64decode(payload) if isinstance(payload, str) else payload, size)
    except (ValueError, OSError, SyntaxError, TypeError):
        return None


def with_drawing(data: Mapping) -> Mapping:
    """Return the parts of a figure, by MIME type, with the drawing that a published one has only in its HTML."""
    drawn = _DRAWN.search(str(data.get("text/html", ""))) if SVG not in data else None
    try:
        return {**data, SVG: base64.b64decode(drawn[1]).decode()} if drawn else data
    except ValueError:
        return data


def drawn_letters(data: bytes) -> set[str]:
    """Return the characters of the texts of a drawing; none of a picture made of pixels."""
    if b"<svg" not in data[:2000]:
        return set()
    try:
        return set("".join(ElementTree.fromstring(data).itertext()))
    except SyntaxError:  # no XML
        return set()


def with_squares(data: bytes, missing: Collection[int]) -> bytes:
    """Return a drawing with a square for each character that no font has; unchanged if it has none of these."""
    shapes = dict.fromkeys(missing, "□") | {ord(letter): " " for letter in UNDRAWN}
    if not {ord(letter) for letter in drawn_letters(data)} & shapes.keys():
        return data
    root = ElementTree.fromstring(data)
    for element in root.iter():
        element.text, element.tail = (text and text.translate(shapes) for text in (element.text, element.tail))
    return ElementTree.tostring(root)


def _drawing_size(data: bytes) -> tuple[float | None, float | None]:
    name, attributes = _drawing(data)
    if not name.endswith("svg"):
        raise ValueError("not an SVG picture")
    return _pixels(attributes.get("width", "")), _pixels(attributes.get("height", ""))


@lru_cache(maxsize=1000)  # most are the same under other readings
def _drawing(data: bytes) -> tuple[str, Mapping[str, str]]:
    """Return the name and the attributes of the root of XML. Raises ParseError, a SyntaxError, for all else."""
    root = ElementTree.fromstring(data)
    return root.tag, root.attrib


def _pixels(length: str) -> float | None:
    """Return a length of SVG in CSS pixels; None for a share of something else.

    >>> _pixels("36pt"), _pixels("100%")
    (48.0, None)
    """
    match = re.fullmatch(r"\s*([\d.]+)\s*(pt|px|in|cm|mm|)\s*", length)
    return round(float(match[1]) * PIXELS_PER_UNIT[match[2]], 1) if match else None


def _load_pixels(data: bytes, size: Mapping | None) -> Image:
    """Return a picture made of pixels under its real kind, whatever the notebook calls it."""
    from PIL import Image as Pillow

    if prod(png_size(data)) > MOST_PIXELS:
        raise ValueError("the picture is too large")
    try:
        with Pillow.open(BytesIO(data)) as picture:
            mime, (width, height) = Pillow.MIME.get(picture.format or "", ""), map(float, picture.size)
            picture.verify()
    except Pillow.DecompressionBombError as error:
        raise ValueError("the picture is too large") from error
    if mime not in IMAGE_SUFFIXES:
        raise ValueError(f"{mime or 'this kind of picture'} is not shown on a page")
    if isinstance(size, Mapping) and size.get("width") and size.get("height"):
        width, height = float(size["width"]), float(size["height"])
    return Image(mime, data, width, height)
