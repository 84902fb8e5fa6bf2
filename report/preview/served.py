"""The page as the preview serves it: the report's, with a script that follows changes, which no published page has."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from typing import Any

from report.preview.rendering import Chapter, chapter_ranges

__all__ = ["NOTHING", "ServedPage"]

_STYLE = re.compile(r"<style>\n(.*?)\n</style>", re.S)
_MAIN, _END = "</main>", "</div>\n"  # what the page's own scripts follow
_POLICY = re.compile(r"(?<=; )script-src ")
_EMPTY = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Preview</title>
</head>
<body>
<div>
<main>
<p>The report is being built; this page shows it as soon as it is there.</p>
</main>
</div>
</body>
</html>
"""


@dataclass(frozen=True)
class ServedPage:
    """A page in parts, as `report.pages.html.PageParts` has them, and the style of chapters put into it since."""

    before: str
    blocks: tuple[str, ...] = ()
    after: str = ""
    rules: Mapping[str, str] = field(default_factory=dict)

    def html(self, version: int) -> str:
        """Return the page with the script of the preview, which its policy allows in this copy only.

        The script is before the page's own, so that it finds the blocks as they were rendered.
        """
        page = "".join((self.before, *self.blocks, self.after))
        page = _POLICY.sub("connect-src &#39;self&#39;; script-src &#39;self&#39; ", page, count=1)
        style = f'<style id="preview-rules">{self.style}</style>'
        script = f'{style}\n<script src="preview.js" data-version="{version}"></script>\n'
        place = page.find(_END, page.rfind(_MAIN)) + len(_END) if _MAIN in page else 0
        return f"{page[:place]}{script}{page[place:]}"

    @property
    def style(self) -> str:
        """Return the style of the chapters that were put into the page."""
        return "\n".join(filter(None, self.rules.values()))

    def with_chapter(self, chapter: Chapter) -> ServedPage | None:
        """Return the page with another version of a chapter; None if it has no such chapter."""
        place = chapter_ranges(self.blocks).get(chapter.anchor)
        if place is None:
            return None
        start, end = place
        blocks = (*self.blocks[:start], *chapter.blocks, *self.blocks[end:])
        return replace(self, blocks=blocks, rules={**self.rules, chapter.anchor: chapter.rules})

    def changes(self, earlier: ServedPage) -> dict[str, Any] | None:
        """Return how to get from an earlier page to this one; None if the page has to be loaded again.

        `edits` are (start, end, blocks): the blocks that replace those from `start` to `end`, in order.
        """
        frame = [(_STYLE.sub("", page.before, count=1), page.after) for page in (earlier, self)]
        if frame[0] != frame[1] or not earlier.blocks:
            return None
        changes: dict[str, Any] = {"edits": _edits(earlier.blocks, self.blocks), "rules": self.style}
        styles = [match[1] if (match := _STYLE.search(page.before)) else "" for page in (earlier, self)]
        return changes | ({"style": styles[1]} if styles[0] != styles[1] else {})


NOTHING = ServedPage(_EMPTY)


def _edits(before: Sequence[str], after: Sequence[str]) -> list[tuple[int, int, Sequence[str]]]:
    """Return the stretches of blocks to replace.

    >>> _edits(["a", "b", "c"], ["a", "x", "c", "d"])
    [(1, 2, ['x']), (3, 3, ['d'])]
    """
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    return [(start, end, after[first:last]) for tag, start, end, first, last in matcher.get_opcodes() if tag != "equal"]
