"""The PDF: the document as Typst source, set by the `typst` wheel with fonts that come from packages."""

from __future__ import annotations

import logging
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from report.pages.composing import compose, warn_of_refused
from report.pages.destinations import SELECTOR, parse_destinations, resolve_links
from report.pages.document import Document, Draft, ExhibitBlock, Listing, Note, TableGrid
from report.pages.drawing import shipped_fonts
from report.pages.markdown import Job, convert
from report.pages.pictures import drawn_letters, with_squares
from report.pages.typst_source import TypstWriter, literal
from report.scratch import new_folder
from report.stops import NotebookFailed

if TYPE_CHECKING:
    import typst
    from typst import PDFStandard

__all__ = [
    "STANDARDS", "TypstSetting", "TypstSource", "compile_pdf", "load_fonts", "missing_characters", "pdf",
    "set_strictly",
]  # fmt: skip

LOG = logging.getLogger(__name__)
STANDARDS: list[PDFStandard] = ["a-3a", "ua-1"]


@dataclass(frozen=True)
class TypstSetting:
    """What happens to tables wider than the page and to what Typst refuses: nothing, in notebooks of this report.

    `split_table` returns the parts, one below another, in which a table that is no exhibit is set. `set_pages` compiles
    a source, its files and its document as `set_strictly` does, but may set something else for what Typst refuses.
    With `spare` a text that cannot be converted becomes its source, and every letter of the source is looked for.
    """

    split_table: Callable[[TableGrid], Sequence[TableGrid]] = lambda table: (table,)
    set_pages: Callable[[TypstSource, typst.Fonts, logging.Logger], bytes] = lambda *given: set_strictly(*given)
    spare: bool = False


@dataclass(frozen=True)
class TypstSource:
    """A document as Typst source, the files that it shows, and what it was written from."""

    text: str
    files: Mapping[str, bytes]
    document: Document
    missing: frozenset[int]

    def compiled(self, fonts: typst.Fonts, log: logging.Logger, text: str = "") -> bytes:
        """Return the PDF, of another source `text` if it is given. Raises typst.TypstError."""
        return compile_pdf({**self.files, "main.typ": (text or self.text).encode()}, fonts, log)


def set_strictly(source: TypstSource, fonts: typst.Fonts, log: logging.Logger) -> bytes:
    """Return the PDF of a source. Raises NotebookFailed if Typst refuses it."""
    import typst

    try:
        return source.compiled(fonts, log)
    except typst.TypstError as error:
        raise NotebookFailed(f"the PDF cannot be set: {error.message}\n{error.diagnostic}") from error


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
    with load_fonts() as fonts:
        source = _source(draft, fonts, conversions, log, setting)
        if source.missing and not draft.is_report:
            log.warning("characters that no font has, shown by their code points: %d", len(source.missing))
        on_setting()
        data = setting.set_pages(source, fonts, log)
    source.document.warn(log)
    return data


def _source(
    draft: Draft, fonts: typst.Fonts, conversions: MutableMapping | None, log: logging.Logger, setting: TypstSetting
) -> TypstSource:
    """Return the source of a draft, in which characters that no font has are replaced.

    Some come to light only when texts are converted: those that an entity of HTML or a command of LaTeX stands for.
    """
    tried = set(_all_text(draft))
    missing = frozenset(ord(c) for c in missing_characters("".join(tried), fonts))
    while True:
        texts = convert(draft.pieces(), Job("typst", missing), conversions, setting.spare)
        document = compose(draft, texts)
        files = {image.name: image.data for piece in draft.pieces() for _, image in piece.images}
        text, files = TypstWriter(document, missing, files, setting.split_table, setting.spare).write()
        others = (set(text).union(*map(drawn_letters, files.values())) - tried) if setting.spare else set()
        more = missing_characters("".join(others), fonts)
        if not more:
            warn_of_refused(draft, texts, log)
            if setting.spare:
                files = {name: with_squares(data, missing) for name, data in files.items()}
            return TypstSource(text, files, document, missing)
        tried |= others
        missing |= {ord(c) for c in more}


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
    probe = head + "\n".join(f"#{literal(c)}#raw({literal(c)})#parbreak()" for c in characters)
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
