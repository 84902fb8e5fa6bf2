"""`python -m report`: build the report; see `report.command.cli`."""

import gc
import sys

from report.command.ending import run_program


def _run() -> int:
    from report.command.cli import main  # here, where an interrupt is awaited: it takes a while

    return main()


if __name__ == "__main__":
    gc.disable()  # a build keeps almost everything to its end; collecting garbage would take a twentieth of its time
    sys.exit(run_program(_run))
