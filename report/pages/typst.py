"""The PDF: the document as Typst source, set by the `typst` wheel with fonts that come from packages."""

from __future__ import annotations

import logging
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from report.pages.composing import compose
from report.pages.destinations import SELECTOR, parse_destinations, resolve_links
from report.pages.document import Draft, ExhibitBlock, Listing, Note, TableGrid
from report.pages.drawing import shipped_fonts
from report.pages.markdown import Job, convert
from report.pages.typst_source import TypstWriter, literal
from report.scratch import new_folder
from report.stops import NotebookFailed

if TYPE_CHECKING:
    import typst
    from typst import PDFStandard

__all__ = ["STANDARDS", "TypstSetting", "compile_pdf", "load_fonts", "missing_characters", "pdf"]

LOG = logging.getLogger(__name__)
STANDARDS: list[PDFStandard] = ["a-3a", "ua-1"]


@dataclass(frozen=True)
class TypstSetting:
    """What happens to tables wider than the page and to what Typst refuses: nothing, in notebooks of this report.

    `split_table` returns the parts, one below another, in which a table that is no exhibit is set. `replace_refused`
    takes the source, Typst's diagnostic and the pictures; it returns the source without the fault, and what that was,
    or ("", "") to give up.
    """

    split_table: Callable[[TableGrid], Sequence[TableGrid]] = lambda table: (table,)
    replace_refused: Callable[[str, str, Mapping[str, bytes]], tuple[str, str]] = lambda *_: ("", "")


OUR_SETTING = TypstSetting()


def pdf(
    draft: Draft,
    on_setting: Callable[[], object] = lambda: None,
    conversions: MutableMapping | None = None,
    log: logging.Logger = LOG,
    setting: TypstSetting = OUR_SETTING,
) -> bytes:
    """Return the PDF of a draft; `on_setting` is called when all but the setting itself is done.

    `conversions` are earlier ones of its texts, as for `convert`. Raises NotebookFailed if Typst refuses the text.
    """
    import typst

    with load_fonts() as fonts:
        missing = frozenset(ord(c) for c in missing_characters(_all_text(draft), fonts))
        if missing and not draft.is_report:
            log.warning("characters that no font has, shown by their code points: %d", len(missing))
        files = {image.name: image.data for piece in draft.pieces() for _, image in piece.images}
        document = compose(draft, convert(draft.pieces(), Job("typst", missing), conversions))
        source, pictures = TypstWriter(document, missing, files, setting.split_table).write()
        on_setting()
        data = None
        while data is None:
            try:
                data = compile_pdf({**pictures, "main.typ": source.encode()}, fonts, log)
            except typst.TypstError as error:
                source, replaced = setting.replace_refused(source, error.diagnostic, pictures)
                if not source:
                    raise NotebookFailed(f"the PDF cannot be set: {error.message}\n{error.diagnostic}") from error
                log.warning("Typst could not set %s; its source or its words are shown. %s", replaced, error.message)
    document.warn(log)
    return data


def compile_pdf(files: Mapping[str, bytes], fonts: typst.Fonts, log: logging.Logger = LOG) -> bytes:
    """Return the PDF of a set of files with a `main.typ`; nothing outside them is read, no clock, no network.

    Its links are resolved where `main.typ` lists their destinations. Raises typst.TypstError.
    """
    import typst

    with new_folder() as folder:
        packages, root = folder, folder / "document"
        for name, content in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        compiler = typst.Compiler(
            root / "main.typ", root, fonts, ignore_system_fonts=True, package_path=packages, package_cache_path=packages
        )
        pdf, warnings = compiler.compile_with_warnings(format="pdf", pdf_standards=STANDARDS, timestamp=0)
        assert isinstance(pdf, bytes)  # a list is of pages as pictures
        destinations = parse_destinations(compiler.query(SELECTOR, field="value"))
    for warning in warnings:
        log.warning("Typst: %s", warning.message)
    return resolve_links(pdf, destinations) if destinations else pdf


@contextmanager
def load_fonts() -> Iterator[typst.Fonts]:
    """Yield the wheel's fonts and matplotlib's DejaVu; not its "last resort", which draws a box for anything."""
    import typst

    with new_folder() as folder:
        for font in sorted(shipped_fonts().glob("DejaVuS*.ttf")):
            if "Display" not in font.name:
                shutil.copyfile(font, folder / font.name)
        yield typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[folder])


def missing_characters(text: str, fonts: typst.Fonts) -> set[str]:
    """Return the characters of the text that Typst refuses to set with these fonts: it tries each on its own line."""
    import typst

    characters = sorted({c for c in text if ord(c) > 126 and not 0xD800 <= ord(c) < 0xE000})
    if not characters:
        return set()
    head = '#set document(title: "probe", date: datetime(year: 1970, month: 1, day: 1))\n#set text(lang: "en")\n'
    first = head.count("\n") + 1
    probe = head + "\n".join(f"#{literal(c)}#parbreak()" for c in characters)
    try:
        compile_pdf({"main.typ": probe.encode()}, fonts)
    except typst.TypstError as error:
        lines = {int(line) for line in re.findall(r"main\.typ:(\d+):", error.diagnostic)}
        refused = {characters[line - first] for line in lines if 0 <= line - first < len(characters)}
        if not refused:
            raise
        return refused
    return set()


def _all_text(draft: Draft) -> str:
    texts = [str(value) for key, value in draft.metadata.items() if isinstance(value, str) or key == "subtitle"]
    texts += [piece.text for piece in draft.pieces()]
    for _, block in draft.blocks:
        match block:
            case Listing() | Note():
                texts.append(block.text)
            case ExhibitBlock():
                texts.append(block.alt)
                if block.table:
                    texts += [column.unit for column in block.table.columns]
                    texts += [cell.text for cell in block.table.cells]
    return "".join(texts) + "“”‘’–—…"
