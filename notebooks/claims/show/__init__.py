"""Everything a notebook shows: its tables and charts, what its prose quotes, and single objects at the end of a cell.

Read `book` first: a notebook opens a `Book`, and each table or figure is one call with it, as in
`growth.reported_rates(book)`, defined in the module named after the question. `exhibits` builds the tables and figures,
`charts` and `style` draw, `display` shows a claim, a finding, a verdict or a ledger as a cell's last value, `errors`
leaves the engine's frames out of our messages, `completion` is for Tab; importing this package in a kernel registers
all three.
"""

import sys

__all__: list[str] = []

# Only a kernel has imported IPython, so it need not be imported here.
if (ipython := sys.modules.get("IPython")) and (shell := ipython.get_ipython()):
    from claims.show import completion, display, errors

    display.register(shell.display_formatter)
    errors.register(shell)
    completion.register(shell)
