"""A figure as part of the page: its SVG reduced to shapes and words, in colours that follow the theme.

Inside the page its words can be searched and copied, are set in one shipped face, and change colours with the theme.
Only a plain drawing gets in; anything else the page shows as a picture, which cannot act either.
"""

from __future__ import annotations

import base64
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache, lru_cache
from hashlib import sha256
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element
from xml.sax.saxutils import escape, unescape

from claims.show.style import FIGURE_FACES, LIGHT

__all__ = ["NotPlain", "SharedStyles", "faces", "inline", "linked", "shipped_fonts", "words"]

SVG = "{http://www.w3.org/2000/svg}"
LINK = "{http://www.w3.org/1999/xlink}href"
SHAPES = {"path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "use", "text", "tspan"}
GROUPS = {"svg", "g", "defs", "clipPath"}
IGNORED = {"metadata", "title", "desc"}
GEOMETRY = {
    "d", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "dx", "dy", "width", "height", "points",
    "transform", "viewBox",
}  # fmt: skip
STYLES = {
    *("fill", "fill-opacity", "fill-rule", "stroke", "stroke-width", "stroke-opacity", "stroke-linecap", "opacity"),
    *("stroke-linejoin", "stroke-dasharray", "stroke-dashoffset", "stroke-miterlimit", "font-size", "font-weight"),
    *("font-style", "text-anchor"),
}
DEFAULTS = {"stroke-linejoin": "round", "stroke-linecap": "butt", "font-weight": "400", "text-anchor": "start"}
COLOUR_NAMES = {colour: name for name, colour in reversed(LIGHT.items())}
OF = re.compile(' data-of="([^"]*)"')
STYLE = re.compile(' style="([^"]*)"')
MARK = re.compile(r"of((?:\.[A-Za-z][A-Za-z0-9-]*)+)_\d+-\d+")  # the id of a part of a mark: `claims.show.marks`
ROUND = "*{stroke-linejoin: round; stroke-linecap: butt}"  # matplotlib's style sheet, which the page has too


class NotPlain(ValueError):
    """The drawing has more than shapes and words."""


@lru_cache(maxsize=1000)
def inline(data: bytes, prefix: str) -> str:
    """Return the content of an `svg` element of the page; its ids are new and begin with `prefix`.

    The anchors of what a mark shows are in its attribute `data-of`.

    Raises NotPlain with the first thing in the drawing that is no shape and no word.

    >>> inline(b'<svg xmlns="http://www.w3.org/2000/svg"><g id="a"><rect id="b" style="fill: #1d2228"/></g></svg>', "x")
    '<rect style="fill:var(--ink)"/>'
    """
    root = ElementTree.fromstring(data)
    used = dict.fromkeys(id for element in root.iter() for id in _referenced_ids(element) if id)
    names = {id: f"{prefix}-{number}" for number, id in enumerate(used)}
    return "".join(_markup(child, names) for child in root)


def linked(markup: str, names: Mapping[str, str]) -> str:
    """Return a drawing whose marks have only anchors that are in `names`, called as these have them.

    >>> linked('<g data-of="c012 f-gone"></g><g data-of="f-gone"></g>', {"c012": "c012"})
    '<g data-of="c012"></g><g></g>'
    """

    def resolve(match: re.Match) -> str:
        known = " ".join(names[anchor] for anchor in match[1].split() if anchor in names)
        return f' data-of="{known}"' if known else ""

    return OF.sub(resolve, markup)


class SharedStyles:
    """The styles of drawings under short names; drawings that are shared later keep the names of earlier ones.

    What only later drawings have gets a name that follows from it, so that it is the same in copies of this object.
    """

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self.words: list[str] = []

    def add(self, other: SharedStyles) -> None:
        """Add what another object, which began as a copy of this one, has got since."""
        self._names |= dict(sorted(other._names.items() - self._names.items()))
        self.words += other.words

    def shared(self, drawings: Mapping[str, str]) -> dict[str, str]:
        """Return drawings with a short class instead of every style.

        >>> styles = SharedStyles()
        >>> styles.shared({"a": '<path style="fill:#123"/><path style="fill:#123"/>', "b": '<text style="fill:#456"/>'})
        {'a': '<path class="a0"/><path class="a0"/>', 'b': '<text class="a1"/>'}
        >>> styles.sheet
        '.a0{fill:#123}.a1{fill:#456}'
        """
        counts = Counter(style for markup in drawings.values() for style in STYLE.findall(markup))
        is_first = not self._names
        for style, _ in counts.most_common():
            later = f"b{sha256(style.encode()).hexdigest()[:5]}"
            self._names.setdefault(style, f"a{len(self._names)}" if is_first else later)
        self.words += map(words, drawings.values())
        names = self._names
        return {key: STYLE.sub(lambda match: f' class="{names[match[1]]}"', it) for key, it in drawings.items()}

    @property
    def sheet(self) -> str:
        """Return the style sheet of the classes."""
        first = {style: name for style, name in self._names.items() if name.startswith("a")}
        later = dict(sorted(self._names.items() - first.items()))
        return "".join(f".{name}{{{unescape(style)}}}" for style, name in (first | later).items())


def faces(texts: Iterable[str]) -> str:
    """Return the CSS of the figures' face, regular and bold, with the characters of `texts` and no others."""
    needed = tuple(sorted({ord(character) for text in texts for character in text if character.isprintable()}))
    return "".join(
        f'@font-face{{font-family:"{FIGURE_FACES[0]}";font-weight:{weight};src:url(data:font/ttf;base64,{data})}}'
        for weight, data in ((400, _subset("DejaVuSans.ttf", needed)), (700, _subset("DejaVuSans-Bold.ttf", needed)))
    )


def words(markup: str) -> str:
    """Return the words written in a drawing."""
    return "".join(re.findall(r">([^<]+)<", markup))


def shipped_fonts() -> Path:
    """Return the folder of the fonts that matplotlib ships, without importing it, which takes longer."""
    spec = find_spec("matplotlib")
    [matplotlib] = (spec and spec.submodule_search_locations) or [""]
    return Path(matplotlib, "mpl-data", "fonts", "ttf")


@cache
def _subset(file: str, characters: tuple[int, ...]) -> str:
    """Return a font of matplotlib's with these characters only, in base64; compression would differ by system."""
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    options = Options(hinting=False, layout_features=["kern"], name_IDs=[1, 2], notdef_outline=True)
    options.drop_tables += ["FFTM"]
    font = TTFont(shipped_fonts() / file, recalcTimestamp=False)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=list(characters))
    subsetter.subset(font)
    out = BytesIO()
    font.save(out)
    return base64.b64encode(out.getvalue()).decode()


def _referenced_ids(element: Element) -> list[str]:
    """Return the ids that an element refers to."""
    link = element.get(LINK) or element.get("href") or ""
    return [link[1:], *re.findall(r"url\(#([^)]+)\)", element.get("clip-path", ""))]


def _markup(element: Element, names: Mapping[str, str]) -> str:
    """Return the element as markup of the page, nothing if it shows nothing."""
    tag = str(element.tag).removeprefix(SVG)
    if tag in IGNORED or (tag == "style" and (element.text or "").strip() in ("", ROUND)):
        return ""
    if tag not in SHAPES | GROUPS:
        raise NotPlain(f"element <{tag}>")
    attributes = _attributes(element, tag, names)
    inner = _escaped(element.text) if tag in ("text", "tspan") else ""
    for child in element:
        inner += _markup(child, names) + (_escaped(child.tail) if tag in ("text", "tspan") else "")
    if tag in GROUPS and not inner:
        return ""
    if tag == "g" and not attributes:
        return inner
    written = "".join(f' {name}="{_escaped(value)}"' for name, value in attributes.items())
    return f"<{tag}{written}>{inner}</{tag}>" if inner else f"<{tag}{written}/>"


def _attributes(element: Element, tag: str, names: Mapping[str, str]) -> dict[str, str]:
    """Return the attributes of an element that matter, ids by their new names, numbers short."""
    kept: dict[str, str] = {}
    clip = ""
    styles = dict(part.split(":", 1) for part in element.get("style", "").split(";") if ":" in part)
    for name, value in element.attrib.items():
        if name == "id":
            if value in names:
                kept["id"] = names[value]
            elif tag == "g" and (marked := MARK.fullmatch(value)):
                kept["data-of"] = " ".join(marked[1][1:].split("."))
        elif name in (LINK, "href"):
            if not value.startswith("#") or value[1:] not in names:
                raise NotPlain(f"link to {value[:40]}")
            kept["href"] = f"#{names[value[1:]]}"
        elif name == "clip-path":
            clip = _clip(value, names)
        elif name in STYLES:
            styles.setdefault(name, value)
        elif name in GEOMETRY:
            short = _short(value, 2 if name in ("viewBox", "d") and "id" in element.attrib else 1)
            kept[name] = _along(short) if name == "d" else short
        elif name not in ("style", "version", "{http://www.w3.org/XML/1998/namespace}space"):
            raise NotPlain(f"attribute {name} of <{tag}>")
    if kept.get("transform", "").startswith(("rotate(0 ", "rotate(-0 ")):
        del kept["transform"]
    style = (_style({name.strip(): value.strip() for name, value in styles.items()}, tag) + clip).lstrip(";")
    return kept | ({"style": style} if style else {})


def _clip(value: str, names: Mapping[str, str]) -> str:
    """Return the style of an element that is clipped by another one of the drawing."""
    match = re.fullmatch(r"url\(#([^)]+)\)", value)
    if not match or match[1] not in names:
        raise NotPlain(f"clip-path {value[:40]}")
    return f";clip-path:url(#{names[match[1]]})"


def _style(styles: dict[str, str], tag: str) -> str:
    shown = []
    for name, value in styles.items():
        if name == "font-family" or DEFAULTS.get(name) == value:
            continue
        if name not in STYLES or not re.fullmatch(r"[\w.#%, -]+", value):
            raise NotPlain(f"style {name}: {value[:40]}")
        colour = COLOUR_NAMES.get(value.lower())
        shown.append(f"{name}:{f'var(--{colour})' if colour else value}")
    if tag == "text" and "fill:var(--ink)" in shown:
        shown.remove("fill:var(--ink)")
    return ";".join(shown)


def _short(value: str, decimals: int) -> str:
    """Return numbers with so many decimals and no more spaces than they need.

    >>> _short("M 161.512713 285.4 L 0.001 3.00024 z ", 2)
    'M161.51 285.4L0 3z'
    """
    rounded = re.sub(r"-?\d+\.\d+", lambda match: f"{float(match[0]):.{decimals}f}".rstrip("0").rstrip("."), value)
    return re.sub(r"\s*([A-Za-z])\s*", r"\1", re.sub(r"-0(?![\d.])", "0", " ".join(rounded.split())))


def _along(path: str) -> str:
    """Return a path whose level and upright lines say only how far they go: bars of one width then look alike.

    >>> _along("M1 2L5.1 2L5.1 4L1 4zM0 0L1 1")
    'M1 2h4.1v2h-4.1zM0 0L1 1'
    """
    written, at = "", [""]
    for command, numbers in re.findall(r"([A-Za-z])([^A-Za-z]*)", path):
        to = numbers.split()
        level, upright = (command == "L" and len(to) == len(at) == 2 and to[axis] == at[axis] for axis in (1, 0))
        written += f"h{_far(at[0], to[0])}" if level else f"v{_far(at[1], to[1])}" if upright else command + numbers
        at = to[-2:] if command in "MLQC" else [""]
    return written


def _far(start: str, end: str) -> str:
    """Return how far it is from one number to another.

    >>> _far("5.1", "1.1"), _far("3", "13")
    ('-4', '10')
    """
    return f"{(Decimal(end) - Decimal(start)).normalize():f}"


def _escaped(text: str | None) -> str:
    return escape(text or "", {'"': "&quot;"})
