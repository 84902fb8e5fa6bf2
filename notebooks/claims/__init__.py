"""The arithmetic that the notebooks import: one module per question, and below them the ledger and its intervals."""
