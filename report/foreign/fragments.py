"""HTML that is not ours, read for what a page can show: nothing of it is run or fetched, and what is left out is named.

Cells of a table keep the colour of their ground and their weight, whether an attribute or a style sheet gives them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape, unescape

FETCHED = {
    "iframe": "An embedded page", "frame": "An embedded page", "embed": "An embedded file",
    "object": "An embedded file", "video": "A film", "audio": "A sound",
}  # fmt: skip
DRAWN = {"canvas": "A drawing made by a script"}
FIELDS = ("input", "select", "textarea", "button")
SVG = "http://www.w3.org/2000/svg"
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}|(?:rgb|rgba|hsl)\([\d.,% ]{1,40}\)|[a-zA-Z]{3,24}")


@dataclass(frozen=True)
class Fragment:
    """HTML without what is run or fetched, sentences that name what is left out, and the pictures drawn within."""

    html: str
    notes: tuple[str, ...] = ()
    drawings: tuple[tuple[str, bytes], ...] = ()  # (name in the text, SVG)

    @property
    def says_something(self) -> bool:
        """Whether anything is left to be seen."""
        bare = re.sub(r"(?s)<!--.*?-->", "", self.html)
        return bool(re.sub(r"(?s)<[^>]*>|&nbsp;|\s", "", bare)) or "<img" in bare


def read(html: str) -> Fragment:
    """Return what a page can show of HTML that is not ours.

    >>> made = read("<p onclick='x()'>a</p><script>x()</script>")
    >>> made.html, made.notes
    ('<p>a</p>', ('A script of this HTML is not run.',))
    """
    from lxml import etree
    from lxml import html as parser

    text = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]", lambda c: f"[U+{ord(c[0]):04X}]", html)
    text, drawings = _without_drawings(text)
    try:
        root = parser.fragment_fromstring(text, create_parent="div")
    except etree.LxmlError:
        return Fragment("")
    _headed(root)
    styles = _cell_styles(root)
    notes = list(dict.fromkeys([*_left_out(root), *_styles_lost(root, styles)]))
    _fold_out(root)
    for element in root.iter(etree.Element):
        _without_attributes(element, styles)
    inner = parser.tostring(root, encoding="unicode")
    return Fragment(inner.removeprefix("<div>").removesuffix("</div>"), tuple(notes), drawings)


def _left_out(root) -> Iterator[str]:
    """Take away what would be run or fetched, put text in the place of form fields, and say so."""
    scripts = [element for element in root.iter("script") if (element.text or "").strip() or element.get("src")]
    if scripts:
        yield (
            "A script of this HTML is not run."
            if len(scripts) == 1
            else f"{len(scripts)} scripts of this HTML are not run."
        )
    for element in list(root.iter("script", "style", "source", "track", "param", "link", "meta", "title", "base")):
        element.drop_tree()
    fields = list(root.iter(*FIELDS))
    if fields:
        yield f"Form fields are shown as their text ({_named(field.tag for field in fields)})."
    for field in fields:
        _written_out(field)
    for element in list(root.iter(*FETCHED, *DRAWN)):
        address = element.get("src") or element.get("data") or next((s.get("src") for s in element.iter("source")), "")
        place = (
            ""
            if not address
            else ": its data stand in the notebook"
            if address.startswith("data:")
            else f": {address[:200]}"
        )
        what, done = (
            (DRAWN[element.tag], "made")
            if element.tag in DRAWN
            else (FETCHED[element.tag], "played" if element.tag in ("video", "audio") else "fetched")
        )
        yield f"{what} (<{element.tag}>) is not {done}{place}."
        element.text, element.tail = f" {element.text or ''} ", f" {element.tail or ''}"
        element.drop_tag()
    for element in list(root.iter("form", "noscript", "template")):
        element.drop_tag()


def _named(tags) -> str:
    return ", ".join(f"<{tag}>" for tag in sorted(set(tags)))


def _written_out(field) -> None:
    """Put the text of a form field in its place."""
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


def _without_drawings(html: str) -> tuple[str, tuple[tuple[str, bytes], ...]]:
    """Return the HTML with a picture in the place of each drawing, as they stand in it, and the drawings."""
    drawings: list[tuple[str, bytes]] = []

    def drawn(found: re.Match) -> str:
        name, source = f"drawing:{len(drawings)}", found[0]
        said = " ".join(unescape(re.sub(r"(?s)<(script|style|title)\b.*?</\1\s*>|<[^>]*>", " ", source)).split())
        opening = source[: source.index(">")]
        drawings.append(
            (name, (source if "xmlns=" in opening else source.replace("<svg", f'<svg xmlns="{SVG}"', 1)).encode())
        )
        return f'<img src="{name}" alt="{escape(said or "Drawing without a description")}">'

    return re.sub(r"(?s)<svg\b.*?</svg\s*>", drawn, html), tuple(drawings)


def _headed(root) -> None:
    """Let the rows of heads that a table without a head begins with be its head."""
    for table in root.iter("table"):
        rows = [row for row in table.iter("tr") if next(row.iterancestors("table")) is table]
        names = 0
        while names < len(rows) - 1 and len(rows[names]) and all(cell.tag == "th" for cell in rows[names]):
            names += 1
        if names and table.find("thead") is None:
            head = table.makeelement("thead")
            place = rows[0].getparent() if rows[0].getparent() is not table else rows[0]
            place.addprevious(head)
            head.extend(rows[:names])


def tamed(svg: str) -> str:
    """Return a drawing without its scripts and without what it would fetch.

    >>> tamed("<svg><script>x()</script><image href='https://a.org/b.png'/><image href='data:x'/></svg>")
    "<svg><image href='data:x'/></svg>"
    """
    bare = re.sub(r"(?is)<script\b.*?(?:</script\s*>|/>)", "", svg)
    return re.sub(
        r"""(?is)<(image|use|feImage)\b[^>]*?href\s*=\s*["'](?!data:|\#)[^>]*?(?:/>|>\s*</\1\s*>)""", "", bare
    )


def _fold_out(root) -> None:
    """Let what is folded stand open, its summary above it."""
    for element in list(root.iter("summary")):
        element.tag = "p"
        bold = element.makeelement("b")
        bold.text, element.text = element.text, None
        bold.extend(list(element))
        element.append(bold)
    for element in list(root.iter("details")):
        element.tag = "div"


# ---- the colours of cells ----


def _cell_styles(root) -> dict[str, dict[str, str]]:
    """Return for ids of elements what style sheets say of them alone: `#id, #other { … }`."""
    styles: dict[str, dict[str, str]] = {}
    for sheet in root.iter("style"):
        text = re.sub(r"(?s)/\*.*?\*/", "", sheet.text or "")
        for selectors, body in re.findall(r"([^{}]*)\{([^{}]*)\}", text):
            for selector in selectors.split(","):
                if re.fullmatch(r"\s*#[\w-]+\s*", selector):
                    styles.setdefault(selector.strip()[1:], {}).update(_declared(body))
    return styles


def _declared(body: str) -> dict[str, str]:
    pairs = (part.split(":", 1) for part in body.split(";") if ":" in part)
    return {name.strip().lower(): value.replace("!important", "").strip() for name, value in pairs}


def _style_of(element, styles: Mapping) -> dict[str, str]:
    return {**styles.get(element.get("id"), {}), **_declared(element.get("style") or "")}


def _styles_lost(root, styles: Mapping) -> Iterator[str]:
    cells = [_style_of(cell, styles) for cell in root.iter("td", "th")]
    lost = []
    if any("color" in said and not colour(said.get("background-color", "")) for said in cells):
        lost.append("colours of text")
    if any("gradient" in said.get("background", "") for said in cells):
        lost.append("bars")
    if lost:
        yield f"The {' and '.join(lost)} in this table's cells are not shown; their values are."


def _without_attributes(element, styles: Mapping) -> None:
    """Leave an element only the attributes that are safe and mean something; a cell's ground as a colour of ours."""
    kept = {
        name: element.get(name)
        for name in ("href", "src", "alt", "colspan", "rowspan", "start", "align")
        if element.get(name)
    }
    said = _style_of(element, styles)
    if re.fullmatch("left|right|center", said.get("text-align", "")):
        kept["align"] = said["text-align"]
    if element.tag in ("td", "th"):
        ground = colour(said.get("background-color") or said.get("background", ""))
        kept |= {"data-ground": ground} if ground else {}
        kept |= (
            {"data-weight": "bold"} if said.get("font-weight") in ("bold", "bolder", "600", "700", "800", "900") else {}
        )
    element.attrib.clear()
    for name, value in kept.items():
        element.set(name, value)


def colour(text: str) -> str:
    """Return a colour as #rrggbb, on white if it is seen through; nothing for what is no plain colour.

    >>> colour("Yellow"), colour("rgba(0, 0, 0, 0.5)"), colour("url(x)"), colour("inherit")
    ('#ffff00', '#808080', '', '')
    """
    from PIL import ImageColor

    found = re.fullmatch(COLOUR, text.strip())
    if not found:
        return ""
    seen = re.fullmatch(r"rgba\((.*),\s*([\d.]+)\s*\)", text.strip())
    try:
        parts = ImageColor.getrgb(f"rgb({seen[1]})" if seen else text.strip())
        share = min(float(seen[2]), 1) if seen else parts[3] / 255 if len(parts) > 3 else 1
    except ValueError:
        return ""
    return "#" + "".join(f"{round(255 + (min(part, 255) - 255) * share):02x}" for part in parts[:3])


def ink_on(ground: str) -> str:
    """Return black or white, whichever is read better on a ground.

    >>> ink_on("#ffff00"), ink_on("#0072b2"), ink_on("#000080")
    ('#000000', '#ffffff', '#ffffff')
    """
    light = luminance(ground)
    return "#000000" if (light + 0.05) / 0.05 > 1.05 / (light + 0.05) else "#ffffff"


def luminance(colour: str) -> float:
    """Return the relative luminance of #rrggbb, as WCAG 2 defines it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
