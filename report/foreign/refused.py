"""What Typst refuses to set is replaced: a formula by its source, a picture by its description, a block by its words.

Typst stops at the first fault and reports its position, or its file; that one is replaced, and Typst tries again. Where
it reports neither, the block is found by leaving out half of the blocks at a time.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Collection, Iterator, Mapping

from report.pages.document import Block, ExhibitBlock, Heading, Listing, Note, Prose
from report.pages.listings import broken
from report.pages.typesetting import cut
from report.pages.typst import TypstSource
from report.pages.typst_source import END_OF_BLOCKS, call, literal, mark
from report.stops import NotebookFailed

__all__ = ["replace_refused", "set_pages"]

FORMULA = re.compile(  # as pieces.lua writes one
    r"#\{set math\.equation\(alt: (?P<source>\"(?:[^\"\\]|\\.)*\")(?P<set>[^\n]*?)\); .*?\};/\*of a formula\*/", re.S
)
PICTURE = re.compile(r'\b(?P<call>picture|image)\((?P<name>"image-[0-9a-f]{16}\.\w+")')
REPLACEMENTS = {"picture": "unread-picture", "image": "unread-image"}  # functions of report.typ
DOUBTFUL = re.compile(r"[^\n\x20-\x7e\xa1-\xac\xae-\u02ff\u0391-\u03c9\u0400-\u045f]")  # letters that may be the fault
LONGEST_HEADING = 200
ABOUT = re.compile(r"(?m)^#let about = .*$")  # the title of the document, and what else it says of itself


class _Refused(Exception):
    """Typst does not set a source: its message and what it says of the place, if anything."""

    def __init__(self, message: str, diagnostic: str = "") -> None:
        super().__init__(message)
        self.message, self.diagnostic = message, diagnostic


def set_pages(source: TypstSource, fonts, log: logging.Logger) -> bytes:
    """Return the PDF of a source, in which what Typst refuses is replaced, and logged with its cell.

    Raises NotebookFailed if Typst refuses what is no part of a cell.
    """
    text, replaced, plain_title = source.text, set[int](), ""
    while True:
        try:
            return _compiled(source, fonts, log, text)
        except _Refused as error:
            mended, what = replace_refused(text, error.diagnostic, source.files)
            if not mended:
                index = _faulty_block(source, fonts, text, error, replaced)
                if index is not None:
                    replaced.add(index)
                    mended, what = (
                        _with_words(text, index, source),
                        f"a part of {source.document.contexts[index].place}",
                    )
                elif not plain_title:
                    mended = plain_title = ABOUT.sub(lambda match: _in_plain_letters(match[0]), text)
                    what = "the title"
                else:
                    raise NotebookFailed(f"the PDF cannot be set: {error.message}\n{error.diagnostic}") from error
            log.warning("Typst could not set %s; its source or its words are shown. %s", what, error.message)
            text = mended


def _compiled(source: TypstSource, fonts, log: logging.Logger, text: str) -> bytes:
    """Return the PDF of a text. Raises _Refused, also where Typst itself comes upon a fault of its own."""
    import typst

    try:
        return source.compiled(fonts, log, text)
    except typst.TypstError as error:
        raise _Refused(error.message, error.diagnostic) from error
    except BaseException as error:  # no Exception: that of a library in Rust that gave up
        if type(error).__name__ != "PanicException":
            raise
        raise _Refused(f"Typst gave up: {error}") from error


# ---- formulas and pictures ----


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


# ---- blocks ----


def _faulty_block(source: TypstSource, fonts, text: str, fault: _Refused, replaced: Collection[int]) -> int | None:
    """Return the block of the fault: where the diagnostic points, else the one without which Typst is content."""
    spans = _spans(text, len(source.document.blocks))
    offsets = list(_offsets(text, fault.diagnostic))
    for index, (start, end) in enumerate(spans):
        if index not in replaced and any(start <= offset < end for offset in offsets):
            return index

    def is_refused(blocks: Collection[int]) -> bool:
        kept = [text[start:end] for index, (start, end) in enumerate(spans) if index in blocks or index in replaced]
        shorter = text[: spans[0][0]] + "".join(kept) + text[spans[-1][1] :] if spans else text
        try:
            _compiled(source, fonts, _SILENT, shorter)
        except _Refused as error:
            return error.message == fault.message  # without a heading above another there is a fault of its own
        return False

    left = [index for index in range(len(spans)) if index not in replaced]
    return _first_refused(left, is_refused) if left and not is_refused(()) else None


def _first_refused(blocks: list[int], is_refused: Callable[[Collection[int]], bool]) -> int:
    """Return a block that is refused by itself, or with those after it.

    >>> _first_refused([*range(9)], lambda blocks: 5 in blocks)
    5
    """
    while len(blocks) > 1:
        half = len(blocks) // 2
        blocks = blocks[:half] if is_refused(blocks[:half]) else blocks[half:]
    return blocks[0]


def _spans(text: str, count: int) -> list[tuple[int, int]]:
    """Return where each block begins and ends in the source."""
    starts, at = [], 0
    for index in range(count):
        at = text.index(f"{mark(index)}\n", at)
        starts.append(at)
    ends = [*starts[1:], text.index(END_OF_BLOCKS, at)]
    return list(zip(starts, ends, strict=True))


def _with_words(text: str, index: int, source: TypstSource) -> str:
    """Return the source with the words of a block in its place."""
    start, end = _spans(text, len(source.document.blocks))[index]
    return f"{text[:start]}{mark(index)}\n{_words(source.document.blocks[index], source.missing)}\n\n{text[end:]}"


def _words(block: Block, missing: frozenset[int]) -> str:
    """Return the source of a block's words, in letters that no font refuses; a heading stays one, for links to it."""
    plain = _in_plain_letters(_plain(block))
    note = "#remark(" + literal("This part of the notebook cannot be set in a PDF; here are its words.") + ")"
    words = f"{note}\n\n#listing({literal(broken(plain), missing)})"
    if not isinstance(block, Heading):
        return words
    title = f"[#{literal(cut(plain, LONGEST_HEADING), missing)};]"
    return "#" + call("section", block.level, literal(block.number), literal(block.anchor), title) + f"\n\n{words}"


def _in_plain_letters(text: str) -> str:
    """Return the text with the code points of all letters that may be what Typst refuses."""
    return DOUBTFUL.sub(lambda match: f"[U+{ord(match[0]):04X}]", text)


def _plain(block: Block) -> str:
    """Return the words of a block."""
    match block:
        case Heading() | Prose():
            return block.plain
        case Listing() | Note():
            return block.text
        case ExhibitBlock():
            rows = (block.table.head + block.table.rows) if block.table else ()
            return "\n".join([block.alt, *("\t".join(cell.text for cell in row) for row in rows)]).strip()


_SILENT = logging.getLogger(f"{__name__}.tries")  # what is logged of a source that is only tried
_SILENT.disabled = True
