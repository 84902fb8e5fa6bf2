"""A small report with everything a page may have, written by hand: no kernel, no ledger."""

from __future__ import annotations

from collections.abc import Mapping

import nbformat.v4 as v4
from claims.content.phrases import Anchor, CitedIn, Link
from claims.content.tables import FIGURE, TABLE, Table
from made_up import book

from report.pages.assemble import assemble
from report.pages.derivations import findings_table
from report.pages.registers import LEDGER, RUN_CARD, SOURCES, fill
from report.runs.extract import FINDINGS

HOSTILE = [
    "<script>alert(1)</script>",
    "#set page(width: 1pt)",
    "$x$ and *b* and _c_",
    "[link](https://evil.example) `code`",
    "中国 trade",
    "қазақ ₸ ¥",
    'a "quoted" \\ back',
    "</td></table> &amp;",
    "= no heading // no comment @no-label <no-label>",
]
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="504pt" height="200pt" viewBox="0 0 504 200">'
    '<rect x="10" y="10" width="80" height="80"/><text x="10" y="150" font-family="DejaVu Sans">USD bn</text></svg>'
)
ALT = "Trade rises from 21 to 44 billion dollars; <fastest> in 2023."
ALT_RUNS = [
    "Trade rises from ",
    {"text": "21", "href": "#c001"},
    " to ",
    {"text": "44", "href": "#f-growth"},
    " billion dollars; <fastest> in ",
    {"text": "2023", "kind": "date"},
    ".",
]


def markdown(text: str, name: str):
    return v4.new_markdown_cell(text, id=name)


def code(source: str, name: str, *outputs, tags=()):
    return v4.new_code_cell(source, id=name, outputs=list(outputs), metadata={"tags": list(tags)} if tags else {})


def display(**bundle):
    return v4.new_output("display_data", {key.replace("__", "/"): value for key, value in bundle.items()})


def table(name: str, rows: list, **texts):
    columns = [{"key": "a", "label": "Claim"}, {"key": "b", "label": "Share", "unit": "%", "align": "right"}]
    return v4.new_output(
        "display_data", {TABLE: {"id": name, "columns": columns, "rows": rows, **texts}, "text/plain": "a table"}
    )


def figure(name: str, **texts):
    payload = {
        "id": name,
        "name": "growth",
        "alt": {"runs": ALT_RUNS},
        "columns": [{"key": "y", "label": "Year"}],
        "rows": [["2023"], ["2024"]],
    }
    return v4.new_output("display_data", {FIGURE: {**payload, **texts}, "image/svg+xml": SVG, "text/plain": "a figure"})


def chapter(prefix: str, title: str):
    numbers = "Trade grew [7.3 %](#f-growth) after [32 %](#c001)"
    sentence = f"{numbers}: [Figure](#fig-{prefix}) and [Table](#tbl-{prefix}), by [S1](#S1)."
    return v4.new_notebook(
        cells=[
            markdown(f"# {title}\n\nProse with *emphasis* and $v_1 / v_0$.", "title"),
            code("digits = 2", "parameters", tags=["parameters"]),
            code("import claims", "imports"),
            code("say(...)", "say", display(text__markdown=sentence, text__plain=sentence)),
            code(
                "keep(...)",
                "keep",
                v4.new_output("display_data", {FINDINGS: {"findings": []}, "text/plain": "1 findings"}),
            ),
            markdown("## How fast?\n\n$$ g = \\frac{v_1}{v_0} - 1 $$", "how"),
            code(
                "chart()",
                "chart",
                figure(f"fig-{prefix}", title="Trade *doubled*", caption="See [c002](#c002).", source="[S1](#S1)"),
            ),
            code(
                "table()",
                "table",
                table(f"tbl-{prefix}", [[text, f"{i}.5"] for i, text in enumerate(HOSTILE)], title="Shares"),
            ),
            markdown("## What this does not show\n\nCauses; see [the other](20_growth.ipynb).", "limits"),
        ]
    )


def chapters_of_length(rows: Mapping[str, int], before: int = 0, after: int = 1):
    """Return a report with a chapter for each name: a table of so many rows, paragraphs, a figure, and more of them."""
    made = {}
    for name, count in rows.items():
        shown = [[f"row-{name}-{i}", "1"] for i in range(count)]
        words = "Words that fill a few lines of the page. " * 12
        made[f"10_{name}"] = v4.new_notebook(
            cells=[
                markdown(f"# Chapter {name}\n\n{words}", "title"),
                code("table()", "table", table(f"tbl-{name}", shown, title="Rows")),
                markdown("\n\n".join([words] * before), "before"),
                code("chart()", "chart", figure(f"fig-{name}", title="Trade", caption="Dollars.", source="None")),
                markdown("\n\n".join([words] * after) + "\n\nThe end of this chapter.", "limits"),
            ]
        )
    return assemble(made, tables(3), METADATA)


def claims(count: int) -> Table:
    """Return the appendix of the ledger with so many claims, hostile texts among them."""
    return fill(
        LEDGER,
        (
            {
                "id": Anchor(f"c{i:03}", f"c{i:03}"),
                "source": Link(f"S1, line {i}", "S1"),
                "printed": HOSTILE[i % len(HOSTILE)],
                "indicator": "Trade turnover",
                "period": "2023",
                "used_by": [Link("growth", "f-growth"), CitedIn(f"c{i:03}")],
            }
            for i in range(1, count + 1)
        ),
    )


def findings() -> list[dict]:
    return [
        {
            "id": "growth",
            "label": "Growth",
            "text": "7.3 %",
            "expression": "{last} ÷ {first}",
            "inputs": {"last": "c001", "first": "c002"},
        }
    ]


METADATA = {
    "title": "Five texts & one ledger",
    "subtitle": "What is printed",
    "date": "2025-06-03",
    "description": "A <small> sample.",
    "attachments": [
        {"name": "claims.csv", "media_type": "text/csv", "description": "The ledger", "text": "id\nc001\n"}
    ],
}


def notebooks() -> dict:
    return {
        "10_shares": chapter("shares", "Where does it go?"),
        "20_growth": chapter("growth", "How fast did it grow?"),
    }


def tables(rows: int = 130, found: list[dict] | None = None) -> dict[str, Table]:
    card = {"name": Anchor("digits", "p-digits"), "value": "2", "meaning": "Digits", "notebooks": Link("20", "growth")}
    source = {"id": Anchor("S1", "S1"), "title": "A text 中", "claims": None, "sha256": "ab" * 6}
    return {
        "run_card": fill(RUN_CARD, [card]),
        "sources": fill(SOURCES, [source]),
        "ledger": claims(rows),
        "derivations": findings_table(book(), findings() if found is None else found),
    }


def document(rows: int = 130):
    return assemble(notebooks(), tables(rows), METADATA)
