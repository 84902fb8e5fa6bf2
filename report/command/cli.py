"""The command line of `python -m report`: the docstring of each command is its help."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from contextlib import nullcontext, suppress
from functools import partial
from inspect import cleandoc
from pathlib import Path

from claims.ledger.model import LedgerError

from report import outputs
from report.command import editing
from report.command.checking import check_chain, run_check
from report.command.ending import run_to_end
from report.command.parsers import Parser, at_least_one, port
from report.folders import Folders
from report.kernels.private import CELL_TIMEOUT, ENGINES
from report.proof import answers, codecheck, manifest, source_check, status, verify
from report.runs import selection
from report.scratch import keep_in_own_folder
from report.stops import FAILED, INTERRUPTED, OK, UNPINNED, WRONG_INPUT, Stop

__all__ = ["build_parser", "builds_published_report", "check_chain", "main"]

_EXAMPLES = """\
examples:
  python -m report --only 20                         run one notebook, into report/build/only-20_growth_rates
  python -m report -p counting=fractional            another reading, into report/build/counting-fractional
  python -m report --data ../other --output ../out   another ledger, another output folder

"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    command = arguments.pop(0) if arguments and arguments[0] in _RUN else "build"
    return run_to_end(partial(_run_command, command, arguments))


def _run_command(command: str, arguments: Sequence[str]) -> int:
    quick = command not in _TEMPORARY or {"-h", "--help"} & {*arguments}
    with nullcontext() if quick else keep_in_own_folder():
        return _RUN[command](arguments)


def _run_build(arguments: Sequence[str]) -> int:
    """Build the report: check the ledger, run the notebooks, assemble report.html and report.pdf, and publish them.

    figures/ and report/published/ change only if every notebook has run with its defaults on the ledger in data/, and
    no check has failed. Parameters and their bounds are in notebooks/parameters.yaml.
    """
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
    folders = Folders()
    if not manifest.confirmed(folders):
        return ""
    result = status.check_status(folders)
    counts = ", ".join(f"{name.replace('_', ' ')}: {count:,}" for name, count in result.counts.items())
    unchanged = f"nothing changed since it was built here: report/published/report.html and report.pdf ({counts})"
    notes = selection.notes_on_files(folders.notebooks, selection.read_all(folders.notebooks))
    return "\n".join([*notes, f"{unchanged}; --fresh builds it all the same"]) if result.current else ""


def _run_status(arguments: Sequence[str]) -> int:
    """Report what of the published report is out of date, why, which findings would change, and what fixes it.

    Hashes of inputs and outputs and versions of packages are compared with report/published/manifest.json. To list the
    findings, stale notebooks are run without their figures unless such a run is kept in report/build/cache; nothing
    published is touched.
    """
    parser = _parser("status", {OK: "up to date", FAILED: "out of date", WRONG_INPUT: "wrong input"})
    _add_how_to_answer(parser)
    no_run = "run nothing: list the findings that would change as far as kept runs show them"
    parser.add_argument("--no-run", action="store_true", help=no_run)
    _add_workers_and_engine(parser)
    options = parser.parse_args(arguments)
    folders, as_text = Folders(), not (options.json or options.markdown)
    whole = result = status.check_status(folders)
    if options.only:
        from report.command import current_findings

        result = current_findings.limit_status(folders, whole, options.only)
    if as_text:
        print(result, flush=True)  # at once; what follows may take some seconds
        _print_unknown_names(folders, result.current)
        if result.current:
            return OK
    from report.command import current_findings
    from report.command.plan import Request

    request = Request(workers=options.workers, engine=options.engine, cell_timeout=options.cell_timeout, quiet=True)
    run = not (options.no_run or result.current)
    changes = current_findings.find_changes(folders, whole, request, run, options.only)
    if as_text:
        print(*changes.lines(), sep="\n")
    else:
        print((answers.status_json if options.json else answers.status_markdown)(result, changes))
    return OK if result.current else FAILED


def _print_unknown_names(folders: Folders, current: bool) -> None:
    """Print the names in changed notebooks that nothing has; a ledger or notebook that is faulty is reported later."""
    with suppress(Stop, LedgerError, ValueError):
        if not current:
            found = source_check.unknown_names(folders, selection.read_all(folders.notebooks))
            print(
                *found.problems, *found.notes, sep="\n", end="\n" if found.problems or found.notes else "", flush=True
            )


def _run_verify(arguments: Sequence[str]) -> int:
    """Run everything again in a clean folder, and compare the result with what is published.

    The findings that would change and the first difference are named, with the likely cause and the command that fixes
    it. Then what a reviewer of the CODECHECK process looks for is checked. What is published is not changed.
    """
    other_bytes = "same values, other bytes: only if packages or platform differ from those it was published with"
    parser = _parser("verify", {0: "identical, byte for byte", 1: "different", 2: "could not run", 4: other_bytes})
    _add_how_to_answer(parser)
    parser.add_argument("--report", metavar="FILE.html", type=Path, help="also write the result as a page")
    certificate = "also write what a codecheck.yml has before a check: the manifest, title and authors"
    parser.add_argument("--codecheck", metavar="FILE.yml", type=Path, help=certificate)
    _add_how_to_run(parser)
    options = parser.parse_args(arguments)
    from report.command import build, current_findings

    folders = Folders()
    names = current_findings.selected_names(folders, options.only) if options.only else ()
    for option, path in (("--report", options.report), ("--codecheck", options.codecheck)):
        if path:
            outputs.check_file(option, path)
    quiet = options.quiet or options.json or options.markdown
    how = {"workers": options.workers, "engine": options.engine, "cell_timeout": options.cell_timeout}
    request = build.Request(quiet=quiet, fresh=True, **how)
    result = verify.verify_and_review(folders, partial(build.rebuild, request), names, options.workers)
    print(result.as_json() if options.json else result.as_markdown() if options.markdown else result)
    if options.report:
        outputs.write_file("--report", options.report, result.as_page())
    if options.codecheck:
        outputs.write_file("--codecheck", options.codecheck, codecheck.certificate_yaml(folders), ("# ", ""))
    return result.code


def _run_check(arguments: Sequence[str]) -> int:
    """Check the ledger, the notebooks as they are now, and the evidence of every published number.

    In the notebooks, nothing is run: parameters are declared, names exist, no number is typed in prose, and they follow
    the rules that the tests check. In the published report every number is followed to its source and line. Every
    problem is listed with its remedy.
    """
    wrong = "a problem of the ledger or of a notebook, or a wrong option"
    parser = _parser("check", {OK: "no problem", FAILED: "a number has no evidence", WRONG_INPUT: wrong})
    add = parser.add_argument
    add("--data", metavar="DIR", type=Path, help="check the ledger in this folder instead of data/, and nothing else")
    add("--report", metavar="FILE.html", type=Path, help="follow the numbers of this report, and of the PDF beside it")
    texts = "compare hash, line and printed figure of every row with the texts in this folder"
    add("--sources", metavar="DIR", type=Path, help=texts)
    only = "with --sources, only the rows of this text; repeat it for others"
    add("--text", metavar="ID", action="append", default=[], help=only)
    options = parser.parse_args(arguments)
    if options.text and not options.sources:
        parser.error("--text names a text to compare with, so it needs --sources with the folder that has it")
    return run_check(options)


def _run_judge(arguments: Sequence[str]) -> int:
    """Judge every quantity and every relation of a ledger, however large, and count the verdicts.

    A million claims take seconds. The tables may be CSV or Parquet files. For why a figure disagrees, build a report.
    """
    parser = _parser("judge", {OK: "done", WRONG_INPUT: "a problem of the ledger, or a wrong option"})
    add = parser.add_argument
    add("--data", metavar="DIR", type=Path, help="judge the ledger in this folder instead of data/")
    add("--output", metavar="FILE", type=Path, help="write the verdicts into this new file, .csv or .parquet")
    add(
        "--dask", metavar="ADDRESS", default="", help="judge quantities on the workers of this Dask scheduler, or local"
    )
    options = parser.parse_args(arguments)
    from report.command import judge  # with Polars, which no other command needs

    print(judge.judge_ledger(options.data or Folders().own_data, options.output, options.dask))
    return OK


def _run_sweep(arguments: Sequence[str]) -> int:
    """Run the notebooks under every declared reading, and write their results to report/build/sweep/sweep.csv.

    notebooks/readings.yaml declares the readings: the defaults, each choice alone, and the joint ones. A run is a
    notebook under one set of values, and is not repeated; an interrupted sweep continues where it was.
    """
    failed = "a notebook failed under a reading; every failure is listed"
    wrong = "wrong input: the readings, the ledger, an option; nothing was run"
    parser = _parser("sweep", {OK: "done", FAILED: failed, WRONG_INPUT: wrong, INTERRUPTED: "interrupted"})
    add = parser.add_argument
    add("--grid", metavar="FILE.yaml", type=Path, help="take the readings from this file")
    add("--full", action="store_true", help="run every combination of the choices, however many there are")
    add("--data", metavar="DIR", type=Path, help="read the ledger from this folder instead of data/")
    add("--output", metavar="DIR", type=Path, help="write sweep.csv into this folder")
    add("--fresh", action="store_true", help="run everything, even if an earlier run is kept in report/build/cache")
    workers = "run on the workers of this Dask scheduler; local starts some here"
    add("--dask", metavar="ADDRESS", default="", help=workers)
    listed = "run nothing; print a command for each run, for Slurm and other batch systems"
    add("--list", action="store_true", help=listed)
    add("--run", metavar="NAME", action="append", default=[], help="only do this run, one of --list, and keep it")
    _add_how_to_run(parser)
    options = parser.parse_args(arguments)
    from report.command import sweep

    sweep.run_sweep(sweep.SweepRequest(**vars(options)))
    return OK


def _run_preview(arguments: Sequence[str]) -> int:
    """Show the report in a browser, at the address that is printed, and in it each change as it is saved.

    The page follows the place that is edited, in a notebook, the ledger or the code, and problems appear above it. The
    address is for this machine only. The readings are not swept again, and nothing published changes. Ctrl-C ends it.
    """
    parser = _parser("preview", {OK: "ended", WRONG_INPUT: "a wrong option"})
    add = parser.add_argument
    add("--port", metavar="N", type=port, default=8899, help="serve at this port, or at another if it is taken (8899)")
    _add_values(parser)
    add("--data", metavar="DIR", type=Path, help="read the ledger from this folder instead of data/")
    _add_workers_and_engine(parser)
    options = parser.parse_args(arguments)
    from report.preview.session import PreviewRequest, run_preview

    run_preview(PreviewRequest(**vars(options)))
    return OK


def _run_propose(arguments: Sequence[str]) -> int:
    """Read a text, and propose rows for claims.csv and agreements.csv, which a person confirms.

    By a grammar of numbers, units, hedges and dates; nothing is written to the ledger unconfirmed.
    """
    from report.command import proposing

    return proposing.run(_parser("propose", proposing.EXIT_CODES, proposing.EXAMPLES), arguments)


def _run_format(arguments: Sequence[str]) -> int:
    """Remove from the notebooks' files what a run and JupyterLab left in them.

    That is outputs, counts, results of inline expressions and the kernel's name. Text and code stay. A build ignores
    all of it anyway.
    """
    parser = _parser("format", {OK: "done", WRONG_INPUT: "a file is no notebook, or, with --check, would be changed"})
    parser.add_argument("--check", action="store_true", help="list what would be changed, and change nothing")
    print(editing.format_notebooks(Folders(), parser.parse_args(arguments).check))
    return OK


def _run_set_default(arguments: Sequence[str]) -> int:
    """Change the default of a parameter in every notebook that has it, and list what else depends on it.

    Only to try a value, run python -m report -p NAME=VALUE, which changes no notebook.
    """
    parser = _parser("set-default", {OK: "done", WRONG_INPUT: "no such parameter or value; nothing has changed"})
    parser.add_argument("name", metavar="NAME", help="a parameter that notebooks/parameters.yaml declares")
    parser.add_argument("value", metavar="VALUE", help="its new default, such as half_even, 2 or '5, 7.5'")
    options = parser.parse_args(arguments)
    print(editing.set_default(Folders(), options.name, options.value))
    return OK


def _run_new(arguments: Sequence[str]) -> int:
    """Write a repository for a report on another subject, with this engine and program, an example and tests.

    DIR must be new or empty. --from registers texts of yours in its ledger instead of the example.
    """
    from report.command import starting

    return starting.run_new(_parser("new", starting.EXIT_CODES, starting.EXAMPLES), arguments)


def _run_update(arguments: Sequence[str]) -> int:
    """Bring this engine and program into a repository that `new` has written, and say what changed.

    Only files that .report-engine.json lists are replaced; data, notebooks and README are not touched. If one of them
    was edited there, nothing is changed.
    """
    from report.command import starting

    return starting.run_update(_parser("update", starting.EXIT_CODES), arguments)


_RUN = {
    "build": _run_build,
    "preview": _run_preview,
    "status": _run_status,
    "verify": _run_verify,
    "check": _run_check,
    "judge": _run_judge,
    "sweep": _run_sweep,
    "propose": _run_propose,
    "format": _run_format,
    "set-default": _run_set_default,
    "new": _run_new,
    "update": _run_update,
}


_TEMPORARY = ("build", "preview", "status", "verify", "sweep")  # the commands that need temporary files


def _parser(command: str, exit_codes: Mapping[int, str], more: str = "") -> Parser:
    """Return the parser of a command, whose help ends with `more` and the exit codes."""
    return Parser(
        commands=_RUN,
        prog="python -m report" if command == "build" else f"python -m report {command}",
        description=cleandoc(_RUN[command].__doc__ or ""),
        epilog="\n".join([f"{more}exit codes:", *(f"  {code:<4} {text}" for code, text in exit_codes.items())]),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )


def build_parser() -> Parser:
    """Return the parser of a build; its help lists the other commands, too."""
    others = {name: (run.__doc__ or "").partition("\n")[0] for name, run in _RUN.items() if name != "build"}
    commands = "".join(f"  python -m report {name:<12} {headline}\n" for name, headline in others.items())
    exit_codes = {
        OK: "done",
        FAILED: "a notebook failed, or its outputs cannot be published, for example because a number has no evidence",
        WRONG_INPUT: "wrong input: the ledger, a parameter, an option, a notebook's source; nothing was run",
        UNPINNED: "a disagreement is not explained in data/known_disagreements.csv, or an explained one is gone; "
        "or a sentence or headline asserts what does not follow",
        INTERRUPTED: "interrupted",
    }
    more = f"other commands, each with its own --help:\n{commands}\n{_EXAMPLES}"
    parser = _parser("build", exit_codes, more)
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


def _add_how_to_answer(parser: Parser) -> None:
    only = "report only on this notebook, with the answer that the whole report has on it; may be repeated"
    parser.add_argument("--only", metavar="NOTEBOOK", action="append", default=[], help=only)
    forms = parser.add_mutually_exclusive_group()
    forms.add_argument("--json", action="store_true", help="print the result as JSON, with every changed finding")
    markdown = "print the result as Markdown, for a comment on a pull request"
    forms.add_argument("--markdown", action="store_true", help=markdown)


def _add_values(parser: Parser) -> None:
    add = parser.add_argument
    parameter = "set a parameter in every notebook that has it; may be repeated"
    add("-p", dest="options", metavar="NAME=VALUE", action="append", default=[], help=parameter)
    parameters = "set the parameters listed in this file; -p overrides it"
    add("--parameters", dest="file", metavar="FILE.yaml", type=Path, help=parameters)


def _add_how_to_run(parser: Parser) -> None:
    _add_workers_and_engine(parser)
    parser.add_argument("--quiet", action="store_true", help="print no progress")


def _add_workers_and_engine(parser: Parser) -> None:
    add = parser.add_argument
    add("--workers", metavar="N", type=at_least_one, default=2, help="run this many notebooks at a time (2)")
    add("--engine", choices=ENGINES, help=f"run notebooks in kernels of this kind ({next(iter(ENGINES))}); same result")
    limit = f"stop a notebook of which a cell takes longer than this ({CELL_TIMEOUT})"
    add("--cell-timeout", metavar="SECONDS", type=at_least_one, default=CELL_TIMEOUT, help=limit)
