"""What Typst refuses to set, a formula or a picture at a time, is replaced by its source or its description.

Typst stops at the first fault and reports its position, or its file; that one is replaced, and Typst tries again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

__all__ = ["replace_refused"]

FORMULA = re.compile(  # as pieces.lua writes one
    r"#\{set math\.equation\(alt: (?P<source>\"(?:[^\"\\]|\\.)*\")(?P<set>[^\n]*?)\); .*?\};/\*of a formula\*/", re.S
)
PICTURE = re.compile(r'\b(?P<call>picture|image)\((?P<name>"image-[0-9a-f]{16}\.\w+")')
REPLACEMENTS = {"picture": "unread-picture", "image": "unread-image"}  # functions of report.typ


def replace_refused(source: str, diagnostic: str, files: Mapping[str, bytes]) -> tuple[str, str]:
    r"""Return the source without the fault of the diagnostic, and what that is; ("", "") if it is something else.

    >>> sound, faulty = (f'#{{set math.equation(alt: "{x}"); $ {x} $}};/*of a formula*/' for x in ("x", "sqrt()"))
    >>> replace_refused(f"{sound} {faulty}", "error: missing argument\n main.typ:1:90", {})[0] == (
    ...     f'{sound} #raw("sqrt()");'
    ... )
    True
    """
    offsets = list(_offsets(source, diagnostic))
    for offset in offsets:
        for formula in FORMULA.finditer(source):
            if formula.start() <= offset <= formula.end():
                text = f"#raw({formula['source']});"
                return source[: formula.start()] + text + source[formula.end() :], f"the formula {formula['source']}"
    named = {name for name in files if re.search(rf"[/\\]{re.escape(name)}:\d", diagnostic)}
    lines = {source.count("\n", 0, offset) for offset in offsets}
    for picture in PICTURE.finditer(source):
        name = picture["name"][1:-1]
        if name in named or (not named and source.count("\n", 0, picture.start()) in lines):
            return _without_picture(source, picture["name"]), f"the picture {name}"
    return "", ""


def _without_picture(source: str, name: str) -> str:
    """Return the source with words wherever the picture is shown."""
    shown = re.compile(rf"\b(picture|image)\({re.escape(name)}")
    return shown.sub(lambda match: f"{REPLACEMENTS[match[1]]}({name}", source)


def _offsets(source: str, diagnostic: str) -> Iterator[int]:
    """Yield every position in the main file that the diagnostic names."""
    starts = [0, *(match.end() for match in re.finditer("\n", source))]
    for line, column in re.findall(r"main\.typ:(\d+):(\d+)", diagnostic):
        if int(line) <= len(starts):
            yield starts[int(line) - 1] + int(column)
