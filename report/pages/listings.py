"""Listings: in HTML code with its syntax marked, and what a terminal showed in its styles; words of any length."""

from __future__ import annotations

import re
from functools import lru_cache

from markupsafe import escape

from report.pages.document import Listing

__all__ = ["broken", "listing_html"]

LONG_WORD = re.compile(r"\S{90}")  # as many letters as a line of a listing has
MOST_LONG_WORDS = 300  # in a listing, of which Typst breaks some four hundred


def broken(text: str) -> str:
    """Return the text of a listing, with line ends in long words if there are more of them than Typst breaks."""
    return LONG_WORD.sub("\\g<0>\n", text) if len(LONG_WORD.findall(text)) > MOST_LONG_WORDS else text


def listing_html(block: Listing) -> str:
    """Return a listing with its syntax or a terminal's styles marked, or plain where there are none."""
    if block.styled:
        return "".join(_styled(text, style) for text, style in block.styled)
    if block.role not in ("code", "excerpt") or not block.language:
        return _escaped(block.text)
    return _highlighted(block.text, block.language)


@lru_cache(maxsize=1000)
def _highlighted(text: str, language: str) -> str:
    """Return code with its syntax marked, plain if the language is not known."""
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        lexer = get_lexer_by_name(re.sub(r"^ipython3?$", "python", language), stripnl=False)
    except ClassNotFound:
        return _escaped(text)
    marked = highlight(text, lexer, HtmlFormatter(nowrap=True, classprefix="h-")).rstrip("\n")
    return re.sub(r'<span class="h-(?:n|p|o|w|nn|nl|si|)">([^<]*)</span>', r"\1", marked)  # they look like the rest


def _styled(text: str, style: str) -> str:
    classes = " ".join(f"t-{word}" for word in style.split())
    return f'<span class="{classes}">{_escaped(text)}</span>' if classes else _escaped(text)


def _escaped(text: str) -> str:
    return str(escape(text))
