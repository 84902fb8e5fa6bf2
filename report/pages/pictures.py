"""Pictures of a notebook: what they are, how large they are shown, and where a text finds them."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

from report.foreign import fragments

IMAGES = {"image/svg+xml": "svg", "image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp"}
SHOWN = (
    r"!\[[^\]]*\]\(\s*<?([^\s)>]+)", r"(?m)^ {0,3}\[[^\]^]+\]:\s*<?([^\s>]+)", r"(?i)<img[^>]*?src=[\"']([^\"']+)",
)  # fmt: skip


@dataclass(frozen=True)
class Image:
    """A picture: its kind, its bytes, and its width and height in CSS pixels where they are known."""

    mime: str
    data: bytes
    width: float | None = None
    height: float | None = None

    @property
    def name(self) -> str:
        """A file name made from the content, so that equal pictures are one file."""
        return f"image-{sha256(self.data).hexdigest()[:16]}.{IMAGES[self.mime]}"

    @property
    def box(self) -> str:
        """The part of its plane that a drawing shows, as its `viewBox` has it."""
        root = ElementTree.fromstring(self.data)
        return root.get("viewBox") or f"0 0 {self.width:g} {self.height:g}"

    @property
    def uri(self) -> str:
        """The picture as a data address."""
        return f"data:{self.mime};base64,{base64.b64encode(self.data).decode()}"


def image_from(mime: str, payload, said: Mapping | None = None) -> Image | None:
    """Return the picture if it can be read, else None; SVG arrives as text, the others as base64."""
    try:
        if mime == "image/svg+xml":
            data = fragments.tamed(payload if isinstance(payload, str) else payload.decode()).encode()
            return Image(mime, data, *_svg_size(data))
        data = base64.b64decode(payload) if isinstance(payload, str) else payload
        return _raster(data, said)
    except (ValueError, OSError, SyntaxError, AttributeError, TypeError):
        return None


def _svg_size(data: bytes) -> tuple[float | None, float | None]:
    root = ElementTree.fromstring(data)  # ParseError is a SyntaxError: not a picture
    if not root.tag.endswith("svg"):
        raise ValueError("not an SVG picture")
    scale = {"pt": 4 / 3, "px": 1, "": 1, "in": 96, "cm": 96 / 2.54, "mm": 96 / 25.4}
    sizes = []
    for side in ("width", "height"):
        found = re.fullmatch(r"\s*([\d.]+)\s*(pt|px|in|cm|mm|)\s*", root.get(side, ""))
        sizes.append(round(float(found[1]) * scale[found[2]], 1) if found else None)
    return sizes[0], sizes[1]


def _raster(data: bytes, said: Mapping | None) -> Image:
    """Return a pixel picture, called what it is whatever the notebook calls it."""
    from PIL import Image as Pillow

    with Pillow.open(BytesIO(data)) as picture:
        mime, (width, height) = Pillow.MIME.get(picture.format, ""), picture.size
        picture.verify()
    if mime not in IMAGES:
        raise ValueError(f"{mime or 'this kind of picture'} is not shown on a page")
    if isinstance(said, Mapping) and said.get("width") and said.get("height"):
        width, height = float(said["width"]), float(said["height"])
    return Image(mime, data, width, height)


def images_in(source: str, cell: Mapping, folder: Path | None) -> tuple[tuple[str, Image], ...]:
    """Return (name, picture) of each picture a Markdown cell shows that is attached, inlined or beside the notebook."""
    found = {}
    for name in {name for pattern in SHOWN for name in re.findall(pattern, source)}:
        image = attached_image(name, cell.get("attachments") or {}, folder)
        if image:
            found[name] = image
    return tuple((name, found[name]) for name in sorted(found))


def attached_image(name: str, attachments: Mapping, folder: Path | None) -> Image | None:
    """Return the picture that an address in a text names: attached, inlined or a file in the folder."""
    if name.startswith("attachment:"):
        bundle = attachments.get(unquote(name.removeprefix("attachment:")), {})
        return next(
            (made for mime in IMAGES if mime in bundle and (made := image_from(mime, payload(bundle[mime])))), None
        )
    inlined = re.fullmatch(r"data:(image/[\w+.-]+)((?:;[\w=-]+)*),(.*)", name, re.S)
    if inlined:
        encoded = inlined[2].endswith(";base64")
        return (inlined[1] in IMAGES and image_from(inlined[1], _bytes(inlined[3], encoded))) or None
    if folder is None or ":" in name or name.startswith(("/", "#")):
        return None
    path = (folder / unquote(name)).resolve()
    mime = next((m for m, suffix in IMAGES.items() if path.suffix.lower().replace("jpeg", "jpg") == f".{suffix}"), None)
    if mime and path.is_relative_to(folder.resolve()) and path.is_file():
        return image_from(mime, path.read_bytes())
    return None


def _bytes(said: str, encoded: bool) -> bytes:
    """Return what a data address holds; nothing if it is damaged."""
    try:
        return base64.b64decode(unquote(said)) if encoded else unquote(said).encode()
    except ValueError:
        return b""


def payload(value):
    """Return the value of a MIME type; text that is kept as lines is joined."""
    return "".join(value) if isinstance(value, list) and all(isinstance(v, str) for v in value) else value
