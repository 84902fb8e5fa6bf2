"""`python -m report check`: the ledger, the notebooks as they are now, and the evidence of every published number."""

from __future__ import annotations

from argparse import Namespace
from contextlib import suppress
from pathlib import Path

from claims.ledger.model import LedgerError

from report.folders import Folders
from report.proof import chain, check, descriptions, source_check, status
from report.runs import cited_works, selection
from report.stops import OK, WrongInput

__all__ = ["check_chain", "run_check"]


def run_check(options: Namespace) -> int:
    """Check what the options name, print the result, and return the exit code. Raises WrongInput, LedgerError."""
    folders = Folders()
    code = check.main(options.data or folders.own_data, options.sources, options.text)
    if not options.data:
        notebooks = selection.read_all(folders.notebooks)
        selection.refuse_faulty(notebooks)
        cells = sum(len(notebook.code) for notebook in notebooks)
        notes = selection.notes_on_files(folders.notebooks, notebooks)
        print(f"notebooks as they are now: {len(notebooks)}, with {cells} code cells", *notes, sep="\n")
        cited_works.refuse_unlisted(notebooks, folders.works)
        found = source_check.SourceReport()
        with suppress(LedgerError):  # reported above
            found = source_check.check_sources(folders, notebooks)
        print(*found.notes, sep="\n", end="\n" if found.notes else "")
        if found.problems:
            last = "this is about the notebooks as they are saved, not about the published report"
            raise WrongInput.listing("notebooks", found.problems, last)
        print(f"references: {cited_works.refuse_uncited(notebooks, folders.works)} works, each cited in a notebook")
    page = options.report or (None if options.data else folders.published / "report.html")
    if page and page.exists() and not options.report and (changed := status.changed_inputs(folders)):
        for note in descriptions.note_on_day(folders):
            print(note)
        print(f"what follows is about the published report, which is older than {changed}; make report builds it anew")
    chained = check_chain(page, required=bool(options.report)) if page else OK
    return code or chained


def check_chain(page: Path, required: bool) -> int:
    """Print the tally of a report's numbers; a page that is not there is an error only if it is `required`."""
    if not required and not page.exists():
        preview = (page.parents[1] / "build" / "preview" / page.name).exists()
        why = ": the last build is a preview, and make report names what keeps it from being published"
        print(f"chain: no report is published yet{why if preview else '; make report builds it'}")
        return OK
    tally = chain.check_file(page)
    for stop in chain.chain_stops(tally):
        raise stop
    print(tally)
    return OK
