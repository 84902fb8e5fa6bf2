"""How a figure, a finding, a verdict and a ledger look as a cell's last value: the whole chain, down to its source.

`register` tells a kernel's display formatter; it runs when `claims.show` is imported in a kernel. A claim or a finding
does not know the ledger it belongs to, so these displays use the results of the essay made last (`use_results`). That
is the one thing remembered per kernel, and nothing but these displays uses it: without an essay, or for a figure of
another ledger, a cell shows a line of plain text.
"""

from __future__ import annotations

import html
import re
import weakref
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from claims.ledger.model import Claim, Ledger, Official
from claims.ledger.subject import causes_of
from claims.results.finding import Finding
from claims.results.store import Results
from claims.words import labels, numerals
from claims.words.explanations import explanation
from claims.words.values import range_text, value_text
from claims.words.verdicts import flips_text, revision_text, verdict_label

if TYPE_CHECKING:
    from IPython.core.formatters import DisplayFormatter

    from claims.judging.verdict import Verdict

__all__ = ["register", "use_results"]

MOST = 12  # more claims at the root of a finding are only counted
Rows = Iterable[tuple[str, str]]
_results: weakref.ReferenceType[Results] | None = None


def use_results(results: Results) -> None:
    """Let displays take the chains of claims and findings from `results`, for as long as these exist."""
    global _results
    _results = weakref.ref(results)


def register(formatter: DisplayFormatter) -> None:
    """Show claims, official figures, findings, verdicts and ledgers as HTML tables and as lines of plain text."""
    for module, name, as_html, as_line in (
        (Claim.__module__, "Claim", claim_html, claim_line),
        (Official.__module__, "Official", official_html, official_line),
        (Finding.__module__, "Finding", finding_html, finding_line),
        (Ledger.__module__, "Ledger", ledger_html, repr),
        ("claims.judging.verdict", "Verdict", verdict_html, verdict_line),  # not imported for those who judge nothing
    ):
        formatter.formatters["text/html"].for_type_by_name(module, name, as_html)
        formatter.formatters["text/plain"].for_type_by_name(module, name, _printer(as_line))


def _printer(as_line: Callable[..., str]) -> Callable[..., None]:
    return lambda item, printer, cycle: printer.text(as_line(item))


def claim_html(claim: Claim) -> str | None:
    """Return a claim as an HTML table with what the ledger knows of it, None if it is not one of the ledger's.

    A claim made from an official figure is shown as that figure.
    """
    ledger = _ledger()
    if ledger is not None and claim.source == claim.id in ledger.official:
        return official_html(ledger.official[claim.id])
    if ledger is None or ledger.claims.get(claim.id) != claim:
        return None
    return as_table(f"{claim.id}: {labels.claim_text(claim)}", claim_rows(ledger, claim))


def claim_line(claim: Claim) -> str:
    """Return a claim as a line: its figure, its text and its line there."""
    place = "an official figure" if claim.source == claim.id else f"{claim.source}, line {claim.line}"
    return f"{claim.id}: {labels.claim_text(claim)} ({place})"


def official_html(official: Official) -> str | None:
    """Return an official figure as an HTML table with the page it is quoted from, None if it is another ledger's."""
    ledger = _ledger()
    if ledger is None or ledger.official.get(official.id) != official:
        return None
    return as_table(f"{official.id}: {labels.claim_text(official)}", official_rows(ledger, official))


def official_line(official: Official) -> str:
    """Return an official figure as a line: its figure, and who published the page, and when."""
    return f"{official.id}: {labels.claim_text(official)} ({', '.join(_published(official))})"


def finding_html(finding: Finding) -> str | None:
    """Return a finding as an HTML table with its formula and every claim at its root, None where there is no essay."""
    results = _current()
    if results is None:
        return None
    return as_table(f"{finding.label}: {value_text(finding)}", finding_rows(results, finding))


def finding_line(finding: Finding) -> str:
    """Return a finding as a line: its label, its value and its range."""
    return f"{finding.label}: {value_text(finding)} ({range_text(finding)})"


def verdict_html(verdict: Verdict) -> str | None:
    """Return a verdict as an HTML table: what decides, between which figures, the causes, and what would resolve it.

    None where there is no essay on a ledger with its claims.
    """
    ledger = _ledger_of(verdict)
    return as_table(verdict_line(verdict), verdict_rows(ledger, verdict)) if ledger else None


def verdict_line(verdict: Verdict) -> str:
    """Return a verdict as a line: what it is on (its id, where there is no essay), and its word."""
    ledger = _ledger_of(verdict)
    return f"{verdict_label(ledger, verdict) if ledger else verdict.id}: {verdict.word}"


def _ledger_of(verdict: Verdict) -> Ledger | None:
    ledger = _ledger()
    is_of_ledger = ledger and all(ledger.claims.get(claim.id) == claim for claim in verdict.claims)
    return ledger if is_of_ledger else None


def ledger_html(ledger: Ledger) -> str:
    """Return how many figures and listed items each text of a ledger has, as an HTML table."""
    return as_table(f"{len(ledger.claims)} figures of {len(ledger.sources)} texts", ledger_rows(ledger))


def _current() -> Results | None:
    return _results() if _results else None


def _ledger() -> Ledger | None:
    results = _current()
    return results.ledger if results else None


def claim_rows(ledger: Ledger, claim: Claim) -> list[tuple[str, str]]:
    """Return what the ledger knows of a claim, by name."""
    of_claim = [row for row in ledger.relations.values() if any(claim.id in ids for ids in row.operands.values())]
    relations = "; ".join(f"{row.id} ({row.type.replace('_', ' ')}: {row.reason})" for row in of_claim)
    rows = [
        ("As printed", f"“{claim.printed}”"),
        ("Of", ledger.indicators[claim.indicator].label),
        ("Period", f"{claim.period.label} ({claim.period.basis})"),
        ("As usually read", numerals.range_text(ledger.interval(claim), claim.unit)),
        ("Printed in", f"{claim.source}, line {claim.line}: {ledger.sources[claim.source].title}"),
        ("Stated by", claim.stated_by),
        ("Restates", claim.repeats),
        ("Relations", relations),
        ("Note", claim.note),
    ]
    return [(name, text) for name, text in rows if text]


def official_rows(ledger: Ledger, official: Official) -> list[tuple[str, str]]:
    """Return what the ledger knows of an official figure, by name."""
    rows = [
        ("Of", ledger.indicators[official.indicator].label),
        ("Period", official.period.label + (f" ({official.period.basis})" if official.period.basis else "")),
        ("As usually read", numerals.range_text(ledger.interval(official), official.unit)),
        ("Reported by", official.reporter),
        ("Authority", labels.authority_label(official.authority, ledger.subject)),
        ("Published by", ", ".join(_published(official))),
        ("Page", official.page_title),
        ("Address", official.url),
        ("Doubtful", "yes" if official.doubtful else ""),
        ("Note", official.note),
    ]
    return [(name, text) for name, text in rows if text]


def _published(official: Official) -> list[str]:
    return [text for text in (official.page_publisher, official.date_published) if text]


def finding_rows(results: Results, finding: Finding) -> list[tuple[str, str]]:
    """Return what a finding is, its formula with the inputs put in, and every claim at its root, with its line."""
    ledger, kept = results.ledger, results.findings
    ids = rooted(finding, kept)
    figures: dict[str, Claim | Official] = {**ledger.claims, **ledger.official}
    roots = [figures[id] for id in ids if id in figures]
    others = [id for id in ids if id not in figures and not id[:1].isdecimal()]
    rows = [
        ("Value", value_text(finding)),
        ("Stands for", range_text(finding)),
        ("Formula", re.sub(r"[{}]", "", finding.expression)),
        ("Put in", worked(ledger, finding, kept)),
        *((figure.id, _rooted(ledger, figure)) for figure in roots[:MOST]),
        ("…", f"and {len(roots) - MOST} more figures" if len(roots) > MOST else ""),
        ("From", ", ".join(others[:MOST]) + (f" and {len(others) - MOST} more" if len(others) > MOST else "")),
    ]
    return [(name, text) for name, text in rows if text]


def verdict_rows(ledger: Ledger, verdict: Verdict) -> list[tuple[str, str]]:
    """Return the content of a verdict, by name; causes by their state."""
    causes = causes_of(ledger.subject)
    states: dict[str, list[str]] = {}
    for cause, state in verdict.causes.items():
        states.setdefault(state, []).append(causes[cause])
    figures = (f"{claim.id}: {labels.claim_text(claim)} ({claim.source})" for claim in verdict.claims)
    rows = [
        ("What decides", str(explanation(ledger, verdict))),
        ("Figures", ", ".join(figures)),
        ("Causes", "; ".join(f"{state}: {', '.join(causes)}" for state, causes in states.items())),
        ("Smallest revision", ", ".join(map(revision_text, verdict.headline_revisions))),
        ("Changes the story", flips_text(verdict.flips)),
    ]
    return [(name, text) for name, text in rows if text]


def ledger_rows(ledger: Ledger) -> list[tuple[str, str]]:
    """Return the texts of a ledger, by id, with what they contain."""
    rows = []
    for source in ledger.sources.values():
        claims = sum(claim.source == source.id for claim in ledger.claims.values())
        items = sum(item.source == source.id for item in ledger.agreements.values())
        rows.append((source.id, f"{source.title}: {claims} figures, {items} listed items"))
    return rows


def rooted(finding: Finding, kept: Mapping[str, Finding]) -> list[str]:
    """Return the ids of everything that is no finding itself at the root of a finding, each once, in its order."""
    roots: dict[str, None] = {}
    waiting, seen = [finding], set()
    while waiting:
        current = waiting.pop(0)
        seen.add(current.id)
        for ids in current.inputs.values():
            for id in [ids] if isinstance(ids, str) else ids:
                if id in kept and id not in seen:
                    waiting.append(kept[id])
                elif id not in kept:
                    roots[id] = None
    return list(roots)


def worked(ledger: Ledger, finding: Finding, kept: Mapping[str, Finding]) -> str:
    """Return the formula of a finding with the inputs put in, and what it comes to; "" where nothing is put in."""

    def put_in(match: re.Match) -> str:
        input = finding.inputs.get(match[1], match[1])
        if not isinstance(input, str):
            return match[1]
        figure = ledger.official.get(input) or ledger.claims.get(input)
        if figure:
            return labels.claim_text(figure)
        return value_text(kept[input]) if input in kept else input

    filled = re.sub(r"\{(\w+)\}", put_in, finding.expression)
    return f"{filled} = {value_text(finding)}" if filled != finding.expression else ""


def as_table(caption: str, rows: Rows) -> str:
    """Return rows of a name and a text as an HTML table, every word escaped.

    >>> as_table("A <b>", [("Of", "x & y")])
    '<table><caption>A &lt;b&gt;</caption><tbody><tr><th>Of</th><td>x &amp; y</td></tr></tbody></table>'
    """
    body = "".join(f"<tr><th>{html.escape(name)}</th><td>{html.escape(text)}</td></tr>" for name, text in rows)
    return f"<table><caption>{html.escape(caption)}</caption><tbody>{body}</tbody></table>"


def _rooted(ledger: Ledger, figure: Claim | Official) -> str:
    label = f"{ledger.indicators[figure.indicator].label}, {figure.period.label}"
    read = numerals.range_text(ledger.interval(figure), figure.unit)
    if isinstance(figure, Official):
        return f"{labels.claim_text(figure)}, usually read as {read}; {label}; {', '.join(_published(figure))}"
    source = f"{figure.source}, line {figure.line}: {ledger.sources[figure.source].title}"
    return f"“{figure.printed}”, usually read as {read}; {label}; {source}"
