"""`python -m report`: build the report; see `report.command.cli`."""

import gc
import sys

from report.command.cli import main

if __name__ == "__main__":
    gc.disable()  # a build keeps almost everything to its end; collecting garbage would take a twentieth of its time
    sys.exit(main())
