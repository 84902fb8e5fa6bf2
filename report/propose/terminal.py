"""Confirm proposals in a terminal: the sentence with its figure in bold, the row as a form, one key a decision."""

from __future__ import annotations

import codecs
import os
import re
import select
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from claims.ledger.intervals import exact_text
from claims.ledger.model import Ledger
from claims.tables.locations import display_path
from claims.tables.messages import Problem, did_you_mean

from report.propose.answers import ACCEPTED, REJECTED, Answers, GivenAnswer
from report.propose.candidates import Ranking
from report.propose.checking import Checker
from report.propose.forms import explain_field, form_lines, read_period, row_to_fill_in, sentence_text
from report.propose.proposals import Proposal, TextReading, columns_of

__all__ = ["HELP", "Console", "confirm"]

KEYS = "y accept · e edit · n reject · r repeat · s later · u undo · 1-5 other choice · f find · ? help · q stop"
HELP = """\
  y    accept the row as it is shown, and go on
  e    edit: type a field and its new value, such as  hedge about  or  period 2023 ; an empty line ends it
  n    reject: this is no figure for the ledger
  r    accept it as a repetition of the same figure above in this text, and with its indicator
  s    leave it for later; it is asked again next time
  u    undo the last answer
  1-5  take another of the indicators (or sectors) that are listed with these numbers
  f    find another indicator (or sector) by words of its name
  i    print a row for indicators.csv to fill in, where the ledger has no indicator for the figure
  q    stop here: what you accepted can then be added to the ledger; every answer is kept, and the same command goes on
What a figure stands for follows from its digits and its hedge, such as about or more than.
A key is enough, without Enter. Nothing is written to the ledger before you say so at the end."""
EDIT_HELP = """\
  A field alone, such as  hedge , says what it means; a value of - empties it. An empty line ends the edit.
  period 2023 , period first quarter of 2024 , period by 2030 , period undated  set the four fields of the period."""
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
        letter = _read_letter(sys.stdin.fileno())
    print(letter if letter.isprintable() else "")
    return letter


def _read_letter(terminal: int) -> str:
    """Return the next key and leave those after it: a blank for an arrow, q for the end of the input."""
    decoder, letter = codecs.getincrementaldecoder("utf-8")("replace"), ""
    while not letter and (byte := os.read(terminal, 1)):
        letter = decoder.decode(byte)
    if letter == "\x1b" and select.select([terminal], [], [], 0)[0]:
        os.read(terminal, 8)  # the rest of an arrow
    return {"\x1b": " ", "\x04": "q", "": "q"}.get(letter, letter)


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
    answers.renumber({one.key: one.id for one in reading.proposals})
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
            shown = None if key in "euf" else shown
        elif key.isdigit() and 1 <= int(key) <= len(proposal.candidates):
            _choose(session, proposal, proposal.candidates[int(key) - 1])
        elif key.strip():
            console.show(f"no such key: {key!r}{_no_choice(key, proposal)}; {KEYS}")


def _no_choice(key: str, proposal: Proposal) -> str:
    """Return how many choices there are, if the key is a digit that takes none."""
    return f" ({len(proposal.candidates)} choices are listed)" if key.isdigit() else ""


def _accept(session: _Session, proposal: Proposal) -> None:
    row = _with_repeat(session, proposal)
    if proposal.table == "claims" and not row["indicator"]:
        session.console.show(
            "  it has no indicator: f finds one by words, i prints a row to add, s leaves it for later"
        )
        return
    problems = session.checker.find_problems(proposal.table, [row], "this row", int(proposal.line))
    if problems:
        session.console.show("\n".join(f"  {_without_place(one)}" for one in problems))
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
              "unit": one.unit, "line": str(one.line), "printed": one.printed} for one in entered]  # fmt: skip
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
    column = _choice_column(proposal)
    session.edited[proposal.key] = replace(proposal, row={**proposal.row, column: id})


def _choice_column(proposal: Proposal) -> str:
    return "indicator" if proposal.table == "claims" else "sectors"


def _find(session: _Session, proposal: Proposal) -> None:
    """Offer the indicators, or the sectors, with words that the person types."""
    column = _choice_column(proposal)
    if not (words := session.console.line(f"  words of the {column.removesuffix('s')}: ").strip()):
        return
    ranking = Ranking(session.ledger)
    found = ranking.find(words, proposal.row["unit"]) if column == "indicator" else ranking.sectors(words)
    if not found:
        session.console.show(f"  no {column.removesuffix('s')} has these words in its name; try others, or s for later")
        return
    session.edited[proposal.key] = replace(proposal, candidates=tuple(found))


def _show_row(session: _Session, proposal: Proposal) -> None:
    """Print a row of indicators.csv to fill in."""
    if proposal.table != "claims":
        session.console.show("  a listed item needs no indicator; f finds a sector, e then  sectors ID  names one")
        return
    row = row_to_fill_in(session.ledger, proposal.row["unit"])
    file = display_path(session.checker.folder / "indicators.csv")
    session.console.show(
        f"  add a row like the second line to {file}, with its own words for those in capitals\n"
        f"  (data/README.md explains the columns), then q, and the same command again:\n{row}"
    )


def _edit(session: _Session, proposal: Proposal) -> None:
    """Change fields of a row, one a line, until an empty line."""
    columns = [name for name in columns_of(proposal.table) if name not in _FIXED]
    names = [*columns, *(("period", "repeats") if proposal.table == "claims" else ())]
    session.console.show("  " + "\n  ".join(f"{name:<16} {proposal.row[name]}" for name in columns) + f"\n{EDIT_HELP}")
    while typed := session.console.line("  field and value: ").strip():
        name, value = re.split(r"\s*=\s*|\s+", f"{typed} ", maxsplit=1)
        if name not in names:
            hint = did_you_mean(name, names) or f"one of: {', '.join(names)}"
            session.console.show(f"  {name!r} is no field; {hint}")
            if name == "q":
                return
            continue
        if cells := _typed_cells(session, proposal, name, value.strip()):
            proposal = replace(proposal, row={**proposal.row, **cells})
            session.edited[proposal.key] = proposal
            session.console.show(_judged(session, proposal, cells))


def _typed_cells(session: _Session, proposal: Proposal, name: str, value: str) -> dict[str, str] | None:
    """Return the cells that a person typed; None, and why, where it is a question or cannot be read."""
    resource = next(each for each in session.ledger.package["resources"] if each["name"] == proposal.table)
    if not value:
        session.console.show(f"  {explain_field(resource, name)}")
        return None
    if name == "period":
        cells = read_period(value, session.reading)
        if cells is None:
            session.console.show(f"  {value!r} cannot be read as a time\n  {explain_field(resource, name)}")
        return cells
    if name == "repeats" and value != "-":
        session.console.show("  repeats -  makes it a figure of its own; the key r makes it a repetition")
        return None
    return {name: "" if value == "-" else value}


def _judged(session: _Session, proposal: Proposal, cells: Mapping[str, str]) -> str:
    """Return what is wrong with cells that were typed, or else what they are now."""
    problems = session.checker.find_problems(proposal.table, [proposal.row], "this row", proposal.line)
    own = [_without_place(one) for one in problems if one.column in cells]
    if own:
        return "\n".join([*(f"  {one}" for one in own), "  (y accepts the row only when this is right)"])
    return "\n".join(f"  {name} = {value or '(empty)'}" for name, value in cells.items())


def _without_place(problem: Problem) -> str:
    """Return a problem without the row it is in, which is on the screen."""
    return re.sub(r"^row [0-9]+ [^,]*, ", "", str(problem))


def _explain(session: _Session, _: Proposal) -> None:
    session.console.show(HELP)


_KEYS: Mapping[str, Callable[[_Session, Proposal], None]] = {
    "y": _accept, "e": _edit, "n": _reject, "r": _repeat, "s": _leave, "u": _undo, "f": _find, "i": _show_row,
    "?": _explain, "h": _explain,
}  # fmt: skip


# -- the form ----------------------------------------------------------------------------------------------------------


def _form(session: _Session, proposal: Proposal) -> str:
    """Return what is shown of a proposal: its sentence with the figure in bold, and its row."""
    row, total = proposal.row, len(session.reading.proposals)
    accepted, rejected = (len(session.answers.of(decision)) for decision in (ACCEPTED, REJECTED))
    place = [one.key for one in session.reading.proposals].index(proposal.key) + 1
    head = f"{row['id']}  {place} of {total}, line {row['line']}   ({accepted} accepted, {rejected} rejected)"
    firsts = {
        one["id"]: f"“{one['printed']}” of line {one['line']}: y accepts it as a repetition of that"
        for one in _firsts(session, proposal.table)
        if proposal.table == "claims"
    }
    sentence = sentence_text(session.reading, proposal, bold=session.console.bold)
    return "\n".join([f"\n{head}", f"  {sentence}", *form_lines(session.ledger, proposal, firsts), KEYS])
