"""A figure as part of the page: its SVG with nothing in it but shapes and words, in colours that follow the theme.

Inside the page its words can be found and copied, are set in one shipped face, and change their colours with it.
What is not a plain drawing is not let in: the exporter then shows it as a picture, which can do nothing either.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

from claims.show.style import FIGURE_FACES, LIGHT

SVG = "{http://www.w3.org/2000/svg}"
LINK = "{http://www.w3.org/1999/xlink}href"
SHAPES = {"path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "use", "text", "tspan"}
GROUPS = {"svg", "g", "defs", "clipPath"}
IGNORED = {"metadata", "title", "desc"}
STATED = {
    *(
        "id",
        "d",
        "x",
        "y",
        "x1",
        "y1",
        "x2",
        "y2",
        "cx",
        "cy",
        "r",
        "rx",
        "ry",
        "dx",
        "dy",
        "width",
        "height",
        "points",
    ),
    *("transform", "clip-path", "viewBox"),
}
STYLED = {
    *("fill", "fill-opacity", "fill-rule", "stroke", "stroke-width", "stroke-opacity", "stroke-linecap", "opacity"),
    *("stroke-linejoin", "stroke-dasharray", "stroke-dashoffset", "stroke-miterlimit", "font-size", "font-weight"),
    *("font-style", "text-anchor"),
}
AS_IT_IS = {"stroke-linejoin": "round", "stroke-linecap": "butt", "font-weight": "400", "text-anchor": "start"}
NAMES = {colour: name for name, colour in reversed(LIGHT.items())}
ROUND = "*{stroke-linejoin: round; stroke-linecap: butt}"  # what matplotlib says of every drawing; the page says it too


class NotPlain(ValueError):
    """The drawing holds more than shapes and words."""


def inline(data: bytes, prefix: str) -> str:
    """Return what stands inside an `svg` element of the page; its ids begin with `prefix`.

    Raises NotPlain, saying what it is, if there is anything but shapes and words in it.

    >>> inline(b'<svg xmlns="http://www.w3.org/2000/svg"><g id="a"><rect id="b" style="fill: #1d2228"/></g></svg>', "x")
    '<rect style="fill:var(--ink)"/>'
    """
    root = ElementTree.fromstring(data)
    used = {found for element in root.iter() for found in _named(element)}
    return "".join(_written(child, used, prefix) for child in root)


def faces(texts: Iterable[str]) -> str:
    """Return the CSS of the figures' face, regular and bold, with the characters of `texts` and no others."""
    needed = sorted({ord(character) for text in texts for character in text if character.isprintable()})
    return "".join(
        f'@font-face{{font-family:"{FIGURE_FACES[0]}";font-weight:{weight};src:url(data:font/ttf;base64,{data})}}'
        for weight, data in ((400, _subset("DejaVuSans.ttf", needed)), (700, _subset("DejaVuSans-Bold.ttf", needed)))
    )


def words(markup: str) -> str:
    """Return the words written in a drawing."""
    return "".join(re.findall(r">([^<]+)<", markup))


def shipped_fonts() -> Path:
    """Return the folder of the fonts that matplotlib ships, found without importing it, which takes longer."""
    [matplotlib] = find_spec("matplotlib").submodule_search_locations
    return Path(matplotlib, "mpl-data", "fonts", "ttf")


def _subset(file: str, characters: list[int]) -> str:
    """Return a font of matplotlib's with these characters only, in base64: plain, as compression differs by system."""
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    options = Options(hinting=False, layout_features=["kern"], name_IDs=[1, 2], notdef_outline=True)
    options.drop_tables += ["FFTM"]
    font = TTFont(shipped_fonts() / file, recalcTimestamp=False)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)
    out = BytesIO()
    font.save(out)
    return base64.b64encode(out.getvalue()).decode()


def _named(element) -> list[str]:
    """Return the ids that an element refers to."""
    link = element.get(LINK) or element.get("href") or ""
    return [link[1:], *re.findall(r"url\(#([^)]+)\)", element.get("clip-path", ""))]


def _written(element, used: set[str], prefix: str) -> str:
    tag = str(element.tag).removeprefix(SVG)
    if tag in IGNORED or (tag == "style" and (element.text or "").strip() in ("", ROUND)):
        return ""
    if tag not in SHAPES | GROUPS:
        raise NotPlain(f"it holds <{tag}>")
    attributes = _attributes(element, tag, used, prefix)
    inner = _escaped(element.text) if tag in ("text", "tspan") else ""
    for child in element:
        inner += _written(child, used, prefix) + (_escaped(child.tail) if tag in ("text", "tspan") else "")
    if tag in GROUPS and not inner:
        return ""
    if tag == "g" and not attributes:
        return inner
    said = "".join(f' {name}="{_escaped(value)}"' for name, value in attributes.items())
    return f"<{tag}{said}>{inner}</{tag}>" if inner else f"<{tag}{said}/>"


def _attributes(element, tag: str, used: set[str], prefix: str) -> dict[str, str]:
    """Return the attributes of an element that say anything, ids with their prefix, numbers short."""
    kept: dict[str, str] = {}
    styles = dict(part.split(":", 1) for part in element.get("style", "").split(";") if ":" in part)
    for name, value in element.attrib.items():
        if name == "id":
            if value in used:
                kept["id"] = f"{prefix}-{value}"
        elif name in (LINK, "href"):
            if not value.startswith("#"):
                raise NotPlain(f"it leads to {value[:40]}")
            kept["href"] = f"#{prefix}-{value[1:]}"
        elif name == "clip-path":
            kept[name] = re.sub(r"url\(#", f"url(#{prefix}-", value)
        elif name in STYLED:
            styles.setdefault(name, value)
        elif name in STATED:
            kept[name] = _short(value)
        elif name not in ("style", "version", "{http://www.w3.org/XML/1998/namespace}space"):
            raise NotPlain(f"it says {name} of <{tag}>")
    if kept.get("transform", "").startswith("rotate(0 ") or kept.get("transform", "").startswith("rotate(-0 "):
        del kept["transform"]
    style = _style({name.strip(): value.strip() for name, value in styles.items()}, tag)
    return kept | ({"style": style} if style else {})


def _style(said: dict[str, str], tag: str) -> str:
    shown = []
    for name, value in said.items():
        if name == "font-family" or AS_IT_IS.get(name) == value:
            continue
        if name not in STYLED or not re.fullmatch(r"[\w.#%, -]+", value):
            raise NotPlain(f"it is drawn with {name}: {value[:40]}")
        colour = NAMES.get(value.lower())
        shown.append(f"{name}:{f'var(--{colour})' if colour else value}")
    if tag == "text" and shown and "fill:var(--ink)" in shown:
        shown.remove("fill:var(--ink)")
    return ";".join(shown)


def _short(value: str) -> str:
    """Return numbers with two decimals and no more spaces than they need.

    >>> _short("M 161.512713 285.4 L 0.001 3.00024 z ")
    'M161.51 285.4L0 3z'
    """
    rounded = re.sub(r"-?\d+\.\d+", lambda found: f"{float(found[0]):.2f}".rstrip("0").rstrip("."), value)
    return re.sub(r"\s*([A-Za-z])\s*", r"\1", re.sub(r"-0(?![\d.])", "0", " ".join(rounded.split())))


def _escaped(text: str | None) -> str:
    return (text or "").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
