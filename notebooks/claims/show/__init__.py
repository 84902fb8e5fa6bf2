"""Everything a notebook shows: its sentences, tables, charts, and single objects at the end of a cell.

Read `essay` first: a notebook builds an `Essay` on its ledger and calls it for sentences, tables and figures.
`exhibits` builds the tables and figures, `charts` and `style` draw, `display` shows a claim, a finding, a verdict or a
ledger as a cell's last value; importing this package in a kernel registers these displays.
"""

import sys

__all__: list[str] = []


def _register_displays() -> None:
    """Register the displays with the kernel, if this is one; IPython is not imported for it."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    if shell:
        from claims.show import display

        display.register(shell.display_formatter)


_register_displays()
