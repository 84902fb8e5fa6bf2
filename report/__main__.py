"""`python -m report`: build the report; see `report.cli`."""

import gc
import sys

from report.command.cli import main

if __name__ == "__main__":
    gc.disable()  # what a build makes it keeps to its end; to look for what could be given back takes a twentieth of it
    sys.exit(main())
