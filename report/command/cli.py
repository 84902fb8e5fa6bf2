"""The command line of `python -m report`."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from report.kernels.private import ENGINES
from report.stops import FAILED, INTERRUPTED, OK, WRONG_INPUT, Stop, WrongInput

if TYPE_CHECKING:
    from report.folders import Folders

COMMANDS = """\
commands:
  python -m report           build the report (what this page describes)
  python -m report status    say what of the published report is stale, why, and what mends it; nothing is run
  python -m report verify    run everything again in a clean place, and compare it with what is published
  python -m report check     check the ledger, the notebooks' sources, and the chain of every published number
  python -m report sweep     run the notebooks under every defensible reading, and write down what each says

COMMAND --help says more of each.
"""
EXAMPLES = """\
examples:
  python -m report                                   build and publish the report
  python -m report --only 20                         run one notebook, into report/build/only-20_growth_rates
  python -m report -p counting=fractional            another reading, into report/build/counting-fractional
  python -m report --data ../other --output ../out   another ledger, another place

What is published (figures/ and report/published/) changes only when every notebook has run with its defaults on the
ledger in data/, and all went well. Parameters and their bounds stand in notebooks/parameters.yaml.
"""
EXIT_CODES = """\
exit codes:
  0    done
  1    a notebook failed, or left outputs that cannot be published: numbers that lead to no evidence among them
  2    wrong input: the ledger, a parameter, an option, a notebook's source; nothing was run
  3    a disagreement in the ledger is not explained in data/known_disagreements.csv, or an explained one is gone
  130  interrupted
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    command = arguments.pop(0) if arguments and arguments[0] in RUN else "build"
    heed_requests_to_end()
    try:
        return RUN[command](arguments)
    except Stop as stop:
        print(stop, file=sys.stderr)
        return stop.exit_code
    except BrokenPipeError:  # nobody reads on, as in `report check | head -1`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt as interrupt:
        print(f"\ninterrupted; {str(interrupt) or 'what is published has not changed'}", file=sys.stderr)
        return INTERRUPTED


def run_build(arguments: Sequence[str]) -> int:
    """Build the report."""
    given = build_parser().parse_args(arguments)
    if asks_for_what_is_published(given) and (said := nothing_to_do()):
        if not given.quiet:
            print(said)
        return OK
    from report.command.build import Request, build

    build(
        Request(
            only=tuple(given.only),
            options=tuple(given.parameter),
            file=given.parameters,
            data=given.data,
            output=given.output,
            workers=given.workers,
            engine=given.engine,
            fresh=given.fresh,
            quiet=given.quiet,
        )
    )
    return OK


def nothing_to_do() -> str:
    """Return that the published report is as a build in this folder left it, nothing if it may not be."""
    from report.folders import Folders
    from report.proof import manifest, status

    folders = Folders()
    if not manifest.confirmed(folders):
        return ""
    found = status.check(folders)
    counted = ", ".join(f"{name.replace('_', ' ')}: {count:,}" for name, count in found.counts.items())
    unchanged = f"nothing changed since it was built here: report/published/report.html and report.pdf ({counted})"
    return f"{unchanged}; --fresh builds it all the same" if found.current else ""


def run_status(arguments: Sequence[str]) -> int:
    """Say what of the published report is stale."""
    _parser(
        "python -m report status",
        "Say what of the published report is stale, why, and the command that mends it. Nothing is run: the hashes of "
        "inputs and outputs and the versions of packages are compared with report/published/manifest.json.",
        "exit codes:\n  0    up to date\n  1    stale\n  2    wrong input\n",
    ).parse_args(arguments)
    from report.folders import Folders
    from report.proof import status

    found = status.check(Folders())
    print(found)
    return OK if found.current else FAILED


def run_verify(arguments: Sequence[str]) -> int:
    """Run everything again in a clean place and compare it with what is published."""
    given = verify_parser().parse_args(arguments)
    from report.folders import Folders
    from report.proof import verify

    folders = Folders()
    if given.report:
        try:
            given.report.open("a", encoding="utf-8").close()
        except OSError as error:
            raise WrongInput(
                f"--report {given.report}: {error.strerror}; name a file in a folder that is there"
            ) from None
    result = verify.verify(folders, partial(rebuild, given.workers, given.engine, given.quiet or given.json))
    print(result.as_json() if given.json else result)
    if given.report:
        given.report.write_text(result.as_page(), encoding="utf-8")
    return result.code


def rebuild(workers: int, engine: str | None, quiet: bool, folders: Folders) -> tuple[dict[str, bytes], list[Stop]]:
    """Return the files that a build in these folders would publish, by name from the root, and what prevents it."""
    from report.command import build

    request = build.Request(workers=workers, engine=engine, quiet=quiet, fresh=True)
    product, stops = build.apart(request, folders)
    return build.placed(folders, product.figures, product.report), stops


def run_check(arguments: Sequence[str]) -> int:
    """Check the ledger, with --sources against the texts, the notebooks' sources, and the published report's chain."""
    given = check_parser().parse_args(arguments)
    from report.folders import Folders
    from report.proof import check

    code = check.main(given.data or Folders().own_data, given.sources)
    if not given.data:
        check_notebooks(Folders().notebooks)
    page = given.report or (None if given.data else Folders().published / "report.html")
    return code or (check_chain(page, wanted=bool(given.report)) if page else OK)


def check_notebooks(folder: Path) -> None:
    """Print how many notebooks are clean source. Raises WrongInput, naming every cell, if one is not."""
    from report.runs import selection

    notebooks = selection.read_all(folder)
    selection.refuse_unclean(notebooks)
    cells = sum(len(notebook.code) for notebook in notebooks)
    print(f"notebooks: {len(notebooks)} of clean source, with {cells} code cells and no output")


def check_chain(page: Path, wanted: bool) -> int:
    """Print the tally of a report's numbers; one that is not built yet is an error only where it was asked for."""
    from report.proof import chain

    if not wanted and not page.exists():
        print("chain: no report is published yet; make report builds it")
        return OK
    tally = chain.of_file(page)
    for stop in chain.stop(tally):
        raise stop
    print(tally)
    return OK


def run_sweep(arguments: Sequence[str]) -> int:
    """Run the notebooks under every defensible reading."""
    given = sweep_parser().parse_args(arguments)
    from report.runs import sweep

    sweep.sweep(sweep.Request(**vars(given)))
    return OK


class Parser(argparse.ArgumentParser):
    """A parser that says which option or command was meant."""

    def error(self, message: str) -> None:
        """Print the usage, what is wrong and what was probably meant, and exit with 2."""
        _, _, unknown = message.partition("unrecognized arguments: ")
        known = [*self._option_string_actions, *RUN]
        near = get_close_matches(unknown.split()[0].partition("=")[0], known, n=1) if unknown else []
        hint = f"; did you mean {near[0]}?" if near else ""
        self.print_usage(sys.stderr)
        self.exit(WRONG_INPUT, f"{self.prog}: {message}{hint}\n")


def _parser(prog: str, description: str, epilog: str) -> Parser:
    shape = argparse.RawDescriptionHelpFormatter
    return Parser(prog=prog, description=description, epilog=epilog, formatter_class=shape, allow_abbrev=False)


def build_parser() -> Parser:
    """Return the parser of a build."""
    parser = _parser(
        "python -m report",
        "Build the report: check the ledger, run the notebooks, assemble report.html and report.pdf, and publish them.",
        "\n".join([COMMANDS, EXAMPLES, EXIT_CODES]),
    )
    add = parser.add_argument
    add(
        "--only",
        metavar="NOTEBOOK",
        action="append",
        default=[],
        help="run only this notebook: its name, number or beginning; may be repeated",
    )
    add(
        "-p",
        dest="parameter",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        help="set a parameter in every notebook that has it; may be repeated",
    )
    add(
        "--parameters",
        metavar="FILE.yaml",
        type=Path,
        help="set the parameters that stand in this file; -p outranks it",
    )
    add("--data", metavar="DIR", type=Path, help="read the ledger from this folder instead of data/")
    add("--output", metavar="DIR", type=Path, help="write the report into this folder and publish nothing")
    add("--fresh", action="store_true", help="run every notebook, also those whose runs are kept in report/build/cache")
    _add_how_to_run(parser)
    return parser


def asks_for_what_is_published(given: argparse.Namespace) -> bool:
    """Return whether a build with these options gives the published report."""
    return not (given.only or given.parameter or given.parameters or given.data or given.output or given.fresh)


def verify_parser() -> Parser:
    """Return the parser of `verify`."""
    parser = _parser(
        "python -m report verify",
        "Run everything again in a clean place, compare it with what is published, and name the first difference with "
        "its likely cause and the command that mends it. Nothing published is touched.",
        "exit codes:\n  0    identical, byte for byte\n  1    different\n  2    could not run\n"
        "  4    same values, other bytes: only where packages or platform are not those it was published with\n",
    )
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    parser.add_argument("--report", metavar="FILE.html", type=Path, help="write the result as a page, too")
    _add_how_to_run(parser)
    return parser


def sweep_parser() -> Parser:
    """Return the parser of `sweep`."""
    parser = _parser(
        "python -m report sweep",
        "Run the notebooks under every reading that notebooks/readings.yaml declares: the defaults, each choice alone, "
        "and those made together. What the notebooks find and judge under each is written to report/build/sweep/"
        "sweep.csv. A run is a notebook under one set of values, and is not repeated; an interrupted sweep goes on "
        "where it was.",
        "exit codes:\n  0    done\n  1    a notebook failed under a reading; all that did are told\n"
        "  2    wrong input: the readings, the ledger, an option; nothing was run\n  130  interrupted\n",
    )
    add = parser.add_argument
    add("--grid", metavar="FILE.yaml", type=Path, help="take the readings from this file")
    add("--full", action="store_true", help="run every combination of the choices, however many those are")
    add("--data", metavar="DIR", type=Path, help="read the ledger from this folder instead of data/")
    add("--output", metavar="DIR", type=Path, help="write sweep.csv into this folder")
    add("--fresh", action="store_true", help="run everything, also what is kept in report/build/cache")
    _add_how_to_run(parser)
    return parser


def _add_how_to_run(parser: Parser) -> None:
    add = parser.add_argument
    add("--workers", metavar="N", type=_at_least_one, default=2, help="run this many notebooks at a time (2)")
    kinds = f"run notebooks in kernels of this kind ({next(iter(ENGINES))}); the result is the same"
    add("--engine", choices=ENGINES, help=kinds)
    add("--quiet", action="store_true", help="print no progress")


def check_parser() -> Parser:
    """Return the parser of `check`."""
    parser = _parser(
        "python -m report check",
        "Check the ledger and print its counts, look whether the notebooks hold outputs of a run, then follow every "
        "number of the published report to its source and line; every problem is listed with what to do about it.",
        "exit codes:\n  0    no problem\n  1    a number leads to no evidence\n  2    a problem of the ledger or of a "
        "notebook, or a wrong option\n",
    )
    parser.add_argument(
        "--data", metavar="DIR", type=Path, help="check the ledger in this folder instead of data/, and nothing else"
    )
    parser.add_argument(
        "--report", metavar="FILE.html", type=Path, help="follow the numbers of this report, and of the PDF beside it"
    )
    parser.add_argument(
        "--sources",
        metavar="DIR",
        type=Path,
        help="prove hash, line and printed figure of every row against the texts in this folder",
    )
    return parser


def _at_least_one(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number of at least 1")
    return int(text)


RUN = {"build": run_build, "status": run_status, "verify": run_verify, "check": run_check, "sweep": run_sweep}


def heed_requests_to_end() -> None:
    """Let a request to end from outside stop a build as Ctrl-C does, kernels included."""

    def end(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)
