"""`python -m report new` and `update`: their options, and what they print."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from report.command.parsers import Parser
from report.folders import Folders
from report.starting.creating import create
from report.starting.example import remove_example
from report.starting.texts import RegisteredText, can_propose, read_texts
from report.starting.updating import update
from report.stops import OK, WRONG_INPUT

__all__ = ["EXAMPLES", "EXIT_CODES", "run_new", "run_update"]

EXIT_CODES = {OK: "done", WRONG_INPUT: "a folder, a title or a text cannot be used; nothing has changed"}
EXAMPLES = """\
examples:
  python -m report new ../housing --title "Housing in Larkmouth"
  python -m report new ../housing --title "Housing in Larkmouth" --from ../texts/*.txt
  python -m report new --remove-example       here, in the new repository: leave an empty ledger

"""


def run_new(parser: Parser, arguments: Sequence[str]) -> int:
    """Run `new` with its options, and return the exit code."""
    add = parser.add_argument
    add("folder", metavar="DIR", nargs="?", type=Path, help="a new or empty folder, outside this repository")
    add("--title", metavar="TITLE", help="what the report is about; its page begins with it")
    texts = "register these texts, plain text in UTF-8, instead of the example"
    add("--from", dest="texts", metavar="TEXT", nargs="+", type=Path, default=[], help=texts)
    removes = "remove the example from this repository: its texts, its rows in data/, its report"
    add("--remove-example", action="store_true", help=removes)
    options = parser.parse_args(arguments)
    if options.remove_example:
        if options.folder or options.title is not None or options.texts:
            parser.error("--remove-example takes no folder, title or text; it is about the repository it is called in")
        print(remove_example(Folders()))
        return OK
    if options.folder is None:
        parser.error('name a folder: python -m report new ../housing --title "Housing in Larkmouth"')
    if options.title is None:
        parser.error('a title is needed: --title "Housing in Larkmouth"')
    print(create(Folders(), options.folder, options.title, options.texts))
    for line in _propose(options.folder, read_texts(options.texts)):
        print(line)
    return OK


def _propose(folder: Path, texts: Sequence[RegisteredText]) -> Iterator[str]:
    """Let the new repository propose rows for its dated texts, and yield for each where they wait to be confirmed.

    An engine that has no such command proposes nothing; `next_steps` says what to do instead. What stops several texts
    in the same way is said once.
    """
    stopped: dict[str, list[str]] = {}
    for text in texts if can_propose() else ():
        if text.heading.day:
            path = folder / "report" / "build" / "proposals" / f"{text.id}.csv"
            path.parent.mkdir(parents=True, exist_ok=True)
            options = [str(text.path.resolve()), "--source", text.id, "--csv", str(path.resolve())]
            command = [sys.executable, "-m", "report", "propose", *options]
            ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
            if ended.returncode == OK:
                yield f"{text.id}: proposed rows in {path}"
            else:
                stopped.setdefault(ended.stderr.rstrip(), []).append(text.id)
    yield from (f"no rows were proposed for {', '.join(ids)}: {reason}" for reason, ids in stopped.items())


def run_update(parser: Parser, arguments: Sequence[str]) -> int:
    """Run `update` with its options, and return the exit code."""
    parser.add_argument("folder", metavar="DIR", type=Path, help="a repository that python -m report new has written")
    kept = "leave files of the engine that were edited there as they are, and replace the others"
    parser.add_argument("--keep-edited", action="store_true", help=kept)
    options = parser.parse_args(arguments)
    print(update(Folders(), options.folder, options.keep_edited))
    return OK
