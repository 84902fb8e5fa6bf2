"""`python -m report propose`: what it prints, asks and writes."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from claims.ledger.model import Ledger
from claims.tables.messages import count_noun

from report.command.parsers import Parser
from report.digests import digest
from report.folders import Folders
from report.propose.answers import ACCEPTED, Answers
from report.propose.appending import append_rows
from report.propose.checking import Checker
from report.propose.measuring import measure_folder
from report.propose.proposals import TextReading
from report.propose.registered import next_source_id, read_registered
from report.propose.spreadsheet import DECISIONS_HELP, lists_file, read_decisions, write_proposals
from report.propose.summary import describe, may_be_figure, source_row, unlisted_units
from report.propose.terminal import Console, confirm
from report.runs.printed import read_ledger
from report.stops import OK, WRONG_INPUT, WrongInput

__all__ = ["EXAMPLES", "EXIT_CODES", "answers_file", "run"]

EXIT_CODES = {OK: "done", WRONG_INPUT: "the text, the source, the ledger or a file of decisions is wrong"}
EXAMPLES = """\
examples:
  python -m report propose ../texts/sixth.txt                         print what is proposed, and write nothing
  python -m report propose ../texts/sixth.txt --source ID --confirm   decide on each row, key by key
  python -m report propose ../texts/sixth.txt --csv ../sixth.csv      the same in a spreadsheet, column decision …
  python -m report propose ../texts/sixth.txt --from-csv ../sixth.csv … and back

"""


def run(parser: Parser, arguments: Sequence[str]) -> int:
    """Run the command with its options, and return its exit code."""
    add, ways = parser.add_argument, parser.add_mutually_exclusive_group()
    add("text", metavar="TEXT", nargs="?", type=Path, help="the file of a text, UTF-8, a paragraph a line")
    add("--source", metavar="ID", default="", help="its id in sources.csv; else its row is found by its hash")
    ways.add_argument("--confirm", action="store_true", help="ask about each row; answers are kept and can be resumed")
    ways.add_argument("--csv", metavar="FILE", type=Path, help="write the rows with a column decision to fill in")
    ways.add_argument(
        "--from-csv", metavar="FILE", type=Path, help="add the rows accepted in such a file to the ledger"
    )
    measure = "compare what is proposed for the texts in this folder with the ledger, which people entered"
    ways.add_argument("--measure", metavar="DIR", type=Path, help=measure)
    add("--data", metavar="DIR", type=Path, help="propose rows for the ledger in this folder instead of data/")
    options = parser.parse_args(arguments)
    folder = options.data or Folders().own_data
    if options.measure and options.text:
        parser.error("--measure reads the texts of the ledger, so it takes no TEXT")
    if options.measure:
        print(measure_folder(options.measure, read_ledger(folder)))
        return OK
    if options.text is None:
        parser.error("give the file of a text")
    reading, ledger = read_registered(options.text, options.source, folder)
    _act(options, reading, ledger, folder)
    return OK


def _act(options: Namespace, reading: TextReading, ledger: Ledger, folder: Path) -> None:
    checker = Checker(folder, ledger, reading.text.lines)
    if options.from_csv:
        _require_source(reading, ledger)
        table, rows, left = read_decisions(options.from_csv, checker)
        later = f"; {count_noun(left, 'row')} without a decision" if left else ""
        if not rows:
            print(f"nothing to add: no row has the decision y or r{later}")
            return
        print(f"{append_rows(folder, {table: rows})}{later}")
        if table == "claims" and (lists := lists_file(options.from_csv)).exists():
            print(f"its listed items are in another file: fill in {lists}, then give it with --from-csv too")
        print(_next_step(options.data, reading))
    elif options.csv:
        _require_source(reading, ledger)
        _refuse_inside(options.csv, folder)
        _describe(reading, ledger)
        for path in write_proposals(reading, options.csv):
            print(f"\nwritten: {path}; fill in the column decision, then give it with --from-csv {path}")
        print(f"\n{DECISIONS_HELP}")
    elif options.confirm:
        _require_source(reading, ledger)
        _confirm(reading, ledger, checker, folder, options.data)
    else:
        _print(reading, ledger)


def _describe(reading: TextReading, ledger: Ledger) -> None:
    for line in [*describe(reading), *unlisted_units(reading, ledger)]:
        print(line)


def _print(reading: TextReading, ledger: Ledger) -> None:
    _describe(reading, ledger)
    if reading.source is None:
        print(f"\n{_unregistered(reading, ledger)}")
    elif reading.proposals:
        print("\nnothing was written; --confirm asks about each row, --csv FILE is for a spreadsheet")


def _unregistered(reading: TextReading, ledger: Ledger) -> str:
    row = source_row(reading, next_source_id(ledger))
    return (
        "the text is in no row of sources.csv, so “last year” has no date; to confirm rows, add this one,\n"
        "with a word for NAME, what sentences call the text (after “the”) for SHORT NAME, and its day for YYYY-MM-DD:\n"
        f"{row}"
    )


def _require_source(reading: TextReading, ledger: Ledger) -> None:
    if reading.source is None:
        raise WrongInput(f"{reading.text.path}: {_unregistered(reading, ledger)}")


def _refuse_inside(path: Path, folder: Path) -> None:
    """Raise WrongInput for a file in the folder of the ledger: it has sentences of the text."""
    if path.resolve().is_relative_to(folder.resolve()):
        raise WrongInput(
            f"--csv {path}: is in the folder of the ledger; name a file elsewhere, as it has sentences of the text"
        )


def answers_file(reading: TextReading, folder: Path) -> Path:
    """Return the file that keeps the answers on a text: one for each text and ledger."""
    of = reading.source.id if reading.source else "none"
    ledger = folder.resolve()
    where = "" if ledger == Folders().own_data.resolve() else f"-{ledger.name}-{digest(str(ledger).encode())[:8]}"
    return Folders().build / "proposals" / f"{of}-{reading.text.sha256[:12]}{where}.json"


def _confirm(reading: TextReading, ledger: Ledger, checker: Checker, folder: Path, data: Path | None) -> None:
    answers, console = Answers.load(answers_file(reading, folder)), Console.standard()
    print(_beginning(reading))
    for line in unlisted_units(reading, ledger):
        print(line)
    _ask(reading, ledger, checker, answers, console, folder, data)
    if others := len(reading.unlisted) + sum(may_be_figure(one.reason) for _, one in reading.asides):
        print(f"{others} more numbers and sentences may be worth a row by hand: propose without --confirm lists them")


def _ask(
    reading: TextReading,
    ledger: Ledger,
    checker: Checker,
    answers: Answers,
    console: Console,
    folder: Path,
    data: Path | None,
) -> None:
    """Ask about each row, and then whether to write those accepted."""
    while True:
        confirm(reading, ledger, checker, answers, console)
        waiting = [one for one in answers.of(ACCEPTED) if not one.written]
        left = sum(one.key not in answers.keys for one in reading.proposals)
        print(f"\n{count_noun(len(waiting), 'row')} accepted and not written yet, {left} without an answer")
        question = (
            f"add {'it' if len(waiting) == 1 else 'them'} to the ledger now? "
            "y yes · n or q no, keep the answers · u undo: "
        )
        key = console.key(question).lower() if waiting else "n"
        if key != "u" or answers.undo() is None:
            break
    if key != "y":
        print("nothing was written; the answers are kept, and the same command goes on from here")
        return
    tables = {name: [one.row for one in waiting if one.table == name] for name in ("claims", "agreements")}
    print(append_rows(folder, {name: rows for name, rows in tables.items() if rows}))
    answers.mark_written()
    print(_next_step(data, reading))


def _beginning(reading: TextReading) -> str:
    """Return what a person reads before the first question."""
    figures, items = count_noun(len(reading.claims), "figure"), count_noun(len(reading.items), "listed item")
    of = f"{reading.source.short_name}, read as of {reading.source.reference_date}" if reading.source else ""
    return (
        f"{figures} and {items} in {reading.text.path} ({of})\n"
        "Each is shown in its sentence, with the row it would have: y accepts it, n rejects it, ? explains all keys.\n"
        "Nothing is written to the ledger before you say so at the end, or after q, which stops; "
        "the same command goes on later."
    )


def _next_step(data: Path | None, reading: TextReading) -> str:
    only = f"--text {reading.source.id}" if reading.source else ""
    command = f"python -m report check --data {data} --sources DIR {only}".rstrip()
    if not data:
        command = "make check SOURCES=DIR" + (f' ARGS="{only}"' if only else "")
    return f"next: {command}, with the folder of the text, checks the rows against it"
