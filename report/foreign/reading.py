"""Any notebook, read as a draft: for each cell and output the best form that a page can show, notes for the rest."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from report.foreign import fragments, terminal
from report.foreign.formulas import macros_used, mark_formulas
from report.foreign.pictures import find_image, find_images, load_clean_image
from report.pages.document import Block, Context, ExhibitBlock, Listing, Note
from report.pages.markdown import Piece
from report.pages.pictures import IMAGE_SUFFIXES, SVG, Image
from report.pages.reading import UNDESCRIBED, Reader, joined

__all__ = ["ForeignReader"]

LOG = logging.getLogger(__name__)

MAGICS = {name: name for name in ("bash", "html", "javascript", "latex", "markdown", "perl", "ruby", "sql")} | {
    "sh": "bash", "js": "javascript", "svg": "xml", "r": "r", "julia": "julia", "cython": "cython", "script": "",
}  # fmt: skip
SOURCES = {"application/json": "json", "application/javascript": "javascript"}  # shown as their source
REMOVAL_TAGS = {"source": "remove-input", "outputs": "remove-output"}
CHART = re.compile(r"plotly|bokeh|vega|echarts")
OBJECT = re.compile(r"<[\w.]+( object)?>")  # what the kernel prints for an object without a text form


class ForeignReader(Reader):
    """Reads whatever a notebook may contain: raw cells, HTML, LaTeX, pictures, colours of a terminal, unknown types."""

    def __init__(self, notebook: Mapping, folder: Path | None = None) -> None:
        """Read cells of this notebook, which lies in `folder` if it is a file."""
        super().__init__(notebook, folder)
        self.macros: dict[str, str] = {}  # the commands that formulas have defined so far

    def read_cell(self, cell: Mapping, context: Context) -> Iterator[Block | Piece]:
        """Yield the blocks of a cell; where it is not as its format requires, its source with a note."""
        try:
            yield from list(self._read_parts(cell, context))
        except (AttributeError, LookupError, TypeError, ValueError, RecursionError) as error:  # of data of another kind
            reason = f"{type(error).__name__}: {error}"
            LOG.warning("%s could not be read; its source is shown. %s", context.place, reason)
            yield Note("This cell could not be read in full; here is its source.")
            yield Listing(joined(cell.get("source", "")))

    def _read_parts(self, cell: Mapping, context: Context) -> Iterator[Block | Piece]:
        """Yield the blocks of a cell, but not what its tags remove."""
        tags = {tag.replace("_", "-") for tag in cell.get("metadata", {}).get("tags") or ()}
        if "remove-cell" in tags:
            return
        if cell.get("cell_type") == "code":
            cell = {key: value for key, value in cell.items() if REMOVAL_TAGS.get(key) not in tags}
        yield from super().read_cell(cell, context)

    def read_markdown(self, source: str, cell: Mapping) -> Iterator[Block | Piece]:
        """Yield the text of a Markdown cell with its pictures."""
        text = mark_formulas(source, self.macros)
        images = find_images(source, cell, self.folder)
        if text.strip():
            yield Piece(text, images=images, macros=macros_used(text, self.macros))

    def read_other_cell(self, source: str, cell: Mapping) -> Iterator[Block | Piece]:
        """Yield a raw cell as what it is written in, any other as its source."""
        if cell.get("cell_type") != "raw":
            yield Note(f"A cell of the unknown kind “{cell.get('cell_type')}” is shown as its source.")
            yield Listing(source)
        elif source.strip():
            metadata = cell.get("metadata", {})
            yield from _raw_blocks(source, str(metadata.get("format") or metadata.get("raw_mimetype") or ""))

    def language(self, source: str) -> str:
        """Return the language of a code cell: the one that its magic names, else the notebook's."""
        magic = re.match(r"%%(\w+)", source)
        if magic and magic[1].lower() in MAGICS:
            return MAGICS[magic[1].lower()]
        metadata = self.notebook.get("metadata", {})
        name = metadata.get("language_info", {}).get("name") or metadata.get("kernelspec", {}).get("language")
        return name if isinstance(name, str) and name else "python"

    def read_output(self, output: Mapping, context: Context) -> Iterator[Block | Piece]:
        """Yield the blocks of an output, an unknown kind by its data."""
        kind = output.get("output_type")
        if kind in ("stream", "error", "display_data", "execute_result"):
            yield from super().read_output(output, context)
        elif isinstance(output.get("data"), Mapping):
            yield Note(f"An output of the unknown kind “{kind}” is shown by its data.")
            yield from self.read_display(output, context)
        else:
            yield Note(f"An output of the unknown kind “{kind}” is not shown.")

    def read_printed(self, text: str, role: str = "output") -> Iterator[Block]:
        """Yield what a program printed as a terminal shows it, if that is anything."""
        runs = terminal.styled_text(text)
        plain = joined([run for run, _ in runs])
        if plain.strip():
            yield Listing(plain, role=role, styled=runs if any(style for _, style in runs) else ())

    def load_image(self, mime: str, data: str | bytes, size: Mapping | None = None) -> Image | None:
        """Return the picture without what acts, or None if it cannot be read."""
        return load_clean_image(mime, data, size)

    def read_other_display(self, data: Mapping, output: Mapping) -> Iterator[Block | Piece]:
        """Yield the best that can be shown of an output, with a note where that is not what its author meant."""
        programs = sorted(mime for mime in data if mime.startswith("application/vnd.") and mime.endswith("json"))
        for mime in (SVG,) if _is_formula(data) else IMAGE_SUFFIXES:  # a formula is better than its picture in pixels
            if mime not in data:
                continue
            image = self.load_image(mime, data[mime], output.get("metadata", {}).get(mime))
            if image:
                yield from _image_blocks(image, mime, data, output, programs)
                return
            yield Note("A damaged picture is not shown.")
        html = fragments.read_html(str(data["text/html"])) if "text/html" in data else fragments.Fragment("")
        if "text/markdown" in data and not html.has_table:
            yield from self.read_markdown(str(data["text/markdown"]), {})
        elif _is_formula(data):
            yield self._latex(data)
        elif html.has_content and not programs:
            yield from _html_blocks(html)
        elif "text/latex" in data:
            yield self._latex(data)
        else:
            yield from self._source_blocks(data, html.notes)

    def _latex(self, data: Mapping) -> Piece:
        text = str(data["text/latex"])
        return Piece(text, "latex", macros=macros_used(text, self.macros))

    def _source_blocks(self, data: Mapping, html_notes: tuple[str, ...]) -> Iterator[Block]:
        """Yield the text of an output that has no form for a page, and notes that name its other types."""
        plain = str(data.get("text/plain", ""))
        texts = sorted(mime for mime in data if mime in SOURCES or mime.startswith("text/"))
        texts = [mime for mime in texts if mime not in ("text/plain", "text/html")]
        shown = {"text/plain", *IMAGE_SUFFIXES, *texts, *(("text/html",) if html_notes else ())}
        others = sorted(data.keys() - shown)
        has_text = bool(plain.strip()) and not (OBJECT.fullmatch(plain.strip()) and data.keys() - {"text/plain"})
        what = "A chart is missing here: it" if any(map(CHART.search, others)) else "This output"
        if others and has_text:
            yield Note(f"{what} needs a program to show it ({', '.join(others)}); here is its text.")
        elif others:
            yield Note(f"{what} cannot be shown on a page ({', '.join(others)}).")
        yield from map(Note, html_notes)
        for mime in texts:
            if mime == "application/javascript":
                yield Note("A script is not run, and what it would show is missing; here is its source.")
            source = data[mime] if isinstance(data[mime], str) else json.dumps(data[mime], ensure_ascii=False, indent=2)
            yield Listing(source, SOURCES.get(mime, ""), "excerpt")
        if has_text and not texts:
            yield from self.read_printed(plain)


def _raw_blocks(source: str, mime: str) -> Iterator[Block | Piece]:
    match mime:
        case "text/markdown":
            yield Piece(source)
        case "text/html":
            yield from _html_blocks(fragments.read_html(source))
        case "text/latex":
            yield Piece(source, "latex")
        case _:
            if mime:
                yield Note(f"A raw cell for another program ({mime}) is shown as its source.")
            yield Listing(source)


def _image_blocks(image: Image, mime: str, data: Mapping, output: Mapping, programs: list[str]) -> Iterator[Block]:
    if mime == SVG and image.data.decode() != data[mime]:
        yield Note("What this drawing would run or fetch is left out.")
    yield ExhibitBlock("", "", "", alt=_alt(output, mime, str(data.get("text/plain", ""))), image=image)
    if programs:
        yield Note(f"A program can show more of this output ({', '.join(programs)}); here is its picture.")


def _html_blocks(fragment: fragments.Fragment) -> Iterator[Block | Piece]:
    """Yield HTML, and after it notes on what of it is left out."""
    addresses = set(re.findall(r'<img[^>]*?src="([^"]+)', fragment.html))
    drawings = {name: load_clean_image(SVG, data) for name, data in fragment.drawings}
    images = {address: drawings.get(address) or find_image(address, {}, None) for address in sorted(addresses)}
    if fragment.has_content:
        shown = tuple((address, image) for address, image in images.items() if image)
        yield Piece(fragment.html, "html", images=shown)
    yield from map(Note, fragment.notes)


def _is_formula(data: Mapping) -> bool:
    return str(data.get("text/latex", "")).lstrip().startswith(("$", r"\begin{equation", r"\begin{align", r"\["))


def _alt(output: Mapping, mime: str, plain: str) -> str:
    """Return the alternative text of a picture: from its metadata, else what the kernel prints for it."""
    metadata = output.get("metadata", {})
    of_image = metadata.get(mime) or {}
    stated = (metadata.get("alt") or of_image.get("alt")) if isinstance(of_image, Mapping) else None
    return stated or ("" if plain.startswith("<") else plain.strip()) or UNDESCRIBED
