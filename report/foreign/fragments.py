"""HTML from other programs, reduced to what a page can show: nothing is run or fetched, notes name what is left out.

Cells of a table keep their background colour and their weight, whether an attribute or a style sheet sets them. What
may remain at all, elements and attributes, is a list that the library nh3 enforces.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape, unescape

import nh3
from lxml import etree
from lxml import html as parser
from lxml.html import HtmlElement

from report.foreign.visible import keep_visible, style_rules, tidy_tables
from report.pages.typesetting import with_code_points

__all__ = ["Fragment", "colour", "read_html"]

FETCHED = {
    "iframe": "An embedded page", "frame": "An embedded page", "embed": "An embedded file",
    "object": "An embedded file", "video": "A film", "audio": "A sound",
}  # fmt: skip
DRAWN = {"canvas": "A drawing made by a script"}
LIBRARIES = {
    "plotly": "Plotly", "bokeh": "Bokeh", "vega": "Vega", "echarts": "ECharts", "highcharts": "Highcharts",
    "leaflet": "Leaflet", "d3.": "D3", "mermaid": "Mermaid", "vis.network": "vis.js", "cytoscape": "Cytoscape",
    "three.": "three.js", "dygraph": "Dygraphs",
}  # fmt: skip
LIBRARY = re.compile("(?i)" + "|".join(rf"\b{re.escape(name)}" for name in LIBRARIES))
MOST_READ = 1_000_000  # letters of a script
HIDDEN = "What this HTML hides until somebody clicks or a script runs is left out."
FIELDS = ("input", "select", "textarea", "button")
INVISIBLE = ("script", "style", "source", "track", "param", "link", "meta", "title", "base")
MATHEMATICS = {
    "math", "semantics", "annotation", "mrow", "mi", "mn", "mo", "ms", "mtext", "mspace", "mfrac", "msqrt", "mroot",
    "msub", "msup", "msubsup", "munder", "mover", "munderover", "mtable", "mtr", "mtd", "mstyle", "mpadded", "menclose",
}  # fmt: skip
ELEMENTS = nh3.ALLOWED_TAGS | MATHEMATICS | {"main", "section", "tfoot", "font", "big"}
CELL = {"colspan", "rowspan", "align", "data-ground", "data-weight"}
ATTRIBUTES = {
    "a": {"href"}, "img": {"src", "alt"}, "ol": {"start"}, "td": CELL, "th": CELL,
    "math": {"display"}, "annotation": {"encoding"}, "col": {"align"}, "tr": {"align"},
}  # fmt: skip
SCHEMES = {"http", "https", "mailto", "data", "drawing", "attachment"}
SVG = "http://www.w3.org/2000/svg"
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}|(?:rgb|rgba|hsl)\([\d.,% ]{1,40}\)|[a-zA-Z]{3,24}")
BOLD = ("bold", "bolder", "600", "700", "800", "900")

Styles = Mapping[str, Mapping[str, str]]  # declarations by property, by the id of their element


@dataclass(frozen=True)
class Fragment:
    """HTML without what is run or fetched, notes that name what is left out, and the pictures drawn within."""

    html: str
    notes: tuple[str, ...] = ()
    drawings: tuple[tuple[str, bytes], ...] = ()  # (address in the HTML, SVG)

    @property
    def has_table(self) -> bool:
        """Whether it has a table, which HTML describes better than any other form."""
        return "<table" in self.html

    @property
    def has_content(self) -> bool:
        """Whether anything visible is left."""
        bare = re.sub(r"(?s)<!--.*?-->", "", self.html)
        return bool(re.sub(r"(?s)<[^>]*>|&nbsp;|\s", "", bare)) or "<img" in bare


def read_html(html: str) -> Fragment:
    """Return what a page can show of HTML from another program.

    >>> fragment = read_html("<p onclick='x()'>a</p><script>x()</script>")
    >>> fragment.html, fragment.notes
    ('<p>a</p>', ('A script of this HTML is not run; what it would show is missing.',))
    """
    text, drawings = _extract_drawings(with_code_points(html))
    try:
        root = parser.fragment_fromstring(text, create_parent="div")
    except etree.LxmlError:
        return Fragment("")
    rules = style_rules(root)
    styles = _cell_styles(rules)
    hidden = [HIDDEN] if keep_visible(root, rules) else []
    notes = list(dict.fromkeys([*_remove_active(root), *_lost_styles(root, styles), *hidden]))
    tidy_tables(root)
    _unfold(root)
    for element in root.iter(etree.Element):
        _mark_cell_style(element, styles)
    inner = parser.tostring(root, encoding="unicode").removeprefix("<div>").removesuffix("</div>")
    clean = nh3.clean(inner, ELEMENTS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=None)
    return Fragment(clean, tuple(notes), drawings)


def _remove_active(root: HtmlElement) -> Iterator[str]:
    """Remove what would be run or fetched, replace form fields by their text, and yield a note on each kind."""
    scripts = [element for element in root.iter("script") if (element.text or "").strip() or element.get("src")]
    if scripts:
        drawn = _drawn_by(*(f"{script.get('src') or ''} {script.text or ''}" for script in scripts))
        if len(scripts) == 1:
            yield f"A script of this HTML is not run; {drawn.format('it')} is missing."
        else:
            yield f"{len(scripts)} scripts of this HTML are not run; {drawn.format('they')} is missing."
    for element in list(root.iter(*INVISIBLE)):
        element.drop_tree()
    fields = list(root.iter(*FIELDS))
    if fields:
        names = ", ".join(f"<{tag}>" for tag in sorted({str(field.tag) for field in fields}))
        yield f"Form fields are shown as their text ({names})."
    for field in fields:
        _replace_field(field)
    for element in list(root.iter(*FETCHED, *DRAWN)):
        yield _note_on(element)
        element.text, element.tail = f" {element.text or ''} ", f" {element.tail or ''}"
        element.drop_tag()
    for element in list(root.iter("form", "noscript", "template")):
        element.drop_tag()


def _drawn_by(*scripts: str) -> str:
    """Return what scripts would show, as far as the names of libraries in them tell.

    >>> _drawn_by("Plotly.newPlot()"), _drawn_by("x()")
    ('a chart that {} would draw (Plotly)', 'what {} would show')
    """
    names = {match[0].lower() for script in scripts for match in LIBRARY.finditer(script[:MOST_READ])}
    drawn = [title for name, title in LIBRARIES.items() if name in names]
    kind = "map" if drawn == ["Leaflet"] else "chart"
    return f"a {kind} that {{}} would draw ({', '.join(drawn)})" if drawn else "what {} would show"


def _note_on(element: HtmlElement) -> str:
    """Return the note on an element that is not fetched, played or drawn."""
    tag, address = str(element.tag), element.get("src") or element.get("data") or ""
    if embedded := element.get("srcdoc"):
        return f"An embedded page (<{tag}>) is not shown; {_drawn_by(embedded).format('its script')} is missing."
    place = ""
    if address:
        place = ": its data is in the notebook" if address.startswith("data:") else f": {address[:200]}"
    if tag in DRAWN:
        return f"{DRAWN[tag]} (<{tag}>) is not made{place}."
    return f"{FETCHED[tag]} (<{tag}>) is not {'played' if tag in ('video', 'audio') else 'fetched'}{place}."


def _replace_field(field: HtmlElement) -> None:
    """Replace a form field by its text."""
    if field.tag == "input":
        kind, value = (field.get("type") or "text").lower(), field.get("value") or field.get("placeholder") or ""
        if kind in ("checkbox", "radio"):
            value = "☒" if field.get("checked") is not None else "☐"
        field.text = "" if kind == "hidden" else f" {value} "
    elif field.tag == "select":
        field.text = " " + ", ".join(" ".join(option.text_content().split()) for option in field.iter("option")) + " "
        for child in list(field):
            field.remove(child)
    else:
        field.text = f" {field.text or ''}"
    field.drop_tag()


def _extract_drawings(html: str) -> tuple[str, tuple[tuple[str, bytes], ...]]:
    """Return the HTML with a picture in the place of each drawing, and the drawings."""
    drawings: list[tuple[str, bytes]] = []

    def extract(match: re.Match) -> str:
        address, source = f"drawing:{len(drawings)}", match[0]
        text = " ".join(unescape(re.sub(r"(?s)<(script|style|title)\b.*?</\1\s*>|<[^>]*>", " ", source)).split())
        if "xmlns=" not in source[: source.index(">")]:
            source = source.replace("<svg", f'<svg xmlns="{SVG}"', 1)
        drawings.append((address, source.encode()))
        return f'<img src="{address}" alt="{escape(text or "Drawing without a description")}">'

    end = html.rfind("</svg")
    end = html.find(">", end) + 1 if end > 0 else 0  # nothing after the last end of one is looked at
    return re.sub(r"(?s)<svg\b.*?</svg\s*>", extract, html[:end]) + html[end:], tuple(drawings)


def _unfold(root: HtmlElement) -> None:
    """Show what is folded, its summary above it in bold."""
    for element in list(root.iter("summary")):
        element.tag = "p"
        bold = element.makeelement("b")
        bold.text, element.text = element.text, None
        bold.extend(list(element))
        element.append(bold)
    for element in list(root.iter("details")):
        element.tag = "div"


# ---- the colours of cells ----


def _cell_styles(rules: Iterable[tuple[str, str]]) -> dict[str, dict[str, str]]:
    """Return the declarations of style sheets for single ids: `#id, #other { … }`."""
    styles: dict[str, dict[str, str]] = {}
    for selector, body in rules:
        if re.fullmatch(r"#[\w-]+", selector):
            styles.setdefault(selector[1:], {}).update(_declarations(body))
    return styles


def _declarations(body: str) -> dict[str, str]:
    pairs = (part.split(":", 1) for part in body.split(";") if ":" in part)
    return {name.strip().lower(): value.replace("!important", "").strip() for name, value in pairs}


def _style_of(element: HtmlElement, styles: Styles) -> dict[str, str]:
    return {**styles.get(element.get("id") or "", {}), **_declarations(element.get("style") or "")}


def _lost_styles(root: HtmlElement, styles: Styles) -> Iterator[str]:
    """Yield a note on the styles of cells that a page does not keep."""
    cells = [_style_of(cell, styles) for cell in root.iter("td", "th")]
    lost = []
    if any("color" in style and not colour(style.get("background-color", "")) for style in cells):
        lost.append("colours of text")
    within = (_style_of(part, styles) for cell in root.iter("td", "th") for part in cell.iter("div", "span"))
    drawn = any("gradient" in f"{style.get('background')} {style.get('background-image')}" for style in cells)
    if drawn or any(map(_is_bar, within)):
        lost.append("bars")
    if lost:
        yield f"The {' and '.join(lost)} in this table's cells are not shown; their values are."


def _is_bar(style: Mapping[str, str]) -> bool:
    """Return whether a style draws a bar: a width, and a colour in which it is filled."""
    filled = style.get("background-color") or style.get("background") or ""
    return style.get("width", "").endswith(("%", "px")) and bool(colour(filled) or "gradient" in filled)


def _mark_cell_style(element: HtmlElement, styles: Styles) -> None:
    """Turn the styles that a page keeps into attributes: the side of a text, the colour and the weight of a cell."""
    style = _style_of(element, styles)
    marks = {"align": style.get("text-align", "")}
    if element.tag in ("td", "th"):
        marks["data-ground"] = colour(style.get("background-color") or style.get("background", ""))
        marks["data-weight"] = "bold" if style.get("font-weight") in BOLD else ""
    for name, value in marks.items():
        if value and (name != "align" or value in ("left", "right", "center")):
            element.set(name, value)


def colour(text: str) -> str:
    """Return a colour as #rrggbb, on white if it is transparent; nothing for what is no plain colour.

    >>> colour("Yellow"), colour("rgba(0, 0, 0, 0.5)"), colour("url(x)"), colour("inherit")
    ('#ffff00', '#808080', '', '')
    """
    from PIL import ImageColor

    if not re.fullmatch(COLOUR, text.strip()):
        return ""
    transparent = re.fullmatch(r"rgba\((.*),\s*([\d.]+)\s*\)", text.strip())
    try:
        parts = ImageColor.getrgb(f"rgb({transparent[1]})" if transparent else text.strip())
        share = min(float(transparent[2]), 1) if transparent else parts[3] / 255 if len(parts) > 3 else 1
    except ValueError:
        return ""
    return "#" + "".join(f"{round(255 + (min(part, 255) - 255) * share):02x}" for part in parts[:3])
