"""Confirm proposals in a terminal: the sentence with its figure in bold, the row as a form, one key a decision."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from claims.ledger.intervals import exact_text
from claims.ledger.model import Ledger
from claims.tables.messages import did_you_mean

from report.propose.answers import ACCEPTED, REJECTED, Answers, GivenAnswer
from report.propose.checking import Checker
from report.propose.proposals import Proposal, TextReading, columns_of
from report.propose.summary import figure_text, period_text, width_text

__all__ = ["HELP", "Console", "confirm"]

KEYS = "y accept · e edit · n reject · r repeat · s later · u undo · 1-5 other indicator · ? help · q stop"
HELP = """\
  y  accept the row as it is shown, and go on
  e  edit: type a field and its new value, such as  hedge about  or  value 40.5 ; an empty line ends it
  n  reject: this is no figure for the ledger
  r  accept it as a repetition of the same figure above in this text
  s  leave it for later; it is asked again next time
  u  undo the last answer
  1-5  take another of the indicators (or sectors) that are listed
  q  stop here; every answer is kept, and the same command goes on from there
A key is enough, without Enter. Nothing is written to the ledger before you say so at the end."""
_FIXED = ("id", "source", "repeats")


def _plain_key(prompt: str) -> str:
    return (_plain_line(prompt).strip() or " ")[0]


def _plain_line(prompt: str) -> str:
    try:
        return input(prompt)
    except EOFError:
        return "q"


@contextmanager
def _single_keys() -> Iterator[None]:
    """Let a terminal give each key at once, and put it back as it was."""
    import termios
    import tty

    before = termios.tcgetattr(sys.stdin)
    try:
        tty.setcbreak(sys.stdin, termios.TCSADRAIN)  # keys typed ahead count
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)


def _terminal_key(prompt: str) -> str:
    with _single_keys():
        print(prompt, end="", flush=True)
        key = os.read(sys.stdin.fileno(), 8).decode("utf-8", errors="replace")
    letter = key[:1] if key[:1] not in ("\x1b", "\x04", "") else ("q" if key[:1] in ("\x04", "") else " ")
    print(letter if letter.isprintable() else "")
    return letter


@dataclass
class Console:
    """How a person is asked: a key, a line, and where text goes. Colours only where the output is a terminal."""

    key: Callable[[str], str] = _plain_key
    line: Callable[[str], str] = _plain_line
    show: Callable[[str], None] = print
    bold: bool = False

    @classmethod
    def standard(cls) -> Console:
        """Return the console of this process: single keys on a terminal, lines elsewhere."""
        is_terminal = sys.stdin.isatty() and sys.stdout.isatty()
        if not is_terminal:
            return cls()
        return cls(key=_terminal_key, bold="NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb")


@dataclass
class _Session:
    """One sitting: proposals that have no answer yet, and those left for later."""

    reading: TextReading
    ledger: Ledger
    checker: Checker
    answers: Answers
    console: Console
    later: set[str] = field(default_factory=set)
    edited: dict[str, Proposal] = field(default_factory=dict)

    def next(self) -> Proposal | None:
        """Return the first proposal without an answer, as it was edited."""
        done = self.answers.keys | self.later
        open_ones = (one for one in self.reading.proposals if one.key not in done)
        proposal = next(open_ones, None)
        if proposal is None:
            return None
        row = self.answers.undone.get(proposal.key)
        as_before = replace(proposal, row={**row, "repeats": proposal.row["repeats"]}) if row else proposal
        return self.edited.get(proposal.key, as_before)


def confirm(reading: TextReading, ledger: Ledger, checker: Checker, answers: Answers, console: Console) -> None:
    """Ask about each proposal that has no answer yet, until none is left or the person stops.

    Each answer is kept before the next question.
    """
    session = _Session(reading, ledger, checker, answers, console)
    if answers.given:
        console.show(f"{len(answers.given)} answered before; going on from there")
    shown = None
    while (proposal := session.next()) is not None:
        if shown != proposal:
            console.show(_form(session, proposal))
        shown = proposal
        key = console.key("> ").lower()
        if key == "q":
            return
        if act := _KEYS.get(key):
            act(session, proposal)
            shown = None if key in "eu" else shown
        elif key.isdigit() and 1 <= int(key) <= len(proposal.candidates):
            _choose(session, proposal, proposal.candidates[int(key) - 1])
        elif key.strip():
            console.show(f"no such key: {key!r}; {KEYS}")


def _accept(session: _Session, proposal: Proposal) -> None:
    row = _with_repeat(session, proposal)
    problems = session.checker.find_problems(proposal.table, [row], "this row", int(proposal.line))
    if problems:
        session.console.show("\n".join(f"  {re.sub(r'^row [0-9]+ [^,]*, ', '', str(one))}" for one in problems))
        session.console.show("  not accepted yet: e to edit, s to leave it for later")
        return
    session.answers.add(GivenAnswer(proposal.key, ACCEPTED, proposal.table, row))


def _with_repeat(session: _Session, proposal: Proposal) -> Mapping[str, str]:
    """Return the row of a proposal; it repeats another only if that was accepted, and is of the same indicator."""
    row = dict(proposal.row)
    first = next((one for one in _firsts(session, proposal.table) if one["id"] == row["repeats"]), None)
    if first is None or first.get("indicator") != row.get("indicator"):
        row["repeats"] = ""
    return row


def _firsts(session: _Session, table: str) -> list[Mapping[str, str]]:
    """Return the rows that may be repeated: those accepted and not written yet, and those of the ledger."""
    rows = [one.row for one in session.answers.of(ACCEPTED, table) if not one.written and not one.row["repeats"]]
    source = session.reading.source
    entered = [one for one in session.ledger.claims.values() if source and one.source == source.id and not one.repeats]
    there = [{"id": one.id, "indicator": one.indicator, "value": one.text, "multiplier": exact_text(one.multiplier),
              "unit": one.unit} for one in entered]  # fmt: skip
    return [*rows, *(there if table == "claims" else [])]


def _reject(session: _Session, proposal: Proposal) -> None:
    session.answers.add(GivenAnswer(proposal.key, REJECTED, proposal.table, proposal.row))


def _repeat(session: _Session, proposal: Proposal) -> None:
    """Accept a row as a repetition of the first accepted one of the same size and unit, with its indicator."""
    row = proposal.row
    same = ("value", "multiplier", "unit") if proposal.table == "claims" else ("sectors",)
    alike = [one for one in _firsts(session, proposal.table) if all(one[name] == row[name] for name in same)]
    first = next((one for one in alike if one["id"] == row["repeats"]), alike[0] if alike else None)
    if first is None:
        session.console.show("  no accepted row above is of this size and unit; y accepts it as a figure of its own")
        return
    taken = {"repeats": first["id"]} | ({"indicator": first["indicator"]} if "indicator" in first else {})
    _accept(session, replace(proposal, row={**row, **taken}))


def _leave(session: _Session, proposal: Proposal) -> None:
    session.later.add(proposal.key)


def _undo(session: _Session, proposal: Proposal) -> None:
    session.later.discard(proposal.key)
    last = session.answers.undo()
    session.console.show(f"  taken back: {last.decision} {last.row['id']}" if last else "  nothing to undo")


def _choose(session: _Session, proposal: Proposal, id: str) -> None:
    column = "indicator" if proposal.table == "claims" else "sectors"
    session.edited[proposal.key] = replace(proposal, row={**proposal.row, column: id})


def _edit(session: _Session, proposal: Proposal) -> None:
    """Change fields of a row, one a line, until an empty line."""
    columns = [name for name in columns_of(proposal.table) if name not in _FIXED]
    session.console.show("  " + "\n  ".join(f"{name:<16} {proposal.row[name]}" for name in columns))
    while typed := session.console.line("  field and value: ").strip():
        name, _, value = typed.replace("=", " ", 1).partition(" ")
        if name not in columns:
            session.console.show(
                f"  {name!r} is no field; {did_you_mean(name, columns) or 'one of: ' + ', '.join(columns)}"
            )
            if name == "q":
                return
            continue
        proposal = replace(proposal, row={**proposal.row, name: value.strip()})
        session.edited[proposal.key] = proposal
        problems = session.checker.find_problems(proposal.table, [proposal.row], "this row", proposal.line)
        own = [str(one) for one in problems if one.column == name]
        session.console.show(
            "\n".join(f"  {re.sub(r'^row [0-9]+ [^,]*, ', '', one)}" for one in own) or f"  {name} = {value.strip()}"
        )


def _explain(session: _Session, _: Proposal) -> None:
    session.console.show(HELP)


_KEYS: Mapping[str, Callable[[_Session, Proposal], None]] = {
    "y": _accept, "e": _edit, "n": _reject, "r": _repeat, "s": _leave, "u": _undo, "?": _explain,
}  # fmt: skip


# -- the form ----------------------------------------------------------------------------------------------------------


def _form(session: _Session, proposal: Proposal) -> str:
    """Return what is shown of a proposal: its sentence with the figure in bold, and its row."""
    row, total = proposal.row, len(session.reading.proposals)
    accepted, rejected = (len(session.answers.of(decision)) for decision in (ACCEPTED, REJECTED))
    place = [one.key for one in session.reading.proposals].index(proposal.key) + 1
    head = f"{row['id']}  {place} of {total}, line {row['line']}   ({accepted} accepted, {rejected} rejected)"
    fields = _claim_fields(session, proposal) if proposal.table == "claims" else _item_fields(proposal)
    body = "\n".join(f"  {name:<10} {value}" for name, value in fields if value)
    return f"\n{head}\n  {_sentence(session, proposal)}\n{body}\n{KEYS}"


def _sentence(session: _Session, proposal: Proposal) -> str:
    line = session.reading.text.plain_lines[proposal.line - 1]
    (first, last), (start, end) = proposal.sentence, proposal.span
    on, off = ("\x1b[1m", "\x1b[0m") if session.console.bold else ("[", "]")
    return f"{line[min(first, start) : start]}{on}{line[start:end]}{off}{line[end : max(last, end)]}".strip()


def _claim_fields(session: _Session, proposal: Proposal) -> Iterator[tuple[str, str]]:
    row = proposal.row
    yield "printed", row["printed"]
    yield "figure", figure_text(row)
    yield "hedge", width_text(row)
    yield "period", period_text(row)
    label = session.ledger.indicators[row["indicator"]].label if row["indicator"] in session.ledger.indicators else ""
    missing = "none of the ledger's has this unit: add a row to indicators.csv, and s leaves this for later"
    yield "indicator", f"{row['indicator']}: {label}" if label else row["indicator"] or missing
    yield "others", "  ".join(f"{place} {id}" for place, id in enumerate(proposal.candidates, start=1))
    yield "stated by", row["stated_by"]
    yield "repeats", row["repeats"] and f"{row['repeats']} above, says the grammar; y keeps that, r makes it so"


def _item_fields(proposal: Proposal) -> Iterator[tuple[str, str]]:
    row = proposal.row
    yield "item", row["item"]
    yield "list", f"{row['list']} ({row['list_kind']})"
    yield "status", row["status"]
    yield "sectors", row["sectors"] or "none was found: e, then  sectors ID"
    yield "others", "  ".join(f"{place} {id}" for place, id in enumerate(proposal.candidates, start=1))
