"""Is the published report true? Read `chain` first: every number of the page is followed to its line in a source.

`check` proves the ledger against the texts, `pins` the known disagreements; `manifest`, `status` and `verify` compare
the report with what it was built from; `crate` describes it for other programs.
"""

__all__: list[str] = []
