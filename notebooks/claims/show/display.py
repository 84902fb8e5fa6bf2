"""How a claim, a finding, a verdict and a ledger look as a cell's last value: the chain of a number down to its source.

`register` adds these displays to a kernel's formatter; it runs when `claims.show` is imported in a kernel. A claim or a
finding does not know its ledger, so the displays use the results of the latest book (`use_results`). That is the only
state kept per kernel, and only these displays use it: without a book, or for a figure of another ledger, a cell shows
a line of plain text. What prose quotes is shown as words with links, whose tooltips have the evidence.
"""

from __future__ import annotations

import re
import weakref
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from claims.content.phrases import Phrase
from claims.ledger.model import Claim, Ledger, Official
from claims.ledger.subject import causes_of
from claims.results.finding import Finding
from claims.results.store import Results
from claims.show import markup
from claims.show.markup import as_table, figure_text, published
from claims.tables.messages import count_noun
from claims.words import labels, numerals
from claims.words.explanations import explanation
from claims.words.quoted import Quoted
from claims.words.values import range_text, value_text
from claims.words.verdicts import flips_text, revision_text, verdict_label

if TYPE_CHECKING:
    from IPython.core.formatters import DisplayFormatter

    from claims.judging.verdict import Verdict

__all__ = [
    "claim_html",
    "finding_html",
    "finding_rows",
    "ledger_html",
    "phrase_bundle",
    "register",
    "use_results",
    "verdict_html",
]

MOST = 12  # more claims at the root of a finding are only counted
Rows = list[tuple[str, str]]
_results: weakref.ReferenceType[Results] | None = None


def use_results(results: Results) -> None:
    """Use `results` for the chains of claims and findings, for as long as they exist."""
    global _results
    _results = weakref.ref(results)


def register(formatter: DisplayFormatter) -> None:
    """Show claims, official figures, findings, verdicts and ledgers as HTML tables and as lines of plain text."""
    for module, name, as_html, as_line in (
        (Claim.__module__, "Claim", claim_html, _claim_line),
        (Official.__module__, "Official", _official_html, _official_line),
        (Finding.__module__, "Finding", finding_html, _finding_line),
        (Ledger.__module__, "Ledger", ledger_html, repr),
        ("claims.judging.verdict", "Verdict", verdict_html, _verdict_line),  # not imported for those who judge nothing
    ):
        formatter.formatters["text/html"].for_type_by_name(module, name, as_html)
        formatter.formatters["text/plain"].for_type_by_name(module, name, _printer(as_line))
    formatter.mimebundle_formatter.for_type(Phrase, phrase_bundle)
    formatter.mimebundle_formatter.for_type(Quoted, lambda quoted, **_: phrase_bundle(quoted.phrase))


def _printer(as_line: Callable[..., str]) -> Callable[..., None]:
    return lambda item, printer, cycle: printer.text(as_line(item))


def phrase_bundle(phrase: Phrase, **_: object) -> dict[str, str]:
    """Return running text as a MIME bundle: HTML for JupyterLab, Markdown for the report, and the words."""
    return {
        "text/html": f'<span class="{markup.NO_FORMULAS}">{_phrase_html(phrase)}</span>',
        "text/markdown": phrase.markdown,
        "text/plain": str(phrase),
    }


def _phrase_html(phrase: Phrase) -> str:
    return markup.phrase_html(phrase, _results() if _results else None)


def claim_html(claim: Claim) -> str | None:
    """Return a claim as an HTML table with its row in the ledger, None if it is not one of the ledger's.

    A claim that represents an official figure is displayed as that figure.
    """
    ledger = _ledger()
    if ledger and claim.source == claim.id in ledger.official:
        return _official_html(ledger.official[claim.id])
    if not ledger or ledger.claims.get(claim.id) != claim:
        return None
    return as_table(f"{claim.id}: {labels.claim_text(claim)}", _claim_rows(ledger, claim))


def _claim_line(claim: Claim) -> str:
    """Return a claim as a line: its figure, its text and its line there."""
    place = "an official figure" if claim.source == claim.id else f"{claim.source}, line {claim.line}"
    return f"{claim.id}: {labels.claim_text(claim)} ({place})"


def _official_html(official: Official) -> str | None:
    """Return an official figure as an HTML table with the page it is quoted from, None if it is another ledger's."""
    ledger = _ledger()
    if ledger is None or ledger.official.get(official.id) != official:
        return None
    return as_table(f"{official.id}: {labels.claim_text(official)}", _official_rows(ledger, official))


def _official_line(official: Official) -> str:
    """Return an official figure as a line: its figure, and who published the page, and when."""
    return f"{official.id}: {labels.claim_text(official)} ({', '.join(published(official))})"


def finding_html(finding: Finding) -> str | None:
    """Return a finding as an HTML table with its formula and every claim at its root, None where there is no book."""
    results = _results() if _results else None
    return as_table(f"{finding.label}: {value_text(finding)}", finding_rows(results, finding)) if results else None


def _finding_line(finding: Finding) -> str:
    """Return a finding as a line: its label, its value and its range."""
    return f"{finding.label}: {value_text(finding)} ({range_text(finding)})"


def verdict_html(verdict: Verdict) -> str | None:
    """Return a verdict as an HTML table: what decides, between which figures, the causes, and what would resolve it.

    None where there is no book on a ledger with its claims.
    """
    ledger = _ledger_of(verdict)
    return as_table(_verdict_line(verdict), _verdict_rows(ledger, verdict)) if ledger else None


def _verdict_line(verdict: Verdict) -> str:
    """Return a verdict as a line: what it is on (its id, where there is no book), and its word."""
    ledger = _ledger_of(verdict)
    return f"{verdict_label(ledger, verdict) if ledger else verdict.id}: {verdict.word}"


def _ledger_of(verdict: Verdict) -> Ledger | None:
    ledger = _ledger()
    is_of_ledger = ledger and all(ledger.claims.get(claim.id) == claim for claim in verdict.claims)
    return ledger if is_of_ledger else None


def ledger_html(ledger: Ledger) -> str:
    """Return how many figures and listed items each text of a ledger has, as an HTML table."""
    words = f"{count_noun(len(ledger.claims), 'figure')} of {count_noun(len(ledger.sources), 'text')}"
    return as_table(words, _ledger_rows(ledger))


def _ledger() -> Ledger | None:
    results = _results() if _results else None
    return results.ledger if results else None


def _name(id: str) -> str:
    """Return the readable name of a figure of the latest book."""
    results = _results() if _results else None
    return results.name_of(id) if results else ""


def _claim_rows(ledger: Ledger, claim: Claim) -> Rows:
    """Return the row of a claim and its relations, by name; a text is "" where there is none."""
    of_claim = [row for row in ledger.relations.values() if any(claim.id in ids for ids in row.operands.values())]
    relations = "; ".join(f"{row.id} ({row.type.replace('_', ' ')}: {row.reason})" for row in of_claim)
    return [
        ("Name", _name(claim.id)),
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


def _official_rows(ledger: Ledger, official: Official) -> Rows:
    """Return the row of an official figure, by name."""
    return [
        ("Name", _name(official.id)),
        ("Of", ledger.indicators[official.indicator].label),
        ("Period", official.period.label + (f" ({official.period.basis})" if official.period.basis else "")),
        ("As usually read", numerals.range_text(ledger.interval(official), official.unit)),
        ("Reported by", official.reporter),
        ("Authority", labels.authority_label(official.authority, ledger.subject)),
        ("Published by", ", ".join(published(official))),
        ("Page", official.page_title),
        ("Address", official.url),
        ("Doubtful", "yes" if official.doubtful else ""),
        ("Note", official.note),
    ]


def finding_rows(results: Results, finding: Finding) -> Rows:
    """Return the value of a finding, its formula with and without its inputs, and every claim at its root."""
    ledger, findings = results.ledger, results.findings
    ids = _roots(finding, findings)
    figures: dict[str, Claim | Official] = {**ledger.claims, **ledger.official}
    roots = [figures[id] for id in ids if id in figures]
    others = [id for id in ids if id not in figures and not id[:1].isdecimal()]
    return [
        ("Name", results.name_of(finding.id)),
        ("Value", value_text(finding)),
        ("Stands for", range_text(finding)),
        ("Formula", re.sub(r"[{}]", "", finding.expression)),
        ("Put in", _filled_in(ledger, finding, findings)),
        *((figure.id, figure_text(ledger, figure)) for figure in roots[:MOST]),
        ("…", f"and {count_noun(len(roots) - MOST, 'more figure')}" if len(roots) > MOST else ""),
        ("From", ", ".join(others[:MOST]) + (f" and {len(others) - MOST} more" if len(others) > MOST else "")),
    ]


def _verdict_rows(ledger: Ledger, verdict: Verdict) -> Rows:
    """Return the content of a verdict, by name; causes by their state."""
    causes = causes_of(ledger.subject)
    states: dict[str, list[str]] = {}
    for cause, state in verdict.causes.items():
        states.setdefault(state, []).append(causes[cause])
    figures = (f"{claim.id}: {labels.claim_text(claim)} ({claim.source})" for claim in verdict.claims)
    return [
        ("What decides", str(explanation(ledger, verdict))),
        ("Figures", ", ".join(figures)),
        ("Causes", "; ".join(f"{state}: {', '.join(names)}" for state, names in states.items())),
        ("Smallest revision", ", ".join(map(revision_text, verdict.headline_revisions))),
        ("Changes the story", flips_text(verdict.flips)),
    ]


def _ledger_rows(ledger: Ledger) -> Rows:
    """Return the texts of a ledger, by id, with what they contain."""
    rows = []
    for source in ledger.sources.values():
        claims = sum(claim.source == source.id for claim in ledger.claims.values())
        items = sum(item.source == source.id for item in ledger.agreements.values())
        counts = f"{count_noun(claims, 'figure')}, {count_noun(items, 'listed item')}"
        rows.append((source.id, f"{source.title}: {counts}"))
    return rows


def _roots(finding: Finding, findings: Mapping[str, Finding]) -> list[str]:
    """Return the ids at the root of a finding, which are no findings themselves, each once, in order."""
    roots: dict[str, None] = {}
    waiting, seen = [finding], set()
    while waiting:
        current = waiting.pop(0)
        seen.add(current.id)
        for ids in current.inputs.values():
            for id in [ids] if isinstance(ids, str) else ids:
                if id not in findings:
                    roots[id] = None
                elif id not in seen:
                    waiting.append(findings[id])
    return list(roots)


def _filled_in(ledger: Ledger, finding: Finding, findings: Mapping[str, Finding]) -> str:
    """Return the formula of a finding with its inputs filled in, and the result; "" where there is nothing to fill."""

    def input_text(match: re.Match) -> str:
        input = finding.inputs.get(match[1], match[1])
        if not isinstance(input, str):
            return match[1]
        figure = ledger.official.get(input) or ledger.claims.get(input)
        if figure:
            return labels.claim_text(figure)
        return value_text(findings[input]) if input in findings else input

    filled = re.sub(r"\{(\w+)\}", input_text, finding.expression)
    return f"{filled} = {value_text(finding)}" if filled != finding.expression else ""
