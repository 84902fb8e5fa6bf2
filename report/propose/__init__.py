"""From a text to proposed rows of the ledger, by a small grammar: no model, no network, the same answer every time.

Read `figures.py` first: it finds the figures of a line, and `periods.py` dates them. `proposals.py` makes rows of them,
`terminal.py` and `spreadsheet.py` let a person confirm them, `appending.py` adds what was accepted to `data/`. Nothing
else writes there.
"""
