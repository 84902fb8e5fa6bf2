"""The media type and the licence of the files of a report, by their names."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["CODE_LICENCE", "MEDIA_TYPES", "media_type"]

MEDIA_TYPES: Mapping[str, str] = {
    "csv": "text/csv",
    "html": "text/html",
    "ipynb": "application/x-ipynb+json",
    "json": "application/json",
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
