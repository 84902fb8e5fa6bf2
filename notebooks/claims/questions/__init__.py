"""What the notebooks ask of a ledger: each module answers one question with tables and figures."""
