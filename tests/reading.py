"""Checks of what a screen reader reads aloud: stricter than an accessibility checker, which accepts any words.

Each check takes the parsed page and returns its problems and how many things it examined.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from lxml import html
from lxml.html import HtmlElement

LEAST_ALT = 40  # letters that describe a figure of the report
FILLERS = {
    "", "alt", "caption", "chart", "click", "click here", "details", "diagram", "figure", "graph", "here", "icon",
    "image", "img", "link", "logo", "more", "no description", "none", "null", "nan", "photo", "picture", "plot",
    "read more", "see", "see here", "show", "summary", "table", "tbd", "this", "title", "todo", "toggle", "undefined",
    "untitled",
}  # fmt: skip
FILLER = re.compile(
    r"no description has been provided.*|(image|figure|table|chart|picture|untitled)[ _-]?\d*"
    r"|[\w-]+\.(png|svg|jpe?g|gif)"
)
HEADINGS = [f"h{level}" for level in range(1, 7)]
REFERENCES = (
    "for", "headers", "list", "popovertarget", "commandfor", "aria-labelledby", "aria-describedby",
    "aria-controls", "aria-owns", "aria-details", "aria-flowto", "aria-activedescendant", "aria-errormessage",
)  # fmt: skip
LANDMARKS = {"main": "main", "nav": "navigation", "aside": "complementary", "search": "search"}
# An id of the ledger or a bare figure: what a reader hears of such a link alone is its place in a register.
BARE = re.compile(r"[\W\d_]*|[a-z]{0,2}\d+|.{0,24}\d.{0,24}")


class Examined(NamedTuple):
    """The result of a check: its problems, and the number of things it examined."""

    problems: list[str]
    count: int


def parsed(text: str) -> HtmlElement:
    """Return the page as a tree."""
    return html.document_fromstring(text.encode("utf-8"), parser=html.HTMLParser(encoding="utf-8"))


def words(element: HtmlElement | None) -> str:
    """Return an element's text with single spaces, without what is hidden from a screen reader."""
    if element is None:
        return ""
    hidden = element.xpath(".//*[@aria-hidden='true']")
    skipped = {id(inner) for outer in hidden for inner in outer.iter()}
    elements: list[str] = []

    def gather(node: HtmlElement) -> None:
        if id(node) not in skipped and isinstance(node.tag, str):
            elements.append(node.text or "")
            for child in node:
                gather(child)
                elements.append(child.tail or "")
                if child.tag in ("br", "p", "div", "li"):
                    elements.append(" ")

    gather(element)
    return " ".join("".join(elements).split())


def plain(text: str) -> str:
    """Return a text as it is compared: lower case, words and figures alone."""
    return " ".join(re.findall(r"[\w%]+", text.lower()))


def is_filler(text: str) -> bool:
    """Return whether a text says nothing about what it describes."""
    bare = text.strip().lower().rstrip(".:…")
    return bare in FILLERS or plain(text) in FILLERS or bool(FILLER.fullmatch(bare)) or not re.search(r"\w", text)


def repeated(texts: Iterable[tuple[str, str]], what: str) -> list[str]:
    """Return a problem for every text that is in more than one place; `texts` are pairs of place and text."""
    places = defaultdict(list)
    for place, text in texts:
        places[plain(text)].append(place)
    return [
        f"{what} “{text}” occurs {len(at)} times: {', '.join(at[:3])}" for text, at in places.items() if len(at) > 1
    ]


def place(element: HtmlElement) -> str:
    """Return the place of an element: its own id or the nearest one around it."""
    around = next((up.get("id") for up in (element, *element.iterancestors()) if up.get("id")), "")
    return f"{element.tag} in #{around}" if around else f"{element.tag}, line {element.sourceline}"


def pictures(page: HtmlElement) -> Iterator[tuple[HtmlElement, str]]:
    """Yield every picture with its alternative text."""
    for image in page.xpath(".//img"):
        yield image, image.get("alt", "")
    for drawn in page.xpath(".//*[@role='img'] | .//svg[not(ancestor-or-self::*[@aria-hidden='true'])]"):
        if drawn.tag != "img" and drawn.getparent() is not None and not drawn.xpath("ancestor::svg"):
            yield drawn, drawn.get("aria-label") or words(drawn.find("title"))


def told_beside(picture: HtmlElement) -> list[tuple[str, str]]:
    """Return the title and the caption beside a picture, without their labels."""
    figure = next(picture.iterancestors("figure"), None)
    if figure is None:
        return []
    notes = [("caption", words(note)) for note in figure.xpath("./*[contains(@class, 'notes')]/p")]
    return [("title", unlabelled(caption)) for caption in figure.iter("figcaption")] + notes


def alternatives(page: HtmlElement) -> Examined:
    """Every picture has a text of its own that describes it and is no copy of its title or caption."""
    elements = list(pictures(page))
    problems = repeated([(place(picture), alt) for picture, alt in elements], "the alternative text")
    for picture, alt in elements:
        if is_filler(alt):
            problems.append(f"{place(picture)}: “{alt}” says nothing")
        elif len(alt) < LEAST_ALT:
            problems.append(f"{place(picture)}: “{alt}” is too short to describe what is shown")
        for kind, text in told_beside(picture):
            one, other = plain(alt), plain(text)
            if one and other and (one in other or other in one):
                problems.append(f"{place(picture)}: the alternative text and the {kind} are one: “{text}”")
    return Examined(problems, len(elements))


def unlabelled(caption: HtmlElement) -> str:
    """Return a caption without its “Table 3”; with it where nothing else follows “Numbers behind”."""
    label = words(next(iter(caption.xpath(".//*[contains(@class, 'label')]")), None))
    text = words(caption)
    rest = text.replace(label, "", 1).strip() if label else text
    return rest or text


def captions(page: HtmlElement) -> Examined:
    """Every figure and table has a caption; all differ, and each describes what is below it."""
    elements = page.xpath("//figcaption | //caption")
    problems = repeated([(place(caption), unlabelled(caption)) for caption in elements], "the caption")
    problems += [f"{place(one)}: “{words(one)}” says nothing" for one in elements if is_filler(unlabelled(one))]
    problems += [f"{place(table)} has no caption" for table in page.iter("table") if table.find("caption") is None]
    problems += [f"{place(figure)} has no caption" for figure in page.xpath("//figure[not(.//figcaption)]")]
    return Examined(problems, len(elements))


def tables(page: HtmlElement) -> Examined:
    """Every table has headers with a scope, none of them empty, and no two columns of one table are called the same."""
    problems = []
    cells = 0
    for table in page.iter("table"):
        headers = table.xpath(".//th")
        cells += len(headers)
        if not headers:
            problems.append(f"{place(table)} has no header")
        problems += [f"{place(th)}: a header is empty" for th in headers if not words(th) and not th.get("aria-label")]
        scopes = {"col", "row", "colgroup", "rowgroup"}
        problems += [f"{place(th)}: “{words(th)}” has no scope" for th in headers if th.get("scope") not in scopes]
        called = Counter(columns(table))
        twice = [" / ".join(name) for name, count in called.items() if count > 1]
        problems += [f"{place(table)}: {name!r} heads two columns" for name in twice]
    return Examined(problems, cells)


def columns(table: HtmlElement) -> list[tuple[str, ...]]:
    """Return what heads each column: the words above it, from top to bottom."""
    grid: dict[tuple[int, int], str] = {}
    rows = table.xpath("./thead/tr")
    for top, row in enumerate(rows):
        left = 0
        for cell in row.xpath("./th | ./td"):
            while (top, left) in grid:
                left += 1
            for down in range(int(cell.get("rowspan", 1))):
                for right in range(int(cell.get("colspan", 1))):
                    grid[top + down, left + right] = words(cell) if down == 0 else ""
    width = 1 + max((left for _, left in grid), default=-1)
    return [tuple(filter(None, (grid.get((top, left), "") for top in range(len(rows))))) for left in range(width)]


def headings(page: HtmlElement) -> Examined:
    """One title and first of all; no level is left out; no two headings under one are the same; none is empty."""
    elements = page.xpath("|".join(f"//{name}" for name in HEADINGS))
    levels = [int(heading.tag[1]) for heading in elements]
    problems = (
        [] if levels.count(1) == 1 and levels[0] == 1 else [f"{levels.count(1)} titles; the first is h{levels[:1]}"]
    )
    problems += [
        f"{place(elements[i + 1])}: h{after} follows h{before}"
        for i, (before, after) in enumerate(pairwise(levels))
        if after > before + 1
    ]
    trail: list[str] = []
    under = []
    for heading, level in zip(elements, levels, strict=True):
        trail = [*trail[: level - 1], words(heading)]
        under.append((place(heading), " / ".join(trail)))
        if is_filler(words(heading)):
            problems.append(f"{place(heading)}: “{words(heading)}” is no heading")
    return Examined(problems + repeated(under, "the heading"), len(elements))


def links(page: HtmlElement) -> Examined:
    """A link describes its target, and in one section, or one row of a table, one text in words has one target.

    A bare figure or id ("7.3%", "c044") is described by the sentence around it, or by the headers of its cell: two
    equal figures of one sentence may link to two rows. `bare_links` checks that there is such a sentence or cell.
    """
    problems = []
    targets: dict[tuple[str, str], set[str]] = defaultdict(set)
    count = 0
    for link, section in sectioned(page):
        if link.get("aria-hidden") == "true":
            continue
        count += 1
        text = link.get("aria-label") or words(link) or " ".join(alt for _, alt in pictures(link))
        if is_filler(text) and not re.search(r"\d", text):
            problems.append(f"{place(link)}: “{text}” does not describe its target")
        if not describes_itself(link) and not BARE.fullmatch(text):
            targets[row(link) or section, text].add(link.get("href"))
    several = {at: places for at, places in targets.items() if len(places) > 1}
    problems += [
        f"“{text}” links to {', '.join(sorted(places)[:4])} within {within.partition('@')[0]}"
        for (within, text), places in several.items()
    ]
    return Examined(problems, count)


def bare_links(page: HtmlElement) -> Examined:
    """A link whose text is a bare figure or id is in a sentence or a headed cell that describes it."""
    elements = [
        link
        for link in page.xpath("//main//a[@href][not(ancestor::nav)]")
        if words(link) and BARE.fullmatch(words(link))
    ]
    headed = {table for table in page.iter("table") if table.xpath(".//th[@scope]")}
    alone = [link for link in elements if not describes_itself(link) and not is_described(link, headed)]
    return Examined([f"{place(link)}: “{words(link)}” is not described" for link in alone], len(elements))


def is_described(link: HtmlElement, headed: set[HtmlElement]) -> bool:
    """Tell whether the cell around a link has headers, or the sentence around it words of its own."""
    around = next(
        link.iterancestors("p", "li", "td", "th", "caption", "figcaption", "dd", "dt", "summary", *HEADINGS), None
    )
    if around is None:
        return False
    if around.tag == "dd":
        return bool(words(around.getprevious()))  # its name
    if around.tag in ("td", "th"):
        return next(around.iterancestors("table")) in headed
    inside = sum(len(re.findall(r"[^\W\d]+", words(other))) for other in around.iter("a"))
    return len(re.findall(r"[^\W\d]+", words(around))) > inside


def describes_itself(link: HtmlElement) -> bool:
    """Return whether a link has words of its own about its target."""
    return any(
        link.get(name) for name in ("aria-label", "aria-labelledby", "aria-describedby", "aria-details", "title")
    )


def sectioned(page: HtmlElement) -> Iterator[tuple[HtmlElement, str]]:
    """Yield every link with the id of its section; contents are sections of their own."""
    section = "the beginning"
    for element in page.iter("a", "nav", *HEADINGS):
        if element.tag == "a":
            if element.get("href") is not None:
                around = next(element.iterancestors("nav"), None)
                yield element, place(around) + f"@{id(around)}" if around is not None else section
        elif element.tag in HEADINGS:
            section = element.get("id") or words(element)


def row(link: HtmlElement) -> str:
    """Return the row, or the named description, of a link, if it is in one: its subject distinguishes its links."""
    around = next(link.iterancestors("tr", "dd"), None)
    return "" if around is None else f"{place(around)}@{around.getroottree().getpath(around)}"


def ids(page: HtmlElement) -> Examined:
    """Every id is the only one of its kind, and none is empty or has a blank in it."""
    elements = [element.get("id") for element in page.xpath("//*[@id]")]
    problems = [f"#{id} occurs {count} times" for id, count in Counter(elements).items() if count > 1]
    return Examined(problems + [f"{id!r} is no id" for id in elements if not id or re.search(r"\s", id)], len(elements))


def references(page: HtmlElement) -> Examined:
    """Whatever names another element, by a link or an attribute, names one that is there."""
    there = set(page.xpath("//@id"))
    named = [(link, link.get("href")[1:]) for link in page.xpath("//a[starts-with(@href, '#')]")]
    for name in REFERENCES:
        named += [(one, id) for one in page.xpath(f"//*[@{name}]") for id in one.get(name).split() or [""]]
    return Examined(
        [f"{place(one)} names #{id}, which is not there" for one, id in named if id not in there], len(named)
    )


def landmarks(page: HtmlElement) -> Examined:
    """The page has a language, a title and one main part, and landmarks of one kind differ by name."""
    problems = [] if page.get("lang", "").strip() else ["the page has no language"]
    problems += [] if words(page.find(".//title")) else ["the page has no title"]
    mains = page.xpath("//main | //*[@role='main']")
    problems += [] if len(mains) == 1 else [f"{len(mains)} main parts"]
    elements = [
        (one.get("role") or LANDMARKS.get(one.tag, ""), one.get("aria-label") or words(named(page, one)), one)
        for one in page.xpath(
            "//nav | //aside | //search | //*[@role='navigation' or @role='region' or @role='search']"
        )
    ]
    problems += [f"{place(one)} has no name" for role, name, one in elements if role != "complementary" and not name]
    # Two forms of one thing, of which only one is ever shown, may share its name.
    twins = {("navigation", "Contents")}
    kept = [(place(one), f"{role} {name}") for role, name, one in elements if (role, name) not in twins]
    return Examined(problems + repeated(kept, "the landmark"), len(elements) + len(mains))


def named(page: HtmlElement, element: HtmlElement) -> HtmlElement | None:
    """Return the element that labels another."""
    label = element.get("aria-labelledby", "").split()
    return next(iter(page.xpath("//*[@id=$id]", id=label[0])), None) if label else None


def focus_order(page: HtmlElement) -> Examined:
    """The first link skips to the main part, the order of tab stops is that of the page, nothing takes the focus."""
    stops = page.xpath("//a[@href] | //button | //summary | //input | //select | //textarea | //*[@tabindex]")
    first = stops[0].get("href", "") if stops else ""
    targets = page.xpath("//*[@id=$id]", id=first[1:]) if first.startswith("#") else []
    problems = (
        [] if any(one.tag == "main" or one.xpath(".//main") for one in targets) else ["the first stop skips to no main"]
    )
    late = [one for one in page.xpath("//*[@tabindex]") if int(one.get("tabindex")) > 0]
    problems += [f"{place(one)} has the tabindex {one.get('tabindex')}" for one in late]
    problems += [f"{place(one)} takes the focus by itself" for one in page.xpath("//*[@autofocus]")]
    return Examined(problems, len(stops))


def folds(page: HtmlElement) -> Examined:
    """Every folded part has a summary of its content, and no two are the same."""
    elements = page.xpath("//details")
    problems = [f"{place(one)} has no summary" for one in elements if not len(one) or one[0].tag != "summary"]
    summaries = [(place(one), one.get("aria-label") or words(one)) for one in page.iter("summary")]
    contents = [(at, text) for at, text in summaries if text != "Contents"]
    problems += [f"{at}: “{text}” says nothing" for at, text in summaries if is_filler(text)]
    return Examined(problems + repeated(contents, "the summary"), len(elements))


CHECKS: dict[str, Callable[[HtmlElement], Examined]] = {
    check.__name__: check
    for check in (
        alternatives, captions, tables, headings, links, bare_links, ids, references, landmarks, focus_order, folds,
    )
}  # fmt: skip
