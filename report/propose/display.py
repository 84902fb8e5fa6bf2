"""Proposals in JupyterLab: the text with its figures marked, and the proposed rows as a small table below it."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from pathlib import Path

from report.folders import Folders
from report.propose.proposals import Proposal, TextReading
from report.propose.registered import read_registered
from report.propose.summary import denominator, describe, figure_text, period_text, width_text

__all__ = ["Shown", "show_proposals"]

_HEADINGS = ("", "line", "printed", "figure", "hedge", "period", "indicator", "repeats")
_STYLE = (
    "<style>.proposals mark{background:#ffe08a;color:inherit;font-weight:600}.proposals p{margin:.3em 0;max-width:60em}"
    ".proposals .line{color:#767676;margin-right:.6em}.proposals td,.proposals th{text-align:left;vertical-align:top}"
    "</style>"
)


@dataclass(frozen=True)
class Shown:
    """What was read in a text, for a notebook: as HTML, or as lines of text."""

    reading: TextReading

    def __repr__(self) -> str:
        return "\n".join(describe(self.reading))

    def _repr_html_(self) -> str:
        lines: dict[int, list[Proposal]] = {}
        for one in self.reading.claims:
            lines.setdefault(one.line, []).append(one)
        text = "".join(_marked(self.reading.text.plain_lines[line - 1], line, found) for line, found in lines.items())
        rows = "".join(map(_row, self.reading.claims))
        head = "".join(f'<th scope="col">{name}</th>' for name in _HEADINGS)
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>" if rows else ""
        return f'{_STYLE}<div class="proposals"><p>{escape(denominator(self.reading))}</p>{text}{table}</div>'


def _marked(line: str, number: int, found: list[Proposal]) -> str:
    """Return a line with its figures marked; where two overlap, the first is."""
    parts, place = [], 0
    for one in sorted(found, key=lambda one: one.span):
        start, end = one.span
        if start >= place:
            mark = f'<mark title="{escape(one.id)}">{escape(line[start:end])}</mark>'
            parts += [escape(line[place:start]), mark]
            place = end
    return f'<p><span class="line">{number}</span>{"".join(parts)}{escape(line[place:])}</p>'


def _row(one: Proposal) -> str:
    row = one.row
    cells = (
        row["id"], row["line"], row["printed"], figure_text(row), width_text(row), period_text(row), row["indicator"],
        row["repeats"],
    )  # fmt: skip
    return f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"


def show_proposals(path: str | Path, source: str = "", data: str | Path | None = None) -> Shown:
    """Return what is proposed for a text, as a cell of a notebook shows it; `source` is its id in sources.csv.

    Raises WrongInput where the text or the source cannot be used.
    """
    folder = Path(data) if data else Folders().own_data
    return Shown(read_registered(Path(path), source, folder)[0])
