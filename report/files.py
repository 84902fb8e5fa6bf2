"""The media type and the licence of the files of a report, by their names, and the size of a picture."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["CODE_LICENCE", "MEDIA_TYPES", "MOST_PIXELS", "PNG", "media_type", "png_size"]

PNG = b"\x89PNG\r\n\x1a\n"  # how the file of one begins
MOST_PIXELS = 80_000_000  # of a picture: a page at a thousand dots an inch

MEDIA_TYPES: Mapping[str, str] = {
    "csv": "text/csv",
    "html": "text/html",
    "ipynb": "application/x-ipynb+json",
    "json": "application/json",
    "md": "text/markdown",
    "pdf": "application/pdf",
    "png": "image/png",
    "py": "text/x-python",
    "svg": "image/svg+xml",
    "yaml": "application/yaml",
}
CODE_LICENCE: Mapping[str, str] = {"id": "MIT", "name": "MIT License", "url": "https://spdx.org/licenses/MIT"}


def media_type(name: str) -> str:
    """Return the media type of a file, "" if its ending has none.

    >>> media_type("data/claims.csv"), media_type("LICENSE")
    ('text/csv', '')
    """
    return MEDIA_TYPES.get(name.rpartition(".")[2], "")


def png_size(data: bytes) -> tuple[int, int]:
    """Return width and height of a PNG in pixels, from its first bytes; (0, 0) if it is none.

    >>> png_size(PNG + bytes(8) + bytes([0, 0, 1, 0]) + bytes([0, 0, 0, 2]))
    (256, 2)
    """
    if not data.startswith(PNG):
        return 0, 0
    return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
