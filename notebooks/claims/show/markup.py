"""Tables, figures and running text as HTML for JupyterLab: safe, aligned, and linked as on the page.

A link goes to the published page, as seen from the folder of the notebooks; its tooltip has the evidence of what it
links to. A `$` is a dollar: JupyterLab looks for formulas everywhere but in what has the classes of `NO_FORMULAS`.
"""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from claims.content.phrases import MARKS, Anchor, Link, Marked, Part, Phrase, may_link, part_text
from claims.content.tables import Cell, Figure, Table
from claims.ledger.model import Claim, Ledger, Official
from claims.results.store import Results
from claims.words import labels, numerals
from claims.words.values import range_text, value_text

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

__all__ = [
    "NO_FORMULAS", "PAGE", "as_table", "evidence", "figure_html", "figure_text", "markdown_html",
    "phrase_html", "published", "table_html",
]  # fmt: skip

PAGE = "../report/published/report.html"
NO_FORMULAS = "mathjax_ignore tex2jax_ignore"  # to MathJax since its third version, as in JupyterLab; and before
_BOX = f'<div id="{{}}" class="{NO_FORMULAS}">'
_TITLE = "color: inherit; font-size: 1.1em; font-weight: bold; text-align: left"
_NOTE = "font-size: 0.9em; max-width: 60em"


def table_html(table: Table, results: Results) -> str:
    """Return a table with its title, caption and source line."""
    sides = [f' style="text-align: {column.align}"' for column in table.columns]
    headings = (phrase_html(column.label, results) for column in table.columns)
    head = "".join(f"<th{side}>{heading}</th>" for side, heading in zip(sides, headings, strict=True))
    body = "".join(f"<tr>{_row_html(row, sides, results)}</tr>" for row in table.rows)
    title = f'<caption style="{_TITLE}">{markdown_html(table.title, results)}</caption>'
    content = f"<table>{title}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return f"{_BOX.format(html.escape(table.id))}{content}{_notes(table, results)}</div>"


def figure_html(figure: Figure, picture: str, results: Results) -> str:
    """Return a figure, `picture` being its SVG, with its title, alt text, caption and source line."""
    address = f"data:image/svg+xml;base64,{base64.b64encode(picture.encode()).decode()}"
    title = f'<p style="{_TITLE}">{markdown_html(figure.title, results)}</p>'
    image = f'<img alt="{html.escape(str(figure.alt))}" src="{address}" style="background: white; max-width: 100%">'
    return f"{_BOX.format(html.escape(figure.id))}{title}{image}{_notes(figure, results)}</div>"


def _notes(content: Table | Figure, results: Results) -> str:
    """Return caption and source line, "" for what is empty."""
    notes = content.caption, f"Source: {content.source}" if content.source else ""
    return "".join(f'<p style="{_NOTE}">{markdown_html(note, results)}</p>' for note in notes if note)


def _row_html(row: Sequence[Cell], sides: Sequence[str], results: Results) -> str:
    return "".join(f"<td{side}>{_cell_html(cell, results)}</td>" for side, cell in zip(sides, row, strict=True))


def _cell_html(cell: Cell, results: Results) -> str:
    """Return a cell, its phrases with commas between them."""
    return ", ".join(phrase_html(phrase, results) for phrase in cell.phrases)


def phrase_html(phrase: Phrase, results: Results | None) -> str:
    """Return running text, every word escaped: links with their evidence, anchors, and marked words."""
    return "".join(_part_html(part, results) for part in phrase.parts)


def _part_html(part: Part, results: Results | None) -> str:
    text = html.escape(part_text(part))
    match part:
        case Link():
            return f"{_opening(part.href, results)}{text}</a>"
        case Anchor():
            return f'<span id="{html.escape(part.id)}">{text}</span>'
        case Marked():
            return f"<{MARKS[part.kind]}>{text}</{MARKS[part.kind]}>"
    return text


def _opening(href: str, results: Results | None) -> str:
    """Return the opening tag of a link, which has no target if it must not; one in the report goes to its page."""
    if not may_link(href):
        return "<a>"
    if not href.startswith("#"):
        return f'<a href="{html.escape(href)}">'
    hint = evidence(results, href[1:]) if results else ""
    title = f' title="{html.escape(hint)}"' if hint else ""
    return f'<a href="{PAGE}{html.escape(href)}"{title}>'


def markdown_html(text: str, results: Results | None = None) -> str:
    r"""Return one line of an author's Markdown; of HTML's tags only those that mark words stay.

    >>> markdown_html("<time>Quarters</time> of *S1*: \\$5, <b>x</b>")
    '<time>Quarters</time> of <em>S1</em>: $5, &lt;b&gt;x&lt;/b&gt;'
    """
    return _parser().renderInline(text, {"results": results})


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"typographer": True}).enable("smartquotes").disable("image")
    parser.add_render_rule("link_open", lambda _, tokens, place, *rest: _link(tokens[place].attrs["href"], rest[-1]))
    parser.add_render_rule("html_inline", lambda _, tokens, place, *rest: _mark(tokens[place].content))
    return parser


def _link(href: object, environment: Mapping[str, Any]) -> str:
    return _opening(str(href), environment["results"])


def _mark(tag: str) -> str:
    return tag if re.fullmatch(rf"</?({'|'.join(MARKS.values())})>", tag) else html.escape(tag)


def evidence(results: Results, target: str) -> str:
    """Return the evidence of a figure or finding in a line, by the anchor that links use, "" if there is none."""
    if target in results.ledger.claims or target in results.ledger.official:
        return f"{figure_text(results.ledger, results.ledger.figure(target))} ({results.name_of(target)})"
    finding = results.findings.get(target.removeprefix("f-").replace("-", "_"))
    if finding is None or finding.anchor != target:
        return ""
    formula = re.sub(r"[{}]", "", finding.expression)
    return f"{finding.label}: {value_text(finding)}, {range_text(finding)}; {formula} ({results.name_of(finding.id)})"


def figure_text(ledger: Ledger, figure: Claim | Official) -> str:
    """Return a claim or an official figure in a line: as printed or quoted, its interval, of what, where, by whom."""
    label = f"{ledger.indicators[figure.indicator].label}, {figure.period.label}"
    span = numerals.range_text(ledger.interval(figure), figure.unit)
    if isinstance(figure, Official):
        return f"{labels.claim_text(figure)}, usually read as {span}; {label}; {', '.join(published(figure))}"
    source = f"{figure.source}, line {figure.line}: {ledger.sources[figure.source].title}"
    stated = f"; stated by {figure.stated_by}" if figure.stated_by else ""
    return f"“{figure.printed}”, usually read as {span}; {label}; {source}{stated}"


def published(official: Official) -> list[str]:
    """Return who published the page of an official figure, and when, as far as it is known."""
    return [text for text in (official.page_publisher, official.date_published) if text]


def as_table(caption: str, rows: Iterable[tuple[str, str]]) -> str:
    """Return rows of a name and a text as a table, every word escaped; rows without a text are left out.

    >>> as_table("A <b>", [("Of", "x & y")]).partition("<tbody>")[2].replace(' style="text-align: left"', "")
    '<tr><th>Of</th><td>x &amp; y</td></tr></tbody></table>'
    """
    left = ' style="text-align: left"'
    filled = ((html.escape(name), html.escape(text)) for name, text in rows if text)
    body = "".join(f"<tr><th{left}>{name}</th><td{left}>{text}</td></tr>" for name, text in filled)
    title = f'<caption style="{_TITLE}">{html.escape(caption)}</caption>'
    return f'<table class="{NO_FORMULAS}">{title}<tbody>{body}</tbody></table>'
