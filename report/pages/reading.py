"""An assembled or any other notebook, read as a draft: the best form of each cell and each output."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from claims.content.phrases import Link, Marked
from claims.content.tables import FIGURE, TABLE, Figure, Table

from report.foreign import fragments, terminal
from report.pages.anchors import without_number
from report.pages.document import Block, Context, Draft, Exhibit, Listing, Note, Text
from report.pages.markdown import Piece
from report.pages.pictures import IMAGES, attached_image, image_from, images_in, payload
from report.pages.tables import table_of

OURS = "application/vnd.ledger."
HIDDEN_ROLES = ("parameters",)
PARAMETER_TAGS = {"parameters", "injected-parameters"}
MAGICS = {name: name for name in ("bash", "html", "javascript", "latex", "markdown", "perl", "ruby", "sql")} | {
    "sh": "bash", "js": "javascript", "svg": "xml", "r": "r", "julia": "julia", "cython": "cython", "script": "",
}  # fmt: skip
SOURCES = {"application/json": "json", "application/javascript": "javascript"}  # shown as their source
OBJECT = re.compile(r"<[\w.]+( object)?>")  # what a kernel says of an object that has no text of its own
FORMULA = re.compile(
    r"(?ms)^(```|~~~).*?^\1|\$\$.*?\$\$|(`+)[^`].*?\2"  # code and formulas that are marked already
    r"|(?P<formula>^ {0,3}\\begin\{(?P<kind>(?:equation|align|gather|multline|eqnarray|alignat|flalign)\*?)\}"
    r".*?\\end\{(?P=kind)\})"
)


def read(notebook: Mapping, about: Mapping = MappingProxyType({})) -> Draft:
    """Return the notebook as a draft; `about` may give its name and the folder (path) it lies in."""
    name, folder = about.get("name", ""), Path(about["path"]) if about.get("path") else None
    metadata = dict(notebook.get("metadata", {}).get("report", {}))
    blocks: list[tuple[Context, Block | Text]] = []
    for index, cell in enumerate(notebook["cells"]):
        said = cell.get("metadata", {}).get("report", {})
        context = Context(said.get("notebook", ""), cell.get("id", f"cell {index + 1}"), said.get("role") == "appendix")
        for block in _cell_blocks(cell, said.get("role"), context, folder, notebook):
            blocks.append((context, block))
    metadata.setdefault("language", "en")
    metadata["name"] = name
    return Draft(metadata, tuple(blocks))


def _cell_blocks(cell, role, context, folder, notebook) -> Iterator[Block | Text]:
    tags = set(cell.get("metadata", {}).get("tags") or ())
    if "remove-cell" in tags or "remove_cell" in tags:
        return
    source, kind = _joined(cell.get("source", "")), cell.get("cell_type")
    if kind == "markdown":
        yield from _markdown_blocks(source, cell, folder)
    elif kind == "raw":
        yield from _raw_blocks(source, cell)
    elif kind == "code":
        hidden = role in HIDDEN_ROLES or {"remove-input", "remove_input"} & tags or (role and PARAMETER_TAGS & tags)
        if source.strip() and not hidden:
            yield Listing(source, _language(source, notebook), "code", name=_cell_name(cell, context))
        if not {"remove-output", "remove_output"} & tags:
            for output in cell.get("outputs", ()):
                yield from _output_blocks(output, context)
    else:
        yield Note(f"A cell of the unknown kind “{kind}” is shown as it stands.")
        yield Listing(source)


def _cell_name(cell: Mapping, context: Context) -> str:
    """Return what a cell is called where its code is folded: its chapter, if it has one, and its own name."""
    own = cell.get("metadata", {}).get("report", {}).get("cell") or context.cell
    return ", ".join(filter(None, (without_number(context.notebook), own))).replace("_", " ").replace("-", " ")


def _markdown_blocks(source: str, cell: Mapping, folder: Path | None) -> Iterator[Block | Text]:
    yield Text(Piece(_with_formulas(source), images=images_in(source, cell, folder)))


def _with_formulas(source: str) -> str:
    r"""Return Markdown with the formulas that stand in it as an environment of LaTeX alone marked as such.

    >>> _with_formulas("so\n\\begin{align}a &= b\\end{align}\nand `\\begin{align}`").splitlines()
    ['so', '$$\\begin{align}a &= b\\end{align}$$', 'and `\\begin{align}`']
    """

    def marked(found: re.Match) -> str:
        return "$$" + re.sub(r"\n\s*\n", "\n", found["formula"]) + "$$" if found["formula"] else found[0]

    return FORMULA.sub(marked, source)


def _raw_blocks(source: str, cell: Mapping) -> Iterator[Block | Text]:
    metadata = cell.get("metadata", {})
    kind = str(metadata.get("format") or metadata.get("raw_mimetype") or "")
    if not source.strip():
        return
    if kind == "text/markdown":
        yield Text(Piece(source))
    elif kind == "text/html":
        yield from _html_blocks(fragments.read(source))
    elif kind == "text/latex":
        yield Text(Piece(source, "latex"))
    elif kind:
        yield Note(f"A raw cell for another program ({kind}) is shown as its source.")
        yield Listing(source)
    else:
        yield Listing(source)


def _language(source: str, notebook: Mapping) -> str:
    """Return the language of a code cell: the one its magic names, else the notebook's."""
    magic = re.match(r"%%(\w+)", source)
    if magic and magic[1].lower() in MAGICS:
        return MAGICS[magic[1].lower()]
    metadata = notebook.get("metadata", {})
    said = metadata.get("language_info", {}).get("name") or metadata.get("kernelspec", {}).get("language")
    return said if isinstance(said, str) and said else "python"


def _joined(text) -> str:
    return "".join(map(str, text)) if isinstance(text, (list, tuple)) else str(text)


def _output_blocks(output: Mapping, context: Context) -> Iterator[Block | Text]:
    kind = output.get("output_type")
    if kind == "stream":
        yield from _printed(_joined(output.get("text", "")), "error" if output.get("name") == "stderr" else "output")
    elif kind == "error":
        trace = "\n".join(map(str, output.get("traceback", ()))) or f"{output.get('ename')}: {output.get('evalue')}"
        yield from _printed(trace, "error")
    elif kind in ("display_data", "execute_result"):
        yield from _display_blocks(output, context)
    else:
        holds = isinstance(output.get("data"), Mapping)
        yield Note(f"An output of the unknown kind “{kind}” is {'shown by its data' if holds else 'not shown'}.")
        yield from _display_blocks(output, context) if holds else ()


def _printed(text: str, role: str = "output") -> Iterator[Block]:
    """Yield what a program printed as a terminal shows it, if that is anything."""
    runs = terminal.shown(text)
    said = "".join(run for run, _ in runs)
    if said.strip():
        yield Listing(said, role=role, runs=runs if any(style for _, style in runs) else ())


def _display_blocks(output: Mapping, context: Context) -> Iterator[Block | Text]:
    data = {mime: payload(value) for mime, value in output.get("data", {}).items()}
    placed = output.get("metadata", {}).get("report", {})
    if any(mime.startswith(OURS) for mime in data) and not {TABLE, FIGURE} & set(data):
        return  # findings and verdicts: for the program, not for readers
    if TABLE in data:
        yield _table_exhibit(Table.from_json(data[TABLE]), str(placed.get("number", "")), context.appendix)
    elif FIGURE in data:
        yield _figure_exhibit(data, str(placed.get("number", "")), context)
    else:
        yield from _foreign_blocks(data, output)


def _figure_exhibit(data: Mapping, number: str, context: Context) -> Exhibit:
    figure = Figure.from_json(data[FIGURE])
    image = next((made for mime in IMAGES if mime in data and (made := image_from(mime, data[mime]))), None)
    links = (part for part in figure.alt.parts if isinstance(part, Link | Marked))
    return Exhibit(
        "Figure", number, figure.id, **_texts(figure),
        alt=str(figure.alt) or "Figure without a description", image=image,
        table=table_of(figure) if figure.columns else None, appendix=context.appendix,
        alt_chain=tuple(
            (link.text, link.to, None) if isinstance(link, Link) else (link.text, None, link.kind) for link in links
        ),
        name=figure.name or "figure", csv=figure.csv,
    )  # fmt: skip


def _table_exhibit(table: Table, number: str, appendix: bool) -> Exhibit:
    return Exhibit("Table", number, table.id, **_texts(table), table=table_of(table), appendix=appendix)


def _texts(exhibit: Table | Figure) -> dict[str, Piece | str]:
    texts = {"title": exhibit.title, "caption": exhibit.caption, "source": exhibit.source}
    return {key: _inline(text) for key, text in texts.items()}


def _inline(text: str) -> Piece | str:
    return Piece(text, inline=True) if text else ""


def _foreign_blocks(data: Mapping, output: Mapping) -> Iterator[Block | Text]:
    """Choose the best that can be shown of an output that is not ours; say so where that is not what was meant."""
    plain = str(data.get("text/plain", ""))
    programs = sorted(mime for mime in data if mime.startswith("application/vnd.") and mime.endswith("json"))
    for mime in IMAGES:
        if mime in data and not (mime != "image/svg+xml" and _is_formula(data)):
            image = image_from(mime, data[mime], output.get("metadata", {}).get(mime))
            if image:
                if mime == "image/svg+xml" and image.data.decode() != data[mime]:
                    yield Note("What this drawing would run or fetch is left out.")
                yield Exhibit("", "", "", alt=_foreign_alt(output, mime, plain), image=image)
                if programs:
                    yield Note(f"A program can show more of this output ({', '.join(programs)}); here is its picture.")
                return
            yield Note("A damaged picture is not shown.")
    html = fragments.read(str(data["text/html"])) if "text/html" in data else fragments.Fragment("")
    if "text/markdown" in data:
        yield Text(Piece(_with_formulas(str(data["text/markdown"]))))
    elif _is_formula(data):
        yield Text(Piece(str(data["text/latex"]), "latex"))
    elif html.says_something and not programs:
        yield from _html_blocks(html)
    elif "text/latex" in data:
        yield Text(Piece(str(data["text/latex"]), "latex"))
    else:
        yield from _source_blocks(data, plain, html)


def _source_blocks(data: Mapping, plain: str, html: fragments.Fragment) -> Iterator[Block]:
    """Yield the text of an output that has no form for a page, and what is known of those it has."""
    texts = sorted(m for m in data if m in SOURCES or (m.startswith("text/") and m not in ("text/plain", "text/html")))
    told = {"text/plain", *IMAGES, *texts, *(("text/html",) if html.notes else ())}
    left = sorted(data.keys() - told)
    named = ", ".join(left)
    says = bool(plain.strip()) and not (OBJECT.fullmatch(plain.strip()) and data.keys() - {"text/plain"})
    if says and left:
        yield Note(f"This output needs a program to show it ({named}); here is its text.")
    elif left:
        yield Note(f"This output cannot be shown on a page ({named}).")
    yield from (Note(note) for note in html.notes)
    for mime in texts:
        if mime == "application/javascript":
            yield Note("A script is not run; here is its source.")
        source = data[mime] if isinstance(data[mime], str) else json.dumps(data[mime], ensure_ascii=False, indent=2)
        yield Listing(source, SOURCES.get(mime, ""), "excerpt")
    if says and not texts:
        yield from _printed(plain)


def _html_blocks(fragment: fragments.Fragment) -> Iterator[Block | Text]:
    """Yield HTML that is not ours, read as text, and after it what of it is left out."""
    names = re.findall(r'<img[^>]*?src="([^"]+)', fragment.html)
    drawings = {name: image for name, data in fragment.drawings if (image := image_from("image/svg+xml", data))}
    images = {name: image for name in names if (image := drawings.get(name) or attached_image(name, {}, None))}
    if fragment.says_something:
        yield Text(Piece(fragment.html, "html", images=tuple(sorted(images.items(), key=lambda held: held[0]))))
    yield from (Note(note) for note in fragment.notes)


def _is_formula(data: Mapping) -> bool:
    return str(data.get("text/latex", "")).lstrip().startswith(("$", r"\begin{equation", r"\begin{align", r"\["))


def _foreign_alt(output: Mapping, mime: str, plain: str) -> str:
    metadata = output.get("metadata", {})
    said = (
        metadata.get("alt") or (metadata.get(mime) or {}).get("alt")
        if isinstance(metadata.get(mime, {}), Mapping)
        else None
    )
    shown = plain.strip() if not plain.startswith("<") else ""
    return said or shown or "Picture without a description, drawn by the cell above"
