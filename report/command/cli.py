"""The command line of `python -m report`."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import NoReturn

from claims.tables.messages import did_you_mean

from report.kernels.private import ENGINES
from report.stops import FAILED, INTERRUPTED, OK, WRONG_INPUT, Stop, WrongInput

__all__ = ["build_parser", "builds_published_report", "check_chain", "main"]

_COMMANDS = """\
commands:
  python -m report           build the report (described on this page)
  python -m report preview   show the report in a browser, and in it each change of its inputs as it is saved
  python -m report status    report what is out of date, why, and which command fixes it; runs nothing
  python -m report verify    run everything again in a clean folder and compare the result with what is published
  python -m report check     check the ledger, the notebooks' sources, and the evidence of every published number
  python -m report sweep     run the notebooks under every declared reading, and write their results to sweep.csv

COMMAND --help describes each of them.
"""
_EXAMPLES = """\
examples:
  python -m report                                   build and publish the report
  python -m report --only 20                         run one notebook, into report/build/only-20_growth_rates
  python -m report -p counting=fractional            another reading, into report/build/counting-fractional
  python -m report --data ../other --output ../out   another ledger, another output folder

figures/ and report/published/ change only if every notebook has run with its defaults on the ledger in data/, and no
check has failed. Parameters and their bounds are in notebooks/parameters.yaml.
"""
_EXIT_CODES = """\
exit codes:
  0    done
  1    a notebook failed, or its outputs cannot be published, for example because a number has no evidence
  2    wrong input: the ledger, a parameter, an option, a notebook's source; nothing was run
  3    a disagreement in the ledger is not explained in data/known_disagreements.csv, or an explained one is gone
  130  interrupted
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    command = arguments.pop(0) if arguments and arguments[0] in _RUN else "build"
    _interrupt_when_terminated()
    try:
        return _RUN[command](arguments)
    except Stop as stop:
        print(stop, file=sys.stderr)
        return stop.exit_code
    except BrokenPipeError:  # the reader has gone, as in `report check | head -1`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except KeyboardInterrupt as interrupt:
        print(f"\ninterrupted; {str(interrupt) or 'what is published has not changed'}", file=sys.stderr)
        return INTERRUPTED


def _run_build(arguments: Sequence[str]) -> int:
    """Build the report."""
    options = build_parser().parse_args(arguments)
    if builds_published_report(options) and (message := _nothing_to_do()):
        if not options.quiet:
            print(message)
        return OK
    from report.command.build import Request, build

    build(Request(**vars(options)))
    return OK


def _nothing_to_do() -> str:
    """Return a message if the published report is still what a build in this folder made, empty if it may not be."""
    from report.folders import Folders
    from report.proof import manifest, status

    folders = Folders()
    if not manifest.confirmed(folders):
        return ""
    result = status.check_status(folders)
    counts = ", ".join(f"{name.replace('_', ' ')}: {count:,}" for name, count in result.counts.items())
    unchanged = f"nothing changed since it was built here: report/published/report.html and report.pdf ({counts})"
    return f"{unchanged}; --fresh builds it all the same" if result.current else ""


def _run_status(arguments: Sequence[str]) -> int:
    """Report what of the published report is out of date."""
    _parser(
        "python -m report status",
        "Report what of the published report is out of date, why, and which command fixes it. Nothing is run: hashes "
        "of inputs and outputs and versions of packages are compared with report/published/manifest.json.",
        "exit codes:\n  0    up to date\n  1    out of date\n  2    wrong input\n",
    ).parse_args(arguments)
    from report.folders import Folders
    from report.proof import status

    result = status.check_status(Folders())
    print(result)
    return OK if result.current else FAILED


def _run_verify(arguments: Sequence[str]) -> int:
    """Run everything again in a clean folder and compare it with what is published."""
    options = _verify_parser().parse_args(arguments)
    from report.command import build
    from report.folders import Folders
    from report.proof import verify

    if options.report:
        try:
            options.report.open("a", encoding="utf-8").close()
        except OSError as error:
            remedy = "name a file in a folder that exists"
            raise WrongInput(f"--report {options.report}: {error.strerror}; {remedy}") from None
    quiet = options.quiet or options.json
    request = build.Request(workers=options.workers, engine=options.engine, quiet=quiet, fresh=True)
    result = verify.verify(Folders(), partial(build.rebuild, request))
    print(result.as_json() if options.json else result)
    if options.report:
        options.report.write_text(result.as_page(), encoding="utf-8")
    return result.code


def _run_check(arguments: Sequence[str]) -> int:
    """Check the ledger, with --sources against the texts, the notebooks' sources, and the published report's chain."""
    options = _check_parser().parse_args(arguments)
    from report.folders import Folders
    from report.proof import check

    code = check.main(options.data or Folders().own_data, options.sources)
    if not options.data:
        _check_notebooks(Folders().notebooks)
    page = options.report or (None if options.data else Folders().published / "report.html")
    return code or (check_chain(page, required=bool(options.report)) if page else OK)


def _check_notebooks(folder: Path) -> None:
    """Print how many notebooks are clean source. Raises WrongInput, listing every cell, if one is not."""
    from report.runs import selection

    notebooks = selection.read_all(folder)
    selection.refuse_unclean(notebooks)
    cells = sum(len(notebook.code) for notebook in notebooks)
    print(f"notebooks: {len(notebooks)} of clean source, with {cells} code cells and no output")


def check_chain(page: Path, required: bool) -> int:
    """Print the tally of a report's numbers; a page that is not there is an error only if it is `required`."""
    from report.proof import chain

    if not required and not page.exists():
        print("chain: no report is published yet; make report builds it")
        return OK
    tally = chain.check_file(page)
    for stop in chain.chain_stops(tally):
        raise stop
    print(tally)
    return OK


def _run_sweep(arguments: Sequence[str]) -> int:
    """Run the notebooks under every defensible reading."""
    options = _sweep_parser().parse_args(arguments)
    from report.command import sweep

    sweep.run_sweep(sweep.SweepRequest(**vars(options)))
    return OK


def _run_preview(arguments: Sequence[str]) -> int:
    """Serve the report while it is edited."""
    options = _preview_parser().parse_args(arguments)
    from report.preview.session import PreviewRequest, run_preview

    run_preview(PreviewRequest(**vars(options)))
    return OK


class _Parser(argparse.ArgumentParser):
    """A parser that suggests the option or command that was probably meant."""

    def error(self, message: str) -> NoReturn:
        """Print the usage, the error and the suggestion, and exit with 2."""
        _, _, unknown = message.partition("unrecognized arguments: ")
        choices = [*self._option_string_actions, *_RUN]
        hint = did_you_mean(unknown.split()[0].partition("=")[0], choices) if unknown else ""
        self.print_usage(sys.stderr)
        self.exit(WRONG_INPUT, f"{self.prog}: {message}{f'; {hint}' if hint else ''}\n")


def _parser(prog: str, description: str, epilog: str) -> _Parser:
    form = argparse.RawDescriptionHelpFormatter
    return _Parser(prog=prog, description=description, epilog=epilog, formatter_class=form, allow_abbrev=False)


def build_parser() -> _Parser:
    """Return the parser of a build."""
    parser = _parser(
        "python -m report",
        "Build the report: check the ledger, run the notebooks, assemble report.html and report.pdf, and publish them.",
        "\n".join([_COMMANDS, _EXAMPLES, _EXIT_CODES]),
    )
    add = parser.add_argument
    only = "run only this notebook, named by its name, its number or their beginning; may be repeated"
    add("--only", metavar="NOTEBOOK", action="append", default=[], help=only)
    _add_values(parser)
    add("--data", metavar="DIR", type=Path, help="read the ledger from this folder instead of data/")
    add("--output", metavar="DIR", type=Path, help="write the report into this folder and publish nothing")
    add("--fresh", action="store_true", help="run every notebook, even if an earlier run is kept in report/build/cache")
    _add_how_to_run(parser)
    return parser


def builds_published_report(options: argparse.Namespace) -> bool:
    """Return whether a build with these options gives the published report, and may use earlier runs."""
    changes = (options.only, options.options, options.file, options.data, options.output, options.fresh)
    return not any(changes)


def _verify_parser() -> _Parser:
    """Return the parser of `verify`."""
    parser = _parser(
        "python -m report verify",
        "Run everything again in a clean folder, compare the result with what is published, and name the first "
        "difference, its likely cause and the command that fixes it. What is published is not changed.",
        "exit codes:\n  0    identical, byte for byte\n  1    different\n  2    could not run\n"
        "  4    same values, other bytes: only if packages or platform differ from those it was published with\n",
    )
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    parser.add_argument("--report", metavar="FILE.html", type=Path, help="also write the result as a page")
    _add_how_to_run(parser)
    return parser


def _sweep_parser() -> _Parser:
    """Return the parser of `sweep`."""
    parser = _parser(
        "python -m report sweep",
        "Run the notebooks under every reading that notebooks/readings.yaml declares: the defaults, each choice alone, "
        "and the joint ones. Their findings and verdicts under each are written to report/build/sweep/sweep.csv. A run "
        "is a notebook under one set of values, and is not repeated; an interrupted sweep continues where it was.",
        "exit codes:\n  0    done\n  1    a notebook failed under a reading; every failure is listed\n"
        "  2    wrong input: the readings, the ledger, an option; nothing was run\n  130  interrupted\n",
    )
    add = parser.add_argument
    add("--grid", metavar="FILE.yaml", type=Path, help="take the readings from this file")
    add("--full", action="store_true", help="run every combination of the choices, however many there are")
    add("--data", metavar="DIR", type=Path, help="read the ledger from this folder instead of data/")
    add("--output", metavar="DIR", type=Path, help="write sweep.csv into this folder")
    add("--fresh", action="store_true", help="run everything, even if an earlier run is kept in report/build/cache")
    _add_how_to_run(parser)
    return parser


def _preview_parser() -> _Parser:
    """Return the parser of `preview`."""
    parser = _parser(
        "python -m report preview",
        "Show the report in a browser, at the address that is printed, and in it each change of a notebook, the ledger "
        "or the code as it is saved: the page follows the place that is edited, and problems appear above it. The "
        "address is for this machine only. The readings are not swept again, and nothing published changes. Ctrl-C "
        "ends it.",
        "exit codes:\n  0    ended\n  2    a wrong option\n",
    )
    add = parser.add_argument
    add("--port", metavar="N", type=_port, default=8899, help="serve at this port, or at another if it is taken (8899)")
    _add_values(parser)
    add("--data", metavar="DIR", type=Path, help="read the ledger from this folder instead of data/")
    _add_workers(parser)
    return parser


def _add_values(parser: _Parser) -> None:
    add = parser.add_argument
    parameter = "set a parameter in every notebook that has it; may be repeated"
    add("-p", dest="options", metavar="NAME=VALUE", action="append", default=[], help=parameter)
    parameters = "set the parameters listed in this file; -p overrides it"
    add("--parameters", dest="file", metavar="FILE.yaml", type=Path, help=parameters)


def _add_how_to_run(parser: _Parser) -> None:
    _add_workers(parser)
    parser.add_argument("--quiet", action="store_true", help="print no progress")


def _add_workers(parser: _Parser) -> None:
    add = parser.add_argument
    add("--workers", metavar="N", type=_at_least_one, default=2, help="run this many notebooks at a time (2)")
    engines = f"run notebooks in kernels of this kind ({next(iter(ENGINES))}); the result is the same"
    add("--engine", choices=ENGINES, help=engines)


def _check_parser() -> _Parser:
    """Return the parser of `check`."""
    parser = _parser(
        "python -m report check",
        "Check the ledger and print its counts, check that the notebooks have no outputs, then follow every number of "
        "the published report to its source and line; every problem is listed with its remedy.",
        "exit codes:\n  0    no problem\n  1    a number has no evidence\n  2    a problem of the ledger or of a "
        "notebook, or a wrong option\n",
    )
    add = parser.add_argument
    add("--data", metavar="DIR", type=Path, help="check the ledger in this folder instead of data/, and nothing else")
    add("--report", metavar="FILE.html", type=Path, help="follow the numbers of this report, and of the PDF beside it")
    texts = "compare hash, line and printed figure of every row with the texts in this folder"
    add("--sources", metavar="DIR", type=Path, help=texts)
    return parser


def _at_least_one(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number of at least 1")
    return int(text)


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"'{text}' is no port; give a number from 1024 to 65535, or 0 for any")
    return int(text)


_RUN = {
    "build": _run_build,
    "preview": _run_preview,
    "status": _run_status,
    "verify": _run_verify,
    "check": _run_check,
    "sweep": _run_sweep,
}


def _interrupt_when_terminated() -> None:
    """Let SIGTERM and SIGHUP stop a build as Ctrl-C does, kernels included."""

    def interrupt(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)
