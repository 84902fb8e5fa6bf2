"""Everything a notebook shows: its sentences, tables, charts, and single objects at the end of a cell.

Read `essay` first: a notebook builds an `Essay` on its ledger and calls it for sentences, tables and figures.
`exhibits` builds the tables and figures, `charts` and `style` draw, `display` shows a claim, a finding, a verdict or a
ledger as a cell's last value, `errors` leaves the engine's frames out of our messages; importing this package in a
kernel registers both.
"""

import sys

__all__: list[str] = []

# Only a kernel has imported IPython, so it need not be imported here.
if (ipython := sys.modules.get("IPython")) and (shell := ipython.get_ipython()):
    from claims.show import display, errors

    display.register(shell.display_formatter)
    errors.register(shell)
