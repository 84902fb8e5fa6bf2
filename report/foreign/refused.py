"""What Typst refuses to set, a formula or a picture at a time: shown as its source or its words, others as they are.

Typst stops at the first fault and says where it is, or in which file; that one is put aside, and it is asked again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

FORMULA = re.compile(  # as pieces.lua writes one
    r"#\{set math\.equation\(alt: (?P<source>\"(?:[^\"\\]|\\.)*\")(?P<set>[^\n]*?)\); .*?\};/\*of a formula\*/", re.S
)
PICTURE = re.compile(r'(?P<call>\bpicture|\bimage)\((?P<name>"image-[0-9a-f]{16}\.\w+")')
INSTEAD = {"picture": "unread-picture", "image": "unread-image"}  # functions of report.typ


def put_aside(source: str, diagnostic: str, files: Mapping[str, bytes]) -> tuple[str, str]:
    r"""Return the source without what the diagnostic finds at fault, and what that is; ("", "") if it is neither.

    >>> sound, faulty = (f'#{{set math.equation(alt: "{x}"); $ {x} $}};/*of a formula*/' for x in ("x", "sqrt()"))
    >>> put_aside(f"{sound} {faulty}", "error: missing argument\n main.typ:1:90", {})[0] == f'{sound} #raw("sqrt()");'
    True
    """
    for offset in _offsets(source, diagnostic):
        for found in FORMULA.finditer(source):
            if found.start() <= offset <= found.end():
                put = f"#raw({found['source']});"
                return source[: found.start()] + put + source[found.end() :], f"the formula {found['source']}"
    named = {name for name in files if re.search(rf"[/\\]{re.escape(name)}:\d", diagnostic)}
    lines = {source.count("\n", 0, offset) for offset in _offsets(source, diagnostic)}
    for found in PICTURE.finditer(source):
        name = found["name"][1:-1]
        if name in named or (not named and source.count("\n", 0, found.start()) in lines):
            return _without(source, found["name"]), f"the picture {name}"
    return "", ""


def _without(source: str, name: str) -> str:
    """Return the source with words in every place where the picture is shown."""
    shown = re.compile(rf"\b(picture|image)\({re.escape(name)}")
    return shown.sub(lambda call: f"{INSTEAD[call[1]]}({name}", source)


def _offsets(source: str, diagnostic: str) -> Iterator[int]:
    """Yield every place of the main file that the diagnostic names."""
    starts = [0, *(found.end() for found in re.finditer("\n", source))]
    for line, column in re.findall(r"main\.typ:(\d+):(\d+)", diagnostic):
        if int(line) <= len(starts):
            yield starts[int(line) - 1] + int(column)
