"""The Markdown of an answer shows every text as it is, in a table that stays a table."""

import html
import json
import re

import mistune
import pytest
from hypothesis import given
from hypothesis import strategies as st

from report.proof import answers
from report.proof.changed_findings import FindingChange, FindingChanges
from report.proof.codecheck import ReviewItem
from report.proof.status import Reason, Status

RENDER = mistune.create_markdown(plugins=["table", "strikethrough", "url"], escape=False)
HOSTILE = [
    "a | b",
    "a \\| b",
    "<script>alert(1)</script>",
    "[x](http://evil)",
    "![x](y)",
    "*bold* _it_ ~~no~~",
    "`code` ``x``",
    "a\nb | c\n\n# d",
    "http://example.org",
    "&lt; &amp;",
    "$41 billion and $44 billion",
    "- no list",
    "1. no list",
    "@user and #12",
]


def text_of(rendered: str) -> str:
    """Return the text of a rendered cell, in which there is no markup but our own."""
    text = re.sub(r"<!-- -->|</?span>", "", rendered)
    assert "<" not in text
    return html.unescape(text)


def change(label="Growth", published="7.3%", now="7.9%", where=("README.md", "20_growth"), id="g"):
    return FindingChange("finding", id, label, "changed", published, now, where, ("20_growth",))


def cells(changes):
    page = RENDER("\n".join(answers.changes_table(changes)))
    assert page.count("<table>") == 1
    rows = re.findall(r"<tr>(.*?)</tr>", page, re.S)[1:]
    return [[cell.strip() for cell in re.findall(r"<td>(.*?)</td>", row, re.S)] for row in rows]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text_in_its_own_cell(text):
    ((label, published, now, where),) = cells(FindingChanges((change(text, text, text),), 1))
    for cell in (label, published, now):
        assert text_of(cell) == " ".join(text.split())
    assert where == "<code>README.md</code>, <code>20_growth</code>"


@given(st.text(alphabet=st.sampled_from("ab 1.|\\`*_[]()<>&#@!~$:/-\n"), min_size=1, max_size=30).filter(str.strip))
def test_any_text_keeps_the_table_in_four_columns(text):
    ((label, published, now, where),) = cells(FindingChanges((change(text),), 1))
    assert text_of(label) == " ".join(text.split())
    assert (published, now) == ("7.3%", "7.9%")


def test_mentions_of_people_issues_and_formulas_are_broken_up():
    text = answers.escape_markdown("@octocat fixes #12 for $5 and $6")
    assert "@octocat" not in text
    assert "#12" not in text
    assert "$5" not in text


def test_the_table_is_limited_with_a_count_of_the_rest():
    many = FindingChanges(tuple(change(id=str(n)) for n in range(50)), 60, {"60_six": "it | failed"})
    lines = answers.changes_table(many)
    assert lines[0].startswith("**At least 50 of 60 published findings and verdicts would change")
    assert sum(line.startswith("| Growth") for line in lines) == answers.ROWS
    assert "… and 10 more; `--json` lists all." in lines
    assert lines[-1] == "Not known of `60_six`: it \\| failed"


def test_a_status_is_a_table_with_reasons_and_the_command():
    status = Status((Reason("20_growth", "data", "data/claims.csv has changed"),), 1, 2, 3, {})
    text = answers.status_markdown(status, FindingChanges((change(),), 435))
    assert text.startswith("### The published report is out of date\n\n**1 of 435 ")
    assert "| Growth | 7.3% | 7.9% | `README.md`, `20_growth` |" in text
    assert text.endswith("- 20\\_growth: data/claims.csv has changed (data)\n\nFix: `make report`\n")
    current = answers.status_markdown(Status((), 1, 2, 3, {}), FindingChanges((), 435))
    assert current == (
        "### The published report is up to date\n\n**None of 435 published findings and verdicts would change**\n"
    )


def test_a_status_for_a_program_lists_every_change():
    status = Status((Reason("20_growth", "data", "data/claims.csv has changed"),), 1, 2, 3, {})
    content = json.loads(answers.status_json(status, FindingChanges((change(),), 435, {"60_six": "it failed"})))
    assert (content["result"], content["fix"]) == ("stale", "make report")
    assert content["findings"]["changes"][0]["now"] == "7.9%"
    assert content["findings"]["unknown"] == {"60_six": "it failed"}


def test_what_a_reviewer_looks_for_is_folded_away():
    lines = answers.review_table([ReviewItem("licence", True, "LICENSE (MIT)"), ReviewItem("README", False, "a|b")])
    assert lines[1].startswith("<details>")
    assert "| licence | yes | LICENSE (MIT) |" in lines
    assert "| README | **no** | a\\|b |" in lines
    assert answers.review_table([]) == []
