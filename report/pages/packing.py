"""Data packed into a page: as JSON, deflated, in base64. `DecompressionStream` of the browser unpacks it."""

from __future__ import annotations

import base64
import json

__all__ = ["as_json", "packed"]

_ITERATIONS = 5


def packed(value: object) -> str:
    """Return a value as it is packed into a page."""
    return base64.b64encode(_deflated(as_json(value).encode())).decode()


def as_json(value: object) -> str:
    """Return a value as JSON without spaces."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _deflated(data: bytes) -> bytes:
    """Return data as zlib does, but the same everywhere: what zlib itself makes of it differs by system."""
    from zopfli.zlib import compress  # type: ignore[import-untyped]

    return compress(data, numiterations=_ITERATIONS)
